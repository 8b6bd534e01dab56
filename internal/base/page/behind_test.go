package page_test

import (
	"errors"
	"slices"
	"testing"

	"kontor/internal/base/page"
)

func TestACursorIsReadAsTheTablesKnowIt(t *testing.T) {
	byText := func(a page.Ask) ([]any, error) { return page.Behind(a, page.ParseNumber) }
	byKey := func(a page.Ask) ([]any, error) {
		key, err := page.BehindKey(a, page.ParseNumber)
		return []any{key}, err
	}
	tests := []struct {
		says  string
		read  func(page.Ask) ([]any, error)
		after []string
		want  []any
		err   error
	}{
		{"the first page by a text and a key", byText, nil, nil, nil},
		{"a text and a key", byText, []string{"Ann", page.Number(7)}, []any{"Ann", int64(7)}, nil},
		{"a text alone", byText, []string{"Ann"}, nil, page.ErrCursor},
		{"one value too many", byText, []string{"Ann", "7", "7"}, nil, page.ErrCursor},
		{"a text and what is no key", byText, []string{"Ann", "x"}, nil, page.ErrCursor},
		{"the first page by a key", byKey, nil, []any{int64(0)}, nil},
		{"a key", byKey, []string{"7"}, []any{int64(7)}, nil},
		{"what is no key", byKey, []string{"x"}, []any{int64(0)}, page.ErrCursor},
		{"two keys", byKey, []string{"7", "8"}, []any{int64(0)}, page.ErrCursor},
	}
	for _, test := range tests {
		got, err := test.read(page.Ask{After: test.after})
		if !slices.Equal(got, test.want) || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %v, %v; want %v, %v", test.says, got, err, test.want, test.err)
		}
	}
}
