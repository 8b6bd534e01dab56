package console

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

// Backup writes a snapshot of the database to a file, which appears when it is whole.
func Backup(ctx context.Context, db *store.DB, path string) error {
	migrations, err := db.Migrations(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, m := range migrations {
		names = append(names, m.Name)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return engine.WriteWhole(path, func(w io.Writer) error { return db.Engine().Backup(ctx, w, names) })
}

// Restore fills an empty database from a backup.
func Restore(ctx context.Context, o store.Options, path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("open the backup: %w", err)
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
