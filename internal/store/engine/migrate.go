package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// types are the tokens of the migration texts and what each engine makes of them.
var types = map[string]struct{ lite, pg string }{
	"{{id}}":   {"text", "uuid"},
	"{{text}}": {"text", `text collate "C"`},
	"{{time}}": {"text", "timestamptz"},
	"{{json}}": {"text", "jsonb"},
	"{{blob}}": {"blob", "bytea"},
}

// Render makes one engine's text of a migration: tokens become its types, and what stands between {{#pg}} and
// {{/pg}}, or {{#lite}} and {{/lite}}, stays only on that engine.
func Render(text string, pg bool) (string, error) {
	keep, drop := "lite", "pg"
	if pg {
		keep, drop = drop, keep
	}
	for {
		i := strings.Index(text, "{{#"+drop+"}}")
		if i < 0 {
			break
		}
		n := strings.Index(text[i:], "{{/"+drop+"}}")
		if n < 0 {
			return "", fmt.Errorf("migration: {{#%s}} is not closed", drop)
		}
		text = text[:i] + text[i+n+len("{{/"+drop+"}}"):]
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "{{#"+keep+"}}", ""), "{{/"+keep+"}}", "")
	for token, t := range types {
		if pg {
			text = strings.ReplaceAll(text, token, t.pg)
		} else {
			text = strings.ReplaceAll(text, token, t.lite)
		}
	}
	if i := strings.Index(text, "{{"); i >= 0 {
		return "", fmt.Errorf("migration: unknown token near %q", text[i:min(len(text), i+20)])
	}
	return text, nil
}

// Migration is one change of the schema, and whether this database has it.
type Migration struct {
	Name    string
	Applied bool
}

// Migrate brings the schema up to date and lists what it did. Several processes may try at once.
func (db *DB) Migrate(ctx context.Context, files fs.FS) (done []string, err error) {
	p, pool, err := db.provider(files)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	results, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	for _, r := range results {
		done = append(done, path.Base(r.Source.Path))
	}
	return done, nil
}

// crowd is how many rows of one value PostgreSQL is to expect of a crowded column. What it plans for as many is right for
// more, too, and costs next to nothing more for a few.
const crowd = 200

// Crowded has the database expect many rows of one value of this column in every table that has it, however few there are
// of most values. PostgreSQL plans a prepared statement once for all values, so for the average; where a thousand tenants
// have two rows each it would read all rows of a tenant for each of them, and the tenant who has ten thousand would wait.
// It counts from the next analyze on. SQLite plans so by itself.
func (db *DB) Crowded(ctx context.Context, column string) error {
	if db.pg == nil {
		return nil
	}
	rows, err := db.pg.Query(ctx, `
		select format('alter table %s alter column %I set (n_distinct = %s)', c.oid::regclass, a.attname, $2::text)
		  from pg_class c join pg_attribute a on a.attrelid = c.oid
		 where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and a.attname = $1
		   and coalesce(a.attoptions, '{}') <> array['n_distinct=' || $2::text]`, column, strconv.FormatFloat(-1.0/crowd, 'f', -1, 64))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, s := range statements {
		if _, err := db.pg.Exec(ctx, s); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Migrations lists every migration and whether it has been applied. It only reads: a database that is none of ours, or
// not yet, stays as it is.
func (db *DB) Migrations(ctx context.Context, files fs.FS) (all []Migration, err error) {
	p, pool, err := db.provider(files)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	begun, err := db.begun(ctx, pool)
	if err != nil {
		return nil, err
	}
	if !begun {
		for _, s := range p.ListSources() {
			all = append(all, Migration{path.Base(s.Path), false})
		}
		return all, nil
	}
	states, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		all = append(all, Migration{path.Base(s.Source.Path), s.State == goose.StateApplied})
	}
	return all, nil
}

// begun reports whether a migration has ever been applied.
func (db *DB) begun(ctx context.Context, pool *sql.DB) (yes bool, err error) {
	ask := `select count(*) > 0 from sqlite_master where type = 'table' and name = 'goose_db_version'`
	if db.pg != nil {
		ask = `select to_regclass('goose_db_version') is not null`
	}
	err = pool.QueryRowContext(ctx, ask).Scan(&yes)
	return yes, err
}

func (db *DB) provider(files fs.FS) (*goose.Provider, *sql.DB, error) {
	rendered := fstest.MapFS{}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, nil, err
		}
		text, err := Render(string(b), db.pg != nil)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		rendered[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if db.pg == nil {
		pool, err := sql.Open("sqlite", liteDSN(db.lite.path, "&_txlock=immediate"))
		if err != nil {
			return nil, nil, err
		}
		p, err := goose.NewProvider(goose.DialectSQLite3, pool, rendered)
		return p, pool, err
	}
	pool := stdlib.OpenDB(*db.pg.Config().ConnConfig)
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, nil, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, pool, rendered, goose.WithSessionLocker(locker))
	return p, pool, err
}
