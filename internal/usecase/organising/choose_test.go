package organising_test

import (
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// What is found in the structure is what was looked for, on either database, and nothing that whoever looks may not see.
func TestNodesAreFoundInTheStructure(t *testing.T) {
	each(t, func(st stage) {
		built, err := st.s.Build(st.Context(), access.System(st.w.Acme), organising.Plan{
			Units: []organising.PlannedUnit{{Code: "oel", Name: "Ölgeschäft Übersee"}, {Code: "al", Name: "Alge!%_", Under: "oel"}},
			Members: []organising.PlannedMember{{Email: "a@acme.example", First: "Änne", Last: "Ölberg", Title: "Leiterin", Under: "oel"}, {Email: "bee@acme.example", First: "Änne", Last: "Ölberg", Title: "Fitter", Under: "al"},
				{Email: "c@acme.example", First: "Under", Last: "Änne", Under: "oel"}},
		})
		st.must(err)
		oil := company.Node{Unit: built.Units["oel"]}.Of()
		tests := []struct {
			says  string
			actor access.Actor
			f     view.NodeFilter
			want  string
		}{
			{"a name in small letters", st.w.Dan, view.NodeFilter{Text: "ölgeschäft über"}, "Ölgeschäft Übersee"},
			{"a name in capitals", st.w.Dan, view.NodeFilter{Text: " ÖLGESCHÄFT "}, "Ölgeschäft Übersee"},
			{"another letter is another letter", st.w.Dan, view.NodeFilter{Text: "älgeschäft"}, ""},
			{"a code", st.w.Dan, view.NodeFilter{Kind: company.UnitNode, Text: "AL"}, "Alge!%_"},
			{"signs mean themselves", st.w.Dan, view.NodeFilter{Kind: company.UnitNode, Text: "!%_"}, "Alge!%_"},
			{"an address", st.w.Dan, view.NodeFilter{Text: "bee@"}, "Änne Ölberg"},
			{"those first whose names begin so", st.w.Dan, view.NodeFilter{Text: "änne"}, "Änne Ölberg, Änne Ölberg, Under Änne"},
			{"members alone", st.w.Dan, view.NodeFilter{Kind: company.MemberNode, Text: "öl"}, "Änne Ölberg, Änne Ölberg"},
			{"those who act", st.w.Dan, view.NodeFilter{Text: "änne", Acts: true}, "Änne Ölberg, Änne Ölberg, Under Änne"},
			{"exactly so", st.w.Dan, view.NodeFilter{Named: "under änne"}, "Under Änne"},
			{"with a title", st.w.Dan, view.NodeFilter{Named: "änne ölberg · fitter"}, "Änne Ölberg"},
			{"by part of a name nobody", st.w.Dan, view.NodeFilter{Named: "Änne"}, ""},
			{"a unit by its code", st.w.Dan, view.NodeFilter{Named: "oel"}, "Ölgeschäft Übersee"},
			{"which is written as it is", st.w.Dan, view.NodeFilter{Named: "AL"}, ""},
			{"by its key", st.w.Dan, view.NodeFilter{Keys: []company.Node{oil}}, "Ölgeschäft Übersee"},
			{"not what stands below", st.w.Dan, view.NodeFilter{Text: "al", Kind: company.UnitNode, Not: oil, NorBelow: true}, ""},
			{"nor itself", st.w.Dan, view.NodeFilter{Text: "öl", Not: oil}, "Änne Ölberg, Änne Ölberg"},
			{"Eve is of Globex", st.w.Eve, view.NodeFilter{Text: "öl"}, ""},
			{"and knows a key", st.w.Eve, view.NodeFilter{Keys: []company.Node{oil}}, ""},
			{"and a place", st.w.Eve, view.NodeFilter{Named: "Ölgeschäft Übersee", At: []tree.Path{"1."}}, ""},
			{"nobody", access.Anonymous(), view.NodeFilter{Text: "öl"}, ""},
		}
		for _, test := range tests {
			found, err := st.s.FindNodes(st.Context(), test.actor, test.f, 20)
			st.must(err)
			var names []string
			for _, n := range found {
				names = append(names, n.Name)
			}
			if got := strings.Join(names, ", "); got != test.want {
				t.Errorf("%s: %s, want %s", test.says, got, test.want)
			}
		}
		found, err := st.s.FindNodes(st.Context(), st.w.Dan, view.NodeFilter{Named: "Alge!%_"}, 20)
		st.must(err)
		if len(found) != 1 || found[0].AboveName != "Ölgeschäft Übersee" || found[0].AboveUnit != oil.Unit {
			t.Errorf("right above it: %+v", found)
		}
		all, err := st.s.Structure(st.Context(), st.w.Dan)
		st.must(err)
		chosen, err := st.s.Choices(st.Context(), st.w.Dan, view.NodeFilter{}, 100)
		st.must(err)
		if !slices.Equal(all, chosen) {
			t.Errorf("of few one chooses as they are drawn: %+v, want %+v", chosen, all)
		}
		for actor, want := range map[string]int{"dan": 3, "eve": 0} {
			who := map[string]access.Actor{"dan": st.w.Dan, "eve": st.w.Eve}[actor]
			some, err := st.s.Choices(st.Context(), who, view.NodeFilter{Keys: []company.Node{oil, {Member: st.w.Bob.Member}, {Member: st.w.Ann.Member}}}, 100)
			st.must(err)
			if len(some) != want {
				t.Errorf("%s chooses among %d", actor, len(some))
			}
		}
	})
}
