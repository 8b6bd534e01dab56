package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/usecase/exchanging"
)

// What a page refuses it says in whole sentences, in either language.
func TestRefusalsAreWholeSentences(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	for _, language := range []string{"en", "de"} {
		ann := w.desk(emails["ann"])
		ann.post("/account/language", "language", language, "zone", "Europe/Berlin")
		for _, row := range []struct {
			what string
			page sheet
		}{
			{"nowhere", ann.get("/nowhere")}, {"what is not there", ann.get("/products/" + w.Acme.String())}, {"what one may not", ann.get("/roles")},
			{"what is no place in a list", ann.get("/orders?at=x")}, {"what cannot be found", ann.get("/purchase-orders/po_x")},
		} {
			row.page.Find("main p:not(.failure-needs, .reference)").Each(func(_ int, p *goquery.Selection) {
				said := []rune(fold(p.Text()))
				if len(said) == 0 {
					return
				}
				if first, last := said[0], said[len(said)-1]; !unicode.IsUpper(first) || !strings.ContainsRune(".?:", last) {
					t.Errorf("%s, %s (%d): %q", row.what, language, row.page.status, string(said))
				}
			})
			if row.page.status < 400 {
				t.Errorf("%s is there: %d", row.what, row.page.status)
			}
		}
	}
}

// What the address says of a list and means nothing is refused with a sentence, and the list is there as though it had not
// been said: for every filter of every list, and for what is typed into a field that finds.
func TestALinkThatNarrowsByNothingSaysSo(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	hook, err := w.Exchanging.CreateWebhook(t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: "ERP", URL: "https://erp.acme.example/kontor", Filters: []string{"order.*"}})
	w.must(err)
	tried := 0
	for _, list := range []struct {
		who, path string
		besides   []string // what narrows it and has no field
	}{
		{"bob", "/approvals", []string{"unit"}}, {"ann", "/purchase-orders", nil}, {"ann", "/orders", nil}, {"ann", "/shop", []string{"category", "sort"}}, {"dan", "/budgets", nil},
		{"dan", "/members", nil}, {"dan", "/invitations", nil}, {"dan", "/audit", []string{"about"}}, {"dan", "/access", nil}, {"dan", "/members/" + w.Ann.Member.String() + "/rights", nil},
		{"dan", "/webhooks/" + hook.ID.String(), []string{"state"}}, {"dan", "/webhooks", []string{"sort"}}, {"bob", "/inbox", []string{"only"}}, {"dan", "/cost-centres", nil}, {"dan", "/rules", nil},
		{"sam", "/companies", nil}, {"sue", "/companies/" + w.Acme.String() + "/members", nil}, {"sam", "/companies/" + w.Acme.String() + "/audit", []string{"about", "who"}},
	} {
		reader := w.desk(emails[list.who])
		whole := reader.get(list.path)
		filters := append([]string{}, list.besides...)
		whole.Find("form[data-follows], form[method=get]:not([action='/shop']):not([action='/companies'])").Find("select, input[type=date]").Each(func(_ int, f *goquery.Selection) {
			name, _ := f.Attr("name")
			filters = append(filters, name)
		})
		if list.path != "/cost-centres" && len(filters) == 0 {
			t.Errorf("%s knows no filters", list.path)
		}
		for _, name := range filters {
			tried++
			page := reader.get(list.path + "?" + url.Values{name: {"bogus"}}.Encode())
			if page.status != http.StatusBadRequest || !strings.Contains(page.says(".banner"), name+"=bogus") {
				t.Errorf("%s?%s=bogus: %d, and at its head stands %q", list.path, name, page.status, page.says(".banner"))
			}
			if rows, all := page.Find("main tbody tr").Length(), whole.Find("main tbody tr").Length(); rows != all {
				t.Errorf("%s?%s=bogus shows %d rows, without it there are %d", list.path, name, rows, all)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d filters tried: is the test blind?", tried)
	}
	dan := w.desk(emails["dan"])
	typed := dan.get("/members?unit=&unit_said=Nowhere&unit_was=")
	if typed.status != http.StatusBadRequest || !strings.Contains(typed.says(".banner"), "unit=Nowhere") {
		t.Errorf("what was typed and names nothing: %d, %q", typed.status, typed.says(".banner"))
	}
}
