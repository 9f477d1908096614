package cohort

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// keeper is a company whose members' nights are kept and reduced.
type keeper struct {
	*tooltest.Company
	live *tooltest.World // the same company, read when asked about
	kept *archive.Store
	rows *windows.Store
	at   atomic.Int64
}

func (k *keeper) now() time.Time { return time.Unix(0, k.at.Load()).UTC() }

// newKeeper has an organization "acme" of people who sleep differently.
func newKeeper(t *testing.T, dsn string, members int) *keeper {
	t.Helper()
	k := &keeper{Company: tooltest.NewCompany(t, dsn, tooltest.PeopleOf(members)...)}
	k.at.Store(tooltest.Morning.UnixNano())
	k.Found(t, "acme", tooltest.MemberIDs(0, members)...)
	if !strings.Contains(dsn, "://") {
		dsn = filepath.Join(t.TempDir(), "nights.db")
	}
	k.kept = archive.Lazy(dsn, k.now)
	k.rows = windows.Lazy(dsn, k.kept, windows.Options{Key: tooltest.SecretKey, Now: k.now})
	t.Cleanup(func() {
		assert.NoError(t, k.rows.Close())
		assert.NoError(t, k.kept.Close())
	})
	k.live = &tooltest.World{Sandbox: k.Sandbox, Ctx: k.Ctx, Deps: &tool.Deps{
		Client: k.Deps.Client, Now: k.now, DataSource: "asleep", Directory: k.Deps.Directory,
	}}
	k.Deps.Now = k.now
	k.Deps.Archive = archive.NewSource(k.kept, archive.Options{Live: k.Deps.Client, Key: tooltest.SecretKey, Keep: true, Now: k.now})
	k.Deps.Windows = k.rows
	return k
}

// sync keeps and reduces members.
func (k *keeper) sync(t *testing.T, members ...string) {
	t.Helper()
	for _, user := range members {
		_, err := archive.Sync{Store: k.kept, Service: k.Deps.Client, Key: tooltest.SecretKey, NightsOnly: true}.Run(t.Context(), user)
		require.NoError(t, err)
		require.NoError(t, k.rows.Reduce(t.Context(), user))
	}
}

// figures is an answer without what says how old it is.
func figures(t *testing.T, answer []byte) map[string]any {
	t.Helper()
	var all map[string]any
	require.NoError(t, json.Unmarshal(answer, &all))
	delete(all, "kept")
	delete(all, "as_of")
	return all
}

func TestRowsAnswerAsLive(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		k := newKeeper(t, dsn, 24)
		k.sync(t, tooltest.MemberIDs(0, 24)...)
		for _, one := range []struct{ tool, arguments string }{
			{"organization_statistics", `{"organization":"acme"}`},
			{"organization_statistics", `{"organization":"acme","days":7}`},
			{"organization_statistics", `{"organization":"acme","days":180}`},
			{"cohort_analysis", `{"organization":"acme","days":14,"include_members":true}`},
			{"cohort_analysis", `{"organization":"acme","days":365}`},
		} {
			want := figures(t, tooltest.Call(t, k.live, one.tool, one.arguments))
			before := k.Requests()
			answer := tooltest.Call(t, k.World, one.tool, one.arguments)
			assert.Equal(t, before, k.Requests(), "nobody is asked")
			assert.Equal(t, want, figures(t, answer), one.arguments)
			got := tooltest.AnswerOf[cohortAnalysisOut](t, k.World, one.tool, one.arguments)
			assert.Equal(t, &keptRows{Fresh: 24}, got.Kept, one.arguments)
			assert.Equal(t, "2026-11-23T08:12:00Z", got.AsOf)
		}
		before := k.Requests()
		list := tooltest.ListOf(tooltest.MemberIDs(3, 17)...)
		want := figures(t, tooltest.Call(t, k.live, "cohort_analysis", list))
		after := k.Requests()
		assert.Equal(t, want, figures(t, tooltest.Call(t, k.World, "cohort_analysis", list)))
		assert.Equal(t, after, k.Requests(), "rows of people who are listed")
		assert.Greater(t, after, before-1)
	})
}

// Somebody with imported nights alone counts, and the answer says what it rests on.
func TestRowsNameTheirSources(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		k := newKeeper(t, dsn, 24)
		k.sync(t, tooltest.MemberIDs(0, 20)...)
		ask := func() GroupHead {
			got := tooltest.AnswerOf[cohortAnalysisOut](t, k.World, "cohort_analysis", `{"organization":"acme","days":14}`)
			assert.Equal(t, got.Sources, tooltest.AnswerOf[organizationStatisticsOut](t, k.World, "organization_statistics", `{"organization":"acme","days":14}`).Sources)
			return got.GroupHead
		}
		recorded := ask()
		assert.Equal(t, "asleep", recorded.DataSource)
		assert.Nil(t, recorded.Sources)

		var imported []*asleep.Session
		for i := range 14 {
			start := tooltest.Morning.AddDate(0, 0, -i).Add(-9 * time.Hour)
			end, slept := start.Add(8*time.Hour), 7.0*3600
			imported = append(imported, &asleep.Session{
				Recording: asleep.Recording{ID: fmt.Sprint("night-", i), CreatedTimezone: "Europe/Paris", Start: start, End: &end, Origin: &asleep.Origin{Tracker: "oura"}},
				Stat:      &asleep.Stat{SleepTime: &start, WakeTime: &end, TimeInBed: new(8.0 * 3600), TimeInSleep: &slept},
			})
		}
		last := tooltest.MemberID(23)
		_, err := k.kept.Import(t.Context(), last, map[string][]*asleep.Session{"oura": imported})
		require.NoError(t, err)
		require.NoError(t, k.rows.Reduce(t.Context(), last))
		both := ask()
		assert.Equal(t, "mixed", both.DataSource)
		assert.Equal(t, map[string]int{"asleep": 20 * 14, "oura": 14}, both.Sources)
	})
}

func TestRowsSayHowOldTheyAre(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		const all = `{"organization":"acme","days":14}`
		k := newKeeper(t, dsn, 24)
		k.sync(t, tooltest.MemberIDs(0, 20)...)
		_, err := k.kept.Forget(t.Context(), tooltest.MemberID(19))
		require.NoError(t, err)
		environment, err := k.kept.Environment(t.Context(), tooltest.SecretKey)
		require.NoError(t, err)
		require.NoError(t, k.kept.Gone(t.Context(), archive.Who{Environment: environment, Tracker: archive.Asleep, User: tooltest.MemberID(18)}))
		before := k.Requests()
		got := tooltest.AnswerOf[cohortAnalysisOut](t, k.World, "cohort_analysis", all)
		assert.Equal(t, &keptRows{Fresh: 18, NeverRead: 6}, got.Kept)
		assert.Equal(t, []tool.Exclusion{{Reason: "forgotten", Count: 1}, {Reason: "never_read", Count: 4}, {Reason: "not_found", Count: 1}}, got.Failures)
		assert.Equal(t, 18, *got.Size)

		// After midnight the rows of the new day are there; two days later they are not.
		k.at.Store(tooltest.Morning.Add(17 * time.Hour).UnixNano())
		got = tooltest.AnswerOf[cohortAnalysisOut](t, k.World, "cohort_analysis", all)
		assert.Equal(t, "2026-11-24", got.Period.To)
		assert.Equal(t, &keptRows{Fresh: 18, NeverRead: 6}, got.Kept)
		k.at.Store(tooltest.Morning.Add(37 * time.Hour).UnixNano())
		got = tooltest.AnswerOf[cohortAnalysisOut](t, k.World, "cohort_analysis", all)
		assert.Equal(t, &keptRows{Stale: 18, NeverRead: 6}, got.Kept, "they were read too long ago")
		assert.Equal(t, before, k.Requests(), "nobody is asked")

		// Where nobody keeps them up to date any more, a small group is read.
		k.at.Store(tooltest.Morning.Add(72 * time.Hour).UnixNano())
		got = tooltest.AnswerOf[cohortAnalysisOut](t, k.World, "cohort_analysis", all)
		assert.Nil(t, got.Kept)
		assert.Greater(t, k.Requests(), before)

		// Some are up to date, some not.
		require.NoError(t, k.rows.Reduce(t.Context(), tooltest.MemberID(0)))
		got = tooltest.AnswerOf[cohortAnalysisOut](t, k.World, "cohort_analysis", all)
		require.NotNil(t, got.Kept)
		assert.Contains(t, got.Failures, tool.Exclusion{Reason: "stale", Count: 18}, "with the one who is known again")
	})
}

// A large group is not read when nobody keeps its rows up to date: the answer is of the
// last day on which somebody did.
func TestLargeGroupsThatAreStale(t *testing.T) {
	t.Parallel()
	k := newKeeper(t, "", 3)
	more := make([]string, 0, fewPeople)
	for i := range fewPeople {
		more = append(more, tooltest.MemberID(100+i))
	}
	c := k.Raw(t)
	for _, user := range more {
		_, err := c.ExecContext(context.Background(), `INSERT INTO members (organization, address, email, attempt, user_id, role, metadata, since)
			VALUES ('acme', $1, $1, 'x', $2, 'user', '{}', '2026-01-01T00:00:00.000000Z')`, strings.ToLower(user)+"@example.org", user)
		require.NoError(t, err)
	}
	k.sync(t, tooltest.MemberIDs(0, 3)...)
	k.at.Store(tooltest.Morning.Add(96 * time.Hour).UnixNano())
	before := k.Requests()
	got := tooltest.AnswerOf[organizationStatisticsOut](t, k.World, "organization_statistics", `{"organization":"acme"}`)
	assert.Equal(t, before, k.Requests())
	assert.Equal(t, "2026-11-24", got.Period.To)
	assert.Equal(t, "2026-10-25", got.Change.Period.To)
	assert.Equal(t, &keptRows{Stale: 3, NeverRead: fewPeople}, got.Kept)
	assert.Equal(t, fewPeople+3, *got.UserCount)
	assert.Equal(t, "stale", got.Warnings[0].Code)
	assert.Len(t, got.Users, 100)
}
