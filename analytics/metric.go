package analytics

import (
	"slices"
	"time"
)

// Names of the metrics that [Metrics] lists.
const (
	MetricAsleep     = "asleep_minutes"     // time asleep in the main sleep
	MetricEfficiency = "efficiency_percent" // time asleep divided by time in bed
	MetricAwake      = "awake_minutes"      // wake after sleep onset
	MetricLatency    = "latency_minutes"    // sleep latency
	MetricSnoring    = "snoring_minutes"    // time with snoring
	MetricOnset      = "sleep_onset"        // clock time, minutes after midnight
	MetricWake       = "wake_time"          // clock time of the final awakening, minutes after midnight
	MetricDeep       = "deep_percent"       // deep sleep as a share of time asleep
	MetricREM        = "rem_percent"        // REM sleep as a share of time asleep
	MetricRegularity = "regularity"         // points, -100 to 100; see [RegularityByDay]
)

// Names of metrics that only [Courses] follows.
const (
	MetricBedtime    = "bedtime_minutes"           // clock time of the start of the recording, minutes after midnight
	MetricAwakenings = "awakenings_over_5_minutes" // number of awakenings longer than five minutes
)

// A Metric is a measure by which nights are compared. Its values are in the unit that
// its name states. A Metric whose name is not one of those above has no values.
type Metric struct {
	Name     string
	Relevant float64 // smallest difference that matters to a person
	Floor    float64 // least scale of [UnusualOf]; 0: single nights are not judged by this metric
	Primary  bool    // among the metrics people ask about most; see [ChangesOf]
	Clock    bool    // values are clock times, 0 to 1440: differences go the shorter way round
	Stage    bool    // a share of a stage: experts differ by 10 points on one night, so 14 nights are needed on both sides
}

const (
	relevantMinutes = 30 // of sleep and of clock time
	relevantWake    = 15 // minutes
	relevantLatency = 10
	relevantPoints  = 5 // of stage shares and of regularity
	relevantPercent = 3 // of efficiency
	floorMinutes    = 15
	floorPercent    = 2
)

// Metrics returns the metrics by which nights are compared, always in the same order.
// Their relevant differences are a choice of this package, not a finding.
func Metrics() []Metric { return slices.Clone(metrics) }

var metrics = []Metric{
	{Name: MetricAsleep, Primary: true, Relevant: relevantMinutes, Floor: floorMinutes},
	{Name: MetricEfficiency, Relevant: relevantPercent, Floor: floorPercent},
	{Name: MetricAwake, Relevant: relevantWake, Floor: floorMinutes},
	{Name: MetricLatency, Relevant: relevantLatency, Floor: floorMinutes},
	{Name: MetricSnoring, Relevant: relevantWake, Floor: floorMinutes},
	{Name: MetricOnset, Primary: true, Relevant: relevantMinutes, Floor: floorMinutes, Clock: true},
	{Name: MetricWake, Primary: true, Relevant: relevantMinutes, Floor: floorMinutes, Clock: true},
	{Name: MetricDeep, Relevant: relevantPoints, Stage: true},
	{Name: MetricREM, Relevant: relevantPoints, Stage: true},
	{Name: MetricRegularity, Relevant: relevantPoints},
}

// MetricNamed returns the metric with one of the names above, as [Metrics] has it. For
// any other name, it returns a Metric of that name without settings.
func MetricNamed(name string) Metric {
	for i := range metrics {
		if metrics[i].Name == name {
			return metrics[i]
		}
	}
	return Metric{Name: name}
}

// Of returns the metric's value for a single night. ok is false for a night that is
// left out or lacks the measurement, for a clock time of a [Short] night, for wake and
// awakenings of a night with more than five unrecorded minutes between two blocks, and
// always for [MetricRegularity], which needs two nights.
func (m Metric) Of(n Night) (value float64, ok bool) { return m.of(&n) }

func (m Metric) of(n *Night) (value float64, ok bool) {
	if !n.counted() || m.Clock && !n.timed() {
		return 0, false
	}
	switch m.Name {
	case MetricAsleep:
		return n.Asleep().Minutes(), true
	case MetricEfficiency:
		share, ok := n.Efficiency()
		return 100 * share, ok
	case MetricAwake:
		return n.Awake().Minutes(), n.AwakeMeasured() && n.RecordedThrough()
	case MetricLatency:
		return minutesOf(n.Latency())
	case MetricSnoring:
		return minutesOf(n.Snoring())
	case MetricAwakenings:
		if count := n.LongAwakenings(); count != nil && n.RecordedThrough() {
			return float64(*count), true
		}
	case MetricBedtime:
		return n.moments().bedtimeClock / 60, true
	case MetricOnset:
		return n.moments().onsetClock / 60, true
	case MetricWake:
		return n.moments().wakeClock / 60, true
	case MetricDeep:
		return stagePercent(n, n.Deep())
	case MetricREM:
		return stagePercent(n, n.REM())
	}
	return 0, false
}

// Values returns the metric's value for every night that has one, in the order of the
// nights. [MetricRegularity] has one value for every date of [RegularityByDay] of which
// at least two thirds could be compared, in the order of the dates.
func (m Metric) Values(nights []Night) []float64 {
	if m.Name == MetricRegularity {
		return regularityValues(nights)
	}
	return m.appendValues(make([]float64, 0, len(nights)), nights)
}

func (m Metric) appendValues(values []float64, nights []Night) []float64 {
	for i := range nights {
		if v, ok := m.of(&nights[i]); ok {
			values = append(values, v)
		}
	}
	return values
}

// difference is a less b, for clock times the shorter way.
func (m Metric) difference(a, b float64) float64 {
	if m.Clock {
		return ClockDifference(a*60, b*60) / 60
	}
	return a - b
}

func minutesOf(d *time.Duration) (minutes float64, ok bool) {
	if d == nil {
		return 0, false
	}
	return d.Minutes(), true
}

// stagePercent is a stage's share of time asleep.
func stagePercent(n *Night, stage *time.Duration) (percent float64, ok bool) {
	if !n.staged() || n.Asleep() <= 0 {
		return 0, false
	}
	return 100 * stage.Seconds() / n.Asleep().Seconds(), true
}
