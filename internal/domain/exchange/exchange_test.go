package exchange_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/domain/exchange"
)

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func TestWhenToTryAgain(t *testing.T) {
	for _, tt := range []struct {
		attempt int
		chance  float64
		want    time.Duration
		ok      bool
	}{
		{1, 0.5, 5 * time.Second, true},
		{1, 0, 4500 * time.Millisecond, true},
		{2, 0.5, 30 * time.Second, true},
		{3, 0.5, 2 * time.Minute, true},
		{4, 0.5, 10 * time.Minute, true},
		{5, 0.5, 30 * time.Minute, true},
		{6, 0.5, time.Hour, true},
		{7, 0.5, 3 * time.Hour, true},
		{8, 0.5, 6 * time.Hour, true},
		{9, 0.5, 12 * time.Hour, true},
		{10, 0.5, 24 * time.Hour, true},
		{11, 0.5, 24 * time.Hour, true},
		{11, 0, 24*time.Hour - 144*time.Minute, true},
		{12, 0.5, 0, false},
		{0, 0.5, 0, false},
	} {
		got, ok := exchange.After(tt.attempt, noon, tt.chance)
		if ok != tt.ok || ok && got.Sub(noon) != tt.want {
			t.Errorf("after attempt %d by chance %g: %s, %t, want %s, %t", tt.attempt, tt.chance, got.Sub(noon), ok, tt.want, tt.ok)
		}
	}
}

// Whatever chance says, the attempts spread over about three days, each within a tenth of its wait.
func TestAttemptsSpreadOverThreeDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, waits := noon, exchange.Backoff()
		for attempt := 1; ; attempt++ {
			next, more := exchange.After(attempt, at, rapid.Float64Range(0, 0.999999).Draw(t, "chance"))
			if !more {
				if attempt != exchange.Attempts {
					t.Fatalf("the last attempt is the %dth", attempt)
				}
				break
			}
			wait, usual := next.Sub(at), waits[attempt-1]
			if wait < usual*9/10 || wait >= usual*11/10 {
				t.Fatalf("%s after attempt %d, usual is %s", wait, attempt, usual)
			}
			at = next
		}
		if days := at.Sub(noon).Hours() / 24; days < 2.6 || days > 3.3 {
			t.Fatalf("the last attempt comes after %.2f days", days)
		}
	})
}

func TestWhatADeliveryComesTo(t *testing.T) {
	after := func(d time.Duration) time.Time { return noon.Add(d) }
	for _, tt := range []struct {
		name    string
		attempt int
		outcome exchange.Outcome
		state   exchange.DeliveryState
		due     time.Time
	}{
		{"taken at once", 1, exchange.Outcome{Taken: true}, exchange.DeliverySent, noon},
		{"taken at last", 12, exchange.Outcome{Taken: true}, exchange.DeliverySent, noon},
		{"broken, so again", 1, exchange.Outcome{Status: 500, Retry: true}, exchange.DeliveryReady, after(5 * time.Second)},
		{"broken for the third time", 3, exchange.Outcome{Status: 500, Retry: true}, exchange.DeliveryReady, after(2 * time.Minute)},
		{"broken for the last time", 12, exchange.Outcome{Status: 500, Retry: true}, exchange.DeliveryDead, noon},
		{"nothing will help", 1, exchange.Outcome{Status: 410, Gone: true}, exchange.DeliveryDead, noon},
		{"asked to wait longer than we would", 1, exchange.Outcome{Status: 429, Retry: true, Wait: time.Minute}, exchange.DeliveryReady, after(time.Minute)},
		{"asked to wait less", 3, exchange.Outcome{Status: 429, Retry: true, Wait: time.Minute}, exchange.DeliveryReady, after(2 * time.Minute)},
		{"asked to wait at the end", 12, exchange.Outcome{Status: 429, Retry: true, Wait: time.Minute}, exchange.DeliveryDead, noon},
	} {
		d := exchange.Delivery{State: exchange.DeliveryReady, Attempts: tt.attempt - 1, Due: noon}
		d, err := d.Take(noon, time.Minute)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		tt.outcome.At = noon
		d, err = d.Attempted(tt.attempt, tt.outcome, 0.5)
		if err != nil || d.State != tt.state || !d.Due.Equal(tt.due) || d.Attempts != tt.attempt || !d.LeasedUntil.IsZero() || d.Last.Status != tt.outcome.Status {
			t.Errorf("%s: %+v, %v", tt.name, d, err)
		}
	}
}

func TestOneAttemptAtATime(t *testing.T) {
	fresh := exchange.Delivery{State: exchange.DeliveryReady, Due: noon}
	if _, err := fresh.Take(noon.Add(-1), time.Minute); !errors.Is(err, exchange.ErrNotReady) {
		t.Error("taken before it is due:", err)
	}
	first, err := fresh.Take(noon, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Take(noon.Add(59*time.Second), time.Minute); !errors.Is(err, exchange.ErrNotReady) {
		t.Error("taken while somebody has it:", err)
	}
	second, err := first.Take(noon.Add(time.Minute), time.Minute)
	if err != nil || second.Attempts != 2 {
		t.Error("not taken though the lease is over:", err)
	}
	if late, err := second.Attempted(1, exchange.Outcome{At: noon, Taken: true}, 0); !errors.Is(err, exchange.ErrLost) || late.State != exchange.DeliveryReady {
		t.Error("who lost the lease changed something:", late, err)
	}
	done, err := second.Attempted(2, exchange.Outcome{At: noon, Taken: true}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := done.Attempted(2, exchange.Outcome{At: noon, Retry: true}, 0); !errors.Is(err, exchange.ErrLost) || again.State != exchange.DeliverySent {
		t.Error("it ended twice:", again, err)
	}
	if done.Ready(noon.Add(time.Hour)) {
		t.Error("what is delivered is ready")
	}
	if _, err := second.Replay(noon); !errors.Is(err, exchange.ErrUnderway) {
		t.Error("replayed while on its way:", err)
	}
	replayed, err := done.Replay(noon.Add(time.Hour))
	if err != nil || replayed.Attempts != 0 || !replayed.Ready(noon.Add(time.Hour)) || replayed.Ready(noon) {
		t.Errorf("%+v, %v", replayed, err)
	}
}

func TestWhatAnEndpointWants(t *testing.T) {
	for _, tt := range []struct {
		filters, event string
		want           bool
	}{
		{"order.placed", "order.placed", true},
		{"order.placed", "order.placed_late", false},
		{"order.*", "order.placed", true},
		{"order.*", "order.line.changed", true},
		{"order.*", "orders.placed", false},
		{"order.*", "order", false},
		{"*", "anything.at_all", true},
		{"budget.* order.placed", "order.placed", true},
		{"budget.* order.placed", "order.cancelled", false},
		{"", "order.placed", false},
	} {
		e := exchange.Endpoint{Active: true, Filters: strings.Fields(tt.filters)}
		if e.Wants(tt.event) != tt.want {
			t.Errorf("%q wants %s: %t", tt.filters, tt.event, !tt.want)
		}
		if e.Halt().Wants(tt.event) {
			t.Errorf("%q, switched off, wants %s", tt.filters, tt.event)
		}
	}
}

func TestEndpointsAreChecked(t *testing.T) {
	good := exchange.Endpoint{Name: "ERP", URL: "https://example.com", Filters: []string{"order.placed", "budget.*"}}
	for _, tt := range []struct {
		name  string
		edit  func(*exchange.Endpoint)
		field string // what is wrong; "" for nothing
	}{
		{"as it should be", func(*exchange.Endpoint) {}, ""},
		{"everything", func(e *exchange.Endpoint) { e.Filters = []string{"*"} }, ""},
		{"no name", func(e *exchange.Endpoint) { e.Name = " " }, "name required"},
		{"a long name", func(e *exchange.Endpoint) { e.Name = strings.Repeat("ß", 81) }, "name too_long"},
		{"a name of two lines", func(e *exchange.Endpoint) { e.Name = "a\nb" }, "name invalid"},
		{"no address", func(e *exchange.Endpoint) { e.URL = "" }, "url required"},
		{"no event", func(e *exchange.Endpoint) { e.Filters = nil }, "filters required"},
		{"too many events", func(e *exchange.Endpoint) { e.Filters = slices.Repeat([]string{"a.b"}, 51) }, "filters too_many"},
		{"an event with a blank", func(e *exchange.Endpoint) { e.Filters = []string{"order placed"} }, "filters invalid"},
		{"a star within", func(e *exchange.Endpoint) { e.Filters = []string{"order.*.placed"} }, "filters invalid"},
		{"a star on a word", func(e *exchange.Endpoint) { e.Filters = []string{"order*"} }, "filters invalid"},
		{"dots alone", func(e *exchange.Endpoint) { e.Filters = []string{".."} }, "filters invalid"},
		{"a very long event", func(e *exchange.Endpoint) { e.Filters = []string{strings.Repeat("a", 81)} }, "filters invalid"},
	} {
		e := good
		tt.edit(&e)
		var got string
		var f *fault.Fault
		if err := e.Check(); errors.As(err, &f) {
			got = f.Fields[0].Name + " " + f.Fields[0].Code
		}
		if got != tt.field {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.field)
		}
	}
}

func TestSecretsRotate(t *testing.T) {
	e := exchange.Endpoint{}.Rotate("first", noon)
	e = e.Rotate("second", noon)
	for _, tt := range []struct {
		name string
		at   time.Time
		want []string
	}{
		{"at once, both", noon, []string{"second", "first"}},
		{"to the end of the day, both", noon.Add(exchange.Overlap - 1), []string{"second", "first"}},
		{"then the new one", noon.Add(exchange.Overlap), []string{"second"}},
	} {
		if got := e.Signing(tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	if got := e.Rotate("third", noon.Add(time.Hour)).Signing(noon.Add(time.Hour)); !slices.Equal(got, []string{"third", "second"}) {
		t.Error("a third within the day:", got)
	}
	if told := fmt.Sprintf("%v %+v %#v %s", e, e, e, e.Secrets); strings.Contains(told, "second") {
		t.Error("the log would tell:", told)
	}
}

func TestAFailingEndpointIsStopped(t *testing.T) {
	fails := func(after time.Duration) exchange.Outcome {
		return exchange.Outcome{At: noon.Add(after), Status: 500, Retry: true}
	}
	taken := func(after time.Duration) exchange.Outcome {
		return exchange.Outcome{At: noon.Add(after), Taken: true}
	}
	for _, tt := range []struct {
		name   string
		heard  []exchange.Outcome
		active bool
		why    exchange.Stop
	}{
		{"all is well", []exchange.Outcome{taken(0)}, true, exchange.NotStopped},
		{"one failure is none", []exchange.Outcome{fails(0)}, true, exchange.NotStopped},
		{"nearly three days of them", []exchange.Outcome{fails(0), fails(72*time.Hour - 1)}, true, exchange.NotStopped},
		{"three days", []exchange.Outcome{fails(0), fails(72 * time.Hour)}, false, exchange.ByFailing},
		{"three days with a success between", []exchange.Outcome{fails(0), taken(time.Hour), fails(72 * time.Hour)}, true, exchange.NotStopped},
		{"it says that it is gone", []exchange.Outcome{{At: noon, Status: 410, Gone: true}}, false, exchange.ByGone},
		{"a success comes after it was stopped", []exchange.Outcome{{At: noon, Gone: true}, taken(time.Hour)}, false, exchange.ByGone},
	} {
		e := exchange.Endpoint{}.Resume()
		for _, o := range tt.heard {
			e = e.Heard(o)
		}
		if e.Active != tt.active || e.Stopped != tt.why {
			t.Errorf("%s: active %t, %q", tt.name, e.Active, e.Stopped)
		}
		if again := e.Resume(); !again.Active || again.Stopped != exchange.NotStopped || !again.FailingSince.IsZero() {
			t.Errorf("%s: resumed: %+v", tt.name, again)
		}
	}
	if e := (exchange.Endpoint{}).Resume().Halt(); e.Active || e.Stopped != exchange.ByPerson {
		t.Errorf("halted: %+v", e)
	}
}

func TestTheLifeOfAJob(t *testing.T) {
	why := locale.Say("this value cannot be read")
	ready := exchange.Job{State: exchange.JobReady, Due: noon}
	take := func(j exchange.Job, at time.Time) exchange.Job {
		t.Helper()
		j, err := j.Take(at, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	running := take(ready, noon)
	must := func(j exchange.Job, err error) exchange.Job {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	never, tomorrow := time.Time{}, noon.Add(24*time.Hour)
	last := running
	last.Attempts = exchange.JobAttempts
	for _, tt := range []struct {
		name    string
		job     exchange.Job
		state   exchange.JobState
		due     time.Time
		percent int
	}{
		{"taken", running, exchange.JobRunning, noon, 0},
		{"a third done", must(running.Advance(1, 1, 3, noon, time.Minute)), exchange.JobRunning, noon, 33},
		{"more done than there was to do", must(running.Advance(1, 5, 3, noon, time.Minute)), exchange.JobRunning, noon, 100},
		{"finished", must(must(running.Advance(1, 1, 3, noon, time.Minute)).Finish(1, noon, never)), exchange.JobDone, noon, 100},
		{"finished until tomorrow", must(must(running.Advance(1, 1, 3, noon, time.Minute)).Finish(1, noon, tomorrow)), exchange.JobReady, tomorrow, 0},
		{"failed, so again", must(running.Fail(1, noon, never, why, 0.5)), exchange.JobFailed, noon.Add(5 * time.Second), 0},
		{"failed, and recurring", must(running.Fail(1, noon, tomorrow, why, 0.5)), exchange.JobFailed, noon.Add(5 * time.Second), 0},
		{"failed for the last time", must(last.Fail(exchange.JobAttempts, noon, never, why, 0.5)), exchange.JobDead, noon, 0},
		{"failed for the last time today", must(last.Fail(exchange.JobAttempts, noon, tomorrow, why, 0.5)), exchange.JobReady, tomorrow, 0},
	} {
		if tt.job.State != tt.state || !tt.job.Due.Equal(tt.due) || tt.job.Percent() != tt.percent {
			t.Errorf("%s: %+v", tt.name, tt.job)
		}
		over := tt.state == exchange.JobDone || tt.state == exchange.JobDead
		if over == tt.job.EndedAt.IsZero() {
			t.Errorf("%s: ended at %s", tt.name, tt.job.EndedAt)
		}
		if strings.HasPrefix(tt.name, "failed") != (tt.job.Reason.In(locale.English) == "this value cannot be read") {
			t.Errorf("%s: because %q", tt.name, tt.job.Reason.In(locale.English))
		}
	}
	if ready.Ready(noon.Add(-1)) || !ready.Ready(noon) {
		t.Error("a job is ready when it is due")
	}
	if running.Ready(noon.Add(59*time.Second)) || !running.Ready(noon.Add(time.Minute)) {
		t.Error("a running job is ready once its lease is over")
	}
	kept := must(running.Advance(1, 1, 3, noon.Add(50*time.Second), time.Minute))
	if kept.Ready(noon.Add(100*time.Second)) || !kept.Ready(noon.Add(110*time.Second)) {
		t.Error("progress prolongs the lease")
	}
	second := take(kept, noon.Add(time.Hour))
	if second.Done != 1 || second.Of != 3 {
		t.Errorf("progress is lost: %+v", second)
	}
	for name, lost := range map[string]func() (exchange.Job, error){
		"advances": func() (exchange.Job, error) { return second.Advance(1, 2, 3, noon, time.Minute) },
		"finishes": func() (exchange.Job, error) { return second.Finish(1, noon, never) },
		"fails":    func() (exchange.Job, error) { return second.Fail(1, noon, never, why, 0) },
	} {
		if j, err := lost(); !errors.Is(err, exchange.ErrLost) || j.State != exchange.JobRunning || j.Done != 1 {
			t.Errorf("who lost the lease %s: %+v, %v", name, j, err)
		}
	}
	dead := must(last.Fail(exchange.JobAttempts, noon, never, why, 0))
	if _, err := dead.Take(tomorrow, time.Minute); !errors.Is(err, exchange.ErrNotReady) {
		t.Error("a dead job was taken:", err)
	}
	if _, err := running.Retry(noon); !errors.Is(err, exchange.ErrUnderway) {
		t.Error("a running job was retried:", err)
	}
	if j := must(dead.Retry(tomorrow)); !j.Ready(tomorrow) || j.Attempts != 0 || !j.EndedAt.IsZero() {
		t.Errorf("retried: %+v", j)
	}
}

func TestWhenRecurringWorkIsDue(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		t.Helper()
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		name     string
		schedule exchange.Schedule
		after    string
		want     string
	}{
		{"every five minutes", exchange.Every(5 * time.Minute), "2026-11-03T12:03:10Z", "2026-11-03T12:05:00Z"},
		{"on the dot, the next", exchange.Every(5 * time.Minute), "2026-11-03T12:05:00Z", "2026-11-03T12:10:00Z"},
		{"later today", exchange.Daily(14, 30, berlin), "2026-11-03T12:00:00Z", "2026-11-03T13:30:00Z"},
		{"on the dot, tomorrow", exchange.Daily(14, 30, berlin), "2026-11-03T13:30:00Z", "2026-11-04T13:30:00Z"},
		{"the day is that of the zone", exchange.Daily(0, 15, berlin), "2026-11-03T23:10:00Z", "2026-11-03T23:15:00Z"},
		{"when the clocks skip it, as they do", exchange.Daily(2, 30, berlin), "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"and the next day as ever", exchange.Daily(2, 30, berlin), "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		{"when they strike it twice, the second time", exchange.Daily(2, 30, berlin), "2026-10-24T12:00:00Z", "2026-10-25T01:30:00Z"},
		{"and only then", exchange.Daily(2, 30, berlin), "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
	} {
		if got := tt.schedule.Next(at(tt.after)); !got.Equal(at(tt.want)) {
			t.Errorf("%s: %s, want %s", tt.name, got.Format(time.RFC3339), tt.want)
		}
	}
}
