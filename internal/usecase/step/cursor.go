package step

import (
	"context"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/store"
)

// Behind reads the cursor of a list that is sorted by a text and an identifier, as the tables know them; nil for the
// first page.
func Behind[K any](ask page.Ask, parse func(string) (K, error)) ([]any, error) {
	if len(ask.After) == 0 {
		return nil, nil
	}
	if len(ask.After) != 2 {
		return nil, page.ErrCursor
	}
	key, err := parse(ask.After[1])
	if err != nil {
		return nil, page.ErrCursor.Because(err)
	}
	return []any{ask.After[0], key}, nil
}

// BehindTime reads the cursor of a list that is sorted by a moment and an identifier; nil for the first page.
func BehindTime[K any](ask page.Ask, parse func(string) (K, error)) ([]any, error) {
	after, err := Behind(ask, parse)
	if err != nil || after == nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339Nano, ask.After[0])
	if err != nil {
		return nil, page.ErrCursor.Because(err)
	}
	after[0] = at
	return after, nil
}

// Moment is how a cursor has a moment.
func Moment(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

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
