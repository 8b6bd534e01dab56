// Package store gathers the tables of every area under one transaction.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/store/accessdb"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/auditdb"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/cartdb"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/store/exchangedb"
	"kontor/internal/store/identitydb"
	"kontor/internal/store/migrations"
	"kontor/internal/store/noticedb"
	"kontor/internal/store/orderdb"
	"kontor/internal/store/orderlistdb"
	"kontor/internal/store/pricingdb"
	"kontor/internal/store/viewdb"
)

// Options say which database, and how to use it.
type Options = engine.Options

// DB is an open store.
type DB struct {
	engine *engine.DB
	rights rights
	usage  usage
	told   chan struct{}
}

// CheckAddress is nil for the address of a database, whether or not that is there.
func CheckAddress(address string) error { return engine.CheckAddress(address) }

// Open opens the database; Migrate makes its tables.
func Open(ctx context.Context, o Options) (*DB, error) {
	e, err := engine.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	return &DB{engine: e, told: make(chan struct{}, 1)}, nil
}

// Close waits for what is under way and closes the database.
func (db *DB) Close() error { return db.engine.Close() }

// Migrate brings the tables up to date and lists what it did.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	done, err := db.engine.Migrate(ctx, migrations.Files)
	if err != nil {
		return done, err
	}
	return done, db.engine.Crowded(ctx, "company_id")
}

// Migrations lists every migration and whether this database has it.
func (db *DB) Migrations(ctx context.Context) ([]engine.Migration, error) {
	return db.engine.Migrations(ctx, fs.FS(migrations.Files))
}

// Ping asks the database whether it is there.
func (db *DB) Ping(ctx context.Context) error {
	return db.engine.Read(ctx, func(t *engine.Tx) error {
		var one int64
		t.Ask("select 1").Row(access.ErrUnseen, &one)
		return t.Fetch(ctx)
	})
}

// Engine is the database underneath: for doctor, backup and benchmarks.
func (db *DB) Engine() *engine.DB { return db.engine }

// Told wakes whoever reacts to events soon after one was told in this process. It is a hint: events told by
// other processes are found by looking.
func (db *DB) Told() <-chan struct{} { return db.told }

// Tx is one transaction, seen as the tables of each area.
type Tx struct {
	Now       time.Time
	Accounts  identitydb.Tables
	Companies companydb.Tables
	Access    accessdb.Tables
	Catalogue cataloguedb.Tables
	Prices    pricingdb.Tables
	Carts     cartdb.Tables
	Lists     orderlistdb.Tables
	Approvals approvaldb.Tables
	Budgets   budgetdb.Tables
	Orders    orderdb.Tables
	Notices   noticedb.Tables
	Exchange  exchangedb.Tables
	Views     viewdb.Tables
	Audit     auditdb.Tables

	tx   *engine.Tx
	told []audit.Entry
}

func tables(t *engine.Tx) *Tx {
	return &Tx{
		Now:       t.Now,
		Accounts:  identitydb.Tables{Tx: t},
		Companies: companydb.Tables{Tx: t},
		Access:    accessdb.Tables{Tx: t},
		Catalogue: cataloguedb.Tables{Tx: t},
		Prices:    pricingdb.Tables{Tx: t},
		Carts:     cartdb.Tables{Tx: t},
		Lists:     orderlistdb.Tables{Tx: t},
		Approvals: approvaldb.Tables{Tx: t},
		Budgets:   budgetdb.Tables{Tx: t},
		Orders:    orderdb.Tables{Tx: t},
		Notices:   noticedb.Tables{Tx: t},
		Exchange:  exchangedb.Tables{Tx: t},
		Views:     viewdb.Tables{Tx: t},
		Audit:     auditdb.Tables{Tx: t},
		tx:        t,
	}
}

// Fetch sends what waits, and takes the answers to what was asked.
func (t *Tx) Fetch(ctx context.Context) error { return t.tx.Fetch(ctx) }

// Head makes those who want to change what hangs on one row queue up; see engine.Tx.Head.
func (t *Tx) Head(key string) { t.tx.Head(key) }

// Tell records what has happened: in the audit, and for whoever waits to hear of it. It is written last of all.
func (t *Tx) Tell(actor access.Actor, events ...audit.Event) {
	for _, e := range events {
		body, err := json.Marshal(e)
		if err != nil {
			body, _ = json.Marshal(fmt.Sprintf("%+v", e)) // a string always marshals; an event is told whatever its shape
		}
		at := t.Now.Add(time.Duration(len(t.told)) * time.Microsecond) // so that they sort in the order in which they were told
		t.told = append(t.told, audit.Entry{
			ID: id.NewEvent(at), Company: actor.Company, At: t.Now, Kind: actor.Sort(), Account: actor.Account,
			Member: actor.Member, Name: actor.Name, Event: e.EventName(), About: e.Subject(), Body: body,
			Request: actor.Request, Address: actor.From,
		})
	}
}

// errStale says that the rights of the actor have changed since it was made.
var errStale = errors.New("store: the rights of the actor have changed")

// Write runs fn in one transaction, which it may run again, so fn has no effect outside it. fn is handed the actor
// anew: with the rights that are true in this very transaction.
//
// Who writes for a company is alone in it: the writes of one company follow each other, those of different companies
// do not meet. So what is read of the company is still true when the transaction commits. Who writes for none is
// serializable among their like.
func (db *DB) Write(ctx context.Context, actor access.Actor, fn func(tx *Tx, actor access.Actor) error) error {
	return db.write(ctx, actor, actor.Company, fn)
}

// WriteApart is Write for what belongs to no company (accounts, sessions), for whichever company the actor acts.
func (db *DB) WriteApart(ctx context.Context, actor access.Actor, fn func(tx *Tx, actor access.Actor) error) error {
	return db.write(ctx, actor, id.Company{}, fn)
}

func (db *DB) write(ctx context.Context, actor access.Actor, company id.Company, fn func(tx *Tx, actor access.Actor) error) error {
	told, once, tries := false, actor.Once(), actor.Tries()
	if actor.Company.IsZero() {
		once = nil // it stands with what a company keeps
	}
	err := db.as(ctx, actor, func(actor access.Actor) error {
		return db.queued(ctx, company, func(t *engine.Tx) error {
			tx := tables(t)
			tx.check(actor)
			if err := fn(tx, actor); err != nil {
				return err
			}
			if tries {
				return access.ErrTried
			}
			tx.Audit.Insert(tx.told)
			told = len(tx.told) > 0
			if once != nil {
				tx.InsertOnce(actor, once.Act, once.Key, once.Hash, nil)
			}
			return nil
		})
	})
	if err == nil && once != nil {
		once.Kept()
	}
	if err == nil && told {
		select {
		case db.told <- struct{}{}:
		default: // somebody has been woken already
		}
	}
	return err
}

func (db *DB) queued(ctx context.Context, company id.Company, fn func(*engine.Tx) error) error {
	if company.IsZero() {
		return db.engine.Write(ctx, fn)
	}
	return db.engine.WriteAlone(ctx, companydb.Queue(company), fn)
}

// Read runs fn in one read-only snapshot, and hands it the actor as Write does.
func (db *DB) Read(ctx context.Context, actor access.Actor, fn func(tx *Tx, actor access.Actor) error) error {
	return db.as(ctx, actor, func(actor access.Actor) error {
		return db.engine.Read(ctx, func(t *engine.Tx) error {
			tx := tables(t)
			tx.check(actor)
			return fn(tx, actor)
		})
	})
}

// check asks, together with the first question of the transaction, whether the actor's rights are still true.
func (t *Tx) check(actor access.Actor) {
	if actor.Kind != access.Member || actor.Company.IsZero() {
		return
	}
	t.stands(actor.Company, actor.Version)
	if !actor.Home.IsZero() {
		t.held(actor)
	}
	if actor.Acting() {
		t.stands(actor.By.Company, actor.By.Version)
	}
}

// stands asks whether the rights of a company are still of this version.
func (t *Tx) stands(company id.Company, known int64) {
	var version int64
	t.tx.Ask(`select c.rights_version from company c where c.id = ?`, company).
		Row(access.ErrSignIn, &version).Needing(func() error {
		if version != known {
			return errStale
		}
		return nil
	})
}

// held asks whether the company that lends the member does so still, or does so again.
func (t *Tx) held(actor access.Actor) {
	var now int64
	t.tx.Ask(`select case when `+companydb.ActsWhere+` then 1 else 0 end from member m where m.company_id = ? and m.id = ?`, actor.Company, actor.Member).
		Row(access.ErrSignIn, &now).Needing(func() error {
		if (now == 1) != actor.Held {
			return errStale
		}
		return nil
	})
}

// as runs fn with the actor, and again with its rights read anew while they turn out to have changed.
func (db *DB) as(ctx context.Context, actor access.Actor, fn func(access.Actor) error) error {
	const tries = 8
	for i := 1; ; i++ {
		err := fn(actor)
		if !errors.Is(err, errStale) {
			return err
		}
		if i == tries {
			return engine.ErrBusy.Because(err)
		}
		if actor, err = db.Rights(ctx, actor); err != nil {
			return err
		}
	}
}

// Times is what moments are read from: the clock of every transaction.
func (db *DB) Times() time.Time { return db.engine.Now() }
