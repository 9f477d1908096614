package archive

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// After Forget nothing is left, not even in the pages of the file, and questions do not
// keep anything again.
func TestForget(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 30), nightly(t, stranger, 5))
		w.sync(t, somebody)
		w.sync(t, stranger)
		_, err := w.store.Import(t.Context(), somebody, map[string][]*asleep.Session{"oura": {imported("20260101220000_oura1")}})
		require.NoError(t, err)
		nights, err := w.client.Nights(t.Context(), somebody, day("2026-10-01"), day("2026-11-23"))
		require.NoError(t, err)

		known, err := w.store.Forget(t.Context(), somebody)
		require.NoError(t, err)
		assert.True(t, known)
		all, err := w.store.Everybody(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
		assert.Equal(t, stranger, all[0].User)
		if !w.store.db.Server() {
			for _, file := range []string{dsn, dsn + "-wal"} {
				b, err := os.ReadFile(file)
				require.True(t, err == nil || errors.Is(err, os.ErrNotExist))
				assert.NotContains(t, string(b), somebody)
				for _, s := range nights.Slept {
					assert.False(t, bytes.Contains(b, []byte(s.ID)), "%s is in %s", s.ID, file)
				}
			}
		}

		s := w.source(t, true)
		_, err = s.Chunks(t.Context(), somebody, day("2026-11-01"), day("2026-11-23"))
		require.NoError(t, err, "they are still answered about, live")
		_, err = s.Session(t.Context(), somebody, nights.Slept[0].ID)
		require.NoError(t, err)
		all, err = w.store.Everybody(t.Context())
		require.NoError(t, err)
		assert.Len(t, all, 1)
		w.sync(t, somebody)
		all, err = w.store.Everybody(t.Context())
		require.NoError(t, err)
		assert.Len(t, all, 2, "sync names them")
		known, err = w.store.Forget(t.Context(), "G-nobody")
		require.NoError(t, err)
		assert.False(t, known)
	})
}

func TestTotals(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 30), nightly(t, stranger, 5))
		none, err := w.store.Totals(t.Context())
		require.NoError(t, err)
		assert.Zero(t, none)
		w.sync(t, somebody)
		w.sync(t, stranger)
		all, err := w.store.Everybody(t.Context())
		require.NoError(t, err)
		want := Totals{People: 2, Nights: all[0].Nights + all[1].Nights, Since: all[0].Since, LastRead: all[0].LastRead}
		got, err := w.store.Totals(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, got)
		require.NoError(t, w.store.writing(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `ANALYZE`)
			return err
		}))
		got, err = w.store.totals(t.Context(), 0)
		require.NoError(t, err)
		assert.Equal(t, want, got, "by the server's estimate")
	})
}

// imported returns a session of another tracker.
func imported(id string) *asleep.Session {
	start := time.Date(2026, 1, 1, 22, 0, 0, 0, time.UTC)
	end := start.Add(8 * time.Hour)
	slept := 7.0 * 3600
	return &asleep.Session{
		Recording: asleep.Recording{ID: id, State: asleep.Complete, Start: start, End: &end, CreatedTimezone: "Europe/Paris", Origin: &asleep.Origin{Tracker: "oura"}},
		Stat:      &asleep.Stat{SleepTime: &start, WakeTime: &end, TimeInSleep: &slept},
	}
}

// An import may be repeated, and replaces what has changed.
func TestImport(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		c := clockAt(morning)
		s := openStore(t, dsn, c.now)
		one, two := imported("a"), imported("b")
		two.Start = two.Start.AddDate(0, 0, 1)
		two.End = new(two.End.AddDate(0, 0, 1))
		done, err := s.Import(t.Context(), somebody, map[string][]*asleep.Session{"oura": {one, two}})
		require.NoError(t, err)
		assert.Equal(t, Imported{Added: 2}, done)
		source := NewSource(s, Options{Now: c.now})
		chunks, err := source.Imported(t.Context(), somebody, "oura", day("2025-12-01"), day("2026-02-01"))
		require.NoError(t, err)
		nights := asleep.MergeChunks(chunks, day("2025-12-01"), day("2026-02-01"), c.now())
		require.Len(t, nights.Slept, 2)
		assert.Equal(t, one.Origin, nights.Slept[0].Origin)

		c.move(time.Hour)
		two.Stat.TimeInSleep = new(5.0 * 3600)
		done, err = s.Import(t.Context(), somebody, map[string][]*asleep.Session{"oura": {one, two}})
		require.NoError(t, err)
		assert.Equal(t, Imported{Changed: 1, Unchanged: 1}, done)
		again, err := source.Imported(t.Context(), somebody, "oura", day("2025-12-01"), day("2026-02-01"))
		require.NoError(t, err)
		assert.NotEqual(t, chunks, again)
		kept, err := source.ImportedSession(t.Context(), somebody, "oura", "b")
		require.NoError(t, err)
		assert.Equal(t, two, kept)
		trackers, err := s.Trackers(t.Context(), somebody)
		require.NoError(t, err)
		assert.Equal(t, []string{"oura"}, trackers)
		_, err = s.Import(t.Context(), somebody, map[string][]*asleep.Session{"oura": {one, one}})
		require.Error(t, err)
	})
}

// A later export that moves the start or the end of a sleep, or makes one of two, replaces what
// an earlier one told; sleeps of another app, and those beside it, stay.
func TestImportOfMovedNights(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		c := clockAt(morning)
		s := openStore(t, dsn, c.now)
		night := func(id, app, start, end string) *asleep.Session {
			at := func(text string) time.Time {
				when, err := time.Parse("2006-01-02 15:04", text)
				require.NoError(t, err)
				return when
			}
			one := imported(id)
			one.Origin = &asleep.Origin{Tracker: "apple_health", App: app}
			one.Start, one.End = at(start), new(at(end))
			one.Stat.SleepTime, one.Stat.WakeTime = &one.Start, one.End
			return one
		}
		put := func(want Imported, all ...*asleep.Session) {
			done, err := s.Import(t.Context(), somebody, map[string][]*asleep.Session{"apple_health": all})
			require.NoError(t, err)
			assert.Equal(t, want, done)
		}
		put(Imported{Added: 5},
			night("a", "watch", "2026-01-01 22:00", "2026-01-02 02:00"), night("b", "watch", "2026-01-02 03:00", "2026-01-02 06:00"),
			night("c", "watch", "2026-01-02 06:00", "2026-01-02 07:00"), night("d", "phone", "2026-01-01 21:00", "2026-01-02 07:00"),
			night("e", "watch", "2026-03-31 23:30", "2026-04-01 06:00"))
		put(Imported{Changed: 2, Unchanged: 1},
			night("a2", "watch", "2026-01-01 21:40", "2026-01-02 06:00"), night("c", "watch", "2026-01-02 06:00", "2026-01-02 07:00"),
			night("e2", "watch", "2026-04-01 00:30", "2026-04-01 06:00"))
		chunks, err := NewSource(s, Options{Now: c.now}).Imported(t.Context(), somebody, "apple_health", day("2025-12-01"), day("2026-05-01"))
		require.NoError(t, err)
		var ids []string
		for _, one := range asleep.MergeChunks(chunks, day("2025-12-01"), day("2026-05-01"), c.now()).Slept {
			ids = append(ids, one.ID)
		}
		assert.ElementsMatch(t, []string{"a2", "c", "d", "e2"}, ids)
		all, err := s.Everybody(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 4, all[0].Nights)
	})
}

// Nights without numbers that can be read are counted as long as they are kept.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		s := openStore(t, dsn, clockAt(morning).now)
		who := Who{"live", Asleep, somebody}
		all := make([]asleep.SleptSession, 4)
		for i := range all {
			start := morning.AddDate(0, 0, -1-10*i).Truncate(24 * time.Hour)
			all[i] = asleep.SleptSession{ID: start.Format("20060102150405_a"), Start: start, End: start.Add(8 * time.Hour)}
		}
		all[0].TimeInSleep = new(7.0 * 3600)
		keep := func(all ...asleep.SleptSession) {
			require.NoError(t, s.Keep(t.Context(), who, Reading{From: day("2026-10-01"), To: day("2026-11-23"), At: morning, Slept: all}))
		}
		unreadable := func() int {
			f, err := s.Following(t.Context(), who.Environment, somebody)
			require.NoError(t, err)
			return f.Unreadable
		}
		keep(all...)
		assert.Equal(t, 3, unreadable())
		keep(all[:3]...)
		assert.Equal(t, 2, unreadable(), "one was deleted")
		all[1].TimeInSleep = new(7.0 * 3600)
		keep(all[:3]...)
		assert.Equal(t, 1, unreadable(), "one is read in order")
		require.NoError(t, s.ForgetSession(t.Context(), who, all[2].ID))
		assert.Zero(t, unreadable())
		keep(all[0], all[2], all[3])
		assert.Equal(t, 2, unreadable())
		require.NoError(t, s.Expire(t.Context(), 25))
		assert.Equal(t, 1, unreadable())
	})
}

// Somebody whom the service does not know any more is not answered about, and forgotten
// after a while; old nights expire when they are told to.
func TestGoneAndExpired(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 60))
		w.sync(t, somebody)
		require.NoError(t, w.store.Expire(t.Context(), 20))
		all, err := w.store.Everybody(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 20, all[0].Nights)

		who := all[0].Who
		require.NoError(t, w.store.Gone(t.Context(), who))
		alone := NewSource(w.store, Options{Key: key, Now: w.now})
		_, err = alone.Chunks(t.Context(), somebody, day("2026-11-10"), day("2026-11-23"))
		assert.Equal(t, asleep.NotFound, asleep.CodeOf(err))
		w.move(29 * 24 * time.Hour)
		require.NoError(t, w.store.Expire(t.Context(), 0))
		all, err = w.store.Everybody(t.Context())
		require.NoError(t, err)
		assert.Len(t, all, 1)
		w.move(2 * 24 * time.Hour)
		require.NoError(t, w.store.Expire(t.Context(), 0))
		all, err = w.store.Everybody(t.Context())
		require.NoError(t, err)
		assert.Empty(t, all)
	})
}

// A session that was analysed again replaces the old one, one that was deleted goes, and
// a reading does not replace a later one.
func TestReadingsReplace(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		c := clockAt(morning.Add(3 * time.Hour))
		s := openStore(t, dsn, c.now)
		who := Who{"live", Asleep, somebody}
		slept := func(id, start string, hours float64) asleep.SleptSession {
			at, err := time.Parse(time.RFC3339, start)
			require.NoError(t, err)
			return asleep.SleptSession{ID: id, Start: at, End: at.Add(8 * time.Hour), Stat: asleep.Stat{TimeInSleep: new(hours * 3600)}}
		}
		keep := func(from, to string, at time.Time, all ...asleep.SleptSession) {
			require.NoError(t, s.Keep(t.Context(), who, Reading{From: day(from), To: day(to), At: at, Slept: all}))
		}
		got := func() (ids []string) {
			require.NoError(t, s.reading(t.Context(), func(ctx context.Context, db sqldb.Rows) error {
				p, err := find(ctx, db, who)
				if err != nil {
					return err
				}
				all, err := nightsTouching(ctx, db, p.key, day("2026-01-01"), day("2026-12-31"))
				for _, n := range all {
					ids = append(ids, n.ID)
				}
				return err
			}))
			return ids
		}
		a, b, edge := slept("a", "2026-09-01T22:00:00Z", 7), slept("b", "2026-09-02T22:00:00Z", 6), slept("edge", "2026-09-10T22:00:00Z", 6)
		keep("2026-08-20", "2026-09-10", morning, a, b, edge)
		assert.Equal(t, []string{"a", "b", "edge"}, got())
		keep("2026-08-20", "2026-09-10", morning.Add(time.Hour), slept("a", "2026-09-01T22:00:00Z", 5), edge)
		assert.Equal(t, []string{"a", "edge"}, got())
		keep("2026-08-20", "2026-09-10", morning, a, b)
		assert.Equal(t, []string{"a", "edge"}, got(), "an older reading that comes late changes nothing")

		keep("2026-09-11", "2026-09-20", morning.Add(2*time.Hour))
		assert.Equal(t, []string{"a", "edge"}, got(), "it may be listed under the dates before")
		keep("2026-08-20", "2026-09-10", morning.Add(3*time.Hour), a)
		assert.Equal(t, []string{"a"}, got(), "neither lists it")
	})
}
