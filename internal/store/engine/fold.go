package engine

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// fold(text) is text for which case makes no difference, in every script: what SQL calls lower knows but ASCII on SQLite, and on
// PostgreSQL for text that is ordered by its bytes. PostgreSQL is given its own by a migration.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("fold", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		switch v := args[0].(type) {
		case nil:
			return nil, nil
		case string:
			return strings.ToLower(v), nil
		default:
			return nil, fmt.Errorf("fold: %T is no text", v)
		}
	})
}
