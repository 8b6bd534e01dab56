package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

// model is a company as a child would draw it: who stands under whom, by number. It knows nothing of paths, sets or
// grants; what it says is held against what the product says.
type model struct {
	parent []int // of each node, -1 at the top
	isUnit []bool
	works  []bool
	signs  []bool
	roles  [][]string // the codes of each role
	given  []handed
	regime access.Regime // the company's status
	staff  bool          // it is the seller's own organisation
}

type handed struct {
	member, role int
	unit         int // -1 is the whole company
	lost         bool
	from, until  int // days from now; 0 is always
}

// under reports whether a node stands below another one, or is it.
func (m *model) under(node, above int) bool {
	for ; node >= 0; node = m.parent[node] {
		if node == above {
			return true
		}
	}
	return false
}

// may is what the words of the specification say, one after the other; what the product knows of reaches it does not ask.
func (m *model) may(who int, code string, owner, at int) bool {
	if m.regime == access.Shut || !m.works[who] || !m.signs[who] {
		return false
	}
	if owner < 0 {
		return m.has(who, at, code)
	}
	own, below := owner == who, owner != who && m.under(owner, who)
	reach := func(mine, theirs, anybodys string) bool {
		return own && mine != "" && m.has(who, at, mine) || below && theirs != "" && m.has(who, at, theirs) || anybodys != "" && m.has(who, at, anybodys)
	}
	switch code {
	case "orders.view", "orders.view.subordinates", "orders.view.company":
		return reach("orders.view", "orders.view.subordinates", "orders.view.company")
	case "orders.cancel", "orders.cancel.subordinates", "orders.cancel.company":
		return reach("orders.cancel", "orders.cancel.subordinates", "orders.cancel.company")
	case "purchase_orders.view", "purchase_orders.view.subordinates", "purchase_orders.view.company":
		return reach("purchase_orders.view", "purchase_orders.view.subordinates", "purchase_orders.view.company")
	case "quotes.view", "quotes.view.subordinates":
		return reach("quotes.view", "quotes.view.subordinates", "")
	case "budgets.view", "budgets.view.company":
		return reach("budgets.view", "", "budgets.view.company")
	case "users.view": // everybody sees themselves
		return own || m.has(who, at, "users.view")
	case "limits.view": // with the member, or not at all
		return reach("limits.view", "limits.view", "limits.manage") && (own || m.has(who, at, "users.view"))
	case "limits.manage", "budgets.manage", "purchase_orders.approve", "purchase_orders.override": // never on one's own
		return !own && m.has(who, at, code)
	case "carts.manage", "checkout.place", "checkout.on_account", "checkout.custom_address", "checkout.without_budget", "purchase_orders.auto_approve": // in one's own cart
		return own && m.has(who, at, code)
	}
	return m.has(who, at, code)
}

// has reports whether a role gives somebody a leaf at a place now.
func (m *model) has(who, at int, code string) bool {
	for _, g := range m.given {
		if g.member != who || g.lost || g.from > 0 || g.until < 0 {
			continue
		}
		if g.unit >= 0 && (at < 0 || !m.under(at, g.unit)) {
			continue
		}
		if slices.Contains(m.roles[g.role], code) && (m.regime == access.Free || slices.Contains(leftBy[m.regime], code)) {
			return true
		}
	}
	return false
}

// leftBy is what each status of a company leaves to its members, by code, as the specification and its table in docs/companies.md have
// it, written down by hand: it asks nothing of what it is compared with. An active company leaves everything.
var leftBy = map[access.Regime][]string{
	// Look, download, reject and withdraw.
	access.Looking: {
		"catalog.view", "prices.view", "lists.view", "orders.view", "orders.view.subordinates", "orders.view.company", "documents.download",
		"quotes.view", "quotes.view.subordinates", "quote_templates.view", "quote_templates.view.subordinates",
		"purchase_orders.view", "purchase_orders.view.subordinates", "purchase_orders.view.company", "purchase_orders.approve",
		"approval_rules.view", "limits.view", "budgets.view", "budgets.view.company", "cost_centres.view", "credit.view", "reports.view",
		"company.view", "legal_address.view", "contacts.view", "payment_info.view", "shipping_info.view", "addresses.view", "roles.view", "users.view", "audit.view",
	},
	access.Waiting:       {"company.view", "legal_address.view", "contacts.view"},
	access.WaitingGoods:  {"company.view", "legal_address.view", "contacts.view", "catalog.view"},
	access.WaitingPrices: {"company.view", "legal_address.view", "contacts.view", "catalog.view", "prices.view"},
	access.Amending:      {"company.view", "legal_address.view", "contacts.view", "company.edit", "legal_address.edit"},
	access.Shut:          {},
}

// world is the same company as the product sees it.
type world struct {
	model
	paths    []tree.Path
	keys     []id.Member
	subjects []access.Subject
	moment   access.Moment
}

func random(r *rand.Rand) *world {
	w := &world{}
	nodes := 2 + r.IntN(40)
	all := access.All(access.Buyer)
	switch r.IntN(8) {
	case 0: // the seller is always open
		w.staff, all = true, access.All(access.Staff)
	case 1, 2, 3:
		w.regime = access.Regime(1 + r.IntN(int(access.Shut)))
	}
	for n := range nodes {
		p := -1
		if n > 0 && r.IntN(10) > 0 {
			p = r.IntN(n)
		}
		w.parent = append(w.parent, p)
		w.isUnit = append(w.isUnit, r.IntN(3) == 0)
		w.works, w.signs = append(w.works, r.IntN(10) > 0), append(w.signs, r.IntN(10) > 0)
		above := tree.Top
		if p >= 0 {
			above = w.paths[p]
		}
		w.paths, w.keys = append(w.paths, above.Child(int64(n))), append(w.keys, id.NewMember(now))
	}
	for range 1 + r.IntN(5) {
		var s access.Set
		for range 1 + r.IntN(12) {
			s.Add(all[r.IntN(len(all))])
		}
		w.roles = append(w.roles, s.Normalise().Codes())
	}
	for range r.IntN(3 * nodes) {
		g := handed{member: r.IntN(nodes), role: r.IntN(len(w.roles)), unit: -1, from: r.IntN(5) - 3, until: 3 - r.IntN(5)}
		if r.IntN(2) == 0 {
			g.unit = r.IntN(nodes)
			g.lost = r.IntN(15) == 0
		}
		w.given = append(w.given, g)
	}
	w.moment = access.Moment{Now: now, Regime: w.regime}
	for n := range nodes {
		s := access.Subject{Member: w.keys[n], Name: fmt.Sprint("M", n), At: w.paths[n], Works: w.works[n], Signs: w.signs[n]}
		for _, g := range w.given {
			if g.member == n {
				s.Given = append(s.Given, w.assignment(g))
			}
		}
		w.subjects = append(w.subjects, s)
	}
	return w
}

func (w *world) assignment(g handed) access.Given {
	set, err := access.ParseSet(w.realm(), w.roles[g.role])
	if err != nil {
		panic(err) // the codes are the tree's own
	}
	a := access.Given{Gives: access.Role{Name: fmt.Sprint("R", g.role), Set: set}, Known: !g.lost}
	if g.unit >= 0 {
		a.Unit, a.Place, a.Where = id.NewUnit(now), w.paths[g.unit], fmt.Sprint("U", g.unit)
	}
	if g.from != 0 {
		a.From = now.AddDate(0, 0, g.from)
	}
	if g.until != 0 {
		a.Until = now.AddDate(0, 0, g.until)
	}
	return a
}

// realm is whose permissions there are.
func (w *world) realm() access.Realm {
	if w.staff {
		return access.Staff
	}
	return access.Buyer
}

// actor is the member as a request would make them.
func (w *world) actor(n int) access.Actor {
	s := w.subjects[n]
	a := access.Actor{Kind: access.Member, Member: s.Member, At: s.At, Regime: w.regime, Realm: w.realm()}
	if w.regime == access.Shut || !s.Works || !s.Signs {
		return access.Actor{Kind: access.Nobody} // nobody signs in as them
	}
	var grants []access.Grant
	for _, g := range s.Given {
		if g.Counts(now) {
			grants = append(grants, access.Grant{Place: g.Place, Set: g.Gives.Set})
		}
	}
	return a.Holding(grants)
}

// A million random decisions: the review functions, the actor that every request asks, and the model agree on each.
func TestReviewAgreesWithTheModel(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	yes, drawn := 0, map[access.Regime]int{}
	for range 2000 {
		w := random(r)
		drawn[w.regime]++
		all := access.All(access.Buyer)
		if w.staff {
			all = access.Leaves(access.Staff).List()
		}
		actors := make([]access.Actor, len(w.parent))
		for n := range actors {
			actors[n] = w.actor(n)
		}
		for range 500 {
			who, owner, at := r.IntN(len(w.parent)), r.IntN(len(w.parent)+1)-1, r.IntN(len(w.parent)+1)-1
			p := all[r.IntN(len(all))]
			if len(w.given) > 0 && r.IntN(2) == 0 { // half of the questions are about what somebody has
				g := w.given[r.IntN(len(w.given))]
				codes := w.roles[g.role]
				who = g.member
				p, _ = access.Parse(codes[r.IntN(len(codes))]) // it is one of the tree
			}
			q := access.Question{Permission: p}
			if owner >= 0 {
				q.About.Owner, q.About.OwnerAt = w.keys[owner], w.paths[owner]
			}
			if at >= 0 {
				q.About.At = w.paths[at]
			}
			want := w.may(who, p.Code(), owner, at)
			got := len(w.subjects[who].Ways(q, w.moment)) > 0
			why := w.subjects[who].Why(q, w.moment)
			asked := asks(actors[who], p, q.About)
			if got != want || why.Allowed != want || asked != want {
				t.Fatalf("seed %d: may %d %s of %d at %d: the model says %v, who-can %v, why %v, the actor %v", seed, who, p.Code(), owner, at, want, got, why.Allowed, asked)
			}
			if want {
				yes++
				if (p != access.UsersView || owner != who) && !slices.ContainsFunc(why.Steps, func(s access.Step) bool { return s.Holds && strings.HasPrefix(s.Says.In(locale.English), "The role") }) {
					t.Fatalf("seed %d: allowed, and no step says by which role: %v", seed, why.Steps)
				}
			}
			if owner < 0 && effective(w.subjects[who].Effective(w.moment), p, q.About.At) != want {
				t.Fatalf("seed %d: may %d %s at %d: the model says %v, what-can not", seed, who, p.Code(), at, want)
			}
		}
	}
	if yes < 50_000 {
		t.Errorf("only %d of the decisions were a yes: the questions are too easy", yes)
	}
	if len(drawn) != int(access.Shut)+1 {
		t.Errorf("not every status was drawn: %v", drawn)
	}
}

// asks is what the use cases ask of the actor of a request.
func asks(a access.Actor, p access.Permission, t access.Thing) bool {
	own := a.Member == t.Owner
	if t.Owner.IsZero() {
		return a.May(p, t.At)
	}
	switch p {
	case access.OrdersView, access.OrdersViewSubordinates, access.OrdersViewCompany:
		return a.Reaches(access.ViewOrders, t)
	case access.OrdersCancel, access.OrdersCancelSubordinates, access.OrdersCancelCompany:
		return a.Reaches(access.CancelOrders, t)
	case access.PurchaseOrdersView, access.PurchaseOrdersViewSubordinates, access.PurchaseOrdersViewCompany:
		return a.Reaches(access.ViewPurchaseOrders, t)
	case access.QuotesView, access.QuotesViewSubordinates:
		return a.Reaches(access.ViewQuotes, t)
	case access.BudgetsView, access.BudgetsViewCompany:
		return a.Reaches(access.ViewBudgets, t)
	case access.UsersView:
		return a.Kind == access.Member && a.Reaches(access.ViewMembers, t)
	case access.LimitsView:
		return a.Reaches(access.ViewMembers, t) && a.Reaches(access.ViewLimits, t)
	case access.LimitsManage, access.BudgetsManage, access.PurchaseOrdersApprove, access.PurchaseOrdersOverride:
		return !own && a.May(p, t.At)
	case access.CartsManage, access.CheckoutPlace, access.CheckoutOnAccount, access.CheckoutCustomAddress, access.CheckoutWithoutBudget, access.PurchaseOrdersAutoApprove:
		return own && a.May(p, t.At)
	}
	return a.May(p, t.At)
}

func effective(all []access.Origin, p access.Permission, at tree.Path) bool {
	for _, o := range all {
		if o.Permission == p && o.Place.Covers(at) && len(o.From) > 0 {
			return true
		}
	}
	return false
}

func TestWhyInWords(t *testing.T) {
	w := world{paths: []tree.Path{"1.", "1.2.", "1.2.3.", "1.4."}}
	buyer, _ := access.ParseSet(access.Buyer, []string{"orders.view"})
	chief, _ := access.ParseSet(access.Buyer, []string{"orders.view.subordinates"})
	ann, bob := id.NewMember(now), id.NewMember(now.Add(time.Second))
	at := func(path tree.Path, where string, role string, s access.Set) access.Given {
		g := access.Given{Gives: access.Role{Name: role, Set: s}, Known: true}
		if where != "" {
			g.Unit, g.Place, g.Where = id.NewUnit(now), path, where
		}
		return g
	}
	subject := func(path tree.Path, given ...access.Given) access.Subject {
		return access.Subject{Member: bob, Name: "Bob", At: path, Works: true, Signs: true, Given: given}
	}
	open := access.Moment{Now: now}
	annsOrder := access.Question{Permission: access.OrdersView, About: access.Thing{Owner: ann, OwnerAt: "1.2.3.", At: "1."}}
	own := func(p access.Permission) access.Question {
		return access.Question{Permission: p, About: access.Thing{Owner: bob, OwnerAt: "1.2.", At: "1."}}
	}
	over := at("", "", "Approver", chief)
	over.Until = now.Add(-time.Hour)
	soon := at("", "", "Approver", chief)
	soon.From = now.Add(time.Hour)
	lost := at("1.4.", "Sales", "Approver", chief)
	lost.Known = false
	gone, shut := subject(w.paths[1], at("", "", "Approver", chief)), subject(w.paths[1], at("", "", "Approver", chief))
	gone.Works, shut.Signs = false, false
	waits := subject(w.paths[1], at("", "", "Approver", chief))
	waits.Works, waits.Signs, waits.Invited = false, false, true
	if len(waits.Effective(open)) > 0 || len(waits.Accepted().Effective(open)) == 0 || len(waits.Ways(annsOrder, open)) > 0 {
		t.Error("who has not accepted yet may do what they may once they do")
	}
	for _, row := range []struct {
		what string
		who  access.Subject
		q    access.Question
		m    access.Moment
		want bool
		says string
	}{
		{"a manager sees the orders of those below", subject("1.2.", at("", "", "Approver", chief)), annsOrder, open, true,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Approver”, given for the whole company, has “View orders of subordinates”."},
		{"given at a unit", subject("1.2.", at("1.", "Works", "Approver", chief)), annsOrder, open, true,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Approver”, given at Works and below, has “View orders of subordinates”."},
		{"given elsewhere", subject("1.2.", at("1.4.", "Sales", "Approver", chief)), annsOrder, open, false,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Approver” has “View orders of subordinates”, but only at Sales and below, and this lies elsewhere."},
		{"not their manager", subject("1.4.", at("", "", "Approver", chief)), annsOrder, open, false,
			"Bob is active. It is not their own. Its owner does not stand below them in the structure. No role of Bob has the permission “View all orders of the company”."},
		{"a time that is over", subject("1.2.", over), annsOrder, open, false,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Approver” has “View orders of subordinates”, but it was given for a time that is over."},
		{"a time to come", subject("1.2.", soon), annsOrder, open, false,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Approver” has “View orders of subordinates”, but it was given for a time that has not begun."},
		{"a unit that is gone", subject("1.2.", lost), annsOrder, open, false,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Approver” has “View orders of subordinates”, but the unit that it was given at is no longer in the structure."},
		{"a place", subject("1.2.", at("", "", "Buyer", buyer)), access.Question{Permission: access.OrdersView}, open, true,
			"Bob is active. The role “Buyer”, given for the whole company, has “View own orders”."},
		{"who has left", gone, annsOrder, open, false, "Bob has left the company, so nothing given to them counts."},
		{"who has not accepted yet", waits, annsOrder, open, false, "Bob was invited and has not accepted yet: what was given to them counts from then on. It is not their own. " +
			"Its owner stands below them in the structure. The role “Approver”, given for the whole company, has “View orders of subordinates”."},
		{"whose account is shut", shut, annsOrder, open, false, "The account of Bob cannot sign in, so nothing given to them counts."},
		{"a company that is not active", subject("1.2."), annsOrder, access.Moment{Now: now, Regime: access.Shut}, false, "The company is not active, so nobody may do anything in it."},
		{"a blocked company", subject("1.2.", at("", "", "Rules", access.SetOf(access.ApprovalRulesManage).Normalise())), access.Question{Permission: access.ApprovalRulesManage},
			access.Moment{Now: now, Regime: access.Looking}, false,
			"Bob is active. The role “Rules” has “Create, edit, delete approval rules”, but the company is blocked at the moment."},
		{"a company that waits", subject("1.2.", at("", "", "Rules", access.SetOf(access.ApprovalRulesManage).Normalise())), access.Question{Permission: access.ApprovalRulesManage},
			access.Moment{Now: now, Regime: access.WaitingPrices}, false,
			"Bob is active. The role “Rules” has “Create, edit, delete approval rules”, but the seller has not admitted the company."},
		{"nobody approves their own", subject("1.2.", at("", "", "Approver", access.SetOf(access.PurchaseOrdersApprove))), own(access.PurchaseOrdersApprove), open, false,
			"Bob is active. It is their own, and nobody decides on their own purchase order."},
		{"nor overrides", subject("1.2.", at("", "", "Approver", access.SetOf(access.PurchaseOrdersOverride))), own(access.PurchaseOrdersOverride), open, false,
			"Bob is active. It is their own, and nobody decides on their own purchase order."},
		{"nor sets their limit", subject("1.2.", at("", "", "Chief", access.SetOf(access.LimitsManage))), own(access.LimitsManage), open, false,
			"Bob is active. It is their own, and nobody decides on their own approval limit."},
		{"nor their budget", subject("1.2.", at("", "", "Chief", access.SetOf(access.BudgetsManage))), own(access.BudgetsManage), open, false,
			"Bob is active. It is their own, and nobody decides on their own budget."},
		{"somebody else's they approve", subject("1.2.", at("", "", "Approver", access.SetOf(access.PurchaseOrdersApprove))),
			access.Question{Permission: access.PurchaseOrdersApprove, About: annsOrder.About}, open, true,
			"Bob is active. The role “Approver”, given for the whole company, has “Decide on purchase orders that are routed to me”."},
		{"everybody sees themselves", subject("1.2."), own(access.UsersView), open, true, "Bob is active. Everybody sees themselves."},
		{"their own limit", subject("1.2.", at("", "", "Buyer", access.SetOf(access.LimitsView))), own(access.LimitsView), open, true,
			"Bob is active. It is their own. The role “Buyer”, given for the whole company, has “View spending limits: mine and of those below me”. Everybody sees themselves."},
		{"the limit of somebody whom they do not see", subject("1.2.", at("", "", "Buyer", access.SetOf(access.LimitsView))), access.Question{Permission: access.LimitsView, About: annsOrder.About}, open, false,
			"Bob is active. It is not their own. Its owner stands below them in the structure. The role “Buyer”, given for the whole company, has “View spending limits: mine and of those below me”. No role of Bob has the permission “View users and teams”."},
		{"the limit of somebody elsewhere", subject("1.4.", at("", "", "Buyer", access.SetOf(access.LimitsView, access.UsersView))), access.Question{Permission: access.LimitsView, About: annsOrder.About}, open, false,
			"Bob is active. It is not their own. Its owner does not stand below them in the structure. No role of Bob has the permission “Define spending limits for others”. The role “Buyer”, given for the whole company, has “View users and teams”."},
		{"somebody else's cart", subject("1.2.", at("", "", "Buyer", access.SetOf(access.CartsManage))), access.Question{Permission: access.CartsManage, About: annsOrder.About}, open, false,
			"Bob is active. It is not their own."},
	} {
		t.Run(row.what, func(t *testing.T) {
			trace := row.who.Why(row.q, row.m)
			var says []string
			for _, s := range trace.Steps {
				says = append(says, s.Says.In(locale.English))
			}
			if got := strings.Join(says, " "); got != row.says || trace.Allowed != row.want {
				t.Errorf("%v: %s", trace.Allowed, got)
			}
		})
	}
}

func TestCompareRoles(t *testing.T) {
	a, b := access.Role{Set: access.SetOf(access.CatalogView, access.PricesView)}, access.Role{Set: access.SetOf(access.PricesView, access.CartsManage)}
	d := a.Compare(b)
	if d.Both != access.SetOf(access.PricesView) || d.OnlyFirst != access.SetOf(access.CatalogView) || d.OnlySecond != access.SetOf(access.CartsManage) {
		t.Errorf("%v", d)
	}
}
