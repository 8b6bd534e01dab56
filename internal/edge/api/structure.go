package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

type structure struct{ Services }

func (h structure) add(a *web.API) {
	see, manage := access.UsersView.Code(), access.UsersManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/structure", ID: "get-structure", Tag: tagStructure, Permission: access.SelfAccount.Code(), Scope: web.Company,
		Summary: "The tree of units and members, from the top down", Text: "As far as one may see it, which with users.view is everybody below where one has it; without, it is oneself."}, h.tree)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/structure/{node}/parent", ID: "move-node", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Move a unit or member with everything below", Text: "Managers, subordinates and rights at units change at once. Nothing can stand below itself."}, h.move)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/structure/{node}/move", ID: "preview-move", Tag: tagStructure, Permission: manage, Scope: web.Company,
		Summary: "What would change if a unit or member stood elsewhere", Text: "Who comes along, whose manager is another, who gets and who loses rights over them, and which purchase orders are looked at anew. It asks what moving asks, and nothing changes. Whom one does not see is counted and not named."}, h.weigh)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/units", ID: "create-unit", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a unit"}, h.createUnit)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/units/{unit}", ID: "get-unit", Tag: tagStructure, Permission: see, Scope: web.Company,
		Summary: "A unit", Text: "One that is out of use is there for who sees the whole company."}, h.unit)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/units/{unit}", ID: "edit-unit", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change a unit"}, h.editUnit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/units/{unit}", ID: "archive-unit", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take a unit out of use", Text: "Refused while anybody or anything stands below it. Its history stays."}, h.archiveUnit)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/units/archived", ID: "list-archived-units", Tag: tagStructure, Permission: see, Scope: web.Company,
		Summary: "Units out of use, with what is still held at them", Text: "It counts for nothing until the unit is taken back. For who sees the whole company; at most 1 000."}, h.archivedUnits)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/units/{unit}/restore", ID: "restore-unit", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take an archived unit back into the structure", Text: "What was given at it, and what open invitations promise there, counts again at once: whoever takes it back holds all of that where it will stand."}, h.restoreUnit)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/members", ID: "list-members", Tag: tagStructure, Permission: access.SelfAccount.Code(), Scope: web.Company,
		Summary: "Members, by name", Text: "As far as one may see them, which with users.view is everybody below where one has it; without, it is oneself."}, h.members)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/members/lendable", ID: "list-lendable-members", Tag: tagStructure, Permission: manage, Scope: web.Company,
		Summary: "Members of the companies above who have no place here", Text: "Each of them can act here too, without an invitation."}, h.lendable)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/members/borrowed", ID: "borrow-member", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a member of a company above a member of this one", Text: "They are told, and act here as long as they are active there and this company belongs to that one: it counts on their very next request. Nobody gives more than they hold themselves. Deactivating ends it."}, h.borrow)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/members/{member}", ID: "get-member", Tag: tagStructure, Permission: see, Scope: web.Company,
		Summary: "A member with manager, unit and roles"}, h.member)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/members/{member}", ID: "edit-member", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change a member"}, h.editMember)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/members/{member}", ID: "deactivate-member", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Deactivate a member", Text: "Sessions end at once, subordinates move up, history stays, and what waits for their decision goes to whoever is then to decide. A successor takes over their open purchase orders, the cost centres that they manage and their order lists, and is told; without one these stay as they are. Addresses of their own are removed. The last administrator stays."}, h.deactivate)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/members/{member}/reactivate", ID: "reactivate-member", Tag: tagStructure, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take back a member who had left", Text: "Of the roles that they had they get those that whoever takes them back could give them."}, h.reactivate)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/members/{member}/leaving", ID: "leaving", Tag: tagStructure, Permission: manage, Scope: web.Company,
		Summary: "What a member would leave open who left now"}, h.leaving)
}

// NodeJSON is a unit or member in the structure.
type NodeJSON struct {
	ID     string `json:"id"`
	Kind   string `json:"kind" enum:"unit,member"`
	Parent string `json:"parent_id,omitempty"`
	Depth  int    `json:"depth"`
	Name   string `json:"name"`
	Code   string `json:"code,omitempty"`
	Title  string `json:"title,omitempty"`
	Below  int    `json:"nodes_below"`
	People int    `json:"people_below"`
}

func nodeName(u id.Unit, m id.Member) string {
	if u.IsZero() {
		return m.String()
	}
	return u.String()
}

type structureOut struct {
	Body struct {
		Items []NodeJSON `json:"items"`
	}
}

func (h structure) tree(ctx context.Context, _ *struct{}) (*structureOut, error) {
	all, err := h.Organising.Structure(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &structureOut{}
	out.Body.Items = items(all, func(n view.Node) NodeJSON {
		return NodeJSON{nodeName(n.Unit, n.Member), string(n.Kind), nodeName(n.AboveUnit, n.AboveMember), n.Depth, n.Name, n.Code, n.Title, n.Below, n.People}
	})
	return out, nil
}

// parseNode reads the identifier of a unit or of a member.
func parseNode(text string) (company.Node, error) {
	if u, err := id.ParseUnit(text); err == nil {
		return company.Node{Kind: company.UnitNode, Unit: u}, nil
	}
	m, err := id.ParseMember(text)
	return company.Node{Kind: company.MemberNode, Member: m}, err
}

func (h structure) move(ctx context.Context, in *struct {
	Node string `path:"node" doc:"A unit or a member."`
	Body struct {
		Parent string `json:"parent_id" doc:"A unit or a member."`
		From   string `json:"from_parent_id" doc:"What it stood right below when it was seen: if it stands elsewhere by now, nothing is moved, and the answer is 412."`
	}
}) (*struct{}, error) {
	var wrong fault.Input
	n := read(&wrong, "node", in.Node, parseNode)
	under := read(&wrong, "parent_id", in.Body.Parent, parseNode)
	from := read(&wrong, "from_parent_id", in.Body.From, parseNode)
	web.Unread(ctx, wrong.Err())
	return nil, h.Organising.Move(ctx, web.Actor(ctx), organising.MoveInput{Node: n, Under: under, From: from})
}

func (h structure) unit(ctx context.Context, in *struct {
	Unit string `path:"unit"`
}) (*unitOut, error) {
	key := called(ctx, "unit", in.Unit, id.ParseUnit)
	return unitAnswer(h.Organising.Unit(ctx, web.Actor(ctx), key))
}

// UnitJSON is a unit.
type UnitJSON struct {
	ID         string `json:"id"`
	Code       string `json:"code"`
	Name       string `json:"name"`
	CostCentre string `json:"cost_centre_id,omitempty"`
	Version    int64  `json:"version"`
}

type unitOut struct {
	ETag string `header:"ETag"`
	Body UnitJSON
}

func unitAnswer(u company.Unit, err error) (*unitOut, error) {
	if err != nil {
		return nil, err
	}
	return &unitOut{web.ETag(u.Version), UnitJSON{u.ID.String(), u.Code, u.Name, u.CostCentre.String(), u.Version}}, nil
}

func (h structure) createUnit(ctx context.Context, in *struct {
	Body struct {
		Code       string `json:"code" maxLength:"40"`
		Name       string `json:"name" maxLength:"120"`
		CostCentre string `json:"cost_centre_id,omitempty"`
		Parent     string `json:"parent_id,omitempty" doc:"A unit or a member; the top when absent."`
	}
}) (*unitOut, error) {
	var wrong fault.Input
	input := organising.CreateUnitInput{Code: in.Body.Code, Name: in.Body.Name}
	input.CostCentre = maybe(&wrong, "cost_centre_id", in.Body.CostCentre, id.ParseCostCentre)
	input.Under = maybe(&wrong, "parent_id", in.Body.Parent, parseNode)
	web.Unread(ctx, wrong.Err())
	return unitAnswer(h.Organising.CreateUnit(ctx, web.Actor(ctx), input))
}

func (h structure) editUnit(ctx context.Context, in *struct {
	web.Versioned
	Unit string `path:"unit"`
	Body struct {
		Code       string `json:"code" maxLength:"40"`
		Name       string `json:"name" maxLength:"120"`
		CostCentre string `json:"cost_centre_id,omitempty"`
	}
}) (*unitOut, error) {
	var wrong fault.Input
	input := organising.EditUnitInput{Code: in.Body.Code, Name: in.Body.Name}
	input.ID = read(&wrong, "unit", in.Unit, id.ParseUnit)
	input.CostCentre = maybe(&wrong, "cost_centre_id", in.Body.CostCentre, id.ParseCostCentre)
	web.Unread(ctx, wrong.Err())
	input.Version = seen(ctx, in.Versioned)
	return unitAnswer(h.Organising.EditUnit(ctx, web.Actor(ctx), input))
}

func (h structure) archiveUnit(ctx context.Context, in *struct {
	web.Versioned
	Unit string `path:"unit"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "unit", in.Unit, id.ParseUnit, in.Versioned)
	return nil, h.Organising.ArchiveUnit(ctx, web.Actor(ctx), key, version)
}

// ArchivedUnitJSON is a unit out of use.
type ArchivedUnitJSON struct {
	ID          string       `json:"id"`
	Code        string       `json:"code"`
	Name        string       `json:"name"`
	Version     int64        `json:"version"`
	CostCentre  string       `json:"cost_centre,omitempty" doc:"The code of the usual one."`
	Roles       []HeldAtJSON `json:"roles" doc:"Who was given what at it; for who may see roles."`
	Invitations int64        `json:"invitations" doc:"Open ones that promise a role at it."`
	Budgets     int64        `json:"budgets"`
	CostCentres int64        `json:"cost_centres"`
	Rules       int64        `json:"approval_rules"`
}

// HeldAtJSON is a role that somebody was given at a unit.
type HeldAtJSON struct {
	Assignment string    `json:"assignment_id"`
	Member     NamedJSON `json:"member"`
	Role       NamedJSON `json:"role"`
}

type archivedUnitsOut struct {
	Body struct {
		Items []ArchivedUnitJSON `json:"items"`
	}
}

func (h structure) archivedUnits(ctx context.Context, _ *struct{}) (*archivedUnitsOut, error) {
	all, err := h.Organising.ArchivedUnits(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &archivedUnitsOut{}
	out.Body.Items = items(all, func(u view.ArchivedUnit) ArchivedUnitJSON {
		return ArchivedUnitJSON{u.ID.String(), u.Code, u.Name, u.Version, u.CostCentre, items(u.Roles, func(a view.Assigned) HeldAtJSON {
			return HeldAtJSON{a.ID.String(), NamedJSON{a.Member.String(), a.MemberName}, NamedJSON{a.Role.String(), a.RoleName}}
		}), u.Invitations, u.Budgets, u.CostCentres, u.Rules}
	})
	return out, nil
}

func (h structure) restoreUnit(ctx context.Context, in *struct {
	web.Versioned
	Unit string `path:"unit"`
	Body struct {
		Parent string `json:"parent_id,omitempty" doc:"A unit or a member; the top when absent."`
	}
}) (*unitOut, error) {
	var wrong fault.Input
	input := organising.RestoreUnitInput{ID: read(&wrong, "unit", in.Unit, id.ParseUnit), Version: seen(ctx, in.Versioned),
		Under: maybe(&wrong, "parent_id", in.Body.Parent, parseNode)}
	web.Unread(ctx, wrong.Err())
	return unitAnswer(h.Organising.RestoreUnit(ctx, web.Actor(ctx), input))
}

// MemberJSON is a member as lists have it.
type MemberJSON struct {
	ID      string     `json:"id"`
	Number  string     `json:"employee_number,omitempty"`
	Name    string     `json:"name"`
	Email   string     `json:"email"`
	Title   string     `json:"title,omitempty"`
	Status  string     `json:"status" enum:"invited,active,inactive"`
	Unit    *NamedJSON `json:"unit,omitempty"`
	Manager *NamedJSON `json:"manager,omitempty"`
	Roles   []string   `json:"roles"`
	Lent    *LentJSON  `json:"lent_by,omitempty" doc:"The company above whose member they are; absent for the company's own."`
	Version int64      `json:"version"`
}

// LentJSON is a company above that lends a member.
type LentJSON struct {
	Name string `json:"name"`
	Acts bool   `json:"acts" doc:"They act here now: they are active there, and this company belongs to it. Otherwise they hold nothing until that is mended."`
}

func lentOf(name string, held bool) *LentJSON {
	if name == "" {
		return nil
	}
	return &LentJSON{name, held}
}

func named(zero bool, key, name string) *NamedJSON {
	if zero {
		return nil
	}
	return &NamedJSON{key, name}
}

type membersIn struct {
	Paged
	Text   string `query:"q" maxLength:"200"`
	Status string `query:"status" enum:"invited,active,inactive"`
	Unit   string `query:"unit_id" doc:"And all below it."`
	Role   string `query:"role_id" doc:"Held now."`
	None   bool   `query:"without_role" doc:"Only who holds no role now."`
	Unheld bool   `query:"on_hold" doc:"Only whom a company above does not lend any more, and who have not been deactivated."`
	Sort   string `query:"sort" enum:"name,-name,state,-state,since,-since" default:"name" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h structure) members(ctx context.Context, in *membersIn) (*Page[MemberJSON], error) {
	var wrong fault.Input
	f := view.MemberFilter{Text: in.Text, Status: company.MemberStatus(in.Status), Roleless: in.None, Unheld: in.Unheld}
	f.Unit = maybe(&wrong, "query.unit_id", in.Unit, id.ParseUnit)
	f.Role = maybe(&wrong, "query.role_id", in.Role, id.ParseRole)
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Organising.Members(ctx, web.Actor(ctx), f, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, memberOf), nil
}

func memberOf(m view.Row) MemberJSON {
	return MemberJSON{m.ID.String(), m.Number, m.Name, m.Email, m.Title, string(m.Status), named(m.Unit.IsZero(), m.Unit.String(), m.UnitName),
		named(m.Manager.IsZero(), m.Manager.String(), m.ManagerName), append([]string{}, m.Roles...), lentOf(m.HomeName, m.Held), m.Version}
}

// PersonJSON is a member in full.
type PersonJSON struct {
	MemberJSON
	First         string           `json:"first_name,omitempty"`
	Last          string           `json:"last_name,omitempty"`
	External      string           `json:"external_id,omitempty" doc:"What another system knows them by."`
	Phone         string           `json:"phone,omitempty" doc:"Where they are called here."`
	ApprovalLimit *Money           `json:"approval_limit,omitempty" doc:"The most one decision may cover; none when absent."`
	Reports       int64            `json:"direct_reports"`
	Below         int64            `json:"people_below"`
	Seen          *time.Time       `json:"last_seen_at,omitempty"`
	Assignments   []AssignmentJSON `json:"assignments"`
}

type personOut struct {
	ETag string `header:"ETag"`
	Body PersonJSON
}

func (h structure) person(ctx context.Context, key id.Member) (*personOut, error) {
	return personAnswer(h.Organising.Member(ctx, web.Actor(ctx), key))
}

func personAnswer(p view.Person, err error) (*personOut, error) {
	if err != nil {
		return nil, err
	}
	out := PersonJSON{MemberJSON: MemberJSON{p.ID.String(), p.Number, p.Name, p.Email, p.Title, string(p.Status), named(p.Unit.IsZero(), p.Unit.String(), p.UnitName),
		named(p.Manager.IsZero(), p.Manager.String(), p.ManagerName), []string{}, lentOf(p.HomeName, p.Held), p.Version}, First: p.First, Last: p.Last(), External: p.External, Phone: p.Phone, Reports: p.Reports, Below: p.Below, Seen: instant(p.SeenAt),
		Assignments: items(p.Assigned, assignmentOf)}
	out.Roles = append(out.Roles, p.Roles...)
	if p.Approval != nil {
		limit := moneyOf(*p.Approval)
		out.ApprovalLimit = &limit
	}
	return &personOut{web.ETag(p.Version), out}, nil
}

type memberIn struct {
	Member string `path:"member"`
}

func (h structure) member(ctx context.Context, in *memberIn) (*personOut, error) {
	key := called(ctx, "member", in.Member, id.ParseMember)
	return h.person(ctx, key)
}

// LendableJSON is somebody whom a company above can lend.
type LendableJSON struct {
	Member  string           `json:"lender_member_id" doc:"Who they are there."`
	Name    string           `json:"name"`
	Title   string           `json:"title,omitempty"`
	Company CompanyAboveJSON `json:"company"`
}

type lendableIn struct {
	Paged
	Text string `query:"q" maxLength:"200"`
}

func (h structure) lendable(ctx context.Context, in *lendableIn) (*Page[LendableJSON], error) {
	var wrong fault.Input
	ask := in.ask(ctx, 2)
	web.Unread(ctx, wrong.Err())
	list, err := h.Organising.Lendable(ctx, web.Actor(ctx), in.Text, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, func(l view.Lendable) LendableJSON {
		return LendableJSON{l.Member.String(), l.Name, l.Title, CompanyAboveJSON{l.HomeNumber, l.HomeName}}
	}), nil
}

func (h structure) borrow(ctx context.Context, in *struct {
	Body struct {
		Member string `json:"lender_member_id" maxLength:"60"`
		Parent string `json:"parent_id,omitempty" maxLength:"60" doc:"A unit or a member to stand right below; the company's own unit when absent."`
		Role   string `json:"role_id,omitempty" maxLength:"60" doc:"The one that new members get when absent."`
		Unit   string `json:"unit_id,omitempty" maxLength:"60" doc:"Where the role holds; the whole company when absent."`
	}
}) (*personOut, error) {
	var wrong fault.Input
	input := organising.BorrowInput{Lent: read(&wrong, "lender_member_id", in.Body.Member, id.ParseMember)}
	input.Under = maybe(&wrong, "parent_id", in.Body.Parent, parseNode)
	input.Role = maybe(&wrong, "role_id", in.Body.Role, id.ParseRole)
	input.RoleAt = maybe(&wrong, "unit_id", in.Body.Unit, id.ParseUnit)
	web.Unread(ctx, wrong.Err())
	m, err := h.Organising.Borrow(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	return h.person(ctx, m.ID)
}

func (h structure) editMember(ctx context.Context, in *struct {
	web.Versioned
	Member string `path:"member"`
	Body   struct {
		First         string  `json:"first_name,omitempty" maxLength:"60" doc:"As this company calls them: their account is theirs alone."`
		Last          string  `json:"last_name,omitempty" maxLength:"60"`
		Name          string  `json:"name,omitempty" maxLength:"120" doc:"Instead of first and last name: the last word is the last name then, unless it is the name that they have."`
		Number        string  `json:"employee_number,omitempty" maxLength:"40"`
		External      *string `json:"external_id,omitempty" maxLength:"80" doc:"What another system knows them by, unique in the company; it stays as it is when absent."`
		Phone         *string `json:"phone,omitempty" maxLength:"40" doc:"Where they are called here; it stays as it is when absent."`
		Title         string  `json:"title,omitempty" maxLength:"120"`
		ApprovalLimit *Money  `json:"approval_limit,omitempty"`
	}
}) (*personOut, error) {
	var wrong fault.Input
	b := in.Body
	input := organising.EditMemberInput{First: b.First, Last: b.Last, Name: b.Name, Number: b.Number, External: b.External, Phone: b.Phone, Title: b.Title}
	input.ID = read(&wrong, "member", in.Member, id.ParseMember)
	if b.ApprovalLimit != nil {
		limit := b.ApprovalLimit.parse(&wrong, "approval_limit")
		input.Approval = &limit
	}
	web.Unread(ctx, wrong.Err())
	input.Version = seen(ctx, in.Versioned)
	if _, err := h.Organising.EditMember(ctx, web.Actor(ctx), input); err != nil {
		return nil, err
	}
	return h.person(ctx, input.ID)
}

func (h structure) deactivate(ctx context.Context, in *struct {
	web.Versioned
	Member    string `path:"member"`
	Successor string `query:"successor_id" maxLength:"60" doc:"The member who takes over what they leave open."`
	Budgets   string `query:"budgets" enum:"stay,hand_over,close" doc:"What becomes of budgets of their own: they stay and nobody can spend them, which is so when absent; they are the successor's; or nothing more is charged to them."`
	Deputy    string `query:"deputy_id" maxLength:"60" doc:"The member who stands in from now on for whom they stood in; nobody when absent."`
}) (*struct{}, error) {
	var wrong fault.Input
	key, version := versioned(ctx, "member", in.Member, id.ParseMember, in.Versioned)
	successor := maybe(&wrong, "successor_id", in.Successor, id.ParseMember)
	deputy := maybe(&wrong, "deputy_id", in.Deputy, id.ParseMember)
	web.Unread(ctx, wrong.Err())
	return nil, h.Organising.Leave(ctx, web.Actor(ctx), organising.LeaveInput{ID: key, Version: version, Successor: successor, Deputy: deputy, Budgets: organising.BudgetsFate(strings.TrimPrefix(in.Budgets, "stay"))})
}

func (h structure) reactivate(ctx context.Context, in *struct {
	web.Versioned
	Member string `path:"member"`
	Body   struct {
		Parent string `json:"parent_id,omitempty" doc:"A unit or a member to stand right below; the company's own unit when absent."`
	}
}) (*personOut, error) {
	key, version := versioned(ctx, "member", in.Member, id.ParseMember, in.Versioned)
	var wrong fault.Input
	under := maybe(&wrong, "parent_id", in.Body.Parent, parseNode)
	web.Unread(ctx, wrong.Err())
	if _, err := h.Organising.ReactivateMember(ctx, web.Actor(ctx), organising.ReactivateMemberInput{ID: key, Version: version, Under: under}); err != nil {
		return nil, err
	}
	return h.person(ctx, key)
}

// HeldAloneJSON is a role that somebody alone has, and what asks those who have it.
type HeldAloneJSON struct {
	Role  NamedJSON   `json:"role" doc:"Without a name for who does not see roles."`
	Rules []NamedJSON `json:"approval_rules"`
}

type leavingOut struct {
	Body struct {
		Member      NamedJSON       `json:"member"`
		Reports     int64           `json:"reports" doc:"Members right below, who come to below whoever stands above."`
		Deciding    int64           `json:"awaited_decisions" doc:"Purchase orders that wait, or will wait, for their decision. These go to whoever is then to decide."`
		Orders      int64           `json:"open_purchase_orders" doc:"Their own, which a successor takes over."`
		Lists       int64           `json:"order_lists" doc:"Their own, which a successor takes over."`
		SharedLists int64           `json:"shared_order_lists" doc:"That others share with them by name, and then with the successor."`
		CostCentres []NamedJSON     `json:"cost_centres" doc:"That they manage, which a successor takes over."`
		Budgets     []NamedJSON     `json:"budgets" doc:"Of their own, which stay, are handed over or are closed."`
		Addresses   int64           `json:"addresses" doc:"Of their own, which are removed."`
		Deputies    []DeputyJSON    `json:"deputies" doc:"In which they are the approver, which end, or the deputy, which end or are handed over."`
		Rules       []NamedJSON     `json:"approval_rules" doc:"That ask or tell them by name, which stay."`
		Asking      []NamedJSON     `json:"budgets_asking" doc:"Budgets that ask them by name when they are used up, and then the owner's manager."`
		LookedAfter []NamedJSON     `json:"companies_looked_after" doc:"Of one of the seller's staff: the customers that are then looked after by whoever else is named, or by nobody."`
		Alone       []HeldAloneJSON `json:"roles_held_alone" doc:"Roles that approval rules ask and nobody else has."`
		Sent        []string        `json:"invitations_sent" doc:"Addresses that they have invited, by open invitations, which are taken back; empty of one that one does not see."`
		Alike       []string        `json:"invitations_alike" doc:"Addresses that others have invited under their name, which stay: perhaps another address of theirs."`
	}
}

func (h structure) leaving(ctx context.Context, in *struct {
	Member string `path:"member"`
}) (*leavingOut, error) {
	key := called(ctx, "member", in.Member, id.ParseMember)
	l, err := h.Organising.Leaving(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := &leavingOut{}
	b := &out.Body
	b.Member, b.Reports, b.Deciding, b.Orders, b.Addresses = NamedJSON{l.Member.ID.String(), l.Member.Name}, l.Below, l.Deciding, l.Orders, l.Addresses
	b.Lists, b.SharedLists = l.Lists, l.SharedLists
	b.CostCentres = items(l.CostCentres, func(c budget.CostCentre) NamedJSON { return NamedJSON{c.ID.String(), c.Name} })
	b.Budgets = items(l.Budgets, func(x budget.Budget) NamedJSON { return NamedJSON{x.ID.String(), x.Name} })
	b.Asking = items(l.Asking, func(x budget.Budget) NamedJSON { return NamedJSON{x.ID.String(), x.Name} })
	b.LookedAfter = items(l.LookedAfter, func(c view.LookedAfter) NamedJSON { return NamedJSON{c.Company.String(), c.Name} })
	b.Rules = items(l.Rules, func(r approval.Rule) NamedJSON { return NamedJSON{r.ID.String(), r.Name} })
	b.Deputies = items(l.Deputies, deputyOf)
	b.Alone = items(l.Alone, func(h view.HeldAlone) HeldAloneJSON {
		return HeldAloneJSON{NamedJSON{h.Role.String(), h.Name}, items(h.Rules, func(r approval.Rule) NamedJSON { return NamedJSON{r.ID.String(), r.Name} })}
	})
	b.Sent, b.Alike = append([]string{}, l.Sent...), append([]string{}, l.Alike...)
	return out, nil
}
