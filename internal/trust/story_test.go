package trust

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kontor/internal/base/money"
)

// A story is a journey over HTTP as text: requests, each with what is expected of its answer.
//
//	# a remark
//	ann POST /api/v1/carts/current/lines
//	    {"lines": [{"product_id": "{glove}", "quantity": "10"}]}
//	= 200
//	    state = open
//	    lines.# = 1
//	    id -> cart
//	    header ETag -> seen
//
// A request begins with who sends it ("nobody" has not signed in); below it stand headers, as Name: value, and the
// body. Below the status stand expectations of the answer: a value is (=), has in it (~), is not there (absent), or is
// kept under a name (->), as which it stands in braces from then on. The world's own names are those of plant. "until"
// before a request sends it again until everything is as expected: for what happens in the background.
type story struct {
	t      *testing.T
	people map[string]*client
	names  map[string]string
}

// request is one of a story's.
type request struct {
	line              int
	until             bool
	who, method, path string
	headers, body     []string
	status            int
	expected          []string
}

func TestStories(t *testing.T) {
	files, err := filepath.Glob("../../testdata/stories/*.txt")
	if err != nil || len(files) < 6 {
		t.Fatalf("there are %d stories: %v", len(files), err)
	}
	engines(t, func(t *testing.T, fresh func() string) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				w := plant(t, fresh(), 1, money.Of(1_000_00, "EUR"))
				n := serve(t, w.address)
				s := story{t, map[string]*client{}, w.things}
				emails := []string{"ann@acme.example", "bob@acme.example", "cleo@acme.example", "dan@acme.example", "eve@globex.example"}
				for i, c := range signIn(t, n, emails...) {
					name, _, _ := strings.Cut(emails[i], "@")
					s.people[name] = c
				}
				nobody := *s.people["ann"]
				nobody.token = ""
				s.people["nobody"] = &nobody
				for _, r := range parse(t, string(text)) {
					s.tell(r)
				}
				n.quiet(t)
				verified(t, w.address)
			})
		}
	})
}

var beginning = regexp.MustCompile(`^(until )?([a-z]+) (GET|POST|PUT|PATCH|DELETE) (/\S*)$`)

// parse reads a story.
func parse(t *testing.T, text string) (all []request) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		bad := func() { t.Fatalf("line %d of the story cannot be read: %s", i+1, line) }
		inside := strings.HasPrefix(line, "    ")
		trimmed := strings.TrimSpace(line)
		begins := beginning.FindStringSubmatch(line)
		switch {
		case trimmed == "" || strings.HasPrefix(line, "#"):
		case begins != nil:
			if n := len(all); n > 0 && all[n-1].status == 0 {
				bad() // the one before expects nothing
			}
			all = append(all, request{line: i + 1, until: begins[1] != "", who: begins[2], method: begins[3], path: begins[4]})
		case len(all) == 0:
			bad()
		case strings.HasPrefix(line, "= "):
			status, err := strconv.Atoi(line[2:])
			if err != nil {
				bad()
			}
			all[len(all)-1].status = status
		case !inside:
			bad()
		default:
			r := &all[len(all)-1]
			if name, value, found := strings.Cut(trimmed, ": "); r.status > 0 {
				r.expected = append(r.expected, trimmed)
			} else if found && len(r.body) == 0 && !strings.ContainsAny(name, `{"`) {
				r.headers = append(r.headers, name, value)
			} else {
				r.body = append(r.body, trimmed)
			}
		}
	}
	if n := len(all); n == 0 || all[n-1].status == 0 {
		t.Fatal("the story has no end")
	}
	return all
}

var named = regexp.MustCompile(`\{([a-z_]+)\}`)

// fill puts what is known by a name into its places.
func (s *story) fill(text string) string {
	return named.ReplaceAllStringFunc(text, func(name string) string {
		value, found := s.names[name[1:len(name)-1]]
		if !found {
			s.t.Fatalf("nothing is known as %s", name)
		}
		return value
	})
}

// tell sends a request and looks at the answer.
func (s *story) tell(r request) {
	s.t.Helper()
	c := s.people[r.who]
	if c == nil {
		s.t.Fatalf("line %d: nobody is called %s", r.line, r.who)
	}
	var headers []string
	for _, h := range r.headers {
		headers = append(headers, s.fill(h))
	}
	once := func() string {
		a, err := c.ask(r.method, s.fill(r.path), s.fill(strings.Join(r.body, "\n")), headers...)
		if err != nil {
			s.t.Fatalf("line %d: %v", r.line, err)
		}
		if a.status != r.status {
			return fmt.Sprintf("%s, and not %d", a, r.status)
		}
		for _, e := range r.expected {
			if wrong := s.expect(a, e); wrong != "" {
				return fmt.Sprintf("%s: %s in %s", e, wrong, a.body)
			}
		}
		return ""
	}
	if r.until {
		eventually(s.t, fmt.Sprintf("line %d holds", r.line), once)
	} else if wrong := once(); wrong != "" {
		s.t.Fatalf("line %d: %s %s %s: %s", r.line, r.who, r.method, r.path, wrong)
	}
}

// expect says what is wrong with an answer, "" when nothing is.
func (s *story) expect(a answer, expected string) string {
	parts := strings.SplitN(expected, " ", 3)
	get := func(path string) (string, bool) { return dig(a.body, path) }
	if parts[0] == "header" {
		parts = strings.SplitN(strings.TrimPrefix(expected, "header "), " ", 3)
		get = func(name string) (string, bool) { return a.header.Get(name), a.header.Get(name) != "" }
	}
	value, found := get(parts[0])
	switch {
	case len(parts) == 2 && parts[1] == "absent":
		if found {
			return "there is " + value
		}
		return ""
	case len(parts) != 3 || !slices.Contains([]string{"=", "~", "->"}, parts[1]):
		s.t.Fatalf("the expectation %q cannot be read", expected)
	case !found:
		return "there is none"
	}
	switch want := parts[2]; parts[1] {
	case "->":
		s.names[want] = value
	case "=":
		if want = s.fill(want); value != want {
			return fmt.Sprintf("is %q", value)
		}
	case "~":
		if want = s.fill(want); !strings.Contains(value, want) {
			return fmt.Sprintf("is %q", value)
		}
	}
	return ""
}
