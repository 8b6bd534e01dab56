package demo

import (
	"slices"
	"strings"
)

// place is a node of the structure: a division, a department, or a person.
type place struct {
	above      *place // nil right below whoever is above everybody: in the company's own unit
	person     *Person
	unit       string // the unit's name, when it is one
	code       string
	department string // of a department's unit; "" for a division
}

// structure puts units and people into one tree, those above before those below. Whoever is above everybody stands at
// its top, above the company's own unit and so of no department.
//
// Everybody stands below their manager. A department's unit stands below its host: the manager outside of it to whom,
// directly or through others of it, most of its people report. Who of the department reports to the host stands in the
// unit; who reports to somebody else stands directly below that manager. A group of departments is a unit, too, and
// finds its place in the same way; what stands below it without being of it (a department of another group, reporting
// to somebody in it) is no contradiction: that is where it reports to.
func structure(people []*Person) []*place {
	divisions, departments := hosts(people, (*Person).division), hosts(people, (*Person).department)
	b := &builder{places: map[*Person]*place{}, units: map[string]*place{}}
	for _, p := range people {
		if p.Manager == nil {
			continue
		}
		at := b.places[p.Manager]
		if p.Group != "" && p.Manager.division() != p.Group && divisions[p.Group] == p.Manager {
			at = b.unit(at, &place{unit: p.Group + " Division", code: "div/" + slug(p.Group)})
		}
		if p.Manager.department() != p.Department && departments[p.Department] == p.Manager {
			at = b.unit(at, &place{unit: p.Department, code: slug(p.Department), department: p.Department})
		}
		b.places[p] = b.put(at, &place{person: p})
	}
	return b.all
}

// department and division are where somebody belongs; "" for whoever is above everybody.
func (p *Person) department() string {
	if p.Manager == nil {
		return ""
	}
	return p.Department
}

func (p *Person) division() string {
	if p.Manager == nil {
		return ""
	}
	return p.Group
}

type builder struct {
	all    []*place
	places map[*Person]*place
	units  map[string]*place
}

func (b *builder) unit(at, u *place) *place {
	if known := b.units[u.code]; known != nil {
		return known
	}
	b.units[u.code] = u
	return b.put(at, u)
}

func (b *builder) put(at, n *place) *place {
	n.above = at
	b.all = append(b.all, n)
	return n
}

// hosts says of each group of people to whom outside of it most of them report.
func hosts(people []*Person, of func(*Person) string) map[string]*Person {
	type door struct {
		group string
		host  *Person
	}
	through := map[door]int{}
	for _, p := range people {
		if p.Manager == nil {
			continue
		}
		head := p
		for head.Manager.Manager != nil && of(head.Manager) == of(p) {
			head = head.Manager
		}
		through[door{of(p), head.Manager}]++
	}
	host, reached := map[string]*Person{}, map[string]int{}
	for _, p := range people { // in their order, so that it is the same every time
		if n := through[door{of(p), p.Manager}]; n > reached[of(p)] {
			host[of(p)], reached[of(p)] = p.Manager, n
		}
	}
	return host
}

// slug makes a code of a name: letters and digits in lower case, dashes between them, not too many.
func slug(name string) string {
	const most = 36
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') })
	all := strings.Join(words, "-")
	return strings.Trim(all[:min(most, len(all))], "-")
}

// departments lists the departments, by name.
func departments(people []*Person) []string {
	var all []string
	for _, p := range people {
		if !slices.Contains(all, p.Department) {
			all = append(all, p.Department)
		}
	}
	slices.Sort(all)
	return all
}

// head is who leads a department: the highest of its people, and among equals who has the most below them.
func (s *Source) head(department string) *Person {
	below := map[*Person]int{}
	for _, p := range s.People {
		for m := p.Manager; m != nil; m = m.Manager {
			below[m]++
		}
	}
	var best *Person
	for _, p := range s.People { // the highest first
		if p.Department == department && (best == nil || p.depth() == best.depth() && below[p] > below[best]) {
			best = p
		}
	}
	return best
}

// manages reports whether anybody reports to p.
func (s *Source) manages(p *Person) bool {
	return slices.ContainsFunc(s.People, func(q *Person) bool { return q.Manager == p })
}
