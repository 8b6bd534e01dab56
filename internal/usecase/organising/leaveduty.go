package organising

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// duties are the appointments of deputies in which somebody who leaves is the approver or the deputy, and those that somebody else
// takes over: next has what a has, by its place.
type duties struct {
	ending []approval.Appointment
	next   []approval.Appointment // the zero one: nobody takes it over
}

// dutiesOf finds the appointments of somebody who leaves. Where they are the deputy, somebody else may stand in from now on: then the
// actor could appoint them, too.
func dutiesOf(ctx context.Context, tx *store.Tx, actor access.Actor, leaver company.Member, to id.Member) (d duties, err error) {
	tx.Approvals.WantAppointmentsOf(&d.ending, actor.Company, leaver.ID)
	if err := tx.Fetch(ctx); err != nil {
		return d, err
	}
	d.next = make([]approval.Appointment, len(d.ending))
	if to.IsZero() {
		return d, nil
	}
	var made []approval.Appointment // besides those that there are
	for i, a := range d.ending {
		if a.By != leaver.ID {
			continue
		}
		m, err := tx.Companies.GetMember(ctx, actor.Company, a.For)
		if err != nil {
			return d, err
		}
		if err := step.MayAppoint(actor, m.ID, m.Path); err != nil {
			return d, err
		}
		next := a
		next.ID, next.By, next.Maker, next.MadeAt, next.BegunAt, next.Version = id.NewDeputy(tx.Now), to, actor.Member, tx.Now, time.Time{}, 1
		if next.From.Before(tx.Now) {
			next.From = tx.Now
		}
		c, err := step.CircumstancesOf(ctx, tx, actor, &next)
		switch {
		case err != nil:
			return d, err
		case !c.Acts: // who is away for good is stood in for by nobody
			continue
		}
		c.Others = slices.DeleteFunc(c.Others, func(o approval.Appointment) bool { return o.By == leaver.ID || o.For == leaver.ID })
		c.Others = append(c.Others, made...)
		c.Rules, c.Units = next.Rules, next.UnitIDs() // what a rule or a unit was that is no more keeps nobody from taking over the rest
		if next, err = next.Check(approval.Appointment{}, c); err != nil {
			return d, ofDeputy(err)
		}
		d.next[i], made = next, append(made, next)
	}
	return d, nil
}

// ofDeputy says of the one who shall stand in what keeps them from it.
func ofDeputy(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	var in fault.Input
	for _, x := range f.Fields {
		in.Add("deputy_id", x.Code, x.Format, x.Args...)
	}
	return cmp.Or(in.Err(), err)
}

// over ends these appointments, and makes those that take their place.
func (d duties) over(tx *store.Tx, actor access.Actor, leaver id.Member) {
	for i, a := range d.ending {
		a.EndedAt, a.Ender = tx.Now, actor.Member
		e := a.Ended()
		e.Left, e.Next = leaver, d.next[i].ID
		step.Dismiss(tx, actor, a, e)
		if !e.Next.IsZero() {
			step.Appoint(tx, actor, d.next[i])
		}
	}
}
