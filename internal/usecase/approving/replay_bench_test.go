package approving_test

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
)

// benchReplayed is how many purchase orders of ten years a company has that is replayed, and how many lines each.
const (
	benchReplayed = 50_000
	benchLines    = 4
)

// Ten years of a company: a rule of amounts, which looks at the heads alone, and one that looks at all that there is of every line.
func BenchmarkReplay(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			address := storetest.SQLite(b)
			if kind == "postgres" {
				address = storetest.Database(b)
			}
			now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
			db := storetest.Open(b, address, func() time.Time { return now })
			w := cast.Acme(b, db)
			s := approving.New(db)
			grow(b, db, w, now)
			for _, row := range []struct{ name, when string }{{"amounts", "total_net > 400 EUR"},
				{"lines", `total_net > 400 EUR and (categories has "Hardware" or products has "Sparkle") and payment_method = "on_account" and over_budget = 0 EUR`}} {
				c, err := approval.Parse(row.when)
				if err != nil {
					b.Fatal(err)
				}
				r := approval.Rule{Name: "Draft", Basis: approval.Net, Steps: []approval.Step{{When: c, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
				b.Run(row.name, func(b *testing.B) {
					for b.Loop() {
						got, err := s.Replay(ctx, w.Dan, approving.ReplayInput{Rule: r, Months: approving.MostMonths})
						if err != nil || got.Orders != benchReplayed || got.Asks == 0 || got.Fresh == 0 {
							b.Fatalf("%s, %v", figures(got), err)
						}
					}
					b.ReportMetric(float64(benchReplayed*b.N)/b.Elapsed().Seconds(), "orders/s")
				})
			}
		})
	}
}

// grow gives Acme its purchase orders: a third was held, and decided within two days.
func grow(b *testing.B, db *store.DB, w *cast.World, now time.Time) {
	b.Helper()
	manager := approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})
	for i := 0; i < benchReplayed; i += 500 {
		err := db.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			for k := i; k < i+500; k++ {
				at := now.Add(-time.Duration(k+1) * 104 * time.Minute)
				po := approval.PurchaseOrder{ID: id.NewPurchaseOrder(at), Company: w.Acme, Number: fmt.Sprintf("PO-%07d", k), State: approval.Placed, Requester: w.Ann.Member, Unit: w.Units["ops"],
					CostCentre: w.CostCentre, Hash: "x", SubmittedAt: at, ChangedAt: at, Version: 1}
				po.Net = money.Of(int64(1+k%1000)*100, "EUR")
				po.Content = approval.Content{Currency: "EUR", Total: po.Net, Shipping: money.Of(0, "EUR"), Tax: money.Of(0, "EUR"), PaymentMethod: "on_account"}
				po.Content.DeliverTo = approval.Address{Name: "Acme Works", Street: "Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"}
				for n := range benchLines {
					p := w.Products[(k+n)%len(w.Products)]
					po.Content.Lines = append(po.Content.Lines, approval.Line{Product: p.ID, SKU: p.SKU, Quantity: quantity.Of(int64(1 + n)), Net: money.Of(po.Net.Minor/benchLines, "EUR"), Tax: money.Of(0, "EUR")})
					po.Items = append(po.Items, approval.Item{Name: p.Name, Unit: p.Unit, Supplier: p.Supplier, Source: []byte("{}")})
				}
				if k%3 == 0 {
					after := time.Duration(1+k%48) * time.Hour
					po.Needs = []approval.Need{{Reason: approval.Reason{Kind: approval.ByRule, Name: "Old"}, Requirement: manager}}
					state, row := approval.Placed, approval.Approver{Person: approval.Person{Member: w.Bob.Member}, Name: w.Bob.Name, Via: []int{0}, State: approval.Agreed, At: tx.Now.Add(after)}
					if k%30 == 0 {
						state, row.State = approval.Rejected, approval.Declined
					}
					po.State = state
					po.Plan = approval.Plan{Stages: []approval.Stage{{Groups: []approval.Group{{K: 1, Sources: manager.Stages[0].Groups[0].Of, Approvers: []approval.Approver{row}, Reasons: []approval.Reason{po.Needs[0].Reason}}}}}}
				}
				tx.Approvals.Insert(po)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
