package auditing

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Trail is a page of what has happened, and what all that is named in it is called: by its identifier, or by the place in the
// structure where it stands. What is no more is called as the audit last called it.
type Trail struct {
	page.List[audit.Entry]
	Names map[string]string
}

// NamesIn is what the things are called that an entry names, by their identifiers; of a list in it those at its beginning.
func (t Trail) NamesIn(e audit.Entry) map[string]string {
	names := map[string]string{}
	keys, _ := mentioned([]audit.Entry{{Body: e.Body}})
	for _, key := range keys {
		if name := t.Names[key]; name != "" {
			names[key] = name
		}
	}
	return names
}

// List is a page of what has happened in the actor's company, the newest first. Who may not see prices reads of purchase orders
// and orders without what they came to.
func (s *Service) List(ctx context.Context, actor access.Actor, f view.AuditFilter, ask page.Ask) (t Trail, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.AuditView, tree.Top); err != nil {
			return err
		}
		t, err = trail(ctx, tx, actor, actor.Company, f, ask)
		return err
	})
	return t, err
}

// ListOf is a page of what has happened in a customer's company, for staff who may view all audits.
func (s *Service) ListOf(ctx context.Context, actor access.Actor, key id.Company, f view.AuditFilter, ask page.Ask) (t Trail, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.AuditViewAll, tree.Top); err != nil {
			return err
		}
		// find
		var c company.Company
		tx.Companies.Want(&c, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		t, err = trail(ctx, tx, actor, c.ID, f, ask)
		return err
	})
	return t, err
}

// trail reads a page of a company's audit as the actor is shown it.
func trail(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Company, f view.AuditFilter, ask page.Ask) (t Trail, err error) {
	t = Trail{Names: map[string]string{}}
	if t.List, err = tx.Views.ListAudit(ctx, key, f, ask); err != nil {
		return t, err
	}
	if slices.ContainsFunc(t.Rows, audit.Entry.Priced) {
		step.Unprice(actor, t.Rows)
	}
	keys, paths := mentioned(t.Rows)
	tx.Views.WantCalled(t.Names, key, actor.Realm == access.Staff, keys)
	tx.Views.WantCalledAt(t.Names, key, paths)
	if err := tx.Fetch(ctx); err != nil {
		return t, err
	}
	var gone []string
	for _, key := range keys {
		if t.Names[key] == "" {
			gone = append(gone, key)
		}
	}
	tx.Views.WantToldOf(t.Names, key, gone)
	return t, tx.Fetch(ctx)
}

// mentioned are all identifiers in some entries, and the places right above those from and to which something was moved.
func mentioned(all []audit.Entry) (keys []string, paths []tree.Path) {
	seen := map[string]bool{}
	note := func(s string) {
		if _, _, ok := id.Inside(s); ok && !seen[s] {
			seen[s] = true
			keys = append(keys, s)
		}
	}
	for _, e := range all {
		note(e.About)
		note(e.Member.String())
		var v any
		if json.Unmarshal(e.Body, &v) != nil {
			continue
		}
		eachString(begun(v), note)
		if moved, ok := v.(map[string]any); ok && strings.HasSuffix(e.Event, ".moved") {
			for _, name := range []string{"before", "after"} {
				if at, ok := moved[name].(string); ok {
					paths = append(paths, tree.Path(at).Parent())
				}
			}
		}
	}
	return keys, paths
}

// mostListed is how many of a list in an event are called by their names: what is said of an entry in a line has no room for more,
// and an import gives a hundred roles in one event.
const mostListed = 10

// begun is a value of JSON with the beginning of each of its lists alone.
func begun(v any) any {
	switch v := v.(type) {
	case []any:
		short := make([]any, 0, mostListed)
		for _, e := range v[:min(len(v), mostListed)] {
			short = append(short, begun(e))
		}
		return short
	case map[string]any:
		short := make(map[string]any, len(v))
		for name, e := range v {
			short[name] = begun(e)
		}
		return short
	}
	return v
}
