package trust

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/money"
)

// rounds is how often a node is killed.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TRUST_ROUNDS")
	if text == "" {
		return 6
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("TRUST_ROUNDS=%q is no number of rounds", text)
	}
	return n
}

// A node is killed in the middle of work, again and again. Whatever was acknowledged is there, whatever is asked for
// again under its key comes to the same outcome, nothing is done twice, nothing is overspent, and everybody is told
// once.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		rng := chance(t)
		limit := money.Of(1_000_00, "EUR")
		w := plant(t, fresh(), 8, limit)
		n := serve(t, w.address)
		l := newLoad(t, w, n, limit, rng)
		orders, acts := 0, 0
		for round := range rounds(t) {
			l.during(func() {
				l.until(5+rng.Int64N(60), time.Duration(rng.Int64N(int64(20*time.Millisecond))))
				n.kill()
			})
			n.quiet(t)
			verified(t, w.address)
			n = serve(t, w.address)
			move(n, l.people()...)
			acts += l.recover()
			if round < 20 || round%10 == 9 { // all of it takes longer from round to round
				l.prove()
			}
			if t.Failed() {
				t.Fatalf("in round %d", round+1)
			}
		}
		orders = l.prove()
		l.toldOnce()
		if code, took := n.stop(t); code != 0 {
			t.Errorf("it stopped with exit code %d after %s", code, took)
		}
		n.quiet(t)
		verified(t, w.address)
		t.Logf("%d kills, %d acts acknowledged before one, %d purchase orders, hot limit %s", rounds(t), acts, orders, l.limit.Amount())
	})
}

// A command is killed before it has ended: what it does is done, or it is as though it had never been given; either
// way it can be given again.
func TestACommandThatIsKilledHasDoneAllOrNothing(t *testing.T) {
	const products = 1000
	engines(t, func(t *testing.T, fresh func() string) {
		rng := chance(t)
		w := plant(t, fresh(), 1, money.Of(1, "EUR"))
		folder := t.TempDir()
		for round := range 2 {
			var rows strings.Builder
			rows.WriteString("sku,name,unit,category,price\n")
			for i := range products {
				fmt.Fprintf(&rows, "R%d-%d,Thing %d,pcs,Round %d,1.%02d\n", round, i, i, round, i%100)
			}
			file := filepath.Join(folder, fmt.Sprintf("round-%d.csv", round))
			if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			broken(t, rng, w.address, "import", "--list", "Base", file)
			out := well(t, w.address, "import", "--list", "Base", file).out
			if !strings.HasPrefix(out, fmt.Sprintf("%d products made, 0 changed, 0 as they were", products)) && !strings.HasPrefix(out, fmt.Sprintf("0 products made, 0 changed, %d as they were", products)) {
				t.Errorf("after an import that was killed: %s", out)
			}

			backup := filepath.Join(folder, fmt.Sprintf("backup-%d.zip", round))
			broken(t, rng, w.address, "backup", backup)
			if _, err := os.Stat(backup); err != nil { // it is not there yet
				well(t, w.address, "backup", backup)
			}
			address := fresh()
			broken(t, rng, address, "restore", backup)
			if r := run(t, address, "restore", backup); r.code != 0 && !strings.Contains(r.err, "not empty") {
				t.Errorf("after a restore that was killed: %s%s", r.out, r.err)
			}
			out = well(t, address, "import", "--list", "Base", file).out
			if !strings.HasPrefix(out, fmt.Sprintf("0 products made, 0 changed, %d as they were", products)) {
				t.Errorf("what was restored has not all: %s", out)
			}
			well(t, address, "verify")
		}
		well(t, w.address, "verify")
	})
}

// broken begins a command, and kills it at some moment of its first half second, if it has not ended by then.
func broken(t *testing.T, rng *rand.Rand, address string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rng.Int64N(int64(500*time.Millisecond))))
	defer cancel()
	if err := command(ctx, address, args...).Run(); err != nil && ctx.Err() == nil {
		t.Errorf("%s: %v", args, err)
	}
}
