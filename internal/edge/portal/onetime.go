package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"

	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
)

// led is where somebody was led after an act, and what they were told.
type led struct {
	To   string  `json:"to"`
	Tone ui.Tone `json:"tone,omitempty"`
	Said string  `json:"said,omitempty"`
}

// mark takes the mark out of a form that makes something, so that the same form sent twice makes it once (ADR 0020). Who
// goes back and says something else with it means something else.
func (v *visit) mark(form url.Values) {
	mark := form.Get("once")
	form.Del("once")
	if mark == "" || len(mark) > 64 || v.actor.Company.IsZero() {
		return
	}
	sum := sha256.Sum256([]byte(form.Encode()))
	hash := hex.EncodeToString(sum[:])
	v.act = &access.Once{Act: "portal " + v.r.URL.Path, Key: mark + "." + hash[:16], Hash: hash}
	v.actor = v.actor.Doing(v.act)
}

// before is where a form led that was carried out before, and is sent again; or why that is not known.
func (v *visit) before() (to led, found bool, err error) {
	if v.act == nil || v.actor.Once() == nil {
		return led{}, false, nil
	}
	answer, found, err := v.Exchanging.Repeated(v.ctx(), v.actor, *v.act)
	if err == nil && found {
		err = json.Unmarshal(answer, &to)
	}
	return to, found, err
}

// leads keeps where a form led, for when it is sent again.
func (v *visit) leads(to string, toast ui.Toast) {
	if v.act == nil || v.actor.Once() != nil {
		return // nothing was changed
	}
	answer, err := json.Marshal(led{to, toast.Tone, toast.Text})
	if err == nil {
		err = v.Exchanging.Answered(context.WithoutCancel(v.ctx()), v.actor, *v.act, answer)
	}
	if err != nil {
		v.log.WarnContext(v.ctx(), "where a form led was not kept", "err", err) // it is done all the same
	}
}
