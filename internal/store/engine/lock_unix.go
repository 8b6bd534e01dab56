//go:build unix

package engine

import (
	"errors"
	"os"
	"syscall"
)

// errLocked says that another process has a lock.
var errLocked error = syscall.EWOULDBLOCK

// lockFile takes the file for this process alone, or fails at once with errLocked. The lock ends with the process.
func lockFile(path string) (*os.File, error) { return flock(path, syscall.LOCK_EX|syscall.LOCK_NB) }

// lockShared takes the file together with others who do so, and waits for whoever has it alone.
func lockShared(path string) (*os.File, error) { return flock(path, syscall.LOCK_SH) }

func flock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(err, f.Close())
		}
	}
}

// names counts the names (hard links) of a file; none of one that is not there.
func names(path string) (uint64, error) {
	var s syscall.Stat_t
	err := syscall.Stat(path, &s)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	return uint64(s.Nlink), err
}
