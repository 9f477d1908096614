package nights

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// clocksDiffer is how far two clocks that are right may be apart.
const clocksDiffer = 15 * time.Minute

// measured converts a slept session, read at some time, to the vocabulary and units of
// analytics.
func measured(s *asleep.SleptSession, zone *time.Location, readAt time.Time) analytics.Session {
	out := analytics.Session{
		ID:          s.ID,
		Source:      sourceOf(s.Origin),
		Zone:        zone,
		Start:       s.Start,
		End:         s.End,
		InBed:       s.End.Sub(s.Start),
		Light:       optionalDuration(s.TimeInLight),
		Deep:        optionalDuration(s.TimeInDeep),
		REM:         optionalDuration(s.TimeInREM),
		Snoring:     optionalDuration(s.TimeInSnoring),
		Latency:     optionalDuration(s.SleepLatency),
		LongestWake: optionalDuration(s.LongestWASO),
		Ahead:       s.End.Sub(readAt) > clocksDiffer,
	}
	if s.TimeInBed != nil {
		out.InBed = seconds(*s.TimeInBed)
	}
	if s.TimeInSleep != nil {
		out.Asleep = seconds(*s.TimeInSleep)
	}
	if s.SleepTime != nil {
		out.Onset = *s.SleepTime
	} else if out.Latency != nil {
		out.Onset = s.Start.Add(*out.Latency)
	}
	if s.WakeTime != nil {
		out.Wake = *s.WakeTime
	} else if s.WakeupLatency != nil {
		out.Wake = s.End.Add(-seconds(*s.WakeupLatency))
	}
	switch {
	case s.TimeInWake != nil:
		out.Awake = seconds(*s.TimeInWake)
	case !out.Onset.IsZero() && !out.Wake.IsZero():
		out.Awake = max(0, out.Wake.Sub(out.Onset)-out.Asleep)
		out.AwakeUnknown = s.Origin != nil
	}
	if n := s.WASOCount; n != nil && *n >= 0 && *n < mostAwakenings {
		out.Awakenings = new(int(*n))
	}
	if s.Origin != nil {
		out.LongAwakenings = s.Origin.LongAwakenings
	}
	return out
}

// mostAwakenings is more than a day has half minutes: no count of a recording.
const mostAwakenings = 2880

// seconds converts the service's numbers; a length that no recording can have is cut to
// one that the checks of analytics refuse.
func seconds(s float64) time.Duration {
	const most = 1e8
	return time.Duration(min(max(s, -most), most) * float64(time.Second))
}

func optionalDuration(s *float64) *time.Duration {
	if s == nil {
		return nil
	}
	return new(seconds(*s))
}
