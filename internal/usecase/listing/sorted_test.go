package listing_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/budget"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// sorted is a list, and the orders that it knows.
type sorted struct {
	name string
	by   []string
	read func(page.Ask) ([]string, string, error) // the keys of the rows, and the next cursor
}

func listed[R any](name string, by []string, key func(R) string, read func(page.Ask) (page.List[R], error)) sorted {
	return sorted{name, by, func(ask page.Ask) (keys []string, next string, err error) {
		list, err := read(ask)
		for _, r := range list.Rows {
			keys = append(keys, key(r))
		}
		return keys, list.Next, err
	}}
}

// walk reads a list page by page.
func (s sorted) walk(t *testing.T, sort page.Sort, limit int) (all []string) {
	t.Helper()
	ask := page.Ask{Limit: limit, Sort: sort}
	for range 1000 {
		keys, next, err := s.read(ask)
		if err != nil {
			t.Fatalf("%s by %s: %v", s.name, sort, err)
		}
		if len(keys) > limit {
			t.Errorf("%s by %s: %d rows on a page of %d", s.name, sort, len(keys), limit)
		}
		if all = append(all, keys...); next == "" {
			return all
		}
		if ask, err = page.Parse(next, 0, limit); err != nil {
			t.Fatal(err)
		}
		ask.Sort = sort
	}
	t.Fatalf("%s by %s does not end", s.name, sort)
	return nil
}

// bound asks with a cursor of this order for every other one, and for the same one the other way round: they are refused.
func (s sorted) bound(t *testing.T, name string) {
	t.Helper()
	_, next, err := s.read(page.Ask{Limit: 1, Sort: page.Sort{By: name}})
	if err != nil || next == "" {
		t.Fatalf("%s by %s: no second page, %v", s.name, name, err)
	}
	for _, other := range s.by {
		for _, down := range []bool{false, true} {
			ask, err := page.Parse(next, 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			ask.Sort = page.Sort{By: other, Down: down}
			if _, _, err = s.read(ask); (other != name || down) != errors.Is(err, page.ErrOrder) || other == name && !down && err != nil {
				t.Errorf("%s by %s, with a cursor of %s: %v", s.name, ask.Sort, name, err)
			}
		}
	}
}

// Paging through a list in any of its orders, by pages of any size, meets every row once; the other way round is the same
// backwards. So it is for all lists, whatever rows are alike, on both databases.
func TestPagingMeetsEveryRowOnceInEveryOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, s := range lists(t, matrix.New(t, db)) {
			whole := s.walk(t, page.Sort{}, page.Most)
			if len(whole) < 2 {
				t.Errorf("%s has %d rows, which shows nothing", s.name, len(whole))
			}
			for _, name := range s.by {
				up, down := s.walk(t, page.Sort{By: name}, page.Most), s.walk(t, page.Sort{By: name, Down: true}, page.Most)
				if !slices.Equal(slices.Sorted(slices.Values(up)), slices.Sorted(slices.Values(whole))) {
					t.Errorf("%s by %s has other rows: %v, %v", s.name, name, up, whole)
				}
				slices.Reverse(down)
				if !slices.Equal(up, down) {
					t.Errorf("%s by %s the other way round is not the same backwards: %v, %v", s.name, name, up, down)
				}
				for _, limit := range []int{1, 2, 3, 7} {
					if got := s.walk(t, page.Sort{By: name}, limit); !slices.Equal(got, up) {
						t.Errorf("%s by %s by pages of %d: %v, want %v", s.name, name, limit, got, up)
					}
					if got := s.walk(t, page.Sort{By: name, Down: true}, limit); !slices.Equal(got, whole) {
						slices.Reverse(got)
						if !slices.Equal(got, up) {
							t.Errorf("%s by -%s by pages of %d: %v, want %v backwards", s.name, name, limit, got, up)
						}
					}
				}
			}
			for _, name := range s.by {
				s.bound(t, name)
			}
			if _, _, err := s.read(page.Ask{Sort: page.Sort{By: "moon"}}); !errors.Is(err, page.ErrSort) {
				t.Errorf("%s by the moon: %v", s.name, err)
			}
			if _, _, err := s.read(page.Ask{After: []string{"a", "b", "c", "d"}}); !errors.Is(err, page.ErrCursor) {
				t.Errorf("%s behind what is no row: %v", s.name, err)
			}
		}
	})
}

// lists are all that can be sorted.
func lists(t *testing.T, w *matrix.World) []sorted {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 6 { // two of each name, and of each limit
		_, err := w.Budgeting.CreateCostCentre(ctx, w.Dan, budgeting.CostCentreInput{Code: "S" + strconv.Itoa(i), Name: "Same " + strconv.Itoa(i/2)})
		must(err)
		_, err = w.Budgeting.Create(ctx, w.Dan, budgeting.CreateInput{Name: "Sorted " + strconv.Itoa(i), Limit: money.Of(int64(1000*(i/2)), "EUR"), Basis: budget.Net,
			Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone})
		must(err)
	}
	poor, err := w.Budgeting.Create(ctx, w.Dan, budgeting.CreateInput{Name: "Moved", Limit: money.Of(1000, "EUR"), Basis: budget.Net, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone})
	must(err)
	for i := range 5 {
		var s budgeting.Sheet
		if s, err = w.Budgeting.Get(ctx, w.Dan, poor.ID, page.Ask{}); err == nil {
			_, err = w.Budgeting.SetLimit(ctx, w.Dan, budgeting.SetLimitInput{ID: poor.ID, Version: s.Budget.Version, Limit: money.Of(int64(2000+i), "EUR"), Onwards: true, Note: "more"})
		}
		must(err)
	}
	money := []string{"number", "total"}
	return []sorted{
		listed("members", []string{"name", "state", "since"}, view.Row.Key, func(ask page.Ask) (page.List[view.Row], error) {
			return w.Organising.Members(ctx, w.Dan, view.MemberFilter{}, ask)
		}),
		listed("members and who is invited", []string{"name", "state", "since"}, view.Row.Key, func(ask page.Ask) (page.List[view.Row], error) {
			return w.Organising.Places(ctx, w.Dan, view.MemberFilter{}, ask)
		}),
		listed("invitations", []string{"sent", "email", "until"}, func(i view.Invitation) string { return i.ID.String() }, func(ask page.Ask) (page.List[view.Invitation], error) {
			return w.Organising.Invitations(ctx, w.Dan, view.InvitationFilter{}, ask)
		}),
		listed("purchase orders", append(money, "submitted"), func(p view.PurchaseOrder) string { return p.Number }, func(ask page.Ask) (page.List[view.PurchaseOrder], error) {
			return w.Approving.ListPurchaseOrders(ctx, w.Dan, approving.Filter{}, ask)
		}),
		listed("orders", append(money, "placed"), func(o view.Order) string { return o.Number }, func(ask page.Ask) (page.List[view.Order], error) {
			return w.Purchasing.Orders(ctx, w.Dan, purchasing.OrderFilter{}, ask)
		}),
		listed("what waits", []string{"waiting", "requester", "total"}, func(r approving.QueueRow) string { return r.Number }, func(ask page.Ask) (page.List[approving.QueueRow], error) {
			q, err := w.Approving.Queue(ctx, waitedFor(t, w), view.QueueFilter{}, ask)
			return q.List, err
		}),
		listed("budgets", []string{"name", "limit"}, func(s budgeting.Status) string { return s.Name }, func(ask page.Ask) (page.List[budgeting.Status], error) {
			return w.Budgeting.List(ctx, w.Dan, budgeting.Filter{}, ask)
		}),
		listed("a ledger", []string{"when"}, func(e view.Entry) string { return page.Number(e.Place) }, func(ask page.Ask) (page.List[view.Entry], error) {
			s, err := w.Budgeting.Get(ctx, w.Dan, poor.ID, ask)
			return s.Ledger, err
		}),
		listed("cost centres", []string{"code", "name"}, func(c view.CostCentre) string { return c.Code }, func(ask page.Ask) (page.List[view.CostCentre], error) {
			return w.Budgeting.ListCostCentres(ctx, w.Dan, budgeting.CostCentreFilter{}, ask)
		}),
		listed("the audit", []string{"when"}, func(e audit.Entry) string { return e.ID.String() }, func(ask page.Ask) (page.List[audit.Entry], error) {
			t, err := w.Auditing.List(ctx, w.Dan, view.AuditFilter{}, ask)
			return t.List, err
		}),
		listed("companies", []string{"name", "number", "since"}, func(c view.Customer) string { return c.Number }, func(ask page.Ask) (page.List[view.Customer], error) {
			return w.Onboarding.ListCustomers(ctx, w.Sam, view.CustomerFilter{}, ask)
		}),
	}
}

// waitedFor is whoever most purchase orders wait for.
func waitedFor(t *testing.T, w *matrix.World) (who access.Actor) {
	t.Helper()
	most := int64(-1)
	for _, p := range w.People[1:] {
		n, err := w.Approving.Counts(context.Background(), p.Actor)
		if err == nil && p.Actor.Company == w.Acme && n.Waiting.N > most {
			most, who = n.Waiting.N, p.Actor
		}
	}
	return who
}
