package notifying

import (
	"context"
	"encoding/json"

	"kontor/internal/base/id"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/view"
)

// becomes is what a change of a company's status means for people.
func becomes(e company.StatusWasChanged) notice.Event {
	switch {
	case e.After == company.Active && e.Before == company.Blocked:
		return notice.CompanyUnblocked
	case e.After == company.Active:
		return notice.Admitted
	case e.After == company.Rejected:
		return notice.TurnedAway
	case e.After == company.Blocked:
		return notice.CompanyBlocked
	case e.After == company.Closed:
		return notice.CompanyClosed
	}
	return notice.Resubmitted
}

// standing is the story of a company that the seller lets do something else, or that asks for it.
func standing(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e company.StatusWasChanged
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	var c company.Company
	var first view.Founder
	tx.Companies.Want(&c, o.Company)
	tx.Views.WantFounder(&first, o.Company)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	topic := becomes(e)
	st := &story{topics: []notice.Event{topic}, facts: notice.Facts{Company: c.Name, Words: e.Reason}, mine: func(notice.Event, notice.Audience) bool { return true }}
	switch {
	case topic == notice.Resubmitted:
		return st, applies(ctx, tx, o, st)
	case topic == notice.CompanyClosed:
		tx.Views.WantAddressed(&st.letters, o.Company, e.Administrators)
	case first.Status == company.Invited:
		tx.Views.WantAddressed(&st.letters, o.Company, []id.Member{first.Member})
	}
	st.path = func(a notice.Audience) string {
		if a == notice.Administrators && (topic == notice.TurnedAway || topic == notice.CompanyBlocked) {
			return "/company"
		}
		return "/"
	}
	return st, tx.Fetch(ctx)
}

// applies says who of the staff hears of a company that is submitted again: those who look after it, else who administers the
// seller's organisation.
func applies(ctx context.Context, tx *store.Tx, o auditdb.Told, st *story) error {
	seller, found, err := tx.Companies.FindSeller(ctx)
	if err != nil || !found {
		return err
	}
	var managers []view.Manager
	var staff []view.Reader
	tx.Views.WantManagers(&managers, o.Company)
	tx.Views.WantReaders(&staff, seller.ID, nil)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	var tells []id.Member
	for _, m := range managers {
		tells = append(tells, m.Member)
	}
	if len(tells) == 0 {
		for _, r := range staff {
			tells = append(tells, r.Member)
		}
	}
	st.in, st.parts, st.facts.Actor = seller.ID, map[notice.Audience][]id.Member{notice.Managers: tells}, o.Actor.Name
	st.path = func(notice.Audience) string { return "/companies/" + o.Company.String() }
	return nil
}
