package cohort

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/releases"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// released is an answer as an analyst sees it.
type released struct {
	GroupHead
	Cohort
	Change  *groupChange     `json:"change"`
	Earlier []earlierRelease `json:"earlier"`
}

// askQuietly asks a question that may be suppressed and checks the answer against the rules.
func askQuietly(t *testing.T, w *tooltest.World, tool, arguments string) released {
	t.Helper()
	raw := tooltest.Call(t, w, tool, arguments)
	var got released
	require.NoError(t, json.Unmarshal(raw, &got))
	for _, word := range []string{"G-", "@", `"users`, "user_id", "user_email", `"people"`} {
		assert.NotContains(t, string(raw), word)
	}
	require.NotEmpty(t, got.Release)
	if got.Suppressed {
		assert.Equal(t, Cohort{}, got.Cohort)
		assert.Nil(t, got.Change)
		assert.Equal(t, 11, got.Minimum)
		assert.Contains(t, []string{releases.TooFew, releases.TooNew}, got.Reason)
		assert.Contains(t, got.Summary, "The next to ask about is ")
		return got
	}
	assert.GreaterOrEqual(t, *got.Eligible, 12)
	assert.Equal(t, *got.Eligible >= 21, got.Quartiles != nil)
	assert.Equal(t, *got.Eligible >= 21, got.MedianScore != nil)
	assert.Nil(t, got.Size)
	assert.Nil(t, got.Excluded)
	assert.Nil(t, got.Failures)
	assert.Zero(t, *got.TotalSessions%50)
	assert.InDelta(t, math.Round(*got.AvgScore), *got.AvgScore, 0, "whole points")
	if got.ShortOfSleep != nil {
		assert.Zero(t, math.Mod(*got.ShortOfSleep, *got.ShortStep))
		assert.GreaterOrEqual(t, *got.ShortStep*float64(*got.Eligible), 1100.0)
	}
	return got
}

// sleepers returns n people with 150 nights up to this morning, half of them short of
// sleep.
func sleepers(n int) []sandbox.Person {
	people := make([]sandbox.Person, n)
	for i := range people {
		people[i] = tooltest.SleepsFor(tooltest.MemberID(i), 150, 380+60*(i%2), 500)
	}
	return people
}

// at lets the company live at another time.
func at(c *tooltest.Company, when string) {
	now := tooltest.InstantOf(when)
	c.Deps.Now = func() time.Time { return now }
}

func TestARelease(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		c := tooltest.NewCompany(t, dsn, sleepers(50)...)
		c.Found(t, "acme", tooltest.MemberIDs(0, 48)...)
		analyst := c.As(tooltest.AnalystOf("acme"))
		got := askQuietly(t, analyst, "organization_statistics", `{}`)
		assert.Equal(t, "2026-10", got.Release)
		assert.Equal(t, tool.Period{From: "2026-10-01", To: "2026-10-31", Days: 31}, got.Period)
		assert.Equal(t, "2026-11-23T08:12:00Z", got.AsOf)
		assert.Equal(t, 48, *got.Eligible)
		assert.InDelta(t, 6.8, *got.AvgSleepHours, 0, "(380+440)/2/60 is 6.83")
		assert.InDelta(t, 50, *got.ShortOfSleep, 0)
		assert.InDelta(t, 25, *got.ShortStep, 0, "of 48 people, eleven are 23 percent")
		assert.InDelta(t, 0.5, got.Spread.SleepHours, 0)
		assert.InDelta(t, 1500, *got.TotalSessions, 0, "48 times 31, to 50")
		assert.Equal(t, "2026-09-01", got.Change.Period.From)
		assert.Equal(t, groupShift{6.8, 0, "no_clear_difference"}, got.Change.SleepHours)
		assert.Nil(t, got.Change.People)
		require.Len(t, got.Earlier, 1)
		assert.Equal(t, "2026-09", got.Earlier[0].Release)
		assert.Equal(t, "would_tell_about_fewer_than_11_people", got.Missing["user_count"])
		assert.Equal(t, `The members of "Company acme" in 2026-10, 48 people: 6.8 hours asleep a night on average, 82 % of the time in bed, sleep score 84. `+
			"About 50 % of them sleep under 7 hours in 24, naps included. Time asleep did not clearly change from the period before.", got.Summary)

		// Nothing that happens afterwards changes it, and nobody is read again.
		first := tooltest.Call(t, analyst, "organization_statistics", `{"period":"2026-10"}`)
		tooltest.Call(t, c.World, "delete_user", `{"user_id":"`+tooltest.MemberID(3)+`","confirm":"`+tooltest.MemberID(3)+`"}`)
		c.Join(t, "acme", tooltest.MemberIDs(48, 50)...)
		at(c, "2026-12-24T09:00:00Z")
		c.Open(t)
		before := c.Requests()
		coach := c.As(access.Coach(tooltest.MemberID(1), nil, "acme").Scoped(access.OrgRead, access.SleepRead))
		for _, w := range []*tooltest.World{analyst, coach, c.As(access.Analyst("acme").Named("another"))} {
			assert.Equal(t, string(first), string(tooltest.Call(t, w, "organization_statistics", `{"period":"2026-10"}`)), "the same for all and for ever")
		}
		assert.Equal(t, before, c.Requests())
		assert.InDelta(t, *got.AvgScore, *askQuietly(t, coach, "cohort_analysis", `{"period":"2026-10","organization":"acme"}`).AvgScore, 0)
	})
}

// What callers who see groups only may ask, and what others may.
func TestPeriodsOfQuestions(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", sleepers(14)...)
	c.Found(t, "acme", tooltest.MemberIDs(0, 14)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	for arguments, says := range map[string]string{
		`{"days":30}`:                    `"days" is not accepted from a caller who may see groups only, received 30. Leave it out, or give "period": a calendar month, 2026-10 or an earlier one that begins on 2025-11-22 or later. 2026-11 can be asked about from 2026-12-04T00:00:00Z on. For example {"organization":"acme","period":"2026-10"}.`,
		`{"days":7,"period":"2026-10"}`:  `"days" is not accepted`,
		`{"period":"2026-11"}`:           `Received 2026-11. For example {"organization":"acme","period":"2026-10"}.`,
		`{"period":"2026-W40"}`:          `must be a calendar month, 2026-10 or`,
		`{"period":"2025-11"}`:           `begins on 2025-11-22 or later`,
		`{"period":"October"}`:           `"period" must be a calendar week such as 2026-W45 or a month such as 2026-10, received "October".`,
		`{"period":"2026-13"}`:           `received "2026-13"`,
		`{"period":"2026-W54"}`:          `received "2026-W54"`,
		`{"period":"2026-1"}`:            `received "2026-1"`,
		`{"period":"2026-10-01"}`:        `received "2026-10-01"`,
		`{"period":"` + "2026-W1" + `"}`: `received "2026-W1"`,
	} {
		for _, name := range []string{"organization_statistics", "cohort_analysis"} {
			f := tooltest.Fails(t, analyst, name, strings.Replace(arguments, "{", `{"organization":"acme",`, 1))
			tooltest.CheckMistake(t, f, says)
			assert.NotEmpty(t, f.Example)
		}
	}
	for _, arguments := range []string{
		`{"user_ids":["G-a"]}`, `{"organization":"acme","include_members":true}`,
	} {
		f := tooltest.Fails(t, analyst, "cohort_analysis", arguments)
		assert.Equal(t, tool.Forbidden, f.Code)
		assert.Contains(t, f.Text, "may see groups only")
	}

	live := tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{"period":"2026-11"}`)
	assert.Equal(t, tool.Period{From: "2026-11-01", To: "2026-11-23", Days: 23}, live.Period, "as far as it has come")
	assert.Equal(t, "2026-10-01", live.Change.Period.From)
	assert.Empty(t, live.Release)
	live = tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{"period":"2026-W40"}`)
	assert.Equal(t, tool.Period{From: "2026-09-28", To: "2026-10-04", Days: 7}, live.Period)
	assert.Equal(t, 14, *tooltest.AnswerOf[cohortAnalysisOut](t, c.World, "cohort_analysis", `{"organization":"acme","period":"2026-10"}`).Eligible)
	for arguments, says := range map[string]string{
		`{"days":30,"period":"2026-10"}`: `"days" and "period" contradict each other: received 30 and 2026-10.`,
		`{"period":"2026-12"}`:           "must be a week or month that has begun",
		`{"period":"2025-W40"}`:          "at most 366 days ago",
	} {
		tooltest.CheckMistake(t, tooltest.Fails(t, c.World, "organization_statistics", arguments), says)
	}
}

// A release is due 72 hours after the period in the organization's zone.
func TestWhenAReleaseIsDue(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", sleepers(14)...)
	require.NoError(t, c.Store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "A", Settings: directory.Settings{Timezone: "America/New_York", Cadence: directory.Weeks}}))
	c.Join(t, "acme", tooltest.MemberIDs(0, 14)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	at(c, "2026-11-19T04:59:59Z")
	assert.Equal(t, "2026-W45", askQuietly(t, analyst, "organization_statistics", `{}`).Release)
	assert.Contains(t, tooltest.Fails(t, analyst, "organization_statistics", `{"period":"2026-W46"}`).Text, "2026-W46 can be asked about from 2026-11-19T00:00:00-05:00 on.")
	at(c, "2026-11-19T05:00:00Z")
	got := askQuietly(t, analyst, "organization_statistics", `{}`)
	assert.Equal(t, "2026-W46", got.Release)
	assert.Equal(t, tool.Period{From: "2026-11-09", To: "2026-11-15", Days: 7}, got.Period)
	assert.Equal(t, []string{"2026-W45", "2026-W44"}, []string{got.Earlier[0].Release, got.Earlier[1].Release})
}

// Two replicas that are asked at once make one release.
func TestTwoReplicasMakeOneRelease(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		c := tooltest.NewCompany(t, dsn, sleepers(30)...)
		c.Found(t, "acme", tooltest.MemberIDs(0, 30)...)
		second, err := directory.Open(t.Context(), c.Dsn)
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, second.Close()) })
		other := &tool.Deps{Client: c.Deps.Client, Now: func() time.Time { return tooltest.Morning.Add(time.Hour) }, DataSource: "asleep"}
		other.Directory = func(context.Context) (*directory.Store, error) { return second, nil }
		var all sync.WaitGroup
		answers := make([]string, 6)
		for i := range answers {
			w := c.As(tooltest.AnalystOf("acme"))
			if i%2 == 1 {
				w.Deps = other
			}
			all.Go(func() { answers[i] = string(tooltest.Call(t, w, "organization_statistics", `{}`)) })
		}
		all.Wait()
		for _, answer := range answers {
			assert.Equal(t, answers[0], answer)
		}
		var rows int
		require.NoError(t, c.Raw(t).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM releases`).Scan(&rows))
		assert.Equal(t, 2, rows, "the month and the one before")
	})
}

// Who cannot be read for the moment is not left out for ever.
func TestReleaseWaitsUntilAllCanBeRead(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", sleepers(30)...)
	c.Found(t, "acme", append(tooltest.MemberIDs(0, 30), "G-unknown")...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	ctx, cancel := context.WithTimeout(analyst.Ctx, 2*time.Second)
	defer cancel()
	slow := &tooltest.World{Sandbox: c.Sandbox, Deps: c.Deps, Ctx: ctx}
	require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: "hang", Times: 3}))
	assert.Equal(t, tool.TimedOut, tooltest.Fails(t, slow, "organization_statistics", `{}`).Code)
	require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: "quota"}))
	assert.Equal(t, tool.Code("quota"), tooltest.Fails(t, analyst, "organization_statistics", `{}`).Code)
	c.Sandbox.ClearFaults()
	assert.Equal(t, 30, *askQuietly(t, analyst, "organization_statistics", `{}`).Eligible, "and whom the service does not know is")
}

// People come and go, one by one.
func TestComingAndGoing(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", sleepers(60)...)
	c.Found(t, "acme", tooltest.MemberIDs(0, 30)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	month := 0
	eligible := func() int {
		got := askQuietly(t, analyst, "organization_statistics", fmt.Sprintf(`{"period":"2026-%02d"}`, 7+month))
		month++
		if got.Suppressed {
			assert.Equal(t, releases.TooNew, got.Reason)
			return 0
		}
		return *got.Eligible
	}
	require.Equal(t, 30, eligible())
	c.Join(t, "acme", tooltest.MemberIDs(30, 41)...)
	assert.Equal(t, 30, eligible(), "eleven wait")
	tooltest.Call(t, c.World, "remove_user_from_organization", `{"email":"`+tooltest.MemberID(3)+`@example.org"}`)
	assert.Equal(t, 18, eligible(), "who leaves takes eleven along")
	c.Join(t, "acme", tooltest.MemberID(41))
	assert.Equal(t, 41, eligible(), "twelve enter, and bring back who was held back")
}

// A holiday takes nobody out of the group, nor does it let two months be subtracted, unless
// it is that of many.
func TestWhoPausesStaysBehindTheFigures(t *testing.T) {
	t.Parallel()
	for pausing, behind := range map[int]int{4: 24, 5: 12} {
		people := sleepers(24)
		for i := range pausing {
			people[i].Recordings = append(tooltest.Nightly(60, "2026-09-30 22:30", "Europe/Paris", "120w 230l 70d 80r"), tooltest.Nightly(4, "2026-10-20 22:30", "Europe/Paris", "20w 90l 70d 80r")...)
		}
		c := tooltest.NewCompany(t, "", people...)
		c.Found(t, "acme", tooltest.MemberIDs(0, 24)...)
		got := askQuietly(t, c.As(tooltest.AnalystOf("acme")), "organization_statistics", `{}`)
		assert.Equal(t, behind, *got.Eligible, "%d pause", pausing)
		assert.Equal(t, 24, *got.Earlier[0].Eligible)
	}
}

// Where organizations share members, the older one's release is made first, whichever is
// asked about.
func TestOverlappingOrganizations(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", sleepers(50)...)
	c.Found(t, "all", tooltest.MemberIDs(0, 41)...)
	c.Found(t, "but-one", tooltest.MemberIDs(1, 41)...)
	c.Found(t, "team", tooltest.MemberIDs(0, 20)...)
	c.Found(t, "rest-but-head", tooltest.MemberIDs(20, 40)...)
	c.Found(t, "others", tooltest.MemberIDs(41, 50)...)
	analyst := c.As(tooltest.AnalystOf("all", "team", "but-one", "rest-but-head", "others"))
	ask := func(organization string) released {
		return askQuietly(t, analyst, "cohort_analysis", `{"organization":"`+organization+`"}`)
	}
	assert.Equal(t, 29, *ask("but-one").Eligible, "eleven more than the one are left out")
	assert.Equal(t, 41, *ask("all").Eligible)
	assert.Equal(t, releases.TooFew, ask("others").Reason)
	team, rest := ask("team"), ask("rest-but-head")
	for _, got := range []released{team, rest} {
		if !got.Suppressed {
			assert.GreaterOrEqual(t, *got.Eligible, 12)
		}
	}
}

// Only the reason distinguishes a group that is too small from a large one: not the
// requests upstream, and not progress.
func TestSmallGroupsAreNotRead(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", sleepers(30)...)
	c.Found(t, "eleven", tooltest.MemberIDs(0, 11)...)
	c.Found(t, "twelve", tooltest.MemberIDs(11, 23)...)
	analyst := c.As(tooltest.AnalystOf("eleven", "twelve"))
	var steps []int
	analyst.Ctx = tool.WithProgress(analyst.Ctx, func(done, total int) {
		assert.Equal(t, 10, total, "tenths")
		steps = append(steps, done)
	})
	for _, name := range []string{"cohort_analysis", "organization_statistics"} {
		got := askQuietly(t, analyst, name, `{"organization":"eleven"}`)
		assert.Equal(t, releases.TooFew, got.Reason)
		assert.Equal(t, "No figures of 2026-10, and there will be none: fewer than 11 people besides any caller had enough nights. "+
			"The next to ask about is 2026-11, from 2026-12-04T00:00:00Z on.", got.Summary)
	}
	assert.Zero(t, analyst.Requests())
	assert.Empty(t, steps)
	got := askQuietly(t, analyst, "organization_statistics", `{"organization":"twelve"}`)
	assert.Equal(t, 12, *got.Eligible)
	assert.Equal(t, "fewer_than_20_people", got.Missing["quartiles"])
	assert.Equal(t, "would_tell_about_fewer_than_11_people", got.Missing["short_of_sleep_percent"])
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, steps, "not twelve of them")
	c.Join(t, "eleven", tooltest.MemberID(29))
	assert.Equal(t, releases.TooFew, askQuietly(t, analyst, "organization_statistics", `{"organization":"eleven"}`).Reason, "what was made stays")
}
