package portal

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
)

// ruleDraft is a rule as somebody types it: each field as it stands in the form, by the name that it has in the rule
// itself ("steps.1.then.stages.0.groups.0.k"), so what is wrong with the rule stands beside its field. A draft can hold
// whatever a rule can, and what is no rule yet. Its parts are added, taken out and moved by [ruleDraft.do].
type ruleDraft struct {
	version                     string // of the rule that the form was opened with; empty for the one that is kept
	name, description, priority string
	enabled                     bool
	unit, basis, currency, how  string
	from, until                 momentDraft
	picked                      map[string][]string // by list: identifiers
	more                        map[string]string   // by list: what was typed into its picker and names nobody yet
	steps                       []stepDraft
	replay                      replayDraft
}

// replayDraft is what is asked of a replay of the draft, and what came of it.
type replayDraft struct {
	months string
	rule   approval.Rule
	done   *approving.Replay
}

// momentDraft is a moment as a day and a time of day, with the instant that they were written from: that has seconds.
type momentDraft struct{ day, clock, kept string }

type stepDraft struct {
	above  string
	asText bool // the condition is edited as text
	when   string
	test   testDraft
	effect string
	upTo   string
	stages []stageDraft
}

type stageDraft struct {
	rejectNeedsAll bool
	groups         []groupDraft
}

type groupDraft struct {
	k  string
	of []sourceDraft
}

// sourceDraft is a source of approvers: its key says its kind, and which role or level.
type sourceDraft struct{ key, member, costCentre, budget string }

// The ways in which the steps of a rule are told apart, and what steps do when they do nothing.
const (
	byBands     = "bands"
	byCondition = "condition"
	asksNobody  = "nothing"
)

// picks are the lists of a rule that are picked from, by name.
var picks = []string{"applies_to.roles", "applies_to.members", "applies_to.units", "applies_to.cost_centres", "watchers"}

// oneStage is a stage in which one of these sources agrees.
func oneStage(of ...sourceDraft) stageDraft {
	return stageDraft{groups: []groupDraft{{k: "1", of: of}}}
}

// readDraft reads the form of a rule.
func readDraft(form url.Values) *ruleDraft {
	said := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	d := &ruleDraft{version: said("version"), name: said("name"), description: form.Get("description"), priority: said("priority"), enabled: form.Has("enabled"),
		unit: said("unit"), basis: said("basis"), currency: said("currency"), how: said("how"), picked: map[string][]string{}, more: map[string]string{}}
	d.replay.months = said("months")
	for name, m := range map[string]*momentDraft{"from": &d.from, "until": &d.until} {
		*m = momentDraft{day: said(name), clock: said(name + ".clock"), kept: said(name + ".kept")}
	}
	for _, list := range picks {
		d.picked[list] = form[list]
		d.pick(list, said(list+".more"))
	}
	for i := 0; i < approval.MostSteps+1 && form.Has(stepAt(i)+".then.effect"); i++ {
		d.steps = append(d.steps, readStep(form, stepAt(i)))
	}
	return d
}

func stepAt(i int) string { return "steps." + strconv.Itoa(i) }

// pick adds what was picked to a list; what names nobody stays where it was typed.
func (d *ruleDraft) pick(list, key string) {
	switch _, _, ok := id.Inside(key); {
	case key == "":
	case !ok:
		d.more[list] = key
	case !slices.Contains(d.picked[list], key):
		d.picked[list] = append(d.picked[list], key)
	}
}

func readStep(form url.Values, at string) stepDraft {
	said := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	s := stepDraft{above: said(at + ".above"), asText: said(at+".as") == "text", when: said(at + ".when"), effect: said(at + ".then.effect"), upTo: said(at + ".then.up_to"),
		test: readTest(form, at+".if", 0)}
	for i := 0; i <= approval.MostStages && form.Has(at+".then.stages."+strconv.Itoa(i)+".groups.0.k"); i++ {
		stage := at + ".then.stages." + strconv.Itoa(i)
		one := stageDraft{rejectNeedsAll: form.Has(stage + ".reject_needs_all")}
		for j := 0; j <= approval.MostSources && form.Has(stage+".groups."+strconv.Itoa(j)+".k"); j++ {
			group := stage + ".groups." + strconv.Itoa(j)
			g := groupDraft{k: said(group + ".k")}
			for k := 0; k <= approval.MostSources && form.Has(group+".of."+strconv.Itoa(k)); k++ {
				source := group + ".of." + strconv.Itoa(k)
				g.of = append(g.of, sourceDraft{said(source), said(source + ".member"), said(source + ".cost_centre"), said(source + ".budget")})
			}
			one.groups = append(one.groups, g)
		}
		s.stages = append(s.stages, one)
	}
	return s
}

// draftOf is a rule as the form shows it, to a reader of this language in this zone. Amounts are in the currency c where
// the rule's bands have no other.
func draftOf(r approval.Rule, l locale.Language, zone *time.Location, c money.Currency) *ruleDraft {
	if of := currencyOf(r); of != "" {
		c = of
	}
	d := &ruleDraft{name: r.Name, description: r.Description, enabled: r.Enabled, unit: idOrNone(r.At.Unit), basis: string(r.Basis), currency: string(c), how: byCondition,
		from: momentOf(r.From, zone, 0), until: momentOf(r.Until, zone, 1), more: map[string]string{}}
	if r.Priority != 0 {
		d.priority = strconv.Itoa(r.Priority)
	}
	if r.Bands() {
		d.how = byBands
	}
	units := make([]id.Unit, len(r.AppliesTo.Units))
	for i, p := range r.AppliesTo.Units {
		units[i] = p.Unit
	}
	d.picked = map[string][]string{"applies_to.roles": keys(r.AppliesTo.Roles), "applies_to.members": keys(r.AppliesTo.Members), "applies_to.units": keys(units),
		"applies_to.cost_centres": keys(r.AppliesTo.CostCentres), "watchers": keys(r.Watchers)}
	for _, s := range r.Steps {
		one := stepDraft{when: s.When.String(), test: testOf(s.When, l), effect: string(cmp.Or(s.Then.Effect, asksNobody))}
		if s.Above != nil {
			one.above = l.Amount(*s.Above)
		}
		if s.Then.UpTo != nil {
			one.upTo = amountIn(*s.Then.UpTo, l, c)
		}
		for _, stage := range s.Then.Stages {
			w := stageDraft{rejectNeedsAll: stage.RejectNeedsAll}
			for _, g := range stage.Groups {
				group := groupDraft{k: strconv.Itoa(g.K)}
				for _, source := range g.Of {
					group.of = append(group.of, sourceDraft{sourceKey(source), idOrNone(source.Member), idOrNone(source.CostCentre), idOrNone(source.Budget)})
				}
				w.groups = append(w.groups, group)
			}
			one.stages = append(one.stages, w)
		}
		d.steps = append(d.steps, one)
	}
	return d
}

func keys[K interface{ String() string }](all []K) []string {
	var said []string
	for _, key := range all {
		said = append(said, key.String())
	}
	return said
}

// amountIn is an amount as it is typed: with its currency where that is another than the one around it.
func amountIn(m money.Money, l locale.Language, c money.Currency) string {
	if m.Currency == c {
		return l.Amount(m)
	}
	return l.Amount(m) + " " + string(m.Currency)
}

// amountRead reads an amount that may name its currency, and is in c otherwise.
func amountRead(typed string, l locale.Language, c money.Currency) (money.Money, error) {
	if figure, code, named := lastWord(typed); named {
		other, err := money.ParseCurrency(strings.ToUpper(code))
		if err != nil {
			return money.Money{}, err
		}
		typed, c = figure, other
	}
	return money.Parse(l.Plain(typed), c)
}

// lastWord cuts a currency off the end of an amount.
func lastWord(typed string) (figure, code string, named bool) {
	typed = strings.TrimSpace(typed)
	i := strings.LastIndexAny(typed, " \u00a0")
	if i < 0 || strings.ContainsAny(typed[i:], "0123456789") {
		return typed, "", false
	}
	return strings.TrimSpace(typed[:i]), strings.Trim(typed[i:], " \u00a0"), true
}

// momentOf is an instant as it is typed. Where a day ends, its midnight is written as the day before: "until the 31st"
// includes that day.
func momentOf(at time.Time, zone *time.Location, ends int) momentDraft {
	if at.IsZero() {
		return momentDraft{}
	}
	day := date.On(at, zone)
	m := momentDraft{day: string(day), clock: at.In(zone).Format("15:04"), kept: at.UTC().Format(time.RFC3339Nano)}
	if at.Equal(day.Start(zone)) {
		m.day, m.clock = string(day.Plus(-ends)), ""
	}
	return m
}

// instant reads a moment: as it was kept, where nobody has changed what was written of it.
func (m momentDraft) instant(zone *time.Location, ends int) (time.Time, error) {
	if m.day == "" {
		return time.Time{}, nil
	}
	if kept, err := time.Parse(time.RFC3339Nano, m.kept); err == nil {
		if was := momentOf(kept, zone, ends); was.day == m.day && was.clock == m.clock {
			return kept.UTC(), nil
		}
	}
	day, err := date.Parse(m.day)
	if err != nil {
		return time.Time{}, err
	}
	if m.clock == "" {
		return day.Plus(ends).Start(zone).UTC(), nil
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", m.day+" "+m.clock, zone)
	if err != nil {
		return time.Time{}, errClock.Because(err)
	}
	return at.UTC(), nil
}

var errClock = fault.ErrInput.With("a time of day is written like 14:30")

// rule is the rule that a draft says, or what is wrong with its fields.
func (d *ruleDraft) rule(l locale.Language, zone *time.Location) (approval.Rule, error) {
	var in fault.Input
	r := approval.Rule{Name: d.name, Description: d.description, Enabled: d.enabled, Basis: approval.Basis(d.basis)}
	var err error
	if d.priority != "" {
		if r.Priority, err = strconv.Atoi(l.Plain(d.priority)); err != nil {
			in.Add("priority", "number", "a priority is a whole number")
		}
	}
	r.At.Unit, err = picked(d.unit, id.ParseUnit)
	in.Take("unit", err)
	r.From, err = d.from.instant(zone, 0)
	in.Take("from", err)
	r.Until, err = d.until.instant(zone, 1)
	in.Take("until", err)
	c, err := money.ParseCurrency(d.currency)
	in.Take("currency", err)
	r.AppliesTo.Roles = read(&in, d, "applies_to.roles", id.ParseRole)
	r.AppliesTo.Members = read(&in, d, "applies_to.members", id.ParseMember)
	r.AppliesTo.CostCentres = read(&in, d, "applies_to.cost_centres", id.ParseCostCentre)
	r.Watchers = read(&in, d, "watchers", id.ParseMember)
	for _, unit := range read(&in, d, "applies_to.units", id.ParseUnit) {
		r.AppliesTo.Units = append(r.AppliesTo.Units, approval.Place{Unit: unit})
	}
	for i := range d.steps {
		r.Steps = append(r.Steps, d.step(&in, i, l, c))
	}
	if d.how == byBands && len(d.steps) < 2 {
		in.Add("steps", "required", "say above which amount somebody decides")
	}
	return r, in.Err()
}

// read reads a list that was picked.
func read[K any](in *fault.Input, d *ruleDraft, list string, parse func(string) (K, error)) (all []K) {
	for _, key := range d.picked[list] {
		one, err := parse(key)
		if !in.Take(list, err) {
			all = append(all, one)
		}
	}
	if typed := d.more[list]; typed != "" {
		_, err := parse(typed)
		in.Take(list+".more", err)
	}
	return all
}

// step reads one case of the rule.
func (d *ruleDraft) step(in *fault.Input, i int, l locale.Language, c money.Currency) (s approval.Step) {
	at, one := stepAt(i), d.steps[i]
	switch {
	case d.how == byBands && i > 0 && one.above != "":
		m, err := amountRead(one.above, l, c)
		in.Take(at+".above", err)
		s.Above = &m // one that cannot be read is a bound all the same: the others are of bands
	case d.how == byBands:
	case one.asText:
		var err error
		if one.when != "" {
			s.When, err = approval.Parse(one.when)
			in.Take(at+".when", err)
		}
	default:
		s.When = one.test.condition(in, at+".if", l, c)
	}
	s.Then = one.requirement(in, at+".then", l, c)
	if d.how == byBands && i > 0 && one.above == "" {
		in.Add(at+".above", "required", "every band but the first begins above an amount")
	}
	return s
}

func (s stepDraft) requirement(in *fault.Input, at string, l locale.Language, c money.Currency) (r approval.Requirement) {
	switch r.Effect = approval.Effect(s.effect); r.Effect {
	case asksNobody:
		r.Effect = approval.Nothing
	case approval.Approve:
		if s.upTo != "" {
			m, err := amountRead(s.upTo, l, c)
			if !in.Take(at+".up_to", err) {
				r.UpTo = &m
			}
		}
	case approval.Ask:
		for i, stage := range s.stages {
			w := approval.WantedStage{RejectNeedsAll: stage.rejectNeedsAll}
			for j, g := range stage.groups {
				w.Groups = append(w.Groups, g.wanted(in, at+".stages."+strconv.Itoa(i)+".groups."+strconv.Itoa(j)))
			}
			r.Stages = append(r.Stages, w)
		}
	}
	return r
}

func (g groupDraft) wanted(in *fault.Input, at string) approval.WantedGroup {
	w := approval.WantedGroup{}
	var err error
	if w.K, err = strconv.Atoi(g.k); err != nil {
		in.Add(at+".k", "number", "say how many must agree, as a whole number")
		w.K = 1
	}
	for i, s := range g.of {
		source, err := s.source()
		in.Take(at+".of."+strconv.Itoa(i), err)
		w.Of = append(w.Of, source)
	}
	return w
}

var errNoSource = fault.ErrInput.With("say who decides")

// source is a source of approvers, as far as it is said.
func (s sourceDraft) source() (approval.Source, error) {
	if s.key == "" {
		return approval.Source{}, errNoSource
	}
	source, err := parseSource(s.key)
	if err != nil {
		return source, err
	}
	switch source.Kind {
	case approval.OfMember:
		if s.member == "" {
			return source, errNoSource
		}
		source.Member, err = id.ParseMember(s.member)
	case approval.OfCostCentre:
		source.CostCentre, err = picked(s.costCentre, id.ParseCostCentre)
	case approval.OfBudget, approval.OfBudgetManager:
		source.Budget, err = picked(s.budget, id.ParseBudget)
	}
	return source, err
}

// sourceKey is the kind of a source as a form sends it, with the role or level of those that have one.
func sourceKey(s approval.Source) string {
	switch s.Kind {
	case approval.OfRole, approval.OfRoleInUnit:
		return string(s.Kind) + ":" + s.Role.String()
	case approval.OfManager:
		return string(s.Kind) + ":" + strconv.Itoa(s.Level)
	}
	return string(s.Kind)
}

// parseSource reads a kind of source that was sent.
func parseSource(key string) (s approval.Source, err error) {
	kind, of, _ := strings.Cut(key, ":")
	s.Kind = approval.SourceKind(kind)
	switch s.Kind {
	case approval.OfRole, approval.OfRoleInUnit:
		s.Role, err = id.ParseRole(of)
	case approval.OfManager:
		s.Level, err = strconv.Atoi(of)
		if err != nil {
			err = errNoSource.Because(err)
		}
	}
	return s, err
}

// do carries out what a button of the form asks for: a verb, a colon, and which part it is about, as its places from the
// outside in. "add:0.1" adds a group to the second stage of the first step; "up:2" moves the third step up. What is not
// there is left alone.
func (d *ruleDraft) do(act string) {
	verb, part, _ := strings.Cut(act, ":")
	if list, at, ok := strings.Cut(part, " "); verb == "without" && ok {
		if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(d.picked[list]) {
			d.picked[list] = slices.Delete(slices.Clone(d.picked[list]), i, i+1)
		}
		return
	}
	path, ok := places(part)
	switch {
	case !ok:
	case len(path) == 0:
		if verb == "add" && len(d.steps) < approval.MostSteps {
			d.steps = append(d.steps, stepDraft{effect: string(approval.Ask), stages: []stageDraft{oneStage(sourceDraft{})}})
		}
	case path[0] >= len(d.steps):
	case len(path) == 1 && verb != "add" && !strings.HasPrefix(verb, "if-"):
		d.steps = moved(d.steps, verb, path[0], 1)
	default:
		d.steps[path[0]].do(verb, path[1:])
	}
}

// places reads the places of a part: "0.1.2".
func places(part string) (path []int, ok bool) {
	for _, at := range strings.FieldsFunc(part, func(r rune) bool { return r == '.' }) {
		i, err := strconv.Atoi(at)
		if err != nil || i < 0 {
			return nil, false
		}
		path = append(path, i)
	}
	return path, true
}

// do does something to what a step wants, or to how its condition is written.
func (s *stepDraft) do(verb string, path []int) {
	switch {
	case strings.HasPrefix(verb, "if-"):
		s.test.do(verb, path)
	case len(path) == 0 && len(s.stages) < approval.MostStages:
		s.stages = append(s.stages, oneStage(sourceDraft{}))
	case len(path) == 0 || path[0] >= len(s.stages):
	case len(path) == 1 && verb == "add":
		s.stages[path[0]].groups = append(s.stages[path[0]].groups, oneStage(sourceDraft{}).groups...)
	case len(path) == 1:
		s.stages = moved(s.stages, verb, path[0], 1)
	default:
		s.stages[path[0]].do(verb, path[1:])
	}
}

func (s *stageDraft) do(verb string, path []int) {
	switch {
	case path[0] >= len(s.groups):
	case len(path) == 1 && verb == "add":
		s.groups[path[0]].of = append(s.groups[path[0]].of, sourceDraft{})
	case len(path) == 1:
		s.groups = moved(s.groups, verb, path[0], 1)
	default:
		s.groups[path[0]].of = moved(s.groups[path[0]].of, verb, path[1], 1)
	}
}

// moved takes out, or moves up or down, what stands at a place. So many are left at least.
func moved[T any](all []T, verb string, at, least int) []T {
	all = slices.Clone(all)
	switch {
	case at >= len(all):
	case verb == "drop" && len(all) > least:
		return slices.Delete(all, at, at+1)
	case verb == "up" && at > 0:
		all[at-1], all[at] = all[at], all[at-1]
	case verb == "down" && at+1 < len(all):
		all[at], all[at+1] = all[at+1], all[at]
	}
	return all
}
