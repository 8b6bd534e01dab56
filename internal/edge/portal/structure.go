package portal

import (
	"net/url"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// structures adds the pages of who stands below whom.
func (p *Portal) structures(look, act adding) {
	look("/structure", access.UsersView, (*visit).structure)
	act("/structure/move", access.UsersManage, (*visit).moves)
	look("/units/{unit}", access.UsersView, (*visit).unit)
	act("/units", access.UsersManage, (*visit).addsUnit)
	act("/units/{unit}", access.UsersManage, (*visit).editsUnit)
	act("/units/{unit}/archive", access.UsersManage, (*visit).archivesUnit)
}

// StructurePage draws the company as people think of it.
type StructurePage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Tree    ui.Tree
	Empty   ui.Empty // shown when nothing fits the search
	Manages bool
	Adding  ui.Dialog
	Fields  []ui.Field
	Error   string
}

func (v *visit) structure() error { return v.structurePage(attempt{}) }

func (v *visit) structurePage(a attempt) error {
	nodes, err := v.Organising.Structure(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	centres, err := v.costCentres(v.T("None"))
	if err != nil {
		return err
	}
	guests, err := v.expected()
	if err != nil {
		return err
	}
	p := StructurePage{Frame: v.frame(v.T("Structure"), "company"), Manages: v.actor.MaySomewhere(access.UsersManage)}
	p.Header = ui.Header{Title: v.T("Structure"), Note: v.T("Whoever stands above somebody is their manager.")}
	if p.Manages {
		p.Header.Actions = ui.All{
			v.importLink(),
			ui.LinkButton{Label: v.T("Invite people"), URL: "/invitations/new", Icon: ui.IconPerson},
			ui.Button{Label: v.T("Add a unit"), Icon: ui.IconPlus, Kind: ui.Primary, Opens: "add-unit"}}
		p.Header.Note += " " + v.T("Drag something to move it, or open it.")
	}
	p.Filters = ui.Filters{Action: "/structure", HX: ui.HX{Region: "structure-card"}, Search: ui.SearchField{Label: v.T("Find a person or unit"), Value: v.query("q")}}
	p.Tree = ui.Tree{Name: "structure", Label: v.T("Structure"), Nodes: v.branch(sought(nodes, v.query("q")), v.query("q") != "", guests)}
	if p.Manages {
		p.Tree.MoveURL = "/structure/move"
	}
	p.Empty = ui.Empty{Icon: ui.IconSearch, Title: v.T("Nobody and nothing is called so"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/structure"}}
	add := a.of("unit")
	p.Adding = ui.Dialog{Name: "add-unit", Title: v.T("Add a unit"), Text: v.T("A department, branch or team. Members and other units can stand below it."), Open: add.made()}
	p.Error = add.rest
	p.Fields = append(v.unitFields(company.Unit{}, centres, add), add.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Below"), Options: v.places(nodes)}))
	return v.answer(a.status(), p.View())
}

// unitFields are what can be said of a unit.
func (v *visit) unitFields(u company.Unit, centres []ui.Option, a attempt) []ui.Field {
	fields := []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: u.Name, MaxLength: 120}),
		a.field(ui.Field{Name: "code", Label: v.T("Code"), Value: u.Code, Hint: v.T("Short and unique, as in your other systems."), MaxLength: 40, Short: true}),
	}
	if len(centres) > 1 {
		centre := ""
		if !u.CostCentre.IsZero() {
			centre = u.CostCentre.String()
		}
		fields = append(fields, a.field(ui.Field{As: ui.AsSelect, Name: "cost_centre", Label: v.T("Usual cost centre"), Value: centre, Options: centres, Optional: true}))
	}
	return fields
}

// sought leaves of a structure what a search finds, and all above it.
func sought(nodes []view.Node, q string) []view.Node {
	if q = strings.ToLower(q); q == "" {
		return nodes
	}
	keep := make([]bool, len(nodes))
	var above []int // of the node looked at, from the top
	for i, n := range nodes {
		for len(above) > 0 && nodes[above[len(above)-1]].Depth >= n.Depth {
			above = above[:len(above)-1]
		}
		above = append(above, i)
		if strings.Contains(strings.ToLower(n.Name+" "+n.Code+" "+n.Title), q) {
			for _, k := range above {
				keep[k] = true
			}
		}
	}
	var left []view.Node
	for i, n := range nodes {
		if keep[i] {
			left = append(left, n)
		}
	}
	return left
}

// opened is how deep the tree is unfolded at first.
const opened = 3

// branch makes a tree of nodes that come in the order of drawing.
func (v *visit) branch(nodes []view.Node, open bool, guests map[string][]ui.Node) []ui.Node {
	var all []ui.Node
	manages := v.actor.MaySomewhere(access.UsersManage)
	for i := 0; i < len(nodes); {
		n := nodes[i]
		end := i + 1
		for end < len(nodes) && nodes[end].Depth > n.Depth {
			end++
		}
		u := ui.Node{Key: nodeKey(n), Label: n.Name, Note: n.Title, URL: "/members/" + n.Member.String(), Person: ui.Person{Name: n.Name}, Receives: manages,
			Movable: manages && n.Path.Depth() > 1 && n.Member != v.actor.Member, Open: open || n.Depth < opened, Nodes: append(v.branch(nodes[i+1:end], open, guests), guests[nodeKey(n)]...)}
		if n.Kind == company.UnitNode {
			u.Person, u.Icon, u.Note, u.URL = ui.Person{}, ui.IconStructure, n.Code, "/units/"+n.Unit.String()
			u.Meta = ui.Text(v.N(n.People, "%d member", "%d members"))
		}
		all = append(all, u)
		i = end
	}
	return all
}

// expected are those who have been invited and may still come, by what they will stand right below; those who were
// invited last, as far as a page has room for them.
func (v *visit) expected() (map[string][]ui.Node, error) {
	all := map[string][]ui.Node{}
	if !v.actor.MaySomewhere(access.UsersView) || v.query("q") != "" {
		return all, nil
	}
	list, err := v.Organising.Invitations(v.ctx(), v.actor, view.InvitationFilter{State: company.Open}, page.Ask{Limit: page.Most})
	for _, i := range list.Rows {
		under := nodeKey(view.Node{Kind: i.Under.Of().Kind, Unit: i.Under.Unit, Member: i.Under.Member})
		name := i.Name()
		if name == "" {
			name = i.Email
		}
		all[under] = append(all[under], ui.Node{Key: i.ID.String(), Label: name, Note: i.Title, URL: "/invitations?q=" + url.QueryEscape(i.Email), Person: ui.Person{Name: name}, Meta: v.invitationState(i.Standing)})
	}
	return all, err
}

// nodeKey is a node as it is sent: the identifier of its unit or member.
func nodeKey(n view.Node) string {
	if n.Kind == company.UnitNode {
		return n.Unit.String()
	}
	return n.Member.String()
}

// parseNode reads a node that was sent; an empty one is none.
func parseNode(key string) (company.Node, error) {
	if key == "" {
		return company.Node{}, nil
	}
	if u, err := id.ParseUnit(key); err == nil {
		return company.Node{Unit: u}.Of(), nil
	}
	m, err := id.ParseMember(key)
	return company.Node{Member: m}.Of(), err
}

// places are all below which something can be put, to choose from.
func (v *visit) places(nodes []view.Node) []ui.Option {
	var options []ui.Option
	for _, n := range nodes {
		label := indent(n.Depth) + n.Name
		if n.Kind == company.MemberNode && n.Title != "" {
			label += " · " + n.Title
		}
		options = append(options, ui.Option{Value: nodeKey(n), Label: label})
	}
	return options
}

// costCentres are those that the reader sees, to choose from.
func (v *visit) costCentres(first string) ([]ui.Option, error) {
	options := []ui.Option{{Label: first}}
	if !v.actor.MaySomewhere(access.CostCentresView) {
		return options, nil
	}
	list, err := v.Budgeting.ListCostCentres(v.ctx(), v.actor, budgeting.CostCentreFilter{}, page.Ask{Limit: page.Most})
	if err != nil {
		return nil, err
	}
	for _, c := range list.Rows {
		options = append(options, ui.Option{Value: c.ID.String(), Label: c.Code + " " + c.Name})
	}
	return options, nil
}

func (v *visit) moves() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	back := ours(form.Get("back"), "/structure")
	node, err := parseNode(form.Get("node"))
	if err != nil {
		return err
	}
	under, err := parseNode(form.Get("under"))
	if err != nil {
		return err
	}
	if err := v.Organising.Move(v.ctx(), v.actor, node, under); err != nil {
		return v.again("move", form, err, func(a attempt) error { return v.goOn(back, ui.Bad, a.short()) })
	}
	return v.goOn(back, ui.Good, v.T("It was moved. Managers and rights follow at once."))
}

// unitInput is what was said of a unit.
func unitInput(form url.Values) (in organising.CreateUnitInput, err error) {
	var wrong fault.Input
	in.Name, in.Code = form.Get("name"), form.Get("code")
	in.CostCentre, err = picked(form.Get("cost_centre"), id.ParseCostCentre)
	wrong.Take("cost_centre", err)
	in.Under, err = parseNode(form.Get("under"))
	wrong.Take("under", err)
	return in, wrong.Err()
}

func (v *visit) addsUnit() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in, err := unitInput(form)
	var u company.Unit
	if err == nil {
		u, err = v.Organising.CreateUnit(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("unit", form, err, v.structurePage)
	}
	return v.goOn("/structure", ui.Good, v.T("The unit “%s” was added.", u.Name))
}

// UnitPage shows a unit, to be changed, moved and archived.
type UnitPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Key     string
	Manages bool
	Facts   ui.Facts
	Fields  []ui.Field
	Error   string
	Under   ui.Field
	Members ui.Items
	Archive ui.Dialog
}

func (v *visit) unit() error {
	key, err := named(v, "unit", id.ParseUnit)
	if err != nil {
		return err
	}
	return v.unitPage(key, attempt{})
}

func (v *visit) unitPage(key id.Unit, a attempt) error {
	u, err := v.Organising.Unit(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	nodes, err := v.Organising.Structure(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	centres, err := v.costCentres(v.T("None"))
	if err != nil {
		return err
	}
	p := UnitPage{Frame: v.frame(u.Name, "company"), URL: "/units/" + key.String(), Version: a.or("version", v.plain(u.Version)), Key: key.String(),
		Manages: !u.Archived && v.actor.May(access.UsersManage, u.Path), Members: ui.Items{Label: v.T("What stands right below it"), Empty: ui.Empty{Icon: ui.IconPeople, Title: v.T("Nothing stands below this unit")}}}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Structure"), URL: "/structure"}}, Title: u.Name, Note: u.Code}
	if u.Archived {
		p.Header.Badge = ui.Badge{Label: v.T("Archived")}
	}
	edit := a.of("edit")
	p.Fields, p.Error = v.unitFields(u, centres, edit), edit.rest
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Code"), Text: u.Code}, {Label: v.T("Usual cost centre"), Text: labelOf(centres, u.CostCentre.String())}}}
	var places []view.Node
	for _, n := range nodes {
		if !u.Path.Covers(n.Path) || u.Archived {
			places = append(places, n)
		}
		if n.AboveUnit == key {
			p.Members.Items = append(p.Members.Items, v.belowItem(n))
		}
	}
	if u.Path.Depth() > 1 && p.Manages {
		p.Under = ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Below"), Value: aboveOf(nodes, u.ID), Options: v.places(places)}
		p.Header.Actions = ui.Button{Label: v.T("Archive"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "archive"}
	}
	p.Archive = ui.Dialog{Name: "archive", Title: v.T("Archive %s", u.Name), Text: v.T("It leaves the structure and nothing can be ordered for it any more; past orders keep it. It must be empty, and its purchase orders decided.")}
	return v.answer(a.status(), p.View())
}

// belowItem is one that stands right below a unit.
func (v *visit) belowItem(n view.Node) ui.Item {
	if n.Kind == company.UnitNode {
		return ui.Item{Title: n.Name, Text: n.Code, Icon: ui.IconStructure, URL: "/units/" + n.Unit.String(), Meta: ui.Text(v.N(n.People, "%d member", "%d members"))}
	}
	return ui.Item{Title: n.Name, Text: n.Title, Person: ui.Person{Name: n.Name}, URL: "/members/" + n.Member.String()}
}

// aboveOf is what a unit stands right below.
func aboveOf(nodes []view.Node, key id.Unit) string {
	for _, n := range nodes {
		if n.Unit == key && !n.AboveUnit.IsZero() {
			return n.AboveUnit.String()
		}
		if n.Unit == key && !n.AboveMember.IsZero() {
			return n.AboveMember.String()
		}
	}
	return ""
}

func (v *visit) editsUnit() error {
	key, form, err := posted(v, "unit", id.ParseUnit)
	if err != nil {
		return err
	}
	in, err := unitInput(form)
	if err == nil {
		_, err = v.Organising.EditUnit(v.ctx(), v.actor, organising.EditUnitInput{ID: key, Version: version(form.Get("version")), Code: in.Code, Name: in.Name, CostCentre: in.CostCentre})
	}
	if err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.unitPage(key, a) })
	}
	return v.goOn("/units/"+key.String(), ui.Good, v.T("The unit was saved."))
}

func (v *visit) archivesUnit() error {
	key, form, err := posted(v, "unit", id.ParseUnit)
	if err != nil {
		return err
	}
	if err := v.Organising.ArchiveUnit(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("archive", form, err, func(a attempt) error { return v.goOn("/units/"+key.String(), ui.Bad, a.short()) })
	}
	return v.goOn("/structure", ui.Good, v.T("The unit was archived."))
}
