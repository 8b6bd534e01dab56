package approving

import (
	"context"
	"fmt"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

var (
	// ErrRuleStale is the fault of changing an older version of a rule.
	ErrRuleStale = fault.Define(fault.Stale, "approving.rule_stale", "somebody has changed this rule meanwhile: look at it again")
	// ErrRules is the fault of more rules than a company may have.
	ErrRules = fault.Define(fault.Refused, "approving.rules", "a company has at most 10,000 rules")
	// ErrRoleUnseen is the fault of a rule that names a role which is not in this company.
	ErrRoleUnseen = fault.Define(fault.NotFound, "approving.role_unseen", "there is no such role in your company")
)

// mostRules is how many rules a company may have.
const mostRules = 10_000

// RuleFilter says which rules are listed. What is empty does not narrow.
type RuleFilter struct {
	Text    string // in the name
	Enabled *bool
}

// ListRules lists the approval rules that apply where the actor may see rules, by name.
func (s *Service) ListRules(ctx context.Context, actor access.Actor, f RuleFilter, ask page.Ask) (list page.List[view.Rule], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
			return err
		}
		after, err := page.Behind(ask, id.ParseRule)
		if err != nil {
			return err
		}
		var rows []view.Rule
		tx.Views.WantRuleRows(&rows, actor.Company, viewdb.Rules{Places: actor.Places(access.ApprovalRulesView), Text: f.Text, Enabled: f.Enabled}, after, ask.Size()+1)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list = page.Cut(rows, ask, func(r view.Rule) []string { return []string{r.Name, r.ID.String()} })
		return nil
	})
	return list, err
}

// InheritedRules lists the rules that the company has of those above it, as they count here, those of the highest first: whoever
// sees rules sees them, and nobody here changes them.
func (s *Service) InheritedRules(ctx context.Context, actor access.Actor) (all []approval.Rule, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
			return err
		}
		var editions []approvaldb.Edition
		tx.Approvals.WantEditions(&editions, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		all, err = step.Inherited(ctx, tx, editions)
		return err
	})
	return all, err
}

// Sources is what is true of the sources that rules name.
type Sources = step.Sources

// Sources looks up what these rules name, which the actor sees: how it is called, and whether it finds anybody.
func (s *Service) Sources(ctx context.Context, actor access.Actor, rules ...approval.Rule) (is Sources, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
			return err
		}
		is, err = step.SourcesOf(ctx, tx, actor.Company, rules)
		return err
	})
	return is, err
}

// Around is what is to be said beside rules: in which currency the company orders, and what is true of the sources that they name;
// both as they are at one moment.
func (s *Service) Around(ctx context.Context, actor access.Actor, rules ...approval.Rule) (own money.Currency, is Sources, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
			return err
		}
		var c company.Company
		tx.Companies.Want(&c, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		own = c.Currency
		is, err = step.SourcesOf(ctx, tx, actor.Company, rules)
		return err
	})
	return own, is, err
}

// OwnCurrency is the currency of the actor's company, in which its rules count unless they say another.
func (s *Service) OwnCurrency(ctx context.Context, actor access.Actor) (c money.Currency, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil && !actor.MaySomewhere(access.ApprovalRulesManage) {
			return err
		}
		var own company.Company
		tx.Companies.Want(&own, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		c = own.Currency
		return nil
	})
	return c, err
}

// GetRule shows a rule that the actor may see.
func (s *Service) GetRule(ctx context.Context, actor access.Actor, key id.Rule) (r view.Rule, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		r, err = rule(ctx, tx, actor, key)
		return err
	})
	return r, err
}

// Versions lists the versions of a rule that the actor may see, the newest first; at most 200.
func (s *Service) Versions(ctx context.Context, actor access.Actor, key id.Rule) (all []view.RuleVersion, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if _, err := rule(ctx, tx, actor, key); err != nil {
			return err
		}
		tx.Views.WantRuleVersions(&all, actor.Company, key)
		return tx.Fetch(ctx)
	})
	return all, err
}

// rule reads a rule that applies where the actor may see rules.
func rule(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Rule) (view.Rule, error) {
	var rows []view.Rule
	tx.Views.WantRuleRows(&rows, actor.Company, viewdb.Rules{Places: actor.Looks(access.ApprovalRulesView), Key: key}, nil, 1)
	if err := tx.Fetch(ctx); err != nil {
		return view.Rule{}, err
	}
	if len(rows) == 0 {
		return view.Rule{}, approvaldb.ErrRuleUnseen
	}
	if err := actor.RequireSomewhere(access.ApprovalRulesView); err != nil {
		return view.Rule{}, err
	}
	return rows[0], nil
}

// CreateRule adds a rule, in its first version. It counts for what is submitted from now on.
func (s *Service) CreateRule(ctx context.Context, actor access.Actor, r approval.Rule) (done approval.Rule, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		r := r
		r.Name = text.Fold(r.Name)
		r.ID, r.Company, r.Version = id.NewRule(tx.Now), actor.Company, 1
		var known view.Known
		var rules int64
		var c company.Company
		namedBy(&known, tx, r)
		tx.Views.WantRuleCount(&rules, actor.Company)
		tx.Companies.Want(&c, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.ApprovalRulesManage, known.Units[r.At.Unit].At); err != nil {
			return err
		}
		// decide
		if !c.Terms.OwnRules {
			return company.ErrOwnRules
		}
		if rules >= mostRules {
			return ErrRules
		}
		if err := check(r, known); err != nil {
			return err
		}
		// write
		tx.Approvals.SetRule(r, actor.Member)
		// tell
		tx.Tell(actor, ruleWasSet(r))
		done = r
		return nil
	})
	return done, err
}

// EditRule replaces a rule, whose identifier and version are those of the one that the actor saw, by a new version. A
// purchase order that waits keeps the version it was submitted under.
func (s *Service) EditRule(ctx context.Context, actor access.Actor, r approval.Rule) (approval.Rule, error) {
	r.Name = text.Fold(r.Name)
	return s.change(ctx, actor, r.ID, r.Version, func(approval.Rule) approval.Rule { return r })
}

// EnableRule lets a rule count from now on, or not.
func (s *Service) EnableRule(ctx context.Context, actor access.Actor, key id.Rule, version int, enabled bool) (approval.Rule, error) {
	return s.change(ctx, actor, key, version, func(r approval.Rule) approval.Rule {
		r.Enabled = enabled
		return r
	})
}

// change makes a new version of a rule that the actor sees.
func (s *Service) change(ctx context.Context, actor access.Actor, key id.Rule, version int, to func(approval.Rule) approval.Rule) (done approval.Rule, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := rule(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		r := to(before.Rule)
		r.ID, r.Company, r.Version = before.ID, actor.Company, before.Version+1
		var known view.Known
		var c company.Company
		namedBy(&known, tx, r)
		tx.Companies.Want(&c, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may: where the rule was, and where it will be
		for _, at := range []tree.Path{before.UnitAt, known.Units[r.At.Unit].At} {
			if err := actor.Require(access.ApprovalRulesManage, at); err != nil {
				return err
			}
		}
		// decide
		if !c.Terms.OwnRules {
			return company.ErrOwnRules
		}
		if before.Version != version {
			return ErrRuleStale.Now(int64(before.Version))
		}
		if err := check(r, known); err != nil {
			return err
		}
		// write
		tx.Approvals.SetRule(r, actor.Member)
		// tell
		tx.Tell(actor, ruleWasSet(r))
		done = r
		return nil
	})
	return done, err
}

// DeleteRule takes a rule out of use. Its versions are kept for those who were asked under them.
func (s *Service) DeleteRule(ctx context.Context, actor access.Actor, key id.Rule, version int) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		r, err := rule(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.ApprovalRulesManage, r.UnitAt); err != nil {
			return err
		}
		// decide
		c, err := tx.Companies.Get(ctx, actor.Company)
		switch {
		case err != nil:
			return err
		case !c.Terms.OwnRules:
			return company.ErrOwnRules
		case r.Version != version:
			return ErrRuleStale.Now(int64(r.Version))
		}
		// write
		tx.Approvals.DeleteRule(actor.Company, key)
		// tell
		tx.Tell(actor, approval.RuleWasRemoved{RuleID: r.ID, Name: r.Name, Version: r.Version})
		return nil
	})
}

func ruleWasSet(r approval.Rule) approval.RuleWasSet {
	return approval.RuleWasSet{RuleID: r.ID, Name: r.Name, Version: r.Version, Enabled: r.Enabled, Unit: r.At.Unit}
}

// eachSource calls fn with every source of approvers of a rule, and the name of the field that it stands in.
func eachSource(r approval.Rule, fn func(field string, s approval.Source)) {
	for i, st := range r.Steps {
		for j, stage := range st.Then.Stages {
			for k, g := range stage.Groups {
				for n, source := range g.Of {
					fn(fmt.Sprintf("steps.%d.then.stages.%d.groups.%d.of.%d", i, j, k, n), source)
				}
			}
		}
	}
}

// namedBy asks for whatever a rule names.
func namedBy(known *view.Known, tx *store.Tx, r approval.Rule) {
	which := viewdb.Named{Members: append(append([]id.Member{}, r.Watchers...), r.AppliesTo.Members...), Roles: append([]id.Role{}, r.AppliesTo.Roles...),
		CostCentres: append([]id.CostCentre{}, r.AppliesTo.CostCentres...)}
	for _, p := range append([]approval.Place{r.At}, r.AppliesTo.Units...) {
		if !p.Unit.IsZero() {
			which.Units = append(which.Units, p.Unit)
		}
	}
	eachSource(r, func(_ string, s approval.Source) { step.NamedBy(&which, s) })
	tx.Views.WantKnown(known, r.Company, which)
}

// check is the fault of what cannot stand in a rule, or what it names and is not the company's, field by field.
func check(r approval.Rule, known view.Known) error {
	if err := r.Check(); err != nil {
		return err
	}
	var in fault.Input
	r.CheckCurrencies(&in)
	if !r.At.Unit.IsZero() {
		unseen(&in, "unit", known.Units, company.ErrUnseenUnit, r.At.Unit)
	}
	for _, p := range r.AppliesTo.Units {
		unseen(&in, "applies_to.units", known.Units, company.ErrUnseenUnit, p.Unit)
	}
	unseen(&in, "watchers", known.Members, company.ErrUnseenMember, r.Watchers...)
	unseen(&in, "applies_to.members", known.Members, company.ErrUnseenMember, r.AppliesTo.Members...)
	unseen(&in, "applies_to.roles", known.Roles, ErrRoleUnseen, r.AppliesTo.Roles...)
	unseen(&in, "applies_to.cost_centres", known.CostCentres, budgetdb.ErrCostCentreUnseen, r.AppliesTo.CostCentres...)
	eachSource(r, func(field string, s approval.Source) {
		if !s.Member.IsZero() {
			unseen(&in, field, known.Members, company.ErrUnseenMember, s.Member)
		}
		if !s.Role.IsZero() {
			unseen(&in, field, known.Roles, ErrRoleUnseen, s.Role)
		}
		if !s.CostCentre.IsZero() {
			unseen(&in, field, known.CostCentres, budgetdb.ErrCostCentreUnseen, s.CostCentre)
		}
		if !s.Budget.IsZero() {
			unseen(&in, field, known.Budgets, budgetdb.ErrUnseen, s.Budget)
		}
	})
	return in.Err()
}

// unseen notes the first of these keys that is not known.
func unseen[K comparable, V any](in *fault.Input, field string, known map[K]V, meaning error, keys ...K) {
	for _, key := range keys {
		if _, there := known[key]; !there {
			in.Take(field, meaning)
			return
		}
	}
}
