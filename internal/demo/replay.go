package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// Options say what is replayed. Their zero value is all of AdventureWorks, with budgets that it fits in.
type Options struct {
	Source *Source // nil is AdventureWorks
	Half   bool    // with half the budgets: what exceeds them is refused, and nothing else is
	First  int     // only so many orders; 0 is all
}

// Replay sends the purchase orders of a source through Kontor, in a company made for it, and writes to w what came of
// them beside what had to. It is an error when anything differs. What is there already is not sent again, so a replay
// that broke off goes on, and one that is done is only checked.
//
// While it runs the database goes by the clock of the orders, so nothing else may use it; afterwards it goes by the
// clock of the process. What nobody decided on then still waits when it has ended: nothing here ends what has waited
// too long. A server that is given this database does, and the next replay says so.
func Replay(ctx context.Context, db *store.DB, o Options, w io.Writer) error {
	s := o.Source
	if s == nil {
		var err error
		if s, err = AdventureWorks(); err != nil {
			return err
		}
	}
	if len(s.Orders) == 0 {
		return errors.New("there are no orders to replay")
	}
	r := &replay{out: w, clock: wind(db), refused: map[string]bool{}, swept: map[*Person]bool{}}
	defer r.clock.back()
	limits := limits(s.Orders, o.Half)
	if err := r.prepare(ctx, open(db), s, o.Half, limits); err != nil {
		return fmt.Errorf("prepare the replay: %w", err)
	}
	if err := r.send(ctx, cmp.Or(o.First, len(s.Orders))); err != nil {
		return err
	}
	r.want = foretell(r.sent, limits)
	if err := r.check(ctx); err != nil {
		return err
	}
	r.print()
	if len(r.wrongs) > 0 {
		return fmt.Errorf("the replay differs from the source in %d places: %w", len(r.wrongs), errors.Join(r.wrongs[:min(20, len(r.wrongs))]...))
	}
	return nil
}

// replay is a replay under way.
type replay struct {
	*firm
	clock    *clock
	out      io.Writer
	sent     []Order
	want     *oracle
	products map[string]id.Product
	items    map[id.Product]string

	refused          map[string]bool
	swept            map[*Person]bool // their carts are empty
	made, found      int
	took             time.Duration // to send what was made
	submits, decides []time.Duration
	tally            tally
	months           map[month]used
	ledger           budgeting.Report
	trail            audit.Report
	wrongs           []error
}

// prepare makes the company with its people, prices, rule and budgets, on the day before the first order.
func (r *replay) prepare(ctx context.Context, h *house, s *Source, half bool, limits map[string]int64) (err error) {
	r.clock.set(slot(s.Orders[0].On.Plus(-1), pacific(), 0, 1))
	c := charter{number: "REPLAY", name: "AdventureWorks Replay", code: "replay", roles: func(*firm, *Person) []string { return nil }}
	if half {
		c = charter{number: "REPLAY-HALF", name: "AdventureWorks Replay, half the budget", code: "replay-half", roles: c.roles}
	}
	if r.firm, err = h.found(ctx, s, c); err != nil {
		return err
	}
	if r.products, err = r.stock(ctx, s.ordered()); err != nil {
		return err
	}
	r.items = map[id.Product]string{}
	for sku, key := range r.products {
		r.items[key] = sku
	}
	if err := r.agree(ctx); err != nil {
		return err
	}
	if err := r.rule(ctx, r.bands()); err != nil {
		return err
	}
	var budgets []budgeting.CreateInput
	for _, department := range departments(s.People) {
		budgets = append(budgets, monthly(department, r.centres[department], money.Of(limits[department], Currency), budget.Block))
	}
	return r.fund(ctx, budgets...)
}

// agreement is the contract by which a day's prices were agreed on.
func agreement(o Order) string { return "Prices of " + string(o.On) }

// agree agrees on what every line cost, for the day of its order.
func (r *replay) agree(ctx context.Context) error {
	known := map[string]bool{}
	if r.again {
		if err := r.agreed(ctx, known); err != nil {
			return err
		}
	}
	for day := range days(r.source.Orders) {
		if known[agreement(day[0])] {
			continue
		}
		in := pricesetting.SetContractsInput{Company: r.key, Reference: agreement(day[0]), From: day[0].On.Start(pacific()), Until: day[0].On.Plus(1).Start(pacific())}
		prices := map[id.Product]int64{}
		for _, o := range day {
			for _, l := range o.Lines {
				key := r.products[item(l.SKU, o.Vendor)]
				before, twice := prices[key]
				if twice && before != l.Price.E4 {
					return fmt.Errorf("order %s pays another price for %s than an earlier one of %s: prices are agreed on by the day", o.Number, item(l.SKU, o.Vendor), o.On)
				}
				if !twice {
					prices[key] = l.Price.E4
					in.Prices = append(in.Prices, pricesetting.ProductPrice{Product: key, Rate: l.Price})
				}
			}
		}
		if err := r.pricing.SetContracts(ctx, r.system, in); err != nil {
			return err
		}
	}
	return nil
}

// agreed notes the contracts that there are.
func (r *replay) agreed(ctx context.Context, known map[string]bool) error {
	return pages(func(ask page.Ask) (page.List[view.Contract], error) {
		return r.pricing.ListContracts(ctx, r.system, r.key, ask)
	}, 2, func(c view.Contract) { known[c.Reference] = true })
}

// send sends the first orders one after the other, each at its time, and has them decided as they were.
func (r *replay) send(ctx context.Context, first int) error {
	there, err := r.there(ctx)
	if err != nil {
		return err
	}
	last := -1 // of those that were sent before
	for i, o := range r.source.Orders {
		if _, ok := there[o.Number]; ok {
			last = i
		}
	}
	r.sent = r.source.Orders[:min(max(first, last+1), len(r.source.Orders))]
	began := r.clock.uptime()
	for day := range days(r.source.Orders) {
		for n, o := range day {
			if r.made+r.found == len(r.sent) {
				break
			}
			r.clock.reach(slot(o.On, pacific(), n, len(day)))
			known, ok := there[o.Number]
			switch {
			case ok:
				r.found++
				err = r.decide(ctx, o, known.ID, known.State)
			case r.made+r.found < last: // it was sent, and refused
				r.found++
				r.refused[o.Number] = true
			default:
				r.made++
				err = r.buy(ctx, o)
			}
			if err != nil {
				return fmt.Errorf("order %s of %s: %w", o.Number, o.On, err)
			}
			if r.made%500 == 0 && r.made > 0 && !ok {
				fmt.Fprintf(r.out, "%d of %d orders\n", r.made+r.found, len(r.sent))
			}
		}
	}
	r.took = r.clock.uptime() - began
	return nil
}

// days parts orders by the day they were made on.
func days(orders []Order) iter.Seq[[]Order] {
	return func(yield func([]Order) bool) {
		for from := 0; from < len(orders); {
			to := from
			for to < len(orders) && orders[to].On == orders[from].On {
				to++
			}
			if !yield(orders[from:to]) {
				return
			}
			from = to
		}
	}
}

// buy has an order submitted by its buyer and decided by whoever is asked.
func (r *replay) buy(ctx context.Context, o Order) error {
	buyer, err := r.as(ctx, r.members[o.Buyer])
	if err != nil {
		return err
	}
	c, err := r.fill(ctx, buyer, o)
	if err != nil {
		return err
	}
	began := r.clock.uptime()
	done, err := r.purchasing.Submit(ctx, buyer, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: "replay/" + o.Number})
	r.submits = append(r.submits, r.clock.uptime()-began)
	if errors.Is(err, budget.ErrExhausted) {
		r.refused[o.Number], r.swept[o.Buyer] = true, false
		return nil
	}
	if err != nil {
		return err
	}
	return r.decide(ctx, o, done.ID, done.State)
}

// fill makes of an order a cart that can be submitted.
func (r *replay) fill(ctx context.Context, buyer access.Actor, o Order) (c cart.Cart, err error) {
	if !r.swept[o.Buyer] {
		if err := r.sweep(ctx, buyer); err != nil {
			return c, err
		}
		r.swept[o.Buyer] = true
	}
	var in purchasing.AddInput
	for _, l := range o.Lines {
		in.Lines = append(in.Lines, purchasing.AddLine{Product: r.products[item(l.SKU, o.Vendor)], Quantity: l.Quantity})
	}
	if c, err = r.purchasing.Add(ctx, buyer, in); err != nil {
		return c, err
	}
	return r.purchasing.Prepare(ctx, buyer, c.ID, c.Version, cart.Checkout{CostCentre: r.centres[o.Buyer.Department], Payment: purchasing.OnAccount, Reference: o.Number})
}

// decide has those decide who are asked, one after the other, until what became of the order has become of it again.
func (r *replay) decide(ctx context.Context, o Order, key id.PurchaseOrder, state approval.State) error {
	for n := 1; state == approval.PendingApproval && o.Outcome != Pending; n++ {
		r.clock.pass(time.Second)
		po, err := r.order(ctx, key)
		if err != nil {
			return err
		}
		approver, err := r.asked(ctx, po)
		if err != nil {
			return err
		}
		in := approving.DecideInput{Order: key, Verdict: approval.Agree, Hash: po.Hash, Key: fmt.Sprintf("replay/%s/%d", o.Number, n)}
		if o.Outcome == Rejected {
			in.Verdict, in.Reason = approval.Decline, "Rejected at the time"
		}
		began := r.clock.uptime()
		done, err := r.approving.Decide(ctx, approver, in)
		r.decides = append(r.decides, r.clock.uptime()-began)
		if err != nil {
			return err
		}
		state = done.State
	}
	return nil
}

// became is the state in which an outcome of the source leaves a purchase order.
var became = map[Outcome]approval.State{Complete: approval.Placed, Approved: approval.Placed, Rejected: approval.Rejected, Pending: approval.PendingApproval}

// check reads everything back and holds it against the oracle.
func (r *replay) check(ctx context.Context) error {
	there, err := r.there(ctx)
	if err != nil {
		return err
	}
	r.tally = tally{states: map[fate]int{}, stages: map[int]int{}, fallbacks: map[approval.FallbackKind]int{}}
	for some := range slices.Chunk(r.sent, page.Most) {
		pos := make([]approval.PurchaseOrder, len(some))
		err := r.db.Read(ctx, r.system, func(tx *store.Tx, _ access.Actor) error {
			for i, o := range some {
				if p, ok := there[o.Number]; ok {
					tx.Approvals.Want(&pos[i], r.key, p.ID)
				}
			}
			return tx.Fetch(ctx)
		})
		if err != nil {
			return err
		}
		for i, o := range some {
			r.compare(o, pos[i])
		}
	}
	for _, o := range r.source.Orders {
		delete(there, o.Number)
	}
	for number := range there {
		r.wrong("purchase order %s is of no order of the source", number)
	}
	if err := r.weigh(ctx); err != nil {
		return err
	}
	if r.ledger, err = r.budgeting.Verify(ctx, r.system); err != nil {
		return err
	}
	for _, p := range r.ledger.Problems {
		r.wrong("the ledger of %s in %s: %s", p.Name, p.Period, p.Text)
	}
	if _, err := r.auditing.Seal(ctx, access.System(id.Company{})); err != nil { // as a server's background work would
		return err
	}
	if r.trail, err = r.auditing.Verify(ctx, r.system); err != nil {
		return err
	}
	if b := r.trail.Broken; b != nil {
		r.wrong("the audit at entry %d: %s", b.Place, b.Why)
	}
	return nil
}

func (r *replay) wrong(format string, args ...any) {
	r.wrongs = append(r.wrongs, fmt.Errorf(format, args...))
}

// compare holds one purchase order against its order.
func (r *replay) compare(o Order, po approval.PurchaseOrder) {
	r.count(o, po)
	if po.ID.IsZero() {
		if !r.want.refused[o.Number] || !r.refused[o.Number] {
			r.wrong("order %s is missing", o.Number)
		}
		return
	}
	switch {
	case r.want.refused[o.Number]:
		r.wrong("order %s exceeds its budget, and was not refused", o.Number)
	case po.State != became[o.Outcome]:
		r.wrong("order %s was %s, and is %s", o.Number, o.Outcome, po.State)
	case po.Net.Minor != r.want.totals[o.Number] || po.Content.Total != po.Net || po.Net.Currency != Currency:
		r.wrong("order %s comes to %s of goods and %s in all, not to %d cents", o.Number, po.Net, po.Content.Total, r.want.totals[o.Number])
	case r.people[po.Requester] != o.Buyer || po.CostCentre != r.centres[o.Buyer.Department]:
		r.wrong("order %s is not its buyer's, or not their department's", o.Number)
	}
	r.compareLines(o, po)
}

// compareLines holds the lines of a purchase order against those of its order. Lines of one article are one.
func (r *replay) compareLines(o Order, po approval.PurchaseOrder) {
	want := map[string]quantity.Quantity{}
	rates := map[string]int64{}
	for _, l := range o.Lines {
		want[item(l.SKU, o.Vendor)] += l.Quantity
		rates[item(l.SKU, o.Vendor)] = l.Price.E4
	}
	for i, l := range po.Content.Lines {
		var why pricing.Source
		if err := json.Unmarshal(po.Items[i].Source, &why); err != nil || why.Level != pricing.Contract || why.Reference != agreement(o) {
			r.wrong("the price of %s in order %s is not by the contract of its day: %s", l.SKU, o.Number, po.Items[i].Source)
		}
		if r.items[l.Product] != l.SKU || want[l.SKU] != l.Quantity || rates[l.SKU] != l.Price.E4 || po.Items[i].Supplier != o.Supplier {
			r.wrong("order %s has %s of %s at %s by %s", o.Number, l.Quantity, l.SKU, l.Price, po.Items[i].Supplier)
		}
		delete(want, l.SKU)
	}
	if len(want) > 0 {
		r.wrong("order %s lacks %d articles", o.Number, len(want))
	}
}

// weigh holds every purse against what its department must have spent, and hold, in its month.
func (r *replay) weigh(ctx context.Context) error {
	names := map[id.CostCentre]string{}
	for department, key := range r.centres {
		names[key] = department
	}
	r.months = map[month]used{}
	for behind := (budgetdb.Key{}); ; {
		var some []budget.Purse
		err := r.db.Read(ctx, r.system, func(tx *store.Tx, _ access.Actor) (err error) {
			some, err = tx.Budgets.ListPurses(ctx, r.key, behind, page.Most)
			return err
		})
		if err != nil {
			return err
		}
		for _, p := range some {
			r.months[month{names[p.Budget.Owner.CostCentre], p.Period.Key}] = used{p.Spent, p.Held}
			behind = budgetdb.Key{Budget: p.Budget.ID, Period: p.Period.Key}
		}
		if len(some) < page.Most {
			break
		}
	}
	for m, want := range r.want.months {
		if got := r.months[m]; got != want {
			r.wrong("%s has spent %d and holds %d cents in %s, not %d and %d", m.department, got.spent, got.held, m.key, want.spent, want.held)
		}
	}
	for m, got := range r.months {
		if _, ok := r.want.months[m]; !ok && got != (used{}) {
			r.wrong("%s has spent %d and holds %d cents in %s, where nothing was ordered", m.department, got.spent, got.held, m.key)
		}
	}
	return nil
}
