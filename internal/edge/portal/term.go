package portal

import (
	"net/url"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

// holdsFor is where a role that somebody has counts.
func (v *visit) holdsFor(s view.Assigned) string {
	if s.Unit.IsZero() {
		return v.T("The whole company")
	}
	return s.UnitName
}

// between is from when until when something holds; the last day is included.
func (v *visit) between(from, until time.Time) string {
	first, last := v.l.Date(date.On(from, v.zone)), ""
	if !until.IsZero() {
		last = v.l.Date(v.lastDay(until))
	}
	switch {
	case from.IsZero() && until.IsZero():
		return v.T("always")
	case until.IsZero():
		return v.T("from %s on", first)
	case from.IsZero():
		return v.T("until %s", last)
	}
	return first + " – " + last
}

// lastDay is the last day on which what ends at this instant counts.
func (v *visit) lastDay(until time.Time) date.Date { return date.On(until.Add(-time.Second), v.zone) }

// termSaid is from when until when something shall hold, by the first and the last day that a form says.
func (v *visit) termSaid(form url.Values, wrong *fault.Input) (from, until time.Time) {
	first, err := picked(form.Get("from"), date.Parse)
	if !wrong.Take("from", err) && first != "" {
		from = first.Start(v.zone)
	}
	last, err := picked(form.Get("until"), date.Parse)
	if !wrong.Take("until", err) && last != "" {
		until = last.Plus(1).Start(v.zone)
	}
	return from, until
}

func (v *visit) assigns() error {
	key, form, err := posted(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	in := granting.AssignInput{Member: key}
	var wrong fault.Input
	in.Role, err = id.ParseRole(form.Get("role"))
	if form.Get("role") == "" {
		wrong.Add("role", "required", "please choose a role")
	} else {
		wrong.Take("role", err)
	}
	in.Unit, err = picked(form.Get("unit"), id.ParseUnit)
	wrong.Take("unit", err)
	in.From, in.Until = v.termSaid(form, &wrong)
	err = v.check(wrong.Err(), func() error {
		_, err := v.Granting.Assign(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("assign", form, err, func(a attempt) error { return v.memberPage(key, a) })
	}
	return v.goOn("/members/"+key.String(), ui.Good, v.T("The role was given. It counts at once."))
}

// TermPage lets a role that a member has begin or end on another day.
type TermPage struct {
	ui.Frame
	Header ui.Header
	URL    string
	Back   string
	Facts  ui.Facts
	Fields []ui.Field
	Error  string
}

func (v *visit) term() error {
	key, err := named(v, "assignment", id.ParseAssignment)
	if err != nil {
		return err
	}
	return v.termPage(key, attempt{})
}

func (v *visit) termPage(key id.Assignment, a attempt) error {
	s, err := v.Granting.GetAssignment(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	if member, err := named(v, "member", id.ParseMember); err != nil || member != s.Member {
		return access.ErrUnseenAssignment
	}
	if err := v.actor.Require(access.RolesManage, s.Place); err != nil {
		return err
	}
	back := "/members/" + s.Member.String()
	p := TermPage{Frame: v.frame(v.T("When a role counts"), "company"), URL: back + "/roles/" + key.String(), Back: back, Error: a.rest}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}, {Label: s.MemberName, URL: back}}, Title: s.RoleName,
		Note: v.T("From when until when it counts. To make it longer you hold yourself what it permits.")}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Member"), Text: s.MemberName}, {Label: v.T("Holds for"), Text: v.holdsFor(s)}, {Label: v.T("When"), Text: v.between(s.From, s.Until)}}}
	first := ui.Field{As: ui.AsDate, Name: "from", Label: v.T("From"), Optional: true, Unmarked: true, Short: true, Hint: v.T("Empty means at once.")}
	last := ui.Field{As: ui.AsDate, Name: "until", Label: v.T("Until, this day included"), Optional: true, Unmarked: true, Short: true, Hint: v.T("Empty means for ever.")}
	if !s.From.IsZero() {
		first.Value = string(date.On(s.From, v.zone))
	}
	if s.Holds(time.Now()) {
		first.ReadOnly, first.Hint = true, v.T("It has begun.")
	}
	if !s.Until.IsZero() {
		last.Value = string(v.lastDay(s.Until))
	}
	p.Fields = []ui.Field{a.field(first), a.field(last)}
	return v.answer(a.status(), p.View())
}

func (v *visit) retimes() error {
	key, form, err := posted(v, "assignment", id.ParseAssignment)
	if err != nil {
		return err
	}
	s, err := v.Granting.GetAssignment(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	in := granting.RetimeInput{ID: key}
	var wrong fault.Input
	in.From, in.Until = v.termSaid(form, &wrong)
	if day := form.Get("from"); !s.From.IsZero() && day == string(date.On(s.From, v.zone)) {
		in.From = s.From // the day is as it was: so is the time of it
	}
	if day := form.Get("until"); !s.Until.IsZero() && day == string(v.lastDay(s.Until)) {
		in.Until = s.Until
	}
	err = v.check(wrong.Err(), func() error {
		_, err := v.Granting.Retime(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("term", form, err, func(a attempt) error { return v.termPage(key, a) })
	}
	return v.goOn("/members/"+s.Member.String(), ui.Good, v.T("The role was saved. It counts at once."))
}

func (v *visit) revokes() error {
	key, err := named(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	assignment, err := named(v, "assignment", id.ParseAssignment)
	if err != nil {
		return err
	}
	back := "/members/" + key.String()
	if err := v.Granting.Revoke(v.ctx(), v.actor, assignment); err != nil {
		return v.again("revoke", nil, err, func(a attempt) error { return v.goOn(back, ui.Bad, a.short()) })
	}
	return v.goOn(back, ui.Good, v.T("The role was taken away."))
}
