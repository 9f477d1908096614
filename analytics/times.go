package analytics

import (
	"cmp"
	"math"
	"slices"
)

const (
	leastUsualNights = 5        // nights below which no time is called usual
	widestUsual      = 2 * 3600 // seconds of standard deviation above which none is
	twoTimesPart     = 5        // each of several times has a fifth of the nights or more
	twoTimesApart    = 45 * 60  // seconds between their means ...
	twoTimesSpreads  = 4.0      // ... and so many standard deviations within them,
	twoTimesFew      = 30.0     // and this many more, divided by the nights

	leastDrift   = 10 * 60  // seconds a day
	mostDrift    = 3 * 3600 // likewise: the clock of nobody is farther from 24 hours
	mostOffDrift = 0.25     // of the variance
	steadyDrift  = 0.5      // of the slope, in half of the steps
)

// A UsualTime is when a person fell asleep and woke up on a number of their nights:
// circular means, in seconds after midnight.
type UsualTime struct {
	Onset, Wake float64
	Nights      int
}

// SleepTimes says when a person usually sleeps: at one time, at one of several, at one
// that moves, or at no particular time.
type SleepTimes struct {
	Nights int         // number of nights whose clock times count
	Usual  []UsualTime // one or more, the most frequent first; empty if there is none or it drifts
	Drift  *SleepDrift // nil: the time does not move steadily
	Spread Estimate    // standard deviation of sleep onset or of final awakening, whichever is larger, in seconds
	Wake   bool        // Spread is that of the final awakening
}

// OnsetsAreWide reports whether a mean clock time of nights says little, as their sleep onsets
// spread by more than two hours (standard deviation), or over the whole day. It needs five.
func OnsetsAreWide(nights []Night) bool {
	spread := ClockDeviation(clocks(timedOf(nights), onsetClock))
	return spread.Missing == Scattered || spread.Value != nil && *spread.Value > widestUsual
}

// A SleepDrift is a time of sleep that moves steadily, as it does for people whose body
// clock does not run on 24 hours.
type SleepDrift struct {
	PerDay      float64   // seconds later per 24 hours; negative: earlier
	First, Last UsualTime // on the first and on the last night; Nights is 0
}

// SleepTimesOf looks for the usual times of nights, not counting [Short] ones. It needs
// five. before are the nights before them, usually [Baseline]: together with them even a
// week shows a drift.
//
//   - The time drifts if sleep onset follows a straight line of ten minutes to three
//     hours a day that moves it by at least two hours and leaves at most a quarter of its
//     variance, and if half of the steps from one night to the next are at least half as
//     steep, so that a changed schedule or a late weekend is not a drift. It is enough if
//     this holds for before and nights together, and onset of nights moves at least half
//     as fast.
//   - There are two usual times if sleep onset, or else final awakening, falls into two
//     groups that each have at least a fifth of the nights, and whose means are at
//     least 45 minutes and at least 4 + 30 ÷ nights standard deviations within the
//     groups apart. The groups are those with the least variance within them, once the
//     clock has been cut at its longest stretch without a value. In fewer than 1 % of
//     samples from a single normal or uniform distribution are two times found. A group
//     of at least five nights may fall into two in the same way.
//   - There is one usual time if both standard deviations are two hours or less.
//
// A mean that lies between two times, or of times spread over the whole day, is no
// usual time. The limits are a choice of this package.
func SleepTimesOf(nights, before []Night) SleepTimes {
	timed := timedOf(nights)
	t := SleepTimes{Nights: len(timed)}
	onset, wake := clocks(timed, onsetClock), clocks(timed, wakeClock)
	t.Spread = ClockDeviation(onset)
	if other := ClockDeviation(wake); other.Value == nil || t.Spread.Value != nil && *other.Value > *t.Spread.Value {
		t.Spread, t.Wake = other, true
	}
	if t.Nights < leastUsualNights {
		return t
	}
	perDay, drifts := onsetLine(timed)
	if !drifts {
		of, long := onsetLine(append(timedOf(before), timed...))
		drifts, perDay = long && perDay/of >= steadyDrift, of // else it has come to a halt
	}
	if drifts {
		t.Drift = driftAt(timed, perDay)
		return t
	}
	t.Usual = usualTimes(timed, max(2, (t.Nights+twoTimesPart-1)/twoTimesPart))
	if len(t.Usual) == 1 && (t.Spread.Value == nil || *t.Spread.Value > widestUsual) {
		t.Usual = nil
	}
	return t
}

// timedOf returns the moments of the nights whose clock times count.
func timedOf(nights []Night) []*moments {
	timed := make([]*moments, 0, len(nights))
	for i := range nights {
		if n := &nights[i]; n.timed() {
			timed = append(timed, n.moments())
		}
	}
	return timed
}

// usualTimes returns the times of the groups that nights fall into, each of at least so many,
// the one of the most nights first.
func usualTimes(timed []*moments, least int) []UsualTime {
	var first []bool
	if len(timed) >= leastUsualNights {
		if first = twoTimes(clocks(timed, onsetClock), least); first == nil {
			first = twoTimes(clocks(timed, wakeClock), least)
		}
	}
	if first == nil {
		return []UsualTime{usualTime(timed)}
	}
	var a, b []*moments
	for i, m := range timed {
		if first[i] {
			a = append(a, m)
		} else {
			b = append(b, m)
		}
	}
	all := append(usualTimes(a, least), usualTimes(b, least)...)
	slices.SortStableFunc(all, func(a, b UsualTime) int { return cmp.Compare(b.Nights, a.Nights) })
	return all
}

// onsetLine fits a line to sleep onset. It returns by how many seconds onset moves in 24 hours,
// and whether that is a [SleepDrift].
func onsetLine(timed []*moments) (perDay float64, drifts bool) {
	if len(timed) < leastUsualNights {
		return 0, false
	}
	days, onset, steps := make([]float64, len(timed)), make([]float64, len(timed)), make([]float64, len(timed)-1)
	for i := 1; i < len(timed); i++ {
		later := ClockDifference(timed[i].onsetClock, timed[i-1].onsetClock)
		passed := timed[i].onset.Sub(timed[i-1].onset).Hours() / 24
		if passed <= 0 {
			return 0, false
		}
		days[i], onset[i], steps[i-1] = days[i-1]+passed, onset[i-1]+later, later/passed
	}
	middle, center := mean(days), mean(onset)
	var across, products, squares float64
	for i := range days {
		x, y := days[i]-middle, onset[i]-center
		across, products, squares = across+x*x, products+x*y, squares+y*y
	}
	perDay = products / across
	steep := math.Abs(perDay)
	left := (squares - perDay*products) / float64(len(days)-2)
	return perDay, steep >= leastDrift && steep <= mostDrift && steep*days[len(days)-1] >= widestUsual &&
		left <= mostOffDrift*squares/float64(len(days)-1) && median(steps)/perDay >= steadyDrift
}

// drifts reports whether the time of sleep of some nights moves steadily.
func drifts(nights []Night) bool {
	_, yes := onsetLine(timedOf(nights))
	return yes
}

// driftAt returns a drift with the times at the ends of some nights.
func driftAt(timed []*moments, perDay float64) *SleepDrift {
	at := func(end *moments) UsualTime {
		var off, period float64
		for _, m := range timed {
			expected := m.onsetClock + perDay*end.onset.Sub(m.onset).Hours()/24
			off += ClockDifference(fold(expected), end.onsetClock) / float64(len(timed))
			period += m.wake.Sub(m.onset).Seconds() / float64(len(timed))
		}
		onset := fold(end.onsetClock + off)
		return UsualTime{Onset: onset, Wake: fold(onset + period)}
	}
	return &SleepDrift{PerDay: perDay, First: at(timed[0]), Last: at(timed[len(timed)-1])}
}

func clocks(timed []*moments, of func(*moments) float64) []float64 {
	list := make([]float64, len(timed))
	for i, m := range timed {
		list[i] = of(m)
	}
	return list
}

// usualTime averages nights that lie close enough for a mean.
func usualTime(timed []*moments) UsualTime {
	onset, wake := ClockMean(clocks(timed, onsetClock)), ClockMean(clocks(timed, wakeClock))
	u := UsualTime{Nights: len(timed)}
	if onset.Value != nil && wake.Value != nil {
		u.Onset, u.Wake = *onset.Value, *wake.Value
	}
	return u
}

// twoTimes reports for each clock time whether it is in the first of two groups of at least
// so many; nil where there are no two.
func twoTimes(seconds []float64, least int) []bool {
	n := len(seconds)
	if 2*least > n {
		return nil
	}
	from := afterLongestGap(seconds)
	line := make([]float64, n)
	for i, s := range seconds {
		line[i] = fold(s - from)
	}
	sorted := slices.Clone(line)
	slices.Sort(sorted)
	total, squares := 0.0, 0.0
	for _, s := range sorted {
		total, squares = total+s, squares+s*s
	}
	within, apart, border, sum := math.Inf(1), 0.0, 0.0, 0.0
	for i, s := range sorted[:n-least] {
		sum += s
		if i+1 < least {
			continue
		}
		a, b := float64(i+1), float64(n-i-1)
		if rest := squares - sum*sum/a - (total-sum)*(total-sum)/b; rest < within {
			within, apart, border = rest, (total-sum)/b-sum/a, s
		}
	}
	deviation := math.Sqrt(max(0, within) / float64(n-2))
	if apart < twoTimesApart || apart < (twoTimesSpreads+twoTimesFew/float64(n))*deviation {
		return nil
	}
	first := make([]bool, n)
	for i, s := range line {
		first[i] = s <= border
	}
	return first
}

// afterLongestGap is the clock time that follows the longest stretch of the clock
// without one.
func afterLongestGap(seconds []float64) float64 {
	sorted := slices.Clone(seconds)
	slices.Sort(sorted)
	longest, from := 0.0, 0.0
	for i, s := range sorted {
		gap := s - sorted[(i+len(sorted)-1)%len(sorted)]
		if i == 0 {
			gap += daySeconds
		}
		if gap > longest {
			longest, from = gap, s
		}
	}
	return from
}
