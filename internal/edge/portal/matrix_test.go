package portal_test

import (
	"context"
	"html"
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
	"kontor/internal/edge/portal"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// needs are what the pages and forms ask of whoever comes, as the specification has it. A new page without an entry
// fails the test.
var needs = map[string][]matrix.Need{
	"GET /assets/{name}": {{Public: true, Fill: map[string]string{"name": "app.css"}}},
	"GET /healthz":       {{Public: true}}, "GET /livez": {{Public: true}}, "GET /readyz": {{Public: true}},
	"GET /pieces":                                    {{Public: true}},
	"GET /sign-in":                                   {{Public: true}},
	"POST /sign-in":                                  {{Public: true, Send: "email=x@acme.example&password=no+such+password"}},
	"POST /sign-out":                                 {{Acts: true}},
	"POST /acting/stop":                              {{Leads: true}},
	"GET /companies":                                 {{Leaf: "companies.view", At: matrix.Whole}},
	"GET /companies/new":                             {{Leaf: "companies.manage", At: matrix.Whole}},
	"POST /companies":                                {{Leaf: "companies.manage", At: matrix.Whole, Send: "name=&currency=EUR&fiscal_month=1&email=a@new.example&last_name=B"}},
	"GET /companies/{company}/edit":                  {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true}},
	"POST /companies/{company}/record":               {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: "number=1&name=N&version=99"}},
	"POST /companies/{company}/terms":                {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: "net_days=0&version=99"}},
	"POST /companies/{company}/managers":             {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: "version=99"}},
	"POST /companies/{company}/invitation":           {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true}},
	"POST /companies/{company}/administrator":        {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: "first_name=A&last_name=B&email=a%40example.com&version=99"}},
	"GET /companies/{company}":                       {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer", First: true}},
	"GET /companies/{company}/audit":                 {{Leaf: "audit.view_all", At: matrix.Whole, Kind: "customer", First: true}},
	"GET /companies/{company}/members":               {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer", First: true}},
	"GET /companies/{company}/members/{member}":      {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer's member", First: true}},
	"POST /companies/{company}/members/{member}/act": {{Leaf: "customers.impersonate", At: matrix.Whole, Kind: "customer's member", First: true, Send: "reason="}},
	"POST /companies/{company}/status":               {{Leaf: "companies.block", At: matrix.Whole, Kind: "customer", First: true, Send: "to=blocked&reason=x&version=99"}},
	"POST /companies/{company}/parent":               {{Leaf: "companies.manage", At: matrix.Whole, Kind: "customer", First: true, Send: "version=99"}},
	"POST /companies/{company}/group":                {{Leaf: "customer_groups.manage", At: matrix.Whole, Kind: "customer", First: true, Send: "version=99"}},
	"GET /customer-groups":                           {{Leaf: "companies.view", At: matrix.Whole}},
	"GET /customer-groups/new":                       {{Leaf: "customer_groups.manage", At: matrix.Whole}},
	"POST /customer-groups":                          {{Leaf: "customer_groups.manage", At: matrix.Whole, Send: "code=&name=N"}},
	"GET /customer-groups/{group}":                   {{Leaf: "companies.view", At: matrix.Whole, Kind: "customer group", First: true}},
	"POST /customer-groups/{group}":                  {{Leaf: "customer_groups.manage", At: matrix.Whole, Kind: "customer group", First: true, Send: "code=N&name=N&version=99"}},
	"POST /customer-groups/{group}/delete":           {{Leaf: "customer_groups.manage", At: matrix.Whole, Kind: "customer group", First: true, Send: "version=99"}},
	"GET /role-templates":                            {{Leaf: "companies.view", At: matrix.Whole}},
	"GET /role-templates/new":                        {{Leaf: "companies.manage", At: matrix.Whole}},
	"POST /role-templates":                           {{Leaf: "companies.manage", At: matrix.Whole, Send: "name=&permission=catalog.view"}},
	"GET /role-templates/{template}":                 {{Leaf: "companies.view", At: matrix.Whole, Kind: "role template", First: true}},
	"POST /role-templates/{template}":                {{Leaf: "companies.manage", At: matrix.Whole, Kind: "role template", First: true, Send: "name=N&permission=catalog.view&version=99"}},
	"POST /role-templates/{template}/delete":         {{Leaf: "companies.manage", At: matrix.Whole, Kind: "role template", First: true, Send: "version=99"}},
	"POST /company/switch":                           {{Kind: "company", Inside: true, Acts: true, Send: "member={it}"}},

	"GET /{$}":                             {{}},
	"GET /search":                          {{Query: "q=a"}},
	"GET /inbox":                           {{}},
	"GET /live":                            {{}},
	"POST /inbox":                          {{Acts: true}},
	"POST /inbox/{notice}":                 {{Kind: "notice", Blind: true, Acts: true}},
	"POST /views":                          {{Own: true, Acts: true, Send: "list=members&name=N&query="}},
	"POST /views/{view}/delete":            {{Own: true, Kind: "view", Acts: true}},
	"GET /account":                         {{}},
	"POST /account/language":               {{Send: "language=xx&zone=Europe/Berlin"}},
	"POST /account/password":               {{Send: "current=wrong&new=wrong"}},
	"POST /account/sessions/{session}/end": {{Kind: "session", Acts: true}},
	"POST /account/sessions/end":           {{Acts: true}},

	"POST /account/phone":                      {{Own: true, Acts: true, Send: "phone=12345"}},
	"GET /account/deputies":                    {{}},
	"POST /account/deputies":                   {{Own: true, Send: "until=2000-01-01"}},
	"GET /deputies":                            {{Leaf: "deputies.manage"}},
	"GET /deputies/new":                        {{Leaf: "deputies.manage"}},
	"POST /deputies":                           {{Leaf: "deputies.manage", Send: "until=never"}},
	"GET /deputies/{deputy}":                   {{Kind: "deputy"}},
	"POST /deputies/{deputy}":                  {{Own: true, Leaf: "deputies.manage", At: matrix.There, Self: true, Kind: "deputy", Send: "version=99"}},
	"POST /deputies/{deputy}/end":              {{Own: true, Leaf: "deputies.manage", At: matrix.There, Self: true, Kind: "deputy", Send: "version=99"}},
	"GET /account/notices":                     {{}},
	"POST /account/notices":                    {{Acts: true}},
	"GET /account/addresses":                   {{}},
	"POST /account/addresses":                  {{Own: true, Send: "label=+&name=N&street=S&city=C&country=DE"}},
	"POST /account/addresses/usual":            {{Own: true, Acts: true}},
	"GET /account/addresses/{address}":         {{Kind: "own address"}},
	"POST /account/addresses/{address}":        {{Own: true, Kind: "own address", Send: "version=99&label=L&name=N&street=S&city=C&country=DE"}},
	"POST /account/addresses/{address}/remove": {{Own: true, Kind: "own address", Send: "version=99"}},

	"GET /shop":               {{Leaf: "catalog.view"}},
	"GET /products/{product}": {{Buyers: true, Leaf: "catalog.view", Kind: "product"}},

	"GET /cart":                              {{Leaf: "carts.manage"}},
	"POST /cart/lines":                       {{Buyers: true, Leaf: "carts.manage", Kind: "product", Inside: true, Acts: true, Send: "product={it}&quantity=1"}},
	"POST /cart/lines/{line}":                {{Leaf: "carts.manage", Kind: "line", First: true, Acts: true, Send: "version={seen}&quantity=1"}},
	"POST /cart/lines/{line}/remove":         {{Leaf: "carts.manage", Kind: "line", First: true, Acts: true, Send: "version={seen}"}},
	"POST /cart/restore":                     {{Leaf: "carts.manage", Kind: "cart", Query: "cart={it}&version=99"}},
	"POST /cart/clear":                       {{Leaf: "carts.manage", Send: "version=99"}},
	"GET /cart/copied":                       {{Leaf: "carts.manage", Kind: "copy", First: true, Query: "key={it}"}},
	"GET /carts/{cart}":                      {{Leaf: "carts.manage", Kind: "cart", Leads: true}},
	"POST /carts/{cart}/choose":              {{Leaf: "carts.manage", Kind: "cart", Acts: true}},
	"POST /carts/{cart}/discard":             {{Leaf: "carts.manage", Kind: "cart", Send: "version=99"}},
	"POST /carts/{cart}/restore":             {{Leaf: "carts.manage", Query: "version=99", Fill: map[string]string{"cart": "crt_01m834e6nge64vrk2dspx1saf5"}}},
	"GET /lists":                             {{Leaf: "lists.view"}},
	"GET /lists/new":                         {{Leaf: "lists.manage"}},
	"GET /lists/add":                         {{Leaf: "lists.manage", Kind: "order", First: true, Inside: true, Query: "order={it}"}},
	"GET /lists/{list}":                      {{Leaf: "lists.view", Kind: "order list"}},
	"GET /lists/{list}/share":                {{Leaf: "lists.manage", Kind: "order list"}},
	"POST /lists":                            {{Leaf: "lists.manage", Send: "name=+"}},
	"POST /lists/add":                        {{Leaf: "lists.manage", Kind: "order", Inside: true, Send: "order={it}&name=+"}},
	"POST /lists/{list}":                     {{Leaf: "lists.manage", Kind: "order list", Send: "version=99&name=N"}},
	"POST /lists/{list}/delete":              {{Leaf: "lists.manage", Kind: "order list", Send: "version=99"}},
	"POST /lists/{list}/share":               {{Leaf: "lists.manage", Kind: "order list", Send: "version=99&with=company&right=read"}},
	"POST /lists/{list}/cart":                {{Leaf: "carts.manage", Kind: "order list", Acts: true, Send: "all=on"}},
	"POST /lists/{list}/lines":               {{Leaf: "lists.manage", Kind: "order list line", Send: "version=99&do=remove&line={it}"}},
	"POST /lists/{list}/restore":             {{Leaf: "lists.manage", Kind: "order list", Acts: true, Query: "product={product}&quantity=1"}},
	"POST /lists/{list}/lines/{line}":        {{Leaf: "lists.manage", Kind: "order list line", Send: "version=99&quantity=1"}},
	"POST /lists/{list}/lines/{line}/place":  {{Leaf: "lists.manage", Kind: "order list line", Send: "version=99&to=1"}},
	"POST /lists/{list}/lines/{line}/remove": {{Leaf: "lists.manage", Kind: "order list line", Send: "version=99"}},

	"GET /checkout":          {{Leaf: "checkout.place"}},
	"POST /checkout":         {{Leaf: "checkout.place", Kind: "cart", Inside: true, Send: "act=submit&cart={it}&version=99&payment=on_account"}},
	"POST /checkout/preview": {{Leaf: "checkout.place", Send: "payment=on_account"}},

	"GET /purchase-orders":                {{Leaf: "purchase_orders.view"}},
	"GET /purchase-orders/{po}":           {{Kind: "purchase order"}},
	"GET /purchase-orders/{po}/cart":      {{Leaf: "carts.manage", Kind: "purchase order", First: true, Blind: true, Leads: true}},
	"POST /purchase-orders/{po}/withdraw": {{Leaf: "purchase_orders.view", Kind: "purchase order", Mine: true, Acts: true, Send: "reason=no"}},
	"POST /purchase-orders/{po}/copy":     {{Leaf: "carts.manage", Kind: "purchase order", Acts: true}},
	"GET /orders":                         {{Leaf: "orders.view"}},
	"GET /orders/{order}":                 {{Kind: "order"}},
	"POST /orders/{order}/copy":           {{Leaf: "carts.manage", Kind: "order", Acts: true}},
	"GET /approvals":                      {{Leaf: "purchase_orders.approve"}},
	"POST /approvals":                     {{Leaf: "purchase_orders.approve", Acts: true, Send: "verdict=approve"}},
	"GET /approvals/decided":              {{Leaf: "purchase_orders.approve", Kind: "copy", First: true, Query: "key={it}"}},
	"GET /approvals/{po}":                 {{Leaf: "purchase_orders.approve", Kind: "purchase order"}},
	"POST /approvals/{po}":                {{Leaf: "purchase_orders.approve", Kind: "purchase order", Send: "verdict=reject&reason=no&hash=x"}},

	"GET /rules":                {{Leaf: "approval_rules.view"}},
	"GET /rules/new":            {{Leaf: "approval_rules.manage"}},
	"POST /rules":               {{Leaf: "approval_rules.manage", At: matrix.Whole, Send: "name=+&enabled=on&basis=net&how=condition&do=save&currency=EUR&steps.0.as=text&steps.0.when=total_net+%3E+1+EUR&steps.0.then.effect=nothing"}},
	"GET /rules/{rule}":         {{Leaf: "approval_rules.view", Kind: "rule"}},
	"POST /rules/{rule}":        {{Leaf: "approval_rules.manage", At: matrix.There, Kind: "rule", Send: "version=99&name=R&unit={home}&basis=net&how=condition&do=save&currency=EUR&steps.0.as=text&steps.0.when=total_net+%3E+1+EUR&steps.0.then.effect=nothing"}},
	"POST /rules/{rule}/enable": {{Leaf: "approval_rules.manage", At: matrix.There, Kind: "rule", Send: "version=99&enabled=yes"}},
	"POST /rules/{rule}/delete": {{Leaf: "approval_rules.manage", At: matrix.There, Kind: "rule", Send: "version=99"}},

	"GET /budgets":                   {{Leaf: "budgets.view"}},
	"GET /budgets/new":               {{Leaf: "budgets.manage"}},
	"POST /budgets":                  {{Leaf: "budgets.manage", At: matrix.Whole, Send: "name=+&limit=1&basis=net_shipped&exhausted=block&carry=none&period=month"}},
	"GET /budgets/{budget}":          {{Leaf: "budgets.view", Kind: "budget"}},
	"POST /budgets/{budget}":         {{Leaf: "budgets.manage", At: matrix.There, Kind: "budget", Send: "version=99&name=N&exhausted=block"}},
	"POST /budgets/{budget}/limit":   {{Leaf: "budgets.manage", At: matrix.There, Kind: "budget", Acts: true, Send: "limit=1&note=why"}},
	"POST /budgets/{budget}/archive": {{Leaf: "budgets.manage", At: matrix.There, Kind: "budget", Send: "version=99"}},
	"GET /cost-centres":              {{Leaf: "cost_centres.view"}},
	"GET /cost-centres/new":          {{Leaf: "cost_centres.manage"}},
	"POST /cost-centres":             {{Leaf: "cost_centres.manage", At: matrix.Whole, Send: "code=+&name=N"}},
	"GET /cost-centres/{centre}":     {{Leaf: "cost_centres.view", Kind: "cost centre"}},
	"POST /cost-centres/{centre}":    {{Leaf: "cost_centres.manage", At: matrix.Whole, Kind: "cost centre", Send: "version=99&code=C&name=N"}},

	"GET /company":                {{Leaf: "company.view"}},
	"POST /company":               {{Leaf: "company.edit", At: matrix.Whole, Send: "version=99&name=N&zone=Europe/Berlin&language=en&fiscal_month=1&po_number=off&cost_centre=off&expiry_days=30"}},
	"GET /company/legal-address":  {{Leaf: "legal_address.view"}},
	"POST /company/legal-address": {{Leaf: "legal_address.edit", At: matrix.Whole, Send: "version=99"}},
	"POST /company/submission":    {{Leaf: "company.edit", At: matrix.Whole, Send: "version=99"}},
	"POST /company/addresses":     {{Leaf: "addresses.manage", At: matrix.Whole, Acts: true, Send: "label=L&name=N&street=S&postcode=1&city=C&country=DE&delivers=on"}},

	"GET /company/addresses/{address}":         {{Leaf: "addresses.view", Kind: "address"}},
	"POST /company/addresses/{address}":        {{Leaf: "addresses.manage", At: matrix.Whole, Kind: "address", Send: "version=99&label=L&name=N&street=S&city=C&country=DE&delivers=on"}},
	"POST /company/addresses/{address}/remove": {{Leaf: "addresses.manage", At: matrix.Whole, Kind: "address", Send: "version=99"}},

	"POST /company/contacts":                  {{Leaf: "company.edit", At: matrix.Whole, Send: "name=+&purpose=P&phone=12345"}},
	"GET /company/contacts/{contact}":         {{Leaf: "contacts.view", Kind: "contact"}},
	"POST /company/contacts/{contact}":        {{Leaf: "company.edit", At: matrix.Whole, Kind: "contact", Send: "version=99&name=N&purpose=P&phone=12345"}},
	"POST /company/contacts/{contact}/remove": {{Leaf: "company.edit", At: matrix.Whole, Kind: "contact", Send: "version=99"}},

	"GET /structure":               {{}},
	"GET /structure/below":         {{}},
	"GET /structure/find":          {{}},
	"GET /structure/moving":        {{Leads: true, Leaf: "users.manage", At: matrix.Above, Kind: "unit", Inside: true, Query: "node={it}&under={it}"}},
	"POST /structure/move":         {{Leaf: "users.manage", At: matrix.Above, Kind: "unit", Inside: true, Send: "node={it}&under={it}"}},
	"POST /units":                  {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Inside: true, Send: "code=+&name=N&under={it}"}},
	"GET /units/{unit}":            {{Kind: "unit"}},
	"POST /units/{unit}":           {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Send: "version=99&code=C&name=N"}},
	"POST /units/{unit}/addresses": {{Leaf: "addresses.manage", At: matrix.There, Kind: "unit", Send: "version=99"}},
	"POST /units/{unit}/restore":   {{Leaf: "users.manage", At: matrix.Whole, Kind: "unit", Send: "version=99"}},
	"POST /units/{unit}/archive":   {{Leaf: "users.manage", At: matrix.Above, Kind: "unit", Send: "version=99"}},

	"GET /join":                                        {{Public: true, Query: "invitation=none"}},
	"POST /join":                                       {{Public: true}},
	"POST /join/sign-out":                              {{Acts: true}},
	"GET /invitations":                                 {{Leaf: "users.view"}},
	"GET /invitations/new":                             {{Leaf: "users.manage"}},
	"POST /invitations":                                {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Inside: true, First: true, Send: "people={mail}&under={it}"}},
	"POST /invitations/{invitation}/resend":            {{Leaf: "users.manage", At: matrix.There, Kind: "invitation", Send: "version=99"}},
	"POST /invitations/{invitation}/revoke":            {{Leaf: "users.manage", At: matrix.There, Kind: "invitation", Send: "version=99"}},
	"GET /members":                                     {{}},
	"GET /members/{member}":                            {{Kind: "member"}},
	"POST /members/{member}":                           {{Leaf: "users.manage", At: matrix.There, Kind: "member", Send: "version=99&name=N"}},
	"GET /members/{member}/leave":                      {{Leaf: "users.manage", At: matrix.There, Kind: "member"}},
	"POST /members/{member}/deactivate":                {{Leaf: "users.manage", At: matrix.There, Kind: "member", Send: "version=99"}},
	"POST /members/{member}/reactivate":                {{Leaf: "users.manage", At: matrix.Whole, Kind: "member", Send: "version=99"}},
	"POST /members/{member}/roles":                     {{Leaf: "roles.manage", At: matrix.Whole, Kind: "member", Acts: true, Send: "role={role}"}},
	"GET /members/{member}/roles/{assignment}":         {{Leaf: "roles.manage", At: matrix.There, Kind: "assignment"}},
	"POST /members/{member}/roles/{assignment}":        {{Leaf: "roles.manage", At: matrix.There, Kind: "assignment", Send: "until=2001-01-01"}},
	"POST /members/{member}/roles/{assignment}/revoke": {{Leaf: "roles.manage", At: matrix.There, Kind: "assignment", Acts: true}},

	"GET /imports":                   {{Leaf: "users.manage", Or: importers}},
	"POST /imports":                  {{Leaf: "users.manage", Or: importers}},
	"GET /imports/{import}":          {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"GET /imports/{import}/errors":   {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"GET /members/borrow":            {{Leaf: "users.manage"}},
	"POST /members/borrow":           {{Leaf: "users.manage", At: matrix.There, Kind: "unit", Inside: true, First: true, Acts: true, Send: "member={nobody}&under={it}"}},
	"POST /members/invite":           {{Leaf: "users.manage", At: matrix.There, Kind: "member", Inside: true, First: true, Send: "member={it}"}},
	"POST /imports/{import}/mapping": {{Leaf: "users.manage", Or: importers, Kind: "import", Send: "version=99"}},
	"POST /imports/{import}/apply":   {{Leaf: "users.manage", Or: importers, Kind: "import", Send: "version=99"}},
	"POST /imports/{import}/undo":    {{Leaf: "users.manage", Or: importers, Kind: "import"}},
	"POST /imports/{import}/discard": {{Leaf: "users.manage", Or: importers, Kind: "import", Acts: true}},
	"GET /export":                    {{Leaf: "users.view", Acts: true}}, // the audit is told of it

	"GET /roles":     {{Leaf: "roles.view"}},
	"GET /roles/new": {{Leaf: "roles.manage", At: matrix.Whole}},
	"POST /roles":    {{Buyers: true, Leaf: "roles.manage", At: matrix.Whole, Send: "name=+&permission=catalog.view"}},
	"GET /access": {{Buyers: true, Leaf: "roles.view"}, {Buyers: true, Leaf: "roles.view", Kind: "member", Inside: true, First: true, Query: "permission=orders.view&owner={it}"},
		{Buyers: true, Leaf: "roles.view", Kind: "unit", Inside: true, First: true, Any: true, Query: "permission=orders.view&unit={it}"}},
	"GET /members/{member}/rights": {{Leaf: "roles.view", Kind: "member", Self: true}, {Leaf: "roles.view", Kind: "member", Self: true, Query: "permission=orders.view"}},
	"GET /roles/{role}/compare":    {{Leaf: "roles.view", Kind: "role"}, {Leaf: "roles.view", Kind: "role", First: true, Fill: map[string]string{"role": "role"}, Query: "with={it}"}},
	"GET /roles/{role}/unused":     {{Leaf: "roles.view", Kind: "role"}},
	"GET /roles/{role}/merge":      {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Query: "with={it}"}},
	"POST /roles/{role}/merge":     {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Send: "with={it}&version=99&gone=99"}},
	"GET /roles/similar":           {{Leaf: "roles.view"}},
	"GET /roles/{role}":            {{Leaf: "roles.view", Kind: "role"}},
	"POST /roles/{role}":           {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Send: "version=99&name=N&permission=catalog.view"}},
	"POST /roles/{role}/duplicate": {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Acts: true}},
	"POST /roles/{role}/default":   {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Acts: true}},
	"POST /roles/{role}/delete":    {{Leaf: "roles.manage", At: matrix.Whole, Kind: "role", Send: "version=99"}},

	"GET /separation":                      {{Leaf: "roles.view"}},
	"GET /separation/new":                  {{Leaf: "roles.manage", At: matrix.Whole}},
	"POST /separation":                     {{Leaf: "roles.manage", At: matrix.Whole, Send: "name=+&permission=catalog.view&permission=orders.view&cardinality=2"}},
	"POST /separation/suggestions":         {{Buyers: true, Leaf: "roles.manage", At: matrix.Whole, Send: "suggestion=rules_and_buying"}},
	"GET /separation/{separation}":         {{Leaf: "roles.view", Kind: "separation"}},
	"POST /separation/{separation}":        {{Leaf: "roles.manage", At: matrix.Whole, Kind: "separation", Send: "version=99&name=N&permission=catalog.view&permission=orders.view&cardinality=2"}},
	"POST /separation/{separation}/delete": {{Leaf: "roles.manage", At: matrix.Whole, Kind: "separation", Send: "version=99"}},

	"GET /audit": {{Leaf: "audit.view", At: matrix.Whole}},

	"GET /webhooks":                                         {{Leaf: "webhooks.manage", At: matrix.Whole}},
	"POST /webhooks":                                        {{Leaf: "webhooks.manage", At: matrix.Whole, Send: "name=+&url=https://example.com/&filters=*"}},
	"GET /webhooks/{webhook}":                               {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook"}},
	"POST /webhooks/{webhook}":                              {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Send: "version=99&name=N&url=https://example.com/&filters=*"}},
	"POST /webhooks/{webhook}/delete":                       {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Send: "version=99"}},
	"POST /webhooks/{webhook}/{act}":                        onWebhooks("pause", "resume", "test", "replay", "rotate"),
	"POST /webhooks/{webhook}/deliveries/{delivery}/replay": {{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "delivery", Acts: true}},
}

// importers are the permissions besides of which one is enough to bring a file.
var importers = []string{"roles.manage", "cost_centres.manage", "addresses.manage", "budgets.manage"}

// mentions are forms that mention a thing besides the one that they are about.
var mentions = []matrix.Mention{
	{Route: "POST /budgets", Leaf: "budgets.manage", Kinds: map[string]string{"unit": "unit", "member": "member", "cost centre": "cost_centre"}, Send: "name=B&limit=1&basis=net_shipped&exhausted=block&carry=none&period=month&{field}={it}"},
	{Route: "POST /cost-centres", Leaf: "cost_centres.manage", Kinds: map[string]string{"unit": "unit", "member": "manager"}, Send: "code=C&name=N&{field}={it}"},
	{Route: "POST /units", Leaf: "users.manage", Kinds: map[string]string{"cost centre": "cost_centre", "member": "under"}, Send: "code=C&name=N&{field}={it}"},
	{Route: "POST /invitations", Leaf: "users.manage", Kinds: map[string]string{"member": "under"}, Send: "people={mail}&{field}={it}"},
	{Route: "POST /invitations", Leaf: "users.manage", Kinds: map[string]string{"role": "role1"}, Send: "people={mail}&{field}={it}"},
	{Route: "POST /invitations", Leaf: "users.manage", Kinds: map[string]string{"unit": "role_at1"}, Send: "people={mail}&role1={role}&{field}={it}"},
	{Route: "POST /rules", Leaf: "approval_rules.manage", Kinds: map[string]string{"unit": "unit", "role": "applies_to.roles", "member": "watchers", "cost centre": "applies_to.cost_centres"}, Send: "name=R&enabled=on&basis=net&how=condition&do=save&currency=EUR&steps.0.as=text&steps.0.when=total_net+%3E+1+EUR&steps.0.then.effect=nothing&{field}={it}"},
	{Route: "POST /separation", Leaf: "roles.manage", Kinds: map[string]string{"role": "role"}, Send: "name=N&of=roles&cardinality=2&role={role}&{field}={it}"},
	{Route: "POST /checkout/preview", Leaf: "checkout.place", Kinds: map[string]string{"unit": "unit", "cost centre": "cost_centre", "address": "delivery"}, Send: "payment=on_account&{field}={it}"},
	{Route: "GET /approvals", Leaf: "purchase_orders.approve", Kinds: map[string]string{"unit": "unit"}, Query: "{field}={it}"},
	{Route: "GET /members", Kinds: map[string]string{"unit": "unit", "role": "role"}, Query: "{field}={it}"},
}

// onWebhooks are what each of the acts needs that are done to a webhook with one press.
func onWebhooks(acts ...string) (all []matrix.Need) {
	for _, act := range acts {
		all = append(all, matrix.Need{Leaf: "webhooks.manage", At: matrix.Whole, Kind: "webhook", Acts: true, Fill: map[string]string{"act": act}})
	}
	return all
}

// desks are the portal over HTTP, with a browser without scripts for everybody of the matrix.
type desks struct {
	url    string
	mux    *web.Mux
	client http.Client
}

func newDesks(t *testing.T, w *matrix.World) *desks {
	t.Helper()
	people := map[string]*matrix.Person{}
	for _, p := range w.People[1:] {
		people[p.Token] = p
	}
	log := slog.New(slog.DiscardHandler)
	d := &desks{mux: web.NewMux(), client: http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	p := portal.New(d.mux, portal.Services{Signing: w.Signing, Cataloguing: w.Cataloguing, Purchasing: w.Purchasing, Approving: w.Approving,
		Budgeting: w.Budgeting, Organising: w.Organising, Onboarding: w.Onboarding, Pricesetting: w.Pricesetting, Granting: w.Granting, Importing: w.Importing, Auditing: w.Auditing, Notifying: w.Notifying, Exchanging: w.Exchanging, Listing: w.Listing, Collecting: w.Collecting}, ui.Brand{Name: "Bolt & Nut"}, log)
	edge, err := web.New(web.Settings{Log: log, Page: p.Problem, Recognise: func(_ context.Context, token string, _ web.RequestInfo) (access.Actor, error) {
		p, ok := people[token]
		if !ok {
			return access.Actor{}, identity.ErrSessionEnded
		}
		return p.Actor, nil
	}}, d.mux)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(edge)
	t.Cleanup(func() { edge.Stop(); server.Close() })
	d.url = server.URL
	return d
}

// Ask asks as a browser does, with a cookie. A stream is not waited for.
func (d *desks) Ask(p *matrix.Person, q matrix.Question) (matrix.Answer, error) {
	req, err := http.NewRequest(q.Method, d.url+q.Path, strings.NewReader(q.Body))
	if err != nil {
		return matrix.Answer{}, err
	}
	if q.Method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p != nil {
		req.AddCookie(&http.Cookie{Name: "kontor", Value: p.Token})
	}
	res, err := d.client.Do(req)
	if err != nil {
		return matrix.Answer{}, err
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Type") == "text/event-stream" {
		return matrix.Answer{Status: res.StatusCode}, nil
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return matrix.Answer{}, err
	}
	body := once.ReplaceAllString(string(b), "")
	a := matrix.Answer{Status: res.StatusCode, Headers: matrix.Lasting(res.Header), Body: body, Location: res.Header.Get("Location")}
	if a.Status == http.StatusForbidden {
		a.Barred = strings.Contains(body, "The seller has blocked your company.")
		a.Lacks, a.Helps = lacking(body), strings.Contains(body, whoGives[p != nil && p.Company == "seller"])
	}
	return a, nil
}

// whoGives says who can give a permission, to customers and to the seller's staff.
var whoGives = map[bool]string{false: "Your company&#39;s administrator can give you this permission.", true: "An administrator of Bolt &amp; Nut can give you this permission."}

// SignIn is a way to the page where one signs in.
func (d *desks) SignIn(a matrix.Answer) bool {
	return a.Status == http.StatusSeeOther && (a.Location == "/sign-in" || strings.HasPrefix(a.Location, "/sign-in?next="))
}

// once is what is new on every page: the key under which its form counts once.
var once = regexp.MustCompile(`name="(key|once)" value="[^"]*"|since=[0-9]+|<p class="reference">.*?</p>`) // and when a queue was read, and which request it was

var needed = regexp.MustCompile(`(?s)class="failure-needs".*?<strong>(.*?)</strong>`)

// lacking is the code of the permission that a page says is missing.
func lacking(page string) string {
	found := needed.FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	for _, p := range slices.Concat(access.All(access.Buyer), access.All(access.Staff), access.All(access.Self)) {
		if p.Label() == html.UnescapeString(found[1]) {
			return p.Code()
		}
	}
	return found[1]
}

// TestMatrix asks every page and form of the running route table as everybody, about things in every relation to them.
func TestMatrix(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := matrix.New(t, db)
		d := newDesks(t, w)
		var routes []matrix.Route
		for _, r := range d.mux.Routes() {
			if r.Kind != web.KindPage {
				continue
			}
			name := r.Method + " " + r.Pattern
			if len(needs[name]) == 0 {
				t.Errorf("%s: say in this test what it needs", name)
			}
			for _, need := range needs[name] {
				if need.Public != (r.Scope == web.Public) {
					t.Errorf("%s: who may come is not as it is declared", name)
				}
				if opens := need.Opens(); r.Name != "" && len(opens) > 0 && !slices.Contains(opens, r.Permission) {
					t.Errorf("%s: it is told to open by %s, and opens by %q", name, r.Permission, opens)
				}
				routes = append(routes, matrix.Route{Name: name, Method: r.Method, Pattern: r.Pattern, Need: need})
			}
		}
		routes = matrix.Mentioning(t, routes, mentions)
		cells := w.Run(t, d, routes)
		if len(routes) < 110 || cells < 19_000 {
			t.Errorf("asked %d pages and forms in %d cells: is the test blind?", len(routes), cells)
		}
		t.Logf("%d pages and forms × %d people: %d cells", len(routes), len(w.People), cells)
	})
}
