package nights

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A code that the service does not document is neither sleep nor wake.
func TestUnknownCodes(t *testing.T) {
	t.Parallel()
	d := Detail{Codes: []int{-2, -1, 0, 1, 2, 3, 4, 9}}
	assert.Equal(t, []analytics.Stage{
		analytics.Unknown, analytics.Unknown, analytics.Wake, analytics.Light, analytics.Deep, analytics.REM, analytics.Unknown, analytics.Unknown,
	}, d.Stages())
}

func TestSnoringIsNotMeasuredOrCounted(t *testing.T) {
	t.Parallel()
	assert.Nil(t, (&Detail{}).Snoring())
	assert.Equal(t, 2*Epoch, *(&Detail{SnoringCodes: []int{0, 1, 1, -1}}).Snoring())
}

func TestJoin(t *testing.T) {
	t.Parallel()
	five, seven, zone := 0.05, 0.07, time.UTC
	start := time.Date(2026, 11, 22, 23, 0, 0, 0, zone)
	ended := start.Add(time.Hour)
	first := &Detail{ID: "a", Start: start, SleepIndex: &five, Codes: []int{1}, LostShare: &five, Measured: &analytics.Session{}}
	second := &Detail{ID: "b", Start: start.Add(3 * Epoch), End: &ended, Codes: []int{2}, LostShare: &seven}

	whole := Join([]*Detail{first, second})
	assert.Empty(t, whole.ID)
	assert.Nil(t, whole.SleepIndex, "neither score is that of the night")
	assert.Nil(t, whole.Measured, "its numbers are the night's")
	assert.Equal(t, []int{1, -1, -1, 2}, whole.Codes, "what lies between is unknown")
	assert.Equal(t, &ended, whole.End)
	assert.InDelta(t, 0.07, *whole.LostShare, 0)
	assert.Equal(t, "a", first.ID, "what was read is not changed")
	assert.Equal(t, []int{1}, first.Codes)

	assert.Nil(t, Join([]*Detail{first, {Start: start}}).Codes, "half a night's stages are none of the night")
	assert.Nil(t, Join([]*Detail{first, {Start: start}}).LostShare)
	assert.Equal(t, []int{1, 1, 2}, joinCodes([]int{1, 1}, []int{2}, Epoch), "they never overlap")
	assert.Equal(t, "a", Join([]*Detail{first}).ID, "one is one")
}

// A recording with sleep counts even if it belongs to no night; one that the service
// lists twice counts once.
func TestSessionsAreCountedOnce(t *testing.T) {
	t.Parallel()
	w := Window{
		History: &History{
			recordings: []Recording{{ID: "odd", Slept: true}, {ID: "even", Slept: true}, {ID: "twice", Slept: true}, {ID: "awake"}},
			byID:       map[string]int{"odd": 0, "even": 1, "twice": 2, "awake": 3},
		},
		Nights: []analytics.Night{
			{Main: make([]analytics.Session, 2), Naps: make([]analytics.Session, 1)},
			{Main: make([]analytics.Session, 1)},
		},
		Dropped: []analytics.Dropped{
			{ID: "odd", Reason: analytics.Overlap},
			{ID: "even", Reason: analytics.Overlap},
			{ID: "twice", Reason: analytics.Duplicate},
			{ID: "awake", Reason: analytics.NoSleep},
		},
	}
	assert.Equal(t, 6, w.Sessions())
}
