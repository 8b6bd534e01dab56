package access

import "errors"

// ErrTried is what a change comes to that was only tried, and would have been made. Nobody outside is told it.
var ErrTried = errors.New("access: this was only tried")

// Trying returns a, who makes no change: what they ask for is looked at by every rule, and taken back (ADR 0027).
func (a Actor) Trying() Actor {
	a.trying, a.once = true, nil
	return a
}

// Tries reports whether the actor only tries.
func (a Actor) Tries() bool { return a.trying }
