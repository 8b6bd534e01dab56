// Package engine opens SQLite or PostgreSQL and runs transactions on either, so that no other package can
// tell which of the two it is.
//
// One SQL text serves both, with ? marks. A transaction gathers statements and sends them together: on
// PostgreSQL as one pipeline (one round trip), on SQLite one after the other. Writes return nothing; they
// travel with the next Fetch or with the commit, and what goes wrong with them comes out there.
//
// Writes are serializable. SQLite has one writer, and those who wait for it share its commit (one fsync for
// many). On PostgreSQL those who name the same queue write one after the other, and whoever names none is
// retried when another got in the way.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kontor/internal/base/fault"
)

// Options say which database, and how to use it.
type Options struct {
	// Address is "sqlite:FILE" or a "postgres://" address.
	Address string
	// Clock gives each transaction its one reading of the time. Nil is the clock of the process.
	Clock func() time.Time
	// Readers is how many connections read from SQLite at once (default 4), or how many PostgreSQL has in
	// all (default 16).
	Readers int
	// Shared opens SQLite beside a running process, to read only.
	Shared bool
}

// DB is an open database of either engine.
type DB struct {
	lite  *lite
	pg    *pgxpool.Pool
	clock atomic.Pointer[func() time.Time]
	marks sync.Map // SQL with ? marks → the same with $1 marks
	trips atomic.Int64
	gates gates
	began time.Time
}

// ErrBusy is the fault of a transaction that others got in the way of again and again.
var ErrBusy = fault.Define(fault.Unavailable, "store.busy", "too much is happening at once just now; please try again")

// CheckAddress is nil for an address that Open takes, whether or not there is a database.
func CheckAddress(address string) error {
	switch path, lite := strings.CutPrefix(address, "sqlite:"); {
	case lite && (path == "" || strings.ContainsAny(path, "?\x00") || strings.HasSuffix(path, "/")):
		return fmt.Errorf("%q names no database file", address)
	case lite:
		return nil
	case !postgres(address):
		return fmt.Errorf("%q begins neither with sqlite: nor with postgres://", redact(address))
	}
	if _, err := pgxpool.ParseConfig(address); err != nil {
		return fmt.Errorf("%q cannot be read as the address of a database", redact(address)) // its error would tell the password
	}
	return nil
}

func postgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Open opens the database; it neither creates nor changes tables.
func Open(ctx context.Context, o Options) (*DB, error) {
	if err := CheckAddress(o.Address); err != nil {
		return nil, fmt.Errorf("engine: the address %w", err)
	}
	db := &DB{began: time.Now()}
	db.SetClock(o.Clock)
	var err error
	if postgres(o.Address) {
		db.pg, err = openPostgres(ctx, o)
	} else {
		db.lite, err = openLite(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

// Close waits for what is under way and closes the database.
func (db *DB) Close() error {
	if db.pg != nil {
		db.pg.Close()
		return nil
	}
	return db.lite.close()
}

// SetClock replaces the clock, for tests and the replay of past orders; nil is the clock of the process.
func (db *DB) SetClock(clock func() time.Time) {
	if clock == nil {
		clock = time.Now
	}
	db.clock.Store(&clock)
}

// Now reads the clock once, as a transaction does: UTC, whole microseconds.
func (db *DB) Now() time.Time { return (*db.clock.Load())().UTC().Truncate(time.Microsecond) }

// Uptime is how long the database has been open, by a clock that nobody sets: for what is timed, not recorded.
func (db *DB) Uptime() time.Duration { return time.Since(db.began) }

// Name is "sqlite" or "postgres".
func (db *DB) Name() string {
	if db.pg != nil {
		return "postgres"
	}
	return "sqlite"
}

// Trips is how often this process has asked the database and waited for its answer: for benchmarks.
func (db *DB) Trips() int64 { return db.trips.Load() }

// Write runs fn in one serializable transaction. It may run fn again when another transaction got in the
// way, so fn has no effect outside the transaction.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if db.lite != nil {
		return db.lite.submit(ctx, db, fn)
	}
	return db.again(ctx, func(tx *Tx, heads []string) error {
		return db.pgWrite(ctx, tx, heads, "begin isolation level serializable", "", fn)
	})
}

// WriteAlone runs fn in one transaction while no other that names the same queue is under way, on whichever node:
// whatever is changed in this queue alone stands still for fn. It may run fn again, as Write may.
func (db *DB) WriteAlone(ctx context.Context, queue string, fn func(*Tx) error) error {
	if db.lite != nil {
		return db.lite.submit(ctx, db, fn) // everybody is alone there
	}
	// Who waits for their turn here waits without a connection, so that a long queue leaves the others theirs.
	leave, err := db.gates.enter(ctx, queue)
	if err != nil {
		return err
	}
	defer leave()
	return db.again(ctx, func(tx *Tx, _ []string) error {
		tx.alone = true
		return db.pgWrite(ctx, tx, nil, "begin isolation level read committed", queue, fn)
	})
}

// again runs a transaction on PostgreSQL until nothing gets in its way.
func (db *DB) again(ctx context.Context, run func(tx *Tx, heads []string) error) error {
	const tries = 12
	var heads []string
	for i := 1; ; i++ {
		tx := &Tx{Now: db.Now(), db: db}
		err := run(tx, heads)
		if err == nil || !retriable(err) {
			return err
		}
		if i == tries {
			return ErrBusy.Because(err)
		}
		queued := len(heads) > 0
		heads = union(heads, tx.heads)
		if len(heads) > 0 && !queued {
			continue // next time we stand in the queue, so there is nothing to wait for here
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(rand.IntN(1<<min(i, 7))+1) * time.Millisecond):
		}
	}
}

// Read runs fn in one read-only snapshot.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	tx := &Tx{Now: db.Now(), db: db, readonly: true}
	if db.lite != nil {
		return db.lite.read(ctx, tx, fn)
	}
	return db.pgRead(ctx, tx, fn)
}

// ReadOne is Read for fn that asks exactly one question: PostgreSQL answers it without a transaction around it, which
// spares the way there and back that ends one.
func (db *DB) ReadOne(ctx context.Context, fn func(*Tx) error) error {
	tx := &Tx{Now: db.Now(), db: db, readonly: true, once: true}
	if db.lite != nil {
		return db.lite.read(ctx, tx, fn)
	}
	return db.pgReadOne(ctx, tx, fn)
}

// errTwo is the error of a second question where one was to be all.
var errTwo = errors.New("engine: ReadOne answers one question")

// Tx is one open transaction and the one reading of the clock that it uses.
type Tx struct {
	Now time.Time

	db       *DB
	conn     conn
	queue    []*Statement
	heads    []string
	alone    bool // in its queue
	readonly bool
	once     bool // one question is all that may be asked …
	asked    bool // … and it has been
}

// conn runs statements in order and hands each its outcome.
type conn interface {
	send(ctx context.Context, queue []*Statement) error
}

// Statement is one statement that waits to be sent.
type Statement struct {
	sql   string
	args  []any
	scan  func(rows) error // of a question: reads its rows
	rows  int64            // of a write: how many rows it must change; -1 is any number
	short error            // what it means when it changed another number
	dup   map[string]error // what it means when it broke this unique key
	wrote func(n int64)    // hears how many rows it changed
}

// rows is what both drivers give.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// Scan reads the columns of one row.
type Scan func(dest ...any) error

// And reads more columns behind those that are asked of it.
func (s Scan) And(more ...any) Scan {
	return func(dest ...any) error { return s(append(dest, more...)...) }
}

// Grown has the database look anew at tables that very many rows were added to, so that what follows in this transaction and
// soon after is not planned as though they were small. SQLite plans without looking.
func (t *Tx) Grown(tables ...string) {
	if t.db.pg == nil {
		return
	}
	for _, name := range tables {
		t.Write("analyze " + name)
	}
}

// Ask queues a question; Row, Maybe or Each says what becomes of its answer. It is sent by Fetch.
func (t *Tx) Ask(sql string, args ...any) *Statement {
	s := &Statement{sql: sql, args: args, rows: -1, scan: func(rows) error { return nil }}
	t.queue = append(t.queue, s)
	return s
}

// Row takes the one row of the answer; when there is none, Fetch returns missing.
func (s *Statement) Row(missing error, dest ...any) *Statement {
	return s.One(missing, func(scan Scan) error { return scan(dest...) })
}

// One is Row for a row that fn reads.
func (s *Statement) One(missing error, fn func(scan Scan) error) *Statement {
	s.scan = func(r rows) error {
		if !r.Next() {
			if err := r.Err(); err != nil {
				return err
			}
			return missing
		}
		return fn(scanner(r))
	}
	return s
}

// scanner reads the row that r has come to.
func scanner(r rows) Scan {
	return func(dest ...any) error { return r.Scan(wrap(dest)...) }
}

// Maybe takes the first row of the answer if there is one, and says so in found.
func (s *Statement) Maybe(found *bool, dest ...any) {
	s.scan = func(r rows) error {
		if *found = r.Next(); !*found {
			return r.Err()
		}
		return r.Scan(wrap(dest)...)
	}
}

// Each calls fn for every row of the answer. A transaction that is run again calls it anew, so whatever
// gathers rows begins empty: reset is called first.
func (s *Statement) Each(reset func(), fn func(scan Scan) error) *Statement {
	s.scan = func(r rows) error {
		reset()
		scan := scanner(r)
		for r.Next() {
			if err := fn(scan); err != nil {
				return err
			}
		}
		return r.Err()
	}
	return s
}

// Needing adds a check that is made when the answer has been read.
func (s *Statement) Needing(check func() error) {
	read := s.scan
	s.scan = func(r rows) error {
		if err := read(r); err != nil {
			return err
		}
		return check()
	}
}

// Rows gathers every row of the answer into a slice.
func Rows[T any](s *Statement, into *[]T, fn func(row *T, scan Scan) error) {
	s.Each(func() { *into = nil }, func(scan Scan) error {
		var row T
		if err := fn(&row, scan); err != nil {
			return err
		}
		*into = append(*into, row)
		return nil
	})
}

// Fetch sends what waits, writes and questions in the order in which they were queued, and takes the answers.
func (t *Tx) Fetch(ctx context.Context) error {
	queue := t.queue
	t.queue = nil
	if len(queue) == 0 {
		return nil
	}
	if t.once && (t.asked || len(queue) > 1) {
		return errTwo
	}
	t.asked = true
	return t.conn.send(ctx, queue)
}

// Write queues a statement that changes rows. It is sent with the next Fetch or with the commit.
func (t *Tx) Write(sql string, args ...any) *Statement {
	s := &Statement{sql: sql, args: args, rows: -1}
	t.queue = append(t.queue, s)
	return s
}

// Expect makes it an error, the one given, when the write changes another number of rows than this.
func (s *Statement) Expect(n int64, otherwise error) *Statement {
	s.rows, s.short = n, otherwise
	return s
}

// Unique says what it means when the write breaks this unique key; keys are named table_column_column_key,
// an index over an expression by its own name.
func (s *Statement) Unique(key string, otherwise error) *Statement {
	if s.dup == nil {
		s.dup = map[string]error{}
	}
	s.dup[key] = otherwise
	return s
}

// Counting tells fn how many rows the write changed.
func (s *Statement) Counting(fn func(n int64)) *Statement {
	s.wrote = fn
	return s
}

// checked reports whether we look at the statement's outcome before a commit may follow.
func (s *Statement) checked() bool { return s.scan != nil || s.rows >= 0 || s.wrote != nil }

// wrong turns what the database says into what it means.
func (s *Statement) wrong(err error) error {
	if len(s.dup) > 0 {
		if meant, ok := s.dup[Duplicate(err)]; ok {
			return meant
		}
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return fmt.Errorf("%w in %q", err, strings.Join(strings.Fields(s.sql), " "))
}

// changed checks how many rows a write changed.
func (s *Statement) changed(n int64) error {
	if s.wrote != nil {
		s.wrote(n)
	}
	if s.rows >= 0 && n != s.rows {
		return s.short
	}
	return nil
}

// Head makes those who want to change what hangs on this row of this table (a throttle, the head of a queue) queue
// up instead of getting into each other's way. In Write it is for speed alone: what is right is kept right by the
// isolation. It also takes the place of a queue of WriteAlone, for whoever changes something of a queue from outside.
func (t *Tx) Head(key string) {
	t.heads = append(t.heads, key)
	if t.db.pg == nil {
		return
	}
	if t.alone { // every later statement sees what the one before us has committed
		t.Write(enter, key)
		return
	}
	var free bool
	s := t.Ask(`select pg_try_advisory_xact_lock(hashtextextended(?, 0))`, key)
	s.scan = func(r rows) error {
		if r.Next() {
			if err := r.Scan(&free); err != nil {
				return err
			}
		}
		if err := r.Err(); err != nil {
			return err
		}
		if !free {
			return errTaken
		}
		return nil
	}
}

// errTaken says that somebody else holds a head: the transaction begins again, in the queue.
var errTaken = errors.New("engine: a head row is taken")

func retriable(err error) bool {
	if errors.Is(err, errTaken) {
		return true
	}
	switch state(err) {
	case "40001", "40P01", "55P03":
		return true
	case "23505":
		// Two made the same row at once. Where that means something to the caller the statement has said so, and
		// this is no longer the database's error.
		return true
	}
	return false
}

func union(a, b []string) []string {
	for _, k := range b {
		found := false
		for _, have := range a {
			found = found || have == k
		}
		if !found {
			a = append(a, k)
		}
	}
	return a
}

// call runs fn, and makes of a panic an error that is panicked with again where the caller waits.
func call(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked{p}
		}
	}()
	return fn(tx)
}

type panicked struct{ value any }

func (p panicked) Error() string { return fmt.Sprint("panic in a transaction: ", p.value) }

func redact(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		address = "…" + address[i:]
	}
	address, _, _ = strings.Cut(address, "?") // a password may stand there too
	return address
}

func warn(msg string, err error) {
	if err != nil {
		slog.Warn(msg, "err", err)
	}
}
