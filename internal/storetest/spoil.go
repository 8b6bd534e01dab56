package storetest

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Copy copies a database that nobody has open, and is the copy's address.
func Copy(t testing.TB, address string) string {
	t.Helper()
	if path, lite := strings.CutPrefix(address, "sqlite:"); lite {
		copied := filepath.Join(t.TempDir(), "kontor.db")
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(copied, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return "sqlite:" + copied
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return fresh(t, strings.Replace(address, u.Path+"?", "/postgres?", 1), " template "+strings.TrimPrefix(u.Path, "/"))
}

// Spoil does to a database what nobody may: it runs statements without regard to what keeps rows together. Each has to
// change something.
func Spoil(t testing.TB, address string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	if path, lite := strings.CutPrefix(address, "sqlite:"); lite {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(OFF)&_pragma=ignore_check_constraints(ON)")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range statements {
			res, err := db.ExecContext(ctx, s)
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 && changesRows(s) {
				t.Fatalf("%s: %d rows, %v", s, n, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return
	}
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append([]string{"set session_replication_role = replica"}, statements...) {
		tag, err := c.Exec(ctx, s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if tag.RowsAffected() == 0 && changesRows(s) {
			t.Fatalf("%s: no rows", s)
		}
	}
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

func changesRows(statement string) bool {
	for _, word := range []string{"insert ", "update ", "delete "} {
		if strings.HasPrefix(statement, word) {
			return true
		}
	}
	return false
}
