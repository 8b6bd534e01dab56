package importing

import (
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// between stands between the labels of addresses in one cell.
const between = ";"

// sameDirections reports whether two say the same of addresses.
func sameDirections(a, b company.Directions) bool {
	return a.Delivery == b.Delivery && a.Billing == b.Billing && slices.Equal(a.Allowed, b.Allowed)
}

// directed reports whether a unit shall say something else of addresses than it does.
func (u *unitState) directed() bool { return !sameDirections(u.said, u.says) }

// labelOf is what an address of the book is called; nothing for whom the book is not to be seen.
func (p *plan) labelOf(key id.Address) string {
	if key.IsZero() || p.actor.RequireSomewhere(access.AddressesView) != nil {
		return ""
	}
	for _, a := range p.state.book {
		if a.after.ID == key {
			return a.after.Label
		}
	}
	return ""
}

func (p *plan) labelsOf(keys []id.Address) string {
	var all []string
	for _, k := range keys {
		if label := p.labelOf(k); label != "" {
			all = append(all, label)
		}
	}
	slices.Sort(all)
	return strings.Join(all, between+" ")
}

// labelled is the address that a label names; zero, and noted, where there is none.
func (p *plan) labelled(l line, field, label string) id.Address {
	a := p.state.book[strings.Join(strings.Fields(label), " ")]
	if a == nil || p.actor.RequireSomewhere(access.AddressesView) != nil {
		p.wrong(l, field, company.ErrUnseenAddress.With("there is no address %q in your company's book", label))
		return id.Address{}
	}
	return a.after.ID
}

// directions reads what a row says of addresses. What it says as it is stays as it is, seen or not.
func (p *plan) directions(u *unitState) {
	for field, into := range map[string]*id.Address{"delivery_address": &u.says.Delivery, "billing_address": &u.says.Billing} {
		if label := u.line.get(field); u.line.has(field) && label != p.labelOf(*into) {
			*into = id.Address{}
			if label != "" {
				*into = p.labelled(u.line, field, label)
			}
		}
	}
	const field = "allowed_addresses"
	if !u.line.has(field) || u.line.get(field) == p.labelsOf(u.says.Allowed) {
		return
	}
	u.says.Allowed = nil
	for label := range strings.SplitSeq(u.line.get(field), between) {
		if label = strings.TrimSpace(label); label != "" {
			u.says.Allowed = append(u.says.Allowed, p.labelled(u.line, field, label))
		}
	}
}

// mayDirect looks whether a unit may say what it shall of addresses, as organising.Direct does.
func (p *plan) mayDirect(u *unitState) bool {
	if p.bad[u.line.spot()] {
		return true // an address that is not there says nothing more
	}
	if p.wrong(u.line, "", p.actor.Require(access.AddressesManage, u.node.at())) {
		return false
	}
	var book []company.Address
	for _, a := range p.state.book {
		book = append(book, a.after)
	}
	var above []company.Directed
	for n := u.node.above; n != nil; n = n.above {
		if x := p.byUnit[n.Unit]; x != nil {
			above = append(above, company.Directed{Unit: x.after, Directions: x.says})
		}
	}
	says, err := u.says.Check(book, above)
	if p.wrong(u.line, "", renamed(err, "delivery", "delivery_address", "billing", "billing_address", "allowed", "allowed_addresses")) {
		return false
	}
	u.says = says
	return true
}

func (p *plan) directedFacts(u *unitState) []FieldChange {
	return u.line.differ("delivery_address", p.labelOf(u.said.Delivery), p.labelOf(u.says.Delivery), "billing_address", p.labelOf(u.said.Billing), p.labelOf(u.says.Billing),
		"allowed_addresses", p.labelsOf(u.said.Allowed), p.labelsOf(u.says.Allowed))
}

// needed tells of addresses that are no longer for what units name them for.
func (p *plan) needed() {
	named := map[id.Address][]company.Naming{}
	for _, u := range sorted(p.state.units) {
		for _, key := range u.says.Named() {
			named[key] = append(named[key], company.Naming{Unit: u.after.Name, Delivery: u.says.Delivery == key, Billing: u.says.Billing == key, Allowed: u.says.Allows(key)})
		}
	}
	for _, a := range p.book {
		if !a.fresh {
			_, err := a.before.Edit(a.before.Version, a.after, named[a.after.ID])
			p.wrong(a.line, "", err)
		}
	}
}

// directedWas is what a unit said of addresses, and what became of it.
type directedWas struct {
	Unit          id.Unit
	Before, After company.Directions
}

// writeDirections writes what units say of addresses, when all of these are there.
func (p *plan) writeDirections(tx *store.Tx, r *record) {
	for _, u := range p.units {
		if u.directed() {
			tx.Companies.PutDirections(p.actor.Company, u.after.ID, u.says)
			r.Directed = append(r.Directed, directedWas{u.after.ID, u.said, u.says})
		}
	}
}
