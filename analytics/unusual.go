package analytics

import (
	"cmp"
	"math"
	"slices"
)

const (
	unusualZ     = 3.0
	madToSD      = 1.4826 // of a normal distribution
	mostUnusual  = 2
	mostAsFarOut = 1 // nights of the baseline: one odd night must not hide the next
)

// Unusual is a value of one night that is far from the person's usual.
type Unusual struct {
	Metric Metric
	Value  float64 // of the night
	Usual  float64 // median of the baseline
	Scale  float64 // 1.4826 times the median absolute deviation, at least the metric's floor
	Z      float64 // difference over scale, positive for higher or later
}

// UnusualOf returns what is unusual about a night: at most two values, the most unusual
// first. ok is false if nothing can be said, because the night is left out or fewer than
// 14 nights of the baseline, usually [Baseline], can be used. A value is unusual when
//
//	z = (value - median) / max(1.4826 MAD, floor),  |z| >= 3
//
// and at most one night of the baseline lay as far out on the same side: nights that recur
// every weekend are usual, however far from the median. Each metric needs 14 values. A
// single night is never judged by stages or regularity.
func UnusualOf(n Night, baseline []Night) (found []Unusual, ok bool) {
	if !n.counted() || numberCounted(baseline) < LeastBaseline {
		return nil, false
	}
	for _, m := range Metrics() {
		if u, is := m.unusual(n, baseline); is {
			found = append(found, u)
		}
	}
	slices.SortStableFunc(found, func(a, b Unusual) int { return cmp.Compare(math.Abs(b.Z), math.Abs(a.Z)) })
	return found[:min(len(found), mostUnusual)], true
}

func (m Metric) unusual(n Night, baseline []Night) (u Unusual, ok bool) {
	value, has := m.Of(n)
	if !has || m.Floor <= 0 {
		return Unusual{}, false
	}
	values := m.Values(baseline)
	if len(values) < LeastBaseline {
		return Unusual{}, false
	}
	usual, ok := m.median(values)
	if !ok {
		return Unusual{}, false
	}
	off, asFarOut := m.difference(value, usual), 0
	for i, v := range values {
		d := m.difference(v, usual)
		if d*off > 0 && math.Abs(d) >= math.Abs(off) {
			asFarOut++
		}
		values[i] = math.Abs(d)
	}
	scale := max(madToSD*median(values), m.Floor)
	u = Unusual{Metric: m, Value: value, Usual: usual, Scale: scale, Z: off / scale}
	return u, math.Abs(u.Z)+roundingError >= unusualZ && asFarOut <= mostAsFarOut
}
