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
	"github.com/speakeasy-api/openapi/validation"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: contract openapi.json")
		os.Exit(2)
	}
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

// held reports whether we hold what a rule of the linter wants: all but what version 1 has decided otherwise, which are limits on what
// is answered, rate limits in headers of their own, verbs in no path, an example everywhere, and matters of style. A rule that we do
// not know is held.
func held(rule string) bool {
	switch rule {
	case "semantic-no-verbs-in-path", "oas3-example-missing":
		return false
	}
	return !strings.HasPrefix(rule, "style-") && !strings.HasPrefix(rule, "owasp-")
}

// wrong is what of the linter's findings breaks a rule that we hold. What is no finding of a rule is a failure of the linter's own, and
// wrong, too: it has not looked.
func wrong(found []error) (all []error) {
	for _, err := range found {
		var broken *validation.Error
		if !errors.As(err, &broken) || held(broken.Rule) {
			all = append(all, err)
		}
	}
	return all
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
	all := wrong(out.Results)
	for _, err := range all {
		fmt.Fprintln(os.Stderr, err)
	}
	if len(all) > 0 {
		return fmt.Errorf("the linter finds %d faults in %s", len(all), path)
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
