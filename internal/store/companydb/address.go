package companydb

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
)

const addressColumns = `a.id, a.label, a.name, a.extra, a.street, a.postcode, a.city, a.region, a.country, a.delivers, a.bills, a.usual, a.usual_billing, a.member_id, a.version`

func scanAddress(a *company.Address, scan engine.Scan) error {
	return scan(&a.ID, &a.Label, &a.Name, &a.Extra, &a.Street, &a.Postcode, &a.City, &a.Region, &a.Country, &a.Delivers, &a.Bills, &a.Usual, &a.UsualBilling, &a.Owner, &a.Version)
}

// WantBook asks for the company's whole address book, the usual one first; at most company.MostAddresses. One that was filled before it
// had this bound may have more: what is named of it is asked for by its key.
func (t Tables) WantBook(all *[]company.Address, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		select `+addressColumns+` from address a
		 where a.company_id = ? and a.member_id is null order by a.usual desc, a.usual_billing desc, a.label, a.id limit 500`, key), all, scanAddress)
}

// WantBooks asks for the company's address book, and behind it a member's own; at most 600.
func (t Tables) WantBooks(all *[]company.Address, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select `+addressColumns+` from address a
		 where a.company_id = ? and (a.member_id is null or a.member_id = ?)
		 order by case when a.member_id is null then 0 else 1 end, a.usual desc, a.usual_billing desc, a.label, a.id limit 600`, key, member), all, scanAddress)
}

// WantBookOf asks for those of these addresses that are in the company's book, or a member's own.
func (t Tables) WantBookOf(all *[]company.Address, key id.Company, member id.Member, addresses []id.Address) {
	marks, args := engine.Marks(addresses)
	engine.Rows(t.Tx.Ask(`
		select `+addressColumns+` from address a
		 where a.company_id = ? and (a.member_id is null or a.member_id = ?) and a.id in `+marks+` order by a.label, a.id`, append([]any{key, member}, args...)...), all, scanAddress)
}

// WantBookSize asks how many addresses the company's book has.
func (t Tables) WantBookSize(n *int64, key id.Company) {
	t.Tx.Ask(`select count(*) from address a where a.company_id = ? and a.member_id is null`, key).Row(company.ErrUnseen, n)
}

// WantOwnBook asks for the addresses of a member's own.
func (t Tables) WantOwnBook(all *[]company.Address, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select `+addressColumns+` from address a where a.company_id = ? and a.member_id = ? order by a.label, a.id limit 100`, key, member), all, scanAddress)
}

// WantEveryAddress asks for the company's whole address book, in as many rows as there are. Who compares them later
// compares what they say, so they come without their versions.
func (t Tables) WantEveryAddress(all *[]company.Address, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+addressColumns+` from address a where a.company_id = ? and a.member_id is null order by a.label, a.id`, key), all,
		func(a *company.Address, scan engine.Scan) error {
			err := scanAddress(a, scan)
			a.Version = 0
			return err
		})
}

// WantAddress asks for an address of the company's book; of a member, for one of their own.
func (t Tables) WantAddress(a *company.Address, key id.Company, member id.Member, address id.Address) {
	if member.IsZero() {
		t.Tx.Ask(`select `+addressColumns+` from address a where a.company_id = ? and a.id = ? and a.member_id is null`, key, address).
			One(company.ErrUnseenAddress, func(scan engine.Scan) error { return scanAddress(a, scan) })
		return
	}
	t.Tx.Ask(`select `+addressColumns+` from address a where a.company_id = ? and a.id = ? and a.member_id = ?`, key, address, member).
		One(company.ErrUnseenAddress, func(scan engine.Scan) error { return scanAddress(a, scan) })
}

// SetNoUsual makes no address of the book the usual one.
func (t Tables) SetNoUsual(key id.Company) {
	t.Tx.Write(`update address set usual = false where company_id = ? and usual`, key)
}

// SetNoUsualBilling makes no address of the book the usual one for invoices.
func (t Tables) SetNoUsualBilling(key id.Company) {
	t.Tx.Write(`update address set usual_billing = false where company_id = ? and usual_billing`, key)
}

// InsertAddress adds an address to the company's book, or to that of its owner.
func (t Tables) InsertAddress(key id.Company, a company.Address) {
	t.Tx.Write(`
		insert into address (company_id, id, member_id, label, name, extra, street, postcode, city, region, country, delivers, bills, usual, usual_billing)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		key, a.ID, a.Owner, a.Label, a.Name, a.Extra, a.Street, a.Postcode, a.City, a.Region, a.Country, a.Delivers, a.Bills, a.Usual, a.UsualBilling).
		Unique("address_company_id_label_key", company.ErrAddressLabel).
		Unique("address_company_id_member_id_label_key", company.ErrAddressLabel)
}

// UpdateAddress replaces an address.
func (t Tables) UpdateAddress(key id.Company, a company.Address) {
	t.Tx.Write(`
		update address set label = ?, name = ?, extra = ?, street = ?, postcode = ?, city = ?, region = ?, country = ?, delivers = ?, bills = ?, usual = ?, usual_billing = ?, version = version + 1
		 where company_id = ? and id = ?`, a.Label, a.Name, a.Extra, a.Street, a.Postcode, a.City, a.Region, a.Country, a.Delivers, a.Bills, a.Usual, a.UsualBilling, key, a.ID).
		Unique("address_company_id_label_key", company.ErrAddressLabel).
		Unique("address_company_id_member_id_label_key", company.ErrAddressLabel)
}

// DeleteAddress removes an address that no unit names. Members for whom it was the usual one have none from then on.
func (t Tables) DeleteAddress(key id.Company, address id.Address) {
	t.Tx.Write(`delete from member_address where company_id = ? and address_id = ?`, key, address)
	t.Tx.Write(`delete from address where company_id = ? and id = ?`, key, address)
}

// WantNamings asks which units name an address.
func (t Tables) WantNamings(all *[]company.Naming, key id.Company, address id.Address) {
	engine.Rows(t.Tx.Ask(`
		select u.name, x.delivery, x.billing, x.allowed
		  from unit_address x join unit u on u.company_id = x.company_id and u.id = x.unit_id
		 where x.company_id = ? and x.address_id = ? order by u.name, u.id limit 20`, key, address), all,
		func(n *company.Naming, scan engine.Scan) error {
			return scan(&n.Unit, &n.Delivery, &n.Billing, &n.Allowed)
		})
}

// WantDirections asks what these units say of addresses; a unit that says nothing is missing.
func (t Tables) WantDirections(all map[id.Unit]company.Directions, key id.Company, units []id.Unit) {
	marks, args := engine.Marks(units)
	eachDirected(t.Tx.Ask(`
		select x.unit_id, x.address_id, x.delivery, x.billing, x.allowed from unit_address x
		 where x.company_id = ? and x.unit_id in `+marks+` order by x.unit_id, x.address_id`, append([]any{key}, args...)...), all)
}

// eachDirected reads what units say of addresses.
func eachDirected(q *engine.Statement, all map[id.Unit]company.Directions) {
	q.Each(func() { clear(all) }, func(scan engine.Scan) error {
		var unit id.Unit
		var address id.Address
		var delivery, billing, allowed bool
		if err := scan(&unit, &address, &delivery, &billing, &allowed); err != nil {
			return err
		}
		all[unit] = directed(all[unit], address, delivery, billing, allowed)
		return nil
	})
}

// WantEveryDirections asks what all units of a company say of addresses; a unit that says nothing is missing.
func (t Tables) WantEveryDirections(all map[id.Unit]company.Directions, key id.Company) {
	eachDirected(t.Tx.Ask(`
		select x.unit_id, x.address_id, x.delivery, x.billing, x.allowed from unit_address x
		 where x.company_id = ? order by x.unit_id, x.address_id`, key), all)
}

// WantMemberDirections asks where what a member orders usually goes.
func (t Tables) WantMemberDirections(d *company.Directions, key id.Company, member id.Member) {
	t.Tx.Ask(`select x.address_id, x.delivery, x.billing from member_address x where x.company_id = ? and x.member_id = ?`, key, member).
		Each(func() { *d = company.Directions{} }, func(scan engine.Scan) error {
			var address id.Address
			var delivery, billing bool
			err := scan(&address, &delivery, &billing)
			*d = directed(*d, address, delivery, billing, false)
			return err
		})
}

func directed(d company.Directions, address id.Address, delivery, billing, allowed bool) company.Directions {
	if delivery {
		d.Delivery = address
	}
	if billing {
		d.Billing = address
	}
	if allowed {
		d.Allowed = append(d.Allowed, address)
	}
	return d
}

// SetDirections replaces what a unit says of addresses. The version of the unit is checked by whoever read it in this
// transaction.
func (t Tables) SetDirections(key id.Company, unit id.Unit, d company.Directions) {
	t.PutDirections(key, unit, d)
	t.Tx.Write(`update unit set version = version + 1 where company_id = ? and id = ?`, key, unit)
}

// PutDirections is SetDirections for a unit that is new, or gets another version otherwise.
func (t Tables) PutDirections(key id.Company, unit id.Unit, d company.Directions) {
	t.DeleteDirections(key, unit)
	for _, a := range d.Named() {
		t.Tx.Write(`insert into unit_address (company_id, unit_id, address_id, delivery, billing, allowed) values (?, ?, ?, ?, ?, ?)`,
			key, unit, a, a == d.Delivery, a == d.Billing, d.Allows(a))
	}
}

// DeleteDirections removes what a unit says of addresses.
func (t Tables) DeleteDirections(key id.Company, unit id.Unit) {
	t.Tx.Write(`delete from unit_address where company_id = ? and unit_id = ?`, key, unit)
}

// SetMemberDirections replaces where what a member orders usually goes.
func (t Tables) SetMemberDirections(key id.Company, member id.Member, d company.Directions) {
	t.Tx.Write(`delete from member_address where company_id = ? and member_id = ?`, key, member)
	for _, a := range d.Named() {
		t.Tx.Write(`insert into member_address (company_id, member_id, address_id, delivery, billing) values (?, ?, ?, ?, ?)`,
			key, member, a, a == d.Delivery, a == d.Billing)
	}
}
