// Package payment lists the ways of paying that there are, and which of them somebody has.
package payment

import (
	"slices"

	"kontor/internal/base/fault"
)

// Method is a way of paying, by its code.
type Method string

// The ways of paying.
const (
	OnAccount Method = "on_account" // against an invoice, after delivery
	Advance   Method = "advance"    // by bank transfer, before delivery
)

// Methods are all ways of paying, in the order in which they are offered.
func Methods() []Method { return []Method{OnAccount, Advance} }

// Choose is a selection as it is kept: each way once, in the order of Methods. It names the field in which something stands
// that is no way of paying.
func Choose(in *fault.Input, field string, said []Method) []Method {
	var all []Method
	for _, m := range Methods() {
		if slices.Contains(said, m) {
			all = append(all, m)
		}
	}
	for _, m := range said {
		if !slices.Contains(all, m) {
			in.Add(field, "unknown", "there is no way of paying called %s", string(m))
		}
	}
	return all
}

// Allowed are the ways of paying of somebody with this selection, who belongs to a group with that one. Who has selected
// nothing has what the group has, and a group that has selected nothing has all.
func Allowed(own, group []Method) []Method {
	switch {
	case len(own) > 0:
		return own
	case len(group) > 0:
		return group
	}
	return Methods()
}
