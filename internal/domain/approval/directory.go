package approval

import (
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
)

// Person is somebody who decides: a member of the company, or one of the seller's staff.
type Person struct {
	Member id.Member  `json:"member,omitzero"`
	Staff  id.Account `json:"staff,omitzero"`
}

// Candidate is somebody who may come to decide, with what has to be known of them at this moment.
type Candidate struct {
	Person
	Name     string
	Title    string
	Path     tree.Path
	Active   bool
	Entitled bool         // holds purchase_orders.approve at a place that covers the requester (staff: may check credit)
	Barred   bool         // by separation of duty
	Limit    *money.Money // own approval limit for one decision; nil is unlimited
}

// Directory is the people of one plan, as they were read.
type Directory struct {
	Of             map[Source][]Candidate // whom each source of Sources yields
	Called         map[Source]string      // what is named by a source that has a name: the role, the cost centre, the budget
	Line           []Candidate            // the managers above the requester, nearest first
	Administrators []Candidate
	Deputies       []Deputy
}

// Deputy stands in for an approver for a period.
type Deputy struct {
	For     id.Member
	By      Candidate
	Maker   id.Member // who appointed them
	From    time.Time // from this instant
	Until   time.Time // to this one, which is not included; zero is open
	Rules   []id.Rule // empty: all, and limits and budgets too
	Units   []Place   // of the orders; empty: all
	UpTo    *money.Money
	BothMay bool // the approver stays asked beside the deputy
}

// Request is what the people of a plan are asked to agree to.
type Request struct {
	Requester   id.Member
	Submitter   id.Member   // who submitted the order, if it was handed over since; it stays an order of theirs
	ActedBy     id.Member   // who of the seller's staff submitted it for the requester, as far as they are a member here, too
	Amount      money.Money // what approval limits are held against
	Rates       []money.Exchange
	Place       tree.Path       // of the order's unit
	CostCentres []id.CostCentre // all that the order is split over
	Budgets     []id.Budget     // all that the order is charged to
	At          time.Time
}

// Policy is what a company has chosen.
type Policy struct {
	SamePersonAgain bool         // one person may fill several groups; asked once, their decision counts in each
	OwnUpTo         *money.Money // an administrator may agree to their own order up to this amount where nobody else can
}

// called lists the names of sources; nothing where none of them has one.
func (d Directory) called(sources []Source) []string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = d.Called[s]
	}
	if slices.IndexFunc(names, func(name string) bool { return name != "" }) < 0 {
		return nil
	}
	return names
}

// fits reports whether the amount asked is at most this one; what cannot be converted does not fit.
func (r Request) fits(most money.Money) bool {
	m, ok := convert(r.Amount, most.Currency, r.Rates)
	return ok && m.Minor <= most.Minor
}

// ownAllowed reports whether the company lets an administrator agree to an own order of this amount.
func (r Request) ownAllowed(p Policy) bool { return p.OwnUpTo != nil && r.fits(*p.OwnUpTo) }

// mayDecide reports whether c is active, entitled, not barred, and may decide on so much.
func (c *Candidate) mayDecide(r Request) bool {
	return c.Person != Person{} && c.Active && c.Entitled && !c.Barred && (c.Limit == nil || r.fits(*c.Limit))
}

// obstacle is why c may not decide, the first that there is.
func (c *Candidate) obstacle(r Request) Obstacle {
	switch {
	case r.own(c.Member):
		return IsRequester
	case c.mayDecide(r):
		return NoObstacle
	case c.Active && !c.Entitled:
		return NoPermission
	case c.Active && c.Barred:
		return KeptApart
	case c.Active && c.Limit != nil:
		return LimitTooLow
	}
	return NotActive
}

// ineligible says why c, who is not the requester, may not decide; nil when they may.
func (c *Candidate) ineligible(r Request) error {
	switch c.obstacle(r) {
	case NoObstacle, IsRequester:
		return nil
	case NoPermission:
		return ErrIneligible.With("you may not approve it now: no role of yours lets you approve for the place where who ordered it stands").Noting("because", "permission")
	case KeptApart:
		return ErrIneligible.With("you may not approve it now: the separation of duty of your company keeps you from it").Noting("because", "separation")
	case LimitTooLow:
		return ErrIneligible.With("you may not approve it now: it is about %s, and your approval limit is %s", r.Amount, *c.Limit).Noting("because", "limit")
	}
	return ErrIneligible.Noting("because", "left")
}

// mayDecideFor is mayDecide, and the order is not c's own.
func (c *Candidate) mayDecideFor(r Request) bool { return c.mayDecide(r) && !r.own(c.Member) }

// own reports whether somebody decides on what they ordered: as who requests it now, as who submitted it once, or as who did
// so for a customer.
func (r Request) own(m id.Member) bool {
	return !m.IsZero() && (m == r.Requester || m == r.Submitter || m == r.ActedBy)
}

func (c *Candidate) approver(why FallbackKind) Approver {
	return Approver{Person: c.Person, Name: c.Name, Title: c.Title, Fallback: why, State: Waiting}
}

// Covers reports whether d is in force at this moment, for this order and all of these reasons. Whom a requester has appointed
// for somebody else stands in for them, but not in what that requester orders: nobody chooses who decides on their own.
func (d *Deputy) Covers(r Request, reasons []Reason) bool {
	if r.own(d.Maker) && d.Maker != d.For {
		return false
	}
	if r.At.Before(d.From) || !d.Until.IsZero() && !r.At.Before(d.Until) || d.UpTo != nil && !r.fits(*d.UpTo) {
		return false
	}
	if len(d.Rules) > 0 && slices.ContainsFunc(reasons, func(why Reason) bool { return !slices.Contains(d.Rules, why.Rule) }) {
		return false
	}
	return len(d.Units) == 0 || slices.ContainsFunc(d.Units, func(p Place) bool { return p.Path.Covers(r.Place) })
}

// Stand reports whether somebody stands in for an approver now, by themselves or as the deputy of their deputy.
func Stand(all []Deputy, by, whom id.Member, r Request, reasons []Reason) bool {
	for i := range all {
		first := &all[i]
		if first.For != whom || !first.Covers(r, reasons) {
			continue
		}
		if first.By.Member == by {
			return true
		}
		for k := range all {
			if all[k].For == first.By.Member && all[k].By.Member == by && all[k].Covers(r, reasons) {
				return true
			}
		}
	}
	return false
}
