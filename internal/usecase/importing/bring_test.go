package importing_test

import (
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
)

// Kim manages people and roles of the whole company, and approves in Operations: a file of hers gives nobody more than that,
// neither by what it moves, nor by a role that somebody was promised or that all get.
func TestAFileGivesNobodyMoreThanItsSenderHolds(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, g, people := st.Context(), st.w.Dan, granting.New(st.w.DB), organising.New(st.w.DB)
		role := func(name string, leaves ...access.Permission) id.Role {
			r, err := g.CreateRole(ctx, dan, granting.CreateRoleInput{Name: name, Permissions: access.SetOf(leaves...)})
			st.must(err)
			return r.ID
		}
		give := func(to access.Actor, r id.Role, at id.Unit) {
			_, err := g.Assign(ctx, dan, granting.AssignInput{Member: to.Member, Role: r, Unit: at})
			st.must(err)
		}
		ops, fin := st.w.Units["ops"], st.w.Units["fin"]
		m, err := people.AddMember(ctx, dan, organising.AddMemberInput{Email: "kim@acme.example", First: "Kim", Under: company.Node{Unit: ops}})
		st.must(err)
		kim, err := st.w.Actor(ctx, st.w.Acme, m.ID)
		st.must(err)
		give(kim, role("Keeper", access.UsersManage, access.RolesManage), id.Unit{})
		give(kim, role("Decider", access.PurchaseOrdersApprove), ops)
		promised, usual := role("Promised", access.PurchaseOrdersView), role("Usual", access.PurchaseOrdersView)
		give(st.w.Ann, promised, ops)
		give(st.w.Ann, usual, ops)
		st.must(g.SetDefaultRole(ctx, dan, usual))
		_, err = people.Invite(ctx, dan, organising.InviteInput{People: []organising.Guest{{Email: "zed@acme.example", First: "Zed", Under: company.Node{Unit: fin},
			Offers: []company.Offer{{Role: promised, Unit: fin}}}}})
		st.must(err)
		kim = st.now(kim)
		for _, c := range []struct{ says, name, file, want string }{
			{"what Zed gets in Finance", "roles.csv", "role,permissions\nPromised,\"purchase_orders.view, purchase_orders.approve\"\n", "you cannot give"},
			{"what all get who come", "roles.csv", "role,permissions\nUsual,\"purchase_orders.view, purchase_orders.approve\"\n", "you cannot give"},
			{"what Kim would approve then", "units.csv", "code,name,below\nfin,Finance,ops\n", "is held over what you move"},
			{"by a unit that is new", "units.csv", "code,name,below\nnew,New,ops\nfin,Finance,new\n", "is held over what you move"},
			{"whom she would lead", "members.csv", "email,below\ncleo@acme.example,kim@acme.example\n", "nobody puts others below themselves"},
			{"whom she would lead, by somebody new", "members.csv", "email,first_name,below\nnew@acme.example,New,kim@acme.example\ncleo@acme.example,,new@acme.example\n", "nobody puts others below themselves"},
			{"the unit that Kim stands in", "units.csv", "code,name,below\nops,Operations,fin\n", "nobody moves themselves"},
			{"her own limit", "members.csv", "email,limit\nkim@acme.example,5\n", "you need the permission"},
		} {
			if got := st.look(kim, st.stage(kim, c.name, []byte(c.file))); !strings.Contains(got, c.want) {
				st.Errorf("%s: %s", c.says, got)
			}
		}
		if got := st.look(dan, st.stage(dan, "members.csv", []byte("email,limit\ndan@acme.example,5\n"))); !strings.Contains(got, "nobody sets their own approval limit") {
			st.Errorf("Dan limits himself: %s", got)
		}
	})
}
