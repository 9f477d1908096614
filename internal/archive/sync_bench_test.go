package archive

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// BenchmarkSync syncs a year of one person from a service that takes 20 ms for an answer, and has a
// bare client read and drop the same answers, as many at once.
func BenchmarkSync(b *testing.B) {
	const nights = 365
	w := newWorld(b, filepath.Join(b.TempDir(), "unused.db"), nightly(b, somebody, nights))
	var mu sync.Mutex
	var asked []*http.Request
	slow := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		mu.Lock()
		asked = append(asked, r.Clone(b.Context()))
		mu.Unlock()
		w.box.ServeHTTP(out, r)
	}))
	b.Cleanup(slow.Close)
	w.web.URL = slow.URL
	folder, runs := b.TempDir(), 0
	b.Run("sync", func(b *testing.B) {
		for b.Loop() {
			asked = nil
			runs++
			file := filepath.Join(folder, string(rune('a'+runs))+".db")
			store := Lazy(file, w.now)
			w.fresh(b)
			done, err := Sync{Store: store, Service: w.client, Key: key}.Run(b.Context(), somebody)
			require.NoError(b, err)
			require.NoError(b, store.Close())
			info, err := os.Stat(file)
			require.NoError(b, err)
			b.ReportMetric(float64(info.Size())/float64(done.Sessions), "bytes/night")
		}
		b.ReportMetric(float64(len(asked)), "requests")
	})
	b.Run("bare", func(b *testing.B) {
		requests := asked
		atOnce := w.client.MaxInFlight()
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
		defer client.CloseIdleConnections()
		for b.Loop() {
			var group errgroup.Group
			group.SetLimit(atOnce)
			for _, one := range requests {
				group.Go(func() error {
					r, err := http.NewRequestWithContext(b.Context(), one.Method, slow.URL+one.URL.RequestURI(), http.NoBody)
					if err != nil {
						return err
					}
					r.Header = one.Header.Clone()
					answer, err := client.Do(r)
					if err != nil {
						return err
					}
					defer func() { _ = answer.Body.Close() }()
					_, err = io.Copy(io.Discard, answer.Body)
					return err
				})
			}
			require.NoError(b, group.Wait())
		}
	})
}
