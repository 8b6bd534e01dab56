package migrations_test

import (
	"context"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
	"kontor/internal/store/migrations"
)

// table is a table as the migrations up to some file make it.
type table struct {
	name    string
	columns []column
	refers  []reference
}

type column struct {
	name, text string // text is all that is said of it: type, default, checks
}

type reference struct {
	columns []string
	table   string
	keys    []string
}

var (
	ofOne    = regexp.MustCompile(`(?s)\{\{#(lite|pg)\}\}.*?\{\{/(lite|pg)\}\}`)
	remark   = regexp.MustCompile(`--[^\n]*`)
	creates  = regexp.MustCompile(`create table (\w+) \(`)
	adds     = regexp.MustCompile(`alter table (\w+) add column (\w+) ([^;]*);`)
	drops    = regexp.MustCompile(`drop table (\w+)`)
	foreign  = regexp.MustCompile(`^foreign key \(([^)]*)\) references (\w+) \(([^)]*)\)`)
	inline   = regexp.MustCompile(`references (\w+) \((\w+)\)`)
	oneOf    = regexp.MustCompile(`(\w+) in \(\s*'([^']*)'`)
	positive = regexp.MustCompile(`> 0|between 1 and`)
)

// tables are those that these migrations make, those that others refer to first.
func tables(t *testing.T, files fs.FS) (all []table) {
	t.Helper()
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		sql := remark.ReplaceAllString(ofOne.ReplaceAllString(string(text), ""), "")
		for _, at := range creates.FindAllStringSubmatchIndex(sql, -1) {
			made := table{name: sql[at[2]:at[3]]}
			for _, part := range parts(sql[at[1]:]) {
				made.add(part)
			}
			if i := slices.IndexFunc(all, func(t table) bool { return t.name == made.name }); i >= 0 {
				all[i] = made // made anew
				continue
			}
			all = append(all, made)
		}
		for _, m := range adds.FindAllStringSubmatch(sql, -1) {
			i := slices.IndexFunc(all, func(t table) bool { return t.name == m[1] })
			if i < 0 {
				t.Fatalf("%s adds to a table that is not there: %s", name, m[1])
			}
			all[i].add(m[2] + " " + m[3])
		}
		for _, m := range drops.FindAllStringSubmatch(sql, -1) {
			known := slices.ContainsFunc(all, func(t table) bool { return t.name == m[1] })
			if known && !strings.Contains(sql, "create table "+m[1]+" (") {
				t.Fatalf("%s drops %s: this test must learn what that does", name, m[1])
			}
		}
	}
	return all
}

// parts are what stands between the commas of a list, up to the bracket that ends it.
func parts(text string) (all []string) {
	depth, from := 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth == 0:
			return append(all, strings.TrimSpace(text[from:i]))
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			all, from = append(all, strings.TrimSpace(text[from:i])), i+1
		}
	}
	return all
}

func (t *table) add(part string) {
	part = strings.Join(strings.Fields(part), " ")
	if m := foreign.FindStringSubmatch(part); m != nil {
		t.refers = append(t.refers, reference{strings.Split(m[1], ", "), m[2], strings.Split(m[3], ", ")})
		return
	}
	name, text, _ := strings.Cut(part, " ")
	if slices.Contains([]string{"primary", "unique", "check", "constraint"}, name) {
		return
	}
	t.columns = append(t.columns, column{name, text})
	if m := inline.FindStringSubmatch(text); m != nil {
		t.refers = append(t.refers, reference{[]string{name}, m[1], []string{m[2]}})
	}
}

// sample is a row for a table: every column has something, and refers to the sample of the table that it refers to.
func (t table) sample(tx *engine.Tx, planted map[string]map[string]any) map[string]any {
	row := map[string]any{}
	for _, c := range t.columns {
		typ, _, _ := strings.Cut(c.text, " ")
		switch {
		case strings.Contains(c.text, " in (") && typ == "{{text}}":
			row[c.name] = oneOf.FindStringSubmatch(c.text)[2]
		case typ == "{{id}}":
			row[c.name] = id.NewCompany(tx.Now)
		case typ == "{{time}}" && c.name == "until_at":
			row[c.name] = tx.Now.Add(time.Hour)
		case typ == "{{time}}":
			row[c.name] = tx.Now
		case typ == "{{json}}":
			row[c.name] = engine.JSON(struct{}{})
		case typ == "boolean":
			row[c.name] = false
		case typ == "bigint" && positive.MatchString(c.text):
			row[c.name] = int64(1)
		case typ == "bigint":
			row[c.name] = int64(0)
		case typ == "bytea", typ == "{{blob}}":
			row[c.name] = []byte("x")
		default:
			row[c.name] = "x"
		}
	}
	for _, r := range t.refers {
		if t.name == "order_list_share" && slices.Contains(r.columns, "unit_id") {
			row["unit_id"] = nil // it is with a member or with a unit
			continue
		}
		other, there := planted[r.table]
		for i, c := range r.columns {
			if there {
				row[c] = other[r.keys[i]]
			} else if c != "company_id" {
				delete(row, c) // to itself, or to what comes later: nothing yet
			}
		}
	}
	for c, v := range exceptions[t.name] {
		if row[c] = v; v == nil {
			delete(row, c)
		}
	}
	return row
}

// exceptions are what the checks of a whole row want; nil is nothing.
var exceptions = map[string]map[string]any{
	"separation":     {"cardinality": int64(2)},
	"unit_address":   {"allowed": true},
	"member_address": {"delivery": true},
	"invitation":     {"ended_at": nil, "member_id": nil}, // it is open
}

// Every schema that was released, with a row in each of its tables, becomes the one of now, and no row is lost.
func TestEveryReleasedSchemaComesUpToNow(t *testing.T) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names[1:] {
		t.Run(strings.TrimSuffix(names[i], ".sql"), func(t *testing.T) {
			all := tables(t, until(t, name))
			if len(all) < 40 {
				t.Fatalf("only %d tables are found", len(all))
			}
			before(t, name, func(t *testing.T, db *engine.DB) {
				ctx := context.Background()
				planted := map[string]map[string]any{}
				for _, table := range all {
					err := db.Write(ctx, func(tx *engine.Tx) error {
						row := table.sample(tx, planted)
						planted[table.name] = row
						var columns, marks []string
						var args []any
						for c, v := range row {
							columns, marks, args = append(columns, c), append(marks, "?"), append(args, v)
						}
						tx.Write(`insert into `+table.name+` (`+strings.Join(columns, ", ")+`) values (`+strings.Join(marks, ", ")+`)`, args...)
						return nil
					})
					if err != nil {
						t.Fatalf("a row of %s: %v", table.name, err)
					}
				}
				if _, err := db.Migrate(ctx, migrations.Files); err != nil {
					t.Fatal(err)
				}
				count := func(from string) (n int64) {
					err := db.Read(ctx, func(tx *engine.Tx) error {
						tx.Ask(`select count(*) from `+from).Row(errNone, &n)
						return tx.Fetch(ctx)
					})
					if err != nil {
						t.Fatal(err)
					}
					return n
				}
				for _, table := range all {
					if n := count(table.name); n != 1 {
						t.Errorf("%s has %d rows", table.name, n)
					}
				}
				if strings.HasSuffix(t.Name(), "sqlite") { // PostgreSQL lets nobody break them
					if n := count("pragma_foreign_key_check"); n != 0 {
						t.Errorf("%d rows refer to what is not there", n)
					}
				}
			})
		})
	}
}
