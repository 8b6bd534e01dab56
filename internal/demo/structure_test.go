package demo

import "testing"

func TestEverybodyStandsBelowTheirManagerAndInTheirDepartment(t *testing.T) {
	s := source(t)
	codes, people, elsewhere := map[string]bool{}, 0, []string{}
	seen := map[*place]bool{nil: true}
	for _, n := range structure(s.People) {
		if !seen[n.above] {
			t.Errorf("%+v comes before what it stands below", n)
		}
		seen[n] = true
		if n.unit != "" {
			if codes[n.code] || len(n.code) > 40 {
				t.Errorf("the code %q is taken, or too long", n.code)
			}
			codes[n.code] = true
			continue
		}
		people++
		manager, unit := n.above, n.above
		for manager != nil && manager.person == nil {
			manager = manager.above
		}
		for unit.unit == "" {
			unit = unit.above
		}
		if boss := s.People[0]; manager == nil && n.person.Manager != boss || manager != nil && manager.person != n.person.Manager {
			t.Errorf("%s does not stand below their manager", n.person.Login)
		}
		if unit.department != n.person.Department {
			elsewhere = append(elsewhere, n.person.Login+" "+unit.unit)
		}
	}
	if people != len(s.People)-1 || len(codes) != 16+6 {
		t.Errorf("%d people, %d units", people, len(codes))
	}
	// The Vice President of Production leads the whole division; the department reports to production control.
	if len(elsewhere) != 1 || elsewhere[0] != "james1 Manufacturing Division" {
		t.Errorf("not in their own departments: %v", elsewhere)
	}
}

func TestADepartmentIsLedByItsHighest(t *testing.T) {
	s := source(t)
	for department, want := range map[string]string{"Production": "james1", "Purchasing": "sheela0", "Finance": "wendy0", "Executive": "ken0", "Tool Design": "ovidiu0"} {
		if got := s.head(department); got.Login != want {
			t.Errorf("%s is led by %s, want %s", department, got.Login, want)
		}
	}
}

func TestADepartmentStandsWhereMostOfItReports(t *testing.T) {
	boss := &Person{Login: "boss", Department: "Top"}
	ann, bob := &Person{Login: "ann", Manager: boss, Department: "IT"}, &Person{Login: "bob", Manager: boss, Department: "IT"}
	cleo := &Person{Login: "cleo", Manager: boss, Department: "Works"}
	dan := &Person{Login: "dan", Manager: cleo, Department: "IT"} // reports to the works
	eve := &Person{Login: "eve", Manager: dan, Department: "IT"}
	want := map[string]string{"it": "", "ann": "it", "bob": "it", "works": "", "cleo": "works", "dan": "cleo", "eve": "dan"}
	for _, people := range [][]*Person{{boss, ann, bob, cleo, dan}, {boss, cleo, dan, eve, ann, bob, {Login: "more", Manager: bob, Department: "IT"}}} {
		for _, n := range structure(people) {
			name, above := n.code, ""
			if n.person != nil {
				name = n.person.Login
			}
			if n.above != nil {
				if above = n.above.code; n.above.person != nil {
					above = n.above.person.Login
				}
			}
			if w, ok := want[name]; ok && w != above {
				t.Errorf("%s stands below %q, want %q", name, above, w)
			}
		}
	}
}
