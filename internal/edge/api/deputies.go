package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

type deputies struct{ Services }

func (h deputies) add(a *web.API) {
	self := access.SelfAccount.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/deputies", ID: "list-deputies", Tag: tagPurchase, Permission: self, Scope: web.Company,
		Summary: "Who stands in for whom, the latest first", Text: "One's own, as the approver or as the deputy, and all for whom one may appoint. What is over stays."}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/deputies", ID: "appoint-deputy", Tag: tagPurchase, Permission: self, Scope: web.Company, Writes: true, Idempotent: true, Status: http.StatusCreated,
		Summary: "Appoint a deputy", Text: "Everybody appoints their own. For others it takes the permission `" + access.DeputiesManage.Code() + "` where these stand, and nobody appoints themselves. " +
			"A deputy decides with the approver's right and their own: with nothing that they could not decide themselves."}, h.appoint)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/deputies/candidates", ID: "list-deputy-candidates", Tag: tagPurchase, Permission: access.PurchaseOrdersApprove.Code(), Scope: web.Company,
		Summary: "Who may be a deputy, by name", Text: "The active members who may approve somewhere; at most 200. Whoever holds `" + access.DeputiesManage.Code() + "` or `" + access.UsersView.Code() + "` anywhere may ask, too."}, h.candidates)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/deputies/{appointment}", ID: "get-deputy", Tag: tagPurchase, Permission: self, Scope: web.Company,
		Summary: "Who stands in for whom, from when until when, and in what"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/deputies/{appointment}", ID: "change-deputy", Tag: tagPurchase, Permission: self, Scope: web.Company, Writes: true,
		Summary: "Change when and in what a deputy stands in", Text: "By the approver, or whoever may appoint for them. Who stands in for whom stays. It counts with the very next decision."}, h.change)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/deputies/{appointment}/end", ID: "end-deputy", Tag: tagPurchase, Permission: self, Scope: web.Company, Writes: true,
		Summary: "End a deputy's time", Text: "It counts with the very next decision."}, h.end)
}

// DeputyTermsIn is when and in what a deputy stands in.
type DeputyTermsIn struct {
	From    string   `json:"from,omitempty" maxLength:"10" example:"2026-12-21" doc:"The first day, in the company's time zone; at once when absent, and as it was in a change."`
	Until   string   `json:"until" maxLength:"10" example:"2027-01-03" doc:"The last day; at most a year after the first."`
	Rules   []string `json:"rule_ids,omitempty" maxItems:"50" doc:"Only where one of these rules asks; all that asks, limits and budgets too, when empty."`
	Units   []string `json:"unit_ids,omitempty" maxItems:"50" doc:"Only for purchase orders of these units and those below; all when empty."`
	UpTo    *Money   `json:"up_to,omitempty" doc:"Only up to this net amount."`
	BothMay bool     `json:"both_may,omitempty" doc:"The approver stays asked beside the deputy; who decides first counts."`
	Note    string   `json:"note,omitempty" maxLength:"2000"`
}

func (in DeputyTermsIn) terms(wrong *fault.Input) approving.DeputyTerms {
	t := approving.DeputyTerms{BothMay: in.BothMay, Note: in.Note}
	t.From, t.Until = maybe(wrong, "from", in.From, date.Parse), maybe(wrong, "until", in.Until, date.Parse)
	for i, r := range in.Rules {
		t.Rules = append(t.Rules, read(wrong, "rule_ids."+strconv.Itoa(i), r, id.ParseRule))
	}
	for i, u := range in.Units {
		t.Units = append(t.Units, read(wrong, "unit_ids."+strconv.Itoa(i), u, id.ParseUnit))
	}
	if in.UpTo != nil {
		m := in.UpTo.parse(wrong, "up_to")
		t.UpTo = &m
	}
	return t
}

// DeputyJSON is who stands in for whom.
type DeputyJSON struct {
	ID        string     `json:"id"`
	Principal NamedJSON  `json:"principal" doc:"The approver, who is away."`
	Deputy    NamedJSON  `json:"deputy"`
	State     string     `json:"state" enum:"to_come,on_duty,over"`
	From      *time.Time `json:"from_at"`
	Until     *time.Time `json:"until_at" doc:"Not included."`
	Rules     []string   `json:"rule_ids" doc:"Empty: all that asks."`
	Units     []string   `json:"unit_ids" doc:"Empty: all."`
	UpTo      *Money     `json:"up_to,omitempty"`
	BothMay   bool       `json:"both_may"`
	Note      string     `json:"note,omitempty"`
	Maker     *NamedJSON `json:"appointed_by,omitempty" doc:"Who appointed them, or has changed it last; absent for the system."`
	Made      *time.Time `json:"appointed_at"`
	Ended     *time.Time `json:"ended_at,omitempty"`
	Ender     *NamedJSON `json:"ended_by,omitempty" doc:"Who ended it before its time."`
	MayChange bool       `json:"may_change" doc:"One may change and end it."`
	Version   int64      `json:"version"`
}

func deputyOf(d view.Deputy) DeputyJSON {
	out := DeputyJSON{ID: d.ID.String(), Principal: NamedJSON{d.For.String(), d.ForName}, Deputy: NamedJSON{d.By.String(), d.ByName}, State: string(d.State), From: instant(d.From),
		Until: instant(d.Until), Rules: items(d.Rules, id.Rule.String), Units: items(d.UnitIDs(), id.Unit.String), BothMay: d.BothMay, Note: d.Note,
		Maker: named(d.Maker.IsZero(), d.Maker.String(), d.MakerName), Made: instant(d.MadeAt), Ended: instant(d.EndedAt),
		Ender: named(d.Ender.IsZero(), d.Ender.String(), d.EnderName), MayChange: d.MayChange, Version: d.Version}
	if d.UpTo != nil {
		m := moneyOf(*d.UpTo)
		out.UpTo = &m
	}
	return out
}

type deputiesIn struct {
	Paged
	Text   string `query:"q" maxLength:"200" doc:"In the name of the approver or the deputy."`
	State  string `query:"state" enum:"to_come,on_duty,over"`
	Member string `query:"member_id" doc:"The approver or the deputy."`
	Own    bool   `query:"own" doc:"Only one's own, as the approver or as the deputy."`
	Sort   string `query:"sort" enum:"from,-from,until,-until,principal,-principal,deputy,-deputy" default:"-from" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h deputies) list(ctx context.Context, in *deputiesIn) (*Page[DeputyJSON], error) {
	var wrong fault.Input
	f := view.DeputyFilter{Text: in.Text, State: approval.AppointmentState(in.State), Own: in.Own}
	f.Member = maybe(&wrong, "query.member_id", in.Member, id.ParseMember)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Approving.Deputies(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, deputyOf), nil
}

type candidatesOut struct {
	Body struct {
		Items []StandInJSON `json:"items"`
	}
}

// StandInJSON is somebody who may be a deputy.
type StandInJSON struct {
	Member string `json:"member_id"`
	Name   string `json:"name"`
	Title  string `json:"title,omitempty"`
}

func (h deputies) candidates(ctx context.Context, in *struct {
	Text string `query:"q" maxLength:"200" doc:"In the name."`
}) (*candidatesOut, error) {
	all, err := h.Approving.StandIns(ctx, web.Actor(ctx), in.Text)
	if err != nil {
		return nil, err
	}
	out := &candidatesOut{}
	out.Body.Items = items(all, func(s view.StandIn) StandInJSON { return StandInJSON{s.Member.String(), s.Name, s.Title} })
	return out, nil
}

type deputyOut struct {
	ETag string `header:"ETag"`
	Body DeputyJSON
}

func (h deputies) one(ctx context.Context, key id.Deputy) (*deputyOut, error) {
	d, err := h.Approving.Deputy(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &deputyOut{web.ETag(d.Version), deputyOf(d)}, nil
}

func (h deputies) get(ctx context.Context, in *struct {
	Appointment string `path:"appointment"`
}) (*deputyOut, error) {
	return h.one(ctx, called(ctx, "appointment", in.Appointment, id.ParseDeputy))
}

func (h deputies) appoint(ctx context.Context, in *struct {
	web.Once
	Body struct {
		Principal string `json:"principal_id,omitempty" maxLength:"60" doc:"The member who is away; oneself when absent."`
		Deputy    string `json:"deputy_id" maxLength:"60" doc:"The member who stands in."`
		DeputyTermsIn
	}
}) (*deputyOut, error) {
	var wrong fault.Input
	act := once(ctx, in.Once)
	input := approving.AppointInput{Key: act, DeputyTerms: in.Body.terms(&wrong)}
	input.For = maybe(&wrong, "principal_id", in.Body.Principal, id.ParseMember)
	input.By = maybe(&wrong, "deputy_id", in.Body.Deputy, id.ParseMember)
	web.Unread(ctx, wrong.Err())
	key, err := h.Approving.Appoint(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	return h.one(ctx, key)
}

func (h deputies) change(ctx context.Context, in *struct {
	web.Versioned
	Appointment string `path:"appointment"`
	Body        DeputyTermsIn
}) (*deputyOut, error) {
	var wrong fault.Input
	key, version := versioned(ctx, "appointment", in.Appointment, id.ParseDeputy, in.Versioned)
	input := approving.ChangeDeputyInput{ID: key, Version: version, DeputyTerms: in.Body.terms(&wrong)}
	web.Unread(ctx, wrong.Err())
	if err := h.Approving.ChangeDeputy(ctx, web.Actor(ctx), input); err != nil {
		return nil, err
	}
	return h.one(ctx, key)
}

func (h deputies) end(ctx context.Context, in *struct {
	web.Versioned
	Appointment string `path:"appointment"`
}) (*deputyOut, error) {
	key, version := versioned(ctx, "appointment", in.Appointment, id.ParseDeputy, in.Versioned)
	if err := h.Approving.EndDeputy(ctx, web.Actor(ctx), key, version); err != nil {
		return nil, err
	}
	return h.one(ctx, key)
}
