package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

type purchaseOrders struct{ Services }

func (h purchaseOrders) add(a *web.API) {
	see, decide := access.PurchaseOrdersView.Code(), access.PurchaseOrdersApprove.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/purchase-orders", ID: "list-purchase-orders", Tag: tagPurchase, Permission: see, Scope: web.Company,
		Summary: "Purchase orders within one's reach, the newest first", Text: "Without prices.view they come without what they come to, and are not sorted by it."}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/purchase-orders/{purchase_order}", ID: "get-purchase-order", Tag: tagPurchase, Permission: see, Scope: web.Company,
		Summary: "A purchase order with its lines, plan, budgets and timeline", Text: "Within one's reach, or because its plan names one. What it comes to is shown with prices.view, and to whom its plan names."}, h.get)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/purchase-orders/{purchase_order}/decisions", ID: "decide-purchase-order", Tag: tagPurchase, Permission: decide, Scope: web.Company, Writes: true, Idempotent: true,
		Summary: "Approve or reject", Text: "As far as one is asked. The last approval that is needed places the order. Never one's own."}, h.decide)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/purchase-orders/{purchase_order}/withdraw", ID: "withdraw-purchase-order", Tag: tagPurchase, Permission: see, Scope: web.Own, Writes: true,
		Summary: "Withdraw one's own purchase order", Text: "What it holds in budgets is released."}, h.withdraw)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/approvals", ID: "list-approvals", Tag: tagPurchase, Permission: decide, Scope: web.Own,
		Summary: "What waits for one's decision, the oldest first"}, h.queue)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/approvals/decisions", ID: "decide-many", Tag: tagPurchase, Permission: decide, Scope: web.Company, Writes: true, Idempotent: true,
		Summary: "Approve or reject several", Text: "Each as by itself, in the order of the list: what is refused of one keeps none of the others from being decided. The answer says of each what has come of it. Under the same Idempotency-Key nothing is decided twice, and what was interrupted is gone on with."}, h.decideMany)
}

// PurchaseOrderJSON is a purchase order as lists have it.
type PurchaseOrderJSON struct {
	ID         string     `json:"id"`
	Number     string     `json:"number" example:"PO-000123"`
	State      string     `json:"state" enum:"submitted,pending_approval,returned,approved,approved_pending_payment,placed,order_failed,rejected,cancelled,expired"`
	Requester  NamedJSON  `json:"requester"`
	Unit       NamedJSON  `json:"unit"`
	CostCentre *NamedJSON `json:"cost_centre,omitempty"`
	Net        *Money     `json:"net,omitempty" doc:"Absent where one is not shown what it comes to."`
	Gross      *Money     `json:"gross,omitempty" doc:"Absent where one is not shown what it comes to."`
	Lines      int64      `json:"line_count"`
	Reference  string     `json:"po_number,omitempty"`
	Hash       string     `json:"content_hash,omitempty" doc:"Name it when you decide: a decision is bound to what was seen. Absent where one is not shown what it comes to."`
	Order      string     `json:"order_id,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Submitted  *time.Time `json:"submitted_at"`
	Changed    *time.Time `json:"changed_at"`
	Expires    *time.Time `json:"expires_at,omitempty"`
}

func purchaseOrderOf(p view.PurchaseOrder) PurchaseOrderJSON {
	out := PurchaseOrderJSON{ID: p.ID.String(), Number: p.Number, State: string(p.State), Requester: NamedJSON{p.Requester.String(), p.RequesterName},
		Unit: NamedJSON{p.Unit.String(), p.UnitName}, Net: shownOf(p.Net), Gross: shownOf(p.Gross), Lines: p.Lines, Reference: p.Reference, Hash: p.Hash,
		Order: p.Order.String(), Reason: p.Reason, Submitted: instant(p.SubmittedAt), Changed: instant(p.ChangedAt), Expires: instant(p.ExpiresAt)}
	if !p.CostCentre.IsZero() {
		out.CostCentre = &NamedJSON{p.CostCentre.String(), p.CostCentreName}
	}
	return out
}

type purchaseOrdersIn struct {
	Paged
	Text      string   `query:"q" maxLength:"200" doc:"In the number, the buyer's own number or the requester's name."`
	State     []string `query:"state" doc:"One or more states, by commas."`
	Requester string   `query:"requester_id"`
	Unit      string   `query:"unit_id"`
	Asked     bool     `query:"asked" doc:"Instead of those within one's reach, those that one is or was asked about, or will be: with what they come to, whether or not one may see prices."`
	Sort      string   `query:"sort" enum:"submitted,-submitted,number,-number,total,-total" default:"-submitted" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h purchaseOrders) list(ctx context.Context, in *purchaseOrdersIn) (*Page[PurchaseOrderJSON], error) {
	var wrong fault.Input
	f := approving.Filter{Text: in.Text, Asked: in.Asked}
	f.Requester = maybe(&wrong, "requester_id", in.Requester, id.ParseMember)
	f.Unit = maybe(&wrong, "unit_id", in.Unit, id.ParseUnit)
	for _, s := range in.State {
		if !slices.Contains(approval.States(), approval.State(s)) {
			wrong.Add("state", "unknown", "there is no state %q", s)
		}
		f.States = append(f.States, approval.State(s))
	}
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Approving.ListPurchaseOrders(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, purchaseOrderOf), nil
}

// PurchaseOrderSheetJSON is a purchase order in full.
type PurchaseOrderSheetJSON struct {
	PurchaseOrderJSON
	Note      string           `json:"note,omitempty"`
	Payment   string           `json:"payment_method"`
	Requested string           `json:"requested_date,omitempty"`
	Delivery  PostalJSON       `json:"delivery_address"`
	Billing   PostalJSON       `json:"billing_address"`
	Totals    *TotalsJSON      `json:"totals,omitempty" doc:"Absent where one is not shown what it comes to."`
	Lines     []FrozenLineJSON `json:"lines"`
	Plan      PlanJSON         `json:"plan"`
	Timeline  []HappeningJSON  `json:"timeline"`
	May       MayJSON          `json:"may" doc:"What one may do with it now."`
	Back      string           `json:"cart_id,omitempty" doc:"One's cart in which its lines came back, after it expired; absent once that was submitted or discarded."`
}

// PostalJSON is an address as printed.
type PostalJSON struct {
	Name     string   `json:"name"`
	Extra    string   `json:"extra,omitempty"`
	Street   string   `json:"street"`
	Postcode string   `json:"postcode"`
	City     string   `json:"city"`
	Region   string   `json:"region,omitempty"`
	Country  string   `json:"country"`
	Lines    []string `json:"lines" doc:"As it is written in its country, without the country."`
}

func postalOf(a approval.Address) PostalJSON {
	return PostalJSON{a.Name, a.Extra, a.Street, a.Postcode, a.City, a.Region, a.Country, a.Postal().Lines()}
}

// FrozenLineJSON is a line as it was frozen.
type FrozenLineJSON struct {
	Position int64    `json:"position"`
	Product  string   `json:"product_id"`
	SKU      string   `json:"sku"`
	Name     string   `json:"name"`
	Unit     string   `json:"unit"`
	Supplier string   `json:"supplier,omitempty"`
	Quantity string   `json:"quantity"`
	Price    *Money   `json:"unit_price,omitempty" doc:"Absent where one is not shown what it costs, as total and price_reason are."`
	Total    *Money   `json:"total,omitempty"`
	Why      []string `json:"price_reason,omitempty"`
	Note     string   `json:"note,omitempty"`

	Last *BoughtJSON `json:"last_bought,omitempty" doc:"What the company paid when it last bought the product, before this was submitted; absent when it never did, of an order, and where one may not see prices."`
}

// BoughtJSON is the last time that a company bought a product.
type BoughtJSON struct {
	At       *time.Time `json:"at" doc:"When that was submitted."`
	Quantity string     `json:"quantity"`
	Price    Money      `json:"unit_price"`
}

func frozenLineOf(l view.OrderLine) FrozenLineJSON {
	one := FrozenLineJSON{Position: l.Position, Product: l.Product.String(), SKU: l.SKU, Name: l.Name, Unit: l.Unit, Supplier: l.Supplier, Quantity: quantityOf(l.Quantity),
		Total: shownOf(l.Total), Note: l.Note}
	if one.Total != nil {
		price := rateOf(l.Rate)
		one.Price, one.Why = &price, items(l.Source.Reason(), sentence)
	}
	return one
}

// askedLineOf is a line of a purchase order, with what was paid for the same before.
func askedLineOf(l view.OrderLine, bought map[id.Product]view.Bought) FrozenLineJSON {
	one := frozenLineOf(l)
	if b, ok := bought[l.Product]; ok {
		one.Last = &BoughtJSON{instant(b.At), quantityOf(b.Quantity), rateOf(b.Rate)}
	}
	return one
}

// HappeningJSON is one step on the way of a purchase order.
type HappeningJSON struct {
	At     *time.Time `json:"at"`
	Member string     `json:"member_id,omitempty"`
	Name   string     `json:"name"`
	Event  string     `json:"event"`
	Reason string     `json:"reason,omitempty"`
	Behalf *NamedJSON `json:"on_behalf_of,omitempty" doc:"For whom, as a deputy."`
}

// MayJSON is what one may do with a purchase order now.
type MayJSON struct {
	Approve  bool `json:"approve"`
	Reject   bool `json:"reject"`
	Withdraw bool `json:"withdraw"`

	WhyNot WhyNotJSON `json:"why_not" doc:"For each of these that one may not now, the reason."`
}

// WhyNotJSON is why one may not do something with a purchase order now. What one may is absent.
type WhyNotJSON struct {
	Approve  *web.ProblemReason `json:"approve,omitempty"`
	Reject   *web.ProblemReason `json:"reject,omitempty"`
	Withdraw *web.ProblemReason `json:"withdraw,omitempty"`
}

func mayOf(ctx context.Context, s approving.Sheet) MayJSON {
	why := func(f *fault.Fault) *web.ProblemReason {
		if f == nil {
			return nil
		}
		return &web.Reasons(ctx, f)[0]
	}
	return MayJSON{s.Approve == nil, s.Reject == nil, s.Withdraw == nil, WhyNotJSON{why(s.Approve), why(s.Reject), why(s.Withdraw)}}
}

type purchaseOrderIn struct {
	Order string `path:"purchase_order"`
}

type purchaseOrderOut struct {
	ETag string `header:"ETag"`
	Body PurchaseOrderSheetJSON
}

func (h purchaseOrders) get(ctx context.Context, in *purchaseOrderIn) (*purchaseOrderOut, error) {
	key := called(ctx, "purchase_order", in.Order, id.ParsePurchaseOrder)
	s, err := h.Approving.Get(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	c := s.Content
	out := PurchaseOrderSheetJSON{PurchaseOrderJSON: purchaseOrderOf(s.PurchaseOrder), Note: s.Note, Payment: c.PaymentMethod, Requested: c.RequestedDate,
		Delivery: postalOf(c.DeliverTo), Billing: postalOf(c.BillTo), Totals: totalsOf(s.Net, c.Shipping, c.Tax, c.Total),
		Plan: planOf(s.Plan), May: mayOf(ctx, s), Back: s.Back.String()}
	out.Lines = items(s.Lines, func(l view.OrderLine) FrozenLineJSON { return askedLineOf(l, s.Bought) })
	out.Timeline = items(s.Timeline, func(t approving.Happening) HappeningJSON {
		return HappeningJSON{instant(t.At), t.Member.String(), t.Name, t.Event, t.Reason, named(t.Behalf.IsZero(), t.Behalf.String(), t.For)}
	})
	return &purchaseOrderOut{web.ETag(s.Version), out}, nil
}

// OutcomeJSON is where a purchase order stands after a decision.
type OutcomeJSON struct {
	ID     string `json:"purchase_order_id"`
	Number string `json:"number"`
	State  string `json:"state"`
	Order  string `json:"order_id,omitempty"`
}

type outcomeOut struct{ Body OutcomeJSON }

func outcomeAnswer(o approving.Outcome, err error) (*outcomeOut, error) {
	if err != nil {
		return nil, err
	}
	return &outcomeOut{OutcomeJSON{o.ID.String(), o.Number, string(o.State), o.Order.String()}}, nil
}

type decideIn struct {
	web.Once
	Order string `path:"purchase_order"`
	Body  struct {
		Verdict string `json:"verdict" enum:"approve,reject"`
		Reason  string `json:"reason,omitempty" maxLength:"2000" doc:"A rejection needs one."`
		Hash    string `json:"content_hash" doc:"Of what you have seen."`
	}
}

func (h purchaseOrders) decide(ctx context.Context, in *decideIn) (*outcomeOut, error) {
	key := called(ctx, "purchase_order", in.Order, id.ParsePurchaseOrder)
	act := once(ctx, in.Once)
	return outcomeAnswer(h.Approving.Decide(ctx, web.Actor(ctx), approving.DecideInput{Order: key, Verdict: approval.Verdict(in.Body.Verdict), Reason: in.Body.Reason,
		Hash: in.Body.Hash, Key: act}))
}

type withdrawIn struct {
	Order string `path:"purchase_order"`
	Body  struct {
		Reason string `json:"reason,omitempty" maxLength:"2000"`
	}
}

func (h purchaseOrders) withdraw(ctx context.Context, in *withdrawIn) (*outcomeOut, error) {
	key := called(ctx, "purchase_order", in.Order, id.ParsePurchaseOrder)
	return outcomeAnswer(h.Approving.Withdraw(ctx, web.Actor(ctx), key, in.Body.Reason))
}

// WaitingJSON is a purchase order that waits for one's decision.
type WaitingJSON struct {
	PurchaseOrderJSON
	Asked *time.Time `json:"asked_at"`
	Why   []string   `json:"reasons" doc:"Why it came to you."`

	Behalf []NamedJSON `json:"on_behalf_of" doc:"For whom you are asked, as a deputy; empty where you are asked yourself."`
}

type queueIn struct {
	Paged
	Text      string `query:"q" maxLength:"200" doc:"In the number, the buyer's own number or the requester's name."`
	Requester string `query:"requester_id"`
	Unit      string `query:"unit_id"`
	Why       string `query:"reason" maxLength:"60" doc:"Why it came to you: the identifier of a rule, \"parent\" for the rules of a company above, \"limit\", \"budget\" or \"credit\"."`
	Currency  string `query:"currency" maxLength:"3" doc:"Only what is in this currency. Needed where an amount is named."`
	From      string `query:"from_net" maxLength:"30" doc:"A net total of at least that."`
	To        string `query:"to_net" maxLength:"30" doc:"A net total of at most that."`
	Waits     int    `query:"waiting_hours" minimum:"1" maximum:"8760" doc:"You were asked longer ago than that."`
	Needed    string `query:"requested_until" maxLength:"10" doc:"Wanted on that day or before."`
	Sort      string `query:"sort" enum:"waiting,-waiting,requester,-requester,total,-total" default:"-waiting" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (in queueIn) filter(wrong *fault.Input) view.QueueFilter {
	f := view.QueueFilter{Text: in.Text, Waits: time.Duration(in.Waits) * time.Hour}
	f.Requester = maybe(wrong, "query.requester_id", in.Requester, id.ParseMember)
	f.Unit = maybe(wrong, "query.unit_id", in.Unit, id.ParseUnit)
	f.Why = maybe(wrong, "query.reason", in.Why, approval.ParseCause)
	f.Needed = maybe(wrong, "query.requested_until", in.Needed, date.Parse)
	f.Currency = maybe(wrong, "query.currency", in.Currency, money.ParseCurrency)
	bound := func(name, amount string) *int64 {
		if amount == "" {
			return nil
		}
		if in.Currency == "" {
			wrong.Add("query.currency", "required", "an amount has a currency")
			return nil
		}
		m := read(wrong, name, amount, func(text string) (money.Money, error) { return money.Parse(text, f.Currency) })
		return &m.Minor
	}
	f.From, f.To = bound("query.from_net", in.From), bound("query.to_net", in.To)
	return f
}

// QueuePage is a page of what waits for one's decision.
type QueuePage struct {
	Body struct {
		Items []WaitingJSON `json:"items"`
		Found int64         `json:"found" doc:"How many fit, on all pages; counted up to 1 000."`
		More  bool          `json:"found_more" doc:"There are more than were counted."`
		Next  string        `json:"next,omitempty" doc:"Ask with this cursor for what follows; absent at the end."`
	}
}

func (h purchaseOrders) queue(ctx context.Context, in *queueIn) (*QueuePage, error) {
	var wrong fault.Input
	f := in.filter(&wrong)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	q, err := h.Approving.Queue(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	out := &QueuePage{}
	out.Body.Found, out.Body.More, out.Body.Next = q.Found.N, q.Found.More, q.Next
	out.Body.Items = items(q.Rows, func(q approving.QueueRow) WaitingJSON {
		return WaitingJSON{purchaseOrderOf(q.PurchaseOrder), instant(q.AskedAt), items(q.Why, func(r approval.Reason) string { return r.Title() + ": " + sentence(r.Text) }),
			items(q.For, func(s approval.StandsFor) NamedJSON { return NamedJSON{s.Member.String(), s.Name} })}
	})
	return out, nil
}

type decideManyIn struct {
	web.Once
	Body struct {
		Decisions []DecisionJSON `json:"decisions" minItems:"1" maxItems:"100" doc:"One of each purchase order."`
	}
}

// DecisionJSON is one of several decisions.
type DecisionJSON struct {
	Order   string `json:"purchase_order_id"`
	Verdict string `json:"verdict" enum:"approve,reject"`
	Reason  string `json:"reason,omitempty" maxLength:"2000" doc:"A rejection needs one."`
	Hash    string `json:"content_hash" doc:"Of what you have seen."`
}

// DecidedJSON is what has come of one of several decisions.
type DecidedJSON struct {
	ID      string             `json:"purchase_order_id"`
	Counts  bool               `json:"counts" doc:"Whether the decision was taken."`
	Number  string             `json:"number,omitempty"`
	State   string             `json:"state,omitempty" doc:"Where it stands now."`
	Order   string             `json:"order_id,omitempty"`
	Refused *web.ProblemReason `json:"refused,omitempty" doc:"Why the decision was not taken."`
	Last    *HappeningJSON     `json:"last_decision,omitempty" doc:"What somebody else did to it before."`
}

type decideManyOut struct {
	Body struct {
		Results []DecidedJSON `json:"results" doc:"In the order in which the decisions were sent."`
	}
}

func (h purchaseOrders) decideMany(ctx context.Context, in *decideManyIn) (*decideManyOut, error) {
	var wrong fault.Input
	act := once(ctx, in.Once)
	many := approving.DecideManyInput{Key: act}
	for i, d := range in.Body.Decisions {
		key := read(&wrong, at("decisions", i, "purchase_order_id"), d.Order, id.ParsePurchaseOrder)
		many.Decisions = append(many.Decisions, approving.DecideInput{Order: key, Verdict: approval.Verdict(d.Verdict), Reason: d.Reason, Hash: d.Hash})
	}
	web.Unread(ctx, wrong.Err())
	done, err := h.Approving.DecideMany(ctx, web.Actor(ctx), many)
	if err != nil {
		return nil, err
	}
	out := &decideManyOut{}
	out.Body.Results = items(done.Results, func(r approving.Result) DecidedJSON {
		j := DecidedJSON{ID: r.ID.String(), Counts: r.Refused == nil, Number: r.Number, State: string(r.State), Order: r.Order.String()}
		if r.Refused != nil {
			j.Refused = &web.Reasons(ctx, r.Refused.Fault())[0]
		}
		if l := r.Last; l != nil {
			j.Last = &HappeningJSON{instant(l.At), l.Member.String(), l.Name, string(l.Action), l.Reason, named(l.Behalf.IsZero(), l.Behalf.String(), l.BehalfName)}
		}
		return j
	})
	return out, nil
}
