package exchange

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
)

// Job is work that takes many transactions: an import, a replay, a feed.
type Job struct {
	ID          id.Job
	Company     id.Company // for whom; the zero company is the seller
	Kind        string     // which work: "prices.import"
	Input       string     // what it is to work on, as its kind writes it
	State       JobState
	Attempts    int       // begun so far; the fence of a lease
	Due         time.Time // while ready or failed
	LeasedUntil time.Time // while running
	Done, Of    int       // progress: so many of so many; Of is 0 while nobody knows
	Reason      locale.Phrase
	MadeAt      time.Time
	EndedAt     time.Time // zero until it is done or dead
}

// JobState is how far a job has come.
type JobState string

// The states of a job.
const (
	JobReady   JobState = "ready"
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed" // it will be tried again
	JobDead    JobState = "dead"   // it will not, unless a person says so
)

// JobAttempts is how often a job is tried.
const JobAttempts = 6

// Ready reports whether the job may be taken: it is due, or whoever had it fell silent.
func (j Job) Ready(at time.Time) bool {
	switch j.State {
	case JobReady, JobFailed:
		return !at.Before(j.Due)
	case JobRunning:
		return !at.Before(j.LeasedUntil)
	}
	return false
}

// Take begins an attempt and leases the job for so long. Progress stays: the work goes on where it stood.
func (j Job) Take(at time.Time, lease time.Duration) (Job, error) {
	if !j.Ready(at) {
		return j, ErrNotReady
	}
	j.State, j.LeasedUntil = JobRunning, at.Add(lease)
	j.Attempts++
	return j, nil
}

// Advance notes progress, and leases the job for so long from now.
func (j Job) Advance(attempt, done, of int, at time.Time, lease time.Duration) (Job, error) {
	if !j.held(attempt) {
		return j, ErrLost
	}
	j.Done, j.Of, j.LeasedUntil = done, max(done, of), at.Add(lease)
	return j, nil
}

// Finish ends the job, or, where it recurs, makes it ready for the next time.
func (j Job) Finish(attempt int, at, next time.Time) (Job, error) {
	if !j.held(attempt) {
		return j, ErrLost
	}
	j.Reason, j.LeasedUntil = locale.Phrase{}, time.Time{}
	if next.IsZero() {
		j.State, j.Done, j.EndedAt = JobDone, j.Of, at
		return j, nil
	}
	return j.again(next), nil
}

// Fail ends an attempt that came to nothing. The job is due again later; after the last attempt it is dead, or, where
// it recurs, ready for the next time with its reason kept. chance is that of [After].
func (j Job) Fail(attempt int, at, next time.Time, why locale.Phrase, chance float64) (Job, error) {
	if !j.held(attempt) {
		return j, ErrLost
	}
	j.Reason, j.LeasedUntil = why, time.Time{}
	switch due, more := After(attempt, at, chance); {
	case more && attempt < JobAttempts:
		j.State, j.Due = JobFailed, due
	case next.IsZero():
		j.State, j.EndedAt = JobDead, at
	default:
		j = j.again(next)
	}
	return j, nil
}

// Retry makes a dead job ready again, with all its attempts before it.
func (j Job) Retry(at time.Time) (Job, error) {
	if j.State != JobDead {
		return j, ErrUnderway
	}
	j.State, j.Attempts, j.Due, j.EndedAt, j.Reason = JobReady, 0, at, time.Time{}, locale.Phrase{}
	return j, nil
}

// Percent is how much of the job is done, from 0 to 100.
func (j Job) Percent() int {
	if j.Of == 0 {
		return 0
	}
	return int(int64(j.Done) * 100 / int64(j.Of))
}

func (j Job) held(attempt int) bool { return j.State == JobRunning && j.Attempts == attempt }

func (j Job) again(next time.Time) Job {
	j.State, j.Due, j.Attempts, j.Done, j.Of = JobReady, next, 0, 0, 0
	return j
}
