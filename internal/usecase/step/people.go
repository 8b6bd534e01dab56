package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
)

// Account finds the account of an e-mail address, or makes one that cannot sign in yet. Of an account that was there
// nothing is changed.
func Account(ctx context.Context, tx *store.Tx, a identity.Account) (identity.Account, error) {
	key, err := identity.EmailKey(a.Email)
	if err == nil {
		known, found, err := tx.Accounts.GetByEmail(ctx, key)
		if err != nil || found {
			return known, err
		}
	}
	a.ID, a.Active, a.CreatedAt, a.Version = id.NewAccount(tx.Now), true, tx.Now, 1
	if a, err = a.Check(); err != nil {
		return a, err
	}
	tx.Accounts.Insert(a)
	return a, nil
}

// Label is the path of a new node of the company's structure, right below another.
func Label(ctx context.Context, tx *store.Tx, key id.Company, above company.Node) (tree.Path, error) {
	if above.Path.Depth() >= company.Deepest {
		return "", company.ErrDeep
	}
	n, err := tx.Companies.GetLabels(ctx, key, 1)
	return above.Path.Child(n), err
}

// Member finds a member, for an actor who may see them.
func Member(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Member) (company.Member, error) {
	m, err := tx.Companies.GetMember(ctx, actor.Company, key)
	if err == nil && !actor.Shows(access.ViewMembers, access.Thing{Owner: m.ID, OwnerAt: m.Path, At: m.Path}) {
		err = company.ErrUnseenMember
	}
	return m, err
}

// KeepAdministrator is nil when the company has an administrator besides this member, and besides this assignment:
// one who is active, of the whole company, without an end. Either may be zero.
func KeepAdministrator(ctx context.Context, tx *store.Tx, key id.Company, but id.Member, without id.Assignment) error {
	n, err := tx.Access.CountAdministrators(ctx, key, but, without)
	if err == nil && n == 0 {
		return access.ErrLastAdministrator
	}
	return err
}
