package viewdb

import (
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const goodColumns = cataloguedb.ProductColumns + `, c.code, c.name`

func scanGood(g *view.Good, scan engine.Scan) error {
	return scan(append(cataloguedb.ProductInto(&g.Product), &g.CategoryCode, &g.CategoryName)...)
}

// WantGoodsOfCart asks for the products in a cart.
func (t Tables) WantGoodsOfCart(all *[]view.Good, company id.Company, cart id.Cart) {
	engine.Rows(t.Tx.Ask(`
		select `+goodColumns+`
		  from cart_line l join product p on p.id = l.product_id join category c on c.id = p.category_id
		 where l.company_id = ? and l.cart_id = ? order by l.position, l.id`, company, cart), all, scanGood)
}

// WantGoods asks for these products.
func (t Tables) WantGoods(all *[]view.Good, products []id.Product) {
	marks, args := engine.Marks(products)
	engine.Rows(t.Tx.Ask(`select `+goodColumns+` from product p join category c on c.id = p.category_id where p.id in `+marks+` order by p.id`, args...), all, scanGood)
}

// WantCategoriesOfCart asks for the names and codes of all categories that the products of a cart stand in, and of
// those above them.
func (t Tables) WantCategoriesOfCart(names *[]string, company id.Company, cart id.Cart) {
	t.wantCategoriesOf(names, `cart_line l join product p on p.id = l.product_id where l.company_id = ? and l.cart_id = ?`, company, cart)
}

// wantCategoriesOf asks for the names and codes of all categories that products p from somewhere stand in, and of those
// above them.
func (t Tables) wantCategoriesOf(names *[]string, from string, args ...any) {
	t.Tx.Ask(`
		with recursive up (id, parent_id, code, name) as (
		  select c.id, c.parent_id, c.code, c.name from category c where c.id in (select p.category_id from `+from+`)
		  union
		  select c.id, c.parent_id, c.code, c.name from category c join up on c.id = up.parent_id)
		select code, name from up order by id`, args...).
		Each(func() { *names = nil }, func(scan engine.Scan) error {
			var code, name string
			err := scan(&code, &name)
			*names = append(*names, name, code)
			return err
		})
}

// Who says which members are looked up as candidates: those who stand at these paths, these members, the holders of
// these roles, and all administrators.
type Who struct {
	Paths   []tree.Path
	Members []id.Member
	Roles   []id.Role
}

// WantCandidates asks for members who could be asked to decide, active or not, with the roles that they have now.
func (t Tables) WantCandidates(all *[]view.Candidate, company id.Company, who Who) {
	paths, a := engine.Marks(who.Paths)
	members, b := engine.Marks(who.Members)
	roles, c := engine.Marks(who.Roles)
	args := []any{t.Tx.Now, t.Tx.Now, company, company}
	args = append(args, a...)
	args = append(args, company)
	args = append(args, b...)
	args = append(args, company)
	args = append(args, c...)
	args = append(args, company)
	engine.Rows(t.Tx.Ask(`
		select `+companydb.MemberColumns+`, s.role_id, r.shipped, r.permissions, u.path,
		       case when s.id is not null and s.unit_id is null then 1 else 0 end, case when s.until_at is null then 1 else 0 end`+companydb.MemberFrom+`
		  left join assignment s on s.company_id = m.company_id and s.member_id = m.id
		   and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?)
		  left join role r on r.company_id = s.company_id and r.id = s.role_id
		  left join node u on u.company_id = s.company_id and u.id = s.unit_id
		 where m.company_id = ? and m.id in (
		       select d.id from node d where d.company_id = ? and d.path in `+paths+`
		       union select d.id from member d where d.company_id = ? and d.id in `+members+`
		       union select d.member_id from assignment d where d.company_id = ? and d.role_id in `+roles+`
		       union select d.member_id from assignment d join role e on e.company_id = d.company_id and e.id = d.role_id
		              where d.company_id = ? and e.shipped = 'administrator')
		 order by n.path, m.id, s.created_at, s.id`, args...), all,
		func(c *view.Candidate, scan engine.Scan) error {
			var whole, endless int64
			err := companydb.ScanMember(&c.Member, scan.And(&c.Role, &c.Shipped, engine.JSON(&c.Set), engine.Text(&c.Place), &whole, &endless))
			c.Whole, c.Endless = whole == 1, endless == 1
			return err
		})
}

// MostFunded is how many budgets of one order WantFunded tells of; as many may mean more.
const MostFunded = 200

// WantFunded asks for every budget that an order is charged to, each with its purse of one of these periods; at most
// 200. periods has a key for every kind of cycle, so a budget has at most one of them.
func (t Tables) WantFunded(all *[]view.Funded, company id.Company, c budget.Charge, periods []string) {
	units, args := engine.Marks(c.Units)
	keys, keyArgs := engine.Marks(periods)
	args = append(append(append([]any{}, keyArgs...), company, c.Member), args...)
	args = append(args, c.CostCentre, c.Project)
	engine.Rows(t.Tx.Ask(`
		select `+budgetdb.Columns+`, `+budgetdb.PurseColumns+`
		  from budget b
		  left join purse s on s.company_id = b.company_id and s.budget_id = b.id and s.period in `+keys+`
		 where b.company_id = ? and not b.archived
		   and (b.member_id is null or b.member_id = ?)
		   and (b.unit_id is null or b.unit_id in `+units+`)
		   and (b.cost_centre_id is null or b.cost_centre_id = ?)
		   and (b.project_id is null or b.project_id = ?)
		 order by b.name, b.id limit ?`, append(args, MostFunded)...), all, scanFunded)
}

func scanFunded(f *view.Funded, scan engine.Scan) error {
	err := scan(append(budgetdb.Into(&f.Budget), budgetdb.PurseInto(&f.Purse)...)...)
	f.Purse.Budget, f.Open = f.Budget, f.Purse.Version > 0
	return err
}

// WantRequesterOf asks for who submitted a purchase order, as they stand now, and for the unit that it is for.
func (t Tables) WantRequesterOf(m *company.Member, u *company.Unit, key id.Company, po id.PurchaseOrder) {
	t.Tx.Ask(`
		select m.id, m.account_id, m.name, m.email, m.title, m.status, case when `+companydb.HeldWhere+` then 1 else 0 end, n.path, u.id, u.code, u.name, k.path
		  from purchase_order p
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		  left join node n on n.company_id = m.company_id and n.id = m.id
		  join unit u on u.company_id = p.company_id and u.id = p.unit_id
		  left join node k on k.company_id = u.company_id and k.id = u.id
		 where p.company_id = ? and p.id = ?`, key, po).
		One(access.ErrUnseen, func(scan engine.Scan) error {
			var held int64
			err := scan(&m.ID, &m.Account, &m.Name, &m.Email, &m.Title, &m.Status, &held, engine.Text(&m.Path), &u.ID, &u.Code, &u.Name, engine.Text(&u.Path))
			m.Held = held == 1
			return err
		})
}
