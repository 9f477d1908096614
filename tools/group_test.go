package tools

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
)

// listOf is the argument user_ids.
func listOf(ids ...string) string {
	b, err := json.Marshal(map[string]any{"user_ids": ids})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// The averages of a cohort are those of its people, asked about one by one.
func TestCohortEqualsItsPeople(t *testing.T) {
	t.Parallel()
	people := []sandbox.Person{}
	for i := range 15 {
		zone := []string{"Europe/Paris", "Asia/Seoul", "America/New_York"}[i%3]
		people = append(people, sandbox.Generate(memberID(i), mustLoad(zone), morning.AddDate(0, 0, -40), morning, uint64(i)))
	}
	w := newWorld(t, morning, people...)
	w.deps.Zone = mustLoad("Europe/Paris")
	for _, days := range []int{7, 12, 30} {
		in := strings.TrimSuffix(listOf(memberIDs(0, 15)...), "}") + fmt.Sprintf(`,"days":%d,"include_members":true}`, days)
		got := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", in)
		var scores, hours, efficiencies []float64
		sessions := 0
		for i := range 15 {
			of := fmt.Sprintf(`{"user_id":"%s","days":%d}`, memberID(i), days)
			score := answerOf[sleepScoreOut](t, w, "sleep_score", of)
			means := answerOf[averageStatsOut](t, w, "average_stats", of)
			sessions += score.SessionCount
			row := got.Users[i]
			assert.Equal(t, memberID(i), row.UserID)
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
		if len(scores) == 15 { // the positions are whole then, or halves
			assert.InDelta(t, scores[7], *got.MedianScore, 0)
			assert.InDelta(t, (scores[3]+scores[4])/2, got.Quartiles.Score[0], 0.1)
		}
	}
}

func TestOrganizationStatistics(t *testing.T) {
	t.Parallel()
	worse := func(id string, before, now int) sandbox.Person {
		p := sleepsFor(id, 30, now, 480)
		p.Recordings = append(nightly(30, "2026-10-23 22:30", "Europe/Paris", fmt.Sprintf("%dw %dl 70d 80r", 480-before, before-150)), p.Recordings...)
		return p
	}
	c := newCompany(t, "", worse("G-a", 440, 400), worse("G-b", 430, 395), worse("G-c", 420, 380), sleepsFor("G-new", 20, 430, 480), sleepsFor("G-few", 2, 400, 480))
	c.found(t, "acme", "G-a", "G-b", "G-c", "G-few", "G-new", "G-gone")
	got := answerOf[organizationStatisticsOut](t, c.world, "organization_statistics", `{}`)
	assert.Equal(t, 6, *got.UserCount)
	assert.Equal(t, 5, *got.Size)
	assert.Equal(t, 4, *got.Eligible)
	assert.Equal(t, []Exclusion{{Reason: "few_nights", Count: 1}}, got.Excluded)
	assert.Equal(t, []Exclusion{{Reason: "not_found", Count: 1}}, got.Failures)
	assert.InDelta(t, 6.69, *got.AvgSleepHours, 0, "(400+395+380+430)/4/60")
	assert.InDelta(t, 75, *got.ShortOfSleep, 0, "three of four sleep under seven hours")
	assert.Equal(t, 30, got.PeriodDays)
	assert.Equal(t, Period{From: "2026-09-25", To: "2026-10-24", Days: 30}, got.Change.Period)
	assert.Equal(t, 3, *got.Change.People, "the new one is in neither")
	assert.Equal(t, groupShift{7.17, -0.64, "lower"}, got.Change.SleepHours)
	assert.Contains(t, got.Summary, "38 min a night less than in the period before")
	assert.Contains(t, got.Summary, " 1 person could not be read; failures says why.")
	assert.Contains(t, got.Summary, "of them sleep under 7 hours in 24, naps included.")
	require.Len(t, got.Users, 6)
	assert.Equal(t, memberRow{Email: "G-gone@example.org", UserID: "G-gone", Reason: "not_found"}, got.Users[4])
	assert.Equal(t, 20, got.Users[5].SessionCount)

	c.found(t, "empty")
	none := answerOf[organizationStatisticsOut](t, c.world, "organization_statistics", `{"organization":"empty"}`)
	assert.Equal(t, 0, *none.UserCount)
	assert.Equal(t, "few_nights", none.Missing["avg_score"])
	assert.Contains(t, none.Summary, ": nobody has seven nights or more from ")
}

// One request a person, whatever the day and however the chunks of the cache lie.
func TestOneRequestAPerson(t *testing.T) {
	t.Parallel()
	border := civil.Date{Year: 1970, Month: time.January, Day: 1}.AddDays(206 * 100)
	for _, shift := range []int{0, 1, 20, 40, 99} {
		now := instantOf(border.AddDays(shift).String() + "T09:00:00Z")
		var people []sandbox.Person
		for i := range 5 {
			people = append(people, sandbox.Generate(memberID(i), mustLoad("Europe/Paris"), now.AddDate(0, 0, -10), now, 1))
		}
		w := newWorld(t, now, people...)
		got := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", listOf(memberIDs(0, 5)...))
		assert.Equal(t, 5, *got.Eligible)
		assert.Equal(t, 5, w.requests(), "%d days after a border", shift)
	}
}

// What is cached of single people is not asked for again.
func TestCohortTakesWhatIsCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, crowdOf(3)...)
	call(t, w, "average_stats", `{"user_id":"`+memberID(1)+`"}`)
	before := w.requests()
	call(t, w, "cohort_analysis", listOf(memberIDs(0, 3)...))
	assert.Equal(t, 2, w.requests()-before)
}

func TestCohortMistakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, crowdOf(2)...)
	for arguments, says := range map[string]string{
		`{}`: `Give "user_ids"`,
		`{"user_ids":["a"],"organization":"acme"}`: "contradict",
		`{"user_ids":[]}`:                          "a list of 1 to 1000 texts, received a list of 0",
		listOf(memberIDs(0, 1001)...):              "make an organization of more",
		`{"user_ids":"a"}`:                         `received "a"`,
		`{"user_ids":["a",7]}`:                     "received 7 in place 2",
		`{"user_ids":["a",null]}`:                  "received null in place 2",
		listOf("a", "../b"):                        `received "../b" in place 2`,
		listOf("a", ""):                            `received "" in place 2`,
		listOf(strings.Repeat("a", 129)):           "in place 1",
		`{"user_ids":["a"],"days":6}`:              "from 7 to 366",
		`{"user_ids":["a"],"include_members":1}`:   "true or false",
		`{"user_id":"a"}`:                          `Did you mean "user_ids"?`,
		`{"organization":"acme"}`:                  "ASLEEP_MCP_DATABASE_URL",
	} {
		f := fails(t, w, "cohort_analysis", arguments)
		assert.Contains(t, f.Text, says, arguments)
	}
	assert.Zero(t, w.requests())

	twice := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", listOf(memberID(0), memberID(1), memberID(0)))
	assert.Equal(t, 2, *twice.Size)
	assert.Equal(t, "repeated", twice.Warnings[0].Code)
	assert.Equal(t, 2, w.requests())
	call(t, w, "cohort_analysis", listOf(memberIDs(0, 1000)...)) // as many as may be
}

func TestPartialResults(t *testing.T) {
	t.Parallel()
	people := append(crowdOf(8), sandbox.Person{ID: "G-none"}, sleepsFor("G-few", 3, 400, 480))
	w := newWorld(t, morning, people...)
	in := strings.TrimSuffix(listOf(append(memberIDs(0, 8), "G-none", "G-few", "G-gone-1", "G-gone-2")...), "}") + `,"include_members":true}`
	got := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", in)
	assert.Equal(t, 10, *got.Size)
	assert.Equal(t, 8, *got.Eligible)
	assert.Equal(t, []Exclusion{{Reason: "few_nights", Count: 1}, {Reason: "no_nights", Count: 1}}, got.Excluded)
	assert.Equal(t, []Exclusion{{Reason: "not_found", Count: 2}}, got.Failures)
	assert.Equal(t, cohortUser{UserID: "G-gone-2", Reason: "not_found"}, got.Users[11])
	assert.Equal(t, "no_nights", got.Users[8].Reason)

	gone := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", listOf("G-gone-1", "G-gone-2"))
	assert.Equal(t, 0, *gone.Size)
	assert.Equal(t, "few_nights", gone.Missing["avg_score"])

	sparse := startWorld(t, sandbox.Options{Now: func() time.Time { return morning }, Sparse: true, People: crowdOf(2)})
	got = answerOf[cohortAnalysisOut](t, sparse, "cohort_analysis", listOf(memberIDs(0, 2)...))
	assert.Equal(t, []Exclusion{{Reason: "no_nightly_numbers", Count: 2}}, got.Failures)
}

// Passing faults are tried again; those for everybody end the question at once.
func TestFaultsOfACrowd(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"internal", "cut", "bad_gateway", "rate_limited", "rate_limited_429"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, morning, crowdOf(40)...)
			require.NoError(t, w.sandbox.SetFault(sandbox.Fault{Name: name, Times: 20}))
			got := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", listOf(memberIDs(0, 40)...))
			assert.Equal(t, 40, *got.Eligible)
			assert.Empty(t, got.Failures)
		})
	}
	for name, code := range map[string]Code{"unauthorized": "bad_key", "quota": "quota", "plan_expired": "plan_expired"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, morning, crowdOf(1)...)
			require.NoError(t, w.sandbox.SetFault(sandbox.Fault{Name: name}))
			assert.Equal(t, code, fails(t, w, "cohort_analysis", listOf(memberIDs(0, 1000)...)).Code)
			assert.LessOrEqual(t, w.requests(), 2*32, "those that were under way, and one more each at most")
		})
	}
	t.Run("a long pause", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, morning, crowdOf(1)...)
		ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
		defer cancel()
		w.ctx = ctx
		require.NoError(t, w.sandbox.SetFault(sandbox.Fault{Name: "rate_limited_429", RetryAfter: time.Minute}))
		f := fails(t, w, "cohort_analysis", listOf(memberIDs(0, 100)...))
		assert.Equal(t, Code(asleep.RateLimited), f.Code)
		assert.Contains(t, f.Text, "60 seconds")
	})
	t.Run("hanging", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, morning, crowdOf(8)...)
		ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
		defer cancel()
		w.ctx = ctx
		require.NoError(t, w.sandbox.SetFault(sandbox.Fault{Name: "hang", Times: 3}))
		got := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", listOf(memberIDs(0, 8)...))
		assert.Equal(t, 5, *got.Eligible, "whoever answered is told before time is up")
		assert.Equal(t, []Exclusion{{Reason: "timeout", Count: 3}}, got.Failures)
		require.NoError(t, ctx.Err())
	})
}

// A service that takes ten requests at a time gets no more for long, and all people
// are read.
func TestCrowdTakesFewerAtATime(t *testing.T) {
	t.Parallel()
	w, under := newWorld(t, morning, crowdOf(24)...), atomic.Int64{}
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
	ids := append(memberIDs(0, 24), memberIDs(1000, 1400)...)
	got := answerOf[cohortAnalysisOut](t, proxy, "cohort_analysis", listOf(ids...))
	assert.Equal(t, 24, *got.Eligible)
	assert.Equal(t, []Exclusion{{Reason: "not_found", Count: 400}}, got.Failures)
	assert.Less(t, refused.Load(), int64(200))
}

func TestCancelledCrowd(t *testing.T) {
	t.Parallel()
	w := startWorld(t, sandbox.Options{Now: func() time.Time { return morning }, Latency: 50 * time.Millisecond, People: crowdOf(2)})
	ctx, cancel := context.WithCancel(w.ctx)
	w.ctx = WithProgress(ctx, func(done, _ int) {
		if done == 40 {
			cancel()
		}
	})
	assert.Equal(t, Cancelled, fails(t, w, "cohort_analysis", listOf(memberIDs(0, 1000)...)).Code)
	assert.LessOrEqual(t, w.requests(), 40+2*32, "of a thousand")
}

// A panic while one person is read ends the question, not the program.
func TestPanicOfACrowd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, crowdOf(3)...)
	w.ctx = WithProgress(w.ctx, func(int, int) { panic("odd") })
	assert.PanicsWithValue(t, "odd", func() {
		_, _ = toolNamed(t, "cohort_analysis").Call(w.ctx, w.deps, json.RawMessage(listOf(memberIDs(0, 3)...)))
	})
}

func TestCrowdTellsItsProgress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, crowdOf(2)...)
	var mu sync.Mutex
	var told []int
	w.ctx = WithProgress(w.ctx, func(done, total int) {
		assert.True(t, mu.TryLock(), "never two at once")
		defer mu.Unlock()
		assert.Equal(t, 50, total)
		told = append(told, done)
	})
	call(t, w, "cohort_analysis", listOf(memberIDs(0, 50)...))
	require.Len(t, told, 50)
	assert.True(t, slices.IsSorted(told))
}

// The order in which people are listed, and in which they are read, does not matter.
func TestTheOrderOfPeopleDoesNotMatter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, crowdOf(24)...)
	ids := memberIDs(0, 24)
	want := call(t, w, "cohort_analysis", listOf(ids...))
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	assert.JSONEq(t, string(want), string(call(t, w, "cohort_analysis", listOf(ids...))))
}

func TestRowsAreCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, crowdOf(24)...)
	ids := memberIDs(0, 1000)
	got := answerOf[cohortAnalysisOut](t, w, "cohort_analysis", strings.TrimSuffix(listOf(ids...), "}")+`,"include_members":true}`)
	assert.Greater(t, len(got.Users), 400)
	assert.Less(t, len(got.Users), 1000)
	assert.Equal(t, "truncated", got.Warnings[0].Code)
	assert.Equal(t, 24, *got.Size)
}

// A group has the zone of its organization, and every person their own.
func TestZonesOfAGroup(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", sleepsFor("G-a", 20, 420, 480))
	c.found(t, "acme", "G-a")
	c.deps.Now = func() time.Time { return instantOf("2026-11-23T23:30:00Z") }
	assert.Equal(t, "2026-11-23", answerOf[organizationStatisticsOut](t, c.world, "organization_statistics", `{}`).Period.To)
	c.deps.Zone = mustLoad("Asia/Seoul")
	assert.Equal(t, "2026-11-24", answerOf[organizationStatisticsOut](t, c.world, "organization_statistics", `{}`).Period.To)
	_, err := c.raw(t).ExecContext(t.Context(), `UPDATE organizations SET settings = '{"timezone":"America/New_York"}'`)
	require.NoError(t, err)
	got := answerOf[organizationStatisticsOut](t, c.world, "organization_statistics", `{}`)
	assert.Equal(t, "2026-11-23", got.Period.To)
	assert.True(t, strings.HasSuffix(got.AsOf, "-05:00"), got.AsOf)
}

// throughHandler is the same world behind a handler that may answer first.
func throughHandler(t *testing.T, w *world, handle func(http.ResponseWriter, *http.Request, http.Handler)) *world {
	t.Helper()
	return &world{sandbox: w.sandbox, ctx: w.ctx, deps: &Deps{
		Client: clientOf(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handle(rw, r, w.sandbox) })),
		Now:    w.deps.Now, DataSource: w.deps.DataSource,
	}}
}
