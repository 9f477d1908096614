package analytics

import (
	"time"

	"cloud.google.com/go/civil"
)

const (
	shortBreak = time.Hour      // between recordings of one sleep, at any time of the day
	shortAwake = 2 * time.Hour  // nor was the sleeper awake for longer, where a recording ran on
	longBreak  = 3 * time.Hour  // awake between parts of a sleep outside of the period
	longSleep  = 10 * time.Hour // of which more is not one sleep there
	longestRun = 18 * time.Hour // from start to end, else nothing would be far away

	apart      = 16 * time.Hour // between the middles of two sleeps on two days
	alikeApart = 10 * time.Hour // the same, beside an empty date, of two that are alike:
	alikePart  = 2.0 / 3        // this part of the longer one
	sameZone   = 3600           // seconds of difference, for the change of the clock
	nearEnough = 72 * time.Hour // to what can have a date beside another's
)

// A placed session is one with the person's usual period at the time of its rest.
type placed struct {
	*Session
	period

	rested time.Duration // asleep in its rest
	inside bool          // lies in the period ...
	middle time.Time     // ... with this middle
}

// A sleep is sessions that belong together: a night, a part of one that cannot
// be put together with the rest, or a nap.
type sleep struct {
	parts  []Session
	asleep time.Duration
	date   civil.Date
	period period

	inside bool      // a part lies in the period ...
	night  time.Time // ... with this middle

	main bool // it is a night, and no nap of one
}

// sleepsOf puts sessions that can be used, in order of start, together and dates them.
func sleepsOf(sessions []Session, usual *usual) []sleep {
	places := make([]placed, 0, len(sessions))
	for _, r := range usual.rests {
		p := placed{Session: &r[0], period: usual.at(r[0].Start), rested: asleep(r)}
		p.settle(r)
		if len(places) > 0 {
			p.follow(&places[len(places)-1])
		}
		for i := range r {
			p.Session = &r[i]
			places = append(places, p)
		}
	}
	list := join(make([]sleep, 0, len(sessions)), sessions, places, long)
	redate(list)
	return list
}

// A rest is sessions close to each other. Whether they lie in the usual period, and what
// is usual, is asked of them as of one, so that nothing depends on how often a recording
// was begun again.
type rest []Session

// restsOf cuts sessions, in order of start, into rests. Sessions that would reach over
// too long a time are one each.
func restsOf(sessions []Session) []rest {
	rests := make([]rest, 0, len(sessions))
	for from := 0; from < len(sessions); {
		upTo := from + 1
		for upTo < len(sessions) && closeBy(&sessions[upTo-1], &sessions[upTo]) {
			upTo++
		}
		if sessions[upTo-1].End.Sub(sessions[from].Start) > longestRun {
			upTo = from + 1
		}
		rests = append(rests, sessions[from:upTo])
		from = upTo
	}
	return rests
}

func closeBy(before, after *Session) bool {
	return after.Start.Sub(before.End) <= shortBreak && after.Onset.Sub(before.Wake) <= shortAwake
}

func (r rest) sleep() Span      { return Span{From: r[0].Onset, To: r[len(r)-1].Wake} }
func (r rest) recording() Span  { return Span{From: r[0].Start, To: r[len(r)-1].End} }
func (r rest) date() civil.Date { return r[len(r)-1].date() }

// settle reports whether a rest lies in its period: its sleep, or else the
// whole recording of somebody who lay awake.
func (p *placed) settle(r rest) {
	zone := r[0].Zone
	if p.middle, p.inside = p.place(r.sleep(), zone); !p.inside {
		p.middle, p.inside = p.place(r.recording(), zone)
	}
}

// follow puts a session that begins in the period in which the one before lies
// into that period.
func (p *placed) follow(before *placed) {
	if !p.inside && before.inside && !p.Start.After(p.end(before.middle)) {
		p.middle, p.inside = before.middle, true
	}
}

// A bond is how strongly a session belongs to the one before.
type bond int

const (
	none  bond = iota
	long       // both outside of the period, awake for three hours and no longer than each sleep
	short      // recordings an hour apart
	same       // in one period
)

func bondOf(before, after *placed) bond {
	awake := after.Onset.Sub(before.Wake)
	bothInside := before.inside && after.inside && before.basis != scattered && after.basis != scattered
	outside := func(p *placed) bool { return !p.inside || p.basis == scattered }
	switch {
	case bothInside && after.middle.Sub(before.middle).Abs() < day/2:
		return same
	case closeBy(before.Session, after.Session):
		return short
	case outside(before) && outside(after) && awake <= min(longBreak, before.rested, after.rested) &&
		before.rested+after.rested <= longSleep:
		return long
	}
	return none
}

// join makes sleeps of sessions with a bond of at least some strength. What
// would be too long for one is held together by stronger ones alone, so that
// nothing depends on sessions far away.
func join(list []sleep, sessions []Session, places []placed, least bond) []sleep {
	for from := 0; from < len(sessions); {
		upTo := from + 1
		for upTo < len(sessions) && bondOf(&places[upTo-1], &places[upTo]) >= least {
			upTo++
		}
		if least < same && sessions[upTo-1].End.Sub(sessions[from].Start) > longestRun {
			list = join(list, sessions[from:upTo], places[from:upTo], least+1)
		} else {
			list = append(list, sleepOf(sessions[from:upTo:upTo], places[from:upTo]))
		}
		from = upTo
	}
	return list
}

func sleepOf(parts []Session, places []placed) sleep {
	s := sleep{parts: parts, asleep: asleep(parts), period: places[len(places)-1].period}
	for i := range places {
		if places[i].inside {
			s.inside, s.night = true, places[i].middle
			break
		}
	}
	s.date = s.dated()
	return s
}

// dated is the local date of the awakening; in the period that of the end of the recording,
// or of the period where that is earlier.
func (s *sleep) dated() civil.Date {
	last := &s.parts[len(s.parts)-1]
	ended := last.Wake
	if s.inside {
		until := last.End
		if end := s.period.end(s.night); end.Before(until) {
			until = end
		}
		ended = latest(ended, until)
	}
	return s.period.date(ended, last.Zone, s.ofAnEvening())
}

// ofAnEvening reports whether a sleep is that of somebody who sleeps through the
// evening, where earlier sleep does not tell.
func (s *sleep) ofAnEvening() bool {
	onset, wake := ClockOf(s.onset(), s.parts[0].Zone), ClockOf(s.wake(), s.parts[len(s.parts)-1].Zone)
	return s.period.basis != learned && s.asleep >= shortSleep && onset >= halfDay && onset < eveningFrom &&
		(wake >= eveningFrom || wake < eveningTo)
}

// date is the local date of an instant for a person with that period.
func (p period) date(t time.Time, zone *time.Location, evening bool) civil.Date {
	local := t.In(zoneOr(zone))
	date := civil.DateOf(local)
	if (evening || p.evening) && local.Hour() < dateChange {
		return date.AddDays(-1)
	}
	return date
}

func (s *sleep) onset() time.Time  { return s.parts[0].Onset }
func (s *sleep) wake() time.Time   { return s.parts[len(s.parts)-1].Wake }
func (s *sleep) middle() time.Time { return Midpoint(s.onset(), s.wake()) }

// mayBeMain reports whether a sleep can be the main sleep of a date.
func (s *sleep) mayBeMain() bool { return s.inside || s.asleep >= shortSleep }

// isBig reports whether it is that, and no short one.
func (s *sleep) isBig() bool { return s.asleep >= shortSleep }

// otherNight reports whether two sleeps are of two nights even on one date.
func (s *sleep) otherNight(than *sleep) bool {
	if !s.isBig() || !than.isBig() {
		return false
	}
	return s.inside && than.inside && s.night.Sub(than.night).Abs() >= day/2 || s.middle().Sub(than.middle()).Abs() >= apart
}

// likeNights reports whether two sleeps are two nights where one of them can be that of an
// empty date.
func (s *sleep) likeNights(than *sleep) bool {
	shorter, longer := min(s.asleep, than.asleep), max(s.asleep, than.asleep)
	return s.isBig() && than.isBig() && s.middle().Sub(than.middle()).Abs() >= alikeApart && float64(shorter) >= alikePart*float64(longer)
}

// redate moves one of two nights that share a date beside an empty one: the
// first, which ended before six in the morning, to the date before; or the
// second, which ended in the next morning, to that date; or the second, which
// ended after six in the evening, to the date after, once sleep of the date that
// follows it is known, so that no date lies in the future.
func redate(list []sleep) {
	type move struct{ sleep, days int }
	var moves []move // made in the end: none looks at what another did
	first := -1
	for second := range list {
		if !list[second].isBig() {
			continue
		}
		if first >= 0 && list[first].collides(&list[second]) {
			switch date := list[second].date; {
			case list[first].endedAt(date, 0, list[first].lateUntil()) && !hasNight(list, first, date.AddDays(-1)):
				moves = append(moves, move{first, -1})
			case list[second].endedAt(date.AddDays(1), 0, dateChange):
				moves = append(moves, move{second, 1})
			case list[second].endedAt(date, 24-dateChange, 24) && !hasNight(list, second, date.AddDays(1)) && followed(list[second:], date.AddDays(2)):
				moves = append(moves, move{second, 1})
			}
		}
		first = second
	}
	for _, m := range moves {
		list[m.sleep].date = list[m.sleep].date.AddDays(m.days)
	}
}

// collides reports whether two nights have one date, and not because their zones
// are far from each other.
func (s *sleep) collides(with *sleep) bool {
	_, here := s.wake().In(zoneOr(s.parts[len(s.parts)-1].Zone)).Zone()
	_, there := with.wake().In(zoneOr(with.parts[len(with.parts)-1].Zone)).Zone()
	return s.date == with.date && max(here-there, there-here) <= sameZone && (s.otherNight(with) || s.likeNights(with))
}

// lateUntil is the hour up to which a night can be one of the date before.
func (s *sleep) lateUntil() int {
	if s.period.evening {
		return dateChangeLate
	}
	return dateChange
}

// endedAt reports whether the sleep ended on a date between two hours.
func (s *sleep) endedAt(date civil.Date, from, to int) bool {
	local := s.wake().In(zoneOr(s.parts[len(s.parts)-1].Zone))
	return civil.DateOf(local) == date && local.Hour() >= from && local.Hour() < to
}

// hasNight reports whether a sleep near to one can be the main sleep of a date.
func hasNight(list []sleep, near int, date civil.Date) bool {
	is := func(s *sleep) bool { return s.date == date && s.mayBeMain() }
	for i := near - 1; i >= 0 && list[near].onset().Sub(list[i].onset()) < nearEnough; i-- {
		if is(&list[i]) {
			return true
		}
	}
	for i := near + 1; i < len(list) && list[i].onset().Sub(list[near].onset()) < nearEnough; i++ {
		if is(&list[i]) {
			return true
		}
	}
	return false
}

// followed reports whether a recording after the first sleep ended on a date.
func followed(list []sleep, date civil.Date) bool {
	for i := 1; i < len(list) && list[i].onset().Sub(list[0].onset()) < nearEnough; i++ {
		for j := range list[i].parts {
			if p := &list[i].parts[j]; civil.DateOf(p.End.In(zoneOr(p.Zone))) == date {
				return true
			}
		}
	}
	return false
}
