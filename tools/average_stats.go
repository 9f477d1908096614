package tools

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

type averageStatsIn struct {
	About
	Range
}

type averageStatsOut struct {
	Head
	SessionCount int         `json:"session_count"`
	Averages     Averages    `json:"averages"`
	SleepStages  SleepStages `json:"sleep_stages"`
	Spread       Spread      `json:"spread"`
	Weekend      *weekend    `json:"weekend_shift,omitempty" jsonschema_description:"Nights to Saturday and Sunday against the others: minutes is how much later the middle of sleep is."`
}

type weekend struct {
	Minutes    float64 `json:"minutes"`
	FreeNights int     `json:"weekend_nights"`
	WorkNights int     `json:"other_nights"`
	FreeHours  float64 `json:"weekend_sleep_hours"`
	WorkHours  float64 `json:"other_sleep_hours"`
}

// Spread is how much nights differ: the standard deviation from night to night.
type Spread struct {
	Bedtime *float64 `json:"bedtime_minutes,omitempty"`
	Wake    *float64 `json:"wake_time_minutes,omitempty"`
	Sleep   *float64 `json:"sleep_minutes,omitempty"`
}

var averageStats = define(Spec{
	Name:  "average_stats",
	Title: "Average sleep over a period",
	Description: "Average bedtime, time asleep, efficiency, stages, spread and weekend shift over any range of nights. " +
		"Use sleep_score for one number, weekly_report for a week day by day, list_sessions for single nights.",
	Toolset: ToolsetSleep,
	Access:  Reads,
}, func(ctx context.Context, d *Deps, in averageStatsIn) (out averageStatsOut, err error) {
	if err := in.contradiction(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About)
	if err != nil {
		return out, err
	}
	p, err := in.resolve(q.today)
	if err != nil {
		return out, err
	}
	_, r, err := q.withBaseline(ctx, &out.Head, p.upTo(q.today))
	if err != nil {
		return out, err
	}
	means, err := q.means(ctx, &out.Head, r)
	if err != nil {
		return out, err
	}
	out.SessionCount = r.count(means)
	out.Averages, out.SleepStages = out.average(means)
	out.spread(&out.Spread, r)
	out.Weekend = out.weekend(r)
	out.Summary = averagesSummary(&out.Head, means, r)
	return out, nil
})

func (h *Head) spread(s *Spread, r *record) {
	if r.sparse {
		h.lacks(noNightlyNumbers, "spread")
		return
	}
	m := analytics.SpreadOf(r.nights)
	h.setScaled(&s.Bedtime, "spread.bedtime_minutes", m.Bedtime, secondsPerMinute, 0)
	h.setScaled(&s.Wake, "spread.wake_time_minutes", m.Wake, secondsPerMinute, 0)
	h.setScaled(&s.Sleep, "spread.sleep_minutes", m.Asleep, secondsPerMinute, 0)
}

// weekend says how much later and how long sleep is at weekends, or why that is not
// known.
func (h *Head) weekend(r *record) *weekend {
	if r.sparse {
		h.lacks(noNightlyNumbers, "weekend_shift")
		return nil
	}
	w := analytics.WeekendShiftOf(r.nights, nil)
	if w.Shift.Value == nil {
		h.lacks(w.Shift.Missing, "weekend_shift")
		return nil
	}
	return &weekend{
		Minutes:    rounded(*w.Shift.Value/secondsPerMinute, 0),
		FreeNights: w.FreeNights, WorkNights: w.WorkNights,
		FreeHours: rounded(*w.FreeAsleep.Value/secondsPerHour, 2), WorkHours: rounded(*w.WorkAsleep.Value/secondsPerHour, 2),
	}
}
