package person

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// Two recordings 40 minutes apart: 23:00 to 02:00 and 02:40 to 06:20.
func splitWorld(t *testing.T) *tooltest.World {
	t.Helper()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(
		tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "20w 100l 50d 10w"),
		tooltest.Slept("2026-11-23 02:40", "Europe/Paris", "10w 100l 15w 80r 15w"),
	))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	return w
}

func TestTheWholeOfASplitNight(t *testing.T) {
	t.Parallel()
	w := splitWorld(t)
	got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"detail":"epochs"}`)
	assert.Equal(t, "Night of 2026-11-23 (Sunday to Monday): 5 h 30 min asleep of 6 h 40 min in bed (82.5 %), first asleep at 23:20, finally awake at 06:05, with 40 min between two recordings.", got.Summary)
	assert.Equal(t, "main", got.Kind)
	assert.Equal(t, "complete", got.State)
	assert.Equal(t, []string{"2026-11-22T23:00:00+01:00", "2026-11-23T06:20:00+01:00"}, []string{got.Start, got.End})
	assert.Equal(t, []float64{330, 400, 20, 15, 15}, []float64{*got.Asleep, *got.InBed, *got.Latency, *got.Awake, *got.LongestWake})
	assert.Equal(t, []float64{200, 50, 80}, []float64{*got.Light, *got.Deep, *got.REM})
	assert.Equal(t, 1, *got.Awakenings)
	assert.Empty(t, got.SessionID)
	assert.Equal(t, "split_night", got.Missing["session_id"])
	assert.Equal(t, "split_night", got.Missing["sleep_index"])
	assert.True(t, tooltest.HasWarning(got.Head, "split_night"))
	require.Len(t, got.Parts, 2)
	assert.InDelta(t, 150, got.Parts[0].Asleep, 0)
	assert.InDelta(t, 180, got.Parts[1].Asleep, 0)
	assert.Equal(t, "2026-11-23T02:40:00+01:00", got.Parts[1].Start)
	// Epochs are in their place, with the forty minutes between them unknown.
	assert.Len(t, got.Epochs, 440*2)
	assert.Equal(t, strings.Repeat(".", 80), got.Epochs[360:440])

	means := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"days":1}`)
	assert.InDelta(t, *got.Asleep/60, *means.Averages.SleepHours, 0, "as in every average")
	stages := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"night":"2026-11-23","detail":"stages"}`)
	assert.Contains(t, stages.Segments, segment{"unknown", "02:00", 40})
	assert.Equal(t, got.Parts, stages.Parts, "by either way")

	part := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+got.Parts[1].SessionID+`"}`)
	assert.Equal(t, "part", part.Kind)
	assert.InDelta(t, 180, *part.Asleep, 0)
	assert.Empty(t, part.Parts)
}
