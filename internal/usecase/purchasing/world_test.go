package purchasing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// world is the smallest one in which something can be bought: Dan runs Acme, Bob manages Ann, Ann buys for IT.
type world struct {
	t          testing.TB
	db         *store.DB
	purchasing *purchasing.Service
	approving  *approving.Service
	company    id.Company
	unit       id.Unit
	screw      id.Product
	budget     budget.Budget
	dan, bob   access.Actor
	ann        access.Actor
	buyer      id.Role
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{t: t, db: db, purchasing: purchasing.New(db, step.NewRulebook()), approving: approving.New(db)}
	now := db.Times()
	w.company, w.unit, w.screw = id.NewCompany(now), id.NewUnit(now), id.NewProduct(now)
	category, list := id.NewCategory(now), id.NewPriceList(now)
	sys := access.System(w.company)
	members := map[string]*access.Actor{"Dan": &w.dan, "Bob": &w.bob, "Ann": &w.ann}
	paths := map[string]tree.Path{"Dan": "1.", "Bob": "1.2.3.", "Ann": "1.2.3.4."}
	roles := map[string]id.Role{}
	err := db.Write(ctx, sys, func(tx *store.Tx, sys access.Actor) error {
		tx.Companies.Insert(company.Company{ID: w.company, Number: "C-1", Name: "Acme", Status: company.Active, Currency: "EUR", Zone: "Europe/Berlin", Language: "en",
			FiscalMonth: 1, PONumber: company.Optional, CostCentre: company.Optional, ExpiryDays: 14, CreatedAt: now, Terms: company.NewTerms()})
		for _, s := range access.Shipped(access.Buyer) {
			r := access.Role{ID: id.NewRole(now), Name: s.Name, Shipped: s.Key, Default: s.Default, Set: s.Set.Normalise()}
			roles[s.Key] = r.ID
			tx.Access.InsertRole(w.company, r)
		}
		tx.Companies.InsertUnit(w.company, company.Unit{ID: w.unit, Code: "IT", Name: "IT"})
		parent := company.Node{}
		for _, name := range []string{"Dan", "IT", "Bob", "Ann"} {
			if name == "IT" {
				n := company.Node{Kind: company.UnitNode, Unit: w.unit, Path: "1.2."}
				tx.Companies.InsertNode(w.company, n, parent)
				parent = n
				continue
			}
			a := identity.Account{ID: id.NewAccount(now), Email: name + "@acme.example", First: name, Language: "en", Zone: "UTC", Active: true, CreatedAt: now}
			tx.Accounts.Insert(a)
			m := company.Member{ID: id.NewMember(now), Account: a.ID, Name: name, Email: a.Email, Status: company.Working}
			tx.Companies.InsertMember(w.company, m)
			n := company.Node{Kind: company.MemberNode, Member: m.ID, Path: paths[name]}
			tx.Companies.InsertNode(w.company, n, parent)
			parent = n
			*members[name] = access.Actor{Kind: access.Member, Account: a.ID, Company: w.company, Member: m.ID, Name: name}
		}
		give := func(a access.Actor, role string) {
			tx.Access.InsertAssignment(w.company, access.Assignment{ID: id.NewAssignment(now), Member: a.Member, Role: roles[role]})
		}
		give(w.dan, "administrator")
		give(w.bob, "approver")
		give(w.ann, "buyer")
		w.buyer = roles["buyer"]
		tx.Companies.InsertAddress(w.company, company.Address{ID: id.NewAddress(now), Label: "Works", Name: "Acme", Street: "1 Main St", Postcode: "1", City: "Berlin", Country: "DE", Delivers: true, Bills: true, Usual: true})
		tx.Catalogue.SetCategory(catalogue.Category{ID: category, Code: "SCREWS", Name: "Screws"}, 0)
		tx.Catalogue.SetProduct(catalogue.Product{ID: w.screw, SKU: "SCR-1", Name: "Screw", Unit: "pcs", Category: category, Minimum: quantity.One, Step: quantity.One, Status: catalogue.Active})
		tx.Prices.SetList(pricing.PriceList{ID: list, Name: "Base", Currency: "EUR"})
		tx.Prices.SetPrice(list, w.screw, 0, money.Rate{E4: 100_0000, Currency: "EUR"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range members {
		fresh, err := db.Rights(ctx, *a)
		if err != nil {
			t.Fatal(err)
		}
		*a = fresh
	}
	return w
}

func (w *world) write(fn func(tx *store.Tx)) {
	w.t.Helper()
	err := w.db.Write(context.Background(), access.System(w.company), func(tx *store.Tx, _ access.Actor) error { fn(tx); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
}

// fund gives IT a budget for every month.
func (w *world) fund(limit int64, exhausted budget.Consequence) {
	w.budget = budget.Budget{ID: id.NewBudget(w.db.Times()), Company: w.company, Name: "IT", Owner: budget.Owner{Unit: w.unit}, Limit: money.Of(limit, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: exhausted, Carry: budget.CarryNone}
	w.write(func(tx *store.Tx) { tx.Budgets.Insert(w.budget) })
}

// bands routes above 10 000 EUR to the manager.
func (w *world) bands() {
	above := money.Of(10_000_00, "EUR")
	r := approval.Rule{ID: id.NewRule(w.db.Times()), Company: w.company, Version: 1, Name: "Bands", Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
	if err := r.Check(); err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *store.Tx) { tx.Approvals.SetRule(r, id.Member{}) })
}

// crowd is so many members of IT, each of whom is a buyer.
func (w *world) crowd(n int) (all []access.Actor) {
	w.t.Helper()
	now := w.db.Times()
	w.write(func(tx *store.Tx) {
		for i := range n {
			a := identity.Account{ID: id.NewAccount(now), Email: fmt.Sprintf("buyer%d@acme.example", i), First: "Buyer", Last: fmt.Sprint(i), Language: "en", Zone: "UTC", Active: true, CreatedAt: now}
			tx.Accounts.Insert(a)
			m := company.Member{ID: id.NewMember(now), Account: a.ID, Name: a.First + " " + a.Last, Email: a.Email, Status: company.Working}
			tx.Companies.InsertMember(w.company, m)
			tx.Companies.InsertNode(w.company, company.Node{Kind: company.MemberNode, Member: m.ID, Path: tree.Path(fmt.Sprintf("1.2.%d.", 100+i))}, company.Node{Kind: company.UnitNode, Unit: w.unit, Path: "1.2."})
			tx.Access.InsertAssignment(w.company, access.Assignment{ID: id.NewAssignment(now), Member: m.ID, Role: w.buyer})
			all = append(all, access.Actor{Kind: access.Member, Account: a.ID, Company: w.company, Member: m.ID, Name: m.Name})
		}
	})
	for i, a := range all {
		fresh, err := w.db.Rights(context.Background(), a)
		if err != nil {
			w.t.Fatal(err)
		}
		all[i] = fresh
	}
	return all
}

// filled is a cart of Ann's with so many screws at 100 EUR each.
func (w *world) filled(n int64) cart.Cart {
	w.t.Helper()
	return w.filledBy(w.ann, n)
}

// filledBy is a cart of somebody's with so many screws at 100 EUR each.
func (w *world) filledBy(owner access.Actor, n int64) cart.Cart {
	w.t.Helper()
	c := cart.Cart{ID: id.NewCart(w.db.Times()), Company: w.company, Owner: owner.Member, Name: "Cart", State: cart.Open, Version: 1, ChosenAt: w.db.Times(),
		Lines:    []cart.Line{{ID: id.NewCartLine(w.db.Times()), Product: w.screw, Quantity: quantity.Of(n)}},
		Checkout: cart.Checkout{Payment: purchasing.OnAccount}}
	w.write(func(tx *store.Tx) { tx.Carts.Insert(c) })
	return c
}

func (w *world) purse() (p budget.Purse) {
	w.t.Helper()
	period, err := w.budget.Cycle.Period(id.PurchaseOrder{}, w.db.Times(), time.UTC, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.db.Read(context.Background(), access.System(w.company), func(tx *store.Tx, _ access.Actor) error {
		all, err := tx.Budgets.ListPurses(context.Background(), w.company, budgetdbKey(), 10)
		for _, x := range all {
			if x.Period.Key == period.Key {
				p = x
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}
