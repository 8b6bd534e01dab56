package viewdb

import (
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// workedOn is the cart that a member works on: of those that may still change the one chosen last.
const workedOn = `(select k.id from cart k where k.company_id = ? and k.member_id = ? and k.state = 'open' and k.chosen_at is not null
		            order by k.chosen_at desc, k.id desc limit 1)`

// WantAround asks for what the frame of every page shows of a member who stands at this path. What waits and what is unread is
// counted up to page.CountMost.
func (t Tables) WantAround(a *view.Around, company id.Company, member id.Member, at tree.Path) {
	above, args := engine.Marks(at.Ancestors())
	args = append(args, company, company, member, company, company, member, company, member, page.CountMost, company, member, page.CountMost, company, member)
	t.Tx.Ask(`
		select c.name, m.name, m.title,
		       coalesce((select u.name from node n join unit u on u.company_id = n.company_id and u.id = n.id
		                  where n.path in `+above+` and n.company_id = ? order by length(n.path) desc limit 1), ''),
		       `+workedOn+`,
		       (select count(*) from cart_line l where l.company_id = ? and l.cart_id = `+workedOn+`),
		       (select count(*) from (select 1 from ask x where `+asked+` limit ?) counted),
		       (select count(*) from (select 1 from notice n where n.company_id = ? and n.member_id = ? and n.read_at is null limit ?) counted), c.status_reason
		  from member m join company c on c.id = m.company_id
		 where m.company_id = ? and m.id = ?`, args...).
		Row(access.ErrSignIn, &a.Company, &a.Name, &a.Title, &a.Unit, &a.Cart, &a.CartLines, &a.Approvals, &a.Unread, &a.Reason)
}
