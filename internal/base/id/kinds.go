package id

import "time"

// The kinds: one line each for the type, its maker and its parser.
type (
	// Account identifiers begin with acc_.
	Account = Of[account]
	// Address identifiers begin with adr_.
	Address = Of[address]
	// Assignment identifiers begin with asg_.
	Assignment = Of[assignment]
	// Assortment identifiers begin with ast_.
	Assortment = Of[assortment]
	// Budget identifiers begin with bud_.
	Budget = Of[budget]
	// Cart identifiers begin with crt_.
	Cart = Of[cart]
	// CartLine identifiers begin with cln_.
	CartLine = Of[cartLine]
	// Category identifiers begin with cat_.
	Category = Of[category]
	// Company identifiers begin with cmp_.
	Company = Of[company]
	// Contact identifiers begin with con_.
	Contact = Of[contact]
	// CostCentre identifiers begin with cct_.
	CostCentre = Of[costCentre]
	// CustomerGroup identifiers begin with cgr_.
	CustomerGroup = Of[customerGroup]
	// Decision identifiers begin with dec_.
	Decision = Of[decision]
	// Delivery identifiers begin with dlv_.
	Delivery = Of[delivery]
	// Deputy identifiers begin with dep_.
	Deputy = Of[deputy]
	// Entry identifiers begin with ent_.
	Entry = Of[entry]
	// Event identifiers begin with evt_.
	Event = Of[event]
	// Import identifiers begin with imp_.
	Import = Of[imported]
	// Invitation identifiers begin with inv_.
	Invitation = Of[invitation]
	// Job identifiers begin with job_.
	Job = Of[job]
	// Mail identifiers begin with mal_.
	Mail = Of[mail]
	// Member identifiers begin with mem_.
	Member = Of[member]
	// Notice identifiers begin with ntc_.
	Notice = Of[notice]
	// Order identifiers begin with ord_.
	Order = Of[order]
	// OrderList identifiers begin with lst_.
	OrderList = Of[orderList]
	// OrderListLine identifiers begin with lln_.
	OrderListLine = Of[orderListLine]
	// Price identifiers begin with prc_.
	Price = Of[price]
	// PriceList identifiers begin with prl_.
	PriceList = Of[priceList]
	// Product identifiers begin with prd_.
	Product = Of[product]
	// Project identifiers begin with prj_.
	Project = Of[project]
	// PurchaseOrder identifiers begin with por_.
	PurchaseOrder = Of[purchaseOrder]
	// Role identifiers begin with rol_.
	Role = Of[role]
	// RoleTemplate identifiers begin with rtp_.
	RoleTemplate = Of[roleTemplate]
	// Rule identifiers begin with rul_.
	Rule = Of[rule]
	// SavedView identifiers begin with sav_.
	SavedView = Of[savedView]
	// Separation identifiers begin with sep_.
	Separation = Of[separation]
	// Session identifiers begin with ses_.
	Session = Of[session]
	// Unit identifiers begin with unt_.
	Unit = Of[unit]
	// Webhook identifiers begin with whk_.
	Webhook = Of[webhook]
)

type (
	account       struct{}
	address       struct{}
	assignment    struct{}
	assortment    struct{}
	budget        struct{}
	cart          struct{}
	cartLine      struct{}
	category      struct{}
	company       struct{}
	contact       struct{}
	savedView     struct{}
	costCentre    struct{}
	customerGroup struct{}
	decision      struct{}
	delivery      struct{}
	deputy        struct{}
	entry         struct{}
	event         struct{}
	imported      struct{}
	invitation    struct{}
	job           struct{}
	mail          struct{}
	member        struct{}
	notice        struct{}
	order         struct{}
	orderList     struct{}
	orderListLine struct{}
	price         struct{}
	priceList     struct{}
	product       struct{}
	project       struct{}
	purchaseOrder struct{}
	role          struct{}
	roleTemplate  struct{}
	rule          struct{}
	separation    struct{}
	session       struct{}
	unit          struct{}
	webhook       struct{}
)

func (account) prefix() string       { return "acc" }
func (address) prefix() string       { return "adr" }
func (assignment) prefix() string    { return "asg" }
func (assortment) prefix() string    { return "ast" }
func (budget) prefix() string        { return "bud" }
func (cart) prefix() string          { return "crt" }
func (cartLine) prefix() string      { return "cln" }
func (category) prefix() string      { return "cat" }
func (company) prefix() string       { return "cmp" }
func (contact) prefix() string       { return "con" }
func (savedView) prefix() string     { return "sav" }
func (costCentre) prefix() string    { return "cct" }
func (customerGroup) prefix() string { return "cgr" }
func (decision) prefix() string      { return "dec" }
func (delivery) prefix() string      { return "dlv" }
func (deputy) prefix() string        { return "dep" }
func (entry) prefix() string         { return "ent" }
func (event) prefix() string         { return "evt" }
func (imported) prefix() string      { return "imp" }
func (invitation) prefix() string    { return "inv" }
func (job) prefix() string           { return "job" }
func (mail) prefix() string          { return "mal" }
func (member) prefix() string        { return "mem" }
func (notice) prefix() string        { return "ntc" }
func (order) prefix() string         { return "ord" }
func (orderList) prefix() string     { return "lst" }
func (orderListLine) prefix() string { return "lln" }
func (price) prefix() string         { return "prc" }
func (priceList) prefix() string     { return "prl" }
func (product) prefix() string       { return "prd" }
func (project) prefix() string       { return "prj" }
func (purchaseOrder) prefix() string { return "por" }
func (role) prefix() string          { return "rol" }
func (roleTemplate) prefix() string  { return "rtp" }
func (rule) prefix() string          { return "rul" }
func (separation) prefix() string    { return "sep" }
func (session) prefix() string       { return "ses" }
func (unit) prefix() string          { return "unt" }
func (webhook) prefix() string       { return "whk" }

// NewAccount makes an identifier of this moment.
func NewAccount(at time.Time) Account { return fresh[account](at) }

// ParseAccount reads an identifier as it came from outside.
func ParseAccount(s string) (Account, error) { return parse[account](s) }

// NewAddress makes an identifier of this moment.
func NewAddress(at time.Time) Address { return fresh[address](at) }

// ParseAddress reads an identifier as it came from outside.
func ParseAddress(s string) (Address, error) { return parse[address](s) }

// NewAssignment makes an identifier of this moment.
func NewAssignment(at time.Time) Assignment { return fresh[assignment](at) }

// ParseAssignment reads an identifier as it came from outside.
func ParseAssignment(s string) (Assignment, error) { return parse[assignment](s) }

// NewAssortment makes an identifier of this moment.
func NewAssortment(at time.Time) Assortment { return fresh[assortment](at) }

// ParseAssortment reads an identifier as it came from outside.
func ParseAssortment(s string) (Assortment, error) { return parse[assortment](s) }

// NewBudget makes an identifier of this moment.
func NewBudget(at time.Time) Budget { return fresh[budget](at) }

// ParseBudget reads an identifier as it came from outside.
func ParseBudget(s string) (Budget, error) { return parse[budget](s) }

// NewCart makes an identifier of this moment.
func NewCart(at time.Time) Cart { return fresh[cart](at) }

// ParseCart reads an identifier as it came from outside.
func ParseCart(s string) (Cart, error) { return parse[cart](s) }

// NewCartLine makes an identifier of this moment.
func NewCartLine(at time.Time) CartLine { return fresh[cartLine](at) }

// ParseCartLine reads an identifier as it came from outside.
func ParseCartLine(s string) (CartLine, error) { return parse[cartLine](s) }

// NewCategory makes an identifier of this moment.
func NewCategory(at time.Time) Category { return fresh[category](at) }

// ParseCategory reads an identifier as it came from outside.
func ParseCategory(s string) (Category, error) { return parse[category](s) }

// NewCompany makes an identifier of this moment.
func NewCompany(at time.Time) Company { return fresh[company](at) }

// ParseCompany reads an identifier as it came from outside.
func ParseCompany(s string) (Company, error) { return parse[company](s) }

// NewSavedView makes an identifier of this moment.
func NewSavedView(at time.Time) SavedView { return fresh[savedView](at) }

// ParseSavedView reads an identifier as it came from outside.
func ParseSavedView(s string) (SavedView, error) { return parse[savedView](s) }

// NewContact makes an identifier of this moment.
func NewContact(at time.Time) Contact { return fresh[contact](at) }

// ParseContact reads an identifier as it came from outside.
func ParseContact(s string) (Contact, error) { return parse[contact](s) }

// NewCostCentre makes an identifier of this moment.
func NewCostCentre(at time.Time) CostCentre { return fresh[costCentre](at) }

// ParseCostCentre reads an identifier as it came from outside.
func ParseCostCentre(s string) (CostCentre, error) { return parse[costCentre](s) }

// NewCustomerGroup makes an identifier of this moment.
func NewCustomerGroup(at time.Time) CustomerGroup { return fresh[customerGroup](at) }

// ParseCustomerGroup reads an identifier as it came from outside.
func ParseCustomerGroup(s string) (CustomerGroup, error) { return parse[customerGroup](s) }

// NewDecision makes an identifier of this moment.
func NewDecision(at time.Time) Decision { return fresh[decision](at) }

// ParseDecision reads an identifier as it came from outside.
func ParseDecision(s string) (Decision, error) { return parse[decision](s) }

// NewDelivery makes an identifier of this moment.
func NewDelivery(at time.Time) Delivery { return fresh[delivery](at) }

// ParseDelivery reads an identifier as it came from outside.
func ParseDelivery(s string) (Delivery, error) { return parse[delivery](s) }

// NewDeputy makes an identifier of this moment.
func NewDeputy(at time.Time) Deputy { return fresh[deputy](at) }

// ParseDeputy reads an identifier as it came from outside.
func ParseDeputy(s string) (Deputy, error) { return parse[deputy](s) }

// NewEntry makes an identifier of this moment.
func NewEntry(at time.Time) Entry { return fresh[entry](at) }

// ParseEntry reads an identifier as it came from outside.
func ParseEntry(s string) (Entry, error) { return parse[entry](s) }

// NewEvent makes an identifier of this moment.
func NewEvent(at time.Time) Event { return fresh[event](at) }

// ParseEvent reads an identifier as it came from outside.
func ParseEvent(s string) (Event, error) { return parse[event](s) }

// NewImport makes an identifier of this moment.
func NewImport(at time.Time) Import { return fresh[imported](at) }

// ParseImport reads an identifier as it came from outside.
func ParseImport(s string) (Import, error) { return parse[imported](s) }

// NewInvitation makes an identifier of this moment.
func NewInvitation(at time.Time) Invitation { return fresh[invitation](at) }

// ParseInvitation reads an identifier as it came from outside.
func ParseInvitation(s string) (Invitation, error) { return parse[invitation](s) }

// NewJob makes an identifier of this moment.
func NewJob(at time.Time) Job { return fresh[job](at) }

// ParseJob reads an identifier as it came from outside.
func ParseJob(s string) (Job, error) { return parse[job](s) }

// NewMail makes an identifier of this moment.
func NewMail(at time.Time) Mail { return fresh[mail](at) }

// ParseMail reads an identifier as it came from outside.
func ParseMail(s string) (Mail, error) { return parse[mail](s) }

// NewMember makes an identifier of this moment.
func NewMember(at time.Time) Member { return fresh[member](at) }

// ParseMember reads an identifier as it came from outside.
func ParseMember(s string) (Member, error) { return parse[member](s) }

// NewNotice makes an identifier of this moment.
func NewNotice(at time.Time) Notice { return fresh[notice](at) }

// ParseNotice reads an identifier as it came from outside.
func ParseNotice(s string) (Notice, error) { return parse[notice](s) }

// NewOrder makes an identifier of this moment.
func NewOrder(at time.Time) Order { return fresh[order](at) }

// ParseOrder reads an identifier as it came from outside.
func ParseOrder(s string) (Order, error) { return parse[order](s) }

// NewOrderList makes an identifier of this moment.
func NewOrderList(at time.Time) OrderList { return fresh[orderList](at) }

// ParseOrderList reads an identifier as it came from outside.
func ParseOrderList(s string) (OrderList, error) { return parse[orderList](s) }

// NewOrderListLine makes an identifier of this moment.
func NewOrderListLine(at time.Time) OrderListLine { return fresh[orderListLine](at) }

// ParseOrderListLine reads an identifier as it came from outside.
func ParseOrderListLine(s string) (OrderListLine, error) { return parse[orderListLine](s) }

// NewPrice makes an identifier of this moment.
func NewPrice(at time.Time) Price { return fresh[price](at) }

// ParsePrice reads an identifier as it came from outside.
func ParsePrice(s string) (Price, error) { return parse[price](s) }

// NewPriceList makes an identifier of this moment.
func NewPriceList(at time.Time) PriceList { return fresh[priceList](at) }

// ParsePriceList reads an identifier as it came from outside.
func ParsePriceList(s string) (PriceList, error) { return parse[priceList](s) }

// NewProduct makes an identifier of this moment.
func NewProduct(at time.Time) Product { return fresh[product](at) }

// ParseProduct reads an identifier as it came from outside.
func ParseProduct(s string) (Product, error) { return parse[product](s) }

// NewProject makes an identifier of this moment.
func NewProject(at time.Time) Project { return fresh[project](at) }

// ParseProject reads an identifier as it came from outside.
func ParseProject(s string) (Project, error) { return parse[project](s) }

// NewPurchaseOrder makes an identifier of this moment.
func NewPurchaseOrder(at time.Time) PurchaseOrder { return fresh[purchaseOrder](at) }

// ParsePurchaseOrder reads an identifier as it came from outside.
func ParsePurchaseOrder(s string) (PurchaseOrder, error) { return parse[purchaseOrder](s) }

// NewRole makes an identifier of this moment.
func NewRole(at time.Time) Role { return fresh[role](at) }

// ParseRole reads an identifier as it came from outside.
func ParseRole(s string) (Role, error) { return parse[role](s) }

// NewRoleTemplate makes an identifier of this moment.
func NewRoleTemplate(at time.Time) RoleTemplate { return fresh[roleTemplate](at) }

// ParseRoleTemplate reads an identifier as it came from outside.
func ParseRoleTemplate(s string) (RoleTemplate, error) { return parse[roleTemplate](s) }

// NewRule makes an identifier of this moment.
func NewRule(at time.Time) Rule { return fresh[rule](at) }

// ParseRule reads an identifier as it came from outside.
func ParseRule(s string) (Rule, error) { return parse[rule](s) }

// NewSeparation makes an identifier of this moment.
func NewSeparation(at time.Time) Separation { return fresh[separation](at) }

// ParseSeparation reads an identifier as it came from outside.
func ParseSeparation(s string) (Separation, error) { return parse[separation](s) }

// NewSession makes an identifier of this moment.
func NewSession(at time.Time) Session { return fresh[session](at) }

// ParseSession reads an identifier as it came from outside.
func ParseSession(s string) (Session, error) { return parse[session](s) }

// NewUnit makes an identifier of this moment.
func NewUnit(at time.Time) Unit { return fresh[unit](at) }

// ParseUnit reads an identifier as it came from outside.
func ParseUnit(s string) (Unit, error) { return parse[unit](s) }

// NewWebhook makes an identifier of this moment.
func NewWebhook(at time.Time) Webhook { return fresh[webhook](at) }

// ParseWebhook reads an identifier as it came from outside.
func ParseWebhook(s string) (Webhook, error) { return parse[webhook](s) }
