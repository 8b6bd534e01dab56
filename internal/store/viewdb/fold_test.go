package viewdb_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// Words are found whatever their case, in every script, and alike on both engines: as Go folds what was typed.
func TestCaseMakesNoDifference(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, word := range []string{"Änne Öztürk", "ÜBERSEE", "Ærø", "ÉCOLE", "ΣΟΦΙΑ", "ЖУК", "plain", "100 % _ !", ""} {
			var got string
			var like bool
			err := db.Read(t.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
				tx.Views.Tx.Ask(`select fold(?), case when fold(?) like ? then 1 else 0 end = 1`, word, word, "%"+strings.ToLower(word)+"%").Row(access.ErrUnseen, &got, &like)
				return tx.Fetch(t.Context())
			})
			if err != nil || got != strings.ToLower(word) || !like {
				t.Errorf("%q is folded to %q, and found: %t (%v)", word, got, like, err)
			}
		}
	})
}

// What SQL calls lower knows ASCII alone: no query asks for it.
func TestNothingIsFoldedByLower(t *testing.T) {
	files, err := filepath.Glob("../*/*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	lower := regexp.MustCompile(`[^a-zA-Z.]lower\(`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") && lower.Match(text) {
			t.Errorf("%s asks for lower(…): ask for fold(…)", f)
		}
	}
}
