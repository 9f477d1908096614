package person

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type averageStatsIn struct {
	About
	Range
}

type averageStatsOut struct {
	tool.Head
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

var AverageStats = tool.Define(tool.Spec{
	Name:  "average_stats",
	Title: "Average sleep over a period",
	Description: "Average bedtime, time asleep, efficiency, stages, spread and weekend shift over any range of nights. " +
		"Use sleep_score for one number, weekly_report for a week day by day, list_sessions for single nights.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, func(ctx context.Context, d *tool.Deps, in averageStatsIn) (out averageStatsOut, err error) {
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
	_, r, err := q.withBaseline(ctx, &out.Head, p.UpTo(q.today))
	if err != nil {
		return out, err
	}
	means, err := q.means(ctx, &out.Head, r)
	if err != nil {
		return out, err
	}
	out.SessionCount = r.count(means)
	out.Averages, out.SleepStages = averagesOf(&out.Head, means)
	writeSpread(&out.Head, &out.Spread, r)
	out.Weekend = weekendOf(&out.Head, r)
	out.Summary = averagesSummary(&out.Head, means, r)
	return out, nil
})

func writeSpread(h *tool.Head, s *Spread, r *record) {
	if r.sparse {
		tool.Lacks(&h.Caveats, NoNightlyNumbers, "spread")
		return
	}
	m := analytics.SpreadOf(r.Nights)
	setScaled(&h.Caveats, &s.Bedtime, "spread.bedtime_minutes", m.Bedtime, tool.SecondsPerMinute, 0)
	setScaled(&h.Caveats, &s.Wake, "spread.wake_time_minutes", m.Wake, tool.SecondsPerMinute, 0)
	setScaled(&h.Caveats, &s.Sleep, "spread.sleep_minutes", m.Asleep, tool.SecondsPerMinute, 0)
}

// weekend says how much later and how long sleep is at weekends, or why that is not
// known.
func weekendOf(h *tool.Head, r *record) *weekend {
	if r.sparse {
		tool.Lacks(&h.Caveats, NoNightlyNumbers, "weekend_shift")
		return nil
	}
	w := analytics.WeekendShiftOf(r.Nights, nil)
	if w.Shift.Value == nil {
		tool.Lacks(&h.Caveats, w.Shift.Missing, "weekend_shift")
		return nil
	}
	return &weekend{
		Minutes:    tool.Rounded(*w.Shift.Value/tool.SecondsPerMinute, 0),
		FreeNights: w.FreeNights, WorkNights: w.WorkNights,
		FreeHours: tool.Rounded(*w.FreeAsleep.Value/tool.SecondsPerHour, 2), WorkHours: tool.Rounded(*w.WorkAsleep.Value/tool.SecondsPerHour, 2),
	}
}
