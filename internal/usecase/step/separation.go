package step

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Rights are given in this file and nowhere else, so that no way of giving them passes the rules of separation of duty by:
// a test of the house looks for other callers of what it calls. It writes first and then looks at what has come of it,
// in the same transaction: what breaks a rule goes back.

// Give makes assignments, unless a rule of separation of duty keeps apart what somebody would have then.
func Give(ctx context.Context, tx *store.Tx, actor access.Actor, given ...access.Assignment) error {
	if len(given) == 0 {
		return nil
	}
	c := change{fresh: map[id.Assignment]bool{}}
	for _, a := range given {
		tx.Access.InsertAssignment(actor.Company, a)
		c.members = append(c.members, a.Member)
		c.fresh[a.ID] = true
	}
	return keepApart(ctx, tx, actor, c)
}

// Apart says of each of these, who are not members yet, what a rule of separation of duty keeps apart of what they would
// have; nil where it is nothing.
func Apart(ctx context.Context, tx *store.Tx, key id.Company, would []access.Holder) ([]error, error) {
	rules, err := separations(ctx, tx, key)
	out := make([]error, len(would))
	for i, h := range would {
		var all []access.Breach
		for _, s := range rules {
			if b, found := s.Breach(h); found {
				all = append(all, b)
			}
		}
		out[i] = access.Separated(all)
	}
	return out, err
}

// Permitted is a role that is changed, as it was and as it is.
type Permitted struct{ Before, After access.Role }

// GiveMany makes many assignments and changes roles at once, unless a rule of separation of duty keeps apart what somebody
// would have after all of it.
func GiveMany(ctx context.Context, tx *store.Tx, actor access.Actor, given []access.Assignment, roles []Permitted) error {
	if len(roles) == 0 && len(given) <= chunk {
		return Give(ctx, tx, actor, given...)
	}
	c := change{fresh: make(map[id.Assignment]bool, len(given)), roles: map[id.Role]access.Role{}} // everybody is looked at: nobody else's rights are others
	for _, r := range roles {
		tx.Access.UpdateRole(actor.Company, r.After)
		c.roles[r.After.ID] = r.Before
	}
	for _, a := range given {
		tx.Access.InsertAssignment(actor.Company, a)
		c.fresh[a.ID] = true
	}
	return keepApart(ctx, tx, actor, c)
}

// Permit changes a role, unless a rule of separation of duty keeps apart what somebody who has it would have then.
func Permit(ctx context.Context, tx *store.Tx, actor access.Actor, before, r access.Role) error {
	tx.Access.UpdateRole(actor.Company, r)
	if r.Set.Without(before.Set).Len() == 0 {
		return nil
	}
	return keepApart(ctx, tx, actor, change{role: before})
}

// Readmit makes a member who had left one who has not, unless a rule of separation of duty keeps apart what they get back.
// Assignments that they shall not get back have been ended before.
func Readmit(ctx context.Context, tx *store.Tx, actor access.Actor, m company.Member) error {
	tx.Companies.UpdateMember(actor.Company, m)
	return keepApart(ctx, tx, actor, change{members: []id.Member{m.ID}, back: true})
}

// change is what has become of somebody's rights in this transaction.
type change struct {
	members []id.Member             // whose rights are others …
	fresh   map[id.Assignment]bool  // … by these assignments
	back    bool                    // … or because they are back, and had nothing that counted
	role    access.Role             // as it was before: of all who have it the rights are others
	roles   map[id.Role]access.Role // several such
}

// keepApart is nil when nobody holds more than before of what a rule that is on keeps apart.
func keepApart(ctx context.Context, tx *store.Tx, actor access.Actor, c change) error {
	rules, err := separations(ctx, tx, actor.Company)
	if err != nil || len(rules) == 0 {
		return err
	}
	found, err := TooMuch(ctx, tx, actor.Company, rules, view.OverlapFilter{Members: c.members, Role: c.role.ID})
	if err != nil {
		return err
	}
	var all []access.Breach
	for _, s := range rules {
		for _, h := range found[s.ID] {
			if b, breaks := s.Breaks(c.before(h), h.Holder); breaks {
				all = append(all, h.Told(actor, b))
			}
		}
	}
	return access.Separated(all)
}

// separations are the rules that are on.
func separations(ctx context.Context, tx *store.Tx, key id.Company) (on []access.Separation, err error) {
	var all []access.Separation
	tx.Access.WantSeparations(&all, key)
	err = tx.Fetch(ctx)
	for _, s := range all {
		if s.On {
			on = append(on, s)
		}
	}
	return on, err
}

// before is somebody as they were before the change.
func (c change) before(h Holder) access.Holder {
	if c.back {
		return access.Holder{Member: h.Member, Name: h.Name}
	}
	was := h.without(c.fresh)
	for i, r := range was.Roles {
		if r.ID == c.role.ID {
			was.Roles[i] = c.role
		}
		if before, ok := c.roles[r.ID]; ok {
			was.Roles[i] = before
		}
	}
	return was
}

// Holder is somebody with what was given to them.
type Holder struct {
	access.Holder
	at    access.Thing
	given []access.Assignment
	roles map[id.Role]access.Role
}

// Told is a breach of theirs as the actor may know of it: without the name of whom they do not see.
func (h Holder) Told(actor access.Actor, b access.Breach) access.Breach {
	if !actor.Reaches(access.ViewMembers, h.at) {
		return b.Unnamed()
	}
	return b
}

// without is the holder as they would be if these assignments had not been made.
func (h Holder) without(fresh map[id.Assignment]bool) access.Holder {
	was := access.Holder{Member: h.Member, Name: h.Name}
	seen := map[id.Role]bool{}
	for _, a := range h.given {
		if !fresh[a.ID] && !seen[a.Role] {
			seen[a.Role] = true
			was.Roles = append(was.Roles, h.roles[a.Role])
		}
	}
	return was
}

// TooMuch finds for each rule, be it on or off, those among some members who hold as much of it as it forbids, or more;
// and those who would if administrators were not excused.
func TooMuch(ctx context.Context, tx *store.Tx, key id.Company, rules []access.Separation, among view.OverlapFilter) (map[id.Separation][]Holder, error) {
	var roles []access.Role
	tx.Access.WantEveryRole(&roles, key)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	found := make([][]view.Overlapping, len(rules))
	for i, s := range rules {
		f := among
		f.Groups, f.Least = s.Gives(roles), s.Cardinality
		tx.Views.WantOverlapping(&found[i], key, f)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	given, err := countable(ctx, tx, key, found)
	if err != nil {
		return nil, err
	}
	byID := make(map[id.Role]access.Role, len(roles))
	for _, r := range roles {
		byID[r.ID] = r
	}
	all := make(map[id.Separation][]Holder, len(rules))
	for i, s := range rules {
		for _, row := range found[i] {
			h := Holder{Holder: access.Holder{Member: row.Member, Name: row.Name}, at: access.Thing{Owner: row.Member, OwnerAt: row.Path, At: row.Path},
				given: given[row.Member], roles: byID}
			h.Roles = h.without(nil).Roles
			all[s.ID] = append(all[s.ID], h)
		}
	}
	return all, nil
}

// chunk is of how many members the assignments are read at once: a question has only so many marks.
const chunk = 1000

// countable are the assignments that count of everybody who was found.
func countable(ctx context.Context, tx *store.Tx, key id.Company, found [][]view.Overlapping) (map[id.Member][]access.Assignment, error) {
	by := map[id.Member][]access.Assignment{}
	var members []id.Member
	for _, rows := range found {
		for _, row := range rows {
			if _, known := by[row.Member]; !known {
				by[row.Member] = nil
				members = append(members, row.Member)
			}
		}
	}
	for part := range slices.Chunk(members, chunk) {
		var given []access.Assignment
		tx.Access.WantAssignmentsOf(&given, key, part)
		if err := tx.Fetch(ctx); err != nil {
			return nil, err
		}
		for _, a := range given {
			if !a.Ended(tx.Now) {
				by[a.Member] = append(by[a.Member], a)
			}
		}
	}
	return by, nil
}
