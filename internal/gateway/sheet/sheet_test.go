package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/gateway/sheet"
)

var limits = sheet.Limits{Unpacked: 4 << 20, Sheets: 5, Rows: 1000, Columns: 20, Cells: 5000, Texts: 2000, Cell: 2000}

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

// What a small file becomes is bounded, and not only its bytes: each of these was read as hundreds of megabytes of objects.
func TestWhatIsManyThingsInFewBytesIsRefusedAtOnce(t *testing.T) {
	const sst, worksheet = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	bomb, small := limits, workbook(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "A1", "code") })
	bomb.Unpacked = 64 << 20
	for _, test := range []struct{ says, part, text string }{
		{"texts of nothing", "xl/sharedStrings.xml", sst + strings.Repeat("<si/>", 1<<20) + "</sst>"},
		{"another root's texts of nothing", "xl/SharedStrings.xml", strings.Replace(sst, "<sst", "<x:sst", 1) + strings.Repeat("<si/>", 1<<20) + "</x:sst>"},
		{"one text in many pieces", "xl/sharedStrings.xml", sst + "<si>" + strings.Repeat("<r><rPr/></r>", 1<<19) + "</si></sst>"},
		{"texts of nothing in pieces of one cell", "xl/worksheets/sheet1.xml", worksheet + `<row r="1"><c r="A1" t="inlineStr"><is>` + strings.Repeat("<r/>", 1<<20) + "</is></c></row></sheetData></worksheet>"},
		{"cells of nothing", "xl/worksheets/sheet1.xml", worksheet + "<row>" + strings.Repeat("<c/>", 1<<20) + "</row></sheetData></worksheet>"},
		{"rows of nothing", "xl/worksheets/sheet1.xml", worksheet + strings.Repeat("<row/>", 1<<20) + "</sheetData></worksheet>"},
		{"things in each other", "xl/worksheets/sheet1.xml", worksheet + strings.Repeat("<a>", 1<<20)},
		{"one thing that says much of itself", "xl/worksheets/sheet1.xml", "<worksheet" + strings.Repeat(` a=""`, 1<<20) + "/>"},
		{"names", "xl/workbook.xml", "<workbook><definedNames>" + strings.Repeat("<definedName/>", 1<<19) + "</definedNames></workbook>"},
		{"sheets", "xl/workbook.xml", "<workbook><sheets>" + strings.Repeat("<sheet/>", 1<<19) + "</sheets></workbook>"},
		{"relations", "xl/_rels/workbook.xml.rels", "<Relationships>" + strings.Repeat("<Relationship/>", 1<<19) + "</Relationships>"},
	} {
		file := with(t, small, test.part, test.text)
		if used, err := taken(func() error { _, err := sheet.Read("list", file, bomb); return err }); !errors.Is(err, sheet.ErrLarge) || used > 24<<20 {
			t.Errorf("%s: %d KB, in which it took %d MB to say %v", test.says, len(file)>>10, used>>20, err)
		}
	}
	// what is not asked of a workbook is not read, whatever it holds
	for _, part := range []string{"xl/styles.xml", "xl/theme/theme1.xml", "xl/calcChain.xml", "docProps/app.xml"} {
		file := with(t, small, part, "<styleSheet>"+strings.Repeat("<xf/>", 1<<20)+"</styleSheet>")
		if used, err := taken(func() error { _, err := sheet.Read("list", file, bomb); return err }); err != nil || used > 24<<20 {
			t.Errorf("%s: it took %d MB to say %v", part, used>>20, err)
		}
	}
	for says, text := range map[string]string{"other characters": "\xff\xfe<\x00a\x00/\x00>\x00", "no XML": "<", "a part that says it is in UTF-16": `<?xml version="1.0" encoding="utf-16"?><a/>`} {
		if _, err := sheet.Read("list", with(t, small, "customXml/item1.xml", text), bomb); err != nil {
			t.Errorf("%s: %v", says, err)
		}
	}
	// a row keeps what it has, and not the room up to a formula far to the right
	file := with(t, workbook(t, func(*excelize.File) {}), "xl/worksheets/sheet1.xml", worksheet+strings.Repeat(`<row><c t="str"><v>x</v></c><c r="AAA1"><f>1</f></c></row>`, 900)+"</sheetData></worksheet>")
	b, err := sheet.Read("list", file, bomb)
	if err != nil || len(b.Sheets[0].Rows) != 900 || cap(b.Sheets[0].Rows[899].Cells) != 1 {
		t.Errorf("%v", err)
	}
	b, err = sheet.Read("list", []byte(strings.Repeat("x"+strings.Repeat(",", 1000)+"\n", 900)), bomb)
	if err != nil || len(b.Sheets[0].Rows) != 900 || cap(b.Sheets[0].Rows[899].Cells) != 1 {
		t.Errorf("%v", err)
	}
}

// taken is how many bytes something has asked for in all.
func taken(do func() error) (uint64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}

// with is a workbook with another part.
func with(t *testing.T, book []byte, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range in.File {
		if f.Name != name {
			err = errors.Join(err, z.Copy(f))
		}
	}
	w, worse := z.Create(name)
	if err = errors.Join(err, worse); err == nil {
		_, err = w.Write([]byte(text))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Texts that are read through a temporary file are the same, and nothing stays of it.
func TestLargePartsAreReadAndNothingStaysOfThem(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	large := sheet.Limits{Unpacked: 64 << 20, Sheets: 5, Rows: 50_000, Columns: 20, Cells: 500_000, Texts: 250_000, Cell: 2000}
	long := strings.Repeat("länger ", 8)
	file := workbook(t, func(f *excelize.File) {
		for i := range 20_000 {
			f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &[]any{fmt.Sprint(long, i), i, "again"})
		}
	})
	b, err := sheet.Read("list", file, large)
	if err != nil || len(b.Sheets) != 1 || len(b.Sheets[0].Rows) != 20_000 || strings.Join(b.Sheets[0].Rows[19_999].Cells, "|") != long+"19999|19999|again" {
		t.Fatal(err)
	}
	if _, err := sheet.Read("list", file[:len(file)-len(file)/3], large); !errors.Is(err, sheet.ErrBroken) {
		t.Error(err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Error(left, err)
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
