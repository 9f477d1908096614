package serve

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// pending are the requests that are not answered yet.
type pending struct {
	mu   sync.Mutex
	open map[string]request // by id, until the answer is there
	n    int                // until it is written
	idle chan struct{}      // closed when n falls to 0; nil: nobody waits
}

// request is what is known of those with one id.
type request struct {
	n         int // more than one where a client uses an id again too early
	withdrawn bool
}

func (p *pending) add(id json.RawMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open = map[string]request{}
	}
	r := p.open[keyOf(id)]
	r.n++
	p.open[keyOf(id)] = r
	p.n++
}

// withdraw notes that the client does not want the answer any more. Of a request that
// is answered already, or was never made, nothing is kept.
func (p *pending) withdraw(id json.RawMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.open[keyOf(id)]; r.n > 0 {
		r.withdrawn = true
		p.open[keyOf(id)] = r
	}
}

// wanted takes the request off that is about to be answered, and says whether the
// client still waits for that.
func (p *pending) wanted(id json.RawMessage) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.open[keyOf(id)]
	if r.n <= 1 {
		delete(p.open, keyOf(id))
	} else {
		p.open[keyOf(id)] = request{n: r.n - 1}
	}
	return !r.withdrawn
}

func (p *pending) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n--
	if p.n <= 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
}

// keyOf is the same for all spellings of an id: 1 and 1.0 are one.
func keyOf(id json.RawMessage) string {
	v := jsontext.Value(id).Clone()
	if err := v.Canonicalize(); err != nil {
		return string(id)
	}
	return string(v)
}

// wait returns when nothing is pending, when ctx ends, or after the longest.
func (p *pending) wait(ctx context.Context, longest time.Duration) {
	p.mu.Lock()
	if p.n <= 0 {
		p.mu.Unlock()
		return
	}
	p.idle = make(chan struct{})
	idle := p.idle
	p.mu.Unlock()
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	case <-ctx.Done():
	}
}
