package analytics

import (
	"math"
	"slices"
)

const (
	leastUsualNights = 5        // nights below which no time is called usual
	widestUsual      = 2 * 3600 // seconds of standard deviation above which none is
	twoTimesPart     = 5        // each of two times has a fifth of the nights or more
	twoTimesApart    = 45 * 60  // seconds between their means ...
	twoTimesSpreads  = 4.0      // ... and so many standard deviations within them,
	twoTimesFew      = 30.0     // and this many more, divided by the nights
)

// A UsualTime is when a person fell asleep and woke up on a number of their nights:
// circular means, in seconds after midnight.
type UsualTime struct {
	Onset, Wake float64
	Nights      int
}

// SleepTimes says when a person usually sleeps: at one time, at either of two, or at no
// particular time.
type SleepTimes struct {
	Nights int         // number of nights whose clock times count
	Usual  []UsualTime // one, or two with the more frequent one first; empty if there is none
	Spread Estimate    // standard deviation of sleep onset or of final awakening, whichever is larger, in seconds
	Wake   bool        // Spread is that of the final awakening
}

// Wide reports whether a mean of all the clock times says little: they spread by more than two
// hours, or over the whole day.
func (t SleepTimes) Wide() bool {
	return t.Spread.Missing == Scattered || t.Spread.Value != nil && *t.Spread.Value > widestUsual
}

// SleepTimesOf looks for the usual times of nights, not counting [Short] ones. It needs
// five.
//
//   - There are two usual times if sleep onset, or else final awakening, falls into two
//     groups that each have at least a fifth of the nights, and whose means are at
//     least 45 minutes and at least 4 + 30 ÷ nights standard deviations within the
//     groups apart. The groups are those with the least variance within them, once the
//     clock has been cut at its longest stretch without a value. In fewer than 1 % of
//     samples from a single normal or uniform distribution are two times found.
//   - There is one usual time if both standard deviations are two hours or less.
//
// A mean that lies between two times, or of times spread over the whole day, is no
// usual time. The limits are a choice of this package.
func SleepTimesOf(nights []Night) SleepTimes {
	timed := make([]*moments, 0, len(nights))
	for i := range nights {
		if n := &nights[i]; n.timed() {
			timed = append(timed, n.moments())
		}
	}
	t := SleepTimes{Nights: len(timed)}
	onset, wake := clocks(timed, onsetClock), clocks(timed, wakeClock)
	t.Spread = ClockDeviation(onset)
	if other := ClockDeviation(wake); other.Value == nil || t.Spread.Value != nil && *other.Value > *t.Spread.Value {
		t.Spread, t.Wake = other, true
	}
	if t.Nights < leastUsualNights {
		return t
	}
	first := twoTimes(onset)
	if first == nil {
		first = twoTimes(wake)
	}
	switch {
	case first != nil:
		var a, b []*moments
		for i, m := range timed {
			if first[i] {
				a = append(a, m)
			} else {
				b = append(b, m)
			}
		}
		t.Usual = []UsualTime{usualTime(a), usualTime(b)}
		if len(b) > len(a) {
			slices.Reverse(t.Usual)
		}
	case t.Spread.Value != nil && *t.Spread.Value <= widestUsual:
		t.Usual = []UsualTime{usualTime(timed)}
	}
	return t
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

// twoTimes reports for each clock time whether it is in the first of two groups;
// nil where there are no two.
func twoTimes(seconds []float64) []bool {
	n := len(seconds)
	least := max(2, (n+twoTimesPart-1)/twoTimesPart)
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
