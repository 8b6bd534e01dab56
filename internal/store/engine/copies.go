package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A backup of SQLite is copied beside the database first, in a folder of its own, and a process that is killed leaves
// that there. Whoever copies holds the lock of the copies together with others who do; whoever takes away what was left
// holds it alone, so nothing is taken away while anybody copies.
const (
	copyFolder = ".backup-"
	copyLock   = ".backup.lock"
)

// useCopies keeps the copies beside a database from being swept until the file is closed. It waits for a sweep.
func useCopies(beside string) (*os.File, error) {
	f, err := lockShared(filepath.Join(beside, copyLock))
	if err != nil {
		return nil, fmt.Errorf("lock the copies of backups: %w", err)
	}
	return f, nil
}

// sweepCopies takes away the copies that killed backups have left, unless a backup is being made just now.
func sweepCopies(beside string) error {
	return abandoned(beside, func(left []string) (err error) {
		for _, folder := range left {
			err = errors.Join(err, os.RemoveAll(folder))
		}
		return err
	})
}

// countCopies counts the copies that killed backups have left; while a backup is being made nobody can tell, and it
// counts none.
func countCopies(beside string) (n int, err error) {
	err = abandoned(beside, func(left []string) error { n = len(left); return nil })
	return n, err
}

// abandoned hands over the copies that no backup is making, while none can begin.
func abandoned(beside string, do func(left []string) error) error {
	if left, err := leftCopies(beside); err != nil || len(left) == 0 {
		return err
	}
	alone, err := lockFile(filepath.Join(beside, copyLock))
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lock the copies of backups: %w", err)
	}
	left, err := leftCopies(beside) // some were made, and are gone since we looked
	if err == nil {
		err = do(left)
	}
	return errors.Join(err, alone.Close())
}

// leftCopies lists the folders beside a database that hold nothing but a copy of one.
func leftCopies(beside string) (all []string, err error) {
	entries, err := os.ReadDir(beside)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), copyFolder) {
			continue
		}
		folder := filepath.Join(beside, e.Name())
		inside, err := os.ReadDir(folder)
		if errors.Is(err, os.ErrNotExist) {
			continue // its backup has just ended
		}
		if err != nil {
			return nil, err
		}
		strange := slices.ContainsFunc(inside, func(f os.DirEntry) bool {
			return !f.Type().IsRegular() || !strings.HasPrefix(f.Name(), liteFile)
		})
		if !strange {
			all = append(all, folder)
		}
	}
	return all, nil
}
