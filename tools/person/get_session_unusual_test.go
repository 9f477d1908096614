package person

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// lastNight returns the answer about 23 November, after 28 uneven nights.
func lastNight(t *testing.T, start, hypnogram string) getSessionOut {
	t.Helper()
	recordings := append(uneven(tooltest.Nightly(28, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)), tooltest.Slept(start, "Europe/Paris", hypnogram))
	return tooltest.AnswerOf[getSessionOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "get_session", `{}`)
}

func TestUnusualNights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start, hypnogram string
		metrics          []string
		words            string
	}{
		"as usual":                           {"2026-11-22 23:10", tooltest.Usual, []string{}, "."},
		"within what is usual":               {"2026-11-22 23:30", "25w 210l 80d 25w 140r 15w", []string{}, "."},
		"awake in bed in the morning":        {"2026-11-22 23:15", "20w 100l 50d 10w 260r 10w 220w", []string{"efficiency_percent"}, " Sleep efficiency much lower than on the 28 nights before."},
		"four hours and forty minutes, late": {"2026-11-23 01:50", "20w 110l 80d 10w 90r 10w", []string{"asleep_minutes", "sleep_onset"}, " Time asleep much shorter and sleep onset much later than on the 28 nights before."},
		"ten hours":                          {"2026-11-22 21:20", "20w 260l 120d 10w 210r 10w", []string{"asleep_minutes", "sleep_onset"}, " Time asleep much longer and sleep onset much earlier than on the 28 nights before."},
		"awake in the night":                 {"2026-11-22 23:10", "20w 200l 80d 70w 160r", []string{"efficiency_percent", "wake_time"}, " Sleep efficiency much lower and final awakening much later than on the 28 nights before."},
		"slow to sleep":                      {"2026-11-22 22:10", "80w 200l 80d 10w 160r 10w", []string{"efficiency_percent", "latency_minutes"}, " Sleep efficiency much lower and time to fall asleep much longer than on the 28 nights before."},
		"up late":                            {"2026-11-22 23:50", "20w 240l 90d 10w 170r", []string{"wake_time", "asleep_minutes"}, " Final awakening much later and time asleep much longer than on the 28 nights before."},
		"other stages all right":             {"2026-11-22 23:10", "20w 40l 240d 10w 160r 10w", []string{}, "."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := lastNight(t, c.start, c.hypnogram)
			require.NotNil(t, got.Unusual)
			metrics := []string{}
			for _, u := range got.Unusual {
				metrics = append(metrics, u.Metric)
				if u.Metric == "sleep_onset" || u.Metric == "wake_time" {
					assert.NotEmpty(t, u.Clock)
					assert.NotEmpty(t, u.UsualClock)
					assert.Nil(t, u.Value)
				} else {
					assert.NotNil(t, u.Value)
					assert.NotNil(t, u.Usual)
				}
			}
			assert.Equal(t, c.metrics, metrics)
			assert.Regexp(t, `\d\d:\d\d(, then [^.]*)?\.`+c.words[:len(c.words)-1]+`\.?$`, got.Summary)
			assert.Equal(t, 28, got.BaselineNights)
		})
	}
}

func TestUnusualValues(t *testing.T) {
	t.Parallel()
	recordings := append(tooltest.Nightly(20, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), tooltest.Slept("2026-11-23 01:30", "Europe/Paris", "20w 100l 80d 10w 80r 10w"))
	got := tooltest.AnswerOf[getSessionOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "get_session", `{}`)
	assert.Equal(t, []unusualValue{ // scales at the floor of a quarter of an hour: three hours are 12, two and a half 10
		{Metric: "asleep_minutes", Value: new(260.0), Usual: new(440.0)},
		{Metric: "sleep_onset", Clock: "01:50", UsualClock: "23:20"},
	}, got.Unusual)
	assert.Equal(t, 20, got.BaselineNights)
}

// A night that is compared with nothing says so, or says nothing if that was not asked.
func TestNightsThatAreNotJudged(t *testing.T) {
	t.Parallel()
	short := tooltest.Nightly(13, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	nap := tooltest.Slept("2026-11-22 15:00", "Europe/Paris", "5w 60l 5w")
	nap.ID = "20261122140000_nap01"
	never := tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "400w")
	never.ID = "20261122220000_nev01"

	few := tooltest.AnswerOf[getSessionOut](t, tooltest.NewWorld(t, evening, tooltest.Person(append(short, tooltest.Slept("2026-11-23 03:00", "Europe/Paris", "200l"))...)), "get_session", `{}`)
	assert.Equal(t, "few_nights", few.Missing["unusual"])
	assert.Nil(t, few.Unusual)
	assert.Zero(t, few.BaselineNights)
	assert.NotContains(t, few.Summary, "usual")

	w := tooltest.NewWorld(t, evening, tooltest.Person(append(tooltest.Nightly(20, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), nap, never)...))
	for _, id := range []string{nap.ID, never.ID} {
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+id+`"}`)
		assert.Nil(t, got.Unusual)
		assert.NotContains(t, got.Missing, "unusual")
	}
}

// Two late nights every week are usual, however far they are from the others.
func TestWhatComesEveryWeekIsUsual(t *testing.T) {
	t.Parallel()
	recordings := moved(tooltest.Nightly(28, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), 3*time.Hour, beforeFreeDays)
	w := tooltest.NewWorld(t, evening, tooltest.Person(recordings...))
	saturday := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	require.Equal(t, "2026-11-22", saturday.Night)
	assert.Equal(t, []unusualValue{}, saturday.Unusual)

	once := moved(tooltest.Nightly(28, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), 3*time.Hour, func(_ time.Weekday, i int) bool { return i == 27 })
	late := tooltest.AnswerOf[getSessionOut](t, tooltest.NewWorld(t, evening, tooltest.Person(once...)), "get_session", `{}`)
	assert.Len(t, late.Unusual, 2)
}

// Dates without a main sleep are not in the baseline.
func TestTheBaselineCountsUsedNights(t *testing.T) {
	t.Parallel()
	recordings := tooltest.Nightly(28, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	for i := range 5 {
		recordings[3*i] = sandbox.Recording{Start: recordings[3*i].Start, Zone: "Europe/Paris", Stages: tooltest.StagesText("400w")}
	}
	recordings = append(recordings, tooltest.Slept("2026-11-22 23:00", "Europe/Paris", tooltest.Usual))
	got := tooltest.AnswerOf[getSessionOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "get_session", `{}`)
	assert.Equal(t, 23, got.BaselineNights)
}
