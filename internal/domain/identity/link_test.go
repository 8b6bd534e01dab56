package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/identity"
)

func TestLinksAreReadAsTheyWereWritten(t *testing.T) {
	company := id.NewCompany(time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC))
	link := identity.Link{Company: company, Secret: strings.Repeat("A", 26)}
	if got, err := identity.ParseLink(link.String()); err != nil || got != link || got.Digest() != link.Digest() {
		t.Errorf("%+v, %v", got, err)
	}
	if other := (identity.Link{Company: company, Secret: strings.Repeat("A", 25) + "B"}); other.Digest() == link.Digest() || strings.Contains(link.Digest(), link.Secret) {
		t.Error("a digest tells links apart, and does not tell them")
	}
	for _, text := range []string{"", ".", "x", company.String(), company.String() + ".", company.String() + "." + strings.Repeat("A", 25), company.String() + "." + strings.Repeat("A", 101),
		"." + strings.Repeat("A", 26), "mem_" + link.String()[4:], "\x00" + link.String(), strings.Repeat("A", 1_000_000)} {
		if _, err := identity.ParseLink(text); !errors.Is(err, identity.ErrUnknownLink) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}
