// Package text says what people may write into a field: how much of it, and of which characters. Every field that keeps
// what somebody typed asks it, whichever way the text came.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
)

// Line is one line of at most so many characters, all of which can be seen: blanks are folded. It may be empty. What is
// wrong with it is noted against the field.
func Line(in *fault.Input, field, s string, most int) string {
	s = Fold(s)
	switch {
	case !utf8.ValidString(s), strings.ContainsFunc(s, unicode.IsControl):
		in.Add(field, "invalid", "control characters cannot stand here")
	case strings.ContainsFunc(s, hidden), s != "" && !strings.ContainsFunc(s, seen):
		in.Add(field, "invisible", "characters that cannot be seen cannot stand here")
	case utf8.RuneCountInString(s) > most:
		in.Add(field, "too_long", "at most %d characters fit here", most)
	}
	return s
}

// Kept checks a line that was folded before, and says whether it says anything.
func Kept(in *fault.Input, field, s string, most int) bool {
	kept := Line(in, field, s, most)
	if kept != "" && kept != s {
		in.Add(field, "invalid", "control characters cannot stand here")
	}
	return kept != ""
}

// Fold is text on one line, with single blanks.
func Fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// Divided is the name of a person in two parts: its last word, and all before it.
func Divided(name string) (first, last string) {
	all := strings.Fields(name)
	if len(all) < 2 {
		return strings.Join(all, " "), ""
	}
	return strings.Join(all[:len(all)-1], " "), all[len(all)-1]
}

// Note is text of several lines, of at most so many characters. It may be empty, and is so when nothing of it can be seen.
func Note(in *fault.Input, field, s string, most int) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	switch {
	case !utf8.ValidString(s), strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		in.Add(field, "invalid", "control characters cannot stand here")
	case !strings.ContainsFunc(s, seen):
		return ""
	case strings.ContainsFunc(s, hidden):
		in.Add(field, "invisible", "characters that cannot be seen cannot stand here")
	case utf8.RuneCountInString(s) > most:
		in.Add(field, "too_long", "at most %d characters fit here", most)
	}
	return strings.TrimSpace(s)
}

// hidden reports whether a character shows nothing itself and changes how others are shown or told apart: it turns their
// direction, or stands unseen between them. The joiners, without which some scripts cannot be written, are none.
func hidden(r rune) bool {
	const joiners = "\u200c\u200d"
	return unicode.Is(unicode.Cf, r) && !strings.ContainsRune(joiners, r) || unicode.In(r, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) || r == '\ufffd'
}

// seen reports whether a character shows something: some letters and signs are blank.
func seen(r rune) bool {
	const blank = "\u115f\u1160\u3164\uffa0\u2800"
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && !strings.ContainsRune(blank, r)
}
