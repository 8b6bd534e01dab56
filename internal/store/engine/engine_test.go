package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/store/engine"
	"kontor/internal/storetest"
)

var errTwice = fault.Define(fault.Conflict, "test.twice", "twice")
var errNone = fault.Define(fault.NotFound, "test.none", "none")

var schema = fstest.MapFS{"0001_test.sql": {Data: []byte(`-- +goose Up
create table thing (
  company_id {{id}} not null, id {{id}} not null, name {{text}} not null, at {{time}}, body {{json}} not null,
  ready boolean not null default false, n bigint not null default 0 check (n >= 0),
  primary key (company_id, id), unique (company_id, name)
);
create unique index thing_one_ready on thing (company_id) where ready;
`)}}

// each runs test on both engines with the table thing.
func each(t *testing.T, test func(t *testing.T, db *engine.DB)) {
	eachAt(t, func(t *testing.T, db *engine.DB, _ string) { test(t, db) })
}

// eachAt is each for a test that opens the database once more.
func eachAt(t *testing.T, test func(t *testing.T, db *engine.DB, address string)) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Database} {
		t.Run(name, func(t *testing.T) {
			at := address(t)
			db, err := engine.Open(context.Background(), engine.Options{Address: at})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			// The database of a test has Kontor's own tables already: another file name, another version.
			files := fstest.MapFS{"9001_test.sql": schema["0001_test.sql"]}
			if _, err := db.Migrate(context.Background(), files); err != nil {
				t.Fatal(err)
			}
			test(t, db, at)
		})
	}
}

func TestBothEnginesKeepValuesAlike(t *testing.T) {
	each(t, func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		at := time.Date(2026, 3, 29, 1, 59, 59, 123456789, time.FixedZone("x", 3600))
		company, key, other := id.NewCompany(at), id.NewUnit(at), id.NewUnit(at)
		err := db.Write(ctx, func(tx *engine.Tx) error {
			tx.Write(`insert into thing (company_id, id, name, at, body, ready, n) values (?, ?, ?, ?, ?, ?, ?)`,
				company, key, tree.Path("1.2."), at, engine.JSON([]string{"a", "ä"}), true, int64(1)<<62)
			tx.Write(`insert into thing (company_id, id, name, at, body) values (?, ?, ?, ?, ?)`, company, other, "B", time.Time{}, engine.JSON(nil))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			company id.Company
			key     id.Unit
			name    tree.Path
			at      time.Time
			body    []string
			ready   bool
			n       int64
			never   time.Time
		}
		err = db.Read(ctx, func(tx *engine.Tx) error {
			tx.Ask(`select company_id, id, name, at, body, ready, n from thing where company_id = ? and id = ? and '?' = '?'`, company, key).
				Row(errNone, &got.company, &got.key, engine.Text(&got.name), &got.at, engine.JSON(&got.body), &got.ready, &got.n)
			tx.Ask(`select at from thing where name = ?`, "B").Row(errNone, &got.never)
			return tx.Fetch(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got.company != company || got.key != key || got.name != "1.2." || !got.ready || got.n != 1<<62 || len(got.body) != 2 || got.body[1] != "ä" {
			t.Errorf("came back as %+v", got)
		}
		if want := at.UTC().Truncate(time.Microsecond); !got.at.Equal(want) || got.at.Location() != time.UTC {
			t.Errorf("the instant came back as %v, want %v", got.at, want)
		}
		if !got.never.IsZero() {
			t.Errorf("the zero time came back as %v", got.never)
		}
	})
}

func TestFaultsOfStatements(t *testing.T) {
	each(t, func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		now := time.Now()
		company := id.NewCompany(now)
		insert := func(tx *engine.Tx, name string, ready bool) *engine.Statement {
			return tx.Write(`insert into thing (company_id, id, name, body, ready) values (?, ?, ?, '{}', ?)`, company, id.NewUnit(now), name, ready)
		}
		must := func(fn func(tx *engine.Tx) error) error { return db.Write(ctx, fn) }
		if err := must(func(tx *engine.Tx) error { insert(tx, "a", true); return nil }); err != nil {
			t.Fatal(err)
		}
		rows := []struct {
			what string
			fn   func(tx *engine.Tx) error
			want error
		}{
			{"a unique key of columns", func(tx *engine.Tx) error {
				insert(tx, "a", false).Unique("thing_company_id_name_key", errTwice)
				return nil
			}, errTwice},
			{"a unique index of some rows", func(tx *engine.Tx) error {
				insert(tx, "b", true).Unique("thing_company_id_key", errTwice).Unique("thing_one_ready", errTwice)
				return nil
			}, errTwice},
			{"a write that changes too few rows", func(tx *engine.Tx) error {
				tx.Write(`update thing set n = 2 where name = ?`, "z").Expect(1, errNone)
				return nil
			}, errNone},
			{"a question without an answer", func(tx *engine.Tx) error {
				var n int64
				tx.Ask(`select n from thing where name = ?`, "z").Row(errNone, &n)
				return nil
			}, errNone},
			{"an error of the function itself", func(tx *engine.Tx) error { insert(tx, "c", false); return errNone }, errNone},
		}
		for _, row := range rows {
			t.Run(row.what, func(t *testing.T) {
				if err := must(row.fn); !errors.Is(err, row.want) {
					t.Errorf("got %v", err)
				}
				var n int64
				if err := db.Read(ctx, func(tx *engine.Tx) error {
					tx.Ask(`select count(*) from thing`).Row(errNone, &n)
					return nil
				}); err != nil || n != 1 {
					t.Errorf("left %d rows, %v", n, err)
				}
			})
		}
		t.Run("a broken check is an error that names the statement", func(t *testing.T) {
			err := must(func(tx *engine.Tx) error { tx.Write(`update thing set n = -1`); return nil })
			if err == nil || fault.KindOf(err) != fault.Internal {
				t.Errorf("got %v", err)
			}
		})
		t.Run("who only reads cannot write", func(t *testing.T) {
			if err := db.Read(ctx, func(tx *engine.Tx) error { insert(tx, "d", false); return tx.Fetch(ctx) }); err == nil {
				t.Error("it could")
			}
		})
		t.Run("a panic comes out where the caller waits, and the database goes on", func(t *testing.T) {
			func() {
				defer func() {
					if p := recover(); p != "oh" {
						t.Errorf("recovered %v", p)
					}
				}()
				_ = must(func(tx *engine.Tx) error { insert(tx, "e", false); panic("oh") }) // it does not return
			}()
			if err := must(func(tx *engine.Tx) error { insert(tx, "e", false); return nil }); err != nil {
				t.Error(err)
			}
		})
	})
}

// Sixty-four transactions read a figure and write it back one higher: with and without a head none is lost.
func TestNoUpdateIsLost(t *testing.T) {
	each(t, func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		now := time.Now()
		company := id.NewCompany(now)
		for _, head := range []bool{true, false} {
			key := id.NewUnit(now)
			err := db.Write(ctx, func(tx *engine.Tx) error {
				tx.Write(`insert into thing (company_id, id, name, body) values (?, ?, ?, '{}')`, company, key, fmt.Sprint(head))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			gate := make(chan struct{})
			for range 64 {
				wg.Go(func() {
					<-gate
					err := db.Write(ctx, func(tx *engine.Tx) error {
						var n int64
						if head {
							tx.Head(key.String())
						}
						tx.Ask(`select n from thing where company_id = ? and id = ?`, company, key).Row(errNone, &n)
						if err := tx.Fetch(ctx); err != nil {
							return err
						}
						tx.Write(`update thing set n = ? where company_id = ? and id = ?`, n+1, company, key)
						return nil
					})
					if err != nil && (head || !errors.Is(err, engine.ErrBusy)) {
						t.Error(err)
					}
					if err != nil { // without the head some may give up; they say so, and have not counted
						err = db.Write(ctx, func(tx *engine.Tx) error {
							tx.Write(`update thing set n = n + 1 where company_id = ? and id = ?`, company, key)
							return nil
						})
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			close(gate)
			wg.Wait()
			var n int64
			if err := db.Read(ctx, func(tx *engine.Tx) error {
				tx.Ask(`select n from thing where company_id = ? and id = ?`, company, key).Row(errNone, &n)
				return tx.Fetch(ctx)
			}); err != nil || n != 64 {
				t.Errorf("head %v: counted %d, %v", head, n, err)
			}
		}
	})
}

// Who is alone in a queue sees what those before have done: a sum over two rows never gets past its limit, although
// nobody ever changes a row that somebody else has changed meanwhile. Several nodes and outsiders who take the head
// of the queue take part.
func TestAloneInAQueue(t *testing.T) {
	eachAt(t, func(t *testing.T, db *engine.DB, address string) {
		ctx := context.Background()
		nodes := []*engine.DB{db}
		if db.Name() == "postgres" {
			other, err := engine.Open(ctx, engine.Options{Address: address, Readers: 4})
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			nodes = append(nodes, other)
		}
		now := time.Now()
		company := id.NewCompany(now)
		key := [2]id.Unit{id.NewUnit(now), id.NewUnit(now.Add(time.Second))}
		for i, k := range key {
			if err := db.Write(ctx, func(tx *engine.Tx) error {
				tx.Write(`insert into thing (company_id, id, name, body) values (?, ?, ?, '{}')`, company, k, fmt.Sprint(i))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		sum := func(tx *engine.Tx) (n int64, err error) {
			tx.Ask(`select sum(n) from thing where company_id = ?`, company).Row(errNone, &n)
			return n, tx.Fetch(ctx)
		}
		var wg sync.WaitGroup
		for limit := range int64(40) { // each time one more fits
			gate := make(chan struct{})
			for i := range 8 {
				wg.Go(func() {
					node := nodes[i%len(nodes)]
					add := func(tx *engine.Tx) error {
						n, err := sum(tx)
						if err != nil || n > limit {
							return err
						}
						tx.Write(`update thing set n = n + 1 where company_id = ? and id = ?`, company, key[i/2%2])
						return nil
					}
					<-gate
					var err error
					if i == 7 {
						err = node.WriteAlone(ctx, "another", func(tx *engine.Tx) error { tx.Head("this"); return add(tx) })
					} else {
						err = node.WriteAlone(ctx, "this", add)
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			close(gate)
			wg.Wait()
			if err := db.Read(ctx, func(tx *engine.Tx) error {
				n, err := sum(tx)
				if n != limit+1 {
					t.Errorf("the sum is %d, not %d", n, limit+1)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
		t.Run("who gives up waiting leaves the queue as it was", func(t *testing.T) {
			inside, out := make(chan struct{}), make(chan struct{})
			wg.Go(func() {
				if err := db.WriteAlone(ctx, "this", func(*engine.Tx) error { close(inside); <-out; return nil }); err != nil {
					t.Error(err)
				}
			})
			<-inside
			soon, cancel := context.WithCancel(ctx)
			wg.Go(func() {
				if err := db.WriteAlone(soon, "this", func(*engine.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
			cancel()
			close(out)
			wg.Wait()
			if err := db.WriteAlone(ctx, "this", func(*engine.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	})
}

// Inserts of one text that follow each other are sent as one; nobody can tell but by the clock.
func TestInsertsAreMerged(t *testing.T) {
	each(t, func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		company := id.NewCompany(time.Now())
		count := func() (n int64) {
			if err := db.Read(ctx, func(tx *engine.Tx) error {
				tx.Ask(`select count(*) from thing where company_id = ?`, company).Row(errNone, &n)
				return tx.Fetch(ctx)
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		insert := func(tx *engine.Tx, name string) *engine.Statement {
			return tx.Write(`
				insert into thing (company_id, id, name, body)
				values (?, ?, ?, ?)`, company, id.NewUnit(time.Now()), name, "{}")
		}
		want := int64(0)
		for _, n := range []int{1, 2, 3, 16, 17, 40} {
			err := db.Write(ctx, func(tx *engine.Tx) error {
				for i := range n {
					insert(tx, fmt.Sprint(n, " ", i))
				}
				tx.Write(`update thing set n = 1 where company_id = ? and name = ?`, company, fmt.Sprint(n, " ", n-1)).Expect(1, errNone)
				insert(tx, fmt.Sprint(n, " last"))
				return nil
			})
			if want += int64(n) + 1; err != nil || count() != want {
				t.Errorf("%d rows: %d of %d are there, %v", n, count(), want, err)
			}
		}
		t.Run("all of them or none", func(t *testing.T) {
			err := db.Write(ctx, func(tx *engine.Tx) error {
				for i := range 20 {
					insert(tx, fmt.Sprint("again ", i%19))
				}
				return nil
			})
			if err == nil || count() != want {
				t.Errorf("%d rows of %d, %v", count(), want, err)
			}
		})
		t.Run("one that says what breaking a key means keeps its meaning", func(t *testing.T) {
			err := db.Write(ctx, func(tx *engine.Tx) error {
				insert(tx, "x")
				insert(tx, "x").Unique("thing_company_id_name_key", errTwice)
				return nil
			})
			if !errors.Is(err, errTwice) || count() != want {
				t.Errorf("%d rows of %d, %v", count(), want, err)
			}
		})
	})
}

func TestASecondWriterIsRefused(t *testing.T) {
	address := storetest.SQLite(t)
	path := strings.TrimPrefix(address, "sqlite:")
	at := t.TempDir()
	link := func(to, name string) string {
		name = filepath.Join(at, name)
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
		return name
	}
	nearby, err := filepath.Rel(at, path)
	if err != nil {
		t.Fatal(err)
	}
	first := link(path, "first.db")
	others := []string{first, link("first.db", "link_to_link.db"), link(nearby, "near.db"), filepath.Join(link(filepath.Dir(path), "folder"), filepath.Base(path))}
	db, err := engine.Open(context.Background(), engine.Options{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := engine.Open(context.Background(), engine.Options{Address: address}); err == nil {
		t.Error("a second writer was let in")
	}
	for _, other := range others {
		if _, err := engine.Open(context.Background(), engine.Options{Address: "sqlite:" + other}); err == nil || !strings.Contains(err.Error(), "open for writing") {
			t.Errorf("by %s: %v", other, err)
		}
	}
	beside, err := engine.Open(context.Background(), engine.Options{Address: address, Shared: true})
	if err != nil {
		t.Fatalf("a reader beside the writer: %v", err)
	}
	if err := beside.Close(); err != nil {
		t.Error(err)
	}
	second := filepath.Join(filepath.Dir(path), "second.db")
	if err := os.Link(path, second); err != nil {
		t.Fatal(err)
	}
	for _, shared := range []bool{false, true} {
		if _, err := engine.Open(context.Background(), engine.Options{Address: "sqlite:" + second, Shared: shared}); err == nil || !strings.Contains(err.Error(), "has 2 names") {
			t.Errorf("by a hard link: %v", err)
		}
	}
}

// What a link leads to is made where it leads, and locked there.
func TestALinkLeadsToADatabaseThatIsToCome(t *testing.T) {
	at := t.TempDir()
	for from, to := range map[string]string{"link.db": "real.db", "round.db": "about.db", "about.db": "round.db"} {
		if err := os.Symlink(to, filepath.Join(at, from)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := engine.Open(context.Background(), engine.Options{Address: "sqlite:" + filepath.Join(at, "link.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := engine.Open(context.Background(), engine.Options{Address: "sqlite:" + filepath.Join(at, "real.db")}); err == nil {
		t.Error("a second writer was let in")
	}
	if _, err := engine.Open(context.Background(), engine.Options{Address: "sqlite:" + filepath.Join(at, "round.db")}); err == nil {
		t.Error("links that lead nowhere were followed")
	}
}

func TestRender(t *testing.T) {
	rows := []struct{ text, lite, pg string }{
		{"a {{id}}", "a text", "a uuid"},
		{"{{#pg}}x{{/pg}}{{#lite}}y{{/lite}} z", "y z", "x z"},
		{"{{nonsense}}", "", ""},
		{"{{#pg}}x", "", "x"},
	}
	for _, r := range rows {
		lite, errLite := engine.Render(r.text, false)
		pg, errPg := engine.Render(r.text, true)
		if lite != r.lite || pg != r.pg || (errLite == nil && lite == "") || (errPg == nil && pg == "") {
			t.Errorf("%q: %q %v, %q %v", r.text, lite, errLite, pg, errPg)
		}
	}
}

// One question needs no transaction: it is answered, and a second one, which would see another snapshot, is refused.
func TestOneQuestionIsAll(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, db *engine.DB) {
		one := func(tx *engine.Tx) error {
			var n int64
			tx.Ask(`select 7`).Row(errNone, &n)
			if err := tx.Fetch(ctx); err != nil || n != 7 {
				return fmt.Errorf("%d, %w", n, err)
			}
			return nil
		}
		before := db.Trips()
		if err := db.ReadOne(ctx, one); err != nil || db.Name() == "postgres" && db.Trips() != before+1 {
			t.Errorf("%v, after %d trips", err, db.Trips()-before)
		}
		err := db.ReadOne(ctx, func(tx *engine.Tx) error {
			if err := one(tx); err != nil {
				return err
			}
			return one(tx)
		})
		if err == nil {
			t.Error("a second question is answered")
		}
		if err := db.Read(ctx, one); err != nil { // the connection is as good as it was
			t.Error(err)
		}
	})
}

// One tenant of many has very many rows: what is looked up for each of them is found by its key, though the plan is made once
// for all tenants, whose average is two rows.
func TestATenantOfManyRowsIsPlannedFor(t *testing.T) {
	ctx := context.Background()
	eachAt(t, func(t *testing.T, db *engine.DB, address string) {
		if db.Name() != "postgres" {
			t.Skip("SQLite plans without statistics")
		}
		c, err := pgx.Connect(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(ctx)
		const crowd = "01a20304-96ee-773b-bdf4-7255ce08378d"
		for _, s := range []string{
			`create table part (company_id uuid not null, id uuid not null, name text not null, primary key (company_id, id))`,
			`insert into thing (company_id, id, name, at, body) select gen_random_uuid(), gen_random_uuid(), 'a', now(), '{}' from generate_series(1, 1000)`,
			`insert into thing (company_id, id, name, at, body) select '` + crowd + `', gen_random_uuid(), n::text, now(), '{}' from generate_series(1, 300) n`,
			`insert into part (company_id, id, name) select company_id, id, name from thing union all select distinct company_id, gen_random_uuid(), '' from thing where name = 'a'`,
		} {
			if _, err := c.Exec(ctx, s); err != nil {
				t.Fatal(err)
			}
		}
		plan := func() (text string) {
			t.Helper()
			for _, s := range []string{`vacuum analyze`, `set enable_seqscan = off`, `set plan_cache_mode = force_generic_plan`, `deallocate all`,
				`prepare q (uuid) as select t.id, p.name from thing t left join part p on p.company_id = t.company_id and p.id = t.id where t.company_id = $1 order by t.name limit 50`} {
				if _, err := c.Exec(ctx, s); err != nil {
					t.Fatal(err)
				}
			}
			rows, err := c.Query(ctx, `explain (costs off) execute q ('`+crowd+`')`, pgx.QueryExecModeSimpleProtocol)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(lines, "\n")
		}
		const key = "(id = t.id)"
		if text := plan(); strings.Contains(text, "Index Cond:") && strings.Contains(text, key) && !strings.Contains(text, "Join Filter") {
			t.Errorf("the plan for the average is as good, so this test shows nothing:\n%s", text)
		}
		for range 2 { // what is so already stays so
			if err := db.Crowded(ctx, "company_id"); err != nil {
				t.Fatal(err)
			}
		}
		if text := plan(); !strings.Contains(text, key) || strings.Contains(text, "Join Filter") {
			t.Errorf("what is looked up is not found by its key:\n%s", text)
		}
	})
}
