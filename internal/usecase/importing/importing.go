// Package importing brings a company's organisation in from files and gives it out again: units, members, roles,
// assignments, cost centres, addresses and budgets.
//
// A file is staged first: it is read, kept, and its columns are guessed. What it would do can be looked at as often as
// somebody likes, for nothing has changed. Then all of it is applied in one transaction, or nothing; and undone, as long as
// nothing depends on what it made. Whoever brings something in needs what the single acts ask, at the same places.
package importing

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
	"kontor/internal/store/exchangedb"
)

// Service does what this package says.
type Service struct {
	db   *store.DB
	read chan struct{} // so many files are read at once: each may take some memory
}

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db, make(chan struct{}, 2)} }

// What a file may have.
const (
	MostBytes  = 20 << 20
	MostRows   = 300_000
	mostStaged = 5 // files of one member that wait; the oldest goes when there is another
)

// limits bound what a file becomes and not its bytes alone: ten filled columns for each row that there may be, five texts
// of which are found nowhere else.
var limits = sheet.Limits{Unpacked: 128 << 20, Sheets: 20, Rows: MostRows, Columns: 60, Cells: 10 * MostRows, Texts: 5 * MostRows, Cell: 8000}

var (
	// ErrTooLarge is the fault of a file with more bytes than are read.
	ErrTooLarge = fault.Define(fault.TooLarge, "import.too_large", "a file has at most 20 MB")
	// ErrNoFile is the fault of no file at all.
	ErrNoFile = fault.Define(fault.Invalid, "import.no_file", "please choose a file")
	// ErrNothing is the fault of a file of which nothing is read.
	ErrNothing = fault.Define(fault.Invalid, "import.nothing", "nothing of this file is read: say what its sheets and columns are")
	// ErrMapping is the fault of columns that cannot be read so.
	ErrMapping = fault.Define(fault.Invalid, "import.mapping", "these columns cannot be read so")
)

// Importers are the permissions of which one is enough to bring a file; what each row asks is asked besides.
var Importers = []access.Permission{access.UsersManage, access.RolesManage, access.CostCentresManage, access.AddressesManage, access.BudgetsManage}

// mayImport is nil for who may bring in anything at all.
func mayImport(actor access.Actor) error {
	for _, p := range Importers {
		if actor.MaySomewhere(p) {
			return actor.RequireSomewhere(p)
		}
	}
	return actor.RequireSomewhere(access.UsersManage)
}

// StageInput is a file.
type StageInput struct {
	Name string
	File []byte
}

// Stage reads a file and keeps it, with a guess of what its columns are.
func (s *Service) Stage(ctx context.Context, actor access.Actor, in StageInput) (i exchange.Import, err error) {
	if err := mayImport(actor); err != nil {
		return i, err
	}
	book, err := s.open(ctx, in)
	if err != nil {
		return i, err
	}
	rows, err := packed(book)
	if err != nil {
		return i, err
	}
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var mine []exchange.Import
		tx.Exchange.WantImports(&mine, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := mayImport(actor); err != nil {
			return err
		}
		// decide
		i = exchange.Import{ID: id.NewImport(tx.Now), Company: actor.Company, Member: actor.Member, Name: fileName(in.Name), Size: int64(len(in.File)), State: exchange.ImportStaged,
			Mapping: guessed(book), Counts: []exchange.ImportCount{}, MadeAt: tx.Now, EndsAt: tx.Now.Add(exchange.ImportKept), Version: 1}
		// write
		waiting := 0
		for _, old := range mine {
			if old.Member != actor.Member || old.State != exchange.ImportStaged || old.Underway() {
				continue
			}
			if waiting++; waiting >= mostStaged {
				tx.Exchange.DeleteImport(actor.Company, old.ID)
			}
		}
		tx.Exchange.InsertImport(i, rows)
		return nil
	})
	return i, err
}

// open reads a file, a few at a time.
func (s *Service) open(ctx context.Context, in StageInput) (book sheet.Book, err error) {
	switch {
	case len(in.File) == 0:
		return book, ErrNoFile
	case len(in.File) > MostBytes:
		return book, ErrTooLarge
	}
	select {
	case s.read <- struct{}{}:
		defer func() { <-s.read }()
	case <-ctx.Done():
		return book, ctx.Err()
	}
	name := fileName(in.Name)
	return sheet.Read(strings.TrimSuffix(name, path.Ext(name)), in.File, limits)
}

// fileName is the name of a file without its folders, in one line.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if all := []rune(name); len(all) > 120 {
		name = string(all[:120])
	}
	if name == "" || name == "." || name == "/" {
		return "import"
	}
	return name
}

// guessed is what the columns of a file are, as far as its headings tell.
func guessed(b sheet.Book) []exchange.Mapped {
	all := []exchange.Mapped{}
	for _, s := range b.Sheets {
		m := exchange.Mapped{Sheet: s.Name, Columns: make([]string, len(s.Rows[0].Cells))}
		if sort := guess(s.Name, s.Rows[0].Cells); sort != nil {
			m.Kind, m.Columns = string(sort.Kind), sort.columns(s.Rows[0].Cells)
		}
		all = append(all, m)
	}
	return all
}

// takes are the permissions that it takes to bring in a kind, or to take it back.
func takes(k Kind) access.Permission {
	switch k {
	case Roles, Assignments:
		return access.RolesManage
	case CostCentres:
		return access.CostCentresManage
	case Addresses:
		return access.AddressesManage
	case Budgets:
		return access.BudgetsManage
	}
	return access.UsersManage
}

// sees reports whether the actor may know of an import: it is theirs, or they could bring in all that it has, for the whole
// company.
func sees(actor access.Actor, i exchange.Import) bool {
	if i.Member == actor.Member {
		return true
	}
	needed := Importers
	if kinds := i.Kinds(); len(kinds) > 0 {
		needed = nil
		for _, k := range kinds {
			needed = append(needed, takes(Kind(k)))
		}
	}
	for _, p := range needed {
		if !actor.May(p, tree.Top) {
			return false
		}
	}
	return true
}

// mostListed is how many imports are listed.
const mostListed = 50

// List lists the imports that the actor may know of and that are kept, the newest first.
func (s *Service) List(ctx context.Context, actor access.Actor) (all []exchange.Import, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := mayImport(actor); err != nil {
			return err
		}
		tx.Exchange.WantImports(&all, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(i exchange.Import) bool { return !sees(actor, i) })
		all = all[:min(len(all), mostListed)]
		return nil
	})
	return all, err
}

// SheetShown is a sheet as it is shown while its columns are chosen.
type SheetShown struct {
	Name  string
	Heads []string
	First [][]string // some rows
	Rows  int        // below the head
}

// File is an import with the sheets of its file, while they are kept.
type File struct {
	exchange.Import
	Legacy bool // read as Windows-1252
	Sheets []SheetShown
}

// shownRows is how many rows of a sheet are shown.
const shownRows = 3

// Get gives an import that the actor may know of.
func (s *Service) Get(ctx context.Context, actor access.Actor, key id.Import) (f File, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		var book sheet.Book
		if f.Import, book, err = s.find(ctx, tx, actor, key); err != nil {
			return err
		}
		f.Legacy, f.Sheets = book.Legacy, nil
		for _, sh := range book.Sheets {
			show := SheetShown{Name: sh.Name, Heads: sh.Rows[0].Cells, Rows: len(sh.Rows) - 1}
			for _, r := range sh.Rows[1:min(len(sh.Rows), 1+shownRows)] {
				show.First = append(show.First, r.Cells)
			}
			f.Sheets = append(f.Sheets, show)
		}
		return nil
	})
	return f, err
}

// known reads an import that the actor may know of.
func known(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Import) (i exchange.Import, err error) {
	if i, err = tx.Exchange.GetImport(ctx, actor.Company, key); err != nil {
		return i, err
	}
	if !sees(actor, i) {
		return exchange.Import{}, exchangedb.ErrImportUnseen
	}
	return i, mayImport(actor)
}

// find reads an import that the actor may know of, and its file while it is staged.
func (s *Service) find(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Import) (i exchange.Import, book sheet.Book, err error) {
	if i, err = known(ctx, tx, actor, key); err != nil {
		return i, book, err
	}
	if i.State != exchange.ImportStaged {
		return i, book, nil
	}
	rows, _, err := tx.Exchange.GetImportFile(ctx, actor.Company, key)
	if err == nil {
		err = unpack(rows, &book)
	}
	return i, book, err
}

// MapInput is what the sheets and columns of a file are, and the version of the import that was seen.
type MapInput struct {
	ID      id.Import
	Version int64
	Mapping []exchange.Mapped
}

// Map says what the sheets and columns of a file are. Sheets that are not named stay as they were.
func (s *Service) Map(ctx context.Context, actor access.Actor, in MapInput) (i exchange.Import, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, book, err := s.find(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := mayImport(actor); err != nil {
			return err
		}
		// decide
		if i, err = before.Map(in.Version, merged(before.Mapping, in.Mapping)); err != nil {
			return err
		}
		if err := checkMapping(i.Mapping, book); err != nil {
			return err
		}
		// write
		tx.Exchange.UpdateImport(i)
		i.Version++
		return nil
	})
	return i, err
}

func merged(old, now []exchange.Mapped) []exchange.Mapped {
	all := append([]exchange.Mapped{}, old...)
	for _, m := range now {
		at := -1
		for i := range all {
			if all[i].Sheet == m.Sheet {
				at = i
			}
		}
		if at < 0 {
			all = append(all, m)
			continue
		}
		all[at] = m
	}
	return all
}

// checkMapping is what cannot be in a mapping.
func checkMapping(all []exchange.Mapped, book sheet.Book) error {
	var in fault.Input
	for i, m := range all {
		name := "mapping." + m.Sheet
		if i >= len(book.Sheets) || book.Sheets[i].Name != m.Sheet {
			in.Take(name, ErrMapping.With("there is no sheet of this name in the file"))
			continue
		}
		if m.Kind == "" {
			continue
		}
		sort := sortOf(Kind(m.Kind))
		if sort == nil {
			in.Take(name+".kind", ErrMapping.With("this is nothing that can be brought in"))
			continue
		}
		if len(m.Columns) > len(book.Sheets[i].Rows[0].Cells) {
			in.Take(name+".columns", ErrMapping.With("there are more columns than the sheet has"))
			continue
		}
		seen := map[string]bool{}
		for _, f := range m.Columns {
			switch {
			case f == "":
			case sort.column(f) == nil:
				in.Take(name+".columns", ErrMapping.With("there is no field “%s” here", f))
			case seen[f]:
				in.Take(name+".columns", ErrMapping.With("two columns cannot be the same: “%s”", sort.column(f).Label))
			}
			seen[f] = true
		}
	}
	return in.Err()
}

// Discard forgets a file that was not applied.
func (s *Service) Discard(ctx context.Context, actor access.Actor, key id.Import) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		i, err := known(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		if err := mayImport(actor); err != nil {
			return err
		}
		switch {
		case i.State != exchange.ImportStaged:
			return exchange.ErrImportState
		case i.Underway():
			return exchange.ErrImportUnderway
		}
		tx.Exchange.DeleteImport(actor.Company, key)
		return nil
	})
}

// packed and unpack carry what is kept of an import.
func packed(v any) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err == nil {
		err = errors.Join(json.NewEncoder(z).Encode(v), z.Close())
	}
	return out.Bytes(), err
}

func unpack(b []byte, v any) error {
	if len(b) == 0 {
		return exchangedb.ErrImportUnseen
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	if err := json.NewDecoder(z).Decode(v); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, z)
	return errors.Join(err, z.Close())
}
