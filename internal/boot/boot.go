package boot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/console"
	"kontor/internal/edge/web"
	"kontor/internal/gateway/mailer"
	"kontor/internal/store"
)

// commands are what kontor can do, as its help says.
type commands struct {
	Settings `embed:"" group:"settings"`
	Config   configFile `help:"A JSON file with settings, by the names of their flags." env:"KONTOR_CONFIG" placeholder:"FILE" group:"settings"`

	Serve   serveCommand   `cmd:"" help:"Answer people and programs, and do the background work."`
	Migrate migrateCommand `cmd:"" help:"Bring the tables up to date."`
	Seed    seedCommand    `cmd:"" help:"Plant the demo world; planting it again changes nothing."`
	Import  importCommand  `cmd:"" help:"Import products with prices from a CSV file: all rows, or none."`
	Replay  replayCommand  `cmd:"" help:"Send the demo's purchase orders of four years through the platform, and compare with the source."`
	Verify  verifyCommand  `cmd:"" help:"Prove that money, approvals, events and the audit are as they must be, and companies apart; fails when they are not."`
	Doctor  doctorCommand  `cmd:"" help:"Look at how the database is set up; fails when something must be mended."`
	Backup  backupCommand  `cmd:"" help:"Write a snapshot of the database to a file, also while the system runs."`
	Restore restoreCommand `cmd:"" help:"Fill an empty database from a backup."`
	Company companyCommand `cmd:"" help:"The companies that buy: list them, block and unblock one, close one."`
	User    userCommand    `cmd:"" help:"People: the first administrator of a company (bootstrap), the first owner of the seller's office (owner), a new password."`
	Show    settingsCmd    `cmd:"" name:"settings" help:"Print all settings with their values and where these are from, passwords struck out."`
	Routes  routesCommand  `cmd:"" help:"List every page and operation, with the permission that it asks for."`
	Version versionCommand `cmd:"" help:"Print which version this is."`
}

// world is what a command is run with.
type world struct {
	ctx      context.Context
	out, err io.Writer
	log      *slog.Logger
	Settings
	from  *sources
	began time.Time
}

// Main runs the command that the arguments name, and gives the exit code: 0, 1 when it failed, 2 when it was not
// understood.
func Main(args []string, out, errs io.Writer) int {
	began := time.Now()
	debug.SetGCPercent(50) // memory is worth more to an operator than the last percent of speed
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if args[0] == "help" { // as many ask
		args = append(args[1:len(args):len(args)], "--help")
	}
	c, from, chosen, err := understand(args, out, errs)
	for _, warning := range strangers(os.Environ()) {
		fmt.Fprintln(errs, "kontor:", warning)
	}
	if err != nil {
		fmt.Fprintln(errs, "kontor:", err)
		fmt.Fprintf(errs, "Run “%s --help” to see what there is.\n", meant(err))
		return 2
	}
	if err := c.Settings.Check(from); err != nil {
		fmt.Fprintln(errs, "kontor:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w := &world{ctx: ctx, out: out, err: errs, log: c.logger(errs), Settings: c.Settings, from: from, began: began}
	slog.SetDefault(w.log)
	if err := chosen.Run(w); err != nil {
		if !errors.Is(err, errFound) {
			fmt.Fprintln(errs, "kontor:", sentenceOf(err))
		}
		return 1
	}
	return 0
}

// understand reads the arguments, the environment and the file with settings, if one is named.
func understand(args []string, out, errs io.Writer) (*commands, *sources, *kong.Context, error) {
	var c commands
	from := newSources()
	parser, err := kong.New(&c, kong.Name("kontor"), kong.Description("The buying-organisation platform for B2B commerce."),
		kong.Resolvers(from), kong.Bind(from), kong.Writers(out, errs), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings of every command, from here, the environment or a file:"}}))
	if err != nil {
		panic(err) // the commands above do not fit together
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, p := range chosen.Path {
		if p.Flag != nil && !p.Resolved {
			from.from[p.Flag.Name] = "the flag --" + p.Flag.Name
		}
	}
	return &c, from, chosen, nil
}

// meant is the command that arguments named as far as they could be read: its help tells how it is called.
func meant(err error) string {
	var broken *kong.ParseError
	if !errors.As(err, &broken) || broken.Context == nil {
		return "kontor"
	}
	names := []string{"kontor"}
	for _, p := range broken.Context.Path {
		if p.Command != nil {
			names = append(names, p.Command.Name)
		}
	}
	return strings.Join(names, " ")
}

// errFound is for a command that has said itself what is wrong.
var errFound = errors.New("something was found")

func (s Settings) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // the flag takes known levels only
	}
	o := &slog.HandlerOptions{Level: level}
	if s.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// withExisting is with, for a database that is there: it makes none.
func (w *world) withExisting(fn func(h *house) error) error {
	if err := console.Existing(w.ctx, w.options()); err != nil {
		return err
	}
	return w.with(fn)
}

// with runs fn on the house, and takes it down afterwards.
func (w *world) with(fn func(h *house) error) error {
	h, err := build(w.ctx, w.Settings, w.options(), w.log)
	if err != nil {
		return err
	}
	return errors.Join(fn(h), h.db.Close())
}

// beside runs fn on the store of a system that may be running: it only reads.
func (w *world) beside(fn func(db *store.DB) error) error {
	o := w.options()
	o.Shared = true
	db, err := store.Open(w.ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}

type serveCommand struct {
	Demo bool `help:"Plant the demo world first, where it is missing, and print its sign-ins."`
}

func (c serveCommand) Run(w *world) error {
	if err := w.mailable(); err != nil {
		return err
	}
	srv, err := web.Listen(web.ServerSettings{Address: w.Addr, Metrics: w.Metrics}) // before the database is touched
	if err != nil {
		return err
	}
	w.Addr = srv.Address() // of port 0 it is known by now, and mails lead there where nothing else is said
	if path, ok := strings.CutPrefix(w.options().Address, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(w.out, "There is no database yet: a new one is made at %s.\n", path)
		}
	}
	err = w.with(func(h *house) error {
		if err := w.fit(h); err != nil {
			return err
		}
		if err := h.welcome(w, c.Demo); err != nil {
			return err
		}
		if c.Demo {
			if err := h.plant(w); err != nil {
				return err
			}
		}
		return h.serve(w.ctx, w.Settings, srv, w.log, w.out, w.began)
	})
	return errors.Join(err, srv.Close())
}

// welcome says how the first person gets in, for as long as nobody can.
func (h *house) welcome(w *world, planted bool) error {
	nobody, err := h.signing.Unpeopled(w.ctx, access.System(id.Company{}))
	if err == nil && nobody && !planted {
		_, err = fmt.Fprintln(w.out, "Nobody can sign in yet. Stop Kontor, then found a company with “kontor user bootstrap”, or open the seller's office with “kontor user owner”; --help says how.")
	}
	return err
}

// mailable is nil where mail can be kept, if it is to be kept in a folder: better now than when somebody is not told.
func (w *world) mailable() error {
	sender, err := w.sender()
	folder, ok := sender.(mailer.Folder)
	if err != nil || !ok {
		return err
	}
	if err := folder.Make(); err != nil {
		return fmt.Errorf("mail cannot be kept in the folder %s: %w; let this user write there, or choose another by KONTOR_MAIL=folder:DIR, or KONTOR_MAIL=off", folder.Dir, err)
	}
	return nil
}

// fit refuses a database in which nothing would be right, and warns of one that may lose what it has acknowledged.
func (w *world) fit(h *house) error {
	found, err := h.db.Engine().Settings(w.ctx)
	for _, f := range found {
		switch {
		case f.OK:
		case f.Must:
			return fmt.Errorf("the database cannot be used: %s is %s and must be %s; run “kontor doctor” for more", f.What, f.Is, f.Want)
		default:
			w.log.Warn("the database may lose what it has acknowledged: run kontor doctor", "setting", f.What, "is", f.Is, "should_be", f.Want)
		}
	}
	return err
}

type migrateCommand struct {
	Status bool `help:"Only say what there is to do, also while the system runs."`
}

func (c migrateCommand) Run(w *world) error {
	if c.Status {
		return w.beside(w.migrations)
	}
	db, err := store.Open(w.ctx, w.options())
	if err != nil {
		return err
	}
	_, err = db.Migrate(w.ctx)
	if err == nil {
		err = w.migrations(db)
	}
	return errors.Join(err, db.Close())
}

// migrations says which migrations a database has, and which wait.
func (w *world) migrations(db *store.DB) error {
	all, err := db.Migrations(w.ctx)
	for _, m := range all {
		state := "waits"
		if m.Applied {
			state = "applied"
		}
		fmt.Fprintf(w.out, "%-40s %s\n", m.Name, state)
	}
	return err
}

type doctorCommand struct {
	JSON bool `help:"For programs." name:"json"`
}

func (c doctorCommand) Run(w *world) error {
	return w.beside(func(db *store.DB) error {
		ok, err := console.Doctor(w.ctx, db, w.out, c.JSON)
		if err == nil && !ok {
			err = errFound
		}
		return err
	})
}

type backupCommand struct {
	File string `arg:"" help:"Where to write it."`
}

func (c backupCommand) Run(w *world) error {
	return w.beside(func(db *store.DB) error {
		if err := console.Backup(w.ctx, db, c.File); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w.out, "The backup is in %s.\n", c.File)
		return err
	})
}

type restoreCommand struct {
	File string `arg:"" help:"The backup."`
}

func (c restoreCommand) Run(w *world) error {
	if err := console.Restore(w.ctx, w.options(), c.File); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w.out, "Restored. Run “kontor verify” to see that all is well.")
	return err
}

type settingsCmd struct {
	JSON bool `help:"For programs." name:"json"`
}

func (c settingsCmd) Run(w *world) error {
	all := w.Describe(w.from)
	if c.JSON {
		return json.NewEncoder(w.out).Encode(all)
	}
	t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	for _, d := range all {
		fmt.Fprintf(t, "%s\t%v\t%s\t%s\n", d.Name, d.Value, d.Environment, d.Source)
	}
	return t.Flush()
}

type routesCommand struct {
	JSON bool `help:"For programs." name:"json"`
}

func (c routesCommand) Run(w *world) error {
	h, err := over(nil, w.Settings)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	mux, p := h.routes(w.Settings, log)
	if _, err := h.edge(w.Settings, mux, p, log); err != nil { // it adds the probes
		return err
	}
	if c.JSON {
		e := json.NewEncoder(w.out)
		e.SetIndent("", "  ")
		return e.Encode(mux.Routes())
	}
	t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	for _, r := range mux.Routes() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.Method, r.Pattern, r.Scope, r.Permission)
	}
	return t.Flush()
}

type versionCommand struct{}

func (versionCommand) Run(w *world) error {
	_, err := fmt.Fprintf(w.out, "kontor %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is the module's version, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "development"
}
