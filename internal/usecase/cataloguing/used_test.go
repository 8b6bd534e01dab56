package cataloguing_test

import (
	"context"
	"testing"

	"kontor/internal/base/page"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/usecase/cataloguing"
)

// Who is told prices has used the permission to see them; who is told none, for there is nothing to be priced, has not.
func TestToldPricesAreAUseOfThem(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		ctx := context.Background()
		for _, row := range []struct {
			what string
			do   func(access.Actor) error
			want bool
		}{
			{"a list", func(a access.Actor) error {
				_, err := s.Search(ctx, a, cataloguing.SearchInput{}, page.Ask{})
				return err
			}, true},
			{"a list of nothing", func(a access.Actor) error {
				_, err := s.Search(ctx, a, cataloguing.SearchInput{Text: "zzzzqqqq"}, page.Ask{})
				return err
			}, false},
			{"a product", func(a access.Actor) error { _, err := s.Product(ctx, a, w.Products[0].ID, 0); return err }, true},
		} {
			var uses access.Uses
			if err := row.do(w.Ann.Noted(&uses)); err != nil {
				t.Fatal(err)
			}
			if used := uses.Take(); used.Has(access.PricesView) != row.want || !used.Has(access.CatalogView) {
				t.Errorf("%s: used %v", row.what, used.Codes())
			}
		}
	})
}
