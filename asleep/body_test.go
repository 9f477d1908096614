package asleep

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waiting is a body that pauses for a second after smallBody bytes.
type waiting struct {
	io.Reader
	arrived *atomic.Int64
}

func (w waiting) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err == io.EOF {
		w.arrived.Add(1)
		time.Sleep(time.Second)
	}
	return n, err
}

func (waiting) Close() error { return nil }

func TestFewLargeBodiesAtATime(t *testing.T) {
	t.Parallel()
	for size, most := range map[int]int64{smallBody: 20, smallBody + 1: maxLarge} {
		synctest.Test(t, func(t *testing.T) {
			body := string(recorded(t, "user.json"))
			body += strings.Repeat(" ", size-len(body))
			var arrived atomic.Int64
			c := offline(t, func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: waiting{strings.NewReader(body), &arrived}}, nil
			})
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					_, err := c.User(t.Context(), testUser)
					assert.NoError(t, err)
				})
			}
			synctest.Wait()
			assert.Equal(t, most, arrived.Load(), "of 20 bodies with %d bytes", size)
			all.Wait()
			assert.EqualValues(t, 20, arrived.Load())
			require.True(t, c.bodies.large.TryAcquire(maxLarge), "every place is free again")
		})
	}
}

func TestFewBodiesAreDecodedAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBodies()
		var inside atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				assert.NoError(t, b.decode(t.Context(), func() error {
					inside.Add(1)
					time.Sleep(time.Second)
					return nil
				}))
			})
		}
		synctest.Wait()
		assert.EqualValues(t, maxDecoding, inside.Load())
		all.Wait()
		assert.EqualValues(t, 20, inside.Load())
	})
}

// A cached answer weighs as much as the memory it takes, whichever part of it is long.
func TestLongAnswersWeighMore(t *testing.T) {
	t.Parallel()
	one := strings.TrimSuffix(session("20250115000000_a", "2025-01-15T00:00:00Z", "2025-01-15T01:00:00Z", "2025-01-15T01:00:00Z"), "}")
	cycles := strings.Repeat(`"2025-01-15T00:00:00Z",`, maxItems-1) + `"2025-01-15T00:00:00Z"`
	_, c := serve(t, raw(200, listing(one+`,"sleep_cycle_time":[`+cycles+`]}`)))
	_, err := c.Chunks(t.Context(), testUser, date("2025-02-01"), date("2025-02-01"))
	require.NoError(t, err)
	c.cache.store.CleanUp()
	assert.GreaterOrEqual(t, c.cache.store.WeightedSize(), uint64(20))
}
