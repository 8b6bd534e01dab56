package trust

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kontor/internal/storetest"
)

// kontor is the binary under test: built once, for all tests.
var kontor string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "kontor-trust-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	kontor = filepath.Join(folder, "kontor")
	code := 1
	if out, err := exec.Command("go", "build", "-o", kontor, "kontor/cmd/kontor").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the binary: %v\n%s", err, out)
	} else {
		code = m.Run()
	}
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// engines runs test on each engine, with the address of an empty database and a way to get more of them.
func engines(t *testing.T, test func(t *testing.T, fresh func() string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, func() string { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { test(t, func() string { return storetest.Database(t) }) })
}

// chance is a source of chance whose seed is printed.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("TRUST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal("TRUST_SEED:", err)
		}
	}
	t.Logf("TRUST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// said is what a process writes; it may be read while the process runs.
type said struct {
	sync.Mutex
	text bytes.Buffer
	line chan string // gets the first line
}

func (s *said) Write(p []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	whole := bytes.ContainsRune(s.text.Bytes(), '\n')
	s.text.Write(p) // a buffer takes everything
	if line, _, found := strings.Cut(s.text.String(), "\n"); found && !whole && s.line != nil {
		s.line <- line
	}
	return len(p), nil
}

func (s *said) String() string {
	s.Lock()
	defer s.Unlock()
	return s.text.String()
}

// command is the binary with these arguments, and none of our own environment but what programs need.
func command(ctx context.Context, address string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, kontor, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "KONTOR_MAIL=off", "KONTOR_LOG_LEVEL=warn",
		"KONTOR_RATE_PER_ADDRESS=0", "KONTOR_RATE_PER_ACCOUNT=0", "KONTOR_RATE_PER_COMPANY=0"}
	if address != "" {
		cmd.Env = append(cmd.Env, "KONTOR_DATABASE="+address)
	}
	return cmd
}

// ran is what a command has come to.
type ran struct {
	code     int
	out, err string
}

// run runs a command to its end. To verify what two hundred rounds have left takes seconds, and on a busy machine a minute.
func run(t *testing.T, address string, args ...string) ran {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := command(ctx, address, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if ctx.Err() != nil || cmd.ProcessState == nil {
		t.Fatalf("kontor %s: %v", strings.Join(args, " "), err)
	}
	return ran{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// well runs a command that has to succeed.
func well(t *testing.T, address string, args ...string) ran {
	t.Helper()
	r := run(t, address, args...)
	if r.code != 0 {
		t.Fatalf("kontor %s: exit code %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r
}

// verified fails the test when verify finds anything, on a database at rest or in use.
func verified(t *testing.T, address string) {
	t.Helper()
	r := run(t, address, "verify", "--json")
	if ok, _ := dig(r.out, "ok"); r.code != 0 || ok != "true" {
		t.Fatalf("verify: exit code %d\n%s%s", r.code, r.out, r.err)
	}
	for _, check := range []string{"0", "2", "4"} { // companies, entries, audit; holds and separations there may be none just now
		if n, found := dig(r.out, "checks."+check+".checked"); !found || n == "0" {
			t.Fatalf("verify has looked at nothing: %s", r.out)
		}
	}
}

// node is a running kontor serve.
type node struct {
	url   string
	cmd   *exec.Cmd
	log   *said
	ended chan struct{} // is closed when the process has ended
}

var answering = regexp.MustCompile(`^Kontor answers at (http://\S+)`)

// serve starts a node, and waits until it answers. It is killed when the test ends, unless it has ended before.
func serve(t *testing.T, address string, args ...string) *node {
	t.Helper()
	cmd := command(context.Background(), address, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	out := &said{line: make(chan string, 1)}
	n := &node{cmd: cmd, log: &said{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, n.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait() // how it ended is read from its state
		close(n.ended)
	}()
	t.Cleanup(n.kill)
	select {
	case line := <-out.line:
		m := answering.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("the first line of serve is %q", line)
		}
		n.url = m[1]
	case <-n.ended:
		t.Fatalf("serve ended with exit code %d: %s", cmd.ProcessState.ExitCode(), n.log)
	case <-time.After(30 * time.Second):
		t.Fatalf("serve does not answer: %s", n.log)
	}
	return n
}

// kill ends the node as a power cut would.
func (n *node) kill() {
	_ = n.cmd.Process.Kill() // it may have ended already
	<-n.ended
}

// stop asks the node to end, as an operator does, and gives its exit code and how long it took.
func (n *node) stop(t *testing.T) (code int, took time.Duration) {
	t.Helper()
	began := time.Now()
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	select {
	case <-n.ended:
	case <-time.After(time.Minute):
		t.Errorf("it does not stop: %s", n.log)
		n.kill()
	}
	return n.cmd.ProcessState.ExitCode(), time.Since(began)
}

// quiet fails the test when the node has complained of anything.
func (n *node) quiet(t *testing.T) {
	t.Helper()
	if text := n.log.String(); strings.Contains(text, "level=ERROR") || strings.Contains(text, "panic") {
		t.Errorf("the node has logged:\n%s", text)
	}
}

// empty is the address of a database of PostgreSQL in which there is nothing at all.
func empty(t *testing.T) string {
	t.Helper()
	address := storetest.Database(t)
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), "drop schema public cascade; create schema public"); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return address
}
