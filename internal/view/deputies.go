package view

import (
	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/approval"
)

// Deputy is an appointment as lists show it.
type Deputy struct {
	approval.Appointment
	ForName   string
	ForTitle  string
	ForAt     tree.Path // where the approver stands now; Top when they have left
	ByName    string
	ByTitle   string
	MakerName string
	EnderName string
	RuleNames []string  // of one alone: of its rules, those that there are
	UnitNames []string  // of one alone: of its units, those that there are
	First     date.Date // in the company's time zone
	Last      date.Date
	State     approval.AppointmentState
	MayChange bool // the reader may change and end it, while it is not over
}

// DeputyFilter says which appointments are listed. What is empty does not narrow.
type DeputyFilter struct {
	Text   string // in the name of the approver or the deputy
	State  approval.AppointmentState
	Member id.Member // the approver or the deputy
	Own    bool      // only those of the reader, as the approver or as the deputy
}

// Duty is somebody who stands in for somebody now, one of whom is the reader.
type Duty struct {
	approval.Appointment
	ForName string
	ByName  string
}

// StandIn is somebody who may be a deputy.
type StandIn struct {
	Member id.Member
	Name   string
	Title  string
}
