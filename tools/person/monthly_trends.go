package person

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type monthlyTrendsIn struct {
	About
	Months int    `json:"months,omitempty" jsonschema:"minimum=1,maximum=60,default=6" jsonschema_description:"Calendar months, the last one included."`
	Ending string `json:"ending,omitempty" jsonschema:"format=date" jsonschema_description:"Last night of the last month; default today."`
	tool.Charted
}

type monthlyTrendsOut struct {
	tool.Head
	Months []month `json:"months"`
	Trends []trend `json:"trends"`

	drawn monthsDrawing
}

type month struct {
	Month        string       `json:"month"`
	Partial      bool         `json:"partial,omitempty"`
	SessionCount int          `json:"session_count"`
	Nights       int          `json:"nights"`
	SleepTime    string       `json:"avg_sleep_time,omitempty" jsonschema_description:"Mean clock time of sleep onset."`
	SleepHours   *float64     `json:"avg_sleep_hours,omitempty"`
	Efficiency   *float64     `json:"avg_efficiency,omitempty"`
	Overall      *float64     `json:"overall_score,omitempty"`
	VsPrevious   *monthChange `json:"vs_previous,omitempty" jsonschema_description:"Time asleep against the month before; a partial month against the same days of it."`
}

type monthChange struct {
	Minutes float64 `json:"asleep_minutes"`
	Verdict string  `json:"verdict" jsonschema:"enum=higher,enum=lower,enum=no_clear_difference"`
}

type trend struct {
	Metric    string   `json:"metric" jsonschema:"enum=asleep_minutes,enum=efficiency_percent,enum=bedtime_minutes" jsonschema_description:"bedtime_minutes: rising is later."`
	Direction string   `json:"direction" jsonschema:"enum=rising,enum=falling,enum=no_clear_trend,enum=not_enough_nights"`
	PerMonth  *float64 `json:"per_month,omitempty"`
	P         *float64 `json:"p_value,omitempty"`
	Nights    int      `json:"nights"`
}

// MonthlyTrends is the tool monthly_trends.
var MonthlyTrends = tool.Define(tool.Spec{
	Name:  "monthly_trends",
	Title: "Sleep by month",
	Description: "Calendar months side by side, and whether sleep is changing, tested on nightly values. " +
		"Use weekly_report for the last days, average_stats for any other range.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, monthlyTrends)

func monthlyTrends(ctx context.Context, d *tool.Deps, in monthlyTrendsIn) (out monthlyTrendsOut, err error) {
	q, err := ask(ctx, d, in.About)
	if err != nil {
		return out, err
	}
	end, err := in.end(q.Today)
	if err != nil {
		return out, err
	}
	months := monthsUpTo(end, in.Months)
	p := nights.Days{From: months[len(months)-1].From, To: end}
	if err := fits(p, "ending", "ending"); err != nil {
		return out, err
	}
	w, err := q.Window(ctx, p, 0)
	if err != nil {
		return out, err
	}
	out.Head = q.headOfPeriod(w)
	if out.Months, err = q.months(ctx, w, months); err != nil {
		return out, err
	}
	if !w.Sparse {
		out.compareMonths(w, months, end)
	}
	out.warnMonths()
	out.Trends = trendsOf(w)
	if w.Sparse {
		tool.Lacks(&out.Caveats, noNightlyNumbers, "trends", "months.overall_score")
	}
	out.Summary = out.summary(w)
	out.drawn = monthsDrawing{w, months}
	return out, nil
}

// end returns the last night asked about. A month that has begun may be named by a date in
// it that is still to come.
func (in monthlyTrendsIn) end(today civil.Date) (civil.Date, error) {
	days := 1
	if d := tool.ParseDate(in.Ending); d != nil {
		days = d.Day
	}
	month, err := endingAt(in.Ending, "ending", days, today)
	return month.UpTo(today).To, err
}

// monthsUpTo returns calendar months, that of end first.
func monthsUpTo(end civil.Date, n int) []nights.Days {
	months := make([]nights.Days, n)
	for i := range months {
		first := civil.DateOf(time.Date(end.Year, end.Month-time.Month(i), 1, 0, 0, 0, 0, time.UTC))
		next := civil.DateOf(time.Date(first.Year, first.Month+1, 1, 0, 0, 0, 0, time.UTC))
		months[i] = nights.Days{From: first, To: next.AddDays(-1)}
	}
	return months
}

func (q *query) months(ctx context.Context, w *nights.Window, months []nights.Days) ([]month, error) {
	recommendation, _ := recommended(q.age(ctx, nil))
	rows := make([]month, 0, len(months))
	for _, m := range months {
		row := month{Month: m.From.String()[:len("2026-11")], Partial: m.To.After(w.To)}
		part := w.Within(m.UpTo(w.To))
		means, err := q.means(ctx, part)
		if err != nil {
			return nil, err
		}
		row.SessionCount, row.Nights = sessions(part, means), means.Nights
		row.write(means)
		if !w.Sparse {
			row.Overall = scaled(analytics.ScoreOf(part.Nights, recommendation).Overall, 1, 1)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// write leaves out what is not known: a month's row shows what it lacks.
func (m *month) write(means analytics.Averages) {
	if means.Onset.Value != nil {
		m.SleepTime = tool.ClockText(*means.Onset.Value)
	}
	m.SleepHours = scaled(means.Asleep, tool.SecondsPerHour, 2)
	m.Efficiency = scaled(means.Efficiency, tool.Percent, 1)
}

// compareMonths compares each month with the one before it in the list; the last one, if
// it ends early, with only as many days of that.
func (out *monthlyTrendsOut) compareMonths(w *nights.Window, months []nights.Days, end civil.Date) {
	metric := analytics.MetricNamed(analytics.MetricAsleep)
	for i := range len(months) - 1 {
		this, before := months[i].UpTo(end), months[i+1]
		if last := before.From.AddDays(this.Len() - 1); out.Months[i].Partial && last.Before(before.To) {
			before.To = last
		}
		c := analytics.Compare(metric, w.Within(before).Nights, w.Within(this).Nights, comparableMonth, comparableMonth)
		if c.Difference != nil {
			out.Months[i].VsPrevious = &monthChange{tool.Rounded(*c.Difference, 1), string(c.Verdict)}
		}
	}
}

func (out *monthlyTrendsOut) warnMonths() {
	var few []string
	for _, m := range out.Months {
		if m.Nights < comparableMonth {
			few = append(few, m.Month)
		}
		if m.Partial {
			out.Warn("partial_month", "%s is counted up to %s; vs_previous compares it with the same days of the month before.", m.Month, out.Period.To)
		}
	}
	if len(few) > 0 {
		out.Warn("few_nights", "Fewer than %d nights, so not comparable with other months: %s.", comparableMonth, strings.Join(few, ", "))
	}
}

// daysPerMonth is the mean length of a month in the Gregorian calendar.
const daysPerMonth = 365.2425 / 12

// trendsOf tests the nightly values of the whole period. A change must be both unlikely
// to be chance and large enough to matter.
func trendsOf(w *nights.Window) []trend {
	asleep, efficiency := make([]analytics.Point, 0, len(w.Nights)), make([]analytics.Point, 0, len(w.Nights))
	bedtime, usual := make([]analytics.Point, 0, len(w.Nights)), analytics.Average(w.Nights).Bedtime
	for i := range w.Nights {
		n := &w.Nights[i]
		day := n.Date.DaysSince(w.From)
		if share, ok := n.Efficiency(); ok {
			asleep = append(asleep, analytics.Point{Day: day, Value: n.Asleep().Minutes()})
			efficiency = append(efficiency, analytics.Point{Day: day, Value: share / tool.Percent})
		}
		if n.Excluded == "" && usual.Value != nil {
			late := analytics.ClockDifference(analytics.ClockOf(n.Bedtime(), n.Zone()), *usual.Value)
			bedtime = append(bedtime, analytics.Point{Day: day, Value: late / tool.SecondsPerMinute})
		}
	}
	return []trend{
		trendOf("asleep_minutes", asleep, 30), // the summary always mentions the first one
		trendOf("efficiency_percent", efficiency, 3),
		trendOf("bedtime_minutes", bedtime, 30),
	}
}

// trendOf tests one metric; relevant is the smallest change over the period that is worth
// mentioning.
func trendOf(metric string, points []analytics.Point, relevant float64) trend {
	t := analytics.TrendOf(points, relevant)
	out := trend{Metric: metric, Direction: string(t.Direction), Nights: t.N}
	if t.SlopePerDay != nil {
		out.PerMonth = new(tool.Rounded(*t.SlopePerDay*daysPerMonth, 1))
	}
	if t.P != nil {
		out.P = new(tool.Rounded(*t.P, 4))
	}
	return out
}

func (out *monthlyTrendsOut) summary(w *nights.Window) string {
	if w.Newest() == nil && !w.Sparse {
		return nothing(&out.Head, w)
	}
	parts := []string{fmt.Sprintf("%s from %s to %s.", tool.Count(len(out.Months), "month"), out.Period.From, out.Period.To)}
	if !w.Sparse {
		parts = append(parts, out.Trends[0].words())
		for _, t := range out.Trends[1:] {
			if t.clear() {
				parts = append(parts, t.words())
			}
		}
	}
	for _, m := range slices.Backward(out.Months[:min(monthsDescribed, len(out.Months))]) {
		parts = append(parts, m.describe())
	}
	return tool.Sentences(parts...)
}

// monthsDescribed is how many months, the newest ones, a summary mentions one by one.
const monthsDescribed = 3

// describe says how a month differs from the one before it; "" if it does not.
func (m month) describe() string {
	if m.VsPrevious == nil {
		return ""
	}
	than := "than in the month before"
	if m.Partial {
		than = "than in the same days of the month before"
	}
	switch minutes := m.VsPrevious.Minutes; analytics.Verdict(m.VsPrevious.Verdict) {
	case analytics.Higher:
		return fmt.Sprintf("%s: %.0f min a night more %s.", m.Month, tool.Spoken(minutes), than)
	case analytics.Lower:
		return fmt.Sprintf("%s: %.0f min a night less %s.", m.Month, tool.Spoken(minutes), than)
	}
	return ""
}

// trendWords are the words for a trend; its number is written without a sign.
var trendWords = map[string]struct{ subject, rising, falling string }{
	"asleep_minutes":     {"Time asleep", "rising by %.0f minutes a month", "falling by %.0f minutes a month"},
	"efficiency_percent": {"Sleep efficiency", "rising by %.1f points a month", "falling by %.1f points a month"},
	"bedtime_minutes":    {"Bedtime", "%.0f minutes later each month", "%.0f minutes earlier each month"},
}

func (t trend) clear() bool {
	return t.Direction == string(analytics.Rising) || t.Direction == string(analytics.Falling)
}

// words describes a trend in a sentence.
func (t trend) words() string {
	w, text := trendWords[t.Metric], "no clear trend"
	switch analytics.Direction(t.Direction) {
	case analytics.Rising:
		text = fmt.Sprintf(w.rising, *t.PerMonth)
	case analytics.Falling:
		text = fmt.Sprintf(w.falling, -*t.PerMonth)
	case analytics.NotEnoughNights:
		text = "too few nights to tell a trend"
	}
	return w.subject + ": " + text + "."
}
