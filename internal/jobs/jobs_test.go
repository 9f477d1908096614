package jobs

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// The history of every member is read without anybody asking, and each night is kept once.
func TestMembersAreRead(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 12, 240)
		w.join(t, 10)
		var released atomic.Int64
		stop := run(t, w.jobs(t, func(o *Options) {
			o.Release = func(context.Context, *asleep.Client) error { released.Add(1); return nil }
		}))
		wait(t, "all histories", func() bool { return w.complete(t, 10) })
		wait(t, "releases", func() bool { return released.Load() == 1 })
		stop()
		for user, k := range w.kept(t) {
			assert.Equal(t, 240, k.Nights, user)
			assert.Zero(t, k.Stages, "nobody asked for stages")
		}
		assert.LessOrEqual(t, w.asked.Load(), int64(10*4), "one request for the beginning, and one for each 100 days")
	})
}

// However many hints arrive, somebody is read once; hints about strangers make nothing.
func TestStormOfHints(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 3, 30)
		w.join(t, 2)
		stop := run(t, w.jobs(t))
		wait(t, "all histories", func() bool { return w.complete(t, 2) })
		stop()

		before := w.asked.Load()
		j := w.jobs(t)
		for range 50 {
			require.NoError(t, j.Hint(t.Context(), id(0)))
			require.NoError(t, j.Hint(t.Context(), id(2)))
			require.NoError(t, j.Hint(t.Context(), "G-20250318162239-nobody"))
		}
		w.move(2 * time.Hour)
		run(t, j)
		read := func(user string) time.Time { return w.kept(t)[user].LastRead }
		wait(t, "newest nights", func() bool { return read(id(0)).After(morning.Add(time.Hour)) })
		wait(t, "no hint left", func() bool { return w.hinted(t) == 0 })
		assert.Equal(t, int64(1), w.asked.Load()-before)
		assert.True(t, read(id(1)).Equal(morning))
		assert.Len(t, w.kept(t), 2)
	})
}

// A hint that arrives while somebody is read is not lost: the job cannot know whether it
// read what the hint was about.
func TestHintWhileReading(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 1, 30)
		w.join(t, 1)
		j := w.jobs(t)
		run(t, j)
		wait(t, "all histories", func() bool { return w.complete(t, 1) })
		before := w.asked.Load()
		var hinted atomic.Int64
		w.faults(func(http.ResponseWriter, *http.Request) bool {
			if hinted.Add(1) == 1 {
				w.move(time.Minute)
				assert.NoError(t, j.Hint(t.Context(), id(0)))
			}
			return false
		})
		require.NoError(t, j.Hint(t.Context(), id(0)))
		wait(t, "the second reading", func() bool { return w.asked.Load() == before+2 && w.hinted(t) == 0 })
	})
}

// Whom the service does not know, and whose nights cannot be decoded, hold nobody up.
func TestTheQueuePassesThemBy(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 5, 120)
		w.join(t, 6) // the last of whom the service does not know
		w.faults(func(out http.ResponseWriter, r *http.Request) bool {
			poisoned := strings.Contains(r.URL.Path, id(1))
			if poisoned {
				_, _ = out.Write([]byte(`{"detail":"success","result":{"slept_sessions":[{"session_id":7}]}}`))
			}
			return poisoned
		})
		j := w.jobs(t, func(o *Options) { o.times.away = 50 * time.Millisecond })
		run(t, j)
		wait(t, "the others", func() bool { return w.complete(t, 4) })
		wait(t, "why two are missing", func() bool {
			gone, failing := 0, 0
			for _, f := range w.people(t) {
				if f.Gone {
					gone++
				}
				if f.Failing == string(asleep.BadResponse) {
					failing++
				}
			}
			return gone == 1 && failing == 1
		})
		assert.Zero(t, w.kept(t)[id(1)].Nights)
		w.faults(func(http.ResponseWriter, *http.Request) bool { return false })
		wait(t, "the poisoned one is mended", func() bool { return w.complete(t, 5) })
	})
}

// A session that cannot be read costs its own numbers and nothing else: everything else of the
// person arrives, in the windows too.
func TestPoisonedSession(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 2, 120)
		w.join(t, 2)
		w.faults(func(out http.ResponseWriter, r *http.Request) bool {
			answer := httptest.NewRecorder()
			w.box.ServeHTTP(answer, r)
			body := answer.Body.Bytes()
			if sessions := bytes.Index(body, []byte(`"slept_sessions":[{`)); sessions >= 0 && strings.Contains(r.URL.Path, id(1)) {
				body = slices.Concat(body[:sessions], bytes.Replace(body[sessions:], []byte(`"time_in_sleep":`), []byte(`"time_in_sleep":"long","was":`), 1))
			}
			out.WriteHeader(answer.Code)
			_, _ = out.Write(body)
			return true
		})
		rows := windows.Lazy(dsn, w.archive, windows.Options{Key: key, Now: w.now})
		t.Cleanup(func() { assert.NoError(t, rows.Close()) })
		j := w.jobs(t, func(o *Options) { o.Windows = windows.Lazy(dsn, w.archive, windows.Options{Key: key, Now: w.now}) })
		run(t, j)
		wait(t, "both", func() bool { return w.complete(t, 2) })
		assert.Equal(t, 120, w.kept(t)[id(1)].Nights, "the poisoned one among them")
		q := windows.Question{People: w.directory.MemberIDs("acme"), Days: 180, Last: civil.DateOf(morning)}
		var found []windows.Person
		wait(t, "rows", func() bool {
			var err error
			found, err = rows.Rows(t.Context(), q)
			return assert.NoError(t, err) && len(found) == 2
		})
		for _, p := range found {
			assert.Equal(t, 120, p.Sessions)
			assert.Equal(t, map[string]int{id(0): 120, id(1): 118}[p.UserID], p.Nights, "one of each answer of 100 days")
			assert.NotNil(t, p.Score)
		}
		unreadable := func() int {
			s, err := j.State(t.Context())
			require.NoError(t, err)
			return s.People.Unreadable
		}
		assert.Equal(t, 2, unreadable())
		w.faults(func(http.ResponseWriter, *http.Request) bool { return false })
		w.move(48 * time.Hour)
		require.NoError(t, j.Hint(t.Context(), id(1)))
		wait(t, "the newest to be read again", func() bool { return unreadable() < 2 })
	})
}

// A day later everybody is read again, once, by however many replicas there are.
func TestReconciliation(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 130, 3)
		w.join(t, 120)
		often := func(o *Options) { o.times.roster, o.times.reconcile = 300*time.Millisecond, 200*time.Millisecond }
		for range 3 {
			run(t, w.jobs(t, often))
		}
		wait(t, "all histories", func() bool { return w.complete(t, 120) })
		w.join(t, 1)
		wait(t, "who joined later", func() bool { return w.complete(t, 121) })
		require.NoError(t, w.directory.RemoveMember(t.Context(), directory.Member{Organization: "acme", Email: "p0@example.org", UserID: id(0)}))
		w.move(time.Hour)
		wait(t, "who left", func() bool { return w.followed(t) == 120 })
		w.move(24 * time.Hour)
		before := w.asked.Load()
		fresh := func() (n int) {
			for _, k := range w.kept(t) {
				if k.LastRead.After(morning.Add(time.Hour)) {
					n++
				}
			}
			return n
		}
		wait(t, "a day later", func() bool { return fresh() == 120 })
		assert.Equal(t, int64(120), w.asked.Load()-before, "who left is not read any more")
	})
}
