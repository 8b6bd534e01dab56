package viewdb

import (
	"slices"
	"strings"
)

// Owned is a table whose rows belong to companies, with all that its rows name: a row of a company names nothing of
// another one. A test compares the list with the schema.
type Owned struct {
	Name  string
	Kind  string   // the prefix of the identifiers of its rows; empty: they are known by the first of their key behind the company
	Key   []string // the primary key
	Refs  []Ref    // every column with an identifier, but the row's own
	Texts []string // every column with JSON, and those with identifiers or paths as text
}

// Ref is a column that names something.
type Ref struct {
	Column string
	To     string // a table; empty: nothing, the column is always empty
	When   string // of which rows; empty: of all that have something there
}

// OwnedTables lists all tables whose rows belong to companies.
func OwnedTables() []Owned { return slices.Clone(owned) }

var owned = []Owned{
	{Name: "account", Kind: "acc", Key: []string{"id"}}, // the company is the one last chosen
	{Name: "session", Kind: "ses", Key: []string{"token_hash"}, Refs: []Ref{{"account_id", "account", ""}, {"member_id", "member", ""}}},
	{Name: "node", Key: []string{"company_id", "id"}, Refs: []Ref{{"parent_id", "node", ""}, {"id", "unit", "t.kind = 'unit'"}, {"id", "member", "t.kind = 'member'"}}},
	{Name: "unit", Kind: "unt", Key: []string{"company_id", "id"}, Refs: []Ref{{"cost_centre_id", "cost_centre", ""}}},
	{Name: "member", Kind: "mem", Key: []string{"company_id", "id"}, Refs: []Ref{{"account_id", "account", ""}, {"home_id", "company", ""}}},
	{Name: "role", Kind: "rol", Key: []string{"company_id", "id"}, Texts: []string{"permissions"}},
	{Name: "assignment", Kind: "asg", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}, {"role_id", "role", ""}, {"unit_id", "unit", ""}}},
	{Name: "separation", Kind: "sep", Key: []string{"company_id", "id"}, Texts: []string{"permissions", "roles"}},
	{Name: "permission_use", Key: []string{"company_id", "member_id", "permission"}, Refs: []Ref{{"member_id", "member", ""}}},
	{Name: "invitation", Kind: "inv", Key: []string{"company_id", "id"}, Refs: []Ref{{"under_unit_id", "unit", ""}, {"under_member_id", "member", ""}, {"inviter_id", "member", ""}, {"member_id", "member", "t.state = 'accepted'"}, {"waiting_id", "member", ""}}},
	{Name: "invitation_role", Key: []string{"company_id", "invitation_id", "position"}, Refs: []Ref{{"invitation_id", "invitation", ""}, {"role_id", "role", ""}, {"unit_id", "unit", ""}}},
	{Name: "address", Kind: "adr", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}}},
	{Name: "contact", Kind: "con", Key: []string{"company_id", "id"}},
	{Name: "saved_view", Kind: "sav", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}}},
	{Name: "unit_address", Key: []string{"company_id", "unit_id", "address_id"}, Refs: []Ref{{"unit_id", "unit", ""}, {"address_id", "address", ""}}},
	{Name: "member_address", Key: []string{"company_id", "member_id", "address_id"}, Refs: []Ref{{"member_id", "member", ""}, {"address_id", "address", ""}}},
	{Name: "partner_manager", Key: []string{"company_id", "account_id"}, Refs: []Ref{{"account_id", "account", ""}}},
	{Name: "cost_centre", Kind: "cct", Key: []string{"company_id", "id"}, Refs: []Ref{{"manager_id", "member", ""}, {"unit_id", "unit", ""}}},
	{Name: "contract_price", Kind: "prc", Key: []string{"company_id", "product_id", "id"}, Refs: []Ref{{"product_id", "product", ""}}},
	{Name: "cart", Kind: "crt", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}, {"purchase_order_id", "purchase_order", ""}, {"became_id", "purchase_order", ""}}, Texts: []string{"checkout"}},
	{Name: "cart_line", Kind: "cln", Key: []string{"company_id", "cart_id", "id"}, Refs: []Ref{{"cart_id", "cart", ""}, {"product_id", "product", ""}}},
	{Name: "order_list", Kind: "lst", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}}},
	{Name: "order_list_line", Kind: "lln", Key: []string{"company_id", "order_list_id", "id"}, Refs: []Ref{{"order_list_id", "order_list", ""}, {"product_id", "product", ""}}},
	{Name: "order_list_share", Key: []string{"company_id", "order_list_id", "position"}, Refs: []Ref{{"order_list_id", "order_list", ""}, {"member_id", "member", "unit_id is null"}, {"unit_id", "unit", "member_id is null"}}},
	{Name: "series", Key: []string{"company_id", "kind"}},
	{Name: "purchase_order", Kind: "por", Key: []string{"company_id", "id"}, Texts: []string{"content", "needs", "plan"},
		Refs: []Ref{{"requester_id", "member", ""}, {"submitter_id", "member", ""}, {"acted_account_id", "account", ""}, {"unit_id", "unit", ""}, {"cost_centre_id", "cost_centre", ""}, {"order_id", "orders", ""}}},
	{Name: "purchase_order_line", Key: []string{"company_id", "purchase_order_id", "position"}, Texts: []string{"source"},
		Refs: []Ref{{"purchase_order_id", "purchase_order", ""}, {"product_id", "product", ""}}},
	{Name: "ask", Key: []string{"company_id", "purchase_order_id", "stage", "part", "member_id"}, Refs: []Ref{{"purchase_order_id", "purchase_order", ""}, {"member_id", "member", ""}}},
	{Name: "decision", Kind: "dec", Key: []string{"company_id", "id"},
		Refs: []Ref{{"purchase_order_id", "purchase_order", ""}, {"member_id", "member", ""}, {"behalf_id", "member", ""}}},
	{Name: "orders", Kind: "ord", Key: []string{"company_id", "id"},
		Refs: []Ref{{"purchase_order_id", "purchase_order", ""}, {"requester_id", "member", ""}, {"unit_id", "unit", ""}, {"cost_centre_id", "cost_centre", ""}}},
	{Name: "approval_rule", Kind: "rul", Key: []string{"company_id", "id"}, Refs: []Ref{{"unit_id", "unit", ""}}, Texts: []string{"spec"}},
	{Name: "approval_rule_version", Key: []string{"company_id", "rule_id", "version"}, Refs: []Ref{{"rule_id", "approval_rule", ""}, {"changed_by", "member", ""}},
		Texts: []string{"spec"}},
	{Name: "deputy", Kind: "dep", Key: []string{"company_id", "id"}, Texts: []string{"rules", "units"},
		Refs: []Ref{{"principal_id", "member", ""}, {"deputy_id", "member", ""}, {"maker_id", "member", ""}, {"ender_id", "member", ""}}},
	{Name: "budget", Kind: "bud", Key: []string{"company_id", "id"}, Texts: []string{"cycle", "warnings", "approvers"},
		Refs: []Ref{{"member_id", "member", ""}, {"unit_id", "unit", ""}, {"cost_centre_id", "cost_centre", ""}, {"project_id", "", ""}}},
	{Name: "purse", Key: []string{"company_id", "budget_id", "period"}, Refs: []Ref{{"budget_id", "budget", ""}}},
	{Name: "ledger", Kind: "ent", Key: []string{"company_id", "budget_id", "period", "place"}, Texts: []string{"exchange"},
		Refs: []Ref{{"budget_id", "budget", ""}, {"purchase_order_id", "purchase_order", ""}, {"by_id", "member", ""}}},
	{Name: "once", Key: []string{"company_id", "member_id", "use_case", "key"}, Refs: []Ref{{"member_id", "member", ""}}, Texts: []string{"outcome"}},
	{Name: "audit", Kind: "evt", Key: []string{"company_id", "id"}, Refs: []Ref{{"account_id", "account", ""}, {"member_id", "member", ""}}, Texts: []string{"subject", "body"}},
	{Name: "audit_chain", Key: []string{"company_id"}},
	{Name: "outbox", Kind: "evt", Key: []string{"place"}, Texts: []string{"subject", "body", "actor"}},
	{Name: "notice", Kind: "ntc", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}}, Texts: []string{"subject", "title", "body", "link"}},
	{Name: "wish", Key: []string{"company_id", "member_id", "event", "channel"}, Refs: []Ref{{"member_id", "member", ""}}},
	{Name: "mail", Kind: "mal", Key: []string{"id"}, Texts: []string{"thread"}},
	{Name: "webhook", Kind: "whk", Key: []string{"company_id", "id"}, Texts: []string{"filters", "secrets"}},
	{Name: "delivery", Kind: "dlv", Key: []string{"company_id", "id"}, Refs: []Ref{{"webhook_id", "webhook", ""}, {"event_id", "audit", ""}},
		Texts: []string{"subject", "body", "reason"}},
	{Name: "import", Kind: "imp", Key: []string{"company_id", "id"}, Refs: []Ref{{"member_id", "member", ""}, {"job_id", "job", ""}}, Texts: []string{"mapping", "counts", "trouble"}},
	{Name: "job", Kind: "job", Key: []string{"id"}, Texts: []string{"input", "reason"}},
}

// sellers are the tables that belong to no company, as far as rows of companies name theirs.
var sellers = map[string]string{"account": "acc", "company": "cmp", "product": "prd"}

// counted are columns of keys that hold numbers.
var counted = []string{"place", "position", "version", "stage", "part"}

// row is the column that a row is known by, and kind what kind of identifier stands there.
func (o Owned) row() (column, kind string) {
	switch {
	case o.Kind != "":
		return "id", o.Kind
	case len(o.Key) == 1:
		return o.Key[0], "cmp"
	}
	for _, r := range o.Refs {
		if r.Column == o.Key[1] && r.When == "" {
			return o.Key[1], kindOf(r.To)
		}
	}
	return o.Key[1], ""
}

// kindOf is the prefix of the identifiers of a table's rows.
func kindOf(table string) string {
	if kind, ok := sellers[table]; ok {
		return kind
	}
	for _, o := range owned {
		if o.Name == table {
			return o.Kind
		}
	}
	return ""
}

// TableOf is the table of the identifiers with this prefix, when its rows belong to one company for good; else it is
// empty. An account and its session go from company to company; and an event is in the audit, for the outbox forgets.
func TableOf(kind string) string {
	switch kind {
	case "", "acc", "ses":
		return ""
	case "evt":
		return "audit"
	}
	for _, o := range owned {
		if o.Kind == kind {
			return o.Name
		}
	}
	return ""
}

// References are the laws that rows of a company name what there is, and nothing of another company; table by table.
func References() []Law {
	var all []Law
	for _, o := range owned {
		row, kind := o.row()
		of := func(r Ref, where string) Law {
			l := Law{Table: o.Name, Refers: true, kind: kind, row: "t." + row, where: where, named: kindOf(r.To), other: "t." + r.Column, company: "t.company_id",
				Wrong: r.Column + " names %s"}
			if TableOf(l.named) != "" {
				l.owner = `(select r.company_id from ` + r.To + ` r where r.id = q.named limit 1)`
			}
			return l
		}
		for _, r := range append([]Ref{{"company_id", "company", ""}}, o.Refs...) {
			where := []string{`t.` + r.Column + ` is not null`}
			if r.When != "" {
				where = append(where, r.When)
			}
			switch _, foreign := sellers[r.To]; {
			case r.To == "":
			case foreign:
				where = append(where, `not exists (select 1 from `+r.To+` r where r.id = t.`+r.Column+`)`)
			default:
				where = append(where, `not exists (select 1 from `+r.To+` r where r.company_id = t.company_id and r.id = t.`+r.Column+`)`)
			}
			all = append(all, of(r, strings.Join(where, ` and `)))
		}
	}
	return all
}
