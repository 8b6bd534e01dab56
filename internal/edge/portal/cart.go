package portal

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
)

// CartPage shows what the reader means to order, and what ordering it would do.
type CartPage struct {
	ui.Frame
	Header   ui.Header
	Version  string
	Rows     []CartRow
	Empty    ui.Empty
	Pager    ui.Pager
	Only     ui.LinkButton // shows the lines that have a problem, or all again
	Summary  Summary
	Checkout string // where to go on; empty for who may not order
	Noting   *CartRow
	Others   ui.Items // the reader's other carts
}

// CartRow is a line of the cart.
type CartRow struct {
	T        ui.Translate
	URL      string
	Named    ui.Named
	Note     string
	NoteURL  string // opens the dialog that changes the note
	Quantity ui.Field
	Typed    string // the quantity, as it is sent along with a note
	Price    ui.Money
	Total    ui.Money
	Problem  string
	Instead  string // the quantity that would do
	Cart     string // which of the reader's carts it stands in: another window may go on with another one meanwhile
	Version  string
	Remove   string
}

// cartSize is how many lines of a cart one page shows.
const cartSize = 100

func (v *visit) cart() error {
	a, err := v.currentCart()
	if err != nil {
		return err
	}
	p := CartPage{Version: strconv.FormatInt(a.Cart.Version, 10), Empty: ui.Empty{Icon: ui.IconCart, Title: v.T("Your cart is empty"),
		Text: v.T("What you add stands here until you order it, at your prices of the day."), Action: ui.LinkButton{Label: v.T("Go to the shop"), URL: "/shop", Kind: ui.Primary}}}
	q := v.r.URL.Query()
	of, typed := q.Get("of"), q.Get("quantity") // which are no part of where one is
	q.Del("of")
	q.Del("quantity")
	v.r.URL.RawQuery = q.Encode()
	p.Frame = v.frame(v.T("Cart"), "shop")
	p.Header = ui.Header{Title: v.cartName(a.Cart.Name)}
	if p.Others, err = v.otherCarts(a.Cart.ID); err != nil {
		return err
	}
	if len(a.Lines) == 0 {
		return v.show(p.View())
	}
	p.Header.Note = v.N(len(a.Lines), "%d line", "%d lines")
	more := ui.Menu{Label: v.T("More"), IconOnly: true, Kind: ui.Quiet}
	if v.actor.MaySomewhere(access.ListsManage) {
		more.Items = append(more.Items, ui.MenuItem{Label: v.T("Put the cart on a list"), Icon: ui.IconLists, URL: toList("cart", a.Cart.ID.String(), "/cart")})
	}
	more.Items = append(more.Items, ui.MenuItem{Label: v.T("Empty the cart"), Icon: ui.IconDelete, URL: "/cart/clear", Post: true, Name: "cart", Value: a.Cart.ID.String(),
		Keep: []ui.Kept{{Name: "version", Value: p.Version}}, Danger: true})
	p.Header.Actions = ui.All{more,
		ui.LinkButton{Label: v.T("Continue shopping"), URL: "/shop"},
	}
	p.Summary = v.summary(a)
	p.Summary.Known = ui.Check{} // checkout asks
	p.cut(v, a)
	p.refuse(v, of, typed)
	if v.actor.MaySomewhere(access.CheckoutPlace) {
		p.Checkout = "/checkout"
	}
	return v.show(p.View())
}

// cartName is what a cart is called: by its own name, or as the one that there is by itself.
func (v *visit) cartName(name string) string {
	if name == "Cart" {
		return v.T("Cart")
	}
	return v.T("Cart %s", name)
}

// currentCart is the reader's cart with what ordering it would do, as far as they may order.
func (v *visit) currentCart() (*purchasing.Assessment, error) {
	c, err := v.Purchasing.Current(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	v.worked, err = v.assessed(c.ID)
	return v.worked, err
}

// assessed is a cart of the reader's with what ordering it would do, as far as they may order.
func (v *visit) assessed(key id.Cart) (*purchasing.Assessment, error) {
	if !v.actor.MaySomewhere(access.CheckoutPlace) {
		return v.Purchasing.Look(v.ctx(), v.actor, key)
	}
	return v.Purchasing.Preview(v.ctx(), v.actor, key)
}

// cut fills in the lines of one page: of all, or of those that have a problem.
func (p *CartPage) cut(v *visit, a *purchasing.Assessment) {
	q := v.r.URL.Query()
	lines, problems := a.Lines, []purchasing.Line{}
	for _, l := range a.Lines {
		if l.Problem != nil {
			problems = append(problems, l)
		}
		if l.ID.String() == q.Get("note") {
			row := v.cartRow(l, a.Cart.ID, p.Version)
			p.Noting = &row
		}
	}
	switch only := q.Get("only") == "problems"; {
	case only:
		lines = problems
		p.Only = ui.LinkButton{Label: v.T("Show all lines"), URL: "/cart", Kind: ui.Quiet, Small: true}
	case len(problems) > 0 && len(lines) > cartSize/10:
		p.Only = ui.LinkButton{Label: v.N(len(problems), "Show only the line with a problem", "Show only the %d lines with a problem"), URL: "/cart?only=problems", Kind: ui.Quiet, Small: true}
	}
	lines, p.Pager = portion(v, lines)
	for _, l := range lines {
		p.Rows = append(p.Rows, v.cartRow(l, a.Cart.ID, p.Version))
	}
}

// refuse keeps what was typed as the quantity of a line, and says beside it why it is none.
func (p *CartPage) refuse(v *visit, of, typed string) {
	for i, r := range p.Rows {
		if r.URL != "/cart/lines/"+of {
			continue
		}
		if _, err := v.quantity(typed); err != nil {
			q := &p.Rows[i].Quantity
			q.Value, q.Error, q.Focus = typed, v.sentence(fault.Of(err)), true
		}
	}
}

// portion cuts from some lines those that one page shows, from the one on that the address names.
func portion[T any](v *visit, lines []T) ([]T, ui.Pager) {
	if len(lines) <= cartSize {
		return lines, ui.Pager{}
	}
	from, _ := strconv.Atoi(v.r.URL.Query().Get("from")) // what is no number begins at the beginning
	from = min(max(from, 0), len(lines)-1) / cartSize * cartSize
	until := min(from+cartSize, len(lines))
	pager := ui.Pager{Said: v.T("%s–%s of %s", v.l.Int(int64(from+1)), v.l.Int(int64(until)), v.l.Int(int64(len(lines))))}
	if from > 0 {
		pager.Previous = v.here("from", strconv.Itoa(from-cartSize), "note", "")
	}
	if until < len(lines) {
		pager.Next = v.here("from", strconv.Itoa(until), "note", "")
	}
	return lines[from:until], pager
}

func (v *visit) cartRow(l purchasing.Line, in id.Cart, version string) CartRow {
	key := l.ID.String()
	r := CartRow{T: v.T, URL: "/cart/lines/" + key, Note: l.Note, NoteURL: v.here("note", key), Cart: in.String(), Version: version, Typed: v.l.Quantity(l.Quantity), Remove: v.T("Remove %s", l.Good.Name),
		Named: ui.Named{Name: l.Good.Name, Note: joined(" · ", l.Good.SKU, l.Good.Supplier), URL: "/products/" + l.Product.String()}}
	r.Quantity = v.stepper(l.Good.Product, l.Quantity)
	r.Quantity.Submits = true
	if l.Included {
		r.Price = v.price(l.Priced.Rate)
		r.Price.Why = v.whyPrice(key, l.Priced)
		r.Total = ui.Money{Text: v.money(l.Total), Strong: true}
	}
	if l.Problem != nil {
		r.Problem = v.sentence(l.Problem)
		if l.Instead > 0 {
			r.Instead = v.l.Quantity(l.Instead)
		}
	}
	return r
}

func (p CartPage) table() ui.Table {
	t := ui.Table{Name: "lines", Caption: p.T("What is in your cart"), Pager: p.Pager, Columns: []ui.Column{
		{Label: p.T("Product")}, {Label: p.T("Quantity"), Fit: true}, {Label: p.T("Price"), Numeric: true}, {Label: p.T("Total"), Numeric: true}, {Label: p.T("Remove"), LabelHidden: true, Fit: true},
	}}
	for _, l := range p.Rows {
		row := ui.Row{Cells: []templ.Component{l.product(), l.quantity(), l.Price, l.Total, l.remove()}}
		if l.Price.Text == "" {
			row.Cells[2], row.Cells[3] = nil, nil
		}
		if l.Problem != "" {
			row.Tone = ui.Warn
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// addLine puts a product into the cart, and leads back to where it was found.
func (v *visit) addLine() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	back := ours(form.Get("back"), "/cart")
	key, err := id.ParseProduct(form.Get("product"))
	if err != nil {
		return err
	}
	q, err := v.quantity(form.Get("quantity"))
	if err != nil {
		return v.goOn(quantityAt(back, key, form.Get("quantity")), "", "")
	}
	c, err := v.Purchasing.Add(v.ctx(), v.actor, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: key, Quantity: q}}})
	if errors.Is(err, catalogue.ErrStep) || errors.Is(err, catalogue.ErrMinimum) || errors.Is(err, catalogue.ErrMost) {
		return v.goOn(quantityAt(back, key, form.Get("quantity")), "", "")
	}
	if err != nil {
		return v.refused(back, err)
	}
	return v.goOn(back, ui.Good, v.N(len(c.Lines), "Added. There is %d line in your cart.", "Added. There are %d lines in your cart."))
}

// changeLine gives a line another quantity or note.
func (v *visit) changeLine() error {
	key, form, err := posted(v, "line", id.ParseCartLine)
	if err != nil {
		return err
	}
	c, at, err := v.cartShown(form)
	if err != nil {
		return err
	}
	q, err := v.quantity(form.Get("quantity"))
	switch {
	case err != nil && at != "/cart": // whose page has no fields
		return v.refused(at, err)
	case err != nil:
		return v.goOn(asTyped(lineAt(at, c, key), key, form.Get("quantity")), "", "")
	}
	_, err = v.Purchasing.Change(v.ctx(), v.actor, purchasing.ChangeInput{Cart: c.ID, Version: version(form.Get("version")), Line: key, Quantity: q, Note: strings.TrimSpace(form.Get("note"))})
	if err != nil {
		return v.refused(at, err)
	}
	return v.goOn(lineAt(at, c, key), "", "")
}

// asTyped is the page of the cart that keeps what was typed as the quantity of a line, and says beside it what is wrong with it.
func asTyped(page string, line id.CartLine, typed string) string {
	path, query, _ := strings.Cut(page, "?")
	typing := url.Values{"of": {line.String()}, "quantity": {typed}}.Encode()
	if query != "" {
		return path + "?" + query + "&" + typing
	}
	return path + "?" + typing
}

// removeLine takes a line out of the cart, and offers to put it back.
func (v *visit) removeLine() error {
	key, form, err := posted(v, "line", id.ParseCartLine)
	if err != nil {
		return err
	}
	c, at, err := v.cartShown(form)
	if err != nil {
		return err
	}
	return v.takesOut(c, version(form.Get("version")), lineAt(at, c, key), v.T("The line is removed."), key)
}

// clearCart takes out all lines, and offers to put them back.
func (v *visit) clearCart() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	c, at, err := v.cartShown(form)
	if err != nil {
		return err
	}
	all := make([]id.CartLine, len(c.Lines))
	for i, l := range c.Lines {
		all[i] = l.ID
	}
	return v.takesOut(c, version(form.Get("version")), at, v.T("The cart is empty."), all...)
}

// takesOut takes lines out of the cart as it was seen in a version, leads on, and offers to put them back.
func (v *visit) takesOut(c cart.Cart, seen int64, back, said string, lines ...id.CartLine) error {
	c, err := v.Purchasing.Remove(v.ctx(), v.actor, c.ID, seen, lines...)
	if err != nil {
		at, _, _ := strings.Cut(back, "?")
		return v.refused(at, err)
	}
	undo := url.Values{"cart": {c.ID.String()}, "version": {v.plain(c.Version)}, "back": {back}}
	return v.goOnWith(back, ui.Toast{Text: said, Undo: "/cart/restore?" + undo.Encode()})
}

// restoreLines puts back what was taken out, where it stood.
func (v *visit) restoreLines() error {
	q := v.r.URL.Query()
	key, err := id.ParseCart(q.Get("cart"))
	if err != nil {
		return err
	}
	back := ours(q.Get("back"), "/cart")
	if _, err := v.Purchasing.Restore(v.ctx(), v.actor, key, version(q.Get("version"))); err != nil {
		return v.refused(back, err)
	}
	return v.goOn(back, ui.Good, v.T("It is in the cart again, where it stood."))
}

// cartShown is the cart that a form was shown of, and the page that has it: the one that the reader works on, unless another
// window went on with another one meanwhile. Versions of two carts may be alike, so they tell nothing of that.
func (v *visit) cartShown(form url.Values) (cart.Cart, string, error) {
	c, err := v.Purchasing.Current(v.ctx(), v.actor)
	if said := form.Get("cart"); err != nil || said == "" || said == c.ID.String() {
		return c, "/cart", err
	}
	key, err := id.ParseCart(form.Get("cart"))
	if err != nil {
		return cart.Cart{}, "", err
	}
	c, err = v.Purchasing.Cart(v.ctx(), v.actor, key)
	return c, "/carts/" + key.String(), err
}

// lineAt is the page of a cart that has a line.
func lineAt(at string, c cart.Cart, line id.CartLine) string {
	for i, l := range c.Lines {
		if l.ID == line && i >= cartSize {
			return at + "?from=" + strconv.Itoa(i/cartSize*cartSize)
		}
	}
	return at
}
