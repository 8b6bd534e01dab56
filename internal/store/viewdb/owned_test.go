package viewdb_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/store/viewdb"
	"kontor/internal/storetest"
	"kontor/internal/view"
)

// The list of what belongs to companies is the schema's: a new table, a new column with an identifier and a new column
// with JSON have to be in it, or verify would pass them over.
func TestWhatBelongsToCompaniesIsWhatTheSchemaSays(t *testing.T) {
	c, err := pgx.Connect(t.Context(), storetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	ask := func(query string, args ...any) []string {
		t.Helper()
		rows, err := c.Query(t.Context(), query, args...)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	const of = ` from information_schema.columns where table_schema = current_schema() and `
	listed := viewdb.OwnedTables()
	for _, table := range ask(`select table_name` + of + `column_name = 'company_id' order by table_name`) {
		if !slices.ContainsFunc(listed, func(o viewdb.Owned) bool { return o.Name == table }) {
			t.Errorf("the rows of %s belong to companies, and it is not in the list", table)
		}
	}
	for _, o := range listed {
		columns := ask(`select column_name`+of+`table_name = $1`, o.Name)
		if !slices.Contains(columns, "company_id") {
			t.Errorf("%s is in the list, and has no company", o.Name)
			continue
		}
		var named []string
		for _, r := range o.Refs {
			if named = append(named, r.Column); r.To != "" && r.To != "account" && r.To != "product" && r.To != "company" &&
				!slices.ContainsFunc(listed, func(other viewdb.Owned) bool { return other.Name == r.To && slices.Contains(columns, r.Column) }) {
				t.Errorf("%s.%s names rows of %s, which are in no list", o.Name, r.Column, r.To)
			}
		}
		for _, column := range ask(`select column_name`+of+`table_name = $1 and udt_name = 'uuid'`, o.Name) {
			own := column == "company_id" || column == "id" && o.Kind != ""
			if !own && !slices.Contains(named, column) {
				t.Errorf("it is not said what %s.%s names", o.Name, column)
			}
		}
		for _, column := range ask(`select column_name`+of+`table_name = $1 and udt_name = 'jsonb'`, o.Name) {
			if !slices.Contains(o.Texts, column) {
				t.Errorf("%s.%s has JSON, and nobody looks at what it names", o.Name, column)
			}
		}
		for _, column := range slices.Concat(named, o.Texts, o.Key) {
			if !slices.Contains(columns, column) {
				t.Errorf("there is no column %s in %s", column, o.Name)
			}
		}
		key := ask(`
			select a.attname from pg_index i, unnest(i.indkey) with ordinality k (attnum, at), pg_attribute a
			 where i.indrelid = $1::regclass and i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.attnum order by k.at`, o.Name)
		if !slices.Equal(key, o.Key) {
			t.Errorf("the key of %s is %q, and in the list %q", o.Name, key, o.Key)
		}
	}
}

// What a table has is gone through row by row, each once, whatever its key is made of.
func TestAllRowsAreGoneThrough(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		const rows = 25
		company := id.NewCompany(db.Times())
		err := db.Engine().Write(ctx, func(tx *engine.Tx) error {
			for i := range rows {
				tx.Write(`insert into audit (company_id, id, at, actor_kind, actor_name, event, subject, body) values (?, ?, ?, 'system', 'x', 'x', ?, '{}')`,
					company, id.NewEvent(tx.Now), tx.Now, id.NewOrder(tx.Now).String())
				tx.Write(`insert into outbox (id, company_id, event, subject, body, actor, at) values (?, ?, 'x', ?, '{}', '{}', ?)`,
					id.NewEvent(tx.Now), company, strings.Repeat("x", i), tx.Now)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"audit", "outbox"} {
			i := slices.IndexFunc(viewdb.OwnedTables(), func(o viewdb.Owned) bool { return o.Name == table })
			o := viewdb.OwnedTables()[i]
			seen := map[string]bool{}
			var behind []string
			for more := true; more; {
				var some []view.Claims
				err := db.Read(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) (err error) {
					some, err = tx.Views.ListClaims(ctx, o, behind, 7)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range some {
					if seen[c.Row] || c.Company != company || len(c.Texts) != len(o.Texts) || !strings.HasPrefix(c.Row, "evt_") {
						t.Errorf("%s has %+v", table, c)
					}
					seen[c.Row], behind = true, c.Key
				}
				more = len(some) == 7
			}
			if len(seen) != rows {
				t.Errorf("of %s %d rows were seen", table, len(seen))
			}
		}
	})
}
