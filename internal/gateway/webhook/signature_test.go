package webhook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"pgregory.net/rapid"

	"kontor/internal/gateway/webhook"
)

// The example of the standard's own documentation.
const (
	exampleID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	exampleBody      = `{"test": 2432232314}`
	exampleSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	exampleSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var exampleTime = time.Unix(1614265330, 0)

func TestThePublishedExampleIsSignedAlike(t *testing.T) {
	h := http.Header{}
	webhook.Sign(h, exampleID, exampleTime, []byte(exampleBody), secret(t, exampleSecret))
	if got := h.Get("webhook-signature"); got != exampleSignature {
		t.Errorf("%s, want %s", got, exampleSignature)
	}
}

// The library of the standard's authors is the judge: it believes what we sign, and we what it signs.
func TestSomebodyElsesLibraryAgrees(t *testing.T) {
	now := time.Now()
	rapid.Check(t, func(t *rapid.T) {
		random := rapid.SliceOfN(rapid.Byte(), 24, 64).Draw(t, "secret")
		body := []byte(rapid.String().Draw(t, "body"))
		ours, err := webhook.SecretOf(random)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := standardwebhooks.NewWebhook(ours.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		webhook.Sign(h, "dlv_01", now, body, another(t), ours)
		if err := theirs.Verify(body, h); err != nil {
			t.Fatalf("they refuse what we signed: %v", err)
		}
		if err := theirs.Verify(append(body, ' '), h); err == nil {
			t.Fatal("they take a changed body")
		}
		signed, err := theirs.Sign("dlv_01", now, body)
		if err != nil {
			t.Fatal(err)
		}
		h.Set(standardwebhooks.HeaderWebhookSignature, signed)
		if err := webhook.Verify(h, body, now, ours); err != nil {
			t.Fatalf("we refuse what they signed: %v", err)
		}
	})
}

func TestWhatWasNotSignedIsRefused(t *testing.T) {
	now := time.Date(2026, 11, 3, 13, 5, 0, 0, time.UTC)
	old, fresh, foreign := secretOf(t, 1), secretOf(t, 2), secretOf(t, 3)
	body := []byte(`{"total":"12.50"}`)
	for _, tt := range []struct {
		name   string
		with   []webhook.Secret
		edit   func(h http.Header)
		body   string
		after  time.Duration
		verify []webhook.Secret
		ok     bool
	}{
		{"as it came", []webhook.Secret{fresh}, nil, "", 0, []webhook.Secret{fresh}, true},
		{"while rotating, the receiver has the old secret", []webhook.Secret{fresh, old}, nil, "", 0, []webhook.Secret{old}, true},
		{"or the new one", []webhook.Secret{fresh, old}, nil, "", 0, []webhook.Secret{fresh}, true},
		{"or both, and we one", []webhook.Secret{old}, nil, "", 0, []webhook.Secret{fresh, old}, true},
		{"a foreign secret", []webhook.Secret{foreign}, nil, "", 0, []webhook.Secret{fresh, old}, false},
		{"no secret at all", []webhook.Secret{fresh}, nil, "", 0, nil, false},
		{"an empty secret", []webhook.Secret{{}}, nil, "", 0, []webhook.Secret{{}}, false},
		{"another body", []webhook.Secret{fresh}, nil, `{"total":"99.50"}`, 0, []webhook.Secret{fresh}, false},
		{"another id", []webhook.Secret{fresh}, set(webhook.HeaderID, "dlv_02"), "", 0, []webhook.Secret{fresh}, false},
		{"no id", []webhook.Secret{fresh}, set(webhook.HeaderID, ""), "", 0, []webhook.Secret{fresh}, false},
		{"another time", []webhook.Secret{fresh}, set(webhook.HeaderTimestamp, fmt.Sprint(now.Unix()+1)), "", 0, []webhook.Secret{fresh}, false},
		{"a time that is none", []webhook.Secret{fresh}, set(webhook.HeaderTimestamp, "now"), "", 0, []webhook.Secret{fresh}, false},
		{"another version", []webhook.Secret{fresh}, func(h http.Header) {
			h.Set(webhook.HeaderSignature, "v2"+strings.TrimPrefix(h.Get(webhook.HeaderSignature), "v1"))
		}, "", 0, []webhook.Secret{fresh}, false},
		{"no signature", []webhook.Secret{fresh}, set(webhook.HeaderSignature, ""), "", 0, []webhook.Secret{fresh}, false},
		{"five minutes late", []webhook.Secret{fresh}, nil, "", 5 * time.Minute, []webhook.Secret{fresh}, true},
		{"later", []webhook.Secret{fresh}, nil, "", 5*time.Minute + time.Second, []webhook.Secret{fresh}, false},
		{"from the future", []webhook.Secret{fresh}, nil, "", -6 * time.Minute, []webhook.Secret{fresh}, false},
	} {
		h := http.Header{}
		webhook.Sign(h, "dlv_01", now, body, tt.with...)
		if tt.edit != nil {
			tt.edit(h)
		}
		got := body
		if tt.body != "" {
			got = []byte(tt.body)
		}
		err := webhook.Verify(h, got, now.Add(tt.after), tt.verify...)
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, webhook.ErrSignature) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestSecretsAreRead(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		ok         bool
	}{
		{"24 bytes", exampleSecret, true},
		{"no prefix", strings.TrimPrefix(exampleSecret, "whsec_"), false},
		{"another prefix", "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false},
		{"too short", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==", false},
		{"too long", "whsec_" + strings.Repeat("AAAA", 22), false},
		{"no base 64", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!", false},
		{"nothing", "", false},
	} {
		s, err := webhook.ParseSecret(tt.text)
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, webhook.ErrSecret) || tt.ok && s.Reveal() != tt.text {
			t.Errorf("%s: %q, %v", tt.name, s.Reveal(), err)
		}
	}
}

func TestSecretsHideThemselves(t *testing.T) {
	s := secret(t, exampleSecret)
	wire, err := json.Marshal(map[string]any{"secret": s})
	if err != nil {
		t.Fatal(err)
	}
	for _, told := range []string{fmt.Sprint(s), fmt.Sprintf("%+v %#v %q", s, s, s), fmt.Sprint([]webhook.Secret{s}), string(wire)} {
		if strings.Contains(told, "MfKQ") {
			t.Error(told)
		}
	}
}

func TestTheEnvelopeIsACloudEvent(t *testing.T) {
	at := time.Date(2026, 11, 3, 14, 5, 0, 123456000, time.FixedZone("", 3600))
	full := webhook.Envelope{ID: "evt_1", Source: "https://kontor.example", Type: "order.placed", Subject: "ord_1", Sequence: "0007", Time: at, Data: json.RawMessage(`{"total":{"amount":"12.50","currency":"EUR"}}`)}
	bare := webhook.Envelope{ID: "evt_1", Source: "https://kontor.example", Type: "order.placed", Time: at}
	for _, tt := range []struct {
		name     string
		envelope webhook.Envelope
		want     string // "" for none
	}{
		{"all of it", full, `{"specversion":"1.0","id":"evt_1","source":"https://kontor.example","type":"order.placed","subject":"ord_1","sequence":"0007","time":"2026-11-03T13:05:00.123456Z","datacontenttype":"application/json","data":{"total":{"amount":"12.50","currency":"EUR"}}}`},
		{"what must be", bare, `{"specversion":"1.0","id":"evt_1","source":"https://kontor.example","type":"order.placed","time":"2026-11-03T13:05:00.123456Z"}`},
		{"no id", webhook.Envelope{Source: "s", Type: "t", Time: at}, ""},
		{"no source", webhook.Envelope{ID: "i", Type: "t", Time: at}, ""},
		{"no type", webhook.Envelope{ID: "i", Source: "s", Time: at}, ""},
		{"no time", webhook.Envelope{ID: "i", Source: "s", Type: "t"}, ""},
	} {
		got, err := json.Marshal(tt.envelope)
		if string(got) != tt.want || (tt.want == "") != errors.Is(err, webhook.ErrEnvelope) {
			t.Errorf("%s: %s, %v", tt.name, got, err)
		}
	}
}

func set(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }

type fatal interface {
	Helper()
	Fatal(...any)
}

func secret(t fatal, text string) webhook.Secret {
	t.Helper()
	s, err := webhook.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func secretOf(t fatal, n byte) webhook.Secret {
	t.Helper()
	s, err := webhook.SecretOf([]byte(strings.Repeat(string(rune('a'+n)), 32)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func another(t fatal) webhook.Secret { return secret(t, exampleSecret) }
