package matrix

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

// World is the cast with more people around Pat, and one of everything in every relation to her:
//
//	Dan
//	└─ acme
//	   ├─ fin
//	   │  ├─ Cleo
//	   │  └─ Tom       her sibling unit's
//	   └─ ops
//	      ├─ Bob
//	      │  └─ Ann    her colleague
//	      ├─ Pat       who asks
//	      │  └─ Sue    her subordinate
//	      └─ shop      a unit below hers
type World struct {
	*cast.World
	People  []*Person
	Things  map[string][]*Thing // by kind
	Samples map[string]string   // a thing of Acme, by the name under which an address or a form asks for it
	Members map[string]id.Member
	Session id.Session // Pat's, in which she asks

	Signing     *signing.Service
	Cataloguing *cataloguing.Service
	Purchasing  *purchasing.Service
	Approving   *approving.Service
	Budgeting   *budgeting.Service
	Organising  *organising.Service
	Granting    *granting.Service
	Auditing    *auditing.Service
	Notifying   *notifying.Service
	Exchanging  *exchanging.Service

	places map[string]string     // of members and units, by name
	buyers map[string]actorAt    // who owns purchase orders, orders and carts
	spare  map[string]id.Account // of members
}

type actorAt struct {
	access.Actor
	unit id.Unit
}

// New builds the world in an empty database.
func New(t *testing.T, db *store.DB) *World {
	t.Helper()
	guard := webhook.Guard{AllowPrivate: true}
	w := &World{
		World: cast.Acme(t, db), Things: map[string][]*Thing{}, Members: map[string]id.Member{},
		Signing: signing.New(db, signing.Options{}), Cataloguing: cataloguing.New(db), Purchasing: purchasing.New(db, step.NewRulebook()), Approving: approving.New(db),
		Budgeting: budgeting.New(db), Organising: organising.New(db), Granting: granting.New(db), Auditing: auditing.New(db),
		Notifying:  notifying.New(db, notifying.Settings{Public: "http://localhost"}),
		Exchanging: exchanging.New(db, exchanging.Settings{Public: "http://localhost", Guard: guard, Random: rand.Reader, Chance: func() float64 { return 0.5 }}),
		places: map[string]string{"dan": "dan", "acme": "dan/acme", "ops": "dan/acme/ops", "fin": "dan/acme/fin", "shop": "dan/acme/ops/shop", "bob": "dan/acme/ops/bob", "ann": "dan/acme/ops/bob/ann",
			"pat": "dan/acme/ops/pat", "sue": "dan/acme/ops/pat/sue", "tom": "dan/acme/fin/tom", "cleo": "dan/acme/fin/cleo", "eve": "eve", "globex": "eve/globex"},
	}
	for _, build := range []func(context.Context) error{w.hire, w.order, w.fund, w.rule, w.organise, w.grant, w.hook, w.keep, w.sample, w.people} {
		if err := build(context.Background()); err != nil {
			t.Fatal("matrix: build the world: ", err)
		}
	}
	return w
}

// relations of what belongs to people and units of Acme, to Pat.
var relations = map[string]string{"pat": "own", "sue": "subordinate's", "ann": "colleague's", "tom": "sibling unit's", "eve": "other company's",
	"ops": "own", "shop": "unit's below", "fin": "sibling unit's", "acme": "company's", "globex": "other company's"}

// put adds a thing that belongs to somebody or some unit, or to a whole company.
func (w *World) put(kind, whose string, key fmt.Stringer, change ...func(*Thing)) {
	x := &Thing{Relation: relations[whose], ID: key.String(), Company: "acme", With: map[string]string{}}
	if whose == "eve" || whose == "globex" {
		x.Company = "globex"
	}
	for _, c := range change {
		c(x)
	}
	w.Things[kind] = append(w.Things[kind], x)
}

func (w *World) owned(by, at string) func(*Thing) {
	return func(x *Thing) { x.Owner, x.OwnerAt, x.At = by, w.places[by], w.places[at] }
}

func (w *World) at(place string) func(*Thing) { return func(x *Thing) { x.At = w.places[place] } }

func with(pairs ...string) func(*Thing) {
	return func(x *Thing) {
		for i := 0; i+1 < len(pairs); i += 2 {
			x.With[pairs[i]] = pairs[i+1]
		}
	}
}

// gone adds a thing that is not there, as though there had been one, or never was.
func (w *World) gone(kind, relation string, key fmt.Stringer, change ...func(*Thing)) {
	w.put(kind, "", key, append(change, func(x *Thing) { x.Relation, x.Company = relation, "" })...)
}

func (w *World) unit(of string) id.Unit {
	if u, ok := w.Units[of]; ok {
		return u
	}
	return w.GlobexUnits[of]
}

func (w *World) pathOf(ctx context.Context, u id.Unit) (at tree.Path, err error) {
	err = w.DB.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		unit, err := tx.Companies.GetUnit(ctx, w.Acme, u)
		at = unit.Path
		return err
	})
	return at, err
}

// hire puts people around Pat.
func (w *World) hire(ctx context.Context) error {
	shop, err := w.Organising.CreateUnit(ctx, w.Dan, organising.CreateUnitInput{Code: "shop", Name: "Workshop", Under: company.Node{Kind: company.UnitNode, Unit: w.Units["ops"]}})
	if err != nil {
		return err
	}
	w.Units["shop"] = shop.ID
	under := func(u string) company.Node { return company.Node{Kind: company.UnitNode, Unit: w.Units[u]} }
	add := func(name, first, last string, below company.Node) error {
		m, err := w.Organising.AddMember(ctx, w.Dan, organising.AddMemberInput{Email: name + "@acme.example", First: first, Last: last, Role: w.Roles["buyer"], Under: below})
		w.Members[name] = m.ID
		return err
	}
	if err := add("pat", "Pat", "Porter", under("ops")); err != nil {
		return err
	}
	if err := add("sue", "Sue", "Summers", company.Node{Kind: company.MemberNode, Member: w.Members["pat"]}); err != nil {
		return err
	}
	if err := add("tom", "Tom", "Taylor", under("fin")); err != nil {
		return err
	}
	if err := add("ida", "Ida", "Idle", under("fin")); err != nil {
		return err
	}
	for name, a := range map[string]access.Actor{"ann": w.Ann, "bob": w.Bob, "cleo": w.Cleo, "dan": w.Dan, "eve": w.Eve} {
		w.Members[name] = a.Member
	}
	w.buyers = map[string]actorAt{"ann": {w.Ann, w.Units["ops"]}, "eve": {w.Eve, w.GlobexUnits["globex"]}}
	for name, unit := range map[string]string{"pat": "ops", "sue": "ops", "tom": "fin"} {
		a, err := w.Actor(ctx, w.Acme, w.Members[name])
		if err != nil {
			return err
		}
		w.buyers[name] = actorAt{a, w.Units[unit]}
	}
	return w.Organising.DeactivateMember(ctx, w.Dan, w.Members["ida"], 1)
}

// order makes for each buyer a purchase order that waits, an order that is placed, and a cart.
func (w *World) order(ctx context.Context) error {
	now := w.DB.Times()
	zero := money.Of(0, "EUR")
	all := approval.Rule{Name: "All", Enabled: true, Basis: approval.Net, Steps: []approval.Step{
		{}, {Above: &zero, Then: approval.Asks(approval.Source{Kind: approval.OfAdministrator})}}}
	for name, b := range w.buyers {
		boss := w.Dan
		if name == "eve" {
			boss = w.Eve
		}
		at := map[string]string{"tom": "fin", "eve": "globex"}[name]
		if at == "" {
			at = "ops"
		}
		placed, _, err := w.submit(ctx, b)
		if err != nil {
			return err
		}
		rule, err := w.Approving.CreateRule(ctx, boss, all)
		if err != nil {
			return err
		}
		pending, _, err := w.submit(ctx, b)
		if err != nil {
			return err
		}
		if err := w.Approving.DeleteRule(ctx, boss, rule.ID, rule.Version); err != nil {
			return err
		}
		c, err := w.Purchasing.Add(ctx, b.Actor, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(1)}}})
		if err != nil {
			return err
		}
		w.put("purchase order", name, pending.ID, w.owned(name, at))
		w.put("order", name, placed.Order, w.owned(name, at))
		w.put("cart", name, c.ID, w.owned(name, at))
		w.put("line", name, c.Lines[0].ID, w.owned(name, at), with("cart", c.ID.String(), "version", fmt.Sprint(c.Version)))
	}
	w.gone("purchase order", "missing", id.NewPurchaseOrder(now))
	w.gone("order", "missing", id.NewOrder(now))
	w.gone("cart", "missing", id.NewCart(now))
	w.gone("line", "missing", id.NewCartLine(now), with("cart", id.NewCart(now).String()))
	w.put("product", "", w.Products[1].ID, func(x *Thing) { x.Relation, x.Company = "the seller's", "all" })
	w.gone("product", "missing", id.NewProduct(now))
	return nil
}

func (w *World) submit(ctx context.Context, b actorAt) (done purchasing.Submitted, c cart.Cart, err error) {
	c, err = w.Purchasing.Add(ctx, b.Actor, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
	if err != nil {
		return done, c, err
	}
	done, err = w.Purchasing.Submit(ctx, b.Actor, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &cart.Checkout{Unit: b.unit, Payment: purchasing.OnAccount}})
	return done, c, err
}

// fund makes budgets and cost centres.
func (w *World) fund(ctx context.Context) error {
	now := w.DB.Times()
	open := func(boss access.Actor, whose string, owner budget.Owner, change ...func(*Thing)) error {
		b, err := w.Budgeting.Create(ctx, boss, budgeting.CreateInput{Name: "Budget of " + whose, Owner: owner, Limit: money.Of(100_000_00, "EUR"), Basis: budget.NetShipped,
			Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone})
		if err == nil {
			w.put("budget", whose, b.ID, change...)
		}
		return err
	}
	for _, name := range []string{"pat", "sue", "ann", "tom"} {
		if err := open(w.Dan, name, budget.Owner{Member: w.Members[name]}, w.owned(name, name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"ops", "shop", "fin"} {
		relation := relations[name]
		if name == "ops" {
			relation = "own unit's"
		}
		if err := open(w.Dan, name, budget.Owner{Unit: w.Units[name]}, w.at(name), func(x *Thing) { x.Relation = relation }); err != nil {
			return err
		}
	}
	if err := open(w.Dan, "acme", budget.Owner{}); err != nil {
		return err
	}
	if err := open(w.Eve, "globex", budget.Owner{}); err != nil {
		return err
	}
	w.gone("budget", "missing", id.NewBudget(now))

	for _, name := range []string{"ops", "shop", "fin", "acme", "globex"} {
		in := budgeting.CostCentreInput{Code: "X-" + name, Name: "Centre of " + name, Unit: w.unit(name)}
		boss, at := w.Dan, w.at(name)
		switch name {
		case "acme":
			in.Unit, at = id.Unit{}, w.at("")
		case "globex":
			in.Unit, boss = id.Unit{}, w.Eve
		}
		c, err := w.Budgeting.CreateCostCentre(ctx, boss, in)
		if err != nil {
			return err
		}
		w.put("cost centre", name, c.ID, at)
	}
	w.gone("cost centre", "missing", id.NewCostCentre(now))
	return nil
}

// rule makes approval rules, none of which asks anybody.
func (w *World) rule(ctx context.Context) error {
	for _, name := range []string{"ops", "shop", "fin", "acme", "globex"} {
		boss, at := w.Dan, w.at(name)
		rule := approval.Rule{Name: "Rule of " + name, Basis: approval.Net, Steps: []approval.Step{{}}}
		switch name {
		case "acme":
			at = w.at("")
		case "globex":
			boss = w.Eve
		default:
			rule.At.Unit = w.Units[name]
		}
		made, err := w.Approving.CreateRule(ctx, boss, rule)
		if err != nil {
			return err
		}
		w.put("rule", name, made.ID, at, with("home", unit(rule.At.Unit)))
	}
	old, err := w.Approving.CreateRule(ctx, w.Dan, approval.Rule{Name: "Old rule", Basis: approval.Net, Steps: []approval.Step{{}}})
	if err != nil {
		return err
	}
	w.gone("rule", "deleted", old.ID)
	w.gone("rule", "missing", id.NewRule(w.DB.Times()))
	return w.Approving.DeleteRule(ctx, w.Dan, old.ID, old.Version)
}

// unit is a unit as a form sends it; empty for none.
func unit(u id.Unit) string {
	if u.IsZero() {
		return ""
	}
	return u.String()
}

// organise notes the members and units.
func (w *World) organise(ctx context.Context) error {
	now := w.DB.Times()
	for _, name := range []string{"ops", "shop", "fin", "acme", "globex"} {
		w.put("unit", name, w.unit(name), w.at(name))
	}
	w.gone("unit", "missing", id.NewUnit(now))
	for _, name := range []string{"pat", "sue", "ann", "tom", "eve"} {
		w.put("member", name, w.Members[name], w.owned(name, name))
	}
	w.put("member", "acme", w.Members["ida"], func(x *Thing) { x.Relation = "who has left" })
	w.gone("member", "missing", id.NewMember(now))
	return nil
}

// grant makes roles, and gives them.
func (w *World) grant(ctx context.Context) error {
	now := w.DB.Times()
	spare := func(name string) (id.Role, error) {
		r, err := w.Granting.CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: name, Permissions: access.SetOf(access.CatalogView)})
		return r.ID, err
	}
	role, err := spare("Spare")
	if err != nil {
		return err
	}
	old, err := spare("Old")
	if err != nil {
		return err
	}
	if err := w.Granting.DeleteRole(ctx, w.Dan, old, 1); err != nil {
		return err
	}
	w.put("role", "acme", role)
	w.put("role", "globex", w.GlobexRoles["observer"])
	w.gone("role", "deleted", old)
	w.gone("role", "missing", id.NewRole(now))

	for name, at := range map[string]string{"pat": "ops", "sue": "ops", "ann": "ops", "tom": "fin"} {
		a, err := w.Granting.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Members[name], Role: role, Unit: w.Units[at]})
		if err != nil {
			return err
		}
		w.put("assignment", name, a.ID, w.owned(name, at), with("member", w.Members[name].String()), func(x *Thing) { x.SeenAt = w.places[name] })
	}
	taken, err := w.Granting.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Members["tom"], Role: role, Unit: w.Units["shop"]})
	if err != nil {
		return err
	}
	if err := w.Granting.Revoke(ctx, w.Dan, taken.ID); err != nil {
		return err
	}
	eves, err := w.Granting.Held(ctx, w.Eve, w.Eve.Member)
	if err != nil {
		return err
	}
	w.put("assignment", "eve", eves[0].ID, w.owned("eve", ""), with("member", w.Eve.Member.String()), func(x *Thing) { x.SeenAt = w.places["eve"] })
	w.gone("assignment", "deleted", taken.ID, with("member", w.Members["tom"].String()))
	w.gone("assignment", "missing", id.NewAssignment(now), with("member", w.Members["tom"].String()))
	return nil
}

// hook makes webhooks, with a delivery each.
func (w *World) hook(ctx context.Context) error {
	now := w.DB.Times()
	hang := func(boss access.Actor, name string) (exchanging.CreatedWebhook, error) {
		return w.Exchanging.CreateWebhook(ctx, boss, exchanging.CreateWebhookInput{Name: name, URL: "http://127.0.0.1:9/", Filters: []string{"webhook.*"}})
	}
	hooks := map[string]id.Webhook{}
	for name, boss := range map[string]access.Actor{"acme": w.Dan, "globex": w.Eve} {
		made, err := hang(boss, "ERP")
		if err != nil {
			return err
		}
		if err := w.Exchanging.TestWebhook(ctx, boss, made.ID); err != nil {
			return err
		}
		hooks[name] = made.ID
		w.put("webhook", name, made.ID)
	}
	for more := 1; more > 0; {
		var err error
		if more, err = w.Exchanging.Relay(ctx, access.System(id.Company{}), []exchanging.On{{Event: "webhook.pinged", Do: w.Exchanging.React}}); err != nil {
			return err
		}
	}
	for name, boss := range map[string]access.Actor{"acme": w.Dan, "globex": w.Eve} {
		list, err := w.Exchanging.ListDeliveries(ctx, boss, exchanging.ListDeliveriesInput{Webhook: hooks[name]})
		if err != nil {
			return err
		}
		w.put("delivery", name, list.Rows[0].ID, with("webhook", hooks[name].String()))
	}
	old, err := hang(w.Dan, "Old")
	if err != nil {
		return err
	}
	w.gone("webhook", "deleted", old.ID)
	w.gone("webhook", "missing", id.NewWebhook(now))
	w.gone("delivery", "missing", id.NewDelivery(now), with("webhook", hooks["acme"].String()))
	w.gone("delivery", "missing with its webhook", id.NewDelivery(now), with("webhook", id.NewWebhook(now).String()))
	return w.Exchanging.DeleteWebhook(ctx, w.Dan, old.ID)
}

// keep gives people sessions and notices.
func (w *World) keep(ctx context.Context) error {
	for _, name := range []string{"pat", "sue", "ann", "tom", "eve"} {
		key, whose := w.Acme, name
		if name == "eve" {
			key = w.Globex
		}
		err := w.DB.Write(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
			m, err := tx.Companies.GetMember(ctx, key, w.Members[name])
			if err != nil {
				return err
			}
			session := func() identity.Session {
				s := identity.Session{ID: id.NewSession(tx.Now), Account: m.Account, Company: key, Member: m.ID, Device: "a browser", CreatedAt: tx.Now, SeenAt: tx.Now, EndsAt: tx.Now.Add(time.Hour)}
				tx.Accounts.InsertSession(s, s.ID.String())
				return s
			}
			s := session()
			w.put("session", whose, s.ID, w.owned(name, name))
			if name == "pat" {
				w.Session = session().ID
			}
			n := notice.Notice{ID: id.NewNotice(tx.Now), Company: key, Member: m.ID, Event: notice.Event("order.placed"), Title: locale.Say("A notice"), CreatedAt: tx.Now}
			tx.Notices.Insert(n)
			w.put("notice", whose, n.ID, w.owned(name, name))
			return nil
		})
		if err != nil {
			return err
		}
	}
	now := w.DB.Times()
	w.gone("session", "missing", id.NewSession(now))
	w.gone("notice", "missing", id.NewNotice(now))
	w.put("company", "acme", w.Acme)
	w.put("company", "globex", w.Globex)
	w.gone("company", "missing", id.NewCompany(now))
	return nil
}

// sample names a thing of Acme for everything that an address or a form may ask for besides.
func (w *World) sample(context.Context) error {
	w.Samples = map[string]string{"unit": w.Units["ops"].String(), "ops": w.Units["ops"].String(), "product": w.Products[1].ID.String(), "member": w.Members["sue"].String(), "nobody": id.NewMember(w.DB.Times()).String()}
	for _, kind := range []string{"role", "rule", "budget", "webhook"} {
		w.Samples[kind] = w.Things[kind][0].ID
	}
	return nil
}
