package postal

import (
	"cmp"
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kontor/internal/base/locale"
)

// Country is one of the world, by its code and its name in somebody's language.
type Country struct {
	Code string // ISO 3166, two capital letters
	Name string
}

var countries = map[locale.Language]func() []Country{
	locale.English: sync.OnceValue(func() []Country { return listed(language.English, display.English.Regions()) }),
	locale.German:  sync.OnceValue(func() []Country { return listed(language.German, display.German.Regions()) }),
}

// Countries lists those of the world, in the order of a dictionary of that language.
func Countries(l locale.Language) []Country {
	if list, ok := countries[l]; ok {
		return list()
	}
	return countries[locale.English]()
}

// Name is what a country is called; its code where it has no name.
func Name(code string, l locale.Language) string {
	for _, c := range Countries(l) {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// renamed are countries that are called otherwise by now than the names that we have say.
var renamed = map[language.Tag]map[string]string{
	language.English: {"MK": "North Macedonia", "SZ": "Eswatini"},
	language.German:  {"MK": "Nordmazedonien", "SZ": "Eswatini"},
}

func listed(tag language.Tag, names display.Namer) []Country {
	var all []Country
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if !Known(code) {
				continue
			}
			name := names.Name(language.MustParseRegion(code))
			all = append(all, Country{code, cmp.Or(renamed[tag][code], name, code)})
		}
	}
	c := collate.New(tag)
	slices.SortFunc(all, func(x, y Country) int { return c.CompareString(x.Name, y.Name) })
	return all
}
