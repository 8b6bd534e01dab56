package mailer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontor/internal/gateway/mailer"
)

var at = time.Date(2026, 11, 3, 13, 5, 0, 0, time.UTC)

func letter() mailer.Mail {
	return mailer.Mail{
		ID:      "mal_01",
		At:      at,
		From:    mailer.Address{Name: "Müller Werkzeuge", Mail: "kontor@seller.example"},
		To:      mailer.Address{Name: "Bob", Mail: "bob@acme.example"},
		ReplyTo: mailer.Address{Mail: "desk@seller.example"},
		Subject: "PO-7 braucht Ihre Genehmigung: 1.234,50 € – für Größe M und mehr, damit die Zeile bricht",
		Text:    "Guten Tag Bob,\n\n1.234,50 €\n.\n.. ein Punkt am Anfang\n",
		HTML:    "<p>Guten Tag Bob,</p><p>1.234,50 €</p>",
		Thread:  "por_01",
		Headers: map[string]string{"List-Unsubscribe": "<https://kontor.example/wishes>"},
	}
}

func TestAMailSaysWhatItShould(t *testing.T) {
	for name, send := range senders(t) {
		t.Run(name, func(t *testing.T) {
			got, err := mail.ReadMessage(bytes.NewReader(send(letter())))
			if err != nil {
				t.Fatal(err)
			}
			words := new(mime.WordDecoder)
			for header, want := range map[string]string{
				"From":             `Müller Werkzeuge <kontor@seller.example>`,
				"To":               `"Bob" <bob@acme.example>`,
				"Reply-To":         `<desk@seller.example>`,
				"Subject":          letter().Subject,
				"Date":             "Tue, 03 Nov 2026 13:05:00 +0000",
				"Message-Id":       "<mal_01@seller.example>",
				"References":       "<por_01@seller.example>",
				"In-Reply-To":      "<por_01@seller.example>",
				"Auto-Submitted":   "auto-generated",
				"List-Unsubscribe": "<https://kontor.example/wishes>",
				"User-Agent":       "",
			} {
				value, err := words.DecodeHeader(got.Header.Get(header))
				if err != nil || value != want {
					t.Errorf("%s: %q, %v, want %q", header, value, err, want)
				}
			}
			kind, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
			if err != nil || kind != "multipart/alternative" {
				t.Fatal(kind, err)
			}
			parts := multipart.NewReader(got.Body, parameters["boundary"])
			for _, want := range []struct{ kind, text string }{
				{"text/plain; charset=UTF-8", letter().Text},
				{"text/html; charset=UTF-8", letter().HTML},
			} {
				part, err := parts.NextPart()
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(part)
				if err != nil || part.Header.Get("Content-Type") != want.kind || strings.ReplaceAll(string(text), "\r\n", "\n") != want.text {
					t.Errorf("%q, %v, want %s %q", text, err, want.kind, want.text)
				}
			}
			if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
				t.Error("there is a third part", err)
			}
		})
	}
}

func TestTheSameMailIsTheSame(t *testing.T) {
	for name, send := range senders(t) {
		if first, second := send(letter()), send(letter()); !bytes.Equal(first, second) {
			t.Errorf("%s: sent twice, it differs:\n%s\n%s", name, first, second)
		}
	}
}

func TestTextAloneIsOnePart(t *testing.T) {
	for name, send := range senders(t) {
		m := letter()
		m.HTML, m.Thread = "", ""
		got, err := mail.ReadMessage(bytes.NewReader(send(m)))
		if err != nil {
			t.Fatal(err)
		}
		if kind := got.Header.Get("Content-Type"); kind != "text/plain; charset=UTF-8" || got.Header.Get("References") != "" {
			t.Errorf("%s: %s with references %q", name, kind, got.Header.Get("References"))
		}
	}
}

func TestNothingIsSmuggledIn(t *testing.T) {
	dir := t.TempDir()
	sink := newSink(t)
	for _, tt := range []struct {
		name string
		edit func(*mailer.Mail)
	}{
		{"a new line in the subject", func(m *mailer.Mail) { m.Subject = "Hello\r\nBcc: eve@globex.example" }},
		{"a bare line feed", func(m *mailer.Mail) { m.Subject = "Hello\nBcc: eve@globex.example" }},
		{"a bare carriage return", func(m *mailer.Mail) { m.Subject = "Hello\rBcc: eve@globex.example" }},
		{"a new line in a name", func(m *mailer.Mail) { m.To.Name = "Bob\r\nBcc: eve@globex.example" }},
		{"a new line in the address", func(m *mailer.Mail) { m.To.Mail = "bob@acme.example\r\nBcc: eve@globex.example" }},
		{"a second address", func(m *mailer.Mail) { m.To.Mail = "bob@acme.example, eve@globex.example" }},
		{"a name in the address", func(m *mailer.Mail) { m.To.Mail = "Bob <bob@acme.example>" }},
		{"brackets in the address", func(m *mailer.Mail) { m.To.Mail = "bob@acme.example><eve@globex.example" }},
		{"no recipient", func(m *mailer.Mail) { m.To = mailer.Address{} }},
		{"no sender", func(m *mailer.Mail) { m.From.Mail = "" }},
		{"a sender of several lines", func(m *mailer.Mail) { m.From.Name = "Seller\nX: y" }},
		{"an answer to several lines", func(m *mailer.Mail) { m.ReplyTo.Mail = "a@b.example\nX: y" }},
		{"an identifier that leaves the folder", func(m *mailer.Mail) { m.ID = "../mal_01" }},
		{"no identifier", func(m *mailer.Mail) { m.ID = "" }},
		{"a thread that closes its bracket", func(m *mailer.Mail) { m.Thread = "x>\r\nBcc: eve@globex.example" }},
		{"a header's name of two lines", func(m *mailer.Mail) { m.Headers = map[string]string{"X\r\nBcc": "eve@globex.example"} }},
		{"a header's value of two lines", func(m *mailer.Mail) { m.Headers = map[string]string{"X": "y\r\nBcc: eve@globex.example"} }},
		{"a header that is not theirs to set", func(m *mailer.Mail) { m.Headers = map[string]string{"bcc": "eve@globex.example"} }},
	} {
		m := letter()
		tt.edit(&m)
		for _, s := range []mailer.Sender{mailer.Folder{Dir: dir}, sink.settings()} {
			if err := s.Send(context.Background(), m); !errors.Is(err, mailer.ErrPermanent) {
				t.Errorf("%s: %T: %v", tt.name, s, err)
			} else if strings.Contains(err.Error(), "globex") && !strings.Contains(tt.name, "header's name") {
				t.Errorf("%s: the log would name somebody: %v", tt.name, err)
			}
		}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(files) > 0 || len(sink.mails()) > 0 {
		t.Error("something went out:", files, sink.mails(), err)
	}
}

func TestAFolderHasWholeMailsOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "mail")
	m := letter()
	m.Text = strings.Repeat("a long letter\n", 10_000)
	for range 2 {
		if err := (mailer.Folder{Dir: dir}).Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "mal_01.eml" {
		t.Error(entries, err)
	}
	if info, err := entries[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
}

func TestAFolderThatCannotBeWrittenMayPass(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (mailer.Folder{Dir: file}).Send(context.Background(), letter()); err == nil || errors.Is(err, mailer.ErrPermanent) {
		t.Error(err)
	}
}

// senders are the two ways out, each as a function from a mail to the bytes that came out.
func senders(t *testing.T) map[string]func(mailer.Mail) []byte {
	t.Helper()
	dir, sink := t.TempDir(), newSink(t)
	return map[string]func(mailer.Mail) []byte{
		"folder": func(m mailer.Mail) []byte {
			t.Helper()
			if err := (mailer.Folder{Dir: dir}).Send(context.Background(), m); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(dir, m.ID+".eml"))
			if err != nil {
				t.Fatal(err)
			}
			return text
		},
		"smtp": func(m mailer.Mail) []byte {
			t.Helper()
			if err := sink.settings().Send(context.Background(), m); err != nil {
				t.Fatal(err)
			}
			all := sink.mails()
			return all[len(all)-1]
		},
	}
}
