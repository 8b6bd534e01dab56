package company

import (
	"strings"

	"kontor/internal/base/fault"
)

// vatFormat is what the VAT IDs of a country look like behind its two letters: # is a digit, @ a letter, * either, and
// everything else stands for itself.
type vatFormat struct {
	example  string
	patterns []string
}

// vatFormats are those of the member states of the European Union and of Northern Ireland (XI), as the European Commission lists
// them (VIES, frequently asked questions, Q11), of the United Kingdom (HMRC, VAT registration numbers), of Switzerland
// (CHE, UID-Register) and of Norway (Brønnøysundregistrene). Greece is EL here, as in VIES.
var vatFormats = map[string]vatFormat{
	"AT": {"ATU12345678", []string{"U########"}},
	"BE": {"BE0123456789", []string{"0#########", "1#########"}},
	"BG": {"BG123456789", []string{"#########", "##########"}},
	"CH": {"CHE123456789MWST", []string{"E#########MWST", "E#########TVA", "E#########IVA"}},
	"CY": {"CY12345678X", []string{"########@"}},
	"CZ": {"CZ12345678", []string{"########", "#########", "##########"}},
	"DE": {"DE123456789", []string{"#########"}},
	"DK": {"DK12345678", []string{"########"}},
	"EE": {"EE123456789", []string{"#########"}},
	"EL": {"EL123456789", []string{"#########"}},
	"ES": {"ESX12345678", []string{"@########", "########@", "@#######@"}},
	"FI": {"FI12345678", []string{"########"}},
	"FR": {"FR12345678901", []string{"**#########"}},
	"GB": {"GB123456789", []string{"#########", "############", "GD###", "HA###"}},
	"HR": {"HR12345678901", []string{"###########"}},
	"HU": {"HU12345678", []string{"########"}},
	"IE": {"IE1234567WA", []string{"#######@", "#######@@", "#*#####@"}},
	"IT": {"IT12345678901", []string{"###########"}},
	"LT": {"LT123456789", []string{"#########", "############"}},
	"LU": {"LU12345678", []string{"########"}},
	"LV": {"LV12345678901", []string{"###########"}},
	"MT": {"MT12345678", []string{"########"}},
	"NL": {"NL123456789B01", []string{"#########B##"}},
	"NO": {"NO123456789MVA", []string{"#########MVA"}},
	"PL": {"PL1234567890", []string{"##########"}},
	"PT": {"PT123456789", []string{"#########"}},
	"RO": {"RO1234567890", []string{"##", "###", "####", "#####", "######", "#######", "########", "#########", "##########"}},
	"SE": {"SE123456789001", []string{"############"}},
	"SI": {"SI12345678", []string{"########"}},
	"SK": {"SK1234567890", []string{"##########"}},
	"XI": {"XI123456789", []string{"#########", "############", "GD###", "HA###"}},
}

// VATID checks the VAT ID of a company, which may be empty: in capitals, without what people put between. It begins with the two
// letters of a country; of one that is in no list, 2 to 18 letters and digits may follow.
func VATID(in *fault.Input, field, said string) string {
	said = strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/", r) {
			return -1
		}
		return r
	}, said))
	if said == "" {
		return ""
	}
	if len(said) < 4 || len(said) > 20 || !fits(said, "@@"+strings.Repeat("*", len(said)-2)) {
		in.Add(field, "malformed", "a VAT ID begins with the two letters of its country, like DE123456789")
		return said
	}
	known, listed := vatFormats[said[:2]]
	if !listed {
		return said
	}
	for _, p := range known.patterns {
		if fits(said[2:], p) {
			return said
		}
	}
	in.Add(field, "malformed", "a VAT ID of this country looks like %s", known.example)
	return said
}

// fits reports whether a text is as a pattern says.
func fits(text, pattern string) bool {
	if len(text) != len(pattern) {
		return false
	}
	for i := range len(text) {
		digit, letter := text[i] >= '0' && text[i] <= '9', text[i] >= 'A' && text[i] <= 'Z'
		switch pattern[i] {
		case '#':
			if !digit {
				return false
			}
		case '@':
			if !letter {
				return false
			}
		case '*':
			if !digit && !letter {
				return false
			}
		default:
			if text[i] != pattern[i] {
				return false
			}
		}
	}
	return true
}
