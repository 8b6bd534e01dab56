package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// MayAppoint is nil for who says who stands in for a member who stands there: themselves, or whoever may for others.
func MayAppoint(actor access.Actor, m id.Member, at tree.Path) error {
	if m == actor.Member && !m.IsZero() {
		return actor.RequireOwn()
	}
	return actor.Require(access.DeputiesManage, at)
}

// CircumstancesOf reads what is true of those whom an appointment of a deputy names, and where the units stand that it is for.
func CircumstancesOf(ctx context.Context, tx *store.Tx, actor access.Actor, a *approval.Appointment) (c approval.Circumstances, err error) {
	var here company.Company
	var people []view.Candidate
	var named []company.Member
	var nodes []company.Node
	var rules []approval.Rule
	tx.Companies.Want(&here, actor.Company)
	tx.Approvals.WantAppointments(&c.Others, actor.Company)
	if len(a.Rules) > 0 {
		tx.Approvals.WantRules(&rules, actor.Company)
	}
	if err := tx.Fetch(ctx); err != nil {
		return c, err
	}
	units, members := a.UnitIDs(), []id.Member{a.For, a.By}
	for _, o := range c.Others {
		units, members = append(units, o.UnitIDs()...), append(members, o.For, o.By)
	}
	tx.Views.WantCandidates(&people, actor.Company, viewdb.Who{Members: []id.Member{a.For, a.By}})
	tx.Companies.WantMembers(&named, actor.Company, members)
	tx.Companies.WantNodes(&nodes, actor.Company, units, nil)
	if err := tx.Fetch(ctx); err != nil {
		return c, err
	}
	at, names := map[id.Unit]tree.Path{}, map[id.Member]string{}
	for _, n := range nodes {
		if !n.Unit.IsZero() {
			at[n.Unit], c.Units = n.Path, append(c.Units, n.Unit)
		}
	}
	for _, m := range named {
		names[m.ID] = m.Name
	}
	for _, r := range rules {
		c.Rules = append(c.Rules, r.ID)
	}
	for _, m := range people {
		switch m.ID {
		case a.For:
			c.Acts = c.Acts || m.Acts()
		case a.By:
			c.Known, c.Stands = true, c.Stands || m.Acts()
			c.Decides = c.Decides || (m.Whole || m.Place != tree.Top) && m.Set.Has(access.PurchaseOrdersApprove)
		}
	}
	for i, o := range c.Others {
		c.Others[i] = o.Located(at)
	}
	*a = a.Located(at)
	c.Now, c.Names, c.Zone = tx.Now, func(m id.Member) string { return names[m] }, here.Location()
	return c, nil
}

// Appoint keeps a new appointment of a deputy, and tells of it. Who is asked to decide is looked up anew soon after.
func Appoint(tx *store.Tx, actor access.Actor, a approval.Appointment) {
	if !tx.Now.Before(a.From) {
		a.BegunAt = tx.Now
	}
	tx.Approvals.InsertAppointment(a)
	tx.Companies.SetRoutesChanged(actor.Company)
	tx.Tell(actor, a.Appointed())
}

// Dismiss keeps an appointment that is over now, and tells of it.
func Dismiss(tx *store.Tx, actor access.Actor, a approval.Appointment, told approval.DeputyHasEnded) {
	tx.Approvals.UpdateAppointment(a)
	tx.Companies.SetRoutesChanged(actor.Company)
	tx.Tell(actor, told)
}
