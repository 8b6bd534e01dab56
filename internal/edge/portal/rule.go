package portal

import (
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// RulePage shows a rule: its picture, the form to change it, its versions, and a test of it.
type RulePage struct {
	ui.Frame
	Header    ui.Header
	URL       string
	Version   string
	Fresh     bool
	Edits     bool
	Notice    *ui.Notice
	Picture   ui.Bands
	Presets   ui.Items
	Form      RuleForm
	Versions  ui.Timeline
	Orders    ui.Field // to test the rule on
	Tested    *ui.Notice
	Delete    ui.Dialog
	Switch    ui.Button
	SwitchTo  string
	HasOrders bool
	Nobody    *ui.Notice // whom it names finds nobody
	Replay    *RuleReplay
}

func (v *visit) newRule() error {
	if err := v.actor.RequireSomewhere(access.ApprovalRulesManage); err != nil {
		return err
	}
	c := v.ruleCurrency()
	r, err := v.preset(v.query("preset"), c)
	if err != nil {
		return err
	}
	d := draftOf(r, v.l, v.zone, c)
	if form := v.keptFor("/rules"); form != nil {
		d = readDraft(form)
	}
	return v.rulePage(view.Rule{}, d, attempt{})
}

// ruleCurrency is the company's, in which a rule is typed unless it says another.
func (v *visit) ruleCurrency() money.Currency {
	c, err := v.Approving.OwnCurrency(v.ctx(), v.actor)
	if err != nil || c == "" {
		return "EUR" // the form says it, and takes another
	}
	return c
}

// preset is the rule that one begins with: bands of the amount, or one of the three simple conditions.
func (v *visit) preset(name string, c money.Currency) (approval.Rule, error) {
	manager, administrator := approval.Source{Kind: approval.OfManager, Level: 1}, approval.Source{Kind: approval.OfAdministrator}
	amount := func(whole int64) money.Money {
		m := money.Of(whole, c)
		for range c.Digits() {
			m.Minor *= 10
		}
		return m
	}
	r := approval.Rule{Name: v.T("Amount bands"), Enabled: true, Basis: approval.Net}
	simple := func(title string, m approval.Measure, bound approval.Value) (approval.Rule, error) {
		s, err := approval.Preset(m, approval.Above, bound, approval.Asks(manager))
		r.Name, r.Steps = title, []approval.Step{s}
		return r, err
	}
	switch name {
	case "total":
		return simple(v.T("Large orders"), approval.OrderTotal, approval.Value{Money: amount(1000)})
	case "shipping":
		return simple(v.T("Dear shipping"), approval.ShippingCost, approval.Value{Money: amount(50)})
	case "skus":
		return simple(v.T("Many articles"), approval.DistinctSKUs, approval.Value{Number: quantity.Of(20)})
	}
	first, second := amount(1000), amount(10000)
	then := approval.Asks(manager)
	then.Stages = append(then.Stages, approval.Asks(administrator).Stages...)
	r.Steps = []approval.Step{{}, {Above: &first, Then: approval.Asks(manager)}, {Above: &second, Then: then}}
	return r, nil
}

func (v *visit) rule() error {
	key, err := named(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	return v.ruleAgain(key, attempt{})
}

func (v *visit) ruleAgain(key id.Rule, a attempt) error {
	r, err := v.Approving.GetRule(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	if form := v.keptFor("/rules/" + key.String()); form != nil {
		return v.rulePage(r, readDraft(form), a)
	}
	d := draftOf(r.Rule, v.l, v.zone, v.ruleCurrency())
	if d.replay.months = v.query("months"); d.replay.months != "" {
		if err := v.replayDraft(d, r.Rule); err != nil {
			return err
		}
	}
	return v.rulePage(r, d, a)
}

// rulePage shows a rule with its form, which says what the draft does.
func (v *visit) rulePage(r view.Rule, d *ruleDraft, a attempt) error {
	sources, err := v.Approving.Sources(v.ctx(), v.actor, r.Rule)
	if err != nil {
		return err
	}
	fresh := r.ID.IsZero()
	p := RulePage{Frame: v.frame(v.T("Approval rules"), "company"), URL: "/rules", Version: ifEmpty(d.version, strconv.Itoa(r.Version)), Fresh: fresh,
		Edits: v.actor.MaySomewhere(access.ApprovalRulesManage), Picture: v.picture(r.Rule, sources)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Approval rules"), URL: "/rules"}}, Title: r.Name, Note: joined(" · ", v.measured(r.Rule), r.Description)}
	if fresh {
		p.Header.Title, p.Header.Note = v.T("New rule"), v.T("It counts for what is submitted from the moment you save it.")
		p.Presets = v.presets()
	}
	p.Notice = v.ruleNotice(a)
	if p.Notice == nil {
		p.Notice = v.otherCurrency(r.Rule)
	}
	if !fresh {
		p.Nobody = v.nobody(r.Rule, sources)
	}
	if p.Edits {
		if p.Form, err = v.ruleForm(d, a.of("rule")); err != nil {
			return err
		}
	}
	if !fresh {
		p.URL += "/" + r.ID.String()
		if err := v.aboutRule(&p, r); err != nil {
			return err
		}
	}
	if p.Replay, err = v.replayPart(d.replay); err != nil {
		return err
	}
	if p.Replay != nil && !p.Edits {
		p.Replay.URL = p.URL
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) presets() ui.Items {
	return ui.Items{Label: v.T("Begin with"), Items: []ui.Item{
		{Title: v.T("Amount bands"), Text: v.T("Who decides depends on how large the order is."), Icon: ui.IconTrend, URL: "/rules/new?preset=bands"},
		{Title: v.T("Order total"), Text: v.T("Above an amount, tax and shipping included."), Icon: ui.IconScale, URL: "/rules/new?preset=total"},
		{Title: v.T("Shipping cost"), Text: v.T("When shipping costs more than it should."), Icon: ui.IconTruck, URL: "/rules/new?preset=shipping"},
		{Title: v.T("Number of articles"), Text: v.T("When more different articles are ordered than usual."), Icon: ui.IconStock, URL: "/rules/new?preset=skus"},
	}}
}

// otherCurrency says what it means that a rule counts in other currencies than the company's.
func (v *visit) otherCurrency(r approval.Rule) *ui.Notice {
	own := v.ruleCurrency()
	n := ui.Notice{Tone: ui.Warn, Title: v.T("Another currency")}
	for _, c := range r.Foreign(own) {
		n.Reasons = append(n.Reasons, v.phrase(approval.OtherCurrency(c, own)))
	}
	if len(n.Reasons) == 0 {
		return nil
	}
	return &n
}

// ruleNotice says what is wrong with a rule as a whole, and lists what is wrong with its fields: the form is long.
func (v *visit) ruleNotice(a attempt) *ui.Notice {
	n := ui.Notice{Tone: ui.Bad, Title: a.rest}
	for _, field := range slices.Sorted(maps.Keys(a.wrong)) {
		n.Reasons = append(n.Reasons, a.wrong[field])
	}
	switch n.Reasons = once(n.Reasons); {
	case a.rest == "" && len(n.Reasons) == 0:
		return nil
	case a.rest == "":
		n.Title = v.T("The rule was not saved. What is wrong also stands beside its field:")
	}
	return &n
}

// vocabulary are the words of conditions, with an example of each.
func (v *visit) vocabulary() ui.Facts {
	examples := map[approval.FactKind]string{approval.MoneyFact: "> 500 EUR", approval.NumberFact: "> 20", approval.PercentFact: "> 10 %", approval.DateFact: "< 2026-12-31",
		approval.TextFact: `= "…"`, approval.ListFact: `has "…"`, approval.FlagFact: ""}
	var f ui.Facts
	for _, fact := range approval.Vocabulary() {
		f.Facts = append(f.Facts, ui.Fact{Label: capital(v.T(fact.Label)), Value: code(strings.TrimSpace(fact.Name + " " + examples[fact.Kind]))})
	}
	f.Columns = true
	return f
}

// aboutRule is what stands beside a rule that is kept.
func (v *visit) aboutRule(p *RulePage, r view.Rule) error {
	versions, err := v.Approving.Versions(v.ctx(), v.actor, r.ID)
	if err != nil {
		return err
	}
	rules := []approval.Rule{r.Rule}
	for _, w := range versions {
		rules = append(rules, w.Rule)
	}
	sources, err := v.Approving.Sources(v.ctx(), v.actor, rules...)
	if err != nil {
		return err
	}
	p.Versions = ui.Timeline{Label: v.T("Versions")}
	for i := len(versions) - 1; i >= 0; i-- {
		w := versions[i]
		e := ui.Event{When: v.time(w.At), Person: ui.Person{Name: ifEmpty(w.ByName, "Kontor")}, Title: v.T("made version %d", w.Rule.Version), Icon: ui.IconHistory}
		var before *approval.Rule
		if i+1 < len(versions) { // the newest is the first
			before = &versions[i+1].Rule
		}
		e.Body = v.ruleChanges(w.Rule, before, sources)
		p.Versions.Events = append(p.Versions.Events, e)
	}
	p.Header.Badge = ui.Badge{Label: v.T("On"), Tone: ui.Good}
	p.Switch, p.SwitchTo = ui.Button{Label: v.T("Switch off"), Icon: ui.IconPause, Form: "switch"}, "no"
	if !r.Enabled {
		p.Header.Badge = ui.Badge{Label: v.T("Off")}
		p.Switch, p.SwitchTo = ui.Button{Label: v.T("Switch on"), Icon: ui.IconPlay, Form: "switch"}, "yes"
	}
	p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", r.Name), Text: v.T("It no longer counts for new orders. Purchase orders that wait keep the version they were submitted under.")}
	if p.Edits {
		p.Header.Actions = ui.All{p.Switch, ui.Button{Label: v.T("Delete"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "delete"}}
	}
	return v.testing(p, r, sources)
}

// ruleChange is a line of what a version of a rule says, and how it differs from the version before.
type ruleChange struct{ mark, text string }

type ruleChanges []ruleChange

// ruleChanges says what a version of a rule wants, with its bounds and conditions, and what of that the one before did not.
func (v *visit) ruleChanges(r approval.Rule, before *approval.Rule, sources approving.Sources) (all ruleChanges) {
	lines, was := v.ruleLines(r, sources), []string(nil)
	if before != nil {
		was = v.ruleLines(*before, sources)
	}
	for _, line := range lines {
		c := ruleChange{text: line}
		if before != nil && !slices.Contains(was, line) {
			c.mark = v.T("New")
		}
		all = append(all, c)
	}
	for _, line := range was {
		if !slices.Contains(lines, line) {
			all = append(all, ruleChange{v.T("No longer"), line})
		}
	}
	if before != nil && !sameBesides(r, *before) {
		all = append(all, ruleChange{v.T("New"), v.T("what the rule says besides: its name, whether and when it counts, whom it is about, or who is told")})
	}
	return all
}

// ruleLines is a rule in words, one line for each of its steps.
func (v *visit) ruleLines(r approval.Rule, sources approving.Sources) (lines []string) {
	for _, b := range v.picture(r, sources).Bands {
		lines = append(lines, joined(": ", ifEmpty(b.From, v.T("every order")), b.Title))
	}
	return lines
}

// sameBesides reports whether two versions of a rule differ in their steps alone.
func sameBesides(a, b approval.Rule) bool {
	a.Steps, b.Steps, a.Version, b.Version = nil, nil, 0, 0
	return reflect.DeepEqual(a, b)
}

// testing holds the rule against a purchase order, where the reader chose one.
func (v *visit) testing(p *RulePage, r view.Rule, sources approving.Sources) error {
	var carts []view.Basket
	var list page.List[view.PurchaseOrder]
	var err error
	if v.actor.MaySomewhere(access.CartsManage) && v.actor.MaySomewhere(access.CheckoutPlace) {
		if carts, err = v.Purchasing.Carts(v.ctx(), v.actor); err != nil {
			return err
		}
	}
	if v.actor.MaySomewhere(access.PurchaseOrdersView) {
		if list, err = v.Approving.ListPurchaseOrders(v.ctx(), v.actor, approving.Filter{}, page.Ask{Limit: 30}); err != nil {
			return err
		}
	}
	p.Orders = ui.Field{As: ui.AsSelect, Name: "try", Label: v.T("Cart or purchase order"), Value: v.query("try"), Options: []ui.Option{{Label: v.T("Choose one")}}, Optional: true, Unmarked: true}
	for _, c := range carts {
		if c.Lines > 0 {
			p.Orders.Options = append(p.Orders.Options, ui.Option{Value: c.ID.String(), Label: joined(" · ", v.T("Your cart"), c.Name, v.N(int(c.Lines), "%d line", "%d lines"))})
		}
	}
	for _, po := range list.Rows {
		p.Orders.Options = append(p.Orders.Options, ui.Option{Value: po.ID.String(), Label: joined(" · ", po.Number, v.money(po.Net), po.RequesterName)})
	}
	p.HasOrders = len(p.Orders.Options) > 1
	if v.query("try") == "" {
		return nil
	}
	t, err := v.tested(r.Rule, v.query("try"))
	if tellable(err) { // a cart that has no total
		p.Tested = &ui.Notice{Tone: ui.Bad, Title: v.sentence(fault.Of(err))}
		for _, r := range fault.Of(err).Reasons {
			p.Tested.Reasons = append(p.Tested.Reasons, v.sentence(r))
		}
		return nil
	}
	if err != nil {
		return err
	}
	n := ui.Notice{Tone: ui.Info, Title: v.T("The rule is not about orders like this one")}
	if t.Applies {
		n.Title = v.T("Nothing of the rule holds for it")
	}
	for i, s := range t.Steps {
		if i == 0 {
			n.Tone, n.Title = ui.Good, v.wanted(s.Then, sources)
		}
		n.Reasons = append(n.Reasons, capital(v.phrase(s.Why)))
	}
	p.Tested = &n
	return nil
}

// tested holds a rule against a cart of the reader, or against a purchase order, whose identifier says which it is.
func (v *visit) tested(r approval.Rule, key string) (approving.Tested, error) {
	if c, err := id.ParseCart(key); err == nil {
		facts, err := v.Purchasing.Facts(v.ctx(), v.actor, c)
		if err != nil {
			return approving.Tested{}, err
		}
		return v.Approving.TestRuleOn(v.ctx(), v.actor, r, facts)
	}
	po, err := id.ParsePurchaseOrder(key)
	if err != nil {
		return approving.Tested{}, err
	}
	return v.Approving.TestRule(v.ctx(), v.actor, r, po)
}

// ruleSaid is the rule that a form says; or, where a button asked for something else than saving it, its page with the
// form as that makes it. Nothing but the button that saves does.
func (v *visit) ruleSaid(was view.Rule, save func(approval.Rule) (to, said string, err error)) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	v.stays()
	d := readDraft(form)
	act := form.Get("do")
	if act == "replay" {
		r, err := d.rule(v.l, v.zone)
		if r.ID = was.ID; err == nil {
			err = v.replayDraft(d, r)
		}
		if err != nil {
			return v.again("rule", form, err, func(a attempt) error { return v.rulePage(was, d, a) })
		}
		return v.rulePage(was, d, attempt{})
	}
	if act != "save" {
		if err := v.reshape(d, act); err != nil {
			return v.again("rule", form, err, func(a attempt) error { return v.rulePage(was, d, a) })
		}
		return v.rulePage(was, d, attempt{})
	}
	r, err := d.rule(v.l, v.zone)
	var to, said string
	r.ID, r.Version = was.ID, int(version(form.Get("version")))
	err = v.check(err, func() (err error) {
		to, said, err = save(r)
		return err
	})
	if err != nil {
		return v.again("rule", form, err, func(a attempt) error {
			if !a.made() && !was.ID.IsZero() {
				return v.ruleAgain(was.ID, a)
			}
			return v.rulePage(was, d, a)
		})
	}
	v.w.Header().Del("HX-Push-Url")
	return v.goOn(to, ui.Good, said)
}

// reshape does to a draft what a button of its form says.
func (v *visit) reshape(d *ruleDraft, act string) error {
	verb, part, _ := strings.Cut(act, ":")
	if verb != "text" && verb != "form" {
		d.do(act)
		return nil
	}
	path, ok := places(part)
	if !ok || len(path) != 1 || path[0] >= len(d.steps) {
		return nil
	}
	s := &d.steps[path[0]]
	if verb == "form" {
		var in fault.Input
		in.Take(stepAt(path[0])+".when", s.toForm(v.l))
		return in.Err()
	}
	return s.toText(stepAt(path[0])+".if", v.l, money.Currency(d.currency))
}

func (v *visit) createsRule() error {
	if err := v.actor.RequireSomewhere(access.ApprovalRulesManage); err != nil {
		return err
	}
	return v.ruleSaid(view.Rule{}, func(r approval.Rule) (string, string, error) {
		made, err := v.Approving.CreateRule(v.ctx(), v.actor, r)
		return "/rules/" + made.ID.String(), v.T("The rule was made. It counts from now on."), err
	})
}

func (v *visit) editsRule() error {
	key, err := named(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	was, err := v.Approving.GetRule(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.ruleSaid(was, func(r approval.Rule) (string, string, error) {
		_, err := v.Approving.EditRule(v.ctx(), v.actor, r)
		return "/rules/" + key.String(), v.T("The rule was saved as a new version."), err
	})
}

func (v *visit) enablesRule() error {
	return v.onRule(v.T("The rule was saved as a new version."), func(key id.Rule, seen int, form url.Values) error {
		_, err := v.Approving.EnableRule(v.ctx(), v.actor, key, seen, form.Get("enabled") == "yes")
		return err
	})
}

func (v *visit) deletesRule() error {
	key, form, err := posted(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	if err := v.Approving.DeleteRule(v.ctx(), v.actor, key, int(version(form.Get("version")))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.ruleAgain(key, a) })
	}
	return v.goOn("/rules", ui.Good, v.T("The rule was deleted."))
}

// onRule does one thing to a rule, and leads back to it.
func (v *visit) onRule(said string, do func(key id.Rule, seen int, form url.Values) error) error {
	key, form, err := posted(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	if err := do(key, int(version(form.Get("version"))), form); err != nil {
		return v.again("rule", nil, err, func(a attempt) error { return v.ruleAgain(key, a) })
	}
	return v.goOn("/rules/"+key.String(), ui.Good, said)
}

func ifEmpty(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
