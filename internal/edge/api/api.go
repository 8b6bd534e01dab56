// Package api speaks JSON to programs, version 1: one file a resource, each with its own structs, which hold no type of
// the domain. What version 1 promises stands in testdata as golden files.
package api

import (
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
)

// Services are the use cases that the API calls.
type Services struct {
	Signing      *signing.Service
	Cataloguing  *cataloguing.Service
	Purchasing   *purchasing.Service
	Approving    *approving.Service
	Budgeting    *budgeting.Service
	Organising   *organising.Service
	Onboarding   *onboarding.Service
	Pricesetting *pricesetting.Service
	Granting     *granting.Service
	Importing    *importing.Service
	Notifying    *notifying.Service
	Exchanging   *exchanging.Service
	Auditing     *auditing.Service
	Listing      *listing.Service
	Collecting   *collecting.Service
}

// The tags under which operations stand, in the order of the page.
const (
	tagSessions    = "Sessions"
	tagCatalogue   = "Catalogue"
	tagCarts       = "Carts"
	tagLists       = "Order lists"
	tagPurchase    = "Purchase orders"
	tagOrders      = "Orders"
	tagRules       = "Approval rules"
	tagBudgets     = "Budgets and cost centres"
	tagStructure   = "Structure and members"
	tagAddresses   = "Addresses and contacts"
	tagInvitations = "Invitations"
	tagRoles       = "Roles and assignments"
	tagImports     = "Imports and exports"
	tagInbox       = "Inbox"
	tagWebhooks    = "Webhooks"
	tagAudit       = "Audit"
	tagFinding     = "Finding"
	tagCustomers   = "Seller's office"
	apiDescribing  = "Everything that the portal does, in JSON. Amounts are text with their currency, identifiers say what they name, " +
		"lists come by cursor, and what is refused is a problem after RFC 9457 with a stable code."
)

// Tags are what the operations of each tag are about.
func Tags() []web.TagNotes {
	return []web.TagNotes{
		{Name: tagSessions, Text: "Sign in, see and end sessions, choose the company to act for."},
		{Name: tagCatalogue, Text: "Products and categories at the price of whoever asks, with the reason."},
		{Name: tagCarts, Text: "Fill a cart, see what submitting it would do, submit it."},
		{Name: tagLists, Text: "What one keeps to order again: one's own lists, those shared with one, and the company's templates."},
		{Name: tagPurchase, Text: "Submitted carts: their plan, their state, and the decisions on them."},
		{Name: tagOrders, Text: "What has been placed with the seller."},
		{Name: tagRules, Text: "Who must approve what."},
		{Name: tagBudgets, Text: "Ceilings for spend by period, their ledger, and what orders are booked to."},
		{Name: tagStructure, Text: "Units and members in one tree."},
		{Name: tagAddresses, Text: "Where goods and invoices go: of the company, of its units, of oneself. Whom the seller turns to."},
		{Name: tagInvitations, Text: "People are asked to join, and accept by a link that they alone hold."},
		{Name: tagRoles, Text: "Permissions by role, who has which role where, and what nobody may have together."},
		{Name: tagImports, Text: "A company's organisation from files, and in files: units, members, roles, assignments, cost centres, addresses."},
		{Name: tagInbox, Text: "What a member is told."},
		{Name: tagWebhooks, Text: "Events for other systems, signed after Standard Webhooks."},
		{Name: tagAudit, Text: "Who did what, when, and from where."},
		{Name: tagFinding, Text: "What some words find among all that one may see, and what one sees first."},
		{Name: tagCustomers, Text: "For the seller's staff: companies, customer groups, role templates, acting for a customer. Staff, their roles and their audit are those of the seller's own organisation, by the same operations as a company's."},
	}
}

// Describe is what the API says of itself.
func Describe(version string, stylesheets ...string) web.APISettings {
	return web.APISettings{Title: "Kontor", Version: version, Description: apiDescribing, Tags: Tags(), Stylesheets: stylesheets}
}

// Add adds every operation.
func Add(a *web.API, s Services) {
	sessions{s}.add(a)
	products{s}.add(a)
	carts{s}.add(a)
	lists{s}.add(a)
	purchaseOrders{s}.add(a)
	deputies{s}.add(a)
	orders{s}.add(a)
	rules{s}.add(a)
	budgets{s}.add(a)
	structure{s}.add(a)
	addresses{s}.add(a)
	contacts{s}.add(a)
	companies{s}.add(a)
	preferences{s}.add(a)
	views{s}.add(a)
	invitations{s}.add(a)
	roles{s, a.Mux()}.add(a)
	review{s}.add(a)
	separation{s}.add(a)
	inbox{s}.add(a)
	audits{s}.add(a)
	imports{s}.add(a)
	customers{s}.add(a)
	finds{s, a.Mux().Places}.add(a)
	a.Recalls(audits{s}.past)
}

// Money is an amount in a currency.
type Money struct {
	Amount   string `json:"amount" example:"12.30" doc:"The figure, a dot before the decimals, as many as the currency has."`
	Currency string `json:"currency" example:"EUR" pattern:"^[A-Z]{3}$" doc:"ISO 4217."`
}

func moneyOf(m money.Money) Money { return Money{m.Amount(), string(m.Currency)} }

// shownOf is an amount, or nil where it is not shown: then it has no currency either.
func shownOf(m money.Money) *Money {
	if m.Currency == "" {
		return nil
	}
	shown := moneyOf(m)
	return &shown
}

func rateOf(r money.Rate) Money { return Money{r.Amount(), string(r.Currency)} }

func quantityOf(q quantity.Quantity) string { return q.String() }

// instant is a moment as JSON has it: RFC 3339 in UTC; nothing for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

func dayOf(d date.Date) string { return string(d) }

// sentence is a phrase in English, for programs' logs; people read the portal.
func sentence(p locale.Phrase) string { return p.String() }

// Paged is the input of every list.
type Paged struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	Cursor string `query:"cursor" maxLength:"2000" doc:"The next of the page before."`
}

// Page is the output of every list.
type Page[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty" doc:"Ask with this cursor for what follows; absent at the end."`
	}
}

func paged[V, T any](list page.List[V], of func(V) T) *Page[T] {
	p := &Page[T]{}
	p.Body.Items = make([]T, 0, len(list.Rows))
	for _, row := range list.Rows {
		p.Body.Items = append(p.Body.Items, of(row))
	}
	p.Body.Next = list.Next
	return p
}

// items makes a list of rows, never null.
func items[V, T any](rows []V, of func(V) T) []T {
	all := make([]T, 0, len(rows))
	for _, r := range rows {
		all = append(all, of(r))
	}
	return all
}
