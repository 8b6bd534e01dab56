package viewdb

import (
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// WantNodes asks for units and members in the structure that the scope takes in and the filter leaves, at most so many of each: from
// the top down, and with a text those first whose names begin with it.
func (t Tables) WantNodes(units, members *[]view.Node, key id.Company, s access.Scope, f view.NodeFilter, most int) {
	if f.Kind != company.MemberNode {
		t.wantUnits(units, key, s, f, most)
	}
	if f.Kind != company.UnitNode {
		t.wantStanding(members, key, s, f, most)
	}
}

// among is what a filter leaves of the structure, whatever it is.
func among(key id.Company, s access.Scope, f view.NodeFilter, keys []any) where {
	w := drawn(key, s)
	if f.Keys != nil {
		marks, args := engine.Marks(keys)
		w.and("n.id in "+marks, args...)
	}
	if f.At != nil {
		marks, args := engine.Marks(f.At)
		w.and("n.path in "+marks, args...)
	}
	if !f.Not.IsZero() {
		var not any = f.Not.Member
		if !f.Not.Unit.IsZero() {
			not = f.Not.Unit
		}
		w.and("n.id <> ?", not)
		if f.NorBelow {
			w.and(`not exists (select 1 from node b where b.company_id = n.company_id and b.id = ?
		       and n.path > b.path and n.path < substr(b.path, 1, length(b.path) - 1) || '/')`, not)
		}
	}
	return w
}

func (t Tables) wantUnits(units *[]view.Node, key id.Company, s access.Scope, f view.NodeFilter, most int) {
	var keys []any
	for _, n := range f.Keys {
		if !n.Unit.IsZero() {
			keys = append(keys, n.Unit)
		}
	}
	w := among(key, s, f, keys)
	order, first := "n.path, n.id", []any(nil)
	if f.Text != "" {
		w.and("(fold(u.name) like ? escape '!' or fold(u.code) like ? escape '!')", like(f.Text), like(f.Text))
		order, first = "case when fold(u.name) like ? escape '!' or fold(u.code) = ? then 0 else 1 end, fold(u.name), n.path, n.id", []any{begun(f.Text) + "%", strings.ToLower(f.Text)}
	}
	if f.Named != "" {
		w.and("(fold(u.name) like ? escape '!' or u.code = ?)", begun(f.Named), f.Named)
	}
	engine.Rows(t.Tx.Ask(`
		select u.id, n.path, u.name, u.code, u.version
		  from node n join unit u on u.company_id = n.company_id and u.id = n.id
		 where `+w.String()+` order by `+order+` limit ?`, append(append(w.args, first...), most)...), units, func(n *view.Node, scan engine.Scan) error {
		n.Kind = company.UnitNode
		return scan(&n.Unit, engine.Text(&n.Path), &n.Name, &n.Code, &n.Version)
	})
}

func (t Tables) wantStanding(members *[]view.Node, key id.Company, s access.Scope, f view.NodeFilter, most int) {
	var keys []any
	for _, n := range f.Keys {
		if !n.Member.IsZero() {
			keys = append(keys, n.Member)
		}
	}
	w := among(key, s, f, keys)
	if f.Acts {
		w.and("m.status = ?", company.Working)
	}
	order, first := "n.path, n.id", []any(nil)
	if f.Text != "" {
		w.and("m.words like ? escape '!'", like(f.Text))
		order, first = "case when m.words like ? escape '!' then 0 else 1 end, m.words, m.id", []any{strings.TrimPrefix(like(f.Text), "%")}
	}
	if f.Named != "" {
		text, args := calledSo(f.Named)
		w.and(text, args...)
	}
	engine.Rows(t.Tx.Ask(`
		select m.id, n.path, m.name, m.title, m.version, m.status
		  from member m join node n on n.company_id = m.company_id and n.id = m.id
		 where `+w.String()+` order by `+order+` limit ?`, append(append(w.args, first...), most)...), members, func(n *view.Node, scan engine.Scan) error {
		n.Kind = company.MemberNode
		return scan(&n.Member, engine.Text(&n.Path), &n.Name, &n.Title, &n.Version, engine.Text(&n.Status))
	})
}

// calledSo is that a member is called so, or is written so with their title behind the name. Their words begin with the name,
// and are read as a range of the index of them.
func calledSo(said string) (string, []any) {
	texts, args := []string{"m.words >= ? and m.words < ?"}, []any{strings.ToLower(said) + "\t", strings.ToLower(said) + "\n"}
	if at := strings.LastIndex(said, view.BehindName); at >= 0 {
		name := strings.ToLower(said[:at])
		texts, args = append(texts, "m.words >= ? and m.words < ? and m.words like ? escape '!'"), append(args, name+"\t", name+"\n", "%\t"+strings.TrimPrefix(like(said[at+len(view.BehindName):]), "%"))
	}
	return "((" + strings.Join(texts, ") or (") + "))", args
}

// begun is a text as a pattern for what it says, or with more behind it for what begins so.
func begun(text string) string {
	pattern := like(text)
	return pattern[1 : len(pattern)-1]
}
