package view

import (
	"time"

	"kontor/internal/base/id"
)

// AuditFilter cuts the audit. Its zero value takes all.
type AuditFilter struct {
	From   time.Time // that moment or later; the zero time: since ever
	Until  time.Time // before that moment; the zero time: for ever
	Member id.Member // who did it
	Event  string    // its name, or with a dot at its end all that begin so: "role."
	About  string    // what it is about
}
