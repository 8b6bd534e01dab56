package portal

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
)

// kept is a form that was sent when the session of whoever sent it had ended: it was not carried out, and is shown to them
// again, filled in, once they have signed in (ADR 0023). It travels in the page that asks to sign in, sealed with a key that
// only the same browser has, in a cookie.
type kept struct {
	Account id.Account `json:"account"` // whose form it was
	From    string     `json:"from"`    // the page that it stood on
	Action  string     `json:"action"`  // where it was sent
	Fields  url.Values `json:"fields"`
}

const (
	whoseCookie = "kontor_whose" // the account that signed in last in this browser
	keptCookie  = "kontor_kept"  // the key of what is kept
	keptPath    = "/sign-in"

	whoseLasts = 30 * 24 * time.Hour
	keptLasts  = 8 * time.Hour
	mostKept   = 64 << 10 // bytes of the fields of a form that is kept
)

// unkept are the fields that hold passwords: they are typed again.
var unkept = []string{"password", "current", "new"}

var errNotKept = errors.New("nothing is kept")

// keep seals the form of a request whose session has ended, and gives the browser the key. It is empty for what is not
// kept: a form with files, one that is too large, or one of nobody knows whom.
func (v *visit) keep() string {
	whose, err := v.r.Cookie(whoseCookie)
	if err != nil || !strings.HasPrefix(v.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return ""
	}
	k := kept{From: v.cameFrom(), Action: v.r.URL.RequestURI()}
	if k.Account, err = id.ParseAccount(whose.Value); err != nil {
		return ""
	}
	if k.Fields, err = v.sent(); err != nil || len(k.Fields.Encode()) > mostKept {
		return ""
	}
	for _, name := range unkept {
		delete(k.Fields, name)
	}
	key := make([]byte, 32)
	rand.Read(key)
	sealed, err := k.seal(key)
	if err != nil {
		v.log.WarnContext(v.ctx(), "a form was not kept", "err", err)
		return ""
	}
	web.KeepLink(v.w, v.r, keptCookie, base64.RawURLEncoding.EncodeToString(key), keptPath, keptLasts)
	return sealed
}

// cameFrom is the page of ours that a form stood on.
func (v *visit) cameFrom() string {
	for _, name := range []string{"HX-Current-URL", "Referer"} {
		if u, err := url.Parse(v.r.Header.Get(name)); err == nil && u.Host == v.r.Host {
			if from := inside(u.RequestURI()); from != "" {
				return from
			}
		}
	}
	return "/"
}

func (k kept) seal(key []byte) (string, error) {
	text, err := json.Marshal(k)
	if err != nil {
		return "", err
	}
	box, err := boxOf(key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, text, nil)), nil
}

// unseal opens what was kept, if this browser has its key and the account is the same.
func (v *visit) unseal(sealed string, account id.Account) (k kept, err error) {
	c, err := v.r.Cookie(keptCookie)
	if err != nil {
		return k, errNotKept
	}
	key, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return k, errNotKept
	}
	text, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return k, errNotKept
	}
	box, err := boxOf(key)
	if err != nil || len(text) < box.NonceSize() {
		return k, errNotKept
	}
	if text, err = box.Open(nil, text[:box.NonceSize()], text[box.NonceSize():], nil); err != nil {
		return k, errNotKept
	}
	if err = json.Unmarshal(text, &k); err != nil || k.Account != account || inside(k.From) == "" {
		return kept{}, errNotKept
	}
	return k, nil
}

func boxOf(key []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// asksAgain is the answer to a form whose session has ended: the page to sign in, which has the form with it.
func (v *visit) asksAgain() error {
	p := SignInPage{Entrance: v.entrance(v.T("Sign in")), Next: v.cameFrom(), Kept: v.keep()}
	p.Notice = ui.Notice{Tone: ui.Warn, Title: v.T("Your session has ended"), Text: v.T("Nothing was sent. Sign in again, and the form is shown to you as you had filled it in; only passwords are to be typed again.")}
	if p.Kept == "" {
		p.Notice.Text = v.T("Nothing was sent, and what you had typed could not be kept. Go back in your browser to copy it.")
	}
	head := v.w.Header()
	head.Set("HX-Push-Url", "false")
	if v.r.Header.Get("HX-Request") != "" && v.r.Header.Get("HX-Boosted") == "" {
		head.Set("HX-Retarget", "body")
		head.Set("HX-Reswap", "morph:innerHTML")
		head.Set("HX-Reselect", ".entrance")
	}
	return v.answer(http.StatusUnauthorized, p.View())
}

type visitKey struct{}

// resumes shows the form that was kept, filled in, on the page that it stood on; where that has it no more, what was typed.
func (v *visit) resumes(k kept, token string) error {
	actor, err := v.Signing.Recognise(v.ctx(), token, v.actor.From, v.actor.Request)
	if err != nil {
		return err
	}
	web.KeepLink(v.w, v.r, keptCookie, "", keptPath, keptLasts)
	again := *v
	again.actor, again.kept = actor, &k
	if actor.Language != "" {
		again.l = actor.Language
	}
	if zone, err := time.LoadLocation(actor.Zone); err == nil {
		again.zone = zone
	}
	page, placed := again.filled(k)
	if !placed {
		return again.show(again.keptPage(k).View())
	}
	v.w.Header().Set("HX-Push-Url", k.From)
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = v.w.Write(page)
	if err != nil {
		v.log.DebugContext(v.ctx(), "the reader has gone", "err", err)
	}
	return nil
}

// filled is the page that a form stood on, with what was kept typed into it; false where there is no such form any more.
func (v *visit) filled(k kept) ([]byte, bool) {
	r := v.r.Clone(context.WithValue(v.ctx(), visitKey{}, v))
	u, err := url.Parse(k.From)
	if err != nil {
		return nil, false
	}
	r.Method, r.URL, r.Body, r.Pattern = http.MethodGet, u, http.NoBody, ""
	w := &answerKept{header: http.Header{}}
	v.looks.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		return nil, false
	}
	return refill(w.Bytes(), k.Action, k.Fields)
}

// resumed gives a page that is looked at for what was kept to the visit that looks.
func resumed(serve func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, ok := r.Context().Value(visitKey{}).(*visit)
		if !ok {
			http.NotFound(w, r)
			return
		}
		again := *v
		again.w, again.r = w, r
		if err := serve(&again); err != nil {
			http.Error(w, "", http.StatusInternalServerError) // never sent: what was kept is shown by itself
		}
	}
}

// answerKept is an answer that is not sent yet.
type answerKept struct {
	bytes.Buffer
	header http.Header
	status int
}

func (a *answerKept) Header() http.Header { return a.header }

func (a *answerKept) WriteHeader(status int) { a.status = status }

// keptFor is what was kept of the form that is sent to an address.
func (v *visit) keptFor(action string) url.Values {
	if v.kept == nil || v.kept.Action != action {
		return nil
	}
	return v.kept.Fields
}

// KeptPage shows what was typed into a form that is not there any more.
type KeptPage struct {
	ui.Frame
	Header ui.Header
	Facts  ui.Facts
}

func (v *visit) keptPage(k kept) KeptPage {
	p := KeptPage{Frame: v.frame(v.T("What you had typed"), "")}
	p.Header = ui.Header{Title: v.T("What you had typed"), Note: v.T("The form that it stood in is not there any more. Nothing of it was sent."),
		Actions: ui.LinkButton{Label: v.T("Go on"), URL: k.From, Kind: ui.Primary}}
	for _, name := range slices.Sorted(maps.Keys(k.Fields)) {
		if name == "once" {
			continue // nobody typed it
		}
		if said := strings.TrimSpace(strings.Join(k.Fields[name], ", ")); said != "" {
			p.Facts.Facts = append(p.Facts.Facts, ui.Fact{Label: name, Text: said})
		}
	}
	return p
}

// remembers notes in the browser which account has signed in, for what it may send when the session has ended.
func (v *visit) remembers(account id.Account) {
	web.KeepLink(v.w, v.r, whoseCookie, account.String(), "/", whoseLasts)
}

// ended reports whether a request is a form of somebody whose session has ended, rather than of somebody who never had one.
func ended(r *http.Request) bool {
	_, err := r.Cookie(whoseCookie)
	return r.Method == http.MethodPost && err == nil
}
