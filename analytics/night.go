package analytics

import (
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// A Night is everything slept on one night date. A date usually has one night;
// [Assemble] says when it has two.
type Night struct {
	// Date is the local date of the final awakening of the main sleep, in the zone of its
	// own recording; without a main sleep, that of the naps or of what was recorded.
	// [Assemble] says when it is the date before or after.
	Date civil.Date

	// Main holds the blocks of the main sleep in order of time: one, or for a split night
	// several, perhaps hours apart. It is empty on a date with only naps or without
	// usable sleep.
	Main []Session

	Naps []Session // the other sleeps of the date, in order of time

	// Excluded is "" for a night that every metric uses. [Short] excludes a night from
	// metrics of clock time only. Every other reason excludes it from all metrics except
	// the regularity of sleep windows, which uses the naps of every date.
	Excluded Reason

	known *moments // nil: not read yet
}

// In returns the night with its clock times in the given zone. Its date stays as it is,
// so only clock times should be computed from the result.
func (n Night) In(zone *time.Location) Night {
	in := func(sessions []Session) []Session {
		moved := slices.Clone(sessions)
		for i := range moved {
			moved[i].Zone = zone
		}
		return moved
	}
	n.Main, n.Naps = in(n.Main), in(n.Naps)
	return n
}

// Zone returns the zone in which the night's clock times are read: that of the session
// in which the main sleep ended, otherwise of the last nap, otherwise UTC.
func (n Night) Zone() *time.Location {
	if len(n.Main) > 0 {
		return zoneOr(n.Main[len(n.Main)-1].Zone)
	}
	if len(n.Naps) > 0 {
		return zoneOr(n.Naps[len(n.Naps)-1].Zone)
	}
	return time.UTC
}

// Bedtime returns the start of the main sleep's first block, the zero time without a
// main sleep.
func (n Night) Bedtime() time.Time {
	if len(n.Main) == 0 {
		return time.Time{}
	}
	return n.Main[0].Start
}

// Onset returns the sleep onset of the first block, the zero time without a main sleep.
func (n Night) Onset() time.Time {
	if len(n.Main) == 0 {
		return time.Time{}
	}
	return n.Main[0].Onset
}

// Wake returns the final awakening of the last block, the zero time without a main
// sleep.
func (n Night) Wake() time.Time {
	if len(n.Main) == 0 {
		return time.Time{}
	}
	return n.Main[len(n.Main)-1].Wake
}

// InBed returns the main sleep's time in bed, not counting gaps between the blocks of a
// split night.
func (n Night) InBed() (sum time.Duration) {
	for i := range n.Main {
		sum += n.Main[i].InBed
	}
	return sum
}

// Asleep returns the time asleep in the main sleep.
func (n Night) Asleep() time.Duration { return asleep(n.Main) }

// Asleep24 returns the time asleep in the main sleep and the naps.
func (n Night) Asleep24() time.Duration { return asleep(n.Main) + asleep(n.Naps) }

// Awake returns the main sleep's wake after sleep onset (WASO), not counting gaps
// between the blocks of a split night.
func (n Night) Awake() (sum time.Duration) {
	for i := range n.Main {
		sum += n.Main[i].Awake
	}
	return sum
}

// AwakeMeasured reports whether wake was measured in every block of the main sleep.
func (n Night) AwakeMeasured() bool {
	return !slices.ContainsFunc(n.Main, func(s Session) bool { return s.AwakeUnknown })
}

// Source returns what measured the end of the main sleep, "" without a main sleep.
func (n Night) Source() string {
	if len(n.Main) == 0 {
		return ""
	}
	return n.Main[len(n.Main)-1].Source
}

// OutOfBed returns the time between the blocks of the main sleep, in which nothing was
// recorded, 0 for a night of one block. It counts neither as time in bed nor in
// [Night.Awake].
func (n Night) OutOfBed() (sum time.Duration) {
	for i := 1; i < len(n.Main); i++ {
		sum += max(0, n.Main[i].Start.Sub(n.Main[i-1].End))
	}
	return sum
}

// RecordedThrough reports whether at most five minutes between the blocks of the main
// sleep are unrecorded. Otherwise a person who got up was awake for longer than was
// measured, so that the measured wake cannot be compared.
func (n Night) RecordedThrough() bool { return n.OutOfBed() <= longAwakening }

// AfterWaking returns the time in bed after the final awakening, 0 without one. It
// counts as time in bed, but not in [Night.Awake].
func (n Night) AfterWaking() time.Duration {
	if len(n.Main) == 0 {
		return 0
	}
	last := &n.Main[len(n.Main)-1]
	if last.Wake.IsZero() {
		return 0
	}
	return max(0, last.End.Sub(last.Wake))
}

// Efficiency returns the main sleep's time asleep divided by its time in bed, 0 to 1;
// ok is false without time in bed. The time after the final awakening counts as time in
// bed, [Night.OutOfBed] does not.
func (n Night) Efficiency() (ratio float64, ok bool) {
	inBed := n.InBed()
	if inBed <= 0 {
		return 0, false
	}
	// Time asleep may exceed time in bed by a minute.
	return min(1, n.Asleep().Seconds()/inBed.Seconds()), true
}

// Latency returns the first block's sleep latency, nil if it was not measured.
func (n Night) Latency() *time.Duration {
	if len(n.Main) == 0 {
		return nil
	}
	return n.Main[0].Latency
}

// Light returns the light sleep of the main sleep, nil if it was not measured in every
// block.
func (n Night) Light() *time.Duration {
	return sumOf(n.Main, func(s *Session) *time.Duration { return s.Light })
}

// Deep returns the deep sleep of the main sleep, nil if it was not measured in every
// block.
func (n Night) Deep() *time.Duration {
	return sumOf(n.Main, func(s *Session) *time.Duration { return s.Deep })
}

// REM returns the REM sleep of the main sleep, nil if it was not measured in every
// block.
func (n Night) REM() *time.Duration {
	return sumOf(n.Main, func(s *Session) *time.Duration { return s.REM })
}

// Snoring returns the time with snoring in the main sleep, nil if it was not measured
// in every block.
func (n Night) Snoring() *time.Duration {
	return sumOf(n.Main, func(s *Session) *time.Duration { return s.Snoring })
}

// LongAwakenings returns the number of awakenings longer than five minutes in the
// blocks of the main sleep, nil if it was not measured in every block.
func (n Night) LongAwakenings() *int {
	return sumOf(n.Main, func(s *Session) *int { return s.LongAwakenings })
}

// LongestWake returns the longest wake in a block of the main sleep, nil if it was not
// measured in every block.
func (n Night) LongestWake() *time.Duration {
	var longest *time.Duration
	for i := range n.Main {
		d := n.Main[i].LongestWake
		if d == nil {
			return nil
		}
		if longest == nil || *d > *longest {
			longest = d
		}
	}
	return longest
}

// Awakenings returns the number of awakenings of half a minute or more in the blocks of
// the main sleep, nil if it was not measured in every block.
func (n Night) Awakenings() *int {
	return sumOf(n.Main, func(s *Session) *int { return s.Awakenings })
}

// Gap reports whether a block of the main sleep has unrecorded time, see [Session.Gap].
func (n Night) Gap() bool { return n.Unrecorded() > 0 }

// Unrecorded returns the time inside the blocks of the main sleep that was not recorded,
// see [Session.Gap]; 0 if there is none. It counts as time in bed, though the person may
// have slept.
func (n Night) Unrecorded() (sum time.Duration) {
	for i := range n.Main {
		if s := &n.Main[i]; s.Gap() {
			sum += s.unrecorded()
		}
	}
	return sum
}

// counted reports whether the night's durations count.
func (n Night) counted() bool {
	return len(n.Main) > 0 && (n.Excluded == "" || n.Excluded == Short)
}

// timed reports whether the night's clock times count.
func (n Night) timed() bool { return len(n.Main) > 0 && n.Excluded == "" }

// staged reports whether all three stages of the main sleep were measured. Shares of time
// asleep are computed only from such nights.
func (n Night) staged() bool { return n.Light() != nil && n.Deep() != nil && n.REM() != nil }

func asleep(sessions []Session) (sum time.Duration) {
	for i := range sessions {
		sum += sessions[i].Asleep
	}
	return sum
}

// sumOf returns the sum over all sessions, nil without any or if one lacks it.
func sumOf[T int | time.Duration](sessions []Session, part func(*Session) *T) *T {
	if len(sessions) == 0 {
		return nil
	}
	var sum T
	for i := range sessions {
		d := part(&sessions[i])
		if d == nil {
			return nil
		}
		sum += *d
	}
	return &sum
}
