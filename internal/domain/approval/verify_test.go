package approval_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
)

// filed is the record of a purchase order of 100 screws, as it is kept with this plan.
func filed(t interface{ Fatal(...any) }, w *town, p approval.Plan) approval.Record {
	price := money.Rate{E4: 12_500, Currency: "EUR"}
	line := approval.Line{Product: id.NewProduct(noon), SKU: "SCREW", Quantity: quantity.Of(100), Price: price, Net: money.Of(125_00, "EUR"), Tax: money.Of(0, "EUR")}
	c := approval.Content{Currency: "EUR", Lines: []approval.Line{line}, Shipping: money.Of(5_00, "EUR"), Tax: money.Of(24_70, "EUR"), Total: money.Of(154_70, "EUR")}
	hash, err := c.Hash()
	if err != nil {
		t.Fatal(err)
	}
	po := approval.PurchaseOrder{ID: id.NewPurchaseOrder(noon), Company: id.NewCompany(noon), Number: approval.Number(7), State: approval.PendingApproval,
		Requester: w.request.Requester, Unit: id.NewUnit(noon), CostCentre: w.request.CostCentres[0], Content: c, Hash: hash, Net: line.Net, Needs: w.needs, Plan: p, ChangedAt: noon, ExpiresAt: noon.AddDate(0, 0, 14)}
	r := approval.Record{PurchaseOrder: po, Shipping: c.Shipping, Tax: c.Tax, Gross: c.Total, Count: 1, Last: 9,
		Rows: []approval.Row{{Product: line.Product, SKU: line.SKU, Quantity: line.Quantity, Price: price, Net: line.Net}}}
	return listed(r)
}

// listed is the record with its seats as the tables list them.
func listed(r approval.Record) approval.Record {
	r.Seats = nil
	for i, s := range r.Plan.Stages {
		for j, g := range s.Groups {
			for _, a := range g.Approvers {
				seat := approval.Seat{Stage: i, Group: j, Member: a.Member, State: a.State}
				if r.State != approval.PendingApproval && (a.State == approval.Pending || a.State == approval.Waiting) {
					seat.State = approval.Skipped
				}
				r.Seats = append(r.Seats, seat)
			}
		}
	}
	return r
}

// Random people decide, hand over and override in random order, and at last it is placed, withdrawn or waits on. Whatever
// happens by the rules, nothing is found to be wrong with what is kept of it.
func TestWhatHappensByTheRulesVerifies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		w.policy, w.request.CostCentres = approval.Policy{}, w.request.CostCentres[:1]
		r := filed(t, w, w.build(t))
		if len(r.Plan.Stages) == 0 {
			t.Skip("it asks nobody")
		}
		var all []approval.Candidate
		for _, c := range w.people {
			all = append(all, c)
		}
		slices.SortFunc(all, func(a, b approval.Candidate) int { return strings.Compare(a.Member.String(), b.Member.String()) })
		sound := func() {
			if wrong := r.Verify(); len(wrong) > 0 {
				t.Fatalf("%s: %q\n%+v", r.State, wrong, r.Plan)
			}
		}
		sound()
		at := noon
		for range rapid.IntRange(0, 12).Draw(t, "clicks") {
			if r.State != approval.PendingApproval {
				break
			}
			at = at.Add(time.Minute)
			request := w.request
			request.At = at
			who := rapid.SampledFrom(all).Draw(t, "who")
			d := approval.Deciding{By: who, Behind: all, Deputies: w.dir.Deputies, Saw: r.Hash, Hash: r.Hash, State: r.State, Request: request, Policy: w.policy, Verdict: approval.Agree, Note: "so"}
			var done approval.Progress
			var err error
			switch rapid.IntRange(0, 9).Draw(t, "does") {
			case 0:
				d.Verdict = approval.Decline
				done, err = r.Plan.Decide(d)
			case 1:
				done, err = r.Plan.Override(d)
			case 2:
				done, err = r.Plan.HandOver(who.Person, rapid.SampledFrom(all).Draw(t, "to"), request, w.policy, "on holiday")
			default:
				done, err = r.Plan.Decide(d)
			}
			if err != nil {
				continue
			}
			next, err := r.State.Next(done.Action)
			if err != nil {
				t.Fatal(err)
			}
			r.Plan, r.State = done.Plan, next.To
			r.Decisions = append(r.Decisions, approval.Decision{ID: id.NewDecision(at), Member: who.Member, Action: done.Action, Hash: r.Hash, At: at})
			switch r.State {
			case approval.Rejected:
				r.ExpiresAt = time.Time{}
			case approval.Approved:
				r.State, r.ExpiresAt, r.Order = approval.Placed, time.Time{}, id.NewOrder(at)
				r.Orders = []approval.Placing{{ID: r.Order, Number: "SO-000007", Requester: r.Requester, Unit: r.Unit, CostCentre: r.CostCentre, Net: r.Net,
					Shipping: r.Shipping, Tax: r.Tax, Gross: r.Gross, Lines: 1}}
			}
			r = listed(r)
			sound()
		}
		if r.State == approval.PendingApproval && rapid.Bool().Draw(t, "withdraws") {
			r.State, r.ExpiresAt = approval.Cancelled, time.Time{}
			r.Decisions = append(r.Decisions, approval.Decision{ID: id.NewDecision(at), Member: r.Requester, Action: approval.DoWithdraw, Hash: r.Hash, At: at})
			r = listed(r)
			sound()
		}
	})
}

func TestVerifyFindsWhatNoRuleAllows(t *testing.T) {
	ann, bob, cleo := approval.Person{Member: id.NewMember(noon)}, approval.Person{Member: id.NewMember(noon)}, approval.Person{Member: id.NewMember(noon)}
	w := &town{request: approval.Request{Requester: ann.Member, Amount: eur(1000), At: noon, CostCentres: []id.CostCentre{id.NewCostCentre(noon)}},
		needs: []approval.Need{{Reason: approval.Reason{Kind: approval.ByRule, Name: "Manager"}, Requirement: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
	row := approval.Approver{Person: bob, Name: "Bob", Via: []int{0}, State: approval.Agreed, At: noon}
	agreed := func() approval.Record {
		p := approval.Plan{Stages: []approval.Stage{{Groups: []approval.Group{{K: 1, Sources: []approval.Source{{Kind: approval.OfManager, Level: 1}}, Approvers: []approval.Approver{row}}}}}}
		r := filed(t, w, p)
		r.State = approval.OrderFailed
		r.Decisions = []approval.Decision{{Member: bob.Member, Action: approval.DoApprove, Hash: r.Hash, At: noon}}
		return listed(r)
	}
	row0 := func(r *approval.Record) *approval.Approver { return &r.Plan.Stages[0].Groups[0].Approvers[0] }
	for _, c := range []struct {
		name  string
		spoil func(r *approval.Record)
		want  string // empty: nothing is wrong
	}{
		{"one that could not be placed", func(*approval.Record) {}, ""},
		{"one that waits for payment", func(r *approval.Record) { r.State = approval.PendingPayment }, ""},
		{"one whose approval was carried over from another content", func(r *approval.Record) { row0(r).Carried, r.Decisions[0].Hash = true, "before" }, ""},
		{"an approval of a plan that was made anew since", func(r *approval.Record) {
			r.Decisions = append([]approval.Decision{{Member: cleo.Member, Action: approval.DoDecide, Hash: "before", At: noon.Add(-time.Hour)},
				{Member: ann.Member, Action: approval.DoEdit, Hash: r.Hash, At: noon.Add(-time.Minute)}}, r.Decisions...)
		}, ""},
		{"a deputy", func(r *approval.Record) {
			row0(r).For = &approval.StandsFor{Member: cleo.Member, Name: "Cleo"}
			r.Decisions[0].Behalf = cleo.Member
		}, ""},
		{"a deputy of somebody else", func(r *approval.Record) {
			row0(r).For = &approval.StandsFor{Member: cleo.Member, Name: "Cleo"}
			r.Decisions[0].Behalf = ann.Member
		}, "there is no such decision"},
		{"a deputy of the requester", func(r *approval.Record) { row0(r).For = &approval.StandsFor{Member: ann.Member, Name: "Ann"} }, "for its requester"},
		{"an administrator's own small order, as the company allows", func(r *approval.Record) { r.Requester, row0(r).Fallback = bob.Member, approval.OwnOrder }, ""},
		{"an own order for somebody else", func(r *approval.Record) {
			r.Requester, row0(r).Fallback, row0(r).For = bob.Member, approval.OwnOrder, &approval.StandsFor{Member: cleo.Member}
		}, "its requester Bob has decided"},
		{"its requester instead of all", func(r *approval.Record) { r.Plan.Overridden = &approval.Overriding{By: ann, Name: "Ann", At: noon} }, "its requester has decided it in place of others"},
		{"an approval before its time", func(r *approval.Record) { row0(r).At = noon.Add(time.Second) }, "there is no such decision"},
		{"a rejection that counts as an approval", func(r *approval.Record) { r.Decisions[0].Action = approval.DoReject }, "there is no such decision"},
		{"an approval by nobody", func(r *approval.Record) { r.Decisions[0].Member = id.Member{} }, "somebody who is no member decided on it"},
		{"needs without a plan", func(r *approval.Record) { r.Plan.Stages, r.Seats, r.Decisions = nil, nil, nil }, "not everybody who must has agreed"},
		{"a budget that would have wanted somebody", func(r *approval.Record) {
			r.Needs = append(r.Needs, approval.Need{Reason: approval.Reason{Name: "Tools"}, Requirement: approval.Asks(approval.Source{Kind: approval.OfBudget})})
			r.Budgets = []id.Budget{id.NewBudget(noon)}
		}, "Tools wants somebody asked"},
		{"a line that was cut off", func(r *approval.Record) { r.Rows = nil }, "its lines are not those"},
		{"an amount in another currency", func(r *approval.Record) { r.Net.Currency = "USD" }, "its totals are not those"},
	} {
		r := agreed()
		c.spoil(&r)
		if wrong := r.Verify(); (len(wrong) == 0) != (c.want == "") || c.want != "" && !strings.Contains(strings.Join(wrong, "; "), c.want) {
			t.Errorf("%s: %q, want %q", c.name, wrong, c.want)
		}
	}
}
