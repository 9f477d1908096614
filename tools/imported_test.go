package tools

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// trackedBy returns a night of seven hours that a tracker recorded, up to an instant.
func trackedBy(tracker string, end time.Time) *asleep.Session {
	start := end.Add(-8 * time.Hour)
	onset, wake := start.Add(30*time.Minute), end.Add(-30*time.Minute)
	return &asleep.Session{
		Recording: asleep.Recording{
			ID: start.Format("20060102150405") + "_" + tracker, State: asleep.Complete, Start: start, End: &end, CreatedTimezone: "America/New_York",
			Origin: &asleep.Origin{Tracker: tracker, Device: "ring"},
		},
		Stat: &asleep.Stat{SleepTime: &onset, WakeTime: &wake, TimeInBed: new(28800.0), TimeInSleep: new(25200.0), TimeInSleepPeriod: new(25200.0), SleepEfficiency: new(0.875)},
	}
}

// importing returns a world without a service, into which nights were imported.
func importing(t *testing.T, now time.Time, all map[string][]*asleep.Session) *tooltest.World {
	t.Helper()
	clock := func() time.Time { return now }
	store := archive.Lazy(filepath.Join(t.TempDir(), "nights.db"), clock)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	_, err := store.Import(t.Context(), tooltest.Me, all)
	require.NoError(t, err)
	source := archive.NewSource(store, archive.Options{Now: clock, Failed: func(err error) { t.Errorf("the archive: %v", err) }})
	return &tooltest.World{Ctx: access.With(t.Context(), access.Person(tooltest.Me)), Deps: &tool.Deps{Archive: source, Now: clock, DataSource: "asleep"}}
}

// An export may be of long ago. Whatever is asked, the answer says where the newest night is,
// and the question about last night is answered with it.
func TestAnImportOfLongAgo(t *testing.T) {
	t.Parallel()
	for name, ago := range map[string]time.Duration{"two months": 60 * 24 * time.Hour, "a year and a half": 550 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			end := tooltest.Morning.Add(-ago)
			w := importing(t, tooltest.Morning, map[string][]*asleep.Session{"oura": {trackedBy("oura", end.Add(-24*time.Hour)), trackedBy("oura", end)}})
			newest := end.In(tooltest.MustLoad("America/New_York")).Format(time.DateOnly)
			for _, one := range tooltest.AboutOnePerson() {
				h := tooltest.AnswerOf[tool.Head](t, w, one.Name, `{}`)
				assert.Equal(t, "import", h.DataSource, one.Name)
				assert.Equal(t, "America/New_York", h.Timezone, one.Name)
				assert.False(t, tooltest.HasWarning(h, "zone_unknown"), one.Name)
				answer := string(tooltest.Call(t, w, one.Name, `{}`))
				assert.Contains(t, answer, newest, one.Name)
			}
			night := tooltest.AnswerOf[struct {
				Night  string  `json:"night"`
				Asleep float64 `json:"asleep_minutes"`
			}](t, w, "get_session", `{}`)
			assert.Equal(t, newest, night.Night)
			assert.InDelta(t, 420, night.Asleep, 0)
		})
	}
}

// Two trackers of the same nights: every tool answers with words that are explained.
func TestSeveralTrackers(t *testing.T) {
	t.Parallel()
	all := map[string][]*asleep.Session{}
	for day := range 200 {
		end := tooltest.Morning.Add(-time.Duration(day)*24*time.Hour - time.Hour)
		if day < 120 {
			all["oura"] = append(all["oura"], trackedBy("oura", end))
		}
		if day > 60 {
			all["garmin"] = append(all["garmin"], trackedBy("garmin", end.Add(10*time.Minute)))
		}
	}
	w := importing(t, tooltest.Morning, all)
	for _, one := range tooltest.AboutOnePerson() {
		h := tooltest.AnswerOf[tool.Head](t, w, one.Name, string(withRequired(one.Name, `{}`)))
		assert.Equal(t, "import", h.DataSource, one.Name)
	}
	h := tooltest.AnswerOf[tool.Head](t, w, "average_stats", `{"days":150}`)
	assert.Len(t, h.Sources, 2)
	assert.True(t, tooltest.HasWarning(h, "source_change"))
	assert.True(t, tooltest.HasWarning(h, "other_sources"))
}

// When imported nights cannot be read, answers from the service say that they are missing.
func TestImportsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	file := filepath.Join(t.TempDir(), "nights.db")
	require.NoError(t, os.WriteFile(file, []byte("this is no database at all, whatever its name says"), 0o600))
	store := archive.Lazy(file, w.Deps.Now)
	t.Cleanup(func() { _ = store.Close() })
	w.Deps.Archive = archive.NewSource(store, archive.Options{Live: w.Deps.Client, Key: tooltest.SecretKey, Now: w.Deps.Now})
	for _, one := range tooltest.AboutOnePerson() {
		h := tooltest.AnswerOf[tool.Head](t, w, one.Name, string(withRequired(one.Name, `{}`)))
		assert.True(t, tooltest.HasWarning(h, "imports_missing"), "%s: %+v", one.Name, h.Warnings)
		assert.False(t, tooltest.HasWarning(h, "offline"), one.Name)
	}
	me := access.From(w.Ctx).Own()
	w.Ctx = access.With(t.Context(), access.Operator(""))
	h := tooltest.AnswerOf[tool.Head](t, w, "cohort_analysis", tooltest.ListOf(me))
	assert.True(t, tooltest.HasWarning(h, "imports_missing"))
	stranger := tooltest.Fails(t, w, "get_session", `{"user_id":"G-20250318162239-stranger"}`)
	assert.Contains(t, stranger.Text, "kept nights cannot be used", "their nights may have been imported")
}

// Time in bed around the sleep, of which a tracker tells no stage, is not lost.
func TestInBedAroundTheSleep(t *testing.T) {
	t.Parallel()
	s := trackedBy("apple_health", tooltest.Morning.Add(-time.Hour))
	s.SleepStages = slices.Concat(slices.Repeat([]int{-1}, 60), slices.Repeat([]int{1}, 840), slices.Repeat([]int{-1}, 60))
	w := importing(t, tooltest.Morning, map[string][]*asleep.Session{"apple_health": {s}})
	night := tooltest.AnswerOf[struct {
		tool.Head
		Efficiency float64 `json:"efficiency_percent"`
		FellAsleep string  `json:"fell_asleep"`
	}](t, w, "get_session", `{}`)
	assert.InDelta(t, 87.5, night.Efficiency, 0)
	assert.NotEmpty(t, night.FellAsleep)
	assert.NotContains(t, night.Summary, "not measured")
}

// A group of whom some wear other trackers says so, in nights.
func TestSourcesOfAGroup(t *testing.T) {
	t.Parallel()
	w := importing(t, tooltest.Morning, map[string][]*asleep.Session{"oura": {
		trackedBy("oura", tooltest.Morning.Add(-25*time.Hour)), trackedBy("oura", tooltest.Morning.Add(-time.Hour)),
	}})
	w.Ctx = access.With(t.Context(), access.Operator(""))
	h := tooltest.AnswerOf[tool.Head](t, w, "cohort_analysis", tooltest.ListOf(tooltest.Me))
	assert.Equal(t, "import", h.DataSource)
	assert.Equal(t, map[string]int{"oura": 2}, h.Sources)
}
