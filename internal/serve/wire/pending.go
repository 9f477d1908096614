package wire

import (
	"encoding/json"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// pending are the requests that are not answered yet.
type pending struct {
	unwritten outstanding // until the answer is written

	mu   sync.Mutex
	open map[string]openRequest // by id, until the answer is there
}

// openRequest is what is known of those with one id.
type openRequest struct {
	n         int // more than one where a client uses an id again too early
	withdrawn bool
}

func (p *pending) add(id json.RawMessage) {
	p.unwritten.add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open = map[string]openRequest{}
	}
	r := p.open[keyOf(id)]
	r.n++
	p.open[keyOf(id)] = r
}

// withdraw notes that the client does not want the answer any more, and reports whether
// mcp-go can be told: it takes 2 and "2" for one id, and would cancel the other call. Of a
// request that is answered already, or was never made, nothing is kept.
func (p *pending) withdraw(id json.RawMessage) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := keyOf(id)
	r := p.open[key]
	if r.n == 0 {
		return false
	}
	r.withdrawn = true
	p.open[key] = r
	return p.open[twinOf(key)].n == 0
}

// twinOf is the key of the other type that mcp-go takes for the same: of 2 it is "2".
func twinOf(key string) string {
	if text, err := jsontext.AppendUnquote(nil, key); err == nil {
		return string(text)
	}
	return `"` + key + `"`
}

// wanted takes the request off that is about to be answered, and reports whether
// the client still waits for it.
func (p *pending) wanted(id json.RawMessage) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.open[keyOf(id)]
	if r.n <= 1 {
		delete(p.open, keyOf(id))
	} else {
		p.open[keyOf(id)] = openRequest{n: r.n - 1}
	}
	return !r.withdrawn
}

// done is told of an answer that is written, or will never be.
func (p *pending) done() { p.unwritten.add(-1) }

// keyOf is the same for all spellings of an id: 1 and 1.0 are one.
func keyOf(id json.RawMessage) string {
	v := jsontext.Value(id).Clone()
	if err := v.Canonicalize(); err != nil {
		return string(id)
	}
	return string(v)
}
