package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nows returns the instants at which Demo is tested: the middle of a day, the first of a
// month, night, and the days around both clock changes.
func nows() []time.Time {
	days := []time.Time{
		noon,
		time.Date(2026, 11, 1, 0, 30, 0, 0, time.UTC),
		time.Date(2026, 11, 1, 11, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 1, 22, 59, 0, 0, time.UTC),
		time.Date(2027, 1, 2, 5, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 23, 8, 12, 0, 0, time.UTC),
	}
	for d := range 12 {
		days = append(days, time.Date(2026, 3, 28+d, 9, 0, 0, 0, time.UTC), time.Date(2026, 10, 23+d, 4, 30, 0, 0, time.UTC))
	}
	return days
}

// found is what the API says about Demo at an instant.
type found struct {
	t          *testing.T
	url        string
	facts      map[string]Fact
	home       *time.Location
	byID       map[string]Recording
	recordings []Recording
}

func demoAt(t *testing.T, now time.Time) found {
	t.Helper()
	people := Demo(now, 1)
	require.Len(t, people, 1)
	assert.Regexp(t, `^G-\d{14}-[A-Za-z0-9]{20}$`, people[0].ID)
	_, url := serve(t, Options{Now: at(now), People: people})
	f := found{t, url, map[string]Fact{}, zone(t, "Europe/Paris"), map[string]Recording{}, people[0].Recordings}
	for _, fact := range DemoFacts(now, 1) {
		f.facts[fact.Name] = fact
		assert.NotContains(t, fact.Text, "%!")
	}
	for _, r := range f.recordings {
		f.byID[r.ID] = r
	}
	return f
}

// session requests one session of a fact.
func (f found) session(fact string, i int) map[string]any {
	f.t.Helper()
	require.Greater(f.t, len(f.facts[fact].SessionIDs), i, fact)
	got := get(f.t, f.url+"/data/v3/sessions/"+f.facts[fact].SessionIDs[i], "x-user-id", DemoUser, "timezone", "Europe/Paris")
	require.Equal(f.t, http.StatusOK, got.status, got.raw)
	return got.result
}

func (f found) nightOf(id string) civil.Date {
	r, known := f.byID[id]
	require.True(f.t, known, id)
	return civil.DateOf(r.End.In(zone(f.t, r.Zone)))
}

// after returns the recording that follows another.
func (f found) after(id string) string {
	i := slices.IndexFunc(f.recordings, func(r Recording) bool { return r.ID == id })
	return f.recordings[i+1].ID
}

func TestDemoFacts(t *testing.T) {
	t.Parallel()
	for _, now := range nows() {
		t.Run(now.Format(time.RFC3339), func(t *testing.T) {
			t.Parallel()
			f := demoAt(t, now)
			f.checkRecordings(now)
			f.lastTwoDays(now)
			f.oddNights()
			f.weeks()
			f.clockChange()
			f.worseMonth(now)
		})
	}
}

// checkRecordings checks the recordings themselves.
func (f found) checkRecordings(now time.Time) {
	assert.Greater(f.t, len(f.recordings), 200)
	for i, r := range f.recordings {
		assert.False(f.t, r.End.After(now), r.ID)
		assert.True(f.t, i == 0 || !r.Start.Before(f.recordings[i-1].End), "%s overlaps", r.ID)
	}
	for name, fact := range f.facts {
		for _, id := range fact.SessionIDs {
			date := f.nightOf(id)
			if name == "too_short" {
				date = f.nightOf(f.after(id)) // for which it was made
			}
			assert.False(f.t, date.Before(fact.Date) || date.After(fact.Last), "%s: %s is no night of %s", name, id, fact.Date)
		}
	}
}

func (f found) lastTwoDays(now time.Time) {
	last := f.recordings[len(f.recordings)-1]
	night := f.nightOf(last.ID)
	assert.Contains(f.t, []int{0, 1}, civil.DateOf(now.In(f.home)).DaysSince(night))
	analysing, pending := f.facts["analysing"]
	assert.Equal(f.t, now.Sub(last.End) < 90*time.Minute, pending)
	if pending {
		assert.Equal(f.t, []string{last.ID}, analysing.SessionIDs)
		assert.Equal(f.t, night, analysing.Date)
		got := f.session("analysing", 0)
		assert.Contains(f.t, got["peculiarities"], "IN_PROGRESS")
		assert.Equal(f.t, "CLOSED", got["session"].(map[string]any)["state"])
	} else {
		assert.NotEqual(f.t, Closed, last.State)
	}
	assert.Contains(f.t, f.session("too_short", 0)["peculiarities"], "TOO_SHORT_FOR_ANALYSIS")

	census := listed(f.t, get(f.t, f.url+"/data/v1/sessions?date_gte="+night.AddDays(-1).String(), "x-user-id", DemoUser, "timezone", "Europe/Paris"))
	ids := make([]string, len(census))
	for i, row := range census {
		ids[i] = row["session_id"].(string)
	}
	assert.Contains(f.t, ids, f.facts["too_short"].SessionIDs[0])
	assert.Contains(f.t, ids, last.ID)

	finished := night
	if pending {
		finished = night.AddDays(-1)
	}
	slept := f.slept(night.AddDays(-2), night)
	assert.Equal(f.t, finished, f.nightOf(slept[0]["id"].(string)), "the newest finished night")
}

// slept lists the slept sessions that start in the dates, newest first.
func (f found) slept(from, to civil.Date) []map[string]any {
	f.t.Helper()
	got := get(f.t, fmt.Sprintf("%s/data/v1/users/%s/average-stats?start_date=%s&end_date=%s", f.url, DemoUser, from, to), "timezone", "Europe/Paris")
	require.Equal(f.t, http.StatusOK, got.status, got.raw)
	list := got.result["slept_sessions"].([]any)
	out := make([]map[string]any, len(list))
	for i, s := range list {
		out[i] = s.(map[string]any)
	}
	return out
}

func (f found) oddNights() {
	nap := f.session("nap", 0)
	assert.InDelta(f.t, 36*60, nap["stat"].(map[string]any)["time_in_sleep"], 60)
	assert.Equal(f.t, 14, f.byID[f.facts["nap"].SessionIDs[0]].Start.In(f.home).Hour())
	beside := slices.ContainsFunc(f.recordings, func(r Recording) bool {
		return f.nightOf(r.ID) == f.facts["nap"].Date && r.End.Sub(r.Start) > 5*time.Hour
	})
	assert.True(f.t, beside, "a whole night beside the nap")

	split := f.facts["split_night"].SessionIDs
	require.Len(f.t, split, 2)
	assert.Equal(f.t, 25*time.Minute, f.byID[split[1]].Start.Sub(f.byID[split[0]].End))
	for i := range split {
		assert.Greater(f.t, f.session("split_night", i)["stat"].(map[string]any)["time_in_sleep"], 3*3600.)
	}
	require.Len(f.t, f.facts["short_night"].SessionIDs, 1)
	assert.InDelta(f.t, 150*60, f.session("short_night", 0)["stat"].(map[string]any)["time_in_sleep"], 60)
	require.Len(f.t, f.facts["never_slept"].SessionIDs, 1)
	assert.Contains(f.t, f.session("never_slept", 0)["peculiarities"], "NEVER_SLEPT")
}

func (f found) weeks() {
	trip := f.facts["trip"]
	require.Len(f.t, trip.SessionIDs, 7)
	for _, id := range trip.SessionIDs {
		r := f.byID[id]
		assert.Equal(f.t, "Asia/Seoul", r.Zone)
		hour := r.Start.In(zone(f.t, r.Zone)).Hour()
		assert.True(f.t, hour >= 21 || hour < 3, "%s starts at %d o'clock there", id, hour)
	}
	abroad := 0
	for _, r := range f.recordings {
		if r.Zone != "Europe/Paris" {
			abroad++
		}
		date := f.nightOf(r.ID)
		assert.False(f.t, during(date, f.facts["untracked"].Date, 7), "%s is tracked", date)
	}
	assert.Equal(f.t, 7, abroad)
	assert.Empty(f.t, f.facts["untracked"].SessionIDs)
	for _, date := range []civil.Date{f.facts["untracked"].Date.AddDays(-1), f.facts["untracked"].Last.AddDays(1)} {
		tracked := slices.ContainsFunc(f.recordings, func(r Recording) bool { return f.nightOf(r.ID) == date })
		assert.True(f.t, tracked, "%s is tracked", date)
	}
}

func (f found) clockChange() {
	require.Len(f.t, f.facts["clock_change"].SessionIDs, 1)
	r := f.byID[f.facts["clock_change"].SessionIDs[0]]
	_, before := r.Start.In(f.home).Zone()
	_, after := r.End.In(f.home).Zone()
	assert.NotEqual(f.t, before, after)
	assert.NotNil(f.t, f.session("clock_change", 0)["stat"])
}

// worseMonth compares the month with the one before it, without odd nights.
func (f found) worseMonth(now time.Time) {
	fact := f.facts["worse_month"]
	running := now.In(f.home)
	assert.Equal(f.t, civil.DateOf(time.Date(running.Year(), running.Month()-1, 1, 0, 0, 0, 0, f.home)), fact.Date)
	assert.Equal(f.t, civil.DateOf(time.Date(running.Year(), running.Month(), 0, 0, 0, 0, 0, f.home)), fact.Last)
	worse, usual := f.means(fact.Date), f.means(fact.Date.AddMonths(-1))
	assert.InDelta(f.t, 55, usual[0]-worse[0], 20, "minutes asleep")
	assert.Greater(f.t, usual[1]-worse[1], 0.02, "efficiency")
}

func (f found) means(month civil.Date) (means [2]float64) {
	odd := map[string]bool{}
	for _, name := range []string{"nap", "split_night", "short_night"} {
		for _, id := range f.facts[name].SessionIDs {
			odd[id] = true
		}
	}
	n := 0.0
	for _, s := range f.slept(month, month.AddMonths(1).AddDays(-2)) {
		if odd[s["id"].(string)] {
			continue
		}
		n++
		means[0] += s["time_in_sleep"].(float64) / 60
		means[1] += s["time_in_sleep"].(float64) / s["time_in_bed"].(float64)
	}
	require.Greater(f.t, n, 15.)
	return [2]float64{means[0] / n, means[1] / n}
}

func TestDemoIsDeterministic(t *testing.T) {
	t.Parallel()
	people, facts := Demo(noon, 1), DemoFacts(noon, 1)
	assert.Equal(t, people, Demo(noon, 1))
	assert.Equal(t, facts, DemoFacts(noon, 1))
	assert.NotEqual(t, people, Demo(noon, 2))
}

// The two years include the longest time without a clock change, 31 weeks.
func TestDemoAlwaysHasAClockChange(t *testing.T) {
	t.Parallel()
	for day := range 365 * 2 {
		now := time.Date(2026, 1, 1+day, 12, 0, 0, 0, time.UTC)
		require.NotEmpty(t, newDemo(now, 1).changes, now)
	}
}
