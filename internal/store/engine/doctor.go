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
}

// Doctor looks at how the database is set up: what must hold for money to be safe in it.
func (db *DB) Doctor(ctx context.Context) ([]Finding, error) {
	if db.pg != nil {
		return db.doctorPostgres(ctx)
	}
	return db.doctorLite(ctx)
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
		all = append(all, Finding{p.name, shown, p.means, is == p.want})
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
		all = append(all, Finding{"permissions of " + path, mode.String(), "for the owner alone", mode&0o077 == 0})
	}
	left, err := countCopies(filepath.Dir(db.lite.path))
	if err != nil {
		return nil, err
	}
	return append(all, Finding{"copies left by backups that were killed", fmt.Sprint(left), "0: the next start or backup takes them away", left == 0}), nil
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
		all = append(all, Finding{p.name, is, p.want, ok})
	}
	var collates bool
	if err := db.pg.QueryRow(ctx, `select 'a' collate "C" > 'B' collate "C"`).Scan(&collates); err != nil {
		return nil, err
	}
	all = append(all, Finding{"text sorts by its bytes", fmt.Sprint(collates), "true", collates})
	return all, nil
}
