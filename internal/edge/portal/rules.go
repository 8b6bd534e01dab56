package portal

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// rules adds the pages of who decides on which orders.
func (p *Portal) rules(look, act adding) {
	look("/rules", access.ApprovalRulesView, (*visit).ruleList)
	look("/rules/new", access.ApprovalRulesManage, (*visit).newRule)
	act("/rules", access.ApprovalRulesManage, (*visit).createsRule)
	look("/rules/{rule}", access.ApprovalRulesView, (*visit).rule)
	act("/rules/{rule}", access.ApprovalRulesManage, (*visit).editsRule)
	act("/rules/{rule}/enable", access.ApprovalRulesManage, (*visit).enablesRule)
	act("/rules/{rule}/delete", access.ApprovalRulesManage, (*visit).deletesRule)
}

// RulesPage lists approval rules, each with its picture.
type RulesPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Above   []RuleCard // of the companies above: they come first, and are changed there
	Rules   []RuleCard
	Empty   ui.Empty
	Pager   ui.Pager
}

// RuleCard is a rule in the list.
type RuleCard struct {
	Name, Note string
	Actions    ui.All
	Picture    ui.Bands
}

func (v *visit) ruleList() error {
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	list, err := v.Approving.ListRules(v.ctx(), v.actor, approving.RuleFilter{Text: v.query("q")}, place.ask)
	if err != nil {
		return err
	}
	names, err := v.sourceNames()
	if err != nil {
		return err
	}
	p := RulesPage{Frame: v.frame(v.T("Approval rules"), "company"), Pager: place.pager(len(list.Rows), list.Next, -1)}
	p.Header = ui.Header{Title: v.T("Approval rules"), Note: v.T("Who must agree to which orders. All rules that match count, together with budgets and limits.")}
	if v.actor.MaySomewhere(access.ApprovalRulesManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New rule"), URL: "/rules/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Filters = ui.Filters{Action: "/rules", HX: ui.HX{Region: "rules"}, Search: ui.SearchField{Label: v.T("Name of the rule"), Value: v.query("q")}}
	p.Empty = ui.Empty{Icon: ui.IconRule, Title: v.T("No rules here"), Text: v.T("Without a rule, orders within the budget go straight through. Begin with the amounts above which somebody must agree.")}
	for _, r := range list.Rows {
		p.Rules = append(p.Rules, v.ruleCard(r, names))
	}
	if err := v.inheritedRules(&p, names); err != nil {
		return err
	}
	if len(p.Above) > 0 {
		p.Empty = ui.Empty{Icon: ui.IconRule, Title: v.T("No rules of your own"), Text: v.T("Yours would count besides.")}
	}
	return v.show(p.View())
}

// inheritedRules are those of the companies above, on the first page of a list that nothing narrows.
func (v *visit) inheritedRules(p *RulesPage, names []ui.Option) error {
	if v.query("q") != "" || v.query("at") != "" {
		return nil
	}
	all, err := v.Approving.InheritedRules(v.ctx(), v.actor)
	for _, r := range all {
		p.Above = append(p.Above, RuleCard{Name: r.Name, Note: joined(" · ", v.T("Every order of ours"), r.Description), Picture: v.picture(r, names),
			Actions: ui.All{ui.Badge{Label: v.T("Rule of %s", r.Of.Name), Tone: ui.Info}}})
	}
	return err
}

func (v *visit) ruleCard(r view.Rule, names []ui.Option) RuleCard {
	state := ui.Badge{Label: v.T("On"), Tone: ui.Good}
	if !r.Enabled {
		state = ui.Badge{Label: v.T("Off")}
	}
	where := r.UnitName
	if where == "" {
		where = v.T("The whole company")
	}
	return RuleCard{Name: r.Name, Note: joined(" · ", where, r.Description), Picture: v.picture(r.Rule, names),
		Actions: ui.All{state, ui.LinkButton{Label: v.T("Open %s", r.Name), IconOnly: true, Icon: ui.IconNext, URL: "/rules/" + r.ID.String(), Kind: ui.Quiet, Small: true}}}
}

// picture shows which amounts, or which cases, ask whom.
func (v *visit) picture(r approval.Rule, names []ui.Option) ui.Bands {
	b := ui.Bands{Label: v.T("Who decides"), Zero: v.money(money.Of(0, currencyOf(r)))}
	for i, s := range r.Steps {
		band := ui.Band{Title: v.wanted(s.Then, names)}
		if s.Then.Effect == approval.Nothing || s.Then.Effect == approval.Approve {
			band.Tone = ui.Good
		}
		switch {
		case s.Above != nil:
			band.From = v.T("above %s", *s.Above)
		case !r.Bands():
			band.From = s.When.String()
			if s.When.IsAlways() {
				band.From = v.T("every order")
			}
			if i > 0 && s.When.IsAlways() {
				band.From = v.T("otherwise")
			}
		}
		b.Bands = append(b.Bands, band)
	}
	return b
}

func currencyOf(r approval.Rule) money.Currency {
	for _, s := range r.Steps {
		if s.Above != nil {
			return s.Above.Currency
		}
	}
	return ""
}

// wanted is what a step wants, in words.
func (v *visit) wanted(r approval.Requirement, names []ui.Option) string {
	switch r.Effect {
	case approval.Nothing:
		return v.T("Nobody is asked")
	case approval.Approve:
		return v.T("Approved automatically")
	case approval.Refuse:
		return v.T("Refused")
	}
	var stages []string
	for _, stage := range r.Stages {
		var groups []string
		for _, g := range stage.Groups {
			var of []string
			for _, s := range g.Of {
				of = append(of, v.sourceName(s, names))
			}
			text := strings.Join(of, " / ")
			if g.K > 1 {
				text = v.T("%d of %s", g.K, text)
			}
			groups = append(groups, text)
		}
		stages = append(stages, v.l.List(groups...))
	}
	return strings.Join(stages, " → ")
}

// sourceName is a source of approvers by name, where it has one.
func (v *visit) sourceName(s approval.Source, names []ui.Option) string {
	if name := labelOf(names, sourceKey(s)); name != "" {
		return name
	}
	return capital(v.source(s, approval.Group{}))
}

// sourceKey is a source as a form sends it.
func sourceKey(s approval.Source) string {
	switch s.Kind {
	case approval.OfMember:
		return string(s.Kind) + ":" + s.Member.String()
	case approval.OfRole, approval.OfRoleInUnit:
		return string(s.Kind) + ":" + s.Role.String()
	case approval.OfManager:
		return string(s.Kind) + ":" + strconv.Itoa(s.Level)
	}
	return string(s.Kind)
}

// parseSource reads a source that was sent.
func parseSource(key string) (s approval.Source, err error) {
	kind, of, _ := strings.Cut(key, ":")
	s.Kind = approval.SourceKind(kind)
	switch s.Kind {
	case approval.OfMember:
		s.Member, err = id.ParseMember(of)
	case approval.OfRole, approval.OfRoleInUnit:
		s.Role, err = id.ParseRole(of)
	case approval.OfManager:
		s.Level, err = strconv.Atoi(of)
	}
	return s, err
}

// sourceNames are the sources of approvers that a form offers.
func (v *visit) sourceNames() ([]ui.Option, error) {
	line, roles, members := v.T("In line"), v.T("Holders of a role"), v.T("People")
	var all []ui.Option
	for _, s := range []approval.Source{{Kind: approval.OfManager, Level: 1}, {Kind: approval.OfManager, Level: 2}, {Kind: approval.OfCovering}, {Kind: approval.OfUnitHead},
		{Kind: approval.OfCostCentre}, {Kind: approval.OfBudget}, {Kind: approval.OfAdministrator}} {
		all = append(all, ui.Option{Value: sourceKey(s), Label: capital(v.source(s, approval.Group{})), Group: line})
	}
	given, err := v.rolesToGive("")
	if err != nil {
		return nil, err
	}
	for _, r := range given[1:] {
		all = append(all, ui.Option{Value: string(approval.OfRole) + ":" + r.Value, Label: r.Label, Group: roles})
	}
	people, err := v.deciders("")
	if err != nil {
		return nil, err
	}
	for _, m := range people[1:] {
		all = append(all, ui.Option{Value: string(approval.OfMember) + ":" + m.Value, Label: m.Label, Group: members})
	}
	return all, nil
}

// The parts of the form of a rule.
const (
	byBands     = "bands"
	byCondition = "condition"
	refuses     = "refuse"
	mostBands   = 4
)

// ruleForm is a rule as the form has it.
func ruleForm(r approval.Rule) url.Values {
	form := url.Values{"name": {r.Name}, "description": {r.Description}, "basis": {string(r.Basis)}, "how": {byCondition}}
	if r.Enabled {
		form.Set("enabled", "on")
	}
	if !r.At.Unit.IsZero() {
		form.Set("unit", r.At.Unit.String())
	}
	for _, role := range r.AppliesTo.Roles {
		form.Add("role", role.String())
	}
	if r.Bands() {
		form.Set("how", byBands)
	}
	for i, s := range r.Steps {
		n := strconv.Itoa(i)
		if s.Above != nil {
			form.Set("above"+n, s.Above.Amount())
		}
		if !s.When.IsAlways() {
			form.Set("when", s.When.String())
		}
		at := n
		if !r.Bands() {
			at = "c"
		}
		first, second := sourcesIn(s.Then)
		form.Set("then"+at, first)
		form.Set("and"+at, second)
	}
	return form
}

// sourcesIn are the one or two sources of a requirement as simple as the form's.
func sourcesIn(r approval.Requirement) (first, second string) {
	if r.Effect == approval.Refuse {
		return refuses, ""
	}
	for i, stage := range r.Stages {
		for _, g := range stage.Groups {
			for _, s := range g.Of {
				if i == 0 {
					first = sourceKey(s)
				} else {
					second = sourceKey(s)
				}
			}
		}
	}
	return first, second
}

// ruleSaid reads the rule of a form.
func (v *visit) ruleSaid(form url.Values, c money.Currency) (r approval.Rule, err error) {
	var wrong fault.Input
	r = approval.Rule{Name: strings.TrimSpace(form.Get("name")), Description: strings.TrimSpace(form.Get("description")), Enabled: form.Has("enabled"), Basis: approval.Basis(form.Get("basis"))}
	r.At.Unit, err = picked(form.Get("unit"), id.ParseUnit)
	wrong.Take("unit", err)
	for _, typed := range form["role"] {
		role, err := picked(typed, id.ParseRole)
		if !wrong.Take("role", err) && typed != "" {
			r.AppliesTo.Roles = append(r.AppliesTo.Roles, role)
		}
	}
	if form.Get("how") == byCondition {
		s := approval.Step{Then: requirement(&wrong, form, "c")}
		if when := strings.TrimSpace(form.Get("when")); when != "" {
			s.When, err = approval.Parse(when)
			wrong.Take("when", err)
		}
		r.Steps = []approval.Step{s}
		return r, wrong.Err()
	}
	for i := range mostBands {
		n := strconv.Itoa(i)
		s := approval.Step{Then: requirement(&wrong, form, n)}
		if i > 0 {
			typed := strings.TrimSpace(form.Get("above" + n))
			if typed == "" {
				continue
			}
			m, err := money.Parse(v.l.Plain(typed), c)
			wrong.Take("above"+n, err)
			s.Above = &m
		}
		r.Steps = append(r.Steps, s)
	}
	if len(r.Steps) < 2 {
		wrong.Add("above1", "required", "say above which amount somebody decides")
	}
	return r, wrong.Err()
}

// requirement reads who is asked, and who after them.
func requirement(wrong *fault.Input, form url.Values, at string) approval.Requirement {
	if form.Get("then"+at) == refuses {
		return approval.Requirement{Effect: approval.Refuse}
	}
	var r approval.Requirement
	for _, field := range []string{"then" + at, "and" + at} {
		key := form.Get(field)
		if key == "" {
			continue
		}
		s, err := parseSource(key)
		if wrong.Take(field, err) {
			continue
		}
		r.Effect = approval.Ask
		r.Stages = append(r.Stages, approval.WantedStage{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{s}}}})
	}
	return r
}

// plainRule reports whether the form can show all of a rule: what comes back of it is the same rule.
func (v *visit) plainRule(r approval.Rule) bool {
	form := ruleForm(r)
	for i := range r.Steps {
		if field := "above" + strconv.Itoa(i); form.Has(field) {
			form.Set(field, v.l.Amount(*r.Steps[i].Above))
		}
	}
	back, err := v.ruleSaid(form, currencyOf(r))
	if err != nil || len(r.Watchers)+len(r.AppliesTo.Members)+len(r.AppliesTo.Units)+len(r.AppliesTo.CostCentres) > 0 || len(r.AppliesTo.Roles) > 1 || !r.From.IsZero() || !r.Until.IsZero() {
		return false
	}
	return reflect.DeepEqual(back.Steps, r.Steps)
}
