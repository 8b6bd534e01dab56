package trust

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/money"
)

// load is people at work: buyers who fill carts, submit and withdraw, Bob who decides, Dan who gives the hot budget
// more. Everybody writes down what they were told: that is what must be there after whatever happens.
type load struct {
	t     *testing.T
	world *world
	dan   *client
	bob   *worker
	staff []*worker // the buyers

	acts   atomic.Int64 // acknowledged so far
	mu     sync.Mutex
	state  map[string]string // of purchase orders, by identifier: as it was told last
	asked  map[string]bool   // the purchase orders of which Bob was asked
	limit  money.Money       // of the hot budget, as Dan was told last
	wanted money.Money       // what he asked for after that; zero: nothing
}

// worker is one of them, with a source of chance of their own.
type worker struct {
	*client
	rng    *rand.Rand
	acts   int
	open   *act   // sent, and not answered
	told   []act  // answered, since the node was started
	gloves string // what they buy
}

// act is a request that names itself, and what it was answered.
type act struct {
	path, body, key string
	said            string
}

// newLoad lets people into a node.
func newLoad(t *testing.T, w *world, n *node, limit money.Money, rng *rand.Rand) *load {
	t.Helper()
	people := signIn(t, n, append([]string{"dan@acme.example", "bob@acme.example"}, w.buyers...)...)
	l := &load{t: t, world: w, dan: people[0], limit: limit, state: map[string]string{}, asked: map[string]bool{}}
	for _, c := range people[1:] {
		l.staff = append(l.staff, &worker{client: c, rng: rand.New(rand.NewPCG(rng.Uint64(), 0)), gloves: w.things["glove"]})
	}
	l.bob, l.staff = l.staff[0], l.staff[1:]
	return l
}

// people are all who work.
func (l *load) people() []*client {
	all := []*client{l.dan, l.bob.client}
	for _, w := range l.staff {
		all = append(all, w.client)
	}
	return all
}

// during lets everybody work while do runs.
func (l *load) during(do func()) {
	l.t.Helper()
	ctx, stop := context.WithCancel(l.t.Context())
	var wg sync.WaitGroup
	for _, w := range l.staff {
		wg.Go(func() { again(ctx, func() bool { return l.buy(w) }) })
	}
	wg.Go(func() {
		again(ctx, func() bool {
			pause(ctx, 20*time.Millisecond) // so that something waits at any time
			return l.decide()
		})
	})
	wg.Go(func() {
		again(ctx, func() bool {
			pause(ctx, 100*time.Millisecond)
			return l.raise(money.Of(60_00, "EUR"))
		})
	})
	func() {
		defer wg.Wait()
		defer stop()
		do()
	}()
	if l.t.Failed() {
		l.t.FailNow()
	}
}

// until waits until so many more acts have been acknowledged, and then for a moment.
func (l *load) until(more int64, moment time.Duration) {
	l.t.Helper()
	more += l.acts.Load()
	eventually(l.t, "they get on with their work", func() string {
		if l.acts.Load() >= more || l.t.Failed() {
			return ""
		}
		return "some acts"
	})
	pause(l.t.Context(), moment)
}

// again works until the context ends, or the node is gone.
func again(ctx context.Context, work func() bool) {
	for ctx.Err() == nil && work() {
	}
}

// pause waits for a while, or for the end.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// wrong notes what must never be answered; who got such an answer goes home.
func (l *load) wrong(who *client, what string, a answer) bool {
	l.t.Errorf("%s: %s: %s", who.name, what, a)
	return false
}

// buy puts some gloves into the cart and submits it, sometimes at the cost of the hot budget. It is false when the
// node is gone.
func (l *load) buy(w *worker) bool {
	n := 1 + w.rng.IntN(12)
	if w.rng.IntN(4) == 0 {
		n += 64 // Bob is asked
	}
	a, err := w.ask(http.MethodPost, "/api/v1/carts/current/lines", fmt.Sprintf(`{"lines":[{"product_id":%q,"quantity":"%d"}]}`, w.gloves, n))
	switch {
	case err != nil:
		return false
	case a.status != http.StatusOK:
		return l.wrong(w.client, "add to the cart", a)
	}
	centre := ""
	if w.rng.IntN(2) == 0 {
		centre = l.world.things["hot"]
	}
	refused, there := l.submit(w, a, centre)
	if there && refused { // the hot budget has not enough left: without it there is enough
		if a, err = w.ask(http.MethodGet, "/api/v1/carts/current", ""); err != nil {
			return false
		}
		if refused, there = l.submit(w, a, ""); refused {
			return l.wrong(w.client, "submit at the cost of the company alone", a)
		}
	}
	return there
}

// submit names the cost centre and submits the cart, and sometimes withdraws what has become of it.
func (l *load) submit(w *worker, shown answer, centre string) (refused, there bool) {
	cart, _ := dig(shown.body, "id") // what is missing is refused by the next request
	checkout := fmt.Sprintf(`{"payment_method":"on_account","cost_centre_id":%q}`, centre)
	a, err := w.ask(http.MethodPut, "/api/v1/carts/"+cart+"/checkout", checkout, "If-Match", shown.header.Get("ETag"))
	if err != nil {
		return false, false
	}
	version, _ := dig(a.body, "version")
	if a.status != http.StatusOK {
		return false, l.wrong(w.client, "prepare the checkout of "+shown.String(), a)
	}
	w.acts++
	w.open = &act{path: "/api/v1/carts/" + cart + "/submit", body: fmt.Sprintf(`{"version":%s}`, version), key: fmt.Sprintf("%s-%d", w.name, w.acts)}
	if a, err = l.finish(w); err != nil {
		return false, false
	}
	switch {
	case a.status == http.StatusOK:
		l.submitted(a.body)
	case a.status == http.StatusUnprocessableEntity && centre != "" && strings.Contains(a.body, `"budget.`):
		return true, true
	default:
		return false, l.wrong(w.client, "submit", a)
	}
	order, _ := dig(a.body, "purchase_order_id")
	if state, _ := dig(a.body, "state"); state != "pending_approval" || w.rng.IntN(4) != 0 {
		return false, true
	}
	a, err = w.ask(http.MethodPost, "/api/v1/purchase-orders/"+order+"/withdraw", `{"reason":"no longer needed"}`)
	switch {
	case err != nil:
		return false, false
	case a.status == http.StatusOK:
		l.note(order, "cancelled")
	case a.status != http.StatusConflict: // Bob was faster
		return false, l.wrong(w.client, "withdraw", a)
	}
	return false, true
}

// finish sends the act that is open, and writes down the answer.
func (l *load) finish(w *worker) (answer, error) {
	a, err := w.ask(http.MethodPost, w.open.path, w.open.body, "Idempotency-Key", w.open.key)
	if err != nil {
		return a, err
	}
	if a.status == http.StatusOK {
		w.open.said = a.body
		w.told = append(w.told, *w.open)
		l.acts.Add(1)
	}
	w.open = nil
	return a, nil
}

// submitted notes that a purchase order is there.
func (l *load) submitted(body string) {
	order, _ := dig(body, "purchase_order_id")
	state, _ := dig(body, "state")
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state[order] == "" { // Bob may have heard of it, and decided, before the buyer was told
		l.state[order] = state
	}
	if state == "pending_approval" {
		l.asked[order] = true
	}
}

// note notes what has become of a purchase order.
func (l *load) note(order, state string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state[order] = state
}

// decide lets Bob decide on one of those that wait.
func (l *load) decide() bool {
	b := l.bob
	list, err := b.ask(http.MethodGet, "/api/v1/approvals?limit=20", "")
	if err != nil {
		return false
	}
	if list.status != http.StatusOK {
		return l.wrong(b.client, "list what waits", list)
	}
	text, _ := dig(list.body, "items.#")
	waiting, err := strconv.Atoi(text)
	if err != nil || waiting == 0 {
		return err == nil || l.wrong(b.client, "list what waits", list)
	}
	one := fmt.Sprintf("items.%d.", b.rng.IntN(waiting))
	order, _ := dig(list.body, one+"id")
	hash, _ := dig(list.body, one+"content_hash")
	verdict := "approve"
	if b.rng.IntN(4) == 0 {
		verdict = "reject"
	}
	b.acts++
	b.open = &act{path: "/api/v1/purchase-orders/" + order + "/decisions", key: fmt.Sprintf("bob-%d", b.acts),
		body: fmt.Sprintf(`{"verdict":%q,"reason":"because","content_hash":%q}`, verdict, hash)}
	a, err := l.finish(b)
	switch {
	case err != nil:
		return false
	case a.status == http.StatusOK:
		l.decided(a.body)
	case a.status != http.StatusConflict: // it was withdrawn
		return l.wrong(b.client, "decide", a)
	}
	return true
}

func (l *load) decided(body string) {
	order, _ := dig(body, "purchase_order_id")
	state, _ := dig(body, "state")
	l.note(order, state)
}

// raise lets Dan give the hot budget more.
func (l *load) raise(by money.Money) bool {
	l.mu.Lock()
	l.wanted = money.Of(l.limit.Minor+by.Minor, "EUR")
	body := fmt.Sprintf(`{"limit":{"amount":%q,"currency":"EUR"},"reason":"they want more"}`, l.wanted.Amount())
	l.mu.Unlock()
	at := "/api/v1/budgets/" + l.world.things["hot_budget"]
	a, err := l.dan.ask(http.MethodGet, at, "")
	if err != nil {
		return false
	}
	if a.status != http.StatusOK {
		return l.wrong(l.dan, "look at the limit", a)
	}
	a, err = l.dan.ask(http.MethodPut, at+"/limit", body, "If-Match", a.header.Get("ETag"))
	if err != nil {
		return false
	}
	if a.status != http.StatusOK {
		return l.wrong(l.dan, "raise the limit", a)
	}
	l.mu.Lock()
	l.limit, l.wanted = l.wanted, money.Money{}
	l.mu.Unlock()
	return true
}

// recover finds out what has become of what was not answered, and asks again for everything that was: each key comes
// to the outcome that it came to before.
func (l *load) recover() (acts int) {
	l.t.Helper()
	var wg sync.WaitGroup
	for _, w := range append(slices.Clone(l.staff), l.bob) {
		acts += len(w.told)
		wg.Go(func() {
			for _, was := range w.told {
				a, err := w.ask(http.MethodPost, was.path, was.body, "Idempotency-Key", was.key)
				if err != nil || a.status != http.StatusOK || a.body != was.said {
					l.t.Errorf("%s was told\n%s\nand under the same key afterwards\n%s %v", w.name, was.said, a, err)
				}
			}
			w.told = nil
			if w.open == nil {
				return
			}
			deciding := strings.HasSuffix(w.open.path, "/decisions")
			a, err := l.finish(w)
			switch {
			case err != nil:
				l.t.Errorf("%s: %v", w.name, err)
			case a.status == http.StatusOK && deciding:
				l.decided(a.body)
			case a.status == http.StatusOK:
				l.submitted(a.body)
			case a.status != http.StatusConflict && a.status != http.StatusUnprocessableEntity:
				l.wrong(w.client, "ask again for what was not answered", a)
			}
		})
	}
	wg.Wait()
	if l.t.Failed() {
		l.t.FailNow()
	}
	return acts
}

// sheet is what the tests read of a purchase order.
type sheet struct {
	ID     string
	Number string
	State  string
	Centre *struct{ ID string } `json:"cost_centre"`
	Net    struct{ Amount string }
}

// prove holds the database against what everybody has written down: nothing is missing, nothing is there twice, and
// the hot budget is used by exactly those purchase orders that are charged to it, and not beyond its limit.
func (l *load) prove() (orders int) {
	l.t.Helper()
	found := map[string]bool{}
	numbers := map[string]bool{}
	var hot, all int64 // minor units that hold money of the two budgets
	for _, text := range l.dan.all(l.t, "/api/v1/purchase-orders") {
		var po sheet
		if err := json.Unmarshal([]byte(text), &po); err != nil {
			l.t.Fatal(err)
		}
		was := l.state[po.ID]
		switch {
		case found[po.ID] || numbers[po.Number]:
			l.t.Errorf("%s is there twice", po.Number)
		case was == "":
			l.t.Errorf("%s (%s) is there, and nobody was told so", po.Number, po.ID)
		case was != po.State && was != "pending_approval":
			l.t.Errorf("%s is %s, and was %s", po.Number, po.State, was)
		}
		found[po.ID], numbers[po.Number] = true, true
		if po.State != "placed" && po.State != "pending_approval" {
			continue
		}
		net, err := money.Parse(po.Net.Amount, "EUR")
		if err != nil {
			l.t.Fatal(err)
		}
		all += net.Minor
		if po.Centre != nil && po.Centre.ID == l.world.things["hot"] {
			hot += net.Minor
		}
	}
	for order := range l.state {
		if !found[order] {
			l.t.Errorf("%s was acknowledged, and is not there", order)
		}
	}
	if limit := l.budget("hot_budget", hot); limit != l.limit && limit != l.wanted {
		l.t.Errorf("the limit of the hot budget is %s; Dan was told %s, and asked for %s", limit.Amount(), l.limit.Amount(), l.wanted.Amount())
	} else {
		l.limit, l.wanted = limit, money.Money{}
	}
	l.budget("whole_budget", all)
	if l.t.Failed() {
		l.t.FailNow()
	}
	return len(found)
}

// budget holds a budget against what is charged to it, and gives its limit.
func (l *load) budget(name string, charged int64) (limit money.Money) {
	l.t.Helper()
	text := l.dan.must(l.t, http.MethodGet, "/api/v1/budgets/"+l.world.things[name], "")
	amount := func(name string) money.Money {
		m, err := money.Parse(has(l.t, text, "period."+name+".amount"), "EUR")
		if err != nil {
			l.t.Fatal(err)
		}
		return m
	}
	limit = amount("limit")
	if used := amount("held").Minor + amount("spent").Minor; used != charged || used > limit.Minor {
		l.t.Errorf("of the %s's %s are %s used, and its purchase orders come to %s", name, limit.Amount(), money.Of(used, "EUR").Amount(), money.Of(charged, "EUR").Amount())
	}
	return limit
}

// toldOnce waits until Bob has been told of every purchase order that he was asked about, and fails when he was told
// of anything twice.
func (l *load) toldOnce() {
	l.t.Helper()
	eventually(l.t, "Bob has heard of every purchase order that asks him", func() string {
		times := map[string]int{}
		for _, text := range l.bob.all(l.t, "/api/v1/inbox") {
			times[has(l.t, text, "event")+" "+has(l.t, text, "subject_id")]++
		}
		var missing []string
		for what, n := range times {
			if n != 1 {
				l.t.Fatalf("Bob was told %d times of %s", n, what)
			}
		}
		for order := range l.asked {
			if times["purchase_order.approval_requested "+order] == 0 {
				missing = append(missing, order)
			}
		}
		return strings.Join(missing, " ")
	})
}

// eventually asks often, until nothing is missing any more.
func eventually(t *testing.T, what string, missing func() string) {
	t.Helper()
	eventuallyIn(t, time.Minute, what, missing)
}

// eventuallyIn is eventually for what may take longer.
func eventuallyIn(t *testing.T, most time.Duration, what string, missing func() string) {
	t.Helper()
	often := time.NewTicker(5 * time.Millisecond)
	defer often.Stop()
	enough := time.After(most)
	for {
		m := missing()
		if m == "" {
			return
		}
		select {
		case <-often.C:
		case <-enough:
			t.Fatalf("it never came to it that %s: %.500s", what, m)
		}
	}
}
