package importing

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// ErrDepends is the fault of undoing what something depends on; its reasons say what.
var ErrDepends = fault.Define(fault.Refused, "import.depends", "this import cannot be undone, for something depends on what it made")

// undoing is an import that is being undone.
type undoing struct {
	*state
	*record
	tx      *store.Tx
	reasons []*fault.Fault
	uuids   map[string]string // what is called how, by the key that the tables have
}

const mostReasons = 20

func (u *undoing) depends(err *fault.Fault) {
	if len(u.reasons) < mostReasons {
		u.reasons = append(u.reasons, err)
	}
}

func (u *undoing) refused() error {
	if len(u.reasons) == 0 {
		return nil
	}
	first := u.reasons[0]
	return ErrDepends.With(first.Format, first.Args...).Listing(u.reasons...)
}

// may is nil when the actor may take back each single thing.
func (u *undoing) may() error {
	for _, key := range u.Units {
		if s := u.byUnit[key]; s != nil && s.node != nil {
			if err := u.actor.Require(access.UsersManage, above(s.node.was)); err != nil {
				return err
			}
		}
	}
	for _, key := range u.Members {
		if s := u.byID[key]; s != nil && s.node != nil {
			if err := u.actor.Require(access.UsersManage, above(s.node.was)); err != nil {
				return err
			}
		}
	}
	for _, w := range u.UnitsWas {
		if err := u.actor.Require(access.UsersManage, u.unitAt(w.After.ID)); err != nil {
			return err
		}
	}
	for _, d := range u.Directed {
		if err := u.actor.Require(access.AddressesManage, u.unitAt(d.Unit)); err != nil {
			return err
		}
	}
	for _, w := range u.MembersWas {
		at := tree.Top
		if m := u.byID[w.After.ID]; m != nil {
			at = m.node.at()
		}
		if err := u.actor.Require(access.UsersManage, at); err != nil {
			return err
		}
		if !sameLimit(w.Before.Approval, w.After.Approval) {
			if err := u.actor.Require(access.LimitsManage, at); err != nil {
				return err
			}
			if w.After.ID == u.actor.Member {
				return company.ErrOwnLimit
			}
		}
	}
	for _, m := range u.Moved {
		if !m.Itself {
			continue
		}
		for _, at := range []tree.Path{above(m.Is), above(m.Was)} {
			if err := u.actor.Require(access.UsersManage, at); err != nil {
				return err
			}
		}
	}
	return u.mayTakeRights()
}

func (u *undoing) mayTakeRights() error {
	made := map[id.Assignment]bool{}
	for _, key := range u.Assignments {
		made[key] = true
	}
	for _, a := range u.all {
		if made[a.ID] {
			if err := u.actor.Require(access.RolesManage, a.Place); err != nil && !slices.Contains(u.Members, a.Member) {
				return err
			}
		}
	}
	if err := u.mayBringBack(made); err != nil {
		return err
	}
	for _, a := range u.Gone {
		at := u.unitAt(a.Unit)
		if err := u.actor.Require(access.RolesManage, at); err != nil {
			return err
		}
		if r := u.byRole[a.Role]; r != nil {
			if err := u.actor.RequireToGive(r.before.Set, at, a.Member); err != nil {
				return err
			}
		}
	}
	if len(u.Roles)+len(u.RolesWas) > 0 {
		if err := u.actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
	}
	held := map[id.Role][]access.Assignment{}
	for _, a := range u.all {
		if !a.Ended(u.now) && !made[a.ID] {
			held[a.Role] = append(held[a.Role], a)
		}
	}
	for _, w := range u.RolesWas {
		for _, a := range held[w.Before.ID] {
			if err := u.actor.RequireToGive(w.Before.Set, a.Place, a.Member); err != nil {
				return err
			}
		}
		if err := u.actor.RequireToGive(w.Before.Set.Without(w.After.Set), tree.Top, id.Member{}); err != nil {
			return err
		}
	}
	for _, key := range u.CostCentres {
		if c := u.byCode[key]; c != nil {
			if err := u.actor.Require(access.CostCentresManage, u.unitAt(c.before.Unit)); err != nil {
				return err
			}
		}
	}
	for _, w := range u.CostCentresWas {
		for _, unit := range []id.Unit{w.Before.Unit, w.After.Unit} {
			if err := u.actor.Require(access.CostCentresManage, u.unitAt(unit)); err != nil {
				return err
			}
		}
	}
	if len(u.Addresses)+len(u.AddressesWas) > 0 {
		if err := u.actor.Require(access.AddressesManage, tree.Top); err != nil {
			return err
		}
	}
	return u.mayBudgets()
}

var errSince = fault.Define(fault.Refused, "import.since", "something has been changed since the import")

// unchanged tells of what has been changed since the import.
func (u *undoing) unchanged() {
	since := func(name string) { u.depends(errSince.With("“%s” has been changed since the import", name)) }
	newer(u.UnitsWas, u.byUnit, func(x company.Unit) (id.Unit, int64, string) { return x.ID, x.Version, x.Code }, since)
	newer(u.MembersWas, u.byID, func(m company.Member) (id.Member, int64, string) { return m.ID, m.Version, m.Name }, since)
	newer(u.RolesWas, u.byRole, func(r access.Role) (id.Role, int64, string) { return r.ID, r.Version, r.Name }, since)
	newer(u.BudgetsWas, u.byFund, func(b budget.Budget) (id.Budget, int64, string) { return b.ID, b.Version, b.Name }, since)
	newer(u.CostCentresWas, u.byCode, func(c budget.CostCentre) (id.CostCentre, int64, string) { return c.ID, c.Version, c.Code }, since)
	for _, w := range u.AddressesWas {
		if s := u.state.book[w.After.Label]; s == nil || s.before != w.After.address() {
			since(w.After.Label)
		}
	}
	have := map[id.Assignment]bool{}
	for _, a := range u.all {
		have[a.ID] = true
	}
	for _, key := range u.Assignments {
		if !have[key] {
			u.depends(errSince.With("a role that the import gave has been taken away since"))
			break
		}
	}
	for _, a := range u.Gone {
		if u.byRole[a.Role] == nil || u.byID[a.Member] == nil {
			u.depends(errSince.With("a role that the import changed is gone"))
		}
	}
}

// newer tells of what is not as it became any more: it has another version, or is gone.
func newer[K comparable, T any, S interface{ old() T }](all []was[T], now map[K]S, known func(T) (key K, version int64, name string), tell func(name string)) {
	for _, w := range all {
		key, before, _ := known(w.Before)
		_, _, name := known(w.After)
		s, there := now[key]
		if !there {
			tell(name)
			continue
		}
		if _, version, _ := known(s.old()); version != before+1 {
			tell(name)
		}
	}
}

var errBelow = fault.Define(fault.Refused, "import.below", "something stands where the import has put something")

// empty tells of whoever stands below what was made or moved, and was put there since; and of what has moved since.
func (u *undoing) empty() {
	ours := map[*node]bool{}
	find := func(n company.Node) *node {
		if m := u.byID[n.Member]; m != nil {
			return m.node
		}
		if s := u.byUnit[n.Unit]; s != nil {
			return s.node
		}
		return nil
	}
	for _, key := range u.Units {
		if s := u.byUnit[key]; s != nil && s.node != nil {
			ours[s.node] = true
			u.uuids[key.UUID()] = s.before.Code
			continue
		}
		u.depends(errSince.With("a unit that the import made has been archived since"))
	}
	for _, key := range u.Members {
		if m := u.byID[key]; m != nil && m.node != nil {
			ours[m.node] = true
			u.uuids[key.UUID()] = m.before.Name
			continue
		}
		u.depends(errSince.With("somebody whom the import brought has left since"))
	}
	for _, m := range u.Moved {
		n := find(m.Is)
		if n == nil || n.was.Path != m.Is.Path {
			u.depends(errSince.With("“%s” has been moved since the import", u.called(m.Is)))
			continue
		}
		ours[n] = true
	}
	for _, n := range u.nodes {
		if !ours[n] && n.above != nil && ours[n.above] {
			u.depends(errBelow.With("“%s” stands below “%s” since the import", u.nameOf(n), u.nameOf(n.above)))
		}
	}
	again := map[id.Unit]bool{}
	for _, key := range u.Units {
		again[key] = true
	}
	for _, w := range u.UnitsWas {
		again[w.After.ID] = true
	}
	for _, key := range u.CostCentres {
		if c := u.byCode[key]; c != nil {
			u.uuids[key.UUID()] = c.before.Code
		}
	}
	for _, s := range u.byUnit {
		if c := u.uuids[s.before.CostCentre.UUID()]; c != "" && !again[s.before.ID] {
			u.named("unit", c)
		}
	}
	for _, key := range u.Roles {
		if r := u.byRole[key]; r != nil {
			u.uuids[key.UUID()] = r.before.Name
		}
	}
	labels := map[id.Address]string{}
	for _, a := range u.state.book {
		labels[a.before.ID] = a.before.Label
	}
	for _, key := range u.Addresses {
		u.uuids[key.UUID()] = labels[key]
	}
	for _, key := range u.Budgets {
		if b := u.byFund[key]; b != nil {
			u.uuids[key.UUID()] = b.before.Name
		}
	}
}

func (u *undoing) nameOf(n *node) string {
	if n == nil {
		return ""
	}
	return u.called(n.Node)
}

// called is what a unit or member is called, though it may stand nowhere any more; "?" for what is not there at all.
func (u *undoing) called(n company.Node) string {
	if m := u.byID[n.Member]; m != nil {
		return m.before.Name
	}
	if s := u.byUnit[n.Unit]; s != nil {
		return s.before.Code
	}
	return "?"
}

// write takes everything back: what names something before what is named.
func (u *undoing) write(ctx context.Context) error {
	key := u.actor.Company
	u.tx.Access.DeleteAssignments(key, u.Assignments)
	u.restore()
	if err := u.alone(ctx, "budget", keys(u.Budgets)); err != nil {
		return err
	}
	for _, k := range u.Budgets {
		u.tx.Budgets.Delete(key, k)
	}
	if err := u.alone(ctx, "cost_centre", keys(u.CostCentres), "unit"); err != nil { // of units empty has looked
		return err
	}
	for _, k := range u.CostCentres {
		u.tx.Budgets.DeleteCostCentre(key, k)
	}
	if err := u.alone(ctx, "address", keys(u.Addresses), "member_address"); err != nil { // what is usual to somebody goes with it
		return err
	}
	for _, k := range u.Addresses {
		u.tx.Companies.DeleteAddress(key, k)
	}
	if err := u.uninvite(ctx); err != nil {
		return err
	}
	if err := u.alone(ctx, "member", keys(u.Members), "node", "notice"); err != nil {
		return err
	}
	if err := u.alone(ctx, "unit", keys(u.Units), "node"); err != nil {
		return err
	}
	if err := u.alone(ctx, "role", keys(u.Roles)); err != nil {
		return err
	}
	if err := u.unmentioned(ctx); err != nil {
		return err
	}
	u.remove()
	return u.restoreRights(ctx)
}

// uninvite takes the invitations of those who have not accepted out of the world, with the mails that have not left.
func (u *undoing) uninvite(ctx context.Context) error {
	for part := range slices.Chunk(u.Members, 1000) {
		var open []company.Invitation
		u.tx.Companies.WantInvitationsOf(&open, u.actor.Company, part)
		if err := u.tx.Fetch(ctx); err != nil {
			return err
		}
		for _, i := range open {
			u.tx.Notices.DeleteWaiting(u.actor.Company, i.ID.String())
		}
	}
	u.tx.Companies.DeleteInvitationsOf(u.actor.Company, u.Members)
	return nil
}

func keys[K any](all []K) []any {
	out := make([]any, len(all))
	for i, k := range all {
		out[i] = k
	}
	return out
}

// restore makes of what was changed what it was.
func (u *undoing) restore() {
	key := u.actor.Company
	for _, w := range u.UnitsWas {
		u.tx.Companies.UpdateUnit(key, w.Before)
	}
	for _, w := range u.MembersWas {
		u.tx.Companies.UpdateMember(key, u.asWas(w))
	}
	for _, m := range u.Moved {
		u.tx.Companies.SetNode(key, m.Was, m.Stood)
	}
	for _, w := range u.CostCentresWas {
		u.tx.Budgets.UpdateCostCentre(w.Before)
	}
	for _, w := range u.BudgetsWas {
		u.tx.Budgets.Update(w.Before)
	}
	for _, d := range u.Directed {
		u.tx.Companies.PutDirections(key, d.Unit, d.Before)
	}
	u.restoreBook()
}

// asWas is a member as they were before the import. What it did not change stays as it is: records of older imports do not have
// all of it, and people change their phone themselves.
func (u *undoing) asWas(w was[company.Member]) company.Member {
	m := w.Before
	is := u.byID[m.ID]
	if is == nil {
		return m
	}
	if w.Before.Phone == w.After.Phone || w.After.Phone != is.before.Phone {
		m.Phone = is.before.Phone
	}
	if w.Before.Name == w.After.Name && w.Before.First == w.After.First {
		m.First = is.before.First
	}
	if w.Before.External == w.After.External {
		m.External = is.before.External
	}
	return m
}

// restoreBook makes of addresses what they were: also of those that only ceased to be the usual ones.
func (u *undoing) restoreBook() {
	key := u.actor.Company
	usual, billing := u.Usual, u.UsualBilling
	for _, w := range u.AddressesWas {
		if w.Before.TheUsual {
			usual = w.Before.ID
		}
		if w.Before.UsualBilling {
			billing = w.Before.ID
		}
	}
	if !usual.IsZero() {
		u.tx.Companies.SetNoUsual(key)
	}
	if !billing.IsZero() {
		u.tx.Companies.SetNoUsualBilling(key)
	}
	again := map[id.Address]bool{}
	for _, w := range u.AddressesWas {
		u.tx.Companies.UpdateAddress(key, w.Before.address())
		again[w.Before.ID] = true
	}
	for _, a := range sorted(u.state.book) {
		if b := a.before; !again[b.ID] && (b.ID == usual || b.ID == billing) {
			b.Usual, b.UsualBilling = b.ID == usual || usual.IsZero() && b.Usual, b.ID == billing || billing.IsZero() && b.UsualBilling
			u.tx.Companies.UpdateAddress(key, b)
		}
	}
}

// remove removes what was made, from the bottom up.
func (u *undoing) remove() {
	key := u.actor.Company
	var nodes []*node
	for _, k := range u.Units {
		nodes = append(nodes, u.byUnit[k].node)
	}
	for _, k := range u.Members {
		nodes = append(nodes, u.byID[k].node)
	}
	slices.SortStableFunc(nodes, func(a, b *node) int { return b.was.Path.Depth() - a.was.Path.Depth() })
	gone := make([]company.Node, len(nodes))
	for i, n := range nodes {
		gone[i] = n.was
	}
	u.tx.Companies.DeleteNodes(key, gone)
	u.tx.Notices.DeleteFor(key, u.Members)
	u.tx.Companies.DeleteMembers(key, u.Members)
	u.tx.Accounts.DeleteUnused(u.Accounts)
	for _, k := range u.Units {
		u.tx.Companies.DeleteUnit(key, k)
	}
	for _, k := range u.Roles {
		u.tx.Access.DeleteRole(key, k)
	}
}

// restoreRights gives back what was taken, and looks once at what has come of all.
func (u *undoing) restoreRights(ctx context.Context) error {
	var permitted []step.Permitted
	for _, w := range u.RolesWas {
		permitted = append(permitted, step.Permitted{Before: w.After, After: w.Before})
	}
	if len(u.Gone)+len(permitted) > 0 {
		if err := step.GiveMany(ctx, u.tx, u.actor, u.Gone, permitted); err != nil {
			return err
		}
	}
	if len(u.Assignments) == 0 {
		return nil
	}
	return step.KeepAdministrator(ctx, u.tx, u.actor.Company, id.Member{}, id.Assignment{})
}

// dependents are what names something, as one says it.
var dependents = map[string]locale.Phrase{
	"assignment": locale.Say("a role that was given since"), "cost_centre": locale.Say("a cost centre"), "unit": locale.Say("a unit"), "cart": locale.Say("a cart"), "budget": locale.Say("a budget"),
	"purchase_order": locale.Say("a purchase order"), "orders": locale.Say("an order"), "ask": locale.Say("a purchase order"), "decision": locale.Say("a decision"), "approval_rule": locale.Say("an approval rule"),
	"approval_rule_version": locale.Say("an approval rule"), "separation": locale.Say("a rule of separation of duty"), "audit": locale.Say("what they have done since"),
	"unit_address": locale.Say("where goods and invoices of a unit go"),
	"purse":        locale.Say("what was spent of it"), "ledger": locale.Say("what was spent of it"), "session": locale.Say("a session"), "invitation": locale.Say("an invitation that was accepted, or that they sent"), "permission_use": locale.Say("what they have done since"),
}

func (u *undoing) named(table, name string) {
	what, known := dependents[table]
	if !known {
		what = locale.Say("something else")
	}
	u.depends(ErrDepends.With("something depends on “%s”: %s", name, what))
}

// alone is nil when nothing names these rows of a table any more.
func (u *undoing) alone(ctx context.Context, of string, rows []any, but ...string) error {
	found, err := u.tx.Views.ListDependents(ctx, u.actor.Company, of, rows, but...)
	if err != nil {
		return err
	}
	for _, d := range found {
		u.named(d.Table, u.uuids[d.Key])
	}
	return u.refused()
}

// unmentioned is nil when no text of a rule, a budget or a cart names anything that was made.
func (u *undoing) unmentioned(ctx context.Context) error {
	var texts []view.Mention
	u.tx.Views.WantMentions(&texts, u.actor.Company)
	if err := u.tx.Fetch(ctx); err != nil {
		return err
	}
	outside := map[string]string{}
	note := func(k interface {
		String() string
		UUID() string
	}) {
		outside[k.String()] = u.uuids[k.UUID()]
	}
	for _, k := range u.Units {
		note(k)
	}
	for _, k := range u.Members {
		note(k)
	}
	for _, k := range u.Roles {
		note(k)
	}
	for _, k := range u.CostCentres {
		note(k)
	}
	for _, k := range u.Addresses {
		note(k)
	}
	for _, t := range texts {
		for _, word := range strings.FieldsFunc(t.Text, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
			if name, ours := outside[word]; ours {
				u.named(t.Table, name)
			}
		}
	}
	return u.refused()
}

// tell tells what has become of what had been changed, and that whom it had brought has left. What else was made is gone, which
// the import's own event says.
func (u *undoing) tell() {
	for _, key := range u.Members {
		u.tx.Tell(u.actor, company.MemberWasDeactivated{MemberID: key, Place: u.byID[key].node.was.Path})
	}
	for _, w := range u.UnitsWas {
		if w.Before.Facts() != w.After.Facts() {
			u.tx.Tell(u.actor, company.UnitWasEdited{UnitID: w.After.ID, Before: w.After.Facts(), After: w.Before.Facts()})
		}
	}
	for _, d := range u.Directed {
		if !slices.Contains(u.Units, d.Unit) {
			u.tx.Tell(u.actor, company.UnitWasDirected{UnitID: d.Unit, Before: d.After, After: d.Before})
		}
	}
	for _, w := range u.MembersWas {
		u.tx.Tell(u.actor, company.MemberWasEdited{MemberID: w.After.ID, Before: w.After.Facts(), After: w.Before.Facts(), Renamed: w.Before.Name != w.After.Name})
	}
	for _, m := range u.Moved {
		if m.Itself {
			u.tx.Tell(u.actor, company.NodeWasMoved{UnitID: m.Is.Unit, MemberID: m.Is.Member, Before: m.Is.Path, After: m.Was.Path})
		}
	}
	for _, w := range u.RolesWas {
		u.tx.Tell(u.actor, edited(w.After, w.Before))
	}
	for _, key := range u.Roles {
		if r := u.byRole[key]; r != nil {
			u.tx.Tell(u.actor, access.RoleWasDeleted{RoleID: key, Before: r.before.Facts(), Permissions: r.before.Set.Codes()})
		}
	}
	made := map[id.Assignment]bool{}
	for _, key := range u.Assignments {
		made[key] = true
	}
	newcomers := map[id.Member]bool{}
	for _, key := range u.Members {
		newcomers[key] = true
	}
	for _, a := range u.all {
		if r := u.byRole[a.Role]; made[a.ID] && r != nil && !newcomers[a.Member] {
			u.tx.Tell(u.actor, a.Revoked(r.before))
		}
	}
	for _, a := range u.Gone {
		if r := u.byRole[a.Role]; r != nil {
			u.tx.Tell(u.actor, a.Assigned(r.before))
		}
	}
	for _, w := range u.CostCentresWas {
		u.tx.Tell(u.actor, centreWasSet(budget.CostCentre(w.Before)))
	}
	for _, w := range u.BudgetsWas {
		u.tx.Tell(u.actor, budgetWasSet(w.Before))
	}
	for _, w := range u.AddressesWas {
		u.tx.Tell(u.actor, company.AddressWasEdited{AddressID: w.Before.ID, Label: w.Before.Label})
	}
}
