package api

import (
	"context"
	"net/http"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/organising"
)

type companies struct{ Services }

func (h companies) add(a *web.API) {
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/company", ID: "get-company-profile", Tag: tagStructure, Permission: access.CompanyView.Code(), Scope: web.Company,
		Summary: "What the company says of itself and asks of its buyers"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/company", ID: "edit-company-profile", Tag: tagStructure, Permission: access.CompanyEdit.Code(), Scope: web.Company, Writes: true,
		Summary: "Change what the company says of itself and asks of its buyers"}, h.edit)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/company/default-role", ID: "set-default-role", Tag: tagRoles, Permission: access.RolesManage.Code(), Scope: web.Company, Writes: true,
		Summary: "Say which role new members get"}, h.usual)
}

// ProfileBody is a company's profile as it is written.
type ProfileBody struct {
	Name        string `json:"name" maxLength:"120"`
	Zone        string `json:"time_zone" example:"Europe/Berlin" doc:"A name of the IANA time zone database."`
	Language    string `json:"language" enum:"en,de" doc:"Of new members."`
	FiscalMonth int    `json:"fiscal_month" minimum:"1" maximum:"12" doc:"The first of its fiscal year."`
	PONumber    string `json:"po_number" enum:"off,optional,required" doc:"Whether buyers give a number of their own."`
	CostCentre  string `json:"cost_centre" enum:"off,optional,required" doc:"Whether buyers choose a cost centre."`
	ExpiryDays  int64  `json:"expiry_days" minimum:"1" maximum:"365" doc:"Days after which a purchase order that waits expires."`
	Consents    bool   `json:"consents_to_staff" doc:"The seller's staff may act for members, and stand in the audit with it."`
}

// ProfileJSON is a company to its members.
type ProfileJSON struct {
	ID       string `json:"id"`
	Number   string `json:"customer_number"`
	Status   string `json:"status" enum:"pending,active,rejected,blocked,closed"`
	Currency string `json:"currency"`
	ProfileBody
	Above    []NamedJSON  `json:"above" doc:"The company that it belongs to, the one above that, and so on."`
	Inherits InheritsJSON `json:"inherits" doc:"What it has of the company right above."`
	Version  int64        `json:"version"`
}

type profileOut struct {
	ETag string `header:"ETag"`
	Body ProfileJSON
}

func (h companies) get(ctx context.Context, _ *struct{}) (*profileOut, error) {
	line, err := h.Organising.Line(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	c := line[0]
	return &profileOut{web.ETag(c.Version), ProfileJSON{c.ID.String(), c.Number, string(c.Status), string(c.Currency),
		ProfileBody{c.Name, c.Zone, c.Language, int(c.FiscalMonth), string(c.PONumber), string(c.CostCentre), c.ExpiryDays, c.Consents},
		items(line[1:], func(p company.Company) NamedJSON { return NamedJSON{p.ID.String(), p.Name} }), InheritsJSON(c.Inherits), c.Version}}, nil
}

func (h companies) edit(ctx context.Context, in *struct {
	web.Versioned
	Body ProfileBody
}) (*profileOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, err = h.Organising.EditProfile(ctx, web.Actor(ctx), organising.EditProfileInput{Version: version, Profile: company.Profile{Name: b.Name, Zone: b.Zone, Language: b.Language,
		FiscalMonth: time.Month(b.FiscalMonth), PONumber: company.Wish(b.PONumber), CostCentre: company.Wish(b.CostCentre), ExpiryDays: b.ExpiryDays, Consents: b.Consents}})
	if err != nil {
		return nil, err
	}
	return h.get(ctx, nil)
}

func (h companies) usual(ctx context.Context, in *struct {
	Body struct {
		Role string `json:"role_id"`
	}
}) (*struct{}, error) {
	key, err := id.ParseRole(in.Body.Role)
	if err != nil {
		return nil, err
	}
	return nil, h.Granting.SetDefaultRole(ctx, web.Actor(ctx), key)
}
