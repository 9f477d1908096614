package analytics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// week returns a week from Monday on with an eight-hour sleep around each midsleep, given
// in hours after midnight.
func week(work, free float64) []analytics.Night {
	return each(7, func(i int, d *draw) {
		middle := work
		if i >= 5 {
			middle = free
		}
		if middle > 22 { // the sleep ends on the night date
			middle -= 24
		}
		*d = draw{onset: middle*60 - 240, period: 480}
	})
}

// The vectors of mctq's tests for social jetlag.
func TestWeekendShift(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ work, free, shift float64 }{
		{2.5, 4.5, 2},
		{23, 2, 3},
		{5, 3, -2},
		{11, 18.5, 7.5},
		{22, 17.5, -4.5},
		{8, 12, 4},
		{12, 8, -4},
		{23, 1, 2},
		{1, 23, -2},
	} {
		got := analytics.WeekendShiftOf(week(c.work, c.free), nil)
		wantValue(t, c.shift*3600, got.Shift, 1e-6)
		wantValue(t, c.work*3600, got.WorkMidsleep, 1e-6)
		wantValue(t, c.free*3600, got.FreeMidsleep, 1e-6)
		assert.Equal(t, 5, got.WorkNights)
		assert.Equal(t, 2, got.FreeNights)
		assert.Equal(t, 7, got.Shift.N)
	}
}

func TestWeekendShiftGolden(t *testing.T) {
	t.Parallel()
	var all []struct {
		MSW, MSF string
		SJL      float64 `json:"sjl_h"`
	}
	golden(t, "social_jetlag.json", &all)
	require.NotEmpty(t, all)
	hour := func(clock string) float64 {
		at, err := time.Parse("15:04", clock)
		require.NoError(t, err)
		return float64(at.Hour()) + float64(at.Minute())/60
	}
	for _, c := range all {
		wantValue(t, c.SJL*3600, analytics.WeekendShiftOf(week(hour(c.MSW), hour(c.MSF)), nil).Shift, 1e-6)
	}
}

// Means of sleep over the same nights: a short one counts in neither.
func TestWeekendSleep(t *testing.T) {
	t.Parallel()
	nights := each(14, func(i int, d *draw) {
		d.period, d.awake = 420, 20
		if i%7 >= 5 { // Saturday and Sunday
			d.period = 500
		}
	})
	nights[3] = draw{onset: 300, period: 100}.night(firstMonday.AddDate(0, 0, 3))
	got := analytics.WeekendShiftOf(nights, nil)
	wantValue(t, 480*60, got.FreeAsleep, 1e-6)
	wantValue(t, 400*60, got.WorkAsleep, 1e-6)
	assert.Equal(t, 9, got.WorkAsleep.N)
	wantMissing(t, analytics.NoData, analytics.WeekendShiftOf(nights[:3], nil).FreeAsleep)
}

func TestWeekendShiftOfOtherFreeDays(t *testing.T) {
	t.Parallel()
	nights := each(7, func(i int, d *draw) {
		if i == 4 || i == 5 { // Friday and Saturday
			d.onset += 60
		}
	})
	wantValue(t, 3600, analytics.WeekendShiftOf(nights, []time.Weekday{time.Friday, time.Saturday}).Shift, 1e-6)
	wantMissing(t, analytics.FewNights, analytics.WeekendShiftOf(nights, []time.Weekday{}).Shift)
}

func TestWeekendShiftNeedsNights(t *testing.T) {
	t.Parallel()
	full := week(3, 4)
	pick := func(days ...int) []analytics.Night {
		var list []analytics.Night
		for _, d := range days {
			list = append(list, full[d])
		}
		return list
	}
	wantValue(t, 3600, analytics.WeekendShiftOf(pick(0, 2, 4, 5, 6), nil).Shift, 1e-6)
	wantMissing(t, analytics.FewNights, analytics.WeekendShiftOf(pick(0, 2, 5, 6), nil).Shift)
	wantMissing(t, analytics.FewNights, analytics.WeekendShiftOf(pick(0, 1, 2, 3, 4, 5), nil).Shift)
	wantMissing(t, analytics.NoData, analytics.WeekendShiftOf(nil, nil).Shift)

	around := each(14, func(i int, d *draw) { d.onset = float64(i%2) * 720 })
	scattered := analytics.WeekendShiftOf(around, nil)
	wantMissing(t, analytics.Scattered, scattered.Shift)
	assert.Equal(t, 4, scattered.FreeNights)

	short := week(3, 4)
	short[6] = draw{onset: 300, period: 100}.night(firstMonday.AddDate(0, 0, 6))
	require.Equal(t, analytics.Short, short[6].Excluded)
	wantMissing(t, analytics.FewNights, analytics.WeekendShiftOf(short, nil).Shift)
}

// Midsleep is the instant halfway, not the mean of two clock times: in the night of the
// clock change of 2026-03-29 the clock shows 04:00 in the middle.
func TestWeekendShiftOverAClockChange(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	var nights []analytics.Night
	for i := range 7 { // Sunday the 29th is the last
		midnight := time.Date(2026, 3, 23+i, 0, 0, 0, 0, berlin)
		nights = append(nights, draw{onset: -60, period: 480}.night(midnight))
	}
	got := analytics.WeekendShiftOf(nights, nil)
	wantValue(t, 3*3600, got.WorkMidsleep, 1e-6)
	wantValue(t, 1800, got.Shift, 30)
}
