package windows

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// crowd returns people who sleep differently; of every fourth little is recorded.
func crowd(n int) (people []sandbox.Person, users []string) {
	for i := range n {
		nights := 75
		if i%4 == 3 {
			nights = []int{0, 3, 40}[i/4%3]
		}
		p := sandbox.Person{ID: sleeper(i)}
		for day := range nights {
			start := morning.AddDate(0, 0, -day-1).Truncate(24 * time.Hour).Add(21*time.Hour + time.Duration(i*7+day*13%50)*time.Minute)
			stages := slices.Repeat([]int8{1, 1, 2, 3, 0}, 130+5*(i%9)+day%11)
			p.Recordings = append(p.Recordings, sandbox.Recording{Start: start, Zone: "Europe/Paris", Stages: stages})
		}
		people, users = append(people, p), append(users, p.ID)
	}
	return people, users
}

// liveGroup computes what the figures of people are from what the service says of each.
func (w *world) liveGroup(t *testing.T, users []string, days int) (analytics.Cohort, analytics.CohortChange, int) {
	t.Helper()
	now, before := make([]analytics.Person, len(users)), make([]analytics.Person, len(users))
	sessions := make([]int, len(users))
	p := nights.LastDays(days, date("2026-11-23"))
	earlier := nights.LastDays(days, p.From.AddDays(-1))
	require.NoError(t, nights.NewLibrary(w.client, w.now, nil).Bulk(t.Context(), users, nights.Days{From: earlier.From, To: p.To}, nil, func(i int, got *nights.Window, err error) {
		assert.NoError(t, err)
		now[i] = analytics.PersonOf(got.Within(p).Nights, analytics.AdultRecommendation())
		before[i] = analytics.PersonOf(got.Within(earlier).Nights, analytics.AdultRecommendation())
		sessions[i] = got.Within(p).Sessions()
	}))
	all := 0
	for _, n := range sessions {
		all += n
	}
	return analytics.CohortOf(now, analytics.AdultRecommendation()), analytics.CohortChangeOf(before, now), all
}

// settled is what is left of a change when the order of people, by which sums are rounded,
// is not looked at.
func settled(c analytics.CohortChange) []float64 {
	var all []float64
	for _, s := range []analytics.Shift{c.Score, c.Efficiency, c.Asleep} {
		for _, e := range []analytics.Estimate{s.First, s.Second, s.Difference, s.SE} {
			all = append(all, *e.Value)
		}
	}
	return all
}

func TestGroupIsWhatALiveQuestionComputes(t *testing.T) {
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		people, users := crowd(24)
		w := newWorld(t, dsn, people...)
		w.sync(t, users...)
		require.Equal(t, 24, w.reduce(t))
		for _, days := range []int{7, 30} {
			g, err := w.store.Group(t.Context(), Question{People: w.store.Listed(users), Days: days, Last: date("2026-11-23"), Before: true})
			require.NoError(t, err)
			cohort, change, sessions := w.liveGroup(t, users, days)
			assert.Equal(t, cohort, g.Cohort)
			assert.Equal(t, sessions, g.Sessions)
			assert.Equal(t, change.People, g.Change.People)
			assert.InDeltaSlice(t, settled(change), settled(*g.Change), 1e-9)
			assert.Equal(t, 24, g.People)
			assert.Equal(t, 24, g.Rows)
			assert.Equal(t, []int{2, 2, 0, 0, 0, 0, 0, 0}, []int{g.NoNights, g.FewNights, g.NoNumbers, g.Old, g.Stale, g.Gone, g.Forgotten, g.NeverRead})
			assert.Equal(t, morning, g.Read)
		}
		rows, err := w.store.Rows(t.Context(), Question{People: w.store.Listed(users[2:4]), Days: 7, Last: date("2026-11-23")})
		require.NoError(t, err)
		require.Len(t, rows, 2)
		for _, r := range rows {
			assert.Equal(t, w.rowsOf(t, r.UserID)[windowKey{days: 7, last: date("2026-11-23")}], r.Row)
		}
	})
}

// The members of an organization are found in its own database.
func TestMembersOfADirectory(t *testing.T) {
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		people, users := crowd(4)
		w := newWorld(t, dsn, people...)
		w.sync(t, users...)
		w.reduce(t)
		place := dsn
		if dsn[0] == '/' {
			place = t.TempDir() + "/a directory's.db"
		}
		d, err := directory.Open(context.WithoutCancel(t.Context()), place)
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, d.Close()) })
		require.NoError(t, d.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
		for _, user := range users[:3] {
			r, err := d.Reserve(t.Context(), directory.Member{Organization: "acme", Email: user + "@example.org"})
			require.NoError(t, err)
			require.NoError(t, d.Confirm(t.Context(), r, user))
		}
		for range 6 { // more often than there are connections
			g, err := w.store.Group(t.Context(), Question{People: d.MemberIDs("acme"), Days: 7, Last: date("2026-11-23")})
			require.NoError(t, err)
			assert.Equal(t, 3, g.Rows)
			assert.Equal(t, 3, g.People)
		}
		g, err := w.store.Group(t.Context(), Question{People: d.MemberIDs("nowhere"), Days: 7, Last: date("2026-11-23")})
		require.NoError(t, err)
		assert.Equal(t, Group{Cohort: analytics.CohortOf(nil, analytics.Recommendation{})}, g)
	})
}
