package asleep

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// hostile is a body as large as is read at all, generated while it is read.
type hostile struct{ before, item, after string }

const minimal = `{"id":"20250101000000","start_time":"2025-01-01T00:00:00Z"`

// hostileBodies are the answers that take the most memory, by route.
var hostileBodies = map[string]map[string]hostile{
	averageStats: {
		"empty sessions":   {`{"result":{"slept_sessions":[`, `{},`, `{}]}}`},
		"tiny sessions":    {`{"result":{"slept_sessions":[`, minimal + `},`, minimal + `}]}}`},
		"full sessions":    {`{"result":{"slept_sessions":[`, fullSession + `,`, fullSession + `]}}`},
		"never slept":      {`{"result":{"slept_sessions":[],"never_slept_sessions":[`, minimal + `},`, minimal + `}]}}`},
		"cycles":           {`{"result":{"slept_sessions":[` + minimal + `,"sleep_cycle_time":[`, `"2025-01-01T00:00:00",`, `"2025-01-01T00:00:00"]}]}}`},
		"a long id":        {`{"result":{"slept_sessions":[{"start_time":"2025-01-01T00:00:00Z","id":"`, `aaaaaaaa`, `"}]}}`},
		"an escaped id":    {`{"result":{"slept_sessions":[{"start_time":"2025-01-01T00:00:00Z","id":"`, "\\u0041", `"}]}}`},
		"a long timestamp": {`{"result":{"slept_sessions":[{"id":"20250101000000","start_time":"`, `2025-01-`, `"}]}}`},
		"deep":             {`{"result":{"slept_sessions":[],"other":`, `[`, ``},
		"peculiarities":    {`{"result":{"slept_sessions":[],"peculiarities":[`, `"",`, `""]}}`},
	},
	getSession: {
		"epochs":        {`{"result":{"session":` + minimal + `,"sleep_stages":[`, `0,`, `0]}}}`},
		"epochs again":  {`{"result":{"session":` + minimal, `,"sleep_stages":[` + strings.Repeat("0,", 9_999) + `0]`, `}}}`},
		"peculiarities": {`{"result":{"session":` + minimal + `},"peculiarities":[`, `"",`, `""]}}`},
		"a long number": {`{"result":{"session":` + minimal + `},"missing_data_ratio":0.`, `11111111`, `}}`},
	},
	listSessions: {
		"tiny sessions": {`{"result":{"sleep_session_list":[`, minimal + `},`, minimal + `}]}}`},
		"names":         {`{"result":{"sleep_session_list":[],"`, `aaaaaaaa`, `":0}}`},
	},
}

// fullSession has every number that a session can have.
var fullSession = minimal + func() string {
	var b strings.Builder
	for _, name := range []string{
		"sleep_index", "sleep_latency", "wakeup_latency", "light_latency", "deep_latency", "rem_latency", "time_in_bed",
		"time_in_sleep_period", "time_in_sleep", "time_in_wake", "time_in_light", "time_in_deep", "time_in_rem",
		"time_in_stable_breath", "time_in_unstable_breath", "time_in_snoring", "time_in_no_snoring", "sleep_efficiency",
		"sleep_ratio", "wake_ratio", "light_ratio", "deep_ratio", "rem_ratio", "stable_breath_ratio", "unstable_breath_ratio",
		"snoring_ratio", "no_snoring_ratio", "breathing_index", "unstable_breath_count", "waso_count", "longest_waso",
		"sleep_cycle_count", "sleep_cycle", "snoring_count",
	} {
		b.WriteString(`,"` + name + `":0`)
	}
	return b.String() + "}"
}()

func (h hostile) open() io.ReadCloser {
	room := maxBody - len(h.before) - len(h.after)
	return io.NopCloser(io.MultiReader(strings.NewReader(h.before),
		&repeated{item: h.item, left: room / len(h.item)}, strings.NewReader(h.after)))
}

// repeated is a text, repeated.
type repeated struct {
	item string
	left int
	rest []byte
}

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		times := min(r.left, max(1, 4096/len(r.item)))
		r.rest, r.left = bytes.Repeat([]byte(r.item), times), r.left-times
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// memoryPeak watches how much memory the program takes until the function it returns is
// called.
func memoryPeak() func() float64 {
	debug.FreeOSMemory()
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		var peak uint64
		for {
			metrics.Read(s)
			peak = max(peak, s[0].Value.Uint64()-s[1].Value.Uint64())
			select {
			case <-time.After(time.Millisecond):
			case <-done:
				most <- peak
				return
			}
		}
	}()
	return func() float64 { close(done); return float64(<-most) / (1 << 20) }
}

// BenchmarkHostileAnswers reads as much at once as the client allows, each answer as large
// and as costly as possible, and prints how much memory the program takes.
func BenchmarkHostileAnswers(b *testing.B) {
	reads := map[string]func(context.Context, *Client, string) error{
		averageStats: func(ctx context.Context, c *Client, user string) error {
			_, err := c.AverageStats(ctx, user, date("2025-01-01"), date("2025-01-01"), "")
			return err
		},
		"chunks": func(ctx context.Context, c *Client, user string) error {
			_, err := c.Chunks(ctx, user, date("2025-02-01"), date("2025-02-01"))
			return err
		},
		getSession: func(ctx context.Context, c *Client, user string) error {
			_, err := c.Session(ctx, user, testNight)
			return err
		},
		listSessions: func(ctx context.Context, c *Client, user string) error {
			_, err := c.ListSessions(ctx, user, ListOptions{})
			return err
		},
	}
	hostileBodies["chunks"] = hostileBodies[averageStats]
	for route, bodies := range hostileBodies {
		for name, body := range bodies {
			b.Run(route[strings.LastIndex(route, "/")+1:]+"/"+name, func(b *testing.B) {
				c, err := New("https://service.invalid", testKey)
				require.NoError(b, err)
				c.transport = roundTrip(func(*http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body.open()}, nil
				})
				peak := memoryPeak()
				for b.Loop() {
					var all sync.WaitGroup
					for _, user := range people(2 * c.MaxInFlight()) {
						all.Go(func() { _ = reads[route](b.Context(), c, user) })
					}
					all.Wait()
				}
				b.ReportMetric(peak(), "MB-peak")
				c.cache.store.InvalidateAll() // its timers keep the cache alive for another minute
			})
		}
	}
}

// BenchmarkFullCache reads more than the cache holds, and prints how much memory the
// program takes.
func BenchmarkFullCache(b *testing.B) {
	for name, item := range map[string]string{
		"tiny sessions": minimal + "}",
		"full sessions": fullSession,
		"cycles":        minimal + `,"sleep_cycle_time":[` + strings.Repeat(`"2025-01-01T00:00:00",`, 30) + `"2025-01-01T00:00:00"]}`,
	} {
		b.Run(name, func(b *testing.B) {
			items := make([]string, maxItems)
			for i := range items {
				items[i] = strings.Replace(item, `"a"`, fmt.Sprintf(`"%d"`, i), 1)
			}
			body := listing(items...)
			c, err := New("https://service.invalid", testKey)
			require.NoError(b, err)
			c.transport = roundTrip(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
			})
			peak := memoryPeak()
			for b.Loop() {
				var group errgroup.Group
				group.SetLimit(c.MaxInFlight())
				for _, user := range people(100) {
					group.Go(func() error {
						_, err := c.Chunks(b.Context(), user, date("2025-02-01"), date("2025-02-01"))
						return err
					})
				}
				require.NoError(b, group.Wait())
			}
			b.ReportMetric(peak(), "MB-peak")
			c.cache.store.CleanUp()
			runtime.GC()
			var held runtime.MemStats
			runtime.ReadMemStats(&held)
			b.ReportMetric(float64(held.HeapAlloc)/(1<<20), "MB-held")
			b.ReportMetric(float64(c.cache.store.WeightedSize()), "weight")
			c.cache.store.InvalidateAll() // its timers keep the cache alive for another minute
		})
	}
}
