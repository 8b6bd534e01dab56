package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
)

// Secret is the key that signs what goes to one address. It does not print itself.
type Secret struct{ key string }

const prefix = "whsec_"

// ErrSecret is the fault of a text that is no secret.
var ErrSecret = fault.Define(fault.Invalid, "webhook.secret", "a secret is whsec_ and the base 64 of 24 to 64 bytes")

// SecretOf makes a secret of 24 to 64 random bytes.
func SecretOf(random []byte) (Secret, error) {
	if len(random) < 24 || len(random) > 64 {
		return Secret{}, ErrSecret
	}
	return Secret{string(random)}, nil
}

// ParseSecret reads a secret as it is shown to the receiver.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, prefix)
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil {
		return Secret{}, ErrSecret
	}
	return SecretOf(key)
}

// Reveal is the secret as the receiver needs it: whsec_ and base 64. It is for showing once and for keeping sealed.
func (s Secret) Reveal() string {
	return prefix + base64.StdEncoding.EncodeToString([]byte(s.key))
}

// String hides the secret, so that no log tells it.
func (s Secret) String() string { return prefix + "…" }

// GoString hides it from %#v, too.
func (s Secret) GoString() string { return s.String() }

// The headers of Standard Webhooks.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// Sign sets the three headers that tell the receiver who sent this body, when, and as which message. Each secret
// gives one signature, and the receiver needs to know one of them.
func Sign(h http.Header, key string, at time.Time, body []byte, secrets ...Secret) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for i, s := range secrets {
		signatures[i] = s.signature(key, stamp, body)
	}
	h.Set(HeaderID, key)
	h.Set(HeaderTimestamp, stamp)
	h.Set(HeaderSignature, strings.Join(signatures, " "))
}

// signature is of the first version: HMAC-SHA256 over id, time and body with dots between.
func (s Secret) signature(key, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(s.key))
	mac.Write([]byte(key + "." + stamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Tolerance is how far the clocks of sender and receiver may be apart.
const Tolerance = 5 * time.Minute

// ErrSignature says that a message was not signed by who should have, or not just now. It tells no more.
var ErrSignature = errors.New("webhook: the signature does not fit")

// Verify is what a receiver does with a message: it is ErrSignature unless one of the secrets signed it just now.
func Verify(h http.Header, body []byte, now time.Time, secrets ...Secret) error {
	key, stamp := h.Get(HeaderID), h.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || key == "" {
		return ErrSignature
	}
	if age := now.Sub(time.Unix(seconds, 0)); age.Abs() > Tolerance {
		return ErrSignature
	}
	given := strings.Fields(h.Get(HeaderSignature))
	for _, s := range secrets {
		if s == (Secret{}) {
			continue // signs nothing
		}
		want := []byte(s.signature(key, stamp, body))
		if slices.ContainsFunc(given, func(g string) bool { return hmac.Equal([]byte(g), want) }) {
			return nil
		}
	}
	return ErrSignature
}
