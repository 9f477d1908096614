package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// By hand: 10 minutes to fall asleep, and 480 minutes of 460 asleep.
func TestSleepNeed(t *testing.T) {
	t.Parallel()
	need := analytics.SleepNeedOf(same(5, plain), 7.5)
	wantValue(t, 600+7.5*3600*480/460, need.Before, 1)
	wantValue(t, 0, need.Spread, 1e-6)

	nights := each(6, func(i int, d *draw) { d.latency, d.awake = float64(10+20*(i%2)), 0 })
	need = analytics.SleepNeedOf(nights, 8)
	wantValue(t, 8*3600+20*60, need.Before, 1)
	wantValue(t, 600*math.Sqrt(6.0/5), need.Spread, 1)

	nights = append(nights, asleepFor(100)...) // a short one
	wantValue(t, 8*3600+20*60, analytics.SleepNeedOf(nights, 8).Before, 1)
}

func TestSleepNeedNeedsLatency(t *testing.T) {
	t.Parallel()
	nights := same(6, plain)
	wantMissing(t, analytics.FewNights, analytics.SleepNeedOf(nights[:4], 8).Before)
	wantMissing(t, analytics.NoData, analytics.SleepNeedOf(nil, 8).Before)
	for i := range nights[:5] {
		nights[i].Main[0].Latency = nil
	}
	wantMissing(t, analytics.FewNights, analytics.SleepNeedOf(nights, 8).Before)
	nights[5].Main[0].AwakeUnknown = true
	wantMissing(t, analytics.NotMeasured, analytics.SleepNeedOf(nights, 8).Spread)
}

// The time between the parts of a split night passes before the awakening, too, once.
func TestSleepNeedOfSplitNights(t *testing.T) {
	t.Parallel()
	nights := same(5, plain)
	for i := range nights {
		first := nights[i].Main[0]
		second := first
		gap := first.End.Sub(first.Start) + 90*time.Minute
		second.Start, second.Onset, second.Wake, second.End = second.Start.Add(gap), second.Onset.Add(gap), second.Wake.Add(gap), second.End.Add(gap)
		nights[i].Main = append(nights[i].Main, second)
	}
	// 498 minutes from one onset to the next, 480 of them known, and all 480 of the second.
	wantValue(t, 600+7.5*3600*(498+480)/920+90*60, analytics.SleepNeedOf(nights, 7.5).Before, 1)
}
