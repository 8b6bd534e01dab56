// Package noticedb keeps what people were told, and the mails on their way to them.
package noticedb

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/notice"
	"kontor/internal/store/engine"
)

// Tables are those of notices, in one transaction.
type Tables struct{ Tx *engine.Tx }

// Insert adds a notice.
func (t Tables) Insert(n notice.Notice) {
	t.Tx.Write(`
		insert into notice (company_id, id, member_id, event, subject, title, body, link, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.Company, n.ID, n.Member, n.Event, n.Subject, engine.JSON(n.Title), engine.JSON(n.Body), n.Link, n.CreatedAt)
}

// List lists so many notices of a member, all or the unread ones, the newest first, those before a notice seen last; the zero
// notice: from the newest on.
func (t Tables) List(ctx context.Context, company id.Company, member id.Member, unread bool, before id.Notice, most int) (all []notice.Notice, err error) {
	behind, args := "", []any{company, member}
	if unread {
		behind = ` and n.read_at is null`
	}
	if !before.IsZero() {
		behind, args = behind+` and n.id < ?`, append(args, before)
	}
	engine.Rows(t.Tx.Ask(`
		select n.company_id, n.id, n.member_id, n.event, n.subject, n.title, n.body, n.link, n.created_at, n.read_at
		  from notice n where n.company_id = ? and n.member_id = ?`+behind+` order by n.id desc limit ?`, append(args, most)...), &all,
		func(n *notice.Notice, scan engine.Scan) error {
			return scan(&n.Company, &n.ID, &n.Member, engine.Text(&n.Event), &n.Subject, engine.JSON(&n.Title), engine.JSON(&n.Body), &n.Link, &n.CreatedAt, &n.ReadAt)
		})
	return all, t.Tx.Fetch(ctx)
}

// CountUnread counts a member's unread notices, and stops at most.
func (t Tables) CountUnread(ctx context.Context, company id.Company, member id.Member, most int) (n int64, err error) {
	t.Tx.Ask(`
		select count(*) from (select 1 from notice n where n.company_id = ? and n.member_id = ? and n.read_at is null limit ?) u`,
		company, member, most).Row(nil, &n)
	return n, t.Tx.Fetch(ctx)
}

// SetRead marks these notices of a member as read.
func (t Tables) SetRead(company id.Company, member id.Member, notices []id.Notice) {
	marks, args := engine.Marks(notices)
	t.Tx.Write(`update notice set read_at = ? where company_id = ? and member_id = ? and read_at is null and id in `+marks,
		append([]any{t.Tx.Now, company, member}, args...)...)
}

// DeleteFor removes all notices of members who are about to be removed.
func (t Tables) DeleteFor(company id.Company, members []id.Member) {
	for part := range slices.Chunk(members, 500) {
		marks, args := engine.Marks(part)
		t.Tx.Write(`delete from notice where company_id = ? and member_id in `+marks, append([]any{company}, args...)...)
	}
}

// SetAllRead marks all notices of a member as read.
func (t Tables) SetAllRead(company id.Company, member id.Member) {
	t.Tx.Write(`update notice set read_at = ? where company_id = ? and member_id = ? and read_at is null`, t.Tx.Now, company, member)
}

// State is how far a mail has come.
type State string

// The states of a mail.
const (
	Ready State = "ready" // for its next attempt, when that is due
	Sent  State = "sent"  // to the server that takes our mails
	Dead  State = "dead"  // it was refused for good, or in vain too often
)

// Mail is a mail as it is kept: in the words of its reader.
type Mail struct {
	ID        id.Mail
	Company   id.Company
	Recipient string
	Name      string // of the recipient
	Thread    string // what it is about; mails of one thread stand together
	Subject   string
	Text      string
	HTML      string
	State     State
	Attempts  int64     // begun so far; the fence of a lease
	NextAt    time.Time // when it may be taken
	Error     string    // of the latest attempt
	CreatedAt time.Time
	EndedAt   time.Time // zero while it is ready
	Secret    bool      // it has a link that lets somebody in: its text is forgotten once it has left
}

// InsertMail adds a mail.
func (t Tables) InsertMail(m Mail) {
	t.Tx.Write(`
		insert into mail (id, company_id, recipient, name, thread, subject, body_text, body_html, state, next_at, created_at, secret)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, m.Company, m.Recipient, m.Name, m.Thread, m.Subject, m.Text, m.HTML, m.State, m.NextAt, m.CreatedAt, m.Secret)
}

// DeleteWaiting takes back the mails with a secret that are about something and have not left yet.
func (t Tables) DeleteWaiting(company id.Company, thread string) {
	t.Tx.Write(`delete from mail where company_id = ? and thread = ? and state = 'ready' and secret`, company, thread)
}

// DeleteReady takes back all mails of a company that have not left yet.
func (t Tables) DeleteReady(company id.Company) {
	t.Tx.Write(`delete from mail where company_id = ? and state = 'ready'`, company)
}

const mailColumns = `m.id, m.company_id, m.recipient, m.name, m.thread, m.subject, m.body_text, m.body_html, m.state, m.attempts, m.next_at, m.error, m.created_at, m.ended_at`

func scanMail(m *Mail, scan engine.Scan) error {
	return scan(&m.ID, &m.Company, &m.Recipient, &m.Name, &m.Thread, &m.Subject, &m.Text, &m.HTML, engine.Text(&m.State), &m.Attempts, &m.NextAt, &m.Error,
		&m.CreatedAt, &m.EndedAt)
}

// ListDue lists mails that may be taken, the longest due first. Who means to take them queues up.
func (t Tables) ListDue(ctx context.Context, most int) (all []Mail, err error) {
	t.Tx.Head("mail")
	engine.Rows(t.Tx.Ask(`select `+mailColumns+` from mail m where m.state = 'ready' and m.next_at <= ? order by m.next_at, m.id limit ?`, t.Tx.Now, most),
		&all, scanMail)
	return all, t.Tx.Fetch(ctx)
}

// SetTaken begins an attempt at a mail, and keeps others from it until a moment.
func (t Tables) SetTaken(m Mail, until time.Time) {
	t.Tx.Write(`update mail set attempts = ?, next_at = ? where id = ?`, m.Attempts+1, until, m.ID)
}

// SetOutcome keeps what came of an attempt, unless another has begun meanwhile.
func (t Tables) SetOutcome(m Mail) {
	t.Tx.Write(`update mail set state = ?, next_at = ?, error = ?, ended_at = ? where id = ? and state = 'ready' and attempts = ?`,
		m.State, m.NextAt, m.Error, m.EndedAt, m.ID, m.Attempts)
	if !m.EndedAt.IsZero() {
		t.Tx.Write(`update mail set body_text = '', body_html = '' where id = ? and secret and state <> 'ready'`, m.ID)
	}
}

// DeleteEnded removes some of the mails that were sent or given up before a moment, and says how many.
func (t Tables) DeleteEnded(ctx context.Context, before time.Time, most int) (n int64, err error) {
	t.Tx.Write(`delete from mail where id in (select m.id from mail m where m.ended_at is not null and m.ended_at < ? limit ?)`, before, most).
		Counting(func(rows int64) { n = rows })
	return n, t.Tx.Fetch(ctx)
}
