package api

import (
	"slices"
	"strconv"

	"kontor/internal/base/fault"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
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

// renamed calls a field of a fault what the API calls it.
func renamed(err error, from, to string) error {
	f := fault.Of(err)
	if f == nil {
		return err // it says nothing of fields
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		if c.Fields[i].Name == from {
			c.Fields[i].Name = to
		}
	}
	return &c
}

// permitted reads the codes of permissions; one that there is not is noted where it stands: "permissions.3".
func permitted(realm access.Realm, codes []string) (access.Set, error) {
	set, err := access.ParseSet(realm, codes)
	for i, code := range codes {
		err = renamed(err, code, "permissions."+strconv.Itoa(i))
	}
	return set, err
}

// ask reads which page of a list is wanted, by a cursor of so many values.
func (p Paged) ask(in *fault.Input, values int) page.Ask {
	ask, err := page.Parse(p.Cursor, values, p.Limit)
	in.Take("query.cursor", err)
	return ask
}

// versioned reads the identifier of what is to be changed, and the version of it that was seen.
func versioned[K any](text string, parse func(string) (K, error), seen web.Versioned) (key K, version int64, err error) {
	if key, err = parse(text); err == nil {
		version, err = seen.Version()
	}
	return key, version, err
}
