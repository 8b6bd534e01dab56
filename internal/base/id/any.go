package id

import (
	"strings"

	"github.com/google/uuid"
)

// Outside is the outside form of an identifier of which only the prefix of its kind is known, and the UUID that stands
// in the tables: for what looks at all tables alike. What is no UUID stays as it is.
func Outside(prefix, inTables string) string {
	u, err := uuid.Parse(inTables)
	if err != nil || prefix == "" {
		return inTables
	}
	return prefix + "_" + encode(u)
}

// Inside takes an identifier of whichever kind apart: the prefix of its kind, and the UUID as the tables know it.
func Inside(s string) (prefix, inTables string, ok bool) {
	prefix, digits, found := strings.Cut(s, "_")
	u, fine := decode(digits)
	if !found || len(prefix) != 3 || !fine {
		return "", "", false
	}
	return prefix, u.String(), true
}
