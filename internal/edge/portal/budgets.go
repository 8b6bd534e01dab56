package portal

import (
	"github.com/a-h/templ"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
)

// budgets adds the pages of what may be spent.
func (p *Portal) budgets(look looking, act adding) {
	look("/budgets", access.BudgetsView, "Budgets", (*visit).budgetList)
	look("/budgets/new", access.BudgetsManage, "New budget", (*visit).newBudget)
	act("/budgets", access.BudgetsManage, (*visit).createsBudget)
	look("/budgets/{budget}", access.BudgetsView, "A budget", (*visit).budget)
	act("/budgets/{budget}", access.BudgetsManage, (*visit).editsBudget)
	act("/budgets/{budget}/limit", access.BudgetsManage, (*visit).setsLimit)
	act("/budgets/{budget}/archive", access.BudgetsManage, (*visit).archivesBudget)
	look("/cost-centres", access.CostCentresView, "Cost centres", (*visit).costCentreList)
	look("/cost-centres/new", access.CostCentresManage, "New cost centre", (*visit).newCostCentre)
	act("/cost-centres", access.CostCentresManage, (*visit).createsCostCentre)
	look("/cost-centres/{centre}", access.CostCentresView, "A cost centre", (*visit).costCentre)
	act("/cost-centres/{centre}", access.CostCentresManage, (*visit).editsCostCentre)
}

// BudgetsPage lists budgets as they stand now.
type BudgetsPage struct {
	ui.Frame
	Header  ui.Header
	Tabs    ui.Tabs
	Filters ui.Filters
	Budgets []BudgetCard
	Empty   ui.Empty
	Pager   ui.Pager
	Tools   templ.Component
}

// BudgetCard is one budget, and where it is going.
type BudgetCard struct {
	Bar      ui.BudgetBar
	Whose    string
	Forecast string
}

func (v *visit) budgetList() error {
	show := oneOf(v, "show", "mine", "archived", string(budget.Overdrawn), string(budget.Nearly))
	f := budgeting.Filter{Text: v.query("q"), Mine: show == "mine", Archived: show == "archived"}
	if used := budget.Usage(show); used == budget.Overdrawn || used == budget.Nearly {
		f.Usage = used
	}
	t := v.budgetTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, list, err := t.show(v)
	if err != nil {
		return err
	}
	p := BudgetsPage{Frame: v.frame(v.T("Budgets"), "spend"), Tabs: v.spendTabs("budgets"), Pager: shown.Pager, Tools: shown.Tools, Empty: t.empty}
	p.Header = ui.Header{Title: v.T("Budgets"), Note: v.T("What may be spent, what is spent and held, and where it is going.")}
	if v.actor.MaySomewhere(access.BudgetsManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New budget"), URL: "/budgets/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Filters = ui.Filters{Action: "/budgets", HX: ui.HX{Region: t.name}, Keep: t.kept(v), Search: ui.SearchField{Label: v.T("Name of the budget or its owner"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "show", Label: v.T("Which"), Value: v.query("show"), Options: []ui.Option{
			{Label: v.T("All in use")}, {Value: "mine", Label: v.T("Those that apply to me")}, {Value: string(budget.Overdrawn), Label: v.T("Over their limit")}, {Value: string(budget.Nearly), Label: v.T("Used up, or nearly")}, {Value: "archived", Label: v.T("Archived ones")}}}}}
	for _, s := range list.Rows {
		p.Budgets = append(p.Budgets, v.budgetCard(s))
	}
	return v.show(p.View())
}

// spendTabs lead between the pages of spending.
func (v *visit) spendTabs(current string) ui.Tabs {
	t := ui.Tabs{Label: v.T("Spend")}
	if v.actor.MaySomewhere(access.BudgetsView) {
		t.Tabs = append(t.Tabs, ui.Link{Label: v.T("Budgets"), URL: "/budgets", Icon: ui.IconBudget, Current: current == "budgets"})
	}
	if v.actor.MaySomewhere(access.CostCentresView) {
		t.Tabs = append(t.Tabs, ui.Link{Label: v.T("Cost centres"), URL: "/cost-centres", Icon: ui.IconCostCentre, Current: current == "centres"})
	}
	return t
}

// budgetTable is the list of budgets. On the page each is a card.
func (v *visit) budgetTable(f budgeting.Filter) table[budgeting.Status] {
	in := func(s budgeting.Status, m func(budgeting.Status) money.Money) string {
		if s.Period.Key == "" {
			return "" // it is not open now
		}
		return m(s).Amount()
	}
	t := table[budgeting.Status]{name: "budgets", title: v.T("Budgets"), usual: page.Sort{By: "name"},
		read: func(ask page.Ask) (page.List[budgeting.Status], error) {
			return v.Budgeting.List(v.ctx(), v.actor, f, ask)
		},
		row:   func(s budgeting.Status) ui.Row { return ui.Row{URL: "/budgets/" + s.ID.String()} },
		empty: v.asking(access.BudgetsManage, ui.Empty{Icon: ui.IconBudget, Title: v.T("No budgets here"), Text: v.T("With a budget, orders are held against an amount for a period: they are refused, need approval or warn when it is used up.")}),
		columns: []column[budgeting.Status]{
			{Column: ui.Column{Label: v.T("Name")}, sort: "name", cell: func(s budgeting.Status) templ.Component { return ui.Text(s.Name) }},
			{Column: ui.Column{Label: v.T("Limit")}, sort: "limit", down: true, cell: func(s budgeting.Status) templ.Component { return ui.Money{Text: v.money(s.Limit)} }},
		},
		file: []datum[budgeting.Status]{
			{v.T("Name"), func(s budgeting.Status) string { return s.Name }}, {v.T("Charged with"), v.owner},
			{v.T("First day"), func(s budgeting.Status) string { return string(s.Period.From) }}, {v.T("Last day"), func(s budgeting.Status) string { return string(s.Period.Until) }},
			{v.T("Spent"), func(s budgeting.Status) string {
				return in(s, func(s budgeting.Status) money.Money { return s.Figures.Spent })
			}},
			{v.T("Held"), func(s budgeting.Status) string {
				return in(s, func(s budgeting.Status) money.Money { return s.Figures.Held })
			}},
			{v.T("Left"), func(s budgeting.Status) string {
				return in(s, func(s budgeting.Status) money.Money { return s.Figures.Left })
			}},
		}}
	t.file = append(t.file, amounts(v, v.T("Limit"), func(s budgeting.Status) money.Money { return s.Limit })...)
	return t
}

func (v *visit) budgetCard(s budgeting.Status) BudgetCard {
	c := BudgetCard{Whose: capital(v.owner(s)), Forecast: v.forecast(s)}
	c.Bar = v.standingBar(s)
	c.Bar.URL = "/budgets/" + s.ID.String()
	return c
}

// standingBar is a budget as it stands in its current period.
func (v *visit) standingBar(s budgeting.Status) ui.BudgetBar {
	f := s.Figures
	if s.Period.Key == "" {
		f = budget.Figures{Limit: s.Limit, Spent: money.Of(0, s.Limit.Currency), Held: money.Of(0, s.Limit.Currency), Left: s.Limit}
	}
	bar := v.budgetBar(s.Budget.Budget, s.Period, f, f.Left)
	switch {
	case s.Archived:
		bar.Status = ui.Badge{Label: v.T("Archived")}
	case s.Period.Key == "":
		bar.Note, bar.Status = joined(" · ", v.span(s.Cycle.From, s.Cycle.Until), s.Basis.Phrase().In(v.l)), ui.Badge{Label: v.T("Not now")}
	case f.Left.Minor < 0:
		bar.Status = ui.Badge{Label: v.T("Exceeded"), Tone: ui.Bad}
	case usedUp(f):
		bar.Status = ui.Badge{Label: v.T("Used up"), Tone: ui.Warn}
	case s.RunsOut != "":
		bar.Status = ui.Badge{Label: v.T("Runs out"), Tone: ui.Warn}
	}
	return bar
}

// usedUp is whether all that may be used is, and not more: it will not run out, it has.
func usedUp(f budget.Figures) bool {
	return f.Left.Minor == 0 && f.Spent.Minor+f.Held.Minor > 0
}

// owner is whose spending a budget is charged with.
func (v *visit) owner(s budgeting.Status) string {
	centre := ""
	if s.CostCentreCode != "" {
		centre = v.T("cost centre %s", joined(" ", s.CostCentreCode, s.CostCentreName))
	}
	if whose := joined(" · ", s.MemberName, s.UnitName, centre); whose != "" {
		return whose
	}
	return v.T("The whole company")
}

// forecast is where a budget is going, in a sentence.
func (v *visit) forecast(s budgeting.Status) string {
	switch {
	case s.Period.Key == "" || s.Used.Currency == "" || s.Figures.Spent.Minor+s.Figures.Held.Minor == 0:
		return ""
	case s.Figures.Left.Minor < 0:
		return v.T("More is used than the limit.")
	case usedUp(s.Figures):
		return v.T("It is used up.")
	case s.RunsOut != "":
		return v.T("At this pace it runs out on %s.", s.RunsOut)
	}
	return v.T("At this pace %s will be used by %s.", s.Used, s.Period.Until)
}
