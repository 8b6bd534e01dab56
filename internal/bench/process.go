package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
)

// process measures the binary itself: how soon it answers, how much memory it has, what a page weighs.
func (b *bench) process() error {
	binary, err := filepath.Abs("bin/kontor")
	if err != nil {
		return err
	}
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("make bench builds it: %w", err)
	}
	folder, err := os.MkdirTemp("", "kontor-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	took, _, err := b.start(binary, folder, "/sign-in", "")
	if err != nil {
		return err
	}
	b.add("start to the first answer, from an empty disk", took.Round(time.Millisecond).String(), "", "", "≤ 1 s")
	token, err := b.member(binary, folder)
	if err != nil {
		return err
	}
	took, rss, err := b.start(binary, folder, "/api/v1/me", token)
	if err != nil {
		return err
	}
	b.add("start to the first signed-in answer, warm", took.Round(time.Millisecond).String(), "", "", "≤ 150 ms")
	b.add("memory after start and one request", mebibytes(rss), "peer: 922 MiB", "", "")
	return b.loaded(binary, folder)
}

// loaded asks the binary with the demo world for as much as eight clients can, and then what memory it has; and counts
// what a page weighs on its way to a browser.
func (b *bench) loaded(binary, folder string) error {
	p, err := b.launch(binary, "--database", "sqlite:"+filepath.Join(folder, "demo.db"), "--demo", "--rate-per-account", "0", "--rate-per-address", "0", "--rate-per-company", "0")
	if err != nil {
		return err
	}
	defer p.stop()
	x := &site{bench: b, url: p.url}
	var session struct{ Token string }
	if err := x.call("", http.MethodPost, "/api/v1/sessions", object{"email": p.email, "password": p.password}, &session); err != nil {
		return err
	}
	paths := []string{"/api/v1/products?limit=20", "/api/v1/products?limit=20&q=bolt", "/api/v1/purchase-orders?limit=50", "/api/v1/carts", "/api/v1/me", "/api/v1/inbox?limit=50"}
	perSecond, _, err := x.drive(8, func(_, turn int) error {
		return x.call(session.Token, http.MethodGet, paths[turn%len(paths)], nil, nil)
	})
	if err != nil {
		return err
	}
	rss, err := p.memory()
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("memory after %s of 8 clients, %s", b.span, rate(perSecond)), mebibytes(rss), "peer: 922 MiB", "", "≤ 64 MiB after load")
	page, next, err := weigh(p.url, session.Token, "/shop")
	if err != nil {
		return err
	}
	b.add("the catalogue over the wire: first page, next page", fmt.Sprintf("%.0f KiB, %.0f KiB", float64(page)/1024, float64(next)/1024), "", "", "≤ 120 KiB, ≤ 20 KiB")
	return nil
}

func mebibytes(kibibytes int) string { return fmt.Sprintf("%.0f MiB", float64(kibibytes)/1024) }

var linked = regexp.MustCompile(`"(/assets/[^"#]+)`)

// weigh counts the bytes of a page's body, and of all that it links to, as a browser asks for them: compressed.
func weigh(url, token, path string) (first, next int, err error) {
	fetch := func(path string) ([]byte, int, error) {
		req, err := http.NewRequest(http.MethodGet, url+path, nil)
		if err != nil {
			return nil, 0, err
		}
		req.Header.Set("Accept-Encoding", "br") // asked for by hand, so that it is not unpacked
		req.AddCookie(&http.Cookie{Name: "kontor", Value: token})
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return nil, 0, err
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			return nil, 0, errors.Join(err, fmt.Errorf("%s: %s", path, res.Status))
		}
		n := len(raw)
		if res.Header.Get("Content-Encoding") == "br" {
			raw, err = io.ReadAll(brotli.NewReader(bytes.NewReader(raw)))
		}
		return raw, n, err
	}
	body, next, err := fetch(path)
	if err != nil {
		return 0, 0, err
	}
	first = next
	seen := map[string]bool{}
	for _, m := range linked.FindAllSubmatch(body, -1) {
		asset := string(m[1])
		if seen[asset] {
			continue
		}
		seen[asset] = true
		_, n, err := fetch(asset)
		if err != nil {
			return 0, 0, err
		}
		first += n
	}
	if len(seen) < 4 {
		return 0, 0, fmt.Errorf("%s links to only %d files: it is not the page that was meant", path, len(seen))
	}
	return first, next, nil
}

var (
	answering = regexp.MustCompile(`http://\S+`)
	password  = regexp.MustCompile(`password “([^”]+)”`)
	oneTime   = regexp.MustCompile(`signs in once with (\S+)`)
	somebody  = regexp.MustCompile(`^\s+(\S+@\S+)`)
)

// member makes an administrator in the database that was started before, and signs them in; the session outlasts the
// process.
func (b *bench) member(binary, folder string) (token string, err error) {
	database := "sqlite:" + filepath.Join(folder, "k.db")
	const email = "first@bench.example"
	out, err := exec.CommandContext(b.ctx, binary, "user", "bootstrap", "--database", database, "--company", "Bench", "--number", "1",
		"--email", email, "--first", "First", "--last", "User").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("user bootstrap: %w\n%s", err, out)
	}
	given := oneTime.FindSubmatch(out)
	if given == nil {
		return "", fmt.Errorf("user bootstrap names no password:\n%s", out)
	}
	p, err := b.launch(binary, "--database", database)
	if err != nil {
		return "", err
	}
	defer p.stop()
	var session struct{ Token string }
	x := &site{bench: b, url: p.url}
	err = x.call("", http.MethodPost, "/api/v1/sessions", object{"email": email, "password": string(given[1])}, &session)
	return session.Token, err
}

// start starts the binary and asks for one path, as the holder of a session where there is one. It says how long that took
// in all.
func (b *bench) start(binary, folder, path, token string) (took time.Duration, rss int, err error) {
	p, err := b.launch(binary, "--database", "sqlite:"+filepath.Join(folder, "k.db"))
	if err != nil {
		return 0, 0, err
	}
	defer p.stop()
	req, err := http.NewRequestWithContext(b.ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return 0, 0, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, 0, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	took = time.Since(p.began)
	if res.StatusCode != http.StatusOK {
		return 0, 0, errors.Join(err, fmt.Errorf("%s: %s", path, res.Status))
	}
	rss, readErr := p.memory()
	return took, rss, errors.Join(err, readErr)
}

// process is the binary, serving.
type process struct {
	url, email, password string // email and password of the demo world's first person
	began                time.Time
	cmd                  *exec.Cmd
	cancel               func()
}

func (b *bench) launch(binary string, args ...string) (*process, error) {
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute+b.span)
	cmd := exec.CommandContext(ctx, binary, append([]string{"serve", "--addr", "127.0.0.1:0", "--mail", "off"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		cancel()
		return nil, err
	}
	p := &process{began: time.Now(), cmd: cmd, cancel: cancel}
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	lines := bufio.NewReader(out)
	for p.url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			p.stop()
			return nil, err
		}
		p.url = strings.TrimSpace(answering.FindString(line))
		if m := password.FindStringSubmatch(line); m != nil {
			p.password = m[1]
		}
		if m := somebody.FindStringSubmatch(line); m != nil && p.email == "" {
			p.email = m[1]
		}
	}
	go io.Copy(io.Discard, lines)
	return p, nil
}

func (p *process) stop() {
	p.cmd.Process.Signal(os.Interrupt)
	p.cmd.Wait()
	p.cancel()
}

// memory is the resident set in KiB.
func (p *process) memory() (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	var rss int
	_, err = fmt.Sscanf(strings.TrimSpace(after), "%d", &rss)
	return rss, err
}
