package ui

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Pieces serves the pieces page: each piece with a sample, and, by ?show=, the
// pages that are one piece: denied, missing, failed, entrance. What is posted
// there comes back as a toast.
func Pieces() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			http.Redirect(w, r, r.URL.Path+"?done=1", http.StatusSeeOther)
			return
		}
		head := w.Header()
		head.Set("Content-Type", "text/html; charset=utf-8")
		head.Set("Content-Security-Policy", ContentSecurityPolicy)
		if err := sample(r).Render(r.Context(), w); err != nil {
			return // the reader has gone away
		}
	})
}

func sample(r *http.Request) templ.Component {
	f := sampleFrame(r)
	switch r.URL.Query().Get("show") {
	case "denied":
		return sampleDenied(f)
	case "missing":
		return sampleMissing(f)
	case "failed":
		return sampleFailed(f)
	case "entrance":
		return sampleEntrance(Entrance{Theme: f.Theme, Accent: f.Accent, Title: "Sign in", Seller: f.Seller})
	default:
		return samplePieces(f)
	}
}

// The cast of every sample.
var (
	ann  = Person{Name: "Ann Archer", Title: "Buyer, Plant 1"}
	bob  = Person{Name: "Bob Brown", Title: "Head of Plant 1"}
	cleo = Person{Name: "Cleo Castillo", Title: "Owner of cost centre 4711"}
	dan  = Person{Name: "Dan Drew", Title: "Administrator"}
	sam  = Person{Name: "Sam Stone", Title: "Sales, Bolt & Nut"}
)

func sampleFrame(r *http.Request) Frame {
	f := Frame{
		Theme:   ThemeOf(r),
		Accent:  r.URL.Query().Get("accent"),
		Title:   "Pieces",
		Seller:  "Bolt & Nut",
		HomeURL: "/pieces",
		Find:    Finder{Action: "/pieces", Label: "Search products, orders, people"},
		Company: Switcher{
			Name: "Acme", Note: "Plant 1 · Buyer", Action: "/pieces", Label: "Switch company",
			Places: []Place{
				{Value: "1", Name: "Acme", Note: "Plant 1 · Buyer", Current: true},
				{Value: "2", Name: "Globex", Note: "Service · Approver"},
			},
		},
		Cart: CartLink{URL: "/pieces#cart", Label: "Cart, 6 lines", Count: 6, Total: "€2,318.40", Tone: Warn, Note: "Bob Brown decides", Short: CartShort{
			Label: "What is in your cart", More: "and 2 more lines", Sum: "Total, net", Lines: []ShortLine{
				{Name: "Cut-resistant gloves, size 9", URL: "/pieces#gloves", Quantity: Quantity{Text: "12", Unit: "pair"}, Total: "€83.40"},
				{Name: "Hexagon screw M8×40, zinc-plated, DIN 933, in the large box for the workshop", URL: "/pieces#screw", Quantity: Quantity{Text: "1,000", Unit: "pcs"}, Total: "€84.20"},
				{Name: "Washer M8, DIN 125", URL: "/pieces#washer", Quantity: Quantity{Text: "130", Unit: "pcs"}, Total: "€27.30", Problem: true},
				{Name: "Cordless drill 18 V", URL: "/pieces#drill", Quantity: Quantity{Text: "2", Unit: "pcs"}, Total: "€396.00"},
			},
			Buttons: All{LinkButton{Label: "Go to the cart", URL: "/pieces#cart"}, LinkButton{Label: "Go to checkout", URL: "/pieces#checkout", Kind: Primary}},
		}},
		Inbox: InboxLink{URL: "/pieces#inbox", Label: "Inbox", Count: 2},
		Me: PersonMenu{
			Person: ann, Label: "Your menu", SignOut: "/pieces",
			Items: []MenuItem{
				{Label: "Your profile", Icon: IconPerson, URL: "/pieces#profile"},
				{Label: "Your rights", Icon: IconKey, URL: "/pieces#rights"},
				{Label: "Notifications", Icon: IconMail, URL: "/pieces#notifications"},
			},
		},
		Entries: []Entry{
			{Name: "home", Label: "Home", URL: "/pieces", Icon: IconHome, Current: true, Key: "h"},
			{Name: "shop", Label: "Shop", URL: "/pieces?show=missing", Icon: IconShop, Key: "s"},
			{Name: "lists", Label: "Lists", URL: "/pieces#lists", Icon: IconLists},
			{Name: "orders", Label: "Orders", URL: "/pieces?show=failed", Icon: IconOrders, Key: "o"},
			{Name: "approvals", Label: "Approvals", URL: "/pieces?show=denied", Icon: IconApprovals, Count: 4, Key: "a"},
			{Name: "quotes", Label: "Quotes", URL: "/pieces#quotes", Icon: IconQuotes},
			{Name: "spend", Label: "Spend", URL: "/pieces#spend", Icon: IconSpend},
			{Name: "company", Label: "Company", URL: "/pieces#company", Icon: IconCompany},
		},
		Foot: []Link{{Label: "Terms", URL: "/pieces#terms"}, {Label: "Privacy", URL: "/pieces#privacy"}, {Label: "Help", URL: "/pieces#help"}},
	}
	if r.URL.Query().Get("done") != "" {
		f.Toasts = []Toast{{Tone: Good, Text: "The cart was submitted.", Undo: "/pieces"}}
	}
	return f
}

func moment(text string) Time {
	return Time{Text: text, ISO: time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC).Format(time.RFC3339), Title: "20 Nov 2026, 14:05 CET"}
}

var whyPrice = Why{
	Name: "why-price", Title: "€0.0842 a piece",
	Text:  "The lowest price that is valid for Acme today.",
	Lines: []string{"Contract 2026 of Acme: €0.0842 from 1,000 pcs, until 31 Dec 2026", "Price list Industry: €0.0910", "Base price: €0.1030"},
	More:  Link{Label: "All prices of this product", URL: "/pieces#prices"},
}

func sampleOrders() Table {
	row := func(number, what string, who Person, state Badge, total, date string, faded bool) Row {
		return Row{
			URL: "/pieces#" + number, Value: number, Said: number, Faded: faded,
			Cells: []templ.Component{
				Named{Name: number, Note: what}, Person{Name: who.Name, Small: true}, state,
				moment(date), Money{Text: total},
			},
		}
	}
	return Table{
		Name: "orders", Caption: "Orders of Plant 1", Ticks: "order", Form: "bulk",
		Columns: []Column{
			{Label: "Order", SortURL: "/pieces?sort=number"}, {Label: "Buyer"}, {Label: "State"},
			{Label: "Placed", SortURL: "/pieces?sort=date", Sorted: Descending, Foldable: true},
			{Label: "Total", Numeric: true, SortURL: "/pieces?sort=total"},
		},
		Rows: []Row{
			row("ACM-2041", "Hexagon screws, washers", ann, Badge{Label: "Waits for approval", Tone: Warn}, "€2,318.40", "today 14:05", false),
			row("ACM-2040", "Cutting oil, 12 more", cleo, Badge{Label: "Placed", Tone: Info}, "€812.00", "yesterday", false),
			row("ACM-2038", "Safety gloves", ann, Badge{Label: "Delivered", Tone: Good}, "€1,204.75", "18 Nov", false),
			row("ACM-2037", "Bearing 6204-2RS", dan, Badge{Label: "Refused", Tone: Bad}, "€18,940.00", "17 Nov", false),
			row("ACM-2035", "Grease cartridges", ann, Badge{Label: "Cancelled"}, "€96.30", "14 Nov", true),
		},
		Foot:  []templ.Component{Text("Five orders"), nil, nil, nil, Money{Text: "€23,371.45", Strong: true}},
		Pager: Pager{Said: "1–5 of 128", Next: "/pieces?after=1"},
	}
}

func sampleLines() Table {
	line := func(place int, name, sku, quantity, price, total string, why Why) Row {
		return Row{Cells: []templ.Component{
			All{Named{Name: name, Note: sku, Code: true, Icon: IconOrders, URL: "/pieces#" + sku}, Placing{Action: "/pieces", Said: name, Place: place, Last: place == 3}},
			Field{As: AsQuantity, Name: "quantity-" + sku, Label: "Quantity of " + name, LabelHidden: true, Value: quantity, Min: "100", Step: "100", Unit: "pcs"},
			Money{Text: price, Fraction: price[strings.Index(price, "."):], Was: ifElse(why.empty(), "", "€0.0910"), Why: why}, Money{Text: total, Strong: true},
			Menu{Name: "line-" + sku, Label: "More for " + name, IconOnly: true, Kind: Quiet, Small: true, Items: []MenuItem{
				{Label: "Put on a list", Icon: IconLists, URL: "/pieces#list"},
				{Label: "Show substitutes", Icon: IconExchange, URL: "/pieces#substitutes"},
				{Label: "Remove", Icon: IconDelete, URL: "/pieces", Post: true, Danger: true, Apart: true},
			}},
		}}
	}
	return Table{
		Name: "lines", Caption: "Lines of the cart", Plain: true,
		Columns: []Column{
			{Label: "Product"}, {Label: "Quantity", Fit: true}, {Label: "Unit price", Numeric: true}, {Label: "Total", Numeric: true},
			{Label: "More", LabelHidden: true, Fit: true},
		},
		Rows: []Row{
			line(1, "Hexagon screw M8×40", "HS-8-40", "1200", "€0.0842", "€101.04", whyPrice),
			line(2, "Washer A8", "WA-8", "2000", "€0.0120", "€24.00", Why{}),
			line(3, "Torque wrench 5–25 Nm", "TW-25", "1", "€189.00", "€189.00", Why{}),
		},
	}
}

func sampleBudgets() []BudgetBar {
	return []BudgetBar{
		{
			Label: "Tools, November", Note: "Cost centre 4711 Plant 1", URL: "/pieces#budget",
			Limit: 1_000_000, Spent: 420_000, Held: 130_000, Order: 231_840,
			Texts: BudgetTexts{Limit: "€10,000.00", Spent: "€4,200.00", Held: "€1,300.00", Order: "€2,318.40", Left: "€2,181.60"},
		},
		{
			Label: "Ann Archer, this month", Limit: 500_000, Spent: 380_000, Held: 20_000, Order: 231_840,
			Texts: BudgetTexts{Limit: "€5,000.00", Spent: "€3,800.00", Held: "€200.00", Order: "€2,318.40", Left: "€1,318.40"},
			Why:   Why{Name: "why-budget", Title: "Over the budget", Text: "Budgets of persons warn; the order can be submitted and will say so to who decides."},
		},
		{
			Label: "Consumables, 2026", Limit: 2_400_000, Spent: 2_210_000,
			Texts: BudgetTexts{Limit: "€24,000.00", Spent: "€22,100.00", Left: "€1,900.00"},
		},
	}
}

func samplePath() ApprovalPath {
	return ApprovalPath{
		Label: "Who decides",
		Stages: []Stage{
			{
				Title: "Head of Plant 1", Verdict: Approved, Need: "one person",
				Reasons: []string{"Above €1,000 the head of the unit decides."},
				People:  []Approver{{Person: bob, Verdict: Approved, When: moment("today 09:12"), Comment: "Needed for the line that stands still."}},
			},
			{
				Title: "Owner of cost centre 4711", Verdict: Asked, Need: "one of two",
				Reasons: []string{"The order takes Tools, November beyond 75 %."}, Due: moment("escalates tomorrow 12:00"),
				People: []Approver{
					{Person: cleo, Verdict: Asked, Usual: "usually within 2 hours"},
					{Person: dan, Verdict: Asked, Deputy: "on leave until Monday: Ann Archer decides"},
				},
			},
			{Title: "Purchasing", Need: "two of three", Reasons: []string{"Supplier Hydra AG is new."}, People: []Approver{{Person: sam}}},
		},
		End: "Placed with Bolt & Nut",
	}
}

func sampleTimeline() Timeline {
	return Timeline{Label: "What happened", Events: []Event{
		{When: moment("18 Nov 16:40"), Person: ann, Title: "put 3 lines into the cart"},
		{When: moment("today 08:55"), Person: ann, For: "for Bob Brown", Title: "submitted the cart", Text: "Line 2 stands still, we need this by Friday."},
		{When: moment("today 09:12"), Person: bob, Title: "approved", Icon: IconGood, Tone: Good},
		{When: moment("today 09:12"), Title: "€2,318.40 held in Tools, November", Icon: IconBudget},
		{When: moment("by tomorrow 12:00"), Title: "Cleo Castillo decides", Icon: IconWaiting, Ahead: true},
	}}
}

func sampleTree() Tree {
	unit := func(key, label, note string, nodes ...Node) Node {
		return Node{Key: key, Label: label, Note: note, URL: "/pieces#" + key, Icon: IconStructure, Nodes: nodes, Open: true, Movable: key != "acme", Receives: true, Meta: Text(ifElse(len(nodes) > 1, "€48,200", ""))}
	}
	member := func(key string, p Person) Node {
		return Node{Key: key, Label: p.Name, Note: p.Title, URL: "/pieces#" + key, Person: p, Movable: true}
	}
	plant := unit("plant1", "Plant 1", "Production", member("bob", bob), unit("tools", "Tool room", "", member("ann", ann)))
	plant.Current, plant.People, plant.MoveURL = true, 2, "/pieces"
	plant.Rest = Rest{Label: "Show 40 more", URL: "/pieces"}
	return Tree{Name: "structure", Label: "Structure of Acme", MoveURL: "/pieces", Nodes: []Node{
		unit("acme", "Acme", "Company", member("dan", dan), plant, unit("plant2", "Plant 2", "Assembly", member("cleo", cleo))),
	}}
}

func sampleFinder() Field {
	f := Field{As: AsSelect, Name: "below", Label: "Below", Find: "/pieces", Value: "7", Optional: true}
	for i := range ManyOptions + 1 {
		f.Options = append(f.Options, Option{Value: strconv.Itoa(i), Label: "Unit " + strconv.Itoa(i)})
	}
	return f
}

func samplePicks() Picks {
	p := Picks{Field: Field{As: AsSelect, Name: "told", Label: "People", Options: []Option{{Label: "Nobody"}, {Value: "1", Label: ann.Name}, {Value: "2", Label: bob.Name}}, Optional: true, Unmarked: true},
		Add: Button{Label: "Add", Icon: IconPlus, Small: true, Name: "do", Value: "add"}}
	for i, who := range []Person{cleo, dan} {
		p.Picked = append(p.Picked, Picked{Name: "picked", Value: strconv.Itoa(i), Label: who.Name,
			Drop: Button{Label: "Take out: " + who.Name, Icon: IconClose, IconOnly: true, Kind: Quiet, Small: true, Name: "do", Value: "without:" + strconv.Itoa(i)}})
	}
	return p
}

func samplePermissions() PermissionTree {
	return PermissionTree{Name: "permission", Label: "What this role may do", Permissions: []Permission{
		{
			Key: "checkout", Label: "Cart and checkout", Open: true,
			Below: []Permission{
				{Key: "cart.use", Label: "Fill a cart", Note: "Puts products into a cart of one's own.", Opens: "Shop, cart", Ticked: true},
				{Key: "checkout.place", Label: "Place orders", Note: "Submits a cart, up to one's limits.", Needs: []string{"cart.use"}, Ticked: true},
				{Key: "checkout.others", Label: "Place orders for others", Note: "Chooses another person of the same unit as the buyer.", Needs: []string{"checkout.place", "people.read"}},
			},
		},
		{
			Key: "people", Label: "People", Open: true,
			Below: []Permission{
				{Key: "people.read", Label: "See people", Opens: "Company › People"},
				{Key: "people.invite", Label: "Invite people", Needs: []string{"people.read"}},
				{Key: "people.rights", Label: "Give roles", Needs: []string{"people.read"}, Locked: true, Why: Why{Name: "why-locked", Title: "Locked", Text: "Only who may give roles may let others give them. You may not."}},
			},
		},
	}}
}

func sampleChart() Chart {
	points := func(values ...int64) []Point {
		list := make([]Point, 0, len(values))
		for _, v := range values {
			if v < 0 {
				list = append(list, Point{Blank: true})
				continue
			}
			list = append(list, Point{At: v, Text: fmt.Sprintf("€%d.%dk", v/10, v%10)})
		}
		return list
	}
	return Chart{
		Title: "Tools, 2026", Said: "Spend grows evenly to 9,200 euros in November; the forecast reaches 10,400 euros in December, above the limit of 10,000.",
		Places: []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Ticks:  []Tick{{At: 0, Label: "0"}, {At: 40, Label: "€4k"}, {At: 80, Label: "€8k"}, {At: 120, Label: "€12k"}},
		Today:  10,
		Series: []Series{
			{Label: "Spent", Look: Filled, Points: points(6, 14, 20, 31, 38, 44, 55, 61, 70, 81, 92, -1)},
			{Label: "Forecast", Look: Dashed, Points: points(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 92, 104)},
			{Label: "2025", Look: Faint, Points: points(9, 16, 26, 33, 36, 48, 52, 66, 72, 79, 86, 95)},
			{Label: "Limit", Look: Limit, Points: points(100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100)},
		},
	}
}
