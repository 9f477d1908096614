package analytics

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measuredBy are nights of a source, one a date, of eight hours with a share of deep sleep
// that differs a little from night to night.
func measuredBy(source string, first civil.Date, n int, deep float64) []Night {
	nights := make([]Night, n)
	for i := range nights {
		start := first.AddDays(i - 1).In(time.UTC).Add(23 * time.Hour)
		asleep := 7 * time.Hour
		deepSleep := time.Duration((deep + 0.004*float64(i%5)) * float64(asleep))
		rem := asleep / 5
		light := asleep - deepSleep - rem
		nights[i] = Night{Date: first.AddDays(i), Main: []Session{{
			Source: source, Start: start, End: start.Add(8 * time.Hour), Onset: start, Wake: start.Add(asleep), InBed: 8 * time.Hour, Asleep: asleep,
			Light: &light, Deep: &deepSleep, REM: &rem,
		}}}
	}
	return nights
}

func TestStagesOfOneSourceOnly(t *testing.T) {
	t.Parallel()
	day := civil.Date{Year: 2026, Month: time.March, Day: 1}
	ring, watch := measuredBy("ring", day, 20, 0.30), measuredBy("watch", day.AddDays(20), 21, 0.10)
	mixed := append(ring, watch...)

	assert.Equal(t, "watch", StageSource(mixed))
	assert.Equal(t, "ring", StageSource(ring))
	a := Average(mixed)
	assert.Equal(t, 41, a.Asleep.N)
	require.NotNil(t, a.DeepShare.Value)
	assert.Equal(t, 21, a.DeepShare.N)
	assert.InDelta(t, 0.108, *a.DeepShare.Value, 0.002, "a mean over both would be 0.2")

	deep := MetricNamed(MetricDeep)
	assert.Equal(t, TooFewNights, Compare(deep, ring, watch, 2, 2).Verdict, "twenty points are the device's")
	for i := range watch {
		watch[i].Main[0].Source = "ring"
	}
	assert.Equal(t, Lower, Compare(deep, ring, watch, 2, 2).Verdict)
}

func TestUnknownWakeIsNotMeasured(t *testing.T) {
	t.Parallel()
	nights := measuredBy("app", civil.Date{Year: 2026, Month: time.March, Day: 1}, 6, 0.2)
	for i := range nights {
		nights[i].Main[0].AwakeUnknown = i > 0
	}
	assert.Equal(t, 1, Average(nights).Awake.N)
	assert.Len(t, MetricNamed(MetricAwake).Values(nights), 1)
	assert.Equal(t, NotMeasured, Average(nights[1:]).Awake.Missing)
}
