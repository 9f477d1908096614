package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	type session = analytics.Session
	cases := []struct {
		name string
		edit func(*session)
		want analytics.Reason
		gap  bool
	}{
		{"usable", func(*session) {}, "", false},
		{"no start", func(s *session) { s.Start = time.Time{} }, analytics.NotMeasured, false},
		{"no end", func(s *session) { s.End = time.Time{} }, analytics.NotMeasured, false},
		{"a day in bed", func(s *session) { s.InBed, s.End = 24*time.Hour, s.Start.Add(24*time.Hour) }, "", false},
		{"in bed an hour longer than recorded", func(s *session) { s.InBed = s.End.Sub(s.Start) + time.Hour }, "", false},
		{"in bed longer still", func(s *session) { s.InBed = s.End.Sub(s.Start) + time.Hour + 1 }, analytics.Inconsistent, false},
		{"in bed for a week", func(s *session) { s.InBed = 7 * 24 * time.Hour }, analytics.Inconsistent, false},
		{"over a day recorded", func(s *session) { s.End = s.Start.Add(25 * time.Hour) }, analytics.TooLong, false},
		{"never slept", func(s *session) { s.Asleep, s.Onset, s.Wake = 0, time.Time{}, time.Time{} }, analytics.NoSleep, false},
		{"asleep but when", func(s *session) { s.Onset, s.Wake = time.Time{}, time.Time{} }, analytics.NotMeasured, false},
		{"no awakening", func(s *session) { s.Wake = time.Time{} }, analytics.NotMeasured, false},
		{"asleep for how long", func(s *session) { s.Asleep = 0 }, analytics.NotMeasured, false},
		{"in bed for how long", func(s *session) { s.InBed = 0 }, analytics.NotMeasured, false},
		{"30 % lost", func(s *session) { s.MissingData = new(0.3) }, "", false},
		{"over 30 % lost", func(s *session) { s.MissingData = new(0.31) }, analytics.MissingData, false},
		{"loss unknown", func(s *session) { s.MissingData = new(math.NaN()) }, "", false},
		{"wake before onset", func(s *session) { s.Onset, s.Wake = s.Wake, s.Onset }, analytics.Inconsistent, false},
		{"onset a minute before start", func(s *session) { s.Start = s.Onset.Add(time.Minute) }, "", false},
		{"onset further before start", func(s *session) { s.Start = s.Onset.Add(61 * time.Second) }, analytics.Inconsistent, false},
		{"wake a minute after end", func(s *session) { s.End = s.Wake.Add(-time.Minute) }, "", false},
		{"wake further after end", func(s *session) { s.End = s.Wake.Add(-61 * time.Second) }, analytics.Inconsistent, false},
		{"asleep a minute longer than in bed", func(s *session) {
			s.Start, s.End, s.Latency, s.InBed = s.Onset, s.Wake, nil, s.Asleep-time.Minute
		}, "", false},
		{"asleep longer still", func(s *session) {
			s.Start, s.End, s.Latency, s.InBed = s.Onset, s.Wake, nil, s.Asleep-time.Second
			s.Asleep += time.Minute
			*s.Light += time.Minute
		}, analytics.Inconsistent, false},
		{"negative latency", func(s *session) { s.Latency = new(-2 * time.Minute) }, analytics.Inconsistent, false},
		{"latency that does not fit", func(s *session) { s.Latency = new(*s.Latency + 61*time.Second) }, analytics.Inconsistent, false},
		{"latency rounded to epochs", func(s *session) { s.Latency = new(*s.Latency + 30*time.Second) }, "", false},
		{"recorded longer than in bed", func(s *session) { s.InBed -= 61 * time.Second }, analytics.Inconsistent, false},
		{"negative wake", func(s *session) { s.Awake = -time.Second }, analytics.Inconsistent, false},
		{"negative sleep", func(s *session) { s.Asleep = -time.Second }, analytics.Inconsistent, false},
		{"snoring all the time in bed", func(s *session) { s.Snoring = new(s.InBed + time.Minute) }, "", false},
		{"snoring for longer", func(s *session) { s.Snoring = new(s.InBed + 61*time.Second) }, analytics.Inconsistent, false},
		{"awake for longer than in bed", func(s *session) { s.LongestWake = new(s.InBed + 61*time.Second) }, analytics.Inconsistent, false},
		{"negative snoring", func(s *session) { s.Snoring = new(-time.Second) }, analytics.Inconsistent, false},
		{"stages half a minute off", func(s *session) { *s.Deep += 30 * time.Second }, "", false},
		{"stages further off", func(s *session) { *s.Deep += 31 * time.Second }, analytics.Inconsistent, false},
		{"a stage not measured", func(s *session) { *s.Deep += time.Hour; s.REM = nil }, "", false},
		{"wake a minute too much", func(s *session) { s.Awake += time.Minute }, "", false},
		{"wake further too much", func(s *session) { s.Awake += 61 * time.Second }, analytics.Inconsistent, false},
		{"half a minute unrecorded", func(s *session) { shorten(s, 30*time.Second) }, "", false},
		{"more unrecorded", func(s *session) { shorten(s, 31*time.Second) }, "", true},
		{"30 % unrecorded", func(s *session) { shorten(s, s.Asleep*3/13) }, "", true},
		{"a minute unrecorded of very little", func(s *session) {
			*s = sleeping("a", time.UTC, s.Onset, s.Onset.Add(3*time.Minute))
			shorten(s, time.Minute)
		}, "", true},
		{"over 30 % unrecorded", func(s *session) { shorten(s, s.Asleep*3/13+time.Second) }, analytics.Inconsistent, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := slept(t, "a", time.UTC, "2026-03-01T23:00", "2026-03-02T06:30")
			c.edit(&s)
			assert.Equal(t, c.want, s.Check())
			assert.Equal(t, c.gap, s.Gap())
		})
	}
	assert.Equal(t, analytics.NotMeasured, analytics.Session{}.Check())
}

// shorten removes light sleep from a session and keeps its sleep period.
func shorten(s *analytics.Session, by time.Duration) {
	s.Asleep -= by
	*s.Light -= by
}

// Figures of three sessions, as computed by Asleep.
func TestCheckAcceptsRealSessions(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []struct {
			Name                                                                    string
			TimeInBed, SleepLatency, WakeupLatency, TimeInSleepPeriod               float64
			TimeInSleep, TimeInWake, TimeInLight, TimeInDeep, TimeInRem             float64
			SleepEfficiency, SleepRatio, WakeRatio, LightRatio, DeepRatio, RemRatio float64
			WasoCount, LongestWaso, SleepCycleCount                                 float64
		}
	}
	goldenSnake(t, "real_session_identities.json", &file)
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			start := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
			onset := start.Add(seconds(c.SleepLatency))
			s := analytics.Session{
				ID: c.Name, Start: start, End: start.Add(seconds(c.TimeInBed)),
				Onset: onset, Wake: onset.Add(seconds(c.TimeInSleepPeriod)),
				InBed: seconds(c.TimeInBed), Asleep: seconds(c.TimeInSleep), Awake: seconds(c.TimeInWake),
				Light: new(seconds(c.TimeInLight)), Deep: new(seconds(c.TimeInDeep)), REM: new(seconds(c.TimeInRem)),
				Latency: new(seconds(c.SleepLatency)), LongestWake: new(seconds(c.LongestWaso)),
			}
			assert.Empty(t, s.Check())
			assert.False(t, s.Gap())
			assert.InDelta(t, c.WakeupLatency, s.End.Sub(s.Wake).Seconds(), 30, "to the end, less what is no whole epoch")
			period := s.Wake.Sub(s.Onset).Seconds()
			assert.InDelta(t, c.SleepRatio, s.Asleep.Seconds()/period, 5e-4)
			assert.InDelta(t, c.WakeRatio, s.Awake.Seconds()/period, 5e-4)
			assert.InDelta(t, c.LightRatio, s.Light.Seconds()/period, 5e-4)
			assert.InDelta(t, c.DeepRatio, s.Deep.Seconds()/period, 1e-3)
			assert.InDelta(t, c.RemRatio, s.REM.Seconds()/period, 1e-3)

			nights := analytics.Assemble([]analytics.Session{s}).Nights
			wantValue(t, c.SleepEfficiency, analytics.Average(nights).Efficiency, 3e-3)
			wantValue(t, c.TimeInDeep/c.TimeInSleep, analytics.Average(nights).DeepShare, 1e-9)
		})
	}
}
