package analytics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// weeks returns nights around each middle of sleep, in hours after midnight, that last so many
// hours.
func weeks(n int, free []time.Weekday, workMiddle, workHours, freeMiddle, freeHours float64) []analytics.Night {
	return each(7*n, func(i int, d *draw) {
		middle, hours := workMiddle, workHours
		if slices.Contains(free, time.Weekday((i+1)%7)) {
			middle, hours = freeMiddle, freeHours
		}
		if middle > 20 {
			middle -= 24
		}
		*d = draw{onset: middle*60 - hours*30, period: hours * 60, awake: 30}
	})
}

var weekendDays = []time.Weekday{time.Saturday, time.Sunday}

// The vectors of mctq's tests for the middle of sleep on free days, corrected for sleep.
func TestChronotype(t *testing.T) {
	t.Parallel()
	fourFree := []time.Weekday{time.Thursday, time.Friday, time.Saturday, time.Sunday}
	for _, c := range []struct {
		free                  []time.Weekday
		freeMiddle, work, off float64 // hours
		want                  float64 // seconds after midnight
	}{
		{weekendDays, 4, 6, 8, 3*3600 + 17*60 + 8.571429},
		{fourFree, 23.5, 7, 9, 23*3600 + 4*60 + 17.142857},
		{weekendDays, 2.25, 9, 7, 2*3600 + 15*60},
		{weekendDays, 3.75, 6, 7.5, 3*3600 + 12*60 + 51.428571},
		{fourFree[1:], 3.5, 5.5, 8, 2*3600 + 47*60 + 8.571429}, // five hours later than there, to end on the dates meant
		{weekendDays, 3.75, 7, 7, 3*3600 + 45*60},
	} {
		nights := weeks(4, c.free, c.freeMiddle, c.work, c.freeMiddle, c.off)
		wantValue(t, c.want, analytics.ChronotypeOf(nights, c.free).Midsleep, 1)
	}
}

func TestChronotypeNeedsRegularWeeks(t *testing.T) {
	t.Parallel()
	full := weeks(2, weekendDays, 3, 7, 4, 8)
	got := analytics.ChronotypeOf(full, nil)
	assert.Equal(t, 4, got.FreeNights)
	assert.Equal(t, 10, got.WorkNights)
	wantValue(t, 4*3600-3600*5.0/14, got.Midsleep, 1)
	wantMissing(t, analytics.FewNights, analytics.ChronotypeOf(full[:13], nil).Midsleep)
	wantMissing(t, analytics.FewNights, analytics.ChronotypeOf(full[3:], nil).Midsleep)
	wantMissing(t, analytics.FewNights, analytics.ChronotypeOf(full, []time.Weekday{}).Midsleep)
	wantMissing(t, analytics.NoData, analytics.ChronotypeOf(nil, nil).Midsleep)

	shifts := each(28, func(i int, d *draw) { d.onset += float64(i/7%2) * 480 })
	wantMissing(t, analytics.Scattered, analytics.ChronotypeOf(shifts, nil).Midsleep)
	parties := each(28, func(i int, d *draw) {
		if i%14 == 5 {
			d.onset += 480
		}
	})
	wantMissing(t, analytics.Scattered, analytics.ChronotypeOf(parties, nil).Midsleep)
}
