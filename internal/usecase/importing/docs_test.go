package importing_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"kontor/internal/base/locale"
	"kontor/internal/usecase/importing"
)

var golden = flag.Bool("golden", false, "rewrite what is made from the code")

// The columns of each kind, as people read of them.
func TestDocumentationOfImports(t *testing.T) {
	const name = "../../../docs/imports.md"
	var b strings.Builder
	b.WriteString(`# Imports

Made from the code. A file is XLSX with a sheet for each kind, or CSV with one kind: UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs, at most 20 MB and 300 000 rows
with 3 000 000 cells. A workbook has at most 20 sheets, 1 500 000 different texts and 128 MB unpacked: what a file becomes is counted before it is read, so a small one cannot take all memory. A company has at most 1 000 roles, those of the file counted. The
first row has the headings, in English or German or as the field is called here; what is not recognised can be chosen. What the file does not name stays as it is, a column that it has
not, too; an empty cell of a column that it has takes the value away. Bringing the same file again changes nothing.
A text that begins with = + - or @ is given out behind an apostrophe, which is taken away again when it comes back; of others that begin with = it is told that formulas
are not read. A company's book has at most 500 addresses: a row with one more is wrong. How it works is in [ADR 0015](adr/0015-imports.md).

## What it takes

A file of 10,000 people in 555 units with 20 roles and 185,000 assignments (3.3 MB), once on each database, on a quiet machine of two cores,
by ` + "`go test -run xxx -bench Import -benchtime 1x ./internal/usecase/importing`" + `. A file with budgets, cost centres and addresses as well was not measured.

| | SQLite | PostgreSQL |
| --- | --- | --- |
| bring (read and keep) | 2.8 s | 3.1 s |
| look | 0.9 s | 1.2 s |
| apply (both looks and all writes) | 10.8 s | 11.8 s |
| give out as XLSX | 3.4 s | 2.7 s |
| undo | 7.5 s | 4.9 s |

The organisation of the demo world (290 people in 23 units, 327 assignments, 13 roles, 16 cost centres, 16 budgets, 3 addresses) is given out, brought
in and looked at, and applied in 30, 42 and 45 ms on SQLite and 32, 43 and 163 ms on PostgreSQL, beside other work.

To bring, to look and to give out happen while somebody waits for the answer; to apply and to undo is a job's. On SQLite nobody else writes meanwhile.
`)
	for _, s := range importing.Kinds() {
		fmt.Fprintf(&b, "\n## %s (`%s`; %s)\n\n| field | heading | in German | what stands there |\n| --- | --- | --- | --- |\n", s.Label, s.Kind, s.Label.In(locale.German))
		for _, c := range s.Columns {
			note := ""
			switch {
			case c.Key:
				note = " **Known by.**"
			case c.Needed:
				note = " Needed for what is new."
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s%s |\n", c.Field, c.Label, c.Label.In(locale.German), c.Hint, note)
		}
	}
	if *golden {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(name)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/imports.md is not what the code says (%v): run this test with -golden", err)
	}
}
