package importing_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// pair is a company with two administrators and nobody else.
type pair struct {
	st     stage
	roles  *granting.Service
	people *organising.Service
	system access.Actor
	admin  id.Role
	helper id.Role
	both   [2]access.Actor
	mails  [2]string
	round  int
}

// end is a way in which one administrator ends the administration of somebody: it is made ready, and then done.
type end struct {
	name  string
	spare bool // it ends nobody's administration, and so may be done by both
	ready func(p *pair, by access.Actor, whom int, seen [2]view.Person, held [2]id.Assignment) (func() error, error)
}

// ends are the ways: by taking the role, by deactivating the member, by a file that sets an end, by taking back the file that made
// them an administrator, by taking the role and giving it for a time. And what shall change nothing of it: editing a role, giving
// one with an end.
var ends = []end{
	{"takes the role", false, func(p *pair, by access.Actor, whom int, _ [2]view.Person, held [2]id.Assignment) (func() error, error) {
		return func() error { return p.roles.Revoke(p.st.Context(), by, held[whom]) }, nil
	}},
	{"deactivates", false, func(p *pair, by access.Actor, whom int, seen [2]view.Person, _ [2]id.Assignment) (func() error, error) {
		return func() error {
			return p.people.Leave(p.st.Context(), by, organising.LeaveInput{ID: seen[whom].ID, Version: seen[whom].Version})
		}, nil
	}},
	{"imports an end", false, func(p *pair, by access.Actor, whom int, _ [2]view.Person, _ [2]id.Assignment) (func() error, error) {
		i, err := p.ordered(by, p.mails[whom]+",Administrator,,,2099-01-01\n")
		return func() error { return p.worked(i) }, err
	}},
	{"imports a late beginning", false, func(p *pair, by access.Actor, whom int, _ [2]view.Person, _ [2]id.Assignment) (func() error, error) {
		i, err := p.ordered(by, p.mails[whom]+",Administrator,,2098-01-01,\n")
		return func() error { return p.worked(i) }, err
	}},
	{"gives it for a time instead", false, func(p *pair, by access.Actor, whom int, _ [2]view.Person, held [2]id.Assignment) (func() error, error) {
		return func() error {
			if err := p.roles.Revoke(p.st.Context(), by, held[whom]); err != nil {
				return err
			}
			_, err := p.roles.Assign(p.st.Context(), p.system, granting.AssignInput{Member: p.both[whom].Member, Role: p.admin, Until: p.st.w.DB.Times().Add(time.Hour)})
			return err
		}, nil
	}},
	{"edits a role", true, func(p *pair, by access.Actor, _ int, _ [2]view.Person, _ [2]id.Assignment) (func() error, error) {
		r, err := p.roles.GetRole(p.st.Context(), p.system, p.helper)
		set := access.SetOf(access.OrdersView, access.RolesManage)
		if p.round%2 == 0 {
			set = access.SetOf(access.OrdersView)
		}
		return func() error {
			_, err := p.roles.EditRole(p.st.Context(), by, granting.EditRoleInput{ID: r.ID, Version: r.Version, Name: r.Name, Permissions: set})
			return err
		}, err
	}},
}

// ordered is an import of one row of assignments that waits for its job.
func (p *pair) ordered(by access.Actor, row string) (i exchange.Import, err error) {
	ctx := p.st.Context()
	if i, err = p.st.s.Stage(ctx, by, importing.StageInput{Name: "assignments.csv", File: []byte("member,role,unit,from,until\n" + row)}); err != nil {
		return i, err
	}
	return p.st.s.Apply(ctx, by, importing.ApplyInput{ID: i.ID, Version: i.Version})
}

// worked does the job of an import, and says why it came to nothing if it did.
func (p *pair) worked(i exchange.Import) error {
	ctx := p.st.Context()
	read := func(fn func(tx *store.Tx) error) error {
		return p.st.w.DB.Read(ctx, access.System(i.Company), func(tx *store.Tx, _ access.Actor) error { return fn(tx) })
	}
	var j exchange.Job
	if err := read(func(tx *store.Tx) (err error) { j, err = tx.Exchange.GetJob(ctx, i.Company, i.Job); return err }); err != nil {
		return err
	}
	if err := p.st.s.Work(ctx, access.System(i.Company), j, func(int, int) error { return nil }); err != nil {
		return err
	}
	if err := read(func(tx *store.Tx) (err error) { i, err = tx.Exchange.GetImport(ctx, i.Company, i.ID); return err }); err != nil {
		return err
	}
	if i.Trouble != nil {
		return trouble{i.Trouble}
	}
	return nil
}

// TestAnAdministratorStaysHoweverTheyAreEnded lets the two administrators of a company end each other's, or their own, administration
// at the same moment, by each two of the ways in turn: by hand, and by files. One who is active, and has no end, is always left.
func TestAnAdministratorStaysHoweverTheyAreEnded(t *testing.T) {
	const companies, rounds = 6, 200
	each(t, func(st stage) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		var done atomic.Int64
		wins := map[string]int{}
		for n := range companies {
			p := st.pair(n)
			wg.Go(func() {
				for round := range rounds {
					won, err := p.race(round*companies + n)
					if err != nil {
						st.Errorf("company %d, round %d: %v", n, round, err)
						return
					}
					done.Add(1)
					mu.Lock()
					for _, w := range won {
						wins[w]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		st.Logf("%d races in %d companies; what was done: %v", done.Load(), companies, wins)
		for _, e := range ends {
			if wins[e.name] == 0 {
				st.Errorf("whoever %s never wins: is it a race?", e.name)
			}
		}
	})
}

func (st stage) pair(n int) *pair {
	st.Helper()
	ctx := st.Context()
	p := &pair{st: st, roles: granting.New(st.w.DB), people: organising.New(st.w.DB), mails: [2]string{fmt.Sprintf("one%d@duel.example", n), fmt.Sprintf("two%d@duel.example", n)}}
	f, err := onboarding.New(st.w.DB).Found(ctx, access.System(id.Company{}), onboarding.FoundInput{Number: fmt.Sprint("D-", n), Name: fmt.Sprint("Duel ", n), Currency: "EUR",
		Email: p.mails[0], First: "One", Last: "First"})
	st.must(err)
	p.system, p.admin = access.System(f.Company), f.Roles["administrator"]
	m, err := p.people.AddMember(ctx, p.system, organising.AddMemberInput{Email: p.mails[1], First: "Two", Last: "Second", Role: p.admin})
	st.must(err)
	r, err := p.roles.CreateRole(ctx, p.system, granting.CreateRoleInput{Name: "Helper", Permissions: access.SetOf(access.OrdersView)})
	st.must(err)
	p.helper = r.ID
	for i, key := range []id.Member{f.Administrator, m.ID} {
		_, err := p.roles.Assign(ctx, p.system, granting.AssignInput{Member: key, Role: p.helper})
		st.must(err)
		p.both[i], err = st.w.Actor(ctx, f.Company, key)
		st.must(err)
	}
	return p
}

// race makes both administrators again and lets them loose; it says what was done.
func (p *pair) race(round int) (won []string, err error) {
	p.round = round
	var seen [2]view.Person
	var held [2]id.Assignment
	for i := range p.both {
		if seen[i], held[i], err = p.restore(i); err != nil {
			return nil, fmt.Errorf("to restore: %w", err)
		}
	}
	way := [2]end{ends[round%len(ends)], ends[round/len(ends)%len(ends)]}
	own := round/len(ends)/len(ends)%3 == 2
	var acts [2]func() error
	for i := range acts {
		whom := 1 - i
		if own {
			whom = i
		}
		if acts[i], err = way[i].ready(p, p.both[i], whom, seen, held); err != nil {
			return nil, fmt.Errorf("to make ready that one %s: %w", way[i].name, err)
		}
	}
	errs := together(acts[0], acts[1])
	left, lost := 0, 0
	for i := range p.both {
		m, err := p.people.Member(p.st.Context(), p.system, p.both[i].Member)
		if err != nil {
			return nil, err
		}
		if m.Status == company.Working && !p.administers(m).IsZero() {
			left++
		}
		if k := fault.KindOf(errs[i]); errs[i] != nil && k != fault.Conflict && k != fault.Forbidden && k != fault.NotFound && k != fault.Stale && !refusal(errs[i]) {
			return nil, fmt.Errorf("one %s: %w", way[i].name, errs[i])
		}
		if errs[i] == nil {
			won = append(won, way[i].name)
			if !way[i].spare {
				lost++
			}
		}
	}
	if left == 0 || left != 2-lost {
		return nil, fmt.Errorf("%d administrators are left: one %s (%v), one %s (%v), themselves %t", left, way[0].name, errs[0], way[1].name, errs[1], own)
	}
	return won, nil
}

// refusal reports whether an import came to nothing because of its rows, or of the rights of who had asked for it.
func refusal(err error) bool {
	var t trouble
	return errors.As(err, &t) || errors.Is(err, access.ErrSignIn)
}

// together does two acts at the same moment.
func together(a, b func() error) (errs [2]error) {
	var ready, wg sync.WaitGroup
	start := make(chan struct{})
	ready.Add(2)
	for i, act := range []func() error{a, b} {
		wg.Go(func() {
			ready.Done()
			<-start
			errs[i] = act()
		})
	}
	ready.Wait()
	close(start)
	wg.Wait()
	return errs
}

// restore makes one of the two an active administrator without an end.
func (p *pair) restore(i int) (m view.Person, held id.Assignment, err error) {
	ctx, key := p.st.Context(), p.both[i].Member
	if m, err = p.people.Member(ctx, p.system, key); err != nil {
		return m, held, err
	}
	if m.Status == company.Inactive {
		if _, err := p.people.ReactivateMember(ctx, p.system, organising.ReactivateMemberInput{ID: key, Version: m.Version}); err != nil {
			return m, held, err
		}
	}
	helps := false
	for _, a := range m.Assigned {
		helps = helps || a.Role == p.helper
		if a.Role == p.admin && (!a.Until.IsZero() || !a.From.IsZero()) {
			if err := p.roles.Revoke(ctx, p.system, a.ID); err != nil && !errors.Is(err, access.ErrLastAdministrator) {
				return m, held, err
			}
		}
	}
	for role, has := range map[id.Role]bool{p.admin: !p.administers(m).IsZero(), p.helper: helps} {
		if !has {
			if _, err := p.roles.Assign(ctx, p.system, granting.AssignInput{Member: key, Role: role}); err != nil {
				return m, held, err
			}
		}
	}
	if m, err = p.people.Member(ctx, p.system, key); err != nil {
		return m, held, err
	}
	p.both[i], err = p.st.w.Again(ctx, p.both[i])
	return m, p.administers(m), err
}

// administers is the assignment by which somebody administers the whole company now and for ever; zero for who does not.
func (p *pair) administers(m view.Person) id.Assignment {
	for _, a := range m.Assigned {
		if a.Role == p.admin && a.Unit.IsZero() && a.Until.IsZero() && !a.From.After(p.st.w.DB.Times()) {
			return a.ID
		}
	}
	return id.Assignment{}
}
