// Package migrations holds the schema: one text for both engines, one change a file, forward only.
package migrations

import "embed"

// Files are the migrations, in the order of their names.
//
//go:embed *.sql
var Files embed.FS
