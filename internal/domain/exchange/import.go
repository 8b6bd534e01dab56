package exchange

import (
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// ImportState is how far an import has come.
type ImportState string

// The states of an import.
const (
	ImportStaged  ImportState = "staged"  // the file is here, and nothing has changed
	ImportApplied ImportState = "applied" // what it says is so
	ImportUndone  ImportState = "undone"  // and has been taken back
)

// How long the file of an import is kept before it is applied, and what is needed to undo it afterwards.
const (
	ImportKept     = 7 * 24 * time.Hour
	ImportUndoable = 30 * 24 * time.Hour
)

// Import is a file by which many things of a company are made or changed at once.
type Import struct {
	ID        id.Import
	Company   id.Company
	Member    id.Member // who brought it; zero: the system
	Name      string    // of the file
	Size      int64     // of the file, in bytes
	State     ImportState
	Mapping   []Mapped
	Counts    []ImportCount // what it did; none while it is staged
	MadeAt    time.Time
	EndsAt    time.Time // when the file, or what is needed to undo it, is forgotten
	AppliedAt time.Time
	UndoneAt  time.Time
	Version   int64
}

// Mapped says what a sheet of the file is read as.
type Mapped struct {
	Sheet   string   `json:"sheet"`
	Kind    string   `json:"kind"`    // empty: it is not read
	Columns []string `json:"columns"` // the field that each column is, in the order of the file; empty: it is not read
}

// ImportCount is what came of the rows of one kind.
type ImportCount struct {
	Kind    string `json:"kind"`
	Created int    `json:"created"`
	Changed int    `json:"changed"`
	Same    int    `json:"same"`
}

var (
	// ErrImportState is the fault of going on with an import from where it is not.
	ErrImportState = fault.Define(fault.Conflict, "import.state", "this import has been applied or undone already")
	// ErrImportNotApplied is the fault of undoing what is not in force.
	ErrImportNotApplied = fault.Define(fault.Conflict, "import.not_applied", "this import is not in force, so there is nothing to undo")
	// ErrImportForgotten is the fault of undoing too late.
	ErrImportForgotten = fault.Define(fault.Conflict, "import.forgotten", "this import was too long ago to be undone")
	// ErrImportStale is the fault of going on with an import that somebody has mapped anew.
	ErrImportStale = fault.Define(fault.Stale, "import.stale", "the columns of this import have been chosen anew meanwhile: look at it again")
)

// Map is the import with its columns read otherwise.
func (i Import) Map(version int64, m []Mapped) (Import, error) {
	if err := i.staged(version); err != nil {
		return i, err
	}
	i.Mapping = m
	return i, nil
}

// Apply is the import in force.
func (i Import) Apply(version int64, counts []ImportCount, now time.Time) (Import, error) {
	if err := i.staged(version); err != nil {
		return i, err
	}
	i.State, i.Counts, i.AppliedAt, i.EndsAt = ImportApplied, counts, now, now.Add(ImportUndoable)
	return i, nil
}

func (i Import) staged(version int64) error {
	switch {
	case i.State != ImportStaged:
		return ErrImportState
	case version != i.Version:
		return ErrImportStale
	}
	return nil
}

// Undo is the import taken back.
func (i Import) Undo(now time.Time) (Import, error) {
	switch {
	case i.State != ImportApplied:
		return i, ErrImportNotApplied
	case !now.Before(i.EndsAt):
		return i, ErrImportForgotten
	}
	i.State, i.UndoneAt = ImportUndone, now
	return i, nil
}

// ImportWasApplied tells that a file has made and changed what it says. What has become of each thing is told besides.
type ImportWasApplied struct {
	ImportID id.Import     `json:"import_id"`
	File     string        `json:"file"`
	Counts   []ImportCount `json:"counts"`
}

// EventName is import.applied.
func (ImportWasApplied) EventName() string { return "import.applied" }

// Subject is the import.
func (e ImportWasApplied) Subject() string { return e.ImportID.String() }

// ImportWasUndone tells that all that an import had made is gone, and all that it had changed is as before.
type ImportWasUndone struct {
	ImportID id.Import     `json:"import_id"`
	File     string        `json:"file"`
	Counts   []ImportCount `json:"counts"`
}

// EventName is import.undone.
func (ImportWasUndone) EventName() string { return "import.undone" }

// Subject is the import.
func (e ImportWasUndone) Subject() string { return e.ImportID.String() }

// OrganisationWasExported tells that somebody has taken along what they see of the organisation.
type OrganisationWasExported struct {
	CompanyID id.Company `json:"company_id"`
	Kinds     []string   `json:"kinds"`
	Rows      int        `json:"rows"`
}

// EventName is organisation.exported.
func (OrganisationWasExported) EventName() string { return "organisation.exported" }

// Subject is the company.
func (e OrganisationWasExported) Subject() string { return e.CompanyID.String() }
