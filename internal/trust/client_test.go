package trust

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// client is somebody who works with Kontor over HTTP. A token outlives the node that gave it.
type client struct {
	name  string
	url   string
	token string
	http  *http.Client
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, a.body) }

// ask sends a request. An error means that we do not know what became of it.
func (c *client) ask(method, path, body string, headers ...string) (answer, error) {
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	b, err := io.ReadAll(res.Body)
	if closed := res.Body.Close(); err == nil {
		err = closed
	}
	return answer{res.StatusCode, string(b), res.Header}, err
}

// must is ask for what has to succeed.
func (c *client) must(t *testing.T, method, path, body string, headers ...string) string {
	t.Helper()
	a, err := c.ask(method, path, body, headers...)
	if err != nil || a.status/100 != 2 {
		t.Fatalf("%s: %s %s %s: %s %v", c.name, method, path, body, a, err)
	}
	return a.body
}

// all reads a whole list, page by page.
func (c *client) all(t *testing.T, path string) (items []string) {
	t.Helper()
	for cursor := ""; ; {
		page := c.must(t, http.MethodGet, path+"?limit=200&cursor="+cursor, "")
		var list struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next"`
		}
		if err := json.Unmarshal([]byte(page), &list); err != nil {
			t.Fatal(err)
		}
		for _, i := range list.Items {
			items = append(items, string(i))
		}
		if cursor = list.Next; cursor == "" {
			return items
		}
	}
}

// move makes people go to a node: to the one that was started after a crash, or to another one.
func move(to *node, people ...*client) {
	for _, c := range people {
		c.http.CloseIdleConnections()
		c.url = to.url
	}
}

// signIn signs people in, all at once.
func signIn(t *testing.T, n *node, emails ...string) []*client {
	t.Helper()
	all := make([]*client, len(emails))
	var wg sync.WaitGroup
	for i, email := range emails {
		c := &client{name: email, url: n.url, http: &http.Client{Transport: &http.Transport{}, Timeout: 30 * time.Second}}
		t.Cleanup(c.http.CloseIdleConnections)
		all[i] = c
		wg.Go(func() {
			a, err := c.ask(http.MethodPost, "/api/v1/sessions", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
			if err != nil || a.status != http.StatusOK {
				t.Errorf("%s does not get in: %s %v", email, a, err)
			}
			c.token, _ = dig(a.body, "token") // without one the next request fails
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return all
}

// dig reads a value of a JSON text by its path: "lines.0.id"; "lines.#" is how many there are. found is false when
// there is none.
func dig(text, path string) (value string, found bool) {
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return "", false
	}
	for part := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			if v, found = in[part]; !found {
				return "", false
			}
		case []any:
			if part == "#" {
				return strconv.Itoa(len(in)), true
			}
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(in) {
				return "", false
			}
			v = in[i]
		default:
			return "", false
		}
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	b, err := json.Marshal(v)
	return string(b), err == nil
}

// has is dig for what must be there.
func has(t *testing.T, text, path string) string {
	t.Helper()
	v, found := dig(text, path)
	if !found {
		t.Fatalf("there is no %s in %s", path, text)
	}
	return v
}
