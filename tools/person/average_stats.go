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
	SleepHours *float64 `json:"sleep_hours,omitempty" jsonschema:"minimum=3,maximum=12" jsonschema_description:"Wanted, for sleep_need; default: recommended."`
}

type averageStatsOut struct {
	tool.Head
	SessionCount int         `json:"session_count"`
	Averages     Averages    `json:"averages"`
	SleepStages  SleepStages `json:"sleep_stages"`
	Spread       Spread      `json:"spread"`
	Weekend      *weekend    `json:"weekend_shift,omitempty" jsonschema_description:"Nights to Saturday and Sunday against the others: minutes is how much later the middle of sleep is."`
	Chronotype   *chronotype `json:"chronotype,omitempty"`
	SleepNeed    *sleepNeed  `json:"sleep_need,omitempty" jsonschema_description:"When to go to bed."`
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
	Description: "Average bedtime, time asleep, efficiency, stages, spread, social jetlag and chronotype over any range of nights, and when to go to bed. " +
		"Use sleep_score for one number, weekly_report for a week day by day, list_sessions for single nights.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, averageStats)

func averageStats(ctx context.Context, d *tool.Deps, in averageStatsIn) (out averageStatsOut, err error) {
	if err := in.contradiction(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About, in.To)
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
	out.Weekend, out.Chronotype = q.weekOf(&out.Head, w)
	times := q.sleepTimes(w)
	warnTimes(&out.Caveats, w)
	out.Summary = q.averagesSummary(&out.Head, means, w, times)
	out.SleepNeed = q.sleepNeedOf(ctx, &out.Head, w, times, in.SleepHours)
	switch {
	case in.SleepHours == nil:
	case out.SleepNeed != nil:
		out.Summary = tool.Sentences(out.Summary, out.SleepNeed.text())
	case out.Missing["sleep_need"] == string(analytics.Minor):
		out.Summary = tool.Sentences(out.Summary, "No bedtime is given for people under 18.")
	}
	return out, nil
}

func writeSpread(h *tool.Head, s *Spread, w *nights.Window) {
	if w.Sparse {
		tool.Lacks(&h.Caveats, noNightlyNumbers, "spread")
		return
	}
	if h.Missing["averages"] != "" {
		return // the one reason is enough
	}
	m := analytics.SpreadOf(w.Nights)
	setScaled(&h.Caveats, &s.Bedtime, "spread.bedtime_minutes", m.Bedtime, tool.SecondsPerMinute, 0)
	setScaled(&h.Caveats, &s.Wake, "spread.wake_time_minutes", m.Wake, tool.SecondsPerMinute, 0)
	setScaled(&h.Caveats, &s.Sleep, "spread.sleep_minutes", m.Asleep, tool.SecondsPerMinute, 0)
}
