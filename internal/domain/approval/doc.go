// Package approval decides who must agree to a purchase, and what their decisions make of it.
//
// # What it is
//
// A company writes rules. A rule is a condition over an order ([Condition]) and what it requires ([Requirement]).
// [Evaluate] holds the rules against the [Facts] of one order and says what each of them wants; [Sources] names the
// people that must be looked up; [Build] makes of both a [Plan]: who is asked, in which order, and why.
// [Plan.Decide] says what one person's decision does, and one table ([Transitions]) leads a purchase order from state
// to state. [Record.Verify] holds all that is kept of a purchase order against each other.
//
// # Words
//
//   - rule: condition → requirement, owned by a company, at the company or at one of its units.
//   - step: one of the ordered cases of a rule. Steps are either bands (bounds of an amount, each reaching up to
//     and including the next bound) or conditions (the first that holds counts).
//   - requirement: nothing, ask people, approve automatically, or refuse.
//   - source: where approvers come from (a role, the manager, a cost centre …). It has one voice.
//   - group: k of its n sources must agree, each by another person. stage: groups that are asked at the same time and
//     must all agree.
//   - need: a requirement together with its reason. Rules, limits, budgets and credit all give needs.
//   - candidate: somebody whom a source yields. approver: a candidate who is asked.
//   - inherited: of a rule of a company above that counts here, too ([Rule.Below]). absent: whom it names, and who is nobody
//     here.
//   - fallback: who is asked where a source yields nobody who may decide.
//   - unsure: what cannot be known about an order: a fact is missing, or there is no rate for its currency.
//
// # Always true
//
//   - Nothing is approved because nobody was there: a group without enough eligible people waits
//     ([Group.NoEligible]). A source that yields nobody falls to the next manager above, then to administrators; the
//     seller's never falls to the company.
//   - The requester is on no plan, herself or through a deputy, unless the company allows administrators their own
//     small orders; and then never for what is over a limit or budget.
//   - All matching rules count. Refusing beats everything. Approving automatically satisfies its own rule alone.
//   - What is unsure counts as matching and is reported; of several cases that might hold, all count. Only to approve
//     automatically a rule must be sure. "Not" of unsure is unsure (Kleene's logic), so no negation turns a missing
//     fact into a pass.
//   - Distinct persons ([Policy.SamePersonAgain] relaxes it): nobody fills two stages, nor two groups of one
//     requirement. Whoever could fill several groups is kept for the one that has nobody else, otherwise for the
//     earliest; the other groups take their further candidates, and one left short falls to the next manager above.
//     Where that leaves somebody out, all ways to seat people are tried, and then whether one group may be asked in the
//     stage of another: nobody waits for want of an approver while there is a way. One person named by several rules is
//     asked once, for all of them.
//     Equal groups of several requirements are one group with all the reasons. Other groups of one stage may share a
//     person when they stem from different requirements: asked once, their decision counts in each.
//   - Stages stand in the order management line, cost and budget owners, functional roles, seller; the first source of
//     a group says which it is. A rule of several stages sets its own order, and the others fit in; rules that
//     contradict each other's order set none.
//   - "Of each" cost centre or budget is one group for each of them.
//   - Who stands in for an approver needs the approver's right and the own one, when asked and when deciding.
//   - A decision is bound to the [Content.Hash] it was taken on. A state that ends a purchase order has no exits.
//
// # Not here
//
// Who may ask whom to do what (access); how much is left (budget, credit); reading people from the tables
// (approvaldb); telling them (notice); the order itself once it is placed (order).
package approval
