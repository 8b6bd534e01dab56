package text_test

import (
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/text"
)

func TestWhatPeopleMayWrite(t *testing.T) {
	tests := []struct {
		says        string
		write       string
		line, lines string // what is kept of one line, and of several; or the code of what is wrong
		wrong       [2]string
	}{
		{"words", " Hand  tools ", "Hand tools", "Hand  tools", [2]string{}},
		{"nothing", " \t\n ", "", "", [2]string{}},
		{"two lines", "one\r\ntwo", "one two", "one\ntwo", [2]string{}},
		{"umlauts and signs", "Öfen & Co. – 10 %", "Öfen & Co. – 10 %", "Öfen & Co. – 10 %", [2]string{}},
		{"Arabic", "أدوات", "أدوات", "أدوات", [2]string{}},
		{"a family, joined", "👨‍👩‍👧", "👨‍👩‍👧", "👨‍👩‍👧", [2]string{}},
		{"a direction turned", "Tools\u202egnp", "", "", [2]string{"invisible", "invisible"}},
		{"nothing but a direction turned", "\u202e", "", "", [2]string{"invisible", ""}},
		{"a blank of no width", "To\u200bols", "", "", [2]string{"invisible", "invisible"}},
		{"a letter that is blank", "\u3164", "", "", [2]string{"invisible", ""}},
		{"joiners alone", "\u200d\u200c", "", "", [2]string{"invisible", ""}},
		{"what nobody has agreed on", "\ue000", "", "", [2]string{"invisible", ""}},
		{"a null", "a\x00b", "", "", [2]string{"invalid", "invalid"}},
		{"a bell", "a\ab", "", "", [2]string{"invalid", "invalid"}},
		{"no UTF-8", "a\xffb", "", "", [2]string{"invalid", "invalid"}},
		{"as much as fits", strings.Repeat("ä", 20), strings.Repeat("ä", 20), strings.Repeat("ä", 20), [2]string{}},
		{"one too many", strings.Repeat("ä", 21), "", "", [2]string{"too_long", "too_long"}},
	}
	for _, test := range tests {
		for i, read := range []func(*fault.Input, string, string, int) string{text.Line, text.Note} {
			var in fault.Input
			got := read(&in, "name", test.write, 20)
			want := [2]string{test.line, test.lines}[i]
			switch f := fault.Of(in.Err()); {
			case f == nil && test.wrong[i] != "":
				t.Errorf("%s: taken as %q", test.says, got)
			case f != nil && (f.Fields[0].Code != test.wrong[i] || f.Fields[0].Name != "name"):
				t.Errorf("%s: %v, want %q", test.says, f, test.wrong[i])
			case f == nil && got != want:
				t.Errorf("%s: %q, want %q", test.says, got, want)
			}
		}
	}
}
