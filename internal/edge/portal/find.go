package portal

import (
	"net/url"
	"slices"
	"strings"

	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/view"
)

// What fields ask while one types the name of a unit, of a member, or of either.
const (
	findUnit   = "/structure/find?of=unit"
	findMember = "/structure/find?of=member"
	findPlace  = "/structure/find?of=any"

	findCostCentre = "/structure/find?of=" + ofCostCentres
	findBudget     = "/structure/find?of=" + ofBudgets
	findStandIn    = "/structure/find?of=" + ofStandIns
)

// What is found besides units and members.
const (
	ofCostCentres = "cost_centre"
	ofBudgets     = "budget"
	ofRequesters  = "requester" // of what waits for the reader
	ofStandIns    = "stand_in"  // who may be a deputy
)

// notOne is said where what was typed does not name one node.
func (v *visit) notOne() string {
	return v.T("Nobody and nothing is called exactly so, or more than one is. Choose from what is found while you type, or type the code of the unit.")
}

// mostFound is how much is proposed at once.
const mostFound = 20

// FoundPart is what a field proposes.
type FoundPart struct {
	T     ui.Translate
	Found ui.Found
}

// finds answers the units and members whose names have what was typed, those first that begin with it.
func (v *visit) finds() error {
	if of := v.query("of"); of == ofCostCentres || of == ofBudgets || of == ofRequesters || of == ofStandIns {
		return v.findsOther(of)
	}
	f := view.NodeFilter{Text: v.query("q"), Acts: v.query("acts") != ""}
	if of := v.query("of"); of != "any" {
		f.Kind = company.NodeKind(of)
	}
	if not, err := parseNode(v.query("not")); err == nil {
		f.Not, f.NorBelow = not, f.Kind == "" // nothing is put below itself
	}
	nodes, err := v.Organising.FindNodes(v.ctx(), v.actor, f, mostFound)
	if err != nil {
		return err
	}
	p := FoundPart{T: v.T, Found: ui.Found{None: v.T("Nobody and nothing is called so")}}
	for _, n := range nodes {
		hint := joined(" · ", n.Code, n.Title)
		if n.AboveName != "" {
			hint = joined(" · ", hint, v.T("below %s", n.AboveName))
		}
		p.Found.Options = append(p.Found.Options, ui.Option{Value: nodeKey(n), Label: n.Name, Hint: hint})
	}
	return v.show(p.View())
}

// findsOther answers the cost centres, budgets, requesters or deputies to be that have what was typed in their names.
func (v *visit) findsOther(of string) error {
	options, err := v.otherNamed(of, v.query("q"), mostFound)
	if err != nil {
		return err
	}
	not := v.query("not")
	options = slices.DeleteFunc(options, func(o ui.Option) bool { return o.Value == not })
	return v.show(FoundPart{T: v.T, Found: ui.Found{None: v.T("Nobody and nothing is called so"), Options: options}}.View())
}

// otherNamed are cost centres, budgets, requesters or deputies to be with this text in their names, as far as the reader may name them.
func (v *visit) otherNamed(of, text string, most int) ([]ui.Option, error) {
	switch of {
	case ofRequesters:
		return v.requestersNamed(text, most)
	case ofStandIns:
		return v.standInsNamed(text, most)
	}
	return v.moneyNamed(of, text, most)
}

// moneyNamed are cost centres or budgets with this text in their names, as far as the reader sees them.
func (v *visit) moneyNamed(of, text string, most int) (options []ui.Option, err error) {
	if of == ofCostCentres {
		if !v.actor.MaySomewhere(access.CostCentresView) {
			return nil, nil
		}
		list, err := v.Budgeting.ListCostCentres(v.ctx(), v.actor, budgeting.CostCentreFilter{Text: text}, page.Ask{Limit: most})
		for _, c := range list.Rows {
			options = append(options, ui.Option{Value: c.ID.String(), Label: c.Code + " " + c.Name})
		}
		return options, err
	}
	if !v.actor.MaySomewhere(access.BudgetsView) {
		return nil, nil
	}
	list, err := v.Budgeting.List(v.ctx(), v.actor, budgeting.Filter{Text: text}, page.Ask{Limit: most})
	for _, b := range list.Rows {
		options = append(options, ui.Option{Value: b.Budget.ID.String(), Label: b.Budget.Name})
	}
	return options, err
}

// budgetsToName are the budgets that the reader sees, to choose from.
func (v *visit) budgetsToName(first string) ([]ui.Option, error) {
	options, err := v.moneyNamed(ofBudgets, "", page.Most)
	return append([]ui.Option{{Label: first}}, options...), err
}

// findOne makes what was typed into a field of cost centres, budgets, requesters or deputies into the one of that name, or of that code; false
// for a field of something else.
func (v *visit) findOne(form url.Values, name, said string) (bool, error) {
	of := ""
	switch field := strings.TrimSuffix(name, ".more"); {
	case strings.HasSuffix(field, ".cost_centre"), strings.HasSuffix(field, ".cost_centres"):
		of = ofCostCentres
	case strings.HasSuffix(field, ".budget"):
		of = ofBudgets
	case field == "requester":
		of = ofRequesters
	case field == standInField:
		of = ofStandIns
	default:
		return false, nil
	}
	text := said
	if code, rest, ok := strings.Cut(said, " "); ok && of == ofCostCentres && rest != "" {
		text = code // both are written one behind the other
	}
	options, err := v.otherNamed(of, text, page.Most)
	var named []string
	for _, o := range options {
		code, _, _ := strings.Cut(o.Label, " ")
		if strings.EqualFold(o.Label, said) || of == ofCostCentres && (code == said || strings.EqualFold(strings.TrimPrefix(o.Label, code+" "), said)) ||
			of == ofStandIns && strings.HasPrefix(strings.ToLower(o.Label), strings.ToLower(said)+" · ") {
			named = append(named, o.Value)
		}
	}
	if len(named) == 1 {
		form.Set(name, named[0])
	}
	return true, err
}

// find makes what was typed into fields that find something into what it names: the one unit or member of that name, or
// the unit of that code. What names none stays as it was typed, so the field comes back with it.
func (v *visit) find(form url.Values) error {
	for field := range form {
		name, ok := strings.CutSuffix(field, "_said")
		if !ok || !form.Has(name+"_was") {
			continue
		}
		said := strings.TrimSpace(form.Get(field))
		switch said {
		case form.Get(name + "_was"):
			continue
		case "":
			form.Set(name, "")
			continue
		}
		form.Set(name, said)
		if other, err := v.findOne(form, name, said); err != nil || other {
			if err != nil {
				return err
			}
			continue
		}
		if !v.actor.MaySomewhere(access.UsersView) {
			continue
		}
		named, err := v.Organising.FindNodes(v.ctx(), v.actor, view.NodeFilter{Named: said}, page.Most)
		if err != nil {
			return err
		}
		if len(named) == 1 {
			form.Set(name, nodeKey(named[0]))
		}
	}
	return nil
}
