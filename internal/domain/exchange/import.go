package exchange

import (
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
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

	Job      id.Job   // applies it, or takes it back; zero while nothing does
	JobState JobState // of that job …
	Done, Of int      // … and how far it has come
	Trouble  *Trouble // why the last job came to nothing
}

// Trouble is why an import was not applied, or not taken back: nothing has changed.
type Trouble struct {
	Undo    bool            `json:"undo,omitempty"` // it was to be taken back
	Code    string          `json:"code"`
	Why     locale.Phrase   `json:"why"`
	Reasons []locale.Phrase `json:"reasons,omitempty"`
	At      time.Time       `json:"at"`
}

// Underway reports whether a job is at the import, or will be soon.
func (i Import) Underway() bool {
	return !i.Job.IsZero() && (i.JobState == JobReady || i.JobState == JobRunning || i.JobState == JobFailed)
}

// Kinds are what the sheets of the file are read as, each once.
func (i Import) Kinds() (all []string) {
	for _, m := range i.Mapping {
		if m.Kind != "" && !slices.Contains(all, m.Kind) {
			all = append(all, m.Kind)
		}
	}
	return all
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
	// ErrImportUnderway is the fault of doing something to an import while a job is at it.
	ErrImportUnderway = fault.Define(fault.Conflict, "import.underway", "this import is being worked on: wait until that is over")
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

// Order is the import that a job is to apply.
func (i Import) Order(version int64, job id.Job) (Import, error) {
	if err := i.staged(version); err != nil {
		return i, err
	}
	i.Job, i.Trouble = job, nil
	return i, nil
}

// Apply is the import in force, by a job.
func (i Import) Apply(job id.Job, counts []ImportCount, now time.Time) (Import, error) {
	if i.State != ImportStaged || i.Job != job {
		return i, ErrImportState
	}
	i.Job = id.Job{}
	i.State, i.Counts, i.AppliedAt, i.EndsAt = ImportApplied, counts, now, now.Add(ImportUndoable)
	return i, nil
}

func (i Import) staged(version int64) error {
	switch {
	case i.State != ImportStaged:
		return ErrImportState
	case i.Underway():
		return ErrImportUnderway
	case version != i.Version:
		return ErrImportStale.Now(i.Version)
	}
	return nil
}

// OrderUndo is the import that a job is to take back.
func (i Import) OrderUndo(job id.Job, now time.Time) (Import, error) {
	if i.Underway() {
		return i, ErrImportUnderway
	}
	if err := i.undoable(now); err != nil {
		return i, err
	}
	i.Job, i.Trouble = job, nil
	return i, nil
}

func (i Import) undoable(now time.Time) error {
	switch {
	case i.State != ImportApplied:
		return ErrImportNotApplied
	case !now.Before(i.EndsAt):
		return ErrImportForgotten
	}
	return nil
}

// Fail is the import of which a job could make nothing.
func (i Import) Fail(why Trouble) Import {
	i.Job, i.Trouble = id.Job{}, &why
	return i
}

// Undo is the import taken back, by a job.
func (i Import) Undo(job id.Job, now time.Time) (Import, error) {
	if i.Job != job {
		return i, ErrImportState
	}
	if err := i.undoable(now); err != nil {
		return i, err
	}
	i.Job, i.State, i.UndoneAt = id.Job{}, ImportUndone, now
	return i, nil
}

// ImportWasOrdered tells that somebody wants an import to be applied or taken back; a job does it.
type ImportWasOrdered struct {
	ImportID id.Import `json:"import_id"`
	File     string    `json:"file"`
	Undo     bool      `json:"undo,omitempty"`
	Job      id.Job    `json:"job_id"`
}

// EventName is import.ordered.
func (ImportWasOrdered) EventName() string { return "import.ordered" }

// Subject is the import.
func (e ImportWasOrdered) Subject() string { return e.ImportID.String() }

// ImportHasFailed tells that an import was not applied or not taken back, and why. Nothing has changed.
type ImportHasFailed struct {
	ImportID id.Import `json:"import_id"`
	File     string    `json:"file"`
	Undo     bool      `json:"undo,omitempty"`
	Code     string    `json:"code"`
}

// EventName is import.failed.
func (ImportHasFailed) EventName() string { return "import.failed" }

// Subject is the import.
func (e ImportHasFailed) Subject() string { return e.ImportID.String() }

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

// ListWasExported tells that somebody has taken along a list of what they see.
type ListWasExported struct {
	CompanyID id.Company `json:"company_id"`
	List      string     `json:"list"`
	Format    string     `json:"format"`
	Rows      int        `json:"rows"`
}

// EventName is list.exported.
func (ListWasExported) EventName() string { return "list.exported" }

// Subject is the company.
func (e ListWasExported) Subject() string { return e.CompanyID.String() }
