package matrix

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/pricing"
)

// sell makes what the seller's staff look after, and notes it: theirs are the companies, too.
func (w *World) sell(ctx context.Context) error {
	w.Members["sam"] = w.Sam.Member
	sellers := func(x *Thing) { x.Company, x.Relation = "seller", "the seller's" }
	now := w.DB.Times()
	w.put("customer", "acme", w.Acme, sellers, with("member", w.Ann.Member.String()))
	w.put("customer", "globex", w.Globex, sellers, with("member", w.Eve.Member.String()))
	w.gone("customer", "missing", id.NewCompany(now), with("member", w.Ann.Member.String()))
	w.put("customer's member", "acme", w.Ann.Member, sellers, with("company", w.Acme.String()))
	w.gone("customer's member", "missing", id.NewMember(now), with("company", w.Acme.String()))
	g, err := w.Pricesetting.CreateGroup(ctx, w.Sam, pricing.GroupFields{Code: "key", Name: "Key accounts"})
	if err != nil {
		return err
	}
	w.put("customer group", "seller", g.ID, sellers)
	w.gone("customer group", "missing", id.NewCustomerGroup(now))
	t, err := w.Granting.CreateTemplate(ctx, w.Sam, access.TemplateFields{Name: "Night shift", Permissions: access.SetOf(access.CatalogView)})
	if err != nil {
		return err
	}
	w.put("role template", "seller", t.ID, sellers)
	w.gone("role template", "missing", id.NewRoleTemplate(now))
	return nil
}

// staff makes those of the seller's who ask: with each role, with everything, and with each leaf alone and without it.
func (w *World) staff() {
	as := func(name string, set access.Set, change ...func(*Person)) {
		p := &Person{Name: "staff with " + name, Company: "seller", Member: "sam", At: "sam", Actor: w.Sam}
		for _, c := range change {
			c(p)
		}
		set = set.Normalise()
		p.Actor = p.Actor.Holding([]access.Grant{{Place: tree.Top, Set: set}})
		p.held = []grant{{"", leavesOf(set)}}
		w.add(p)
	}
	as("no role", access.Set{})
	for _, r := range access.Shipped(access.Staff) {
		as(r.Key, r.Set)
	}
	whole := access.SetOf(access.All(access.Staff)...)
	for _, leaf := range access.All(access.Staff) {
		only := func(p *Person) { p.Only = leaf.Code() }
		as("only "+leaf.Code(), access.SetOf(leaf), only)
		as("all but "+leaf.Code(), whole.Normalise().Clear(leaf), only)
	}
}

// elsewhere reports whether a permission is one of the other realm's: for who is here there is nothing behind it.
func (p *Person) elsewhere(leaf string) bool {
	l, err := access.Parse(leaf)
	if err != nil || l.Realm() == access.Self {
		return false
	}
	realm := access.Buyer
	if p.Company == "seller" {
		realm = access.Staff
	}
	there := access.Leaves(realm)
	return !there.Has(l)
}
