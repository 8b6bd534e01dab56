package catalogue

import (
	"strings"
	"unicode"
)

// MostWords is how many words of a text are searched.
const MostWords = 1000

// Fold brings a text into the form in which it is compared and searched: lower case, without accents, control
// characters left out, blanks of every kind as one space, none around it. "Größe  ½″" becomes "grosse ½″".
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		r = unicode.ToLower(r)
		if letters := plain(r); letters != "" {
			b.WriteString(letters)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Words are the words of a text as they are searched: folded, of letters and digits, each once, in the order of their
// first appearance, at most MostWords. "M8×40 Schraube, verzinkt (M8)" has m8, 40, schraube and verzinkt.
func Words(s string) []string {
	var words []string
	seen := map[string]bool{}
	for word := range strings.FieldsFuncSeq(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if seen[word] {
			continue
		}
		if len(words) == MostWords {
			break
		}
		seen[word] = true
		words = append(words, word)
	}
	return words
}
