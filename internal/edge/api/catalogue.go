package api

import (
	"context"
	"net/http"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/view"
)

type products struct{ Services }

func (h products) add(a *web.API) {
	see := access.CatalogView.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/products", ID: "list-products", Tag: tagCatalogue, Permission: see, Scope: web.Company,
		Summary: "Find products, each at one's price", Text: "An exact article number comes first. Prices are there for whoever may see them."}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/products/{product}", ID: "get-product", Tag: tagCatalogue, Permission: see, Scope: web.Company,
		Summary: "A product, its price ladder, and why it costs what it does"}, h.get)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/categories", ID: "list-categories", Tag: tagCatalogue, Permission: see, Scope: web.Company,
		Summary: "All categories"}, h.categories)
}

// ProductJSON is a product at the price of whoever looks.
type ProductJSON struct {
	ID          string     `json:"id"`
	SKU         string     `json:"sku"`
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Unit        string     `json:"unit" doc:"Of measure."`
	Category    NamedJSON  `json:"category"`
	Supplier    string     `json:"supplier,omitempty"`
	Minimum     string     `json:"minimum_quantity,omitempty" doc:"The smallest that is sold."`
	Step        string     `json:"quantity_step" example:"1" doc:"A quantity is a multiple of it; 1 is whole units."`
	Most        string     `json:"maximum_quantity,omitempty"`
	LeadDays    int64      `json:"lead_days,omitempty"`
	Status      string     `json:"status" enum:"active,obsolete,blocked"`
	Price       *PriceJSON `json:"price,omitempty"`
	NoPrice     string     `json:"no_price,omitempty" doc:"Why there is none."`
}

// PriceJSON is what one unit costs, and why.
type PriceJSON struct {
	Quantity string    `json:"quantity" doc:"For which it holds."`
	Rate     Money     `json:"unit_price"`
	Level    string    `json:"level" enum:"base,group,company,contract,quoted"`
	List     string    `json:"list,omitempty"`
	Why      []string  `json:"reason"`
	Next     *TierJSON `json:"next_tier,omitempty"`
}

// TierJSON is a better price from a larger quantity on.
type TierJSON struct {
	From string `json:"from_quantity"`
	Rate Money  `json:"unit_price"`
}

func productOf(o cataloguing.Offer) ProductJSON {
	p := ProductJSON{ID: o.ID.String(), SKU: o.SKU, Name: o.Name, Description: o.Description, Unit: o.Unit, Category: NamedJSON{o.Category.String(), o.CategoryName},
		Supplier: o.Supplier, LeadDays: o.LeadDays, Status: string(o.Status)}
	for into, q := range map[*string]quantity.Quantity{&p.Minimum: o.Least(), &p.Step: o.Grain(), &p.Most: o.Most} {
		if q > 0 {
			*into = quantityOf(q)
		}
	}
	if o.NoPrice != nil {
		p.NoPrice = o.NoPrice.Text()
	}
	if o.Price != nil {
		p.Price = &PriceJSON{Quantity: quantityOf(o.Price.Quantity), Rate: rateOf(o.Price.Rate), Level: o.Price.Source.Level.String(), List: o.Price.Source.ListName, Why: []string{}}
		for _, w := range o.Price.Why {
			p.Price.Why = append(p.Price.Why, sentence(w))
		}
		if o.Price.Next.Min > 0 {
			p.Price.Next = &TierJSON{quantityOf(o.Price.Next.Min), rateOf(o.Price.Next.Rate)}
		}
	}
	return p
}

type productsIn struct {
	Paged
	Text     string `query:"q" maxLength:"200" doc:"Words that all occur, their beginnings being enough."`
	Category string `query:"category_id"`
	Supplier string `query:"supplier" maxLength:"200"`
	Sort     string `query:"sort" enum:"name,sku" default:"name"`
}

// ProductPage is a page of products.
type ProductPage struct {
	Body struct {
		Items   []ProductJSON `json:"items"`
		Next    string        `json:"next,omitempty" doc:"Ask with this cursor for what follows; absent at the end."`
		Instead string        `json:"suggestion,omitempty" doc:"Where nothing is called as you said: what you may have meant. Products are called so; ask again with it."`
	}
}

func (h products) list(ctx context.Context, in *productsIn) (*ProductPage, error) {
	var wrong fault.Input
	search := cataloguing.SearchInput{Text: in.Text, Supplier: in.Supplier}
	if in.Sort == "sku" {
		search.Sort = cataloguing.BySKU
	}
	search.Category = maybe(&wrong, "category_id", in.Category, id.ParseCategory)
	ask := in.ask(ctx, 2)
	web.Unread(ctx, wrong.Err())
	found, err := h.Cataloguing.Search(ctx, web.Actor(ctx), search, ask)
	if err != nil {
		return nil, err
	}
	out := &ProductPage{}
	out.Body.Items, out.Body.Next, out.Body.Instead = items(found.Rows, productOf), found.Next, found.Instead
	return out, nil
}

// ProductSheetJSON is a product in full.
type ProductSheetJSON struct {
	ProductJSON
	Ladder     []TierJSON      `json:"price_ladder"`
	Candidates []CandidateJSON `json:"price_candidates" doc:"Every price that was looked at, the one chosen first, and why each was chosen or not."`
	Problem    string          `json:"problem,omitempty" doc:"Why it cannot be ordered now."`
}

// CandidateJSON is a price that was looked at.
type CandidateJSON struct {
	Name   string `json:"name"`
	Level  string `json:"level"`
	From   string `json:"from_quantity,omitempty"`
	Rate   Money  `json:"unit_price"`
	Chosen bool   `json:"chosen"`
	Reason string `json:"reason"`
}

type productIn struct {
	Product  string `path:"product"`
	Quantity string `query:"quantity" doc:"For which the price is told; the smallest that is sold when absent."`
}

type productOut struct{ Body ProductSheetJSON }

func (h products) get(ctx context.Context, in *productIn) (*productOut, error) {
	var wrong fault.Input
	key := read(&wrong, "product", in.Product, id.ParseProduct)
	q := maybe(&wrong, "quantity", in.Quantity, quantity.Parse)
	web.Unread(ctx, wrong.Err())
	s, err := h.Cataloguing.Product(ctx, web.Actor(ctx), key, q)
	if err != nil {
		return nil, err
	}
	out := ProductSheetJSON{ProductJSON: productOf(s.Offer), Ladder: []TierJSON{}, Candidates: []CandidateJSON{}}
	for _, r := range s.Ladder {
		out.Ladder = append(out.Ladder, TierJSON{quantityOf(r.Min), rateOf(r.Rate)})
	}
	for _, c := range s.Looked {
		from := ""
		if c.Min > 0 {
			from = quantityOf(c.Min)
		}
		out.Candidates = append(out.Candidates, CandidateJSON{c.Name, c.Level.String(), from, rateOf(c.Rate), c.Chosen, sentence(c.Reason)})
	}
	if s.Problem != nil {
		out.Problem = s.Problem.Text()
	}
	return &productOut{out}, nil
}

// CategoryJSON is a category.
type CategoryJSON struct {
	ID       string `json:"id"`
	Parent   string `json:"parent_id,omitempty"`
	Code     string `json:"code"`
	Name     string `json:"name"`
	Products int64  `json:"products" doc:"On it and on those below."`
}

type categoriesOut struct {
	Body struct {
		Items []CategoryJSON `json:"items"`
	}
}

func (h products) categories(ctx context.Context, _ *struct{}) (*categoriesOut, error) {
	all, err := h.Cataloguing.Categories(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &categoriesOut{}
	out.Body.Items = items(all, func(c view.Category) CategoryJSON {
		return CategoryJSON{c.ID.String(), c.Parent.String(), c.Code, c.Name, c.Products}
	})
	return out, nil
}
