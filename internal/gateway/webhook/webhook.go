// Package webhook posts events to the addresses that companies name: signed after Standard Webhooks, in a
// CloudEvents envelope, and only to where a stranger could go as well.
//
// A post is one attempt. When to try again is for the caller to decide, by what the [Result] says.
package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kontor/internal/base/fault"
)

// Options are how a client posts.
type Options struct {
	Guard   Guard
	Timeout time.Duration    // for one post, from finding the host to the last byte read
	Now     func() time.Time // the clock that measures how long it took
	Agent   string           // how we introduce ourselves: "Kontor/1.4"
	Trust   *x509.CertPool   // whose certificates we believe; nil: those that this machine does
}

// Message is what is posted.
type Message struct {
	ID      string // the same for every attempt, so that the receiver can tell
	At      time.Time
	URL     string
	Body    []byte   // as [Envelope] writes it
	Secrets []Secret // each signs; two while one follows the other
}

// Result is what came of a post.
type Result struct {
	Status     int           // of HTTP; 0 when there was no answer
	Took       time.Duration // until the answer was read
	RetryAfter time.Duration // how long the receiver wants to be left alone; 0 when it did not say, at most a day
	Retry      bool          // it was not delivered, and another attempt may do better
	Answer     string        // how the answer begins, as text
	Err        error         // why it was not delivered, a fault; nil when it was
}

// Gone reports whether the receiver wants no more, ever.
func (r Result) Gone() bool { return r.Status == http.StatusGone }

var (
	// ErrUndelivered is the fault of a post that the receiver did not take.
	ErrUndelivered = fault.Define(fault.Unavailable, "webhook.undelivered", "the receiver could not be reached")
	// ErrUnsigned is the fault of a post that nothing would sign.
	ErrUnsigned = fault.Define(fault.Refused, "webhook.unsigned", "this webhook has no valid secret")
)

// How much of an answer is read, and how much of that is kept. The rest is left unread.
const (
	mostRead = 64 << 10
	mostKept = 1 << 10
)

// Client posts. It is safe for several goroutines.
type Client struct {
	options Options
	http    http.Client
}

// New makes a client. It follows no redirect, asks no proxy, unpacks nothing, and reads little.
func New(o Options) *Client {
	return &Client{o, http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            o.Guard.Dial,
			TLSClientConfig:        &tls.Config{RootCAs: o.Trust, MinVersion: tls.VersionTLS12},
			DisableCompression:     true,
			MaxResponseHeaderBytes: mostRead,
			MaxConnsPerHost:        8,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true,
		},
	}}
}

// Post makes one attempt.
func (c *Client) Post(ctx context.Context, m Message) Result {
	if len(m.Secrets) == 0 || slices.Contains(m.Secrets, Secret{}) {
		return Result{Err: ErrUnsigned}
	}
	address, err := c.options.Guard.Parse(m.URL)
	if err != nil {
		return Result{Err: err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), bytes.NewReader(m.Body))
	if err != nil {
		return Result{Err: ErrAddress.Because(err)}
	}
	request.Header.Set("Content-Type", ContentType)
	request.Header.Set("User-Agent", c.options.Agent)
	Sign(request.Header, m.ID, m.At, m.Body, m.Secrets...)
	begun := c.options.Now()
	r := c.answer(request)
	r.Took = c.options.Now().Sub(begun)
	return r
}

func (c *Client) answer(request *http.Request) Result {
	response, err := c.http.Do(request)
	if err != nil {
		return unanswered(err)
	}
	defer func() { _ = response.Body.Close() }() // we have read what we want of it
	r := Result{Status: response.StatusCode}
	text, err := io.ReadAll(io.LimitReader(response.Body, mostRead))
	switch {
	case r.Status/100 == 2: // taken: that the rest of the answer was lost does not undo it
	case err != nil:
		return unanswered(err)
	case r.Status/100 == 3:
		r.Err, r.Retry = ErrUndelivered.With("the receiver sends us elsewhere (%d), and we do not follow", r.Status), true
		return r
	default:
		r.Err, r.Retry = ErrUndelivered.With("the receiver answered %d", r.Status), !r.Gone()
	}
	r.RetryAfter = patience(response.Header.Get("Retry-After"), c.options.Now())
	r.Answer = legible(text)
	return r
}

func unanswered(err error) Result {
	var refused *fault.Fault
	var slow net.Error
	late := errors.As(err, &slow) && slow.Timeout()
	var whole *url.Error // names the address, which may hold a key and stays out of the log
	if errors.As(err, &whole) {
		err = whole.Err
	}
	switch {
	case errors.As(err, &refused):
		return Result{Err: refused}
	case late:
		return Result{Err: ErrUndelivered.With("the receiver did not answer in time").Because(err), Retry: true}
	}
	return Result{Err: ErrUndelivered.Because(err), Retry: true}
}

// patience reads a Retry-After header: seconds, or a date.
func patience(header string, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, most)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, min(at.Sub(now), most))
	}
	return 0
}

// legible is the beginning of a text without what does not print.
func legible(text []byte) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(text[:min(len(text), mostKept)]), ""))
}
