package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Encryption is how the connection to an SMTP server is kept secret.
type Encryption string

// The ways. Without encryption no password is sent in the clear, except to this machine itself.
const (
	StartTLS      Encryption = "starttls"      // begins in the clear, and must turn to TLS
	ImplicitTLS   Encryption = "tls"           // is TLS from the first byte
	Opportunistic Encryption = "opportunistic" // turns to TLS where the server can
	Cleartext     Encryption = "none"
)

// SMTP sends mails to a server that takes them from us. Each mail is a connection of its own.
type SMTP struct {
	Host       string
	Port       int
	Encryption Encryption
	User       string // "" signs in nowhere
	Password   string
	Hello      string         // how we introduce ourselves; "" is the name of this machine
	Timeout    time.Duration  // for one mail, all in all
	Trust      *x509.CertPool // whose certificates we believe; nil: those that this machine does
}

// policies is what go-mail calls our ways.
var policies = map[Encryption]gomail.TLSPolicy{
	StartTLS: gomail.TLSMandatory, ImplicitTLS: gomail.NoTLS, Opportunistic: gomail.TLSOpportunistic, Cleartext: gomail.NoTLS,
}

// Check finds what is wrong with the settings, without a connection.
func (s SMTP) Check() error {
	if _, ok := policies[s.Encryption]; !ok {
		return fmt.Errorf("mail: encryption is starttls, tls, opportunistic or none, not %q", s.Encryption)
	}
	_, err := gomail.NewClient(s.Host, s.options()...)
	return err
}

func (s SMTP) options() []gomail.Option {
	all := []gomail.Option{gomail.WithPort(s.Port), gomail.WithTLSConfig(s.tls()), gomail.WithTLSPolicy(policies[s.Encryption]),
		gomail.WithTimeout(2 * s.Timeout), // the context of Send ends first, and says why
		gomail.WithoutNoop()}
	if s.Encryption == ImplicitTLS {
		all = append(all, gomail.WithSSL())
	}
	if s.Hello != "" {
		all = append(all, gomail.WithHELO(s.Hello))
	}
	if s.User != "" {
		all = append(all, gomail.WithUsername(s.User), gomail.WithPassword(s.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return all
}

func (s SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Trust, MinVersion: tls.VersionTLS12}
}

// Send hands the mail to the server. Once the server has taken it, nothing that follows is an error.
func (s SMTP) Send(ctx context.Context, m Mail) error {
	msg, err := m.compose()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	line := &line{ctx: ctx, settings: s}
	defer line.close()
	client, err := gomail.NewClient(s.Host, append(s.options(), gomail.WithDialContextFunc(line.dial))...)
	if err != nil {
		return fmt.Errorf("mail: settings: %w", err)
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("mail: connect to %s: %w", client.ServerAddr(), errors.Join(err, context.Cause(ctx)))
	}
	err = client.SendWithSMTPClient(connection, msg)
	if msg.IsDelivered() {
		_ = connection.Quit() // the mail is theirs: how they say goodbye changes nothing
		return nil
	}
	return failure(ctx, err)
}

// failure tells what will pass from what will not. It keeps codes and no texts, for servers repeat addresses in them.
func failure(ctx context.Context, err error) error {
	var refused *gomail.SendError
	switch {
	case !errors.As(err, &refused):
		return fmt.Errorf("mail: %w", err)
	case refused.ErrorCode() == 0 && ctx.Err() != nil:
		return fmt.Errorf("mail: %s: %w", refused.Reason, context.Cause(ctx))
	case refused.ErrorCode() == 0:
		return fmt.Errorf("mail: %s: the connection broke", refused.Reason)
	}
	said := fmt.Sprintf("%s: %d %s", refused.Reason, refused.ErrorCode(), refused.EnhancedStatusCode())
	switch refused.ErrorCode() {
	case 530, 534, 535, 538: // we must sign in, or otherwise: the operator can mend that
		return fmt.Errorf("mail: %s", said)
	}
	if refused.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %s", ErrPermanent, said)
	}
	return fmt.Errorf("mail: %s", said)
}

// line is the connection of one mail. It is closed when its time is up, and whatever goes wrong.
type line struct {
	ctx      context.Context // of the whole mail; the one that dial gets ends with the dialling
	settings SMTP
	conn     net.Conn
	stop     func() bool
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var err error
	if l.settings.Encryption == ImplicitTLS {
		l.conn, err = (&tls.Dialer{Config: l.settings.tls()}).DialContext(ctx, network, address)
	} else {
		l.conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err != nil {
		return nil, err
	}
	l.stop = context.AfterFunc(l.ctx, func() { _ = l.conn.Close() }) // whoever reads from it hears of that
	return l.conn, nil
}

func (l *line) close() {
	if l.conn != nil {
		l.stop()
		_ = l.conn.Close() // it may be closed already, and nothing hangs on it any more
	}
}
