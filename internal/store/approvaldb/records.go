package approvaldb

import (
	"context"
	"encoding/json"

	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
	"kontor/internal/store/engine"
)

// ListRecords lists so many purchase orders of a company behind one, in the order of their identifiers, each with its
// lines, seats and decisions: for verify.
func (t Tables) ListRecords(ctx context.Context, company id.Company, behind id.PurchaseOrder, most int) (all []approval.Record, err error) {
	after, args := ``, []any{company}
	if !behind.IsZero() {
		after, args = ` and p.id > ?`, append(args, behind)
	}
	engine.Rows(t.Tx.Ask(`
		select `+columns+`, p.shipping_minor, p.tax_minor, p.gross_minor, p.lines from purchase_order p
		 where p.company_id = ?`+after+` order by p.id limit ?`, append(args, most)...), &all,
		func(r *approval.Record, scan engine.Scan) error {
			parts := []*part{{name: "content", into: &r.Content}, {name: "needs", into: &r.Needs}, {name: "plan", into: &r.Plan}}
			err := scan(append(into(&r.PurchaseOrder, parts[0], parts[1], parts[2]), &r.Shipping.Minor, &r.Tax.Minor, &r.Gross.Minor, &r.Count)...)
			for _, p := range parts {
				if !p.read {
					r.Unreadable = append(r.Unreadable, p.name)
				}
			}
			r.Shipping.Currency, r.Tax.Currency, r.Gross.Currency = r.Net.Currency, r.Net.Currency, r.Net.Currency
			return err
		})
	if err := t.Tx.Fetch(ctx); err != nil || len(all) == 0 {
		return nil, err
	}
	at := make(map[id.PurchaseOrder]*approval.Record, len(all))
	keys := make([]id.PurchaseOrder, len(all))
	for i := range all {
		keys[i], at[all[i].ID] = all[i].ID, &all[i]
	}
	t.wantRows(at, company, keys)
	t.wantSeats(at, company, keys)
	t.wantDecisions(at, company, keys)
	return all, t.Tx.Fetch(ctx)
}

// part is a part of a purchase order that is kept as JSON. That it cannot be read is no error: verify tells it.
type part struct {
	name string
	into any
	read bool
}

// Scan reads the part.
func (p *part) Scan(v any) error {
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	}
	p.read = json.Unmarshal([]byte(text), p.into) == nil
	return nil
}

func (t Tables) wantRows(at map[id.PurchaseOrder]*approval.Record, company id.Company, keys []id.PurchaseOrder) {
	marks, args := engine.Marks(keys)
	t.Tx.Ask(`
		select l.purchase_order_id, l.product_id, l.sku, l.quantity, l.rate_e4, l.total_minor from purchase_order_line l
		 where l.company_id = ? and l.purchase_order_id in `+marks+` order by l.purchase_order_id, l.position`, append([]any{company}, args...)...).
		Each(func() {}, func(scan engine.Scan) error {
			var po id.PurchaseOrder
			var row approval.Row
			err := scan(&po, &row.Product, &row.SKU, &row.Quantity, &row.Price.E4, &row.Net.Minor)
			r := at[po]
			row.Price.Currency, row.Net.Currency = r.Net.Currency, r.Net.Currency
			r.Rows = append(r.Rows, row)
			return err
		})
}

func (t Tables) wantSeats(at map[id.PurchaseOrder]*approval.Record, company id.Company, keys []id.PurchaseOrder) {
	marks, args := engine.Marks(keys)
	t.Tx.Ask(`select a.purchase_order_id, a.stage, a.part, a.member_id, a.state from ask a where a.company_id = ? and a.purchase_order_id in `+marks,
		append([]any{company}, args...)...).
		Each(func() {}, func(scan engine.Scan) error {
			var po id.PurchaseOrder
			var s approval.Seat
			err := scan(&po, &s.Stage, &s.Group, &s.Member, engine.Text(&s.State))
			at[po].Seats = append(at[po].Seats, s)
			return err
		})
}

func (t Tables) wantDecisions(at map[id.PurchaseOrder]*approval.Record, company id.Company, keys []id.PurchaseOrder) {
	marks, args := engine.Marks(keys)
	t.Tx.Ask(`
		select d.purchase_order_id, d.id, d.member_id, d.behalf_id, d.action, d.reason, d.content_hash, d.decided_at from decision d
		 where d.company_id = ? and d.purchase_order_id in `+marks+` order by d.decided_at, d.id`, append([]any{company}, args...)...).
		Each(func() {}, func(scan engine.Scan) error {
			var d approval.Decision
			err := scan(&d.Order, &d.ID, &d.Member, &d.Behalf, engine.Text(&d.Action), &d.Reason, &d.Hash, &d.At)
			at[d.Order].Decisions = append(at[d.Order].Decisions, d)
			return err
		})
}
