package wire

import (
	"context"
	"sync"
	"time"
)

// outstanding counts what is still to be written.
type outstanding struct {
	mu   sync.Mutex
	n    int           // below 0: written before it was counted
	none chan struct{} // closed when n falls to 0; nil: nobody waits
}

func (o *outstanding) add(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n += n
	if o.n <= 0 && o.none != nil {
		close(o.none)
		o.none = nil
	}
}

// wait returns when nothing is outstanding, when ctx ends, or after the longest.
func (o *outstanding) wait(ctx context.Context, longest time.Duration) {
	o.mu.Lock()
	if o.n <= 0 {
		o.mu.Unlock()
		return
	}
	if o.none == nil {
		o.none = make(chan struct{})
	}
	none := o.none
	o.mu.Unlock()
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-none:
	case <-timer.C:
	case <-ctx.Done():
	}
}
