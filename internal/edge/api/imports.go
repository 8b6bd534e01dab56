package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/importing"
)

type imports struct{ Services }

func (h imports) add(a *web.API) {
	see, manage := access.UsersView.Code(), access.UsersManage.Code()
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/imports", ID: "stage-import", Tag: tagImports, Permission: manage, Scope: web.Own, Writes: true, Status: http.StatusCreated,
		MaxBody: importing.MostBytes + web.MaxBody, Summary: "Bring a file",
		Text: "CSV or XLSX. Nothing changes: the file is kept for a week, and its columns are guessed. Who may manage roles, cost centres or addresses may bring files of these."}, h.stage)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/imports", ID: "list-imports", Tag: tagImports, Permission: manage, Scope: web.Own,
		Summary: "One's imports, the newest first"}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/imports/{import}", ID: "get-import", Tag: tagImports, Permission: manage, Scope: web.Own,
		Summary: "An import with what its columns are read as"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/imports/{import}/mapping", ID: "map-import", Tag: tagImports, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Say what sheets and columns are", Text: "Sheets that are not named stay as they were."}, h.mapping)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/imports/{import}/preview", ID: "preview-import", Tag: tagImports, Permission: manage, Scope: web.Own,
		Summary: "What a file would do", Text: "Every row that is wrong, and every row that would make or change something. Nothing changes."}, h.preview)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/imports/{import}/apply", ID: "apply-import", Tag: tagImports, Permission: manage, Scope: web.Own, Writes: true, Status: http.StatusAccepted,
		Summary: "Do all that a file says, or nothing", Text: "A job does it: look at the import until `job` is gone; then it is `applied`, or `trouble` says why nothing was done. Each row asks what the single act would, of you, with the rights that you have by then."}, h.apply)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/imports/{import}/errors", ID: "import-errors", Tag: tagImports, Permission: manage, Scope: web.Own,
		Summary: "What is wrong with a file, as CSV", Text: "In the order of the file; the first 10,000."}, h.report)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/imports/{import}/undo", ID: "undo-import", Tag: tagImports, Permission: manage, Scope: web.Own, Writes: true, Status: http.StatusAccepted,
		Summary: "Take back all that an import did, or nothing", Text: "A job does it, as it applies an import. For 30 days, and refused while anything depends on what it made or has been changed since."}, h.undo)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/imports/{import}", ID: "discard-import", Tag: tagImports, Permission: manage, Scope: web.Own, Writes: true,
		Summary: "Forget a file that was not applied"}, h.discard)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/exports/organisation", ID: "export-organisation", Tag: tagImports, Permission: see, Scope: web.Company,
		Summary: "What one sees of the organisation, as a file", Text: "In the shape in which it can be brought in again. CSV has one kind."}, h.export)
}

// ImportJSON is an import.
type ImportJSON struct {
	ID      string            `json:"id"`
	File    string            `json:"file"`
	Size    int64             `json:"size" doc:"Bytes."`
	State   string            `json:"state" enum:"staged,applied,undone"`
	Mapping []MappedJSON      `json:"mapping"`
	Counts  []ImportCountJSON `json:"counts" doc:"What it did; empty before."`
	Made    *time.Time        `json:"made_at,omitempty"`
	Ends    *time.Time        `json:"ends_at,omitempty" doc:"When the file is forgotten; of one that was applied, until when it can be undone."`
	Applied *time.Time        `json:"applied_at,omitempty"`
	Undone  *time.Time        `json:"undone_at,omitempty"`
	Job     *ImportJobJSON    `json:"job,omitempty" doc:"While it is applied or taken back."`
	Trouble *TroubleJSON      `json:"trouble,omitempty" doc:"Why it was not applied, or not taken back."`
	Version int64             `json:"version"`
}

// ImportJobJSON is how far the job of an import has come.
type ImportJobJSON struct {
	ID    string `json:"id"`
	State string `json:"state" enum:"ready,running,failed,dead" doc:"What failed is tried again; what is dead is not."`
	Done  int    `json:"done" doc:"Rows; to look at one counts as much as to write it."`
	Of    int    `json:"of" doc:"0 while nobody knows."`
}

// TroubleJSON is why nothing was done.
type TroubleJSON struct {
	Undo    bool       `json:"undo,omitempty" doc:"It was to be taken back."`
	Code    string     `json:"code"`
	Detail  string     `json:"detail"`
	Reasons []string   `json:"reasons"`
	At      *time.Time `json:"at"`
}

// MappedJSON says what a sheet is read as.
type MappedJSON struct {
	Sheet   string   `json:"sheet"`
	Kind    string   `json:"kind" enum:",units,members,roles,assignments,cost_centres,addresses,budgets" doc:"Empty: it is not read."`
	Columns []string `json:"columns" maxItems:"60" doc:"The field that each column is, in the order of the file; empty: it is not read."`
}

// ImportCountJSON is what becomes of the rows of one kind.
type ImportCountJSON struct {
	Kind    string `json:"kind"`
	Created int    `json:"created"`
	Changed int    `json:"changed"`
	Same    int    `json:"unchanged"`
}

func importOf(i exchange.Import) ImportJSON {
	out := ImportJSON{ID: i.ID.String(), File: i.Name, Size: i.Size, State: string(i.State), Counts: items(i.Counts, countOf), Made: instant(i.MadeAt), Ends: instant(i.EndsAt),
		Applied: instant(i.AppliedAt), Undone: instant(i.UndoneAt), Version: i.Version}
	out.Mapping = items(i.Mapping, func(m exchange.Mapped) MappedJSON {
		return MappedJSON{m.Sheet, m.Kind, append([]string{}, m.Columns...)}
	})
	if !i.Job.IsZero() {
		out.Job = &ImportJobJSON{i.Job.String(), string(i.JobState), i.Done, i.Of}
	}
	if t := i.Trouble; t != nil {
		out.Trouble = &TroubleJSON{t.Undo, t.Code, sentence(t.Why), items(t.Reasons, sentence), instant(t.At)}
	}
	return out
}

func countOf(c exchange.ImportCount) ImportCountJSON {
	return ImportCountJSON{c.Kind, c.Created, c.Changed, c.Same}
}

type importOut struct {
	ETag string `header:"ETag"`
	Body ImportJSON
}

func importAnswer(i exchange.Import, err error) (*importOut, error) {
	if err != nil {
		return nil, err
	}
	return &importOut{web.ETag(i.Version), importOf(i)}, nil
}

type stageIn struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"CSV or XLSX, at most 20 MB."`
	}]
}

// Sum is that of the file and its name.
func (in *stageIn) Sum() (string, error) {
	f := in.RawBody.Data().File
	if !f.IsSet {
		return "", importing.ErrNoFile
	}
	h := sha256.New()
	h.Write([]byte(f.Filename + "\n"))
	if _, err := io.Copy(h, f); err != nil {
		return "", importing.ErrNoFile.Because(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", importing.ErrNoFile.Because(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (h imports) stage(ctx context.Context, in *stageIn) (*importOut, error) {
	f := in.RawBody.Data().File
	if !f.IsSet {
		return nil, importing.ErrNoFile
	}
	file, err := io.ReadAll(f)
	if err != nil {
		return nil, importing.ErrNoFile.Because(err)
	}
	return importAnswer(h.Importing.Stage(ctx, web.Actor(ctx), importing.StageInput{Name: f.Filename, File: file}))
}

type importsOut struct {
	Body struct {
		Items []ImportJSON `json:"items"`
	}
}

func (h imports) list(ctx context.Context, _ *struct{}) (*importsOut, error) {
	all, err := h.Importing.List(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &importsOut{}
	out.Body.Items = items(all, importOf)
	return out, nil
}

type importIn struct {
	Import string `path:"import"`
}

func (h imports) get(ctx context.Context, in *importIn) (*importOut, error) {
	key := called(ctx, "import", in.Import, id.ParseImport)
	f, err := h.Importing.Get(ctx, web.Actor(ctx), key)
	return importAnswer(f.Import, err)
}

func (h imports) mapping(ctx context.Context, in *struct {
	web.Versioned
	Import string `path:"import"`
	Body   struct {
		Mapping []MappedJSON `json:"mapping" maxItems:"20"`
	}
}) (*importOut, error) {
	key, version := versioned(ctx, "import", in.Import, id.ParseImport, in.Versioned)
	input := importing.MapInput{ID: key, Version: version}
	for _, m := range in.Body.Mapping {
		input.Mapping = append(input.Mapping, exchange.Mapped{Sheet: m.Sheet, Kind: m.Kind, Columns: m.Columns})
	}
	return importAnswer(h.Importing.Map(ctx, web.Actor(ctx), input))
}

// RowErrorJSON is what is wrong with a row.
type RowErrorJSON struct {
	Sheet  string `json:"sheet"`
	Row    int    `json:"row" doc:"As a spreadsheet counts, from 1; 0 is the sheet as a whole."`
	Column string `json:"column,omitempty" doc:"As the file calls it."`
	Field  string `json:"field,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// RowChangeJSON is what would become of a row.
type RowChangeJSON struct {
	Kind   string            `json:"kind"`
	Sheet  string            `json:"sheet"`
	Row    int               `json:"row"`
	Did    string            `json:"outcome" enum:"created,changed"`
	Name   string            `json:"name"`
	Fields []FieldChangeJSON `json:"fields"`
}

// FieldChangeJSON is a value that becomes another.
type FieldChangeJSON struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type importPreviewOut struct {
	Body struct {
		Errors  []RowErrorJSON    `json:"errors" doc:"The first 200."`
		Wrong   int               `json:"errors_in_all"`
		Counts  []ImportCountJSON `json:"counts"`
		Changes []RowChangeJSON   `json:"changes" doc:"The first 500 rows that make or change something."`
		More    int               `json:"more_changes"`
	}
}

func (h imports) preview(ctx context.Context, in *importIn) (*importPreviewOut, error) {
	key := called(ctx, "import", in.Import, id.ParseImport)
	p, err := h.Importing.Look(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := &importPreviewOut{}
	out.Body.Errors = items(p.Errors, func(e importing.RowError) RowErrorJSON {
		return RowErrorJSON{e.Sheet, e.Row, e.Column, e.Field, e.Code, sentence(e.Why)}
	})
	out.Body.Wrong, out.Body.More = p.Wrong, p.More
	out.Body.Counts = items(p.Counts, countOf)
	out.Body.Changes = items(p.Changes, func(c importing.Change) RowChangeJSON {
		return RowChangeJSON{string(c.Kind), c.Sheet, c.Row, string(c.Did), c.Name, items(c.Fields, func(f importing.FieldChange) FieldChangeJSON { return FieldChangeJSON{f.Field, f.Before, f.After} })}
	})
	return out, nil
}

type applyIn struct {
	web.Versioned
	Import string `path:"import"`
	Invite bool   `query:"invite" doc:"Whom it brings is sent their invitation at once; otherwise when invite-members says so."`
}

func (h imports) report(ctx context.Context, in *importIn) (*exportOut, error) {
	key := called(ctx, "import", in.Import, id.ParseImport)
	out, err := h.Importing.Report(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &exportOut{out.Type, web.Attachment(out.Name), out.File}, nil
}

func (h imports) apply(ctx context.Context, in *applyIn) (*importOut, error) {
	key, version := versioned(ctx, "import", in.Import, id.ParseImport, in.Versioned)
	return importAnswer(h.Importing.Apply(ctx, web.Actor(ctx), importing.ApplyInput{ID: key, Version: version, Invite: in.Invite}))
}

func (h imports) undo(ctx context.Context, in *importIn) (*importOut, error) {
	key := called(ctx, "import", in.Import, id.ParseImport)
	return importAnswer(h.Importing.Undo(ctx, web.Actor(ctx), key))
}

func (h imports) discard(ctx context.Context, in *importIn) (*struct{}, error) {
	key := called(ctx, "import", in.Import, id.ParseImport)
	return nil, h.Importing.Discard(ctx, web.Actor(ctx), key)
}

type exportIn struct {
	Kind   string `query:"kind" enum:"units,members,roles,assignments,cost_centres,addresses,budgets" doc:"All when absent."`
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}

type exportOut struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

func (h imports) export(ctx context.Context, in *exportIn) (*exportOut, error) {
	input := importing.ExportInput{Format: importing.Format(in.Format)}
	if in.Kind != "" {
		input.Kinds = []importing.Kind{importing.Kind(in.Kind)}
	}
	out, err := h.Importing.Export(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	return &exportOut{out.Type, web.Attachment(out.Name), out.File}, nil
}
