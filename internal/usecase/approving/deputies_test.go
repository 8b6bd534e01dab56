package approving_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// appoint has somebody appoint a deputy until the end of the month, and is the appointment.
func (w *world) appoint(by access.Actor, whom, deputy id.Member, also ...func(*approving.AppointInput)) view.Deputy {
	w.t.Helper()
	in := approving.AppointInput{For: whom, By: deputy, DeputyTerms: approving.DeputyTerms{Until: "2026-03-31"}}
	for _, say := range also {
		say(&in)
	}
	key, err := w.s.Appoint(ctx, by, in)
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := w.s.Deputy(ctx, by, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// waits lists who is asked to decide on a purchase order now, as "Cleo Clark for Bob Boss".
func (w *world) waits(key id.PurchaseOrder) (all []string) {
	w.t.Helper()
	sheet, err := w.s.Get(ctx, w.Dan, key)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range sheet.Plan.Awaited() {
		name := a.Name
		if a.For != nil {
			name += " for " + a.For.Name
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (w *world) waitsFor(key id.PurchaseOrder, want ...string) {
	w.t.Helper()
	if got := w.waits(key); !slices.Equal(got, want) {
		w.t.Errorf("it waits for %q, want %q", got, want)
	}
}

func (w *world) refused(sentence string, err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Errorf("%s: %v, want %v", sentence, err, want)
	}
}

// verdict decides so, and says what came of it.
func (w *world) verdict(a access.Actor, key id.PurchaseOrder, v approval.Verdict) error {
	w.t.Helper()
	po, err := w.s.Get(ctx, w.Dan, key)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.s.Decide(ctx, a, approving.DecideInput{Order: key, Verdict: v, Reason: "so", Hash: po.Hash})
	return err
}

// What waits already goes to the deputy with the very next decision, and back when it is over; both names stand.
func TestADeputyDecidesForWhoIsAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann := buyer(w.Ann, w.opsAt)
		first, second, third := w.order(ann, 20).ID, w.order(ann, 21).ID, w.order(ann, 22).ID
		w.waitsFor(first, "Bob Boss")
		w.refused("Cleo is not asked", w.verdict(w.Cleo, first, approval.Agree), approvaldb.ErrUnseen)

		d := w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member)
		w.waitsFor(first, "Cleo Clark for Bob Boss")
		w.refused("Bob is away", w.verdict(w.Bob, first, approval.Agree), approval.ErrNotAsked)
		w.decide(w.Cleo, first, approval.Agree, "")
		sheet, err := w.s.Get(ctx, w.Dan, first)
		if err != nil {
			t.Fatal(err)
		}
		if sheet.State != approval.Placed || len(sheet.Decisions) != 1 || sheet.Decisions[0].Name != "Cleo Clark" || sheet.Decisions[0].BehalfName != "Bob Boss" {
			t.Errorf("%s, decided: %+v", sheet.State, sheet.Decisions)
		}
		if !slices.ContainsFunc(sheet.Timeline, func(h approving.Happening) bool { return h.Name == "Cleo Clark" && h.For == "Bob Boss" }) {
			t.Errorf("the timeline says %+v", sheet.Timeline)
		}
		if _, err := w.s.Reroute(ctx, access.System(id.Company{})); err != nil {
			t.Fatal(err)
		}
		q, err := w.s.Queue(ctx, w.Cleo, view.QueueFilter{}, page.Ask{})
		if err != nil || q.Found.N != 2 || len(q.Rows[0].For) != 1 || q.Rows[0].For[0].Name != "Bob Boss" {
			t.Errorf("Cleo's queue: %v %+v", err, q)
		}
		if n, err := w.s.Counts(ctx, w.Bob); err != nil || n.Waiting.N != 0 {
			t.Errorf("Bob's badge says %+v: %v", n.Waiting, err)
		}
		// It is over with the very next decision, whoever has looked at it before.
		if err := w.s.EndDeputy(ctx, w.Bob, d.ID, d.Version); err != nil {
			t.Fatal(err)
		}
		err = w.verdict(w.Cleo, second, approval.Agree)
		w.refused("Cleo stands in no more", err, approval.ErrIneligible)
		if f := fault.Of(err); f == nil || f.Detail["because"] != "deputy" {
			t.Errorf("she is told %v", err)
		}
		w.waitsFor(second, "Bob Boss")
		w.decide(w.Bob, second, approval.Agree, "")
		// One who is handed nothing on has decided nothing: the last one goes by its time alone.
		w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member, func(in *approving.AppointInput) { in.From, in.Until = "2026-03-11", "2026-03-12" })
		w.waitsFor(third, "Bob Boss")
		w.now = time.Date(2026, 3, 10, 22, 59, 59, 0, time.UTC)
		w.waitsFor(third, "Bob Boss")
		w.now = time.Date(2026, 3, 10, 23, 0, 0, 0, time.UTC) // midnight in Berlin
		w.waitsFor(third, "Cleo Clark for Bob Boss")
		w.now = time.Date(2026, 3, 12, 22, 59, 59, 0, time.UTC)
		w.waitsFor(third, "Cleo Clark for Bob Boss")
		w.now = time.Date(2026, 3, 12, 23, 0, 0, 0, time.UTC)
		w.waitsFor(third, "Bob Boss")
		w.refused("the time is over", w.verdict(w.Cleo, third, approval.Agree), approval.ErrIneligible)
		w.decide(w.Bob, third, approval.Agree, "")
	})
}

// Who may appoint whom; whoever stands in gains nothing that they could not decide themselves.
func TestWhoAppointsWhom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		term := approving.DeputyTerms{Until: "2026-03-31"}
		_, err := w.s.Appoint(ctx, w.Bob, approving.AppointInput{By: w.Ann.Member, DeputyTerms: term})
		wrong(t, "Ann may not approve", err, "deputy_id permission")
		_, err = w.s.Appoint(ctx, w.Bob, approving.AppointInput{For: w.Ann.Member, By: w.Cleo.Member, DeputyTerms: term})
		if k := fault.KindOf(err); k != fault.NotFound && k != fault.Forbidden {
			t.Errorf("Bob appoints for Ann: %v", err)
		}
		_, err = w.s.Appoint(ctx, w.Dan, approving.AppointInput{For: w.Bob.Member, By: w.Dan.Member, DeputyTerms: term})
		wrong(t, "nobody appoints themselves", err, "deputy_id oneself")
		_, err = w.s.Appoint(ctx, w.Dan, approving.AppointInput{For: w.Bob.Member, By: w.Eve.Member, DeputyTerms: term})
		wrong(t, "Eve is of another company", err, "deputy_id unknown")
		_, err = w.s.Appoint(ctx, w.Dan, approving.AppointInput{For: w.Eve.Member, By: w.Cleo.Member, DeputyTerms: term})
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("for somebody of another company: %v", err)
		}
		_, err = w.s.Appoint(ctx, w.Bob, approving.AppointInput{By: w.Bob.Member, DeputyTerms: approving.DeputyTerms{From: "2026-03-01", Until: "2026-02-01", Rules: []id.Rule{id.NewRule(w.now)}, Units: []id.Unit{w.GlobexUnits["globex"]}}})
		wrong(t, "all that is wrong at once", err, "deputy_id self", "from past", "until order", "rule_ids.0 unknown", "unit_ids.0 unknown")

		// Whoever manages deputies in one unit does for those who stand there alone.
		d := w.appoint(with(w.Dan, w.opsAt, access.DeputiesManage, access.UsersView), w.Bob.Member, w.Cleo.Member)
		_, err = w.s.Appoint(ctx, with(w.Dan, w.opsAt, access.DeputiesManage, access.UsersView), approving.AppointInput{For: w.Cleo.Member, By: w.Bob.Member, DeputyTerms: term})
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("for Cleo, whom they do not see: %v", err)
		}
		if _, err = w.s.Deputy(ctx, w.Ann, d.ID); !errors.Is(err, approval.ErrUnseenDeputy) {
			t.Errorf("Ann sees it: %v", err)
		}
		if seen, err := w.s.Deputy(ctx, w.Cleo, d.ID); err != nil || seen.MayChange {
			t.Errorf("Cleo, who stands in: %v, may change: %v", err, seen.MayChange)
		}
		if err := w.s.EndDeputy(ctx, w.Cleo, d.ID, d.Version); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("Cleo ends it: %v", err)
		}
		if err := w.s.EndDeputy(ctx, w.Bob, d.ID, d.Version+1); !errors.Is(err, approval.ErrDeputyStale) {
			t.Errorf("another version: %v", err)
		}
		if err := w.s.ChangeDeputy(ctx, w.Bob, approving.ChangeDeputyInput{ID: d.ID, Version: d.Version, DeputyTerms: approving.DeputyTerms{Until: "2026-04-30", BothMay: true}}); err != nil {
			t.Errorf("Bob changes what Dan has said of him: %v", err)
		}
		_, err = w.s.Appoint(ctx, w.Bob, approving.AppointInput{By: w.Dan.Member, DeputyTerms: term})
		wrong(t, "he has one", err, "from overlap")
		_, err = w.s.Appoint(ctx, w.Cleo, approving.AppointInput{By: w.Bob.Member, DeputyTerms: term})
		wrong(t, "a circle", err, "deputy_id circle")
		w.appoint(w.Bob, w.Bob.Member, w.Dan.Member, func(in *approving.AppointInput) { in.From, in.Until = "2026-05-01", "2026-05-02" })
		if err := w.s.EndDeputy(ctx, w.Bob, d.ID, 2); err != nil {
			t.Fatal(err)
		}
		if err := w.s.ChangeDeputy(ctx, w.Bob, approving.ChangeDeputyInput{ID: d.ID, Version: 3, DeputyTerms: term}); !errors.Is(err, approval.ErrDeputyOver) {
			t.Errorf("what is over is changed: %v", err)
		}
		list, err := w.s.Deputies(ctx, w.Dan, view.DeputyFilter{State: approval.Over}, page.Ask{})
		if err != nil || len(list.Rows) != 1 || list.Rows[0].EnderName != "Bob Boss" {
			t.Errorf("what is over stays: %v %+v", err, list.Rows)
		}
		if list, err = w.s.Deputies(ctx, w.Ann, view.DeputyFilter{}, page.Ask{}); err != nil || len(list.Rows) != 0 {
			t.Errorf("Ann sees %+v: %v", list.Rows, err)
		}
	})
}

// wrong holds the fields of a fault against what they shall be.
func wrong(t *testing.T, sentence string, err error, want ...string) {
	t.Helper()
	var got []string
	if f := fault.Of(err); f != nil {
		for _, x := range f.Fields {
			got = append(got, x.Name+" "+x.Code)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q (%v), want %q", sentence, got, err, want)
	}
}

// A deputy is asked only in what they were appointed for, and never for what its requester has arranged.
// Who may be a deputy, and so who decides, is told to who decides, appoints for others or sees members; to nobody else.
func TestWhoIsToldWhoMayBeADeputy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, test := range []struct {
			sentence string
			who      access.Actor
			told     bool
		}{
			{"who decides", with(w.Ann, w.opsAt, access.PurchaseOrdersApprove), true},
			{"who appoints for others", with(w.Ann, w.opsAt, access.DeputiesManage), true},
			{"who sees members", with(w.Ann, w.opsAt, access.UsersView), true},
			{"who sees the company alone", with(w.Ann, tree.Top, access.CompanyView), false},
			{"who buys", w.Ann, false},
		} {
			all, err := w.s.StandIns(ctx, test.who, "")
			if test.told && (err != nil || len(all) == 0) || !test.told && (!errors.Is(err, access.ErrForbidden) || len(all) > 0) || approving.KnowsStandIns(test.who) != test.told {
				t.Errorf("%s: %d names, %v", test.sentence, len(all), err)
			}
		}
	})
}

func TestInWhatADeputyStandsIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann := buyer(w.Ann, w.opsAt)
		small, large := w.order(ann, 20).ID, w.order(ann, 40).ID // 158.00 and 316.00 EUR
		limit := eur(200_00)
		d := w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member, func(in *approving.AppointInput) { in.UpTo = &limit })
		w.waitsFor(small, "Cleo Clark for Bob Boss")
		w.waitsFor(large, "Bob Boss")
		change := func(t approving.DeputyTerms) {
			w.t.Helper()
			t.Until = "2026-03-31"
			if err := w.s.ChangeDeputy(ctx, w.Bob, approving.ChangeDeputyInput{ID: d.ID, Version: d.Version, DeputyTerms: t}); err != nil {
				w.t.Fatal(err)
			}
			d.Version++
		}
		change(approving.DeputyTerms{Units: []id.Unit{w.Units["fin"]}})
		w.waitsFor(small, "Bob Boss")
		change(approving.DeputyTerms{Units: []id.Unit{w.Units["ops"]}, Rules: []id.Rule{w.rule.ID}, BothMay: true})
		w.waitsFor(small, "Bob Boss", "Cleo Clark for Bob Boss")
		// Both may: whoever is first, and once.
		w.decide(w.Bob, small, approval.Agree, "")
		w.refused("it is decided", w.verdict(w.Cleo, small, approval.Agree), approval.ErrNotPending)
		if err := w.s.EndDeputy(ctx, w.Bob, d.ID, d.Version); err != nil {
			t.Fatal(err)
		}
		// Nobody chooses who decides on their own order in the place of somebody else.
		own := with(w.Ann, tree.Top, access.DeputiesManage, access.UsersView)
		w.appoint(own, w.Bob.Member, w.Cleo.Member)
		w.waitsFor(large, "Bob Boss")
		other := w.order(buyer(w.Cleo, w.fin), 20).ID
		if got := w.waits(other); slices.ContainsFunc(got, func(s string) bool { return s[:4] == "Cleo" }) {
			t.Errorf("Cleo decides on her own: %q", got)
		}
	})
}

// Who is not shown units or amounts changes an appointment all the same, and leaves them as they are.
func TestWhatIsNotSaidOfADeputyStaysWhereItIsToStay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		limit := eur(200_00)
		d := w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member, func(in *approving.AppointInput) { in.UpTo, in.Units = &limit, []id.Unit{w.Units["ops"]} })
		for _, test := range []struct {
			in          approving.ChangeDeputyInput
			units, upTo bool
		}{
			{approving.ChangeDeputyInput{SameUnits: true, SameUpTo: true}, true, true},
			{approving.ChangeDeputyInput{SameUnits: true}, true, false},
			{approving.ChangeDeputyInput{}, false, false},
			{approving.ChangeDeputyInput{SameUpTo: true}, false, false},
		} {
			test.in.ID, test.in.Version, test.in.Until = d.ID, d.Version, "2026-04-30"
			if err := w.s.ChangeDeputy(ctx, w.Bob, test.in); err != nil {
				t.Fatal(err)
			}
			var err error
			if d, err = w.s.Deputy(ctx, w.Bob, d.ID); err != nil {
				t.Fatal(err)
			}
			if got := len(d.Units) == 1; got != test.units || (d.UpTo != nil && *d.UpTo == limit) != test.upTo || d.Last != "2026-04-30" {
				t.Errorf("%+v: for %d units up to %v until %s", test.in, len(d.Units), d.UpTo, d.Last)
			}
		}
	})
}

// The time of a deputy is told when it begins and when it is over, once each.
func TestTheTimeOfADeputyIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member, func(in *approving.AppointInput) { in.From, in.Until = "2026-03-12", "2026-03-13" })
		turned := func(want int) {
			t.Helper()
			if n, err := w.s.TurnDeputies(ctx, access.System(id.Company{})); err != nil || n != want {
				t.Errorf("told %d times, want %d: %v", n, want, err)
			}
		}
		turned(0)
		w.now = time.Date(2026, 3, 12, 8, 0, 0, 0, time.UTC)
		turned(1)
		turned(0)
		w.now = time.Date(2026, 3, 14, 8, 0, 0, 0, time.UTC)
		turned(1)
		turned(0)
		one, err := w.s.Deputy(ctx, w.Bob, d.ID)
		if err != nil || one.State != approval.Over || !one.EndedAt.Equal(one.Until) || !one.Ender.IsZero() {
			t.Errorf("%v %+v", err, one)
		}
		var told []string
		err = w.DB.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(ctx, w.Acme, view.AuditFilter{About: d.ID.String()}, page.Ask{})
			for _, e := range slices.Backward(list.Rows) {
				told = append(told, e.Event)
			}
			return err
		})
		if want := []string{"deputy.appointed", "deputy.begun", "deputy.ended"}; err != nil || !slices.Equal(told, want) {
			t.Errorf("told %q, want %q: %v", told, want, err)
		}
	})
}

// Whoever is away and their deputy decide at once: one of them counts. An appointment ends while the deputy decides: the order of the
// two says whether it counts, and nothing between.
func TestADeputyAtABarrier(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann := buyer(w.Ann, w.opsAt)
		atOnce := func(acts ...func() error) []error {
			failed := make([]error, len(acts))
			gate := make(chan struct{})
			var wg sync.WaitGroup
			for i, act := range acts {
				wg.Go(func() { <-gate; failed[i] = act() })
			}
			close(gate)
			wg.Wait()
			return failed
		}
		d := w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member, func(in *approving.AppointInput) { in.BothMay = true })
		says := func(a access.Actor, key id.PurchaseOrder, hash string) func() error {
			return func() error {
				_, err := w.s.Decide(context.Background(), a, approving.DecideInput{Order: key, Verdict: approval.Agree, Hash: hash})
				return err
			}
		}
		for round := range 4 {
			key := w.order(ann, 13).ID
			sheet, err := w.s.Get(ctx, w.Dan, key)
			if err != nil {
				t.Fatal(err)
			}
			failed := atOnce(says(w.Bob, key, sheet.Hash), says(w.Cleo, key, sheet.Hash))
			if n := counted(failed); n != 1 {
				t.Errorf("round %d: %d of them count: %v", round, n, failed)
			}
			if sheet, err = w.s.Get(ctx, w.Dan, key); err != nil || len(sheet.Decisions) != 1 || sheet.State != approval.Placed {
				t.Errorf("round %d: %s %+v %v", round, sheet.State, sheet.Decisions, err)
			}
		}
		for round := range 4 {
			key := w.order(ann, 13).ID
			sheet, err := w.s.Get(ctx, w.Dan, key)
			if err != nil {
				t.Fatal(err)
			}
			failed := atOnce(says(w.Cleo, key, sheet.Hash), func() error { return w.s.EndDeputy(context.Background(), w.Bob, d.ID, d.Version) })
			if failed[1] != nil {
				t.Fatalf("round %d: it does not end: %v", round, failed[1])
			}
			sheet, err = w.s.Get(ctx, w.Dan, key)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case failed[0] == nil && sheet.State == approval.Placed && len(sheet.Decisions) == 1:
			case errors.Is(failed[0], approval.ErrIneligible) && sheet.State == approval.PendingApproval && len(sheet.Decisions) == 0:
				w.waitsFor(key, "Bob Boss")
			default:
				t.Errorf("round %d: %v, and it is %s: %+v", round, failed[0], sheet.State, sheet.Decisions)
			}
			w.now = w.now.Add(time.Minute)
			d = w.appoint(w.Bob, w.Bob.Member, w.Cleo.Member, func(in *approving.AppointInput) { in.BothMay = true })
		}
	})
}

func counted(failed []error) (n int) {
	for _, err := range failed {
		if err == nil {
			n++
		}
	}
	return n
}
