package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/api"
	"kontor/internal/edge/portal"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/edge/worker"
)

// routes makes the route table: every page and operation that there is.
func (h *house) routes(s Settings, log *slog.Logger) (*web.Mux, *portal.Portal) {
	mux := web.NewMux()
	described := api.Describe(version(), ui.AssetURL("app.css"))
	described.Icon = ui.AssetURL("mark.svg")
	a := web.NewAPI(mux, described)
	api.Add(a, api.Services{Signing: h.signing, Collecting: h.collecting, Cataloguing: h.cataloguing, Purchasing: h.purchasing, Approving: h.approving, Budgeting: h.budgeting,
		Organising: h.organising, Onboarding: h.onboarding, Pricesetting: h.pricesetting, Granting: h.granting, Importing: h.importing, Notifying: h.notifying, Exchanging: h.exchanging, Auditing: h.auditing, Listing: h.listing})
	p := portal.New(mux, portal.Services{Signing: h.signing, Cataloguing: h.cataloguing, Purchasing: h.purchasing, Approving: h.approving, Budgeting: h.budgeting,
		Organising: h.organising, Onboarding: h.onboarding, Pricesetting: h.pricesetting, Granting: h.granting, Importing: h.importing, Notifying: h.notifying, Exchanging: h.exchanging, Auditing: h.auditing, Listing: h.listing, Collecting: h.collecting}, s.brand(), log)
	return mux, p
}

// edge puts the one way in before the routes.
func (h *house) edge(s Settings, mux *web.Mux, p *portal.Portal, log *slog.Logger) (*web.Edge, error) {
	public, err := s.public()
	if err != nil {
		return nil, err
	}
	trusted, err := s.trusted()
	if err != nil {
		return nil, err
	}
	return web.New(web.Settings{
		Public: public, Trusted: trusted, Log: log, Recognise: h.recognise, Page: p.Problem, Repeats: h.exchanging,
		Ready: func(ctx context.Context) error {
			return h.db.Ping(ctx)
		},
		PerAddress: limit(s.RatePerAddress), PerAccount: limit(s.RatePerAccount), PerCompany: limit(s.RatePerCompany),
	}, mux)
}

// limit is an average rate a second, with a minute's worth of patience for bursts.
func limit(rate float64) web.Limit {
	if rate <= 0 {
		return web.Limit{}
	}
	return web.Limit{Requests: max(1, int(rate*10)), Per: 10 * time.Second}
}

// recognise says whose token a request brings.
func (h *house) recognise(ctx context.Context, token string, r web.RequestInfo) (access.Actor, error) {
	return h.signing.Recognise(ctx, token, r.From.String(), r.Request)
}

// serve answers at the addresses that were taken, and works, until ctx ends.
func (h *house) serve(ctx context.Context, s Settings, srv *web.Server, log *slog.Logger, out io.Writer, began time.Time) error {
	mux, p := h.routes(s, log)
	e, err := h.edge(s, mux, p, log)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "Kontor answers at http://%s (started in %s)\n", srv.Address(), time.Since(began).Round(time.Millisecond)); err != nil {
		return err
	}
	var wg sync.WaitGroup
	w := worker.Worker{Log: log, Told: h.db.Told(), Notifying: h.notifying, Exchanging: h.exchanging, Approving: h.approving, Organising: h.organising, Importing: h.importing, Seal: h.auditing.Seal,
		Uses: h.granting.RecordUses, OwnOnly: !s.Worker}
	wg.Go(func() { w.Run(ctx) })
	err = srv.Run(ctx, e)
	wg.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, failed := h.granting.RecordUses(last, access.System(id.Company{})); failed != nil {
		log.ErrorContext(last, "which permissions were used in the last minute was not recorded", "err", failed)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// sentenceOf is an error as an operator reads it.
func sentenceOf(err error) string {
	f := fault.Of(err)
	if f == nil {
		return strings.TrimPrefix(err.Error(), "engine: ") // which is for us, who read the log
	}
	s := f.Text()
	for _, field := range f.Fields {
		s += "\n  " + field.Name + ": " + field.Text()
	}
	for _, r := range f.Reasons {
		s += "\n  " + r.Text()
	}
	if cause := errors.Unwrap(f); cause != nil {
		s += ": " + cause.Error()
	}
	return s
}
