package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/domain/access"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// raw is what no person reads: an identifier, a path of the structure, and a code.
var raw = regexp.MustCompile(`\b[a-z]{3}_[0-9a-z]{20,}|\b(?:[0-9a-z]+\.){2,}(?:\s|$)|\b[a-z]+_[a-z]+`)

// What the audit shows of all that the world of the tests has done, in the company and in the office, in either language, is
// words: no identifier, no path and no code. Whom or what an entry is about is said wherever it has a name.
func TestTheAuditIsInWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := matrix.New(t, db)
		d := newDesks(t, w)
		kinds := map[string]bool{}
		for _, p := range w.People[1:] {
			if p.Actor.Require(access.AuditView, "") != nil || p.Actor.Member != w.Dan.Member && p.Actor.Member != w.Sam.Member {
				continue
			}
			for path := "/audit"; path != ""; {
				a, err := d.Ask(p, matrix.Question{Method: "GET", Path: path})
				if err != nil || a.Status != 200 {
					t.Fatalf("%s: %d, %v", path, a.Status, err)
				}
				page, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
				if err != nil {
					t.Fatal(err)
				}
				page.Find("#audit tbody tr").Each(func(_ int, row *goquery.Selection) {
					what := fold(row.Find("th .named-words > :first-child").Text())
					kinds[what] = true
					row.Find("th, td").Each(func(i int, cell *goquery.Selection) {
						if found := raw.FindString(cell.Text()); found != "" {
							t.Errorf("%s says %q in column %d: %q", what, found, i, fold(cell.Text()))
						}
					})
					t.Log(what, "|", fold(row.Find("td").Eq(0).Text()), "|", fold(row.Find("td").Eq(1).Text()), "|", fold(row.Find("td").Eq(3).Text()))
				})
				path, _ = page.Find("#audit a[rel=next]").Attr("href")
			}
		}
		if len(kinds) < 25 {
			t.Errorf("only %d kinds of entries were looked at", len(kinds))
		}
	})
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
