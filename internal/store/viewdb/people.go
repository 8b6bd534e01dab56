package viewdb

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store/accessdb"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const membershipColumns = `m.company_id, c.name, c.status, m.id, m.title, ` + memberStatus + `, case when a.company_id = m.company_id then 1 else 0 end, coalesce(n.path, '')`

func scanMembership(m *view.Membership, scan engine.Scan) error {
	var last int64
	err := scan(&m.Company, &m.CompanyName, &m.CompanyStatus, &m.Member, &m.Title, &m.Status, &last, &m.Path)
	m.Last = last == 1
	return err
}

// WantMemberships asks for every company that an account is a member of, whatever has become of both; those that it
// acted for last and is active in come first. Where somebody is only invited they are a member of nothing. At most 1 000.
func (t Tables) WantMemberships(all *[]view.Membership, account id.Account) {
	engine.Rows(t.Tx.Ask(`
		select `+membershipColumns+`
		  from member m
		  join company c on c.id = m.company_id
		  join account a on a.id = m.account_id
		  left join node n on n.company_id = m.company_id and n.id = m.id
		 where m.account_id = ? and m.status <> 'invited'
		 order by case when a.company_id = m.company_id then 0 else 1 end,
		          case when `+companydb.ActsWhere+` and c.status = 'active' then 0 else 1 end, m.created_at, m.id limit 1000`, account),
		all, scanMembership)
}

// mostSeated are of how many companies at once it is told where somebody stands there, and as what.
const mostSeated = 50

// Seat says where an account stands in companies that it is a member of, and as what.
func (t Tables) Seat(ctx context.Context, account id.Account, all []view.Membership) error {
	all = all[:min(len(all), mostSeated)]
	if len(all) == 0 {
		return nil
	}
	at := map[id.Company]*view.Membership{}
	var here []string
	var args []any
	for i := range all {
		m := &all[i]
		at[m.Company] = m
		marks, paths := engine.Marks(m.Path.Ancestors())
		here = append(here, "n.company_id = ? and n.path in "+marks)
		args = append(append(args, m.Company), paths...)
	}
	take := func(q *engine.Statement, into func(m *view.Membership, name string)) {
		q.Each(func() {}, func(scan engine.Scan) error {
			var key id.Company
			var name string
			err := scan(&key, &name)
			into(at[key], name)
			return err
		})
	}
	take(t.Tx.Ask(`
		select n.company_id, u.name from node n join unit u on u.company_id = n.company_id and u.id = n.id
		 where `+strings.Join(here, " or ")+` order by length(n.path), n.id`, args...),
		func(m *view.Membership, name string) { m.UnitName = name })
	marks, args := engine.Marks(slices.Collect(maps.Keys(at)))
	take(t.Tx.Ask(`
		select distinct m.company_id, r.name
		  from member m
		  join assignment s on s.company_id = m.company_id and s.member_id = m.id
		  join role r on r.company_id = s.company_id and r.id = s.role_id
		 where m.account_id = ? and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?) and m.company_id in `+marks+`
		 order by r.name, m.company_id`, append([]any{account, t.Tx.Now, t.Tx.Now}, args...)...),
		func(m *view.Membership, name string) { m.Roles = append(m.Roles, name) })
	return t.Tx.Fetch(ctx)
}

// WantProfile asks for what a person is told of themselves, acting as this member or as none.
func (t Tables) WantProfile(p *view.Profile, account id.Account, key id.Company, member id.Member) {
	m := &p.Membership
	t.Tx.Ask(`
		select a.id, a.email, a.first_name, a.last_name, a.language, a.zone, a.provisional, m.company_id, c.name, c.status, m.id, m.title, m.status, coalesce(m.phone, '')
		  from account a
		  left join member m on m.company_id = ? and m.id = ? and m.account_id = a.id
		  left join company c on c.id = m.company_id
		 where a.id = ?`, key, member, account).
		Row(access.ErrSignIn, &p.Account, &p.Email, &p.First, &p.Last, engine.Text(&p.Language), &p.Zone, &p.Provisional,
			&m.Company, &m.CompanyName, engine.Text(&m.CompanyStatus), &m.Member, &m.Title, engine.Text(&m.Status), &p.Phone)
}

// peopleBy are the orders of a list of members, and of those who are invited among them.
func peopleBy(words, status, key string) Sorting[view.Row] {
	name := aText(words, func(r view.Row) string { return r.Words })
	place := value[view.Row]{key, view.Row.Key, parsePlace}
	return Sorting[view.Row]{page.Sort{By: "name"}, map[string]rank[view.Row]{
		"name":  by(name, place),
		"state": by(aText(status, func(r view.Row) string { return string(r.Status) }), name, place),
		"since": by(place), // a key tells when it was made
	}}
}

var (
	membersBy = peopleBy("m.words", "m.status", "m.id")
	guestsBy  = peopleBy(guestWords, "case i.state when 'open' then 'invited' else i.state end", "i.id") // a constant is nothing to sort by
)

// comparePeople compares two of them as the tables do.
func comparePeople(by string, a, b view.Row) int {
	switch by {
	case "state":
		return cmp.Or(cmp.Compare(a.Status, b.Status), comparePeople("name", a, b))
	case "since":
		return cmp.Compare(a.UUID(), b.UUID())
	}
	return cmp.Or(cmp.Compare(a.Words, b.Words), cmp.Compare(a.UUID(), b.UUID()))
}

// ListMembers is a page of the company's members: those whom the scope takes in, cut by the filter.
func (t Tables) ListMembers(ctx context.Context, key id.Company, s access.Scope, f view.MemberFilter, ask page.Ask) (page.List[view.Row], error) {
	at, err := membersBy.At(ask)
	if err != nil {
		return page.List[view.Row]{}, err
	}
	var rows []view.Row
	t.wantMembers(&rows, key, s, f, at)
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Row]{}, err
	}
	list := at.List(rows)
	return list, t.surround(ctx, key, list.Rows)
}

// ListPlaces is ListMembers, and among them those who have been invited by hand and have not answered yet, whom another scope
// takes in.
func (t Tables) ListPlaces(ctx context.Context, key id.Company, members, guests access.Scope, f view.MemberFilter, ask page.Ask) (page.List[view.Row], error) {
	at, err := membersBy.At(ask)
	if err != nil {
		return page.List[view.Row]{}, err
	}
	among, err := guestsBy.At(ask)
	if err != nil {
		return page.List[view.Row]{}, err
	}
	var rows, invited []view.Row
	t.wantMembers(&rows, key, members, f, at)
	t.wantGuests(&invited, key, guests, f, among)
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Row]{}, err
	}
	rows = append(rows, invited...)
	slices.SortFunc(rows, func(a, b view.Row) int {
		if ask.Sort.Down {
			a, b = b, a
		}
		return comparePeople(ask.Sort.By, a, b)
	})
	list := at.List(rows)
	return list, t.surround(ctx, key, list.Rows)
}

// parsePlace reads the key of a member or of an invitation.
func parsePlace(text string) (any, error) {
	if i, err := id.ParseInvitation(text); err == nil {
		return i, nil
	}
	m, err := id.ParseMember(text)
	return m, err
}

// wantMembers asks for the members of a place in the list.
func (t Tables) wantMembers(rows *[]view.Row, key id.Company, s access.Scope, f view.MemberFilter, at Place[view.Row]) {
	w := where{}
	w.and("m.company_id = ?", key)
	w.scope(s, "m.id", "n.path", "coalesce(n.path, '')")
	if f.Text != "" {
		w.and("m.words like ? escape '!'", like(f.Text))
	}
	if f.Status != "" {
		w.and("m.status = ?", f.Status)
	}
	if !f.Unit.IsZero() {
		w.and(`exists (select 1 from node u where u.company_id = m.company_id and u.id = ? and u.kind = 'unit'
		       and n.path > u.path and n.path < substr(u.path, 1, length(u.path) - 1) || '/')`, f.Unit)
	}
	if !f.Role.IsZero() {
		w.and(`exists (select 1 from assignment s where s.company_id = m.company_id and s.member_id = m.id and s.role_id = ?
		       and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?))`, f.Role, t.Tx.Now, t.Tx.Now)
	}
	if f.Roleless {
		w.and(roleless, t.Tx.Now, t.Tx.Now)
	}
	if f.Unheld {
		w.and("m.status = 'active' and not " + companydb.HeldWhere)
	}
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`
		select m.id, m.number, m.name, m.email, m.title, m.status, n.path, m.version, m.words, m.created_at,
		       coalesce((select h.name from company h where h.id = m.home_id), ''), case when `+companydb.HeldWhere+` then 1 else 0 end
		  from member m left join node n on n.company_id = m.company_id and n.id = m.id
		 where `+text, args...), rows, func(r *view.Row, scan engine.Scan) error {
		var held int64
		err := scan(&r.ID, &r.Number, &r.Name, &r.Email, &r.Title, &r.Status, engine.Text(&r.Path), &r.Version, &r.Words, &r.Since, &r.HomeName, &held)
		r.Held = held == 1
		return err
	})
}

// guestName and guestWords are what somebody who is invited is called, and is found and sorted by, as members are.
const (
	guestName  = `case when i.first_name || i.last_name = '' then i.email else trim(i.first_name || ' ' || i.last_name) end`
	guestWords = `fold(` + guestName + ` || '	' || i.email || '	' || i.title)`
)

// wantGuests asks for those who have been invited by hand and may still accept, of a place in the list. They stand where they
// will, below what they are to stand below.
func (t Tables) wantGuests(rows *[]view.Row, key id.Company, s access.Scope, f view.MemberFilter, at Place[view.Row]) {
	if f.Status != "" && f.Status != company.Invited || f.Unheld {
		return
	}
	w := where{}
	w.and("i.company_id = ? and i.state = 'open' and i.expires_at > ? and i.waiting_id is null", key, t.Tx.Now)
	w.scope(s, "i.inviter_id", "n.path", "coalesce(n.path, '')")
	if f.Text != "" {
		w.and(guestWords+" like ? escape '!'", like(f.Text))
	}
	if !f.Unit.IsZero() {
		w.and(`exists (select 1 from node u where u.company_id = i.company_id and u.id = ? and u.kind = 'unit'
		       and n.path >= u.path and n.path < substr(u.path, 1, length(u.path) - 1) || '/')`, f.Unit)
	}
	if !f.Role.IsZero() {
		w.and(`exists (select 1 from invitation_role r where r.company_id = i.company_id and r.invitation_id = i.id and r.role_id = ?)`, f.Role)
	}
	if f.Roleless {
		w.and(`not exists (select 1 from invitation_role r where r.company_id = i.company_id and r.invitation_id = i.id)`)
	}
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`select i.id, `+guestName+`, i.email, i.title, n.path, i.version, `+guestWords+`, i.created_at`+companydb.InvitationFrom+`
		 where `+text, args...), rows, func(r *view.Row, scan engine.Scan) error {
		r.Status, r.Held = company.Invited, true
		err := scan(&r.Invitation, &r.Name, &r.Email, &r.Title, engine.Text(&r.Path), &r.Version, &r.Words, &r.Since)
		if r.Path != tree.Top {
			r.Path = r.Path.Child(0)
		}
		return err
	})
}

// surround says of members which roles they have, and who and what stands above them.
func (t Tables) surround(ctx context.Context, key id.Company, rows []view.Row) error {
	if len(rows) == 0 {
		return nil
	}
	members, at := make([]id.Member, len(rows)), map[id.Member]int{}
	guests, of := make([]id.Invitation, len(rows)), map[id.Invitation]int{}
	var paths []tree.Path
	for i, r := range rows {
		members[i], at[r.ID] = r.ID, i
		guests[i], of[r.Invitation] = r.Invitation, i
		paths = append(paths, r.Path)
	}
	marks, args := engine.Marks(members)
	t.Tx.Ask(`
		select distinct s.member_id, r.name
		  from assignment s join role r on r.company_id = s.company_id and r.id = s.role_id
		 where s.company_id = ? and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?) and s.member_id in `+marks+`
		 order by r.name, s.member_id`, append([]any{key, t.Tx.Now, t.Tx.Now}, args...)...).
		Each(func() {}, func(scan engine.Scan) error {
			var m id.Member
			var name string
			err := scan(&m, &name)
			r := &rows[at[m]]
			r.Roles = append(r.Roles, name)
			return err
		})
	if delete(of, id.Invitation{}); len(of) > 0 {
		marks, args := engine.Marks(guests)
		t.Tx.Ask(`
			select distinct o.invitation_id, r.name
			  from invitation_role o join role r on r.company_id = o.company_id and r.id = o.role_id
			 where o.company_id = ? and o.invitation_id in `+marks+` order by r.name, o.invitation_id`, append([]any{key}, args...)...).
			Each(func() {}, func(scan engine.Scan) error {
				var i id.Invitation
				var name string
				err := scan(&i, &name)
				r := &rows[of[i]]
				r.Roles = append(r.Roles, name)
				return err
			})
	}
	var above surroundings
	t.wantAbove(&above, key, paths...)
	if err := t.Tx.Fetch(ctx); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		unit, manager := above.of(r.Path)
		r.Unit, r.UnitName, r.Manager, r.ManagerName = unit.id, unit.name, manager.id, manager.name
	}
	return nil
}

// surroundings are the units and active members that stand at some paths.
type surroundings struct {
	units   map[tree.Path]named[id.Unit]
	members map[tree.Path]named[id.Member]
}

type named[K any] struct {
	id   K
	code string
	name string
}

// wantAbove asks for the units and active members above these paths.
func (t Tables) wantAbove(s *surroundings, key id.Company, paths ...tree.Path) {
	seen := map[tree.Path]bool{}
	var above []tree.Path
	for _, p := range paths {
		for _, a := range p.Ancestors() {
			if !seen[a] {
				seen[a] = true
				above = append(above, a)
			}
		}
	}
	marks, args := engine.Marks(above)
	t.Tx.Ask(`
		select n.path, u.id, u.code, u.name, m.id, m.name
		  from node n
		  left join unit u on u.company_id = n.company_id and u.id = n.id
		  left join member m on m.company_id = n.company_id and m.id = n.id and m.status = 'active'
		 where n.company_id = ? and n.path in `+marks, append([]any{key}, args...)...).
		Each(func() { s.units, s.members = map[tree.Path]named[id.Unit]{}, map[tree.Path]named[id.Member]{} }, func(scan engine.Scan) error {
			var path tree.Path
			var u named[id.Unit]
			var m named[id.Member]
			err := scan(engine.Text(&path), &u.id, &u.code, &u.name, &m.id, &m.name)
			if !u.id.IsZero() {
				s.units[path] = u
			}
			if !m.id.IsZero() {
				s.members[path] = m
			}
			return err
		})
}

// of are the nearest unit and the nearest active member above a path.
func (s surroundings) of(p tree.Path) (unit named[id.Unit], manager named[id.Member]) {
	for _, a := range p.Ancestors() {
		if unit.id.IsZero() {
			unit = s.units[a]
		}
		if manager.id.IsZero() {
			manager = s.members[a]
		}
	}
	return unit, manager
}

// GetPerson reads a member of the company in full.
func (t Tables) GetPerson(ctx context.Context, key id.Company, member id.Member) (p view.Person, err error) {
	m := &p.Member
	t.Tx.Ask(`
		select `+companydb.MemberColumns+`, coalesce((select h.name from company h where h.id = m.home_id), ''),
		       (select max(s.seen_at) from session s where s.account_id = m.account_id and s.company_id = m.company_id)`+
		companydb.MemberFrom+`where m.company_id = ? and m.id = ?`, key, member).
		One(company.ErrUnseenMember, func(scan engine.Scan) error { return companydb.ScanMember(m, scan.And(&p.HomeName, &p.SeenAt)) })
	t.WantAssigned(&p.Assigned, key, member)
	t.WantReports(&p.Reports, key, member)
	if err := t.Tx.Fetch(ctx); err != nil {
		return p, err
	}
	for _, a := range p.Assigned {
		if a.Known && a.Holds(t.Tx.Now) {
			p.Roles = append(p.Roles, a.RoleName)
		}
	}
	if m.Path == tree.Top { // stands nowhere, so nobody is above or below
		return p, nil
	}
	var above surroundings
	t.wantAbove(&above, key, m.Path)
	t.Tx.Ask(`
		select count(*) from node n join member m on m.company_id = n.company_id and m.id = n.id and m.status = 'active'
		 where n.company_id = ? and n.path > ? and n.path < ?`, key, m.Path, m.Path.End()).Row(company.ErrUnseenMember, &p.Below)
	if err := t.Tx.Fetch(ctx); err != nil {
		return p, err
	}
	unit, manager := above.of(m.Path)
	p.Unit, p.UnitCode, p.UnitName, p.Manager, p.ManagerName = unit.id, unit.code, unit.name, manager.id, manager.name
	return p, nil
}

// WantReports asks how many active members have this one as their manager: those below with none in between. The cross
// join has SQLite go down the tree, instead of through the whole company at every step.
func (t Tables) WantReports(n *int64, key id.Company, member id.Member) {
	t.Tx.Ask(`
		with recursive down (id, acts) as (
		  select n.id, case when m.status = 'active' then 1 else 0 end
		    from node n left join member m on m.company_id = n.company_id and m.id = n.id
		   where n.company_id = ? and n.parent_id = ?
		  union all
		  select n.id, case when m.status = 'active' then 1 else 0 end
		    from down d cross join node n left join member m on m.company_id = n.company_id and m.id = n.id
		   where d.acts = 0 and n.company_id = ? and n.parent_id = d.id)
		select count(*) from down where acts = 1`, key, member, key).Row(company.ErrUnseenMember, n)
}

const assignedColumns = accessdb.AssignmentColumns + `, m.name, case when m.status = 'active' then 1 else 0 end, r.name, r.shipped, u.code, u.name,
	case when s.unit_id is null or n.id is not null then 1 else 0 end, s.created_at`

const assignedFrom = `
	  from assignment s
	  join member m on m.company_id = s.company_id and m.id = s.member_id
	  left join node p on p.company_id = s.company_id and p.id = s.member_id
	  join role r on r.company_id = s.company_id and r.id = s.role_id
	  left join unit u on u.company_id = s.company_id and u.id = s.unit_id
	  left join node n on n.company_id = s.company_id and n.id = s.unit_id
	 where `

func scanAssigned(a *view.Assigned, scan engine.Scan) error {
	var active, known int64
	err := scan(append(accessdb.AssignmentInto(&a.Assignment), &a.MemberName, &active, &a.RoleName, &a.Shipped, &a.UnitCode, &a.UnitName, &known, &a.CreatedAt)...)
	a.Active, a.Known = active == 1, known == 1
	return err
}

// WantAssigned asks for every role that a member has, had or will have; at most 1 000.
func (t Tables) WantAssigned(all *[]view.Assigned, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`select `+assignedColumns+assignedFrom+`s.company_id = ? and s.member_id = ? order by r.name, s.created_at, s.id limit 1000`,
		key, member), all, scanAssigned)
}

// ListHolders is a page of those who have a role now or will have it, where the scope takes them in, by name.
func (t Tables) ListHolders(ctx context.Context, key id.Company, role id.Role, s access.Scope, ask page.Ask) (page.List[view.Assigned], error) {
	w := where{}
	w.and("s.company_id = ? and s.role_id = ? and (s.until_at is null or s.until_at > ?)", key, role, t.Tx.Now)
	w.scope(s, "m.id", "p.path", "coalesce(p.path, '')")
	after, err := page.Behind(ask, id.ParseAssignment)
	if err != nil {
		return page.List[view.Assigned]{}, err
	}
	w.behind("(m.words, s.id) > (?, ?)", after)
	type row struct {
		view.Assigned
		words string
	}
	var rows []row
	engine.Rows(t.Tx.Ask(`select `+assignedColumns+`, m.words`+assignedFrom+w.String()+` order by m.words, s.id limit ?`,
		append(w.args, ask.Size()+1)...), &rows, func(r *row, scan engine.Scan) error { return scanAssigned(&r.Assigned, scan.And(&r.words)) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Assigned]{}, err
	}
	cut := page.Cut(rows, ask, func(r row) []string { return []string{r.words, r.ID.String()} })
	list := page.List[view.Assigned]{Next: cut.Next}
	for _, r := range cut.Rows {
		list.Rows = append(list.Rows, r.Assigned)
	}
	return list, nil
}

// WantRoles asks for the company's roles with how many have them, or for one of them; at most 1 000, the
// administrators' first.
func (t Tables) WantRoles(all *[]view.Role, key id.Company, only id.Role) {
	w := where{}
	w.and("r.company_id = ?", key)
	if !only.IsZero() {
		w.and("r.id = ?", only)
	}
	engine.Rows(t.Tx.Ask(`
		select `+accessdb.RoleColumns+`,
		       (select count(distinct s.member_id) from assignment s
		         where s.company_id = r.company_id and s.role_id = r.id and (s.until_at is null or s.until_at > ?)
		           and exists (select 1 from member m where m.company_id = s.company_id and m.id = s.member_id and m.status = 'active'))
		  from role r where `+w.String()+`
		 order by case when r.shipped = 'administrator' then 0 else 1 end, fold(r.name), r.id limit 1000`, append([]any{t.Tx.Now}, w.args...)...),
		all, func(r *view.Role, scan engine.Scan) error {
			return scan(append(accessdb.RoleInto(&r.Role), &r.Holders)...)
		})
}

// MostDrawn is how many units, and how many members, a structure is drawn of.
const MostDrawn = 50_000

// WantStructure asks for every unit and every member in the structure that the scope takes in; of each at most so many.
// Of what has no place to be read to nothing is asked.
func (t Tables) WantStructure(units, members *[]view.Node, key id.Company, s access.Scope, most int) {
	if units != nil {
		t.wantDrawnUnits(units, key, s, most)
	}
	if members != nil {
		t.wantDrawnMembers(members, key, s, most)
	}
}

// drawn is what is drawn of a structure.
func drawn(key id.Company, s access.Scope) (w where) {
	w.and("n.company_id = ?", key)
	w.scope(s, "n.id", "n.path", "n.path")
	return w
}

func (t Tables) wantDrawnUnits(units *[]view.Node, key id.Company, s access.Scope, most int) {
	w := drawn(key, s)
	engine.Rows(t.Tx.Ask(`
		select u.id, n.path, u.name, u.code, u.version
		  from node n join unit u on u.company_id = n.company_id and u.id = n.id
		 where `+w.String()+` order by n.path, n.id limit ?`, append(w.args, most)...), units, func(n *view.Node, scan engine.Scan) error {
		n.Kind = company.UnitNode
		return scan(&n.Unit, engine.Text(&n.Path), &n.Name, &n.Code, &n.Version)
	})
}

func (t Tables) wantDrawnMembers(members *[]view.Node, key id.Company, s access.Scope, most int) {
	w := drawn(key, s)
	engine.Rows(t.Tx.Ask(`
		select m.id, n.path, m.name, m.title, m.version, m.status
		  from node n join member m on m.company_id = n.company_id and m.id = n.id
		 where `+w.String()+` order by n.path, n.id limit ?`, append(w.args, most)...), members, func(n *view.Node, scan engine.Scan) error {
		n.Kind = company.MemberNode
		return scan(&n.Member, engine.Text(&n.Path), &n.Name, &n.Title, &n.Version, engine.Text(&n.Status))
	})
}

// WantOpenOrdersOf asks how many purchase orders of a unit are still open.
func (t Tables) WantOpenOrdersOf(n *int64, key id.Company, unit id.Unit) {
	t.Tx.Ask(`
		select count(*) from purchase_order p
		 where p.company_id = ? and p.unit_id = ? and p.state in ('draft', 'submitted', 'pending_approval', 'returned', 'approved', 'approved_pending_payment')`,
		key, unit).Row(company.ErrUnseenUnit, n)
}

// WantBudgetsOf asks for the budgets that a member has of their own.
func (t Tables) WantBudgetsOf(all *[]budget.Budget, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`select `+budgetdb.Columns+` from budget b where b.company_id = ? and b.member_id = ? and not b.archived order by b.name, b.id`, key, member), all,
		func(b *budget.Budget, scan engine.Scan) error { return scan(budgetdb.Into(b)...) })
}

// WantBudgetsAsking asks for the budgets that ask a member by name when they are used up.
func (t Tables) WantBudgetsAsking(all *[]budget.Budget, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`select `+budgetdb.Columns+` from budget b where b.company_id = ? and cast(b.approvers as text) like ? and not b.archived order by b.name, b.id`, key, `%"`+member.String()+`"%`), all,
		func(b *budget.Budget, scan engine.Scan) error { return scan(budgetdb.Into(b)...) })
}

// WantLookedAfter asks for the companies that one of the staff looks after, by name.
func (t Tables) WantLookedAfter(all *[]view.LookedAfter, account id.Account) {
	engine.Rows(t.Tx.Ask(`
		select c.id, c.name, case when p.leads then 1 else 0 end from partner_manager p join company c on c.id = p.company_id
		 where p.account_id = ? order by c.name, c.id`, account), all, func(l *view.LookedAfter, scan engine.Scan) error {
		var leads int64
		err := scan(&l.Company, &l.Name, &leads)
		l.Leads = leads == 1
		return err
	})
}
