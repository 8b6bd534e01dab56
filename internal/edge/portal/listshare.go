package portal

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/orderlist"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/purchasing"
)

// ListSharePage says with whom a list is shared, and shares it with more.
type ListSharePage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Back    string
	Version string
	Error   string
	Parties []SharedRow
	Empty   ui.Empty
	With    ui.Field
	Email   ui.Field
	Member  ui.Field // left out without a name
	Unit    ui.Field // left out without a name
	Right   ui.Field
}

// SharedRow is somebody with whom the list is shared.
type SharedRow struct {
	T      ui.Translate
	Named  ui.Named
	Index  string
	Writes bool
	Gone   string
	Remove string
	URL    string
	Seen   string // the version of the list
}

func (v *visit) listSharing() error {
	key, err := named(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	return v.listSharePage(key, attempt{})
}

func (v *visit) listSharePage(key id.OrderList, a attempt) error {
	sheet, err := v.Purchasing.OrderList(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	if err := v.shares(sheet); err != nil {
		return err
	}
	back := "/lists/" + key.String()
	p := ListSharePage{Frame: v.frame(v.T("Share %s", sheet.Name), "lists"), URL: back + "/share", Back: back, Version: v.plain(sheet.Version), Error: a.rest,
		Header: ui.Header{Title: v.T("Share “%s”", sheet.Name), Crumbs: []ui.Link{{Label: v.T("Lists"), URL: "/lists"}, {Label: sheet.Name, URL: back}},
			Note: v.T("Whoever you share it with sees it at their own prices, and sees no product that is not theirs to see.")},
		Empty: ui.Empty{Icon: ui.IconLock, Title: v.T("Only you see this list")}}
	for i, x := range sheet.Parties {
		row := SharedRow{T: v.T, Named: ui.Named{Name: capital(v.party(x)), Note: x.Title, Icon: ui.IconPerson}, Index: strconv.Itoa(i), Writes: x.Writes, URL: p.URL, Seen: p.Version, Remove: v.T("Share no more with %s", v.party(x))}
		switch {
		case x.Whole():
			row.Named.Icon = ui.IconCompany
		case !x.Unit.IsZero():
			row.Named.Icon = ui.IconStructure
		}
		if x.Gone {
			row.Gone = v.T("is no longer there")
		}
		p.Parties = append(p.Parties, row)
	}
	p.With = a.field(ui.Field{As: ui.AsSelect, Name: "with", Label: v.T("With whom"), Value: "email", Options: []ui.Option{{Value: "email", Label: v.T("A colleague, by their e-mail address")}}})
	p.Email = a.field(ui.Field{Name: "email", Label: v.T("E-mail address"), MaxLength: text.MostEmail, Optional: true, Unmarked: true})
	if v.actor.MaySomewhere(access.UsersView) {
		people, err := v.deciders(v.T("Choose"))
		if err != nil {
			return err
		}
		p.With.Options = append(p.With.Options, ui.Option{Value: "member", Label: v.T("A colleague, by name")})
		p.Member = a.field(ui.Field{As: ui.AsSelect, Name: "member", Label: v.T("Colleague"), Options: people, Find: findMember, Optional: true, Unmarked: true})
	}
	units, err := v.unitsToShareWith(sheet)
	if err != nil {
		return err
	}
	if len(units) > 1 {
		p.With.Options = append(p.With.Options, ui.Option{Value: "unit", Label: v.T("A unit, with all who stand in it")})
		p.Unit = a.field(ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Options: units, Optional: true, Unmarked: true})
	}
	p.With.Options = append(p.With.Options, ui.Option{Value: "company", Label: v.T("The whole company")})
	p.Right = a.field(ui.Field{As: ui.AsSelect, Name: "right", Label: v.T("They may"), Value: "read", Options: []ui.Option{
		{Value: "read", Label: v.T("Read: see it, and put it into their cart")}, {Value: "write", Label: v.T("Read and write: change its lines as well")}}})
	return v.answer(a.status(), p.View())
}

// shares is nil for who may share this list.
func (v *visit) shares(sheet purchasing.ListSheet) error {
	if err := v.actor.RequireSomewhere(access.ListsManage); err != nil {
		return err
	}
	if sheet.Template() {
		return orderlist.ErrTemplate
	}
	if sheet.Hold != orderlist.Owns {
		return orderlist.ErrNotOwner
	}
	return nil
}

// unitsToShareWith are the units that the reader sees, or those that they stand in.
func (v *visit) unitsToShareWith(sheet purchasing.ListSheet) ([]ui.Option, error) {
	options, err := v.units(v.T("Choose"))
	if err != nil || len(options) > 1 {
		return options, err
	}
	for _, u := range sheet.Near {
		options = append(options, ui.Option{Value: u.ID.String(), Label: u.Name})
	}
	return options, nil
}

// sharesList shares a list with one more, gives somebody another right, or shares it with one less.
func (v *visit) sharesList() error {
	key, form, err := posted(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	sheet, err := v.Purchasing.OrderList(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	if err := v.shares(sheet); err != nil {
		return err
	}
	in := collecting.ShareInput{List: key, Version: version(form.Get("version"))}
	for _, x := range sheet.Parties {
		in.With = append(in.With, collecting.With{Share: x.Share})
	}
	to, said := "/lists/"+key.String()+"/share", v.T("The list is shared.")
	if at, ok := strings.CutPrefix(form.Get("do"), "remove:"); ok {
		i, err := strconv.Atoi(at)
		if err != nil || i < 0 || i >= len(in.With) {
			return v.refused(to, orderlist.ErrStale)
		}
		in.With, said = append(in.With[:i:i], in.With[i+1:]...), v.T("It is shared with them no more.")
	} else if at, ok := strings.CutPrefix(form.Get("do"), "turn:"); ok {
		i, err := strconv.Atoi(at)
		if err != nil || i < 0 || i >= len(in.With) {
			return v.refused(to, orderlist.ErrStale)
		}
		in.With[i].Writes, said = !in.With[i].Writes, v.T("They may do that from now on.")
	} else {
		w, err := sharedWith(form)
		if err != nil {
			return v.again("share", form, err, func(a attempt) error { return v.listSharePage(key, a) })
		}
		in.With = append(in.With, w)
	}
	if _, err := v.Collecting.Share(v.ctx(), v.actor, in); err != nil {
		return v.again("share", form, besideTheForm(err), func(a attempt) error { return v.listSharePage(key, a) })
	}
	return v.goOn(to, ui.Good, said)
}

// sharedWith is whom the form names.
func sharedWith(form url.Values) (w collecting.With, err error) {
	var wrong fault.Input
	w.Writes = form.Get("right") == "write"
	switch form.Get("with") {
	case "company":
	case "unit":
		if !needed(&wrong, "unit", form.Get("unit")) {
			w.Unit, err = id.ParseUnit(form.Get("unit"))
			wrong.Take("unit", err)
		}
	case "member":
		if !needed(&wrong, "member", form.Get("member")) {
			w.Member, err = id.ParseMember(form.Get("member"))
			wrong.Take("member", err)
		}
	default:
		needed(&wrong, "email", form.Get("email"))
		w.Email = strings.TrimSpace(form.Get("email"))
	}
	return w, wrong.Err()
}

// besideTheForm calls the fields of a share what the form calls them.
func besideTheForm(err error) error {
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 {
		return err
	}
	c := *f
	c.Fields = nil
	for _, x := range f.Fields {
		name := x.Name[strings.LastIndex(x.Name, ".")+1:]
		switch name {
		case "member_id":
			name = "member"
		case "unit_id":
			name = "unit"
		case "email":
		default:
			name = "with"
		}
		x.Name = name
		c.Fields = append(c.Fields, x)
	}
	return &c
}

func (p ListSharePage) table() ui.Table {
	t := ui.Table{Name: "shares", Caption: p.T("Shared with"), Plain: true, Empty: p.Empty, Columns: []ui.Column{{Label: p.T("With whom")}, {Label: p.T("They may"), Fit: true}}}
	for _, r := range p.Parties {
		row := ui.Row{Cells: []templ.Component{r.Named, r.right()}}
		if r.Gone != "" {
			r.Named.Note = joined(" · ", r.Named.Note, r.Gone)
			row.Cells[0], row.Faded = r.Named, true
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
