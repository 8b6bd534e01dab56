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
	"kontor/internal/view"
)

type companies struct{ Services }

func (h companies) add(a *web.API) {
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/company", ID: "get-company-profile", Tag: tagStructure, Permission: access.CompanyView.Code(), Scope: web.Company,
		Summary: "What the company says of itself and asks of its buyers"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/company", ID: "edit-company-profile", Tag: tagStructure, Permission: access.CompanyEdit.Code(), Scope: web.Company, Writes: true,
		Summary: "Change what the company says of itself and asks of its buyers"}, h.edit)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/company/legal-address", ID: "get-legal-address", Tag: tagStructure, Permission: access.LegalAddressView.Code(), Scope: web.Company,
		Summary: "Where the company is registered"}, h.legal)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/company/legal-address", ID: "set-legal-address", Tag: tagStructure, Permission: access.LegalAddressEdit.Code(), Scope: web.Company, Writes: true,
		Summary: "Say where the company is registered"}, h.setLegal)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/company/submission", ID: "resubmit-company", Tag: tagStructure, Permission: access.CompanyEdit.Code(), Scope: web.Company, Writes: true,
		Summary: "Submit the company again that was not admitted", Text: "It waits again from then on."}, h.resubmit)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/company/default-role", ID: "set-default-role", Tag: tagRoles, Permission: access.RolesManage.Code(), Scope: web.Company, Writes: true,
		Summary: "Say which role new members get"}, h.usual)
}

// ProfileBody is a company's profile as it is written.
type ProfileBody struct {
	Name         string `json:"name" maxLength:"120" doc:"Under which it is registered."`
	TradeName    string `json:"trade_name,omitempty" maxLength:"120" doc:"As people call it, where that is another name."`
	VATID        string `json:"vat_id,omitempty" maxLength:"30" example:"DE123456789" doc:"Checked by the format of its country."`
	Registration string `json:"registration_number,omitempty" maxLength:"60" doc:"In the commercial register, or what its country has instead."`
	Zone         string `json:"time_zone" example:"Europe/Berlin" doc:"A name of the IANA time zone database."`
	Language     string `json:"language" enum:"en,de" doc:"Of new members."`
	FiscalMonth  int    `json:"fiscal_month" minimum:"1" maximum:"12" doc:"The first of its fiscal year."`
	PONumber     string `json:"po_number" enum:"off,optional,required" doc:"Whether buyers give a number of their own."`
	CostCentre   string `json:"cost_centre" enum:"off,optional,required" doc:"Whether buyers choose a cost centre."`
	ExpiryDays   int64  `json:"expiry_days" minimum:"1" maximum:"365" doc:"Days after which a purchase order that waits expires."`
	Consents     bool   `json:"consents_to_staff" doc:"The seller's staff may act for members, and stand in the audit with it."`
	Pending      string `json:"pending_sees,omitempty" enum:"nothing,catalogue,catalogue_and_prices" doc:"Of the seller's own organisation: what members of companies see that wait to be admitted."`
}

func (b ProfileBody) profile() company.Profile {
	return company.Profile{Name: b.Name, TradeName: b.TradeName, VATID: b.VATID, Registration: b.Registration, Zone: b.Zone, Language: b.Language, FiscalMonth: time.Month(b.FiscalMonth),
		PONumber: company.Wish(b.PONumber), CostCentre: company.Wish(b.CostCentre), ExpiryDays: b.ExpiryDays, Consents: b.Consents, Pending: company.Sight(b.Pending)}
}

func profileOf(p company.Profile) ProfileBody {
	return ProfileBody{p.Name, p.TradeName, p.VATID, p.Registration, p.Zone, p.Language, int(p.FiscalMonth), string(p.PONumber), string(p.CostCentre), p.ExpiryDays, p.Consents, string(p.Pending)}
}

// SwitchesJSON is what the seller lets a company do.
type SwitchesJSON struct {
	Ordering  bool `json:"ordering" doc:"Its members may order."`
	OnAccount bool `json:"on_account" doc:"They may pay on account, where a role lets them."`
	OwnRules  bool `json:"own_rules" doc:"They make and change its approval rules; those that there are count in any case."`
}

func switchesOf(t company.Terms) SwitchesJSON {
	return SwitchesJSON{t.Ordering, t.OnAccount, t.OwnRules}
}

// PaymentTermsJSON is within how many days an invoice is paid, and who has agreed on that.
type PaymentTermsJSON struct {
	NetDays int64     `json:"net_days" doc:"0: nothing is agreed."`
	Of      NamedJSON `json:"of" doc:"The company itself, or the one above it whose terms it has."`
}

func paymentTermsOf(c company.Company) PaymentTermsJSON {
	return PaymentTermsJSON{c.Terms.NetDays, NamedJSON{c.ID.String(), c.Name}}
}

// ManagerJSON is one of the seller's staff who looks after a company.
type ManagerJSON struct {
	ID    string `json:"staff_id"`
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"`
	Leads bool   `json:"primary" doc:"The first to turn to."`
}

func managerOf(m view.Manager) ManagerJSON {
	return ManagerJSON{m.Member.String(), m.Name, m.Title, m.Email, m.Phone, m.Leads}
}

// LegalJSON is where a company is registered.
type LegalJSON struct {
	Street   string `json:"street,omitempty" maxLength:"120"`
	Postcode string `json:"postcode,omitempty" maxLength:"20"`
	City     string `json:"city,omitempty" maxLength:"120"`
	Region   string `json:"region,omitempty" maxLength:"120" doc:"State, province or county: needed where the country's addresses have one."`
	Country  string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166, two letters."`
}

// ProfileJSON is a company to its members.
type ProfileJSON struct {
	ID       string     `json:"id"`
	Number   string     `json:"customer_number"`
	Status   string     `json:"status" enum:"pending,active,rejected,blocked,closed"`
	Currency string     `json:"currency"`
	Reason   string     `json:"status_reason,omitempty" doc:"Why it was not admitted."`
	Since    *time.Time `json:"status_since,omitempty"`
	ProfileBody
	Reseller     string            `json:"reseller_id,omitempty"`
	Switches     SwitchesJSON      `json:"switches"`
	Payments     []string          `json:"payment_methods,omitempty" doc:"The ways in which it may pay; for who may see payment information."`
	PaymentTerms *PaymentTermsJSON `json:"payment_terms,omitempty" doc:"For who may see payment information."`
	Managers     []ManagerJSON     `json:"partner_managers" doc:"Who of the seller's staff looks after it, the first to turn to first."`
	Above        []NamedJSON       `json:"above" doc:"The company that it belongs to, the one above that, and so on."`
	Inherits     InheritsJSON      `json:"inherits" doc:"What it has of the company right above."`
	Version      int64             `json:"version"`
}

type profileOut struct {
	ETag string `header:"ETag"`
	Body ProfileJSON
}

func (h companies) get(ctx context.Context, _ *struct{}) (*profileOut, error) {
	c, err := h.Organising.Line(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := ProfileJSON{ID: c.ID.String(), Number: c.Number, Status: string(c.Status), Currency: string(c.Currency), ProfileBody: profileOf(c.Profile()), Reseller: c.Reseller,
		Switches: switchesOf(c.Company.Terms), Managers: items(c.Managers, managerOf),
		Above: items(c.Above, func(k view.Kin) NamedJSON { return NamedJSON{k.ID.String(), k.Name} }), Inherits: InheritsJSON(c.Inherits), Version: c.Version}
	if c.SeesPayment {
		terms := paymentTermsOf(c.Terms)
		out.Payments, out.PaymentTerms = codesOfPayments(c.Payments), &terms
	}
	if c.Status == company.Rejected {
		out.Reason, out.Since = c.Reason, instant(c.Since)
	}
	return &profileOut{web.ETag(c.Version), out}, nil
}

type legalOut struct {
	ETag string `header:"ETag"`
	Body LegalJSON
}

func (h companies) legal(ctx context.Context, _ *struct{}) (*legalOut, error) {
	l, version, err := h.Organising.LegalAddress(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	return &legalOut{web.ETag(version), LegalJSON(l)}, nil
}

func (h companies) setLegal(ctx context.Context, in *struct {
	web.Versioned
	Body LegalJSON
}) (*legalOut, error) {
	version := seen(ctx, in.Versioned)
	if err := h.Organising.SetLegalAddress(ctx, web.Actor(ctx), version, company.Legal(in.Body)); err != nil {
		return nil, renamed(err, "legal_street", "street", "legal_postcode", "postcode", "legal_city", "city", "legal_region", "region", "legal_country", "country")
	}
	return h.legal(ctx, nil)
}

func (h companies) resubmit(ctx context.Context, in *struct{ web.Versioned }) (*profileOut, error) {
	version := seen(ctx, in.Versioned)
	if err := h.Organising.Resubmit(ctx, web.Actor(ctx), version); err != nil {
		return nil, err
	}
	return h.get(ctx, nil)
}

func (h companies) edit(ctx context.Context, in *struct {
	web.Versioned
	Body ProfileBody
}) (*profileOut, error) {
	version := seen(ctx, in.Versioned)
	if _, err := h.Organising.EditProfile(ctx, web.Actor(ctx), organising.EditProfileInput{Version: version, Profile: in.Body.profile()}); err != nil {
		return nil, err
	}
	return h.get(ctx, nil)
}

func (h companies) usual(ctx context.Context, in *struct {
	Body struct {
		Role string `json:"role_id"`
	}
}) (*struct{}, error) {
	key := called(ctx, "role_id", in.Body.Role, id.ParseRole)
	return nil, h.Granting.SetDefaultRole(ctx, web.Actor(ctx), key)
}
