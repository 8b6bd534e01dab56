package postal_test

import (
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/locale"
	"kontor/internal/base/postal"
)

func TestAddressesAreWrittenAsInTheirCountry(t *testing.T) {
	for _, c := range []struct {
		address postal.Address
		want    string
	}{
		{postal.Address{Name: "Acme", Street: "Hammer Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"}, "Acme|Hammer Lane 1|10115 Berlin"},
		{postal.Address{Name: "Acme", Extra: "Building 4", Street: "1 Hammer Lane", Postcode: "98011", City: "Bothell", Region: "WA", Country: "US"}, "Acme|Building 4|1 Hammer Lane|Bothell, WA 98011"},
		{postal.Address{Name: "Acme", Street: "1 Hammer Lane", Postcode: "98011", City: "Bothell", Country: "US"}, "Acme|1 Hammer Lane|Bothell 98011"},
		{postal.Address{Name: "Acme", Street: "1 Hammer Lane", City: "Bothell", Region: "WA", Country: "US"}, "Acme|1 Hammer Lane|Bothell, WA"},
		{postal.Address{Name: "Acme", Street: "1 Hammer Lane", Postcode: "SW1A 1AA", City: "London", Country: "GB"}, "Acme|1 Hammer Lane|London|SW1A 1AA"},
		{postal.Address{Name: "Acme", Street: "Rua 1", Postcode: "01310-100", City: "São Paulo", Region: "SP", Country: "BR"}, "Acme|Rua 1|São Paulo-SP|01310-100"},
		{postal.Address{Name: "Acme", Street: "Via 1", Postcode: "20121", City: "Milano", Region: "MI", Country: "IT"}, "Acme|Via 1|20121 Milano MI"},
		{postal.Address{Name: "Acme", Street: "Main Street", City: "Nuuk", Country: "GL"}, "Acme|Main Street|Nuuk"},
		{postal.Address{}, ""},
	} {
		if got := strings.Join(c.address.Lines(), "|"); got != c.want {
			t.Errorf("%+v is written %q", c.address, got)
		}
	}
}

func TestPostcodesOfCountries(t *testing.T) {
	for country, codes := range map[string]string{
		"DE": "10115 !1011 !101155 !A0115 !", "US": "98011 98011-1234 !9801", "GB": "SW1A 1AA|M1 1AE|B33 8TH|!12345|!SW1A", "NL": "1012 AB|1012AB|!0012 AB|!1012",
		"CA": "K1A 0B1|!K1A 0O1|!12345", "PL": "00-950 !00950", "PT": "1000-001 !1000", "SE": "111 22|11122|!1112", "GL": "3900 anything ", "IE": "D02 AF30|!D02", "JP": "100-0001 !100",
	} {
		split := strings.Fields
		if strings.Contains(codes, "|") {
			split = func(s string) []string { return strings.Split(s, "|") }
		}
		for _, code := range split(codes) {
			code, wrong := strings.CutPrefix(code, "!")
			if postal.Postcode(country, code) == wrong {
				t.Errorf("%q in %s: it is said to be %t", code, country, !wrong)
			}
		}
	}
}

func TestCountriesAreThoseOfTheWorld(t *testing.T) {
	for _, code := range []string{"DE", "US", "GB", "CH", "XK"} {
		if !postal.Known(code) {
			t.Errorf("%s is not known", code)
		}
	}
	for _, code := range []string{"", "D", "de", "DEU", "ZZ", "XX", "SU", "DD", "EU", "UK", "UN", "AC", "YU", "001", "A1"} {
		if postal.Known(code) {
			t.Errorf("%q is a country", code)
		}
	}
	english, german := postal.Countries(locale.English), postal.Countries(locale.German)
	if len(english) < 245 || len(english) > 252 || len(german) != len(english) {
		t.Errorf("%d and %d countries", len(english), len(german))
	}
	at := func(all []postal.Country, code string) int {
		return slices.IndexFunc(all, func(c postal.Country) bool { return c.Code == code })
	}
	if austria, poland := at(german, "AT"), at(german, "PL"); austria < at(german, "NL") || austria > poland { // Ö stands with O
		t.Errorf("Österreich is number %d, Polen number %d", austria, poland)
	}
	if postal.Name("DE", locale.German) != "Deutschland" || postal.Name("DE", locale.English) != "Germany" || postal.Name("QQ", locale.English) != "QQ" {
		t.Error("a country is called otherwise")
	}
	if postal.WantsRegion("DE") || !postal.WantsRegion("US") || postal.WantsRegion("QQ") {
		t.Error("a region is wanted where there is none")
	}
}
