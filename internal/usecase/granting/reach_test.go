package granting_test

import (
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
)

// kim manages people and roles of the whole company, and approves in Operations.
func (st stage) kim() access.Actor {
	st.Helper()
	kim := st.join("Kim", company.Node{Unit: st.w.Units["fin"]})
	st.give(kim, st.role("Keeper", access.UsersManage, access.UsersView, access.RolesManage, access.RolesView).ID, id.Unit{})
	st.give(kim, st.role("Decider", access.PurchaseOrdersView, access.PurchaseOrdersApprove).ID, st.w.Units["ops"])
	return st.now(kim)
}

// Rights hold where units stand, so who moves a unit gives: no more than they hold where it stood.
func TestNobodyMovesIntoMoreThanTheyHold(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, people := st.Context(), st.w.Dan, organising.New(st.w.DB)
		kim := st.kim()
		unit := func(code string, under company.Node) company.Node {
			u, err := people.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: code, Name: code, Under: under})
			st.must(err)
			return company.Node{Unit: u.ID}
		}
		ops, acme := company.Node{Unit: st.w.Units["ops"]}, company.Node{Unit: st.w.Units["acme"]}
		south, west, east := unit("south", acme), unit("west", acme), unit("east", acme)
		ally := st.join("Ally", acme)
		st.give(ally, st.role("Spender", access.BudgetsManage).ID, west.Unit)
		lead := st.join("Lead", acme)
		within := unit("within", company.Node{Member: lead.Member})
		move := func(by access.Actor, node, under company.Node) error {
			return people.Move(ctx, by, organising.MoveInput{Node: node, Under: under})
		}
		st.refused("what Kim would approve then", move(kim, south, ops), access.ErrEscalation)
		st.refused("what Ally would spend then, which Kim does not", move(kim, south, west), access.ErrEscalation)
		st.refused("a member with a unit below is no other thing", move(kim, company.Node{Member: lead.Member}, west), access.ErrEscalation)
		st.refused("a member whose orders Kim would approve", move(kim, company.Node{Member: ally.Member}, ops), access.ErrEscalation)
		st.refused("the unit that Kim stands in", move(kim, company.Node{Unit: st.w.Units["fin"]}, south), company.ErrOwnPlace)
		st.must(move(kim, south, east))
		st.must(move(kim, company.Node{Member: st.w.Ann.Member}, west)) // who works where is for Kim to say
		st.must(move(dan, within, west))
		st.must(move(dan, south, ops))
		st.refused("… and not, where Kim would approve her orders", move(kim, company.Node{Member: st.w.Ann.Member}, south), access.ErrEscalation)
	})
}

// A role is given by whoever changes it: to those who have it, to those whom an invitation promises it, and to all who come,
// where it is what new members get.
func TestARoleIsGivenByWhoeverChangesIt(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, people := st.Context(), st.w.Dan, organising.New(st.w.DB)
		kim := st.kim()
		edit := func(r access.Role) error {
			now, err := st.s.GetRole(ctx, dan, r.ID)
			st.must(err)
			_, err = st.s.EditRole(ctx, kim, granting.EditRoleInput{ID: r.ID, Version: now.Version, Name: r.Name, Permissions: access.SetOf(access.PurchaseOrdersView, access.PurchaseOrdersApprove)})
			return err
		}
		here := st.role("Held in Operations", access.PurchaseOrdersView)
		st.give(st.join("Lee", company.Node{Unit: st.w.Units["ops"]}), here.ID, st.w.Units["ops"])
		st.must(edit(here))
		usual := st.role("What all get", access.PurchaseOrdersView)
		st.give(st.join("Lou", company.Node{Unit: st.w.Units["ops"]}), usual.ID, st.w.Units["ops"])
		st.must(st.s.SetDefaultRole(ctx, dan, usual.ID))
		st.refused("new members get it in the whole company", edit(usual), access.ErrEscalation)
		promised := st.role("Promised", access.PurchaseOrdersView)
		st.give(st.join("Liv", company.Node{Unit: st.w.Units["ops"]}), promised.ID, st.w.Units["ops"])
		_, err := people.Invite(ctx, dan, organising.InviteInput{People: []organising.Guest{{Email: "zed@acme.example", First: "Zed", Under: company.Node{Unit: st.w.Units["fin"]},
			Offers: []company.Offer{{Role: promised.ID, Unit: st.w.Units["fin"]}}}}})
		st.must(err)
		st.refused("Zed gets it in Finance", edit(promised), access.ErrEscalation)
	})
}

// What somebody had until yesterday can be given again.
func TestWhatHasEndedIsGivenAgain(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, role := st.Context(), st.w.Dan, st.w.Roles["observer"]
		cleo := granting.AssignInput{Member: st.w.Cleo.Member, Role: role}
		brief := cleo
		brief.Until = st.w.DB.Times().Add(time.Minute)
		_, err := st.s.Assign(ctx, dan, brief)
		st.must(err)
		st.refused("while it holds", second(st.s.Assign(ctx, dan, cleo)), access.ErrAssigned)
		st.w.DB.Engine().SetClock(func() time.Time { return brief.Until })
		st.must(second(st.s.Assign(ctx, dan, cleo)))
		p, err := organising.New(st.w.DB).Member(ctx, dan, st.w.Cleo.Member)
		st.must(err)
		n := 0
		for _, name := range p.Roles {
			if name == "Observer" {
				n++
			}
		}
		if n != 1 {
			st.Errorf("what has ended counts: %v", p.Roles)
		}
	})
}
