// Package boot reads the settings, builds everything, and starts and stops it.
package boot

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/edge/ui"
	"kontor/internal/store"
)

// Settings are everything that the operator of an installation decides. Each has a value that works, can be given as a
// flag, in the environment, or in a JSON file under the flag's name; a flag counts before the environment, and that
// before the file.
type Settings struct {
	Database string `help:"Where the data is: sqlite:FILE, or a postgres:// address." default:"sqlite:data/kontor.db" env:"KONTOR_DATABASE" placeholder:"ADDRESS"`
	DBConns  int    `help:"Connections: readers of SQLite (0 is 4), or all of PostgreSQL (0 is 16)." default:"0" env:"KONTOR_DB_CONNS" name:"db-conns"`

	Addr    string   `help:"Where to listen; port 0 takes a free one." default:"127.0.0.1:8080" env:"KONTOR_ADDR"`
	Metrics string   `help:"Where Prometheus asks; empty is nowhere." default:"" env:"KONTOR_METRICS" placeholder:"ADDRESS"`
	Public  string   `help:"The address that people know, as https://buy.example.com. Its scheme decides on cookies and HSTS. Empty: the one that is listened at, by http." default:"" env:"KONTOR_PUBLIC"`
	Trusted []string `help:"Networks of the proxies before us; only their X-Forwarded-For counts." env:"KONTOR_TRUSTED" placeholder:"CIDR"`

	Mail     string `help:"How mail leaves: folder:DIR, smtp://host:port (STARTTLS), smtps://user:password@host:port, or off." default:"folder:data/mail" env:"KONTOR_MAIL"`
	MailFrom string `help:"Who mail is from." default:"Kontor <no-reply@localhost>" env:"KONTOR_MAIL_FROM"`

	Seller string `help:"The name of whose portal it is." default:"Kontor" env:"KONTOR_SELLER"`
	Accent string `help:"The seller's colour, as #0f62fe, for pages and mails; each page moves it as little as it takes to be readable, in the light and in the dark. Empty is ours." default:"" env:"KONTOR_ACCENT" placeholder:"COLOUR"`
	Logo   string `help:"A file with the seller's logo for the top bar, 28 pixels high there: PNG, JPEG, WebP or SVG, at most 256 KiB. Empty: the name." default:"" env:"KONTOR_LOGO" placeholder:"FILE"`

	InvitationDays int `help:"Days for which the link of an invitation holds." default:"7" env:"KONTOR_INVITATION_DAYS"`

	Worker             bool `help:"Whether this process does background work too." default:"true" negatable:"" env:"KONTOR_WORKER"`
	AllowPrivateEgress bool `help:"Let webhooks reach private and loopback addresses: for tests." default:"false" env:"KONTOR_ALLOW_PRIVATE_EGRESS"`

	RatePerAddress float64 `help:"Requests a second that one network address may make on average; 0 is no limit." default:"50" env:"KONTOR_RATE_PER_ADDRESS"`
	RatePerAccount float64 `help:"Requests a second that one account may make on average; 0 is no limit." default:"50" env:"KONTOR_RATE_PER_ACCOUNT"`
	RatePerCompany float64 `help:"Requests a second that one company may make on average; 0 is no limit." default:"500" env:"KONTOR_RATE_PER_COMPANY"`

	Log      string `help:"How to log: text or json." enum:"text,json" default:"text" env:"KONTOR_LOG"`
	LogLevel string `help:"From where on: debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"KONTOR_LOG_LEVEL" name:"log-level"`
}

// Check is what is wrong with the settings, all of it, and where each has its value from.
func (s Settings) Check(from *sources) error {
	var wrong []string
	if from != nil {
		wrong = slices.Clone(from.wrong)
	}
	check := func(name string, err error) {
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s (from %s): %v", name, from.of(name), err))
		}
	}
	check("database", s.checkDatabase())
	if s.DBConns < 0 || s.DBConns > mostConns {
		check("db-conns", fmt.Errorf("%d is not from 0 to %d", s.DBConns, mostConns))
	}
	check("addr", listenable(s.Addr))
	if s.Metrics != "" {
		check("metrics", listenable(s.Metrics))
	}
	_, err := s.public()
	check("public", err)
	_, err = s.trusted()
	check("trusted", err)
	_, err = s.sender()
	check("mail", err)
	_, err = s.mailFrom()
	check("mail-from", err)
	if strings.TrimSpace(s.Seller) == "" {
		check("seller", errors.New("the seller has a name"))
	}
	if s.Accent != "" && (!strings.HasPrefix(s.Accent, "#") || !ui.IsColour(s.Accent)) {
		check("accent", fmt.Errorf("%q is no colour like #0f62fe", s.Accent))
	}
	if s.Logo != "" {
		_, err = ui.ReadLogo(s.Logo)
		check("logo", err)
	}
	if s.InvitationDays < 1 || s.InvitationDays > mostInvitationDays {
		check("invitation-days", fmt.Errorf("%d is not from 1 to %d", s.InvitationDays, mostInvitationDays))
	}
	check("rate-per-address", rateable(s.RatePerAddress))
	check("rate-per-account", rateable(s.RatePerAccount))
	check("rate-per-company", rateable(s.RatePerCompany))
	if len(wrong) > 0 {
		return fmt.Errorf("the settings need another look:\n  %s", strings.Join(wrong, "\n  "))
	}
	return nil
}

// brand is how the seller shows who they are. A logo that cannot be read any more since the settings were checked is left out.
func (s Settings) brand() ui.Brand {
	b := ui.Brand{Name: s.Seller, Accent: s.Accent}
	if s.Logo != "" {
		b.Logo, _ = ui.ReadLogo(s.Logo) // nil with an error
	}
	return b
}

// The most connections to the database, the most requests a second that a rate may allow, and the most days for which
// a link may lie in a mailbox.
const (
	mostConns          = 1000
	mostRate           = 1_000_000
	mostInvitationDays = 90
)

func rateable(rate float64) error {
	if !(rate >= 0 && rate <= mostRate) { // so that what is no number is refused too
		return fmt.Errorf("%v is not from 0 to %d: a rate is not below zero", rate, mostRate)
	}
	return nil
}

// listenable is nil for an address at which one can listen.
func listenable(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil || strings.ContainsAny(host, " /@") {
		return fmt.Errorf("%q is no address to listen at, like 127.0.0.1:8080", address)
	}
	return nil
}

// checkDatabase is nil when the database's address is one, whether or not it answers.
func (s Settings) checkDatabase() error {
	if name, ok := strings.CutPrefix(s.Database, "env:"); ok && os.Getenv(name) == "" {
		return fmt.Errorf("it is said to be in the environment variable %s, which is not set", name)
	}
	return store.CheckAddress(s.options().Address)
}

// public is the address that people know: what links in mails begin with.
func (s Settings) public() (*url.URL, error) {
	if s.Public == "" {
		return local(s.Addr), nil
	}
	u, err := url.Parse(s.Public)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%q is no address like https://buy.example.com", struck(s.Public))
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// local is how a browser on the same machine reaches what listens at this address; a single other address is taken as it is.
func local(address string) *url.URL {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return &url.URL{Scheme: "http", Host: "localhost:8080"}
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

func (s Settings) trusted() (all []netip.Prefix, err error) {
	for _, t := range s.Trusted {
		p, err := netip.ParsePrefix(t)
		if err != nil {
			return nil, fmt.Errorf("%q is no network like 10.0.0.0/8", t)
		}
		all = append(all, p)
	}
	return all, nil
}

// options are how the store is opened. env:NAME takes the address from an environment variable.
func (s Settings) options() store.Options {
	address := s.Database
	if name, ok := strings.CutPrefix(address, "env:"); ok {
		address = os.Getenv(name)
	}
	return store.Options{Address: address, Readers: s.DBConns}
}

// Described is one setting as kontor settings prints it.
type Described struct {
	Name, Environment, Default, Help string
	Value                            any
	Source                           string // where the value is from
}

// secrets are the settings whose values may hold a password.
var secrets = []string{"database", "mail"}

// Describe lists all settings, their values with passwords struck out.
func (s Settings) Describe(from *sources) []Described {
	var all []Described
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("name")
		if name == "" {
			name = kebab(f.Name)
		}
		d := Described{Name: name, Environment: f.Tag.Get("env"), Default: f.Tag.Get("default"), Help: f.Tag.Get("help"), Value: v.Field(i).Interface(), Source: from.of(name)}
		for _, secret := range secrets {
			if text, ok := d.Value.(string); ok && name == secret {
				d.Value = struck(text)
			}
		}
		all = append(all, d)
	}
	return all
}

// isSetting reports whether there is a setting of this name.
func isSetting(name string) bool {
	return slices.ContainsFunc(Settings{}.Describe(nil), func(d Described) bool { return d.Name == name })
}

// struck is an address without its password.
func struck(address string) string {
	u, err := url.Parse(address)
	if at := strings.LastIndexByte(address, '@'); at >= 0 && (err != nil || u.User == nil) {
		return "…" + address[at:] // it cannot be read, so all that may be a password goes
	}
	if err != nil {
		return address
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(strings.ToLower(name), "password") {
			q.Set(name, "xxxxx")
			u.RawQuery = q.Encode()
		}
	}
	if u.User == nil && u.RawQuery == "" {
		return address
	}
	return u.Redacted()
}

func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
