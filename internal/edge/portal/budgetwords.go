package portal

import (
	"kontor/internal/base/locale"
	"kontor/internal/domain/budget"
)

var cycles = map[budget.Kind]locale.Phrase{
	budget.PerOrder: locale.Say("per order"), budget.Week: locale.Say("a week"), budget.Month: locale.Say("a month"),
	budget.Quarter: locale.Say("a quarter"), budget.HalfYear: locale.Say("half a year"), budget.Year: locale.Say("a year"),
	budget.Fixed: locale.Say("once"), budget.Rolling: locale.Say("rolling"),
}

// cycle is how often a budget begins anew.
func (v *visit) cycle(c budget.Cycle) string {
	if c.Kind == budget.Rolling {
		return v.N(c.Days, "in any %d day", "in any %d days")
	}
	return cycles[c.Kind].In(v.l)
}

var consequences = map[budget.Consequence]locale.Phrase{
	budget.Block: locale.Say("the order is refused"),
	budget.Ask:   locale.Say("the order needs approval"),
	budget.Warn:  locale.Say("the buyer is warned"),
}
