// Package cluster starts a PostgreSQL cluster of its own in a temporary folder, for tests and benchmarks.
package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"syscall"
)

// Variable is the environment variable that names a running cluster; without it a test starts its own.
const Variable = "KONTOR_TEST_POSTGRES"

// Cluster is a running PostgreSQL on a free port of the loopback address.
type Cluster struct {
	Address string // of the database "postgres", as superuser
	folder  string
	bin     string
}

// ErrMissing says that no PostgreSQL server is installed.
var ErrMissing = errors.New("no PostgreSQL server found: install the package postgresql")

// Start makes and starts a cluster. durable keeps fsync on, as in production: benchmarks want that, tests do not.
func Start(ctx context.Context, durable bool) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "kontor-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder, bin: bin}
	if os.Geteuid() == 0 {
		uid, gid, err := unprivileged()
		if err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
		if err := os.Chown(folder, uid, gid); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	data := filepath.Join(folder, "data")
	if err := c.run(ctx, "initdb", "-D", data, "-U", "kontor", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s -c max_connections=300 -c shared_buffers=256MB -c max_pred_locks_per_transaction=256", port, folder)
	if !durable {
		options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
	}
	if err := c.run(ctx, "pg_ctl", "-D", data, "-l", filepath.Join(folder, "log"), "-w", "-o", options, "start"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	c.Address = fmt.Sprintf("postgres://kontor@127.0.0.1:%d/postgres?sslmode=disable", port)
	return c, nil
}

// Stop ends the cluster and removes its folder.
func (c *Cluster) Stop() error {
	err := c.run(context.Background(), "pg_ctl", "-D", filepath.Join(c.folder, "data"), "-m", "immediate", "-w", "stop")
	return errors.Join(err, os.RemoveAll(c.folder))
}

// Command is one of the cluster's own programs (pgbench, psql), ready to run.
func (c *Cluster) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, name), args...)
	cmd.Dir = c.folder
	return cmd
}

// Program is the path of one of PostgreSQL's own programs.
func Program(name string) (string, error) {
	bin, err := binaries()
	return filepath.Join(bin, name), err
}

func (c *Cluster) run(ctx context.Context, name string, args ...string) error {
	cmd := c.Command(ctx, name, args...)
	if os.Geteuid() == 0 {
		uid, gid, err := unprivileged()
		if err != nil {
			return err
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	// The server inherits what it is started with, so its output goes to a file and not to a pipe that would
	// stay open for as long as it runs.
	out, err := os.CreateTemp("", "kontor-postgres-out-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, readErr := os.ReadFile(out.Name())
		return errors.Join(fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(said)), readErr)
	}
	return nil
}

func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	sort.Slice(found, func(i, k int) bool { return version(found[i]) > version(found[k]) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", ErrMissing
}

func version(initdb string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0 // a folder that is no version number sorts last
	}
	return n
}

// unprivileged is whom the server runs as when we are root, for it refuses to.
func unprivileged() (uid, gid int, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres: %w", err)
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
