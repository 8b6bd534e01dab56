package api

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// MovingJSON is what would change if a unit or member stood elsewhere, with all below it.
type MovingJSON struct {
	Node      NamedJSON      `json:"node"`
	Parent    NamedJSON      `json:"parent" doc:"What it would stand right below."`
	People    int            `json:"people_moving" doc:"Members who move, what moves itself among them."`
	Was       *ConcernedJSON `json:"manager_now,omitempty" doc:"The nearest active member above; absent where there is none."`
	Is        *ConcernedJSON `json:"manager_then,omitempty" doc:"The nearest active member above where it would stand; absent where there is none."`
	Led       []LedJSON      `json:"other_manager" doc:"Those who move and whose manager changes. Whose manager moves along keep theirs."`
	Gain      []ReachingJSON `json:"gain_rights" doc:"Roles that reach what moves where it would stand and not where it stands."`
	Lose      []ReachingJSON `json:"lose_rights" doc:"Roles that reach what moves where it stands and not where it would stand."`
	Waiting   int            `json:"waiting_purchase_orders" doc:"Of those who move. Who is asked to decide on what is still open is looked up anew."`
	ByManager int            `json:"asking_managers" doc:"… for which managers are asked."`
}

// ConcernedJSON is a member whom a move concerns.
type ConcernedJSON struct {
	ID   string `json:"id,omitempty" doc:"Absent, like the name, of somebody whom one does not see."`
	Name string `json:"name,omitempty"`
}

// LedJSON is a member whose manager changes.
type LedJSON struct {
	ConcernedJSON
	Invited bool `json:"invited" doc:"They have been invited and are not here yet."`
}

// ReachingJSON is a role that somebody has, and by which they reach what moves.
type ReachingJSON struct {
	Member ConcernedJSON `json:"member"`
	Role   string        `json:"role,omitempty" doc:"Absent of somebody whom one does not see."`
	Unit   string        `json:"unit,omitempty" doc:"At which they have it; absent where it reaches whoever stands below them."`
}

func concernedOf(a view.Above) ConcernedJSON {
	if a.Name == "" {
		return ConcernedJSON{}
	}
	return ConcernedJSON{a.Member.String(), a.Name}
}

// managing is a manager; nil where there is none.
func managing(a view.Above) *ConcernedJSON {
	if a.Member.IsZero() {
		return nil
	}
	c := concernedOf(a)
	return &c
}

func reachingOf(r view.Reach) ReachingJSON { return ReachingJSON{concernedOf(r.Above), r.Role, r.Unit} }

type movingOut struct{ Body MovingJSON }

func (h structure) weigh(ctx context.Context, in *struct {
	Node   string `path:"node" doc:"A unit or a member."`
	Parent string `query:"parent_id" required:"true" maxLength:"60" doc:"A unit or a member."`
}) (*movingOut, error) {
	var wrong fault.Input
	move := organising.MoveInput{Node: read(&wrong, "node", in.Node, parseNode), Under: read(&wrong, "query.parent_id", in.Parent, parseNode)}
	web.Unread(ctx, wrong.Err())
	m, err := h.Organising.Weigh(ctx, web.Actor(ctx), move)
	if err != nil {
		return nil, err
	}
	return &movingOut{MovingJSON{Node: NamedJSON{in.Node, m.Name}, Parent: NamedJSON{in.Parent, m.Place}, People: m.People, Was: managing(m.Was), Is: managing(m.Is),
		Led:  items(m.Led, func(a view.Above) LedJSON { return LedJSON{concernedOf(a), a.Waits} }),
		Gain: items(m.Gain, reachingOf), Lose: items(m.Lose, reachingOf), Waiting: m.Waiting, ByManager: m.ByManager}}, nil
}
