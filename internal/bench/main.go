// Command bench measures Kontor beside references that are measured in the same run, on the same machine, and prints
// one table: what, how fast, the reference, their ratio, the goal. All checks, the audit and the outbox are on.
//
// It wants the address of a PostgreSQL cluster in KONTOR_TEST_POSTGRES, with fsync on: make bench starts one.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
	"time"
)

func main() {
	short := flag.Bool("short", false, "smaller worlds and shorter runs, to see that everything runs")
	only := flag.String("only", "", "only this part: check, sqlite, postgres or process")
	row := flag.String("row", "", "of the parts with a database, only the rows whose name holds this")
	span := flag.Duration("span", 0, "how long a row is measured, if not for five seconds")
	profile := flag.String("cpuprofile", "", "write a profile of the whole run to this file")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	b := &bench{ctx: context.Background(), products: 100_000, companies: 1_000, span: 5 * time.Second, only: *only, row: *row}
	if *short {
		b.products, b.companies, b.span = 2_000, 20, 500*time.Millisecond
	}
	if *span > 0 {
		b.span = *span
	}
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	b.print()
}

// bench gathers what was measured.
type bench struct {
	ctx       context.Context
	products  int
	companies int
	span      time.Duration
	only      string
	row       string
	rows      []row
}

// row is a line of the table.
type row struct {
	what, figure, reference, ratio, goal string
}

func (b *bench) add(what, figure, reference, ratio, goal string) {
	b.rows = append(b.rows, row{what, figure, reference, ratio, goal})
	fmt.Fprintf(os.Stderr, "%-58s %-34s %-36s %-8s %s\n", what, figure, reference, ratio, goal)
}

func (b *bench) wants(name string) bool { return b.only == "" || strings.Contains(name, b.only) }

// wantsRow reports whether a row is to be measured at all.
func (b *bench) wantsRow(name string) bool { return strings.Contains(name, b.row) }

func (b *bench) run() error {
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"check", b.checks},
		{"sqlite", func() error { return b.engine("sqlite") }},
		{"postgres", func() error { return b.engine("postgres") }},
		{"process", b.process},
	} {
		if !b.wants(part.name) {
			continue
		}
		if err := part.do(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func (b *bench) print() {
	fmt.Println("| what | Kontor | reference in the same run | ratio | goal |")
	fmt.Println("| --- | --- | --- | --- | --- |")
	for _, r := range b.rows {
		fmt.Printf("| %s | %s | %s | %s | %s |\n", r.what, r.figure, r.reference, r.ratio, r.goal)
	}
}

func percent(a, b float64) string {
	if b == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*a/b)
}

func rate(x float64) string { return fmt.Sprintf("%.0f/s", x) }
