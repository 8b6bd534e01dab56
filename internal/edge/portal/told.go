package portal

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/order"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
)

// teller says what stands in the audit as people read it: what is named is called by its name, and a code is a word.
type teller struct {
	*visit
	names map[string]string // what is named is called so
	of    id.Company        // the customer whose audit is read by staff; zero where one reads one's own
}

// The most that is shown of an event: so many of its facts, so much of each, and of each word that has no blanks.
const (
	mostFacts = 8
	most      = 160
	word      = 36
)

// things are what there is, by the prefix of its identifiers: what it is called as a fact, where it is looked at, and by whom.
var things = map[string]struct {
	label locale.Phrase
	path  string
	needs access.Permission
}{
	"adr": {locale.Say("Address"), "/company/addresses/", access.AddressesView}, "bud": {locale.Say("Budget"), "/budgets/", access.BudgetsView},
	"cct": {locale.Say("Cost centre"), "/cost-centres/", access.CostCentresView}, "con": {locale.Say("Contact"), "/company/contacts/", access.ContactsView},
	"mem": {locale.Say("Member"), "/members/", access.UsersView}, "unt": {locale.Say("Unit"), "/units/", access.UsersView},
	"ord": {locale.Say("Order||noun"), "/orders/", access.OrdersView}, "por": {locale.Say("Purchase order"), "/purchase-orders/", access.PurchaseOrdersView},
	"rol": {locale.Say("Role"), "/roles/", access.RolesView}, "rul": {locale.Say("Approval rule"), "/rules/", access.ApprovalRulesView},
	"sep": {locale.Say("Separation of duty"), "/separation/", access.RolesView}, "whk": {locale.Say("Webhook"), "/webhooks/", access.WebhooksManage},
	"dep": {locale.Say("Deputy"), "/deputies/", access.DeputiesManage}, "cmp": {label: locale.Say("Company")}, "inv": {label: locale.Say("Invitation")}, "imp": {label: locale.Say("File")}, "acc": {label: locale.Say("Person")},
	"lst": {label: locale.Say("Order list")}, "cgr": {label: locale.Say("Customer group")}, "rtp": {label: locale.Say("Role template")},
}

// about is what an entry is about, and leads there where the reader may look at it. Staff who begin to act do so for somebody.
func (t teller) about(e audit.Entry) ui.Named {
	prefix, _, _ := id.Inside(e.About)
	thing, name := things[prefix], t.names[e.About]
	if name == "" {
		return ui.Named{}
	}
	n := ui.Named{Name: name}
	if prefix != "cmp" { // which company it is goes without saying, or is its name
		n.Note = thing.label.In(t.l)
	}
	return n
}

// aboutURL is where what an entry is about is looked at. Of a customer staff look at the company and its members; its other things have no
// pages with them, and those of the seller's own company are other things.
func (t teller) aboutURL(e audit.Entry) string {
	prefix, _, _ := id.Inside(e.About)
	thing := things[prefix]
	switch {
	case t.names[e.About] == "":
		return ""
	case !t.of.IsZero() && prefix != "cmp":
		if prefix == "mem" && t.actor.MaySomewhere(access.CompaniesView) {
			return "/companies/" + t.of.String() + "/members/" + e.About
		}
		return ""
	case prefix == "cmp" && t.actor.Realm == access.Staff && e.About != t.actor.Company.String():
		return "/companies/" + e.About
	case thing.path == "" || !t.actor.MaySomewhere(thing.needs):
		return ""
	}
	return thing.path + e.About
}

// happening is what an event is called; its name where it has none, as one of an older version may.
func (v *visit) happening(event string) string {
	if p, ok := happenings[event]; ok {
		return v.phrase(p)
	}
	return event
}

// fact is what a fact of an event is called.
func (v *visit) fact(name string) string {
	if p, ok := eventFacts[name]; ok {
		return v.phrase(p)
	}
	return capital(strings.ReplaceAll(name, "_", " "))
}

// forMachines reports whether a fact says nothing to people but what the things are called that it names.
func forMachines(name string) bool {
	return strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids") || strings.HasSuffix(name, "hash") || name == "version"
}

// lines are what an event changed, name by name: before → after; or what it says, where it changed nothing. What it is about
// and who did it stand beside it, and are left out.
func (t teller) lines(e audit.Entry) []string {
	var said map[string]any
	if json.Unmarshal(e.Body, &said) != nil {
		return nil
	}
	if strings.HasSuffix(e.Event, ".moved") && said["before"] != nil {
		return t.moved(said)
	}
	before, changed := said["before"].(map[string]any)
	after, _ := said["after"].(map[string]any)
	if !changed {
		before = map[string]any{}
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		label, was, is := t.label(name, after[name], after), t.value(name, before[name]), t.value(name, after[name])
		switch {
		case was == is || label == "":
		case was == "":
			all = append(all, label+": "+is)
		case is == "":
			all = append(all, label+": "+was+" → "+t.T("nothing"))
		default:
			all = append(all, label+": "+was+" → "+is)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if name == "before" || name == "after" || said[name] == e.About || said[name] == e.Account.String() || said[name] == t.actor.Company.String() {
			continue
		}
		if label, text := t.label(name, said[name], said), t.value(name, said[name]); text != "" && label != "" && text != t.names[e.About] {
			all = append(all, label+": "+text)
		}
	}
	return all[:min(len(all), mostFacts)]
}

// moved says below what something stood, and stands.
func (t teller) moved(said map[string]any) []string {
	below := func(name string) string {
		at, _ := said[name].(string)
		return ifEmpty(t.names[string(tree.Path(at).Parent())], t.T("elsewhere"))
	}
	return []string{t.T("Stands below") + ": " + below("before") + " → " + below("after")}
}

// label is what a fact is called. What names something by its identifier is called as the thing is; it has no label where the
// event says itself what the thing is called, nor what is for programs alone.
func (t teller) label(name string, value any, beside map[string]any) string {
	if !forMachines(name) {
		return t.fact(name)
	}
	bare := strings.TrimSuffix(strings.TrimSuffix(name, "_ids"), "_id")
	if bare == name || beside[bare+"_name"] != nil || beside[bare+"_number"] != nil || beside[bare] != nil {
		return ""
	}
	if _, ok := eventFacts[bare]; ok {
		return t.fact(bare)
	}
	if all, ok := value.([]any); ok && len(all) > 0 {
		value = all[0]
	}
	key, _ := value.(string)
	prefix, _, _ := id.Inside(key)
	if thing, ok := things[prefix]; ok {
		return thing.label.In(t.l)
	}
	return ""
}

// likeCode is what a code looks like, and likePath where something stands.
var (
	likeCode = regexp.MustCompile(`^[a-z]+(?:[_.-][a-z]+)*\.?\*?$`)
	likePath = regexp.MustCompile(`^(?:[0-9a-z]+\.)+$`)
)

// value is a value of a fact in a few words; nothing for what says nothing to people.
func (t teller) value(fact string, value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case bool:
		if x {
			return t.T("Yes")
		}
		return t.T("No")
	case string:
		return t.text(fact, x)
	case map[string]any:
		if amount, ok := x["amount"].(string); ok {
			currency, _ := x["currency"].(string)
			if m, err := money.Parse(amount, money.Currency(currency)); err == nil {
				return t.money(m)
			}
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(x)) {
			if label, text := t.label(name, x[name], x), t.value(name, x[name]); text != "" && label != "" {
				parts = append(parts, label+" "+text)
			}
		}
		return cutAt(strings.Join(parts, ", "), most)
	case []any:
		var parts []string
		for i := range x {
			if text := t.value(fact, x[i]); text != "" {
				parts = append(parts, text)
			}
			if len(parts) > mostFacts { // what follows is cut anyway
				break
			}
		}
		return cutAt(strings.Join(parts, ", "), most)
	}
	return cutAt(fmt.Sprint(value), word)
}

// freeFacts are the facts that people write, in whatever words.
var freeFacts = []string{"name", "label", "title", "reason", "note", "description", "reference", "purpose", "city", "street", "file"}

// text is a text of a fact as people read it.
func (t teller) text(fact, x string) string {
	if at, err := time.Parse(time.RFC3339Nano, x); err == nil {
		return t.l.DateTime(at, t.zone)
	}
	if _, _, ok := id.Inside(x); ok {
		return t.names[x]
	}
	if likePath.MatchString(x) {
		return t.names[x]
	}
	if likeCode.MatchString(x) && !slices.Contains(freeFacts, fact) {
		return cutAt(t.coded(fact, x), word)
	}
	return cutAt(budget.Noted(x, t.l), word)
}

// coded is a code in words: a permission, an event, a state, or one of the words of the product. The code of a fault says nothing
// to people, and whatever else looks like a code is a word already.
func (t teller) coded(fact, x string) string {
	if p, err := access.Parse(x); err == nil {
		return t.phrase(p.Phrase())
	}
	if p, ok := happenings[x]; ok {
		return t.phrase(p)
	}
	for _, a := range areas {
		if strings.TrimSuffix(x, "*") == a.prefix {
			return a.label.In(t.l)
		}
	}
	if fact == "from" || fact == "to" || fact == "state" {
		if slices.Contains(order.States(), order.State(x)) {
			return t.orderState(order.State(x)).Label
		}
	}
	if slices.Contains(approval.Found(), approval.State(x)) {
		return t.state(approval.State(x)).Label
	}
	if x == purchasing.OnAccount || x == purchasing.Advance {
		return t.payment(x).Label
	}
	if p, ok := codeWords[x]; ok {
		return p.In(t.l)
	}
	if _, raised, ok := strings.Cut(x, "."); ok && fact == "code" && raised != "" {
		return ""
	}
	return strings.ReplaceAll(x, "_", " ")
}

// codeWords are the words of the product that are codes in events.
var codeWords = map[string]locale.Phrase{
	"draft": locale.Say("Draft"), "submitted": locale.Say("Submitted"), "approved": locale.Say("Approved"),
	"pending": locale.Say("Waits for the seller"), "active": locale.Say("Active"), "blocked": locale.Say("Blocked"), "rejected": locale.Say("Rejected"), "closed": locale.Say("Closed||company"),
	"invited": locale.Say("Invited"), "inactive": locale.Say("Deactivated"), "off": locale.Say("Not asked for"), "optional": locale.Say("Optional||audit"), "required": locale.Say("Required||audit"),
	"block": locale.Say("The order is refused"), "ask": locale.Say("The order needs approval"), "warn": locale.Say("The buyer is warned"),
	"net_shipped": locale.Say("Goods and shipping, net"), "net": locale.Say("Goods, net"), "gross": locale.Say("Everything, with tax"),
	"units": locale.Say("Units"), "members": locale.Say("Members"), "roles": locale.Say("Roles"), "assignments": locale.Say("Roles given"), "cost_centres": locale.Say("Cost centres"),
	"addresses": locale.Say("Addresses"), "budgets": locale.Say("Budgets"), "ledger": locale.Say("Ledger"), "invitations": locale.Say("Invitations"), "audit": locale.Say("Audit"),
	"queue": locale.Say("Approvals"), "companies": locale.Say("Companies"), "orders": locale.Say("Orders"), "purchase-orders": locale.Say("Purchase orders"), "cost-centres": locale.Say("Cost centres"),
	"customer-members": locale.Say("Members"), "csv": locale.Verbatim("CSV"), "xlsx": locale.Verbatim("XLSX"), "approve": locale.Say("Approved"), "reject": locale.Say("Rejected"),
	"catalogue": locale.Say("Catalogue"), "nothing": locale.Say("Nothing"), "prices": locale.Say("Prices"), "none": locale.Say("None"),
}

// cutAt cuts a text that is longer than so many characters.
func cutAt(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
