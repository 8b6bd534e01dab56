package demo

import (
	"context"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"os"
	"testing"
)

func TestTmp(t *testing.T) {
	o := Options{First: 300, Half: os.Getenv("HALF") != ""}
	if os.Getenv("ALL") != "" {
		o.First = 0
	}
	run := func(t *testing.T, db *store.DB) {
		if err := Replay(context.Background(), db, o, os.Stdout); err != nil {
			t.Fatal(err)
		}
		if err := Replay(context.Background(), db, o, os.Stdout); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getenv("PG") != "" {
		run(t, storetest.Open(t, storetest.Database(t), nil))
		return
	}
	run(t, storetest.Lite(t))
}
