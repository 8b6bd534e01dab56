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
	parent  []int // of each node, -1 at the top
	isUnit  []bool
	works   []bool
	signs   []bool
	roles   [][]string // the codes of each role
	given   []handed
	open    bool
	blocked bool
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

// may is what the words of the specification say, one after the other.
func (m *model) may(who int, code string, owner, at int) bool {
	if !m.open || !m.works[who] || !m.signs[who] {
		return false
	}
	wanted := []string{code}
	for _, act := range []string{"orders.view", "orders.cancel", "purchase_orders.view", "quotes.view", "budgets.view"} {
		if owner < 0 || code != act && code != act+".subordinates" && code != act+".company" {
			continue
		}
		wanted = []string{act + ".company"}
		if owner == who {
			wanted = append(wanted, act)
		}
		if owner != who && m.under(owner, who) {
			wanted = append(wanted, act+".subordinates")
		}
	}
	for _, g := range m.given {
		if g.member != who || g.lost || g.from > 0 || g.until < 0 {
			continue
		}
		if g.unit >= 0 && (at < 0 || !m.under(at, g.unit)) {
			continue
		}
		for _, w := range wanted {
			if slices.Contains(m.roles[g.role], w) && (!m.blocked || keptWhenBlocked[w]) {
				return true
			}
		}
	}
	return false
}

// keptWhenBlocked is what a blocked company's members go on with, as the specification has it: look and download.
var keptWhenBlocked = func() map[string]bool {
	kept := map[string]bool{}
	for _, p := range access.All(access.Buyer) {
		if a := (access.Actor{Kind: access.Member, Regime: access.Looking}).Holding([]access.Grant{{Set: access.SetOf(p)}}); a.May(p, tree.Top) {
			kept[p.Code()] = true
		}
	}
	return kept
}()

// world is the same company as the product sees it.
type world struct {
	model
	paths    []tree.Path
	keys     []id.Member
	subjects []access.Subject
	moment   access.Moment
}

func random(r *rand.Rand) *world {
	w := &world{model: model{open: r.IntN(20) > 0, blocked: r.IntN(6) == 0}}
	nodes := 2 + r.IntN(40)
	all := access.All(access.Buyer)
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
	w.moment = access.Moment{Now: now, Regime: w.regime()}
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
	set, err := access.ParseSet(access.Buyer, w.roles[g.role])
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

// regime is what the seller leaves to the company.
func (w *world) regime() access.Regime {
	switch {
	case !w.open:
		return access.Shut
	case w.blocked:
		return access.Looking
	}
	return access.Free
}

// actor is the member as a request would make them.
func (w *world) actor(n int) access.Actor {
	s := w.subjects[n]
	a := access.Actor{Kind: access.Member, Member: s.Member, At: s.At, Regime: w.regime()}
	var grants []access.Grant
	if w.open && s.Works && s.Signs {
		for _, g := range s.Given {
			if g.Counts(now) {
				grants = append(grants, access.Grant{Place: g.Place, Set: g.Gives.Set})
			}
		}
	}
	return a.Holding(grants)
}

// A million random decisions: the review functions, the actor that every request asks, and the model agree on each.
func TestReviewAgreesWithTheModel(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	all := access.All(access.Buyer)
	yes := 0
	for range 2000 {
		w := random(r)
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
			asked := actors[who].May(p, q.About.At)
			if act, ok := p.Act(); ok && owner >= 0 {
				asked = actors[who].Reaches(act, q.About)
			}
			if got != want || why.Allowed != want || asked != want {
				t.Fatalf("seed %d: may %d %s of %d at %d: the model says %v, who-can %v, why %v, the actor %v", seed, who, p.Code(), owner, at, want, got, why.Allowed, asked)
			}
			if want {
				yes++
				if !slices.ContainsFunc(why.Steps, func(s access.Step) bool { return s.Holds && strings.HasPrefix(s.Says.In(locale.English), "The role") }) {
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
	over := at("", "", "Approver", chief)
	over.Until = now.Add(-time.Hour)
	soon := at("", "", "Approver", chief)
	soon.From = now.Add(time.Hour)
	lost := at("1.4.", "Sales", "Approver", chief)
	lost.Known = false
	gone, shut := subject(w.paths[1], at("", "", "Approver", chief)), subject(w.paths[1], at("", "", "Approver", chief))
	gone.Works, shut.Signs = false, false
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
		{"whose account is shut", shut, annsOrder, open, false, "The account of Bob cannot sign in, so nothing given to them counts."},
		{"a company that is not active", subject("1.2."), annsOrder, access.Moment{Now: now, Regime: access.Shut}, false, "The company is not active, so nobody may do anything in it."},
		{"a blocked company", subject("1.2.", at("", "", "Rules", access.SetOf(access.ApprovalRulesManage).Normalise())), access.Question{Permission: access.ApprovalRulesManage},
			access.Moment{Now: now, Regime: access.Looking}, false,
			"Bob is active. The role “Rules” has “Create, edit, delete approval rules”, but the company is blocked at the moment."},
		{"a company that waits", subject("1.2.", at("", "", "Rules", access.SetOf(access.ApprovalRulesManage).Normalise())), access.Question{Permission: access.ApprovalRulesManage},
			access.Moment{Now: now, Regime: access.WaitingPrices}, false,
			"Bob is active. The role “Rules” has “Create, edit, delete approval rules”, but the seller has not admitted the company."},
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
