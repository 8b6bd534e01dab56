package companydb

import "kontor/internal/base/id"

// SetManagers replaces who of the seller's staff looks after a company; lead is the first to turn to, the zero account nobody.
func (t Tables) SetManagers(key id.Company, accounts []id.Account, lead id.Account) {
	t.Tx.Write(`delete from partner_manager where company_id = ?`, key)
	for _, a := range accounts {
		t.Tx.Write(`insert into partner_manager (company_id, account_id, leads) values (?, ?, ?)`, key, a, a == lead)
	}
	t.Tx.Write(`update company set version = version + 1 where id = ?`, key)
}

// DeleteManager lets an account look after no company any more.
func (t Tables) DeleteManager(account id.Account) {
	t.Tx.Write(`delete from partner_manager where account_id = ?`, account)
}
