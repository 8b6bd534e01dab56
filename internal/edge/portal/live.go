package portal

import (
	"context"
	"strconv"
	"time"

	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
)

// again is how often counts are looked up although nobody was told anything by this process: another one may have.
const again = 10 * time.Second

// live sends the counts of the badges whenever they change: events approvals and inbox.
func (v *visit) live() error {
	ctx, cancel := context.WithCancel(v.ctx())
	defer cancel()
	poked, end, err := v.Notifying.Subscribe(v.actor)
	if err != nil {
		return err
	}
	defer end()
	events := make(chan web.Event)
	go v.count(ctx, poked, events)
	web.Stream(v.w, v.r, events)
	return nil
}

// count sends what has changed of the counts, until nobody listens any more.
func (v *visit) count(ctx context.Context, poked <-chan struct{}, events chan<- web.Event) {
	tick := time.NewTicker(again)
	defer tick.Stop()
	known := map[string]int64{}
	for {
		counts, err := v.counts(ctx)
		if err != nil {
			v.log.DebugContext(ctx, "the counts of a page were not found out", "err", err) // the next time may do better
		}
		for _, c := range counts {
			if was, sent := known[c.name]; sent && was == c.n {
				continue
			}
			select {
			case events <- web.Event{Name: c.name, Data: []byte(strconv.FormatInt(c.n, 10))}:
				known[c.name] = c.n
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-poked: // perhaps of this: that the session is over
			select {
			case events <- web.Event{Look: true}:
			case <-ctx.Done():
				return
			}
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// counted is the count of one badge.
type counted struct {
	name string
	n    int64
}

// counts are what waits for the reader, and what they have not read. The page's own time is over long before the stream's,
// so each look has one of its own.
func (v *visit) counts(ctx context.Context) ([]counted, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	unread, err := v.Notifying.CountUnread(ctx, v.actor)
	if err != nil {
		return nil, err
	}
	all := []counted{{"inbox", unread}}
	if !v.actor.MaySomewhere(access.PurchaseOrdersApprove) {
		return all, nil
	}
	n, err := v.Approving.Counts(ctx, v.actor)
	return append(all, counted{"approvals", n.Waiting.N}), err
}
