package demo

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// purchase is one order of the demo world: who orders what and when, and what becomes of it.
type purchase struct {
	firm      *firm
	buyer     id.Member
	centre    id.CostCentre
	reference string
	note      string
	at        time.Time
	lines     []purchasing.AddLine
	course    course
}

// course is what becomes of a purchase order.
type course int

const (
	agreed    course = iota // by all who are asked
	halfway                 // by the first who is asked
	waiting                 // nobody has decided yet
	declined                // by the first who is asked
	withdrawn               // by the buyer
	lapsed                  // nobody has decided in time
)

// How many orders the company has: of its buyers, and of everybody else.
const (
	bulky = 28
	odd   = 12
)

// reference is the buyer's own number of the nth order.
func reference(n int) string { return fmt.Sprintf("AW-%04d", n) }

// act is something that somebody does at a time, and what follows from it.
type act struct {
	at time.Time
	do func(context.Context) ([]act, error)
}

// orders has people order and decide, each at their time; what lies in the future does not happen.
func (p *planting) orders(ctx context.Context) error {
	acts, err := p.script(ctx)
	if err != nil {
		return err
	}
	for len(acts) > 0 {
		slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
		next := acts[0]
		acts = acts[1:]
		if next.at.After(p.now) {
			return nil
		}
		p.clock.reach(next.at)
		more, err := next.do(ctx)
		if err != nil {
			return err
		}
		if err := p.tell(ctx); err != nil {
			return err
		}
		acts = append(acts, more...)
	}
	return nil
}

// script is how the story begins.
func (p *planting) script(ctx context.Context) ([]act, error) {
	there, err := p.firm.there(ctx)
	if err != nil {
		return nil, err
	}
	acme, theirs, err := p.acmeOrders(ctx)
	if err != nil {
		return nil, err
	}
	for reference, po := range theirs {
		there[reference] = po
	}
	all := append(p.bulk(), p.odds()...)
	slices.SortStableFunc(all, func(a, b purchase) int { return a.at.Compare(b.at) })
	for i := range all {
		all[i].reference = reference(i + 1)
	}
	var acts []act
	for _, x := range append(all, acme...) {
		known := there[x.reference]
		acts = append(acts, act{x.at, func(ctx context.Context) ([]act, error) {
			key, state := known.ID, known.State
			if key.IsZero() {
				done, err := p.submit(ctx, x)
				if err != nil {
					return nil, fmt.Errorf("order %s: %w", x.reference, err)
				}
				key, state = done.ID, done.State
			}
			return p.next(x, key, state, p.clock.time()), nil
		}})
	}
	return acts, nil
}

// submit fills a cart and submits it.
func (p *planting) submit(ctx context.Context, x purchase) (done purchasing.Submitted, err error) {
	buyer, err := x.firm.as(ctx, x.buyer)
	if err != nil {
		return done, err
	}
	if err := p.sweep(ctx, buyer); err != nil { // a planting may have broken off here
		return done, err
	}
	c, err := p.purchasing.Add(ctx, buyer, purchasing.AddInput{Lines: x.lines})
	if err != nil {
		return done, err
	}
	checkout := cart.Checkout{CostCentre: x.centre, Payment: purchasing.OnAccount, Reference: x.reference, Note: x.note, Acknowledged: true}
	if c, err = p.purchasing.Prepare(ctx, buyer, c.ID, c.Version, checkout); err != nil {
		return done, err
	}
	return p.purchasing.Submit(ctx, buyer, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: "demo/" + x.reference})
}

// next is what happens next to a purchase order that waits.
func (p *planting) next(x purchase, key id.PurchaseOrder, state approval.State, from time.Time) []act {
	if state != approval.PendingApproval || x.course == waiting {
		return nil
	}
	then := func(at time.Time, do func(context.Context) (approving.Outcome, error)) []act {
		return []act{{at, func(ctx context.Context) ([]act, error) {
			done, err := do(ctx)
			if err != nil {
				return nil, fmt.Errorf("order %s: %w", x.reference, err)
			}
			if x.course == halfway {
				return nil, nil
			}
			return p.next(x, key, done.State, p.clock.time()), nil
		}}}
	}
	soon := working(from.Add(30*time.Minute + time.Duration(chance(x.reference)%1400)*time.Minute))
	switch x.course {
	case withdrawn:
		return then(soon, func(ctx context.Context) (done approving.Outcome, err error) {
			buyer, err := x.firm.as(ctx, x.buyer)
			if err != nil {
				return done, err
			}
			return p.approving.Withdraw(ctx, buyer, key, "No longer needed")
		})
	case lapsed:
		return then(from.AddDate(0, 0, 15), func(ctx context.Context) (approving.Outcome, error) {
			_, err := p.approving.Expire(ctx, x.firm.system, key)
			return approving.Outcome{State: approval.Expired}, err
		})
	}
	return then(soon, func(ctx context.Context) (done approving.Outcome, err error) {
		po, err := x.firm.order(ctx, key)
		if err != nil {
			return done, err
		}
		by, err := x.firm.asked(ctx, po)
		if err != nil {
			return done, err
		}
		in := approving.DecideInput{Order: key, Verdict: approval.Agree, Hash: po.Hash}
		if x.course == declined {
			in.Verdict, in.Reason = approval.Decline, "We still have enough of these in stock"
		}
		return p.approving.Decide(ctx, by, in)
	})
}

// bulk is what the buyers order: some of the last orders of the source, in the past eight weeks.
func (p *planting) bulk() []purchase {
	prices := map[string]int64{}
	for _, o := range p.source.Offers {
		prices[o.Item()] = o.Price.E4
	}
	var fit []Order
	dollars := func(o Order) (sum int64) {
		for _, l := range o.Lines {
			sum += prices[item(l.SKU, o.Vendor)] * int64(l.Quantity/quantity.One) / 10_000
		}
		return sum
	}
	for _, o := range slices.Backward(p.source.Orders) {
		if n := dollars(o); n > 1_000 && n < 25_000 && len(fit) < 20*bulky {
			fit = append(fit, o)
		}
	}
	var all []purchase
	large := 0
	for i := range bulky {
		o := fit[i*len(fit)/bulky]
		x := purchase{firm: p.firm, buyer: p.firm.members[o.Buyer], centre: p.firm.centres[o.Buyer.Department], at: p.when(i, bulky)}
		switch recent := p.now.Sub(x.at) < waits; {
		case recent && dollars(o) > 15_000: // two are asked: of the first such order one has decided
			x.course = [...]course{halfway, waiting}[large%2]
			large++
		case recent && i%2 == 0:
			x.course = waiting
		case recent:
		case i == 2, i == 10:
			x.course = declined
		case i == 4:
			x.course = lapsed
		case i == 7:
			x.course = withdrawn
		}
		for _, l := range o.Lines {
			x.lines = append(x.lines, purchasing.AddLine{Product: p.products[item(l.SKU, o.Vendor)], Quantity: l.Quantity})
		}
		all = append(all, x)
	}
	return all
}

// waits is how long ago something was ordered that may still wait: it expires after two weeks.
const waits = 13 * 24 * time.Hour

// odds are what everybody else orders now and then, of what the seller has himself.
func (p *planting) odds() []purchase {
	var shelf []Good
	for _, g := range p.source.own() {
		if !g.Ended && g.List.E4 > 5_0000 && g.List.E4 < 150_0000 {
			shelf = append(shelf, g)
		}
	}
	var all []purchase
	for i, login := range []string{"gail0", "mary0", "kevin0", "janaina0", "dan0", "jossef0", "diane1", "rob0", "sandeep0", "mindy0", "gail0", "sariya0"} {
		person := p.source.login(login)
		x := purchase{firm: p.firm, buyer: p.firm.members[person], centre: p.firm.centres[person.Department], at: p.when(i, odd).Add(-47 * time.Minute)}
		if i == 3 {
			x.course = declined
		}
		for k := range 1 + i%3 {
			g := shelf[(chance(login)+31*i+7*k)%len(shelf)]
			x.lines = append(x.lines, purchasing.AddLine{Product: p.products[g.SKU], Quantity: quantity.Of(int64(1 + (i+k)%4))})
		}
		all = append(all, x)
	}
	// Three are of the last days: paint, which facilities have not looked at; bicycles beyond the budget of engineering;
	// and whatever marketing wants.
	paint, bicycles, last := &all[odd-4], &all[odd-2], &all[odd-1]
	paint.at, paint.course, paint.note = p.when(odd-2, odd), halfway, "For the new lines on the shop floor"
	paint.lines = nil
	for _, o := range p.source.Offers {
		if len(paint.lines) < 2 && slices.Contains(p.source.Goods[o.SKU].shelf(), "Paint") {
			paint.lines = append(paint.lines, purchasing.AddLine{Product: p.products[o.Item()], Quantity: o.Min})
		}
	}
	bicycles.course, bicycles.note = waiting, "Two for the endurance tests: the ones we have are worn out"
	bicycles.lines = []purchasing.AddLine{{Product: p.products[p.source.dearest().SKU], Quantity: quantity.Of(2)}}
	last.course = waiting
	return all
}

// acmeOrders are what Ann orders, and the purchase orders that Acme has already.
func (p *planting) acmeOrders(ctx context.Context) ([]purchase, map[string]view.PurchaseOrder, error) {
	w := p.acme
	acme := &firm{house: p.house, key: w.Acme, system: access.System(w.Acme), actors: map[id.Member]access.Actor{w.Ann.Member: w.Ann, w.Bob.Member: w.Bob}}
	there, err := acme.there(ctx)
	screw, glove, laptop := w.Products[0].ID, w.Products[1].ID, w.Products[3].ID
	order := func(n int, days int, c course, lines ...purchasing.AddLine) purchase {
		return purchase{firm: acme, buyer: w.Ann.Member, centre: w.CostCentre, reference: fmt.Sprintf("ACME-%d", n), at: p.now.AddDate(0, 0, -days), course: c, lines: lines}
	}
	return []purchase{
		order(1, 30, agreed, purchasing.AddLine{Product: screw, Quantity: quantity.Of(2000)}),
		order(2, 20, agreed, purchasing.AddLine{Product: laptop, Quantity: quantity.Of(1)}),
		order(5, 19, lapsed, purchasing.AddLine{Product: glove, Quantity: quantity.Of(80), Note: "Size 9"}, purchasing.AddLine{Product: screw, Quantity: quantity.Of(300)}),
		order(3, 16, declined, purchasing.AddLine{Product: glove, Quantity: quantity.Of(90)}),
		order(4, 4, waiting, purchasing.AddLine{Product: laptop, Quantity: quantity.Of(1), Note: "For the new colleague"}, purchasing.AddLine{Product: glove, Quantity: quantity.Of(10)}),
	}, there, err
}

// carts are what two people have begun and not finished.
func (p *planting) carts(ctx context.Context) error {
	p.clock.set(p.now.Add(-2 * time.Hour))
	linda, err := p.firm.as(ctx, p.firm.members[p.source.login("linda2")])
	if err != nil {
		return err
	}
	for _, begun := range []struct {
		by    access.Actor
		lines []purchasing.AddLine
	}{
		{linda, []purchasing.AddLine{
			{Product: p.products[p.source.Offers[0].Item()], Quantity: p.source.Offers[0].Min},
			{Product: p.products[p.source.Offers[3].Item()], Quantity: p.source.Offers[3].Min},
		}},
		{p.acme.Ann, []purchasing.AddLine{{Product: p.acme.Products[0].ID, Quantity: quantity.Of(500)}, {Product: p.acme.Products[2].ID, Quantity: quantity.Of(25)}}},
	} {
		c, err := p.purchasing.Current(ctx, begun.by)
		if err != nil {
			return err
		}
		if len(c.Lines) == 0 {
			if _, err := p.purchasing.Add(ctx, begun.by, purchasing.AddInput{Cart: c.ID, Lines: begun.lines}); err != nil {
				return err
			}
		}
	}
	return nil
}

// when is the moment of the nth of so many orders: from eight weeks ago to yesterday, on working days, at work.
func (p *planting) when(n, of int) time.Time {
	day := date.On(p.now, pacific()).Plus(-pastDays + n*(pastDays-1)/(of-1))
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.Plus(-1)
	}
	return day.Start(pacific()).Add(8*time.Hour + time.Duration(chance(fmt.Sprint(n, of))%(9*60))*time.Minute)
}

// working is the nearest moment from this one on at which people are at work: 8 to 17 o'clock, Monday to Friday.
func working(at time.Time) time.Time {
	at = at.In(pacific())
	year, month, day := at.Date()
	begin := time.Date(year, month, day, 8, at.Minute(), at.Second(), 0, at.Location())
	switch {
	case at.Hour() < 8:
		at = begin
	case at.Hour() >= 17:
		at = begin.AddDate(0, 0, 1)
	}
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, 1)
	}
	return at.UTC()
}

// pacific is the firm's time zone.
func pacific() *time.Location { return company.Company{Zone: zone}.Location() }

// chance is a number that looks like chance, and is the same every time.
func chance(s string) int {
	h := fnv.New32a()
	h.Write([]byte(s)) // it never fails
	return int(h.Sum32() >> 1)
}

// dearest is the dearest product that is still sold.
func (s *Source) dearest() Good {
	return slices.MaxFunc(s.own(), func(a, b Good) int {
		if a.Ended != b.Ended {
			return map[bool]int{true: -1, false: 1}[a.Ended]
		}
		return cmp.Compare(a.List.E4, b.List.E4)
	})
}

// invitations has administrators invite somebody who has not answered yet. The links are told to nobody: they can be sent
// again.
func (p *planting) invitations(ctx context.Context) error {
	administrator, err := p.firm.as(ctx, p.firm.members[p.source.head("Information Services")])
	if err != nil {
		return err
	}
	for _, from := range []struct {
		by     access.Actor
		people []organising.Guest
	}{
		{administrator, []organising.Guest{
			{Email: "nora.newman@adventure-works.com", First: "Nora", Last: "Newman", Title: "Buyer", Under: company.Node{Unit: p.firm.units[slug("Purchasing")]}, Offers: []company.Offer{{Role: p.firm.roles["buyer"]}}},
			{Email: "oskar.olsen@adventure-works.com"}}},
		{p.acme.Dan, []organising.Guest{
			{Email: "mia.moore@acme.example", First: "Mia", Last: "Moore", Title: "Apprentice", Under: company.Node{Unit: p.acme.Units["ops"]}}}},
	} {
		if _, err := p.organising.Invite(ctx, from.by, organising.InviteInput{People: from.people, Key: "demo"}); err != nil {
			return err
		}
	}
	return nil
}
