package approval

import (
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
)

// Verdict is what an approver says.
type Verdict string

// The verdicts.
const (
	Agree   Verdict = "approve"
	Decline Verdict = "reject"
)

// Deciding is one decision, with what is true at this moment, read in the deciding transaction.
type Deciding struct {
	By       Candidate
	Behind   []Candidate // the approvers for whom By decides as a deputy, where the plan says so
	Deputies []Deputy    // who stands in for whom now
	Verdict  Verdict
	Note     string // the reason; a rejection needs one
	Saw      string // the hash of the content that they saw
	Hash     string // of the content as it is
	State    State  // of the purchase order
	Request  Request
	Policy   Policy
}

// Standing is how it stands with a plan.
type Standing string

// The standings.
const (
	Open       Standing = "open"
	AllAgreed  Standing = "approved"
	TurnedDown Standing = "rejected"
)

// Progress is what a decision has made of a plan.
type Progress struct {
	Plan     Plan
	Standing Standing
	Action   Action     // of the purchase order: DoDecide, DoApprove, DoOverride or DoReject
	Decided  []Approver // rows that this decision filled
	Asked    []Approver // asked only now, each person once
	Freed    []Approver // asked before, and no longer needed or passed over; each person once
}

// MostNote is how many runes a reason may have.
const MostNote = 2000

// The faults of deciding.
var (
	ErrNotPending = fault.Define(fault.Conflict, "approval.not_pending", "this purchase order does not wait for approval")
	ErrOwnOrder   = fault.Define(fault.Forbidden, "approval.own_order", "nobody approves what they ordered themselves")
	ErrNotAsked   = fault.Define(fault.Forbidden, "approval.not_asked", "you are not asked to approve this purchase order")
	ErrNotYet     = fault.Define(fault.Conflict, "approval.not_yet", "others are asked before you")
	ErrDecided    = fault.Define(fault.Conflict, "approval.decided", "this is decided already")
	ErrIneligible = fault.Define(fault.Forbidden, "approval.ineligible", "you may not approve this purchase order now")
	ErrNote       = fault.Define(fault.Invalid, "approval.note", "say why, in at most 2000 characters")
	ErrChanged    = fault.Define(fault.Conflict, "approval.changed", "the purchase order has changed since you saw it: look at it again")
)

// Said is the reason that somebody gave, as it is kept; it may be nothing. It is ErrNote where it is too long, or cannot
// be read.
func Said(reason string) (string, error) {
	var in fault.Input
	reason = text.Note(&in, "reason", reason, MostNote)
	if in.Err() != nil {
		return "", ErrNote.At("reason")
	}
	return reason, nil
}

// Decide says what the decision d makes of the plan, or why it does not count. The plan itself is not touched.
//
// One rejection rejects, unless the stage needs all. Enough approvals free the others of their group; when all groups
// of a stage are done the next stage is asked; when the last is done the plan is AllAgreed.
func (p Plan) Decide(d Deciding) (Progress, error) {
	if err := d.check(); err != nil {
		return Progress{}, err
	}
	if err := p.awaits(d.By.Person); err != nil {
		return Progress{}, err
	}
	after := p.clone()
	current := after.Current()
	done := Progress{}
	var why error
	after.each(func(stage int, g *Group, row *Approver) {
		if row.Person != d.By.Person || !row.open() || stage > current && d.Verdict == Decline {
			return
		}
		if err := d.mayFill(g, *row); err != nil {
			why = err
			return
		}
		row.State, row.At, row.Note = d.Verdict.state(), d.Request.At, d.Note
		done.Decided = append(done.Decided, *row)
	})
	if len(done.Decided) == 0 {
		return Progress{}, why
	}
	done.Action = DoDecide
	heard := after.hush(d.By.Person)
	if d.Verdict == Decline && after.Stages[current].lost() {
		done.Freed = append(heard, after.close()...)
		done.Standing, done.Action = TurnedDown, DoReject
	} else {
		done.Asked, done.Freed = after.advance()
		done.Freed = append(heard, done.Freed...)
		if done.Standing = after.Standing(); done.Standing == AllAgreed {
			done.Action = DoApprove
		}
	}
	done.Plan = after
	done.Asked, done.Freed = persons(done.Asked, nil), persons(done.Freed, after.openTo)
	return done, nil
}

// hush ends the open rows of a group whose voice this person has just given: those of the approver, where it was a deputy's, and
// those of the deputies, where it was the approver's own. It returns those who had been asked.
func (p Plan) hush(who Person) (freed []Approver) {
	p.each(func(_ int, g *Group, row *Approver) {
		given := func(a Approver) bool {
			return a.Person == who && (a.State == Agreed || a.State == Declined) && a.voice() == row.voice()
		}
		if !row.open() || !slices.ContainsFunc(g.Approvers, given) {
			return
		}
		if row.State == Pending {
			freed = append(freed, *row)
		}
		row.State = Skipped
	})
	return freed
}

// persons is these rows, each person once, without those who are but.
func persons(rows []Approver, but func(Person) bool) []Approver {
	var all []Approver
	for _, a := range rows {
		again := slices.ContainsFunc(all, func(b Approver) bool { return b.Person == a.Person })
		if !again && (but == nil || !but(a.Person)) {
			all = append(all, a)
		}
	}
	return all
}

// openTo reports whether this person is asked, or will be.
func (p Plan) openTo(who Person) (open bool) {
	p.each(func(_ int, _ *Group, row *Approver) { open = open || row.Person == who && row.open() })
	return open
}

func (v Verdict) state() Asked {
	if v == Agree {
		return Agreed
	}
	return Declined
}

// check says what is wrong with d whatever the plan is.
func (d Deciding) check() error {
	switch {
	case d.State != PendingApproval && !(d.State == Returned && d.Verdict == Decline):
		return ErrNotPending.Noting("state", string(d.State))
	case d.Saw != d.Hash || d.Hash == "":
		return ErrChanged
	case d.Verdict != Agree && d.Verdict != Decline:
		return fault.ErrInput.With("a decision is %q or %q", string(Agree), string(Decline))
	}
	note, err := Said(d.Note)
	if err == nil && d.Verdict == Decline && note == "" {
		err = ErrNote.At("reason")
	}
	return err
}

// mayFill reports why d must not fill this row of a group.
func (d Deciding) mayFill(g *Group, row Approver) error {
	r := d.Request
	if r.own(d.By.Member) {
		if row.Fallback != OwnOrder || row.For != nil || !r.ownAllowed(d.Policy) || !d.By.mayDecide(r) {
			return ErrOwnOrder
		}
		return nil
	}
	if why := d.By.ineligible(r); why != nil {
		return why
	}
	if row.For != nil && !Stand(d.Deputies, d.By.Member, row.For.Member, r, g.Reasons) {
		return ErrIneligible.With("you stand in for %s no more, or not for this purchase order", row.For.Name).Noting("because", "deputy")
	}
	for i := range d.Behind {
		if row.For != nil && d.Behind[i].Member == row.For.Member && d.Behind[i].mayDecideFor(r) {
			return nil
		}
	}
	if row.For != nil {
		return ErrIneligible.With("%s, for whom you stand in, may not approve this purchase order now", row.For.Name)
	}
	return nil
}

// awaits is nil when this person is asked now, and otherwise says why not.
func (p Plan) awaits(who Person) error {
	asked, later := false, false
	decided := Asked("")
	p.each(func(_ int, _ *Group, row *Approver) {
		switch {
		case row.Person != who:
		case row.State == Pending:
			asked = true
		case row.State == Waiting:
			later = true
		default:
			decided = row.State
		}
	})
	switch {
	case asked:
		return nil
	case later:
		return ErrNotYet
	case decided != "":
		return ErrDecided.Noting("state", string(decided))
	}
	return ErrNotAsked
}

// Current is the position of the stage that is asked now; the number of stages when all have agreed.
func (p Plan) Current() int {
	for i, stage := range p.Stages {
		if !stage.done() {
			return i
		}
	}
	return len(p.Stages)
}

// Standing is how it stands with p: AllAgreed only when every group of every stage has its voices or is overridden. A plan
// of no stages asks nobody, and so is AllAgreed.
func (p Plan) Standing() Standing {
	switch {
	case slices.ContainsFunc(p.Stages, Stage.lost):
		return TurnedDown
	case p.Current() == len(p.Stages):
		return AllAgreed
	}
	return Open
}

// Formerly reports whether an earlier plan named a member whom this one does not: they keep the view while they see purchase orders at all.
func (p Plan) Formerly(m id.Member) bool { return !m.IsZero() && slices.Contains(p.Former, m) }

// Involves reports whether the plan names a member, whatever has become of it: they see the purchase order, and keep it.
func (p Plan) Involves(m id.Member) (named bool) {
	p.each(func(_ int, _ *Group, row *Approver) { named = named || row.Member == m })
	return named && !m.IsZero()
}

// Members lists all whom the plan names, each once, whatever has become of it.
func (p Plan) Members() []id.Member {
	var all []Approver
	p.each(func(_ int, _ *Group, row *Approver) { all = append(all, *row) })
	return Members(all)
}

// Behind lists for whom a member stands in where they are asked, now or later.
func (p Plan) Behind(m id.Member) (all []id.Member) {
	p.each(func(_ int, _ *Group, row *Approver) {
		if row.Member == m && row.open() && row.For != nil && !slices.Contains(all, row.For.Member) {
			all = append(all, row.For.Member)
		}
	})
	return all
}

// For lists for whom a member is asked now as a deputy, by name; nobody where they are asked in their own right, too.
func (p Plan) For(m id.Member) (all []StandsFor) {
	own := false
	p.each(func(_ int, _ *Group, row *Approver) {
		switch {
		case row.Member != m || row.State != Pending:
		case row.For == nil:
			own = true
		case !slices.Contains(all, *row.For):
			all = append(all, *row.For)
		}
	})
	if own {
		return nil
	}
	return all
}

// Stood lists for whom deputies have decided or are asked, by name.
func (p Plan) Stood() map[id.Member]string {
	all := map[id.Member]string{}
	p.each(func(_ int, _ *Group, row *Approver) {
		if row.For != nil {
			all[row.For.Member] = row.For.Name
		}
	})
	return all
}

// Behalf is for whom these rows were filled, where all of them were for the same approver; otherwise nobody.
func Behalf(rows []Approver) (whom id.Member) {
	for i, a := range rows {
		if a.For == nil || i > 0 && a.For.Member != whom {
			return id.Member{}
		}
		whom = a.For.Member
	}
	return whom
}

// AsksAs reports whether p asks the same people as another plan of the same needs, for the same voices, and has heard the
// same. What they are called does not matter, nor who is no longer needed.
func (p Plan) AsksAs(other Plan) bool {
	return slices.EqualFunc(p.Stages, other.Stages, func(s, t Stage) bool { return slices.EqualFunc(s.Groups, t.Groups, Group.asksAs) })
}

func (g Group) asksAs(h Group) bool {
	if g.K != h.K || g.NoEligible != h.NoEligible || !slices.Equal(g.Sources, h.Sources) {
		return false
	}
	within := func(g, h Group) bool {
		for _, a := range g.Approvers {
			if a.counts() && !slices.ContainsFunc(h.Approvers, a.asksAs) {
				return false
			}
		}
		return true
	}
	return within(g, h) && within(h, g)
}

// counts reports whether a is asked, will be, or has said something.
func (a Approver) counts() bool { return a.open() || a.State == Agreed || a.State == Declined }

func (a Approver) asksAs(b Approver) bool {
	if a.Person != b.Person || a.State != b.State || !a.open() {
		return a.Person == b.Person && a.State == b.State
	}
	return a.Fallback == b.Fallback && slices.Equal(slices.Sorted(slices.Values(a.Via)), slices.Sorted(slices.Values(b.Via))) && a.forMember() == b.forMember()
}

// forMember is whom a stands in for.
func (a Approver) forMember() id.Member {
	if a.For == nil {
		return id.Member{}
	}
	return a.For.Member
}

// Awaited lists who is asked now.
func (p Plan) Awaited() []Approver {
	var all []Approver
	p.each(func(_ int, _ *Group, row *Approver) {
		if row.State == Pending {
			all = append(all, *row)
		}
	})
	return all
}

// Why lists the reasons of the groups in which somebody is asked now, each once.
func (p Plan) Why(m id.Member) []Reason {
	type cause struct {
		kind   ReasonKind
		rule   id.Rule
		step   int
		budget id.Budget
		name   string
	}
	var all []Reason
	told := map[cause]bool{}
	p.each(func(_ int, g *Group, row *Approver) {
		if row.Member != m || row.State != Pending {
			return
		}
		for _, r := range g.Reasons {
			key := cause{r.Kind, r.Rule, r.Step, r.Budget, r.Name}
			if !told[key] {
				told[key] = true
				all = append(all, r)
			}
		}
	})
	return all
}

// each calls f with every row and its group, and the position of its stage.
func (p Plan) each(f func(stage int, g *Group, row *Approver)) {
	for i := range p.Stages {
		for j := range p.Stages[i].Groups {
			g := &p.Stages[i].Groups[j]
			for k := range g.Approvers {
				f(i, g, &g.Approvers[k])
			}
		}
	}
}

func (a Approver) open() bool { return a.State == Pending || a.State == Waiting }

// Stuck reports whether a group has too few people who may decide: administrators and the seller are told.
func (p Plan) Stuck() bool {
	return slices.ContainsFunc(p.Stages, func(s Stage) bool {
		return slices.ContainsFunc(s.Groups, func(g Group) bool { return g.NoEligible && !g.done() })
	})
}

// Fallbacks counts, by kind, the approvers who are asked because somebody else could not be.
func (p Plan) Fallbacks() map[FallbackKind]int {
	n := map[FallbackKind]int{}
	p.each(func(_ int, _ *Group, row *Approver) {
		if row.Fallback != NoFallback {
			n[row.Fallback]++
		}
	})
	return n
}

func (s Stage) done() bool {
	for _, g := range s.Groups {
		if !g.done() {
			return false
		}
	}
	return len(s.Groups) > 0
}

// done reports whether g has as many voices as must agree. A group without a voice is never done.
func (g Group) done() bool {
	return g.Overridden || g.K > 0 && g.voices(func(a Approver) bool { return a.State == Agreed }) >= g.K
}

// lost reports whether the rejections of a stage end it.
func (s Stage) lost() bool {
	for _, g := range s.Groups {
		if g.Overridden || !slices.ContainsFunc(g.Approvers, func(a Approver) bool { return a.State == Declined }) {
			continue
		}
		if !s.RejectNeedsAll || g.voices(func(a Approver) bool { return a.open() || a.State == Agreed }) < g.K {
			return true
		}
	}
	return false
}

// voices counts how many sources of g can be given different people of those that count (a maximum matching). An approver and who
// stands in for them are one.
func (g Group) voices(counts func(Approver) bool) int {
	one := Group{Sources: g.Sources}
	for _, a := range g.Approvers {
		switch i := slices.IndexFunc(one.Approvers, func(b Approver) bool { return a.voice() == b.voice() }); {
		case !counts(a):
		case i < 0:
			one.Approvers = append(one.Approvers, a)
		default:
			one.Approvers[i].Via = slices.Concat(one.Approvers[i].Via, a.Via)
		}
	}
	vias := make([][]int, len(one.Approvers))
	for i, a := range one.Approvers {
		vias[i] = a.Via
	}
	n := 0
	for _, source := range matched(vias, len(g.Sources)) {
		if source >= 0 {
			n++
		}
	}
	return n
}

// matched gives to as many as can be one of so many sources each, of those through which each may speak: its source for each, or -1.
func matched(vias [][]int, sources int) []int {
	speaker, speaks := make([]int, sources), make([]int, len(vias)) // who speaks for a source, counted from 1, and for which somebody does
	for i := range speaks {
		speaks[i] = -1
	}
	var speak func(i int, tried []bool) bool
	speak = func(i int, tried []bool) bool {
		for _, source := range vias[i] {
			if source < 0 || source >= sources || tried[source] {
				continue
			}
			tried[source] = true
			if speaker[source] == 0 || speak(speaker[source]-1, tried) {
				speaker[source], speaks[i] = i+1, source
				return true
			}
		}
		return false
	}
	for i := range vias {
		speak(i, make([]bool, sources))
	}
	return speaks
}

// advance asks whoever is due now and frees whom nobody needs any more.
func (p Plan) advance() (asked, freed []Approver) {
	current := p.Current()
	p.each(func(stage int, g *Group, row *Approver) {
		switch done := g.done(); {
		case done && row.open():
			if row.State == Pending {
				freed = append(freed, *row)
			}
			row.State = Skipped
		case !done && stage == current && row.State == Waiting:
			row.State = Pending
			asked = append(asked, *row)
		}
	})
	return asked, freed
}

// close ends all open rows, and returns those that had been asked.
func (p Plan) close() (freed []Approver) {
	p.each(func(_ int, _ *Group, row *Approver) {
		if row.State == Pending {
			freed = append(freed, *row)
		}
		if row.open() {
			row.State = Skipped
		}
	})
	return freed
}

// clone is p, with rows and groups of its own.
func (p Plan) clone() Plan {
	c := p
	c.Stages = slices.Clone(p.Stages)
	for i := range c.Stages {
		c.Stages[i].Groups = slices.Clone(c.Stages[i].Groups)
		for j := range c.Stages[i].Groups {
			c.Stages[i].Groups[j].Approvers = slices.Clone(c.Stages[i].Groups[j].Approvers)
		}
	}
	return c
}
