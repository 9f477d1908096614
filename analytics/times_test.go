package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// beginning returns nights of eight hours with these onsets, in hours after midnight.
func beginning(n int, onset func(i int) float64) []analytics.Night {
	return each(n, func(i int, d *draw) { d.onset, d.period = 60*onset(i), 480 })
}

func TestSleepTimes(t *testing.T) {
	t.Parallel()
	clock := func(hours float64) float64 { return math.Mod(hours+24, 24) * 3600 }
	two := func(a, b float64, every int) func(int) float64 {
		return func(i int) float64 {
			if i%every == 0 {
				return b
			}
			return a
		}
	}
	for _, c := range []struct {
		name  string
		n     int
		onset func(int) float64
		want  []float64 // usual onsets in hours
		most  int       // nights of the first
	}{
		{"one time", 7, func(i int) float64 { return -0.5 + float64(i%3)/4 }, []float64{-0.2857}, 7},
		{"spread by an hour and a half", 30, func(i int) float64 { return -1 + 5.0*float64(i%10)/10 }, []float64{1.25}, 30},
		{"an hour to and fro", 30, two(-1, -2, 2), []float64{-2, -1}, 15},
		{"half an hour to and fro", 30, two(-1, -1.5, 2), []float64{-1.25}, 30},
		{"night work every third night", 30, two(-1, 8, 3), []float64{-1, 8}, 20},
		{"two weekend nights of seven", 28, func(i int) float64 { return map[bool]float64{true: 2, false: -1}[i%7 > 4] }, []float64{-1, 2}, 20},
		{"noon and midnight, which have no mean", 20, two(0, 12, 2), []float64{0, 12}, 10},
		{"around the clock", 24, func(i int) float64 { return float64(i) }, nil, 0},
		{"rotating shifts", 30, func(i int) float64 { return -2 + 9*float64(i%10)/10 }, nil, 0},
		{"a few nights far away", 30, two(-1, 8, 10), nil, 0},
		{"four nights", 4, two(-1, -1, 2), nil, 0},
		{"none", 0, nil, nil, 0},
	} {
		got := analytics.SleepTimesOf(beginning(c.n, c.onset))
		assert.Equal(t, c.n, got.Nights, c.name)
		require.Len(t, got.Usual, len(c.want), c.name)
		nights := 0
		for i, want := range c.want {
			away := analytics.ClockDifference(got.Usual[i].Onset, clock(want))
			assert.InDelta(t, 0, away, 30, "%s: %v", c.name, got.Usual[i])
			assert.InDelta(t, 8*3600, math.Mod(got.Usual[i].Wake-got.Usual[i].Onset+86400, 86400), 1, c.name)
			nights += got.Usual[i].Nights
		}
		if len(c.want) > 0 {
			assert.Equal(t, c.n, nights, c.name)
			assert.Equal(t, c.most, got.Usual[0].Nights, c.name)
		}
	}
}

// An alarm clock on some mornings alone makes two times, too.
func TestSleepTimesByTheAwakening(t *testing.T) {
	t.Parallel()
	got := analytics.SleepTimesOf(each(14, func(i int, d *draw) {
		if d.period = 400; i%7 >= 5 {
			d.period = 540
		}
	}))
	require.Len(t, got.Usual, 2)
	assert.InDelta(t, got.Usual[0].Onset, got.Usual[1].Onset, 1)
	assert.InDelta(t, 140*60, got.Usual[1].Wake-got.Usual[0].Wake, 1)
	assert.True(t, got.Wake)
}

// Nights that vary about one time are not told as two.
func TestSleepTimesOfOneTime(t *testing.T) {
	t.Parallel()
	for _, n := range []int{7, 14, 30} {
		two := 0
		for seed := range uint64(300) {
			r := seeded(seed)
			if len(analytics.SleepTimesOf(each(n, func(_ int, d *draw) { d.onset += 50 * r.NormFloat64(); d.period += 40 * r.NormFloat64() })).Usual) != 1 {
				two++
			}
		}
		assert.LessOrEqual(t, two, 9, "%d nights: 3 %%", n)
	}
}

// A free day is known only to people with a usual time on the others.
func TestWeekendOfShifts(t *testing.T) {
	t.Parallel()
	leave := beginning(28, func(i int) float64 {
		switch {
		case i >= 14:
			return 8
		case i%7 >= 5:
			return -3
		}
		return 0
	})
	wantMissing(t, analytics.Scattered, analytics.WeekendShiftOf(leave, nil).Shift)
	require.NotNil(t, analytics.WeekendShiftOf(leave[:14], nil).Shift.Value)
}

func TestTimeOutOfBed(t *testing.T) {
	t.Parallel()
	night := same(1, plain)[0]
	assert.Zero(t, night.OutOfBed())
	assert.InDelta(t, 8, night.AfterWaking().Minutes(), 1e-9)
	again := night.Main[0]
	again.Start, again.Onset = night.Main[0].End.Add(58*time.Hour/60), night.Main[0].End.Add(time.Hour)
	again.Wake, again.End = again.Onset.Add(2*time.Hour), again.Onset.Add(3*time.Hour)
	night.Main = append(night.Main, again)
	assert.InDelta(t, 58, night.OutOfBed().Minutes(), 1e-9)
	assert.InDelta(t, 60, night.AfterWaking().Minutes(), 1e-9)
	means := analytics.Average([]analytics.Night{night, same(1, plain)[0]})
	wantValue(t, 29*60, means.OutOfBed, 1e-9)
	wantValue(t, 34*60, means.AfterWaking, 1e-9)
	assert.Zero(t, analytics.Night{}.AfterWaking())
	wantMissing(t, analytics.NoData, analytics.Average(nil).OutOfBed)
}
