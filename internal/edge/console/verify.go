// Package console holds what an operator does at the terminal: verify, doctor, backup, restore, and the like. Each
// writes what it found for a person, or as JSON for a program.
package console

import (
	"encoding/json"
	"fmt"
	"io"

	"kontor/internal/base/id"
)

// Check is one thing that verify looked at.
type Check struct {
	Name    string   `json:"name"`
	Checked int64    `json:"checked"` // how many things of this kind
	Later   int64    `json:"later"`   // how many are left to be looked at later, which is not wrong
	Found   int64    `json:"found"`   // how many of them are wrong
	Wrong   []string `json:"wrong"`   // the first of these in a sentence each; empty when all is well
}

func check(name string) *Check { return &Check{Name: name, Wrong: []string{}} }

// wrongMost is how many sentences of one check are kept.
const wrongMost = 100

// note notes what is wrong with so many things.
func (c *Check) note(n int64, sentence string) {
	if c.Found += n; len(c.Wrong) < wrongMost {
		c.Wrong = append(c.Wrong, sentence)
	}
}

// failed notes that something could not be looked at; the zero company is all of them.
func (c *Check) failed(key id.Company, err error) {
	switch {
	case err == nil:
	case key.IsZero():
		c.note(1, "this cannot be looked at: "+err.Error())
	default:
		c.note(1, key.String()+" cannot be looked at: "+err.Error())
	}
}

// Report is what verify found.
type Report struct {
	Checks []*Check `json:"checks"`
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool {
	for _, c := range r.Checks {
		if c.Found > 0 {
			return false
		}
	}
	return true
}

// Print writes the report.
func (r Report) Print(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			OK bool `json:"ok"`
			Report
		}{r.OK(), r})
	}
	for _, c := range r.Checks {
		state := "ok"
		if c.Found > 0 {
			state = fmt.Sprintf("%d wrong", c.Found)
		}
		if c.Later > 0 {
			state += fmt.Sprintf(", %d more wait for the background work", c.Later)
		}
		if _, err := fmt.Fprintf(w, "%-48s %9d checked   %s\n", c.Name, c.Checked, state); err != nil {
			return err
		}
		for _, wrong := range c.Wrong {
			if _, err := fmt.Fprintf(w, "  %s\n", wrong); err != nil {
				return err
			}
		}
		if len(c.Wrong) == wrongMost {
			if _, err := fmt.Fprintf(w, "  … %d are told of, %d are wrong\n", wrongMost, c.Found); err != nil {
				return err
			}
		}
	}
	return nil
}
