package notifying

import (
	"context"
	"encoding/json"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
)

// onDuty are the events of deputies.
var onDuty = []notice.Event{notice.DeputyAppointed, notice.DeputyChanged, notice.DeputyBegun, notice.DeputyEnded}

// duty is the story of somebody who stands in for somebody else, or no longer does.
func duty(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e struct {
		ID        id.Deputy `json:"appointment_id"`
		Principal id.Member `json:"principal_id"`
		Deputy    id.Member `json:"deputy_id"`
	}
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	var a approval.Appointment
	var here company.Company
	var people []company.Member
	tx.Approvals.WantAppointment(&a, o.Company, e.ID)
	tx.Companies.Want(&here, o.Company)
	tx.Companies.WantMembers(&people, o.Company, []id.Member{e.Principal, e.Deputy})
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	f := notice.Facts{First: date.On(a.From, here.Location()), Last: date.On(a.Until.Add(-time.Second), here.Location())}
	if o.Actor.Kind == access.Member.String() { // otherwise its time has come, or is over
		f.Actor = o.Actor.Name
	}
	for _, m := range people {
		if m.ID == e.Principal {
			f.Principal = m.Name
		} else {
			f.Deputy = m.Name
		}
	}
	event := notice.Event(o.Event)
	return &story{
		topics: []notice.Event{event},
		parts:  map[notice.Audience][]id.Member{notice.Principal: {e.Principal}, notice.Deputy: {e.Deputy}},
		facts:  f,
		path: func(to notice.Audience) string {
			if event == notice.DeputyBegun && to == notice.Deputy {
				return "/approvals"
			}
			return "/deputies/" + e.ID.String()
		},
		mine: func(notice.Event, notice.Audience) bool { return false },
	}, nil
}
