package exchangedb

import (
	"context"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/exchange"
	"kontor/internal/store/engine"
)

// ErrJobUnseen is the fault of a job that is not in this company.
var ErrJobUnseen = fault.Define(fault.NotFound, "job.unseen", "there is no such job")

const jobColumns = `j.id, j.company_id, j.kind, j.input, j.state, j.attempts, j.done, j.total, j.next_at, j.reason, j.made_at, j.ended_at`

func scanJob(j *exchange.Job, scan engine.Scan) error {
	var next time.Time
	err := scan(&j.ID, &j.Company, &j.Kind, &j.Input, engine.Text(&j.State), &j.Attempts, &j.Done, &j.Of, &next, engine.JSON(&j.Reason), &j.MadeAt, &j.EndedAt)
	taken(j, next)
	return err
}

// taken says what it means when a job may be taken then.
func taken(j *exchange.Job, next time.Time) {
	if j.State == exchange.JobRunning {
		j.LeasedUntil = next
	} else {
		j.Due = next
	}
}

// next is when a job may be taken; the zero time for one that has ended.
func next(j exchange.Job) time.Time {
	switch j.State {
	case exchange.JobRunning:
		return j.LeasedUntil
	case exchange.JobReady, exchange.JobFailed:
		return j.Due
	}
	return time.Time{}
}

// InsertJob adds a job.
func (t Tables) InsertJob(j exchange.Job) {
	t.Tx.Write(`
		insert into job (id, company_id, kind, input, state, attempts, done, total, next_at, reason, made_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		j.ID, j.Company, j.Kind, j.Input, j.State, j.Attempts, j.Done, j.Of, next(j), engine.JSON(j.Reason), j.MadeAt)
}

// FindJob finds the job of one of these kinds that is longest due; found says whether there is one. Who means to take
// it queues up.
func (t Tables) FindJob(ctx context.Context, kinds []string) (j exchange.Job, found bool, err error) {
	t.Tx.Head("job")
	var all []exchange.Job
	marks, args := engine.Marks(kinds)
	engine.Rows(t.Tx.Ask(`
		select `+jobColumns+` from job j where j.next_at <= ? and j.kind in `+marks+` order by j.next_at, j.id limit 1`,
		append([]any{t.Tx.Now}, args...)...), &all, scanJob)
	if err := t.Tx.Fetch(ctx); err != nil || len(all) == 0 {
		return exchange.Job{}, false, err
	}
	return all[0], true, nil
}

// GetJob reads a job of a company; the zero company is the seller.
func (t Tables) GetJob(ctx context.Context, company id.Company, key id.Job) (exchange.Job, error) {
	var all []exchange.Job
	engine.Rows(t.Tx.Ask(`select `+jobColumns+` from job j where j.id = ?`, key), &all, scanJob)
	if err := t.Tx.Fetch(ctx); err != nil {
		return exchange.Job{}, err
	}
	if len(all) == 0 || all[0].Company != company {
		return exchange.Job{}, ErrJobUnseen
	}
	return all[0], nil
}

// UpdateJob replaces a job that was read in this transaction.
func (t Tables) UpdateJob(j exchange.Job) {
	t.Tx.Write(`update job set state = ?, attempts = ?, done = ?, total = ?, next_at = ?, reason = ?, ended_at = ? where id = ?`,
		j.State, j.Attempts, j.Done, j.Of, next(j), engine.JSON(j.Reason), j.EndedAt, j.ID)
}

// DeleteJobs removes some of the jobs that ended before a moment, and says how many.
func (t Tables) DeleteJobs(ctx context.Context, before time.Time, most int) (n int64, err error) {
	t.Tx.Write(`delete from job where id in (select j.id from job j where j.ended_at is not null and j.ended_at < ? limit ?)`, before, most).
		Counting(func(rows int64) { n = rows })
	t.Tx.Write(`update import set job_id = null where job_id is not null and not exists (select 1 from job j where j.id = import.job_id)`)
	return n, t.Tx.Fetch(ctx)
}

// HeadTurn makes those who mean to take an entry of the timetable queue up.
func (t Tables) HeadTurn(name string) { t.Tx.Head("timetable:" + name) }

// FindTurn finds an entry of the timetable, as the job that it is; found says whether it is there.
func (t Tables) FindTurn(ctx context.Context, name string) (j exchange.Job, found bool, err error) {
	var at time.Time
	t.Tx.Ask(`select e.name, e.state, e.attempts, e.next_at, e.reason from timetable e where e.name = ?`, name).
		Maybe(&found, &j.Kind, engine.Text(&j.State), &j.Attempts, &at, engine.JSON(&j.Reason))
	err = t.Tx.Fetch(ctx)
	taken(&j, at)
	return j, found, err
}

// SetTurn keeps an entry of the timetable.
func (t Tables) SetTurn(j exchange.Job) {
	t.Tx.Write(`
		insert into timetable (name, state, attempts, next_at, reason) values (?, ?, ?, ?, ?)
		on conflict (name) do update set state = excluded.state, attempts = excluded.attempts, next_at = excluded.next_at, reason = excluded.reason`,
		j.Kind, j.State, j.Attempts, next(j), engine.JSON(j.Reason))
}
