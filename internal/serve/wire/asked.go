package wire

import (
	"encoding/json"
	"sync"
)

// asked are the questions that the client has not answered yet. What else looks like an
// answer is none.
type asked struct {
	mu   sync.Mutex
	open map[string]json.RawMessage // ids by their key
}

func (a *asked) add(id json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open == nil {
		a.open = map[string]json.RawMessage{}
	}
	a.open[keyOf(id)] = append(json.RawMessage(nil), id...)
}

// take reports whether a question has that id, which is answered now.
func (a *asked) take(id json.RawMessage) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok := a.open[keyOf(id)]
	delete(a.open, keyOf(id))
	return ok
}

// left takes all that are open.
func (a *asked) left() (ids []json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range a.open {
		ids = append(ids, id)
	}
	a.open = nil
	return ids
}
