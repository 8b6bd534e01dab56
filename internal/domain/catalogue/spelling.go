package catalogue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The shortest and the longest word that may be misspelt: of a shorter one, too many others are near.
const (
	leastSpelt = 4
	mostSpelt  = 40
)

// Spellable reports whether a folded word can be misspelt: it has letters alone. An article number is right or wrong.
func Spellable(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= leastSpelt && n <= mostSpelt && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
}

// Slips is how many slips a word of so many letters may have to be known all the same.
func Slips(letters int) int {
	switch {
	case letters < leastSpelt:
		return 0
	case letters < 6:
		return 1
	}
	return 2
}

// Distance is how many slips lie between two words: a letter left out, put in, taken for another, or two that follow one
// another exchanged; no letter is touched twice.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, above, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			wrong := 1
			if x[i] == y[j] {
				wrong = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+wrong)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}

// Nearest are the known words that somebody may have meant, at most so many, the likeliest first: those with the fewest slips,
// and among them those that begin alike.
func Nearest(word string, known []string, most int) []string {
	type near struct {
		word        string
		slips, same int
	}
	var all []near
	allowed := Slips(utf8.RuneCountInString(word))
	for _, k := range known {
		if n := Distance(word, k); n <= allowed && k != word {
			all = append(all, near{k, n, begins(word, k)})
		}
	}
	slices.SortFunc(all, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(b.same, a.same), cmp.Compare(len(a.word), len(b.word)), cmp.Compare(a.word, b.word))
	})
	var words []string
	for _, n := range all[:min(len(all), most)] {
		words = append(words, n.word)
	}
	return words
}

// begins is how many bytes two words have in common at their beginnings.
func begins(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
