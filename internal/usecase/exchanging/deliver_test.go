package exchanging_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/exchanging"
)

func TestWhatHappensIsDelivered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, other, globex := w.receiver(), w.receiver(), w.receiver()
		hook := w.hook(w.Dan, r, "order.*")
		w.hook(w.Dan, other, "budget.*")
		w.hook(w.Eve, globex, "*")
		w.relay()
		w.deliver() // Globex hears of its own webhook
		heard := len(globex.got())
		o := w.newOrder()
		w.happen(w.Acme, o, 3)
		told := w.told(w.Acme)
		w.relay()
		w.deliver()
		r.sound([]id.Order{o}, 3)
		if n := len(other.got()) + len(globex.got()) - heard; n > 0 {
			t.Errorf("%d events went to those who do not want them, or must not have them", n)
		}
		m := r.got()[0]
		var envelope map[string]any
		if err := json.Unmarshal(m.raw, &envelope); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]any{"specversion": "1.0", "id": told[0].ID.String(), "source": "https://buy.example.com", "type": "order.moved",
			"subject": o.String(), "time": told[0].At.Format(time.RFC3339Nano), "sequence": fmt.Sprintf("%019d", told[0].Place)} {
			if envelope[key] != want {
				t.Errorf("%s is %v, want %v", key, envelope[key], want)
			}
		}
		w.relay()
		w.deliver()
		if r.tried() != 3 {
			t.Errorf("%d posts for 3 events", r.tried())
		}
		if got := w.deliveries(w.Dan, hook.ID); len(got) != 3 || got[0].State != exchange.DeliverySent || got[0].Last.Status != http.StatusOK || got[0].Name != "order.moved" ||
			got[0].ID.String() != r.got()[2].Key || got[0].Attempts != 1 {
			t.Errorf("deliveries: %+v", got)
		}
		if got := w.get(w.Dan, hook.ID); got.Waiting != 0 || got.Dead != 0 || !got.FailingSince.IsZero() {
			t.Errorf("the webhook: %+v", got)
		}
	})
}

func TestATestGoesToTheOneWebhookWhateverItsFilters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, other := w.receiver(), w.receiver()
		hook := w.hook(w.Dan, r, "order.placed")
		w.hook(w.Dan, other, "*")
		w.relay()
		w.deliver()
		before := len(other.got())
		if err := w.TestWebhook(ctx, w.Dan, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.relay()
		w.deliver()
		if got := r.got(); len(got) != 1 || got[0].Type != exchange.Pinged || got[0].Subject != hook.ID.String() {
			t.Errorf("the one got %+v", got)
		}
		if got := other.got()[before:]; len(got) > 0 {
			t.Errorf("the other got %+v", got)
		}
	})
}

func TestWhileSecretsRotateBothSign(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		_, secret, err := w.RotateSecret(ctx, w.Dan, hook.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.happen(w.Acme, w.newOrder(), 1)
		w.relay()
		w.deliver() // the receiver still trusts the old one
		r.trust(t, secret)
		w.happen(w.Acme, w.newOrder(), 1)
		w.relay()
		w.deliver()
		w.clock.jump(exchange.Overlap + time.Minute)
		w.happen(w.Acme, w.newOrder(), 1)
		w.relay()
		w.deliver()
		if len(r.got()) != 3 {
			t.Errorf("took %d events", len(r.got()))
		}
		if got := w.get(w.Dan, hook.ID); !got.OldUntil.IsZero() {
			t.Errorf("the old secret signs until %s", got.OldUntil)
		}
	})
}

func TestALaterEventWaitsForTheOneBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		sick, well := w.newOrder(), w.newOrder()
		r.answering(func(m message) int {
			if m.Subject == sick.String() {
				return http.StatusInternalServerError
			}
			return http.StatusNoContent
		})
		w.happen(w.Acme, sick, 2)
		w.happen(w.Acme, well, 2)
		w.relay()
		w.deliver()
		if n := r.tried(); n != 3 {
			t.Errorf("%d posts: want one of the sick order's, two of the other's", n)
		}
		if got := w.get(w.Dan, hook.ID); got.Waiting != 2 {
			t.Errorf("%d wait", got.Waiting)
		}
		w.clock.jump(time.Second)
		if w.deliver(); r.tried() != 3 {
			t.Error("it was tried again too soon")
		}
		r.answering(nil)
		w.clock.jump(exchange.Backoff()[0])
		w.deliver()
		r.sound([]id.Order{sick, well}, 2)
	})
}

func TestDeadLettersAreReplayed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		sick, well := w.newOrder(), w.newOrder()
		r.answering(func(m message) int {
			if m.Subject == sick.String() {
				return http.StatusBadRequest
			}
			return http.StatusOK
		})
		w.happen(w.Acme, sick, 3)
		w.relay()
		for range exchange.Attempts * 3 {
			w.deliver()
			w.happen(w.Acme, well, 1) // so that the webhook does not fail altogether
			w.relay()
			w.deliver()
			w.clock.jump(27 * time.Hour)
		}
		if got := w.get(w.Dan, hook.ID); got.Dead != 3 || got.Waiting != 0 || !got.Active {
			t.Fatalf("the webhook: %+v", got)
		}
		if n := r.tried() - len(r.got()); n != 3*exchange.Attempts {
			t.Errorf("tried %d times in vain", n)
		}
		list, err := w.ListDeliveries(ctx, w.Dan, exchanging.ListDeliveriesInput{Webhook: hook.ID, State: exchange.DeliveryDead, Page: page.Ask{Limit: 2}})
		if err != nil || len(list.Rows) != 2 || list.Next == "" {
			t.Fatalf("dead letters: %+v, %v", list, err)
		}
		last := list.Rows[0]
		if got := last.Last; got.Status != http.StatusBadRequest || got.Answer != "as you like it" || got.Reason.In(locale.English) != "the receiver answered 400" || last.Attempts != exchange.Attempts {
			t.Errorf("the last dead letter: %+v", last)
		}
		ask, err := page.Parse(list.Next, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		list, err = w.ListDeliveries(ctx, w.Dan, exchanging.ListDeliveriesInput{Webhook: hook.ID, State: exchange.DeliveryDead, Page: ask})
		if err != nil || len(list.Rows) != 1 || list.Next != "" {
			t.Errorf("the rest: %+v, %v", list, err)
		}
		r.answering(nil)
		before := len(r.got())
		if err := w.Replay(ctx, w.Dan, hook.ID, last.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Replay(ctx, w.Dan, hook.ID, last.ID); !errors.Is(err, exchange.ErrUnderway) {
			t.Error(err)
		}
		w.deliver()
		if got := r.got()[before:]; len(got) != 1 || got[0].Key != last.ID.String() || got[0].Data.Number != "2" {
			t.Errorf("replayed: %+v", got)
		}
		job, err := w.ReplayDead(ctx, w.Dan, hook.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.work(map[string]exchanging.Work{exchanging.ReplayJob: w.ReplayAll})
		w.deliver()
		if got := r.got()[before+1:]; len(got) != 2 || got[0].Data.Number != "0" || got[1].Data.Number != "1" {
			t.Errorf("replayed: %+v", got)
		}
		if j, err := w.GetJob(ctx, w.Dan, job); err != nil || j.State != exchange.JobDone || j.Percent() != 100 || j.Of != 2 {
			t.Errorf("the job: %+v, %v", j, err)
		}
		if got := w.get(w.Dan, hook.ID); got.Dead != 0 {
			t.Errorf("%d are still dead", got.Dead)
		}
	})
}

func TestAReceiverThatIsGoneIsLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r, "order.*")
		r.answering(status(http.StatusGone))
		o := w.newOrder()
		w.happen(w.Acme, o, 3)
		w.relay()
		w.deliver()
		got := w.get(w.Dan, hook.ID)
		if got.Active || got.Stopped != exchange.ByGone || got.Dead != 3 || got.Waiting != 0 {
			t.Errorf("the webhook: %+v", got)
		}
		told := w.told(w.Acme)
		if len(told) != 1 || told[0].Event != "webhook.stopped" || !strings.Contains(string(told[0].Body), `"gone"`) {
			t.Errorf("told: %+v", told)
		}
		w.happen(w.Acme, o, 1)
		w.relay()
		w.clock.jump(100 * time.Hour)
		if w.deliver(); r.tried() != 1 {
			t.Errorf("it was asked %d times", r.tried())
		}
		r.answering(nil)
		if _, err := w.ResumeWebhook(ctx, w.Dan, hook.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ReplayDead(ctx, w.Dan, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.work(map[string]exchanging.Work{exchanging.ReplayJob: w.ReplayAll})
		w.deliver()
		r.sound([]id.Order{o}, 3)
	})
}

func TestAReceiverThatTakesNothingForThreeDaysIsStopped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		r.answering(status(http.StatusServiceUnavailable))
		began := w.DB.Times()
		for i := 0; w.get(w.Dan, hook.ID).Active; i++ {
			if i > 200 {
				t.Fatal("it goes on and on")
			}
			w.happen(w.Acme, w.newOrder(), 1)
			w.relay()
			w.deliver()
			w.clock.jump(time.Hour)
		}
		if after := w.DB.Times().Sub(began); after < exchange.Patience || after > exchange.Patience+5*time.Hour {
			t.Errorf("it was stopped after %s", after)
		}
		if got := w.get(w.Dan, hook.ID); got.Stopped != exchange.ByFailing || got.Waiting != 0 || got.Dead == 0 {
			t.Errorf("the webhook: %+v", got)
		}
	})
}

func TestAReceiverThatFailsIsAskedLessAndLess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		w.hook(w.Dan, r)
		r.answering(status(http.StatusServiceUnavailable))
		for range 100 {
			w.happen(w.Acme, w.newOrder(), 1)
		}
		w.relay()
		for began := w.DB.Times(); w.DB.Times().Sub(began) < 24*time.Hour; w.clock.jump(time.Minute + w.DB.Times().Sub(began)/100) {
			w.deliver()
		}
		if n := r.tried(); n < 50 || n > 200 {
			t.Errorf("it was asked %d times in a day, with 100 events waiting", n)
		}
	})
}

func TestAPausedWebhookKeepsWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		o, missed := w.newOrder(), w.newOrder()
		w.happen(w.Acme, o, 2)
		w.relay()
		if _, err := w.PauseWebhook(ctx, w.Dan, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.happen(w.Acme, missed, 1)
		w.relay()
		if w.deliver(); r.tried() > 0 {
			t.Error("it was asked although it is paused")
		}
		if _, err := w.ResumeWebhook(ctx, w.Dan, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.deliver()
		r.sound([]id.Order{o}, 2)
		if n := len(r.got()); n != 2 {
			t.Errorf("took %d events, one of them of the time when it was paused", n)
		}
	})
}

func TestADeletedWebhookIsNotAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		w.happen(w.Acme, w.newOrder(), 2)
		w.relay()
		r.answering(func(message) int { // while one is under way
			if err := w.DeleteWebhook(ctx, w.Dan, hook.ID, hook.Version); err != nil {
				t.Error(err)
			}
			return http.StatusOK
		})
		w.deliver()
		if r.tried() != 1 {
			t.Errorf("it was asked %d times", r.tried())
		}
	})
}

func TestWhoIsToldToStopEndsWhatIsUnderWay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		w.hook(w.Dan, r)
		o := w.newOrder()
		w.happen(w.Acme, o, 3)
		w.relay()
		stopped, stop := context.WithCancel(ctx)
		r.answering(func(message) int { stop(); return http.StatusOK })
		if worked, err := w.Deliver(stopped, system); !worked || err != nil {
			t.Fatal(worked, err)
		}
		if r.tried() != 1 {
			t.Errorf("it went on for %d posts", r.tried())
		}
		w.deliver() // another node, at once
		r.sound([]id.Order{o}, 3)
		if n := len(r.got()); n != 3 {
			t.Errorf("took %d posts for 3 events", n)
		}
	})
}

// A node sleeps in the middle of a post, and wakes when another has long taken over: it leaves the webhook to that one.
func TestWhoHasLostAWebhookLeavesItAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		w.hook(w.Dan, r)
		o := w.newOrder()
		w.happen(w.Acme, o, 3)
		w.relay()
		var other sync.WaitGroup
		begun, goOn := make(chan struct{}), make(chan struct{})
		var posts atomic.Int64
		r.answering(func(m message) int {
			switch posts.Add(1) {
			case 1: // the first node's: it sleeps, and another takes over
				w.clock.jump(exchanging.Lease)
				other.Go(func() {
					if _, err := service(w.DB).Deliver(ctx, system); err != nil {
						t.Error(err)
					}
				})
				<-begun
			case 3: // the other's second one
				close(begun)
				<-goOn
			}
			return http.StatusOK
		})
		if _, err := w.Deliver(ctx, system); err != nil {
			t.Fatal(err)
		}
		if n := posts.Load(); n != 3 {
			t.Errorf("%d posts when the first node stops: want one of its own and two of the other's", n)
		}
		if worked, err := w.Deliver(ctx, system); worked || err != nil {
			t.Error("it has given away what is the other's:", err)
		}
		close(goOn)
		other.Wait()
		r.sound([]id.Order{o}, 3)
		if n := posts.Load(); n != 4 {
			t.Errorf("%d posts: want one of the first node's and three of the other's", n)
		}
	})
}

func TestASlowReceiverKeepsNobodyWaiting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		slow, quick := w.receiver(), w.receiver()
		w.hook(w.Dan, slow)
		w.hook(w.Eve, quick)
		for range 20 {
			w.happen(w.Acme, w.newOrder(), 1)
		}
		w.relay()
		begun, goOn := make(chan struct{}, 20), make(chan struct{})
		slow.answering(func(message) int {
			begun <- struct{}{}
			<-goOn
			return http.StatusOK
		})
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := w.Deliver(ctx, system); err != nil {
				t.Error(err)
			}
		})
		<-begun
		o := w.newOrder()
		w.happen(w.Globex, o, 1)
		w.relay()
		w.deliver() // another loop, while the slow one hangs
		quick.sound([]id.Order{o}, 1)
		close(goOn)
		wg.Wait()
	})
}

// Half of all posts fail, and now and then the process dies in the middle of one: nothing is lost, nothing comes out of
// order, and what comes twice bears the same identifier. The receiver refuses no event so often that it is given up:
// then the ones behind it would rightly come without it.
func TestNothingIsLostAndNothingComesOutOfOrder(t *testing.T) {
	const events = 12
	for name, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Database} {
		t.Run(name, func(t *testing.T) {
			seed := rand.Uint64()
			t.Log("seed", seed)
			var mu sync.Mutex
			chance := rand.New(rand.NewPCG(seed, 0))
			at := address(t)
			w := newWorld(t, storetest.Open(t, at, nil))
			r := w.receiver()
			w.hook(w.Dan, r)
			var orders []id.Order
			for range 10 {
				orders = append(orders, w.newOrder())
			}
			for range events {
				for _, o := range orders {
					w.happen(w.Acme, o, 1)
				}
			}
			deaths, tries := 0, map[string]int{}
			r.answering(func(m message) int {
				mu.Lock()
				defer mu.Unlock()
				if tries[m.Key]++; tries[m.Key] > exchange.Attempts/2 {
					return http.StatusOK
				}
				switch chance.IntN(20) {
				case 0:
					if deaths++; deaths < 20 {
						if err := w.DB.Close(); err != nil { // the process dies: what became of the post is not noted
							t.Error(err)
						}
					}
					return http.StatusOK
				case 1, 2, 3, 4, 5, 6, 7, 8, 9:
					return http.StatusBadGateway
				}
				return http.StatusOK
			})
			for i := 0; ; i++ {
				if i > 5000 {
					t.Fatal("it does not come to an end")
				}
				n, err := w.Relay(ctx, system, []exchanging.On{{Event: "*", Do: w.React}})
				worked := false
				if err == nil {
					worked, err = w.Deliver(ctx, system)
				}
				if err != nil { // it is dead: a new process, when the leases have ended
					if err := w.DB.Close(); err != nil {
						t.Fatal(err)
					}
					w.clock.jump(exchanging.Lease)
					w.DB = storetest.Open(t, at, w.clock.now)
					w.Service = service(w.DB)
					continue
				}
				if n == 0 && !worked {
					if w.get(w.Dan, w.only()).Waiting == 0 {
						break
					}
					w.clock.jump(time.Minute)
				}
			}
			r.sound(orders, events)
			t.Logf("%d posts, %d taken, %d deaths", r.tried(), len(r.got()), deaths)
			if deaths == 0 {
				t.Error("the process never died")
			}
		})
	}
}

// only is the one webhook of Acme.
func (w *world) only() id.Webhook {
	w.t.Helper()
	all, err := w.ListWebhooks(ctx, w.Dan)
	if err != nil || len(all) != 1 {
		w.t.Fatal(all, err)
	}
	return all[0].ID
}

// Two nodes on one database: each event is reacted to once, and each delivery is made once.
func TestTwoNodesDoEachThingOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, globex := w.receiver(), w.receiver()
		w.hook(w.Dan, r)
		w.hook(w.Eve, globex)
		var orders, theirs []id.Order
		for range 8 {
			orders, theirs = append(orders, w.newOrder()), append(theirs, w.newOrder())
		}
		for range 10 {
			for i := range orders {
				w.happen(w.Acme, orders[i], 1)
				w.happen(w.Globex, theirs[i], 1)
			}
		}
		var wg sync.WaitGroup
		for range 2 {
			node := service(w.DB)
			for range 2 {
				wg.Go(func() {
					for rest := 3; rest > 0; rest-- {
						n, err := node.Relay(ctx, system, []exchanging.On{{Event: "*", Do: node.React}})
						if err != nil {
							t.Error(err)
						}
						worked, err := node.Deliver(ctx, system)
						if err != nil {
							t.Error(err)
						}
						if n > 0 || worked {
							rest = 3
						}
					}
				})
			}
		}
		wg.Wait()
		r.sound(orders, 10)
		globex.sound(theirs, 10)
		if r.tried() != 80 || globex.tried() != 80 {
			t.Errorf("%d and %d posts for 80 events each", r.tried(), globex.tried())
		}
	})
}

// fail is a reaction that cannot be done for events of some orders.
func fail(at *[]string, sick ...id.Order) exchanging.Reaction {
	return func(_ context.Context, _ *store.Tx, _ access.Actor, told []auditdb.Told) (func(), error) {
		var numbers []string
		for _, o := range told {
			if slices.ContainsFunc(sick, func(s id.Order) bool { return s.String() == o.About }) {
				return nil, errors.New("it cannot be done")
			}
			numbers = append(numbers, o.About+string(o.Body))
		}
		return func() { *at = append(*at, numbers...) }, nil
	}
}

func TestAnEventThatCannotBeReactedToHoldsUpItsSubjectAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sick, well := w.newOrder(), w.newOrder()
		w.happen(w.Acme, sick, 2)
		w.happen(w.Acme, well, 2)
		w.happen(w.Globex, well, 1)
		var other, done []string
		table := []exchanging.On{{Event: "*", Do: fail(&other)}, {Event: "order.*", Do: fail(&done, sick)}, {Event: "budget.*", Do: fail(&done)}}
		n, err := w.Relay(ctx, system, table)
		if err == nil || !strings.Contains(err.Error(), "it cannot be done") || n != 3 || len(done) != 3 || len(other) != 3 {
			t.Fatalf("%d reacted to, %q and %q, %v", n, done, other, err)
		}
		if n, err := w.Relay(ctx, system, table); n > 0 || err != nil {
			t.Errorf("it was tried again at once: %d, %v", n, err)
		}
		w.clock.jump(5 * time.Second)
		if n, err := w.Relay(ctx, system, table); n > 0 || err == nil {
			t.Errorf("it was not tried again: %d, %v", n, err)
		}
		if left := w.told(w.Acme); len(left) != 2 {
			t.Errorf("%d events wait", len(left))
		}
		w.clock.jump(time.Minute)
		done, table[1].Do = nil, fail(&done)
		if n, err := w.Relay(ctx, system, table); n != 2 || err != nil || len(done) != 2 || !strings.Contains(done[0], `"0"`) {
			t.Errorf("in the end: %d, %q, %v", n, done, err)
		}
	})
}

func TestManyEventsOfWhatIsHeldUpStandInNobodysWay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sick, well := w.newOrder(), w.newOrder()
		w.happen(w.Acme, sick, 60)
		w.happen(w.Acme, well, 2)
		var done []string
		table := []exchanging.On{{Event: "*", Do: fail(&done, sick)}}
		for range 3 {
			if _, err := w.Relay(ctx, system, table); err != nil && !strings.Contains(err.Error(), "it cannot be done") {
				t.Fatal(err)
			}
		}
		if len(done) != 2 || !strings.HasPrefix(done[0], well.String()) || !strings.Contains(done[0], `"0"`) {
			t.Errorf("reacted to %q", done)
		}
		w.clock.jump(time.Minute)
		done, table[0].Do = nil, fail(&done)
		w.happen(w.Acme, well, 1)
		for range 2 {
			if _, err := w.Relay(ctx, system, table); err != nil {
				t.Fatal(err)
			}
		}
		if len(done) != 61 {
			t.Fatalf("in the end %d were reacted to", len(done))
		}
		for i, o := range done[:60] {
			if !strings.HasPrefix(o, sick.String()) || !strings.Contains(o, fmt.Sprintf("%q", fmt.Sprint(i))) {
				t.Errorf("in place %d came %s", i, o)
			}
		}
	})
}
