package purchasing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/payment"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
)

// What a checkout offers and takes follows what the seller lets the company do: its own selection, that of its customer
// group, and that of the group of a parent whose group it has.
func TestACompanyPaysAsItMay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w, s, prices := newWorld(t, db), onboarding.New(db), pricesetting.New(db)
		seller := cast.Acme(t, db)
		advance, err := prices.CreateGroup(ctx, seller.Sam, pricing.GroupFields{Code: "adv", Name: "Pays first", Payments: []payment.Method{payment.Advance}})
		if err != nil {
			t.Fatal(err)
		}
		version := func() int64 {
			c, err := s.GetCustomer(ctx, seller.Sam, w.company)
			if err != nil {
				t.Fatal(err)
			}
			return c.Version
		}
		agree := func(change func(*company.Terms)) {
			t.Helper()
			terms := company.NewTerms()
			change(&terms)
			if err := s.SetTerms(ctx, seller.Sam, onboarding.SetTermsInput{Company: w.company, Version: version(), Terms: terms}); err != nil {
				t.Fatal(err)
			}
		}
		const account, first = purchasing.OnAccount, purchasing.Advance
		for _, c := range []struct {
			sentence string
			change   func()
			offers   []string
			account  error // what becomes of an order on account
			first    error // and of one in advance
		}{
			{"nothing is said", func() {}, []string{account, first}, nil, nil},
			{"pay on account is off", func() { agree(func(t *company.Terms) { t.OnAccount = false }) }, []string{first}, company.ErrOnAccount, nil},
			{"the company has a selection", func() { agree(func(t *company.Terms) { t.Payments = []payment.Method{payment.OnAccount} }) }, []string{account}, nil, company.ErrPayment},
			{"the selection is off", func() {
				agree(func(t *company.Terms) { t.Payments, t.OnAccount = []payment.Method{payment.OnAccount}, false })
			}, nil, company.ErrOnAccount, company.ErrPayment},
			{"its group has a selection", func() {
				agree(func(*company.Terms) {})
				if err := s.AssignGroup(ctx, seller.Sam, onboarding.AssignGroupInput{Company: w.company, Version: version(), Group: advance.ID}); err != nil {
					t.Fatal(err)
				}
			}, []string{first}, company.ErrPayment, nil},
			{"its own comes first", func() { agree(func(t *company.Terms) { t.Payments = []payment.Method{payment.OnAccount} }) }, []string{account}, nil, company.ErrPayment},
			{"it has the group of its parent", func() {
				agree(func(*company.Terms) {})
				err := s.SetParent(ctx, seller.Sam, onboarding.SetParentInput{Company: w.company, Version: version(), Parent: "10001", Inherits: company.Inherits{Group: true}})
				if err != nil {
					t.Fatal(err)
				}
			}, []string{account, first}, nil, nil},
			{"ordering is off", func() { agree(func(t *company.Terms) { t.Ordering = false }) }, []string{account, first}, company.ErrOrdering, company.ErrOrdering},
		} {
			c.change()
			basket := w.filled(1)
			for way, want := range map[string]error{account: c.account, first: c.first} {
				a, err := w.purchasing.Try(ctx, w.ann, basket.ID, cart.Checkout{Payment: way})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(a.Choices.Payments, c.offers) {
					t.Errorf("%s: offers %v", c.sentence, a.Choices.Payments)
				}
				if refused := slices.ContainsFunc(a.Refusals, func(f *fault.Fault) bool { return errors.Is(f, want) }); want != nil && !refused || want == nil && len(a.Refusals) > 0 {
					t.Errorf("%s: a preview of %s says %v", c.sentence, way, a.Refusals)
				}
				if want == nil {
					continue
				}
				if _, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: basket.ID, Version: basket.Version, Checkout: &cart.Checkout{Payment: way}}); !errors.Is(err, want) {
					t.Errorf("%s: submitting with %s: %v", c.sentence, way, err)
				}
			}
		}
	})
}

// Payment terms are those of the company, or live those of its parent.
func TestPaymentTermsAreShownAtCheckout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w, s := newWorld(t, db), onboarding.New(db)
		seller := cast.Acme(t, db)
		days := func(n int64, inherits bool) (int64, string) {
			t.Helper()
			c, err := s.GetCustomer(ctx, seller.Sam, w.company)
			if err != nil {
				t.Fatal(err)
			}
			terms := company.NewTerms()
			terms.NetDays = n
			if err := s.SetTerms(ctx, seller.Sam, onboarding.SetTermsInput{Company: w.company, Version: c.Version, Terms: terms}); err != nil {
				t.Fatal(err)
			}
			if err := s.SetParent(ctx, seller.Sam, onboarding.SetParentInput{Company: w.company, Version: c.Version + 1, Parent: "10001", Inherits: company.Inherits{Terms: inherits}}); err != nil {
				t.Fatal(err)
			}
			a, err := w.purchasing.Preview(ctx, w.ann, w.filled(1).ID)
			if err != nil {
				t.Fatal(err)
			}
			return a.Payer.Terms.NetDays, a.Payer.Name
		}
		parent := company.NewTerms()
		parent.NetDays = 30
		if err := s.SetTerms(ctx, seller.Sam, onboarding.SetTermsInput{Company: seller.Acme, Version: 1, Terms: parent}); err != nil {
			t.Fatal(err)
		}
		if n, of := days(14, false); n != 14 || of != "Acme" {
			t.Errorf("its own: %d of %s", n, of)
		}
		if n, of := days(14, true); n != 30 || of != "Acme Works" {
			t.Errorf("its parent's: %d of %s", n, of)
		}
	})
}

// No approval places an order of a company that may not order; to reject and to withdraw stay possible.
func TestNoApprovalPlacesWhereOrderingIsOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w, s := newWorld(t, db), onboarding.New(db)
		seller := cast.Acme(t, db)
		w.bands()
		submit := func() purchasing.Submitted {
			c := w.filled(200)
			done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		first, second := submit(), submit()
		terms := company.NewTerms()
		terms.Ordering = false
		if err := s.SetTerms(ctx, seller.Sam, onboarding.SetTermsInput{Company: w.company, Version: 1, Terms: terms}); err != nil {
			t.Fatal(err)
		}
		decide := func(v approval.Verdict) error {
			sheet, err := w.approving.Get(ctx, w.bob, first.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: first.ID, Verdict: v, Reason: "no", Hash: sheet.Hash})
			return err
		}
		if err := decide(approval.Agree); !errors.Is(err, approving.ErrCompany) {
			t.Error("it is approved:", err)
		}
		if err := decide(approval.Decline); err != nil {
			t.Error("it is not rejected:", err)
		}
		if _, err := w.approving.Withdraw(ctx, w.ann, second.ID, "no"); err != nil {
			t.Error("it is not withdrawn:", err)
		}
	})
}

// A member who may not pay on account is told so, whatever the company may.
func TestTheCompanysSwitchGivesNobodyARight(t *testing.T) {
	w := newWorld(t, storetest.Lite(t))
	blind := w.ann.Holding([]access.Grant{{Set: access.SetOf(access.CheckoutPlace, access.CheckoutWithoutBudget).Normalise()}})
	a, err := w.purchasing.Try(context.Background(), blind, w.filled(1).ID, cart.Checkout{Payment: purchasing.OnAccount})
	if err != nil || !slices.Equal(a.Choices.Payments, []string{purchasing.Advance}) || len(a.Refusals) != 1 || a.Refusals[0].Code != access.ErrForbidden.Code {
		t.Errorf("%+v, %v", a, err)
	}
}

// What can have changed since it was submitted is looked at when somebody agrees: who ordered it is active still, and all of it is
// sold. To reject it stays possible.
func TestNoApprovalPlacesWhatCouldNotBeOrderedNow(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		then func(w *world)
		want error
	}{
		"who ordered it has left": {func(w *world) {
			w.write(func(tx *store.Tx) {
				tx.Views.Tx.Write(`update member set status = 'inactive' where id = ?`, w.ann.Member)
			})
		}, approving.ErrLeft},
		"it is no longer sold": {func(w *world) {
			w.write(func(tx *store.Tx) { tx.Views.Tx.Write(`update product set status = 'obsolete' where id = ?`, w.screw) })
		}, approving.ErrUnsold},
	} {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			w := newWorld(t, db)
			w.bands()
			done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: w.filled(200).ID, Version: 1})
			if err != nil {
				t.Fatal(err)
			}
			hash := w.hash(done.ID)
			c.then(w)
			decide := func(v approval.Verdict) error {
				_, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: v, Reason: "no", Hash: hash})
				return err
			}
			if err := decide(approval.Agree); !errors.Is(err, c.want) {
				t.Errorf("%s: it is approved: %v", name, err)
			}
			sheet, err := w.approving.Get(ctx, w.bob, done.ID)
			if !errors.Is(sheet.Approve, c.want) {
				t.Errorf("%s: it is said that it may be approved: %v, %v", name, sheet.Approve, err)
			}
			if err := decide(approval.Decline); err != nil {
				t.Errorf("%s: it is not rejected: %v", name, err)
			}
		})
	}
}

// A budget for a time that is over, or has not begun, is none: who may not order without one does not.
func TestABudgetOfAnotherTimeIsNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) {
			tx.Views.Tx.Write(`update company set budgets_used = ? where id = ?`, true, w.company)
			for i, span := range [][2]date.Date{{"2020-01-01", "2020-02-01"}, {"2090-01-01", "2090-02-01"}} {
				tx.Budgets.Insert(budget.Budget{ID: id.NewBudget(db.Times()), Company: w.company, Name: fmt.Sprint("Another time ", i), Owner: budget.Owner{Unit: w.unit}, Limit: money.Of(1_00, "EUR"),
					Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Fixed, From: span[0], Until: span[1]}, Exhausted: budget.Block, Carry: budget.CarryNone})
			}
		})
		_, err := w.purchasing.Submit(context.Background(), w.ann, purchasing.SubmitInput{Cart: w.filled(2).ID, Version: 1})
		if !errors.Is(err, purchasing.ErrNoBudget) {
			t.Errorf("it is ordered: %v", err)
		}
	})
}
