package importing

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
)

// Format is how a file keeps its tables.
type Format = sheet.Format

// The formats.
const (
	CSV  = sheet.CSV
	XLSX = sheet.XLSX
)

// ExportInput is what is wanted: the kinds, all where none is named, and in which format. A CSV file has one kind.
type ExportInput struct {
	Kinds  []Kind
	Format Format
}

// Exported is a file.
type Exported struct {
	Name string
	Type string
	File []byte
}

// ErrExport is the fault of an export that there is not.
var ErrExport = fault.Define(fault.Invalid, "import.export", "a file is XLSX with any kinds, or CSV with one of them")

// Export gives out what the actor sees of the organisation, in the shape in which it can be brought in again: to do so at once
// changes nothing.
func (s *Service) Export(ctx context.Context, actor access.Actor, in ExportInput) (out Exported, err error) {
	if len(in.Kinds) == 0 {
		for _, sort := range sorts {
			in.Kinds = append(in.Kinds, sort.Kind)
		}
	}
	for _, k := range in.Kinds {
		if sortOf(k) == nil {
			return out, ErrExport
		}
	}
	if in.Format != sheet.XLSX && (in.Format != sheet.CSV || len(in.Kinds) != 1) {
		return out, ErrExport
	}
	var tables []sheet.Table
	told := exchange.OrganisationWasExported{CompanyID: actor.Company}
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersView); err != nil {
			return err
		}
		st, err := load(ctx, tx, actor, slices.Contains(in.Kinds, Assignments))
		if err != nil {
			return err
		}
		told.Kinds, told.Rows, tables = nil, 0, nil
		for _, k := range in.Kinds {
			rows, err := st.export(k)
			if err != nil && len(in.Kinds) > 1 {
				continue // it is not theirs to see
			}
			if err != nil {
				return err
			}
			sort := sortOf(k)
			t := sheet.Table{Name: sort.Label.In(actor.Language), Rows: append([][]string{sort.heads(actor.Language)}, rows...)}
			if k == Members && !st.seesLimits() {
				withoutColumn(t.Rows, sort.column("approval_limit").Label.In(actor.Language))
			}
			tables = append(tables, t)
			told.Kinds, told.Rows = append(told.Kinds, string(k)), told.Rows+len(rows)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersView); err != nil {
			return err
		}
		tx.Tell(actor, told)
		return nil
	})
	if err != nil {
		return out, err
	}
	return file(in, tables, actor.Language)
}

// exportName is what the file with everything is called.
const exportName = "organisation"

func file(in ExportInput, tables []sheet.Table, l locale.Language) (out Exported, err error) {
	var b bytes.Buffer
	name := exportName
	if len(in.Kinds) == 1 {
		name = string(in.Kinds[0])
	}
	if in.Format == sheet.CSV {
		err = sheet.Write(&b, sheet.CSV, tables[0], l)
	} else {
		err = sheet.WriteXLSX(&b, tables)
	}
	return Exported{name + "." + string(in.Format), in.Format.Type(), b.Bytes()}, err
}

// heads are the headings of a kind. A member's full name is not given out, for it is there in two parts.
func (s *Sort) heads(l locale.Language) (all []string) {
	for _, c := range s.Columns {
		if s.Kind != Members || c.Field != "name" {
			all = append(all, c.Label.In(l))
		}
	}
	return all
}

// export are the rows of a kind, as far as the actor sees them.
func (st *state) export(k Kind) ([][]string, error) {
	p := &plan{state: st}
	switch k {
	case Units:
		return p.exportUnits(), nil
	case Members:
		return p.exportMembers(), nil
	case Roles:
		return p.exportRoles()
	case Assignments:
		return p.exportAssignments()
	case CostCentres:
		return p.exportCentres()
	case Budgets:
		return p.exportBudgets()
	}
	return p.exportBook()
}

func (p *plan) exportUnits() (rows [][]string) {
	for _, u := range sorted(p.state.units) {
		if u.before.Archived || !p.seesUnit(u) {
			continue
		}
		rows = append(rows, []string{u.before.Code, u.before.Name, p.name(u.node.above), p.codeOf(u.before.CostCentre),
			p.labelOf(u.said.Delivery), p.labelOf(u.said.Billing), p.labelsOf(u.said.Allowed)})
	}
	return rows
}

func (p *plan) exportMembers() (rows [][]string) {
	for _, m := range sorted(p.state.members) {
		b := m.before
		if b.Status == company.Inactive || !p.seesMember(m) {
			continue
		}
		up := ""
		if m.node != nil {
			up = p.name(m.node.above)
		}
		rows = append(rows, []string{b.Email, b.First, b.Last(), b.Number, b.External, b.Phone, "", b.Title, amountOf(b.Approval), up})
	}
	return rows
}

func (p *plan) exportRoles() (rows [][]string, err error) {
	if err := p.actor.RequireSomewhere(access.RolesView); err != nil {
		return nil, err
	}
	for _, r := range sorted(p.state.roles) {
		rows = append(rows, []string{r.before.Name, r.before.Description, listed(r.before.Set)})
	}
	return rows, nil
}

func (p *plan) exportAssignments() (rows [][]string, err error) {
	if err := p.actor.RequireSomewhere(access.RolesView); err != nil {
		return nil, err
	}
	for _, a := range p.all {
		m, r := p.byID[a.Member], p.byRole[a.Role]
		if a.Ended(p.now) || m.before.Status == company.Inactive || !p.seesMember(m) {
			continue
		}
		code := ""
		if !a.Unit.IsZero() {
			u := p.byUnit[a.Unit]
			if u.node == nil || !p.seesUnit(u) {
				continue
			}
			code = u.before.Code
		}
		rows = append(rows, []string{m.before.Email, r.before.Name, code, written(a.From, false, p.zone), written(a.Until, true, p.zone)})
	}
	slices.SortFunc(rows, func(a, b []string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
	})
	return rows, nil
}

func (p *plan) exportCentres() (rows [][]string, err error) {
	if err := p.actor.RequireSomewhere(access.CostCentresView); err != nil {
		return nil, err
	}
	for _, c := range sorted(p.state.centres) {
		if b := c.before; p.seesCentre(c) {
			rows = append(rows, []string{b.Code, b.Name, p.emailOf(b.Manager), p.unitCode(b.Unit), string(b.From), string(b.Until)})
		}
	}
	return rows, nil
}

func (p *plan) exportBook() (rows [][]string, err error) {
	if err := p.actor.RequireSomewhere(access.AddressesView); err != nil {
		return nil, err
	}
	for _, a := range sorted(p.state.book) {
		b := a.before
		rows = append(rows, []string{b.Label, b.Name, b.Extra, b.Street, b.Postcode, b.City, b.Region, b.Country, said(b.Delivers), said(b.Bills), said(b.Usual), said(b.UsualBilling)})
	}
	return rows, nil
}

// seesLimits reports whether the actor sees the approval limit of everybody who is given out; otherwise none is, for an empty
// one would say that there is none.
func (st *state) seesLimits() bool {
	p := &plan{state: st}
	for _, m := range st.members {
		at := m.node.at()
		if m.before.Status != company.Inactive && p.seesMember(m) && !st.actor.Shows(access.ViewLimits, access.Thing{Owner: m.before.ID, OwnerAt: at, At: at}) {
			return false
		}
	}
	return true
}

// withoutColumn takes a column out of a table.
func withoutColumn(rows [][]string, heading string) {
	i := slices.Index(rows[0], heading)
	if i < 0 {
		return
	}
	for r := range rows {
		rows[r] = slices.Delete(rows[r], i, i+1)
	}
}
