package company

import (
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
)

// InvitationState is what has become of an invitation.
type InvitationState string

// The states of an invitation. An open one whose time has run out is expired, whether or not that was written down.
const (
	Open     InvitationState = "open"
	Accepted InvitationState = "accepted"
	Revoked  InvitationState = "revoked"
	Expired  InvitationState = "expired"
)

// Offer is a role that somebody gets when they accept, for the whole company or at a unit.
type Offer struct {
	Role id.Role
	Unit id.Unit // the zero unit is the whole company
}

// Invitation is a place in a company that waits for somebody: where they will stand and what they will hold, as it was
// when they were invited.
type Invitation struct {
	ID        id.Invitation
	Email     string
	First     string // or nothing, as all of the name: who accepts says it
	Last      string
	Title     string
	Language  string
	Under     Node // its path is where that stands now: tree.Top once it is no more
	Offers    []Offer
	Inviter   id.Member
	Waiting   id.Member // the member whose place this is; zero for whom accepting makes a member
	Member    id.Member // who accepted
	State     InvitationState
	Sent      int64 // how often
	SentAt    time.Time
	ExpiresAt time.Time
	CreatedAt time.Time
	EndedAt   time.Time
	Version   int64
}

// What bounds invitations.
const (
	MostAtOnce    = 200  // in one go
	MostOpen      = 1000 // of a company
	MostInADay    = 500  // of a company, in 24 hours
	mostSent      = 10   // of one invitation
	betweenSends  = time.Minute
	InvitationFor = 7 * 24 * time.Hour // how long a link holds where nobody says otherwise
	MostOffers    = 20                 // roles of one invitation
)

var (
	// ErrUnseenInvitation is the fault of an invitation that is not in this company.
	ErrUnseenInvitation = fault.Define(fault.NotFound, "company.invitation_unseen", "there is no such invitation in your company")
	// ErrInvited is the fault of a second open invitation of one address.
	ErrInvited = fault.Define(fault.Conflict, "company.invited", "this person has been invited already, and has not answered yet")
	// ErrWaits is the fault of inviting somebody anew who waits as a member.
	ErrWaits = fault.Define(fault.Conflict, "company.member_waits", "this person is in the structure already and waits to be invited: send them their invitation instead")
	// ErrLeft is the fault of inviting somebody who has left the company.
	ErrLeft = fault.Define(fault.Conflict, "company.member_left", "this person was a member before: reactivate them instead")
	// ErrNotInviting is the fault of inviting into a company that may take nobody in.
	ErrNotInviting = fault.Define(fault.Refused, "company.not_inviting", "your company cannot invite anybody at the moment")
	// ErrManyInvitations is the fault of inviting more people than are taken in.
	ErrManyInvitations = fault.Define(fault.Refused, "company.many_invitations", "these are too many invitations for now: revoke what nobody will accept, or go on tomorrow")
	// ErrSentJustNow is the fault of sending an invitation again at once.
	ErrSentJustNow = fault.Define(fault.TooMany, "company.invitation_just_sent", "this invitation was sent a moment ago; please give the mail some time")
	// ErrSentOften is the fault of sending an invitation again and again.
	ErrSentOften = fault.Define(fault.Refused, "company.invitation_sent_often", "this invitation was sent often enough: revoke it, and invite anew if the address is right")
	// ErrInvitationUsed is the fault of an invitation that was accepted before.
	ErrInvitationUsed = fault.Define(fault.Conflict, "company.invitation_used", "this invitation was accepted before; please sign in")
	// ErrInvitationRevoked is the fault of an invitation that was taken back.
	ErrInvitationRevoked = fault.Define(fault.Conflict, "company.invitation_revoked", "this invitation was taken back; whoever invited you can tell you more")
	// ErrInvitationExpired is the fault of an invitation whose time has run out.
	ErrInvitationExpired = fault.Define(fault.Conflict, "company.invitation_expired", "this invitation has run out; whoever invited you can send it again")
	// ErrTakesNobody is the fault of accepting an invitation to a company that may take nobody in, or not this account.
	ErrTakesNobody = fault.Define(fault.Refused, "company.takes_nobody", "the company cannot take you in at the moment; please ask whoever invited you")
)

// Check is the invitation as it is kept, or the fields that cannot be. The address is checked by whoever made it.
func (i Invitation) Check() (Invitation, error) {
	var in fault.Input
	i.First, i.Last, i.Title = text.Line(&in, "first_name", i.First, text.MostPerson), text.Line(&in, "last_name", i.Last, text.MostPerson), text.Line(&in, "title", i.Title, text.MostTitle)
	if len(i.Offers) > MostOffers {
		in.Add("roles", "too_many", "at most %d roles fit here", MostOffers)
	}
	for k, o := range i.Offers {
		for _, before := range i.Offers[:k] {
			if o == before {
				in.Add("roles", "duplicate", "the same role stands here twice")
				return i, in.Err()
			}
		}
	}
	return i, in.Err()
}

// Name is how the inviter calls them; it may be nothing.
func (i Invitation) Name() string { return strings.TrimSpace(i.First + " " + i.Last) }

// At is the state of the invitation at this moment.
func (i Invitation) At(now time.Time) InvitationState {
	if i.State == Open && !now.Before(i.ExpiresAt) {
		return Expired
	}
	return i.State
}

// Resend is the invitation that is sent once more, and then holds as long as a new one. One that has expired is open
// again by it.
func (i Invitation) Resend(version int64, now time.Time, lasts time.Duration) (Invitation, error) {
	if version != i.Version {
		return i, ErrStale.Now(i.Version)
	}
	if err := i.pending(); err != nil {
		return i, err
	}
	switch wait := i.SentAt.Add(betweenSends).Sub(now); {
	case i.Sent >= mostSent:
		return i, ErrSentOften
	case wait > 0:
		return i, ErrSentJustNow.Noting("retry_after", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	i.State, i.SentAt, i.ExpiresAt, i.EndedAt = Open, now, now.Add(lasts), time.Time{}
	i.Sent++
	return i, nil
}

// Revoke is the invitation that was taken back.
func (i Invitation) Revoke(version int64, now time.Time) (Invitation, error) {
	if version != i.Version {
		return i, ErrStale.Now(i.Version)
	}
	if err := i.pending(); err != nil {
		return i, err
	}
	i.State, i.EndedAt = Revoked, now
	return i, nil
}

// Lapse is the invitation of which it is written down that its time has run out.
func (i Invitation) Lapse() Invitation {
	i.State, i.EndedAt = Expired, i.ExpiresAt
	return i
}

// Accept is the invitation that a member came of.
func (i Invitation) Accept(now time.Time, m id.Member) (Invitation, error) {
	if err := i.Holds(now); err != nil {
		return i, err
	}
	i.State, i.EndedAt, i.Member = Accepted, now, m
	return i, nil
}

// Holds is nil while the invitation can be accepted, or says why not.
func (i Invitation) Holds(now time.Time) error {
	if err := i.pending(); err != nil {
		return err
	}
	if i.At(now) == Expired {
		return ErrInvitationExpired
	}
	return nil
}

// pending is nil for an invitation that has come to no end for good.
func (i Invitation) pending() error {
	switch i.State {
	case Accepted:
		return ErrInvitationUsed
	case Revoked:
		return ErrInvitationRevoked
	}
	return nil
}
