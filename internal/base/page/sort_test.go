package page_test

import (
	"errors"
	"testing"

	"kontor/internal/base/page"
)

func TestASortIsReadAndWritten(t *testing.T) {
	for _, test := range []struct {
		says, text string
		want       page.Sort
		err        error
	}{
		{"the usual order", "", page.Sort{}, nil},
		{"by a column", "total", page.Sort{By: "total"}, nil},
		{"the other way round", "-total", page.Sort{By: "total", Down: true}, nil},
		{"the other way round, of nothing", "-", page.Sort{}, page.ErrSort},
	} {
		got, err := page.ParseSort(test.text)
		if got != test.want || !errors.Is(err, test.err) || err == nil && got.String() != test.text {
			t.Errorf("%s: %+v, %v", test.says, got, err)
		}
	}
}
