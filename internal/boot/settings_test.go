package boot

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var golden = flag.Bool("golden", false, "rewrite what is made from the code")

func TestDocumentationOfSettings(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Settings\n\nMade from the code. A flag counts before the environment, and that before the file that `--config` names, in which a setting goes by the name of its flag.\n\n| setting | environment | default | what |\n| --- | --- | --- | --- |\n")
	for _, d := range (Settings{}).Describe() {
		fmt.Fprintf(&b, "| `--%s` | `%s` | `%s` | %s |\n", d.Name, d.Environment, d.Default, d.Help)
	}
	const path = "../../docs/settings.md"
	if *golden {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Error("docs/settings.md is not what the code says: run make golden and read the difference")
	}
}

func TestSettingsAreCheckedTogether(t *testing.T) {
	good := Settings{Database: "sqlite:x.db", Public: "http://localhost:8080"}
	if err := good.Check(); err != nil {
		t.Errorf("what is right: %v", err)
	}
	bad := Settings{Database: "mysql://x", Public: "buy.example.com", Trusted: []string{"10.0.0"}, RatePerAccount: -1}
	err := bad.Check()
	for _, name := range []string{"database", "public", "trusted", "rate-per-account"} {
		if err == nil || !strings.Contains(err.Error(), name+":") {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestAPasswordIsStruckOut(t *testing.T) {
	for _, d := range (Settings{Database: "postgres://kontor:secret@db/kontor", Mail: "smtps://u:secret@mail:465"}).Describe() {
		if strings.Contains(fmt.Sprint(d.Value), "secret") {
			t.Errorf("%s shows its password: %v", d.Name, d.Value)
		}
	}
}

func TestHowMailLeaves(t *testing.T) {
	rows := []struct {
		setting string
		right   bool
	}{
		{"off", true}, {"folder:data/mail", true}, {"smtp://mail.internal", true}, {"smtp://mail.internal:25?tls=off", true}, {"smtps://u:p@mail.internal:465", true},
		{"", false}, {"folder:", false}, {"mail.internal", false}, {"http://mail.internal", false}, {"smtp://", false},
	}
	for _, r := range rows {
		if _, err := (Settings{Mail: r.setting}).sender(); (err == nil) != r.right {
			t.Errorf("%q: %v", r.setting, err)
		}
	}
}
