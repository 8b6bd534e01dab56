package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/speakeasy-api/openapi/validation"
)

func TestWhatTheLinterFinds(t *testing.T) {
	of := func(rule string) error {
		return validation.NewValidationError(validation.SeverityError, rule, errors.New("it is not so"), nil)
	}
	for _, row := range []struct {
		sentence string
		found    error
		wrong    bool
	}{
		{"a rule that we hold is broken", of("semantic-duplicated-enum"), true},
		{"it is broken, and that is said of something else", fmt.Errorf("in a file: %w", of("validation-required-field")), true},
		{"a rule that we have decided against is not held", of("semantic-no-verbs-in-path"), false},
		{"nor are those of style", of("style-tags-alphabetical"), false},
		{"nor limits on what is answered", of("owasp-string-limit"), false},
		{"a rule that we do not know is held", of("unheard"), true},
		{"a finding of no rule is wrong", of(""), true},
		{"a failure of the linter's own is wrong", errors.New("resolve #/components/x: not found"), true},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := len(wrong([]error{row.found})) > 0; got != row.wrong {
				t.Errorf("wrong: %t", got)
			}
		})
	}
}

// A description with a fault of a rule that we hold is refused.
func TestAnUnsoundDescriptionIsRefused(t *testing.T) {
	for sentence, row := range map[string]struct {
		text string
		ok   bool
	}{
		"it is sound":                {`{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}`, true},
		"it has no title":            {`{"openapi": "3.1.0", "info": {"version": "1"}, "paths": {}}`, false},
		"it names what is not there": {`{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"$ref": "#/components/responses/X"}}}}}}`, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "openapi.json")
			if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := lint(t.Context(), path); (err == nil) != row.ok || err != nil && !strings.Contains(err.Error(), "the linter finds") {
				t.Error(err)
			}
		})
	}
}
