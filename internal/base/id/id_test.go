package id_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kontor/internal/base/id"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 123_456_000, time.UTC)

func TestIdentifiersAreUUIDsOfVersion7(t *testing.T) {
	u, err := uuid.Parse(id.NewOrder(noon).UUID())
	if err != nil || u.Version() != 7 || u.Variant() != uuid.RFC4122 {
		t.Fatalf("%v is version %d, variant %v, %v", u, u.Version(), u.Variant(), err)
	}
	ms := int64(u[0])<<40 | int64(u[1])<<32 | int64(u[2])<<24 | int64(u[3])<<16 | int64(u[4])<<8 | int64(u[5])
	if ms != noon.UnixMilli() {
		t.Errorf("it is of %v", time.UnixMilli(ms).UTC())
	}
	if fraction := int(u[6]&0x0f)<<8 | int(u[7]); fraction != 456*4096/1000 {
		t.Errorf("456 thousandths of the millisecond are %d of 4096", fraction)
	}
}

func TestIdentifiersSortByTheirMaking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "microsecond"))
		later := at.Add(time.Duration(rapid.Int64Range(1, 1_000_000).Draw(t, "later")) * time.Microsecond)
		a, b := id.NewOrder(at), id.NewOrder(later)
		if !a.Less(b) || b.Less(a) || a.Less(a) || a.String() >= b.String() || a.UUID() >= b.UUID() {
			t.Fatalf("%v of %v, %v of %v", a, at, b, later)
		}
	})
}

func TestTwoOfOneMomentDiffer(t *testing.T) {
	seen := map[id.Order]bool{}
	for range 10_000 {
		seen[id.NewOrder(noon)] = true
	}
	if len(seen) != 10_000 {
		t.Errorf("only %d of 10000 differ", len(seen))
	}
}

func TestIdentifiersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u uuid.UUID
		copy(u[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bits"))
		u[15] |= 1 // not nothing
		var o id.Order
		if err := o.Scan(u.String()); err != nil || o.UUID() != u.String() {
			t.Fatalf("%v from the tables is %v, %v", u, o, err)
		}
		if back, err := id.ParseOrder(o.String()); err != nil || back != o {
			t.Fatalf("%v is read back as %v, %v", o, back, err)
		}
		stored, err := o.Value()
		if err != nil || stored != u.String() {
			t.Fatalf("%v goes into the tables as %v, %v", o, stored, err)
		}
		for _, form := range []any{u[:], [16]byte(u), []byte(u.String())} {
			var again id.Order
			if err := again.Scan(form); err != nil || again != o {
				t.Fatalf("%v from %T is %v, %v", u, form, again, err)
			}
		}
		text, err := json.Marshal(o)
		var read id.Order
		if err != nil || json.Unmarshal(text, &read) != nil || read != o {
			t.Fatalf("%s is read back as %v, %v", text, read, err)
		}
	})
}

func TestNothingIsNamedByNothing(t *testing.T) {
	var none id.Order
	stored, err := none.Value()
	if !none.IsZero() || none.String() != "" || stored != nil || err != nil {
		t.Errorf("%v, %v, %v", none, stored, err)
	}
	text, err := json.Marshal(none)
	if string(text) != `""` || err != nil {
		t.Errorf("%s, %v", text, err)
	}
	for _, form := range []any{nil, []byte{}} {
		o := id.NewOrder(noon)
		if err := o.Scan(form); err != nil || !o.IsZero() {
			t.Errorf("%#v from the tables leaves %v, %v", form, o, err)
		}
	}
	o := id.NewOrder(noon)
	if err := json.Unmarshal([]byte(`""`), &o); err != nil || !o.IsZero() {
		t.Errorf("no text leaves %v, %v", o, err)
	}
	if id.NewOrder(noon).IsZero() {
		t.Error("something is named by nothing")
	}
}

func TestOnlyOursAreRead(t *testing.T) {
	good := id.NewOrder(noon).String()
	digits := strings.TrimPrefix(good, "ord_")
	tests := []struct {
		says string
		text string
	}{
		{"nothing", ""},
		{"the prefix alone", "ord_"},
		{"no prefix", digits},
		{"the prefix of another kind", "prd_" + digits},
		{"a capital prefix", "ORD_" + digits},
		{"capital letters", "ord_" + strings.ToUpper(digits)},
		{"a hyphen for the underscore", "ord-" + digits},
		{"one letter short", good[:len(good)-1]},
		{"one letter long", good + "0"},
		{"a letter that is like a digit", "ord_" + digits[:25] + "l"},
		{"the other one", "ord_" + digits[:25] + "o"},
		{"more than 128 bits", "ord_8" + digits[1:]},
		{"all noughts", "ord_" + strings.Repeat("0", 26)},
		{"a blank in front", " " + good},
		{"a line break behind", good + "\n"},
		{"the form of the tables", id.NewOrder(noon).UUID()},
		{"a nought byte", "ord_" + digits[:25] + "\x00"},
		{"a letter of two bytes", "ord_" + digits[:24] + "é"},
	}
	for _, test := range tests {
		if o, err := id.ParseOrder(test.text); !errors.Is(err, id.ErrMalformed) || !o.IsZero() {
			t.Errorf("%s: %q is read as %v, %v", test.says, test.text, o, err)
		}
		o := id.NewOrder(noon)
		before := o
		if err := o.UnmarshalText([]byte(test.text)); test.text != "" && (!errors.Is(err, id.ErrMalformed) || o == before) {
			t.Errorf("%s: %q is read from JSON as %v, %v", test.says, test.text, o, err)
		}
	}
	var o id.Order
	for _, form := range []any{42, "no uuid", []byte("no uuid"), true} {
		if o.Scan(form) == nil {
			t.Errorf("%#v from the tables is read as %v", form, o)
		}
	}
}

// Every kind has a prefix of three letters that no other has, a maker, a parser, and its line in alphabetical order.
func TestEveryKindIsWhole(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "kinds.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	prefixes, makers, parsers := map[string]string{}, map[string]bool{}, map[string]bool{}
	var kinds []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok && s.Assign.IsValid() {
					kinds = append(kinds, s.Name.Name)
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil {
				makers[strings.TrimPrefix(d.Name.Name, "New")] = true
				parsers[strings.TrimPrefix(d.Name.Name, "Parse")] = true
				continue
			}
			kind := d.Recv.List[0].Type.(*ast.Ident).Name
			prefix := d.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit).Value
			if other, taken := prefixes[prefix]; taken || !regexp.MustCompile(`^"[a-z]{3}"$`).MatchString(prefix) {
				t.Errorf("%s begins with %s, as does %q", kind, prefix, other)
			}
			prefixes[prefix] = kind
		}
	}
	for i, kind := range kinds {
		if !makers[kind] || !parsers[kind] {
			t.Errorf("%s has no maker or no parser", kind)
		}
		if i > 0 && kinds[i-1] >= kind {
			t.Errorf("%s stands behind %s", kind, kinds[i-1])
		}
	}
	if len(kinds) < 30 || len(prefixes) != len(kinds) {
		t.Errorf("%d kinds, %d prefixes", len(kinds), len(prefixes))
	}
}

func TestAnIdentifierOfWhicheverKindIsTakenApartAndPutTogether(t *testing.T) {
	order := id.NewOrder(noon)
	prefix, inTables, ok := id.Inside(order.String())
	if !ok || prefix != "ord" || inTables != order.UUID() || id.Outside(prefix, inTables) != order.String() {
		t.Errorf("%s is %s of %s, %v", order, inTables, prefix, ok)
	}
	for _, text := range []string{"", "ord", "ord_", order.UUID(), "order" + order.String()[3:], order.String() + "0", "ord_" + strings.Repeat("0", 26), "see " + order.String()} {
		if prefix, inTables, ok := id.Inside(text); ok {
			t.Errorf("%q is taken for %s of %s", text, inTables, prefix)
		}
	}
	for _, c := range [][3]string{{"ord", "nothing", "nothing"}, {"", order.UUID(), order.UUID()}, {"ord", "", ""}} {
		if got := id.Outside(c[0], c[1]); got != c[2] {
			t.Errorf("%q of kind %q is %q", c[1], c[0], got)
		}
	}
}
