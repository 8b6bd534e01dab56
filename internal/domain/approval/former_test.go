package approval_test

import (
	"slices"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
)

// Whom an earlier plan named is remembered once, however often it named them and however often it is looked up anew.
func TestWhoWasNamedIsRememberedOnce(t *testing.T) {
	bob, fay := id.NewMember(noon), id.NewMember(noon)
	seat := func(m id.Member) approval.Approver { return approval.Approver{Person: approval.Person{Member: m}} }
	earlier := approval.Plan{Stages: []approval.Stage{{Groups: []approval.Group{{Approvers: []approval.Approver{seat(bob), seat(fay), seat(id.Member{})}}, {Approvers: []approval.Approver{seat(bob)}}}}}}
	for range 3 {
		p, err := approval.Rebuild(nil, approval.Directory{}, approval.Policy{}, approval.Request{}, earlier)
		if err != nil || !slices.Equal(p.Former, []id.Member{bob, fay}) || p.Involves(bob) || !p.Formerly(bob) || p.Formerly(id.Member{}) {
			t.Fatalf("%v, %v", p.Former, err)
		}
		earlier.Former = p.Former
	}
}
