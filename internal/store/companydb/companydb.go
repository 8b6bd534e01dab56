// Package companydb keeps companies, their structure, their members and their addresses.
package companydb

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/payment"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
)

// Tables are those of companies, in one transaction.
type Tables struct{ Tx *engine.Tx }

// CompanyColumns are those of a company c.
const CompanyColumns = `c.id, c.number, c.name, c.status, c.currency, c.zone, c.language, c.fiscal_month, c.po_number, c.cost_centre, c.budgets_used, c.expiry_days, c.seller, c.customer_group_id, c.consents, c.parent_id, c.inherits_group, c.inherits_prices, c.inherits_terms, c.inherits_rules, c.version, c.created_at,
	c.trade_name, c.vat_id, c.registration_number, c.reseller_id, c.external_id, c.legal_street, c.legal_postcode, c.legal_city, c.legal_region, c.legal_country,
	c.ordering, c.on_account, c.own_rules, c.payments, c.net_days, c.status_reason, c.status_at, c.pending_sees`

// CompanyInto is where CompanyColumns are read to.
func CompanyInto(c *company.Company) []any {
	return []any{&c.ID, &c.Number, &c.Name, &c.Status, &c.Currency, &c.Zone, &c.Language, &c.FiscalMonth, &c.PONumber, &c.CostCentre, &c.BudgetsUsed, &c.ExpiryDays, &c.Seller, &c.Group, &c.Consents, &c.Parent, &c.Inherits.Group, &c.Inherits.Prices, &c.Inherits.Terms, &c.Inherits.Rules, &c.Version, &c.CreatedAt,
		&c.TradeName, &c.VATID, &c.Registration, &c.Reseller, &c.External, &c.Legal.Street, &c.Legal.Postcode, &c.Legal.City, &c.Legal.Region, &c.Legal.Country,
		&c.Terms.Ordering, &c.Terms.OnAccount, &c.Terms.OwnRules, engine.JSON(&c.Terms.Payments), &c.Terms.NetDays, &c.Reason, &c.Since, &c.Pending}
}

// Want asks for a company.
func (t Tables) Want(c *company.Company, key id.Company) {
	t.Tx.Ask(`select `+CompanyColumns+` from company c where c.id = ?`, key).Row(company.ErrUnseen, CompanyInto(c)...)
}

// Get reads a company.
func (t Tables) Get(ctx context.Context, key id.Company) (c company.Company, err error) {
	t.Want(&c, key)
	return c, t.Tx.Fetch(ctx)
}

// FindByNumber reads a company by its customer number; found says whether there is one.
func (t Tables) FindByNumber(ctx context.Context, number string) (c company.Company, found bool, err error) {
	t.Tx.Ask(`select `+CompanyColumns+` from company c where c.number = ?`, number).Maybe(&found, CompanyInto(&c)...)
	return c, found, t.Tx.Fetch(ctx)
}

// Insert adds a company. Whoever does has looked for its number; of two who do so at once one looks again.
func (t Tables) Insert(c company.Company) {
	t.Tx.Write(`
		insert into company (id, number, name, status, currency, zone, language, fiscal_month, po_number, cost_centre, expiry_days, seller, words, created_at,
		                     customer_group_id, parent_id, inherits_group, inherits_prices, inherits_terms, trade_name, vat_id, registration_number, reseller_id, external_id,
		                     legal_street, legal_postcode, legal_city, legal_region, legal_country, ordering, on_account, own_rules, payments, net_days)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Number, c.Name, c.Status, c.Currency, c.Zone, c.Language, c.FiscalMonth, c.PONumber, c.CostCentre, c.ExpiryDays, c.Seller, c.Words(), c.CreatedAt,
		c.Group, c.Parent, c.Inherits.Group, c.Inherits.Prices, c.Inherits.Terms, c.TradeName, c.VATID, c.Registration, c.Reseller, c.External,
		c.Legal.Street, c.Legal.Postcode, c.Legal.City, c.Legal.Region, c.Legal.Country, c.Terms.Ordering, c.Terms.OnAccount, c.Terms.OwnRules, payments(c), c.Terms.NetDays).
		Unique("company_external_id_key", company.ErrExternalTaken)
}

// Update replaces a company's profile. The version is checked by whoever read it in this transaction.
func (t Tables) Update(c company.Company) {
	t.Tx.Write(`
		update company set name = ?, words = ?, trade_name = ?, vat_id = ?, registration_number = ?, zone = ?, language = ?, fiscal_month = ?, po_number = ?, cost_centre = ?,
		                   expiry_days = ?, consents = ?, pending_sees = ?, version = version + 1
		 where id = ?`, c.Name, c.Words(), c.TradeName, c.VATID, c.Registration, c.Zone, c.Language, c.FiscalMonth, c.PONumber, c.CostCentre,
		c.ExpiryDays, c.Consents, c.Pending, c.ID)
}

// SetRecord replaces what a company is called, registered as and known by. Whoever does has looked for its number.
func (t Tables) SetRecord(c company.Company) {
	t.Tx.Write(`
		update company set number = ?, name = ?, words = ?, trade_name = ?, vat_id = ?, registration_number = ?, reseller_id = ?, external_id = ?,
		                   legal_street = ?, legal_postcode = ?, legal_city = ?, legal_region = ?, legal_country = ?, version = version + 1
		 where id = ?`, c.Number, c.Name, c.Words(), c.TradeName, c.VATID, c.Registration, c.Reseller, c.External,
		c.Legal.Street, c.Legal.Postcode, c.Legal.City, c.Legal.Region, c.Legal.Country, c.ID).
		Unique("company_number_key", company.ErrNumberTaken).
		Unique("company_external_id_key", company.ErrExternalTaken)
}

// SetTerms replaces what the seller lets a company do, and how it pays.
func (t Tables) SetTerms(c company.Company) {
	t.Tx.Write(`update company set ordering = ?, on_account = ?, own_rules = ?, payments = ?, net_days = ?, version = version + 1 where id = ?`,
		c.Terms.Ordering, c.Terms.OnAccount, c.Terms.OwnRules, payments(c), c.Terms.NetDays, c.ID)
}

// payments are a company's ways of paying as the tables keep them: a list, also where it is empty.
func payments(c company.Company) any {
	return engine.JSON(append([]payment.Method{}, c.Terms.Payments...))
}

// SetStatus replaces what a company may do, and says why. Rights change with it.
func (t Tables) SetStatus(key id.Company, s company.Status, reason string) {
	t.Tx.Write(`update company set status = ?, status_reason = ?, status_at = ?, version = version + 1, rights_version = rights_version + 1 where id = ?`, s, reason, t.Tx.Now, key)
}

// SetBudgetsUsed notes that the company works with budgets.
func (t Tables) SetBudgetsUsed(key id.Company) {
	t.Tx.Write(`update company set budgets_used = true where id = ? and not budgets_used`, key)
}

// SetRightsChanged makes every actor of the company read its rights anew, and has it looked up anew who decides on what
// waits: after any change of structure, roles, assignments or status.
func (t Tables) SetRightsChanged(key id.Company) {
	t.Tx.Write(`update company set rights_version = rights_version + 1 where id = ?`, key)
}

// SetRoutesChanged has it looked up anew who decides on what waits: after a change of what is no right, an approval limit or
// the manager of a cost centre.
func (t Tables) SetRoutesChanged(key id.Company) {
	t.Tx.Write(`update company set routes_version = routes_version + 1 where id = ?`, key)
}

// SetRoutesChangedBelow is SetRoutesChanged for the company and all that belong to it and have members whom others lend:
// after a change of who is held. It writes into companies in whose queues the transaction does not stand, this one number.
func (t Tables) SetRoutesChangedBelow(key id.Company) {
	t.Tx.Write(`
		with recursive below (id, depth) as (
			select c.id, 0 from company c where c.id = ?
			union all
			select c.id, b.depth + 1 from below b join company c on c.parent_id = b.id where b.depth < ?)
		update company set routes_version = routes_version + 1
		 where id in (select b.id from below b) and exists (select 1 from member m where m.company_id = company.id and m.home_id is not null)`, key, company.MostAbove)
}

// Queue names the queue in which all that changes a company stands.
func Queue(key id.Company) string { return "company:" + key.String() }

// Head takes the place of a company's queue, for whoever changes the company without acting for it.
func (t Tables) Head(key id.Company) { t.Tx.Head(Queue(key)) }

// GetLabels takes the next labels for nodes of the company's structure: n of them, up to the last one returned.
func (t Tables) GetLabels(ctx context.Context, key id.Company, n int) (last int64, err error) {
	t.Tx.Write(`update company set labels = labels + ? where id = ?`, n, key)
	t.Tx.Ask(`select c.labels from company c where c.id = ?`, key).Row(company.ErrUnseen, &last)
	return last, t.Tx.Fetch(ctx)
}

// MemberColumns are those of a member m from MemberFrom.
const MemberColumns = `m.id, m.account_id, m.number, m.external_id, m.name, m.first_name, m.email, m.title, m.status, m.phone, m.approval_minor, c.currency, n.path, m.version,
	case when m.joined_at is null then 0 else 1 end, m.home_id, case when ` + HeldWhere + ` then 1 else 0 end`

// HeldWhere is what holds for a member m who is of this company, or whom a company above lends and who acts there: in their own
// right, for one that this company still belongs to.
const HeldWhere = `(m.home_id is null or exists (
	with recursive line (id, above) as (
		select u.parent_id, 1 from company u where u.id = m.company_id and u.parent_id is not null
		union all
		select u.parent_id, l.above + 1 from line l join company u on u.id = l.id where u.parent_id is not null and l.above < 16)
	select 1 from line l join company u on u.id = l.id join member h on h.company_id = l.id
	 where l.id = m.home_id and h.account_id = m.account_id and h.status = 'active' and h.home_id is null and u.status in ('pending', 'active', 'blocked')))`

// ActsWhere is what holds for a member m who acts: who has not left, nor waits, and is held where somebody lends them.
const ActsWhere = `(m.status = 'active' and ` + HeldWhere + `)`

// MemberFrom joins a member m with what its row is read from: its company c, and where it stands, n.
const MemberFrom = ` from member m join company c on c.id = m.company_id left join node n on n.company_id = m.company_id and n.id = m.id `

// ScanMember reads MemberColumns.
func ScanMember(m *company.Member, scan engine.Scan) error {
	var limit *int64
	var currency money.Currency
	var joined, held int64
	var first *string
	err := scan(&m.ID, &m.Account, &m.Number, &m.External, &m.Name, &first, &m.Email, &m.Title, &m.Status, &m.Phone, &limit, &currency, engine.Text(&m.Path), &m.Version, &joined, &m.Home, &held)
	m.Joined, m.Held = joined == 1, held == 1
	if m.First, _ = text.Divided(m.Name); first != nil {
		m.First = *first
	}
	if limit != nil {
		l := money.Of(*limit, currency)
		m.Approval = &l
	}
	m.Parent = m.Path.Parent()
	return err
}

// WantMember asks for a member of the company.
func (t Tables) WantMember(m *company.Member, key id.Company, member id.Member) {
	t.Tx.Ask(`select `+MemberColumns+MemberFrom+`where m.company_id = ? and m.id = ?`, key, member).
		One(company.ErrUnseenMember, func(scan engine.Scan) error { return ScanMember(m, scan) })
}

// GetMember reads a member of the company.
func (t Tables) GetMember(ctx context.Context, key id.Company, member id.Member) (m company.Member, err error) {
	t.WantMember(&m, key, member)
	return m, t.Tx.Fetch(ctx)
}

// WantMembers asks for these members, active or not.
func (t Tables) WantMembers(all *[]company.Member, key id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`select `+MemberColumns+MemberFrom+`where m.company_id = ? and m.id in `+marks+` order by m.id`,
		append([]any{key}, args...)...), all, ScanMember)
}

// FindMember reads the member that an account is in the company; found says whether there is one.
func (t Tables) FindMember(ctx context.Context, key id.Company, account id.Account) (m company.Member, found bool, err error) {
	t.Tx.Ask(`select `+MemberColumns+MemberFrom+`where m.company_id = ? and m.account_id = ?`, key, account).Each(func() { found = false }, func(scan engine.Scan) error {
		found = true
		return ScanMember(&m, scan)
	})
	err = t.Tx.Fetch(ctx)
	return m, found, err
}

// InsertMember adds a member, who stands nowhere yet.
func (t Tables) InsertMember(key id.Company, m company.Member) {
	t.Tx.Write(`
		insert into member (company_id, id, account_id, number, external_id, name, first_name, email, phone, title, words, status, approval_minor, created_at, joined_at, home_id)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		key, m.ID, m.Account, m.Number, m.External, m.Name, m.First, m.Email, m.Phone, m.Title, m.Words(), m.Status, limit(m), t.Tx.Now, t.joined(m), m.Home).
		Unique("member_company_id_account_id_key", company.ErrAlreadyMember).
		Unique("member_company_id_external_id_key", company.ErrMemberExternal)
}

// UpdateMember replaces a member's own fields. The version is checked by whoever read it in this transaction.
func (t Tables) UpdateMember(key id.Company, m company.Member) {
	t.Tx.Write(`
		update member set number = ?, external_id = ?, name = ?, first_name = ?, phone = ?, title = ?, words = ?, status = ?, approval_minor = ?,
		                  joined_at = coalesce(joined_at, ?), version = version + 1
		 where company_id = ? and id = ?`, m.Number, m.External, m.Name, m.First, m.Phone, m.Title, m.Words(), m.Status, limit(m), t.joined(m), key, m.ID).
		Unique("member_company_id_external_id_key", company.ErrMemberExternal)
}

// SetAccount makes a member of a company another account, under another address; the company has changed by it.
func (t Tables) SetAccount(key id.Company, m company.Member) {
	t.Tx.Write(`update member set account_id = ?, email = ? where company_id = ? and id = ?`, m.Account, m.Email, key, m.ID).
		Unique("member_company_id_account_id_key", company.ErrAlreadyMember)
	t.Tx.Write(`update company set version = version + 1 where id = ?`, key)
}

// joined is since when a member who works may have worked, unless it is known already.
func (t Tables) joined(m company.Member) any {
	if m.Status != company.Working {
		return nil
	}
	return t.Tx.Now
}

// SetPhone replaces where a member is called.
func (t Tables) SetPhone(key id.Company, member id.Member, phone string) {
	t.Tx.Write(`update member set phone = ? where company_id = ? and id = ?`, phone, key, member)
}

// limit is what a member may decide, as the tables keep it: null for any amount.
func limit(m company.Member) any {
	if m.Approval == nil {
		return nil
	}
	return m.Approval.Minor
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

const unitColumns = `u.id, u.code, u.name, u.cost_centre_id, u.archived, n.path, u.version`

func unitInto(u *company.Unit) []any {
	return []any{&u.ID, &u.Code, &u.Name, &u.CostCentre, &u.Archived, engine.Text(&u.Path), &u.Version}
}

func scanUnit(u *company.Unit, scan engine.Scan) error { return scan(unitInto(u)...) }

// WantUnit asks for a unit of the company.
func (t Tables) WantUnit(u *company.Unit, key id.Company, unit id.Unit) {
	t.Tx.Ask(`
		select `+unitColumns+`
		  from unit u left join node n on n.company_id = u.company_id and n.id = u.id
		 where u.company_id = ? and u.id = ?`, key, unit).
		Row(company.ErrUnseenUnit, unitInto(u)...)
}

// GetUnit reads a unit of the company.
func (t Tables) GetUnit(ctx context.Context, key id.Company, unit id.Unit) (u company.Unit, err error) {
	t.WantUnit(&u, key, unit)
	return u, t.Tx.Fetch(ctx)
}

// WantArchivedCode asks whether a unit that has been archived has a code.
func (t Tables) WantArchivedCode(taken *bool, key id.Company, code string) {
	var u id.Unit
	t.Tx.Ask(`select u.id from unit u where u.company_id = ? and u.code = ? and u.archived`, key, code).Maybe(taken, &u)
}

// WantUnitsAt asks for the units that stand at these paths, the deepest first.
func (t Tables) WantUnitsAt(all *[]company.Unit, key id.Company, paths []tree.Path) {
	marks, args := engine.Marks(paths)
	engine.Rows(t.Tx.Ask(`
		select `+unitColumns+`
		  from node n join unit u on u.company_id = n.company_id and u.id = n.id
		 where n.company_id = ? and n.path in `+marks+` order by length(n.path) desc, u.id`,
		append([]any{key}, args...)...), all, scanUnit)
}

// WantUnitsWithin asks for the units, none of them archived, that stand at these places or below them, the highest
// first; at most so many.
func (t Tables) WantUnitsWithin(all *[]company.Unit, key id.Company, places []tree.Path, most int) {
	within, args := within(places)
	engine.Rows(t.Tx.Ask(`
		select u.id, u.code, u.name, u.cost_centre_id, u.archived, n.path, u.version
		  from node n join unit u on u.company_id = n.company_id and u.id = n.id
		 where n.company_id = ? and not u.archived and (`+within+`)
		 order by length(n.path), n.path limit ?`, append(append([]any{key}, args...), most)...), all, func(u *company.Unit, scan engine.Scan) error {
		return scan(&u.ID, &u.Code, &u.Name, &u.CostCentre, &u.Archived, engine.Text(&u.Path), &u.Version)
	})
}

// within is what holds for a node n at one of these places or below it.
func within(places []tree.Path) (condition string, args []any) {
	all := []string{"1 = 0"}
	for _, p := range places {
		if p == tree.Top {
			all = append(all, "1 = 1")
			continue
		}
		all = append(all, "n.path >= ? and n.path < ?")
		args = append(args, p, p.End())
	}
	return strings.Join(all, " or "), args
}

// ListUnits lists every unit of the company, archived or not; at most 10 000.
func (t Tables) ListUnits(ctx context.Context, key id.Company) (all []company.Unit, err error) {
	engine.Rows(t.Tx.Ask(`
		select `+unitColumns+`
		  from unit u left join node n on n.company_id = u.company_id and n.id = u.id
		 where u.company_id = ? order by u.code, u.id limit 10000`, key), &all, scanUnit)
	return all, t.Tx.Fetch(ctx)
}

// WantNode asks where a unit or member stands, by whichever of its keys is set.
func (t Tables) WantNode(n *company.Node, key id.Company) {
	*n = n.Of()
	t.Tx.Ask(`select n.path from node n where n.company_id = ? and n.id = ? and n.kind = ?`, key, nodeID(*n), n.Kind).
		Row(n.Unseen(), engine.Text(&n.Path))
}

// WantNodeAt asks for the node that stands at a path; at tree.Top it stays the zero node.
func (t Tables) WantNodeAt(n *company.Node, key id.Company, at tree.Path) {
	var found bool
	t.Tx.Ask(`select `+nodeColumns+` from node n where n.company_id = ? and n.path = ?`, key, at).Maybe(&found, nodeInto(n)...)
}

// WantNodes asks for these units and members as far as they stand in the structure.
func (t Tables) WantNodes(all *[]company.Node, key id.Company, units []id.Unit, members []id.Member) {
	u, a := engine.Marks(units)
	m, b := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`select `+nodeColumns+` from node n where n.company_id = ? and (n.id in `+u+` or n.id in `+m+`) order by n.path`,
		append(append([]any{key}, a...), b...)...), all, func(n *company.Node, scan engine.Scan) error { return scan(nodeInto(n)...) })
}

// WantMembersOf asks for the members that these accounts are in the company.
func (t Tables) WantMembersOf(all *[]company.Member, key id.Company, accounts []id.Account) {
	marks, args := engine.Marks(accounts)
	engine.Rows(t.Tx.Ask(`select `+MemberColumns+MemberFrom+`where m.company_id = ? and m.account_id in `+marks+` order by m.id`,
		append([]any{key}, args...)...), all, ScanMember)
}

const nodeColumns = `n.kind, case when n.kind = 'unit' then n.id end, case when n.kind = 'member' then n.id end, n.path`

func nodeInto(n *company.Node) []any {
	return []any{engine.Text(&n.Kind), &n.Unit, &n.Member, engine.Text(&n.Path)}
}

// WantTop asks for the node without one above it.
func (t Tables) WantTop(n *company.Node, key id.Company) {
	t.Tx.Ask(`select `+nodeColumns+` from node n where n.company_id = ? and n.parent_id is null order by n.path, n.id limit 1`, key).
		Row(company.ErrUnseenMember, nodeInto(n)...)
}

// WantOwnUnit asks for the company's own unit: the highest one, of several the oldest.
func (t Tables) WantOwnUnit(n *company.Node, key id.Company) {
	t.Tx.Ask(`
		select `+nodeColumns+` from node n where n.company_id = ? and n.kind = 'unit'
		 order by length(n.path) - length(replace(n.path, '.', '')), n.id limit 1`, key).
		Row(company.ErrUnseenUnit, nodeInto(n)...)
}

// WantBelow asks how many nodes stand right below one, and at what depth the deepest in its subtree stands.
func (t Tables) WantBelow(below, deepest *int64, key id.Company, n company.Node) {
	t.Tx.Ask(`select count(*) from node n where n.company_id = ? and n.parent_id = ?`, key, nodeID(n)).Row(n.Unseen(), below)
	t.Tx.Ask(`
		select coalesce(max(length(n.path) - length(replace(n.path, '.', ''))), 0)
		  from node n where n.company_id = ? and n.path >= ? and n.path < ?`, key, n.Path, n.Path.End()).Row(n.Unseen(), deepest)
}

// InsertNode puts a unit or a member into the structure, right below another; below the zero node at the top.
func (t Tables) InsertNode(key id.Company, n, above company.Node) {
	t.Tx.Write(`insert into node (company_id, id, kind, parent_id, path) values (?, ?, ?, ?, ?)`,
		key, nodeID(n), n.Of().Kind, nodeID(above), n.Path)
}

// DeleteNode takes a unit or member, below which nothing stands any more, out of the structure.
func (t Tables) DeleteNode(key id.Company, n company.Node) {
	t.Tx.Write(`delete from node where company_id = ? and id = ?`, key, nodeID(n))
}

// DeleteNodes takes many units and members out of the structure, in this order: what is below before what is above.
func (t Tables) DeleteNodes(key id.Company, all []company.Node) {
	for part := range slices.Chunk(all, 500) {
		ids := make([]any, len(part))
		for i, n := range part {
			ids[i] = nodeID(n)
		}
		marks, args := engine.Marks(ids)
		t.Tx.Write(`delete from node where company_id = ? and id in `+marks, append([]any{key}, args...)...)
	}
}

// SetPlace moves a node with everything below it: to right below another, or to the top below the zero node.
func (t Tables) SetPlace(key id.Company, n, above company.Node, to tree.Path) {
	t.Tx.Write(`update node set parent_id = ? where company_id = ? and id = ?`, nodeID(above), key, nodeID(n))
	t.Tx.Write(`update node set path = ? || substr(path, ?) where company_id = ? and path >= ? and path < ?`,
		to, len(n.Path)+1, key, n.Path, n.Path.End())
}

// SetBelow moves everything that stands below one node to below another, which is not among it.
func (t Tables) SetBelow(key id.Company, from, to company.Node) {
	t.Tx.Write(`update node set parent_id = ? where company_id = ? and parent_id = ?`, nodeID(to), key, nodeID(from))
	t.Tx.Write(`update node set path = ? || substr(path, ?) where company_id = ? and path > ? and path < ?`,
		to.Path, len(from.Path)+1, key, from.Path, from.Path.End())
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

// WantEveryUnit asks for every unit of the company, archived or not, in as many rows as there are.
func (t Tables) WantEveryUnit(all *[]company.Unit, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		select `+unitColumns+`
		  from unit u left join node n on n.company_id = u.company_id and n.id = u.id
		 where u.company_id = ? order by u.code, u.id`, key), all, scanUnit)
}

// WantEveryMember asks for every member of the company, active or not, in as many rows as there are.
func (t Tables) WantEveryMember(all *[]company.Member, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+MemberColumns+MemberFrom+`where m.company_id = ? order by m.words, m.id`, key), all, ScanMember)
}

// WantLabels asks for the label that was given last.
func (t Tables) WantLabels(last *int64, key id.Company) {
	t.Tx.Ask(`select c.labels from company c where c.id = ?`, key).Row(company.ErrUnseen, last)
}

// SetNode puts a single node elsewhere. Whoever does puts everything below it there, too.
func (t Tables) SetNode(key id.Company, n, above company.Node) {
	t.Tx.Write(`update node set parent_id = ?, path = ? where company_id = ? and id = ?`, nodeID(above), n.Path, key, nodeID(n))
}

// DeleteUnit removes a unit that stands nowhere and that nothing names.
func (t Tables) DeleteUnit(key id.Company, unit id.Unit) {
	t.Tx.Write(`delete from unit where company_id = ? and id = ?`, key, unit)
}

// DeleteMembers removes members who stand nowhere and whom nothing names.
func (t Tables) DeleteMembers(key id.Company, members []id.Member) {
	for part := range slices.Chunk(members, 500) {
		marks, args := engine.Marks(part)
		t.Tx.Write(`delete from member where company_id = ? and id in `+marks, append([]any{key}, args...)...)
	}
}

// ListIDs lists the companies behind one, in the order of their making: for what goes through all of them.
func (t Tables) ListIDs(ctx context.Context, behind id.Company, most int) (all []id.Company, err error) {
	engine.Rows(t.Tx.Ask(`select c.id from company c where c.id > ? order by c.id limit ?`, after(behind.IsZero(), behind.UUID()), most), &all,
		func(c *id.Company, scan engine.Scan) error { return scan(c) })
	return all, t.Tx.Fetch(ctx)
}

// after is what keys are compared with that stand behind one; all do behind none.
func after(none bool, key string) string {
	if none {
		return "00000000-0000-0000-0000-000000000000"
	}
	return key
}

// SetGroup puts a company into a customer group; the zero one is none.
func (t Tables) SetGroup(key id.Company, group id.CustomerGroup) {
	t.Tx.Write(`update company set customer_group_id = ?, version = version + 1 where id = ?`, group, key)
}

// SetParent says what company one belongs to, and what it has of it.
func (t Tables) SetParent(c company.Company) {
	t.Tx.Write(`update company set parent_id = ?, inherits_group = ?, inherits_prices = ?, inherits_terms = ?, inherits_rules = ?, version = version + 1 where id = ?`,
		c.Parent, c.Inherits.Group, c.Inherits.Prices, c.Inherits.Terms, c.Inherits.Rules, c.ID)
}

// WantLine asks for a company with its parent, the parent's parent and so on, the company first.
func (t Tables) WantLine(all *[]company.Company, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		with recursive line (id, above) as (
			select c.id, 0 from company c where c.id = ?
			union all
			select c.parent_id, l.above + 1 from line l join company c on c.id = l.id where c.parent_id is not null and l.above < ?)
		select `+CompanyColumns+` from line l join company c on c.id = l.id order by l.above`, key, company.MostAbove), all,
		func(c *company.Company, scan engine.Scan) error { return scan(CompanyInto(c)...) })
}

// WantSubsidiaries asks for the companies right below one, by name; at most 200.
func (t Tables) WantSubsidiaries(all *[]company.Company, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+CompanyColumns+` from company c where c.parent_id = ? order by c.words, c.id limit 200`, key), all,
		func(c *company.Company, scan engine.Scan) error { return scan(CompanyInto(c)...) })
}

// FindSeller reads the seller's own organisation; found says whether there is one.
func (t Tables) FindSeller(ctx context.Context) (c company.Company, found bool, err error) {
	t.Tx.Ask(`select `+CompanyColumns+` from company c where c.seller`).Maybe(&found, CompanyInto(&c)...)
	return c, found, t.Tx.Fetch(ctx)
}

// List is so many companies in the order of their numbers, behind one, without the seller's own organisation.
func (t Tables) List(ctx context.Context, behind string, most int) (all []company.Company, err error) {
	engine.Rows(t.Tx.Ask(`select `+CompanyColumns+` from company c where c.number > ? and not c.seller order by c.number limit ?`, behind, most), &all,
		func(c *company.Company, scan engine.Scan) error { return scan(CompanyInto(c)...) })
	return all, t.Tx.Fetch(ctx)
}

// SetGrown is for who has added very many units and members.
func (t Tables) SetGrown() { t.Tx.Grown("unit", "member", "node") }

// SetMembersInactive lets everybody leave a company that is closed; where they stood stays to be seen.
func (t Tables) SetMembersInactive(key id.Company) {
	t.Tx.Write(`update member set status = ?, version = version + 1 where company_id = ? and status <> ?`, company.Inactive, key, company.Inactive)
}
