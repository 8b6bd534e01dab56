package catalogue_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kontor/internal/domain/catalogue"
)

func TestHowFarWordsLieApart(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"hammer", "hammer", 0}, {"hamer", "hammer", 1}, {"hamemr", "hammer", 1}, {"hammmer", "hammer", 1}, {"hannner", "hammer", 3}, {"jammer", "hammer", 1},
		{"", "abc", 3}, {"abc", "", 3}, {"", "", 0}, {"ca", "abc", 3}, {"schrabue", "schraube", 1}, {"größe", "grösse", 2}, {"молоток", "молтоок", 1},
	} {
		if got := catalogue.Distance(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %d, not %d", c.a, c.b, got, c.want)
		}
	}
}

// What holds for any words: the distance is the same both ways, none only to the word itself, one after one slip, at most two
// after two, and never less than the words differ in length.
func TestDistancesOfAnyWords(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	letter := func() rune { return []rune("abcdeäß")[r.IntN(7)] }
	word := func() string {
		w := make([]rune, 1+r.IntN(9))
		for i := range w {
			w[i] = letter()
		}
		return string(w)
	}
	slip := func(s string) string {
		w := []rune(s)
		i := r.IntN(len(w))
		switch r.IntN(4) {
		case 0:
			return string(slices.Insert(w, i, letter()))
		case 1:
			w[i] = letter()
		case 2:
			if i > 0 {
				w[i-1], w[i] = w[i], w[i-1]
			}
		default:
			if len(w) > 1 {
				w = slices.Delete(w, i, i+1)
			}
		}
		return string(w)
	}
	for range 20_000 {
		a, b := word(), word()
		d := catalogue.Distance(a, b)
		apart := len([]rune(a)) - len([]rune(b))
		if back := catalogue.Distance(b, a); back != d || (d == 0) != (a == b) || d < max(apart, -apart) || d > max(len([]rune(a)), len([]rune(b))) {
			t.Fatalf("%q and %q: %d, and back %d", a, b, d, back)
		}
		once := slip(a)
		if n := catalogue.Distance(a, once); n > 1 {
			t.Fatalf("one slip from %q to %q is %d", a, once, n)
		}
	}
}

func TestWhatSomebodyMayHaveMeant(t *testing.T) {
	known := strings.Fields("hammer hamster hammock drill driller gloves glove screw screws crews saw saws")
	for _, c := range []struct{ word, want string }{
		{"hamer", "hammer"}, {"hammre", "hammer"}, {"golve", "glove"}, {"gloove", "glove gloves"}, {"scrws", "screws"}, {"dril", "drill"}, {"zzzzzz", ""}, {"sow", ""},
	} {
		if got := strings.Join(catalogue.Nearest(c.word, known, 2), " "); got != c.want {
			t.Errorf("%s: %q, not %q", c.word, got, c.want)
		}
	}
	for word, want := range map[string]bool{"hammer": true, "saw": false, "m8x40": false, "ch-01": false, "größe": true, strings.Repeat("a", 41): false} {
		if catalogue.Spellable(word) != want {
			t.Errorf("%s can be misspelt: %v", word, !want)
		}
	}
}
