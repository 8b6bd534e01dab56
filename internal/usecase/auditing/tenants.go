package auditing

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

const (
	claimChunk = 100  // rows whose texts are read at once
	strayMost  = 4000 // identifiers that are gathered before they are looked for in other companies
	ownersMost = 4000 // identifiers that are asked for in one question
)

// VerifyTenants tells of every row that names something of another company, or in a column for it something that there
// is not; and says how many rows it looked at. Identifiers within JSON and paths count too: there, what is gone may be
// named on, but nothing that another company has; but what the seller's staff have done names whom they did it for.
func (s *Service) VerifyTenants(ctx context.Context, actor access.Actor, found view.Found) (rows int64, err error) {
	for _, law := range viewdb.References() {
		err := s.overall(ctx, actor, func(tx *store.Tx) error { return step.Uphold(ctx, tx, law, found) })
		if err != nil {
			return rows, fmt.Errorf("%s: %w", law.Table, err)
		}
	}
	t := tenants{s: s, actor: actor, found: found, strays: map[string][]claim{}}
	err = s.overall(ctx, actor, func(tx *store.Tx) error {
		seller, _, err := tx.Companies.FindSeller(ctx)
		t.seller = seller.ID
		return err
	})
	if err != nil {
		return rows, err
	}
	for _, o := range viewdb.OwnedTables() {
		err := s.overall(ctx, actor, func(tx *store.Tx) error {
			n, err := tx.Views.CountRows(ctx, o.Name)
			rows += n
			return err
		})
		if err == nil && len(o.Texts) > 0 {
			err = t.table(ctx, o)
		}
		if err != nil {
			return rows, fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return rows, t.flush(ctx)
}

// overall reads in a snapshot, for whoever may look at all companies.
func (s *Service) overall(ctx context.Context, actor access.Actor, fn func(tx *store.Tx) error) error {
	return s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.AuditViewAll, tree.Top); err != nil {
			return err
		}
		return fn(tx)
	})
}

// tenants goes through the texts of rows.
type tenants struct {
	s      *Service
	actor  access.Actor
	found  view.Found
	seller id.Company         // zero when there is no office
	strays map[string][]claim // by kind of identifier: what is not of the company that names it
	n      int                // of all strays
}

// claim is one identifier in a text of a row.
type claim struct {
	company    id.Company
	table, row string
	kind, key  string // of what is named
}

func (c claim) String() string {
	return fmt.Sprintf("%s %s of %s names %s", c.table, c.row, c.company, id.Outside(c.kind, c.key))
}

// table goes through the texts of one table.
func (t *tenants) table(ctx context.Context, o viewdb.Owned) error {
	var behind []string
	for {
		var some []view.Claims
		err := t.s.overall(ctx, t.actor, func(tx *store.Tx) (err error) {
			if some, err = tx.Views.ListClaims(ctx, o, behind, claimChunk); err != nil {
				return err
			}
			return t.chunk(ctx, tx, o, some)
		})
		if err != nil {
			return err
		}
		if t.n >= strayMost {
			if err := t.flush(ctx); err != nil {
				return err
			}
		}
		if len(some) < claimChunk {
			return nil
		}
		behind = some[len(some)-1].Key
	}
}

// tellingStaff are the tables whose rows of the seller name customers and what is theirs: what staff did, what was answered to them,
// and what they are told of.
var tellingStaff = []string{"audit", "outbox", "once", "notice", "mail", "delivery"}

// chunk gathers what some rows name that is not of their company.
func (t *tenants) chunk(ctx context.Context, tx *store.Tx, o viewdb.Owned, some []view.Claims) error {
	type shelf struct {
		company id.Company
		kind    string
	}
	claims := map[shelf][]claim{}
	for _, row := range some {
		if row.Company.IsZero() {
			continue // the seller's
		}
		if row.Company == t.seller && slices.Contains(tellingStaff, o.Name) {
			continue
		}
		for _, text := range row.Texts {
			for kind, keys := range named(text) {
				for key := range keys {
					at := shelf{row.Company, kind}
					claims[at] = append(claims[at], claim{row.Company, o.Name, row.Row, kind, key})
				}
			}
		}
	}
	theirs := map[shelf]owners{}
	for at, all := range claims {
		if theirs[at] = (owners{at.company.UUID(): at.company}); at.kind != "cmp" {
			theirs[at] = owners{}
			theirs[at].want(tx, at.kind, at.company, all)
		}
	}
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	for at, all := range claims {
		for _, c := range all {
			switch _, known := theirs[at][c.key]; {
			case known:
			case at.kind == "cmp":
				t.found(1, c.String())
			default:
				t.strays[at.kind] = append(t.strays[at.kind], c)
				t.n++
			}
		}
	}
	return nil
}

// flush looks for the strays in other companies. What is in none is gone, or will never be there.
func (t *tenants) flush(ctx context.Context) error {
	for kind, all := range t.strays {
		theirs := owners{}
		err := t.s.overall(ctx, t.actor, func(tx *store.Tx) error {
			theirs.want(tx, kind, id.Company{}, all)
			return tx.Fetch(ctx)
		})
		if err != nil {
			return err
		}
		for _, c := range all {
			if owner := theirs[c.key]; !owner.IsZero() && owner != c.company {
				t.found(1, c.String()+", which is of "+owner.String())
			}
		}
	}
	t.strays, t.n = map[string][]claim{}, 0
	return nil
}

// owners is whose something is, by its UUID.
type owners map[string]id.Company

// want asks whose the things are that are claimed, all of one kind: in one company, or with the zero company in any.
func (o owners) want(tx *store.Tx, kind string, company id.Company, all []claim) {
	keys := map[string]bool{}
	for _, c := range all {
		keys[c.key] = true
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(keys)), ownersMost) {
		tx.Views.WantOwners(viewdb.TableOf(kind), company, some, func(key string, owner id.Company) { o[key] = owner })
	}
}

// named are the identifiers in a text, by kind, of all that belongs to companies. A text is JSON, of which every string
// counts that is an identifier as a whole, or a path.
func named(text string) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	note := func(s string) {
		kind, key, ok := id.Inside(s)
		if !ok || kind != "cmp" && viewdb.TableOf(kind) == "" {
			return
		}
		if all[kind] == nil {
			all[kind] = map[string]bool{}
		}
		all[kind][key] = true
	}
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		eachString(v, note)
		return all
	}
	for part := range strings.SplitSeq(text, "/") {
		note(part)
	}
	return all
}

// eachString calls note with every string in a value of JSON.
func eachString(v any, note func(string)) {
	switch v := v.(type) {
	case string:
		note(v)
	case []any:
		for _, e := range v {
			eachString(e, note)
		}
	case map[string]any:
		for name, e := range v {
			note(name)
			eachString(e, note)
		}
	}
}
