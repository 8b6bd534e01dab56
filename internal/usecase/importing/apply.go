package importing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Look says what a file would do, row by row, and what is wrong with it. Nothing changes.
func (s *Service) Look(ctx context.Context, actor access.Actor, key id.Import) (Preview, error) {
	return s.look(ctx, actor, key, shownErrors)
}

func (s *Service) look(ctx context.Context, actor access.Actor, key id.Import, most int) (p Preview, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		i, book, err := s.find(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		if err := mayImport(actor); err != nil {
			return err
		}
		if i.State != exchange.ImportStaged {
			return exchange.ErrImportState
		}
		drawn, err := draw(ctx, tx, actor, i, &book, nil)
		if err != nil {
			return err
		}
		p = drawn.Preview
		p.Errors = p.Errors[:min(len(p.Errors), most)]
		return nil
	})
	return p, err
}

// ErrRows is the fault of a file that something is wrong with; its fields say in which rows.
var ErrRows = fault.Define(fault.Refused, "import.rows", "something is wrong with some rows, so nothing was changed")

// refused is the fault of a plan that something is wrong with.
func (p Preview) refused() error {
	if p.Wrong == 0 {
		return nil
	}
	f := *ErrRows
	for _, e := range p.Errors[:min(len(p.Errors), shownErrors)] {
		f.Fields = append(f.Fields, fault.Field{Name: fmt.Sprintf("%s.%d.%s", e.Sheet, e.Row, e.Field), Code: e.Code, Format: e.Why.Format, Args: e.Why.Args})
	}
	return &f
}

// record is what an import has made, and what it has changed was before: all that is needed to undo it.
type record struct {
	Units       []id.Unit
	Members     []id.Member
	Accounts    []id.Account
	Roles       []id.Role
	Assignments []id.Assignment
	CostCentres []id.CostCentre
	Addresses   []id.Address
	Budgets     []id.Budget

	UnitsWas       []was[company.Unit]
	MembersWas     []was[company.Member]
	RolesWas       []was[access.Role]
	Gone           []access.Assignment
	CostCentresWas []was[budget.CostCentre]
	AddressesWas   []was[addressKept]
	BudgetsWas     []was[budget.Budget]
	Directed       []directedWas
	Moved          []movedNode
	Usual          id.Address // the usual address before, where there is another now
	UsualBilling   id.Address // … and the one for invoices
}

// was is what something was, and what became of it.
type was[T any] struct{ Before, After T }

// addressKept is an address with all that is kept of it.
type addressKept struct {
	company.Address
	ForGoods, ForInvoices, TheUsual bool
}

func kept(a company.Address) addressKept { return addressKept{a, a.Delivers, a.Bills, a.Usual} }

func (k addressKept) address() company.Address {
	k.Address.Delivers, k.Address.Bills, k.Address.Usual = k.ForGoods, k.ForInvoices, k.TheUsual
	return k.Address
}

// movedNode is a node that stands elsewhere.
type movedNode struct {
	Was, Is company.Node
	Stood   company.Node // right above it before
	Itself  bool         // and not only with what is above it
}

// errLabels says that somebody else has taken the labels of new nodes, which cannot be: a company has one writer.
var errLabels = errors.New("importing: the labels of new nodes were taken meanwhile")

// write does what a plan says.
func (p *plan) write(ctx context.Context, tx *store.Tx) (*record, error) {
	r := &record{}
	if len(p.made) > 0 {
		last, err := tx.Companies.GetLabels(ctx, p.actor.Company, len(p.made))
		if err != nil {
			return nil, err
		}
		if last != p.labels {
			return nil, errLabels
		}
	}
	p.writeStructure(tx, r)
	if len(r.Units)+len(r.Members) > veryMany {
		tx.Companies.SetGrown()
	}
	p.writeCentres(tx, r)
	p.writeBook(tx, r)
	p.writeDirections(tx, r)
	p.writeFunds(tx, r)
	if err := p.writeRights(ctx, tx, r); err != nil {
		return nil, err
	}
	if len(r.Assignments) > veryMany {
		tx.Access.SetGrown()
	}
	return r, nil
}

// veryMany is from how many rows on a table has grown so much that the database has to look at it anew.
const veryMany = 1000

// writeStructure writes units, members and where they stand: what is above before what is below.
func (p *plan) writeStructure(tx *store.Tx, r *record) {
	insert, update := of(p, tx.Companies.InsertUnit), of(p, tx.Companies.UpdateUnit)
	for _, u := range p.units {
		if u.save(insert, update, &r.UnitsWas) {
			r.Units = append(r.Units, u.after.ID)
		}
	}
	p.newcomers(tx, r)
	made := slices.Clone(p.made)
	slices.SortStableFunc(made, func(a, b *node) int { return a.Path.Depth() - b.Path.Depth() })
	for _, n := range made {
		tx.Companies.InsertNode(p.actor.Company, n.Node, n.above.Node)
	}
	for _, n := range p.nodes {
		if n.fresh || n.Path == n.was.Path {
			continue
		}
		m := movedNode{Was: n.was, Is: n.Node, Itself: n.above != n.stood}
		if n.stood != nil {
			m.Stood = n.stood.was
		}
		above := company.Node{}
		if n.above != nil {
			above = n.above.Node
		}
		tx.Companies.SetNode(p.actor.Company, n.Node, above)
		r.Moved = append(r.Moved, m)
	}
}

// newcomers makes members of those who are new: the one place here where somebody gets an account.
func (p *plan) newcomers(tx *store.Tx, r *record) {
	for _, m := range p.members {
		if m.fresh && m.made {
			tx.Accounts.Insert(m.account)
			r.Accounts = append(r.Accounts, m.account.ID)
		}
	}
	insert, update := of(p, tx.Companies.InsertMember), of(p, tx.Companies.UpdateMember)
	for _, m := range p.members {
		if m.save(insert, update, &r.MembersWas) {
			r.Members = append(r.Members, m.after.ID)
		}
	}
}

// of is a write to the plan's company.
func of[T any](p *plan, write func(id.Company, T)) func(T) {
	return func(t T) { write(p.actor.Company, t) }
}

func (p *plan) writeCentres(tx *store.Tx, r *record) {
	for _, c := range p.centres {
		if c.save(tx.Budgets.InsertCostCentre, tx.Budgets.UpdateCostCentre, &r.CostCentresWas) {
			r.CostCentres = append(r.CostCentres, c.after.ID)
		}
	}
}

func (p *plan) writeBook(tx *store.Tx, r *record) {
	for _, a := range p.book {
		if a.after.Usual && !a.before.Usual {
			r.Usual = p.state.those(func(a company.Address) bool { return a.Usual })
			tx.Companies.SetNoUsual(p.actor.Company)
		}
		if a.after.UsualBilling && !a.before.UsualBilling {
			r.UsualBilling = p.state.those(func(a company.Address) bool { return a.UsualBilling })
			tx.Companies.SetNoUsualBilling(p.actor.Company)
		}
	}
	insert, update := of(p, tx.Companies.InsertAddress), of(p, tx.Companies.UpdateAddress)
	var changed []was[company.Address]
	for _, a := range p.book {
		if a.save(insert, update, &changed) {
			r.Addresses = append(r.Addresses, a.after.ID)
		}
	}
	for _, w := range changed {
		r.AddressesWas = append(r.AddressesWas, was[addressKept]{kept(w.Before), kept(w.After)})
	}
}

// writeRights writes roles and who has them, and then looks once whether any rule of separation of duty is broken, and
// whether there is still an administrator.
func (p *plan) writeRights(ctx context.Context, tx *store.Tx, r *record) error {
	var permitted []step.Permitted
	for _, role := range p.roles {
		if role.fresh {
			tx.Access.InsertRole(p.actor.Company, role.after)
			r.Roles = append(r.Roles, role.after.ID)
			continue
		}
		permitted = append(permitted, step.Permitted{Before: role.before, After: role.after})
		r.RolesWas = append(r.RolesWas, was[access.Role]{Before: role.before, After: role.after})
	}
	var ended []id.Assignment
	for _, a := range p.gone {
		ended = append(ended, a.ID)
	}
	tx.Access.DeleteAssignments(p.actor.Company, ended)
	r.Gone = p.gone
	fresh := make([]access.Assignment, len(p.fresh))
	for i, g := range p.fresh {
		fresh[i] = g.Assignment
		r.Assignments = append(r.Assignments, g.ID)
	}
	if len(fresh)+len(permitted) > 0 {
		if err := step.GiveMany(ctx, tx, p.actor, fresh, permitted); err != nil {
			return err
		}
	}
	if len(ended) > 0 {
		return step.KeepAdministrator(ctx, tx, p.actor.Company, id.Member{}, id.Assignment{})
	}
	return nil
}

// toldAtOnce is how many assignments one event tells of: a page of the audit is read whole, with all that its events say.
const toldAtOnce = 100

// tell tells what has become of everything, as the single acts and the building of a structure do.
func (p *plan) tell(tx *store.Tx, r *record) {
	if len(r.Units)+len(r.Members) > 0 {
		tx.Tell(p.actor, company.StructureWasBuilt{CompanyID: p.actor.Company, Units: r.Units, Members: r.Members})
	}
	for _, w := range r.UnitsWas {
		if w.Before.Facts() != w.After.Facts() {
			tx.Tell(p.actor, company.UnitWasEdited{UnitID: w.After.ID, Before: w.Before.Facts(), After: w.After.Facts()})
		}
	}
	for _, d := range r.Directed {
		tx.Tell(p.actor, company.UnitWasDirected{UnitID: d.Unit, Before: d.Before, After: d.After})
	}
	for _, w := range r.MembersWas {
		tx.Tell(p.actor, company.MemberWasEdited{MemberID: w.After.ID, Before: w.Before.Facts(), After: w.After.Facts(), Renamed: w.Before.Name != w.After.Name})
	}
	for _, m := range r.Moved {
		if m.Itself {
			tx.Tell(p.actor, company.NodeWasMoved{UnitID: m.Is.Unit, MemberID: m.Is.Member, Before: m.Was.Path, After: m.Is.Path})
		}
	}
	for _, role := range p.roles {
		if role.fresh {
			tx.Tell(p.actor, access.RoleWasCreated{RoleID: role.after.ID, After: role.after.Facts(), Permissions: role.after.Set.Codes()})
			continue
		}
		tx.Tell(p.actor, edited(role.before, role.after))
	}
	for _, a := range p.gone {
		tx.Tell(p.actor, a.Revoked(p.byRole[a.Role].after))
	}
	for part := range slices.Chunk(p.fresh, toldAtOnce) {
		e := access.WereAssigned{CompanyID: p.actor.Company}
		for _, g := range part {
			e.Assignments = append(e.Assignments, g.Assigned(g.role.after))
		}
		tx.Tell(p.actor, e)
	}
	for _, c := range p.centres {
		if c.fresh || c.changed {
			tx.Tell(p.actor, centreWasSet(c.after))
		}
	}
	for _, a := range p.book {
		if a.fresh {
			tx.Tell(p.actor, company.AddressWasAdded{AddressID: a.after.ID, Label: a.after.Label})
			continue
		}
		tx.Tell(p.actor, company.AddressWasEdited{AddressID: a.after.ID, Label: a.after.Label})
	}
	for _, b := range p.funds {
		if b.fresh || b.changed {
			tx.Tell(p.actor, budgetWasSet(b.after))
		}
	}
	if len(r.Units)+len(r.Members)+len(r.Moved)+len(r.RolesWas)+len(r.Gone)+len(r.Assignments)+len(p.centres) > 0 {
		tx.Companies.SetRightsChanged(p.actor.Company)
	}
}

func edited(before, after access.Role) access.RoleWasEdited {
	return access.RoleWasEdited{RoleID: after.ID, Before: before.Facts(), After: after.Facts(), Added: after.Set.Without(before.Set).Codes(), Removed: before.Set.Without(after.Set).Codes()}
}

func centreWasSet(c budget.CostCentre) budget.CostCentreWasSet {
	return budget.CostCentreWasSet{CostCentreID: c.ID, Code: c.Code, Name: c.Name, Manager: c.Manager}
}

// above is the place right above a node.
func above(n company.Node) tree.Path { return n.Path.Parent() }
