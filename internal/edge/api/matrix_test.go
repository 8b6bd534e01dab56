package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// needs are what the operations ask of whoever comes, as the specification has it. A new operation without an entry fails
// the test.
var needs = map[string][]matrix.Need{
	"sign-in":       {{Public: true, Send: `{"email":"x@acme.example","password":"no such password"}`}},
	"list-sessions": {{}}, "get-me": {{}},
	"sign-out":            {{Acts: true}},
	"end-session":         {{Kind: "session", Acts: true}},
	"end-other-sessions":  {{Acts: true}},
	"change-own-password": {{Send: `{"current":"wrong","new":"wrong"}`}},
	"switch-company":      {{Kind: "company", Inside: true, Acts: true, Send: `{"company_id":"{it}"}`}},

	"list-products":   {{Leaf: "catalog.view"}},
	"list-categories": {{Leaf: "catalog.view"}},
	"get-product":     {{Leaf: "catalog.view", Kind: "product", Buyers: true}},

	"get-current-cart": {{Leaf: "carts.manage"}},
	"add-to-cart":      {{Leaf: "carts.manage", Kind: "product", Inside: true, Acts: true, Buyers: true, Send: `{"lines":[{"product_id":"{it}","quantity":"1"}]}`}},
	"change-cart-line": {{Leaf: "carts.manage", Kind: "line", Send: `{"quantity":"2"}`}},
	"remove-cart-line": {{Leaf: "carts.manage", Kind: "line"}},
	"list-carts":       {{Leaf: "carts.manage"}},
	"get-cart":         {{Leaf: "carts.manage", Kind: "cart"}},
	"choose-cart":      {{Leaf: "carts.manage", Kind: "cart", Acts: true}},
	"discard-cart":     {{Leaf: "carts.manage", Kind: "cart"}},
	"prepare-checkout": {{Leaf: "carts.manage", Kind: "cart", Send: `{"payment_method":"on_account"}`}},
	"preview-cart":     {{Leaf: "checkout.place", Kind: "cart"}},
	"submit-cart":      {{Leaf: "checkout.place", Kind: "cart", Send: `{"version":99}`}},

	"list-order-lists":       {{Leaf: "lists.view"}},
	"create-order-list":      {{Leaf: "lists.manage", Send: `{"name":" "}`}},
	"get-order-list":         {{Leaf: "lists.view", Kind: "order list"}},
	"edit-order-list":        {{Leaf: "lists.manage", Kind: "order list", Send: `{"name":"N"}`}},
	"delete-order-list":      {{Leaf: "lists.manage", Kind: "order list"}},
	"add-to-order-list":      {{Leaf: "lists.manage", Kind: "order list", Send: `{}`}},
	"change-order-list-line": {{Leaf: "lists.manage", Kind: "order list line", Send: `{"quantity":"2"}`}},
	"remove-order-list-line": {{Leaf: "lists.manage", Kind: "order list line"}},
	"place-order-list-line":  {{Leaf: "lists.manage", Kind: "order list line", Send: `{"position":1}`}},
	"carry-order-list-lines": {{Leaf: "lists.manage", Kind: "order list", Send: `{"to_id":"{it}"}`}},
	"share-order-list":       {{Leaf: "lists.manage", Kind: "order list", Send: `{"shares":[]}`}},
	"order-list-to-cart":     {{Leaf: "carts.manage", Kind: "order list", Acts: true, Send: `{}`}},

	"get-company-profile":   {{Leaf: "company.view"}},
	"edit-company-profile":  {{Leaf: "company.edit", At: matrix.Whole, Send: `{"name":"N","time_zone":"UTC","language":"en","fiscal_month":1,"po_number":"off","cost_centre":"off","expiry_days":3,"consents_to_staff":false}`}},
	"get-legal-address":     {{Leaf: "legal_address.view"}},
	"set-legal-address":     {{Leaf: "legal_address.edit", At: matrix.Whole, Send: `{}`}},
	"resubmit-company":      {{Leaf: "company.edit", At: matrix.Whole}},
	"set-default-role":      {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Inside: true, Acts: true, Send: `{"role_id":"{it}"}`}},
	"list-companies":        {{Leaf: "companies.view", At: matrix.Whole}},
	"create-company":        {{Leaf: "companies.manage", At: matrix.Whole, Send: `{"name":" ","currency":"EUR","administrator":{"first_name":"A","last_name":"B","email":"a@new.example"}}`}},
	"edit-company":          {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: `{"customer_number":"1","name":"N"}`}},
	"set-company-terms":     {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: `{"ordering":true,"on_account":true,"own_rules":true}`}},
	"set-partner-managers":  {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: `{"staff_ids":[]}`}},
	"invite-founder":        {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true}},
	"correct-founder":       {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: `{"first_name":"A","last_name":"B","email":"a@example.com"}`}},
	"get-company":           {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer", First: true}},
	"list-company-audit":    {{Leaf: "audit.view_all", At: matrix.Whole, Kind: "customer", First: true}},
	"list-company-members":  {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer", First: true}},
	"get-company-member":    {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer's member", First: true}},
	"set-company-status":    {{Leaf: "companies.block", At: matrix.Whole, Kind: "customer", First: true, Send: `{"status":"blocked","reason":"x"}`}},
	"set-parent-company":    {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: `{}`}},
	"assign-customer-group": {{Leaf: "customer_groups.manage", At: matrix.Whole, Kind: "customer", First: true, Send: `{}`}},
	"list-customer-groups":  {{Leaf: "companies.view", At: matrix.Whole}},
	"get-customer-group":    {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer group", First: true}},
	"create-customer-group": {{Leaf: "customer_groups.manage", At: matrix.Whole, Send: `{"code":" ","name":"N"}`}},
	"edit-customer-group":   {{Leaf: "customer_groups.manage", At: matrix.Whole, Kind: "customer group", First: true, Send: `{"code":"N","name":"N"}`}},
	"delete-customer-group": {{Leaf: "customer_groups.manage", At: matrix.Whole, Kind: "customer group", First: true}},
	"list-role-templates":   {{Leaf: "roles.view", Or: []string{"companies.view"}}},
	"get-role-template":     {{Leaf: "roles.view", Or: []string{"companies.view"}}},
	"create-role-template":  {{Leaf: "companies.manage", At: matrix.Whole, Send: `{"name":" ","permissions":["catalog.view"]}`}},
	"edit-role-template":    {{Leaf: "companies.manage", At: matrix.Whole, Kind: "role template", First: true, Send: `{"name":"N","permissions":["catalog.view"]}`}},
	"delete-role-template":  {{Leaf: "companies.manage", At: matrix.Whole, Kind: "role template", First: true}},
	"act-for-customer":      {{Leaf: "customers.impersonate", At: matrix.Whole, Kind: "customer", Inside: true, First: true, Acts: true, Send: `{"company_id":"{it}","member_id":"{member}","reason":"x"}`}},
	"stop-acting":           {{}},

	"list-purchase-orders":    {{Leaf: "purchase_orders.view"}},
	"get-purchase-order":      {{Kind: "purchase order"}},
	"withdraw-purchase-order": {{Kind: "purchase order", Leaf: "purchase_orders.view", Mine: true, Acts: true, Send: `{"reason":"no"}`}},
	"copy-purchase-order":     {{Leaf: "carts.manage", Kind: "purchase order", Acts: true, Send: `{}`}},
	"copy-order":              {{Leaf: "carts.manage", Kind: "order", Acts: true, Send: `{"positions":[1]}`}},
	"list-approvals":          {{Leaf: "purchase_orders.approve"}},
	"decide-purchase-order":   {{Leaf: "purchase_orders.approve", Kind: "purchase order", Send: `{"verdict":"reject","reason":"no","content_hash":"x"}`}},
	"decide-many":             {{Leaf: "purchase_orders.approve", Send: `{"decisions":[{"purchase_order_id":"por_01kkbfjym0e008nymxe56827j4","verdict":"approve","content_hash":"x"}]}`}},
	"list-deputies":           {{}},
	"list-deputy-candidates":  {{Leaf: "purchase_orders.approve", Or: []string{"deputies.manage", "users.view"}}},
	"appoint-deputy":          {{Own: true, Send: `{"deputy_id":"{nobody}","until":"2000-01-01"}`}},
	"get-deputy":              {{Kind: "deputy"}},
	"change-deputy":           {{Own: true, Leaf: "deputies.manage", At: matrix.There, Self: true, Kind: "deputy", Send: `{"until":"2000-01-01"}`}},
	"end-deputy":              {{Own: true, Leaf: "deputies.manage", At: matrix.There, Self: true, Kind: "deputy"}},
	"list-orders":             {{Leaf: "orders.view"}},
	"get-order":               {{Kind: "order"}},

	"list-approval-rules":         {{Leaf: "approval_rules.view"}},
	"get-approval-rule":           {{Leaf: "approval_rules.view", Kind: "rule"}},
	"list-approval-rule-versions": {{Leaf: "approval_rules.view", Kind: "rule"}},
	"create-approval-rule":        {{Leaf: "approval_rules.manage", At: matrix.Whole, Send: `{"name":"R","enabled":true,"basis":"net","watchers":["{nobody}"],"steps":[{"then":{"effect":"nothing"}}]}`}},
	"edit-approval-rule":          {{Leaf: "approval_rules.manage", At: matrix.There, Kind: "rule", Send: `{"name":"R","unit":"{home}","enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`}},
	"delete-approval-rule":        {{Leaf: "approval_rules.manage", At: matrix.There, Kind: "rule"}},
	"test-approval-rule":          {{Leaf: "approval_rules.view", Kind: "purchase order", First: true, Inside: true, Send: `{"purchase_order_id":"{it}","name":"R","enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`}},
	"replay-approval-rule": {{Leaf: "approval_rules.view", Send: `{"months":12,"name":"R","enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`},
		{Leaf: "approval_rules.view", Kind: "rule", First: true, Inside: true, Send: `{"months":12,"rule_id":"{it}","name":"R","enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`}},

	"list-budgets":       {{Leaf: "budgets.view"}},
	"get-budget":         {{Leaf: "budgets.view", Kind: "budget"}},
	"create-budget":      {{Leaf: "budgets.manage", At: matrix.Whole, Send: `{"name":" ","owner":{},"limit":{"amount":"1.00","currency":"EUR"},"cycle":{"kind":"month"},"when_exhausted":"block"}`}},
	"set-budget-limit":   {{Leaf: "budgets.manage", At: matrix.There, Kind: "budget", Send: `{"limit":{"amount":"1.00","currency":"EUR"},"reason":" "}`}},
	"archive-budget":     {{Leaf: "budgets.manage", At: matrix.There, Kind: "budget"}},
	"list-cost-centres":  {{Leaf: "cost_centres.view"}},
	"get-cost-centre":    {{Leaf: "cost_centres.view", Kind: "cost centre"}},
	"edit-budget":        {{Leaf: "budgets.manage", At: matrix.There, Kind: "budget", Send: `{"name":"N","when_exhausted":"block","warnings":[],"approvers":[]}`}},
	"create-cost-centre": {{Leaf: "cost_centres.manage", At: matrix.Whole, Send: `{"code":" ","name":"N"}`}},
	"edit-cost-centre":   {{Leaf: "cost_centres.manage", At: matrix.Whole, Kind: "cost centre", Send: `{"code":"N","name":"N"}`}},

	"get-structure":                 {{}},
	"list-members":                  {{}},
	"list-lendable-members":         {{Leaf: "users.manage"}},
	"borrow-member":                 {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Inside: true, First: true, Acts: true, Send: `{"lender_member_id":"{nobody}","parent_id":"{it}"}`}},
	"list-inherited-approval-rules": {{Leaf: "approval_rules.view"}},
	"get-member":                    {{Kind: "member"}},
	"move-node":                     {{Leaf: "users.manage", At: matrix.Above, Kind: "unit", Send: `{"parent_id":"{it}","from_parent_id":"{it}"}`}},
	"preview-move":                  {{Leads: true, Leaf: "users.manage", At: matrix.Above, Kind: "unit", Query: "parent_id={it}"}},
	"create-unit":                   {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Inside: true, Send: `{"code":" ","name":"N","parent_id":"{it}"}`}},
	"get-unit":                      {{Kind: "unit"}},
	"edit-unit":                     {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Send: `{"code":"N","name":"N"}`}},
	"list-archived-units":           {{Leaf: "users.view", At: matrix.Whole}},
	"restore-unit":                  {{Leaf: "users.manage", At: matrix.Whole, Kind: "unit", Send: `{}`}},
	"archive-unit":                  {{Leaf: "users.manage", At: matrix.Above, Kind: "unit"}},
	"edit-member":                   {{Leaf: "users.manage", At: matrix.There, Kind: "member", Send: `{"name":"N"}`}},
	"reactivate-member":             {{Leaf: "users.manage", At: matrix.Whole, Kind: "member", Send: `{}`}},
	"deactivate-member":             {{Leaf: "users.manage", At: matrix.There, Kind: "member"}},
	"leaving":                       {{Leaf: "users.manage", At: matrix.There, Kind: "member"}},

	"list-addresses":     {{Leaf: "addresses.view"}},
	"add-address":        {{Leaf: "addresses.manage", At: matrix.Whole, Send: `{"label":" ","name":"N","street":"S","city":"C","country":"DE","for_delivery":true,"for_billing":false}`}},
	"get-address":        {{Leaf: "addresses.view", Kind: "address"}},
	"edit-address":       {{Leaf: "addresses.manage", At: matrix.Whole, Kind: "address", Send: `{"label":"L","name":"N","street":"S","city":"C","country":"DE","for_delivery":true,"for_billing":false}`}},
	"remove-address":     {{Leaf: "addresses.manage", At: matrix.Whole, Kind: "address"}},
	"get-unit-addresses": {{Leaf: "addresses.view", Kind: "unit"}},
	"set-unit-addresses": {{Leaf: "addresses.manage", At: matrix.There, Kind: "unit", Send: `{}`}},

	"set-own-language": {{Send: `{"language":"xx","time_zone":"Europe/Berlin"}`}},
	"set-own-phone":    {{Acts: true, Send: `{"phone":"12345"}`}},
	"get-own-wishes":   {{}},
	"set-own-wishes":   {{Acts: true, Send: `{"items":[]}`}},

	"list-views":   {{}},
	"get-view":     {{Kind: "view"}},
	"create-view":  {{Own: true, Send: `{"list":"members","name":" ","shows":""}`}},
	"replace-view": {{Own: true, Kind: "view", Acts: true, Send: `{"name":"{it}","shows":"sort=-name"}`}},
	"delete-view":  {{Own: true, Kind: "view", Acts: true}},

	"list-contacts":  {{Leaf: "contacts.view"}},
	"add-contact":    {{Leaf: "company.edit", At: matrix.Whole, Send: `{"name":" ","purpose":"P","phone":"12345"}`}},
	"edit-contact":   {{Leaf: "company.edit", At: matrix.Whole, Kind: "contact", Send: `{"name":"N","purpose":"P","phone":"12345"}`}},
	"get-contact":    {{Leaf: "contacts.view", Kind: "contact"}},
	"remove-contact": {{Leaf: "company.edit", At: matrix.Whole, Kind: "contact"}},

	"list-own-addresses":      {{}},
	"add-own-address":         {{Own: true, Send: `{"label":" ","name":"N","street":"S","city":"C","country":"DE"}`}},
	"edit-own-address":        {{Own: true, Kind: "own address", Send: `{"label":"L","name":"N","street":"S","city":"C","country":"DE"}`}},
	"remove-own-address":      {{Own: true, Kind: "own address"}},
	"set-own-usual-addresses": {{Acts: true, Send: `{}`}},

	"list-invitations":   {{Leaf: "users.view"}},
	"get-invitation":     {{Kind: "invitation"}},
	"invite":             {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Inside: true, First: true, Send: `{"people":[{"email":"{mail}","parent_id":"{it}"}]}`}},
	"resend-invitation":  {{Leaf: "users.manage", At: matrix.There, Kind: "invitation"}},
	"revoke-invitation":  {{Leaf: "users.manage", At: matrix.There, Kind: "invitation"}},
	"look-at-invitation": {{Public: true, Send: `{"link":"no such link"}`}},
	"accept-invitation":  {{Public: true, Send: `{"link":"no such link"}`}},

	"list-permissions":   {{Leaf: "roles.view"}},
	"list-roles":         {{Leaf: "roles.view"}},
	"get-role":           {{Leaf: "roles.view", Kind: "role"}},
	"list-role-holders":  {{Leaf: "roles.view", Kind: "role"}},
	"preview-role-merge": {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Query: "with={role}", Fill: map[string]string{"role": "it"}}},
	"merge-roles":        {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Send: `{"with":"{it}","with_version":99,"permits":"kept"}`}},
	"unused-permissions": {{Leaf: "roles.view", Kind: "role"}},
	"similar-roles":      {{Leaf: "roles.view"}},
	"compare-roles":      {{Leaf: "roles.view", Kind: "role", Fill: map[string]string{"other": "role"}}, {Leaf: "roles.view", Kind: "role", Fill: map[string]string{"role": "role", "other": "it"}}},
	"who-can": {{Leaf: "roles.view", Buyers: true, Query: "permission=orders.view"}, {Leaf: "roles.view", Kind: "member", Inside: true, First: true, Buyers: true, Query: "permission=orders.view&owner_id={it}"},
		{Leaf: "roles.view", Kind: "unit", Inside: true, First: true, Any: true, Buyers: true, Query: "permission=orders.view&unit_id={it}"}},
	"what-can":       {{Leaf: "roles.view", Kind: "member", Self: true}},
	"why":            {{Leaf: "roles.view", Kind: "member", Self: true, Buyers: true, Query: "permission=orders.view"}},
	"create-role":    {{Leaf: "roles.manage", At: matrix.Whole, Buyers: true, Send: `{"name":" ","permissions":["catalog.view"]}`}},
	"edit-role":      {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Buyers: true, Send: `{"name":"N","permissions":["catalog.view"]}`}},
	"duplicate-role": {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Acts: true}},
	"delete-role":    {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role"}},
	"assign-role":    {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Inside: true, Acts: true, Send: `{"member_id":"{me}","role_id":"{it}"}`}},
	"get-assignment": {{Leaf: "roles.view", Kind: "assignment"}},
	"retime-role":    {{Leaf: "roles.manage", At: matrix.There, Kind: "assignment", Send: `{"until":"2001-01-01T00:00:00Z"}`}},
	"revoke-role":    {{Leaf: "roles.manage", At: matrix.There, Kind: "assignment", Acts: true}},

	"list-separation-rules":       {{Leaf: "roles.view"}},
	"get-separation-rule":         {{Leaf: "roles.view", Kind: "separation"}},
	"create-separation-rule":      {{Leaf: "roles.manage", At: matrix.Whole, Send: `{"name":" ","permissions":["catalog.view","orders.view"],"cardinality":2,"on":false}`}},
	"edit-separation-rule":        {{Leaf: "roles.manage", At: matrix.Whole, Kind: "separation", Send: `{"name":"N","permissions":["catalog.view","orders.view"],"cardinality":2,"on":false}`}},
	"delete-separation-rule":      {{Leaf: "roles.manage", At: matrix.Whole, Kind: "separation"}},
	"preview-separation-rule":     {{Leaf: "roles.view", Send: `{"name":"N","permissions":["catalog.view","orders.view"],"cardinality":2,"on":false}`}},
	"list-separation-suggestions": {{Leaf: "roles.view"}},

	"stage-import":        {{Leaf: "users.manage", Or: importers, Send: blankFile}},
	"list-imports":        {{Leaf: "users.manage", Or: importers}},
	"get-import":          {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"map-import":          {{Leaf: "users.manage", Or: importers, Kind: "import", Send: `{"mapping":[]}`}},
	"preview-import":      {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"apply-import":        {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"import-errors":       {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"invite-members":      {{Leaf: "users.manage", At: matrix.There, Kind: "member", Inside: true, First: true, Send: `{"member_ids":["{it}"]}`}},
	"undo-import":         {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"discard-import":      {{Leaf: "users.manage", Or: importers, Kind: "import", Acts: true}},
	"export-organisation": {{Leaf: "users.view", Acts: true}}, // the audit is told of it

	"list-notices":      {{}},
	"mark-notices-read": {{Kind: "notice", Inside: true, Blind: true, Acts: true, Send: `{"ids":["{it}"]}`}},

	"list-webhooks":           {{Leaf: "webhooks.manage", At: matrix.Whole}},
	"get-webhook":             {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook"}},
	"edit-webhook":            {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Send: `{"name":"N","url":"https://example.com/","events":["*"]}`}},
	"switch-webhook":          {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Acts: true, Send: `{"active":true}`}},
	"create-webhook":          {{Leaf: "webhooks.manage", At: matrix.Whole, Send: `{"name":" ","url":"https://example.com/","events":["*"]}`}},
	"delete-webhook":          {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook"}},
	"test-webhook":            {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Acts: true}},
	"replay-webhook":          {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Acts: true}},
	"rotate-webhook-secret":   {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Acts: true}},
	"list-webhook-deliveries": {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook"}},
	"replay-webhook-delivery": {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "delivery", Acts: true}},
	"list-audit":              {{Leaf: "audit.view", At: matrix.Whole}},
	"check-seals":             {{Leaf: "audit.view", At: matrix.Whole}},

	"search": {{Query: "q=a"}}, "get-overview": {{}},
}

// blankFile is a file with nothing in it, as it is sent.
const blankFile = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"units.csv\"\r\nContent-Type: text/csv\r\n\r\n \r\n--b--\r\n"

// importers are the permissions besides of which one is enough to bring a file.
var importers = []string{"roles.manage", "cost_centres.manage", "addresses.manage", "budgets.manage"}

// mentions are requests that mention a thing besides the one that they are about.
var mentions = []matrix.Mention{
	{Route: "create-budget", Leaf: "budgets.manage", Kinds: map[string]string{"unit": "unit_id", "member": "member_id", "cost centre": "cost_centre_id"},
		Send: `{"name":"B","owner":{"{field}":"{it}"},"limit":{"amount":"1.00","currency":"EUR"},"cycle":{"kind":"month"},"when_exhausted":"block"}`},
	{Route: "create-cost-centre", Leaf: "cost_centres.manage", Kinds: map[string]string{"unit": "unit_id", "member": "manager_id"}, Send: `{"code":"N","name":"N","{field}":"{it}"}`},
	{Route: "create-unit", Leaf: "users.manage", Kinds: map[string]string{"cost centre": "cost_centre_id"}, Send: `{"code":"N","name":"N","{field}":"{it}"}`},
	{Route: "invite", Leaf: "users.manage", Kinds: map[string]string{"member": "parent_id"}, Send: `{"people":[{"email":"{mail}","{field}":"{it}"}]}`},
	{Route: "invite", Leaf: "users.manage", Kinds: map[string]string{"role": "role_id"}, Send: `{"people":[{"email":"{mail}","roles":[{"{field}":"{it}"}]}]}`},
	{Route: "invite", Leaf: "users.manage", Kinds: map[string]string{"unit": "unit_id"}, Send: `{"people":[{"email":"{mail}","roles":[{"role_id":"{role}","{field}":"{it}"}]}]}`},
	{Route: "create-approval-rule", Leaf: "approval_rules.manage", Kinds: map[string]string{"unit": "unit"}, Send: `{"name":"R","enabled":true,"{field}":"{it}","basis":"net","steps":[{"then":{"effect":"nothing"}}]}`},
	{Route: "create-approval-rule", Leaf: "approval_rules.manage", Kinds: map[string]string{"role": "roles", "unit": "units", "member": "members", "cost centre": "cost_centres"},
		Send: `{"name":"R","enabled":true,"applies_to":{"{field}":["{it}"]},"basis":"net","steps":[{"then":{"effect":"nothing"}}]}`},
	{Route: "assign-role", Leaf: "roles.manage", Kinds: map[string]string{"member": "member_id"}, Send: `{"role_id":"{role}","{field}":"{it}"}`},
	{Route: "create-separation-rule", Leaf: "roles.manage", Kinds: map[string]string{"role": "role_ids"}, Send: `{"name":"N","cardinality":2,"on":false,"{field}":["{it}","{role}"]}`},
	{Route: "preview-separation-rule", Leaf: "roles.view", Kinds: map[string]string{"role": "role_ids"}, Send: `{"name":"N","cardinality":2,"on":false,"{field}":["{it}","{role}"]}`},
	{Route: "assign-role", Leaf: "roles.manage", Kinds: map[string]string{"unit": "unit_id"}, Send: `{"role_id":"{role}","member_id":"{me}","{field}":"{it}"}`},
}

// site is the API over HTTP, with the world behind it.
type site struct {
	t      *testing.T
	url    string
	mux    *web.Mux
	world  *matrix.World
	people map[string]*matrix.Person
}

func newSite(t *testing.T, db *store.DB) *site {
	t.Helper()
	w := matrix.New(t, db)
	x := &site{t: t, world: w, mux: web.NewMux(), people: map[string]*matrix.Person{}}
	for _, p := range w.People[1:] {
		x.people[p.Token] = p
	}
	api.Add(web.NewAPI(x.mux, api.Describe("test")), api.Services{Signing: w.Signing, Collecting: w.Collecting, Cataloguing: w.Cataloguing, Purchasing: w.Purchasing, Approving: w.Approving,
		Budgeting: w.Budgeting, Organising: w.Organising, Onboarding: w.Onboarding, Pricesetting: w.Pricesetting, Granting: w.Granting, Importing: w.Importing, Auditing: w.Auditing, Notifying: w.Notifying, Exchanging: w.Exchanging, Listing: w.Listing})
	edge, err := web.New(web.Settings{Repeats: w.Exchanging, Log: slog.New(slog.DiscardHandler), Recognise: func(_ context.Context, token string, _ web.RequestInfo) (access.Actor, error) {
		p, ok := x.people[token]
		if !ok {
			return access.Actor{}, identity.ErrSessionEnded
		}
		return p.Actor, nil
	}}, x.mux)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(edge)
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

var occurrence = regexp.MustCompile(`"(instance|request_id)":"[^"]*"`)

// send sends a request as a program does, with the token of a session.
func (x *site) send(p *matrix.Person, q matrix.Question) (status int, header http.Header, body []byte, err error) {
	req, err := http.NewRequest(q.Method, x.url+q.Path, strings.NewReader(q.Body))
	if err != nil {
		return 0, nil, nil, err
	}
	if q.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if q.Body == blankFile {
		req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	}
	if p != nil {
		req.Header.Set("Authorization", "Bearer "+p.Token)
	}
	if q.Method != http.MethodGet {
		req.Header.Set("If-Match", `"99"`)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, res.Header, body, err
}

// as is a program that has signed in as one of the cast: it asks, wants a status, reads the answer, and says its ETag.
func (x *site) as(who string) func(method, path, seen, body string, want int, into any) string {
	return func(method, path, seen, body string, want int, into any) string {
		x.t.Helper()
		req, err := http.NewRequest(method, x.url+"/api/v1"+path, strings.NewReader(body))
		if err != nil {
			x.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+who)
		req.Header.Set("Content-Type", "application/json")
		if seen != "" {
			req.Header.Set("If-Match", seen)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			x.t.Fatal(err)
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		if err == nil && into != nil {
			err = json.Unmarshal(answer, into)
		}
		if err != nil || res.StatusCode != want {
			x.t.Fatalf("%s %s: %d %s, %v", method, path, res.StatusCode, answer, err)
		}
		return res.Header.Get("ETag")
	}
}

// Ask asks for the matrix.
func (x *site) Ask(p *matrix.Person, q matrix.Question) (matrix.Answer, error) {
	status, header, body, err := x.send(p, q)
	if err != nil {
		return matrix.Answer{}, err
	}
	var problem web.Problem
	if status >= 400 {
		if err := json.Unmarshal(body, &problem); err != nil {
			return matrix.Answer{}, fmt.Errorf("the answer is no problem: %s", body)
		}
	}
	if moved := strings.HasSuffix(q.Path, "/parent"); status == http.StatusPreconditionFailed && header.Get("ETag") == "" && !moved { // where it stood is no version
		return matrix.Answer{}, fmt.Errorf("an older version is refused, and which one stands there now is not said: %s", body)
	}
	return matrix.Answer{Status: status, Headers: matrix.Lasting(header), Body: occurrence.ReplaceAllString(string(body), ""), Lacks: problem.Permission, Helps: problem.Detail != "", Barred: problem.Code == access.ErrBlocked.Code}, nil
}

// SignIn is 401 for a program.
func (x *site) SignIn(a matrix.Answer) bool { return a.Status == http.StatusUnauthorized }

// TestMatrix asks every operation of the running route table as everybody, about things in every relation to them.
func TestMatrix(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newSite(t, db)
		var routes []matrix.Route
		for _, r := range x.mux.Routes() {
			if r.Kind != web.KindAPI || r.Operation == "" {
				continue
			}
			if len(needs[r.Operation]) == 0 {
				t.Errorf("%s %s: say in this test what %s needs", r.Method, r.Pattern, r.Operation)
			}
			for _, need := range needs[r.Operation] {
				if need.Public != (r.Scope == web.Public) {
					t.Errorf("%s: who may ask is not as it is declared", r.Operation)
				}
				routes = append(routes, matrix.Route{Name: r.Operation, Method: r.Method, Pattern: r.Pattern, Need: need})
			}
		}
		routes = matrix.Mentioning(t, routes, mentions)
		cells := x.world.Run(t, x, routes)
		if len(routes) < 80 || cells < 15_000 {
			t.Errorf("asked %d operations in %d cells: is the test blind?", len(routes), cells)
		}
		t.Logf("%d operations × %d people: %d cells", len(routes), len(x.world.People), cells)
	})
}

// Who may not see others finds themselves in the lists of people, and nobody else.
func TestEverybodyFindsThemselves(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	i := slices.IndexFunc(x.world.People, func(p *matrix.Person) bool { return p != nil && p.Name == "no role" })
	for _, path := range []string{"/api/v1/members", "/api/v1/structure"} {
		_, _, body, err := x.send(x.world.People[i], matrix.Question{Method: http.MethodGet, Path: path})
		var list struct{ Items []struct{ ID string } }
		if err == nil {
			err = json.Unmarshal(body, &list)
		}
		if err != nil || len(list.Items) != 1 || list.Items[0].ID != x.world.Members["pat"].String() {
			t.Errorf("in %s Pat finds %s (%v)", path, body, err)
		}
	}
}
