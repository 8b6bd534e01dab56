package store

import (
	"sync"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
)

// usage gathers which permissions members make use of, until somebody takes it to write it down. What this process has
// gathered and not yet handed on is lost when it is killed.
type usage struct {
	sync.Mutex
	of map[id.Member]*used
}

type used struct {
	company id.Company
	uses    access.Uses
	on      date.Date  // the day of what has been taken
	taken   access.Set // on that day
}

// usesMost is how many members are kept in mind who have used nothing lately.
const usesMost = 10_000

func (u *usage) gather(company id.Company, member id.Member) *access.Uses {
	u.Lock()
	defer u.Unlock()
	one, ok := u.of[member]
	if !ok {
		if u.of == nil {
			u.of = map[id.Member]*used{}
		}
		one = &used{company: company}
		u.of[member] = one
	}
	return &one.uses
}

// Used is what a member has used on a day.
type Used struct {
	Company id.Company
	Member  id.Member
	On      date.Date
	Set     access.Set
}

// TakeUses hands on which permissions have been used in this process since the last time, each once a day and member.
// What cannot be written down is given back by PutUses.
func (db *DB) TakeUses() []Used {
	today := date.On(db.Times(), time.UTC)
	u := &db.usage
	u.Lock()
	defer u.Unlock()
	var all []Used
	for member, one := range u.of {
		set := one.uses.Take()
		if set == (access.Set{}) {
			if len(u.of) > usesMost {
				delete(u.of, member)
			}
			continue
		}
		if one.on != today {
			one.on, one.taken = today, access.Set{}
		}
		if fresh := set.Without(one.taken); fresh != (access.Set{}) {
			one.taken = one.taken.Union(fresh)
			all = append(all, Used{one.company, member, today, fresh})
		}
	}
	return all
}

// PutUses gives back what was taken.
func (db *DB) PutUses(all []Used) {
	for _, back := range all {
		db.usage.gather(back.Company, back.Member).Put(back.Set)
		db.usage.Lock()
		if one := db.usage.of[back.Member]; one != nil {
			one.taken = one.taken.Without(back.Set)
		}
		db.usage.Unlock()
	}
}
