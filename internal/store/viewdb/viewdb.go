// Package viewdb reads across areas: for lists and pages, and for verify, which holds all tables against the laws that
// stand here. It writes nothing.
package viewdb

import (
	"slices"
	"strings"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store/engine"
)

// Tables reads all tables, in one transaction.
type Tables struct{ Tx *engine.Tx }

// where gathers conditions of a list.
type where struct {
	texts []string
	args  []any
}

func (w *where) and(text string, args ...any) {
	w.texts = append(w.texts, text)
	w.args = append(w.args, args...)
}

func (w *where) String() string {
	if len(w.texts) == 0 {
		return "1 = 1"
	}
	return strings.Join(w.texts, "\n   and ")
}

// behind begins a list behind the sort values of the last row seen; without them at its beginning.
func (w *where) behind(text string, after []any) {
	if len(after) > 0 {
		w.and(text, after...)
	}
}

// scope cuts a list to what an actor may see. owner is the column with the owner, ownerPath the one with where
// the owner stands now, place the one with where the thing is booked.
func (w *where) scope(s access.Scope, owner, ownerPath, place string) {
	var any []string
	var args []interface{}
	within := func(paths []tree.Path) string {
		if slices.Contains(paths, tree.Top) {
			return "1 = 1"
		}
		var in []string
		for _, p := range paths {
			in = append(in, place+" >= ? and "+place+" < ?")
			args = append(args, p, p.End())
		}
		return "(" + strings.Join(in, " or ") + ")"
	}
	if len(s.Company) > 0 {
		any = append(any, within(s.Company))
	}
	if len(s.Subordinates) > 0 {
		args = append(args, s.Below, s.Below.End())
		any = append(any, "("+ownerPath+" > ? and "+ownerPath+" < ? and "+within(s.Subordinates)+")")
	}
	if len(s.Own) > 0 {
		args = append(args, s.Member)
		any = append(any, "("+owner+" = ? and "+within(s.Own)+")")
	}
	if len(any) == 0 {
		any = append(any, "1 = 0")
	}
	w.and("("+strings.Join(any, "\n     or ")+")", args...)
}

// like makes of what a person typed a pattern for "like … escape '!'": the words are looked for anywhere.
func like(text string) string {
	r := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
	return "%" + r.Replace(strings.ToLower(strings.TrimSpace(text))) + "%"
}
