// Package accessdb keeps roles and who has them.
package accessdb

import (
	"context"
	"slices"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store/engine"
)

// Tables are those of access, in one transaction.
type Tables struct{ Tx *engine.Tx }

// RoleColumns are those of a role r.
const RoleColumns = `r.id, r.name, r.description, r.shipped, r.usual, r.permissions, r.version`

// RoleInto is where RoleColumns are read to.
func RoleInto(r *access.Role) []any {
	return []any{&r.ID, &r.Name, &r.Description, &r.Shipped, &r.Default, engine.JSON(&r.Set), &r.Version}
}

func scanRole(r *access.Role, scan engine.Scan) error { return scan(RoleInto(r)...) }

// WantEveryRole asks for all roles of the company, the administrators' first, in as many rows as there are: what decides by roles
// knows all of them.
func (t Tables) WantEveryRole(all *[]access.Role, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		select `+RoleColumns+` from role r where r.company_id = ?
		 order by case when r.shipped = 'administrator' then 0 else 1 end, r.name, r.id`, key), all, scanRole)
}

// WantRolesOf asks for these roles of the company.
func (t Tables) WantRolesOf(all *[]access.Role, key id.Company, roles []id.Role) {
	marks, args := engine.Marks(roles)
	engine.Rows(t.Tx.Ask(`select `+RoleColumns+` from role r where r.company_id = ? and r.id in `+marks+` order by r.id`,
		append([]any{key}, args...)...), all, scanRole)
}

// GetRole reads a role of the company.
func (t Tables) GetRole(ctx context.Context, key id.Company, role id.Role) (r access.Role, err error) {
	t.WantRole(&r, key, role)
	return r, t.Tx.Fetch(ctx)
}

// WantRole asks for a role of the company.
func (t Tables) WantRole(r *access.Role, key id.Company, role id.Role) {
	t.Tx.Ask(`select `+RoleColumns+` from role r where r.company_id = ? and r.id = ?`, key, role).Row(access.ErrUnseenRole, RoleInto(r)...)
}

// WantDefaultRole asks for the role that new members get; it stays the zero role when there is none.
func (t Tables) WantDefaultRole(r *access.Role, key id.Company) {
	var all []access.Role
	engine.Rows(t.Tx.Ask(`select `+RoleColumns+` from role r where r.company_id = ? and r.usual order by r.id limit 1`, key), &all,
		func(each *access.Role, scan engine.Scan) error {
			err := scanRole(each, scan)
			*r = *each
			return err
		})
}

// InsertRole adds a role.
func (t Tables) InsertRole(key id.Company, r access.Role) {
	t.Tx.Write(`insert into role (company_id, id, name, description, shipped, usual, permissions) values (?, ?, ?, ?, ?, ?, ?)`,
		key, r.ID, r.Name, r.Description, r.Shipped, r.Default, engine.JSON(r.Set)).
		Unique("role_company_id_name_key", access.ErrRoleName)
}

// UpdateRole replaces a role's name, description and permissions.
func (t Tables) UpdateRole(key id.Company, r access.Role) {
	t.Tx.Write(`update role set name = ?, description = ?, permissions = ?, version = version + 1 where company_id = ? and id = ?`,
		r.Name, r.Description, engine.JSON(r.Set), key, r.ID).
		Unique("role_company_id_name_key", access.ErrRoleName)
}

// SetDefaultRole makes a role the one that new members get, and no other.
func (t Tables) SetDefaultRole(key id.Company, role id.Role) {
	t.Tx.Write(`update role set usual = (id = ?), version = version + 1 where company_id = ? and (usual or id = ?)`, role, key, role)
}

// DeleteRole removes a role that nobody has, with the assignments of it that have ended.
func (t Tables) DeleteRole(key id.Company, role id.Role) {
	t.Tx.Write(`delete from assignment where company_id = ? and role_id = ? and until_at <= ?`, key, role, t.Tx.Now)
	t.Tx.Write(`delete from role where company_id = ? and id = ?`, key, role)
}

// AssignmentColumns are those of an assignment s to a unit that stands at n.
const AssignmentColumns = `s.id, s.member_id, s.role_id, s.unit_id, n.path, s.from_at, s.until_at`

const assignmentFrom = ` from assignment s left join node n on n.company_id = s.company_id and n.id = s.unit_id `

// AssignmentInto is where AssignmentColumns are read to.
func AssignmentInto(a *access.Assignment) []any {
	return []any{&a.ID, &a.Member, &a.Role, &a.Unit, engine.Text(&a.Place), &a.From, &a.Until}
}

func scanAssignment(a *access.Assignment, scan engine.Scan) error { return scan(AssignmentInto(a)...) }

// WantAssignments asks for everything that a member has been given.
func (t Tables) WantAssignments(all *[]access.Assignment, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`where s.company_id = ? and s.member_id = ? order by s.created_at, s.id limit 1000`,
		key, member), all, scanAssignment)
}

// WantGiven asks for every assignment of a role that has not ended, in as many rows as there are.
func (t Tables) WantGiven(all *[]access.Assignment, key id.Company, role id.Role) {
	engine.Rows(t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`
		where s.company_id = ? and s.role_id = ? and (s.until_at is null or s.until_at > ?) order by s.created_at, s.id`,
		key, role, t.Tx.Now), all, scanAssignment)
}

// WantPromised asks for what becomes of the open invitations of the company when they are accepted, as assignments of nobody
// yet; of a role, or of every role for the zero one. A unit that is no more gives nothing.
func (t Tables) WantPromised(all *[]access.Assignment, key id.Company, role id.Role) {
	condition, args := `1 = 1`, []any{key}
	if !role.IsZero() {
		condition, args = `r.role_id = ?`, append(args, role)
	}
	engine.Rows(t.Tx.Ask(`
		select r.role_id, r.unit_id, n.path
		  from invitation_role r join invitation i on i.company_id = r.company_id and i.id = r.invitation_id and i.state in ('open', 'expired')
		  left join node n on n.company_id = r.company_id and n.id = r.unit_id
		 where r.company_id = ? and `+condition+` and (r.unit_id is null or n.path is not null)`, args...), all,
		func(a *access.Assignment, scan engine.Scan) error {
			return scan(&a.Role, &a.Unit, engine.Text(&a.Place))
		})
}

// WantHeldAt asks for the assignments that have not ended at the units that stand at these places.
func (t Tables) WantHeldAt(all *[]access.Assignment, key id.Company, places []tree.Path) {
	marks, args := engine.Marks(places)
	engine.Rows(t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`
		where s.company_id = ? and n.path in `+marks+` and (s.until_at is null or s.until_at > ?) order by s.created_at, s.id`,
		append(append([]any{key}, args...), t.Tx.Now)...), all, scanAssignment)
}

// WantHeldAtUnit asks for the assignments that have not ended at a unit, wherever it stands, or nowhere.
func (t Tables) WantHeldAtUnit(all *[]access.Assignment, key id.Company, unit id.Unit) {
	engine.Rows(t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`
		where s.company_id = ? and s.unit_id = ? and (s.until_at is null or s.until_at > ?) order by s.created_at, s.id`,
		key, unit, t.Tx.Now), all, scanAssignment)
}

// WantPromisedAtUnit asks for what open invitations promise at a unit, wherever it stands, or nowhere, as assignments of nobody yet.
func (t Tables) WantPromisedAtUnit(all *[]access.Assignment, key id.Company, unit id.Unit) {
	engine.Rows(t.Tx.Ask(`
		select r.role_id, r.unit_id
		  from invitation_role r join invitation i on i.company_id = r.company_id and i.id = r.invitation_id and i.state in ('open', 'expired')
		 where r.company_id = ? and r.unit_id = ? order by r.role_id, r.invitation_id`, key, unit), all,
		func(a *access.Assignment, scan engine.Scan) error { return scan(&a.Role, &a.Unit) })
}

// GetAssignment reads an assignment of the company.
func (t Tables) GetAssignment(ctx context.Context, key id.Company, assignment id.Assignment) (a access.Assignment, err error) {
	t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`where s.company_id = ? and s.id = ?`, key, assignment).
		Row(access.ErrUnseenAssignment, AssignmentInto(&a)...)
	return a, t.Tx.Fetch(ctx)
}

// InsertAssignment gives a member a role.
func (t Tables) InsertAssignment(key id.Company, a access.Assignment) {
	t.Tx.Write(`insert into assignment (company_id, id, member_id, role_id, unit_id, from_at, until_at, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		key, a.ID, a.Member, a.Role, a.Unit, a.From, a.Until, t.Tx.Now)
}

// DeleteAssignment takes a role away.
func (t Tables) DeleteAssignment(key id.Company, assignment id.Assignment) {
	t.Tx.Write(`delete from assignment where company_id = ? and id = ?`, key, assignment)
}

// WantAssignmentsOf asks for everything that these members have been given.
func (t Tables) WantAssignmentsOf(all *[]access.Assignment, key id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`where s.company_id = ? and s.member_id in `+marks+` order by s.created_at, s.id`,
		append([]any{key}, args...)...), all, scanAssignment)
}

// WantEveryAssignment asks for everything that members of the company have been given, in as many rows as there are.
func (t Tables) WantEveryAssignment(all *[]access.Assignment, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+AssignmentColumns+assignmentFrom+`where s.company_id = ? order by s.created_at, s.id`, key), all, scanAssignment)
}

// SetGrown is for who has made very many assignments.
func (t Tables) SetGrown() { t.Tx.Grown("assignment") }

// DeleteAssignments takes many roles away.
func (t Tables) DeleteAssignments(key id.Company, all []id.Assignment) {
	for part := range slices.Chunk(all, 1000) {
		marks, args := engine.Marks(part)
		t.Tx.Write(`delete from assignment where company_id = ? and id in `+marks, append([]any{key}, args...)...)
	}
}

// UpdateTerm lets an assignment begin and end at other moments.
func (t Tables) UpdateTerm(key id.Company, a access.Assignment) {
	t.Tx.Write(`update assignment set from_at = ?, until_at = ? where company_id = ? and id = ?`, a.From, a.Until, key, a.ID)
}

// FindAdministrator finds who has been an administrator of the whole company for longest, active and without an end,
// but for one member; found says whether there is one.
func (t Tables) FindAdministrator(ctx context.Context, key id.Company, but id.Member) (m id.Member, found bool, err error) {
	t.Tx.Ask(`select s.member_id`+administrators+` order by s.created_at, s.id limit 1`, key, t.Tx.Now, but, nil).Maybe(&found, &m)
	return m, found, t.Tx.Fetch(ctx)
}

// administrators are those whom nobody but the company itself can make stop acting: nobody whom another one lends.
const administrators = `
		  from assignment s
		  join role r on r.company_id = s.company_id and r.id = s.role_id and r.shipped = 'administrator'
		  join member m on m.company_id = s.company_id and m.id = s.member_id and m.status = 'active' and m.home_id is null
		 where s.company_id = ? and s.unit_id is null and s.until_at is null and (s.from_at is null or s.from_at <= ?)
		   and s.member_id <> coalesce(?, s.company_id) and s.id <> coalesce(?, s.company_id)`

// WantAdministrators asks for the names of those who administer the whole company, but for one member; at most five.
func (t Tables) WantAdministrators(names *[]string, key id.Company, but id.Member) {
	engine.Rows(t.Tx.Ask(`select m.name`+administrators+` group by m.id, m.name order by m.name, m.id limit 5`, key, t.Tx.Now, but, nil), names,
		func(name *string, scan engine.Scan) error { return scan(name) })
}

// CountAdministrators counts the active members who are administrators of the whole company without an end, but
// for one member and one assignment that are about to lose it.
func (t Tables) CountAdministrators(ctx context.Context, key id.Company, but id.Member, without id.Assignment) (n int64, err error) {
	t.Tx.Ask(`select count(distinct s.member_id)`+administrators, key, t.Tx.Now, but, without).Row(access.ErrUnseen, &n)
	return n, t.Tx.Fetch(ctx)
}

const separationColumns = `p.id, p.name, p.permissions, p.roles, p.cardinality, p.excuses, p.enabled, p.version`

func separationInto(s *access.Separation) []any {
	return []any{&s.ID, &s.Name, engine.JSON(&s.Permissions), engine.JSON(&s.Roles), &s.Cardinality, &s.Excuses, &s.On, &s.Version}
}

// WantSeparations asks for all rules of separation of duty, by name, in as many rows as there are.
func (t Tables) WantSeparations(all *[]access.Separation, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+separationColumns+` from separation p where p.company_id = ? order by p.name, p.id`, key), all,
		func(s *access.Separation, scan engine.Scan) error { return scan(separationInto(s)...) })
}

// GetSeparation reads a rule of separation of duty.
func (t Tables) GetSeparation(ctx context.Context, key id.Company, separation id.Separation) (s access.Separation, err error) {
	t.Tx.Ask(`select `+separationColumns+` from separation p where p.company_id = ? and p.id = ?`, key, separation).
		Row(access.ErrUnseenSeparation, separationInto(&s)...)
	return s, t.Tx.Fetch(ctx)
}

// InsertSeparation adds a rule of separation of duty.
func (t Tables) InsertSeparation(key id.Company, s access.Separation) {
	t.Tx.Write(`insert into separation (company_id, id, name, permissions, roles, cardinality, excuses, enabled) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		key, s.ID, s.Name, engine.JSON(s.Permissions), engine.JSON(s.Roles), s.Cardinality, s.Excuses, s.On).
		Unique("separation_company_id_name_key", access.ErrSeparationName)
}

// UpdateSeparation replaces a rule of separation of duty.
func (t Tables) UpdateSeparation(key id.Company, s access.Separation) {
	t.Tx.Write(`
		update separation set name = ?, permissions = ?, roles = ?, cardinality = ?, excuses = ?, enabled = ?, version = version + 1
		 where company_id = ? and id = ?`,
		s.Name, engine.JSON(s.Permissions), engine.JSON(s.Roles), s.Cardinality, s.Excuses, s.On, key, s.ID).
		Unique("separation_company_id_name_key", access.ErrSeparationName)
}

// DeleteSeparation removes a rule of separation of duty.
func (t Tables) DeleteSeparation(key id.Company, separation id.Separation) {
	t.Tx.Write(`delete from separation where company_id = ? and id = ?`, key, separation)
}

// WantBearers asks who has which role, each once, of members who have not left and assignments that have not ended.
func (t Tables) WantBearers(all *[]access.Bearer, key id.Company) {
	engine.Rows(t.Tx.Ask(`select distinct s.member_id, s.role_id from assignment s
		  join member m on m.company_id = s.company_id and m.id = s.member_id and m.status = 'active'
		 where s.company_id = ? and (s.until_at is null or s.until_at > ?)`, key, t.Tx.Now), all,
		func(b *access.Bearer, scan engine.Scan) error { return scan(&b.Member, &b.Role) })
}

// RecordUse says that a member used these permissions on this day.
func (t Tables) RecordUse(key id.Company, member id.Member, used access.Set, on date.Date) {
	for _, p := range used.List() {
		t.Tx.Write(`insert into permission_use (company_id, member_id, permission, first_on, last_on) values (?, ?, ?, ?, ?)
			on conflict (company_id, member_id, permission) do update set last_on = case when excluded.last_on > permission_use.last_on then excluded.last_on else permission_use.last_on end`,
			key, member, p.Code(), on, on)
	}
}

// WantUses asks when those who have a role have last used what, and how many they are; permissions that this version does
// not know are left out.
func (t Tables) WantUses(all *[]access.Use, holders *int64, key id.Company, role id.Role) {
	t.Tx.Ask(`select count(distinct s.member_id) from assignment s where s.company_id = ? and s.role_id = ? and (s.until_at is null or s.until_at > ?)`,
		key, role, t.Tx.Now).Row(access.ErrUnseen, holders)
	t.Tx.Ask(`select u.permission, max(u.last_on) from permission_use u
		where u.company_id = ? and u.member_id in (select s.member_id from assignment s where s.company_id = ? and s.role_id = ? and (s.until_at is null or s.until_at > ?))
		group by u.permission order by u.permission`, key, key, role, t.Tx.Now).
		Each(func() { *all = nil }, func(scan engine.Scan) error {
			var u access.Use
			var code string
			if err := scan(&code, engine.Text(&u.Last)); err != nil {
				return err
			}
			if p, err := access.Parse(code); err == nil {
				u.Permission = p
				*all = append(*all, u)
			}
			return nil
		})
}

// WantUsesKept asks since which day uses are recorded; the empty day when none has been.
func (t Tables) WantUsesKept(since *date.Date, key id.Company) {
	t.Tx.Ask(`select coalesce(min(u.first_on), '') from permission_use u where u.company_id = ?`, key).Row(access.ErrUnseen, engine.Text(since))
}
