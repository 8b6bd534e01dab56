package approval_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/domain/approval"
)

func TestStatesThatEndHaveNoExit(t *testing.T) {
	var final []approval.State
	for _, s := range approval.States() {
		if s.Final() {
			final = append(final, s)
		}
	}
	if want := []approval.State{approval.Placed, approval.Rejected, approval.Cancelled, approval.Expired}; !slices.Equal(final, want) {
		t.Errorf("final are %v", final)
	}
	for _, tr := range approval.Transitions() {
		if slices.Contains(final, tr.From) {
			t.Errorf("%s leads out of %s", tr.Action, tr.From)
		}
	}
}

func TestTheTableHoldsTogether(t *testing.T) {
	seen := map[string]bool{}
	reached := map[approval.State]bool{approval.Draft: true}
	for _, tr := range approval.Transitions() {
		key := string(tr.From) + " " + string(tr.Action)
		if seen[key] {
			t.Errorf("%s is there twice", key)
		}
		seen[key], reached[tr.To] = true, true
		if !slices.Contains(approval.States(), tr.From) || !slices.Contains(approval.States(), tr.To) {
			t.Errorf("%s: a state that is none", key)
		}
		if tr.Who == "" || tr.Text == "" || !strings.HasPrefix(tr.Event, "purchase_order.") || (tr.Permission == "") != (tr.Who == "the system") {
			t.Errorf("%s: %+v", key, tr)
		}
		// What is held stays held until the end, and is booked or released there, once.
		want := map[approval.State]approval.Holds{approval.Submitted: approval.TakeHolds, approval.Placed: approval.BookHolds,
			approval.Rejected: approval.ReleaseHolds, approval.Cancelled: approval.ReleaseHolds, approval.Expired: approval.ReleaseHolds}[tr.To]
		if want == "" && tr.Holds != approval.KeepHolds && tr.Holds != approval.AdjustHolds || want != "" && tr.Holds != want {
			t.Errorf("%s: holds are %s", key, tr.Holds)
		}
		// A blocked company approves and places nothing.
		if tr.WhenBlocked && (tr.To == approval.Approved || tr.To == approval.Placed || tr.To == approval.Submitted) {
			t.Errorf("%s happens while the company is blocked", key)
		}
	}
	for _, s := range approval.States() {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
	}
}

// Approved is reached from what waits by the last approval or by overriding, and past it only where nobody need agree.
func TestOnlyTheseLeadToApproved(t *testing.T) {
	var ways []string
	for _, tr := range approval.Transitions() {
		if tr.To == approval.Approved {
			ways = append(ways, string(tr.From)+" "+string(tr.Action))
		}
		if tr.To == approval.Placed && (tr.From == approval.PendingApproval || tr.From == approval.Submitted || tr.From == approval.Draft || tr.From == approval.Returned) {
			t.Errorf("%s is placed without being approved", tr.From)
		}
	}
	if want := []string{"submitted pass", "pending_approval approve", "pending_approval override"}; !slices.Equal(ways, want) {
		t.Errorf("approved by %q", ways)
	}
}

func TestAPurchaseOrderGoesAlongTheTable(t *testing.T) {
	po := approval.PurchaseOrder{State: approval.Draft}
	for i, a := range []approval.Action{approval.DoSubmit, approval.DoAsk, approval.DoReturn, approval.DoAnswer, approval.DoDecide, approval.DoApprove, approval.DoFail, approval.DoPlace} {
		at := noon.Add(time.Duration(i) * time.Hour)
		next, tr, err := po.Do(a, at)
		if err != nil || next.State != tr.To || !next.ChangedAt.Equal(at) {
			t.Fatalf("%s: %v, %+v", a, err, next)
		}
		po = next
	}
	if po.State != approval.Placed {
		t.Errorf("it is %s", po.State)
	}
	if _, _, err := po.Do(approval.DoCancel, noon); !errors.Is(err, approval.ErrState) {
		t.Errorf("a placed order was cancelled: %v", err)
	}
}

func TestOnlyWhatIsCarriedOutLeadsAnywhere(t *testing.T) {
	if got, want := approval.Found(), []approval.State{approval.PendingApproval, approval.Placed, approval.Rejected, approval.Cancelled, approval.Expired}; !slices.Equal(got, want) {
		t.Errorf("a purchase order is found in %v, want %v", got, want)
	}
	all := approval.Actions()
	for _, a := range []approval.Action{approval.DoReturn, approval.DoSubmit} {
		if !slices.Contains(all, a) {
			t.Errorf("%s is no action of %v", a, all)
		}
	}
	if !approval.DoReturn.ToCome() || approval.DoWithdraw.ToCome() {
		t.Error("returning is to come, and withdrawing is not")
	}
}

func TestTheHandbookSaysWhatTheTableSays(t *testing.T) {
	const name = "../../../docs/states.md"
	want := handbook()
	if *golden {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("docs/states.md is not what the table says (%v): run this test with -golden", err)
	}
}

func handbook() string {
	var b strings.Builder
	b.WriteString("# States of a purchase order\n\nMade by a test from the table in `internal/domain/approval/state.go`; never edited by hand.\n\n```mermaid\nstateDiagram-v2\n    [*] --> draft\n")
	drawn := map[string][]string{}
	var edges []string
	for _, tr := range approval.Transitions() {
		edge := fmt.Sprintf("    %s --> %s", tr.From, tr.To)
		if len(drawn[edge]) == 0 {
			edges = append(edges, edge)
		}
		drawn[edge] = append(drawn[edge], strings.ReplaceAll(string(tr.Action), "_", " "))
	}
	for _, edge := range edges {
		fmt.Fprintf(&b, "%s : %s\n", edge, strings.Join(drawn[edge], ", "))
	}
	for _, s := range approval.States() {
		if s.Final() {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\nHolds are the amounts held in budgets and credit. \"When blocked\" is what may still happen while the company is blocked.\n" +
		"What is *to come* is settled, and nothing carries it out yet: so today a purchase order is found in one of these states, and the portal offers no others: ")
	for i, s := range approval.Found() {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "`%s`", s)
	}
	b.WriteString(".\n")
	for _, s := range approval.States() {
		fmt.Fprintf(&b, "\n## %s\n\n", s)
		if s.Final() {
			b.WriteString("This is an end: nothing leads out of it.\n")
			continue
		}
		b.WriteString("| action | leads to | who may | permission | holds | event | when blocked | what happens |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
		for _, tr := range approval.Transitions() {
			if tr.From == s {
				blocked, permission := "no", "–"
				if tr.WhenBlocked {
					blocked = "yes"
				}
				if tr.Permission != "" {
					permission = "`" + tr.Permission + "`"
				}
				action := string(tr.Action)
				if tr.Action.ToCome() {
					action += " (*to come*)"
				}
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | `%s` | %s | %s |\n", action, tr.To, tr.Who, permission, tr.Holds, tr.Event, blocked, tr.Text)
			}
		}
	}
	return b.String()
}
