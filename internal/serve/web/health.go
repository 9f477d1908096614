package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	readyFor  = 5 * time.Second // how long a result is given again
	checkTime = 3 * time.Second
)

// health says that the process answers.
func health(w http.ResponseWriter, r *http.Request, tell Tell) {
	if !onlyGET(w, r, tell) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"status":"ok"}`+"\n") // nobody is left to tell
}

// readiness tells whether what the server needs is there, asked at most every few
// seconds however many ask.
type readiness struct {
	checks      map[string]func(context.Context) error
	dispensable []string

	mu    sync.Mutex
	until time.Time
	body  []byte
	ready bool
}

func (c *readiness) answer(w http.ResponseWriter, r *http.Request, tell Tell) {
	if !onlyGET(w, r, tell) {
		return
	}
	defer serving(r.Context())() // for as long as a check may take, however many ask
	body, ready := c.result(r.Context())
	w.Header().Set("Content-Type", "application/json")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(body) // nobody is left to tell
}

// result names what is missing, never why: an address may stand in that.
func (c *readiness) result(ctx context.Context) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Now().Before(c.until) {
		return c.body, c.ready
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime)
	defer cancel()
	said := map[string]string{"status": "ready"}
	var mu sync.Mutex
	var all sync.WaitGroup
	for what, check := range c.checks {
		all.Go(func() {
			err := check(ctx)
			mu.Lock()
			defer mu.Unlock()
			said[what] = "ok"
			if err == nil {
				return
			}
			said[what] = "unavailable"
			if !slices.Contains(c.dispensable, what) {
				said["status"] = "not_ready"
			}
		})
	}
	all.Wait()
	body, err := json.Marshal(said)
	if err != nil {
		panic(err) // texts can be written
	}
	c.body, c.ready, c.until = append(body, '\n'), said["status"] == "ready", time.Now().Add(readyFor)
	return c.body, c.ready
}
