package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/approval"
)

// fate is what an order was in the source, and is in Kontor; no state is refused.
type fate struct {
	was Outcome
	is  approval.State
}

// tally counts what was read back.
type tally struct {
	states       map[fate]int
	lines        int
	net, want    int64 // cents of goods, in Kontor and by the oracle, of what was not refused
	unrounded    int64 // ten-thousandths of the same, as the source has it
	own          int   // orders of the purchasing manager herself
	stages       map[int]int
	decisions    int
	fallbacks    map[approval.FallbackKind]int
	distinct     int // fallbacks that passed over a manager, because they are asked on another stage
	noneToDecide int
}

// count counts one order.
func (r *replay) count(o Order, po approval.PurchaseOrder) {
	t := &r.tally
	t.states[fate{o.Outcome, po.State}]++
	if po.ID.IsZero() {
		return
	}
	t.lines += len(o.Lines)
	t.net += po.Net.Minor
	t.want += r.want.totals[o.Number]
	t.unrounded += o.Subtotal
	if o.Buyer == r.purchaser {
		t.own++
	}
	t.stages[len(po.Plan.Stages)]++
	for kind, n := range po.Plan.Fallbacks() {
		t.fallbacks[kind] += n
	}
	if po.Plan.Stuck() {
		t.noneToDecide++
	}
	next := r.members[o.Buyer.Manager]
	asked := func(g approval.Group) bool {
		return slices.ContainsFunc(g.Approvers, func(a approval.Approver) bool { return a.Member == next })
	}
	elsewhere := slices.ContainsFunc(po.Plan.Stages, func(s approval.Stage) bool { return slices.ContainsFunc(s.Groups, asked) })
	for _, stage := range po.Plan.Stages {
		for _, g := range stage.Groups {
			for _, a := range g.Approvers {
				if a.State == approval.Agreed || a.State == approval.Declined {
					t.decisions++
				}
				if a.Fallback == approval.ManagerAbove && !asked(g) && elsewhere {
					t.distinct++
				}
			}
		}
	}
}

// print writes what came of the replay beside what had to.
func (r *replay) print() {
	t := r.tally
	fmt.Fprintf(r.out, "\n%s: %s purchase orders with %s lines, %s to %s, on %s\n", r.name, whole(len(r.sent)), whole(t.lines),
		r.sent[0].On, r.sent[len(r.sent)-1].On, r.db.Engine().Name())
	fmt.Fprintf(r.out, "sent now: %s, found as they are: %s\n", whole(r.made), whole(r.found))

	fates := [][]string{{"what became of them", "source", "placed", "rejected", "waiting", "refused by budget"}}
	for _, was := range []Outcome{Complete, Approved, Rejected, Pending} {
		all := 0
		for f, n := range t.states {
			if f.was == was {
				all += n
			}
		}
		fates = append(fates, []string{string(was), whole(all), whole(t.states[fate{was, approval.Placed}]), whole(t.states[fate{was, approval.Rejected}]),
			whole(t.states[fate{was, approval.PendingApproval}]), whole(t.states[fate{was, ""}])})
	}
	r.table(append(fates, []string{"foretold", "", "", "", "", whole(len(r.want.refused))})...)

	r.table([][]string{
		{"goods of what was not refused", ""},
		{"Kontor", cents(t.net)},
		{"oracle: every line rounded half up", cents(t.want)},
		{"source: not rounded", fine(t.unrounded)},
		{"difference by rounding", fine(100*t.net - t.unrounded)},
	}...)

	ledger := [][]string{{"ledger", "months", "spent", "foretold", "held", "foretold"}}
	for _, d := range departments(r.source.People) {
		got, months := sum(r.months, d)
		want, _ := sum(r.want.months, d)
		if months > 0 {
			ledger = append(ledger, []string{d, whole(months), cents(got.spent), cents(want.spent), cents(got.held), cents(want.held)})
		}
	}
	r.table(ledger...)

	r.table([][]string{
		{"approvers", ""},
		{"decisions", whole(t.decisions)},
		{"orders with one stage", whole(t.stages[1])},
		{"orders with two stages", whole(t.stages[2])},
		{"orders of the purchasing manager herself", whole(t.own)},
		{"asked instead: the next manager above", whole(t.fallbacks[approval.ManagerAbove])},
		{"… of these further up, for nobody fills two stages", whole(t.distinct)},
		{"asked instead: an administrator", whole(t.fallbacks[approval.AnAdministrator])},
		{"orders on which nobody may decide", whole(t.noneToDecide)},
	}...)

	if r.made > 0 {
		r.table([]string{"speed", "p50", "p95", "p99"}, latencies("submit", r.submits), latencies("decide", r.decides))
		fmt.Fprintf(r.out, "\n%s orders in %s, one after the other: %.0f a second, each a cart, its checkout, its submission and its decisions\n",
			whole(r.made), r.took.Round(10*time.Millisecond), float64(r.made)/r.took.Seconds())
	}
	fmt.Fprintf(r.out, "\nledger verified: %s purses, %s entries, %s holds, %d problems\n", whole(r.ledger.Purses), whole(r.ledger.Entries), whole(r.ledger.Holds), r.ledger.Found)
	if r.trail.Broken == nil {
		fmt.Fprintf(r.out, "audit verified: %s entries in one unbroken chain, %d left out\n", whole(int(r.trail.Chain.Last)), r.trail.Unsealed)
	}
	if len(r.wrongs) == 0 {
		fmt.Fprintln(r.out, "everything is as the source has it")
	}
}

// table writes rows behind an empty line: the first column stands left, the others right.
func (r *replay) table(rows ...[]string) {
	widths := map[int]int{}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	fmt.Fprintln(r.out)
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			blank := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line += cell + blank
			} else {
				line += "  " + blank + cell
			}
		}
		fmt.Fprintln(r.out, strings.TrimRight(line, " "))
	}
}

// sum adds up the months of a department.
func sum(all map[month]used, department string) (u used, months int) {
	for m, x := range all {
		if m.department == department {
			u.spent, u.held, months = u.spent+x.spent, u.held+x.held, months+1
		}
	}
	return u, months
}

func whole(n int) string   { return locale.English.Int(int64(n)) }
func cents(n int64) string { return locale.English.Money(money.Of(n, Currency)) }
func fine(n int64) string  { return locale.English.Rate(money.Rate{E4: n, Currency: Currency}) }

// latencies are the 50th, 95th and 99th percentile.
func latencies(name string, all []time.Duration) []string {
	row := []string{name}
	slices.Sort(all)
	for _, percent := range []int{50, 95, 99} {
		if len(all) == 0 {
			return append(row, "none")
		}
		row = append(row, all[(len(all)-1)*percent/100].Round(10*time.Microsecond).String())
	}
	return row
}
