package mailer_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"kontor/internal/gateway/mailer"
)

func TestTheServersAnswerDecides(t *testing.T) {
	for _, tt := range []struct {
		name      string
		edit      func(*sink)
		permanent bool
	}{
		{"the mailbox does not exist", func(s *sink) { s.onRecipient = refusal(550, "<bob@acme.example> unknown") }, true},
		{"the mailbox is full just now", func(s *sink) { s.onRecipient = refusal(452, "bob@acme.example over quota") }, false},
		{"try again later", func(s *sink) { s.onRecipient = refusal(451, "greylisted") }, false},
		{"the sender is not welcome", func(s *sink) { s.onSender = refusal(550, "no") }, true},
		{"the server is busy", func(s *sink) { s.onSender = refusal(421, "busy") }, false},
		{"we should sign in, which the operator can mend", func(s *sink) { s.onSender = refusal(530, "sign in first") }, false},
		{"the content is refused", func(s *sink) { s.onData = refusal(554, "spam") }, true},
		{"the content cannot be stored just now", func(s *sink) { s.onData = refusal(452, "disk full") }, false},
	} {
		s := newSink(t)
		tt.edit(s)
		err := s.settings().Send(context.Background(), letter())
		if err == nil || errors.Is(err, mailer.ErrPermanent) != tt.permanent {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "acme") {
			t.Errorf("%s: the log would name somebody: %v", tt.name, err)
		}
		if len(s.mails()) > 0 {
			t.Errorf("%s: it was delivered all the same", tt.name)
		}
	}
}

func TestSecrecyAndSigningIn(t *testing.T) {
	trusted := certificate(t)
	for _, tt := range []struct {
		name       string
		server     func(*sink)
		encryption mailer.Encryption
		user       string
		trust      bool
		want       string // what the error says; "" for none
	}{
		{"in the clear, to nobody in particular", nil, mailer.Cleartext, "", false, ""},
		{"TLS after a word in the clear", (*sink).offersTLS, mailer.StartTLS, "", true, ""},
		{"TLS asked for and not offered", nil, mailer.StartTLS, "", true, "STARTTLS"},
		{"TLS where possible, and it is", (*sink).offersTLS, mailer.Opportunistic, "", true, ""},
		{"TLS where possible, and it is not", nil, mailer.Opportunistic, "", true, ""},
		{"TLS from the first byte", (*sink).speaksTLS, mailer.ImplicitTLS, "", true, ""},
		{"a certificate that nobody vouches for", (*sink).offersTLS, mailer.StartTLS, "", false, "certificate"},
		{"nor when TLS is only where possible", (*sink).offersTLS, mailer.Opportunistic, "", false, "certificate"},
		{"signing in over STARTTLS", (*sink).offersTLS, mailer.StartTLS, "kontor", true, ""},
		{"signing in over TLS", (*sink).speaksTLS, mailer.ImplicitTLS, "kontor", true, ""},
		{"a wrong user", (*sink).offersTLS, mailer.StartTLS, "eve", true, "535"},
	} {
		s := start(t, trusted, tt.server)
		settings := s.settings()
		settings.Encryption, settings.User, settings.Password = tt.encryption, tt.user, "open sesame"
		if tt.trust {
			settings.Trust = x509.NewCertPool()
			settings.Trust.AddCert(trusted.Leaf)
		}
		if err := settings.Check(); err != nil {
			t.Errorf("%s: the settings: %v", tt.name, err)
		}
		err := settings.Send(context.Background(), letter())
		switch {
		case tt.want == "" && (err != nil || len(s.mails()) != 1):
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		case errors.Is(err, mailer.ErrPermanent):
			t.Errorf("%s: the operator could mend that: %v", tt.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: the log would tell the password: %v", tt.name, err)
		}
		if tt.user == "kontor" && s.user() != "kontor" {
			t.Errorf("%s: nobody signed in", tt.name)
		}
	}
}

func TestAPasswordIsNotShouted(t *testing.T) {
	elsewhere, err := net.Listen("tcp", "127.0.0.2:0") // not the name that this machine calls itself by
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, tls.Certificate{}, func(s *sink) {
		_ = s.listener.Close() // nothing has come in yet
		s.listener, s.server.AllowInsecureAuth = elsewhere, true
	})
	settings := s.settings()
	settings.Host, settings.User, settings.Password = "127.0.0.2", "kontor", "open sesame"
	for _, way := range []mailer.Encryption{mailer.Cleartext, mailer.Opportunistic} {
		settings.Encryption = way
		if err := settings.Send(context.Background(), letter()); err == nil || !strings.Contains(err.Error(), "unencrypted") || s.user() != "" {
			t.Errorf("%s: %v, and %q signed in", way, err, s.user())
		}
	}
}

func TestNobodyWaitsForEver(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() }) // nothing is read from it
	asleep := newSink(t)
	asleep.hang = make(chan struct{})
	t.Cleanup(func() { close(asleep.hang) })
	enough := errors.New("enough")
	for _, tt := range []struct {
		name    string
		port    int
		timeout time.Duration // of the settings
		patient time.Duration // is the caller
		want    error
	}{
		{"a server that says nothing", port(silent), 50 * time.Millisecond, time.Minute, context.DeadlineExceeded},
		{"a caller who has enough of that", port(silent), 10 * time.Second, 50 * time.Millisecond, enough},
		{"a server that falls asleep", port(asleep.listener), 50 * time.Millisecond, time.Minute, context.DeadlineExceeded},
		{"a caller who has enough of that, too", port(asleep.listener), 10 * time.Second, 50 * time.Millisecond, enough},
	} {
		settings := mailer.SMTP{Host: "127.0.0.1", Port: tt.port, Encryption: mailer.Cleartext, Timeout: tt.timeout}
		ctx, cancel := context.WithTimeoutCause(context.Background(), tt.patient, enough)
		begun := time.Now()
		err := settings.Send(ctx, letter())
		cancel()
		if !errors.Is(err, tt.want) || errors.Is(err, mailer.ErrPermanent) || time.Since(begun) > 9*time.Second {
			t.Errorf("%s: %v after %s", tt.name, err, time.Since(begun))
		}
	}
}

// A server that takes the mail and hangs up has taken it: sending it again would only double it.
func TestWhatWasTakenWasTaken(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // nothing is read from it
	go func() {
		conn, err := server.Accept()
		if err != nil {
			return // the test is over
		}
		lines := bufio.NewScanner(conn)
		answer := "220 ready\r\n"
		for {
			if _, err := io.WriteString(conn, answer); err != nil || !lines.Scan() {
				return // the client notices
			}
			switch line := lines.Text(); {
			case line == "DATA":
				answer = "354 go on\r\n"
			case answer[0] == '3': // content
				for lines.Text() != "." && lines.Scan() {
				}
				_, _ = io.WriteString(conn, "250 taken\r\n") // and then nothing more, not even a goodbye
				_ = conn.Close()
				return
			default:
				answer = "250 well\r\n"
			}
		}
	}()
	settings := mailer.SMTP{Host: "127.0.0.1", Port: port(server), Encryption: mailer.Cleartext, Timeout: 5 * time.Second}
	if err := settings.Send(context.Background(), letter()); err != nil {
		t.Error(err)
	}
}

func TestNobodyIsThere(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	settings := mailer.SMTP{Host: "127.0.0.1", Port: port(gone), Encryption: mailer.Cleartext, Timeout: time.Second}
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	if err := settings.Send(context.Background(), letter()); err == nil || errors.Is(err, mailer.ErrPermanent) {
		t.Error(err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := mailer.SMTP{Host: "mail.example", Port: 587, Encryption: mailer.StartTLS, Timeout: time.Second}
	for name, edit := range map[string]func(*mailer.SMTP){
		"no host":            func(s *mailer.SMTP) { s.Host = "" },
		"no port":            func(s *mailer.SMTP) { s.Port = 0 },
		"a port too far":     func(s *mailer.SMTP) { s.Port = 70000 },
		"no time":            func(s *mailer.SMTP) { s.Timeout = 0 },
		"unknown encryption": func(s *mailer.SMTP) { s.Encryption = "ssl" },
		"no encryption":      func(s *mailer.SMTP) { s.Encryption = "" },
	} {
		s := good
		edit(&s)
		if err := s.Check(); err == nil {
			t.Error(name, "passes")
		}
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
}

// sink is an SMTP server that keeps what it is given. What it is to refuse is set before the first mail.
type sink struct {
	server                        *smtp.Server
	listener                      net.Listener
	onSender, onRecipient, onData error
	hang                          chan struct{} // data is read once this is closed

	mu     sync.Mutex
	taken  [][]byte
	signed string
}

func refusal(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: text}
}

func newSink(t *testing.T) *sink {
	t.Helper()
	return start(t, tls.Certificate{}, nil)
}

func start(t *testing.T, c tls.Certificate, edit func(*sink)) *sink {
	t.Helper()
	s := &sink{}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{s}, nil }))
	s.server.ErrorLog = log.New(io.Discard, "", 0) // handshakes that fail on purpose
	s.server.Domain, s.server.TLSConfig = "sink.example", &tls.Config{Certificates: []tls.Certificate{c}}
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if c.Leaf == nil || edit == nil {
		s.server.TLSConfig = nil
	}
	if edit != nil {
		edit(s)
	}
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(s.listener) }()
	t.Cleanup(func() {
		_, _ = s.server.Close(), s.listener.Close() // the server closes it too, but only if Serve has begun
		<-served
	})
	return s
}

func (s *sink) offersTLS() {}

func (s *sink) speaksTLS() { s.listener = tls.NewListener(s.listener, s.server.TLSConfig) }

func (s *sink) settings() mailer.SMTP {
	return mailer.SMTP{Host: "127.0.0.1", Port: port(s.listener), Encryption: mailer.Cleartext, Timeout: 5 * time.Second}
}

func (s *sink) mails() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken
}

func (s *sink) user() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signed
}

// session is one connection to the sink.
type session struct{ s *sink }

func (c *session) Mail(string, *smtp.MailOptions) error { return c.s.onSender }
func (c *session) Rcpt(string, *smtp.RcptOptions) error { return c.s.onRecipient }
func (c *session) Reset()                               {}
func (c *session) Logout() error                        { return nil }
func (c *session) AuthMechanisms() []string             { return []string{sasl.Plain} }

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "kontor" || password != "open sesame" {
			return smtp.ErrAuthFailed
		}
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		c.s.signed = user
		return nil
	}), nil
}

func (c *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if c.s.hang != nil {
		<-c.s.hang
	}
	if err != nil {
		return err
	}
	if c.s.onData != nil {
		return c.s.onData
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.taken = append(c.s.taken, text)
	return nil
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// certificate is one that this machine vouches for to nobody.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Now().Add(-time.Hour)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink"}, NotBefore: from,
		NotAfter: from.Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
