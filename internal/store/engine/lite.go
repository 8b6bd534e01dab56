package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// lite is an open SQLite database: one connection that writes, some that read.
type lite struct {
	path    string
	pool    *sql.DB
	queue   chan *job
	readers chan *liteConn
	lock    *os.File
	done    chan struct{}
	shut    sync.RWMutex
	closed  bool
}

// job is one transaction that waits for its turn to write.
type job struct {
	ctx context.Context
	db  *DB
	fn  func(*Tx) error
	err error
	ok  chan struct{}
}

// pragmas are what every connection is opened with: kontor doctor reads them back. Money is at stake, so a
// commit waits for the disk (synchronous=FULL), and what is deleted is overwritten (secure_delete).
const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(ON)&_pragma=secure_delete(ON)&_pragma=cache_size(-8192)&_pragma=temp_store(MEMORY)"

// LiteDSN is the driver's text for a database file.
func liteDSN(path, more string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas + more
}

func openLite(ctx context.Context, o Options) (*lite, error) {
	path := strings.TrimPrefix(o.Address, "sqlite:")
	if o.Shared {
		if _, err := os.Stat(path); err != nil { // to read is not to make one
			return nil, fmt.Errorf("engine: there is no database to read: %w", err)
		}
	} else if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil && !errors.Is(err, fs.ErrExist) { // one level: more would hide a slip of the pen
		return nil, fmt.Errorf("engine: make the folder of the database: %w; is its name spelt as it should be?", err)
	}
	path, err := ownName(path)
	if err != nil {
		return nil, err
	}
	l := &lite{path: path, queue: make(chan *job, 1024), done: make(chan struct{})}
	if !o.Shared {
		if l.lock, err = lockLite(path); err != nil {
			return nil, err
		}
		if err := tidy(path); err != nil {
			return nil, errors.Join(fmt.Errorf("engine: take away what was left beside the database: %w", err), l.lock.Close())
		}
		// The file is ours alone to read: it holds people's data.
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, errors.Join(err, l.lock.Close())
		}
		if err := f.Close(); err != nil {
			return nil, errors.Join(err, l.lock.Close())
		}
	}
	n := o.Readers
	if n <= 0 {
		n = 4
	}
	if l.pool, err = sql.Open("sqlite", liteDSN(path, "")); err != nil {
		return nil, err
	}
	l.pool.SetMaxOpenConns(n + 2) // the writer, the readers, and one for a backup
	l.pool.SetMaxIdleConns(n + 1)
	writer, err := l.connect(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("engine: open %s: %w", path, err), l.pool.Close())
	}
	l.readers = make(chan *liteConn, n)
	for range n {
		r, err := l.connect(ctx)
		if err == nil {
			err = r.run(ctx, "pragma query_only = on")
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("engine: open %s to read: %w", path, err), l.pool.Close())
		}
		l.readers <- r
	}
	go l.write(writer)
	return l, nil
}

// ownName is the one name under which a database file is opened and locked, whichever way it is reached: links are
// followed. A file of several names of its own is refused: what is not written to it yet stands beside one of them alone,
// and under each of them another process could write.
func ownName(path string) (string, error) {
	for range 40 { // as many as the system follows
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", fmt.Errorf("engine: find the folder of the database: %w", err)
		}
		path = filepath.Join(folder, filepath.Base(path))
		to, err := os.Readlink(path)
		if err != nil { // it is no link, or not there yet
			if at, err := os.Stat(path); err == nil && at.IsDir() {
				return "", fmt.Errorf("engine: %s is a folder: name a file in it, like %s", path, filepath.Join(path, "kontor.db"))
			}
			n, err := names(path)
			if err == nil && n > 1 {
				err = fmt.Errorf("engine: %s has %d names (hard links), and a database may have one: take the others away, or make them symbolic links", path, n)
			}
			return path, err
		}
		if path = to; !filepath.IsAbs(to) {
			path = folder + string(filepath.Separator) + to
		}
	}
	return "", fmt.Errorf("engine: %s leads from link to link", path)
}

// lockLite makes this process the one that writes the database file of this own name, or says that another one does.
func lockLite(path string) (*os.File, error) {
	f, err := lockFile(path + ".lock")
	switch {
	case errors.Is(err, errLocked):
		return nil, fmt.Errorf("engine: another process has %s open for writing; stop it first", path)
	case err != nil:
		return nil, fmt.Errorf("engine: lock %s: %w", path, err)
	}
	return f, nil
}

// tidy takes away what a backup or a restore that was killed has left beside a database that is locked.
func tidy(path string) error {
	if err := os.Remove(path + partSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return sweepCopies(filepath.Dir(path))
}

func (l *lite) connect(ctx context.Context) (*liteConn, error) {
	c, err := l.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &liteConn{conn: c, prepared: map[string]*sql.Stmt{}}, nil
}

func (l *lite) close() error {
	l.shut.Lock()
	if l.closed {
		l.shut.Unlock()
		return nil
	}
	l.closed = true
	close(l.queue)
	l.shut.Unlock()
	<-l.done
	for range cap(l.readers) {
		warn("close a reader", (<-l.readers).close())
	}
	err := l.pool.Close()
	if l.lock != nil {
		err = errors.Join(err, l.lock.Close())
	}
	return err
}

var errClosed = errors.New("engine: the database is closed")

// submit puts fn in the queue of those who want to write and waits for its commit.
func (l *lite) submit(ctx context.Context, db *DB, fn func(*Tx) error) error {
	j := &job{ctx: ctx, db: db, fn: fn, ok: make(chan struct{})}
	l.shut.RLock()
	if l.closed {
		l.shut.RUnlock()
		return errClosed
	}
	select {
	case l.queue <- j:
		l.shut.RUnlock()
	case <-ctx.Done():
		l.shut.RUnlock()
		return ctx.Err()
	}
	<-j.ok
	var p panicked
	if errors.As(j.err, &p) {
		panic(p.value)
	}
	return j.err
}

// A group of waiting writers shares one commit: at most so many of them, gathered for at most so long.
const (
	groupMost = 64
	groupTime = 20 * time.Millisecond
)

// write is the one goroutine that writes. Transactions run one after the other, each but the first under a savepoint
// of its own; all are answered after the commit that they share, so none is told what a crash could undo. The first
// needs no savepoint, for nothing is lost when all is rolled back; and a great import, which comes first as it keeps
// everybody waiting, would have SQLite go through all that it has changed so far at the end of each statement.
func (l *lite) write(c *liteConn) {
	defer close(l.done)
	ctx := context.Background()
	for first := range l.queue {
		group := []*job{first}
		began := time.Now()
		err := c.run(ctx, "begin immediate")
		for i := 0; err == nil; i++ {
			if err = l.one(ctx, c, group[i], i == 0); err != nil {
				break
			}
			if len(group) == groupMost || time.Since(began) > groupTime {
				break
			}
			if next, ok := l.waiting(); ok {
				group = append(group, next)
				continue
			}
			break
		}
		if err == nil {
			err = c.run(ctx, "commit")
		}
		if err != nil {
			warn("roll back a group", c.run(ctx, "rollback"))
		}
		for _, j := range group {
			if err != nil {
				j.err = fmt.Errorf("commit: %w", err)
			}
			close(j.ok)
		}
	}
	warn("close the writer", c.close())
}

func (l *lite) waiting() (*job, bool) {
	select {
	case j, ok := <-l.queue:
		return j, ok
	default:
		return nil, false
	}
}

// one runs a transaction of a group. Its own failure is its own; what it returns is a failure of the connection, which
// ends the whole group.
func (l *lite) one(ctx context.Context, c *liteConn, j *job, first bool) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil
	}
	enter, leave, undo := []string{"savepoint one"}, []string{"release one"}, []string{"rollback to one", "release one"}
	if first {
		enter, leave, undo = nil, nil, []string{"rollback", "begin immediate"}
	}
	if err := c.all(ctx, enter); err != nil {
		return err
	}
	tx := &Tx{Now: j.db.Now(), db: j.db, conn: c}
	if j.err = call(j.fn, tx); j.err == nil {
		j.err = tx.Fetch(ctx)
	}
	if j.err != nil {
		leave = undo
	}
	return c.all(ctx, leave)
}

func (l *lite) read(ctx context.Context, tx *Tx, fn func(*Tx) error) (err error) {
	var c *liteConn
	select {
	case c = <-l.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { l.readers <- c }()
	// A cancelled context would interrupt the connection in mid-statement; a read is short, so it ends.
	inside := context.WithoutCancel(ctx)
	if err := c.run(inside, "begin"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.run(inside, "rollback")) }()
	tx.conn = c
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Fetch(inside)
}

// liteConn is one connection with the statements that it has prepared.
type liteConn struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func (c *liteConn) close() error {
	for _, s := range c.prepared {
		warn("close a statement", s.Close())
	}
	return c.conn.Close()
}

// mostPrepared bounds the statements that a connection keeps: lists with many filters make many texts.
const mostPrepared = 512

func (c *liteConn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s := c.prepared[text]; s != nil {
		return s, nil
	}
	s, err := c.conn.PrepareContext(ctx, liteText(text))
	if err != nil {
		return nil, err
	}
	if len(c.prepared) >= mostPrepared {
		for old, stmt := range c.prepared {
			warn("close a statement", stmt.Close())
			delete(c.prepared, old)
			break
		}
	}
	c.prepared[text] = s
	return s, nil
}

// liteText is a statement as SQLite should be given it. A bare mark as the limit would make it plan the statement
// anew whenever the mark is bound, which takes it longer than most answers.
func liteText(text string) string { return strings.ReplaceAll(text, "limit ?", "limit ? + 0") }

func (c *liteConn) run(ctx context.Context, text string) error {
	s, err := c.prepare(ctx, text)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx)
	return err
}

// all runs some statements that take and give nothing.
func (c *liteConn) all(ctx context.Context, texts []string) error {
	for _, text := range texts {
		if err := c.run(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (c *liteConn) send(ctx context.Context, queue []*Statement) error {
	ctx = context.WithoutCancel(ctx)
	for _, q := range merged(queue) {
		if err := c.one(ctx, q); err != nil {
			return q.wrong(err)
		}
	}
	return nil
}

func (c *liteConn) one(ctx context.Context, q *Statement) error {
	s, err := c.prepare(ctx, q.sql)
	if err != nil {
		return err
	}
	args, err := liteArgs(q.args)
	if err != nil {
		return err
	}
	if q.scan == nil {
		res, err := s.ExecContext(ctx, args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		return q.changed(n)
	}
	r, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	err = q.scan(r)
	return errors.Join(err, r.Close())
}
