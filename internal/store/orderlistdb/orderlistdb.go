// Package orderlistdb keeps order lists.
package orderlistdb

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store/engine"
)

// Tables are those of order lists, in one transaction.
type Tables struct{ Tx *engine.Tx }

// Columns are those of a list l, without its lines and shares.
const Columns = `l.id, l.company_id, l.member_id, l.name, l.description, l.version, l.changed_at`

// Into is where Columns are read to.
func Into(l *orderlist.List) []any {
	return []any{&l.ID, &l.Company, &l.Owner, &l.Name, &l.Description, &l.Version, &l.ChangedAt}
}

// Want asks for a list of the company with its lines and shares.
func (t Tables) Want(l *orderlist.List, company id.Company, key id.OrderList) {
	t.Tx.Ask(`select `+Columns+` from order_list l where l.company_id = ? and l.id = ?`, company, key).Row(orderlist.ErrUnseen, Into(l)...)
	engine.Rows(t.Tx.Ask(`
		select x.id, x.product_id, x.sku, x.name, x.quantity, x.note from order_list_line x
		 where x.company_id = ? and x.order_list_id = ? order by x.position, x.id`, company, key), &l.Lines,
		func(x *orderlist.Line, scan engine.Scan) error {
			return scan(&x.ID, &x.Product, &x.SKU, &x.Name, &x.Quantity, &x.Note)
		})
	t.wantShares(&l.Shares, company, key)
}

func (t Tables) wantShares(all *[]orderlist.Share, company id.Company, key id.OrderList) {
	engine.Rows(t.Tx.Ask(`
		select s.member_id, s.unit_id, s.writes from order_list_share s
		 where s.company_id = ? and s.order_list_id = ? order by s.position`, company, key), all,
		func(s *orderlist.Share, scan engine.Scan) error { return scan(&s.Member, &s.Unit, &s.Writes) })
}

// Get reads a list of the company with its lines and shares.
func (t Tables) Get(ctx context.Context, company id.Company, key id.OrderList) (l orderlist.List, err error) {
	t.Want(&l, company, key)
	return l, t.Tx.Fetch(ctx)
}

// WantKeys asks what the lists of an owner are called, as two names are compared; the company's own without an owner.
func (t Tables) WantKeys(all map[string]id.OrderList, company id.Company, owner id.Member) {
	text, args := `l.member_id = ?`, []any{company, owner}
	if owner.IsZero() {
		text, args = `l.member_id is null`, args[:1]
	}
	t.Tx.Ask(`select l.name_key, l.id from order_list l where l.company_id = ? and `+text+` order by l.id limit 2000`, args...).
		Each(func() { clear(all) }, func(scan engine.Scan) error {
			var name string
			var key id.OrderList
			err := scan(&name, &key)
			all[name] = key
			return err
		})
}

// WantOwned asks for the lists of a member, without their lines and shares.
func (t Tables) WantOwned(all *[]orderlist.List, company id.Company, owner id.Member) {
	engine.Rows(t.Tx.Ask(`select `+Columns+` from order_list l where l.company_id = ? and l.member_id = ? order by l.id limit 2000`, company, owner), all,
		func(l *orderlist.List, scan engine.Scan) error { return scan(Into(l)...) })
}

// WantSharedWith asks for the lists that are shared with a member by name, with all their shares and without their lines.
func (t Tables) WantSharedWith(all *[]orderlist.List, company id.Company, member id.Member) {
	t.Tx.Ask(`
		select `+Columns+`, s.member_id, s.unit_id, s.writes
		  from order_list_share w join order_list l on l.company_id = w.company_id and l.id = w.order_list_id
		  join order_list_share s on s.company_id = l.company_id and s.order_list_id = l.id
		 where w.company_id = ? and w.member_id = ? order by l.id, s.position limit 100000`, company, member).
		Each(func() { *all = nil }, func(scan engine.Scan) error {
			var l orderlist.List
			var s orderlist.Share
			err := scan(append(Into(&l), &s.Member, &s.Unit, &s.Writes)...)
			if n := len(*all); n == 0 || (*all)[n-1].ID != l.ID {
				*all = append(*all, l)
			}
			last := &(*all)[len(*all)-1]
			last.Shares = append(last.Shares, s)
			return err
		})
}

// WantSharedCount asks how many lists are shared with a member by name.
func (t Tables) WantSharedCount(n *int64, company id.Company, member id.Member) {
	t.Tx.Ask(`select count(*) from order_list_share s where s.company_id = ? and s.member_id = ?`, company, member).Row(nil, n)
}

// WantCount asks how many lists a member owns.
func (t Tables) WantCount(n *int64, company id.Company, owner id.Member) {
	t.Tx.Ask(`select count(*) from order_list l where l.company_id = ? and l.member_id = ?`, company, owner).Row(nil, n)
}

// Insert adds a list with its lines and shares.
func (t Tables) Insert(l orderlist.List) {
	t.Tx.Write(`
		insert into order_list (company_id, id, member_id, name, name_key, description, lines, version, changed_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.Company, l.ID, l.Owner, l.Name, orderlist.Key(l.Name), l.Description, int64(len(l.Lines)), l.Version, t.Tx.Now).
		Unique("order_list_company_id_member_id_name_key_key", orderlist.ErrNamed)
	t.setLines(orderlist.List{}, l)
	t.setShares(orderlist.List{}, l)
}

// Update replaces a list that was read in this transaction: only the lines and shares that differ are written.
func (t Tables) Update(before, after orderlist.List) {
	t.Tx.Write(`
		update order_list set member_id = ?, name = ?, name_key = ?, description = ?, lines = ?, version = ?, changed_at = ?
		 where company_id = ? and id = ? and version = ?`,
		after.Owner, after.Name, orderlist.Key(after.Name), after.Description, int64(len(after.Lines)), after.Version, t.Tx.Now,
		after.Company, after.ID, before.Version).
		Expect(1, orderlist.ErrStale).Unique("order_list_company_id_member_id_name_key_key", orderlist.ErrNamed)
	t.setLines(before, after)
	t.setShares(before, after)
}

// SetOwner gives a list its owner and its name, and takes them from those with whom it is shared. Its lines stay.
func (t Tables) SetOwner(l orderlist.List) {
	t.Tx.Write(`update order_list set member_id = ?, name = ?, name_key = ?, version = ?, changed_at = ? where company_id = ? and id = ?`,
		l.Owner, l.Name, orderlist.Key(l.Name), l.Version, t.Tx.Now, l.Company, l.ID).
		Unique("order_list_company_id_member_id_name_key_key", orderlist.ErrNamed)
	t.Tx.Write(`delete from order_list_share where company_id = ? and order_list_id = ? and member_id = ?`, l.Company, l.ID, l.Owner)
}

// SetShares notes with whom a list is shared. Its lines stay.
func (t Tables) SetShares(before, after orderlist.List) {
	t.Tx.Write(`update order_list set version = ?, changed_at = ? where company_id = ? and id = ?`, after.Version, t.Tx.Now, after.Company, after.ID)
	t.setShares(before, after)
}

// Delete removes a list with its lines and shares.
func (t Tables) Delete(l orderlist.List) {
	t.Tx.Write(`delete from order_list_line where company_id = ? and order_list_id = ?`, l.Company, l.ID)
	t.Tx.Write(`delete from order_list_share where company_id = ? and order_list_id = ?`, l.Company, l.ID)
	t.Tx.Write(`delete from order_list where company_id = ? and id = ?`, l.Company, l.ID)
}

func (t Tables) setLines(before, after orderlist.List) {
	stay := make(map[id.OrderListLine]bool, len(after.Lines))
	for _, x := range after.Lines {
		stay[x.ID] = true
	}
	old := make(map[id.OrderListLine]int, len(before.Lines))
	var gone []id.OrderListLine
	for i, x := range before.Lines {
		if old[x.ID] = i; !stay[x.ID] {
			gone = append(gone, x.ID)
		}
	}
	if len(gone) > 0 { // first, so that the product may come back on another line
		marks, args := engine.Marks(gone)
		t.Tx.Write(`delete from order_list_line where company_id = ? and order_list_id = ? and id in `+marks, append([]any{after.Company, after.ID}, args...)...)
	}
	for i, x := range after.Lines {
		k, known := old[x.ID]
		switch {
		case !known:
			t.Tx.Write(`insert into order_list_line (company_id, order_list_id, id, product_id, sku, name, quantity, note, position) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				after.Company, after.ID, x.ID, x.Product, x.SKU, x.Name, x.Quantity, x.Note, int64(i))
		case before.Lines[k] != x || k != i:
			t.Tx.Write(`update order_list_line set sku = ?, name = ?, quantity = ?, note = ?, position = ? where company_id = ? and order_list_id = ? and id = ?`,
				x.SKU, x.Name, x.Quantity, x.Note, int64(i), after.Company, after.ID, x.ID)
		}
	}
}

func (t Tables) setShares(before, after orderlist.List) {
	same := len(before.Shares) == len(after.Shares)
	for i := 0; same && i < len(after.Shares); i++ {
		same = before.Shares[i] == after.Shares[i]
	}
	if same {
		return
	}
	if len(before.Shares) > 0 {
		t.Tx.Write(`delete from order_list_share where company_id = ? and order_list_id = ?`, after.Company, after.ID)
	}
	for i, s := range after.Shares {
		t.Tx.Write(`insert into order_list_share (company_id, order_list_id, position, member_id, unit_id, writes) values (?, ?, ?, ?, ?, ?)`,
			after.Company, after.ID, int64(i), s.Member, s.Unit, s.Writes)
	}
}
