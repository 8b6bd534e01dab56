package exchanging_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/store/exchangedb"
	"kontor/internal/usecase/exchanging"
)

// work does every job that is due.
func (w *world) work(kinds map[string]exchanging.Work) {
	w.t.Helper()
	for {
		worked, err := w.WorkOff(ctx, system, kinds)
		if err != nil {
			w.t.Fatal(err)
		}
		if !worked {
			return
		}
	}
}

// job adds a job of Acme's.
func (w *world) job(kind string) (key id.Job) {
	w.t.Helper()
	err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		key = id.NewJob(tx.Now)
		tx.Exchange.InsertJob(exchange.Job{ID: key, Company: w.Acme, Kind: kind, Input: "seven", State: exchange.JobReady, Due: tx.Now, MadeAt: tx.Now})
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return key
}

func (w *world) jobNow(key id.Job) exchange.Job {
	w.t.Helper()
	j, err := w.GetJob(ctx, w.Dan, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

func TestAJobTellsHowFarItHasCome(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.job("another")
		key := w.job("count")
		w.work(map[string]exchanging.Work{"count": func(_ context.Context, actor access.Actor, j exchange.Job, advance exchanging.Advance) error {
			if actor.Company != w.Acme || j.Input != "seven" || j.ID != key {
				t.Errorf("%v is handed %+v", actor.Company, j)
			}
			if err := advance(3, 7); err != nil {
				return err
			}
			if now := w.jobNow(key); now.State != exchange.JobRunning || now.Done != 3 || now.Of != 7 || now.Percent() != 42 {
				t.Errorf("in the middle: %+v", now)
			}
			if worked, err := w.WorkOff(ctx, system, map[string]exchanging.Work{"count": nil}); worked || err != nil {
				t.Error("somebody else could take it:", err)
			}
			return nil
		}})
		if now := w.jobNow(key); now.State != exchange.JobDone || now.Done != 7 || now.EndedAt.IsZero() {
			t.Errorf("in the end: %+v", now)
		}
		if now := w.jobNow(other); now.State != exchange.JobReady {
			t.Errorf("a kind that nobody knows: %+v", now)
		}
		if _, err := w.GetJob(ctx, w.Eve, key); !errors.Is(err, exchangedb.ErrJobUnseen) {
			t.Error(err)
		}
		if _, err := w.GetJob(ctx, w.Bob, key); !errors.Is(err, access.ErrForbidden) {
			t.Error(err)
		}
	})
}

func TestAJobThatFailsIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := w.job("fail")
		tries := 0
		sick := fault.Define(fault.Refused, "test.sick", "it will not do")
		kinds := map[string]exchanging.Work{"fail": func(context.Context, access.Actor, exchange.Job, exchanging.Advance) error { tries++; return sick }}
		for range 3 * exchange.JobAttempts {
			worked, err := w.WorkOff(ctx, system, kinds)
			if worked && !errors.Is(err, sick) || !worked && err != nil {
				t.Fatal(worked, err)
			}
			w.clock.jump(time.Hour)
		}
		now := w.jobNow(key)
		if tries != exchange.JobAttempts || now.State != exchange.JobDead || now.Reason.In(locale.English) != "it will not do" {
			t.Errorf("tried %d times: %+v", tries, now)
		}
	})
}

// Who works on a job dies: another goes on where it stood, but not for ever.
func TestAJobOutlivesWhoWorksOnIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := w.job("long")
		dead := errors.New("dead")
		dying := func(kinds map[string]exchanging.Work) (err error) {
			stopped, stop := context.WithCancel(ctx)
			work := kinds["long"]
			_, err = w.WorkOff(stopped, system, map[string]exchanging.Work{"long": func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
				stop()
				return work(ctx, a, j, func(done, of int) error { return advance(done, of) })
			}})
			return err
		}
		var begun []int
		kinds := map[string]exchanging.Work{"long": func(_ context.Context, _ access.Actor, j exchange.Job, _ exchanging.Advance) error {
			begun = append(begun, j.Done)
			return dead
		}}
		stopped, stop := context.WithCancel(ctx)
		if _, err := w.WorkOff(stopped, system, map[string]exchanging.Work{"long": func(_ context.Context, _ access.Actor, j exchange.Job, advance exchanging.Advance) error {
			begun = append(begun, j.Done)
			err := advance(5, 10)
			stop()
			return err
		}}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if worked, err := w.WorkOff(ctx, system, kinds); worked || err != nil {
			t.Fatal("it was taken while its lease held:", err)
		}
		for range 10 {
			w.clock.jump(exchanging.JobLease)
			if err := dying(kinds); err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if len(begun) != exchange.JobAttempts || begun[0] != 0 || begun[1] != 5 {
			t.Errorf("begun at %v", begun)
		}
		if now := w.jobNow(key); now.State != exchange.JobDead || now.Reason.IsZero() {
			t.Errorf("in the end: %+v", now)
		}
	})
}

func TestTwoNodesDoAJobOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 10 {
			w.job("once")
		}
		var done atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			node := service(w.DB)
			wg.Go(func() {
				for more := true; more; {
					var err error
					more, err = node.WorkOff(ctx, system, map[string]exchanging.Work{"once": func(context.Context, access.Actor, exchange.Job, exchanging.Advance) error {
						done.Add(1)
						return nil
					}})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if done.Load() != 10 {
			t.Errorf("10 jobs were done %d times", done.Load())
		}
	})
}

func TestTheTimetableIsKeptOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var done atomic.Int64
		every := exchange.Every(time.Hour)
		turns := func() (ran int) {
			t.Helper()
			var n atomic.Int64
			var wg sync.WaitGroup
			for range 4 {
				node := service(w.DB)
				wg.Go(func() {
					ran, err := node.Turn(ctx, system, "tidy", every, func(context.Context) error { done.Add(1); return nil })
					if err != nil {
						t.Error(err)
					}
					if ran {
						n.Add(1)
					}
				})
			}
			wg.Wait()
			return int(n.Load())
		}
		if n := turns(); n != 0 {
			t.Errorf("a new entry ran %d times before its time", n)
		}
		for hour := range int64(3) {
			w.clock.jump(time.Hour)
			if n := turns(); n != 1 || done.Load() != hour+1 {
				t.Errorf("in hour %d it ran %d times, %d in all", hour, n, done.Load())
			}
			if n := turns(); n != 0 {
				t.Errorf("in hour %d it ran again", hour)
			}
		}
		w.clock.jump(5 * time.Hour)
		if turns(); done.Load() != 4 {
			t.Errorf("what was missed is made up for once, not %d times", done.Load()-3)
		}
	})
}

func TestATurnThatFailsIsDoneAgainSoon(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		daily := exchange.Daily(3, 30, time.UTC)
		sick := errors.New("sick")
		tries := 0
		turn := func(err error) (bool, error) {
			return w.Turn(ctx, system, "tidy", daily, func(context.Context) error { tries++; return err })
		}
		if _, err := turn(nil); err != nil {
			t.Fatal(err)
		}
		w.clock.jump(24 * time.Hour)
		if ran, err := turn(sick); !ran || !errors.Is(err, sick) {
			t.Fatal(ran, err)
		}
		if ran, err := turn(nil); ran || err != nil {
			t.Error("it was done again at once", err)
		}
		w.clock.jump(exchange.Backoff()[0] + time.Second)
		if ran, err := turn(nil); !ran || err != nil || tries != 2 {
			t.Error("it was not done again soon", tries, err)
		}
		w.clock.jump(10 * time.Minute)
		if ran, err := turn(nil); ran || err != nil {
			t.Error("done, it waits for the next day", err)
		}
		if _, err := w.Turn(ctx, w.Dan, "tidy", daily, nil); !errors.Is(err, access.ErrUnseen) {
			t.Error(err)
		}
	})
}

func TestWhatWasKeptLongEnoughIsRemoved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		hook := w.hook(w.Dan, r)
		w.happen(w.Acme, w.newOrder(), 3)
		w.relay()
		w.deliver()
		if _, err := w.ReplayDead(ctx, w.Dan, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.work(map[string]exchanging.Work{exchanging.ReplayJob: w.ReplayAll})
		w.relay()
		purge := func() {
			t.Helper()
			if err := w.Purge(ctx, system); err != nil {
				t.Fatal(err)
			}
		}
		purge()
		if n := len(w.deliveries(w.Dan, hook.ID)); n != 3 {
			t.Errorf("what happened just now is gone: %d deliveries are left", n)
		}
		w.clock.jump(29 * 24 * time.Hour)
		w.happen(w.Acme, w.newOrder(), 1)
		r.answering(status(410))
		w.relay()
		w.deliver()
		w.clock.jump(2 * 24 * time.Hour)
		purge()
		if got := w.deliveries(w.Dan, hook.ID); len(got) != 1 || got[0].State != exchange.DeliveryDead {
			t.Errorf("after a month the dead letter is left: %+v", got)
		}
		if err := w.Purge(ctx, w.Dan); !errors.Is(err, access.ErrUnseen) {
			t.Error(err)
		}
	})
}
