package signing

import (
	"context"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Recognise makes an actor of the session with this token, as it stands at this moment. It is identity.ErrSessionEnded
// for one that is no more: because of its age, because it lay idle, because its account, member or company may not
// act any longer. Such a session is removed; but who is lent no longer comes back to their own company. That a session was in use is noted once a minute.
func (s *Service) Recognise(ctx context.Context, token, address, request string) (access.Actor, error) {
	actor, at, found, err := s.db.Recognise(ctx, Digest(token))
	if err != nil {
		return access.Actor{}, err
	}
	if !found {
		return access.Actor{}, identity.ErrSessionEnded
	}
	actor.Request, actor.From = request, address
	if actor.By.Ended {
		return s.dismissed(ctx, actor, token)
	}
	now := s.db.Times()
	if inTime := (identity.Session{SeenAt: at.SeenAt, EndsAt: at.EndsAt}).Alive(now); !alive(at, inTime) {
		if inTime && at.AccountActive && !at.Bearer && !at.Acting && !at.Home.IsZero() {
			if home, err := s.recalled(ctx, actor, at); home || err != nil {
				if err != nil {
					return access.Actor{}, err
				}
				return s.Recognise(ctx, token, address, request)
			}
		}
		err := s.db.WriteApart(ctx, access.System(at.Company), func(tx *store.Tx, _ access.Actor) error {
			tx.Accounts.DeleteSession(at.Account, at.Session)
			return nil
		})
		if err != nil {
			return access.Actor{}, err
		}
		return access.Actor{}, identity.ErrSessionEnded
	}
	if now.Sub(at.SeenAt) >= identity.SeenStep {
		err := s.db.WriteApart(ctx, access.System(at.Company), func(tx *store.Tx, _ access.Actor) error {
			tx.Accounts.SetSeen(at.Session, tx.Now)
			return nil
		})
		if err != nil { // whoever asks can be served all the same
			s.log.Warn("note that a session is in use", "err", err)
		}
	}
	return actor, nil
}

// dismissed brings a session back to the seller's office whose holder may act for the customer no longer.
func (s *Service) dismissed(ctx context.Context, actor access.Actor, token string) (access.Actor, error) {
	err := s.db.WriteApart(ctx, access.System(actor.Company), func(tx *store.Tx, _ access.Actor) error {
		tx.Accounts.SetCompany(actor.Session, actor.By.Company, actor.By.Member)
		ended(tx, actor)
		return nil
	})
	if err != nil {
		return access.Actor{}, err
	}
	return s.Recognise(ctx, token, actor.From, actor.Request)
}

// recalled brings the session of somebody who is lent no longer back to the company that lent them; home is whether they act
// there. A program's session ends instead: it was made for one company, and does nothing in another unasked.
func (s *Service) recalled(ctx context.Context, actor access.Actor, at view.Standing) (home bool, err error) {
	err = s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		all, err := mine(ctx, tx, at.Account)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(m view.Membership) bool { return m.Company == at.Home && acting(m) })
		if home = i >= 0; !home {
			return nil
		}
		tx.Accounts.SetCompany(at.Session, at.Home, all[i].Member)
		tx.Accounts.SetLast(at.Account, at.Home)
		actor.Member = all[i].Member
		s.tell(tx, actor, all[i], identity.CompanyWasSwitched{AccountID: at.Account, SessionID: at.Session})
		return nil
	})
	return home, err
}

// alive reports whether a session still counts, given whether its time has not run out.
func alive(s view.Standing, inTime bool) bool {
	acts := s.Company.IsZero() || s.MemberStatus == string(company.Working) && company.Status(s.CompanyStatus).Admits()
	if s.Acting && s.StaffStatus != string(company.Working) {
		return false
	}
	return inTime && s.AccountActive && acts
}

// SignOut ends the session that asks.
func (s *Service) SignOut(ctx context.Context, actor access.Actor) error {
	return s.end(ctx, actor, actor.Session)
}

// EndSession ends one of one's own sessions.
func (s *Service) EndSession(ctx context.Context, actor access.Actor, key id.Session) error {
	return s.end(ctx, actor, key)
}

func (s *Service) end(ctx context.Context, actor access.Actor, key id.Session) error {
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		all, err := tx.Accounts.ListSessions(ctx, actor.Account)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(s identity.Session) bool { return s.ID == key }) {
			return identity.ErrUnseenSession
		}
		// write
		tx.Accounts.DeleteSession(actor.Account, key)
		// tell
		if actor.Acting() && key == actor.Session {
			ended(tx, actor)
		}
		s.tell(tx, actor, at(actor), identity.HasSignedOut{AccountID: actor.Account, SessionID: key})
		return nil
	})
}

// at is the membership that the actor acts in, as far as telling goes: of the staff's own accounts their own organisation is
// told, for whomever they act.
func at(actor access.Actor) view.Membership {
	if actor.Acting() {
		return view.Membership{Company: actor.By.Company, Member: actor.By.Member}
	}
	return view.Membership{Company: actor.Company, Member: actor.Member}
}

// SignOutEverywhere ends every session of one's own but the one that asks.
func (s *Service) SignOutEverywhere(ctx context.Context, actor access.Actor) error {
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		// write
		tx.Accounts.DeleteSessions(actor.Account, actor.Session)
		// tell
		s.tell(tx, actor, at(actor), identity.HasSignedOut{AccountID: actor.Account})
		return nil
	})
}

// Sessions lists one's own sessions that still count, the newest first.
func (s *Service) Sessions(ctx context.Context, actor access.Actor) (all []identity.Session, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		all, err = tx.Accounts.ListSessions(ctx, actor.Account)
		all = slices.DeleteFunc(all, func(s identity.Session) bool { return !s.Alive(tx.Now) })
		return err
	})
	return all, err
}

// Me is what a person is told of themselves.
func (s *Service) Me(ctx context.Context, actor access.Actor) (p view.Profile, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.Views.WantProfile(&p, actor.Account, actor.Company, actor.Member)
		var places []tree.Path
		for _, g := range actor.Grants() {
			if g.Place != tree.Top {
				places = append(places, g.Place)
			}
		}
		if len(places) > 0 {
			tx.Companies.WantUnitsAt(&p.Holds, actor.Company, places)
		}
		return tx.Fetch(ctx)
	})
	return p, err
}

// Companies lists the companies that one can act for, the one acted for last first.
func (s *Service) Companies(ctx context.Context, actor access.Actor) (all []view.Membership, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		if all, err = mine(ctx, tx, actor.Account); err != nil {
			return err
		}
		all = open(all)
		return tx.Views.Seat(ctx, actor.Account, all)
	})
	return all, err
}

// SwitchCompany makes the session act for another company. The next request is recognised for it.
func (s *Service) SwitchCompany(ctx context.Context, actor access.Actor, key id.Company) error {
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		a, err := tx.Accounts.Get(ctx, actor.Account)
		if err != nil {
			return err
		}
		all, err := mine(ctx, tx, actor.Account)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(m view.Membership) bool { return m.Company == key && acting(m) })
		switch {
		case i < 0:
			return company.ErrUnseen
		case a.Provisional:
			return identity.ErrProvisional
		}
		// write
		tx.Accounts.SetCompany(actor.Session, key, all[i].Member)
		tx.Accounts.SetLast(actor.Account, key)
		// tell
		if actor.Acting() {
			ended(tx, actor)
		}
		actor.Member = all[i].Member
		s.tell(tx, actor, all[i], identity.CompanyWasSwitched{AccountID: actor.Account, SessionID: actor.Session})
		return nil
	})
}

// SetLanguageInput is how a person wants to be spoken to.
type SetLanguageInput struct {
	Language locale.Language
	Zone     string // IANA name of the time zone that times are shown in
}

// SetLanguage changes how one is spoken to.
func (s *Service) SetLanguage(ctx context.Context, actor access.Actor, in SetLanguageInput) error {
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		// decide
		var wrong fault.Input
		wrong.Take("zone", identity.CheckZone(in.Zone))
		wrong.Take("language", identity.CheckLanguage(string(in.Language)))
		if err := wrong.Err(); err != nil {
			return err
		}
		// write
		tx.Accounts.SetLanguage(actor.Account, string(in.Language), in.Zone)
		// tell
		s.tell(tx, actor, at(actor), identity.LanguageWasSet{AccountID: actor.Account, Language: string(in.Language), Zone: in.Zone})
		return nil
	})
}
