package exchanging_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/store/exchangedb"
	"kontor/internal/usecase/exchanging"
)

func TestTheLifeOfAWebhook(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := exchanging.CreateWebhookInput{Name: " ERP ", URL: "https://erp.example.com/in/key-0815", Filters: []string{"order.placed", "budget.*", "order.placed"}, Key: "k"}
		made, err := w.CreateWebhook(ctx, w.Dan, in)
		if err != nil {
			t.Fatal(err)
		}
		if made.Name != "ERP" || !made.Active || made.Version != 1 || !slices.Equal(made.Filters, []string{"budget.*", "order.placed"}) || !made.OldUntil.IsZero() {
			t.Errorf("made: %+v", made)
		}
		if _, err := webhook.ParseSecret(made.Secret); err != nil {
			t.Error(err)
		}
		again, err := w.CreateWebhook(ctx, w.Dan, in)
		if err != nil || again.ID != made.ID || again.Secret != "" {
			t.Errorf("the same request again: %+v, %v", again, err)
		}
		if _, err := w.EditWebhook(ctx, w.Dan, exchanging.EditWebhookInput{ID: made.ID, Version: 7, Name: "ERP", URL: in.URL, Filters: in.Filters}); !errors.Is(err, exchanging.ErrStale) {
			t.Error(err)
		}
		edited, err := w.EditWebhook(ctx, w.Dan, exchanging.EditWebhookInput{ID: made.ID, Version: 1, Name: "ERP 2", URL: "https://erp.example.com/in/key-4711", Filters: []string{"*"}})
		if err != nil || edited.Name != "ERP 2" || edited.URL != "https://erp.example.com/in/key-4711" || edited.Version != 2 {
			t.Errorf("edited: %+v, %v", edited, err)
		}
		if got := w.get(w.Dan, made.ID); !sameWebhook(got, edited) {
			t.Errorf("read: %+v\nwant %+v", got, edited)
		}
		paused, err := w.PauseWebhook(ctx, w.Dan, made.ID)
		if err != nil || paused.Active || paused.Stopped != exchange.ByPerson {
			t.Errorf("paused: %+v, %v", paused, err)
		}
		if err := w.TestWebhook(ctx, w.Dan, made.ID); !errors.Is(err, exchanging.ErrInactive) {
			t.Error(err)
		}
		resumed, err := w.ResumeWebhook(ctx, w.Dan, made.ID)
		if err != nil || !resumed.Active || resumed.Stopped != exchange.NotStopped {
			t.Errorf("resumed: %+v, %v", resumed, err)
		}
		rotated, secret, err := w.RotateSecret(ctx, w.Dan, made.ID)
		if err != nil || secret == made.Secret || rotated.OldUntil.Sub(w.DB.Times()) < exchange.Overlap-time.Minute {
			t.Errorf("rotated: %+v, %v", rotated, err)
		}
		list, err := w.ListWebhooks(ctx, w.Dan)
		if err != nil || len(list) != 1 || !sameWebhook(list[0], rotated) {
			t.Errorf("listed: %+v, %v", list, err)
		}
		if err := w.DeleteWebhook(ctx, w.Dan, made.ID, rotated.Version-1); !errors.Is(err, exchanging.ErrStale) {
			t.Errorf("deleted as it was before: %v", err)
		}
		if err := w.DeleteWebhook(ctx, w.Dan, made.ID, rotated.Version); err != nil {
			t.Error(err)
		}
		if _, err := w.GetWebhook(ctx, w.Dan, made.ID); !errors.Is(err, exchangedb.ErrUnseen) {
			t.Error(err)
		}
		told := w.told(w.Acme)
		var names []string
		for _, o := range told {
			names = append(names, o.Event)
			for _, hidden := range []string{made.Secret, secret, "key-0815", "key-4711"} {
				if strings.Contains(string(o.Body), hidden) {
					t.Errorf("%s tells %q: %s", o.Event, hidden, o.Body)
				}
			}
		}
		if want := []string{"webhook.created", "webhook.edited", "webhook.paused", "webhook.resumed", "webhook.secret_rotated", "webhook.deleted"}; !slices.Equal(names, want) {
			t.Errorf("told %q, want %q", names, want)
		}
	})
}

func sameWebhook(a, b exchanging.Webhook) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// told lists what nobody has reacted to.
func (w *world) told(company id.Company) (all []auditdb.Told) {
	w.t.Helper()
	err := w.DB.Write(ctx, access.System(company), func(tx *store.Tx, _ access.Actor) (err error) {
		all, err = tx.Audit.ListWaiting(ctx, company, 100)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestWhatIsNoWebhookIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Guard.AllowPrivate = false
		good := exchanging.CreateWebhookInput{Name: "ERP", URL: "https://erp.example.com/", Filters: []string{"*"}}
		for _, c := range []struct {
			name  string
			edit  func(*exchanging.CreateWebhookInput)
			field string
		}{
			{"without a name", func(in *exchanging.CreateWebhookInput) { in.Name = " " }, "name"},
			{"without filters", func(in *exchanging.CreateWebhookInput) { in.Filters = nil }, "filters"},
			{"with a filter that is none", func(in *exchanging.CreateWebhookInput) { in.Filters = []string{"Order Placed"} }, "filters"},
			{"in the clear", func(in *exchanging.CreateWebhookInput) { in.URL = "http://erp.example.com/" }, "url"},
			{"to this machine", func(in *exchanging.CreateWebhookInput) { in.URL = "https://127.0.0.1/" }, "url"},
			{"to this machine, in disguise", func(in *exchanging.CreateWebhookInput) { in.URL = "https://[::ffff:127.0.0.1]/" }, "url"},
			{"to the keys of the cloud", func(in *exchanging.CreateWebhookInput) { in.URL = "https://169.254.169.254/" }, "url"},
			{"with a password", func(in *exchanging.CreateWebhookInput) { in.URL = "https://a:b@erp.example.com/" }, "url"},
		} {
			in := good
			c.edit(&in)
			_, err := w.CreateWebhook(ctx, w.Dan, in)
			var f *fault.Fault
			if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != c.field {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := w.CreateWebhook(ctx, w.Dan, good); err != nil {
			t.Error(err)
		}
		if _, err := w.CreateWebhook(ctx, w.Dan, good); !errors.Is(err, exchangedb.ErrName) {
			t.Error(err)
		}
		for i := 1; i < exchanging.MostWebhooks; i++ {
			good.Name = fmt.Sprint("ERP ", i)
			if _, err := w.CreateWebhook(ctx, w.Dan, good); err != nil {
				t.Fatal(err)
			}
		}
		good.Name = "one more"
		if _, err := w.CreateWebhook(ctx, w.Dan, good); !errors.Is(err, exchanging.ErrTooMany) {
			t.Error(err)
		}
		if _, err := w.CreateWebhook(ctx, w.Eve, good); err != nil {
			t.Error("Globex has none yet:", err)
		}
	})
}

func TestWhoMayManageWebhooks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.receiver()
		made := w.hook(w.Dan, r)
		w.happen(w.Acme, w.newOrder(), 1)
		w.relay()
		w.deliver()
		delivery := w.deliveries(w.Dan, made.ID)[0].ID
		for name, try := range map[string]func(actor access.Actor) error{
			"create": func(a access.Actor) error {
				_, err := w.CreateWebhook(ctx, a, exchanging.CreateWebhookInput{Name: "x", URL: r.URL, Filters: []string{"*"}})
				return err
			},
			"edit": func(a access.Actor) error {
				_, err := w.EditWebhook(ctx, a, exchanging.EditWebhookInput{ID: made.ID, Version: 1, Name: "x", URL: r.URL, Filters: []string{"*"}})
				return err
			},
			"get":        func(a access.Actor) error { _, err := w.GetWebhook(ctx, a, made.ID); return err },
			"pause":      func(a access.Actor) error { _, err := w.PauseWebhook(ctx, a, made.ID); return err },
			"resume":     func(a access.Actor) error { _, err := w.ResumeWebhook(ctx, a, made.ID); return err },
			"rotate":     func(a access.Actor) error { _, _, err := w.RotateSecret(ctx, a, made.ID); return err },
			"delete":     func(a access.Actor) error { return w.DeleteWebhook(ctx, a, made.ID, made.Version) },
			"test":       func(a access.Actor) error { return w.TestWebhook(ctx, a, made.ID) },
			"replay":     func(a access.Actor) error { return w.Replay(ctx, a, made.ID, delivery) },
			"replay all": func(a access.Actor) error { _, err := w.ReplayDead(ctx, a, made.ID); return err },
			"list deliveries": func(a access.Actor) error {
				_, err := w.ListDeliveries(ctx, a, exchanging.ListDeliveriesInput{Webhook: made.ID})
				return err
			},
			"list": func(a access.Actor) error { _, err := w.ListWebhooks(ctx, a); return err },
		} {
			if err := try(w.Bob); !errors.Is(err, access.ErrForbidden) {
				t.Errorf("Bob, who may not: %s: %v", name, err)
			}
			// Eve may manage webhooks, but those of Globex.
			err := try(w.Eve)
			switch {
			case name == "create" || name == "list":
				if err != nil {
					t.Errorf("Eve, in her own company: %s: %v", name, err)
				}
			case !errors.Is(err, exchangedb.ErrUnseen) && !errors.Is(err, exchangedb.ErrDeliveryUnseen):
				t.Errorf("Eve, with a webhook of Acme: %s: %v", name, err)
			}
		}
		if _, err := w.Deliver(ctx, w.Dan); err != nil { // nothing is due, so nothing was asked of him
			t.Error(err)
		}
		w.happen(w.Acme, w.newOrder(), 1)
		w.relay()
		if _, err := w.Deliver(ctx, w.Dan); !errors.Is(err, access.ErrUnseen) {
			t.Error(err)
		}
	})
}
