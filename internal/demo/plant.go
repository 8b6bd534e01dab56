package demo

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/worker"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
)

// Password is what everybody of the demo world signs in with, where nobody chooses another.
const Password = "correct-horse-demo-2026"

// SignIn is somebody whom a visitor may be.
type SignIn struct {
	Company string
	Name    string
	Role    string // in words
	Email   string
}

// Plant makes the demo world: AdventureWorks Cycles with its people, catalogue, prices, rules, budgets, the orders
// of the last eight weeks, order lists and somebody who is away, and Acme and Globex of the cast. Everybody signs in with the password. It lists whom to try.
//
// A world that is there stays as it is, whatever has become of it since. While it is planted the database goes by a
// clock of the past, so nothing else may use it; afterwards it goes by the clock of the process.
func Plant(ctx context.Context, db *store.DB, password string) ([]SignIn, error) {
	s, err := AdventureWorks()
	if err != nil {
		return nil, err
	}
	leave, err := db.Engine().Alone(ctx, "demo") // of two that are started at once the second finds the world of the first
	if err != nil {
		return nil, err
	}
	defer leave()
	p := &planting{house: open(db), source: s, password: password, now: db.Times()}
	there, err := p.there(ctx)
	if err != nil || there {
		return p.guests(), err
	}
	p.clock = wind(db)
	defer p.clock.back()
	p.clock.set(p.now.Add(-founded))
	for _, step := range []func(context.Context) error{p.cast, p.adventureWorks, p.secrets, p.orders, p.carts, p.lists, p.away, p.invitations} {
		if err := step(ctx); err != nil {
			return nil, err
		}
		if err := p.tell(ctx); err != nil {
			return nil, err
		}
	}
	return p.guests(), nil
}

// tell does what follows from what has happened, at the time that it is in the story: people find in their inboxes when
// they were told of it. The house has no sender, for nobody is sent mail about the past.
func (p *planting) tell(ctx context.Context) error {
	follows := (&worker.Worker{Notifying: p.notifying, Exchanging: p.exchanging}).Reactions()
	for {
		if n, err := p.exchanging.Relay(ctx, access.System(id.Company{}), follows); n == 0 || err != nil {
			return err
		}
	}
}

// How long ago the demo world was founded, and how much of its past has orders.
const (
	founded  = 70 * 24 * time.Hour
	pastDays = 56
)

// planting is a demo world in the making.
type planting struct {
	*house
	source   *Source
	password string
	now      time.Time
	clock    *clock
	acme     *cast.World
	firm     *firm
	products map[string]id.Product
}

const (
	firmNumber = "20001"
	firmName   = "AdventureWorks Cycles"
)

// there reports whether the world has been planted before: its last order is there.
func (p *planting) there(ctx context.Context) (there bool, err error) {
	err = p.db.Read(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
		c, found, err := tx.Companies.FindByNumber(ctx, firmNumber)
		if err != nil || !found {
			return err
		}
		p.firm = &firm{house: p.house, key: c.ID, system: access.System(c.ID)}
		return nil
	})
	if err != nil || p.firm == nil {
		return false, err
	}
	last, err := p.approving.ListPurchaseOrders(ctx, p.firm.system, approving.Filter{Text: reference(bulky + odd)}, page.Ask{})
	return len(last.Rows) > 0, err
}

// cast makes Acme and Globex, with a rule, a budget and two orders for Acme.
func (p *planting) cast(ctx context.Context) (err error) {
	if p.acme, err = cast.Build(ctx, p.db); err != nil {
		return err
	}
	acme := &firm{house: p.house, key: p.acme.Acme, system: access.System(p.acme.Acme)}
	if err := acme.usual(ctx, p.acme.Units["ops"], p.acme.CostCentre); err != nil {
		return err
	}
	above := money.Of(500_00, "EUR")
	err = acme.rule(ctx, approval.Rule{Name: "Above 500 EUR the manager", Enabled: true, Basis: approval.Net, Steps: []approval.Step{
		{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}})
	if err != nil {
		return err
	}
	return acme.fund(ctx, monthly("Maintenance", p.acme.CostCentre, money.Of(5_000_00, "EUR"), budget.Ask))
}

// adventureWorks makes the company of the source.
func (p *planting) adventureWorks(ctx context.Context) (err error) {
	if p.firm, err = p.found(ctx, p.source, charter{number: firmNumber, name: firmName, code: "aw", roles: demoRoles}); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{p.administrator, p.profile, p.goods, p.terms, p.rules, p.budgets} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// watchers are roles that whole departments have: they look on, plan deliveries, or know what fits.
var watchers = map[string][]string{"Finance": {"observer"}, "Production Control": {"scheduler"}, "Engineering": {"technical_expert", "default_user"},
	"Tool Design": {"technical_expert", "default_user"}}

// demoRoles are the roles that people have besides buying what they bought and approving what those below them buy.
// Who has none can buy for their department.
func demoRoles(f *firm, p *Person) []string {
	var roles []string
	if p == f.source.head("Information Services") {
		roles = append(roles, access.AdministratorKey)
	}
	if p == f.source.head(p.Department) {
		roles = append(roles, "cost_centre_manager")
	}
	return append(roles, watchers[p.Department]...)
}

// administrator leaves the company to the head of information services: the founder has better things to do.
func (p *planting) administrator(ctx context.Context) error {
	founder := p.firm.members[p.source.People[0]]
	held, err := p.granting.Held(ctx, p.firm.system, founder)
	if err != nil {
		return err
	}
	for _, a := range held {
		if a.Shipped != access.AdministratorKey {
			continue
		}
		for _, role := range []string{"approver", "observer"} {
			if _, err := p.granting.Assign(ctx, p.firm.system, granting.AssignInput{Member: founder, Role: p.firm.roles[role]}); err != nil {
				return err
			}
		}
		return p.granting.Revoke(ctx, p.firm.system, a.ID)
	}
	return nil
}

// profile asks every buyer for a cost centre, lets the seller's staff act for people, and fills the address book.
func (p *planting) profile(ctx context.Context) error {
	c, err := p.organising.Profile(ctx, p.firm.system)
	if err != nil {
		return err
	}
	if profile := c.Profile(); profile.CostCentre != company.Required {
		profile.CostCentre, profile.Consents = company.Required, true
		if _, err := p.organising.EditProfile(ctx, p.firm.system, organising.EditProfileInput{Version: c.Version, Profile: profile}); err != nil {
			return err
		}
	}
	known, err := p.organising.Addresses(ctx, p.firm.system)
	if err != nil {
		return err
	}
	for _, a := range []company.Address{
		{Label: "Seattle warehouse", Name: firmName + ", goods in", Street: "Dock Street 4", Postcode: "98134", City: "Seattle", Region: "WA", Country: "US", Delivers: true},
		{Label: "Accounts payable", Name: firmName + ", accounts payable", Street: "Wheel Way 26", Postcode: "98011", City: "Bothell", Region: "WA", Country: "US", Bills: true},
	} {
		if slices.ContainsFunc(known, func(k company.Address) bool { return k.Label == a.Label }) {
			continue
		}
		if _, err := p.organising.AddAddress(ctx, p.firm.system, a); err != nil {
			return err
		}
	}
	return nil
}

// goods fills the catalogue, and gives what the cast buys for euros a price in dollars: whoever looks at the shop, in
// whichever company, finds what they can buy.
func (p *planting) goods(ctx context.Context) (err error) {
	for _, t := range tariffs {
		if _, err := p.pricing.SetList(ctx, p.firm.system, pricesetting.SetListInput{Name: t.list, Currency: t.currency}); err != nil {
			return err
		}
	}
	if p.products, err = p.stock(ctx, p.source.rows()); err != nil {
		return err
	}
	in := pricesetting.SetListInput{Name: "Base, dollar", Currency: Currency}
	for i, dollars := range []int64{134, 8_6000, 1_5800, 1359_0000} { // a screw, a glove, a metre of cable, a laptop
		in.Prices = append(in.Prices, pricesetting.ProductPrice{Product: p.acme.Products[i].ID, Rate: money.Rate{E4: dollars, Currency: Currency}})
	}
	_, err = p.pricing.SetList(ctx, p.firm.system, in)
	return err
}

// terms is a framework agreement: five percent off what the company bought most often.
func (p *planting) terms(ctx context.Context) error {
	often := map[string]int{}
	for _, o := range p.source.Orders {
		for _, l := range o.Lines {
			often[item(l.SKU, o.Vendor)]++
		}
	}
	offers := slices.Clone(p.source.Offers)
	slices.SortStableFunc(offers, func(a, b Offer) int { return often[b.Item()] - often[a.Item()] })
	first := date.On(p.clock.time(), time.UTC)
	in := pricesetting.SetContractsInput{Company: p.firm.key, Reference: "Framework agreement " + string(first)[:4], From: first.Start(time.UTC),
		Until: first.Plus(365).Start(time.UTC)}
	for _, o := range offers[:20] {
		e4, err := money.MulDiv(o.Price.E4, 95, 100)
		if err != nil {
			return err
		}
		in.Prices = append(in.Prices, pricesetting.ProductPrice{Product: p.products[o.Item()], Rate: money.Rate{E4: e4, Currency: Currency}})
	}
	return p.pricing.SetContracts(ctx, p.firm.system, in)
}

// rules routes orders by their amount, and what is hazardous past the facilities manager.
func (p *planting) rules(ctx context.Context) error {
	paint, err := approval.Parse(`categories has "Paint"`)
	if err != nil {
		return err
	}
	facilities := p.firm.members[p.source.head("Facilities and Maintenance")]
	return p.firm.rule(ctx, p.firm.bands(), approval.Rule{
		Name: "Hazardous goods", Description: "Paint is stored by facilities, who want to know beforehand.", Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{{When: paint, Then: approval.Asks(approval.Source{Kind: approval.OfMember, Member: facilities})}},
	})
}

// budgets gives every department money for every month.
func (p *planting) budgets(ctx context.Context) error {
	special := map[string]struct {
		dollars   int64
		exhausted budget.Consequence
	}{"Purchasing": {120_000, budget.Ask}, "Production": {20_000, budget.Ask}, "Information Services": {12_000, budget.Ask}, "Marketing": {6_000, budget.Warn},
		"Engineering": {4_000, budget.Ask}, "Executive": {10_000, budget.Warn}}
	var all []budgeting.CreateInput
	for _, d := range departments(p.source.People) {
		b, ok := special[d]
		if !ok {
			b.dollars, b.exhausted = 3_000, budget.Block
		}
		all = append(all, monthly(d, p.firm.centres[d], money.Of(b.dollars*100, Currency), b.exhausted))
	}
	return p.firm.fund(ctx, all...)
}

// secrets gives everybody the password. It is hashed once: to hash it for each of 300 people takes as many times as
// long, and what is secret about it is printed anyway.
func (p *planting) secrets(ctx context.Context) error {
	first, others := "dan@acme.example", []string{"ann@acme.example", "bob@acme.example", "cleo@acme.example", "eve@globex.example", "sam@seller.example", "sue@seller.example"}
	for _, person := range p.source.People {
		key, err := identity.EmailKey(person.Email)
		if err != nil {
			return err
		}
		others = append(others, key)
	}
	if err := p.signing.SetPassword(ctx, p.firm.system, p.password, first); err != nil {
		return err
	}
	return p.db.Write(ctx, p.firm.system, func(tx *store.Tx, _ access.Actor) error {
		known, err := tx.Accounts.ListByEmail(ctx, append(others, first))
		if err != nil {
			return err
		}
		at := slices.IndexFunc(known, func(a identity.Account) bool { return a.Email == first })
		for _, a := range known {
			if a.Password == "" {
				tx.Accounts.SetPassword(a.ID, known[at].Password, false)
			}
		}
		return nil
	})
}

// guests are whom to try.
func (p *planting) guests() []SignIn {
	s := p.source
	purchaser := s.boss()
	all := []SignIn{}
	add := func(person *Person, role string) {
		all = append(all, SignIn{firmName, person.Name(), role, person.Email})
	}
	add(s.login("linda2"), "buys for Purchasing")
	add(s.login("gail0"), "buys for Engineering now and then")
	add(purchaser, "purchasing manager: approves above 10 000, and what her buyers order")
	add(purchaser.Manager, "finance manager: approves above 15 000, looks after budgets")
	add(s.head("Facilities and Maintenance"), "facilities manager: is asked about hazardous goods, and away")
	add(s.head("Information Services"), "administrator: people, roles, rules; stands in for the facilities manager")
	add(s.login("david6"), "accounts manager: observes")
	return append(all,
		SignIn{"Acme Works", "Ann Archer", "buys", "ann@acme.example"},
		SignIn{"Acme Works", "Bob Boss", "approves what Ann buys", "bob@acme.example"},
		SignIn{"Acme Works", "Cleo Clark", "manages the cost centre", "cleo@acme.example"},
		SignIn{"Acme Works", "Dan Director", "administrator", "dan@acme.example"},
		SignIn{"Globex", "Eve Evans", "administrator of another company", "eve@globex.example"},
		SignIn{"Seller", "Sam Seller", "the seller: owner of the office", "sam@seller.example"},
		SignIn{"Seller", "Sue Summers", "the seller's support", "sue@seller.example"})
}

// login finds a person of the source.
func (s *Source) login(name string) *Person {
	return s.People[slices.IndexFunc(s.People, func(p *Person) bool { return p.Login == name })]
}
