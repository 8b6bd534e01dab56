package approval_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
)

func eur(minor int64) money.Money { return money.Of(minor, "EUR") }

func TestAConditionHasOneCanonicalText(t *testing.T) {
	for _, row := range []struct{ says, written, canonical string }{
		{"the example of the handbook", "total_net > 15000 EUR or skus > 100", "total_net > 15000 EUR or skus > 100"},
		{"decimals of nought are left out", "total_net > 15000.00 EUR", "total_net > 15000 EUR"},
		{"cents stay whole", "total_net > 15000.50 EUR", "total_net > 15000.50 EUR"},
		{"yen have no cents", "total_net>=15000 JPY", "total_net >= 15000 JPY"},
		{"blanks and capitals of words do not count", "  TOTAL_NET  >1 EUR\n AND\tquote ", "total_net > 1 EUR and quote"},
		{"and binds tighter than or", "quote or over_limit and new_address", "quote or over_limit and new_address"},
		{"parentheses stay where they are needed", "(quote or over_limit) and new_address", "(quote or over_limit) and new_address"},
		{"and go where they are not", "(quote and (over_limit)) and new_address", "quote and over_limit and new_address"},
		{"not binds tightest", "not quote and over_limit", "not quote and over_limit"},
		{"not before a group", "not (quote and over_limit)", "not (quote and over_limit)"},
		{"not twice", "not not quote", "not not quote"},
		{"a flag may be compared", "quote = true and over_limit != true or new_address = false", "quote and not over_limit or not new_address"},
		{"a list has", `categories has "Bikes"`, `categories has "Bikes"`},
		{"= on a list means has", `cost_centre = "4711" and suppliers != "Acme"`, `cost_centre has "4711" and not suppliers has "Acme"`},
		{"one of several", `payment_method in ("card","invoice")`, `payment_method in ("card", "invoice")`},
		{"none of several", `categories not in ("A")`, `not categories in ("A")`},
		{"has not", `categories not has "A"`, `not categories has "A"`},
		{"quotes within a text", `project has "the \"big\" one\\"`, `project has "the \"big\" one\\"`},
		{"a percent sign is written for percentages", "price_increase > 12.5", "price_increase > 12.5 %"},
		{"and may be read", "over_budget_percent >= 10 %", "over_budget_percent >= 10 %"},
		{"below nought", "credit_left < -100 EUR and items > -1.5", "credit_left < -100 EUR and items > -1.5"},
		{"a date", "requested_date <= 2026-02-28", "requested_date <= 2026-02-28"},
		{"the score of the assessment", "assessment.score >= 0.80", "assessment.score >= 0.8"},
	} {
		c, err := approval.Parse(row.written)
		if err != nil {
			t.Errorf("%s: %v", row.says, err)
		} else if c.String() != row.canonical {
			t.Errorf("%s: %q became %q, not %q", row.says, row.written, c, row.canonical)
		}
	}
}

func TestAConditionThatCannotBeReadSaysWhereAndWhy(t *testing.T) {
	deep := strings.Repeat("(", 10) + "quote" + strings.Repeat(")", 10)
	for _, row := range []struct{ written, position, why string }{
		{"", "1", "expected a fact"},
		{"total", "1", `there is no fact "total"; did you mean`},
		{"totl_net > 5 EUR", "1", "did you mean total_net?"},
		{"foo > 5", "1", `there is no fact "foo"`},
		{"total_net", "10", "behind total_net stands one of > >= < <= = !="},
		{"total_net > 15000", "18", "write the currency behind the amount"},
		{"total_net > 15000 eur", "19", "three capital letters"},
		{"total_net > 15000 Euro", "19", "three capital letters"},
		{"total_net > 15.000,00 EUR", "19", "write the currency"},
		{"total_net > 1.234 EUR", "13", "at most 2 decimals"},
		{"total_net > 99999999999999999999 EUR", "13", "an amount in EUR"},
		{"total_net > \"5\" EUR", "13", "an amount and its currency"},
		{"total_net > 5 EUR and", "22", "expected a fact"},
		{"total_net > 5 EUR quote", "19", `expected "and", "or" or the end`},
		{"total_net > 5 EUR)", "18", `expected "and", "or" or the end`},
		{"(quote", "7", `expected ")"`},
		{"skus > many", "8", "a number, like 100 or 0.8"},
		{"skus > 1.2345", "8", "three decimals"},
		{"price_increase > 1.234 %", "18", "two before a percent sign"},
		{"price_increase > much", "18", "a percentage, like 5 %"},
		{"skus > 1e3", "9", `expected "and", "or" or the end`},
		{"skus has \"A\"", "6", "stands one of >"},
		{"categories > 5", "12", "behind categories stands one of has in"},
		{"payment_method = invoice", "18", "a text in quotes"},
		{"payment_method = \"invoice", "18", "no closing quote"},
		{"payment_method = \"a\\n\"", "18", "a backslash stands before"},
		{"payment_method = \"a\x00\"", "18", "none of them invisible"},
		{"payment_method in ()", "20", "a text in quotes"},
		{"payment_method in (\"a\" \"b\")", "24", `expected ")"`},
		{"quote = 5", "9", "quote is true or false"},
		{"requested_date > 2026-02-30", "18", "a date, like"},
		{"requested_date > 20260228", "18", "a date, like"},
		{"ä > 5", "1", "no meaning here"},
		{"quote and ä", "11", "no meaning here"},
		{`payment_method = "ä" and §`, "26", "no meaning here"},
		{deep, "10", "nested too deeply"},
		{strings.Repeat("not ", 12) + "quote", "37", "nested too deeply"},
		{strings.Repeat("quote or ", 250) + "quote", "1801", "more than 200 parts"},
		{strings.Repeat(" ", approval.MostText+1), "", "longer than 4000 characters"},
	} {
		_, err := approval.Parse(row.written)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != fault.Invalid || !errors.Is(err, approval.ErrCondition) {
			t.Errorf("%.60q: got %v", row.written, err)
			continue
		}
		if !strings.Contains(f.Text(), row.why) || f.Detail["position"] != row.position {
			t.Errorf("%.60q: got %q at %q, want %q at %q", row.written, f.Text(), f.Detail["position"], row.why, row.position)
		}
	}
}

func TestATreeFromAFormIsChecked(t *testing.T) {
	flag := approval.Condition{Op: approval.Flag, Fact: "quote"}
	deep := flag
	for range approval.MostDepth {
		deep = approval.Condition{Op: approval.Not, Of: []approval.Condition{deep}}
	}
	for says, c := range map[string]approval.Condition{
		"an unknown fact":                   {Op: approval.Flag, Fact: "mood"},
		"an unknown operator":               {Op: "~", Fact: "quote"},
		"and of one":                        {Op: approval.And, Of: []approval.Condition{flag}},
		"not of two":                        {Op: approval.Not, Of: []approval.Condition{flag, flag}},
		"a part that holds always":          {Op: approval.Or, Of: []approval.Condition{flag, {}}},
		"a flag with a value":               {Op: approval.Flag, Fact: "quote", Is: []approval.Value{{Text: "x"}}},
		"a comparison without a value":      {Op: approval.Above, Fact: "skus"},
		"a comparison with two":             {Op: approval.Above, Fact: "skus", Is: make([]approval.Value, 2)},
		"money without a currency":          {Op: approval.Above, Fact: "total_net", Is: []approval.Value{{Money: money.Of(5, "")}}},
		"a number where money belongs":      {Op: approval.Above, Fact: "total_net", Is: []approval.Value{{Number: 5}}},
		"a value of two kinds":              {Op: approval.Above, Fact: "skus", Is: []approval.Value{{Number: 5, Text: "x"}}},
		"has on a number":                   {Op: approval.Has, Fact: "skus", Is: []approval.Value{{Number: 5}}},
		"an invisible character in a text":  {Op: approval.Equal, Fact: "currency", Is: []approval.Value{{Text: "a\u202eb"}}},
		"a date that is none":               {Op: approval.Above, Fact: "requested_date", Is: []approval.Value{{Text: "soon"}}},
		"one of nothing":                    {Op: approval.In, Fact: "currency"},
		"more levels than anybody can read": deep,
	} {
		if _, err := c.Compile(); !errors.Is(err, approval.ErrCondition) {
			t.Errorf("%s: got %v", says, err)
		}
	}
}

func order() approval.Facts {
	return approval.Facts{
		TotalNet: approval.Known(eur(12_400_00)), SKUs: approval.Known(quantity.Of(3)), Currency: approval.Known("EUR"),
		Categories: approval.Known([]string{"Bikes", "Helmets"}), Quote: approval.Known(true), OverLimit: approval.Known(false),
		PriceIncrease: approval.Known(quantity.Quantity(12500)), RequestedDate: approval.Known("2026-03-09"), PaymentMethod: approval.Known("card"),
		// Nearly euros, and no rates for them.
		MaxLine: approval.Known(money.Of(100, "XUR")), Discount: approval.Known(money.Of(100, "EXR")), CreditLeft: approval.Known(money.Of(100, "EUX")),
		Rates: []money.Exchange{{From: "EUR", To: "USD", E9: 1_100_000_000}, {From: "EUR", To: "JPY", E9: 160_500_000_000}, {From: "EUR", To: "KWD", E9: 330_000_000}},
	}
}

func TestAConditionIsTrueFalseOrUnsure(t *testing.T) {
	const yes, no, unsure = approval.Yes, approval.No, approval.Unsure
	facts := order()
	for _, row := range []struct {
		written string
		want    approval.Truth
		because string
	}{
		{"total_net > 10000 EUR", yes, "total (net) €12,400.00 is above €10,000.00"},
		{"total_net > 12400 EUR", no, "total (net) €12,400.00 is at most €12,400.00"},
		{"total_net >= 12400 EUR", yes, "total (net) €12,400.00 is at least €12,400.00"},
		{"total_net < 12400 EUR", no, "total (net) €12,400.00 is at least €12,400.00"},
		{"total_net <= 12400 EUR", yes, "total (net) €12,400.00 is at most €12,400.00"},
		{"total_net = 12400 EUR", yes, "total (net) €12,400.00 is equal to €12,400.00"},
		{"total_net != 12400 EUR", no, "total (net) €12,400.00 is equal to €12,400.00"},
		{"total_net != 12400.01 EUR", yes, "total (net) €12,400.00 differs from €12,400.01"},
		{"total_net > 13639.99 USD", yes, "total (net) €12,400.00 ($13,640.00) is above $13,639.99"},
		{"total_net > 13640 USD", no, "total (net) €12,400.00 ($13,640.00) is at most $13,640.00"},
		{"total_net = 1990200 JPY", yes, "total (net) €12,400.00 (¥1,990,200) is equal to ¥1,990,200"},
		{"total_net = 4092 KWD", yes, "total (net) €12,400.00 (KWD 4,092.000) is equal to KWD 4,092.000"},
		{"total_net > 1 GBP", unsure, "total (net) €12,400.00 has no rate into GBP"},
		{"max_line > 5 EUR", unsure, "dearest line XUR 1.00 has no rate into EUR"},
		{"discount > 5 EUR", unsure, "discount EXR 1.00 has no rate into EUR"},
		{"credit_left > 5 EUR", unsure, "credit left EUX 1.00 has no rate into EUR"},
		{"shipping > 1 EUR", unsure, "it is not known: shipping cost"},
		{"not shipping > 1 EUR", unsure, "it is not so that it is not known: shipping cost"},
		{"shipping > 1 EUR and over_limit", no, "it is not known: shipping cost and it is not so that a limit is exceeded"},
		{"shipping > 1 EUR and quote", unsure, "it is not known: shipping cost and the order comes from a quote"},
		{"shipping > 1 EUR or quote", yes, "the order comes from a quote"},
		{"shipping > 1 EUR or over_limit", unsure, "it is not known: shipping cost"},
		{"quote and shipping > 1 EUR and over_limit", no, "the order comes from a quote and it is not known: shipping cost and it is not so that a limit is exceeded"},
		{"over_limit or shipping > 1 EUR or quote", yes, "the order comes from a quote"},
		{"skus > 2.5", yes, "number of articles 3 is above 2.5"},
		{"skus != 2", yes, "number of articles 3 differs from 2"},
		{"skus != 3", no, "number of articles 3 is equal to 3"},
		{"skus != 4", yes, "number of articles 3 differs from 4"},
		{"price_increase >= 12.5 %", yes, "price increase 12.5% is at least 12.5%"},
		{`categories has "Bikes"`, yes, `categories: "Bikes"`},
		{`categories has "bikes"`, no, `categories: none of "bikes"`},
		{`categories in ("Cars", "Helmets", "Bikes")`, yes, `categories: "Bikes", "Helmets"`},
		{`suppliers has "Acme"`, unsure, "it is not known: suppliers"},
		{`payment_method in ("card", "invoice")`, yes, `payment method is "card"`},
		{`payment_method != "card"`, no, `payment method is "card"`},
		{`delivery_country != "DE"`, unsure, "it is not known: country of delivery"},
		{"requested_date < 2026-03-10", yes, "requested date 9 Mar 2026 is below 10 Mar 2026"},
		{"not over_limit", yes, "it is not so that it is not so that a limit is exceeded"},
	} {
		c, err := approval.Parse(row.written)
		if err != nil {
			t.Fatal(err)
		}
		match, err := c.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := match(&facts); got != row.want {
			t.Errorf("%s: got %d, want %d", row.written, got, row.want)
		}
		if got := strings.ReplaceAll(c.Explain(&facts).In(locale.English), "\u00a0", " "); got != row.because {
			t.Errorf("%s: because %q, want %q", row.written, got, row.because)
		}
	}
}

// conditions draws well-formed trees.
func conditions(depth int) *rapid.Generator[approval.Condition] {
	return rapid.Custom(func(t *rapid.T) approval.Condition {
		ops := []approval.Op{approval.Flag}
		if depth > 0 {
			ops = append(ops, approval.And, approval.Or, approval.Not)
		}
		op := rapid.SampledFrom(ops).Draw(t, "op")
		switch op {
		case approval.And, approval.Or:
			return approval.Condition{Op: op, Of: rapid.SliceOfN(conditions(depth-1), 2, 4).Draw(t, "parts")}
		case approval.Not:
			return approval.Condition{Op: op, Of: []approval.Condition{conditions(depth-1).Draw(t, "part")}}
		}
		return comparison(t)
	})
}

func comparison(t *rapid.T) approval.Condition {
	fact := rapid.SampledFrom(approval.Vocabulary()).Draw(t, "fact")
	c := approval.Condition{Fact: fact.Name}
	six := []approval.Op{approval.Above, approval.AtLeast, approval.Below, approval.AtMost, approval.Equal, approval.NotEqual}
	text := rapid.SampledFrom([]string{"EUR", "Bikes", "card", `a "b" \c`, "", "Ä"})
	value := approval.Value{}
	switch fact.Kind {
	case approval.MoneyFact:
		value.Money = money.Of(rapid.Int64Range(-300, 300).Draw(t, "minor"), rapid.SampledFrom([]money.Currency{"EUR", "USD", "JPY", "KWD"}).Draw(t, "currency"))
		c.Op = rapid.SampledFrom(six).Draw(t, "op")
	case approval.NumberFact, approval.PercentFact:
		value.Number = quantity.Quantity(10 * rapid.Int64Range(-300, 300).Draw(t, "number"))
		c.Op = rapid.SampledFrom(six).Draw(t, "op")
	case approval.DateFact:
		value.Text = rapid.SampledFrom([]string{"2026-03-08", "2026-03-09", "2026-03-10"}).Draw(t, "date")
		c.Op = rapid.SampledFrom(six).Draw(t, "op")
	case approval.FlagFact:
		c.Op = approval.Flag
		return c
	case approval.TextFact:
		value.Text = text.Draw(t, "text")
		c.Op = rapid.SampledFrom([]approval.Op{approval.Equal, approval.NotEqual, approval.In}).Draw(t, "op")
	case approval.ListFact:
		value.Text = text.Draw(t, "text")
		c.Op = rapid.SampledFrom([]approval.Op{approval.Has, approval.In}).Draw(t, "op")
	}
	c.Is = []approval.Value{value}
	if c.Op == approval.In && rapid.Bool().Draw(t, "two") {
		c.Is = append(c.Is, approval.Value{Text: text.Draw(t, "text")})
	}
	return c
}

// facts draws orders of which everything is known.
func facts(t *rapid.T) approval.Facts {
	var f approval.Facts
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch field := v.Field(i).Addr().Interface().(type) {
		case *approval.Maybe[money.Money]:
			*field = approval.Known(money.Of(rapid.Int64Range(-300, 300).Draw(t, name), "EUR"))
		case *approval.Maybe[quantity.Quantity]:
			*field = approval.Known(quantity.Quantity(rapid.Int64Range(-3000, 3000).Draw(t, name)))
		case *approval.Maybe[string]:
			*field = approval.Known(rapid.SampledFrom([]string{"EUR", "card", "2026-03-09", ""}).Draw(t, name))
		case *approval.Maybe[[]string]:
			*field = approval.Known(rapid.SliceOfN(rapid.SampledFrom([]string{"Bikes", `a "b" \c`, "Ä"}), 0, 2).Draw(t, name))
		case *approval.Maybe[bool]:
			*field = approval.Known(rapid.Bool().Draw(t, name))
		}
	}
	f.Rates = []money.Exchange{{From: "EUR", To: "USD", E9: 1_100_000_000}, {From: "EUR", To: "JPY", E9: 160_000_000_000}, {From: "EUR", To: "KWD", E9: 330_000_000}}
	return f
}

// forget makes some facts unknown.
func forget(t *rapid.T, f approval.Facts) approval.Facts {
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		field := v.Field(i)
		if field.Kind() == reflect.Struct && field.FieldByName("Known").IsValid() && rapid.Bool().Draw(t, "forget "+v.Type().Field(i).Name) {
			field.FieldByName("Known").SetBool(false)
		}
	}
	if rapid.Bool().Draw(t, "forget rates") {
		f.Rates = nil
	}
	return f
}

func TestTheTextOfACanonicalTreeIsReadAsThatTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := conditions(3).Draw(t, "condition").String()
		once, err := approval.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if once.Check() != nil || once.String() != text {
			t.Fatalf("%q was written as %q", text, once)
		}
		again, err := approval.Parse(once.String())
		if err != nil || !reflect.DeepEqual(once, again) {
			t.Fatalf("%q gives another tree", text)
		}
	})
}

func TestWhatIsNotKnownNeverTurnsAMatchIntoNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		match, err := conditions(3).Draw(t, "condition").Compile()
		if err != nil {
			t.Fatal(err)
		}
		whole := facts(t)
		part := forget(t, whole)
		if all, some := match(&whole), match(&part); some != all && some != approval.Unsure {
			t.Fatalf("%d with all facts, %d without some", all, some)
		}
	})
}

func TestACompiledConditionSaysWhatItsTreeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := conditions(3).Draw(t, "condition")
		match, err := c.Compile()
		if err != nil {
			t.Fatal(err)
		}
		f := forget(t, facts(t))
		if got, want := match(&f), walk(t, c, &f); got != want {
			t.Fatalf("%s: compiled %d, walked %d", c, got, want)
		}
	})
}

// walk is the model: the tree read node by node, after its definition.
func walk(t *rapid.T, c approval.Condition, f *approval.Facts) approval.Truth {
	switch c.Op {
	case approval.Not:
		return approval.Yes - walk(t, c.Of[0], f)
	case approval.And, approval.Or:
		least, most := approval.Yes, approval.No
		for _, part := range c.Of {
			least, most = min(least, walk(t, part, f)), max(most, walk(t, part, f))
		}
		if c.Op == approval.And {
			return least
		}
		return most
	}
	leaf, err := c.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return leaf(f)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"total_net > 15000 EUR or skus > 100", `not (categories has "Bi\"kes" and quote)`, "requested_date < 2026-01-01",
		`payment_method in ("a","b")`, "assessment.score >= .8", "((((((((((quote", "credit_left < --5 EUR", "\"\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := approval.Parse(text)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if _, err := c.Compile(); err != nil {
			t.Fatalf("%q was read but does not compile: %v", text, err)
		}
		again, err := approval.Parse(c.String())
		if err != nil || !reflect.DeepEqual(c, again) {
			t.Fatalf("%q was written as %q, which reads differently (%v)", text, c, err)
		}
	})
}
