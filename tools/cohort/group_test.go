package cohort

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// ofOnePerson is what the tools about one person say of somebody in a group.
type ofOnePerson struct {
	tool.Head
	Overall      *float64 `json:"overall_score"`
	SessionCount int      `json:"session_count"`
	Averages     struct {
		SleepHours *float64 `json:"avg_sleep_hours"`
		Efficiency *float64 `json:"avg_efficiency"`
	} `json:"averages"`
}

// The averages of a cohort are those of its people when asked about one by one.
func TestCohortEqualsItsPeople(t *testing.T) {
	t.Parallel()
	people := []sandbox.Person{}
	for i := range 15 {
		zone := []string{"Europe/Paris", "Asia/Seoul", "America/New_York"}[i%3]
		people = append(people, sandbox.Generate(tooltest.MemberID(i), tooltest.MustLoad(zone), tooltest.Morning.AddDate(0, 0, -40), tooltest.Morning, uint64(i)))
	}
	w := tooltest.NewWorld(t, tooltest.Morning, people...)
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	for _, days := range []int{7, 12, 30} {
		in := strings.TrimSuffix(tooltest.ListOf(tooltest.MemberIDs(0, 15)...), "}") + fmt.Sprintf(`,"days":%d,"include_members":true}`, days)
		got := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", in)
		var scores, hours, efficiencies []float64
		sessions := 0
		for i := range 15 {
			of := fmt.Sprintf(`{"user_id":"%s","days":%d}`, tooltest.MemberID(i), days)
			score := tooltest.AnswerOf[ofOnePerson](t, w, "sleep_score", of)
			means := tooltest.AnswerOf[ofOnePerson](t, w, "average_stats", of)
			sessions += score.SessionCount
			row := got.Users[i]
			assert.Equal(t, tooltest.MemberID(i), row.UserID)
			assert.Equal(t, score.SessionCount, row.Sessions)
			if score.Nights.Used < 7 {
				assert.Equal(t, "few_nights", row.Reason)
				continue
			}
			assert.InDelta(t, *score.Overall, *row.Score, 0)
			assert.InDelta(t, *means.Averages.Efficiency, *row.Efficiency, 0)
			scores, hours = append(scores, *score.Overall), append(hours, *means.Averages.SleepHours)
			efficiencies = append(efficiencies, *means.Averages.Efficiency)
		}
		require.GreaterOrEqual(t, len(scores), 10)
		assert.Equal(t, 15, *got.Size)
		assert.Equal(t, len(scores), *got.Eligible)
		assert.Equal(t, sessions, *got.TotalSessions)
		assert.InDelta(t, stat.Mean(scores, nil), *got.AvgScore, 0.1, "of values rounded to a tenth")
		assert.InDelta(t, stat.Mean(hours, nil), *got.AvgSleepHours, 0.011)
		assert.InDelta(t, stat.Mean(efficiencies, nil), *got.AvgEfficiency, 0.1)
		assert.InDelta(t, stat.StdDev(scores, nil), got.Spread.Score, 0.11)
		slices.Sort(scores)
		if len(scores) == 15 { // the positions are then integers or halves
			assert.InDelta(t, scores[7], *got.MedianScore, 0)
			assert.InDelta(t, (scores[3]+scores[4])/2, got.Quartiles.Score[0], 0.1)
		}
	}
}

func TestOrganizationStatistics(t *testing.T) {
	t.Parallel()
	worse := func(id string, before, now int) sandbox.Person {
		p := tooltest.SleepsFor(id, 30, now, 480)
		p.Recordings = append(tooltest.Nightly(30, "2026-10-23 22:30", "Europe/Paris", fmt.Sprintf("%dw %dl 70d 80r", 480-before, before-150)), p.Recordings...)
		return p
	}
	c := tooltest.NewCompany(t, "", worse("G-a", 440, 400), worse("G-b", 430, 395), worse("G-c", 420, 380), tooltest.SleepsFor("G-new", 20, 430, 480), tooltest.SleepsFor("G-few", 2, 400, 480))
	c.Found(t, "acme", "G-a", "G-b", "G-c", "G-few", "G-new", "G-gone")
	got := tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{}`)
	assert.Equal(t, 6, *got.UserCount)
	assert.Equal(t, 5, *got.Size)
	assert.Equal(t, 4, *got.Eligible)
	assert.Equal(t, []tool.Exclusion{{Reason: "few_nights", Count: 1}}, got.Excluded)
	assert.Equal(t, []tool.Exclusion{{Reason: "not_found", Count: 1}}, got.Failures)
	assert.InDelta(t, 6.69, *got.AvgSleepHours, 0, "(400+395+380+430)/4/60")
	assert.InDelta(t, 75, *got.ShortOfSleep, 0, "three of four sleep under seven hours")
	assert.Equal(t, 30, got.PeriodDays)
	assert.Equal(t, tool.Period{From: "2026-09-25", To: "2026-10-24", Days: 30}, got.Change.Period)
	assert.Equal(t, 3, *got.Change.People, "the new one is in neither")
	assert.Equal(t, groupShift{7.17, -0.64, "lower"}, got.Change.SleepHours)
	assert.Contains(t, got.Summary, "38 min a night less than in the period before")
	assert.Contains(t, got.Summary, " 1 person could not be read; failures says why.")
	assert.Contains(t, got.Summary, "of them sleep under 7 hours in 24, naps included.")
	require.Len(t, got.Users, 6)
	assert.Equal(t, memberRow{Email: "G-gone@example.org", UserID: "G-gone", Reason: "not_found"}, got.Users[4])
	assert.Equal(t, 20, got.Users[5].SessionCount)

	c.Found(t, "empty")
	none := tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{"organization":"empty"}`)
	assert.Equal(t, 0, *none.UserCount)
	assert.Equal(t, "few_nights", none.Missing["avg_score"])
	assert.Contains(t, none.Summary, ": nobody has seven nights or more from ")
}

// Members who may be minors by what any organization was told have no score of their own, it is
// said why, and they are not among a few people who are listed.
func TestRowsOfMinors(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(3)...)
	c.Found(t, "acme", tooltest.MemberIDs(0, 3)...)
	require.NoError(t, c.Store.CreateOrganization(t.Context(), directory.Organization{ID: "school", Name: "School"}))
	for i, year := range []int{2008, 2007} {
		r, err := c.Store.Reserve(t.Context(), directory.Member{Organization: "school", Email: fmt.Sprintf("%d@example.org", i), Metadata: directory.Metadata{BirthYear: year}})
		require.NoError(t, err)
		require.NoError(t, c.Store.Confirm(t.Context(), r, tooltest.MemberID(i)))
	}
	rows := tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{}`)
	listed := tooltest.AnswerOf[cohortAnalysisOut](t, c.World, "cohort_analysis", strings.Replace(tooltest.ListOf(tooltest.MemberIDs(0, 3)...), "}", `,"include_members":true}`, 1))
	assert.Equal(t, 3, *rows.Eligible)
	assert.Equal(t, 2, *listed.Eligible)
	assert.Equal(t, []tool.Exclusion{{Reason: "minor", Count: 1}}, listed.Excluded)
	assert.InDelta(t, (*listed.Users[1].Score+*listed.Users[2].Score)/2, *listed.AvgScore, 0.1)
	for i := range 3 {
		assert.Equal(t, i == 0, rows.Users[i].Score == nil)
		assert.Equal(t, i == 0, rows.Users[i].Reason == "minor")
		assert.Equal(t, i == 0, listed.Users[i].Score == nil)
		assert.Equal(t, i == 0, listed.Users[i].Reason == "minor")
		assert.NotNil(t, rows.Users[i].SleepHours)
	}
	alone := tooltest.AnswerOf[cohortAnalysisOut](t, c.World, "cohort_analysis", tooltest.ListOf(tooltest.MemberID(0)))
	assert.Nil(t, alone.AvgScore)
	require.NoError(t, c.Store.Close())
	listed = tooltest.AnswerOf[cohortAnalysisOut](t, c.World, "cohort_analysis", strings.Replace(tooltest.ListOf(tooltest.MemberIDs(0, 3)...), "}", `,"include_members":true}`, 1))
	assert.NotNil(t, listed.Users[0].Score, "a list of people needs no directory")
}

// One request per person, whatever the day and wherever the cache's chunks lie.
func TestOneRequestAPerson(t *testing.T) {
	t.Parallel()
	border := civil.Date{Year: 1970, Month: time.January, Day: 1}.AddDays(206 * 100)
	for _, shift := range []int{0, 1, 20, 40, 99} {
		now := tooltest.InstantOf(border.AddDays(shift).String() + "T09:00:00Z")
		var people []sandbox.Person
		for i := range 5 {
			people = append(people, sandbox.Generate(tooltest.MemberID(i), tooltest.MustLoad("Europe/Paris"), now.AddDate(0, 0, -10), now, 1))
		}
		w := tooltest.NewWorld(t, now, people...)
		got := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 5)...))
		assert.Equal(t, 5, *got.Eligible)
		assert.Equal(t, 5, w.Requests(), "%d days after a border", shift)
	}
}

// Up to 66 days of nights, with all that decides about them, are one request; two
// periods of 33 days are as well.
func TestLongestRangeOfOneRequest(t *testing.T) {
	t.Parallel()
	for _, question := range []struct {
		tool           string
		days, requests int
	}{
		{"cohort_analysis", 66, 2},
		{"cohort_analysis", 70, 4},
		{"organization_statistics", 33, 2},
		{"organization_statistics", 35, 4},
	} {
		for _, zone := range []string{"UTC", "Asia/Seoul", "America/Los_Angeles"} {
			for _, now := range []string{"2026-11-23T01:00:00Z", "2026-11-23T12:00:00Z", "2026-11-23T23:00:00Z"} {
				c := tooltest.NewCompany(t, "", tooltest.PeopleOf(2)...)
				c.Found(t, "acme", tooltest.MemberIDs(0, 2)...)
				c.Deps.Zone, c.Deps.Now = tooltest.MustLoad(zone), func() time.Time { return tooltest.InstantOf(now) }
				tooltest.Call(t, c.World, question.tool, fmt.Sprintf(`{"organization":"acme","days":%d}`, question.days))
				assert.Equal(t, question.requests, c.Requests(), "%s at %s: %v", zone, now, question)
			}
		}
	}
}

// What is cached about single people is not requested again.
func TestCohortTakesWhatIsCached(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(3)...)
	tooltest.Call(t, w, "average_stats", `{"user_id":"`+tooltest.MemberID(1)+`"}`)
	before := w.Requests()
	tooltest.Call(t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 3)...))
	assert.Equal(t, 2, w.Requests()-before)
}

func TestCohortMistakes(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(2)...)
	for arguments, says := range map[string]string{
		`{}`: `Give "user_ids"`,
		`{"user_ids":["a"],"organization":"acme"}`:      "contradict",
		`{"user_ids":[]}`:                               "It is not clear which people are meant",
		tooltest.ListOf(tooltest.MemberIDs(0, 1001)...): "create an organization",
		`{"user_ids":7}`:                                `received 7`,
		`{"user_ids":["a",7]}`:                          "received 7 in place 2",
		`{"user_ids":["a",null]}`:                       "received null in place 2",
		tooltest.ListOf("a", "../b"):                    `received "../b" in place 2`,
		tooltest.ListOf("a", ""):                        `received "" in place 2`,
		tooltest.ListOf(strings.Repeat("a", 129)):       "in place 1",
		`{"user_ids":["a"],"days":6}`:                   "from 7 to 366",
		`{"user_ids":["a"],"include_members":1}`:        "true or false",
		`{"user_id":"a"}`:                               `Did you mean "user_ids"?`,
		`{"organization":"acme"}`:                       "ASLEEP_MCP_DATABASE_URL",
	} {
		f := tooltest.Fails(t, w, "cohort_analysis", arguments)
		assert.Contains(t, f.Text, says, arguments)
	}
	assert.Zero(t, w.Requests())

	twice := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberID(0), tooltest.MemberID(1), tooltest.MemberID(0)))
	assert.Equal(t, 2, *twice.Size)
	assert.Equal(t, "repeated", twice.Warnings[0].Code)
	assert.Equal(t, 2, w.Requests())
	tooltest.Call(t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 1000)...)) // as many as may be
}

func TestPartialResults(t *testing.T) {
	t.Parallel()
	people := append(tooltest.PeopleOf(8), sandbox.Person{ID: "G-none"}, tooltest.SleepsFor("G-few", 3, 400, 480))
	w := tooltest.NewWorld(t, tooltest.Morning, people...)
	in := strings.TrimSuffix(tooltest.ListOf(append(tooltest.MemberIDs(0, 8), "G-none", "G-few", "G-gone-1", "G-gone-2")...), "}") + `,"include_members":true}`
	got := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", in)
	assert.Equal(t, 10, *got.Size)
	assert.Equal(t, 8, *got.Eligible)
	assert.Equal(t, []tool.Exclusion{{Reason: "few_nights", Count: 1}, {Reason: "no_nights", Count: 1}}, got.Excluded)
	assert.Equal(t, []tool.Exclusion{{Reason: "not_found", Count: 2}}, got.Failures)
	assert.Equal(t, cohortUser{UserID: "G-gone-2", Reason: "not_found"}, got.Users[11])
	assert.Equal(t, "no_nights", got.Users[8].Reason)

	gone := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", tooltest.ListOf("G-gone-1", "G-gone-2"))
	assert.Equal(t, 0, *gone.Size)
	assert.Equal(t, "few_nights", gone.Missing["avg_score"])

	sparse := tooltest.StartWorld(t, sandbox.Options{Now: func() time.Time { return tooltest.Morning }, Sparse: true, People: tooltest.PeopleOf(2)})
	got = tooltest.AnswerOf[cohortAnalysisOut](t, sparse, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 2)...))
	assert.Equal(t, []tool.Exclusion{{Reason: "no_nightly_numbers", Count: 2}}, got.Failures)
}

// Passing faults are retried; those for everybody end the question at once.
func TestFaultsOfABulkRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"internal", "cut", "bad_gateway", "rate_limited", "rate_limited_429"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(40)...)
			require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: name, Times: 20}))
			got := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 40)...))
			assert.Equal(t, 40, *got.Eligible)
			assert.Empty(t, got.Failures)
		})
	}
	for name, code := range map[string]tool.Code{"unauthorized": "bad_key", "quota": "quota", "plan_expired": "plan_expired"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(1)...)
			require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: name}))
			assert.Equal(t, code, tooltest.Fails(t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 1000)...)).Code)
			assert.LessOrEqual(t, w.Requests(), 2*32, "those that were under way, and one more each at most")
		})
	}
	t.Run("a long pause", func(t *testing.T) {
		t.Parallel()
		w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(1)...)
		ctx, cancel := context.WithTimeout(w.Ctx, 20*time.Second)
		defer cancel()
		w.Ctx = ctx
		require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "rate_limited_429", RetryAfter: time.Minute}))
		f := tooltest.Fails(t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 100)...))
		assert.Equal(t, tool.Code(asleep.RateLimited), f.Code)
		assert.Contains(t, f.Text, "60 seconds")
	})
	t.Run("hanging", func(t *testing.T) {
		t.Parallel()
		w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(8)...)
		ctx, cancel := context.WithTimeout(w.Ctx, 5*time.Second)
		defer cancel()
		w.Ctx = ctx
		require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "hang", Times: 3}))
		got := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 8)...))
		assert.Equal(t, 5, *got.Eligible, "whoever answered is told before time is up")
		assert.Equal(t, []tool.Exclusion{{Reason: "timeout", Count: 3}}, got.Failures)
		require.NoError(t, ctx.Err())
	})
}

// A service that takes ten requests at a time soon gets no more than that, and everybody
// is read.
func TestBulkReadTakesFewerAtATime(t *testing.T) {
	t.Parallel()
	w, under := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(24)...), atomic.Int64{}
	var refused atomic.Int64
	proxy := throughHandler(t, w, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		defer under.Add(-1)
		if under.Add(1) > 10 {
			refused.Add(1)
			rw.WriteHeader(http.StatusForbidden)
			_, _ = rw.Write([]byte(`{"detail":"Rate limit exceeded"}`))
			return
		}
		time.Sleep(2 * time.Millisecond)
		next.ServeHTTP(rw, r)
	})
	ids := append(tooltest.MemberIDs(0, 24), tooltest.MemberIDs(1000, 1400)...)
	got := tooltest.AnswerOf[cohortAnalysisOut](t, proxy, "cohort_analysis", tooltest.ListOf(ids...))
	assert.Equal(t, 24, *got.Eligible)
	assert.Equal(t, []tool.Exclusion{{Reason: "not_found", Count: 400}}, got.Failures)
	assert.Less(t, refused.Load(), int64(200))
}

func TestCancelledBulkRead(t *testing.T) {
	t.Parallel()
	w := tooltest.StartWorld(t, sandbox.Options{Now: func() time.Time { return tooltest.Morning }, Latency: 50 * time.Millisecond, People: tooltest.PeopleOf(2)})
	ctx, cancel := context.WithCancel(w.Ctx)
	w.Ctx = tool.WithProgress(ctx, func(done, _ int) {
		if done == 40 {
			cancel()
		}
	})
	assert.Equal(t, tool.Cancelled, tooltest.Fails(t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 1000)...)).Code)
	assert.LessOrEqual(t, w.Requests(), 40+2*32, "of a thousand")
}

// A panic while one person is read ends the question, not the program.
func TestPanicOfABulkRead(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(3)...)
	w.Ctx = tool.WithProgress(w.Ctx, func(int, int) { panic("odd") })
	assert.PanicsWithValue(t, "odd", func() {
		_, _ = tooltest.ToolNamed(t, "cohort_analysis").Call(w.Ctx, w.Deps, json.RawMessage(tooltest.ListOf(tooltest.MemberIDs(0, 3)...)))
	})
}

func TestBulkReadReportsProgress(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(2)...)
	var mu sync.Mutex
	var told []int
	w.Ctx = tool.WithProgress(w.Ctx, func(done, total int) {
		assert.True(t, mu.TryLock(), "never two at once")
		defer mu.Unlock()
		assert.Equal(t, 50, total)
		told = append(told, done)
	})
	tooltest.Call(t, w, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 50)...))
	require.Len(t, told, 50)
	assert.True(t, slices.IsSorted(told))
}

// The order in which people are listed, and in which they are read, does not matter.
func TestTheOrderOfPeopleDoesNotMatter(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(24)...)
	ids := tooltest.MemberIDs(0, 24)
	want := tooltest.Call(t, w, "cohort_analysis", tooltest.ListOf(ids...))
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	assert.JSONEq(t, string(want), string(tooltest.Call(t, w, "cohort_analysis", tooltest.ListOf(ids...))))
}

func TestRowsAreCut(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(24)...)
	ids := tooltest.MemberIDs(0, 1000)
	got := tooltest.AnswerOf[cohortAnalysisOut](t, w, "cohort_analysis", strings.TrimSuffix(tooltest.ListOf(ids...), "}")+`,"include_members":true}`)
	assert.Greater(t, len(got.Users), 400)
	assert.Less(t, len(got.Users), 1000)
	assert.Equal(t, "truncated", got.Warnings[0].Code)
	assert.Equal(t, 24, *got.Size)
}

// A group has the zone of its organization, and every person their own.
func TestZonesOfAGroup(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.SleepsFor("G-a", 20, 420, 480))
	c.Found(t, "acme", "G-a")
	c.Deps.Now = func() time.Time { return tooltest.InstantOf("2026-11-23T23:30:00Z") }
	assert.Equal(t, "2026-11-23", tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{}`).Period.To)
	c.Deps.Zone = tooltest.MustLoad("Asia/Seoul")
	assert.Equal(t, "2026-11-24", tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{}`).Period.To)
	_, err := c.Raw(t).ExecContext(t.Context(), `UPDATE organizations SET settings = '{"timezone":"America/New_York"}'`)
	require.NoError(t, err)
	got := tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{}`)
	assert.Equal(t, "2026-11-23", got.Period.To)
	assert.True(t, strings.HasSuffix(got.AsOf, "-05:00"), got.AsOf)
}

// throughHandler returns the same world behind a handler that may answer first.
func throughHandler(t *testing.T, w *tooltest.World, handle func(http.ResponseWriter, *http.Request, http.Handler)) *tooltest.World {
	t.Helper()
	return &tooltest.World{Sandbox: w.Sandbox, Ctx: w.Ctx, Deps: &tool.Deps{
		Client: tooltest.ClientOf(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handle(rw, r, w.Sandbox) })),
		Now:    w.Deps.Now, DataSource: w.Deps.DataSource,
	}}
}
