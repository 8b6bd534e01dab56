package portal

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/payment"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/view"
)

// groups adds the pages of the seller's customer groups.
func (p *Portal) groups(look looking, act adding) {
	look("/customer-groups", access.CompaniesView, "Customer groups", (*visit).groupList)
	look("/customer-groups/new", access.CustomerGroupsManage, "New customer group", (*visit).newGroup)
	act("/customer-groups", access.CustomerGroupsManage, (*visit).createsGroup)
	look("/customer-groups/{group}", access.CompaniesView, "A customer group", (*visit).group)
	act("/customer-groups/{group}", access.CustomerGroupsManage, (*visit).editsGroup)
	act("/customer-groups/{group}/delete", access.CustomerGroupsManage, (*visit).deletesGroup)
}

// GroupsPage lists customer groups.
type GroupsPage struct {
	ui.Frame
	Header ui.Header
	Table  ui.Table
}

func (v *visit) groupList() error {
	all, err := v.Pricesetting.ListGroups(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := GroupsPage{Frame: v.frame(v.T("Customer groups"), "customers")}
	p.Header = ui.Header{Title: v.T("Customer groups"), Note: v.T("Companies that are treated alike. A company belongs to one group, or to none.")}
	if v.throughout(access.CustomerGroupsManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New customer group"), URL: "/customer-groups/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Table = ui.Table{Name: "groups", Caption: v.T("Customer groups"), Columns: []ui.Column{{Label: v.T("Customer group")}, {Label: v.T("Description"), Foldable: true}, {Label: v.T("Companies"), Numeric: true}},
		Empty: v.askingThroughout(access.CustomerGroupsManage, ui.Empty{Icon: ui.IconTag, Title: v.T("No customer groups yet"), Text: v.T("Make one, and put companies into it on their own page.")})}
	for _, g := range all {
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/customer-groups/" + g.ID.String(), Cells: []templ.Component{ui.Named{Name: g.Name, Note: g.Code, Code: true}, ui.Text(g.Description), ui.Text(v.l.Int(g.InEffect))}})
	}
	return v.show(p.View())
}

// GroupPage shows a customer group, to be changed by who may.
type GroupPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Error   string
	Fields  []ui.Field
	Pays    []ui.Check // ways of paying of its companies
	Facts   ui.Facts
	Manages bool
	Delete  ui.Dialog
}

func (v *visit) newGroup() error {
	if err := v.actor.Require(access.CustomerGroupsManage, tree.Top); err != nil {
		return err
	}
	return v.groupPage(view.CustomerGroup{}, attempt{})
}

func (v *visit) group() error {
	key, err := named(v, "group", id.ParseCustomerGroup)
	if err != nil {
		return err
	}
	return v.groupAgain(key, attempt{})
}

func (v *visit) groupAgain(key id.CustomerGroup, a attempt) error {
	g, err := v.Pricesetting.GetGroup(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.groupPage(g, a)
}

func (v *visit) groupPage(g view.CustomerGroup, a attempt) error {
	title, to := v.T("New customer group"), "/customer-groups"
	if !g.ID.IsZero() {
		title, to = g.Name, to+"/"+g.ID.String()
	}
	p := GroupPage{Frame: v.frame(title, "customers"), URL: to, Version: a.or("version", v.plain(g.Version)), Error: a.rest, Manages: v.throughout(access.CustomerGroupsManage)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Customer groups"), URL: "/customer-groups"}}, Title: title, Note: g.Code}
	if !g.ID.IsZero() {
		p.Header.Actions = ui.All{ui.LinkButton{Label: v.N(int(g.InEffect), "Its %d company", "Its %d companies"), URL: "/companies?group=" + g.ID.String(), Icon: ui.IconCompany}}
		if p.Manages {
			p.Header.Actions = ui.All{p.Header.Actions, ui.Button{Label: v.T("Delete"), Icon: ui.IconDelete, Opens: "delete", Kind: ui.Quiet}}
			p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", g.Name), Text: v.T("That works only while no company belongs to it.")}
		}
	}
	p.Fields = []ui.Field{
		a.field(ui.Field{Name: "code", Label: v.T("Code"), Value: g.Code, MaxLength: pricing.GroupCodeLength, Short: true}),
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: g.Name, MaxLength: pricing.GroupNameLength}),
		a.field(ui.Field{Name: "description", Label: v.T("Description"), Value: g.Description, MaxLength: pricing.GroupDescriptionLength, Optional: true})}
	var ways []string
	for _, m := range payment.Methods() {
		p.Pays = append(p.Pays, ui.Check{Name: "pays_" + string(m), Label: v.payment(string(m)).Label, Checked: a.ticked("pays_"+string(m), slices.Contains(g.Payments, m))})
	}
	for _, m := range payment.Allowed(nil, g.Payments) {
		ways = append(ways, v.payment(string(m)).Label)
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Code"), Text: g.Code}, {Label: v.T("Description"), Text: g.Description}, {Label: v.T("Ways of paying"), Text: v.l.List(ways...)}}}
	return v.answer(a.status(), p.View())
}

func groupSaid(form url.Values) pricing.GroupFields {
	return pricing.GroupFields{Code: form.Get("code"), Name: form.Get("name"), Description: form.Get("description"), Payments: paymentsSaid(form)}
}

func (v *visit) createsGroup() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if _, err := v.Pricesetting.CreateGroup(v.ctx(), v.actor, groupSaid(form)); err != nil {
		return v.again("create", form, err, func(a attempt) error { return v.groupPage(view.CustomerGroup{}, a) })
	}
	return v.goOn("/customer-groups", ui.Good, v.T("The customer group was added."))
}

func (v *visit) editsGroup() error {
	key, form, err := posted(v, "group", id.ParseCustomerGroup)
	if err != nil {
		return err
	}
	if _, err := v.Pricesetting.EditGroup(v.ctx(), v.actor, pricesetting.EditGroupInput{ID: key, Version: version(form.Get("version")), GroupFields: groupSaid(form)}); err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.groupAgain(key, a) })
	}
	return v.goOn("/customer-groups/"+key.String(), ui.Good, v.T("The customer group was saved."))
}

func (v *visit) deletesGroup() error {
	key, form, err := posted(v, "group", id.ParseCustomerGroup)
	if err != nil {
		return err
	}
	if err := v.Pricesetting.DeleteGroup(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.groupAgain(key, a) })
	}
	return v.goOn("/customer-groups", ui.Good, v.T("The customer group was deleted."))
}
