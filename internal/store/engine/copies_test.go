package engine_test

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kontor/internal/store/engine"
)

// plant makes files with some text in them; a name that ends in a slash is a folder.
func plant(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		path, within := filepath.Join(folder, name), filepath.Join(folder, filepath.Dir(name))
		if err := os.MkdirAll(within, 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(path, []byte("half a database"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// left are the names beside the database that are neither its own files nor locks.
func left(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") && !strings.HasPrefix(e.Name(), "kontor.db") || strings.HasSuffix(e.Name(), ".part") {
			names = append(names, e.Name())
		}
	}
	return names
}

func open(t *testing.T, o engine.Options) *engine.DB {
	t.Helper()
	db, err := engine.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// counted is what doctor says of copies that were left.
func counted(t *testing.T, db *engine.DB) engine.Finding {
	t.Helper()
	all, err := db.Doctor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(f engine.Finding) bool { return strings.Contains(f.What, "copies") })
	if i < 0 {
		t.Fatalf("doctor says nothing of copies: %v", all)
	}
	return all[i]
}

func TestWhatAKilledBackupLeftIsTakenAway(t *testing.T) {
	folder := t.TempDir()
	address := "sqlite:" + filepath.Join(folder, "kontor.db")
	if err := open(t, engine.Options{Address: address}).Close(); err != nil {
		t.Fatal(err)
	}
	ours := []string{".backup-1/kontor.db", ".backup-2/kontor.db", ".backup-2/kontor.db-journal", ".backup-3/", "kontor.db.part"}
	others := []string{".backup-4/kontor.db", ".backup-4/letters", ".backup-5/kontor.db/more", ".backups/kontor.db", ".backup-6", "backup-7/kontor.db", "other.db.part"}
	kept := []string{".backup-4", ".backup-5", ".backup-6", ".backups", "backup-7", "other.db.part"}

	plant(t, folder, append(ours, others...)...)
	beside := open(t, engine.Options{Address: address, Shared: true})
	if f := counted(t, beside); f.OK || f.Is != "3" {
		t.Errorf("doctor says %+v", f)
	}
	if err := beside.Backup(t.Context(), io.Discard, nil); err != nil {
		t.Fatal(err)
	}
	if names := left(t, folder); !slices.Equal(names, append(slices.Clone(kept[:5]), "kontor.db.part", "other.db.part")) {
		t.Errorf("a backup has left %q", names)
	}
	if f := counted(t, beside); !f.OK || f.Is != "0" {
		t.Errorf("doctor says %+v", f)
	}
	plant(t, folder, ours...)
	open(t, engine.Options{Address: address})
	if names := left(t, folder); !slices.Equal(names, kept) {
		t.Errorf("a start has left %q", names)
	}
}

// stopping is where a backup is written to. It stops at the first byte, when the copy is there, until it may go on.
type stopping struct {
	begun chan struct{}
	goOn  chan error
	first bool
}

func (s *stopping) Write(p []byte) (int, error) {
	if !s.first {
		s.first = true
		close(s.begun)
		if err := <-s.goOn; err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func TestTheCopyOfARunningBackupIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	address := "sqlite:" + filepath.Join(folder, "kontor.db")
	db := open(t, engine.Options{Address: address})
	err := db.Write(t.Context(), func(tx *engine.Tx) error {
		tx.Write(`create table chance (bytes blob)`)
		tx.Write(`insert into chance values (randomblob(100000))`) // more than is gathered before it is written
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	plant(t, folder, ".backup-1/kontor.db")
	full := errors.New("the disk is full")
	for _, end := range []error{nil, full} {
		w := &stopping{begun: make(chan struct{}), goOn: make(chan error, 1)}
		ended := make(chan error, 1)
		go func() { ended <- db.Backup(context.Background(), w, nil) }()
		<-w.begun
		running := left(t, folder)
		if len(running) != 1 || running[0] == ".backup-1" {
			t.Fatalf("beside the database there is %q", running)
		}
		plant(t, folder, ".backup-2/kontor.db")
		if f := counted(t, db); !f.OK { // nobody can tell which of them is left
			t.Errorf("doctor says %+v", f)
		}
		if err := open(t, engine.Options{Address: address, Shared: true}).Backup(t.Context(), io.Discard, nil); err != nil {
			t.Errorf("a second backup: %v", err)
		}
		elsewhere := open(t, engine.Options{Address: "sqlite:" + filepath.Join(folder, "kontor.db-other")}) // of the same folder
		if names := left(t, folder); !slices.Contains(names, running[0]) || !slices.Contains(names, ".backup-2") {
			t.Errorf("of the copies there are %q", names)
		}
		w.goOn <- end
		if err := <-ended; !errors.Is(err, end) {
			t.Errorf("the backup ended with %v", err)
		}
		if err := errors.Join(elsewhere.Backup(t.Context(), io.Discard, nil), elsewhere.Close()); err != nil {
			t.Error(err)
		}
		if names := left(t, folder); len(names) != 0 {
			t.Errorf("when all have ended there is %q", names)
		}
		plant(t, folder, ".backup-1/kontor.db")
	}
}

func TestAFileBearsItsNameWhenItIsWhole(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "backup.zip")
	plant(t, folder, "backup.zip.part") // a longer text than what is written now
	broken := errors.New("broken")
	if err := engine.WriteWhole(path, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return errors.Join(err, broken) }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if names := left(t, folder); len(names) != 0 {
		t.Errorf("what broke off has left %q", names)
	}
	plant(t, folder, "backup.zip.part")
	err := engine.WriteWhole(path, func(w io.Writer) error {
		if err := engine.WriteWhole(path, func(io.Writer) error { t.Error("two write one file"); return nil }); err == nil || !strings.Contains(err.Error(), "another process is writing") {
			t.Errorf("the second of two: %v", err)
		}
		_, err := io.WriteString(w, "whole")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "whole" {
		t.Errorf("%q %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("it has permissions %v %v", info.Mode(), err)
	}
	if err := engine.WriteWhole(path, func(io.Writer) error { return nil }); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("over one that is there: %v", err)
	}
}

// Nobody opens a database while it is being restored, and a restore does not go into one that is open.
func TestADatabaseIsEitherOpenOrRestored(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "backup.zip")
	from := open(t, engine.Options{Address: "sqlite:" + filepath.Join(t.TempDir(), "kontor.db")})
	if err := engine.WriteWhole(file, func(w io.Writer) error { return from.Backup(t.Context(), w, nil) }); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	path := filepath.Join(folder, "kontor.db")
	db := open(t, engine.Options{Address: "sqlite:" + path})
	if err := engine.RestoreLite(&z.Reader, path); err == nil || !strings.Contains(err.Error(), "open for writing") {
		t.Errorf("restored into one that is open: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := engine.RestoreLite(&z.Reader, path); !errors.Is(err, engine.ErrNotEmpty) {
		t.Errorf("restored over one that is there: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	plant(t, folder, "kontor.db.part")
	if err := engine.RestoreLite(&z.Reader, path); err != nil {
		t.Fatal(err)
	}
	if err := open(t, engine.Options{Address: "sqlite:" + path}).Close(); err != nil {
		t.Error(err)
	}
	if names := left(t, folder); !slices.Equal(names, []string{"backup.zip"}) {
		t.Errorf("a restore has left %q", names)
	}
}
