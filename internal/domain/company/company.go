package company

import (
	"slices"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
)

// Status is what the seller lets a company do.
type Status string

// The statuses of a company.
const (
	Pending  Status = "pending"
	Active   Status = "active"
	Rejected Status = "rejected"
	Blocked  Status = "blocked"
	Closed   Status = "closed"
)

// Admits reports whether the company's members may sign in for it at all.
func (s Status) Admits() bool { return s != "" && s != Closed }

// TakesIn reports whether somebody who was invited may still become a member. Who runs a company that the seller has not admitted
// must be able to read why.
func (s Status) TakesIn() bool { return s == Pending || s == Active || s == Rejected }

// Sight is what members of a company see of the shop while it waits to be admitted.
type Sight string

// The sights.
const (
	SeesNothing   Sight = "nothing"
	SeesCatalogue Sight = "catalogue"
	SeesPrices    Sight = "catalogue_and_prices"
)

// Sights are all of them, from the least to the most.
func Sights() []Sight { return []Sight{SeesNothing, SeesCatalogue, SeesPrices} }

// ErrSeller is the fault of treating the seller's own organisation as a customer.
var ErrSeller = fault.Define(fault.Refused, "company.seller", "this is the seller's own organisation, and no customer")

// ErrStatus is the fault of a status that does not follow on the one before.
var ErrStatus = fault.Define(fault.Refused, "company.status", "a company cannot go from this status to that one")

// follows says which status may follow on which.
var follows = map[Status][]Status{
	Pending:  {Active, Rejected, Closed},
	Active:   {Blocked, Closed},
	Blocked:  {Active, Closed},
	Rejected: {Closed},
}

// Become is the company in another status: ErrStale for one that was seen in another version, or ErrStatus.
func (c Company) Become(version int64, to Status) (Company, error) {
	switch {
	case version != c.Version:
		return c, ErrStale.Now(c.Version)
	case c.Seller:
		return c, ErrSeller
	case !slices.Contains(follows[c.Status], to):
		return c, ErrStatus
	}
	c.Status = to
	return c, nil
}

// ErrNotRejected is the fault of submitting a company again that was not turned away.
var ErrNotRejected = fault.Define(fault.Refused, "company.not_rejected", "only a company that was not admitted is submitted again")

// Resubmit is the company that was turned away, and waits again: ErrStale for one that was seen in another version.
func (c Company) Resubmit(version int64) (Company, error) {
	switch {
	case c.Status != Rejected:
		return c, ErrNotRejected
	case version != c.Version:
		return c, ErrStale.Now(c.Version)
	}
	c.Status = Pending
	return c, nil
}

// Join is the company in another customer group: ErrStale for one that was seen in another version.
func (c Company) Join(version int64, group id.CustomerGroup) (Company, error) {
	switch {
	case c.Seller:
		return c, ErrSeller
	case version != c.Version:
		return c, ErrStale.Now(c.Version)
	}
	c.Group = group
	return c, nil
}

// Wish is whether something is asked for at checkout.
type Wish string

// The wishes.
const (
	Off      Wish = "off"
	Optional Wish = "optional"
	Required Wish = "required"
)

// Company is a buying organisation.
type Company struct {
	ID          id.Company
	Number      string // the customer number, unique
	Name        string // under which it is registered
	Status      Status
	Currency    money.Currency
	Zone        string // IANA name of its time zone
	Language    string
	FiscalMonth time.Month // the first of its fiscal year
	PONumber    Wish
	CostCentre  Wish
	BudgetsUsed bool             // there has been a budget: from then on an order needs one, or the permission to do without
	ExpiryDays  int64            // days after which a purchase order that waits expires
	Seller      bool             // it is the seller's own organisation: its members are the staff
	Group       id.CustomerGroup // the seller's segment that it belongs to; none is the zero one
	Consents    bool             // staff may act for its members
	Parent      id.Company       // the company that it belongs to; none is the zero one
	Inherits    Inherits
	Version     int64
	CreatedAt   time.Time

	TradeName    string // as people call it, where that is another name
	VATID        string
	Registration string // its number in the commercial register, or what its country has instead
	Reseller     string // its ID as a reseller, given by the seller
	External     string // as the seller's ERP knows it, unique
	Legal        Legal  // where it is registered
	Terms        Terms
	Reason       string    // why it has the status that it has
	Since        time.Time // it has; the zero time: from the beginning
	Pending      Sight     // of the seller's own organisation: what companies see that wait
}

// Words are what a list of companies is ordered and searched by: the name first, all in lower case.
func (c Company) Words() string {
	words := []string{c.Name, c.Number}
	for _, more := range []string{c.TradeName, c.VATID, c.External} {
		if more != "" {
			words = append(words, more)
		}
	}
	return strings.ToLower(strings.Join(words, "\t"))
}

// Inherits is what a company has of its parent, live, in place of its own.
type Inherits struct {
	Group  bool `json:"customer_group"`
	Prices bool `json:"prices"`         // the parent's agreed prices, where it has agreed on none itself
	Terms  bool `json:"payment_terms"`  // the days within which the parent pays
	Rules  bool `json:"approval_rules"` // the parent's approval rules, before its own
}

// ErrParent is the fault of a parent that cannot be one.
var ErrParent = fault.Define(fault.Refused, "company.parent", "a company does not belong to itself, nor to one that belongs to it")

// Belong is the company under a parent: line is that parent with all above it, empty for none. It is ErrStale for one
// that was seen in another version, or ErrParent.
func (c Company) Belong(version int64, line []Company, what Inherits) (Company, error) {
	switch {
	case c.Seller || slices.ContainsFunc(line, func(p Company) bool { return p.Seller }):
		return c, ErrSeller
	case version != c.Version:
		return c, ErrStale.Now(c.Version)
	case slices.ContainsFunc(line, func(p Company) bool { return p.ID == c.ID }):
		return c, ErrParent
	case len(line) >= MostAbove:
		return c, ErrParent.With("companies belong to each other at most %d deep", MostAbove)
	}
	c.Parent, c.Inherits = id.Company{}, Inherits{}
	if len(line) > 0 {
		c.Parent, c.Inherits = line[0].ID, what
	}
	return c, nil
}

// MostAbove is how many companies a company has above it at most.
const MostAbove = 16

// GroupOf is the company of a line whose customer group counts for the first of it: the nearest that does not inherit.
// A line is a company with its parent, the parent's parent and so on.
func GroupOf(line []Company) Company {
	i := 0
	for line[i].Inherits.Group && i+1 < len(line) {
		i++
	}
	return line[i]
}

// Location is the company's time zone; UTC when its name is unknown here.
func (c Company) Location() *time.Location {
	l, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC // a zone is checked when it is set; a machine without it still tells the time
	}
	return l
}

var (
	// ErrUnseen is the fault of a company that is not there, or where one is no member.
	ErrUnseen = fault.Define(fault.NotFound, "company.unseen", "there is no such company, or you are no member of it")
	// ErrNotActive is the fault of ordering in a company that may not.
	ErrNotActive = fault.Define(fault.Refused, "company.not_active", "your company cannot order at the moment")
	// ErrStale is the fault of editing an older version of something.
	ErrStale = fault.Define(fault.Stale, "company.stale", "somebody has changed this meanwhile: look at it again")
)

// Profile is what a company says of itself and asks of its buyers.
type Profile struct {
	Name         string     `json:"name"`
	TradeName    string     `json:"trade_name,omitempty"`
	VATID        string     `json:"vat_id,omitempty"`
	Registration string     `json:"registration_number,omitempty"`
	Zone         string     `json:"zone"`
	Language     string     `json:"language"`
	FiscalMonth  time.Month `json:"fiscal_month"`
	PONumber     Wish       `json:"po_number"`
	CostCentre   Wish       `json:"cost_centre"`
	ExpiryDays   int64      `json:"expiry_days"`
	Consents     bool       `json:"consents_to_staff"`
	Pending      Sight      `json:"pending_sees,omitempty"` // of the seller's own organisation alone
}

// Profile is the company's, as it is.
func (c Company) Profile() Profile {
	p := Profile{c.Name, c.TradeName, c.VATID, c.Registration, c.Zone, c.Language, c.FiscalMonth, c.PONumber, c.CostCentre, c.ExpiryDays, c.Consents, ""}
	if c.Seller {
		p.Pending = c.Pending
	}
	return p
}

// The most days that a purchase order may wait.
const mostExpiryDays = 365

// Edit is the company with another profile: ErrStale for one that was seen in another version, or the fields that
// cannot be.
func (c Company) Edit(version int64, p Profile) (Company, error) {
	if version != c.Version {
		return c, ErrStale.Now(c.Version)
	}
	var in fault.Input
	c.Name = Name(&in, "name", p.Name)
	c.called(&in, p.TradeName, p.VATID, p.Registration)
	if c.Seller && p.Pending != "" {
		if !slices.Contains(Sights(), p.Pending) {
			in.Add("pending_sees", "unknown", "this is nothing, the catalogue, or the catalogue and its prices")
		}
		c.Pending = p.Pending
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" || p.Zone == "Local" {
		in.Add("zone", "unknown", "there is no time zone of this name")
	}
	if !slices.Contains(locale.Languages(), locale.Language(p.Language)) {
		in.Add("language", "unknown", "this language is not spoken here")
	}
	if p.FiscalMonth < time.January || p.FiscalMonth > time.December {
		in.Add("fiscal_month", "range", "a month is a number from 1 to 12")
	}
	for _, w := range []struct {
		field string
		wish  Wish
	}{{"po_number", p.PONumber}, {"cost_centre", p.CostCentre}} {
		if !slices.Contains([]Wish{Off, Optional, Required}, w.wish) {
			in.Add(w.field, "unknown", "this is off, optional or required")
		}
	}
	if p.ExpiryDays < 1 || p.ExpiryDays > mostExpiryDays {
		in.Add("expiry_days", "range", "a purchase order waits from 1 to %d days", mostExpiryDays)
	}
	c.Zone, c.Language, c.FiscalMonth, c.PONumber, c.CostCentre, c.ExpiryDays, c.Consents =
		p.Zone, p.Language, p.FiscalMonth, p.PONumber, p.CostCentre, p.ExpiryDays, p.Consents
	return c, in.Err()
}
