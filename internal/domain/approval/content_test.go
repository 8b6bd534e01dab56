package approval_test

import (
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
)

func content() approval.Content {
	return approval.Content{Currency: "EUR", Lines: []approval.Line{
		{SKU: "BK-1", Quantity: quantity.Of(2), Price: money.Rate{E4: 50_0000, Currency: "EUR"}, Net: eur(100_00), Tax: eur(19_00)},
		{SKU: "HL-1", Quantity: quantity.One, Price: money.Rate{E4: 10_0000, Currency: "EUR"}, Net: eur(10_00), Tax: eur(1_90)}},
		Shipping: eur(5_00), Tax: eur(21_85), Total: eur(136_85), DeliverTo: approval.Address{Name: "Acme", City: "Ulm", Country: "DE"},
		BillTo: approval.Address{Name: "Acme", City: "Bonn", Country: "DE"}, ShippingMethod: "parcel", PaymentMethod: "invoice"}
}

func hash(t *testing.T, c approval.Content) string {
	t.Helper()
	h, err := c.Hash()
	if err != nil || len(h) != 64 {
		t.Fatalf("%q, %v", h, err)
	}
	return h
}

func TestEveryChangeOfContentChangesTheHash(t *testing.T) {
	base := hash(t, content())
	seen := map[string]string{base: "nothing"}
	for says, change := range map[string]func(*approval.Content){
		"a quantity":        func(c *approval.Content) { c.Lines[0].Quantity++ },
		"a price":           func(c *approval.Content) { c.Lines[0].Price.E4++ },
		"a line's total":    func(c *approval.Content) { c.Lines[0].Net.Minor++ },
		"a line's tax":      func(c *approval.Content) { c.Lines[0].Tax.Minor++ },
		"an article":        func(c *approval.Content) { c.Lines[0].SKU = "BK-2" },
		"a product":         func(c *approval.Content) { c.Lines[0].Product = id.NewProduct(noon) },
		"a line's date":     func(c *approval.Content) { c.Lines[0].RequestedDate = "2026-04-01" },
		"a line more":       func(c *approval.Content) { c.Lines = append(c.Lines, approval.Line{}) },
		"a line less":       func(c *approval.Content) { c.Lines = c.Lines[:1] },
		"the order of them": func(c *approval.Content) { c.Lines[0], c.Lines[1] = c.Lines[1], c.Lines[0] },
		"the currency":      func(c *approval.Content) { c.Currency = "USD" },
		"shipping":          func(c *approval.Content) { c.Shipping.Minor++ },
		"tax":               func(c *approval.Content) { c.Tax.Minor++ },
		"the total":         func(c *approval.Content) { c.Total.Minor++ },
		"where it goes":     func(c *approval.Content) { c.DeliverTo.City = "Bonn" },
		"who pays":          func(c *approval.Content) { c.BillTo.City = "Ulm" },
		"how it travels":    func(c *approval.Content) { c.ShippingMethod = "freight" },
		"how it is paid":    func(c *approval.Content) { c.PaymentMethod = "card" },
		"the date":          func(c *approval.Content) { c.RequestedDate = "2026-04-01" },
		"a cost centre":     func(c *approval.Content) { c.Shares = []approval.Share{{CostCentre: id.NewCostCentre(noon)}} },
		"a line's project": func(c *approval.Content) {
			c.Lines[0].Shares = []approval.Share{{Project: id.NewProject(noon)}}
		},
		"the quote":         func(c *approval.Content) { c.Quote = "Q-1" },
		"the quote version": func(c *approval.Content) { c.QuoteVersion = 2 },
	} {
		c := content()
		change(&c)
		h := hash(t, c)
		if other, same := seen[h]; same {
			t.Errorf("%s changes the hash no more than %s", says, other)
		}
		seen[h] = says
	}
}

func TestTheHashOfOneContentIsForEver(t *testing.T) {
	const want = "d9032ad27810a6d94b4869da46a0db004378e5dbe5106f7d4189476b764f18a9"
	c := content()
	if got := hash(t, c); got != want {
		t.Errorf("the hash is %s: purchase orders that wait can no longer be decided", got)
	}
	c.Shares, c.Lines[0].Shares = []approval.Share{}, []approval.Share{}
	if hash(t, c) != hash(t, content()) {
		t.Error("no shares and an empty list of shares differ")
	}
}
