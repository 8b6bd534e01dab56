// Package companydb keeps companies, their structure, their members and their addresses.
package companydb

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
)

// Tables are those of companies, in one transaction.
type Tables struct{ Tx *engine.Tx }

const companyColumns = `c.id, c.number, c.name, c.status, c.currency, c.zone, c.language, c.fiscal_month, c.po_number, c.cost_centre, c.budgets_used, c.expiry_days, c.version, c.created_at`

func companyInto(c *company.Company) []any {
	return []any{&c.ID, &c.Number, &c.Name, &c.Status, &c.Currency, &c.Zone, &c.Language, &c.FiscalMonth, &c.PONumber, &c.CostCentre, &c.BudgetsUsed, &c.ExpiryDays, &c.Version, &c.CreatedAt}
}

// Want asks for a company.
func (t Tables) Want(c *company.Company, key id.Company) {
	t.Tx.Ask(`select `+companyColumns+` from company c where c.id = ?`, key).Row(company.ErrUnseenMember, companyInto(c)...)
}

// Get reads a company.
func (t Tables) Get(ctx context.Context, key id.Company) (c company.Company, err error) {
	t.Want(&c, key)
	return c, t.Tx.Fetch(ctx)
}

// FindByNumber reads a company by its customer number; found says whether there is one.
func (t Tables) FindByNumber(ctx context.Context, number string) (c company.Company, found bool, err error) {
	t.Tx.Ask(`select `+companyColumns+` from company c where c.number = ?`, number).Maybe(&found, companyInto(&c)...)
	return c, found, t.Tx.Fetch(ctx)
}

// Insert adds a company.
func (t Tables) Insert(c company.Company) {
	t.Tx.Write(`
		insert into company (id, number, name, status, currency, zone, language, fiscal_month, po_number, cost_centre, expiry_days, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Number, c.Name, c.Status, c.Currency, c.Zone, c.Language, c.FiscalMonth, c.PONumber, c.CostCentre, c.ExpiryDays, c.CreatedAt)
}

// SetStatus replaces what a company may do. Rights change with it.
func (t Tables) SetStatus(key id.Company, s company.Status) {
	t.Tx.Write(`update company set status = ?, version = version + 1, rights_version = rights_version + 1 where id = ?`, s, key)
}

// SetBudgetsUsed notes that the company works with budgets.
func (t Tables) SetBudgetsUsed(key id.Company) {
	t.Tx.Write(`update company set budgets_used = true where id = ? and not budgets_used`, key)
}

// SetRightsChanged makes every actor of the company read its rights anew: after any change of structure, roles,
// assignments or status.
func (t Tables) SetRightsChanged(key id.Company) {
	t.Tx.Write(`update company set rights_version = rights_version + 1 where id = ?`, key)
}

// GetLabel takes the next label for a node of the company's structure.
func (t Tables) GetLabel(ctx context.Context, key id.Company) (label int64, err error) {
	t.Tx.Head("company:" + key.String())
	t.Tx.Write(`update company set labels = labels + 1 where id = ?`, key)
	t.Tx.Ask(`select c.labels from company c where c.id = ?`, key).Row(company.ErrUnseenUnit, &label)
	return label, t.Tx.Fetch(ctx)
}

const memberColumns = `m.id, m.account_id, m.number, m.name, m.email, m.title, m.status, m.approval_minor, c.currency, n.path, m.version`
const memberFrom = ` from member m join company c on c.id = m.company_id left join node n on n.company_id = m.company_id and n.id = m.id `

func scanMember(m *company.Member, scan engine.Scan) error {
	var limit *int64
	var currency money.Currency
	err := scan(&m.ID, &m.Account, &m.Number, &m.Name, &m.Email, &m.Title, &m.Status, &limit, &currency, engine.Text(&m.Path), &m.Version)
	if limit != nil {
		l := money.Of(*limit, currency)
		m.Approval = &l
	}
	m.Parent = m.Path.Parent()
	return err
}

// WantMember asks for a member of the company.
func (t Tables) WantMember(m *company.Member, key id.Company, member id.Member) {
	found := false
	t.Tx.Ask(`select `+memberColumns+memberFrom+`where m.company_id = ? and m.id = ?`, key, member).Each(func() { found = false }, func(scan engine.Scan) error {
		found = true
		return scanMember(m, scan)
	}).Needing(func() error {
		if !found {
			return company.ErrUnseenMember
		}
		return nil
	})
}

// GetMember reads a member of the company.
func (t Tables) GetMember(ctx context.Context, key id.Company, member id.Member) (m company.Member, err error) {
	t.WantMember(&m, key, member)
	return m, t.Tx.Fetch(ctx)
}

// WantMembersAt asks for the active members who stand at these paths: a line of management.
func (t Tables) WantMembersAt(all *[]company.Member, key id.Company, paths []tree.Path) {
	marks, args := engine.Marks(paths)
	engine.Rows(t.Tx.Ask(`select `+memberColumns+memberFrom+`
		where m.company_id = ? and m.status = 'active' and n.path in `+marks+` order by n.path, m.id`,
		append([]any{key}, args...)...), all, scanMember)
}

// WantMembers asks for these members, active or not.
func (t Tables) WantMembers(all *[]company.Member, key id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`select `+memberColumns+memberFrom+`where m.company_id = ? and m.id in `+marks+` order by m.id`,
		append([]any{key}, args...)...), all, scanMember)
}

// WantMembersHolding asks for the active members who have one of these roles now, wherever.
func (t Tables) WantMembersHolding(all *[]Holder, key id.Company, roles []id.Role) {
	marks, args := engine.Marks(roles)
	engine.Rows(t.Tx.Ask(`
		select `+memberColumns+`, s.role_id, coalesce(u.path, '')`+memberFrom+`
		  join assignment s on s.company_id = m.company_id and s.member_id = m.id
		   and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?)
		  left join node u on u.company_id = s.company_id and u.id = s.unit_id
		 where m.company_id = ? and m.status = 'active' and s.role_id in `+marks+`
		 order by m.name, m.id, s.role_id`,
		append([]any{t.Tx.Now, t.Tx.Now, key}, args...)...), all, func(h *Holder, scan engine.Scan) error {
		return scanMember(&h.Member, func(dest ...any) error { return scan(append(dest, &h.Role, engine.Text(&h.Place))...) })
	})
}

// Holder is a member with one role, and where they have it.
type Holder struct {
	company.Member
	Role  id.Role
	Place tree.Path
}

// InsertMember adds a member, who stands nowhere yet.
func (t Tables) InsertMember(key id.Company, m company.Member) {
	var limit any
	if m.Approval != nil {
		limit = m.Approval.Minor
	}
	t.Tx.Write(`
		insert into member (company_id, id, account_id, number, name, email, title, status, approval_minor, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		key, m.ID, m.Account, m.Number, m.Name, m.Email, m.Title, m.Status, limit, t.Tx.Now).
		Unique("member_company_id_account_id_key", company.ErrAlreadyMember)
}

// UpdateMember replaces a member's own fields. The version is checked by whoever read it in this transaction.
func (t Tables) UpdateMember(key id.Company, m company.Member) {
	var limit any
	if m.Approval != nil {
		limit = m.Approval.Minor
	}
	t.Tx.Write(`
		update member set number = ?, name = ?, title = ?, status = ?, approval_minor = ?, version = version + 1
		 where company_id = ? and id = ?`, m.Number, m.Name, m.Title, m.Status, limit, key, m.ID)
}

// InsertUnit adds a unit, which stands nowhere yet.
func (t Tables) InsertUnit(key id.Company, u company.Unit) {
	t.Tx.Write(`insert into unit (company_id, id, code, name, cost_centre_id) values (?, ?, ?, ?, ?)`,
		key, u.ID, u.Code, u.Name, u.CostCentre).
		Unique("unit_company_id_code_key", company.ErrUnitCode)
}

// UpdateUnit replaces a unit's own fields.
func (t Tables) UpdateUnit(key id.Company, u company.Unit) {
	t.Tx.Write(`update unit set code = ?, name = ?, cost_centre_id = ?, archived = ?, version = version + 1 where company_id = ? and id = ?`,
		u.Code, u.Name, u.CostCentre, u.Archived, key, u.ID).
		Unique("unit_company_id_code_key", company.ErrUnitCode)
}

// WantUnit asks for a unit of the company.
func (t Tables) WantUnit(u *company.Unit, key id.Company, unit id.Unit) {
	t.Tx.Ask(`
		select u.id, u.code, u.name, u.cost_centre_id, u.archived, n.path, u.version
		  from unit u left join node n on n.company_id = u.company_id and n.id = u.id
		 where u.company_id = ? and u.id = ?`, key, unit).
		Row(company.ErrUnseenUnit, &u.ID, &u.Code, &u.Name, &u.CostCentre, &u.Archived, engine.Text(&u.Path), &u.Version)
}

// GetUnit reads a unit of the company.
func (t Tables) GetUnit(ctx context.Context, key id.Company, unit id.Unit) (u company.Unit, err error) {
	t.WantUnit(&u, key, unit)
	return u, t.Tx.Fetch(ctx)
}

// WantUnitsAt asks for the units that stand at these paths, the deepest first.
func (t Tables) WantUnitsAt(all *[]company.Unit, key id.Company, paths []tree.Path) {
	marks, args := engine.Marks(paths)
	engine.Rows(t.Tx.Ask(`
		select u.id, u.code, u.name, u.cost_centre_id, u.archived, n.path, u.version
		  from node n join unit u on u.company_id = n.company_id and u.id = n.id
		 where n.company_id = ? and n.path in `+marks+` order by length(n.path) desc, u.id`,
		append([]any{key}, args...)...), all, func(u *company.Unit, scan engine.Scan) error {
		return scan(&u.ID, &u.Code, &u.Name, &u.CostCentre, &u.Archived, engine.Text(&u.Path), &u.Version)
	})
}

// InsertNode puts a unit or a member into the structure; parent is the node above, its zero value the top.
func (t Tables) InsertNode(key id.Company, n company.Node, parent company.Node) {
	t.Tx.Write(`insert into node (company_id, id, kind, parent_id, path) values (?, ?, ?, ?, ?)`,
		key, nodeID(n), n.Kind, nodeID(parent), n.Path)
}

// DeleteNode takes a unit or member out of the structure.
func (t Tables) DeleteNode(key id.Company, n company.Node) {
	t.Tx.Write(`delete from node where company_id = ? and id = ?`, key, nodeID(n))
}

// SetPlace moves a node with everything below it: to under another node, with a new path.
func (t Tables) SetPlace(key id.Company, n, parent company.Node, to tree.Path) {
	t.Tx.Write(`update node set parent_id = ? where company_id = ? and id = ?`, nodeID(parent), key, nodeID(n))
	t.Tx.Write(`update node set path = ? || substr(path, ?) where company_id = ? and path >= ? and path < ?`,
		to, len(n.Path)+1, key, n.Path, n.Path.End())
}

// GetNode reads where a unit or member stands.
func (t Tables) GetNode(ctx context.Context, key id.Company, n company.Node) (company.Node, error) {
	t.Tx.Ask(`select n.kind, n.path from node n where n.company_id = ? and n.id = ?`, key, nodeID(n)).
		Row(company.ErrUnseenUnit, &n.Kind, engine.Text(&n.Path))
	return n, t.Tx.Fetch(ctx)
}

// ListBelow lists the nodes directly below one.
func (t Tables) ListBelow(ctx context.Context, key id.Company, n company.Node, most int) (all []company.Node, err error) {
	engine.Rows(t.Tx.Ask(`
		select n.kind, n.id, n.path from node n where n.company_id = ? and n.parent_id = ? order by n.path limit ?`, key, nodeID(n), most),
		&all, func(n *company.Node, scan engine.Scan) error {
			var unit id.Unit
			var member id.Member
			if err := scan(&n.Kind, &unit, engine.Text(&n.Path)); err != nil {
				return err
			}
			if n.Kind == company.MemberNode {
				err := member.Scan(unit.UUID())
				unit = id.Unit{}
				n.Member = member
				return err
			}
			n.Unit = unit
			return nil
		})
	return all, t.Tx.Fetch(ctx)
}

// nodeID is the key of a node: that of its unit or member, null for the top.
func nodeID(n company.Node) any {
	switch {
	case !n.Unit.IsZero():
		return n.Unit
	case !n.Member.IsZero():
		return n.Member
	}
	return nil
}

const addressColumns = `a.id, a.label, a.name, a.street, a.postcode, a.city, a.country, a.delivers, a.bills, a.usual`

func scanAddress(a *company.Address, scan engine.Scan) error {
	return scan(&a.ID, &a.Label, &a.Name, &a.Street, &a.Postcode, &a.City, &a.Country, &a.Delivers, &a.Bills, &a.Usual)
}

// WantAddresses asks for these addresses of the company's book.
func (t Tables) WantAddresses(all *[]company.Address, key id.Company, addresses ...id.Address) {
	marks, args := engine.Marks(addresses)
	engine.Rows(t.Tx.Ask(`select `+addressColumns+` from address a where a.company_id = ? and a.id in `+marks+` order by a.id`,
		append([]any{key}, args...)...), all, scanAddress)
}

// WantBook asks for the company's whole address book, the usual one first; at most 500.
func (t Tables) WantBook(all *[]company.Address, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+addressColumns+` from address a where a.company_id = ? order by a.usual desc, a.label, a.id limit 500`, key),
		all, scanAddress)
}

// InsertAddress adds an address to the company's book.
func (t Tables) InsertAddress(key id.Company, a company.Address) {
	t.Tx.Write(`
		insert into address (company_id, id, label, name, street, postcode, city, country, delivers, bills, usual)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		key, a.ID, a.Label, a.Name, a.Street, a.Postcode, a.City, a.Country, a.Delivers, a.Bills, a.Usual)
}
