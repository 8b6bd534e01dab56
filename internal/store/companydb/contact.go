package companydb

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
)

const contactColumns = `k.id, k.name, k.purpose, k.email, k.phone, k.version`

func scanContact(c *company.Contact, scan engine.Scan) error {
	return scan(&c.ID, &c.Name, &c.Purpose, &c.Email, &c.Phone, &c.Version)
}

// WantContacts asks for the company's contacts, by name; at most 200.
func (t Tables) WantContacts(all *[]company.Contact, key id.Company) {
	engine.Rows(t.Tx.Ask(`select `+contactColumns+` from contact k where k.company_id = ? order by k.name, k.id limit 200`, key), all, scanContact)
}

// WantContact asks for a contact of the company.
func (t Tables) WantContact(c *company.Contact, key id.Company, contact id.Contact) {
	t.Tx.Ask(`select `+contactColumns+` from contact k where k.company_id = ? and k.id = ?`, key, contact).
		One(company.ErrUnseenContact, func(scan engine.Scan) error { return scanContact(c, scan) })
}

// InsertContact adds a contact.
func (t Tables) InsertContact(key id.Company, c company.Contact) {
	t.Tx.Write(`insert into contact (company_id, id, name, purpose, email, phone) values (?, ?, ?, ?, ?, ?)`, key, c.ID, c.Name, c.Purpose, c.Email, c.Phone)
}

// UpdateContact replaces a contact.
func (t Tables) UpdateContact(key id.Company, c company.Contact) {
	t.Tx.Write(`update contact set name = ?, purpose = ?, email = ?, phone = ?, version = version + 1 where company_id = ? and id = ?`,
		c.Name, c.Purpose, c.Email, c.Phone, key, c.ID)
}

// DeleteContact removes a contact.
func (t Tables) DeleteContact(key id.Company, contact id.Contact) {
	t.Tx.Write(`delete from contact where company_id = ? and id = ?`, key, contact)
}
