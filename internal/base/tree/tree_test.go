package tree_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/base/tree"
)

func TestPathsAreRelated(t *testing.T) {
	tests := []struct {
		says          string
		a, b          tree.Path
		covers, above bool
	}{
		{"the company covers a unit", tree.Top, "1.", true, true},
		{"the company covers itself", tree.Top, tree.Top, true, false},
		{"a unit does not cover the company", "1.", tree.Top, false, false},
		{"a unit covers itself", "1.4.", "1.4.", true, false},
		{"a unit covers what is below it", "1.4.", "1.4.2c.", true, true},
		{"and far below it", "1.", "1.4.2c.z.", true, true},
		{"not what is beside it", "1.4.", "1.5.", false, false},
		{"not what only begins like it", "1.4.", "1.42.", false, false},
		{"not what is above it", "1.4.", "1.", false, false},
		{"not another tree", "1.", "11.", false, false},
	}
	for _, test := range tests {
		if got := test.a.Covers(test.b); got != test.covers {
			t.Errorf("%s: Covers says %v", test.says, got)
		}
		if got := test.a.Above(test.b); got != test.above {
			t.Errorf("%s: Above says %v", test.says, got)
		}
	}
}

func TestPathsLeadUpAndDown(t *testing.T) {
	p := tree.Top.Child(1).Child(4).Child(84)
	if p != "1.4.2c." || p.Depth() != 3 || tree.Top.Depth() != 0 {
		t.Errorf("%q of depth %d", p, p.Depth())
	}
	if got := p.Ancestors(); !slices.Equal(got, []tree.Path{"1.4.", "1."}) {
		t.Errorf("above it stand %q", got)
	}
	if tree.Top.Parent() != tree.Top || tree.Path("1.").Parent() != tree.Top || len(tree.Top.Ancestors()) != 0 || len(tree.Path("1.").Ancestors()) != 0 {
		t.Error("above the highest unit stands only the company")
	}
	if got := tree.Top.Child(math.MaxInt64); got != "1y2p0ij32e8e7." {
		t.Errorf("the largest label is %q", got)
	}
}

func TestPathsAreReadOneWay(t *testing.T) {
	tests := []struct {
		says string
		text string
		ok   bool
	}{
		{"the company", "", true},
		{"a unit", "1.", true},
		{"deep down", "1.4.2c.zzz.", true},
		{"the label nought", "0.", true},
		{"the largest label", "1y2p0ij32e8e7.", true},
		{"beyond the largest label", "1y2p0ij32e8e8.", false},
		{"no dot behind", "1.4", false},
		{"a dot alone", ".", false},
		{"an empty label", "1..4.", false},
		{"a dot in front", ".1.", false},
		{"a capital", "1.2C.", false},
		{"a zero in front", "01.", false},
		{"a plus", "+1.", false},
		{"a minus", "-1.", false},
		{"an underscore", "1_0.", false},
		{"a slash", "1/", false},
		{"a blank", "1 .", false},
		{"a wildcard", "1.%.", false},
	}
	for _, test := range tests {
		p, ok := tree.Parse(test.text)
		if ok != test.ok || ok && string(p) != test.text || !ok && p != "" {
			t.Errorf("%s: %q is %q, %v", test.says, test.text, p, ok)
		}
	}
}

var paths = rapid.Custom(func(t *rapid.T) tree.Path {
	p := tree.Top
	// Small labels and those around a new digit make siblings that begin alike.
	for _, label := range rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 2), rapid.Int64Range(34, 38), rapid.Int64Min(0)), 0, 5).Draw(t, "labels") {
		p = p.Child(label)
	}
	return p
})

// What the database asks (path >= p and path < p.End()) is what Covers says.
func TestASubtreeIsOneRangeOfText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := paths.Draw(t, "p"), paths.Draw(t, "q")
		switch rapid.IntRange(0, 2).Draw(t, "related") {
		case 1: // below it
			q = p + q
		case 2: // beside it, and beginning like it
			if p != tree.Top {
				q = p[:len(p)-1] + "0." + q
			}
		}
		inside := q >= p && q < p.End()
		if inside != p.Covers(q) || p.Covers(q) != strings.HasPrefix(string(q), string(p)) {
			t.Fatalf("%q in [%q, %q) is %v, Covers says %v", q, p, p.End(), inside, p.Covers(q))
		}
	})
}

func TestPathsHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := paths.Draw(t, "p")
		label := rapid.Int64Min(0).Draw(t, "label")
		child := p.Child(label)
		if child.Parent() != p || child.Depth() != p.Depth()+1 || !p.Above(child) || child.Covers(p) {
			t.Fatalf("%q is no child of %q", child, p)
		}
		if back, ok := tree.Parse(string(child)); !ok || back != child {
			t.Fatalf("%q is read back as %q, %v", child, back, ok)
		}
		above := child.Ancestors()
		if len(above) != p.Depth() {
			t.Fatalf("%q has %d nodes above it", child, len(above))
		}
		for _, a := range above {
			if !a.Above(child) {
				t.Fatalf("%q is not above %q", a, child)
			}
		}
	})
}
