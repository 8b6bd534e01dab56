package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"kontor/internal/base/fault"
)

// Event is one message of a stream of server-sent events.
type Event struct {
	ID   string // what the browser says it has seen when it comes again; "" leaves that as it is
	Name string // "" is "message"
	Data []byte
	Look bool // says nothing: who listens is looked up at once, and the stream ends for whoever is nobody any more
}

// again is how long a browser waits before it comes again, in milliseconds.
const again = "retry: 3000\n\n"

// Stream sends events until the channel is closed, the caller leaves, the server stops, or the caller's token is
// not good any more: before an event or a heartbeat it is looked at again, unless that was less than a second ago.
// Nothing may be written afterwards.
func Stream(w http.ResponseWriter, r *http.Request, events <-chan Event) {
	c := callOf(r.Context())
	c.note.streamed = true
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // or nginx keeps the events for itself
	s := stream{w: w, to: http.NewResponseController(w), call: c, r: r, asked: time.Now()}
	if s.send(again) != nil {
		return // the caller has gone again
	}
	c.edge.metrics.streams.Inc()
	defer c.edge.metrics.streams.Dec()
	beat := time.NewTicker(c.edge.Heartbeat)
	defer beat.Stop()
	for {
		text := ": beat\n\n"
		select {
		case event, more := <-events:
			if !more {
				return
			}
			if event.Look {
				s.asked = time.Time{}
				if !s.welcome() {
					return
				}
				continue
			}
			text = event.String()
		case <-beat.C:
		case <-c.lasting.Done():
			return
		case <-c.edge.stopping:
			return
		}
		if !s.welcome() || s.send(text) != nil {
			return
		}
	}
}

type stream struct {
	w     http.ResponseWriter
	to    *http.ResponseController
	call  *call
	r     *http.Request
	asked time.Time // when we last asked whose token it is
}

// welcome reports whether the token that the stream was opened with is still that of the same member.
func (s *stream) welcome() bool {
	if s.call.token == "" || time.Since(s.asked) < time.Second {
		return true
	}
	ctx, cancel := context.WithTimeout(s.call.lasting, 5*time.Second)
	defer cancel()
	actor, err := s.call.recognised(s.r.WithContext(ctx))
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		s.call.note.err = err
	}
	s.asked = time.Now()
	return err == nil && actor.Member == s.call.actor.Member && actor.Version == s.call.actor.Version
}

// send gives the caller ten seconds to take the text.
func (s *stream) send(text string) error {
	if err := s.to.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.to.Flush()
}

// String is the event as it goes over the wire. A line break in a name would begin another field, so there is none.
func (e Event) String() string {
	var b strings.Builder
	line := strings.NewReplacer("\r", "", "\n", "", "\x00", "")
	if e.ID != "" {
		b.WriteString("id: " + line.Replace(e.ID) + "\n")
	}
	if e.Name != "" {
		b.WriteString("event: " + line.Replace(e.Name) + "\n")
	}
	data := bytes.ReplaceAll(bytes.ReplaceAll(e.Data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	for part := range bytes.SplitSeq(data, []byte("\n")) {
		b.WriteString("data: ")
		b.Write(part)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	return b.String()
}
