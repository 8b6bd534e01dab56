package portal

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/view"
)

// AuditPage lists what has happened in the company, the newest first.
type AuditPage struct {
	ui.Frame
	Header  ui.Header
	Chain   *ui.Notice
	Filters ui.Filters
	Table   ui.Table
}

// areas are what events are about, by how their names begin.
var areas = []struct {
	prefix string
	label  locale.Phrase
}{
	{"purchase_order.", locale.Say("Purchase orders")}, {"order.", locale.Say("Orders")}, {"cart.", locale.Say("Carts")}, {"budget.", locale.Say("Budgets")}, {"cost_centre.", locale.Say("Cost centres")},
	{"approval_rule.", locale.Say("Approval rules")}, {"role.", locale.Say("Roles")}, {"member.", locale.Say("Members")}, {"unit.", locale.Say("Units")}, {"company.", locale.Say("Company")},
	{"session.", locale.Say("Sign-ins")}, {"webhook.", locale.Say("Webhooks")},
}

func (v *visit) audit() error {
	f := view.AuditFilter{Event: filter(v, "event", anEvent), About: filter(v, "about", aSubject), Member: filter(v, "who", id.ParseMember)}
	if day := filter(v, "day", date.Parse); day != "" {
		f.From, f.Until = day.Start(v.zone), day.Plus(1).Start(v.zone)
	}
	people, err := v.deciders(v.T("Everybody"))
	if err != nil {
		return err
	}
	t := v.auditTable(f, people)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := AuditPage{Frame: v.frame(v.T("Audit"), "company"), Filters: v.auditFilters(people), Table: shown}
	p.Table.Dense, p.Filters.Keep = true, append(p.Filters.Keep, t.kept(v)...)
	p.Header = ui.Header{Title: v.T("Audit"), Note: v.T("Everything that has happened, the newest first. Nothing here can be changed; each entry is sealed with the one before it."),
		Actions: ui.LinkButton{Label: v.T("Check the seals"), Icon: ui.IconRole, URL: v.here("verify", "yes")}}
	if v.query("verify") != "" {
		if p.Chain, err = v.chain(); err != nil {
			return err
		}
	}
	return v.show(p.View())
}

// auditTable is the list of what has happened.
func (v *visit) auditTable(f view.AuditFilter, people []ui.Option) table[audit.Entry] {
	seal := func(e audit.Entry) string {
		if e.Place > 0 {
			return v.T("entry %d", e.Place)
		}
		return v.T("not sealed yet")
	}
	return table[audit.Entry]{name: "audit", title: v.T("What has happened"), usual: page.Sort{By: "when", Down: true},
		read:  func(ask page.Ask) (page.List[audit.Entry], error) { return v.Auditing.List(v.ctx(), v.actor, f, ask) },
		row:   func(audit.Entry) ui.Row { return ui.Row{} },
		empty: ui.Empty{Icon: ui.IconHistory, Title: v.T("Nothing of this kind has happened"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/audit"}},
		columns: []column[audit.Entry]{
			{Column: ui.Column{Label: v.T("What")}, key: "what", cell: func(e audit.Entry) templ.Component {
				return ui.Named{Name: v.happening(e.Event), Note: joined(" · ", e.Event, seal(e))}
			}},
			{Column: ui.Column{Label: v.T("Who")}, key: "who", cell: func(e audit.Entry) templ.Component {
				return ui.Named{Name: e.Name, Note: joined(" · ", v.behalf(e, people), e.Address)}
			}},
			{Column: ui.Column{Label: v.T("When")}, key: "when", sort: "when", down: true, cell: func(e audit.Entry) templ.Component { return v.time(e.At) }},
			{Column: ui.Column{Label: v.T("Details")}, key: "details", cell: func(e audit.Entry) templ.Component { return changes(v.differences(e.Body)) }},
		},
		file: []datum[audit.Entry]{
			{v.T("What"), func(e audit.Entry) string { return v.happening(e.Event) }}, {v.T("Who"), func(e audit.Entry) string { return e.Name }},
			{v.T("When"), func(e audit.Entry) string { return moment(e.At) }}, {v.T("Details"), func(e audit.Entry) string { return strings.Join(v.differences(e.Body), "\n") }},
			{v.T("Entry"), func(e audit.Entry) string { return v.plain(e.Place) }},
		},
	}
}

// anEvent is an event, or what several are about, as the list is narrowed to it.
func anEvent(said string) (string, error) {
	for _, a := range areas {
		if strings.HasPrefix(said, a.prefix) {
			return said, nil
		}
	}
	return "", errFilter
}

// aSubject is what an event can be about: an identifier of whichever kind.
func aSubject(said string) (string, error) {
	if _, _, ok := id.Inside(said); !ok {
		return "", errFilter
	}
	return said, nil
}

// behalf says of what staff did that they are the seller's, and for whom they did it.
func (v *visit) behalf(e audit.Entry, people []ui.Option) string {
	if e.Kind != "staff" || v.actor.Realm == access.Staff {
		return ""
	}
	if name := labelOf(people, e.Member.String()); !e.Member.IsZero() && name != "" {
		return v.T("of %s, for %s", v.seller, name)
	}
	return v.T("of %s", v.seller)
}

func (v *visit) auditFilters(people []ui.Option) ui.Filters {
	events := []ui.Option{{Label: v.T("Everything")}}
	for _, a := range areas {
		events = append(events, ui.Option{Value: a.prefix, Label: a.label.In(v.l)})
	}
	f := ui.Filters{Action: "/audit", HX: ui.HX{Region: "audit"}, Clear: "/audit", Fields: []ui.Field{
		{As: ui.AsSelect, Name: "event", Label: v.T("What"), Value: v.query("event"), Options: events},
		{As: ui.AsSelect, Name: "who", Label: v.T("Who"), Value: v.query("who"), Options: people, Find: findMember},
		{As: ui.AsDate, Name: "day", Label: v.T("Day"), Value: v.query("day")}}}
	if about := v.query("about"); about != "" {
		f.Keep = []ui.Kept{{Name: "about", Value: about}}
	}
	for _, c := range []struct{ label, field string }{{labelOf(events, v.query("event")), "event"}, {labelOf(people, v.query("who")), "who"}, {v.query("day"), "day"}, {v.query("about"), "about"}} {
		if c.label != "" {
			f.Chips = append(f.Chips, v.chip(c.label, c.field))
		}
	}
	return f
}

// chain says whether the seals hold.
func (v *visit) chain() (*ui.Notice, error) {
	r, err := v.Auditing.Verify(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	n := ui.Notice{Tone: ui.Good, Title: v.T("All seals hold"), Text: v.T("%s entries are sealed, %s wait to be.", v.l.Int(r.Chain.Last), v.l.Int(r.Unsealed))}
	if r.Broken != nil {
		n = ui.Notice{Tone: ui.Bad, Title: v.T("The chain is broken at entry %d", r.Broken.Place), Text: v.T("Somebody has changed the log behind our back. Tell your contact at once.")}
	}
	return &n, nil
}

// changes are lines of what was different, or what was said.
type changes []string

// The most that is shown of an event: so many of its facts, so much of each, and of each word that has no blanks.
const (
	mostFacts = 8
	most      = 160
	word      = 36
)

// happening is what an event is called; its name where it has none, as one of an older version may.
func (v *visit) happening(event string) string {
	if p, ok := happenings[event]; ok {
		return v.phrase(p)
	}
	return event
}

// fact is what a fact of an event is called.
func (v *visit) fact(name string) string {
	if p, ok := eventFacts[name]; ok {
		return v.phrase(p)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// forMachines reports whether a fact is for programs alone.
func forMachines(name string) bool {
	return strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids") || strings.HasSuffix(name, "hash") || name == "version"
}

// differences are what an event changed, name by name: before → after; or what it says, where it changed nothing.
func (v *visit) differences(body json.RawMessage) []string {
	var said map[string]any
	if json.Unmarshal(body, &said) != nil {
		return nil
	}
	before, changed := said["before"].(map[string]any)
	after, _ := said["after"].(map[string]any)
	if !changed {
		before = map[string]any{}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		was, is := v.short(before[name]), v.short(after[name])
		switch {
		case was == is || forMachines(name):
		case was == "":
			lines = append(lines, v.fact(name)+": "+is)
		default:
			lines = append(lines, v.fact(name)+": "+was+" → "+is)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if name != "before" && name != "after" && !forMachines(name) && v.short(said[name]) != "" {
			lines = append(lines, v.fact(name)+": "+v.short(said[name]))
		}
	}
	return lines[:min(len(lines), mostFacts)]
}

// short is a value in a few words.
func (v *visit) short(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case bool:
		if x {
			return v.T("Yes")
		}
		return v.T("No")
	case string:
		if at, err := time.Parse(time.RFC3339Nano, x); err == nil {
			return v.l.DateTime(at, v.zone)
		}
		if p, err := access.Parse(x); err == nil {
			return v.phrase(p.Phrase())
		}
		if _, _, ok := id.Inside(x); ok {
			return "" // it says nothing to people
		}
		return cutAt(budget.Noted(x, v.l), word)
	case map[string]any:
		if amount, ok := x["amount"].(string); ok {
			currency, _ := x["currency"].(string)
			if m, err := money.Parse(amount, money.Currency(currency)); err == nil {
				return v.money(m)
			}
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(x)) {
			if text := v.short(x[name]); text != "" && !forMachines(name) {
				parts = append(parts, v.fact(name)+" "+text)
			}
		}
		return cutAt(strings.Join(parts, ", "), most)
	case []any:
		var parts []string
		for i := range x {
			if text := v.short(x[i]); text != "" {
				parts = append(parts, text)
			}
		}
		return cutAt(strings.Join(parts, ", "), most)
	}
	return cutAt(fmt.Sprint(value), word)
}

// cutAt cuts a text that is longer than so many characters.
func cutAt(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// audits adds the page of what has happened.
func (p *Portal) audits(look adding) {
	look("/audit", access.AuditView, (*visit).audit)
}
