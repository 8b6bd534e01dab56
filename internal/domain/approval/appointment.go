package approval

import (
	"slices"
	"strconv"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
)

// Appointment makes somebody the deputy of an approver for a period. What is over stays: one can still read who could decide.
type Appointment struct {
	ID      id.Deputy
	Company id.Company
	For     id.Member // the approver, who is away
	By      id.Member // the deputy
	From    time.Time
	Until   time.Time // not included
	Rules   []id.Rule // empty: all, and limits and budgets too
	Units   []Place   // of the orders; empty: all
	UpTo    *money.Money
	BothMay bool // the approver stays asked beside the deputy
	Note    string
	Maker   id.Member // who appointed them, or changed it last; zero: the system
	MadeAt  time.Time
	BegunAt time.Time // when it was told that it has begun; zero: it was not yet
	EndedAt time.Time // zero: it is not over
	Ender   id.Member // who ended it before its time; zero: nobody
	Version int64
}

// What an appointment may be like.
const (
	LongestAppointment = 366 // days
	MostAppointedFor   = 50  // rules, and units
	MostAppointments   = 2000
)

var (
	// ErrUnseenDeputy is the fault of an appointment that is not there, or not theirs to see.
	ErrUnseenDeputy = fault.Define(fault.NotFound, "deputy.unseen", "there is no such deputy, or it is not yours to see")
	// ErrDeputyStale is the fault of changing an older version of an appointment.
	ErrDeputyStale = fault.Define(fault.Stale, "deputy.stale", "somebody has changed this deputy meanwhile: look at it again")
	// ErrDeputyOver is the fault of changing an appointment that is over.
	ErrDeputyOver = fault.Define(fault.Conflict, "deputy.over", "this is over: appoint a deputy anew")
	// ErrDeputies is the fault of more appointments than a company has at a time.
	ErrDeputies = fault.Define(fault.Refused, "deputy.many", "your company has as many deputies as it can have at a time: end one first")
)

// AppointmentState is how it stands with an appointment.
type AppointmentState string

// The states of an appointment.
const (
	ToCome AppointmentState = "to_come"
	OnDuty AppointmentState = "on_duty"
	Over   AppointmentState = "over"
)

// AppointmentStates lists the states of an appointment.
func AppointmentStates() []AppointmentState { return []AppointmentState{OnDuty, ToCome, Over} }

// State is how it stands with a at this moment.
func (a Appointment) State(now time.Time) AppointmentState {
	switch {
	case !a.EndedAt.IsZero() || !now.Before(a.Until):
		return Over
	case now.Before(a.From):
		return ToCome
	}
	return OnDuty
}

// meets reports whether there is a moment, and an order, for which both count.
func (a Appointment) meets(b Appointment) bool {
	return a.From.Before(b.Until) && b.From.Before(a.Until) &&
		(len(a.Rules) == 0 || len(b.Rules) == 0 || slices.ContainsFunc(a.Rules, func(r id.Rule) bool { return slices.Contains(b.Rules, r) })) &&
		(len(a.Units) == 0 || len(b.Units) == 0 || slices.ContainsFunc(a.Units, func(p Place) bool {
			return slices.ContainsFunc(b.Units, func(q Place) bool { return p.Path.Covers(q.Path) || q.Path.Covers(p.Path) })
		}))
}

// Circumstances is what is true of those whom an appointment names, read in the appointing transaction.
type Circumstances struct {
	Now     time.Time
	Acts    bool          // the approver is an active member
	Known   bool          // the deputy is a member
	Stands  bool          // … an active one
	Decides bool          // … and holds a role that lets them approve somewhere
	Others  []Appointment // of the company, those that are not over
	Rules   []id.Rule     // of those named, those that there are
	Units   []id.Unit     // of those named, those that there are
	Names   func(id.Member) string
	Zone    *time.Location
}

// Check is the appointment as it is kept, or all that keeps it from being made. before is it as it was; the zero appointment is a
// new one.
func (a Appointment) Check(before Appointment, c Circumstances) (Appointment, error) {
	var in fault.Input
	a.people(&in, c)
	a.term(&in, before, c)
	a.scope(&in, c)
	a.Note = text.Note(&in, "note", a.Note, MostNote)
	if !in.Has("deputy_id") && !in.Has("from") && !in.Has("until") {
		a.beside(&in, c)
	}
	return a, in.Err()
}

func (a Appointment) people(in *fault.Input, c Circumstances) {
	if !c.Acts {
		in.Add("principal_id", "inactive", "who is not active needs no deputy")
	}
	switch {
	case a.By.IsZero():
		in.Add("deputy_id", "required", "please choose who stands in")
	case a.By == a.For:
		in.Add("deputy_id", "self", "nobody stands in for themselves")
	case a.Maker == a.By && !a.Maker.IsZero():
		in.Add("deputy_id", "oneself", "nobody makes themselves the deputy of somebody else: ask them, or another one who appoints deputies")
	case !c.Known:
		in.Add("deputy_id", "unknown", "there is no such member in your company")
	case !c.Stands:
		in.Add("deputy_id", "inactive", "%s cannot act for your company: choose an active member", c.Names(a.By))
	case !c.Decides:
		in.Add("deputy_id", "permission", "%s may not approve purchase orders: a deputy needs a role of their own for that", c.Names(a.By))
	}
}

func (a Appointment) term(in *fault.Input, before Appointment, c Circumstances) {
	switch begun := !before.From.IsZero() && !c.Now.Before(before.From); {
	case begun && !a.From.Equal(before.From):
		in.Add("from", "begun", "it has begun already: the beginning stays")
	case !begun && a.From.Before(c.Now):
		in.Add("from", "past", "it cannot begin in the past")
	}
	switch {
	case a.Until.IsZero():
		in.Add("until", "required", "please say until when: an absence has an end")
	case !a.Until.After(a.From):
		in.Add("until", "order", "the end lies before the beginning")
	case !a.Until.After(c.Now):
		in.Add("until", "past", "the end has passed already")
	case a.Until.Sub(a.From) > LongestAppointment*24*time.Hour+time.Hour: // of which a clock may be turned
		in.Add("until", "long", "a deputy is appointed for a year at most, and then anew")
	}
}

func (a Appointment) scope(in *fault.Input, c Circumstances) {
	for i, r := range a.Rules {
		if !slices.Contains(c.Rules, r) {
			in.Add("rule_ids."+strconv.Itoa(i), "unknown", "there is no such rule in your company")
		}
	}
	for i, u := range a.Units {
		if !slices.Contains(c.Units, u.Unit) {
			in.Add("unit_ids."+strconv.Itoa(i), "unknown", "there is no such unit in your company")
		}
	}
	if len(a.Rules) > MostAppointedFor {
		in.Add("rule_ids", "too_many", "at most %d are named", MostAppointedFor)
	}
	if len(a.Units) > MostAppointedFor {
		in.Add("unit_ids", "too_many", "at most %d are named", MostAppointedFor)
	}
	if a.UpTo != nil && (a.UpTo.Minor <= 0 || !a.UpTo.Currency.Formed()) {
		in.Add("up_to", "range", "an amount above nought")
	}
}

// beside checks a against the other appointments: nobody has two deputies for the same, and deputies of deputies end with the
// second and lead back to nobody.
func (a Appointment) beside(in *fault.Input, c Circumstances) {
	var others []Appointment
	for _, o := range c.Others {
		if o.ID != a.ID && o.State(c.Now) != Over && o.meets(a) {
			others = append(others, o)
		}
	}
	for _, o := range others {
		if o.For == a.For {
			in.Add("from", "overlap", "%s stands in for %s from %s until %s already, for the same: end that first, or choose other days, rules or units",
				c.Names(o.By), c.Names(o.For), date.On(o.From, c.Zone), date.On(o.Until.Add(-time.Second), c.Zone))
			return
		}
	}
	switch longest, circle := grow([]Appointment{a}, others); {
	case circle:
		in.Add("deputy_id", "circle", "%s is away then, too, and it would lead back to %s", c.Names(a.By), c.Names(a.For))
	case longest > 2:
		in.Add("deputy_id", "chain", "a deputy of a deputy of a deputy decides for nobody: choose somebody who is there, and whom nobody counts on who is away")
	}
}

// grow says how long the longest chain of deputies of deputies is that these appointments are part of, counted up to three, and
// whether one of them is a circle. All of a chain meet.
func grow(chain, others []Appointment) (longest int, circle bool) {
	first, last := chain[0], chain[len(chain)-1]
	longest = len(chain)
	if first.For == last.By {
		return longest, true
	}
	if longest > 2 {
		return longest, false
	}
	for _, o := range others {
		var more []Appointment
		switch {
		case slices.ContainsFunc(chain, func(c Appointment) bool { return c.ID == o.ID || !c.meets(o) }):
			continue
		case o.For == last.By:
			more = append(slices.Clone(chain), o)
		case o.By == first.For:
			more = append([]Appointment{o}, chain...)
		default:
			continue
		}
		n, round := grow(more, others)
		longest, circle = max(longest, n), circle || round
	}
	return longest, circle
}

// Located is a with its units where they stand.
func (a Appointment) Located(at map[id.Unit]tree.Path) Appointment {
	a.Units = slices.Clone(a.Units)
	for i, u := range a.Units {
		a.Units[i].Path = at[u.Unit]
	}
	return a
}

// Deputy is the appointment as a plan reckons with it. by is who stands in, as they are now. Of units that it names and that stand
// nowhere any more there is nothing left; where it names no other, ok is false.
func (a Appointment) Deputy(by Candidate) (d Deputy, ok bool) {
	d = Deputy{For: a.For, By: by, Maker: a.Maker, From: a.From, Until: a.Until, Rules: a.Rules, UpTo: a.UpTo, BothMay: a.BothMay}
	for _, u := range a.Units {
		if u.Path != tree.Top {
			d.Units = append(d.Units, u)
		}
	}
	return d, len(a.Units) == 0 || len(d.Units) > 0
}

// Edit is the appointment as it shall be: whom it is for and who stands in stay.
func (a Appointment) Edit(version int64, to Appointment, c Circumstances) (Appointment, error) {
	switch {
	case version != a.Version:
		return a, ErrDeputyStale.Now(a.Version)
	case a.State(c.Now) == Over:
		return a, ErrDeputyOver
	}
	next := a
	next.From, next.Until, next.Rules, next.Units, next.UpTo, next.BothMay, next.Note, next.Maker = to.From, to.Until, to.Rules, to.Units, to.UpTo, to.BothMay, to.Note, to.Maker
	return next.Check(a, c)
}

// End ends the appointment at this moment.
func (a Appointment) End(version int64, by id.Member, now time.Time) (Appointment, error) {
	switch {
	case version != a.Version:
		return a, ErrDeputyStale.Now(a.Version)
	case a.State(now) == Over:
		return a, ErrDeputyOver
	}
	a.EndedAt, a.Ender = now, by
	return a, nil
}
