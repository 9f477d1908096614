package analytics

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"cloud.google.com/go/civil"
)

const shortSleep = 3 * time.Hour // a main sleep under this is Short

// ReachBefore and ReachAfter are how many days of recordings around a range of dates
// decide what the nights of that range are. Assembling all recordings that end from
// ReachBefore days before the first date to ReachAfter days after the last gives the
// same nights for the range as assembling every recording there is.
const (
	ReachBefore = usualDays + 4
	ReachAfter  = 2
)

// An Assembly is a set of sessions put together into nights.
type Assembly struct {
	Nights  []Night   // by ascending date, usually one per date; never nil
	Dropped []Dropped // sessions that belong to no night, by ascending date; never nil

	usual *usual // how the sessions that could be used lie
}

// Dropped is a session that was left out: one that fails [Session.Check], a [Duplicate]
// or an [Overlap].
type Dropped struct {
	ID     string
	Date   civil.Date // of its final awakening, or else as [Assembly.DateOf] has it; zero if it has no end
	Reason Reason

	nap bool // there was to be a nap
}

// Assemble puts sessions together into nights. Each session ends up in exactly one
// place: in a night's Main, in its Naps, or in Dropped. The result does not depend on
// the order of the sessions.
//
//   - Of several sessions with the same id, the one with the most sleep is kept, and a
//     usable one is preferred. Sessions that fail [Session.Check] are dropped. Of
//     recordings that overlap by more than a minute, the one with the most sleep is
//     kept.
//   - Recordings at most 60 minutes apart whose sleep is at most two hours apart form
//     one rest, which the following rules treat as a single session.
//   - A person's usual sleep period is derived from the 28 days that end twelve hours
//     before the session starts. It is the stretch of the local clock, in steps of ten
//     minutes, in which the time slept exceeds a third of the stretch by the most,
//     extended by an hour on both sides. It requires five dates with three hours of
//     sleep each, an excess of an hour and a half, and no more than twelve hours that
//     hold three hours of sleep per date. With fewer dates, and for people whose sleep
//     is scattered, the period is 21:00 to 09:00.
//   - A session lies in the period if more than half of its sleep or of its recording
//     does, or if it begins there after one that does.
//   - Sessions in the same period are one sleep, however long the gaps, unless sleep is
//     scattered. A rest is always one sleep. Outside the period, or where sleep is
//     scattered, sessions of at most ten hours together are one sleep if the gaps are
//     no longer than three hours and no longer than any of the sessions. If sessions
//     would span more than 18 hours, the rules that join them are dropped one by one,
//     the last first. The gaps count neither as sleep nor as time in bed.
//   - A sleep has the local date of its final awakening, in the zone of its last
//     session; in the period, that of the end of the recording or, if that is earlier, of
//     the period. Dates change at 06:00 rather than at midnight for people whose usual
//     period, without its margins, begins before 21:00 and ends between 20:00 and
//     03:00, and, for people without a period of their own, after a sleep of three
//     hours that began in the afternoon and ended before 03:00. No sleep has a date in
//     the future.
//   - The main sleep of a date is the longest one that lies in the period or lasts
//     three hours or more. If it lasts less than three hours, the night is [Short].
//     Other sleeps are naps; a date with nothing but naps is [NapOnly].
//   - Two sleeps of three hours or more are two nights of the same date if they lie in
//     different periods, as after a flight east across the date line, or if their
//     midpoints are 16 hours apart. Within one zone, one of them is then moved to
//     another date, as is one of two sleeps whose midpoints are ten hours apart and of
//     which the shorter has at least two thirds of the longer one's sleep. The first
//     moves to the date before, if that has no night and the sleep ended before 06:00
//     (before 15:00 where dates change at 06:00). Otherwise the second moves to the
//     date on which it ended or, if it ended after 18:00, to the date after, provided
//     that date has no night and a recording ended on the next one.
//   - A recording without sleep belongs to the night for which it was made, see
//     [Assembly.DateOf]. A date without a main sleep that has one is [NoSleep], unless it
//     was made for a nap. A date on which every session failed Check has the reason of
//     the earliest one, so that it still counts as tracked.
//
// The nights of a range of dates therefore depend on recordings from [ReachBefore] days
// before to [ReachAfter] days after it, and on no others except those that share an id
// with them or are linked to them by a chain of overlaps.
func Assemble(sessions []Session) Assembly {
	sessions = slices.Clone(sessions)
	slices.SortFunc(sessions, compareSessions)
	var out outs
	usable := out.dropOverlaps(out.dropUnusable(out.dropDuplicates(sessions)))
	usual := usualOf(restsOf(usable))
	a := Assembly{Dropped: out.dated(usual), usual: usual}
	a.Nights = nightsOf(sleepsOf(usable, usual)) // last: it leaves usual at the end, where most will ask
	a.addDropped()
	for i := range a.Nights {
		if n := &a.Nights[i]; len(n.Main) > 0 {
			n.known = momentsOf(n)
		}
	}
	return a
}

// nightsOf makes nights of sleeps in order of time.
func nightsOf(sleeps []sleep) []Night {
	slices.SortStableFunc(sleeps, func(x, y sleep) int { return x.date.Compare(y.date) })
	nights := make([]Night, 0, len(sleeps))
	for from := 0; from < len(sleeps); {
		upTo := from + 1
		for upTo < len(sleeps) && sleeps[upTo].date == sleeps[from].date {
			upTo++
		}
		nights = addDate(nights, sleeps[from:upTo])
		from = upTo
	}
	return nights
}

// addDate adds the nights of the sleeps of one date: as a rule one.
func addDate(nights []Night, sleeps []sleep) []Night {
	chooseMain(sleeps)
	before := len(nights)
	for i := range sleeps {
		if s := &sleeps[i]; s.main {
			n := Night{Date: s.date, Main: s.parts}
			if !s.isBig() {
				n.Excluded = Short
			}
			nights = append(nights, n)
		}
	}
	if len(nights) == before {
		nights = append(nights, Night{Date: sleeps[0].date, Excluded: NapOnly})
	}
	for i := range sleeps {
		if s := &sleeps[i]; !s.main {
			n := napNight(nights[before:], s)
			n.Naps = append(n.Naps, s.parts...)
		}
	}
	return nights
}

// chooseMain marks the longest sleep that may be one, of equal ones the first,
// and what cannot be a nap beside it.
func chooseMain(sleeps []sleep) {
	longest := -1
	for i := range sleeps {
		if sleeps[i].mayBeMain() && (longest < 0 || sleeps[i].asleep > sleeps[longest].asleep) {
			longest = i
		}
	}
	if longest < 0 {
		return
	}
	sleeps[longest].main = true
	for i := range sleeps {
		same := func(s sleep) bool { return s.main && !sleeps[i].otherNight(&s) }
		if i != longest && !slices.ContainsFunc(sleeps, same) {
			sleeps[i].main = true
		}
	}
}

// napNight is the night of a date that a nap belongs to: the last before it.
func napNight(nights []Night, nap *sleep) *Night {
	n := &nights[0]
	for i := range nights[1:] {
		if nights[1+i].Onset().Before(nap.onset()) {
			n = &nights[1+i]
		}
	}
	return n
}

// addDropped gives the dates on which nothing could be used a night without
// sleep.
func (a *Assembly) addDropped() {
	for _, d := range a.Dropped {
		if d.Reason == Duplicate || d.Reason == Overlap || !d.Date.IsValid() || d.nap {
			continue
		}
		i, found := slices.BinarySearchFunc(a.Nights, d.Date, func(n Night, date civil.Date) int { return n.Date.Compare(date) })
		switch {
		case !found:
			a.Nights = slices.Insert(a.Nights, i, Night{Date: d.Date, Excluded: d.Reason})
		case d.Reason == NoSleep && len(a.Nights[i].Main) == 0:
			a.Nights[i].Excluded = NoSleep
		}
	}
}

// DateOf returns the date of a recording of which no sleep is known, because it is too
// short, damaged, without sleep or not over: that of the night for which it was made. If
// it lies in the usual sleep period of the person, as of its start, or ends up to two
// hours before that period, this is the date on which the period ends, even if that is
// tomorrow. Otherwise, and if it ended later, it is the date on which the recording ended;
// night is then false for a recording of less than three hours, which was made for a nap.
func (a Assembly) DateOf(recording Span, zone *time.Location) (date civil.Date, night bool) {
	var asked usual // a copy: a is not changed
	if a.usual != nil {
		asked = *a.usual
	}
	return asked.at(recording.From).meant(recording, zone)
}

// Between returns the nights and the dropped sessions dated from the first date to the
// last, both included. The lists share memory with those of a.
func (a Assembly) Between(from, to civil.Date) Assembly {
	return Assembly{
		Nights:  between(a.Nights, from, to, func(n *Night) civil.Date { return n.Date }),
		Dropped: between(a.Dropped, from, to, func(d *Dropped) civil.Date { return d.Date }),
	}
}

// between returns the part of a list, in order of dates, from one date to another.
func between[T any](list []T, from, to civil.Date, of func(*T) civil.Date) []T {
	at := func(date civil.Date) int {
		return sort.Search(len(list), func(i int) bool { return !of(&list[i]).Before(date) })
	}
	first, end := at(from), at(to.AddDays(1))
	if first > end {
		return list[:0:0]
	}
	return list[first:end:end]
}

// An out is a session that stands in no night.
type out struct {
	Session

	reason Reason
}

type outs []out

func (o *outs) drop(s Session, why Reason) { *o = append(*o, out{s, why}) }

// dated is what was dropped, by date and then by start, dated as the person's
// nights are at the time.
func (o outs) dated(usual *usual) []Dropped {
	list := make([]Dropped, len(o))
	if len(o) == 0 {
		return list
	}
	slices.SortStableFunc(o, func(x, y out) int { return x.Start.Compare(y.Start) })
	for i, s := range o {
		list[i] = Dropped{ID: s.ID, Reason: s.reason}
		switch period := usual.at(s.Start); {
		case s.ended().IsZero():
		case s.reason == NoSleep:
			date, night := period.meant(s.recording(), s.Zone)
			list[i].Date, list[i].nap = date, !night
		default:
			list[i].Date = period.date(s.ended(), s.Zone, false)
		}
	}
	slices.SortStableFunc(list, func(x, y Dropped) int { return x.Date.Compare(y.Date) })
	return list
}

// dropDuplicates keeps the best session of each id, in place, as all that drops.
// A session without an id is no duplicate of another.
func (o *outs) dropDuplicates(sessions []Session) []Session {
	best := make(map[string]int, len(sessions))
	for i := range sessions {
		if j, ok := best[sessions[i].ID]; !ok || better(&sessions[i], &sessions[j]) {
			best[sessions[i].ID] = i
		}
	}
	kept := 0
	for i := range sessions {
		if s := &sessions[i]; s.ID != "" && best[s.ID] != i {
			o.drop(*s, Duplicate)
			continue
		}
		sessions[kept] = sessions[i]
		kept++
	}
	return sessions[:kept]
}

func better(s, than *Session) bool {
	if fine := s.Check() == ""; fine != (than.Check() == "") {
		return fine
	}
	return s.Asleep > than.Asleep
}

func (o *outs) dropUnusable(sessions []Session) []Session {
	return slices.DeleteFunc(sessions, func(s Session) bool {
		why := s.Check()
		if why != "" {
			o.drop(s, why)
		}
		return why != ""
	})
}

// dropOverlaps expects sessions in order of start. Only those of one cluster,
// in which each begins before all earlier ones have ended, can overlap.
func (o *outs) dropOverlaps(sessions []Session) []Session {
	kept := sessions[:0]
	for len(sessions) > 0 {
		size, end := 1, sessions[0].End
		for size < len(sessions) && sessions[size].Start.Before(end) {
			end = latest(end, sessions[size].End)
			size++
		}
		if size == 1 {
			kept = append(kept, sessions[0])
		} else {
			kept = append(kept, o.mostSleep(sessions[:size])...)
		}
		sessions = sessions[size:]
	}
	return kept
}

// mostSleep keeps, from the session with the most sleep down, what does not
// overlap with one already kept.
func (o *outs) mostSleep(cluster []Session) []Session {
	ranked := slices.Clone(cluster)
	slices.SortStableFunc(ranked, func(x, y Session) int { return cmp.Compare(y.Asleep, x.Asleep) })
	var kept []Session
	for _, s := range ranked {
		if slices.ContainsFunc(kept, func(k Session) bool { return overlap(s.recording(), k.recording()) > slack }) {
			o.drop(s, Overlap)
			continue
		}
		kept = append(kept, s)
	}
	slices.SortFunc(kept, compareSessions)
	return kept
}

func overlap(a, b Span) time.Duration {
	from, to := latest(a.From, b.From), a.To
	if b.To.Before(to) {
		to = b.To
	}
	return to.Sub(from)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// compareSessions is an order of time in which no two different sessions are
// equal, so that what is decided by it does not depend on the order of input.
func compareSessions(a, b Session) int {
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return cmp.Or(
		a.End.Compare(b.End), a.Onset.Compare(b.Onset), a.Wake.Compare(b.Wake),
		cmp.Compare(a.ID, b.ID), cmp.Compare(a.Source, b.Source), cmp.Compare(zoneOr(a.Zone).String(), zoneOr(b.Zone).String()),
		cmp.Compare(a.InBed, b.InBed), cmp.Compare(a.Asleep, b.Asleep), cmp.Compare(a.Awake, b.Awake),
		compareMeasured(a.Light, b.Light), compareMeasured(a.Deep, b.Deep), compareMeasured(a.REM, b.REM),
		compareMeasured(a.Snoring, b.Snoring), compareMeasured(a.Latency, b.Latency),
		compareMeasured(a.LongestWake, b.LongestWake), compareMeasured(a.Awakenings, b.Awakenings), compareMeasured(a.LongAwakenings, b.LongAwakenings), compareMeasured(a.MissingData, b.MissingData),
		compareTrue(a.Ahead, b.Ahead),
	)
}

func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func compareMeasured[T cmp.Ordered](a, b *T) int {
	switch {
	case a != nil && b != nil:
		return cmp.Compare(*a, *b)
	case a != nil:
		return 1
	case b != nil:
		return -1
	}
	return 0
}
