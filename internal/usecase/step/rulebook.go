package step

import (
	"context"
	"fmt"
	"sync"

	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Rulebook remembers the compiled rules of companies for as long as their version stands.
type Rulebook struct {
	mu    sync.Mutex
	books map[id.Company]book
	rules int
}

type book struct {
	version int64
	rules   []approval.CompiledRule
}

// mostRules bounds how many compiled rules are remembered in all.
const mostRules = 100_000

// NewRulebook makes an empty rulebook.
func NewRulebook() *Rulebook { return &Rulebook{books: map[id.Company]book{}} }

// Of gives the company's compiled rules of this version: remembered, or read in this transaction, which has read
// the version too.
func (b *Rulebook) Of(ctx context.Context, tx *store.Tx, key id.Company, version int64) ([]approval.CompiledRule, error) {
	if have, ok := b.get(key); ok && have.version == version {
		return have.rules, nil
	}
	all, err := tx.Approvals.ListRules(ctx, key)
	if err != nil {
		return nil, err
	}
	places, err := placesOf(ctx, tx, key, all)
	if err != nil {
		return nil, err
	}
	fresh := book{version: version}
	for _, r := range all {
		if !r.Enabled {
			continue
		}
		c, err := r.Locate(places).Compile()
		if err != nil {
			// A rule is checked when it is saved. One that cannot be read any more must not be passed over.
			return nil, fmt.Errorf("rule %s of %s: %w", r.ID, key, err)
		}
		fresh.rules = append(fresh.rules, c)
	}
	b.set(key, fresh)
	return fresh.rules, nil
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
