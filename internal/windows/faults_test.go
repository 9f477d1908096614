package windows

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// change changes rows behind the store's back.
func (w *world) change(t *testing.T, statements ...string) {
	t.Helper()
	require.NoError(t, w.store.db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		for _, one := range statements {
			if _, err := sqldb.Change(ctx, tx, one); err != nil {
				return fmt.Errorf("%s: %w", one, err)
			}
		}
		return nil
	}))
}

// count returns a number from the database.
func (w *world) count(t *testing.T, query string) (n int) {
	t.Helper()
	require.NoError(t, w.store.reading(t.Context(), func(ctx context.Context, db sqldb.Rows) error {
		return db.QueryRowContext(ctx, query).Scan(&n)
	}))
	return n
}

// Rows of another version count in no answer, are made anew, and stay for replicas of that
// version until these are gone for a day.
func TestChangedMethod(t *testing.T) {
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		people, users := crowd(12)
		w := newWorld(t, dsn, people...)
		w.sync(t, users...)
		w.reduce(t)
		q := Question{People: w.store.Listed(users), Days: 30, Last: date("2026-11-23"), Before: true}
		want, err := w.store.Group(t.Context(), q)
		require.NoError(t, err)
		w.change(t, `UPDATE reduced SET method = 'older'`, `UPDATE calendar_windows SET method = 'older', score = 0`, `UPDATE rolling_windows SET method = 'older', score = 0`)
		got, err := w.store.Group(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, []int{0, 12, 0}, []int{got.Rows, got.Stale, got.Cohort.People})

		for _, user := range users[:5] {
			require.NoError(t, w.store.Reduce(t.Context(), user))
		}
		got, err = w.store.Group(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, []int{5, 7}, []int{got.Rows, got.Stale}, "half way")
		assert.Equal(t, 7, w.reduce(t))
		got, err = w.store.Group(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.Equal(t, 12, w.count(t, `SELECT COUNT(*) FROM reduced WHERE method = 'older'`), "older replicas still answer from theirs")

		w.set(morning.AddDate(0, 0, 2))
		w.reduce(t)
		for _, table := range []string{"reduced", "rolling_windows", "calendar_windows"} {
			assert.Zero(t, w.count(t, `SELECT COUNT(*) FROM `+table+` WHERE method <> '`+analytics.Method+`'`), table)
		}
	})
}

// Imported nights make rows that are always fresh, of people whom the service does not
// know, and are part of the rows of those whom it knows.
func TestImportedRows(t *testing.T) {
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		people, users := crowd(3)
		w := newWorld(t, dsn, people...)
		w.sync(t, users...)
		imported := make([]*asleep.Session, 20)
		for i := range imported {
			start := time.Date(2026, 11, 22-i, 22, 0, 0, 0, time.UTC)
			hours := 8.0 * 3600
			end := start.Add(8 * time.Hour)
			imported[i] = &asleep.Session{
				Recording: asleep.Recording{
					ID: start.Format("20060102150405") + "_oura1", CreatedTimezone: "Europe/Paris", Start: start, End: &end, Origin: &asleep.Origin{Tracker: "oura"},
				},
				Stat: &asleep.Stat{SleepTime: &start, WakeTime: &end, TimeInBed: &hours, TimeInSleep: new(7.0 * 3600)},
			}
		}
		for _, user := range []string{"stranger", users[0]} {
			_, err := w.archive.Import(t.Context(), user, map[string][]*asleep.Session{"oura": imported})
			require.NoError(t, err)
		}
		assert.Equal(t, 4, w.reduce(t))
		everybody := append([]string{"stranger"}, users...)
		ask := func() map[string]Row {
			rows, err := w.store.Rows(t.Context(), Question{People: w.store.Listed(everybody), Days: 30, Last: date("2026-11-23")})
			require.NoError(t, err)
			all := map[string]Row{}
			for _, r := range rows {
				require.NotContains(t, all, r.UserID, "somebody has one row")
				all[r.UserID] = r.Row
			}
			return all
		}
		all := ask()
		require.Len(t, all, 4)
		assert.Equal(t, Sources{{Tracker: "oura", Nights: 20}}, all["stranger"].Sources())
		assert.Nil(t, all[users[1]].Imported)
		g, err := w.store.Group(t.Context(), Question{People: w.store.Listed(everybody), Days: 30, Last: date("2026-11-23")})
		require.NoError(t, err)
		mixed := all[users[0]].Sources()
		require.NotEmpty(t, mixed)
		total := map[string]int{}
		for _, s := range slices.Concat(all["stranger"].Sources(), mixed, all[users[1]].Sources(), all[users[2]].Sources()) {
			total[s.Tracker] += s.Nights
		}
		require.Len(t, total, 2)
		assert.Equal(t, Sources{{Tracker: "asleep", Nights: total["asleep"]}, {Tracker: "oura", Nights: total["oura"]}}, g.Sources)
		assert.Equal(t, 20, all["stranger"].Nights)
		assert.InDelta(t, 7*3600, *all["stranger"].Asleep, 1)
		assert.False(t, all["stranger"].Old(w.now().AddDate(1, 0, 0)))
		assert.True(t, all[users[1]].Old(w.now().AddDate(1, 0, 0)))

		// The service gets to know the stranger, or forgets somebody who imported nights.
		w.change(t, `INSERT INTO people (environment, tracker, user_id, since) SELECT environment, tracker, 'stranger', since FROM people WHERE user_id = '`+users[1]+`'`,
			`UPDATE people SET gone = since WHERE user_id = '`+users[0]+`' AND environment <> ''`)
		assert.NotContains(t, ask(), "stranger", "until their nights were read")
		require.NoError(t, w.store.Reduce(t.Context(), users[0]))
		assert.Equal(t, 20, ask()[users[0]].Nights, "their import")
	})
}

// Reductions of one person at once, while their nights arrive, leave the rows of one.
func TestReductionsAtOnce(t *testing.T) {
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		people, users := crowd(4)
		user := users[3]
		w := newWorld(t, dsn, people...)
		w.sync(t, user)
		other := w.open(t, Options{Key: key})
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() { assert.NoError(t, []*Store{w.store, other}[i%2].Reduce(t.Context(), user)) })
		}
		all.Go(func() { w.sync(t, user) })
		all.Wait()
		got := w.rowsOf(t, user)
		w.change(t, `DELETE FROM rolling_windows`, `DELETE FROM calendar_windows`, `DELETE FROM reduced`)
		require.NoError(t, w.store.Reduce(t.Context(), user))
		assert.Equal(t, w.rowsOf(t, user), got)
	})
}
