package catalogue_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/catalogue"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func TestQuantitiesAreSoldInSteps(t *testing.T) {
	tests := []struct {
		says               string
		minimum, step, max quantity.Quantity
		q                  quantity.Quantity
		err                error
		suggestion         quantity.Quantity
	}{
		{"one", 0, 0, 0, 1000, nil, 1000},
		{"what has no step is sold in whole units", 0, 0, 0, 1500, catalogue.ErrStep, 2000},
		{"a thousandth of it is not sold", 0, 0, 0, 1, catalogue.ErrStep, 1000},
		{"also where the minimum is a part of one", 500, 0, 0, 500, catalogue.ErrStep, 1000},
		{"what has a step of a thousandth is sold by the gram", 0, 1, 0, 1, nil, 1},
		{"nothing", 0, 0, 0, 0, quantity.ErrRange, 1000},
		{"less than nothing", 0, 0, 0, -1000, quantity.ErrRange, 1000},
		{"more than anything", 0, 0, 0, math.MaxInt64, quantity.ErrRange, quantity.Most},
		{"the minimum", 5000, 0, 0, 5000, nil, 5000},
		{"below the minimum", 5000, 0, 0, 4999, catalogue.ErrMinimum, 5000},
		{"a step", 0, 6000, 0, 18_000, nil, 18_000},
		{"between steps", 0, 6000, 0, 13_000, catalogue.ErrStep, 18_000},
		{"below the first step", 0, 6000, 0, 1000, catalogue.ErrStep, 6000},
		{"steps are counted from nothing, not from the minimum", 10_000, 6000, 0, 10_000, catalogue.ErrStep, 12_000},
		{"the first step above the minimum", 10_000, 6000, 0, 12_000, nil, 12_000},
		{"below minimum and step", 10_000, 6000, 0, 6000, catalogue.ErrMinimum, 12_000},
		{"the most", 0, 0, 20_000, 20_000, nil, 20_000},
		{"above the most", 0, 0, 20_000, 20_001, catalogue.ErrMost, 20_000},
		{"above the most, and the last step is below it", 0, 6000, 20_000, 24_000, catalogue.ErrMost, 18_000},
		{"between the last step and the most", 0, 6000, 20_000, 19_000, catalogue.ErrStep, 18_000},
		{"half metres", 0, 500, 0, 1500, nil, 1500},
		{"a quarter of a metre", 0, 500, 0, 1750, catalogue.ErrStep, 2000},
		{"nothing is left to sell", 10_000, 6000, 11_000, 10_000, catalogue.ErrStep, 0},
	}
	for _, test := range tests {
		p := catalogue.Product{SKU: "HEX", Unit: "pcs", Minimum: test.minimum, Step: test.step, Most: test.max}
		err := p.CheckQuantity(test.q)
		if !errors.Is(err, test.err) || test.err == nil && err != nil || p.Suggest(test.q) != test.suggestion {
			t.Errorf("%s: %v and suggests %s; want %v and %s", test.says, err, p.Suggest(test.q), test.err, test.suggestion)
		}
		var f *fault.Fault
		if errors.As(err, &f) && f.Kind == fault.Refused && f.Detail["suggestion"] != test.suggestion.String() {
			t.Errorf("%s: the fault suggests %q", test.says, f.Detail["suggestion"])
		}
	}
}

func TestWhatIsSuggestedIsSold(t *testing.T) {
	const quarter = quantity.One / 4
	small := func(t *rapid.T, name string) quantity.Quantity {
		return quarter * quantity.Quantity(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1, 60)).Draw(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		p := catalogue.Product{SKU: "HEX", Name: "Screw", Status: catalogue.Active,
			Minimum: small(t, "minimum"), Step: small(t, "step"), Most: small(t, "most")}
		q := quantity.Quantity(rapid.Int64Range(1, 100*int64(quarter)).Draw(t, "quantity"))
		var sold []quantity.Quantity
		for n := quarter; n <= 200*quarter; n += quarter {
			if p.CheckQuantity(n) == nil {
				sold = append(sold, n)
			}
		}
		if (len(sold) > 0) != (p.Check() == nil) {
			t.Fatalf("%v are sold, and the product is said to be %v", sold, p.Check())
		}
		if len(sold) == 0 {
			if got := p.Suggest(q); got != 0 {
				t.Fatalf("nothing is sold, and %d is suggested", got)
			}
			return
		}
		want := sold[len(sold)-1]
		if i, _ := slices.BinarySearch(sold, q); i < len(sold) {
			want = sold[i]
		}
		if got := p.Suggest(q); got != want || p.CheckQuantity(got) != nil {
			t.Fatalf("for %d, %d is suggested, %d is the next that is sold", q, got, want)
		}
		if spelt := p.Spelt(); p.Least() != sold[0] || spelt.Least() != sold[0] || spelt.Suggest(q) != want || spelt.Step == 0 || spelt.Minimum == 0 {
			t.Fatalf("the least is %d, and %d of %v; %d is the first that is sold", p.Least(), spelt.Least(), spelt, sold[0])
		}
	})
}

func TestWhatIsAddedToALineFits(t *testing.T) {
	tests := []struct {
		says            string
		minimum, step   quantity.Quantity
		most            quantity.Quantity
		held, more, fit quantity.Quantity
		err             error
	}{
		{"all of it", 0, 0, 0, 0, 5000, 5000, nil},
		{"all of it, beside what is there", 0, 5000, 0, 5000, 10_000, 10_000, nil},
		{"more, up to the minimum", 10_000, 0, 0, 0, 4000, 10_000, catalogue.ErrMinimum},
		{"the minimum is reached together", 10_000, 0, 0, 6000, 4000, 4000, nil},
		{"more, up to the step", 0, 6000, 0, 0, 8000, 12_000, catalogue.ErrStep},
		{"less, up to the most", 0, 0, 20_000, 0, 30_000, 20_000, catalogue.ErrMost},
		{"less, because there is some", 0, 0, 20_000, 15_000, 10_000, 5000, catalogue.ErrMost},
		{"none, because there is enough", 0, 0, 20_000, 20_000, 10_000, 0, catalogue.ErrMost},
		{"none, where there is too much already", 0, 0, 20_000, 30_000, 1000, 0, catalogue.ErrMost},
		{"none, where no quantity is sold", 10_000, 6000, 11_000, 0, 10_000, 0, catalogue.ErrStep},
		{"beyond all measure", 0, 0, 0, quantity.Most, quantity.Most, 0, quantity.ErrRange},
		{"nothing", 0, 0, 0, 1000, 0, 0, quantity.ErrRange},
	}
	for _, test := range tests {
		p := catalogue.Product{SKU: "HEX", Unit: "pcs", Minimum: test.minimum, Step: test.step, Most: test.most}
		fit, err := p.Fit(test.held, test.more)
		if fit != test.fit || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %s, %v; want %s, %v", test.says, fit, err, test.fit, test.err)
		}
	}
}

func TestOnlyActiveProductsAreSold(t *testing.T) {
	successor := id.NewProduct(noon)
	tests := []struct {
		says    string
		p       catalogue.Product
		sold    bool
		told    string
		instead string
	}{
		{"active", catalogue.Product{Status: catalogue.Active, Successor: successor}, true, "", ""},
		{"blocked", catalogue.Product{SKU: "HEX", Status: catalogue.Blocked, Successor: successor}, false, "HEX is not sold at present", ""},
		{"obsolete", catalogue.Product{SKU: "HEX", Status: catalogue.Obsolete}, false, "HEX is no longer made", ""},
		{"obsolete with a successor", catalogue.Product{SKU: "HEX", Status: catalogue.Obsolete, Successor: successor}, false, "HEX is no longer made, and has a successor", successor.String()},
		{"of no status", catalogue.Product{SKU: "HEX"}, false, "HEX is not sold at present", ""},
	}
	for _, test := range tests {
		err := test.p.Sold()
		var f *fault.Fault
		if (err == nil) != test.sold || err != nil && (!errors.Is(err, catalogue.ErrNotSold) || !errors.As(err, &f) || f.Text() != test.told || f.Detail["successor"] != test.instead) {
			t.Errorf("%s: %v", test.says, err)
		}
	}
}

func TestProductsAreChecked(t *testing.T) {
	with := func(change func(*catalogue.Product)) error {
		p := catalogue.Product{ID: id.NewProduct(noon), SKU: "HEX-M8", Name: "Screw", Status: catalogue.Active}
		change(&p)
		return p.Check()
	}
	gtin := func(s string) error { return with(func(p *catalogue.Product) { p.GTIN = s }) }
	tests := []struct {
		says  string
		err   error
		field string
	}{
		{"a product", gtin(""), ""},
		{"no article number", with(func(p *catalogue.Product) { p.SKU = "" }), "sku"},
		{"blanks around the article number", with(func(p *catalogue.Product) { p.SKU = " HEX" }), "sku"},
		{"blanks inside the article number", with(func(p *catalogue.Product) { p.SKU = "HEX M8" }), ""},
		{"a line break in the article number", with(func(p *catalogue.Product) { p.SKU = "HEX\nM8" }), "sku"},
		{"a long article number", with(func(p *catalogue.Product) { p.SKU = strings.Repeat("x", 101) }), "sku"},
		{"no name", with(func(p *catalogue.Product) { p.Name = "" }), "name"},
		{"no status", with(func(p *catalogue.Product) { p.Status = "" }), "status"},
		{"its own successor", with(func(p *catalogue.Product) { p.Successor = p.ID }), "successor"},
		{"a minimum below nothing", with(func(p *catalogue.Product) { p.Minimum = -1 }), "minimum"},
		{"a step beyond all measure", with(func(p *catalogue.Product) { p.Step = quantity.Most + 1 }), "step"},
		{"a most below the minimum", with(func(p *catalogue.Product) { p.Minimum, p.Most = 2000, 1000 }), "most"},
		{"a most below the first whole unit", with(func(p *catalogue.Product) { p.Most = 500 }), "most"},
		{"a most below one, of which there are parts", with(func(p *catalogue.Product) { p.Step, p.Most = 250, 500 }), ""},
		{"no step between minimum and most", with(func(p *catalogue.Product) { p.Minimum, p.Step, p.Most = 10_000, 6000, 11_000 }), "most"},
		{"a GTIN of 13", gtin("4006381333931"), ""},
		{"a GTIN of 8", gtin("96385074"), ""},
		{"a GTIN of 12", gtin("036000291452"), ""},
		{"a GTIN of 14", gtin("00012345600012"), ""},
		{"a GTIN with a digit wrong", gtin("4006381333932"), "gtin"},
		{"a GTIN with two digits exchanged", gtin("4006381339331"), "gtin"},
		{"a GTIN that is short", gtin("400638133393"), "gtin"},
		{"a GTIN with a letter", gtin("400638133393O"), "gtin"},
	}
	for _, test := range tests {
		var f *fault.Fault
		if got := errors.As(test.err, &f); got != (test.field != "") || got && (len(f.Fields) != 1 || f.Fields[0].Name != test.field) {
			t.Errorf("%s: %v, want a fault of %q", test.says, test.err, test.field)
		}
	}
}

func TestTheDeeperRuleOfAnAssortmentWins(t *testing.T) {
	screw, nut := id.NewProduct(noon), id.NewProduct(noon)
	type rules = []catalogue.Rule
	show, hide := false, true
	tests := []struct {
		says  string
		rules rules
		at    tree.Path // of the screw
		shown bool
	}{
		{"without rules all is shown", nil, "1.2.", true},
		{"a rule for the whole catalogue", rules{{Category: tree.Top, Deny: hide}}, "1.2.", false},
		{"a category is shown again", rules{{Category: tree.Top, Deny: hide}, {Category: "1.", Deny: show}}, "1.2.", true},
		{"in whichever order the rules stand", rules{{Category: "1.", Deny: show}, {Category: tree.Top, Deny: hide}}, "1.2.", true},
		{"a deeper category is hidden again", rules{{Category: tree.Top, Deny: hide}, {Category: "1.", Deny: show}, {Category: "1.2.", Deny: hide}}, "1.2.", false},
		{"what stands beside it is not", rules{{Category: "1.2.", Deny: hide}}, "1.3.", true},
		{"nor what only begins alike", rules{{Category: "1.2.", Deny: hide}}, "1.22.", true},
		{"nor what stands above", rules{{Category: "1.2.", Deny: hide}}, "1.", true},
		{"on a tie denying wins", rules{{Category: "1.", Deny: hide}, {Category: "1.", Deny: show}}, "1.2.", false},
		{"also when it stands behind", rules{{Category: "1.", Deny: show}, {Category: "1.", Deny: hide}}, "1.2.", false},
		{"the product itself is deeper than any category", rules{{Category: "1.2.3.4.5.6.7.8.", Deny: hide}, {Product: screw, Deny: show}}, "1.2.3.4.5.6.7.8.", true},
		{"the product is hidden", rules{{Product: screw, Deny: hide}, {Category: "1.2.", Deny: show}}, "1.2.", false},
		{"another product is", rules{{Product: nut, Deny: hide}}, "1.2.", true},
		{"a tie on the product", rules{{Product: screw, Deny: hide}, {Product: screw, Deny: show}}, "1.2.", false},
	}
	for _, test := range tests {
		if got := (catalogue.Assortment{Rules: test.rules}).Shows(screw, test.at); got != test.shown {
			t.Errorf("%s: %v", test.says, got)
		}
	}
}

func TestTextsAreFolded(t *testing.T) {
	tests := []struct{ says, text, want string }{
		{"capitals", "HEX-M8", "hex-m8"},
		{"umlauts", "Größe ÄÖÜ", "grosse aou"},
		{"the capital sharp s", "GROẞ", "gross"},
		{"composed and not", "cafe\u0301 café", "cafe cafe"},
		{"strokes", "Łódź Øresund Đakovo", "lodz oresund dakovo"},
		{"ligatures", "Œuvre Æther ﬁn", "oeuvre aether fin"},
		{"Turkish", "İSTANBUL ılık", "istanbul ilik"},
		{"Vietnamese", "Nguyễn", "nguyen"},
		{"Greek", "Άλφα ΣΊΣΥΦΟΣ", "αλφα σισυφοσ"},
		{"Cyrillic", "Ёлка", "елка"},
		{"other scripts stay", "螺丝 M8", "螺丝 m8"},
		{"blanks of every kind", " \t a\u00a0\u2003b\r\n c ", "a b c"},
		{"soft hyphens and marks of direction", "Sch\u00adrau\u200bbe \u202eabc", "schraube abc"},
		{"control characters", "a\x00b\x1bc", "abc"},
		{"signs stay", "M8×40 ½″", "m8×40 ½″"},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		if got := catalogue.Fold(test.text); got != test.want {
			t.Errorf("%s: %q is folded to %q, want %q", test.says, test.text, got, test.want)
		}
	}
}

func TestTextsHaveWords(t *testing.T) {
	tests := []struct {
		says, text string
		want       []string
	}{
		{"each once, in order", "M8×40 Schraube, verzinkt (M8)", []string{"m8", "40", "schraube", "verzinkt"}},
		{"the same without case and accents", "Größe GROSSE groesse", []string{"grosse", "groesse"}},
		{"an article number", "HEX-M8_40.zn", []string{"hex", "m8", "40", "zn"}},
		{"signs alone", "-- // ...", nil},
		{"nothing", "", nil},
	}
	for _, test := range tests {
		if got := catalogue.Words(test.text); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q has %q, want %q", test.says, test.text, got, test.want)
		}
	}
	var long strings.Builder
	for n := range 2 * catalogue.MostWords {
		long.WriteString(strings.Repeat("x", n+1) + " ")
	}
	if got := len(catalogue.Words(long.String())); got != catalogue.MostWords {
		t.Errorf("a long text has %d words", got)
	}
}

func TestFoldingIsDoneOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		once := catalogue.Fold(s)
		if again := catalogue.Fold(once); again != once {
			t.Fatalf("%q is folded to %q, and that to %q", s, once, again)
		}
		if upper := catalogue.Fold(strings.ToLower(s)); upper != once {
			t.Fatalf("%q is folded to %q, in lower case to %q", s, once, upper)
		}
	})
}

// Whoever types a letter and an accent finds what has the accented letter.
func TestComposedLettersFoldLikeTheirParts(t *testing.T) {
	for r := rune(0xC0); r < 0x1F00; r++ {
		if r > 0x24F && r < 0x1E00 {
			continue // Latin stands before and behind
		}
		parts := norm.NFD.String(string(r))
		if whole := catalogue.Fold(string(r)); whole != catalogue.Fold(parts) {
			t.Errorf("%q is folded to %q, its parts to %q", r, whole, catalogue.Fold(parts))
		}
	}
}
