package pricesetting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/view"
)

var (
	ctx    = context.Background()
	seller = access.System(id.Company{})
)

func each(t *testing.T, test func(t *testing.T, w *cast.World, s *pricesetting.Service)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, cast.Acme(t, db), pricesetting.New(db)) })
}

func eur(e4 int64) money.Rate { return money.Rate{E4: e4, Currency: "EUR"} }

// glove is what a glove costs somebody now, and by which contract or list.
func glove(t *testing.T, w *cast.World, a access.Actor, q quantity.Quantity) string {
	t.Helper()
	sheet, err := cataloguing.New(w.DB).Product(ctx, a, w.Products[1].ID, q)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Price == nil {
		return sheet.NoPrice.Code
	}
	return sheet.Price.Rate.Amount() + " " + sheet.Price.Source.ListName
}

func TestAContractReplacesWhatItSaidBefore(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *pricesetting.Service) {
		now := w.DB.Times()
		set := func(reference string, from, until time.Time, prices ...pricesetting.ProductPrice) {
			t.Helper()
			if err := s.SetContracts(ctx, seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: reference, From: from, Until: until, Prices: prices}); err != nil {
				t.Fatal(err)
			}
		}
		key := w.Products[1].ID
		for _, c := range []struct {
			sentence string
			set      func()
			acme     string
		}{
			{"the list price", func() {}, "7.90 Base"},
			{"a contract", func() { set("A", time.Time{}, time.Time{}, pricesetting.ProductPrice{Product: key, Rate: eur(6_0000)}) }, "6.00 A"},
			{"the lower of two", func() { set("B", time.Time{}, time.Time{}, pricesetting.ProductPrice{Product: key, Rate: eur(5_0000)}) }, "5.00 B"},
			{"the same again, from ten on", func() {
				set("B", time.Time{}, time.Time{}, pricesetting.ProductPrice{Product: key, Min: quantity.Of(10), Rate: eur(4_0000)})
			}, "6.00 A"},
			{"one that has ended", func() {
				set("C", time.Time{}, now.Add(-time.Hour), pricesetting.ProductPrice{Product: key, Rate: eur(1)})
			}, "6.00 A"},
			{"one that has not begun", func() {
				set("D", now.Add(time.Hour), time.Time{}, pricesetting.ProductPrice{Product: key, Rate: eur(1)})
			}, "6.00 A"},
			{"one dearer than the list still counts", func() { set("A", time.Time{}, time.Time{}, pricesetting.ProductPrice{Product: key, Rate: eur(9_0000)}) }, "9.00 A"},
		} {
			c.set()
			if got := glove(t, w, w.Ann, 0); got != c.acme {
				t.Errorf("%s: %s", c.sentence, got)
			}
			if got := glove(t, w, w.Eve, 0); got != "7.90 Base" {
				t.Errorf("%s: Globex pays %s", c.sentence, got)
			}
		}
		if got := glove(t, w, w.Ann, quantity.Of(10)); got != "4.00 B" {
			t.Errorf("from ten on: %s", got)
		}
		list := func(a access.Actor, of id.Company) (string, error) {
			var all []string
			ask := page.Ask{Limit: 1}
			for {
				l, err := s.ListContracts(ctx, a, of, ask)
				if err != nil {
					return "", err
				}
				for _, c := range l.Rows {
					all = append(all, fmt.Sprintf("%s %s %s from %s", c.SKU, c.Reference, c.Rate.Amount(), c.Min))
				}
				if l.Next == "" {
					return strings.Join(all, ", "), nil
				}
				if ask, err = page.Parse(l.Next, 2, 1); err != nil {
					return "", err
				}
			}
		}
		want := "CAST-GLOVE B 4.00 from 10, CAST-GLOVE C 0.0001 from 0, CAST-GLOVE D 0.0001 from 0, CAST-GLOVE A 9.00 from 0"
		for _, a := range []access.Actor{w.Ann, seller} {
			if got, err := list(a, w.Acme); got != want || err != nil {
				t.Errorf("%s lists %s, %v", a.Name, got, err)
			}
		}
		if _, err := list(w.Eve, w.Acme); !errors.Is(err, access.ErrUnseen) {
			t.Error("Eve lists the contracts of Acme:", err)
		}
		if _, err := list(w.Ann.Holding(nil), w.Acme); !errors.Is(err, access.ErrForbidden) {
			t.Error("without prices.view:", err)
		}
	})
}

func TestWhatCannotBeAPriceIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *pricesetting.Service) {
		key := w.Products[1].ID
		one := []pricesetting.ProductPrice{{Product: key, Rate: eur(1)}}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			in       pricesetting.SetContractsInput
			want     error
		}{
			{"Dan, who only runs Acme", w.Dan, pricesetting.SetContractsInput{Company: w.Acme, Reference: "A", Prices: one}, access.ErrUnseen},
			{"no prices", seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: "A"}, pricesetting.ErrPrices},
			{"no reference", seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: " ", Prices: one}, fault.ErrInput},
			{"a company that is not there", seller, pricesetting.SetContractsInput{Company: id.NewCompany(w.DB.Times()), Reference: "A", Prices: one}, company.ErrUnseenMember},
			{"a product that is not there", seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: "A", Prices: []pricesetting.ProductPrice{{Product: id.NewProduct(w.DB.Times()), Rate: eur(1)}}}, cataloguedb.ErrUnseen},
			{"below nothing", seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: "A", Prices: []pricesetting.ProductPrice{{Product: key, Rate: eur(-1)}}}, fault.ErrInput},
			{"another currency", seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: "A", Prices: []pricesetting.ProductPrice{{Product: key, Rate: money.Rate{E4: 1, Currency: "USD"}}}}, fault.ErrInput},
			{"twice the same tier", seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: "A", Prices: append(one, one...)}, fault.ErrInput},
		} {
			err := s.SetContracts(ctx, c.actor, c.in)
			if !errors.Is(err, c.want) && !(c.sentence == "a company that is not there" && fault.KindOf(err) == fault.NotFound) {
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		if got := glove(t, w, w.Ann, 0); got != "7.90 Base" {
			t.Errorf("something was kept: %s", got)
		}
	})
}

// Prices for everybody are set by nobody in silence: the seller's audit has it, and whoever waits for events there.
func TestSettingAPriceListIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *pricesetting.Service) {
		key, err := s.SetList(ctx, seller, pricesetting.SetListInput{Name: " Spring ", Currency: "EUR", Priority: 2, Prices: []pricesetting.ProductPrice{{Product: w.Products[1].ID, Rate: eur(9_0000)}}})
		if err != nil {
			t.Fatal(err)
		}
		var waiting []auditdb.Told
		var trail []view.Trail
		err = w.DB.Write(ctx, access.System(w.Seller), func(tx *store.Tx, _ access.Actor) (err error) {
			tx.Views.WantAuditOf(&trail, w.Seller, key.String())
			waiting, err = tx.Audit.ListWaiting(ctx, w.Seller, 100)
			return err
		})
		if err != nil || len(trail) != 1 || trail[0].Event != "price_list.set" {
			t.Fatalf("%+v, %v", trail, err)
		}
		if i := slices.IndexFunc(waiting, func(o auditdb.Told) bool { return o.Event == "price_list.set" }); i < 0 || waiting[i].About != key.String() {
			t.Errorf("nobody hears of it: %+v", waiting)
		}
		var said pricing.ListWasSet
		if err := json.Unmarshal(trail[0].Body, &said); err != nil || said != (pricing.ListWasSet{ListID: key, Name: "Spring", Currency: "EUR", Priority: 2, Prices: 1}) {
			t.Errorf("%s, %v", trail[0].Body, err)
		}
	})
}

func TestAPriceListIsKnownByItsName(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *pricesetting.Service) {
		key := w.Products[1].ID
		set := func(in pricesetting.SetListInput) (id.PriceList, error) { return s.SetList(ctx, seller, in) }
		base, err := set(pricesetting.SetListInput{Name: "Base", Currency: "EUR", Prices: []pricesetting.ProductPrice{{Product: key, Rate: eur(8_0000)}, {Product: key, Min: quantity.Of(10), Rate: eur(7_0000)}}})
		if err != nil || base != w.BasePrices {
			t.Fatal(base, err)
		}
		if got := glove(t, w, w.Ann, quantity.Of(12)); got != "7.00 Base" {
			t.Error(got)
		}
		if _, err = set(pricesetting.SetListInput{Name: "Base", Currency: "EUR", Prices: []pricesetting.ProductPrice{{Product: key, Rate: eur(8_0000)}}}); err != nil {
			t.Fatal(err)
		}
		if got := glove(t, w, w.Ann, quantity.Of(12)); got != "8.00 Base" {
			t.Error("a tier that is no longer named still counts:", got)
		}
		if _, err := set(pricesetting.SetListInput{Name: "Spring", Currency: "EUR", Priority: 1, Prices: []pricesetting.ProductPrice{{Product: key, Rate: eur(9_0000)}}}); err != nil {
			t.Fatal(err)
		}
		if got := glove(t, w, w.Ann, 0); got != "9.00 Spring" {
			t.Error("the list of higher priority:", got)
		}
		if _, err := set(pricesetting.SetListInput{Name: "Spring", Currency: "EUR", Priority: 1, Until: w.DB.Times().Add(-time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if got := glove(t, w, w.Ann, 0); got != "8.00 Base" {
			t.Error("a list that has ended:", got)
		}
		if _, err := set(pricesetting.SetListInput{Name: "Base", Currency: "USD"}); !errors.Is(err, money.ErrCurrency) {
			t.Error("a list changes its currency:", err)
		}
		if _, err := s.SetList(ctx, w.Dan, pricesetting.SetListInput{Name: "Dan's", Currency: "EUR"}); !errors.Is(err, access.ErrUnseen) {
			t.Error("Dan sets a price list:", err)
		}
		if _, err := s.ListLists(ctx, w.Dan, page.Ask{}); !errors.Is(err, access.ErrUnseen) {
			t.Error("Dan sees all price lists:", err)
		}
		lists, err := s.ListLists(ctx, seller, page.Ask{Limit: 1})
		if err != nil || len(lists.Rows) != 1 || lists.Rows[0].Name != "Base" || lists.Rows[0].Prices != 4 || lists.Next == "" {
			t.Errorf("%+v, %v", lists, err)
		}
	})
}
