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
	(select count(*) from member m where m.company_id = c.id and m.status = 'active'), c.words`

func customerInto(c *view.Customer) []any {
	return append(companydb.CompanyInto(&c.Company), &c.GroupName, &c.People, &c.Words)
}

const customerFrom = ` from company c left join customer_group g on g.id = c.customer_group_id `

// ListCustomers is a page of the seller's companies, ordered by name, cut by the filter.
func (t Tables) ListCustomers(ctx context.Context, f view.CustomerFilter, ask page.Ask) (page.List[view.Customer], error) {
	w := where{}
	w.and("not c.seller")
	if f.Text != "" {
		w.and("c.words like ? escape '!'", like(f.Text))
	}
	if f.Status != "" {
		w.and("c.status = ?", f.Status)
	}
	if !f.Group.IsZero() {
		w.and("c.customer_group_id = ?", f.Group)
	}
	after, err := page.Behind(ask, id.ParseCompany)
	if err != nil {
		return page.List[view.Customer]{}, err
	}
	w.behind("(c.words, c.id) > (?, ?)", after)
	var rows []view.Customer
	engine.Rows(t.Tx.Ask(`select `+customerColumns+customerFrom+`where `+w.String()+` order by c.words, c.id limit ?`, append(w.args, ask.Size()+1)...), &rows,
		func(c *view.Customer, scan engine.Scan) error { return scan(customerInto(c)...) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Customer]{}, err
	}
	return page.Cut(rows, ask, func(c view.Customer) []string { return []string{c.Words, c.ID.String()} }), nil
}

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
		select g.id, g.code, g.name, g.description, g.version, (select count(*) from company c where c.customer_group_id = g.id)
		  from customer_group g where `+w.String()+` order by g.name, g.id limit 1000`, w.args...), all,
		func(g *view.CustomerGroup, scan engine.Scan) error {
			return scan(&g.ID, &g.Code, &g.Name, &g.Description, &g.Version, &g.Companies)
		})
}
