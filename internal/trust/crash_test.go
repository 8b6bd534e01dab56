package trust

import (
	"os"
	"strconv"
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
