package approving_test

import (
	"errors"
	"fmt"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// What a purchase order comes to is shown to who may see prices, and to whom its plan names: those who look on see what was
// ordered, who is asked, and no amount.
func TestWhatAPurchaseOrderComesToIsForWhoSeesPricesOrDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann := buyer(w.Ann, w.opsAt)
		w.order(ann, 1)
		done := w.order(ann, 20) // 158.00: Bob decides
		look := []access.Permission{access.PurchaseOrdersView, access.PurchaseOrdersViewCompany, access.OrdersViewCompany, access.BudgetsView, access.PurchaseOrdersApprove}
		sum := eur(158_00)
		for _, row := range []struct {
			name           string
			who            access.Actor
			shown, compare bool
		}{
			{"who sees prices", with(w.Dan, tree.Top, append(look, access.PricesView)...), true, true},
			{"who sees prices elsewhere", w.Dan.Holding([]access.Grant{{Set: access.SetOf(look...)}, {Place: w.fin, Set: access.SetOf(access.PricesView)}}), true, true},
			{"who only looks", with(w.Dan, tree.Top, look...), false, false},
			{"who submitted it, and may see prices no more", with(w.Ann, w.opsAt, access.PurchaseOrdersView), false, false},
			{"who decides, with prices", with(w.Bob, w.opsAt, append(look, access.PricesView)...), true, true},
			{"who decides, without", with(w.Bob, w.opsAt, look...), true, false},
		} {
			sheet, err := w.s.Get(ctx, row.who, done.ID)
			if err != nil {
				t.Fatal(row.name, err)
			}
			want, none := money.Money{}, money.Money{}
			if row.shown {
				want = sum
			}
			why := sheet.Plan.Stages[0].Groups[0].Reasons[0]
			if sheet.Net != want || sheet.Gross != want || sheet.Content.Total != want || sheet.Content.Lines[0].Net != want || sheet.Lines[0].Total != want ||
				(sheet.Lines[0].Rate.Currency != "") != row.shown || (sheet.Hash != "") != row.shown || (len(sheet.Budgets) > 0) != row.shown {
				t.Errorf("%s sees %v, %v, %v, hash %q, %v", row.name, sheet.PurchaseOrder.Net, sheet.Content, sheet.Lines, sheet.Hash, sheet.Budgets)
			}
			if told := why.Text.String(); (told == "total (net) €158.00 is above €100.00") != row.shown || !row.shown && told != "it is about an amount that you are not shown" {
				t.Errorf("%s reads why: %s", row.name, told)
			}
			if (sheet.Bought != nil) != row.compare || sheet.Lines[0].Name == "" || why.Name != "Manager" {
				t.Errorf("%s compares with %v, and reads of %q for %q", row.name, sheet.Bought, sheet.Lines[0].Name, why.Name)
			}
			list, err := w.s.ListPurchaseOrders(ctx, row.who, approving.Filter{Text: done.Number}, page.Ask{})
			if err != nil {
				t.Fatal(row.name, err)
			}
			if want = none; row.compare {
				want = sum
			}
			if len(list.Rows) > 0 && (list.Rows[0].Net != want || list.Rows[0].Gross != want || (list.Rows[0].Hash != "") != row.compare) {
				t.Errorf("%s sees in the list %v", row.name, list.Rows[0])
			}
			_, err = w.s.ListPurchaseOrders(ctx, row.who, approving.Filter{}, page.Ask{Sort: page.Sort{By: "total"}})
			if row.compare != (err == nil) || err != nil && !errors.Is(err, access.ErrForbidden) {
				t.Errorf("%s sorts by the total: %v", row.name, err)
			}
		}
		// what waits for one is decided on, and so is shown, sorted and narrowed by what it comes to
		bob := with(w.Bob, w.opsAt, look...)
		least := int64(100_00)
		q, err := w.s.Queue(ctx, bob, view.QueueFilter{Currency: "EUR", From: &least}, page.Ask{Sort: page.Sort{By: "total"}})
		if err != nil || len(q.Rows) != 1 || q.Rows[0].Net != sum {
			t.Errorf("the queue is %v, %v", q.Rows, err)
		}
		w.decide(bob, done.ID, approval.Agree, "")
		if sheet, err := w.s.Get(ctx, bob, done.ID); err != nil || sheet.Net != sum {
			t.Errorf("who has decided sees %v afterwards, %v", sheet.Net, err)
		}
	})
}

// A rule that is tried tells nobody by halves, by trying bound after bound, what they are not shown.
func TestATriedRuleTellsNoAmount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done := w.order(buyer(w.Ann, w.opsAt), 20) // 158.00
		look := []access.Permission{access.ApprovalRulesView, access.PurchaseOrdersView, access.PurchaseOrdersViewCompany}
		blind, sighted := with(w.Dan, tree.Top, look...), with(w.Dan, tree.Top, append(look, access.PricesView)...)
		said := func(a access.Actor, r approval.Rule) (all string) {
			tested, err := w.s.TestRule(ctx, a, r, done.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range tested.Steps {
				all += fmt.Sprintf("%d %s %v\n", s.Step, s.Why, s.Unsure)
			}
			return all
		}
		text := func(text string) approval.Rule {
			c, err := approval.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			return approval.Rule{Name: "Tried", Basis: approval.Net, Steps: []approval.Step{{When: c, Then: approval.Requirement{Effect: approval.Refuse}}}}
		}
		for _, row := range []struct{ below, above approval.Rule }{
			{bands("Tried", 157_00), bands("Tried", 159_00)},
			{text("total_net > 157 EUR"), text("total_net > 159 EUR")},
			{text("max_line > 157 EUR"), text("max_line > 159 EUR")},
			{text("not (total_gross > 157 EUR)"), text("not (total_gross > 159 EUR)")},
			{text("over_budget_percent > 0 %"), text("over_budget_percent >= 0 %")},
		} {
			if a, b := said(blind, row.below), said(blind, row.above); a != b {
				t.Errorf("who may not see prices is told apart\n%s%s", a, b)
			}
			if a, b := said(sighted, row.below), said(sighted, row.above); a == b {
				t.Errorf("who may see prices is told the same of both: %s", a)
			}
		}
		if got := said(blind, text(`unit has "nowhere" or items > 3`)); got == "" {
			t.Error("what is no money is not known either")
		}
	})
}
