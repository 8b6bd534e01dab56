package step

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
)

// Rulebook remembers the compiled rules of companies for as long as their editions stand.
type Rulebook struct {
	mu    sync.Mutex
	books map[id.Company]book
	rules int
}

type book struct {
	editions []approvaldb.Edition
	rules    []approval.CompiledRule
}

// mostRules bounds how many compiled rules are remembered in all.
const mostRules = 100_000

// NewRulebook makes an empty rulebook.
func NewRulebook() *Rulebook { return &Rulebook{books: map[id.Company]book{}} }

// Of gives the compiled rules that count for a company, in these editions: those of the companies above first, the highest
// first, and then its own. They are remembered, or read in this transaction, which has read the editions too.
func (b *Rulebook) Of(ctx context.Context, tx *store.Tx, editions []approvaldb.Edition) ([]approval.CompiledRule, error) {
	key := editions[0].Company
	if have, ok := b.get(key); ok && slices.Equal(have.editions, editions) {
		return have.rules, nil
	}
	rules, err := Compiled(ctx, tx, editions)
	if err != nil {
		return nil, err
	}
	fresh := book{editions, rules}
	b.set(key, fresh)
	return fresh.rules, nil
}

// Compiled reads and compiles the rules that count for a company, as Of gives them.
func Compiled(ctx context.Context, tx *store.Tx, editions []approvaldb.Edition) (rules []approval.CompiledRule, err error) {
	key := editions[0].Company
	all, err := Inherited(ctx, tx, editions)
	if err != nil {
		return nil, err
	}
	own, err := tx.Approvals.ListRules(ctx, key)
	if err != nil {
		return nil, err
	}
	places, err := placesOf(ctx, tx, key, own)
	if err != nil {
		return nil, err
	}
	for _, r := range own {
		all = append(all, r.Locate(places))
	}
	for _, r := range all {
		if !r.Enabled {
			continue
		}
		c, err := r.Compile()
		if err != nil {
			// A rule is checked when it is saved. One that cannot be read any more must not be passed over.
			return nil, fmt.Errorf("rule %s %s of %s: %w", r.ID, r.Name, key, err)
		}
		rules = append(rules, c)
	}
	return rules, nil
}

// Inherited are the rules that a company has of those above it, as they count there: those of the highest first.
func Inherited(ctx context.Context, tx *store.Tx, editions []approvaldb.Edition) (all []approval.Rule, err error) {
	for _, e := range slices.Backward(editions[1:]) {
		rules, err := tx.Approvals.ListRules(ctx, e.Company)
		if err != nil {
			return nil, err
		}
		rules = slices.DeleteFunc(rules, func(r approval.Rule) bool { return !r.Inherited() })
		if len(rules) == 0 {
			continue
		}
		here, err := counterparts(ctx, tx, e.Company, editions[0].Company, rules)
		if err != nil {
			return nil, err
		}
		for _, r := range rules {
			all = append(all, r.Below(e.Parent, editions[0].Company, here))
		}
	}
	return all, nil
}

// counterparts says what a company has in the place of whatever roles and members the rules of a company above name.
func counterparts(ctx context.Context, tx *store.Tx, above, key id.Company, rules []approval.Rule) (approval.Here, error) {
	here := approval.Here{Roles: map[id.Role]id.Role{}, Members: map[id.Member]id.Member{}}
	var theirs, ours []access.Role
	var there, own []company.Member
	tx.Access.WantEveryRole(&theirs, above)
	tx.Access.WantEveryRole(&ours, key)
	tx.Companies.WantMembers(&there, above, approval.MembersNamed(rules))
	if err := tx.Fetch(ctx); err != nil {
		return here, err
	}
	accounts := make([]id.Account, len(there))
	for i, m := range there {
		accounts[i] = m.Account
	}
	tx.Companies.WantMembersOf(&own, key, accounts)
	if err := tx.Fetch(ctx); err != nil {
		return here, err
	}
	for _, r := range theirs {
		if i := slices.IndexFunc(ours, r.Matches); i >= 0 {
			here.Roles[r.ID] = ours[i].ID
		}
	}
	for _, m := range there {
		if i := slices.IndexFunc(own, func(o company.Member) bool { return o.Account == m.Account }); i >= 0 {
			here.Members[m.ID] = own[i].ID
		}
	}
	return here, nil
}

// placesOf says where the units stand that rules name: rules keep the unit, and units move.
func placesOf(ctx context.Context, tx *store.Tx, key id.Company, rules []approval.Rule) (map[id.Unit]approval.Place, error) {
	var units []id.Unit
	for _, r := range rules {
		if !r.At.Unit.IsZero() {
			units = append(units, r.At.Unit)
		}
		for _, u := range r.AppliesTo.Units {
			units = append(units, u.Unit)
		}
	}
	places := map[id.Unit]approval.Place{}
	if len(units) == 0 {
		return places, nil
	}
	var nodes []company.Node
	tx.Companies.WantNodes(&nodes, key, units, nil)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for _, n := range nodes {
		places[n.Unit] = approval.Place{Unit: n.Unit, Path: n.Path}
	}
	return places, nil
}

func (b *Rulebook) get(key id.Company) (book, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	have, ok := b.books[key]
	return have, ok
}

func (b *Rulebook) set(key id.Company, fresh book) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules += len(fresh.rules) - len(b.books[key].rules)
	b.books[key] = fresh
	for other, old := range b.books {
		if b.rules <= mostRules {
			break
		}
		if other != key {
			b.rules -= len(old.rules)
			delete(b.books, other)
		}
	}
}
