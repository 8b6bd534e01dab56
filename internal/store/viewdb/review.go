package viewdb

import (
	"context"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const reviewedColumns = `m.id, m.name, m.title, m.words, n.path, case when ` + companydb.ActsWhere + ` then 1 else 0 end, case when a.active then 1 else 0 end, case when m.status = 'active' and m.home_id is not null then 1 else 0 end, m.status`

const reviewedFrom = `
	  from member m
	  join account a on a.id = m.account_id
	  left join node n on n.company_id = m.company_id and n.id = m.id
	 where `

func scanReviewed(r *view.Reviewed, scan engine.Scan) error {
	var works, signs, lent int64
	var status company.MemberStatus
	err := scan(&r.Member, &r.Name, &r.Title, &r.Words, engine.Text(&r.Path), &works, &signs, &lent, engine.Text(&status))
	r.Works, r.Signs, r.Lent, r.Invited = works == 1, signs == 1, lent == 1, status == company.Invited
	return err
}

// WantReviewed asks for a member as the review functions look at them.
func (t Tables) WantReviewed(r *view.Reviewed, key id.Company, member id.Member) {
	t.Tx.Ask(`select `+reviewedColumns+reviewedFrom+`m.company_id = ? and m.id = ?`, key, member).
		One(company.ErrUnseenMember, func(scan engine.Scan) error { return scanReviewed(r, scan) })
}

// ListWho is a page of the active members who may do what the filter says, as far as the scope takes them in, by name.
// Its cursors have two values.
func (t Tables) ListWho(ctx context.Context, key id.Company, f view.WhoFilter, s access.Scope, ask page.Ask) (page.List[view.Reviewed], error) {
	w := where{}
	w.and("m.company_id = ? and "+companydb.ActsWhere+" and a.active", key)
	w.scope(s, "m.id", "n.path", "coalesce(n.path, '')")
	w.having(f, key, t)
	after, err := page.Behind(ask, id.ParseMember)
	if err != nil {
		return page.List[view.Reviewed]{}, err
	}
	w.behind("(m.words, m.id) > (?, ?)", after)
	var rows []view.Reviewed
	engine.Rows(t.Tx.Ask(`select `+reviewedColumns+reviewedFrom+w.String()+` order by m.words, m.id limit ?`, append(w.args, ask.Size()+1)...), &rows, scanReviewed)
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Reviewed]{}, err
	}
	return page.Cut(rows, ask, func(r view.Reviewed) []string { return []string{r.Words, r.Member.String()} }), nil
}

// having cuts a list of members to those who have a role of the filter where it counts. Each way is asked by itself, so
// that it begins with the few: those who have a role, those above the owner, the owner.
func (w *where) having(f view.WhoFilter, key id.Company, t Tables) {
	at, atArgs := engine.Marks(f.At)
	var ways []string
	var args []any
	one := func(roles []id.Role, more string, moreArgs ...any) {
		if len(roles) == 0 {
			return
		}
		marks, in := engine.Marks(roles)
		ways = append(ways, `select s.member_id from assignment s left join node u on u.company_id = s.company_id and u.id = s.unit_id
			where s.company_id = ? and s.role_id in `+marks+`
			  and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?) and (s.unit_id is null or u.path in `+at+`)`+more)
		args = append(append(args, key), in...)
		args = append(append(args, t.Tx.Now, t.Tx.Now), atArgs...)
		args = append(args, moreArgs...)
	}
	one(f.Anybody, "")
	if len(f.Above) > 0 {
		above, aboveArgs := engine.Marks(f.Above)
		one(f.Subordinates, ` and s.member_id in (select a.id from node a where a.company_id = ? and a.path in `+above+`)`, append([]any{key}, aboveArgs...)...)
	}
	one(f.Own, ` and s.member_id = ?`, f.Owner)
	switch {
	case f.Self && len(ways) == 0:
		w.and("m.id = ?", f.Owner)
	case f.Self:
		w.and(`(m.id = ? or m.id in (`+strings.Join(ways, " union all ")+`))`, append([]any{f.Owner}, args...)...)
	case len(ways) == 0:
		w.and("1 = 0")
	default:
		w.and(`m.id in (`+strings.Join(ways, " union all ")+`)`, args...)
	}
	if f.Others {
		w.and("m.id <> ?", f.Owner)
	}
	if f.Sees != nil {
		w.having(*f.Sees, key, t)
	}
}

// WantAssignedOf asks for every role that these members have, had or will have.
func (t Tables) WantAssignedOf(all *[]view.Assigned, key id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`select `+assignedColumns+assignedFrom+`s.company_id = ? and s.member_id in `+marks+` order by r.name, s.created_at, s.id`,
		append([]any{key}, args...)...), all, scanAssigned)
}
