package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// process measures the binary itself: how soon it answers, how much memory it has, what a page weighs.
func (b *bench) process() error {
	binary, err := filepath.Abs("bin/kontor")
	if err != nil {
		return err
	}
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("build it first: %w", err)
	}
	folder, err := os.MkdirTemp("", "kontor-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	for i, name := range []string{"from an empty disk", "warm"} {
		took, rss, err := b.start(binary, folder)
		if err != nil {
			return err
		}
		b.add("start to the first answer, "+name, took.Round(time.Millisecond).String(), "", "", []string{"≤ 1 s", "≤ 150 ms"}[i])
		if i == 1 {
			b.add("memory after start and one request", fmt.Sprintf("%.0f MiB", float64(rss)/1024), "peer: 922 MiB", "", "≤ 64 MiB after load")
		}
	}
	return nil
}

var answering = regexp.MustCompile(`http://\S+`)

func (b *bench) start(binary, folder string) (took time.Duration, rss int, err error) {
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "serve", "--addr", "127.0.0.1:0", "--database", "sqlite:"+filepath.Join(folder, "k.db"), "--mail", "off")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return 0, 0, err
	}
	url := strings.TrimSpace(answering.FindString(line))
	res, err := http.Get(url + "/sign-in")
	if err != nil {
		return 0, 0, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	took = time.Since(began)
	status, readErr := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if readErr != nil {
		return took, 0, readErr
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	fmt.Sscanf(strings.TrimSpace(after), "%d", &rss)
	return took, rss, err
}
