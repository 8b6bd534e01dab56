package viewdb

import (
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// WantReaders asks for those of these members who may be told something, and for all administrators of the company; at
// most 500.
func (t Tables) WantReaders(all *[]view.Reader, company id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`
		with administrator (member_id) as (
		  select s.member_id from role r join assignment s on s.company_id = r.company_id and s.role_id = r.id
		   where r.company_id = ? and r.shipped = ? and s.unit_id is null
		     and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?))
		select m.id, m.name, a.email, a.language, a.zone, case when m.id in (select d.member_id from administrator d) then 1 else 0 end
		  from member m join account a on a.id = m.account_id
		 where m.company_id = ? and `+companydb.ActsWhere+` and a.active
		   and (m.id in `+marks+` or m.id in (select d.member_id from administrator d))
		 order by m.name, m.id limit 500`,
		append([]any{company, access.AdministratorKey, t.Tx.Now, t.Tx.Now, company}, args...)...), all, func(r *view.Reader, scan engine.Scan) error {
		var language string
		var administrator int64
		err := scan(&r.Member, &r.Name, &r.Email, &language, &r.Zone, &administrator)
		r.Language, r.Administrator = locale.Parse(language), administrator == 1
		return err
	})
}

// WantPriced asks which of these members hold prices.view, anywhere.
func (t Tables) WantPriced(priced map[id.Member]bool, company id.Company, members []id.Member) {
	if len(members) == 0 {
		return
	}
	marks, args := engine.Marks(members)
	t.Tx.Ask(`
		select distinct s.member_id
		  from assignment s join role r on r.company_id = s.company_id and r.id = s.role_id
		 where s.company_id = ? and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?)
		   and cast(r.permissions as text) like ? and s.member_id in `+marks,
		append([]any{company, t.Tx.Now, t.Tx.Now, `%"` + access.PricesView.Code() + `"%`}, args...)...).
		Each(func() { clear(priced) }, func(scan engine.Scan) error {
			var member id.Member
			err := scan(&member)
			priced[member] = true
			return err
		})
}

// WantAddressed asks for how to write to these members, whatever has become of them; who never accepted their invitation is
// spoken to in the language of the company.
func (t Tables) WantAddressed(all *[]view.Reader, company id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`
		select m.id, m.name, a.email, case when m.joined_at is null then c.language else a.language end,
		       case when m.joined_at is null then c.zone else a.zone end, case when m.joined_at is null then 1 else 0 end
		  from member m join account a on a.id = m.account_id join company c on c.id = m.company_id
		 where m.company_id = ? and a.active and m.id in `+marks+`
		 order by m.name, m.id limit 500`, append([]any{company}, args...)...), all, func(r *view.Reader, scan engine.Scan) error {
		var language string
		var waits int64
		err := scan(&r.Member, &r.Name, &r.Email, &language, &r.Zone, &waits)
		r.Language, r.Waits = locale.Parse(language), waits == 1
		return err
	})
}

// WantNamed asks for what people call the parts of a purchase order.
func (t Tables) WantNamed(n *view.Named, company id.Company, po id.PurchaseOrder) {
	t.Tx.Ask(`
		select c.name, m.name, u.name, coalesce(k.code || ' ' || k.name, ''), coalesce(o.number, '')
		  from purchase_order p
		  join company c on c.id = p.company_id
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		  join unit u on u.company_id = p.company_id and u.id = p.unit_id
		  left join cost_centre k on k.company_id = p.company_id and k.id = p.cost_centre_id
		  left join orders o on o.company_id = p.company_id and o.id = p.order_id
		 where p.company_id = ? and p.id = ?`, company, po).
		Row(access.ErrUnseen, &n.Company, &n.Requester, &n.Unit, &n.CostCentre, &n.Order)
}
