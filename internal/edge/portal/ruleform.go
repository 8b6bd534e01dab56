package portal

import (
	"cmp"
	"slices"
	"strconv"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
)

// RuleForm is the form of a rule: all that one can be.
type RuleForm struct {
	T        ui.Translate
	Name     ui.Field
	Note     ui.Field
	Enabled  ui.Check
	Steps    []StepPart
	StepsBad string
	More     ui.Button
	How      ui.Radios
	Measured []ui.Field // basis and currency: what amounts are held against
	Place    ui.Field
	Narrowed []ui.Picks
	Watchers ui.Picks
	Valid    []ui.Field
	Kept     []ui.Kept // the instants that days and times were written from
	Priority ui.Field
	Facts    ui.Facts
	Narrows  bool // what is folded away says something
}

// StepPart is a case of a rule in its form.
type StepPart struct {
	Part   ui.Part
	First  bool
	Zero   string
	Above  ui.Field
	When   WhenPart
	Effect ui.Field
	UpTo   ui.Field
	Stages []StagePart
	More   ui.All
	Flaw   string // what is wrong with its stages as a whole
}

// WhenPart is the condition of a case, put together or as text.
type WhenPart struct {
	As     string
	At     string
	AsText bool
	Flaw   string // what is wrong with what was put together as a whole
	Text   ui.Field
	Label  string
	Said   string // the text of what was put together
	Test   TestPart
	Other  ui.Button
}

// TestPart is a group of tests, or one comparison.
type TestPart struct {
	Part  ui.Part
	Group bool
	Join  ui.Field
	Of    []TestPart
	More  ui.All
	Fact  ui.Field
	Op    ui.Field
	Is    ui.Field
	Blank bool // nothing is chosen yet
	Flag  bool // it is compared with nothing
	Drop  ui.Button
}

// StagePart is a stage in the form.
type StagePart struct {
	Part    ui.Part
	Groups  []GroupPart
	Rejects ui.Check
	Alone   bool // one source, one voice: nothing to say of rejections
	More    ui.All
}

// GroupPart is a group of a stage in the form.
type GroupPart struct {
	Part   ui.Part
	Single bool // of one source, which must agree
	K      ui.Field
	Of     []SourcePart
	More   ui.All
}

// SourcePart is a source of approvers in the form.
type SourcePart struct {
	Kind, Member, CostCentre, Budget ui.Field
	Drop                             ui.Button
	Last                             bool // of its group: it cannot be taken out
}

// ruleChoices are what a rule's form offers.
type ruleChoices struct {
	sources, roles, units, members, costCentres, budgets []ui.Option
	facts                                                []ui.Option
}

func (v *visit) ruleChoices(d *ruleDraft) (c ruleChoices, err error) {
	if c.roles, err = v.rolesToGive(v.T("Choose a role")); err != nil {
		return c, err
	}
	if c.units, err = v.units(v.T("Choose a unit"), append(slices.Clone(d.picked["applies_to.units"]), d.unit)...); err != nil {
		return c, err
	}
	if c.members, err = v.deciders(v.T("Choose somebody"), d.members()...); err != nil {
		return c, err
	}
	if c.costCentres, err = v.costCentres(v.T("Those of the order")); err != nil {
		return c, err
	}
	if c.budgets, err = v.budgetsToName(v.T("Those charged")); err != nil {
		return c, err
	}
	c.sources = v.sourceKinds(c.roles[1:])
	c.facts = []ui.Option{{Label: v.T("Choose what")}}
	for _, f := range approval.Vocabulary() {
		c.facts = append(c.facts, ui.Option{Value: f.Name, Label: capital(v.T(f.Label))})
	}
	return c, nil
}

// sourceKinds are the sources of approvers that a form offers; which member, cost centre or budget is said beside.
func (v *visit) sourceKinds(roles []ui.Option) []ui.Option {
	all := []ui.Option{{Label: v.T("Choose who")}}
	add := func(group string, sources ...approval.Source) {
		for _, s := range sources {
			all = append(all, ui.Option{Value: sourceKey(s), Label: capital(v.source(s, "")), Group: group})
		}
	}
	line := v.T("In line")
	for level := 1; level <= approval.MostLevel; level++ {
		add(line, approval.Source{Kind: approval.OfManager, Level: level})
	}
	add(line, approval.Source{Kind: approval.OfCovering}, approval.Source{Kind: approval.OfUnitHead})
	add(v.T("Who answers for the money"), approval.Source{Kind: approval.OfCostCentre}, approval.Source{Kind: approval.OfBudget}, approval.Source{Kind: approval.OfBudgetManager})
	all = append(all, ui.Option{Value: string(approval.OfMember), Label: v.T("One person"), Group: v.T("People")})
	add(v.T("People"), approval.Source{Kind: approval.OfAdministrator}, approval.Source{Kind: approval.OfSeller})
	for _, r := range roles {
		all = append(all, ui.Option{Value: string(approval.OfRole) + ":" + r.Value, Label: r.Label, Group: v.T("Holders of a role")})
	}
	for _, r := range roles {
		all = append(all, ui.Option{Value: string(approval.OfRoleInUnit) + ":" + r.Value, Label: r.Label, Group: v.T("Holders of a role in the requester's unit")})
	}
	return all
}

// including is the options, with one for what is held and not among them: somebody or something that the reader may not see.
func including(options []ui.Option, held, label string) []ui.Option {
	if held == "" || slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == held }) {
		return options
	}
	if _, _, known := id.Inside(held); known {
		return append(slices.Clone(options), ui.Option{Value: held, Label: label})
	}
	return options
}

// doing is a small button that does something to a part of the form.
func (v *visit) doing(label string, icon ui.Icon, act string) ui.Button {
	return ui.Button{Label: label, Icon: icon, Kind: ui.Quiet, Small: true, Name: "do", Value: act}
}

func (v *visit) icon(label string, icon ui.Icon, act string) ui.Button {
	b := v.doing(label, icon, act)
	b.IconOnly = true
	return b
}

// tools are the buttons that move a part, or take it out.
func (v *visit) tools(name, at string, i, n int) ui.All {
	var all ui.All
	if i > 0 {
		all = append(all, v.icon(v.T("Move up: %s", name), ui.IconUp, "up:"+at))
	}
	if i+1 < n {
		all = append(all, v.icon(v.T("Move down: %s", name), ui.IconDown, "down:"+at))
	}
	if n > 1 {
		all = append(all, v.icon(v.T("Take out: %s", name), ui.IconDelete, "drop:"+at))
	}
	return all
}

// ruleForm is the form, filled with a draft, and with what is wrong with it.
func (v *visit) ruleForm(d *ruleDraft, a attempt) (f RuleForm, err error) {
	c, err := v.ruleChoices(d)
	if err != nil {
		return f, err
	}
	f.T, a.said = v.T, nil // what was said stands in the draft
	field := func(x ui.Field, also ...string) ui.Field {
		x.Unmarked = true
		return a.field(x, also...)
	}
	f.Name = field(ui.Field{Name: "name", Label: v.T("Name"), Value: d.name, MaxLength: approval.MostName})
	f.Note = field(ui.Field{As: ui.AsLongText, Name: "description", Label: v.T("Description"), Value: d.description, Rows: 2, MaxLength: approval.MostDescription, Optional: true})
	f.Note.Unmarked = false
	f.Enabled = ui.Check{Name: "enabled", Label: v.T("This rule counts"), Checked: d.enabled, Switch: true}
	f.How = ui.Radios{Name: "how", Label: v.T("It depends on"), Value: d.how, Tiles: true, Options: []ui.Option{
		{Value: byBands, Label: v.T("The amount"), Hint: v.T("Bands: who decides up to which amount")}, {Value: byCondition, Label: v.T("A condition"), Hint: v.T("Anything about the order")}}}
	f.Measured = []ui.Field{
		field(ui.Field{As: ui.AsSelect, Name: "basis", Label: v.T("Amounts are held against"), Value: d.basis, Options: []ui.Option{{Value: string(approval.Net), Label: v.T("Goods, net")},
			{Value: string(approval.NetShipping), Label: v.T("Goods and shipping, net")}, {Value: string(approval.Gross), Label: v.T("The total with shipping and tax")}}}),
		field(ui.Field{Name: "currency", Label: v.T("Currency of the amounts"), Value: d.currency, MaxLength: text.MostCurrency, Short: true}),
	}
	for i := range d.steps {
		f.Steps = append(f.Steps, v.stepPart(d, i, c, a, field))
	}
	f.StepsBad = a.wrong["steps"]
	f.More = v.doing(v.T("Add a case"), ui.IconPlus, "add:")
	f.Place = field(ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("It is the rule of"), Value: d.unit, Find: findUnit, Optional: true, Hint: v.T("A unit's rule is for the orders of that unit and all below it."),
		Options: including(named0(c.units, v.T("The whole company")), d.unit, v.T("a unit"))})
	f.narrow(v, d, c, a)
	f.Valid = []ui.Field{
		field(ui.Field{As: ui.AsDate, Name: "from", Label: v.T("Counts from"), Value: d.from.day, Optional: true}),
		field(ui.Field{As: ui.AsTime, Name: "from.clock", Label: v.T("Time"), Value: d.from.clock, Optional: true}),
		field(ui.Field{As: ui.AsDate, Name: "until", Label: v.T("Counts until"), Value: d.until.day, Optional: true, Hint: v.T("Without a time the day itself is included.")}),
		field(ui.Field{As: ui.AsTime, Name: "until.clock", Label: v.T("Time"), Value: d.until.clock, Optional: true}),
	}
	f.Kept = []ui.Kept{{Name: "from.kept", Value: d.from.kept}, {Name: "until.kept", Value: d.until.kept}}
	f.Priority = field(ui.Field{As: ui.AsNumber, Name: "priority", Label: v.T("Priority"), Value: d.priority, Optional: true, Short: true, Hint: v.T("Only for the order in which rules are shown: all that match count.")})
	f.Facts = v.vocabulary()
	return f, nil
}

// members are those that the draft names.
func (d *ruleDraft) members() []string {
	all := slices.Concat(d.picked["applies_to.members"], d.picked["watchers"])
	for _, step := range d.steps {
		for _, stage := range step.stages {
			for _, g := range stage.groups {
				for _, s := range g.of {
					all = append(all, s.member)
				}
			}
		}
	}
	return all
}

// named0 is options whose first, which stands for none, is called otherwise.
func named0(options []ui.Option, label string) []ui.Option {
	all := slices.Clone(options)
	all[0].Label = label
	return all
}

// narrow adds whose orders the rule looks at, and who is told.
func (f *RuleForm) narrow(v *visit, d *ruleDraft, c ruleChoices, a attempt) {
	pick := func(list, label, hidden, find string, options []ui.Option) ui.Picks {
		p := ui.Picks{Field: ui.Field{As: ui.AsSelect, Name: list + ".more", Label: label, Value: d.more[list], Options: options, Find: find, Optional: true, Unmarked: true, Submits: true,
			Error: cmp.Or(a.wrong[list+".more"], a.wrong[list])}, Add: v.doing(v.T("Add"), ui.IconPlus, "add-to:"+list)}
		p.Add.Kind = ui.Ordinary
		if d.more[list] != "" {
			p.Field.Error = v.notOne()
		}
		for i, key := range d.picked[list] {
			name := labelOf(including(options, key, hidden), key)
			p.Picked = append(p.Picked, ui.Picked{Name: list, Value: key, Label: name, Drop: v.icon(v.T("Take out: %s", name), ui.IconClose, "without:"+list+" "+strconv.Itoa(i))})
			f.Narrows = true
		}
		return p
	}
	f.Narrowed = []ui.Picks{
		pick("applies_to.roles", v.T("Requesters with the role"), v.T("a role"), "", named0(c.roles, v.T("Any role"))),
		pick("applies_to.members", v.T("Requesters"), v.T("a member"), findMember, named0(c.members, v.T("Anybody"))),
		pick("applies_to.units", v.T("Orders of the unit"), v.T("a unit"), findUnit, named0(c.units, v.T("Any unit"))),
		pick("applies_to.cost_centres", v.T("Orders of the cost centre"), v.T("a cost centre"), findCostCentre, named0(c.costCentres, v.T("Any cost centre"))),
	}
	f.Watchers = pick("watchers", v.T("Told besides"), v.T("a member"), findMember, named0(c.members, v.T("Nobody")))
	f.Watchers.Field.Hint = v.T("They are told when the rule asks somebody, and decide nothing.")
	f.Narrows = f.Narrows || d.unit != "" || d.from.day != "" || d.until.day != "" || d.priority != "" || a.below("applies_to")+a.below("watchers")+a.below("from")+a.below("until")+a.below("unit")+a.below("priority") != ""
}

func (v *visit) stepPart(d *ruleDraft, i int, c ruleChoices, a attempt, field func(ui.Field, ...string) ui.Field) StepPart {
	at, s, place := stepAt(i), d.steps[i], strconv.Itoa(i)
	name := v.T("case %d", i+1)
	p := StepPart{Part: ui.Part{Title: capital(name), Tools: v.tools(name, place, i, len(d.steps))}, First: i == 0, Zero: v.T("From nothing on"), Flaw: a.wrong[at+".then.stages"]}
	p.Above = field(ui.Field{As: ui.AsMoney, Name: at + ".above", Label: v.T("Above"), Value: s.above, Unit: d.currency, Optional: true, Short: true})
	p.When = WhenPart{As: "form", At: at, AsText: s.asText, Flaw: a.wrong[at+".when"], Label: v.T("As text:"), Said: s.said(v.l, money.Currency(d.currency)), Other: v.doing(v.T("Edit as text"), ui.IconEdit, "text:"+place),
		Text: field(ui.Field{As: ui.AsLongText, Name: at + ".when", Label: v.T("When"), Value: s.when, Rows: 2, MaxLength: approval.MostText, Optional: true, Placeholder: "total_net > 15000 EUR or skus > 100",
			Hint: v.T("Join with and, or, not. Empty means every order.")}),
		Test: v.testPart(s.test, at+".if", place, true, c, field)}
	if s.asText {
		p.When.As, p.When.Other = "text", v.doing(v.T("Edit in a form"), ui.IconList, "form:"+place)
	}
	p.Effect = field(ui.Field{As: ui.AsSelect, Name: at + ".then.effect", Label: v.T("What then"), Value: s.effect, Options: []ui.Option{{Value: asksNobody, Label: v.T("Nobody is asked")},
		{Value: string(approval.Ask), Label: v.T("These must agree")}, {Value: string(approval.Approve), Label: v.T("Approved automatically")}, {Value: string(approval.Refuse), Label: v.T("The order is refused")}}})
	p.UpTo = field(ui.Field{As: ui.AsMoney, Name: at + ".then.up_to", Label: v.T("Up to"), Value: s.upTo, Unit: d.currency, Optional: true, Short: true, Hint: v.T("Empty means any amount.")})
	stages := s.stages
	if len(stages) == 0 {
		stages = []stageDraft{oneStage(sourceDraft{})} // to be filled in where somebody is to be asked after all
	}
	for j, stage := range stages {
		p.Stages = append(p.Stages, v.stagePart(stage, at+".then.stages."+strconv.Itoa(j), place, j, len(stages), c, field))
	}
	if more := v.doing(v.T("Then ask others"), ui.IconPlus, "add:"+place); len(stages) == 1 {
		p.Stages[0].More = append(p.Stages[0].More, more)
	} else {
		p.More = ui.All{more}
	}
	return p
}

func (v *visit) stagePart(stage stageDraft, at, place string, i, n int, c ruleChoices, field func(ui.Field, ...string) ui.Field) StagePart {
	place += "." + strconv.Itoa(i)
	name := v.T("stage %d", i+1)
	p := StagePart{Part: ui.Part{Title: capital(name), Tools: v.tools(name, place, i, n), Inner: true},
		Rejects: ui.Check{Name: at + ".reject_needs_all", Label: v.T("One rejection alone does not end it"), Checked: stage.rejectNeedsAll}}
	p.Alone = len(stage.groups) == 1 && len(stage.groups[0].of) == 1 && !stage.rejectNeedsAll
	if n == 1 {
		p.Part = ui.Part{Plain: true}
	}
	for j, g := range stage.groups {
		p.Groups = append(p.Groups, v.groupPart(g, at+".groups."+strconv.Itoa(j), place, j, len(stage.groups), c, field))
	}
	if len(p.Groups) == 1 { // what is alone has its buttons beside those of what it stands in
		p.More, p.Groups[0].More = p.Groups[0].More, nil
	}
	p.More = append(p.More, v.doing(v.T("And at the same time"), ui.IconPlus, "add:"+place))
	return p
}

func (v *visit) groupPart(g groupDraft, at, place string, i, n int, c ruleChoices, field func(ui.Field, ...string) ui.Field) GroupPart {
	place += "." + strconv.Itoa(i)
	name := v.T("group %d", i+1)
	p := GroupPart{Single: len(g.of) == 1 && g.k == "1", More: ui.All{v.doing(v.T("Or somebody else"), ui.IconPlus, "add:"+place)}}
	p.Part = ui.Part{Inner: true, Plain: true}
	if n > 1 {
		p.Part.Plain, p.Part.Title, p.Part.Tools = false, capital(name), ui.All{v.icon(v.T("Take out: %s", name), ui.IconDelete, "drop:"+place)}
	}
	p.K = field(ui.Field{As: ui.AsNumber, Name: at + ".k", Label: v.N(len(g.of), "So many of this one must agree", "So many of these %d must agree"), Value: g.k, Short: true}, at+".of")
	for j, s := range g.of {
		key := at + ".of." + strconv.Itoa(j)
		one := place + "." + strconv.Itoa(j)
		source, _ := parseSource(s.key)
		p.Of = append(p.Of, SourcePart{Last: len(g.of) == 1,
			Kind: field(ui.Field{As: ui.AsSelect, Name: key, Label: v.T("Who decides"), LabelHidden: true, Value: s.key, Options: holding0(c.sources, s.key, capital(v.source(source, ""))), Optional: true}),
			Member: field(ui.Field{As: ui.AsSelect, Name: key + ".member", Label: v.T("Who it is"), LabelHidden: true, Value: s.member, Find: findMember, Optional: true,
				Options: including(c.members, s.member, v.T("a member"))}),
			CostCentre: field(ui.Field{As: ui.AsSelect, Name: key + ".cost_centre", Label: v.T("Cost centre"), LabelHidden: true, Value: s.costCentre, Find: findCostCentre, Optional: true,
				Options: including(c.costCentres, s.costCentre, v.T("a cost centre"))}),
			Budget: field(ui.Field{As: ui.AsSelect, Name: key + ".budget", Label: v.T("Budget"), LabelHidden: true, Value: s.budget, Find: findBudget, Optional: true,
				Options: including(c.budgets, s.budget, v.T("a budget"))}),
			Drop: v.icon(v.T("Take out: %s", v.T("source %d", j+1)), ui.IconClose, "drop:"+one)})
	}
	return p
}

// including0 is including for what is no identifier by itself.
func holding0(options []ui.Option, held, label string) []ui.Option {
	if held == "" || slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == held }) {
		return options
	}
	return append(slices.Clone(options), ui.Option{Value: held, Label: label})
}

// opWords are the comparisons in words.
func (v *visit) opWords(kind approval.FactKind) (all []ui.Option) {
	words := map[string]string{">": v.T("is above"), ">=": v.T("is at least"), "<": v.T("is below"), "<=": v.T("is at most"), "=": v.T("is"), "!=": v.T("is not"),
		"in": v.T("is one of"), "not in": v.T("is none of"), "has": v.T("has"), "not has": v.T("has not"), "flag": v.T("is so"), "not flag": v.T("is not so")}
	for _, op := range fitting[kind] {
		all = append(all, ui.Option{Value: op, Label: words[op]})
	}
	return all
}

func (v *visit) testPart(t testDraft, at, place string, whole bool, c ruleChoices, field func(ui.Field, ...string) ui.Field) TestPart {
	if t.join == "" {
		return v.comparisonPart(t, at, place, c, field)
	}
	p := TestPart{Group: true, Part: ui.Part{Title: v.T("Group of comparisons"), Inner: true, Plain: whole}}
	p.Join = field(ui.Field{As: ui.AsSelect, Name: at + ".join", Label: v.T("Of these comparisons"), Value: t.join, Short: true, Options: []ui.Option{
		{Value: allOf, Label: v.T("all hold")}, {Value: anyOf, Label: v.T("any one holds")}, {Value: noneOf, Label: v.T("none holds")}}})
	if whole {
		p.Part.Title, p.Join.Hint = "", v.T("Without a comparison it holds for every order.")
	} else {
		p.Join.LabelHidden = true
		p.Part.Tools = ui.All{v.icon(v.T("Take out: %s", v.T("the group")), ui.IconDelete, "if-drop:"+place)}
	}
	for i, part := range t.of {
		n := "." + strconv.Itoa(i)
		p.Of = append(p.Of, v.testPart(part, at+n, place+n, false, c, field))
	}
	p.More = ui.All{v.doing(v.T("Add a comparison"), ui.IconPlus, "if-add:"+place), v.doing(v.T("Add a group"), ui.IconPlus, "if-group:"+place)}
	return p
}

func (v *visit) comparisonPart(t testDraft, at, place string, c ruleChoices, field func(ui.Field, ...string) ui.Field) TestPart {
	kind := kindOf(t.fact)
	p := TestPart{Blank: kind == "", Flag: kind == approval.FlagFact || kind == "", Drop: v.icon(v.T("Take out: %s", v.T("the comparison")), ui.IconClose, "if-drop:"+place)}
	p.Fact = field(ui.Field{As: ui.AsSelect, Name: at + ".fact", Label: v.T("What"), LabelHidden: true, Value: t.fact, Options: c.facts, Optional: true, Submits: true}, at)
	p.Op = field(ui.Field{As: ui.AsSelect, Name: at + ".op", Label: v.T("How it compares"), LabelHidden: true, Value: t.op, Options: v.opWords(kind), Optional: true})
	p.Is = field(ui.Field{Name: at + ".is", Label: v.T("With what"), LabelHidden: true, Value: t.is, Optional: true, Placeholder: map[approval.FactKind]string{approval.MoneyFact: "15000 EUR", approval.ListFact: "A, B", approval.TextFact: "…"}[kind]})
	switch kind {
	case approval.DateFact:
		p.Is.As = ui.AsDate
	case approval.PercentFact:
		p.Is.As, p.Is.Unit = ui.AsNumber, "%"
	case approval.NumberFact:
		p.Is.As = ui.AsNumber
	}
	return p
}
