package ui

import (
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/a-h/templ"
)

// Tone says how a piece of news feels. The zero tone is neutral.
type Tone string

// The tones. Colour never says it alone: a word or an icon stands with it.
const (
	Neutral Tone = ""
	Info    Tone = "info" // worth knowing; the accent colour
	Good    Tone = "good" // done, allowed, enough
	Warn    Tone = "warn" // look at this soon
	Bad     Tone = "bad"  // refused, failed, overspent
)

// icon is the sign that goes with a tone.
func (t Tone) icon() Icon {
	switch t {
	case Good:
		return IconGood
	case Warn:
		return IconWarn
	case Bad:
		return IconBad
	default:
		return IconInfo
	}
}

// HX tells htmx to replace one region of the page instead of the whole of it.
// Without it links and forms still do not reload: the answer is morphed into
// the page that stands. Everything works without scripts as well.
type HX struct {
	Region  string // id of the element that the answer replaces; the answer may be the whole page
	Get     string // address to fetch on Trigger; links and forms use their own. Without a Region the answer replaces the piece
	Post    string // address to post to on Trigger
	Trigger string // when, in htmx's words: "load", "input changed delay:300ms"
	Include string // selector of more fields to send along
	Stay    bool   // leave the address bar as it is
}

func (h HX) attributes() templ.OrderedAttributes {
	var list templ.OrderedAttributes
	add := func(name, value string) {
		if value != "" {
			list = append(list, templ.KeyValue[string, any]{Key: name, Value: value})
		}
	}
	if h.Region != "" {
		add("hx-target", "#"+h.Region)
		add("hx-select", "#"+h.Region)
		add("hx-swap", "morph:outerHTML")
	}
	if h.Region == "" && (h.Get != "" || h.Post != "") {
		// what fetches something of its own is replaced by it
		add("hx-target", "this")
		add("hx-select", "unset")
		add("hx-swap", "morph:outerHTML")
	}
	add("hx-get", h.Get)
	add("hx-post", h.Post)
	add("hx-trigger", h.Trigger)
	add("hx-include", h.Include)
	if h.Stay {
		add("hx-push-url", "false")
	}
	return list
}

// Link is a word that leads somewhere.
type Link struct {
	Label    string
	URL      string
	Icon     Icon
	Count    int  // shown beside the label when above zero
	Current  bool // this is the page one is on
	Download bool // leads to a file
}

// stableName is an id made of words, alike on every rendering of the same piece.
func stableName(kind string, words ...string) string {
	h := fnv.New32a()
	for _, w := range words {
		fmt.Fprintf(h, "%s\x00", w)
	}
	return kind + "-" + strconv.FormatUint(uint64(h.Sum32()), 36)
}

func describedBy(ids ...string) string {
	text := ""
	for _, id := range ids {
		if id != "" && text != "" {
			text += " "
		}
		text += id
	}
	return text
}

func ifElse(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
