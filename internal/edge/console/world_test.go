package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/mailer"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// world is the cast after some weeks of work: purchase orders in every state that there is, their money, their events
// on the way to people and webhooks, jobs and the timetable.
type world struct {
	*cast.World
	t          *testing.T
	ahead      time.Duration // of the clock
	purchasing *purchasing.Service
	approving  *approving.Service
	exchanging *exchanging.Service
	budget     id.Budget

	// Purchase orders, by what became of them.
	placed, waiting, agreed, rejected, withdrawn, expired, early, between, theirs purchasing.Submitted

	taking, gone, slow id.Webhook // one takes what it gets, one is gone for good, and one gets nothing just now
}

// work makes the world in a new database, closes it, and gives its address.
func work(t *testing.T, address string) (*world, string) {
	t.Helper()
	db := storetest.Open(t, address, nil)
	w := &world{t: t, purchasing: purchasing.New(db, step.NewRulebook()), approving: approving.New(db)}
	w.ahead = -30 * 24 * time.Hour
	db.Engine().SetClock(func() time.Time { return time.Now().Add(w.ahead) })
	w.World = cast.Acme(t, db)
	w.check(onboarding.New(db).SetManagers(context.Background(), w.Sam, onboarding.SetManagersInput{Company: w.Acme, Version: 1, Staff: []id.Member{w.Sam.Member}}))
	w.rules()
	w.webhooks(db)
	_, err := granting.New(db).CreateSeparation(t.Context(), w.Dan, access.SeparationFields{Name: "Two keys", Cardinality: 2, Excuses: true, On: true,
		Permissions: access.SetOf(access.PurchaseOrdersOverride, access.CheckoutWithoutBudget)})
	w.check(err)
	w.expired = w.order(w.Ann, 20)
	w.ahead = 0
	if n, err := w.approving.ExpireDue(t.Context(), access.System(id.Company{})); err != nil || n != 1 {
		t.Fatalf("%d expired: %v", n, err)
	}
	w.placed, w.waiting, w.agreed = w.order(w.Ann, 1), w.order(w.Ann, 20), w.order(w.Ann, 21)
	w.decide(w.Bob, w.agreed.ID, approval.Agree, "")
	w.rejected, w.withdrawn = w.order(w.Ann, 22), w.order(w.Ann, 23)
	w.decide(w.Bob, w.rejected.ID, approval.Decline, "too many")
	if _, err := w.approving.Withdraw(t.Context(), w.Ann, w.withdrawn.ID, "no longer"); err != nil {
		t.Fatal(err)
	}
	w.early, w.between = w.order(w.Ann, 150), w.order(w.Ann, 200)
	w.decide(w.Bob, w.between.ID, approval.Agree, "it is winter")
	w.theirs = w.order(w.Eve, 2, func(c *cart.Checkout) {
		c.Unit, c.Delivery, c.Billing = w.GlobexUnits["globex"], w.GlobexAddress, w.GlobexAddress
	})
	w.tell(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return w, address
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// rules sets a budget for operations, asks Bob above 100.00 EUR, and above 1 000.00 EUR Cleo after him.
func (w *world) rules() {
	w.t.Helper()
	b, err := budgeting.New(w.DB).Create(w.t.Context(), w.Dan, budgeting.CreateInput{Name: "Operations", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(10_000_00, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone})
	w.check(err)
	w.budget = b.ID
	one, two := money.Of(100_00, "EUR"), money.Of(1_000_00, "EUR")
	manager := approval.WantedStage{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{{Kind: approval.OfManager, Level: 1}}}}}
	dan := approval.WantedStage{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{{Kind: approval.OfMember, Member: w.Dan.Member}}}}}
	_, err = w.approving.CreateRule(w.t.Context(), w.Dan, approval.Rule{Name: "Bands", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{},
		{Above: &one, Then: approval.Requirement{Effect: approval.Ask, Stages: []approval.WantedStage{manager}}},
		{Above: &two, Then: approval.Requirement{Effect: approval.Ask, Stages: []approval.WantedStage{manager, dan}}}}})
	w.check(err)
	_, err = listing.New(w.DB).SaveView(w.t.Context(), w.Dan, company.SavedView{List: "queue", Name: "Large ones", Query: "sort=-total"})
	w.check(err)
}

// order submits so many gloves, of 7.90 EUR each.
func (w *world) order(a access.Actor, gloves int64, also ...func(*cart.Checkout)) purchasing.Submitted {
	w.t.Helper()
	c, err := w.purchasing.Add(w.t.Context(), a, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(gloves)}}})
	w.check(err)
	said := cart.Checkout{Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount}
	for _, say := range also {
		say(&said)
	}
	c, err = w.purchasing.Prepare(w.t.Context(), a, c.ID, c.Version, said)
	w.check(err)
	done, err := w.purchasing.Submit(w.t.Context(), a, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: c.ID.String()})
	w.check(err)
	return done
}

func (w *world) decide(a access.Actor, key id.PurchaseOrder, v approval.Verdict, reason string) {
	w.t.Helper()
	sheet, err := w.approving.Get(w.t.Context(), a, key)
	w.check(err)
	_, err = w.approving.Decide(w.t.Context(), a, approving.DecideInput{Order: key, Verdict: v, Reason: reason, Hash: sheet.Hash})
	w.check(err)
}

// webhooks makes two of Acme's webhooks.
func (w *world) webhooks(db *store.DB) {
	w.t.Helper()
	guard := webhook.Guard{AllowPrivate: true}
	w.exchanging = exchanging.New(db, exchanging.Settings{Public: "https://buy.example.com", Guard: guard,
		Client: webhook.New(webhook.Options{Guard: guard, Timeout: 5 * time.Second, Now: time.Now, Agent: "Kontor/test"})})
	for _, h := range []struct {
		name   string
		into   *id.Webhook
		status int
	}{{"ERP", &w.taking, http.StatusOK}, {"Shop", &w.gone, http.StatusGone}} {
		receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(h.status) }))
		w.t.Cleanup(receiver.Close)
		made, err := w.exchanging.CreateWebhook(w.t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: h.name, URL: receiver.URL, Filters: []string{"purchase_order.*", "order.*"}})
		w.check(err)
		*h.into = made.ID
	}
}

// tell lets everybody hear of what happened, and leaves some of it on its way.
func (w *world) tell(db *store.DB) {
	w.t.Helper()
	ctx, system := w.t.Context(), access.System(id.Company{})
	mails := notifying.New(db, notifying.Settings{Public: "https://buy.example.com", From: mailer.Address{Mail: "kontor@buy.example.com"}, Sender: mailer.Folder{Dir: w.t.TempDir()}})
	table := []exchanging.On{{Event: "purchase_order.*", Do: mails.React}, {Event: "*", Do: w.exchanging.React}}
	relay := func() {
		for more := true; more; {
			n, err := w.exchanging.Relay(ctx, system, table)
			w.check(err)
			more = n > 0
		}
	}
	relay()
	for _, work := range []func(context.Context, access.Actor) (bool, error){mails.Deliver, w.exchanging.Deliver} {
		for more := true; more; {
			var err error
			more, err = work(ctx, system)
			w.check(err)
		}
	}
	receiver, err := w.exchanging.CreateWebhook(ctx, w.Dan, exchanging.CreateWebhookInput{Name: "Slow", URL: "http://127.0.0.1:9/", Filters: []string{"purchase_order.*"}})
	w.check(err)
	w.slow = receiver.ID
	w.order(w.Ann, 24)
	relay()
	w.order(w.Ann, 2) // nobody has heard of this one yet
	_, err = w.exchanging.ReplayDead(ctx, w.Dan, w.gone)
	w.check(err)
	_, err = w.exchanging.WorkOff(ctx, system, map[string]exchanging.Work{exchanging.ReplayJob: func(context.Context, access.Actor, exchange.Job, exchanging.Advance) error { return nil }})
	w.check(err)
	_, err = w.exchanging.ReplayDead(ctx, w.Dan, w.gone)
	w.check(err)
	_, err = w.exchanging.Turn(ctx, system, "purge", exchange.Every(time.Minute), func(context.Context) error { return nil })
	w.check(err)
	_, err = auditing.New(db).Seal(ctx, system)
	w.check(err)
	w.order(w.Ann, 3) // and this one is not sealed
}
