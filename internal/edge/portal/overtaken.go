package portal

import (
	"bytes"
	"context"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kontor/internal/edge/ui"
)

// overtaken shows a form again whose thing somebody has changed since it was seen: with what was typed, with the version of
// now, and beside each field that says something else than what stands there now, what that is. It reads both pages as HTML:
// so it is so for every form, and none needs to know of it.
func (v *visit) overtaken(a attempt, page func(attempt) error) error {
	now, err := v.aside(page, attempt{})
	if err != nil {
		return err
	}
	if now.status/100 == 3 { // it leads on to a page that says it
		return page(a)
	}
	mine := a
	mine.rest = ""
	came, err := v.aside(page, mine)
	if err != nil {
		return err
	}
	marked, ok := overtake{v, a.said}.page(came.Bytes(), now.Bytes(), v.r.URL.RequestURI())
	if !ok {
		return page(a)
	}
	v.stays()
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(a.status())
	if _, err := v.w.Write(marked); err != nil {
		v.log.DebugContext(v.ctx(), "the reader has gone", "err", err)
	}
	return nil
}

// aside renders a page without sending it.
func (v *visit) aside(page func(attempt) error, a attempt) (*answerKept, error) {
	w, kept := v.w, &answerKept{header: http.Header{}, status: http.StatusOK}
	v.w = kept
	defer func() { v.w = w }()
	return kept, page(a)
}

// overtake compares a form as it came with the same form as it is now.
type overtake struct {
	*visit
	said url.Values
}

func (o overtake) page(came, now []byte, action string) ([]byte, bool) {
	doc, err := html.Parse(bytes.NewReader(came))
	if err != nil {
		return nil, false
	}
	fresh, err := html.Parse(bytes.NewReader(now))
	if err != nil {
		return nil, false
	}
	form, stands := formOf(doc, action, o.said), formOf(fresh, action, o.said)
	if form == nil || stands == nil {
		return nil, false
	}
	mine, theirs := controls(form), controls(stands)
	for _, n := range mine["version"] {
		if len(theirs["version"]) > 0 {
			set(n, "value", attr(theirs["version"][0], "value"))
		}
	}
	for name, all := range mine {
		for i, n := range all {
			if text, differs := o.differs(n, counterpart(n, i, theirs[name]), theirs[name]); differs {
				beside(n, o.T("Now: %s", ifEmpty(text, o.T("nothing"))))
			}
		}
	}
	notice := ui.Notice{Tone: ui.Bad, Title: o.T("Somebody has changed this meanwhile"), Reasons: o.more(mine, theirs, stands),
		Text: o.T("What you typed is still here, and nothing was saved. Where something else stands now, it says so beside the field. Saving again replaces it with what you typed.")}
	put(o.ctx(), form, notice)
	open(form)
	var out bytes.Buffer
	err = html.Render(&out, doc)
	return out.Bytes(), err == nil
}

// counterpart is the same control of the other form: the at-th of its name, or the one that stands for the same choice.
func counterpart(n *html.Node, at int, among []*html.Node) *html.Node {
	if ticks(n) {
		for _, c := range among {
			if attr(c, "value") == attr(n, "value") {
				return c
			}
		}
		return nil
	}
	if at < len(among) && among[at].DataAtom == n.DataAtom {
		return among[at]
	}
	return nil
}

// differs reports whether a control says something else than what stands there now, and what that is.
func (o overtake) differs(n, now *html.Node, all []*html.Node) (text string, differs bool) {
	switch {
	case hiddenField(n) || inTree(n):
		return "", false
	case attr(n, "type") == "radio":
		if !has(n, "checked") || now != nil && has(now, "checked") {
			return "", false
		}
		for _, c := range all {
			if has(c, "checked") {
				return labelled(c), true
			}
		}
		return "", true
	case attr(n, "type") == "checkbox":
		if now == nil || has(n, "checked") == has(now, "checked") {
			return "", false
		}
		if has(now, "checked") {
			return o.T("ticked"), true
		}
		return o.T("not ticked"), true
	case now == nil:
		return "", holds(n) != ""
	}
	text = shown(now)
	return text, !o.same(holds(n), holds(now))
}

// same reports whether two texts say the same, with figures as the reader's language writes them.
func (o overtake) same(a, b string) bool {
	if a, b = fields(a), fields(b); a == b {
		return true
	}
	x, ok := new(big.Rat).SetString(o.l.Plain(a))
	y, also := new(big.Rat).SetString(o.l.Plain(b))
	return ok && also && x.Cmp(y) == 0
}

func fields(s string) string { return strings.Join(strings.Fields(s), " ") }

// more are what stands in the form now and has no place in the one that came: parts that somebody has added.
func (o overtake) more(mine, theirs map[string][]*html.Node, form *html.Node) (lines []string) {
	for n := range form.Descendants() {
		name := attr(n, "name")
		if all, ok := theirs[name]; !ok || len(mine[name]) > 0 || all[0] != n || hiddenField(n) || ticks(n) {
			continue
		}
		if text := shown(n); text != "" && len(lines) < 20 {
			lines = append(lines, o.T("Now: %s", joined(": ", labelled(n), text)))
		}
	}
	return lines
}

// controls are what can be typed or chosen in a form, and its versions, by name.
func controls(form *html.Node) map[string][]*html.Node {
	all := map[string][]*html.Node{}
	for n := range form.Descendants() {
		switch n.DataAtom {
		case atom.Input, atom.Select, atom.Textarea:
			if name := attr(n, "name"); name != "" && !slices.Contains([]string{"password", "file"}, attr(n, "type")) && !has(n, "disabled") {
				all[name] = append(all[name], n)
			}
		}
	}
	return all
}

func ticks(n *html.Node) bool {
	return n.DataAtom == atom.Input && (attr(n, "type") == "checkbox" || attr(n, "type") == "radio")
}

// hiddenField reports whether nobody sees a control: what is picked by typing is hidden too, but stands for what is seen.
func hiddenField(n *html.Node) bool {
	return attr(n, "type") == "hidden" && !has(n, "data-finder-value") || strings.HasSuffix(attr(n, "name"), "_said")
}

// inTree reports whether a box stands in a tree, which marks by itself what has changed.
func inTree(n *html.Node) bool {
	for p := range n.Ancestors() {
		if has(p, "data-permissions") {
			return true
		}
	}
	return false
}

// holds is what a control would send.
func holds(n *html.Node) string {
	switch n.DataAtom {
	case atom.Textarea:
		return textOf(n)
	case atom.Select:
		if o := optionOf(n); o != nil {
			return attr(o, "value")
		}
		return ""
	}
	return attr(n, "value")
}

// shown is what a reader sees in a control.
func shown(n *html.Node) string {
	switch {
	case n.DataAtom == atom.Select:
		if o := optionOf(n); o != nil {
			return fields(textOf(o))
		}
		return ""
	case has(n, "data-finder-value"):
		for c := range n.Parent.Descendants() {
			if strings.HasSuffix(attr(c, "name"), "_said") {
				return attr(c, "value")
			}
		}
	}
	return fields(holds(n))
}

// optionOf is the option that a select holds: the first where none is marked.
func optionOf(n *html.Node) (option *html.Node) {
	for o := range n.Descendants() {
		if o.DataAtom == atom.Option && (option == nil || has(o, "selected")) {
			option = o
		}
	}
	return option
}

// labelled is the label of a control.
func labelled(n *html.Node) string {
	root := n
	for p := range n.Ancestors() {
		root = p
	}
	for l := range root.Descendants() {
		if l.DataAtom == atom.Label && attr(l, "for") == attr(n, "id") && attr(n, "id") != "" {
			return fields(textOf(l))
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// beside writes a line below a control, and has it said with it.
func beside(n *html.Node, text string) {
	holder := n.Parent
	for p := range n.Ancestors() {
		if kind := attr(p, "class"); kind == "radios" || kind == "field" || kind == "check" && attr(n, "type") != "radio" {
			holder = p
			break
		}
	}
	seen := n // what is picked by typing is seen beside what is sent
	if has(n, "data-finder-value") {
		for c := range n.Parent.Descendants() {
			if attr(c, "role") == "combobox" {
				seen = c
			}
		}
	}
	line := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P, Attr: []html.Attribute{{Key: "class", Val: "now"}}}
	if key := attr(seen, "id"); key != "" {
		set(line, "id", key+"-now")
		set(seen, "aria-describedby", joined(" ", attr(seen, "aria-describedby"), key+"-now"))
	}
	line.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	holder.AppendChild(line)
}

// put writes a notice at the head of a form.
func put(ctx context.Context, form *html.Node, notice ui.Notice) {
	var b strings.Builder
	if notice.Render(ctx, io.Writer(&b)) != nil {
		return
	}
	nodes, err := html.ParseFragment(strings.NewReader(b.String()), form)
	if err != nil {
		return
	}
	for _, n := range slices.Backward(nodes) {
		form.InsertBefore(n, form.FirstChild)
	}
}
