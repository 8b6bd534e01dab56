package demo

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kontor/internal/base/date"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

//go:embed adventureworks
var adventureworks embed.FS

// Currency is what the source counts in.
const Currency money.Currency = "USD"

// Source is an organisation with what it bought, as the files have it.
type Source struct {
	People    []*Person // managers before those who report to them; the first is above everybody
	Goods     map[string]Good
	Offers    []Offer
	Discounts []Discount
	Orders    []Order // by day, and by number within a day
}

// Person is one row of employees.csv.
type Person struct {
	Number, Login, Email, Title string
	First, Last                 string // derived from the login, for the source has no names
	Department, Group           string
	Manager                     *Person // nil for whoever is above everybody
}

// Name is how the person is called.
func (p *Person) Name() string { return p.First + " " + p.Last }

// Good is one row of products.csv.
type Good struct {
	SKU, Name, Category, Subcategory, Color, Size, SizeUnit string
	List                                                    money.Rate
	Ended                                                   bool // it is no longer sold
}

// Offer is one row of vendor_prices.csv: what a vendor asks for a product.
type Offer struct {
	SKU, Vendor, VendorName, Unit string
	Price                         money.Rate
	Min, Max                      quantity.Quantity
	LeadDays                      int64
}

// Item is the article number of a vendor's product: what can be ordered.
func (o Offer) Item() string { return item(o.SKU, o.Vendor) }

func item(sku, vendor string) string { return sku + "@" + vendor }

// Discount is one row of quantity_discounts.csv.
type Discount struct {
	Name, Type, Category string
	Off                  money.Rate // of one: 0.1 is ten percent
	From                 quantity.Quantity
}

// Order is one row of purchase_orders.csv with its lines.
type Order struct {
	Number   string
	Outcome  Outcome
	Buyer    *Person
	Vendor   string
	Supplier string
	On       date.Date
	Subtotal int64 // ten-thousandths, as the source has it: not rounded
	Lines    []OrderLine
}

// OrderLine is one row of purchase_order_lines.csv.
type OrderLine struct {
	SKU      string
	Quantity quantity.Quantity
	Price    money.Rate
}

// Outcome is what became of an order.
type Outcome string

// The outcomes of the source.
const (
	Complete Outcome = "complete"
	Approved Outcome = "approved"
	Rejected Outcome = "rejected"
	Pending  Outcome = "pending"
)

// AdventureWorks is the source that comes with Kontor.
func AdventureWorks() (*Source, error) {
	files, err := fs.Sub(adventureworks, "adventureworks")
	if err != nil {
		return nil, err
	}
	return Read(files)
}

// Read reads a source from six CSV files with a heading line: employees, products, vendor_prices,
// quantity_discounts, purchase_orders and purchase_order_lines. The order of columns does not matter, further columns
// are passed over, and blanks around values do not count. Everything else must be right: the error lists every
// mistake, up to fifty, with its file, row, column and reason.
func Read(files fs.FS) (*Source, error) {
	r := &reader{files: files}
	s := &Source{Goods: map[string]Good{}}
	people := r.people(s)
	r.goods(s)
	r.orders(s, people)
	if err := r.err(); err != nil {
		return nil, err
	}
	return s, nil
}

func (r *reader) people(s *Source) map[string]*Person {
	people := map[string]*Person{}
	bosses := map[*Person]cell{}
	r.each("employees.csv", func(row row) {
		p := &Person{Number: row.need("employee_id"), Login: row.need("login"), Email: row.need("email"), Title: row.text("job_title"),
			Department: row.need("department"), Group: row.text("department_group")}
		if people[p.Number] != nil {
			row.wrong("employee_id", "%s is there twice", p.Number)
			return
		}
		people[p.Number] = p
		if row.text("manager_id") != "" {
			bosses[p] = row.cell("manager_id")
		}
		s.People = append(s.People, p)
	})
	for _, p := range s.People {
		boss, has := bosses[p]
		if p.Manager = people[boss.value]; has && p.Manager == nil {
			boss.wrong("there is no employee %s", boss.value)
		}
	}
	for _, p := range s.People {
		if above, ok := p.line(len(s.People)); !ok {
			cell := bosses[p]
			cell.wrong("%s is above themselves: %s", p.Login, above)
		}
	}
	if len(r.wrongs) == 0 {
		slices.SortStableFunc(s.People, func(p, q *Person) int { return p.depth() - q.depth() })
		if len(s.People) < 2 || s.People[1].Manager == nil {
			r.wrongs = append(r.wrongs, errors.New("employees.csv: one person, and one only, has no manager"))
		}
	}
	christen(s.People)
	return people
}

// line names everybody above p; not ok when it never ends.
func (p *Person) line(most int) (names string, ok bool) {
	for m := p.Manager; m != nil; m = m.Manager {
		if most--; most < 0 {
			return names, false
		}
		if len(names) < 100 {
			names += " " + m.Login
		}
	}
	return names, true
}

func (p *Person) depth() (n int) {
	for m := p.Manager; m != nil; m = m.Manager {
		n++
	}
	return n
}

func (r *reader) goods(s *Source) {
	r.each("products.csv", func(row row) {
		g := Good{SKU: row.need("sku"), Name: row.need("name"), Category: row.text("category"), Subcategory: row.text("subcategory"),
			Color: row.text("color"), Size: row.text("size"), SizeUnit: row.text("size_unit"), List: row.rate("list_price"), Ended: row.text("sell_end") != ""}
		if _, twice := s.Goods[g.SKU]; twice {
			row.wrong("sku", "%s is there twice", g.SKU)
		}
		s.Goods[g.SKU] = g
	})
	known := map[string]bool{}
	r.each("vendor_prices.csv", func(row row) {
		o := Offer{SKU: row.need("sku"), Vendor: row.need("vendor_account"), VendorName: row.need("vendor_name"), Unit: row.need("unit"),
			Price: row.rate("price"), Min: row.quantity("min_order_qty"), Max: row.quantity("max_order_qty"), LeadDays: row.whole("lead_time_days")}
		if _, ok := s.Goods[o.SKU]; !ok {
			row.wrong("sku", "there is no product %s", o.SKU)
		}
		if known[o.Item()] {
			row.wrong("sku", "%s of %s is there twice", o.SKU, o.Vendor)
		}
		known[o.Item()] = true
		s.Offers = append(s.Offers, o)
	})
	r.each("quantity_discounts.csv", func(row row) {
		d := Discount{Name: row.need("description"), Type: row.text("type"), Category: row.text("category"), Off: row.rate("discount")}
		if row.text("min_qty") != "0" {
			d.From = row.quantity("min_qty")
		}
		s.Discounts = append(s.Discounts, d)
	})
}

func (r *reader) orders(s *Source, people map[string]*Person) {
	at := map[string]int{}
	var rows []row
	r.each("purchase_orders.csv", func(row row) {
		o := Order{Number: row.need("po_id"), Outcome: Outcome(row.need("status")), Vendor: row.need("vendor_account"), Supplier: row.need("vendor_name"),
			On: row.day("order_date"), Subtotal: row.rate("subtotal").E4, Buyer: people[row.need("employee_id")]}
		if o.Buyer == nil {
			row.wrong("employee_id", "there is no employee %s", row.text("employee_id"))
		}
		if !slices.Contains([]Outcome{Complete, Approved, Rejected, Pending}, o.Outcome) {
			row.wrong("status", "%q is not complete, approved, rejected or pending", o.Outcome)
		}
		if _, twice := at[o.Number]; twice {
			row.wrong("po_id", "%s is there twice", o.Number)
		}
		at[o.Number] = len(s.Orders)
		s.Orders, rows = append(s.Orders, o), append(rows, row)
	})
	r.each("purchase_order_lines.csv", func(row row) {
		l := OrderLine{SKU: row.need("sku"), Quantity: row.quantity("qty"), Price: row.rate("unit_price")}
		if _, ok := s.Goods[l.SKU]; !ok {
			row.wrong("sku", "there is no product %s", l.SKU)
		}
		i, ok := at[row.need("po_id")]
		if !ok {
			row.wrong("po_id", "there is no purchase order %s", row.text("po_id"))
			return
		}
		s.Orders[i].Lines = append(s.Orders[i].Lines, l)
	})
	for i := range s.Orders {
		var sum int64 // ten-thousandths; quantities are thousandths
		for _, l := range s.Orders[i].Lines {
			sum += l.Price.E4 * int64(l.Quantity)
		}
		if sum != s.Orders[i].Subtotal*int64(quantity.One) {
			rows[i].wrong("subtotal", "it is %s, and the lines come to %s",
				money.Rate{E4: s.Orders[i].Subtotal, Currency: Currency}.Amount(), money.Rate{E4: sum / int64(quantity.One), Currency: Currency}.Amount())
		}
	}
	slices.SortStableFunc(s.Orders, func(a, b Order) int { return strings.Compare(string(a.On), string(b.On)) })
}

// reader reads files and remembers what is wrong with them.
type reader struct {
	files  fs.FS
	wrongs []error
}

// most mistakes are listed; who made more will hear of them next time.
const most = 50

func (r *reader) err() error {
	if n := len(r.wrongs); n > most {
		return errors.Join(append(r.wrongs[:most:most], fmt.Errorf("and %d more", n-most))...)
	}
	return errors.Join(r.wrongs...)
}

// each reads a file row by row.
func (r *reader) each(file string, take func(row)) {
	f, err := r.files.Open(file)
	if err != nil {
		r.wrongs = append(r.wrongs, err)
		return
	}
	defer f.Close()
	table := csv.NewReader(f)
	table.FieldsPerRecord = -1
	var columns map[string]int
	for {
		values, err := table.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			r.wrongs = append(r.wrongs, fmt.Errorf("%s: %w", file, err))
			return
		}
		if columns == nil {
			columns = map[string]int{}
			for i, name := range values {
				columns[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
			}
			continue
		}
		line, _ := table.FieldPos(0)
		if len(values) != len(columns) {
			r.wrongs = append(r.wrongs, fmt.Errorf("%s row %d: %d values in %d columns", file, line, len(values), len(columns)))
			continue
		}
		take(row{r, file, line, columns, values})
	}
	if columns == nil {
		r.wrongs = append(r.wrongs, fmt.Errorf("%s: the file is empty", file))
	}
}

// row is one row of a file.
type row struct {
	r       *reader
	file    string
	line    int
	columns map[string]int
	values  []string
}

// cell is one value of a row.
type cell struct {
	row    row
	column string
	value  string
}

func (c cell) wrong(format string, args ...any) { c.row.wrong(c.column, format, args...) }

func (w row) wrong(column, format string, args ...any) {
	w.r.wrongs = append(w.r.wrongs, fmt.Errorf("%s row %d, column %s: %s", w.file, w.line, column, fmt.Sprintf(format, args...)))
}

func (w row) cell(column string) cell { return cell{w, column, w.text(column)} }

// text is the value of a column, which may be empty but must be there.
func (w row) text(column string) string {
	i, ok := w.columns[column]
	if !ok {
		w.wrong(column, "there is no such column")
		return ""
	}
	return mended(strings.TrimSpace(w.values[i]))
}

// need is the value of a column that must not be empty.
func (w row) need(column string) string {
	v := w.text(column)
	if v == "" {
		w.wrong(column, "it is empty")
	}
	return v
}

func (w row) whole(column string) int64 {
	n, err := strconv.ParseInt(w.need(column), 10, 64)
	if err != nil {
		w.wrong(column, "%q is no whole number", w.text(column))
	}
	return n
}

func (w row) quantity(column string) quantity.Quantity {
	q, err := quantity.Parse(w.need(column))
	if err != nil {
		w.wrong(column, "%q: %v", w.text(column), err)
	}
	return q
}

// rate reads a figure of at most four decimals; ".5" is a half.
func (w row) rate(column string) money.Rate {
	v := w.need(column)
	if strings.HasPrefix(v, ".") {
		v = "0" + v
	}
	rate, err := money.ParseRate(v, Currency)
	if err != nil || rate.E4 < 0 {
		w.wrong(column, "%q is no amount of at most four decimals, from 0 on", w.text(column))
	}
	return rate
}

func (w row) day(column string) date.Date {
	d, err := date.Parse(w.need(column))
	if err != nil {
		w.wrong(column, "%q: %v", w.text(column), err)
	}
	return d
}

// mended undoes an encoding to UTF-8 that was made twice: "josÃ©" was "josé".
func mended(s string) string {
	once := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		once = append(once, byte(r))
	}
	if !utf8.Valid(once) {
		return s
	}
	return string(once)
}
