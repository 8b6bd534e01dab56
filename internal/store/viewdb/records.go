package viewdb

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
	"kontor/internal/store/engine"
)

// WantBeside asks for what other areas keep of the purchase orders in these records, all of one company: the orders that
// were placed for them, the budgets that they are charged to, and the last number that was given to one.
func (t Tables) WantBeside(records []approval.Record, company id.Company) {
	at := make(map[id.PurchaseOrder]*approval.Record, len(records))
	keys := make([]id.PurchaseOrder, len(records))
	for i := range records {
		keys[i], at[records[i].ID] = records[i].ID, &records[i]
	}
	marks, args := engine.Marks(keys)
	args = append([]any{company}, args...)
	t.Tx.Ask(`
		select o.purchase_order_id, o.id, o.number, o.requester_id, o.unit_id, o.cost_centre_id, o.currency, o.net_minor, o.shipping_minor, o.tax_minor,
		       o.gross_minor, o.lines, o.reference
		  from orders o where o.company_id = ? and o.purchase_order_id in `+marks+` order by o.id`, args...).
		Each(func() {}, func(scan engine.Scan) error {
			var po id.PurchaseOrder
			var o approval.Placing
			err := scan(&po, &o.ID, &o.Number, &o.Requester, &o.Unit, &o.CostCentre, &o.Net.Currency, &o.Net.Minor, &o.Shipping.Minor, &o.Tax.Minor,
				&o.Gross.Minor, &o.Lines, &o.Reference)
			o.Shipping.Currency, o.Tax.Currency, o.Gross.Currency = o.Net.Currency, o.Net.Currency, o.Net.Currency
			at[po].Orders = append(at[po].Orders, o)
			return err
		})
	t.Tx.Ask(`
		select distinct e.purchase_order_id, e.budget_id from ledger e
		 where e.company_id = ? and e.purchase_order_id in `+marks+` order by e.purchase_order_id, e.budget_id`, args...).
		Each(func() {}, func(scan engine.Scan) error {
			var po id.PurchaseOrder
			var b id.Budget
			err := scan(&po, &b)
			at[po].Budgets = append(at[po].Budgets, b)
			return err
		})
	t.Tx.Ask(`select s.last from series s where s.company_id = ? and s.kind = 'purchase_order'`, company).
		Each(func() {}, func(scan engine.Scan) error {
			var last int64
			err := scan(&last)
			for i := range records {
				records[i].Last = last
			}
			return err
		})
}
