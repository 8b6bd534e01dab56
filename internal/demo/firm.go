package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// house is the use cases, on one store.
type house struct {
	db          *store.DB
	signing     *signing.Service
	onboarding  *onboarding.Service
	organising  *organising.Service
	granting    *granting.Service
	budgeting   *budgeting.Service
	cataloguing *cataloguing.Service
	pricing     *pricesetting.Service
	purchasing  *purchasing.Service
	collecting  *collecting.Service
	approving   *approving.Service
	exchanging  *exchanging.Service
	notifying   *notifying.Service
	auditing    *auditing.Service
}

func open(db *store.DB) *house {
	return &house{
		db: db, signing: signing.New(db, signing.Options{}), onboarding: onboarding.New(db), organising: organising.New(db), granting: granting.New(db),
		budgeting: budgeting.New(db), cataloguing: cataloguing.New(db),
		pricing: pricesetting.New(db), purchasing: purchasing.New(db, step.NewRulebook()), collecting: collecting.New(db), approving: approving.New(db),
		exchanging: exchanging.New(db, exchanging.Settings{}), notifying: notifying.New(db, notifying.Settings{}), auditing: auditing.New(db),
	}
}

// firm is the company of a source, made in Kontor.
type firm struct {
	*house
	source    *Source
	name      string
	key       id.Company
	system    access.Actor
	again     bool // it was there before
	roles     map[string]id.Role
	units     map[string]id.Unit // by code
	centres   map[string]id.CostCentre
	members   map[*Person]id.Member
	people    map[id.Member]*Person
	actors    map[id.Member]access.Actor
	purchaser *Person // the purchasing manager: to whom most of those who ordered report
	treasurer *Person // the finance manager: the purchasing manager's
}

// charter is what is particular to a firm.
type charter struct {
	number, name, code string
	roles              func(*firm, *Person) []string // what somebody has besides; none and none besides is the company's default role
}

// The roles of the firm that are its own.
const (
	purchaserRole = "Purchasing manager"
	treasurerRole = "Finance manager"
)

// sweep empties the cart that a buyer works on of what has been left there.
func (h *house) sweep(ctx context.Context, buyer access.Actor) error {
	c, err := h.purchasing.Current(ctx, buyer)
	if err != nil || len(c.Lines) == 0 {
		return err
	}
	left := make([]id.CartLine, len(c.Lines))
	for i, l := range c.Lines {
		left[i] = l.ID
	}
	_, err = h.purchasing.Remove(ctx, buyer, c.ID, c.Version, left...)
	return err
}

// there lists the purchase orders of the company by the buyer's own number.
func (f *firm) there(ctx context.Context) (map[string]view.PurchaseOrder, error) {
	all := map[string]view.PurchaseOrder{}
	return all, pages(func(ask page.Ask) (page.List[view.PurchaseOrder], error) {
		return f.approving.ListPurchaseOrders(ctx, f.system, approving.Filter{}, ask)
	}, 0, func(p view.PurchaseOrder) { all[p.Reference] = p })
}

// pages goes through a list page by page.
func pages[T any](list func(page.Ask) (page.List[T], error), values int, take func(T)) error {
	for cursor := ""; ; {
		ask, err := page.Parse(cursor, values, page.Most)
		if err != nil {
			return err
		}
		l, err := list(ask)
		if err != nil {
			return err
		}
		for _, row := range l.Rows {
			take(row)
		}
		if cursor = l.Next; cursor == "" {
			return nil
		}
	}
}

// found makes the company of a source: its structure, its people with their roles, an address, and a cost centre for
// every department. What is there already stays as it is.
func (h *house) found(ctx context.Context, s *Source, c charter) (*firm, error) {
	f := &firm{house: h, source: s, name: c.name, centres: map[string]id.CostCentre{}, people: map[id.Member]*Person{}, actors: map[id.Member]access.Actor{}}
	f.purchaser = s.boss()
	if f.purchaser == nil || f.purchaser.Manager == nil {
		return nil, errors.New("those who ordered report to nobody, or to nobody who reports to somebody: there is no purchasing manager, or no finance manager")
	}
	f.treasurer = f.purchaser.Manager
	top := s.People[0]
	made, err := h.onboarding.Found(ctx, access.System(id.Company{}), onboarding.FoundInput{
		Number: c.number, Name: c.name, Code: c.code, Currency: Currency, Language: locale.English, Zone: zone,
		Email: top.Email, First: top.First, Last: top.Last, Title: top.Title,
		Address: &company.Address{Label: "Bothell", Name: c.name, Street: "Wheel Way 26", Postcode: "98011", City: "Bothell", Region: "WA", Country: "US", Delivers: true, Bills: true},
	})
	if err != nil {
		return nil, err
	}
	f.key, f.again, f.roles, f.system = made.Company, made.Again, made.Roles, access.System(made.Company)
	if err := f.ownRoles(ctx); err != nil {
		return nil, err
	}
	built, err := h.organising.Build(ctx, f.system, f.plan(c))
	if err != nil {
		return nil, err
	}
	f.units = built.Units
	f.members = map[*Person]id.Member{top: made.Administrator}
	for _, p := range s.People[1:] {
		f.members[p] = built.Members[strings.ToLower(p.Email)]
	}
	if err := f.recognise(ctx); err != nil {
		return nil, err
	}
	return f, f.costCentres(ctx)
}

// zone is where the firm's days begin and end.
const zone = "America/Los_Angeles"

// boss is to whom most of those who ordered report.
func (s *Source) boss() *Person {
	var buyers []*Person
	reports := map[*Person]int{}
	for _, o := range s.Orders {
		if !slices.Contains(buyers, o.Buyer) {
			buyers = append(buyers, o.Buyer)
			reports[o.Buyer.Manager]++
		}
	}
	var best *Person
	for _, p := range s.People {
		if reports[p] > reports[best] || best == nil && reports[p] > 0 {
			best = p
		}
	}
	return best
}

// ownRoles makes the roles that no new company has.
func (f *firm) ownRoles(ctx context.Context) error {
	known, err := f.granting.RolesToName(ctx, f.system)
	if err != nil {
		return err
	}
	shipped := access.Shipped(access.Buyer)
	approver := shipped[slices.IndexFunc(shipped, func(r access.ShippedRole) bool { return r.Key == "approver" })].Set
	for _, r := range []granting.CreateRoleInput{
		{Name: purchaserRole, Description: "Agrees to large orders.", Permissions: approver.Union(access.SetOf(access.PurchaseOrdersViewCompany, access.OrdersViewCompany))},
		{Name: treasurerRole, Description: "Agrees to the largest orders; looks after budgets.", Permissions: approver.Union(access.SetOf(access.PurchaseOrdersViewCompany,
			access.OrdersViewCompany, access.UsersView, access.LimitsManage, access.BudgetsManage, access.CostCentresManage, access.CreditView))},
	} {
		for _, k := range known {
			if k.Name == r.Name {
				f.roles[r.Name] = k.ID
			}
		}
		if !f.roles[r.Name].IsZero() {
			continue
		}
		made, err := f.granting.CreateRole(ctx, f.system, r)
		if err != nil {
			return err
		}
		f.roles[r.Name] = made.ID
	}
	return nil
}

// plan is the structure with everybody's roles: who ordered buys, and who manages approves.
func (f *firm) plan(c charter) organising.Plan {
	bought := map[*Person]bool{}
	for _, o := range f.source.Orders {
		bought[o.Buyer] = true
	}
	var plan organising.Plan
	for _, n := range structure(f.source.People) {
		under := ""
		switch {
		case n.above == nil:
		case n.above.person != nil:
			under = n.above.person.Email
		default:
			under = n.above.code
		}
		if n.unit != "" {
			plan.Units = append(plan.Units, organising.PlannedUnit{Code: n.code, Name: n.unit, Under: under})
			continue
		}
		p := n.person
		m := organising.PlannedMember{Email: p.Email, First: p.First, Last: p.Last, Number: p.Number, Title: p.Title, Under: under}
		give := func(role string, to bool) {
			if to {
				m.Roles = append(m.Roles, organising.PlannedRole{Role: role})
			}
		}
		give("buyer", bought[p])
		give("approver", f.source.manages(p))
		give(purchaserRole, p == f.purchaser)
		give(treasurerRole, p == f.treasurer)
		for _, role := range c.roles(f, p) {
			give(role, true)
		}
		plan.Members = append(plan.Members, m)
	}
	return plan
}

// recognise makes an actor of everybody, as signing in would.
func (f *firm) recognise(ctx context.Context) error {
	var all []company.Member
	keys := make([]id.Member, 0, len(f.members))
	for p, m := range f.members {
		keys = append(keys, m)
		f.people[m] = p
	}
	err := f.db.Read(ctx, f.system, func(tx *store.Tx, _ access.Actor) error {
		tx.Companies.WantMembers(&all, f.key, keys)
		return tx.Fetch(ctx)
	})
	for _, m := range all {
		f.actors[m.ID] = access.Actor{Kind: access.Member, Account: m.Account, Company: f.key, Member: m.ID, Name: m.Name, Language: locale.English, Zone: zone}
	}
	return err
}

// as gives somebody as an actor, with what they hold. Where that has changed since, a transaction reads it anew.
func (f *firm) as(ctx context.Context, m id.Member) (access.Actor, error) {
	if actor := f.actors[m]; len(actor.Grants()) > 0 {
		return actor, nil
	}
	actor, err := f.db.Rights(ctx, f.actors[m])
	if err == nil {
		f.actors[m] = actor
	}
	return actor, err
}

// order reads a purchase order.
func (f *firm) order(ctx context.Context, key id.PurchaseOrder) (po approval.PurchaseOrder, err error) {
	err = f.db.Read(ctx, f.system, func(tx *store.Tx, _ access.Actor) (err error) {
		po, err = tx.Approvals.Get(ctx, f.key, key)
		return err
	})
	return po, err
}

// asked gives whoever is asked first to decide on a purchase order.
func (f *firm) asked(ctx context.Context, po approval.PurchaseOrder) (access.Actor, error) {
	all := po.Plan.Awaited()
	if len(all) == 0 {
		return access.Actor{}, fmt.Errorf("%s waits, and nobody is asked", po.Number)
	}
	return f.as(ctx, all[0].Member)
}

// costCentres makes a cost centre for every department, managed by whoever leads it.
func (f *firm) costCentres(ctx context.Context) error {
	known, err := f.budgeting.ListCostCentres(ctx, f.system, budgeting.CostCentreFilter{}, page.Ask{Limit: page.Most})
	if err != nil {
		return err
	}
	for _, c := range known.Rows {
		f.centres[c.Name] = c.ID
	}
	for i, department := range departments(f.source.People) {
		if !f.centres[department].IsZero() {
			continue
		}
		c, err := f.budgeting.CreateCostCentre(ctx, f.system, budgeting.CostCentreInput{Code: fmt.Sprintf("CC-%d", 1010+10*i), Name: department,
			Manager: f.members[f.source.head(department)], Unit: f.units[slug(department)]})
		if err != nil {
			return err
		}
		f.centres[department] = c.ID
		if err := f.usual(ctx, f.units[slug(department)], c.ID); err != nil {
			return err
		}
	}
	return nil
}

// usual makes a cost centre the usual one of a unit: whoever orders for the unit need not choose it.
func (f *firm) usual(ctx context.Context, unit id.Unit, centre id.CostCentre) error {
	u, err := f.organising.Unit(ctx, f.system, unit)
	if err != nil || u.CostCentre == centre {
		return err
	}
	_, err = f.organising.EditUnit(ctx, f.system, organising.EditUnitInput{ID: u.ID, Version: u.Version, Code: u.Code, Name: u.Name, CostCentre: centre})
	return err
}

// fund makes the budgets that are not there yet, known by their names.
func (f *firm) fund(ctx context.Context, budgets ...budgeting.CreateInput) error {
	known, err := f.budgeting.List(ctx, f.system, budgeting.Filter{}, page.Ask{Limit: page.Most})
	if err != nil {
		return err
	}
	for _, b := range budgets {
		if slices.ContainsFunc(known.Rows, func(k budgeting.Status) bool { return k.Name == b.Name }) {
			continue
		}
		if _, err := f.budgeting.Create(ctx, f.system, b); err != nil {
			return err
		}
	}
	return nil
}

// monthly is a budget of a cost centre for every month.
func monthly(name string, of id.CostCentre, limit money.Money, exhausted budget.Consequence) budgeting.CreateInput {
	return budgeting.CreateInput{Name: name, Owner: budget.Owner{CostCentre: of}, Limit: limit, Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month},
		Exhausted: exhausted, Carry: budget.CarryNone, Warnings: []budget.Threshold{{Percent: 80}, {Percent: 100}}}
}

// rule makes rules that are not there yet, known by their names.
func (f *firm) rule(ctx context.Context, rules ...approval.Rule) error {
	known, err := f.approving.ListRules(ctx, f.system, approving.RuleFilter{}, page.Ask{Limit: page.Most})
	if err != nil {
		return err
	}
	for _, r := range rules {
		if slices.ContainsFunc(known.Rows, func(k view.Rule) bool { return k.Name == r.Name }) {
			continue
		}
		if _, err := f.approving.CreateRule(ctx, f.system, r); err != nil {
			return err
		}
	}
	return nil
}

// bands is the rule by which orders are routed: up to 10 000 the buyer's manager, above it the purchasing manager, above
// 15 000 the purchasing manager and then the finance manager.
func (f *firm) bands() approval.Rule {
	ten, fifteen := money.Of(10_000_00, Currency), money.Of(15_000_00, Currency)
	ask := func(s approval.Source) approval.WantedStage {
		return approval.WantedStage{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{s}}}}
	}
	purchaser := ask(approval.Source{Kind: approval.OfRole, Role: f.roles[purchaserRole]})
	treasurer := ask(approval.Source{Kind: approval.OfRole, Role: f.roles[treasurerRole]})
	return approval.Rule{
		Name: "Amount bands", Description: "Up to 10 000 the buyer's manager, above that the purchasing manager, above 15 000 the finance manager too.",
		Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{
			{Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})},
			{Above: &ten, Then: approval.Requirement{Effect: approval.Ask, Stages: []approval.WantedStage{purchaser}}},
			{Above: &fifteen, Then: approval.Requirement{Effect: approval.Ask, Stages: []approval.WantedStage{purchaser, treasurer}}},
		},
	}
}
