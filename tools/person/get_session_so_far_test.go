package person

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

const runningID = "20261122220000_run01"

// running has a recording that began at 23:00, whose stages the service gives although it
// has no numbers yet; the sandbox would give neither.
func running(t *testing.T, state sandbox.State, hypnogram string) *tooltest.World {
	t.Helper()
	minutes := map[sandbox.State]string{sandbox.Open: "600l", sandbox.Closed: "480l"}
	r := tooltest.Slept("2026-11-22 23:00", "Europe/Paris", minutes[state])
	r.ID, r.State = runningID, state
	return tooltest.EditedWorld(t, tooltest.InstantOf("2026-11-23T07:30:00+01:00"), tooltest.EditedSession(runningID, func(_, session tooltest.Object) {
		session["sleep_stages"] = tooltest.StagesText(hypnogram)
	}), tooltest.Person(append(tooltest.Nightly(20, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), r)...))
}

func soFar(t *testing.T, w *tooltest.World) getSessionOut {
	t.Helper()
	return tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+runningID+`","detail":"stages"}`)
}

// 20 minutes to fall asleep, 60 light, 10 awake, 50 deep, 4 awake, 30 REM, 6
// unknown: 140 asleep of 180.
const partOfANight = "20w 60l 10w 50d 4w 30r 6x"

func TestTheNightSoFar(t *testing.T) {
	t.Parallel()
	got := soFar(t, running(t, sandbox.Open, partOfANight))
	assert.Equal(t, "in_progress", got.State)
	assert.Equal(t, "hypnogram", got.Computed)
	assert.True(t, tooltest.HasWarning(got.Head, "preliminary"))
	assert.Equal(t, "The night so far: 2 h 20 min asleep of 3 h 00 min in bed (77.8 %), first asleep at 23:20.", got.Summary)
	assert.Equal(t, tool.Period{From: "2026-11-23", To: "2026-11-23", Days: 1}, got.Period)
	assert.Empty(t, got.End+got.Night+got.WokeUp+got.Kind, "it is not over")
	assert.Nil(t, got.AgeDays)
	assert.Nil(t, got.Unusual, "part of a night is compared with nothing")
	assert.Equal(t, "2026-11-22T23:20:00+01:00", got.FellAsleep)
	assert.Equal(t, []float64{180, 140, 20, 14, 10, 77.8, 60, 50, 30}, []float64{
		*got.InBed, *got.Asleep, *got.Latency, *got.Awake, *got.LongestWake, *got.Efficiency, *got.Light, *got.Deep, *got.REM,
	})
	assert.Equal(t, 1, *got.Awakenings, "of two one is longer than five minutes")
	assert.Equal(t, "not_measured", got.Missing["snoring_minutes"])
	assert.Equal(t, tool.Nights{Excluded: []tool.Exclusion{}}, got.Nights, "it counts as no night yet")
	assert.Equal(t, segment{"unknown", "01:54", 6}, got.Segments[len(got.Segments)-1], "neither sleep nor wake")
}

func TestTheNightStillBeingAnalysed(t *testing.T) {
	t.Parallel()
	w := running(t, sandbox.Closed, "30w 300l 5x 60d 60r 25w")
	got := soFar(t, w)
	assert.Equal(t, "analysing", got.State)
	assert.Equal(t, "Night of 2026-11-23 (Sunday to Monday), still being analysed: 7 h 00 min asleep of 8 h 00 min in bed (87.5 %), first asleep at 23:30, finally awake at 06:35.", got.Summary)
	assert.Equal(t, "2026-11-23T06:35:00+01:00", got.WokeUp)
	assert.InDelta(t, 0, *got.Awake, 0, "unknown is not awake")
	assert.Equal(t, 0, *got.Awakenings)

	last := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Equal(t, "2026-11-22", last.Night)
	assert.Contains(t, last.Summary, "Its session_id is "+runningID+". Night of 2026-11-22 (Saturday to Sunday): ", "the way to what is known of it")
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
	assert.Equal(t, 6, week.Nights.Used, "and it is in no average")
}

func TestTheNightSoFarWithoutNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state            sandbox.State
		hypnogram        string
		reason, endsLike string
	}{
		"no stages":               {sandbox.Open, "", "in_progress", "This recording is still running."},
		"no stages, ended":        {sandbox.Closed, "", "analysing", "its numbers come later."},
		"awake all the time":      {sandbox.Open, "90w", "no_sleep", "No sleep was found in it so far."},
		"awake and unknown":       {sandbox.Closed, "90w 10x", "no_sleep", "No sleep was found in it so far."},
		"less than 70 % is known": {sandbox.Open, "20w 49l 31x", "missing_data", "Too much of it is unknown so far."},
		"nothing but unknown":     {sandbox.Closed, "60x", "missing_data", "Too much of it is unknown so far."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := soFar(t, running(t, c.state, c.hypnogram))
			assert.Contains(t, got.Summary, c.endsLike)
			for _, field := range []string{"asleep_minutes", "efficiency_percent", "fell_asleep"} {
				assert.Equal(t, c.reason, got.Missing[field])
			}
			assert.Nil(t, got.Asleep, "never 0")
			assert.Nil(t, got.Awakenings)
			assert.Empty(t, got.Computed)
			assert.Equal(t, c.hypnogram == "", got.Missing["segments"] != "", "there are none")
		})
	}
}

func TestTheLeastThatIsKnownSoFar(t *testing.T) {
	t.Parallel()
	got := soFar(t, running(t, sandbox.Open, "20w 50l 30x"))
	assert.InDelta(t, 50, *got.Asleep, 0, "70 % of the epochs are known")
	assert.InDelta(t, 50, *got.Efficiency, 0, "unknown epochs are time in bed")
	for known, epochs := range map[int]int{0: 0, 1: 1, 7: 10, 8: 11, 70: 100} {
		assert.Equal(t, known, leastScored(epochs))
	}
}

// A plan without stages has only code 1 for sleep: nothing else is measured.
func TestTheNightSoFarWithoutStages(t *testing.T) {
	t.Parallel()
	got := soFar(t, running(t, sandbox.Open, "20w 100l"))
	assert.InDelta(t, 100, *got.Asleep, 0)
	assert.InDelta(t, 100, *got.Light, 0)
	assert.Nil(t, got.Deep)
	assert.Nil(t, got.REM)
	assert.Equal(t, "not_measured", got.Missing["deep_minutes"])
	assert.Equal(t, "sleep", got.Segments[1].Stage)
}

// With statistics the plan is known: sleep that was all light is light.
func TestANightOfLightSleepAlone(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "20w 400l 5w")))
	got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"detail":"stages"}`)
	assert.Equal(t, "light", got.Segments[1].Stage)
}

// A hypnogram that is too long to be shown says how much of it is.
func TestLongHypnogramsAreCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		epochs               int
		detail, warning      string
		segments, characters int
	}{
		{500, "stages", "", 500, 0},
		{501, "stages", "The first 500 of 501 segments are given; detail=epochs has more.", 500, 0},
		{2880, "epochs", "", 0, 2880},
		{2881, "epochs", "The first 2880 of 2881 epochs are given.", 0, 2880},
	} {
		codes := make([]int, c.epochs)
		for i := range codes {
			codes[i] = i % 2
		}
		var out getSessionOut
		out.stages(&nights.Detail{Codes: codes}, time.UTC, c.detail)
		assert.Len(t, out.Segments, c.segments, "%v", c)
		assert.Len(t, out.Epochs, c.characters, "%v", c)
		if c.warning == "" {
			assert.Empty(t, out.Warnings, "%v", c)
			continue
		}
		assert.Equal(t, []tool.Warning{{Code: "truncated", Text: c.warning}}, out.Warnings)
	}
}

func TestSnoringSoFar(t *testing.T) {
	t.Parallel()
	r := tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "600l")
	r.ID = runningID
	w := tooltest.EditedWorld(t, tooltest.InstantOf("2026-11-23T07:30:00+01:00"), tooltest.EditedSession(runningID, func(_, session tooltest.Object) {
		session["sleep_stages"], session["snoring_stages"] = tooltest.StagesText("20w 60l 10d"), []int{0, 1, 1, 0, -1, 1}
	}), tooltest.Person(r))
	got := soFar(t, w)
	assert.InDelta(t, 1.5, *got.Snoring, 0)
	assert.InDelta(t, 60, *got.Light, 0)
}

func TestARecordingOfWhichMuchIsLost(t *testing.T) {
	t.Parallel()
	for ratio, warned := range map[float64]bool{0: false, 0.3: false, 0.31: true} {
		r := tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
		r.ID = runningID
		w := tooltest.EditedWorld(t, tooltest.Morning, tooltest.EditedSession(runningID, func(result, _ tooltest.Object) { result["missing_data_ratio"] = ratio }), tooltest.Person(r))
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
		assert.InDelta(t, ratio, *got.MissingData, 0)
		assert.Equal(t, warned, tooltest.HasWarning(got.Head, "missing_data"), "%g", ratio)
	}
}
