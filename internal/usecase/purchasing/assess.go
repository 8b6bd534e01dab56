package purchasing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/payment"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/order"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Assessment is everything that submitting a cart would meet: what it costs and why, what it does to budgets, who
// must agree, and every reason why it cannot be. A preview shows it; a submission acts on it. Both are made by the
// same code from the same figures.
type Assessment struct {
	Cart        cart.Cart
	Company     company.Company
	Lines       []Line
	Totals      order.Totals
	Unit        company.Unit // the place of the order
	Delivery    company.Address
	Billing     company.Address
	CostCentres []budget.CostCentre // the one chosen, if there is one
	Verdicts    []budget.Verdict
	Needs       []approval.Need
	Automatic   []approval.Reason // what approves the order automatically
	Auto        bool              // the permission to have one's orders approved automatically stood in for the rules
	Unsure      []approval.Reason
	Plan        approval.Plan
	Pace        *approval.Pace // of a preview: how long those take whom the plan names
	Refusals    []*fault.Fault
	Unread      *fault.Fault // what of the checkout could not be kept; the rest was looked at without it
	Choices     Choices
	Payer       company.Company // whose payment terms count: the company's own, or those of one above it

	claims   []budget.Claim
	opened   []budget.Entry // of purses that had not been opened
	request  approval.Request
	watchers []id.Member     // of the rules that want approval
	facts    *approval.Facts // nil: there is no total that rules could look at
}

// wantPace asks how long those take whom the plan names.
func (a *Assessment) wantPace(tx *store.Tx, company id.Company) {
	a.Pace = approval.NewPace()
	tx.Views.WantPace(a.Pace, company, a.Plan.Members())
}

// Choices are what a checkout offers this buyer; a trial has them all, a preview and a submission have no use for most.
type Choices struct {
	Book        company.Book
	CostCentres []budget.CostCentre
	Units       []company.Unit // at which they may order, the nearest above them first
	Payments    []string
}

// mostUnits is how many units a checkout offers.
const mostUnits = 500

// Line is a line of a cart as it would be ordered.
type Line struct {
	cart.Line
	Good     view.Good
	Priced   pricing.Priced
	Total    money.Money
	Problem  *fault.Fault      // why it cannot be ordered like this
	Instead  quantity.Quantity // the quantity that would do; 0 when another would not help
	Included bool              // it has a price, and counts in the totals
}

// Straight reports whether the order would be placed at once.
func (a *Assessment) Straight() bool { return len(a.Refusals) == 0 && len(a.Plan.Stages) == 0 }

// goodsByID reads products; one that is missing is not among them.
func goodsByID(ctx context.Context, tx *store.Tx, products []id.Product) (map[id.Product]catalogue.Product, error) {
	var goods []view.Good
	tx.Views.WantGoods(&goods, products)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	all := make(map[id.Product]catalogue.Product, len(goods))
	for _, g := range goods {
		all[g.ID] = g.Product
	}
	return all, nil
}

// found is what the first two looks at the database bring.
type found struct {
	company    company.Company
	line       []view.Kin // the company, and those above it
	cart       cart.Cart
	unread     *fault.Fault // what of the checkout could not be kept
	goods      []view.Good
	categories []string
	base, own  []pricing.Entry
	units      []company.Unit // those above the order's place, and the place itself, the deepest first
	orderable  []company.Unit // units above the buyer at which they may order
	book       company.Book
	centres    []budget.CostCentre
	funded     []view.Funded
	rules      []approval.CompiledRule
	editions   []approvaldb.Edition
}

// assess looks at a cart of the actor's own. key names the purchase order that it would become; said, unless it is nil,
// stands for what the cart says of the order as a whole.
func (s *Service) assess(ctx context.Context, tx *store.Tx, actor access.Actor, cartKey id.Cart, key id.PurchaseOrder, said *cart.Checkout) (*Assessment, error) {
	f, err := s.find(ctx, tx, actor, cartKey, key, said)
	if err != nil {
		return nil, err
	}
	a := &Assessment{Cart: f.cart, Unread: f.unread, Company: f.company, CostCentres: f.centres, Payer: company.TermsOf(view.Lineage(f.line))}
	a.Choices.Units = f.orderable
	for _, m := range payment.Methods() {
		if f.pays(m) == nil && (m != payment.OnAccount || actor.MaySomewhere(access.CheckoutOnAccount)) {
			a.Choices.Payments = append(a.Choices.Payments, string(m))
		}
	}
	a.refuse(f.company.MayOrder())
	switch {
	case len(f.units) == 0 && !f.cart.Checkout.Unit.IsZero():
		a.refuse(ErrUnit.Noting("permission", access.CheckoutPlace.Code()))
	case len(f.units) == 0:
		a.refuse(ErrNoUnit)
	default:
		a.Unit = f.units[0]
	}
	a.price(f, tx)
	a.address(f, actor)
	a.checkout(f, tx, actor)
	if len(a.Lines) == 0 || a.Totals.Gross.Currency == "" {
		return a, nil
	}
	if err := a.fund(ctx, f, tx, actor, key); err != nil {
		return nil, err
	}
	if err := s.plan(ctx, a, f, tx, actor); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Assessment) refuse(err error) {
	var f *fault.Fault
	if errors.As(err, &f) {
		a.Refusals = append(a.Refusals, f)
	}
}

func (s *Service) find(ctx context.Context, tx *store.Tx, actor access.Actor, cartKey id.Cart, key id.PurchaseOrder, said *cart.Checkout) (*found, error) {
	f := &found{}
	above := actor.At.Ancestors()
	var near []company.Unit
	tx.Views.WantKin(&f.line, actor.Company)
	tx.Carts.Want(&f.cart, actor.Company, cartKey)
	tx.Views.WantGoodsOfCart(&f.goods, actor.Company, cartKey)
	tx.Views.WantCategoriesOfCart(&f.categories, actor.Company, cartKey)
	tx.Prices.WantEntriesOfCart(&f.base, &f.own, actor.Company, cartKey)
	tx.Companies.WantUnitsAt(&near, actor.Company, above)
	tx.Companies.WantBooks(&f.book.Addresses, actor.Company, actor.Member)
	tx.Companies.WantMemberDirections(&f.book.Member, actor.Company, actor.Member)
	tx.Approvals.WantEditions(&f.editions, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	if len(f.line) == 0 {
		return nil, company.ErrUnseen
	}
	f.company = f.line[0].Company
	if err := mine(actor, f.cart, access.CheckoutPlace); err != nil {
		return nil, err
	}
	if said != nil {
		var readable cart.Checkout
		readable, f.unread = said.Readable()
		prepared, err := f.cart.Prepare(f.cart.Version, readable)
		if err != nil {
			return nil, err
		}
		f.cart.Checkout = prepared.Checkout
	}
	if err := f.place(ctx, tx, actor, near); err != nil {
		return nil, err
	}
	f.usual()
	if !f.cart.Checkout.CostCentre.IsZero() {
		tx.Budgets.WantCostCentre(&f.centres, actor.Company, f.cart.Checkout.CostCentre)
	}
	charge := budget.Charge{Member: actor.Member, CostCentre: f.cart.Checkout.CostCentre, Project: f.cart.Checkout.Project}
	for _, u := range f.units {
		charge.Units = append(charge.Units, u.ID)
	}
	periods, err := periodKeys(f.company, key, tx)
	if err != nil {
		return nil, err
	}
	tx.Views.WantFunded(&f.funded, actor.Company, charge, periods)
	directions := map[id.Unit]company.Directions{}
	tx.Companies.WantDirections(directions, actor.Company, charge.Units)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	f.direct(directions, actor)
	if err := step.Complete(ctx, tx, &f.book, actor.Company, actor.Member, f.cart.Checkout.Delivery, f.cart.Checkout.Billing); err != nil {
		return nil, err
	}
	f.rules, err = s.rules.Of(ctx, tx, f.editions)
	return f, err
}

// pays is nil for a way in which the company may pay.
func (f *found) pays(m payment.Method) error { return f.company.Pays(m, view.GroupOf(f.line).Payments) }

// place finds the unit that the order is for, with all units above it: the one chosen; else the nearest above the buyer
// where they may order; else the only one where they may.
func (f *found) place(ctx context.Context, tx *store.Tx, actor access.Actor, near []company.Unit) error {
	chosen := f.cart.Checkout.Unit
	for _, u := range near {
		if !u.Archived && orderable(actor, u.Path) {
			f.orderable = append(f.orderable, u)
		}
	}
	for i, u := range near {
		if u.ID == chosen || chosen.IsZero() && orderable(actor, u.Path) && !u.Archived {
			if orderable(actor, u.Path) {
				f.units = near[i:]
			}
			return nil
		}
	}
	// Another unit than those above the buyer: one where a role of theirs holds.
	if chosen.IsZero() {
		var elsewhere []company.Unit
		tx.Companies.WantUnitsWithin(&elsewhere, actor.Company, actor.Places(access.CheckoutPlace), 2)
		if err := tx.Fetch(ctx); err != nil || len(elsewhere) != 1 {
			return err
		}
		chosen = elsewhere[0].ID
	}
	u, err := tx.Companies.GetUnit(ctx, actor.Company, chosen)
	if err != nil {
		return err
	}
	if u.Archived || u.Path == tree.Top || !orderable(actor, u.Path) {
		return nil
	}
	var above []company.Unit
	tx.Companies.WantUnitsAt(&above, actor.Company, u.Path.Ancestors())
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	f.units = append([]company.Unit{u}, above...)
	return nil
}

// usual fills in the cost centre where nobody has said, and nobody has said that there shall be none: that of the order's
// unit, or of the nearest above that has one.
func (f *found) usual() {
	if f.company.CostCentre == company.Off {
		f.cart.Checkout.CostCentre = id.CostCentre{}
		return
	}
	for _, u := range f.units {
		if f.cart.Checkout.CostCentre.IsZero() && !f.cart.Checkout.NoCentre {
			f.cart.Checkout.CostCentre = u.CostCentre
		}
	}
}

// periodKeys are the keys of the periods that this moment lies in, one for each kind of cycle.
func periodKeys(c company.Company, key id.PurchaseOrder, tx *store.Tx) ([]string, error) {
	keys := []string{"fixed"}
	for _, kind := range []budget.Kind{budget.PerOrder, budget.Week, budget.Month, budget.Quarter, budget.HalfYear, budget.Year, budget.Rolling} {
		p, err := budget.Cycle{Kind: kind, Days: 1}.Period(key, tx.Now, c.Location(), c.FiscalMonth)
		if err != nil {
			return nil, err
		}
		keys = append(keys, p.Key)
	}
	return keys, nil
}

// price prices every line as of this moment; what has no price or cannot be had is a reason.
func (a *Assessment) price(f *found, tx *store.Tx) {
	goods := make(map[id.Product]view.Good, len(f.goods))
	for _, g := range f.goods {
		goods[g.ID] = g
	}
	entries := make(map[id.Product][]pricing.Entry, len(f.goods))
	for _, e := range append(slices.Clone(f.base), f.own...) {
		entries[e.Product] = append(entries[e.Product], e)
	}
	var taxed []order.Taxed
	for _, l := range f.cart.Lines {
		line := Line{Line: l, Good: goods[l.Product]}
		line.check()
		priced, err := pricing.Resolve(entries[l.Product], pricing.Ask{Quantity: l.Quantity, At: tx.Now, Currency: f.company.Currency})
		if err == nil {
			var total pricing.PricedLine
			if total, err = priced.Line(l.Quantity); err == nil {
				line.Priced, line.Total, line.Included = priced, total.Total, true
				taxed = append(taxed, order.Taxed{Amount: total.Total})
			}
		}
		line.problem(err)
		if line.Problem != nil {
			a.Refusals = append(a.Refusals, line.Problem.Noting("sku", line.Good.SKU))
		}
		a.Lines = append(a.Lines, line)
	}
	if len(f.cart.Lines) == 0 {
		a.refuse(cart.ErrEmpty)
	}
	if len(taxed) == 0 {
		return
	}
	totals, err := order.Sum(taxed, order.Taxed{})
	a.refuse(err)
	a.Totals = totals
}

func (l *Line) check() {
	if err := l.Good.Sold(); err != nil {
		l.problem(err)
		return
	}
	if err := l.Good.CheckQuantity(l.Quantity); err != nil {
		l.problem(err)
		l.Instead = l.Good.Suggest(l.Quantity)
	}
}

func (l *Line) problem(err error) {
	var f *fault.Fault
	if l.Problem == nil && errors.As(err, &f) {
		l.Problem = f
	}
}

// checkout checks what was said about the order as a whole.
func (a *Assessment) checkout(f *found, tx *store.Tx, actor access.Actor) {
	c := f.cart.Checkout
	if f.company.PONumber == company.Required && c.Reference == "" && !f.unread.About("reference") {
		a.refuse(ErrNoReference)
	}
	today := date.On(tx.Now, f.company.Location())
	if c.Requested != "" && c.Requested < today {
		a.refuse(ErrRequested)
	}
	switch {
	case c.CostCentre.IsZero() && f.company.CostCentre == company.Required:
		a.refuse(ErrNoCostCentre)
	case !c.CostCentre.IsZero() && len(f.centres) == 0:
		a.refuse(ErrNoCostCentre)
	case len(f.centres) > 0:
		a.refuse(f.centres[0].Takes(today))
	}
	switch c.Payment {
	case OnAccount, Advance:
		a.refuse(f.pays(payment.Method(c.Payment)))
	default:
		a.refuse(ErrPayment)
	}
	if c.Payment == OnAccount && len(f.units) > 0 {
		a.refuse(actor.Require(access.CheckoutOnAccount, f.units[0].Path))
	}
}

// fund holds the order against every budget that it is charged to.
func (a *Assessment) fund(ctx context.Context, f *found, tx *store.Tx, actor access.Actor, key id.PurchaseOrder) error {
	if len(f.funded) == viewdb.MostFunded {
		a.refuse(ErrBudgets)
		return nil
	}
	var purses []*budget.Purse
	for i := range f.funded {
		b := &f.funded[i]
		period, err := b.Cycle.Period(key, tx.Now, f.company.Location(), f.company.FiscalMonth)
		if errors.Is(err, budget.ErrOutside) {
			continue // a budget for a stretch of time that has not begun, or is over, charges nobody
		}
		if err != nil {
			return err
		}
		if !b.Open || b.Purse.Period.Key != period.Key {
			if err := a.open(ctx, tx, b, period); err != nil {
				return err
			}
		}
		amount, err := b.Basis.Amount(a.Totals.Net, a.Totals.Shipping, a.Totals.Gross)
		if err != nil {
			return err
		}
		purses = append(purses, &b.Purse)
		a.claims = append(a.claims, budget.Claim{Purse: &b.Purse, Amount: amount})
	}
	if len(a.claims) == 0 {
		if f.company.BudgetsUsed && len(f.units) > 0 && actor.Require(access.CheckoutWithoutBudget, f.units[0].Path) != nil {
			a.refuse(ErrNoBudget)
		}
		return nil
	}
	if err := step.Windows(ctx, tx, f.company, purses); err != nil {
		return err
	}
	a.Verdicts = budget.Check(a.claims)
	for _, v := range a.Verdicts {
		switch {
		case v.Refusal != nil:
			a.Refusals = append(a.Refusals, v.Refusal)
		case v.Consequence == budget.Warn && !f.cart.Checkout.Acknowledged:
			a.Refusals = append(a.Refusals, ErrAcknowledge.With("this order goes over the budget %s by %s: confirm that you know", v.Budget.Name, v.Over))
		case v.Consequence == budget.Ask:
			a.Needs = append(a.Needs, needOf(v))
		}
	}
	return nil
}

// open opens the purse of a period, with what is carried over from the one before it.
func (a *Assessment) open(ctx context.Context, tx *store.Tx, b *view.Funded, period budget.Period) error {
	var last budget.Purse
	before := &last
	if b.Carry != budget.CarryNone {
		tx.Budgets.WantBefore(&last, b.Budget, period.Key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
	}
	if last.Version == 0 {
		before = nil
	}
	purse, entry, err := b.Budget.Open(period, before, budget.Movement{At: tx.Now})
	if err != nil {
		return fmt.Errorf("open the purse of %s: %w", b.ID, err)
	}
	entry.ID = id.NewEntry(tx.Now)
	b.Purse, b.Open = purse, false
	a.opened = append(a.opened, entry)
	return nil
}

// needOf is who must agree to an order that a budget has not enough left for: the budget's own approvers, or the
// manager of whoever owns it.
func needOf(v budget.Verdict) approval.Need {
	reason := approval.Reason{Kind: approval.ByBudget, Budget: v.Budget.ID, Name: v.Budget.Name,
		Text: locale.Say("%s over what is left of the budget %s", v.Over, v.Budget.Name)}
	if len(v.Budget.Approvers) == 0 {
		return approval.Need{Reason: reason, Requirement: approval.Asks(approval.Source{Kind: approval.OfBudgetManager, Budget: v.Budget.ID})}
	}
	var approvers []approval.Source
	for _, m := range v.Budget.Approvers {
		approvers = append(approvers, approval.Source{Kind: approval.OfMember, Member: m})
	}
	return approval.Need{Reason: reason, Requirement: approval.Asks(approvers...)}
}

// plan asks the rules, and makes of all needs the plan of who must agree.
func (s *Service) plan(ctx context.Context, a *Assessment, f *found, tx *store.Tx, actor access.Actor) error {
	a.facts = a.lookedAt(f, tx, actor)
	out := approval.Evaluate(f.rules, a.facts)
	for _, r := range out.Refusals {
		a.Refusals = append(a.Refusals, refused(r))
	}
	a.Automatic, a.Unsure = out.Automatic, out.Unsure
	if len(f.units) > 0 && len(out.Needs) > 0 && out.Within(a.Needs) && actor.Require(access.PurchaseOrdersAutoApprove, a.Unit.Path) == nil {
		a.Auto = true
		out.Needs = nil
	}
	a.Needs = append(a.Needs, out.Needs...)
	for _, n := range out.Needs {
		for i := range f.rules {
			if r := f.rules[i].Rule(); r.Gave(n.Reason) {
				a.watchers = append(a.watchers, r.Watchers...)
			}
		}
	}
	a.request = approval.Request{Requester: actor.Member, Amount: a.Totals.Net, Place: a.Unit.Path, CostCentres: a.facts.CostCentres, At: tx.Now}
	for _, v := range a.Verdicts {
		a.request.Budgets = append(a.request.Budgets, v.Budget.ID)
	}
	if len(a.Needs) == 0 {
		return nil
	}
	if actor.Acting() {
		m, found, err := tx.Companies.FindMember(ctx, actor.Company, actor.Account)
		if err != nil {
			return err
		}
		if found {
			a.request.ActedBy = m.ID
		}
	}
	charged := make([]budget.Budget, len(f.funded))
	for i := range f.funded {
		charged[i] = f.funded[i].Budget
	}
	dir, err := step.Directory(ctx, tx, actor.Company, step.Asking{Requester: actor.Member, At: actor.At, Place: a.Unit.Path, Units: f.units,
		CostCentres: f.centres, Budgets: charged, Sources: approval.Sources(a.Needs, a.request)})
	if err != nil {
		return err
	}
	a.Plan, err = approval.Build(a.Needs, dir, approval.Policy{}, a.request)
	return err
}

// refused says which rule does not allow an order.
func refused(r approval.Reason) *fault.Fault {
	if r.Of != (approval.Parent{}) {
		return ErrRuleRefuses.With("the rule “%s” of %s does not allow this order: %s", r.Name, r.Of.Name, r.Text)
	}
	return ErrRuleRefuses.With("the rule “%s” does not allow this order: %s", r.Name, r.Text).Noting("rule", r.Rule.String())
}

// lookedAt is what rules may look at.
func (a *Assessment) lookedAt(f *found, tx *store.Tx, actor access.Actor) *approval.Facts {
	x := &approval.Facts{At: tx.Now, Member: actor.Member, Place: a.Unit.Path}
	t := a.Totals
	shipped, err := t.Net.Add(t.Shipping)
	x.TotalNetShipping = approval.Maybe[money.Money]{Is: shipped, Known: err == nil}
	x.TotalNet, x.TotalGross, x.Shipping = approval.Known(t.Net), approval.Known(t.Gross), approval.Known(t.Shipping)
	x.Currency, x.PaymentMethod = approval.Known(string(t.Net.Currency)), approval.Known(f.cart.Checkout.Payment)
	x.ShippingMethod, x.DeliveryCountry = approval.Known(Standard), approval.Known(a.Delivery.Country)
	x.RequestedDate = approval.Known(string(f.cart.Checkout.Requested))
	x.NewAddress, x.Quote, x.OverLimit = approval.Known(!a.Delivery.Owner.IsZero()), approval.Known(false), approval.Known(false)
	x.Requester = approval.Known([]string{actor.Member.String(), actor.Name})
	x.Categories = approval.Known(f.categories)
	roles := actor.Roles()
	for _, r := range roles {
		x.Roles = append(x.Roles, r.ID)
	}
	x.RequesterRoles = approval.Known(roleNames(roles))
	var units, products, suppliers []string
	for _, u := range f.units {
		units = append(units, u.ID.String(), u.Name, u.Code)
	}
	var items quantity.Quantity
	dearest := money.Of(0, t.Net.Currency)
	for _, l := range a.Lines {
		items += l.Quantity
		products = append(products, l.Good.ID.String(), l.Good.SKU, l.Good.Name)
		if l.Good.Supplier != "" && !slices.Contains(suppliers, l.Good.Supplier) {
			suppliers = append(suppliers, l.Good.Supplier)
		}
		if l.Total.Minor > dearest.Minor {
			dearest = l.Total
		}
	}
	x.Unit, x.Products, x.Suppliers = approval.Known(units), approval.Known(products), approval.Known(suppliers)
	x.Items, x.SKUs, x.MaxLine = approval.Known(items), approval.Known(quantity.Of(int64(len(a.Lines)))), approval.Known(dearest)
	var centres []string
	for _, c := range f.centres {
		x.CostCentres = append(x.CostCentres, c.ID)
		centres = append(centres, c.ID.String(), c.Code, c.Name)
	}
	x.CostCentre, x.Project = approval.Known(centres), approval.Known([]string(nil))
	over, percent := money.Of(0, t.Net.Currency), quantity.Quantity(0)
	for _, v := range a.Verdicts {
		if v.Fits || v.Over.Currency != over.Currency {
			continue
		}
		over.Minor = max(over.Minor, v.Over.Minor)
		if v.Before.Limit.Minor > 0 {
			if p, err := money.MulDiv(v.Over.Minor, 100*int64(quantity.One), v.Before.Limit.Minor); err == nil {
				percent = max(percent, quantity.Quantity(p))
			}
		}
	}
	x.OverBudget, x.OverBudgetBy = approval.Known(over), approval.Known(percent)
	return x
}

func roleNames(roles []access.Named) []string {
	var names []string
	for _, r := range roles {
		names = append(names, r.Name, r.ID.String())
	}
	return names
}

// frozen is the content and its words as a purchase order keeps them.
func (a *Assessment) frozen() (approval.Content, []approval.Item, error) {
	c := approval.Content{
		Currency: a.Totals.Gross.Currency, Shipping: a.Totals.Shipping, Tax: a.Totals.Tax, Total: a.Totals.Gross,
		DeliverTo: step.Printed(a.Delivery), BillTo: step.Printed(a.Billing), ShippingMethod: Standard, PaymentMethod: a.Cart.Checkout.Payment,
		RequestedDate: string(a.Cart.Checkout.Requested),
	}
	if !a.Cart.Checkout.CostCentre.IsZero() {
		c.Shares = []approval.Share{{CostCentre: a.Cart.Checkout.CostCentre, Amount: a.Totals.Gross}}
	}
	var items []approval.Item
	for _, l := range a.Lines {
		source, err := json.Marshal(l.Priced.Source)
		if err != nil {
			return c, nil, err
		}
		c.Lines = append(c.Lines, approval.Line{Product: l.Good.ID, SKU: l.Good.SKU, Quantity: l.Quantity, Price: l.Priced.Rate, Net: l.Total,
			Tax: money.Of(0, l.Total.Currency)})
		items = append(items, approval.Item{Name: l.Good.Name, Unit: l.Good.Unit, Supplier: l.Good.Supplier, Note: l.Note, Source: source})
	}
	return c, items, nil
}
