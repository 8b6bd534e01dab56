package engine

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// layout keeps an instant as text of one width that sorts as it reads: how SQLite has it.
const layout = "2006-01-02T15:04:05.000000Z"

// liteArgs and pgArgs turn what a statement is given into what the driver takes: typed ids into UUIDs,
// instants into UTC (null for the zero time), JSON into text.
func liteArgs(args []any) ([]any, error) {
	return convert(args, func(t time.Time) any { return t.UTC().Truncate(time.Microsecond).Format(layout) })
}

func pgArgs(args []any) ([]any, error) {
	return convert(args, func(t time.Time) any { return t.UTC().Truncate(time.Microsecond) })
}

func convert(args []any, instant func(time.Time) any) ([]any, error) {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case time.Time:
			if !a.IsZero() {
				out[i] = instant(a)
			}
		case driver.Valuer:
			v, err := a.Value()
			if err != nil {
				return nil, err
			}
			out[i] = v
		case string, int64, bool, nil, []byte:
			out[i] = a
		default:
			v := reflect.ValueOf(a)
			switch v.Kind() {
			case reflect.String:
				out[i] = v.String()
			case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
				out[i] = v.Int()
			case reflect.Uint8, reflect.Uint16, reflect.Uint32:
				out[i] = int64(v.Uint())
			case reflect.Bool:
				out[i] = v.Bool()
			default:
				return nil, fmt.Errorf("engine: a %T cannot be kept", a)
			}
		}
	}
	return out, nil
}

// wrap reads instants as both drivers give them.
func wrap(dest []any) []any {
	for i, d := range dest {
		switch d := d.(type) {
		case *time.Time:
			dest[i] = instant{d}
		case *string:
			dest[i] = text[string]{d}
		}
	}
	return dest
}

// instant reads a time; null is the zero time.
type instant struct{ *time.Time }

func (i instant) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		*i.Time = time.Time{}
	case time.Time:
		*i.Time = v.UTC()
	case string:
		*i.Time, err = time.Parse(layout, v)
	default:
		err = fmt.Errorf("engine: cannot read an instant from a %T", v)
	}
	return err
}

// text reads a text; null is the empty text.
type text[S ~string] struct{ into *S }

func (t text[S]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t.into = ""
	case string:
		*t.into = S(v)
	case []byte:
		*t.into = S(v)
	default:
		return fmt.Errorf("engine: cannot read a text from a %T", v)
	}
	return nil
}

// Text reads a column of a named text type; null is the empty text.
func Text[S ~string](into *S) any { return text[S]{into} }

// JSON keeps a value as JSON, and reads it back when handed a pointer.
func JSON(v any) any { return jsonValue{v} }

type jsonValue struct{ v any }

// Value is the JSON text.
func (j jsonValue) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

// Scan reads JSON text; null leaves the value as it is.
func (j jsonValue) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), j.v)
	case []byte:
		return json.Unmarshal(v, j.v)
	}
	return fmt.Errorf("engine: cannot read JSON from a %T", v)
}

// Marks is "(?, ?, ?)" and the arguments for a list of values. The list is padded with its last value to the
// next power of two, so that lists of many lengths share few texts; the empty list matches nothing.
func Marks[T any](values []T) (string, []any) {
	if len(values) == 0 {
		return "(null)", nil
	}
	n := 1
	for n < len(values) {
		n *= 2
	}
	args := make([]any, n)
	for i := range n {
		args[i] = values[min(i, len(values)-1)]
	}
	return "(?" + strings.Repeat(", ?", n-1) + ")", args
}

// Tuples is a tuple of marks, like "(?, ?)", n times: for the rows of one insert. n is at least 1.
func Tuples(tuple string, n int) string { return tuple + strings.Repeat(", "+tuple, n-1) }

func state(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// Duplicate names the unique key that err broke, as PostgreSQL names keys by itself: table_column_column_key,
// or table_pkey. An index over an expression keeps its own name. It is "" for any other error.
func Duplicate(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if pg.Code != "23505" {
			return ""
		}
		return pg.ConstraintName
	}
	_, cols, ok := strings.Cut(fmt.Sprint(err), "UNIQUE constraint failed: ")
	if !ok {
		return ""
	}
	cols, _, _ = strings.Cut(cols, " (")
	cols, _, _ = strings.Cut(cols, " in \"")
	if name, ok := strings.CutPrefix(cols, "index '"); ok {
		return strings.TrimSuffix(name, "'")
	}
	var table string
	var names []string
	for _, c := range strings.Split(cols, ", ") {
		t, col, _ := strings.Cut(strings.TrimSpace(c), ".")
		table, names = t, append(names, col)
	}
	return table + "_" + strings.Join(names, "_") + "_key"
}

// UUIDText reads an identifier of whichever kind as the tables have it; null is the empty text.
func UUIDText(into *string) any { return uuidText{into} }

type uuidText struct{ into *string }

// Scan reads a UUID as either driver gives it.
func (u uuidText) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*u.into = ""
	case string:
		*u.into = v
	case [16]byte:
		*u.into = fmt.Sprintf("%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:])
	default:
		return fmt.Errorf("engine: cannot read an identifier from a %T", v)
	}
	return nil
}
