package portal

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/granting"
)

// MergePage says what would come of merging two roles, before anything does.
type MergePage struct {
	ui.Frame
	Header  ui.Header
	Asked   ui.Filters
	Notice  *ui.Notice
	Changes ui.Items
	URL     string
	With    string
	Permits string
	Version string
	Gone    string // the version of the role that would go
	Back    string
	Ready   bool // nothing is known to stand in its way
}

// keptOnly is how it is said that the role that stays permits then what it does by itself.
const keptOnly = "kept"

func (v *visit) weighsMerge() error {
	key, err := named(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	return v.mergePage(key, attempt{})
}

func (v *visit) mergePage(key id.Role, a attempt) error {
	with, permits := a.or("with", v.query("with")), a.or("permits", v.query("permits"))
	gone, err := id.ParseRole(with)
	if err != nil {
		return err
	}
	m, err := v.Granting.Weigh(v.ctx(), v.actor, granting.MergeInput{Kept: key, Gone: gone, Both: permits != keptOnly})
	if err != nil {
		return err
	}
	url := "/roles/" + key.String()
	title := v.T("Merge %s into %s?", m.Gone.Name, m.Kept.Name)
	p := MergePage{Frame: v.frame(title, "company"), URL: url + "/merge", With: with, Permits: permits, Version: v.plain(m.Kept.Version), Gone: v.plain(m.Gone.Version), Back: url + "/compare?with=" + with, Ready: true}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}, {Label: m.Kept.Name, URL: url}}, Title: title, Note: v.T("Nothing has changed yet. Who has %s has %s instead, at the same places and for the same times.", m.Gone.Name, m.Kept.Name),
		Actions: ui.LinkButton{Label: v.T("The other way round"), URL: "/roles/" + with + "/merge?with=" + key.String(), Icon: ui.IconExchange}}
	p.Asked = ui.Filters{Action: p.URL, Keep: []ui.Kept{{Name: "with", Value: with}}, HX: ui.HX{Region: "merge"}, Fields: []ui.Field{{As: ui.AsSelect, Name: "permits", Label: v.T("What it then permits"), Value: permits,
		Options: []ui.Option{{Label: v.T("What either permits")}, {Value: keptOnly, Label: v.T("What %s permits", m.Kept.Name)}}}}}
	p.Changes = v.mergeChanges(m)
	switch {
	case a.made():
		p.Notice, p.Ready = &ui.Notice{Tone: ui.Bad, Title: a.rest, Reasons: v.several(a)}, false
	case len(m.Laws) > 0 || len(m.Rules) > 0:
		p.Ready = false
		p.Notice = &ui.Notice{Tone: ui.Warn, Title: v.T("Rules or budgets name %s: let them name %s first.", m.Gone.Name, m.Kept.Name), Text: v.few(append(m.Laws, m.Rules...))}
	}
	return v.answer(a.status(), p.View())
}

// mergeChanges say who gains and who loses what.
func (v *visit) mergeChanges(m granting.Merging) ui.Items {
	items := ui.Items{Label: v.T("What changes")}
	add := func(icon ui.Icon, title, text string) {
		items.Items = append(items.Items, ui.Item{Icon: icon, Title: title, Text: text})
	}
	labels := func(s access.Set) (all []string) {
		for _, p := range s.List() {
			all = append(all, v.T(p.Label()))
		}
		return all
	}
	who := func(names []string) string { return v.N(len(names), "%d person", "%d people") + ": " + v.few(names) }
	gains := func(names []string, s access.Set, role string) {
		if len(names) > 0 && s.Len() > 0 {
			add(ui.IconKey, v.N(s.Len(), "Those with %[2]s would gain one permission.", "Those with %[2]s would gain %[1]d permissions.", role), who(names)+". "+v.few(labels(s)))
		}
	}
	gains(m.KeptBy, m.Added, m.Kept.Name)
	gains(m.GoneBy, m.Gained, m.Gone.Name)
	if len(m.GoneBy) > 0 && m.Lost.Len() > 0 {
		add(ui.IconLock, v.N(m.Lost.Len(), "Those with %[2]s would lose one permission.", "Those with %[2]s would lose %[1]d permissions.", m.Gone.Name), who(m.GoneBy)+". "+v.few(labels(m.Lost)))
	}
	if len(items.Items) == 0 {
		add(ui.IconGood, v.T("Nobody gains or loses anything."), "")
	}
	if m.Invitations > 0 {
		add(ui.IconMail, v.N(m.Invitations, "%d open invitation promises %[2]s, and will promise %[3]s.", "%d open invitations promise %s, and will promise %s.", m.Gone.Name, m.Kept.Name), "")
	}
	add(ui.IconDelete, v.T("The role %s is gone for good.", m.Gone.Name), v.T("The audit keeps what it was and who had it."))
	return items
}

func (v *visit) mergesRoles() error {
	key, form, err := posted(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	in := granting.MergeInput{Kept: key, KeptVersion: version(form.Get("version")), GoneVersion: version(form.Get("gone")), Both: form.Get("permits") != keptOnly}
	if in.Gone, err = id.ParseRole(form.Get("with")); err != nil {
		return err
	}
	r, err := v.Granting.Merge(v.ctx(), v.actor, in)
	if err != nil {
		return v.again("merge", form, err, func(a attempt) error { return v.mergePage(key, a) })
	}
	return v.goOn("/roles/"+key.String(), ui.Good, v.T("There is one role now: “%s”. It counts at once for all who have it.", r.Name))
}
