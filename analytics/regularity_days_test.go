package analytics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestRegularityByDay(t *testing.T) {
	t.Parallel()
	nights := nightly(5, func(i int) (onset, wake time.Duration) {
		if i == 2 {
			return 0, hours(7)
		}
		return hours(-1), hours(6)
	})
	got := analytics.RegularityByDay(nights)
	require.Len(t, got, 4)
	for i, want := range []float64{100, 100 - 200*2.0/24, 100 - 200*2.0/24, 100} {
		assert.Equal(t, nights[i+1].Date, got[i].Date)
		assert.InDelta(t, want, got[i].Index, 1e-9)
		assert.Equal(t, 24*time.Hour, got[i].Compared)
	}
	got = analytics.RegularityByDay(append(nights[:2:2], nights[3:]...))
	require.Len(t, got, 2, "an untracked date compares with neither neighbour")
	assert.Equal(t, nights[4].Date, got[1].Date)
	assert.NotNil(t, analytics.RegularityByDay(nil))
}

func TestRegularityByDayAveragesToTheIndex(t *testing.T) {
	t.Parallel()
	berlin, honolulu, kiritimati := zone(t, "Europe/Berlin"), zone(t, "Pacific/Honolulu"), zone(t, "Pacific/Kiritimati")
	rapid.Check(t, func(t *rapid.T) {
		nights := analytics.Assemble(anySessions(t, berlin, honolulu, kiritimati)).Nights
		whole := analytics.ScheduleRegularity(nights)
		sum, compared := 0.0, time.Duration(0)
		for _, d := range analytics.RegularityByDay(rapid.Permutation(nights).Draw(t, "order")) {
			assert.Positive(t, d.Compared)
			assert.LessOrEqual(t, d.Compared, 25*time.Hour)
			assert.GreaterOrEqual(t, d.Index, -100.0)
			assert.LessOrEqual(t, d.Index, 100.0)
			sum += d.Index * d.Compared.Seconds()
			compared += d.Compared
		}
		assert.Equal(t, whole.Compared, compared)
		if whole.Index != nil {
			assert.InDelta(t, *whole.Index, sum/compared.Seconds(), 1e-9)
		}
	})
}

// If a sleep ends half an hour later than the day before, that falls on the same day when
// days are cut twelve hours from it, and on the next when they are cut at noon: up to a
// mean midsleep of 09:00.
func TestWhereDaysAreCut(t *testing.T) {
	t.Parallel()
	for midsleep, want := range map[float64]float64{9: 100 - 200*0.5/24, 9.1: 100 - 200*1.0/24} {
		days := analytics.RegularityByDay(nightly(4, func(i int) (onset, wake time.Duration) {
			half := 4.0
			if i == 3 {
				half = 4.5
			}
			return hours(midsleep - half), hours(midsleep + half)
		}))
		require.Len(t, days, 3)
		assert.InDelta(t, 100, days[1].Index, 1e-9)
		assert.InDelta(t, want, days[2].Index, 1e-9, "%g", midsleep)
	}
}
