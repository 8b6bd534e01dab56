package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress is the address behind the proxies that we trust: from our own peer outwards through
// X-Forwarded-For, the first one that is none of theirs. Whatever stands further out can be forged.
func (e *Edge) clientAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // a listener that is no network: all its callers are one
	}
	from := peer.Addr().Unmap().WithZone("")
	if !e.trusts(from) {
		return from
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return from
		}
		if from = hop.Unmap().WithZone(""); !e.trusts(from) {
			return from
		}
	}
	return from
}

func (e *Edge) trusts(a netip.Addr) bool {
	for _, p := range e.Trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// network is what counts as one caller: an IPv4 address, or the 64 bits that one customer of IPv6 gets.
func network(a netip.Addr) netip.Addr {
	if a.Is6() {
		p, err := a.Prefix(64)
		if err == nil {
			return p.Addr()
		}
	}
	return a
}
