package portal

import (
	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/view"
)

// CostCentresPage lists cost centres by code.
type CostCentresPage struct {
	ui.Frame
	Header  ui.Header
	Tabs    ui.Tabs
	Filters ui.Filters
	Table   ui.Table
}

func (v *visit) costCentreList() error {
	t := v.costCentreTable(budgeting.CostCentreFilter{Text: v.query("q")})
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := CostCentresPage{Frame: v.frame(v.T("Cost centres"), "spend"), Tabs: v.spendTabs("centres"), Table: shown}
	p.Header = ui.Header{Title: v.T("Cost centres"), Note: v.T("Where what is spent is booked. At checkout the buyer chooses one.")}
	if v.actor.MaySomewhere(access.CostCentresManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New cost centre"), URL: "/cost-centres/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Filters = ui.Filters{Action: "/cost-centres", HX: ui.HX{Region: t.name}, Keep: t.kept(v), Search: ui.SearchField{Label: v.T("Code or name"), Value: v.query("q")}}
	return v.show(p.View())
}

// costCentreTable is the list of cost centres.
func (v *visit) costCentreTable(f budgeting.CostCentreFilter) table[view.CostCentre] {
	unit := func(c view.CostCentre) string { return ifEmpty(c.UnitName, v.T("The whole company")) }
	t := table[view.CostCentre]{name: "cost-centres", title: v.T("Cost centres"), usual: page.Sort{By: "code"},
		read: func(ask page.Ask) (page.List[view.CostCentre], error) {
			return v.Budgeting.ListCostCentres(v.ctx(), v.actor, f, ask)
		},
		row:   func(c view.CostCentre) ui.Row { return ui.Row{URL: "/cost-centres/" + c.ID.String()} },
		empty: ui.Empty{Icon: ui.IconCostCentre, Title: v.T("No cost centres here"), Text: v.T("What is ordered is booked to a cost centre, so that spending can be told apart.")},
		columns: []column[view.CostCentre]{
			{Column: ui.Column{Label: v.T("Cost centre")}, key: "name", sort: "name", cell: func(c view.CostCentre) templ.Component { return ui.Text(c.Name) }},
			{Column: ui.Column{Label: v.T("Code"), Fit: true}, key: "code", sort: "code", cell: func(c view.CostCentre) templ.Component { return ui.Text(c.Code) }},
			{Column: ui.Column{Label: v.T("Manager")}, key: "manager", cell: func(c view.CostCentre) templ.Component {
				if c.ManagerName == "" {
					return nil
				}
				return ui.Person{Name: c.ManagerName, Small: true}
			}},
			{Column: ui.Column{Label: v.T("Unit")}, key: "unit", cell: func(c view.CostCentre) templ.Component { return ui.Text(unit(c)) }},
			{Column: ui.Column{Label: v.T("Valid")}, key: "valid", cell: func(c view.CostCentre) templ.Component { return ui.Text(v.validity(c.From, c.Until)) }},
		},
		file: []datum[view.CostCentre]{
			{v.T("Code"), func(c view.CostCentre) string { return c.Code }}, {v.T("Name"), func(c view.CostCentre) string { return c.Name }},
			{v.T("Manager"), func(c view.CostCentre) string { return c.ManagerName }}, {v.T("Unit"), unit},
			{v.T("First day"), func(c view.CostCentre) string { return string(c.From) }}, {v.T("Last day"), func(c view.CostCentre) string { return string(c.Until) }},
		}}
	return t
}

// validity is from which day to which something is valid.
func (v *visit) validity(from, until date.Date) string {
	switch {
	case from == "" && until == "":
		return v.T("always")
	case until == "":
		return v.T("from %s on", v.l.Date(from))
	case from == "":
		return v.T("until %s", v.l.Date(until))
	}
	return v.span(from, until)
}

// CostCentrePage shows a cost centre, to be changed by who may.
type CostCentrePage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Error   string
	Fields  []ui.Field
	Facts   ui.Facts
	Manages bool
}

func (v *visit) newCostCentre() error {
	if err := v.actor.RequireSomewhere(access.CostCentresManage); err != nil {
		return err
	}
	return v.costCentrePage(view.CostCentre{}, attempt{})
}

func (v *visit) costCentre() error {
	key, err := named(v, "centre", id.ParseCostCentre)
	if err != nil {
		return err
	}
	return v.costCentreAgain(key, attempt{})
}

func (v *visit) costCentreAgain(key id.CostCentre, a attempt) error {
	c, err := v.Budgeting.GetCostCentre(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.costCentrePage(c, a)
}

func (v *visit) costCentrePage(c view.CostCentre, a attempt) error {
	title, url, manager, unit := v.T("New cost centre"), "/cost-centres", "", ""
	if !c.ID.IsZero() {
		title, url = c.Name, url+"/"+c.ID.String()
	}
	if !c.Manager.IsZero() {
		manager = c.Manager.String()
	}
	if !c.Unit.IsZero() {
		unit = c.Unit.String()
	}
	people, err := v.deciders(v.T("Nobody"), manager)
	if err != nil {
		return err
	}
	units, err := v.units(v.T("The whole company"), unit)
	if err != nil {
		return err
	}
	p := CostCentrePage{Frame: v.frame(title, "spend"), URL: url, Version: a.or("version", v.plain(c.Version)), Error: a.rest, Manages: v.actor.MaySomewhere(access.CostCentresManage)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Cost centres"), URL: "/cost-centres"}}, Title: title, Note: c.Code}
	p.Fields = []ui.Field{
		a.field(ui.Field{Name: "code", Label: v.T("Code"), Value: c.Code, MaxLength: text.MostCode, Short: true}),
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: c.Name, MaxLength: budget.MostName}),
		a.field(ui.Field{As: ui.AsSelect, Name: "manager", Label: v.T("Manager"), Value: manager, Options: people, Find: findMember, Optional: true, Unmarked: true}),
		a.field(ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Value: unit, Options: units, Find: findUnit, Optional: true, Unmarked: true}),
		a.field(ui.Field{As: ui.AsDate, Name: "from", Label: v.T("First day"), Value: string(c.From), Optional: true, Short: true}),
		a.field(ui.Field{As: ui.AsDate, Name: "until", Label: v.T("Last day"), Value: string(c.Until), Optional: true, Short: true}),
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Code"), Text: c.Code}, {Label: v.T("Manager"), Text: c.ManagerName}, {Label: v.T("Unit"), Text: c.UnitName}, {Label: v.T("Valid"), Text: v.validity(c.From, c.Until)}}}
	return v.answer(a.status(), p.View())
}

// costCentreSaid is what was said of a cost centre; what is said of it is kept for the form to come back with.
func (v *visit) costCentreSaid() (in budgeting.CostCentreInput, said attempt, err error) {
	form, err := v.form()
	if err != nil {
		return in, said, err
	}
	var wrong fault.Input
	in = budgeting.CostCentreInput{Version: version(form.Get("version")), Code: form.Get("code"), Name: form.Get("name")}
	in.Manager, err = picked(form.Get("manager"), id.ParseMember)
	wrong.Take("manager", err)
	in.Unit, err = picked(form.Get("unit"), id.ParseUnit)
	wrong.Take("unit", err)
	in.From, err = picked(form.Get("from"), date.Parse)
	wrong.Take("from", err)
	in.Until, err = picked(form.Get("until"), date.Parse)
	wrong.Take("until", err)
	return in, attempt{said: form}, wrong.Err()
}

func (v *visit) createsCostCentre() error {
	in, said, err := v.costCentreSaid()
	err = v.check(err, func() error {
		_, err := v.Budgeting.CreateCostCentre(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("create", said.said, err, func(a attempt) error { return v.costCentrePage(view.CostCentre{}, a) })
	}
	return v.goOn("/cost-centres", ui.Good, v.T("The cost centre was added."))
}

func (v *visit) editsCostCentre() error {
	key, err := named(v, "centre", id.ParseCostCentre)
	if err != nil {
		return err
	}
	in, said, err := v.costCentreSaid()
	in.ID = key
	err = v.check(err, func() error {
		_, err := v.Budgeting.EditCostCentre(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("edit", said.said, err, func(a attempt) error { return v.costCentreAgain(key, a) })
	}
	return v.goOn("/cost-centres/"+key.String(), ui.Good, v.T("The cost centre was saved."))
}
