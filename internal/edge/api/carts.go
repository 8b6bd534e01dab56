package api

import (
	"context"
	"net/http"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

type carts struct{ Services }

func (h carts) add(a *web.API) {
	manage, place := access.CartsManage.Code(), access.CheckoutPlace.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/carts/current", ID: "get-current-cart", Tag: tagCarts, Permission: manage, Scope: web.Own,
		Summary: "The cart that one works on", Text: "It is made when there is none."}, h.current)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/carts", ID: "list-carts", Tag: tagCarts, Permission: manage, Scope: web.Own,
		Summary: "One's carts that may still change", Text: "The one that one works on first; behind all others those that came back with the lines of a purchase order that expired, until they are chosen."}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/carts/{cart}", ID: "get-cart", Tag: tagCarts, Permission: manage, Scope: web.Own,
		Summary: "A cart"}, h.get)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/carts/{cart}", ID: "discard-cart", Tag: tagCarts, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Discard a cart", Text: "What was submitted stays."}, h.discard)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/carts/{cart}/choose", ID: "choose-cart", Tag: tagCarts, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Go on with a cart", Text: "It is the one that one works on, until another is chosen. The others stay as they are."}, h.choose)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/carts/current/lines", ID: "add-to-cart", Tag: tagCarts, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Put products into the cart that one works on", Text: "All of them, or none. A product that is there already gets more."}, h.addLines)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/carts/{cart}/lines/{line}", ID: "change-cart-line", Tag: tagCarts, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Give a line another quantity"}, h.change)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/carts/{cart}/lines/{line}", ID: "remove-cart-line", Tag: tagCarts, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Take a line out", Status: http.StatusOK}, h.remove)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/carts/{cart}/checkout", ID: "prepare-checkout", Tag: tagCarts, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Say where, when and how", Text: "Addresses, cost centre, payment, PO number and note of the order as a whole."}, h.prepare)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/carts/{cart}/preview", ID: "preview-cart", Tag: tagCarts, Permission: place, Scope: web.Own,
		Summary: "What submitting would do", Text: "Prices with their reasons, budgets before and after, who would have to approve and why, and every reason why it cannot be submitted. Nothing is changed."}, h.preview)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/carts/{cart}/submit", ID: "submit-cart", Tag: tagCarts, Permission: place, Scope: web.Own, Writes: true, Idempotent: true,
		Summary: "Submit a cart", Text: "In one transaction: priced anew, checked, frozen, held in every budget, and routed to whoever must agree, or placed at once. What cannot be is refused with every reason, and nothing is held."}, h.submit)
	h.addCopies(a)
}

// CartJSON is a cart.
type CartJSON struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	State    string         `json:"state" enum:"open,submitted"`
	Version  int64          `json:"version" doc:"Name it when you change the cart."`
	Lines    []CartLineJSON `json:"lines"`
	Checkout CheckoutJSON   `json:"checkout"`
	From     string         `json:"purchase_order_id,omitempty" doc:"Whose lines came back in it, after it expired."`
	Became   string         `json:"submitted_as,omitempty" doc:"Which purchase order it became when it was submitted."`
}

// CartLineJSON is a line of a cart.
type CartLineJSON struct {
	ID       string `json:"id"`
	Product  string `json:"product_id"`
	Quantity string `json:"quantity" example:"12"`
	Note     string `json:"note,omitempty"`
}

// CheckoutJSON is what is said about an order as a whole.
type CheckoutJSON struct {
	Unit         string `json:"unit_id,omitempty" doc:"For which unit; the nearest at which one may order when absent."`
	CostCentre   string `json:"cost_centre_id,omitempty" doc:"When absent the usual one of the unit, or of the nearest above that has one."`
	NoCentre     bool   `json:"without_cost_centre,omitempty" doc:"No cost centre shall bear it, not even the usual one."`
	Delivery     string `json:"delivery_address_id,omitempty" doc:"When absent where one's goods usually go: as one says oneself, or the nearest unit, or the company."`
	Billing      string `json:"billing_address_id,omitempty" doc:"When absent where one's invoices usually go, as for goods."`
	Payment      string `json:"payment_method,omitempty" enum:"on_account,advance"`
	Reference    string `json:"po_number,omitempty" maxLength:"100" doc:"The buyer's own number."`
	Note         string `json:"note,omitempty" maxLength:"2000"`
	Requested    string `json:"requested_date,omitempty" example:"2026-12-01"`
	Acknowledged bool   `json:"over_budget_acknowledged,omitempty" doc:"The buyer knows that a budget which only warns is exceeded."`
}

func cartOf(c cart.Cart) CartJSON {
	out := CartJSON{ID: c.ID.String(), Name: c.Name, State: string(c.State), Version: c.Version, Lines: []CartLineJSON{}, From: c.From.String(), Became: c.Became.String()}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, CartLineJSON{l.ID.String(), l.Product.String(), quantityOf(l.Quantity), l.Note})
	}
	k := c.Checkout
	out.Checkout = CheckoutJSON{Unit: k.Unit.String(), CostCentre: k.CostCentre.String(), NoCentre: k.NoCentre, Delivery: k.Delivery.String(), Billing: k.Billing.String(),
		Payment: k.Payment, Reference: k.Reference, Note: k.Note, Requested: dayOf(k.Requested), Acknowledged: k.Acknowledged}
	return out
}

type cartOut struct {
	ETag string `header:"ETag"`
	Body CartJSON
}

func cartAnswer(c cart.Cart, err error) (*cartOut, error) {
	if err != nil {
		return nil, err
	}
	return &cartOut{web.ETag(c.Version), cartOf(c)}, nil
}

func (h carts) current(ctx context.Context, _ *struct{}) (*cartOut, error) {
	return cartAnswer(h.Purchasing.Current(ctx, web.Actor(ctx)))
}

// BasketJSON is a cart as the list has it.
type BasketJSON struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Lines   int64      `json:"line_count"`
	Version int64      `json:"version"`
	Current bool       `json:"current" doc:"It is the one that one works on."`
	Changed *time.Time `json:"changed_at"`
	From    string     `json:"purchase_order_id,omitempty" doc:"Whose lines came back in it, after it expired."`
	Number  string     `json:"purchase_order_number,omitempty" example:"PO-000123"`
}

type cartsOut struct {
	Body struct {
		Items []BasketJSON `json:"items"`
	}
}

func (h carts) list(ctx context.Context, _ *struct{}) (*cartsOut, error) {
	all, err := h.Purchasing.Carts(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &cartsOut{}
	out.Body.Items = items(all, basketOf)
	return out, nil
}

func basketOf(b view.Basket) BasketJSON {
	return BasketJSON{ID: b.ID.String(), Name: b.Name, Lines: b.Lines, Version: b.Version, Current: b.Current, Changed: instant(b.ChangedAt), From: b.From.String(), Number: b.FromNumber}
}

func (h carts) get(ctx context.Context, in *cartIn) (*cartOut, error) {
	key := called(ctx, "cart", in.Cart, id.ParseCart)
	return cartAnswer(h.Purchasing.Cart(ctx, web.Actor(ctx), key))
}

func (h carts) choose(ctx context.Context, in *cartIn) (*cartOut, error) {
	key := called(ctx, "cart", in.Cart, id.ParseCart)
	return cartAnswer(h.Purchasing.Choose(ctx, web.Actor(ctx), key))
}

type discardIn struct {
	web.Versioned
	Cart string `path:"cart"`
}

func (h carts) discard(ctx context.Context, in *discardIn) (*struct{}, error) {
	key := called(ctx, "cart", in.Cart, id.ParseCart)
	version := seen(ctx, in.Versioned)
	return nil, h.Purchasing.Discard(ctx, web.Actor(ctx), key, version)
}

type addIn struct {
	Body struct {
		Lines []struct {
			Product  string `json:"product_id"`
			Quantity string `json:"quantity" example:"12" doc:"A number with at most three decimals, as text."`
			Note     string `json:"note,omitempty" maxLength:"2000"`
		} `json:"lines" minItems:"1" maxItems:"1000"`
	}
}

func (h carts) addLines(ctx context.Context, in *addIn) (*cartOut, error) {
	var wrong fault.Input
	var add purchasing.AddInput
	for i, l := range in.Body.Lines {
		var line purchasing.AddLine
		line.Product = read(&wrong, at("lines", i, "product_id"), l.Product, id.ParseProduct)
		line.Quantity = read(&wrong, at("lines", i, "quantity"), l.Quantity, quantity.Parse)
		line.Note = l.Note
		add.Lines = append(add.Lines, line)
	}
	web.Unread(ctx, wrong.Err())
	return cartAnswer(h.Purchasing.Add(ctx, web.Actor(ctx), add))
}

// LineIn names a line of a cart.
type LineIn struct {
	web.Versioned
	Cart string `path:"cart"`
	Line string `path:"line"`
}

type changeIn struct {
	LineIn
	Body struct {
		Quantity string `json:"quantity" example:"12"`
		Note     string `json:"note,omitempty" maxLength:"2000"`
	}
}

func (in LineIn) parse(ctx context.Context) (key id.Cart, line id.CartLine, version int64) {
	key, version = versioned(ctx, "cart", in.Cart, id.ParseCart, in.Versioned)
	return key, called(ctx, "line", in.Line, id.ParseCartLine), version
}

func (h carts) change(ctx context.Context, in *changeIn) (*cartOut, error) {
	key, line, version := in.parse(ctx)
	var wrong fault.Input
	q := read(&wrong, "quantity", in.Body.Quantity, quantity.Parse)
	web.Unread(ctx, wrong.Err())
	return cartAnswer(h.Purchasing.Change(ctx, web.Actor(ctx), purchasing.ChangeInput{Cart: key, Version: version, Line: line, Quantity: q, Note: in.Body.Note}))
}

func (h carts) remove(ctx context.Context, in *LineIn) (*cartOut, error) {
	key, line, version := in.parse(ctx)
	return cartAnswer(h.Purchasing.Remove(ctx, web.Actor(ctx), key, version, line))
}

type prepareIn struct {
	web.Versioned
	Cart string `path:"cart"`
	Body CheckoutJSON
}

func (h carts) prepare(ctx context.Context, in *prepareIn) (*cartOut, error) {
	key, version := versioned(ctx, "cart", in.Cart, id.ParseCart, in.Versioned)
	var wrong fault.Input
	b := in.Body
	k := cart.Checkout{Payment: b.Payment, Reference: b.Reference, Note: b.Note, Acknowledged: b.Acknowledged, NoCentre: b.NoCentre}
	k.Unit = maybe(&wrong, "unit_id", b.Unit, id.ParseUnit)
	k.CostCentre = maybe(&wrong, "cost_centre_id", b.CostCentre, id.ParseCostCentre)
	k.Delivery = maybe(&wrong, "delivery_address_id", b.Delivery, id.ParseAddress)
	k.Billing = maybe(&wrong, "billing_address_id", b.Billing, id.ParseAddress)
	k.Requested = maybe(&wrong, "requested_date", b.Requested, date.Parse)
	web.Unread(ctx, wrong.Err())
	c, err := h.Purchasing.Prepare(ctx, web.Actor(ctx), key, version, k)
	return cartAnswer(c, renamed(err, "reference", "po_number", "unit", "unit_id", "cost_centre", "cost_centre_id", "delivery", "delivery_address_id",
		"billing", "billing_address_id"))
}

// PreviewJSON is what submitting a cart would do.
type PreviewJSON struct {
	Straight  bool                `json:"straight" doc:"It would be placed at once."`
	Lines     []PreviewLineJSON   `json:"lines"`
	Totals    TotalsJSON          `json:"totals"`
	Delivery  *ChosenAddressJSON  `json:"delivery_address,omitempty" doc:"Where the goods would go."`
	Billing   *ChosenAddressJSON  `json:"billing_address,omitempty" doc:"Where the invoice would go."`
	Offered   []ChosenAddressJSON `json:"delivery_addresses" doc:"Where the goods may go: those of the company's book, or the few that the unit allows, and one's own where one may."`
	Budgets   []BudgetEffectJSON  `json:"budgets"`
	Plan      PlanJSON            `json:"plan"`
	Refusals  []web.ProblemReason `json:"refusals" doc:"Every reason why it cannot be submitted as it is."`
	Automatic []string            `json:"automatic,omitempty" doc:"The rules that approve it automatically."`
}

// ChosenAddressJSON is an address of the company's book, or one of one's own.
type ChosenAddressJSON struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Own   bool   `json:"own,omitempty" doc:"It is one's own, and not in the company's book."`
}

func chosenOf(a company.Address) ChosenAddressJSON {
	return ChosenAddressJSON{a.ID.String(), a.Label, !a.Owner.IsZero()}
}

func chosenOrNone(a company.Address) *ChosenAddressJSON {
	if a.ID.IsZero() {
		return nil
	}
	c := chosenOf(a)
	return &c
}

// PreviewLineJSON is a line as it would be ordered.
type PreviewLineJSON struct {
	ID       string             `json:"id"`
	SKU      string             `json:"sku"`
	Name     string             `json:"name"`
	Quantity string             `json:"quantity"`
	Price    *Money             `json:"unit_price,omitempty"`
	Total    *Money             `json:"total,omitempty"`
	Why      []string           `json:"price_reason,omitempty"`
	Problem  *web.ProblemReason `json:"problem,omitempty"`
	Instead  string             `json:"suggested_quantity,omitempty"`
}

// TotalsJSON is what an order comes to.
type TotalsJSON struct {
	Net      Money `json:"net"`
	Shipping Money `json:"shipping"`
	Tax      Money `json:"tax"`
	Gross    Money `json:"gross"`
}

// totalsOf is what was ordered came to; nil where that is not shown.
func totalsOf(net, shipping, tax, gross money.Money) *TotalsJSON {
	if gross.Currency == "" {
		return nil
	}
	return &TotalsJSON{moneyOf(net), moneyOf(shipping), moneyOf(tax), moneyOf(gross)}
}

// BudgetEffectJSON is what an order does to a budget.
type BudgetEffectJSON struct {
	Budget      string `json:"budget_id"`
	Name        string `json:"name"`
	Period      string `json:"period"`
	Limit       Money  `json:"limit"`
	Spent       Money  `json:"spent"`
	Held        Money  `json:"held"`
	Left        Money  `json:"left"`
	This        *Money `json:"this_order,omitempty" doc:"Absent when it cannot be said in the budget's currency, which is a reason why it cannot be submitted."`
	Fits        bool   `json:"fits"`
	Over        *Money `json:"over,omitempty"`
	Consequence string `json:"consequence,omitempty" enum:"block,ask,warn"`
}

func effectOf(v budget.Verdict) BudgetEffectJSON {
	e := BudgetEffectJSON{Budget: v.Budget.ID.String(), Name: v.Budget.Name, Period: v.Period.Key, Limit: moneyOf(v.Before.Limit), Spent: moneyOf(v.Before.Spent),
		Held: moneyOf(v.Before.Held), Left: moneyOf(v.Before.Left), Fits: v.Fits, Consequence: string(v.Consequence)}
	if v.Amount.Currency != "" {
		this := moneyOf(v.Amount)
		e.This = &this
	}
	if !v.Fits && v.Over.Currency != "" {
		over := moneyOf(v.Over)
		e.Over = &over
	}
	return e
}

// PlanJSON is who must agree, in which order.
type PlanJSON struct {
	Stages []StageJSON `json:"stages"`
}

// StageJSON is a stage: all of its groups must agree before the next one is asked.
type StageJSON struct {
	Groups []GroupJSON `json:"groups"`
}

// GroupJSON is a group: so many of its approvers must agree.
type GroupJSON struct {
	Needed     int            `json:"needed"`
	Sources    []AskedJSON    `json:"sources" doc:"As whom people are asked here. When it was planned, that is: a role may be called otherwise now."`
	Approvers  []ApproverJSON `json:"approvers"`
	Reasons    []string       `json:"reasons"`
	Unable     []UnableJSON   `json:"unable,omitempty" doc:"Whom the rule names, and who may not decide."`
	NoEligible bool           `json:"no_eligible_approver,omitempty" doc:"Nobody may decide: it waits until somebody may."`
}

// AskedJSON is one source of the people who are asked.
type AskedJSON struct {
	Kind  string `json:"kind" enum:"member,role,role_in_unit,manager,manager_covering,unit_head,cost_centre_manager,budget_owner,budget_owner_manager,administrator,seller,absent"`
	Level int    `json:"level,omitempty" doc:"Of a manager: 1 is the manager, 2 the manager's manager."`
	Name  string `json:"name,omitempty" doc:"Of the member, role, unit, cost centre or budget that it names."`
}

// ApproverJSON is somebody who is asked.
type ApproverJSON struct {
	Member   string `json:"member_id"`
	Name     string `json:"name"`
	Title    string `json:"title,omitempty"`
	State    string `json:"state" enum:"waiting,asked,approved,rejected,skipped,passed_over"`
	Fallback string `json:"fallback,omitempty" doc:"Why this person is asked in place of whom the rule names."`

	Behalf *NamedJSON `json:"on_behalf_of,omitempty" doc:"For whom this person is asked, as a deputy."`
}

// UnableJSON is somebody who is named and may not decide.
type UnableJSON struct {
	Member string `json:"member_id"`
	Name   string `json:"name"`
	Title  string `json:"title,omitempty"`
	Code   string `json:"code" enum:"requester,left,permission,separation,limit" doc:"Why, for programs: they ordered it, are not active, lack the permission there, are kept from it by the separation of duty, or have too low an approval limit."`
	Reason string `json:"reason" doc:"Why, for a person."`
}

func planOf(p approval.Plan) PlanJSON {
	out := PlanJSON{Stages: []StageJSON{}}
	for _, s := range p.Stages {
		stage := StageJSON{Groups: []GroupJSON{}}
		for _, g := range s.Groups {
			group := GroupJSON{Needed: g.K, Sources: []AskedJSON{}, Approvers: []ApproverJSON{}, Reasons: []string{}, NoEligible: g.NoEligible}
			for i, s := range g.Sources {
				group.Sources = append(group.Sources, AskedJSON{string(s.Kind), s.Level, g.Name(i)})
			}
			for _, a := range g.Approvers {
				one := ApproverJSON{Member: a.Member.String(), Name: a.Name, Title: a.Title, State: string(a.State), Fallback: string(a.Fallback)}
				if a.For != nil {
					one.Behalf = &NamedJSON{a.For.Member.String(), a.For.Name}
				}
				group.Approvers = append(group.Approvers, one)
			}
			for _, u := range g.Unable {
				group.Unable = append(group.Unable, UnableJSON{u.Member.String(), u.Name, u.Title, string(u.Why), sentence(u.Why.Phrase())})
			}
			for _, r := range g.Reasons {
				group.Reasons = append(group.Reasons, r.Title()+": "+sentence(r.Text))
			}
			stage.Groups = append(stage.Groups, group)
		}
		out.Stages = append(out.Stages, stage)
	}
	return out
}

type cartIn struct {
	Cart string `path:"cart"`
}

type previewOut struct{ Body PreviewJSON }

func (h carts) preview(ctx context.Context, in *cartIn) (*previewOut, error) {
	key := called(ctx, "cart", in.Cart, id.ParseCart)
	a, err := h.Purchasing.Preview(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := PreviewJSON{Straight: a.Straight(), Lines: []PreviewLineJSON{}, Budgets: []BudgetEffectJSON{}, Plan: planOf(a.Plan), Refusals: web.Reasons(ctx, a.Refusals...),
		Delivery: chosenOrNone(a.Delivery), Billing: chosenOrNone(a.Billing), Offered: items(a.Choices.Book.Deliveries(), chosenOf)}
	out.Totals = TotalsJSON{moneyOf(a.Totals.Net), moneyOf(a.Totals.Shipping), moneyOf(a.Totals.Tax), moneyOf(a.Totals.Gross)} // who may order may see prices
	for _, l := range a.Lines {
		line := PreviewLineJSON{ID: l.ID.String(), SKU: l.Good.SKU, Name: l.Good.Name, Quantity: quantityOf(l.Quantity)}
		if l.Included {
			price, total := rateOf(l.Priced.Rate), moneyOf(l.Total)
			line.Price, line.Total = &price, &total
			for _, why := range l.Priced.Source.Reason() {
				line.Why = append(line.Why, sentence(why))
			}
		}
		if l.Problem != nil {
			line.Problem = &web.Reasons(ctx, l.Problem)[0]
			if l.Instead > 0 {
				line.Instead = quantityOf(l.Instead)
			}
		}
		out.Lines = append(out.Lines, line)
	}
	for _, v := range a.Verdicts {
		out.Budgets = append(out.Budgets, effectOf(v))
	}
	for _, r := range a.Automatic {
		out.Automatic = append(out.Automatic, r.Name)
	}
	return &previewOut{out}, nil
}

type submitIn struct {
	web.Once
	Cart string `path:"cart"`
	Body struct {
		Version int64 `json:"version" doc:"Of the cart as you have seen it."`
	}
}

// SubmittedJSON is what became of a cart.
type SubmittedJSON struct {
	ID     string `json:"purchase_order_id"`
	Number string `json:"number" example:"PO-000123"`
	State  string `json:"state" enum:"pending_approval,placed"`
	Order  string `json:"order_id,omitempty" doc:"When it was placed at once."`

	Plan PlanJSON `json:"plan" doc:"Who must agree, in which order; without stages when nobody must."`
}

type submitOut struct{ Body SubmittedJSON }

func (h carts) submit(ctx context.Context, in *submitIn) (*submitOut, error) {
	key := called(ctx, "cart", in.Cart, id.ParseCart)
	act := once(ctx, in.Once)
	done, err := h.Purchasing.Submit(ctx, web.Actor(ctx), purchasing.SubmitInput{Cart: key, Version: in.Body.Version, Key: act})
	if err != nil {
		return nil, err
	}
	return &submitOut{SubmittedJSON{done.ID.String(), done.Number, string(done.State), done.Order.String(), planOf(done.Plan)}}, nil
}
