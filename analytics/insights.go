package analytics

import (
	"sync"
	"time"
)

// Codes of insights; [InsightsOf] has their rules.
const (
	InsightShortSleep    = "short_sleep"
	InsightLowEfficiency = "low_efficiency"
	InsightLongLatency   = "latency_long"
	InsightAwakeLong     = "awake_long"
	InsightIrregular     = "irregular"
	InsightWeekendShift  = "weekend_shift"
	InsightEfficiency    = "efficiency_fell"
	InsightStages        = "stage_estimate_changed"
	InsightSnoring       = "snoring"
)

// InsightCodes lists the codes of insights, in the order in which [InsightsOf] returns
// them.
func InsightCodes() []string {
	return []string{
		InsightShortSleep, InsightLowEfficiency, InsightLongLatency, InsightAwakeLong, InsightIrregular,
		InsightWeekendShift, InsightEfficiency, InsightStages, InsightSnoring,
	}
}

// mostInsights are given at most, besides the remark on snoring.
const mostInsights = 2

// Sources of the limits that insights are based on.
const (
	SourceDuration    = "National Sleep Foundation 2015"  // Hirshkowitz et al., Sleep Health 1
	SourceQuality     = "National Sleep Foundation 2017"  // Ohayon et al., Sleep Health 3: votes against good sleep
	SourceRegularity  = "UK Biobank, Windred et al. 2024" // lowest fifth of 60,977 people, Sleep 47
	SourceSpread      = "MESA, Huang et al. 2020"         // highest group, Journal of the American College of Cardiology 75
	SourceWeekend     = "Roenneberg et al. 2019"          // Biology 8
	SourceOwnBaseline = "own baseline"                    // no published bound
	SourceConvention  = "asleep-mcp, no published bound"  // snoring
)

// An Insight is a fact about a period that a person may want to know. It neither judges
// nor names a cause; the wording is up to the caller.
type Insight struct {
	Code   string
	Value  float64 // in Unit; the mean of the nights unless the rule of the code says otherwise
	Unit   string  // minutes, percent, points or nights
	Nights int     // number of nights that Value is based on
	Source string  // of the limit

	Metric string   // name of the metric if the code leaves it open, otherwise ""
	Limit  *float64 // the limit that was passed, in Unit; nil if only the baseline was compared
	Usual  *float64 // the mean of the person's baseline, in Unit; nil if the rule does not use it

	// Longer is by how many minutes the main sleep is longer on free days, on average; nil
	// except for [InsightWeekendShift].
	Longer *float64

	// From and To are two clock times in seconds after midnight. For [InsightIrregular]
	// they are the earliest and the latest value of the metric Clock, [MetricOnset] or
	// [MetricWake]; Clock is "" if neither can be given. For [InsightWeekendShift] they
	// are the midpoints of sleep on working days and on free days.
	From, To *float64
	Clock    string
}

// evidence is what the rules examine.
type evidence struct {
	all              []Night         // of the period
	nights, baseline []Night         // those whose durations count
	changes          func() []Change // of the period, by [Changes]; computed at most once
	recommendation   Recommendation
	older            bool // 65 and more
}

// rules are in the order in which insights are given: first those based on a consensus, in
// the order of their weight for a day; then timing; then changes from the person's own
// baseline, with stages, the least certain, last.
var rules = []func(evidence) (Insight, bool){
	evidence.shortSleep,
	evidence.lowEfficiency,
	evidence.longLatency,
	evidence.longAwake,
	evidence.irregular,
	evidence.weekendShift,
	evidence.efficiencyFell,
	evidence.stagesChanged,
}

// InsightsOf applies the rules, version 1, to a period and returns at most two
// insights, in the order of the list, followed by the remark on snoring, if any; never
// nil. It returns nothing for fewer than five nights, for a minor, and in the ranges
// that the consensus calls uncertain. What is said about nights is true of their mean
// and of at least half of them. baseline is usually [Baseline]; without it, rules that
// need it do not apply. If age, in years, is nil, the limits for adults are used. From
// 65 years on, the limits in parentheses apply.
//
//   - short_sleep: the mean sleep in 24 hours is at least 30 minutes below the
//     recommended minimum.
//   - low_efficiency: the mean is below 75 %.
//   - latency_long: the mean is above 45 minutes (60).
//   - awake_long: the mean of the longest wake is above 30 minutes, or the mean wake
//     after sleep onset is above 40 minutes and higher than the baseline by [Changes].
//   - irregular: with at least five comparable days, [ScheduleRegularity] is below
//     71.6, by at least a standard error and on half of the days; or the standard
//     deviation of sleep onset is above 90 minutes and half of the nights are an hour
//     or more from the usual onset.
//   - weekend_shift: [WeekendShiftOf] Saturday and Sunday is at least two hours either
//     way, by at least a standard error. It needs 14 nights of the baseline, and
//     together with them a usual time on the other days, see WeekendShiftOf.
//   - efficiency_fell: the mean is 75 to 85 % and lower than the baseline by [Changes].
//   - stage_estimate_changed: the share of deep or REM sleep differs from the baseline
//     by [Foremost], with at least 14 nights on both sides. Stages have no limits:
//     healthy people differ too much, and so do experts who score the same night.
//   - snoring: at least 30 % of sleep on at least three nights, and on three out of
//     seven. The value is the number of these nights.
func InsightsOf(period, baseline []Night, age *int) []Insight {
	list := []Insight{}
	for _, insight := range findings(period, baseline, age) {
		if len(list) < mostInsights || insight.Code == InsightSnoring {
			list = append(list, insight)
		}
	}
	return list
}

// findings returns everything the rules find, snoring last.
func findings(period, baseline []Night, age *int) []Insight {
	e := evidence{
		all: period, nights: counted(period), baseline: counted(baseline),
		changes:        sync.OnceValue(func() []Change { return Changes(baseline, period, LeastBaseline, LeastWeek) }),
		recommendation: AdultRecommendation(),
	}
	if age != nil {
		e.recommendation, e.older = Recommended(*age), *age >= olderAge
	}
	if len(e.nights) < LeastWeek || e.recommendation.Minor {
		return nil
	}
	var list []Insight
	for _, rule := range rules {
		if insight, ok := rule(e); ok {
			list = append(list, insight)
		}
	}
	if insight, ok := e.snoring(); ok {
		list = append(list, insight)
	}
	return list
}

// lasting returns the mean of values if there are enough, and the mean and at least half of
// them are past a bound.
func lasting(values []float64, past func(float64) bool) (center float64, ok bool) {
	if len(values) < LeastWeek {
		return 0, false
	}
	center = mean(values)
	return center, past(center) && half(values, past)
}

func half(values []float64, past func(float64) bool) bool {
	n := 0
	for _, v := range values {
		if past(v) {
			n++
		}
	}
	return 2*n >= len(values)
}

func minutesOfEach(nights []Night, of func(Night) *time.Duration) []float64 {
	list := make([]float64, 0, len(nights))
	for _, n := range nights {
		if minutes, ok := minutesOf(of(n)); ok {
			list = append(list, minutes)
		}
	}
	return list
}
