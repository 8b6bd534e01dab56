package importing_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

type stage struct {
	*testing.T
	w *cast.World
	s *importing.Service
}

func each(t *testing.T, test func(st stage)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(stage{t, cast.Acme(t, db), importing.New(db)}) })
}

func (st stage) must(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

func book(t testing.TB, tables ...sheet.Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, tables); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheetOf is a sheet from lines of cells with | between.
func sheetOf(name string, lines ...string) sheet.Table {
	t := sheet.Table{Name: name}
	for _, l := range lines {
		t.Rows = append(t.Rows, strings.Split(l, "|"))
	}
	return t
}

func (st stage) now(a access.Actor) access.Actor {
	st.Helper()
	a, err := st.w.Again(st.Context(), a)
	st.must(err)
	return a
}

func (st stage) stage(actor access.Actor, name string, file []byte) exchange.Import {
	st.Helper()
	i, err := st.s.Stage(st.Context(), actor, importing.StageInput{Name: name, File: file})
	st.must(err)
	return i
}

// look says what a file would do: "units 1+0=2 …", or what is wrong: "Units!3 name: sentence".
func (st stage) look(actor access.Actor, i exchange.Import) string {
	st.Helper()
	p, err := st.s.Look(st.Context(), actor, i.ID)
	st.must(err)
	return told(p)
}

func told(p importing.Preview) string {
	var all []string
	for _, e := range p.Errors {
		all = append(all, fmt.Sprintf("%s!%d %s: %s", e.Sheet, e.Row, e.Field, e.Why))
	}
	if len(all) == 0 {
		for _, c := range p.Counts {
			all = append(all, fmt.Sprintf("%s %d+%d=%d", c.Kind, c.Created, c.Changed, c.Same))
		}
	}
	return strings.Join(all, "; ")
}

// trouble is why a job came to nothing, as an error.
type trouble struct{ *exchange.Trouble }

func (t trouble) Error() string {
	all := []string{t.Why.String()}
	for _, r := range t.Reasons {
		all = append(all, r.String())
	}
	return strings.Join(all, "; ")
}

func (t trouble) Is(target error) bool { f := fault.Of(target); return f != nil && f.Code == t.Code }

// work does the job of an import, if there is one, and says what came of it.
func (st stage) work(i exchange.Import, err error) (exchange.Import, error) {
	st.Helper()
	if err != nil {
		return i, err
	}
	st.must(st.s.Work(st.Context(), access.System(i.Company), st.job(i), func(int, int) error { return nil }))
	i = st.kept(i)
	if i.Trouble != nil {
		return i, trouble{i.Trouble}
	}
	return i, nil
}

func (st stage) job(i exchange.Import) (j exchange.Job) {
	st.Helper()
	st.must(st.w.DB.Read(st.Context(), access.System(i.Company), func(tx *store.Tx, _ access.Actor) (err error) {
		j, err = tx.Exchange.GetJob(st.Context(), i.Company, i.Job)
		return err
	}))
	return j
}

// kept is an import as it is kept now.
func (st stage) kept(i exchange.Import) exchange.Import {
	st.Helper()
	st.must(st.w.DB.Read(st.Context(), access.System(i.Company), func(tx *store.Tx, _ access.Actor) (err error) {
		i, err = tx.Exchange.GetImport(st.Context(), i.Company, i.ID)
		return err
	}))
	return i
}

func (st stage) applied(actor access.Actor, i exchange.Import) (exchange.Import, error) {
	st.Helper()
	return st.work(st.s.Apply(st.Context(), actor, importing.ApplyInput{ID: i.ID, Version: st.kept(i).Version}))
}

func (st stage) undone(actor access.Actor, i exchange.Import) (exchange.Import, error) {
	st.Helper()
	return st.work(st.s.Undo(st.Context(), actor, i.ID))
}

func (st stage) apply(actor access.Actor, i exchange.Import) exchange.Import {
	st.Helper()
	i, err := st.applied(actor, i)
	st.must(err)
	return i
}

func (st stage) export(actor access.Actor) []byte {
	st.Helper()
	out, err := st.s.Export(st.Context(), actor, importing.ExportInput{Format: sheet.XLSX})
	st.must(err)
	return out.File
}

// whole is a workbook of every kind.
func whole(t testing.TB) []byte {
	return formula(t, "Mitglieder", "E3", book(t,
		sheetOf("Einheiten", "Code|Name|Übergeordnet|Kostenstelle", "ops|Betrieb||8000", "north|North|kim@acme.example|8000", "deep|Deep|north|"),
		sheetOf("Mitglieder", "E-Mail|Vorname|Nachname|Personalnr|Position|Vorgesetzter|Freigabegrenze", "lee@acme.example|Lee|Long|77||deep|", "kim@acme.example|Kim|Key|78|=|ops|1500,00", "ann@acme.example|Ann|Archer|1|Technician|ops|"),
		sheetOf("Rollen", "Rolle|Beschreibung|Berechtigungen", "Watcher|Looks|orders.view, catalog.view"),
		sheetOf("Zuweisungen", "Mitglied|Rolle|Einheit|Von|Bis", "kim@acme.example|Watcher|north||", "78|Buyer||2026-01-01|2099-12-31", "ann@acme.example|Buyer|||"),
		sheetOf("Kostenstellen", "Code|Name|Verantwortlich|Einheit", "8000|Assembly|kim@acme.example|north", "4711|Upkeep|cleo@acme.example|"),
		sheetOf("Budgets", "Budget|Betrag|Zeitraum|Einheit|Mitglied|Wenn erschöpft|Schwellen|Genehmiger|Von|Bis", "Betrieb|2500,00|Monat|ops||fragen|80% 95%|kim@acme.example||", "Fair|1000|fixed|north|lee@acme.example||500.00||2026-01-01|2026-12-31"),
		sheetOf("Adressen", "Kurzname|Name|Straße|PLZ|Ort|Land|Üblich", "Depot|Acme|Way 1|10115|Berlin|de|ja", "Works|Acme Works|Hammer Lane 1|10115|Berlin|DE|nein"),
	))
}

// formula is a workbook in which a text without an apostrophe begins as a formula does.
func formula(t testing.TB, name, cell string, file []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := errors.Join(f.SetCellStr(name, cell, "="), f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWholeOrganisationIsBroughtInAndTakenBack(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		before := st.drawn()
		i := st.stage(st.w.Dan, `C:\data\org.xlsx`, whole(st))
		if i.Name != "org.xlsx" || i.Mapping[0].Kind != "units" || strings.Join(i.Mapping[0].Columns, " ") != "code name above cost_centre" {
			st.Fatalf("%+v", i)
		}
		if got := st.look(st.w.Dan, i); got != "Mitglieder!3 title: formulas are not read: please put their values here" {
			st.Fatal(got)
		}
		i, err := st.applied(st.w.Dan, i)
		if !errors.Is(err, importing.ErrRows) {
			st.Fatal(err)
		}
		mapping := i.Mapping
		mapping[1].Columns[4] = ""
		i, err = st.s.Map(ctx, st.w.Dan, importing.MapInput{ID: i.ID, Version: i.Version, Mapping: mapping})
		st.must(err)
		if got := st.look(st.w.Dan, i); got != "units 2+1=0; members 2+1=0; roles 1+0=0; assignments 2+0=1; cost_centres 1+1=0; addresses 1+1=0; budgets 2+0=0" {
			st.Fatal(got)
		}
		version := st.now(st.w.Dan).Version
		i = st.apply(st.w.Dan, i)
		if st.now(st.w.Dan).Version == version || i.State != exchange.ImportApplied || len(i.Counts) != 7 {
			st.Errorf("%+v", i)
		}
		after := st.drawn()
		if want := "Dan Director|.Acme Works|..Betrieb|...Ann Archer|...Bob Boss|...Kim Key|....North|.....Deep|......Lee Long|..Finance|...Cleo Clark"; after != want {
			st.Errorf("drawn %s", after)
		}
		if again := st.stage(st.w.Dan, "again.xlsx", whole(st)); st.mapped(again, 1, 4) != "units 0+0=3; members 0+0=3; roles 0+0=1; assignments 0+0=3; cost_centres 0+0=2; addresses 0+0=2; budgets 0+0=2" {
			st.Error("the same file again would do something")
		}
		round := st.stage(st.w.Dan, "round.xlsx", st.export(st.w.Dan))
		if got := st.look(st.w.Dan, round); strings.Contains(strings.ReplaceAll(got, " 0+0=", ""), "+") || !strings.HasPrefix(got, "units 0+0=5; members 0+0=6; roles 0+0=12;") {
			st.Errorf("what was given out would do something: %s", got)
		}
		i, err = st.undone(st.w.Dan, i)
		st.must(err)
		if got := st.drawn(); got != before || i.State != exchange.ImportUndone {
			st.Errorf("undone, it is\n%s\nand was\n%s", got, before)
		}
		centres, err := budgeting.New(st.w.DB).ListCostCentres(ctx, st.w.Dan, budgeting.CostCentreFilter{}, page.Ask{})
		st.must(err)
		addresses, err := organising.New(st.w.DB).Addresses(ctx, st.w.Dan)
		st.must(err)
		funds, err := budgeting.New(st.w.DB).List(ctx, st.now(st.w.Dan), budgeting.Filter{}, page.Ask{})
		st.must(err)
		if len(funds.Rows) != 0 {
			st.Errorf("%+v", funds.Rows)
		}
		if len(centres.Rows) != 1 || centres.Rows[0].Name != "Maintenance" || len(addresses) != 2 {
			st.Errorf("%+v %+v", centres.Rows, addresses)
		}
		var accounts int
		st.must(st.w.DB.Read(ctx, access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			known, err := tx.Accounts.ListByEmail(ctx, []string{"kim@acme.example", "lee@acme.example"})
			accounts = len(known)
			return err
		}))
		if _, err = st.undone(st.w.Dan, i); accounts != 0 || !errors.Is(err, exchange.ErrImportNotApplied) {
			st.Errorf("%d accounts are left; %v", accounts, err)
		}
		i = st.stage(st.w.Dan, "third.xlsx", whole(st))
		if got := st.mapped(i, 1, 4); !strings.HasPrefix(got, "units 2+1=0; members 2+1=0; roles 1+0=0") {
			st.Error(got)
		}
	})
}

// mapped is what a file does when one of its columns is not read.
func (st stage) mapped(i exchange.Import, sheet, column int) string {
	st.Helper()
	i.Mapping[sheet].Columns[column] = ""
	i, err := st.s.Map(st.Context(), st.w.Dan, importing.MapInput{ID: i.ID, Version: i.Version, Mapping: i.Mapping})
	st.must(err)
	return st.look(st.w.Dan, i)
}

func (st stage) drawn() string {
	st.Helper()
	nodes, err := organising.New(st.w.DB).Structure(st.Context(), access.System(st.w.Acme))
	st.must(err)
	var all []string
	for _, n := range nodes {
		all = append(all, strings.Repeat(".", n.Depth)+n.Name)
	}
	return strings.Join(all, "|")
}

func TestRowsThatCannotBe(t *testing.T) {
	each(t, func(st stage) {
		before := st.drawn()
		members := "email,first_name,last_name,below\n"
		grants := "member,role,unit,from,until\n"
		for _, c := range []struct{ says, name, file, want string }{
			{"no key", "units.csv", "name\nX\n", "units!0 code: a column for “Code” is needed"},
			{"an empty key", "units.csv", "code,name\n,X\n", "units!2 code: please fill this in"},
			{"twice", "units.csv", "code,name\na,X\na,Y\n", "units!3 code: this stands in row 2 already"},
			{"a bad code", "units.csv", "code,name\na b,X\n", "units!2 code: a code has at most 40 letters, digits, dots, dashes, underscores and slashes"},
			{"no name", "units.csv", "code\nnew\n", "units!2 name: please fill this in"},
			{"below nothing", "units.csv", "code,name,below\na,A,mars\n", "units!2 above: there is no such unit in your company"},
			{"a circle of new ones", "units.csv", "code,name,below\na,A,b\nb,B,a\n", "units!2 above: nothing can stand below itself"},
			{"a circle of old ones", "units.csv", "code,below\nops,ann@acme.example\n", "units!2 above: nothing can stand below itself"},
			{"oneself", "members.csv", "email,below\ndan@acme.example,ops\n", "members!2 above: nothing can stand below itself"},
			{"the top", "units.csv", "code,below\nacme,acme\n", "units!2 above: nothing can stand below itself"},
			{"no address", "members.csv", members + "nobody,N,N,ops\n", "members!2 email: an e-mail address looks like name@company.example"},
			{"no name of a person", "members.csv", members + "n@acme.example,,,ops\n", "members!2 last_name: please fill this in"},
			{"a limit in words", "members.csv", "email,limit\nann@acme.example,much\n", "members!2 approval_limit: an amount is written like 1500 or 1500.00"},
			{"a limit with thousands", "members.csv", "email,limit\nann@acme.example,\"1,500\"\n", "members!2 approval_limit: an amount is written like 1500 or 1500.00"},
			{"no such role", "assignments.csv", grants + "ann@acme.example,King,,,\n", `assignments!2 role: there is no role "King" in your company`},
			{"no such member", "assignments.csv", grants + "eve@globex.example,Buyer,,,\n", "assignments!2 member: there is no such member in your company"},
			{"no such unit", "assignments.csv", grants + "ann@acme.example,Buyer,globex,,\n", `assignments!2 unit: there is no unit "globex" in your company`},
			{"no such day", "assignments.csv", grants + "ann@acme.example,Buyer,,2026-02-30,\n", "assignments!2 from: a date is a day of the calendar like 2026-03-05"},
			{"a day of a workbook in a text", "assignments.csv", grants + "ann@acme.example,Buyer,,46086,\n", "assignments!2 from: a date is a day of the calendar like 2026-03-05"},
			{"past", "assignments.csv", grants + "ann@acme.example,Approver,,,2001-01-01\n", "assignments!2 until: the end has passed already"},
			{"a changed administrator", "roles.csv", "role,permissions\nAdministrator,orders.view\n", "roles!2 : the administrators' role cannot be changed, only assigned"},
			{"a role in other capitals", "roles.csv", "role,permissions\nbUYER,orders.view\n", "roles!2 name: there is already a role of this name"},
			{"two roles in other capitals", "roles.csv", "role,permissions\nNew,orders.view\nnew,orders.view\n", "roles!3 name: there is already a role of this name"},
			{"an unknown permission", "roles.csv", "role,permissions\nNew,orders.eat\n", `roles!2 permissions: there is no permission "orders.eat"`},
			{"the last administrator's end", "assignments.csv", grants + "dan@acme.example,Administrator,,,2099-01-01\n", "assignments!2 until: a company always has"},
			{"the last administrator's late beginning", "assignments.csv", grants + "dan@acme.example,Administrator,,2098-01-01,\n", "assignments!2 from: a company always has"},
			{"a postcode of elsewhere", "addresses.csv", "label,name,street,postcode,city,country\nX,X,X,1234,X,DE\n", "addresses!2 postcode: this is no postcode of that country"},
			{"no state", "addresses.csv", "label,name,street,postcode,city,country\nX,X,X,98011,X,US\n", "addresses!2 region: addresses in that country name a state or province"},
			{"a country in words", "addresses.csv", "label,name,street,city,country\nX,X,X,X,Germany\n", "addresses!2 country: a country is two capital letters, as in ISO 3166"},
			{"perhaps", "addresses.csv", "label,usual\nWorks,perhaps\n", "addresses!2 usual: please say yes or no here"},
			{"dates the wrong way round", "cost_centres.csv", "code,from,until\n4711,2026-02-01,2026-01-01\n", "cost_centres!2 until: the last day is before the first one"},
			{"no amount of a budget", "budgets.csv", "budget,period\nX,month\n", "budgets!2 amount: please fill this in"},
			{"no period", "budgets.csv", "budget,amount\nX,5\n", "budgets!2 period: a period is an order, week, month"},
			{"a period in other words", "budgets.csv", "budget,amount,period\nX,5,often\n", "budgets!2 period: this is none of the words that can stand here"},
			{"a period of no days", "budgets.csv", "budget,amount,period\nX,5,rolling\n", "budgets!2 days: a rolling period has 1 to 3660 days"},
			{"a period without an end", "budgets.csv", "budget,amount,period,from\nX,5,fixed,2026-01-01\n", "budgets!2 until: "},
			{"a currency of none", "budgets.csv", "budget,amount,period,currency\nX,5,month,EURO\n", "budgets!2 "},
			{"a currency that there is not", "budgets.csv", "budget,amount,period,currency\nX,5,month,XYZ\n", "budgets!2 currency: no currency has the code XYZ"},
			{"a currency that no order is in", "budgets.csv", "budget,amount,period,currency\nX,5,month,USD\n", "budgets!2 currency: your company orders in EUR, and there is no rate from it to USD"},
			{"a warning in words", "budgets.csv", "budget,amount,period,warnings\nX,5,month,soon\n", "budgets!2 warnings: warnings are written like 80% 95%"},
			{"a warning beyond", "budgets.csv", "budget,amount,period,warnings\nX,5,month,300%\n", "budgets!2 warnings: a warning is at 1 to 200 percent"},
			{"nobody's budget", "budgets.csv", "budget,amount,period,member\nX,5,month,eve@globex.example\n", "budgets!2 member: there is no such member"},
			{"a unit of nobody", "budgets.csv", "budget,amount,period,unit\nX,5,month,mars\n", "budgets!2 unit: there is no such unit"},
			{"his own budget", "budgets.csv", "budget,amount,period,member\nX,5,month,dan@acme.example\n", "budgets!2 : nobody sets the budget that they spend from"},
			{"carried over to nothing", "budgets.csv", "budget,amount,period,carry\nX,5,order,unspent\n", "budgets!2 carry: only a budget whose periods follow"},
			{"a heading twice: the first is read", "units.csv", "code,name,name\nops,Operations,Other\n", "units 0+0=1"},
			{"headings alone", "units.csv", "code,name\n", ""},
		} {
			i := st.stage(st.w.Dan, c.name, []byte(c.file))
			p, err := st.s.Look(st.Context(), st.w.Dan, i.ID)
			st.must(err)
			if got := told(p); !strings.HasPrefix(got, c.want) {
				st.Errorf("%s: %s", c.says, got)
			}
			_, err = st.applied(st.w.Dan, i)
			if err == nil && c.want != "" && !strings.HasSuffix(c.want, "=1") || err != nil && !errors.As(err, new(trouble)) {
				st.Errorf("%s: %v", c.says, err)
			}
		}
		if after := st.drawn(); after != before {
			st.Errorf("something was done: %s", after)
		}
	})
}

// Numbers are what workbooks make of days, codes and flags.
func TestWorkbooksKeepDaysAsNumbers(t *testing.T) {
	each(t, func(st stage) {
		f := excelize.NewFile()
		f.SetSheetName("Sheet1", "Cost centres")
		f.SetSheetRow("Cost centres", "A1", &[]any{"Code", "Name", "From"})
		f.SetSheetRow("Cost centres", "A2", &[]any{4711, "Maintenance", time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)})
		var b bytes.Buffer
		st.must(f.Write(&b))
		i := st.stage(st.w.Dan, "x.xlsx", b.Bytes())
		p, err := st.s.Look(st.Context(), st.w.Dan, i.ID)
		st.must(err)
		if len(p.Changes) != 1 || len(p.Changes[0].Fields) != 1 || p.Changes[0].Fields[0].After != "2026-03-05" {
			st.Errorf("%+v", p)
		}
	})
}

// boss gives Bob a role that manages people and roles of operations, and nothing else.
func (st stage) boss() access.Actor {
	st.Helper()
	g := granting.New(st.w.DB)
	r, err := g.CreateRole(st.Context(), st.w.Dan, granting.CreateRoleInput{Name: "Local boss", Permissions: access.SetOf(access.UsersManage, access.RolesManage, access.OrdersView)})
	st.must(err)
	given := access.Assignment{}
	assigned, err := organising.New(st.w.DB).Member(st.Context(), st.w.Dan, st.w.Bob.Member)
	st.must(err)
	given, err = g.Assign(st.Context(), st.w.Dan, granting.AssignInput{Member: st.w.Bob.Member, Role: r.ID, Unit: st.w.Units["ops"]})
	st.must(err)
	for _, a := range assigned.Assigned {
		if a.ID != given.ID {
			st.must(g.Revoke(st.Context(), st.w.Dan, a.ID))
		}
	}
	return st.now(st.w.Bob)
}

func TestNobodyBringsInMoreThanTheyMay(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		bob := st.boss()
		for _, c := range []struct{ says, name, file, want string }{
			{"people below Bob's unit", "members.csv", "email,name,below\nn@acme.example,New One,ops\n", "members 1+0=0"},
			{"units below Bob's new units", "units.csv", "code,name,below\na,A,b\nb,B,ops\n", "units 2+0=0"},
			{"beside Bob's unit", "members.csv", "email,name\nn@acme.example,New One\n", "members!2 above: you need the permission"},
			{"below a unit that Bob does not see", "members.csv", "email,name,below\nn@acme.example,New One,fin\n", "members!2 above: there is no such unit"},
			{"a code that is taken out of sight", "units.csv", "code,name,below\nfin,Mine,ops\n", "units!2 code: there is already a unit with this code"},
			{"somebody out of sight", "members.csv", "email,title\ncleo@acme.example,X\n", "members!2 email: this person is already a member of the company"},
			{"himself", "members.csv", "email,below\nbob@acme.example,ops\n", "members 0+0=1"},
			{"more than Bob holds", "assignments.csv", "member,role,unit\nann@acme.example,Administrator,ops\n", "assignments!2 role: you cannot give"},
			{"all that Bob holds, there", "assignments.csv", "member,role,unit\nann@acme.example,Local boss,ops\n", "assignments 1+0=0"},
			{"all that Bob holds, everywhere", "assignments.csv", "member,role,unit\nann@acme.example,Local boss,\n", "assignments!2 : you need the permission"},
			{"to himself", "assignments.csv", "member,role\nbob@acme.example,Administrator\n", "assignments!2 : you need the permission"},
			{"a role", "roles.csv", "role,permissions\nNew,orders.view\n", "roles!2 : you need the permission"},
			{"a bigger role", "roles.csv", "role,permissions\nLocal boss,audit.view\n", "roles!2 : you need the permission"},
			{"a limit", "members.csv", "email,limit\nann@acme.example,5\n", "members!2 approval_limit: you need the permission"},
			{"a cost centre", "cost_centres.csv", "code,name\nX,X\n", "cost_centres!2 unit: you need the permission"},
			{"a budget of Bob's unit", "budgets.csv", "budget,amount,period,unit\nX,5,month,ops\n", "budgets!2 : you need the permission"},
			{"an address", "addresses.csv", "label,name,street,city,country\nX,X,X,X,DE\n", "addresses!2 : you need the permission"},
		} {
			i := st.stage(bob, c.name, []byte(c.file))
			if got := st.look(bob, i); !strings.HasPrefix(got, c.want) {
				st.Errorf("%s: %s", c.says, got)
			}
			if got := st.look(st.w.Dan, i); strings.Contains(got, "permission") {
				st.Errorf("%s: Dan may not do it either: %s", c.says, got)
			}
			if _, err := st.s.Apply(ctx, st.w.Eve, importing.ApplyInput{ID: i.ID, Version: 1}); fault.KindOf(err) != fault.NotFound {
				st.Errorf("Eve applies Bob's file: %v", err)
			}
		}
		if _, err := st.s.Stage(ctx, st.w.Ann, importing.StageInput{Name: "x.csv", File: []byte("code\nx\n")}); !errors.Is(err, access.ErrForbidden) {
			st.Errorf("Ann brings a file: %v", err)
		}
		out, err := st.s.Export(ctx, bob, importing.ExportInput{Kinds: []importing.Kind{importing.Members}, Format: sheet.CSV})
		st.must(err)
		if got := string(out.File); strings.Contains(got, "cleo@") || strings.Contains(got, "dan@") || !strings.Contains(got, "ann@acme.example,Ann,Archer,1,,,,Technician,bob@acme.example") || strings.Contains(got, "Approval limit") { // he sees no limits
			st.Errorf("Bob takes along %s", got)
		}
	})
}

func TestSeparationOfDutyHoldsForFiles(t *testing.T) {
	each(t, func(st stage) {
		g := granting.New(st.w.DB)
		_, err := g.CreateSeparation(st.Context(), st.w.Dan, access.SeparationFields{Name: "Apart", Roles: []id.Role{st.w.Roles["buyer"], st.w.Roles["approver"]}, Cardinality: 2, On: true})
		st.must(err)
		file := "member,role\nann@acme.example,Approver\n"
		i := st.stage(st.w.Dan, "assignments.csv", []byte(file))
		const apart = "Ann Archer would have the role “Buyer” and the role “Approver”; the rule “Apart” keeps that apart"
		if got := st.look(st.w.Dan, i); got != "assignments!2 role: "+apart {
			st.Error(got)
		}
		_, err = st.applied(st.w.Dan, i)
		if !errors.Is(err, importing.ErrRows) {
			st.Errorf("one by one: %v", err)
		}
		both := book(st, sheetOf("Roles", "role|permissions", "More|orders.view"), sheetOf("Assignments", "member|role", "ann@acme.example|More", "ann@acme.example|Approver"))
		i = st.stage(st.w.Dan, "both.xlsx", both)
		if got := st.look(st.w.Dan, i); got != "Assignments!3 role: "+apart {
			st.Error(got)
		}
		if _, err = st.applied(st.w.Dan, i); !errors.Is(err, importing.ErrRows) {
			st.Errorf("with a role: %v", err)
		}
		both = book(st, sheetOf("Members", "email|name", "kim@acme.example|Kim Key", "lee@acme.example|Lee Long"),
			sheetOf("Assignments", "member|role", "kim@acme.example|Buyer", "kim@acme.example|Approver", "lee@acme.example|Buyer"))
		i = st.stage(st.w.Dan, "new.xlsx", both)
		kim := strings.Replace(apart, "Ann Archer", "Kim Key", 1)
		if got := st.look(st.w.Dan, i); got != "Assignments!2 role: "+kim+"; Assignments!3 role: "+kim {
			st.Error(got)
		}
		if got := st.counts(st.w.Dan, i); got != "members 2+0=0; assignments 1+0=0" {
			st.Errorf("rows that would be refused count: %s", got)
		}
		_, err = g.CreateSeparation(st.Context(), st.w.Dan, access.SeparationFields{Name: "Two", Permissions: access.SetOf(access.CheckoutPlace, access.AuditView), Cardinality: 2, On: true, Excuses: true})
		st.must(err)
		i = st.stage(st.w.Dan, "roles.csv", []byte("role,permissions\nBuyer,\"checkout.place, audit.view\"\n"))
		if got := st.look(st.w.Dan, i); !strings.HasPrefix(got, "roles!2 permissions: Ann Archer would have") {
			st.Error(got)
		}
	})
}

// counts is what a look counts, whatever is wrong besides.
func (st stage) counts(actor access.Actor, i exchange.Import) string {
	st.Helper()
	p, err := st.s.Look(st.Context(), actor, i.ID)
	st.must(err)
	p.Errors = nil
	return told(p)
}

// All that is wrong is told in one go, and what is refused counts nowhere.
func TestALookTellsOfEverything(t *testing.T) {
	each(t, func(st stage) {
		file := book(st,
			sheetOf("Units", "code|name|below", "a|A|mars", "b|B|ops", "c|C|d", "d|D|c"),
			sheetOf("Members", "email|name|below|title|limit", "dan@acme.example|Dan Director|ops||", "bob@acme.example|Bob Boss|fin||", "kim@acme.example|Kim Key|a||much", "lee@acme.example|Lee Long|b||"),
			sheetOf("Roles", "role|permissions", "New|orders.eat", "Newer|orders.view"),
			sheetOf("Assignments", "role|unit", "Buyer|ops"),
			sheetOf("Cost centres", "code|name|manager", "1|One|nobody@acme.example", "2|Two|"))
		i := st.stage(st.w.Dan, "all.xlsx", formula(st, "Members", "D3", file))
		want := "Units!2 above: there is no such unit in your company; Units!4 above: nothing can stand below itself; Units!5 above: nothing can stand below itself; " +
			"Members!2 above: nothing can stand below itself; Members!3 title: formulas are not read: please put their values here; " +
			"Members!4 approval_limit: an amount is written like 1500 or 1500.00; Roles!2 permissions: there is no permission \"orders.eat\"; " +
			"Assignments!0 member: a column for “Member” is needed; Cost centres!2 manager: there is no such member in your company"
		if got := st.look(st.w.Dan, i); got != want {
			st.Errorf("it tells\n%s\nand not\n%s", got, want)
		}
		if got := st.counts(st.w.Dan, i); got != "units 1+0=0; members 1+0=0; roles 1+0=0; cost_centres 1+0=0" {
			st.Error(got)
		}
		bob := st.boss()
		i = st.stage(bob, "place.csv", []byte("code,name,below\nx,X,mars\ny,Y,\nz,Z,ops\n"))
		if got := st.look(bob, i); !strings.HasPrefix(got, "place!2 above: there is no such unit in your company; place!3 above: you need the permission") {
			st.Errorf("one row's mistake hides another's: %s", got)
		}
		if got := st.counts(bob, i); got != "units 1+0=0" {
			st.Error(got)
		}
		i = st.stage(st.w.Dan, "aside.xlsx", book(st, sheetOf("Units", "name|below", "A|ops"), sheetOf("Members", "email|name|below", "kim@acme.example|Kim Key|north", "lee@acme.example||ops")))
		if got := st.look(st.w.Dan, i); got != "Units!0 code: a column for “Code” is needed; Members!3 last_name: please fill this in" {
			st.Error(got)
		}
	})
}

// What begins as a formula does and is none comes back as it was given out.
func TestANameLikeAFormulaComesBack(t *testing.T) {
	each(t, func(st stage) {
		_, err := organising.New(st.w.DB).CreateUnit(st.Context(), st.w.Dan, organising.CreateUnitInput{Code: "eq", Name: "=1+1", Under: company.Node{Unit: st.w.Units["ops"]}.Of()})
		st.must(err)
		for _, in := range []importing.ExportInput{{Format: sheet.XLSX}, {Kinds: []importing.Kind{importing.Units}, Format: sheet.CSV}} {
			out, err := st.s.Export(st.Context(), st.w.Dan, in)
			st.must(err)
			if got := st.look(st.w.Dan, st.stage(st.w.Dan, out.Name, out.File)); !strings.HasPrefix(got, "units 0+0=4") {
				st.Errorf("%s: %s", out.Name, got)
			}
		}
		i := st.stage(st.w.Dan, "units.csv", []byte("code,name\neq,=1+1\n"))
		if got := st.look(st.w.Dan, i); !strings.HasPrefix(got, "units!2 name: formulas are not read") {
			st.Error(got)
		}
	})
}

// A file says all that a company says of its members.
func TestMembersComeWithAllTheirFields(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		o := organising.New(st.w.DB)
		file := "email,first_name,last_name,external_id,phone,language\nkim@acme.example,Kim,van der Key,HR-1,+49 30 1234,DE\nann@acme.example,Ann,Archer,HR-2,+49 30 5678,de\n"
		i := st.apply(st.w.Dan, st.stage(st.w.Dan, "members.csv", []byte(file)))
		list, err := o.Members(ctx, st.w.Dan, view.MemberFilter{Text: "hr-1"}, page.Ask{})
		st.must(err)
		if len(list.Rows) != 1 {
			st.Fatal("nobody is found by the external ID")
		}
		kim, err := o.Member(ctx, st.w.Dan, list.Rows[0].ID)
		st.must(err)
		if kim.First != "Kim" || kim.Last() != "van der Key" || kim.External != "HR-1" || kim.Phone != "+49 30 1234" {
			st.Errorf("%+v", kim)
		}
		st.must(st.w.DB.Read(ctx, access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			known, err := tx.Accounts.ListByEmail(ctx, []string{"kim@acme.example", "ann@acme.example"})
			for _, a := range known {
				if want := map[bool]string{true: "de", false: "en"}[a.First == "Kim"]; a.Language != want {
					st.Errorf("%s speaks %s", a.Name(), a.Language)
				}
			}
			return err
		}))
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "again.csv", []byte(file))); got != "members 0+0=2" {
			st.Error(got)
		}
		for file, want := range map[string]string{
			"email,external_id\nbob@acme.example,HR-2\n":                         "members!2 external_id: somebody else in the company has this external ID already",
			"email,external_id\nbob@acme.example,HR-9\ncleo@acme.example,HR-9\n": "members!3 external_id: somebody else in the company has this external ID already",
			"email,phone\nbob@acme.example,call me\n":                            "members!2 phone: a phone number looks like +49 30 123456",
			"email,name,language\nnew@acme.example,New One,klingon\n":            "members!2 language: this language is not spoken here",
			"email,name\nkim@acme.example,Kim van der Key\n":                     "members 0+0=1",
		} {
			if got := st.look(st.w.Dan, st.stage(st.w.Dan, "members.csv", []byte(file))); got != want {
				st.Errorf("%s: %s", file, got)
			}
		}
		st.must(o.SetPhone(ctx, st.w.Ann, "+49 30 9999"))
		_, err = st.undone(st.now(st.w.Dan), i)
		st.must(err)
		ann, err := o.Member(ctx, st.w.Dan, st.w.Ann.Member)
		st.must(err)
		if ann.External != "" || ann.Phone != "+49 30 9999" {
			st.Errorf("%+v", ann)
		}
	})
}

func TestAnImportIsNotUndoneWhileSomethingDependsOnIt(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		o := organising.New(st.w.DB)
		i := st.apply(st.w.Dan, st.stage(st.w.Dan, "members.csv", []byte("email,name,below\nkim@acme.example,Kim Key,ops\nann@acme.example,Ann Arrow,ops\n")))
		refused := func(says, want string) {
			st.Helper()
			before := st.drawn()
			if _, err := st.undone(st.now(st.w.Dan), i); !errors.Is(err, importing.ErrDepends) || !strings.Contains(err.Error(), want) || st.drawn() != before {
				st.Errorf("%s: %v", says, err)
			}
		}
		list, err := o.Members(ctx, st.w.Dan, view.MemberFilter{Text: "kim"}, page.Ask{})
		st.must(err)
		kim := list.Rows[0].ID
		u, err := o.CreateUnit(ctx, st.w.Dan, organising.CreateUnitInput{Code: "kims", Name: "Kim's", Under: company.Node{Member: kim}.Of()})
		st.must(err)
		refused("a unit below", "“kims” stands below “Kim Key” since the import")
		st.must(o.ArchiveUnit(ctx, st.w.Dan, u.ID, u.Version))
		c, err := budgeting.New(st.w.DB).CreateCostCentre(ctx, st.w.Dan, budgeting.CostCentreInput{Code: "9", Name: "Nine", Manager: kim})
		st.must(err)
		refused("a cost centre", "something depends on “Kim Key”: a cost centre")
		_, err = budgeting.New(st.w.DB).EditCostCentre(ctx, st.w.Dan, budgeting.CostCentreInput{ID: c.ID, Version: c.Version, Code: "9", Name: "Nine"})
		st.must(err)
		a, err := granting.New(st.w.DB).Assign(ctx, st.w.Dan, granting.AssignInput{Member: kim, Role: st.w.Roles["buyer"]})
		st.must(err)
		refused("a role", "something depends on “Kim Key”: a role that was given since")
		st.must(granting.New(st.w.DB).Revoke(ctx, st.w.Dan, a.ID))
		ann, err := o.Member(ctx, st.w.Dan, st.w.Ann.Member)
		st.must(err)
		_, err = o.EditMember(ctx, st.w.Dan, organising.EditMemberInput{ID: ann.ID, Version: ann.Version, Name: "Ann Archer"})
		st.must(err)
		refused("a change since", "“Ann Arrow” has been changed since the import")
	})
}

// Who was moved by an import and has left since is named, though they stand nowhere.
func TestWhoHasLeftSinceAnImportIsNamed(t *testing.T) {
	each(t, func(st stage) {
		i := st.apply(st.w.Dan, st.stage(st.w.Dan, "members.csv", []byte("email,below\nann@acme.example,fin\n")))
		o := organising.New(st.w.DB)
		ann, err := o.Member(st.Context(), st.w.Dan, st.w.Ann.Member)
		st.must(err)
		st.must(o.Leave(st.Context(), st.w.Dan, organising.LeaveInput{ID: ann.ID, Version: ann.Version, Successor: st.w.Bob.Member}))
		want := "“" + ann.Name + "” has been moved since the import"
		if _, err := st.undone(st.now(st.w.Dan), i); !errors.Is(err, importing.ErrDepends) || !strings.Contains(err.Error(), want) {
			st.Errorf("%v, want %s", err, want)
		}
	})
}

func TestWhatIsForgottenIsGone(t *testing.T) {
	now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	db := storetest.Open(t, storetest.SQLite(t), func() time.Time { return now })
	st := stage{t, cast.Acme(t, db), importing.New(db)}
	file := []byte("email,title\nann@acme.example,Expert\n")
	first, second := st.stage(st.w.Dan, "members.csv", file), st.stage(st.w.Dan, "members.csv", file)
	second = st.apply(st.w.Dan, second)
	now = now.Add(8 * 24 * time.Hour)
	if _, err := st.s.Get(t.Context(), st.w.Dan, first.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a file is kept too long: %v", err)
	}
	now = now.Add(30 * 24 * time.Hour)
	if _, err := st.undone(st.w.Dan, second); !errors.Is(err, exchange.ErrImportForgotten) {
		t.Errorf("undone too late: %v", err)
	}
	st.must(db.Write(t.Context(), access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
		n, err := tx.Exchange.DeleteImports(t.Context(), 10)
		if n != 1 {
			t.Errorf("%d files were forgotten", n)
		}
		return err
	}))
	now = now.Add(time.Minute)
	third := st.stage(st.w.Dan, "members.csv", file)
	st.must(st.s.Discard(t.Context(), st.w.Dan, third.ID))
	all, err := st.s.List(t.Context(), st.w.Dan)
	if err != nil || len(all) != 1 || all[0].ID != second.ID {
		t.Errorf("%+v, %v", all, err)
	}
}

// A file does not tell whether an address has an account elsewhere (ADR 0014): Eve's has, Zoe's has none, and of both the same is
// said, whatever is right or wrong with their rows, before it is applied, after it, and when it is taken back.
func TestAFileDoesNotTellWhoHasAnAccountElsewhere(t *testing.T) {
	each(t, func(st stage) {
		heads := "email,first_name,last_name,language,title,approval_limit,phone,below"
		long := strings.Repeat("x", 200)
		for _, row := range []string{
			",Zoe,Zander,,,,,", ",Zoe,Zander,de,Buyer,1500,,", ",Zoe,Zander,DE,,,,ops", ",Zoe,,,,,,", ",Zoe,Zander,xx,,,,", ",Zoe,Zander,xx,Buyer,1,,mars", ",,,,,,,", ",,,xx,,,,",
			"," + long + ",Zander,,,,,", ",Zoe," + long + ",xx,,,,", ",Zoe,Zander,,,-5,,", ",Zoe,Zander,xx,,much,,", ",Zoe,Zander," + long + "," + long + ",," + long + ",", ",Zoe,Zander,e n,,,,",
			",\x01,Zander,,,,,", ",Zoe,Zander,,,,no phone,",
		} {
			var said []string
			for _, email := range []string{"eve@globex.example", "zoe@globex.example"} {
				i := st.stage(st.w.Dan, "members.csv", []byte(heads+"\n"+email+row+"\n"))
				p, err := st.s.Look(st.Context(), st.w.Dan, i.ID)
				st.must(err)
				report, err := st.s.Report(st.Context(), st.w.Dan, i.ID)
				all := fmt.Sprintf("%+v|%s|%v", p, report.File, err)
				i, err = st.applied(st.w.Dan, i)
				all += fmt.Sprintf("|%v|%+v|%s", err, i.Counts, st.drawn())
				if err == nil {
					_, err = st.undone(st.now(st.w.Dan), i)
					all += fmt.Sprint("|", err)
				}
				said = append(said, strings.ReplaceAll(all, email, "EMAIL"))
			}
			if said[0] != said[1] {
				st.Errorf("%.60s: of who has an account it says\n%.600s\nand of who has none\n%.600s", row, said[0], said[1])
			}
		}
	})
}

// A company has so many roles that each can be compared with the others. Of a file with more it is told at once, and once.
func TestACompanyHasOnlySoManyRoles(t *testing.T) {
	each(t, func(st stage) {
		roles := func(n int) sheet.Table {
			t := sheetOf("Roles", "role|permissions")
			for i := range n {
				t.Rows = append(t.Rows, []string{fmt.Sprint("Job ", i), "orders.view"})
			}
			return t
		}
		room := access.MostRoles - len(first(granting.New(st.w.DB).ListRoles(st.Context(), st.w.Dan)))
		given := sheetOf("Assignments", "member|role", "ann@acme.example|Job 1")
		full := fmt.Sprintf("Roles!%d name: a company has at most 1000 roles: delete some that nobody needs, or merge those that are nearly the same", room+2)
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "many.xlsx", book(st, roles(20_000), given))); got != full {
			st.Errorf("%.300s", got)
		}
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "more.xlsx", book(st, roles(room+1), given))); got != full {
			st.Errorf("%.300s", got)
		}
		st.apply(st.w.Dan, st.stage(st.w.Dan, "roles.xlsx", book(st, roles(room), given)))
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "again.xlsx", book(st, roles(room), given))); got != fmt.Sprintf("roles 0+0=%d; assignments 0+0=1", room) {
			st.Errorf("%.300s", got)
		}
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "one.xlsx", book(st, sheetOf("Roles", "role|permissions", "Job 1|orders.view", "One more|orders.view")))); !strings.HasPrefix(got, "Roles!3 name: a company has at most 1000 roles") {
			st.Errorf("%.300s", got)
		}
	})
}

func first[A, B any](a A, _ B) A { return a }

// What nobody waits for any more is not planned to its end.
func TestAPlanEndsWithWhoWaitsForIt(t *testing.T) {
	each(t, func(st stage) {
		var file strings.Builder
		file.WriteString("code,name\n")
		for i := range 20_000 {
			fmt.Fprintf(&file, "c%d,Centre\n", i)
		}
		i, err := st.s.Apply(st.Context(), st.w.Dan, importing.ApplyInput{ID: st.stage(st.w.Dan, "costcentres.csv", []byte(file.String())).ID, Version: 1})
		st.must(err)
		ctx, leave := context.WithCancel(st.Context())
		told := 0
		err = st.s.Work(ctx, access.System(i.Company), st.job(i), func(int, int) error { told++; leave(); return nil })
		if !errors.Is(err, context.Canceled) || told != 1 {
			st.Errorf("%d times it was told how far it is, then %v", told, err)
		}
	})
}

// Whoever may bring in a file cannot take the memory of everybody with one of a few kilobytes: two million texts of nothing.
func TestASmallFileOfManyThingsIsRefused(t *testing.T) {
	each(t, func(st stage) {
		var file bytes.Buffer
		z := zip.NewWriter(&file)
		w, err := z.Create("xl/sharedStrings.xml")
		st.must(err)
		_, err = io.WriteString(w, "<sst>"+strings.Repeat("<si/>", 2_000_000)+"</sst>")
		st.must(errors.Join(err, z.Close()))
		_, err = st.s.Stage(st.Context(), st.w.Dan, importing.StageInput{Name: "members.xlsx", File: file.Bytes()})
		if !errors.Is(err, sheet.ErrLarge) || !strings.Contains(err.Error(), "1500000 different texts") {
			st.Error(err)
		}
	})
}

// many is a file of ten thousand people in 555 units, to whom 185 000 roles are given.
func many(t testing.TB, people, grants int) []byte {
	units := sheet.Table{Name: "Units", Rows: [][]string{{"code", "name", "below"}}}
	members := sheet.Table{Name: "Members", Rows: [][]string{{"email", "first_name", "last_name", "below"}}}
	roles := sheet.Table{Name: "Roles", Rows: [][]string{{"role", "permissions"}}}
	given := sheet.Table{Name: "Assignments", Rows: [][]string{{"member", "role", "unit"}}}
	n := max(people/18, 1)
	for i := range n {
		above := ""
		if i%4 > 0 {
			above = fmt.Sprintf("u%04d", i-1)
		}
		units.Rows = append(units.Rows, []string{fmt.Sprintf("u%04d", i), fmt.Sprintf("Unit %d", i), above})
	}
	for i := range 20 {
		roles.Rows = append(roles.Rows, []string{fmt.Sprintf("Job %d", i), "orders.view, catalog.view, carts.manage, prices.view"})
	}
	for i := range people {
		members.Rows = append(members.Rows, []string{fmt.Sprintf("p%05d@acme.example", i), "Person", fmt.Sprintf("Number %d", i), fmt.Sprintf("u%04d", i%n)})
	}
	for i := range grants {
		given.Rows = append(given.Rows, []string{fmt.Sprintf("p%05d@acme.example", i%people), fmt.Sprintf("Job %d", i/people%20), fmt.Sprintf("u%04d", i%n)})
	}
	return book(t, units, members, roles, given)
}

func TestManyAreBroughtInAtOnce(t *testing.T) {
	each(t, func(st stage) {
		i := st.apply(st.w.Dan, st.stage(st.w.Dan, "many.xlsx", many(st, 300, 5000)))
		if i.Counts[1].Created != 300 || i.Counts[3].Created != 5000 {
			st.Errorf("%+v", i.Counts)
		}
		if !strings.Contains(st.drawn(), "Person Number 299") || st.now(st.w.Dan).Require(access.UsersManage, tree.Top) != nil {
			st.Error("not all are there")
		}
		_, err := st.undone(st.now(st.w.Dan), i)
		st.must(err)
		if strings.Contains(st.drawn(), "Person") {
			st.Error("not all are gone")
		}
	})
}

// worked does the job of an import.
func worked(ctx context.Context, db *store.DB, s *importing.Service, i exchange.Import, err error) error {
	if err != nil {
		return err
	}
	var j exchange.Job
	err = db.Read(ctx, access.System(i.Company), func(tx *store.Tx, _ access.Actor) (err error) {
		j, err = tx.Exchange.GetJob(ctx, i.Company, i.Job)
		return err
	})
	if err == nil {
		err = s.Work(ctx, access.System(i.Company), j, func(int, int) error { return nil })
	}
	if err != nil {
		return err
	}
	return db.Read(ctx, access.System(i.Company), func(tx *store.Tx, _ access.Actor) error {
		i, err := tx.Exchange.GetImport(ctx, i.Company, i.ID)
		if err == nil && i.Trouble != nil {
			err = trouble{i.Trouble}
		}
		return err
	})
}

// BenchmarkImport says what ten thousand people with 185 000 roles cost.
func BenchmarkImport(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Database} {
		b.Run(name, func(b *testing.B) {
			db := storetest.Open(b, address(b), nil)
			w := cast.Acme(b, db)
			s := importing.New(db)
			people := 10_000
			if testing.Short() {
				people = 1000
			}
			file := many(b, people, people*37/2)
			b.ReportMetric(float64(len(file))/1e6, "MB")
			timed := func(what string, do func(context.Context) error) {
				began := time.Now()
				if err := do(b.Context()); err != nil {
					b.Fatal(what, err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/"+what)
				b.Logf("%s: %d people: %s in %s", name, people, what, time.Since(began).Round(time.Millisecond))
			}
			var i exchange.Import
			var err error
			timed("stage", func(ctx context.Context) error {
				i, err = s.Stage(ctx, w.Dan, importing.StageInput{Name: "many.xlsx", File: file})
				return err
			})
			timed("look", func(ctx context.Context) error { _, err := s.Look(ctx, w.Dan, i.ID); return err })
			timed("apply", func(ctx context.Context) error {
				i, err = s.Apply(ctx, w.Dan, importing.ApplyInput{ID: i.ID, Version: i.Version})
				return worked(ctx, db, s, i, err)
			})
			dan, err := w.Again(b.Context(), w.Dan)
			if err != nil {
				b.Fatal(err)
			}
			timed("audit", func(ctx context.Context) error {
				_, err := auditing.New(db).List(ctx, dan, view.AuditFilter{}, page.Ask{Limit: page.Most})
				return err
			})
			timed("roles", func(ctx context.Context) error { _, err := granting.New(db).ListRoles(ctx, dan); return err })
			timed("members", func(ctx context.Context) error {
				_, err := organising.New(db).Places(ctx, dan, view.MemberFilter{}, page.Ask{Limit: 50})
				return err
			})
			timed("structure", func(ctx context.Context) error {
				nodes, err := organising.New(db).Structure(ctx, dan)
				if err == nil && len(nodes) < people {
					b.Errorf("%d nodes of %d people", len(nodes), people)
				}
				return err
			})
			timed("units", func(ctx context.Context) error { _, err := organising.New(db).Units(ctx, dan); return err })
			timed("export", func(ctx context.Context) error {
				_, err := s.Export(ctx, w.Dan, importing.ExportInput{Format: sheet.XLSX})
				return err
			})
			timed("undo", func(ctx context.Context) error { i, err := s.Undo(ctx, w.Dan, i.ID); return worked(ctx, db, s, i, err) })
			b.ReportMetric(0, "ns/op")
		})
	}
}

// A file belongs to whoever could bring in all that it has, not to its uploader alone; and what it takes is asked of whoever applies
// it, or takes it back.
func TestWhoSeesWhoseFiles(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		bob := st.boss()
		bobs := st.stage(bob, "members.csv", []byte("email,name,below\nn@acme.example,New One,ops\n"))
		dans := st.stage(st.w.Dan, "units.csv", []byte("code,name,below\nnew,New,ops\n"))
		for says, c := range map[string]struct {
			who  access.Actor
			want []id.Import
		}{"Dan": {st.now(st.w.Dan), []id.Import{dans.ID, bobs.ID}}, "Bob": {bob, []id.Import{bobs.ID}}, "Eve": {st.w.Eve, nil}} {
			all, err := st.s.List(ctx, c.who)
			st.must(err)
			var have []id.Import
			for _, i := range all {
				have = append(have, i.ID)
			}
			if !slices.Equal(have, c.want) {
				st.Errorf("%s sees %v", says, have)
			}
		}
		for _, who := range []access.Actor{bob, st.w.Eve} {
			_, err := st.s.Get(ctx, who, dans.ID)
			_, applied := st.applied(who, dans)
			if fault.KindOf(err) != fault.NotFound || fault.KindOf(applied) != fault.NotFound || fault.KindOf(st.s.Discard(ctx, who, dans.ID)) != fault.NotFound {
				st.Errorf("%v, %v", err, applied)
			}
		}
		st.apply(st.now(st.w.Dan), bobs)
		if _, err := st.undone(bob, bobs); err != nil {
			st.Errorf("Bob takes back what Dan has applied: %v", err)
		}
	})
}

// A job is done once, whoever dies over it, and with the rights that are left.
func TestAJobIsDoneOnceOrNotAtAll(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		dan := st.w.Dan
		i := st.stage(dan, "members.csv", []byte("email,name,below\nkim@acme.example,Kim Key,ops\n"))
		i, err := st.s.Apply(ctx, dan, importing.ApplyInput{ID: i.ID, Version: i.Version, Invite: true})
		st.must(err)
		if !i.Underway() || i.State != exchange.ImportStaged {
			st.Errorf("%+v", i)
		}
		_, again := st.s.Apply(ctx, dan, importing.ApplyInput{ID: i.ID, Version: i.Version})
		_, mapped := st.s.Map(ctx, dan, importing.MapInput{ID: i.ID, Version: i.Version})
		for says, err := range map[string]error{"applied": again, "mapped": mapped, "discarded": st.s.Discard(ctx, dan, i.ID)} {
			if !errors.Is(err, exchange.ErrImportUnderway) {
				st.Errorf("%s while it is applied: %v", says, err)
			}
		}
		j := st.job(i)
		for after := time.Millisecond; after < 50*time.Millisecond; after += after / 2 { // whoever works dies at some moment
			dying, die := context.WithTimeout(ctx, after)
			err := st.s.Work(dying, access.System(i.Company), j, func(int, int) error { return nil })
			die()
			if there, done := strings.Contains(st.drawn(), "Kim Key"), st.kept(i).State == exchange.ImportApplied; there != done || err == nil && !done {
				st.Errorf("after %s half of it is done: %t, %t, %v", after, there, done, err)
			}
		}
		var failed int
		for range 4 { // and several think that it is theirs
			if err := st.s.Work(ctx, access.System(i.Company), j, func(int, int) error { return nil }); err != nil {
				failed++
			}
		}
		if i = st.kept(i); failed > 0 || i.State != exchange.ImportApplied || i.Underway() || i.Counts[0].Created != 1 {
			st.Errorf("%d failed, %+v", failed, i)
		}
	})
}

func TestARemovedAdministratorsImportDoesNotGoThrough(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		bob := st.boss()
		i := st.stage(bob, "members.csv", []byte("email,name,below\nn@acme.example,New One,ops\n"))
		i, err := st.s.Apply(ctx, bob, importing.ApplyInput{ID: i.ID, Version: i.Version})
		st.must(err)
		o := organising.New(st.w.DB)
		m, err := o.Member(ctx, st.w.Dan, bob.Member)
		st.must(err)
		st.must(o.Leave(ctx, st.now(st.w.Dan), organising.LeaveInput{ID: m.ID, Version: m.Version}))
		before := st.drawn()
		i, err = st.work(i, nil)
		if !errors.Is(err, access.ErrForbidden) || st.drawn() != before || i.Underway() {
			st.Errorf("%+v, %v", i, err)
		}
		if i = st.apply(st.now(st.w.Dan), i); i.Trouble != nil {
			st.Errorf("%+v", i)
		}
	})
}

// What is wrong stands in the order of the file, all of it in a report.
func TestMistakesStandInTheOrderOfTheFile(t *testing.T) {
	each(t, func(st stage) {
		var rows strings.Builder
		rows.WriteString("limit,name,email,below\n")
		for n := range 150 {
			fmt.Fprintf(&rows, "much,Person %d,p%d@acme.example,mars\n", n, n)
		}
		i := st.stage(st.w.Dan, "members.csv", []byte(rows.String()))
		p, err := st.s.Look(st.Context(), st.w.Dan, i.ID)
		st.must(err)
		if p.Wrong != 300 || len(p.Errors) != 200 || p.Errors[0].Field != "approval_limit" || p.Errors[1].Field != "above" || p.Errors[199].Row != 101 {
			st.Errorf("%d wrong, %d listed, %+v", p.Wrong, len(p.Errors), p.Errors[:3])
		}
		out, err := st.s.Report(st.Context(), st.w.Dan, i.ID)
		st.must(err)
		lines := strings.Split(strings.TrimSpace(string(out.File)), "\n")
		if len(lines) != 301 || !strings.Contains(lines[0], "Sheet,Row,Column,Why,Code") || !strings.HasPrefix(lines[2], "members,2,below,there is no such unit in your company,") || out.Name != "errors.csv" {
			st.Errorf("%s: %d lines, %q", out.Name, len(lines), lines[:3])
		}
	})
}

// Nobody is brought in a second time who was invited by hand.
func TestWhoWasInvitedByHandIsNotBroughtIn(t *testing.T) {
	each(t, func(st stage) {
		_, err := organising.New(st.w.DB).Invite(st.Context(), st.w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "kim@acme.example"}}})
		st.must(err)
		i := st.stage(st.w.Dan, "members.csv", []byte("email,name\nKim@acme.example,Kim Key\n"))
		if got := st.look(st.w.Dan, i); got != "members!2 email: this person has been invited already, and has not answered yet" {
			st.Error(got)
		}
	})
}

// What is changed of a budget by a file is what is changed by hand, and what was spent of it keeps it.
func TestBudgetsAreChangedAndKept(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		i := st.apply(st.w.Dan, st.stage(st.w.Dan, "budgets.csv", []byte("budget,amount,period,unit,warnings\nOperations,500,month,ops,80%\n")))
		for _, c := range []struct{ says, file, want string }{
			{"as it is", "budget,amount,period,unit\nOperations,500.00,Monat,ops\n", "budgets 0+0=1"},
			{"its warnings", "budget,warnings\nOperations,70% 400\n", "budgets 0+1=0"},
			{"what follows", "budget,exhausted,approvers\nOperations,ask,bob@acme.example cleo@acme.example\n", "budgets 0+1=0"},
			{"its limit", "budget,amount\nOperations,501\n", "budgets!2 amount: this stays as it is"},
			{"its period", "budget,period\nOperations,year\n", "budgets!2 period: this stays as it is"},
			{"its owner", "budget,unit\nOperations,fin\n", "budgets!2 unit: this stays as it is"},
		} {
			if got := st.look(st.w.Dan, st.stage(st.w.Dan, "budgets.csv", []byte(c.file))); !strings.HasPrefix(got, c.want) {
				st.Errorf("%s: %s", c.says, got)
			}
		}
		changed := st.apply(st.w.Dan, st.stage(st.w.Dan, "budgets.csv", []byte("budget,exhausted\nOperations,warn\n")))
		b := budgeting.New(st.w.DB)
		funds, err := b.List(ctx, st.now(st.w.Dan), budgeting.Filter{}, page.Ask{})
		st.must(err)
		if len(funds.Rows) != 1 || funds.Rows[0].Exhausted != budget.Warn || funds.Rows[0].Limit.Minor != 50000 {
			st.Fatalf("%+v", funds.Rows)
		}
		_, err = st.undone(st.w.Dan, changed)
		st.must(err)
		funds, err = b.List(ctx, st.now(st.w.Dan), budgeting.Filter{}, page.Ask{})
		st.must(err)
		if len(funds.Rows) != 1 || funds.Rows[0].Exhausted != budget.Block {
			st.Errorf("taken back, it is %+v", funds.Rows)
		}
		_, err = st.undone(st.w.Dan, i)
		st.must(err)
		again := st.apply(st.w.Dan, st.stage(st.w.Dan, "budgets.csv", []byte("budget,amount,period,unit\nSecond,500,month,ops\n")))
		funds, err = b.List(ctx, st.now(st.w.Dan), budgeting.Filter{Text: "Second"}, page.Ask{})
		st.must(err)
		_, err = b.SetLimit(ctx, st.w.Dan, budgeting.SetLimitInput{ID: funds.Rows[0].ID, Version: funds.Rows[0].Version, Limit: money.Of(60000, "EUR"), Note: "more"})
		st.must(err)
		if _, err := st.undone(st.w.Dan, again); !errors.Is(err, importing.ErrDepends) || !strings.Contains(err.Error(), "“Second”: what was spent of it") {
			st.Errorf("what was spent of is removed: %v", err)
		}
	})
}

// Where goods and invoices of units go comes in with units and addresses, is given out as it is, and goes again.
func TestUnitsComeWithTheirAddresses(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		o := organising.New(st.w.DB)
		said := func(unit string) string {
			st.Helper()
			_, b, err := o.Directions(ctx, st.w.Dan, st.w.Units[unit])
			st.must(err)
			d := b.Units[0].Directions
			var allowed []string
			for _, key := range d.Allowed {
				allowed = append(allowed, b.Find(key).Label)
			}
			slices.Sort(allowed)
			return fmt.Sprintf("%s, %s, %s", b.Find(d.Delivery).Label, b.Find(d.Billing).Label, strings.Join(allowed, " "))
		}
		usual := func() string {
			st.Helper()
			all, err := o.Addresses(ctx, st.w.Dan)
			st.must(err)
			var goods, invoices string
			for _, a := range all {
				if a.Usual {
					goods += a.Label
				}
				if a.UsualBilling {
					invoices += a.Label
				}
			}
			return goods + ", " + invoices
		}
		file := book(st,
			sheetOf("Units", "code|name|below|delivery address|billing address|allowed delivery addresses", "ops|Operations||Depot|Post|Depot; Works", "yard|Yard|ops|Works||", "fin|Finance|||Post|"),
			sheetOf("Addresses", "label|name|extra|street|postcode|city|state|country|delivers|bills|usual|usual_billing", "Depot|Acme|Gate 4|Way 1|10115|Berlin||DE|yes|no|yes|no",
				"Post|Acme||PO box 1|98011|Bothell|WA|US|no|yes|no|yes"))
		i := st.stage(st.w.Dan, "org.xlsx", file)
		if got := st.look(st.w.Dan, i); got != "units 1+2=0; addresses 2+0=0" {
			st.Fatal(got)
		}
		i = st.apply(st.w.Dan, i)
		if said("ops") != "Depot, Post, Depot Works" || said("fin") != ", Post, " || usual() != "Depot, Post" {
			st.Errorf("ops: %s; fin: %s; usual: %s", said("ops"), said("fin"), usual())
		}
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "again.xlsx", file)); got != "units 0+0=3; addresses 0+0=2" {
			st.Error(got)
		}
		if got := st.look(st.w.Dan, st.stage(st.w.Dan, "round.xlsx", st.export(st.w.Dan))); strings.Contains(strings.ReplaceAll(got, " 0+0=", ""), "+") {
			st.Errorf("what was given out would do something: %s", got)
		}
		for _, c := range []struct{ says, name, file, want string }{
			{"nowhere", "units.csv", "code,delivery_address\nops,Mars\n", `units!2 delivery_address: there is no address "Mars" in your company's book`},
			{"goods to a box", "units.csv", "code,delivery_address\nfin,Post\n", "units!2 delivery_address: no goods can be delivered to Post"},
			{"invoices to a depot", "units.csv", "code,billing_address\nfin,Depot\n", "units!2 billing_address: no invoices can be sent to Depot"},
			{"where they may not go", "units.csv", "code,delivery_address,allowed_addresses\nops,Works,Depot\n", "units!2 delivery_address: Works is none of the addresses"},
			{"nothing more", "units.csv", "code,delivery_address,billing_address,allowed_addresses\nops,,,\n", "units 0+1=0"},
			{"an address that is needed", "addresses.csv", "label,delivers,bills\nDepot,no,yes\n", "addresses!2 : the unit Operations still names this address"},
			{"two usual ones", "addresses.csv", "label,usual_billing\nPost,yes\nWorks,yes\n", "addresses!3 usual_billing: only one address is the usual one, and row 2 says"},
			{"the usual one for no invoices", "addresses.csv", "label,usual_billing\nDepot,yes\n", "addresses!2 usual_billing: the usual address for invoices is one for invoices"},
		} {
			if got := st.look(st.w.Dan, st.stage(st.w.Dan, c.name, []byte(c.file))); !strings.HasPrefix(got, c.want) {
				st.Errorf("%s: %s", c.says, got)
			}
		}
		less := st.apply(st.w.Dan, st.stage(st.w.Dan, "units.csv", []byte("code,delivery_address,billing_address,allowed_addresses\nops,,,\n")))
		if said("ops") != ", , " {
			st.Error(said("ops"))
		}
		if _, err := st.undone(st.w.Dan, i); !errors.Is(err, importing.ErrDepends) || !strings.Contains(err.Error(), "“ops” has been changed since") {
			st.Errorf("what was changed since is taken back: %v", err)
		}
		_, err := st.undone(st.w.Dan, less)
		st.must(err)
		if said("ops") != "Depot, Post, Depot Works" {
			st.Error(said("ops"))
		}
	})
}

// A file fills the book as far as it goes; what does not fit is said in its row, and nothing of the file comes in.
func TestMoreAddressesThanABookHolds(t *testing.T) {
	each(t, func(st stage) {
		all, err := organising.New(st.w.DB).Addresses(st.Context(), st.w.Dan)
		st.must(err)
		file := func(n int) []byte {
			b := []byte("label,name,street,postcode,city,country\n")
			for i := range n {
				b = fmt.Appendf(b, "Addr %04d,Acme,Way %d,10115,Berlin,DE\n", i, i)
			}
			return b
		}
		room := company.MostAddresses - len(all)
		over := st.stage(st.w.Dan, "over.csv", file(room+2))
		for _, row := range []int{room + 2, room + 3} {
			if got, want := st.look(st.w.Dan, over), fmt.Sprintf("over!%d : a company keeps at most 500 addresses in its book", row); !strings.Contains(got, want) || strings.Count(got, "over!") != 2 {
				st.Errorf("%s, and not %s", got, want)
			}
		}
		st.apply(st.w.Dan, st.stage(st.w.Dan, "all.csv", file(room)))
		if got, want := st.look(st.w.Dan, st.stage(st.w.Dan, "again.csv", file(room))), fmt.Sprintf("addresses 0+0=%d", room); got != want {
			st.Errorf("the same file again: %s, and not %s", got, want)
		}
	})
}

// An import that is taken back leaves units and the book as they were.
func TestAddressesOfUnitsAreTakenBack(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		o := organising.New(st.w.DB)
		shot := func() string {
			st.Helper()
			all, err := o.Addresses(ctx, st.w.Dan)
			st.must(err)
			text := st.drawn()
			for _, a := range all {
				text += fmt.Sprintf("|%s %t %t", a.Label, a.Usual, a.UsualBilling)
			}
			_, b, err := o.Directions(ctx, st.w.Dan, st.w.Units["ops"])
			st.must(err)
			return text + fmt.Sprint("|", b.Units[0].Directions)
		}
		before := shot()
		i := st.apply(st.w.Dan, st.stage(st.w.Dan, "org.xlsx", book(st,
			sheetOf("Units", "code|name|below|delivery address|allowed delivery addresses", "ops|Operations||Depot|Depot", "yard|Yard|ops|Depot|"),
			sheetOf("Addresses", "label|name|street|postcode|city|country|usual|usual_billing", "Depot|Acme|Way 1|10115|Berlin|DE|yes|yes", "Works|Acme|Way 2|10115|Berlin|DE|no|no"))))
		if shot() == before {
			st.Fatal("nothing was done")
		}
		_, err := st.undone(st.w.Dan, i)
		st.must(err)
		if after := shot(); after != before {
			st.Errorf("it is\n%s\nand was\n%s", after, before)
		}
	})
}

// A job that an import has no longer to do with does nothing, however late it comes.
func TestAnOlderJobDoesNothing(t *testing.T) {
	each(t, func(st stage) {
		before := st.drawn()
		i := st.stage(st.w.Dan, "units.csv", []byte("code,name,below\nyard,Yard,ops\nquay,Quay,mars\n"))
		i, err := st.s.Apply(st.Context(), st.w.Dan, importing.ApplyInput{ID: i.ID, Version: i.Version})
		st.must(err)
		first := st.job(i)
		if _, err := st.work(i, nil); !errors.Is(err, importing.ErrRows) {
			st.Fatal(err)
		}
		i = st.kept(i)
		i.Mapping[0].Columns[2] = "" // without saying below what
		i, err = st.s.Map(st.Context(), st.w.Dan, importing.MapInput{ID: i.ID, Version: i.Version, Mapping: i.Mapping})
		st.must(err)
		i, err = st.s.Apply(st.Context(), st.w.Dan, importing.ApplyInput{ID: i.ID, Version: i.Version})
		st.must(err)
		st.must(st.s.Work(st.Context(), access.System(i.Company), first, func(int, int) error { return nil }))
		if kept := st.kept(i); kept.State == exchange.ImportApplied || kept.Trouble != nil || st.drawn() != before {
			st.Errorf("the older job did something: %+v", kept)
		}
		if _, err := st.work(i, nil); err != nil || st.drawn() == before {
			st.Errorf("the job itself did nothing: %v", err)
		}
	})
}
