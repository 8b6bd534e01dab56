package organising_test

import (
	"slices"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// Who leaves has no deputy any more, and stands in for nobody: somebody else does, or nobody.
func TestTheDeputiesOfWhoLeaves(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		deputies := approving.New(w.DB)
		terms := approving.DeputyTerms{Until: date.On(w.DB.Times().AddDate(0, 1, 0), time.UTC)}
		appoint := func(whom, by id.Member) {
			st.Helper()
			_, err := deputies.Appoint(ctx, st.now(w.Dan), approving.AppointInput{For: whom, By: by, DeputyTerms: terms})
			st.must(err)
		}
		who := func(state approval.AppointmentState) (all []string) {
			list, err := deputies.Deputies(ctx, st.now(w.Dan), view.DeputyFilter{State: state}, page.Ask{})
			st.must(err)
			for _, d := range list.Rows {
				all = append(all, d.ByName+" for "+d.ForName)
			}
			slices.Sort(all)
			return all
		}
		appoint(w.Ann.Member, w.Bob.Member)
		appoint(w.Bob.Member, w.Cleo.Member)
		l, err := st.s.Leaving(ctx, st.now(w.Dan), w.Bob.Member)
		if st.must(err); len(l.Deputies) != 2 {
			st.Errorf("it is said that these end: %+v", l.Deputies)
		}
		err = st.s.Leave(ctx, st.now(w.Dan), organising.LeaveInput{ID: w.Bob.Member, Version: 1, Deputy: w.Ann.Member})
		if f := fault.Of(err); f == nil || len(f.Fields) == 0 || f.Fields[0].Name != "deputy_id" {
			st.Errorf("Ann stands in for herself: %v", err)
		}
		if got := who(approval.Over); len(got) > 0 {
			st.Errorf("it was refused, and these are over: %q", got)
		}
		st.must(st.s.Leave(ctx, st.now(w.Dan), organising.LeaveInput{ID: w.Bob.Member, Version: 1, Deputy: w.Cleo.Member}))
		if got, want := who(approval.Over), []string{"Bob Boss for Ann Archer", "Cleo Clark for Bob Boss"}; !slices.Equal(got, want) {
			st.Errorf("over are %q, want %q", got, want)
		}
		if got, want := who(approval.OnDuty), []string{"Cleo Clark for Ann Archer"}; !slices.Equal(got, want) {
			st.Errorf("on duty are %q, want %q", got, want)
		}
		st.must(st.s.Leave(ctx, st.now(w.Dan), organising.LeaveInput{ID: w.Cleo.Member, Version: 1}))
		if got := who(approval.OnDuty); len(got) > 0 {
			st.Errorf("nobody was chosen, and on duty are %q", got)
		}
	})
}
