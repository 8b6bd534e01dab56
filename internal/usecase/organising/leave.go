package organising

import (
	"context"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// LeaveInput is who leaves, as they were seen, and who takes over what they leave open: their purchase orders that are not
// over, the cost centres that they manage, their order lists, and what others shared with them by name. Without a successor these
// stay as they are. Deputy stands in where the leaver did; without one nobody does.
type LeaveInput struct {
	ID        id.Member
	Version   int64
	Successor id.Member
	Budgets   BudgetsFate
	Deputy    id.Member
}

// BudgetsFate is what becomes of the budgets of somebody's own who leaves.
type BudgetsFate string

// The fates of budgets.
const (
	StayBudgets     BudgetsFate = ""          // they stay, and nobody can spend them
	HandOverBudgets BudgetsFate = "hand_over" // they are the successor's
	CloseBudgets    BudgetsFate = "close"     // nothing more is charged to them
)

var (
	// ErrOwnBudget is the fault of taking over a budget that one decides about oneself, or of closing one's own.
	ErrOwnBudget = fault.Define(fault.Forbidden, "organising.own_budget", "nobody decides about the budget that they spend from themselves: choose another successor, or close it")
	// ErrBudgetsFate is the fault of a fate that there is none.
	ErrBudgetsFate = fault.Define(fault.Invalid, "organising.budgets", "the budgets of who leaves stay, are handed over or are closed")
	// ErrSuccessor is the fault of a successor who is not there, or is the one who leaves.
	ErrSuccessor = fault.Define(fault.Invalid, "organising.successor", "choose an active member other than the one who leaves")
	// ErrSuccessorDecided is the fault of a successor who has approved what would become their own.
	ErrSuccessorDecided = fault.Define(fault.Refused, "organising.successor_decided", "this person has already approved a purchase order that they would take over; choose somebody else, or wait until it is decided")
)

// Leave lets somebody leave: they stand nowhere any more, what stood below them comes to below whom they stood, and
// their sessions end, the addresses of their own are removed, and the open invitations that they have sent are taken back.
// Where they stood at the top, whoever has been an administrator for longest takes their place. The last administrator
// stays. Soon after, what waits for their decision goes to whoever is now to decide.
func (s *Service) Leave(ctx context.Context, actor access.Actor, in LeaveInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := step.Member(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, before.Path); err != nil {
			return err
		}
		h, err := takingOver(ctx, tx, actor, before, in)
		if err != nil {
			return err
		}
		home, err := lenderOf(ctx, tx, actor, before)
		if err != nil {
			return err
		}
		lent, err := step.LendingOf(ctx, tx, actor.Company, 1)
		if err != nil {
			return err
		}
		var guests []company.Invitation
		tx.Companies.WantGuestsOf(&guests, actor.Company, before)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		m, err := before.Leave(in.Version)
		if err != nil {
			return err
		}
		if err := step.KeepAdministrator(ctx, tx, actor.Company, in.ID, id.Assignment{}); err != nil {
			return err
		}
		// write
		if err := vacate(ctx, tx, actor, company.Node{Member: in.ID, Path: before.Path}); err != nil {
			return err
		}
		tx.Companies.UpdateMember(actor.Company, m)
		tx.Accounts.DeleteSessionsFor(actor.Company, m.Account)
		if actor.Realm == access.Staff {
			tx.Companies.DeleteManager(m.Account) // they look after no company any more
		}
		if err := step.Uninvite(ctx, tx, actor, in.ID); err != nil {
			return err
		}
		sent, _ := invitedBy(before, guests)
		if err := step.TakeBack(tx, actor, sent); err != nil {
			return err
		}
		tx.Companies.SetRightsChanged(actor.Company)
		tx.Companies.SetRoutesChangedBelow(actor.Company)
		// tell
		home.returned(tx, actor)
		if err := lent.TellEnded(ctx, tx, actor, false); err != nil {
			return err
		}
		e := company.MemberWasDeactivated{MemberID: in.ID, Place: before.Path, Successor: in.Successor, Orders: len(h.orders), Lists: len(h.lists.own), SharedLists: len(h.lists.shared)}
		for _, c := range h.centres {
			c.Manager = in.Successor
			tx.Budgets.UpdateCostCentre(c)
			e.CostCentres = append(e.CostCentres, c.ID)
		}
		for _, b := range h.budgets {
			if in.Budgets == HandOverBudgets {
				tx.Budgets.SetOwner(actor.Company, b.ID, in.Successor)
				e.Budgets = append(e.Budgets, b.ID)
				continue
			}
			b.Archived = true
			tx.Budgets.Update(b)
			e.Closed = append(e.Closed, b.ID)
			tx.Tell(actor, b.Set())
		}
		h.duties.over(tx, actor, in.ID)
		for _, a := range h.addresses {
			tx.Companies.DeleteAddress(actor.Company, a.ID)
			tx.Tell(actor, a.Removed())
		}
		tx.Tell(actor, e)
		for _, o := range h.orders {
			tx.Approvals.SetRequester(actor.Company, o.ID, in.Successor)
			tx.Tell(actor, approval.WasReassigned{OrderID: o.ID, Number: o.Number, Before: in.ID, After: in.Successor})
		}
		h.lists.hand(tx, actor, in.ID, in.Successor)
		return nil
	})
}

// invitedBy parts open invitations into those that somebody has sent, which end when they leave, since nobody there answers for
// them any more, and those of others for somebody of their name.
func invitedBy(m company.Member, guests []company.Invitation) (sent, alike []company.Invitation) {
	for _, i := range guests {
		if i.Inviter == m.ID {
			sent = append(sent, i)
		} else {
			alike = append(alike, i)
		}
	}
	return sent, alike
}

// handover is what somebody leaves: what a successor takes over, and what ends.
type handover struct {
	orders    []approvaldb.Open
	centres   []budget.CostCentre
	budgets   []budget.Budget // that are handed over or closed
	addresses []company.Address
	duties    duties
	lists     collection
}

// takingOver finds what somebody leaves, for an actor who may hand over what is handed over.
func takingOver(ctx context.Context, tx *store.Tx, actor access.Actor, leaver company.Member, in LeaveInput) (h handover, err error) {
	tx.Companies.WantOwnBook(&h.addresses, actor.Company, leaver.ID)
	if in.Budgets != StayBudgets {
		tx.Views.WantBudgetsOf(&h.budgets, actor.Company, leaver.ID)
	}
	if err := tx.Fetch(ctx); err != nil {
		return h, err
	}
	if err := h.spends(actor, leaver, in); err != nil {
		return h, err
	}
	if h.duties, err = dutiesOf(ctx, tx, actor, leaver, in.Deputy); err != nil || in.Successor.IsZero() {
		return h, err
	}
	to, err := step.Member(ctx, tx, actor, in.Successor)
	if err != nil {
		return h, err
	}
	tx.Approvals.WantOpenOf(&h.orders, actor.Company, leaver.ID, in.Successor)
	tx.Budgets.WantManagedBy(&h.centres, actor.Company, leaver.ID)
	if h.lists, err = listsOf(ctx, tx, actor, leaver, to); err != nil {
		return h, err
	}
	if len(h.orders)+len(h.lists.own)+len(h.lists.shared) > 0 {
		if err := actor.Require(access.OrdersReassign, leaver.Path); err != nil {
			return h, err
		}
	}
	if len(h.centres) > 0 {
		if err := actor.Require(access.CostCentresManage, tree.Top); err != nil {
			return h, err
		}
	}
	if to.ID == leaver.ID || !to.Acts() {
		return h, ErrSuccessor
	}
	for _, o := range h.orders {
		if o.Agreed {
			return h, ErrSuccessorDecided.With("%s has already approved %s, which they would take over: choose somebody else, or wait until it is decided", to.Name, o.Number)
		}
	}
	return h, h.lists.fits(to)
}

// spends is nil when the actor may do with the leaver's own budgets what is to be done. As nobody sets the budget that they
// spend from, nobody hands one over to themselves, and who leaves does not decide about their own.
func (h handover) spends(actor access.Actor, leaver company.Member, in LeaveInput) error {
	switch {
	case in.Budgets != StayBudgets && in.Budgets != HandOverBudgets && in.Budgets != CloseBudgets:
		return ErrBudgetsFate
	case in.Budgets == HandOverBudgets && in.Successor.IsZero():
		return ErrSuccessor
	case len(h.budgets) == 0:
		return nil
	}
	if err := actor.Require(access.BudgetsManage, leaver.Path); err != nil {
		return err
	}
	if !actor.Member.IsZero() && (leaver.ID == actor.Member || in.Budgets == HandOverBudgets && in.Successor == actor.Member) {
		return ErrOwnBudget
	}
	return nil
}

// Leaving says what somebody would leave open who left now.
func (s *Service) Leaving(ctx context.Context, actor access.Actor, key id.Member) (l view.Leaving, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		m, err := step.Member(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		if err := actor.Require(access.UsersManage, m.Path); err != nil {
			return err
		}
		var awaiting []id.PurchaseOrder
		var open []approvaldb.Open
		l = view.Leaving{Member: m}
		tx.Approvals.WantAwaiting(&awaiting, actor.Company, key)
		tx.Approvals.WantOpenOf(&open, actor.Company, key, id.Member{})
		tx.Budgets.WantManagedBy(&l.CostCentres, actor.Company, key)
		tx.Views.WantReports(&l.Below, actor.Company, key)
		tx.Views.WantBudgetsOf(&l.Budgets, actor.Company, key)
		tx.Views.WantBudgetsAsking(&l.Asking, actor.Company, key)
		if actor.Realm == access.Staff {
			tx.Views.WantLookedAfter(&l.LookedAfter, m.Account)
		}
		var own []company.Address
		tx.Companies.WantOwnBook(&own, actor.Company, key)
		tx.Views.WantDeputies(&l.Deputies, actor.Company, access.Scope{Member: key, Own: []tree.Path{tree.Top}}, key, view.DeputyFilter{}, viewdb.DeputiesBy.First(approval.MostAppointments))
		tx.Lists.WantCount(&l.Lists, actor.Company, key)
		tx.Lists.WantSharedCount(&l.SharedLists, actor.Company, key)
		var guests []company.Invitation
		tx.Companies.WantGuestsOf(&guests, actor.Company, m)
		rules, err := tx.Approvals.ListRules(ctx, actor.Company)
		if err != nil {
			return err
		}
		l.Deputies = slices.DeleteFunc(l.Deputies, func(d view.Deputy) bool { return d.State == approval.Over })
		for _, r := range rules {
			if r.Names(key) {
				l.Rules = append(l.Rules, r)
			}
		}
		if l.Alone, err = heldAlone(ctx, tx, actor, key, rules); err != nil {
			return err
		}
		sent, alike := invitedBy(m, guests)
		l.Sent, l.Alike = addresses(actor, sent), addresses(actor, alike)
		l.Deciding, l.Orders, l.Addresses = int64(len(awaiting)), int64(len(open)), int64(len(own))
		return nil
	})
	return l, err
}

// addresses are those of invitations, without what the actor does not see.
func addresses(actor access.Actor, all []company.Invitation) (emails []string) {
	for _, i := range all {
		if actor.Reaches(access.ViewInvitations, access.Thing{At: i.Under.Path}) {
			emails = append(emails, i.Email)
		} else {
			emails = append(emails, "")
		}
	}
	return emails
}

// vacate takes a member out of the structure, and closes the gap.
func vacate(ctx context.Context, tx *store.Tx, actor access.Actor, n company.Node) error {
	heir, err := above(ctx, tx, actor, n)
	if err != nil {
		return err
	}
	if heir.IsZero() {
		if heir, err = enthrone(ctx, tx, actor, n); err != nil {
			return err
		}
	}
	tx.Companies.SetBelow(actor.Company, n, heir)
	tx.Companies.DeleteNode(actor.Company, n)
	return nil
}

// above is the node right above another, or the zero node.
func above(ctx context.Context, tx *store.Tx, actor access.Actor, n company.Node) (up company.Node, err error) {
	tx.Companies.WantNodeAt(&up, actor.Company, n.Path.Parent())
	return up, tx.Fetch(ctx)
}

// enthrone puts another administrator at the top, beside the one who leaves it, and lifts what stood below them.
func enthrone(ctx context.Context, tx *store.Tx, actor access.Actor, leaving company.Node) (company.Node, error) {
	heir := company.Node{}
	key, found, err := tx.Access.FindAdministrator(ctx, actor.Company, leaving.Member)
	if err != nil || !found {
		return heir, or(err, access.ErrLastAdministrator)
	}
	heir.Member = key
	tx.Companies.WantNode(&heir, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return heir, err
	}
	up, err := above(ctx, tx, actor, heir)
	if err != nil {
		return heir, err
	}
	from := heir.Path
	heir.Path = heir.Path[len(heir.Path.Parent()):]
	tx.Companies.SetBelow(actor.Company, company.Node{Member: key, Path: from}, up)
	tx.Companies.SetPlace(actor.Company, company.Node{Member: key, Path: from}, company.Node{}, heir.Path)
	tx.Tell(actor, company.NodeWasMoved{MemberID: key, Before: from, After: heir.Path})
	return heir, nil
}

// ReactivateMemberInput is somebody who comes back, the version that was seen, and the node that they are put right
// below; the zero node is the company's own unit.
type ReactivateMemberInput struct {
	ID      id.Member
	Version int64
	Under   company.Node
}

// ReactivateMember takes back somebody who had left. Of the roles that they had they get those that the actor could
// give them, and the company's default role where none is left. What a rule of separation of duty keeps apart they do not
// get back: some of it has to be revoked first.
func (s *Service) ReactivateMember(ctx context.Context, actor access.Actor, in ReactivateMemberInput) (m company.Member, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := step.Member(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		under, err := landing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
		}
		var had []access.Assignment
		var roles []access.Role
		tx.Access.WantAssignments(&had, actor.Company, in.ID)
		tx.Access.WantEveryRole(&roles, actor.Company)
		given, usual, err := usual(ctx, tx, actor, access.Assignment{ID: id.NewAssignment(tx.Now), Member: in.ID}, under.Path)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, tree.Top); err != nil { // who has left stands nowhere
			return err
		}
		if err := actor.Require(access.UsersManage, under.Path); err != nil {
			return err
		}
		if leads(actor, tree.Top, under.Path) { // what they ordered once is there
			if err := actor.RequireToLead(tree.Top); err != nil {
				return err
			}
		}
		home, err := lenderOf(ctx, tx, actor, before)
		if err != nil {
			return err
		}
		// decide
		place, err := label(ctx, tx, actor, under)
		if err != nil {
			return err
		}
		if m, err = before.Return(in.Version, place); err != nil {
			return err
		}
		kept, lost := regained(tx, actor, had, roles)
		// write
		tx.Companies.InsertNode(actor.Company, company.Node{Member: m.ID, Path: m.Path}, under)
		e := company.MemberWasReactivated{MemberID: m.ID, Place: m.Path}
		for _, a := range lost {
			tx.Access.UpdateTerm(actor.Company, a)
			e.Lost = append(e.Lost, a.ID)
		}
		if err := step.Readmit(ctx, tx, actor, m); err != nil {
			return err
		}
		tx.Companies.SetRightsChanged(actor.Company)
		tx.Companies.SetRoutesChangedBelow(actor.Company)
		// tell
		tx.Tell(actor, e)
		home.lent(tx, actor)
		if kept == 0 && !usual.ID.IsZero() {
			if err := step.Give(ctx, tx, actor, given); err != nil {
				return err
			}
			tx.Tell(actor, given.Assigned(usual))
		}
		m.Version++
		return nil
	})
	return m, err
}

// regained counts what somebody gets back of what they had, and lists what ends instead.
func regained(tx *store.Tx, actor access.Actor, had []access.Assignment, roles []access.Role) (kept int, lost []access.Assignment) {
	byID := map[id.Role]access.Role{}
	for _, r := range roles {
		byID[r.ID] = r
	}
	for _, a := range had {
		switch r := byID[a.Role]; {
		case a.Ended(tx.Now):
		case !a.Unit.IsZero() && a.Place == tree.Top: // the unit has been archived: it gives nothing
		case r.Default && usually(actor, r, a) == nil || mayGive(actor, r, a) == nil:
			kept++
		default:
			a.Until = tx.Now
			lost = append(lost, a)
		}
	}
	return kept, lost
}
