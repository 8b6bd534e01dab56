package portal

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

// roles adds the pages of who may do what.
func (p *Portal) roles(look looking, act adding) {
	look("/roles", access.RolesView, "Roles", (*visit).roleList)
	look("/roles/new", access.RolesManage, "New role", (*visit).newRole)
	act("/roles", access.RolesManage, (*visit).createsRole)
	look("/roles/{role}", access.RolesView, "A role", (*visit).role)
	act("/roles/{role}", access.RolesManage, (*visit).editsRole)
	act("/roles/{role}/duplicate", access.RolesManage, (*visit).duplicatesRole)
	act("/roles/{role}/default", access.RolesManage, (*visit).usualRole)
	look("/roles/{role}/merge", access.RolesManage, "Two roles made one", (*visit).weighsMerge)
	act("/roles/{role}/merge", access.RolesManage, (*visit).mergesRoles)
	act("/roles/{role}/delete", access.RolesManage, (*visit).deletesRole)
}

// RolesPage lists the company's roles.
type RolesPage struct {
	ui.Frame
	Header ui.Header
	Table  ui.Table
}

func (v *visit) roleList() error {
	all, err := v.Granting.ListRoles(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	t := v.roleTable(all)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := RolesPage{Frame: v.frame(v.T("Roles"), "company"), Table: shown}
	p.Header = ui.Header{Title: v.T("Roles"), Note: v.T("A role is a set of permissions. Members have one or several, for the whole company or for a unit; all of them count.")}
	actions := ui.All{ui.LinkButton{Label: v.T("Who may do what"), URL: "/access", Icon: ui.IconWhy},
		ui.LinkButton{Label: v.T("Nearly the same"), URL: "/roles/similar", Icon: ui.IconCopy},
		ui.LinkButton{Label: v.T("Separation of duty"), URL: "/separation", Icon: ui.IconScale}}
	if v.throughout(access.RolesManage) {
		actions = append(actions, ui.LinkButton{Label: v.T("New role"), URL: "/roles/new", Icon: ui.IconPlus, Kind: ui.Primary})
	}
	p.Header.Actions = actions
	return v.show(p.View())
}

// roleTable is the list of roles, which is read as a whole; the administrators' stands first until it is sorted otherwise.
func (v *visit) roleTable(all []view.Role) table[view.Role] {
	marks := func(r view.Role) (said []ui.Badge) {
		if r.IsAdministrator() {
			said = append(said, ui.Badge{Label: v.T("Cannot be changed"), Icon: ui.IconLock})
		}
		if r.Default {
			said = append(said, ui.Badge{Label: v.T("For new members"), Tone: ui.Info, Plain: true})
		}
		return said
	}
	return table[view.Role]{name: "roles", title: v.T("Roles"),
		read: func(ask page.Ask) (page.List[view.Role], error) {
			return page.List[view.Role]{Rows: all}, granting.SortRoles(all, ask.Sort)
		},
		row: func(r view.Role) ui.Row { return ui.Row{URL: "/roles/" + r.ID.String()} },
		columns: []column[view.Role]{
			{Column: ui.Column{Label: v.T("Role")}, key: "name", sort: "name", cell: func(r view.Role) templ.Component { return ui.Named{Name: r.Name, Note: v.T(r.Description)} }},
			{Column: ui.Column{Label: v.T("Permissions"), Numeric: true}, key: "permissions", sort: "permissions", down: true, cell: func(r view.Role) templ.Component { return ui.Text(v.l.Int(int64(r.Set.Len()))) }},
			{Column: ui.Column{Label: v.T("Members"), Numeric: true}, key: "members", sort: "members", down: true, cell: func(r view.Role) templ.Component { return ui.Text(v.l.Int(r.Holders)) }},
			{Column: ui.Column{Label: v.T("Marks"), LabelHidden: true}, cell: func(r view.Role) templ.Component {
				var all ui.All
				for _, m := range marks(r) {
					all = append(all, m)
				}
				return all
			}},
		},
		file: []datum[view.Role]{
			{v.T("Role"), func(r view.Role) string { return r.Name }}, {v.T("Description"), func(r view.Role) string { return v.T(r.Description) }},
			{v.T("Permissions"), func(r view.Role) string { return strings.Join(r.Set.Codes(), " ") }}, {v.T("Members"), func(r view.Role) string { return v.plain(r.Holders) }},
			{v.T("Marks"), func(r view.Role) string {
				var said []string
				for _, m := range marks(r) {
					said = append(said, m.Label)
				}
				return strings.Join(said, ", ")
			}},
		}}
}

// RolePage shows a role, to be changed by who may.
type RolePage struct {
	ui.Frame
	Header  ui.Header
	URL     string // where the form goes
	Version string
	Notice  *ui.Notice
	Name    ui.Field
	About   ui.Field
	Flaw    string // what is wrong with the set
	Tree    ui.PermissionTree
	Edits   bool
	Fresh   bool // it is not kept yet
	Holders ui.Items
	Offers  ui.Items // what a new one can begin with
	More    ui.Pager
	Delete  ui.Dialog
}

func (v *visit) newRole() error {
	if err := v.actor.Require(access.RolesManage, tree.Top); err != nil {
		return err
	}
	var r view.Role
	key, err := picked(v.query("template"), id.ParseRoleTemplate)
	if err == nil && !key.IsZero() {
		var t access.Template
		t, err = v.Granting.GetTemplate(v.ctx(), v.actor, key)
		r.Name, r.Description, r.Set = t.Name, t.Description, t.Set
	}
	if err != nil {
		return err
	}
	return v.rolePage(r, attempt{})
}

// offers are the roles that the seller offers, to begin with one.
func (v *visit) offers() (ui.Items, error) {
	items := ui.Items{Label: v.T("Roles that %s offers", v.seller)}
	if v.actor.Realm == access.Staff {
		return items, nil
	}
	all, err := v.Granting.ListTemplates(v.ctx(), v.actor)
	for _, t := range all {
		items.Items = append(items.Items, ui.Item{Title: t.Name, Text: t.Description, Icon: ui.IconRole, URL: "/roles/new?template=" + t.ID.String()})
	}
	return items, err
}

func (v *visit) role() error {
	key, err := named(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	return v.roleAgain(key, attempt{})
}

// roleAgain shows a role as it is kept, with a form that came back.
func (v *visit) roleAgain(key id.Role, a attempt) error {
	r, err := v.Granting.GetRole(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.rolePage(r, a)
}

func (v *visit) rolePage(r view.Role, a attempt) error {
	fresh := r.ID.IsZero()
	title := r.Name
	if fresh {
		title = v.T("New role")
	}
	p := RolePage{Frame: v.frame(title, "company"), URL: "/roles", Version: a.or("version", v.plain(r.Version)), Fresh: fresh,
		Edits: v.throughout(access.RolesManage) && !r.IsAdministrator(), Flaw: a.wrong["permissions"]}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}}, Title: title, Note: v.T(r.Description)}
	p.Name = a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: r.Name, MaxLength: access.NameLength})
	p.About = a.field(ui.Field{As: ui.AsLongText, Name: "description", Label: v.T("Description"), Value: r.Description, Rows: 2, MaxLength: access.DescriptionLength, Optional: true})
	ticked := r.Set
	switch {
	case a.said != nil:
		ticked = access.Known(a.said["permission"])
	case v.query("without") != "" && p.Edits && !fresh:
		u, err := v.without(r)
		if err != nil {
			return err
		}
		ticked = u.Smaller
		p.Notice = &ui.Notice{Tone: ui.Info, Title: v.N(len(u.Leaves), "One permission that nobody used is no longer ticked.", "%d permissions that nobody used are no longer ticked."),
			Text: v.T("Nothing is changed yet: look at what is marked, then save.")}
	}
	p.Tree = v.permissions(r, ticked, fresh)
	if p.Tree.ReadOnly = !p.Edits; p.Edits {
		gives, err := v.Granting.Givable(v.ctx(), v.actor, r.ID)
		if err != nil {
			return err
		}
		v.lock(p.Tree.Permissions, func(leaf access.Permission) bool { return gives.Has(leaf) || r.Set.Has(leaf) || ticked.Has(leaf) })
	}
	if a.rest != "" {
		p.Notice = &ui.Notice{Tone: ui.Bad, Title: a.rest, Reasons: v.several(a)}
	}
	if r.IsAdministrator() {
		p.Notice = &ui.Notice{Text: v.T("This role cannot be changed, only given. It holds everything but the three permissions that step around order limits, which administrators can give to others.")}
	}
	if fresh {
		var err error
		if p.Offers, err = v.offers(); err != nil {
			return err
		}
		p.Header.Note = ""
	} else {
		p.URL += "/" + r.ID.String()
		if err := v.holders(&p, r); err != nil {
			return err
		}
	}
	return v.answer(a.status(), p.View())
}

// without is what nobody has used of a role in as many days as the address says.
func (v *visit) without(r view.Role) (access.Unused, error) {
	days, err := strconv.Atoi(v.query("without"))
	if err != nil {
		return access.Unused{}, granting.ErrDays
	}
	return v.Granting.Unused(v.ctx(), v.actor, r.ID, days)
}

// permissions are the tree of what a role permits, the ticked ones chosen.
func (v *visit) permissions(r view.Role, ticked access.Set, fresh bool) ui.PermissionTree {
	return v.permissionsOf(v.actor.Realm, r, ticked, fresh)
}

// permissionsOf is permissions for the tree of a realm.
func (v *visit) permissionsOf(realm access.Realm, r view.Role, ticked access.Set, fresh bool) ui.PermissionTree {
	t := ui.PermissionTree{Name: "permission", Label: v.T("What this role permits")}
	root := ui.Permission{Key: "all", Label: v.T("All permissions"), Open: true}
	for _, g := range access.Tree(realm) {
		group := ui.Permission{Key: g.Code, Label: v.T(g.Label)}
		for _, leaf := range g.Leaves {
			one := ui.Permission{Key: leaf.Code(), Label: v.T(leaf.Label()), Ticked: ticked.Has(leaf), Changed: !fresh && ticked.Has(leaf) != r.Set.Has(leaf)}
			for _, needed := range leaf.Needs() {
				one.Needs = append(one.Needs, needed.Code())
			}
			one.Opens, one.Mark = v.opens(leaf), v.marks(leaf)
			group.Open = group.Open || one.Ticked || one.Changed
			group.Below = append(group.Below, one)
		}
		root.Below = append(root.Below, group)
	}
	t.Permissions = []ui.Permission{root}
	return t
}

// lock keeps the leaves from being ticked that are not open, and says why; it reports whether all are locked.
func (v *visit) lock(list []ui.Permission, open func(access.Permission) bool) bool {
	all := true
	for i := range list {
		p := &list[i]
		if len(p.Below) > 0 {
			p.Locked = v.lock(p.Below, open)
		} else if leaf, err := access.Parse(p.Key); err == nil && !open(leaf) {
			p.Locked, p.Note = true, v.T("You cannot give this: you do not hold it yourself.")
		}
		all = all && p.Locked
	}
	return all
}

// opens says which pages a permission opens; "" where it opens none.
func (v *visit) opens(leaf access.Permission) string {
	said := func(p access.Permission) string {
		var all []string
		for _, page := range v.mux.Opened(p.Code()) {
			all = append(all, v.T(page.Name)+" "+parameter.ReplaceAllString(page.Address, "…"))
		}
		return strings.Join(all, " · ")
	}
	if own := said(leaf); own != "" {
		return own
	}
	if wider := said(leaf.Narrowest()); wider != "" {
		return v.T("Shows more on: %s", wider)
	}
	return ""
}

// parameter is the part of an address that says what it is about.
var parameter = regexp.MustCompile(`\{\w+\}`)

// marks are what to know of a permission before one gives it.
func (v *visit) marks(leaf access.Permission) templ.Component {
	var all ui.All
	if leaf.Bypass() {
		all = append(all, ui.Badge{Label: v.T("Steps around limits"), Tone: ui.Warn, Plain: true})
	}
	if !leaf.Reached() {
		all = append(all, ui.Badge{Label: v.T("Not in use yet"), Plain: true})
	}
	return all
}

// holders are those who have a role, and what can be done with it besides.
func (v *visit) holders(p *RolePage, r view.Role) error {
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	list, err := v.Granting.Holders(v.ctx(), v.actor, r.ID, page.Ask{After: place.ask.After, Limit: 20})
	if err != nil {
		return err
	}
	p.More = place.pager(len(list.Rows), list.Next, page.Count{N: r.Holders})
	p.Holders = ui.Items{Label: v.T("Who has this role"), Empty: v.asking(access.RolesManage, ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody has this role"), Text: v.T("Give it to somebody on their own page.")})}
	for _, h := range list.Rows {
		p.Holders.Items = append(p.Holders.Items, ui.Item{Title: h.MemberName, Person: ui.Person{Name: h.MemberName}, URL: v.memberURL(h.Member), Text: joined(" · ", v.holdsFor(h), v.between(h.From, h.Until))})
	}
	looks := ui.All{ui.LinkButton{Label: v.T("Compare"), URL: p.URL + "/compare", Icon: ui.IconScale}, ui.LinkButton{Label: v.T("Unused"), URL: p.URL + "/unused", Icon: ui.IconSkipped}}
	p.Header.Actions = looks
	if !v.throughout(access.RolesManage) {
		return nil
	}
	menu := ui.Menu{Name: "more", Label: v.T("More"), Items: []ui.MenuItem{{Label: v.T("Duplicate"), Icon: ui.IconCopy, URL: p.URL + "/duplicate", Post: true}}}
	if !r.Default && !r.IsAdministrator() {
		menu.Items = append(menu.Items, ui.MenuItem{Label: v.T("Give it to new members"), Icon: ui.IconStar, URL: p.URL + "/default", Post: true})
	}
	if !r.IsAdministrator() {
		menu.Items = append(menu.Items, ui.MenuItem{Label: v.T("Delete"), Icon: ui.IconDelete, Opens: "delete", Danger: true, Apart: true})
		p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", r.Name), Text: v.T("The role is gone for good. That works only while nobody has it.")}
	}
	p.Header.Actions = append(looks, menu)
	if r.Default {
		p.Header.Badge = ui.Badge{Label: v.T("For new members"), Tone: ui.Info, Plain: true}
	}
	return nil
}

// roleSaid is what was said of a role.
func (v *visit) roleSaid(form url.Values) (granting.CreateRoleInput, error) {
	set, err := access.ParseSet(v.actor.Realm, form["permission"])
	return granting.CreateRoleInput{Name: form.Get("name"), Description: form.Get("description"), Permissions: set}, err
}

func (v *visit) createsRole() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in, err := v.roleSaid(form)
	var r access.Role
	if err == nil {
		r, err = v.Granting.CreateRole(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("create", form, err, func(a attempt) error { return v.rolePage(view.Role{}, a) })
	}
	return v.goOn("/roles/"+r.ID.String(), ui.Good, v.T("The role “%s” was made.", r.Name))
}

func (v *visit) editsRole() error {
	key, form, err := posted(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	in, err := v.roleSaid(form)
	if err == nil {
		_, err = v.Granting.EditRole(v.ctx(), v.actor, granting.EditRoleInput{ID: key, Version: version(form.Get("version")), Name: in.Name, Description: in.Description, Permissions: in.Permissions})
	}
	if err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.roleAgain(key, a) })
	}
	return v.goOn("/roles/"+key.String(), ui.Good, v.T("The role was saved. It counts at once for all who have it."))
}

func (v *visit) duplicatesRole() error {
	key, err := named(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	r, err := v.Granting.DuplicateRole(v.ctx(), v.actor, key)
	if err != nil {
		return v.again("duplicate", nil, err, func(a attempt) error { return v.roleAgain(key, a) })
	}
	return v.goOn("/roles/"+r.ID.String(), ui.Good, v.T("This is the copy. Nobody has it yet."))
}

func (v *visit) usualRole() error {
	key, err := named(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	if err := v.Granting.SetDefaultRole(v.ctx(), v.actor, key); err != nil {
		return v.again("default", nil, err, func(a attempt) error { return v.roleAgain(key, a) })
	}
	return v.goOn("/roles/"+key.String(), ui.Good, v.T("New members get this role from now on."))
}

func (v *visit) deletesRole() error {
	key, form, err := posted(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	if err := v.Granting.DeleteRole(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.roleAgain(key, a) })
	}
	return v.goOn("/roles", ui.Good, v.T("The role was deleted."))
}
