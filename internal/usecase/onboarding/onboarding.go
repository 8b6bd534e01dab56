// Package onboarding makes companies: with their roles, the root of their structure and their first administrator.
package onboarding

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Service does what this package says.
type Service struct {
	db       *store.DB
	inviting step.Inviting
}

// New makes the service on a store. It writes no mail.
func New(db *store.DB) *Service { return With(db, step.Inviting{}) }

// With is New with what the operator decides about invitations.
func With(db *store.DB, s step.Inviting) *Service { return &Service{db, s.Usually()} }

// FoundInput is a new company and its first administrator.
type FoundInput struct {
	Number      string // the customer number
	Name        string
	Code        string // of the company's own unit; none is the customer number
	Currency    money.Currency
	Language    locale.Language // none is English
	Zone        string          // none is UTC
	FiscalMonth time.Month      // 0 is January
	Email       string          // of the administrator
	First       string
	Last        string
	Title       string
	Address     *company.Address // the first of its book, and the usual one
	Seller      bool             // it is the seller's own organisation, the only one; the administrator is its owner

	TradeName    string
	VATID        string
	Registration string
	Reseller     string
	External     string
	Legal        company.Legal
	Status       company.Status   // active, or pending: it waits to be admitted; none is active
	Group        id.CustomerGroup // none is the zero one
	Parent       string           // the customer number of the company that it belongs to; none is the empty one
	Inherits     company.Inherits
	Invites      bool // the administrator is sent an invitation, and acts when they have accepted it
}

// Founded is what a new company begins with.
type Founded struct {
	Company       id.Company
	Number        string // its customer number
	Administrator id.Member
	Unit          id.Unit            // the company's own, right below the administrator
	Roles         map[string]id.Role // by the keys of the shipped ones
	Again         bool               // the company had been founded before
}

// The days after which a purchase order of a new company expires.
const expiryDays = 14

// Found makes a company: its row, its copies of the shipped roles and of the templates that every new one begins with, the
// administrator at the top of its structure, its own unit below them, and its first address. A company of this customer
// number that is there already is left as it is, and given back.
func (s *Service) Found(ctx context.Context, actor access.Actor, in FoundInput) (f Founded, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		known, found, err := in.known(ctx, tx)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		if found {
			if known.Seller != in.Seller {
				return company.ErrSeller
			}
			f, err = again(ctx, tx, known)
			return err
		}
		// decide, write, tell
		f, err = s.found(ctx, tx, actor, in, nil)
		return err
	})
	return f, err
}

// Check names every field of a company to be that cannot be, as far as that can be told without looking at other companies.
func (in FoundInput) Check() error {
	in.Group, in.Parent = id.CustomerGroup{}, ""        // they are others'
	_, _, _, err := in.check(time.Unix(0, 0), nil, nil) // nothing of it depends on when
	return err
}

// found makes a company, for an actor who may, unless its number is no good: what else is wrong is told with that.
func (s *Service) found(ctx context.Context, tx *store.Tx, actor access.Actor, in FoundInput, number error) (f Founded, err error) {
	// find
	var templates []access.Template
	var groups []pricing.CustomerGroup
	tx.Access.WantTemplates(&templates)
	tx.Prices.WantGroups(&groups)
	line, unseen := above(ctx, tx, in.Parent)
	for _, err := range []error{number, unseen} {
		if err != nil && fault.Of(err) == nil {
			return f, err
		}
	}
	// decide
	c, u, a, err := in.check(tx.Now, line, groups)
	if unseen != nil {
		err = fault.Both(unseen, err)
	}
	if number != nil {
		err = fault.Both(number, err)
	}
	if err != nil {
		return f, err
	}
	account, err := step.Account(ctx, tx, identity.Account{Email: in.Email, First: in.First, Last: in.Last, Language: c.Language, Zone: c.Zone})
	if err != nil {
		return f, err
	}
	m := company.Member{ID: id.NewMember(tx.Now), Account: account.ID, Email: account.Email, Status: company.Working, Version: 1}
	if in.Invites {
		m.Status = company.Invited
	}
	if m, err = m.Edit(1, company.MemberFields{First: in.First, Last: in.Last, Title: in.Title}, c.Currency); err != nil {
		return f, err
	}
	// write, and tell as the new company
	f = Founded{Company: c.ID, Number: c.Number, Administrator: m.ID, Unit: u.ID, Roles: map[string]id.Role{}}
	actor = actor.Telling(c.ID)
	tx.Companies.Insert(c)
	tx.Tell(actor, company.WasFounded{CompanyID: c.ID, Number: c.Number, Name: c.Name, Status: c.Status, Administrator: m.ID, Unit: u.ID})
	top := company.Node{Member: m.ID}
	own := company.Node{Unit: u.ID}
	last, err := tx.Companies.GetLabels(ctx, c.ID, 2)
	if err != nil {
		return f, err
	}
	top.Path = tree.Top.Child(last - 1)
	own.Path = top.Path.Child(last)
	tx.Companies.InsertMember(c.ID, m)
	tx.Companies.InsertNode(c.ID, top, company.Node{})
	tx.Companies.InsertUnit(c.ID, u)
	tx.Companies.InsertNode(c.ID, own, top)
	administrator := ship(tx, c, f.Roles)
	if !c.Seller {
		begin(tx, c.ID, templates)
	}
	given := access.Assignment{ID: id.NewAssignment(tx.Now), Member: m.ID, Role: administrator.ID}
	if err := step.Give(ctx, tx, actor, given); err != nil {
		return f, err
	}
	tx.Tell(actor, given.Assigned(administrator))
	if in.Address != nil {
		tx.Companies.InsertAddress(c.ID, a)
		tx.Tell(actor, a.Added())
	}
	if !c.Group.IsZero() {
		tx.Tell(actor, company.GroupWasAssigned{CompanyID: c.ID, After: c.Group})
	}
	if !c.Parent.IsZero() {
		tx.Tell(actor, company.ParentWasSet{CompanyID: c.ID, Parent: in.Parent, Inherits: c.Inherits})
	}
	if in.Invites {
		err = s.invite(ctx, tx, actor, c, m, []string{administrator.Name})
	}
	return f, err
}

// check makes the company, its own unit and its address of what was given, or names the fields that cannot be, those of its
// first administrator among them.
func (in FoundInput) check(now time.Time, line []company.Company, groups []pricing.CustomerGroup) (c company.Company, u company.Unit, a company.Address, err error) {
	var wrong fault.Input
	take := func(err error) {
		f := fault.Of(err)
		if f == nil || len(f.Fields) == 0 {
			wrong.Take("number", err)
			return
		}
		for _, x := range f.Fields {
			if !wrong.Has(x.Name) {
				wrong.Add(x.Name, x.Code, x.Format, x.Args...)
			}
		}
	}
	c = company.Company{ID: id.NewCompany(now), Status: cmp.Or(in.Status, company.Active), Version: 1, CreatedAt: now, Terms: company.NewTerms()}
	if c.Status != company.Active && c.Status != company.Pending {
		wrong.Add("status", "unknown", "a company begins as active or pending")
	}
	c, err = c.Keep(1, company.Record{Number: in.Number, Name: in.Name, TradeName: in.TradeName, VATID: in.VATID, Registration: in.Registration,
		Reseller: in.Reseller, External: in.External, Legal: in.Legal})
	take(err)
	c.Currency, err = money.ParseCurrency(string(in.Currency))
	wrong.Take("currency", err)
	p := c.Profile()
	p.Zone, p.Language, p.FiscalMonth = cmp.Or(in.Zone, "UTC"), string(cmp.Or(in.Language, locale.English)), cmp.Or(in.FiscalMonth, time.January)
	p.PONumber, p.CostCentre, p.ExpiryDays = company.Optional, company.Optional, expiryDays
	c, err = c.Edit(1, p)
	take(err)
	if c.Group = in.Group; !c.Group.IsZero() && !slices.ContainsFunc(groups, func(g pricing.CustomerGroup) bool { return g.ID == in.Group }) {
		wrong.Take("customer_group_id", pricing.ErrUnseenGroup)
	}
	if c, err = c.Belong(1, line, in.Inherits); err != nil {
		wrong.Take("parent", err)
	}
	c.Seller = in.Seller
	u, err = company.Unit{ID: id.NewUnit(now), Version: 1}.Edit(1, company.UnitFacts{Code: cmp.Or(in.Code, in.Number), Name: in.Name})
	if in.Code != "" && !wrong.Has("name") {
		wrong.Take("unit", err)
	}
	if in.Address != nil {
		a, err = in.Address.Check()
		wrong.Take("address", err)
		a.ID, a.Usual = id.NewAddress(now), true
	}
	_, err = identity.Account{Email: in.Email, First: in.First, Last: in.Last, Language: p.Language, Zone: p.Zone}.Check()
	take(err)
	text.Line(&wrong, "title", in.Title, text.MostTitle)
	return c, u, a, wrong.Err()
}

// ship gives a company its copies of the shipped roles, and says which is the administrators'.
func ship(tx *store.Tx, c company.Company, roles map[string]id.Role) (administrator access.Role) {
	realm := access.Buyer
	if c.Seller {
		realm = access.Staff
	}
	for _, s := range access.Shipped(realm) {
		r := access.Role{ID: id.NewRole(tx.Now), Name: s.Name, Description: s.Description, Shipped: s.Key, Default: s.Default, Set: s.Set.Normalise(), Version: 1}
		tx.Access.InsertRole(c.ID, r)
		roles[s.Key] = r.ID
		if r.IsAdministrator() {
			administrator = r
		}
	}
	return administrator
}

// begin gives a company roles of the templates that every new one begins with.
func begin(tx *store.Tx, key id.Company, templates []access.Template) {
	for _, t := range templates {
		if t.Starts {
			tx.Access.InsertRole(key, access.Role{ID: id.NewRole(tx.Now), Name: t.Name, Description: t.Description, Set: t.Set, Version: 1})
		}
	}
}

// known finds the company that there is already.
func (in FoundInput) known(ctx context.Context, tx *store.Tx) (c company.Company, found bool, err error) {
	if in.Seller {
		return tx.Companies.FindSeller(ctx)
	}
	return tx.Companies.FindByNumber(ctx, in.Number)
}

// again gives what a company has that was founded before.
func again(ctx context.Context, tx *store.Tx, known company.Company) (Founded, error) {
	key := known.ID
	f := Founded{Company: key, Number: known.Number, Roles: map[string]id.Role{}, Again: true}
	var roles []access.Role
	var top, own company.Node
	tx.Access.WantEveryRole(&roles, key)
	tx.Companies.WantTop(&top, key)
	tx.Companies.WantOwnUnit(&own, key)
	if err := tx.Fetch(ctx); err != nil {
		return f, err
	}
	for _, r := range roles {
		if r.Shipped != "" {
			f.Roles[r.Shipped] = r.ID
		}
	}
	f.Administrator, f.Unit = top.Member, own.Unit
	return f, nil
}
