package approval

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
)

// Plan is who must agree to one purchase order, in which order, and why; with what they have said so far.
type Plan struct {
	Stages     []Stage     `json:"stages"`
	Automatic  []Reason    `json:"automatic,omitempty"`  // what was approved automatically, and is told so
	Overridden *Overriding `json:"overridden,omitempty"` // who decided in place of groups
	Former     []id.Member `json:"former,omitempty"`     // whom an earlier plan named, and this one no more: they keep the view
}

// Overriding is who decided what was open in the company, and why.
type Overriding struct {
	By   Person    `json:"by"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Note string    `json:"note"`
}

// Stage is groups that are asked at the same time and must all agree.
type Stage struct {
	Groups         []Group `json:"groups"`
	RejectNeedsAll bool    `json:"reject_needs_all,omitempty"`
}

// Group is people of whom as many must agree as K of its sources have voices.
type Group struct {
	K          int        `json:"k"`
	Sources    []Source   `json:"sources"`
	Called     []string   `json:"called,omitempty"` // the names that the sources had when it was planned; of a source that is a relation it is empty
	Approvers  []Approver `json:"approvers"`
	Reasons    []Reason   `json:"reasons"`
	Unable     []Unable   `json:"unable,omitempty"`      // whom its sources name, and who could not decide when it was planned
	NoEligible bool       `json:"no_eligible,omitempty"` // fewer may decide than must: it waits
	Overridden bool       `json:"overridden,omitempty"`  // somebody who may has decided in its place
}

// Name is what a source of g was called when it was planned; empty where it is a relation, not a thing with a name.
func (g Group) Name(source int) string {
	if source < len(g.Called) {
		return g.Called[source]
	}
	return ""
}

// Approver is somebody asked, or to be asked.
type Approver struct {
	Person
	Name     string       `json:"name"`
	Title    string       `json:"title,omitempty"`
	Via      []int        `json:"via"` // positions in the group's sources: which voices this person can give
	For      *StandsFor   `json:"for,omitempty"`
	Fallback FallbackKind `json:"fallback,omitempty"`
	State    Asked        `json:"state"`
	At       time.Time    `json:"at,omitzero"` // of the decision
	Note     string       `json:"note,omitempty"`
	Carried  bool         `json:"carried,omitempty"` // decided on an earlier content that differed in nothing this group is about
}

// Unable is somebody whom a source names and who may not decide.
type Unable struct {
	Person
	Name  string   `json:"name"`
	Title string   `json:"title,omitempty"`
	Why   Obstacle `json:"why"`
}

// Obstacle is why somebody may not decide on a purchase order.
type Obstacle string

// The obstacles.
const (
	NoObstacle   Obstacle = ""
	IsRequester  Obstacle = "requester"  // nobody decides on what they ordered
	NotActive    Obstacle = "left"       // they are not active
	NoPermission Obstacle = "permission" // no role of theirs lets them approve for the place of the requester
	KeptApart    Obstacle = "separation" // the separation of duty keeps them from it
	LimitTooLow  Obstacle = "limit"      // it is about more than their approval limit
)

// Phrase is the obstacle in words, behind the name of whom it holds back.
func (o Obstacle) Phrase() locale.Phrase {
	switch o {
	case IsRequester:
		return locale.Say("may not decide: nobody approves what they ordered themselves")
	case NotActive:
		return locale.Say("may not decide: not active")
	case NoPermission:
		return locale.Say("may not decide: no role lets them approve for this place")
	case KeptApart:
		return locale.Say("may not decide: the separation of duty keeps them from it")
	case LimitTooLow:
		return locale.Say("may not decide: it is about more than their approval limit")
	}
	return locale.Phrase{}
}

// voice is whose decision a's is: the approver's for whom a stands in, or a's own. However many may give it, it counts once.
func (a Approver) voice() Person {
	if a.For != nil {
		return Person{Member: a.For.Member}
	}
	return a.Person
}

// StandsFor is whom a deputy stands in for.
type StandsFor struct {
	Member id.Member `json:"member"`
	Name   string    `json:"name"`
}

// FallbackKind is who was asked because a source yielded nobody who may decide.
type FallbackKind string

// The fallbacks.
const (
	NoFallback      FallbackKind = ""
	ManagerAbove    FallbackKind = "manager_above"
	AnAdministrator FallbackKind = "administrator"
	OwnOrder        FallbackKind = "own_order" // an administrator's own, where the company allows it
	HandedOver      FallbackKind = "handed_over"
)

// Asked is how it stands with one approver.
type Asked string

// The states of an approver.
const (
	Waiting    Asked = "waiting" // for an earlier stage
	Pending    Asked = "asked"
	Agreed     Asked = "approved"
	Declined   Asked = "rejected"
	Skipped    Asked = "skipped"     // no longer needed: others have decided
	PassedOver Asked = "passed_over" // by somebody who may override, or by handing over
)
