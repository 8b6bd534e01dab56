package portal

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/view"
)

// BudgetPage shows a budget: how it came to stand as it does, what it holds, and every movement.
type BudgetPage struct {
	ui.Frame
	Header       ui.Header
	URL          string
	Version      string
	LimitVersion string // of the budget, as who sets its limit has seen it
	Bar          ui.BudgetBar
	Chart        *ui.Chart
	Facts        ui.Facts
	Holds        ui.Table
	Ledger       ui.Table
	Manages      bool
	Edit         ui.Dialog
	Fields       []ui.Field
	Error        string
	Limit        ui.Dialog
	Limits       []ui.Field
	Flaw         string // what is wrong with the new limit
	Archive      ui.Dialog
	Settled      bool // the limit can be set
}

func (v *visit) budget() error {
	key, err := named(v, "budget", id.ParseBudget)
	if err != nil {
		return err
	}
	return v.budgetPage(key, attempt{})
}

func (v *visit) budgetPage(key id.Budget, a attempt) error {
	var s budgeting.Sheet
	t := v.ledgerTable(&s, func(ask page.Ask) (page.List[view.Entry], error) {
		var err error
		s, err = v.Budgeting.Get(v.ctx(), v.actor, key, ask)
		return s.Ledger, err
	})
	if v.given() {
		return t.give(v)
	}
	ledger, _, err := t.show(v)
	if err != nil {
		return err
	}
	ledger.Plain, ledger.Dense = true, true
	p := BudgetPage{Frame: v.frame(s.Name, "spend"), URL: "/budgets/" + key.String(), Version: a.of("edit").or("version", v.plain(s.Budget.Version)),
		Bar: v.standingBar(s.Status), Chart: v.burnDown(s.Status), Facts: v.budgetFacts(s), Holds: v.holds(s), Ledger: ledger, Manages: s.MayManage && !s.Archived, Settled: s.LimitRefusal == nil}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Budgets"), URL: "/budgets"}}, Title: s.Name, Note: joined(" — ", capital(v.owner(s.Status)), v.forecast(s.Status))}
	if p.Manages {
		p.Header.Actions = v.budgetActions(p)
		edit := a.of("edit")
		p.Edit = ui.Dialog{Name: "edit", Title: v.T("Change %s", s.Name), Open: edit.made()}
		if p.Fields, err = v.budgetWords(s, edit); err != nil {
			return err
		}
		p.Error = edit.rest
		v.limiting(&p, s, a.of("limit"))
		p.Archive = ui.Dialog{Name: "archive", Title: v.T("Archive %s", s.Name), Text: v.T("Nothing more is charged to it. What it holds stays held until that is decided, and its ledger stays.")}
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) budgetActions(p BudgetPage) templ.Component {
	all := ui.All{ui.Menu{Name: "more", Label: v.T("More"), Items: []ui.MenuItem{
		{Label: v.T("Change"), Icon: ui.IconEdit, Opens: "edit"}, {Label: v.T("Archive"), Icon: ui.IconDelete, Opens: "archive", Danger: true, Apart: true}}}}
	if p.Settled {
		all = append(all, ui.Button{Label: v.T("Set the limit"), Icon: ui.IconScale, Kind: ui.Primary, Opens: "set-limit"})
	}
	return all
}

func (v *visit) limiting(p *BudgetPage, s budgeting.Sheet, a attempt) {
	p.Limit = ui.Dialog{Name: "set-limit", Title: v.T("Set the limit of %s", s.Name), Text: v.T("A limit below what is used only stops new spending. The change and its reason stand in the ledger."), Open: a.made()}
	p.Flaw = a.rest
	p.LimitVersion = a.or("version", v.plain(s.Budget.Version))
	p.Limits = []ui.Field{
		a.field(ui.Field{As: ui.AsMoney, Name: "limit", Label: v.T("New limit"), Value: v.l.Amount(s.Figures.Limit), Unit: string(s.Limit.Currency), Short: true}),
		a.field(ui.Field{As: ui.AsSelect, Name: "onwards", Label: v.T("Holds for"), Value: "yes", Options: []ui.Option{
			{Value: "yes", Label: v.T("This period and all to come")}, {Value: "no", Label: v.T("This period alone")}}}),
		a.field(ui.Field{As: ui.AsLongText, Name: "reason", Label: v.T("Why?"), Rows: 2, MaxLength: budget.MostReason}),
	}
}

func (v *visit) budgetFacts(s budgeting.Sheet) ui.Facts {
	var approvers, warnings []string
	for _, m := range s.Approvers {
		approvers = append(approvers, m.Name)
	}
	for _, t := range s.Warnings {
		if t.Percent > 0 {
			warnings = append(warnings, v.l.Percent(locale.Percent(t.Percent*100)))
		} else {
			warnings = append(warnings, v.money(money.Of(t.Minor, s.Limit.Currency)))
		}
	}
	facts := []ui.Fact{
		{Label: v.T("Charged with"), Text: capital(v.owner(s.Status))},
		{Label: v.T("Limit"), Text: v.T("%s %s", s.Limit, v.cycle(s.Cycle))},
		{Label: v.T("Counts"), Text: capital(s.Basis.Phrase().In(v.l))},
		{Label: v.T("When it is used up"), Text: capital(consequences[s.Exhausted].In(v.l))},
		{Label: v.T("Warns at"), Text: v.l.List(warnings...)},
	}
	if s.Exhausted == budget.Ask {
		who := v.l.List(approvers...)
		if who == "" {
			who = v.T("The owner's manager")
		}
		facts = append(facts, ui.Fact{Label: v.T("Then decides"), Text: who})
	}
	return ui.Facts{Facts: facts}
}

// HeldCell is what a purchase order holds, and below that what it asks for beyond the limit.
type HeldCell struct {
	Held   ui.Money
	Beyond string
}

func (v *visit) holds(s budgeting.Sheet) ui.Table {
	c := s.Limit.Currency
	t := ui.Table{Name: "holds", Caption: v.T("What is held"), Plain: true,
		Columns: []ui.Column{{Label: v.T("Purchase order")}, {Label: v.T("Requester")}, {Label: v.T("State")}, {Label: v.T("Held"), Numeric: true}},
		Empty:   ui.Empty{Icon: ui.IconGood, Title: v.T("Nothing is held"), Text: v.T("Open purchase orders that wait for approval would stand here.")}}
	for _, h := range s.Holds {
		held := HeldCell{Held: ui.Money{Text: v.money(money.Of(h.Held, c)), Strong: true}}
		if h.Requested > 0 {
			held.Beyond = v.T("and %s beyond the limit", money.Of(h.Requested, c))
		}
		t.Rows = append(t.Rows, ui.Row{URL: "/purchase-orders/" + h.PurchaseOrder.String(), Cells: []templ.Component{
			ui.Named{Name: h.Number, Note: v.l.DateTime(h.SubmittedAt, v.zone)}, ui.Person{Name: h.RequesterName, Title: h.UnitName}, v.state(approval.State(h.State)), held.view()}})
	}
	return t
}

var movements = map[budget.Move]locale.Phrase{
	budget.Hold: locale.Say("Held"), budget.Book: locale.Say("Spent"), budget.Release: locale.Say("Released"), budget.Adjust: locale.Say("Adjusted"),
	budget.Credit: locale.Say("Credited"), budget.Override: locale.Say("Held over the limit"), budget.Limit: locale.Say("Limit set"),
}

// ledgerTable is the ledger of a budget, which is there once its first page was read.
func (v *visit) ledgerTable(of *budgeting.Sheet, read func(page.Ask) (page.List[view.Entry], error)) table[view.Entry] {
	in := func(minor int64) money.Money { return money.Of(minor, of.Limit.Currency) }
	change := func(minor int64) templ.Component {
		switch {
		case minor == 0:
			return ui.Text("–")
		case minor > 0:
			return ui.Money{Text: "+" + v.money(in(minor))}
		}
		return ui.Money{Text: v.money(in(minor))}
	}
	who := func(e view.Entry) string { return ifEmpty(e.ByName, "Kontor") }
	return table[view.Entry]{name: "ledger", title: v.T("Ledger"), usual: page.Sort{By: "when", Down: true}, read: read,
		empty: ui.Empty{Icon: ui.IconHistory, Title: v.T("Nothing has moved yet"), Text: v.T("What is held, spent and released stands here, as soon as somebody orders.")},
		row:   func(view.Entry) ui.Row { return ui.Row{} },
		columns: []column[view.Entry]{
			{Column: ui.Column{Label: v.T("Movement")}, key: "movement", cell: func(e view.Entry) templ.Component {
				return ui.Named{Name: movements[e.Move].In(v.l), Note: joined(" · ", e.Number, budget.Noted(e.Note, v.l))}
			}},
			{Column: ui.Column{Label: v.T("When, by period"), Fit: true}, key: "when", sort: "when", down: true, cell: func(e view.Entry) templ.Component { return v.time(e.At) }},
			{Column: ui.Column{Label: v.T("Who")}, key: "who", cell: func(e view.Entry) templ.Component { return ui.Text(who(e)) }},
			{Column: ui.Column{Label: v.T("Held"), Numeric: true}, key: "held", cell: func(e view.Entry) templ.Component { return change(e.Held) }},
			{Column: ui.Column{Label: v.T("Spent"), Numeric: true}, key: "spent", cell: func(e view.Entry) templ.Component { return change(e.Spent) }},
			{Column: ui.Column{Label: v.T("Left"), Numeric: true}, key: "left", cell: func(e view.Entry) templ.Component { return change(e.Available) }},
		},
		file: []datum[view.Entry]{
			{v.T("Movement"), func(e view.Entry) string { return movements[e.Move].In(v.l) }}, {v.T("Purchase order"), func(e view.Entry) string { return e.Number }},
			{v.T("Note"), func(e view.Entry) string { return budget.Noted(e.Note, v.l) }}, {v.T("When"), func(e view.Entry) string { return moment(e.At) }}, {v.T("Who"), who},
			{v.T("Held"), func(e view.Entry) string { return in(e.Held).Amount() }}, {v.T("Spent"), func(e view.Entry) string { return in(e.Spent).Amount() }},
			{v.T("Left"), func(e view.Entry) string { return in(e.Available).Amount() }}, {v.T("Currency"), func(view.Entry) string { return string(of.Limit.Currency) }},
		}}
}

// burnDown draws what was left, day by day, and what will be, if it goes on like this.
func (v *visit) burnDown(s budgeting.Status) *ui.Chart {
	if len(s.Days) < 2 {
		return nil
	}
	c := s.Limit.Currency
	last := s.Days[len(s.Days)-1]
	step := max(1, s.Days[1].On.Since(s.Days[0].On))
	left := func(minor int64) ui.Point {
		return ui.Point{At: max(0, minor), Text: v.money(money.Of(minor, c))}
	}
	is, will, even := ui.Series{Label: v.T("Left"), Look: ui.Filled}, ui.Series{Label: v.T("Forecast"), Look: ui.Dashed}, ui.Series{Label: v.T("Spread evenly"), Look: ui.Faint}
	chart := ui.Chart{Name: "burn-down", Title: v.T("What is left"), Said: joined(" ", v.T("Left now: %s.", s.Figures.Left), v.forecast(s)), Today: len(s.Days) - 1}
	now := s.Figures.Limit.Minor - s.Figures.Spent.Minor - s.Figures.Held.Minor
	whole := max(1, s.Period.Until.Since(s.Period.From))
	add := func(on date.Date) {
		chart.Places = append(chart.Places, v.l.Date(on))
		gone := int64(min(max(0, on.Since(s.Period.From)), whole))
		even.Points = append(even.Points, left(s.Figures.Limit.Minor-s.Figures.Limit.Minor/int64(whole)*gone))
	}
	for _, d := range s.Days {
		add(d.On)
		is.Points, will.Points = append(is.Points, left(d.Limit.Minor-d.Spent.Minor-d.Held.Minor)), append(will.Points, ui.Point{Blank: true})
	}
	will.Points[len(will.Points)-1] = left(now)
	ahead := s.Period.Until.Since(last.On)
	if s.Used.Currency == "" {
		ahead = 0
	}
	for gone := step; gone <= ahead; gone += step {
		add(last.On.Plus(gone))
		more, err := money.MulDiv(s.Used.Minor-s.Figures.Spent.Minor-s.Figures.Held.Minor, int64(gone), int64(ahead))
		if err != nil {
			break // beyond all measure
		}
		is.Points, will.Points = append(is.Points, ui.Point{Blank: true}), append(will.Points, left(now-more))
	}
	for i := range int64(5) {
		at := s.Figures.Limit.Minor / 4 * i
		chart.Ticks = append(chart.Ticks, ui.Tick{At: at, Label: v.money(money.Of(at, c))})
	}
	chart.Series = []ui.Series{is, even}
	if ahead > 0 {
		chart.Series = []ui.Series{is, will, even}
	}
	return &chart
}

// same is chosen where several approvers stay as they are.
const same = "same"

// budgetWords are what can be changed of a budget.
func (v *visit) budgetWords(s budgeting.Sheet, a attempt) ([]ui.Field, error) {
	who := ""
	switch len(s.Approvers) {
	case 0:
	case 1:
		who = s.Approvers[0].Member.String()
	default:
		who = same
	}
	people, err := v.deciders(v.T("The owner's manager"), who)
	if err != nil {
		return nil, err
	}
	if who == same {
		people = append(people, ui.Option{Value: same, Label: v.N(len(s.Approvers), "The %d person as now", "The %d people as now")})
	}
	return []ui.Field{
		a.field(ui.Field{Name: "name", ID: "edit-name", Label: v.T("Name"), Value: s.Name, MaxLength: budget.MostName}),
		a.field(ui.Field{As: ui.AsSelect, Name: "exhausted", Label: v.T("When it is used up"), Value: string(s.Exhausted), Options: v.consequenceOptions()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "approver", Label: v.T("Then decides"), Value: who, Options: people, Find: findMember, Optional: true, Unmarked: true}, "approvers"),
		a.field(ui.Field{Name: "warnings", Label: v.T("Warn at percent"), Value: percents(s.Warnings), Hint: v.T("Several with commas between them, as in 80, 100."), Optional: true, Short: true}),
	}, nil
}

func (v *visit) consequenceOptions() []ui.Option {
	var all []ui.Option
	for _, c := range []budget.Consequence{budget.Ask, budget.Block, budget.Warn} {
		all = append(all, ui.Option{Value: string(c), Label: capital(consequences[c].In(v.l))})
	}
	return all
}

// percents are thresholds as they are typed.
func percents(all []budget.Threshold) string {
	var texts []string
	for _, t := range all {
		if t.Percent > 0 {
			texts = append(texts, strconv.FormatInt(t.Percent, 10))
		}
	}
	return strings.Join(texts, ", ")
}

// thresholds reads percents; those in amounts stay.
func thresholds(wrong *fault.Input, typed string, was []budget.Threshold) []budget.Threshold {
	var all []budget.Threshold
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '%' }) {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil || n < 1 {
			wrong.Add("warnings", "invalid", "these are percentages: whole numbers with commas between them")
			break
		}
		all = append(all, budget.Threshold{Percent: n})
	}
	for _, t := range was {
		if t.Minor > 0 {
			all = append(all, t)
		}
	}
	return all
}

// approver reads who decides: nobody named, one, or those as now.
func approver(wrong *fault.Input, typed string, was []id.Member) []id.Member {
	switch typed {
	case "":
		return nil
	case same:
		return was
	}
	m, err := id.ParseMember(typed)
	if wrong.Take("approver", err) {
		return nil
	}
	return []id.Member{m}
}

func (v *visit) editsBudget() error {
	key, form, was, err := v.budgetForm()
	if err != nil {
		return err
	}
	var wrong fault.Input
	in := budgeting.EditInput{ID: key, Version: version(form.Get("version")), Name: form.Get("name"), Exhausted: budget.Consequence(form.Get("exhausted")),
		Warnings: thresholds(&wrong, form.Get("warnings"), was.Warnings), Approvers: approver(&wrong, form.Get("approver"), was.Budget.Approvers)}
	err = v.check(wrong.Err(), func() error {
		_, err := v.Budgeting.Edit(v.ctx(), v.actor, in)
		return err
	})
	return v.budgetDone(key, "edit", form, err, v.T("The budget was saved."))
}

// budgetForm reads a form about one budget, and the budget.
func (v *visit) budgetForm() (key id.Budget, form url.Values, was view.Budget, err error) {
	if key, form, err = posted(v, "budget", id.ParseBudget); err != nil {
		return key, nil, was, err
	}
	s, err := v.Budgeting.Get(v.ctx(), v.actor, key, page.Ask{})
	return key, form, s.Budget, err
}

// budgetDone leads on after a form about a budget, or shows it again.
func (v *visit) budgetDone(key id.Budget, what string, form url.Values, err error, said string) error {
	if err != nil {
		return v.again(what, form, err, func(a attempt) error { return v.budgetPage(key, a) })
	}
	return v.goOn("/budgets/"+key.String(), ui.Good, said)
}

func (v *visit) setsLimit() error {
	key, form, was, err := v.budgetForm()
	if err != nil {
		return err
	}
	var wrong fault.Input
	in := budgeting.SetLimitInput{ID: key, Version: version(form.Get("version")), Onwards: form.Get("onwards") != "no", Note: form.Get("reason")}
	in.Limit, err = money.Parse(v.l.Plain(form.Get("limit")), was.Limit.Currency)
	if wrong.Take("limit", err) {
		in.Limit = was.Limit // so that the rest can be tried
	}
	err = v.check(wrong.Err(), func() error {
		_, err := v.Budgeting.SetLimit(v.ctx(), v.actor, in)
		return err
	})
	return v.budgetDone(key, "limit", form, err, v.T("The limit was set."))
}

func (v *visit) archivesBudget() error {
	key, form, _, err := v.budgetForm()
	if err != nil {
		return err
	}
	if _, err := v.Budgeting.Archive(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("archive", nil, err, func(a attempt) error { return v.goOn("/budgets/"+key.String(), ui.Bad, a.short()) })
	}
	return v.goOn("/budgets", ui.Good, v.T("The budget was archived."))
}
