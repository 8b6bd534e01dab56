package console

import (
	"context"
	"fmt"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

// Proofs are the use cases that verify asks.
type Proofs struct {
	Budgets    *budgeting.Service
	Approvals  *approving.Service
	Audits     *auditing.Service
	Exchanging *exchanging.Service
	Granting   *granting.Service
}

// Verify proves what an operator must be able to rely on: company by company that money, approvals and the audit are as
// they must be, and over all of them that no company's rows name another's, and that nothing that happened is lost on
// its way. Whatever there is to look at, only a little of it is held at a time; and what is so damaged that it cannot be
// looked at is told, and keeps nothing else from being looked at.
func Verify(ctx context.Context, db *store.DB, p Proofs) (Report, error) {
	if err := current(ctx, db); err != nil {
		return Report{}, err
	}
	companies, purses, holds := check("companies"), check("budgets: balances equal the ledger"), check("budgets: holds belong to open orders")
	apart := check("access: nobody breaches a separation that is on")
	chain, orders := check("audit: the chain is whole"), check("approvals: orders are what was agreed to")
	err := eachCompany(ctx, db, func(key id.Company) {
		system := access.System(key)
		companies.Checked++
		b, err := p.Budgets.Verify(ctx, system)
		purses.failed(key, err)
		purses.Checked += int64(b.Entries)
		holds.Checked += int64(b.Holds)
		for _, problem := range b.Problems {
			purses.note(1, ledgerSentence(key, problem))
		}
		purses.Found += int64(b.Found - len(b.Problems))
		n, err := p.Approvals.Verify(ctx, system, orders.note)
		orders.failed(key, err)
		orders.Checked += n
		n, err = p.Granting.Verify(ctx, system, apart.note)
		apart.failed(key, err)
		apart.Checked += n
		a, err := p.Audits.Verify(ctx, system)
		chain.failed(key, err)
		chain.Checked += a.Chain.Last
		chain.Later += a.Unsealed // a server seals them within seconds
		if a.Broken != nil {
			chain.note(1, chainSentence(key, *a.Broken))
		}
	})
	if err != nil {
		return Report{}, err
	}
	report := Report{Checks: []*Check{companies, apart, purses, holds, chain, orders}}
	for _, all := range []struct {
		name   string
		verify func(context.Context, access.Actor, view.Found) (int64, error)
	}{
		{"tenants: rows name nothing of another company", p.Audits.VerifyTenants},
		{"outbox: what happened can be heard of", p.Exchanging.VerifyOutbox},
		{"webhooks: deliveries have their events", p.Exchanging.VerifyDeliveries},
		{"mails: none is stuck", p.Exchanging.VerifyMails},
		{"jobs: none is stuck", p.Exchanging.VerifyJobs},
	} {
		c := check(all.name)
		n, err := all.verify(ctx, access.System(id.Company{}), c.note)
		c.failed(id.Company{}, err)
		c.Checked = n
		report.Checks = append(report.Checks, c)
	}
	return report, ctx.Err()
}

// eachCompany goes through all companies, a few at a time.
func eachCompany(ctx context.Context, db *store.DB, do func(key id.Company)) error {
	const chunk = 200
	var last id.Company
	for {
		var some []id.Company
		err := db.Read(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) (err error) {
			some, err = tx.Companies.ListIDs(ctx, last, chunk)
			return err
		})
		if err != nil {
			return err
		}
		for _, key := range some {
			do(key)
			last = key
		}
		if len(some) < chunk {
			return nil
		}
	}
}

// ledgerSentence says what is wrong in a ledger.
func ledgerSentence(key id.Company, p budgeting.Problem) string {
	s := "budget " + p.Budget.String()
	switch {
	case p.Budget.IsZero():
		return p.Text
	case p.Name != "":
		s = fmt.Sprintf("budget “%s” (%s)", p.Name, p.Budget)
	}
	s += fmt.Sprintf(" of %s in %s", key, p.Period)
	if !p.PurchaseOrder.IsZero() {
		s += fmt.Sprintf(", purchase order %s (%s)", p.Number, p.PurchaseOrder)
	}
	return s + ": " + p.Text
}

// chainSentence says where a chain of the audit does not hold.
func chainSentence(key id.Company, b audit.Break) string {
	s := fmt.Sprintf("the audit of %s does not hold at place %d: ", key, b.Place)
	switch b.Why {
	case audit.Missing:
		return s + "there is no entry"
	case audit.Changed:
		return s + "the entry, or one before it, is not the one that was sealed"
	}
	return s + "the chain is another than was noted"
}
