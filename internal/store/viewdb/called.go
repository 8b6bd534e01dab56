package viewdb

import (
	"cmp"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/store/engine"
)

// called says of each kind of thing, by the prefix of its identifiers, what it is called in a company. All of a kind are asked for
// in one question.
var called = map[string]string{
	"acc": `select cast(m.account_id as text), m.name from member m where m.company_id = ? and m.account_id in `,
	"adr": `select cast(a.id as text), a.label from address a where a.company_id = ? and a.member_id is null and a.id in `,
	"bud": `select cast(b.id as text), b.name from budget b where b.company_id = ? and b.id in `,
	"cct": `select cast(c.id as text), c.code || ' ' || c.name from cost_centre c where c.company_id = ? and c.id in `,
	"con": `select cast(k.id as text), k.name from contact k where k.company_id = ? and k.id in `,
	"imp": `select cast(i.id as text), i.name from import i where i.company_id = ? and i.id in `,
	"inv": `select cast(i.id as text), i.email from invitation i where i.company_id = ? and i.id in `,
	"lst": `select cast(l.id as text), l.name from order_list l where l.company_id = ? and l.id in `,
	"mem": `select cast(m.id as text), m.name from member m where m.company_id = ? and m.id in `,
	"ord": `select cast(o.id as text), o.number from orders o where o.company_id = ? and o.id in `,
	"por": `select cast(p.id as text), p.number from purchase_order p where p.company_id = ? and p.id in `,
	"rol": `select cast(r.id as text), r.name from role r where r.company_id = ? and r.id in `,
	"rul": `select cast(r.id as text), r.name from approval_rule r where r.company_id = ? and r.id in `,
	"sep": `select cast(s.id as text), s.name from separation s where s.company_id = ? and s.id in `,
	"unt": `select cast(u.id as text), u.name from unit u where u.company_id = ? and u.id in `,
	"whk": `select cast(w.id as text), w.name from webhook w where w.company_id = ? and w.id in `,
	"asg": `select cast(s.id as text), r.name from assignment s join role r on r.company_id = s.company_id and r.id = s.role_id where s.company_id = ? and s.id in `,
}

// calledByStaff are what only the seller has, and whom its staff act for; the companies are those that are named with them.
var calledByStaff = map[string]string{
	"cgr": `select cast(g.id as text), g.name from customer_group g where g.id in `,
	"prl": `select cast(l.id as text), l.name from price_list l where l.id in `,
	"rtp": `select cast(t.id as text), t.name from role_template t where t.id in `,
	"cmp": `select cast(c.id as text), c.name from company c where c.id in `,
}

// calledAtOnce is of how many one question asks; no engine takes any number of them.
const calledAtOnce = 1000

// WantCalled asks what these identifiers are called, of whichever kind: those of a company, and with staff those of the companies that
// are named. What is no more, or is another company's, is called nothing.
func (t Tables) WantCalled(names map[string]string, company id.Company, staff bool, keys []string) {
	by, companies := map[string][]string{}, []string{company.UUID()}
	for _, key := range keys {
		prefix, inTables, ok := id.Inside(key)
		if !ok {
			continue
		}
		by[prefix] = append(by[prefix], inTables)
		if prefix == "cmp" && staff {
			companies = append(companies, inTables)
		}
	}
	ask := func(prefix, query string, args []any) {
		t.Tx.Ask(query, args...).Each(func() {}, func(scan engine.Scan) error {
			var key, name string
			err := scan(&key, &name)
			names[id.Outside(prefix, key)] = name
			return err
		})
	}
	want := func(prefix string, some []string) {
		in, args := engine.Marks(some)
		switch query, own := called[prefix]; {
		case own && prefix == "mem":
			of, all := engine.Marks(companies)
			ask(prefix, strings.Replace(query, "m.company_id = ?", "m.company_id in "+of, 1)+in, append(all, args...))
		case own:
			ask(prefix, query+in, append([]any{company}, args...))
		case staff && calledByStaff[prefix] != "":
			ask(prefix, calledByStaff[prefix]+in, args)
		case prefix == "cmp":
			ask(prefix, calledByStaff[prefix]+in+` and (c.id = ? or c.parent_id = ? or c.id = (select o.parent_id from company o where o.id = ?))`, append(args, company, company, company))
		}
	}
	for prefix, all := range by {
		for some := range slices.Chunk(all, calledAtOnce) {
			want(prefix, some)
		}
	}
}

// WantCalledAt asks what stands at these paths, by the path. A label is given once, so whatever stands there is what stood there.
func (t Tables) WantCalledAt(names map[string]string, company id.Company, paths []tree.Path) {
	for some := range slices.Chunk(paths, calledAtOnce) {
		t.wantCalledAt(names, company, some)
	}
}

func (t Tables) wantCalledAt(names map[string]string, company id.Company, paths []tree.Path) {
	in, args := engine.Marks(paths)
	t.Tx.Ask(`
		select n.path, coalesce(u.name, m.name, '') from node n
		  left join unit u on u.company_id = n.company_id and u.id = n.id
		  left join member m on m.company_id = n.company_id and m.id = n.id
		 where n.company_id = ? and n.path in `+in, append([]any{company}, args...)...).Each(func() {}, func(scan engine.Scan) error {
		var path, name string
		err := scan(&path, &name)
		names[path] = name
		return err
	})
}

// WantToldOf asks what the audit itself called these, the last that it did: for what is no more. It looks at 500 entries at most.
func (t Tables) WantToldOf(names map[string]string, company id.Company, keys []string) {
	for some := range slices.Chunk(keys, calledAtOnce) {
		t.wantTold(names, company, some)
	}
}

func (t Tables) wantTold(names map[string]string, company id.Company, keys []string) {
	in, args := engine.Marks(keys)
	t.Tx.Ask(`select a.subject, a.body from audit a where a.company_id = ? and a.subject in `+in+` order by a.id limit 500`, append([]any{company}, args...)...).
		Each(func() {}, func(scan engine.Scan) error {
			type told struct{ Name, Label, Number, Email string }
			var key string
			var body struct {
				told
				After told
			}
			err := scan(&key, engine.JSON(&body))
			if name := cmp.Or(body.After.Name, body.Name, body.Label, body.Number, body.Email); name != "" {
				names[key] = name
			}
			return err
		})
}
