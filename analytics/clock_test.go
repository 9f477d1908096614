package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestClockMean(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		seconds []float64
		mean    float64
		missing analytics.Reason
	}{
		{"around midnight", []float64{82800, 3600}, 0, ""},
		{"a second each way", []float64{86399, 1}, 0, ""},
		{"opposite", []float64{0, 43200}, 0, analytics.Scattered},
		{"evening to night", []float64{79200, 82800, 0, 3600, 7200}, 0, ""},
		{"one at midnight", []float64{0}, 0, ""},
		{"equal", []float64{3600, 3600, 3600, 3600, 3600}, 3600, ""},
		{"evenly round the clock", []float64{0, 28800, 57600}, 0, analytics.Scattered},
		{"none", nil, 0, analytics.NoData},
		{"no numbers", []float64{math.NaN(), math.Inf(1)}, 0, analytics.NoData},
		{"one number among them", []float64{math.NaN(), 7200}, 7200, ""},
		{"beyond a day", []float64{86400 + 3600, -82800}, 3600, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mean := analytics.ClockMean(c.seconds)
			if c.missing != "" {
				wantMissing(t, c.missing, mean)
				return
			}
			wantValue(t, c.mean, mean, 1e-6)
		})
	}
}

// The vector and figures are those of scipy's tests of circmean.
func TestClockMeanAgainstScipy(t *testing.T) {
	t.Parallel()
	var seconds []float64
	for _, degrees := range []float64{355, 5, 2, 359, 10, 350} {
		seconds = append(seconds, degrees*240)
	}
	wantValue(t, 0.167690146*240, analytics.ClockMean(seconds), 1e-6)
}

func TestClockMeanAgainstGonum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.SliceOfN(rapid.Float64Range(0, 86399), 1, 40).Draw(t, "seconds")
		got := analytics.ClockMean(seconds)
		if got.Value == nil {
			return
		}
		angles := make([]float64, len(seconds))
		for i, s := range seconds {
			angles[i] = s / 86400 * 2 * math.Pi
		}
		want := stat.CircularMean(angles, nil) / (2 * math.Pi) * 86400
		assert.InDelta(t, 0, analytics.ClockDifference(*got.Value, want), 1e-4)
		assert.GreaterOrEqual(t, *got.Value, 0.0)
		assert.Less(t, *got.Value, 86400.0)
	})
}

func TestScatterLimit(t *testing.T) {
	t.Parallel()
	// Two times an angle a apart have a mean vector of length cos(a/2): 0.3 at
	// 145.1 degrees.
	near, far := 145.0*240, 145.2*240
	wantValue(t, near/2, analytics.ClockMean([]float64{0, near}), 1e-6)
	wantMissing(t, analytics.Scattered, analytics.ClockMean([]float64{0, far}))
}

func TestClockMeanStaysBelowADay(t *testing.T) {
	t.Parallel()
	got := analytics.ClockMean([]float64{-1e-13})
	require.NotNil(t, got.Value)
	assert.Zero(t, *got.Value, "-1e-13 modulo a day is a full day in floating point")
}

func TestClockDeviation(t *testing.T) {
	t.Parallel()
	// Deviations of -2, -1, 0, 1 and 2 hours: sqrt(10/4) hours.
	wantValue(t, math.Sqrt(2.5)*3600, analytics.ClockDeviation([]float64{79200, 82800, 0, 3600, 7200}), 1e-6)
	wantMissing(t, analytics.FewNights, analytics.ClockDeviation([]float64{0, 43200, 0, 43200}))
	wantMissing(t, analytics.NoData, analytics.ClockDeviation(nil))
	wantMissing(t, analytics.Scattered, analytics.ClockDeviation([]float64{0, 43200, 0, 43200, 21600, 64800}))
}

func TestClockDifference(t *testing.T) {
	t.Parallel()
	cases := []struct{ a, b, want float64 }{
		{600, 85800, 1200},
		{85800, 600, -1200},
		{43200, 0, 43200},
		{0, 43200, 43200},
		{21600, 64800, 43200},
		{0, 0, 0},
		{86400, 0, 0},
		{-600, 600, -1200},
		{math.NaN(), 600, -600},
		{math.Inf(1), 0, 0},
	}
	for _, c := range cases {
		assert.InDelta(t, c.want, analytics.ClockDifference(c.a, c.b), 1e-9, "%v - %v", c.a, c.b)
	}
}

// Ten nights at and away from clock changes: New York, Berlin, Seoul, Kolkata,
// Lord Howe (half an hour) and Sao Paulo (no midnight).
func TestNightsAcrossClockChanges(t *testing.T) {
	t.Parallel()
	cases := []struct {
		zone, onset, wake string
		elapsed           float64
		middle, date      string
	}{
		{"America/New_York", "2024-03-10T04:30", "2024-03-10T11:00", 23400, "2024-03-10T03:45:00-04:00", "2024-03-10"},
		{"America/New_York", "2024-11-03T03:30", "2024-11-03T12:00", 30600, "2024-11-03T02:45:00-05:00", "2024-11-03"},
		{"Europe/Berlin", "2024-03-30T22:00", "2024-03-31T05:00", 25200, "2024-03-31T03:30:00+02:00", "2024-03-31"},
		{"Europe/Berlin", "2024-10-26T21:00", "2024-10-27T06:00", 32400, "2024-10-27T02:30:00+01:00", "2024-10-27"},
		{"Asia/Seoul", "2024-07-01T14:30", "2024-07-01T22:00", 27000, "2024-07-02T03:15:00+09:00", "2024-07-02"},
		{"Asia/Seoul", "2024-07-01T15:30", "2024-07-01T22:00", 23400, "2024-07-02T03:45:00+09:00", "2024-07-02"},
		{"Asia/Seoul", "2024-07-02T04:00", "2024-07-02T05:10", 4200, "2024-07-02T13:35:00+09:00", "2024-07-02"},
		{"Asia/Kolkata", "2024-07-01T18:00", "2024-07-02T01:30", 27000, "2024-07-02T03:15:00+05:30", "2024-07-02"},
		{"Australia/Lord_Howe", "2024-04-06T12:00", "2024-04-06T20:30", 30600, "2024-04-07T02:45:00+10:30", "2024-04-07"},
		{"America/Sao_Paulo", "2018-11-04T02:00", "2018-11-04T09:00", 25200, "2018-11-04T03:30:00-02:00", "2018-11-04"},
	}
	for _, c := range cases {
		t.Run(c.zone+" "+c.date, func(t *testing.T) {
			t.Parallel()
			z := zone(t, c.zone)
			onset, wake := at(t, time.UTC, c.onset), at(t, time.UTC, c.wake)
			assert.Equal(t, c.middle, analytics.Midpoint(onset, wake).In(z).Format(time.RFC3339))

			a := analytics.Assemble([]analytics.Session{sleeping("a", z, onset, wake)})
			require.Len(t, a.Nights, 1)
			night := a.Nights[0]
			assert.Equal(t, date(t, c.date), night.Date)
			assert.InDelta(t, c.elapsed, night.Asleep24().Seconds(), 0)
			local := wake.In(z)
			assert.InDelta(t, float64(local.Hour()*3600+local.Minute()*60), analytics.ClockOf(wake, z), 0)
		})
	}
}

func TestClockOf(t *testing.T) {
	t.Parallel()
	instant := time.Date(2026, 1, 1, 23, 59, 59, 5e8, time.UTC)
	assert.InDelta(t, 86399.5, analytics.ClockOf(instant, nil), 0)
	assert.InDelta(t, 50399.5, analytics.ClockOf(instant, zone(t, "Pacific/Kiritimati")), 0)
}
