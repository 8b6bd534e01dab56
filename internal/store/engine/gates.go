package engine

import (
	"context"
	"sync"
)

// gates let those who name the same queue through one at a time, first come first served, within this process.
type gates struct {
	mu   sync.Mutex
	open map[string]*gate
}

// gate is one queue that somebody is in. Whoever has put the one token into turn is inside.
type gate struct {
	turn chan struct{}
	here int // inside, or waiting
}

// enter waits for one's turn; leave ends it.
func (g *gates) enter(ctx context.Context, queue string) (leave func(), err error) {
	own := g.come(queue)
	select {
	case own.turn <- struct{}{}:
		return func() { <-own.turn; g.part(queue, own) }, nil
	case <-ctx.Done():
		g.part(queue, own)
		return nil, ctx.Err()
	}
}

func (g *gates) come(queue string) *gate {
	g.mu.Lock()
	defer g.mu.Unlock()
	own := g.open[queue]
	if own == nil {
		if g.open == nil {
			g.open = map[string]*gate{}
		}
		own = &gate{turn: make(chan struct{}, 1)}
		g.open[queue] = own
	}
	own.here++
	return own
}

// part forgets a queue that nobody is in any more.
func (g *gates) part(queue string, own *gate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if own.here--; own.here == 0 {
		delete(g.open, queue)
	}
}
