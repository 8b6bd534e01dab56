package pricing

import (
	"cmp"
	"slices"

	"kontor/internal/base/locale"
	"kontor/internal/base/money"
)

// Verdict is why an entry was chosen or not.
type Verdict uint8

// The verdicts.
const (
	Chosen        Verdict = iota + 1 // it is the price
	AboveBase                        // it is the company's own price, and dearer than the base price that counts instead
	Equal                            // another is as low, and goes first
	Dearer                           // another of its level is lower
	LowerPriority                    // a list of higher priority has a price
	LowerLevel                       // a higher level has a price
	NoBase                           // it is so much off a base price that there is none of
	TooFew                           // the quantity does not reach its tier
	NotValid                         // it is not yet valid, or no longer
	OtherCurrency                    // its list is in another currency
)

// Candidate is an entry that was looked at, and what became of it.
type Candidate struct {
	Entry   Entry
	Rate    money.Rate // what it would have come to; zero when that could not be told
	Verdict Verdict
}

// Explain is Resolve, and what became of every entry: the chosen one first, the others by how near they came.
// The candidates are there when there is no price, too: they say why.
func Explain(entries []Entry, ask Ask) (Priced, []Candidate, error) {
	base := best(entries, ask, choice{}, Base)
	found := choose(entries, ask)
	candidates := make([]Candidate, len(entries))
	for i := range entries {
		e := &entries[i]
		rate, told := e.rate(base)
		verdict := e.live(ask)
		switch {
		case verdict != 0:
		case !told:
			verdict = NoBase
		default:
			verdict = found.verdict(e, rate)
		}
		candidates[i] = Candidate{Entry: *e, Rate: rate, Verdict: verdict}
	}
	slices.SortFunc(candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), before(&a.Entry, a.Rate, &b.Entry, b.Rate))
	})
	priced, err := Resolve(entries, ask)
	return priced, candidates, err
}

// verdict is what became of a live entry when c was chosen.
func (c choice) verdict(e *Entry, rate money.Rate) Verdict {
	rival := c.entry
	if c.above != nil && e.Level != Base {
		rival = c.above
	}
	switch {
	case e == c.entry:
		return Chosen
	case e == c.above:
		return AboveBase
	case e.Level < rival.Level:
		return LowerLevel
	case e.List.Priority < rival.List.Priority:
		return LowerPriority
	case rival == c.entry && rate == c.rate, rival == c.above && rate == rival.Rate:
		return Equal
	}
	return Dearer
}

// Reason says where the price came from, in phrases that are read one after the other.
func (s Source) Reason() []locale.Phrase {
	var pieces []locale.Phrase
	switch s.Level {
	case Base:
		pieces = append(pieces, locale.Say("base price from “%s”", s.ListName))
	case Group:
		pieces = append(pieces, locale.Say("price of your customer group, from “%s”", s.ListName))
	case Company:
		pieces = append(pieces, locale.Say("price of your company, from “%s”", s.ListName))
	case Contract:
		pieces = append(pieces, locale.Say("contract price from “%s”", s.ListName))
	case Quoted:
		return append(pieces, locale.Say("price agreed in quote %s", s.Reference))
	}
	if s.Reference != "" {
		pieces = append(pieces, locale.Say("by agreement %s", s.Reference))
	}
	if s.Off > 0 {
		pieces = append(pieces, locale.Say("%s off the base price", s.Off))
	}
	if s.Min > 0 {
		pieces = append(pieces, locale.Say("from a quantity of %s on", s.Min))
	}
	if s.Lowered {
		pieces = append(pieces, locale.Say("lower than your company's own price"))
	}
	return pieces
}

// Reason says what became of the entry.
func (c Candidate) Reason() locale.Phrase {
	switch c.Verdict {
	case Chosen:
		return locale.Say("this is the price")
	case AboveBase:
		return locale.Say("dearer than the base price")
	case Equal:
		return locale.Say("as low as the price that was chosen")
	case Dearer:
		return locale.Say("dearer than the price that was chosen")
	case LowerPriority:
		return locale.Say("a list of higher priority has a price")
	case LowerLevel:
		return locale.Say("a list nearer to you has a price")
	case NoBase:
		return locale.Say("there is no base price to take it off")
	case TooFew:
		return locale.Say("only from a quantity of %s on", c.Entry.Min)
	case NotValid:
		return locale.Say("not valid at this time")
	}
	return locale.Say("in another currency: %s", string(c.Entry.List.Currency))
}
