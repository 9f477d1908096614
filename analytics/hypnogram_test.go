package analytics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

const epoch = 30 * time.Second

// stages reads one character an epoch; a dot is unknown.
func stages(text string) []analytics.Stage {
	list := make([]analytics.Stage, len(text))
	for i, c := range text {
		list[i] = analytics.Unknown
		if c != '.' {
			list[i] = analytics.Stage(c - '0')
		}
	}
	return list
}

func TestSegments(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	got := analytics.Segments(start, epoch, append(stages("0011.3"), 7, -5, 3))
	assert.Equal(t, []analytics.Segment{
		{Stage: analytics.Wake, Start: start, Length: time.Minute},
		{Stage: analytics.Light, Start: start.Add(time.Minute), Length: time.Minute},
		{Stage: analytics.Unknown, Start: start.Add(2 * time.Minute), Length: epoch},
		{Stage: analytics.REM, Start: start.Add(150 * time.Second), Length: epoch},
		{Stage: analytics.Unknown, Start: start.Add(3 * time.Minute), Length: time.Minute},
		{Stage: analytics.REM, Start: start.Add(4 * time.Minute), Length: epoch},
	}, got)
	assert.NotNil(t, analytics.Segments(start, epoch, nil))
}

func TestStatsOfByHand(t *testing.T) {
	t.Parallel()
	got := analytics.StatsOf(epoch, stages("011..2003."))
	assert.Equal(t, analytics.HypnogramStats{
		Epochs: 10, UnknownEpochs: 3,
		Onset: 30 * time.Second, FinalWake: 270 * time.Second,
		Latency: 30 * time.Second, TerminalWake: 30 * time.Second, Period: 240 * time.Second,
		Asleep: 120 * time.Second, Light: 60 * time.Second, Deep: 30 * time.Second, REM: 30 * time.Second,
		Awake: 60 * time.Second, AwakeUnknown: 60 * time.Second, LongestWake: 60 * time.Second,
		WakeBouts:   1,
		DeepLatency: new(120 * time.Second), REMLatency: new(210 * time.Second),
		Efficiency: new(0.4), Maintenance: new(0.5),
	}, got)
}

func TestStatsOfEdges(t *testing.T) {
	t.Parallel()
	empty := analytics.HypnogramStats{NeverSlept: true}
	assert.Equal(t, empty, analytics.StatsOf(epoch, nil))
	assert.Equal(t, empty, analytics.StatsOf(0, stages("0110")))
	assert.Equal(t, empty, analytics.StatsOf(-epoch, stages("0110")))
	assert.Equal(t, analytics.HypnogramStats{
		Epochs: 3, UnknownEpochs: 1, NeverSlept: true, Latency: 90 * time.Second, Efficiency: new(0.0),
	}, analytics.StatsOf(epoch, stages("00.")))

	twice := analytics.StatsOf(epoch, stages("12312313"))
	assert.Equal(t, 30*time.Second, *twice.DeepLatency, "to the first of it")
	assert.Equal(t, 60*time.Second, *twice.REMLatency, "to the first of it")

	five := analytics.StatsOf(epoch, stages("1"+"0000000000"+"1"+"00000000000"+"1"))
	assert.Equal(t, 2, five.WakeBouts)
	assert.Equal(t, 1, five.AwakeningsOver5Min, "five minutes are not over five minutes")
	broken := analytics.StatsOf(epoch, stages("1"+"000000"+"."+"000000"+"1"))
	assert.Equal(t, 2, broken.WakeBouts, "an unknown epoch ends a run of wake")
	assert.Zero(t, broken.AwakeningsOver5Min)
}

// All recorded and made-up hypnograms, with the figures of another implementation.
func TestStatsOfGolden(t *testing.T) {
	t.Parallel()
	var cases []struct {
		ID, Stages string
		Metrics    struct {
			Epochs, Unknown, Tib                                             float64
			NeverSlept                                                       bool
			Sol, TerminalWake, Spt, Tst, Light, Deep, Rem, Waso, WasoUnknown float64
			WakeBouts, Awakenings5Min, LongestWake, Se, Sme                  float64
			DeepPct, RemPct, LightPct                                        float64
			RemLatency, DeepLatency                                          *float64
		}
		Asleep *struct {
			SleepLatency, WakeupLatency, TimeInSleepPeriod, TimeInSleep, TimeInWake float64
			TimeInLight, TimeInDeep, TimeInRem, WasoCount, LongestWaso              float64
			SleepEfficiency, WakeRatio, DeepRatio, RemRatio                         float64
			DeepLatency, RemLatency                                                 *float64
		}
	}
	goldenSnake(t, "hypnograms.json", &cases)
	require.Len(t, cases, 59)
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			m, got := c.Metrics, analytics.StatsOf(epoch, stages(c.Stages))
			same := func(what string, want float64, got time.Duration) {
				t.Helper()
				assert.InDelta(t, want, got.Seconds(), 1e-9, what)
			}
			sameLatency := func(what string, want *float64, got *time.Duration) {
				t.Helper()
				require.Equal(t, want == nil, got == nil, what)
				if want != nil {
					same(what, *want, *got)
				}
			}
			assert.InDelta(t, m.Epochs, got.Epochs, 0)
			assert.InDelta(t, m.Tib, float64(got.Epochs)*epoch.Seconds(), 0)
			assert.InDelta(t, m.Unknown, float64(got.UnknownEpochs)*epoch.Seconds(), 0)
			require.Equal(t, m.NeverSlept, got.NeverSlept)
			if m.NeverSlept {
				assert.Nil(t, c.Asleep)
				return
			}
			same("latency", m.Sol, got.Latency)
			same("terminal wake", m.TerminalWake, got.TerminalWake)
			same("period", m.Spt, got.Period)
			same("period", m.Spt, got.FinalWake-got.Onset)
			same("asleep", m.Tst, got.Asleep)
			same("light", m.Light, got.Light)
			same("deep", m.Deep, got.Deep)
			same("rem", m.Rem, got.REM)
			same("awake", m.Waso, got.Awake)
			same("unknown in the period", m.WasoUnknown, got.AwakeUnknown)
			same("longest wake", m.LongestWake, got.LongestWake)
			assert.InDelta(t, m.WakeBouts, got.WakeBouts, 0)
			assert.InDelta(t, m.Awakenings5Min, got.AwakeningsOver5Min, 0)
			assert.InDelta(t, m.Se, *got.Efficiency, 1e-12)
			assert.InDelta(t, m.Sme, *got.Maintenance, 1e-12)
			assert.InDelta(t, m.LightPct, got.Light.Seconds()/got.Asleep.Seconds(), 1e-12)
			assert.InDelta(t, m.DeepPct, got.Deep.Seconds()/got.Asleep.Seconds(), 1e-12)
			assert.InDelta(t, m.RemPct, got.REM.Seconds()/got.Asleep.Seconds(), 1e-12)
			sameLatency("deep latency", m.DeepLatency, got.DeepLatency)
			sameLatency("rem latency", m.RemLatency, got.REMLatency)
			if a := c.Asleep; a != nil {
				same("latency", a.SleepLatency, got.Latency)
				same("terminal wake", a.WakeupLatency, got.TerminalWake)
				same("period", a.TimeInSleepPeriod, got.Period)
				same("asleep", a.TimeInSleep, got.Asleep)
				same("awake", a.TimeInWake, got.Awake)
				same("light", a.TimeInLight, got.Light)
				same("deep", a.TimeInDeep, got.Deep)
				same("rem", a.TimeInRem, got.REM)
				same("longest wake", a.LongestWaso, got.LongestWake)
				assert.InDelta(t, a.WasoCount, got.WakeBouts, 0)
				assert.InDelta(t, a.SleepEfficiency, *got.Efficiency, 5.001e-3)
				assert.InDelta(t, a.DeepRatio, got.Deep.Seconds()/got.Period.Seconds(), 2e-2)
				sameLatency("deep latency", a.DeepLatency, got.DeepLatency)
				sameLatency("rem latency", a.RemLatency, got.REMLatency)
			}
		})
	}
}

func TestHypnogramAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.Custom(func(t *rapid.T) analytics.Stage {
			return analytics.Stage(rapid.IntRange(-2, 4).Draw(t, "stage"))
		})).Draw(t, "stages")
		got := analytics.StatsOf(epoch, list)
		inBed := time.Duration(len(list)) * epoch
		assert.Equal(t, got.Period, got.Asleep+got.Awake+got.AwakeUnknown)
		assert.Equal(t, inBed, got.Latency+got.Period+got.TerminalWake)
		assert.LessOrEqual(t, got.LongestWake, got.Awake)
		for _, share := range []*float64{got.Efficiency, got.Maintenance} {
			if share != nil {
				assert.GreaterOrEqual(t, *share, 0.0)
				assert.LessOrEqual(t, *share, 1.0)
			}
		}

		var length time.Duration
		previous := analytics.Stage(99)
		for _, s := range analytics.Segments(time.Time{}, epoch, list) {
			assert.NotEqual(t, previous, s.Stage)
			assert.Equal(t, time.Time{}.Add(length), s.Start)
			length, previous = length+s.Length, s.Stage
		}
		assert.Equal(t, inBed, length)
	})
}

func BenchmarkStatsOf(b *testing.B) {
	list := make([]analytics.Stage, 1000)
	for i := range list {
		list[i] = analytics.Stage((i/7)%5 - 1)
	}
	for b.Loop() {
		analytics.StatsOf(epoch, list)
	}
}
