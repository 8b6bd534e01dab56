package approval

import "kontor/internal/base/id"

// RuleWasSet tells that a rule was made or changed: what it says now stands in its version.
type RuleWasSet struct {
	RuleID  id.Rule `json:"rule_id"`
	Name    string  `json:"name"`
	Version int     `json:"version"`
	Enabled bool    `json:"enabled"`
	Unit    id.Unit `json:"unit_id,omitzero"` // whose rule it is; none: the whole company's
}

// EventName is approval_rule.set.
func (RuleWasSet) EventName() string { return "approval_rule.set" }

// Subject is the rule.
func (e RuleWasSet) Subject() string { return e.RuleID.String() }

// RuleWasRemoved tells that a rule asks nobody any more. Who was asked under it still is.
type RuleWasRemoved struct {
	RuleID  id.Rule `json:"rule_id"`
	Name    string  `json:"name"`
	Version int     `json:"version"` // the last one
}

// EventName is approval_rule.removed.
func (RuleWasRemoved) EventName() string { return "approval_rule.removed" }

// Subject is the rule.
func (e RuleWasRemoved) Subject() string { return e.RuleID.String() }
