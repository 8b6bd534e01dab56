package exchanging_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/order"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/exchanging"
)

var (
	ctx    = context.Background()
	system = access.System(id.Company{})
)

// world is the cast, with a clock that a test sets forward.
type world struct {
	*cast.World
	t     testing.TB
	clock *clock
	count map[id.Order]int // of what has happened to each
	*exchanging.Service
}

// each builds the world on both engines.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newWorld(t, db)) })
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{World: cast.Acme(t, db), t: t, clock: &clock{}, count: map[id.Order]int{}, Service: service(db)}
	db.Engine().SetClock(w.clock.now)
	w.relay() // what it took to build the world
	return w
}

// service is one node's share.
func service(db *store.DB) *exchanging.Service {
	guard := webhook.Guard{AllowPrivate: true}
	client := webhook.New(webhook.Options{Guard: guard, Timeout: 5 * time.Second, Now: time.Now, Agent: "Kontor/test"})
	return exchanging.New(db, exchanging.Settings{Public: "https://buy.example.com", Guard: guard, Client: client, Random: rand.Reader,
		Chance: func() float64 { return 0.5 }})
}

// clock runs as clocks do, and can be set forward.
type clock struct {
	sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) jump(by time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.ahead += by
}

// relay makes deliveries of everything that happened.
func (w *world) relay() {
	w.t.Helper()
	for {
		n, err := w.Relay(ctx, system, []exchanging.On{{Event: "*", Do: w.React}})
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// deliver makes all deliveries that are due, and says in how many turns.
func (w *world) deliver() (turns int) {
	w.t.Helper()
	for ; ; turns++ {
		worked, err := w.Deliver(ctx, system)
		if err != nil {
			w.t.Fatal(err)
		}
		if !worked {
			return turns
		}
	}
}

// happen tells so many times that an order has moved; each bears the next number.
func (w *world) happen(company id.Company, o id.Order, times int) {
	w.t.Helper()
	for range times {
		err := w.DB.Write(ctx, access.System(company), func(tx *store.Tx, actor access.Actor) error {
			tx.Tell(actor, order.HasMoved{OrderID: o, Number: fmt.Sprint(w.count[o])})
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
		w.count[o]++
	}
}

func (w *world) newOrder() id.Order { return id.NewOrder(w.DB.Times()) }

// hook adds a webhook of the actor's company that leads to a receiver.
func (w *world) hook(actor access.Actor, r *receiver, filters ...string) exchanging.CreatedWebhook {
	w.t.Helper()
	if len(filters) == 0 {
		filters = []string{"order.*"}
	}
	made, err := w.CreateWebhook(ctx, actor, exchanging.CreateWebhookInput{Name: "Hook " + id.NewWebhook(w.DB.Times()).String(), URL: r.URL, Filters: filters})
	if err != nil {
		w.t.Fatal(err)
	}
	r.trust(w.t, made.Secret)
	return made
}

func (w *world) get(actor access.Actor, key id.Webhook) exchanging.Webhook {
	w.t.Helper()
	found, err := w.GetWebhook(ctx, actor, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func (w *world) deliveries(actor access.Actor, key id.Webhook) []exchanging.Delivered {
	w.t.Helper()
	list, err := w.ListDeliveries(ctx, actor, exchanging.ListDeliveriesInput{Webhook: key})
	if err != nil {
		w.t.Fatal(err)
	}
	return list.Rows
}

// receiver is a company's own system. It checks who signed, and keeps what it took, in the order in which it did.
type receiver struct {
	*httptest.Server
	t     testing.TB
	clock *clock

	mu      sync.Mutex
	secrets []webhook.Secret
	answer  func(m message) int // the status; nil: always 200
	tries   int
	taken   []message
}

// message is what a receiver is sent.
type message struct {
	Key     string `json:"-"` // of the delivery
	Type    string `json:"type"`
	ID      string `json:"id"`
	Source  string `json:"source"`
	Subject string `json:"subject"`
	Place   string `json:"sequence"`
	Data    struct {
		Number string `json:"number"`
	} `json:"data"`
	raw []byte
}

func (w *world) receiver() *receiver {
	r := &receiver{t: w.t, clock: w.clock}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	w.t.Cleanup(r.Close)
	return r
}

func (r *receiver) trust(t testing.TB, secrets ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets = nil
	for _, text := range secrets {
		s, err := webhook.ParseSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		r.secrets = append(r.secrets, s)
	}
}

// answering says how the receiver answers from now on.
func (r *receiver) answering(answer func(m message) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func status(code int) func(message) int { return func(message) int { return code } }

func (r *receiver) serve(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	m := message{Key: request.Header.Get(webhook.HeaderID), raw: body}
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	if err != nil || request.Header.Get("Content-Type") != webhook.ContentType {
		r.t.Errorf("a post that is no event: %v", err)
	}
	r.mu.Lock()
	if err := webhook.Verify(request.Header, body, r.clock.now(), r.secrets...); err != nil {
		r.t.Error(err)
	}
	answer := r.answer
	r.tries++
	r.mu.Unlock()
	code := http.StatusOK
	if answer != nil {
		code = answer(m)
	}
	if code/100 == 2 {
		r.mu.Lock()
		r.taken = append(r.taken, m)
		r.mu.Unlock()
	}
	w.WriteHeader(code)
	_, _ = w.Write([]byte("as you like it")) // whoever asked may have gone
}

func (r *receiver) got() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]message(nil), r.taken...)
}

func (r *receiver) tried() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries
}

// sound checks what a receiver took of events that bear the numbers 0, 1, 2 … of each subject: none is missing, each
// subject's came in order, and what came twice is the same.
func (r *receiver) sound(subjects []id.Order, times int) {
	r.t.Helper()
	next := map[string]int{}
	first := map[string][]byte{}
	for _, m := range r.got() {
		if was, again := first[m.Key]; again {
			if !bytes.Equal(was, m.raw) {
				r.t.Errorf("%s came again as something else", m.Key)
			}
			continue
		}
		first[m.Key] = m.raw
		if m.Data.Number != fmt.Sprint(next[m.Subject]) {
			r.t.Errorf("of %s came %s, want %d", m.Subject, m.Data.Number, next[m.Subject])
		}
		next[m.Subject]++
	}
	for _, s := range subjects {
		if next[s.String()] != times {
			r.t.Errorf("of %s came %d events, want %d", s, next[s.String()], times)
		}
	}
}
