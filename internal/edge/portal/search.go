package portal

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// searches adds the page on which all that one may see is looked for, each kind by its own use case.
func (p *Portal) searches(look looking) {
	look("/search", access.SelfAccount, "", (*visit).search)
}

// SearchPage has what some words find, kind by kind.
type SearchPage struct {
	ui.Frame
	Header ui.Header
	Groups []SearchGroup
	Empty  *ui.Empty
}

// SearchGroup is what was found of one kind.
type SearchGroup struct {
	Title string
	Icon  ui.Icon
	Items ui.Items
	All   ui.LinkButton // to the whole list, with the same words
}

// How many are shown of each kind: on the page, and below the field while one types.
const (
	mostHits  = 6
	mostTyped = 4
	mostAsked = 200 // characters that are looked for
)

// hits are what was found of one kind.
type hits struct {
	title string
	icon  ui.Icon
	all   string // address of the whole list, with the same words
	rows  []hit
}

type hit struct {
	title, text, url string
	exact            bool // its number is what was looked for
}

// looked is what somebody looks for, without what cannot be read.
func looked(typed string) string {
	text := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(typed, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > mostAsked {
		text = string(runes[:mostAsked])
	}
	return text
}

func (v *visit) search() error {
	text := looked(v.r.URL.Query().Get("q"))
	if v.query("part") == "found" {
		return v.searchTyped(text)
	}
	p := SearchPage{Header: ui.Header{Title: v.T("Search")}}
	all, err := v.found(text, mostHits)
	if err != nil {
		return err
	}
	for _, g := range all {
		group := SearchGroup{Title: g.title, Icon: g.icon, Items: ui.Items{Label: g.title}}
		if g.all != "" {
			group.All = ui.LinkButton{Label: v.T("Show all"), URL: g.all, Kind: ui.Quiet, Small: true}
		}
		for _, h := range g.rows {
			group.Items.Items = append(group.Items.Items, ui.Item{Title: h.title, Text: h.text, URL: h.url, Icon: g.icon})
		}
		p.Groups = append(p.Groups, group)
	}
	switch {
	case text == "":
		p.Empty = &ui.Empty{Icon: ui.IconSearch, Title: v.T("What do you look for?"), Text: v.T("Type a name, a number or a part of one into the field above.")}
	case len(all) == 0:
		p.Empty = &ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found for “%s”", text), Text: v.T("Try fewer or shorter words, or a number.")}
	default:
		p.Header.Note = v.T("What was found for “%s”", text)
	}
	p.Frame = v.frame(v.T("Search"), "")
	p.Frame.Find.Value = text
	return v.show(p.View())
}

// searchTyped is what the field at the top proposes while one types.
func (v *visit) searchTyped(text string) error {
	all, err := v.found(text, mostTyped)
	if err != nil {
		return err
	}
	found := ui.Hits{}
	n := 0
	for _, g := range all {
		group := ui.HitGroup{Title: g.title}
		for _, h := range g.rows {
			n++
			group.Hits = append(group.Hits, ui.Hit{Title: h.title, Text: h.text, URL: h.url})
		}
		found.Groups = append(found.Groups, group)
	}
	found.Said = v.N(n, "%d hit", "%d hits")
	switch {
	case n > 0:
		found.All = ui.Hit{Title: v.T("Show all that is found"), URL: "/search?" + url.Values{"q": {text}}.Encode()}
	case text != "":
		found.None = v.T("Nothing found for “%s”", text)
		found.Said = found.None
	default:
		found.Said = ""
	}
	return v.show(found)
}

// found looks for some words among all that the reader may see, so many of each kind. The one thing whose number they are
// comes first.
func (v *visit) found(text string, most int) (all []hits, err error) {
	if text == "" {
		return nil, nil
	}
	ask := page.Ask{Limit: most}
	kinds := []func(string, page.Ask) (hits, error){v.foundProducts, v.foundPurchaseOrders, v.foundOrders, v.foundPeople}
	if v.actor.Realm == access.Staff {
		kinds = []func(string, page.Ask) (hits, error){v.foundCompanies, v.foundPeople}
	}
	for _, find := range kinds {
		g, err := find(text, ask)
		switch {
		case fault.KindOf(err) == fault.Forbidden: // what one may not see is not looked for
		case err != nil:
			return nil, err
		case len(g.rows) > 0:
			all = append(all, g)
		}
	}
	if pages := v.foundPages(text, most); len(pages.rows) > 0 {
		all = append(all, pages)
	}
	return v.foremost(all), nil
}

// foremost puts the one thing whose number was looked for before all others.
func (v *visit) foremost(all []hits) []hits {
	group, row, n := 0, 0, 0
	for i, g := range all {
		for k, h := range g.rows {
			if h.exact {
				group, row, n = i, k, n+1
			}
		}
	}
	if n != 1 {
		return all
	}
	g := &all[group]
	first := hits{title: v.T("Exactly this"), icon: g.icon, rows: []hit{g.rows[row]}}
	g.rows = append(append([]hit{}, g.rows[:row]...), g.rows[row+1:]...)
	if len(g.rows) == 0 {
		all = append(append([]hits{}, all[:group]...), all[group+1:]...)
	}
	return append([]hits{first}, all...)
}

// wholeList is a list with the same words.
func wholeList(path, text string) string { return path + "?" + url.Values{"q": {text}}.Encode() }

func (v *visit) foundProducts(text string, ask page.Ask) (hits, error) {
	g := hits{title: v.T("Products"), icon: ui.IconShop, all: wholeList("/shop", text)}
	if !v.actor.MaySomewhere(access.CatalogView) {
		return g, nil
	}
	found, err := v.Cataloguing.Search(v.ctx(), v.actor, cataloguing.SearchInput{Text: text}, ask)
	if err == nil && found.Instead != "" {
		g.title, g.all = v.T("Products: did you mean “%s”?", found.Instead), wholeList("/shop", found.Instead)
		found, err = v.Cataloguing.Search(v.ctx(), v.actor, cataloguing.SearchInput{Text: found.Instead}, ask)
	}
	for _, o := range found.Rows {
		h := hit{title: o.Name, text: joined(" · ", o.SKU, o.Supplier), url: "/products/" + o.ID.String(), exact: catalogue.Fold(o.SKU) == catalogue.Fold(text) || o.GTIN != "" && o.GTIN == text}
		if o.Price != nil {
			h.text = joined(" · ", h.text, v.rate(o.Price.Rate)+" "+v.T("per %s", o.Unit))
		}
		g.rows = append(g.rows, h)
	}
	return g, err
}

func (v *visit) foundPurchaseOrders(text string, ask page.Ask) (hits, error) {
	g := hits{title: v.T("Purchase orders"), icon: ui.IconApprovals, all: wholeList("/purchase-orders", text)}
	if !v.actor.MaySomewhere(access.PurchaseOrdersView) {
		return g, nil
	}
	found, err := v.Approving.ListPurchaseOrders(v.ctx(), v.actor, approving.Filter{Text: text}, ask)
	for _, p := range found.Rows {
		g.rows = append(g.rows, hit{title: p.Number, url: "/purchase-orders/" + p.ID.String(), exact: strings.EqualFold(p.Number, text),
			text: joined(" · ", p.Reference, p.RequesterName, v.state(p.State).Label, v.money(p.Gross))})
	}
	return g, err
}

func (v *visit) foundOrders(text string, ask page.Ask) (hits, error) {
	g := hits{title: v.T("Placed orders"), icon: ui.IconOrders, all: wholeList("/orders", text)}
	if !v.actor.MaySomewhere(access.OrdersView) {
		return g, nil
	}
	found, err := v.Purchasing.Orders(v.ctx(), v.actor, purchasing.OrderFilter{Text: text}, ask)
	for _, o := range found.Rows {
		g.rows = append(g.rows, hit{title: o.Number, url: "/orders/" + o.ID.String(), exact: strings.EqualFold(o.Number, text),
			text: joined(" · ", o.Reference, o.RequesterName, v.money(o.Gross))})
	}
	return g, err
}

func (v *visit) foundPeople(text string, ask page.Ask) (hits, error) {
	g := hits{title: v.T("People"), icon: ui.IconPeople, all: wholeList("/members", text)}
	found, err := v.Organising.Places(v.ctx(), v.actor, view.MemberFilter{Text: text}, ask)
	for _, m := range found.Rows {
		row := v.memberRow(m)
		g.rows = append(g.rows, hit{title: m.Name, text: joined(" · ", m.Title, m.Email, m.UnitName), url: row.URL, exact: m.Number != "" && strings.EqualFold(m.Number, text)})
	}
	return g, err
}

func (v *visit) foundCompanies(text string, ask page.Ask) (hits, error) {
	g := hits{title: v.T("Companies"), icon: ui.IconCompany, all: wholeList("/companies", text)}
	if !v.throughout(access.CompaniesView) {
		return g, nil
	}
	found, err := v.Onboarding.ListCustomers(v.ctx(), v.actor, view.CustomerFilter{Text: text}, ask)
	for _, c := range found.Rows {
		g.rows = append(g.rows, hit{title: c.Name, text: joined(" · ", c.Number, v.companyState(c.Status).Label), url: "/companies/" + c.ID.String(), exact: strings.EqualFold(c.Number, text)})
	}
	return g, err
}

// foundPages are the pages that the reader may open and that are called so.
func (v *visit) foundPages(text string, most int) hits {
	g := hits{title: v.T("Pages"), icon: ui.IconNext}
	for _, p := range v.pages() {
		name, fits := catalogue.Fold(p.Label), true
		for _, word := range strings.Fields(catalogue.Fold(text)) {
			fits = fits && strings.Contains(name, word)
		}
		if fits && len(g.rows) < most {
			g.rows = append(g.rows, hit{title: p.Label, url: p.URL})
		}
	}
	return g
}

// pages are those that the reader may open, by what they are called in the reader's language: as the rail has them, and all
// others that there are.
func (v *visit) pages() (all []ui.Link) {
	known := map[string]bool{}
	add := func(label, url string) {
		if !known[url] {
			known[url] = true
			all = append(all, ui.Link{Label: label, URL: url})
		}
	}
	entries := v.entries(view.Around{}, "")
	if v.actor.Realm == access.Staff {
		entries = v.officeEntries("")
	}
	for _, e := range entries {
		for _, l := range e.Below {
			add(l.Label, l.URL)
		}
		add(e.Label, e.URL)
	}
	for _, p := range v.mux.Places(func(code string) bool {
		leaf, err := access.Parse(code)
		return err == nil && v.actor.MaySomewhere(leaf)
	}) {
		add(v.T(p.Name), p.Address)
	}
	return all
}

// actions leads to the whole list.
func (g SearchGroup) actions() templ.Component {
	if g.All.URL == "" {
		return nil
	}
	return g.All
}
