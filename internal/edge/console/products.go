package console

import (
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/catalogue"
	"kontor/internal/usecase/cataloguing"
)

// productColumns are the columns of a file of products; the first four must be there.
var productColumns = []string{"sku", "name", "unit", "category", "supplier", "description", "minimum", "step", "maximum", "lead_days", "price", "from_quantity", "list"}

// ErrFile is the fault of a file that cannot be read as a whole.
var ErrFile = fault.Define(fault.Invalid, "import.file", "this file cannot be read")

// ErrRow is the fault of a row that cannot be read.
var ErrRow = fault.Define(fault.Invalid, "import.row", "this row cannot be read")

// ReadProducts reads a CSV file of products with prices. Rows of one article number that follow each other are one
// product with several prices. What is wrong with a row stands in it, and is told by the import with the row's number;
// a file without the columns that are needed is refused at once. Its values have this character between them.
func ReadProducts(r io.Reader, comma rune, list string, currency money.Currency) (iter.Seq[cataloguing.Row], error) {
	c := csv.NewReader(r)
	c.Comma, c.FieldsPerRecord, c.TrimLeadingSpace = comma, -1, comma != '\t'
	header, err := c.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, ErrFile.With("this file is empty: it needs a row of headings (%s and more), and a row below it for each product", strings.Join(productColumns[:4], ", "))
	case err != nil:
		return nil, torn(err)
	}
	at, wrong := columns(header)
	stays := kept(at)
	var rows []cataloguing.Row
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			if len(wrong) > 0 {
				return nil, wrongFile(wrong, rows, at)
			}
			return slices.Values(rows), nil
		}
		if err != nil {
			return nil, torn(err)
		}
		line, _ := c.FieldPos(0)
		row := cataloguing.Row{Line: line, Fault: whole(record, len(header))}
		if row.Fault == nil {
			row = product(line, func(name string) string {
				i, ok := at[name]
				if !ok {
					return ""
				}
				value := strings.TrimSpace(record[i])
				if comma == ';' && slices.Contains(figureColumns, name) { // so spreadsheets write it where a comma stands in numbers
					if whole, part, one := strings.Cut(value, ","); one && !strings.ContainsAny(part, ",.") && !strings.Contains(whole, ".") {
						return whole + "." + part
					}
				}
				return value
			}, list, currency)
			row.Kept = stays
		}
		if n := len(rows); n > 0 && row.Fault == nil && rows[n-1].Fault == nil && rows[n-1].Product.SKU == row.Product.SKU {
			rows[n-1].Prices = append(rows[n-1].Prices, row.Prices...)
			continue
		}
		rows = append(rows, row)
	}
}

// torn is why a file is no CSV from some row on: all that the reader stumbles over are quotation marks. The row is where to look:
// one that is not closed is only missed at the end of the file.
func torn(err error) error {
	var broken *csv.ParseError
	if !errors.As(err, &broken) {
		return err
	}
	return ErrFile.With("the quotation marks in line %d do not fit together: a value with one in it stands within two, and the one in it is doubled", broken.StartLine)
}

// figureColumns are the columns of numbers that may have decimals.
var figureColumns = []string{"minimum", "step", "maximum", "price", "from_quantity"}

// wrongFile is what is wrong with a file whose header is: the header, and what can be said of its rows all the same, which is nothing
// of columns that are not there.
func wrongFile(wrong []*fault.Fault, rows []cataloguing.Row, at map[string]int) error {
	for _, r := range rows {
		f := fault.Of(r.Fault)
		if f == nil {
			continue
		}
		if len(f.Fields) == 0 {
			wrong = append(wrong, inRow(r.Line, "", f))
		}
		for _, field := range f.Fields {
			if _, there := at[field.Name]; there {
				wrong = append(wrong, inRow(r.Line, field.Name, ErrRow.With(field.Format, field.Args...)))
			}
		}
		if len(wrong) >= mostWrong {
			break
		}
	}
	if len(wrong) == 1 {
		return wrong[0]
	}
	return ofFile(wrong)
}

// ofFile is all that is wrong with a file.
func ofFile(wrong []*fault.Fault) error {
	return ErrFile.With("this file needs another look, and nothing of it was taken in").Listing(wrong...)
}

// inRow is what is wrong with a row, or with what stands in one of its columns.
func inRow(line int, column string, why *fault.Fault) *fault.Fault {
	if column == "" {
		return ErrRow.With("line %d: %s", line, locale.Say(why.Format, why.Args...))
	}
	return ErrRow.With("line %d, %s: %s", line, column, locale.Say(why.Format, why.Args...))
}

// mostWrong is how much is told of a file at once.
const mostWrong = 100

// columns are where the columns of a header stand, and all that is wrong with it.
func columns(header []string) (map[string]int, []*fault.Fault) {
	at := map[string]int{}
	var wrong []*fault.Fault
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		_, twice := at[name]
		switch {
		case !slices.Contains(productColumns, name):
			wrong = append(wrong, ErrFile.With("there is no column %q; those there are, with commas between them: %s", name, strings.Join(productColumns, ", ")))
		case twice:
			wrong = append(wrong, ErrFile.With("the column %q is there twice", name))
		}
		at[name] = i
	}
	for _, need := range productColumns[:4] {
		if _, ok := at[need]; !ok {
			wrong = append(wrong, ErrFile.With("the column %q is missing", need))
		}
	}
	return at, wrong
}

// columnNames are the columns of the file by the names that an import knows their values by, where these differ.
var columnNames = map[string]string{"most": "maximum", "rate": "price", "min": "from_quantity"}

// InColumns is what an import says of a file, by its lines and the names of its columns.
func InColumns(err error) error {
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 {
		return err
	}
	var wrong []*fault.Fault
	for _, field := range f.Fields {
		row, column, _ := strings.Cut(strings.TrimPrefix(field.Name, "rows."), ".")
		line, err := strconv.Atoi(row)
		if err != nil {
			return f // it is about no row
		}
		if called, other := columnNames[column]; other {
			column = called
		}
		wrong = append(wrong, inRow(line, column, ErrRow.With(field.Format, field.Args...)))
	}
	return ofFile(wrong)
}

// whole is nil when a record has a value for every column, in characters that can be read.
func whole(record []string, columns int) error {
	if len(record) != columns {
		return ErrRow.With("this row has %d values, and the header has %d columns: a comma within a value needs quotes", len(record), columns)
	}
	for i, value := range record {
		if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
			return ErrRow.With("the characters of value %d cannot be read: save the file as UTF-8", i+1)
		}
	}
	return nil
}

// kept gives a product that is there already what a file without these columns says nothing of: that is not the same as an empty
// value in a column. What no column is for stays, too.
func kept(at map[string]int) func(fresh, old catalogue.Product) catalogue.Product {
	lacks := func(column string) bool { _, there := at[column]; return !there }
	return func(p, old catalogue.Product) catalogue.Product {
		p.GTIN, p.Status, p.Successor = old.GTIN, old.Status, old.Successor
		if lacks("supplier") {
			p.Supplier = old.Supplier
		}
		if lacks("description") {
			p.Description = old.Description
		}
		if lacks("minimum") {
			p.Minimum = old.Minimum
		}
		if lacks("step") {
			p.Step = old.Step
		}
		if lacks("maximum") {
			p.Most = old.Most
		}
		if lacks("lead_days") {
			p.LeadDays = old.LeadDays
		}
		return p
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
	if p.Unit == "" {
		in.Add("unit", "required", "please fill this in")
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
		row.Prices = []cataloguing.RowPrice{{Line: line, List: name, Min: amount("from_quantity"), Rate: rate}}
	}
	if err := in.Err(); err != nil {
		row.Fault = err
	}
	return row
}
