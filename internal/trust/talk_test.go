package trust

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// talk is what a guide sends to a node and shows of the answers: blocks of a request, each with one of its answer behind it.
type talk struct {
	t      *testing.T
	url    string
	kept   map[string]string // what was kept of answers, by the name under which requests say it again: {NAME}
	sent   string            // the request that was answered last
	answer any
	open   bool // it is not shown yet
}

var statusLine = regexp.MustCompile(`^HTTP (\d{3})$`)

// block sends a request, or holds what is shown against the answer to the one before it.
func (k *talk) block(text string) {
	k.t.Helper()
	for name, value := range k.kept {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	m := statusLine.FindStringSubmatch(lines[0])
	if m == nil {
		k.send(lines, body)
		return
	}
	if !k.open {
		k.t.Fatalf("an answer without a request: %s", head)
	}
	k.open = false
	var shown any
	if err := json.Unmarshal([]byte(body), &shown); err != nil {
		k.t.Fatalf("what is shown of the answer to %s: %v", k.sent, err)
	}
	got := k.answer.(map[string]any)
	if status := strconv.Itoa(got["status"].(int)); status != m[1] {
		k.t.Fatalf("%s is answered %s, and %s is shown: %v", k.sent, status, m[1], got["body"])
	}
	if wrong := lacks(got["body"], shown, ""); wrong != "" {
		k.t.Errorf("the answer to %s: %s", k.sent, wrong)
	}
}

// send sends a request: its first line, its headers and its body.
func (k *talk) send(lines []string, body string) {
	k.t.Helper()
	if k.open {
		k.t.Errorf("nothing is shown of the answer to %s", k.sent)
	}
	method, path, ok := strings.Cut(lines[0], " ")
	if !ok {
		k.t.Fatalf("%q is no request", lines[0])
	}
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer w.Body.Close()
	said, err := io.ReadAll(w.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	var read any
	if err := json.Unmarshal(said, &read); err != nil {
		k.t.Fatalf("%s: %v in %s", lines[0], err, said)
	}
	k.sent, k.answer, k.open = lines[0], map[string]any{"status": w.StatusCode, "body": read}, true
}

// keep remembers something of the last answer: the name, and the pointer to it.
func (k *talk) keep(what string) {
	k.t.Helper()
	name, pointer, ok := strings.Cut(what, " /")
	if !ok {
		k.t.Fatalf("%q is no name and pointer", what)
	}
	at := k.answer.(map[string]any)["body"]
	for step := range strings.SplitSeq(pointer, "/") {
		switch in := at.(type) {
		case map[string]any:
			at = in[step]
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(in) {
				at = in[i]
			}
		}
	}
	value, ok := at.(string)
	if !ok {
		k.t.Fatalf("there is no /%s in the answer to %s", pointer, k.sent)
	}
	k.kept[name] = value
}

// lacks says what of what is shown an answer does not have; the answer may hold more. "…" is any text.
func lacks(got, shown any, at string) string {
	switch shown := shown.(type) {
	case map[string]any:
		in, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("at %s is %v", at, got)
		}
		for _, name := range slices.Sorted(maps.Keys(shown)) {
			if wrong := lacks(in[name], shown[name], at+"/"+name); wrong != "" {
				return wrong
			}
		}
	case []any:
		in, ok := got.([]any)
		if !ok || len(in) < len(shown) {
			return fmt.Sprintf("at %s is %v", at, got)
		}
		for i := range shown {
			if wrong := lacks(in[i], shown[i], at+"/"+strconv.Itoa(i)); wrong != "" {
				return wrong
			}
		}
	default:
		if text, ok := got.(string); shown == "…" && ok && text != "" {
			return ""
		}
		if got != shown {
			return fmt.Sprintf("at %s is %v, and %v is shown", at, got, shown)
		}
	}
	return ""
}
