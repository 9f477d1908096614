package serve_test

import (
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A few thousand requests of every kind leave neither goroutines nor memory
// behind. It runs alone: others' goroutines would be counted.
func TestSoak(t *testing.T) {
	g := newGuarded(t, nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	round := func(times int) {
		var all sync.WaitGroup
		for _, who := range []string{"anna", "coach", "analyst", "operator", ""} {
			for _, path := range []string{"/mcp", "/api/sessions/last", "/api/statistics", "/healthz"} {
				r := g.request(t, who, http.MethodGet, path, "")
				if path == "/mcp" {
					r = g.request(t, who, http.MethodPost, path, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"weekly_report"}}`)
				}
				all.Go(func() {
					for range times {
						again := r.Clone(t.Context())
						if r.GetBody != nil {
							again.Body, _ = r.GetBody()
						}
						got, err := client.Do(again)
						if assert.NoError(t, err) {
							assert.Less(t, got.StatusCode, 500)
							assert.NoError(t, got.Body.Close())
						}
					}
				})
			}
		}
		all.Wait()
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	round(20)
	client.CloseIdleConnections()
	goroutines, before := runtime.NumGoroutine(), heap()
	round(200)
	client.CloseIdleConnections()
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines+5 }, time.Minute, 20*time.Millisecond,
		"%d goroutines became %d", goroutines, runtime.NumGoroutine())
	after := heap()
	if after > before {
		assert.Less(t, after-before, uint64(8<<20), "bytes left behind")
	}
}
