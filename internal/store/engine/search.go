package engine

import (
	"strings"
	"unicode"
)

// Search is where the engines truly differ: SQLite has FTS5, PostgreSQL has tsvector. A table of words looks
// alike on both: a key and its words.

// SetWords keeps the words that a row is found by.
func (t *Tx) SetWords(table, column string, key any, words string) {
	if t.db.pg != nil {
		t.Write(`insert into `+table+` (`+column+`, words) values (?, to_tsvector('simple', ?))
			on conflict (`+column+`) do update set words = excluded.words`, key, words)
		return
	}
	t.Write(`delete from `+table+` where `+column+` = ?`, key)
	t.Write(`insert into `+table+` (`+column+`, words) values (?, ?)`, key, words)
}

// Matching is a condition that holds for the rows of a table of words in which every word of the text occurs,
// the words' beginnings being enough, and its argument. It is false when the text has no word.
func (t *Tx) Matching(table, text string) (condition string, arg any, ok bool) {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(words) < 12 {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return "", nil, false
	}
	if t.db.pg != nil {
		return table + `.words @@ to_tsquery('simple', ?)`, strings.Join(words, ":* & ") + ":*", true
	}
	return table + ` match ?`, `"` + strings.Join(words, `"* "`) + `"*`, true
}
