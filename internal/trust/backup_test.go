package trust

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/storetest"
)

// A backup is taken while people work, three times. Each is a whole: restored to another database it verifies, and has
// everything that was acknowledged before it was begun.
func TestABackupTakenAtWorkIsWhole(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		rng := chance(t)
		limit := money.Of(1_000_00, "EUR")
		w := plant(t, fresh(), 6, limit)
		n := serve(t, w.address)
		l := newLoad(t, w, n, limit, rng)
		folder := t.TempDir()
		var files []string
		var told []map[string]bool // the purchase orders that were acknowledged before each backup
		l.during(func() {
			for i := range 3 {
				l.until(5+rng.Int64N(20), 0)
				told = append(told, l.known())
				files = append(files, filepath.Join(folder, fmt.Sprintf("backup-%d.zip", i)))
				r := well(t, w.address, "backup", files[i])
				if !strings.Contains(r.out, files[i]) {
					t.Errorf("backup says %q", r.out)
				}
			}
		})
		l.recover()
		l.prove() // taking a backup harms nobody
		n.quiet(t)
		for i, file := range files {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the backup, which holds people's data, has permissions %v %v", info, err)
			}
			address := fresh()
			well(t, address, "restore", file)
			verified(t, address)
			there := map[string]bool{}
			second := serve(t, address)
			move(second, l.people()...)
			for _, po := range l.dan.all(t, "/api/v1/purchase-orders") {
				there[has(t, po, "id")] = true
			}
			if buyer := l.staff[0]; !l.buy(buyer) {
				t.Fatal("nobody can work with what was restored")
			}
			second.quiet(t)
			if code, _ := second.stop(t); code != 0 {
				t.Errorf("exit code %d", code)
			}
			for order := range told[i] {
				if !there[order] {
					t.Errorf("backup %d has not %s, which was acknowledged before", i, order)
				}
			}
			r := run(t, address, "restore", file)
			if r.code != 1 || !strings.Contains(r.err, "not empty") {
				t.Errorf("restored over a database in use: exit code %d: %s%s", r.code, r.out, r.err)
			}
			verified(t, address) // and nothing has become of it
		}
		if len(told[2]) <= len(told[0]) {
			t.Errorf("nothing was written between the backups")
		}
	})
}

// known are the purchase orders that were acknowledged so far.
func (l *load) known() map[string]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]bool{}
	for order := range l.state {
		all[order] = true
	}
	return all
}

// What is no backup, or is none any more, is not restored, and leaves nothing behind.
func TestABrokenBackupIsNotRestored(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		w := plant(t, fresh(), 1, money.Of(1, "EUR"))
		whole := filepath.Join(t.TempDir(), "backup.zip")
		well(t, w.address, "backup", whole)
		data, err := os.ReadFile(whole)
		if err != nil {
			t.Fatal(err)
		}
		address := fresh()
		damaged := bytes.Clone(data)
		for i := len(damaged) / 3; i < len(damaged)/3+64; i++ {
			damaged[i] ^= 0xff
		}
		for _, c := range []struct {
			name string
			data []byte
		}{
			{"an empty file", nil},
			{"a text", []byte("this is no backup")},
			{"half of one", data[:len(data)/2]},
			{"one with some bytes changed", damaged},
		} {
			file := filepath.Join(t.TempDir(), "backup.zip")
			if err := os.WriteFile(file, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			if r := run(t, address, "restore", file); r.code != 1 || r.err == "" {
				t.Errorf("%s: exit code %d: %s%s", c.name, r.code, r.out, r.err)
			}
		}
		well(t, address, "restore", whole)
		well(t, address, "verify")
		if r := run(t, w.address, "backup", whole); r.code != 1 || !strings.Contains(r.err, "is there already") {
			t.Errorf("a backup over another one: exit code %d: %s%s", r.code, r.out, r.err)
		}
	})
}

// A backup of SQLite is killed in the middle of its copy. What it has left beside the database is told by doctor, and
// taken away by the next backup and the next start; the file that it was for is not there.
func TestWhatAKilledBackupLeavesIsTakenAway(t *testing.T) {
	w := plant(t, storetest.SQLite(t), 1, money.Of(1, "EUR"))
	folder := filepath.Dir(strings.TrimPrefix(w.address, "sqlite:"))
	tamper(t, strings.TrimPrefix(w.address, "sqlite:"), `create table ballast (bytes blob)`)
	tamper(t, strings.TrimPrefix(w.address, "sqlite:"), // so that copying it takes a while
		`insert into ballast with recursive n (i) as (select 1 union all select i + 1 from n where i < 20) select randomblob(1000000) from n`)
	copies := func() []string {
		all, err := filepath.Glob(filepath.Join(folder, ".backup-*"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	file := filepath.Join(t.TempDir(), "backup.zip")
	kill := func() {
		t.Helper()
		cmd := command(t.Context(), w.address, "backup", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a copy is begun", func() string {
			if len(copies()) == 0 {
				return "a copy"
			}
			return ""
		})
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the backup had ended before it was killed")
		}
		if len(copies()) == 0 {
			t.Fatal("nothing is left of the backup that was killed")
		}
		if _, err := os.Stat(file); err == nil {
			t.Fatal("what is not whole bears its name")
		}
		if r := run(t, w.address, "doctor"); r.code != 1 || !strings.Contains(r.out, "should be 0: the next start or backup takes them away") {
			t.Errorf("doctor: exit code %d: %s%s", r.code, r.out, r.err)
		}
	}
	kill()
	well(t, w.address, "migrate")
	if left := copies(); len(left) > 0 {
		t.Errorf("a start has left %q", left)
	}
	kill()
	well(t, w.address, "backup", file)
	if left := copies(); len(left) > 0 {
		t.Errorf("a backup has left %q", left)
	}
	if left, err := filepath.Glob(file + "*"); err != nil || len(left) != 1 {
		t.Errorf("beside the backup there is %q %v", left, err)
	}
	well(t, w.address, "doctor")
}
