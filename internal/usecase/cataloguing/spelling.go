package cataloguing

import (
	"context"
	"strings"

	"kontor/internal/domain/catalogue"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
)

// Of each word that no product has so many others are tried, and of a text no more such words are looked at.
const (
	mostTries   = 3
	mostUnknown = 4
)

// instead is what somebody may have meant with a text that finds nothing: its words that no product has are put right, if
// products are called so. Empty: nothing is near, or its words are all right and nothing has them together.
func instead(ctx context.Context, tx *store.Tx, text string) (string, error) {
	words := catalogue.Words(text)
	type spelling struct {
		at    int
		known bool
		near  []string
	}
	var all []*spelling
	for i, word := range words {
		if catalogue.Spellable(word) && len(all) < mostUnknown {
			s := &spelling{at: i}
			all = append(all, s)
			tx.Views.WantSpellings(&s.known, &s.near, word)
		}
	}
	if len(all) == 0 {
		return "", nil
	}
	if err := tx.Fetch(ctx); err != nil {
		return "", err
	}
	tries := make([][]string, mostTries)
	for k := range tries {
		tries[k] = append([]string{}, words...)
	}
	changed := 0 // so many tries differ from one another
	for _, s := range all {
		if s.known {
			continue
		}
		meant := catalogue.Nearest(words[s.at], s.near, mostTries)
		if len(meant) == 0 {
			return "", nil // whatever the others are, nothing has this one
		}
		for k := range tries {
			tries[k][s.at] = meant[min(k, len(meant)-1)]
		}
		changed = max(changed, len(meant))
	}
	found := make([]int64, changed)
	for k := range found {
		tx.Views.WantFound(&found[k], viewdb.Shelf{Text: strings.Join(tries[k], " ")})
	}
	if changed == 0 {
		return "", nil
	}
	if err := tx.Fetch(ctx); err != nil {
		return "", err
	}
	for k, n := range found {
		if n > 0 {
			return strings.Join(tries[k], " "), nil
		}
	}
	return "", nil
}
