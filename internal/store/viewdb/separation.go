package viewdb

import (
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// WantOverlapping asks for the members who have roles of as many groups as the filter says, by name, in as many rows as there
// are: whom a list left out would hold too much unseen.
func (t Tables) WantOverlapping(all *[]view.Overlapping, key id.Company, f view.OverlapFilter) {
	const counts = "(s.until_at is null or s.until_at > ?)"
	var w where
	var any []id.Role
	var each []string
	var eachArgs []interface{}
	for _, group := range f.Groups {
		marks, args := engine.Marks(group)
		each = append(each, "max(case when s.role_id in "+marks+" then 1 else 0 end)")
		eachArgs = append(eachArgs, args...)
		any = append(any, group...)
	}
	marks, args := engine.Marks(any)
	w.and("s.company_id = ? and "+counts+" and s.role_id in "+marks, append([]interface{}{key, t.Tx.Now}, args...)...)
	if len(f.Members) > 0 {
		marks, args := engine.Marks(f.Members)
		w.and("s.member_id in "+marks, args...)
	}
	if !f.Role.IsZero() {
		w.and("s.member_id in (select s.member_id from assignment s where s.company_id = ? and s.role_id = ? and "+counts+")", key, f.Role, t.Tx.Now)
	}
	engine.Rows(t.Tx.Ask(`
		select m.id, m.name, n.path
		  from (select s.company_id, s.member_id from assignment s
		         where `+w.String()+`
		         group by s.company_id, s.member_id
		        having `+strings.Join(each, " + ")+` >= ?) h
		  join member m on m.company_id = h.company_id and m.id = h.member_id and m.status <> 'inactive'
		  left join node n on n.company_id = m.company_id and n.id = m.id
		 order by m.words, m.id`, append(append(w.args, eachArgs...), f.Least)...), all,
		func(h *view.Overlapping, scan engine.Scan) error {
			return scan(&h.Member, &h.Name, engine.Text(&h.Path))
		})
}
