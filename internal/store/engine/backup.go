package engine

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// A backup is a zip file: manifest.json says what it is, and the rest is the data: of SQLite the database file as one
// snapshot, of PostgreSQL each table as COPY writes it, all from one snapshot.

// Manifest is what a backup says of itself.
type Manifest struct {
	Kind       string   `json:"kind"` // kontor-backup
	Engine     string   `json:"engine"`
	At         string   `json:"at"`
	Migrations []string `json:"migrations"`
	Tables     []string `json:"tables,omitempty"`
}

const manifestKind, manifestFile, liteFile = "kontor-backup", "manifest.json", "kontor.db"

// Backup writes a snapshot of the database, while others go on reading and writing.
func (db *DB) Backup(ctx context.Context, w io.Writer, migrations []string) error {
	m := Manifest{Kind: manifestKind, Engine: db.Name(), At: db.Now().Format(time.RFC3339), Migrations: migrations}
	z := zip.NewWriter(w)
	var err error
	if db.pg != nil {
		err = db.backupPostgres(ctx, z, &m)
	} else {
		err = db.backupLite(ctx, z)
	}
	if err != nil {
		return err
	}
	f, err := z.Create(manifestFile)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(m); err != nil {
		return err
	}
	return z.Close()
}

func (db *DB) backupLite(ctx context.Context, z *zip.Writer) (err error) {
	beside := filepath.Dir(db.lite.path)
	if err := sweepCopies(beside); err != nil {
		return err
	}
	using, err := useCopies(beside)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, using.Close()) }()
	folder, err := os.MkdirTemp(beside, copyFolder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	copied := filepath.Join(folder, liteFile)
	c, err := db.lite.connect(ctx) // a reader of ours may write nothing at all, not even a copy
	if err != nil {
		return err
	}
	_, err = c.conn.ExecContext(ctx, `vacuum into ?`, copied)
	if err = errors.Join(err, c.close()); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	f, err := z.Create(liteFile)
	if err != nil {
		return err
	}
	in, err := os.Open(copied)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return errors.Join(err, in.Close())
}

func (db *DB) backupPostgres(ctx context.Context, z *zip.Writer, m *Manifest) error {
	c, err := db.pg.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	tx, err := c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) // nothing was written
	if m.Tables, err = tablesOf(ctx, tx); err != nil {
		return err
	}
	for _, t := range m.Tables {
		f, err := z.Create("tables/" + t)
		if err != nil {
			return err
		}
		if _, err := tx.Conn().PgConn().CopyTo(ctx, f, "copy "+pgx.Identifier{t}.Sanitize()+" to stdout"); err != nil {
			return fmt.Errorf("copy %s: %w", t, err)
		}
	}
	return nil
}

// tablesOf lists our tables in the order in which they were made, so that what a row refers to comes before it.
func tablesOf(ctx context.Context, tx pgx.Tx) (all []string, err error) {
	rows, err := tx.Query(ctx, `
		select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		 where n.nspname = current_schema() and c.relkind = 'r' and c.relname <> 'goose_db_version' order by c.oid`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// ErrNotEmpty says that a database to restore into has something in it.
var ErrNotEmpty = errors.New("the database to restore into is not empty")

// ReadManifest reads what a backup says of itself.
func ReadManifest(z *zip.Reader) (m Manifest, err error) {
	f, err := z.Open(manifestFile)
	if err != nil {
		return m, fmt.Errorf("this is no backup of Kontor: %w", err)
	}
	err = errors.Join(json.NewDecoder(f).Decode(&m), f.Close())
	if err == nil && m.Kind != manifestKind {
		err = errors.New("this is no backup of Kontor")
	}
	return m, err
}

// partSuffix is that of a file which bears its name only when it is whole.
const partSuffix = ".part"

// RestoreLite writes the database file of a backup to a path where there is none, and nobody opens a database there
// meanwhile. What appears there is whole: a copy that breaks off leaves nothing behind, or where it was killed, what the
// next start or restore takes away.
func RestoreLite(z *zip.Reader, path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if path, err = ownName(path); err != nil {
		return err
	}
	lock, err := lockLite(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	for _, file := range []string{path, path + "-wal"} { // a log that is left over would be played into the new file
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("%w: %s is there", ErrNotEmpty, file)
		} else if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	part := path + partSuffix
	if err := unpack(z, liteFile, part); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	return rename(part, path)
}

// WriteWhole makes a file that bears its name only when write has written all of it, and outlasts a power cut then. It
// is for its owner alone to read. What was left half written there by a process that was killed is written anew; what
// another process is writing is left alone.
func WriteWhole(path string, write func(w io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already; choose another name", path)
	}
	part := path + partSuffix
	f, err := lockFile(part)
	switch {
	case errors.Is(err, errLocked):
		return fmt.Errorf("another process is writing %s: %w", path, err)
	case err != nil:
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }() // the lock lasts until the file has its name, or is gone
	if same, err := still(f, part); err != nil || !same {
		return errors.Join(fmt.Errorf("another process has just written %s", path), err)
	}
	if err = f.Truncate(0); err == nil {
		err = errors.Join(write(f), f.Sync())
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return rename(part, path)
}

// still reports whether an open file bears this name.
func still(f *os.File, name string) (bool, error) {
	open, err := f.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(name)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(open, named), err
}

// rename gives a file its name, in a way that outlasts a power cut.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// unpack writes a file of a backup to a path, for the owner alone to read.
func unpack(z *zip.Reader, name, path string) (err error) {
	in, err := z.Open(name)
	if err != nil {
		return fmt.Errorf("the backup has no database file: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err != nil {
		err = fmt.Errorf("the backup is damaged: %w", err)
	}
	return errors.Join(err, out.Sync(), out.Close())
}

// RestorePostgres fills the empty tables of a migrated database from a backup: all of them, or none.
func (db *DB) RestorePostgres(ctx context.Context, z *zip.Reader, m Manifest) error {
	c, err := db.pg.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) // after a commit there is nothing left to roll back
	have, err := tablesOf(ctx, tx)
	if err != nil {
		return err
	}
	if strings.Join(have, " ") != strings.Join(m.Tables, " ") {
		return errors.New("the backup was made by another version: restore it with that version, then migrate")
	}
	for _, t := range m.Tables {
		name := pgx.Identifier{t}.Sanitize()
		var some bool
		if err := tx.QueryRow(ctx, "select exists (select 1 from "+name+")").Scan(&some); err != nil {
			return err
		}
		if some {
			return fmt.Errorf("%w: %s has rows", ErrNotEmpty, t)
		}
		f, err := z.Open("tables/" + t)
		if err != nil {
			return err
		}
		if _, err := tx.Conn().PgConn().CopyFrom(ctx, f, "copy "+name+" from stdin"); err != nil {
			return fmt.Errorf("fill %s: %w", t, err)
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	if err := countOn(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// countOn lets the columns that count by themselves go on after what was filled in.
func countOn(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		select table_name, column_name from information_schema.columns where table_schema = current_schema() and is_identity = 'YES'`)
	if err != nil {
		return err
	}
	type column struct{ Table, Name string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		return err
	}
	for _, c := range all {
		table, name := pgx.Identifier{c.Table}.Sanitize(), pgx.Identifier{c.Name}.Sanitize()
		_, err := tx.Exec(ctx, "select setval(pg_get_serial_sequence($1, $2), coalesce(max("+name+"), 0) + 1, false) from "+table, table, c.Name)
		if err != nil {
			return fmt.Errorf("count on in %s: %w", c.Table, err)
		}
	}
	return nil
}
