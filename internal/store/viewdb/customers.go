package viewdb

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/company"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const customerColumns = companydb.CompanyColumns + `, coalesce(g.name, ''),
	(select count(*) from member m where m.company_id = c.id and ` + companydb.ActsWhere + `), c.words`

func customerInto(c *view.Customer) []any {
	return append(companydb.CompanyInto(&c.Company), &c.GroupName, &c.People, &c.Words)
}

const customerFrom = ` from company c left join customer_group g on g.id = c.customer_group_id `

var customersBy = Sorting[view.Customer]{page.Sort{By: "name"}, map[string]rank[view.Customer]{
	"name":   by(aText("c.words", func(c view.Customer) string { return c.Words }), customerKey),
	"number": by(aText("c.number", func(c view.Customer) string { return c.Number }), customerKey),
	"since":  by(customerKey), // a key tells when it was made
}}

var customerKey = aKey("c.id", func(c view.Customer) id.Company { return c.ID }, id.ParseCompany)

// ListCustomers is a page of the seller's companies, cut by the filter.
func (t Tables) ListCustomers(ctx context.Context, f view.CustomerFilter, ask page.Ask) (page.List[view.Customer], error) {
	w := where{}
	w.and("not c.seller")
	if f.Text != "" {
		w.and("c.words like ? escape '!'", like(f.Text))
	}
	if f.Status != "" {
		w.and("c.status = ?", f.Status)
	}
	if !f.Manager.IsZero() {
		w.and("exists (select 1 from partner_manager p where p.company_id = c.id and p.account_id = ?)", f.Manager)
	}
	if !f.Group.IsZero() {
		w.and("c.id in (with recursive "+groupedCompanies+" select x.id from grouped x where x.group_id = ?)", f.Group)
	}
	at, err := customersBy.At(ask)
	if err != nil {
		return page.List[view.Customer]{}, err
	}
	text, args := sorted(&w, at)
	var rows []view.Customer
	engine.Rows(t.Tx.Ask(`select `+customerColumns+customerFrom+`where `+text, args...), &rows,
		func(c *view.Customer, scan engine.Scan) error { return scan(customerInto(c)...) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Customer]{}, err
	}
	return at.List(rows), nil
}

// groupedCompanies are the companies with the customer group that counts for them: their own, or that of the nearest company
// above them that does not inherit.
const groupedCompanies = `grouped (id, group_id) as (
	select c.id, c.customer_group_id from company c where c.customer_group_id is not null and (c.parent_id is null or not c.inherits_group)
	union all
	select c.id, x.group_id from grouped x join company c on c.parent_id = x.id where c.inherits_group)`

// WantCustomer asks for a company of the seller's, with what has come of it.
func (t Tables) WantCustomer(c *view.Customer, key id.Company) {
	t.Tx.Ask(`select `+customerColumns+`,
			(select count(*) from unit u where u.company_id = c.id and not u.archived),
			(select count(*) from purchase_order p where p.company_id = c.id and p.state = 'pending_approval'),
			(select count(*) from orders o where o.company_id = c.id)`+customerFrom+`where c.id = ? and not c.seller`, key).
		Row(company.ErrUnseen, append(customerInto(c), &c.Units, &c.Waiting, &c.Orders)...)
}

// WantCustomerGroups asks for all customer groups with how many companies belong to each, by name; at most 1 000. With a
// key it is that one alone.
func (t Tables) WantCustomerGroups(all *[]view.CustomerGroup, key id.CustomerGroup) {
	w := where{}
	if !key.IsZero() {
		w.and("g.id = ?", key)
	}
	engine.Rows(t.Tx.Ask(`
		with recursive `+groupedCompanies+`, counted (group_id, companies) as (select x.group_id, count(*) from grouped x group by x.group_id)
		select g.id, g.code, g.name, g.description, g.payments, g.version, (select count(*) from company c where c.customer_group_id = g.id), coalesce(n.companies, 0)
		  from customer_group g left join counted n on n.group_id = g.id where `+w.String()+` order by g.name, g.id limit 1000`, w.args...), all,
		func(g *view.CustomerGroup, scan engine.Scan) error {
			return scan(&g.ID, &g.Code, &g.Name, &g.Description, engine.JSON(&g.Payments), &g.Version, &g.Companies, &g.InEffect)
		})
}

// WantKin asks for a company with its parent, the parent's parent and so on, the company first, each with the ways of paying
// of the customer group that it is in itself.
func (t Tables) WantKin(all *[]view.Kin, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		with recursive line (id, above) as (
			select c.id, 0 from company c where c.id = ?
			union all
			select c.parent_id, l.above + 1 from line l join company c on c.id = l.id where c.parent_id is not null and l.above < ?)
		select `+companydb.CompanyColumns+`, coalesce(g.name, ''), coalesce(g.payments, '[]')
		  from line l join company c on c.id = l.id left join customer_group g on g.id = c.customer_group_id order by l.above`, key, company.MostAbove), all,
		func(k *view.Kin, scan engine.Scan) error {
			return scan(append(companydb.CompanyInto(&k.Company), &k.GroupName, engine.JSON(&k.Payments))...)
		})
}

// WantManagers asks for those of the seller's staff who look after a company, who leads first, by name. Who has left the
// staff is not among them.
func (t Tables) WantManagers(all *[]view.Manager, key id.Company) {
	t.wantStaff(all, "p.account_id is not null", key)
}

// WantStaff asks for all who work for the seller, by name, with who of them looks after a company; at most 500.
func (t Tables) WantStaff(all *[]view.Manager, key id.Company) { t.wantStaff(all, "1 = 1", key) }

func (t Tables) wantStaff(all *[]view.Manager, which string, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		select m.account_id, m.id, m.name, m.title, m.email, m.phone, p.account_id is not null, coalesce(p.leads, false)
		  from company o join member m on m.company_id = o.id and m.status = 'active'
		  left join partner_manager p on p.company_id = ? and p.account_id = m.account_id
		 where o.seller and `+which+` order by case when p.leads then 0 else 1 end, m.words, m.id limit 500`, key), all,
		func(m *view.Manager, scan engine.Scan) error {
			return scan(&m.Account, &m.Member, &m.Name, &m.Title, &m.Email, &m.Phone, &m.Assigned, &m.Leads)
		})
}

// WantFounder asks for who stands at the top of a company, with the invitation by which they can join it.
func (t Tables) WantFounder(f *view.Founder, key id.Company) {
	var found bool
	t.Tx.Ask(`
		select m.id, m.name, m.email, m.status, i.id, i.sent_at, i.expires_at
		  from node n join member m on m.company_id = n.company_id and m.id = n.id
		  left join invitation i on i.company_id = m.company_id and i.waiting_id = m.id and i.state = 'open'
		 where n.company_id = ? and n.parent_id is null order by n.path, n.id, i.id limit 1`, key).
		Maybe(&found, &f.Member, &f.Name, &f.Email, engine.Text(&f.Status), &f.Invitation, &f.Sent, &f.Expires)
}
