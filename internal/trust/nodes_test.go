package trust

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kontor/internal/base/money"
	"kontor/internal/storetest"
)

// A node is asked to stop in the middle of work. It takes nobody new, finishes what it has begun, and ends well.
func TestWhatIsUnderWayEndsBeforeANodeStops(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		rng := chance(t)
		limit := money.Of(1_000_00, "EUR")
		w := plant(t, fresh(), 6, limit)
		n := serve(t, w.address)
		l := newLoad(t, w, n, limit, rng)
		l.during(func() {
			l.until(5+rng.Int64N(30), time.Duration(rng.Int64N(int64(20*time.Millisecond))))
			slow := l.dan.begin(t, http.MethodPost, "/api/v1/cost-centres", `{"code":"SLOW","name":"Written while the node stops"}`)
			signIn(t, n, "ann@acme.example") // who came later is in, so that one is in too
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				code, took := n.stop(t)
				if code != 0 || took > 10*time.Second {
					t.Errorf("it stopped with exit code %d after %s:\n%s", code, took, n.log)
				}
				t.Logf("stopped in %s", took)
			}()
			eventually(t, "nobody new is let in", func() string {
				c, err := net.Dial("tcp", strings.TrimPrefix(n.url, "http://"))
				if err != nil {
					return ""
				}
				_ = c.Close() // it was only to see
				return "a refusal"
			})
			if status := slow.end(t); status != http.StatusCreated {
				t.Errorf("what was under way was answered %d", status)
			}
			<-ended
		})
		n.quiet(t)
		verified(t, w.address)
		n = serve(t, w.address)
		move(n, l.people()...)
		l.recover()
		l.prove()
		l.toldOnce()
		if centres := strings.Join(l.dan.all(t, "/api/v1/cost-centres"), "\n"); strings.Count(centres, `"SLOW"`) != 1 {
			t.Errorf("what was answered while the node stopped is not there:\n%s", centres)
		}
	})
}

// planting starts a node that plants the demo world first. It does not wait for it.
func planting(t *testing.T, address string) (n *node, out *said) {
	t.Helper()
	cmd := command(context.Background(), address, "serve", "--addr", "127.0.0.1:0", "--demo")
	out = &said{}
	n = &node{cmd: cmd, log: &said{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, n.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait() // how it ended is read from its state
		close(n.ended)
	}()
	t.Cleanup(n.kill)
	return n, out
}

// Two nodes are started with the demo world on a database in which there is nothing at all, at the same moment. Both come up, and
// there is one world: as many rows of everything as one alone plants, everybody signs in at either, and verify finds nothing.
func TestTwoNodesPlantOneDemoWorld(t *testing.T) {
	address := empty(t)
	var nodes [2]*node
	var outs [2]*said
	for i := range nodes {
		nodes[i], outs[i] = planting(t, address)
	}
	line := regexp.MustCompile(`(?m)^Kontor answers at (http://\S+)`)
	for i, n := range nodes {
		eventuallyIn(t, 3*time.Minute, fmt.Sprintf("node %d answers", i), func() string {
			select {
			case <-n.ended:
				t.Fatalf("node %d ended with exit code %d: %s%s", i, n.cmd.ProcessState.ExitCode(), outs[i], n.log)
			default:
			}
			m := line.FindStringSubmatch(outs[i].String())
			if m == nil {
				return "so far: " + outs[i].String()
			}
			n.url = m[1]
			return ""
		})
		if said := outs[i].String(); !strings.Contains(said, "The demo world is there.") || !strings.Contains(said, "dan@acme.example") {
			t.Errorf("node %d says: %s", i, said)
		}
	}
	for _, n := range nodes {
		for _, email := range []string{"ann@acme.example", "dan@acme.example", "eve@globex.example"} {
			a := (&client{url: n.url, http: http.DefaultClient}).must(t, http.MethodPost, "/api/v1/sessions", fmt.Sprintf(`{"email":%q,"password":"correct-horse-demo-2026"}`, email))
			if !strings.Contains(a, "token") {
				t.Errorf("%s at %s: %s", email, n.url, a)
			}
		}
	}
	for i, n := range nodes {
		if code, took := n.stop(t); code != 0 {
			t.Errorf("node %d stopped with exit code %d after %s", i, code, took)
		}
		n.quiet(t)
	}
	verified(t, address)
	alone := empty(t)
	well(t, alone, "seed")
	got, want := rows(t, address), rows(t, alone)
	for table, n := range want {
		if got[table] != n && n > 0 {
			t.Errorf("%s has %d rows, and of one that planted alone %d", table, got[table], n)
		}
	}
	if len(want) < 10 || want["purchase_order"] == 0 {
		t.Errorf("compared %v: is the test blind?", want)
	}
}

// rows are how many rows the tables have in which a world stands. Sessions, the queues and what follows from time are not of it.
func rows(t *testing.T, address string) map[string]int64 {
	t.Helper()
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(context.WithoutCancel(t.Context())) }() // it was only to look
	all := map[string]int64{}
	for _, table := range []string{"company", "account", "member", "node", "unit", "role", "assignment", "address", "product", "price_list", "approval_rule", "budget", "cost_centre",
		"purchase_order", "orders", "invitation", "customer_group"} {
		var n int64
		if err := c.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		all[table] = n
	}
	return all
}

// slow is a request of which the last byte is still to come.
type slow struct {
	net.Conn
	last string
}

// begin sends a request but for its last byte.
func (c *client) begin(t *testing.T, method, path, body string) *slow {
	t.Helper()
	host := strings.TrimPrefix(c.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // it may have been closed by the other side
	_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, path, host, c.token, len(body), body[:len(body)-1])
	if err != nil {
		t.Fatal(err)
	}
	return &slow{conn, body[len(body)-1:]}
}

// end sends the last byte, and gives the status of the answer.
func (s *slow) end(t *testing.T) int {
	t.Helper()
	if _, err := s.Write([]byte(s.last)); err != nil {
		t.Error(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(s), nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	return res.StatusCode
}

// Two nodes serve one database. 64 people want what is enough for ten, all at once, half of them here and half there:
// ten get it. What follows is done once, whichever node does it.
func TestTwoNodesAreOne(t *testing.T) {
	const people, enough = 64, 10
	const each = `{"lines":[{"product_id":%q,"quantity":"100"}]}` // 100 gloves are 790.00 net: Bob is asked
	w := plant(t, storetest.Database(t), people, money.Of(enough*790_00+789_99, "EUR"))
	nodes := []*node{serve(t, w.address), serve(t, w.address)}
	all := signIn(t, nodes[0], append([]string{"dan@acme.example", "bob@acme.example"}, w.buyers...)...)
	dan, bob, buyers := all[0], all[1], all[2:]
	bodies, paths := make([]string, people), make([]string, people)
	for i, c := range buyers {
		move(nodes[i%2], c)
		a, err := c.ask(http.MethodPost, "/api/v1/carts/current/lines", fmt.Sprintf(each, w.things["glove"]))
		if err != nil {
			t.Fatal(err)
		}
		paths[i] = "/api/v1/carts/" + has(t, a.body, "id")
		text := c.must(t, http.MethodPut, paths[i]+"/checkout", fmt.Sprintf(`{"payment_method":"on_account","cost_centre_id":%q}`, w.things["hot"]), "If-Match", a.header.Get("ETag"))
		bodies[i] = fmt.Sprintf(`{"version":%s}`, has(t, text, "version"))
	}
	answers := atOnce(t, people, func(i int) (answer, error) {
		return buyers[i].ask(http.MethodPost, paths[i]+"/submit", bodies[i], "Idempotency-Key", "only-one")
	})
	var orders []string
	owner := map[string]*client{}
	for i, a := range answers {
		switch {
		case a.status == http.StatusOK && has(t, a.body, "state") == "pending_approval":
			orders = append(orders, has(t, a.body, "purchase_order_id"))
			owner[orders[len(orders)-1]] = buyers[i]
		case a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"budget.`):
			t.Errorf("%s: %s", buyers[i].name, a)
		}
	}
	if len(orders) != enough {
		t.Fatalf("%d of %d got it, and there was enough for %d", len(orders), people, enough)
	}
	// Bob decides from two windows, which speak to two nodes: under one key it is one decision.
	window := *bob
	window.http = &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	move(nodes[1], &window)
	defer window.http.CloseIdleConnections()
	hashes := map[string]string{}
	for _, order := range orders {
		hashes[order] = has(t, bob.must(t, http.MethodGet, "/api/v1/purchase-orders/"+order, ""), "content_hash")
	}
	answers = atOnce(t, 2*enough, func(i int) (answer, error) {
		order, from := orders[i/2], []*client{bob, &window}[i%2]
		return from.ask(http.MethodPost, "/api/v1/purchase-orders/"+order+"/decisions",
			fmt.Sprintf(`{"verdict":"approve","content_hash":%q}`, hashes[order]), "Idempotency-Key", "yes-"+order)
	})
	for i, a := range answers {
		if a.status != http.StatusOK || a.body != answers[i-i%2].body {
			t.Errorf("decision %d: %s", i, a)
		}
	}
	for _, order := range orders {
		tell := func(c *client, event string) {
			eventually(t, c.name+" hears of "+event, func() string {
				n := 0
				for _, notice := range c.all(t, "/api/v1/inbox") {
					if has(t, notice, "event") == event && has(t, notice, "subject_id") == order {
						n++
					}
				}
				if n > 1 {
					t.Errorf("%s has heard %d times of %s", c.name, n, event)
				}
				if n == 0 {
					return "a notice"
				}
				return ""
			})
		}
		tell(bob, "purchase_order.approval_requested")
		tell(owner[order], "purchase_order.approved")
	}
	sealed(t, dan)
	for i, n := range nodes {
		if code, took := n.stop(t); code != 0 {
			t.Errorf("node %d stopped with exit code %d after %s", i, code, took)
		}
		n.quiet(t)
	}
	verified(t, w.address)
}

// atOnce does n things at once, and fails when one of them is not answered.
func atOnce(t *testing.T, n int, do func(i int) (answer, error)) []answer {
	t.Helper()
	answers := make([]answer, n)
	barrier := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-barrier
			var err error
			if answers[i], err = do(i); err != nil {
				t.Error(err)
			}
		})
	}
	close(barrier)
	wg.Wait()
	return answers
}

// sealed waits until every entry of the audit has its place in the chain, and fails when there is a gap.
func sealed(t *testing.T, c *client) {
	t.Helper()
	eventually(t, "the whole audit is sealed", func() string {
		places := map[string]bool{}
		entries := c.all(t, "/api/v1/audit")
		for _, e := range entries {
			place, found := dig(e, "place")
			if !found {
				return e
			}
			if places[place] {
				t.Fatalf("place %s of the audit is taken twice", place)
			}
			places[place] = true
		}
		for i := range entries {
			if !places[fmt.Sprint(i+1)] {
				t.Fatalf("the audit has %d entries, and none at place %d", len(entries), i+1)
			}
		}
		return ""
	})
}

// Two nodes that are started on an empty database at the same moment make its tables once.
func TestTwoNodesStartAtOnceOnAnEmptyDatabase(t *testing.T) {
	address := empty(t)
	var wg sync.WaitGroup
	answers := make([]ran, 2)
	for i := range answers {
		wg.Go(func() { answers[i] = run(t, address, "migrate") })
	}
	wg.Wait()
	for _, r := range answers {
		if r.code != 0 || !strings.Contains(r.out, "applied") || strings.Contains(r.out, "waits") {
			t.Errorf("exit code %d: %s%s", r.code, r.out, r.err)
		}
	}
	if r := run(t, address, "doctor"); !regexp.MustCompile(`migrations that wait +0 +ok`).MatchString(r.out) {
		t.Errorf("doctor: %s%s", r.out, r.err)
	}
}

// SQLite has one process that writes. A second one says so and ends; commands that only read get in.
func TestASecondProcessIsRefusedOnSQLite(t *testing.T) {
	w := plant(t, storetest.SQLite(t), 1, money.Of(1, "EUR"))
	n := serve(t, w.address)
	csv, backup := t.TempDir()+"/products.csv", t.TempDir()+"/backup.zip"
	if err := os.WriteFile(csv, []byte("sku,name,unit,category\nT-1,Tape,pcs,Office\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	well(t, w.address, "backup", backup)
	for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"migrate"}, {"seed"}, {"user", "password", "dan@acme.example"}, {"import", csv}, {"replay", "--first", "1"},
		{"restore", backup}, {"user", "bootstrap", "--company", "X", "--number", "3", "--email", "x@x.example", "--first", "X", "--last", "X"}} {
		r := run(t, w.address, args...)
		if r.code != 1 || !strings.Contains(r.err, "another process has "+strings.TrimPrefix(w.address, "sqlite:")+" open for writing; stop it first") || r.out != "" {
			t.Errorf("%s: exit code %d\n%s%s", args, r.code, r.out, r.err)
		}
	}
	for _, args := range [][]string{{"verify"}, {"doctor"}, {"backup", t.TempDir() + "/b"}, {"migrate", "--status"}, {"company", "list"}, {"settings"}, {"routes"}, {"version"}} {
		well(t, w.address, args...)
	}
	signIn(t, n, "ann@acme.example") // the first one is as well as before
	n.kill()
	well(t, w.address, "migrate") // the lock has ended with the process
}
