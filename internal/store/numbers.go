package store

import (
	"context"
	"sync"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
	"kontor/internal/store/orderdb"
)

// numbers hands out the running numbers of documents. A counter that every transaction of a company took a number
// from would make them all wait for each other, so numbers are taken beforehand, in a transaction of their own: one
// at a time where there is time, in blocks when many are wanted at once. A number that is not used in the end leaves
// a gap; none is given twice.
type numbers struct {
	sync.Mutex
	blocks map[series]*block
}

type series struct {
	company id.Company
	kind    string
}

type block struct {
	sync.Mutex
	next, last int64
	size       int64
	taken      time.Duration // since the process began
}

// The largest block, and how soon the next one must be wanted for it to be larger than the one before.
const (
	blockMost = 64
	blockSoon = 250 * time.Millisecond
)

// Number is the next number of a company's series of documents of this kind.
func (db *DB) Number(ctx context.Context, company id.Company, kind string) (int64, error) {
	b := db.numbers.of(series{company, kind})
	b.Lock()
	defer b.Unlock()
	if b.next <= b.last && b.next > 0 {
		b.next++
		return b.next - 1, nil
	}
	now := db.engine.Uptime() // how soon it is wanted is a matter of this process, not of what is recorded
	if b.size = 2 * b.size; now-b.taken > blockSoon || b.size == 0 {
		b.size = 1
	}
	b.size = min(b.size, blockMost)
	b.taken = now
	var last int64
	err := db.engine.Write(ctx, func(t *engine.Tx) error {
		orderdb.Tables{Tx: t}.WantNumbers(&last, company, kind, b.size)
		return t.Fetch(ctx)
	})
	if err != nil {
		return 0, err
	}
	b.next, b.last = last-b.size+2, last
	return b.next - 1, nil
}

func (n *numbers) of(s series) *block {
	n.Lock()
	defer n.Unlock()
	if n.blocks == nil {
		n.blocks = map[series]*block{}
	}
	if n.blocks[s] == nil {
		n.blocks[s] = &block{}
	}
	return n.blocks[s]
}
