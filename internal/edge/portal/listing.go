package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/page"
	"kontor/internal/edge/ui"
)

// leafing is where in a list the reader is. The address has the cursors that led there ("at", the last one being that
// of the page shown), so that there is a way back, and how many rows lie before it ("n").
type leafing struct {
	v      *visit
	at     []string
	before int
	ask    page.Ask
}

// mostBack is how many pages one can leaf back; then one begins again.
const mostBack = 20

// leafing reads the place in a list whose rows are sorted by so many values.
func (v *visit) leafing(values int) (leafing, error) {
	q := v.r.URL.Query()
	l := leafing{v: v, at: q["at"]}
	cursor := ""
	if len(l.at) > 0 {
		cursor = l.at[len(l.at)-1]
		l.before, _ = strconv.Atoi(q.Get("n")) // what is no number is no place worth telling
		l.before = max(l.before, 0)
	}
	var err error
	l.ask, err = page.Parse(cursor, values, 0)
	return l, err
}

// pager leads on from here, where so many rows are shown; found is how many there are in all.
func (l leafing) pager(shown int, next string, found page.Count) ui.Pager {
	var p ui.Pager
	if len(l.at) > 0 {
		p.Previous = l.to(l.at[:len(l.at)-1], l.before-l.ask.Size())
	}
	if next != "" {
		at := append(append([]string{}, l.at...), next)
		p.Next = l.to(at[max(0, len(at)-mostBack):], l.before+shown)
	}
	if shown == 0 {
		return p
	}
	first, last := l.v.l.Int(int64(l.before+1)), l.v.l.Int(int64(l.before+shown))
	switch {
	case p.Previous == "" && p.Next == "":
	case found == page.Uncounted():
		p.Said = first + "–" + last
	case found.More:
		p.Said = l.v.T("%s–%s of more than %s", first, last, l.v.l.Int(found.N))
	default:
		p.Said = l.v.T("%s–%s of %s", first, last, l.v.l.Int(found.N))
	}
	return p
}

func (l leafing) to(at []string, before int) string {
	q := l.v.r.URL.Query()
	q.Del("at")
	q.Del("n")
	if len(at) > 0 {
		q["at"] = at
		q.Set("n", strconv.Itoa(max(before, 0)))
	}
	return withQuery(l.v.r.URL.Path, q)
}

// filter reads a value of the address by which a list is narrowed; none is the zero one. What it cannot be is refused with a
// sentence at the head of the page, which then shows the list as though it had not been said.
func filter[K any](v *visit, name string, parse func(string) (K, error)) K {
	key, err := picked(v.query(name), parse)
	if err != nil {
		v.refuse(name)
		var none K
		return none
	}
	return key
}

// oneOf reads a value of the address that is one of these words.
func oneOf[K ~string](v *visit, name string, all ...K) K {
	return filter(v, name, func(said string) (K, error) {
		if !slices.Contains(all, K(said)) {
			return "", errFilter
		}
		return K(said), nil
	})
}

var errFilter = fault.ErrInput.With("a list is not narrowed by this")

// refuse notes that a value of the address means nothing.
func (v *visit) refuse(name string) {
	q := v.r.URL.Query()
	said := name + "=" + ifEmpty(q.Get(name+"_said"), q.Get(name))
	if len(said) > most {
		said = strings.ToValidUTF8(said[:most], "") + "…"
	}
	if !slices.Contains(v.idle, said) {
		v.idle = append(v.idle, said)
	}
}

// refusals are the sentences that say so.
func (v *visit) refusals() (all []ui.Banner) {
	for _, said := range v.idle {
		all = append(all, ui.Banner{Tone: ui.Warn, Text: v.T("This list cannot be narrowed by “%s”: that part of the address means nothing here, so it is left out.", said)})
	}
	return all
}

// here is the address of this page with other values of some parameters, in pairs of name and value; one without a
// value is left out. The place in a list is forgotten.
func (v *visit) here(pairs ...string) string {
	q := v.r.URL.Query()
	q.Del("at")
	q.Del("n")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return withQuery(v.r.URL.Path, q)
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
