package approval_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
)

var golden = flag.Bool("golden", false, "rewrite what the tests expect")

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// TestScenarios plays the stories of testdata: a company and its rules, then what becomes of orders. The indented lines
// below each "ask" are what the code says; -golden rewrites them.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios found", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			before, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			after := play(t, string(before))
			if *golden {
				if err := os.WriteFile(name, []byte(after), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if after != string(before) {
				t.Errorf("the code says now:\n%s", difference(string(before), after))
			}
		})
	}
}

// difference shows the lines that are not the same, each with its neighbours on top.
func difference(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		was, is := "", ""
		if i < len(a) {
			was = a[i]
		}
		if i < len(b) {
			is = b[i]
		}
		if was != is {
			fmt.Fprintf(&out, "%4d - %s\n     + %s\n", i+1, was, is)
		}
	}
	return out.String()
}

// world is one company of a scenario.
type world struct {
	t        *testing.T
	people   map[string]*approval.Candidate
	order    []string
	manager  map[string]string
	roles    map[string]id.Role
	holders  map[string][]string // by role
	heads    []string
	centres  []string // managers of the order's cost centres
	rules    []approval.CompiledRule
	names    map[id.Rule]string
	deputies []approval.Deputy
	policy   approval.Policy
	others   []approval.Need // of limits and budgets

	// the order at hand
	facts   approval.Facts
	request approval.Request
	needs   []approval.Need
	plan    approval.Plan
	state   approval.State
}

func play(t *testing.T, text string) string {
	w := &world{t: t, people: map[string]*approval.Candidate{}, manager: map[string]string{}, roles: map[string]id.Role{},
		holders: map[string][]string{}, names: map[id.Rule]string{}}
	var out []string
	section := ""
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		inner := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "ask: "):
			section = "ask"
			out = append(out, line)
			out = append(out, w.ask(strings.TrimPrefix(line, "ask: "))...)
			continue
		case strings.HasPrefix(inner, "> "):
			out = append(out, line)
			out = append(out, w.step(strings.TrimPrefix(inner, "> "))...)
			continue
		case section == "ask" && strings.HasPrefix(line, "  "):
			continue // what was expected; written anew
		case line == "" || strings.HasPrefix(line, "#"):
		case !strings.HasPrefix(line, "  "):
			section = strings.TrimSuffix(line, ":")
		default:
			w.declare(section, inner)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}

func (w *world) declare(section, line string) {
	head, rest, _ := strings.Cut(line, ": ")
	switch section {
	case "people":
		w.person(line)
	case "rules":
		w.rule(head, rest)
	case "limits and budgets":
		kind, name, _ := strings.Cut(head, " ")
		w.others = append(w.others, approval.Need{
			Reason:      approval.Reason{Kind: approval.ReasonKind(kind), Name: name, Text: locale.Say("it is exceeded")},
			Requirement: w.requirement(rest)})
	case "deputies":
		by, whom, _ := strings.Cut(line, " for ")
		whom, both := strings.CutSuffix(whom, ", both may decide")
		w.deputies = append(w.deputies, approval.Deputy{For: w.one(whom).Member, By: *w.one(by), BothMay: both})
	case "policy":
		if line == "one person may fill several stages" {
			w.policy.SamePersonAgain = true
			return
		}
		amount, ok := strings.CutPrefix(line, "administrators agree to their own orders up to ")
		if !ok {
			w.t.Fatalf("unknown policy %q", line)
		}
		m := w.money(amount)
		w.policy.OwnUpTo = &m
	default:
		w.t.Fatalf("unknown section %q", section)
	}
}

// person reads: Ann, buyer; manager Bob; role Purchasing; limit 500 EUR; administrator; inactive.
func (w *world) person(line string) {
	parts := strings.Split(line, "; ")
	name, title, _ := strings.Cut(parts[0], ", ")
	c := &approval.Candidate{Name: name, Title: title, Active: true, Entitled: true}
	if slices.Contains(parts, "staff of the seller") {
		c.Staff = id.NewAccount(noon)
	} else {
		c.Member = id.NewMember(noon)
	}
	w.people[name], w.order = c, append(w.order, name)
	for _, p := range parts[1:] {
		word, rest, _ := strings.Cut(p, " ")
		switch word {
		case "manager":
			w.manager[name] = rest
		case "role":
			w.role(rest)
			w.holders[rest] = append(w.holders[rest], name)
		case "limit":
			m := w.money(rest)
			c.Limit = &m
		case "heads":
			w.heads = append(w.heads, name)
		case "keeps":
			w.centres = append(w.centres, name)
		case "inactive":
			c.Active = false
		case "barred":
			c.Barred = true
		case "may":
			c.Entitled = false // "may not approve"
		case "administrator", "staff":
			w.holders[p] = append(w.holders[p], name)
		default:
			w.t.Fatalf("what is %q of %s?", p, name)
		}
	}
}

func (w *world) one(name string) *approval.Candidate {
	c := w.people[name]
	if c == nil {
		w.t.Fatalf("nobody is called %q", name)
	}
	return c
}

func (w *world) role(name string) id.Role {
	if w.roles[name].IsZero() {
		w.roles[name] = id.NewRole(noon)
	}
	return w.roles[name]
}

func (w *world) money(s string) money.Money {
	amount, currency, _ := strings.Cut(s, " ")
	m, err := money.Parse(amount, money.Currency(currency))
	if err != nil {
		w.t.Fatalf("%q: %v", s, err)
	}
	return m
}

func (w *world) rule(name, text string) {
	r := approval.Rule{ID: id.NewRule(noon), Version: 1, Name: name, Enabled: true, Basis: approval.Net}
	for _, step := range strings.Split(text, "; ") {
		var s approval.Step
		word, rest, _ := strings.Cut(step, " ")
		switch word {
		case "up": // up to 10000 EUR nothing: what the amount is, the next step says
			fields := strings.SplitN(rest, " ", 4)
			s.Then = w.requirement(fields[3])
		case "above":
			fields := strings.SplitN(rest, " ", 3)
			m := w.money(fields[0] + " " + fields[1])
			s.Above, s.Then = &m, w.requirement(fields[2])
		case "when":
			condition, then, _ := strings.Cut(rest, " -> ")
			c, err := approval.Parse(condition)
			if err != nil {
				w.t.Fatal(err)
			}
			s.When, s.Then = c, w.requirement(then)
		case "otherwise", "always":
			s.Then = w.requirement(rest)
		default:
			w.t.Fatalf("rule %s: what is %q?", name, step)
		}
		r.Steps = append(r.Steps, s)
	}
	c, err := r.Compile()
	if err != nil {
		w.t.Fatalf("rule %s: %v", name, err)
	}
	w.rules = append(w.rules, c)
}

// requirement reads: nothing, approve, refuse, or "manager, then role Purchasing and 2 of (Ann, Bob, Cleo)".
func (w *world) requirement(text string) approval.Requirement {
	switch {
	case text == "nothing":
		return approval.Requirement{}
	case text == "approve automatically":
		return approval.Requirement{Effect: approval.Approve}
	case strings.HasPrefix(text, "approve automatically up to "):
		m := w.money(strings.TrimPrefix(text, "approve automatically up to "))
		return approval.Requirement{Effect: approval.Approve, UpTo: &m}
	case text == "refuse":
		return approval.Requirement{Effect: approval.Refuse}
	}
	req := approval.Requirement{Effect: approval.Ask}
	for _, stage := range strings.Split(text, ", then ") {
		stage, all := strings.CutSuffix(stage, " (all must reject)")
		wanted := approval.WantedStage{RejectNeedsAll: all}
		for _, group := range strings.Split(stage, " and ") {
			g := approval.WantedGroup{K: 1}
			if k, of, ok := strings.Cut(group, " of ("); ok {
				g.K, _ = strconv.Atoi(k) // a bad number is 0, which the rule's own check refuses
				for _, s := range strings.Split(strings.TrimSuffix(of, ")"), ", ") {
					g.Of = append(g.Of, w.source(s))
				}
			} else {
				g.Of = []approval.Source{w.source(group)}
			}
			wanted.Groups = append(wanted.Groups, g)
		}
		req.Stages = append(req.Stages, wanted)
	}
	return req
}

func (w *world) source(s string) approval.Source {
	switch s {
	case "manager":
		return approval.Source{Kind: approval.OfManager, Level: 1}
	case "manager's manager":
		return approval.Source{Kind: approval.OfManager, Level: 2}
	case "first manager whose limit covers it":
		return approval.Source{Kind: approval.OfCovering}
	case "unit head":
		return approval.Source{Kind: approval.OfUnitHead}
	case "cost-centre manager":
		return approval.Source{Kind: approval.OfCostCentre}
	case "budget owner":
		return approval.Source{Kind: approval.OfBudget}
	case "administrator":
		return approval.Source{Kind: approval.OfAdministrator}
	case "seller":
		return approval.Source{Kind: approval.OfSeller}
	}
	if role, ok := strings.CutPrefix(s, "role "); ok {
		return approval.Source{Kind: approval.OfRole, Role: w.role(role)}
	}
	return approval.Source{Kind: approval.OfMember, Member: w.one(s).Member}
}

// ask reads "Ann orders 12400 EUR; skus 120; categories Bikes; score unknown", and says what becomes of it.
func (w *world) ask(text string) []string {
	parts := strings.Split(text, "; ")
	who, amount, _ := strings.Cut(parts[0], " orders ")
	w.request = approval.Request{Requester: w.one(who).Member, Amount: w.money(amount), At: noon, CostCentres: make([]id.CostCentre, 0)}
	w.known(w.request.Amount, who)
	for _, p := range parts[1:] {
		w.fact(p)
	}
	for range w.centres {
		w.request.CostCentres = append(w.request.CostCentres, id.NewCostCentre(noon))
	}
	w.request.Rates, w.facts.CostCentres = w.facts.Rates, w.request.CostCentres
	w.state = approval.PendingApproval

	result := approval.Evaluate(w.rules, &w.facts)
	var out []string
	for _, r := range result.Automatic {
		out = append(out, "  automatically: "+because(r))
	}
	for _, r := range result.Unsure {
		out = append(out, "  reported: "+because(r))
	}
	if len(result.Refusals) > 0 {
		for _, r := range result.Refusals {
			out = append(out, "  refused: "+because(r))
		}
		return out
	}
	w.needs = append(result.Needs, w.others...)
	plan, err := approval.Build(w.needs, w.directory(who), w.policy, w.request)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plan = plan
	return append(out, w.show()...)
}

// known fills in facts of an order in which nothing is remarkable.
func (w *world) known(m money.Money, who string) {
	none := approval.Known(money.Of(0, m.Currency))
	nought := approval.Known(quantity.Quantity(0))
	f := approval.Facts{At: noon, Member: w.request.Requester, TotalNet: approval.Known(m), TotalNetShipping: approval.Known(m),
		TotalGross: approval.Known(m), MaxLine: approval.Known(m), Shipping: none, Discount: none, OverBudget: none, CreditLeft: none,
		Items: approval.Known(quantity.One), SKUs: approval.Known(quantity.One), Weight: nought, Score: nought, OverBudgetBy: nought, PriceIncrease: nought,
		Currency: approval.Known(string(m.Currency)), PaymentMethod: approval.Known("invoice"), ShippingMethod: approval.Known("parcel"),
		DeliveryCountry: approval.Known("DE"), RequestedDate: approval.Known("2026-03-09"), Requester: approval.Known([]string{who})}
	for _, list := range []*approval.Maybe[[]string]{&f.RequesterRoles, &f.Unit, &f.CostCentre, &f.Project, &f.Categories, &f.Products, &f.Suppliers} {
		list.Known = true
	}
	for _, flag := range []*approval.Maybe[bool]{&f.NewAddress, &f.OverLimit, &f.Quote, &f.FirstPurchase, &f.SplitSuspected} {
		flag.Known = true
	}
	w.facts = f
}

func (w *world) fact(p string) {
	name, value, _ := strings.Cut(p, " ")
	number := func() approval.Maybe[quantity.Quantity] {
		n, err := strconv.ParseFloat(value, 64)
		return approval.Maybe[quantity.Quantity]{Is: quantity.Quantity(n*1000 + 0.5), Known: err == nil}
	}
	switch name {
	case "skus":
		w.facts.SKUs = number()
	case "score":
		w.facts.Score = number()
	case "categories":
		w.facts.Categories.Is = strings.Split(value, ", ")
	case "payment":
		w.facts.PaymentMethod.Is = value
	case "gross":
		w.facts.TotalGross.Is = w.money(value)
	case "total":
		w.facts.TotalNet.Known = value != "unknown"
	case "rate": // rate USD EUR 0.92
		f := strings.Fields(value)
		x, err := money.ParseRate(f[2], money.Currency(f[1]))
		if err != nil {
			w.t.Fatal(err)
		}
		w.facts.Rates = append(w.facts.Rates, money.Exchange{From: money.Currency(f[0]), To: x.Currency, E9: x.E4 * 100_000})
	default:
		w.t.Fatalf("what is %q?", p)
	}
}

func (w *world) directory(who string) approval.Directory {
	d := approval.Directory{Of: map[approval.Source][]approval.Candidate{}, Deputies: w.deputies}
	for m := w.manager[who]; m != ""; m = w.manager[m] {
		d.Line = append(d.Line, *w.one(m))
	}
	all := func(names []string) (found []approval.Candidate) {
		for _, n := range names {
			found = append(found, *w.one(n))
		}
		return found
	}
	d.Administrators = all(w.holders["administrator"])
	for _, s := range approval.Sources(w.needs, w.request) {
		d.Of[s] = all(w.yields(s))
	}
	return d
}

func (w *world) yields(s approval.Source) []string {
	switch s.Kind {
	case approval.OfRole:
		for name, role := range w.roles {
			if role == s.Role {
				return w.holders[name]
			}
		}
	case approval.OfMember:
		for name, c := range w.people {
			if c.Member == s.Member {
				return []string{name}
			}
		}
	case approval.OfUnitHead:
		return w.heads
	case approval.OfSeller:
		return w.holders["staff of the seller"]
	case approval.OfCostCentre:
		at := slices.Index(w.request.CostCentres, s.CostCentre)
		return w.centres[at : at+1]
	}
	return nil
}

// step plays "Pia approves", "Fay rejects", "Dan overrides", "Pia hands over to Bob", "Pia becomes inactive".
func (w *world) step(line string) []string {
	fields := strings.Fields(line)
	who := w.one(fields[0])
	d := approval.Deciding{By: *who, Saw: "hash", Hash: "hash", State: w.state, Request: w.request, Policy: w.policy, Note: "because", Deputies: w.deputies}
	for _, name := range w.order {
		d.Behind = append(d.Behind, *w.people[name])
	}
	var done approval.Progress
	var err error
	switch fields[1] {
	case "approves":
		d.Verdict = approval.Agree
		done, err = w.plan.Decide(d)
	case "rejects":
		d.Verdict = approval.Decline
		done, err = w.plan.Decide(d)
	case "overrides":
		done, err = w.plan.Override(d)
	case "hands":
		done, err = w.plan.HandOver(who.Person, *w.one(fields[4]), w.request, w.policy, "away")
	case "becomes":
		who.Active = false
		return nil
	default:
		w.t.Fatalf("what is %q?", line)
	}
	if err != nil {
		return []string{"  " + err.Error()}
	}
	w.plan = done.Plan
	next, err := w.state.Next(done.Action)
	if err != nil {
		return []string{"  " + err.Error()}
	}
	w.state = next.To
	out := []string{"  " + string(w.state)}
	if n := len(done.Decided); n > 1 {
		out = append(out, fmt.Sprintf("  counts in %d groups", n))
	}
	for _, a := range done.Asked {
		out = append(out, "  asked now: "+a.Name)
	}
	for _, a := range done.Freed {
		out = append(out, "  no longer needed: "+a.Name)
	}
	return out
}

func (w *world) show() []string {
	if len(w.plan.Stages) == 0 {
		return []string{"  goes straight through"}
	}
	var out []string
	for i, stage := range w.plan.Stages {
		for _, g := range stage.Groups {
			var names []string
			for _, a := range g.Approvers {
				name := a.Name
				if a.For != nil {
					name += " for " + a.For.Name
				}
				if a.Fallback != approval.NoFallback {
					name += " (" + strings.ReplaceAll(string(a.Fallback), "_", " ") + ")"
				}
				names = append(names, name)
			}
			line := fmt.Sprintf("  stage %d: %s", i+1, strings.Join(names, " or "))
			if g.K > 1 {
				line = fmt.Sprintf("  stage %d: %d of %s", i+1, g.K, strings.Join(names, ", "))
			}
			if g.NoEligible && len(names) == 0 {
				line = fmt.Sprintf("  stage %d: waits, for nobody may decide", i+1)
			} else if g.NoEligible {
				line += ", and waits, for too few may decide"
			}
			out = append(out, line)
			for _, r := range g.Reasons {
				out = append(out, "    for "+because(r))
			}
		}
	}
	return out
}

func because(r approval.Reason) string {
	return fmt.Sprintf("%s: %s", r.Name, r.Text.In(locale.English))
}
