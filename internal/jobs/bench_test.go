package jobs

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// BenchmarkBackfill reads and keeps histories of 365 nights by jobs, as fast as they go,
// beside a bare client that reads the same and drops it. It reports the size of what is
// kept, with indexes and the queue.
func BenchmarkBackfill(b *testing.B) {
	const people, nights = 60, 365
	over := func(b *testing.B, began time.Duration) {
		b.ReportMetric(float64(people*nights*b.N)/began.Seconds(), "nights/s")
		b.ReportMetric(float64(people*b.N)/began.Seconds(), "people/s")
	}
	kept := func(b *testing.B, dsn string, size func(w *world) int64) {
		for range b.N {
			w := newWorld(b, dsn, people, nights)
			w.join(b, people)
			readAll(b, w, people, nights) // the sandbox computes each night once
			b.ResetTimer()
			run(b, w.jobs(b))
			for !w.complete(b, people) {
				time.Sleep(50 * time.Millisecond)
			}
			b.StopTimer()
			b.ReportMetric(float64(size(w))/people/nights, "B/night")
		}
		over(b, b.Elapsed())
	}
	b.Run("sqlite", func(b *testing.B) {
		dsn := filepath.Join(b.TempDir(), "nights.db")
		kept(b, dsn, func(*world) (sum int64) {
			for _, part := range []string{"", "-wal"} {
				if info, err := os.Stat(dsn + part); err == nil {
					sum += info.Size()
				}
			}
			return sum
		})
	})
	b.Run("postgres", func(b *testing.B) {
		kept(b, postgrestest.Shared(b).Empty(b), func(w *world) (sum int64) {
			require.NoError(b, w.db.Read(b.Context(), nil, func(ctx context.Context, db sqldb.Rows) error {
				return db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&sum)
			}))
			return sum
		})
	})
	b.Run("bare", func(b *testing.B) {
		w := newWorld(b, filepath.Join(b.TempDir(), "nights.db"), people, nights)
		readAll(b, w, people, nights)
		b.ResetTimer()
		for range b.N {
			readAll(b, w, people, nights)
		}
		over(b, b.Elapsed())
	})
}

// readAll reads all nights and drops them, several people at a time.
func readAll(b *testing.B, w *world, people, nights int) {
	b.Helper()
	client, err := asleep.New(w.web.URL, key, asleep.WithClock(w.now))
	require.NoError(b, err)
	var all errgroup.Group
	all.SetLimit(16)
	for i := range people {
		all.Go(func() error {
			_, err := client.Nights(b.Context(), id(i), civil.DateOf(morning).AddDays(-nights), civil.DateOf(morning))
			return err
		})
	}
	require.NoError(b, all.Wait())
}
