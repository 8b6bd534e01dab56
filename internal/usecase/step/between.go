package step

import (
	"context"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/store"
)

// Between gives the moments from which on and before which somebody means who says from a day to a day, both included,
// in the company's time zone. An empty day is open.
func Between(ctx context.Context, tx *store.Tx, key id.Company, from, until date.Date) (begin, end time.Time, err error) {
	if from == "" && until == "" {
		return begin, end, nil
	}
	c, err := tx.Companies.Get(ctx, key)
	if from != "" {
		begin = from.Start(c.Location())
	}
	if until != "" {
		end = until.Plus(1).Start(c.Location())
	}
	return begin, end, err
}
