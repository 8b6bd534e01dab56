package order_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/order"
	"kontor/internal/domain/pricing"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func euros(minor int64) money.Money { return money.Of(minor, "EUR") }

func TestStatesFollowOneAnother(t *testing.T) {
	follows := map[string]bool{
		"placed → confirmed":             true,
		"placed → cancelled":             true,
		"confirmed → in_fulfilment":      true,
		"confirmed → cancelled":          true,
		"in_fulfilment → partly_shipped": true,
		"in_fulfilment → shipped":        true,
		"in_fulfilment → cancelled":      true,
		"partly_shipped → shipped":       true,
		"shipped → delivered":            true,
		"delivered → invoiced":           true,
		"invoiced → closed":              true,
	}
	for _, from := range order.States() {
		for _, to := range order.States() {
			o := order.Order{ID: id.NewOrder(noon), Number: "SO-000001", State: from, Version: 3}
			moved, event, err := o.To(to, "because", noon)
			says := string(from) + " → " + string(to)
			if !follows[says] {
				if !errors.Is(err, order.ErrState) || moved.State != from || event != (order.HasMoved{}) {
					t.Errorf("%s: %v, now %s", says, err, moved.State)
				}
				continue
			}
			want := order.HasMoved{OrderID: o.ID, Number: "SO-000001", From: from, To: to, Reason: "because"}
			if event.EventName() != "order.moved" || event.Subject() != o.ID.String() {
				t.Errorf("%s: told as %s about %s", says, event.EventName(), event.Subject())
			}
			if err != nil || moved.State != to || moved.Version != 4 || moved.ChangedAt != noon || event != want || o.State != from {
				t.Errorf("%s: %v, %+v, %+v", says, err, moved, event)
			}
		}
		if ended := from == order.Closed || from == order.Cancelled; from.Ended() != ended {
			t.Errorf("%s has ended: %v", from, from.Ended())
		}
	}
	if got := order.State("lost").Next(); got != nil {
		t.Errorf("what is no state leads to %v", got)
	}
}

func TestCancellingNeedsAReason(t *testing.T) {
	o := order.Order{State: order.Placed}
	if _, _, err := o.To(order.Cancelled, "", noon); !errors.Is(err, order.ErrReason) {
		t.Errorf("without one: %v", err)
	}
	if _, _, err := o.To(order.Confirmed, "", noon); err != nil {
		t.Errorf("confirming needs none: %v", err)
	}
}

func TestTotalsAreSummedByRate(t *testing.T) {
	const full, reduced = 1900, 700
	tests := []struct {
		says     string
		goods    []order.Taxed
		shipping order.Taxed
		want     string // net, shipping, tax, gross
		taxes    []order.Tax
		err      error
	}{
		{"one line", []order.Taxed{{euros(10_000), full}}, order.Taxed{}, "100.00 0.00 19.00 119.00", []order.Tax{{full, euros(10_000), euros(1900)}}, nil},
		{"rounded once, on the sum", []order.Taxed{{euros(3), full}, {euros(3), full}, {euros(3), full}}, order.Taxed{}, "0.09 0.00 0.02 0.11", []order.Tax{{full, euros(9), euros(2)}}, nil},
		{"half a cent goes up", []order.Taxed{{euros(50), 100}}, order.Taxed{}, "0.50 0.00 0.01 0.51", []order.Tax{{100, euros(50), euros(1)}}, nil},
		{"two rates, by rising rate", []order.Taxed{{euros(10_000), full}, {euros(1000), reduced}}, order.Taxed{}, "110.00 0.00 19.70 129.70", []order.Tax{{reduced, euros(1000), euros(70)}, {full, euros(10_000), euros(1900)}}, nil},
		{"shipping is taxed with the goods of its rate", []order.Taxed{{euros(10_000), full}}, order.Taxed{Amount: euros(495), Rate: full}, "100.00 4.95 19.94 124.89", []order.Tax{{full, euros(10_495), euros(1994)}}, nil},
		{"shipping has a rate of its own", []order.Taxed{{euros(10_000), full}}, order.Taxed{Amount: euros(500), Rate: reduced}, "100.00 5.00 19.35 124.35", []order.Tax{{reduced, euros(500), euros(35)}, {full, euros(10_000), euros(1900)}}, nil},
		{"no tax", []order.Taxed{{euros(10_000), 0}}, order.Taxed{}, "100.00 0.00 0.00 100.00", []order.Tax{{0, euros(10_000), euros(0)}}, nil},
		{"goods for nothing", []order.Taxed{{euros(0), full}}, order.Taxed{}, "0.00 0.00 0.00 0.00", []order.Tax{{full, euros(0), euros(0)}}, nil},
		{"no goods", nil, order.Taxed{Amount: euros(500), Rate: full}, "", nil, order.ErrTotals},
		{"a line below zero", []order.Taxed{{euros(-1), full}}, order.Taxed{}, "", nil, order.ErrTotals},
		{"shipping below zero", []order.Taxed{{euros(1), full}}, order.Taxed{Amount: euros(-1), Rate: full}, "", nil, order.ErrTotals},
		{"a rate below zero", []order.Taxed{{euros(1), -1}}, order.Taxed{}, "", nil, order.ErrTotals},
		{"a rate above all", []order.Taxed{{euros(1), 10_001}}, order.Taxed{}, "", nil, order.ErrTotals},
		{"two currencies", []order.Taxed{{euros(1), full}, {money.Of(1, "USD"), full}}, order.Taxed{}, "", nil, money.ErrCurrency},
		{"shipping in another currency", []order.Taxed{{euros(1), full}}, order.Taxed{Amount: money.Of(1, "USD"), Rate: full}, "", nil, money.ErrCurrency},
		{"too much", []order.Taxed{{euros(math.MaxInt64), 0}, {euros(1), 0}}, order.Taxed{}, "", nil, money.ErrRange},
		{"too much with tax", []order.Taxed{{euros(math.MaxInt64), full}}, order.Taxed{}, "", nil, money.ErrRange},
	}
	for _, test := range tests {
		got, err := order.Sum(test.goods, test.shipping)
		if !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %v, want %v", test.says, err, test.err)
			continue
		}
		if test.err != nil {
			continue
		}
		figures := got.Net.Amount() + " " + got.Shipping.Amount() + " " + got.Tax.Amount() + " " + got.Gross.Amount()
		if figures != test.want || !slices.Equal(got.Taxes, test.taxes) {
			t.Errorf("%s: %s by %v, want %s by %v", test.says, figures, got.Taxes, test.want, test.taxes)
		}
	}
}

func TestTotalsAgreeWithBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		goods := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) order.Taxed {
			return order.Taxed{Amount: euros(rapid.Int64Range(0, 1<<50).Draw(t, "amount")), Rate: rapid.SampledFrom([]locale.Percent{0, 550, 700, 1900}).Draw(t, "rate")}
		}), 1, 20).Draw(t, "goods")
		shipping := order.Taxed{Amount: euros(rapid.Int64Range(0, 1<<40).Draw(t, "shipping")), Rate: 1900}
		got, err := order.Sum(goods, shipping)
		if err != nil {
			t.Fatal(err)
		}
		bases := map[locale.Percent]*big.Int{}
		net := new(big.Int)
		for i, g := range append(slices.Clone(goods), shipping) {
			if bases[g.Rate] == nil {
				bases[g.Rate] = new(big.Int)
			}
			bases[g.Rate].Add(bases[g.Rate], big.NewInt(g.Amount.Minor))
			if i < len(goods) {
				net.Add(net, big.NewInt(g.Amount.Minor))
			}
		}
		tax := new(big.Int)
		for rate, base := range bases {
			part := new(big.Int).Mul(base, big.NewInt(int64(rate)))
			tax.Add(tax, part.Quo(part.Add(part, big.NewInt(5000)), big.NewInt(10_000)))
		}
		gross := new(big.Int).Add(new(big.Int).Add(net, tax), big.NewInt(shipping.Amount.Minor))
		if got.Net.Minor != net.Int64() || got.Tax.Minor != tax.Int64() || got.Gross.Minor != gross.Int64() || len(got.Taxes) != len(bases) {
			t.Fatalf("%+v; exactly net %v, tax %v, gross %v", got, net, tax, gross)
		}
	})
}

func draft(t *testing.T, amounts ...int64) order.Order {
	t.Helper()
	o := order.Order{ID: id.NewOrder(noon), Number: "SO-000007", PurchaseOrder: id.NewPurchaseOrder(noon), Requester: id.NewMember(noon)}
	var goods []order.Taxed
	for _, minor := range amounts {
		price, err := pricing.Agreed(money.Rate{E4: minor * 100, Currency: "EUR"}, quantity.One, "Q-1")
		if err != nil {
			t.Fatal(err)
		}
		o.Lines = append(o.Lines, order.Line{Product: id.NewProduct(noon), SKU: "HEX", Price: price, Tax: 1900})
		goods = append(goods, order.Taxed{Amount: price.Total, Rate: 1900})
	}
	if len(goods) > 0 {
		var err error
		if o.Totals, err = order.Sum(goods, order.Taxed{Amount: euros(500), Rate: 1900}); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func TestAnOrderIsPlaced(t *testing.T) {
	o := draft(t, 1000, 2000)
	placed, event, err := o.Place(noon)
	if err != nil || placed.State != order.Placed || placed.Version != 1 || placed.PlacedAt != noon || placed.ChangedAt != noon ||
		placed.Lines[0].Position != 1 || placed.Lines[1].Position != 2 {
		t.Errorf("%+v, %v", placed, err)
	}
	if want := (order.WasPlaced{OrderID: o.ID, Number: "SO-000007", PurchaseOrder: o.PurchaseOrder, Requester: o.Requester, Total: euros(4165)}); event != want {
		t.Errorf("told %+v, want %+v", event, want)
	}
	if event.EventName() != "order.placed" || event.Subject() != o.ID.String() {
		t.Errorf("%s about %s", event.EventName(), event.Subject())
	}
	if o.Lines[0].Position != 0 || o.State != "" {
		t.Error("placing changed what was placed")
	}
}

func TestAnOrderThatDoesNotAddUpIsNotPlaced(t *testing.T) {
	tests := []struct {
		says   string
		change func(*order.Order)
		want   error
	}{
		{"no lines", func(o *order.Order) { o.Lines = nil }, order.ErrLines},
		{"too many lines", func(o *order.Order) { o.Lines = make([]order.Line, order.MostLines+1) }, order.ErrLines},
		{"a line fewer", func(o *order.Order) { o.Lines = o.Lines[1:] }, order.ErrTotals},
		{"a cheaper line", func(o *order.Order) { o.Lines[0].Price.Total.Minor-- }, order.ErrTotals},
		{"another net", func(o *order.Order) { o.Totals.Net.Minor++ }, order.ErrTotals},
		{"another gross", func(o *order.Order) { o.Totals.Gross.Minor-- }, order.ErrTotals},
		{"less tax, and so less gross", func(o *order.Order) { o.Totals.Tax.Minor--; o.Totals.Gross.Minor-- }, order.ErrTotals},
		{"shipping below zero, and so less gross", func(o *order.Order) { o.Totals.Shipping = euros(-1); o.Totals.Gross.Minor -= 501 }, order.ErrTotals},
		{"another currency", func(o *order.Order) { o.Totals.Shipping.Currency = "USD" }, money.ErrCurrency},
		{"a line below zero", func(o *order.Order) { o.Lines[0].Price.Total.Minor = -1 }, order.ErrTotals},
	}
	for _, test := range tests {
		o := draft(t, 1000, 2000)
		test.change(&o)
		if _, event, err := o.Place(noon); !errors.Is(err, test.want) || event != (order.WasPlaced{}) {
			t.Errorf("%s: %v, want %v", test.says, err, test.want)
		}
	}
}

func TestNumbersAreWrittenAndRead(t *testing.T) {
	for n, want := range map[int64]string{1: "SO-000001", 123: "SO-000123", 999_999: "SO-999999", 1_000_000: "SO-1000000", math.MaxInt64: "SO-9223372036854775807"} {
		if got := order.Number(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for _, s := range []string{"", "SO-", "SO-0", "SO-000000", "SO-123", "SO-0000123", "000123", "SO-00012a", "SO--00123", "SO-+00123", "PO-000123", "SO-99999999999999999999", "SO-000123 x"} {
		if n, err := order.ParseNumber(s); !errors.Is(err, order.ErrNumber) {
			t.Errorf("%q is read as %d, %v", s, n, err)
		}
	}
	for _, s := range []string{"SO-000123", "so-000123", " SO-000123\n"} {
		if n, err := order.ParseNumber(s); err != nil || n != 123 {
			t.Errorf("%q is read as %d, %v", s, n, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Min(1).Draw(t, "n")
		if back, err := order.ParseNumber(order.Number(n)); err != nil || back != n {
			t.Fatalf("%s is read back as %d, %v", order.Number(n), back, err)
		}
	})
}
