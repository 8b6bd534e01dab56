package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Finding is one thing that doctor looked at.
type Finding struct {
	What string
	Is   string
	Want string // what it should be; "" when it is only told
	OK   bool
	Must bool `json:"-"` // without it nothing is right: a server does not start
}

// Doctor looks at how the database is set up: what must hold for money to be safe in it.
func (db *DB) Doctor(ctx context.Context) ([]Finding, error) {
	if db.pg != nil {
		return db.doctorPostgres(ctx)
	}
	return db.doctorLite(ctx)
}

// Settings looks at what a server of databases is set to, which costs nothing: a part of what Doctor does. Of SQLite there
// is nothing to look at, for we set it ourselves.
func (db *DB) Settings(ctx context.Context) ([]Finding, error) {
	if db.pg == nil {
		return nil, nil
	}
	return db.doctorPostgres(ctx)
}

func (db *DB) doctorLite(ctx context.Context) ([]Finding, error) {
	c := <-db.lite.readers
	defer func() { db.lite.readers <- c }()
	var all []Finding
	for _, p := range []struct{ name, want, means string }{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "full"},
		{"foreign_keys", "1", "on"},
		{"secure_delete", "1", "on"},
		{"quick_check", "ok", "ok"},
	} {
		var is string
		if err := c.conn.QueryRowContext(ctx, "pragma "+p.name).Scan(&is); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		shown := is
		if is == p.want {
			shown = p.means
		}
		all = append(all, Finding{What: p.name, Is: shown, Want: p.means, OK: is == p.want})
	}
	for _, path := range []string{db.lite.path, db.lite.path + "-wal"} {
		info, err := os.Stat(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		mode := info.Mode().Perm()
		all = append(all, Finding{What: "permissions of " + path, Is: mode.String(), Want: "for the owner alone", OK: mode&0o077 == 0})
	}
	left, err := countCopies(filepath.Dir(db.lite.path))
	if err != nil {
		return nil, err
	}
	return append(all, Finding{What: "copies left by backups that were killed", Is: fmt.Sprint(left), Want: "0: the next start or backup takes them away", OK: left == 0}), nil
}

func (db *DB) doctorPostgres(ctx context.Context) ([]Finding, error) {
	var all []Finding
	for _, p := range []struct{ name, want string }{
		{"server_version", ""}, {"fsync", "on"}, {"synchronous_commit", "on"}, {"full_page_writes", "on"}, {"server_encoding", "UTF8"},
	} {
		var is string
		if err := db.pg.QueryRow(ctx, "select current_setting($1)", p.name).Scan(&is); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		ok := p.want == "" || is == p.want || p.name == "synchronous_commit" && strings.HasPrefix(is, "remote")
		all = append(all, Finding{What: p.name, Is: is, Want: p.want, OK: ok, Must: p.name == "server_encoding"})
	}
	var collates bool
	if err := db.pg.QueryRow(ctx, `select 'a' collate "C" > 'B' collate "C"`).Scan(&collates); err != nil {
		return nil, err
	}
	all = append(all, Finding{What: "text sorts by its bytes", Is: fmt.Sprint(collates), Want: "true", OK: collates, Must: true})
	return all, nil
}
