package step

import (
	"context"
	"fmt"

	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// inWords is how many rows that break one law are told in a sentence each.
const inWords = 20

// Uphold tells of every row that breaks a law: of the first ones each by itself, of all others together.
func Uphold(ctx context.Context, tx *store.Tx, law viewdb.Law, found view.Found) error {
	all, err := tx.Views.ListBroken(ctx, law, inWords+1)
	if err != nil {
		return err
	}
	more := int64(len(all) - inWords)
	if more > 0 {
		n, err := tx.Views.CountBroken(ctx, law)
		if err != nil {
			return err
		}
		all, more = all[:inWords], n-inWords
	}
	for _, b := range all {
		found(1, breach(law, b))
	}
	if more > 0 {
		found(more, fmt.Sprintf("%d more rows of %s like the one before", more, law.Table))
	}
	return nil
}

// breach says what is wrong with a row.
func breach(law viewdb.Law, b view.Broken) string {
	s := law.Table + " " + b.Row
	if !b.Company.IsZero() && b.Company.String() != b.Row {
		s += " of " + b.Company.String()
	}
	if b.Named == "" {
		s += ": " + law.Wrong
	} else {
		s += ": " + fmt.Sprintf(law.Wrong, b.Named)
	}
	switch {
	case !law.Refers:
	case b.Owner.IsZero():
		s += ", which there is not"
	default:
		s += ", which is of " + b.Owner.String()
	}
	return s
}
