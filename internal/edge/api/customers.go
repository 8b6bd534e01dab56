package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/payment"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

// customers are the operations of the seller's staff about companies.
type customers struct{ Services }

func (h customers) add(a *web.API) {
	see, groups, offer := access.CompaniesView.Code(), access.CustomerGroupsManage.Code(), access.CompaniesManage.Code()
	op := func(method, path, key, permission, summary string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, ID: key, Tag: tagCustomers, Permission: permission, Scope: web.Seller, Writes: method != http.MethodGet, Summary: summary}
	}
	with := func(op web.Op, status int, text string) web.Op {
		op.Status, op.Text = status, text
		return op
	}
	web.Register(a, op(http.MethodGet, "/companies", "list-companies", see, "Companies that buy from the seller"), h.list)
	web.Register(a, with(op(http.MethodPost, "/companies", "create-company", offer, "Make a company"), http.StatusCreated,
		"With the shipped roles, the role templates that every new company begins with, and the root of its structure. Its first administrator is sent an invitation; nobody sets a password for them."), h.create)
	web.Register(a, op(http.MethodGet, "/companies/{company}", "get-company", see, "A company that buys from the seller"), h.get)
	web.Register(a, with(op(http.MethodGet, "/companies/{company}/audit", "list-company-audit", access.AuditViewAll.Code(), "What has happened in a company, the newest first"), 0,
		"As the company's own administrators read it. Without prices.view, what tells of a purchase order or an order comes without amounts, and without its hash."), h.audit)
	web.Register(a, op(http.MethodGet, "/companies/{company}/members", "list-company-members", see, "The members of a company"), h.people)
	web.Register(a, op(http.MethodGet, "/companies/{company}/members/{member}", "get-company-member", see, "A member of a company, with manager, unit and roles"), h.person)
	web.Register(a, with(op(http.MethodPut, "/companies/{company}", "edit-company", offer, "Change what a company is called, registered as and known by"), 0,
		"The whole record is replaced: what is absent is empty."), h.edit)
	web.Register(a, with(op(http.MethodPut, "/companies/{company}/terms", "set-company-terms", offer, "Say what a company's members may do, and how it pays"), 0,
		"It counts from the next request of every session and token."), h.terms)
	web.Register(a, op(http.MethodPut, "/companies/{company}/partner-managers", "set-partner-managers", offer, "Say who of the staff looks after a company"), h.managers)
	web.Register(a, with(op(http.MethodPost, "/companies/{company}/invitation", "invite-founder", offer, "Send a company's first administrator their invitation once more"), 0,
		"The link before works no more."), h.invite)
	web.Register(a, with(op(http.MethodPut, "/companies/{company}/administrator", "correct-founder", offer, "Correct who is invited to administer a company"), 0,
		"Name and address, as long as they have not accepted. The link before works no more, and another one is sent."), h.correct)
	web.Register(a, with(op(http.MethodPut, "/companies/{company}/status", "set-company-status", access.CompaniesBlock.Code(), "Admit, turn away, block, unblock or close a company"), 0,
		"It counts from the next request of every session and token. Admitting and turning away asks for registrations.decide; closing for companies.manage, and is for good."), h.status)
	web.Register(a, op(http.MethodPut, "/companies/{company}/customer-group", "assign-customer-group", groups, "Put a company into a customer group"), h.assign)
	web.Register(a, with(op(http.MethodPut, "/companies/{company}/parent", "set-parent-company", offer, "Say what company one belongs to"), 0,
		"What it inherits counts live: what the parent has then, it has."), h.parent)
	web.Register(a, op(http.MethodGet, "/customer-groups", "list-customer-groups", see, "Customer groups with how many companies belong to each"), h.groups)
	web.Register(a, op(http.MethodGet, "/customer-groups/{group}", "get-customer-group", see, "A customer group"), h.getGroup)
	web.Register(a, with(op(http.MethodPost, "/customer-groups", "create-customer-group", groups, "Make a customer group"), http.StatusCreated, ""), h.createGroup)
	web.Register(a, op(http.MethodPut, "/customer-groups/{group}", "edit-customer-group", groups, "Change a customer group"), h.editGroup)
	web.Register(a, op(http.MethodDelete, "/customer-groups/{group}", "delete-customer-group", groups, "Delete a customer group that no company belongs to"), h.deleteGroup)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/role-templates", ID: "list-role-templates", Tag: tagCustomers, Permission: access.RolesView.Code(), Scope: web.Company,
		Summary: "Roles that the seller offers", Text: "For members who see the roles of their company, and for staff who see companies. A company makes a role of its own of one by posting what it permits."}, h.templates)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/role-templates/{template}", ID: "get-role-template", Tag: tagCustomers, Permission: access.RolesView.Code(), Scope: web.Company,
		Summary: "A role that the seller offers", Text: "For members who see the roles of their company, and for staff who see companies."}, h.template)
	web.Register(a, with(op(http.MethodPost, "/role-templates", "create-role-template", offer, "Offer a role to companies"), http.StatusCreated, ""), h.createTemplate)
	web.Register(a, with(op(http.MethodPut, "/role-templates/{template}", "edit-role-template", offer, "Change a role template"), 0, "Roles that were made of it stay as they are."), h.editTemplate)
	web.Register(a, op(http.MethodDelete, "/role-templates/{template}", "delete-role-template", offer, "Offer a role no more"), h.deleteTemplate)
	web.Register(a, with(op(http.MethodPut, "/me/acting", "act-for-customer", access.CustomersImpersonate.Code(), "Act for a member of a company that consents"), 0,
		"From the next request on the session has that member's rights, but for what only they do themselves: approving, rights, limits, security. Both audits tell of it."), h.actFor)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/me/acting", ID: "stop-acting", Tag: tagCustomers, Permission: access.SelfAccount.Code(), Scope: web.Own, Writes: true,
		Summary: "Act for a customer no more"}, h.stopActing)
}

// InheritsJSON is what a company has of its parent in place of its own.
type InheritsJSON struct {
	Group  bool `json:"customer_group,omitempty"`
	Prices bool `json:"prices,omitempty" doc:"The prices that the parent has agreed on, where the company has none itself."`
	Terms  bool `json:"payment_terms,omitempty" doc:"The days within which the parent pays."`
	Rules  bool `json:"approval_rules,omitempty" doc:"The parent's approval rules count for the company's orders too, before its own."`
}

// CustomerDetailJSON is a company with those that it belongs to, and that belong to it.
type CustomerDetailJSON struct {
	CustomerJSON
	Reason       string           `json:"status_reason,omitempty"`
	Since        *time.Time       `json:"status_since,omitempty"`
	VATID        string           `json:"vat_id,omitempty"`
	Registration string           `json:"registration_number,omitempty"`
	Reseller     string           `json:"reseller_id,omitempty"`
	Legal        LegalJSON        `json:"legal_address"`
	Switches     SwitchesJSON     `json:"switches"`
	Selected     []string         `json:"selected_payment_methods" doc:"Its own selection; none: that of its customer group."`
	Payments     []string         `json:"payment_methods" doc:"The ways in which it may pay."`
	PaymentTerms PaymentTermsJSON `json:"payment_terms"`
	Managers     []ManagerJSON    `json:"partner_managers"`
	Founder      *FounderJSON     `json:"administrator,omitempty" doc:"Who stands at its top."`
	Above        []NamedJSON      `json:"above" doc:"Its parent, the parent's parent and so on."`
	Subsidiaries []NamedJSON      `json:"subsidiaries"`
}

// InGroupJSON is the customer group that counts for a company.
type InGroupJSON struct {
	NamedJSON
	Of NamedJSON `json:"of" doc:"The company itself, or the one above it whose group it has."`
}

func inGroupOf(c view.Customer) *InGroupJSON {
	of := c.Grouped
	if of.Group.IsZero() {
		return nil
	}
	return &InGroupJSON{NamedJSON{of.Group.String(), of.GroupName}, NamedJSON{of.ID.String(), of.Name}}
}

// FounderJSON is who stands at the top of a company.
type FounderJSON struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Email   string     `json:"email"`
	Status  string     `json:"status" enum:"invited,active,inactive"`
	Sent    *time.Time `json:"invitation_sent_at,omitempty"`
	Expires *time.Time `json:"invitation_expires_at,omitempty"`
}

func founderOf(f view.Founder) *FounderJSON {
	if f.Member.IsZero() {
		return nil
	}
	out := &FounderJSON{ID: f.Member.String(), Name: f.Name, Email: f.Email, Status: string(f.Status)}
	if !f.Invitation.IsZero() {
		out.Sent, out.Expires = instant(f.Sent), instant(f.Expires)
	}
	return out
}

func codesOfPayments(all []payment.Method) []string {
	return items(all, func(m payment.Method) string { return string(m) })
}

func paymentsOf(codes []string) (all []payment.Method) {
	for _, c := range codes {
		all = append(all, payment.Method(c))
	}
	return all
}

// CustomerJSON is a company as the seller's staff see it.
type CustomerJSON struct {
	ID       string       `json:"id"`
	Number   string       `json:"customer_number"`
	Name     string       `json:"name"`
	Trade    string       `json:"trade_name,omitempty"`
	External string       `json:"external_id,omitempty"`
	Status   string       `json:"status" enum:"pending,active,rejected,blocked,closed"`
	Currency string       `json:"currency"`
	Group    *NamedJSON   `json:"customer_group,omitempty" doc:"That it was put into itself."`
	InGroup  *InGroupJSON `json:"customer_group_in_effect,omitempty" doc:"Whose payment methods and prices count for it: its own, or that of a company above it; absent where there is none."`
	Consents bool         `json:"consents_to_staff" doc:"Staff may act for its members."`
	Inherits InheritsJSON `json:"inherits"`
	People   int64        `json:"active_members"`
	Created  *time.Time   `json:"created_at"`
	Version  int64        `json:"version"`
}

func customerOf(c view.Customer) CustomerJSON {
	return CustomerJSON{c.ID.String(), c.Number, c.Name, c.TradeName, c.External, string(c.Status), string(c.Currency), named(c.Group.IsZero(), c.Group.String(), c.GroupName), inGroupOf(c), c.Consents, InheritsJSON(c.Inherits), c.People, instant(c.CreatedAt), c.Version}
}

type customersIn struct {
	Paged
	Text   string `query:"q" maxLength:"200" doc:"Words of name or customer number."`
	Status string `query:"status" enum:"pending,active,rejected,blocked,closed"`
	Group  string `query:"customer_group_id" doc:"Those that were put into it; not those that have it from a company above them."`
	Mine   bool   `query:"mine" doc:"Only companies that the asking staff looks after."`
	Sort   string `query:"sort" enum:"name,-name,number,-number,since,-since" default:"name" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h customers) list(ctx context.Context, in *customersIn) (*Page[CustomerJSON], error) {
	var wrong fault.Input
	f := view.CustomerFilter{Text: in.Text, Status: company.Status(in.Status)}
	f.Group = maybe(&wrong, "customer_group_id", in.Group, id.ParseCustomerGroup)
	if in.Mine {
		f.Manager = web.Actor(ctx).Account
	}
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Onboarding.ListCustomers(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, customerOf), nil
}

func (h customers) person(ctx context.Context, in *struct {
	Company string `path:"company"`
	Member  string `path:"member"`
}) (*personOut, error) {
	var wrong fault.Input
	key := read(&wrong, "company", in.Company, id.ParseCompany)
	member := read(&wrong, "member", in.Member, id.ParseMember)
	web.Unread(ctx, wrong.Err())
	return personAnswer(h.Onboarding.GetPerson(ctx, web.Actor(ctx), key, member))
}

type customerOut struct {
	ETag string `header:"ETag"`
	Body CustomerDetailJSON
}

func (h customers) customer(ctx context.Context, key id.Company) (*customerOut, error) {
	c, err := h.Onboarding.GetCustomer(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	one := func(c company.Company) NamedJSON { return NamedJSON{c.ID.String(), c.Name} }
	out := CustomerDetailJSON{CustomerJSON: customerOf(c), Reason: c.Reason, VATID: c.VATID, Registration: c.Registration, Reseller: c.Reseller, Legal: LegalJSON(c.Legal),
		Switches: switchesOf(c.Terms), Selected: codesOfPayments(c.Terms.Payments), Payments: codesOfPayments(payment.Allowed(c.Terms.Payments, c.Payments)),
		PaymentTerms: paymentTermsOf(company.TermsOf(c.Line)), Managers: items(c.Managers, managerOf), Founder: founderOf(c.First),
		Above: items(c.Line[1:], one), Subsidiaries: items(c.Subsidiaries, one)}
	if !c.Since.IsZero() {
		out.Since = instant(c.Since)
	}
	return &customerOut{web.ETag(c.Version), out}, nil
}

func (h customers) get(ctx context.Context, in *struct {
	Company string `path:"company"`
}) (*customerOut, error) {
	key := called(ctx, "company", in.Company, id.ParseCompany)
	return h.customer(ctx, key)
}

// RecordBody is what a company is called, registered as and known by, as it is written.
type RecordBody struct {
	Number       string    `json:"customer_number" maxLength:"40" doc:"Unique."`
	Name         string    `json:"name" maxLength:"120" doc:"Under which it is registered."`
	TradeName    string    `json:"trade_name,omitempty" maxLength:"120"`
	VATID        string    `json:"vat_id,omitempty" maxLength:"30" example:"DE123456789" doc:"Checked by the format of its country."`
	Registration string    `json:"registration_number,omitempty" maxLength:"60"`
	Reseller     string    `json:"reseller_id,omitempty" maxLength:"40"`
	External     string    `json:"external_id,omitempty" maxLength:"80" doc:"As the ERP knows it, unique."`
	Legal        LegalJSON `json:"legal_address,omitempty"`
}

func (b RecordBody) record() company.Record {
	return company.Record{Number: b.Number, Name: b.Name, TradeName: b.TradeName, VATID: b.VATID, Registration: b.Registration, Reseller: b.Reseller, External: b.External, Legal: company.Legal(b.Legal)}
}

// CompanyBody is a new company as it is written.
type CompanyBody struct {
	Number        string       `json:"customer_number,omitempty" maxLength:"40" doc:"Unique; absent, the next of the seller's series."`
	Name          string       `json:"name" maxLength:"120" doc:"Under which it is registered."`
	TradeName     string       `json:"trade_name,omitempty" maxLength:"120"`
	VATID         string       `json:"vat_id,omitempty" maxLength:"30" example:"DE123456789"`
	Registration  string       `json:"registration_number,omitempty" maxLength:"60"`
	Reseller      string       `json:"reseller_id,omitempty" maxLength:"40"`
	External      string       `json:"external_id,omitempty" maxLength:"80"`
	Legal         LegalJSON    `json:"legal_address,omitempty"`
	Status        string       `json:"status,omitempty" enum:"active,pending" doc:"Absent, it is active."`
	Currency      string       `json:"currency" maxLength:"3" example:"EUR"`
	Language      string       `json:"language,omitempty" enum:"en,de" doc:"Absent, English."`
	Zone          string       `json:"time_zone,omitempty" example:"Europe/Berlin" doc:"Absent, UTC."`
	FiscalMonth   int          `json:"fiscal_month,omitempty" minimum:"1" maximum:"12" doc:"The first of its fiscal year; absent, January."`
	Group         string       `json:"customer_group_id,omitempty"`
	Parent        string       `json:"parent_number,omitempty" maxLength:"40" doc:"The customer number of the company that it belongs to."`
	Inherits      InheritsJSON `json:"inherits,omitempty"`
	Administrator struct {
		First string `json:"first_name" maxLength:"60"`
		Last  string `json:"last_name" maxLength:"60"`
		Email string `json:"email" maxLength:"254"`
		Title string `json:"title,omitempty" maxLength:"120"`
	} `json:"administrator" doc:"Is sent an invitation."`
	Address *AddressFieldsJSON `json:"address,omitempty" doc:"The first of its book, and the usual one."`
}

func (h customers) create(ctx context.Context, in *struct{ Body CompanyBody }) (*customerOut, error) {
	b := in.Body
	var wrong fault.Input
	found := onboarding.FoundInput{Number: b.Number, Name: b.Name, TradeName: b.TradeName, VATID: b.VATID, Registration: b.Registration, Reseller: b.Reseller, External: b.External,
		Legal: company.Legal(b.Legal), Status: company.Status(b.Status), Currency: money.Currency(b.Currency), Language: locale.Language(b.Language), Zone: b.Zone, FiscalMonth: time.Month(b.FiscalMonth),
		Parent: b.Parent, Inherits: company.Inherits(b.Inherits), Email: b.Administrator.Email, First: b.Administrator.First, Last: b.Administrator.Last, Title: b.Administrator.Title}
	found.Group = maybe(&wrong, "customer_group_id", b.Group, id.ParseCustomerGroup)
	if b.Address != nil {
		a := b.Address.address()
		a.Delivers, a.Bills = true, true
		found.Address = &a
	}
	web.Unread(ctx, wrong.Err())
	f, err := h.Onboarding.Create(ctx, web.Actor(ctx), found)
	if err != nil {
		return nil, inRecord(err)
	}
	return h.customer(ctx, f.Company)
}

// inRecord calls the fields of a fault of a company's record what the API calls them.
func inRecord(err error) error {
	return renamed(err, "number", "customer_number", "zone", "time_zone", "parent", "parent_number", "legal_street", "legal_address.street",
		"legal_postcode", "legal_address.postcode", "legal_city", "legal_address.city", "legal_region", "legal_address.region", "legal_country", "legal_address.country",
		"first_name", "administrator.first_name", "last_name", "administrator.last_name", "email", "administrator.email", "title", "administrator.title")
}

func (h customers) edit(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    RecordBody
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	if err := h.Onboarding.EditRecord(ctx, web.Actor(ctx), onboarding.EditRecordInput{Company: key, Version: version, Record: in.Body.record()}); err != nil {
		return nil, inRecord(err)
	}
	return h.customer(ctx, key)
}

func (h customers) terms(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    struct {
		SwitchesJSON
		Payments []string `json:"payment_methods,omitempty" enum:"on_account,advance" maxItems:"20" doc:"Its own selection; none: that of its customer group."`
		NetDays  int64    `json:"net_days,omitempty" minimum:"0" maximum:"365" doc:"Within which it pays an invoice."`
	}
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	b := in.Body
	err := h.Onboarding.SetTerms(ctx, web.Actor(ctx), onboarding.SetTermsInput{Company: key, Version: version,
		Terms: company.Terms{Ordering: b.Ordering, OnAccount: b.OnAccount, OwnRules: b.OwnRules, Payments: paymentsOf(b.Payments), NetDays: b.NetDays}})
	if err != nil {
		return nil, err
	}
	return h.customer(ctx, key)
}

func (h customers) managers(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    struct {
		Staff []string `json:"staff_ids" maxItems:"50" doc:"Members of the seller's organisation; none: nobody looks after it."`
		Lead  string   `json:"primary_id,omitempty" doc:"The first to turn to, one of them."`
	}
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	var wrong fault.Input
	set := onboarding.SetManagersInput{Company: key, Version: version, Lead: maybe(&wrong, "primary_id", in.Body.Lead, id.ParseMember)}
	for i, m := range in.Body.Staff {
		set.Staff = append(set.Staff, read(&wrong, "staff_ids."+strconv.Itoa(i), m, id.ParseMember))
	}
	web.Unread(ctx, wrong.Err())
	if err := h.Onboarding.SetManagers(ctx, web.Actor(ctx), set); err != nil {
		return nil, renamed(err, "staff", "staff_ids", "lead", "primary_id")
	}
	return h.customer(ctx, key)
}

func (h customers) invite(ctx context.Context, in *struct {
	Company string `path:"company"`
}) (*customerOut, error) {
	key := called(ctx, "company", in.Company, id.ParseCompany)
	if err := h.Onboarding.InviteFounder(ctx, web.Actor(ctx), key); err != nil {
		return nil, err
	}
	return h.customer(ctx, key)
}

func (h customers) correct(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    struct {
		First string `json:"first_name" maxLength:"60"`
		Last  string `json:"last_name" maxLength:"60"`
		Email string `json:"email" maxLength:"254"`
	}
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	b := in.Body
	if err := h.Onboarding.CorrectFounder(ctx, web.Actor(ctx), onboarding.CorrectFounderInput{Company: key, Version: version, First: b.First, Last: b.Last, Email: b.Email}); err != nil {
		return nil, err
	}
	return h.customer(ctx, key)
}

func (h customers) audit(ctx context.Context, in *struct {
	AuditIn
	Company string `path:"company"`
}) (*Page[AuditJSON], error) {
	key := called(ctx, "company", in.Company, id.ParseCompany)
	f, ask := in.filter(ctx)
	list, err := h.Auditing.ListOf(ctx, web.Actor(ctx), key, f, ask)
	if err != nil {
		return nil, err
	}
	return trailOf(list), nil
}

func (h customers) people(ctx context.Context, in *struct {
	Paged
	Company string `path:"company"`
	Text    string `query:"q" maxLength:"200"`
	Status  string `query:"status" enum:"invited,active,inactive"`
	Sort    string `query:"sort" enum:"name,-name,state,-state,since,-since" default:"name" doc:"By what the list is sorted; with a minus in front the other way round."`
}) (*Page[MemberJSON], error) {
	var wrong fault.Input
	key := read(&wrong, "company", in.Company, id.ParseCompany)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Onboarding.ListPeople(ctx, web.Actor(ctx), key, view.MemberFilter{Text: in.Text, Status: company.MemberStatus(in.Status)}, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, memberOf), nil
}

func (h customers) status(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    struct {
		Status string `json:"status" enum:"active,blocked,closed,rejected"`
		Reason string `json:"reason" maxLength:"120" doc:"The company's administrators are told it by mail, and it stands in its audit."`
	}
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	if err := h.Onboarding.ChangeStatus(ctx, web.Actor(ctx), onboarding.ChangeStatusInput{Company: key, Version: version, To: company.Status(in.Body.Status), Reason: in.Body.Reason}); err != nil {
		return nil, err
	}
	return h.customer(ctx, key)
}

func (h customers) assign(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    struct {
		Group string `json:"customer_group_id,omitempty" doc:"None takes the company out of its group."`
	}
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	var wrong fault.Input
	group := maybe(&wrong, "customer_group_id", in.Body.Group, id.ParseCustomerGroup)
	web.Unread(ctx, wrong.Err())
	if err := h.Onboarding.AssignGroup(ctx, web.Actor(ctx), onboarding.AssignGroupInput{Company: key, Version: version, Group: group}); err != nil {
		return nil, err
	}
	return h.customer(ctx, key)
}

func (h customers) parent(ctx context.Context, in *struct {
	web.Versioned
	Company string `path:"company"`
	Body    struct {
		Parent   string       `json:"parent_number,omitempty" maxLength:"40" doc:"Its customer number; absent, the company stands alone."`
		Inherits InheritsJSON `json:"inherits,omitempty"`
	}
}) (*customerOut, error) {
	key, version := versioned(ctx, "company", in.Company, id.ParseCompany, in.Versioned)
	if err := h.Onboarding.SetParent(ctx, web.Actor(ctx), onboarding.SetParentInput{Company: key, Version: version, Parent: in.Body.Parent, Inherits: company.Inherits(in.Body.Inherits)}); err != nil {
		return nil, inRecord(err)
	}
	return h.customer(ctx, key)
}

// CustomerGroupJSON is a customer group.
type CustomerGroupJSON struct {
	ID          string   `json:"id"`
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Payments    []string `json:"payment_methods" doc:"Of its companies that have no selection of their own; none is all."`
	Companies   int64    `json:"companies" doc:"That were put into it; those that have it from a company above them are not counted."`
	InEffect    int64    `json:"companies_in_effect" doc:"For which it counts: those that have it from a company above them, too; not those that have another one from there."`
	Version     int64    `json:"version"`
}

func groupOf(g view.CustomerGroup) CustomerGroupJSON {
	return CustomerGroupJSON{g.ID.String(), g.Code, g.Name, g.Description, codesOfPayments(g.Payments), g.Companies, g.InEffect, g.Version}
}

type groupsOut struct {
	Body struct {
		Items []CustomerGroupJSON `json:"items"`
	}
}

func (h customers) groups(ctx context.Context, _ *struct{}) (*groupsOut, error) {
	all, err := h.Pricesetting.ListGroups(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &groupsOut{}
	out.Body.Items = items(all, groupOf)
	return out, nil
}

type groupOut struct {
	ETag string `header:"ETag"`
	Body CustomerGroupJSON
}

func (h customers) group(ctx context.Context, key id.CustomerGroup) (*groupOut, error) {
	g, err := h.Pricesetting.GetGroup(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &groupOut{web.ETag(g.Version), groupOf(g)}, nil
}

func (h customers) getGroup(ctx context.Context, in *struct {
	Group string `path:"group"`
}) (*groupOut, error) {
	key := called(ctx, "group", in.Group, id.ParseCustomerGroup)
	return h.group(ctx, key)
}

// GroupBody is a customer group as it is written.
type GroupBody struct {
	Code        string   `json:"code" maxLength:"40" doc:"Unique, as the ERP knows it."`
	Name        string   `json:"name" maxLength:"80"`
	Description string   `json:"description,omitempty" maxLength:"500"`
	Payments    []string `json:"payment_methods,omitempty" enum:"on_account,advance" maxItems:"20" doc:"Of its companies that have no selection of their own; none is all."`
}

func (b GroupBody) fields() pricing.GroupFields {
	return pricing.GroupFields{Code: b.Code, Name: b.Name, Description: b.Description, Payments: paymentsOf(b.Payments)}
}

func (h customers) createGroup(ctx context.Context, in *struct{ Body GroupBody }) (*groupOut, error) {
	g, err := h.Pricesetting.CreateGroup(ctx, web.Actor(ctx), in.Body.fields())
	if err != nil {
		return nil, err
	}
	return h.group(ctx, g.ID)
}

func (h customers) editGroup(ctx context.Context, in *struct {
	web.Versioned
	Group string `path:"group"`
	Body  GroupBody
}) (*groupOut, error) {
	key, version := versioned(ctx, "group", in.Group, id.ParseCustomerGroup, in.Versioned)
	if _, err := h.Pricesetting.EditGroup(ctx, web.Actor(ctx), pricesetting.EditGroupInput{ID: key, Version: version, GroupFields: in.Body.fields()}); err != nil {
		return nil, err
	}
	return h.group(ctx, key)
}

func (h customers) deleteGroup(ctx context.Context, in *struct {
	web.Versioned
	Group string `path:"group"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "group", in.Group, id.ParseCustomerGroup, in.Versioned)
	return nil, h.Pricesetting.DeleteGroup(ctx, web.Actor(ctx), key, version)
}

// RoleTemplateJSON is a role that the seller offers.
type RoleTemplateJSON struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Permissions []string `json:"permissions"`
	Starts      bool     `json:"in_every_new_company"`
	Version     int64    `json:"version"`
}

func templateOf(t access.Template) RoleTemplateJSON {
	return RoleTemplateJSON{t.ID.String(), t.Name, t.Description, codesOf(t.Set), t.Starts, t.Version}
}

type templatesOut struct {
	Body struct {
		Items []RoleTemplateJSON `json:"items"`
	}
}

func (h customers) templates(ctx context.Context, _ *struct{}) (*templatesOut, error) {
	all, err := h.Granting.ListTemplates(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &templatesOut{}
	out.Body.Items = items(all, templateOf)
	return out, nil
}

func (h customers) template(ctx context.Context, in *struct {
	Template string `path:"template"`
}) (*templateOut, error) {
	key := called(ctx, "template", in.Template, id.ParseRoleTemplate)
	t, err := h.Granting.GetTemplate(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &templateOut{web.ETag(t.Version), templateOf(t)}, nil
}

type templateOut struct {
	ETag string `header:"ETag"`
	Body RoleTemplateJSON
}

// TemplateBody is a role template as it is written.
type TemplateBody struct {
	Name        string   `json:"name" maxLength:"80"`
	Description string   `json:"description,omitempty" maxLength:"500"`
	Permissions []string `json:"permissions" maxItems:"500" doc:"Codes of the permissions of companies; a group's code with .* is all of it, * is the whole tree."`
	Starts      bool     `json:"in_every_new_company,omitempty"`
}

func (b TemplateBody) fields() (access.TemplateFields, error) {
	set, err := permitted(access.Buyer, b.Permissions)
	return access.TemplateFields{Name: b.Name, Description: b.Description, Permissions: set, Starts: b.Starts}, err
}

func (h customers) createTemplate(ctx context.Context, in *struct{ Body TemplateBody }) (*templateOut, error) {
	f, err := in.Body.fields()
	web.Unread(ctx, err)
	t, err := h.Granting.CreateTemplate(ctx, web.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	return &templateOut{web.ETag(t.Version), templateOf(t)}, nil
}

func (h customers) editTemplate(ctx context.Context, in *struct {
	web.Versioned
	Template string `path:"template"`
	Body     TemplateBody
}) (*templateOut, error) {
	key, version := versioned(ctx, "template", in.Template, id.ParseRoleTemplate, in.Versioned)
	f, err := in.Body.fields()
	web.Unread(ctx, err)
	t, err := h.Granting.EditTemplate(ctx, web.Actor(ctx), granting.EditTemplateInput{ID: key, Version: version, TemplateFields: f})
	if err != nil {
		return nil, err
	}
	return &templateOut{web.ETag(t.Version), templateOf(t)}, nil
}

func (h customers) deleteTemplate(ctx context.Context, in *struct {
	web.Versioned
	Template string `path:"template"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "template", in.Template, id.ParseRoleTemplate, in.Versioned)
	return nil, h.Granting.DeleteTemplate(ctx, web.Actor(ctx), key, version)
}

func (h customers) actFor(ctx context.Context, in *struct {
	Body struct {
		Company string `json:"company_id"`
		Member  string `json:"member_id"`
		Reason  string `json:"reason" maxLength:"120" doc:"It stands in both audits."`
	}
}) (*struct{}, error) {
	var wrong fault.Input
	input := signing.ActForInput{Reason: in.Body.Reason}
	input.Company = read(&wrong, "company_id", in.Body.Company, id.ParseCompany)
	input.Member = read(&wrong, "member_id", in.Body.Member, id.ParseMember)
	web.Unread(ctx, wrong.Err())
	return nil, h.Signing.ActFor(ctx, web.Actor(ctx), input)
}

func (h customers) stopActing(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.Signing.StopActing(ctx, web.Actor(ctx))
}
