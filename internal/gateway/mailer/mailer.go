// Package mailer hands mails to the world: to an SMTP server, or as files to a folder.
//
// A mail keeps its Message-ID however often it is sent, so whoever gets it twice can tell. What would smuggle a
// header into it is refused.
package mailer

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Sender sends one mail. An error that is ErrPermanent will come again however often one tries; any other may pass.
type Sender interface {
	Send(ctx context.Context, m Mail) error
}

// ErrPermanent marks the failure of a mail that will never be delivered: it is malformed, or was refused for good.
var ErrPermanent = errors.New("mailer: this mail will not be delivered")

// Mail is one mail to one person.
type Mail struct {
	ID      string // ours, of letters, digits, - and _: the Message-ID and the file's name are made of it
	At      time.Time
	From    Address
	To      Address
	ReplyTo Address // the zero Address: answers go to From
	Subject string
	Text    string
	HTML    string            // "" for a mail of text alone
	Thread  string            // what the mail is about, like ID: mails of one thread stand together. "" for none
	Headers map[string]string // more of them, by name
}

// Address is where a mail comes from or goes to.
type Address struct {
	Name string // may be empty
	Mail string // ann@acme.example
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	headerName = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
)

// own lists the headers that come from the other fields of a mail.
var own = []string{"bcc", "cc", "content-transfer-encoding", "content-type", "date", "from", "in-reply-to", "message-id",
	"mime-version", "references", "reply-to", "sender", "subject", "to"}

// MessageID is the mail's identifier in the world, without its angle brackets.
func (m Mail) MessageID() string { return m.worldly(m.ID) }

// worldly makes one of our identifiers unique in the world by the sender's domain.
func (m Mail) worldly(key string) string {
	return key + m.From.Mail[strings.LastIndexByte(m.From.Mail, '@'):]
}

// check is ErrPermanent for a mail that must not go out.
func (m Mail) check() error {
	if !identifier.MatchString(m.ID) || m.Thread != "" && !identifier.MatchString(m.Thread) {
		return fmt.Errorf("%w: its identifier is malformed", ErrPermanent)
	}
	for what, a := range map[string]Address{"sender": m.From, "recipient": m.To, "reply address": m.ReplyTo} {
		if a == (Address{}) && what == "reply address" {
			continue
		}
		if err := a.check(); err != nil {
			return fmt.Errorf("%w: its %s %w", ErrPermanent, what, err)
		}
	}
	if strings.ContainsFunc(m.Subject, unicode.IsControl) {
		return fmt.Errorf("%w: its subject has control characters", ErrPermanent)
	}
	for name, value := range m.Headers {
		if !headerName.MatchString(name) || slices.Contains(own, strings.ToLower(name)) {
			return fmt.Errorf("%w: it cannot have a header %q", ErrPermanent, name)
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			return fmt.Errorf("%w: its header %s has control characters", ErrPermanent, name)
		}
	}
	return nil
}

// check says nothing of the address itself, for that would stand in a log.
func (a Address) check() error {
	if strings.ContainsFunc(a.Name+a.Mail, unicode.IsControl) {
		return errors.New("has control characters")
	}
	parsed, err := mail.ParseAddress("<" + a.Mail + ">")
	if err != nil || parsed.Address != a.Mail {
		return errors.New("is no mail address")
	}
	return nil
}

// compose makes the message as it goes over the wire. The same mail gives the same bytes.
func (m Mail) compose() (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("kontor_"+m.ID))
	msg.FromMailAddress(&mail.Address{Name: m.From.Name, Address: m.From.Mail})
	msg.ToMailAddress(&mail.Address{Name: m.To.Name, Address: m.To.Mail})
	if m.ReplyTo != (Address{}) {
		msg.ReplyToMailAddress(&mail.Address{Name: m.ReplyTo.Name, Address: m.ReplyTo.Mail})
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(m.MessageID())
	if m.Thread != "" {
		msg.SetGenHeader(gomail.HeaderReferences, "<"+m.worldly(m.Thread)+">")
		msg.SetGenHeader(gomail.HeaderInReplyTo, "<"+m.worldly(m.Thread)+">")
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // so that no holiday answer comes back (RFC 3834)
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}
