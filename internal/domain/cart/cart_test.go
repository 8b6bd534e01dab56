package cart_test

import (
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/cart"
)

var (
	noon  = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	screw = id.NewProduct(noon)
	nut   = id.NewProduct(noon)
	paint = id.NewProduct(noon)
	order = id.NewPurchaseOrder(noon)
)

func line(product id.Product, n int64, note string) cart.Line {
	return cart.Line{ID: id.NewCartLine(noon), Product: product, Quantity: quantity.Of(n), Note: note}
}

// two is an open cart of version 5 with ten screws and a nut.
func two() cart.Cart {
	return cart.Cart{ID: id.NewCart(noon), Name: "March", State: cart.Open, Version: 5, Lines: []cart.Line{line(screw, 10, "zinc"), line(nut, 1, "")}}
}

// says is the cart as people would say it.
func says(c cart.Cart) string {
	names := map[id.Product]string{screw: "screw", nut: "nut", paint: "paint"}
	var all []string
	for _, l := range c.Lines {
		text := l.Quantity.String() + " " + names[l.Product]
		if l.Note != "" {
			text += " (" + l.Note + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestLinesAreAdded(t *testing.T) {
	tests := []struct {
		says  string
		lines []cart.Line
		want  string
		err   error
	}{
		{"another product has its line behind", []cart.Line{line(paint, 2, "red")}, "10 screw (zinc), 1 nut, 2 paint (red)", nil},
		{"the same product is more of it", []cart.Line{line(screw, 5, "")}, "15 screw (zinc), 1 nut", nil},
		{"with another note", []cart.Line{line(screw, 5, "steel")}, "15 screw (steel), 1 nut", nil},
		{"a new product twice is one line", []cart.Line{line(paint, 2, ""), line(paint, 3, "")}, "10 screw (zinc), 1 nut, 5 paint", nil},
		{"half of one", []cart.Line{{ID: id.NewCartLine(noon), Product: nut, Quantity: 500}}, "10 screw (zinc), 1.5 nut", nil},
		{"nothing", nil, "10 screw (zinc), 1 nut", nil},
		{"none of a product", []cart.Line{line(paint, 1, ""), line(nut, 0, "")}, "", quantity.ErrRange},
		{"less than none", []cart.Line{line(screw, -1, "")}, "", quantity.ErrRange},
		{"more than there can be", []cart.Line{{Product: screw, Quantity: quantity.Most}}, "", quantity.ErrRange},
		{"a note that is too long", []cart.Line{line(paint, 1, strings.Repeat("ü", cart.LongestNote+1))}, "", cart.ErrText},
		{"a note that cannot be read", []cart.Line{line(paint, 1, "\xff")}, "", cart.ErrText},
		{"a note with a nought byte", []cart.Line{line(paint, 1, "a\x00")}, "", cart.ErrText},
	}
	for _, test := range tests {
		c := two()
		got, err := c.Add(test.lines...)
		if says(got) != test.want || !errors.Is(err, test.err) || test.err == nil && (err != nil || got.Version != 6) {
			t.Errorf("%s: %s, version %d, %v; want %s, %v", test.says, says(got), got.Version, err, test.want, test.err)
		}
		if says(c) != "10 screw (zinc), 1 nut" || c.Version != 5 {
			t.Errorf("%s: the old cart is now %s", test.says, says(c))
		}
		if err == nil && got.Lines[0].ID != c.Lines[0].ID {
			t.Errorf("%s: the line of the screws has another identifier", test.says)
		}
	}
}

func TestACartHasAThousandLines(t *testing.T) {
	lines := make([]cart.Line, cart.MostLines)
	for i := range lines {
		lines[i] = line(id.NewProduct(noon), 1, strings.Repeat("ü", cart.LongestNote))
	}
	full, err := cart.Cart{State: cart.Open}.Add(lines...)
	if err != nil || len(full.Lines) != 1000 {
		t.Fatalf("%d lines, %v", len(full.Lines), err)
	}
	if _, err := full.Add(line(paint, 1, "")); !errors.Is(err, cart.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if more, err := full.Add(line(lines[7].Product, 1, "")); err != nil || more.Lines[7].Quantity != quantity.Of(2) {
		t.Errorf("more of the eighth: %v", err)
	}
}

func TestACartIsChanged(t *testing.T) {
	c := two()
	screws, nuts, stranger := c.Lines[0].ID, c.Lines[1].ID, id.NewCartLine(noon)
	unit := id.NewUnit(noon)
	done := func(c cart.Cart, err error) func() (cart.Cart, error) {
		return func() (cart.Cart, error) { return c, err }
	}
	tests := []struct {
		says string
		do   func() (cart.Cart, error)
		want string
		err  error
	}{
		{"another quantity and note", done(c.Change(5, screws, quantity.Of(3), "steel")), "3 screw (steel), 1 nut", nil},
		{"a note is taken away", done(c.Change(5, screws, quantity.Of(10), "")), "10 screw, 1 nut", nil},
		{"to nothing", done(c.Change(5, screws, 0, "")), "", quantity.ErrRange},
		{"a note that is too long", done(c.Change(5, screws, quantity.One, strings.Repeat("x", 2001))), "", cart.ErrText},
		{"a line of another cart", done(c.Change(5, stranger, quantity.One, "")), "", cart.ErrLine},
		{"as it was seen earlier", done(c.Change(4, screws, quantity.One, "")), "", cart.ErrStale},
		{"as it cannot have been seen", done(c.Change(6, screws, quantity.One, "")), "", cart.ErrStale},
		{"a line is removed", done(c.Remove(5, screws)), "1 nut", nil},
		{"all lines are removed", done(c.Remove(5, nuts, screws)), "", nil},
		{"a line twice", done(c.Remove(5, nuts, nuts)), "", cart.ErrLine},
		{"a line and one of another cart", done(c.Remove(5, nuts, stranger)), "", cart.ErrLine},
		{"removed as it was seen earlier", done(c.Remove(4, nuts)), "", cart.ErrStale},
		{"another name", done(c.Rename(" April ")), "10 screw (zinc), 1 nut", nil},
		{"no name", done(c.Rename(" ")), "", cart.ErrText},
		{"a name that is too long", done(c.Rename(strings.Repeat("x", 101))), "", cart.ErrText},
		{"what was said about the order", done(c.Prepare(5, cart.Checkout{Unit: unit})), "10 screw (zinc), 1 nut", nil},
		{"said too late", done(c.Prepare(4, cart.Checkout{Unit: unit})), "", cart.ErrStale},
		{"said at too great length", done(c.Prepare(5, cart.Checkout{Note: strings.Repeat("x", 2001)})), "", cart.ErrText},
		{"with a reference that is too long", done(c.Prepare(5, cart.Checkout{Reference: strings.Repeat("x", 101)})), "", cart.ErrText},
		{"submitted", done(c.Submit(5, order)), "10 screw (zinc), 1 nut", nil},
		{"submitted as it was seen earlier", done(c.Submit(4, order)), "", cart.ErrStale},
		{"submitted empty", done(cart.Cart{State: cart.Open}.Submit(0, order)), "", cart.ErrEmpty},
	}
	for _, test := range tests {
		got, err := test.do()
		if says(got) != test.want || !errors.Is(err, test.err) || test.err == nil && (err != nil || got.Version != 6) {
			t.Errorf("%s: %s, version %d, %v; want %s, %v", test.says, says(got), got.Version, err, test.want, test.err)
		}
	}
	if says(c) != "10 screw (zinc), 1 nut" || c.Version != 5 || c.Name != "March" || c.State != cart.Open || c.Checkout != (cart.Checkout{}) {
		t.Errorf("the old cart is now %+v", c)
	}
	if renamed, err := c.Rename(" April "); err != nil || renamed.Name != "April" {
		t.Errorf("renamed %q, %v", renamed.Name, err)
	}
	if prepared, err := c.Prepare(5, cart.Checkout{Unit: unit}); err != nil || prepared.Checkout.Unit != unit {
		t.Errorf("prepared %+v, %v", prepared.Checkout, err)
	}
}

func TestASubmittedCartDoesNotChange(t *testing.T) {
	c, err := two().Submit(5, order)
	if err != nil || c.State != cart.Submitted || c.Became != order {
		t.Fatal(c.State, err)
	}
	first := c.Lines[0].ID
	for says, do := range map[string]func() (cart.Cart, error){
		"add":     func() (cart.Cart, error) { return c.Add(line(paint, 1, "")) },
		"change":  func() (cart.Cart, error) { return c.Change(6, first, quantity.One, "") },
		"remove":  func() (cart.Cart, error) { return c.Remove(6, first) },
		"rename":  func() (cart.Cart, error) { return c.Rename("x") },
		"prepare": func() (cart.Cart, error) { return c.Prepare(6, cart.Checkout{}) },
		"submit":  func() (cart.Cart, error) { return c.Submit(6, order) },
	} {
		got, err := do()
		if f := fault.Of(err); !errors.Is(err, cart.ErrSubmitted) || f.Detail["purchase_order_id"] != order.String() || !reflect.DeepEqual(got, cart.Cart{}) {
			t.Errorf("%s: %v, noting %v", says, err, f.Detail)
		}
	}
}

func TestACartIsChosen(t *testing.T) {
	c := two()
	chosen, err := c.Choose(noon)
	if err != nil || chosen.ChosenAt != noon || chosen.Version != 5 || says(chosen) != says(c) || !c.ChosenAt.IsZero() {
		t.Errorf("%+v, %v", chosen, err)
	}
	later, err := chosen.Choose(noon.Add(time.Hour))
	if err != nil || later.ChosenAt != noon.Add(time.Hour) {
		t.Errorf("chosen again at %s, %v", later.ChosenAt, err)
	}
	done, err := chosen.Submit(5, order)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := done.Choose(noon); !errors.Is(err, cart.ErrSubmitted) {
		t.Errorf("a submitted one: %v", err)
	}
}

// Whatever is done to a cart, it holds what a map of products would hold, and no earlier cart changes.
func TestACartIsAMapOfProducts(t *testing.T) {
	products := []id.Product{screw, nut, paint, id.NewProduct(noon)}
	rapid.Check(t, func(t *rapid.T) {
		c := cart.Cart{State: cart.Open}
		model := map[id.Product]quantity.Quantity{}
		version := int64(0)
		product := func(t *rapid.T) id.Product { return rapid.SampledFrom(products).Draw(t, "product") }
		amount := func(t *rapid.T) quantity.Quantity {
			return quantity.Quantity(rapid.OneOf(rapid.Int64Range(-1, 3000), rapid.Int64Range(int64(quantity.Most)-1000, int64(quantity.Most))).Draw(t, "quantity"))
		}
		find := func(p id.Product) id.CartLine {
			for _, l := range c.Lines {
				if l.Product == p {
					return l.ID
				}
			}
			return id.CartLine{}
		}
		step := func(t *rapid.T, next cart.Cart, err error, change func(), may bool) {
			old, lines := c, append([]cart.Line(nil), c.Lines...)
			if (err == nil) != may {
				t.Fatalf("%v, and the model says %v", err, may)
			}
			if err == nil {
				c = next
				version++
				change()
			}
			for i, l := range old.Lines {
				if l != lines[i] {
					t.Fatalf("the earlier cart has changed: %v to %v", lines[i], l)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				p, q := product(t), amount(t)
				next, err := c.Add(cart.Line{ID: id.NewCartLine(noon), Product: p, Quantity: q})
				step(t, next, err, func() { model[p] += q }, q > 0 && model[p]+q <= quantity.Most)
			},
			"change": func(t *rapid.T) {
				p, q := product(t), amount(t)
				next, err := c.Change(c.Version, find(p), q, "")
				step(t, next, err, func() { model[p] = q }, model[p] > 0 && q > 0 && q <= quantity.Most)
			},
			"remove": func(t *rapid.T) {
				p := product(t)
				next, err := c.Remove(c.Version, find(p))
				step(t, next, err, func() { delete(model, p) }, model[p] > 0)
			},
			"": func(t *rapid.T) {
				held := map[id.Product]quantity.Quantity{}
				for _, l := range c.Lines {
					held[l.Product] += l.Quantity
				}
				if !maps.Equal(held, model) || len(held) != len(c.Lines) || c.Version != version {
					t.Fatalf("version %d holds %v, want version %d, %v", c.Version, held, version, model)
				}
			},
		})
	})
}
