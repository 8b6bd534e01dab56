package portal_test

import (
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/organising"
)

var joinLink = regexp.MustCompile(`https://kontor\.example(/join\?invitation=\S+)`)

// caught are the links in the mails that wait to leave, by whom they are for.
func (w *bureau) caught() map[string]string {
	w.t.Helper()
	links := map[string]string{}
	w.must(w.DB.Write(w.t.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
		due, err := tx.Notices.ListDue(w.t.Context(), 1000)
		for _, m := range due {
			if found := joinLink.FindStringSubmatch(m.Text); found != nil {
				links[m.Recipient] = found[1]
			}
		}
		return err
	}))
	return links
}

// stranger is a browser without scripts, of nobody.
func (w *bureau) stranger() *desk {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &desk{w, http.Client{Jar: jar}}
}

func TestDanInvitesPeople(t *testing.T) {
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	ops := w.Units["ops"].String()

	lines := "nora@acme.example\tNora\tNewman\tFitter\nnonsense\n\nNORA@acme.example; Nora\nann@acme.example\n\"Max Müller\" <max@acme.example>"
	bad := dan.post("/invitations", "people", lines, "under", ops)
	equal(t, "status", bad.status, http.StatusUnprocessableEntity)
	for _, said := range []string{"Nobody was invited yet", "Line 2, nonsense: An e-mail address looks like name@company.example.",
		"Line 4, NORA@acme.example: This address stands there twice.", "Line 5, ann@acme.example: This person is already a member of the company."} {
		tells(t, bad, said)
	}
	if kept := bad.Find("textarea[name=people]").Text(); strings.TrimPrefix(kept, "\n") != lines {
		t.Errorf("what was typed comes back as %q", kept)
	}
	if len(w.caught()) != 0 {
		t.Error("somebody was written to")
	}
	tells(t, dan.post("/invitations", "people", " \n"), "people are invited at once")
	bad = dan.post("/invitations", "people", "a@acme.example;;;;mars\nb@acme.example;;;;ops;King\nc@acme.example;;;;ops;Buyer @ mars", "under", ops)
	for _, said := range []string{"Line 1, a@acme.example: There is no unit of this code", "Line 2, b@acme.example: There is no such role", "Line 3, c@acme.example: There is no such role, or no unit of this code where it shall hold."} {
		tells(t, bad, said)
	}
	each := "fay@acme.example;Fay;Fox;Clerk;fin;Buyer @ fin + Approver\ngus@acme.example\nhal@acme.example\tHal\t\t\tbob@acme.example\nida@acme.example,Ida,,,Ann Archer"
	tells(t, dan.post("/invitations", "people", each, "under", ops, "role1", w.Roles["buyer"].String()), "4 people were invited.")
	for mail, said := range map[string][]string{"fay@": {"Finance", "Buyer at Finance and Approver"}, "gus@": {"Operations", "Buyer"}, "hal@": {"Bob Boss", "Buyer"}, "ida@": {"Ann Archer", "Buyer"}} {
		for _, s := range said {
			tells(t, dan.get("/invitations?q="+mail), s)
		}
	}

	key := dan.get("/invitations/new").hidden("key")
	for range 2 { // sent twice, it invites once
		tells(t, dan.post("/invitations", "key", key, "people", "nora@acme.example\tNora\tNewman\tFitter\nMax Müller <max@acme.example>", "under", ops, "role1", w.Roles["buyer"].String(), "role_at1", ops), "2 people were invited.")
	}
	tells(t, dan.get("/members"), "6 people are invited and have not answered yet")
	tells(t, dan.get("/structure"), "Max Müller")
	list := dan.get("/invitations")
	tells(t, list, "Buyer at Operations")
	equal(t, "rows", list.Find("table[data-name=invitations] tbody tr, #invitations tbody tr").Length(), 6)
	tells(t, dan.post("/invitations", "people", "max@acme.example", "under", ops), "This person has been invited already")
	tells(t, w.desk("eve@globex.example").get("/invitations"), "Nobody is invited")
	equal(t, "for Ann", w.desk("ann@acme.example").get("/invitations/new").status, http.StatusForbidden)

	form := list.Find("form[action$='/resend']").First()
	action, _ := form.Attr("action")
	version, _ := form.Find("input[name=version]").Attr("value")
	tells(t, dan.post(action, "version", version), "This invitation was sent a moment ago")
	revoke := strings.TrimSuffix(action, "resend") + "revoke"
	equal(t, "for Eve", w.desk("eve@globex.example").post(revoke, "version", version).status, http.StatusNotFound)
	tells(t, dan.post(revoke, "version", version), "The invitation was taken back")
	tells(t, dan.post(revoke, "version", "2"), "This invitation was taken back")
}

func TestAnInvitationThatLeadsNowhereSaysWhy(t *testing.T) {
	w := newBureau(t)
	nobody := w.stranger()
	for _, path := range []string{"/join", "/join?invitation=x", "/join?invitation=" + w.Acme.String() + ".AAAAAAAAAAAAAAAAAAAAAAAAAA", "/join?invitation=" + strings.Repeat("x", 4000)} {
		page := nobody.get(path)
		equal(t, path, page.status, http.StatusGone)
		tells(t, page, "This link does not work, or there is a newer one")
	}
	made, err := w.Organising.Invite(t.Context(), w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "nora@acme.example"}}})
	w.must(err)
	link := w.caught()["nora@acme.example"]
	page := nobody.get(link)
	if page.path != "/join" || strings.Contains(page.Text(), link[len("/join?invitation="):]) {
		t.Errorf("the link stands in the address %s, or on the page", page.path)
	}
	w.must(w.Organising.RevokeInvitation(t.Context(), w.Dan, made[0], 1))
	tells(t, nobody.get("/join"), "This invitation was taken back")
	equal(t, "accepting", nobody.post("/join", "first", "Nora", "last", "Newman", "password", password).status, http.StatusGone)
}

// Dan invites two: somebody new, who sets a password and sees what the role allows, and Ann, of Globex's, who joins with
// the account that she has and switches.
func TestTwoPeopleJoin(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	browser := browsertest.Start(t)
	looks := map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			fit := func(tab *browsertest.Tab, page string) {
				t.Helper()
				tab.Clean()
				shoot(tab, page+"-"+name)
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s is %d pixels too wide", tab.Path(), wide)
				}
				tab.Forget()
			}
			mail := "nora-" + name + "@acme.example"
			tab := w.tab(browser, look, emails["dan"])
			tab.Go(w.url + "/members")
			tab.Click("text=Invite people")
			tab.At("/invitations/new")
			tab.Type("textarea[name=people]", "nonsense")
			tab.Click("text=Send the invitations")
			tab.See("Line 1, nonsense")
			tab.Forgive("422")
			fit(tab, "invite-wrong")
			tab.Go(w.url + "/invitations/new?people=" + mail)
			tab.Choose("select[name=under]", w.Units["ops"].String())
			tab.Choose("select[name=role1]", w.Roles["buyer"].String())
			fit(tab, "invite")
			tab.Click("text=Send the invitations")
			tab.See("1 person was invited.")
			fit(tab, "invitations")
			tab.Go(w.url + "/structure")
			tab.See(mail)
			fit(tab, "structure-invited")
			tab.Go(w.url + "/members")
			fit(tab, "members-invited")

			// Dan's own browser: the invitation is for somebody else.
			tab.Go(w.url + w.caught()[mail])
			tab.See("This invitation is for somebody else")
			fit(tab, "join-other")
			tab.Click("text=Sign out and go on")
			tab.See("Nobody else ever sees it.")
			fit(tab, "join-new")
			tab.Type("input[name=first]", "Nora")
			tab.Type("input[name=last]", "Newman")
			tab.Type("input[name=password]", "short")
			tab.Click("text=Join Acme")
			tab.See("A password has at least 15 characters")
			tab.Forgive("422")
			fit(tab, "join-wrong")
			tab.Type("input[name=password]", password)
			tab.Click("text=Join Acme")
			tab.At("/sign-in")
			tab.See("You have joined.")
			tab.Type("input[name=email]", mail)
			tab.Type("input[name=password]", password+browsertest.Enter)
			tab.At("/")
			tab.Go(w.url + "/shop")
			tab.See("Shop")
			if browsertest.Eval[bool](tab, `[...document.querySelectorAll("a")].some(a => a.getAttribute("href") == "/roles")`) {
				t.Error("a buyer is led to the roles")
			}
			tab.Go(w.url + w.caught()[mail])
			tab.See("This invitation was accepted before")
			tab.Forgive("410")
			fit(tab, "join-used")
		})
	}

	_, err := w.Organising.Invite(t.Context(), w.Eve, organising.InviteInput{People: []organising.Guest{{Email: "ann@acme.example", Offers: []company.Offer{{Role: w.GlobexRoles["observer"]}}}}})
	w.must(err)
	link := w.caught()["ann@acme.example"]
	tab := browser.Tab(t, browsertest.Look{})
	tab.Go(w.url + link)
	tab.See("You have an account already")
	tab.Clean()
	shoot(tab, "join-known")
	tab.Click("main [data-kind=primary]")
	tab.At("/sign-in?next=%2Fjoin")
	tab.Type("input[name=email]", "ann@acme.example")
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.At("/join")
	tab.Clean()
	shoot(tab, "join-mine")
	tab.Click("text=Join Globex")
	tab.See("You have joined.")
	tab.See("Acme")
	tab.Click(".top button.switcher")
	shoot(tab, "switcher")
	tab.Click("#places button[value='" + w.Globex.String() + "']")
	tab.Go(w.url + "/account")
	tab.See("Observer")
	tab.Clean()
}
