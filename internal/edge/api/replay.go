package api

import (
	"context"
	"encoding/json"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
)

// ReplayJSON is what a rule would have done to the purchase orders of some months.
type ReplayJSON struct {
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Orders   int       `json:"orders" doc:"Purchase orders that were submitted in that time and that the asker sees. What was refused then never became one."`
	Cut      bool      `json:"cut,omitempty" doc:"There are more: the newest 200,000 were replayed."`
	Unpriced bool      `json:"unpriced,omitempty" doc:"The asker may not see prices, so amounts are not known here and count as matching."`

	HeldThen int      `json:"held_then" doc:"Somebody was asked about them then."`
	Asks     int      `json:"asks" doc:"The rule asks somebody about them."`
	Refuses  int      `json:"refuses" doc:"The rule does not allow them."`
	Approves int      `json:"approves" doc:"The rule approves them automatically; others may ask all the same."`
	Excused  int      `json:"excused" doc:"The rule would ask somebody, and a permission of who requests them approves them automatically."`
	Saved    int      `json:"as_kept" doc:"The rule rule_id, as it is now, asks somebody or refuses."`
	Unsure   int      `json:"unsure" doc:"Of asks and refuses: because it could not be evaluated."`
	Unknown  []string `json:"unknown_facts" doc:"What the rule looks at that was not known of those."`
	New      int      `json:"newly_held" doc:"Of asks and refuses: nobody was asked then."`
	Besides  int      `json:"newly_held_by_others_too" doc:"Of newly_held: another rule of now, or a budget then, asks somebody, too."`
	Through  int      `json:"no_longer_held" doc:"Somebody was asked then, and with the rule nobody is: neither for it nor for another."`
	Slipped  int      `json:"slipped_through" doc:"Of no_longer_held: rejected then."`
	Already  int      `json:"slipped_through_already" doc:"Of slipped_through: with the rules as they are now nobody would be asked either."`
	Stuck    int      `json:"no_eligible_approver" doc:"Of asks: too few are there who may decide."`

	Sources []ReplayedSourceJSON `json:"sources" doc:"Whom the rule asks, as it says it."`
	People  []ReplayedPersonJSON `json:"people" doc:"Whom it would have asked, of the people of now; those asked most often come first, at most 50."`
	Persons int                  `json:"people_in_all"`
	Waiting ReplayedWaitingJSON  `json:"waiting"`

	NewRows  []ReplayedOrderJSON `json:"newly_held_orders" doc:"The newest of newly_held, at most 50."`
	GoneRows []ReplayedOrderJSON `json:"slipped_through_orders" doc:"The newest of slipped_through, at most 50."`
}

// ReplayedSourceJSON is a source of the rule.
type ReplayedSourceJSON struct {
	Source SourceJSON `json:"source"`
	Orders int        `json:"orders"`
}

// ReplayedPersonJSON is somebody whom the rule would have asked.
type ReplayedPersonJSON struct {
	Member    string `json:"member_id,omitempty" doc:"Absent of the seller's staff."`
	Name      string `json:"name"`
	Orders    int    `json:"orders"`
	Usual     int64  `json:"usual_seconds" doc:"How long they usually take to decide."`
	Decisions int    `json:"decisions" doc:"By so many decisions of theirs; 0 when it is by those of all, for want of three."`
}

// ReplayedWaitingJSON is how much longer purchase orders would have waited.
type ReplayedWaitingJSON struct {
	Decisions int   `json:"decisions" doc:"That were taken in that time on these purchase orders: from when somebody was asked to when they answered, nights and days off included. Without any, nothing is estimated."`
	Usual     int64 `json:"usual_seconds" doc:"The median of them."`
	Orders    int   `json:"orders" doc:"Purchase orders that would have waited longer than they did by the same measure, with what was wanted of them then."`
	Each      int64 `json:"median_seconds" doc:"By how much, in the median."`
	Added     int64 `json:"sum_seconds" doc:"By how much, together."`
}

// ReplayedOrderJSON is a purchase order of a replay.
type ReplayedOrderJSON struct {
	ID            string     `json:"id"`
	Number        string     `json:"number"`
	State         string     `json:"state"`
	Requester     string     `json:"requester_id"`
	RequesterName string     `json:"requester_name"`
	UnitName      string     `json:"unit_name"`
	Net           *Money     `json:"net,omitempty" doc:"For who may see prices."`
	SubmittedAt   *time.Time `json:"submitted_at"`
	Why           string     `json:"why,omitempty" doc:"Why the rule holds it."`
	Refused       bool       `json:"refused,omitempty"`
	Unsure        bool       `json:"unsure,omitempty" doc:"It counts because it could not be evaluated."`
	Others        bool       `json:"others,omitempty" doc:"Another rule of now, or a budget then, asks somebody, too."`
	Asked         []string   `json:"asked,omitempty" doc:"Whom the rule would ask, by name."`
	Added         int64      `json:"added_seconds,omitempty"`
	Reason        string     `json:"reason,omitempty" doc:"Why it was rejected."`
	Already       bool       `json:"already,omitempty" doc:"It slips through with the rules as they are now, too."`
}

type replayedOut struct{ Body ReplayJSON }

func (h rules) replay(ctx context.Context, in *struct {
	Body struct {
		RuleBody
		Rule   string `json:"rule_id,omitempty" doc:"The rule that is kept, in whose place this one is; a new one when absent."`
		Months int    `json:"months" minimum:"1" maximum:"120"`
	}
}) (*replayedOut, error) {
	var wrong fault.Input
	var kept id.Rule
	if in.Body.Rule != "" {
		kept = read(&wrong, "rule_id", in.Body.Rule, id.ParseRule)
	}
	web.Unread(ctx, wrong.Err())
	r, err := in.Body.RuleBody.rule(ctx)
	if err != nil {
		return nil, err
	}
	r.ID = kept
	actor := web.Actor(ctx)
	d, err := h.Approving.Replay(ctx, actor, approving.ReplayInput{Rule: r, Months: in.Body.Months})
	if err != nil {
		return nil, err
	}
	is, err := h.Approving.Sources(ctx, actor, r)
	if err != nil {
		return nil, err
	}
	out, err := replayOf(d, is, actor.Language)
	return &replayedOut{out}, err
}

func replayOf(d approving.Replay, is approving.Sources, l locale.Language) (ReplayJSON, error) {
	out := ReplayJSON{From: d.From, Until: d.Until, Orders: d.Orders, Cut: d.Cut, Unpriced: d.Unpriced, HeldThen: d.HeldThen, Asks: d.Asks, Refuses: d.Refuses, Approves: d.Approves, Excused: d.Excused,
		Saved: d.Saved, Unsure: d.Unsure, New: d.Fresh, Besides: d.Besides, Through: d.Through, Slipped: d.Slipped, Already: d.Already, Stuck: d.Stuck, Persons: d.Persons,
		Waiting: ReplayedWaitingJSON{d.Decisions, seconds(d.Usual), d.Longer, seconds(d.Each), seconds(d.Added)}}
	out.Unknown = items(d.Unknown, func(f approval.Fact) string { return f.Name })
	out.People = items(d.People, func(p approving.ReplayedPerson) ReplayedPersonJSON {
		one := ReplayedPersonJSON{Name: p.Name, Orders: p.Orders, Usual: seconds(p.Usual), Decisions: p.Decisions}
		if !p.Member.IsZero() {
			one.Member = p.Member.String()
		}
		return one
	})
	row := func(o approving.ReplayedOrder) ReplayedOrderJSON {
		one := ReplayedOrderJSON{ID: o.ID.String(), Number: o.Number, State: string(o.State), Requester: o.Requester.String(), RequesterName: o.RequesterName, UnitName: o.UnitName,
			SubmittedAt: instant(o.SubmittedAt), Why: o.Why.In(l), Refused: o.Refused, Unsure: o.Unsure, Others: o.Others, Asked: o.Asked, Added: seconds(o.Added), Reason: o.Reason, Already: o.Already}
		if o.Net.Currency != "" {
			net := moneyOf(o.Net)
			one.Net = &net
		}
		return one
	}
	out.NewRows, out.GoneRows = items(d.New, row), items(d.Gone, row)
	out.Sources = []ReplayedSourceJSON{}
	for _, s := range d.Sources {
		one := ReplayedSourceJSON{Orders: s.Orders}
		b, err := json.Marshal(s.Source)
		if err == nil {
			err = json.Unmarshal(b, &one.Source)
		}
		if err != nil {
			return out, err
		}
		one.Source.Name, one.Source.Nobody = is.Called[s.Source], is.Nobody[s.Source]
		out.Sources = append(out.Sources, one)
	}
	return out, nil
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
