package demo

import (
	"sync/atomic"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/store"
)

// clock is what a database goes by while past orders are sent.
type clock struct {
	db  *store.DB
	now atomic.Int64 // microseconds
}

// wind makes a database go by a clock that stands still until it is set; back gives it the clock of the process again.
func wind(db *store.DB) *clock {
	c := &clock{db: db}
	c.set(db.Times())
	db.Engine().SetClock(func() time.Time { return time.UnixMicro(c.now.Load()) })
	return c
}

func (c *clock) set(at time.Time)      { c.now.Store(at.UnixMicro()) }
func (c *clock) reach(at time.Time)    { c.set(later(c.time(), at)) } // it never goes back
func (c *clock) time() time.Time       { return time.UnixMicro(c.now.Load()).UTC() }
func (c *clock) pass(d time.Duration)  { c.set(c.time().Add(d)) }
func (c *clock) back()                 { c.db.Engine().SetClock(nil) }
func (c *clock) uptime() time.Duration { return c.db.Engine().Uptime() } // by which speed is measured: it is not set

// office is the hours in which orders of one day are sent.
const office = 8 * time.Hour

// slot is when the nth of so many orders of a day is sent: spread over the office hours, from nine in the morning on.
func slot(on date.Date, zone *time.Location, nth, of int) time.Time {
	return on.Start(zone).Add(9*time.Hour + office/time.Duration(of+1)*time.Duration(nth))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
