package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/view"
)

type budgets struct{ Services }

func (h budgets) add(a *web.API) {
	see, manage := access.BudgetsView.Code(), access.BudgetsManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/budgets", ID: "list-budgets", Tag: tagBudgets, Permission: see, Scope: web.Company,
		Summary: "Budgets, those that apply to oneself or all that one may see"}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/budgets/{budget}", ID: "get-budget", Tag: tagBudgets, Permission: see, Scope: web.Company,
		Summary: "A budget with its holds and ledger"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/budgets", ID: "create-budget", Tag: tagBudgets, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a budget"}, h.create)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/budgets/{budget}", ID: "edit-budget", Tag: tagBudgets, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change a budget, but for its limit", Text: "What it is called, what follows when it is exhausted, who is told and asked. Whose it is and its periods stay."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/budgets/{budget}/limit", ID: "set-budget-limit", Tag: tagBudgets, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Set the limit of the current period", Text: "The answer is the budget as it then stands. With a reason, which stands in the ledger. A limit below what is used only stops new spending."}, h.setLimit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/budgets/{budget}", ID: "archive-budget", Tag: tagBudgets, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take a budget out of use", Text: "It charges nobody any more; its ledger stays."}, h.archive)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/cost-centres", ID: "list-cost-centres", Tag: tagBudgets, Permission: access.CostCentresView.Code(), Scope: web.Company,
		Summary: "Cost centres, by code"}, h.costCentres)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/cost-centres/{cost_centre}", ID: "get-cost-centre", Tag: tagBudgets, Permission: access.CostCentresView.Code(), Scope: web.Company,
		Summary: "A cost centre"}, h.getCostCentre)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/cost-centres", ID: "create-cost-centre", Tag: tagBudgets, Permission: access.CostCentresManage.Code(), Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a cost centre"}, h.createCostCentre)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/cost-centres/{cost_centre}", ID: "edit-cost-centre", Tag: tagBudgets, Permission: access.CostCentresManage.Code(), Scope: web.Company, Writes: true,
		Summary: "Change a cost centre"}, h.editCostCentre)
}

// BudgetJSON is a budget as it stands in its current period.
type BudgetJSON struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Owner     OwnerJSON       `json:"owner"`
	Limit     Money           `json:"limit" doc:"For one period."`
	Basis     string          `json:"basis" enum:"net_shipped,net,gross"`
	Cycle     CycleJSON       `json:"cycle"`
	Exhausted string          `json:"when_exhausted" enum:"block,ask,warn"`
	Warnings  []ThresholdJSON `json:"warnings"`
	Approvers []string        `json:"approvers" doc:"Who decides when it is exhausted; the owner's manager when empty."`
	Archived  bool            `json:"archived"`
	Period    *PeriodJSON     `json:"period,omitempty"`
	Version   int64           `json:"version"`
}

// OwnerJSON is whose spending is charged: all that is named must hold; nothing named is the whole company.
type OwnerJSON struct {
	Member     string `json:"member_id,omitempty"`
	Unit       string `json:"unit_id,omitempty"`
	CostCentre string `json:"cost_centre_id,omitempty"`
}

// CycleJSON says which periods a budget has.
type CycleJSON struct {
	Kind  string `json:"kind" enum:"order,week,month,quarter,half_year,year,fixed,rolling"`
	From  string `json:"from,omitempty" doc:"First day, of a fixed period."`
	Until string `json:"until,omitempty" doc:"Last day, of a fixed period."`
	Days  int    `json:"days,omitempty" doc:"Of a rolling period."`
}

// ThresholdJSON is how far a budget may be used before somebody is told: a percentage of the limit, or an amount.
type ThresholdJSON struct {
	Percent int64  `json:"percent,omitempty" minimum:"0" maximum:"200"`
	Amount  string `json:"amount,omitempty"`
}

// PeriodJSON is how a budget stands in a period.
type PeriodJSON struct {
	Key     string `json:"key" example:"2026-11"`
	From    string `json:"from"`
	Until   string `json:"until"`
	Limit   Money  `json:"limit"`
	Spent   Money  `json:"spent"`
	Held    Money  `json:"held"`
	Left    Money  `json:"left"`
	RunsOut string `json:"runs_out_on,omitempty" doc:"If it goes on as it began."`
}

func budgetOf(b budget.Budget) BudgetJSON {
	out := BudgetJSON{ID: b.ID.String(), Name: b.Name, Owner: OwnerJSON{b.Owner.Member.String(), b.Owner.Unit.String(), b.Owner.CostCentre.String()}, Limit: moneyOf(b.Limit),
		Basis: string(b.Basis), Cycle: CycleJSON{string(b.Cycle.Kind), dayOf(b.Cycle.From), dayOf(b.Cycle.Until), b.Cycle.Days}, Exhausted: string(b.Exhausted),
		Warnings: []ThresholdJSON{}, Approvers: items(b.Approvers, id.Member.String), Archived: b.Archived, Version: b.Version}
	for _, t := range b.Warnings {
		w := ThresholdJSON{Percent: t.Percent}
		if t.Percent == 0 {
			w.Amount = money.Of(t.Minor, b.Limit.Currency).Amount()
		}
		out.Warnings = append(out.Warnings, w)
	}
	return out
}

func statusOf(s budgeting.Status) BudgetJSON {
	out := budgetOf(s.Budget.Budget)
	if s.Period.Key != "" {
		f := s.Figures
		out.Period = &PeriodJSON{s.Period.Key, dayOf(s.Period.From), dayOf(s.Period.Until), moneyOf(f.Limit), moneyOf(f.Spent), moneyOf(f.Held), moneyOf(f.Left), dayOf(s.RunsOut)}
	}
	return out
}

type budgetsIn struct {
	Paged
	Text     string `query:"q" maxLength:"200"`
	Mine     bool   `query:"mine" doc:"Only those that apply to oneself."`
	Archived bool   `query:"archived" doc:"Those out of use, instead of the others."`
	Used     string `query:"used" enum:"over,nearly" doc:"Only those of which, in their current period, more is spent and held than their limit, or at least nine tenths and not more than all of it."`
	Sort     string `query:"sort" enum:"name,-name,limit,-limit" default:"name" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h budgets) list(ctx context.Context, in *budgetsIn) (*Page[BudgetJSON], error) {
	ask := in.sorted(ctx, in.Sort)
	list, err := h.Budgeting.List(ctx, web.Actor(ctx), budgeting.Filter{Text: in.Text, Mine: in.Mine, Archived: in.Archived, Usage: budget.Usage(in.Used)}, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, statusOf), nil
}

// BudgetSheetJSON is a budget with what moved in it.
type BudgetSheetJSON struct {
	BudgetJSON
	Holds  []HoldJSON  `json:"holds"`
	Ledger []EntryJSON `json:"ledger" doc:"The newest first, unless it is sorted otherwise."`
	Next   string      `json:"next,omitempty"`
}

// HoldJSON is a purchase order that holds money of a budget.
type HoldJSON struct {
	PurchaseOrder string `json:"purchase_order_id"`
	Number        string `json:"number"`
	State         string `json:"state"`
	Requester     string `json:"requester"`
	Held          Money  `json:"held"`
	Requested     Money  `json:"requested" doc:"Beyond what was left, and not decided."`
}

// EntryJSON is a row of the ledger: what was available, held and spent changed by so much.
type EntryJSON struct {
	ID            string     `json:"id"`
	At            *time.Time `json:"at"`
	Period        string     `json:"period"`
	Move          string     `json:"move" enum:"hold,book,release,adjust,credit,override,limit"`
	PurchaseOrder string     `json:"purchase_order_id,omitempty"`
	Available     string     `json:"available"`
	Held          string     `json:"held"`
	Spent         string     `json:"spent"`
	Limit         string     `json:"limit"`
	Currency      string     `json:"currency"`
	By            string     `json:"by,omitempty"`
	Note          string     `json:"note,omitempty"`
}

type budgetIn struct {
	Paged
	Budget string `path:"budget"`
	Sort   string `query:"sort" enum:"when,-when" default:"-when" doc:"Of the ledger: the oldest entries first, or with a minus in front the newest."`
}

type budgetOut struct {
	ETag string `header:"ETag"`
	Body BudgetSheetJSON
}

func (h budgets) get(ctx context.Context, in *budgetIn) (*budgetOut, error) {
	var wrong fault.Input
	key := read(&wrong, "budget", in.Budget, id.ParseBudget)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	s, err := h.Budgeting.Get(ctx, web.Actor(ctx), key, ask)
	if err != nil {
		return nil, err
	}
	c := s.Limit.Currency
	out := BudgetSheetJSON{BudgetJSON: statusOf(s.Status), Next: s.Ledger.Next}
	out.Holds = items(s.Holds, func(x view.Hold) HoldJSON {
		return HoldJSON{x.PurchaseOrder.String(), x.Number, x.State, x.RequesterName, moneyOf(money.Of(x.Held, c)), moneyOf(money.Of(x.Requested, c))}
	})
	amount := func(minor int64) string { return money.Of(minor, c).Amount() }
	out.Ledger = items(s.Ledger.Rows, func(e view.Entry) EntryJSON {
		return EntryJSON{e.ID.String(), instant(e.At), e.Period, string(e.Move), e.PurchaseOrder.String(), amount(e.Available), amount(e.Held), amount(e.Spent), amount(e.Limit),
			string(c), e.ByName, e.Note}
	})
	return &budgetOut{web.ETag(s.Version), out}, nil
}

// BudgetBody is a new budget.
type BudgetBody struct {
	Name      string          `json:"name" maxLength:"120"`
	Owner     OwnerJSON       `json:"owner"`
	Limit     Money           `json:"limit"`
	Basis     string          `json:"basis,omitempty" enum:"net_shipped,net,gross" default:"net_shipped"`
	Cycle     CycleJSON       `json:"cycle"`
	Exhausted string          `json:"when_exhausted" enum:"block,ask,warn"`
	Warnings  []ThresholdJSON `json:"warnings,omitempty" maxItems:"10"`
	Approvers []string        `json:"approvers,omitempty" maxItems:"20"`
}

func (b BudgetBody) input() (in budgeting.CreateInput, err error) {
	var wrong fault.Input
	in = budgeting.CreateInput{Name: b.Name, Basis: budget.Basis(b.Basis), Exhausted: budget.Consequence(b.Exhausted), Carry: budget.CarryNone}
	if in.Basis == "" {
		in.Basis = budget.NetShipped
	}
	in.Owner.Member = maybe(&wrong, "owner.member_id", b.Owner.Member, id.ParseMember)
	in.Owner.Unit = maybe(&wrong, "owner.unit_id", b.Owner.Unit, id.ParseUnit)
	in.Owner.CostCentre = maybe(&wrong, "owner.cost_centre_id", b.Owner.CostCentre, id.ParseCostCentre)
	in.Limit = b.Limit.parse(&wrong, "limit")
	in.Cycle = budget.Cycle{Kind: budget.Kind(b.Cycle.Kind), Days: b.Cycle.Days}
	in.Cycle.From = maybe(&wrong, "cycle.from", b.Cycle.From, date.Parse)
	in.Cycle.Until = maybe(&wrong, "cycle.until", b.Cycle.Until, date.Parse)
	in.Warnings, in.Approvers = thresholds(&wrong, b.Warnings, in.Limit.Currency), deciders(&wrong, b.Approvers)
	return in, wrong.Err()
}

// thresholds reads when somebody is told that a budget is nearly used, its amounts in the currency of the budget.
func thresholds(wrong *fault.Input, said []ThresholdJSON, c money.Currency) (all []budget.Threshold) {
	for i, w := range said {
		t := budget.Threshold{Percent: w.Percent}
		if w.Amount != "" {
			m, err := money.Parse(w.Amount, c)
			wrong.Take(at("warnings", i, "amount"), err)
			t.Minor = m.Minor
		}
		all = append(all, t)
	}
	return all
}

// deciders reads who decides when a budget is exhausted.
func deciders(wrong *fault.Input, said []string) (all []id.Member) {
	for i, a := range said {
		all = append(all, read(wrong, "approvers."+strconv.Itoa(i), a, id.ParseMember))
	}
	return all
}

func (h budgets) edit(ctx context.Context, in *struct {
	web.Versioned
	Budget string `path:"budget"`
	Body   struct {
		Name      string          `json:"name" maxLength:"120"`
		Exhausted string          `json:"when_exhausted" enum:"block,ask,warn"`
		Warnings  []ThresholdJSON `json:"warnings" maxItems:"10"`
		Approvers []string        `json:"approvers" maxItems:"20" doc:"The owner's manager when empty."`
	}
}) (*madeBudgetOut, error) {
	key, version := versioned(ctx, "budget", in.Budget, id.ParseBudget, in.Versioned)
	before, err := h.Budgeting.Get(ctx, web.Actor(ctx), key, page.Ask{Limit: 1})
	if err != nil {
		return nil, err
	}
	var wrong fault.Input
	input := budgeting.EditInput{ID: key, Version: version, Name: in.Body.Name, Exhausted: budget.Consequence(in.Body.Exhausted)}
	input.Warnings, input.Approvers = thresholds(&wrong, in.Body.Warnings, before.Limit.Currency), deciders(&wrong, in.Body.Approvers)
	web.Unread(ctx, wrong.Err())
	if _, err := h.Budgeting.Edit(ctx, web.Actor(ctx), input); err != nil {
		return nil, inBudget(err)
	}
	after, err := h.Budgeting.Get(ctx, web.Actor(ctx), key, page.Ask{Limit: 1})
	if err != nil {
		return nil, err
	}
	return &madeBudgetOut{web.ETag(after.Version), statusOf(after.Status)}, nil
}

// parse reads an amount; what cannot be read is noted against its field.
func (m Money) parse(wrong *fault.Input, name string) money.Money {
	c := read(wrong, name+".currency", m.Currency, money.ParseCurrency)
	v, err := money.Parse(m.Amount, c)
	wrong.Take(name+".amount", err)
	return v
}

type madeBudgetOut struct {
	ETag string `header:"ETag"`
	Body BudgetJSON
}

func (h budgets) create(ctx context.Context, in *struct{ Body BudgetBody }) (*madeBudgetOut, error) {
	input, err := in.Body.input()
	web.Unread(ctx, err)
	b, err := h.Budgeting.Create(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, inBudget(err)
	}
	return &madeBudgetOut{web.ETag(b.Version), budgetOf(b)}, nil
}

// inBudget calls the fields of a fault of a budget what the API calls them.
func inBudget(err error) error {
	return renamed(err, "currency", "limit.currency", "exhausted", "when_exhausted", "owner.member", "owner.member_id", "owner.unit", "owner.unit_id",
		"owner.cost_centre", "owner.cost_centre_id")
}

type limitIn struct {
	web.Versioned
	Budget string `path:"budget"`
	Body   struct {
		Limit   Money  `json:"limit"`
		Onwards bool   `json:"onwards,omitempty" doc:"Also of the periods to come."`
		Reason  string `json:"reason" maxLength:"500"`
	}
}

func (h budgets) setLimit(ctx context.Context, in *limitIn) (*madeBudgetOut, error) {
	var wrong fault.Input
	key := read(&wrong, "budget", in.Budget, id.ParseBudget)
	limit := in.Body.Limit.parse(&wrong, "limit")
	web.Unread(ctx, wrong.Err())
	version := seen(ctx, in.Versioned)
	b, err := h.Budgeting.SetLimit(ctx, web.Actor(ctx), budgeting.SetLimitInput{ID: key, Version: version, Limit: limit, Onwards: in.Body.Onwards, Note: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	s, err := h.Budgeting.Get(ctx, web.Actor(ctx), b.ID, page.Ask{Limit: 1})
	if err != nil {
		return nil, err
	}
	return &madeBudgetOut{web.ETag(s.Version), statusOf(s.Status)}, nil
}

func (h budgets) archive(ctx context.Context, in *struct {
	web.Versioned
	Budget string `path:"budget"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "budget", in.Budget, id.ParseBudget, in.Versioned)
	_, err := h.Budgeting.Archive(ctx, web.Actor(ctx), key, version)
	return nil, err
}

// CostCentreBody is a cost centre as it is written.
type CostCentreBody struct {
	Code    string `json:"code" maxLength:"40"`
	Name    string `json:"name" maxLength:"120"`
	Manager string `json:"manager_id,omitempty"`
	Unit    string `json:"unit_id,omitempty"`
	From    string `json:"from,omitempty"`
	Until   string `json:"until,omitempty"`
}

// CostCentreJSON is a cost centre.
type CostCentreJSON struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	CostCentreBody
}

func costCentreOf(c budget.CostCentre) CostCentreJSON {
	return CostCentreJSON{c.ID.String(), c.Version, CostCentreBody{c.Code, c.Name, c.Manager.String(), c.Unit.String(), dayOf(c.From), dayOf(c.Until)}}
}

func (b CostCentreBody) input() (in budgeting.CostCentreInput, err error) {
	var wrong fault.Input
	in = budgeting.CostCentreInput{Code: b.Code, Name: b.Name}
	in.Manager = maybe(&wrong, "manager_id", b.Manager, id.ParseMember)
	in.Unit = maybe(&wrong, "unit_id", b.Unit, id.ParseUnit)
	in.From = maybe(&wrong, "from", b.From, date.Parse)
	in.Until = maybe(&wrong, "until", b.Until, date.Parse)
	return in, wrong.Err()
}

type costCentresIn struct {
	Paged
	Sort string `query:"sort" enum:"code,-code,name,-name" default:"code" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h budgets) costCentres(ctx context.Context, in *costCentresIn) (*Page[CostCentreJSON], error) {
	ask := in.sorted(ctx, in.Sort)
	list, err := h.Budgeting.ListCostCentres(ctx, web.Actor(ctx), budgeting.CostCentreFilter{}, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, func(c view.CostCentre) CostCentreJSON { return costCentreOf(c.CostCentre) }), nil
}

type costCentreOut struct {
	ETag string `header:"ETag"`
	Body CostCentreJSON
}

func (h budgets) getCostCentre(ctx context.Context, in *struct {
	CostCentre string `path:"cost_centre"`
}) (*costCentreOut, error) {
	key := called(ctx, "cost_centre", in.CostCentre, id.ParseCostCentre)
	c, err := h.Budgeting.GetCostCentre(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &costCentreOut{web.ETag(c.Version), costCentreOf(c.CostCentre)}, nil
}

// inCostCentre calls the fields of a fault of a cost centre what the API calls them.
func inCostCentre(err error) error { return renamed(err, "manager", "manager_id", "unit", "unit_id") }

func (h budgets) createCostCentre(ctx context.Context, in *struct{ Body CostCentreBody }) (*costCentreOut, error) {
	input, err := in.Body.input()
	web.Unread(ctx, err)
	c, err := h.Budgeting.CreateCostCentre(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, inCostCentre(err)
	}
	return &costCentreOut{web.ETag(c.Version), costCentreOf(c)}, nil
}

func (h budgets) editCostCentre(ctx context.Context, in *struct {
	web.Versioned
	CostCentre string `path:"cost_centre"`
	Body       CostCentreBody
}) (*costCentreOut, error) {
	input, err := in.Body.input()
	web.Unread(ctx, err)
	input.ID = called(ctx, "cost_centre", in.CostCentre, id.ParseCostCentre)
	input.Version = seen(ctx, in.Versioned)
	c, err := h.Budgeting.EditCostCentre(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, inCostCentre(err)
	}
	return &costCentreOut{web.ETag(c.Version), costCentreOf(c)}, nil
}
