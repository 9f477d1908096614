package analytics

import (
	"cmp"
	"math"
	"slices"
)

const (
	olderAge = 65

	shortBy          = 30 // minutes below the recommendation
	lowPercent       = 75 // of efficiency
	goodPercent      = 85
	longLatency      = 45 // minutes
	longLatencyOlder = 60
	longAwake        = 40 // minutes of wake after sleep onset
	longestAwake     = 30 // minutes of the longest wake
	irregularIndex   = 71.6
	irregularSpread  = 90  // minutes of standard deviation
	farOnset         = 60  // minutes
	farWeekend       = 120 // minutes
)

func (e evidence) shortSleep() (Insight, bool) {
	limit := e.recommendation.Low * 60
	asleep := scaled(secondsOf(e.nights, Night.Asleep24), 1.0/60)
	value, ok := lasting(asleep, func(v float64) bool { return v <= limit-shortBy })
	return Insight{
		Code: InsightShortSleep, Value: value, Unit: "minutes", Nights: len(asleep),
		Source: SourceDuration, Limit: &limit,
	}, ok
}

func (e evidence) lowEfficiency() (Insight, bool) {
	limit := float64(lowPercent)
	values := MetricNamed(MetricEfficiency).Values(e.nights)
	value, ok := lasting(values, func(v float64) bool { return v < limit })
	return Insight{
		Code: InsightLowEfficiency, Value: value, Unit: "percent", Nights: len(values),
		Source: SourceQuality, Limit: &limit,
	}, ok
}

func (e evidence) efficiencyFell() (Insight, bool) {
	m := MetricNamed(MetricEfficiency)
	values := m.Values(e.nights)
	now, before := m.sample(values), m.Sample(e.baseline)
	if now.Mean == nil || before.Mean == nil || *now.Mean < lowPercent || *now.Mean >= goodPercent {
		return Insight{}, false
	}
	fell := half(values, func(v float64) bool { return v <= *before.Mean-m.Relevant+roundingError })
	return Insight{
		Code: InsightEfficiency, Value: *now.Mean, Unit: "percent", Nights: now.N,
		Source: SourceOwnBaseline, Usual: before.Mean,
	}, fell && e.change(m).Verdict == Lower
}

func (e evidence) longLatency() (Insight, bool) {
	limit := float64(longLatency)
	if e.older {
		limit = longLatencyOlder
	}
	values := MetricNamed(MetricLatency).Values(e.nights)
	value, ok := lasting(values, func(v float64) bool { return v > limit })
	return Insight{
		Code: InsightLongLatency, Value: value, Unit: "minutes", Nights: len(values),
		Source: SourceQuality, Limit: &limit,
	}, ok
}

// longAwake is about the longest wake if possible: that needs no baseline.
func (e evidence) longAwake() (Insight, bool) {
	longest := minutesOfEach(e.nights, Night.LongestWake)
	if value, ok := lasting(longest, func(v float64) bool { return v > longestAwake }); ok {
		return Insight{
			Code: InsightAwakeLong, Value: value, Unit: "minutes", Nights: len(longest),
			Source: SourceConvention, Metric: "longest_awake_minutes", Limit: new(float64(longestAwake)),
		}, true
	}
	m := MetricNamed(MetricAwake)
	values := m.Values(e.nights)
	value, ok := lasting(values, func(v float64) bool { return v > longAwake })
	if !ok {
		return Insight{}, false
	}
	c := e.change(m)
	return Insight{
		Code: InsightAwakeLong, Value: value, Unit: "minutes", Nights: len(values),
		Source: SourceQuality, Metric: MetricAwake, Limit: new(float64(longAwake)), Usual: c.First.Mean,
	}, c.Verdict == Higher
}

// change is what [Changes] says of a metric: no insight contradicts it.
func (e evidence) change(m Metric) Change {
	changes := e.changes()
	return changes[slices.IndexFunc(changes, func(c Change) bool { return c.Metric.Name == m.Name })]
}

// weekendShift requires the shift to pass the limit by a standard error: one of two free
// nights may have been an exception.
func (e evidence) weekendShift() (Insight, bool) {
	shift := WeekendShiftOf(e.nights, nil)
	if shift.Shift.Value == nil {
		return Insight{}, false
	}
	minutes := *shift.Shift.Value / 60
	return Insight{
		Code: InsightWeekendShift, Value: minutes, Unit: "minutes", Nights: shift.Shift.N,
		Source: SourceWeekend, Limit: new(math.Copysign(farWeekend, minutes)),
		From: shift.WorkMidsleep.Value, To: shift.FreeMidsleep.Value,
		Longer: new((*shift.FreeAsleep.Value - *shift.WorkAsleep.Value) / 60),
	}, math.Abs(minutes)+roundingError >= farWeekend+e.weekendError() && e.freeDaysKnown()
}

// freeDaysKnown reports whether the person had one usual time on working days, in the
// period and in the weeks before it: one week may be that in which leave ended or shifts
// changed.
func (e evidence) freeDaysKnown() bool {
	return len(e.baseline) >= LeastBaseline &&
		WeekendShiftOf(slices.Concat(e.baseline, e.nights), nil).Shift.Value != nil
}

// weekendError returns the standard error of the shift in minutes, from the pooled spread
// within free and within work nights: two free nights are too few for a spread of their
// own.
func (e evidence) weekendError() float64 {
	m := Metric{Clock: true}
	free, work := byFreeDay(e.nights, nil)
	a, b := m.sample(scaled(clocksOf(free, midsleepClock), 1.0/60)), m.sample(scaled(clocksOf(work, midsleepClock), 1.0/60))
	n1, n2 := float64(a.N), float64(b.N)
	variance := ((n1-1)**a.SD**a.SD + (n2-1)**b.SD**b.SD) / (n1 + n2 - 2)
	return math.Sqrt(variance * (1/n1 + 1/n2))
}

// stageAlarms is the share of unchanged periods that may be told of another stage share.
const stageAlarms = 0.01

// stagesChanged returns the share that changed most, in units of its standard error.
func (e evidence) stagesChanged() (Insight, bool) {
	stages := []Metric{MetricNamed(MetricDeep), MetricNamed(MetricREM)}
	list := Foremost(ChangesOf(stages, stageAlarms, e.baseline, e.nights, leastStage, leastStage))
	if len(list) == 0 {
		return Insight{}, false
	}
	c := slices.MaxFunc(list, func(a, b Change) int {
		return cmp.Compare(math.Abs(*a.Difference) / *a.SE, math.Abs(*b.Difference) / *b.SE)
	})
	return Insight{
		Code: InsightStages, Value: *c.Second.Mean, Unit: "percent", Nights: c.Second.N,
		Source: SourceOwnBaseline, Metric: c.Metric.Name, Usual: c.First.Mean,
	}, true
}
