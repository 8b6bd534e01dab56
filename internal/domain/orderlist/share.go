package orderlist

import (
	"fmt"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// Share is who else may read a list, or write on it. Neither a member nor a unit is the whole company.
type Share struct {
	Member id.Member `json:"member_id,omitzero"`
	Unit   id.Unit   `json:"unit_id,omitzero"` // all who stand in it or below
	Writes bool      `json:"writes"`
}

// Whole reports whether the share is with the whole company.
func (s Share) Whole() bool { return s.Member.IsZero() && s.Unit.IsZero() }

// Hold is what somebody may do with a list.
type Hold int

// The holds, each with all that those before it may.
const (
	None   Hold = iota
	Reads       // see it, take it along, put it into a cart
	Writes      // put lines on it, change, move and remove them
	Owns        // call it otherwise, share it, delete it
)

var (
	// ErrUnseen is the fault of a list that is not there, or not shared with whoever asks.
	ErrUnseen = fault.Define(fault.NotFound, "order_list.unseen", "there is no such list")
	// ErrReadOnly is the fault of changing the lines of a list that one only reads.
	ErrReadOnly = fault.Define(fault.Forbidden, "order_list.read_only", "this list is shared with you to read: its owner can let you write on it, or you duplicate it")
	// ErrNotOwner is the fault of doing with somebody else's list what its owner does.
	ErrNotOwner = fault.Define(fault.Forbidden, "order_list.not_owner", "only its owner names, shares and deletes a list")
	// ErrShares is the fault of shares that a list cannot have.
	ErrShares = fault.Define(fault.Invalid, "order_list.shares", "a list is shared with at most 100 members and units, each named once and none its owner")
	// ErrTemplate is the fault of sharing what everybody in the company has anyway.
	ErrTemplate = fault.Define(fault.Refused, "order_list.template", "a template is there for the whole company already")
)

// Held is what a member may do with the list who stands in these units. What is the company's, all may read; who may do more
// with it holds a permission.
func (l List) Held(member id.Member, units []id.Unit) Hold {
	if l.Template() {
		return Reads
	}
	if l.Owner == member {
		return Owns
	}
	hold := None
	for _, s := range l.Shares {
		covers := s.Whole() || !s.Member.IsZero() && s.Member == member || !s.Unit.IsZero() && slices.Contains(units, s.Unit)
		if !covers {
			continue
		}
		if hold = max(hold, Reads); s.Writes {
			hold = Writes
		}
	}
	return hold
}

// Share shares the list, as it was seen in this version, with these and nobody else.
func (l List) Share(version int64, with []Share) (List, error) {
	if err := l.Seen(version); err != nil {
		return List{}, err
	}
	if l.Template() {
		return List{}, ErrTemplate
	}
	var in fault.Input
	named := map[Share]bool{}
	for i, s := range with {
		key := Share{Member: s.Member, Unit: s.Unit}
		field := fmt.Sprintf("shares.%d", i)
		switch {
		case !s.Member.IsZero() && !s.Unit.IsZero():
			in.Add(field, "contradiction", "name a member or a unit, not both")
		case s.Member == l.Owner:
			in.Add(field, "owner", "it is their own list")
		case named[key]:
			in.Add(field, "twice", "this is named twice")
		}
		named[key] = true
	}
	if len(with) > MostShares {
		in.Add("shares", "too_many", "at most %d members and units fit here", MostShares)
	}
	if err := in.Err(); err != nil {
		all := *ErrShares
		all.Fields = fault.Of(err).Fields
		return List{}, &all
	}
	l = l.edit()
	l.Shares = slices.Clone(with)
	return l, nil
}

// Fresh are the shares of the list that it did not have before.
func (l List) Fresh(before List) (all []Share) {
	for _, s := range l.Shares {
		if !slices.ContainsFunc(before.Shares, func(o Share) bool { return o.Member == s.Member && o.Unit == s.Unit }) {
			all = append(all, s)
		}
	}
	return all
}

// Replace puts a successor in the place of a member among those with whom the list is shared: the stronger of their rights
// counts, and an owner needs none.
func (l List) Replace(leaver, successor id.Member) List {
	l = l.edit()
	i := slices.IndexFunc(l.Shares, func(s Share) bool { return s.Member == leaver })
	if i < 0 {
		return l
	}
	was := l.Shares[i]
	l.Shares = slices.Delete(l.Shares, i, i+1)
	if l.Owner == successor {
		return l
	}
	if k := slices.IndexFunc(l.Shares, func(s Share) bool { return s.Member == successor }); k >= 0 {
		l.Shares[k].Writes = l.Shares[k].Writes || was.Writes
		return l
	}
	l.Shares = slices.Insert(l.Shares, i, Share{Member: successor, Writes: was.Writes})
	return l
}
