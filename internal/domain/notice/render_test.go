package notice_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/notice"
)

var golden = flag.Bool("golden", false, "rewrite what the tests expect")

// What goes out is kept in testdata, in both languages: read a change of it as people will read the mail.
func TestMailsAreAsTheyWere(t *testing.T) {
	ann := notice.Addressee{Name: "Ann", Wishes: "https://kontor.example/me/notices"}
	bob := notice.Addressee{Name: "Bob", Wishes: "https://kontor.example/me/notices"}
	mails := map[string]notice.Mail{}
	for _, r := range notice.Reactions() {
		to := ann
		if r.Tell == notice.Approvers || r.Tell == notice.Administrators {
			to = bob
		}
		f := everything()
		switch r.Event {
		case notice.BudgetReached, notice.WebhookStopped, notice.PasswordChanged, notice.FactorChanged, notice.SignedInAnew, notice.ResetAsked, notice.Approved, notice.Joined, notice.Lent, notice.GivenBack, notice.TakenOver, notice.ListShared, notice.Resubmitted, notice.LendingEnded,
			notice.DeputyAppointed, notice.DeputyChanged, notice.DeputyBegun, notice.DeputyEnded:
			f.Words = "" // nobody typed anything
		case notice.Admitted, notice.TurnedAway, notice.CompanyBlocked, notice.CompanyUnblocked, notice.CompanyClosed:
			f.Words = "The extract from the register is from 2019."
		case notice.OrderFailed:
			f.Because = locale.Say("%s is not sold at present", "DR-900")
		}
		mails[string(r.Event)+" "+string(r.Tell)] = r.Mail(seller, to, f)
	}
	var list []notice.Notice
	for _, e := range []notice.Event{notice.Placed, notice.Rejected, notice.Expired} {
		r := notice.On(e)[0]
		list = append(list, notice.Notice{Event: e, Title: r.Title(everything()), Body: r.Body(everything()), Link: "/purchase-orders/por_1"})
	}
	for _, r := range notice.On(notice.Placed) {
		if r.Tell == notice.Requester {
			mails["unpriced "+string(r.Event)+" "+string(r.Tell)] = r.Mail(seller, ann, everything().Unpriced())
		}
	}
	mails["digest"] = notice.Digest(seller, ann, "https://kontor.example", list)
	for _, name := range sorted(mails) {
		for _, l := range locale.Languages() {
			got := notice.Render(mails[name], l)
			file := filepath.Join("testdata", strings.NewReplacer(" ", "-", "_", "-").Replace(name)+"."+l.String())
			same(t, file+".txt", "Subject: "+got.Subject+"\n\n"+got.Text)
			if shown[name] {
				same(t, file+".html", got.HTML)
			}
		}
	}
}

// shown are the mails kept as HTML as well: between them they use all there is.
var shown = map[string]bool{"purchase_order.approval_requested approvers": true, "purchase_order.placed requester": true, "member.invited guest": true, "digest": true, "unpriced purchase_order.placed requester": true}

func same(t *testing.T, file, got string) {
	t.Helper()
	if *golden {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	if got != string(want) {
		t.Errorf("%s has changed:\n%s", file, difference(string(want), got))
	}
}

// difference is the first line in which two texts differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "was " + w[i] + "\nis  " + g[i]
		}
	}
	return "one is longer"
}

func TestNobodySmugglesMarkupIn(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror="alert(2)">` + "' \u202e\u2066\x00\x1b"
	m := hostile(evil)
	for _, l := range locale.Languages() {
		r := notice.Render(m, l)
		for _, forbidden := range []string{"<script", "<img", `onerror="`, "\u202e", "\u2066", "\x00", "\x1b"} {
			if strings.Contains(r.HTML, forbidden) {
				t.Errorf("the HTML has %q", forbidden)
			}
		}
		for _, forbidden := range []string{"\u202e", "\u2066", "\x00", "\x1b", "\r"} {
			if strings.Contains(r.Text+r.Subject, forbidden) {
				t.Errorf("the text has %q", forbidden)
			}
		}
		if n := strings.Count(r.HTML, "&lt;script&gt;"); n < 12 {
			t.Errorf("only %d places show what was typed", n)
		}
	}
	breaks := notice.Render(hostile("Hello\r\nBcc: eve@globex.example"), locale.English)
	if strings.ContainsAny(breaks.Subject, "\r\n") {
		t.Errorf("the subject has several lines: %q", breaks.Subject)
	}
}

func TestLinksLeadToWebPages(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://kontor.example/x?a=1&b=2":   true,
		"http://localhost:8080/x":            true,
		"javascript:alert(1)":                false,
		"JaVaScRiPt:alert(1)":                false,
		" javascript:alert(1)":               false,
		"data:text/html,x":                   false,
		"//globex.example/":                  false,
		"/purchase-orders":                   false,
		"https:kontor.example":               false,
		"https://kontor.example/\" onclick=": true, // and escaped
		"":                                   false,
	} {
		r := notice.Render(notice.Mail{Buttons: []notice.Button{{Label: locale.Say("Approve"), URL: url}}, Wishes: url}, locale.English)
		if strings.Contains(r.HTML, "<a ") != ok || strings.Contains(r.Text, "Approve") != ok || strings.Contains(r.HTML, `" onclick`) {
			t.Errorf("%q is a link: %t", url, !ok)
		}
	}
}

func TestWhatIsLongIsCut(t *testing.T) {
	r := notice.Render(hostile(strings.Repeat("ß", 1_000_000)), locale.English)
	if n := len([]rune(r.Subject)); n != 150 || !strings.HasSuffix(r.Subject, "…") {
		t.Errorf("the subject has %d characters", n)
	}
	if len(r.HTML) > 100_000 {
		t.Errorf("the HTML has %d bytes: mail readers cut it off", len(r.HTML))
	}
}

// Every word of the HTML is in the text, and the other way round.
func TestTextAndHTMLSayTheSame(t *testing.T) {
	tags := regexp.MustCompile(`(?s)<style>.*?</style>|<!--.*?-->|<title>.*?</title>|<div style="display:none.*?</div>`)
	for _, r := range notice.Reactions() {
		for _, l := range locale.Languages() {
			m := notice.Render(r.Mail(seller, notice.Addressee{Name: "Ann", Wishes: "https://kontor.example/me"}, everything()), l)
			page := tags.ReplaceAllString(m.HTML, " ")
			for _, word := range regexp.MustCompile(`href="[^"]*"`).FindAllString(page, -1) {
				page += " " + strings.TrimSuffix(strings.TrimPrefix(word, `href="`), `"`)
			}
			page = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")
			page = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&middot;", "·", "&times;", "×").Replace(page)
			html, text := words(page), words(m.Text)
			for w := range text {
				if !html[w] {
					t.Errorf("%s %s in %s: the HTML lacks %q", r.Event, r.Tell, l, w)
				}
			}
			for w := range html {
				if !text[w] && w != l.T("Article") && w != l.T("Amount") {
					t.Errorf("%s %s in %s: the text lacks %q", r.Event, r.Tell, l, w)
				}
			}
		}
	}
}

func words(s string) map[string]bool {
	all := map[string]bool{}
	for _, w := range regexp.MustCompile(`[\pL\pN][\pL\pN.,/:?=&_-]*`).FindAllString(s, -1) {
		all[strings.TrimRight(w, ".,:")] = true
	}
	return all
}

func TestTheAccentCanBeReadOn(t *testing.T) {
	for accent, want := range map[string]string{
		"#ffffff":              "background-color:#ffffff;\"><a href=\"https://kontor.example\" style=\"display:inline-block;padding:11px 22px;border:1px solid #ffffff;border-radius:5px;font-weight:600;color:#14171c;",
		"#000000":              "color:#ffffff;",
		"#ffcc00":              "color:#14171c;",
		"#0f7a5a":              "color:#ffffff;",
		"red;background:url(x": "#1f5fbf",
		"":                     "#1f5fbf",
	} {
		r := notice.Render(notice.Mail{Brand: notice.Brand{Accent: accent}, Buttons: []notice.Button{{Label: locale.Say("Approve"), URL: "https://kontor.example"}}}, locale.English)
		if !strings.Contains(r.HTML, want) || strings.Contains(r.HTML, "url(x") {
			t.Errorf("with %q there is no %q", accent, want)
		}
	}
}

// hostile has what was typed in every place that takes text.
func hostile(typed string) notice.Mail {
	p := locale.Verbatim(typed)
	return notice.Mail{
		Brand: notice.Brand{Name: typed, Accent: typed, Imprint: []string{typed}}, Subject: p, Greeting: p, Lines: []locale.Phrase{p}, Words: typed,
		Table:   []notice.Row{{Label: p, Value: p}},
		Items:   []notice.Item{{SKU: typed, Name: typed, Quantity: p, Price: money.Rate{E4: 1, Currency: "EUR"}, Total: money.Of(1, "EUR")}},
		Buttons: []notice.Button{{Label: p, URL: "https://kontor.example"}, {Label: p, URL: "https://kontor.example"}},
		Entries: []notice.Entry{{Title: p, URL: "https://kontor.example"}}, Footer: []locale.Phrase{p}, Wishes: "https://kontor.example",
	}
}
