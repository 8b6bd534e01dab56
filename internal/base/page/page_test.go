package page_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/base/page"
)

func TestAPageIsAskedFor(t *testing.T) {
	two := page.Cursor("Ann", "mem_1")
	raw := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	tests := []struct {
		says   string
		cursor string
		limit  int
		after  []string
		size   int
		err    error
	}{
		{"nothing said", "", 0, nil, page.Usual, nil},
		{"a size", "", 7, nil, 7, nil},
		{"the largest size", "", page.Most, nil, page.Most, nil},
		{"more than the largest size", "", page.Most + 1, nil, 0, page.ErrLimit},
		{"a thousand million", "", 1_000_000_000, nil, 0, page.ErrLimit},
		{"less than nothing", "", -1, nil, 0, page.ErrLimit},
		{"behind a row", two, 0, []string{"Ann", "mem_1"}, page.Usual, nil},
		{"too few values", page.Cursor("Ann"), 0, nil, 0, page.ErrCursor},
		{"too many values", page.Cursor("Ann", "mem_1", "x"), 0, nil, 0, page.ErrCursor},
		{"no base 64", "!!!", 0, nil, 0, page.ErrCursor},
		{"padded", two + "=", 0, nil, 0, page.ErrCursor},
		{"broken over lines", two[:4] + "\n" + two[4:], 0, nil, 0, page.ErrCursor},
		{"cut short", two[:len(two)-3], 0, nil, 0, page.ErrCursor},
		{"no JSON", raw("Ann"), 0, nil, 0, page.ErrCursor},
		{"an object", raw(`{"a":1}`), 0, nil, 0, page.ErrCursor},
		{"numbers", raw(`[1,2]`), 0, nil, 0, page.ErrCursor},
		{"nothing where a text belongs", raw(`["Ann",null]`), 0, nil, 0, page.ErrCursor},
		{"blanks that we do not write", raw(`["Ann", "mem_1"]`), 0, nil, 0, page.ErrCursor},
		{"more behind it", raw(`["Ann","mem_1"]x`), 0, nil, 0, page.ErrCursor},
		{"a nought byte, which no table takes", page.Cursor("Ann", "\x00"), 0, nil, 0, page.ErrCursor},
	}
	for _, test := range tests {
		ask, err := page.Parse(test.cursor, 2, test.limit)
		if !errors.Is(err, test.err) || test.err == nil && (err != nil || ask.Size() != test.size) || !slices.Equal(ask.After, test.after) {
			t.Errorf("%s: %+v, %v", test.says, ask, err)
		}
	}
}

func TestASizeIsAlwaysWithinBounds(t *testing.T) {
	for limit, want := range map[int]int{-5: page.Usual, 0: page.Usual, 1: 1, 200: 200, 201: 200, 1 << 40: 200} {
		if got := (page.Ask{Limit: limit}).Size(); got != want {
			t.Errorf("a limit of %d gives %d rows, want %d", limit, got, want)
		}
	}
}

func TestCursorsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.StringMatching(`[^\x00]*`)).Draw(t, "values")
		for i, v := range values {
			values[i] = strings.ToValidUTF8(v, "")
		}
		cursor := page.Cursor(values...)
		if len(values) == 0 {
			return // a list is sorted by something
		}
		ask, err := page.Parse(cursor, len(values), 0)
		if err != nil || !slices.Equal(ask.After, values) {
			t.Fatalf("%q come back as %q, %v", values, ask.After, err)
		}
	})
}

// Walking from page to page meets every row once, in order, and ends.
func TestWalkingMeetsEveryRowOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]int, rapid.IntRange(0, 30).Draw(t, "rows"))
		for i := range rows {
			rows[i] = i + 1
		}
		limit := rapid.IntRange(1, 7).Draw(t, "limit")
		var met []int
		cursor := ""
		for range len(rows) + 1 {
			ask, err := page.Parse(cursor, 1, limit)
			if err != nil {
				t.Fatal(err)
			}
			from := 0
			if ask.After != nil {
				if from, err = strconv.Atoi(ask.After[0]); err != nil {
					t.Fatal(err)
				}
			}
			found := rows[from:min(len(rows), from+ask.Size()+1)]
			list := page.Cut(found, ask, func(n int) []string { return []string{strconv.Itoa(n)} })
			if len(list.Rows) > ask.Size() {
				t.Fatalf("%d rows on a page of %d", len(list.Rows), ask.Size())
			}
			met = append(met, list.Rows...)
			if cursor = list.Next; cursor == "" {
				break
			}
			if len(met) == len(rows) {
				t.Fatal("there is said to be more, and there is not")
			}
		}
		if cursor != "" || !slices.Equal(met, rows) {
			t.Fatalf("met %v, then %q", met, cursor)
		}
	})
}
