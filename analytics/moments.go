package analytics

import (
	"math"
	"time"

	"cloud.google.com/go/civil"
)

// Moments are what clocks showed at the turns of a main sleep, in seconds after
// midnight. Reading a zone takes longer than most of what is computed from it, so
// [Assemble] reads each night's once.
type moments struct {
	zone                 *time.Location // what they were read from: the night's zone ...
	bedtime, onset, wake time.Time      // ... and turns

	bedtimeClock, onsetClock, wakeClock, midsleepClock float64

	day Span // from noon to noon around midsleep, see [dayOf]
}

// moments are those of a night with a main sleep.
func (n *Night) moments() *moments {
	if n.known != nil && n.known.of(n) {
		return n.known
	}
	return momentsOf(n)
}

// of reports whether moments are still those of a night.
func (m *moments) of(n *Night) bool {
	first, last := &n.Main[0], &n.Main[len(n.Main)-1]
	return m.zone == zoneOr(last.Zone) && m.bedtime.Equal(first.Start) && m.onset.Equal(first.Onset) && m.wake.Equal(last.Wake)
}

func momentsOf(n *Night) *moments {
	m := &moments{zone: n.Zone(), bedtime: n.Bedtime(), onset: n.Onset(), wake: n.Wake()}
	m.bedtimeClock, m.onsetClock, m.wakeClock = ClockOf(m.bedtime, m.zone), ClockOf(m.onset, m.zone), ClockOf(m.wake, m.zone)
	m.midsleepClock = ClockOf(m.midsleep(), m.zone)
	m.day = m.dayAround(n.Date, 0)
	return m
}

func (m *moments) midsleep() time.Time { return Midpoint(m.onset, m.wake) }

// dayAround is the day of a night date around a center; see [dayOf].
func (m *moments) dayAround(date civil.Date, center float64) Span {
	second := int(center)
	if clock := m.midsleepClock; center != 0 || clock >= nightFrom || clock <= nightTo {
		date = civil.DateOf(m.midsleep().In(m.zone))
		// Midsleep after midnight belongs to a center late on the day before, and
		// the other way round.
		second = int(math.Round(clock + ClockDifference(center, clock)))
	}
	at := func(second int) time.Time {
		return time.Date(date.Year, date.Month, date.Day, 0, 0, second, 0, m.zone)
	}
	return Span{From: at(second - halfDay), To: at(second + halfDay)}
}

// Turns of a night, for [clocksOf].
func bedtimeClock(m *moments) float64  { return m.bedtimeClock }
func onsetClock(m *moments) float64    { return m.onsetClock }
func wakeClock(m *moments) float64     { return m.wakeClock }
func midsleepClock(m *moments) float64 { return m.midsleepClock }
