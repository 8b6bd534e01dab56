package portal

import (
	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
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
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	list, err := v.Budgeting.ListCostCentres(v.ctx(), v.actor, budgeting.CostCentreFilter{Text: v.query("q")}, place.ask)
	if err != nil {
		return err
	}
	p := CostCentresPage{Frame: v.frame(v.T("Cost centres"), "spend"), Tabs: v.spendTabs("centres")}
	p.Header = ui.Header{Title: v.T("Cost centres"), Note: v.T("Where what is spent is booked. At checkout the buyer chooses one.")}
	if v.actor.MaySomewhere(access.CostCentresManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New cost centre"), URL: "/cost-centres/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Filters = ui.Filters{Action: "/cost-centres", HX: ui.HX{Region: "centres"}, Search: ui.SearchField{Label: v.T("Code or name"), Value: v.query("q")}}
	p.Table = ui.Table{Name: "centres", Caption: v.T("Cost centres"), Pager: place.pager(len(list.Rows), list.Next, -1),
		Columns: []ui.Column{{Label: v.T("Cost centre")}, {Label: v.T("Manager")}, {Label: v.T("Unit")}, {Label: v.T("Valid")}},
		Empty:   ui.Empty{Icon: ui.IconCostCentre, Title: v.T("No cost centres here")}}
	for _, c := range list.Rows {
		unit := c.UnitName
		if unit == "" {
			unit = v.T("The whole company")
		}
		var manager templ.Component
		if c.ManagerName != "" {
			manager = ui.Person{Name: c.ManagerName, Small: true}
		}
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/cost-centres/" + c.ID.String(), Cells: []templ.Component{
			ui.Named{Name: c.Name, Note: c.Code, Code: true}, manager, ui.Text(unit), ui.Text(v.validity(c.From, c.Until))}})
	}
	return v.show(p.View())
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
	people, err := v.deciders(v.T("Nobody"))
	if err != nil {
		return err
	}
	units, err := v.units(v.T("The whole company"))
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
