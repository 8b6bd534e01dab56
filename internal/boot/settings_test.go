package boot

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var golden = flag.Bool("golden", false, "rewrite what is made from the code")

func TestDocumentationOfSettings(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Settings\n\nMade from the code. A flag counts before the environment, and that before the file that `--config` names, in which a setting goes by the name of its flag.\n\n| setting | environment | default | what |\n| --- | --- | --- | --- |\n")
	for _, d := range (Settings{}).Describe(nil) {
		fmt.Fprintf(&b, "| `--%s` | `%s` | `%s` | %s |\n", d.Name, d.Environment, d.Default, d.Help)
	}
	const path = "../../docs/settings.md"
	if *golden {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Error("docs/settings.md is not what the code says: run make golden and read the difference")
	}
}

// usual are the settings when nobody says anything.
func usual(t *testing.T) Settings {
	t.Helper()
	c, _, _, err := understand([]string{"settings"}, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return c.Settings
}

func TestWhatASettingMayBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTOR_TEST_ADDRESS", "sqlite:elsewhere.db")
	rows := []struct {
		setting string
		set     func(s *Settings, text string)
		right   []string
		wrong   []string
	}{
		{"database", func(s *Settings, text string) { s.Database = text },
			[]string{"sqlite:x.db", "sqlite:/var/lib/kontor/x y.db", "postgres://kontor:pw@db/kontor?sslmode=require", "postgresql://db/kontor", "env:KONTOR_TEST_ADDRESS"},
			[]string{"", "x.db", "sqlite:", "sqlite:x.db?mode=memory", "sqlite:data/", "mysql://x", "postgres://db:port/kontor", "env:", "env:KONTOR_TEST_NOTHING"}},
		{"addr", func(s *Settings, text string) { s.Addr = text },
			[]string{"127.0.0.1:8080", ":8080", "[::1]:0", "kontor.internal:443"},
			[]string{"", "nowhere", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", "127.0.0.1:-1", "http://127.0.0.1:80", "::1:80"}},
		{"metrics", func(s *Settings, text string) { s.Metrics = text }, []string{"", "127.0.0.1:9090"}, []string{"9090", "127.0.0.1"}},
		{"public", func(s *Settings, text string) { s.Public = text },
			[]string{"", "http://localhost:8080", "https://buy.example.com", "https://buy.example.com/"},
			[]string{"buy.example.com", "https://", "ftp://buy.example.com", "https://buy.example.com/shop", "https://a@buy.example.com", "https://buy.example.com?a=b", "https://:443", "https://buy example.com"}},
		{"trusted", func(s *Settings, text string) { s.Trusted = []string{"10.0.0.0/8", text} }, []string{"::1/128", "192.168.0.0/16"}, []string{"", "10.0.0.1", "10.0.0"}},
		{"mail", func(s *Settings, text string) { s.Mail = text },
			[]string{"off", "folder:data/mail", "folder:" + filepath.Dir(file), "smtp://mail.internal", "smtp://mail.internal:25?tls=off", "smtps://u:p@mail.internal:465"},
			[]string{"", "folder:", "folder:" + file, "folder:" + file + "/mail", "mail.internal", "http://mail.internal", "smtp://", "smtp://:25", "smtp://mail.internal:0", "smtp://mail.internal:99999",
				"smtp://mail.internal:smtp", "smtp://mail.internal/inbox", "smtp://mail.internal?tls=maybe"}},
		{"mail-from", func(s *Settings, text string) { s.MailFrom = text },
			[]string{"orders@example.com", "Example <orders@example.com>"}, []string{"", "Example", "Example <orders>", "a@example.com, b@example.com"}},
		{"seller", func(s *Settings, text string) { s.Seller = text }, []string{"Example"}, []string{"", " "}},
		{"accent", func(s *Settings, text string) { s.Accent = text }, []string{"", "#0f62fe", "#0F62FE"}, []string{"0f62fe", "#0f6", "#0f62fx", "blue"}},
		{"logo", func(s *Settings, text string) { s.Logo = text }, []string{""}, []string{file, "no/such.png"}},
	}
	for _, r := range rows {
		for i, text := range append(slices.Clone(r.right), r.wrong...) {
			s := usual(t)
			r.set(&s, text)
			switch err := s.Check(nil); {
			case i < len(r.right) && err != nil:
				t.Errorf("%s %q: %v", r.setting, text, err)
			case i >= len(r.right) && (err == nil || !strings.Contains(err.Error(), "\n  "+r.setting+" (from the default): ") || strings.Count(err.Error(), "\n") != 1):
				t.Errorf("%s %q: it is not named in %v", r.setting, text, err)
			}
		}
	}
}

func TestFiguresHaveBounds(t *testing.T) {
	for name, set := range map[string]func(*Settings){
		"db-conns":         func(s *Settings) { s.DBConns = -1 },
		"rate-per-address": func(s *Settings) { s.RatePerAddress = math.NaN() },
		"rate-per-account": func(s *Settings) { s.RatePerAccount = -1 },
		"rate-per-company": func(s *Settings) { s.RatePerCompany = math.Inf(1) },
	} {
		s := usual(t)
		set(&s)
		if err := s.Check(nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestSettingsAreCheckedTogether(t *testing.T) {
	bad := Settings{Database: "mysql://x", Public: "buy.example.com", Trusted: []string{"10.0.0"}, RatePerAccount: -1}
	err := bad.Check(nil)
	for _, name := range []string{"database", "addr", "public", "trusted", "mail", "mail-from", "seller", "rate-per-account"} {
		if err == nil || !strings.Contains(err.Error(), "\n  "+name+" (") {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestAPasswordIsStruckOut(t *testing.T) {
	for _, address := range []string{"postgres://kontor:secret@db/kontor", "postgres://db/kontor?password=secret&sslmode=require", "postgres://kontor:secret%@db:x/kontor",
		"mysql:kontor:secret@db/kontor", "smtp://kontor:se cret@mail.internal", "https://a:secret@buy.example.com"} {
		if s := struck(address); strings.Contains(s, "cret") {
			t.Errorf("%q is %q", address, s)
		}
		bad := usual(t)
		bad.Database, bad.Mail, bad.Public = address, strings.Replace(address, "smtp", "pop3", 1), address
		if err := bad.Check(nil); err == nil || strings.Contains(err.Error(), "cret") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, d := range (Settings{Database: "postgres://kontor:secret@db/kontor", Mail: "smtps://u:secret@mail:465"}).Describe(nil) {
		if strings.Contains(fmt.Sprint(d.Value), "secret") {
			t.Errorf("%s shows its password: %v", d.Name, d.Value)
		}
	}
}
