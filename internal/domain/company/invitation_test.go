package company_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func sent(change func(*company.Invitation)) company.Invitation {
	i := company.Invitation{State: company.Open, Sent: 1, SentAt: noon, ExpiresAt: noon.Add(company.InvitationFor), Version: 3}
	if change != nil {
		change(&i)
	}
	return i
}

func TestWhatBecomesOfInvitations(t *testing.T) {
	ended := func(s company.InvitationState) company.Invitation {
		return sent(func(i *company.Invitation) { i.State, i.EndedAt = s, noon })
	}
	accept := func(i company.Invitation, at time.Time) (company.Invitation, error) {
		return i.Accept(at, id.NewMember(at))
	}
	revoke := func(i company.Invitation, at time.Time) (company.Invitation, error) { return i.Revoke(3, at) }
	resend := func(i company.Invitation, at time.Time) (company.Invitation, error) {
		return i.Resend(3, at, company.InvitationFor)
	}
	week := company.InvitationFor
	for _, tt := range []struct {
		sentence string
		i        company.Invitation
		do       func(company.Invitation, time.Time) (company.Invitation, error)
		after    time.Duration
		want     company.InvitationState
		err      error
	}{
		{"it is accepted at once", sent(nil), accept, 0, company.Accepted, nil},
		{"it is accepted in the last moment", sent(nil), accept, week - 1, company.Accepted, nil},
		{"it is not accepted when its time is over", sent(nil), accept, week, "", company.ErrInvitationExpired},
		{"nor when that was written down", sent(nil).Lapse(), accept, week + 1, "", company.ErrInvitationExpired},
		{"nobody accepts twice", ended(company.Accepted), accept, 0, "", company.ErrInvitationUsed},
		{"nobody accepts what was taken back", ended(company.Revoked), accept, 0, "", company.ErrInvitationRevoked},
		{"it is taken back", sent(nil), revoke, 0, company.Revoked, nil},
		{"also when its time is over", sent(nil), revoke, week, company.Revoked, nil},
		{"what was accepted is not taken back", ended(company.Accepted), revoke, 0, "", company.ErrInvitationUsed},
		{"what was taken back is not taken back again", ended(company.Revoked), revoke, 0, "", company.ErrInvitationRevoked},
		{"it is sent again after a minute", sent(nil), resend, time.Minute, company.Open, nil},
		{"but not sooner", sent(nil), resend, time.Minute - 1, "", company.ErrSentJustNow},
		{"one whose time is over is open again by it", sent(nil).Lapse(), resend, week, company.Open, nil},
		{"nothing is sent for ever", sent(func(i *company.Invitation) { i.Sent = 10 }), resend, time.Hour, "", company.ErrSentOften},
		{"what was accepted is not sent again", ended(company.Accepted), resend, time.Hour, "", company.ErrInvitationUsed},
		{"nor what was taken back", ended(company.Revoked), resend, time.Hour, "", company.ErrInvitationRevoked},
		{"nobody changes what they have not seen", sent(func(i *company.Invitation) { i.Version = 4 }), revoke, 0, "", company.ErrStale},
		{"or sends it", sent(func(i *company.Invitation) { i.Version = 4 }), resend, time.Hour, "", company.ErrStale},
	} {
		at := noon.Add(tt.after)
		got, err := tt.do(tt.i, at)
		if !errors.Is(err, tt.err) || err == nil && (got.State != tt.want || got.At(at) != tt.want || got.EndedAt.IsZero() != (tt.want == company.Open)) {
			t.Errorf("%s: %s, %v", tt.sentence, got.State, err)
		}
	}
	again, err := resend(sent(nil), noon.Add(time.Hour))
	if err != nil || again.Sent != 2 || !again.ExpiresAt.Equal(noon.Add(time.Hour+week)) {
		t.Errorf("sent again it is %+v, %v", again, err)
	}
}

func TestWhatCanBeSaidOfWhoIsInvited(t *testing.T) {
	role := id.NewRole(noon)
	unit := id.NewUnit(noon)
	for _, tt := range []struct {
		sentence string
		change   func(*company.Invitation)
		field    string
	}{
		{"nothing at all", func(*company.Invitation) {}, ""},
		{"a long first name", func(i *company.Invitation) { i.First = strings.Repeat("é", 60) }, ""},
		{"a longer first name", func(i *company.Invitation) { i.First = strings.Repeat("é", 61) }, "first_name"},
		{"a last name that controls", func(i *company.Invitation) { i.Last = "New\x00man" }, "last_name"},
		{"a longer title", func(i *company.Invitation) { i.Title = strings.Repeat("x", 121) }, "title"},
		{"a role in two places", func(i *company.Invitation) { i.Offers = []company.Offer{{Role: role}, {Role: role, Unit: unit}} }, ""},
		{"a role twice in one", func(i *company.Invitation) {
			i.Offers = []company.Offer{{Role: role, Unit: unit}, {Role: role, Unit: unit}}
		}, "roles"},
		{"roles without end", func(i *company.Invitation) {
			for range company.MostOffers + 1 {
				i.Offers = append(i.Offers, company.Offer{Role: id.NewRole(noon), Unit: id.NewUnit(noon)})
			}
		}, "roles"},
	} {
		_, err := sent(tt.change).Check()
		f := fault.Of(err)
		if (f == nil) != (tt.field == "") || f != nil && f.Fields[0].Name != tt.field {
			t.Errorf("%s: %v", tt.sentence, err)
		}
	}
}
