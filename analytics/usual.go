package analytics

import (
	"time"

	"cloud.google.com/go/civil"
)

const (
	usualDays  = 28
	usualDelay = 12 * time.Hour // parts of one night look back on the same sleep
	leastUsual = 5              // dates with three hours of sleep

	binSeconds = 600
	dayBins    = daySeconds / binSeconds

	// A usual period is where more than usualPart of the time is slept; by so
	// much of an hour and a half or more all in all, or it is none: even sleep has none.
	usualPart, usualParts = 1, 3 // a third
	leastExcess           = 5400
	longestPeriod         = 12 * 3600

	shortSeconds = int(shortSleep / time.Second)

	periodMargin = 3600          // on both sides of a usual period
	earlyAttempt = 2 * time.Hour // before it, a recording without sleep is still made for it

	// Who usually wakes between these, and falls asleep before the night of most people,
	// has nights that end on both sides of midnight: their dates change at dateChange
	// instead. Few people wake around three, so few waver between the two.
	eveningFrom    = 20 * 3600
	eveningTo      = 3 * 3600
	dateChange     = 6  // o'clock
	dateChangeLate = 15 // for one of two nights beside an empty date
)

// A period is when a person sleeps at the time of a session.
type period struct {
	from, length int // clock time and seconds
	basis        basis
	evening      bool // the dates of this person change in the early morning
}

// A basis is what a period rests on.
type basis int

const (
	unknown   basis = iota // too little sleep so far: it is that of most people
	learned                // the sleep of 28 days
	scattered              // the same, which has no period: it is that of most people
)

func commonPeriod(b basis) period {
	return period{from: nightFrom, length: daySeconds - nightFrom + nightTo, basis: b}
}

// usual keeps how the rests of 28 days lie on the clock.
type usual struct {
	rests      []rest // in order of start
	from, upTo int    // of them, those of the 28 days
	full       []bool // by rest: the first of a date with three hours of sleep
	asleep     [dayBins]int
	dates      int
}

func usualOf(rests []rest) *usual {
	u := &usual{rests: rests, full: make([]bool, len(rests))}
	for i := 0; i < len(rests); {
		first, date, sum := i, rests[i].date(), time.Duration(0)
		for ; i < len(rests) && rests[i].date() == date; i++ {
			sum += asleep(rests[i])
		}
		u.full[first] = sum >= shortSleep
	}
	return u
}

// at is the period for a rest that starts at an instant. What was asked about before matters
// only to how long it takes.
func (u *usual) at(start time.Time) period {
	until := start.Add(-usualDelay)
	u.upTo = u.move(u.upTo, until, 1)
	u.from = u.move(u.from, until.Add(-usualDays*day), -1)
	if u.dates < leastUsual {
		return commonPeriod(unknown)
	}
	return u.learn()
}

// move moves an end of the 28 days to an instant: rests that it passes count by sign, the other
// way round if it moves back.
func (u *usual) move(end int, to time.Time, sign int) int {
	for ; end < len(u.rests) && u.rests[end][0].Start.Before(to); end++ {
		u.count(end, sign)
	}
	for ; end > 0 && !u.rests[end-1][0].Start.Before(to); end-- {
		u.count(end-1, -sign)
	}
	return end
}

func (u *usual) count(i, sign int) {
	if u.full[i] {
		u.dates += sign
	}
	for j := range u.rests[i] {
		s := &u.rests[i][j]
		clock := int(ClockOf(s.Onset, s.Zone))
		for left := int(s.Wake.Sub(s.Onset) / time.Second); left > 0; {
			part := min(left, binSeconds-clock%binSeconds)
			u.asleep[clock/binSeconds] += sign * part
			clock, left = (clock+part)%daySeconds, left-part
		}
	}
}

// learn finds the stretch of the clock with the largest excess: the time slept
// in it less a third of its length, on each date. It either does not cross
// midnight, or the rest of the day is the stretch with the least that does not.
func (u *usual) learn() period {
	var all, most, least, high, low int
	var from, length, highFrom, lowFrom, leastFrom, leastLength int
	for bin := range dayBins {
		excess := usualParts*min(u.asleep[bin], binSeconds*u.dates) - usualPart*binSeconds*u.dates
		all += excess
		if high <= 0 {
			high, highFrom = 0, bin
		}
		if high += excess; high > most {
			most, from, length = high, highFrom, bin+1-highFrom
		}
		if low >= 0 {
			low, lowFrom = 0, bin
		}
		if low += excess; low < least {
			least, leastFrom, leastLength = low, lowFrom, bin+1-lowFrom
		}
	}
	if all-least > most {
		most, from, length = all-least, (leastFrom+leastLength)%dayBins, dayBins-leastLength
	}
	from, length = from*binSeconds, length*binSeconds
	slept := (most + usualPart*u.dates*length) / usualParts
	if most < usualParts*leastExcess*u.dates || slept < shortSeconds*u.dates || length > longestPeriod {
		return commonPeriod(scattered)
	}
	end := (from + length) % daySeconds
	return period{
		from: (from - periodMargin + daySeconds) % daySeconds, length: length + 2*periodMargin,
		basis: learned, evening: isEvening(from, end),
	}
}

// isEvening reports whether sleep between two clock times is that of the evening.
func isEvening(from, to int) bool {
	return from >= eveningTo && from < nightFrom && (to >= eveningFrom || to < eveningTo)
}

// place reports whether more than half of a span lies in the period, and gives
// the middle of the period nearest to it.
func (p period) place(s Span, zone *time.Location) (middle time.Time, inside bool) {
	length := s.To.Sub(s.From).Seconds()
	half := float64(p.length) / 2
	away := ClockDifference(float64(p.from)+half, ClockOf(s.From, zone)+length/2)
	shared := min(length/2, away+half) - max(-length/2, away-half)
	middle = Midpoint(s.From, s.To).Add(time.Duration(away * float64(time.Second)))
	return middle, 2*shared > length
}

// meant is the date of a recording without known sleep: that of the end of the period for
// which it was made, or of its own end. It reports whether the recording was made for a
// night.
func (p period) meant(recording Span, zone *time.Location) (date civil.Date, night bool) {
	ended := recording.To
	middle, _ := p.place(recording, zone)
	end := p.end(middle)
	begin := end.Add(-time.Duration(p.length) * time.Second)
	if !recording.From.After(end) && !ended.Before(begin.Add(-earlyAttempt)) {
		return p.date(latest(ended, end), zone, false), true
	}
	return p.date(ended, zone, false), ended.Sub(recording.From) >= shortSleep
}

// end is the end of the period with a middle.
func (p period) end(middle time.Time) time.Time {
	return middle.Add(time.Duration(p.length) * time.Second / 2)
}
