package analytics

import (
	"cmp"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

const (
	shortSleep = 3 * time.Hour // a main sleep under this is Short, another may be a nap

	// Blocks of a split night: recordings at most splitGap apart. One that ran
	// on through a morning must not draw the nap after it into the night, so the
	// sleeper may not have been up for longer than splitAwake either.
	splitGap   = time.Hour
	splitAwake = 2 * time.Hour
)

// An Assembly is a set of sessions put together into nights.
type Assembly struct {
	Nights  []Night   // ascending, one a date; never nil
	Dropped []Dropped // sessions that stand in no night, by date; never nil
}

// Dropped is a session that was kept out: one that fails [Session.Check], a
// [Duplicate] or an [Overlap].
type Dropped struct {
	ID     string
	Date   civil.Date // local date of its final awakening, without one of its end; zero without either
	Reason Reason
}

// Assemble puts sessions together into nights. Each session is in the end in
// exactly one place: in a night's Main, in its Naps, or in Dropped.
//
//   - Of sessions with one id the one with more sleep is kept, usable ones first.
//     Sessions that fail [Session.Check] are dropped. Of recordings that overlap
//     by more than a minute the one with more sleep is kept.
//   - Sessions at most 60 minutes apart, end of recording to start of the next,
//     are one block (a split night), unless more than two hours lie between
//     awakening and next onset. The gap is neither sleep nor time in bed.
//   - A block belongs to the local date of its final awakening, in the zone of
//     its last session. The main sleep of a date is its block with the most
//     sleep that is no nap candidate; the others are naps. A main sleep under
//     three hours makes the night [Short].
//   - A nap candidate has under three hours of sleep, and its onset lies between
//     09:00 and 21:00 or it is outside the person's typical sleep period: median
//     onset to median awakening of the sessions of three hours and more, known
//     from five of them on; when that is five hours or less, 3.5 hours to both
//     sides of its middle. A date with candidates alone is [NapOnly].
//   - A date without main sleep on which a recording found no sleep is
//     [NoSleep]. A date on which everything failed Check has the reason of the
//     first session in time, so that it counts as tracked.
//
// The order of the sessions does not matter.
func Assemble(sessions []Session) Assembly {
	sessions = slices.Clone(sessions)
	slices.SortFunc(sessions, compareSessions)
	a := Assembly{Nights: []Night{}, Dropped: []Dropped{}}
	usable := a.dropOverlaps(a.dropUnusable(a.dropDuplicates(sessions)))

	nights := map[civil.Date]*Night{}
	on := func(date civil.Date) *Night {
		if nights[date] == nil {
			nights[date] = &Night{Date: date, Excluded: NapOnly}
		}
		return nights[date]
	}
	period := typicalPeriod(usable)
	for _, block := range blocks(usable) {
		on(block[len(block)-1].date()).add(block, !period.isNap(block))
	}
	for _, d := range a.Dropped {
		switch night := nights[d.Date]; {
		case d.Reason == Duplicate || d.Reason == Overlap || !d.Date.IsValid():
		case night == nil:
			on(d.Date).Excluded = d.Reason
		case d.Reason == NoSleep && len(night.Main) == 0:
			night.Excluded = NoSleep
		}
	}
	for _, night := range nights {
		slices.SortFunc(night.Naps, compareSessions)
		a.Nights = append(a.Nights, *night)
	}
	slices.SortFunc(a.Nights, func(x, y Night) int { return x.Date.Compare(y.Date) })
	slices.SortStableFunc(a.Dropped, func(x, y Dropped) int { return x.Date.Compare(y.Date) })
	return a
}

// Between returns the nights and the dropped sessions dated from one date to
// another, both included.
func (a Assembly) Between(from, to civil.Date) Assembly {
	within := func(d civil.Date) bool { return !d.Before(from) && !d.After(to) }
	b := Assembly{Nights: []Night{}, Dropped: []Dropped{}}
	for _, n := range a.Nights {
		if within(n.Date) {
			b.Nights = append(b.Nights, n)
		}
	}
	for _, d := range a.Dropped {
		if within(d.Date) {
			b.Dropped = append(b.Dropped, d)
		}
	}
	return b
}

// add makes a block the main sleep where it may be and has more sleep than the
// one there is; what loses becomes a nap.
func (n *Night) add(block []Session, mayBeMain bool) {
	if !mayBeMain || asleep(block) <= n.Asleep() {
		n.Naps = append(n.Naps, block...)
		return
	}
	n.Naps = append(n.Naps, n.Main...)
	n.Main, n.Excluded = block, ""
	if n.Asleep() < shortSleep {
		n.Excluded = Short
	}
}

func (a *Assembly) drop(s Session, why Reason) {
	a.Dropped = append(a.Dropped, Dropped{ID: s.ID, Date: s.date(), Reason: why})
}

// dropDuplicates keeps the best session of each id. A session without an id is
// no duplicate of another.
func (a *Assembly) dropDuplicates(sessions []Session) []Session {
	best := make(map[string]int, len(sessions))
	for i, s := range sessions {
		if j, ok := best[s.ID]; !ok || better(s, sessions[j]) {
			best[s.ID] = i
		}
	}
	kept := make([]Session, 0, len(sessions))
	for i, s := range sessions {
		if s.ID != "" && best[s.ID] != i {
			a.drop(s, Duplicate)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

func better(s, than Session) bool {
	if fine := s.Check() == ""; fine != (than.Check() == "") {
		return fine
	}
	return s.Asleep > than.Asleep
}

func (a *Assembly) dropUnusable(sessions []Session) []Session {
	kept := make([]Session, 0, len(sessions))
	for _, s := range sessions {
		if why := s.Check(); why != "" {
			a.drop(s, why)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// dropOverlaps expects sessions in order of start. Only those of one cluster,
// in which each begins before all earlier ones have ended, can overlap.
func (a *Assembly) dropOverlaps(sessions []Session) []Session {
	kept := make([]Session, 0, len(sessions))
	for len(sessions) > 0 {
		size, end := 1, sessions[0].End
		for size < len(sessions) && sessions[size].Start.Before(end) {
			end = latest(end, sessions[size].End)
			size++
		}
		kept = append(kept, a.mostSleep(sessions[:size])...)
		sessions = sessions[size:]
	}
	return kept
}

// mostSleep keeps, from the session with the most sleep down, what does not
// overlap with one already kept.
func (a *Assembly) mostSleep(cluster []Session) []Session {
	ranked := slices.Clone(cluster)
	slices.SortStableFunc(ranked, func(x, y Session) int { return cmp.Compare(y.Asleep, x.Asleep) })
	var kept []Session
	for _, s := range ranked {
		if slices.ContainsFunc(kept, func(k Session) bool { return overlap(s.recording(), k.recording()) > slack }) {
			a.drop(s, Overlap)
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

// blocks joins sessions in order of start that belong to one sleep.
func blocks(sessions []Session) [][]Session {
	var list [][]Session
	for i := range sessions {
		if i > 0 && together(&sessions[i-1], &sessions[i]) {
			last := len(list) - 1
			list[last] = append(list[last], sessions[i])
			continue
		}
		list = append(list, []Session{sessions[i]})
	}
	return list
}

func together(before, after *Session) bool {
	return after.Start.Sub(before.End) <= splitGap && after.Onset.Sub(before.Wake) <= splitAwake
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
	return cmp.Or(
		a.Start.Compare(b.Start), a.End.Compare(b.End), a.Onset.Compare(b.Onset), a.Wake.Compare(b.Wake),
		cmp.Compare(a.ID, b.ID), cmp.Compare(zoneOr(a.Zone).String(), zoneOr(b.Zone).String()),
		cmp.Compare(a.InBed, b.InBed), cmp.Compare(a.Asleep, b.Asleep), cmp.Compare(a.Awake, b.Awake),
		compareMeasured(a.Light, b.Light), compareMeasured(a.Deep, b.Deep), compareMeasured(a.REM, b.REM),
		compareMeasured(a.Snoring, b.Snoring), compareMeasured(a.Latency, b.Latency),
		compareMeasured(a.LongestWake, b.LongestWake), compareMeasured(a.MissingData, b.MissingData),
	)
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
