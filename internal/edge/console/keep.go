package console

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"kontor/internal/store"
	"kontor/internal/store/engine"
)

// Doctor says how the database is set up, and whether anything must be mended.
func Doctor(ctx context.Context, db *store.DB, w io.Writer, asJSON bool) (ok bool, err error) {
	found, err := db.Engine().Doctor(ctx)
	if err != nil {
		return false, err
	}
	migrations, err := db.Migrations(ctx)
	if err != nil {
		return false, err
	}
	waiting := 0
	for _, m := range migrations {
		if !m.Applied {
			waiting++
		}
	}
	found = append(found, engine.Finding{What: "migrations that wait", Is: fmt.Sprint(waiting), Want: "0", OK: waiting == 0})
	ok = true
	for _, f := range found {
		ok = ok && f.OK
	}
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return ok, e.Encode(struct {
			OK       bool             `json:"ok"`
			Findings []engine.Finding `json:"findings"`
		}{ok, found})
	}
	for _, f := range found {
		state := "ok"
		if !f.OK {
			state = "should be " + f.Want
		}
		if _, err := fmt.Fprintf(w, "%-44s %-24s %s\n", f.What, f.Is, state); err != nil {
			return ok, err
		}
	}
	return ok, nil
}

// Existing is nil when there is a database at this address, and Kontor's tables are in it, be they of an older version.
func Existing(ctx context.Context, o store.Options) error {
	o.Shared = true // to look is not to make one
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	_, _, err = migrated(ctx, db)
	return errors.Join(err, db.Close())
}

// migrated lists the migrations that a database has, and says how many wait. Of none at all it is an error.
func migrated(ctx context.Context, db *store.DB) (names []string, waiting int, err error) {
	all, err := db.Migrations(ctx)
	for _, m := range all {
		if m.Applied {
			names = append(names, m.Name)
		} else {
			waiting++
		}
	}
	if err == nil && len(names) == 0 {
		err = errors.New("there is nothing of Kontor in this database; “kontor migrate” makes its tables")
	}
	return names, waiting, err
}

// current is nil when a database has all migrations of this version.
func current(ctx context.Context, db *store.DB) error {
	_, waiting, err := migrated(ctx, db)
	if err == nil && waiting > 0 {
		err = fmt.Errorf("the database is of an older version (migrations that wait: %d); run “kontor migrate” first", waiting)
	}
	return err
}

// Backup writes a snapshot of the database to a file, which appears when it is whole.
func Backup(ctx context.Context, db *store.DB, path string) error {
	if path == "" {
		return errors.New("say in which file the backup shall be")
	}
	names, _, err := migrated(ctx, db)
	if err != nil {
		return err
	}
	// whoever mistypes where it shall be hears of it, and does not look for it later where it is not
	if folder, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) || err == nil && !folder.IsDir() {
		return fmt.Errorf("there is no folder %s: make it first, or name another one", filepath.Dir(path))
	}
	return engine.WriteWhole(path, func(w io.Writer) error { return db.Engine().Backup(ctx, w, names) })
}

// Unread says, for people, why a file that they named cannot be read.
func Unread(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", path)
	case errors.Is(err, syscall.EISDIR):
		return fmt.Errorf("%s is a folder: name a file in it", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s is closed to the user who runs this", path)
	}
	return fmt.Errorf("%s cannot be read: %w", path, err)
}

// Restore fills an empty database from a backup.
func Restore(ctx context.Context, o store.Options, path string) error {
	z, err := zip.OpenReader(path)
	var system *fs.PathError
	switch {
	case errors.As(err, &system):
		return Unread(path, err)
	case err != nil:
		return fmt.Errorf("%s cannot be read as a backup: %w", path, err)
	}
	defer z.Close()
	m, err := engine.ReadManifest(&z.Reader)
	if err != nil {
		return err
	}
	lite := strings.HasPrefix(o.Address, "sqlite:")
	if lite != (m.Engine == "sqlite") {
		return fmt.Errorf("the backup is of %s: restore it to a database of that kind", m.Engine)
	}
	if lite {
		if err := engine.RestoreLite(&z.Reader, strings.TrimPrefix(o.Address, "sqlite:")); err != nil {
			return err
		}
	}
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	if _, err := db.Migrate(ctx); err != nil {
		return errors.Join(err, db.Close())
	}
	if !lite {
		err = db.Engine().RestorePostgres(ctx, &z.Reader, m)
	}
	return errors.Join(err, db.Close())
}
