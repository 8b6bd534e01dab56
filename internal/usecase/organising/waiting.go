package organising

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// InviteWaitingInput is which members who wait are sent their invitations: these, or all whom the actor manages.
type InviteWaitingInput struct {
	Members []id.Member
}

// invitationsPortion is how many are sent their invitations in one transaction.
const invitationsPortion = 100

// InviteWaiting sends members who were brought into the company, and have not accepted, the link by which they do. A job does
// it, for they may be thousands; whoever has a link that holds gets none. What they may do was given to them before, so
// this asks for the managing of people alone.
func (s *Service) InviteWaiting(ctx context.Context, actor access.Actor, in InviteWaitingInput) (job id.Job, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var c company.Company
		var named []company.Member
		tx.Companies.Want(&c, actor.Company)
		tx.Companies.WantMembers(&named, actor.Company, in.Members)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.UsersManage); err != nil {
			return err
		}
		if len(named) < len(in.Members) {
			return company.ErrUnseenMember
		}
		for _, m := range named {
			if !actor.Reaches(access.ViewMembers, access.Thing{Owner: m.ID, OwnerAt: m.Path, At: m.Path}) {
				return company.ErrUnseenMember
			}
			if err := actor.Require(access.UsersManage, m.Path); err != nil {
				return err
			}
			// decide
			if m.Status != company.Invited {
				return company.ErrNotInvited
			}
		}
		if c.Status != company.Active {
			return company.ErrNotInviting
		}
		// write
		job, err = step.OrderInvitations(tx, actor, in.Members)
		return err
	})
	return job, err
}

// WaitingForInvitation counts the members who wait, whom the actor manages, and who have no link that holds.
func (s *Service) WaitingForInvitation(ctx context.Context, actor access.Actor) (n int64, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersManage); err != nil {
			return err
		}
		tx.Companies.WantInvitedCount(&n, actor.Company, actor.Places(access.UsersManage))
		return tx.Fetch(ctx)
	})
	return n, err
}

// SendInvitations works off a job of InviteWaiting, for whoever asked, with the rights that they have by now. A job that is
// begun again goes on where it stood, for who has a link gets no other.
func (s *Service) SendInvitations(ctx context.Context, _ access.Actor, j exchange.Job, advance func(done, of int) error) error {
	var in step.InvitationsOrder
	if err := json.Unmarshal([]byte(j.Input), &in); err != nil {
		return fmt.Errorf("the input of job %s: %w", j.ID, err)
	}
	p := portion{of: in.Members, all: len(in.Members) == 0, more: true}
	for done := 0; p.more; {
		next := p
		err := s.db.Write(ctx, in.By.Actor(), func(tx *store.Tx, actor access.Actor) (err error) {
			next, err = s.send(ctx, tx, actor, p)
			return err
		})
		if err != nil {
			return err
		}
		p = next
		done += invitationsPortion
		if p.more {
			if err := advance(done, j.Of); err != nil {
				return err
			}
		}
	}
	return nil
}

// portion is what is left of the members who are sent their invitations.
type portion struct {
	of   []id.Member // these …
	all  bool        // … or all who wait …
	last id.Member   // … behind this one
	more bool
}

// send sends a portion of members their invitations, and says what is left.
func (s *Service) send(ctx context.Context, tx *store.Tx, actor access.Actor, p portion) (portion, error) {
	// find
	var c company.Company
	var members []company.Member
	tx.Companies.Want(&c, actor.Company)
	if p.all {
		tx.Companies.WantInvited(&members, actor.Company, p.last, invitationsPortion)
	} else {
		some := p.of[:min(len(p.of), invitationsPortion)]
		tx.Companies.WantMembers(&members, actor.Company, some)
		p.of = p.of[len(some):]
	}
	if err := tx.Fetch(ctx); err != nil {
		return p, err
	}
	p.more = len(p.of) > 0 || p.all && len(members) == invitationsPortion
	if len(members) > 0 {
		p.last = members[len(members)-1].ID
	}
	w, err := s.waiting(ctx, tx, actor, members)
	if err != nil {
		return p, err
	}
	// may
	if err := actor.RequireSomewhere(access.UsersManage); err != nil {
		return p, err
	}
	// decide
	if c.Status != company.Active {
		return p, company.ErrNotInviting
	}
	for n, m := range members {
		if m.Status != company.Invited || w.linked[m.ID] || !actor.May(access.UsersManage, m.Path) {
			continue
		}
		i, err := w.invitation(m, c, actor, tx.Now, n, s.inviting.Lasts)
		if err != nil {
			continue // it was sent too often, or just now
		}
		// write
		link := identity.Link{Company: actor.Company, Secret: rand.Text()}
		if lapsed, ok := w.lapsed[w.keys[m.ID]]; ok {
			tx.Companies.UpdateInvitation(actor.Company, lapsed.Lapse())
		}
		// tell
		if i.Sent > 1 {
			tx.Companies.UpdateInvitation(actor.Company, i)
			tx.Companies.SetLink(actor.Company, i.ID, link.Digest())
			tx.Notices.DeleteWaiting(actor.Company, i.ID.String())
			tx.Tell(actor, company.InvitationWasResent{InvitationID: i.ID, Sent: i.Sent})
		} else {
			tx.Companies.InsertInvitation(actor.Company, i, w.keys[m.ID], link.Digest())
			tx.Tell(actor, company.InvitationWasSent{InvitationID: i.ID, Place: m.Parent, Roles: company.OffersTold(nil)})
		}
		step.WriteInvitation(s.inviting, tx, actor, c, i, w.held[m.ID], link)
	}
	return p, nil
}

// waiters are what is known of members who wait.
type waiters struct {
	keys   map[id.Member]string
	held   map[id.Member][]string
	linked map[id.Member]bool               // they have a link that holds
	again  map[id.Member]company.Invitation // one of theirs that has run out
	lapsed map[string]company.Invitation    // by address: one that has run out, and that this was not written down of
	speak  map[id.Member]string             // the language that was said for accounts that nobody has signed in to yet
}

func (s *Service) waiting(ctx context.Context, tx *store.Tx, actor access.Actor, members []company.Member) (w waiters, err error) {
	w = waiters{keys: map[id.Member]string{}, linked: map[id.Member]bool{}, again: map[id.Member]company.Invitation{}, lapsed: map[string]company.Invitation{}, speak: map[id.Member]string{}}
	var open, theirs []company.Invitation
	keys, ids, of := []string{}, []id.Member{}, map[string]id.Member{}
	for _, m := range members {
		key, err := identity.EmailKey(m.Email)
		if err != nil {
			return w, err
		}
		keys, ids = append(keys, key), append(ids, m.ID)
		w.keys[m.ID], of[key] = key, m.ID
	}
	tx.Companies.WantOpenInvitations(&open, actor.Company, keys)
	tx.Companies.WantInvitationsOf(&theirs, actor.Company, ids)
	accounts, err := tx.Accounts.ListByEmail(ctx, keys)
	if err != nil {
		return w, err
	}
	for _, a := range accounts {
		if key, err := identity.EmailKey(a.Email); err == nil && a.Password == "" { // of others nobody is told what they speak
			w.speak[of[key]] = a.Language
		}
	}
	if w.held, err = heldBy(ctx, tx, actor.Company, ids); err != nil {
		return w, err
	}
	for _, i := range theirs {
		w.again[i.Waiting] = i
	}
	for _, i := range open {
		key, err := identity.EmailKey(i.Email)
		if err != nil {
			return w, err
		}
		switch {
		case i.At(tx.Now) == company.Open:
			w.linked[of[key]] = true
		case i.Waiting.IsZero():
			w.lapsed[key] = i
		}
	}
	return w, nil
}

// invitation is the one that a member gets: the one of theirs that has run out, open again, or a new one.
func (w waiters) invitation(m company.Member, c company.Company, actor access.Actor, now time.Time, n int, lasts time.Duration) (company.Invitation, error) {
	if before, ok := w.again[m.ID]; ok {
		return before.Resend(before.Version, now, lasts)
	}
	i := company.Invitation{ID: id.NewInvitation(now.Add(time.Duration(n) * time.Microsecond)), Email: m.Email, Title: m.Title, Language: cmp.Or(w.speak[m.ID], c.Language), Inviter: actor.Member, Waiting: m.ID,
		State: company.Open, Sent: 1, SentAt: now, ExpiresAt: now.Add(lasts), CreatedAt: now, Version: 1}
	i.First, i.Last = m.First, m.Last()
	return i, nil
}
