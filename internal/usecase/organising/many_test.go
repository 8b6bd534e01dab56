package organising_test

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/domain/access"
	"kontor/internal/usecase/organising"
)

// many is a plan of units below each other and members below them: so many nodes in all, 500 of them right below one.
func many(nodes int) organising.Plan {
	p := organising.Plan{Units: []organising.PlannedUnit{{Code: "crowd", Name: "Crowd"}}}
	for i := range nodes / 10 {
		under := ""
		if i >= 10 {
			under = fmt.Sprintf("u%d", i/10)
		}
		p.Units = append(p.Units, organising.PlannedUnit{Code: fmt.Sprintf("u%d", i), Name: fmt.Sprintf("Unit %d", i), Under: under})
	}
	for i := range nodes - len(p.Units) {
		under := fmt.Sprintf("u%d", i%len(p.Units))
		if i < 500 || i%len(p.Units) == len(p.Units)-1 {
			under = "crowd"
		}
		p.Members = append(p.Members, organising.PlannedMember{Email: fmt.Sprintf("m%d@acme.example", i), First: "Member", Last: fmt.Sprintf("No. %d", i), Title: "Fitter", Under: under})
	}
	return p
}

func TestFiveThousandNodesAreReadInOneGo(t *testing.T) {
	each(t, func(st stage) {
		_, err := organising.New(st.w.DB).Build(st.Context(), access.System(st.w.Acme), many(5000))
		st.must(err)
		best := time.Hour
		for range 5 {
			begun := time.Now()
			nodes, err := st.s.Structure(st.Context(), st.w.Dan)
			st.must(err)
			best = min(best, time.Since(begun))
			if len(nodes) < 5000 {
				st.Errorf("%d nodes", len(nodes))
			}
		}
		st.Logf("5 000 nodes: %v", best)
	})
}
