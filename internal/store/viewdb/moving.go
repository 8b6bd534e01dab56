package viewdb

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// GetMoving reads what would change if a node stood right below another.
func (t Tables) GetMoving(ctx context.Context, key id.Company, n, under company.Node) (m view.Moving, err error) {
	newly := append([]tree.Path{under.Path}, under.Path.Ancestors()...)
	were := n.Path.Ancestors()
	gain := slices.DeleteFunc(slices.Clone(newly), func(p tree.Path) bool { return slices.Contains(were, p) })
	lose := slices.DeleteFunc(slices.Clone(were), func(p tree.Path) bool { return slices.Contains(newly, p) })
	var above, below []view.Above
	var needs [][]approval.Need
	t.wantName(&m.Name, key, n)
	t.wantName(&m.Place, key, under)
	t.wantActiveAt(&above, key, slices.Concat(newly, were))
	t.wantPeopleBelow(&below, key, n.Path)
	t.wantReaches(&m.Gain, key, gain)
	t.wantReaches(&m.Lose, key, lose)
	var won, lost []leader
	t.wantLeaders(&won, key, gain)
	t.wantLeaders(&lost, key, lose)
	engine.Rows(t.Tx.Ask(`
		select p.needs
		  from purchase_order p
		  join node r on r.company_id = p.company_id and r.id = p.requester_id
		 where p.company_id = ? and p.state = 'pending_approval' and r.path >= ? and r.path < ?`, key, n.Path, n.Path.End()), &needs,
		func(all *[]approval.Need, scan engine.Scan) error { return scan(engine.JSON(all)) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return m, err
	}
	m.Gain, m.Lose = append(m.Gain, leading(won, under.Path)...), append(m.Lose, leading(lost, n.Path)...)
	m.Was, m.Is = nearest(above, were), nearest(above, newly)
	m.People = len(below)
	if m.Was.Member != m.Is.Member {
		m.Led = led(below)
	}
	m.Waiting = len(needs)
	for _, all := range needs {
		if slices.ContainsFunc(all, asksManagers) {
			m.ByManager++
		}
	}
	return m, nil
}

// leader is a role of somebody who stands above others, and where it holds.
type leader struct {
	view.Reach
	set access.Set
	at  tree.Path
}

// leading are those of the roles that reach what stands at a place because their holder stands above it.
func leading(all []leader, place tree.Path) (some []view.Reach) {
	for _, l := range all {
		if l.set.Leads() && l.at.Covers(place) {
			some = append(some, l.Reach)
		}
	}
	return some
}

// nearest is who of these stands at the first of some places.
func nearest(all []view.Above, places []tree.Path) view.Above {
	for _, p := range places {
		if i := slices.IndexFunc(all, func(a view.Above) bool { return a.Path == p }); i >= 0 {
			return all[i]
		}
	}
	return view.Above{}
}

// led are those of a subtree, the higher ones first, above whom nobody of it stands who is active.
func led(below []view.Above) (all []view.Above) {
	active := map[tree.Path]bool{}
	for _, b := range below {
		if !slices.ContainsFunc(b.Path.Ancestors(), func(p tree.Path) bool { return active[p] }) {
			all = append(all, b)
		}
		active[b.Path] = !b.Member.IsZero() && !b.Waits
	}
	return all
}

func asksManagers(n approval.Need) bool {
	for _, s := range n.Requirement.Stages {
		for _, g := range s.Groups {
			if slices.ContainsFunc(g.Of, func(o approval.Source) bool { return o.Kind == approval.OfManager || o.Kind == approval.OfCovering }) {
				return true
			}
		}
	}
	return false
}

func (t Tables) wantName(name *string, key id.Company, n company.Node) {
	if !n.Unit.IsZero() {
		t.Tx.Ask(`select u.name from unit u where u.company_id = ? and u.id = ?`, key, n.Unit).Row(n.Unseen(), name)
		return
	}
	t.Tx.Ask(`select m.name from member m where m.company_id = ? and m.id = ?`, key, n.Member).Row(n.Unseen(), name)
}

const standingMembers = `select m.id, m.name, n.path, case when m.status = 'active' then 0 else 1 end
	  from node n join member m on m.company_id = n.company_id and m.id = n.id where n.company_id = ? and `

func scanStanding(a *view.Above, scan engine.Scan) error {
	var waits int64
	err := scan(&a.Member, &a.Name, engine.Text(&a.Path), &waits)
	a.Waits = waits == 1
	return err
}

// wantActiveAt asks for the active members who stand at these places.
func (t Tables) wantActiveAt(all *[]view.Above, key id.Company, places []tree.Path) {
	marks, args := engine.Marks(places)
	engine.Rows(t.Tx.Ask(standingMembers+`m.status = 'active' and n.path in `+marks, append([]any{key}, args...)...), all, scanStanding)
}

// wantPeopleBelow asks for the members who stand at a place or below it, the higher ones first.
func (t Tables) wantPeopleBelow(all *[]view.Above, key id.Company, at tree.Path) {
	engine.Rows(t.Tx.Ask(standingMembers+`n.path >= ? and n.path < ? order by length(n.path) - length(replace(n.path, '.', '')), m.words, m.id`, key, at, at.End()), all, scanStanding)
}

// givenNow are the roles that active members have now: of the company, and of the moment twice.
const givenNow = assignedFrom + `s.company_id = ? and m.status = 'active' and (s.from_at is null or s.from_at <= ?) and (s.until_at is null or s.until_at > ?) and `

// wantReaches asks for the roles that active members have now at units at these places, by name.
func (t Tables) wantReaches(all *[]view.Reach, key id.Company, places []tree.Path) {
	marks, args := engine.Marks(places)
	engine.Rows(t.Tx.Ask(`select m.id, m.name, coalesce(p.path, ''), r.name, u.name`+givenNow+`n.path in `+marks+` order by m.words, r.name, s.id`,
		append([]any{key, t.Tx.Now, t.Tx.Now}, args...)...), all, func(r *view.Reach, scan engine.Scan) error {
		return scan(&r.Member, &r.Name, engine.Text(&r.Path), &r.Role, &r.Unit)
	})
}

// wantLeaders asks for the roles that active members who stand at these places have now, by name; without the archived unit's.
func (t Tables) wantLeaders(all *[]leader, key id.Company, places []tree.Path) {
	marks, args := engine.Marks(places)
	engine.Rows(t.Tx.Ask(`select m.id, m.name, p.path, r.name, r.permissions, coalesce(n.path, '')`+givenNow+`(s.unit_id is null or n.id is not null) and p.path in `+marks+` order by m.words, r.name, s.id`,
		append([]any{key, t.Tx.Now, t.Tx.Now}, args...)...), all, func(l *leader, scan engine.Scan) error {
		return scan(&l.Member, &l.Name, engine.Text(&l.Path), &l.Role, engine.JSON(&l.set), engine.Text(&l.at))
	})
}
