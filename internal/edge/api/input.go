package api

import (
	"context"
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

// renamed calls fields of a fault what the API calls them: each name is followed by the one that is said for it.
func renamed(err error, names ...string) error {
	f := fault.Of(err)
	if f == nil {
		return err // it says nothing of fields
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		for j := 0; j < len(names); j += 2 {
			if c.Fields[i].Name == names[j] {
				c.Fields[i].Name = names[j+1]
				break
			}
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
func (p Paged) ask(ctx context.Context, values int) page.Ask {
	ask, err := page.Parse(p.Cursor, values, p.Limit)
	web.Unread(ctx, err)
	return ask
}

// sorted is ask for a list that can be sorted: its cursors are of one order each.
func (p Paged) sorted(ctx context.Context, by string) page.Ask {
	ask := p.ask(ctx, 0)
	ask.Sort = sortedBy(ctx, by)
	return ask
}

// sortedBy reads by what a list is sorted.
func sortedBy(ctx context.Context, by string) page.Sort {
	sort, err := page.ParseSort(by)
	web.Unread(ctx, err)
	return sort
}

// called reads the identifier that stands in the path, or all of the body, under this name.
func called[K any](ctx context.Context, name, text string, parse func(string) (K, error)) K {
	var wrong fault.Input
	key := read(&wrong, name, text, parse)
	web.Unread(ctx, wrong.Err())
	return key
}

// seen reads which version the caller has seen.
func seen(ctx context.Context, v web.Versioned) int64 {
	version, err := v.Version()
	web.Unread(ctx, err)
	return version
}

// versioned reads the identifier of what is to be changed, and the version of it that was seen.
func versioned[K any](ctx context.Context, name, text string, parse func(string) (K, error), v web.Versioned) (K, int64) {
	return called(ctx, name, text, parse), seen(ctx, v)
}

// once reads the caller's name for this one act.
func once(ctx context.Context, o web.Once) string {
	key, err := o.Key()
	web.Unread(ctx, err)
	return key
}
