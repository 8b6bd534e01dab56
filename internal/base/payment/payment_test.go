package payment_test

import (
	"slices"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/payment"
)

func TestWaysOfPayingAreChosen(t *testing.T) {
	const account, advance = payment.OnAccount, payment.Advance
	for _, c := range []struct {
		sentence string
		said     []payment.Method
		want     []payment.Method
		wrong    bool
	}{
		{"none", nil, nil, false},
		{"in the order in which they are offered", []payment.Method{advance, account}, []payment.Method{account, advance}, false},
		{"each once", []payment.Method{advance, advance}, []payment.Method{advance}, false},
		{"no such way", []payment.Method{"barter", advance}, []payment.Method{advance}, true},
	} {
		var in fault.Input
		if got := payment.Choose(&in, "payment_methods", c.said); !slices.Equal(got, c.want) || (in.Err() != nil) != c.wrong {
			t.Errorf("%s: %v, %v", c.sentence, got, in.Err())
		}
	}
}

func TestWhoHasWhichWaysOfPaying(t *testing.T) {
	one, other := []payment.Method{payment.Advance}, []payment.Method{payment.OnAccount}
	for _, c := range []struct {
		sentence         string
		own, group, want []payment.Method
	}{
		{"nobody has said anything", nil, nil, payment.Methods()},
		{"the group has", nil, one, one},
		{"the company has", other, nil, other},
		{"the company's own selection comes first", other, one, other},
	} {
		if got := payment.Allowed(c.own, c.group); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}
