package console_test

import (
	"fmt"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/usecase/purchasing"
)

// damage is something that nobody may do to a database, and how verify has to name it.
type damage struct {
	name  string
	check string   // the beginning of the name of the check that finds it
	said  []string // by one sentence
	sql   []string
}

// spoiling writes statements for one engine.
type spoiling struct{ pg bool }

// replace is a column of JSON in which one text stands for another; both are written without blanks.
func (s spoiling) replace(column, old, now string) string {
	if !s.pg {
		return fmt.Sprintf("replace(%s, '%s', '%s')", column, old, now)
	}
	wide := strings.NewReplacer(`":`, `": `, `,"`, `, "`)
	return fmt.Sprintf("replace(%s::text, '%s', '%s')::jsonb", column, wide.Replace(old), wide.Replace(now))
}

// put is a column of JSON with another value at a path.
func (s spoiling) put(column, value string, path ...any) string {
	var lite, pg strings.Builder
	for _, step := range path {
		fmt.Fprintf(&pg, ",%v", step)
		if _, position := step.(int); position {
			fmt.Fprintf(&lite, "[%d]", step)
		} else {
			fmt.Fprintf(&lite, ".%s", step)
		}
	}
	if s.pg {
		return fmt.Sprintf("jsonb_set(%s, '{%s}', '%s')", column, pg.String()[1:], value)
	}
	return fmt.Sprintf("json_set(%s, '$%s', json('%s'))", column, &lite, value)
}

// unkeyed takes from a table what keeps its rows unique, as one would have to who wants to break it.
func (s spoiling) unkeyed(table, constraint string) []string {
	if s.pg {
		return []string{"alter table " + table + " drop constraint " + constraint}
	}
	return []string{"create table spoilt as select * from " + table, "drop table " + table, "alter table spoilt rename to " + table}
}

// unchecked takes from a table a check; SQLite does not look at them anyway while it is spoilt.
func (s spoiling) unchecked(table, constraint string) []string {
	if s.pg {
		return []string{"alter table " + table + " drop constraint " + constraint}
	}
	return nil
}

const never, aDayIn2099 = "00000000-0000-7000-8000-000000000001", "'2099-01-01T00:00:00.000000Z'"

// ofOrder is the condition that a column is a purchase order.
func ofOrder(column string) func(purchasing.Submitted) string {
	return func(po purchasing.Submitted) string { return " where " + column + " = '" + po.ID.UUID() + "'" }
}

func change(table, what, where string) []string {
	return []string{"update " + table + " set " + what + where}
}

// agreements are damages to what was agreed to, and by whom. They are found by rules that know no database.
func agreements(w *world, s spoiling) []damage {
	of, ofPO, set := ofOrder("id"), ofOrder("purchase_order_id"), change
	po := func(what string, po purchasing.Submitted) []string { return set("purchase_order", what, of(po)) }
	plan := func(po purchasing.Submitted, old, now string) []string {
		return set("purchase_order", "plan = "+s.replace("plan", old, now), of(po))
	}
	const approvals = "approvals"
	return []damage{
		// What was agreed to.
		{"another content", approvals, []string{w.agreed.Number, w.agreed.ID.String(), w.Acme.String(), "the hash is another"},
			set("purchase_order", "content = "+s.replace("content", "CAST-GLOVE", "CAST-RING"), of(w.agreed))},
		{"another hash", approvals, []string{w.waiting.Number, "the hash is another"}, po("content_hash = 'x'", w.waiting)},
		{"a content that is none", approvals, []string{w.waiting.Number, "its content cannot be read"}, po("content = '[]'", w.waiting)},
		{"a plan that is none", approvals, []string{w.waiting.Number, "its plan cannot be read"}, po("plan = '[]'", w.waiting)},
		{"a line of another quantity", approvals, []string{w.agreed.Number, "its lines are not those"}, set("purchase_order_line", "quantity = quantity + 1000", ofPO(w.agreed))},
		{"a line that is gone", approvals, []string{w.agreed.Number, "its lines are not those"}, []string{"delete from purchase_order_line" + ofPO(w.agreed)}},
		{"another count of lines", approvals, []string{w.agreed.Number, "its lines are not those"}, po("lines = 2", w.agreed)},
		{"another total", approvals, []string{w.agreed.Number, "its totals are not those"}, po("net_minor = net_minor + 1, gross_minor = gross_minor + 1", w.agreed)},
		{"a content that does not add up", approvals, []string{w.waiting.Number, "not the sum of its parts"},
			po("content = "+s.put("content", `"1.23"`, "tax", "amount"), w.waiting)},
		// Where it stands.
		{"a state of the midst of a transaction", approvals, []string{w.waiting.Number, "lasts no longer than a transaction"}, po("state = 'approved'", w.waiting)},
		{"a state that there is not", approvals, []string{w.waiting.Number, "is none"}, append(s.unchecked("purchase_order", "purchase_order_state_check"), po("state = 'lost'", w.waiting)...)},
		{"placed without approval", approvals, []string{w.waiting.Number, "not everybody who must has agreed"}, po("state = 'placed'", w.waiting)},
		{"paid for without approval", approvals, []string{w.waiting.Number, "not everybody who must has agreed"}, po("state = 'approved_pending_payment'", w.waiting)},
		{"approved and waiting again", approvals, []string{w.agreed.Number, "all have agreed, and it still waits"}, po("state = 'pending_approval'", w.agreed)},
		{"rejected and waiting again", approvals, []string{w.rejected.Number, "turned down, and still waits"}, po("state = 'returned'", w.rejected)},
		{"rejected by nobody", approvals, []string{w.waiting.Number, "nobody who could has turned it down"}, po("state = 'rejected'", w.waiting)},
		{"cancelled by nobody", approvals, []string{w.waiting.Number, "nobody has withdrawn or cancelled it"}, po("state = 'cancelled'", w.waiting)},
		{"expired at no time", approvals, []string{w.waiting.Number, "nothing tells when"}, po("state = 'expired'", w.waiting)},
		{"a withdrawal that is gone", approvals, []string{w.withdrawn.Number, "nobody has withdrawn"}, []string{"delete from decision" + ofPO(w.withdrawn)}},
		{"waiting longer", approvals, []string{w.waiting.Number, "no number of days after"}, po("expires_at = "+aDayIn2099, w.waiting)},
		{"waiting for ever", approvals, []string{w.waiting.Number, "never expires"}, po("expires_at = null", w.waiting)},
		{"ended, and to expire", approvals, []string{w.withdrawn.Number, "still to expire"}, po("expires_at = "+aDayIn2099, w.withdrawn)},
		// Whose turn it is.
		{"waiting for nobody", approvals, []string{w.waiting.Number, "only 0 can agree"}, plan(w.waiting, `"state":"asked"`, `"state":"skipped"`)},
		{"somebody whose turn it is not", approvals, []string{w.early.Number, "before its turn"}, plan(w.early, `"state":"waiting"`, `"state":"asked"`)},
		{"somebody whose turn it is", approvals, []string{w.between.Number, "it is their turn"}, plan(w.between, `"state":"asked"`, `"state":"waiting"`)},
		{"somebody asked whom nobody needs", approvals, []string{w.early.Number, "needs nobody more"}, po("plan = "+s.put("plan", "true", "stages", 1, "groups", 0, "overridden"), w.early)},
		// Who has agreed.
		{"a plan that asks nobody", approvals, []string{w.agreed.Number, "Bands wants somebody asked whom the plan does not ask"}, po(`plan = '{"stages":[]}'`, w.agreed)},
		{"a plan that asks fewer", approvals, []string{w.agreed.Number, "whom the plan does not ask"}, plan(w.agreed, `"k":1`, `"k":0`)},
		{"a plan for nothing", approvals, []string{w.agreed.Number, "asks 1 groups that nothing wants"}, po("needs = '[]'", w.agreed)},
		{"somebody who decided in place of others, and is not there", approvals, []string{w.agreed.Number, "in place of those asked, and nobody has"}, plan(w.agreed, `"k":1`, `"overridden":true,"k":1`)},
		{"a decision in place of others that is gone", approvals, []string{w.agreed.Number, "Dan", "there is no such decision"},
			po("plan = "+s.replace("plan", `{"stages":`, fmt.Sprintf(`{"overridden":{"by":{"member":"%s"},"name":"Dan","at":"2026-01-01T00:00:00Z","note":"x"},"stages":`, w.Dan.Member)), w.agreed)},
		{"an own approval", approvals, []string{w.agreed.Number, "its requester Bob Boss has decided on it"}, po("requester_id = '"+w.Bob.Member.UUID()+"'", w.agreed)},
		{"an approval that is gone", approvals, []string{w.agreed.Number, "Bob Boss is said to have decided", "there is no such decision"}, []string{"delete from decision" + ofPO(w.agreed)}},
		{"an approval that nobody gave", approvals, []string{w.waiting.Number, "Bob Boss is said to have decided", "there is no such decision"}, plan(w.waiting, `"state":"asked"`, `"state":"approved"`)},
		{"an approval of another content", approvals, []string{w.agreed.Number, "on another content"}, set("decision", "content_hash = 'x'", ofPO(w.agreed))},
		{"an approval by somebody who was not asked", approvals, []string{w.agreed.Number, w.Cleo.Member.String(), "its plan knows nothing of that"},
			set("decision", "member_id = '"+w.Cleo.Member.UUID()+"'", ofPO(w.agreed))},
		{"an approval for somebody who was not asked", approvals, []string{w.agreed.Number, "there is no such decision"}, set("decision", "behalf_id = '"+w.Cleo.Member.UUID()+"'", ofPO(w.agreed))},
		{"one person in two stages", approvals, []string{w.between.Number, "has agreed in the stages 1 and 2"},
			append(plan(w.between, w.Dan.Member.String(), w.Bob.Member.String()), plan(w.between, `"state":"asked"`, `"state":"approved"`)...)},
		{"somebody who is not asked where they look", approvals, []string{w.waiting.Number, w.Bob.Member.String(), "is listed as skipped"}, set("ask", "state = 'skipped'", ofPO(w.waiting))},
		{"somebody who is not listed", approvals, []string{w.waiting.Number, w.Bob.Member.String(), "not listed there"}, []string{"delete from ask" + ofPO(w.waiting)}},
	}
}

// keepings are damages to everything else that is kept of orders, money, events and companies.
func keepings(w *world, s spoiling) []damage {
	of, ofPO, set := ofOrder("id"), ofOrder("purchase_order_id"), change
	po := func(what string, po purchasing.Submitted) []string { return set("purchase_order", what, of(po)) }
	one := func(table, key, where string) string {
		return fmt.Sprintf(" where %s = (select %s from %s where %s order by %s limit 1)", key, key, table, where, key)
	}
	delivery := func(h id.Webhook, state string) string {
		return one("delivery", "id", "webhook_id = '"+h.UUID()+"' and state = '"+state+"'")
	}
	hook := func(h id.Webhook) string { return " where id = '" + h.UUID() + "'" }
	unsaid := `reason = '{"format":""}'`
	const approvals, budgets, tenants, outbox, webhooks, mails, jobs, audits = "approvals", "budgets: balances", "tenants", "outbox", "webhooks", "mails", "jobs", "audit"
	return []damage{
		// Orders.
		{"an order that is gone", approvals, []string{w.placed.Number, w.placed.Order.String(), "is not there"}, []string{"delete from orders" + ofPO(w.placed)}},
		{"an order of another amount", approvals, []string{w.placed.Number, w.placed.Order.String(), "is not what was approved"}, set("orders", "gross_minor = gross_minor + 1", ofPO(w.placed))},
		{"an order for somebody else", approvals, []string{w.placed.Number, "is not what was approved"}, set("orders", "requester_id = '"+w.Bob.Member.UUID()+"'", ofPO(w.placed))},
		{"an order for what waits", approvals, []string{w.waiting.Number, w.placed.Order.String(), "was placed for it"},
			set("orders", "purchase_order_id = '"+w.waiting.ID.UUID()+"'", ofPO(w.placed))},
		{"a purchase order that says it was placed", approvals, []string{w.waiting.Number, "says that the order"}, po("order_id = '"+w.placed.Order.UUID()+"'", w.waiting)},
		{"an order for nothing", approvals, []string{w.placed.Order.String(), "por_", "there is no such purchase order"}, set("orders", "purchase_order_id = '"+never+"'", ofPO(w.placed))},
		{"two purchase orders of one number", approvals, []string{w.waiting.ID.String(), w.agreed.Number, "is that of another one too"},
			append(s.unkeyed("purchase_order", "purchase_order_company_id_number_key"), po("number = '"+w.agreed.Number+"'", w.waiting)...)},
		{"two orders of one number", approvals, []string{w.agreed.Order.String(), "is that of another one too"},
			append(s.unkeyed("orders", "orders_company_id_number_key"), set("orders", "number = 'SO-"+w.placed.Number[3:]+"'", ofPO(w.agreed))...)},
		{"a number that was never given", approvals, []string{w.waiting.ID.String(), "was never given"}, po("number = 'PO-900000'", w.waiting)},
		{"a number that would be given twice", approvals, []string{w.theirs.Number, w.Globex.String(), "was never given: the last one is 0"},
			set("series", "last = 0", " where company_id = '"+w.Globex.UUID()+"'")},
		// Money.
		{"a balance that is not its rows", budgets, []string{"“Operations”", w.budget.String(), w.Acme.String(), "its entries"}, set("purse", "spent_minor = spent_minor - 1", " where spent_minor > 0")},
		{"a balance below zero", budgets, []string{"“Operations”", "its entries"}, append(s.unchecked("purse", "purse_held_minor_check"), set("purse", "held_minor = -1", " where spent_minor > 0")...)},
		{"a row that is gone", budgets, []string{"“Operations”", "entries"}, []string{"delete from ledger" + ofPO(w.placed) + " and move = 'book'"}},
		{"a row that makes money", budgets, []string{"makes or loses money"}, append(s.unchecked("ledger", "ledger_check"), set("ledger", "available_minor = available_minor + 1", ofPO(w.waiting))...)},
		{"a row for nothing", budgets, []string{"ent_", "por_", "there is no such purchase order"}, set("ledger", "purchase_order_id = '"+never+"'", ofPO(w.waiting))},
		{"the same row twice", budgets, []string{"ent_", "the same was done twice"},
			append(s.unkeyed("ledger", "ledger_company_id_key_key"), set("ledger", "key = (select min(key) from ledger)", ofPO(w.waiting))...)},
		{"a hold of what has ended", budgets, []string{w.waiting.Number, w.waiting.ID.String(), "it has ended, and still holds money"}, po("state = 'rejected'", w.waiting)},
		{"a budget that cannot be read", budgets, []string{w.Acme.String(), "cannot be looked at"}, set("budget", `warnings = '"x"'`, "")},
		{"a purse of no budget", budgets, []string{w.budget.String(), "there is no such budget"}, []string{"delete from budget"}},
		// The audit.
		{"another event", audits, []string{w.Acme.String(), "does not hold at place 2", "is not the one that was sealed"}, set("audit", "event = 'nothing.happened'", " where company_id = '"+w.Acme.UUID()+"' and place = 2")},
		{"an event that is gone", audits, []string{"does not hold at place 3", "there is no entry"}, []string{"delete from audit where company_id = '" + w.Acme.UUID() + "' and place = 3"}},
		{"another end", audits, []string{"the chain is another than was noted"}, set("audit_chain", "hash = 'x'", " where company_id = '"+w.Acme.UUID()+"'")},
		// Events on their way.
		{"an event that nobody can hear of", outbox, []string{"audit evt_", w.Acme.String(), "not in the outbox"}, []string{"delete from outbox" + one("outbox", "place", "done_at is null")}},
		{"an event that nobody remembers", outbox, []string{"outbox evt_", "no entry of the audit"}, []string{"delete from audit where id = (select id from outbox order by place limit 1)"}},
		{"an event that is told otherwise", outbox, []string{"something else than its entry"}, set("outbox", "event = 'order.lost'", one("outbox", "place", "done_at is null"))},
		{"an event that is told of something else", outbox, []string{"something else than its entry"}, set("outbox", "subject = 'x'", one("outbox", "place", "done_at is null"))},
		{"an event with another body", outbox, []string{"something else than its entry"}, set("outbox", "body = '{}'", one("outbox", "place", "done_at is null"))},
		{"an event of another time", outbox, []string{"something else than its entry"}, set("outbox", "at = "+aDayIn2099, one("outbox", "place", "done_at is null"))},
		{"a delivery of no event", tenants, []string{"delivery dlv_", "event_id names evt_", "which there is not"}, set("delivery", "event_id = '"+never+"'", delivery(w.taking, "sent"))},
		{"a delivery of another event", webhooks, []string{"dlv_", "tells of evt_", "another event in the audit"}, set("delivery", "event = 'order.lost'", delivery(w.taking, "sent"))},
		{"a delivery out of its place", webhooks, []string{"dlv_", "another place in the outbox"}, set("delivery", "place = place + 1000", delivery(w.slow, "ready"))},
		{"a delivery that was sent, and is due", webhooks, []string{"it was sent, and is due again"}, set("delivery", "due_at = tried_at", delivery(w.taking, "sent"))},
		{"a delivery that was sent, and never tried", webhooks, []string{"was never tried"}, set("delivery", "attempts = 0", delivery(w.taking, "sent"))},
		{"a delivery that was given up, and is due", webhooks, []string{"it was given up, and is due again"}, set("delivery", "due_at = tried_at", delivery(w.gone, "dead"))},
		{"a delivery that was given up for no reason", webhooks, []string{"given up without a reason"}, set("delivery", unsaid, delivery(w.gone, "dead"))},
		{"a delivery that waits for ever", webhooks, []string{"it would wait for ever"}, set("delivery", "due_at = null", one("delivery", "id", "state = 'ready' and due_at is not null"))},
		{"a delivery before its turn", webhooks, []string{"before what happened earlier"},
			[]string{"drop index delivery_head", "update delivery set due_at = created_at" + one("delivery", "id", "state = 'ready' and due_at is null")}},
		{"a delivery in another century", webhooks, []string{"nobody can have meant it"}, set("delivery", "due_at = "+aDayIn2099, one("delivery", "id", "state = 'ready' and due_at is not null"))},
		{"a webhook that is off, and due", webhooks, []string{w.gone.String(), "switched off, and is due"}, set("webhook", "due_at = created_at", hook(w.gone))},
		{"a webhook that is never due", webhooks, []string{w.slow.String(), "not due itself"}, set("webhook", "due_at = null", hook(w.slow))},
		{"a webhook that is due in another century", webhooks, []string{w.slow.String(), "long after its deliveries"}, set("webhook", "due_at = "+aDayIn2099, hook(w.slow))},
		{"a webhook in somebody's hands", webhooks, []string{w.slow.String(), "longer than a lease"}, set("webhook", "leased_until = "+aDayIn2099, hook(w.slow))},
		{"a mail that has ended at no time", mails, []string{"mal_", "nobody can tell when"}, set("mail", "ended_at = null", one("mail", "id", "state = 'sent'"))},
		{"a mail that waits, and has ended", mails, []string{"mal_", "says when it ended"}, set("mail", "ended_at = created_at", one("mail", "id", "state = 'ready'"))},
		{"a mail that was sent by nobody", mails, []string{"mal_", "was never tried"}, set("mail", "attempts = 0", one("mail", "id", "state = 'sent'"))},
		{"a mail that was given up for no reason", mails, []string{"mal_", "without a reason"}, set("mail", "state = 'dead'", one("mail", "id", "state = 'sent'"))},
		{"a mail in another century", mails, []string{"mal_", "nobody can have meant it"}, set("mail", "next_at = "+aDayIn2099, one("mail", "id", "state = 'ready'"))},
		{"a job for nobody", jobs, []string{"job_", "nobody may ever take it"}, set("job", "next_at = null", " where state = 'ready'")},
		{"a job that is done, and to be done", jobs, []string{"job_", "may be taken again"}, set("job", "next_at = made_at", " where state = 'done'")},
		{"a job that waits, and has ended", jobs, []string{"job_", "says when it did"}, set("job", "ended_at = made_at", " where state = 'ready'")},
		{"a job that was given up for no reason", jobs, []string{"job_", "without a reason"}, set("job", "state = 'dead', "+unsaid, " where state = 'done'")},
		{"a job in somebody's hands", jobs, []string{"job_", "longer than a lease"}, set("job", "state = 'running', next_at = "+aDayIn2099, " where state = 'ready'")},
		{"a job in another century", jobs, []string{"job_", "nobody can have meant it"}, set("job", "state = 'failed', next_at = "+aDayIn2099, " where state = 'ready'")},
		{"an entry of the timetable in somebody's hands", jobs, []string{"timetable purge", "longer than a lease"}, set("timetable", "state = 'running', next_at = "+aDayIn2099, " where name = 'purge'")},
		// Companies apart.
		{"an approver of another company", tenants, []string{"purchase_order " + w.waiting.ID.String(), w.Acme.String(), w.Eve.Member.String(), "which is of " + w.Globex.String()},
			set("purchase_order", "plan = "+s.replace("plan", w.Bob.Member.String(), w.Eve.Member.String()), of(w.waiting))},
		{"a notice that leads to another company", tenants, []string{"notice ntc_", w.theirs.ID.String(), "which is of " + w.Globex.String()},
			set("notice", "link = '/purchase-orders/"+w.theirs.ID.String()+"'", one("notice", "id", "company_id = '"+w.Acme.UUID()+"'"))},
		{"an event that names another company", tenants, []string{"audit evt_", "names " + w.Globex.String()},
			set("audit", `body = '{"company":"`+w.Globex.String()+`"}'`, one("audit", "id", "company_id = '"+w.Acme.UUID()+"'"))},
		{"a unit that is no unit", tenants, []string{"node ", "id names unt_", "which there is not"}, set("node", "id = '"+never+"'", " where id = '"+w.Units["fin"].UUID()+"'")},
	}
}
