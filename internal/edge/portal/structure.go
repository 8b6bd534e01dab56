package portal

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// structures adds the pages of who stands below whom.
func (p *Portal) structures(look looking, act adding) {
	look("/structure", access.UsersView, "Structure", (*visit).structure)
	look("/structure/below", access.UsersView, "", (*visit).below)
	look("/structure/find", access.UsersView, "", (*visit).finds)
	look("/structure/moving", access.UsersManage, "", (*visit).moving)
	act("/structure/move", access.UsersManage, (*visit).moves)
	look("/units/{unit}", access.UsersView, "A unit", (*visit).unit)
	act("/units", access.UsersManage, (*visit).addsUnit)
	act("/units/{unit}", access.UsersManage, (*visit).editsUnit)
	act("/units/{unit}/addresses", access.AddressesManage, (*visit).directsUnit)
	act("/units/{unit}/restore", access.UsersManage, (*visit).restoresUnit)
	act("/units/{unit}/archive", access.UsersManage, (*visit).archivesUnit)
}

// StructurePage draws the company as people think of it.
type StructurePage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Counted string
	Note    string
	Folding ui.All
	Tree    ui.Tree
	Empty   ui.Empty // shown when nothing fits the search
	Manages bool
	Moving  ui.Notice // shown while a place is chosen for something
	Node    string    // what is being moved …
	From    string    // … and what it stands right below
	Back    string
	Adding  ui.Dialog
	Fields  []ui.Field
	Error   string

	Archived ui.Items // units that have left it
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
		p.Header.Facts = movingHint(v.T("Drag something to move it, or open it. By keys: the space bar takes it up, the arrows choose where, space or Enter asks before anything changes, Escape leaves it where it is; Ctrl+X and Ctrl+V do so, too."), v.T("Tap the arrows beside something to move it, or open it."))
	}
	d := v.drawing(nodes, guests)
	p.Filters = ui.Filters{Action: "/structure", HX: ui.HX{Region: "structure-card"}, Search: ui.SearchField{Label: v.T("Find a person or unit"), Value: v.query("q")}}
	p.Tree = ui.Tree{Name: treeName, Label: v.T("Structure"), Remembers: true}
	p.Tree.Nodes, p.Tree.Rest = d.list(top, 0)
	if p.Manages && d.moved == nil {
		p.Tree.MoveURL = "/structure/moving"
	}
	if d.moved != nil {
		p.Filters.Keep = []ui.Kept{{Name: "move", Value: nodeKey(*d.moved)}}
		p.Node, p.From, p.Back = nodeKey(*d.moved), aboveKey(*d.moved), v.here("move", "", "q", "")
		p.Moving = ui.Notice{Tone: ui.Info, Title: v.T("Where shall %s stand?", d.moved.Name), Text: v.T("Choose who or what it stands right below. Before anything changes you see what does."),
			Actions: ui.LinkButton{Label: v.T("Leave it where it is"), URL: p.Back, Small: true}}
		if d.moved.People > 0 {
			p.Moving.Text = v.N(d.moved.People, "%d person below comes along.", "%d people below come along.") + " " + p.Moving.Text
		}
	}
	p.Counted, p.Note = d.counted(), d.note
	p.Folding = ui.All{ui.LinkButton{Label: v.T("Unfold all"), URL: v.here("open", "all", "show", "", "at", "", "q", ""), Small: true, Kind: ui.Quiet},
		ui.LinkButton{Label: v.T("Fold all"), URL: v.here("open", "none", "show", "", "at", "", "q", ""), Small: true, Kind: ui.Quiet}}
	p.Empty = ui.Empty{Icon: ui.IconSearch, Title: v.T("Nobody and nothing is called so"), Action: ui.LinkButton{Label: v.T("Show all"), URL: v.here("q", "")}}
	if p.Archived, err = v.archivedUnits(); err != nil {
		return err
	}
	add := a.of("unit")
	p.Adding = ui.Dialog{Name: "add-unit", Title: v.T("Add a unit"), Text: v.T("A department, branch or team. Members and other units can stand below it."), Open: add.made()}
	p.Error = add.rest
	p.Fields = append(v.unitFields(company.Unit{}, centres, add), add.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Below"), Value: landing(nodes), Options: placesOf(nodes), Find: findPlace}))
	return v.answer(a.status(), p.View())
}

// BelowPart is a part of the tree.
type BelowPart struct {
	T      ui.Translate
	Branch ui.Branch
}

// below answers what stands right below a node, or more of it: a part of the tree.
func (v *visit) below() error {
	nodes, err := v.Organising.Structure(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	guests, err := v.expected()
	if err != nil {
		return err
	}
	d := v.drawing(nodes, guests)
	above := top
	if key := v.query("node"); key != "" {
		if above = d.find(key); above == top {
			return company.ErrUnseenUnit
		}
	}
	from, err := strconv.Atoi(v.query("from"))
	if err != nil || from < 0 {
		from = 0
	}
	p := BelowPart{T: v.T, Branch: ui.Branch{Tree: treeName}}
	d.open, d.shown, d.keep = map[string]bool{}, map[string]int{}, nil // what is fetched later comes folded
	p.Branch.Nodes, p.Branch.Rest = d.list(above, from)
	return v.show(p.View())
}

// unitFields are what can be said of a unit.
func (v *visit) unitFields(u company.Unit, centres []ui.Option, a attempt) []ui.Field {
	fields := []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: u.Name, MaxLength: text.MostName}),
		a.field(ui.Field{Name: "code", Label: v.T("Code"), Value: u.Code, Hint: v.T("Short and unique, as in your other systems."), MaxLength: text.MostCode, Short: true}),
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

// expected are those who have been invited and may still come, by what they will stand right below; those who were
// invited last, as far as a page has room for them.
func (v *visit) expected() (map[string][]ui.Node, error) {
	all := map[string][]ui.Node{}
	if !v.actor.MaySomewhere(access.UsersView) || v.query("q") != "" {
		return all, nil
	}
	list, err := v.Organising.Invitations(v.ctx(), v.actor, view.InvitationFilter{State: company.Open, Fresh: true}, page.Ask{Limit: page.Most})
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

// landing is where something new stands unless somebody says otherwise: in the company's own unit, the highest and of several the oldest,
// as the API has it, or in the highest that the reader sees.
func landing(nodes []view.Node) string {
	var own view.Node
	for _, n := range nodes {
		if n.Kind == company.UnitNode && (own.Unit.IsZero() || n.Path.Depth() < own.Path.Depth() || n.Path.Depth() == own.Path.Depth() && nodeKey(n) < nodeKey(own)) {
			own = n
		}
	}
	if own.Unit.IsZero() {
		return ""
	}
	return nodeKey(own)
}

// places are all below which something can be put, to choose from; with what is chosen already.
func (v *visit) places(f view.NodeFilter, chosen ...string) ([]ui.Option, error) {
	nodes, err := v.nodes(f, chosen...)
	return placesOf(nodes), err
}

// placesOf are nodes below which something can be put, to choose from.
func placesOf(nodes []view.Node) []ui.Option {
	var options []ui.Option
	for _, n := range nodes {
		o := ui.Option{Value: nodeKey(n), Label: nodeLabel(n)}
		if n.Kind == company.MemberNode {
			o.Label = indent(n.Depth) + o.Label
		}
		options = append(options, o)
	}
	return options
}

// nodeLabel is what a node is called in a list to choose from: a unit moved in below what it belongs to, a member with their title.
func nodeLabel(n view.Node) string {
	if n.Kind == company.UnitNode {
		return indent(n.Depth) + n.Name
	}
	if n.Title == "" {
		return n.Name
	}
	return n.Name + view.BehindName + n.Title
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

// moves puts a node elsewhere, and says what came of it. To undo it is to move it back: then the address has all.
func (v *visit) moves() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if !form.Has("node") {
		form = v.r.URL.Query()
	}
	back := ours(form.Get("back"), "/structure")
	node, err := parseNode(form.Get("node"))
	if err != nil {
		return err
	}
	under, err := parseNode(form.Get("under"))
	if err != nil {
		return v.again("move", form, err, func(attempt) error { return v.goOn(back, ui.Bad, v.notOne()) })
	}
	from, err := parseNode(form.Get("from"))
	if err != nil {
		return err
	}
	in := organising.MoveInput{Node: node, Under: under, From: from}
	toast, err := v.movedToast(in, back)
	if err == nil {
		err = v.Organising.Move(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("move", form, err, func(a attempt) error { return v.goOn(back, ui.Bad, a.short()) })
	}
	return v.goOnWith(landed(back, form.Get("node")), toast)
}

// landed is the address to go back to; the structure shows what was moved.
func landed(back, node string) string {
	u, err := url.Parse(back)
	if err != nil || u.Path != "/structure" {
		return back
	}
	q := u.Query()
	q.Del("q")
	q.Set("at", node)
	return withQuery(u.Path, q)
}

// movedToast says what a move is going to change: where it stands, who manages it then, who comes along.
func (v *visit) movedToast(in organising.MoveInput, back string) (ui.Toast, error) {
	m, err := v.Organising.Weigh(v.ctx(), v.actor, in)
	if err != nil {
		return ui.Toast{}, err
	}
	found, err := v.Organising.FindNodes(v.ctx(), v.actor, view.NodeFilter{Keys: []company.Node{in.Node, in.Under}}, 2)
	if err != nil {
		return ui.Toast{}, err
	}
	node, under, was := keyOf(in.Node), keyOf(in.Under), ""
	var place view.Node
	for _, n := range found {
		switch nodeKey(n) {
		case node:
			was = aboveKey(n)
		case under:
			place = n
		}
	}
	if was == under {
		return ui.Toast{Text: v.T("%s stands there already.", m.Name)}, nil
	}
	said := []string{v.T("%s now stands below %s.", m.Name, m.Place)}
	above, err := v.Organising.FindNodes(v.ctx(), v.actor, view.NodeFilter{Kind: company.MemberNode, At: append(place.Path.Ancestors(), place.Path)}, place.Path.Depth()+1)
	if err != nil {
		return ui.Toast{}, err
	}
	if len(above) > 0 {
		nearest := slices.MaxFunc(above, func(a, b view.Node) int { return cmp.Compare(len(a.Path), len(b.Path)) })
		said = append(said, v.T("The manager is %s.", nearest.Name))
	}
	along := m.People
	if !in.Node.Member.IsZero() {
		along-- // themselves
	}
	if along > 0 {
		said = append(said, v.N(along, "%d person came along.", "%d people came along."))
	}
	toast := ui.Toast{Tone: ui.Good, Text: joined(" ", said...)}
	if len(back) > 800 {
		back = "" // the toast travels in a cookie
	}
	if was != "" {
		toast.Undo = "/structure/move?" + url.Values{"node": {node}, "from": {under}, "under": {was}, "back": {back}}.Encode()
	}
	return toast, nil
}

// keyOf is a node as it is sent.
func keyOf(n company.Node) string {
	return nodeKey(view.Node{Kind: n.Of().Kind, Unit: n.Unit, Member: n.Member})
}

// aboveKey is what a node stands right below; empty at the top, and where the reader may not see it.
func aboveKey(n view.Node) string {
	switch {
	case !n.AboveUnit.IsZero():
		return n.AboveUnit.String()
	case !n.AboveMember.IsZero():
		return n.AboveMember.String()
	}
	return ""
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
	From    string // what it stands right below
	Manages bool
	Facts   ui.Facts
	Fields  []ui.Field
	Error   string
	Goes    *DirectionsCard // where its goods and invoices go; nil for who may not see it
	Under   ui.Field
	Members ui.Items
	Archive ui.Dialog
	Held    ui.Items // what is still held at a unit that is archived
	Restore []ui.Field
	Refused string // why it was not taken back
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
		if err := v.archived(&p, key, nodes, a.of("restore")); err != nil {
			return err
		}
	}
	edit := a.of("edit")
	var aboveIt []company.Directed
	if p.Goes, aboveIt, err = v.directions(u, a.of("addresses")); err != nil {
		return err
	}
	for _, x := range aboveIt {
		if label := labelOf(centres, x.Unit.CostCentre.String()); label != "" {
			centres[0].Label = v.T("%s, as %s says", label, x.Unit.Name)
			break
		}
	}
	p.Fields, p.Error = v.unitFields(u, centres, edit), edit.rest
	usual := labelOf(centres, u.CostCentre.String())
	if usual == "" {
		usual = centres[0].Label
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Code"), Text: u.Code}, {Label: v.T("Usual cost centre"), Text: usual}}}
	var places []view.Node
	above := ""
	for _, n := range nodes {
		if n.Unit == key {
			above = aboveKey(n)
		}
		if !u.Path.Covers(n.Path) {
			places = append(places, n)
		}
		if n.AboveUnit == key {
			p.Members.Items = append(p.Members.Items, v.belowItem(n))
		}
	}
	if u.Path.Depth() > 1 && p.Manages {
		p.From = above
		p.Under = ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Below"), Value: above, Options: placesOf(places), Find: findPlace + "&not=" + p.Key}
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

// archivedUnits are the units that have left the structure, for who sees the whole company.
func (v *visit) archivedUnits() (ui.Items, error) {
	items := ui.Items{Label: v.T("Archived units")}
	if !v.actor.May(access.UsersView, tree.Top) {
		return items, nil
	}
	all, err := v.Organising.ArchivedUnits(v.ctx(), v.actor)
	for _, u := range all {
		items.Items = append(items.Items, ui.Item{Title: u.Name, Text: u.Code, Icon: ui.IconStructure, URL: "/units/" + u.ID.String()})
	}
	return items, err
}

// archived says what is still held at a unit that has left the structure, and lets it be taken back by who may.
func (v *visit) archived(p *UnitPage, key id.Unit, nodes []view.Node, a attempt) error {
	all, err := v.Organising.ArchivedUnits(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p.Held = ui.Items{Label: v.T("Held at it"), Empty: ui.Empty{Icon: ui.IconGood, Title: v.T("Nothing is held at this unit any more")}}
	for _, u := range all {
		if u.ID != key {
			continue
		}
		for _, r := range u.Roles {
			p.Held.Items = append(p.Held.Items, ui.Item{Title: r.MemberName, Text: r.RoleName, Person: ui.Person{Name: r.MemberName}, URL: v.memberURL(r.Member)})
		}
		for _, x := range []struct {
			icon ui.Icon
			n    int64
			said string
		}{
			{ui.IconMail, u.Invitations, v.N(int(u.Invitations), "%d open invitation promises a role at it", "%d open invitations promise a role at it")},
			{ui.IconSpend, u.Budgets, v.N(int(u.Budgets), "%d budget", "%d budgets")},
			{ui.IconSpend, u.CostCentres, v.N(int(u.CostCentres), "%d cost centre", "%d cost centres")},
			{ui.IconScale, u.Rules, v.N(int(u.Rules), "%d approval rule", "%d approval rules")},
		} {
			if x.n > 0 {
				p.Held.Items = append(p.Held.Items, ui.Item{Icon: x.icon, Title: x.said})
			}
		}
	}
	if v.actor.May(access.UsersManage, tree.Top) {
		p.Restore, p.Refused = []ui.Field{a.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Below"), Value: landing(nodes), Options: placesOf(nodes), Find: findPlace})}, a.rest
	}
	return nil
}

func (v *visit) restoresUnit() error {
	key, form, err := posted(v, "unit", id.ParseUnit)
	if err != nil {
		return err
	}
	q := v.r.URL.Query() // where it stood, when its archiving is undone
	in := organising.RestoreUnitInput{ID: key, Version: version(ifEmpty(form.Get("version"), q.Get("version")))}
	if in.Under, err = parseNode(ifEmpty(form.Get("under"), q.Get("under"))); err == nil {
		_, err = v.Organising.RestoreUnit(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("restore", form, err, func(a attempt) error { return v.unitPage(key, a) })
	}
	return v.goOn("/units/"+key.String(), ui.Good, v.T("The unit stands in the structure again. What was given at it counts again."))
}

func (v *visit) archivesUnit() error {
	key, form, err := posted(v, "unit", id.ParseUnit)
	if err != nil {
		return err
	}
	if err := v.Organising.ArchiveUnit(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("archive", form, err, func(a attempt) error { return v.goOn("/units/"+key.String(), ui.Bad, a.short()) })
	}
	toast := ui.Toast{Tone: ui.Good, Text: v.T("The unit was archived.")}
	if under := v.query("under"); under != "" && v.actor.May(access.UsersManage, tree.Top) { // who may restore units
		u, err := v.Organising.Unit(v.ctx(), v.actor, key)
		if err != nil {
			return err
		}
		toast.Undo = "/units/" + key.String() + "/restore?" + url.Values{"under": {under}, "version": {v.plain(u.Version)}}.Encode()
	}
	return v.goOnWith("/structure", toast)
}
