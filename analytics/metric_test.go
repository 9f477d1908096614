package analytics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestMetricValues(t *testing.T) {
	t.Parallel()
	night := same(1, draw{onset: -30, period: 480, latency: 12, awake: 30, deep: 0.2, rem: 0.3})
	night[0].Main[0].InBed = 500 * time.Minute
	want := map[string][]float64{
		analytics.MetricAsleep: {450}, analytics.MetricEfficiency: {90}, analytics.MetricAwake: {30},
		analytics.MetricLatency: {12}, analytics.MetricOnset: {1410}, analytics.MetricWake: {450},
		analytics.MetricDeep: {20}, analytics.MetricREM: {30}, analytics.MetricSnoring: {24}, analytics.MetricRegularity: {},
	}
	assert.Len(t, analytics.Metrics(), len(want))
	for _, m := range analytics.Metrics() {
		assert.InDeltaSlice(t, want[m.Name], m.Values(night), 1e-9, m.Name)
		value, ok := m.Of(night[0])
		assert.Equal(t, m.Name != analytics.MetricRegularity, ok, m.Name)
		if ok {
			assert.InDelta(t, want[m.Name][0], value, 1e-9, m.Name)
		}
	}
	assert.Empty(t, analytics.Metric{Name: "steps"}.Values(night))
}

func TestMetricValuesOfNightsThatLackThem(t *testing.T) {
	t.Parallel()
	counts := func(nights []analytics.Night) map[string]int {
		found := map[string]int{}
		for _, m := range analytics.Metrics() {
			if n := len(m.Values(nights)); n > 0 {
				found[m.Name] = n
			}
		}
		return found
	}
	short := same(1, draw{period: 170, latency: 5})
	assert.Equal(t, map[string]int{
		analytics.MetricAsleep: 1, analytics.MetricEfficiency: 1, analytics.MetricAwake: 1,
		analytics.MetricLatency: 1, analytics.MetricSnoring: 1, analytics.MetricDeep: 1, analytics.MetricREM: 1,
	}, counts(short), "a short night has no clock times")

	bare := same(1, plain)
	bare[0].Main[0].Latency, bare[0].Main[0].Light = nil, nil
	assert.Equal(t, map[string]int{
		analytics.MetricAsleep: 1, analytics.MetricEfficiency: 1, analytics.MetricAwake: 1,
		analytics.MetricSnoring: 1, analytics.MetricOnset: 1, analytics.MetricWake: 1,
	}, counts(bare))

	out := same(3, plain)
	out[0].Excluded = analytics.Inconsistent
	out[1].Main = nil
	out[2].Excluded = analytics.NapOnly
	assert.Empty(t, counts(out))

	gap := same(9, plain)
	assert.Len(t, metricNamed(analytics.MetricRegularity).Values(append(gap[:4:4], gap[5:]...)), 6,
		"a date without the day before has none")
}

func TestClockMetricsAreReadInTheirZone(t *testing.T) {
	t.Parallel()
	tokyo := zone(t, "Asia/Tokyo")
	night := plain.night(time.Date(2026, 3, 2, 0, 0, 0, 0, tokyo))
	onset, ok := metricNamed(analytics.MetricOnset).Of(night)
	assert.True(t, ok)
	assert.InDelta(t, 1410, onset, 1e-9)
}
