package access

// ShippedRole is a role that every new company of a realm gets a copy of.
type ShippedRole struct {
	Key, Name, Description string
	Default                bool
	Set                    Set
}

// Shipped lists the roles of a realm, the administrators' first. Only that one cannot be edited.
func Shipped(r Realm) []ShippedRole {
	if r == Staff {
		return shippedToStaff()
	}
	return shippedToBuyers()
}

// shippedToStaff are the roles of the seller's own organisation.
func shippedToStaff() []ShippedRole {
	look := SetOf(CompaniesView, OrdersViewAll)
	catalogue := SetOf(CatalogProductsCreate, CatalogProductsEdit, CatalogProductsDelete, CatalogCategoriesCreate, CatalogCategoriesEdit,
		CatalogCategoriesDelete, CatalogSKUsCreate, CatalogSKUsEdit, CatalogSKUsDelete)
	return []ShippedRole{
		{AdministratorKey, "Owner", "Runs the office: staff, their roles, settings, and everything else that the seller may do.", false, SetOf(All(Staff)...)},
		{"partner_manager", "Partner manager", "Looks after companies: registrations, customer groups, prices, quotes; acts for a customer who consents.", false,
			look.Union(SetOf(RegistrationsView, RegistrationsDecide, CompaniesManage, CustomerGroupsManage, PricesViewAll, QuotesDesk, CreditViewAll, CustomersImpersonate))},
		{"catalogue_manager", "Catalogue manager", "Keeps products, categories and SKUs.", false, catalogue},
		{"price_manager", "Price manager", "Keeps price lists and imports them.", false, SetOf(PricesViewAll, PricesManage, PricesImport)},
		{"inventory_manager", "Inventory manager", "Keeps the stock.", false, SetOf(InventoryView, InventoryManage)},
		{"content_editor", "Content editor", "Writes and publishes pages.", false, SetOf(ContentEdit, ContentPublish)},
		{"quotes_desk", "Quotes desk", "Prepares and offers quotes.", false, look.Union(SetOf(QuotesDesk, PricesViewAll))},
		{"order_desk", "Order desk", "Creates, edits, cancels and fulfils orders.", false, look.Union(SetOf(OrdersManage, InventoryView))},
		{"credit_controller", "Credit controller", "Keeps credit lines; blocks and unblocks companies.", false, look.Union(SetOf(CreditViewAll, CreditManage, CreditExceed, CompaniesBlock))},
		{"support", "Support", "Looks at companies and their orders; acts for a customer who consents.", true, look.Union(SetOf(RegistrationsView, CustomersImpersonate))},
	}
}

// shippedToBuyers are the roles that every new company begins with.
func shippedToBuyers() []ShippedRole {
	administrator := SetOf(All(Buyer)...).Without(bypasses)
	sales := SetOf(CatalogView, PricesView, CatalogSubstitutesDecide, CartsManage, ListsView, ListsManage,
		CheckoutPlace, CheckoutOnAccount, CheckoutCustomAddress, OrdersView, OrdersCancel, DeliveriesSchedule,
		DocumentsDownload, PurchaseOrdersView, BudgetsView, LimitsView, AddressesView, CostCentresView)
	quotes := SetOf(QuotesView, QuotesManage, QuotesCheckout, QuoteTemplatesView, QuoteTemplatesManage, QuoteTemplatesGenerate)
	profile := SetOf(CompanyView, LegalAddressView, ContactsView)
	return []ShippedRole{
		{AdministratorKey, "Administrator", "Runs the company's account: people, roles, rules, addresses. Bound by limits and budgets like everyone else.", false, administrator},
		{"default_user", "Default User", "Buys and asks for quotes; sees the company's profile and credit.", true,
			sales.Union(quotes).Union(profile).Union(SetOf(CreditView))},
		{"senior_buyer", "Senior Buyer", "Buys, also for the people below; sees people, payment information and credit.", false,
			sales.Union(quotes).Union(profile).Union(SetOf(OrdersViewSubordinates, OrdersCancelSubordinates, PurchaseOrdersViewSubordinates,
				QuotesViewSubordinates, QuotesEditSubordinates, UsersView, PaymentInfoView, ShippingInfoView, CreditView))},
		{"buyer", "Buyer", "Fills carts and places orders.", false, sales.Union(profile)},
		{"assistant_buyer", "Assistant Buyer", "Checks out approved quotes; sees orders, quotes and the company's profile.", false,
			profile.Union(SetOf(QuotesView, QuotesCheckout, OrdersView, PurchaseOrdersView, CatalogView))},
		{"approver", "Approver", "Decides on purchase orders; sees budgets and cost centres.", false,
			SetOf(CatalogView, PricesView, PurchaseOrdersView, PurchaseOrdersViewSubordinates, PurchaseOrdersApprove, OrdersView,
				OrdersViewSubordinates, DocumentsDownload, BudgetsView, BudgetsViewCompany, CostCentresView, LimitsView, ApprovalRulesView, ReportsView).Union(profile)},
		{"cost_centre_manager", "Cost-centre manager", "Assigns and analyses the spend of their cost centres.", false,
			SetOf(CatalogView, PricesView, OrdersView, OrdersViewSubordinates, PurchaseOrdersView, PurchaseOrdersViewSubordinates, PurchaseOrdersApprove, DocumentsDownload,
				BudgetsView, BudgetsViewCompany, CostCentresView, CostCentresAssign, CreditView, ReportsView).Union(profile)},
		{"observer", "Observer", "Reads orders, reports and documents, and changes nothing.", false,
			SetOf(CatalogView, PricesView, OrdersView, OrdersViewSubordinates, OrdersViewCompany, PurchaseOrdersView, PurchaseOrdersViewSubordinates,
				PurchaseOrdersViewCompany, DocumentsDownload, BudgetsView, BudgetsViewCompany, CostCentresView, ReportsView).Union(profile)},
		{"scheduler", "Scheduler", "Sets delivery dates and splits deliveries.", false,
			SetOf(CatalogView, OrdersView, OrdersViewSubordinates, OrdersViewCompany, DeliveriesSchedule, DocumentsDownload, AddressesView, ShippingInfoView).Union(profile)},
		{"technical_expert", "Technical expert", "Decides which part to buy and what may replace it; prepares carts and lists.", false,
			SetOf(CatalogView, CatalogSubstitutesDecide, CartsManage, ListsView, ListsManage, OrdersView).Union(profile)},
		{"partner_manager", "Partner manager", "Looks after terms, negotiated prices and quotes.", false,
			quotes.Union(profile).Union(SetOf(CatalogView, PricesView, QuotesViewSubordinates, QuotesEditSubordinates, QuoteTemplatesViewSubordinates,
				OrdersView, OrdersViewSubordinates, OrdersViewCompany, CompanyEdit, PaymentInfoView, ShippingInfoView, AddressesView, CreditView, ReportsView))},
	}
}

// A shipped set is normalised when a company gets its copy; the test of this package holds that none needs it.
