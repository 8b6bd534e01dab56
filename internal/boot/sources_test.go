package boot

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A flag counts before the environment, that before the file, and that before the default; and each says where it is from.
func TestWhereASettingIsFrom(t *testing.T) {
	type environment map[string]string
	for _, c := range []struct {
		name string
		file string // none is written when it is empty
		env  environment
		args []string
		want map[string]string // by name: the value, and behind a bar where it is from
	}{
		{name: "nobody says anything", want: map[string]string{"seller": "Kontor|the default", "db-conns": "0|the default", "worker": "true|the default"}},
		{name: "the file", file: `{"seller": "File", "db-conns": 7, "worker": false, "trusted": ["10.0.0.0/8", "::1/128"], "rate-per-account": 2.5, "log": "json"}`,
			want: map[string]string{"seller": "File|the file", "db-conns": "7|the file", "worker": "false|the file", "trusted": "[10.0.0.0/8 ::1/128]|the file",
				"rate-per-account": "2.5|the file", "log": "json|the file", "log-level": "info|the default"}},
		{name: "the environment", env: environment{"KONTOR_SELLER": "Environment", "KONTOR_DB_CONNS": "8", "KONTOR_WORKER": "no", "KONTOR_TRUSTED": "10.0.0.0/8,::1/128"},
			want: map[string]string{"seller": "Environment|the environment variable KONTOR_SELLER", "db-conns": "8|the environment variable KONTOR_DB_CONNS",
				"worker": "false|the environment variable KONTOR_WORKER", "trusted": "[10.0.0.0/8 ::1/128]|the environment variable KONTOR_TRUSTED"}},
		{name: "a flag", args: []string{"--seller=Flag", "--db-conns=9", "--no-worker", "--trusted=10.0.0.0/8"},
			want: map[string]string{"seller": "Flag|the flag --seller", "db-conns": "9|the flag --db-conns", "worker": "false|the flag --worker", "trusted": "[10.0.0.0/8]|the flag --trusted"}},
		{name: "the environment before the file", file: `{"seller": "File", "worker": false, "db-conns": 7, "trusted": ["10.0.0.0/8"], "log": "json"}`,
			env: environment{"KONTOR_SELLER": "Environment", "KONTOR_WORKER": "true", "KONTOR_DB_CONNS": "8", "KONTOR_TRUSTED": "::1/128", "KONTOR_LOG": "text"},
			want: map[string]string{"seller": "Environment|the environment variable KONTOR_SELLER", "worker": "true|the environment variable KONTOR_WORKER",
				"db-conns": "8|the environment variable KONTOR_DB_CONNS", "trusted": "[::1/128]|the environment variable KONTOR_TRUSTED", "log": "text|the environment variable KONTOR_LOG"}},
		{name: "what the environment has empty is empty", file: `{"metrics": "127.0.0.1:1", "seller": "File"}`, env: environment{"KONTOR_METRICS": ""},
			want: map[string]string{"metrics": "|the environment variable KONTOR_METRICS", "seller": "File|the file"}},
		{name: "a flag before the file", file: `{"seller": "File", "worker": false}`, args: []string{"--seller=Flag", "--worker"},
			want: map[string]string{"seller": "Flag|the flag --seller", "worker": "true|the flag --worker"}},
		{name: "a flag before the environment", env: environment{"KONTOR_SELLER": "Environment", "KONTOR_WORKER": "false"}, args: []string{"--seller=Flag", "--worker=true"},
			want: map[string]string{"seller": "Flag|the flag --seller", "worker": "true|the flag --worker"}},
		{name: "all three", file: `{"seller": "File", "addr": "127.0.0.1:1", "log": "json", "log-level": "warn"}`,
			env: environment{"KONTOR_SELLER": "Environment", "KONTOR_ADDR": "127.0.0.1:2"}, args: []string{"--seller=Flag"},
			want: map[string]string{"seller": "Flag|the flag --seller", "addr": "127.0.0.1:2|the environment variable KONTOR_ADDR", "log": "json|the file", "log-level": "warn|the file"}},
		{name: "a flag that mends what the environment has wrong", env: environment{"KONTOR_DB_CONNS": "some"}, args: []string{"--db-conns=3"},
			want: map[string]string{"db-conns": "3|the flag --db-conns"}},
		{name: "the environment mends what the file has wrong", file: `{"db-conns": "some"}`, env: environment{"KONTOR_DB_CONNS": "3"},
			want: map[string]string{"db-conns": "3|the environment variable KONTOR_DB_CONNS"}},
	} {
		for _, by := range []string{"flag", "environment"} {
			t.Run(c.name+", the file named by the "+by, func(t *testing.T) {
				args := append([]string{"settings"}, c.args...)
				if c.file != "" {
					path := filepath.Join(t.TempDir(), "kontor.json")
					if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
						t.Fatal(err)
					}
					if by == "flag" {
						args = append(args, "--config", path)
					} else {
						t.Setenv("KONTOR_CONFIG", path)
					}
				}
				for name, value := range c.env {
					t.Setenv(name, value)
				}
				got, from, _, err := understand(args, io.Discard, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range got.Describe(from) {
					want, asked := c.want[d.Name]
					value, source, _ := strings.Cut(want, "|")
					if asked && (fmt.Sprint(d.Value) != value || !strings.HasPrefix(d.Source, source)) {
						t.Errorf("%s is %v from %s, want %s from %s", d.Name, d.Value, d.Source, value, source)
					}
					if !asked && d.Source != "the default" {
						t.Errorf("%s is from %s", d.Name, d.Source)
					}
				}
			})
		}
	}
}

// What cannot be taken names its setting, and where it is from.
func TestWhatCannotBeTakenIsNamed(t *testing.T) {
	for _, c := range []struct {
		name, file, variable, value string
		args                        []string
		said                        []string
	}{
		{name: "a number of the environment", variable: "KONTOR_DB_CONNS", value: "some", said: []string{"--db-conns: ", "a whole number", "the environment variable KONTOR_DB_CONNS", `"some"`}},
		{name: "an empty number", variable: "KONTOR_DB_CONNS", said: []string{"--db-conns: ", "KONTOR_DB_CONNS"}},
		{name: "a rate of the environment", variable: "KONTOR_RATE_PER_ACCOUNT", value: "1,5", said: []string{"--rate-per-account: ", "a number", "KONTOR_RATE_PER_ACCOUNT", `"1,5"`}},
		{name: "a yes or no of the environment", variable: "KONTOR_WORKER", value: "maybe", said: []string{"--worker: ", "true or false", "KONTOR_WORKER", `"maybe"`}},
		{name: "a choice of the environment", variable: "KONTOR_LOG", value: "xml", said: []string{"--log: ", "one of text, json", "KONTOR_LOG", `"xml"`}},
		{name: "a number on the command line", args: []string{"--db-conns=some"}, said: []string{"--db-conns", `"some"`}},
		{name: "a choice on the command line", args: []string{"--log-level=loud"}, said: []string{"--log-level", `"loud"`}},
		{name: "a number of the file", file: `{"db-conns": "some"}`, said: []string{"--db-conns: ", "a whole number", "kontor.json", `"some"`}},
		{name: "half a connection", file: `{"db-conns": 1.5}`, said: []string{"--db-conns: ", "a whole number", "kontor.json", "1.5"}},
		{name: "a choice of the file", file: `{"log": "xml"}`, said: []string{"--log: ", "one of text, json", "kontor.json", `"xml"`}},
		{name: "a number for a text", file: `{"seller": 5}`, said: []string{"--seller: ", "a text", "kontor.json", "5"}},
		{name: "a text for yes or no", file: `{"worker": "true"}`, said: []string{"--worker: ", "true or false", "kontor.json"}},
		{name: "a text for a list", file: `{"trusted": "10.0.0.0/8"}`, said: []string{"--trusted: ", "a list of texts", "kontor.json"}},
		{name: "nothing in a list", file: `{"trusted": [null]}`, said: []string{"--trusted: ", "a list of texts", "kontor.json"}},
		{name: "nothing", file: `{"seller": null}`, said: []string{"--seller: ", "a text", "kontor.json"}},
		{name: "what may have a password is not repeated", file: `{"mail": ["smtp://u:hidden@mail"]}`, said: []string{"--mail: ", "a text", "kontor.json"}},
		{name: "an entry that there is not", file: "{\n\"seller\": \"x\",\n\"colour\": \"red\"}", said: []string{"kontor.json", "line 3", `no setting "colour"`}},
		{name: "an entry by another spelling", file: `{"db_conns": 5}`, said: []string{"kontor.json", `no setting "db_conns"; "db-conns" is meant`}},
		{name: "an entry by the name of its variable", file: `{"KONTOR_LOG": "json"}`, said: []string{"kontor.json", `"log" is meant`}},
		{name: "the flag of a command", file: `{"demo": true}`, said: []string{"kontor.json", `no setting "demo"`}},
		{name: "an entry that is there twice", file: `{"seller": "a", "seller": "b"}`, said: []string{"kontor.json", `"seller" stands there twice`}},
		{name: "no JSON", file: "{\n\"seller\": x}", said: []string{"kontor.json", "line 2"}},
		{name: "half a file", file: `{"addr":`, said: []string{"kontor.json", "it ends before"}},
		{name: "an empty file", file: " ", said: []string{"kontor.json", "it ends before"}},
		{name: "a list", file: `["seller"]`, said: []string{"kontor.json", "not of the form"}},
		{name: "two objects", file: `{"seller": "x"} {}`, said: []string{"kontor.json", "something follows"}},
		{name: "a file that is not there", args: []string{"--config", "nowhere/kontor.json"}, said: []string{"nowhere/kontor.json", "no such file"}},
		{name: "a folder", args: []string{"--config", "."}, said: []string{"cannot be read from the file", "is a directory"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"settings"}, c.args...)
			if c.file != "" {
				path := filepath.Join(t.TempDir(), "kontor.json")
				if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, "--config", path)
			}
			if c.variable != "" {
				t.Setenv(c.variable, c.value)
			}
			var out, errs strings.Builder
			if code := Main(args, &out, &errs); code != 2 || out.String() != "" {
				t.Errorf("exit code %d: %s", code, &out)
			}
			for _, said := range c.said {
				if !strings.Contains(errs.String(), said) {
					t.Errorf("nothing is said of %s: %s", said, &errs)
				}
			}
			if strings.Contains(errs.String(), "hidden") {
				t.Errorf("a password is told: %s", &errs)
			}
		})
	}
}

// What a setting that can be read must not be is told with where it is from, too.
func TestWhatASettingMustNotBeIsNamedWithItsSource(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kontor.json")
	if err := os.WriteFile(path, []byte(`{"mail": "pigeon://roof"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTOR_PUBLIC", "buy.example.com")
	var errs strings.Builder
	if code := Main([]string{"settings", "--config", path, "--addr", "nowhere"}, io.Discard, &errs); code != 2 {
		t.Errorf("exit code %d", code)
	}
	for _, said := range []string{"addr (from the flag --addr): ", "public (from the environment variable KONTOR_PUBLIC): ", "mail (from the file " + path + "): "} {
		if !strings.Contains(errs.String(), said) {
			t.Errorf("nothing is said of %s: %s", said, &errs)
		}
	}
}

// All that is wrong is said in one go: what cannot be read in the environment and in the file, entries that there are not, and
// values that must not be.
func TestAllSettingsThatAreWrongAreTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kontor.json")
	if err := os.WriteFile(path, []byte(`{"mail": "pigeon://roof", "log": "xml", "colour": "red", "shape": "round", "seller": "a", "seller": "b"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"KONTOR_DB_CONNS": "some", "KONTOR_WORKER": "maybe", "KONTOR_RATE_PER_ACCOUNT": "-1", "KONTOR_ADRR": "127.0.0.1:1", "KONTOR_PORT_8080_TCP": "tcp://10.0.0.1:8080",
		"kontor_seller": "x", "KONTOR_DATABASE": "env:KONTOR_SECRET_ADDRESS"} {
		t.Setenv(name, value)
	}
	var errs strings.Builder
	if code := Main([]string{"settings", "--config", path, "--addr", "nowhere"}, io.Discard, &errs); code != 2 {
		t.Errorf("exit code %d", code)
	}
	for _, said := range []string{"--db-conns: ", "--worker: ", "rate-per-account (from ", `no setting "colour"`, `no setting "shape"`, `"seller" stands there twice`, "addr (from the flag --addr)",
		"KONTOR_SECRET_ADDRESS, which is not set", "KONTOR_ADRR is no setting and counts for nothing; KONTOR_ADDR is meant", "KONTOR_PORT_8080_TCP is no setting", "kontor_seller is no setting and counts for nothing; KONTOR_SELLER is meant"} {
		if strings.Count(errs.String(), said) != 1 {
			t.Errorf("not once: %s: %s", said, &errs)
		}
	}
	if strings.Contains(errs.String(), "variable KONTOR_SECRET_ADDRESS is no setting") {
		t.Errorf("what a setting names is no stranger: %s", &errs)
	}
}

// What is wrong with a command points to the help of that command.
func TestTheHelpOfTheCommandIsNamed(t *testing.T) {
	for _, c := range []struct {
		args []string
		said string
	}{
		{[]string{"import"}, "“kontor import --help”"},
		{[]string{"user", "bootstrap", "--company", "Acme"}, "“kontor user bootstrap --help”"},
		{[]string{"company", "block", "10001", "--why", "x"}, "“kontor company block --help”"},
		{[]string{"sing"}, "“kontor --help”"},
	} {
		var errs strings.Builder
		if code := Main(c.args, io.Discard, &errs); code != 2 || !strings.Contains(errs.String(), c.said) {
			t.Errorf("%v: %d %s", c.args, code, &errs)
		}
	}
}

// The help of a command tells its own flags first, and then the settings, under a heading.
func TestACommandTellsItsOwnFlagsFirst(t *testing.T) {
	for _, args := range [][]string{{"import", "--help"}, {"user", "owner", "--help"}, {"serve", "--help"}} {
		out, code := helped(args)
		own, heading, setting := strings.Index(out, "Flags:"), strings.Index(out, "Settings of every command"), strings.Index(out, "--database=")
		if code != 0 || own < 0 || heading < own || setting < heading || strings.Contains(out[heading:], "--currency=") || strings.Contains(out[heading:], "--demo") {
			t.Errorf("%v: %d\n%s", args, code, out)
		}
	}
}

// helped is what the help of a command says: the parser ends the process after it, so it is asked in one of its own.
func helped(args []string) (string, int) {
	test := exec.Command(os.Args[0], "-test.run=^TestHelpAlone$")
	test.Env = append(os.Environ(), "KONTOR_TEST_HELP="+strings.Join(args, " "))
	out, err := test.CombinedOutput()
	if err != nil {
		return string(out) + err.Error(), 1
	}
	return string(out), 0
}

// The process of which the help is read.
func TestHelpAlone(t *testing.T) {
	asked := os.Getenv("KONTOR_TEST_HELP")
	if asked == "" {
		return // it is for the test above
	}
	os.Unsetenv("KONTOR_TEST_HELP")
	os.Exit(Main(strings.Fields(asked), os.Stdout, os.Stderr))
}

// A file or folder that somebody named and that is not there is told in a sentence, and nothing is made of it.
func TestWhatIsNamedAndNotThereIsTold(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("KONTOR_DATABASE", "sqlite:"+filepath.Join(dir, "kontor.db"))
	for _, name := range []string{"KONTOR_TEST_POSTGRES", "KONTOR_TEST_HELP"} { // what tests are told is no setting, and would be told of
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	var errs strings.Builder
	if code := Main([]string{"migrate"}, io.Discard, &errs); code != 0 {
		t.Fatal(&errs)
	}
	none, folder := filepath.Join(dir, "none.csv"), filepath.Join(dir, "backups")
	for _, c := range []struct {
		args []string
		said string
	}{
		{[]string{"import", none}, "kontor: there is no file " + none + "\n"},
		{[]string{"import", dir}, "kontor: " + dir + " is a folder: name a file in it\n"},
		{[]string{"restore", none}, "kontor: there is no file " + none + "\n"},
		{[]string{"backup", filepath.Join(folder, "today.zip")}, "kontor: there is no folder " + folder + ": make it first, or name another one\n"},
	} {
		errs.Reset()
		if code := Main(c.args, io.Discard, &errs); code != 1 || errs.String() != c.said {
			t.Errorf("%v: %d %s", c.args, code, &errs)
		}
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder was made")
	}
}

// A company is not founded with half of what is wrong told, and no database is made for it.
func TestAFounderIsReadAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kontor.db")
	t.Setenv("KONTOR_DATABASE", "sqlite:"+path)
	var errs strings.Builder
	if code := Main([]string{"user", "bootstrap", "--company", " ", "--number", "1 2", "--email", "dan", "--first", "Dan", "--last", strings.Repeat("x", 61), "--currency", "euro", "--zone", "Moon"}, io.Discard, &errs); code != 1 {
		t.Errorf("exit code %d", code)
	}
	for _, field := range []string{"--number: ", "--company: ", "--currency: ", "--email: ", "--last: ", "--zone: "} {
		if !strings.Contains(errs.String(), field) {
			t.Errorf("nothing of %s in %s", field, &errs)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a database is made")
	}
}

// A folder in which no mail can be kept is told before anything is done.
func TestMailNeedsAFolder(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("KONTOR_DATABASE", "sqlite:"+filepath.Join(dir, "kontor.db"))
	t.Setenv("KONTOR_MAIL", "folder:/proc/kontor/mail")
	var errs strings.Builder
	if code := Main([]string{"serve", "--addr", "127.0.0.1:0"}, io.Discard, &errs); code != 1 || !strings.Contains(errs.String(), "mail cannot be kept in the folder /proc/kontor/mail") || !strings.Contains(errs.String(), "KONTOR_MAIL=off") {
		t.Errorf("%d %s", code, &errs)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v is left, %v", entries, err)
	}
}

// A file of products is read in the characters and with the separator that a spreadsheet has written it with.
func TestAFileOfProductsIsReadAsItWasSaved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("KONTOR_DATABASE", "sqlite:"+filepath.Join(dir, "kontor.db"))
	if code := Main([]string{"migrate"}, io.Discard, io.Discard); code != 0 {
		t.Fatal("no database")
	}
	wide := "\xff\xfe"
	for _, c := range "sku\tname\tunit\tcategory\nT-3\tBänder\tpcs\tOffice\n" {
		wide += string([]byte{byte(c), 0})
	}
	for _, c := range []struct {
		name, text string
		code       int
		said       string
	}{
		{"commas in UTF-8", "\ufeffsku,name,unit,category\nT-1,Bänder,pcs,Office\n", 0, "1 products made"},
		{"semicolons in Windows-1252", "sku;name;unit;category\nT-2;B\xe4nder;pcs;Office\n", 0, "1 products made"},
		{"tabs in UTF-16", wide, 0, "1 products made"},
		{"a line that names the separator", "sep=;\nsku;name;unit;category\nT-4;;pcs;Office\n", 1, "line 3, name: "},
		{"nothing", "", 1, "this file is empty: it needs a row of headings"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", 1, "this file cannot be read: it is damaged, or it is neither CSV nor XLSX"},
	} {
		path := filepath.Join(dir, "products.csv")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if code := Main([]string{"import", path}, &out, &out); code != c.code || !strings.Contains(out.String(), c.said) {
			t.Errorf("%s: %d %s", c.name, code, &out)
		}
	}
}
