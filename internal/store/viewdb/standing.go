package viewdb

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// memberStatus is whether a member m acts: who is not held by whoever lends them is inactive for the time being.
const memberStatus = `case when m.status = 'active' and not ` + companydb.HeldWhere + ` then 'inactive' else m.status end`

// GetStanding reads who the session of this token's hash belongs to; found says whether there is one.
func (t Tables) GetStanding(ctx context.Context, hash string) (s view.Standing, found bool, err error) {
	t.Tx.Ask(`
		select s.id, s.created_at, s.seen_at, s.ends_at, s.bearer, a.id, a.active, a.first_name, a.last_name, a.language, a.zone,
		       s.company_id, c.status, coalesce(c.rights_version, 0), s.member_id, `+memberStatus+`, n.path, m.home_id, coalesce(c.seller, false), s.acting, sm.id, sm.company_id, sm.status
		  from session s
		  join account a on a.id = s.account_id
		  left join company c on c.id = s.company_id
		  left join member m on m.company_id = s.company_id and m.id = s.member_id and (m.account_id = s.account_id or s.acting)
		  left join node n on n.company_id = m.company_id and n.id = m.id
		  left join company o on s.acting and o.seller
		  left join member sm on sm.company_id = o.id and sm.account_id = s.account_id
		 where s.token_hash = ?`, hash).
		Maybe(&found, &s.Session, &s.CreatedAt, &s.SeenAt, &s.EndsAt, &s.Bearer, &s.Account, &s.AccountActive, &s.First, &s.Last, &s.Language, &s.Zone,
			&s.Company, &s.CompanyStatus, &s.Version, &s.Member, engine.Text(&s.MemberStatus), engine.Text(&s.At), &s.Home, &s.Seller, &s.Acting, &s.Staff, &s.StaffCompany, engine.Text(&s.StaffStatus))
	return s, found, t.Tx.Fetch(ctx)
}

// WantPosition asks how a member stands now: the part of a Standing that rights hang on.
func (t Tables) WantPosition(s *view.Standing, company id.Company, member id.Member) {
	t.Tx.Ask(`
		select c.status, c.rights_version, `+memberStatus+`, n.path, a.active, c.seller, c.consents, (select o.pending_sees from company o where o.seller), m.home_id
		  from company c
		  join member m on m.company_id = c.id
		  join account a on a.id = m.account_id
		  left join node n on n.company_id = m.company_id and n.id = m.id
		 where c.id = ? and m.id = ?`, company, member).
		Row(access.ErrSignIn, &s.CompanyStatus, &s.Version, &s.MemberStatus, engine.Text(&s.At), &s.AccountActive, &s.Seller, &s.Consents, engine.Text(&s.PendingSees), &s.Home)
}

// WantHoldings asks for all that a member has been given, past and future too.
func (t Tables) WantHoldings(all *[]view.Holding, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select r.id, r.name, r.shipped, r.permissions, s.unit_id, n.path, case when n.id is null then 0 else 1 end, s.from_at, s.until_at
		  from assignment s
		  join role r on r.company_id = s.company_id and r.id = s.role_id
		  left join node n on n.company_id = s.company_id and n.id = s.unit_id
		 where s.company_id = ? and s.member_id = ?
		 order by s.created_at, s.id limit 1000`, company, member),
		all, func(h *view.Holding, scan engine.Scan) error {
			var known int64
			err := scan(&h.Role, &h.RoleName, &h.Shipped, engine.JSON(&h.Set), &h.Unit, engine.Text(&h.Place), &known, &h.From, &h.Until)
			h.UnitKnown = known == 1
			return err
		})
}
