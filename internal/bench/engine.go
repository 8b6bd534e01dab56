package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/store"
	"kontor/internal/storetest/cluster"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

// site is the API on one engine, with a world of many companies.
type site struct {
	*bench
	db      *store.DB
	address string
	s       api.Services
	url     string
	buyers  []string // tokens: one of each company
	bosses  []string
	product []string
	close   func()
}

func (b *bench) engine(kind string) (err error) {
	folder, err := os.MkdirTemp("", "kontor-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	address := "sqlite:" + filepath.Join(folder, "bench.db")
	if kind == "postgres" {
		if address, err = database(b.ctx); err != nil {
			return err
		}
	}
	db, err := store.Open(b.ctx, store.Options{Address: address})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Migrate(b.ctx); err != nil {
		return err
	}
	x := &site{bench: b, db: db, address: address}
	if err := x.serve(); err != nil {
		return err
	}
	defer x.close()
	if err := x.furnish(kind); err != nil {
		return err
	}
	if err := x.settle(); err != nil {
		return err
	}
	return x.measure(kind, folder)
}

// database makes an empty database in the cluster that the environment names.
func database(ctx context.Context) (string, error) {
	admin := os.Getenv(cluster.Variable)
	if admin == "" {
		return "", fmt.Errorf("%s names no cluster", cluster.Variable)
	}
	c, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("bench_%d", time.Now().UnixNano())
	if _, err := c.Exec(ctx, "create database "+name); err != nil {
		return "", err
	}
	return strings.Replace(admin, "/postgres?", "/"+name+"?", 1), c.Close(ctx)
}

// settle does at once what the autovacuum of a cluster does within its first minutes with new tables.
func (x *site) settle() error {
	if x.db.Engine().Name() != "postgres" {
		return nil
	}
	c, err := pgx.Connect(x.ctx, x.address)
	if err != nil {
		return err
	}
	_, err = c.Exec(x.ctx, "vacuum analyze")
	return errors.Join(err, c.Close(x.ctx))
}

func (x *site) serve() error {
	db, rules := x.db, step.NewRulebook()
	x.s = api.Services{Signing: signing.New(db, signing.Options{}), Collecting: collecting.New(db), Cataloguing: cataloguing.New(db), Purchasing: purchasing.New(db, rules), Approving: approving.New(db),
		Budgeting: budgeting.New(db), Organising: organising.New(db), Granting: granting.New(db), Auditing: auditing.New(db),
		Notifying: notifying.New(db, notifying.Settings{Public: "http://localhost"}), Exchanging: exchanging.New(db, exchanging.Settings{Public: "http://localhost", Random: rand.Reader}), Listing: listing.New(db)}
	mux := web.NewMux()
	api.Add(web.NewAPI(mux, api.Describe("bench")), x.s)
	e, err := web.New(web.Settings{Log: slog.New(slog.DiscardHandler), Recognise: func(ctx context.Context, token string, r web.RequestInfo) (access.Actor, error) {
		return x.s.Signing.Recognise(ctx, token, r.From.String(), r.Request)
	}}, mux)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: e}
	go server.Serve(l)
	x.url, x.close = "http://"+l.Addr().String(), func() { server.Close() }
	return nil
}

// furnish makes the catalogue and the companies: in each a buyer whose manager must agree above 10 000, and a budget.
func (x *site) furnish(kind string) error {
	system := access.System(id.Company{})
	began := time.Now()
	var rows iter.Seq[cataloguing.Row] = func(yield func(cataloguing.Row) bool) {
		for i := range x.products {
			sku := fmt.Sprintf("P-%06d", i)
			ok := yield(cataloguing.Row{Line: i + 2, Product: catalogue.Product{SKU: sku, Name: fmt.Sprintf("Part %d of series %d", i, i%997), Unit: "pcs", Supplier: fmt.Sprint("Supplier ", i%50),
				Minimum: quantity.One, Step: quantity.One, Status: catalogue.Active}, Category: []string{fmt.Sprint("Range ", i%20), fmt.Sprint("Group ", i%200)},
				Prices: []cataloguing.RowPrice{{List: "Base prices", Rate: money.Rate{E4: int64(10_000 + i%90_000), Currency: "EUR"}}, {List: "Base prices", Min: quantity.Of(100), Rate: money.Rate{E4: int64(9_000 + i%80_000), Currency: "EUR"}}}})
			if !ok {
				return
			}
		}
	}
	if _, err := pricesetting.New(x.db).SetList(x.ctx, system, pricesetting.SetListInput{Name: "Base prices", Currency: "EUR"}); err != nil {
		return err
	}
	if _, err := x.s.Cataloguing.Import(x.ctx, system, rows); err != nil {
		return err
	}
	x.add(fmt.Sprintf("import %d products with two prices each, %s", x.products, kind), time.Since(began).Round(10*time.Millisecond).String(), "", "", "50 000 in < 10 s")
	for i := range x.companies {
		f, err := onboarding.New(x.db).Found(x.ctx, system, onboarding.FoundInput{Number: fmt.Sprint("B", i), Name: fmt.Sprint("Company ", i), Code: "c", Currency: "EUR", Language: locale.English,
			Zone: "Europe/Berlin", Email: fmt.Sprintf("boss%d@bench.example", i), First: "Boss", Last: strconv.Itoa(i),
			Address: &company.Address{Label: "Works", Name: "Works", Street: "Street 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true, Bills: true}})
		if err != nil {
			return err
		}
		if i >= 64 {
			continue // the rest are there to be passed over
		}
		sys := access.System(f.Company)
		plan := organising.Plan{Members: []organising.PlannedMember{{Email: fmt.Sprintf("buyer%d@bench.example", i), First: "Buyer", Last: strconv.Itoa(i), Under: "c", Roles: []organising.PlannedRole{{Role: "buyer"}}}}}
		if i == 0 {
			for k := range 300 {
				plan.Members = append(plan.Members, organising.PlannedMember{Email: fmt.Sprintf("person%d@bench.example", k), First: "Person", Last: strconv.Itoa(k), Under: "c"})
			}
		}
		built, err := organising.New(x.db).Build(x.ctx, sys, plan)
		if err != nil {
			return err
		}
		above := money.Of(10_000_00, "EUR")
		if _, err := x.s.Approving.CreateRule(x.ctx, sys, approval.Rule{Name: "Bands", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{}, {Above: &above,
			Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}); err != nil {
			return err
		}
		if _, err := x.s.Budgeting.Create(x.ctx, sys, budgeting.CreateInput{Name: "All", Limit: money.Of(1_000_000_000_00, "EUR"), Basis: budget.NetShipped,
			Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone}); err != nil {
			return err
		}
		for email, list := range map[string]*[]string{fmt.Sprintf("buyer%d@bench.example", i): &x.buyers, fmt.Sprintf("boss%d@bench.example", i): &x.bosses} {
			member := built.Members[email]
			if strings.HasPrefix(email, "boss") {
				member = f.Administrator
			}
			token, err := x.session(f.Company, member)
			if err != nil {
				return err
			}
			*list = append(*list, token)
		}
	}
	var list struct{ Items []struct{ ID string } }
	if err := x.call(x.buyers[0], http.MethodGet, "/api/v1/products?limit=50&sort=sku", nil, &list); err != nil {
		return err
	}
	for _, p := range list.Items {
		x.product = append(x.product, p.ID)
	}
	return nil
}

// session puts a session into the tables: thousands of password hashes would measure the hash.
func (x *site) session(key id.Company, member id.Member) (string, error) {
	token := rand.Text()
	err := x.db.Write(x.ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
		m, err := tx.Companies.GetMember(x.ctx, key, member)
		if err != nil {
			return err
		}
		tx.Accounts.InsertSession(identity.Session{ID: id.NewSession(tx.Now), Account: m.Account, Company: key, Member: member, Bearer: true, CreatedAt: tx.Now, SeenAt: tx.Now,
			EndsAt: tx.Now.Add(identity.Lifetime)}, signing.Digest(token))
		return nil
	})
	return token, err
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 0}}

func (x *site) call(token, method, path string, body, out any, headers ...string) error {
	var b []byte
	if body != nil {
		b, _ = json.Marshal(body) // maps of texts always marshal
	}
	req, err := http.NewRequest(method, x.url+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

type object = map[string]any

// filled makes a cart ready to be submitted, of so many pieces at about 1 EUR.
func (x *site) filled(who int, pieces string) (cart string, version int64, err error) {
	var c struct {
		ID      string
		Version int64
	}
	token := x.buyers[who]
	if err = x.call(token, http.MethodPost, "/api/v1/carts/current/lines", object{"lines": []object{{"product_id": x.product[0], "quantity": pieces}, {"product_id": x.product[1], "quantity": "3"}}}, &c); err != nil {
		return
	}
	err = x.call(token, http.MethodPut, "/api/v1/carts/"+c.ID+"/checkout", object{"payment_method": "on_account"}, &c, "If-Match", fmt.Sprintf("%q", strconv.FormatInt(c.Version, 10)))
	return c.ID, c.Version, err
}

func (x *site) submit(who int, cart string, version int64, out any) error {
	return x.call(x.buyers[who], http.MethodPost, "/api/v1/carts/"+cart+"/submit", object{"version": version}, out, "Idempotency-Key", cart)
}

// drive lets so many clients do something again and again for a while, and gives rate and 99th percentile.
func (x *site) drive(clients int, do func(client, turn int) error) (perSecond float64, p99 time.Duration, err error) {
	return x.drain(clients, func(client, turn int) (bool, error) { return true, do(client, turn) })
}

// drain is drive until there is no more to do.
func (x *site) drain(clients int, do func(client, turn int) (more bool, err error)) (perSecond float64, p99 time.Duration, err error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	began := time.Now()
	for c := range clients {
		wg.Go(func() {
			var mine []time.Duration
			for turn := 0; failed.Load() == nil && time.Since(began) < x.span; turn++ {
				t := time.Now()
				more, err := do(c, turn)
				if err != nil {
					failed.Store(&err)
					return
				}
				if !more {
					break
				}
				mine = append(mine, time.Since(t))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	if e := failed.Load(); e != nil {
		return 0, 0, *e
	}
	slices.Sort(took)
	return float64(len(took)) / time.Since(began).Seconds(), took[len(took)*99/100], nil
}

type ready struct {
	who     int
	cart    string
	version int64
}

// prepared makes carts beforehand, so that submitting them alone is measured. shared puts all into one company.
func (x *site) prepared(n int, shared bool) ([]ready, error) {
	all := make([]ready, n)
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	var next atomic.Int64
	workers := 8
	if shared {
		workers = 1 // one buyer has one cart at a time
	}
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || failed.Load() != nil {
					return
				}
				who := 0
				if !shared {
					who = i % len(x.buyers)
				}
				cart, version, err := x.fresh(who)
				if err != nil {
					failed.Store(&err)
					return
				}
				all[i] = ready{who, cart, version}
			}
		})
	}
	wg.Wait()
	if e := failed.Load(); e != nil {
		return nil, *e
	}
	return all, nil
}

// fresh makes one more cart of a buyer in the tables: over HTTP a buyer has one open cart at a time.
func (x *site) fresh(who int) (string, int64, error) {
	actor, err := x.s.Signing.Recognise(x.ctx, x.buyers[who], "127.0.0.1", "bench")
	if err != nil {
		return "", 0, err
	}
	return x.insertCart(actor, 3)
}

func (x *site) measure(kind, folder string) error {
	span := x.span.Seconds()
	tpcb, selects := 0.0, 0.0
	if kind == "postgres" {
		var err error
		if tpcb, selects, err = pgbench(x.ctx, x.span); err != nil {
			return err
		}
	}
	raw := 0.0
	if kind == "sqlite" {
		var err error
		if raw, err = rawLoop(filepath.Join(folder, "raw.db"), x.span); err != nil {
			return err
		}
	}
	hello, err := helloRate(x.span)
	if err != nil {
		return err
	}
	goalOf := map[bool]string{true: "≥ 50 % of TPC-B with 8 clients", false: "≥ 115 % of the raw loop"}[kind == "postgres"]
	reference, refText := tpcb, "pgbench TPC-B-like, 8 clients: "+rate(tpcb)
	if kind == "sqlite" {
		reference, refText = raw, "raw transaction loop, fsync: "+rate(raw)
	}
	for _, shared := range []bool{false, true} {
		where := map[bool]string{false: "64 companies", true: "one hot budget"}[shared]
		for _, clients := range []int{1, 8, 64} {
			name := fmt.Sprintf("submit over HTTP, %s, %s, %d clients", kind, where, clients)
			if !x.wantsRow(name) {
				continue
			}
			n := int(span*2500) + 64
			if shared {
				n = int(span*900) + 64
			}
			carts, err := x.prepared(n, shared)
			if err != nil {
				return err
			}
			var next atomic.Int64
			perSecond, p99, err := x.drain(clients, func(int, int) (bool, error) {
				i := int(next.Add(1)) - 1
				if i >= len(carts) {
					return false, nil
				}
				return true, x.submit(carts[i].who, carts[i].cart, carts[i].version, nil)
			})
			if err != nil {
				return err
			}
			x.add(name, fmt.Sprintf("%s, p99 %s", rate(perSecond), p99.Round(100*time.Microsecond)), refText, percent(perSecond, reference), goalOf)
		}
	}
	people := ""
	if selects > 0 {
		people = "pgbench select-only: " + rate(selects)
	}
	for _, r := range []struct {
		name      string
		reference float64
		text      string
		goal      string
		do        func(client, turn int) error
	}{
		{"whole order with approval (8 requests), " + kind + ", 8 clients", reference, refText, "≥ 8 % of TPC-B", func(client, _ int) error { return x.wholeOrder(client) }},
		{fmt.Sprintf("search, 20 of %d products at one's price, %s", x.products, kind), hello, "net/http hello: " + rate(hello), "", func(client, turn int) error {
			return x.call(x.buyers[client], http.MethodGet, fmt.Sprintf("/api/v1/products?limit=20&q=series+%d", turn%997), nil, nil)
		}},
		{fmt.Sprintf("list of 20 of %d products at one's price, %s", x.products, kind), hello, "net/http hello: " + rate(hello), "≥ 15 %, p99 ≤ 10 ms", func(client, turn int) error {
			return x.call(x.buyers[client], http.MethodGet, "/api/v1/products?limit=20", nil, nil)
		}},
		{"add to cart, " + kind + ", 8 clients", reference, refText, "", func(client, turn int) error {
			return x.call(x.buyers[8+client], http.MethodPost, "/api/v1/carts/current/lines", object{"lines": []object{{"product_id": x.product[turn%len(x.product)], "quantity": "1"}}}, nil)
		}},
		{"people page of 50, " + kind + ", 8 clients", selects, people, "≥ 10 % of select-only", func(client, _ int) error {
			return x.call(x.bosses[0], http.MethodGet, "/api/v1/members?limit=50", nil, nil)
		}},
	} {
		if !x.wantsRow(r.name) {
			continue
		}
		perSecond, p99, err := x.drive(8, r.do)
		if err != nil {
			return err
		}
		x.add(r.name, fmt.Sprintf("%s, p99 %s", rate(perSecond), p99.Round(100*time.Microsecond)), r.text, percent(perSecond, r.reference), r.goal)
	}
	if err := x.approvals(kind, refText, reference); err != nil {
		return err
	}
	if err := x.mixed(kind); err != nil {
		return err
	}
	if err := x.review(kind); err != nil {
		return err
	}
	if !x.wantsRow("SQL round trips") {
		return nil
	}
	return x.trips(kind)
}

// wholeOrder is what a buyer and an approver do for one order, in eight requests.
func (x *site) wholeOrder(who int) error {
	cart, version, err := x.filled(who, "20000") // two requests
	if err != nil {
		return err
	}
	if err := x.call(x.buyers[who], http.MethodGet, "/api/v1/carts/"+cart+"/preview", nil, nil); err != nil {
		return err
	}
	var done struct {
		ID string `json:"purchase_order_id"`
	}
	if err := x.submit(who, cart, version, &done); err != nil {
		return err
	}
	if err := x.call(x.bosses[who], http.MethodGet, "/api/v1/approvals?limit=20", nil, nil); err != nil {
		return err
	}
	var po struct {
		Hash string `json:"content_hash"`
	}
	if err := x.call(x.bosses[who], http.MethodGet, "/api/v1/purchase-orders/"+done.ID, nil, &po); err != nil {
		return err
	}
	var out struct {
		State string
		Order string `json:"order_id"`
	}
	if err := x.call(x.bosses[who], http.MethodPost, "/api/v1/purchase-orders/"+done.ID+"/decisions", object{"verdict": "approve", "content_hash": po.Hash}, &out, "Idempotency-Key", done.ID); err != nil {
		return err
	}
	if out.State != "placed" {
		return fmt.Errorf("the order is %s", out.State)
	}
	return x.call(x.buyers[who], http.MethodGet, "/api/v1/orders/"+out.Order, nil, nil)
}

// trips counts how often the database is asked.
func (x *site) trips(kind string) error {
	if kind != "postgres" {
		return nil
	}
	who := len(x.buyers) - 1 // nobody else has used this one
	for range 3 {            // the last one counts: by then everything is warm
		cart, version, err := x.filled(who, "20000")
		if err != nil {
			return err
		}
		var done struct {
			ID string `json:"purchase_order_id"`
		}
		at := x.db.Engine().Trips()
		if err := x.submit(who, cart, version, &done); err != nil {
			return err
		}
		submit := x.db.Engine().Trips() - at
		var po struct {
			Hash string `json:"content_hash"`
		}
		if err := x.call(x.bosses[who], http.MethodGet, "/api/v1/purchase-orders/"+done.ID, nil, &po); err != nil {
			return err
		}
		at = x.db.Engine().Trips()
		if err := x.call(x.bosses[who], http.MethodPost, "/api/v1/purchase-orders/"+done.ID+"/decisions", object{"verdict": "approve", "content_hash": po.Hash}, nil, "Idempotency-Key", done.ID); err != nil {
			return err
		}
		approve := x.db.Engine().Trips() - at
		at = x.db.Engine().Trips()
		if err := x.wholeOrder(who); err != nil {
			return err
		}
		whole := x.db.Engine().Trips() - at
		x.rows = slices.DeleteFunc(x.rows, func(r row) bool { return strings.HasPrefix(r.what, "SQL round trips") })
		x.add("SQL round trips: submit, approve, whole order", fmt.Sprintf("%d, %d, %d", submit, approve, whole), "peer: 25, 20, 512", "", "≤ 7, ≤ 5, ≤ 30")
	}
	return nil
}

// pgbench measures the cluster by PostgreSQL's own benchmark.
func pgbench(ctx context.Context, span time.Duration) (tpcb, selects float64, err error) {
	address, err := database(ctx)
	if err != nil {
		return 0, 0, err
	}
	bin, err := cluster.Program("pgbench")
	if err != nil {
		return 0, 0, err
	}
	if out, err := exec.CommandContext(ctx, bin, "-i", "-s", "10", "-q", address).CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	run := func(more ...string) (float64, error) {
		seconds := strconv.Itoa(max(1, int(span.Seconds())))
		out, err := exec.CommandContext(ctx, bin, append(append([]string{"-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", seconds}, more...), address)...).CombinedOutput()
		if err != nil {
			return 0, fmt.Errorf("pgbench: %w: %s", err, out)
		}
		_, after, _ := strings.Cut(string(out), "tps = ")
		figure, _, _ := strings.Cut(after, " ")
		return strconv.ParseFloat(figure, 64)
	}
	if tpcb, err = run(); err != nil {
		return 0, 0, err
	}
	selects, err = run("-S")
	return tpcb, selects, err
}

// rawLoop is the fewest statements that book an order, one transaction after the other on a bare SQLite with the same
// settings: three inserts and an update, each commit waiting for the disk.
func rawLoop(path string, span time.Duration) (float64, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"create table a (id text primary key, v text)", "create table b (id text primary key, v text)", "create table c (id text primary key, v text)",
		"create table d (id integer primary key, n integer)", "insert into d values (1, 0)"} {
		if _, err := db.Exec(q); err != nil {
			return 0, err
		}
	}
	n, began := 0, time.Now()
	for ; time.Since(began) < span; n++ {
		tx, err := db.Begin()
		if err != nil {
			return 0, err
		}
		for _, t := range []string{"a", "b", "c"} {
			if _, err := tx.Exec("insert into "+t+" values (?, ?)", fmt.Sprint(n), "some text of a usual length, as a row has it"); err != nil {
				return 0, err
			}
		}
		if _, err := tx.Exec("update d set n = n + 1 where id = 1"); err != nil {
			return 0, err
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// helloRate is how many requests a bare net/http answers to the same client.
func helloRate(span time.Duration) (float64, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })}
	go s.Serve(l)
	defer s.Close()
	x := &site{bench: &bench{span: span}, url: "http://" + l.Addr().String()}
	perSecond, _, err := x.drive(8, func(int, int) error { return x.call("", http.MethodGet, "/", nil, nil) })
	return perSecond, err
}
