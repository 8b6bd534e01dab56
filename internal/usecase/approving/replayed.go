package approving

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/approval"
)

// Replay is what a rule would have done to the purchase orders of some months.
type Replay struct {
	From, Until time.Time
	Orders      int  // purchase orders that were submitted in that time and that the actor sees
	Cut         bool // there are more: the newest were replayed
	Unpriced    bool // the actor is not shown amounts, so they are not known

	HeldThen int // somebody was asked about them then
	Asks     int // the draft asks somebody about them
	Refuses  int // the draft does not allow them
	Approves int // the draft approves them automatically
	Excused  int // the draft would ask somebody, and the permission of who requests them approves them
	Saved    int // the rule that is kept asks somebody, or refuses
	Unsure   int // the draft asks or refuses because it could not be evaluated …
	Unknown  []approval.Fact
	Fresh    int // the draft asks or refuses, and nobody was asked then …
	Besides  int // … of these, another rule of today, or a budget of then, asks somebody, too
	Through  int // somebody was asked then, and with the draft nobody is …
	Slipped  int // … of these, rejected then …
	Already  int // … of these, with the rules as they are nobody is asked either
	Stuck    int // too few are there who may decide

	Sources []ReplayedSource // whom the draft asks, as it says it
	People  []ReplayedPerson // whom it would have asked of the people of today, those asked most first; at most MostShown
	Persons int              // how many they are in all

	Decisions int           // that were taken in that time on these purchase orders …
	Usual     time.Duration // … and how long one usually took
	Longer    int           // purchase orders that wait longer than then
	Added     time.Duration // … by so much in all …
	Each      time.Duration // … and usually each

	New  []ReplayedOrder // of Fresh, the newest; at most MostShown
	Gone []ReplayedOrder // of Slipped, the newest; at most MostShown
}

// ReplayedSource is a source of the draft, and of how many purchase orders.
type ReplayedSource struct {
	Source approval.Source
	Orders int
}

// ReplayedPerson is somebody whom the draft would have asked about so many purchase orders.
type ReplayedPerson struct {
	Member    id.Member // zero: of the seller's staff
	Name      string
	Orders    int
	Usual     time.Duration // how long they usually take …
	Decisions int           // … by so many of theirs; none: by those of all
}

// ReplayedOrder is one of the purchase orders that are told of.
type ReplayedOrder struct {
	ID            id.PurchaseOrder
	Number        string
	State         approval.State
	Requester     id.Member
	RequesterName string
	UnitName      string
	Net           money.Money // nothing where amounts are not shown
	SubmittedAt   time.Time
	Why           locale.Phrase // why the draft holds it; of one that slips through, nothing
	Refused       bool          // the draft does not allow it
	Unsure        bool          // it counts because it could not be evaluated
	Others        bool          // another rule, or a budget, asks somebody, too
	Asked         []string      // whom the draft asks, by name
	Added         time.Duration // how much longer it waits
	Reason        string        // of its rejection
	Already       bool          // it slips through with the rules as they are, too
}
