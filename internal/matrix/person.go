package matrix

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

// Person is somebody who asks. Nobody, who has not signed in, is a nil Person.
type Person struct {
	Name    string
	Token   string // by which the edge's test knows them
	Actor   access.Actor
	Company string // acme or globex
	Member  string // whose things are their own
	At      string // where they stand
	Only    string // asks only routes that need this permission, if it is not empty
	Glances bool   // one of many: asks only about what is none of theirs
	Blocked bool   // their company is, and they would hold everything if it were not
	held    []grant
}

// grant is a set of permissions at a place; "" is the whole company.
type grant struct {
	place  string
	leaves map[string]bool
}

func (p *Person) String() string {
	if p == nil {
		return "nobody"
	}
	return p.Name
}

// asks reports whether somebody is asked for at a route.
func (p *Person) asks(n Need) bool {
	if p != nil && p.Company == "seller" && (n.Buyers || n.Mentions) {
		return false
	}
	return p == nil || p.Only == "" || n.Leaf != "" && slices.Contains(needed(n.Leaf), p.Only)
}

func (p *Person) holds(leaf, at string) bool {
	if leaf == selfLeaf {
		return true
	}
	for _, g := range p.held {
		if g.leaves[leaf] && covers(g.place, at) {
			return true
		}
	}
	return false
}

func (p *Person) somewhere(leaf string) bool {
	if leaf == selfLeaf {
		return true
	}
	return slices.ContainsFunc(p.held, func(g grant) bool { return g.leaves[leaf] })
}

// selfLeaf is what everybody may who has signed in.
const selfLeaf = "self.account"

// covers reports whether what lies at one place lies within another.
func covers(place, at string) bool {
	return place == "" || place == at || strings.HasPrefix(at, place+"/")
}

// above is the place above another.
func above(at string) string { return at[:max(0, strings.LastIndex(at, "/"))] }

// needed is a permission and all that it needs.
func needed(leaf string) []string {
	p, err := access.Parse(leaf)
	if err != nil {
		panic("matrix: there is no permission " + leaf)
	}
	return access.SetOf(p).Normalise().Codes()
}

// people makes everybody who asks. The roles at work are Pat's, one after the other, so that what is hers and what is
// below her stays the same.
func (w *World) people(ctx context.Context) error {
	w.People = []*Person{nil}
	real := func(name, company, at string, actor access.Actor, role string) {
		p := &Person{Name: name, Company: company, Member: name, At: at, Actor: actor}
		for _, r := range access.Shipped(access.Buyer) {
			if r.Key == role {
				p.held = []grant{{"", leavesOf(r.Set)}}
			}
		}
		w.add(p)
	}
	for _, a := range []*access.Actor{&w.Ann, &w.Bob, &w.Cleo, &w.Dan, &w.Eve} {
		again, err := w.Again(ctx, *a)
		if err != nil {
			return err
		}
		*a = again
	}
	real("ann", "acme", "dan/acme/ops/bob/ann", w.Ann, "buyer")
	real("bob", "acme", "dan/acme/ops/bob", w.Bob, "approver")
	real("cleo", "acme", "dan/acme/fin/cleo", w.Cleo, "cost_centre_manager")
	real("dan", "acme", "dan", w.Dan, "administrator")
	real("eve", "globex", "eve", w.Eve, "administrator")

	pat, err := w.Actor(ctx, w.Acme, w.Members["pat"])
	if err != nil {
		return err
	}
	pat.Session = w.Session
	places := map[string]tree.Path{"": tree.Top}
	for _, u := range []struct{ at, code string }{{"dan/acme/ops", "ops"}, {"dan/acme/fin", "fin"}} {
		if places[u.at], err = w.pathOf(ctx, w.Units[u.code]); err != nil {
			return err
		}
	}
	as := func(name, place string, set access.Set, change ...func(*Person)) {
		p := &Person{Name: name, Company: "acme", Member: "pat", At: "dan/acme/ops/pat", Actor: pat}
		if place != "" {
			p.Name += " of " + place[strings.LastIndex(place, "/")+1:]
		}
		for _, c := range change {
			c(p)
		}
		p.Actor = p.Actor.Holding([]access.Grant{{Place: places[place], Set: set}})
		kept := set
		if p.Blocked {
			kept = set.Within(looking)
		}
		p.held = []grant{{place, leavesOf(kept)}}
		w.add(p)
	}
	blocked := func(p *Person) { p.Name += ", blocked"; p.Actor.Regime, p.Blocked = access.Looking, true }
	as("no role", "", access.Set{})
	for _, r := range access.Shipped(access.Buyer) {
		as(r.Key, "", r.Set)
		if r.Key == access.AdministratorKey || r.Key == "approver" || r.Key == "observer" {
			as(r.Key, "dan/acme/ops", r.Set)
			as(r.Key, "dan/acme/fin", r.Set)
		}
	}
	whole := access.SetOf(access.All(access.Buyer)...)
	as("everything", "", whole)
	as("everything", "", whole, blocked)
	for _, leaf := range access.All(access.Buyer) {
		only, glances := func(p *Person) { p.Only = leaf.Code() }, func(p *Person) { p.Glances = true }
		set := access.SetOf(leaf).Normalise()
		as("nothing but "+leaf.Code(), "", set, glances)
		for place := range places {
			as("only "+leaf.Code(), place, set, only)
		}
		as("all but "+leaf.Code(), "", whole.Clear(leaf), only)
	}
	w.staff()
	return nil
}

// looking is what people of a blocked company go on with: they look and download, and decide on what waits.
var looking = func() (s access.Set) {
	for _, p := range access.All(access.Buyer) {
		code := p.Code()
		if strings.Contains(code, ".view") || code == "documents.download" || code == "purchase_orders.approve" {
			s.Add(p)
		}
	}
	return s
}()

func (w *World) add(p *Person) {
	p.Token = strings.ReplaceAll(p.Name, " ", "-")
	w.People = append(w.People, p)
}

func leavesOf(s access.Set) map[string]bool {
	all := map[string]bool{}
	for _, code := range s.Codes() {
		all[code] = true
	}
	return all
}
