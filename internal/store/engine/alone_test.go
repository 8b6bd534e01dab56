package engine_test

import (
	"context"
	"testing"
	"time"

	"kontor/internal/store"
	"kontor/internal/storetest"
)

// Of two processes that would plant the same world the second waits until the first is done.
func TestANameIsHeldByOneProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		hold := func(ctx context.Context, name string) func() {
			leave, err := db.Engine().Alone(ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			return leave
		}
		leave := hold(t.Context(), "demo")
		hold(t.Context(), "something else")()
		if db.Engine().Name() != "sqlite" { // whose file belongs to one process
			soon, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if _, err := db.Engine().Alone(soon, "demo"); err == nil {
				t.Error("two hold it")
			}
		}
		leave()
		hold(t.Context(), "demo")()
	})
}
