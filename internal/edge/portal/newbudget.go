package portal

import (
	"net/url"
	"strconv"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
)

// NewBudgetPage is the form by which a budget is opened.
type NewBudgetPage struct {
	ui.Frame
	Header ui.Header
	Error  string
	What   []ui.Field // name and amount
	Whose  []ui.Field
	Period ui.Field
	Days   ui.Field   // of a rolling period
	Dates  []ui.Field // of one that is for once
	Carry  ui.Field   // of one that is followed by another
	Then   []ui.Field
}

func (v *visit) newBudget() error {
	if err := v.actor.RequireSomewhere(access.BudgetsManage); err != nil {
		return err
	}
	return v.newBudgetPage(attempt{})
}

func (v *visit) newBudgetPage(a attempt) error {
	currency, _ := v.currency()
	members, err := v.deciders(v.T("Everybody"))
	if err != nil {
		return err
	}
	people := named0(members, v.T("The owner's manager"))
	units, err := v.units(v.T("All units"))
	if err != nil {
		return err
	}
	centres, err := v.costCentres(v.T("All cost centres"))
	if err != nil {
		return err
	}
	p := NewBudgetPage{Frame: v.frame(v.T("New budget"), "spend"), Error: a.rest}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Budgets"), URL: "/budgets"}}, Title: v.T("New budget"),
		Note: v.T("With the first budget of your company every order needs one that covers it, or the permission to do without.")}
	p.What = []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), MaxLength: budget.MostName, Focus: true}),
		a.field(ui.Field{As: ui.AsMoney, Name: "limit", Label: v.T("Limit of one period"), Unit: string(currency), Short: true}, "currency"),
		a.field(ui.Field{As: ui.AsSelect, Name: "basis", Label: v.T("What counts"), Value: string(budget.NetShipped), Options: v.basisOptions()}),
	}
	p.Whose = []ui.Field{
		a.field(ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("Unit, with all below it"), Options: units, Find: findUnit, Optional: true, Unmarked: true}, "owner.unit"),
		a.field(ui.Field{As: ui.AsSelect, Name: "member", Label: v.T("Member"), Options: members, Find: findMember, Optional: true, Unmarked: true}, "owner.member"),
		a.field(ui.Field{As: ui.AsSelect, Name: "cost_centre", Label: v.T("Cost centre"), Options: centres, Optional: true, Unmarked: true}, "owner.cost_centre"),
	}
	p.Period = a.field(ui.Field{As: ui.AsSelect, Name: "period", Label: v.T("Period"), Value: string(budget.Month), Options: v.cycleOptions()}, "cycle.kind")
	p.Days = a.field(ui.Field{As: ui.AsNumber, Name: "days", Label: v.T("Days of a rolling period"), Optional: true, Unmarked: true, Short: true}, "cycle.days")
	p.Dates = []ui.Field{
		a.field(ui.Field{As: ui.AsDate, Name: "from", Label: v.T("First day"), Optional: true, Unmarked: true, Short: true}, "cycle.from"),
		a.field(ui.Field{As: ui.AsDate, Name: "until", Label: v.T("Last day"), Optional: true, Unmarked: true, Short: true}, "cycle.until"),
	}
	p.Carry = a.field(ui.Field{As: ui.AsSelect, Name: "carry", Label: v.T("What is left at the end"), Value: string(budget.CarryNone), Options: []ui.Option{
		{Value: string(budget.CarryNone), Label: v.T("Lapses")}, {Value: string(budget.CarryUnspent), Label: v.T("Goes into the next period")}}})
	p.Then = []ui.Field{
		a.field(ui.Field{As: ui.AsSelect, Name: "exhausted", Label: v.T("When it is used up"), Value: string(budget.Ask), Options: v.consequenceOptions()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "approver", Label: v.T("Then decides"), Options: people, Find: findMember, Optional: true, Unmarked: true}, "approvers"),
		a.field(ui.Field{Name: "warnings", Label: v.T("Warn at percent"), Value: "80, 100", Hint: v.T("Several with commas between them, as in 80, 100."), Optional: true, Short: true}),
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) basisOptions() []ui.Option {
	var all []ui.Option
	for _, b := range []budget.Basis{budget.NetShipped, budget.Net, budget.Gross} {
		all = append(all, ui.Option{Value: string(b), Label: capital(b.Phrase().In(v.l))})
	}
	return all
}

func (v *visit) cycleOptions() []ui.Option {
	var all []ui.Option
	for _, k := range []budget.Kind{budget.Month, budget.Quarter, budget.HalfYear, budget.Year, budget.Week, budget.PerOrder, budget.Rolling, budget.Fixed} {
		all = append(all, ui.Option{Value: string(k), Label: capital(cycles[k].In(v.l))})
	}
	return all
}

// budgetSaid is what was said of a budget to be.
func (v *visit) budgetSaid(form url.Values, currency money.Currency) (in budgeting.CreateInput, err error) {
	var wrong fault.Input
	in = budgeting.CreateInput{Name: form.Get("name"), Basis: budget.Basis(form.Get("basis")), Exhausted: budget.Consequence(form.Get("exhausted")), Carry: budget.Carry(form.Get("carry")),
		Cycle: budget.Cycle{Kind: budget.Kind(form.Get("period"))}}
	if !needed(&wrong, "limit", form.Get("limit")) {
		in.Limit, err = money.Parse(v.l.Plain(form.Get("limit")), currency)
		wrong.Take("limit", err)
	}
	in.Owner.Unit, err = picked(form.Get("unit"), id.ParseUnit)
	wrong.Take("unit", err)
	in.Owner.Member, err = picked(form.Get("member"), id.ParseMember)
	wrong.Take("member", err)
	in.Owner.CostCentre, err = picked(form.Get("cost_centre"), id.ParseCostCentre)
	wrong.Take("cost_centre", err)
	if in.Cycle.Kind == budget.Rolling {
		in.Cycle.Days, err = picked(form.Get("days"), strconv.Atoi)
		wrong.Take("days", err)
	}
	if in.Cycle.Kind == budget.Fixed {
		in.Cycle.From, in.Cycle.Until = date.Date(form.Get("from")), date.Date(form.Get("until"))
	}
	in.Warnings, in.Approvers = thresholds(&wrong, form.Get("warnings"), nil), approver(&wrong, form.Get("approver"), nil)
	return in, wrong.Err()
}

func (v *visit) createsBudget() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	currency, _ := v.currency()
	in, err := v.budgetSaid(form, currency)
	var b budget.Budget
	err = v.check(err, func() (err error) {
		b, err = v.Budgeting.Create(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("create", form, err, v.newBudgetPage)
	}
	return v.goOn("/budgets/"+b.ID.String(), ui.Good, v.T("The budget was opened."))
}
