package demo

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/onboarding"
)

// The organisation of AdventureWorks is given out and brought into a company that has nobody but its founder: its units,
// people with their managers, roles, cost centres, budgets and addresses are then the same.
func TestTheOrganisationTravelsByFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		p := &planting{house: open(db), source: source(t), password: Password, now: db.Times()}
		p.clock = wind(db)
		p.clock.set(p.now.Add(-founded))
		must(p.cast(ctx))
		must(p.adventureWorks(ctx))
		p.clock.back()
		boss := p.source.People[0]
		twin, err := p.onboarding.Found(ctx, access.System(id.Company{}), onboarding.FoundInput{Number: "20002", Name: firmName, Code: "aw", Currency: Currency,
			Language: locale.English, Zone: zone, Email: boss.Email, First: boss.First, Last: boss.Last, Title: boss.Title})
		must(err)

		began := time.Now()
		took := func(what string) {
			t.Logf("%s: %s", what, time.Since(began).Round(time.Millisecond))
			began = time.Now()
		}
		files := importing.New(db)
		given, err := files.Export(ctx, p.firm.system, importing.ExportInput{Format: importing.XLSX})
		must(err)
		took("given out")
		f := &firm{house: p.house, key: twin.Company, system: access.System(twin.Company), members: map[*Person]id.Member{boss: twin.Administrator},
			people: map[id.Member]*Person{}, actors: map[id.Member]access.Actor{}}
		must(f.recognise(ctx))
		there, err := f.as(ctx, twin.Administrator)
		must(err)
		staged, err := files.Stage(ctx, there, importing.StageInput{Name: "aw.xlsx", File: given.File})
		must(err)
		looked, err := files.Look(ctx, there, staged.ID)
		must(err)
		if looked.Wrong > 0 {
			t.Fatalf("%d mistakes, the first: %+v", looked.Wrong, looked.Errors[0])
		}
		took("staged and looked at")
		staged, err = files.Apply(ctx, there, importing.ApplyInput{ID: staged.ID, Version: staged.Version})
		must(err)
		must(db.Read(ctx, f.system, func(tx *store.Tx, _ access.Actor) error {
			job, err := tx.Exchange.GetJob(ctx, f.key, staged.Job)
			if err == nil {
				err = files.Work(ctx, f.system, job, func(int, int) error { return nil })
			}
			return err
		}))
		took("applied")
		again, err := files.Export(ctx, there, importing.ExportInput{Format: importing.XLSX})
		must(err)
		was, is := sheets(t, given.File), sheets(t, again.File)
		for name, rows := range was {
			more := slices.DeleteFunc(slices.Clone(is[name]), func(r string) bool { return slices.Contains(rows, r) })
			less := slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return slices.Contains(is[name], r) })
			if name == "Assignments" { // the founder of the twin is its administrator, and has the usual role
				more = slices.DeleteFunc(more, func(r string) bool { return strings.HasPrefix(r, boss.Email) })
			}
			if len(more)+len(less) > 0 {
				t.Errorf("%s: there is more, %q, and less, %q", name, more, less)
			}
			t.Logf("%s: %d rows", name, len(rows))
		}
	})
}

// sheets are the rows of a workbook, by its sheets.
func sheets(t *testing.T, file []byte) map[string][]string {
	t.Helper()
	b, err := sheet.Read("x.xlsx", file, sheet.Limits{Unpacked: 20 << 20, Sheets: 10, Rows: 10_000, Columns: 50, Cells: 500_000, Texts: 100_000, Cell: 32 << 10})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, s := range b.Sheets {
		for _, r := range s.Rows {
			all[s.Name] = append(all[s.Name], strings.Join(r.Cells, "|"))
		}
	}
	return all
}
