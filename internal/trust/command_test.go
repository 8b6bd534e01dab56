package trust

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kontor/internal/base/money"
	"kontor/internal/storetest"
)

// commands are all that the binary can do.
var commands = []string{"serve", "migrate", "seed", "import", "replay", "verify", "doctor", "backup", "restore", "company list", "company block", "company unblock", "company close", "user bootstrap", "user owner", "user password", "settings", "routes", "version"}

// Each command says what it is, in the list and in its own help; a flag that there is not is told by its name.
func TestCommandsExplainThemselves(t *testing.T) {
	all := well(t, "", "--help")
	if nothing := well(t, ""); nothing.out != all.out {
		t.Error("without a command one is not told which there are")
	}
	if asked := well(t, "", "help"); asked.out != all.out {
		t.Error("kontor help says something else than --help")
	}
	for _, c := range commands {
		args := strings.Fields(c)
		if !strings.Contains(all.out, "\n  "+c) {
			t.Errorf("%s is not in the list of commands", c)
		}
		help := well(t, "", append(args, "--help")...)
		about, rest, _ := strings.Cut(help.out, "\n\nFlags:")
		_, about, _ = strings.Cut(about, "\n\n")
		if !strings.HasPrefix(help.out, "Usage: kontor "+c) || !strings.HasSuffix(strings.TrimSpace(strings.Split(about, "\n\n")[0]), ".") || !strings.Contains(rest, "--database") {
			t.Errorf("the help of %s is\n%s", c, help.out)
		}
		if same := well(t, "", append([]string{"help"}, args...)...); same.out != help.out {
			t.Errorf("kontor help %s says something else", c)
		}
		r := run(t, "sqlite:/nonexistent/kontor.db", append(args, "--colour")...)
		if r.code != 2 || !strings.Contains(r.err, "unknown flag --colour") || r.out != "" {
			t.Errorf("%s --colour: exit code %d: %s%s", c, r.code, r.out, r.err)
		}
	}
	listed := 0
	_, list, _ := strings.Cut(all.out, "\nCommands:\n")
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "  ") && line[2] != ' ' {
			listed++
		}
	}
	if listed != len(commands) {
		t.Errorf("%d commands are listed, and this test knows %d:\n%s", listed, len(commands), list)
	}
}

// What is not understood is exit code 2 and a sentence that says what it is about; nothing has been touched.
func TestWhatIsNotUnderstoodIsSaid(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name string
		args []string
		code int
		said []string
	}{
		{"a command that there is not", []string{"dance"}, 2, []string{"unexpected argument dance"}},
		{"a command half said", []string{"user"}, 2, []string{`"bootstrap"`, `"password"`}},
		{"a command without what it is about", []string{"backup"}, 2, []string{"<file>"}},
		{"all that is missing is told", []string{"user", "bootstrap", "--company", "X"}, 2, []string{"--email", "--first", "--last", "--number"}},
		{"a database of another kind", []string{"serve", "--database", "mysql://x"}, 2, []string{"database", "sqlite:", "postgres://"}},
		{"an address that is none", []string{"settings", "--public", "buy.example.com"}, 2, []string{"public", `"buy.example.com"`}},
		{"a network that is none", []string{"settings", "--trusted", "10.0.0.1"}, 2, []string{"trusted", `"10.0.0.1"`}},
		{"a rate below zero", []string{"settings", "--rate-per-account=-1"}, 2, []string{"rate-per-account"}},
		{"a number that is none", []string{"settings", "--db-conns=some"}, 2, []string{"--db-conns"}},
		{"a choice that there is not", []string{"settings", "--log=xml"}, 2, []string{"--log", "json"}},
		{"two mistakes are told at once", []string{"settings", "--public=x", "--trusted=y"}, 2, []string{"public", "trusted"}},
		{"a settings file that is not there", []string{"settings", "--config", folder + "/none.json"}, 2, []string{"none.json"}},
		{"a settings file that cannot be read", []string{"settings", "--config", file("broken.json", `{"addr":`)}, 2, []string{"broken.json", "it ends before its JSON does"}},
		{"a settings file with what is no setting", []string{"serve", "--config", file("more.json", `{"adress": "127.0.0.1:0"}`)}, 2, []string{"more.json", `"adress"`}},
		{"a file to import that is not there", []string{"import", folder + "/none.csv"}, 1, []string{"there is no file", "none.csv"}},
		{"a backup that is not there", []string{"restore", folder + "/none.zip"}, 1, []string{"none.zip"}},
		{"an address to listen at that is none", []string{"serve", "--addr", "nowhere"}, 2, []string{"addr", "nowhere"}},
		{"an address for Prometheus that is none", []string{"serve", "--metrics", "9090", "--addr", "127.0.0.1:0"}, 2, []string{"metrics", "9090"}},
		{"mail that leaves by pigeon", []string{"serve", "--mail", "pigeon://roof", "--addr", "127.0.0.1:0"}, 2, []string{"mail", "pigeon://roof"}},
		{"mail into what is no folder", []string{"serve", "--mail", "folder:" + file("letters", ""), "--addr", "127.0.0.1:0"}, 2, []string{"mail", "letters is no folder"}},
		{"mail from nobody", []string{"serve", "--mail-from", "the shop", "--addr", "127.0.0.1:0"}, 2, []string{"mail-from", "the shop"}},
		{"an address that is taken", []string{"serve", "--addr", taken.Addr().String()}, 1, []string{"listen", taken.Addr().String(), "in use"}},
		{"an address for Prometheus that is taken", []string{"serve", "--addr", "127.0.0.1:0", "--metrics", taken.Addr().String()}, 1, []string{"metrics", taken.Addr().String(), "in use"}},
		{"a database that does not answer", []string{"verify", "--database", "postgres://kontor:hidden@127.0.0.1:1/x"}, 1, []string{"PostgreSQL does not answer"}},
		{"verify of what is not there", []string{"verify"}, 1, []string{"there is no database"}},
		{"doctor for what is not there", []string{"doctor"}, 1, []string{"there is no database"}},
		{"a list of companies where there are none", []string{"company", "list"}, 1, []string{"there is no database"}},
		{"a company blocked for no reason", []string{"company", "block", "10001"}, 2, []string{"--reason"}},
		{"a company blocked where there is none", []string{"company", "block", "10001", "--reason", "unpaid"}, 1, []string{"there is no database"}},
		{"a backup of what is not there", []string{"backup", folder + "/b.zip"}, 1, []string{"there is no database"}},
	} {
		database := filepath.Join(t.TempDir(), "kontor.db")
		r := run(t, "sqlite:"+database, c.args...)
		if r.code != c.code || r.out != "" {
			t.Errorf("%s: exit code %d, want %d: %s%s", c.name, r.code, c.code, r.out, r.err)
		}
		for _, said := range c.said {
			if !strings.Contains(r.err, said) {
				t.Errorf("%s: nothing is said of %s: %s", c.name, said, r.err)
			}
		}
		if strings.Contains(r.err, "goroutine") || strings.Contains(r.err, "hidden") {
			t.Errorf("%s: %s", c.name, r.err)
		}
		if _, err := os.Stat(database); err == nil && (c.code == 2 || slices.Contains([]string{"serve", "verify", "doctor", "backup"}, c.args[0])) {
			t.Errorf("%s: a database was made all the same", c.name)
		}
	}
}

// What cannot be carried out is told in a sentence, in exit code 1, or 2 where the command itself cannot be; and nothing
// has been done by half.
func TestWhatCannotBeCarriedOutIsSaid(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		w := plant(t, fresh(), 1, money.Of(1, "EUR"))
		folder := t.TempDir()
		file := func(name, text string) string {
			path := filepath.Join(folder, name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		csv := file("products.csv", "sku,name,unit,category\nT-1,Tape,pcs,Office\n")
		backup := filepath.Join(folder, "backup.zip")
		well(t, w.address, "backup", backup)
		founding := func(more ...string) []string {
			return append([]string{"user", "bootstrap", "--company", "Initech", "--number", "30001", "--email", "peter@initech.example", "--first", "Peter", "--last", "Gibbons"}, more...)
		}
		before := companies(t, w.address)
		for _, c := range []struct {
			name string
			args []string
			code int
			said []string
		}{
			{"a password for nobody", []string{"user", "password", "nobody@acme.example"}, 1, []string{"there is no account with the e-mail address nobody@acme.example"}},
			{"a password for what is no address", []string{"user", "password", "nobody"}, 1, []string{"looks like name@company.example"}},
			{"a password for somebody who has one", []string{"user", "password", "ann@acme.example"}, 1, []string{"has a password already"}},
			{"a password for whom", []string{"user", "password"}, 2, []string{"<email>"}},
			{"a company that there is", founding("--number", "10001"), 1, []string{"customer number 10001 already", "nothing was changed"}},
			{"an administrator without an address", founding("--email", "peter"), 1, []string{"looks like name@company.example"}},
			{"a currency that there is not", founding("--currency", "euros"), 1, []string{"currency"}},
			{"a time zone that there is not", founding("--zone", "Mars/Olympus"), 1, []string{"zone"}},
			{"a language that nobody speaks here", founding("--language", "tlh"), 2, []string{"--language", "tlh"}},
			{"a company without a name", founding("--company", " "), 1, []string{"--company: please fill this in"}},
			{"an administrator without a name", founding("--first", "", "--last", " "), 1, []string{"--last: please fill this in"}},
			{"an import of nothing", []string{"import"}, 2, []string{"<file>"}},
			{"an import of what is not there", []string{"import", folder + "/none.csv"}, 1, []string{"there is no file", "none.csv"}},
			{"an import of a folder", []string{"import", folder}, 1, []string{folder, "is a folder"}},
			{"an import of a database", []string{"import", backup}, 1, []string{"kontor: "}},
			{"an import into a list without a name", []string{"import", csv, "--list", ""}, 1, []string{"a name is 1 to 200 characters"}},
			{"a backup to what is there", []string{"backup", backup}, 1, []string{"backup.zip", "is there already"}},
			{"a backup to a folder", []string{"backup", folder}, 1, []string{"is there already"}},
			{"a backup below a file", []string{"backup", csv + "/backup.zip"}, 1, []string{"there is no folder", "products.csv"}},
			{"a backup without a place", []string{"backup"}, 2, []string{"<file>"}},
			{"a restore of nothing", []string{"restore"}, 2, []string{"<file>"}},
			{"a restore of what is not there", []string{"restore", folder + "/none.zip"}, 1, []string{"there is no file", "none.zip"}},
			{"a restore of a folder", []string{"restore", folder}, 1, []string{folder, "is a folder"}},
			{"a restore of what is no backup", []string{"restore", csv}, 1, []string{"products.csv", "cannot be read as a backup"}},
			{"a restore over what is there", []string{"restore", backup}, 1, []string{"not empty"}},
			{"fewer orders than none", []string{"replay", "--first=-1"}, 1, []string{"--first"}},
			{"more than was asked for", []string{"verify", "all"}, 2, []string{"unexpected argument all"}},
		} {
			r := run(t, w.address, c.args...)
			if r.code != c.code || r.out != "" {
				t.Errorf("%s: exit code %d, want %d: %s%s", c.name, r.code, c.code, r.out, r.err)
			}
			for _, said := range c.said {
				if !strings.Contains(r.err, said) {
					t.Errorf("%s: nothing is said of %s: %s", c.name, said, r.err)
				}
			}
			if strings.Contains(r.err, "goroutine") || strings.Contains(r.err, "select ") {
				t.Errorf("%s: %s", c.name, r.err)
			}
		}
		if after := companies(t, w.address); after != before {
			t.Errorf("there are %s companies, and were %s", after, before)
		}
		if r := well(t, w.address, founding()...); !strings.Contains(r.out, "peter@initech.example signs in once with ") {
			t.Errorf("after all that was refused it is %s", r.out)
		}
		if r := well(t, w.address, founding("--number", "30002", "--email", "ann@acme.example")...); !strings.Contains(r.out, "signs in with the password that they have") {
			t.Errorf("the company of somebody who has a password: %s", r.out)
		}
	})
}

// companies is how many companies there are.
func companies(t *testing.T, address string) string {
	t.Helper()
	return has(t, well(t, address, "verify", "--json").out, "checks.0.checked")
}

// A database that is not there, is none of ours or is no database is told, and stays as it is; what makes a database
// makes it all the same.
func TestADatabaseThatIsNotOursStaysAsItIs(t *testing.T) {
	folder := t.TempDir()
	csv := filepath.Join(folder, "products.csv")
	if err := os.WriteFile(csv, []byte("sku,name,unit,category\nT-1,Tape,pcs,Office\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{{"verify"}, {"backup", folder + "/b.zip"}, {"import", csv}, {"user", "password", "ann@acme.example"}}
	refused := func(address, said string, more ...[]string) {
		t.Helper()
		for _, args := range append(more, commands...) {
			r := run(t, address, args...)
			if r.code != 1 || !strings.Contains(r.err, said) || strings.Contains(r.err, "select ") || strings.Contains(r.err, "goroutine") {
				t.Errorf("%q of %s: exit code %d: %s%s", args, address, r.code, r.out, r.err)
			}
		}
		if _, err := os.Stat(folder + "/b.zip"); err == nil {
			t.Errorf("there is a backup of %s", address)
		}
	}
	missing := filepath.Join(folder, "none", "kontor.db")
	refused("sqlite:"+missing, "there is no database", []string{"doctor"})
	if _, err := os.Stat(filepath.Dir(missing)); err == nil {
		t.Error("a folder was made for a database that nobody wanted")
	}
	refused("sqlite:"+csv, "file is not a database", []string{"doctor"}, []string{"migrate"}, []string{"seed"})

	other := filepath.Join(folder, "other.db")
	tamper(t, other, `create table theirs (n integer)`)
	for _, address := range []string{"sqlite:" + other, empty(t)} {
		refused(address, "nothing of Kontor")
		if r := run(t, address, "doctor"); r.code != 1 || !regexp.MustCompile(`migrations that wait +\d+ +should be 0`).MatchString(r.out) {
			t.Errorf("doctor of %s: exit code %d: %s%s", address, r.code, r.out, r.err)
		}
		if r := well(t, address, "migrate", "--status"); strings.Contains(r.out, "applied") || !strings.Contains(r.out, "waits") {
			t.Errorf("%s: %s", address, r.out)
		}
		if tables := tablesOf(t, address); tables != "" && tables != "theirs" {
			t.Errorf("who only looked at %s has made %s", address, tables)
		}
		well(t, address, "migrate")
		well(t, address, "verify")
	}
	older := "sqlite:" + other
	tamper(t, other, `delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`)
	if r := run(t, older, "verify"); r.code != 1 || !strings.Contains(r.err, "of an older version (migrations that wait: 1)") {
		t.Errorf("verify of an older database: exit code %d: %s%s", r.code, r.out, r.err)
	}
	well(t, older, "backup", folder+"/older.zip") // before it is brought up to date is when one wants a backup
}

// tablesOf lists the tables of a database.
func tablesOf(t *testing.T, address string) string {
	t.Helper()
	var names []string
	note := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if path, lite := strings.CutPrefix(address, "sqlite:"); lite {
		db, err := sql.Open("sqlite", path)
		note(err)
		rows, err := db.QueryContext(t.Context(), `select name from sqlite_master where type = 'table' order by name`)
		note(err)
		for rows.Next() {
			var name string
			note(rows.Scan(&name))
			names = append(names, name)
		}
		note(errors.Join(rows.Err(), rows.Close(), db.Close()))
		return strings.Join(names, " ")
	}
	c, err := pgx.Connect(t.Context(), address)
	note(err)
	rows, err := c.Query(t.Context(), `select table_name from information_schema.tables where table_schema = current_schema() order by table_name`)
	note(err)
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	note(errors.Join(err, c.Close(t.Context())))
	return strings.Join(names, " ")
}

// A flag counts before the environment, and that before the file; what may be secret is struck out.
func TestSettingsComeFromThreePlaces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kontor.json")
	if err := os.WriteFile(file, []byte(`{"seller":"File","metrics":"127.0.0.1:2","addr":"127.0.0.1:2"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := command(t.Context(), "postgres://kontor:hidden@db.example/kontor", "settings", "--json", "--config", file, "--seller", "Flag")
	cmd.Env = append(cmd.Env, "KONTOR_SELLER=Environment", "KONTOR_ADDR=127.0.0.1:3", "KONTOR_MAIL=smtp://kontor:hidden@mail.example:587")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Name, Environment, Help, Source string
		Value                           any
	}
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	is := map[string]string{}
	for _, s := range all {
		is[s.Name] = fmt.Sprint(s.Value)
		if s.Environment == "" || s.Help == "" || s.Source == "" {
			t.Errorf("of %s one is told neither its variable nor what it is for nor where it is from", s.Name)
		}
	}
	for name, want := range map[string]string{"seller": "Flag", "addr": "127.0.0.1:3", "metrics": "127.0.0.1:2", "log-level": "warn",
		"database": "postgres://kontor:xxxxx@db.example/kontor", "mail": "smtp://kontor:xxxxx@mail.example:587"} {
		if is[name] != want {
			t.Errorf("%s is %q, want %q", name, is[name], want)
		}
	}
}

// A file with mistakes is refused as a whole, and each mistake is told with its row, its column and the reason.
func TestABrokenImportChangesNothing(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		w := plant(t, fresh(), 1, money.Of(1, "EUR"))
		n := 0
		load := func(text string, more ...string) ran {
			n++
			file := filepath.Join(t.TempDir(), fmt.Sprintf("products-%d.csv", n))
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return run(t, w.address, append([]string{"import", "--list", "Base", file}, more...)...)
		}
		const header = "sku,name,unit,category,price,from_quantity,lead_days\n"
		const good = header + "T-1,Tape,pcs,Office > Tape,1.50,,3\nT-1,Tape,pcs,Office > Tape,1.20,100,3\nT-2,\"Tape, wide\",pcs,Office > Tape,2.05,,\n"
		for _, c := range []struct {
			name, text string
			said       []string
		}{
			{"each row, each column, each reason", header + "T-1,Tape,pcs,Office,1.50,,3\nT-2,Tape,pcs,Office,cheap,,3\nT-3,,pcs,Office,2.00,some,-4\n",
				[]string{"line 3, price: a unit price is a number", "line 4, from_quantity: a quantity is a number", "line 4, lead_days: days are a whole number"}},
			{"the last of many rows", header + strings.Repeat("T-1,Tape,pcs,Office,1.50,,3\n", 1) + "\n\nT-9,Tape,pcs,,1.50,,3\n", []string{"line 5, "}},
			{"a price list that there is not", "sku,name,unit,category,price,list\nT-1,Tape,pcs,Office,1.50,Nobody's\n", []string{`line 2, list: there is no price list "Nobody's"`}},
			{"a column that is missing", "sku,name,unit\nT-1,Tape,pcs\n", []string{`the column "category" is missing`}},
			{"a column that there is not", "sku,name,unit,category,colour\nT-1,Tape,pcs,Office,red\n", []string{`"colour"`, "lead_days"}},
			{"a quote that does not end", header + "T-1,\"Tape,pcs,Office,1.50,,3\n", []string{"line 2"}},
			{"an empty file", "", []string{"this file is empty", "sku, name, unit, category"}},
			{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", []string{"this file cannot be read"}},
		} {
			r := load(c.text)
			if r.code != 1 || r.out != "" || strings.Contains(r.err, "goroutine") {
				t.Errorf("%s: exit code %d: %s%s", c.name, r.code, r.out, r.err)
			}
			for _, said := range c.said {
				if !strings.Contains(r.err, said) {
					t.Errorf("%s: nothing is said of %s: %s", c.name, said, r.err)
				}
			}
		}
		if r := load(header+"T-1,Tape,pcs,Office,cheap,,3\n", "--list", "Spring"); r.code != 1 || !strings.Contains(r.err, "line 2, price: ") {
			t.Errorf("a mistake in the prices of a new list: exit code %d: %s", r.code, r.err)
		}
		if r := load("sku,name,unit,category,price,list\nT-1,Tape,pcs,Office,1.50,Spring\n"); r.code != 1 || !strings.Contains(r.err, `line 2, list: there is no price list "Spring"`) {
			t.Errorf("the list of a file that was refused is there: exit code %d: %s", r.code, r.err)
		}
		if r := load(good, "--currency", "euro"); r.code != 1 || !strings.Contains(r.err, "currency") {
			t.Errorf("a currency that there is not: exit code %d: %s", r.code, r.err)
		}
		if r := load(good); r.code != 0 || r.out != "2 products made, 0 changed, 0 as they were; 2 categories, 3 prices.\n" {
			t.Errorf("after all that was refused the good file is: %s%s", r.out, r.err)
		}
		if r := load(good); r.code != 0 || !strings.HasPrefix(r.out, "0 products made, 0 changed, 2 as they were") {
			t.Errorf("the same file again: %s%s", r.out, r.err)
		}
	})
}

// The exit codes of doctor and verify are what a watch on them looks at.
func TestDoctorAndVerifyFailWhenSomethingIsWrong(t *testing.T) {
	w := plant(t, storetest.SQLite(t), 1, money.Of(1_000_00, "EUR"))
	path := strings.TrimPrefix(w.address, "sqlite:")
	n := serve(t, w.address)
	ann := signIn(t, n, "ann@acme.example")[0]
	a, err := ann.ask("POST", "/api/v1/carts/current/lines", fmt.Sprintf(`{"lines":[{"product_id":%q,"quantity":"1"}]}`, w.things["glove"]))
	if err != nil {
		t.Fatal(err)
	}
	cart := has(t, a.body, "id")
	version := has(t, ann.must(t, "PUT", "/api/v1/carts/"+cart+"/checkout", `{"payment_method":"on_account"}`, "If-Match", a.header.Get("ETag")), "version")
	ann.must(t, "POST", "/api/v1/carts/"+cart+"/submit", `{"version":`+version+`}`)
	if code, _ := n.stop(t); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	well(t, w.address, "doctor")
	if text := well(t, w.address, "doctor", "--json").out; has(t, text, "ok") != "true" {
		t.Error(text)
	}
	verified(t, w.address)

	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if r := run(t, w.address, "doctor"); r.code != 1 || !strings.Contains(r.out, "should be for the owner alone") || r.err != "" {
		t.Errorf("a database that all can read: exit code %d: %s%s", r.code, r.out, r.err)
	}
	if r := run(t, w.address, "doctor", "--json"); r.code != 1 || has(t, r.out, "ok") != "false" {
		t.Errorf("a database that all can read: exit code %d: %s%s", r.code, r.out, r.err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, sql, said string }{
		{"a balance that somebody has changed", "update purse set spent_minor = spent_minor - 100 where spent_minor > 0", "budgets: balances equal the ledger"},
		{"a row of the audit that somebody has changed", "update audit set event = 'nothing.happened' where place = 2", "audit: the chain is whole"},
		{"a row of the audit that somebody has taken away", "delete from audit where place = 3", "audit: the chain is whole"},
		{"a content that is not what was frozen", "update purchase_order set content = replace(content, 'CAST-GLOVE', 'CAST-RING')", "the hash is another"},
		{"an order that was never approved", "update purchase_order set state = 'pending_approval'", "all have agreed, and it still waits"},
		{"an order for somebody of another company", "update orders set requester_id = (select id from member where email = 'eve@globex.example')", "requester_id names mem_"},
		{"an event that nobody will hear of", "delete from outbox where event = 'order.placed'", "nobody can hear of it"},
	} {
		copied := filepath.Join(t.TempDir(), "kontor.db")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied, data, 0o600); err != nil {
			t.Fatal(err)
		}
		tamper(t, copied, c.sql)
		r := run(t, "sqlite:"+copied, "verify")
		if r.code != 1 || !strings.Contains(r.out, c.said) || !strings.Contains(r.out, "wrong") {
			t.Errorf("%s: exit code %d:\n%s%s", c.name, r.code, r.out, r.err)
		}
		if r := run(t, "sqlite:"+copied, "verify", "--json"); r.code != 1 || has(t, r.out, "ok") != "false" {
			t.Errorf("%s: exit code %d:\n%s%s", c.name, r.code, r.out, r.err)
		}
	}
}

// tamper does to a database what nobody may.
func tamper(t *testing.T, path, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.ExecContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 && !strings.HasPrefix(text, "create ") {
		t.Fatalf("%s: %d rows, %v", text, n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// The seller blocks a company, lets it order again, and closes it for good; what cannot be is said, and nothing is done.
func TestTheSellerBlocksAndClosesACompany(t *testing.T) {
	engines(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		well(t, address, "migrate")
		well(t, address, "user", "bootstrap", "--company", "Acme Works", "--number", "10001", "--email", "dan@acme.example", "--first", "Dan", "--last", "Director")
		for _, c := range []struct {
			name string
			args []string
			code int
			said string
		}{
			{"a company that there is not", []string{"company", "block", "10002", "--reason", "unpaid"}, 1, "there is no company with the customer number 10002"},
			{"one that is not blocked", []string{"company", "unblock", "10001", "--reason", "paid"}, 0, "Acme Works is active already"},
			{"blocked", []string{"company", "block", "10001", "--reason", "unpaid"}, 0, "Acme Works was active and is blocked."},
			{"blocked again", []string{"company", "block", "10001", "--reason", "unpaid"}, 0, "Acme Works is blocked already"},
			{"unblocked", []string{"company", "unblock", "10001", "--reason", "paid"}, 0, "Acme Works was blocked and is active."},
			{"a reason of two lines", []string{"company", "close", "10001", "--reason", "gone\x07"}, 1, "control characters"},
			{"closed", []string{"company", "close", "10001", "--reason", "gone"}, 0, "Acme Works was active and is closed."},
			{"for good", []string{"company", "unblock", "10001", "--reason", "back"}, 1, "a company cannot go from this status to that one"},
		} {
			r := run(t, address, c.args...)
			if r.code != c.code || !strings.Contains(r.out+r.err, c.said) {
				t.Errorf("%s: exit code %d: %s%s", c.name, r.code, r.out, r.err)
			}
		}
		list := well(t, address, "company", "list")
		if !strings.Contains(list.out, "10001") || !strings.Contains(list.out, "Acme Works") || !strings.Contains(list.out, "closed") {
			t.Errorf("the list says\n%s", list.out)
		}
		well(t, address, "verify")
	})
}
