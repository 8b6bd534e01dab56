package webhook

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"kontor/internal/base/fault"
)

// Guard keeps us from being sent where we can go and a stranger cannot: to this machine, its network, its cloud.
// The zero Guard lets through public addresses over https at the usual ports, and nothing else.
type Guard struct {
	// AllowPrivate opens private networks and this machine, any port, and plain http: for tests, and for a company's
	// own network. What stands for no machine at all, and where clouds keep their keys, stays closed.
	AllowPrivate bool
	// Lookup finds the addresses of a host; nil asks the system.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
}

var (
	// ErrAddress is the fault of an address that no webhook can have.
	ErrAddress = fault.Define(fault.Invalid, "webhook.address", "the address of a webhook looks like https://example.com/events")
	// ErrPrivate is the fault of an address that leads where strangers do not go.
	ErrPrivate = fault.Define(fault.Refused, "webhook.private", "this address does not lead to a public server")
)

// ports are where receivers listen.
var ports = []string{"", "443", "8443"}

// longest is how many characters an address may have.
const longest = 2000

// Parse reads the address of a webhook as a person typed it, and refuses what can be seen to be wrong with it.
// Where its name leads is seen only by Dial.
func (g Guard) Parse(raw string) (*url.URL, error) {
	if len(raw) > longest {
		return nil, ErrAddress.With("an address has at most %d characters", longest)
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\\' }) {
		return nil, ErrAddress.With("an address has no blanks, backslashes or control characters")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, ErrAddress
	}
	plain := g.AllowPrivate && u.Scheme == "http"
	switch {
	case u.Scheme != "https" && !plain:
		return nil, ErrAddress.With("the address of a webhook begins with https://")
	case u.User != nil:
		return nil, ErrAddress.With("an address holds no user name and no password")
	case u.Fragment != "":
		return nil, ErrAddress.With("an address ends before the #")
	case u.Hostname() == "" || u.Opaque != "":
		return nil, ErrAddress
	case !g.AllowPrivate && !slices.Contains(ports, u.Port()):
		return nil, ErrAddress.With("port %s is not open to webhooks: use 443 or 8443", u.Port())
	}
	if err := g.host(u.Hostname()); err != nil {
		return nil, err
	}
	return u, nil
}

// host judges a host by its looks.
func (g Guard) host(host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		return g.Check(a)
	}
	labels := strings.Split(strings.TrimSuffix(strings.ToLower(host), "."), ".")
	last := labels[len(labels)-1]
	switch {
	case last == "" || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x"):
		return ErrAddress.With("write the host as a name") // 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1
	case !g.AllowPrivate && (len(labels) == 1 || slices.Contains([]string{"localhost", "local", "internal", "arpa"}, last)):
		return ErrPrivate
	}
	return nil
}

// closed are the blocks where no receiver can be: nothing, everybody, examples, other networks in disguise, and where
// clouds keep their keys.
var closed = blocks("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fd00:ec2::/32")

// private are the blocks of this machine and of networks like ours.
var private = blocks("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15",
	"::1/128", "fc00::/7")

// public is all that was ever given out of the sixth version.
var public = netip.MustParsePrefix("2000::/3")

func blocks(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		all[i] = netip.MustParsePrefix(t)
	}
	return all
}

// Check is ErrPrivate for an address that we must not connect to.
func (g Guard) Check(a netip.Addr) error {
	within := func(p netip.Prefix) bool { return p.Contains(a) }
	switch {
	case !a.IsValid(), a.Zone() != "": // a zone is of this link
		return ErrPrivate
	case slices.ContainsFunc(closed, within):
		return ErrPrivate
	case slices.ContainsFunc(private, within):
		if !g.AllowPrivate {
			return ErrPrivate
		}
	case a.Is6() && !public.Contains(a): // the fourth version in the disguise of the sixth, too
		return ErrPrivate
	}
	return nil
}

// Dial connects to a host all of whose addresses are fit to connect to: one that is not condemns the others, for
// somebody put it there. What was judged is what is dialled; the name is not looked up again in between.
func (g Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, ErrAddress.Because(err)
	}
	found, err := g.lookup(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("webhook: find the host: %w", err)
	}
	for _, a := range found {
		if err := g.Check(a); err != nil {
			return nil, err
		}
	}
	dialer := net.Dialer{Timeout: 5 * time.Second, Control: g.control}
	err = fmt.Errorf("webhook: the host has no address")
	for _, a := range found {
		var conn net.Conn
		if conn, err = dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (g Guard) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	find := g.Lookup
	if find == nil {
		find = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	found, err := find(ctx, host)
	for i := range found {
		found[i] = found[i].Unmap() // the system's way to write the fourth version
	}
	return found, err
}

// control is the last look, at the socket's own address.
func (g Guard) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrPrivate.Because(err)
	}
	return g.Check(at.Addr())
}
