package exchangedb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/store/exchangedb"
	"kontor/internal/storetest"
)

var ctx = context.Background()

// shelf is a company with a webhook.
type shelf struct {
	t       testing.TB
	db      *store.DB
	company id.Company
	hook    id.Webhook
}

func newShelf(t testing.TB, db *store.DB, number string) *shelf {
	t.Helper()
	now := db.Times()
	s := &shelf{t, db, id.NewCompany(now), id.NewWebhook(now)}
	s.write(func(tx *store.Tx) {
		tx.Companies.Insert(company.Company{ID: s.company, Number: number, Name: number, Status: company.Active, Currency: "EUR", Zone: "UTC", FiscalMonth: 1,
			PONumber: company.Optional, CostCentre: company.Optional, ExpiryDays: 1, CreatedAt: now})
		tx.Exchange.Insert(exchange.Endpoint{ID: s.hook, Company: s.company, Name: "ERP", URL: "https://erp.example.com/", Filters: []string{"*"}, Version: 1}.
			Rotate("one", now).Rotate("two", now).Resume())
	})
	return s
}

func (s *shelf) write(fn func(tx *store.Tx)) {
	s.t.Helper()
	if err := s.db.Write(ctx, access.System(s.company), func(tx *store.Tx, _ access.Actor) error { fn(tx); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

// put adds deliveries, "a1" being the event at place 1 that happened to a, and makes their heads due.
func (s *shelf) put(names ...string) {
	s.t.Helper()
	s.write(func(tx *store.Tx) {
		for _, name := range names {
			var place int64
			if _, err := fmt.Sscan(name[1:], &place); err != nil {
				s.t.Fatal(err)
			}
			tx.Exchange.InsertDelivery(exchangedb.Delivery{Delivery: exchange.Delivery{ID: id.NewDelivery(tx.Now), Company: s.company, Endpoint: s.hook,
				Event: id.NewEvent(tx.Now), Head: name[:1], State: exchange.DeliveryReady}, Place: place, Name: "x", Body: []byte("{}")})
			tx.Exchange.SetHeads(s.company, s.hook, []string{name[:1]})
		}
	})
}

func (s *shelf) due() (all []exchangedb.Delivery, names []string) {
	s.t.Helper()
	s.write(func(tx *store.Tx) {
		var err error
		if all, err = tx.Exchange.ListDue(ctx, s.company, s.hook, 10); err != nil {
			s.t.Fatal(err)
		}
	})
	for _, d := range all {
		names = append(names, fmt.Sprint(d.Head, d.Place))
	}
	slices.Sort(names)
	return all, names
}

// end ends the deliveries that are due.
func (s *shelf) end(state exchange.DeliveryState) {
	s.t.Helper()
	all, _ := s.due()
	s.write(func(tx *store.Tx) {
		var heads []string
		for _, d := range all {
			d.State, d.Last.At = state, tx.Now
			tx.Exchange.SetDelivery(d.Delivery)
			heads = append(heads, d.Head)
		}
		tx.Exchange.SetHeads(s.company, s.hook, heads)
	})
}

func TestOfEachHeadTheFirstIsDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db, "1")
		want := func(when string, want ...string) {
			t.Helper()
			if _, got := s.due(); !slices.Equal(got, want) {
				t.Errorf("%s: %q are due, want %q", when, got, want)
			}
		}
		want("at first")
		s.put("a1", "a3", "b2", "a4")
		want("put", "a1", "b2")
		s.end(exchange.DeliverySent)
		want("after the first ones", "a3")
		s.put("b5")
		want("a head that was through", "a3", "b5")
		s.end(exchange.DeliveryDead)
		want("after those", "a4")
		s.write(func(tx *store.Tx) { // what died is ready again, but something of its head is under way
			dead, err := tx.Exchange.ListDead(ctx, s.company, s.hook, tx.Now, 10)
			if err != nil || len(dead) != 2 || dead[0].Place != 3 || dead[1].Place != 5 {
				t.Fatal(dead, err)
			}
			for _, d := range dead {
				d.State, d.Due = exchange.DeliveryReady, time.Time{}
				tx.Exchange.SetDelivery(d.Delivery)
				tx.Exchange.SetHeads(s.company, s.hook, []string{d.Head})
			}
		})
		want("replayed", "a4", "b5")
		s.end(exchange.DeliverySent)
		want("in the end", "a3")
	})
}

func TestAWebhookIsDueWhenItsFirstDeliveryIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db, "1")
		found := func(when string, want bool) {
			t.Helper()
			s.write(func(tx *store.Tx) {
				c, key, got, err := tx.Exchange.FindDue(ctx)
				if err != nil || got != want || got && (c != s.company || key != s.hook) {
					t.Errorf("%s: %v %v %v %v", when, c, key, got, err)
				}
			})
		}
		found("without deliveries", false)
		s.put("a1", "b2")
		found("with some", true)
		s.write(func(tx *store.Tx) { tx.Exchange.SetLease(s.company, s.hook, tx.Now.Add(time.Minute)) })
		found("taken", false)
		s.write(func(tx *store.Tx) { tx.Exchange.SetBehind(s.company, s.hook, tx.Now.Add(time.Minute)) })
		found("given back, but not at once", false)
		s.write(func(tx *store.Tx) { tx.Exchange.SetBehind(s.company, s.hook, tx.Now) })
		found("given back", true)
		s.write(func(tx *store.Tx) {
			w, err := tx.Exchange.Get(ctx, s.company, s.hook)
			if err != nil {
				t.Fatal(err)
			}
			tx.Exchange.Update(w.Halt())
		})
		found("paused", false)
		s.put("c3")
		found("paused, with one more", false)
	})
}

func TestWhatIsKeptComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, other := newShelf(t, db, "1"), newShelf(t, db, "2")
		s.put("a1", "a2")
		s.end(exchange.DeliveryDead)
		s.write(func(tx *store.Tx) {
			w, err := tx.Exchange.GetCounted(ctx, s.company, s.hook)
			if err != nil || w.Waiting != 1 || w.Dead != 1 || len(w.Secrets) != 2 || w.Secrets[0].Text != "two" || w.Secrets[1].Until.IsZero() || !w.Secrets[0].Until.IsZero() {
				t.Errorf("%+v, %v", w, err)
			}
			if _, err := tx.Exchange.Get(ctx, other.company, s.hook); !errors.Is(err, exchangedb.ErrUnseen) {
				t.Errorf("another company's webhook: %v", err)
			}
			if list, err := tx.Exchange.List(ctx, other.company); err != nil || len(list) != 1 || list[0].ID != other.hook {
				t.Errorf("%+v, %v", list, err)
			}
			if all, err := tx.Exchange.ListDeliveries(ctx, other.company, s.hook, "", 0, 10); err != nil || len(all) > 0 {
				t.Errorf("another company's deliveries: %+v, %v", all, err)
			}
			if all, err := tx.Exchange.ListDeliveries(ctx, s.company, s.hook, "' or 1 = 1 --", 0, 10); err != nil || len(all) > 0 {
				t.Errorf("a state that there is none: %+v, %v", all, err)
			}
			j := exchange.Job{ID: id.NewJob(tx.Now), Company: s.company, Kind: "k", Input: `{"a": 1}`, State: exchange.JobReady, Due: tx.Now.Add(time.Hour), MadeAt: tx.Now}
			tx.Exchange.InsertJob(j)
			if got, err := tx.Exchange.GetJob(ctx, s.company, j.ID); err != nil || got.Kind != "k" || got.Input != j.Input || !got.Due.Equal(j.Due) || got.State != exchange.JobReady {
				t.Errorf("%+v, %v", got, err)
			}
			if _, err := tx.Exchange.GetJob(ctx, other.company, j.ID); !errors.Is(err, exchangedb.ErrJobUnseen) {
				t.Errorf("another company's job: %v", err)
			}
			if _, found, err := tx.Exchange.FindJob(ctx, []string{"k"}); found || err != nil {
				t.Errorf("a job that is not due: %v, %v", found, err)
			}
		})
	})
}
