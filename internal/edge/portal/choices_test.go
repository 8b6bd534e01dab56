package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/organising"
)

// A tree is drawn of so many and no more; whoever only chooses from the structure, or looks for somebody in it, does so in a company of
// any size.
func TestACompanyThatIsTooLargeToBeDrawnIsWorkedIn(t *testing.T) {
	storetest.Each(t, worksInALargeCompany)
}

func worksInALargeCompany(t *testing.T, db *store.DB) {
	w := bureauOn(t, db)
	built := w.crowd(1300) // one in ten is a unit
	organising.Draw(w.Organising, 500)
	dan, bob, last := w.desk(emails["dan"]), w.Bob.Member.String(), built.Members["m1168@acme.example"].String()
	equal(t, "the tree itself", dan.get("/structure/below").status, http.StatusUnprocessableEntity)

	for _, path := range []string{"/audit", "/members", "/members/" + last, "/members/" + last + "/leave", "/invitations/new", "/access", "/rules/new?preset=skus", "/budgets/new",
		"/cost-centres/new", "/account/deputies", "/deputies/new"} {
		page := dan.get(path)
		equal(t, path, page.status, http.StatusOK)
		if page.Find("[data-finder]").Length() == 0 {
			t.Errorf("nobody can be looked for at %s", path)
		}
	}
	found := func(query string) string {
		s := dan.get("/structure/find?" + query)
		equal(t, query, s.status, http.StatusOK)
		var all []string
		for _, n := range s.Find("[data-value]").EachIter() {
			all = append(all, n.AttrOr("data-label", "")+" ("+n.Find("small").Text()+")")
		}
		return strings.Join(all, ", ")
	}
	is(t, "a member", found("of=member&q=bob"), "Bob Boss (Head of operations · below Operations)")
	is(t, "the last of all", found("of=any&q=no.+1168"), "Member No. 1168 (Fitter · below "+dan.get("/members/"+last).Find("input[name=under_said]").AttrOr("value", "")+")")
	is(t, "a unit by its code", found("of=unit&q=u47"), "Unit 47 (u47 · below Unit 4)")
	is(t, "nothing is put below itself", found("of=any&q=boss&not="+w.Units["ops"].String()), "")
	is(t, "nobody", found("of=member&q=zzz"), "")
	equal(t, "no more than are proposed", strings.Count(found("of=any&q=member"), "("), 20)

	said := func(path, field string) string {
		s := dan.get(path)
		equal(t, path, s.status, http.StatusOK)
		return s.Find("input[name="+field+"_said]").AttrOr("value", "")
	}
	is(t, "who is chosen is shown by name", said("/audit?who="+last, "who"), "Member No. 1168 · Fitter")
	is(t, "so is who was typed", said("/audit?who=&who_was=&who_said="+url.QueryEscape("Bob Boss"), "who"), "Bob Boss · Head of operations")
	is(t, "and a unit by its code", said("/members?unit=&unit_was=&unit_said=u47", "unit"), "Unit 47")
	is(t, "where somebody stands", said("/members/"+bob, "under"), "Operations")
	moved := dan.post("/structure/move", "node", last, "back", "/members/"+last, "under", "", "under_was", "x", "under_said", "Bob Boss")
	tells(t, moved, "Member No. 1168 now stands below Bob Boss. The manager is Bob Boss.")
	is(t, "and where they stand now", moved.Find("input[name=under_said]").AttrOr("value", ""), "Bob Boss · Head of operations")
	equal(t, "Globex finds", w.desk(emails["eve"]).get("/structure/find?of=any&q=bob").Find("[data-value]").Length(), 0)
}
