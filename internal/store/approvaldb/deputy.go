package approvaldb

import (
	"context"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/approval"
	"kontor/internal/store/engine"
)

// AppointmentColumns are those of a deputy d.
const AppointmentColumns = `d.company_id, d.id, d.principal_id, d.deputy_id, d.from_at, d.until_at, d.rules, d.units, d.currency, d.up_to_minor, d.both_may, d.note,
	d.maker_id, d.made_at, d.begun_at, d.ended_at, d.ender_id, d.version`

// ScanAppointment reads AppointmentColumns. Where the units stand is not known then.
func ScanAppointment(a *approval.Appointment, scan engine.Scan) error {
	var units []id.Unit
	var c money.Currency
	var most *int64
	err := scan(&a.Company, &a.ID, &a.For, &a.By, &a.From, &a.Until, engine.JSON(&a.Rules), engine.JSON(&units), &c, &most, &a.BothMay, &a.Note,
		&a.Maker, &a.MadeAt, &a.BegunAt, &a.EndedAt, &a.Ender, &a.Version)
	for _, u := range units {
		a.Units = append(a.Units, approval.Place{Unit: u})
	}
	if most != nil {
		m := money.Of(*most, c)
		a.UpTo = &m
	}
	return err
}

// WantAppointments asks for the appointments of a company that are not over.
func (t Tables) WantAppointments(all *[]approval.Appointment, company id.Company) {
	engine.Rows(t.Tx.Ask(`
		select `+AppointmentColumns+` from deputy d where d.company_id = ? and d.ended_at is null and d.until_at > ?
		 order by d.from_at, d.id limit ?`, company, t.Tx.Now, approval.MostAppointments+1), all, ScanAppointment)
}

// WantOnDuty asks for the appointments of a company that count now.
func (t Tables) WantOnDuty(all *[]approval.Appointment, company id.Company) {
	engine.Rows(t.Tx.Ask(`
		select `+AppointmentColumns+` from deputy d where d.company_id = ? and d.ended_at is null and d.until_at > ? and d.from_at <= ?
		 order by d.from_at, d.id limit ?`, company, t.Tx.Now, t.Tx.Now, approval.MostAppointments+1), all, ScanAppointment)
}

// WantAppointmentsOf asks for the appointments that are not over in which a member is the approver, or the deputy.
func (t Tables) WantAppointmentsOf(all *[]approval.Appointment, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select `+AppointmentColumns+` from deputy d where d.company_id = ? and (d.principal_id = ? or d.deputy_id = ?) and d.ended_at is null and d.until_at > ?
		 order by d.from_at, d.id limit ?`, company, member, member, t.Tx.Now, approval.MostAppointments+1), all, ScanAppointment)
}

// WantAppointment asks for an appointment of the company.
func (t Tables) WantAppointment(a *approval.Appointment, company id.Company, key id.Deputy) {
	t.Tx.Ask(`select `+AppointmentColumns+` from deputy d where d.company_id = ? and d.id = ?`, company, key).
		One(approval.ErrUnseenDeputy, func(scan engine.Scan) error { return ScanAppointment(a, scan) })
}

// InsertAppointment adds an appointment.
func (t Tables) InsertAppointment(a approval.Appointment) {
	c, most := upTo(a)
	t.Tx.Write(`
		insert into deputy (company_id, id, principal_id, deputy_id, from_at, until_at, rules, units, currency, up_to_minor, both_may, note, maker_id, made_at,
		                    changed_at, begun_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.Company, a.ID, a.For, a.By, a.From, a.Until, engine.JSON(listed(a.Rules)), engine.JSON(listed(a.UnitIDs())), c, most, a.BothMay, a.Note, a.Maker, a.MadeAt,
		t.Tx.Now, a.BegunAt)
}

// UpdateAppointment replaces what may change of an appointment.
func (t Tables) UpdateAppointment(a approval.Appointment) {
	c, most := upTo(a)
	t.Tx.Write(`
		update deputy set from_at = ?, until_at = ?, rules = ?, units = ?, currency = ?, up_to_minor = ?, both_may = ?, note = ?, maker_id = ?, changed_at = ?,
		                  begun_at = ?, ended_at = ?, ender_id = ?, version = version + 1
		 where company_id = ? and id = ?`,
		a.From, a.Until, engine.JSON(listed(a.Rules)), engine.JSON(listed(a.UnitIDs())), c, most, a.BothMay, a.Note, a.Maker, t.Tx.Now, a.BegunAt, a.EndedAt, a.Ender,
		a.Company, a.ID)
}

// listed is a list that is never null.
func listed[T any](all []T) []T { return append([]T{}, all...) }

func upTo(a approval.Appointment) (money.Currency, any) {
	if a.UpTo == nil {
		return "", nil
	}
	return a.UpTo.Currency, a.UpTo.Minor
}

// ListTurning lists appointments, across companies, that begin or end without anybody having been told so: for the timetable.
func (t Tables) ListTurning(ctx context.Context, now time.Time, most int) (all []approval.Appointment, err error) {
	var ending []approval.Appointment
	engine.Rows(t.Tx.Ask(`select `+AppointmentColumns+` from deputy d where d.until_at <= ? and d.ended_at is null order by d.until_at, d.id limit ?`, now, most),
		&ending, ScanAppointment)
	engine.Rows(t.Tx.Ask(`
		select `+AppointmentColumns+` from deputy d where d.from_at <= ? and d.until_at > ? and d.begun_at is null and d.ended_at is null
		 order by d.from_at, d.id limit ?`, now, now, most), &all, ScanAppointment)
	err = t.Tx.Fetch(ctx)
	return append(ending, all...), err
}

// WantTurned asks whether somebody was appointed, or stands in no more, since the plan of a purchase order was last looked up.
func (t Tables) WantTurned(turned *bool, company id.Company, key id.PurchaseOrder) {
	var n int64
	t.Tx.Ask(`
		select count(*) from purchase_order p
		 where p.company_id = ? and p.id = ? and p.state = 'pending_approval'
		   and (exists (select 1 from deputy d where d.company_id = p.company_id and d.changed_at >= p.routed_at)
		    or `+turnedWhere+`)`, company, key, t.Tx.Now, t.Tx.Now).
		Each(func() { *turned = false }, func(scan engine.Scan) error {
			err := scan(&n)
			*turned = n > 0
			return err
		})
}

// turnedWhere holds for a purchase order p when the time of a deputy of its company has begun or ended since its plan was looked up; it
// takes now, twice.
const turnedWhere = `(exists (select 1 from deputy d where d.company_id = p.company_id and d.from_at > p.routed_at and d.from_at <= ?)
		    or exists (select 1 from deputy d where d.company_id = p.company_id and d.until_at > p.routed_at and d.until_at <= ?))`
