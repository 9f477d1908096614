package analytics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestAverage(t *testing.T) {
	t.Parallel()
	// Onset 23:00 and 01:00, seven hours and six.
	nights := nightly(2, func(i int) (time.Duration, time.Duration) {
		return hours(-1 + 2*float64(i)), hours(6 + float64(i))
	})
	nights[0].Main[0].Snoring = new(20 * time.Minute)
	nights[0].Main[0].Awake = 10 * time.Minute
	nights[1].Main[0].REM = nil
	got := analytics.Average(nights)
	assert.Equal(t, 2, got.Nights)
	wantValue(t, 86400-600, got.Bedtime, 1e-6)
	wantValue(t, 0, got.Onset, 1e-6)
	wantValue(t, 6.5*3600, got.Wake, 1e-6)
	wantValue(t, 6.5*3600, got.Asleep, 1e-9)
	wantValue(t, 6.75*3600, got.InBed, 1e-9)
	wantValue(t, 600, got.Latency, 1e-9)
	wantValue(t, 300, got.Awake, 1e-9)
	wantValue(t, (7/7.25+6/6.25)/2, got.Efficiency, 1e-12)
	wantValue(t, 1200, got.Snoring, 1e-9)
	assert.Equal(t, 1, got.Snoring.N)
	wantValue(t, 3.25*3600, got.Light, 1e-9)
	wantValue(t, 1.625*3600, got.Deep, 1e-9)
	wantValue(t, 1.75*3600, got.REM, 1e-9)
	assert.Equal(t, 2, got.Deep.N)
	wantValue(t, 0.5, got.LightShare, 1e-12)
	wantValue(t, 0.25, got.DeepShare, 1e-12)
	wantValue(t, 0.25, got.REMShare, 1e-12)
	assert.Equal(t, 1, got.DeepShare.N, "a night without REM tells nothing about shares")
}

func TestStageSharesAreRatiosOfSums(t *testing.T) {
	t.Parallel()
	nights := nightly(2, func(i int) (time.Duration, time.Duration) { return 0, hours(4 + 4*float64(i)) })
	first := &nights[0].Main[0]
	first.Light, first.Deep, first.REM = new(2*time.Hour), new(2*time.Hour), new(time.Duration(0))
	got := analytics.Average(nights)
	wantValue(t, 4.0/12, got.DeepShare, 1e-12)
	wantValue(t, 2.0/12, got.REMShare, 1e-12)
	wantValue(t, 6.0/12, got.LightShare, 1e-12)

	for _, lacking := range []**time.Duration{&first.Light, &first.Deep, &first.REM} {
		was := *lacking
		*lacking = nil
		got = analytics.Average(nights)
		wantValue(t, 2.0/8, got.DeepShare, 1e-12)
		wantValue(t, 4.0/8, got.LightShare, 1e-12)
		*lacking = was
	}
}

func TestAverageOfNothing(t *testing.T) {
	t.Parallel()
	for _, nights := range [][]analytics.Night{nil, {{Excluded: analytics.NoSleep}}, {{Excluded: analytics.NapOnly}}} {
		got := analytics.Average(nights)
		assert.Zero(t, got.Nights)
		for _, e := range []analytics.Estimate{got.Bedtime, got.Wake, got.Asleep, got.Efficiency, got.Latency, got.REMShare} {
			assert.Equal(t, analytics.Estimate{Missing: analytics.NoData}, e)
		}
	}
}

func TestAverageOfWhatWasNotMeasured(t *testing.T) {
	t.Parallel()
	nights := nightly(3, always(0, 7))
	for i := range nights {
		nights[i].Main[0].REM = nil
	}
	got := analytics.Average(nights)
	wantMissing(t, analytics.NotMeasured, got.Snoring)
	wantMissing(t, analytics.NotMeasured, got.REM)
	wantMissing(t, analytics.NotMeasured, got.DeepShare)
	wantValue(t, 1.75*3600, got.Deep, 1e-9)
}

func TestShortNightsCountInDurationsOnly(t *testing.T) {
	t.Parallel()
	nights := nightly(6, func(i int) (time.Duration, time.Duration) {
		if i == 5 {
			return hours(2), hours(4.25)
		}
		return hours(-1), hours(6)
	})
	require.Equal(t, analytics.Short, nights[5].Excluded)
	got := analytics.Average(nights)
	assert.Equal(t, 6, got.Nights)
	assert.Equal(t, 6, got.Asleep.N)
	wantValue(t, (5*7+2.25)/6*3600, got.Asleep, 1e-9)
	assert.Equal(t, 5, got.Bedtime.N)
	wantValue(t, 6*3600, got.Wake, 1e-6)
	spread := analytics.SpreadOf(nights)
	wantValue(t, 0, spread.Wake, 1e-6)
	assert.Equal(t, 6, spread.Asleep.N)

	only := analytics.Average(nights[5:])
	wantMissing(t, analytics.Short, only.Bedtime)
	wantValue(t, 2.25*3600, only.Asleep, 1e-9)
}

func TestSpreadOf(t *testing.T) {
	t.Parallel()
	nights := nightly(5, func(i int) (time.Duration, time.Duration) {
		return hours(-1), hours(5 + float64(i)/2) // 6, 6.5, 7, 7.5 and 8 h
	})
	got := analytics.SpreadOf(nights)
	wantValue(t, 0, got.Bedtime, 1e-6)
	wantValue(t, 2846.0498941515, got.Wake, 1e-6) // 1800 * sqrt(10/4)
	wantValue(t, 2846.0498941515, got.Asleep, 1e-6)
	got = analytics.SpreadOf(nights[:4])
	wantMissing(t, analytics.FewNights, got.Bedtime)
	wantMissing(t, analytics.FewNights, got.Wake)
	wantMissing(t, analytics.FewNights, got.Asleep)
	wantMissing(t, analytics.NoData, analytics.SpreadOf(nil).Asleep)
}
