package viewdb

import (
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const deputyColumns = approvaldb.AppointmentColumns + `, m.name, m.title, n.path, b.name, b.title, coalesce(k.name, ''), coalesce(e.name, '')`

const deputyFrom = `
	  from deputy d
	  join member m on m.company_id = d.company_id and m.id = d.principal_id
	  left join node n on n.company_id = d.company_id and n.id = d.principal_id
	  join member b on b.company_id = d.company_id and b.id = d.deputy_id
	  left join member k on k.company_id = d.company_id and k.id = d.maker_id
	  left join member e on e.company_id = d.company_id and e.id = d.ender_id
	 where `

// DeputiesBy are the orders of appointments.
var DeputiesBy = Sorting[view.Deputy]{page.Sort{By: "from", Down: true}, map[string]rank[view.Deputy]{
	"from":      by(aMoment("d.from_at", func(d view.Deputy) time.Time { return d.From }), deputyKey),
	"until":     by(aMoment("d.until_at", func(d view.Deputy) time.Time { return d.Until }), deputyKey),
	"principal": by(aText("m.name", func(d view.Deputy) string { return d.ForName }), deputyKey),
	"deputy":    by(aText("b.name", func(d view.Deputy) string { return d.ByName }), deputyKey),
}}

var deputyKey = aKey("d.id", func(d view.Deputy) id.Deputy { return d.ID }, id.ParseDeputy)

func (t Tables) scanDeputy(d *view.Deputy, scan engine.Scan) error {
	err := approvaldb.ScanAppointment(&d.Appointment, scan.And(&d.ForName, &d.ForTitle, engine.Text(&d.ForAt), &d.ByName, &d.ByTitle, &d.MakerName, &d.EnderName))
	d.State = d.Appointment.State(t.Tx.Now)
	return err
}

// WantDeputies asks for the appointments of a place in the list that the scope takes in, and those in which a member is the deputy.
func (t Tables) WantDeputies(all *[]view.Deputy, company id.Company, s access.Scope, me id.Member, f view.DeputyFilter, at Place[view.Deputy]) {
	var w where
	w.and(`d.company_id = ?`, company)
	seen := where{}
	seen.scope(s, "d.principal_id", "coalesce(n.path, '')", "coalesce(n.path, '')")
	w.and(`(`+seen.String()+` or d.deputy_id = ?)`, append(seen.args, me)...)
	switch f.State {
	case approval.Over:
		w.and(`(d.ended_at is not null or d.until_at <= ?)`, t.Tx.Now)
	case approval.OnDuty:
		w.and(`d.ended_at is null and d.until_at > ? and d.from_at <= ?`, t.Tx.Now, t.Tx.Now)
	case approval.ToCome:
		w.and(`d.ended_at is null and d.from_at > ?`, t.Tx.Now)
	}
	if !f.Member.IsZero() {
		w.and(`(d.principal_id = ? or d.deputy_id = ?)`, f.Member, f.Member)
	}
	if f.Own {
		w.and(`(d.principal_id = ? or d.deputy_id = ?)`, me, me)
	}
	if strings.TrimSpace(f.Text) != "" {
		w.and(`(fold(m.name) like ? escape '!' or fold(b.name) like ? escape '!')`, like(f.Text), like(f.Text))
	}
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`select `+deputyColumns+deputyFrom+text, args...), all, t.scanDeputy)
}

// WantDeputy asks for an appointment of the company.
func (t Tables) WantDeputy(d *view.Deputy, company id.Company, key id.Deputy) {
	t.Tx.Ask(`select `+deputyColumns+deputyFrom+`d.company_id = ? and d.id = ?`, company, key).
		One(approval.ErrUnseenDeputy, func(scan engine.Scan) error { return t.scanDeputy(d, scan) })
}

// WantDuties asks for the appointments that count now in which a member is the approver or the deputy, those first that end first;
// at most 50.
func (t Tables) WantDuties(all *[]view.Duty, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select `+approvaldb.AppointmentColumns+`, m.name, b.name
		  from deputy d
		  join member m on m.company_id = d.company_id and m.id = d.principal_id
		  join member b on b.company_id = d.company_id and b.id = d.deputy_id
		 where d.company_id = ? and (d.principal_id = ? or d.deputy_id = ?) and d.ended_at is null and d.until_at > ? and d.from_at <= ?
		 order by d.until_at, d.id limit 50`, company, member, member, t.Tx.Now, t.Tx.Now), all, func(d *view.Duty, scan engine.Scan) error {
		return approvaldb.ScanAppointment(&d.Appointment, scan.And(&d.ForName, &d.ByName))
	})
}

// WantStandIns asks for active members who may approve somewhere now, by one of these roles, with this in their names, by name.
func (t Tables) WantStandIns(all *[]view.StandIn, company id.Company, deciding []id.Role, text string, most int) {
	in, args := engine.Marks(deciding)
	args = append(append([]any{company}, args...), t.Tx.Now, t.Tx.Now, like(text), int64(most))
	engine.Rows(t.Tx.Ask(`
		select m.id, m.name, m.title from member m
		 where m.company_id = ? and `+companydb.ActsWhere+` and exists (
		       select 1 from assignment s where s.company_id = m.company_id and s.member_id = m.id and s.role_id in `+in+`
		          and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?))
		   and fold(m.name) like ? escape '!'
		 order by m.name, m.id limit ?`, args...), all, func(s *view.StandIn, scan engine.Scan) error {
		return scan(&s.Member, &s.Name, &s.Title)
	})
}
