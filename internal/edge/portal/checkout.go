package portal

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
)

// CheckoutPage asks what there is to say about an order as a whole, and shows what submitting it would do.
type CheckoutPage struct {
	ui.Frame
	Header   ui.Header
	Empty    bool
	Error    string   // why the order was not taken
	Reasons  []string // every one of them
	Cart     string
	Key      string // under which a second press does nothing more
	Version  string
	Unit     ui.Field // left out without a name, as all of these
	Delivery templ.Component
	Billing  templ.Component
	Centre   ui.Field
	Payment  ui.Radios
	PO       ui.Field
	Wanted   ui.Field
	Note     ui.Field
	Lines    ui.Table
	Summary  Summary
}

// CheckoutRow is a line, to be looked at once more.
type CheckoutRow struct {
	Named    ui.Named
	Note     string
	Quantity ui.Quantity
	Total    string
	Problem  string
}

func (v *visit) checkout() error {
	a, err := v.tried(id.Cart{}, nil)
	if err != nil {
		return err
	}
	return v.show(v.checkoutPage(a, nil).View())
}

// previewCheckout shows what submitting would do if the form were sent as it is.
func (v *visit) previewCheckout() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	return v.checkoutAgain(anew(form), nil)
}

// submit orders what is in the cart. The form shows again, with what it held, where that cannot be.
func (v *visit) submit() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if form.Get("act") != "submit" {
		return v.checkoutAgain(anew(form), nil)
	}
	said, err := checkoutOf(form)
	if err != nil {
		return v.checkoutAgain(form, err)
	}
	key, err := id.ParseCart(form.Get("cart"))
	if err != nil {
		return err
	}
	done, err := v.Purchasing.Submit(v.ctx(), v.actor, purchasing.SubmitInput{Cart: key, Version: version(form.Get("version")), Checkout: &said, Key: form.Get("key")})
	switch {
	case errors.Is(err, cart.ErrSubmitted):
		return v.submittedBefore(err)
	case err != nil:
		return v.checkoutAgain(form, err)
	}
	to := "/purchase-orders/" + done.ID.String()
	if !v.actor.MaySomewhere(access.PurchaseOrdersView) {
		to = "/shop"
	}
	return v.goOn(to, ui.Good, v.becameOf(done))
}

// submittedBefore leads to what a cart became that was submitted meanwhile, in another window say.
func (v *visit) submittedBefore(err error) error {
	po := fault.Of(err).Detail["purchase_order_id"]
	if po == "" || !v.actor.MaySomewhere(access.PurchaseOrdersView) {
		return v.refused("/cart", err)
	}
	return v.goOn("/purchase-orders/"+po, ui.Info, v.T("You submitted this cart before. Nothing was ordered a second time."))
}

// becameOf says what became of what was submitted.
func (v *visit) becameOf(done purchasing.Submitted) string {
	switch done.State {
	case approval.Placed:
		return v.T("%s is ordered from %s.", done.Number, v.seller)
	case approval.PendingPayment:
		return v.T("%s is approved, and waits for your payment.", done.Number)
	case approval.OrderFailed:
		return v.T("%s could not be ordered: see why.", done.Number)
	}
	sheet, err := v.Approving.Get(v.ctx(), v.actor, done.ID)
	if names := awaited(sheet.Plan); err == nil && len(names) > 0 {
		return v.T("%s waits for %s.", done.Number, v.l.List(names...))
	}
	return v.T("%s waits for approval.", done.Number) // whoever may not see it is told no more
}

// awaited are the names of those who are asked now.
func awaited(p approval.Plan) []string {
	var names []string
	for _, a := range p.Awaited() {
		names = append(names, a.Name)
	}
	return once(names)
}

// checkoutAgain shows the form with what it held, and what is wrong with it.
func (v *visit) checkoutAgain(form url.Values, wrong error) error {
	said, err := checkoutOf(form)
	if wrong == nil {
		wrong = err
	}
	if wrong != nil && !tellable(wrong) {
		return wrong
	}
	key, err := picked(form.Get("cart"), id.ParseCart)
	if err != nil {
		return err
	}
	a, err := v.tried(key, &said)
	if a != nil && a.Cart.State == cart.Submitted { // in another window
		return v.submittedBefore(a.Cart.Changes())
	}
	if tellable(err) { // what was said can be no checkout, or not all of it
		if fault.KindOf(wrong) == fault.Invalid {
			wrong = fault.Both(wrong, err)
		} else {
			wrong = err
		}
		if err = nil; a == nil {
			a, err = v.tried(key, nil)
		}
	}
	if err != nil {
		return err
	}
	p := v.checkoutPage(a, wrong)
	p.keep(form)
	if wrong == nil {
		return v.show(p.View())
	}
	return v.answer(http.StatusUnprocessableEntity, p.View())
}

// tried is what submitting a cart of the reader's would do, had they said this of it, and what they can say; no cart is the
// one that they work on, and nil is what the cart says, with the first payment method where none has been chosen yet.
func (v *visit) tried(key id.Cart, said *cart.Checkout) (a *purchasing.Assessment, err error) {
	defer func() { v.worked = a }()
	if key.IsZero() {
		c, err := v.Purchasing.Current(v.ctx(), v.actor)
		if err != nil {
			return nil, err
		}
		key = c.ID
	}
	if said != nil {
		return v.Purchasing.Try(v.ctx(), v.actor, key, *said)
	}
	a, err = v.Purchasing.Preview(v.ctx(), v.actor, key)
	if err != nil {
		return a, err
	}
	begin := a.Cart.Checkout
	if begin.Payment == "" && len(a.Choices.Payments) > 0 {
		begin.Payment = a.Choices.Payments[0]
	}
	return v.Purchasing.Try(v.ctx(), v.actor, key, begin)
}

// noCentre is what a form says where no cost centre shall bear an order; where it says nothing, the unit's usual one does.
const noCentre = "none"

// checkoutOf reads what the form says of the order as a whole.
func checkoutOf(form url.Values) (cart.Checkout, error) {
	var in fault.Input
	c := cart.Checkout{Payment: form.Get("payment"), Reference: strings.TrimSpace(form.Get("reference")), Note: strings.TrimSpace(form.Get("note")),
		Acknowledged: form.Get("acknowledged") != ""}
	chosen(&in, form, "unit", &c.Unit, id.ParseUnit)
	chosen(&in, form, "delivery", &c.Delivery, id.ParseAddress)
	chosen(&in, form, "billing", &c.Billing, id.ParseAddress)
	if c.NoCentre = form.Get("cost_centre") == noCentre; !c.NoCentre {
		chosen(&in, form, "cost_centre", &c.CostCentre, id.ParseCostCentre)
	}
	chosen(&in, form, "requested", &c.Requested, date.Parse)
	return c, in.Err()
}

// chosen reads a field that may be empty.
func chosen[K any](in *fault.Input, form url.Values, name string, to *K, parse func(string) (K, error)) {
	if form.Get(name) == "" {
		return
	}
	value, err := parse(form.Get(name))
	if !in.Take(name, err) {
		*to = value
	}
}

func (v *visit) checkoutPage(a *purchasing.Assessment, wrong error) CheckoutPage {
	p := CheckoutPage{Frame: v.frame(v.T("Checkout"), "shop"), Header: ui.Header{Title: v.T("Checkout"), Crumbs: []ui.Link{{Label: v.T("Cart"), URL: "/cart"}}},
		Empty: len(a.Lines) == 0, Cart: a.Cart.ID.String(), Key: fresh(), Version: strconv.FormatInt(a.Cart.Version, 10), Summary: v.summary(a)}
	beside := p.complain(v, a, wrong)
	if p.Error != "" {
		p.Summary.Problems, p.Summary.Refusals = "", nil // they are among the reasons
	}
	p.fields(v, a, beside)
	var rows []CheckoutRow
	for _, l := range a.Lines {
		rows = append(rows, v.checkoutRow(l))
	}
	p.Lines = v.lookedOver(v.T("What you order"), rows)
	return p
}

func (v *visit) checkoutRow(l purchasing.Line) CheckoutRow {
	row := CheckoutRow{Named: ui.Named{Name: l.Good.Name, Note: joined(" · ", l.Good.SKU, l.Good.Supplier)}, Note: l.Note, Quantity: ui.Quantity{Text: v.l.Quantity(l.Quantity), Unit: l.Good.Unit}}
	if l.Included {
		row.Total = v.money(l.Total)
	}
	if l.Problem != nil {
		row.Problem = v.sentence(l.Problem)
	}
	return row
}

// lookedOver are lines of a cart that are looked at here and changed elsewhere.
func (v *visit) lookedOver(caption string, rows []CheckoutRow) ui.Table {
	t := ui.Table{Name: "lines", Caption: caption, Plain: true, Dense: true, Columns: []ui.Column{
		{Label: v.T("Product")}, {Label: v.T("Quantity"), Numeric: true}, {Label: v.T("Total"), Numeric: true},
	}}
	for _, l := range rows {
		row := ui.Row{Cells: []templ.Component{l.product(), l.Quantity, ui.Money{Text: l.Total}}}
		if l.Problem != "" {
			row.Tone = ui.Warn
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// complain says why the order was not taken: beside the fields, and as a whole.
func (p *CheckoutPage) complain(v *visit, a *purchasing.Assessment, wrong error) (beside map[string]string) {
	beside, p.Error = v.errorsOf(wrong)
	f := fault.Of(wrong)
	if f == nil {
		return beside
	}
	if p.Error == "" {
		p.Error = v.sentence(f)
	}
	reasons := f.Reasons
	if len(f.Fields) > 0 { // and what else stands in the way of it
		p.Error, reasons = v.sentence(fault.ErrInput), a.Refusals
		for _, x := range f.Fields {
			if label := v.checkoutLabel(x.Name); label != "" && !slices.Contains(p.Reasons, label+": "+beside[x.Name]) {
				p.Reasons = append(p.Reasons, label+": "+beside[x.Name])
			}
		}
	}
	for _, r := range reasons {
		field := askedOf(a, r)
		if beside[field] != "" {
			continue // it could not be read, so it is not there
		}
		text := v.sentence(r)
		p.Reasons = append(p.Reasons, text)
		if field != "" {
			beside[field] = text
		}
	}
	return beside
}

// checkoutLabel is what a field of the checkout is called, for telling of it elsewhere than beside it.
func (v *visit) checkoutLabel(name string) string {
	switch name {
	case "unit":
		return v.T("Unit")
	case "delivery":
		return v.T("Delivery address")
	case "billing":
		return v.T("Billing address")
	case "cost_centre":
		return v.T("Cost centre")
	case "payment":
		return v.T("Payment")
	case "reference":
		return v.T("Your PO number")
	case "requested":
		return v.T("Requested delivery date")
	case "note":
		return v.T("Note")
	}
	return ""
}

// fields are what can be said, each with what the cart says, or what holds when nobody says anything.
func (p *CheckoutPage) fields(v *visit, a *purchasing.Assessment, beside map[string]string) {
	c, choices := a.Cart.Checkout, a.Choices
	if len(choices.Units) > 1 {
		p.Unit = ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Value: a.Unit.ID.String(), Error: beside["unit"], Hint: v.T("For whom you order: its budgets and rules hold.")}
		if a.Unit.ID.IsZero() {
			p.Unit.Value, p.Unit.Options = "", []ui.Option{{Label: v.T("Please choose")}}
		}
		for _, u := range choices.Units {
			p.Unit.Options = append(p.Unit.Options, ui.Option{Value: u.ID.String(), Label: u.Name})
		}
	}
	p.Delivery = v.addresses("delivery", v.T("Delivery address"), v.limitOf(choices.Book), choices.Book.Deliveries(), a.Delivery, choices.Book.Delivery(), beside["delivery"])
	p.Billing = v.addresses("billing", v.T("Billing address"), "", choices.Book.Billings(), a.Billing, choices.Book.Billing(), beside["billing"])
	if a.Company.CostCentre != company.Off {
		p.Centre = ui.Field{As: ui.AsSelect, Name: "cost_centre", Label: v.T("Cost centre"), Value: idOrNone(c.CostCentre), Optional: a.Company.CostCentre == company.Optional, Error: beside["cost_centre"],
			Options: []ui.Option{{Value: noCentre, Label: v.T("None")}}}
		if !p.Centre.Optional {
			p.Centre.Options[0] = ui.Option{Label: v.T("Please choose")}
		}
		for _, centre := range choices.CostCentres {
			p.Centre.Options = append(p.Centre.Options, ui.Option{Value: centre.ID.String(), Label: centre.Code + " " + centre.Name})
		}
	}
	p.Payment = ui.Radios{Name: "payment", Label: v.T("Payment"), Value: c.Payment, Error: beside["payment"], Tiles: true}
	for _, code := range choices.Payments {
		way := v.payment(code)
		if n := a.Payer.Terms.NetDays; code == purchasing.OnAccount && n > 0 {
			way.Hint = v.N(int(n), "You get an invoice after delivery, to be paid within %d day.", "You get an invoice after delivery, to be paid within %d days.")
		}
		p.Payment.Options = append(p.Payment.Options, way)
	}
	if a.Company.PONumber != company.Off {
		p.PO = ui.Field{Name: "reference", Label: v.T("Your PO number"), Value: c.Reference, Optional: a.Company.PONumber == company.Optional, MaxLength: cart.LongestName, Error: beside["reference"],
			Hint: v.T("Stands on the order confirmation and the invoice.")}
	}
	p.Wanted = ui.Field{As: ui.AsDate, Name: "requested", Label: v.T("Requested delivery date"), Value: string(c.Requested), Optional: true, Error: beside["requested"]}
	p.Note = ui.Field{As: ui.AsLongText, Name: "note", Label: v.T("Note"), Value: c.Note, Optional: true, Rows: 3, MaxLength: cart.LongestNote, Error: beside["note"],
		Hint: v.T("The people who decide and the seller read it.")}
	if p.Summary.Known.Name != "" {
		p.Summary.Known.Error = beside["acknowledged"]
	}
}

// limitOf says that goods may not go everywhere, where that is so.
func (v *visit) limitOf(b company.Book) string {
	if limit := b.Limit(); len(limit.Allowed) > 0 {
		return v.T("Goods for %s go to certain addresses only.", limit.Unit.Name)
	}
	return ""
}

// addresses are a choice among some; a few stand side by side, and one alone is no choice, unless another one was chosen.
func (v *visit) addresses(name, label, hint string, among []company.Address, chosen company.Address, usual company.Usual, wrong string) templ.Component {
	r := ui.Radios{Name: name, Label: label, Hint: hint, Error: wrong, Tiles: true}
	for _, a := range among {
		label := a.Label
		if !a.Owner.IsZero() {
			label = v.T("%s (your own)", a.Label)
		}
		r.Options = append(r.Options, ui.Option{Value: a.ID.String(), Label: label, Hint: where(a)})
		if a.ID == chosen.ID {
			r.Value = a.ID.String()
		}
	}
	untouched := hidden(name+usually, idOrNone(usual.Address.ID))
	switch n := len(r.Options); {
	case n == 1 && wrong == "" && r.Value != "":
		return ui.All{ui.Facts{Facts: []ui.Fact{{Label: label, Text: r.Options[0].Label + ": " + r.Options[0].Hint}}}, hidden(name, r.Options[0].Value), untouched}
	case n <= 4:
		return ui.All{r, untouched}
	}
	f := ui.Field{As: ui.AsSelect, Name: name, Label: label, Hint: hint, Value: r.Value, Error: wrong}
	if r.Value == "" {
		f.Options = []ui.Option{{Label: v.T("Please choose")}}
	}
	for _, o := range r.Options {
		f.Options = append(f.Options, ui.Option{Value: o.Value, Label: o.Label + ": " + o.Hint})
	}
	return ui.All{f, untouched}
}

// anew leaves out the addresses that were proposed and not touched, so that those of another unit are proposed when that
// is chosen. What is submitted is what the form shows.
func anew(form url.Values) url.Values {
	form = maps.Clone(form)
	for _, name := range []string{"delivery", "billing"} {
		if form.Get(name) == form.Get(name+usually) {
			form.Del(name)
		}
	}
	return form
}

// usually is the end of the name of the field that holds what was proposed.
const usually = "_usual"

func (v *visit) payment(code string) ui.Option {
	switch code {
	case purchasing.OnAccount:
		return ui.Option{Value: code, Label: v.T("On account"), Hint: v.T("You get an invoice after delivery.")}
	case purchasing.Advance:
		return ui.Option{Value: code, Label: v.T("In advance"), Hint: v.T("By bank transfer, before delivery.")}
	}
	return ui.Option{Value: code, Label: code}
}

// keep puts what was typed into the fields, as it was typed.
func (p *CheckoutPage) keep(form url.Values) {
	for _, f := range []*ui.Field{&p.Unit, &p.Centre, &p.PO, &p.Wanted, &p.Note} {
		if form.Has(f.Name) {
			f.Value = form.Get(f.Name)
		}
	}
	p.Payment.Value = form.Get("payment")
}

// idOrNone is an identifier as a form sends it, empty for none.
func idOrNone[K interface {
	IsZero() bool
	String() string
}](key K) string {
	if key.IsZero() {
		return ""
	}
	return key.String()
}
