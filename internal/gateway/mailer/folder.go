package mailer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder keeps mails as files instead of sending them: for a demonstration, a test, or another program to fetch.
// A file bears the mail's ID and is there whole or not at all; the same mail is the same file.
type Folder struct {
	Dir string // made when it is missing
}

// Check finds out whether the folder is one, or can become one, and makes nothing.
func (f Folder) Check() error {
	for dir := filepath.Clean(f.Dir); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s is no folder", dir)
		case err == nil:
			return nil
		case !errors.Is(err, os.ErrNotExist) || dir == filepath.Dir(dir):
			return err
		}
	}
}

// Make makes the folder, and finds out whether mails can be written there.
func (f Folder) Make() error {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(f.Dir, ".draft-*")
	if err != nil {
		return err
	}
	return errors.Join(draft.Close(), os.Remove(draft.Name()))
}

// Send writes the mail.
func (f Folder) Send(_ context.Context, m Mail) (err error) {
	msg, err := m.compose()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	draft, err := os.CreateTemp(f.Dir, ".draft-*") // readable by us alone
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("mail: %w", err), os.Remove(draft.Name()))
		}
	}()
	_, err = msg.WriteTo(draft)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), filepath.Join(f.Dir, m.ID+".eml"))
}
