package portal

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// refill types fields into the form of a page that is sent to an address; false where the page has no such form. Of
// several, it is the one that knows most of the fields. Hidden fields are filled in as well: the version that somebody has
// seen is theirs, and an idempotency key was not used. What holds the form is opened.
func refill(page []byte, action string, fields url.Values) ([]byte, bool) {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, false
	}
	form := formOf(doc, action, fields)
	if form == nil {
		return nil, false
	}
	typed := map[string]int{}
	for n := range form.Descendants() {
		if name := attr(n, "name"); name != "" && n.DataAtom != atom.Button {
			enter(n, fields[name], typed[name])
			typed[name]++
		}
	}
	open(form)
	var out bytes.Buffer
	if err := html.Render(&out, doc); err != nil {
		return nil, false
	}
	return out.Bytes(), true
}

// formOf is the form of a page that is sent to an address: of several, the one that knows most of the fields, and
// has most of their values. It is nil where there is none that knows any.
func formOf(doc *html.Node, action string, fields url.Values) (form *html.Node) {
	best := -1
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Form && strings.EqualFold(attr(n, "method"), "post") && attr(n, "action") == action {
			if known := knows(n, fields); known > best || known == best && alike(n, fields) > alike(form, fields) {
				form, best = n, known
			}
		}
	}
	if best == 0 && len(fields) > 0 {
		return nil
	}
	return form
}

// open opens what holds a form.
func open(form *html.Node) {
	for n := range form.Ancestors() {
		switch n.DataAtom {
		case atom.Dialog:
			set(n, "open", "")
			set(n, "data-open-now", "")
		case atom.Details:
			set(n, "open", "")
		}
	}
}

// knows counts the fields that a form has.
func knows(form *html.Node, fields url.Values) int {
	names := map[string]bool{}
	for n := range form.Descendants() {
		if name := attr(n, "name"); fields.Has(name) && n.DataAtom != atom.Button {
			names[name] = true
		}
	}
	return len(names)
}

// alike counts the controls of a form that hold what was said.
func alike(form *html.Node, fields url.Values) (n int) {
	for c := range form.Descendants() {
		if name := attr(c, "name"); c.DataAtom == atom.Input && fields.Has(name) && fields.Get(name) == attr(c, "value") {
			n++
		}
	}
	return n
}

// enter types into one control what was said under its name: the at-th of its kind.
func enter(n *html.Node, said []string, at int) {
	switch n.DataAtom {
	case atom.Input:
		switch attr(n, "type") {
		case "checkbox", "radio":
			value := attr(n, "value")
			if value == "" {
				value = "on"
			}
			unset(n, "checked")
			if slices.Contains(said, value) {
				set(n, "checked", "")
			}
		case "password", "file":
		default:
			if at < len(said) {
				set(n, "value", said[at])
			}
		}
	case atom.Textarea:
		if at < len(said) {
			for c := n.FirstChild; c != nil; c = n.FirstChild {
				n.RemoveChild(c)
			}
			n.AppendChild(&html.Node{Type: html.TextNode, Data: said[at]})
		}
	case atom.Select:
		if at >= len(said) {
			return
		}
		for o := range n.Descendants() {
			if o.DataAtom == atom.Option {
				unset(o, "selected")
				if attr(o, "value") == said[at] {
					set(o, "selected", "")
				}
			}
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func set(n *html.Node, name, value string) {
	unset(n, name)
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func unset(n *html.Node, name string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
