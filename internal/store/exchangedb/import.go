package exchangedb

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/exchange"
	"kontor/internal/store/engine"
)

// ErrImportUnseen is the fault of an import that there is not, or that somebody else has brought.
var ErrImportUnseen = fault.Define(fault.NotFound, "import.unseen", "there is no such import of yours, or its file is no longer kept")

const importColumns = `i.id, i.company_id, i.member_id, i.name, i.size, i.state, i.mapping, i.counts, i.made_at, i.ends_at, i.applied_at, i.undone_at, i.version`

func importInto(i *exchange.Import) []any {
	return []any{&i.ID, &i.Company, &i.Member, &i.Name, &i.Size, engine.Text(&i.State), engine.JSON(&i.Mapping), engine.JSON(&i.Counts), &i.MadeAt, &i.EndsAt,
		&i.AppliedAt, &i.UndoneAt, &i.Version}
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
		update import set state = ?, mapping = ?, counts = ?, ends_at = ?, applied_at = ?, undone_at = ?, version = version + 1
		 where company_id = ? and id = ?`,
		i.State, engine.JSON(i.Mapping), engine.JSON(i.Counts), i.EndsAt, i.AppliedAt, i.UndoneAt, i.Company, i.ID)
}

// SetImportUndo keeps what is needed to undo an import, instead of its rows; nil forgets both.
func (t Tables) SetImportUndo(company id.Company, key id.Import, undo []byte) {
	var kept any
	if len(undo) > 0 {
		kept = undo
	}
	t.Tx.Write(`update import set rows = null, undo = ? where company_id = ? and id = ?`, kept, company, key)
}

// GetImport reads an import that a member has brought, while it is kept; the zero member is the system.
func (t Tables) GetImport(ctx context.Context, company id.Company, member id.Member, key id.Import) (i exchange.Import, err error) {
	t.Tx.Ask(`select `+importColumns+` from import i where i.company_id = ? and i.id = ? and (i.member_id = ? or i.member_id is null and ? = 1) and (i.state <> 'staged' or i.ends_at > ?)`,
		company, key, member, flag(member.IsZero()), t.Tx.Now).Row(ErrImportUnseen, importInto(&i)...)
	return i, t.Tx.Fetch(ctx)
}

func flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// GetImportFile reads the rows of an import, and what is needed to undo it; what is not kept is nil.
func (t Tables) GetImportFile(ctx context.Context, company id.Company, key id.Import) (rows, undo []byte, err error) {
	t.Tx.Ask(`select i.rows, i.undo from import i where i.company_id = ? and i.id = ?`, company, key).Row(ErrImportUnseen, &rows, &undo)
	return rows, undo, t.Tx.Fetch(ctx)
}

// WantImports asks for the imports that a member has brought and that are kept, the newest first; at most 50.
func (t Tables) WantImports(all *[]exchange.Import, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`select `+importColumns+` from import i where i.company_id = ? and i.member_id = ? and (i.state <> 'staged' or i.ends_at > ?)
		order by i.made_at desc, i.id desc limit 50`, company, member, t.Tx.Now), all,
		func(i *exchange.Import, scan engine.Scan) error { return scan(importInto(i)...) })
}

// WantImportsStaged asks how many files of a member wait to be applied.
func (t Tables) WantImportsStaged(n *int64, company id.Company, member id.Member) {
	t.Tx.Ask(`select count(*) from import i where i.company_id = ? and i.member_id = ? and i.state = 'staged' and i.ends_at > ?`, company, member, t.Tx.Now).Row(ErrImportUnseen, n)
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
