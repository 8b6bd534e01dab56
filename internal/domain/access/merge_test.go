package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
)

func TestAssignmentsMoveToTheRoleThatStays(t *testing.T) {
	noon := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time {
		if n == 0 {
			return time.Time{}
		}
		return noon.Add(time.Duration(n) * time.Hour)
	}
	stays, goes, ann, unit := id.NewRole(noon), id.NewRole(noon), id.NewMember(noon), id.NewUnit(noon)
	type span struct{ from, until int } // 0 is no end
	for _, tt := range []struct {
		name        string
		given, kept []span
		want        string
		ended       int
	}{
		{"one that stands alone moves", []span{{1, 2}}, nil, "1-2", 1},
		{"one that meets another becomes one with it", []span{{1, 3}}, []span{{2, 5}}, "1-5", 2},
		{"one that joins two makes one of three", []span{{2, 5}}, []span{{1, 3}, {4, 6}}, "1-6", 3},
		{"two that meet each other become one", []span{{1, 3}, {2, 4}}, nil, "1-4", 2},
		{"what has no end has none", []span{{0, 3}}, []span{{2, 0}}, "0-0", 2},
		{"what does not meet stays apart", []span{{1, 2}}, []span{{3, 4}}, "1-2", 1},
	} {
		of := func(all []span, r id.Role) (list []access.Assignment) {
			for _, s := range all {
				list = append(list, access.Assignment{ID: id.NewAssignment(noon), Member: ann, Role: r, Unit: unit, From: hour(s.from), Until: hour(s.until)})
			}
			return list
		}
		fresh, ended := access.Moved(of(tt.given, goes), of(tt.kept, stays), stays, func() id.Assignment { return id.NewAssignment(noon) })
		var got []string
		for _, a := range fresh {
			back := func(at time.Time) int {
				if at.IsZero() {
					return 0
				}
				return int(at.Sub(noon).Hours())
			}
			got = append(got, fmt.Sprint(back(a.From), "-", back(a.Until)))
			if a.Role != stays || a.Member != ann || a.Unit != unit {
				t.Errorf("%s: %+v", tt.name, a)
			}
		}
		if said := strings.Join(got, " "); said != tt.want || len(ended) != tt.ended {
			t.Errorf("%s: %s instead of %d, want %s instead of %d", tt.name, said, len(ended), tt.want, tt.ended)
		}
	}
}
