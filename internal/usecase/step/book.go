package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Complete adds to a book what it names, and these addresses, where they were not among those read: of the company's, and of the
// member's own where there is one. What is not there stays missing. Of a book that was read whole nothing is asked.
func Complete(ctx context.Context, tx *store.Tx, b *company.Book, key id.Company, member id.Member, named ...id.Address) error {
	missing := b.Missing(named...)
	if len(missing) == 0 {
		return nil
	}
	var found []company.Address
	tx.Companies.WantBookOf(&found, key, member, missing)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	b.Addresses = append(b.Addresses, found...)
	return nil
}
