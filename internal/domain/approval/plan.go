package approval

import (
	"time"

	"kontor/internal/base/id"
)

// Plan is who must agree to one purchase order, in which order, and why; with what they have said so far.
type Plan struct {
	Stages     []Stage     `json:"stages"`
	Automatic  []Reason    `json:"automatic,omitempty"`  // what was approved automatically, and is told so
	Overridden *Overriding `json:"overridden,omitempty"` // who decided in place of groups
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
	Approvers  []Approver `json:"approvers"`
	Reasons    []Reason   `json:"reasons"`
	NoEligible bool       `json:"no_eligible,omitempty"` // fewer may decide than must: it waits
	Overridden bool       `json:"overridden,omitempty"`  // somebody who may has decided in its place
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
