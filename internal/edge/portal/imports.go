package portal

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/importing"
)

// imports adds the pages by which an organisation comes in from files, and goes out.
func (p *Portal) imports(mux *web.Mux, look looking, act adding) {
	show := func(pattern, name string, serve func(*visit) error) {
		meta := web.Meta{Scope: web.Company, Permission: importing.Importers[0].Code(), Name: name}
		for _, leaf := range importing.Importers[1:] {
			meta.Or = append(meta.Or, leaf.Code())
		}
		p.page(mux, "GET "+pattern, meta, serve)
	}
	show("/imports", "Import and export", (*visit).importList)
	p.page(mux, "POST /imports", web.Meta{Scope: web.Own, Permission: access.UsersManage.Code(), Writes: true, MaxBody: importing.MostBytes + web.MaxBody}, (*visit).stages)
	show("/imports/{import}", "An import", (*visit).importing)
	show("/imports/{import}/errors", "", (*visit).importReport)
	act("/imports/{import}/mapping", access.UsersManage, (*visit).mapsImport)
	act("/imports/{import}/apply", access.UsersManage, (*visit).appliesImport)
	act("/imports/{import}/undo", access.UsersManage, (*visit).undoesImport)
	act("/imports/{import}/discard", access.UsersManage, (*visit).discardsImport)
	look("/export", access.UsersView, "", (*visit).exports)
}

// importLink is the way to the page of imports.
func (v *visit) importLink() ui.LinkButton {
	return ui.LinkButton{Label: v.T("Import"), URL: "/imports", Icon: ui.IconUpload}
}

// ImportsPage takes a file, and lists those that came before.
type ImportsPage struct {
	ui.Frame
	Header  ui.Header
	File    ui.Field
	Error   string
	Table   ui.Table
	Exports []ui.LinkButton
	Kinds   ui.Items
}

func (v *visit) importList() error { return v.importsPage(attempt{}) }

func (v *visit) importsPage(a attempt) error {
	all, err := v.Importing.List(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := ImportsPage{Frame: v.frame(v.T("Import"), "company"), Error: a.short()}
	p.Header = ui.Header{Crumbs: v.peopleCrumbs(), Title: v.T("Import"), Note: v.T("Units, members, roles, assignments, cost centres, addresses and budgets, from a file. Nothing changes before you have seen what would.")}
	p.File = ui.Field{As: ui.AsFile, Name: "file", Label: v.T("File"), Accept: ".csv,.xlsx,.txt", Hint: v.T("XLSX with a sheet for each kind, or CSV with one kind; at most 20 MB. The first row has the headings.")}
	p.Table = ui.Table{Name: "imports", Caption: v.T("Imports"), Columns: []ui.Column{{Label: v.T("File")}, {Label: v.T("State")}, {Label: v.T("What it did")}, {Label: v.T("Brought"), Fit: true}},
		Empty: ui.Empty{Icon: ui.IconUpload, Title: v.T("No imports yet"), Text: v.T("A good beginning is to take along what is there, to change it, and to bring it back.")}}
	for _, i := range all {
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/imports/" + i.ID.String(), Faded: i.State == exchange.ImportUndone, Cells: []templ.Component{ui.Text(i.Name), v.importState(i), ui.Text(v.didSum(i.Counts)), v.time(i.MadeAt)}})
	}
	if v.actor.MaySomewhere(access.UsersView) {
		p.Exports = append(p.Exports, ui.LinkButton{Label: v.T("Everything as XLSX"), URL: "/export?format=xlsx", Icon: ui.IconDownload, Download: true})
		for _, k := range importing.Kinds() {
			p.Exports = append(p.Exports, ui.LinkButton{Label: v.T("%s as CSV", k.Label), URL: "/export?format=csv&kind=" + string(k.Kind), Icon: ui.IconDownload, Small: true, Download: true})
		}
	}
	p.Kinds = ui.Items{Label: v.T("What a file can have")}
	for _, k := range importing.Kinds() {
		var heads []string
		for _, c := range k.Columns {
			heads = append(heads, v.phrase(c.Label))
		}
		p.Kinds.Items = append(p.Kinds.Items, ui.Item{Title: v.phrase(k.Label), Text: joined(" · ", heads...)})
	}
	return v.answer(a.status(), p.View())
}

// peopleCrumbs lead back to where people are kept.
func (v *visit) peopleCrumbs() []ui.Link {
	if !v.actor.MaySomewhere(access.UsersView) {
		return nil
	}
	return []ui.Link{{Label: v.T("Members"), URL: "/members"}}
}

var importStates = map[exchange.ImportState]struct {
	label locale.Phrase
	tone  ui.Tone
}{
	exchange.ImportStaged: {locale.Say("Not applied yet"), ui.Info}, exchange.ImportApplied: {locale.Say("Applied"), ui.Good}, exchange.ImportUndone: {locale.Say("Undone"), ui.Neutral},
}

func (v *visit) importState(i exchange.Import) ui.Badge {
	if i.Underway() {
		return ui.Badge{Label: v.T("Under way"), Tone: ui.Info}
	}
	return ui.Badge{Label: importStates[i.State].label.In(v.l), Tone: importStates[i.State].tone}
}

// didSum says how much an import did in all.
func (v *visit) didSum(counts []exchange.ImportCount) string {
	if len(counts) == 0 {
		return ""
	}
	created, changed := 0, 0
	for _, c := range counts {
		created, changed = created+c.Created, changed+c.Changed
	}
	return v.T("%d created, %d changed", created, changed)
}

func (v *visit) stages() error {
	if _, err := v.Importing.List(v.ctx(), v.actor); err != nil {
		return err // who may not bring files is told so before theirs is read
	}
	if _, err := v.form(); err != nil {
		return err
	}
	name, file, err := web.File(v.r, "file")
	var i exchange.Import
	if err == nil {
		i, err = v.Importing.Stage(v.ctx(), v.actor, importing.StageInput{Name: name, File: file})
	}
	if err != nil {
		return v.again("file", nil, err, v.importsPage)
	}
	return v.goOn("/imports/"+i.ID.String(), "", "")
}

// ImportPage shows what a file is read as, what is wrong with it, and what it would do or did.
type ImportPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Staged  bool
	Notices []ui.Notice
	Errors  ui.Table
	Sums    ui.Table
	Changes ui.Table
	Ready   bool // there is something to do, and nothing is wrong
	Invite  ui.Check
	Working ui.Progress // a job is at it
	Again   ui.LinkButton
	Report  ui.LinkButton
	Sheets  []ImportSheet
	Undo    ui.Dialog
	Discard ui.Dialog
}

// ImportSheet is a sheet with what its columns are read as.
type ImportSheet struct {
	Title   string
	Note    string
	Kind    ui.Field
	Columns []ui.Field
}

func (v *visit) importing() error {
	key, err := named(v, "import", id.ParseImport)
	if err != nil {
		return err
	}
	return v.importPage(key, attempt{})
}

func (v *visit) importPage(key id.Import, a attempt) error {
	f, err := v.Importing.Get(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := ImportPage{Frame: v.frame(f.Name, "company"), URL: "/imports/" + key.String(), Version: v.plain(f.Version), Staged: f.State == exchange.ImportStaged}
	p.Header = ui.Header{Crumbs: append(v.peopleCrumbs(), ui.Link{Label: v.T("Import"), URL: "/imports"}), Title: f.Name, Badge: v.importState(f.Import)}
	v.importTrouble(&p, a)
	if f.Underway() {
		v.importWorking(&p, f)
		return v.answer(a.status(), p.View())
	}
	v.importFailed(&p, f)
	if !p.Staged {
		v.importDone(&p, f)
		return v.answer(a.status(), p.View())
	}
	p.Header.Note = v.T("Nothing has changed yet. The file is kept until %s.", v.l.DateTime(f.EndsAt, v.zone))
	p.Header.Actions = ui.Button{Label: v.T("Discard"), Icon: ui.IconDelete, Kind: ui.Quiet, Opens: "discard"}
	p.Discard = ui.Dialog{Name: "discard", Title: v.T("Discard %s", f.Name), Text: v.T("The file is forgotten. Nothing else changes.")}
	if f.Legacy {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Info, Title: v.T("This file was read as Windows-1252"), Text: v.T("Please look whether umlauts and accents are right below. If not, save the file as “CSV UTF-8” and bring it again.")})
	}
	v.importSheets(&p, f)
	if err := v.importPreview(&p, f); err != nil {
		return err
	}
	return v.answer(a.status(), p.View())
}

// importTrouble says why something was not done.
func (v *visit) importTrouble(p *ImportPage, a attempt) {
	if !a.made() {
		return
	}
	n := ui.Notice{Tone: ui.Bad, Title: ifEmpty(a.rest, a.short())}
	if a.fault != nil {
		for _, r := range a.fault.Reasons {
			if text := v.sentence(r); text != n.Title {
				n.Reasons = append(n.Reasons, text)
			}
		}
	}
	p.Notices = append(p.Notices, n)
}

// importWorking says how far the job of an import has come, and looks again until it is over.
func (v *visit) importWorking(p *ImportPage, f importing.File) {
	p.Staged = false
	label := v.T("It is being applied")
	if f.State == exchange.ImportApplied {
		label = v.T("It is being undone")
	}
	text := v.T("It waits for its turn.")
	switch {
	case f.JobState == exchange.JobRunning && f.Of > 0 && f.Done >= f.Of/2:
		text = v.T("All rows were looked at; now they are written.")
	case f.JobState == exchange.JobRunning && f.Of > 0:
		text = v.T("%s of %s rows were looked at.", v.l.Int(int64(f.Done)), v.l.Int(int64(f.Of/2)))
	case f.JobState == exchange.JobRunning:
		text = v.T("It has begun.")
	case f.JobState == exchange.JobFailed:
		text = v.T("It broke off, and is tried again soon.")
	}
	p.Working = ui.Progress{Name: "progress", Label: label, Value: int64(f.Done), Max: int64(f.Of), Text: text, HX: ui.HX{Get: p.URL, Trigger: "every 2s", Region: "import", Stay: true}}
	p.Header.Note = v.T("You can leave this page: it goes on without you. Either all of it is done, or nothing.")
	p.Again = ui.LinkButton{Label: v.T("Look again"), URL: p.URL, Icon: ui.IconRepeat, Small: true}
}

// importFailed says why the last job came to nothing.
func (v *visit) importFailed(p *ImportPage, f importing.File) {
	switch t := f.Trouble; {
	case f.JobState == exchange.JobDead:
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Bad, Title: v.T("This was given up"), Text: v.T("It broke off again and again, and nothing has changed. Please try once more, or tell whoever runs this shop.")})
	case t != nil:
		n := ui.Notice{Tone: ui.Bad, Title: v.T("Nothing was done"), Text: capital(v.phrase(t.Why)) + "."}
		for _, r := range t.Reasons {
			if text := capital(v.phrase(r)); text+"." != n.Text {
				n.Reasons = append(n.Reasons, text)
			}
		}
		p.Notices = append(p.Notices, n)
	}
}

// importReport gives out all that is wrong with a file.
func (v *visit) importReport() error {
	key, err := named(v, "import", id.ParseImport)
	if err != nil {
		return err
	}
	out, err := v.Importing.Report(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return web.Download(v.w, out.Name, out.Type, out.File)
}

// importPreview is what a file would do, or what is wrong with it.
func (v *visit) importPreview(p *ImportPage, f importing.File) error {
	look, err := v.Importing.Look(v.ctx(), v.actor, f.ID)
	if err != nil {
		a, ok := v.failed("look", nil, err)
		if !ok {
			return err
		}
		v.importTrouble(p, a)
		return nil
	}
	p.Errors = ui.Table{Name: "errors", Caption: v.T("What is wrong"), Columns: []ui.Column{{Label: v.T("Sheet")}, {Label: v.T("Row"), Numeric: true, Fit: true}, {Label: v.T("Column")}, {Label: v.T("Why")}}}
	for _, e := range look.Errors {
		row := v.l.Int(int64(e.Row))
		if e.Row == 0 {
			row = "–"
		}
		p.Errors.Rows = append(p.Errors.Rows, ui.Row{Cells: []templ.Component{ui.Text(e.Sheet), ui.Text(row), ui.Text(e.Column), ui.Text(capital(v.phrase(e.Why)))}})
	}
	if look.Wrong > 0 {
		p.Report = ui.LinkButton{Label: v.T("All of it as CSV"), URL: p.URL + "/errors", Icon: ui.IconDownload, Small: true, Download: true}
		if more := look.Wrong - len(look.Errors); more > 0 {
			p.Errors.Rows = append(p.Errors.Rows, ui.Row{Faded: true, Cells: []templ.Component{ui.Text(v.N(more, "and %d more", "and %d more")), ui.Text(""), ui.Text(""), ui.Text("")}})
		}
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Bad, Title: v.N(look.Wrong, "One thing is wrong with this file", "%d things are wrong with this file"),
			Text: v.T("Nothing is done as long as anything is wrong. Mend the file and bring it again, or choose other columns.")})
		return nil
	}
	v.importSums(p, look.Counts)
	todo := 0
	for _, c := range look.Counts {
		todo += c.Created + c.Changed
	}
	p.Ready = todo > 0
	for _, c := range look.Counts {
		if importing.Kind(c.Kind) == importing.Members && c.Created > 0 {
			p.Invite = ui.Check{Name: "invite", Label: v.N(c.Created, "Send the invitation at once", "Send %d invitations at once"), Checked: true,
				Hint: v.T("Who is new stands in the structure at once, and can do nothing before they have accepted. You can also send the invitations later, from the list of members.")}
		}
	}
	if !p.Ready {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Info, Title: v.T("This file changes nothing"), Text: v.T("All that it says is so already.")})
		return nil
	}
	p.Changes = ui.Table{Name: "changes", Caption: v.T("What would change"), Columns: []ui.Column{{Label: v.T("What")}, {Label: v.T("Outcome"), Fit: true}, {Label: v.T("Changes")}, {Label: v.T("Row"), Numeric: true, Fit: true}}}
	for _, c := range look.Changes[:min(len(look.Changes), shownChanges)] {
		badge := ui.Badge{Label: v.T("Created"), Tone: ui.Good}
		if c.Did == importing.Changed {
			badge = ui.Badge{Label: v.T("Changed"), Tone: ui.Info}
		}
		p.Changes.Rows = append(p.Changes.Rows, ui.Row{Cells: []templ.Component{ui.Named{Name: c.Name, Note: v.kindLabel(c.Kind)}, badge, ui.Text(v.fieldChanges(c.Fields)), ui.Text(v.l.Int(int64(c.Row)))}})
	}
	if more := len(look.Changes) + look.More - len(p.Changes.Rows); more > 0 {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Info, Title: v.N(more, "And one row more, which is not shown", "And %d rows more, which are not shown")})
	}
	return nil
}

// shownChanges is how many rows of what would change are shown.
const shownChanges = 200

func (v *visit) kindLabel(k importing.Kind) string {
	for _, s := range importing.Kinds() {
		if s.Kind == k {
			return v.phrase(s.Label)
		}
	}
	return ""
}

func (v *visit) fieldChanges(all []importing.FieldChange) string {
	var texts []string
	for _, c := range all {
		texts = append(texts, v.phrase(c.Label)+": "+ifEmpty(c.Before, "–")+" → "+ifEmpty(c.After, "–"))
	}
	return joined("; ", texts...)
}

// importSums counts what becomes of the rows of each kind.
func (v *visit) importSums(p *ImportPage, counts []exchange.ImportCount) {
	p.Sums = ui.Table{Name: "sums", Caption: v.T("How many"), Columns: []ui.Column{{Label: v.T("Kind")}, {Label: v.T("Created"), Numeric: true}, {Label: v.T("Changed"), Numeric: true}, {Label: v.T("As they are"), Numeric: true}}}
	for _, c := range counts {
		p.Sums.Rows = append(p.Sums.Rows, ui.Row{Cells: []templ.Component{ui.Text(v.kindLabel(importing.Kind(c.Kind))), ui.Text(v.l.Int(int64(c.Created))), ui.Text(v.l.Int(int64(c.Changed))), ui.Text(v.l.Int(int64(c.Same)))}})
	}
}

// importDone is what an import did, and the way back.
func (v *visit) importDone(p *ImportPage, f importing.File) {
	v.importSums(p, f.Counts)
	if f.State == exchange.ImportUndone {
		p.Header.Note = v.T("Undone on %s.", v.l.DateTime(f.UndoneAt, v.zone))
		return
	}
	p.Header.Note = v.T("Applied on %s. It can be undone until %s, as long as nothing depends on what it made.", v.l.DateTime(f.AppliedAt, v.zone), v.l.DateTime(f.EndsAt, v.zone))
	p.Header.Actions = ui.Button{Label: v.T("Undo"), Icon: ui.IconUndo, Kind: ui.Danger, Opens: "undo"}
	p.Undo = ui.Dialog{Name: "undo", Title: v.T("Undo %s", f.Name), Text: v.T("What it made is removed, and what it changed becomes as it was.")}
}

// importSheets are the sheets with what their columns are read as.
func (v *visit) importSheets(p *ImportPage, f importing.File) {
	kinds := []ui.Option{{Label: v.T("Not read")}}
	for _, k := range importing.Kinds() {
		kinds = append(kinds, ui.Option{Value: string(k.Kind), Label: v.phrase(k.Label)})
	}
	for i, s := range f.Sheets {
		if i >= len(f.Mapping) {
			break
		}
		at := strconv.Itoa(i)
		m := f.Mapping[i]
		out := ImportSheet{Title: s.Name, Note: v.N(s.Rows, "%d row", "%d rows"), Kind: ui.Field{As: ui.AsSelect, Name: "kind" + at, Label: v.T("These are"), Value: m.Kind, Options: kinds, Optional: true, Unmarked: true}}
		fields := []ui.Option{{Label: v.T("Not read")}}
		for _, k := range importing.Kinds() {
			if string(k.Kind) == m.Kind {
				for _, c := range k.Columns {
					fields = append(fields, ui.Option{Value: c.Field, Label: v.phrase(c.Label)})
				}
			}
		}
		for k, head := range s.Heads {
			if len(fields) == 1 {
				break
			}
			field := ""
			if k < len(m.Columns) {
				field = m.Columns[k]
			}
			out.Columns = append(out.Columns, ui.Field{As: ui.AsSelect, Name: "column" + at + "." + strconv.Itoa(k), Label: ifEmpty(head, v.T("Column %d", k+1)), Hint: example(s.First, k), Value: field, Options: fields, Optional: true, Unmarked: true})
		}
		p.Sheets = append(p.Sheets, out)
	}
}

// example is the first that stands in a column.
func example(rows [][]string, column int) string {
	for _, r := range rows {
		if column < len(r) && r[column] != "" {
			text := []rune(r[column])
			return string(text[:min(len(text), 40)])
		}
	}
	return ""
}

func (v *visit) mapsImport() error {
	key, form, err := posted(v, "import", id.ParseImport)
	if err != nil {
		return err
	}
	f, err := v.Importing.Get(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	in := importing.MapInput{ID: key, Version: version(form.Get("version"))}
	for i, s := range f.Sheets {
		in.Mapping = append(in.Mapping, mappedSaid(form, i, s, f.Mapping[i]))
	}
	if _, err := v.Importing.Map(v.ctx(), v.actor, in); err != nil {
		return v.again("mapping", form, err, func(a attempt) error { return v.importPage(key, a) })
	}
	return v.goOn("/imports/"+key.String(), ui.Good, v.T("The columns were chosen."))
}

// mappedSaid is what a form says of a sheet. Of another kind than before the columns are guessed anew.
func mappedSaid(form url.Values, i int, s importing.SheetShown, before exchange.Mapped) exchange.Mapped {
	at := strconv.Itoa(i)
	m := exchange.Mapped{Sheet: s.Name, Kind: form.Get("kind" + at), Columns: make([]string, len(s.Heads))}
	if m.Kind != before.Kind {
		m.Columns = importing.Guess(importing.Kind(m.Kind), s.Heads)
		return m
	}
	for k := range s.Heads {
		m.Columns[k] = form.Get("column" + at + "." + strconv.Itoa(k))
	}
	return m
}

func (v *visit) appliesImport() error {
	key, form, err := posted(v, "import", id.ParseImport)
	if err != nil {
		return err
	}
	_, err = v.Importing.Apply(v.ctx(), v.actor, importing.ApplyInput{ID: key, Version: version(form.Get("version")), Invite: form.Get("invite") != ""})
	if err != nil {
		return v.again("apply", nil, err, func(a attempt) error { return v.importPage(key, a) })
	}
	return v.goOn("/imports/"+key.String(), "", "")
}

func (v *visit) undoesImport() error {
	key, _, err := posted(v, "import", id.ParseImport)
	if err != nil {
		return err
	}
	if _, err := v.Importing.Undo(v.ctx(), v.actor, key); err != nil {
		return v.again("undo", nil, err, func(a attempt) error { return v.importPage(key, a) })
	}
	return v.goOn("/imports/"+key.String(), "", "")
}

func (v *visit) discardsImport() error {
	key, _, err := posted(v, "import", id.ParseImport)
	if err != nil {
		return err
	}
	if err := v.Importing.Discard(v.ctx(), v.actor, key); err != nil {
		return v.again("discard", nil, err, func(a attempt) error { return v.importPage(key, a) })
	}
	return v.goOn("/imports", ui.Good, v.T("The file was discarded."))
}

func (v *visit) exports() error {
	in := importing.ExportInput{Format: importing.XLSX}
	if v.query("format") == "csv" {
		in.Format = importing.CSV
	}
	if k := v.query("kind"); k != "" {
		in.Kinds = []importing.Kind{importing.Kind(k)}
	}
	out, err := v.Importing.Export(v.ctx(), v.actor, in)
	if err != nil {
		return err
	}
	return web.Download(v.w, out.Name, out.Type, out.File)
}
