package company_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/company"
)

var now = time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)

// wrong lists the fields that a fault names.
func wrong(err error) []string {
	var f *fault.Fault
	var all []string
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			all = append(all, field.Name)
		}
	}
	return all
}

func TestProfilesAreEdited(t *testing.T) {
	good := company.Profile{Name: "Acme Works", Zone: "Europe/Berlin", Language: "de", FiscalMonth: time.April, PONumber: company.Required, CostCentre: company.Off, ExpiryDays: 30}
	for _, c := range []struct {
		sentence string
		version  int64
		change   func(*company.Profile)
		want     *fault.Fault
		field    string
	}{
		{"a whole profile does", 3, func(p *company.Profile) {}, nil, ""},
		{"blanks are folded", 3, func(p *company.Profile) { p.Name = "  Acme \t Works " }, nil, ""},
		{"who has seen another version looks again", 2, func(p *company.Profile) {}, company.ErrStale, ""},
		{"a name is needed", 3, func(p *company.Profile) { p.Name = " " }, fault.ErrInput, "name"},
		{"a name is not endless", 3, func(p *company.Profile) { p.Name = strings.Repeat("x", 121) }, fault.ErrInput, "name"},
		{"a name is one line", 3, func(p *company.Profile) { p.Name = "Acme\x00" }, fault.ErrInput, "name"},
		{"a zone is one", 3, func(p *company.Profile) { p.Zone = "Mars/Olympus" }, fault.ErrInput, "zone"},
		{"the zone of this machine is none", 3, func(p *company.Profile) { p.Zone = "Local" }, fault.ErrInput, "zone"},
		{"no zone is none", 3, func(p *company.Profile) { p.Zone = "" }, fault.ErrInput, "zone"},
		{"a language is one that we speak", 3, func(p *company.Profile) { p.Language = "tlh" }, fault.ErrInput, "language"},
		{"a year begins in a month", 3, func(p *company.Profile) { p.FiscalMonth = 13 }, fault.ErrInput, "fiscal_month"},
		{"a wish is known", 3, func(p *company.Profile) { p.PONumber = "maybe" }, fault.ErrInput, "po_number"},
		{"the other wish too", 3, func(p *company.Profile) { p.CostCentre = "" }, fault.ErrInput, "cost_centre"},
		{"orders wait a day at least", 3, func(p *company.Profile) { p.ExpiryDays = 0 }, fault.ErrInput, "expiry_days"},
		{"and a year at most", 3, func(p *company.Profile) { p.ExpiryDays = 366 }, fault.ErrInput, "expiry_days"},
	} {
		p := good
		c.change(&p)
		got, err := company.Company{Number: "1", Version: 3}.Edit(c.version, p)
		switch {
		case c.want == nil && (err != nil || got.Profile() != good || got.Number != "1"):
			t.Errorf("%s: %v %+v", c.sentence, err, got)
		case c.want != nil && (!errors.Is(err, c.want) || c.field != "" && !slices.Equal(wrong(err), []string{c.field})):
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestWhichCompaniesAdmitTheirMembers(t *testing.T) {
	for status, want := range map[company.Status]bool{company.Pending: true, company.Active: true, company.Blocked: true, company.Rejected: true, company.Closed: false, "": false} {
		if status.Admits() != want {
			t.Errorf("%q admits: %v", status, !want)
		}
	}
}

func TestCompaniesChangeTheirStatus(t *testing.T) {
	all := []company.Status{company.Pending, company.Active, company.Rejected, company.Blocked, company.Closed}
	allowed := map[[2]company.Status]bool{
		{company.Pending, company.Active}: true, {company.Pending, company.Rejected}: true, {company.Active, company.Blocked}: true, {company.Blocked, company.Active}: true,
		{company.Pending, company.Closed}: true, {company.Active, company.Closed}: true, {company.Blocked, company.Closed}: true, {company.Rejected, company.Closed}: true,
	}
	for _, from := range all {
		for _, to := range append(all, "asleep") {
			c, err := company.Company{Status: from, Version: 2}.Become(2, to)
			if want := allowed[[2]company.Status{from, to}]; want && (err != nil || c.Status != to) || !want && !errors.Is(err, company.ErrStatus) {
				t.Errorf("from %s to %s: %v", from, to, err)
			}
		}
	}
	if _, err := (company.Company{Status: company.Active, Version: 2}).Become(1, company.Blocked); !errors.Is(err, company.ErrStale) {
		t.Errorf("who has seen another version looks again: %v", err)
	}
}

func TestAZoneThatIsUnknownHereIsUTC(t *testing.T) {
	if got := (company.Company{Zone: "Mars/Olympus"}).Location(); got != time.UTC {
		t.Error(got)
	}
	if got := (company.Company{Zone: "Europe/Berlin"}).Location().String(); got != "Europe/Berlin" {
		t.Error(got)
	}
}

func eur(minor int64) *money.Money { m := money.Of(minor, "EUR"); return &m }

func TestMembersAreEdited(t *testing.T) {
	usd := money.Of(1, "USD")
	for _, c := range []struct {
		sentence string
		version  int64
		fields   company.MemberFields
		want     *fault.Fault
		field    string
	}{
		{"a name is enough", 2, company.MemberFields{Name: "Ann"}, nil, ""},
		{"there may be more", 2, company.MemberFields{Name: "Ann", Number: "17", Title: "Technician", Approval: eur(0)}, nil, ""},
		{"who has seen another version looks again", 1, company.MemberFields{Name: "Ann"}, company.ErrStale, ""},
		{"a name is needed", 2, company.MemberFields{}, fault.ErrInput, "name"},
		{"a number is short", 2, company.MemberFields{Name: "Ann", Number: strings.Repeat("1", 41)}, fault.ErrInput, "number"},
		{"a title is no novel", 2, company.MemberFields{Name: "Ann", Title: strings.Repeat("x", 121)}, fault.ErrInput, "title"},
		{"a title is text", 2, company.MemberFields{Name: "Ann", Title: "x\xff"}, fault.ErrInput, "title"},
		{"a limit is in the company's currency", 2, company.MemberFields{Name: "Ann", Approval: &usd}, fault.ErrInput, "approval_limit"},
		{"a limit is not below zero", 2, company.MemberFields{Name: "Ann", Approval: eur(-1)}, fault.ErrInput, "approval_limit"},
	} {
		m, err := company.Member{Email: "ann@acme.example", Version: 2}.Edit(c.version, c.fields, "EUR")
		switch {
		case c.want == nil && (err != nil || m.Name != c.fields.Name || m.Number != c.fields.Number || m.Title != c.fields.Title || m.Approval != c.fields.Approval):
			t.Errorf("%s: %v %+v", c.sentence, err, m)
		case c.want != nil && (!errors.Is(err, c.want) || c.field != "" && !slices.Equal(wrong(err), []string{c.field})):
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestMembersLeaveAndReturn(t *testing.T) {
	there := company.Member{Status: company.Working, Joined: true, Path: "1.2.3.", Parent: "1.2.", Version: 4}
	gone, err := there.Leave(4)
	if err != nil || gone.Status != company.Inactive || gone.Path != tree.Top || gone.Parent != tree.Top {
		t.Errorf("who leaves stands nowhere: %v %+v", err, gone)
	}
	back, err := gone.Return(4, "1.9.")
	if err != nil || back.Status != company.Working || back.Path != "1.9." || back.Parent != "1." {
		t.Errorf("who returns stands where they are put: %v %+v", err, back)
	}
	invited := company.Member{Status: company.Invited, Version: 4}
	if _, err := invited.Leave(4); err != nil {
		t.Errorf("who has been invited can be sent away: %v", err)
	}
	away, err := invited.Leave(4)
	if again, wrong := away.Return(4, "1.9."); err != nil || wrong != nil || again.Status != company.Invited {
		t.Errorf("who never accepted comes back to wait: %v %v %+v", err, wrong, again)
	}
	joined, err := invited.Join("Kim", "Key")
	if err != nil || joined.Status != company.Working || joined.Name != "Kim Key" || !joined.Joined {
		t.Errorf("who accepts acts: %v %+v", err, joined)
	}
	for sentence, refused := range map[string]struct{ err, want error }{
		"nobody joins who is there":             {second(there.Join("", "")), company.ErrNotInvited},
		"nobody joins who has left":             {second(gone.Join("", "")), company.ErrNotInvited},
		"nobody leaves twice":                   {second(gone.Leave(4)), company.ErrInactive},
		"nobody leaves who was seen otherwise":  {second(there.Leave(3)), company.ErrStale},
		"nobody returns who is there":           {second(there.Return(4, "1.")), company.ErrNotInactive},
		"nobody returns who was seen otherwise": {second(gone.Return(5, "1.")), company.ErrStale},
		"nobody returns who has yet to come":    {second(invited.Return(4, "1.")), company.ErrNotInactive},
	} {
		if !errors.Is(refused.err, refused.want) {
			t.Errorf("%s: %v", sentence, refused.err)
		}
	}
}

func second[A, B any](_ A, b B) B { return b }

func TestMembersAreFoundByTheirWords(t *testing.T) {
	m := company.Member{Name: "Änne Ölberg", Email: "Anne@Acme.example", Number: "K-7", Title: "Leiterin"}
	if got, want := m.Words(), "änne ölberg\tanne@acme.example\tk-7\tleiterin"; got != want {
		t.Errorf("%q", got)
	}
}

func TestUnitsAreEditedAndArchived(t *testing.T) {
	u := company.Unit{ID: id.NewUnit(now), Code: "ops", Name: "Operations", Path: "1.2.3.", Version: 5}
	cc := id.NewCostCentre(now)
	if got, err := u.Edit(5, company.UnitFacts{Code: " OPS-1 ", Name: "Ops", CostCentre: cc}); err != nil || got.Code != "OPS-1" || got.Name != "Ops" || got.CostCentre != cc || got.ID != u.ID {
		t.Errorf("%v %+v", err, got)
	}
	archived, err := u.Archive(5, 0, 0)
	if again, err := archived.Restore(5); err != nil || again.Archived {
		t.Errorf("an archived unit is taken back: %v %+v", err, again)
	}
	if err != nil || !archived.Archived || archived.Path != tree.Top {
		t.Errorf("an empty unit is archived: %v %+v", err, archived)
	}
	for _, c := range []struct {
		sentence string
		err      error
		want     *fault.Fault
	}{
		{"not one that was seen otherwise", second(u.Edit(4, u.Facts())), company.ErrStale},
		{"not without a code", second(u.Edit(5, company.UnitFacts{Name: "x"})), fault.ErrInput},
		{"not with blanks in the code", second(u.Edit(5, company.UnitFacts{Code: "a b", Name: "x"})), fault.ErrInput},
		{"not with a code that goes on and on", second(u.Edit(5, company.UnitFacts{Code: strings.Repeat("a", 41), Name: "x"})), fault.ErrInput},
		{"not without a name", second(u.Edit(5, company.UnitFacts{Code: "a"})), fault.ErrInput},
		{"not one that is archived", second(archived.Edit(5, u.Facts())), company.ErrArchived},
		{"nor archived twice", second(archived.Archive(5, 0, 0)), company.ErrArchived},
		{"but not one seen otherwise", second(archived.Restore(4)), company.ErrStale},
		{"nor one that stands there", second(u.Restore(5)), company.ErrNotArchived},
		{"nor with anybody below", second(u.Archive(5, 1, 0)), company.ErrUnitInUse},
		{"nor with open orders", second(u.Archive(5, 0, 1)), company.ErrUnitOrders},
		{"nor seen otherwise", second(u.Archive(6, 0, 0)), company.ErrStale},
		{"nor at the top", second(company.Unit{Path: "1.", Version: 5}.Archive(5, 0, 0)), company.ErrTop},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v", c.sentence, c.err)
		}
	}
}

func TestNodesMove(t *testing.T) {
	deep := tree.Path(strings.Repeat("1.", 31))
	for _, c := range []struct {
		sentence    string
		node, under tree.Path
		deepest     int
		to          tree.Path
		want        *fault.Fault
	}{
		{"to another branch, with its label", "1.2.7.", "1.3.", 3, "1.3.7.", nil},
		{"up", "1.2.3.7.", "1.", 5, "1.7.", nil},
		{"to where it is", "1.2.7.", "1.2.", 3, "1.2.7.", nil},
		{"not below itself", "1.2.", "1.2.", 2, "", company.ErrCircle},
		{"not below what is below it", "1.2.", "1.2.3.4.", 4, "", company.ErrCircle},
		{"but below what only looks alike", "1.2.", "1.2a.", 2, "1.2a.2.", nil},
		{"not the top", "1.", "1.2.", 2, "", company.ErrTop},
		{"as deep as may be", "1.2.", deep, 2, deep + "2.", nil},
		{"not deeper", "1.2.", deep + "3.", 2, "", company.ErrDeep},
		{"not with what is below it either", "1.2.", deep, 3, "", company.ErrDeep},
	} {
		to, err := company.Move(c.node, c.under, c.deepest)
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && (err != nil || to != c.to) {
			t.Errorf("%s: %q, %v", c.sentence, to, err)
		}
	}
}

func TestAMovedNodeStandsRightBelow(t *testing.T) {
	path := rapid.Custom(func(t *rapid.T) (p tree.Path) {
		for _, label := range rapid.SliceOfN(rapid.Int64Range(1, 40), 1, 8).Draw(t, "labels") {
			p = p.Child(label)
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		node, under := path.Draw(t, "node"), path.Draw(t, "under")
		to, err := company.Move(node, under, node.Depth())
		if err != nil {
			return
		}
		if to.Parent() != under || node.Covers(to) && to != node {
			t.Fatalf("%q below %q comes to %q", node, under, to)
		}
	})
}

func TestAddressesAreChecked(t *testing.T) {
	good := company.Address{Label: "Works", Name: "Acme", Street: "Hammer Lane 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true}
	for _, c := range []struct {
		sentence string
		change   func(*company.Address)
		field    string
	}{
		{"a whole address does", func(a *company.Address) {}, ""},
		{"some countries have no postcodes", func(a *company.Address) { a.Country, a.Postcode = "HK", "" }, ""},
		{"others have", func(a *company.Address) { a.Postcode = "" }, "postcode"},
		{"of another form", func(a *company.Address) { a.Postcode = "1011" }, "postcode"},
		{"capitals are as good", func(a *company.Address) { a.Country, a.Postcode = "GB", "sw1a 1aa" }, ""},
		{"a state is needed where there is one", func(a *company.Address) { a.Country, a.Postcode = "US", "98011" }, "region"},
		{"and is there", func(a *company.Address) { a.Country, a.Postcode, a.Region = "US", "98011", "WA" }, ""},
		{"a label is needed", func(a *company.Address) { a.Label = "" }, "label"},
		{"a name is needed", func(a *company.Address) { a.Name = "" }, "name"},
		{"a street is needed", func(a *company.Address) { a.Street = " " }, "street"},
		{"a city is needed", func(a *company.Address) { a.City = "" }, "city"},
		{"a postcode is short", func(a *company.Address) { a.Postcode = strings.Repeat("1", 21) }, "postcode"},
		{"a country is two letters", func(a *company.Address) { a.Country = "GER" }, "country"},
		{"capital ones", func(a *company.Address) { a.Country = "de" }, "country"},
		{"of a country", func(a *company.Address) { a.Country = "QQ" }, "country"},
		{"of A to Z", func(a *company.Address) { a.Country = "Ä" }, "country"},
		{"it is for something", func(a *company.Address) { a.Delivers = false }, "delivers"},
		{"the usual one for invoices is for invoices", func(a *company.Address) { a.UsualBilling = true }, "usual_billing"},
	} {
		a := good
		c.change(&a)
		_, err := a.Check()
		if c.field == "" && err != nil || c.field != "" && !slices.Equal(wrong(err), []string{c.field}) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestEventsNameWhatTheyAreAbout(t *testing.T) {
	c, u, m, a, k := id.NewCompany(now), id.NewUnit(now), id.NewMember(now), id.NewAddress(now), id.NewContact(now)
	for _, e := range []struct {
		name  string
		event interface {
			EventName() string
			Subject() string
		}
		subject string
	}{
		{"company.founded", company.WasFounded{CompanyID: c}, c.String()},
		{"company.status_changed", company.StatusWasChanged{CompanyID: c}, c.String()},
		{"company.edited", company.WasEdited{CompanyID: c}, c.String()},
		{"unit.created", company.UnitWasCreated{UnitID: u}, u.String()},
		{"unit.edited", company.UnitWasEdited{UnitID: u}, u.String()},
		{"unit.archived", company.UnitWasArchived{UnitID: u}, u.String()},
		{"unit.restored", company.UnitWasRestored{UnitID: u}, u.String()},
		{"unit.moved", company.NodeWasMoved{UnitID: u}, u.String()},
		{"member.moved", company.NodeWasMoved{MemberID: m}, m.String()},
		{"member.added", company.MemberWasAdded{MemberID: m}, m.String()},
		{"member.edited", company.MemberWasEdited{MemberID: m}, m.String()},
		{"member.deactivated", company.MemberWasDeactivated{MemberID: m}, m.String()},
		{"member.joined", company.MemberHasJoined{MemberID: m}, m.String()},
		{"member.reactivated", company.MemberWasReactivated{MemberID: m}, m.String()},
		{"address.added", company.AddressWasAdded{AddressID: a}, a.String()},
		{"address.edited", company.AddressWasEdited{AddressID: a}, a.String()},
		{"address.removed", company.AddressWasRemoved{AddressID: a}, a.String()},
		{"contact.added", company.ContactWasAdded{ContactID: k}, k.String()},
		{"contact.edited", company.ContactWasEdited{ContactID: k}, k.String()},
		{"contact.removed", company.ContactWasRemoved{ContactID: k}, k.String()},
		{"unit.directed", company.UnitWasDirected{UnitID: u}, u.String()},
		{"member.phone_set", company.PhoneWasSet{MemberID: m}, m.String()},
		{"member.directed", company.MemberWasDirected{MemberID: m}, m.String()},
		{"structure.built", company.StructureWasBuilt{CompanyID: c}, c.String()},
	} {
		if e.event.EventName() != e.name || e.event.Subject() != e.subject {
			t.Errorf("%s is called %s and is about %s", e.name, e.event.EventName(), e.event.Subject())
		}
	}
}

func TestContactsAreChecked(t *testing.T) {
	good := company.Contact{ID: id.NewContact(now), Name: "Paula Payer", Purpose: "Accounts payable", Email: "pay@acme.example", Phone: "+49 (30) 123-456", Version: 2}
	for _, c := range []struct {
		sentence string
		version  int64
		change   func(*company.Contact)
		want     *fault.Fault
		field    string
	}{
		{"a whole one does", 2, func(c *company.Contact) {}, nil, ""},
		{"a phone number is enough", 2, func(c *company.Contact) { c.Email = "" }, nil, ""},
		{"an e-mail address is enough", 2, func(c *company.Contact) { c.Phone = "" }, nil, ""},
		{"neither is not", 2, func(c *company.Contact) { c.Email, c.Phone = "", "" }, fault.ErrInput, "email"},
		{"seen otherwise", 1, func(c *company.Contact) {}, company.ErrStale, ""},
		{"a name is needed", 2, func(c *company.Contact) { c.Name = "" }, fault.ErrInput, "name"},
		{"and what for", 2, func(c *company.Contact) { c.Purpose = " " }, fault.ErrInput, "purpose"},
		{"an e-mail address is one", 2, func(c *company.Contact) { c.Email = "pay at acme" }, fault.ErrInput, "email"},
		{"of a domain", 2, func(c *company.Contact) { c.Email = "pay@acme" }, fault.ErrInput, "email"},
		{"a phone number has figures", 2, func(c *company.Contact) { c.Phone = "call me" }, fault.ErrInput, "phone"},
		{"several", 2, func(c *company.Contact) { c.Phone = "+4" }, fault.ErrInput, "phone"},
		{"and a plus at its beginning alone", 2, func(c *company.Contact) { c.Phone = "30+12345" }, fault.ErrInput, "phone"},
	} {
		to := good
		c.change(&to)
		got, err := good.Edit(c.version, to)
		if c.want == nil && (err != nil || got != to) || c.want != nil && !errors.Is(err, c.want) || c.field != "" && !slices.Equal(wrong(err), []string{c.field}) {
			t.Errorf("%s: %v %v", c.sentence, err, wrong(err))
		}
	}
}
