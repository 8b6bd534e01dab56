package importing

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/identity"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
)

// Did says what becomes of a row.
type Did string

// What may become of a row.
const (
	Created Did = "created"
	Changed Did = "changed"
	Same    Did = "same"
)

// FieldChange is a value that becomes another.
type FieldChange struct {
	Field  string
	Label  locale.Phrase
	Before string
	After  string
}

// Change is what becomes of one row.
type Change struct {
	Kind   Kind
	Sheet  string
	Row    int
	Did    Did
	Name   string
	Fields []FieldChange

	place int // of the sheet in the file
}

// Preview is what a file would do.
type Preview struct {
	Errors  []RowError // the first of them, in the order of the file
	Wrong   int        // how many there are
	Counts  []exchange.ImportCount
	Changes []Change // the first of those that make or change something
	More    int      // and how many there are besides
}

// How much of a preview is shown.
const (
	shownErrors = 200
	mostErrors  = 10_000 // in a report
	mostChanges = 500
)

// plan is what a file makes of a company's organisation.
type plan struct {
	*state
	Preview
	outcomes  []outcome
	bad       map[spot]bool        // the rows that something is wrong with …
	cell      map[spotted]bool     // … and where in them
	externals map[string]id.Member // by external id, once somebody gets one
	aside     map[Kind]bool        // of which a table is not read, for its key has no column
	made      []*node              // in the order of the file
	units     []*unitState
	members   []*memberState
	roles     []*roleState
	fresh     []given // assignments
	gone      []access.Assignment
	centres   []*centreState
	book      []*addressState
	funds     []*budgetState
	allowed   map[grant]error
	held      map[id.Role][]access.Assignment // of each role, once somebody asks
	patience  func() error                    // of whoever waits: what is wrong once they do no more
	done      int                             // rows of which it is known what becomes of them
	advance   func(done int) error            // is told how many they are, now and then; nil for nobody
	stuck     error                           // what came of it
}

// tick is after how many rows it is told how many they are.
const tick = 5000

// given is a new assignment of a role, by a row of the file.
type given struct {
	access.Assignment
	role *roleState
	line line
	was  *access.Assignment // which it replaces
}

// spot is a row of the file, and spotted one of its cells.
type spot struct{ place, row int }
type spotted struct {
	spot
	field string
}

func (l line) spot() spot { return spot{l.place, l.Number} }

// outcome is what becomes of a row, unless something is wrong with it.
type outcome struct {
	spot
	kind Kind
	did  Did
}

// grant is a role at a place, for oneself or for another.
type grant struct {
	role id.Role
	at   tree.Path
	self bool
}

// wrong notes what is wrong with a row. What is not there because its table could not be read is not told of again, nor is
// anything of a cell that holds a formula.
func (p *plan) wrong(l line, field string, err error) bool {
	if err == nil {
		return false
	}
	p.bad[l.spot()] = true
	if p.follows(err) || p.cell[spotted{l.spot(), field}] && l.formula(field) {
		return true
	}
	f := fault.Of(err)
	if f == nil {
		f = fault.ErrInput
	}
	fields := f.Fields
	if len(fields) == 0 {
		fields = []fault.Field{{Name: field, Code: f.Code, Format: f.Format, Args: f.Args}}
	}
	for _, x := range fields {
		name := cmp.Or(field, x.Name)
		p.cell[spotted{l.spot(), name}] = true
		if p.Wrong++; p.Wrong > mostErrors {
			continue
		}
		p.Errors = append(p.Errors, RowError{Sheet: l.sheet, Row: l.Number, Column: l.heads[name], Field: name, Code: x.Code, Why: locale.Say(x.Format, x.Args...), place: l.place, at: l.at[name]})
	}
	return true
}

// did notes what becomes of a row.
func (p *plan) did(l line, d Did, name string, fields ...FieldChange) {
	p.outcomes = append(p.outcomes, outcome{l.spot(), l.Kind, d})
	if p.done++; p.done%tick == 0 && p.advance != nil && p.stuck == nil {
		p.stuck = p.advance(p.done)
	}
	if p.done%tick == 0 {
		p.waits()
	}
	if d != Same && len(p.Changes) < mostChanges && !p.bad[l.spot()] {
		p.Changes = append(p.Changes, Change{l.Kind, l.sheet, l.Number, d, name, fields, l.place})
	}
}

// waits reports whether somebody still waits for the plan, and nothing has come of telling them how far it is.
func (p *plan) waits() bool {
	if p.stuck == nil {
		p.stuck = p.patience()
	}
	return p.stuck == nil
}

// lines goes through the rows of a kind, for as long as somebody waits.
func (p *plan) lines(all map[Kind][]*table, k Kind) func(func(line) bool) {
	return func(yield func(line) bool) {
		n := 0
		for l := range lines(all, k) {
			if n++; n%tick == 0 && !p.waits() || p.stuck != nil || !yield(l) {
				return
			}
		}
	}
}

// count counts what becomes of the rows that nothing is wrong with, when all has been looked at.
func (p *plan) count() {
	p.Changes = slices.DeleteFunc(p.Changes, func(c Change) bool { return p.bad[spot{c.place, c.Row}] })
	counts := map[Kind]*exchange.ImportCount{}
	p.More = -len(p.Changes)
	for _, o := range p.outcomes {
		if p.bad[o.spot] {
			continue
		}
		c := counts[o.kind]
		if c == nil {
			c = &exchange.ImportCount{Kind: string(o.kind)}
			counts[o.kind] = c
		}
		switch o.did {
		case Created:
			c.Created++
			p.More++
		case Changed:
			c.Changed++
			p.More++
		default:
			c.Same++
		}
	}
	for _, s := range sorts {
		if c := counts[s.Kind]; c != nil {
			p.Counts = append(p.Counts, *c)
		}
	}
}

// differ lists the fields that differ, given as field, before and after.
func (l line) differ(triples ...string) (all []FieldChange) {
	for i := 0; i+2 < len(triples); i += 3 {
		if triples[i+1] != triples[i+2] {
			label := locale.Verbatim(triples[i])
			if c := l.column(triples[i]); c != nil {
				label = c.Label
			}
			all = append(all, FieldChange{triples[i], label, triples[i+1], triples[i+2]})
		}
	}
	return all
}

// draw makes a plan of a file, and tells now and then of how many rows it is known what becomes of them. It changes nothing.
func draw(ctx context.Context, tx *store.Tx, actor access.Actor, i exchange.Import, book *sheet.Book, advance func(done int) error) (*plan, error) {
	all := tables(book, i.Mapping)
	if len(all) == 0 {
		return nil, ErrNothing
	}
	st, err := load(ctx, tx, actor, len(all[Roles])+len(all[Assignments])+len(all[Members])+len(all[Units]) > 0)
	if err != nil {
		return nil, err
	}
	p := &plan{state: st, bad: map[spot]bool{}, cell: map[spotted]bool{}, aside: map[Kind]bool{}, allowed: map[grant]error{}, advance: advance, patience: ctx.Err}
	defer p.sortErrors()
	p.needs(all)
	p.room(all)
	p.cells(all)
	p.nameCentres(all)
	p.nameBudgets(all)
	p.nameUnits(all)
	if err := p.nameMembers(ctx, tx, all); err != nil {
		return nil, err
	}
	for _, next := range []func(){p.stand, func() { p.factsOfAddresses(all) }, p.factsOfUnits, p.needed, p.factsOfMembers, func() { p.factsOfRoles(all) }, func() { p.assign(all) },
		p.welcome, p.mayBring, p.factsOfCentres, p.factsOfBudgets, p.keepRights} {
		if !p.waits() {
			return p, p.stuck
		}
		next()
	}
	p.count()
	return p, p.stuck
}

// room tells of the first role that a company cannot have any more. Of a file with more of them than that none is looked at.
func (p *plan) room(all map[Kind][]*table) {
	names := map[string]bool{}
	for name := range p.state.roles {
		names[name] = true
	}
	have := len(names)
	for l := range p.lines(all, Roles) {
		names[text.Fold(l.get("name"))] = true
		if err := access.Room(have, len(names)-have); len(names) > have && p.wrong(l, "name", err) {
			p.aside[Roles], all[Roles] = true, nil
			return
		}
	}
}

// sortErrors puts what is wrong in the order of the file: by sheet, row and column.
func (p *plan) sortErrors() {
	slices.SortStableFunc(p.Errors, func(a, b RowError) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.Row, b.Row), cmp.Compare(a.at, b.at))
	})
}

// needs tells of columns that are missing. A table without the column of its key is not read further.
func (p *plan) needs(all map[Kind][]*table) {
	for _, s := range sorts {
		var read []*table
		for _, t := range all[s.Kind] {
			whole := line{table: t}
			for _, c := range s.Columns {
				optional := c.Field == "unit" || s.Kind == Members && c.Field == "email" && whole.has("employee_number")
				if c.Key && !optional && !whole.has(c.Field) {
					p.wrong(whole, c.Field, errColumn.With("a column for “%s” is needed", c.Label))
				}
			}
			if p.bad[whole.spot()] {
				p.aside[s.Kind] = true
				continue
			}
			read = append(read, t)
		}
		all[s.Kind] = read
	}
}

// follows reports whether a fault says no more than that a table could not be read.
func (p *plan) follows(err error) bool {
	is := func(f *fault.Fault, kinds ...Kind) bool {
		return errors.Is(err, f) && slices.ContainsFunc(kinds, func(k Kind) bool { return p.aside[k] })
	}
	return is(company.ErrUnseenUnit, Units, Members) || is(company.ErrUnseenMember, Members) || is(access.ErrUnseenRole, Roles) ||
		is(company.ErrUnseenCostCentre, CostCentres) || is(company.ErrUnseenAddress, Addresses)
}

// cells tells of formulas, wherever they are read from.
func (p *plan) cells(all map[Kind][]*table) {
	for _, s := range sorts {
		for l := range p.lines(all, s.Kind) {
			for field := range l.at {
				if l.formula(field) {
					p.wrong(l, field, errFormula)
				}
			}
		}
	}
}

// once is false, and says so, for a key that stands in the file before.
func (p *plan) once(seen map[string]int, l line, field, key string) bool {
	if key == "" {
		p.wrong(l, field, errColumn.With("please fill this in"))
		return false
	}
	if first, twice := seen[key]; twice {
		p.wrong(l, field, errTwice.With("this stands in row %d already", first))
		return false
	}
	seen[key] = l.Number
	return true
}

// newNode is a node for something new.
func (p *plan) newNode(l line, n company.Node) *node {
	p.labels++
	s := &node{Node: n.Of(), label: tree.Top.Child(p.labels), fresh: true, line: l}
	p.nodes, p.made = append(p.nodes, s), append(p.made, s)
	return s
}

func (p *plan) nameUnits(all map[Kind][]*table) {
	seen := map[string]int{}
	for l := range p.lines(all, Units) {
		code := l.get("code")
		if !p.once(seen, l, "code", code) {
			continue
		}
		u, there := p.state.units[code]
		switch {
		case there && !p.seesUnit(u):
			p.wrong(l, "code", company.ErrUnitCode)
			continue
		case there && u.before.Archived:
			p.wrong(l, "code", company.ErrArchived)
			continue
		case !there:
			u = &unitState{thing: fresh(company.Unit{ID: id.NewUnit(p.now), Code: code, Version: 1})}
			u.node = p.newNode(l, company.Node{Unit: u.after.ID})
			p.state.units[code], p.byUnit[u.after.ID] = u, u
		}
		u.line, u.node.line = l, l
		p.units = append(p.units, u)
	}
}

func (p *plan) nameMembers(ctx context.Context, tx *store.Tx, all map[Kind][]*table) error {
	seen := map[string]int{}
	for l := range p.lines(all, Members) {
		email := l.get("email")
		if email == "" {
			known := p.numbers[l.get("employee_number")]
			if len(known) != 1 || !p.seesMember(known[0]) {
				p.wrong(l, "email", errColumn.With("please fill this in: nobody is known by this employee number alone"))
				continue
			}
			email = known[0].before.Email
		}
		key, err := identity.EmailKey(email)
		if p.wrong(l, "email", err) || !p.once(seen, l, "email", key) {
			continue
		}
		m, there := p.state.members[key]
		switch {
		case there && !p.seesMember(m):
			p.wrong(l, "email", company.ErrAlreadyMember)
			continue
		case there && m.before.Status == company.Inactive:
			p.wrong(l, "email", company.ErrInactive)
			continue
		case !there:
			m = &memberState{thing: fresh(company.Member{ID: id.NewMember(p.now), Email: email, Status: company.Invited, Version: 1}), made: true}
			m.node = p.newNode(l, company.Node{Member: m.after.ID})
			p.state.members[key], p.byID[m.after.ID] = m, m
			if number := l.get("employee_number"); number != "" {
				p.numbers[number] = append(p.numbers[number], m)
			}
		}
		m.line, m.node.line = l, l
		p.members = append(p.members, m)
	}
	return p.accounts(ctx, tx)
}

// accounts finds the accounts that those who are new have already.
func (p *plan) accounts(ctx context.Context, tx *store.Tx) error {
	var keys []string
	for _, m := range p.members {
		if key, err := identity.EmailKey(m.after.Email); err == nil && m.fresh {
			keys = append(keys, key)
		}
	}
	for part := range slices.Chunk(keys, 1000) {
		known, err := tx.Accounts.ListByEmail(ctx, part)
		if err != nil {
			return err
		}
		for _, a := range known {
			if key, err := identity.EmailKey(a.Email); err == nil {
				p.state.members[key].account, p.state.members[key].made = a, false
			}
		}
		var open []company.Invitation
		tx.Companies.WantOpenInvitations(&open, p.actor.Company, part)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		for _, i := range open {
			if key, err := identity.EmailKey(i.Email); err == nil && i.At(p.now) == company.Open {
				p.wrong(p.state.members[key].line, "email", company.ErrInvited)
			}
		}
	}
	return nil
}

// nodeOf is the unit or member that a cell names: a code, an address, or an employee number.
func (p *plan) nodeOf(text string) (*node, error) {
	if m, _ := p.memberOf(text); m != nil {
		return m.node, nil
	}
	if u := p.state.units[text]; u != nil && u.node != nil && p.seesUnit(u) {
		return u.node, nil
	}
	if strings.Contains(text, "@") {
		return nil, company.ErrUnseenMember
	}
	return nil, company.ErrUnseenUnit
}

// memberOf is the member that a cell names: by an address, or by an employee number.
func (p *plan) memberOf(text string) (*memberState, error) {
	if key, err := identity.EmailKey(text); err == nil {
		if m := p.state.members[key]; m != nil && m.after.Status != company.Inactive && p.seesMember(m) {
			return m, nil
		}
		return nil, company.ErrUnseenMember
	}
	if known := p.numbers[text]; len(known) == 1 && known[0].before.Status != company.Inactive && p.seesMember(known[0]) {
		return known[0], nil
	}
	return nil, company.ErrUnseenMember
}

// stand puts everything where the file says, and sees to it that nothing stands below itself.
func (p *plan) stand() {
	var put []*node
	for _, u := range p.units {
		put = append(put, u.node)
	}
	for _, m := range p.members {
		put = append(put, m.node)
	}
	for _, n := range put {
		text := n.line.get("above")
		if text == "" {
			if n.fresh {
				n.above = p.own
			}
			continue
		}
		above, err := p.nodeOf(text)
		if p.wrong(n.line, "above", err) {
			n.above = cmp.Or(n.above, p.own)
			continue
		}
		n.above = above
	}
	p.unwind()
	for _, n := range put {
		p.high(n)
	}
	for _, n := range p.nodes { // those below what has moved, too
		n.Path = n.final()
	}
	for _, n := range put {
		if !p.cell[spotted{n.line.spot(), "above"}] { // otherwise it is not known where it shall stand
			p.mayStand(n)
		}
	}
	p.tooDeep()
}

// unwind tells of everything that was put below itself, and cuts each circle so that we can go on looking.
func (p *plan) unwind() {
	const gone, going = 1, 2
	been := make(map[*node]int, len(p.nodes))
	for _, n := range p.nodes {
		var trail []*node
		for up := n; up != nil && been[up] != gone; up = up.above {
			if been[up] == going {
				p.circle(trail[slices.Index(trail, up):])
				break
			}
			been[up] = going
			trail = append(trail, up)
		}
		for _, up := range trail {
			been[up] = gone
		}
	}
}

// circle tells of those that stand above each other in a circle because the file puts them there.
func (p *plan) circle(round []*node) {
	cut := false
	for _, n := range round {
		if n.line.table != nil && n.above != n.stood {
			p.wrong(n.line, "above", company.ErrCircle)
			if !cut {
				n.above, cut = nil, true
			}
		}
	}
}

// tooDeep tells, at the row that moves them, of those who would stand too deep because of what they stand below.
func (p *plan) tooDeep() {
	for _, n := range p.nodes {
		if n.line.table != nil || n.Path.Depth() <= company.Deepest {
			continue
		}
		up := n.above
		for up != nil && up.line.table == nil {
			up = up.above
		}
		if up != nil && !p.cell[spotted{up.line.spot(), "above"}] {
			p.wrong(up.line, "above", company.ErrDeep)
		}
	}
}

// high tells of a node that is put below too many others.
func (p *plan) high(n *node) {
	if n.above == n.stood {
		return
	}
	steps := 0
	for up := n.above; up != nil && steps < company.Deepest; up = up.above {
		steps++
	}
	if steps >= company.Deepest {
		p.wrong(n.line, "above", company.ErrDeep)
		n.above = nil
	}
}

// final is where a node stands when everything has been put.
func (n *node) final() tree.Path {
	if n.above == nil {
		return n.label
	}
	return n.above.final() + n.label
}

// mayStand tells what forbids a node to stand where it is put.
func (p *plan) mayStand(n *node) {
	if n.Path.Depth() > company.Deepest {
		p.wrong(n.line, "above", company.ErrDeep)
		return
	}
	switch {
	case n.fresh:
		p.wrong(n.line, "above", p.actor.Require(access.UsersManage, n.above.at()))
	case n.above == n.stood:
	case n.stood == nil:
		p.wrong(n.line, "above", company.ErrTop)
	case p.actor.At != tree.Top && n.was.Path.Covers(p.actor.At): // the top has been told of
		p.wrong(n.line, "above", company.ErrOwnPlace)
	case p.wrong(n.line, "above", p.actor.Require(access.UsersManage, n.stood.at())):
	default:
		p.wrong(n.line, "above", p.actor.Require(access.UsersManage, n.above.at()))
	}
}

// name is what a node is called in a file.
func (p *plan) name(n *node) string {
	switch {
	case n == nil:
		return ""
	case n.Unit.IsZero():
		if m := p.byID[n.Member]; p.seesMember(m) {
			return m.after.Email
		}
		return ""
	}
	if u := p.byUnit[n.Unit]; p.seesUnit(u) {
		return u.after.Code
	}
	return ""
}

func (p *plan) factsOfUnits() {
	for _, u := range p.units {
		p.directions(u)
	}
	for _, u := range p.units {
		l := u.line
		centre := u.before.CostCentre
		if l.has("cost_centre") {
			centre = id.CostCentre{}
			if code := l.get("cost_centre"); code != "" {
				c := p.state.centres[code]
				if c == nil || !p.seesCentre(c) {
					p.wrong(l, "cost_centre", company.ErrUnseenCostCentre)
					continue
				}
				centre = c.after.ID
			}
		}
		after, err := u.after.Edit(u.after.Version, company.UnitFacts{Code: l.get("code"), Name: l.or("name", u.before.Name), CostCentre: centre})
		if p.wrong(l, "", err) {
			continue
		}
		u.after = after
		if u.directed() && !p.mayDirect(u) {
			continue
		}
		if u.fresh {
			p.did(l, Created, u.after.Code+" "+u.after.Name)
			continue
		}
		facts := l.differ("name", u.before.Name, after.Name, "cost_centre", p.codeOf(u.before.CostCentre), p.codeOf(after.CostCentre))
		if len(facts) > 0 {
			p.wrong(l, "", p.actor.Require(access.UsersManage, u.node.at()))
		}
		if u.directed() {
			facts = append(facts, p.directedFacts(u)...)
		}
		u.changed = len(facts) > 0
		p.moved(l, u.node, after.Code+" "+after.Name, facts)
	}
}

// moved notes what becomes of a row about something that stands in the structure.
func (p *plan) moved(l line, n *node, name string, facts []FieldChange) {
	if n.above != n.stood {
		facts = append(facts, l.differ("above", p.name(n.stood), p.name(n.above))...)
	}
	if len(facts) == 0 {
		p.did(l, Same, name)
		return
	}
	p.did(l, Changed, name, facts...)
}

func (p *plan) codeOf(key id.CostCentre) string {
	if c := p.byCode[key]; c != nil && p.seesCentre(c) {
		return c.after.Code
	}
	return ""
}

// called are the names of a member as a row has them.
func (l line) called(before company.Member) (first, last string) {
	if l.has("name") && !l.has("last_name") && !l.has("first_name") && l.get("name") != before.Name {
		return text.Divided(l.get("name"))
	}
	return l.or("first_name", before.First), l.or("last_name", before.Last())
}

func (p *plan) factsOfMembers() {
	for _, m := range p.members {
		l := m.line
		first, last := l.called(m.before)
		f := company.MemberFields{First: first, Last: last, Number: l.or("employee_number", m.before.Number), External: l.or("external_id", m.before.External), Phone: l.or("phone", m.before.Phone), Title: l.or("title", m.before.Title), Approval: m.before.Approval}
		if l.has("approval_limit") {
			limit, err := amount(l.get("approval_limit"), p.company.Currency)
			if p.wrong(l, "approval_limit", err) {
				continue
			}
			f.Approval = limit
		}
		if m.fresh { // whether they have an account already or not, for the company is not told which (ADR 0014)
			a, err := identity.Account{ID: id.NewAccount(p.now), Email: m.after.Email, First: first, Last: last, Language: cmp.Or(strings.ToLower(l.get("language")), p.company.Language), Zone: p.company.Zone,
				Active: true, CreatedAt: p.now, Version: 1}.Check()
			if p.wrong(l, "", err) {
				continue
			}
			if m.made {
				m.account = a
			}
		}
		after, err := m.after.Edit(m.after.Version, f, p.company.Currency)
		if p.wrong(l, "", renamed(err, "number", "employee_number")) {
			continue
		}
		m.after = after
		p.external(m)
		limited := !sameLimit(m.before.Approval, after.Approval)
		switch {
		case !limited || p.wrong(l, "approval_limit", p.actor.Require(access.LimitsManage, m.node.at())):
		case after.ID == p.actor.Member:
			p.wrong(l, "approval_limit", company.ErrOwnLimit)
		}
		if m.fresh {
			m.after.Account = m.account.ID
			p.did(l, Created, after.Name+" ("+m.after.Email+")")
			continue
		}
		facts := l.differ("first_name", m.before.First, after.First, "last_name", m.before.Last(), after.Last(), "employee_number", m.before.Number, after.Number,
			"external_id", m.before.External, after.External, "phone", m.before.Phone, after.Phone, "title", m.before.Title, after.Title,
			"approval_limit", amountOf(m.before.Approval), amountOf(after.Approval))
		m.changed = len(facts) > 0
		if m.changed {
			p.wrong(l, "", p.actor.Require(access.UsersManage, m.node.at()))
		}
		p.moved(l, m.node, after.Name+" ("+m.before.Email+")", facts)
	}
}

// external tells of an external id that somebody else has, or had before the file.
func (p *plan) external(m *memberState) {
	key := m.after.External
	if key == "" || key == m.before.External {
		return
	}
	if p.externals == nil {
		p.externals = map[string]id.Member{}
		for _, x := range p.state.members {
			if x.before.External != "" {
				p.externals[x.before.External] = x.before.ID
			}
		}
	}
	if _, taken := p.externals[key]; taken {
		p.wrong(m.line, "external_id", company.ErrMemberExternal)
		return
	}
	p.externals[key] = m.after.ID
}

// renamed is a fault whose fields are called otherwise in files: pairs of both names.
func renamed(err error, names ...string) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		for k := 0; k+1 < len(names); k += 2 {
			if c.Fields[i].Name == names[k] {
				c.Fields[i].Name = names[k+1]
			}
		}
	}
	return &c
}

func sameLimit(a, b *money.Money) bool { return amountOf(a) == amountOf(b) }

func amountOf(m *money.Money) string {
	if m == nil {
		return ""
	}
	return m.Amount()
}

func (p *plan) factsOfRoles(all map[Kind][]*table) {
	seen, known := map[string]int{}, map[string]bool{}
	for name := range p.state.roles {
		known[alike(name)] = true
	}
	for l := range p.lines(all, Roles) {
		name := strings.Join(strings.Fields(l.get("name")), " ")
		if !p.once(seen, l, "name", name) || p.wrong(l, "", p.actor.RequireSomewhere(access.RolesView)) {
			continue
		}
		r, there := p.state.roles[name]
		if !there {
			r = &roleState{thing: fresh(access.Role{ID: id.NewRole(p.now), Version: 1})}
			if known[alike(name)] {
				p.wrong(l, "name", access.ErrRoleName)
				continue
			}
		}
		set := r.before.Set
		if l.has("permissions") {
			var err error
			if set, err = permissions(l.get("permissions")); p.wrong(l, "permissions", err) {
				continue
			}
		}
		about := l.or("description", r.before.Description)
		facts := l.differ("description", r.before.Description, strings.TrimSpace(about), "permissions", listed(r.before.Set), listed(set.Normalise()))
		if there && len(facts) == 0 {
			p.did(l, Same, name)
			continue
		}
		after, err := r.after.Edit(p.actor.Realm, r.after.Version, name, about, set)
		if p.wrong(l, "", err) || p.wrong(l, "", p.actor.Require(access.RolesManage, tree.Top)) || p.wrong(l, "permissions", p.covers(after, r.before.Set)) {
			continue
		}
		r.after, r.changed, r.line = after, there, l
		p.state.roles[name], p.byRole[after.ID], known[alike(name)] = r, r, true
		p.roles = append(p.roles, r)
		if !there {
			p.did(l, Created, name)
			continue
		}
		p.did(l, Changed, name, facts...)
	}
}

// alike is a name as it is compared: the same for all that differ in capitals alone, as strings.EqualFold has it.
func alike(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name)
}

// covers is nil when the actor could give this role, which permitted another set before, wherever whoever changes it gives it.
func (p *plan) covers(r access.Role, before access.Set) error {
	if p.held == nil {
		p.held = map[id.Role][]access.Assignment{}
		for _, a := range slices.Concat(p.all, p.offered) {
			if !a.Ended(p.now) {
				p.held[a.Role] = append(p.held[a.Role], a)
			}
		}
	}
	return p.actor.RequireToCover(r.Set, before, r.Holdings(p.held[r.ID]))
}

// permissions reads the codes of permissions.
func permissions(text string) (s access.Set, err error) {
	for _, code := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\t' }) {
		leaf, err := access.Parse(strings.ToLower(code))
		if err != nil {
			return s, err
		}
		s.Add(leaf)
	}
	return s, nil
}

func listed(s access.Set) string {
	codes := s.Codes()
	slices.Sort(codes)
	return strings.Join(codes, ", ")
}

// mayGive is nil when the actor holds all that a role permits at this place; what was found once is known.
func (p *plan) mayGive(r access.Role, at tree.Path, to id.Member) error {
	key := grant{r.ID, at, to == p.actor.Member}
	err, known := p.allowed[key]
	if !known {
		err = p.actor.RequireToGive(r.Set, at, to)
		p.allowed[key] = err
	}
	return err
}

func (p *plan) assign(all map[Kind][]*table) {
	clear(p.allowed)
	seen := map[post]int{}
	for l := range p.lines(all, Assignments) {
		m, err := p.memberOf(l.get("member"))
		if p.wrong(l, "member", err) {
			continue
		}
		m.given = true
		r := p.state.roles[l.get("role")]
		if r == nil || !r.fresh && !p.actor.MaySomewhere(access.RolesView) {
			p.wrong(l, "role", access.ErrUnseenRole.With("there is no role %q in your company", l.get("role")))
			continue
		}
		a := access.Assignment{Member: m.after.ID, Role: r.after.ID}
		if code := l.get("unit"); code != "" {
			u := p.state.units[code]
			if u == nil || u.node == nil || !p.seesUnit(u) {
				p.wrong(l, "unit", company.ErrUnseenUnit.With("there is no unit %q in your company", code))
				continue
			}
			a.Unit, a.Place = u.after.ID, u.node.at()
		}
		key := post{a.Member, a.Role, a.Unit}
		if first, twice := seen[key]; twice {
			p.wrong(l, "", errTwice.With("this stands in row %d already", first))
			continue
		}
		seen[key] = l.Number
		p.give(l, a, m, r)
	}
}

// give notes one assignment: as it is already, as one that replaces another, or as a new one.
func (p *plan) give(l line, a access.Assignment, m *memberState, r *roleState) {
	from, err := l.moment("from", false, p.zone)
	until, late := l.moment("until", true, p.zone)
	if p.wrong(l, "from", err) || p.wrong(l, "until", late) {
		return
	}
	name := m.after.Name + ": " + r.after.Name
	if code := l.get("unit"); code != "" {
		name += " (" + code + ")"
	}
	have := p.given[post{a.Member, a.Role, a.Unit}]
	a.From, a.Until = from, until
	if len(have) > 0 {
		if !l.has("from") {
			a.From = have[0].From
		}
		if !l.has("until") {
			a.Until = have[0].Until
		}
		if slices.ContainsFunc(have, func(h access.Assignment) bool { return h.From.Equal(a.From) && h.Until.Equal(a.Until) }) {
			p.did(l, Same, name)
			return
		}
	}
	if p.wrong(l, "", p.actor.Require(access.RolesManage, a.Place)) || p.wrong(l, "role", p.mayGive(r.after, a.Place, a.Member)) || p.wrong(l, "", a.Check(p.now)) {
		return
	}
	a.ID = id.NewAssignment(p.now)
	if len(have) > 1 {
		p.wrong(l, "", access.ErrAssigned)
		return
	}
	g := given{Assignment: a, role: r, line: l}
	if len(have) == 1 {
		g.was = &have[0]
		p.gone = append(p.gone, have[0])
		p.did(l, Changed, name, l.differ("from", written(have[0].From, false, p.zone), written(a.From, false, p.zone), "until", written(have[0].Until, true, p.zone), written(a.Until, true, p.zone))...)
	} else {
		p.did(l, Created, name)
	}
	p.fresh = append(p.fresh, g)
}

// welcome gives those who are new, and to whom the file gives no role, the company's default role.
func (p *plan) welcome() {
	var usual *roleState
	for _, r := range p.byRole {
		if r.after.Default {
			usual = r
		}
	}
	if usual == nil {
		return
	}
	for _, m := range p.members {
		if !m.fresh || m.given || p.bad[m.line.spot()] {
			continue
		}
		a := access.Assignment{ID: id.NewAssignment(p.now), Member: m.after.ID, Role: usual.after.ID}
		if !p.actor.May(access.UsersManage, tree.Top) {
			up := m.node.above
			for up != nil && up.Unit.IsZero() {
				up = up.above
			}
			if up != nil {
				a.Unit, a.Place = up.Unit, up.at()
			}
		}
		p.fresh = append(p.fresh, given{Assignment: a, role: usual, line: m.line})
	}
}

func (p *plan) nameCentres(all map[Kind][]*table) {
	seen := map[string]int{}
	for l := range p.lines(all, CostCentres) {
		code := l.get("code")
		if !p.once(seen, l, "code", code) {
			continue
		}
		c, there := p.state.centres[code]
		if there && !p.seesCentre(c) {
			p.wrong(l, "code", budgetdb.ErrCostCentreCode)
			continue
		}
		if !there {
			c = &centreState{thing: fresh(budget.CostCentre{ID: id.NewCostCentre(p.now), Company: p.actor.Company, Code: code, Version: 1})}
			p.state.centres[code], p.byCode[c.after.ID] = c, c
		}
		c.line = l
		p.centres = append(p.centres, c)
	}
}

func (p *plan) factsOfCentres() {
	for _, c := range p.centres {
		l := c.line
		after := c.after
		after.Name = l.or("name", after.Name)
		if l.has("manager") {
			after.Manager = id.Member{}
			if text := l.get("manager"); text != "" {
				m, err := p.memberOf(text)
				if p.wrong(l, "manager", err) {
					continue
				}
				after.Manager = m.after.ID
			}
		}
		if l.has("unit") {
			after.Unit = id.Unit{}
			if code := l.get("unit"); code != "" {
				u := p.state.units[code]
				if u == nil || u.node == nil || !p.seesUnit(u) {
					p.wrong(l, "unit", company.ErrUnseenUnit)
					continue
				}
				after.Unit = u.after.ID
			}
		}
		var early, late error
		if l.has("from") {
			after.From, early = l.day("from")
		}
		if l.has("until") {
			after.Until, late = l.day("until")
		}
		if p.wrong(l, "from", early) || p.wrong(l, "until", late) || p.wrong(l, "", after.Check()) {
			continue
		}
		facts := l.differ("name", c.before.Name, after.Name, "manager", p.emailOf(c.before.Manager), p.emailOf(after.Manager), "unit", p.unitCode(c.before.Unit), p.unitCode(after.Unit),
			"from", string(c.before.From), string(after.From), "until", string(c.before.Until), string(after.Until))
		if !c.fresh && len(facts) == 0 {
			p.did(l, Same, after.Code+" "+after.Name)
			continue
		}
		if !c.fresh && p.wrong(l, "", p.actor.Require(access.CostCentresManage, p.unitAt(c.before.Unit))) || p.wrong(l, "unit", p.actor.Require(access.CostCentresManage, p.unitAt(after.Unit))) {
			continue
		}
		c.after, c.changed = after, !c.fresh
		if c.fresh {
			p.did(l, Created, after.Code+" "+after.Name)
			continue
		}
		p.did(l, Changed, after.Code+" "+after.Name, facts...)
	}
}

func (p *plan) emailOf(key id.Member) string {
	if m := p.byID[key]; m != nil && p.seesMember(m) {
		return m.after.Email
	}
	return ""
}

func (p *plan) unitCode(key id.Unit) string {
	if u := p.byUnit[key]; u != nil && p.seesUnit(u) {
		return u.after.Code
	}
	return ""
}

func (p *plan) factsOfAddresses(all map[Kind][]*table) {
	seen, only := map[string]int{}, map[string]int{}
	room := company.MostAddresses - len(p.state.book)
	for l := range p.lines(all, Addresses) {
		label := strings.Join(strings.Fields(l.get("label")), " ")
		if !p.once(seen, l, "label", label) || p.wrong(l, "", p.actor.RequireSomewhere(access.AddressesView)) {
			continue
		}
		a, there := p.state.book[label]
		if !there {
			a = &addressState{thing: fresh(company.Address{ID: id.NewAddress(p.now), Delivers: true, Bills: true})}
			p.state.book[label] = a // known from now on, whatever is wrong with it
		}
		in := a.after
		in.Label, in.Name, in.Extra, in.Street, in.Postcode = label, l.or("name", in.Name), l.or("extra", in.Extra), l.or("street", in.Street), l.or("postcode", in.Postcode)
		in.City, in.Region = l.or("city", in.City), l.or("region", in.Region)
		in.Country = strings.ToUpper(l.or("country", in.Country))
		bad := false
		for field, into := range map[string]*bool{"delivers": &in.Delivers, "bills": &in.Bills, "usual": &in.Usual, "usual_billing": &in.UsualBilling} {
			if l.has(field) {
				yes, err := flag(l.get(field), !strings.HasPrefix(field, "usual"))
				bad = p.wrong(l, field, err) || bad
				*into = yes
			}
		}
		if bad {
			continue
		}
		after, err := in.Check()
		if there && in == a.before {
			after, err = in, nil // it is as it is, whatever is asked of addresses by now
		}
		if p.wrong(l, "", err) {
			continue
		}
		for field, is := range map[string]bool{"usual": after.Usual, "usual_billing": after.UsualBilling} {
			if !is || !l.has(field) {
				continue
			}
			if only[field] > 0 {
				p.wrong(l, field, errTwice.With("only one address is the usual one, and row %d says that it is that one", only[field]))
				bad = true
			}
			only[field] = l.Number
		}
		if bad {
			continue
		}
		if there && after == a.before {
			p.did(l, Same, label)
			continue
		}
		if p.wrong(l, "", p.actor.Require(access.AddressesManage, tree.Top)) {
			continue
		}
		if !there && room <= 0 {
			p.wrong(l, "", company.ErrAddressesFull)
			continue
		}
		a.after, a.changed, a.line = after, there, l
		p.book = append(p.book, a)
		if !there {
			room--
			p.did(l, Created, label)
			continue
		}
		b := a.before
		p.did(l, Changed, label, l.differ("name", b.Name, after.Name, "extra", b.Extra, after.Extra, "region", b.Region, after.Region, "street", b.Street, after.Street, "postcode", b.Postcode, after.Postcode, "city", b.City, after.City,
			"country", b.Country, after.Country, "delivers", said(b.Delivers), said(after.Delivers), "bills", said(b.Bills), said(after.Bills), "usual", said(b.Usual), said(after.Usual),
			"usual_billing", said(b.UsualBilling), said(after.UsualBilling))...)
	}
}

func said(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
