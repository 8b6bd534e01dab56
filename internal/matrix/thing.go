package matrix

// Thing is what a route can be about.
type Thing struct {
	Relation string // to Pat: own, subordinate's, colleague's …
	ID       string
	Company  string // acme, globex, "all" for what is everybody's, "" for what is not there
	Owner    string
	OwnerAt  string            // where the owner stands
	At       string            // where it lies; "" is the whole company
	SeenAt   string            // where it is seen, if not there
	With     map[string]string // what goes with it, by name: the cart of a line
}

func (x *Thing) String() string {
	if x.Relation == "" {
		return "nothing in particular"
	}
	return x.Relation
}

// meets reports whether a budget applies to somebody: it is theirs, their units', or the company's.
func (x *Thing) meets(p *Person) bool {
	if x.Owner != "" {
		return x.Owner == p.Member
	}
	return covers(x.At, p.At)
}
