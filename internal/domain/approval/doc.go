// Package approval decides who must agree to a purchase, and what their decisions make of it.
//
// # What it is
//
// A company writes rules. A rule is a condition over an order ([Condition]) and what it requires
// ([Requirement]). [Evaluate] holds the rules against the [Facts] of one order and says what each of them
// wants; [Sources] names the people that must be looked up; [Build] makes of both a [Plan]: who is asked, in
// which order, and why. A purchase order goes from state to state by one table ([Transitions]), and
// [Plan.Decide] says what one person's decision does.
//
// # Words
//
//   - rule: condition → requirement, owned by a company, at the company or at one of its units.
//   - step: one of the ordered cases of a rule. Steps are either bands (bounds of an amount, each reaching up to
//     and including the next bound) or conditions (the first that holds counts).
//   - requirement: nothing, ask people, approve automatically, or refuse.
//   - source: where approvers come from (a role, the manager, a cost centre …). It has one voice.
//   - group: k of its n sources must agree. stage: groups that must all agree; stages are asked one after another.
//   - need: a requirement together with its reason. Rules, limits, budgets and credit all give needs.
//   - candidate: somebody whom a source yields. approver: a candidate who is asked.
//   - fallback: who is asked where a source yields nobody who may decide.
//   - unsure: what cannot be known about an order. It counts as matching, except that nothing is ever approved
//     automatically on it.
//
// # Always true
//
//   - Nothing is approved because nobody was there: a group without enough eligible people waits ([Group.NoEligible]).
//   - The requester is on no plan, herself or through a deputy, unless the company allows administrators their own
//     small orders, and then never for what is over a limit or budget.
//   - All matching rules count. Refusing beats everything. Approving automatically satisfies its own rule alone.
//   - Distinct persons ([Policy.SamePersonAgain] relaxes it): nobody fills two stages, nor two groups of one
//     requirement. Where a person could fill several groups, they are given to the group that has nobody else,
//     otherwise to the earliest; the others take their further candidates. A group left short by that asks the
//     next manager above, then administrators. Within one stage, groups that stem from different requirements do
//     share a person: asked once, their decision counts in each. Equal groups of several requirements are one group
//     with all the reasons.
//   - Stages stand in the order management line, cost and budget owners, functional roles, seller. A rule of several
//     stages sets its own order, and the others fit in; rules that contradict each other's order set none.
//   - A decision is bound to the [Content.Hash] it was taken on. A state that ends a purchase order has no exits.
//
// # Not here
//
// Who may ask whom to do what (access); how much is left (budget, credit); reading people from the tables
// (approvaldb); telling them (notice); the order itself once it is placed (order).
package approval
