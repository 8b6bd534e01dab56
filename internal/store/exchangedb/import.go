package exchangedb

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/exchange"
	"kontor/internal/store/engine"
)

// ErrImportUnseen is the fault of an import that there is not, or that the actor may not see.
var ErrImportUnseen = fault.Define(fault.NotFound, "import.unseen", "there is no such import that you may see, or its file is no longer kept")

const importColumns = `i.id, i.company_id, i.member_id, i.name, i.size, i.state, i.mapping, i.counts, i.made_at, i.ends_at, i.applied_at, i.undone_at, i.version,
	i.job_id, coalesce(j.state, ''), coalesce(j.done, 0), coalesce(j.total, 0), i.trouble`

const importFrom = ` from import i left join job j on j.id = i.job_id `

func importInto(i *exchange.Import) []any {
	return []any{&i.ID, &i.Company, &i.Member, &i.Name, &i.Size, engine.Text(&i.State), engine.JSON(&i.Mapping), engine.JSON(&i.Counts), &i.MadeAt, &i.EndsAt,
		&i.AppliedAt, &i.UndoneAt, &i.Version, &i.Job, engine.Text(&i.JobState), &i.Done, &i.Of, engine.JSON(&i.Trouble)}
}

// InsertImport adds an import with its rows.
func (t Tables) InsertImport(i exchange.Import, rows []byte) {
	t.Tx.Write(`
		insert into import (company_id, id, member_id, name, size, state, mapping, counts, rows, made_at, ends_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		i.Company, i.ID, i.Member, i.Name, i.Size, i.State, engine.JSON(i.Mapping), engine.JSON(i.Counts), rows, i.MadeAt, i.EndsAt)
}

// UpdateImport replaces what is said of an import that was read in this transaction.
func (t Tables) UpdateImport(i exchange.Import) {
	t.Tx.Write(`
		update import set state = ?, mapping = ?, counts = ?, ends_at = ?, applied_at = ?, undone_at = ?, job_id = ?, trouble = ?, version = version + 1
		 where company_id = ? and id = ?`,
		i.State, engine.JSON(i.Mapping), engine.JSON(i.Counts), i.EndsAt, i.AppliedAt, i.UndoneAt, i.Job, trouble(i), i.Company, i.ID)
}

// trouble is why a job came to nothing, as the tables keep it: null where none did.
func trouble(i exchange.Import) any {
	if i.Trouble == nil {
		return nil
	}
	return engine.JSON(i.Trouble)
}

// SetImportUndo keeps what is needed to undo an import, instead of its rows; nil forgets both.
func (t Tables) SetImportUndo(company id.Company, key id.Import, undo []byte) {
	var kept any
	if len(undo) > 0 {
		kept = undo
	}
	t.Tx.Write(`update import set rows = null, undo = ? where company_id = ? and id = ?`, kept, company, key)
}

// GetImport reads an import of a company, while it is kept.
func (t Tables) GetImport(ctx context.Context, company id.Company, key id.Import) (i exchange.Import, err error) {
	t.Tx.Ask(`select `+importColumns+importFrom+`where i.company_id = ? and i.id = ? and (i.state <> 'staged' or i.ends_at > ?)`,
		company, key, t.Tx.Now).Row(ErrImportUnseen, importInto(&i)...)
	return i, t.Tx.Fetch(ctx)
}

// GetImportFile reads the rows of an import, and what is needed to undo it; what is not kept is nil.
func (t Tables) GetImportFile(ctx context.Context, company id.Company, key id.Import) (rows, undo []byte, err error) {
	t.Tx.Ask(`select i.rows, i.undo from import i where i.company_id = ? and i.id = ?`, company, key).Row(ErrImportUnseen, &rows, &undo)
	return rows, undo, t.Tx.Fetch(ctx)
}

// WantImports asks for the imports of a company that are kept, the newest first; at most 500.
func (t Tables) WantImports(all *[]exchange.Import, company id.Company) {
	engine.Rows(t.Tx.Ask(`select `+importColumns+importFrom+`where i.company_id = ? and (i.state <> 'staged' or i.ends_at > ?)
		order by i.made_at desc, i.id desc limit 500`, company, t.Tx.Now), all,
		func(i *exchange.Import, scan engine.Scan) error { return scan(importInto(i)...) })
}

// DeleteImport removes an import that was not applied.
func (t Tables) DeleteImport(company id.Company, key id.Import) {
	t.Tx.Write(`delete from import where company_id = ? and id = ? and state = 'staged'`, company, key)
}

// DeleteImports forgets files and what is needed to undo them, so many whose time is over; it says how many they were.
func (t Tables) DeleteImports(ctx context.Context, most int) (n int64, err error) {
	t.Tx.Write(`delete from import where id in (select i.id from import i where i.state = 'staged' and i.ends_at <= ? order by i.ends_at, i.id limit ?)`, t.Tx.Now, most).
		Counting(func(some int64) { n = some })
	t.Tx.Write(`update import set rows = null, undo = null where ends_at <= ? and (rows is not null or undo is not null)`, t.Tx.Now)
	return n, t.Tx.Fetch(ctx)
}
