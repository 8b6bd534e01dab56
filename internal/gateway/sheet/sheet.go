// Package sheet reads tables from the files in which people keep them, CSV and XLSX, and writes them. It knows rows of
// text and nothing of what they say. Whatever a file holds, reading it ends in rows or in a fault.
package sheet

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
)

// Format is how a file keeps its tables.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Type is the media type of such files.
func (f Format) Type() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// Write writes one table, as spreadsheets want it where that language is spoken.
func Write(w io.Writer, f Format, t Table, l locale.Language) error {
	if f == XLSX {
		return WriteXLSX(w, []Table{t})
	}
	comma := ','
	if l != locale.English {
		comma = ';' // for a comma stands in numbers there
	}
	return WriteCSV(w, t.Rows, comma)
}

// Row is a line of a table.
type Row struct {
	Number int      `json:"n"` // as a spreadsheet counts them, from 1
	Cells  []string `json:"c"`
	Said   []int    `json:"s,omitempty"` // which of them stood behind an apostrophe: they are text, whatever they begin with
}

// Sheet is one table. Its first row is its head.
type Sheet struct {
	Name string `json:"name"`
	Rows []Row  `json:"rows"`
}

// Book is a file that was read.
type Book struct {
	Type   Format  `json:"type"`
	Legacy bool    `json:"legacy,omitempty"` // a CSV file in Windows-1252, and not in UTF-8
	Since  int     `json:"since,omitempty"`  // the year in which days are counted from: 1904 in some workbooks, otherwise 1900
	Sheets []Sheet `json:"sheets"`
}

// Limits bound what is read.
type Limits struct {
	Unpacked int64 // bytes of an unpacked workbook
	Sheets   int
	Rows     int // of all sheets
	Columns  int
	Cells    int // of all sheets, those that are empty too
	Texts    int // that a workbook keeps beside its cells, each once
	Cell     int // bytes
}

var (
	// ErrBroken is the fault of a file that cannot be read.
	ErrBroken = fault.Define(fault.Invalid, "sheet.broken", "this file cannot be read: it is damaged, or it is neither CSV nor XLSX")
	// ErrOld is the fault of a workbook of a kind that is not read.
	ErrOld = fault.Define(fault.Invalid, "sheet.old", "this workbook is locked with a password or is in the old XLS format: please save it as XLSX without a password")
	// ErrCharacters is the fault of a text in characters that are not known.
	ErrCharacters = fault.Define(fault.Invalid, "sheet.characters", "the characters of this file cannot be read: please save it as “CSV UTF-8”")
	// ErrQuotes is the fault of a CSV file whose quotation marks do not fit together.
	ErrQuotes = fault.Define(fault.Invalid, "sheet.quotes", "the quotation marks in this line do not fit together")
	// ErrLarge is the fault of a file with more than is read.
	ErrLarge = fault.Define(fault.TooLarge, "sheet.large", "this file holds more than is read in one go")
	// ErrEmpty is the fault of a file without a table.
	ErrEmpty = fault.Define(fault.Invalid, "sheet.empty", "there is nothing in this file: it needs a row of headings, and rows below it")
)

// Read reads a file. What it is is told by its bytes, not by its name; name is what the one table of a CSV file is called.
func Read(name string, file []byte, l Limits) (b Book, err error) {
	switch {
	case len(bytes.TrimSpace(file)) == 0:
		return b, ErrEmpty
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		b, err = readXLSX(file, l)
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0")):
		return b, ErrOld
	default:
		b, err = readCSV(name, file, l)
	}
	if err != nil {
		return Book{}, err
	}
	filled := b.Sheets[:0]
	for _, s := range b.Sheets {
		if len(s.Rows) > 0 {
			filled = append(filled, s)
		}
	}
	if b.Sheets = filled; len(filled) == 0 {
		return Book{}, ErrEmpty
	}
	return b, nil
}

// tally is what was read so far.
type tally struct{ rows, cells int }

// add adds a row, unless it is blank. Of cells it keeps a copy without the blank ones at the end, of which there may be
// thousands.
func (l Limits) add(s *Sheet, t *tally, number int, cells []string) error {
	last := 0
	var said []int
	for i, c := range cells {
		if len(c) > l.Cell {
			return ErrLarge.With("in row %d a cell has more than %d bytes", number, l.Cell)
		}
		if cells[i] = unguarded(c); cells[i] != c {
			said = append(said, i)
		}
		if strings.TrimSpace(c) != "" {
			last = i + 1
		}
	}
	if last == 0 {
		return nil
	}
	if last > l.Columns {
		return ErrLarge.With("row %d has more than %d columns", number, l.Columns)
	}
	if t.rows++; t.rows > l.Rows {
		return ErrLarge.With("there are more than %d rows in this file: please divide it", l.Rows)
	}
	if t.cells += last; t.cells > l.Cells {
		return ErrLarge.With("there are more than %d cells in this file: please divide it", l.Cells)
	}
	s.Rows = append(s.Rows, Row{number, append(make([]string, 0, last), cells[:last]...), said})
	return nil
}

// Hazards are what a cell may not begin with: a spreadsheet would take it for a formula.
const Hazards = "=+-@\t\r"

// figure is what a spreadsheet takes for a number, and for nothing else.
var figure = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?$`)

// guarded is a text as a cell is written: one that a spreadsheet could take for a formula stands behind an apostrophe.
func guarded(s string) string {
	if figure.MatchString(s) {
		return s
	}
	if rest := strings.TrimLeft(s, "'"); rest != "" && strings.ContainsRune(Hazards, rune(rest[0])) {
		return "'" + s
	}
	return s
}

// unguarded takes away what guarded has put before a text.
func unguarded(s string) string {
	if rest := strings.TrimLeft(s, "'"); rest != "" && len(rest) < len(s) && strings.ContainsRune(Hazards, rune(rest[0])) {
		return s[1:]
	}
	return s
}
