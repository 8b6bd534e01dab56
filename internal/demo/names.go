package demo

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// lastNames are given to people of whom a file knows the login alone.
var lastNames = strings.Fields(`
	Abbott Acosta Adeyemi Alvarez Andersen Aoki Archer Baker Barbosa Bauer Becker Bennett Berger Bianchi Blake Bondar Brandt Brooks
	Calder Campos Carver Castillo Chandra Chen Clarke Cohen Costa Cruz Dahl Dalton Decker Delgado Dietrich Doyle Dubois Duran Eastman
	Eklund Ellison Engel Esposito Evans Falk Farrell Fischer Fleming Fontaine Foster Fuchs Gallagher Garner Gibson Goldberg Graham Greco
	Gupta Hadley Hagen Hansen Harper Hartmann Hayes Heller Herrera Hoffman Holt Hughes Ibarra Ingram Iyer Jansen Jensen Johansson
	Kaplan Kaya Keller Kelly Kim Klein Kowalski Kramer Kumar Lambert Larsen Laurent Lehmann Lindgren Lopez Lowell Maier Marchetti Marsh
	Martin Mendes Meyer Mitchell Molina Moreau Morgan Moss Müller Nakamura Navarro Nguyen Nielsen Novak Oakley Okafor Olsen Ortega Osborne
	Palmer Park Patel Pereira Petrov Porter Quinn Ramirez Reed Reyes Richter Rivera Romano Rossi Roth Ryan Salazar Sanders Santos Sato
	Schmidt Schultz Shah Silva Simmons Singh Sokolov Stone Sullivan Svensson Tanaka Taylor Thomas Torres Turner Vance Vargas Vega Vogel
	Wagner Walsh Weber Wells West Whitman Wolf Wong Yamada Yilmaz York Zeller Zhang Zimmermann`)

// christen gives everybody a name: the first one is the login's letters, the last one is chosen by the login. So they
// stay the same from run to run. Nobody shares both.
func christen(people []*Person) {
	taken := map[string]bool{}
	for _, p := range people {
		p.First = firstName(p.Login)
		h := fnv.New32a()
		h.Write([]byte(p.Login)) // it never fails
		at := int(h.Sum32() % uint32(len(lastNames)))
		for range lastNames {
			p.Last = lastNames[at]
			if !taken[p.Name()] {
				break
			}
			at = (at + 1) % len(lastNames)
		}
		taken[p.Name()] = true
	}
}

// firstName is a login without its digits, a capital at the beginning of each part: "kok-ho0" is Kok-Ho.
func firstName(login string) string {
	var name strings.Builder
	begins := true
	for _, r := range login {
		switch {
		case unicode.IsLetter(r) && begins:
			name.WriteRune(unicode.ToUpper(r))
			begins = false
		case unicode.IsLetter(r):
			name.WriteRune(r)
		case r == '-' || r == '.' || r == '_' || r == '\'':
			name.WriteRune('-')
			begins = true
		}
	}
	return strings.Trim(name.String(), "-")
}
