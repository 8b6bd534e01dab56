package api

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// finds are the operations that look across all kinds of things: what some words find, and what one sees first.
type finds struct {
	Services
	places func(may func(permission string) bool) []web.Place
}

func (h finds) add(a *web.API) {
	self := access.SelfAccount.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/search", ID: "search", Tag: tagFinding, Permission: self, Scope: web.Company,
		Summary: "What some words find, kind by kind", Text: "Products, purchase orders, orders, people and pages of the portal; for the seller's staff companies, people and pages. Only what one may see is looked for, each kind as its own list does with the same `q`: there is more of it, and further."}, h.search)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/me/overview", ID: "get-overview", Tag: tagFinding, Permission: self, Scope: web.Own,
		Summary: "What needs one, and what became of what one wanted", Text: "What one may not see is absent or 0. Of each list only the first few: its own operation has the rest."}, h.overview)
}

// FoundJSON is what was found of one kind.
type FoundJSON struct {
	Kind    string    `json:"kind" enum:"product,purchase_order,order,member,company,page"`
	Instead string    `json:"suggestion,omitempty" doc:"Of products where nothing is called as you said: what you may have meant. These are called so."`
	Items   []HitJSON `json:"items"`
}

// HitJSON is one thing that was found.
type HitJSON struct {
	ID      string `json:"id,omitempty" doc:"Absent for a page."`
	Number  string `json:"number,omitempty" doc:"Of a product the article number, of everything else its own."`
	Name    string `json:"name,omitempty" doc:"What it is called; of an order or a purchase order the buyer's own reference."`
	Exact   bool   `json:"exact,omitempty" doc:"Its number is what was looked for."`
	Address string `json:"address" doc:"Where it is read; of a page, where the portal has it." example:"/api/v1/products/prd_01jd"`
}

type searchOut struct {
	Body struct {
		Groups []FoundJSON `json:"groups" doc:"Those of which there is something."`
	}
}

type searchIn struct {
	Text  string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"Words that all occur, their beginnings being enough, or a number."`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"6" doc:"How many of each kind at most."`
}

func (h finds) search(ctx context.Context, in *searchIn) (*searchOut, error) {
	f := finding{h, ctx, web.Actor(ctx), text.Fold(in.Text), page.Ask{Limit: in.Limit}}
	kinds := []func() (FoundJSON, error){f.products, f.purchaseOrders, f.orders, f.people, f.pages}
	if f.actor.Realm == access.Staff {
		kinds = []func() (FoundJSON, error){f.companies, f.people, f.pages}
	}
	out := &searchOut{}
	out.Body.Groups = []FoundJSON{}
	if f.text == "" {
		return out, nil
	}
	for _, find := range kinds {
		g, err := find()
		switch {
		case fault.KindOf(err) == fault.Forbidden: // what one may not see is not looked for
		case err != nil:
			return nil, err
		case len(g.Items) > 0:
			out.Body.Groups = append(out.Body.Groups, g)
		}
	}
	return out, nil
}

// finding is a search under way.
type finding struct {
	finds
	ctx   context.Context
	actor access.Actor
	text  string
	ask   page.Ask
}

func (f finding) products() (FoundJSON, error) {
	g := FoundJSON{Kind: "product"}
	if !f.actor.MaySomewhere(access.CatalogView) {
		return g, nil
	}
	found, err := f.Cataloguing.Search(f.ctx, f.actor, cataloguing.SearchInput{Text: f.text}, f.ask)
	if err == nil && found.Instead != "" {
		g.Instead = found.Instead
		found, err = f.Cataloguing.Search(f.ctx, f.actor, cataloguing.SearchInput{Text: found.Instead}, f.ask)
	}
	g.Items = items(found.Rows, func(o cataloguing.Offer) HitJSON {
		exact := catalogue.Fold(o.SKU) == catalogue.Fold(f.text) || o.GTIN != "" && o.GTIN == f.text
		return HitJSON{o.ID.String(), o.SKU, o.Name, exact, "/api/v1/products/" + o.ID.String()}
	})
	return g, err
}

func (f finding) purchaseOrders() (FoundJSON, error) {
	g := FoundJSON{Kind: "purchase_order"}
	if !f.actor.MaySomewhere(access.PurchaseOrdersView) {
		return g, nil
	}
	found, err := f.Approving.ListPurchaseOrders(f.ctx, f.actor, approving.Filter{Text: f.text}, f.ask)
	g.Items = items(found.Rows, func(p view.PurchaseOrder) HitJSON {
		return HitJSON{p.ID.String(), p.Number, p.Reference, strings.EqualFold(p.Number, f.text), "/api/v1/purchase-orders/" + p.ID.String()}
	})
	return g, err
}

func (f finding) orders() (FoundJSON, error) {
	g := FoundJSON{Kind: "order"}
	if !f.actor.MaySomewhere(access.OrdersView) {
		return g, nil
	}
	found, err := f.Purchasing.Orders(f.ctx, f.actor, purchasing.OrderFilter{Text: f.text}, f.ask)
	g.Items = items(found.Rows, func(o view.Order) HitJSON {
		return HitJSON{o.ID.String(), o.Number, o.Reference, strings.EqualFold(o.Number, f.text), "/api/v1/orders/" + o.ID.String()}
	})
	return g, err
}

func (f finding) people() (FoundJSON, error) {
	found, err := f.Organising.Members(f.ctx, f.actor, view.MemberFilter{Text: f.text}, f.ask)
	return FoundJSON{Kind: "member", Items: items(found.Rows, func(m view.Row) HitJSON {
		return HitJSON{m.ID.String(), m.Number, m.Name, m.Number != "" && strings.EqualFold(m.Number, f.text), "/api/v1/members/" + m.ID.String()}
	})}, err
}

func (f finding) companies() (FoundJSON, error) {
	found, err := f.Onboarding.ListCustomers(f.ctx, f.actor, view.CustomerFilter{Text: f.text}, f.ask)
	return FoundJSON{Kind: "company", Items: items(found.Rows, func(c view.Customer) HitJSON {
		return HitJSON{c.ID.String(), c.Number, c.Name, strings.EqualFold(c.Number, f.text), "/api/v1/companies/" + c.ID.String()}
	})}, err
}

// pages are those of the portal that one may open and that are called so, in one's own language.
func (f finding) pages() (FoundJSON, error) {
	g := FoundJSON{Kind: "page"}
	for _, p := range f.places(func(code string) bool {
		leaf, err := access.Parse(code)
		return err == nil && f.actor.MaySomewhere(leaf)
	}) {
		name := f.actor.Language.T(p.Name)
		called, fits := catalogue.Fold(name), true
		for _, word := range strings.Fields(catalogue.Fold(f.text)) {
			fits = fits && strings.Contains(called, word)
		}
		if fits && len(g.Items) < f.ask.Limit {
			g.Items = append(g.Items, HitJSON{Name: name, Address: p.Address})
		}
	}
	return g, nil
}

// OverviewJSON is what somebody sees first.
type OverviewJSON struct {
	Waiting int64               `json:"waiting" doc:"Purchase orders that wait for one's decision."`
	More    bool                `json:"more_waiting,omitempty" doc:"There are more than were counted."`
	Oldest  []PurchaseOrderJSON `json:"asked_longest_ago"`
	Open    []PurchaseOrderJSON `json:"under_way" doc:"One's own."`
	Became  []PurchaseOrderJSON `json:"lately_settled" doc:"One's own, placed, rejected or expired in the last two weeks."`
	Cart    *BasketJSON         `json:"cart,omitempty" doc:"That one works on, if there is something in it."`
	Back    []BasketJSON        `json:"carts_that_came_back"`
	Recent  []OrderJSON         `json:"latest_orders"`
	Unusual []OrderJSON         `json:"unusual_orders" doc:"Of the last 30 days, that came to much more than orders of a cost centre that one manages usually do."`
	Loose   LooseJSON           `json:"loose_ends" doc:"What is unfinished or risky, of what one looks after in the whole company."`
}

// LooseJSON counts what is unfinished or risky in a company.
type LooseJSON struct {
	Roleless    int64 `json:"members_without_role"`
	Lapsed      int64 `json:"lapsed_invitations"`
	Overdrawn   int64 `json:"overdrawn_budgets" doc:"More is spent and held than their limit."`
	Nearly      int64 `json:"nearly_spent_budgets" doc:"At least nine tenths of their limit are spent and held."`
	Nobody      int64 `json:"rules_that_find_nobody"`
	Undecidable int64 `json:"purchase_orders_that_nobody_is_asked_for"`
	Stopped     int64 `json:"stopped_webhooks"`
}

type overviewOut struct{ Body OverviewJSON }

func (h finds) overview(ctx context.Context, _ *struct{}) (*overviewOut, error) {
	d, err := h.Purchasing.Dashboard(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &overviewOut{OverviewJSON{Waiting: d.Waiting.N, More: d.Waiting.More, Oldest: items(d.Oldest, func(w view.Waiting) PurchaseOrderJSON { return purchaseOrderOf(w.PurchaseOrder) }),
		Open: items(d.Open, purchaseOrderOf), Became: items(d.Became, purchaseOrderOf), Back: items(d.Back, basketOf), Recent: items(d.Recent, orderOf), Unusual: items(d.Unusual, orderOf), Loose: LooseJSON(d.Loose)}}
	if d.Cart != nil {
		cart := basketOf(*d.Cart)
		out.Body.Cart = &cart
	}
	return out, nil
}
