package importing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
)

var (
	errOwnBudget = fault.Define(fault.Forbidden, "import.own_budget", "nobody sets the budget that they spend from themselves: ask somebody else who manages budgets")
	errFixed     = fault.Define(fault.Invalid, "import.fixed", "this stays as it is for as long as the budget is used; a limit is changed on the budget's page, with a reason")
	errArchived  = fault.Define(fault.Conflict, "import.archived", "a budget of this name was archived: please choose another name")
	errWord      = fault.Define(fault.Invalid, "import.word", "this is none of the words that can stand here")
	errWarning   = fault.Define(fault.Invalid, "import.warning", "warnings are written like 80% 95% or like 1500.00, with blanks between")
)

type budgetState struct {
	thing[budget.Budget]
	line line
}

// What the words of a file mean, as headings are compared.
var (
	cycles = map[string]budget.Kind{"order": budget.PerOrder, "bestellung": budget.PerOrder, "week": budget.Week, "woche": budget.Week, "month": budget.Month, "monat": budget.Month,
		"quarter": budget.Quarter, "quartal": budget.Quarter, "halfyear": budget.HalfYear, "halbjahr": budget.HalfYear, "year": budget.Year, "jahr": budget.Year,
		"fixed": budget.Fixed, "fest": budget.Fixed, "rolling": budget.Rolling, "gleitend": budget.Rolling}
	bases = map[string]budget.Basis{"netshipped": budget.NetShipped, "nettomitversand": budget.NetShipped, "net": budget.Net, "netto": budget.Net, "gross": budget.Gross, "brutto": budget.Gross}
	ends  = map[string]budget.Consequence{"block": budget.Block, "sperren": budget.Block, "ask": budget.Ask, "fragen": budget.Ask, "warn": budget.Warn, "warnen": budget.Warn}
	rests = map[string]budget.Carry{"none": budget.CarryNone, "keiner": budget.CarryNone, "unspent": budget.CarryUnspent, "rest": budget.CarryUnspent, "capped": budget.CarryCapped, "begrenzt": budget.CarryCapped}
)

// word is what the word in a field means; what was before where the table has no such field or, of what is new, nothing stands
// there.
func word[T comparable](p *plan, l line, field string, known map[string]T, before T) (T, bool) {
	var none T
	text := l.get(field)
	if !l.has(field) || text == "" && before != none {
		return before, true
	}
	t, ok := known[folded(text)]
	return t, ok || !p.wrong(l, field, errWord)
}

func (p *plan) nameBudgets(all map[Kind][]*table) {
	seen := map[string]int{}
	for l := range p.lines(all, Budgets) {
		name := l.get("name")
		if !p.once(seen, l, "name", name) {
			continue
		}
		b, there := p.budgets[name]
		switch {
		case there && !p.seesBudget(b.before):
			p.wrong(l, "name", budgetdb.ErrName)
			continue
		case there && b.before.Archived:
			p.wrong(l, "name", errArchived)
			continue
		case !there:
			b = &budgetState{thing: fresh(budget.Budget{ID: id.NewBudget(p.now), Company: p.actor.Company, Name: name, Limit: money.Money{Currency: p.company.Currency},
				Basis: budget.NetShipped, Exhausted: budget.Block, Carry: budget.CarryNone, Version: 1})}
			p.budgets[name] = b
		}
		b.line = l
		p.funds = append(p.funds, b)
	}
}

// bookedAt is where a budget is booked, as far as permissions go: at its unit, where its member stands, or at the unit of its
// cost centre; otherwise it is the whole company's.
func (p *plan) bookedAt(o budget.Owner) tree.Path {
	at := tree.Top
	if c := p.byCode[o.CostCentre]; c != nil {
		at = p.unitAt(c.after.Unit)
	}
	if m := p.byID[o.Member]; m != nil && m.node != nil {
		at = m.node.at()
	}
	if u := p.byUnit[o.Unit]; u != nil {
		at = u.node.at()
	}
	return at
}

// seesBudget reports whether the actor sees a budget: their own, and those of where they may.
func (p *plan) seesBudget(b budget.Budget) bool {
	mine := !b.Owner.Member.IsZero() && b.Owner.Member == p.actor.Member
	return mine && p.actor.Gives(access.BudgetsView) || p.actor.Require(access.BudgetsViewCompany, p.bookedAt(b.Owner)) == nil
}

// setsBudget is nil when the actor may set a budget. Nobody sets the one that they spend from.
func (p *plan) setsBudget(b budget.Budget) error {
	if err := p.actor.Require(access.BudgetsManage, p.bookedAt(b.Owner)); err != nil {
		return err
	}
	if !b.Owner.Member.IsZero() && b.Owner.Member == p.actor.Member {
		return errOwnBudget
	}
	return nil
}

func (p *plan) factsOfBudgets() {
	for _, b := range p.funds {
		l := b.line
		after, ok := p.budgetOf(l, b)
		if !ok || p.wrong(l, "", renamed(after.Check(), "limit", "amount", "cycle.kind", "period", "cycle.from", "from", "cycle.until", "until", "cycle.days", "days")) {
			continue
		}
		if b.fresh && p.wrong(l, "", after.CheckCurrency(p.company.Currency)) || !b.fresh && p.kept(l, b.before, after) {
			continue
		}
		facts := p.differing(l, b.before, after)
		if !b.fresh && len(facts) == 0 {
			p.did(l, Same, after.Name)
			continue
		}
		if p.wrong(l, "", p.setsBudget(after)) {
			continue
		}
		b.after, b.changed = after, !b.fresh
		if b.fresh {
			p.did(l, Created, after.Name)
			continue
		}
		p.did(l, Changed, after.Name, facts...)
	}
}

// budgetOf is the budget that a row describes.
func (p *plan) budgetOf(l line, b *budgetState) (after budget.Budget, ok bool) {
	after = b.after
	ok = p.ownerOf(l, &after.Owner)
	if currency := l.get("currency"); currency != "" {
		after.Limit.Currency = money.Currency(strings.ToUpper(currency))
	}
	if l.has("amount") || b.fresh {
		limit, err := amount(l.get("amount"), after.Limit.Currency)
		if limit == nil && err == nil {
			err = errColumn.With("please fill this in")
		}
		if p.wrong(l, "amount", err) {
			return after, false
		}
		after.Limit = *limit
	}
	var known bool
	if after.Cycle.Kind, known = word(p, l, "period", cycles, after.Cycle.Kind); !known {
		return after, false
	}
	after.Basis, known = word(p, l, "basis", bases, after.Basis)
	ok = ok && known
	after.Exhausted, known = word(p, l, "exhausted", ends, after.Exhausted)
	ok = ok && known
	after.Carry, known = word(p, l, "carry", rests, after.Carry)
	ok = ok && known
	ok = p.daysOf(l, &after.Cycle) && ok
	if l.has("carry_most") {
		most, err := amount(l.get("carry_most"), after.Limit.Currency)
		if p.wrong(l, "carry_most", err) {
			return after, false
		}
		after.CarryMost = 0
		if most != nil {
			after.CarryMost = most.Minor
		}
	}
	return after, p.askedOf(l, &after) && ok
}

// ownerOf reads whose budget it is.
func (p *plan) ownerOf(l line, o *budget.Owner) bool {
	ok := true
	if l.has("member") {
		o.Member = id.Member{}
		if text := l.get("member"); text != "" {
			m, err := p.memberOf(text)
			if p.wrong(l, "member", err) {
				ok = false
			} else {
				o.Member = m.after.ID
			}
		}
	}
	if l.has("unit") {
		o.Unit = id.Unit{}
		if code := l.get("unit"); code != "" {
			u := p.state.units[code]
			if u == nil || u.node == nil || !p.seesUnit(u) {
				p.wrong(l, "unit", company.ErrUnseenUnit)
				ok = false
			} else {
				o.Unit = u.after.ID
			}
		}
	}
	if l.has("cost_centre") {
		o.CostCentre = id.CostCentre{}
		if code := l.get("cost_centre"); code != "" {
			c := p.state.centres[code]
			if c == nil || !p.seesCentre(c) {
				p.wrong(l, "cost_centre", company.ErrUnseenCostCentre)
				ok = false
			} else {
				o.CostCentre = c.after.ID
			}
		}
	}
	return ok
}

// daysOf reads the days of a fixed period, and how many a rolling one has.
func (p *plan) daysOf(l line, c *budget.Cycle) bool {
	var early, late, many error
	if l.has("from") {
		c.From, early = l.day("from")
	}
	if l.has("until") {
		c.Until, late = l.day("until")
	}
	if l.has("days") {
		c.Days = 0
		if text := l.get("days"); text != "" {
			if c.Days, many = strconv.Atoi(text); many != nil {
				many = errWord
			}
		}
	}
	bad := p.wrong(l, "from", early)
	bad = p.wrong(l, "until", late) || bad
	return !p.wrong(l, "days", many) && !bad
}

// askedOf reads when somebody is told, and who is asked when nothing is left.
func (p *plan) askedOf(l line, b *budget.Budget) bool {
	if l.has("warnings") {
		warnings, err := thresholds(l.get("warnings"), b.Limit.Currency)
		if p.wrong(l, "warnings", err) {
			return false
		}
		b.Warnings = warnings
	}
	if l.has("approvers") {
		b.Approvers = nil
		for _, text := range strings.FieldsFunc(l.get("approvers"), func(r rune) bool { return strings.ContainsRune(",; \n\t", r) }) {
			m, err := p.memberOf(text)
			if p.wrong(l, "approvers", err) {
				return false
			}
			b.Approvers = append(b.Approvers, m.after.ID)
		}
	}
	return true
}

// thresholds reads when somebody is told: percentages and amounts.
func thresholds(text string, c money.Currency) (all []budget.Threshold, err error) {
	for _, t := range strings.FieldsFunc(strings.ReplaceAll(text, " %", "%"), func(r rune) bool { return strings.ContainsRune("; \n\t", r) }) {
		t = strings.TrimSuffix(t, ",")
		if percent, ok := strings.CutSuffix(t, "%"); ok {
			n, err := strconv.ParseInt(percent, 10, 64)
			if err != nil {
				return nil, errWarning
			}
			all = append(all, budget.Threshold{Percent: n})
			continue
		}
		m, err := amount(t, c)
		if err != nil || m == nil {
			return nil, errWarning
		}
		all = append(all, budget.Threshold{Minor: m.Minor})
	}
	return all, nil
}

// told are thresholds as a file has them.
func told(all []budget.Threshold, c money.Currency) string {
	var texts []string
	for _, t := range all {
		if t.Percent > 0 {
			texts = append(texts, strconv.FormatInt(t.Percent, 10)+"%")
			continue
		}
		texts = append(texts, money.Of(t.Minor, c).Amount())
	}
	return strings.Join(texts, " ")
}

// kept tells of what a row says otherwise that stays for as long as a budget is used.
func (p *plan) kept(l line, before, after budget.Budget) (bad bool) {
	for _, x := range []struct {
		field string
		same  bool
	}{
		{"amount", before.Limit.Minor == after.Limit.Minor}, {"currency", before.Limit.Currency == after.Limit.Currency}, {"member", before.Owner.Member == after.Owner.Member},
		{"unit", before.Owner.Unit == after.Owner.Unit}, {"cost_centre", before.Owner.CostCentre == after.Owner.CostCentre}, {"period", before.Cycle.Kind == after.Cycle.Kind},
		{"from", before.Cycle.From == after.Cycle.From}, {"until", before.Cycle.Until == after.Cycle.Until}, {"days", before.Cycle.Days == after.Cycle.Days},
		{"basis", before.Basis == after.Basis}, {"carry", before.Carry == after.Carry}, {"carry_most", before.CarryMost == after.CarryMost},
	} {
		if !x.same {
			bad = p.wrong(l, x.field, errFixed)
		}
	}
	return bad
}

// differing lists what becomes otherwise of a budget.
func (p *plan) differing(l line, before, after budget.Budget) []FieldChange {
	return l.differ("exhausted", string(before.Exhausted), string(after.Exhausted), "warnings", told(before.Warnings, before.Limit.Currency), told(after.Warnings, after.Limit.Currency),
		"approvers", p.emailsOf(before.Approvers), p.emailsOf(after.Approvers))
}

func (p *plan) emailsOf(members []id.Member) string {
	var all []string
	for _, m := range members {
		all = append(all, cmp.Or(p.emailOf(m), "?"))
	}
	return strings.Join(all, " ")
}

func (p *plan) writeFunds(tx *store.Tx, r *record) {
	for _, b := range p.funds {
		if b.save(tx.Budgets.Insert, tx.Budgets.Update, &r.BudgetsWas) {
			r.Budgets = append(r.Budgets, b.after.ID)
		}
	}
	if len(r.Budgets) > 0 {
		tx.Companies.SetBudgetsUsed(p.actor.Company)
	}
}

func budgetWasSet(b budget.Budget) budget.WasSet {
	return budget.WasSet{BudgetID: b.ID, Name: b.Name, Limit: b.Limit, Exhausted: b.Exhausted, Archived: b.Archived}
}

func (p *plan) exportBudgets() (rows [][]string, err error) {
	if err := p.actor.RequireSomewhere(access.BudgetsView); err != nil {
		return nil, err
	}
	for _, s := range sorted(p.budgets) {
		b := s.before
		if b.Archived || !p.seesBudget(b) || !b.Owner.Project.IsZero() {
			continue
		}
		days, most := "", ""
		if b.Cycle.Days > 0 {
			days = strconv.Itoa(b.Cycle.Days)
		}
		if b.CarryMost > 0 {
			most = money.Of(b.CarryMost, b.Limit.Currency).Amount()
		}
		rows = append(rows, []string{b.Name, b.Limit.Amount(), string(b.Limit.Currency), string(b.Cycle.Kind), p.emailOf(b.Owner.Member), p.unitCode(b.Owner.Unit), p.codeOf(b.Owner.CostCentre),
			string(b.Exhausted), told(b.Warnings, b.Limit.Currency), strings.ReplaceAll(p.emailsOf(b.Approvers), "?", ""), string(b.Basis), string(b.Carry), most, string(b.Cycle.From), string(b.Cycle.Until), days})
	}
	return rows, nil
}

// mayBudgets is nil when the actor may take back what an import has made and changed of budgets.
func (u *undoing) mayBudgets() error {
	p := &plan{state: u.state}
	for _, b := range sorted(u.budgets) {
		if slices.Contains(u.Budgets, b.before.ID) {
			if err := p.setsBudget(b.before); err != nil {
				return err
			}
		}
	}
	for _, w := range u.BudgetsWas {
		if err := p.setsBudget(w.After); err != nil {
			return err
		}
	}
	return nil
}
