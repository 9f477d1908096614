package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestShortfall(t *testing.T) {
	t.Parallel()
	last := date(t, "2026-03-15") // of fourteen nights
	cases := []struct {
		name   string
		nights []analytics.Night
		need   float64
		want   float64 // hours
	}{
		{"half an hour each night", asleepFor(repeat(14, 390)...), 7, 7},
		{"ten nights are not filled up to fourteen", asleepFor(repeat(14, 390)...)[4:], 7, 5},
		{"long nights make up for short ones", asleepFor(append(repeat(7, 360), repeat(7, 450)...)...), 7, 3.5},
		{"enough", asleepFor(repeat(14, 480)...), 7, 0},
		{"another need", asleepFor(repeat(14, 480)...), 8.5, 7},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantValue(t, c.want*3600, analytics.ShortfallOf(c.nights, last, c.need), 1e-6)
		})
	}
}

func TestShortfallBounds(t *testing.T) {
	t.Parallel()
	nights := asleepFor(repeat(30, 390)...)
	got := analytics.ShortfallOf(nights, nights[20].Date, 7)
	wantValue(t, 7*3600, got, 1e-6)
	assert.Equal(t, 14, got.N, "the date itself and thirteen before")
	assert.Equal(t, 10, analytics.ShortfallOf(nights, nights[9].Date, 7).N)
	wantMissing(t, analytics.FewNights, analytics.ShortfallOf(nights, nights[8].Date, 7))
	wantMissing(t, analytics.NoData, analytics.ShortfallOf(nights, date(t, "2026-01-01"), 7))
	for _, need := range []float64{0, -7, math.NaN(), math.Inf(1)} {
		wantMissing(t, analytics.NoData, analytics.ShortfallOf(nights, nights[20].Date, need))
	}
}

func TestShortfallCountsNapsAndUsableNights(t *testing.T) {
	t.Parallel()
	nights := asleepFor(repeat(14, 390)...)
	noon := time.Date(2026, 3, 4, 13, 0, 0, 0, time.UTC)
	nights[2].Naps = []analytics.Session{sleeping("nap", time.UTC, noon, noon.Add(time.Hour))}
	nights[3].Excluded, nights[3].Main = analytics.NapOnly, nil
	nights[4].Excluded, nights[4].Main = analytics.NoSleep, nil
	got := analytics.ShortfallOf(nights, nights[13].Date, 7)
	assert.Equal(t, 12, got.N)
	wantValue(t, 12*1800-3600, got, 1e-6)
}
