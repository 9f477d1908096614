package windows

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// rowsOf returns the rows that are kept of a user.
func (w *world) rowsOf(t *testing.T, user string) map[windowKey]Row {
	t.Helper()
	all := map[windowKey]Row{}
	require.NoError(t, w.store.reading(t.Context(), func(ctx context.Context, db sqldb.Rows) error {
		people, err := sqldb.Collect(ctx, db, func(row sqldb.Scanner) (p int64, err error) { return p, row.Scan(&p) },
			`SELECT person FROM people WHERE user_id = $1`, user)
		require.NoError(t, err)
		for _, p := range people {
			rows, err := kept(ctx, db, p)
			require.NoError(t, err)
			for key, r := range rows {
				assert.NotContains(t, all, key)
				all[key] = r
			}
		}
		return err
	}))
	return all
}

// live returns what a question to the service says about a window.
func (w *world) live(t *testing.T, user string, d nights.Days) (r Row) {
	t.Helper()
	library := nights.NewLibrary(w.client, w.now, nil)
	require.NoError(t, library.Bulk(t.Context(), []string{user}, d, nil, func(_ int, got *nights.Window, err error) {
		require.NoError(t, err)
		p := analytics.PersonOf(got.Nights, analytics.AdultRecommendation())
		r = Row{Means: Means{p.Nights, p.Score.Value, p.Efficiency.Value, p.Asleep.Value, p.Asleep24.Value}, Sessions: got.Sessions()}
		if len(got.Nights) > 0 {
			r.First = got.Nights[0].Date
		}
	}))
	return r
}

// Every row is what a live question about the window would compute.
func TestRowsAreWhatLiveQuestionsCompute(t *testing.T) {
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		var people []sandbox.Person
		var users []string
		for i := range 5 {
			people, users = append(people, anybody(sleeper(i), uint64(i), morning)), append(users, sleeper(i))
		}
		people, users = append(people, sandbox.Person{ID: sleeper(5)}), append(users, sleeper(5))
		w := newWorld(t, dsn, people...)
		w.sync(t, users...)
		assert.Equal(t, len(users), w.reduce(t))
		assert.Zero(t, w.reduce(t), "nothing has changed")
		means, none := 0, 0
		for who, user := range users {
			rows := w.rowsOf(t, user)
			for _, n := range lengths {
				last := nights.LastDays(n, date("2026-11-23"))
				got := rows[windowKey{days: n, last: last.To}]
				want := w.live(t, user, last)
				if n <= longestCompared {
					before := w.live(t, user, nights.LastDays(n, last.From.AddDays(-1)))
					want.Before = &before.Means
				}
				assert.Equal(t, morning, got.Read)
				got.Read = want.Read
				assert.Equal(t, want, got, "%s: %d days", user, n)
				assert.Contains(t, rows, windowKey{days: n, last: last.To.AddDays(1)})
				if got.Score != nil {
					means++
				} else {
					none++
				}
			}
			over := periodsWithin(nights.Days{From: date("2025-10-25"), To: date("2026-11-22")})
			for i := who % 5; i < len(over); i += 5 {
				want := w.live(t, user, over[i].Days)
				assert.Equal(t, want, rows[windowKey{period: over[i].Name}], "%s: %s", user, over[i].Name)
			}
			assert.Len(t, rows, 2*len(lengths)+len(over), user)
			assert.Len(t, over, 56+12)
		}
		assert.Greater(t, means, 20)
		assert.Greater(t, none, 5)
	})
}
