package signing_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// bring has Dan apply a file, and sends the invitations when he says so.
func (d door) bring(file string, invite bool) {
	d.Helper()
	ctx := d.Context()
	s := importing.New(d.w.DB)
	name, _, _ := strings.Cut(file, "\n")
	kind := "members.csv"
	if strings.HasPrefix(name, "member,") {
		kind = "assignments.csv"
	}
	dan, err := d.w.Again(ctx, d.w.Dan)
	d.must(err)
	i, err := s.Stage(ctx, dan, importing.StageInput{Name: kind, File: []byte(file)})
	d.must(err)
	_, err = s.Apply(ctx, dan, importing.ApplyInput{ID: i.ID, Version: i.Version, Invite: invite})
	d.must(err)
	d.jobs()
}

// jobs does all jobs that are due.
func (d door) jobs() {
	d.Helper()
	x, files := exchanging.New(d.w.DB, exchanging.Settings{}), importing.New(d.w.DB)
	kinds := map[string]exchanging.Work{
		importing.Job: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return files.Work(ctx, a, j, advance)
		},
		step.InvitationsJob: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return d.people.SendInvitations(ctx, a, j, advance)
		},
	}
	for worked := true; worked; {
		var err error
		worked, err = x.WorkOff(d.Context(), access.System(id.Company{}), kinds)
		d.must(err)
	}
}

// waiting is the invitation by which somebody joins who waits as a member.
func (d door) waiting(email string) id.Invitation {
	d.Helper()
	list, err := d.people.Invitations(d.Context(), d.w.Dan, view.InvitationFilter{Text: email}, page.Ask{})
	d.must(err)
	if len(list.Rows) != 1 {
		d.Fatalf("%d invitations of %s", len(list.Rows), email)
	}
	return list.Rows[0].ID
}

const brought = "email,first_name,last_name,title,below\nkim@acme.example,Kim,Key,Fitter,ops\nlee@acme.example,Lee,Long,,kim@acme.example\n"

// Whom a file brings stands in the structure at once, and is nobody until they accept.
func TestWhomAFileBringsWaits(t *testing.T) {
	eachDoor(t, func(d door) {
		ctx := d.Context()
		d.bring(brought, false)
		rows := d.members(d.w.Acme, "kim@")
		if len(rows) != 1 || rows[0].Status != company.Invited || rows[0].UnitName != "Operations" || len(rows[0].Roles) != 1 {
			d.Fatalf("%+v", rows)
		}
		kim := rows[0]
		if lee := d.members(d.w.Acme, "lee@")[0]; lee.Manager == kim.ID {
			d.Error("who waits manages somebody")
		}
		if n, err := d.people.WaitingForInvitation(ctx, d.w.Dan); n != 2 || err != nil {
			d.Errorf("%d wait, %v", n, err)
		}
		d.bring("member,role\nkim@acme.example,Approver\n", false)
		a, err := d.w.Actor(ctx, d.w.Acme, kim.ID)
		d.must(err)
		if a.MaySomewhere(access.PurchaseOrdersApprove) || a.MaySomewhere(access.OrdersView) {
			d.Error("who waits may do something")
		}
		_, err = d.people.InviteWaiting(ctx, d.w.Dan, organising.InviteWaitingInput{Members: []id.Member{d.w.Ann.Member}})
		d.refused("inviting who is there", err, company.ErrNotInvited)
		_, err = d.people.InviteWaiting(ctx, d.w.Eve, organising.InviteWaitingInput{Members: []id.Member{kim.ID}})
		d.refused("inviting somebody else's", err, company.ErrUnseenMember)
		_, err = d.people.InviteWaiting(ctx, d.w.Ann, organising.InviteWaitingInput{})
		d.refused("inviting without the permission", err, access.ErrForbidden)
		_, err = d.people.Invite(ctx, d.w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "kim@acme.example"}}})
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Code != company.ErrWaits.Code {
			d.Errorf("invited by hand as well: %v", err)
		}
		_, err = d.people.InviteWaiting(ctx, d.w.Dan, organising.InviteWaitingInput{})
		d.must(err)
		d.jobs()
		_, err = d.people.InviteWaiting(ctx, d.w.Dan, organising.InviteWaitingInput{})
		d.must(err)
		d.jobs()
		key := d.waiting("kim@")
		if i := d.state(key); i.Sent != 1 || i.UnderName != "Operations" || len(i.Roles) != 2 || i.InviterName != "Dan Director" {
			d.Errorf("%+v", i)
		}
		link := d.link(key)
		w, err := d.s.Invitation(ctx, from("192.0.2.9"), link)
		if err != nil || w.First != "Kim" || w.Last != "Key" || w.Known || !slices.Equal(w.Roles, []string{"Approver", "Default User"}) {
			d.Errorf("%+v, %v", w, err)
		}
		if n, err := d.people.WaitingForInvitation(ctx, d.w.Dan); n != 0 || err != nil {
			d.Errorf("%d wait still, %v", n, err)
		}
		done, err := d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Kimberly", Last: "Key", Password: other})
		if err != nil || !done.Fresh || done.Member != kim.ID {
			d.Fatalf("%+v, %v", done, err)
		}
		in, err := d.in("kim@acme.example", other)
		d.must(err)
		if a := d.actor(in.Token); !a.May(access.PurchaseOrdersApprove, d.path("fin")) || a.Member != kim.ID {
			d.Errorf("Kim may %v", a.Grants())
		}
		p, err := d.people.Member(ctx, d.w.Dan, kim.ID)
		d.must(err)
		if p.Status != company.Working || p.Name != "Kimberly Key" || p.Reports != 0 || len(p.Assigned) != 2 {
			d.Errorf("%+v", p)
		}
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Kim", Last: "Key", Password: other})
		d.refused("a link used twice", err, company.ErrInvitationUsed)
		d.bring(brought, true)
		if p, err := d.people.Member(ctx, d.w.Dan, kim.ID); err != nil || p.Status != company.Working {
			d.Errorf("%+v, %v", p, err)
		}
	})
}

// An account that is there is asked, and knows nothing of it before; the company does not learn that it is there.
func TestWhoHasAnAccountIsAskedToo(t *testing.T) {
	eachDoor(t, func(d door) {
		d.must(d.s.SetPassword(d.Context(), access.System(id.Company{}), secret, "eve@globex.example"))
		d.bring("email,name\nEve@Globex.example,Eve Elsewhere\n", true)
		key := d.waiting("eve@")
		if i := d.state(key); i.Email != "Eve@Globex.example" || i.Name() != "Eve Elsewhere" {
			d.Errorf("%+v", i)
		}
		all, err := d.in("eve@globex.example", secret)
		d.must(err)
		if all.Profile.Company != d.w.Globex {
			d.Errorf("Eve acts for %v", all.Profile.Company)
		}
		_, companies, err := d.s.Around(d.Context(), d.actor(all.Token))
		if err != nil || len(companies) != 1 {
			d.Errorf("Eve belongs to %+v, %v", companies, err)
		}
		link := d.link(key)
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Mallory", Last: "M", Password: other})
		d.refused("with another password", err, signing.ErrJoinSignIn)
		done, err := d.accept(d.actor(all.Token), signing.AcceptInput{Link: link})
		d.must(err)
		p, err := d.people.Member(d.Context(), d.w.Dan, done.Member)
		if err != nil || p.Status != company.Working || p.Name != "Eve Elsewhere" {
			d.Errorf("%+v, %v", p, err)
		}
	})
}

// Who waits can be sent away, comes back as somebody who waits, and no link of before lets them in.
func TestWhoWaitsIsSentAway(t *testing.T) {
	eachDoor(t, func(d door) {
		ctx := d.Context()
		d.bring(brought, true)
		kim := d.members(d.w.Acme, "kim@")[0]
		key := d.waiting("kim@")
		link := d.link(key)
		d.must(d.people.Leave(ctx, d.w.Dan, organising.LeaveInput{ID: kim.ID, Version: kim.Version}))
		_, err := d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Kim", Last: "Key", Password: other})
		d.refused("the link of who was sent away", err, company.ErrInvitationRevoked)
		m, err := d.people.ReactivateMember(ctx, d.w.Dan, organising.ReactivateMemberInput{ID: kim.ID, Version: kim.Version + 1})
		if err != nil || m.Status != company.Invited {
			d.Fatalf("%+v, %v", m, err)
		}
		_, err = d.people.InviteWaiting(ctx, d.w.Dan, organising.InviteWaitingInput{Members: []id.Member{kim.ID}})
		d.must(err)
		d.jobs()
		list, err := d.people.Invitations(ctx, d.w.Dan, view.InvitationFilter{Text: "kim@", State: company.Open}, page.Ask{})
		if err != nil || len(list.Rows) != 1 {
			d.Fatalf("%+v, %v", list, err)
		}
		again := list.Rows[0]
		d.pass(8 * 24 * time.Hour)
		_, err = d.people.InviteWaiting(ctx, d.w.Dan, organising.InviteWaitingInput{Members: []id.Member{kim.ID}})
		d.must(err)
		old := d.link(again.ID)
		d.jobs()
		if i := d.state(again.ID); i.Sent != 2 || i.Standing != company.Open || d.link(again.ID) == old {
			d.Errorf("%+v", i)
		}
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: d.link(again.ID), First: "Kim", Last: "Key", Password: other})
		d.must(err)
	})
}

// What has come to be kept apart meanwhile is not let in.
func TestSeparationOfDutyIsAskedWhenTheyAccept(t *testing.T) {
	eachDoor(t, func(d door) {
		d.bring(brought, true)
		d.bring("member,role\nkim@acme.example,Approver\nkim@acme.example,Buyer\n", false)
		link := d.link(d.waiting("kim@"))
		apart := access.SeparationFields{Name: "Apart", Roles: []id.Role{d.w.Roles["buyer"], d.w.Roles["approver"]}, Cardinality: 2, On: true}
		_, err := granting.New(d.w.DB).CreateSeparation(d.Context(), d.w.Dan, apart)
		d.refused("a rule that somebody who waits breaks", err, access.ErrBreached)
		d.must(d.w.DB.Write(d.Context(), access.System(d.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			tx.Access.InsertSeparation(d.w.Acme, access.Separation{ID: id.NewSeparation(tx.Now), Name: apart.Name, Roles: apart.Roles, Cardinality: 2, On: true, Version: 1})
			return nil
		}))
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Kim", Last: "Key", Password: other})
		d.refused("with what is kept apart", err, access.ErrSeparated)
	})
}

// A job sends for whoever asked, with what they hold by then.
func TestNobodySendsInvitationsWithRightsThatAreGone(t *testing.T) {
	eachDoor(t, func(d door) {
		ctx := d.Context()
		d.bring(brought, false)
		_, err := d.people.InviteWaiting(ctx, d.w.Dan, organising.InviteWaitingInput{})
		d.must(err)
		d.must(d.w.DB.Write(ctx, access.System(d.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			var held []access.Assignment
			tx.Access.WantAssignments(&held, d.w.Acme, d.w.Dan.Member)
			if err := tx.Fetch(ctx); err != nil {
				return err
			}
			for _, a := range held {
				tx.Access.DeleteAssignment(d.w.Acme, a.ID)
			}
			tx.Companies.SetRightsChanged(d.w.Acme)
			return nil
		}))
		x := exchanging.New(d.w.DB, exchanging.Settings{})
		_, err = x.WorkOff(ctx, access.System(id.Company{}), map[string]exchanging.Work{step.InvitationsJob: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return d.people.SendInvitations(ctx, a, j, advance)
		}})
		d.refused("a job of somebody without rights", err, access.ErrForbidden)
		if rows := d.members(d.w.Globex, "kim@"); len(rows) != 0 {
			d.Error("Globex sees Kim")
		}
	})
}
