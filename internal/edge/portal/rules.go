package portal

import (
	"slices"
	"strings"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// rules adds the pages of who decides on which orders.
func (p *Portal) rules(look looking, act adding) {
	look("/rules", access.ApprovalRulesView, "Approval rules", (*visit).ruleList)
	look("/rules/new", access.ApprovalRulesManage, "New rule", (*visit).newRule)
	act("/rules", access.ApprovalRulesManage, (*visit).createsRule)
	look("/rules/{rule}", access.ApprovalRulesView, "An approval rule", (*visit).rule)
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
	Nobody     *ui.Notice // of a rule that names somebody who finds nobody
}

func (v *visit) ruleList() error {
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	state := oneOf(v, "state", "on", "off")
	f := approving.RuleFilter{Text: v.query("q")}
	if state != "" {
		on := state == "on"
		f.Enabled = &on
	}
	list, err := v.Approving.ListRules(v.ctx(), v.actor, f, place.ask)
	if err != nil {
		return err
	}
	p := RulesPage{Frame: v.frame(v.T("Approval rules"), "company"), Pager: place.pager(len(list.Rows), list.Next, page.Uncounted())}
	p.Header = ui.Header{Title: v.T("Approval rules"), Note: v.T("Who must agree to which orders. All rules that match count, together with budgets and limits.")}
	if v.actor.MaySomewhere(access.ApprovalRulesManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New rule"), URL: "/rules/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	states := []ui.Option{{Label: v.T("Any state")}, {Value: "on", Label: v.T("On")}, {Value: "off", Label: v.T("Off")}}
	p.Filters = ui.Filters{Action: "/rules", HX: ui.HX{Region: "rules"}, Search: ui.SearchField{Label: v.T("Name of the rule"), Value: v.query("q")}, Clear: "/rules",
		Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: v.T("State"), Value: state, Options: states}}}
	if state != "" {
		p.Filters.Chips = append(p.Filters.Chips, v.chip(labelOf(states, state), "state"))
	}
	p.Empty = v.asking(access.ApprovalRulesManage, ui.Empty{Icon: ui.IconRule, Title: v.T("No rules here"), Text: v.T("Without a rule, orders within the budget go straight through. Begin with the amounts above which somebody must agree.")})
	rules := make([]approval.Rule, len(list.Rows))
	for i, r := range list.Rows {
		rules[i] = r.Rule
	}
	sources, err := v.Approving.Sources(v.ctx(), v.actor, rules...)
	if err != nil {
		return err
	}
	for _, r := range list.Rows {
		p.Rules = append(p.Rules, v.ruleCard(r, sources))
	}
	if err := v.inheritedRules(&p); err != nil {
		return err
	}
	if len(p.Above) > 0 {
		p.Empty = v.asking(access.ApprovalRulesManage, ui.Empty{Icon: ui.IconRule, Title: v.T("No rules of your own"), Text: v.T("Yours would count besides.")})
	}
	return v.show(p.View())
}

// inheritedRules are those of the companies above, on the first page of a list that nothing narrows.
func (v *visit) inheritedRules(p *RulesPage) error {
	if v.query("q") != "" || v.query("state") != "" || v.query("at") != "" {
		return nil
	}
	all, err := v.Approving.InheritedRules(v.ctx(), v.actor)
	if err != nil || len(all) == 0 {
		return err
	}
	sources, err := v.Approving.Sources(v.ctx(), v.actor, all...)
	for _, r := range all {
		p.Above = append(p.Above, RuleCard{Nobody: v.nobody(r, sources), Name: r.Name, Note: joined(" · ", v.T("Every order of ours"), r.Description), Picture: v.picture(r, sources),
			Actions: ui.All{ui.Badge{Label: v.T("Rule of %s", r.Of.Name), Tone: ui.Info}}})
	}
	return err
}

func (v *visit) ruleCard(r view.Rule, sources approving.Sources) RuleCard {
	state := ui.Badge{Label: v.T("On"), Tone: ui.Good}
	if !r.Enabled {
		state = ui.Badge{Label: v.T("Off")}
	}
	where := r.UnitName
	if where == "" {
		where = v.T("The whole company")
	}
	return RuleCard{Nobody: v.nobody(r.Rule, sources), Name: r.Name, Note: joined(" · ", where, v.measured(r.Rule), r.Description), Picture: v.picture(r.Rule, sources),
		Actions: ui.All{state, ui.LinkButton{Label: v.T("Open %s", r.Name), IconOnly: true, Icon: ui.IconNext, URL: "/rules/" + r.ID.String(), Kind: ui.Quiet, Small: true}}}
}

// picture shows which amounts, or which cases, ask whom.
func (v *visit) picture(r approval.Rule, sources approving.Sources) ui.Bands {
	b := ui.Bands{Label: v.T("Who decides"), Zero: v.l.Money(money.Of(0, currencyOf(r)))}
	for i, s := range r.Steps {
		band := ui.Band{Title: v.wanted(s.Then, sources)}
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

// measured says what the amounts of a rule are held against, where it names any: conditions name that themselves.
func (v *visit) measured(r approval.Rule) string {
	if !r.Bands() && !slices.ContainsFunc(r.Steps, func(s approval.Step) bool { return s.Then.UpTo != nil }) {
		return ""
	}
	switch r.Basis {
	case approval.NetShipping:
		return v.T("amounts: goods and shipping, net")
	case approval.Gross:
		return v.T("amounts: everything, with tax")
	}
	return v.T("amounts: goods, net")
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
func (v *visit) wanted(r approval.Requirement, sources approving.Sources) string {
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
				of = append(of, v.sourceName(s, sources))
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
func (v *visit) sourceName(s approval.Source, sources approving.Sources) string {
	switch name := sources.Called[s]; {
	case name == "" || s.Kind != approval.OfMember && s.Kind != approval.OfRole && s.Kind != approval.OfRoleInUnit:
		return capital(v.source(s, name))
	case s.Kind == approval.OfRoleInUnit:
		return v.T("%s in the requester's unit", name)
	default:
		return name
	}
}

// nobody says of a rule who of those it names finds nobody, where another is not enough.
func (v *visit) nobody(r approval.Rule, sources approving.Sources) *ui.Notice {
	if !r.Enabled {
		return nil
	}
	var empty []string
	for _, s := range sources.Short(r) {
		empty = append(empty, v.source(s, sources.Called[s]))
	}
	if len(empty) == 0 {
		return nil
	}
	return &ui.Notice{Tone: ui.Warn, Title: v.T("Nobody to decide: %s", v.l.List(once(empty)...)), Text: v.T("The next manager above is asked instead, or an administrator. Name somebody else in the rule, or give somebody active the role and the right to approve.")}
}
