package notifying_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/notice"
	"kontor/internal/gateway/mailer"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

var (
	ctx    = context.Background()
	system = access.System(id.Company{})
)

// world is the cast with a mail server, and a rule by which Bob decides on what costs more than 1 000 EUR.
type world struct {
	*cast.World
	t          testing.TB
	sink       *sink
	notifying  *notifying.Service
	exchanging *exchanging.Service
	purchasing *purchasing.Service
	approving  *approving.Service
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	s := newSink(t)
	w := &world{World: cast.Acme(t, db), t: t, sink: s,
		notifying: notifying.New(db, notifying.Settings{
			Brand: notice.Brand{Name: "Kontor"}, Public: "https://buy.example.com", From: mailer.Address{Name: "Kontor", Mail: "kontor@buy.example.com"},
			Sender: s.sender(), Chance: func() float64 { return 0.5 },
		}),
		exchanging: exchanging.New(db, exchanging.Settings{}),
		purchasing: purchasing.New(db, step.NewRulebook()),
		approving:  approving.New(db),
	}
	above := money.Of(1_000_00, "EUR")
	w.write(func(tx *store.Tx) {
		r := approval.Rule{ID: id.NewRule(tx.Now), Company: w.Acme, Version: 1, Name: "Bands", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		tx.Approvals.SetRule(r, id.Member{})
	})
	w.relay() // what it took to build the world
	return w
}

func (w *world) write(fn func(tx *store.Tx)) {
	w.t.Helper()
	if err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error { fn(tx); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// submit orders so many of the cast's laptops, at 1 249 EUR each, for Ann.
func (w *world) submit(laptops int64) purchasing.Submitted {
	w.t.Helper()
	c, err := w.purchasing.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[3].ID, Quantity: quantity.Of(laptops)}}})
	if err == nil {
		c, err = w.purchasing.Prepare(ctx, w.Ann, c.ID, c.Version, cart.Checkout{Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	done, err := w.purchasing.Submit(ctx, w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func (w *world) decide(by access.Actor, key id.PurchaseOrder, v approval.Verdict, reason string) {
	w.t.Helper()
	var po approval.PurchaseOrder
	err := w.DB.Read(ctx, by, func(tx *store.Tx, _ access.Actor) (err error) {
		po, err = tx.Approvals.Get(ctx, w.Acme, key)
		return err
	})
	if err == nil {
		_, err = w.approving.Decide(ctx, by, approving.DecideInput{Order: key, Verdict: v, Reason: reason, Hash: po.Hash})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// relay does what follows from everything that happened.
func (w *world) relay() {
	w.t.Helper()
	for {
		n, err := w.exchanging.Relay(ctx, system, []exchanging.On{{Event: "*", Do: w.notifying.React}})
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// post sends everything that is due, and lists what arrived.
func (w *world) post() []letter {
	w.t.Helper()
	for {
		worked, err := w.notifying.Deliver(ctx, system)
		if err != nil {
			w.t.Fatal(err)
		}
		if !worked {
			return w.sink.empty(w.t)
		}
	}
}

func (w *world) inbox(actor access.Actor) []notice.Notice {
	w.t.Helper()
	list, err := w.notifying.Inbox(ctx, actor, page.Ask{})
	if err != nil {
		w.t.Fatal(err)
	}
	return list.Rows
}

// jump sets the clock forward.
func (w *world) jump(by time.Duration) {
	now := w.DB.Times()
	w.DB.Engine().SetClock(func() time.Time { now = now.Add(time.Microsecond); return now.Add(by) })
}

// letter is a mail as it arrived.
type letter struct {
	to, subject, id, thread, text, html string
}

// sink is a mail server that keeps what it is given, and refuses recipients with the error it is told to.
type sink struct {
	server *smtp.Server
	port   int

	mu     sync.Mutex
	refuse error
	taken  []string
}

func newSink(t testing.TB) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{port: l.Addr().(*net.TCPAddr).Port}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }))
	s.server.Domain = "sink.example"
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(l) }()
	t.Cleanup(func() {
		_, _ = s.server.Close(), l.Close() // the server closes it too, but only if Serve has begun
		<-served
	})
	return s
}

func (s *sink) sender() mailer.Sender {
	return mailer.SMTP{Host: "127.0.0.1", Port: s.port, Encryption: mailer.Cleartext, Timeout: 5 * time.Second}
}

// refusing makes the server refuse every recipient with this code; 0 takes everything again.
func (s *sink) refusing(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse = nil; code != 0 {
		s.refuse = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "no"}
	}
}

// empty lists what arrived since the last time.
func (s *sink) empty(t testing.TB) (all []letter) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range s.taken {
		l, err := open(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	s.taken = nil
	return all
}

func open(text string) (l letter, err error) {
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return l, err
	}
	d := mime.WordDecoder{}
	l.subject, err = d.DecodeHeader(m.Header.Get("Subject"))
	to, err2 := mail.ParseAddress(m.Header.Get("To"))
	kind, params, err3 := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err := errors.Join(err, err2, err3); err != nil || kind != "multipart/alternative" {
		return l, errors.Join(err, errors.New(kind))
	}
	l.to, l.id, l.thread = to.Address, m.Header.Get("Message-ID"), m.Header.Get("References")
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		body, err := io.ReadAll(p)
		if err != nil {
			return l, err
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			l.html = string(body)
		} else {
			l.text = string(body)
		}
	}
}

// session is one connection to the sink.
type session struct{ s *sink }

func (c session) Mail(string, *smtp.MailOptions) error { return nil }
func (c session) Reset()                               {}
func (c session) Logout() error                        { return nil }

func (c session) Rcpt(string, *smtp.RcptOptions) error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.refuse
}

func (c session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.taken = append(c.s.taken, string(text))
	return err
}
