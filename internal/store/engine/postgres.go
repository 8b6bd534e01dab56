package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func openPostgres(ctx context.Context, o Options) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(o.Address)
	if err != nil {
		return nil, errors.New("engine: the address cannot be read") // CheckAddress has read it
	}
	cfg.MaxConns = 16
	if o.Readers > 0 {
		cfg.MaxConns = int32(min(o.Readers, 1000))
	}
	cfg.MaxConnIdleTime = 5 * time.Minute
	// A sequential scan under serializable isolation locks the whole table against writers, so plans that
	// use a key are preferred even where the table is small.
	cfg.ConnConfig.RuntimeParams["enable_seqscan"] = "off"
	cfg.ConnConfig.RuntimeParams["jit"] = "off"
	// Our statements are few and prepared, and their plans go by keys: to plan them anew for every value costs more than
	// it gains.
	cfg.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "kontor"
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("engine: PostgreSQL does not answer: %w", err)
	}
	return pool, nil
}

// pgConn is a connection in a transaction that begins with the first statement sent.
type pgConn struct {
	db    *DB
	conn  *pgx.Conn
	begin string // what begins the transaction; "" once it has begun
	end   []string
}

// enter waits until nobody else holds the queue, and holds it until the transaction ends.
const enter = `select pg_advisory_xact_lock(hashtextextended(?, 0))`

// pgWrite runs one attempt. queue, unless it is "", is entered with the first statement; heads are those that an
// attempt before this one found taken.
func (db *DB) pgWrite(ctx context.Context, tx *Tx, heads []string, begin, queue string, fn func(*Tx) error) (err error) {
	c, err := db.pg.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if len(heads) > 0 {
		// We lost a race for these: stand in their queue before the transaction takes its snapshot.
		if err := db.queueUp(ctx, c.Conn(), heads); err != nil {
			return err
		}
		defer func() {
			_, e := c.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock_all()")
			db.trips.Add(1)
			if e != nil { // the server lets go of them with the connection
				warn("unlock", c.Conn().Close(context.WithoutCancel(ctx)))
			}
		}()
	}
	p := &pgConn{db: db, conn: c.Conn(), begin: begin}
	tx.conn = p
	if queue != "" {
		tx.Write(enter, queue)
	}
	defer p.rollback(ctx, &err)
	if err := call(fn, tx); err != nil {
		var gone panicked
		if errors.As(err, &gone) {
			p.rollback(ctx, &err)
			p.begin = "done"
			panic(gone.value)
		}
		return err
	}
	return p.commit(ctx, tx)
}

func (db *DB) pgRead(ctx context.Context, tx *Tx, fn func(*Tx) error) (err error) {
	c, err := db.pg.Acquire(ctx)
	if err != nil {
		return err
	}
	left := false
	defer func() {
		if !left {
			c.Release()
		}
	}()
	p := &pgConn{db: db, conn: c.Conn(), begin: "begin isolation level repeatable read, read only"}
	tx.conn = p
	defer p.rollback(ctx, &err)
	if err := fn(tx); err != nil {
		return err
	}
	if p.begin != "" || len(tx.queue) > 0 {
		return p.commit(ctx, tx)
	}
	left = true
	go leave(c)
	return nil
}

// leave ends a snapshot that has given all its answers: nobody needs to wait for that.
func leave(c *pgxpool.Conn) {
	defer c.Release()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := c.Exec(ctx, "commit"); err != nil { // the server ends it with the connection
		warn("close a connection", c.Conn().Close(ctx))
	}
}

// pgReadOne asks one question, which sees one snapshot by itself.
func (db *DB) pgReadOne(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	c, err := db.pg.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	tx.conn = &pgConn{db: db, conn: c.Conn()}
	return fn(tx)
}

// Alone waits until no other process holds this name, and holds it until leave is called or the process ends: for work of
// many transactions that cannot be done by two. A SQLite database belongs to one process anyway.
func (db *DB) Alone(ctx context.Context, name string) (leave func(), err error) {
	if db.pg == nil {
		return func() {}, nil
	}
	c, err := db.pg.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	for again := time.NewTicker(100 * time.Millisecond); ; {
		var free bool
		if err := c.QueryRow(ctx, "select pg_try_advisory_lock(hashtextextended($1, 0))", name).Scan(&free); err != nil {
			c.Release()
			return nil, err
		}
		if free {
			again.Stop()
			return func() {
				warn("let go of a name", c.Conn().Close(context.WithoutCancel(ctx))) // the server lets go of it with the connection
				c.Release()
			}, nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			c.Release()
			return nil, ctx.Err()
		}
	}
}

// queueUp takes the session's locks of these heads, always in one order, and waits for each.
func (db *DB) queueUp(ctx context.Context, c *pgx.Conn, heads []string) error {
	sorted := append([]string(nil), heads...)
	sort.Slice(sorted, func(i, k int) bool { return hash(sorted[i]) < hash(sorted[k]) })
	b := &pgx.Batch{}
	for _, h := range sorted {
		b.Queue("select pg_advisory_lock(hashtextextended($1, 0))", h)
	}
	db.trips.Add(1)
	return c.SendBatch(ctx, b).Close()
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s)) // a hash never fails to write
	return h.Sum64()
}

func (p *pgConn) send(ctx context.Context, queue []*Statement) error { return p.pipeline(ctx, queue) }

// commit sends what waits together with the commit, unless an outcome must be looked at first.
func (p *pgConn) commit(ctx context.Context, tx *Tx) error {
	queue := tx.queue
	tx.queue = nil
	for _, q := range queue {
		if q.checked() {
			if err := p.pipeline(ctx, queue); err != nil {
				return err
			}
			queue = nil
			break
		}
	}
	if p.begin != "" && len(queue) == 0 {
		return nil // nothing was asked and nothing is to be written
	}
	p.end = []string{"commit"}
	err := p.pipeline(ctx, queue)
	if err == nil {
		p.begin = "done"
	}
	return err
}

func (p *pgConn) rollback(ctx context.Context, err *error) {
	if *err == nil || p.begin != "" {
		return
	}
	p.db.trips.Add(1)
	if _, e := p.conn.Exec(context.WithoutCancel(ctx), "rollback"); e != nil {
		// The server rolls back what loses its connection.
		warn("close a connection", p.conn.Close(context.WithoutCancel(ctx)))
	}
}

func (p *pgConn) pipeline(ctx context.Context, queue []*Statement) (err error) {
	queue = merged(queue)
	b := &pgx.Batch{}
	lead := 0
	if p.begin != "" {
		b.Queue(p.begin)
		lead, p.begin = 1, ""
	}
	for _, q := range queue {
		args, err := pgArgs(q.args)
		if err != nil {
			return err
		}
		b.Queue(p.db.dollars(q.sql), args...)
	}
	for _, e := range p.end {
		b.Queue(e)
	}
	p.db.trips.Add(1)
	res := p.conn.SendBatch(ctx, b)
	defer func() { err = first(err, res.Close()) }()
	for range lead {
		if _, err := res.Exec(); err != nil {
			return err
		}
	}
	for _, q := range queue {
		if err := p.outcome(res, q); err != nil {
			return q.wrong(err)
		}
	}
	for range p.end {
		if _, err := res.Exec(); err != nil {
			return err
		}
	}
	return nil
}

func (p *pgConn) outcome(res pgx.BatchResults, q *Statement) error {
	if q.scan == nil {
		tag, err := res.Exec()
		if err != nil {
			return err
		}
		return q.changed(tag.RowsAffected())
	}
	r, err := res.Query()
	if err != nil {
		return err
	}
	err = q.scan(r)
	r.Close()
	return first(r.Err(), err)
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// dollars makes $1, $2 … of the ? marks. A mark inside a quoted text stays.
func (db *DB) dollars(q string) string {
	if have, ok := db.marks.Load(q); ok {
		return have.(string)
	}
	var b strings.Builder
	n, quoted := 0, false
	for _, r := range q {
		switch {
		case r == '\'':
			quoted = !quoted
		case r == '?' && !quoted:
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	db.marks.Store(q, b.String())
	return b.String()
}
