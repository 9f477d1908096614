package jobs

import (
	"context"
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// While the key is refused nothing but a probe is asked, whatever there is to do; then
// everything goes on.
func TestRevokedKey(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 40, 30)
		w.join(t, 40)
		require.NoError(t, w.box.SetFault(sandbox.Fault{Name: "unauthorized"}))
		j := w.jobs(t, func(o *Options) { o.times.probe = 400 * time.Millisecond })
		run(t, j)
		wait(t, "jobs stop", func() bool {
			s, err := j.State(t.Context())
			return err == nil && s.Halted == asleep.BadKey
		})
		time.Sleep(500 * time.Millisecond) // for requests that are under way
		before := w.asked.Load()
		time.Sleep(2 * time.Second)
		assert.LessOrEqual(t, w.asked.Load()-before, int64(6), "probes only")
		assert.False(t, w.complete(t, 1))
		w.box.ClearFaults()
		wait(t, "jobs go on", func() bool { return w.complete(t, 40) })
		s, err := j.State(t.Context())
		require.NoError(t, err)
		assert.Empty(t, s.Halted)
	})
}

// Two programs together ask no more than they may, also when the service says to slow down.
func TestBudgetIsShared(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		const rate = 25
		w := newWorld(t, dsn, 30, 30)
		w.join(t, 30)
		var mu sync.Mutex
		var times []time.Time
		w.faults(func(http.ResponseWriter, *http.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			return false
		})
		limited := func(o *Options) { o.Limits = Limits{PerSecond: rate, PerDay: 50} }
		for range 2 {
			run(t, w.jobs(t, limited))
		}
		wait(t, "a day's requests", func() bool { return w.asked.Load() == 50 })
		time.Sleep(time.Second)
		assert.Equal(t, int64(50), w.asked.Load(), "no request more in a day")
		mu.Lock()
		defer mu.Unlock()
		assert.Greater(t, times[len(times)-1].Sub(times[0]), 49*time.Second/rate*9/10)
	})
}

// The database may go for a while in the middle of everything.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	server := postgrestest.For(t)
	w := newWorld(t, server.Empty(t), 40, 120)
	w.join(t, 40)
	j := w.jobs(t, func(o *Options) {
		o.Limits = Limits{PerSecond: 60}
		o.times.roster, o.times.reconcile, o.times.away = time.Second, time.Second, time.Second
	})
	run(t, j)
	wait(t, "some histories", func() bool { return len(w.kept(t)) == 40 })
	server.Stop()
	require.Error(t, j.Hint(t.Context(), id(0)))
	time.Sleep(2 * time.Second)
	require.NoError(t, server.Start())
	require.Eventually(t, func() bool { return w.complete(t, 40) }, 2*time.Minute, 100*time.Millisecond)
	for user, k := range w.kept(t) {
		assert.Equal(t, 120, k.Nights, user)
	}
	assert.NoError(t, j.Hint(t.Context(), id(0)))
}

// Nobody and an empty organization are no fault, and a file needs no directory of its own.
func TestNobody(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 0, 0)
		j := w.jobs(t)
		stop := run(t, j)
		wait(t, "the roster was read", func() bool {
			s, err := j.State(t.Context())
			return err == nil && s.Waiting == 0 && s.Done > 0
		})
		stop()
		assert.Empty(t, w.kept(t))
		assert.Zero(t, w.asked.Load())
		if filepath.IsAbs(dsn) {
			assert.FileExists(t, dsn)
		}
	})
}

// The jobs of a replica that was killed are taken over, although by its clock they have not
// begun yet. Those of a version that holds no lock are left to the queue.
func TestTakesOverFromTheKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgrestest.Shared(t).Empty(t), 2, 30)
	w.join(t, 2)
	j := w.jobs(t)
	require.NoError(t, j.Joined(t.Context(), id(0)))
	require.NoError(t, j.Joined(t.Context(), id(1)))
	running := func(user, by string) {
		require.NoError(t, w.db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			n, err := sqldb.Change(ctx, tx, `UPDATE river_job SET state = 'running', attempt = 1, attempted_by = ARRAY[$2], attempted_at = now() + interval '1 hour'
				WHERE kind = 'backfill' AND args->>'person' = (SELECT person::text FROM people WHERE user_id = $1)`, user, by)
			assert.Equal(t, int64(1), n)
			return err
		}))
	}
	running(id(0), named+"dead")
	running(id(1), "older_2026")
	run(t, j)
	wait(t, "the job of the killed", func() bool { return w.complete(t, 1) })
	assert.True(t, w.kept(t)[id(0)].Complete)
	assert.Zero(t, w.kept(t)[id(1)].Nights)
}

// Replicas whose clocks are minutes apart read everybody once and keep every night once, and
// a member who is removed while they are read is not followed any more.
func TestClocksApartAndAMemberWhoLeaves(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 20, 120)
		w.join(t, 20)
		leave := sync.OnceFunc(func() {
			assert.NoError(t, w.directory.RemoveMember(context.WithoutCancel(t.Context()), directory.Member{Organization: "acme", Email: "p7@example.org", UserID: id(7)}))
		})
		w.faults(func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, id(7)) {
				leave()
			}
			return false
		})
		for _, apart := range []time.Duration{-4 * time.Minute, 0, 5 * time.Minute} {
			now := func() time.Time { return w.now().Add(apart) }
			kept := archive.Lazy(dsn, now)
			t.Cleanup(func() { assert.NoError(t, kept.Close()) })
			run(t, w.jobs(t, func(o *Options) {
				o.Now, o.Archive = now, kept
				o.times.roster, o.times.reconcile = 300*time.Millisecond, 200*time.Millisecond
			}))
		}
		wait(t, "all histories", func() bool { return w.complete(t, 20) })
		w.move(time.Hour)
		wait(t, "who left", func() bool { return w.followed(t) == 19 })
		for user, k := range w.kept(t) {
			assert.Equal(t, 120, k.Nights, user)
		}
		w.move(24 * time.Hour)
		before := w.asked.Load()
		wait(t, "a day later", func() bool {
			fresh := 0
			for _, k := range w.kept(t) {
				if k.LastRead.After(morning.Add(2 * time.Hour)) {
					fresh++
				}
			}
			return fresh >= 19
		})
		assert.InDelta(t, 19, w.asked.Load()-before, 1, "once each")
	})
}
