package api

import (
	"context"
	"net/http"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/order"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

type orders struct{ Services }

func (h orders) add(a *web.API) {
	see := access.OrdersView.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/orders", ID: "list-orders", Tag: tagOrders, Permission: see, Scope: web.Company,
		Summary: "Orders within one's reach, the newest first", Text: "Without prices.view they come without what they came to, and are not sorted by it."}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/orders/{order}", ID: "get-order", Tag: tagOrders, Permission: see, Scope: web.Company,
		Summary: "An order with its lines", Text: "What it came to is shown with prices.view, and to who was named to decide on it."}, h.get)
}

// OrderJSON is an order as lists have it.
type OrderJSON struct {
	ID            string      `json:"id"`
	Number        string      `json:"number" example:"SO-000123"`
	PurchaseOrder string      `json:"purchase_order_id"`
	State         string      `json:"state"`
	Requester     NamedJSON   `json:"requester"`
	Unit          NamedJSON   `json:"unit"`
	Totals        *TotalsJSON `json:"totals,omitempty" doc:"Absent where one is not shown what it came to."`
	Lines         int64       `json:"line_count"`
	Reference     string      `json:"po_number,omitempty"`
	Placed        *time.Time  `json:"placed_at"`
}

func orderOf(o view.Order) OrderJSON {
	return OrderJSON{ID: o.ID.String(), Number: o.Number, PurchaseOrder: o.PurchaseOrder.String(), State: string(o.State), Requester: NamedJSON{o.Requester.String(), o.RequesterName},
		Unit: NamedJSON{o.Unit.String(), o.UnitName}, Totals: totalsOf(o.Net, o.Shipping, o.Tax, o.Gross), Lines: o.Lines,
		Reference: o.Reference, Placed: instant(o.PlacedAt)}
}

type ordersIn struct {
	Paged
	Text      string   `query:"q" maxLength:"200"`
	State     []string `query:"state"`
	Requester string   `query:"requester_id"`
	Unit      string   `query:"unit_id"`
	Sort      string   `query:"sort" enum:"placed,-placed,number,-number,total,-total" default:"-placed" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h orders) list(ctx context.Context, in *ordersIn) (*Page[OrderJSON], error) {
	var wrong fault.Input
	f := purchasing.OrderFilter{Text: in.Text}
	f.Requester = maybe(&wrong, "requester_id", in.Requester, id.ParseMember)
	f.Unit = maybe(&wrong, "unit_id", in.Unit, id.ParseUnit)
	for _, s := range in.State {
		f.States = append(f.States, order.State(s))
	}
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Purchasing.Orders(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, orderOf), nil
}

// OrderSheetJSON is an order in full.
type OrderSheetJSON struct {
	OrderJSON
	Payment   string           `json:"payment_method"`
	Shipping  string           `json:"shipping_method,omitempty"`
	Requested string           `json:"requested_date,omitempty"`
	Delivery  PostalJSON       `json:"delivery_address"`
	Billing   PostalJSON       `json:"billing_address"`
	Lines     []FrozenLineJSON `json:"lines"`
	Timeline  []HappeningJSON  `json:"timeline" doc:"From the cart on."`
}

type orderOut struct{ Body OrderSheetJSON }

func (h orders) get(ctx context.Context, in *struct {
	Order string `path:"order"`
}) (*orderOut, error) {
	key := called(ctx, "order", in.Order, id.ParseOrder)
	s, err := h.Purchasing.Order(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := OrderSheetJSON{OrderJSON: orderOf(s.Order), Payment: s.Payment, Shipping: s.Shipment, Requested: dayOf(s.Requested), Delivery: postalOf(s.Delivery), Billing: postalOf(s.Billing)}
	out.Lines = items(s.Lines, frozenLineOf)
	out.Timeline = items(s.Timeline, func(t view.Trail) HappeningJSON {
		return HappeningJSON{At: instant(t.At), Member: t.Member.String(), Name: t.Name, Event: t.Event}
	})
	return &orderOut{out}, nil
}
