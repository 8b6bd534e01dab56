package companydb

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
)

// WantSavedViews asks for a member's views of a list, by name.
func (t Tables) WantSavedViews(all *[]company.SavedView, key id.Company, member id.Member, list string) {
	engine.Rows(t.Tx.Ask(`
		select s.id, s.list, s.name, s.query from saved_view s
		 where s.company_id = ? and s.member_id = ? and s.list = ? order by s.name, s.id limit ?`, key, member, list, company.MostSavedViews), all,
		func(v *company.SavedView, scan engine.Scan) error { return scan(&v.ID, &v.List, &v.Name, &v.Query) })
}

// WantAllSavedViews asks for all views of a member's, by list and name.
func (t Tables) WantAllSavedViews(all *[]company.SavedView, key id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select s.id, s.list, s.name, s.query from saved_view s
		 where s.company_id = ? and s.member_id = ? order by s.list, s.name, s.id limit ?`, key, member, company.MostSavedViews*len(company.KeptLists())), all,
		func(v *company.SavedView, scan engine.Scan) error { return scan(&v.ID, &v.List, &v.Name, &v.Query) })
}

// WantSavedView asks for a view of a member's.
func (t Tables) WantSavedView(v *company.SavedView, key id.Company, member id.Member, view id.SavedView) {
	t.Tx.Ask(`select s.id, s.list, s.name, s.query from saved_view s where s.company_id = ? and s.member_id = ? and s.id = ?`, key, member, view).
		Row(company.ErrUnseenView, &v.ID, &v.List, &v.Name, &v.Query)
}

// InsertSavedView adds a view of a member's.
func (t Tables) InsertSavedView(key id.Company, member id.Member, v company.SavedView) {
	t.Tx.Write(`insert into saved_view (company_id, id, member_id, list, name, query, created_at) values (?, ?, ?, ?, ?, ?, ?)`,
		key, v.ID, member, v.List, v.Name, v.Query, t.Tx.Now).
		Unique("saved_view_company_id_member_id_list_name_key", company.ErrViewNamed)
}

// UpdateSavedView changes what a view is called and what it shows.
func (t Tables) UpdateSavedView(key id.Company, v company.SavedView) {
	t.Tx.Write(`update saved_view set name = ?, query = ? where company_id = ? and id = ?`, v.Name, v.Query, key, v.ID).
		Unique("saved_view_company_id_member_id_list_name_key", company.ErrViewNamed)
}

// DeleteSavedView removes a view.
func (t Tables) DeleteSavedView(key id.Company, view id.SavedView) {
	t.Tx.Write(`delete from saved_view where company_id = ? and id = ?`, key, view)
}
