package viewdb

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const invitationColumns = companydb.InvitationColumns + `, coalesce(u.name, b.name, ''), coalesce(m.name, '')`

const invitationFrom = companydb.InvitationFrom + `
	left join unit u on u.company_id = i.company_id and u.id = case when i.waiting_id is null then i.under_unit_id else n.parent_id end and n.id is not null
	left join member b on b.company_id = i.company_id and b.id = case when i.waiting_id is null then i.under_member_id else n.parent_id end and n.id is not null
	left join member m on m.company_id = i.company_id and m.id = i.inviter_id
	 where `

func (t Tables) scanInvitation(v *view.Invitation, scan engine.Scan) error {
	err := scan(append(companydb.InvitationInto(&v.Invitation), &v.UnderName, &v.InviterName)...)
	v.Standing = v.At(t.Tx.Now)
	return err
}

var invitationsBy = Sorting[view.Invitation]{page.Sort{By: "sent", Down: true}, map[string]rank[view.Invitation]{
	"sent":  by(invitationKey), // a key tells when it was made
	"email": by(aText("i.email", func(v view.Invitation) string { return v.Email }), invitationKey),
	"until": by(aMoment("i.expires_at", func(v view.Invitation) time.Time { return v.ExpiresAt }), invitationKey),
}}

var invitationKey = aKey("i.id", func(v view.Invitation) id.Invitation { return v.ID }, id.ParseInvitation)

// ListInvitations is a page of the company's invitations: those whose place the scope takes in, cut by the filter.
func (t Tables) ListInvitations(ctx context.Context, key id.Company, s access.Scope, f view.InvitationFilter, ask page.Ask) (page.List[view.Invitation], error) {
	w := where{}
	w.and("i.company_id = ?", key)
	w.scope(s, "i.inviter_id", "n.path", "coalesce(n.path, '')")
	switch f.State {
	case "":
	case company.Open:
		w.and("i.state = 'open' and i.expires_at > ?", t.Tx.Now)
	case company.Expired:
		w.and("(i.state = 'expired' or i.state = 'open' and i.expires_at <= ?)", t.Tx.Now)
	default:
		w.and("i.state = ?", f.State)
	}
	if f.Fresh {
		w.and("i.waiting_id is null")
	}
	if f.Text != "" {
		w.and("fold(i.email || ' ' || i.first_name || ' ' || i.last_name || ' ' || i.title) like ? escape '!'", like(f.Text))
	}
	at, err := invitationsBy.At(ask)
	if err != nil {
		return page.List[view.Invitation]{}, err
	}
	text, args := sorted(&w, at)
	var rows []view.Invitation
	engine.Rows(t.Tx.Ask(`select `+invitationColumns+invitationFrom+text, args...), &rows, t.scanInvitation)
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Invitation]{}, err
	}
	list := at.List(rows)
	return list, t.offered(ctx, key, list.Rows)
}

// GetInvitation reads an invitation of the company as people see it.
func (t Tables) GetInvitation(ctx context.Context, key id.Company, invitation id.Invitation) (v view.Invitation, err error) {
	t.Tx.Ask(`select `+invitationColumns+invitationFrom+`i.company_id = ? and i.id = ?`, key, invitation).
		One(company.ErrUnseenInvitation, func(scan engine.Scan) error { return t.scanInvitation(&v, scan) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return v, err
	}
	one := []view.Invitation{v}
	err = t.offered(ctx, key, one)
	return one[0], err
}

// CountInvitations counts the open invitations that the scope takes in.
func (t Tables) CountInvitations(ctx context.Context, key id.Company, s access.Scope) (n int64, err error) {
	w := where{}
	w.and("i.company_id = ? and i.state = 'open' and i.expires_at > ?", key, t.Tx.Now)
	w.scope(s, "i.inviter_id", "n.path", "coalesce(n.path, '')")
	t.Tx.Ask(`select count(*)`+companydb.InvitationFrom+`where `+w.String(), w.args...).Row(company.ErrUnseenInvitation, &n)
	return n, t.Tx.Fetch(ctx)
}

// offered says of invitations which roles they will give, and where. What is no more is left out.
func (t Tables) offered(ctx context.Context, key id.Company, rows []view.Invitation) error {
	if len(rows) == 0 {
		return nil
	}
	all, at := make([]id.Invitation, len(rows)), map[id.Invitation]int{}
	for i, r := range rows {
		all[i], at[r.ID] = r.ID, i
	}
	marks, args := engine.Marks(all)
	t.Tx.Ask(`
		select o.invitation_id, o.role_id, o.unit_id, r.name, coalesce(u.name, ''), n.path
		  from (select f.company_id, f.invitation_id, f.role_id, f.unit_id, f.position from invitation_role f
		         where f.company_id = ? and f.invitation_id in `+marks+`
		        union all
		        select s.company_id, i.id, s.role_id, s.unit_id, 0 from invitation i
		          join assignment s on s.company_id = i.company_id and s.member_id = i.waiting_id and (s.until_at is null or s.until_at > ?)
		         where i.company_id = ? and i.id in `+marks+`) o
		  join role r on r.company_id = o.company_id and r.id = o.role_id
		  left join unit u on u.company_id = o.company_id and u.id = o.unit_id
		  left join node n on n.company_id = o.company_id and n.id = o.unit_id
		 order by o.invitation_id, o.position, r.name, o.unit_id`, slices.Concat([]any{key}, args, []any{t.Tx.Now, key}, args)...).
		Each(func() {
			for i := range rows {
				rows[i].Roles, rows[i].Offers = nil, nil
			}
		}, func(scan engine.Scan) error {
			var i id.Invitation
			var r view.OfferedRole
			var place tree.Path
			if err := scan(&i, &r.Role, &r.Unit, &r.Name, &r.UnitName, engine.Text(&place)); err != nil {
				return err
			}
			row := &rows[at[i]]
			row.Offers = append(row.Offers, r.Offer)
			if r.Unit.IsZero() || place != tree.Top {
				row.Roles = append(row.Roles, r)
			}
			return nil
		})
	return t.Tx.Fetch(ctx)
}
