package viewdb

import (
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/store/orderlistdb"
	"kontor/internal/view"
)

// OrderLists says which order lists are listed, of those that a member has: their own, those shared with them, and the
// templates.
type OrderLists struct {
	Member id.Member   // who looks
	Units  []tree.Path // where the units above them stand

	Mine      bool // only those of their own
	Shared    bool // only those of others
	Templates bool // only the company's
	Writable  bool // only those that they may put lines on
	Provides  bool // they may put lines on templates
	Text      string
	Product   id.Product // only those that have it
}

// OrderListsBy are the orders of a list of order lists.
var OrderListsBy = Sorting[view.OrderList]{page.Sort{By: "name"}, map[string]rank[view.OrderList]{
	"name":    by(aText("l.name_key", func(l view.OrderList) string { return l.Key }), orderListKey),
	"changed": by(aMoment("l.changed_at", func(l view.OrderList) time.Time { return l.ChangedAt }), orderListKey),
	"lines":   by(aNumber("l.lines", func(l view.OrderList) int64 { return l.Count }), orderListKey),
}}

var orderListKey = aKey("l.id", func(l view.OrderList) id.OrderList { return l.ID }, id.ParseOrderList)

// covers is the condition that a share s is with the member.
func (which OrderLists) covers(company id.Company) (string, []any) {
	marks, paths := engine.Marks(which.Units)
	return `(s.member_id = ? or s.unit_id in (select n.id from node n where n.company_id = ? and n.kind = 'unit' and n.path in ` + marks + `)
		        or s.member_id is null and s.unit_id is null)`, append([]any{which.Member, company}, paths...)
}

// WantOrderLists asks for the order lists of a place in the list.
func (t Tables) WantOrderLists(all *[]view.OrderList, company id.Company, which OrderLists, place Place[view.OrderList]) {
	covers, coverArgs := which.covers(company)
	args := append([]any{which.Member}, coverArgs...)
	args = append(args, which.Product)
	var w where
	w.and(`l.company_id = ?`, company)
	shared := `exists (select 1 from order_list_share s where s.company_id = l.company_id and s.order_list_id = l.id and ` + covers + `)`
	switch {
	case which.Mine:
		w.and(`l.member_id = ?`, which.Member)
	case which.Templates:
		w.and(`l.member_id is null`)
	case which.Shared:
		w.and(`l.member_id <> ? and `+shared, append([]any{which.Member}, coverArgs...)...)
	default:
		w.and(`l.id in (select o.id from order_list o where o.company_id = ? and (o.member_id = ? or o.member_id is null)
		        union select s.order_list_id from order_list_share s where s.company_id = ? and `+covers+`)`,
			append([]any{company, which.Member, company}, coverArgs...)...)
	}
	if which.Writable {
		templates := `1 = 0`
		if which.Provides {
			templates = `l.member_id is null`
		}
		w.and(`(l.member_id = ? or `+templates+` or exists (
		       select 1 from order_list_share s where s.company_id = l.company_id and s.order_list_id = l.id and s.writes and `+covers+`))`,
			append([]any{which.Member}, coverArgs...)...)
	}
	if strings.TrimSpace(which.Text) != "" {
		text := like(which.Text)
		w.and(`(l.name_key like ? escape '!' or fold(l.description) like ? escape '!' or fold(coalesce(m.name, '')) like ? escape '!')`, text, text, text)
	}
	if !which.Product.IsZero() {
		w.and(`x.id is not null`)
	}
	text, behind := sorted(&w, place)
	engine.Rows(t.Tx.Ask(`
		select `+orderlistdb.Columns+`, l.name_key, coalesce(m.name, ''), case when `+companydb.ActsWhere+` then 1 else 0 end, l.lines,
		       (select count(*) from order_list_share s where s.company_id = l.company_id and s.order_list_id = l.id),
		       case when l.member_id = ? then 3
		            when exists (select 1 from order_list_share s where s.company_id = l.company_id and s.order_list_id = l.id and s.writes and `+covers+`) then 2
		            else 1 end, x.id
		  from order_list l
		  left join member m on m.company_id = l.company_id and m.id = l.member_id
		  left join order_list_line x on x.company_id = l.company_id and x.order_list_id = l.id and x.product_id = ?
		 where `+text, append(args, behind...)...), all, func(l *view.OrderList, scan engine.Scan) error {
		var acts, hold int64
		err := scan(append(orderlistdb.Into(&l.List), &l.Key, &l.OwnerName, &acts, &l.Count, &l.SharedWith, &hold, &l.Has)...)
		l.OwnerActs, l.Hold = acts == 1, orderlist.Hold(hold)
		return err
	})
}

// WantGoodsOfList asks for the products on an order list.
func (t Tables) WantGoodsOfList(all *[]view.Good, company id.Company, list id.OrderList) {
	engine.Rows(t.Tx.Ask(`
		select `+goodColumns+`
		  from order_list_line l join product p on p.id = l.product_id join category c on c.id = p.category_id
		 where l.company_id = ? and l.order_list_id = ? order by l.position, l.id`, company, list), all, scanGood)
}

// WantParties asks with whom an order list is shared, by name.
func (t Tables) WantParties(all *[]view.Party, company id.Company, list id.OrderList) {
	engine.Rows(t.Tx.Ask(`
		select s.member_id, s.unit_id, s.writes, coalesce(m.name, u.name, ''), coalesce(m.title, u.code, ''),
		       case when m.id is not null and not (`+companydb.ActsWhere+`) or u.archived then 1 else 0 end
		  from order_list_share s
		  left join member m on m.company_id = s.company_id and m.id = s.member_id
		  left join unit u on u.company_id = s.company_id and u.id = s.unit_id
		 where s.company_id = ? and s.order_list_id = ? order by s.position`, company, list), all, func(p *view.Party, scan engine.Scan) error {
		var gone int64
		err := scan(&p.Member, &p.Unit, &p.Writes, &p.Name, &p.Title, &gone)
		p.Gone = gone == 1
		return err
	})
}

// WantStanding asks for who stands in these units or below them; at most so many.
func (t Tables) WantStanding(all *[]id.Member, company id.Company, units []id.Unit, most int) {
	marks, args := engine.Marks(units)
	engine.Rows(t.Tx.Ask(`
		select n.id from node n
		 where n.company_id = ? and n.kind = 'member' and exists (
		       select 1 from node u where u.company_id = n.company_id and u.id in `+marks+` and n.path > u.path and n.path < substr(u.path, 1, length(u.path) - 1) || '/')
		 order by n.id limit ?`, append(append([]any{company}, args...), most)...), all, func(m *id.Member, scan engine.Scan) error { return scan(m) })
}
