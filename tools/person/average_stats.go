package person

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
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

// AverageStats is the tool average_stats.
var AverageStats = tool.Define(tool.Spec{
	Name:  "average_stats",
	Title: "Average sleep over a period",
	Description: "Average bedtime, time asleep, efficiency, stages, spread and weekend shift over any range of nights. " +
		"Use sleep_score for one number, weekly_report for a week day by day, list_sessions for single nights.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, averageStats)

func averageStats(ctx context.Context, d *tool.Deps, in averageStatsIn) (out averageStatsOut, err error) {
	if err := in.contradiction(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About)
	if err != nil {
		return out, err
	}
	p, err := in.resolve(q.Today)
	if err != nil {
		return out, err
	}
	w, err := q.Window(ctx, p, 0)
	if err != nil {
		return out, err
	}
	out.Head = q.headOfPeriod(w)
	means, err := q.means(ctx, w)
	if err != nil {
		return out, err
	}
	out.SessionCount = sessions(w, means)
	out.Averages, out.SleepStages = averagesOf(&out.Head, means)
	writeSpread(&out.Head, &out.Spread, w)
	out.Weekend = weekendOf(&out.Head, w)
	out.Summary = q.averagesSummary(&out.Head, means, w)
	return out, nil
}

func writeSpread(h *tool.Head, s *Spread, w *nights.Window) {
	if w.Sparse {
		tool.Lacks(&h.Caveats, noNightlyNumbers, "spread")
		return
	}
	if h.Nights.Used == 0 {
		tool.Lacks(&h.Caveats, analytics.NoData, "spread")
		return
	}
	m := analytics.SpreadOf(w.Nights)
	setScaled(&h.Caveats, &s.Bedtime, "spread.bedtime_minutes", m.Bedtime, tool.SecondsPerMinute, 0)
	setScaled(&h.Caveats, &s.Wake, "spread.wake_time_minutes", m.Wake, tool.SecondsPerMinute, 0)
	setScaled(&h.Caveats, &s.Sleep, "spread.sleep_minutes", m.Asleep, tool.SecondsPerMinute, 0)
}

// weekendOf returns how much later and how long sleep is at weekends; if that is not
// known it records why.
func weekendOf(h *tool.Head, w *nights.Window) *weekend {
	if w.Sparse {
		tool.Lacks(&h.Caveats, noNightlyNumbers, "weekend_shift")
		return nil
	}
	shift := analytics.WeekendShiftOf(w.Nights, nil)
	if shift.Shift.Value == nil {
		tool.Lacks(&h.Caveats, shift.Shift.Missing, "weekend_shift")
		return nil
	}
	return &weekend{
		Minutes:    tool.Rounded(*shift.Shift.Value/tool.SecondsPerMinute, 0),
		FreeNights: shift.FreeNights, WorkNights: shift.WorkNights,
		FreeHours: tool.Rounded(*shift.FreeAsleep.Value/tool.SecondsPerHour, 2), WorkHours: tool.Rounded(*shift.WorkAsleep.Value/tool.SecondsPerHour, 2),
	}
}
