package exchange

import (
	"slices"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
)

// Endpoint is where a company's own system wants to hear of events.
type Endpoint struct {
	ID           id.Webhook
	Company      id.Company
	Name         string
	URL          string
	Filters      []string
	Secrets      []Secret // the newest first, at most two
	Active       bool
	Stopped      Stop      // why it is not active
	FailingSince time.Time // the first failure since the last success; zero while all is well
	Version      int64
}

// Secret signs deliveries.
type Secret struct {
	Text  string    // as the gateway knows it
	Until time.Time // the zero time: for good
}

// String hides the secret, so that no log tells it.
func (Secret) String() string { return "a secret" }

// GoString hides it from %#v, too.
func (s Secret) GoString() string { return s.String() }

// Stop is why an endpoint is not active.
type Stop string

// The reasons.
const (
	NotStopped Stop = ""
	ByPerson   Stop = "person"  // somebody switched it off
	ByGone     Stop = "gone"    // it said that it wants no more
	ByFailing  Stop = "failing" // it took nothing for Patience
)

const (
	// Patience is how long an endpoint may take nothing before it is stopped.
	Patience = 3 * 24 * time.Hour
	// Overlap is how long an old secret signs beside a new one.
	Overlap = 24 * time.Hour
	// MostFilters is how many filters an endpoint may have.
	MostFilters = 50
)

// Check says what is wrong with what a person entered. Where the URL leads is for the gateway to judge.
func (e Endpoint) Check() error {
	var in fault.Input
	if !text.Kept(&in, "name", e.Name, text.MostWebhook) {
		in.Add("name", "required", "a webhook needs a name")
	}
	if e.URL == "" {
		in.Add("url", "required", "a webhook needs an address")
	}
	if text.Line(&in, "url", e.URL, text.MostURL) != e.URL {
		in.Add("url", "invalid", "an address has no blanks")
	}
	switch {
	case len(e.Filters) == 0:
		in.Add("filters", "required", "choose at least one event, or * for all of them")
	case len(e.Filters) > MostFilters:
		in.Add("filters", "too_many", "a webhook has at most %d filters", MostFilters)
	}
	for _, f := range e.Filters {
		switch {
		case !wellFormed(f):
			in.Add("filters", "invalid", "%q is no event: they look like order.placed, order.* or *", f)
		case !heard(f):
			in.Add("filters", "unknown", "there is no event %q: the description of the API lists those that there are", f)
		}
	}
	return in.Err()
}

func wellFormed(filter string) bool {
	if filter == "*" {
		return true
	}
	if len(filter) > 80 {
		return false
	}
	words := strings.Split(strings.TrimSuffix(filter, ".*"), ".")
	return !slices.ContainsFunc(words, func(w string) bool {
		return w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789_") != ""
	})
}

// Wants reports whether the endpoint is to hear of events of this name now.
func (e Endpoint) Wants(event string) bool {
	return e.Active && slices.ContainsFunc(e.Filters, func(f string) bool {
		group, wide := strings.CutSuffix(f, "*")
		return f == event || wide && strings.HasPrefix(event, group)
	})
}

// Rotate makes this the secret that signs. The one before signs beside it for Overlap; an older one no more.
func (e Endpoint) Rotate(text string, at time.Time) Endpoint {
	fresh := []Secret{{Text: text}}
	if len(e.Secrets) > 0 {
		old := e.Secrets[0]
		old.Until = at.Add(Overlap)
		fresh = append(fresh, old)
	}
	e.Secrets = fresh
	return e
}

// Signing lists the secrets that sign at this moment, the newest first.
func (e Endpoint) Signing(at time.Time) []string {
	var all []string
	for _, s := range e.Secrets {
		if s.Until.IsZero() || at.Before(s.Until) {
			all = append(all, s.Text)
		}
	}
	return all
}

// Heard notes what came of an attempt, and stops the endpoint when it is gone or has failed for too long.
func (e Endpoint) Heard(o Outcome) Endpoint {
	switch {
	case !e.Active:
	case o.Taken:
		e.FailingSince = time.Time{}
	case o.Gone:
		e.Active, e.Stopped = false, ByGone
	case e.FailingSince.IsZero():
		e.FailingSince = o.At
	case o.At.Sub(e.FailingSince) >= Patience:
		e.Active, e.Stopped = false, ByFailing
	}
	return e
}

// Halt switches the endpoint off, as somebody wishes.
func (e Endpoint) Halt() Endpoint {
	e.Active, e.Stopped = false, ByPerson
	return e
}

// Resume switches the endpoint on, its past forgiven.
func (e Endpoint) Resume() Endpoint {
	e.Active, e.Stopped, e.FailingSince = true, NotStopped, time.Time{}
	return e
}
