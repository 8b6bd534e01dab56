// Package locale says things as a person writes them: sentences, numbers, money, dates, in that person's language.
//
// The English sentence, verbs of fmt and all, is the key of its translations, so code reads as it speaks:
//
//	l.T("%s needs your approval", number)
//	l.N(n, "%d line", "%d lines")
//
// Where one English word means two things, what follows two bars says which, and is never shown: T("Open||state").
// A language is a folder of JSON files beside this one, each an object from English to that language, and its rows in
// the tables of this package. What has no translation is said in English; a test lists it.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Language is the primary subtag of BCP 47: "en", "de". The zero Language speaks English.
type Language string

// The languages that Kontor speaks.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages lists what Kontor speaks, and so what a person can choose.
func Languages() []Language { return []Language{English, German} }

// Parse reads a language tag, of which only the first part counts: "de-AT" is German. What we do not speak is English.
func Parse(tag string) Language {
	l, _ := parse(tag)
	return l
}

// Accept is the language we speak that an Accept-Language header likes best; English when it likes none.
func Accept(header string) Language {
	best, liking := English, 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, weighed := strings.Cut(part, ";")
		q := 1.0
		if weighed {
			var err error
			if q, err = strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64); err != nil {
				continue // a weight that cannot be read speaks for nothing
			}
		}
		if l, ok := parse(tag); ok && q > liking {
			best, liking = l, q
		}
	}
	return best
}

func parse(tag string) (Language, bool) {
	first, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	l := Language(strings.ToLower(first))
	if _, ok := manners[l]; !ok {
		return English, false
	}
	return l, true
}

func (l Language) String() string { return string(l) }

// T says an English sentence in l. Money, rates, quantities, percentages, dates, times (in the zone they carry) and
// phrases among args are written as l writes them, so each goes with %s.
func (l Language) T(format string, args ...any) string {
	said := l.translated(format)
	if len(args) == 0 {
		return said
	}
	return fmt.Sprintf(said, l.spoken(args)...)
}

// N is T for a sentence that counts: one for 1, many for any other number. The number is the first argument of both.
// A form that does not show it numbers the others: N(n, "an order of %[2]s", "%d orders of %s", name).
func (l Language) N(n int, one, many string, args ...any) string {
	form := many
	if n == 1 {
		form = one
	}
	said := l.translated(form)
	if !strings.Contains(said, "%") {
		return said
	}
	return fmt.Sprintf(said, append([]any{count{l, n}}, l.spoken(args)...)...)
}

// List joins names as a sentence does: "Ann, Bob and Cleo".
func (l Language) List(names ...string) string {
	if n := len(names); n > 1 {
		return l.T("%s and %s", strings.Join(names[:n-1], ", "), names[n-1])
	}
	return strings.Join(names, "")
}

// Either joins names of whom one is enough: "Ann, Bob or Cleo".
func (l Language) Either(names ...string) string {
	if n := len(names); n > 1 {
		return l.T("%s or %s", strings.Join(names[:n-1], ", "), names[n-1])
	}
	return strings.Join(names, "")
}

// count is a number that is written in groups, whatever the verb.
type count struct {
	l Language
	n int
}

func (c count) Format(s fmt.State, _ rune) {
	fmt.Fprint(s, c.l.Int(int64(c.n))) // a fmt.State takes what it is given
}

func (l Language) spoken(args []any) []any {
	said := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case money.Money:
			said[i] = l.Money(arg)
		case money.Rate:
			said[i] = l.Rate(arg)
		case quantity.Quantity:
			said[i] = l.Quantity(arg)
		case Percent:
			said[i] = l.Percent(arg)
		case date.Date:
			said[i] = l.Date(arg)
		case time.Time:
			said[i] = l.DateTime(arg, arg.Location())
		case Phrase:
			said[i] = arg.In(l)
		default:
			said[i] = arg
		}
	}
	return said
}

func (l Language) translated(format string) string {
	if said, ok := catalogues()[l][format]; ok {
		return said
	}
	plain, _, _ := strings.Cut(format, "||")
	return plain
}

//go:embed de/*.json
var files embed.FS

// catalogues reads every file at first use and never changes afterwards.
var catalogues = sync.OnceValue(func() map[Language]map[string]string {
	all := map[Language]map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		l := Language(path.Dir(name))
		if all[l] == nil {
			all[l] = map[string]string{}
		}
		said := all[l] // Unmarshal adds to what is there
		return json.Unmarshal(text, &said)
	})
	if err != nil {
		panic(err) // the files are part of the binary, and a test reads them all
	}
	return all
})
