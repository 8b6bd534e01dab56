package worker

import (
	"context"
	"errors"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/step"
)

// onTold is the round that has something to do when an event was told.
const onTold = "react"

// rounds lists what every node does again and again. What they take, they take from each other by leases.
func (w *Worker) rounds() []round {
	own := []round{{"uses", time.Minute, 1, w.uses, nil}}
	if w.OwnOnly {
		return own
	}
	return append(own, []round{
		{"react", time.Second, 1, counting(w.react), []string{"reroute", "seal", "mail", "deliver", "jobs"}},
		{"reroute", 10 * time.Second, 1, counting(w.Approving.Reroute), nil},
		{"seal", time.Second, 1, counting(w.Seal), nil},
		{"mail", 3 * time.Second, 2, each(w.Notifying.Deliver), nil},
		{"deliver", 2 * time.Second, 16, each(w.Exchanging.Deliver), nil},
		{"jobs", 2 * time.Second, 2, each(w.work), []string{"deliver", "mail"}},
		{"timetable", time.Second, 1, w.turns, nil},
	}...)
}

// uses writes down what was used in this process; there is no more to write before some time has passed.
func (w *Worker) uses(ctx context.Context) (more bool, err error) {
	_, err = w.Uses(ctx, system())
	return false, err
}

// entry is a line of the timetable.
type entry struct {
	name string
	when exchange.Schedule
	do   func(ctx context.Context) error
}

// timetable lists what one of all nodes does at its time.
func (w *Worker) timetable() []entry {
	return []entry{
		{"expire", exchange.Every(time.Minute), w.expire},     // purchase orders that nobody decided in time
		{"deputies", exchange.Every(time.Minute), w.deputies}, // who begins to stand in for somebody, and who no longer does
		{"purge", exchange.Daily(3, 30, time.UTC), w.purge},   // what was kept long enough
	}
}

// kinds lists the jobs, and who does them.
func (w *Worker) kinds() map[string]exchanging.Work {
	return map[string]exchanging.Work{
		exchanging.ReplayJob: w.Exchanging.ReplayAll,
		importing.Job: func(ctx context.Context, actor access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return w.Importing.Work(ctx, actor, j, advance)
		},
		step.InvitationsJob: func(ctx context.Context, actor access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return w.Organising.SendInvitations(ctx, actor, j, advance)
		},
	}
}

// system is the platform itself, at work in no company in particular.
func system() access.Actor { return access.System(id.Company{}) }

func (w *Worker) react(ctx context.Context, actor access.Actor) (int, error) {
	return w.Exchanging.Relay(ctx, actor, w.Reactions())
}

func (w *Worker) work(ctx context.Context, actor access.Actor) (bool, error) {
	return w.Exchanging.WorkOff(ctx, actor, w.kinds())
}

func (w *Worker) expire(ctx context.Context) error {
	_, err := w.Approving.ExpireDue(ctx, system())
	return err
}

func (w *Worker) deputies(ctx context.Context) error {
	_, err := w.Approving.TurnDeputies(ctx, system())
	return err
}

func (w *Worker) purge(ctx context.Context) error { return w.Exchanging.Purge(ctx, system()) }

// turns does what is due of the timetable.
func (w *Worker) turns(ctx context.Context) (more bool, err error) {
	var failed []error
	for _, e := range w.timetable() {
		_, err := w.Exchanging.Turn(ctx, system(), e.name, e.when, e.do)
		failed = append(failed, err)
	}
	return false, errors.Join(failed...)
}
