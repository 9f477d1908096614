package person

import (
	"context"
	"fmt"
	"math"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// sleepNeed is when somebody has to go to bed for so many hours of sleep.
type sleepNeed struct {
	Hours    float64  `json:"sleep_hours"`
	Before   float64  `json:"in_bed_before_waking_hours" jsonschema_description:"Mean of what the nights would have taken."`
	Spread   *float64 `json:"spread_minutes"`
	Nights   int      `json:"nights"`
	WakeTime string   `json:"wake_time,omitempty" jsonschema_description:"The usual one, of most nights."`
	Bedtime  string   `json:"bedtime,omitempty" jsonschema_description:"For it."`
}

// sleepNeedOf returns it for the hours that were asked for, else for the least that are
// recommended. People under 18 are not told when to go to bed, whatever they ask for.
func (q *query) sleepNeedOf(ctx context.Context, h *tool.Head, w *nights.Window, times analytics.SleepTimes, asked *float64) *sleepNeed {
	if w.Sparse {
		tool.Lacks(&h.Caveats, noNightlyNumbers, "sleep_need")
		return nil
	}
	r, _ := recommended(q.age(ctx, nil))
	if r.Minor {
		tool.Lacks(&h.Caveats, analytics.Minor, "sleep_need")
		return nil
	}
	out := &sleepNeed{Hours: r.Low}
	if asked != nil {
		out.Hours = *asked
	}
	need := analytics.SleepNeedOf(w.Nights, out.Hours)
	if need.Before.Value == nil {
		tool.Lacks(&h.Caveats, need.Before.Missing, "sleep_need")
		return nil
	}
	out.Before = tool.Rounded(*need.Before.Value/tool.SecondsPerHour, 2)
	out.Spread, out.Nights = scaled(need.Spread, tool.SecondsPerMinute, 0), need.Before.N
	usual := times.Usual
	if len(usual) == 0 {
		tool.Lacks(&h.Caveats, analytics.Scattered, "sleep_need.bedtime")
		return out
	}
	wake, before := math.Round(usual[0].Wake/tool.SecondsPerMinute), math.Round(out.Before*60) // what is shown adds up
	out.WakeTime, out.Bedtime = tool.ClockText(wake*tool.SecondsPerMinute), tool.ClockText((wake-before)*tool.SecondsPerMinute)
	return out
}

// text says when to go to bed.
func (n *sleepNeed) text() string {
	text := fmt.Sprintf("For %s of sleep be in bed %s before waking", tool.HoursText(n.Hours), tool.HoursText(n.Before))
	if n.Bedtime != "" {
		text += fmt.Sprintf(": at %s for the usual %s", n.Bedtime, n.WakeTime)
	}
	return text + fmt.Sprintf(" (mean of %s; standard deviation %.0f min).", tool.Count(n.Nights, "night"), *n.Spread)
}
