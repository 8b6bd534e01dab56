package approving

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// The bounds of a replay.
const (
	MostMonths   = 120
	MostReplayed = 200_000 // purchase orders: of more, the newest
	MostShown    = 50      // of each list of purchase orders, and of people
)

// ReplayInput is a rule to be replayed.
type ReplayInput struct {
	Rule   approval.Rule // with the identifier of the rule that is kept of it; without one it is new
	Months int           // how far back, to the beginning of that day
}

// Replay holds a rule, kept or not, against the purchase orders of the last months that the actor sees, as though they were submitted
// today: with the draft in the place of the rule that is kept, all other rules as they are, the people of today, and what budgets wanted
// then. It changes nothing. As for one purchase order (TestRule), what is not kept is not known and counts as matching, and so is what
// the orders came to where the actor is not shown that.
func (s *Service) Replay(ctx context.Context, actor access.Actor, in ReplayInput) (done Replay, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
			return err
		}
		// find
		done = Replay{Until: tx.Now}
		p := replay{tx: tx, company: actor.Company, done: &done}
		if err := p.rules(ctx, actor, in); err != nil {
			return err
		}
		p.which = viewdb.Replayed{Company: actor.Company, Scope: actor.Scope(access.ViewPurchaseOrders), From: done.From, Until: tx.Now}
		if err := p.around(ctx); err != nil {
			return err
		}
		if !p.any || !actor.Gives(access.PurchaseOrdersView) {
			return nil
		}
		shown := step.SeesAmounts(actor)
		done.Unpriced = !shown
		// decide
		if err := p.run(ctx, shown); err != nil {
			return err
		}
		p.settle()
		return nil
	})
	return done, err
}

// replay is a replay under way: what is known of the company, and what has been found so far.
type replay struct {
	tx      *store.Tx
	company id.Company
	which   viewdb.Replayed
	trial   *approval.Trial
	looks   looks
	pace    *approval.Pace
	any     bool // there is something to be replayed
	done    *Replay

	roles    map[id.Role]access.Role
	held     map[id.Member][]view.Holding // of requesters
	units    map[tree.Path]company.Unit
	whence   map[whence]view.Whence
	products map[id.Product][]string // the categories of products
	purses   map[budgetdb.Key]budget.Purse
	budgets  map[id.Budget]budget.Budget
	ask      step.Asking // for everybody who could be asked
	people   *step.Everybody
	asked    map[approval.Person]*ReplayedPerson
	sources  map[approval.Source]int
	unknown  map[string]bool
	longer   []time.Duration
}

// whence is who ordered, for which unit.
type whence struct {
	requester id.Member
	unit      id.Unit
}

// looks is what rules look at of an order besides its head, and so is read.
type looks struct{ content, items, sorted, ledger, owners bool }

// at notes what it takes to know a fact.
func (l *looks) at(f approval.Fact) {
	switch f.Name {
	case "payment_method", "shipping_method", "delivery_country", "requested_date", "quote", "items", "max_line":
		l.content = true
	case "products", "suppliers":
		l.content, l.items = true, true
	case "categories":
		l.content, l.sorted = true, true
	case "over_budget", "over_budget_percent":
		l.ledger = true
	}
}

// rules reads the rules that count now, and puts the draft among them.
func (p *replay) rules(ctx context.Context, actor access.Actor, in ReplayInput) error {
	var wrong fault.Input
	if in.Months < 1 || in.Months > MostMonths {
		wrong.Add("months", "range", "between 1 and %d months", MostMonths)
	}
	r := in.Rule
	r.Company = actor.Company
	if !r.ID.IsZero() {
		if _, err := rule(ctx, p.tx, actor, r.ID); err != nil {
			return err
		}
	}
	var known view.Known
	var own company.Company
	var editions []approvaldb.Edition
	namedBy(&known, p.tx, r)
	p.tx.Companies.Want(&own, actor.Company)
	p.tx.Approvals.WantEditions(&editions, actor.Company)
	if err := p.tx.Fetch(ctx); err != nil {
		return err
	}
	unfit := check(r, known)
	if err := wrong.Err(); err != nil {
		return fault.Both(err, unfit)
	}
	if unfit != nil {
		return unfit
	}
	year, month, day := date.On(p.tx.Now, own.Location()).Parts()
	p.done.From = date.Of(year, month-time.Month(in.Months), day).Start(own.Location()).UTC()
	rules, err := step.Compiled(ctx, p.tx, editions)
	if err != nil {
		return err
	}
	if p.trial, err = approval.NewTrial(located(r, known), rules); err != nil {
		return err
	}
	all := []approval.Rule{p.trial.Draft()}
	for i := range rules {
		all = append(all, rules[i].Rule())
	}
	for _, r := range all {
		r.Facts(p.looks.at)
		p.looks.owners = p.looks.owners || r.AsksOwners()
	}
	p.ask.Sources = approval.SourcesOf(all)
	return nil
}

// around reads whatever the purchase orders have in common: who ordered, with which roles, for which units, and how long people took.
func (p *replay) around(ctx context.Context) error {
	p.roles, p.held, p.units, p.products = map[id.Role]access.Role{}, map[id.Member][]view.Holding{}, map[tree.Path]company.Unit{}, map[id.Product][]string{}
	p.whence = map[whence]view.Whence{}
	p.purses, p.budgets = map[budgetdb.Key]budget.Purse{}, map[id.Budget]budget.Budget{}
	p.asked, p.sources, p.unknown = map[approval.Person]*ReplayedPerson{}, map[approval.Source]int{}, map[string]bool{}
	var from []view.Whence
	var roles []access.Role
	p.tx.Views.WantWhence(&from, p.which)
	p.tx.Views.EachTook(p.which, func() { p.pace = approval.NewPace() }, func(t view.Took) { p.pace.Add(t.Member, t.Said.Sub(t.Asked)) })
	p.tx.Access.WantEveryRole(&roles, p.company)
	p.tx.Budgets.WantEveryCostCentre(&p.ask.CostCentres, p.company)
	p.tx.Budgets.WantEvery(&p.ask.Budgets, p.company)
	if err := p.tx.Fetch(ctx); err != nil {
		return err
	}
	p.any = len(from) > 0
	p.pace.Settle()
	for _, r := range roles {
		p.roles[r.ID] = r
	}
	for _, b := range p.ask.Budgets {
		p.budgets[b.ID] = b
	}
	var members []id.Member
	stood := map[tree.Path]bool{}
	for _, w := range from {
		p.whence[whence{w.Requester, w.Unit}] = w
		members = append(members, w.Requester)
		for _, at := range []tree.Path{w.RequesterAt, w.UnitAt} {
			for ; at != tree.Top; at = at.Parent() {
				stood[at] = true
			}
		}
	}
	for at := range stood {
		p.ask.Paths = append(p.ask.Paths, at)
	}
	slices.Sort(p.ask.Paths)
	slices.SortFunc(members, func(a, b id.Member) int { return strings.Compare(a.UUID(), b.UUID()) })
	for some := range slices.Chunk(slices.Compact(members), atOnce) {
		p.tx.Views.WantHoldingsOf(p.held, p.company, some)
	}
	p.tx.Companies.WantUnitsAt(&p.ask.Units, p.company, p.ask.Paths)
	if err := p.tx.Fetch(ctx); err != nil {
		return err
	}
	for _, u := range p.ask.Units {
		p.units[u.Path] = u
	}
	for m, all := range p.held {
		p.held[m] = held(all, p.tx.Now)
	}
	return nil
}

// atOnce is how many purchase orders are read at once: a replay of ten years needs no more memory than one of a month.
const atOnce = 1000

// run goes through the purchase orders, the newest first.
func (p *replay) run(ctx context.Context, shown bool) error {
	var last view.Past
	for p.done.Orders < MostReplayed {
		var some []view.Past
		p.tx.Views.WantPast(&some, p.which, p.looks.content, last, atOnce+1)
		if err := p.tx.Fetch(ctx); err != nil {
			return err
		}
		more := len(some) > atOnce
		if some = some[:min(len(some), atOnce)]; len(some) == 0 {
			return nil
		}
		if err := p.some(ctx, some, shown); err != nil {
			return err
		}
		if last = some[len(some)-1]; !more {
			return nil
		}
		p.done.Cut = p.done.Orders >= MostReplayed
	}
	return nil
}

// tried is a purchase order with what the trial says of it.
type tried struct {
	view.Past
	from view.Whence
	approval.Tried
	past    approval.Past
	request approval.Request
	needs   []approval.Need // of the draft and all others
}

// some holds the rules against some purchase orders.
func (p *replay) some(ctx context.Context, some []view.Past, shown bool) error {
	beside, err := p.beside(ctx, some)
	if err != nil {
		return err
	}
	all := make([]tried, len(some))
	for i, po := range some {
		all[i] = p.one(po, beside, shown)
	}
	if err := p.whom(ctx, all); err != nil {
		return err
	}
	for i := range all {
		if err := p.count(&all[i], shown); err != nil {
			return err
		}
	}
	return nil
}

// beside is what was read of some purchase orders besides their heads.
type beside struct {
	items   map[id.PurchaseOrder][]approval.Item
	entries map[id.PurchaseOrder][]budget.Entry
}

// beside reads it: no more than is looked at.
func (p *replay) beside(ctx context.Context, some []view.Past) (is beside, err error) {
	is = beside{map[id.PurchaseOrder][]approval.Item{}, map[id.PurchaseOrder][]budget.Entry{}}
	charged := p.looks.ledger || p.looks.owners
	var products []id.Product
	for _, po := range some {
		charged = charged || approval.OfEach(po.Needs)
		for _, l := range po.Content.Lines {
			if _, known := p.products[l.Product]; p.looks.sorted && !known {
				p.products[l.Product] = nil
				products = append(products, l.Product)
			}
		}
	}
	these := p.which.Between(some[0], some[len(some)-1])
	if p.looks.items {
		p.tx.Views.WantItemsOf(is.items, these)
	}
	for few := range slices.Chunk(products, atOnce) {
		p.tx.Views.WantCategoriesOfProducts(p.products, few)
	}
	var entries []budget.Entry
	if charged {
		p.tx.Views.WantEntriesOf(&entries, these)
	}
	if err := p.tx.Fetch(ctx); err != nil {
		return is, err
	}
	var missing []budgetdb.Key
	for _, e := range entries {
		is.entries[e.PurchaseOrder] = append(is.entries[e.PurchaseOrder], e)
		key := budgetdb.Key{Budget: e.Budget, Period: e.Period}
		if _, known := p.purses[key]; p.looks.ledger && !known {
			p.purses[key] = budget.Purse{}
			missing = append(missing, key)
		}
	}
	var kept []budgetdb.Kept
	p.tx.Budgets.WantPurses(&kept, p.company, missing)
	if err := p.tx.Fetch(ctx); err != nil {
		return is, err
	}
	for _, k := range kept {
		k.Purse.Budget = p.budgets[k.Budget]
		p.purses[budgetdb.Key{Budget: k.Budget, Period: k.Purse.Period.Key}] = k.Purse
	}
	return is, nil
}

// one holds the rules against one purchase order.
func (p *replay) one(po view.Past, is beside, shown bool) (t tried) {
	from := p.whence[whence{po.Requester, po.Unit}]
	x := p.facts(po, from, is)
	if !shown {
		x = x.Unpriced()
	}
	t = tried{Past: po, from: from, past: approval.Past{Facts: x, Standing: approval.BesidesRules(po.Needs)}}
	for _, h := range p.held[po.Requester] {
		role := p.roles[h.Role]
		t.past.Excused = t.past.Excused || role.Set.Has(access.PurchaseOrdersAutoApprove) && h.Place.Covers(from.UnitAt)
	}
	if t.Tried = p.trial.Of(t.past); !t.Asks || t.Refuses {
		return t
	}
	t.needs = p.trial.Needs(t.past)
	t.request = approval.Request{Requester: po.Requester, Submitter: po.Submitter, ActedBy: po.ActedBy, Amount: po.Net, Place: from.UnitAt, CostCentres: x.CostCentres, At: p.tx.Now}
	if !shown {
		t.request.Amount.Minor = 0 // who is asked by approval limits would tell it
	}
	for _, e := range is.entries[po.ID] {
		if !slices.Contains(t.request.Budgets, e.Budget) {
			t.request.Budgets = append(t.request.Budgets, e.Budget)
		}
	}
	return t
}

// facts are what rules may look at of it, as of something that is submitted now.
func (p *replay) facts(po view.Past, from view.Whence, is beside) *approval.Facts {
	l := looked{requester: from.RequesterName, lines: po.Lines, entries: is.entries[po.ID], content: p.looks.content, items: p.looks.items, ledger: p.looks.ledger, sorted: p.looks.sorted}
	l.po = approval.PurchaseOrder{Requester: po.Requester, Content: po.Content, Items: is.items[po.ID], Net: po.Net, SubmittedAt: p.tx.Now}
	c := &l.po.Content
	c.Currency, c.Shipping, c.Total = po.Net.Currency, po.Shipping, po.Gross
	l.units = []company.Unit{{ID: po.Unit, Code: from.UnitCode, Name: from.UnitName, Path: from.UnitAt}}
	for _, at := range from.UnitAt.Ancestors() {
		if u, there := p.units[at]; there {
			l.units = append(l.units, u)
		}
	}
	for _, h := range p.held[po.Requester] {
		h.RoleName = p.roles[h.Role].Name
		l.roles = append(l.roles, h)
	}
	if i := slices.IndexFunc(p.ask.CostCentres, func(c budget.CostCentre) bool { return c.ID == po.CostCentre }); i >= 0 {
		l.centres = p.ask.CostCentres[i : i+1]
	}
	if p.looks.sorted {
		for _, line := range c.Lines {
			l.categories = append(l.categories, p.products[line.Product]...)
		}
	}
	l.purse = func(key id.Budget, period string) (budget.Purse, bool) {
		purse, known := p.purses[budgetdb.Key{Budget: key, Period: period}]
		return purse, known && purse.Version > 0
	}
	return l.facts()
}

// whom looks up the people whom these purchase orders would ask, and those that they asked then: only where somebody is named who has
// not been looked up yet.
func (p *replay) whom(ctx context.Context, all []tried) error {
	fresh := p.people == nil
	for _, t := range all {
		if len(t.needs) == 0 {
			continue
		}
		for _, s := range append(approval.Sources(t.needs, t.request), approval.Sources(t.Past.Needs, t.request)...) {
			if !slices.Contains(p.ask.Sources, s) {
				p.ask.Sources, fresh = append(p.ask.Sources, s), true
			}
		}
	}
	if !fresh {
		return nil
	}
	people, err := step.EverybodyOf(ctx, p.tx, p.company, p.ask)
	p.people = people
	return err
}

// count adds what becomes of a purchase order.
func (p *replay) count(t *tried, shown bool) error {
	d := p.done
	d.Orders++
	then := len(t.Past.Needs) > 0
	add(&d.HeldThen, then)
	add(&d.Asks, t.Asks)
	add(&d.Refuses, t.Refuses)
	add(&d.Approves, t.Approves)
	add(&d.Excused, t.Excused)
	add(&d.Saved, t.Saved)
	holds := t.Asks || t.Refuses
	if holds && t.Unsure {
		d.Unsure++
		p.trial.Draft().Facts(func(f approval.Fact) {
			if !f.KnownOf(t.past.Facts) {
				p.unknown[f.Name] = true
			}
		})
	}
	row := ReplayedOrder{ID: t.ID, Number: t.Number, State: t.State, Requester: t.Requester, RequesterName: t.from.RequesterName, UnitName: t.from.UnitName, Net: t.Net, SubmittedAt: t.SubmittedAt,
		Refused: t.Refuses, Unsure: t.Unsure, Others: t.Others}
	if !shown {
		row.Net = money.Money{}
	}
	if len(t.needs) > 0 {
		var err error
		if row.Asked, row.Added, err = p.plan(t); err != nil {
			return err
		}
	}
	if holds && !then {
		d.Fresh++
		add(&d.Besides, t.Others)
		if len(d.New) < MostShown {
			row.Why = p.trial.Why(t.past).Text
			d.New = append(d.New, row)
		}
	}
	if then && !t.Held {
		d.Through++
		if t.State == approval.Rejected {
			d.Slipped++
			add(&d.Already, !t.Was)
			if len(d.Gone) < MostShown {
				row.Reason, row.Already = t.Reason, !t.Was
				d.Gone = append(d.Gone, row)
			}
		}
	}
	return nil
}

func add(n *int, is bool) {
	if is {
		*n++
	}
}

// plan says whom the draft asks about a purchase order, by name, and how much longer it waits for that.
func (p *replay) plan(t *tried) (names []string, added time.Duration, err error) {
	at := t.from.RequesterAt
	if at == tree.Top { // they have left: whoever may decide for the unit may decide
		at = t.from.UnitAt
	}
	build := func(needs []approval.Need) (approval.Plan, error) {
		return approval.Build(needs, p.people.Directory(at, t.from.UnitAt, approval.Sources(needs, t.request)), approval.Policy{}, t.request)
	}
	plan, err := build(t.needs)
	if err != nil {
		return nil, 0, err
	}
	then, err := build(t.Past.Needs)
	if err != nil {
		return nil, 0, err
	}
	add(&p.done.Stuck, plan.Stuck())
	if added = plan.Takes(p.pace) - then.Takes(p.pace); added > 0 {
		p.longer = append(p.longer, added)
	}
	people, sources := p.trial.Asked(plan, t.needs)
	for _, s := range sources {
		p.sources[s]++
	}
	for _, a := range people {
		names = append(names, a.Name)
		one := p.asked[a.Person]
		if one == nil {
			one = &ReplayedPerson{Member: a.Member, Name: a.Name}
			one.Usual, one.Decisions = p.pace.Of(a.Member)
			p.asked[a.Person] = one
		}
		one.Orders++
	}
	return names, max(added, 0), nil
}

// settle sums up what was found.
func (p *replay) settle() {
	d := p.done
	d.Decisions, d.Usual = p.pace.Decisions()
	slices.Sort(p.longer)
	d.Longer, d.Each = len(p.longer), approval.Median(p.longer)
	for _, longer := range p.longer {
		d.Added += longer
	}
	for _, f := range approval.Vocabulary() {
		if p.unknown[f.Name] {
			d.Unknown = append(d.Unknown, f)
		}
	}
	for _, s := range approval.SourcesOf([]approval.Rule{p.trial.Draft()}) {
		d.Sources = append(d.Sources, ReplayedSource{s, p.sources[s]})
	}
	for _, one := range p.asked {
		d.People = append(d.People, *one)
	}
	slices.SortFunc(d.People, func(a, b ReplayedPerson) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Name, b.Name), strings.Compare(a.Member.UUID(), b.Member.UUID()))
	})
	d.Persons = len(d.People)
	d.People = d.People[:min(len(d.People), MostShown)]
}
