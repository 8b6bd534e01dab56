package api

import (
	"strconv"

	"kontor/internal/base/fault"
)

// read parses a value of the input; what cannot be read is noted against its field.
func read[T any](in *fault.Input, name, text string, parse func(string) (T, error)) T {
	v, err := parse(text)
	in.Take(name, err)
	return v
}

// maybe is read for a value that may be absent.
func maybe[T any](in *fault.Input, name, text string, parse func(string) (T, error)) (v T) {
	if text == "" {
		return v
	}
	return read(in, name, text, parse)
}

// at is the name of a field in a list: "lines.3.quantity".
func at(list string, i int, field string) string { return list + "." + strconv.Itoa(i) + "." + field }
