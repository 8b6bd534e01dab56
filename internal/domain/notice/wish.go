package notice

import (
	"maps"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
)

// Wish is an event over a channel.
type Wish struct {
	Event   Event
	Channel Channel
}

// Wishes are what a member wants to hear, where and when. The zero Wishes are the usual.
type Wishes struct {
	Chosen map[Wish]bool // what they said; the rest is as the topic's usual
	Digest Clock         // when the mail of the day comes; None: every mail at once
	Quiet  Quiet
}

// Clock is a time of day in minutes after midnight, plus one. The zero Clock is none.
type Clock int16

// None is no time of day.
const None Clock = 0

// At is a time of day.
func At(hour, minute int) Clock { return Clock(hour*60 + minute + 1) }

// Parts are the hour and minute of a clock that is not None.
func (c Clock) Parts() (hour, minute int) { return int(c-1) / 60, int(c-1) % 60 }

// Quiet are the hours in which nobody is disturbed, over midnight where From is later. None means always reachable.
type Quiet struct{ From, Until Clock }

var (
	// ErrSafety is the fault of switching off what concerns the security of an account.
	ErrSafety = fault.Define(fault.Refused, "notice.safety", "mails about the security of your account cannot be switched off")
	// ErrInbox is the fault of switching off the inbox.
	ErrInbox = fault.Define(fault.Refused, "notice.inbox", "the inbox always has everything")
	// ErrChannel is the fault of a channel that there is none.
	ErrChannel = fault.Define(fault.Invalid, "notice.channel", "a channel is inbox, email, push or webhook")
	// ErrClock is the fault of a time of day that there is none.
	ErrClock = fault.Define(fault.Invalid, "notice.clock", "a time of day is from 00:00 to 23:59, and quiet hours have a beginning and an end")
)

// Choose returns the wishes with this one said.
func (w Wishes) Choose(e Event, c Channel, on bool) (Wishes, error) {
	topic, err := TopicOf(e)
	switch {
	case err != nil:
		return w, err
	case !slices.Contains(Channels(), c):
		return w, ErrChannel
	case c == Inbox && !on:
		return w, ErrInbox
	case c == Email && topic.Safety && !on:
		return w, ErrSafety
	}
	w.Chosen = maps.Clone(w.Chosen)
	if w.Chosen == nil {
		w.Chosen = map[Wish]bool{}
	}
	w.Chosen[Wish{e, c}] = on
	return w, nil
}

// Check is ErrClock for times of day that there are none.
func (w Wishes) Check() error {
	for _, c := range []Clock{w.Digest, w.Quiet.From, w.Quiet.Until} {
		if c < 0 || c > At(23, 59) {
			return ErrClock
		}
	}
	if (w.Quiet.From == None) != (w.Quiet.Until == None) || w.Quiet.From == w.Quiet.Until && w.Quiet.From != None {
		return ErrClock
	}
	return nil
}

// Wants reports whether the member wants this event over this channel.
func (w Wishes) Wants(e Event, c Channel) bool {
	topic, err := TopicOf(e)
	switch {
	case err != nil:
		return false
	case c == Inbox, c == Email && topic.Safety:
		return true
	}
	if on, said := w.Chosen[Wish{e, c}]; said {
		return on
	}
	return slices.Contains(topic.Usual, c)
}

// When is when something that happened at that moment goes out over this channel: at once, when the quiet hours end,
// or with the mail of the day. The zone is the member's.
func (w Wishes) When(e Event, c Channel, at time.Time, zone *time.Location) time.Time {
	topic, err := TopicOf(e)
	if err != nil || topic.Safety || c == Inbox || c == Webhook {
		return at
	}
	due := at
	if c == Email && !topic.Urgent && w.Digest != None {
		due = next(w.Digest, at, zone)
	}
	if w.Quiet.covers(due, zone) {
		due = next(w.Quiet.Until, due, zone)
	}
	return due
}

func (q Quiet) covers(at time.Time, zone *time.Location) bool {
	if q.From == None || q.Until == None {
		return false
	}
	local := at.In(zone)
	now := At(local.Hour(), local.Minute())
	if q.From < q.Until {
		return q.From <= now && now < q.Until
	}
	return now >= q.From || now < q.Until
}

// next is the first moment from this one on that the clocks of the zone show c.
func next(c Clock, from time.Time, zone *time.Location) time.Time {
	hour, minute := c.Parts()
	for day := date.On(from, zone); ; day = day.Plus(1) {
		year, month, d := day.Parts()
		if due := time.Date(year, month, d, hour, minute, 0, 0, zone); !due.Before(from) {
			return due.UTC()
		}
	}
}
