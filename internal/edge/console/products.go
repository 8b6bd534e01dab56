package console

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/catalogue"
	"kontor/internal/usecase/cataloguing"
)

// productColumns are the columns of a file of products; the first four must be there.
var productColumns = []string{"sku", "name", "unit", "category", "supplier", "description", "minimum", "step", "maximum", "lead_days", "price", "from_quantity", "list"}

// ErrFile is the fault of a file that cannot be read as a whole.
var ErrFile = fault.Define(fault.Invalid, "import.file", "this file cannot be read")

// ReadProducts reads a CSV file of products with prices. Rows of one article number that follow each other are one
// product with several prices. What is wrong with a row stands in it, and is told by the import with the row's number;
// a file without the columns that are needed is refused at once.
func ReadProducts(r io.Reader, list string, currency money.Currency) (iter.Seq[cataloguing.Row], error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.TrimLeadingSpace = -1, true
	header, err := c.Read()
	if err != nil {
		return nil, ErrFile.With("this file has no header: %s", err)
	}
	at := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !slices.Contains(productColumns, name) {
			return nil, ErrFile.With("there is no column %q; those there are: %s", name, strings.Join(productColumns, ", "))
		}
		at[name] = i
	}
	for _, need := range productColumns[:4] {
		if _, ok := at[need]; !ok {
			return nil, ErrFile.With("the column %q is missing", need)
		}
	}
	var rows []cataloguing.Row
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return slices.Values(rows), nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, ErrFile.With("line %d: %s", broken.Line, broken.Err)
		}
		if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		row := product(line, func(name string) string {
			if i, ok := at[name]; ok && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		}, list, currency)
		if n := len(rows); n > 0 && row.Fault == nil && rows[n-1].Fault == nil && rows[n-1].Product.SKU == row.Product.SKU {
			rows[n-1].Prices = append(rows[n-1].Prices, row.Prices...)
			continue
		}
		rows = append(rows, row)
	}
}

func product(line int, field func(string) string, list string, currency money.Currency) cataloguing.Row {
	var in fault.Input
	amount := func(name string) (q quantity.Quantity) {
		if text := field(name); text != "" {
			var err error
			q, err = quantity.Parse(text)
			in.Take(name, err)
		}
		return q
	}
	p := catalogue.Product{SKU: field("sku"), Name: field("name"), Unit: field("unit"), Supplier: field("supplier"), Description: field("description"),
		Minimum: amount("minimum"), Step: amount("step"), Most: amount("maximum"), Status: catalogue.Active}
	if text := field("lead_days"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 3650 {
			in.Add("lead_days", "range", "days are a whole number from 0 to 3650")
		}
		p.LeadDays = int64(n)
	}
	row := cataloguing.Row{Line: line, Product: p}
	for level := range strings.SplitSeq(field("category"), ">") {
		row.Category = append(row.Category, strings.TrimSpace(level))
	}
	if text := field("price"); text != "" {
		rate, err := money.ParseRate(text, currency)
		in.Take("price", err)
		name := field("list")
		if name == "" {
			name = list
		}
		row.Prices = []cataloguing.RowPrice{{List: name, Min: amount("from_quantity"), Rate: rate}}
	}
	if err := in.Err(); err != nil {
		row.Fault = fmt.Errorf("row: %w", err)
	}
	return row
}
