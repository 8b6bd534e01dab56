package importing

import (
	"context"
	"encoding/json"
	"fmt"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Job is the kind of the job that applies an import, or takes it back.
const Job = "imports.work"

// order is the input of such a job.
type order struct {
	By     step.Asker `json:"by"`
	Import id.Import  `json:"import"`
	Undo   bool       `json:"undo,omitempty"`
	Invite bool       `json:"invite,omitempty"`
}

// ApplyInput is an import, and the version of it that was looked at.
type ApplyInput struct {
	ID      id.Import
	Version int64
	Invite  bool // whom it brings is sent their invitation at once; otherwise when somebody says so
}

// Apply has a job do all that a file says, or nothing: each row asks what the single act would, of whoever calls this, with
// the rights that they have when it is done.
func (s *Service) Apply(ctx context.Context, actor access.Actor, in ApplyInput) (exchange.Import, error) {
	return s.order(ctx, actor, order{Import: in.ID, Invite: in.Invite}, func(i exchange.Import, job id.Job, tx *store.Tx) (exchange.Import, error) {
		return i.Order(in.Version, job)
	})
}

// Undo has a job take back all that an import has made and changed, or nothing: it is refused while anything depends on what
// was made, or something has been changed since.
func (s *Service) Undo(ctx context.Context, actor access.Actor, key id.Import) (exchange.Import, error) {
	return s.order(ctx, actor, order{Import: key, Undo: true}, func(i exchange.Import, job id.Job, tx *store.Tx) (exchange.Import, error) {
		return i.OrderUndo(job, tx.Now)
	})
}

// order adds the job for an import.
func (s *Service) order(ctx context.Context, actor access.Actor, o order, decide func(exchange.Import, id.Job, *store.Tx) (exchange.Import, error)) (i exchange.Import, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := known(ctx, tx, actor, o.Import)
		if err != nil {
			return err
		}
		// may
		if err := mayImport(actor); err != nil {
			return err
		}
		// write
		o.By = step.AskedBy(actor)
		job, err := step.Order(tx, actor, Job, o, 0)
		if err != nil {
			return err
		}
		// decide
		if i, err = decide(before, job, tx); err != nil {
			return err
		}
		tx.Exchange.UpdateImport(i)
		// tell
		tx.Tell(actor, exchange.ImportWasOrdered{ImportID: i.ID, File: i.Name, Undo: o.Undo, Job: job})
		i.Version++
		i.JobState, i.Done, i.Of = exchange.JobReady, 0, 0
		return nil
	})
	return i, err
}

// Work works off a job of Apply or Undo, for whoever asked. All of it is one transaction, which notes with what it does that
// the job is over: a job that is begun again after that finds nothing to do. What is refused is kept with the import and
// not tried again.
func (s *Service) Work(ctx context.Context, _ access.Actor, j exchange.Job, advance func(done, of int) error) error {
	var o order
	if err := json.Unmarshal([]byte(j.Input), &o); err != nil {
		return fmt.Errorf("the input of job %s: %w", j.ID, err)
	}
	err := s.work(ctx, j, o, advance)
	why := fault.Of(err)
	if why == nil || why.Kind == fault.Internal || why.Kind == fault.Unavailable {
		return err
	}
	return s.fail(ctx, j, o, why)
}

func (s *Service) work(ctx context.Context, j exchange.Job, o order, advance func(done, of int) error) error {
	if o.Undo {
		return s.undo(ctx, j, o)
	}
	if err := s.rehearse(ctx, j, o, advance); err != nil {
		return err
	}
	return s.apply(ctx, j, o)
}

// rehearse draws the plan of a file while everybody else goes on working, and comes to know of most of what is wrong with it.
func (s *Service) rehearse(ctx context.Context, j exchange.Job, o order, advance func(done, of int) error) error {
	return s.db.Read(ctx, o.By.Actor(), func(tx *store.Tx, actor access.Actor) error {
		i, book, err := s.find(ctx, tx, actor, o.Import)
		if err != nil || i.Job != j.ID {
			return err
		}
		rows := 0
		for _, sh := range book.Sheets {
			rows += len(sh.Rows) - 1
		}
		p, err := draw(ctx, tx, actor, i, &book, func(done int) error { return advance(done, 2*rows) }) // to write takes as long as to read
		if err != nil {
			return err
		}
		return p.refused()
	})
}

// apply does what a file says.
func (s *Service) apply(ctx context.Context, j exchange.Job, o order) error {
	return s.db.Write(ctx, o.By.Actor(), func(tx *store.Tx, actor access.Actor) error {
		// find
		before, book, err := s.find(ctx, tx, actor, o.Import)
		if err != nil || before.Job != j.ID {
			return err
		}
		// may, and decide: row by row
		if err := mayImport(actor); err != nil {
			return err
		}
		p, err := draw(ctx, tx, actor, before, &book, nil)
		if err != nil {
			return err
		}
		if err := p.refused(); err != nil {
			return err
		}
		i, err := before.Apply(j.ID, p.Counts, tx.Now)
		if err != nil {
			return err
		}
		// write
		r, err := p.write(ctx, tx)
		if err != nil {
			return err
		}
		undo, err := packed(r)
		if err != nil {
			return err
		}
		tx.Exchange.UpdateImport(i)
		tx.Exchange.SetImportUndo(actor.Company, i.ID, undo)
		// tell
		p.tell(tx, r)
		tx.Tell(actor, exchange.ImportWasApplied{ImportID: i.ID, File: i.Name, Counts: i.Counts})
		if o.Invite && len(r.Members) > 0 {
			_, err = step.OrderInvitations(tx, actor, r.Members)
		}
		return err
	})
}

// undo takes back what an import did.
func (s *Service) undo(ctx context.Context, j exchange.Job, o order) error {
	return s.db.Write(ctx, o.By.Actor(), func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := known(ctx, tx, actor, o.Import)
		if err != nil || before.Job != j.ID {
			return err
		}
		i, err := before.Undo(j.ID, tx.Now)
		if err != nil {
			return err
		}
		_, packed, err := tx.Exchange.GetImportFile(ctx, actor.Company, i.ID)
		if err != nil {
			return err
		}
		var r record
		if err := unpack(packed, &r); err != nil {
			return err
		}
		st, err := load(ctx, tx, actor, true)
		if err != nil {
			return err
		}
		u := &undoing{state: st, record: &r, tx: tx, uuids: map[string]string{}}
		// may
		if err := mayImport(actor); err != nil {
			return err
		}
		if err := u.may(); err != nil {
			return err
		}
		// decide
		u.unchanged()
		u.empty()
		if err := u.refused(); err != nil {
			return err
		}
		// write
		if err := u.write(ctx); err != nil {
			return err
		}
		tx.Exchange.UpdateImport(i)
		tx.Exchange.SetImportUndo(actor.Company, i.ID, nil)
		tx.Companies.SetRightsChanged(actor.Company)
		// tell
		u.tell()
		tx.Tell(actor, exchange.ImportWasUndone{ImportID: i.ID, File: i.Name, Counts: i.Counts})
		return nil
	})
}

// fail keeps why nothing was done.
func (s *Service) fail(ctx context.Context, j exchange.Job, o order, why *fault.Fault) error {
	return s.db.Write(ctx, access.System(j.Company), func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Exchange.GetImport(ctx, j.Company, o.Import)
		if err != nil || before.Job != j.ID {
			return nil // it has been forgotten, or is done
		}
		// may
		if err := mayImport(actor); err != nil {
			return err
		}
		// decide
		t := exchange.Trouble{Undo: o.Undo, Code: why.Code, Why: locale.Say(why.Format, why.Args...), At: tx.Now}
		for _, r := range why.Reasons {
			t.Reasons = append(t.Reasons, locale.Say(r.Format, r.Args...))
		}
		// write
		tx.Exchange.UpdateImport(before.Fail(t))
		// tell
		tx.Tell(actor, exchange.ImportHasFailed{ImportID: before.ID, File: before.Name, Undo: o.Undo, Code: why.Code})
		return nil
	})
}

// Report is what is wrong with a file, as a table: its headings, and a row for each of the first thousands.
func (s *Service) Report(ctx context.Context, actor access.Actor, key id.Import) (out Exported, err error) {
	p, err := s.look(ctx, actor, key, mostErrors)
	if err != nil {
		return out, err
	}
	l := actor.Language
	rows := [][]string{{locale.Say("Sheet").In(l), locale.Say("Row").In(l), locale.Say("Column").In(l), locale.Say("Why").In(l), locale.Say("Code").In(l)}}
	for _, e := range p.Errors {
		rows = append(rows, []string{e.Sheet, fmt.Sprint(e.Row), e.Column, e.Why.In(l), e.Code})
	}
	return file(ExportInput{Kinds: []Kind{"errors"}, Format: sheet.CSV}, []sheet.Table{{Rows: rows}}, l)
}
