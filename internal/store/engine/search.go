package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Search is where the engines truly differ: SQLite has FTS5, PostgreSQL has tsvector. A table of words looks
// alike on both: rowid, the number of what is found, and words.

// SetWords keeps the words that rows are found by. of selects their numbers and words, in two columns; where many are
// set, the numbers rise.
func (t *Tx) SetWords(table, of string, args ...any) {
	if t.db.pg != nil {
		t.Write(`insert into `+table+` (rowid, words) select d.number, to_tsvector('simple', d.words) from (`+of+`) as d (number, words) where true
			on conflict (rowid) do update set words = excluded.words`, args...)
		return
	}
	t.Write(`insert or replace into `+table+` (rowid, words) `+of, args...)
}

// Matching is a condition that holds for the rows of a table of words in which every word of the text occurs, and its
// argument. Of the last word, which somebody may still be typing, and of all that have three letters the beginning is
// enough. It is false when the text has no word.
func (t *Tx) Matching(table, text string) (condition string, arg any, ok bool) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "", nil, false
	}
	words = words[:min(len(words), 12)]
	for i, w := range words {
		begins := i == len(words)-1 || utf8.RuneCountInString(w) >= 3
		switch {
		case t.db.pg != nil && begins:
			words[i] = w + ":*"
		case t.db.pg != nil:
		case begins:
			words[i] = `"` + w + `"*`
		default:
			words[i] = `"` + w + `"`
		}
	}
	if t.db.pg != nil {
		return table + `.words @@ to_tsquery('simple', ?)`, strings.Join(words, " & "), true
	}
	return table + ` match ?`, strings.Join(words, " "), true
}
