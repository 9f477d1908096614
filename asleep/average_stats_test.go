package asleep

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// noDate is a day that does not exist.
var noDate = civil.Date{Year: 2025, Month: time.February, Day: 30}

func TestAverageStats(t *testing.T) {
	t.Parallel()
	srv, c := serve(t, answer(t, 200, "average_stats.json"))
	s, err := c.AverageStats(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"), "")
	require.NoError(t, err)
	assert.Equal(t, "UTC", s.Timezone)
	assert.Equal(t, "UTC", srv.only(t).Header.Get("timezone"))
	assert.Equal(t, date("2025-01-14"), s.From)
	assert.Equal(t, date("2025-01-16"), s.To)
	assert.Equal(t, []Peculiarity{NoBreathingStability}, s.Peculiarities)

	a := s.Averages
	require.NotNil(t, a)
	for want, got := range map[ClockTime]*ClockTime{
		2*3600 + 54*60 + 1: a.StartTime, 7*3600 + 28*60 + 3: a.EndTime,
		3*3600 + 10*60 + 30: a.SleepTime, 7*3600 + 17*60 + 44: a.WakeTime,
	} {
		require.NotNil(t, got)
		assert.Equal(t, want, *got)
	}
	for want, got := range map[float64]*float64{
		16381: a.TimeInBed, 14658: a.TimeInSleepPeriod, 14154: a.TimeInSleep, 504: a.TimeInWake, 990: a.SleepLatency,
		714: a.WakeupLatency, 6492: a.TimeInLight, 0.864: a.SleepEfficiency, 0.034: a.WakeRatio, 0.966: a.SleepRatio,
		0.443: a.LightRatio, 2.5: a.WASOCount,
	} {
		require.NotNil(t, got)
		assert.InDelta(t, want, *got, 0)
	}
	assert.Nil(t, a.TimeInStableBreath)

	require.Len(t, s.Slept, 2)
	first, second := s.Slept[0], s.Slept[1]
	assert.Equal(t, "20250114182518_z5c1v", first.ID, "sorted by start")
	assert.True(t, first.HasMetrics())
	assert.Equal(t, "Asia/Seoul", first.CreatedTimezone)
	assert.Equal(t, instantOf("2025-01-14T22:55:55Z"), first.End)
	assert.Equal(t, instantOf("2025-01-14T22:56:40Z"), first.Completed)
	assert.Equal(t, instantOf("2025-01-14T18:40:18Z"), *first.SleepTime)
	assert.InDelta(t, 16237, *first.TimeInBed, 0)
	assert.Nil(t, first.SleepIndex)
	assert.InDelta(t, 84, *second.SleepIndex, 0)
	assert.Equal(t, []time.Time{instantOf("2025-01-15T17:55:03Z"), instantOf("2025-01-15T20:25:03Z")}, second.SleepCycleTime)
	assert.Equal(t, []NeverSleptSession{{
		ID: "20250116013000_n0s1p", Start: instantOf("2025-01-16T01:30:00Z"),
		End: instantOf("2025-01-16T02:10:00Z"), Completed: instantOf("2025-01-16T02:11:00Z"),
	}}, s.NeverSlept)
}

func TestAverageStatsOfNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		string(recorded(t, "average_stats_empty.json")),
		`{"result":{"slept_sessions":[]}}`,
		`{"result":{"period":{"timezone":"UTC","start_date":null},"slept_sessions":null,"never_slept_sessions":null}}`,
	} {
		_, c := serve(t, raw(200, body))
		s, err := c.AverageStats(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"), "UTC")
		require.NoError(t, err)
		assert.Nil(t, s.Averages)
		assert.Equal(t, []SleptSession{}, s.Slept)
		assert.Equal(t, []NeverSleptSession{}, s.NeverSlept)
		assert.Equal(t, date("2025-01-14"), s.From)
		assert.Equal(t, date("2025-01-16"), s.To)
	}
}

func TestAverageStatsChecksItsRange(t *testing.T) {
	t.Parallel()
	s, c := serve(t, answer(t, 200, "average_stats.json"))
	for name, tc := range map[string]struct {
		from, to civil.Date
		zone     string
	}{
		"too long":  {from: date("2025-01-01"), to: date("2025-04-11")}, // 101 days
		"backwards": {from: date("2025-01-02"), to: date("2025-01-01")},
		"no date":   {from: noDate, to: date("2025-03-01")},
		"no end":    {from: date("2025-01-01")},
		"zone":      {from: date("2025-01-01"), to: date("2025-01-01"), zone: "not a zone"},
	} {
		_, err := c.AverageStats(t.Context(), testUser, tc.from, tc.to, tc.zone)
		assert.Equal(t, averageStats, requireCode(t, Invalid, err).Op, name)
	}
	assert.Empty(t, s.asked())

	_, err := c.AverageStats(t.Context(), testUser, date("2025-01-01"), date("2025-04-10"), "")
	require.NoError(t, err, "100 days")
	_, err = c.AverageStats(t.Context(), testUser, date("2025-01-01"), date("2025-01-01"), "")
	require.NoError(t, err, "one day")
	assert.Len(t, s.asked(), 2, "not cached either")
}

func TestMerge(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time { return instantOf("2025-01-01T" + s + ":00Z") }
	slept, never := merge(
		[]SleptSession{
			{ID: "c", Start: at("03:00"), Completed: at("04:00")},
			{ID: "a", Start: at("01:00"), Completed: at("05:00"), CreatedTimezone: "later"},
			{ID: "a", Start: at("01:00"), Completed: at("04:00"), CreatedTimezone: "earlier"},
			{ID: "b", Start: at("01:00"), Completed: at("04:00")},
			{ID: "b", Start: at("01:00"), Completed: at("04:00")},
			{ID: "d", Start: at("00:30"), Completed: at("01:00")},
		},
		[]NeverSleptSession{
			{ID: "d", Start: at("00:30"), Completed: at("02:00")},
			{ID: "c", Start: at("03:00"), Completed: at("03:30")},
			{ID: "e", Start: at("00:10")},
		})
	var ids []string
	for _, s := range slept {
		ids = append(ids, s.ID)
	}
	assert.Equal(t, []string{"a", "b", "c"}, ids)
	assert.Equal(t, "later", slept[0].CreatedTimezone)
	ids = nil
	for _, n := range never {
		ids = append(ids, n.ID)
	}
	assert.Equal(t, []string{"e", "d"}, ids)
}
