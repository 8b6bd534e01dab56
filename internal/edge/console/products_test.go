package console_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/console"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/view"
)

const header = "sku,name,unit,category,supplier,minimum,step,maximum,lead_days,price,from_quantity,list\n"

func TestAFileThatIsNoneIsRefusedAtOnce(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "this file is empty: it needs a row of headings"},
		{"a blank line", "\n\n", "this file is empty"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00", "no column"},
		{"semicolons", "sku;name;unit;category\n", "with commas between them"},
		{"tabs", "sku\tname\tunit\tcategory\n", "with commas between them"},
		{"a column that there is not", "sku,name,unit,category,colour\n", `no column "colour"`},
		{"a column without a name", "sku,name,unit,category,\n", `no column ""`},
		{"a column that is missing", "sku,name,unit\n", `the column "category" is missing`},
		{"a column that is there twice", "sku,name,unit,category,price,Price\n", `the column "price" is there twice`},
		{"a quote in the header", "sku,\"na\"me\",unit,category\n", "the quotation marks in line 1 do not fit together"},
		{"several", "sku,colour,shape,sku\n", `no column "shape"`},
		{"and at once what is missing", "sku,colour,shape,sku\n", `the column "category" is missing`},
		{"no header at all", "T-1,Tape,pcs,Office\n", `no column "t-1"`},
		{"a quote that does not end", header + "T-1,\"Tape,pcs,Office,,,,,,,,\nT-2,Tape,pcs,Office,,,,,,,,\n", "the quotation marks in line 2 do not fit together"},
		{"a quote in the midst", header + "T-1,Ta\"pe,pcs,Office,,,,,,,,\n", "the quotation marks in line 2 do not fit together"},
	} {
		_, err := console.ReadProducts(strings.NewReader(c.text), ',', "Base", "EUR")
		if !errors.Is(err, console.ErrFile) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// A row is looked at although the header is wrong, as far as its columns are known.
func TestAWrongHeaderDoesNotHideItsRows(t *testing.T) {
	_, err := console.ReadProducts(strings.NewReader("sku,name,unit,colour,price\nT-1,Tape,pcs,red,1x\nT-2,Tape,pcs,red\n"), ',', "Base", "EUR")
	for _, want := range []string{`no column "colour"`, `the column "category" is missing`, "line 2, price: a unit price is a number", "line 3: this row has 4 values"} {
		if !errors.Is(err, console.ErrFile) || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing of %s in %v", want, err)
		}
	}
}

// A comma stands in numbers where semicolons stand between values, and only there.
func TestADecimalCommaIsReadBetweenSemicolons(t *testing.T) {
	for _, c := range []struct {
		comma rune
		price string
		e4    int64 // 0: it is no price
	}{{';', "1,5000", 1_5000}, {';', "1.5", 1_5000}, {';', "1.234,5", 0}, {';', "1,234,5", 0}, {';', "1,234.5", 0}, {'\t', "1,5", 0}, {',', `"1,5"`, 0}} {
		text := strings.ReplaceAll("sku|name|unit|category|price|from_quantity\nT-1|Tape, brown|pcs|Office|"+c.price+"|2\n", "|", string(c.comma))
		if c.comma == ',' {
			text = strings.Replace(text, "Tape, brown", `"Tape, brown"`, 1)
		}
		rows, err := console.ReadProducts(strings.NewReader(text), c.comma, "Base", "EUR")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for r := range rows {
			if read := r.Fault == nil && r.Prices[0].Rate.E4 == c.e4; read != (c.e4 != 0) || r.Product.Name != "Tape, brown" {
				t.Errorf("%s: %v %+v", text, r.Fault, r)
			}
		}
	}
}

// shop is what there is to buy, and at which prices: what an import must not have touched.
func shop(t *testing.T, db *store.DB, w *cast.World) string {
	t.Helper()
	r, err := cataloguing.New(db).Search(t.Context(), w.Ann, cataloguing.SearchInput{}, page.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	lists, err := pricesetting.New(db).ListLists(t.Context(), access.System(id.Company{}), page.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range r.Rows {
		b.WriteString(p.SKU + " " + p.Name + "\n")
	}
	for _, l := range lists.Rows {
		b.WriteString("list " + l.Name + " " + quantity.Of(l.Prices).String() + "\n")
	}
	return b.String()
}

// Each mistake is told with its row, its column and its reason, all of them at once, and nothing is kept: no product, no
// category, and no price list.
func TestABrokenFileIsToldRowByRowAndChangesNothing(t *testing.T) {
	const good = "T-1,Tape,pcs,Office > Tape,Tapes Inc.,2,2,100,3,1.50,,\n"
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		s := cataloguing.New(db)
		load := func(text string) (cataloguing.Imported, error) {
			rows, err := console.ReadProducts(strings.NewReader(text), ',', "Spring", "EUR")
			if err != nil {
				t.Fatal(err)
			}
			done, err := s.Import(t.Context(), access.System(id.Company{}), rows, pricing.PriceList{Name: "Spring", Currency: "EUR"})
			return done, console.InColumns(err)
		}
		before := shop(t, db, w)
		for _, c := range []struct {
			name, rows string
			want       []string // each a line, a column and how the reason begins; all there are
		}{
			{"no article number", good + ",Tape,pcs,Office,,,,,,,,\n", []string{"line 3, sku: an article number is"}},
			{"an article number that is too long", strings.Repeat("9", 101) + ",Tape,pcs,Office,,,,,,,,\n", []string{"line 2, sku: an article number is"}},
			{"no name", "T-2,,pcs,Office,,,,,,,,\n", []string{"line 2, name: a name is 1 to 500"}},
			{"no unit", "T-2,Tape, ,Office,,,,,,,,\n", []string{"line 2, unit: please fill this in"}},
			{"no category", "T-2,Tape,pcs,,,,,,,,,\n", []string{"line 2, category:"}},
			{"a category with a level that has no name", "T-2,Tape,pcs,Office >> Tape,,,,,,,,\n", []string{`line 2, category: "" is no name`}},
			{"too many levels", "T-2,Tape,pcs,a>b>c>d>e>f>g>h>i,,,,,,,,\n", []string{"line 2, category: a category is named by 1 to 8"}},
			{"quantities that are none", "T-2,Tape,pcs,Office,,some,-1,1.2345,,,,\n", []string{"line 2, minimum: ", "line 2, step: ", "line 2, maximum: "}},
			{"no quantity that is left", "T-2,Tape,pcs,Office,,10,10,5,,,,\n", []string{"line 2, maximum: no quantity is left"}},
			{"days that are none", "T-2,Tape,pcs,Office,,,,,soon,,,\n", []string{"line 2, lead_days: days are"}},
			{"days below zero", "T-2,Tape,pcs,Office,,,,,-4,,,\n", []string{"line 2, lead_days: days are"}},
			{"a price that is none", "T-2,Tape,pcs,Office,,,,,,cheap,,\n", []string{"line 2, price: "}},
			{"a price with a comma", "T-2,Tape,pcs,Office,,,,,,\"1,50\",,\n", []string{"line 2, price: "}},
			{"a price below zero", "T-2,Tape,pcs,Office,,,,,,-1.50,,\n", []string{"line 2, price: "}},
			{"a price with too many decimals", "T-2,Tape,pcs,Office,,,,,,1.00001,,\n", []string{"line 2, price: "}},
			{"a tier that is none", "T-2,Tape,pcs,Office,,,,,,1.50,many,\n", []string{"line 2, from_quantity: "}},
			{"the same tier twice", "T-2,Tape,pcs,Office,,,,,,1.50,,\nT-2,Tape,pcs,Office,,,,,,1.40,,\n", []string{"line 3, from_quantity: the list Spring has two prices"}},
			{"a list that there is not", "T-2,Tape,pcs,Office,,,,,,1.50,,\nT-2,Tape,pcs,Office,,,,,,1.40,10,Autumn\n", []string{`line 3, list: there is no price list "Autumn"`}},
			{"an article number that came before", good + "T-2,Tape,pcs,Office,,,,,,,,\n t-1 ,Tape,pcs,Office,,,,,,,,\n", []string{"line 4, sku: this article number stands in line 2"}},
			{"a comma too many", "T-2,Tape, wide,pcs,Office,,,,,,,,\n", []string{"line 2: this row has 13 values, and the header has 12 columns"}},
			{"a row that breaks off", good + "T-2,Tape,pcs,Off", []string{"line 3: this row has 4 values"}},
			{"characters of another time", "T-2,Klebeb\xe4nder,pcs,Office,,,,,,,,\n", []string{"line 2: the characters of value 2 cannot be read"}},
			{"a nought among the characters", "T-2,Ta\x00pe,pcs,Office,,,,,,,,\n", []string{"line 2: the characters of value 2 cannot be read"}},
			{"lines are counted as an editor counts them", "\n\"T-2\",\"Tape,\nwide\",pcs,Office,,,,,,,,\n\nT-3,,pcs,Office,,,,,,,,\n", []string{"line 6, name: "}},
			{"all at once", ",,,,,,,,,,,\nT-2,,pcs,Office,,,,,,,,\nT-3,Tape,pcs,Office,,,,,x,y,,\n",
				[]string{"line 2, unit: ", "line 2, sku: ", "line 2, name: ", "line 2, category: ", "line 3, name: ", "line 4, lead_days: ", "line 4, price: "}},
		} {
			_, err := load(header + c.rows)
			var f *fault.Fault
			if !errors.As(err, &f) || len(f.Reasons) != len(c.want) || len(f.Fields) > 0 || f.Code != console.ErrFile.Code || !strings.HasPrefix(f.Text(), "this file needs another look") {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
				continue
			}
			for _, want := range c.want {
				if !slices.ContainsFunc(f.Reasons, func(x *fault.Fault) bool { return strings.HasPrefix(x.Text(), want) }) {
					t.Errorf("%s: nothing is said of %q: %v", c.name, want, err)
				}
			}
			if after := shop(t, db, w); after != before {
				t.Fatalf("%s: it has changed something:\n%s", c.name, after)
			}
		}
		many := header + strings.Repeat(",Tape,pcs,Office,,,,,,,,\nT,,pcs,Office,,,,,,,,\n", 5000)
		if _, err := load(many); err == nil || len(fault.Of(err).Reasons) > 110 {
			t.Errorf("of ten thousand mistakes %d are told", len(fault.Of(err).Reasons))
		}
		done, err := load("\ufeff" + header + good + "T-1,Tape,pcs,Office > Tape,Tapes Inc.,2,2,100,3,1.20,50,\nT-2,\"Tape, wide\",pcs,Office > Tape,,,,,,,,\n")
		if err != nil || done != (cataloguing.Imported{Made: 2, Categories: 2, Prices: 2}) {
			t.Errorf("after all that was refused the good file is %+v, %v", done, err)
		}
		var sheet view.PriceList
		lists, err := pricesetting.New(db).ListLists(t.Context(), access.System(id.Company{}), page.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lists.Rows {
			if l.Name == "Spring" {
				sheet = l
			}
		}
		if sheet.Prices != 2 || sheet.Currency != money.Currency("EUR") {
			t.Errorf("the list that was wanted is %+v", sheet)
		}
	})
}

// A list that no row wants is not made.
func TestAnImportMakesOnlyTheListThatIsWanted(t *testing.T) {
	db := storetest.Lite(t)
	w := cast.Acme(t, db)
	before := shop(t, db, w)
	rows, err := console.ReadProducts(strings.NewReader("sku,name,unit,category,price,list\nT-1,Tape,pcs,Office,1.50,Base\nT-2,Tape,pcs,Office,,\n"), ',', "Spring", "EUR")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cataloguing.New(db).Import(t.Context(), access.System(id.Company{}), rows, pricing.PriceList{Name: "Spring", Currency: "EUR"}); err != nil {
		t.Fatal(err)
	}
	if after := shop(t, db, w); strings.Contains(after, "Spring") || after == before {
		t.Error(after)
	}
}

// What a file has no column for stays as it is; an empty value in a column that it has is one.
func TestAFileSaysNothingOfTheColumnsItHasNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		take := func(file string) {
			t.Helper()
			rows, err := console.ReadProducts(strings.NewReader(file), ',', "Base", "EUR")
			if err == nil {
				_, err = cataloguing.New(db).Import(t.Context(), access.System(id.Company{}), rows)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		look := func() (p catalogue.Product) {
			t.Helper()
			err := db.Read(t.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
				var some []cataloguedb.Numbered
				tx.Catalogue.WantNumbered(&some, []string{catalogue.Fold("T-1")})
				err := tx.Fetch(t.Context())
				p = some[0].Product
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		take("sku,name,unit,category,description,supplier,minimum,step,maximum,lead_days\nT-1,Tape,pcs,Office,Sticks,Gluey,100,10,1000,45\n")
		full := look()
		take("sku,name,unit,category\nT-1,Wide tape,pcs,Office\n")
		want := full
		want.Name = "Wide tape"
		if got := look(); got != want {
			t.Errorf("%+v\nand not\n%+v", got, want)
		}
		take("sku,name,unit,category,description,lead_days\nT-1,Wide tape,pcs,Office,,\n")
		want.Description, want.LeadDays = "", 0
		if got := look(); got != want {
			t.Errorf("%+v\nand not\n%+v", got, want)
		}
		rows, err := console.ReadProducts(strings.NewReader("sku,name,unit,category,maximum\nT-1,Tape,pcs,Office,50\n"), ',', "Base", "EUR")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cataloguing.New(db).Import(t.Context(), access.System(id.Company{}), rows); !errors.Is(err, fault.ErrInput) {
			t.Errorf("a maximum below the minimum that stays: %v", err)
		}
	})
}
