package importing

import (
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
)

// keepRights tells beforehand of what writeRights would refuse: of what a rule of separation of duty keeps apart, at the rows
// that would bring it together, and of the last administrator's end.
func (p *plan) keepRights() {
	p.keepApart()
	p.keepAdministrator()
}

// breaches are what a row would breach.
type breaches struct {
	line  line
	field string
	all   []access.Breach
}

// keepApart looks at everybody whose rights would be others.
func (p *plan) keepApart() {
	if len(p.rules) == 0 || len(p.fresh)+len(p.roles) == 0 {
		return
	}
	before, after := p.holders()
	byMember := map[id.Member][]given{}
	for _, g := range p.fresh {
		byMember[g.Member] = append(byMember[g.Member], g)
	}
	rows := map[spot]*breaches{}
	at := func(l line, field string, b access.Breach) {
		r := rows[l.spot()]
		if r == nil {
			r = &breaches{line: l, field: field}
			rows[l.spot()] = r
		}
		r.all = append(r.all, b)
	}
	n := 0
	for _, m := range sorted(p.state.members) {
		if n++; n%tick == 0 && !p.waits() {
			return
		}
		key := m.after.ID
		for _, rule := range p.rules {
			if !rule.On || after[key] == nil {
				continue
			}
			b, breaks := rule.Breaks(*before[key], *after[key])
			if !breaks {
				continue
			}
			if !p.seesMember(m) {
				b = b.Unnamed()
			}
			rule.Cardinality = 1 // by which rows does anything of it come?
			for _, r := range p.roles {
				if !holds(before[key], r.after.ID) {
					continue
				}
				if _, adds := rule.Breaks(*before[key], access.Holder{Roles: []access.Role{r.after}}); adds {
					at(r.line, "permissions", b)
				}
			}
			for _, g := range byMember[key] {
				if _, adds := rule.Breaks(*before[key], access.Holder{Roles: []access.Role{g.role.after}}); adds {
					at(g.line, "role", b)
				}
			}
		}
	}
	for _, r := range rows {
		if r.line.Kind == Members {
			r.field = "" // who is new comes with the company's default role
		}
		p.wrong(r.line, r.field, access.Separated(r.all))
	}
}

func holds(h *access.Holder, role id.Role) bool {
	return slices.ContainsFunc(h.Roles, func(r access.Role) bool { return r.ID == role })
}

// holders are all members who have not left with the roles that count, before the file gives and changes any and after it.
func (p *plan) holders() (before, after map[id.Member]*access.Holder) {
	before, after = map[id.Member]*access.Holder{}, map[id.Member]*access.Holder{}
	for _, m := range p.state.members {
		if m.after.Status != company.Inactive {
			h := access.Holder{Member: m.after.ID, Name: m.after.Name}
			b, a := h, h
			before[h.Member], after[h.Member] = &b, &a
		}
	}
	gone := p.taken()
	add := func(h *access.Holder, r access.Role) {
		if h != nil && !holds(h, r.ID) {
			h.Roles = append(h.Roles, r)
		}
	}
	for _, a := range p.all {
		if r := p.byRole[a.Role]; r != nil && !gone[a.ID] && !a.Ended(p.now) {
			add(before[a.Member], r.before)
			add(after[a.Member], r.after)
		}
	}
	for _, g := range p.fresh {
		add(after[g.Member], g.role.after)
	}
	return before, after
}

// taken are the assignments that the file takes away.
func (p *plan) taken() map[id.Assignment]bool {
	gone := map[id.Assignment]bool{}
	for _, a := range p.gone {
		gone[a.ID] = true
	}
	return gone
}

// keepAdministrator tells of assignments without which the company would have no administrator: one who is active, its own,
// of the whole company, without an end.
func (p *plan) keepAdministrator() {
	if len(p.gone) == 0 {
		return
	}
	var ends []given
	left := func(a access.Assignment) bool {
		m, r := p.byID[a.Member], p.byRole[a.Role]
		return m != nil && r != nil && r.after.IsAdministrator() && m.before.Status == company.Working && m.before.Home.IsZero() && a.Unit.IsZero() && a.Until.IsZero() && !a.From.After(p.now)
	}
	gone := p.taken()
	for _, a := range p.all {
		if !gone[a.ID] && left(a) {
			return
		}
	}
	for _, g := range p.fresh {
		if left(g.Assignment) {
			return
		}
		if g.was != nil && left(*g.was) {
			ends = append(ends, g)
		}
	}
	for _, g := range ends {
		field := "until"
		if g.Until.IsZero() {
			field = "from"
		}
		p.wrong(g.line, field, access.ErrLastAdministrator)
	}
}
