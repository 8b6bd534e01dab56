package budget

import (
	"math"
	"math/bits"

	"kontor/internal/base/date"
	"kontor/internal/base/money"
)

// Forecast is where a purse is going if its period goes on as it began.
type Forecast struct {
	Used    int64     // held and spent at the end of the period, in minor units
	RunsOut date.Date // the day on which more is used than the limit; empty: not in this period
}

// Forecast draws the straight line from the beginning of the period through what is held and spent today, the day
// itself counted in full. Before the first day nothing is foreseen but what is.
func (p *Purse) Forecast(today date.Date) Forecast {
	used := p.Used()
	days := int64(p.Period.Until.Since(p.Period.From) + 1)
	gone := min(int64(today.Since(p.Period.From)+1), days)
	f := Forecast{Used: used}
	if gone > 0 {
		var err error
		if f.Used, err = money.MulDiv(used, days, gone); err != nil {
			f.Used = math.MaxInt64 // beyond all measure, and so beyond every limit
		}
	}
	switch {
	case used > p.Limit:
		f.RunsOut = today
	case used > 0 && gone > 0:
		if lasts := p.lasts(used, gone); lasts < days {
			f.RunsOut = p.Period.From.Plus(int(lasts))
		}
	}
	return f
}

// lasts is for how many whole days the limit is enough when so much is used in the days gone.
func (p *Purse) lasts(used, gone int64) int64 {
	hi, lo := bits.Mul64(uint64(p.Limit), uint64(gone))
	if hi >= uint64(used) {
		return math.MaxInt64
	}
	days, _ := bits.Div64(hi, lo, uint64(used))
	return int64(min(days, math.MaxInt64))
}
