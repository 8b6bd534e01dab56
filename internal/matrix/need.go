package matrix

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Place is where a permission must be held for an act.
type Place int

// The places.
const (
	Anywhere Place = iota
	Whole          // in the whole company
	There          // where the thing lies
	Above          // where what is above the thing lies
)

// Need is what a route asks of whoever comes, and what is sent to it.
type Need struct {
	Public   bool     // anybody may come
	Leaf     string   // the permission that the act asks for; "" asks only that one has signed in
	Or       []string // other permissions, of which one anywhere is as good
	At       Place
	Mine     bool              // and only whose it is may do it
	Self     bool              // of oneself one may without it
	Own      bool              // it changes what is one's own in the company, where the seller leaves that
	Any      bool              // whatever the company has can be named, seen or not
	Leads    bool              // it does not show the thing itself, but leads on, or says what a rule says to it
	First    bool              // the permission is asked for before anything is looked for, so that nobody can tell what is there
	Kind     string            // of the thing that it is about; "" is about none
	Blind    bool              // what is not one's own is passed over without a word
	Inside   bool              // the thing is named in what is sent, not in the address
	Buyers   bool              // what is sent makes sense for customers alone, so staff are not asked
	Mentions bool              // the thing is only mentioned: what it comes to is alike for all that is not there, or not theirs to see
	Fill     map[string]string // what stands in the address besides
	Query    string            // what stands behind it
	Send     string            // what is sent: {it} is the thing. It is worth nothing, so that who may act changes nothing …
	Acts     bool              // … or there is nothing to send that is worth nothing: who may is not asked to
}

// sight is who sees a kind of thing.
type sight struct {
	own   string // permission to see one's own, where it is booked
	below string // … those of the people below one
	all   string // … all that lie where it holds
	meets string // … those that apply to oneself, wherever it holds
	wide  bool   // what is the whole company's is seen wherever `all` holds
	also  string // permission that one needs besides, anywhere; who lacks it is told so
	shut  bool   // who may see none at all is told so; otherwise there is nothing to see
}

// sights are who sees what.
var sights = map[string]sight{
	"purchase order":  {own: "purchase_orders.view", below: "purchase_orders.view.subordinates", all: "purchase_orders.view.company"},
	"order":           {own: "orders.view", below: "orders.view.subordinates", all: "orders.view.company"},
	"cart":            {own: "self.account"},
	"line":            {own: "self.account"},
	"order list":      {own: "self.account", also: "lists.view"},
	"order list line": {own: "self.account", also: "lists.view"},
	"product":         {all: "catalog.view", wide: true, shut: true},
	"rule":            {all: "approval_rules.view", wide: true, shut: true},
	"budget":          {meets: "budgets.view", all: "budgets.view.company", shut: true},
	"cost centre":     {all: "cost_centres.view", wide: true, shut: true},
	"address":         {all: "addresses.view", wide: true, shut: true},
	"contact":         {all: "contacts.view", wide: true, shut: true},
	"own address":     {own: "self.account"},
	"view":            {own: "self.account"},
	"deputy":          {own: "self.account", all: "deputies.manage"},
	"unit":            {all: "users.view"},
	"member":          {own: "self.account", all: "users.view"},
	"invitation":      {all: "users.view"},
	"role":            {all: "roles.view", wide: true, shut: true},
	"separation":      {all: "roles.view", wide: true, shut: true},
	"assignment":      {own: "self.account", all: "users.view", also: "roles.view"},
	"session":         {own: "self.account"},
	"import":          {own: "self.account", all: "users.manage"},
	"notice":          {own: "self.account"},
	"company":         {all: "self.account"},
	"webhook":         {all: "webhooks.manage", wide: true, shut: true},
	"delivery":        {all: "webhooks.manage", wide: true, shut: true},

	"customer":          {all: "companies.view", wide: true, shut: true},
	"customer's member": {all: "companies.view", wide: true, shut: true},
	"customer group":    {all: "companies.view", wide: true, shut: true},
	"role template":     {all: "companies.view", wide: true, shut: true},
}

// Opens are the permissions of which one shows what a route is about, where that is not one's own; none is anybody who has signed in.
func (n Need) Opens() []string {
	s := sights[n.Kind]
	if n.Leaf != "" {
		return append([]string{n.Leaf}, n.Or...)
	}
	return slices.DeleteFunc([]string{s.own, s.below, s.all, s.meets}, func(leaf string) bool { return leaf == "" })
}

// Kind is what must come of a question.
type Kind int

// The kinds.
const (
	Welcome Kind = iota // anybody may
	SignIn              // one must sign in first
	Missing             // there is no such thing
	Passed              // nothing, and nobody is told
	Alike               // anything, if it is the same for all
	Denied              // one sees it, and is told which permission is missing
	Barred              // the company is blocked, and one is told so
	Refused             // a rule says no, whatever one holds
	Open                // one may
)

// Outcome is what must come of a question.
type Outcome struct {
	Kind  Kind
	Names []string // permissions, of which the denial names one
}

// outcome is what must come of a route's being asked by somebody about something.
func (n Need) outcome(p *Person, x *Thing) Outcome {
	switch {
	case n.Public:
		return Outcome{Kind: Welcome}
	case p == nil:
		return Outcome{Kind: SignIn}
	case n.Mentions:
		return Outcome{Kind: Alike}
	case n.Leaf != "" && p.elsewhere(n.Leaf):
		return Outcome{Kind: Missing}
	case n.Kind == "":
		return n.act(p, x)
	case n.First && !p.somewhere(n.Leaf):
		return n.act(p, x)
	case x.Company != p.Company && x.Company != "all":
		return n.nothing()
	}
	s := sights[n.Kind]
	if s.shut && !s.somewhere(p) {
		return n.deny(p, s.own, s.all, s.meets)
	}
	if !n.Any && !s.sees(p, x) {
		return n.nothing()
	}
	if s.also != "" && !p.somewhere(s.also) {
		return n.deny(p, s.also)
	}
	return n.act(p, x)
}

func (n Need) nothing() Outcome {
	if n.Blind {
		return Outcome{Kind: Passed}
	}
	return Outcome{Kind: Missing}
}

// act is what comes of the act itself, on something that is seen.
func (n Need) act(p *Person, x *Thing) Outcome {
	may := n.Leaf == "" || n.Self && x.Owner == p.Member
	switch n.At {
	case Anywhere:
		may = may || p.somewhere(n.Leaf)
	case Whole:
		may = may || p.holds(n.Leaf, "")
	case There:
		may = may || p.holds(n.Leaf, x.At)
	case Above:
		may = may || p.holds(n.Leaf, above(x.At))
	}
	may = may || slices.ContainsFunc(n.Or, p.somewhere)
	switch {
	case n.Own && p.Blocked:
		return Outcome{Kind: Barred}
	case !may:
		return n.deny(p, n.Or...)
	case n.Mine && x.Owner != p.Member:
		return Outcome{Kind: Refused}
	}
	return Outcome{Kind: Open}
}

// deny names the permissions of which somebody may be told that it is missing: that of the act, or what one needs to
// come so far.
func (n Need) deny(p *Person, more ...string) Outcome {
	if p.Blocked {
		return Outcome{Kind: Barred}
	}
	var all []string
	for _, leaf := range append(more, n.Leaf) {
		if leaf != "" {
			all = append(all, needed(leaf)...)
		}
	}
	return Outcome{Denied, slices.DeleteFunc(all, func(leaf string) bool { return p.holds(leaf, "") })}
}

func (s sight) somewhere(p *Person) bool {
	return slices.ContainsFunc([]string{s.own, s.below, s.all, s.meets}, func(leaf string) bool { return leaf != "" && p.somewhere(leaf) })
}

func (s sight) sees(p *Person, x *Thing) bool {
	mine := x.Owner == p.Member && x.Owner != ""
	below := x.OwnerAt != "" && strings.HasPrefix(x.OwnerAt, p.At+"/")
	at := x.At
	if x.SeenAt != "" {
		at = x.SeenAt
	}
	switch {
	case mine && s.own != "" && p.holds(s.own, at):
	case below && s.below != "" && p.holds(s.below, at):
	case s.all != "" && (p.holds(s.all, at) || s.wide && at == "" && p.somewhere(s.all)):
	case s.meets != "" && p.somewhere(s.meets) && x.meets(p):
	default:
		return false
	}
	return true
}

// wrong is what is wrong with an answer; "" when nothing is.
func (o Outcome) wrong(edge Edge, r Route, a Answer) string {
	said := fmt.Sprintf("the answer is %d", a.Status)
	if a.Lacks != "" {
		said += ", for want of " + a.Lacks
	}
	fine := false
	want := ""
	switch o.Kind {
	case Welcome, Alike:
		fine, want = true, "anything"
	case SignIn:
		fine, want = edge.SignIn(a), "a way to sign in"
	case Missing:
		fine, want = a.Status == http.StatusNotFound && a.Lacks == "", "that there is no such thing"
	case Passed:
		fine, want = a.Status < 400, "nothing"
	case Denied:
		fine, want = a.Status == http.StatusForbidden && slices.Contains(o.Names, a.Lacks) && a.Helps, "that one of "+strings.Join(o.Names, ", ")+" is missing, and whom to ask"
	case Barred:
		fine, want = a.Status == http.StatusForbidden && a.Barred, "that the company is blocked"
	case Refused:
		fine, want = a.Status >= 300 && a.Status < 500 && a.Status != http.StatusNotFound && a.Status != http.StatusUnauthorized && a.Lacks == "", "that a rule says no"
	case Open:
		fine = a.Status < 500 && a.Status != http.StatusNotFound && a.Status != http.StatusUnauthorized && a.Lacks == "" && !edge.SignIn(a)
		want = "that one may"
		if r.Method == http.MethodGet && !r.Need.Leads {
			fine, want = fine && a.Status == http.StatusOK, "the thing"
		}
	}
	if a.Status >= 500 {
		fine = false
	}
	if fine {
		return ""
	}
	return said + ", and should be " + want
}
