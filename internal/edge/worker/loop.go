// Package worker does what the platform does by itself: it reacts to events, sends what waits to be sent, works off
// jobs, and keeps the timetable. Several nodes may do so on one database; each thing is done once.
//
// What follows from what is said in reactions.go, what runs when in timetable.go.
package worker

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"kontor/internal/domain/access"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/organising"
)

// Worker is one node's share of the work.
type Worker struct {
	Log        *slog.Logger
	Told       <-chan struct{} // is poked when an event was told in this process: store.DB.Told
	Notifying  *notifying.Service
	Exchanging *exchanging.Service
	Approving  *approving.Service
	Organising *organising.Service
	Importing  *importing.Service
	Seal       func(ctx context.Context, actor access.Actor) (sealed int, err error)  // auditing.Seal
	Uses       func(ctx context.Context, actor access.Actor) (members int, err error) // granting.RecordUses
	OwnOnly    bool                                                                   // do only what each process has to do for itself
}

// round is something that is done again and again.
type round struct {
	name    string
	every   time.Duration                                    // how long it rests when there was nothing to do, unless it is poked
	abreast int                                              // how many of it go on at once
	do      func(ctx context.Context) (more bool, err error) // more: there may be more to do at once
	pokes   []string                                         // the rounds that have something to do when this one had
}

// Run works until the context ends, brings to its end what is under way, and returns. No error ends it.
func (w *Worker) Run(ctx context.Context) {
	rounds := w.rounds()
	pokes := map[string]chan struct{}{}
	for _, r := range rounds {
		pokes[r.name] = make(chan struct{}, 1)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, r := range rounds {
		for range r.abreast {
			wg.Go(func() { w.keep(ctx, r, pokes) })
		}
	}
	for {
		select {
		case <-w.Told:
			poke(pokes[onTold])
		case <-ctx.Done():
			return
		}
	}
}

// keep does one round again and again.
func (w *Worker) keep(ctx context.Context, r round, pokes map[string]chan struct{}) {
	failures := 0
	for ctx.Err() == nil {
		more, err := guarded(ctx, r.do)
		if more {
			for _, other := range append(r.pokes, r.name) { // others of this round may help
				poke(pokes[other])
			}
		}
		rest := r.every
		switch {
		case ctx.Err() != nil:
			return // what failed, failed because we are to stop
		case err != nil:
			failures++
			rest = max(rest, backoff(failures))
			w.Log.ErrorContext(ctx, "worker: "+r.name, "err", err, "failures", failures)
		default:
			failures = 0
		}
		if more {
			continue
		}
		wait := time.NewTimer(jitter(rest))
		select {
		case <-wait.C:
		case <-pokes[r.name]:
			wait.Stop()
		case <-ctx.Done():
			wait.Stop()
		}
	}
}

// guarded makes an error of a panic, so that a mistake in one piece of work does not end all others.
func guarded(ctx context.Context, do func(context.Context) (bool, error)) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			more, err = false, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx)
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it has been poked and has not looked yet
	}
}

// backoff is how long a round rests after so many failures in a row: a second, twice as long each time, a minute at
// most.
func backoff(failures int) time.Duration {
	return min(time.Second<<min(failures-1, 6), time.Minute)
}

// jitter is a wait a tenth longer or shorter, so that several nodes do not look at the same moment.
func jitter(wait time.Duration) time.Duration {
	return wait*9/10 + rand.N(wait/5+1)
}

// counting makes a round of what says how much it has done.
func counting(do func(context.Context, access.Actor) (int, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		n, err := do(ctx, system())
		return n > 0, err
	}
}

// each makes a round of what says whether there was something to do.
func each(do func(context.Context, access.Actor) (bool, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) { return do(ctx, system()) }
}
