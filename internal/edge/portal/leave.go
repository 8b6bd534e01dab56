package portal

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// LeavePage says what somebody leaves open who leaves, and lets them leave.
type LeavePage struct {
	ui.Frame
	Header    ui.Header
	URL       string // of the member
	Version   string
	Error     string
	Gone      *ui.Notice // they have left already
	Happens   ui.Items
	Stays     ui.Items // what is to be looked at by hand
	Successor ui.Field
	Takes     bool     // there is something for a successor
	Deputy    ui.Field // who stands in from now on where they did; left out without a name
	Budgets   ui.Field // what becomes of budgets of their own; left out without a name
}

func (v *visit) leaving() error {
	key, err := named(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	return v.leavePage(key, attempt{})
}

func (v *visit) leavePage(key id.Member, a attempt) error {
	l, err := v.Organising.Leaving(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	name := l.Member.Name
	title := v.T("%s leaves", name)
	p := LeavePage{Frame: v.frame(title, "company"), URL: "/members/" + key.String(), Version: a.or("version", v.plain(l.Member.Version)), Error: a.rest,
		Takes: l.Orders > 0 || len(l.CostCentres) > 0 || len(l.Budgets) > 0 && v.decidesBudgets(l) || l.Lists+l.SharedLists > 0}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}, {Label: name, URL: p.URL}}, Title: title,
		Note: v.T("Nothing is deleted: what they ordered and decided stays, and you can take them back later.")}
	if l.Member.Status == company.Inactive {
		p.Gone = &ui.Notice{Title: v.T("%s has left already.", name), Actions: ui.LinkButton{Label: v.T("Look at them"), URL: p.URL}}
		return v.answer(a.status(), p.View())
	}
	p.Happens = ui.Items{Label: v.T("What happens"), Items: []ui.Item{{Icon: ui.IconLock, Title: v.T("They are signed out of your company at once, wherever they are signed in, and can no longer act for it.")}}}
	if l.Below > 0 {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconStructure, Title: v.N(int(l.Below), "One person right below them comes to below whoever stands above.", "%d people right below them come to below whoever stands above.")})
	}
	if l.Deciding > 0 {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconApprovals, Title: v.N(int(l.Deciding), "One purchase order that waits for their decision goes to whoever is then to decide.", "%d purchase orders that wait for their decision go to whoever is then to decide.")})
	}
	if l.Addresses > 0 {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconAddress, Title: v.N(int(l.Addresses), "One address of their own is removed. What was ordered keeps it.", "%d addresses of their own are removed. What was ordered keeps them.")})
	}
	for _, email := range l.Sent {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconMail, Title: v.T("Their invitation to %s is taken back.", v.guest(email)), Text: v.T("If it shall hold, invite them again yourself.")})
	}
	if err := v.dutiesEnding(&p, l, a); err != nil {
		return err
	}
	if err := v.succeeding(&p, l, a); err != nil {
		return err
	}
	p.Stays = ui.Items{Label: v.T("To be looked at by hand")}
	v.bequeathing(&p, l, a)
	for _, email := range l.Alike {
		p.Stays.Items = append(p.Stays.Items, ui.Item{Icon: ui.IconMail, Title: v.T("Somebody of the same name is invited: %s", v.guest(email)), Text: v.T("If it is another address of theirs, take the invitation back."), URL: v.ifSeen(access.UsersView, "/invitations")})
	}
	for _, r := range l.Rules {
		p.Stays.Items = append(p.Stays.Items, ui.Item{Icon: ui.IconRule, Title: r.Name, Text: v.T("A rule that names them: from now on it asks whoever stands above the buyer instead."), URL: v.ifSeen(access.ApprovalRulesView, "/rules/"+r.ID.String())})
	}
	for _, b := range l.Asking {
		p.Stays.Items = append(p.Stays.Items, ui.Item{Icon: ui.IconBudget, Title: b.Name, Text: v.T("A budget that asks them when it is used up: from now on it asks the owner's manager, unless you name somebody else."), URL: v.ifSeen(access.BudgetsView, "/budgets/"+b.ID.String())})
	}
	for _, c := range l.LookedAfter {
		text := v.T("They look after this customer: say who does from now on.")
		if c.Leads {
			text = v.T("They are the first whom this customer turns to: say who is from now on.")
		}
		p.Stays.Items = append(p.Stays.Items, ui.Item{Icon: ui.IconCompany, Title: c.Name, Text: text, URL: v.ifSeen(access.CompaniesView, "/companies/"+c.Company.String())})
	}
	v.orphaning(&p, l)
	return v.answer(a.status(), p.View())
}

// dutiesEnding says what becomes of the deputies of who leaves, and of those for whom they stand in.
func (v *visit) dutiesEnding(p *LeavePage, l view.Leaving, a attempt) error {
	stands := false
	for _, d := range l.Deputies {
		item := ui.Item{Icon: ui.IconDeputy, Title: v.T("%s stands in for them no more.", d.ByName), Text: v.T("What waits for their decision goes to whoever is then to decide."), URL: v.ifSeen(access.DeputiesManage, "/deputies/"+d.ID.String())}
		if d.By == l.Member.ID {
			item.Title, item.Text = v.T("They stand in for %s no more.", d.ForName), joined(" · ", v.between(d.From, d.Until), v.scopeOf(d))
			stands = stands || v.actor.May(access.DeputiesManage, d.ForAt) || d.For == v.actor.Member
		}
		p.Happens.Items = append(p.Happens.Items, item)
	}
	if !stands {
		return nil
	}
	f, err := v.standIn(a, v.T("Nobody: those are asked themselves again"), l.Member.ID)
	f.Label, f.Optional, f.Unmarked, f.Hint = v.T("Who stands in instead"), true, true, v.T("For all for whom they stand in, as long as they would have.")
	p.Deputy = f
	return err
}

// orphaning tells of rules that ask a role which nobody else has.
func (v *visit) orphaning(p *LeavePage, l view.Leaving) {
	for _, h := range l.Alone {
		for _, r := range h.Rules {
			text := v.T("It asks a role that nobody else has: let somebody else have the role, or change the rule.")
			if h.Name != "" {
				text = v.T("It asks the role “%s”, which nobody else has: give the role to somebody else, or change the rule.", h.Name)
			}
			p.Stays.Items = append(p.Stays.Items, ui.Item{Icon: ui.IconRule, Title: r.Name, Text: text, URL: v.ifSeen(access.ApprovalRulesView, "/rules/"+r.ID.String())})
		}
	}
}

// guest is an address that was invited, or what is said of one that the reader does not see.
func (v *visit) guest(email string) string {
	if email == "" {
		return v.T("somebody whom you do not see")
	}
	return email
}

// decidesBudgets reports whether the reader may say what becomes of the leaver's own budgets.
func (v *visit) decidesBudgets(l view.Leaving) bool {
	return v.actor.May(access.BudgetsManage, l.Member.Path) && l.Member.ID != v.actor.Member
}

// bequeathing says what becomes of the leaver's own budgets.
func (v *visit) bequeathing(p *LeavePage, l view.Leaving, a attempt) {
	decides := v.decidesBudgets(l)
	for _, b := range l.Budgets {
		item := ui.Item{Icon: ui.IconBudget, Title: b.Name, URL: v.ifSeen(access.BudgetsView, "/budgets/"+b.ID.String())}
		if decides {
			item.Text = v.T("A budget of their own: you say what becomes of it.")
			p.Happens.Items = append(p.Happens.Items, item)
			continue
		}
		item.Text = v.T("A budget of their own: nobody can spend it any more.")
		p.Stays.Items = append(p.Stays.Items, item)
	}
	if !decides || len(l.Budgets) == 0 {
		return
	}
	p.Budgets = a.field(ui.Field{As: ui.AsSelect, Name: "budgets", Label: v.N(len(l.Budgets), "Their budget", "Their budgets"), Value: string(organising.CloseBudgets), Options: []ui.Option{
		{Value: string(organising.CloseBudgets), Label: v.T("Close: nothing more is charged")},
		{Value: string(organising.HandOverBudgets), Label: v.T("Hand over to who takes over")}}, Unmarked: true,
		Hint: v.T("A budget that is handed over is charged along with the successor's own. What is held stays until it is decided.")})
}

// ifSeen is an address for whoever may look there.
func (v *visit) ifSeen(p access.Permission, url string) string {
	if !v.actor.MaySomewhere(p) {
		return ""
	}
	return url
}

// succeeding is what a successor takes over, and who it is to be.
func (v *visit) succeeding(p *LeavePage, l view.Leaving, a attempt) error {
	if !p.Takes {
		return nil
	}
	if l.Orders > 0 {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconOrders, Title: v.N(int(l.Orders), "One purchase order of their own is not decided yet: a successor looks after it.", "%d purchase orders of their own are not decided yet: a successor looks after them.")})
	}
	if l.Lists > 0 {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconLists, Title: v.N(int(l.Lists), "One order list of their own: a successor gets it, and it stays shared as it is.", "%d order lists of their own: a successor gets them, and they stay shared as they are.")})
	}
	if l.SharedLists > 0 {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconLists, Title: v.N(int(l.SharedLists), "One list is shared with them by name: it is shared with a successor instead.", "%d lists are shared with them by name: they are shared with a successor instead.")})
	}
	for _, c := range l.CostCentres {
		p.Happens.Items = append(p.Happens.Items, ui.Item{Icon: ui.IconSpend, Title: v.T("They manage the cost centre %s: a successor does.", c.Name), URL: v.ifSeen(access.CostCentresView, "/cost-centres/"+c.ID.String())})
	}
	others, err := v.choices(v.T("Nobody: it stays as it is"), view.NodeFilter{Kind: company.MemberNode, Acts: true, Not: company.Node{Member: l.Member.ID}.Of()})
	if err != nil {
		return err
	}
	p.Successor = a.field(ui.Field{As: ui.AsSelect, Name: "successor", Label: v.T("Who takes over"), Options: others, Find: findMember + "&acts=yes&not=" + l.Member.ID.String(), Optional: true, Unmarked: true,
		Hint: v.T("They never decide on what they take over.")})
	return nil
}

func (v *visit) deactivates() error {
	key, form, err := posted(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	in := organising.LeaveInput{ID: key, Version: version(form.Get("version")), Budgets: organising.BudgetsFate(form.Get("budgets"))}
	var wrong fault.Input
	in.Successor, err = picked(form.Get("successor"), id.ParseMember)
	wrong.Take("successor", err)
	in.Deputy, err = picked(form.Get(standInField), id.ParseMember)
	wrong.Take(standInField, err)
	if err = wrong.Err(); err == nil {
		err = v.Organising.Leave(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("leave", form, err, func(a attempt) error { return v.leavePage(key, a) })
	}
	return v.goOn("/members/"+key.String(), ui.Good, v.T("The member was deactivated."))
}
