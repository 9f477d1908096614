package analytics

import "math"

// A Sample describes the values of a [Metric] on one side of a comparison.
type Sample struct {
	N int // number of values, usually nights; for [MetricRegularity] pairs of days

	// Mean is the arithmetic mean or, for clock times, [ClockMean] in minutes; nil if
	// there are no values or the clock times are scattered. SD is the sample standard
	// deviation (n-1), for clock times of the deviations taken the shorter way round;
	// nil if there are fewer than two values or no mean.
	Mean, SD *float64
}

// Sample describes the metric's values for nights.
func (m Metric) Sample(nights []Night) Sample { return m.sample(m.Values(nights)) }

func (m Metric) sample(values []float64) Sample {
	s := Sample{N: len(values), Mean: m.mean(values)}
	if s.Mean == nil || s.N < 2 {
		return s
	}
	sum := 0.0
	for _, v := range values {
		d := m.difference(v, *s.Mean)
		sum += d * d
	}
	s.SD = new(math.Sqrt(sum / float64(s.N-1)))
	return s
}

func (m Metric) mean(values []float64) *float64 {
	switch {
	case len(values) == 0:
		return nil
	case !m.Clock:
		return new(mean(values))
	}
	var c circle
	for _, v := range values {
		c.add(v * 60)
	}
	center := c.mean().Value
	if center == nil {
		return nil
	}
	return new(*center / 60)
}

// median is the middle value, for clock times the circular mean moved by the median of the
// deviations from it, which one night at another time does not drag along. It overwrites
// values.
func (m Metric) median(values []float64) (middle float64, ok bool) {
	switch center := m.mean(values); {
	case center == nil:
		return 0, false
	case m.Clock:
		for i, v := range values {
			values[i] = m.difference(v, *center)
		}
		return fold((*center+median(values))*60) / 60, true
	}
	return median(values), true
}

// scaled copies values, each times a factor.
func scaled(values []float64, by float64) []float64 {
	list := make([]float64, len(values))
	for i, v := range values {
		list[i] = v * by
	}
	return list
}

// SampleOf describes values that belong to no metric: numbers or, if clock is true,
// clock times in minutes after midnight.
func SampleOf(values []float64, clock bool) Sample { return Metric{Clock: clock}.sample(values) }
