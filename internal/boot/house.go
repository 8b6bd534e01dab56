package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kontor/internal/domain/notice"
	"kontor/internal/gateway/mailer"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

// house is everything below the edges, built on one store.
type house struct {
	db           *store.DB
	signing      *signing.Service
	onboarding   *onboarding.Service
	organising   *organising.Service
	granting     *granting.Service
	importing    *importing.Service
	listing      *listing.Service
	collecting   *collecting.Service
	cataloguing  *cataloguing.Service
	pricesetting *pricesetting.Service
	purchasing   *purchasing.Service
	approving    *approving.Service
	budgeting    *budgeting.Service
	notifying    *notifying.Service
	exchanging   *exchanging.Service
	auditing     *auditing.Service
}

// build opens the store, brings its tables up to date, and makes the use cases.
func build(ctx context.Context, s Settings, o store.Options, log *slog.Logger) (*house, error) {
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	done, err := db.Migrate(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	for _, name := range done {
		log.Info("migrated", "migration", name)
	}
	h, err := over(db, s)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return h, nil
}

// over makes the use cases on an open store.
func over(db *store.DB, s Settings) (*house, error) {
	public, err := s.public()
	if err != nil {
		return nil, err
	}
	sender, err := s.sender()
	if err != nil {
		return nil, err
	}
	from, err := s.mailFrom()
	if err != nil {
		return nil, err
	}
	guard := webhook.Guard{AllowPrivate: s.AllowPrivateEgress}
	rules := step.NewRulebook()
	inviting := step.Inviting{Brand: notice.Brand{Name: s.Seller, Accent: s.Accent}, Public: public.String(), Mails: sender != nil, Lasts: time.Duration(s.InvitationDays) * 24 * time.Hour}
	return &house{
		db:           db,
		signing:      signing.New(db, signing.Options{}),
		onboarding:   onboarding.With(db, inviting),
		organising:   organising.With(db, inviting),
		granting:     granting.New(db),
		importing:    importing.New(db),
		listing:      listing.New(db),
		collecting:   collecting.New(db),
		cataloguing:  cataloguing.New(db),
		pricesetting: pricesetting.New(db),
		purchasing:   purchasing.New(db, rules),
		approving:    approving.New(db),
		budgeting:    budgeting.New(db),
		auditing:     auditing.New(db),
		notifying: notifying.New(db, notifying.Settings{Brand: notice.Brand{Name: s.Seller, Accent: s.Accent}, Public: public.String(), From: from,
			Sender: sender, Chance: rand.Float64}),
		exchanging: exchanging.New(db, exchanging.Settings{Public: public.String(), Guard: guard, Client: webhook.New(webhook.Options{Guard: guard, Timeout: 15 * time.Second, Now: time.Now, Agent: "Kontor"})}),
	}, nil
}

// sender is how mail leaves; nil when it does not.
func (s Settings) sender() (mailer.Sender, error) {
	if s.Mail == "off" {
		return nil, nil
	}
	if folder, ok := strings.CutPrefix(s.Mail, "folder:"); ok && folder != "" {
		out := mailer.Folder{Dir: folder}
		return out, out.Check()
	}
	u, err := url.Parse(s.Mail)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("%q is none of folder:DIR, smtp://host:port, smtps://host:port, off", struck(s.Mail))
	}
	port := 587
	if u.Scheme == "smtps" {
		port = 465
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("%q is no port: it is from 1 to 65535", u.Port())
		}
	}
	password, _ := u.User.Password() // none is the empty one
	out := mailer.SMTP{Host: u.Hostname(), Port: port, User: u.User.Username(), Password: password, Timeout: 30 * time.Second}
	switch tls := u.Query().Get("tls"); {
	case u.Scheme == "smtps":
		out.Encryption = mailer.ImplicitTLS
	case tls == "off":
		out.Encryption = mailer.Cleartext
	case tls == "":
		out.Encryption = mailer.StartTLS
	default:
		return nil, fmt.Errorf("tls=%s: it is off, or not said at all", tls)
	}
	return out, out.Check()
}

// mailFrom is who mail is from.
func (s Settings) mailFrom() (mailer.Address, error) {
	from, err := mail.ParseAddress(s.MailFrom)
	if err != nil {
		return mailer.Address{}, fmt.Errorf("%q is no sender like Example <orders@example.com>", s.MailFrom)
	}
	return mailer.Address{Name: from.Name, Mail: from.Address}, nil
}
