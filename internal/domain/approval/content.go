package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/postal"
	"kontor/internal/base/quantity"
)

// Content is what approvers agree to. Whatever is not in it (a name, a note) may change without asking them again.
type Content struct {
	Currency       money.Currency `json:"currency"`
	Lines          []Line         `json:"lines"`
	Shipping       money.Money    `json:"shipping"` // net
	Tax            money.Money    `json:"tax"`      // of everything
	Total          money.Money    `json:"total"`    // gross
	DeliverTo      Address        `json:"deliver_to"`
	BillTo         Address        `json:"bill_to"`
	ShippingMethod string         `json:"shipping_method"`
	PaymentMethod  string         `json:"payment_method"`
	RequestedDate  string         `json:"requested_date"` // 2006-01-02, or empty
	Shares         []Share        `json:"shares"`         // of the order as a whole
	Quote          string         `json:"quote"`          // its number, or empty
	QuoteVersion   int            `json:"quote_version"`
}

// Line is one article of it.
type Line struct {
	Product       id.Product        `json:"product"`
	SKU           string            `json:"sku"`
	Quantity      quantity.Quantity `json:"quantity"`
	Price         money.Rate        `json:"price"`
	Net           money.Money       `json:"net"`
	Tax           money.Money       `json:"tax"`
	RequestedDate string            `json:"requested_date"`
	Shares        []Share           `json:"shares"` // of this line, where it differs from the order
}

// Share is what a cost centre or project bears.
type Share struct {
	CostCentre id.CostCentre `json:"cost_centre"`
	Project    id.Project    `json:"project"`
	Amount     money.Money   `json:"amount"`
}

// Address is where goods or invoices go, as printed.
type Address struct {
	Name     string `json:"name"`
	Extra    string `json:"extra,omitempty"`
	Street   string `json:"street"`
	Postcode string `json:"postcode"`
	City     string `json:"city"`
	Region   string `json:"region"`
	Country  string `json:"country"`
}

// Postal is the address as it is written in its country.
func (a Address) Postal() postal.Address {
	return postal.Address{Name: a.Name, Extra: a.Extra, Street: a.Street, Postcode: a.Postcode, City: a.City, Region: a.Region, Country: a.Country}
}

// contentForm is the first line of what is hashed; it changes whenever the form does.
const contentForm = "kontor purchase order 1\n"

// Hash is the SHA-256 of c in hexadecimal. Nothing and an empty list are the same; the order of lines counts.
func (c Content) Hash() (string, error) {
	c.Lines = append([]Line{}, c.Lines...)
	c.Shares = append([]Share{}, c.Shares...)
	for i := range c.Lines {
		c.Lines[i].Shares = append([]Share{}, c.Lines[i].Shares...)
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("hash the content: %w", err)
	}
	sum := sha256.Sum256(append([]byte(contentForm), b...))
	return hex.EncodeToString(sum[:]), nil
}
