package importing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/sheet"
)

// table is a sheet with what its columns are.
type table struct {
	*Sort
	sheet string
	place int               // of the sheet in the file
	heads map[string]string // of the fields that it has: what the file calls them
	at    map[string]int
	rows  []sheet.Row
	book  *sheet.Book
}

// line is one row of a table.
type line struct {
	*table
	sheet.Row
}

// has reports whether the table has a column of this field.
func (l line) has(field string) bool {
	_, ok := l.at[field]
	return ok
}

// get is what stands in a field, without blanks around it.
func (l line) get(field string) string {
	i, ok := l.at[field]
	if !ok || i >= len(l.Cells) {
		return ""
	}
	return strings.TrimSpace(l.Cells[i])
}

// or is what stands in a field if the table has it, or else what was there before.
func (l line) or(field, before string) string {
	if !l.has(field) {
		return before
	}
	return l.get(field)
}

// formula reports whether a formula stands in a field. What stood behind an apostrophe is text, whatever it begins with: so
// what was given out comes back.
func (l line) formula(field string) bool {
	i, ok := l.at[field]
	return ok && i < len(l.Cells) && strings.HasPrefix(l.Cells[i], "=") && !slices.Contains(l.Said, i)
}

// tables are the sheets of a file that are read, by kind.
func tables(book *sheet.Book, mapping []exchange.Mapped) map[Kind][]*table {
	all := map[Kind][]*table{}
	for i, m := range mapping {
		sort := sortOf(Kind(m.Kind))
		if sort == nil || i >= len(book.Sheets) {
			continue
		}
		s := &book.Sheets[i]
		t := &table{Sort: sort, sheet: s.Name, place: i, heads: map[string]string{}, at: map[string]int{}, rows: s.Rows[1:], book: book}
		for k, field := range m.Columns {
			if field != "" {
				t.at[field], t.heads[field] = k, cmp.Or(strings.TrimSpace(s.Rows[0].Cells[k]), field)
			}
		}
		all[sort.Kind] = append(all[sort.Kind], t)
	}
	return all
}

// lines goes through the rows of a kind.
func lines(all map[Kind][]*table, k Kind) func(func(line) bool) {
	return func(yield func(line) bool) {
		for _, t := range all[k] {
			for _, r := range t.rows {
				if !yield(line{t, r}) {
					return
				}
			}
		}
	}
}

var (
	errFormula = fault.Define(fault.Invalid, "import.formula", "formulas are not read: please put their values here")
	errFlag    = fault.Define(fault.Invalid, "import.flag", "please say yes or no here")
	errAmount  = fault.Define(fault.Invalid, "import.amount", "an amount is written like 1500 or 1500.00")
	errDay     = fault.Define(fault.Invalid, "import.day", "a date is a day of the calendar like 2026-03-05")
	errTwice   = fault.Define(fault.Invalid, "import.twice", "this stands in the file twice")
	errColumn  = fault.Define(fault.Invalid, "import.column", "this column is needed")
)

var flags = map[string]bool{"yes": true, "y": true, "true": true, "1": true, "x": true, "ja": true, "j": true, "wahr": true, "on": true,
	"no": false, "n": false, "false": false, "0": false, "nein": false, "falsch": false, "off": false}

// flag reads yes or no; nothing said is otherwise.
func flag(text string, otherwise bool) (bool, error) {
	if text == "" {
		return otherwise, nil
	}
	yes, known := flags[strings.ToLower(text)]
	if !known {
		return false, errFlag
	}
	return yes, nil
}

// amount reads an amount without anything that divides thousands, for that is a comma in one country and a dot in another.
func amount(text string, c money.Currency) (*money.Money, error) {
	if text == "" {
		return nil, nil
	}
	text = strings.TrimSpace(strings.TrimSuffix(text, string(c)))
	whole, cents, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if strings.Trim(whole+cents, "0123456789") != "" || whole == "" || len(cents) > c.Digits() {
		return nil, errAmount
	}
	m, err := money.Parse(strings.TrimSuffix(whole+"."+cents, "."), c)
	if err != nil {
		return nil, errAmount
	}
	return &m, nil
}

// day reads a day: as we write it, as it is written in Germany, or as a workbook counts days.
func (l line) day(field string) (date.Date, error) {
	text := l.get(field)
	if text == "" {
		return "", nil
	}
	if d, err := date.Parse(text); err == nil {
		return d, nil
	}
	if t, err := time.Parse("2.1.2006", text); err == nil && t.Year() > 0 {
		return date.Of(t.Date()), nil
	}
	if l.book.Type == sheet.XLSX {
		if n, err := strconv.ParseFloat(text, 64); err == nil && n >= 1 && n < 2958466 {
			from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			if l.book.Since == 1904 {
				from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			return date.Of(from.AddDate(0, 0, int(n)).Date()), nil
		}
	}
	return "", errDay
}

// moment reads a moment, or the beginning of a day; of a last day the end.
func (l line) moment(field string, last bool, zone *time.Location) (time.Time, error) {
	text := l.get(field)
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC().Truncate(time.Microsecond), nil
	}
	d, err := l.day(field)
	if err != nil {
		return time.Time{}, err
	}
	if last {
		d = d.Plus(1)
	}
	return d.Start(zone), nil
}

// written is a moment as a file has it: the day, where it begins or ends with that, or the moment.
func written(at time.Time, last bool, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	d := date.On(at, zone)
	if !d.Start(zone).Equal(at) {
		return at.UTC().Format(time.RFC3339Nano)
	}
	if last {
		d = d.Plus(-1)
	}
	return string(d)
}

// RowError is what is wrong with a row of the file.
type RowError struct {
	Sheet  string
	Row    int    // as a spreadsheet counts; 0: the sheet as a whole
	Column string // as the file calls it; empty: the row as a whole
	Field  string
	Code   string
	Why    locale.Phrase

	place, at int // of the sheet in the file, and of the column in the sheet
}
