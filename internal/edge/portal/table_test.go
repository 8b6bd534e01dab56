package portal_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/view"
)

// names are the names of the rows of a table.
func (s sheet) names() (all []string) {
	s.Find("main tbody th .named-words > :first-child, main tbody th .person-words > :first-child").Each(func(_ int, n *goquery.Selection) { all = append(all, fold(n.Text())) })
	return all
}

// file reads a list as a CSV file, and says what it is called.
func (d *desk) file(path string) (rows [][]string, name string) {
	d.t.Helper()
	res, err := d.Client.Get(d.url + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		d.t.Fatalf("%s: %d, %v: %s", path, res.StatusCode, err, text.String()[:min(200, text.Len())])
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text.String(), "\ufeff")))
	if rows, err = r.ReadAll(); err != nil {
		d.t.Fatal(err)
	}
	return rows, res.Header.Get("Content-Disposition")
}

// A column is sorted by its head, and the other way round when it is pressed again; what narrows the list stays.
func TestAListIsSortedByItsHeads(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan := w.desk(emails["dan"])
	usual := dan.get("/members?status=active")
	head := usual.Find("thead th").First()
	if sort, _ := head.Attr("aria-sort"); sort != "ascending" {
		t.Errorf("the first column is sorted %q", sort)
	}
	to, _ := head.Find("a.sort").Attr("href")
	turned := dan.get(to)
	if sort, _ := turned.Find("thead th").First().Attr("aria-sort"); sort != "descending" || !strings.Contains(to, "status=active") {
		t.Errorf("pressed again it is sorted %q by %s", sort, to)
	}
	up, down := usual.names(), turned.names()
	slices.Reverse(down)
	if len(up) < 4 || !slices.Equal(up, down) {
		t.Errorf("up %q, down and backwards %q", up, down)
	}
	if keeps := turned.hidden("sort"); keeps != "-name" {
		t.Errorf("the filters keep the order %q", keeps)
	}
}

// Which columns are shown stands in the address; the first one always is.
func TestColumnsAreChosen(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan := w.desk(emails["dan"])
	heads := func(path string) string {
		var all []string
		dan.get(path).Find("thead th").Each(func(_ int, h *goquery.Selection) { all = append(all, fold(h.Text())) })
		return strings.Join(all, ", ")
	}
	for _, test := range []struct{ says, path, want string }{
		{"as usual", "/members", "Name, Unit, Manager, Roles, State"},
		{"two, and one that is not there as usual", "/members?columns=name&columns=number&columns=state", "Name, Employee number, State"},
		{"none but the first", "/members?columns=name", "Name"},
		{"what is no column", "/members?columns=moon", "Name"},
	} {
		if got := heads(test.path); got != test.want {
			t.Errorf("%s: %q, want %q", test.says, got, test.want)
		}
	}
}

// A file has all that the filters leave and that the reader may see, however many pages that are, and nothing in it is a
// formula; the audit says that it was taken along.
func TestAListIsGivenOut(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan, ann, sam := w.desk(emails["dan"]), w.desk(emails["ann"]), w.desk(emails["sam"])
	for _, path := range []string{"/members", "/purchase-orders", "/orders", "/budgets", "/budgets/" + w.fund.ID.String(), "/cost-centres", "/roles", "/invitations", "/audit", "/approvals"} {
		rows, name := dan.file(path + "?export=csv")
		if len(rows) == 0 || slices.Contains(rows[0], "") || !strings.Contains(name, ".csv") || !strings.Contains(name, "-20") {
			t.Errorf("%s: %q as %s", path, rows, name)
		}
		if book := dan.get(path + "?export=xlsx"); book.status != http.StatusOK {
			t.Errorf("%s as a workbook: %d", path, book.status)
		}
	}
	for _, path := range []string{"/companies", "/companies/" + w.Acme.String() + "/members", "/members"} {
		if rows, _ := sam.file(path + "?export=csv"); len(rows) < 2 {
			t.Errorf("%s of the office: %q", path, rows)
		}
	}
	all, _ := dan.file("/members?export=csv")
	some, _ := dan.file("/members?export=csv&q=ann")
	own, _ := ann.file("/members?export=csv")
	if len(some) != 2 || len(own) != 2 || len(all) <= 3 || some[1][0] != "Ann Archer" {
		t.Errorf("%d members, %q named so, %q that Ann sees", len(all)-1, some, own)
	}
	if s := dan.get("/members?export=pdf"); s.status != http.StatusBadRequest {
		t.Errorf("as a picture: %d", s.status)
	}
	list, err := w.Auditing.List(t.Context(), w.Dan, view.AuditFilter{Event: "list.exported"}, page.Ask{Limit: 1})
	w.must(err)
	if !slices.ContainsFunc(list.Rows, func(e audit.Entry) bool { return strings.Contains(string(e.Body), `"list"`) }) {
		t.Errorf("the audit says %+v", list.Rows)
	}
}

// A view of the queue is kept under a name, chosen and removed; it is its owner's alone.
func TestViewsOfTheQueueAreKept(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	bob, dan := w.desk(emails["bob"]), w.desk(emails["dan"])
	narrowed := bob.get("/approvals?sort=-total&waits=24")
	if narrowed.hidden("query") != "sort=-total&waits=24" {
		t.Fatalf("what would be kept is %q", narrowed.hidden("query"))
	}
	bob.post("/views", "list", "queue", "name", "Large ones", "query", "waits=24&sort=-total&at=x")
	if s := bob.post("/views", "list", "queue", "name", "Large ones", "query", ""); !strings.Contains(s.says(".toast"), "name already") {
		t.Errorf("a second one of the name: %q", s.says(".toast"))
	}
	if s := bob.post("/views", "list", "queue", "name", " ", "query", ""); s.says(".toast") == "" {
		t.Error("one without a name is kept")
	}
	kept := bob.get("/approvals")
	to := kept.link("Large ones")
	if at, err := url.Parse(to); err != nil || at.Query().Get("waits") != "24" || at.Query().Get("sort") != "-total" || at.Query().Has("at") {
		t.Fatalf("the view leads to %q", to)
	}
	chosen := bob.get(to)
	if said := chosen.says("[popovertarget=views]"); said != "Large ones" {
		t.Errorf("which view it is says %q", said)
	}
	remove, _ := kept.Find("form[action$='/delete']").Attr("action")
	if strings.Contains(dan.get("/approvals").Text(), "Large ones") {
		t.Error("Dan sees Bob's view")
	}
	if s := dan.post(remove); s.status != http.StatusNotFound {
		t.Errorf("Dan removes Bob's view: %d", s.status)
	}
	bob.post(remove)
	if strings.Contains(bob.get("/approvals").says("#views"), "Large ones") {
		t.Error("the view that was removed is there")
	}
	if s := bob.post("/views", "list", "moon", "name", "X", "query", ""); s.status != http.StatusNotFound {
		t.Errorf("a view of no list: %d", s.status)
	}
}

// Webhooks are sorted, laid out and taken along as other lists are; their events are words, and codes for programs.
func TestWebhooksAreAListAsOthers(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	for name, filters := range map[string][]string{"Archive": {"*"}, "ERP": {"order.placed", "budget.*"}} {
		_, err := w.Exchanging.CreateWebhook(t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: name, URL: "https://example.com/" + strings.ToLower(name), Filters: filters})
		w.must(err)
	}
	dan := w.desk(emails["dan"])
	is(t, "as usual", strings.Join(dan.get("/webhooks").names(), " "), "Archive ERP")
	down := dan.get("/webhooks?sort=-name&columns=name&columns=made")
	is(t, "turned round", strings.Join(down.names(), " "), "ERP Archive")
	is(t, "the columns chosen", strings.Join(texts(down, "thead th"), "|"), "Webhook|Made")
	rows, name := dan.file("/webhooks?sort=-name&export=csv")
	if len(rows) != 3 || !strings.Contains(name, "webhooks") {
		t.Fatalf("the file %s has %d rows", name, len(rows))
	}
	is(t, "a row of it", strings.Join(rows[1][:4], "|"), "ERP|https://example.com/erp|Budgets, Order placed|budget.* order.placed")
}

// Rules are narrowed to those that are on or off, and the inbox to what is unread.
func TestRulesAreFoundByTheirStateAndNoticesByWhetherTheyWereRead(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan := w.desk(emails["dan"])
	cards := func(path string) int { return dan.get(path).Find("#rules [data-line]").Length() }
	all := cards("/rules")
	list, err := w.Approving.ListRules(t.Context(), w.Dan, approving.RuleFilter{}, page.Ask{})
	w.must(err)
	if all == 0 || all != len(list.Rows) {
		t.Fatalf("%d rules are shown of %d", all, len(list.Rows))
	}
	_, err = w.Approving.EnableRule(t.Context(), w.Dan, list.Rows[0].ID, list.Rows[0].Version, false)
	w.must(err)
	equal(t, "rules that are on", cards("/rules?state=on"), all-1)
	equal(t, "rules that are off", cards("/rules?state=off"), 1)

	w.must(w.DB.Write(t.Context(), access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		for range 2 {
			tx.Notices.Insert(notice.Notice{ID: id.NewNotice(tx.Now), Company: w.Acme, Member: w.Bob.Member, Event: notice.Placed, Title: locale.Verbatim("Somebody ordered"), Link: "/orders", CreatedAt: tx.Now})
		}
		return nil
	}))
	bob := w.desk(emails["bob"])
	unread := func() int { return bob.get("/inbox?only=unread").Find(".items > li").Length() }
	before := unread()
	if before == 0 || before != bob.get("/inbox").Find(".items > li").Length() {
		t.Fatalf("%d unread notices", before)
	}
	open, _ := bob.get("/inbox").Find(".items form[action^='/inbox/']").First().Attr("action")
	bob.post(open)
	equal(t, "unread notices after one was opened", unread(), before-1)
	equal(t, "notices in all", bob.get("/inbox").Find(".items > li").Length(), before)
	bob.post("/inbox")
	tells(t, bob.get("/inbox?only=unread"), "Everything is read")
}
