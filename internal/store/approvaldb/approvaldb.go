// Package approvaldb keeps approval rules, purchase orders, who is asked, and what they decided.
package approvaldb

import (
	"context"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
	"kontor/internal/store/engine"
)

// Tables are those of approvals, in one transaction.
type Tables struct{ Tx *engine.Tx }

var (
	// ErrUnseen is the fault of a purchase order that is not there, or not theirs to see.
	ErrUnseen = fault.Define(fault.NotFound, "approval.unseen", "there is no such purchase order, or it is not yours to see")
	// ErrRuleUnseen is the fault of a rule that is not in this company.
	ErrRuleUnseen = fault.Define(fault.NotFound, "approval.rule_unseen", "there is no such rule in your company")
	// ErrRuleName is the fault of a second rule of one name.
	ErrRuleName = fault.Define(fault.Conflict, "approval.rule_name", "there is already a rule of this name")
)

// Edition is whose rules count for a company, and the number that rises whenever one of them changes, or the structure, the
// roles or the members that they name.
type Edition struct {
	Company id.Company
	Parent  approval.Parent // as it is known below
	Version int64
}

// WantEditions asks for the editions of a company's own rules and, where it inherits them, of those of its parent, its
// parent's parent and so on; the company's own come first.
func (t Tables) WantEditions(all *[]Edition, company id.Company) {
	engine.Rows(t.Tx.Ask(`
		with recursive line (id, above) as (
			select c.id, 0 from company c where c.id = ?
			union all
			select c.parent_id, l.above + 1 from line l join company c on c.id = l.id where c.inherits_rules and c.parent_id is not null and l.above < ?)
		select c.id, c.number, c.name, c.rules_version + c.rights_version from line l join company c on c.id = l.id order by l.above`, company, mostAbove), all,
		func(e *Edition, scan engine.Scan) error {
			return scan(&e.Company, &e.Parent.Number, &e.Parent.Name, &e.Version)
		})
}

// mostAbove is how many companies a company has above it at most.
const mostAbove = 16

// WantRules asks for all rules of the company, enabled or not; at most 20 000.
func (t Tables) WantRules(all *[]approval.Rule, company id.Company) {
	engine.Rows(t.Tx.Ask(`
		select `+RuleColumns+` from approval_rule r
		 where r.company_id = ? and r.removed_at is null order by r.name, r.id limit 20000`, company), all, ScanRule)
}

// RuleColumns are those of an approval rule r.
const RuleColumns = `r.company_id, r.id, r.version, r.spec`

// ScanRule reads RuleColumns.
func ScanRule(r *approval.Rule, scan engine.Scan) error {
	var company id.Company
	var key id.Rule
	var version int
	err := scan(&company, &key, &version, engine.JSON(r))
	r.Company, r.ID, r.Version = company, key, version
	return err
}

// ListRules lists all rules of the company.
func (t Tables) ListRules(ctx context.Context, company id.Company) (all []approval.Rule, err error) {
	t.WantRules(&all, company)
	return all, t.Tx.Fetch(ctx)
}

// SetRule keeps a rule in its version, and the version beside the ones before it.
func (t Tables) SetRule(r approval.Rule, by id.Member) {
	t.Tx.Write(`
		insert into approval_rule (company_id, id, name, enabled, unit_id, version, spec, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (company_id, id) do update set name = excluded.name, enabled = excluded.enabled, unit_id = excluded.unit_id, version = excluded.version,
		  spec = excluded.spec, changed_at = excluded.changed_at`,
		r.Company, r.ID, r.Name, r.Enabled, r.At.Unit, int64(r.Version), engine.JSON(r), t.Tx.Now).
		Unique("approval_rule_name", ErrRuleName).Unique("approval_rule_company_id_name_key", ErrRuleName)
	t.Tx.Write(`insert into approval_rule_version (company_id, rule_id, version, spec, changed_by, changed_at) values (?, ?, ?, ?, ?, ?)`,
		r.Company, r.ID, int64(r.Version), engine.JSON(r), by, t.Tx.Now)
	t.setRulesChanged(r.Company)
}

// DeleteRule takes a rule out of use; its versions stay for those who were asked under them.
func (t Tables) DeleteRule(company id.Company, key id.Rule) {
	t.Tx.Write(`update approval_rule set removed_at = ?, enabled = false where company_id = ? and id = ?`, t.Tx.Now, company, key)
	t.setRulesChanged(company)
}

func (t Tables) setRulesChanged(company id.Company) {
	t.Tx.Write(`update company set rules_version = rules_version + 1 where id = ?`, company)
}

// ActedByColumns is the member of the company whose account has submitted purchase order p for another one.
const ActedByColumns = `(select a.id from member a where a.company_id = p.company_id and a.account_id = p.acted_account_id)`

const columns = `p.id, p.company_id, p.number, p.state, p.requester_id, p.submitter_id, ` + ActedByColumns + `, p.unit_id, p.cost_centre_id, p.currency, p.net_minor, p.reference, p.note,
	p.content, p.content_hash, p.needs, p.plan, p.order_id, p.reason, p.submitted_at, p.changed_at, p.expires_at, p.version`

func into(p *approval.PurchaseOrder, content, needs, plan any) []any {
	return []any{&p.ID, &p.Company, &p.Number, &p.State, &p.Requester, &p.Submitter, &p.ActedBy, &p.Unit, &p.CostCentre, &p.Net.Currency, &p.Net.Minor, &p.Reference, &p.Note,
		content, &p.Hash, needs, plan, &p.Order, &p.Reason, &p.SubmittedAt, &p.ChangedAt, &p.ExpiresAt, &p.Version}
}

// Want asks for a purchase order of the company, with what its lines are called.
func (t Tables) Want(p *approval.PurchaseOrder, company id.Company, key id.PurchaseOrder) {
	t.Tx.Ask(`select `+columns+` from purchase_order p where p.company_id = ? and p.id = ?`, company, key).
		Row(ErrUnseen, into(p, engine.JSON(&p.Content), engine.JSON(&p.Needs), engine.JSON(&p.Plan))...)
	engine.Rows(t.Tx.Ask(`
		select l.name, l.unit, l.supplier, l.note, l.source from purchase_order_line l
		 where l.company_id = ? and l.purchase_order_id = ? order by l.position`, company, key), &p.Items,
		func(i *approval.Item, scan engine.Scan) error {
			return scan(&i.Name, &i.Unit, &i.Supplier, &i.Note, engine.JSON(&i.Source))
		})
}

// Get reads a purchase order of the company.
func (t Tables) Get(ctx context.Context, company id.Company, key id.PurchaseOrder) (p approval.PurchaseOrder, err error) {
	t.Want(&p, company, key)
	return p, t.Tx.Fetch(ctx)
}

// Insert adds a purchase order with its lines and those who are asked.
func (t Tables) Insert(p approval.PurchaseOrder) {
	c := p.Content
	t.Tx.Write(`
		insert into purchase_order (company_id, id, number, state, requester_id, acted_account_id, unit_id, cost_centre_id, currency, net_minor, shipping_minor, tax_minor,
		                            gross_minor, lines, reference, note, content, content_hash, needs, plan, order_id, reason, submitted_at, changed_at,
		                            expires_at, version, routed_version, routed_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (select c.rights_version + c.routes_version from company c where c.id = ?), ?)`,
		p.Company, p.ID, p.Number, p.State, p.Requester, p.Acting, p.Unit, p.CostCentre, c.Currency, p.Net.Minor, c.Shipping.Minor, c.Tax.Minor,
		c.Total.Minor, int64(len(c.Lines)), p.Reference, p.Note, engine.JSON(c), p.Hash, engine.JSON(p.Needs), engine.JSON(p.Plan), p.Order, p.Reason,
		p.SubmittedAt, p.ChangedAt, p.ExpiresAt, p.Version, p.Company, t.Tx.Now)
	for i, l := range c.Lines {
		item := p.Items[i]
		t.Tx.Write(`
			insert into purchase_order_line (company_id, purchase_order_id, position, product_id, sku, name, unit, supplier, quantity, rate_e4, total_minor, source, note)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.Company, p.ID, int64(i+1), l.Product, l.SKU, item.Name, item.Unit, item.Supplier, l.Quantity, l.Price.E4, l.Net.Minor, string(item.Source), item.Note)
	}
	t.setAsks(p, approval.Plan{})
}

// Update replaces the plan and state of a purchase order that was read in this transaction.
func (t Tables) Update(before, after approval.PurchaseOrder) {
	t.Tx.Write(`
		update purchase_order set state = ?, plan = ?, order_id = ?, reason = ?, changed_at = ?, expires_at = ?, version = version + 1
		 where company_id = ? and id = ?`,
		after.State, engine.JSON(after.Plan), after.Order, after.Reason, after.ChangedAt, after.ExpiresAt, after.Company, after.ID)
	t.setAsks(after, before.Plan)
}

type seat struct {
	stage, part int
	member      id.Member
}

func seats(p approval.Plan) map[seat]approval.Asked {
	all := map[seat]approval.Asked{}
	for i, s := range p.Stages {
		for k, g := range s.Groups {
			for _, a := range g.Approvers {
				if !a.Member.IsZero() {
					all[seat{i, k, a.Member}] = a.State
				}
			}
		}
	}
	return all
}

// setAsks keeps the seats of a plan in rows, so that what waits for somebody is one look at an index.
func (t Tables) setAsks(p approval.PurchaseOrder, before approval.Plan) {
	old := seats(before)
	open := p.State == approval.PendingApproval || p.State == approval.Returned
	for i, s := range p.Plan.Stages {
		for k, g := range s.Groups {
			for _, a := range g.Approvers {
				if a.Member.IsZero() {
					continue
				}
				state := a.State
				if !open && (state == approval.Pending || state == approval.Waiting) {
					state = approval.Skipped
				}
				key := seat{i, k, a.Member}
				was, known := old[key]
				delete(old, key)
				switch {
				case !known:
					t.Tx.Write(`insert into ask (company_id, purchase_order_id, stage, part, member_id, state, asked_at, decided_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
						p.Company, p.ID, int64(i), int64(k), a.Member, state, askedAt(state, t.Tx.Now), a.At)
				case was != state:
					t.Tx.Write(`
						update ask set state = ?, asked_at = coalesce(asked_at, ?), decided_at = ?
						 where company_id = ? and purchase_order_id = ? and stage = ? and part = ? and member_id = ?`,
						state, askedAt(state, t.Tx.Now), a.At, p.Company, p.ID, int64(i), int64(k), a.Member)
				}
			}
		}
	}
	for key := range old {
		t.Tx.Write(`delete from ask where company_id = ? and purchase_order_id = ? and stage = ? and part = ? and member_id = ?`,
			p.Company, p.ID, int64(key.stage), int64(key.part), key.member)
	}
}

func askedAt(s approval.Asked, now time.Time) time.Time {
	if s == approval.Pending {
		return now
	}
	return time.Time{}
}

// InsertDecision adds what somebody did.
func (t Tables) InsertDecision(company id.Company, d approval.Decision) {
	t.Tx.Write(`
		insert into decision (company_id, id, purchase_order_id, member_id, behalf_id, action, reason, content_hash, decided_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`, company, d.ID, d.Order, d.Member, d.Behalf, d.Action, d.Reason, d.Hash, d.At)
}

// ListExpired lists purchase orders that have waited too long, across companies: for the timetable.
func (t Tables) ListExpired(ctx context.Context, now time.Time, most int) (all []Waiting, err error) {
	engine.Rows(t.Tx.Ask(`
		select p.company_id, p.id from purchase_order p
		 where p.expires_at is not null and p.expires_at <= ? order by p.expires_at, p.id limit ?`, now, most), &all,
		func(w *Waiting, scan engine.Scan) error { return scan(&w.Company, &w.Order) })
	return all, t.Tx.Fetch(ctx)
}

// Waiting names a purchase order of some company.
type Waiting struct {
	Company id.Company
	Order   id.PurchaseOrder
}

// ListUnrouted lists purchase orders, across companies, whose approvers may be others than when their plan was last looked
// up: the rights of the company have changed since, or an assignment or a deputy's time has begun or ended. Those that were submitted first
// come first in their company.
func (t Tables) ListUnrouted(ctx context.Context, now time.Time, most int) (all []Waiting, err error) {
	engine.Rows(t.Tx.Ask(`
		select p.company_id, p.id from purchase_order p join company c on c.id = p.company_id
		 where p.state = 'pending_approval' and (p.routed_version <> c.rights_version + c.routes_version
		    or exists (select 1 from assignment a where a.company_id = p.company_id and a.from_at > p.routed_at and a.from_at <= ?)
		    or exists (select 1 from assignment a where a.company_id = p.company_id and a.until_at > p.routed_at and a.until_at <= ?)
		    or `+turnedWhere+`)
		 order by p.company_id, p.submitted_at, p.id limit ?`, now, now, now, now, most), &all,
		func(w *Waiting, scan engine.Scan) error { return scan(&w.Company, &w.Order) })
	return all, t.Tx.Fetch(ctx)
}

// SetRouted notes that the plan of a purchase order is that of the rights as they are now.
func (t Tables) SetRouted(company id.Company, key id.PurchaseOrder) {
	t.Tx.Write(`
		update purchase_order set routed_version = (select c.rights_version + c.routes_version from company c where c.id = ?), routed_at = ?
		 where company_id = ? and id = ?`, company, t.Tx.Now, company, key)
}

// WantAwaiting asks for the purchase orders that a member is asked to decide on, now or at a later stage.
func (t Tables) WantAwaiting(all *[]id.PurchaseOrder, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select distinct a.purchase_order_id from ask a
		 where a.company_id = ? and a.member_id = ? and a.state in ('asked', 'waiting') order by a.purchase_order_id`, company, member), all,
		func(key *id.PurchaseOrder, scan engine.Scan) error { return scan(key) })
}

// Open is a purchase order that is not over, as far as its requester's leaving goes.
type Open struct {
	ID     id.PurchaseOrder
	Number string
	Agreed bool // the successor has agreed to it, as an approver
}

// WantOpenOf asks for the purchase orders of a requester that are not over, and whether a successor has decided on them.
func (t Tables) WantOpenOf(all *[]Open, company id.Company, requester, successor id.Member) {
	engine.Rows(t.Tx.Ask(`
		select p.id, p.number, (select count(*) from ask a where a.company_id = p.company_id and a.purchase_order_id = p.id and a.member_id = ? and a.state = 'approved')
		  from purchase_order p
		 where p.company_id = ? and p.requester_id = ? and p.state in ('pending_approval', 'returned', 'approved_pending_payment', 'order_failed')
		 order by p.submitted_at, p.id`, successor, company, requester), all,
		func(o *Open, scan engine.Scan) error {
			var agreed int64
			err := scan(&o.ID, &o.Number, &agreed)
			o.Agreed = agreed > 0
			return err
		})
}

// SetRequester puts somebody in the place of a purchase order's requester; who submitted it is kept.
func (t Tables) SetRequester(company id.Company, key id.PurchaseOrder, requester id.Member) {
	t.Tx.Write(`update purchase_order set requester_id = ?, submitter_id = coalesce(submitter_id, requester_id), changed_at = ?, version = version + 1 where company_id = ? and id = ?`, requester, t.Tx.Now, company, key)
}
