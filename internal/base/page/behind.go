package page

import (
	"strconv"
	"time"
)

// Behind reads the cursor of a list that is sorted by a text and then by a key, as the tables know them; nil for the
// first page. It is ErrCursor for another cursor.
func Behind[K any](a Ask, parse func(string) (K, error)) ([]any, error) {
	switch len(a.After) {
	case 0:
		return nil, nil
	case 2:
	default:
		return nil, unread(nil)
	}
	key, err := parse(a.After[1])
	if err != nil {
		return nil, unread(err)
	}
	return []any{a.After[0], key}, nil
}

// BehindKey reads the cursor of a list that is sorted by a key alone; the zero key for the first page.
func BehindKey[K any](a Ask, parse func(string) (K, error)) (key K, err error) {
	switch len(a.After) {
	case 0:
		return key, nil
	case 1:
	default:
		return key, unread(nil)
	}
	if key, err = parse(a.After[0]); err != nil {
		return key, unread(err)
	}
	return key, nil
}

// Moment is how a cursor has a moment.
func Moment(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// Number is how a cursor has a number.
func Number(n int64) string { return strconv.FormatInt(n, 10) }

// ParseNumber reads a number of a cursor.
func ParseNumber(text string) (int64, error) { return strconv.ParseInt(text, 10, 64) }
