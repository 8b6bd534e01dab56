package apidoc

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed problem.html
var problem string

var drawnProblem = template.Must(template.New("problem").Parse(problem))

// Problem is a page about one kind of problem, in the words of its reader.
type Problem struct {
	Links
	Language, Title, Skip string
	All                   string   // the heading of all codes
	Codes                 []string // of all problems
	Code                  string   // of this one
	Status                int
	Kind                  string // what kind of problem it is
	Says, Text, Exact     string // a heading, what the problem says, and that it may say more
	Do, Todo              string // a heading, and what there is to do
}

// Draw writes the page.
func (p Problem) Draw(w io.Writer) error { return drawnProblem.Execute(w, p) }
