// Package onboarding makes companies: with their roles, the root of their structure and their first administrator.
package onboarding

import (
	"cmp"
	"context"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Service does what this package says.
type Service struct{ db *store.DB }

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

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
}

// Founded is what a new company begins with.
type Founded struct {
	Company       id.Company
	Administrator id.Member
	Unit          id.Unit            // the company's own, right below the administrator
	Roles         map[string]id.Role // by the keys of the shipped ones
	Again         bool               // the company had been founded before
}

// The days after which a purchase order of a new company expires.
const expiryDays = 14

// Found makes a company that may order at once: its row, its copies of the shipped roles, the administrator at the top
// of its structure, its own unit below them, and its first address. A company of this customer number that is there
// already is left as it is, and given back.
func (s *Service) Found(ctx context.Context, actor access.Actor, in FoundInput) (f Founded, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		known, found, err := in.known(ctx, tx)
		if err != nil {
			return err
		}
		var templates []access.Template
		tx.Access.WantTemplates(&templates)
		if err := tx.Fetch(ctx); err != nil {
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
			f, err = again(ctx, tx, known.ID)
			return err
		}
		// decide
		c, u, a, err := in.check(tx)
		if err != nil {
			return err
		}
		account, err := step.Account(ctx, tx, identity.Account{Email: in.Email, First: in.First, Last: in.Last, Language: c.Language, Zone: c.Zone})
		if err != nil {
			return err
		}
		m := company.Member{ID: id.NewMember(tx.Now), Account: account.ID, Email: account.Email, Status: company.Working, Version: 1}
		name := identity.Account{First: in.First, Last: in.Last}.Name()
		if m, err = m.Edit(1, company.MemberFields{Name: name, Title: in.Title}, c.Currency); err != nil {
			return err
		}
		// write, and tell as the new company
		f = Founded{Company: c.ID, Administrator: m.ID, Unit: u.ID, Roles: map[string]id.Role{}}
		actor = actor.Telling(c.ID)
		tx.Companies.Insert(c)
		tx.Tell(actor, company.WasFounded{CompanyID: c.ID, Number: c.Number, Name: c.Name, Administrator: m.ID, Unit: u.ID})
		top := company.Node{Member: m.ID}
		own := company.Node{Unit: u.ID}
		last, err := tx.Companies.GetLabels(ctx, c.ID, 2)
		if err != nil {
			return err
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
			return err
		}
		tx.Tell(actor, given.Assigned(administrator))
		if in.Address != nil {
			tx.Companies.InsertAddress(c.ID, a)
			tx.Tell(actor, a.Added())
		}
		return nil
	})
	return f, err
}

// check makes the company, its own unit and its address of what was given, or names the fields that cannot be.
func (in FoundInput) check(tx *store.Tx) (c company.Company, u company.Unit, a company.Address, err error) {
	var wrong fault.Input
	c = company.Company{ID: id.NewCompany(tx.Now), Status: company.Active, Version: 1, CreatedAt: tx.Now, Seller: in.Seller}
	c.Number = company.Code(&wrong, "number", in.Number)
	c.Currency, err = money.ParseCurrency(string(in.Currency))
	wrong.Take("currency", err)
	p := company.Profile{Name: in.Name, Zone: cmp.Or(in.Zone, "UTC"), Language: string(cmp.Or(in.Language, locale.English)), FiscalMonth: cmp.Or(in.FiscalMonth, time.January),
		PONumber: company.Optional, CostCentre: company.Optional, ExpiryDays: expiryDays}
	c, err = c.Edit(1, p)
	wrong.Take("company", err)
	u, err = company.Unit{ID: id.NewUnit(tx.Now), Version: 1}.Edit(1, company.UnitFacts{Code: cmp.Or(in.Code, in.Number), Name: in.Name})
	wrong.Take("unit", err)
	if in.Address != nil {
		a, err = in.Address.Check()
		wrong.Take("address", err)
		a.ID, a.Usual = id.NewAddress(tx.Now), true
	}
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
func again(ctx context.Context, tx *store.Tx, key id.Company) (Founded, error) {
	f := Founded{Company: key, Roles: map[string]id.Role{}, Again: true}
	var roles []access.Role
	var top, own company.Node
	tx.Access.WantRoles(&roles, key)
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
