// Command contract holds the description of the API against what others make of it: it is linted, and a client generated from it
// compiles. Nothing generated stays.
//
//	go run -C tools ./contract ../internal/edge/api/testdata/openapi.golden.json
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	_ "github.com/oapi-codegen/runtime" // which the client needs
	"github.com/speakeasy-api/openapi/linter"
	"github.com/speakeasy-api/openapi/openapi"
	rules "github.com/speakeasy-api/openapi/openapi/linter"
)

func main() {
	if err := check(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "contract:", err)
		os.Exit(1)
	}
}

func check(ctx context.Context, path string) error {
	if err := lint(ctx, path); err != nil {
		return err
	}
	return compile(ctx, path)
}

// held are the rules of the linter that we hold. Others want what version 1 has decided otherwise: limits on what is answered, rate
// limits in headers of their own, verbs in no path, an example everywhere.
var held = func(rule string) bool {
	return (strings.HasPrefix(rule, "semantic-") || strings.HasPrefix(rule, "validation-") || rule == "oas-schema-check" || strings.HasPrefix(rule, "oas3-no-")) && rule != "semantic-no-verbs-in-path"
}

func lint(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	doc, invalid, err := openapi.Unmarshal(ctx, f)
	if err != nil {
		return err
	}
	l, err := rules.NewLinter(linter.NewConfig())
	if err != nil {
		return err
	}
	out, err := l.Lint(ctx, linter.NewDocumentInfo(doc, path), invalid, nil)
	if err != nil {
		return err
	}
	wrong, seen := 0, map[string]int{}
	for line := range strings.SplitSeq(out.FormatText(), "\n") {
		for _, word := range strings.Fields(line) {
			if strings.Contains(word, "-") && !strings.ContainsAny(word, "/`'\"") {
				seen[word]++
				if held(word) {
					wrong++
					fmt.Fprintln(os.Stderr, line)
				}
				break
			}
		}
	}
	if os.Getenv("CONTRACT_ALL") != "" {
		fmt.Println(seen)
	}
	if wrong > 0 {
		return fmt.Errorf("the linter finds %d faults in %s", wrong, path)
	}
	return nil
}

func compile(ctx context.Context, path string) (err error) {
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return err
	}
	text, err := codegen.Generate(doc, codegen.Configuration{PackageName: "main", Generate: codegen.GenerateOptions{Models: true, Client: true}}.UpdateDefaults())
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "contract")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	client := filepath.Join(dir, "client.go")
	if err := os.WriteFile(client, []byte(text+"\nfunc main() {}\n"), 0o600); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, "client"), client)
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("a client made from %s does not compile: %w", path, err)
	}
	return nil
}
