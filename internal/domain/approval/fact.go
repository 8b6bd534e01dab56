package approval

import (
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
)

// Maybe is a value that may not be known. The zero Maybe is unknown.
type Maybe[T any] struct {
	Is    T
	Known bool
}

// Known is a value that is known.
func Known[T any](v T) Maybe[T] { return Maybe[T]{v, true} }

// Facts are what rules may look at. What is not set is unknown, and a condition over it counts as matching, so a
// fact that somebody forgot to fill in asks too many people rather than too few.
//
// Names in lists are compared letter by letter. A list may hold several spellings of one thing: its id and its
// name or code.
type Facts struct {
	At          time.Time        // when the order is submitted
	Member      id.Member        // the requester
	Roles       []id.Role        // of the requester
	Place       tree.Path        // of the unit that the order is booked to
	CostCentres []id.CostCentre  // all that the order is split over
	Rates       []money.Exchange // from the order's currency, as stored with the order

	TotalNet         Maybe[money.Money]       // goods, net, without shipping
	TotalNetShipping Maybe[money.Money]       // goods and shipping, net
	TotalGross       Maybe[money.Money]       // goods and shipping, with tax
	Shipping         Maybe[money.Money]       // net
	MaxLine          Maybe[money.Money]       // the dearest line, net
	Discount         Maybe[money.Money]       // off the list prices, net
	OverBudget       Maybe[money.Money]       // by how much the worst budget is exceeded; zero when none is
	CreditLeft       Maybe[money.Money]       // after this order; below zero when the line is exceeded
	Items            Maybe[quantity.Quantity] // the sum of all quantities
	SKUs             Maybe[quantity.Quantity] // distinct articles
	Weight           Maybe[quantity.Quantity] // kilograms
	Score            Maybe[quantity.Quantity] // of the assessment: 0 to 1
	OverBudgetBy     Maybe[quantity.Quantity] // percent of the limit of the worst budget
	PriceIncrease    Maybe[quantity.Quantity] // percent, of the worst line against its last purchase
	Currency         Maybe[string]
	PaymentMethod    Maybe[string]
	ShippingMethod   Maybe[string]
	DeliveryCountry  Maybe[string]   // ISO 3166, two letters
	RequestedDate    Maybe[string]   // 2006-01-02
	Requester        Maybe[[]string] // spellings of the one requester
	RequesterRoles   Maybe[[]string]
	Unit             Maybe[[]string] // the order's unit and every unit above it
	CostCentre       Maybe[[]string]
	Project          Maybe[[]string]
	Categories       Maybe[[]string] // of all lines, and those above them
	Products         Maybe[[]string]
	Suppliers        Maybe[[]string]
	NewAddress       Maybe[bool] // delivered to an address that was not in the book
	OverLimit        Maybe[bool]
	Quote            Maybe[bool] // ordered from a quote
	FirstPurchase    Maybe[bool] // holds an article never bought before
	SplitSuspected   Maybe[bool]
}

// convert gives m in currency c by the rate between the two; false when there is none that can be used.
func convert(m money.Money, c money.Currency, rates []money.Exchange) (money.Money, bool) {
	if m.Currency == c {
		return m, true
	}
	for _, x := range rates {
		if x.From == m.Currency && x.To == c {
			converted, err := x.Convert(m)
			return converted, err == nil
		}
	}
	return money.Money{}, false
}

// FactKind says what a fact is compared with.
type FactKind string

// The kinds of facts, with what may be asked of them.
const (
	MoneyFact   FactKind = "money"   // > >= < <= = != an amount with its currency
	NumberFact  FactKind = "number"  // > >= < <= = != a number of at most three decimals
	PercentFact FactKind = "percent" // the same, with a percent sign
	DateFact    FactKind = "date"    // > >= < <= = != a date like 2026-03-31
	TextFact    FactKind = "text"    // = != "a text", in ("several", "texts")
	ListFact    FactKind = "list"    // has "a text", in ("any of", "these")
	FlagFact    FactKind = "flag"    // true or not
)

// Fact is one word of the language of conditions.
type Fact struct {
	Name  string // as it is written in a condition
	Kind  FactKind
	Label string // in a sentence; the key of its translations

	money  func(*Facts) *Maybe[money.Money]
	number func(*Facts) *Maybe[quantity.Quantity]
	text   func(*Facts) *Maybe[string]
	list   func(*Facts) *Maybe[[]string]
	flag   func(*Facts) *Maybe[bool]
}

// Vocabulary lists all facts, in the order in which a form offers them.
func Vocabulary() []Fact { return slices.Clone(vocabulary[:]) }

// requesterRoles is the fact that knows roles by their names.
const requesterRoles = "requester_roles"

var vocabulary = [...]Fact{
	{Name: "total_net", Kind: MoneyFact, Label: "total (net)", money: func(f *Facts) *Maybe[money.Money] { return &f.TotalNet }},
	{Name: "total_net_shipping", Kind: MoneyFact, Label: "total (net, with shipping)", money: func(f *Facts) *Maybe[money.Money] { return &f.TotalNetShipping }},
	{Name: "total_gross", Kind: MoneyFact, Label: "total (gross)", money: func(f *Facts) *Maybe[money.Money] { return &f.TotalGross }},
	{Name: "shipping", Kind: MoneyFact, Label: "shipping cost", money: func(f *Facts) *Maybe[money.Money] { return &f.Shipping }},
	{Name: "items", Kind: NumberFact, Label: "number of items", number: func(f *Facts) *Maybe[quantity.Quantity] { return &f.Items }},
	{Name: "skus", Kind: NumberFact, Label: "number of articles", number: func(f *Facts) *Maybe[quantity.Quantity] { return &f.SKUs }},
	{Name: "weight", Kind: NumberFact, Label: "weight in kg", number: func(f *Facts) *Maybe[quantity.Quantity] { return &f.Weight }},
	{Name: "max_line", Kind: MoneyFact, Label: "dearest line", money: func(f *Facts) *Maybe[money.Money] { return &f.MaxLine }},
	{Name: "discount", Kind: MoneyFact, Label: "discount", money: func(f *Facts) *Maybe[money.Money] { return &f.Discount }},
	{Name: "currency", Kind: TextFact, Label: "currency", text: func(f *Facts) *Maybe[string] { return &f.Currency }},
	{Name: "payment_method", Kind: TextFact, Label: "payment method", text: func(f *Facts) *Maybe[string] { return &f.PaymentMethod }},
	{Name: "shipping_method", Kind: TextFact, Label: "shipping method", text: func(f *Facts) *Maybe[string] { return &f.ShippingMethod }},
	{Name: "cost_centre", Kind: ListFact, Label: "cost centre", list: func(f *Facts) *Maybe[[]string] { return &f.CostCentre }},
	{Name: "project", Kind: ListFact, Label: "project", list: func(f *Facts) *Maybe[[]string] { return &f.Project }},
	{Name: "unit", Kind: ListFact, Label: "unit", list: func(f *Facts) *Maybe[[]string] { return &f.Unit }},
	{Name: "requester", Kind: ListFact, Label: "requester", list: func(f *Facts) *Maybe[[]string] { return &f.Requester }},
	{Name: requesterRoles, Kind: ListFact, Label: "roles of the requester", list: func(f *Facts) *Maybe[[]string] { return &f.RequesterRoles }},
	{Name: "categories", Kind: ListFact, Label: "categories", list: func(f *Facts) *Maybe[[]string] { return &f.Categories }},
	{Name: "products", Kind: ListFact, Label: "products", list: func(f *Facts) *Maybe[[]string] { return &f.Products }},
	{Name: "suppliers", Kind: ListFact, Label: "suppliers", list: func(f *Facts) *Maybe[[]string] { return &f.Suppliers }},
	{Name: "delivery_country", Kind: TextFact, Label: "country of delivery", text: func(f *Facts) *Maybe[string] { return &f.DeliveryCountry }},
	{Name: "new_address", Kind: FlagFact, Label: "the delivery address is new", flag: func(f *Facts) *Maybe[bool] { return &f.NewAddress }},
	{Name: "requested_date", Kind: DateFact, Label: "requested date", text: func(f *Facts) *Maybe[string] { return &f.RequestedDate }},
	{Name: "over_budget", Kind: MoneyFact, Label: "amount over budget", money: func(f *Facts) *Maybe[money.Money] { return &f.OverBudget }},
	{Name: "over_budget_percent", Kind: PercentFact, Label: "percent over budget", number: func(f *Facts) *Maybe[quantity.Quantity] { return &f.OverBudgetBy }},
	{Name: "over_limit", Kind: FlagFact, Label: "a limit is exceeded", flag: func(f *Facts) *Maybe[bool] { return &f.OverLimit }},
	{Name: "credit_left", Kind: MoneyFact, Label: "credit left", money: func(f *Facts) *Maybe[money.Money] { return &f.CreditLeft }},
	{Name: "quote", Kind: FlagFact, Label: "the order comes from a quote", flag: func(f *Facts) *Maybe[bool] { return &f.Quote }},
	{Name: "price_increase", Kind: PercentFact, Label: "price increase", number: func(f *Facts) *Maybe[quantity.Quantity] { return &f.PriceIncrease }},
	{Name: "first_purchase", Kind: FlagFact, Label: "an article is bought for the first time", flag: func(f *Facts) *Maybe[bool] { return &f.FirstPurchase }},
	{Name: "assessment.score", Kind: NumberFact, Label: "score of the assessment", number: func(f *Facts) *Maybe[quantity.Quantity] { return &f.Score }},
	{Name: "split_suspected", Kind: FlagFact, Label: "the order looks like a part of a larger one", flag: func(f *Facts) *Maybe[bool] { return &f.SplitSuspected }},
}

func factNamed(name string) *Fact {
	for i := range vocabulary {
		if vocabulary[i].Name == name {
			return &vocabulary[i]
		}
	}
	return nil
}
