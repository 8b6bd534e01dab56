// Package storetest opens a fresh store for a test, on each engine: a use case that is right on one and wrong
// on the other is wrong.
package storetest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kontor/internal/store"
	"kontor/internal/storetest/cluster"
)

var n atomic.Int64

// Each runs test on SQLite and on PostgreSQL, each with an empty database that has all tables.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t, SQLite(t), nil)) })
	t.Run("postgres", func(t *testing.T) { test(t, Open(t, Database(t), nil)) })
}

// Lite runs on SQLite alone, for what does not touch the database's ways: pages and answers.
func Lite(t testing.TB) *store.DB { return Open(t, SQLite(t), nil) }

// Open opens a store at this address, its tables made, and closes it when the test ends.
func Open(t testing.TB, address string, clock func() time.Time) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{Address: address, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// SQLite is the address of a database in the test's own folder.
func SQLite(t testing.TB) string { return "sqlite:" + t.TempDir() + "/kontor.db" }

// Database is the address of a new, empty database of a cluster: the one that the environment names, or one
// that this test starts.
func Database(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	admin := os.Getenv(cluster.Variable)
	if admin == "" {
		c, err := cluster.Start(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := c.Stop(); err != nil {
				t.Error(err)
			}
		})
		admin = c.Address
	}
	template, err := migrated(ctx, admin)
	if err != nil {
		t.Fatal(err)
	}
	return database(t, admin, template)
}

// database makes a database as a copy of another one, for the time of a test.
func database(t testing.TB, admin, template string) string {
	t.Helper()
	ctx := context.Background()
	name := fmt.Sprintf("t%d_%d", os.Getpid(), n.Add(1))
	if err := exec(ctx, admin, "create database "+name+" template "+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := exec(ctx, admin, "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
	})
	return within(admin, name)
}

// templates are the databases, one a cluster and process, that new ones are copied from: to copy one is
// quicker than to make all tables anew.
var templates = struct {
	sync.Mutex
	made map[string]string
}{made: map[string]string{}}

func migrated(ctx context.Context, admin string) (string, error) {
	templates.Lock()
	defer templates.Unlock()
	if name := templates.made[admin]; name != "" {
		return name, nil
	}
	name := fmt.Sprintf("t%d_template", os.Getpid())
	if err := exec(ctx, admin, "create database "+name); err != nil {
		return "", err
	}
	db, err := store.Open(ctx, store.Options{Address: within(admin, name)})
	if err != nil {
		return "", err
	}
	if _, err := db.Migrate(ctx); err != nil {
		return "", err
	}
	templates.made[admin] = name
	return name, db.Close()
}

func within(admin, name string) string { return strings.Replace(admin, "/postgres?", "/"+name+"?", 1) }

func exec(ctx context.Context, address, sql string) error {
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	if _, err = c.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return c.Close(ctx)
}
