package notifying

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// find makes a story of an event; nil of one that concerns nobody.
func find(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	switch {
	case moves(o.Event):
		return purchaseOrder(ctx, tx, o)
	case slices.Contains(onDuty, notice.Event(o.Event)):
		return duty(ctx, tx, o)
	case o.Event == string(notice.BudgetReached):
		return reached(ctx, tx, o)
	case o.Event == string(notice.WebhookStopped):
		return stopped(o)
	case o.Event == string(notice.Joined):
		return joined(o)
	case o.Event == string(notice.Lent), o.Event == string(notice.GivenBack):
		return lent(o)
	case o.Event == string(notice.LendingEnded):
		return onHold(ctx, tx, o)
	case o.Event == company.StatusWasChanged{}.EventName():
		return standing(ctx, tx, o)
	case o.Event == string(notice.TakenOver):
		return takenOver(ctx, tx, o)
	case o.Event == string(notice.ListShared):
		return listShared(ctx, tx, o)
	case o.Event == string(notice.PasswordChanged) && o.Actor.Kind == access.Member.String(): // not by who sets the system up
		return password(ctx, tx, o)
	}
	return nil, nil
}

// moves reports whether an event is a purchase order's going along a row of the table of states.
func moves(event string) bool {
	return slices.ContainsFunc(approval.Transitions(), func(t approval.Transition) bool { return t.Event == event })
}

// purchaseOrder is the story of what happened to a purchase order.
func purchaseOrder(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e approval.Happened
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	topics := meant(notice.Event(o.Event), e)
	if len(topics) == 0 || e.Straight { // who has submitted it has just been told
		return nil, nil
	}
	var po approval.PurchaseOrder
	var n view.Named
	tx.Approvals.Want(&po, o.Company, e.OrderID)
	tx.Views.WantNamed(&n, o.Company, e.OrderID)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	var effects []notice.Effect
	if len(e.Asked) > 0 {
		var err error
		if effects, err = onBudgets(ctx, tx, o.Company, e.OrderID); err != nil {
			return nil, err
		}
	}
	place := n.Unit
	if n.CostCentre != "" {
		place += ", " + n.CostCentre
	}
	f := notice.Facts{Number: e.Number, Order: n.Order, Company: n.Company, Requester: n.Requester, Actor: o.Actor.Name, Total: e.Total, Place: place,
		Items: items(po), Effects: effects}
	if o.Actor.Kind == access.Member.String() && slices.Contains(worded, notice.Event(o.Event)) {
		f.Words = e.Reason
	}
	return &story{
		topics: topics,
		parts: map[notice.Audience][]id.Member{
			notice.Approvers: e.Asked, notice.Deciders: slices.Concat(e.Freed, e.Decided), notice.Requester: {e.Requester}, notice.Watchers: e.Watchers,
		},
		facts: f,
		because: func(r view.Reader) locale.Phrase {
			if o.Event == string(notice.OrderFailed) {
				return locale.Verbatim(e.Reason)
			}
			return why(po.Plan, r.Member)
		},
		behalf: func(r view.Reader) (name string) {
			for _, whom := range po.Plan.For(r.Member) {
				name = listed(name, whom.Name)
			}
			return name
		},
		named: func(r view.Reader) bool { return slices.Contains(e.Asked, r.Member) || po.Plan.Involves(r.Member) },
		path: func(a notice.Audience) string {
			switch {
			case a == notice.Approvers:
				return "/approvals/" + e.OrderID.String()
			case !e.Placed.IsZero() && (a == notice.Requester || a == notice.Watchers):
				return "/orders/" + e.Placed.String()
			case !e.Back.IsZero() && a == notice.Requester:
				return "/purchase-orders/" + e.OrderID.String() + "/cart" // which leads on when that cart is no more
			}
			return "/purchase-orders/" + e.OrderID.String()
		},
		// Who orders wants to have it in writing; who is to decide on their own order must know.
		mine: func(t notice.Event, a notice.Audience) bool { return t == notice.Placed || a == notice.Approvers },
	}, nil
}

// worded lists the events whose reason somebody typed.
var worded = []notice.Event{notice.Rejected, notice.Returned, notice.Answered, notice.HandedOver, notice.Overridden, notice.Withdrawn, notice.Cancelled}

// meant lists what an event means for people: itself; that somebody is asked, whatever asked them; and that nobody is
// there to be asked.
func meant(event notice.Event, e approval.Happened) (topics []notice.Event) {
	own := notice.On(event)
	if len(own) > 0 {
		topics = append(topics, event)
	}
	asks := slices.ContainsFunc(own, func(r notice.Reaction) bool { return r.Tell == notice.Approvers })
	if len(e.Asked) > 0 && !asks {
		topics = append(topics, notice.ApprovalRequested)
	}
	if e.Stuck {
		topics = append(topics, notice.NoApprover)
	}
	return topics
}

// items are the lines of a purchase order, as people read them.
func items(po approval.PurchaseOrder) []notice.Item {
	var all []notice.Item
	for i, l := range po.Content.Lines {
		item := notice.Item{SKU: l.SKU, Name: l.SKU, Quantity: locale.Say("%s", l.Quantity), Price: l.Price, Total: l.Net}
		if i < len(po.Items) {
			item.Name, item.Quantity = po.Items[i].Name, locale.Say("%s %s", l.Quantity, po.Items[i].Unit)
		}
		all = append(all, item)
	}
	return all
}

// onBudgets is what a purchase order does to budgets now.
func onBudgets(ctx context.Context, tx *store.Tx, key id.Company, po id.PurchaseOrder) ([]notice.Effect, error) {
	var c company.Company
	var entries []budget.Entry
	var purses []budget.Purse
	tx.Companies.Want(&c, key)
	tx.Budgets.WantEntriesOf(&entries, key, po)
	tx.Budgets.WantPursesOf(&purses, key, po)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	if err := step.WindowsOf(ctx, tx, c, purses); err != nil {
		return nil, err
	}
	var all []notice.Effect
	for _, e := range budget.Effects(entries, purses) {
		used := e.Before.Limit
		used.Minor -= e.Before.Left.Minor
		all = append(all, notice.Effect{Budget: e.Budget.Name, Used: used, This: e.All(), Limit: e.Before.Limit, Over: e.Over})
	}
	return all, nil
}

// why is the first reason for which a member is asked now; for whoever is not asked, that for which nobody is.
func why(p approval.Plan, member id.Member) locale.Phrase {
	if all := p.Why(member); len(all) > 0 {
		return all[0].Text
	}
	for _, stage := range p.Stages {
		for _, g := range stage.Groups {
			if g.NoEligible && len(g.Reasons) > 0 {
				return g.Reasons[0].Text
			}
		}
	}
	return locale.Phrase{}
}

// reached is the story of a budget that is nearly used.
func reached(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e budget.HasReached
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	b, err := tx.Budgets.Get(ctx, o.Company, e.BudgetID)
	if err != nil {
		return nil, err
	}
	owners, err := owners(ctx, tx, o.Company, b)
	if err != nil {
		return nil, err
	}
	f := notice.Facts{Budget: b.Name, Period: e.Period, Spent: e.Used, Limit: e.Limit, Actor: o.Actor.Name}
	if e.Limit.Minor > 0 {
		used, err := money.MulDiv(e.Used.Minor, 10_000, e.Limit.Minor)
		if err != nil {
			return nil, fmt.Errorf("budget %s: %w", b.ID, err)
		}
		f.Used = locale.Percent(used)
	}
	return &story{
		topics: []notice.Event{notice.BudgetReached},
		parts:  map[notice.Audience][]id.Member{notice.Owners: owners},
		facts:  f,
		path:   func(notice.Audience) string { return "/budgets/" + b.ID.String() },
		mine:   func(notice.Event, notice.Audience) bool { return true },
	}, nil
}

// owners are those who look after a budget; where nobody does, the administrators.
func owners(ctx context.Context, tx *store.Tx, key id.Company, b budget.Budget) ([]id.Member, error) {
	var unit company.Unit
	var centres []budget.CostCentre
	if !b.Owner.Unit.IsZero() {
		tx.Companies.WantUnit(&unit, key, b.Owner.Unit)
	}
	if !b.Owner.CostCentre.IsZero() {
		tx.Budgets.WantCostCentre(&centres, key, b.Owner.CostCentre)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	source := approval.Source{Kind: approval.OfBudget, Budget: b.ID}
	if len(centres) > 0 { // whose manager is asked for by its own name
		source = approval.Source{Kind: approval.OfCostCentre, CostCentre: b.Owner.CostCentre}
	}
	dir, err := step.Directory(ctx, tx, key, step.Asking{Place: unit.Path, Units: []company.Unit{unit}, CostCentres: centres,
		Budgets: []budget.Budget{b}, Sources: []approval.Source{source}})
	if err != nil {
		return nil, err
	}
	found := dir.Of[source]
	if len(found) == 0 {
		found = dir.Administrators
	}
	var all []id.Member
	for _, c := range found {
		all = append(all, c.Member)
	}
	return all, nil
}

// stopped is the story of a webhook that we switched off.
func stopped(o auditdb.Told) (*story, error) {
	var e exchange.WebhookWasStopped
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	return &story{
		topics: []notice.Event{notice.WebhookStopped},
		facts:  notice.Facts{Webhook: e.Name},
		path:   func(notice.Audience) string { return "/webhooks/" + e.WebhookID.String() },
		mine:   func(notice.Event, notice.Audience) bool { return true },
	}, nil
}

// joined is the story of somebody who came because they were invited.
func joined(o auditdb.Told) (*story, error) {
	var e company.InvitationWasAccepted
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	return &story{
		topics: []notice.Event{notice.Joined},
		parts:  map[notice.Audience][]id.Member{notice.Inviter: {e.InviterID}},
		facts:  notice.Facts{Actor: o.Actor.Name},
		path:   func(notice.Audience) string { return "/members/" + e.MemberID.String() },
		mine:   func(notice.Event, notice.Audience) bool { return true },
	}, nil
}

// lent is the story of somebody who acts for a company below from now on, or no more.
func lent(o auditdb.Told) (*story, error) {
	var e struct {
		MemberID id.Member `json:"member_id"`
		To       string    `json:"to_name"`
		From     string    `json:"from_name"`
	}
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	return &story{
		topics: []notice.Event{notice.Event(o.Event)},
		parts:  map[notice.Audience][]id.Member{notice.Borrowed: {e.MemberID}},
		facts:  notice.Facts{Actor: o.Actor.Name, Company: e.To + e.From},
		path:   func(notice.Audience) string { return "/" },
		mine:   func(notice.Event, notice.Audience) bool { return true },
	}, nil
}

// takenOver is the story of somebody who takes over what another one has left open; nobody's where nothing was.
func takenOver(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e company.MemberWasDeactivated
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	if e.Successor.IsZero() || e.Orders+len(e.CostCentres)+len(e.Budgets)+e.Lists+e.SharedLists == 0 {
		return nil, nil
	}
	var leaver company.Member
	var all []budget.CostCentre
	var purses []budget.Budget
	tx.Companies.WantMember(&leaver, o.Company, e.MemberID)
	tx.Budgets.WantManagedBy(&all, o.Company, e.Successor)
	tx.Budgets.WantAmong(&purses, o.Company, e.Budgets)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	f := notice.Facts{Actor: o.Actor.Name, Leaver: leaver.Name}
	path := "/lists"
	if n := e.Lists + e.SharedLists; n > 0 {
		f.Lists = strconv.Itoa(n)
	}
	for _, b := range purses {
		f.Budgets, path = listed(f.Budgets, b.Name), "/budgets"
	}
	for _, c := range all {
		if slices.Contains(e.CostCentres, c.ID) {
			f.Centres, path = listed(f.Centres, c.Name), "/cost-centres"
		}
	}
	if e.Orders > 0 {
		f.Orders, path = strconv.Itoa(e.Orders), "/purchase-orders"
	}
	return &story{
		topics: []notice.Event{notice.TakenOver},
		parts:  map[notice.Audience][]id.Member{notice.Successor: {e.Successor}},
		facts:  f,
		path:   func(notice.Audience) string { return path },
		mine:   func(notice.Event, notice.Audience) bool { return false },
	}, nil
}

// mostSharers is how many people are told of one list that is shared with units: who leads more has other ways to tell them.
const mostSharers = 300

// listShared is the story of a list that is shared with more people: those who are named are told, and who stands in the units
// that are; what is shared with the whole company stands among everybody's lists.
func listShared(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e orderlist.WasShared
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	var told []id.Member
	var units []id.Unit
	for _, s := range (orderlist.List{Shares: e.After}).Fresh(orderlist.List{Shares: e.Before}) {
		switch {
		case !s.Member.IsZero():
			told = append(told, s.Member)
		case !s.Unit.IsZero():
			units = append(units, s.Unit)
		}
	}
	if !e.Leaver.IsZero() { // the successor is told once of all that they take over
		return nil, nil
	}
	if len(units) > 0 {
		var standing []id.Member
		tx.Views.WantStanding(&standing, o.Company, units, mostSharers+1)
		if err := tx.Fetch(ctx); err != nil {
			return nil, err
		}
		if len(standing) <= mostSharers {
			told = append(told, standing...)
		}
	}
	if len(told) == 0 {
		return nil, nil
	}
	return &story{
		topics: []notice.Event{notice.ListShared},
		parts:  map[notice.Audience][]id.Member{notice.Sharers: told},
		facts:  notice.Facts{Actor: o.Actor.Name, List: e.Name},
		path:   func(notice.Audience) string { return "/lists/" + e.ListID.String() },
		mine:   func(notice.Event, notice.Audience) bool { return false },
	}, nil
}

// listed is a list of names with one more.
func listed(all, name string) string {
	if all == "" {
		return name
	}
	return all + ", " + name
}

// password is the story of a password that was changed: who did it may not be who should.
func password(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e identity.PasswordWasChanged
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	var all []view.Membership
	tx.Views.WantMemberships(&all, e.AccountID)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	var holder []id.Member
	for _, m := range all {
		if m.Company == o.Company {
			holder = append(holder, m.Member)
		}
	}
	return &story{
		topics: []notice.Event{notice.PasswordChanged},
		parts:  map[notice.Audience][]id.Member{notice.Holder: holder},
		path:   func(notice.Audience) string { return "/account" },
		mine:   func(notice.Event, notice.Audience) bool { return true },
	}, nil
}
