package approval

import (
	"fmt"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// Verify says everything that is wrong with a record, in a sentence each: a content that is not the one that was frozen,
// a state that its plan and its decisions do not give, an approval by somebody who was not entitled, an order that is
// not what was approved. It is empty when all is well.
func (r Record) Verify() []string {
	v := verifying{Record: r}
	if len(r.Unreadable) > 0 {
		for _, what := range r.Unreadable {
			v.note("its %s cannot be read", what)
		}
		return v.wrong
	}
	v.content()
	v.state()
	v.plan()
	v.decisions()
	v.seats()
	v.orders()
	return v.wrong
}

type verifying struct {
	Record
	wrong []string
}

func (v *verifying) note(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}

// content checks that what was agreed to is what was frozen, and stands by its lines as it stands in it.
func (v *verifying) content() {
	c := v.Content
	if hash, err := c.Hash(); err != nil || hash != v.Hash {
		v.note("its content is not the one that was frozen: the hash is another")
	}
	net, err := money.Of(0, c.Currency), error(nil)
	for i, l := range c.Lines {
		if total, e := l.Price.Times(l.Quantity); e != nil || total != l.Net {
			v.note("line %d of its content is not its quantity at its price", i+1)
		}
		if err == nil {
			net, err = net.Add(l.Net)
		}
	}
	gross := net
	for _, more := range []money.Money{c.Shipping, c.Tax} {
		if err == nil {
			gross, err = gross.Add(more)
		}
	}
	switch {
	case err != nil || gross != c.Total:
		v.note("the total of its content is not the sum of its parts")
	case v.Net != net || v.Shipping != c.Shipping || v.Tax != c.Tax || v.Gross != c.Total:
		v.note("its totals are not those of its content")
	}
	same := len(v.Rows) == len(c.Lines) && v.Count == int64(len(c.Lines))
	for i := 0; same && i < len(c.Lines); i++ {
		l := c.Lines[i]
		same = v.Rows[i] == Row{l.Product, l.SKU, l.Quantity, l.Price, l.Net}
	}
	if !same {
		v.note("its lines are not those of its content")
	}
}

// expires reports whether it expires so many days after it began to wait: when it was submitted, or at the last decision that left it
// waiting, or at another change. That it was routed anew is a change, too, and gives nobody more time.
func (v *verifying) expires() bool {
	begun := []time.Time{v.SubmittedAt, v.ChangedAt}
	for _, d := range v.Decisions {
		begun = append(begun, d.At)
	}
	return slices.ContainsFunc(begun, func(at time.Time) bool { return v.ExpiresAt.After(at) && v.ExpiresAt.Sub(at)%(24*time.Hour) == 0 })
}

// state checks that it stands where its plan and its decisions have brought it.
func (v *verifying) state() {
	switch standing := v.Plan.Standing(); v.State {
	case Draft, Submitted, Approved:
		v.note("it is %s, which lasts no longer than a transaction", v.State)
	case PendingApproval, Returned:
		switch {
		case standing == AllAgreed:
			v.note("all have agreed, and it still waits")
		case standing == TurnedDown:
			v.note("it was turned down, and still waits")
		case v.ExpiresAt.IsZero():
			v.note("it waits, and never expires")
		case !v.expires():
			v.note("it expires at %s, which is no number of days after it began to wait", v.ExpiresAt.UTC().Format(time.RFC3339))
		}
		if standing == Open {
			v.turns()
		}
	case PendingPayment, Placed, OrderFailed:
		if !v.Agreed() {
			v.note("it is %s, and not everybody who must has agreed", v.State)
		}
	case Rejected:
		if standing != TurnedDown || !v.did(DoReject) {
			v.note("it is rejected, and nobody who could has turned it down")
		}
	case Cancelled:
		if !v.did(DoWithdraw, DoCancel) {
			v.note("it is cancelled, and nobody has withdrawn or cancelled it")
		}
	case Expired:
		if !v.did(DoExpire) {
			v.note("it is expired, and nothing tells when")
		}
	default:
		v.note("its state %q is none", v.State)
	}
	if v.State.Final() && !v.ExpiresAt.IsZero() {
		v.note("it has ended, and is still to expire")
	}
}

// turns checks, while approval is open, that exactly those are asked whose turn it is, and that nothing waits for nobody
// without being told so.
func (v *verifying) turns() {
	current := v.Plan.Current()
	v.Plan.each(func(stage int, g *Group, row *Approver) {
		switch {
		case g.done() && row.open():
			v.note("%s is still asked in stage %d, which needs nobody more there", row.Name, stage+1)
		case row.State == Pending && stage > current:
			v.note("%s is asked in stage %d before its turn", row.Name, stage+1)
		case row.State == Waiting && stage <= current:
			v.note("%s waits in stage %d, and it is their turn", row.Name, stage+1)
		}
	})
	for _, g := range v.Plan.Stages[current].Groups {
		possible := g.voices(func(a Approver) bool { return a.open() || a.State == Agreed })
		if !g.done() && possible < g.K && !g.NoEligible {
			v.note("stage %d waits for %d of those it asks, of whom only %d can agree, and it is not noted that nobody can", current+1, g.K, possible)
		}
	}
}

// plan checks that the plan asks all that its needs want, and that those who have agreed could.
func (v *verifying) plan() {
	request := Request{Requester: v.Requester, Submitter: v.Submitter, ActedBy: v.ActedBy, Budgets: v.Budgets}
	if !v.CostCentre.IsZero() {
		request.CostCentres = []id.CostCentre{v.CostCentre}
	}
	var groups []Group
	for _, s := range v.Plan.Stages {
		groups = append(groups, s.Groups...)
	}
	for _, want := range drafts(v.Needs, request) {
		i := slices.IndexFunc(groups, func(g Group) bool { return g.K == want.k && sameSources(g.Sources, want.sources) })
		if i < 0 {
			v.note("%s wants somebody asked whom the plan does not ask", v.Needs[want.origins[0].need].Reason.Name)
			continue
		}
		groups = slices.Delete(groups, i, i+1)
	}
	if len(groups) > 0 {
		v.note("its plan asks %d groups that nothing wants", len(groups))
	}
	if o := v.Plan.Overridden; o != nil && request.own(o.By.Member) {
		v.note("its requester has decided it in place of others")
	}
	agreed := map[Person]int{}
	v.Plan.each(func(stage int, g *Group, row *Approver) {
		if g.Overridden && v.Plan.Overridden == nil {
			v.note("stage %d was decided in place of those asked, and nobody has done so", stage+1)
		}
		if row.State != Agreed && row.State != Declined {
			return
		}
		if request.own(row.Member) && (row.Fallback != OwnOrder || row.For != nil) {
			v.note("its requester %s has decided on it in stage %d", row.Name, stage+1)
		}
		if row.For != nil && request.own(row.For.Member) {
			v.note("%s has decided on it in stage %d for its requester", row.Name, stage+1)
		}
		if before, again := agreed[row.Person]; again && before != stage && row.State == Agreed {
			v.note("%s has agreed in the stages %d and %d", row.Name, before+1, stage+1)
		}
		if row.State == Agreed {
			agreed[row.Person] = stage
		}
	})
}

// decisions checks that everybody of whom the plan says so has decided, on this very content, and nobody else.
func (v *verifying) decisions() {
	v.Plan.each(func(stage int, _ *Group, row *Approver) {
		if row.State != Agreed && row.State != Declined {
			return
		}
		i := slices.IndexFunc(v.Decisions, func(d Decision) bool { return d.gave(row) })
		switch {
		case i < 0:
			v.note("%s is said to have decided in stage %d, and there is no such decision", row.Name, stage+1)
		case !row.Carried && v.Decisions[i].Hash != v.Hash:
			v.note("%s has decided in stage %d on another content", row.Name, stage+1)
		}
	})
	over := v.Plan.Overridden
	for i, d := range v.Decisions {
		switch {
		case !slices.Contains([]Action{DoDecide, DoApprove, DoReject, DoOverride}, d.Action):
		case over != nil && d.Member == over.By.Member && d.At.Equal(over.At) && d.Hash == v.Hash:
		case v.gave(d) || v.planned(v.Decisions[i+1:]):
		default:
			v.note("%s decided on it at %s, and its plan knows nothing of that", d.who(), d.At.Format("2006-01-02 15:04:05"))
		}
	}
	if over != nil && !slices.ContainsFunc(v.Decisions, func(d Decision) bool { return d.Member == over.By.Member && d.At.Equal(over.At) }) {
		v.note("%s is said to have decided in place of others, and there is no such decision", over.Name)
	}
}

// gave reports whether a decision is one that the plan has of somebody.
func (v *verifying) gave(d Decision) (found bool) {
	v.Plan.each(func(_ int, _ *Group, row *Approver) {
		found = found || (row.State == Agreed || row.State == Declined) && d.gave(row)
	})
	return found
}

// planned reports whether one of these decisions made the plan anew, so that it need not know of those before it.
func (v *verifying) planned(later []Decision) bool {
	return slices.ContainsFunc(later, func(d Decision) bool { return slices.Contains([]Action{DoEdit, DoTrim, DoReevaluate}, d.Action) })
}

// gave reports whether d is the decision of which a row of a plan tells.
func (d Decision) gave(row *Approver) bool {
	if d.Member != row.Member || !d.At.Equal(row.At) || !d.Behalf.IsZero() && (row.For == nil || row.For.Member != d.Behalf) {
		return false
	}
	if row.State == Agreed {
		return d.Action == DoDecide || d.Action == DoApprove
	}
	return d.Action == DoDecide || d.Action == DoReject
}

func (d Decision) who() string {
	if d.Member.IsZero() {
		return "somebody who is no member"
	}
	return d.Member.String()
}

// did reports whether somebody did one of these.
func (v *verifying) did(actions ...Action) bool {
	return slices.ContainsFunc(v.Decisions, func(d Decision) bool { return slices.Contains(actions, d.Action) })
}

// seats checks that those whom the plan asks are found where they look for what waits for them.
func (v *verifying) seats() {
	type chair struct {
		stage, group int
		member       id.Member
	}
	want := map[chair]Asked{}
	for i, s := range v.Plan.Stages {
		for j, g := range s.Groups {
			for _, row := range g.Approvers {
				if row.Member.IsZero() {
					continue
				}
				state := row.State
				if row.open() && v.State != PendingApproval && v.State != Returned {
					state = Skipped // nobody is asked any more
				}
				want[chair{i, j, row.Member}] = state
			}
		}
	}
	for _, s := range v.Seats {
		at := chair{s.Stage, s.Group, s.Member}
		if want[at] != s.State {
			v.note("%s is listed as %s in stage %d, and the plan says otherwise", s.Member, s.State, s.Stage+1)
		}
		delete(want, at)
	}
	for at, state := range want {
		v.note("%s is %s in stage %d of the plan, and not listed there", at.member, state, at.stage+1)
	}
}

// orders checks that there is an order if, and only if, it is placed, and that this is what was approved; and that its
// number was given.
func (v *verifying) orders() {
	if !given(v.Number, v.Last) {
		v.note("its number was never given: the last one is %d", v.Last)
	}
	switch {
	case v.State != Placed && len(v.Orders) > 0:
		v.note("it is %s, and the order %s was placed for it", v.State, v.Orders[0].ID)
	case v.State != Placed && !v.Order.IsZero():
		v.note("it is %s, and says that the order %s was placed for it", v.State, v.Order)
	case v.State != Placed:
	case len(v.Orders) != 1 || v.Orders[0].ID != v.Order:
		v.note("it is placed, and its order %s is not there, or not the only one", v.Order)
	default:
		want := Placing{ID: v.Order, Number: v.OrderNumber(), Requester: v.Requester, Unit: v.Unit, CostCentre: v.CostCentre,
			Net: v.Net, Shipping: v.Shipping, Tax: v.Tax, Gross: v.Gross, Lines: v.Count, Reference: v.Reference}
		if v.Orders[0] != want {
			v.note("its order %s is not what was approved", v.Order)
		}
	}
}
