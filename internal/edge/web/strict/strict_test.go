package strict_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	second "github.com/go-json-experiment/json"

	"kontor/internal/base/fault"
	"kontor/internal/edge/web/strict"
)

func nested(open, shut string, depth int) string {
	return strings.Repeat(open, depth) + strings.Repeat(shut, depth)
}

var refused = []struct {
	name, text string
	want       *fault.Fault
	field      string
}{
	{"nothing", "", strict.ErrEmpty, ""},
	{"white space alone", " \t\r\n", strict.ErrEmpty, ""},
	{"a byte order mark", "\ufeff{}", strict.ErrEncoding, ""},
	{"UTF-16", "\xff\xfe{\x00}\x00", strict.ErrSyntax, ""},
	{"half an object", `{"a":1`, strict.ErrSyntax, ""},
	{"a name without quotes", `{a:1}`, strict.ErrSyntax, ""},
	{"single quotes", `{'a':1}`, strict.ErrSyntax, ""},
	{"a comma at the end of an object", `{"a":1,}`, strict.ErrSyntax, ""},
	{"a comma at the end of an array", `[1,]`, strict.ErrSyntax, ""},
	{"a comment", `{/*x*/}`, strict.ErrSyntax, ""},
	{"a word that is none", `nul`, strict.ErrSyntax, ""},
	{"NaN", `NaN`, strict.ErrSyntax, ""},
	{"infinity", `[-Infinity]`, strict.ErrSyntax, ""},
	{"a second value", `{"a":1} {"a":2}`, strict.ErrTrailing, ""},
	{"a bracket too many", `[]]`, strict.ErrTrailing, ""},
	{"a zero byte at the end", "{}\x00", strict.ErrTrailing, ""},
	{"a form feed as white space", "{}\f", strict.ErrTrailing, ""},
	{"a name twice", `{"role":"buyer","role":"admin"}`, strict.ErrDuplicate, "role"},
	{"a name in two cases", `{"role":"buyer","ROLE":"admin"}`, strict.ErrDuplicate, "ROLE"},
	{"a name twice, once escaped", `{"role":1,"r\u006fle":2}`, strict.ErrDuplicate, "role"},
	{"a name twice, deep down", `{"lines":[{"sku":1},{"sku":1,"Sku":2}]}`, strict.ErrDuplicate, "lines.1.Sku"},
	{"a long s is an s", `{"sku":1,"ſku":2}`, strict.ErrDuplicate, "ſku"},
	{"a Kelvin sign is a k", `{"k":1,"` + "\u212a" + `":2}`, strict.ErrDuplicate, "\u212a"},
	{"a name twice among many", `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"ſ":1,"S":1}`, strict.ErrDuplicate, "S"},
	{"an empty name twice", `{"":1,"":2}`, strict.ErrDuplicate, ""},
	{"invalid UTF-8", "{\"a\":\"\xc3\x28\"}", strict.ErrEncoding, "a"},
	{"invalid UTF-8 in a name", "{\"\xff\":1}", strict.ErrEncoding, ""},
	{"an overlong encoding", "[\"\xc0\xaf\"]", strict.ErrEncoding, "0"},
	{"a surrogate as UTF-8", "[\"\xed\xa0\x80\"]", strict.ErrEncoding, "0"},
	{"a zero byte in a text", "[\"a\x00b\"]", strict.ErrEncoding, "0"},
	{"an escaped zero", `["a\u0000b"]`, strict.ErrEncoding, "0"},
	{"an escaped zero in a name", `{"a\u0000":1}`, strict.ErrEncoding, ""},
	{"a high surrogate alone", `["\ud83d"]`, strict.ErrEncoding, "0"},
	{"a low surrogate alone", `["\ude00"]`, strict.ErrEncoding, "0"},
	{"two high surrogates", `["\ud83d\ud83d"]`, strict.ErrEncoding, "0"},
	{"a high surrogate and something else", `["\ud83d\n"]`, strict.ErrEncoding, "0"},
	{"a line break in a text", "[\"a\nb\"]", strict.ErrSyntax, ""},
	{"an escape that is none", `["\x41"]`, strict.ErrSyntax, ""},
	{"an escape cut short", `["\u12`, strict.ErrSyntax, ""},
	{"an escape with a sign", `["\u+123"]`, strict.ErrSyntax, ""},
	{"a backslash at the end", `["\`, strict.ErrSyntax, ""},
	{"arrays too deep", nested("[", "]", strict.Depth+1), strict.ErrDeep, strings.TrimSuffix(strings.Repeat("0.", strict.Depth), ".")},
	{"a hundred thousand brackets", strings.Repeat("[", 100_000), strict.ErrDeep, strings.TrimSuffix(strings.Repeat("0.", strict.Depth), ".")},
	{"an exponent", `{"amount":1e3}`, strict.ErrNumber, "amount"},
	{"an exponent that overflows", `[1E999]`, strict.ErrNumber, "0"},
	{"a fraction with an exponent", `[1.5e-3]`, strict.ErrNumber, "0"},
	{"one above 64 bits", `[9223372036854775808]`, strict.ErrNumber, "0"},
	{"one below 64 bits", `[-9223372036854775809]`, strict.ErrNumber, "0"},
	{"a thousand digits", "[" + strings.Repeat("9", 1000) + "]", strict.ErrNumber, "0"},
	{"a fraction that a float64 cannot hold", `[0.1234567890123456]`, strict.ErrNumber, "0"},
	{"a fraction behind a large number", `[123456789012345.1]`, strict.ErrNumber, "0"},
	{"a fraction of a thousand zeros", "[0." + strings.Repeat("0", 1000) + "1]", strict.ErrNumber, "0"},
	{"a plus sign", `[+1]`, strict.ErrSyntax, ""},
	{"a leading zero", `[01]`, strict.ErrSyntax, ""},
	{"a point without digits before", `[.5]`, strict.ErrSyntax, ""},
	{"a point without digits behind", `[1.]`, strict.ErrSyntax, ""},
	{"a minus alone", `[-]`, strict.ErrSyntax, ""},
	{"hexadecimal", `[0x10]`, strict.ErrSyntax, ""},
}

var accepted = []struct{ name, text string }{
	{"an empty object", `{}`},
	{"an empty array", " [ ] \r\n"},
	{"a word", `null`},
	{"a text", `"a"`},
	{"every escape", `["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"]`},
	{"every language", `{"name":"Käthe Ünal, 東京, 😀"}`},
	{"a byte order mark within a text", "[\"\ufeff\"]"},
	{"the greatest and the least whole number", `[9223372036854775807,-9223372036854775808,0,-0]`},
	{"short fractions", `[0.5,-0.25,12345.6789012345,0.000000000000001,-0.0]`},
	{"as deep as may be", nested("[", "]", strict.Depth)},
	{"objects as deep as may be", strings.Repeat(`{"a":`, strict.Depth-1) + "{}" + strings.Repeat("}", strict.Depth-1)},
	{"the same name in two objects", `[{"a":1},{"a":2},{"A":{"a":3}}]`},
	{"the same name within and behind", `{"a":{"b":1,"c":{"b":2}},"b":3,"c":[{"b":4}]}`},
	{"names that differ by more than case", `{"a":1,"ä":2,"ss":3,"ß":4,"i":5,"ı":6}`},
	{"many names", `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1}`},
}

func TestWhatCanBeReadInTwoWaysIsRefused(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			err := strict.Check([]byte(tt.text))
			if !errors.Is(err, tt.want) {
				t.Fatalf("%q: %v, want %v", tt.text, err, tt.want)
			}
			var f *fault.Fault
			if errors.As(err, &f); tt.field != "" && (len(f.Fields) != 1 || f.Fields[0].Name != tt.field) {
				t.Errorf("fields %v, want %s", f.Fields, tt.field)
			}
		})
	}
}

func TestWhatCanBeReadInOneWayIsAccepted(t *testing.T) {
	for _, tt := range accepted {
		t.Run(tt.name, func(t *testing.T) {
			if err := strict.Check([]byte(tt.text)); err != nil {
				t.Fatal(err)
			}
			alike(t, []byte(tt.text))
		})
	}
}

// alike fails unless two decoders that know nothing of each other read the same value.
func alike(t *testing.T, text []byte) {
	t.Helper()
	var one, two any
	if err := json.Unmarshal(text, &one); err != nil {
		t.Fatalf("%q: accepted, yet encoding/json says %v", text, err)
	}
	if err := second.Unmarshal(text, &two); err != nil {
		t.Fatalf("%q: accepted, yet the second decoder says %v", text, err)
	}
	if !reflect.DeepEqual(one, two) {
		t.Fatalf("%q: read as %#v and as %#v", text, one, two)
	}
}

func FuzzWhateverIsAcceptedIsReadAlike(f *testing.F) {
	for _, tt := range refused {
		f.Add([]byte(tt.text))
	}
	for _, tt := range accepted {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if strict.Check(text) == nil {
			alike(t, text)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	line := `{"sku":"HEX-M8-40","quantity":"250","note":"Lager Süd","price":{"amount":"0.0123","currency":"EUR"}}`
	text := []byte(`{"cart":"crt_01jd8w5yh2f0r8k3m1c9s6t4v7","lines":[` + line + strings.Repeat(","+line, 9) + `]}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := strict.Check(text); err != nil {
			b.Fatal(err)
		}
	}
}
