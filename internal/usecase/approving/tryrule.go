package approving

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Tested is what a rule says of a purchase order, or of a cart.
type Tested struct {
	Applies bool         // the rule is about orders like this one, and valid when it was submitted
	Steps   []TestedStep // those that hold; several only where something is not known
}

// TestedStep is a step of a rule that holds for it.
type TestedStep struct {
	Step   int // from 1
	Then   approval.Requirement
	Why    locale.Phrase
	Unsure bool // it counts because it could not be evaluated
}

// TestRule holds a rule, kept or not, against a purchase order that the actor sees, as that was submitted, and changes
// nothing. Roles and names are those of now. What is not kept with a purchase order is not known: a condition over it is
// unsure, and counts. So is what the order came to, where the actor is not shown that.
func (s *Service) TestRule(ctx context.Context, actor access.Actor, r approval.Rule, key id.PurchaseOrder) (t Tested, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		f := &file{}
		f.want(tx, actor, key)
		t, err = tested(ctx, tx, actor, r, func() (*approval.Facts, error) {
			if err := f.seen(actor); err != nil {
				return nil, err
			}
			facts, err := f.facts(ctx, tx)
			if err != nil || step.SeesAmounts(actor, f.po.Plan) {
				return facts, err
			}
			return facts.Unpriced(), nil
		})
		return err
	})
	return t, err
}

// TestRuleOn is TestRule for what was not submitted: a cart, as its assessment knows it.
func (s *Service) TestRuleOn(ctx context.Context, actor access.Actor, r approval.Rule, facts *approval.Facts) (t Tested, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		t, err = tested(ctx, tx, actor, r, func() (*approval.Facts, error) { return facts, nil })
		return err
	})
	return t, err
}

// tested holds a rule against facts that are found out once the rule may be looked at.
func tested(ctx context.Context, tx *store.Tx, actor access.Actor, r approval.Rule, of func() (*approval.Facts, error)) (t Tested, err error) {
	// may
	if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
		return t, err
	}
	// find
	r.Company = actor.Company
	var known view.Known
	namedBy(&known, tx, r)
	if err := tx.Fetch(ctx); err != nil {
		return t, err
	}
	facts, err := of()
	if err != nil {
		return t, err
	}
	// decide
	if err := check(r, known); err != nil {
		return t, err
	}
	return try(located(r, known), facts)
}

// located is a rule with where its units stand.
func located(r approval.Rule, known view.Known) approval.Rule {
	places := make(map[id.Unit]approval.Place, len(known.Units))
	for key, u := range known.Units {
		places[key] = approval.Place{Unit: key, Path: u.At}
	}
	return r.Locate(places)
}

// try says which steps of a rule hold. A step without an effect is told of like the others, so for the time of the trial
// it has one.
func try(r approval.Rule, facts *approval.Facts) (t Tested, err error) {
	r.Enabled = true
	always := r
	always.Steps = []approval.Step{{Then: approval.Requirement{Effect: approval.Refuse}}}
	concerns, err := always.Compile()
	if err != nil {
		return t, err
	}
	t.Applies = len(approval.Evaluate([]approval.CompiledRule{concerns}, facts).Refusals) > 0
	trial := r
	trial.Steps = slices.Clone(r.Steps)
	for i := range trial.Steps {
		if trial.Steps[i].Then.Effect == approval.Nothing {
			trial.Steps[i].Then = approval.Requirement{Effect: approval.Refuse}
		}
	}
	compiled, err := trial.Compile()
	if err != nil {
		return t, err
	}
	out := approval.Evaluate([]approval.CompiledRule{compiled}, facts)
	reasons := append(out.Refusals, out.Automatic...)
	for _, n := range out.Needs {
		reasons = append(reasons, n.Reason)
	}
	slices.SortFunc(reasons, func(a, b approval.Reason) int { return cmp.Compare(a.Step, b.Step) })
	for _, why := range reasons {
		t.Steps = append(t.Steps, TestedStep{Step: why.Step, Then: r.Steps[why.Step-1].Then, Why: why.Text, Unsure: why.Unsure})
	}
	return t, nil
}

// facts are what rules may look at of a purchase order that was submitted.
func (f *file) facts(ctx context.Context, tx *store.Tx) (*approval.Facts, error) {
	var above []company.Unit
	past := looked{po: f.po, requester: f.requester.Name, entries: f.entries, lines: int64(len(f.po.Content.Lines)), content: true, items: true, ledger: true, sorted: true}
	var roles []view.Holding
	tx.Companies.WantUnitsAt(&above, f.company.ID, f.unit.Path.Ancestors())
	tx.Views.WantHoldings(&roles, f.company.ID, f.po.Requester)
	tx.Views.WantCategoriesOfOrder(&past.categories, f.company.ID, f.po.ID)
	if !f.po.CostCentre.IsZero() {
		tx.Budgets.WantCostCentre(&past.centres, f.company.ID, f.po.CostCentre)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	past.roles = held(roles, tx.Now)
	past.units = append([]company.Unit{f.unit}, above...)
	past.purse = func(key id.Budget, period string) (budget.Purse, bool) {
		i := slices.IndexFunc(f.purses, func(p budget.Purse) bool { return p.Budget.ID == key && p.Period.Key == period })
		if i < 0 {
			return budget.Purse{}, false
		}
		return f.purses[i], true
	}
	return past.facts(), nil
}

// held are those of these assignments that hold at this moment.
func held(all []view.Holding, now time.Time) []view.Holding {
	return slices.DeleteFunc(all, func(h view.Holding) bool {
		a := access.Assignment{From: h.From, Until: h.Until}
		return !a.Holds(now) || !h.Unit.IsZero() && !h.UnitKnown
	})
}

// looked is a purchase order that was submitted, with what was looked up of it: what was not is not known, and so counts as
// matching in whatever rule asks for it.
type looked struct {
	po         approval.PurchaseOrder
	requester  string
	lines      int64          // how many
	roles      []view.Holding // of the requester, that hold
	units      []company.Unit // its own, and those above
	centres    []budget.CostCentre
	categories []string
	entries    []budget.Entry
	purse      func(id.Budget, string) (budget.Purse, bool)

	content, items, ledger, sorted bool // looked up: what was ordered; what that is called; what it did to budgets; its categories
}

// facts are what rules may look at of it.
func (l looked) facts() *approval.Facts {
	c := l.po.Content
	x := &approval.Facts{At: l.po.SubmittedAt, Member: l.po.Requester, Place: l.units[0].Path}
	shipped, err := l.po.Net.Add(c.Shipping)
	x.TotalNetShipping = approval.Maybe[money.Money]{Is: shipped, Known: err == nil}
	x.TotalNet, x.TotalGross, x.Shipping = approval.Known(l.po.Net), approval.Known(c.Total), approval.Known(c.Shipping)
	x.Currency, x.SKUs = approval.Known(string(c.Currency)), approval.Known(quantity.Of(l.lines))
	x.Requester = approval.Known([]string{l.po.Requester.String(), l.requester})
	x.Categories = approval.Maybe[[]string]{Is: l.categories, Known: l.sorted}
	var names []string
	for _, r := range l.roles {
		x.Roles, names = append(x.Roles, r.Role), append(names, r.RoleName, r.Role.String())
	}
	x.RequesterRoles = approval.Known(names)
	var units, spelt []string
	for _, u := range l.units {
		units = append(units, u.ID.String(), u.Name, u.Code)
	}
	for _, k := range l.centres {
		x.CostCentres, spelt = append(x.CostCentres, k.ID), append(spelt, k.ID.String(), k.Code, k.Name)
	}
	x.Unit, x.CostCentre, x.Project = approval.Known(units), approval.Known(spelt), approval.Known([]string(nil))
	if l.content {
		x.PaymentMethod, x.ShippingMethod = approval.Known(c.PaymentMethod), approval.Known(c.ShippingMethod)
		x.DeliveryCountry, x.RequestedDate = approval.Known(c.DeliverTo.Country), approval.Known(c.RequestedDate)
		x.Quote = approval.Known(c.Quote != "")
		l.goods(x)
	}
	if l.ledger {
		l.over(x)
	}
	return x
}

// goods are the facts of the lines.
func (l looked) goods(x *approval.Facts) {
	var products, suppliers []string
	var items quantity.Quantity
	dearest := money.Of(0, l.po.Content.Currency)
	for i, line := range l.po.Content.Lines {
		items += line.Quantity
		if line.Net.Minor > dearest.Minor {
			dearest = line.Net
		}
		if !l.items {
			continue
		}
		item := l.po.Items[i]
		products = append(products, line.Product.String(), line.SKU, item.Name)
		if item.Supplier != "" && !slices.Contains(suppliers, item.Supplier) {
			suppliers = append(suppliers, item.Supplier)
		}
	}
	x.Items, x.MaxLine = approval.Known(items), approval.Known(dearest)
	x.Products, x.Suppliers = approval.Maybe[[]string]{Is: products, Known: l.items}, approval.Maybe[[]string]{Is: suppliers, Known: l.items}
}

// over is by how much budgets were exceeded when the purchase order was submitted: what it could not hold.
func (l looked) over(x *approval.Facts) {
	over, percent := money.Of(0, l.po.Content.Currency), quantity.Quantity(0)
	for _, e := range l.entries {
		if e.Move != budget.Hold {
			continue
		}
		p, known := l.purse(e.Budget, e.Period)
		if !known || p.Budget.Limit.Currency != over.Currency {
			continue
		}
		over.Minor = max(over.Minor, e.Requested)
		if p.Limit > 0 {
			if share, err := money.MulDiv(e.Requested, 100*int64(quantity.One), p.Limit); err == nil {
				percent = max(percent, quantity.Quantity(share))
			}
		}
	}
	x.OverBudget, x.OverBudgetBy = approval.Known(over), approval.Known(percent)
}
