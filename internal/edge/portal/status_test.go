package portal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/edge/api"
	"kontor/internal/edge/portal"
	"kontor/internal/edge/web"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

// situation is a status of a company, with what the seller lets those see that wait.
type situation struct {
	name   string
	status company.Status
	sees   company.Sight
	wall   string // the code of what is refused because of it
}

var situations = []situation{
	{"active", company.Active, company.SeesCatalogue, ""},
	{"pending, sees nothing", company.Pending, company.SeesNothing, access.ErrPending.Code},
	{"pending, sees the catalogue", company.Pending, company.SeesCatalogue, access.ErrPending.Code},
	{"pending, sees prices", company.Pending, company.SeesPrices, access.ErrPending.Code},
	{"rejected", company.Rejected, company.SeesPrices, access.ErrTurnedAway.Code},
	{"blocked", company.Blocked, company.SeesPrices, access.ErrBlocked.Code},
	{"closed", company.Closed, company.SeesPrices, ""},
}

// What becomes of an act.
const (
	done    = 'Y' // it is done
	walled  = 'W' // it is refused because of the status
	unseen  = 'N' // what it is about is not there for them
	refused = 'R' // a rule says no
	out     = '-' // whoever acts is signed out
)

// deed is something that somebody does, by the API and by a page, and what becomes of it in each of the situations.
type deed struct {
	what string
	who  string
	want string // one letter for each situation
	api  func(m *moment) (method, path, body, match string)
	page func(m *moment) (method, path string, form url.Values)
}

// moment is what there is to act on when a company has come to a status.
type moment struct {
	*bureau
	approved, rejected, withdrawn purchasing.Submitted
	cart                          cart.Cart
	hash                          map[id.PurchaseOrder]string
	edge                          string // api or page
}

func get(path string) func(*moment) (string, string, string, string) {
	return func(*moment) (string, string, string, string) { return http.MethodGet, path, "", "" }
}

func look(path string) func(*moment) (string, string, url.Values) {
	return func(*moment) (string, string, url.Values) { return http.MethodGet, path, nil }
}

func (m *moment) decision(of purchasing.Submitted, verdict string) (method, path, body, match string) {
	return http.MethodPost, "/api/v1/purchase-orders/" + of.ID.String() + "/decisions", fmt.Sprintf(`{"verdict":%q,"reason":"so","content_hash":%q}`, verdict, m.hash[of.ID]), ""
}

const profile = `{"name":"Acme Works","time_zone":"Europe/Berlin","language":"en","fiscal_month":1,"po_number":"optional","cost_centre":"optional","expiry_days":14,"consents_to_staff":false}`

// deeds is the table of docs/companies.md: active · pending (nothing, catalogue, prices) · rejected · blocked · closed.
var deeds = []deed{
	{"see oneself", "ann", "YYYYYY-", get("/api/v1/me"), look("/account")},
	{"read one's inbox", "dan", "YYYYYY-", get("/api/v1/inbox"), look("/inbox")},
	{"see the company's profile", "ann", "YYYYYY-", get("/api/v1/company"), look("/company")},
	{"look at the catalogue", "ann", "YWYYWY-", get("/api/v1/products"), look("/shop")},
	{"see the cart", "ann", "YWWWWW-", get("/api/v1/carts/current"), look("/cart")},
	{"see orders", "ann", "YWWWWY-", get("/api/v1/purchase-orders"), look("/purchase-orders")},
	{"see the company's roles", "dan", "YWWWWY-", get("/api/v1/roles"), look("/roles")},
	{"submit a cart", "ann", "YWWWWW-",
		func(m *moment) (string, string, string, string) {
			return http.MethodPost, "/api/v1/carts/" + m.cart.ID.String() + "/submit", fmt.Sprintf(`{"version":%d}`, m.cart.Version), ""
		},
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/checkout", url.Values{"act": {"submit"}, "cart": {m.cart.ID.String()}, "version": {m.plain(m.cart.Version)}, "payment": {"on_account"}, "unit": {m.Units["ops"].String()},
				"delivery": {m.Address.String()}, "billing": {m.Address.String()}}
		}},
	{"approve, and so place", "bob", "YWWWWR-",
		func(m *moment) (string, string, string, string) { return m.decision(m.approved, "approve") },
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/approvals/" + m.approved.ID.String(), url.Values{"verdict": {"approve"}, "hash": {m.hash[m.approved.ID]}}
		}},
	{"reject", "bob", "YWWWWY-",
		func(m *moment) (string, string, string, string) { return m.decision(m.rejected, "reject") },
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/approvals/" + m.rejected.ID.String(), url.Values{"verdict": {"reject"}, "reason": {"so"}, "hash": {m.hash[m.rejected.ID]}}
		}},
	{"withdraw", "ann", "YNNNNY-",
		func(m *moment) (string, string, string, string) {
			return http.MethodPost, "/api/v1/purchase-orders/" + m.withdrawn.ID.String() + "/withdraw", `{"reason":"so"}`, ""
		},
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/purchase-orders/" + m.withdrawn.ID.String() + "/withdraw", url.Values{"reason": {"so"}}
		}},
	{"invite somebody", "dan", "YWWWWW-",
		func(m *moment) (string, string, string, string) {
			return http.MethodPost, "/api/v1/invitations", `{"people":[{"email":"` + m.fresh() + `"}]}`, ""
		},
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/invitations", url.Values{"people": {m.fresh()}, "under": {m.Units["ops"].String()}}
		}},
	{"change the company's profile", "dan", "YWWWYW-",
		func(m *moment) (string, string, string, string) {
			return http.MethodPut, "/api/v1/company", profile, m.plain(m.now())
		},
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/company", url.Values{"version": {m.plain(m.now())}, "name": {"Acme Works"}, "zone": {"Europe/Berlin"}, "language": {"en"}, "fiscal_month": {"1"}, "po_number": {"optional"},
				"cost_centre": {"optional"}, "expiry_days": {"14"}}
		}},
	{"submit the company again", "dan", "RWWWYW-",
		func(m *moment) (string, string, string, string) {
			return http.MethodPost, "/api/v1/company/submission", "", m.plain(m.now())
		},
		func(m *moment) (string, string, url.Values) {
			return http.MethodPost, "/company/submission", url.Values{"version": {m.plain(m.now())}}
		}},
}

func (m *moment) plain(n int64) string { return fmt.Sprint(n) }

// now is the version of the company.
func (m *moment) now() int64 {
	c, err := m.Onboarding.GetCustomer(m.t.Context(), m.Sam, m.Acme)
	m.must(err)
	return c.Version
}

// fresh is an address that nobody has.
func (m *moment) fresh() string { return id.NewMember(m.DB.Times()).String()[4:] + "@new.example" }

// in brings Acme to a status, with something to act on from before.
func (w *bureau) in(s situation, edge string) *moment {
	w.t.Helper()
	ctx := w.t.Context()
	to := func(status company.Status) {
		w.must(w.DB.Write(ctx, access.System(w.Seller), func(tx *store.Tx, _ access.Actor) error {
			tx.Companies.Head(w.Acme)
			seller, _, err := tx.Companies.FindSeller(ctx)
			seller.Pending = s.sees
			tx.Companies.Update(seller)
			tx.Companies.SetStatus(w.Acme, status, "as it is")
			return err
		}))
	}
	to(company.Active)
	m := &moment{bureau: w, hash: map[id.PurchaseOrder]string{}, edge: edge}
	for _, po := range []*purchasing.Submitted{&m.approved, &m.rejected, &m.withdrawn} {
		po.ID = w.order(3, 1)
		sheet, err := w.Approving.Get(ctx, w.Bob, po.ID)
		w.must(err)
		m.hash[po.ID] = sheet.Hash
	}
	var err error
	m.cart, err = w.Purchasing.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.One}}})
	w.must(err)
	m.cart, err = w.Purchasing.Prepare(ctx, w.Ann, m.cart.ID, m.cart.Version, cart.Checkout{Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount})
	w.must(err)
	to(s.status)
	return m
}

// became is what became of an act.
func (m *moment) became(d deed, wall, token string) byte {
	m.t.Helper()
	var method, path, body, match string
	var form url.Values
	kind := "application/json"
	if m.edge == "api" {
		method, path, body, match = d.api(m)
	} else {
		method, path, form = d.page(m)
		body, kind = form.Encode(), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequestWithContext(m.t.Context(), method, m.url+path, strings.NewReader(body))
	m.must(err)
	if body != "" && method != http.MethodGet {
		req.Header.Set("Content-Type", kind)
	}
	if match != "" {
		req.Header.Set("If-Match", `"`+match+`"`)
	}
	if m.edge == "api" {
		req.Header.Set("Authorization", "Bearer "+token)
	} else {
		req.AddCookie(&http.Cookie{Name: "kontor", Value: token})
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	m.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	m.must(err)
	var problem web.Problem
	if m.edge == "api" && res.StatusCode >= 400 {
		m.must(json.Unmarshal(text, &problem))
	}
	switch code := res.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusSeeOther && strings.HasPrefix(res.Header.Get("Location"), "/sign-in"):
		return out
	case code < 400:
		return done
	case code == http.StatusForbidden && (m.edge == "page" || problem.Code == wall):
		return walled
	case code == http.StatusNotFound:
		return unseen
	case code == http.StatusUnprocessableEntity:
		return refused
	}
	m.t.Logf("%s %s: %d %s", method, path, res.StatusCode, fold(string(text[:min(len(text), 400)])))
	return '?'
}

// withAPI puts the API on the server of the portal.
func withAPI(mux *web.Mux, s portal.Services) {
	api.Add(web.NewAPI(mux, api.Describe("test")), api.Services{Signing: s.Signing, Collecting: s.Collecting, Cataloguing: s.Cataloguing, Purchasing: s.Purchasing, Approving: s.Approving, Budgeting: s.Budgeting,
		Organising: s.Organising, Onboarding: s.Onboarding, Pricesetting: s.Pricesetting, Granting: s.Granting, Importing: s.Importing, Auditing: s.Auditing, Notifying: s.Notifying, Exchanging: s.Exchanging, Listing: s.Listing})
}

// Every status, every act, by the API and by the pages, on both databases, in sessions that were open before the status changed.
func TestWhatEachStatusLeaves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := bureauOn(t, db, withAPI)
		w.busy()
		tokens := map[string]string{}
		for _, who := range []string{"ann", "bob", "dan"} {
			tokens[who+"page"] = w.token(emails[who])
			in, err := w.Signing.SignIn(t.Context(), access.Anonymous(), signing.SignInInput{Email: emails[who], Password: password, Bearer: true})
			w.must(err)
			tokens[who+"api"] = in.Token
		}
		for i, s := range situations {
			for _, edge := range []string{"api", "page"} {
				if s.status == company.Closed && edge == "page" {
					continue // there is no way back from it: what the API has shown of it holds for the pages, whose sessions end as well
				}
				m := w.in(s, edge)
				for _, d := range deeds {
					if got := m.became(d, s.wall, tokens[d.who+edge]); got != d.want[i] {
						t.Errorf("%s, by the %s: to %s comes to %c, and should to %c", s.name, edge, d.what, got, d.want[i])
					}
				}
				if s.status == company.Closed {
					if got := (&moment{bureau: w, edge: "page"}).became(deeds[0], "", tokens["annpage"]); got != out {
						t.Errorf("closed, by the page: Ann's session goes on: %c", got)
					}
				}
				_, err := w.Signing.SignIn(t.Context(), access.Anonymous(), signing.SignInInput{Email: emails["ann"], Password: password})
				if may := s.status != company.Closed; may != (err == nil) {
					t.Errorf("%s: signing in: %v", s.name, err)
				}
			}
		}
	})
}

// Prices are shown to those who wait where the seller lets them see prices, and not where it does not.
func TestWhatThoseSeeWhoWait(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	ann := w.desk(emails["ann"])
	for _, s := range situations[1:4] {
		w.in(s, "page")
		shop := ann.get("/shop")
		if sees, want := strings.Contains(shop.Text(), "€7.90"), s.sees == company.SeesPrices; sees != want {
			t.Errorf("%s: prices are shown: %v", s.name, sees)
		}
	}
	// The setting is the seller's, and counts from the next request of whoever waits.
	sam := w.desk(emails["sam"])
	for sees, want := range map[company.Sight]int{company.SeesNothing: http.StatusForbidden, company.SeesCatalogue: http.StatusOK} {
		tells(t, sam.post("/company", "version", sam.get("/company").hidden("version"), "name", "Seller", "language", "en", "zone", "Europe/Berlin", "fiscal_month", "1", "po_number", "optional",
			"cost_centre", "optional", "expiry_days", "14", "pending_sees", string(sees)), "The company was saved.")
		equal(t, "the shop for who sees "+string(sees), ann.get("/shop").status, want)
	}
}

// A job that was queued before a company was blocked, turned away or closed finds what has become of it: it does nothing for who
// may nothing any more. What waits too long expires all the same, and gives back what it held.
func TestJobsFindWhatBecameOfACompany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := bureauOn(t, db)
		ctx := t.Context()
		w.busy()
		for i, s := range []situation{situations[5], situations[4], situations[6]} {
			m := w.in(situations[0], "page")
			email := fmt.Sprintf("wanda%d@acme.example", i)
			built, err := w.Organising.Build(ctx, access.System(w.Acme), organising.Plan{Members: []organising.PlannedMember{{Email: email, First: "Wanda", Last: "Waits", Under: "ops"}}})
			w.must(err)
			wanda := built.Members[email]
			w.must(db.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
				x, err := tx.Companies.GetMember(ctx, w.Acme, wanda)
				x.Status = company.Invited
				tx.Companies.UpdateMember(w.Acme, x)
				return err
			}))
			_, err = w.Organising.InviteWaiting(ctx, w.Dan, organising.InviteWaitingInput{Members: []id.Member{wanda}})
			w.must(err)
			w.must(db.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
				tx.Companies.SetStatus(w.Acme, s.status, "as it is")
				if s.status == company.Closed {
					tx.Companies.SetMembersInactive(w.Acme)
				}
				return nil
			}))
			_, err = w.Exchanging.WorkOff(ctx, access.System(id.Company{}), map[string]exchanging.Work{step.InvitationsJob: func(ctx context.Context, actor access.Actor, j exchange.Job, advance exchanging.Advance) error {
				return w.Organising.SendInvitations(ctx, actor, j, advance)
			}})
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: the job comes to %v", s.name, err)
			}
			if link := w.caught()[email]; link != "" {
				t.Errorf("%s: the job has invited somebody", s.name)
			}
			ended, err := w.Approving.Expire(ctx, access.System(w.Acme), m.approved.ID)
			if err != nil || ended {
				t.Errorf("%s: it expires before its time: %v, %v", s.name, ended, err)
			}
			w.must(db.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
				po, err := tx.Approvals.Get(ctx, w.Acme, m.approved.ID)
				later := po
				later.ExpiresAt = tx.Now
				tx.Approvals.Update(po, later)
				return err
			}))
			if ended, err := w.Approving.Expire(ctx, access.System(w.Acme), m.approved.ID); err != nil || !ended {
				t.Errorf("%s: what waited too long does not expire: %v, %v", s.name, ended, err)
			}
		}
	})
}
