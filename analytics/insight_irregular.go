package analytics

import (
	"math"
	"slices"
)

// irregular is about the index if there is one, and otherwise about the spread of sleep
// onset.
func (e evidence) irregular() (Insight, bool) {
	insight := Insight{Code: InsightIrregular, Metric: MetricRegularity, Unit: "points"}
	insight.Clock, insight.From, insight.To = e.widest()
	if index, ok := irregularDays(e.all); ok {
		insight.Value, insight.Nights = index, len(e.nights)
		insight.Source, insight.Limit = SourceRegularity, new(irregularIndex)
		return insight, true
	}
	m := MetricNamed(MetricOnset)
	onsets := m.Values(e.nights)
	spread := m.sample(onsets)
	if spread.SD == nil || spread.N < LeastWeek || *spread.SD <= irregularSpread || !m.scattered(onsets) {
		return Insight{}, false
	}
	insight.Metric, insight.Unit, insight.Value, insight.Nights = MetricOnset, "minutes", *spread.SD, spread.N
	insight.Source, insight.Limit = SourceSpread, new(float64(irregularSpread))
	return insight, true
}

// widest returns the clock time that differs most, from its earliest to its latest value:
// an index can be low because of how sleep ends, with onsets that are all alike. It is none
// where both are alike, and where either is scattered over the day.
func (e evidence) widest() (metric string, from, to *float64) {
	most := float64(farOnset)
	for _, name := range []string{MetricOnset, MetricWake} {
		m := MetricNamed(name)
		values := m.Values(e.nights)
		spread := m.sample(values)
		if spread.SD == nil {
			return "", nil, nil
		}
		if *spread.SD < most+roundingError {
			continue
		}
		most = *spread.SD
		clocks := scaled(values, 60)
		first := afterLongestGap(clocks)
		last := 0.0
		for _, c := range clocks {
			last = max(last, fold(c-first))
		}
		metric, from, to = name, new(first), new(fold(first+last))
	}
	return metric, from, to
}

// irregularDays requires the index to pass the limit by a standard error, and on half of
// the days, because one odd night affects two of the six days of a week.
func irregularDays(nights []Night) (index float64, ok bool) {
	regularity := ScheduleRegularity(nights)
	values := regularityValues(nights)
	s := MetricNamed(MetricRegularity).sample(values)
	if s.SD == nil || !regularity.comparable() {
		return 0, false
	}
	index = *regularity.Index
	return index, index+s.standardError() < irregularIndex &&
		half(values, func(v float64) bool { return v < irregularIndex })
}

// scattered reports whether half of the onsets are an hour or more from the usual one: a
// single late night also makes a large standard deviation.
func (m Metric) scattered(onsets []float64) bool {
	usual, ok := m.median(slices.Clone(onsets))
	return ok && half(onsets, func(v float64) bool { return math.Abs(m.difference(v, usual)) >= farOnset })
}
