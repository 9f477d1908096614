package tools

import (
	"context"
	"fmt"

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
	Weekend      *weekend    `json:"weekend_shift,omitempty" jsonschema_description:"Middle of sleep on Saturdays and Sundays against other days; positive: later."`
}

type weekend struct {
	Minutes    float64 `json:"minutes"`
	FreeNights int     `json:"weekend_nights"`
	WorkNights int     `json:"other_nights"`
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
	p = p.upTo(q.today)
	r, err := q.read(ctx, p)
	if err != nil {
		return out, err
	}
	out.Head = q.head(p, r)
	if err := q.freshness(ctx, &out.Head, r); err != nil {
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

// means are the averages of a record: computed from its nights, or the service's
// own where it gives no nightly numbers.
func (q *question) means(ctx context.Context, h *Head, r *record) (analytics.Averages, error) {
	if r.sparse {
		return q.serviceAverages(ctx, h, r.span)
	}
	return analytics.Average(r.nights), nil
}

// count is the session count: of the record, or what stands behind the service's
// own averages.
func (r *record) count(means analytics.Averages) int {
	if r.sparse {
		return means.Nights
	}
	return r.sessionCount()
}

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

// weekend says how much later sleep lies at weekends, or why that is not known.
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
	return &weekend{rounded(*w.Shift.Value/secondsPerMinute, 0), w.FreeNights, w.WorkNights}
}

func averagesSummary(h *Head, m analytics.Averages, r *record) string {
	if m.Asleep.Value == nil {
		return h.nothing(r)
	}
	text := fmt.Sprintf("%s to %s: %s asleep a night on average over %s",
		h.Period.From, h.Period.To, hoursText(*m.Asleep.Value/secondsPerHour), count(m.Nights, "night"))
	if short := m.Nights - m.Onset.N; m.Onset.Value != nil && short > 0 && !r.sparse {
		text += fmt.Sprintf(" (clock times over %d)", m.Onset.N)
	}
	if m.Efficiency.Value != nil {
		text += fmt.Sprintf(", %.1f %% of the time in bed", *m.Efficiency.Value/percent)
	}
	if m.Onset.Value != nil && m.Wake.Value != nil {
		text += fmt.Sprintf(", usually asleep from %s to %s", clockText(*m.Onset.Value), clockText(*m.Wake.Value))
	}
	return text + "."
}
