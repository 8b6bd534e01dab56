package portal

import (
	"net/url"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// BorrowPage lists whom the companies above can lend, and takes one of them over.
type BorrowPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
	Chosen  *ui.Person // who is taken over; nil while nobody is chosen
	Of      string     // of which company they are
	Key     string
	Fields  []ui.Field
	Error   string
}

// borrowLink leads to whom the companies above can lend; nothing where there is nobody.
func (v *visit) borrowLink() (templ.Component, error) {
	some, err := v.Organising.Lendable(v.ctx(), v.actor, "", page.Ask{Limit: 1})
	if err != nil || len(some.Rows) == 0 {
		return nil, err
	}
	return ui.LinkButton{Label: v.T("Add from the group"), Icon: ui.IconUp, URL: "/members/borrow"}, nil
}

func (v *visit) borrowing() error {
	if key := v.query("member"); key != "" {
		m, err := id.ParseMember(key)
		if err != nil {
			return err
		}
		return v.borrowPage(m, attempt{})
	}
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	list, err := v.Organising.Lendable(v.ctx(), v.actor, v.query("q"), place.ask)
	if err != nil {
		return err
	}
	p := v.borrowHeader()
	p.Filters = ui.Filters{Action: "/members/borrow", HX: ui.HX{Region: "lendable"}, Clear: "/members/borrow", Search: ui.SearchField{Label: v.T("Name, address or title"), Value: v.query("q")}}
	if q := v.query("q"); q != "" {
		p.Filters.Chips = append(p.Filters.Chips, v.chip(q, "q"))
	}
	p.Table = ui.Table{Name: "lendable", Caption: v.T("Members of the companies above"), Pager: place.pager(len(list.Rows), list.Next, page.Uncounted()), Columns: []ui.Column{{Label: v.T("Name")}, {Label: v.T("Company")}},
		Empty: ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody fits"), Text: v.T("Here are the active members of the companies that yours belongs to, as far as they have no place here yet.")}}
	for _, l := range list.Rows {
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/members/borrow?" + url.Values{"member": {l.Member.String()}}.Encode(),
			Cells: []templ.Component{ui.Person{Name: l.Name, Title: l.Title}, ui.Text(l.HomeName)}})
	}
	return v.show(p.View())
}

func (v *visit) borrowHeader() BorrowPage {
	p := BorrowPage{Frame: v.frame(v.T("Add from the group"), "company")}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}}, Title: v.T("Add from the group"),
		Note: v.T("Members of the companies that yours belongs to need no invitation. They are told, and act here as long as they are active there.")}
	return p
}

func (v *visit) borrowPage(key id.Member, a attempt) error {
	l, err := v.Organising.GetLendable(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	nodes, err := v.nodes(view.NodeFilter{})
	if err != nil {
		return err
	}
	p := v.borrowHeader()
	p.Header.Crumbs = append(p.Header.Crumbs, ui.Link{Label: v.T("Add from the group"), URL: "/members/borrow"})
	p.Header.Title = l.Name
	p.Chosen, p.Of, p.Key, p.Error = &ui.Person{Name: l.Name, Title: joined(" · ", l.Title, l.Email)}, v.T("A member of %s", l.HomeName), key.String(), a.rest
	p.Fields = []ui.Field{a.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Manager or unit right above"), Value: landing(nodes), Options: placesOf(nodes), Find: findPlace})}
	if v.actor.MaySomewhere(access.RolesManage) {
		if err := v.borrowRole(&p, a); err != nil {
			return err
		}
	}
	return v.answer(a.status(), p.View())
}

// borrowRole are the fields by which somebody who is taken over gets a role.
func (v *visit) borrowRole(p *BorrowPage, a attempt) error {
	roles, err := v.rolesToGive(v.T("The usual role of new members"))
	if err != nil {
		return err
	}
	units, err := v.units(v.T("The whole company"))
	if err != nil {
		return err
	}
	p.Fields = append(p.Fields,
		a.field(ui.Field{As: ui.AsSelect, Name: "role", Label: v.T("Role"), Options: roles, Optional: true, Unmarked: true, Hint: v.T("You can give them more once they are here.")}),
		a.field(ui.Field{As: ui.AsSelect, Name: "role_at", Label: v.T("Where the role holds"), Options: units, Find: findUnit, Optional: true, Unmarked: true}))
	return nil
}

func (v *visit) borrows() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	key, err := id.ParseMember(form.Get("member"))
	if err != nil {
		return err
	}
	in := organising.BorrowInput{Lent: key}
	var wrong fault.Input
	in.Under, err = parseNode(form.Get("under"))
	wrong.Take("under", err)
	in.Role, err = picked(form.Get("role"), id.ParseRole)
	wrong.Take("role", err)
	in.RoleAt, err = picked(form.Get("role_at"), id.ParseUnit)
	wrong.Take("role_at", err)
	var m company.Member
	err = v.check(wrong.Err(), func() (err error) {
		m, err = v.Organising.Borrow(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("borrow", form, err, func(a attempt) error { return v.borrowPage(key, a) })
	}
	return v.goOn("/members/"+m.ID.String(), ui.Good, v.T("%s can act here now, and is told.", m.Name))
}
