package step

import (
	"context"
	"fmt"
	"sync"

	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
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
func (b *Rulebook) Of(ctx context.Context, tx *store.Tx, company id.Company, version int64) ([]approval.CompiledRule, error) {
	if have, ok := b.get(company); ok && have.version == version {
		return have.rules, nil
	}
	all, err := tx.Approvals.ListRules(ctx, company)
	if err != nil {
		return nil, err
	}
	fresh := book{version: version}
	for _, r := range all {
		if !r.Enabled {
			continue
		}
		c, err := r.Compile()
		if err != nil {
			// A rule is checked when it is saved. One that cannot be read any more must not be passed over.
			return nil, fmt.Errorf("rule %s of %s: %w", r.ID, company, err)
		}
		fresh.rules = append(fresh.rules, c)
	}
	b.set(company, fresh)
	return fresh.rules, nil
}

func (b *Rulebook) get(company id.Company) (book, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	have, ok := b.books[company]
	return have, ok
}

func (b *Rulebook) set(company id.Company, fresh book) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules += len(fresh.rules) - len(b.books[company].rules)
	b.books[company] = fresh
	for other, old := range b.books {
		if b.rules <= mostRules {
			break
		}
		if other != company {
			b.rules -= len(old.rules)
			delete(b.books, other)
		}
	}
}
