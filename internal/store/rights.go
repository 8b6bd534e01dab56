package store

import (
	"context"
	"sync"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// rights remembers what members hold for as long as the version of their company's rights stands: an actor is
// made at every request, and its rights change seldom.
type rights struct {
	sync.Mutex
	held map[id.Member]held
}

type held struct {
	actor access.Actor
	until time.Time // when an assignment begins or ends; the zero time: never
}

// rightsMost bounds how many members are remembered.
const rightsMost = 10_000

func (r *rights) get(member id.Member, version int64, now time.Time) (access.Actor, bool) {
	r.Lock()
	defer r.Unlock()
	h, ok := r.held[member]
	if !ok || h.actor.Version != version || !h.until.IsZero() && !now.Before(h.until) {
		return access.Actor{}, false
	}
	return h.actor, true
}

func (r *rights) set(member id.Member, h held) {
	r.Lock()
	defer r.Unlock()
	if r.held == nil || len(r.held) >= rightsMost {
		r.held = map[id.Member]held{}
	}
	r.held[member] = h
}

// Recognise makes an actor of the session whose token has this hash. found is false when there is none; whether
// the session still counts is for the caller to say.
func (db *DB) Recognise(ctx context.Context, hash string) (actor access.Actor, s view.Standing, found bool, err error) {
	err = db.engine.ReadOne(ctx, func(t *engine.Tx) error {
		s, found, err = tables(t).Views.GetStanding(ctx, hash)
		return err
	})
	if err != nil || !found {
		return access.Actor{}, s, false, err
	}
	actor = access.Actor{Kind: access.Member, Account: s.Account, Session: s.Session, Name: name(s), Language: language(s), Zone: s.Zone}
	if s.Member.IsZero() || s.Company.IsZero() {
		return actor.Holding(nil), s, true, nil
	}
	actor.Company, actor.Member = s.Company, s.Member
	if s.Acting {
		actor.By = access.By{Company: s.StaffCompany, Member: s.Staff, Name: actor.Name}
		actor, err = db.Rights(ctx, actor)
		return actor, s, err == nil, err
	}
	known, ok := db.rights.get(s.Member, s.Version, db.engine.Now())
	uses := db.usage.gather(s.Company, s.Member)
	if !ok {
		actor, err = db.Rights(ctx, actor)
		return actor.Noted(uses), s, err == nil, err
	}
	known.Account, known.Session, known.Name, known.Language, known.Zone = actor.Account, actor.Session, actor.Name, actor.Language, actor.Zone
	return known.Noted(uses), s, true, nil
}

// Rights reads anew what the actor holds in the company that it acts for. Who of the staff acts for a member holds
// nothing when the company consents no more, or they may no longer act for customers.
func (db *DB) Rights(ctx context.Context, actor access.Actor) (access.Actor, error) {
	if !actor.Acting() {
		return db.ownRights(ctx, actor)
	}
	staff, err := db.ownRights(ctx, access.Actor{Kind: access.Member, Account: actor.Account, Company: actor.By.Company, Member: actor.By.Member})
	if err != nil {
		return actor, err
	}
	actor.By.Version = staff.Version
	if actor, err = db.ownRights(ctx, actor); err != nil {
		return actor, err
	}
	if !staff.May(access.CustomersImpersonate, tree.Top) {
		return actor.Dismissed(), nil
	}
	return actor, nil
}

func (db *DB) ownRights(ctx context.Context, actor access.Actor) (access.Actor, error) {
	var s view.Standing
	var holdings []view.Holding
	var now time.Time
	err := db.engine.Read(ctx, func(t *engine.Tx) error {
		tx := tables(t)
		now = t.Now
		tx.Views.WantPosition(&s, actor.Company, actor.Member)
		tx.Views.WantHoldings(&holdings, actor.Company, actor.Member)
		return t.Fetch(ctx)
	})
	if err != nil {
		return actor, err
	}
	h := held{}
	var grants []access.Grant
	var roles []access.Named
	if actor.Realm = access.Buyer; s.Seller {
		actor.Realm = access.Staff
	}
	actor.Regime = RegimeOf(company.Status(s.CompanyStatus), company.Sight(s.PendingSees))
	if s.AccountActive && s.MemberStatus == string(company.Working) && actor.Regime != access.Shut {
		for _, g := range holdings {
			a := access.Assignment{From: g.From, Until: g.Until}
			h.until = soonest(h.until, now, g.From, g.Until)
			if a.Holds(now) && (g.Unit.IsZero() || g.UnitKnown) {
				grants = append(grants, access.Grant{Place: g.Place, Set: g.Set.Within(access.Leaves(actor.Realm))})
				roles = append(roles, access.Named{ID: g.Role, Name: g.RoleName})
			}
		}
	}
	actor.Home, actor.Held = s.Home, s.MemberStatus == string(company.Working)
	actor.At, actor.Version = s.At, s.Version
	if actor.Acting() {
		if !s.Consents || s.MemberStatus != string(company.Working) || actor.Regime == access.Shut {
			return actor.Dismissed(), nil
		}
		return actor.Holding(access.ActedFor(grants)).Bearing(roles...), nil
	}
	actor = actor.Holding(grants).Bearing(roles...)
	// What those see who wait hangs on a setting of the seller, and whether others are held on a company above: the versions
	// of these are not theirs.
	if !actor.Regime.Waits() && actor.Home.IsZero() {
		h.actor = actor.Doing(nil) // what they are at work on now is not what they hold
		db.rights.set(actor.Member, h)
	}
	return actor, nil
}

// RegimeOf is what a status leaves to the members of a company; sees is what the seller lets those see that wait.
func RegimeOf(s company.Status, sees company.Sight) access.Regime {
	switch s {
	case company.Active:
		return access.Free
	case company.Blocked:
		return access.Looking
	case company.Rejected:
		return access.Amending
	case company.Pending:
		switch sees {
		case company.SeesNothing:
			return access.Waiting
		case company.SeesPrices:
			return access.WaitingPrices
		}
		return access.WaitingGoods
	}
	return access.Shut
}

// soonest is the earliest of these moments that is still to come; the zero time when none is.
func soonest(known, now time.Time, moments ...time.Time) time.Time {
	for _, m := range moments {
		if m.After(now) && (known.IsZero() || m.Before(known)) {
			known = m
		}
	}
	return known
}

func name(s view.Standing) string {
	if s.Last == "" {
		return s.First
	}
	return s.First + " " + s.Last
}

func language(s view.Standing) locale.Language { return locale.Parse(s.Language) }
