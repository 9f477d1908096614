package analytics

import (
	"cmp"
	"math"
	"slices"

	"cloud.google.com/go/civil"
)

const (
	unusualZ    = 2.5
	madToSD     = 1.4826 // of a normal distribution
	mostUnusual = 2

	// With so many nights, the night farthest out of all is the one asked about in one of
	// twenty answers.
	rankedBaseline = 19
	fartherBy      = 1.3

	// Of a week there are seven nights to be the farthest out.
	fartherInWeek = 2.0
)

// Unusual is a value of one night that is far from what is usual for the person.
type Unusual struct {
	Metric Metric
	Value  float64 // of the night, in the unit of Metric
	Usual  float64 // median of the baseline, in the unit of Metric
	Z      float64 // see [UnusualOf]; positive if Value is higher or later

	far float64 // |Z|, less if habits wander
}

// UnusualNight is a night with its unusual values, the most unusual first.
type UnusualNight struct {
	Date   civil.Date
	Values []Unusual
}

// UnusualOf returns the unusual values of a night, at most two, the most unusual first.
// ok is false if nothing can be said, because the night is left out or because fewer
// than 14 nights of the baseline, usually [Baseline], can be used. The distance of a
// value is
//
//	z = (value - median) / max(1.4826 MAD, floor)
//
// with the median and the median absolute deviation of the baseline and the night
// together. Time awake, latency and snoring enter as their square roots, and efficiency
// as the square root of 100 minus its value, which shortens their long tails. The
// distance of a night is its largest |z| in any metric. A value is unusual if |z| >=
// 2.5 and no night of the baseline is as far away, or only one is and |z| is 1.3 times
// that of the next. With fewer than 19 nights, |z| must be 1.3 times that of every
// night.
//
// If nothing has changed, the night is the farthest of n+1 nights once in n+1 cases,
// whatever their distribution and the number of metrics. It is the second farthest as
// often, and then it is that much farther away than the third in less than half of the
// cases, provided the distribution has a variance. So at most one night in twenty is
// called unusual. If habits wander, the newest night is farther from the nights before it
// than these are from each other; its |z| is first divided by that ratio, which is weighted
// as in [ChangesOf].
//
// Each metric needs 14 values. A single night is never judged by stages or regularity,
// and one with more than five unrecorded minutes in it only by its clock times and its
// latency: it may have been slept through.
//
// Source: V. Vovk, A. Gammerman and G. Shafer, Algorithmic Learning in a Random World
// (2005), conformal prediction.
func UnusualOf(n Night, baseline []Night) (found []Unusual, ok bool) {
	if !n.counted() || numberCounted(baseline) < LeastBaseline {
		return nil, false
	}
	values, scores := farOut([]Night{n}, baseline)
	least := fartherBy * scores[0]
	if numberCounted(baseline) >= rankedBaseline {
		least = min(scores[0]+2*roundingError, fartherBy*scores[1]) // as far out is not farther
	}
	if len(farther(slices.Clone(values[0]), least)) > 0 { // no night becomes unusual by it
		allowForWander(values[0], n, baseline)
	}
	return farther(values[0], least), true
}

// allowForWander divides the distance of a night by how much farther it is expected to be
// from the nights before it than these are from each other, if habits wander.
func allowForWander(values []Unusual, n Night, baseline []Night) {
	var all pool
	all.of(baseline, []Night{n})
	found := make([]alongside, len(values))
	var like likeness
	var side regressor
	var who sleeper
	deviations := make([]float64, len(all.nights))
	for i, u := range values {
		column := all.column(u.Metric, deviations)
		for at, v := range deviations {
			if !math.IsNaN(v) {
				deviations[at] = u.Metric.difference(u.Metric.eased(v), u.Metric.eased(u.Usual))
			}
		}
		found[i] = column.alongside(&like, &side)
		who.heard(found[i].paces())
	}
	for i := range values {
		found[i].weigh(who.without(found[i].paces()).prior())
		values[i].far /= math.Sqrt(max(1, found[i].inflation()))
	}
}

// UnusualNights returns those of the nights of about a week that are unusual compared
// with a baseline, in the given order; never nil. They are the nights with a |z| at
// least twice that of every night of the baseline. This is stricter than [UnusualOf]
// because seven nights have seven chances. ok is false if the baseline has fewer than
// 14 usable nights.
func UnusualNights(nights, baseline []Night) (found []UnusualNight, ok bool) {
	found = []UnusualNight{}
	if numberCounted(baseline) < LeastBaseline {
		return found, false
	}
	values, scores := farOut(nights, baseline)
	for i, n := range nights {
		if list := farther(values[i], fartherInWeek*scores[0]); n.counted() && len(list) > 0 {
			found = append(found, UnusualNight{Date: n.Date, Values: list})
		}
	}
	return found, true
}

// farther returns the values that are at least so far out.
func farther(values []Unusual, least float64) []Unusual {
	least = max(least, unusualZ)
	list := slices.DeleteFunc(values, func(u Unusual) bool { return u.far+roundingError < least })
	slices.SortStableFunc(list, func(a, b Unusual) int { return cmp.Compare(b.far, a.far) })
	return list[:min(len(list), mostUnusual)]
}

// farOut returns all values of nights with their z, and how far out each night of the
// baseline is, the farthest first.
func farOut(nights, baseline []Night) (values [][]Unusual, scores []float64) {
	values, scores = make([][]Unusual, len(nights)), make([]float64, len(baseline))
	for i := range values {
		values[i] = make([]Unusual, 0, len(metrics))
	}
	usual, all := make([]float64, 0, len(baseline)), make([]float64, 0, len(nights)+len(baseline))
	for _, m := range metrics {
		usual = m.appendValues(usual[:0], baseline)
		if m.Floor <= 0 || len(usual) < LeastBaseline {
			continue
		}
		scale, ok := m.scaleOf(append(m.appendValues(all[:0], nights), usual...))
		if !ok {
			continue
		}
		for i := range baseline {
			if v, ok := m.of(&baseline[i]); ok {
				scores[i] = max(scores[i], math.Abs(scale.z(v)))
			}
		}
		middle, ok := m.median(usual)
		for i := range nights {
			if v, has := m.of(&nights[i]); has && ok && !m.hidden(&nights[i]) {
				values[i] = append(values[i], Unusual{Metric: m, Value: v, Usual: middle, Z: scale.z(v), far: math.Abs(scale.z(v))})
			}
		}
	}
	slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
	return values, scores
}

// hidden reports whether unrecorded time in a night may have changed the value of a metric.
func (m Metric) hidden(n *Night) bool {
	return !m.Clock && m.Name != MetricLatency && n.Unrecorded() > longAwakening
}

// A scale says how far out a value of a metric is.
type scale struct {
	metric Metric
	middle float64 // eased
	unit   float64
}

func (m Metric) scaleOf(values []float64) (s scale, ok bool) {
	middle, ok := m.median(slices.Clone(values))
	if !ok {
		return s, false
	}
	s.metric, s.middle = m, m.eased(middle)
	for i, v := range values {
		values[i] = math.Abs(s.off(v))
	}
	s.unit = max(madToSD*median(values), math.Abs(s.off(middle+m.tail()*m.Floor)))
	return s, true
}

func (s scale) z(value float64) float64 { return s.off(value) / s.unit }

func (s scale) off(value float64) float64 {
	return s.metric.difference(s.metric.eased(value), s.middle)
}

// tail is the direction of a metric's long tail.
func (m Metric) tail() float64 {
	if m.Name == MetricEfficiency {
		return -1
	}
	return 1
}

// eased is a value on a scale on which a long tail is shorter.
func (m Metric) eased(value float64) float64 {
	switch m.Name {
	case MetricAwake, MetricLatency, MetricSnoring:
		return math.Sqrt(max(0, value))
	case MetricEfficiency:
		return -math.Sqrt(max(0, 100-value))
	}
	return value
}
