package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func readCSV(name string, file []byte, l Limits) (Book, error) {
	b := Book{Type: CSV, Sheets: []Sheet{{Name: name}}}
	text, legacy, err := decoded(file)
	if err != nil {
		return b, err
	}
	b.Legacy = legacy
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	comma, text, skipped := separator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	var t tally
	within := skipped // lines that are no rows of their own, for a cell may have several
	for {
		cells, err := r.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return b, nil
		case errors.As(err, &wrong):
			return b, ErrQuotes.With("the quotation marks in line %d do not fit together", wrong.StartLine+skipped) // where the row begins: a mark that is not closed is only missed at the end
		case err != nil:
			return b, ErrBroken.Because(err)
		}
		line, _ := r.FieldPos(0)
		number := line - within + 2*skipped
		for _, c := range cells {
			within += strings.Count(c, "\n")
		}
		if err := l.add(&b.Sheets[0], &t, number, cells); err != nil {
			return b, err
		}
	}
}

// Text is a CSV file as UTF-8, and what stands between its values, for who reads it in another way than Read does. The lines
// stay where they are.
func Text(file []byte) (text string, comma rune, err error) {
	if text, _, err = decoded(file); err != nil {
		return "", 0, err
	}
	comma, text, skipped := separator(text)
	return strings.Repeat("\n", skipped) + text, comma, nil
}

// decoded is a text in whichever characters it was written.
func decoded(file []byte) (text string, legacy bool, err error) {
	switch {
	case bytes.HasPrefix(file, []byte("\xef\xbb\xbf")):
		file = file[3:]
	case bytes.HasPrefix(file, []byte("\xff\xfe")):
		return wide(file[2:], binary.LittleEndian)
	case bytes.HasPrefix(file, []byte("\xfe\xff")):
		return wide(file[2:], binary.BigEndian)
	}
	if bytes.IndexByte(file, 0) >= 0 {
		return "", false, ErrBroken
	}
	if utf8.Valid(file) {
		return string(file), false, nil
	}
	var b strings.Builder
	for _, c := range file {
		r := rune(c)
		if c >= 0x80 && c < 0xa0 {
			if r = windows[c-0x80]; r == 0 {
				return "", false, ErrCharacters
			}
		}
		b.WriteRune(r)
	}
	return b.String(), true, nil
}

func wide(file []byte, order binary.ByteOrder) (string, bool, error) {
	if len(file)%2 != 0 {
		return "", false, ErrBroken
	}
	units := make([]uint16, len(file)/2)
	for i := range units {
		if units[i] = order.Uint16(file[2*i:]); units[i] == 0 {
			return "", false, ErrBroken
		}
	}
	return string(utf16.Decode(units)), false, nil
}

// windows are the characters of Windows-1252 from 0x80 to 0x9f; the others are those of Latin-1. 0 stands for none.
var windows = [32]rune{'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ'}

// separator is what stands between the cells: what a first line like "sep=;" says, or what stands most often in the
// first line, outside of quotation marks.
func separator(text string) (comma rune, rest string, skipped int) {
	head, tail, _ := strings.Cut(text, "\n")
	if said, ok := strings.CutPrefix(strings.ToLower(head), "sep="); ok && len(said) == 1 && strings.Contains(",;\t", said) {
		return rune(said[0]), tail, 1
	}
	rest = text
	text = strings.TrimLeft(text, "\n ")
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		} else if r == '\n' && !quoted {
			break
		} else if !quoted {
			counts[r]++
		}
	}
	comma = ','
	for _, r := range ";\t" {
		if counts[r] > counts[comma] {
			comma = r
		}
	}
	return comma, rest, 0
}

// WriteCSV writes a table in UTF-8, marked as such for spreadsheets.
func WriteCSV(w io.Writer, rows [][]string, comma rune) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = comma, true
	for _, cells := range rows {
		safe := make([]string, len(cells))
		for i, s := range cells {
			safe[i] = guarded(s)
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
