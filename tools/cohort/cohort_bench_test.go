package cohort

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/windows/windowstest"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

const (
	benchLatency  = 50 * time.Millisecond
	benchInFlight = 32
	benchSample   = 40 // people read one after the other, from which the time for all is extrapolated
)

// slowService answers about every person with the same nights, after 50 ms, and counts
// its requests.
type slowService struct {
	*httptest.Server
	asked atomic.Int64
}

func newSlowService(b *testing.B) *slowService {
	b.Helper()
	box := sandbox.New(sandbox.Options{
		Now:    func() time.Time { return tooltest.Morning },
		People: []sandbox.Person{sandbox.Generate(tooltest.Me, tooltest.MustLoad("Europe/Paris"), tooltest.Morning.AddDate(0, 0, -110), tooltest.Morning, 1)},
	})
	var bodies sync.Map // by query
	s := &slowService{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		timer := time.NewTimer(benchLatency)
		defer timer.Stop()
		body, ok := bodies.Load(r.URL.RawQuery)
		if !ok {
			one, answer := r.Clone(r.Context()), httptest.NewRecorder()
			one.URL.Path = "/data/v1/users/" + tooltest.Me + "/average-stats"
			box.ServeHTTP(answer, one)
			body = answer.Body.Bytes()
			bodies.Store(r.URL.RawQuery, body)
		}
		<-timer.C
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body.([]byte))
	}))
	b.Cleanup(s.Close)
	return s
}

// BenchmarkCohort asks about organizations of several sizes whose members' nights take
// 50 ms each to read. It compares that with the same requests one after the other, and
// with a bare client that sends as many at a time and does nothing with the answers.
func BenchmarkCohort(b *testing.B) {
	for _, people := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			service := newSlowService(b)
			w, ids := benchOrganization(b, service, people)
			query := "?start_date=2026-10-22&end_date=2026-11-23"
			var ours, bare, single time.Duration
			for b.Loop() {
				before := service.asked.Load()
				peak := heapPeak()
				began := time.Now()
				got, err := CohortAnalysis.Call(w.Ctx, w.Deps, []byte(`{"organization":"acme"}`))
				ours += time.Since(began)
				b.ReportMetric(peak(), "MB-heap-peak")
				require.NoError(b, err)
				require.Contains(b, string(got.JSON), fmt.Sprintf(`"eligible":%d,`, people-people/50))
				b.ReportMetric(float64(service.asked.Load()-before)/float64(people), "requests/person")

				began = time.Now()
				bareReads(b, service.URL, query, ids, benchInFlight)
				bare += time.Since(began)
				began = time.Now()
				bareReads(b, service.URL, query, ids[:benchSample], 1)
				single += time.Since(began) * time.Duration(people) / benchSample
			}
			b.ReportMetric(single.Seconds()/ours.Seconds(), "x-one-by-one")
			b.ReportMetric(100*bare.Seconds()/ours.Seconds(), "%of-bare-client")
			b.ReportMetric(ours.Seconds()/float64(b.N), "s/cohort")
		})
	}
}

// heapPeak watches the size of the live heap until the function it returns is called.
func heapPeak() func() float64 {
	runtime.GC()
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		var peak uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-time.After(20 * time.Millisecond):
			case <-done:
				most <- peak
				return
			}
		}
	}()
	return func() float64 { close(done); return float64(<-most) / (1 << 20) }
}

// benchOrganization makes an organization with the given number of members.
func benchOrganization(b *testing.B, service *slowService, people int) (*tooltest.World, []string) {
	b.Helper()
	c := &tooltest.Company{Dsn: b.TempDir() + "/directory.db"}
	c.Open(b)
	c.Found(b, "acme")
	tx, err := c.Raw(b).BeginTx(b.Context(), nil)
	require.NoError(b, err)
	ids := make([]string, people)
	for i := range ids {
		ids[i] = tooltest.MemberID(i)
		_, err := tx.ExecContext(b.Context(), `INSERT INTO members (organization, address, email, attempt, user_id, role, metadata, since)
			VALUES ('acme', lower($1), $1, $2, $2, 'user', '{}', '2026-01-01T00:00:00.000000Z')`, ids[i]+"@example.org", ids[i])
		require.NoError(b, err)
	}
	require.NoError(b, tx.Commit())
	client, err := asleep.New(service.URL, tooltest.SecretKey, asleep.WithClock(func() time.Time { return tooltest.Morning }), asleep.WithMaxInFlight(benchInFlight))
	require.NoError(b, err)
	deps := &tool.Deps{Client: client, Now: func() time.Time { return tooltest.Morning }, DataSource: "asleep"}
	deps.Directory = func(context.Context) (*directory.Store, error) { return c.Store, nil }
	ctx, cancel := context.WithTimeout(access.With(b.Context(), access.Operator("")), 5*time.Minute)
	b.Cleanup(cancel)
	return &tooltest.World{Deps: deps, Ctx: ctx}, ids
}

// bareReads does what a Go program would do that only wants the answers.
func bareReads(b *testing.B, url, query string, ids []string, atOnce int) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	defer client.CloseIdleConnections()
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, id := range ids {
		group.Go(func() error {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url+"/data/v1/users/"+id+"/average-stats"+query, nil)
			if err != nil {
				return err
			}
			r.Header.Set("x-api-key", tooltest.SecretKey)
			r.Header.Set("timezone", "UTC")
			response, err := client.Do(r)
			if err != nil {
				return err
			}
			defer func() { _ = response.Body.Close() }()
			_, err = io.Copy(io.Discard, response.Body)
			return err
		})
	}
	require.NoError(b, group.Wait())
}

// BenchmarkKeptOrganization asks about an organization whose members' rows are kept: the
// whole call, with access, directory and answer. Its service must not be asked.
func BenchmarkKeptOrganization(b *testing.B) {
	for _, asked := range []tool.Tool{OrganizationStatistics, CohortAnalysis} {
		for _, people := range []int{10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/sqlite/%d", asked.Name, people), func(b *testing.B) {
				folder := b.TempDir()
				askKept(b, folder+"/nights.db", folder+"/directory.db", people, asked)
			})
			b.Run(fmt.Sprintf("%s/postgres/%d", asked.Name, people), func(b *testing.B) {
				dsn := postgrestest.For(b).Empty(b)
				askKept(b, dsn, dsn, people, asked)
			})
		}
	}
}

func askKept(b *testing.B, dsn, place string, people int, asked tool.Tool) {
	b.Helper()
	rows, members := windowstest.Company(b, dsn, place, tooltest.SecretKey, tooltest.Morning, people)
	service := newSlowService(b)
	client, err := asleep.New(service.URL, tooltest.SecretKey, asleep.WithClock(func() time.Time { return tooltest.Morning }))
	require.NoError(b, err)
	deps := &tool.Deps{Client: client, Windows: rows, Now: func() time.Time { return tooltest.Morning }, DataSource: "asleep"}
	deps.Directory = func(context.Context) (*directory.Store, error) { return members, nil }
	ctx, cancel := context.WithTimeout(access.With(b.Context(), access.Operator("")), 5*time.Minute)
	defer cancel()
	for b.Loop() {
		got, err := asked.Call(ctx, deps, []byte(`{"organization":"acme"}`))
		require.NoError(b, err)
		require.Contains(b, string(got.JSON), fmt.Sprintf(`"eligible":%d,`, people-people/50))
	}
	b.ReportMetric(float64(service.asked.Load()), "upstream-requests")
}
