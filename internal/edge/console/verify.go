// Package console holds what an operator does at the terminal: verify, doctor, backup, restore, and the like. Each
// writes what it found for a person, or as JSON for a program.
package console

import (
	"encoding/json"
	"fmt"
	"io"
)

// Check is one thing that verify looked at.
type Check struct {
	Name    string   `json:"name"`
	Checked int64    `json:"checked"` // how many things of this kind
	Wrong   []string `json:"wrong"`   // each in a sentence; empty when all is well
}

// Report is what verify found.
type Report struct {
	Checks []Check `json:"checks"`
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool {
	for _, c := range r.Checks {
		if len(c.Wrong) > 0 {
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
		if len(c.Wrong) > 0 {
			state = fmt.Sprintf("%d wrong", len(c.Wrong))
		}
		if _, err := fmt.Fprintf(w, "%-44s %9d checked   %s\n", c.Name, c.Checked, state); err != nil {
			return err
		}
		for _, wrong := range c.Wrong {
			if _, err := fmt.Fprintf(w, "  %s\n", wrong); err != nil {
				return err
			}
		}
	}
	return nil
}
