package purchasing_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/purchasing"
)

// holding is a company that Acme belongs to, and whose rules it inherits. Hanna is a member of both, Hugo of the holding
// alone.
type holding struct {
	*world
	key         id.Company
	hanna, hugo id.Member
	here        id.Member // Hanna at Acme
	roles       map[string]id.Role
	rule        approval.Rule
	unit        id.Unit
}

func newHolding(t testing.TB, db *store.DB) *holding {
	t.Helper()
	h := &holding{world: newWorld(t, db), key: id.NewCompany(db.Times()), roles: map[string]id.Role{}}
	now := db.Times()
	h.write(func(tx *store.Tx) {
		tx.Companies.Insert(company.Company{ID: h.key, Number: "H-1", Name: "Holding", Status: company.Active, Currency: "EUR", Zone: "UTC", Language: "en", FiscalMonth: 1,
			PONumber: company.Optional, CostCentre: company.Optional, ExpiryDays: 14, CreatedAt: now})
		h.unit = id.NewUnit(now)
		tx.Companies.InsertUnit(h.key, company.Unit{ID: h.unit, Code: "HQ", Name: "HQ"})
		for _, r := range []access.Role{{Name: "Approver", Shipped: "approver"}, {Name: "Auditors"}, {Name: "Buyer", Shipped: "buyer"}} {
			r.ID = id.NewRole(now)
			h.roles[r.Name] = r.ID
			tx.Access.InsertRole(h.key, r)
		}
		for name, at := range map[string]*id.Member{"Hanna": &h.hanna, "Hugo": &h.hugo} {
			a := identity.Account{ID: id.NewAccount(now), Email: name + "@holding.example", First: name, Language: "en", Zone: "UTC", Active: true, CreatedAt: now}
			tx.Accounts.Insert(a)
			*at = id.NewMember(now)
			tx.Companies.InsertMember(h.key, company.Member{ID: *at, Account: a.ID, Name: name, Email: a.Email, Status: company.Working})
			if name == "Hanna" {
				h.here = id.NewMember(now)
				tx.Companies.InsertMember(h.company, company.Member{ID: h.here, Account: a.ID, Name: name, Email: a.Email, Status: company.Working, Home: h.key})
				tx.Companies.InsertNode(h.company, company.Node{Kind: company.MemberNode, Member: h.here, Path: "1.2.9."}, company.Node{Unit: h.world.unit})
				tx.Access.InsertAssignment(h.company, access.Assignment{ID: id.NewAssignment(now), Member: h.here, Role: h.approver(tx)})
			}
		}
	})
	h.belongs(company.Inherits{Rules: true})
	return h
}

// approver is Acme's own role of approvers.
func (h *holding) approver(tx *store.Tx) id.Role {
	var all []access.Role
	tx.Access.WantEveryRole(&all, h.company)
	if err := tx.Fetch(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	return all[slices.IndexFunc(all, func(r access.Role) bool { return r.Shipped == "approver" })].ID
}

// belongs says what Acme has of the holding.
func (h *holding) belongs(what company.Inherits) {
	h.write(func(tx *store.Tx) {
		tx.Companies.SetParent(company.Company{ID: h.company, Parent: h.key, Inherits: what})
		tx.Companies.SetRightsChanged(h.company)
	})
}

// set makes this the only rule of the holding.
func (h *holding) set(r approval.Rule) {
	h.t.Helper()
	r.ID, r.Company, r.Version, r.Basis = h.rule.ID, h.key, h.rule.Version+1, approval.Net
	if r.ID.IsZero() {
		r.ID = id.NewRule(h.db.Times())
	}
	if err := r.Check(); err != nil {
		h.t.Fatal(err)
	}
	h.write(func(tx *store.Tx) { tx.Approvals.SetRule(r, id.Member{}) })
	h.rule = r
}

// asked is who is asked of an order of five screws, each with why, stage by stage; nobody is an order that goes straight through.
func (h *holding) asked() string {
	h.t.Helper()
	a, err := h.purchasing.Preview(context.Background(), h.ann, h.filled(5).ID)
	if err != nil || len(a.Refusals) > 0 {
		h.t.Fatal(a, err)
	}
	var stages []string
	for _, s := range a.Plan.Stages {
		var groups []string
		for _, g := range s.Groups {
			var names []string
			for _, p := range g.Approvers {
				names = append(names, p.Name)
			}
			slices.Sort(names)
			groups = append(groups, strings.Join(names, " or ")+": "+g.Reasons[0].Title())
		}
		stages = append(stages, strings.Join(groups, "; "))
	}
	return strings.Join(stages, " → ")
}

// What a company has of its parent's rules: they come first, ask whoever is asked here, and cannot be stepped around.
func TestASubsidiaryInheritsApprovalRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHolding(t, db)
		always := func(of ...approval.Source) []approval.Step { return []approval.Step{{Then: approval.Asks(of...)}} }
		dollars := money.Of(1_000_00, "USD")
		manager := approval.Source{Kind: approval.OfManager, Level: 1}
		for _, c := range []struct {
			sentence string
			rule     approval.Rule
			asked    string
		}{
			{"a manager is the buyer's own", approval.Rule{Steps: always(manager)}, "Bob: Group (Holding)"},
			{"a shipped role is the same role here", approval.Rule{Steps: always(approval.Source{Kind: approval.OfRole, Role: h.roles["Approver"]})}, "Bob or Hanna: Group (Holding)"},
			{"a member of the parent who acts here", approval.Rule{Steps: always(approval.Source{Kind: approval.OfMember, Member: h.hanna})}, "Hanna: Group (Holding)"},
			{"one who does not is stood in for", approval.Rule{Steps: always(approval.Source{Kind: approval.OfMember, Member: h.hugo})}, "Bob: Group (Holding)"},
			{"a role that is not here is stood in for", approval.Rule{Steps: always(approval.Source{Kind: approval.OfRole, Role: h.roles["Auditors"]})}, "Bob: Group (Holding)"},
			{"a rule about the parent's units is not about ours", approval.Rule{AppliesTo: approval.AppliesTo{Units: []approval.Place{{Unit: h.unit}}}, Steps: always(manager)}, ""},
			{"nor a rule of one of them", approval.Rule{At: approval.Place{Unit: h.unit}, Steps: always(manager)}, ""},
			{"who is of the same role is meant", approval.Rule{AppliesTo: approval.AppliesTo{Roles: []id.Role{h.roles["Buyer"]}}, Steps: always(manager)}, "Bob: Group (Holding)"},
			{"who is not, is not", approval.Rule{AppliesTo: approval.AppliesTo{Roles: []id.Role{h.roles["Approver"]}}, Steps: always(manager)}, ""},
			{"a role that nobody can have here leaves nobody out", approval.Rule{AppliesTo: approval.AppliesTo{Roles: []id.Role{h.roles["Auditors"]}}, Steps: always(manager)}, "Bob: Group (Holding)"},
			{"nor where another one is here", approval.Rule{AppliesTo: approval.AppliesTo{Roles: []id.Role{h.roles["Auditors"], h.roles["Approver"]}}, Steps: always(manager)}, "Bob: Group (Holding)"},
			{"members of the parent do not order here", approval.Rule{AppliesTo: approval.AppliesTo{Members: []id.Member{h.hugo}}, Steps: always(manager)}, ""},
			{"another currency counts as above", approval.Rule{Steps: []approval.Step{{}, {Above: &dollars, Then: approval.Asks(manager)}}}, "Bob: Group (Holding)"},
			{"a rule that is off", approval.Rule{Steps: always(manager), Priority: -1}, ""},
		} {
			c.rule.Name, c.rule.Enabled = "Group", c.rule.Priority == 0
			h.set(c.rule)
			if got := h.asked(); got != c.asked {
				t.Errorf("%s: %q, want %q", c.sentence, got, c.asked)
			}
		}
		h.set(approval.Rule{Name: "Group", Enabled: true, Steps: always(manager)})
		own := approval.Rule{ID: id.NewRule(db.Times()), Company: h.company, Version: 1, Name: "Group", Enabled: true, Basis: approval.Net, Steps: always(approval.Source{Kind: approval.OfMember, Member: h.here})}
		h.write(func(tx *store.Tx) { tx.Approvals.SetRule(own, id.Member{}) })
		if got := h.asked(); got != "Bob: Group (Holding) → Hanna: Group" {
			t.Errorf("with a rule of our own: %q", got)
		}
		h.write(func(tx *store.Tx) {
			r := access.Role{ID: id.NewRole(db.Times()), Name: "Trusted", Set: access.SetOf(access.PurchaseOrdersAutoApprove)}
			tx.Access.InsertRole(h.company, r)
			tx.Access.InsertAssignment(h.company, access.Assignment{ID: id.NewAssignment(db.Times()), Member: h.ann.Member, Role: r.ID})
			tx.Companies.SetRightsChanged(h.company)
		})
		if got := h.asked(); got != "Bob: Group (Holding) → Hanna: Group" {
			t.Errorf("who is trusted here steps around the parent's rule: %q", got)
		}
		h.belongs(company.Inherits{})
		if got := h.asked(); got != "" {
			t.Errorf("what is not inherited: %q", got)
		}
	})
}

// The plan of a purchase order bears the name of the company above and nothing else of it, and costs no round trip more.
func TestAnInheritedRuleIsKeptWithThePlan(t *testing.T) {
	db := storetest.Open(t, storetest.Database(t), nil)
	h := newHolding(t, db)
	h.set(approval.Rule{Name: "Group", Enabled: true, Steps: []approval.Step{{Then: approval.Asks(approval.Source{Kind: approval.OfMember, Member: h.hanna}, approval.Source{Kind: approval.OfMember, Member: h.hugo})}}})
	ctx := t.Context()
	ann, err := db.Rights(ctx, h.ann)
	if err != nil {
		t.Fatal(err)
	}
	for warm := range 2 {
		c := h.filled(5)
		began := db.Engine().Trips()
		done, err := h.purchasing.Submit(ctx, ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		if err != nil || done.State != approval.PendingApproval {
			t.Fatal(done, err)
		}
		if n := db.Engine().Trips() - began; warm > 0 && n > 5 { // no more than without a parent; the limit is seven
			t.Errorf("it took %d round trips", n)
		}
		var po approval.PurchaseOrder
		h.write(func(tx *store.Tx) {
			if po, err = tx.Approvals.Get(ctx, h.company, done.ID); err != nil {
				t.Fatal(err)
			}
		})
		why := po.Needs[0].Reason
		if why.Of != (approval.Parent{Number: "H-1", Name: "Holding"}) || !why.Rule.IsZero() || po.Plan.Stages[0].Groups[0].Reasons[0].Title() != "Group (Holding)" {
			t.Errorf("%+v", why)
		}
		for _, s := range po.Needs[0].Requirement.Stages[0].Groups[0].Of {
			if s != (approval.Source{Kind: approval.OfMember, Member: h.here}) && s != (approval.Source{Kind: approval.OfAbsent}) {
				t.Errorf("it names %+v", s)
			}
		}
	}
}
