package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generated measures the nights of several generated people.
func generated(t *testing.T) []figures {
	t.Helper()
	var nights []figures
	for i := range 10 {
		p := Generate(fmt.Sprint("G-", i), zone(t, "Europe/Paris"), noon.AddDate(0, 0, -60), noon, 7)
		for _, r := range p.Recordings {
			nights = append(nights, measure(complete(p.ID, r), false))
		}
	}
	require.Len(t, nights, 600)
	return nights
}

func TestGeneratedNightsLookPhysiological(t *testing.T) {
	t.Parallel()
	nights := generated(t)
	asleep := func(f figures) float64 { return float64(*f.TimeInSleep) }
	for _, tc := range []struct {
		name              string
		of                func(figures) float64
		lowest, highest   float64 // 98 of 100 nights
		lowMedian, median float64
	}{
		{"efficiency", func(f figures) float64 { return asleep(f) / float64(*f.TimeInBed) }, 0.78, 0.97, 0.88, 0.92},
		{"deep share", func(f figures) float64 { return float64(*f.TimeInDeep) / asleep(f) }, 0.10, 0.22, 0.14, 0.18},
		{"REM share", func(f figures) float64 { return float64(*f.TimeInREM) / asleep(f) }, 0.18, 0.25, 0.205, 0.23},
		{"hours asleep", func(f figures) float64 { return asleep(f) / 3600 }, 4.5, 9.5, 6.5, 7.7},
		{"minutes of latency", func(f figures) float64 { return float64(*f.SleepLatency) / 60 }, 2, 50, 9, 20},
		{"minutes awake", func(f figures) float64 { return float64(*f.TimeInWake) / 60 }, 7, 70, 17, 34},
		{"awakenings", func(f figures) float64 { return float64(*f.WASOCount) }, 10, 30, 13, 23},
		{"longest wake", func(f figures) float64 { return float64(*f.LongestWASO) / 60 }, 1, 45, 4, 10},
		{"terminal wake", func(f figures) float64 { return float64(*f.WakeupLatency) / 60 }, 0.5, 25, 3, 10},
		{"cycles", func(f figures) float64 { return float64(*f.SleepCycleCount) }, 2, 6, 3, 5},
	} {
		values := make([]float64, len(nights))
		for i, f := range nights {
			values[i] = tc.of(f)
		}
		slices.Sort(values)
		n := len(values)
		assert.GreaterOrEqual(t, values[n/100], tc.lowest, tc.name)
		assert.LessOrEqual(t, values[n-1-n/100], tc.highest, tc.name)
		assert.GreaterOrEqual(t, values[n/2], tc.lowMedian, tc.name)
		assert.LessOrEqual(t, values[n/2], tc.median, tc.name)
	}
}

func TestGeneratedNightsAreDeepEarlyAndREMLate(t *testing.T) {
	t.Parallel()
	p := Generate("G-1", time.UTC, noon.AddDate(0, 0, -60), noon, 7)
	var early, late [4]int
	awakenings, fromDeep := 0, 0
	for _, r := range p.Recordings {
		half := len(r.Stages) / 2
		for i, v := range r.Stages {
			if i < half {
				early[v]++
			} else {
				late[v]++
			}
		}
		for i := 1; i < len(r.Stages); i++ {
			if r.Stages[i] == wake && r.Stages[i-1] != wake {
				awakenings++
			}
			if r.Stages[i] == wake && r.Stages[i-1] == deep {
				fromDeep++
			}
		}
		assert.Len(t, r.Snoring, len(r.Stages))
		for i, v := range r.Snoring {
			assert.False(t, v == 1 && r.Stages[i] == wake, "snoring awake")
		}
	}
	assert.Less(t, fromDeep, awakenings/10, "deep sleep is seldom interrupted")
	assert.Greater(t, early[deep], 3*late[deep])
	assert.Greater(t, late[rem], 2*early[rem])
}

func TestGenerateRange(t *testing.T) {
	t.Parallel()
	from, to := noon.AddDate(0, 0, -30), noon.Add(-9*time.Hour) // 03:00: last night has not ended
	paris := zone(t, "Europe/Paris")
	p := Generate("G-1", paris, from, to, 1)
	require.Len(t, p.Recordings, 29)
	assert.False(t, p.Recordings[0].Start.Before(from))
	assert.False(t, p.Recordings[28].End.After(to))
	for i, r := range p.Recordings {
		assert.Equal(t, "Europe/Paris", r.Zone)
		if i > 0 {
			assert.True(t, r.Start.After(p.Recordings[i-1].End))
		}
		spare := r.End.Sub(r.Start) - time.Duration(len(r.Stages))*epoch
		assert.True(t, spare >= 0 && spare < epoch, "time in bed is wall clock")
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	from := noon.AddDate(0, 0, -30)
	once := Generate("G-1", time.UTC, from, noon, 1)
	assert.Equal(t, once, Generate("G-1", time.UTC, from, noon, 1))
	assert.NotEqual(t, once.Recordings, Generate("G-1", time.UTC, from, noon, 2).Recordings)
	assert.NotEqual(t, once.Recordings, Generate("G-2", time.UTC, from, noon, 1).Recordings)
	longer := Generate("G-1", time.UTC, from.AddDate(0, 0, -30), noon, 1)
	assert.Equal(t, once.Recordings, longer.Recordings[len(longer.Recordings)-len(once.Recordings):], "a night depends on its date alone")
}
