package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads a workbook. The reader underneath is not ours: where it panics over a damaged file, the file is broken.
func readXLSX(file []byte, l Limits) (b Book, err error) {
	defer func() {
		if p := recover(); p != nil {
			b, err = Book{}, ErrBroken.Because(fmt.Errorf("panic: %v", p))
		}
	}()
	if file, err = counted(file, l); err != nil {
		return b, err
	}
	// What the reader underneath puts aside goes with this folder, also where it gives up half-way. Where none can be made, it
	// cannot put anything aside either, and keeps it in memory.
	aside, err := os.MkdirTemp("", "kontor-sheet-")
	if err == nil {
		defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	}
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: l.Unpacked, UnzipXMLSizeLimit: min(partInHand, l.Unpacked), TmpDir: aside, RawCellValue: true})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return b, ErrLarge.Because(err)
		}
		return b, ErrBroken.Because(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b = Book{Type: XLSX, Since: 1900}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		b.Since = 1904
	}
	var t tally
	for _, name := range f.GetSheetList() {
		s := Sheet{Name: name}
		if err := readSheet(f, &s, &t, l); err != nil {
			return b, err
		}
		b.Sheets = append(b.Sheets, s)
	}
	return b, nil
}

func readSheet(f *excelize.File, s *Sheet, t *tally, l Limits) error {
	each, err := f.Rows(s.Name)
	if err != nil {
		return ErrBroken.Because(err)
	}
	blank := 0
	for number := 1; each.Next(); number++ {
		cells, err := each.Columns()
		if err != nil {
			return ErrBroken.Because(err)
		}
		if len(cells) > 50*l.Columns {
			return ErrLarge.With("row %d has more than %d columns", number, l.Columns)
		}
		for i := range cells {
			cells[i] = plain(cells[i])
		}
		before := t.rows
		if err := l.add(s, t, number, cells); err != nil {
			return err
		}
		if blank++; t.rows > before {
			blank = 0
		} else if blank > l.Rows {
			break
		}
	}
	if err := errors.Join(each.Error(), each.Close()); err != nil {
		return ErrBroken.Because(err)
	}
	return nil
}

// plain is a whole number without its exponent: so long codes are kept in workbooks.
func plain(s string) string {
	if !strings.ContainsAny(s, "eE") || len(s) > 24 {
		return s
	}
	if strings.Trim(s, "0123456789.+-eE") != "" {
		return s
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != float64(int64(n)) || n < 1e10 || n > 1e15 {
		return s
	}
	return strconv.FormatInt(int64(n), 10)
}

// Table is what is written: a sheet of cells, the head first.
type Table struct {
	Name string
	Rows [][]string
}

// WriteXLSX writes a workbook, in which every cell is text: so codes keep their zeros.
func WriteXLSX(w io.Writer, tables []Table) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return err
		}
		if err := write(f, t, head, text); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func write(f *excelize.File, t Table, head, text int) error {
	s, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := s.SetColWidth(1, 12, 24); err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range t.Rows {
		style := text
		if i == 0 {
			style = head
		}
		cells := make([]any, len(row))
		for k, c := range row {
			cells[k] = excelize.Cell{StyleID: style, Value: guarded(c)}
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := s.SetRow(at, cells); err != nil {
			return err
		}
	}
	return s.Flush()
}
