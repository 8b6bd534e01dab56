package notice_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/notice"
)

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func TestTheUsualAndTheSaid(t *testing.T) {
	for _, tt := range []struct {
		name    string
		said    map[notice.Wish]bool
		event   notice.Event
		channel notice.Channel
		want    bool
	}{
		{"who is asked gets a mail", nil, notice.ApprovalRequested, notice.Email, true},
		{"and a push message", nil, notice.ApprovalRequested, notice.Push, true},
		{"but no webhook of their own", nil, notice.ApprovalRequested, notice.Webhook, false},
		{"an approval is in the inbox", nil, notice.Approved, notice.Inbox, true},
		{"and no mail, for that comes with the order", nil, notice.Approved, notice.Email, false},
		{"unless somebody wants one", map[notice.Wish]bool{{notice.Approved, notice.Email}: true}, notice.Approved, notice.Email, true},
		{"no push message, as said", map[notice.Wish]bool{{notice.Rejected, notice.Push}: false}, notice.Rejected, notice.Push, false},
		{"one word does not touch another", map[notice.Wish]bool{{notice.Rejected, notice.Push}: false}, notice.Rejected, notice.Email, true},
		{"the inbox has everything, whatever was kept", map[notice.Wish]bool{{notice.Rejected, notice.Inbox}: false}, notice.Rejected, notice.Inbox, true},
		{"safety is mailed, whatever was kept", map[notice.Wish]bool{{notice.PasswordChanged, notice.Email}: false}, notice.PasswordChanged, notice.Email, true},
		{"of what nobody hears, nobody hears", nil, "order.moved", notice.Inbox, false},
	} {
		if got := (notice.Wishes{Chosen: tt.said}).Wants(tt.event, tt.channel); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func TestWishesAreChosen(t *testing.T) {
	before := notice.Wishes{Chosen: map[notice.Wish]bool{{notice.Rejected, notice.Push}: false}}
	for _, tt := range []struct {
		name    string
		event   notice.Event
		channel notice.Channel
		on      bool
		err     error
	}{
		{"a mail less", notice.Placed, notice.Email, false, nil},
		{"a webhook more", notice.Placed, notice.Webhook, true, nil},
		{"no mail about safety", notice.SignedInAnew, notice.Email, false, notice.ErrSafety},
		{"no push message about safety", notice.SignedInAnew, notice.Push, false, nil},
		{"no inbox", notice.Placed, notice.Inbox, false, notice.ErrInbox},
		{"an event that there is none", "order.moved", notice.Email, true, notice.ErrEvent},
		{"a channel that there is none", notice.Placed, "pigeon", true, notice.ErrChannel},
	} {
		after, err := before.Choose(tt.event, tt.channel, tt.on)
		if err == nil && len(after.Chosen) != 2 {
			t.Errorf("%s: what was said before is lost: %v", tt.name, after)
		}
		if !errors.Is(err, tt.err) || err == nil && after.Wants(tt.event, tt.channel) != tt.on {
			t.Errorf("%s: %v, %v", tt.name, after, err)
		}
		if len(before.Chosen) != 1 {
			t.Fatalf("%s: the wishes before have changed", tt.name)
		}
	}
}

func TestSafetyCannotBeSwitchedOff(t *testing.T) {
	seen := 0
	for _, topic := range notice.Topics() {
		_, err := notice.Wishes{}.Choose(topic.Event, notice.Email, false)
		if topic.Safety != errors.Is(err, notice.ErrSafety) {
			t.Errorf("%s: %v", topic.Event, err)
		}
		if topic.Safety {
			seen++
		}
	}
	if seen < 4 {
		t.Error("only", seen, "events concern safety")
	}
}

func TestWhenItGoesOut(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(clock string) time.Time { // on 3 November in Berlin
		t.Helper()
		v, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-03 "+clock, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	usual := notice.Wishes{}
	daily := notice.Wishes{Digest: notice.At(8, 0)}
	nights := notice.Wishes{Quiet: notice.Quiet{From: notice.At(20, 0), Until: notice.At(7, 30)}}
	siesta := notice.Wishes{Quiet: notice.Quiet{From: notice.At(12, 0), Until: notice.At(14, 0)}}
	early := notice.Wishes{Digest: notice.At(6, 0), Quiet: nights.Quiet}
	for _, tt := range []struct {
		name    string
		wishes  notice.Wishes
		event   notice.Event
		channel notice.Channel
		at      string
		wait    time.Duration
	}{
		{"usually at once", usual, notice.Placed, notice.Email, "22:00", 0},
		{"with the mail of the day", daily, notice.Placed, notice.Email, "09:00", 23 * time.Hour},
		{"with today's, if it has not gone out", daily, notice.Placed, notice.Email, "07:59", time.Minute},
		{"on the dot, with today's", daily, notice.Placed, notice.Email, "08:00", 0},
		{"what is urgent does not wait for it", daily, notice.ApprovalRequested, notice.Email, "09:00", 0},
		{"nor does a push message", daily, notice.Placed, notice.Push, "09:00", 0},
		{"in the evening, the next morning", nights, notice.ApprovalRequested, notice.Push, "22:00", 9*time.Hour + 30*time.Minute},
		{"in the night, that morning", nights, notice.ApprovalRequested, notice.Email, "03:00", 4*time.Hour + 30*time.Minute},
		{"by day, at once", nights, notice.ApprovalRequested, notice.Email, "12:00", 0},
		{"when quiet begins", nights, notice.ApprovalRequested, notice.Email, "20:00", 11*time.Hour + 30*time.Minute},
		{"when quiet ends", nights, notice.ApprovalRequested, notice.Email, "07:30", 0},
		{"at noon", siesta, notice.ApprovalRequested, notice.Email, "13:00", time.Hour},
		{"the inbox is never quiet", nights, notice.ApprovalRequested, notice.Inbox, "22:00", 0},
		{"nor are machines", nights, notice.ApprovalRequested, notice.Webhook, "22:00", 0},
		{"nor is safety", nights, notice.PasswordChanged, notice.Email, "22:00", 0},
		{"nor put off", daily, notice.PasswordChanged, notice.Email, "22:00", 0},
		{"the mail of the day keeps quiet, too", early, notice.Placed, notice.Email, "05:00", 2*time.Hour + 30*time.Minute},
	} {
		if got := tt.wishes.When(tt.event, tt.channel, at(tt.at), berlin).Sub(at(tt.at)); got != tt.wait {
			t.Errorf("%s: it waits %s, want %s", tt.name, got, tt.wait)
		}
	}
}

func TestTimesOfDayAreChecked(t *testing.T) {
	eight, nine := notice.At(8, 0), notice.At(9, 0)
	for _, tt := range []struct {
		name   string
		wishes notice.Wishes
		ok     bool
	}{
		{"nothing said", notice.Wishes{}, true},
		{"all said", notice.Wishes{Digest: eight, Quiet: notice.Quiet{From: nine, Until: eight}}, true},
		{"from midnight", notice.Wishes{Quiet: notice.Quiet{From: notice.At(0, 0), Until: eight}}, true},
		{"to the last minute", notice.Wishes{Digest: notice.At(23, 59)}, true},
		{"past the last minute", notice.Wishes{Digest: notice.At(24, 0)}, false},
		{"before the first", notice.Wishes{Digest: -1}, false},
		{"a beginning alone", notice.Wishes{Quiet: notice.Quiet{From: eight}}, false},
		{"an end alone", notice.Wishes{Quiet: notice.Quiet{Until: eight}}, false},
		{"no time between", notice.Wishes{Quiet: notice.Quiet{From: eight, Until: eight}}, false},
	} {
		if err := tt.wishes.Check(); (err == nil) != tt.ok || err != nil && !errors.Is(err, notice.ErrClock) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestANoticeIsReadOnce(t *testing.T) {
	n := notice.Notice{}.Read(noon).Read(noon.Add(time.Hour))
	if n.Unread() || !n.ReadAt.Equal(noon) {
		t.Error(n.ReadAt)
	}
}

// The table is whole: every event that people hear of has its sentences, and every audience its reason.
func TestTheTableOfReactions(t *testing.T) {
	told := map[notice.Event]bool{}
	rows := map[string]bool{}
	for _, r := range notice.Reactions() {
		told[r.Event] = true
		key := fmt.Sprint(r.Event, " ", r.Tell)
		if rows[key] {
			t.Errorf("%s is told twice", key)
		}
		rows[key] = true
		topic, err := notice.TopicOf(r.Event)
		if err != nil {
			t.Errorf("%s has no topic", r.Event)
		}
		m := r.Mail(seller, notice.Addressee{Name: "Ann", Wishes: "https://kontor.example/wishes"}, everything())
		if len(m.Footer) != 1 {
			t.Errorf("%s does not say why somebody gets it", key)
		}
		if len(m.Buttons) == 0 && r.Event != notice.CompanyClosed { // after which there is nowhere to go
			t.Errorf("%s leads nowhere", key)
		}
		if topic.Safety == (m.Wishes != "") {
			t.Errorf("%s can be switched off: %t", key, !topic.Safety)
		}
		for _, l := range locale.Languages() {
			for what, said := range map[string]string{"title": r.Title(everything()).In(l), "bare title": r.Title(notice.Facts{}).In(l), "body": r.Body(everything()).In(l)} {
				if strings.Contains(said, "%!") || said == "" && what != "body" {
					t.Errorf("%s: %s in %s is %q", key, what, l, said)
				}
			}
		}
	}
	for _, topic := range notice.Topics() {
		if !told[topic.Event] {
			t.Errorf("nobody hears of %s", topic.Event)
		}
	}
}

func TestWhoHearsOfWhat(t *testing.T) {
	for event, want := range map[notice.Event][]notice.Audience{
		notice.ApprovalRequested: {notice.Approvers, notice.Watchers},
		notice.Rejected:          {notice.Requester, notice.Watchers},
		notice.Withdrawn:         {notice.Deciders},
		notice.Placed:            {notice.Requester, notice.Watchers},
		notice.OrderFailed:       {notice.Requester, notice.Administrators},
		notice.NoApprover:        {notice.Administrators, notice.Requester},
		notice.BudgetReached:     {notice.Owners},
		notice.Invited:           {notice.Guest},
		notice.Joined:            {notice.Inviter},
		notice.Lent:              {notice.Borrowed},
		notice.TakenOver:         {notice.Successor},
		notice.ListShared:        {notice.Sharers},
		notice.LendingEnded:      {notice.Administrators},
		notice.Admitted:          {notice.Administrators, notice.Founder},
		notice.TurnedAway:        {notice.Administrators, notice.Founder},
		notice.CompanyClosed:     {notice.Administrators, notice.Founder},
		notice.Resubmitted:       {notice.Managers},
		"order.moved":            nil,
	} {
		var got []notice.Audience
		for _, r := range notice.On(event) {
			got = append(got, r.Tell)
		}
		if !slices.Equal(got, want) {
			t.Errorf("of %s hear %v, want %v", event, got, want)
		}
	}
}

func TestWhatIsNotKnownIsNotSaid(t *testing.T) {
	r := notice.On(notice.ApprovalRequested)[0]
	whole := r.Mail(seller, notice.Addressee{}, everything())
	for name, tt := range map[string]struct {
		edit           func(*notice.Facts)
		lines, buttons int
		rows           int
	}{
		"everything is known": {func(*notice.Facts) {}, 0, 0, 0},
		"no reason":           {func(f *notice.Facts) { f.Because = locale.Phrase{} }, 1, 0, 0},
		"no end":              {func(f *notice.Facts) { f.Until = time.Time{} }, 0, 0, 0},
		"no total":            {func(f *notice.Facts) { f.Total = money.Money{} }, 1, 0, 1},
		"nothing to pay":      {func(f *notice.Facts) { f.Total = money.Of(0, "EUR") }, 0, 0, 0},
		"no place":            {func(f *notice.Facts) { f.Place = "" }, 0, 0, 1},
		"no quick buttons":    {func(f *notice.Facts) { f.Approve, f.Reject = "", "" }, 0, 2, 0},
	} {
		f := everything()
		tt.edit(&f)
		m := r.Mail(seller, notice.Addressee{}, f)
		if l, b, n := len(whole.Lines)-len(m.Lines), len(whole.Buttons)-len(m.Buttons), len(whole.Table)-len(m.Table); l != tt.lines || b != tt.buttons || n != tt.rows {
			t.Errorf("%s: %d lines, %d buttons, %d rows less", name, l, b, n)
		}
	}
	bare := notice.On(notice.Placed)[0]
	if got := bare.Title(notice.Facts{}).In(locale.English); got != "An order is placed" {
		t.Errorf("a title without its facts is %q", got)
	}
}

var seller = notice.Brand{Name: "Müller Werkzeuge", Accent: "#0f7a5a", Imprint: []string{"Müller Werkzeuge GmbH, Werkstraße 1, 70173 Stuttgart", "Amtsgericht Stuttgart, HRB 4711"}}

// everything is one case of which all is known: Ann buys, Bob approves.
func everything() notice.Facts {
	berlin := time.FixedZone("CET", 3600)
	return notice.Facts{
		Number: "PO-2026-0042", Order: "SO-000123", Company: "Acme", Requester: "Ann Archer", Actor: "Bob Baker", Approver: "Cleo Clark",
		Total: money.Of(1249050, "EUR"), Because: locale.Say("%s %s is above %s", locale.Say("total (net)"), money.Of(1249050, "EUR"), money.Of(1000000, "EUR")),
		Words: "Please order before Friday:\nthe old ones <b>break</b> & bend.", Place: "Production, 4711 Tools", Budget: "Tools", Period: "November 2026",
		Used: 9000, Spent: money.Of(4500000, "EUR"), Limit: money.Of(5000000, "EUR"), Role: "Buyer", Webhook: "ERP", Device: "Firefox, Linux",
		Leaver: "Dora Dunn", Principal: "Cleo Clark", Deputy: "Dora Dunn", Behalf: "Cleo Clark", First: "2026-12-21", Last: "2027-01-03", People: "Ann Archer, Bob Baker", Orders: "2", Centres: "4711 Tools", Budgets: "Travel, Training", List: "Winter tyres", Lists: "3",
		At: noon.In(berlin), Until: noon.Add(72 * time.Hour).In(berlin),
		Items: []notice.Item{
			{SKU: "B-M8-40", Name: "Hex bolt M8×40, zinc", Quantity: locale.Say("%s %s", quantity.Of(1500), "pcs"), Price: money.Rate{E4: 1270, Currency: "EUR"}, Total: money.Of(19050, "EUR")},
			{SKU: "DR-900", Name: "Pillar drill 900 W", Quantity: locale.Say("%s %s", quantity.Of(3), "pcs"), Price: money.Rate{E4: 41000000, Currency: "EUR"}, Total: money.Of(1230000, "EUR")},
		},
		Effects: []notice.Effect{
			{Budget: "Tools", Used: money.Of(3000000, "EUR"), This: money.Of(1249050, "EUR"), Limit: money.Of(5000000, "EUR")},
			{Budget: "Production", Used: money.Of(4500000, "EUR"), This: money.Of(1249050, "EUR"), Limit: money.Of(5000000, "EUR"), Over: money.Of(749050, "EUR")},
		},
		Link: "https://kontor.example/purchase-orders/por_1", Approve: "https://kontor.example/d/1?do=approve&k=x", Reject: "https://kontor.example/d/1?do=reject&k=x",
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// The inbox says what somebody typed, too.
func TestABodyQuotesWhatWasTyped(t *testing.T) {
	for _, r := range notice.Reactions() {
		if r.Event != notice.Rejected || r.Tell != notice.Requester {
			continue
		}
		f := notice.Facts{Number: "PO-1", Actor: "Bob Boss", Words: "too dear 100%"}
		if got := r.Body(f).In(locale.English); got != "Bob Boss decided so. “too dear 100%”" {
			t.Errorf("%q", got)
		}
		if got := r.Body(f).In(locale.German); !strings.HasSuffix(got, " „too dear 100%“") {
			t.Errorf("%q", got)
		}
		f.Words = ""
		if got := r.Body(f).In(locale.English); got != "Bob Boss decided so." {
			t.Errorf("%q", got)
		}
		return
	}
	t.Error("nobody is told of a rejection")
}
