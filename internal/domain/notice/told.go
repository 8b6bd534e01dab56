package notice

import "kontor/internal/base/id"

// WishesWereSet tells that a member wants to hear otherwise. What of, is their affair.
type WishesWereSet struct {
	MemberID id.Member `json:"member_id"`
}

// EventName is member.wishes_set.
func (WishesWereSet) EventName() string { return "member.wishes_set" }

// Subject is the member.
func (e WishesWereSet) Subject() string { return e.MemberID.String() }
