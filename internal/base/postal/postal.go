// Package postal says how an address is written in the country where it is: in which order, with which parts, and what a
// postcode there looks like. It is after the address metadata of libaddressinput (Google's Address Data Service) and the
// Universal Postal Union's pages on addressing, for the countries that sellers of goods ship to most; elsewhere an
// address is written as in most of the world, and nothing is asked of its postcode.
package postal

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Address is where something goes.
type Address struct {
	Name     string // whoever it is for: a company, a department
	Extra    string // a building, a floor, "care of"; or nothing
	Street   string // with the number
	Postcode string
	City     string
	Region   string // state, province, county
	Country  string // ISO 3166, two capital letters
}

// format is how addresses are written in a country: %Z is the postcode, %C the city, %S the region; lines are divided by
// bars. What stands between parts that are missing is left out with them.
type format struct {
	last     string
	region   bool // an address has one
	postcode *regexp.Regexp
}

// usual is how an address is written where nothing else is known.
var usual = format{last: "%Z %C|%S"}

func digits(n string) *regexp.Regexp { return regexp.MustCompile(`^\d{` + n + `}$`) }

// formats are the countries that write otherwise, or of whose postcodes the form is known.
var formats = map[string]format{
	"AT": {last: "%Z %C", postcode: digits("4")},
	"AU": {last: "%C %S %Z", region: true, postcode: digits("4")},
	"BE": {last: "%Z %C", postcode: digits("4")},
	"BG": {last: "%Z %C", postcode: digits("4")},
	"BR": {last: "%C-%S|%Z", region: true, postcode: regexp.MustCompile(`^\d{5}-?\d{3}$`)},
	"CA": {last: "%C %S %Z", region: true, postcode: regexp.MustCompile(`^[ABCEGHJKLMNPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$`)},
	"CH": {last: "%Z %C", postcode: digits("4")},
	"CN": {last: "%Z %C|%S", postcode: digits("6")},
	"CY": {last: "%Z %C", postcode: digits("4")},
	"CZ": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{3} ?\d{2}$`)},
	"DE": {last: "%Z %C", postcode: digits("5")},
	"DK": {last: "%Z %C", postcode: digits("4")},
	"EE": {last: "%Z %C", postcode: digits("5")},
	"ES": {last: "%Z %C %S", postcode: digits("5")},
	"FI": {last: "%Z %C", postcode: digits("5")},
	"FR": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{2} ?\d{3}$`)},
	"GB": {last: "%C|%S|%Z", postcode: regexp.MustCompile(`^(GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$`)},
	"GR": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{3} ?\d{2}$`)},
	"HK": {last: "%C|%S"},
	"HR": {last: "%Z %C", postcode: digits("5")},
	"HU": {last: "%Z %C", postcode: digits("4")},
	"IE": {last: "%C|%S|%Z", postcode: regexp.MustCompile(`^[\dA-Z]{3} ?[\dA-Z]{4}$`)},
	"IL": {last: "%C %Z", postcode: digits("5,7")},
	"IN": {last: "%C %Z|%S", region: true, postcode: digits("6")},
	"IT": {last: "%Z %C %S", postcode: digits("5")},
	"JP": {last: "%C, %S|%Z", region: true, postcode: regexp.MustCompile(`^\d{3}-?\d{4}$`)},
	"KR": {last: "%C, %S %Z", postcode: digits("5")},
	"LI": {last: "%Z %C", postcode: digits("4")},
	"LT": {last: "%Z %C", postcode: regexp.MustCompile(`^(LT-)?\d{5}$`)},
	"LU": {last: "%Z %C", postcode: regexp.MustCompile(`^(L-)?\d{4}$`)},
	"LV": {last: "%C, %Z", postcode: regexp.MustCompile(`^LV-\d{4}$`)},
	"MT": {last: "%C %Z", postcode: regexp.MustCompile(`^[A-Z]{3} ?\d{2,4}$`)},
	"MX": {last: "%Z %C, %S", region: true, postcode: digits("5")},
	"NL": {last: "%Z %C", postcode: regexp.MustCompile(`^[1-9]\d{3} ?[A-Z]{2}$`)},
	"NO": {last: "%Z %C", postcode: digits("4")},
	"NZ": {last: "%C %Z", postcode: digits("4")},
	"PL": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{2}-\d{3}$`)},
	"PT": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{4}-\d{3}$`)},
	"RO": {last: "%Z %C", postcode: digits("6")},
	"SE": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{3} ?\d{2}$`)},
	"SG": {last: "%C %Z", postcode: digits("6")},
	"SI": {last: "%Z %C", postcode: digits("4")},
	"SK": {last: "%Z %C", postcode: regexp.MustCompile(`^\d{3} ?\d{2}$`)},
	"TR": {last: "%Z %C/%S", postcode: digits("5")},
	"US": {last: "%C, %S %Z", region: true, postcode: regexp.MustCompile(`^\d{5}(-\d{4})?$`)},
	"ZA": {last: "%C|%Z", postcode: digits("4")},
}

func formatOf(country string) format {
	if f, ok := formats[country]; ok {
		return f
	}
	return usual
}

// others are codes that CLDR has beside those of countries: parts of countries, unions, and what is no more.
var others = []string{"AC", "AN", "CP", "CQ", "CS", "DG", "EA", "EZ", "FQ", "IC", "NT", "PC", "SU", "TA", "UN", "YU"}

// Known reports whether this is the code of a country, as ISO 3166 has it: two capital letters. Kosovo has one, too.
func Known(country string) bool {
	r, err := language.ParseRegion(country)
	return err == nil && len(country) == 2 && r.IsCountry() && r.String() == country && r.Canonicalize() == r && !slices.Contains(others, country)
}

// WantsRegion reports whether an address in this country has a state, province or the like.
func WantsRegion(country string) bool { return formatOf(country).region }

// Postcode reports whether this can be a postcode of the country. None is one where we do not know what they look like.
func Postcode(country, code string) bool {
	f := formatOf(country)
	return f.postcode == nil || f.postcode.MatchString(code)
}

// Lines are an address as it is written on a parcel: without the country.
func (a Address) Lines() []string {
	lines := []string{a.Name, a.Extra, a.Street}
	for l := range strings.SplitSeq(formatOf(a.Country).last, "|") {
		lines = append(lines, a.fill(l))
	}
	out := lines[:0]
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}

// fill puts parts where a line of a format has them; what stands before a part that is missing is left out with it.
func (a Address) fill(line string) string {
	var b strings.Builder
	for line != "" {
		between, rest, _ := strings.Cut(line, "%")
		part := map[byte]string{'Z': a.Postcode, 'C': a.City, 'S': a.Region}[rest[0]]
		line = rest[1:]
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(between)
		}
		b.WriteString(part)
	}
	return b.String()
}
