package boot

import "testing"

// Links in mails lead to where Kontor listens, for as long as nobody says how people reach it.
func TestMailsLeadToWhereKontorListens(t *testing.T) {
	for _, c := range []struct{ addr, public, want string }{
		{"127.0.0.1:8080", "", "http://localhost:8080"},
		{"127.0.0.1:9091", "", "http://localhost:9091"},
		{":9091", "", "http://localhost:9091"},
		{"[::]:9091", "", "http://localhost:9091"},
		{"10.1.2.3:80", "", "http://10.1.2.3:80"},
		{"kontor.internal:8080", "", "http://kontor.internal:8080"},
		{"[2001:db8::1]:80", "", "http://[2001:db8::1]:80"},
		{":9091", "https://buy.example.com", "https://buy.example.com"},
	} {
		got, err := Settings{Addr: c.addr, Public: c.public}.public()
		if err != nil || got.String() != c.want {
			t.Errorf("%s and %q: %s, %v", c.addr, c.public, got, err)
		}
	}
}
