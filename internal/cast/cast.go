// Package cast is who plays in tests, seed data, docs and screenshots: Acme with Ann, who buys, Bob, who approves what
// she buys, Cleo, who owns the cost centre, and Dan, who runs Acme; Globex with Eve, who must see nothing of it; and
// Sam and Sue, who sell.
package cast

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
)

// World is what the cast plays in.
//
//	Dan
//	└─ acme  Acme Works
//	   ├─ fin  Finance
//	   │  └─ Cleo     cost-centre manager, of 4711
//	   └─ ops  Operations
//	      └─ Bob      approver
//	         └─ Ann   buyer
//
//	Eve
//	└─ globex  Globex
//
//	Sam
//	└─ office  Seller
//	   └─ Sue      support
//
// Who stands above all units, Dan and Eve, names the unit that they order for.
type World struct {
	DB *store.DB

	Acme       id.Company
	Ann        access.Actor
	Bob        access.Actor
	Cleo       access.Actor
	Dan        access.Actor
	Units      map[string]id.Unit // acme, ops, fin
	Roles      map[string]id.Role // by the keys of the shipped ones
	Address    id.Address         // the usual one, for goods and invoices
	Warehouse  id.Address         // for goods alone
	CostCentre id.CostCentre      // 4711 Maintenance

	Globex           id.Company
	Eve              access.Actor
	GlobexUnits      map[string]id.Unit // globex
	GlobexRoles      map[string]id.Role
	GlobexAddress    id.Address
	GlobexCostCentre id.CostCentre // 0815 Laboratory

	Seller      id.Company
	Sam         access.Actor // the owner of the seller's office
	Sue         access.Actor // support
	SellerRoles map[string]id.Role

	Category   id.Category
	Products   []catalogue.Product // a screw, a glove, a cable by the metre, a laptop
	BasePrices id.PriceList
}

// T is the part of testing.TB that the cast needs.
type T interface {
	Helper()
	Fatal(args ...any)
}

// Acme builds the world for a test.
func Acme(t T, db *store.DB) *World {
	t.Helper()
	w, err := Build(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Build builds the world, or finds it where it has been built before.
func Build(ctx context.Context, db *store.DB) (*World, error) {
	w := &World{DB: db}
	for _, build := range []func(context.Context) error{w.acme, w.globex, w.seller, w.goods} {
		if err := build(ctx); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Again gives an actor with what they hold now.
func (w *World) Again(ctx context.Context, actor access.Actor) (access.Actor, error) {
	return w.DB.Rights(ctx, actor)
}

// Actor makes an actor of a member, as signing in would.
func (w *World) Actor(ctx context.Context, key id.Company, member id.Member) (access.Actor, error) {
	var m company.Member
	err := w.DB.Read(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) (err error) {
		m, err = tx.Companies.GetMember(ctx, key, member)
		return err
	})
	if err != nil {
		return access.Actor{}, err
	}
	return w.DB.Rights(ctx, access.Actor{
		Kind: access.Member, Account: m.Account, Company: key, Member: m.ID, Name: m.Name, Language: locale.English, Zone: "Europe/Berlin",
		Request: "req_cast", From: "192.0.2.1",
	})
}

func (w *World) acme(ctx context.Context) error {
	f, err := onboarding.New(w.DB).Found(ctx, access.System(id.Company{}), onboarding.FoundInput{
		Number: "10001", Name: "Acme Works", Code: "acme", Currency: "EUR", Language: locale.English, Zone: "Europe/Berlin",
		Email: "dan@acme.example", First: "Dan", Last: "Director", Title: "Managing director",
		Address: &company.Address{Label: "Works", Name: "Acme Works", Street: "Hammer Lane 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true, Bills: true},
	})
	if err != nil {
		return err
	}
	w.Acme, w.Roles = f.Company, f.Roles
	built, err := organising.New(w.DB).Build(ctx, access.System(w.Acme), organising.Plan{
		Units: []organising.PlannedUnit{{Code: "ops", Name: "Operations"}, {Code: "fin", Name: "Finance"}},
		Members: []organising.PlannedMember{
			{Email: "bob@acme.example", First: "Bob", Last: "Boss", Number: "2", Title: "Head of operations", Under: "ops", Roles: []organising.PlannedRole{{Role: "approver"}}},
			{Email: "ann@acme.example", First: "Ann", Last: "Archer", Number: "1", Title: "Technician", Under: "bob@acme.example", Roles: []organising.PlannedRole{{Role: "buyer"}}},
			{Email: "cleo@acme.example", First: "Cleo", Last: "Clark", Number: "3", Title: "Controller", Under: "fin", Roles: []organising.PlannedRole{{Role: "cost_centre_manager"}}},
		},
	})
	if err != nil {
		return err
	}
	w.Units = built.Units
	for actor, member := range map[*access.Actor]id.Member{
		&w.Ann: built.Members["ann@acme.example"], &w.Bob: built.Members["bob@acme.example"], &w.Cleo: built.Members["cleo@acme.example"], &w.Dan: f.Administrator,
	} {
		if *actor, err = w.Actor(ctx, w.Acme, member); err != nil {
			return err
		}
	}
	w.CostCentre, err = w.costCentre(ctx, w.Acme, budget.CostCentre{Code: "4711", Name: "Maintenance", Manager: w.Cleo.Member})
	if err != nil {
		return err
	}
	book, err := w.book(ctx, w.Dan, company.Address{Label: "Warehouse", Name: "Acme Works, warehouse", Street: "Dock Road 9", Postcode: "20457", City: "Hamburg", Country: "DE", Delivers: true})
	w.Address, w.Warehouse = book["Works"], book["Warehouse"]
	return err
}

func (w *World) globex(ctx context.Context) error {
	f, err := onboarding.New(w.DB).Found(ctx, access.System(id.Company{}), onboarding.FoundInput{
		Number: "10002", Name: "Globex", Code: "globex", Currency: "EUR", Language: locale.English, Zone: "Europe/Berlin",
		Email: "eve@globex.example", First: "Eve", Last: "Evans", Title: "Everything",
		Address: &company.Address{Label: "Laboratory", Name: "Globex", Street: "Glass Street 7", Postcode: "80331", City: "Munich", Country: "DE", Delivers: true, Bills: true},
	})
	if err != nil {
		return err
	}
	w.Globex, w.GlobexRoles = f.Company, f.Roles
	w.GlobexUnits = map[string]id.Unit{"globex": f.Unit}
	if w.Eve, err = w.Actor(ctx, w.Globex, f.Administrator); err != nil {
		return err
	}
	if w.GlobexCostCentre, err = w.costCentre(ctx, w.Globex, budget.CostCentre{Code: "0815", Name: "Laboratory", Manager: w.Eve.Member}); err != nil {
		return err
	}
	book, err := w.book(ctx, w.Eve)
	w.GlobexAddress = book["Laboratory"]
	return err
}

func (w *World) seller(ctx context.Context) error {
	f, err := onboarding.New(w.DB).Found(ctx, access.System(id.Company{}), onboarding.FoundInput{
		Seller: true, Number: "seller", Name: "Seller", Code: "office", Currency: "EUR", Language: locale.English, Zone: "Europe/Berlin",
		Email: "sam@seller.example", First: "Sam", Last: "Seller", Title: "Head of sales",
	})
	if err != nil {
		return err
	}
	w.Seller, w.SellerRoles = f.Company, f.Roles
	built, err := organising.New(w.DB).Build(ctx, access.System(w.Seller), organising.Plan{Members: []organising.PlannedMember{
		{Email: "sue@seller.example", First: "Sue", Last: "Summers", Title: "Support", Under: "office", Roles: []organising.PlannedRole{{Role: "support"}}}}})
	if err != nil {
		return err
	}
	if w.Sam, err = w.Actor(ctx, w.Seller, f.Administrator); err != nil {
		return err
	}
	w.Sue, err = w.Actor(ctx, w.Seller, built.Members["sue@seller.example"])
	return err
}

// costCentre makes a cost centre, unless there is one of its code.
func (w *World) costCentre(ctx context.Context, key id.Company, c budget.CostCentre) (made id.CostCentre, err error) {
	err = w.DB.Write(ctx, access.System(key), func(tx *store.Tx, actor access.Actor) error {
		var all []budget.CostCentre
		tx.Budgets.WantCostCentres(&all, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		for _, known := range all {
			if known.Code == c.Code {
				made = known.ID
				return nil
			}
		}
		c.ID, c.Company = id.NewCostCentre(tx.Now), key
		made = c.ID
		tx.Budgets.InsertCostCentre(c)
		return nil
	})
	return made, err
}

// book adds addresses that are not in the actor's company's book yet, and gives the book by label.
func (w *World) book(ctx context.Context, actor access.Actor, more ...company.Address) (map[string]id.Address, error) {
	s := organising.New(w.DB)
	all, err := s.Addresses(ctx, actor)
	if err != nil {
		return nil, err
	}
	book := map[string]id.Address{}
	for _, a := range all {
		book[a.Label] = a.ID
	}
	for _, a := range more {
		if book[a.Label].IsZero() {
			if a, err = s.AddAddress(ctx, actor, a); err != nil {
				return nil, err
			}
			book[a.Label] = a.ID
		}
	}
	return book, nil
}

// goods puts some products on a shelf, and a price on each.
func (w *World) goods(ctx context.Context) error {
	return w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		shop := []struct {
			catalogue.Product
			price int64 // in ten-thousandths of a euro
		}{
			{catalogue.Product{SKU: "CAST-SCREW", Name: "Screw M4×20", Unit: "pcs", Minimum: quantity.Of(100), Step: quantity.Of(100)}, 123},
			{catalogue.Product{SKU: "CAST-GLOVE", Name: "Glove, cut-resistant", Unit: "pair", Minimum: quantity.One, Step: quantity.One}, 79000},
			{catalogue.Product{SKU: "CAST-CABLE", Name: "Cable 3×1.5 mm²", Unit: "m", Minimum: 500, Step: 500}, 14500},
			{catalogue.Product{SKU: "CAST-LAPTOP", Name: "Laptop 14 inch", Unit: "pcs", Minimum: quantity.One, Step: quantity.One}, 12490000},
		}
		skus := make([]string, len(shop))
		for i, s := range shop {
			skus[i] = s.SKU
		}
		var known []catalogue.Product
		tx.Catalogue.WantBySKU(&known, skus)
		list, found, err := tx.Prices.FindList(ctx, "Base")
		if err != nil {
			return err
		}
		w.Products = nil
		for _, s := range shop {
			if i := slices.IndexFunc(known, func(p catalogue.Product) bool { return p.SKU == s.SKU }); i >= 0 {
				w.Category, w.BasePrices, w.Products = known[i].Category, list.ID, append(w.Products, known[i])
			}
		}
		if len(w.Products) == len(shop) {
			return nil
		}
		if !found {
			list = pricing.PriceList{ID: id.NewPriceList(tx.Now), Name: "Base", Currency: "EUR"}
			tx.Prices.SetList(list)
		}
		w.Category, w.BasePrices = id.NewCategory(tx.Now), list.ID
		tx.Catalogue.SetCategory(catalogue.Category{ID: w.Category, Code: "cast-hardware", Name: "Hardware"}, 1)
		for _, s := range shop {
			p := s.Product
			p.ID, p.Category, p.Status = id.NewProduct(tx.Now), w.Category, catalogue.Active
			tx.Catalogue.SetProduct(p)
			tx.Prices.SetPrice(list.ID, p.ID, 0, money.Rate{E4: s.price, Currency: "EUR"})
			w.Products = append(w.Products, p)
		}
		tx.Catalogue.SetCounts()
		return nil
	})
}
