package access

// The permissions: every leaf of the tree, in the tree's order. Their codes are public and stable; their
// numbers are neither, and stand in no table.
const (
	none Permission = iota

	// Shopping.
	CatalogView
	PricesView
	CatalogSubstitutesDecide
	CartsManage
	ListsView
	ListsManage
	ListsTemplatesManage

	// Sales.
	CheckoutPlace
	CheckoutOnAccount
	CheckoutCustomAddress
	CheckoutWithoutBudget
	OrdersView
	OrdersViewSubordinates
	OrdersViewCompany
	OrdersCancel
	OrdersCancelSubordinates
	OrdersCancelCompany
	OrdersReassign
	DeliveriesSchedule
	DocumentsDownload

	// Quotes.
	QuotesView
	QuotesManage
	QuotesCheckout
	QuotesViewSubordinates
	QuotesEditSubordinates
	QuotesDeleteSubordinates
	QuoteTemplatesView
	QuoteTemplatesManage
	QuoteTemplatesGenerate
	QuoteTemplatesViewSubordinates
	QuoteTemplatesEditSubordinates
	QuoteTemplatesDeleteSubordinates

	// Order approvals.
	PurchaseOrdersView
	PurchaseOrdersViewSubordinates
	PurchaseOrdersViewCompany
	PurchaseOrdersAutoApprove
	PurchaseOrdersApprove
	PurchaseOrdersOverride
	ApprovalRulesView
	ApprovalRulesManage
	DeputiesManage

	// Budgets, cost centres, credit.
	LimitsView
	LimitsManage
	BudgetsView
	BudgetsViewCompany
	BudgetsManage
	CostCentresView
	CostCentresManage
	CostCentresAssign
	CreditView
	ReportsView

	// Company profile.
	CompanyView
	CompanyEdit
	LegalAddressView
	LegalAddressEdit
	ContactsView
	PaymentInfoView
	ShippingInfoView
	AddressesView
	AddressesManage
	PaymentMethodsManage

	// Company user management.
	RolesView
	RolesManage
	UsersView
	UsersManage

	// Security and integration.
	AuditView
	SSOManage
	APITokensManage
	WebhooksManage
	PoliciesTransfer

	// Seller's office.
	RegistrationsView
	RegistrationsDecide
	CompaniesView
	CompaniesManage
	CompaniesBlock
	CustomerGroupsManage
	StaffManage
	StaffRolesManage
	OrdersViewAll
	OrdersManage
	CatalogProductsCreate
	CatalogProductsEdit
	CatalogProductsDelete
	CatalogCategoriesCreate
	CatalogCategoriesEdit
	CatalogCategoriesDelete
	CatalogSKUsCreate
	CatalogSKUsEdit
	CatalogSKUsDelete
	PricesViewAll
	PricesManage
	PricesImport
	InventoryView
	InventoryManage
	ContentEdit
	ContentPublish
	QuotesDesk
	QuotesApproveDiscount
	CreditViewAll
	CreditManage
	CreditExceed
	CustomersImpersonate
	IntegrationManage
	AuditViewAll
	SettingsManage

	// Oneself.
	SelfSignIn
	SelfAccount
	SelfJoin

	count // how many there are, none included
)

// specs says of every permission what it is called, where it stands in the tree, and what it needs.
var specs = [count]spec{
	CatalogView:                      {code: "catalog.view", label: "View catalogue", group: "shopping", keeps: true},
	PricesView:                       {code: "prices.view", label: "View prices", group: "shopping", needs: []Permission{CatalogView}, keeps: true},
	CatalogSubstitutesDecide:         {code: "catalog.substitutes.decide", label: "Choose substitutes for obsolete or out-of-stock parts", group: "shopping", needs: []Permission{CatalogView}},
	CartsManage:                      {code: "carts.manage", label: "Manage carts", group: "shopping", needs: []Permission{CatalogView}},
	ListsView:                        {code: "lists.view", label: "View own and shared order lists", group: "shopping", needs: []Permission{CatalogView}, keeps: true},
	ListsManage:                      {code: "lists.manage", label: "Manage own and shared order lists", group: "shopping", needs: []Permission{ListsView}},
	ListsTemplatesManage:             {code: "lists.templates.manage", label: "Provide company-wide list templates", group: "shopping", needs: []Permission{ListsManage}},
	CheckoutPlace:                    {code: "checkout.place", label: "Allow checkout (place order)", group: "sales", needs: []Permission{CartsManage, PricesView}},
	CheckoutOnAccount:                {code: "checkout.on_account", label: "Use Pay on Account", group: "sales", needs: []Permission{CheckoutPlace}},
	CheckoutCustomAddress:            {code: "checkout.custom_address", label: "Ship to an address not in the address book", group: "sales", needs: []Permission{CheckoutPlace}},
	CheckoutWithoutBudget:            {code: "checkout.without_budget", label: "Order where no budget applies", group: "sales", needs: []Permission{CheckoutPlace}, bypass: true},
	OrdersView:                       {code: "orders.view", label: "View own orders", group: "sales", keeps: true},
	OrdersViewSubordinates:           {code: "orders.view.subordinates", label: "View orders of subordinates", group: "sales", needs: []Permission{OrdersView}, keeps: true},
	OrdersViewCompany:                {code: "orders.view.company", label: "View all orders of the company", group: "sales", needs: []Permission{OrdersViewSubordinates}, keeps: true},
	OrdersCancel:                     {code: "orders.cancel", label: "Cancel own orders that the seller still allows to be cancelled", group: "sales", needs: []Permission{OrdersView}},
	OrdersCancelSubordinates:         {code: "orders.cancel.subordinates", label: "Cancel orders of subordinates", group: "sales", needs: []Permission{OrdersCancel, OrdersViewSubordinates}},
	OrdersCancelCompany:              {code: "orders.cancel.company", label: "Cancel any order of the company", group: "sales", needs: []Permission{OrdersCancelSubordinates, OrdersViewCompany}},
	OrdersReassign:                   {code: "orders.reassign", label: "Move open orders and lists of a leaver to another member", group: "sales", needs: []Permission{OrdersViewCompany}},
	DeliveriesSchedule:               {code: "deliveries.schedule", label: "Set and change requested delivery dates and splits", group: "sales", needs: []Permission{OrdersView}},
	DocumentsDownload:                {code: "documents.download", label: "Download order documents", group: "sales", needs: []Permission{OrdersView}, keeps: true},
	QuotesView:                       {code: "quotes.view", label: "View own quotes", group: "quotes", keeps: true},
	QuotesManage:                     {code: "quotes.manage", label: "Request, edit, delete own quotes", group: "quotes", needs: []Permission{QuotesView}},
	QuotesCheckout:                   {code: "quotes.checkout", label: "Check out with an approved quote", group: "quotes", needs: []Permission{QuotesView}},
	QuotesViewSubordinates:           {code: "quotes.view.subordinates", label: "View quotes of subordinates", group: "quotes", needs: []Permission{QuotesView}, keeps: true},
	QuotesEditSubordinates:           {code: "quotes.edit.subordinates", label: "Edit quotes of subordinates", group: "quotes", needs: []Permission{QuotesViewSubordinates, QuotesManage}},
	QuotesDeleteSubordinates:         {code: "quotes.delete.subordinates", label: "Delete quotes of subordinates", group: "quotes", needs: []Permission{QuotesViewSubordinates, QuotesManage}},
	QuoteTemplatesView:               {code: "quote_templates.view", label: "View quote templates", group: "quotes", keeps: true},
	QuoteTemplatesManage:             {code: "quote_templates.manage", label: "Request, edit, cancel quote templates", group: "quotes", needs: []Permission{QuoteTemplatesView}},
	QuoteTemplatesGenerate:           {code: "quote_templates.generate", label: "Generate quotes from templates", group: "quotes", needs: []Permission{QuoteTemplatesView}},
	QuoteTemplatesViewSubordinates:   {code: "quote_templates.view.subordinates", label: "View quote templates of subordinates", group: "quotes", needs: []Permission{QuoteTemplatesView}, keeps: true},
	QuoteTemplatesEditSubordinates:   {code: "quote_templates.edit.subordinates", label: "Edit quote templates of subordinates", group: "quotes", needs: []Permission{QuoteTemplatesViewSubordinates, QuoteTemplatesManage}},
	QuoteTemplatesDeleteSubordinates: {code: "quote_templates.delete.subordinates", label: "Delete quote templates of subordinates", group: "quotes", needs: []Permission{QuoteTemplatesViewSubordinates, QuoteTemplatesManage}},
	PurchaseOrdersView:               {code: "purchase_orders.view", label: "View own purchase orders", group: "approvals", keeps: true},
	PurchaseOrdersViewSubordinates:   {code: "purchase_orders.view.subordinates", label: "View purchase orders of subordinates", group: "approvals", needs: []Permission{PurchaseOrdersView}, keeps: true},
	PurchaseOrdersViewCompany:        {code: "purchase_orders.view.company", label: "View all purchase orders of the company", group: "approvals", needs: []Permission{PurchaseOrdersViewSubordinates}, keeps: true},
	PurchaseOrdersAutoApprove:        {code: "purchase_orders.auto_approve", label: "Purchase orders created within this role are approved automatically where rules allow it", group: "approvals", needs: []Permission{CheckoutPlace}, bypass: true},
	PurchaseOrdersApprove:            {code: "purchase_orders.approve", label: "Decide on purchase orders that are routed to me", group: "approvals", needs: []Permission{PurchaseOrdersView}, keeps: true},
	PurchaseOrdersOverride:           {code: "purchase_orders.override", label: "Approve purchase orders without the other approvals", group: "approvals", needs: []Permission{PurchaseOrdersApprove}, bypass: true},
	ApprovalRulesView:                {code: "approval_rules.view", label: "View approval rules", group: "approvals", keeps: true},
	ApprovalRulesManage:              {code: "approval_rules.manage", label: "Create, edit, delete approval rules", group: "approvals", needs: []Permission{ApprovalRulesView}},
	DeputiesManage:                   {code: "deputies.manage", label: "Appoint deputies for others", group: "approvals", needs: []Permission{UsersView}},
	LimitsView:                       {code: "limits.view", label: "View spending limits: mine and of those below me", group: "finance", keeps: true},
	LimitsManage:                     {code: "limits.manage", label: "Define spending limits for others", group: "finance", needs: []Permission{LimitsView, UsersView}},
	BudgetsView:                      {code: "budgets.view", label: "View budgets that apply to me", group: "finance", keeps: true},
	BudgetsViewCompany:               {code: "budgets.view.company", label: "View all budgets of the company", group: "finance", needs: []Permission{BudgetsView}, keeps: true},
	BudgetsManage:                    {code: "budgets.manage", label: "Create, edit, transfer, close budgets", group: "finance", needs: []Permission{BudgetsViewCompany}},
	CostCentresView:                  {code: "cost_centres.view", label: "View cost centres", group: "finance", keeps: true},
	CostCentresManage:                {code: "cost_centres.manage", label: "Manage cost centres", group: "finance", needs: []Permission{CostCentresView}},
	CostCentresAssign:                {code: "cost_centres.assign", label: "Re-assign orders of cost centres I manage", group: "finance", needs: []Permission{CostCentresView}},
	CreditView:                       {code: "credit.view", label: "Company credit: balance and history", group: "finance", keeps: true},
	ReportsView:                      {code: "reports.view", label: "Spend reports and exports", group: "finance", keeps: true},
	CompanyView:                      {code: "company.view", label: "View account information", group: "company", keeps: true},
	CompanyEdit:                      {code: "company.edit", label: "Edit account information", group: "company", needs: []Permission{CompanyView}},
	LegalAddressView:                 {code: "legal_address.view", label: "View the legal address", group: "company", keeps: true},
	LegalAddressEdit:                 {code: "legal_address.edit", label: "Edit the legal address", group: "company", needs: []Permission{LegalAddressView}},
	ContactsView:                     {code: "contacts.view", label: "View contacts", group: "company", keeps: true},
	PaymentInfoView:                  {code: "payment_info.view", label: "View payment information", group: "company", keeps: true},
	ShippingInfoView:                 {code: "shipping_info.view", label: "View shipping information", group: "company", keeps: true},
	AddressesView:                    {code: "addresses.view", label: "View delivery and billing addresses of the company", group: "company", keeps: true},
	AddressesManage:                  {code: "addresses.manage", label: "Manage delivery and billing addresses of the company", group: "company", needs: []Permission{AddressesView}},
	PaymentMethodsManage:             {code: "payment_methods.manage", label: "Manage stored payment methods of the company", group: "company", needs: []Permission{PaymentInfoView}},
	RolesView:                        {code: "roles.view", label: "View roles and permissions", group: "people", keeps: true},
	RolesManage:                      {code: "roles.manage", label: "Manage roles and permissions", group: "people", needs: []Permission{RolesView}},
	UsersView:                        {code: "users.view", label: "View users and teams", group: "people", keeps: true},
	UsersManage:                      {code: "users.manage", label: "Add, edit, remove users and teams", group: "people", needs: []Permission{UsersView}},
	AuditView:                        {code: "audit.view", label: "View the audit log of the company", group: "security", keeps: true},
	SSOManage:                        {code: "sso.manage", label: "Manage single sign-on", group: "security"},
	APITokensManage:                  {code: "api_tokens.manage", label: "Manage API tokens", group: "security"},
	WebhooksManage:                   {code: "webhooks.manage", label: "Manage webhooks", group: "security"},
	PoliciesTransfer:                 {code: "policies.transfer", label: "Export and import the company's policy", group: "security"},
	RegistrationsView:                {code: "registrations.view", label: "View registrations", group: "customers", realm: Staff},
	RegistrationsDecide:              {code: "registrations.decide", label: "Decide on registrations", group: "customers", needs: []Permission{RegistrationsView}, realm: Staff},
	CompaniesView:                    {code: "companies.view", label: "View companies", group: "customers", realm: Staff},
	CompaniesManage:                  {code: "companies.manage", label: "Create, remove, edit companies", group: "customers", needs: []Permission{CompaniesView}, realm: Staff},
	CompaniesBlock:                   {code: "companies.block", label: "Block and unblock companies", group: "customers", needs: []Permission{CompaniesView}, realm: Staff},
	CustomerGroupsManage:             {code: "customer_groups.manage", label: "Manage customer groups", group: "customers", needs: []Permission{CompaniesView}, realm: Staff},
	StaffManage:                      {code: "staff.manage", label: "Manage staff", group: "office", needs: []Permission{UsersManage, CompanyView}, realm: Staff},
	StaffRolesManage:                 {code: "staff_roles.manage", label: "Manage staff roles", group: "office", needs: []Permission{RolesManage, UsersView}, realm: Staff},
	OrdersViewAll:                    {code: "orders.view_all", label: "View the orders of all companies", group: "selling", realm: Staff},
	OrdersManage:                     {code: "orders.manage", label: "Create, edit, cancel, fulfil orders", group: "selling", needs: []Permission{OrdersViewAll}, realm: Staff},
	CatalogProductsCreate:            {code: "catalog.products.create", label: "Create products of the catalogue", group: "assortment", realm: Staff},
	CatalogProductsEdit:              {code: "catalog.products.edit", label: "Edit products of the catalogue", group: "assortment", realm: Staff},
	CatalogProductsDelete:            {code: "catalog.products.delete", label: "Delete products of the catalogue", group: "assortment", realm: Staff},
	CatalogCategoriesCreate:          {code: "catalog.categories.create", label: "Create categories of the catalogue", group: "assortment", realm: Staff},
	CatalogCategoriesEdit:            {code: "catalog.categories.edit", label: "Edit categories of the catalogue", group: "assortment", realm: Staff},
	CatalogCategoriesDelete:          {code: "catalog.categories.delete", label: "Delete categories of the catalogue", group: "assortment", realm: Staff},
	CatalogSKUsCreate:                {code: "catalog.skus.create", label: "Create SKUs of the catalogue", group: "assortment", realm: Staff},
	CatalogSKUsEdit:                  {code: "catalog.skus.edit", label: "Edit SKUs of the catalogue", group: "assortment", realm: Staff},
	CatalogSKUsDelete:                {code: "catalog.skus.delete", label: "Delete SKUs of the catalogue", group: "assortment", realm: Staff},
	PricesViewAll:                    {code: "prices.view_all", label: "View all price lists", group: "assortment", realm: Staff},
	PricesManage:                     {code: "prices.manage", label: "Manage price lists", group: "assortment", needs: []Permission{PricesViewAll}, realm: Staff},
	PricesImport:                     {code: "prices.import", label: "Import price lists", group: "assortment", needs: []Permission{PricesManage}, realm: Staff},
	InventoryView:                    {code: "inventory.view", label: "View stock", group: "assortment", realm: Staff},
	InventoryManage:                  {code: "inventory.manage", label: "Manage stock", group: "assortment", needs: []Permission{InventoryView}, realm: Staff},
	ContentEdit:                      {code: "content.edit", label: "Edit content pages", group: "assortment", realm: Staff},
	ContentPublish:                   {code: "content.publish", label: "Publish content pages", group: "assortment", needs: []Permission{ContentEdit}, realm: Staff},
	QuotesDesk:                       {code: "quotes.desk", label: "Prepare and offer quotes", group: "selling", realm: Staff},
	QuotesApproveDiscount:            {code: "quotes.approve_discount", label: "Approve discounts on quotes", group: "selling", needs: []Permission{QuotesDesk}, realm: Staff},
	CreditViewAll:                    {code: "credit.view_all", label: "View the credit of all companies", group: "selling", realm: Staff},
	CreditManage:                     {code: "credit.manage", label: "Manage credit lines", group: "selling", needs: []Permission{CreditViewAll}, realm: Staff},
	CreditExceed:                     {code: "credit.exceed", label: "Let a credit line be exceeded", group: "selling", needs: []Permission{CreditManage}, realm: Staff},
	CustomersImpersonate:             {code: "customers.impersonate", label: "Act for a customer who consents", group: "customers", needs: []Permission{CompaniesView}, realm: Staff},
	IntegrationManage:                {code: "integration.manage", label: "Manage integrations", group: "office", needs: []Permission{WebhooksManage}, realm: Staff},
	AuditViewAll:                     {code: "audit.view_all", label: "View all audit logs", group: "office", needs: []Permission{AuditView, CompaniesView}, realm: Staff},
	SettingsManage:                   {code: "settings.manage", label: "Manage the installation's settings", group: "office", needs: []Permission{CompanyEdit}, realm: Staff},
	SelfSignIn:                       {code: "self.sign_in", label: "Sign in", group: "self", realm: Self},
	SelfAccount:                      {code: "self.account", label: "See and change one's own account, sign out, read one's own inbox", group: "self", keeps: true, realm: Self},
	SelfJoin:                         {code: "self.join", label: "Look at the invitation whose link one holds, and accept it", group: "self", realm: Self},
}

// groups are the inner nodes of the tree, in its order: they exist for people, no check knows them.
var groups = []Group{
	{Code: "shopping", Label: "Shopping"},
	{Code: "sales", Label: "Sales"},
	{Code: "quotes", Label: "Quotes"},
	{Code: "approvals", Label: "Order approvals"},
	{Code: "finance", Label: "Budgets, cost centres, credit"},
	{Code: "company", Label: "Company profile"},
	{Code: "people", Label: "Company user management"},
	{Code: "security", Label: "Security and integration"},
	{Code: "customers", Label: "Companies that buy"},
	{Code: "selling", Label: "Orders, quotes, credit"},
	{Code: "assortment", Label: "Catalogue, prices, stock, content"},
	{Code: "office", Label: "The seller's office"},
	{Code: "self", Label: "Oneself"},
}

// platform are the leaves that only jobs and commands of the platform are asked for: what staff would do with them has no page
// and no operation yet. A role may hold them already.
var platform = SetOf(OrdersManage, CatalogProductsCreate, CatalogProductsEdit, CatalogCategoriesCreate, PricesImport, IntegrationManage)

// unreached are the leaves that nothing in this version asks for, because what they are about is not there yet. A role may
// hold them already. A test compares the list with what the use cases ask.
var unreached = SetOf(
	CatalogSubstitutesDecide, OrdersCancel, OrdersCancelSubordinates,
	OrdersCancelCompany, DeliveriesSchedule, DocumentsDownload, QuotesView, QuotesManage, QuotesCheckout,
	QuotesViewSubordinates, QuotesEditSubordinates, QuotesDeleteSubordinates, QuoteTemplatesView, QuoteTemplatesManage,
	QuoteTemplatesGenerate, QuoteTemplatesViewSubordinates, QuoteTemplatesEditSubordinates, QuoteTemplatesDeleteSubordinates,
	PurchaseOrdersOverride, CostCentresAssign, CreditView, ReportsView,
	ShippingInfoView, PaymentMethodsManage, SSOManage, APITokensManage, PoliciesTransfer, RegistrationsView,
	OrdersViewAll, CatalogProductsDelete, CatalogCategoriesEdit,
	CatalogCategoriesDelete, CatalogSKUsCreate, CatalogSKUsEdit, CatalogSKUsDelete, InventoryView, InventoryManage, ContentEdit,
	ContentPublish, QuotesDesk, QuotesApproveDiscount, CreditViewAll, CreditManage, CreditExceed,
)
