package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/demo"
	"kontor/internal/domain/access"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/signing"
)

// raw is what no person reads: an identifier, a path of the structure, and a code.
var raw = regexp.MustCompile(`\b[a-z]{3}_[0-9a-z]{20,}|\b(?:[0-9a-z]+\.){2,}(?:\s|$)|\b[a-z]+_[a-z]+`)

// auditRead are the entries of an audit as its pages show them.
type auditRead struct {
	kinds   map[string]bool // what they are called
	entries int
}

// look reads a page of the audit, and says where the next one is. Nothing of it may be raw.
func (r *auditRead) look(t *testing.T, whose, body string) (next string) {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	page.Find("#audit tbody tr").Each(func(_ int, row *goquery.Selection) {
		what := fold(row.Find("th .named-words > :first-child").Text())
		r.entries++
		r.kinds[what] = true
		row.Find("th, td").Each(func(i int, cell *goquery.Selection) {
			if found := raw.FindString(cell.Text()); found != "" {
				t.Errorf("%s: %s says %q in column %d: %q", whose, what, found, i, fold(cell.Text()))
			}
		})
	})
	next, _ = page.Find("#audit a[rel=next]").Attr("href")
	return next
}

// differ fails the test for what is called alike in both languages, but for words that both have.
func differ(t *testing.T, english, german map[string]bool) {
	t.Helper()
	for what := range english {
		if german[what] {
			t.Errorf("%q is called so in German, too", what)
		}
	}
}

// What the audit shows of all that the world of the tests has done, in the company and in the office, in either language, is
// words: no identifier, no path and no code. Whom or what an entry is about is said wherever it has a name.
func TestTheAuditIsInWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := matrix.New(t, db)
		d := newDesks(t, w)
		read := map[locale.Language]*auditRead{}
		for _, language := range locale.Languages() {
			r := &auditRead{kinds: map[string]bool{}}
			read[language] = r
			for _, p := range w.People[1:] {
				if p.Actor.Require(access.AuditView, "") != nil || p.Actor.Member != w.Dan.Member && p.Actor.Member != w.Sam.Member {
					continue
				}
				was := p.Actor.Language
				p.Actor.Language = language
				for path := "/audit"; path != ""; {
					a, err := d.Ask(p, matrix.Question{Method: "GET", Path: path})
					if err != nil || a.Status != 200 {
						t.Fatalf("%s: %d, %v", path, a.Status, err)
					}
					path = r.look(t, string(language)+", "+p.Name, a.Body)
				}
				p.Actor.Language = was
			}
			if len(r.kinds) < 25 {
				t.Errorf("only %d kinds of entries were looked at in %s", len(r.kinds), language)
			}
		}
		differ(t, read[locale.English].kinds, read[locale.German].kinds)
	})
}

// So it is with all that has happened in the demo world, in each of its companies.
func TestTheAuditOfTheDemoWorldIsInWords(t *testing.T) {
	t.Parallel()
	db := storetest.Lite(t)
	guests, err := demo.Plant(t.Context(), db, password)
	if err != nil {
		t.Fatal(err)
	}
	w := portalOn(t, db, nil)
	read, companies := map[locale.Language]*auditRead{}, 0
	for _, language := range locale.Languages() {
		read[language] = &auditRead{kinds: map[string]bool{}}
	}
	seen, entries := map[string]bool{}, map[string]int{}
	for _, g := range guests {
		actor, err := w.Signing.Recognise(t.Context(), w.token(g.Email), "192.0.2.1", "req_words")
		w.must(err)
		if seen[g.Company] || !actor.May(access.AuditView, tree.Top) {
			continue
		}
		seen[g.Company] = true
		companies++
		for language, r := range read {
			w.must(w.Signing.SetLanguage(t.Context(), actor, signing.SetLanguageInput{Language: language, Zone: actor.Zone}))
			d := w.desk(g.Email)
			for path := "/audit"; path != ""; {
				page := d.get(path)
				body, err := page.Html()
				if err != nil || page.status != http.StatusOK {
					t.Fatalf("%s: %d, %v", path, page.status, err)
				}
				before := r.entries
				path = r.look(t, string(language)+", "+g.Company, body)
				entries[g.Company] += r.entries - before
			}
		}
	}
	english, german := read[locale.English], read[locale.German]
	t.Logf("%d companies, %d entries of %d kinds; in both languages %v", companies, english.entries, len(english.kinds), entries)
	if companies < 2 || english.entries < 250 || len(english.kinds) < 20 || len(english.kinds) != len(german.kinds) {
		t.Errorf("%d entries of %d kinds in English, %d of %d in German: is the test blind?", english.entries, len(english.kinds), german.entries, len(german.kinds))
	}
	differ(t, english.kinds, german.kinds)
}

// Who of the staff acts for whom is said in the company and in the office.
func TestTheAuditSaysWhomStaffActFor(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.consents()
	sam, dan := w.desk(emails["sam"]), w.desk(emails["dan"])
	began := sam.post("/companies/"+w.Acme.String()+"/members/"+w.Ann.Member.String()+"/act", "reason", "a broken cart")
	if began.status != http.StatusOK {
		t.Fatalf("%d: %s", began.status, began.says("main"))
	}
	sam.post("/acting/stop")
	for _, test := range []struct {
		of   string
		read *desk
		want []string
	}{
		{"the company", dan, []string{"Ann Archer", "Sam Seller", "a broken cart"}},
		{"the office", sam, []string{"Ann Archer", "Acme Works", "Sam Seller", "a broken cart"}},
	} {
		row := test.read.get("/audit?event=customer.acting_begun").says("#audit tbody")
		for _, said := range test.want {
			if !strings.Contains(row, said) {
				t.Errorf("the audit of %s says %q, and not %q", test.of, row, said)
			}
		}
	}
}

// The audit is narrowed by days, and by what happened.
func TestTheAuditIsNarrowed(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan := w.desk(emails["dan"])
	count := func(query string) int { return dan.get("/audit?" + query).Find("#audit tbody tr").Length() }
	all := count("")
	if today := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly); count("from="+today) != all || count("to="+time.Now().UTC().AddDate(0, 0, -3).Format(time.DateOnly)) != 0 || all < 10 {
		t.Errorf("%d in all, from yesterday on %d", all, count("from="+today))
	}
	some := count("event=purchase_order.submitted")
	options := dan.get("/audit?event=purchase_order.").says("select[name=event]")
	if some == 0 || some >= count("event=purchase_order.") || !strings.Contains(options, "Purchase order submitted") || strings.Contains(options, "Role given") {
		t.Errorf("%d were submitted, and to be chosen is %q", some, options)
	}
}

// Who may read a customer's audit finds it on the customer's page, beside what else can be done there; who may not, does not.
func TestSamFindsTheAuditOfACustomer(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	at := "/companies/" + w.Acme.String()
	for _, test := range []struct {
		who      string
		audit    int
		sentence string
	}{{"sam", 1, "the Owner"}, {"sue", 0, "Support"}} {
		page := w.desk(emails[test.who]).get(at)
		if n := page.Find("main .page-actions a[href='" + at + "/audit']").Length(); page.status != http.StatusOK || n != test.audit {
			t.Errorf("%s: %d, %d links to the audit in %q", test.sentence, page.status, n, page.says("main .page-actions"))
		}
	}
	tells(t, w.desk(emails["sam"]).get(at), "Close for good")
}

// A customer's audit leads staff to that customer's pages, and never to one of their own company's that is not there.
func TestTheAuditOfACustomerLeadsToTheCustomer(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	sam := w.desk(emails["sam"])
	at := "/companies/" + w.Acme.String()
	leads := map[string]bool{}
	for path := at + "/audit"; path != ""; {
		page := sam.get(path)
		equal(t, path, page.status, http.StatusOK)
		page.Find("#audit tbody a[href]").Each(func(_ int, a *goquery.Selection) { leads[a.AttrOr("href", "")] = true })
		path = page.Find("#audit a[rel=next]").AttrOr("href", "")
	}
	for link := range leads {
		if link != at && !strings.HasPrefix(link, at+"/members/") {
			t.Errorf("it leads to %s", link)
		}
		if page := sam.get(link); page.status != http.StatusOK {
			t.Errorf("%s is %d", link, page.status)
		}
	}
	if !leads[at] || len(leads) < 2 {
		t.Errorf("it leads to %v alone", leads)
	}
}
