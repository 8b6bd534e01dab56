package approving

import (
	"context"
	"errors"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// DeputyTerms is from when until when, and in what, somebody stands in.
type DeputyTerms struct {
	From    date.Date // the first day, in the company's time zone; empty is at once
	Until   date.Date // the last day
	Rules   []id.Rule // empty: all, and limits and budgets too
	Units   []id.Unit // of the orders, with all below them; empty: all
	UpTo    *money.Money
	BothMay bool // the approver stays asked beside the deputy
	Note    string
}

// AppointInput is who stands in for whom.
type AppointInput struct {
	For id.Member // zero: the actor
	By  id.Member
	DeputyTerms
	Key string `json:"-"` // the idempotency key
}

// Appoint makes somebody the deputy of an approver, for a time. Everybody appoints their own; for others does whoever may where these
// stand, and never themselves.
func (s *Service) Appoint(ctx context.Context, actor access.Actor, in AppointInput) (key id.Deputy, err error) {
	if in.For.IsZero() {
		in.For = actor.Member
	}
	err = step.Once(ctx, s.db, actor, "approving.appoint", in.Key, in, &key, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			// find
			m, err := step.Member(ctx, tx, actor, in.For)
			if err != nil {
				return err
			}
			// may
			if err := step.MayAppoint(actor, m.ID, m.Path); err != nil {
				return err
			}
			a := approval.Appointment{ID: id.NewDeputy(tx.Now), Company: actor.Company, For: m.ID, By: in.By, Maker: actor.Member, MadeAt: tx.Now, Version: 1}
			c, err := in.on(ctx, tx, actor, &a)
			if err != nil {
				return err
			}
			// decide
			if a, err = a.Check(approval.Appointment{}, c); err != nil {
				return err
			}
			if len(c.Others) >= approval.MostAppointments {
				return approval.ErrDeputies
			}
			// write, tell
			step.Appoint(tx, actor, a)
			key = a.ID
			remember(tx, actor)
			return nil
		})
	})
	return key, err
}

// ChangeDeputyInput is an appointment as it was seen, and what it shall be.
type ChangeDeputyInput struct {
	ID      id.Deputy
	Version int64
	DeputyTerms
	SameUnits bool // the units stay as they are, whatever is said of them
	SameUpTo  bool // so does the amount
}

// ChangeDeputy changes from when until when, and in what, somebody stands in. Who stands in for whom stays: for that one ends it, and
// appoints anew.
func (s *Service) ChangeDeputy(ctx context.Context, actor access.Actor, in ChangeDeputyInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		d, err := deputy(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := step.MayAppoint(actor, d.For, d.ForAt); err != nil {
			return err
		}
		to := d.Appointment
		to.Maker = actor.Member
		if in.SameUnits {
			in.Units = d.UnitIDs()
		}
		if in.SameUpTo {
			in.UpTo = d.UpTo
		}
		c, err := in.on(ctx, tx, actor, &to)
		if err != nil {
			return err
		}
		if in.From == "" || in.From == date.On(d.From, c.Zone) {
			to.From = d.From // the moment stays where the day does
		}
		// decide
		a, err := d.Edit(in.Version, to, c)
		if err != nil {
			return err
		}
		// write
		tx.Approvals.UpdateAppointment(a)
		tx.Companies.SetRoutesChanged(actor.Company)
		// tell
		tx.Tell(actor, a.Changed())
		return nil
	})
}

// EndDeputy ends an appointment: what is decided from now on, the approver decides again.
func (s *Service) EndDeputy(ctx context.Context, actor access.Actor, key id.Deputy, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		d, err := deputy(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := step.MayAppoint(actor, d.For, d.ForAt); err != nil {
			return err
		}
		// decide
		a, err := d.End(version, actor.Member, tx.Now)
		if err != nil {
			return err
		}
		// write, tell
		step.Dismiss(tx, actor, a, a.Ended())
		return nil
	})
}

// deputy finds an appointment, for an actor who may see it: who stands in, for whom, and whoever may appoint for these.
func deputy(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Deputy) (d view.Deputy, err error) {
	tx.Views.WantDeputy(&d, actor.Company, key)
	if err := tx.Fetch(ctx); err != nil {
		return d, err
	}
	if d.By == actor.Member && !d.By.IsZero() {
		return d, nil
	}
	if err := actor.RequireSeen(access.ViewDeputies, access.Thing{Owner: d.For, OwnerAt: d.ForAt, At: d.ForAt}); err != nil {
		return d, approval.ErrUnseenDeputy
	}
	return d, nil
}

// on says these terms of an appointment, and reads what is true of it.
func (t DeputyTerms) on(ctx context.Context, tx *store.Tx, actor access.Actor, a *approval.Appointment) (c approval.Circumstances, err error) {
	a.Rules, a.UpTo, a.BothMay, a.Note, a.Units = t.Rules, t.UpTo, t.BothMay, t.Note, nil
	for _, u := range t.Units {
		a.Units = append(a.Units, approval.Place{Unit: u})
	}
	if c, err = step.CircumstancesOf(ctx, tx, actor, a); err != nil {
		return c, err
	}
	if a.From = tx.Now; t.From != "" && t.From != date.On(tx.Now, c.Zone) {
		a.From = t.From.Start(c.Zone)
	}
	if a.Until = (time.Time{}); t.Until != "" {
		a.Until = t.Until.Plus(1).Start(c.Zone)
	}
	return c, nil
}

// inDays says from which day to which day somebody stands in, as the company counts days.
func inDays(d *view.Deputy, here company.Company) {
	d.First, d.Last = date.On(d.From, here.Location()), date.On(d.Until.Add(-time.Second), here.Location())
}

// Deputies lists who stands in for whom, has stood in or will: for oneself and for others, and for those for whom the actor may appoint.
func (s *Service) Deputies(ctx context.Context, actor access.Actor, f view.DeputyFilter, ask page.Ask) (list page.List[view.Deputy], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		at, err := viewdb.DeputiesBy.At(ask)
		if err != nil {
			return err
		}
		var rows []view.Deputy
		var here company.Company
		tx.Companies.Want(&here, actor.Company)
		tx.Views.WantDeputies(&rows, actor.Company, actor.Scope(access.ViewDeputies), actor.Member, f, at)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list = at.List(rows)
		for i := range list.Rows {
			inDays(&list.Rows[i], here)
			list.Rows[i].MayChange = list.Rows[i].State != approval.Over && step.MayAppoint(actor, list.Rows[i].For, list.Rows[i].ForAt) == nil
		}
		return nil
	})
	return list, err
}

// Deputy shows an appointment.
func (s *Service) Deputy(ctx context.Context, actor access.Actor, key id.Deputy) (d view.Deputy, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if d, err = deputy(ctx, tx, actor, key); err != nil {
			return err
		}
		var known view.Known
		var rules []approval.Rule
		var here company.Company
		tx.Companies.Want(&here, actor.Company)
		tx.Views.WantKnown(&known, actor.Company, viewdb.Named{Units: d.UnitIDs()})
		if len(d.Rules) > 0 {
			tx.Approvals.WantRules(&rules, actor.Company)
		}
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		inDays(&d, here)
		d.UnitNames, d.RuleNames = nil, nil
		for _, u := range d.UnitIDs() {
			d.UnitNames = append(d.UnitNames, known.Units[u].Name)
		}
		for _, key := range d.Rules {
			name := ""
			if i := slices.IndexFunc(rules, func(r approval.Rule) bool { return r.ID == key }); i >= 0 {
				name = rules[i].Name
			}
			d.RuleNames = append(d.RuleNames, name)
		}
		d.MayChange = d.State != approval.Over && step.MayAppoint(actor, d.For, d.ForAt) == nil
		return nil
	})
	return d, err
}

// MostStandIns is how many are proposed as deputies at once.
const MostStandIns = 200

// toldOfStandIns are the permissions of which any one, anywhere, lets one know who may be a deputy: of those who decide themselves, of
// those who appoint for others, and of those who see the members anyway. To others it would be a list of who decides in the company.
var toldOfStandIns = []access.Permission{access.PurchaseOrdersApprove, access.DeputiesManage, access.UsersView}

// KnowsStandIns reports whether the actor is told who may be a deputy. Of the seller's staff nobody approves, so there are none.
func KnowsStandIns(actor access.Actor) bool {
	return actor.Realm != access.Staff && slices.ContainsFunc(toldOfStandIns, actor.MaySomewhere)
}

// StandIns lists the active members who may approve somewhere, and so may be deputies, with this in their names, by name: for whoever
// may be asked to decide, and so appoints one, appoints for others, or sees members.
func (s *Service) StandIns(ctx context.Context, actor access.Actor, text string) (all []view.StandIn, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		asked := access.PurchaseOrdersApprove
		if KnowsStandIns(actor) {
			asked = toldOfStandIns[slices.IndexFunc(toldOfStandIns, actor.MaySomewhere)]
		}
		if err := actor.RequireSomewhere(asked); err != nil {
			return err
		}
		var roles []access.Role
		tx.Access.WantEveryRole(&roles, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		var deciding []id.Role
		for _, r := range roles {
			if r.Set.Has(access.PurchaseOrdersApprove) {
				deciding = append(deciding, r.ID)
			}
		}
		tx.Views.WantStandIns(&all, actor.Company, deciding, text, MostStandIns)
		return tx.Fetch(ctx)
	})
	return all, err
}

// turning is how many appointments are looked at in one round.
const turning = 500

// TurnDeputies tells of the appointments, of whichever company, that have begun or ended since it last looked, each in a transaction of
// its own. It says how many it told of. Who decides does not wait for it.
func (s *Service) TurnDeputies(ctx context.Context, actor access.Actor) (n int, err error) {
	var due []approval.Appointment
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.DeputiesManage, tree.Top); err != nil {
			return err
		}
		due, err = tx.Approvals.ListTurning(ctx, tx.Now, turning)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, a := range due {
		told, err := s.turn(ctx, access.System(a.Company), a.ID)
		if told {
			n++
		}
		failed = append(failed, err)
	}
	return n, errors.Join(failed...)
}

// turn tells of one appointment that it has begun, or is over.
func (s *Service) turn(ctx context.Context, actor access.Actor, key id.Deputy) (told bool, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var a approval.Appointment
		tx.Approvals.WantAppointment(&a, actor.Company, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.DeputiesManage, tree.Top); err != nil {
			return err
		}
		// decide, write, tell
		told = true
		switch {
		case !a.EndedAt.IsZero():
			told = false
		case !tx.Now.Before(a.Until):
			a.EndedAt = a.Until
			step.Dismiss(tx, actor, a, a.Ended())
		case a.BegunAt.IsZero() && !tx.Now.Before(a.From):
			a.BegunAt = tx.Now
			tx.Approvals.UpdateAppointment(a)
			tx.Companies.SetRoutesChanged(actor.Company)
			tx.Tell(actor, a.Begun())
		default:
			told = false
		}
		return nil
	})
	return told && err == nil, err
}
