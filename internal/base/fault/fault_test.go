package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"kontor/internal/base/fault"
)

var (
	errExhausted = fault.Define(fault.Refused, "test.exhausted", "there is not enough left")
	errBlocked   = fault.Define(fault.Refused, "test.blocked", "the company is blocked")
	errOrder     = fault.Define(fault.Conflict, "test.order", "this cannot be ordered")
)

func TestFaultsAreKnownByTheirCode(t *testing.T) {
	told := errExhausted.With("%d asked, %d left", 5, 3)
	listed := errOrder.Listing(told, errBlocked.Noting("company", "cmp_1"))
	tests := []struct {
		says   string
		err    error
		target error
		want   bool
	}{
		{"itself", errExhausted, errExhausted, true},
		{"with the figures of a case", told, errExhausted, true},
		{"with a cause", errExhausted.Because(io.EOF), errExhausted, true},
		{"with a cause, that cause", errExhausted.Because(io.EOF), io.EOF, true},
		{"wrapped for the log", fmt.Errorf("post: %w", told), errExhausted, true},
		{"among the reasons", listed, errBlocked, true},
		{"among the reasons with figures", listed, errExhausted, true},
		{"what lists them", listed, errOrder, true},
		{"a reason is not what lists it", errBlocked, errOrder, false},
		{"another code", errExhausted, errBlocked, false},
		{"no fault", errExhausted, io.EOF, false},
		{"from no fault", io.EOF, errExhausted, false},
	}
	for _, test := range tests {
		if got := errors.Is(test.err, test.target); got != test.want {
			t.Errorf("%s: %v", test.says, got)
		}
	}
}

func TestFaultsSpeak(t *testing.T) {
	tests := []struct {
		says string
		err  error
		want string
	}{
		{"as defined", errExhausted, "test.exhausted: there is not enough left"},
		{"with figures", errExhausted.With("%d asked, %d left", 5, 3), "test.exhausted: 5 asked, 3 left"},
		{"a percent sign without figures stays", errExhausted.With("100% used"), "test.exhausted: 100% used"},
		{"with every reason", errOrder.Listing(errExhausted, errBlocked),
			"test.order: this cannot be ordered; test.exhausted: there is not enough left; test.blocked: the company is blocked"},
		{"with its cause, for the log", errOrder.Because(io.EOF), "test.order: this cannot be ordered: EOF"},
	}
	for _, test := range tests {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%s: %s", test.says, got)
		}
	}
}

func TestCopiesLeaveTheDefinedFaultAlone(t *testing.T) {
	noted := errBlocked.Noting("a", "1")
	again := noted.Noting("b", "2")
	changed := errBlocked.With("%d", 1).Because(io.EOF).Listing(errOrder)
	if errBlocked.Detail != nil || errBlocked.Args != nil || errBlocked.Reasons != nil || errBlocked.Text() != "the company is blocked" || errors.Is(errBlocked, io.EOF) {
		t.Errorf("the defined fault is now %+v", errBlocked)
	}
	if len(noted.Detail) != 1 || len(again.Detail) != 2 || again.Detail["a"] != "1" {
		t.Errorf("%v and %v", noted.Detail, again.Detail)
	}
	if changed.Kind != fault.Refused || changed.Code != "test.blocked" {
		t.Errorf("a copy is %v %s", changed.Kind, changed.Code)
	}
}

func TestKinds(t *testing.T) {
	names := map[fault.Kind]string{
		fault.Internal: "internal", fault.Invalid: "invalid", fault.Unauthenticated: "unauthenticated",
		fault.Forbidden: "forbidden", fault.NotFound: "not_found", fault.Conflict: "conflict", fault.Stale: "stale", fault.Unversioned: "unversioned",
		fault.TooLarge: "too_large", fault.WrongType: "wrong_type", fault.Refused: "refused",
		fault.TooMany: "too_many", fault.Unavailable: "unavailable", 99: "internal",
	}
	for kind, want := range names {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %s, want %s", kind, got, want)
		}
	}
	for err, want := range map[error]fault.Kind{
		errOrder:                         fault.Conflict,
		fmt.Errorf("find: %w", errOrder): fault.Conflict,
		io.EOF:                           fault.Internal,
	} {
		if got := fault.KindOf(err); got != want {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
	if fault.KindOf(nil) != fault.Internal {
		t.Error("no error has no kind of its own")
	}
}

func TestInputGathersWhatIsWrong(t *testing.T) {
	var in fault.Input
	if in.Err() != nil || in.Take("name", nil) {
		t.Error("nothing is wrong yet")
	}
	var inner fault.Input
	inner.Add("quantity", "range", "at most %d", 5)
	in.Add("name", "required", "a name is needed")
	if !in.Take("lines.3", inner.Err()) || !in.Take("budget", fmt.Errorf("read: %w", errExhausted.With("%d left", 3))) || !in.Take("file", io.EOF) {
		t.Error("not taken")
	}
	err := in.Err()
	want := "input.invalid: some of what you entered needs another look; name: a name is needed; " +
		"lines.3.quantity: at most 5; budget: 3 left; file: this value cannot be read"
	if err == nil || err.Error() != want || fault.KindOf(err) != fault.Invalid || !errors.Is(err, fault.ErrInput) {
		t.Errorf("%v", err)
	}
	var f *fault.Fault
	if !errors.As(err, &f) || len(f.Fields) != 4 || f.Fields[1].Code != "range" || f.Fields[2].Code != "test.exhausted" || f.Fields[3].Code != "invalid" {
		t.Errorf("%+v", f)
	}
	if fault.ErrInput.Fields != nil {
		t.Error("the defined fault has fields now")
	}
	var original *fault.Fault
	if errors.As(inner.Err(), &original); original.Fields[0].Name != "quantity" {
		t.Error("taking changed what was taken")
	}
}
