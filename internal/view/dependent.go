package view

// Dependent says in how many rows of a table something is named.
type Dependent struct {
	Table string
	Key   string // of what is named, as the tables have it
	Rows  int64
}

// Mention is a text that may name things by their identifiers.
type Mention struct {
	Table string
	Text  string
}

// Law is an approval rule or a budget, and the text in which it may name a role.
type Law struct{ Name, Text string }
