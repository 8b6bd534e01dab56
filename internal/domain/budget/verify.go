package budget

import (
	"fmt"
	"iter"
)

// Verify walks the entries of a purse, oldest first, and says the first thing that is wrong: an entry that makes or
// loses money, a figure below zero, spending above the limit that nobody allowed, or a purse that is not the sum of its
// entries. It is nil when all is well. It keeps none of the entries: there may be any number of them.
func (p *Purse) Verify(entries iter.Seq[Entry]) error {
	sum := Purse{Budget: p.Budget, Period: p.Period}
	for e := range entries {
		switch {
		case e.Budget != p.Budget.ID || e.Period != p.Period.Key:
			return fmt.Errorf("entry %s is of another purse", e.Key)
		case e.Available+e.Held+e.Spent != e.Limit:
			return fmt.Errorf("entry %s makes or loses money: %d + %d + %d is not %d", e.Key, e.Available, e.Held, e.Spent, e.Limit)
		}
		if _, err := sum.post(e); err != nil {
			return fmt.Errorf("entry %s could not be: %w", e.Key, err)
		}
	}
	switch {
	case sum.Limit != p.Limit || sum.Held != p.Held || sum.Spent != p.Spent:
		return fmt.Errorf("the purse says limit %d, held %d, spent %d; its entries %d, %d, %d",
			p.Limit, p.Held, p.Spent, sum.Limit, sum.Held, sum.Spent)
	case sum.Overrun != p.Overrun:
		return fmt.Errorf("the purse says overrun %d, its entries %d", p.Overrun, sum.Overrun)
	case sum.Version != p.Version:
		return fmt.Errorf("the purse counts %d entries, there are %d", p.Version, sum.Version)
	}
	return nil
}
