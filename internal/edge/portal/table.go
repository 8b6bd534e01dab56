package portal

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/listing"
)

// table is a list that is read page by page: what is shown of its rows, by what they are sorted, and what a file has of them.
// How it is sorted and which columns it shows stand in the address, as what narrows it does.
type table[R any] struct {
	name    string // in the page, of its file, and of what is kept of it: one of keptLists
	title   string
	usual   page.Sort // how it is sorted when nobody says
	columns []column[R]
	file    []datum[R] // what a file has of a row, whichever columns are shown; none: it is not given out
	read    func(page.Ask) (page.List[R], error)
	found   func() page.Count // how many there are in all, once they were read; nil when nobody counts
	row     func(R) ui.Row    // what is to be said of a row besides its cells
	empty   ui.Empty
}

// column is one of a table. The first one names the row, and is always shown.
type column[R any] struct {
	ui.Column
	key   string // as the address has it; none for one that is always shown
	sort  string // what the list calls the order by this column; none: it is not sorted by it
	down  bool   // what is largest or latest is what one looks for first
	extra bool   // shown to who asks for it
	cell  func(R) templ.Component
}

// datum is a column of a file: dates, times and amounts as programs write them, whatever the reader's language.
type datum[R any] struct {
	label string
	of    func(R) string
}

// The formats in which lists are given out.
var formats = []string{"csv", "xlsx"}

// given reports whether the list is asked for as a file.
func (v *visit) given() bool { return v.r.URL.Query().Has("export") }

// give answers a list as a file: all that the filters leave of it, in the order in which it is shown.
func (t table[R]) give(v *visit) error {
	in := listing.GiveInput{List: t.name, Title: t.title, Format: v.query("export"), Sort: t.sorted(v)}
	for _, d := range t.file {
		in.Head = append(in.Head, d.label)
	}
	in.Rows = func(ask page.Ask) (page.List[[]string], error) {
		found, err := t.read(ask)
		out := page.List[[]string]{Next: found.Next}
		for _, r := range found.Rows {
			var cells []string
			for _, d := range t.file {
				cells = append(cells, d.of(r))
			}
			out.Rows = append(out.Rows, cells)
		}
		return out, err
	}
	file, err := v.Listing.Give(v.ctx(), v.actor, in)
	if err != nil {
		return err
	}
	return web.Download(v.w, file.Name, file.Type, file.File)
}

// show reads the page of the list that the address asks for.
func (t table[R]) show(v *visit) (ui.Table, page.List[R], error) {
	out := ui.Table{Name: t.name, Caption: t.title, Empty: t.empty}
	place, err := v.leafing(0)
	if err != nil {
		return out, page.List[R]{}, err
	}
	place.ask.Sort = t.sorted(v)
	found, err := t.read(place.ask)
	if err != nil {
		return out, found, err
	}
	all := page.Uncounted()
	if t.found != nil {
		all = t.found()
	}
	out.Pager = place.pager(len(found.Rows), found.Next, all)
	shown := t.shown(v)
	for _, c := range shown {
		out.Columns = append(out.Columns, t.head(v, c))
	}
	for _, r := range found.Rows {
		row := t.row(r)
		for _, c := range shown {
			row.Cells = append(row.Cells, c.cell(r))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Tools, err = t.tools(v)
	return out, found, err
}

// sorted is the order that the address asks for.
func (t table[R]) sorted(v *visit) page.Sort {
	sort := filter(v, "sort", func(said string) (page.Sort, error) {
		sort, err := page.ParseSort(said)
		if err == nil && !slices.ContainsFunc(t.columns, func(c column[R]) bool { return c.sort != "" && c.sort == sort.By }) {
			err = page.ErrSort
		}
		return sort, err
	})
	if sort.By == "" {
		return t.usual
	}
	return sort
}

// said is an order as the address has it: not at all where it is the usual one.
func (t table[R]) said(s page.Sort) string {
	if s == t.usual {
		return ""
	}
	return s.String()
}

// head is the head of a column: pressed it sorts by it, and pressed again the other way round.
func (t table[R]) head(v *visit, c column[R]) ui.Column {
	head, now := c.Column, t.sorted(v)
	if c.sort == "" {
		return head
	}
	next := page.Sort{By: c.sort, Down: c.down}
	if now.By == c.sort {
		head.Sorted, next.Down = ui.Ascending, !now.Down
		if now.Down {
			head.Sorted = ui.Descending
		}
	}
	head.SortURL = v.here("sort", t.said(next))
	return head
}

// chosen are the columns that the address names; none where it names none.
func (t table[R]) chosen(v *visit) []string { return v.r.URL.Query()["columns"] }

// shown are the columns that are chosen, or the usual ones.
func (t table[R]) shown(v *visit) (all []column[R]) {
	chosen := t.chosen(v)
	for i, c := range t.columns {
		if i == 0 || c.key == "" || slices.Contains(chosen, c.key) || len(chosen) == 0 && !c.extra {
			all = append(all, c)
		}
	}
	return all
}

// kept is what of the address a form that narrows the list sends along.
func (t table[R]) kept(v *visit) (all []ui.Kept) {
	for _, name := range []string{"sort", "columns"} {
		for _, value := range v.r.URL.Query()[name] {
			all = append(all, ui.Kept{Name: name, Value: value})
		}
	}
	return all
}

// tableTools is what can be done with a list besides narrowing it.
type tableTools struct {
	T       ui.Translate
	Views   ui.Menu
	Layout  ui.ColumnChoice
	Export  ui.Menu
	Keeping ui.Dialog
	List    string
	Query   string
	Name    ui.Field
	Kept    []company.SavedView
}

// tools offers the reader's views of the list, its columns and orders, and files of it.
func (t table[R]) tools(v *visit) (templ.Component, error) {
	tools := tableTools{T: v.T, Layout: t.layout(v)}
	if len(t.file) > 0 {
		tools.Export = ui.Menu{Name: "export", Label: v.T("Export"), Icon: ui.IconDownload, Kind: ui.Quiet, Small: true}
	}
	for _, f := range formats {
		tools.Export.Items = append(tools.Export.Items, ui.MenuItem{Label: v.T("All that is found, as %s", strings.ToUpper(f)), Icon: ui.IconDownload, URL: v.here("export", f), Download: true})
	}
	if keptLists[t.name] != v.r.URL.Path {
		return tools, nil
	}
	var err error
	tools.Kept, err = v.Listing.Views(v.ctx(), v.actor, t.name)
	tools.List, tools.Query = t.name, strings.TrimPrefix(strings.TrimPrefix(v.here(), v.r.URL.Path), "?")
	tools.Views = ui.Menu{Name: "views", Label: v.T("Views"), Icon: ui.IconStar, Kind: ui.Quiet, Small: true}
	tools.Keeping = ui.Dialog{Name: "keep-view", Title: v.T("Views of this list"), Text: v.T("A view is the list as it is now: what narrows it, how it is sorted and which columns it has. Only you see your views.")}
	tools.Name = ui.Field{Name: "name", ID: "view-name", Label: v.T("Name"), MaxLength: text.MostName}
	for _, k := range tools.Kept {
		current := k.Query == tools.Query
		if current {
			tools.Views.Label = k.Name
		}
		tools.Views.Items = append(tools.Views.Items, ui.MenuItem{Label: k.Name, URL: v.r.URL.Path + "?" + k.Query, Current: current})
	}
	tools.Views.Items = append(tools.Views.Items, ui.MenuItem{Label: v.T("Everything, as usual"), URL: v.r.URL.Path, Current: tools.Query == ""},
		ui.MenuItem{Label: v.T("Keep or remove a view …"), Icon: ui.IconEdit, Opens: "keep-view", Apart: true})
	return tools, err
}

// layout is the choice of columns and of the order.
func (t table[R]) layout(v *visit) ui.ColumnChoice {
	q := v.r.URL.Query()
	for _, name := range []string{"columns", "sort", "at", "n"} {
		q.Del(name)
	}
	c := ui.ColumnChoice{Action: v.r.URL.Path, Sort: ui.Field{As: ui.AsSelect, Name: "sort", ID: "sort-by", Label: v.T("Sort by"), Value: t.said(t.sorted(v))}}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, value := range q[name] {
			c.Keep = append(c.Keep, ui.Kept{Name: name, Value: value})
		}
	}
	shown, optional := t.shown(v), 0
	for i, col := range t.columns {
		if col.key != "" {
			there := slices.ContainsFunc(shown, func(s column[R]) bool { return s.key == col.key })
			c.Columns = append(c.Columns, ui.Option{Value: col.key, Label: col.Label, Chosen: there, Disabled: i == 0})
			optional++
		}
		if col.sort == "" {
			continue
		}
		for _, s := range []page.Sort{{By: col.sort, Down: col.down}, {By: col.sort, Down: !col.down}} {
			label := v.T("%s, ascending", col.Label)
			if s.Down {
				label = v.T("%s, descending", col.Label)
			}
			c.Sort.Options = append(c.Sort.Options, ui.Option{Value: t.said(s), Label: label})
		}
	}
	if optional > 0 {
		c.Keep = append(c.Keep, ui.Kept{Name: "columns", Value: t.columns[0].key}) // it is always shown, and a choice of no others is one
	}
	if len(t.kept(v)) > 0 {
		c.Usual = v.r.URL.Path
		if len(q) > 0 {
			c.Usual += "?" + q.Encode()
		}
	}
	return c
}

// keptLists are the lists of which views are kept, and where they are.
var keptLists = map[string]string{
	"members": "/members", "purchase-orders": "/purchase-orders", "orders": "/orders", "budgets": "/budgets", "cost-centres": "/cost-centres", "roles": "/roles",
	"invitations": "/invitations", "audit": "/audit", "queue": "/approvals", "deputies": "/deputies", "companies": "/companies", "lists": "/lists",
}

// views adds what is done with views of lists.
func (p *Portal) views(act adding) {
	act("/views", access.SelfAccount, (*visit).keepsView)
	act("/views/{view}/delete", access.SelfAccount, (*visit).removesView)
}

func (v *visit) keepsView() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in := company.SavedView{List: form.Get("list"), Name: form.Get("name"), Query: form.Get("query")}
	path, ok := keptLists[in.List]
	if !ok {
		return company.ErrUnseenView
	}
	kept, err := v.Listing.SaveView(v.ctx(), v.actor, in)
	if err != nil {
		return v.again("view", nil, err, func(a attempt) error { return v.goOn(path+"?"+in.Query, ui.Bad, a.short()) })
	}
	return v.goOn(path+"?"+kept.Query, ui.Good, v.T("The view “%s” is kept.", kept.Name))
}

func (v *visit) removesView() error {
	key, _, err := posted(v, "view", id.ParseSavedView)
	if err != nil {
		return err
	}
	was, err := v.Listing.DeleteView(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.goOn(keptLists[was.List], ui.Good, v.T("The view “%s” was removed.", was.Name))
}

// moment is a moment as a file has it; nothing for none.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// withTotals is a list of what was ordered with what each came to, for a reader who is shown that.
func withTotals[R any](v *visit, t table[R], of func(R) (net, gross money.Money)) table[R] {
	if !v.priced() {
		return t
	}
	net := func(r R) money.Money { net, _ := of(r); return net }
	gross := func(r R) money.Money { _, gross := of(r); return gross }
	t.columns = append(t.columns,
		column[R]{Column: ui.Column{Label: v.T("Total, net"), Numeric: true}, key: "net", extra: true, cell: func(r R) templ.Component { return ui.Money{Text: v.money(net(r))} }},
		column[R]{Column: ui.Column{Label: v.T("Total, gross"), Numeric: true}, key: "total", sort: "total", down: true, cell: func(r R) templ.Component { return ui.Money{Text: v.money(gross(r))} }})
	t.file = append(append(t.file, datum[R]{v.T("Total, net"), func(r R) string { return net(r).Amount() }}), amounts(v, v.T("Total, gross"), gross)...)
	return t
}

// amounts are the columns of a file with an amount and its currency.
func amounts[R any](v *visit, label string, of func(R) money.Money) []datum[R] {
	return []datum[R]{{label, func(r R) string { return of(r).Amount() }}, {v.T("Currency"), func(r R) string { return string(of(r).Currency) }}}
}
