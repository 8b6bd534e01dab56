package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/auditing"
	"kontor/internal/view"
)

type audits struct{ Services }

func (h audits) add(a *web.API) {
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/audit", ID: "list-audit", Tag: tagAudit, Permission: access.AuditView.Code(), Scope: web.Company,
		Summary: "What has happened, the newest first", Text: "Entries are chained: each hash covers the entry and the hash before it. Without prices.view, what tells of a purchase order or an order comes without amounts, and without its hash."}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/audit/seals", ID: "check-seals", Tag: tagAudit, Permission: access.AuditView.Code(), Scope: web.Company,
		Summary: "Whether the seals of the audit hold", Text: "Goes along the company's whole chain from its beginning, and says how far it holds: its last place and the hash there, which is a checkpoint to be kept elsewhere. Given such a checkpoint (`place` and `hash`), it also finds a chain that was made anew as a whole."}, h.seals)
}

// AuditJSON is an entry of the audit.
type AuditJSON struct {
	ID      string            `json:"id"`
	At      *time.Time        `json:"at"`
	Kind    string            `json:"actor_kind" enum:"member,staff,system,nobody,link"`
	Member  string            `json:"member_id,omitempty"`
	Name    string            `json:"actor"`
	Event   string            `json:"event"`
	Subject string            `json:"subject_id"`
	About   string            `json:"subject,omitempty" doc:"What the subject is called now."`
	Body    json.RawMessage   `json:"data"`
	Names   map[string]string `json:"names,omitempty" doc:"What the identifiers in data are called now, by identifier."`
	Request string            `json:"request_id,omitempty"`
	Address string            `json:"address,omitempty"`
	Place   int64             `json:"place,omitempty" doc:"In the chain; absent while not sealed."`
	Hash    string            `json:"hash,omitempty"`
}

// AuditIn is what the audit is narrowed to.
type AuditIn struct {
	Paged
	Event   string    `query:"event" maxLength:"80" doc:"Its name, or with a dot at its end all that begin so."`
	Subject string    `query:"subject_id" maxLength:"60"`
	Member  string    `query:"member_id"`
	From    time.Time `query:"from"`
	Until   time.Time `query:"until"`
	Sort    string    `query:"sort" enum:"when,-when" default:"-when" doc:"By what the list is sorted; with a minus in front the other way round."`
}

// filter is what the audit is narrowed to, and the place in it.
func (in *AuditIn) filter(ctx context.Context) (view.AuditFilter, page.Ask) {
	var wrong fault.Input
	f := view.AuditFilter{Event: in.Event, About: in.Subject, From: in.From, Until: in.Until}
	f.Member = maybe(&wrong, "member_id", in.Member, id.ParseMember)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	return f, ask
}

func trailOf(list auditing.Trail) *Page[AuditJSON] {
	return paged(list.List, func(e audit.Entry) AuditJSON {
		return AuditJSON{e.ID.String(), instant(e.At), e.Kind, e.Member.String(), e.Name, e.Event, e.About, list.Names[e.About], e.Body, list.NamesIn(e), e.Request, e.Address, e.Place, e.Hash}
	})
}

func (h audits) list(ctx context.Context, in *AuditIn) (*Page[AuditJSON], error) {
	f, ask := in.filter(ctx)
	list, err := h.Auditing.List(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return trailOf(list), nil
}

// SealsJSON says how far the chain of the audit holds.
type SealsJSON struct {
	Holds    bool       `json:"holds" doc:"Nothing that was sealed is missing or changed."`
	Place    int64      `json:"place" doc:"As far as it holds: the last place; 0 while nothing is sealed."`
	Hash     string     `json:"hash,omitempty" doc:"The hash at that place."`
	Unsealed int64      `json:"unsealed" doc:"Entries that have no place yet: they are sealed within seconds."`
	Broken   *BreakJSON `json:"broken,omitempty"`
}

// BreakJSON is the first place at which the chain does not hold.
type BreakJSON struct {
	Place int64  `json:"place"`
	Why   string `json:"why" enum:"missing,changed,rewritten" doc:"There is no entry at this place; it is not the one that was sealed; or the chain holds in itself, and is another than was noted or kept."`
}

type sealsOut struct{ Body SealsJSON }

func (h audits) seals(ctx context.Context, in *struct {
	Place int64  `query:"place" minimum:"1" doc:"Of a checkpoint that was kept elsewhere; with its hash."`
	Hash  string `query:"hash" pattern:"^[0-9a-f]{64}$" doc:"Of that checkpoint."`
}) (*sealsOut, error) {
	var wrong fault.Input
	var kept []audit.Chain
	switch {
	case in.Place > 0 && in.Hash != "":
		kept = append(kept, audit.Chain{Last: in.Place, Hash: in.Hash})
	case in.Place > 0:
		wrong.Add("hash", "required", "this is needed")
	case in.Hash != "":
		wrong.Add("place", "required", "this is needed")
	}
	web.Unread(ctx, wrong.Err())
	r, err := h.Auditing.Verify(ctx, web.Actor(ctx), kept...)
	if err != nil {
		return nil, err
	}
	out := &sealsOut{SealsJSON{Holds: r.Broken == nil, Place: r.Chain.Last, Hash: r.Chain.Hash, Unsealed: r.Unsealed}}
	if r.Broken != nil {
		out.Body.Broken = &BreakJSON{r.Broken.Place, string(r.Broken.Why)}
	}
	return out, nil
}

// past is what has happened to a thing last, for who has seen an older version of it.
func (h audits) past(ctx context.Context, about string) ([]web.Happening, error) {
	list, err := h.Auditing.List(ctx, web.Actor(ctx), view.AuditFilter{About: about}, page.Ask{Limit: 5})
	if err != nil {
		return nil, err
	}
	return items(list.Rows, func(e audit.Entry) web.Happening {
		return web.Happening{At: e.At.UTC(), Actor: e.Name, Member: e.Member.String(), Event: e.Event, Data: e.Body}
	}), nil
}
