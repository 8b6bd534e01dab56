package demo

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/storetest"
	"kontor/internal/usecase/purchasing"
)

var golden = flag.Bool("golden", false, "rewrite what the tests expect")

// first is how many orders the tests replay: enough for every band, fallback and outcome.
const first = 300

func TestReplayGolden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		said := replayed(t, db, Options{First: first})
		file := filepath.Join("testdata", "replay.txt")
		if *golden {
			if err := os.WriteFile(file, []byte(lasting(said)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || lasting(said) != string(want) {
			t.Errorf("%s: %v, got\n%s", file, err, said)
		}
		for _, row := range []string{"submit  ", "decide  ", " a second, each a cart"} {
			if !strings.Contains(said, row) {
				t.Errorf("nothing is said of the speed: %q", row)
			}
		}
		if moved := time.Since(db.Times()).Abs(); moved > time.Minute {
			t.Errorf("the clock still goes %s wrong", moved)
		}

		before := traces(t, db)
		again := replayed(t, db, Options{First: first})
		if after := traces(t, db); after != before {
			t.Errorf("the second run has changed something:\n%s%s", before, after)
		}
		if !strings.Contains(again, "sent now: 0, found as they are: 300") || tables(again) != tables(said) {
			t.Errorf("the second run has found something else:\n%s", again)
		}
	})
}

func TestAReplayThatBrokeOffGoesOn(t *testing.T) {
	db := storetest.Lite(t)
	replayed(t, db, Options{First: 17})
	// It broke off when the next buyer had filled her cart.
	ctx, s := context.Background(), source(t)
	r := &replay{clock: wind(db)}
	if err := r.prepare(ctx, open(db), s, false, limits(s.Orders, false)); err != nil {
		t.Fatal(err)
	}
	buyer, err := r.as(ctx, r.members[s.Orders[17].Buyer])
	if err != nil {
		t.Fatal(err)
	}
	left := []purchasing.AddLine{{Product: r.products["AR-5381@LITWARE0001"], Quantity: quantity.Of(7)}}
	if _, err := r.purchasing.Add(ctx, buyer, purchasing.AddInput{Lines: left}); err != nil {
		t.Fatal(err)
	}
	if said := replayed(t, db, Options{First: 40}); !strings.Contains(said, "sent now: 23, found as they are: 17") {
		t.Errorf("got %s", said)
	}
	if said := replayed(t, db, Options{First: 5}); !strings.Contains(said, "sent now: 0, found as they are: 40") {
		t.Errorf("what is there is not checked when less is asked for: %s", said)
	}
}

func TestAReplayStandsBesideTheDemoWorld(t *testing.T) {
	db := storetest.Lite(t)
	planted(t, db)
	orders := len(world(t, db).orders(t))
	replayed(t, db, Options{First: 30})
	if n := len(world(t, db).orders(t)); n != orders {
		t.Errorf("the demo world had %d purchase orders, and has %d", orders, n)
	}
}

func TestHalfTheBudgetRefusesWhatExceedsIt(t *testing.T) {
	db, s := storetest.Lite(t), source(t)
	s.Orders = s.Orders[:150]
	want := foretell(s.Orders, limits(s.Orders, true))
	if len(want.refused) < 5 {
		t.Fatalf("only %d orders exceed their budget", len(want.refused))
	}
	said := replayed(t, db, Options{Source: s, Half: true})
	if !regexp.MustCompile(fmt.Sprintf(`foretold +%d\n`, len(want.refused))).MatchString(said) {
		t.Errorf("%d orders must be refused: %s", len(want.refused), said)
	}
	before := traces(t, db)
	if again := replayed(t, db, Options{Source: s, Half: true}); tables(again) != tables(said) || traces(t, db) != before {
		t.Errorf("the second run differs:\n%s", again)
	}
}

func TestAReplayFailsOnWhateverDiffers(t *testing.T) {
	db := storetest.Lite(t)
	replayed(t, db, Options{First: 20})
	for _, c := range []struct {
		sentence, want string
		change         func(*Order)
	}{
		{"another price", "order 5 comes to", func(o *Order) { o.Lines[0].Price.E4 += 10_000 }},
		{"another quantity", "order 5 comes to", func(o *Order) { o.Lines[0].Quantity *= 2 }},
		{"another article", "order 5 has", func(o *Order) { o.Lines[0].SKU = "BA-8327" }},
		{"one line less", "order 5 comes to", func(o *Order) { o.Lines = o.Lines[1:] }},
		{"another outcome", "order 5 was rejected, and is placed", func(o *Order) { o.Outcome = Rejected }},
		{"another buyer", "order 5 is not its buyer's", func(o *Order) { o.Buyer = o.Buyer.Manager }},
		{"another supplier", "order 5 has", func(o *Order) { o.Supplier = "Nobody" }},
		{"another day", "is not by the contract of its day", func(o *Order) { o.On = "2022-04-30" }},
	} {
		s := source(t)
		i := slices.IndexFunc(s.Orders, func(o Order) bool { return o.Number == "5" })
		s.Orders[i].Lines = slices.Clone(s.Orders[i].Lines)
		c.change(&s.Orders[i])
		err := Replay(context.Background(), db, Options{Source: s, First: 20}, &strings.Builder{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.sentence, err, c.want)
		}
	}
	s := source(t)
	s.Orders = slices.Delete(s.Orders, 3, 4)
	if err := Replay(context.Background(), db, Options{Source: s, First: 19}, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "is of no order of the source") {
		t.Errorf("an order too many: %v", err)
	}
}

// replayed is what a replay says that must go well.
func replayed(t testing.TB, db *store.DB, o Options) string {
	t.Helper()
	var out strings.Builder
	if err := Replay(context.Background(), db, o, &out); err != nil {
		t.Fatal(err, out.String())
	}
	return out.String()
}

// lasting is what a replay says that is the same every time and everywhere.
func lasting(said string) string {
	said = regexp.MustCompile(`(?m)^(speed|submit|decide|\S+ orders in) .*\n+`).ReplaceAllString(said, "")
	return regexp.MustCompile(`, on \w+\n`).ReplaceAllString(said, "\n")
}

// tables is what stands behind how many orders were sent.
func tables(said string) string {
	_, all, _ := strings.Cut(lasting(said), "\n\n")
	return all
}

// traces is how many rows each table has, and how often they have changed.
func traces(t testing.TB, db *store.DB) string {
	t.Helper()
	var all []string
	err := db.Engine().Read(context.Background(), func(tx *engine.Tx) error {
		for table, changes := range map[string]string{"account": "version", "company": "version + rights_version + rules_version", "node": "0", "unit": "version",
			"member": "version", "role": "version", "assignment": "0", "address": "version", "cost_centre": "version", "category": "0", "product": "version",
			"price": "rate_e4", "contract_price": "rate_e4", "cart": "version", "cart_line": "0", "purchase_order": "version", "orders": "version", "ask": "0",
			"decision": "0", "approval_rule": "version", "budget": "version", "purse": "version", "ledger": "0", "once": "0", "audit": "0", "outbox": "0", "series": "last"} {
			var rows, sum int64
			tx.Ask("select count(*), cast(coalesce(sum("+changes+"), 0) as bigint) from "+table).Row(access.ErrUnseen, &rows, &sum)
			if err := tx.Fetch(context.Background()); err != nil {
				return err
			}
			all = append(all, fmt.Sprintln(table, rows, sum))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return strings.Join(all, "")
}
