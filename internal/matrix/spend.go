package matrix

import (
	"context"
	"fmt"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/purchasing"
)

// order makes for each buyer a purchase order that waits, an order that is placed, and a cart.
func (w *World) order(ctx context.Context) error {
	now := w.DB.Times()
	zero := money.Of(0, "EUR")
	all := approval.Rule{Name: "All", Enabled: true, Basis: approval.Net, Steps: []approval.Step{
		{}, {Above: &zero, Then: approval.Asks(approval.Source{Kind: approval.OfAdministrator})}}}
	for name, b := range w.buyers {
		boss := w.Dan
		if name == "eve" {
			boss = w.Eve
		}
		at := map[string]string{"tom": "fin", "eve": "globex"}[name]
		if at == "" {
			at = "ops"
		}
		placed, _, err := w.submit(ctx, b)
		if err != nil {
			return err
		}
		rule, err := w.Approving.CreateRule(ctx, boss, all)
		if err != nil {
			return err
		}
		pending, _, err := w.submit(ctx, b)
		if err != nil {
			return err
		}
		if err := w.Approving.DeleteRule(ctx, boss, rule.ID, rule.Version); err != nil {
			return err
		}
		c, err := w.Purchasing.Add(ctx, b.Actor, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(1)}}})
		if err != nil {
			return err
		}
		l, err := w.Collecting.Add(ctx, b.Actor, collecting.AddInput{Fresh: true, Name: "List of " + name, Lines: []collecting.AddLine{{Product: w.Products[1].ID}}})
		if err != nil {
			return err
		}
		kept, err := w.Purchasing.OrderList(ctx, b.Actor, l.List)
		if err != nil {
			return err
		}
		w.put("order list", name, l.List, w.owned(name, at))
		w.put("order list line", name, kept.Rows[0].Key, w.owned(name, at), with("list", l.List.String()))
		w.put("purchase order", name, pending.ID, w.owned(name, at))
		w.put("order", name, placed.Order, w.owned(name, at))
		w.put("cart", name, c.ID, w.owned(name, at))
		w.put("line", name, c.Lines[0].ID, w.owned(name, at), with("cart", c.ID.String(), "version", fmt.Sprint(c.Version)))
	}
	w.gone("purchase order", "missing", id.NewPurchaseOrder(now))
	w.gone("order", "missing", id.NewOrder(now))
	w.gone("cart", "missing", id.NewCart(now))
	w.gone("order list", "missing", id.NewOrderList(now))
	w.gone("order list line", "missing", id.NewOrderListLine(now), with("list", id.NewOrderList(now).String()))
	w.gone("copy", "missing", id.NewCart(now)) // what became of lines is kept under a key
	w.gone("line", "missing", id.NewCartLine(now), with("cart", id.NewCart(now).String()))
	w.put("product", "", w.Products[1].ID, func(x *Thing) { x.Relation, x.Company = "the seller's", "all" })
	w.gone("product", "missing", id.NewProduct(now))
	return nil
}

func (w *World) submit(ctx context.Context, b actorAt) (done purchasing.Submitted, c cart.Cart, err error) {
	c, err = w.Purchasing.Add(ctx, b.Actor, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
	if err != nil {
		return done, c, err
	}
	done, err = w.Purchasing.Submit(ctx, b.Actor, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &cart.Checkout{Unit: b.unit, Payment: purchasing.OnAccount}})
	return done, c, err
}

// fund makes budgets and cost centres.
func (w *World) fund(ctx context.Context) error {
	now := w.DB.Times()
	open := func(boss access.Actor, whose string, owner budget.Owner, change ...func(*Thing)) error {
		b, err := w.Budgeting.Create(ctx, boss, budgeting.CreateInput{Name: "Budget of " + whose, Owner: owner, Limit: money.Of(100_000_00, "EUR"), Basis: budget.NetShipped,
			Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone})
		if err == nil {
			w.put("budget", whose, b.ID, change...)
		}
		return err
	}
	for _, name := range []string{"pat", "sue", "ann", "tom"} {
		if err := open(w.Dan, name, budget.Owner{Member: w.Members[name]}, w.owned(name, name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"ops", "shop", "fin"} {
		relation := relations[name]
		if name == "ops" {
			relation = "own unit's"
		}
		if err := open(w.Dan, name, budget.Owner{Unit: w.Units[name]}, w.at(name), func(x *Thing) { x.Relation = relation }); err != nil {
			return err
		}
	}
	if err := open(w.Dan, "acme", budget.Owner{}); err != nil {
		return err
	}
	if err := open(w.Eve, "globex", budget.Owner{}); err != nil {
		return err
	}
	w.gone("budget", "missing", id.NewBudget(now))

	for _, name := range []string{"ops", "shop", "fin", "acme", "globex"} {
		in := budgeting.CostCentreInput{Code: "X-" + name, Name: "Centre of " + name, Unit: w.unit(name)}
		boss, at := w.Dan, w.at(name)
		switch name {
		case "acme":
			in.Unit, at = id.Unit{}, w.at("")
		case "globex":
			in.Unit, boss = id.Unit{}, w.Eve
		}
		c, err := w.Budgeting.CreateCostCentre(ctx, boss, in)
		if err != nil {
			return err
		}
		w.put("cost centre", name, c.ID, at)
	}
	w.gone("cost centre", "missing", id.NewCostCentre(now))
	return nil
}

// rule makes approval rules, none of which asks anybody.
func (w *World) rule(ctx context.Context) error {
	for _, name := range []string{"ops", "shop", "fin", "acme", "globex"} {
		boss, at := w.Dan, w.at(name)
		rule := approval.Rule{Name: "Rule of " + name, Basis: approval.Net, Steps: []approval.Step{{}}}
		switch name {
		case "acme":
			at = w.at("")
		case "globex":
			boss = w.Eve
		default:
			rule.At.Unit = w.Units[name]
		}
		made, err := w.Approving.CreateRule(ctx, boss, rule)
		if err != nil {
			return err
		}
		w.put("rule", name, made.ID, at, with("home", unit(rule.At.Unit)))
	}
	old, err := w.Approving.CreateRule(ctx, w.Dan, approval.Rule{Name: "Old rule", Basis: approval.Net, Steps: []approval.Step{{}}})
	if err != nil {
		return err
	}
	w.gone("rule", "deleted", old.ID)
	w.gone("rule", "missing", id.NewRule(w.DB.Times()))
	return w.Approving.DeleteRule(ctx, w.Dan, old.ID, old.Version)
}
