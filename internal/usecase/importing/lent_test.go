package importing_test

import (
	"strings"
	"testing"

	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// Whoever a company above lends is in the files of a company as anybody: they are given out and come in again unchanged, a file moves
// them, says what they are called there and gives them roles, and takes it back. Nobody else of that company can be named, and no
// file makes them anybody's own or lets them leave.
func TestFilesNameWhoIsLent(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		shop, people := onboarding.New(w.DB), organising.New(w.DB)
		belong := func(parent string) {
			t.Helper()
			c, err := shop.GetCustomer(ctx, w.Sam, w.Globex)
			st.must(err)
			st.must(shop.SetParent(ctx, w.Sam, onboarding.SetParentInput{Company: w.Globex, Version: c.Version, Parent: parent}))
		}
		belong("10001")
		ann, err := people.Borrow(ctx, w.Eve, organising.BorrowInput{Lent: w.Ann.Member, Role: w.GlobexRoles["buyer"]})
		st.must(err)
		seen := func() view.Person {
			t.Helper()
			p, err := people.Member(ctx, st.now(w.Eve), ann.ID)
			st.must(err)
			return p
		}
		unchanged := func(when string) {
			t.Helper()
			got := st.look(w.Eve, st.stage(w.Eve, "round.xlsx", st.export(w.Eve)))
			if strings.Contains(strings.ReplaceAll(got, " 0+0=", ""), "+") || !strings.Contains(got, "members 0+0=2") || !strings.Contains(got, "assignments 0+0=") {
				st.Errorf("%s, what was given out would do something: %s", when, got)
			}
		}
		eve := st.now(w.Eve)
		unchanged("as she came")
		i := st.apply(eve, st.stage(eve, "org.xlsx", book(st,
			sheetOf("Units", "Code|Name|Below", "lab|Laboratory|"),
			sheetOf("Members", "E-mail address|Job title|Approval limit|Below", "ann@acme.example|Guest|250|lab"),
			sheetOf("Assignments", "Member|Role|Unit", "ann@acme.example|Approver|lab"))))
		p := seen()
		if p.Title != "Guest" || p.UnitName != "Laboratory" || p.HomeName != "Acme Works" || p.Home != w.Acme || !p.Acts() || p.Approval == nil || len(p.Assigned) != 2 {
			st.Errorf("%+v", p)
		}
		if a, err := w.Actor(ctx, w.Globex, ann.ID); err != nil || !a.MaySomewhere(access.PurchaseOrdersApprove) {
			st.Error("what the file gave her she does not hold:", err)
		}
		unchanged("once a file has moved her")
		_, err = st.undone(eve, i)
		st.must(err)
		if p := seen(); p.Title != "Technician" || p.UnitName != "Globex" || p.Home != w.Acme || p.Approval != nil || len(p.Assigned) != 1 {
			st.Errorf("taken back, she is %+v", p)
		}
		for _, c := range []struct{ says, name, file, want string }{
			{"who is not lent has no roles here", "assignments.csv", "member,role\nbob@acme.example,Buyer\n", "assignments!2 member: there is no such member in your company"},
			{"nothing stands below them that stands above", "units.csv", "code,below\nglobex,ann@acme.example\n", "units!2 above: nothing can stand below itself"},
			{"nor is anything ordered for who is not there", "budgets.csv", "budget,amount,period,member\nX,5,month,bob@acme.example\n", "budgets!2 member: there is no such member"},
			{"she owns a budget", "budgets.csv", "budget,amount,period,member\nX,5,month,ann@acme.example\n", "budgets 1+0=0"},
			{"she manages a cost centre", "cost_centres.csv", "code,name,manager\n9,X,ann@acme.example\n", "cost_centres 1+0=0"},
		} {
			if got := st.look(st.now(w.Eve), st.stage(st.now(w.Eve), c.name, []byte(c.file))); !strings.HasPrefix(got, c.want) {
				st.Errorf("%s: %s", c.says, got)
			}
		}
		belong("") // she is on hold
		unchanged("while she is on hold")
		p = seen()
		st.must(people.Leave(ctx, st.now(w.Eve), organising.LeaveInput{ID: ann.ID, Version: p.Version}))
		if got := st.look(st.now(w.Eve), st.stage(st.now(w.Eve), "members.csv", []byte("email,title\nann@acme.example,Back\n"))); !strings.HasPrefix(got, "members!2 email: "+company.ErrInactive.Format) {
			st.Error("who has left is brought back by a file:", got)
		}
		list, err := people.Members(ctx, st.now(w.Eve), view.MemberFilter{Unheld: true}, page.Ask{})
		st.must(err)
		if len(list.Rows) != 0 {
			st.Errorf("who has left is on hold: %+v", list.Rows)
		}
	})
}
