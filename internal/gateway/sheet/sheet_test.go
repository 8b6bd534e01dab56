package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/gateway/sheet"
)

var limits = sheet.Limits{Unpacked: 4 << 20, Sheets: 5, Rows: 1000, Columns: 20, Cell: 2000}

// rows are those of a sheet in a line: "1:a|b 2:c|d".
func rows(s sheet.Sheet) string {
	var all []string
	for _, r := range s.Rows {
		all = append(all, fmt.Sprintf("%d:%s", r.Number, strings.Join(r.Cells, "|")))
	}
	return strings.Join(all, " ")
}

func TestTextsAreRead(t *testing.T) {
	for _, test := range []struct{ says, file, want string }{
		{"commas", "a,b\n1,2\n", "1:a|b 2:1|2"},
		{"semicolons", "a;b\n1;2,5\n", "1:a|b 2:1|2,5"},
		{"tabs", "a\tb\n1\t2\n", "1:a|b 2:1|2"},
		{"a byte order mark", "\ufeffa,b\n1,2", "1:a|b 2:1|2"},
		{"what Excel says of itself", "sep=;\na;b,c\n1;2\n", "2:a|b,c 3:1|2"},
		{"mixed line ends", "a,b\r\n1,2\r3,4\n5,6", "1:a|b 2:1|2 3:3|4 4:5|6"},
		{"blank lines count", "a,b\n\n1,2\n,,\n3,4\n", "1:a|b 3:1|2 5:3|4"},
		{"a cell of several lines is in one row", "a,b\n\"x\ny\",2\n3,4\n", "1:a|b 2:x\ny|2 3:3|4"},
		{"a semicolon in quotes does not count", "\"a;;;\",b\n1,2\n", "1:a;;;|b 2:1|2"},
		{"Windows-1252", "name;stadt\nJ\xfcrgen;K\xf6ln \x80\n", "1:name|stadt 2:Jürgen|Köln €"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\xfc\x00", "1:a|b 2:1|ü"},
		{"a guarded formula", "a,b\n'=1+1,'+49 30\n", "1:a|b 2:=1+1|+49 30"},
		{"an apostrophe of its own", "a,b\n'n Abend,''=x\n", "1:a|b 2:'n Abend|'=x"},
	} {
		b, err := sheet.Read("list", []byte(test.file), limits)
		if err != nil || len(b.Sheets) != 1 || rows(b.Sheets[0]) != test.want || b.Legacy != (test.says == "Windows-1252") {
			t.Errorf("%s: %+v, %v", test.says, b, err)
		}
	}
}

func TestWhatCannotBeReadIsAFault(t *testing.T) {
	bomb := func() []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		w, _ := z.Create("xl/worksheets/sheet1.xml")
		for range 64 {
			w.Write(bytes.Repeat([]byte{'0'}, 1<<20))
		}
		z.Close()
		return out.Bytes()
	}
	book := workbook(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "A1", "code") })
	for _, test := range []struct {
		says string
		file []byte
		want *fault.Fault
	}{
		{"nothing", nil, sheet.ErrEmpty},
		{"blanks", []byte(" \n ,, \n"), sheet.ErrEmpty},
		{"an empty workbook", workbook(t, func(*excelize.File) {}), sheet.ErrEmpty},
		{"half a workbook", book[:len(book)/2], sheet.ErrBroken},
		{"a zip that is none", []byte("PK\x03\x04 not really"), sheet.ErrBroken},
		{"a zip of something else", zipped(t, "hello.txt", "hello"), sheet.ErrBroken},
		{"a sheet that is no XML", zipped(t, "xl/workbook.xml", "<workbook"), sheet.ErrBroken},
		{"a zip bomb", bomb(), sheet.ErrLarge},
		{"an old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."), sheet.ErrOld},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), sheet.ErrBroken},
		{"unknown characters", []byte("a,b\n\x81,\xfc\n"), sheet.ErrCharacters},
		{"an open quotation mark", []byte("a,b\n\"x,2\n3,4\n"), sheet.ErrQuotes},
		{"a huge cell", []byte("a,b\n" + strings.Repeat("x", 3000) + ",2\n"), sheet.ErrLarge},
		{"too many rows", []byte("a,b\n" + strings.Repeat("x,y\n", 1001)), sheet.ErrLarge},
		{"too many columns", []byte("a,b\n" + strings.Repeat("x,", 30) + "\n"), sheet.ErrLarge},
		{"a cell far to the right", workbook(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "XFD1", "x") }), sheet.ErrLarge},
		{"many sheets", workbook(t, func(f *excelize.File) {
			for i := range 9 {
				f.NewSheet(fmt.Sprint("S", i))
			}
		}), sheet.ErrLarge},
	} {
		if b, err := sheet.Read("list", test.file, limits); !errors.Is(err, test.want) {
			t.Errorf("%s: %+v, %v", test.says, b, err)
		}
	}
}

func workbook(t *testing.T, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbooksAreRead(t *testing.T) {
	file := workbook(t, func(f *excelize.File) {
		f.SetSheetRow("Sheet1", "A1", &[]any{"code", "n", "from", "yes", "sum"})
		f.SetSheetRow("Sheet1", "A3", &[]any{"0815", 12345678901, 46086, true, 12.5})
		f.SetCellFormula("Sheet1", "A4", "=1+1")
		f.NewSheet("Empty")
	})
	b, err := sheet.Read("x", file, limits)
	if err != nil || len(b.Sheets) != 1 || b.Since != 1900 || rows(b.Sheets[0]) != "1:code|n|from|yes|sum 3:0815|12345678901|46086|1|12.5" {
		t.Errorf("%+v, %v", b, err)
	}
}

// Whatever is written is read back, in both formats, and no cell begins as a formula does.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`x?['=+@\-]{0,3}[a-zü",; ]{0,4}[a-z0-9]`)
		table := [][]string{{"a", "b"}, {cell.Draw(t, "one"), cell.Draw(t, "two")}, {cell.Draw(t, "three"), cell.Draw(t, "four")}}
		var text, book bytes.Buffer
		if err := errors.Join(sheet.WriteCSV(&text, table, ';'), sheet.WriteXLSX(&book, []sheet.Table{{Name: "T", Rows: table}})); err != nil {
			t.Fatal(err)
		}
		for _, file := range [][]byte{text.Bytes(), book.Bytes()} {
			b, err := sheet.Read("T", file, limits)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range b.Sheets[0].Rows {
				if !reflect.DeepEqual(r.Cells, table[i]) {
					t.Fatalf("%q is read back as %q", table[i], r.Cells)
				}
			}
		}
	})
}
