package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

type rules struct{ Services }

func (h rules) add(a *web.API) {
	see, manage := access.ApprovalRulesView.Code(), access.ApprovalRulesManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/approval-rules", ID: "list-approval-rules", Tag: tagRules, Permission: see, Scope: web.Company,
		Summary: "Approval rules, by name"}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/approval-rules/inherited", ID: "list-inherited-approval-rules", Tag: tagRules, Permission: see, Scope: web.Company,
		Summary: "Approval rules of the companies above, which come first", Text: "As they count here: roles and members are the company's own, and a source of the kind `absent` is somebody of a company above who has no place here. They are changed where they are made."}, h.inherited)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/approval-rules/{rule}", ID: "get-approval-rule", Tag: tagRules, Permission: see, Scope: web.Company,
		Summary: "A rule"}, h.get)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/approval-rules/{rule}/versions", ID: "list-approval-rule-versions", Tag: tagRules, Permission: see, Scope: web.Company,
		Summary: "The versions of a rule, the newest first", Text: "Each with who made it, and when; at most 200. A purchase order keeps the version that it was submitted under."}, h.versions)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/approval-rules", ID: "create-approval-rule", Tag: tagRules, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Make a rule", Status: http.StatusCreated, Text: "Steps are bands of an amount (each but the first begins above its bound and reaches up to and including the next one) or conditions, of which the first that holds counts. " +
			"A condition is text like `total_net > 15000 EUR or skus > 100`."}, h.create)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/approval-rules/{rule}", ID: "edit-approval-rule", Tag: tagRules, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Make a new version of a rule", Text: "Purchase orders under way keep the version that they were submitted under."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/approval-rules/{rule}", ID: "delete-approval-rule", Tag: tagRules, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take a rule out of use"}, h.delete)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/approval-rules/test", ID: "test-approval-rule", Tag: tagRules, Permission: see, Scope: web.Company,
		Summary: "Hold a rule against a purchase order or a cart", Text: "The rule may be a kept one or not, and on or off; the purchase order is one that the asker sees, taken as it was submitted; the cart is one of theirs, taken as though it were submitted now. Name one of the two. " +
			"Nothing is kept. Roles and names are those of now; a condition over what was not kept with the order is unsure, and counts."}, h.test)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/approval-rules/replay", ID: "replay-approval-rule", Tag: tagRules, Permission: see, Scope: web.Company,
		Summary: "Say what a rule would have done to the purchase orders of the last months", Text: "The rule may be a kept one or not, and on or off; it is held against all purchase orders of that time that the asker sees (`purchase_orders.view`), in the place of the rule `rule_id` where that is named. " +
			"All other rules count as they are now, for the people of now; what limits and budgets wanted then stands. Nothing is kept. A condition over what was not kept with an order is unsure, and counts; " +
			"so is one over amounts for who may not see prices."}, h.replay)
}

// RuleBody is a rule as it is written.
type RuleBody struct {
	Name        string         `json:"name" maxLength:"120"`
	Description string         `json:"description,omitempty" maxLength:"2000"`
	Enabled     bool           `json:"enabled"`
	Priority    int            `json:"priority,omitempty" doc:"For display alone: all matching rules count."`
	From        *time.Time     `json:"from,omitempty"`
	Until       *time.Time     `json:"until,omitempty"`
	Watchers    []string       `json:"watchers,omitempty" doc:"Members who are told, and not asked."`
	Unit        string         `json:"unit,omitempty" doc:"Whose rule it is; the whole company's when absent."`
	AppliesTo   *AppliesToJSON `json:"applies_to,omitempty" doc:"To all, when absent."`
	Basis       string         `json:"basis" enum:"net,net_shipping,gross" doc:"Which amount bands look at."`
	Steps       []StepJSON     `json:"steps" minItems:"1" maxItems:"20"`
}

// AppliesToJSON narrows a rule; what is empty does not.
type AppliesToJSON struct {
	Roles       []string `json:"roles,omitempty"`
	Members     []string `json:"members,omitempty"`
	Units       []string `json:"units,omitempty"`
	CostCentres []string `json:"cost_centres,omitempty"`
}

// StepJSON is a step of a rule.
type StepJSON struct {
	Above *Money          `json:"above,omitempty" doc:"Of a band: it holds above this amount."`
	When  string          `json:"when,omitempty" maxLength:"4000" doc:"A condition; always, when absent." example:"total_net > 15000 EUR or skus > 100"`
	Then  RequirementJSON `json:"then"`
}

// RequirementJSON is what a step wants.
type RequirementJSON struct {
	Effect string            `json:"effect" enum:"nothing,ask,approve,refuse"`
	UpTo   *Money            `json:"up_to,omitempty" doc:"Of an automatic approval: up to and including this amount."`
	Stages []WantedStageJSON `json:"stages,omitempty" doc:"Asked one after another."`
}

// WantedStageJSON is a stage of a requirement.
type WantedStageJSON struct {
	Groups         []WantedGroupJSON `json:"groups" minItems:"1"`
	RejectNeedsAll bool              `json:"reject_needs_all,omitempty"`
}

// WantedGroupJSON says that k of these sources must agree.
type WantedGroupJSON struct {
	K  int          `json:"k" minimum:"1"`
	Of []SourceJSON `json:"of" minItems:"1"`
}

// SourceJSON is where an approver comes from.
type SourceJSON struct {
	Kind       string `json:"kind" enum:"member,role,role_in_unit,manager,manager_covering,unit_head,cost_centre_manager,budget_owner,budget_owner_manager,administrator,seller,absent" doc:"Of a rule of a company above, absent is somebody who has no place here; no rule of one's own asks them."`
	Member     string `json:"member,omitempty"`
	Role       string `json:"role,omitempty"`
	Level      int    `json:"level,omitempty" doc:"Of a manager: 1 is the manager, 2 the manager's manager."`
	CostCentre string `json:"cost_centre,omitempty"`
	Budget     string `json:"budget,omitempty"`
	Name       string `json:"name,omitempty" readOnly:"true" doc:"How whom or what it names is called; what is sent is passed over."`
	Nobody     bool   `json:"finds_nobody,omitempty" readOnly:"true" doc:"At the moment nobody whom it names may decide, so others are asked instead; what is sent is passed over."`
}

// RuleJSON is a rule as it is kept.
type RuleJSON struct {
	ID      string     `json:"id"`
	Version int        `json:"version"`
	Changed *time.Time `json:"changed_at,omitempty"`
	Notes   []string   `json:"notes,omitempty" doc:"What to know of it, for a person: that it counts in another currency than the company orders in, and what that means."`
	RuleBody
}

// ruleOf and the other way go through the JSON in which the domain itself keeps a rule: it is the same.
func ruleOf(r approval.Rule, changed time.Time, own money.Currency, is approving.Sources) (RuleJSON, error) {
	out := RuleJSON{ID: r.ID.String(), Version: r.Version, Changed: instant(changed)}
	for _, c := range r.Foreign(own) {
		out.Notes = append(out.Notes, sentence(approval.OtherCurrency(c, own)))
	}
	r.ID, r.Version = id.Rule{}, 0
	b, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(b, &out.RuleBody)
	}
	if err != nil {
		return out, err
	}
	for i, step := range r.Steps {
		for j, stage := range step.Then.Stages {
			for k, g := range stage.Groups {
				for l, s := range g.Of {
					one := &out.Steps[i].Then.Stages[j].Groups[k].Of[l]
					one.Name, one.Nobody = is.Called[s], is.Nobody[s]
				}
			}
		}
	}
	return out, nil
}

// bare is the body without what only an answer says.
func (b RuleBody) bare() RuleBody {
	for _, step := range b.Steps {
		for _, stage := range step.Then.Stages {
			for _, g := range stage.Groups {
				for i := range g.Of {
					g.Of[i].Name, g.Of[i].Nobody = "", false
				}
			}
		}
	}
	return b
}

func (b RuleBody) rule(ctx context.Context) (approval.Rule, error) {
	var wrong fault.Input
	b.Steps = slices.Clone(b.Steps)
	other := "EUR"
	for _, s := range b.Steps {
		if s.Above != nil && money.Currency(s.Above.Currency).Active() {
			other = s.Above.Currency
		}
	}
	for i, s := range b.Steps {
		for name, m := range map[string]**Money{at("steps", i, "above"): &b.Steps[i].Above, at("steps", i, "then.up_to"): &b.Steps[i].Then.UpTo} {
			if *m == nil {
				continue
			}
			if (*m).parse(&wrong, name); wrong.Has(name+".amount") || wrong.Has(name+".currency") {
				*m = &Money{Amount: "0", Currency: other} // so that the rest can be read as what it is
			}
		}
		if s.When == "" {
			continue
		}
		if _, err := approval.Parse(s.When); wrong.Take(at("steps", i, "when"), err) {
			b.Steps[i].When = ""
		}
	}
	web.Unread(ctx, wrong.Err())
	text, err := json.Marshal(b.bare())
	if err != nil {
		return approval.Rule{}, err
	}
	r, err := approval.ParseRule(text)
	if f := fault.Of(err); f != nil && len(f.Fields) > 0 {
		web.Unread(ctx, f)
		return r, nil
	}
	return r, err
}

type ruleOut struct {
	ETag string `header:"ETag"`
	Body RuleJSON
}

func (h rules) answer(ctx context.Context, r approval.Rule, changed time.Time, err error) (*ruleOut, error) {
	if err != nil {
		return nil, err
	}
	own, is, err := h.Approving.Around(ctx, web.Actor(ctx), r)
	if err != nil {
		return nil, err
	}
	out, err := ruleOf(r, changed, own, is)
	return &ruleOut{web.ETag(int64(r.Version)), out}, err
}

type rulesIn struct {
	Paged
	Text string `query:"q" maxLength:"200"`
}

func (h rules) list(ctx context.Context, in *rulesIn) (*Page[RuleJSON], error) {
	ask := in.ask(ctx, 2)
	list, err := h.Approving.ListRules(ctx, web.Actor(ctx), approving.RuleFilter{Text: in.Text}, ask)
	if err != nil {
		return nil, err
	}
	own, is, err := h.Approving.Around(ctx, web.Actor(ctx), items(list.Rows, func(r view.Rule) approval.Rule { return r.Rule })...)
	if err != nil {
		return nil, err
	}
	var failed error
	out := paged(list, func(r view.Rule) RuleJSON {
		one, err := ruleOf(r.Rule, r.ChangedAt, own, is)
		if err != nil {
			failed = err
		}
		return one
	})
	return out, failed
}

// InheritedRuleJSON is a rule of a company above, as it counts in this one.
type InheritedRuleJSON struct {
	Of CompanyAboveJSON `json:"of" doc:"The company whose rule it is."`
	RuleBody
}

// CompanyAboveJSON is a company above.
type CompanyAboveJSON struct {
	Number string `json:"customer_number"`
	Name   string `json:"name"`
}

type inheritedRulesOut struct {
	Body struct {
		Items []InheritedRuleJSON `json:"items"`
	}
}

func (h rules) inherited(ctx context.Context, _ *struct{}) (*inheritedRulesOut, error) {
	all, err := h.Approving.InheritedRules(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	own, is, err := h.Approving.Around(ctx, web.Actor(ctx), all...)
	if err != nil {
		return nil, err
	}
	out := &inheritedRulesOut{}
	out.Body.Items = []InheritedRuleJSON{}
	for _, r := range all {
		one, err := ruleOf(r, time.Time{}, own, is)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, InheritedRuleJSON{CompanyAboveJSON(r.Of), one.RuleBody})
	}
	return out, nil
}

type ruleIn struct {
	Rule string `path:"rule"`
}

func (h rules) get(ctx context.Context, in *ruleIn) (*ruleOut, error) {
	key := called(ctx, "rule", in.Rule, id.ParseRule)
	r, err := h.Approving.GetRule(ctx, web.Actor(ctx), key)
	return h.answer(ctx, r.Rule, r.ChangedAt, err)
}

// RuleVersionJSON is a version of a rule.
type RuleVersionJSON struct {
	Version int        `json:"version"`
	At      *time.Time `json:"made_at"`
	By      *NamedJSON `json:"made_by,omitempty" doc:"Absent when the system made it."`
	RuleBody
}

type ruleVersionsOut struct {
	Body struct {
		Items []RuleVersionJSON `json:"items"`
	}
}

func (h rules) versions(ctx context.Context, in *ruleIn) (*ruleVersionsOut, error) {
	key := called(ctx, "rule", in.Rule, id.ParseRule)
	all, err := h.Approving.Versions(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	own, is, err := h.Approving.Around(ctx, web.Actor(ctx), items(all, func(v view.RuleVersion) approval.Rule { return v.Rule })...)
	if err != nil {
		return nil, err
	}
	out := &ruleVersionsOut{}
	out.Body.Items = []RuleVersionJSON{}
	for _, v := range all {
		one, err := ruleOf(v.Rule, v.At, own, is)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, RuleVersionJSON{v.Rule.Version, instant(v.At), named(v.By.IsZero(), v.By.String(), v.ByName), one.RuleBody})
	}
	return out, nil
}

func (h rules) create(ctx context.Context, in *struct{ Body RuleBody }) (*ruleOut, error) {
	r, err := in.Body.rule(ctx)
	if err != nil {
		return nil, err
	}
	r, err = h.Approving.CreateRule(ctx, web.Actor(ctx), r)
	return h.answer(ctx, r, time.Time{}, err)
}

type editRuleIn struct {
	web.Versioned
	Rule string `path:"rule"`
	Body RuleBody
}

func (h rules) edit(ctx context.Context, in *editRuleIn) (*ruleOut, error) {
	key, version := versioned(ctx, "rule", in.Rule, id.ParseRule, in.Versioned)
	r, err := in.Body.rule(ctx)
	if err != nil {
		return nil, err
	}
	r.ID, r.Version = key, int(version)
	r, err = h.Approving.EditRule(ctx, web.Actor(ctx), r)
	return h.answer(ctx, r, time.Time{}, err)
}

func (h rules) delete(ctx context.Context, in *struct {
	web.Versioned
	Rule string `path:"rule"`
}) (*struct{}, error) {
	var wrong fault.Input
	key := read(&wrong, "rule", in.Rule, id.ParseRule)
	web.Unread(ctx, wrong.Err())
	version := seen(ctx, in.Versioned)
	return nil, h.Approving.DeleteRule(ctx, web.Actor(ctx), key, int(version))
}

// TestedJSON is what a rule says of a purchase order, or of a cart.
type TestedJSON struct {
	Applies bool             `json:"applies" doc:"The rule is about orders like this one, and was valid when it was submitted."`
	Steps   []TestedStepJSON `json:"steps" doc:"Those that hold: one at most, and more only where something is not known."`
}

// TestedStepJSON is a step of a rule that holds for it.
type TestedStepJSON struct {
	Step   int             `json:"step" doc:"From 1."`
	Then   RequirementJSON `json:"then"`
	Why    string          `json:"why"`
	Unsure bool            `json:"unsure,omitempty" doc:"It counts because it could not be evaluated."`
}

type testedOut struct{ Body TestedJSON }

// tested holds a rule against a purchase order, or against a cart where there is one.
func (h rules) tested(ctx context.Context, actor access.Actor, r approval.Rule, po id.PurchaseOrder, tried id.Cart) (approving.Tested, error) {
	if tried.IsZero() {
		return h.Approving.TestRule(ctx, actor, r, po)
	}
	facts, err := h.Purchasing.Facts(ctx, actor, tried)
	if err != nil {
		return approving.Tested{}, err
	}
	return h.Approving.TestRuleOn(ctx, actor, r, facts)
}

func (h rules) test(ctx context.Context, in *struct {
	Body struct {
		RuleBody
		PurchaseOrder string `json:"purchase_order_id,omitempty" doc:"Named, when cart_id is not."`
		Cart          string `json:"cart_id,omitempty" doc:"One of one's own, that may be submitted by oneself."`
	}
}) (*testedOut, error) {
	var wrong fault.Input
	var po id.PurchaseOrder
	var tried id.Cart
	if in.Body.Cart != "" {
		tried = read(&wrong, "cart_id", in.Body.Cart, id.ParseCart)
	}
	if in.Body.Cart == "" || in.Body.PurchaseOrder != "" {
		po = read(&wrong, "purchase_order_id", in.Body.PurchaseOrder, id.ParsePurchaseOrder)
	}
	if in.Body.Cart != "" && in.Body.PurchaseOrder != "" {
		wrong.Add("cart_id", "contradiction", "name a purchase order or a cart: not both")
	}
	web.Unread(ctx, wrong.Err())
	r, err := in.Body.RuleBody.rule(ctx)
	if err != nil {
		return nil, err
	}
	actor := web.Actor(ctx)
	t, err := h.tested(ctx, actor, r, po, tried)
	if err != nil {
		return nil, err
	}
	out := &testedOut{TestedJSON{Applies: t.Applies, Steps: []TestedStepJSON{}}}
	for _, s := range t.Steps {
		one := TestedStepJSON{Step: s.Step, Why: s.Why.In(actor.Language), Unsure: s.Unsure}
		b, err := json.Marshal(s.Then)
		if err == nil {
			err = json.Unmarshal(b, &one.Then)
		}
		if err != nil {
			return nil, err
		}
		out.Body.Steps = append(out.Body.Steps, one)
	}
	return out, nil
}
