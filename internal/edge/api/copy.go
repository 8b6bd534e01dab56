package api

import (
	"context"
	"net/http"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/purchasing"
)

// copyText says of both operations what copying does.
const copyText = "All lines, or those of the positions named, at the prices of now. Each line says what became of it: one that is no longer sold, has no price or finds no room " +
	"is left out, and one that is sold in other quantities is taken in the next that will do. None keeps the others from being taken."

func (h carts) addCopies(a *web.API) {
	manage := access.CartsManage.Code()
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/purchase-orders/{purchase_order}/copy", ID: "copy-purchase-order", Tag: tagPurchase, Permission: manage, Scope: web.Company,
		Writes: true, Idempotent: true, Summary: "Copy the lines of a purchase order into a cart", Text: copyText}, h.copyPurchaseOrder)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/orders/{order}/copy", ID: "copy-order", Tag: tagOrders, Permission: manage, Scope: web.Company,
		Writes: true, Idempotent: true, Summary: "Order again: copy the lines of an order into a cart", Text: copyText}, h.copyOrder)
}

// CopyJSON says what is copied, and where to.
type CopyJSON struct {
	Positions []int64 `json:"positions,omitempty" maxItems:"1000" doc:"Of the lines wanted; all when absent."`
	Cart      string  `json:"cart_id,omitempty" doc:"One's cart that they are put into; the one that one works on when absent."`
}

// CopiedJSON is what became of the lines.
type CopiedJSON struct {
	Cart    string           `json:"cart_id"`
	Version int64            `json:"version" doc:"Of the cart, with what was added."`
	Lines   []CopiedLineJSON `json:"lines"`
}

// CopiedLineJSON is what became of one line.
type CopiedLineJSON struct {
	Position  int64  `json:"position"`
	Product   string `json:"product_id"`
	SKU       string `json:"sku"`
	Name      string `json:"name"`
	Became    string `json:"outcome" enum:"taken,adjusted,left_out"`
	Wanted    string `json:"quantity_wanted" example:"12"`
	Taken     string `json:"quantity_taken" example:"12" doc:"0 when it was left out."`
	Code      string `json:"code,omitempty" example:"catalogue.not_sold" doc:"Why it is not as it was wanted."`
	Detail    string `json:"detail,omitempty"`
	Successor string `json:"successor_id,omitempty" doc:"The product that replaces one that is no longer sold."`
}

type copyOut struct{ Body CopiedJSON }

func (h carts) copied(ctx context.Context, name web.Once, body CopyJSON, in purchasing.CopyInput) (*copyOut, error) {
	var wrong fault.Input
	in.Key, in.Positions = once(ctx, name), body.Positions
	in.Cart = maybe(&wrong, "cart_id", body.Cart, id.ParseCart)
	web.Unread(ctx, wrong.Err())
	done, err := h.Purchasing.Copy(ctx, web.Actor(ctx), in)
	if err != nil {
		return nil, err
	}
	return &copyOut{CopiedJSON{done.Cart.String(), done.Version, items(done.Lines, copiedOf)}}, nil
}

func copiedOf(l purchasing.CopiedLine) CopiedLineJSON {
	out := CopiedLineJSON{Position: l.Position, Product: l.Product.String(), SKU: l.SKU, Name: l.Name, Became: "taken", Wanted: quantityOf(l.Wanted), Taken: quantityOf(l.Taken),
		Code: l.Code, Detail: sentence(l.Why), Successor: l.Successor.String()}
	switch {
	case l.Taken == 0:
		out.Became = "left_out"
	case !l.AsWanted():
		out.Became = "adjusted"
	}
	return out
}

type copyPurchaseOrderIn struct {
	web.Once
	Order string `path:"purchase_order"`
	Body  CopyJSON
}

func (h carts) copyPurchaseOrder(ctx context.Context, in *copyPurchaseOrderIn) (*copyOut, error) {
	key := called(ctx, "purchase_order", in.Order, id.ParsePurchaseOrder)
	return h.copied(ctx, in.Once, in.Body, purchasing.CopyInput{PurchaseOrder: key})
}

type copyOrderIn struct {
	web.Once
	Order string `path:"order"`
	Body  CopyJSON
}

func (h carts) copyOrder(ctx context.Context, in *copyOrderIn) (*copyOut, error) {
	key := called(ctx, "order", in.Order, id.ParseOrder)
	return h.copied(ctx, in.Once, in.Body, purchasing.CopyInput{Order: key})
}
