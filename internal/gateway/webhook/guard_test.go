package webhook_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/gateway/webhook"
)

func TestWhereAWebhookMayLead(t *testing.T) {
	bad, hidden := webhook.ErrAddress, webhook.ErrPrivate
	for _, tt := range []struct {
		name, url  string
		stranger   *fault.Fault // what a company may name; nil is fine
		ownNetwork *fault.Fault // what it may name where private networks are open
	}{
		{"a public server", "https://example.com/hook?k=1", nil, nil},
		{"at the other port", "https://example.com:8443/hook", nil, nil},
		{"by a public number", "https://93.184.215.14/", nil, nil},
		{"by a public number of the sixth version", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", nil, nil},
		{"a name with letters of its own", "https://größe.example/", nil, nil},
		{"without secrecy", "http://example.com/hook", bad, nil},
		{"at an odd port", "https://example.com:22/", bad, nil},
		{"at port nought", "https://example.com:0/", bad, nil},
		{"at a port for http", "https://example.com:80/", bad, nil},
		{"another scheme", "ftp://example.com/hook", bad, bad},
		{"a file", "file:///etc/passwd", bad, bad},
		{"gopher", "gopher://127.0.0.1:6379/_SET", bad, bad},
		{"no scheme", "example.com/hook", bad, bad},
		{"no slashes", "https:example.com", bad, bad},
		{"no host", "https:///hook", bad, bad},
		{"nothing", "", bad, bad},
		{"a user", "https://ann@example.com/", bad, bad},
		{"a user who looks like the host", "https://example.com@127.0.0.1/", bad, bad},
		{"an empty user", "https://@example.com/", bad, bad},
		{"a fragment", "https://example.com/#x", bad, bad},
		{"a backslash", `https://example.com\@127.0.0.1/`, bad, bad},
		{"a new line", "https://example.com/\r\nHost: x", bad, bad},
		{"a tab", "https://exa\tmple.com/", bad, bad},
		{"too long", "https://example.com/" + strings.Repeat("x", 2000), bad, bad},
		{"this machine by name", "https://localhost/", hidden, nil},
		{"with a dot behind", "https://localhost./", hidden, nil},
		{"under it", "https://a.LocalHost/", hidden, nil},
		{"a name of the local network", "https://intranet/", hidden, nil},
		{"of the link", "https://printer.local/", hidden, nil},
		{"of a cloud", "https://metadata.google.internal/", hidden, nil},
		{"this machine by number", "https://127.0.0.1/", hidden, nil},
		{"another of its numbers", "https://127.1.2.3/", hidden, nil},
		{"in the sixth version", "https://[::1]/", hidden, nil},
		{"as one number", "https://2130706433/", bad, bad},
		{"as one number in hexadecimal", "https://0x7f000001/", bad, bad},
		{"in octal", "https://0177.0.0.1/", bad, bad},
		{"in hexadecimal, the last part", "https://127.0.0.0x1/", bad, bad},
		{"shortened", "https://127.1/", bad, bad},
		{"nought", "https://0/", bad, bad},
		{"a dot alone", "https://./", bad, bad},
		{"any address", "https://0.0.0.0/", hidden, hidden},
		{"any address in the sixth version", "https://[::]/", hidden, hidden},
		{"mapped", "https://[::ffff:127.0.0.1]/", hidden, hidden},
		{"mapped, though public", "https://[::ffff:93.184.215.14]/", hidden, hidden},
		{"with a zone", "https://[fe80::1%25eth0]/", hidden, hidden},
		{"ten", "https://10.1.2.3/", hidden, nil},
		{"shared with other customers of the line", "https://100.64.0.1/", hidden, nil},
		{"where clouds keep their keys", "https://169.254.169.254/latest/meta-data", hidden, hidden},
	} {
		for open, want := range map[bool]*fault.Fault{false: tt.stranger, true: tt.ownNetwork} {
			u, err := webhook.Guard{AllowPrivate: open}.Parse(tt.url)
			switch {
			case want == nil && (err != nil || u == nil):
				t.Errorf("%s: %s with private networks %t: %v", tt.name, tt.url, open, err)
			case want != nil && (u != nil || !errors.Is(err, want)):
				t.Errorf("%s: %s with private networks %t: %v, %v, want %s", tt.name, tt.url, open, u, err, want.Code)
			}
		}
	}
}

func TestWhichNumbersAreReached(t *testing.T) {
	for _, tt := range []struct {
		name, numbers    string
		stranger, within bool // may be reached; also with private networks open
	}{
		{"public", "93.184.215.14 8.8.8.8 1.1.1.1 172.15.255.255 172.32.0.0 100.63.255.255 100.128.0.0 192.0.1.0 223.255.255.255", true, true},
		{"public, sixth version", "2606:2800::1 2001:4860:4860::8888 2a00:1450::1", true, true},
		{"this machine", "127.0.0.1 127.255.255.255 ::1", false, true},
		{"private", "10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 fc00::1 fd12::1", false, true},
		{"carrier's", "100.64.0.0 100.127.255.255", false, true},
		{"for measuring", "198.18.0.1 198.19.255.255", false, true},
		{"none in particular", "0.0.0.0 0.1.2.3 ::", false, false},
		{"of this link", "169.254.0.1 169.254.169.254 fe80::1 fe80::1%eth0 fec0::1", false, false},
		{"keys of clouds", "100.100.100.200 168.63.129.16 fd00:ec2::254 192.0.0.192", false, false},
		{"many at once", "224.0.0.1 239.1.1.1 255.255.255.255 ff02::1", false, false},
		{"reserved", "240.0.0.1 192.0.0.1 192.88.99.1 4000::1 100::1 5f00::1", false, false},
		{"examples", "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1", false, false},
		{"the fourth version within the sixth", "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1::1 2001::1", false, false},
	} {
		for _, number := range strings.Fields(tt.numbers) {
			a := netip.MustParseAddr(number)
			if ok := (webhook.Guard{}).Check(a) == nil; ok != tt.stranger {
				t.Errorf("%s: %s is reached: %t", tt.name, a, ok)
			}
			if ok := (webhook.Guard{AllowPrivate: true}).Check(a) == nil; ok != tt.within {
				t.Errorf("%s: %s is reached with private networks open: %t", tt.name, a, ok)
			}
		}
	}
	if (webhook.Guard{AllowPrivate: true}).Check(netip.Addr{}) == nil {
		t.Error("no address at all is reached")
	}
}

// Names are judged by where they lead at the moment of dialling, not by how they look.
func TestNamesThatLeadInside(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // nothing is read from it
	_, port, err := net.SplitHostPort(server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, leads string
		open        bool
		want        error // nil: connected
	}{
		{"to this machine", "127.0.0.1", false, webhook.ErrPrivate},
		{"to this machine, mapped", "::ffff:127.0.0.1", false, webhook.ErrPrivate},
		{"both to a public server and inside", "93.184.215.14 127.0.0.1", false, webhook.ErrPrivate},
		{"the other way round", "127.0.0.1 93.184.215.14", false, webhook.ErrPrivate},
		{"to where clouds keep their keys", "169.254.169.254", true, webhook.ErrPrivate},
		{"to this machine, where that is allowed", "127.0.0.1", true, nil},
		{"to one that is dead and one that lives", "127.0.0.3 127.0.0.1", true, nil},
	} {
		asked := 0
		g := webhook.Guard{AllowPrivate: tt.open, Lookup: func(context.Context, string) (all []netip.Addr, err error) {
			asked++
			for _, n := range strings.Fields(tt.leads) {
				all = append(all, netip.MustParseAddr(n))
			}
			return all, nil
		}}
		conn, err := g.Dial(context.Background(), "tcp", net.JoinHostPort("rebinding.example", port))
		if conn != nil {
			_ = conn.Close() // it has served
		}
		if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if asked != 1 {
			t.Errorf("%s: the name was looked up %d times: it could have changed in between", tt.name, asked)
		}
	}
	nowhere := webhook.Guard{Lookup: func(context.Context, string) ([]netip.Addr, error) { return nil, nil }}
	if conn, err := nowhere.Dial(context.Background(), "tcp", "nowhere.example:443"); err == nil {
		t.Error("connected to nowhere:", conn.RemoteAddr())
	}
	if conn, err := (webhook.Guard{}).Dial(context.Background(), "tcp", "localhost:"+port); !errors.Is(err, webhook.ErrPrivate) {
		t.Error("the system's own lookup: ", conn, err)
	}
}

func FuzzAddresses(f *testing.F) {
	for _, seed := range []string{"https://example.com", "https://127.0.0.1", "https://[::ffff:7f00:1]", "https://0x7f.1", "https://a@b", "https://１２７.0.0.1/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := webhook.Guard{}.Parse(raw)
		if err != nil {
			return
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && (a.IsPrivate() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.Is4In6()) {
			t.Errorf("%q leads to %s", raw, a)
		}
		if u.Scheme != "https" || u.User != nil {
			t.Errorf("%q passes", raw)
		}
	})
}

// Should an address ever come by the judgement in Dial, the socket itself refuses.
func TestTheLastLook(t *testing.T) {
	for address, want := range map[string]error{
		"93.184.215.14:443":         nil,
		"127.0.0.1:443":             webhook.ErrPrivate,
		"[::1]:443":                 webhook.ErrPrivate,
		"[::ffff:127.0.0.1]:443":    webhook.ErrPrivate,
		"169.254.169.254:80":        webhook.ErrPrivate,
		"what is no address at all": webhook.ErrPrivate,
	} {
		if err := (webhook.Guard{}).Control(address); !errors.Is(err, want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
