package viewdb

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// ended are the states in which a purchase order has come to an end that its requester waited to hear of.
var ended = []approval.State{approval.Placed, approval.Rejected, approval.Expired}

// WantBecame asks for so many purchase orders of a member that were placed, rejected or expired since a moment, the latest
// first.
func (t Tables) WantBecame(all *[]view.PurchaseOrder, company id.Company, member id.Member, since time.Time, most int) {
	in, args := engine.Marks(ended)
	engine.Rows(t.Tx.Ask(`
		select `+purchaseColumns+`
		  from `+purchaseFrom+`
		 where p.company_id = ? and p.requester_id = ? and p.changed_at >= ? and p.state in `+in+`
		 order by p.changed_at desc, p.id desc limit ?`, append(append([]any{company, member, since}, args...), most)...), all, scanPurchase)
}

// WantRoleless asks how many active members have no role now.
func (t Tables) WantRoleless(n *int64, company id.Company) {
	t.count(n, `
		select count(*) from member m
		 where m.company_id = ? and m.status = 'active' and `+roleless, company, t.Tx.Now, t.Tx.Now)
}

// roleless is what holds for a member m who has no role now, which is said twice.
const roleless = `not exists (
		       select 1 from assignment s where s.company_id = m.company_id and s.member_id = m.id
		          and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?))`

// WantLapsed asks how many invitations have expired before anybody accepted them.
func (t Tables) WantLapsed(n *int64, company id.Company) {
	t.count(n, `
		select count(*) from invitation i
		 where i.company_id = ? and (i.state = 'expired' or i.state = 'open' and i.expires_at <= ?)`, company, t.Tx.Now)
}

// WantOverdrawn asks how many budgets in use have more spent and held than their limit, in these periods.
func (t Tables) WantOverdrawn(n *int64, company id.Company, periods []string) {
	in, args := engine.Marks(periods)
	t.count(n, `
		select count(distinct s.budget_id) from purse s
		  join budget b on b.company_id = s.company_id and b.id = s.budget_id
		 where s.company_id = ? and not b.archived and `+overdrawn+` and s.period in `+in, append([]any{company}, args...)...)
}

// WantNearly asks of how many budgets in use at least nine tenths of the limit are spent and held, in these periods, and not
// more than all of it.
func (t Tables) WantNearly(n *int64, company id.Company, periods []string) {
	in, args := engine.Marks(periods)
	t.count(n, `
		select count(distinct s.budget_id) from purse s
		  join budget b on b.company_id = s.company_id and b.id = s.budget_id
		 where s.company_id = ? and not b.archived and `+nearly+` and s.period in `+in, append([]any{company}, args...)...)
}

// What holds for a purse s of which more is spent and held than its limit, and of which at least nine tenths are, and not more than all.
const (
	overdrawn = `s.spent_minor + s.held_minor > s.limit_minor`
	nearly    = `s.limit_minor > 0 and s.spent_minor + s.held_minor between s.limit_minor - s.limit_minor / 10 and s.limit_minor`
)

// WantUndecidable asks how many purchase orders wait for a decision for which no active member is asked.
func (t Tables) WantUndecidable(n *int64, company id.Company) {
	t.count(n, `
		select count(*) from purchase_order p
		 where p.company_id = ? and p.state = 'pending_approval' and not exists (
		       select 1 from ask a join member m on m.company_id = a.company_id and m.id = a.member_id
		        where a.company_id = p.company_id and a.purchase_order_id = p.id and a.state = 'asked' and m.status = 'active')`, company)
}

// WantStopped asks how many webhooks were stopped, and not by a person.
func (t Tables) WantStopped(n *int64, company id.Company) {
	t.count(n, `select count(*) from webhook w where w.company_id = ? and w.stopped in ('gone', 'failing')`, company)
}

func (t Tables) count(n *int64, text string, args ...any) {
	t.Tx.Ask(text, args...).Row(access.ErrUnseen, n)
}
