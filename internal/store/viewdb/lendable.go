package viewdb

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/company"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// lendable begins a question for the own active members of the companies above one who have no place in it.
const lendable = `
	with recursive line (id, above) as (
		select c.parent_id, 1 from company c where c.id = ? and c.parent_id is not null
		union all
		select c.parent_id, l.above + 1 from line l join company c on c.id = l.id where c.parent_id is not null and l.above < ?)
	select u.id, u.number, u.name, m.id, a.id, a.email, m.name, m.title, m.words
	  from line l
	  join company u on u.id = l.id and u.status in ('pending', 'active', 'blocked')
	  join member m on m.company_id = u.id and m.status = 'active' and m.home_id is null
	  join account a on a.id = m.account_id and a.active
	 where not exists (select 1 from member o where o.company_id = ? and o.account_id = m.account_id) and `

func lendableInto(l *view.Lendable) []any {
	return []any{&l.Home, &l.HomeNumber, &l.HomeName, &l.Member, &l.Account, &l.Email, &l.Name, &l.Title, &l.Words}
}

// ListLendable is a page of those whom the companies above can lend, by name.
func (t Tables) ListLendable(ctx context.Context, key id.Company, text string, ask page.Ask) (page.List[view.Lendable], error) {
	w := where{}
	if text != "" {
		w.and("m.words like ? escape '!'", like(text))
	}
	after, err := page.Behind(ask, id.ParseMember)
	if err != nil {
		return page.List[view.Lendable]{}, err
	}
	w.behind("(m.words, m.id) > (?, ?)", after)
	var rows []view.Lendable
	args := append([]any{key, company.MostAbove, key}, w.args...)
	engine.Rows(t.Tx.Ask(lendable+w.String()+` order by m.words, m.id limit ?`, append(args, ask.Size()+1)...), &rows,
		func(l *view.Lendable, scan engine.Scan) error { return scan(lendableInto(l)...) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Lendable]{}, err
	}
	return page.Cut(rows, ask, func(l view.Lendable) []string { return []string{l.Words, l.Member.String()} }), nil
}

// WantLendable asks for one of them, by who they are in the company above.
func (t Tables) WantLendable(l *view.Lendable, key id.Company, member id.Member) {
	t.Tx.Ask(lendable+`m.id = ?`, key, company.MostAbove, key, member).Row(company.ErrNotLendable, lendableInto(l)...)
}

// WantLent asks for those whom others lend to a company and to those that belong to it, so many levels below it or more, as far as
// they act there; at most 1 000, company by company, by name.
func (t Tables) WantLent(all *[]view.Lent, key id.Company, below int) {
	engine.Rows(t.Tx.Ask(`
		with recursive down (id, depth) as (
			select c.id, 0 from company c where c.id = ?
			union all
			select c.id, d.depth + 1 from down d join company c on c.parent_id = d.id where d.depth < ?)
		select c.id, c.number, c.name, m.id, m.home_id, o.id
		  from down d join company c on c.id = d.id join member m on m.company_id = c.id
		  join member o on o.company_id = m.home_id and o.account_id = m.account_id
		 where d.depth >= ? and m.home_id is not null and `+companydb.ActsWhere+`
		 order by c.id, m.words, m.id limit 1000`, key, company.MostAbove, below), all,
		func(l *view.Lent, scan engine.Scan) error {
			return scan(&l.Company, &l.Number, &l.Name, &l.Member, &l.Home, &l.There)
		})
}
