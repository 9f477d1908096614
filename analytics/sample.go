package analytics

import "math"

// A Sample describes the values of a [Metric] on one side of a comparison.
type Sample struct {
	N int // values, as a rule nights; for [MetricRegularity] pairs of days

	// Mean is the arithmetic mean, for clock times [ClockMean] in minutes; nil
	// without values and where clock times are scattered. SD is the n-1 standard
	// deviation, for clock times of the deviations the shorter way; nil under two
	// values or without a mean.
	Mean, SD *float64
}

// Sample describes a metric's values of nights.
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

// median is the middle value, for clock times [clockMedian].
func (m Metric) median(values []float64) (middle float64, ok bool) {
	switch {
	case len(values) == 0:
		return 0, false
	case m.Clock:
		clock, ok := clockMedian(scaled(values, 60))
		return clock / 60, ok
	}
	return median(scaled(values, 1)), true
}

// scaled copies values, each times a factor.
func scaled(values []float64, by float64) []float64 {
	list := make([]float64, len(values))
	for i, v := range values {
		list[i] = v * by
	}
	return list
}

// SampleOf describes values that are no metric's: numbers, or clock times in minutes.
func SampleOf(values []float64, clock bool) Sample { return Metric{Clock: clock}.sample(values) }
