package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/orderlist"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

type lists struct{ Services }

func (h lists) add(a *web.API) {
	look, manage := access.ListsView.Code(), access.ListsManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/lists", ID: "list-order-lists", Tag: tagLists, Permission: look, Scope: web.Own,
		Summary: "One's order lists", Text: "One's own, those shared with one, and the company's templates, without their lines."}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/lists", ID: "create-order-list", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true, Status: http.StatusCreated,
		Summary: "Make a list", Text: "Empty, or with the lines of another one that one has. A template is for everybody in the company, and takes `lists.templates.manage`."}, h.create)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/lists/{list}", ID: "get-order-list", Tag: tagLists, Permission: look, Scope: web.Own,
		Summary: "A list with its lines", Text: "At one's own prices of this moment; they are kept nowhere. What is no longer sold stays on the list and does not count in the sum. A product that one may not see has no name."}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/lists/{list}", ID: "edit-order-list", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Call or describe a list otherwise", Text: "For its owner; of a template, for who holds `lists.templates.manage`."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/lists/{list}", ID: "delete-order-list", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Delete a list", Text: "For its owner. The audit says what was on it."}, h.remove)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/lists/{list}/lines", ID: "add-to-order-list", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Put products on a list", Text: "Products, all lines of a cart of one's own, or those of a purchase order or an order that one sees. A product that is there already gets more. A quantity that is not sold becomes the next that is, what is not sold any more is left out, and each line says so. It needs no version: who adds at the same time loses nothing."}, h.addLines)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/lists/{list}/lines/{line}", ID: "change-order-list-line", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Give a line another quantity and note", Text: "A quantity that is not sold becomes the next that is."}, h.change)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/lists/{list}/lines/{line}", ID: "remove-order-list-line", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true, Status: http.StatusOK,
		Summary: "Take a line off a list"}, h.removeLine)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/lists/{list}/lines/{line}/position", ID: "place-order-list-line", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Give a line another place"}, h.place)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/lists/{list}/carry", ID: "carry-order-list-lines", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Move or copy lines to another list", Text: "All of them, or none. Who moves them names the version of the list that they are on."}, h.carry)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/lists/{list}/shares", ID: "share-order-list", Tag: tagLists, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Share a list", Text: "With these members and units, or the whole company, each to read or to write, and with nobody else. For its owner. Whom one does not see in the structure one names by their address."}, h.share)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/lists/{list}/cart", ID: "order-list-to-cart", Tag: tagLists, Permission: access.CartsManage.Code(), Scope: web.Own, Writes: true, Idempotent: true,
		Summary: "Put a list into a cart", Text: "All lines, or those named; besides what the cart holds, or in its place. " + copyText}, h.toCart)
}

// OrderListJSON is a list, as an overview has it.
type OrderListJSON struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Template    bool       `json:"template" doc:"It is the company's, for everybody in it."`
	Owner       string     `json:"owner_id,omitempty"`
	OwnerName   string     `json:"owner_name,omitempty"`
	May         string     `json:"may" enum:"read,write,own" doc:"What one may do with it: see it; change its lines; name, share and delete it."`
	Version     int64      `json:"version" doc:"Name it when you change the list."`
	Changed     *time.Time `json:"changed_at"`
	Lines       int64      `json:"line_count"`
}

// holds are what one may do with a list, as the API calls it.
var holds = map[orderlist.Hold]string{orderlist.Reads: "read", orderlist.Writes: "write", orderlist.Owns: "own"}

func orderListOf(l orderlist.List, owner string, hold orderlist.Hold, lines int64) OrderListJSON {
	return OrderListJSON{l.ID.String(), l.Name, l.Description, l.Template(), l.Owner.String(), owner, holds[hold], l.Version, instant(l.ChangedAt), lines}
}

type listOrderListsIn struct {
	Paged
	Which   string `query:"which" enum:"mine,shared,templates" doc:"Only one's own, only those of others, only templates; all when absent."`
	Text    string `query:"q" maxLength:"200" doc:"In the name, the description or the owner's name."`
	Product string `query:"product_id" maxLength:"60" doc:"Only those that have this product."`
	Write   bool   `query:"writable" doc:"Only those that one may put lines on."`
	Sort    string `query:"sort" enum:"name,-name,changed,-changed,lines,-lines" default:"name" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h lists) list(ctx context.Context, in *listOrderListsIn) (*Page[OrderListJSON], error) {
	var wrong fault.Input
	f := collecting.Filter{Which: collecting.Which(in.Which), Text: in.Text, Writable: in.Write}
	f.Product = maybe(&wrong, "product_id", in.Product, id.ParseProduct)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	found, err := h.Collecting.List(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return paged(found, func(l view.OrderList) OrderListJSON { return orderListOf(l.List, l.OwnerName, l.Hold, l.Count) }), nil
}

type createOrderListIn struct {
	Body struct {
		Name        string `json:"name" maxLength:"100"`
		Description string `json:"description,omitempty" maxLength:"500"`
		Template    bool   `json:"template,omitempty"`
		From        string `json:"from_id,omitempty" doc:"A list that one has, whose lines it begins with."`
	}
}

type orderListOut struct {
	ETag string `header:"ETag"`
	Body OrderListJSON
}

func orderListAnswer(l orderlist.List, hold orderlist.Hold, err error) (*orderListOut, error) {
	if err != nil {
		return nil, err
	}
	return &orderListOut{web.ETag(l.Version), orderListOf(l, "", hold, int64(len(l.Lines)))}, nil
}

func (h lists) create(ctx context.Context, in *createOrderListIn) (*orderListOut, error) {
	var wrong fault.Input
	b := in.Body
	make := collecting.CreateInput{Name: b.Name, Description: b.Description, Template: b.Template}
	make.From = maybe(&wrong, "from_id", b.From, id.ParseOrderList)
	web.Unread(ctx, wrong.Err())
	l, err := h.Collecting.Create(ctx, web.Actor(ctx), make)
	return orderListAnswer(l, orderlist.Owns, err)
}

type orderListIn struct {
	List string `path:"list"`
}

// OrderListSheetJSON is a list with its lines at the reader's prices.
type OrderListSheetJSON struct {
	OrderListJSON
	Items  []OrderListLineJSON `json:"lines"`
	Total  *Money              `json:"total_net,omitempty" doc:"Of what can be had; absent for who may not see prices."`
	Left   int                 `json:"lines_left_out" doc:"How many lines do not count in it."`
	Shares []SharedJSON        `json:"shares,omitempty" doc:"With whom it is shared; for its owner alone."`
}

// OrderListLineJSON is a line of a list.
type OrderListLineJSON struct {
	ID       string             `json:"id"`
	Product  string             `json:"product_id,omitempty" doc:"Absent when the product is not one's to see."`
	SKU      string             `json:"sku,omitempty"`
	Name     string             `json:"name,omitempty"`
	Quantity string             `json:"quantity" example:"12"`
	Unit     string             `json:"unit,omitempty"`
	Note     string             `json:"note,omitempty"`
	Price    *Money             `json:"unit_price,omitempty"`
	Total    *Money             `json:"total,omitempty"`
	Counts   bool               `json:"counts" doc:"It is in the sum."`
	Problem  *web.ProblemReason `json:"problem,omitempty"`
	Instead  string             `json:"suggested_quantity,omitempty"`
}

// SharedJSON is with whom a list is shared. Neither a member nor a unit is the whole company.
type SharedJSON struct {
	Member string `json:"member_id,omitempty"`
	Unit   string `json:"unit_id,omitempty"`
	Name   string `json:"name,omitempty"`
	Writes bool   `json:"writes"`
}

type orderListSheetOut struct {
	ETag string `header:"ETag"`
	Body OrderListSheetJSON
}

func (h lists) get(ctx context.Context, in *orderListIn) (*orderListSheetOut, error) {
	key := called(ctx, "list", in.List, id.ParseOrderList)
	s, err := h.Purchasing.OrderList(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := OrderListSheetJSON{OrderListJSON: orderListOf(s.List, s.Owner.Name, s.Hold, int64(len(s.Rows))), Left: s.Left}
	out.Items = items(s.Rows, func(r purchasing.ListRow) OrderListLineJSON { return orderListLineOf(ctx, r) })
	if s.Totals.Net.Currency != "" {
		total := moneyOf(s.Totals.Net)
		out.Total = &total
	}
	for _, p := range s.Parties {
		out.Shares = append(out.Shares, SharedJSON{p.Member.String(), p.Unit.String(), p.Name, p.Writes})
	}
	return &orderListSheetOut{web.ETag(s.Version), out}, nil
}

func orderListLineOf(ctx context.Context, r purchasing.ListRow) OrderListLineJSON {
	l := OrderListLineJSON{ID: r.Key.String(), Product: r.Product.String(), SKU: r.SKU, Name: r.Named, Quantity: quantityOf(r.Quantity), Unit: r.Good.Unit, Note: r.Note, Counts: r.Included}
	if r.Included {
		price, total := rateOf(r.Priced.Rate), moneyOf(r.Total)
		l.Price, l.Total = &price, &total
	}
	if r.Problem != nil {
		l.Problem = &web.Reasons(ctx, r.Problem)[0]
		if r.Instead > 0 {
			l.Instead = quantityOf(r.Instead)
		}
	}
	return l
}

type editOrderListIn struct {
	web.Versioned
	List string `path:"list"`
	Body struct {
		Name        string `json:"name" maxLength:"100"`
		Description string `json:"description,omitempty" maxLength:"500"`
	}
}

func (h lists) edit(ctx context.Context, in *editOrderListIn) (*orderListOut, error) {
	key, version := versioned(ctx, "list", in.List, id.ParseOrderList, in.Versioned)
	l, err := h.Collecting.Edit(ctx, web.Actor(ctx), collecting.EditInput{ID: key, Version: version, Name: in.Body.Name, Description: in.Body.Description})
	return orderListAnswer(l, orderlist.Owns, err)
}

type removeOrderListIn struct {
	web.Versioned
	List string `path:"list"`
}

func (h lists) remove(ctx context.Context, in *removeOrderListIn) (*struct{}, error) {
	key, version := versioned(ctx, "list", in.List, id.ParseOrderList, in.Versioned)
	return nil, h.Collecting.Delete(ctx, web.Actor(ctx), key, version)
}

// ListLineIn is one product and how much of it.
type ListLineIn struct {
	Product  string `json:"product_id"`
	Quantity string `json:"quantity,omitempty" example:"12" doc:"The smallest that is sold when absent."`
	Note     string `json:"note,omitempty" maxLength:"2000"`
}

type addToOrderListIn struct {
	List string `path:"list"`
	Body struct {
		Lines         []ListLineIn `json:"lines,omitempty" maxItems:"1000"`
		Cart          string       `json:"cart_id,omitempty" doc:"A cart of one's own, all of whose lines are put on the list."`
		PurchaseOrder string       `json:"purchase_order_id,omitempty"`
		Order         string       `json:"order_id,omitempty"`
	}
}

// AddedJSON is what became of what was put on a list.
type AddedJSON struct {
	List    string      `json:"list_id"`
	Version int64       `json:"version"`
	Lines   []AddedLine `json:"lines"`
}

// AddedLine is what became of one line.
type AddedLine struct {
	Product string `json:"product_id"`
	SKU     string `json:"sku,omitempty"`
	Name    string `json:"name,omitempty"`
	Became  string `json:"outcome" enum:"taken,adjusted,left_out"`
	Wanted  string `json:"quantity_wanted" example:"12"`
	Taken   string `json:"quantity_taken" example:"12" doc:"0 when it was left out."`
	Code    string `json:"code,omitempty" example:"catalogue.step"`
	Detail  string `json:"detail,omitempty"`
}

type addedOut struct {
	ETag string `header:"ETag"`
	Body AddedJSON
}

func (h lists) addLines(ctx context.Context, in *addToOrderListIn) (*addedOut, error) {
	key := called(ctx, "list", in.List, id.ParseOrderList)
	var wrong fault.Input
	b := in.Body
	add := collecting.AddInput{List: key}
	for i, l := range b.Lines {
		line := collecting.AddLine{Note: l.Note}
		line.Product = read(&wrong, at("lines", i, "product_id"), l.Product, id.ParseProduct)
		line.Quantity = maybe(&wrong, at("lines", i, "quantity"), l.Quantity, quantity.Parse)
		add.Lines = append(add.Lines, line)
	}
	add.Cart = maybe(&wrong, "cart_id", b.Cart, id.ParseCart)
	add.PurchaseOrder = maybe(&wrong, "purchase_order_id", b.PurchaseOrder, id.ParsePurchaseOrder)
	add.Order = maybe(&wrong, "order_id", b.Order, id.ParseOrder)
	web.Unread(ctx, wrong.Err())
	done, err := h.Collecting.Add(ctx, web.Actor(ctx), add)
	if err != nil {
		return nil, err
	}
	return &addedOut{web.ETag(done.Version), AddedJSON{done.List.String(), done.Version, items(done.Lines, addedOf)}}, nil
}

func addedOf(l collecting.Became) AddedLine {
	out := AddedLine{Product: l.Product.String(), SKU: l.SKU, Name: l.Name, Became: "taken", Wanted: quantityOf(l.Wanted), Taken: quantityOf(l.Taken), Code: l.Code, Detail: sentence(l.Why)}
	switch {
	case l.Taken == 0:
		out.Became = "left_out"
	case l.Code != "":
		out.Became = "adjusted"
	}
	return out
}

// OrderListLineIn names a line of a list.
type OrderListLineIn struct {
	web.Versioned
	List string `path:"list"`
	Line string `path:"line"`
}

func (in OrderListLineIn) parse(ctx context.Context) (key id.OrderList, line id.OrderListLine, version int64) {
	key, version = versioned(ctx, "list", in.List, id.ParseOrderList, in.Versioned)
	return key, called(ctx, "line", in.Line, id.ParseOrderListLine), version
}

type changeOrderListLineIn struct {
	OrderListLineIn
	Body struct {
		Quantity string `json:"quantity" example:"12"`
		Note     string `json:"note,omitempty" maxLength:"2000"`
	}
}

// ChangedListJSON is a list whose lines have changed.
type ChangedListJSON struct {
	ID      string `json:"list_id"`
	Version int64  `json:"version"`
	Lines   int    `json:"line_count"`
	Instead string `json:"quantity_instead,omitempty" doc:"The quantity that was taken, where the one wanted is not sold."`
}

type changedListOut struct {
	ETag string `header:"ETag"`
	Body ChangedListJSON
}

func changedList(l orderlist.List, instead quantity.Quantity, err error) (*changedListOut, error) {
	if err != nil {
		return nil, err
	}
	out := ChangedListJSON{ID: l.ID.String(), Version: l.Version, Lines: len(l.Lines)}
	if instead > 0 {
		out.Instead = quantityOf(instead)
	}
	return &changedListOut{web.ETag(l.Version), out}, nil
}

func (h lists) change(ctx context.Context, in *changeOrderListLineIn) (*changedListOut, error) {
	key, line, version := in.parse(ctx)
	var wrong fault.Input
	q := read(&wrong, "quantity", in.Body.Quantity, quantity.Parse)
	web.Unread(ctx, wrong.Err())
	return changedList(h.Collecting.Change(ctx, web.Actor(ctx), collecting.ChangeInput{List: key, Version: version, Line: line, Quantity: q, Note: in.Body.Note}))
}

func (h lists) removeLine(ctx context.Context, in *OrderListLineIn) (*changedListOut, error) {
	key, line, version := in.parse(ctx)
	l, err := h.Collecting.Remove(ctx, web.Actor(ctx), key, version, line)
	return changedList(l, 0, err)
}

type placeOrderListLineIn struct {
	OrderListLineIn
	Body struct {
		Position int `json:"position" minimum:"1" maximum:"1000" doc:"The first is 1; what is behind the last one is the last."`
	}
}

func (h lists) place(ctx context.Context, in *placeOrderListLineIn) (*changedListOut, error) {
	key, line, version := in.parse(ctx)
	l, err := h.Collecting.Place(ctx, web.Actor(ctx), key, version, line, in.Body.Position)
	return changedList(l, 0, err)
}

type carryIn struct {
	List string `path:"list"`
	Body struct {
		Lines   []string `json:"line_ids,omitempty" maxItems:"1000" doc:"All when absent."`
		To      string   `json:"to_id"`
		Move    bool     `json:"move,omitempty" doc:"They leave the list that they are on; otherwise they are copied."`
		Version int64    `json:"version,omitempty" doc:"Of the list that they are moved from, as you have seen it."`
	}
}

func (h lists) carry(ctx context.Context, in *carryIn) (*changedListOut, error) {
	key := called(ctx, "list", in.List, id.ParseOrderList)
	var wrong fault.Input
	b := in.Body
	carry := collecting.CarryInput{From: key, Version: b.Version, Move: b.Move, Lines: lineKeys(&wrong, b.Lines)}
	carry.To = read(&wrong, "to_id", b.To, id.ParseOrderList)
	web.Unread(ctx, wrong.Err())
	l, err := h.Collecting.Carry(ctx, web.Actor(ctx), carry)
	return changedList(l, 0, err)
}

func lineKeys(wrong *fault.Input, said []string) (all []id.OrderListLine) {
	for i, s := range said {
		all = append(all, read(wrong, "line_ids."+strconv.Itoa(i), s, id.ParseOrderListLine))
	}
	return all
}

// ShareIn is one with whom a list is shared.
type ShareIn struct {
	Member string `json:"member_id,omitempty"`
	Unit   string `json:"unit_id,omitempty" doc:"All who stand in it or below."`
	Email  string `json:"email,omitempty" maxLength:"254" doc:"A colleague by their address, in place of member_id."`
	Writes bool   `json:"writes,omitempty" doc:"They may change lines; otherwise they read."`
}

type shareIn struct {
	web.Versioned
	List string `path:"list"`
	Body struct {
		Shares []ShareIn `json:"shares" maxItems:"100" doc:"None of the three is the whole company."`
	}
}

func (h lists) share(ctx context.Context, in *shareIn) (*changedListOut, error) {
	key, version := versioned(ctx, "list", in.List, id.ParseOrderList, in.Versioned)
	var wrong fault.Input
	share := collecting.ShareInput{List: key, Version: version}
	for i, s := range in.Body.Shares {
		w := collecting.With{Email: s.Email}
		w.Writes = s.Writes
		w.Member = maybe(&wrong, at("shares", i, "member_id"), s.Member, id.ParseMember)
		w.Unit = maybe(&wrong, at("shares", i, "unit_id"), s.Unit, id.ParseUnit)
		share.With = append(share.With, w)
	}
	web.Unread(ctx, wrong.Err())
	l, err := h.Collecting.Share(ctx, web.Actor(ctx), share)
	return changedList(l, 0, err)
}

type listToCartIn struct {
	web.Once
	List string `path:"list"`
	Body struct {
		Lines   []string `json:"line_ids,omitempty" maxItems:"1000" doc:"All when absent."`
		Cart    string   `json:"cart_id,omitempty" doc:"One's cart that they are put into; the one that one works on when absent."`
		Replace bool     `json:"replace,omitempty" doc:"What the cart holds goes, as far as anything comes in its place."`
	}
}

func (h lists) toCart(ctx context.Context, in *listToCartIn) (*copyOut, error) {
	key := called(ctx, "list", in.List, id.ParseOrderList)
	act := once(ctx, in.Once)
	var wrong fault.Input
	put := purchasing.CopyInput{List: key, Lines: lineKeys(&wrong, in.Body.Lines), Replace: in.Body.Replace, Key: act}
	put.Cart = maybe(&wrong, "cart_id", in.Body.Cart, id.ParseCart)
	web.Unread(ctx, wrong.Err())
	done, err := h.Purchasing.Copy(ctx, web.Actor(ctx), put)
	if err != nil {
		return nil, err
	}
	return &copyOut{CopiedJSON{done.Cart.String(), done.Version, items(done.Lines, copiedOf)}}, nil
}
