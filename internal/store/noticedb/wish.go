package noticedb

import (
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/domain/notice"
	"kontor/internal/store/engine"
)

// WantWishes asks what these members wish to hear; who has said nothing is missing.
func (t Tables) WantWishes(all map[id.Member]notice.Wishes, company id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	t.Tx.Ask(`select w.member_id, w.event, w.channel, w.wanted from wish w where w.company_id = ? and w.member_id in `+marks, append([]any{company}, args...)...).
		Each(func() { clear(all) }, func(scan engine.Scan) error {
			var member id.Member
			var w notice.Wish
			var wanted bool
			if err := scan(&member, engine.Text(&w.Event), engine.Text(&w.Channel), &wanted); err != nil {
				return err
			}
			said := all[member]
			if said.Chosen == nil {
				said.Chosen = map[notice.Wish]bool{}
			}
			said.Chosen[w] = wanted
			all[member] = said
			return nil
		})
}

// SetWishes replaces what a member wishes to hear.
func (t Tables) SetWishes(company id.Company, member id.Member, w notice.Wishes) {
	t.Tx.Write(`delete from wish where company_id = ? and member_id = ?`, company, member)
	var said []notice.Wish
	for wish := range w.Chosen {
		said = append(said, wish)
	}
	slices.SortFunc(said, func(a, b notice.Wish) int {
		return strings.Compare(string(a.Event)+" "+string(a.Channel), string(b.Event)+" "+string(b.Channel))
	})
	for _, wish := range said {
		t.Tx.Write(`insert into wish (company_id, member_id, event, channel, wanted) values (?, ?, ?, ?, ?)`, company, member, wish.Event, wish.Channel, w.Chosen[wish])
	}
}
