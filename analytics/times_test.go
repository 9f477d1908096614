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
		got := analytics.SleepTimesOf(beginning(c.n, c.onset), nil)
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

// Three shifts are three times, of which the mean of two is none.
func TestSleepTimesOfThreeShifts(t *testing.T) {
	t.Parallel()
	got := analytics.SleepTimesOf(beginning(29, func(i int) float64 { return []float64{-2.5, 8, 1.25, 8.1}[i/7%4] + float64(i%3)/10 }), nil)
	require.Len(t, got.Usual, 3)
	for i, want := range []struct {
		onset  float64
		nights int
	}{{8.15, 14}, {-2.4 + 24, 8}, {1.35, 7}} {
		assert.Equal(t, want.nights, got.Usual[i].Nights)
		assert.InDelta(t, want.onset*3600, got.Usual[i].Onset, 400, "%d", i)
	}
}

// A body clock of another length has no usual time, in however few nights, and no free days.
func TestSleepTimesThatDrift(t *testing.T) {
	t.Parallel()
	for _, minutes := range []float64{-35, 25, 50, 100} {
		r := seeded(7)
		all := beginning(56, func(i int) float64 { return 3 + (minutes*float64(i)+20*r.NormFloat64())/60 })
		for _, n := range []int{5, 7, 14, 28} {
			last := all[len(all)-n:]
			got := analytics.SleepTimesOf(last, all[len(all)-n-28:len(all)-n])
			assert.Empty(t, got.Usual)
			require.NotNil(t, got.Drift, "%v min, %d nights", minutes, n)
			assert.InDelta(t, minutes*60/(1+minutes/1440), got.Drift.PerDay, 500, "in days of 24 hours")
			for i, end := range []analytics.UsualTime{got.Drift.First, got.Drift.Last} {
				assert.InDelta(t, 0, analytics.ClockDifference(end.Onset, (3+minutes*float64(len(all)-[]int{n, 1}[i])/60)*3600), 1500, "%v min, %d nights", minutes, n)
				assert.InDelta(t, 8*3600, analytics.ClockDifference(end.Wake, end.Onset), 1)
			}
		}
		assert.Equal(t, analytics.Scattered, analytics.WeekendShiftOf(all[:14], nil).Shift.Missing, minutes)
		assert.Equal(t, analytics.Scattered, analytics.ChronotypeOf(all[:16], nil).Midsleep.Missing, minutes)
	}
}

// Neither does a week that ends late move, nor work at changing hours, nor do nights by chance.
func TestSleepTimesThatDoNotDrift(t *testing.T) {
	t.Parallel()
	r := seeded(11)
	for name, onset := range map[string]func(int) float64{
		"weekend":          func(i int) float64 { return -1 + []float64{0, 0.1, 0, 0.2, 1, 2.5, 2.5}[i%7] },
		"shifts forward":   func(i int) float64 { return float64(8 * (i / 7)) },
		"a step":           func(i int) float64 { return float64(i/14) * 2.5 },
		"to and fro":       func(i int) float64 { return float64(i%2) * 2.5 },
		"opposite times":   func(i int) float64 { return float64(i%2) * 12 },
		"a few minutes":    func(i int) float64 { return float64(i) / 12 },
		"a slow wandering": func(i int) float64 { return math.Sin(float64(i) / 3) },
	} {
		for _, n := range []int{7, 14, 21, 28} {
			assert.Nil(t, analytics.SleepTimesOf(beginning(n, onset), nil).Drift, "%s, %d nights", name, n)
		}
	}
	halted := beginning(35, func(i int) float64 { return float64(min(i, 28)) })
	assert.Nil(t, analytics.SleepTimesOf(halted[28:], halted[:28]).Drift, "it moved until now")
	drifts := 0
	for range 500 {
		if analytics.SleepTimesOf(beginning(7, func(int) float64 { return 1.3 * r.NormFloat64() }), nil).Drift != nil {
			drifts++
		}
	}
	assert.LessOrEqual(t, drifts, 10, "of 500 weeks of nights that differ by chance")
}

// An alarm clock on some mornings alone makes two times, too.
func TestSleepTimesByTheAwakening(t *testing.T) {
	t.Parallel()
	got := analytics.SleepTimesOf(each(14, func(i int, d *draw) {
		if d.period = 400; i%7 >= 5 {
			d.period = 540
		}
	}), nil)
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
			if len(analytics.SleepTimesOf(each(n, func(_ int, d *draw) { d.onset += 50 * r.NormFloat64(); d.period += 40 * r.NormFloat64() }), nil).Usual) != 1 {
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
