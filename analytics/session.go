package analytics

import (
	"time"

	"cloud.google.com/go/civil"
)

const (
	longestInBed   = 24 * time.Hour
	slack          = time.Minute // error allowed for rounding to epochs and to whole seconds
	stageSlack     = 30 * time.Second
	bedSlack       = time.Hour // of the time in bed beyond the recording, which may end before the person gets up
	unrecordedPart = 0.3       // of time asleep and awake
	lostPart       = 0.3       // of the recording
)

// A Session is one recording as it was measured.
type Session struct {
	ID         string
	Source     string         // what measured it, any text; stages of different sources cannot be compared
	Zone       *time.Location // of its clock times and its date; nil: UTC
	Start, End time.Time      // of the recording

	// Onset is the beginning of the first sleep and Wake the end of the last; both are
	// zero if no sleep was found.
	Onset, Wake time.Time

	InBed  time.Duration // Start to End
	Asleep time.Duration // light, deep and REM sleep together
	Awake  time.Duration // wake after sleep onset, before the final awakening

	// AwakeUnknown reports that wake was not measured. Awake is then the sleep period
	// minus the time asleep.
	AwakeUnknown bool

	// These are nil if not measured. LongestWake is the longest wake between Onset and
	// Wake.
	Light, Deep, REM, Snoring, Latency, LongestWake *time.Duration

	// Awakenings is the number of awakenings of half a minute or more between Onset and
	// Wake, and LongAwakenings that of more than five minutes; nil if not measured.
	Awakenings, LongAwakenings *int

	MissingData *float64 // share of the recording that was lost, 0 to 1; nil if unknown

	Ahead bool // its end was still in the future when it was read
}

// Check returns why the session cannot be used, or "" if it can. The reason is the
// first of these that applies:
//
//   - [NotMeasured]: start or end is missing;
//   - [TooLong]: more than 24 hours from start to end;
//   - [NoSleep]: no time asleep and no onset;
//   - [NotMeasured]: onset, awakening, time in bed or time asleep is missing;
//   - [MissingData]: more than 30 % of the recording was lost;
//   - [Inconsistent]: the session is Ahead; a duration is negative; onset, wake, start
//     and end are out of order, or parts of the night exceed the time in bed, by more than
//     60 s; the time in bed exceeds that from start to end by more than an hour; the stages differ from the time asleep by more than 30 s; or the
//     sleep period is more than 60 s shorter, or more than 30 % longer, than the time
//     asleep and awake.
func (s Session) Check() Reason {
	switch {
	case s.Start.IsZero(), s.End.IsZero():
		return NotMeasured
	case s.End.Sub(s.Start) > longestInBed:
		return TooLong
	case s.Asleep <= 0 && s.Onset.IsZero():
		return NoSleep
	case s.Onset.IsZero(), s.Wake.IsZero(), s.InBed == 0, s.Asleep == 0:
		return NotMeasured
	case s.MissingData != nil && *s.MissingData > lostPart:
		return MissingData
	case s.Ahead, !s.ordered(), !s.fitsInBed(), !s.stagesAddUp(), !s.periodAddsUp():
		return Inconsistent
	}
	return ""
}

// Gap reports whether the sleep period is longer than the time asleep and awake by more
// than 30 s and at most 30 %. The remaining time was not recorded and counts only as
// time in bed.
func (s Session) Gap() bool {
	return s.unrecorded() > 30*time.Second && s.periodAddsUp()
}

func (s Session) ordered() bool {
	return !s.Onset.After(s.Wake) && !s.Onset.Before(s.Start.Add(-slack)) && !s.Wake.After(s.End.Add(slack))
}

// fitsInBed reports whether latency, sleep period and the wake that follows it fit into
// the time in bed, and asleep and awake into what contains them.
func (s Session) fitsInBed() bool {
	latency := s.Onset.Sub(s.Start)
	if s.Latency != nil {
		latency = *s.Latency
	}
	return s.Awake >= 0 && s.Asleep > 0 && latency >= -slack && s.InBed <= s.End.Sub(s.Start)+bedSlack &&
		s.Asleep <= s.InBed+slack && latency+s.End.Sub(s.Onset) <= s.InBed+slack
}

func (s Session) stagesAddUp() bool {
	for _, part := range []*time.Duration{s.Light, s.Deep, s.REM, s.Snoring, s.LongestWake} {
		if part != nil && (*part < 0 || *part > s.InBed+slack) {
			return false
		}
	}
	if s.Light == nil || s.Deep == nil || s.REM == nil {
		return true
	}
	return (*s.Light + *s.Deep + *s.REM - s.Asleep).Abs() <= stageSlack
}

func (s Session) periodAddsUp() bool {
	most := time.Duration(unrecordedPart * float64(s.Asleep+s.Awake))
	rest := s.unrecorded()
	return rest >= -slack && rest <= max(most, slack)
}

// unrecorded returns the part of the sleep period that is known neither as sleep nor as
// wake; negative when the two together exceed it.
func (s Session) unrecorded() time.Duration {
	return s.Wake.Sub(s.Onset) - s.Asleep - s.Awake
}

// ended returns the final awakening; the end of the recording if there is none or onset
// and awakening are out of order; zero without either.
func (s *Session) ended() time.Time {
	if s.Wake.IsZero() || !s.ordered() {
		return s.End
	}
	return s.Wake
}

// date returns the local date on which it ended; the zero date if that is not known.
func (s *Session) date() civil.Date {
	ended := s.ended()
	if ended.IsZero() {
		return civil.Date{}
	}
	return civil.DateOf(ended.In(zoneOr(s.Zone)))
}

func (s Session) recording() Span { return Span{From: s.Start, To: s.End} }

func (s Session) sleep() Span { return Span{From: s.Onset, To: s.Wake} }

func zoneOr(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
