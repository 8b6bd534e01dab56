package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

// site is the API over HTTP, with the cast behind it. A token is the name of whom it belongs to.
type site struct {
	t       *testing.T
	url     string
	mux     *web.Mux
	world   *cast.World
	s       api.Services
	actors  map[string]access.Actor
	own     map[string]string // path parameters: things of Acme
	foreign map[string]string // the same kinds of things, of Globex
	missing map[string]string // well-formed identifiers of nothing
}

func newSite(t *testing.T, db *store.DB) *site {
	t.Helper()
	w := cast.Acme(t, db)
	rules := step.NewRulebook()
	x := &site{t: t, world: w, mux: web.NewMux(), actors: map[string]access.Actor{"ann": w.Ann, "bob": w.Bob, "cleo": w.Cleo, "dan": w.Dan, "eve": w.Eve}}
	guard := webhook.Guard{AllowPrivate: true}
	x.s = api.Services{
		Signing: signing.New(db, signing.Options{}), Cataloguing: cataloguing.New(db), Purchasing: purchasing.New(db, rules), Approving: approving.New(db),
		Budgeting: budgeting.New(db), Organising: organising.New(db), Granting: granting.New(db), Auditing: auditing.New(db),
		Notifying:  notifying.New(db, notifying.Settings{Public: "http://localhost"}),
		Exchanging: exchanging.New(db, exchanging.Settings{Public: "http://localhost", Guard: guard, Random: rand.Reader, Chance: func() float64 { return 0.5 }}),
	}
	api.Add(web.NewAPI(x.mux, api.Describe("test")), x.s)
	edge, err := web.New(web.Settings{Log: slog.New(slog.DiscardHandler), Recognise: func(ctx context.Context, token string, _ web.RequestInfo) (access.Actor, error) {
		a, ok := x.actors[token]
		if !ok {
			return access.Actor{}, identity.ErrSessionEnded
		}
		return db.Rights(ctx, a)
	}}, x.mux)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(edge)
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

// ask sends a request as somebody, and gives the status and the body.
func (x *site) ask(who, method, path, body string, headers ...string) (int, string) {
	x.t.Helper()
	req, err := http.NewRequest(method, x.url+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		x.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// furnish makes one of everything in both companies, and a member for every shipped role.
func (x *site) furnish(db *store.DB) {
	x.t.Helper()
	ctx := context.Background()
	w := x.world
	check := func(err error) {
		x.t.Helper()
		if err != nil {
			x.t.Fatal(err)
		}
	}
	for key, role := range w.Roles {
		if key == access.AdministratorKey {
			continue
		}
		m, err := x.s.Organising.AddMember(ctx, w.Dan, organising.AddMemberInput{Email: key + "@acme.example", First: "A", Last: key, Role: role,
			Under: nodeOf(w.Units["fin"])})
		check(err)
		if x.actors["role:"+key], err = w.Actor(ctx, w.Acme, m.ID); err != nil {
			x.t.Fatal(err)
		}
	}
	// Dan alone may do what steps around limits: nobody of the shipped roles may.
	x.own = x.things(db, w.Acme, w.Ann, w.Dan, w.Bob.Member, w.Units["ops"], w.Roles["observer"])
	x.foreign = x.things(db, w.Globex, w.Eve, w.Eve, w.Eve.Member, w.GlobexUnits["globex"], w.GlobexRoles["observer"])
	x.missing = map[string]string{}
	now := db.Times()
	for name, key := range map[string]fmt.Stringer{"cart": id.NewCart(now), "line": id.NewCartLine(now), "product": id.NewProduct(now), "purchase_order": id.NewPurchaseOrder(now),
		"order": id.NewOrder(now), "rule": id.NewRule(now), "budget": id.NewBudget(now), "cost_centre": id.NewCostCentre(now), "unit": id.NewUnit(now), "member": id.NewMember(now),
		"node": id.NewUnit(now), "role": id.NewRole(now), "other": id.NewRole(now), "assignment": id.NewAssignment(now), "session": id.NewSession(now), "webhook": id.NewWebhook(now),
		"delivery": id.NewDelivery(now), "company": id.NewCompany(now)} {
		x.missing[name] = key.String()
	}
}

func (x *site) things(db *store.DB, key id.Company, buyer, boss access.Actor, manager id.Member, unit id.Unit, role id.Role) map[string]string {
	x.t.Helper()
	ctx := context.Background()
	w := x.world
	check := func(err error) {
		x.t.Helper()
		if err != nil {
			x.t.Fatal(err)
		}
	}
	one := money.Of(0, "EUR")
	rule, err := x.s.Approving.CreateRule(ctx, boss, approval.Rule{Name: "All", Enabled: true, Basis: approval.Net, Steps: []approval.Step{
		{}, {Above: &one, Then: approval.Asks(approval.Source{Kind: approval.OfAdministrator})}}})
	check(err)
	b, err := x.s.Budgeting.Create(ctx, boss, budgeting.CreateInput{Name: "All of it", Limit: money.Of(100_000_00, "EUR"), Basis: budget.NetShipped,
		Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	check(err)
	centre, err := x.s.Budgeting.CreateCostCentre(ctx, boss, budgeting.CostCentreInput{Code: "X-1", Name: "X"})
	check(err)
	hook, err := x.s.Exchanging.CreateWebhook(ctx, boss, exchanging.CreateWebhookInput{Name: "ERP", URL: "http://127.0.0.1:9/", Filters: []string{"*"}})
	check(err)
	submit := func() (id.PurchaseOrder, string) {
		c, err := x.s.Purchasing.Add(ctx, buyer, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
		check(err)
		c, err = x.s.Purchasing.Prepare(ctx, buyer, c.ID, c.Version, cart.Checkout{Unit: unit, Payment: purchasing.OnAccount})
		check(err)
		done, err := x.s.Purchasing.Submit(ctx, buyer, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		check(err)
		return done.ID, c.ID.String()
	}
	pending, _ := submit()
	// An order, placed: by disabling the rule for one submission.
	off, err := x.s.Approving.EnableRule(ctx, boss, rule.ID, rule.Version, false)
	check(err)
	placed, _ := submit()
	_, err = x.s.Approving.EnableRule(ctx, boss, rule.ID, off.Version, true)
	check(err)
	var order id.Order
	check(db.Read(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
		po, err := tx.Approvals.Get(ctx, key, placed)
		order = po.Order
		return err
	}))
	c, err := x.s.Purchasing.Add(ctx, buyer, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(1)}}})
	check(err)
	var assignment id.Assignment
	check(db.Read(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
		var all []access.Assignment
		tx.Access.WantAssignments(&all, key, manager)
		err := tx.Fetch(ctx)
		assignment = all[0].ID
		return err
	}))
	return map[string]string{"cart": c.ID.String(), "line": c.Lines[0].ID.String(), "product": w.Products[1].ID.String(), "purchase_order": pending.String(),
		"order": order.String(), "rule": rule.ID.String(), "budget": b.ID.String(), "cost_centre": centre.ID.String(), "unit": unit.String(), "member": manager.String(),
		"node": unit.String(), "role": role.String(), "other": role.String(), "assignment": assignment.String(), "session": id.NewSession(db.Times()).String(), "webhook": hook.ID.String(),
		"delivery": id.NewDelivery(db.Times()).String(), "company": key.String()}
}

// bodies are what a request of each operation that takes a body says. {name} stands for a thing of the kind. A new
// operation without an entry fails the test.
var bodies = map[string]string{
	"sign-in": `{"email":"x@acme.example","password":"no such password"}`, "switch-company": `{"company_id":"{company}"}`,
	"add-to-cart":      `{"lines":[{"product_id":"{product}","quantity":"1"}]}`,
	"change-cart-line": `{"quantity":"2"}`, "prepare-checkout": `{"payment_method":"on_account"}`, "submit-cart": `{"version":1}`,
	"choose-cart": "", "copy-purchase-order": `{}`, "copy-order": `{"positions":[1]}`,
	"decide-purchase-order": `{"verdict":"reject","reason":"no","content_hash":"x"}`, "withdraw-purchase-order": `{"reason":"no"}`,
	"create-approval-rule": `{"name":"R","enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`,
	"edit-approval-rule":   `{"name":"R","enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`,
	"create-budget":        `{"name":"B","owner":{},"limit":{"amount":"1.00","currency":"EUR"},"cycle":{"kind":"month"},"when_exhausted":"block"}`,
	"set-budget-limit":     `{"limit":{"amount":"1.00","currency":"EUR"},"reason":"x"}`,
	"create-cost-centre":   `{"code":"N","name":"N"}`, "edit-cost-centre": `{"code":"N","name":"N"}`,
	"move-node": `{"parent_id":"{member}"}`, "create-unit": `{"code":"N","name":"N"}`, "edit-unit": `{"code":"N","name":"N"}`,
	"add-member": `{"email":"n@acme.example","first_name":"N","last_name":"N"}`, "edit-member": `{"name":"N"}`,
	"create-role": `{"name":"N","permissions":["catalog.view"]}`, "edit-role": `{"name":"N","permissions":["catalog.view"]}`, "duplicate-role": "",
	"assign-role": `{"member_id":"{member}","role_id":"{role}"}`, "mark-notices-read": `{"ids":["ntc_01jd8w5yh2f0r8k3m1c9s6t4v7"]}`,
	"create-webhook": `{"name":"N","url":"https://example.com/","events":["*"]}`, "test-webhook": "", "rotate-webhook-secret": "", "replay-webhook-delivery": "",
}

// queries are what a request of each operation asks for that must ask for something.
var queries = map[string]string{"who-can": "?permission=orders.view&unit_id={unit}&owner_id={member}", "why": "?permission=orders.view"}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

func fill(pattern string, things map[string]string) string {
	return parameter.ReplaceAllStringFunc(pattern, func(p string) string { return things[p[1:len(p)-1]] })
}

// TestMatrix asks every operation of the running route table as everybody: nobody gets in without its permission,
// nobody sees what is another company's, and what is another's cannot be told from what is not there.
func TestMatrix(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newSite(t, db)
		x.furnish(db)
		people := []string{""}
		for who := range x.actors {
			people = append(people, who)
		}
		slices.Sort(people)
		before := x.audited(db)
		cells, ran := 0, 0
		for _, r := range x.mux.Routes() {
			if r.Kind != web.KindAPI || r.Operation == "" {
				continue
			}
			if _, ok := bodies[r.Operation]; !ok && (r.Method == http.MethodPost || r.Method == http.MethodPut) {
				t.Errorf("%s %s: say in this test what a request of %s is", r.Method, r.Pattern, r.Operation)
				continue
			}
			ran++
			for _, who := range people {
				cells += x.row(r, who)
			}
		}
		if ran < 50 || cells < 1500 {
			t.Errorf("asked %d operations in %d cells: is the test blind?", ran, cells)
		}
		if after := x.audited(db); after != before {
			t.Errorf("what was refused has left %d traces", after-before)
		}
		t.Logf("%d operations × %d people: %d cells", ran, len(people), cells)
	})
}

// audited counts the audit of both companies, sign-ins apart.
func (x *site) audited(db *store.DB) (n int) {
	x.t.Helper()
	for _, key := range []id.Company{x.world.Acme, x.world.Globex} {
		err := db.Read(context.Background(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
			all, err := tx.Audit.ListUnsealed(context.Background(), key, 10_000)
			for _, e := range all {
				if !strings.HasPrefix(e.Event, "session.") && !strings.HasPrefix(e.Event, "account.") {
					n++
				}
			}
			return err
		})
		if err != nil {
			x.t.Fatal(err)
		}
	}
	return n
}

var occurrence = regexp.MustCompile(`"(instance|request_id)":"[^"]*"`)

func (x *site) row(r web.Route, who string) (cells int) {
	x.t.Helper()
	path := func(things map[string]string) string { return fill(r.Pattern+queries[r.Operation], things) }
	body := func(things map[string]string) string { return fill(bodies[r.Operation], things) }
	headers := []string{"If-Match", `"1"`, "Idempotency-Key", "matrix"}
	held := r.Permission == "" || x.holds(who, r.Permission)
	whose := map[string]map[string]string{"own": x.own, "foreign": x.foreign, "missing": x.missing}
	if who == "eve" {
		whose["own"], whose["foreign"] = x.foreign, x.own
	}
	answers := map[string]string{}
	for _, relation := range []string{"own", "foreign", "missing"} {
		things := whose[relation]
		if relation != "own" && !parameter.MatchString(r.Pattern+queries[r.Operation]+bodies[r.Operation]) {
			continue // it names nothing that could be another's
		}
		if r.Writes && held && relation == "own" {
			continue // what is allowed is tested elsewhere; here nothing may change
		}
		if strings.Contains(r.Pattern, "{product}") && relation == "foreign" || r.Operation == "add-to-cart" && relation == "foreign" {
			continue // products are the seller's, and everybody's
		}
		cells++
		status, text := x.ask(who, r.Method, path(things), body(things), headers...)
		answers[relation] = occurrence.ReplaceAllString(text, "")
		name := fmt.Sprintf("%s %s as %q on %s", r.Method, r.Pattern, who, relation)
		switch {
		case status >= 500:
			x.t.Errorf("%s: %d %s", name, status, text)
		case r.Scope == web.Public:
		case who == "" && status != http.StatusUnauthorized:
			x.t.Errorf("%s: nobody has signed in, and the answer is %d", name, status)
		case who == "":
		case !held && relation == "own" && slices.Contains(oneself, r.Operation) && status == http.StatusOK:
			if n := strings.Count(text, x.actors[who].Member.String()); n == 0 || strings.Contains(text, x.world.Dan.Member.String()+`","kind`) {
				x.t.Errorf("%s: without %s one sees more than oneself: %s", name, r.Permission, text)
			}
		case !held && status != http.StatusForbidden && status != http.StatusNotFound:
			x.t.Errorf("%s: without %s the answer is %d %s", name, r.Permission, status, text)
		case relation != "own" && status != http.StatusNotFound && status != http.StatusForbidden:
			x.t.Errorf("%s: the answer is %d %s", name, status, text)
		case relation != "own" && held && status != http.StatusNotFound && r.Scope != web.Own:
			x.t.Errorf("%s: it should not be there, and the answer is %d %s", name, status, text)
		case relation == "own" && held && r.Scope == web.Company && !strings.Contains(r.Pattern, "purchase_order}") && !strings.Contains(r.Pattern, "{order}") && status/100 != 2:
			if !slices.Contains(narrow, r.Operation) {
				x.t.Errorf("%s: with %s the answer is %d %s", name, r.Permission, status, text)
			}
		}
		if relation == "foreign" && bytes.Contains([]byte(text), []byte("Globex")) && who != "eve" {
			x.t.Errorf("%s: the answer speaks of Globex: %s", name, text)
		}
	}
	if a, b := answers["foreign"], answers["missing"]; a != "" && b != "" && a != b && r.Scope != web.Public {
		x.t.Errorf("%s %s as %q: what is another's answers %s, what is missing %s", r.Method, r.Pattern, who, a, b)
	}
	return cells
}

// oneself are operations in which everybody finds themselves, and who has the permission finds others too.
var oneself = []string{"list-members", "get-member", "get-structure", "what-can", "why"}

// narrow are operations on things that somebody with the permission may still not see: a budget that does not apply to
// them, deliveries of which there are none.
var narrow = []string{"get-budget", "replay-webhook-delivery", "get-member", "list-role-holders", "who-can", "what-can", "why"}

func (x *site) holds(who, permission string) bool {
	if who == "" {
		return false
	}
	p, err := access.Parse(permission)
	if err != nil {
		x.t.Fatal(err)
	}
	a, err := x.world.Again(context.Background(), x.actors[who])
	if err != nil {
		x.t.Fatal(err)
	}
	return a.May(p, tree.Top) || a.MaySomewhere(p)
}
