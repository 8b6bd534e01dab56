// Package network says where a request comes from without saying from whom: for logs, which hold no personal data.
package network

import "net/netip"

// Of is the network of an address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one; empty for what is none.
func Of(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// OfText is Of an address in words.
func OfText(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	return Of(a)
}
