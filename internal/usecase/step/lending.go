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

// Lending is who of those whom others lend acts in some companies, before something is written that may end it.
type Lending struct {
	key   id.Company
	below int
	acted []view.Lent
}

// LendingOf finds who is lent to a company and to those that belong to it, so many levels below it or more.
func LendingOf(ctx context.Context, tx *store.Tx, key id.Company, below int) (Lending, error) {
	l := Lending{key: key, below: below}
	tx.Views.WantLent(&l.acted, key, below)
	return l, tx.Fetch(ctx)
}

// TellEnded tells, once it is written, whom it has ended for: each company that has lost somebody, once, with all of them; and the
// company that lends them, of those who are still there. A company that is closed loses everybody, and is not told so.
//
// It tells of companies in whose queues the transaction does not stand, and writes nothing of theirs but that.
func (l Lending) TellEnded(ctx context.Context, tx *store.Tx, actor access.Actor, closed bool) error {
	var acting []view.Lent
	tx.Views.WantLent(&acting, l.key, l.below)
	homes := map[id.Company][]id.Member{}
	for _, m := range l.acted {
		homes[m.Home] = append(homes[m.Home], m.There)
	}
	var there []company.Member
	for home, members := range homes {
		var some []company.Member
		tx.Companies.WantMembers(&some, home, members)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		there = append(there, some...)
	}
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	var lost []company.LendingHasEnded
	for _, m := range l.acted {
		if slices.ContainsFunc(acting, func(a view.Lent) bool { return a.Company == m.Company && a.Member == m.Member }) {
			continue
		}
		if slices.ContainsFunc(there, func(t company.Member) bool { return t.ID == m.There && t.Acts() }) {
			tx.Tell(actor.Telling(m.Home), company.MemberWasGivenBack{MemberID: m.There, From: m.Number, Name: m.Name})
		}
		switch n := len(lost) - 1; {
		case closed && m.Company == l.key:
		case n >= 0 && lost[n].CompanyID == m.Company:
			lost[n].Members = append(lost[n].Members, m.Member)
		default:
			lost = append(lost, company.LendingHasEnded{CompanyID: m.Company, Members: []id.Member{m.Member}})
		}
	}
	for _, e := range lost {
		tx.Tell(actor.Telling(e.CompanyID), e)
	}
	return nil
}
