package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
)

func TestWhoAsksTooOftenWaits(t *testing.T) {
	few := web.Limit{Requests: 3, Per: time.Hour}
	other := ann
	other.Account, other.Name = id.NewAccount(born), "a colleague"
	stranger := ann
	stranger.Account, stranger.Company, stranger.Name = id.NewAccount(born), id.NewCompany(born), "a stranger"
	for _, tt := range []struct {
		name     string
		settings func(*web.Settings)
		tokens   []string // one request each
		over     []bool
	}{
		{"nobody is counted where there is no limit", func(*web.Settings) {}, []string{"", "", "", "", ""}, []bool{false, false, false, false, false}},
		{"an address", func(s *web.Settings) { s.PerAddress = few }, []string{"", "ann", "", "", ""}, []bool{false, false, false, true, true}},
		{"an account", func(s *web.Settings) { s.PerAccount = few }, []string{"ann", "ann", "ann", "ann", "other", ""}, []bool{false, false, false, true, false, false}},
		{"a company", func(s *web.Settings) { s.PerCompany = few }, []string{"ann", "other", "ann", "other", "stranger", ""}, []bool{false, false, false, true, false, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.settings)
			w.known["other"], w.known["stranger"] = other, stranger
			for i, token := range tt.tokens {
				var headers []string
				if token != "" {
					headers = []string{"Authorization: Bearer " + token}
				}
				r := w.ask("GET", "/api/v1/fail/unseen", "", headers...)
				if over := r.StatusCode == 429; over != tt.over[i] {
					t.Fatalf("request %d: %d %s", i, r.StatusCode, r.body)
				}
				if r.StatusCode != 429 {
					continue
				}
				wait, err := strconv.Atoi(r.Header.Get("Retry-After"))
				if err != nil || wait < 1 || wait > 1200 || r.problem(t).Code != "request.too_often" {
					t.Errorf("Retry-After %q, %s", r.Header.Get("Retry-After"), r.body)
				}
			}
		})
	}
}

func TestAProgramSeesWhatIsLeft(t *testing.T) {
	w := newWorld(t, func(s *web.Settings) {
		s.PerAddress = web.Limit{Requests: 100, Per: time.Hour}
		s.PerAccount = web.Limit{Requests: 60, Per: time.Minute}
	})
	for _, want := range []string{"59", "58"} {
		h := w.ask("GET", "/api/v1/things", "", byAnn).Header
		if h.Get("RateLimit-Limit") != "60" || h.Get("RateLimit-Remaining") != want || h.Get("RateLimit-Policy") != "60;w=60" || h.Get("RateLimit-Reset") == "" {
			t.Errorf("%v", h)
		}
	}
	if h := w.ask("GET", "/", "", "Cookie: kontor=ann").Header; h.Get("RateLimit-Limit") != "" {
		t.Errorf("a page tells it too: %v", h)
	}
}

func TestProbesAreNeverTooMany(t *testing.T) {
	w := newWorld(t, func(s *web.Settings) { s.PerAddress = web.Limit{Requests: 1, Per: time.Hour} })
	for range 5 {
		if r := w.ask("GET", "/livez", ""); r.StatusCode != 200 {
			t.Fatal(r.StatusCode)
		}
	}
}

func TestATokenComesBackWithTime(t *testing.T) {
	w := newWorld(t, func(s *web.Settings) { s.PerAddress = web.Limit{Requests: 1, Per: 20 * time.Millisecond} })
	for end := time.Now().Add(5 * time.Second); ; {
		w.ask("GET", "/", "")
		if r := w.ask("GET", "/", ""); r.StatusCode == 429 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("never too often")
		}
	}
	for end := time.Now().Add(5 * time.Second); w.ask("GET", "/", "").StatusCode != 200; {
		if time.Now().After(end) {
			t.Fatal("too often for ever")
		}
	}
}

// The address that counts is the first one, seen from us, that no proxy of ours has.
func TestTheAddressOfTheCallerCannotBeForged(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tt := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"straight from outside", "203.0.113.7:4711", nil, "203.0.113.7"},
		{"straight from outside, with a tale", "203.0.113.7:4711", []string{"198.51.100.1"}, "203.0.113.7"},
		{"through our proxy", "10.0.0.1:4711", []string{"203.0.113.7"}, "203.0.113.7"},
		{"through our proxy, with a tale", "10.0.0.1:4711", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"through our proxy, with a tale in a header of its own", "10.0.0.1:4711", []string{"198.51.100.1", "203.0.113.7"}, "203.0.113.7"},
		{"through two of our proxies", "10.0.0.1:4711", []string{"203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"through our proxy, with a tale that we are the caller", "10.0.0.1:4711", []string{"10.9.9.9, 203.0.113.7"}, "203.0.113.7"},
		{"through our proxy, which says nothing", "10.0.0.1:4711", nil, "10.0.0.1"},
		{"through our proxy, which says nonsense", "10.0.0.1:4711", []string{"203.0.113.7, unknown"}, "10.0.0.1"},
		{"from one of ours", "10.0.0.1:4711", []string{"10.0.0.2"}, "10.0.0.2"},
		{"by IPv6 through our proxy", "[fd00::1]:4711", []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:4711", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{"with a zone", "[fe80::1%eth0]:4711", nil, "fe80::1"},
		{"no network at all", "@", nil, "invalid IP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mux := web.NewMux()
			var got netip.Addr
			var actor access.Actor
			mux.Page("GET /{$}", web.Meta{Scope: web.Public}, func(_ http.ResponseWriter, r *http.Request) {
				got, actor = web.ClientAddress(r.Context()), web.Actor(r.Context())
			})
			edge, err := web.New(web.Settings{Trusted: ours}, mux)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.peer
			r.Header["X-Forwarded-For"] = tt.forwarded
			edge.ServeHTTP(httptest.NewRecorder(), r)
			if got.String() != tt.want || actor.From != tt.want || actor.Request == "" {
				t.Errorf("%s, and the actor from %q, want %s", got, actor.From, tt.want)
			}
		})
	}
}

func TestACustomerOfIPv6IsOneCaller(t *testing.T) {
	w := newWorld(t, func(s *web.Settings) {
		s.PerAddress = web.Limit{Requests: 2, Per: time.Hour}
		s.Trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for _, tt := range []struct {
		from   string
		status int
	}{
		{"2001:db8::1", 200}, {"2001:db8::2", 200}, {"2001:db8::ffff:3", 429}, {"2001:db8:0:1::1", 200}, {"203.0.113.7", 200}, {"203.0.113.8", 200},
	} {
		if r := w.ask("GET", "/", "", "X-Forwarded-For: "+tt.from); r.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.from, r.StatusCode, tt.status)
		}
	}
}
