package network_test

import (
	"testing"

	"kontor/internal/base/network"
)

func TestAnAddressIsToldByItsNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"85.193.174.137":        "85.193.174.0/24",
		"::ffff:85.193.174.137": "85.193.174.0/24",
		"2001:db8:1:2::3":       "2001:db8:1::/48",
		"fe80::1%eth0":          "fe80::/48",
		"":                      "",
		"nowhere":               "",
	} {
		if got := network.OfText(address); got != want {
			t.Errorf("%q is of %q, want %q", address, got, want)
		}
	}
}
