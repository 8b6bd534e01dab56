package purchasing_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/purchasing"
)

// An address counts wherever it stands in the book: of one that was filled before it had a bound more is there than is read.
func TestAnAddressFarDownTheBook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		var far id.Address
		w.write(func(tx *store.Tx) {
			for n := range 620 {
				far = id.NewAddress(tx.Now)
				tx.Companies.InsertAddress(w.company, company.Address{ID: far, Label: fmt.Sprintf("Addr %04d", n), Name: "Acme", Street: "Way 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true, Bills: true})
			}
		})
		c := w.filled(1)
		c, err := w.purchasing.Prepare(ctx, w.ann, c.ID, c.Version, cart.Checkout{Payment: purchasing.OnAccount, Delivery: far, Billing: far})
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.purchasing.Preview(ctx, w.ann, c.ID)
		if err != nil || a.Delivery.Label != "Addr 0619" || a.Billing.ID != far || len(a.Refusals) > 0 {
			t.Errorf("goods go to %q, invoices to %q: %v, %v", a.Delivery.Label, a.Billing.Label, a.Refusals, err)
		}
		if _, err := w.purchasing.Prepare(ctx, w.ann, c.ID, c.Version, cart.Checkout{Delivery: id.NewAddress(db.Times())}); !errors.Is(err, purchasing.ErrNoAddress) {
			t.Errorf("one that there is not: %v", err)
		}
	})
}

// Goods go where the buyer, the nearest unit or the company says, and only where those of the unit may.
func TestWhereACartGoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		keys := map[string]id.Address{}
		add := func(label string, owner id.Member) {
			a := company.Address{ID: id.NewAddress(db.Times()), Label: label, Name: "Acme", Street: label + " St 1", City: "Berlin", Country: "DE", Delivers: true, Bills: owner.IsZero()}
			if !owner.IsZero() {
				a = a.Private(owner)
			}
			keys[label] = a.ID
			w.write(func(tx *store.Tx) { tx.Companies.InsertAddress(w.company, a) })
		}
		w.write(func(tx *store.Tx) {
			var book []company.Address
			if tx.Companies.WantBook(&book, w.company); tx.Fetch(ctx) == nil {
				keys["Works"] = book[0].ID
			}
		})
		add("Dock", id.Member{})
		add("Yard", id.Member{})
		add("Home", w.ann.Member)
		add("Bobs", w.bob.Member)
		other := w.anotherUnit()
		c := w.filled(1)
		said := func(delivery string) cart.Checkout {
			k := cart.Checkout{Payment: purchasing.OnAccount, Delivery: keys[delivery]}
			if delivery == "nowhere" {
				k.Delivery = id.NewAddress(db.Times())
			}
			return k
		}
		directions := func(allowed []string, delivery string) (d company.Directions) {
			for _, label := range allowed {
				d.Allowed = append(d.Allowed, keys[label])
			}
			d.Delivery = keys[delivery]
			return d
		}
		custom := func(gives bool) {
			w.write(func(tx *store.Tx) {
				r, err := tx.Access.GetRole(ctx, w.company, w.buyer)
				if err != nil {
					t.Fatal(err)
				}
				r.Set = r.Set.Without(access.SetOf(access.CheckoutCustomAddress))
				if gives {
					r.Set = r.Set.Union(access.SetOf(access.CheckoutCustomAddress))
				}
				tx.Access.UpdateRole(w.company, r)
				tx.Companies.SetRightsChanged(w.company)
			})
		}
		for _, x := range []struct {
			sentence string
			unit     company.Directions // of Ann's
			other    company.Directions // of another one, which is not above hers
			member   company.Directions
			custom   bool
			says     string
			want     string
			offered  string
			refused  *fault.Fault
		}{
			{sentence: "nobody says anything", want: "Works", offered: "Dock Works Yard"},
			{sentence: "Ann chooses", says: "Yard", want: "Yard", offered: "Dock Works Yard"},
			{sentence: "her unit says", unit: directions(nil, "Dock"), want: "Dock", offered: "Dock Works Yard"},
			{sentence: "another unit says", other: directions([]string{"Yard"}, "Yard"), want: "Works", offered: "Dock Works Yard"},
			{sentence: "she says for herself", unit: directions(nil, "Dock"), member: directions(nil, "Yard"), want: "Yard", offered: "Dock Works Yard"},
			{sentence: "her unit allows some", unit: directions([]string{"Dock", "Yard"}, "Yard"), want: "Yard", offered: "Dock Yard"},
			{sentence: "she chooses one of those", unit: directions([]string{"Dock", "Yard"}, "Yard"), says: "Dock", want: "Dock", offered: "Dock Yard"},
			{sentence: "she chooses none of those", unit: directions([]string{"Dock", "Yard"}, "Yard"), says: "Works", want: "Works", offered: "Dock Yard", refused: company.ErrAddressNotAllowed},
			{sentence: "she may not send it home", says: "Home", want: "Home", offered: "Dock Works Yard", refused: access.ErrForbidden},
			{sentence: "with the permission she may", says: "Home", custom: true, want: "Home", offered: "Dock Home Works Yard"},
			{sentence: "as usual, too", member: directions(nil, "Home"), custom: true, want: "Home", offered: "Dock Home Works Yard"},
			{sentence: "not without", member: directions(nil, "Home"), want: "Works", offered: "Dock Works Yard"},
			{sentence: "not past what her unit allows", unit: directions([]string{"Dock"}, ""), says: "Home", custom: true, want: "Home", offered: "Dock", refused: company.ErrAddressNotAllowed},
			{sentence: "not to Bob's home", says: "Bobs", custom: true, offered: "Dock Home Works Yard", refused: purchasing.ErrNoAddress},
			{sentence: "not where there is nothing", says: "nowhere", offered: "Dock Works Yard", refused: purchasing.ErrNoAddress},
		} {
			t.Run(x.sentence, func(t *testing.T) {
				custom(x.custom)
				w.write(func(tx *store.Tx) {
					tx.Companies.SetDirections(w.company, w.unit, x.unit)
					tx.Companies.SetDirections(w.company, other, x.other)
					tx.Companies.SetMemberDirections(w.company, w.ann.Member, x.member)
				})
				a, err := w.purchasing.Try(ctx, w.ann, c.ID, said(x.says))
				if err != nil {
					t.Fatal(err)
				}
				var offered []string
				for _, o := range a.Choices.Book.Deliveries() {
					offered = append(offered, o.Label)
				}
				slices.Sort(offered)
				if a.Delivery.Label != x.want || a.Billing.Label != "Works" || strings.Join(offered, " ") != x.offered {
					t.Errorf("goods go to %q, invoices to %q, offered are %q", a.Delivery.Label, a.Billing.Label, offered)
				}
				told := slices.ContainsFunc(a.Refusals, func(f *fault.Fault) bool { return x.refused != nil && errors.Is(f, x.refused) })
				if x.refused == nil && len(a.Refusals) > 0 || x.refused != nil && (!told || len(a.Refusals) != 1) {
					t.Errorf("refused: %v", a.Refusals)
				}
				if x.refused == nil {
					return
				}
				k := said(x.says)
				_, err = w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &k})
				f := fault.Of(err)
				if f == nil || f.Code != purchasing.ErrRefused.Code || len(f.Reasons) != 1 || f.Reasons[0].Code != x.refused.Code {
					t.Errorf("it is not refused: %v", err)
				}
			})
		}
		if _, err := w.purchasing.Prepare(ctx, w.ann, c.ID, c.Version, said("Bobs")); !errors.Is(err, purchasing.ErrNoAddress) {
			t.Errorf("the cart keeps Bob's home: %v", err)
		}
		if _, err := w.purchasing.Prepare(ctx, w.ann, c.ID, c.Version, said("Home")); err != nil {
			t.Errorf("the cart keeps not her home: %v", err)
		}
	})
}

// anotherUnit is one beside Ann's.
func (w *world) anotherUnit() id.Unit {
	key := id.NewUnit(w.db.Times())
	w.write(func(tx *store.Tx) {
		tx.Companies.InsertUnit(w.company, company.Unit{ID: key, Code: "HR", Name: "HR"})
		tx.Companies.InsertNode(w.company, company.Node{Kind: company.UnitNode, Unit: key, Path: "1.9."}, company.Node{Kind: company.MemberNode, Member: w.dan.Member, Path: "1."})
	})
	return key
}
