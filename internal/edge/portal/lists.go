package portal

import (
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/orderlist"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/collecting"
	"kontor/internal/view"
)

// lists adds the pages of order lists.
func (p *Portal) lists(look looking, act adding) {
	look("/lists", access.ListsView, "Lists", (*visit).listOverview)
	look("/lists/new", access.ListsManage, "New list", (*visit).newList)
	look("/lists/add", access.ListsManage, "", (*visit).choosesList)
	look("/lists/{list}", access.ListsView, "A list", (*visit).orderList)
	look("/lists/{list}/share", access.ListsManage, "With whom a list is shared", (*visit).listSharing)
	act("/lists", access.ListsManage, (*visit).createsList)
	act("/lists/add", access.ListsManage, (*visit).addsToList)
	act("/lists/{list}", access.ListsManage, (*visit).editsList)
	act("/lists/{list}/delete", access.ListsManage, (*visit).deletesList)
	act("/lists/{list}/share", access.ListsManage, (*visit).sharesList)
	act("/lists/{list}/cart", access.CartsManage, (*visit).listToCart)
	act("/lists/{list}/lines", access.ListsManage, (*visit).carriesLines)
	act("/lists/{list}/restore", access.ListsManage, (*visit).restoresLine)
	act("/lists/{list}/lines/{line}", access.ListsManage, (*visit).changesListLine)
	act("/lists/{list}/lines/{line}/place", access.ListsManage, (*visit).placesListLine)
	act("/lists/{list}/lines/{line}/remove", access.ListsManage, (*visit).removesListLine)
}

// ListsPage lists the order lists that the reader has.
type ListsPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

func (v *visit) listOverview() error {
	f := collecting.Filter{Text: v.query("q"), Which: oneOf(v, "which", collecting.Mine, collecting.Shared, collecting.Templates)}
	t := v.listTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := ListsPage{Frame: v.frame(v.T("Lists"), "lists"), Table: shown,
		Header: ui.Header{Title: v.T("Lists"), Note: v.T("What you order again and again: your own lists, those that colleagues share with you, and your company's templates.")}}
	var actions ui.All
	if v.provides() {
		actions = append(actions, ui.LinkButton{Label: v.T("New template"), URL: "/lists/new?template=on"})
	}
	if v.actor.MaySomewhere(access.ListsManage) {
		actions = append(actions, ui.LinkButton{Label: v.T("New list"), URL: "/lists/new", Icon: ui.IconPlus, Kind: ui.Primary})
	}
	if len(actions) > 0 {
		p.Header.Actions = actions
	}
	p.Filters = ui.Filters{Action: "/lists", HX: ui.HX{Region: t.name}, Keep: t.kept(v), Search: ui.SearchField{Label: v.T("Name, description or owner"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "which", Label: v.T("Which"), Value: string(f.Which), Options: []ui.Option{{Label: v.T("All lists")},
			{Value: string(collecting.Mine), Label: v.T("Only mine")}, {Value: string(collecting.Shared), Label: v.T("Shared with me")}, {Value: string(collecting.Templates), Label: v.T("Templates")}}}}}
	return v.show(p.View())
}

// provides reports whether the reader makes templates for the company.
func (v *visit) provides() bool { return v.actor.May(access.ListsTemplatesManage, tree.Top) }

// listTable is the overview of lists.
func (v *visit) listTable(f collecting.Filter) table[view.OrderList] {
	return table[view.OrderList]{name: "lists", title: v.T("Lists"), usual: page.Sort{By: "name"}, empty: v.noLists(f),
		read: func(ask page.Ask) (page.List[view.OrderList], error) {
			return v.Collecting.List(v.ctx(), v.actor, f, ask)
		},
		row: func(l view.OrderList) ui.Row { return ui.Row{URL: "/lists/" + l.ID.String()} },
		columns: []column[view.OrderList]{
			{Column: ui.Column{Label: v.T("Name")}, key: "name", sort: "name", cell: func(l view.OrderList) templ.Component {
				return ui.Named{Name: l.Name, Note: firstLine(l.Description)}
			}},
			{Column: ui.Column{Label: v.T("Whose")}, key: "owner", cell: v.listOwner},
			{Column: ui.Column{Label: v.T("You may"), Foldable: true}, key: "may", extra: true, cell: func(l view.OrderList) templ.Component { return ui.Text(v.mayWith(l.Hold)) }},
			{Column: ui.Column{Label: v.T("Lines"), Numeric: true}, key: "lines", sort: "lines", down: true, cell: func(l view.OrderList) templ.Component { return ui.Text(v.l.Int(l.Count)) }},
			{Column: ui.Column{Label: v.T("Changed"), Fit: true, Foldable: true}, key: "changed", sort: "changed", down: true, cell: func(l view.OrderList) templ.Component { return v.time(l.ChangedAt) }},
		},
		file: []datum[view.OrderList]{
			{v.T("Name"), func(l view.OrderList) string { return l.Name }}, {v.T("Description"), func(l view.OrderList) string { return l.Description }},
			{v.T("Whose"), func(l view.OrderList) string { return l.OwnerName }}, {v.T("You may"), func(l view.OrderList) string { return v.mayWith(l.Hold) }},
			{v.T("Lines"), func(l view.OrderList) string { return v.plain(l.Count) }}, {v.T("Changed"), func(l view.OrderList) string { return moment(l.ChangedAt) }},
		}}
}

func (v *visit) listOwner(l view.OrderList) templ.Component {
	switch {
	case l.Template():
		return ui.Badge{Label: v.T("Template"), Tone: ui.Info, Icon: ui.IconCompany}
	case l.Owner != v.actor.Member:
		return ui.Person{Name: l.OwnerName, Small: true}
	case l.SharedWith > 0:
		return ui.Badge{Label: v.T("Mine, shared"), Icon: ui.IconPeople}
	}
	return ui.Text(v.T("Mine"))
}

// mayWith says what the reader may do with a list.
func (v *visit) mayWith(h orderlist.Hold) string {
	switch h {
	case orderlist.Owns:
		return v.T("all")
	case orderlist.Writes:
		return v.T("read and write")
	}
	return v.T("read")
}

func (v *visit) noLists(f collecting.Filter) ui.Empty {
	if f.Text != "" || f.Which != "" {
		return ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found"), Text: v.T("No list fits these filters."), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/lists"}}
	}
	return v.asking(access.ListsManage, ui.Empty{Icon: ui.IconLists, Title: v.T("No lists yet"), Text: v.T("Keep on a list what you order again and again. You can put all of it into your cart at once, and share it with colleagues."),
		Action: ui.LinkButton{Label: v.T("New list"), URL: "/lists/new", Icon: ui.IconPlus, Kind: ui.Primary}})
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// NewListPage is the form by which a list is made.
type NewListPage struct {
	ui.Frame
	Header   ui.Header
	Error    string
	Fields   []ui.Field
	Template bool
	From     string
	Label    string
	Back     string
}

func (v *visit) newList() error {
	from := filter(v, "from", id.ParseOrderList)
	return v.newListPage(from, v.query("template") != "", attempt{})
}

func (v *visit) newListPage(from id.OrderList, template bool, a attempt) error {
	needs := access.ListsManage
	if template {
		needs = access.ListsTemplatesManage
	}
	if err := v.actor.RequireSomewhere(needs); err != nil {
		return err
	}
	p := NewListPage{Error: a.rest, Template: template, From: from.String(), Label: v.T("Make the list"), Back: "/lists"}
	p.Header = ui.Header{Title: v.T("New list"), Note: v.T("Only you see it, until you share it."), Crumbs: []ui.Link{{Label: v.T("Lists"), URL: "/lists"}}}
	if template {
		p.Header.Title, p.Header.Note, p.Label = v.T("New template"), v.T("Everybody in your company sees it, and can put it into their cart or begin a list of their own with it."), v.T("Make the template")
	}
	name, description := "", ""
	if !from.IsZero() {
		sheet, err := v.Purchasing.OrderList(v.ctx(), v.actor, from)
		if err != nil {
			return err
		}
		p.Back = "/lists/" + from.String()
		p.Header.Crumbs = append(p.Header.Crumbs, ui.Link{Label: sheet.Name, URL: p.Back})
		name, description = v.T("%s (copy)", sheet.Name), sheet.Description
		if template {
			name = sheet.Name
		}
		p.Header.Note = joined(" ", v.N(len(sheet.Rows), "It begins with the line of “%[2]s”.", "It begins with the %d lines of “%s”.", sheet.Name), p.Header.Note)
	}
	p.Frame = v.frame(p.Header.Title, "lists")
	p.Fields = []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: name, MaxLength: orderlist.LongestName, Focus: true}),
		a.field(ui.Field{As: ui.AsLongText, Name: "description", Label: v.T("Description"), Value: description, Rows: 3, MaxLength: orderlist.LongestDescription, Optional: true}),
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) createsList() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in := collecting.CreateInput{Name: form.Get("name"), Description: form.Get("description"), Template: form.Get("template") != ""}
	if in.From, err = picked(form.Get("from"), id.ParseOrderList); err != nil {
		return err
	}
	l, err := v.Collecting.Create(v.ctx(), v.actor, in)
	if err != nil {
		return v.again("create", form, err, func(a attempt) error { return v.newListPage(in.From, in.Template, a) })
	}
	said := v.T("The list “%s” is there.", l.Name)
	if in.Template {
		said = v.T("The template “%s” is there for everybody.", l.Name)
	}
	return v.goOn("/lists/"+l.ID.String(), ui.Good, said)
}
