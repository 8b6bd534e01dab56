package collecting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
)

// ShareInput is with whom a list is shared from now on, and the version of it that was seen.
type ShareInput struct {
	List    id.OrderList
	Version int64
	With    []With
}

// With is one with whom a list is shared: a share, or a colleague by their e-mail address.
type With struct {
	orderlist.Share
	Email string
}

// ErrNobody is the fault of sharing with somebody who is not there.
var ErrNobody = fault.Define(fault.Invalid, "order_list.nobody", "nobody in your company has this address")

// Share shares a list with these, and with nobody else. Whom one does not see in the company's structure one names by their
// address; a unit is one's own, or one that is seen.
func (s *Service) Share(ctx context.Context, actor access.Actor, in ShareInput) (orderlist.List, error) {
	return s.change(ctx, actor, in.List, orderlist.Owns, func(tx *store.Tx, actor access.Actor, before orderlist.List) (orderlist.List, error) {
		if err := before.Seen(in.Version); err != nil {
			return before, err
		}
		var wrong fault.Input
		shares := make([]orderlist.Share, len(in.With))
		for i, w := range in.With {
			at := func(field string) string { return fmt.Sprintf("shares.%d.%s", i, field) }
			shares[i] = w.Share
			known := slices.ContainsFunc(before.Shares, func(o orderlist.Share) bool { return o.Member == w.Member && o.Unit == w.Unit })
			switch {
			case w.Email != "":
				m, err := colleague(ctx, tx, actor, w.Email)
				if notThere(&wrong, at("email"), err) {
					continue
				} else if err != nil {
					return before, err
				}
				shares[i].Member = m.ID
			case known:
			case !w.Member.IsZero():
				m, err := tx.Companies.GetMember(ctx, actor.Company, w.Member)
				if err == nil && (!m.Acts() || !actor.Reaches(access.ViewMembers, access.Thing{Owner: m.ID, OwnerAt: m.Path, At: m.Path})) {
					err = company.ErrUnseenMember
				}
				if !notThere(&wrong, at("member_id"), err) && err != nil {
					return before, err
				}
			case !w.Unit.IsZero():
				u, err := tx.Companies.GetUnit(ctx, actor.Company, w.Unit)
				if err == nil && (u.Archived || !u.Path.Above(actor.At) && !actor.May(access.UsersView, u.Path)) {
					err = company.ErrUnseenUnit
				}
				if !notThere(&wrong, at("unit_id"), err) && err != nil {
					return before, err
				}
			}
		}
		if err := wrong.Err(); err != nil {
			return before, err
		}
		after, err := before.Share(in.Version, shares)
		if err == nil {
			tx.Tell(actor, after.Shared(before))
		}
		return after, err
	})
}

// notThere notes against a field that it names nobody.
func notThere(wrong *fault.Input, field string, err error) bool {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return false
	}
	return wrong.Take(field, err)
}

// colleague is the active member of the company who has this address.
func colleague(ctx context.Context, tx *store.Tx, actor access.Actor, email string) (m company.Member, err error) {
	key, err := identity.EmailKey(email)
	if err != nil {
		return m, ErrNobody
	}
	account, found, err := tx.Accounts.GetByEmail(ctx, key)
	if err != nil || !found {
		return m, or(err, ErrNobody)
	}
	m, found, err = tx.Companies.FindMember(ctx, actor.Company, account.ID)
	if err != nil || !found || !m.Acts() {
		return m, or(err, ErrNobody)
	}
	return m, nil
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
