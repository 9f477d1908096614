package analytics

import "time"

const (
	leastTypical = 5          // sessions of three hours and more
	briefPeriod  = 5 * 3600   // seconds: a typical period up to this is widened ...
	halfPeriod   = 3.5 * 3600 // ... to this on both sides of its middle
	daytimeFrom  = 9 * 3600
	daytimeTo    = 21 * 3600
)

// A sleepPeriod is when a person as a rule sleeps; its zero value is one that
// is not known.
type sleepPeriod struct {
	from, length float64 // clock time and seconds
}

func typicalPeriod(sessions []Session) sleepPeriod {
	var onsets, wakes []float64
	for _, s := range sessions {
		if s.Asleep >= shortSleep {
			onsets = append(onsets, ClockOf(s.Onset, s.Zone))
			wakes = append(wakes, ClockOf(s.Wake, s.Zone))
		}
	}
	if len(onsets) < leastTypical {
		return sleepPeriod{}
	}
	from, ok := clockMedian(onsets)
	to, alike := clockMedian(wakes)
	if !ok || !alike {
		return sleepPeriod{}
	}
	length := fold(to - from)
	if length <= briefPeriod {
		return sleepPeriod{from: fold(from + length/2 - halfPeriod), length: 2 * halfPeriod}
	}
	return sleepPeriod{from: from, length: length}
}

// isNap reports whether a block can be no main sleep: little sleep, and begun
// by day or outside the typical period.
func (p sleepPeriod) isNap(block []Session) bool {
	if asleep(block) >= shortSleep {
		return false
	}
	first, last := block[0], block[len(block)-1]
	onset := ClockOf(first.Onset, first.Zone)
	if onset >= daytimeFrom && onset < daytimeTo {
		return true
	}
	return p.length > 0 && !p.meets(onset, last.Wake.Sub(first.Onset))
}

// meets reports whether a sleep that begins at a clock time shares time with
// the period.
func (p sleepPeriod) meets(onset float64, length time.Duration) bool {
	return fold(onset-p.from) < p.length || fold(p.from-onset) < length.Seconds()
}
