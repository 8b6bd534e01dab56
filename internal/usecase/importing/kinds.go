package importing

import (
	"strings"
	"unicode"

	"kontor/internal/base/locale"
)

// Kind is what the rows of a sheet are.
type Kind string

// The kinds, in the order of a workbook.
const (
	Units       Kind = "units"
	Members     Kind = "members"
	Roles       Kind = "roles"
	Assignments Kind = "assignments"
	CostCentres Kind = "cost_centres"
	Addresses   Kind = "addresses"
	Budgets     Kind = "budgets"
)

// Column is one that a sheet of a kind may have.
type Column struct {
	Field  string // what it is called in a mapping
	Label  locale.Phrase
	Hint   locale.Phrase
	Key    bool // what a row is known by
	Needed bool // what makes something new has it

	also []string // what else it may be headed by
}

// Sort is a kind with its columns.
type Sort struct {
	Kind    Kind
	Label   locale.Phrase
	Columns []Column

	also []string
}

// Kinds lists what can be brought in, with the columns of each.
func Kinds() []Sort { return sorts }

var sorts = []Sort{
	{Units, locale.Say("Units"), []Column{
		{Field: "code", Label: locale.Say("Code"), Hint: locale.Say("What a unit is known by: letters, digits, dots, dashes, underscores, slashes."), Key: true, also: words("unit code", "unit", "kürzel", "einheit", "abteilungscode")},
		{Field: "name", Label: locale.Say("Name"), Hint: locale.Say("What it is called."), Needed: true, also: words("unit name", "bezeichnung", "description", "beschreibung")},
		{Field: "above", Label: locale.Say("Below"), Hint: locale.Say("The unit's code, or the member's e-mail address, that it stands right below. Empty: the company itself for what is new; as it is for what is there."), also: words("above", "parent", "parent unit", "parent code", "übergeordnet", "übergeordnete einheit", "oberhalb")},
		{Field: "cost_centre", Label: locale.Say("Usual cost centre"), Hint: locale.Say("The code of a cost centre, or empty."), also: words("cost centre", "cost center", "kostenstelle")},
		{Field: "delivery_address", Label: locale.Say("Delivery address"), Hint: locale.Say("The label of the address where its goods usually go. Empty: where those of the unit above go."), also: words("delivery", "ship to", "lieferadresse", "lieferung an")},
		{Field: "billing_address", Label: locale.Say("Billing address"), Hint: locale.Say("The label of the address where its invoices usually go. Empty: where those of the unit above go."), also: words("billing", "bill to", "rechnungsadresse", "rechnung an")},
		{Field: "allowed_addresses", Label: locale.Say("Allowed delivery addresses"), Hint: locale.Say("The labels of the addresses where its goods may go at all, with semicolons between. Empty: as the unit above says."), also: words("allowed addresses", "erlaubte lieferadressen", "erlaubte adressen")},
	}, words("unit", "structure", "organisation", "departments", "abteilungen")},
	{Members, locale.Say("Members"), []Column{
		{Field: "email", Label: locale.Say("E-mail address"), Hint: locale.Say("What a member is known by."), Key: true, also: words("email", "e-mail", "mail", "mail address", "mailadresse", "e-mail-adresse")},
		{Field: "first_name", Label: locale.Say("First name"), Hint: locale.Say("With the last name, how a member is called."), also: words("firstname", "given name", "forename", "vorname")},
		{Field: "last_name", Label: locale.Say("Last name"), Hint: locale.Say("With the first name, how a member is called."), also: words("lastname", "surname", "family name", "nachname", "familienname")},
		{Field: "name", Label: locale.Say("Full name"), Hint: locale.Say("Instead of first and last name."), also: words("name", "member", "person", "mitglied")},
		{Field: "employee_number", Label: locale.Say("Employee number"), Hint: locale.Say("Who has no e-mail address in the file is known by it."), also: words("number", "employee no", "employee id", "personnel number", "nummer", "personalnr", "mitarbeiternummer")},
		{Field: "external_id", Label: locale.Say("External ID"), Hint: locale.Say("What another system knows them by; nobody else in the company has the same."), also: words("externalid", "external key", "externe id", "externe kennung", "fremdschlüssel")},
		{Field: "phone", Label: locale.Say("Phone"), Hint: locale.Say("Where they are called in this company."), also: words("phone number", "telephone", "tel", "telefon", "telefonnummer", "rufnummer")},
		{Field: "language", Label: locale.Say("Language"), Hint: locale.Say("en or de: for who is new and has no account yet; empty: the company's. Afterwards everybody chooses their own."), also: words("locale", "sprache")},
		{Field: "title", Label: locale.Say("Job title"), Hint: locale.Say("Up to 120 characters."), also: words("title", "position", "funktion", "titel")},
		{Field: "approval_limit", Label: locale.Say("Approval limit"), Hint: locale.Say("The most one decision may cover, in the company's currency: 1500 or 1500.00. Empty: any amount."), also: words("limit", "approvallimit", "limit für freigaben")},
		{Field: "above", Label: locale.Say("Below"), Hint: locale.Say("The manager's e-mail address, or the unit's code. Empty: the company itself for who is new; as it is for who is there."), also: words("above", "manager", "unit", "parent", "reports to", "vorgesetzter", "vorgesetzte", "einheit", "abteilung", "department")},
	}, words("people", "users", "employees", "staff", "personen", "benutzer", "mitarbeiter")},
	{Roles, locale.Say("Roles"), []Column{
		{Field: "name", Label: locale.Say("Role"), Hint: locale.Say("What a role is known by."), Key: true, also: words("name", "role name", "bezeichnung")},
		{Field: "description", Label: locale.Say("Description"), Hint: locale.Say("What it is for."), also: words("beschreibung", "note")},
		{Field: "permissions", Label: locale.Say("Permissions"), Hint: locale.Say("Their codes, with commas or blanks between: all that the role permits."), Needed: true, also: words("permission", "rights", "berechtigungen", "rechte")},
	}, words("role", "rolle")},
	{Assignments, locale.Say("Assignments"), []Column{
		{Field: "member", Label: locale.Say("Member"), Hint: locale.Say("The e-mail address, or the employee number, of who has the role."), Key: true, also: words("email", "e-mail", "e-mail address", "mail", "user", "benutzer", "e-mail-adresse", "person")},
		{Field: "role", Label: locale.Say("Role"), Hint: locale.Say("The name of the role."), Key: true, also: words("role name")},
		{Field: "unit", Label: locale.Say("Unit"), Hint: locale.Say("The code of the unit where the role holds. Empty: the whole company."), Key: true, also: words("at", "where", "unit code", "place", "ort", "gilt bei")},
		{Field: "from", Label: locale.Say("From"), Hint: locale.Say("The first day, like 2026-03-05, or a moment. Empty: at once."), also: words("valid from", "start", "since", "gültig ab", "ab", "beginn")},
		{Field: "until", Label: locale.Say("Until"), Hint: locale.Say("The last day, like 2026-12-31, or a moment. Empty: for ever."), also: words("valid until", "end", "to", "gültig bis", "ende")},
	}, words("assignment", "grants", "role assignments", "rollenzuweisungen", "rechte")},
	{CostCentres, locale.Say("Cost centres"), []Column{
		{Field: "code", Label: locale.Say("Code"), Hint: locale.Say("What a cost centre is known by: without blanks."), Key: true, also: words("cost centre", "cost center", "number", "kostenstelle", "nummer", "kürzel")},
		{Field: "name", Label: locale.Say("Name"), Hint: locale.Say("What it is called."), Needed: true, also: words("bezeichnung", "description", "beschreibung")},
		{Field: "manager", Label: locale.Say("Manager"), Hint: locale.Say("The e-mail address of whoever answers for it, or empty."), also: words("owner", "responsible", "verantwortlich", "verantwortliche", "leitung")},
		{Field: "unit", Label: locale.Say("Unit"), Hint: locale.Say("The code of the unit that it belongs to. Empty: the whole company."), also: words("unit code", "abteilung")},
		{Field: "from", Label: locale.Say("From"), Hint: locale.Say("The first day on which it takes orders, like 2026-03-05, or empty."), also: words("valid from", "gültig ab", "ab", "beginn", "start")},
		{Field: "until", Label: locale.Say("Until"), Hint: locale.Say("The last day on which it takes orders, or empty."), also: words("valid until", "gültig bis", "ende", "end", "to")},
	}, words("cost centers", "cost centre", "cost center", "kostenstelle")},
	{Addresses, locale.Say("Addresses"), []Column{
		{Field: "label", Label: locale.Say("Label"), Hint: locale.Say("What an address of the book is known by."), Key: true, also: words("address", "adresse", "kurzname")},
		{Field: "name", Label: locale.Say("Name"), Hint: locale.Say("The first line: company, department."), Needed: true, also: words("company", "firma", "recipient", "empfänger")},
		{Field: "extra", Label: locale.Say("Addition"), Hint: locale.Say("A building, a floor, care of; or empty."), also: words("address line 2", "building", "care of", "adresszusatz", "zusatz")},
		{Field: "street", Label: locale.Say("Street"), Hint: locale.Say("Street and number."), Needed: true, also: words("street and number", "straße und hausnummer", "strasse")},
		{Field: "postcode", Label: locale.Say("Postcode"), Hint: locale.Say("Of the form that it has in the country. Empty where the country has none."), also: words("zip", "zip code", "postal code", "plz")},
		{Field: "city", Label: locale.Say("City"), Hint: locale.Say("The place."), Needed: true, also: words("town", "place", "stadt", "ort")},
		{Field: "region", Label: locale.Say("State or province"), Hint: locale.Say("Needed where addresses of the country have one: US, CA, AU, BR, IN, JP, MX."), also: words("state", "province", "region", "county", "bundesland", "bundesstaat", "kanton")},
		{Field: "country", Label: locale.Say("Country"), Hint: locale.Say("Two letters: DE, AT, CH."), Needed: true, also: words("country code", "länderkürzel")},
		{Field: "delivers", Label: locale.Say("For goods"), Hint: locale.Say("Yes or no; yes where nothing is said."), also: words("delivery", "shipping", "lieferung", "lieferadresse")},
		{Field: "bills", Label: locale.Say("For invoices"), Hint: locale.Say("Yes or no; yes where nothing is said."), also: words("billing", "invoice", "rechnung", "rechnungsadresse")},
		{Field: "usual", Label: locale.Say("The usual one"), Hint: locale.Say("Yes for one of them; no where nothing is said."), also: words("usual", "default", "standard", "üblich")},
		{Field: "usual_billing", Label: locale.Say("The usual one for invoices"), Hint: locale.Say("Yes for one of them, where invoices usually go elsewhere than goods; no where nothing is said."), also: words("usual billing", "default billing", "standard rechnung", "üblich für rechnungen")},
	}, words("address", "address book", "adressen", "adressbuch", "anschriften")},
	{Budgets, locale.Say("Budgets"), []Column{
		{Field: "name", Label: locale.Say("Budget"), Hint: locale.Say("What a budget is known by. Of one that is there all but its warnings, its approvers and what follows when it is exhausted stays as it is."), Key: true, also: words("name", "budget name", "bezeichnung")},
		{Field: "amount", Label: locale.Say("Amount"), Hint: locale.Say("For one period: 1500 or 1500.00."), Needed: true, also: words("limit", "betrag", "summe", "höhe")},
		{Field: "currency", Label: locale.Say("Currency"), Hint: locale.Say("Three letters: EUR. Empty: the company's."), also: words("währung")},
		{Field: "period", Label: locale.Say("Period"), Hint: locale.Say("order, week, month, quarter, half_year, year, fixed or rolling."), Needed: true, also: words("cycle", "zeitraum", "periode", "turnus")},
		{Field: "member", Label: locale.Say("Member"), Hint: locale.Say("The e-mail address of whose spending is charged, or empty."), also: words("person", "owner", "mitglied", "e-mail")},
		{Field: "unit", Label: locale.Say("Unit"), Hint: locale.Say("The code of the unit whose spending is charged, or empty."), also: words("unit code", "einheit", "abteilung")},
		{Field: "cost_centre", Label: locale.Say("Cost centre"), Hint: locale.Say("The code of the cost centre that is charged, or empty. Neither member, unit nor cost centre: the whole company."), also: words("cost center", "kostenstelle")},
		{Field: "exhausted", Label: locale.Say("When exhausted"), Hint: locale.Say("block, ask or warn; block where nothing is said."), also: words("hardness", "consequence", "wenn erschöpft", "härte")},
		{Field: "warnings", Label: locale.Say("Warnings"), Hint: locale.Say("When somebody is told: 80% 95%, or amounts; blanks between."), also: words("thresholds", "warnung", "warnungen", "schwellen")},
		{Field: "approvers", Label: locale.Say("Approvers"), Hint: locale.Say("The e-mail addresses of who is asked when it is exhausted. Empty: the owner's manager."), also: words("approver", "genehmiger")},
		{Field: "basis", Label: locale.Say("Basis"), Hint: locale.Say("net_shipped, net or gross; net with shipping where nothing is said."), also: words("grundlage")},
		{Field: "carry", Label: locale.Say("Carry over"), Hint: locale.Say("none, unspent or capped; none where nothing is said."), also: words("carryover", "übertrag")},
		{Field: "carry_most", Label: locale.Say("Carry at most"), Hint: locale.Say("An amount, where it is capped."), also: words("übertrag höchstens")},
		{Field: "from", Label: locale.Say("From"), Hint: locale.Say("The first day of a fixed period, like 2026-03-05."), also: words("valid from", "start", "von", "ab", "beginn")},
		{Field: "until", Label: locale.Say("Until"), Hint: locale.Say("The last day of a fixed period."), also: words("valid until", "end", "to", "bis", "ende")},
		{Field: "days", Label: locale.Say("Days"), Hint: locale.Say("How many days a rolling period has."), also: words("tage")},
	}, words("budget", "budgets")},
}

func words(all ...string) []string { return all }

// sortOf is the sort of a kind; nil for none.
func sortOf(k Kind) *Sort {
	for i := range sorts {
		if sorts[i].Kind == k {
			return &sorts[i]
		}
	}
	return nil
}

// column is a column of the sort; nil for none.
func (s *Sort) column(field string) *Column {
	for i := range s.Columns {
		if s.Columns[i].Field == field {
			return &s.Columns[i]
		}
	}
	return nil
}

// folded is a heading as it is compared: its letters and digits alone.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// called reports whether a heading says what this is, in any language.
func called(heading string, field string, label locale.Phrase, also []string) bool {
	heading = folded(heading)
	if heading == "" {
		return false
	}
	if heading == folded(field) {
		return true
	}
	for _, l := range locale.Languages() {
		if heading == folded(label.In(l)) {
			return true
		}
	}
	for _, a := range also {
		if heading == folded(a) {
			return true
		}
	}
	return false
}

// columns guesses which field each heading is. A heading that is the field's own name goes first, then what is called
// alike; no field is read twice.
func (s *Sort) columns(headings []string) []string {
	out := make([]string, len(headings))
	taken := map[string]bool{}
	for _, loose := range []bool{false, true} {
		for i, h := range headings {
			if out[i] != "" {
				continue
			}
			for _, c := range s.Columns {
				also := c.also
				if !loose {
					also = nil
				}
				if !taken[c.Field] && called(h, c.Field, c.Label, also) {
					out[i], taken[c.Field] = c.Field, true
					break
				}
			}
		}
	}
	return out
}

// guess guesses what a sheet is: by its name, or by its headings. It is nil for a sheet that is nothing of ours.
func guess(name string, headings []string) *Sort {
	for i := range sorts {
		if s := &sorts[i]; called(name, string(s.Kind), s.Label, s.also) {
			return s
		}
	}
	var best *Sort
	most := 0
	for i := range sorts {
		s := &sorts[i]
		read, keys := 0, true
		fields := map[string]bool{}
		for _, f := range s.columns(headings) {
			if f != "" {
				read++
				fields[f] = true
			}
		}
		for _, c := range s.Columns {
			keys = keys && (!c.Key || fields[c.Field] || c.Field == "unit")
		}
		if keys && read > most {
			best, most = s, read
		}
	}
	return best
}

// Guess guesses which field of a kind each heading is; nothing for what is not read.
func Guess(k Kind, headings []string) []string {
	if s := sortOf(k); s != nil {
		return s.columns(headings)
	}
	return make([]string, len(headings))
}
