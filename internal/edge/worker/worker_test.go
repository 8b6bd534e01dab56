package worker

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/gateway/mailer"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// node is one node of an installation.
func node(db *store.DB, mails string) *Worker {
	guard := webhook.Guard{AllowPrivate: true}
	return &Worker{
		Log:  slog.New(slog.NewTextHandler(io.Discard, nil)),
		Told: db.Told(),
		Notifying: notifying.New(db, notifying.Settings{Public: "https://buy.example.com", From: mailer.Address{Mail: "kontor@buy.example.com"},
			Sender: mailer.Folder{Dir: mails}}),
		Exchanging: exchanging.New(db, exchanging.Settings{Public: "https://buy.example.com", Guard: guard,
			Client: webhook.New(webhook.Options{Guard: guard, Timeout: 5 * time.Second, Now: time.Now, Agent: "Kontor/test"})}),
		Approving:  approving.New(db),
		Organising: organising.With(db, organising.Settings{Public: "https://buy.example.com", Mails: true}), Importing: importing.New(db),
		Seal: auditing.New(db).Seal,
		Uses: granting.New(db).RecordUses,
	}
}

// until runs check at once and then often, until it holds.
func until(t *testing.T, what string, check func() bool) {
	t.Helper()
	often := time.NewTicker(5 * time.Millisecond)
	defer often.Stop()
	enough := time.After(30 * time.Second)
	for !check() {
		select {
		case <-often.C:
		case <-enough:
			t.Fatal("it never came to it that", what)
		}
	}
}

// Two nodes work on one database: an order is placed, and everybody hears of it once.
func TestTwoNodesWorkOnOneDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		mails := t.TempDir()
		var posts atomic.Int64
		receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posts.Add(1) }))
		defer receiver.Close()
		nodes := []*Worker{node(db, mails), node(db, mails)}
		_, err := nodes[0].Exchanging.CreateWebhook(t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: "ERP", URL: receiver.URL, Filters: []string{"order.placed"}})
		if err != nil {
			t.Fatal(err)
		}
		working, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for _, n := range nodes {
			wg.Go(func() { n.Run(working) })
		}
		const orders = 6
		p := purchasing.New(db, step.NewRulebook())
		for range orders {
			c, err := p.Add(t.Context(), w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
			if err == nil {
				c, err = p.Prepare(t.Context(), w.Ann, c.ID, c.Version, cart.Checkout{Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount})
			}
			if err == nil {
				_, err = p.Submit(t.Context(), w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		told := func() []notice.Notice {
			list, err := nodes[0].Notifying.Inbox(t.Context(), w.Ann, page.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			return list.Rows
		}
		written := func() int {
			all, err := os.ReadDir(mails)
			if err != nil {
				t.Fatal(err)
			}
			return len(slices.DeleteFunc(all, func(e os.DirEntry) bool { return !strings.HasSuffix(e.Name(), ".eml") }))
		}
		until(t, "Ann heard of her orders, by mail and otherwise, and so did the ERP", func() bool {
			return len(told()) >= orders && written() >= orders && posts.Load() >= orders
		})
		stop()
		wg.Wait()
		for _, n := range nodes { // what was left undone would be done again now
			if _, err := n.react(t.Context(), system()); err != nil {
				t.Error(err)
			}
			for {
				worked, err := n.Exchanging.Deliver(t.Context(), system())
				if err != nil {
					t.Error(err)
				}
				if !worked {
					break
				}
			}
		}
		if len(told()) != orders || written() != orders || posts.Load() != orders {
			t.Errorf("of %d orders Ann has %d notices and %d mails, and the ERP %d posts", orders, len(told()), written(), posts.Load())
		}
	})
}

// Bob may not approve any more: what waits for him goes to Dan, without anybody asking for it.
func TestWhatWaitsGoesToWhoMayDecide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		n := node(db, t.TempDir())
		limit := money.Of(0, "EUR")
		_, err := n.Approving.CreateRule(t.Context(), w.Dan, approval.Rule{Name: "All", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &limit, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}})
		if err != nil {
			t.Fatal(err)
		}
		p := purchasing.New(db, step.NewRulebook())
		c, err := p.Add(t.Context(), w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
		if err == nil {
			c, err = p.Prepare(t.Context(), w.Ann, c.ID, c.Version, cart.Checkout{Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount})
		}
		if err == nil {
			_, err = p.Submit(t.Context(), w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		}
		if err != nil {
			t.Fatal(err)
		}
		working, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { n.Run(working) })
		defer func() { stop(); wg.Wait() }()
		held, err := granting.New(db).Held(t.Context(), w.Dan, w.Bob.Member)
		if err != nil || len(held) == 0 {
			t.Fatalf("%v, %v", held, err)
		}
		if err := granting.New(db).Revoke(t.Context(), w.Dan, held[0].Assignment.ID); err != nil {
			t.Fatal(err)
		}
		until(t, "Dan was asked, and told", func() bool {
			counts, err := n.Approving.Counts(t.Context(), w.Dan)
			if err != nil {
				t.Fatal(err)
			}
			inbox, err := n.Notifying.Inbox(t.Context(), w.Dan, page.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			return counts.Waiting.N == 1 && slices.ContainsFunc(inbox.Rows, func(n notice.Notice) bool { return n.Event == notice.ApprovalRequested })
		})
	})
}

func TestARoundSurvivesWhatGoesWrong(t *testing.T) {
	w := &Worker{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	pokes := map[string]chan struct{}{"r": make(chan struct{}, 1), "other": make(chan struct{}, 1)}
	w.keep(ctx, round{name: "r", every: time.Hour, pokes: []string{"other"}, do: func(context.Context) (bool, error) {
		switch n++; n {
		case 1:
			return true, errors.New("some of it could not be done")
		case 2:
			poke(pokes["r"]) // it does not wait for its time
			panic("a mistake")
		}
		stop()
		return false, nil
	}}, pokes)
	if n != 3 {
		t.Errorf("it was done %d times", n)
	}
	select {
	case <-pokes["other"]:
	default:
		t.Error("the other round was not poked")
	}
}

func TestWaits(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 100: time.Minute} {
		if got := backoff(failures); got != want {
			t.Errorf("after %d failures it rests %s, want %s", failures, got, want)
		}
	}
	for range 1000 {
		if got := jitter(time.Second); got < 900*time.Millisecond || got > 1100*time.Millisecond {
			t.Fatalf("a second became %s", got)
		}
	}
}

// Of whatever people hear, they are told by a row of the table.
func TestEverybodyWhoHearsIsToldOfInTheTable(t *testing.T) {
	w := &Worker{Notifying: &notifying.Service{}, Exchanging: &exchanging.Service{}}
	rows := w.Reactions()
	for _, r := range notice.Reactions() {
		event := string(r.Event)
		switch r.Event {
		case notice.Admitted, notice.TurnedAway, notice.CompanyBlocked, notice.CompanyUnblocked, notice.CompanyClosed, notice.Resubmitted:
			event = company.StatusWasChanged{}.EventName() // it means one of these
		case notice.Invited, notice.ResetAsked: // mails alone, with a link that stands in no event
			continue
		case notice.FactorChanged, notice.SignedInAnew: // not told yet
			continue
		}
		i := slices.IndexFunc(rows, func(o exchanging.On) bool {
			ok, err := path.Match(o.Event, event)
			return ok && err == nil && o.Event != "*"
		})
		if i < 0 {
			t.Errorf("no row tells the %s of %s", r.Tell, r.Event)
		}
	}
	if last := rows[len(rows)-1]; last.Event != "*" {
		t.Error("webhooks hear of some events only")
	}
	for _, tr := range approval.Transitions() {
		if !strings.HasPrefix(tr.Event, "purchase_order.") {
			t.Errorf("%s is in no row", tr.Event)
		}
	}
}

// The timetable and the rounds are told apart by their names.
func TestNamesAreUnique(t *testing.T) {
	w := &Worker{Notifying: &notifying.Service{}, Exchanging: &exchanging.Service{}, Seal: func(context.Context, access.Actor) (int, error) { return 0, nil }}
	seen := map[string]bool{}
	for _, r := range w.rounds() {
		if seen[r.name] || r.every <= 0 || r.abreast <= 0 || r.do == nil {
			t.Errorf("the round %+v", r)
		}
		seen[r.name] = true
	}
	if !seen[onTold] {
		t.Errorf("nobody reacts when an event was told")
	}
	for _, r := range w.rounds() {
		for _, other := range r.pokes {
			if !seen[other] {
				t.Errorf("%s pokes %s, which there is not", r.name, other)
			}
		}
	}
	for _, e := range w.timetable() {
		if seen[e.name] || e.do == nil {
			t.Errorf("the entry %+v", e)
		}
		seen[e.name] = true
	}
}
