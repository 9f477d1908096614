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
	Weekly string `json:"weekly,omitempty" jsonschema:"enum=asleep_minutes,enum=efficiency_percent,enum=bedtime_minutes,enum=latency_minutes,enum=awake_minutes,enum=awakenings_over_5_minutes,enum=snoring_minutes" jsonschema_description:"Adds this metric's mean of each week."`
	tool.Charted
}

type monthlyTrendsOut struct {
	tool.Head
	Months []month `json:"months"`
	Trends []trend `json:"trends"`
	Weeks  []week  `json:"weeks,omitempty"`

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
	Low     float64 `json:"low" jsonschema_description:"95 % interval."`
	High    float64 `json:"high"`
	Verdict string  `json:"verdict" jsonschema:"enum=higher,enum=lower,enum=no_clear_difference"`
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
	q, err := ask(ctx, d, in.About, in.Ending)
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
	if !w.Sparse && w.Newest() == nil {
		out.Months, out.Trends = []month{}, []trend{}
		tool.Lacks(&out.Caveats, analytics.NoData, "months", "trends")
		out.Summary = nothing(&out.Head, w)
		out.drawn = monthsDrawing{w: w}
		return out, nil
	}
	recommendation, _ := recommended(q.age(ctx, nil))
	if recommendation.Minor {
		tool.Lacks(&out.Caveats, analytics.Minor, "months.overall_score")
	}
	if out.Months, err = q.months(ctx, w, months, recommendation); err != nil {
		return out, err
	}
	out.warnMonths()
	warnTimes(&out.Caveats, w)
	if w.Sparse {
		out.Trends = []trend{}
		tool.Lacks(&out.Caveats, noNightlyNumbers, "trends", "months.overall_score")
	} else {
		out.test(q, w, months, end)
	}
	if in.Weekly != "" {
		if out.Weeks = q.weeks(w, in.Weekly); len(out.Weeks) == 0 {
			tool.Lacks(&out.Caveats, analytics.NotMeasured, "weeks")
		}
	}
	out.Summary = out.summary(w, in.Weekly)
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

func (q *query) months(ctx context.Context, w *nights.Window, months []nights.Days, r analytics.Recommendation) ([]month, error) {
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
			row.Overall = scaled(analytics.ScoreOf(part.Nights, r).Overall, 1, 1)
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

// test asks of every metric whether it moves, and of every month whether time asleep
// differs from the one before it in the list; the last one, if it ends early, is compared
// with only as many days of that. What is said about all of them is one family.
func (out *monthlyTrendsOut) test(q *query, w *nights.Window, months []nights.Days, end civil.Date) {
	ranges := make([]analytics.Ranges, len(months)-1)
	for i := range ranges {
		this, before := months[i].UpTo(end), months[i+1]
		if last := before.From.AddDays(this.Len() - 1); out.Months[i].Partial && last.Before(before.To) {
			before.To = last
		}
		ranges[i] = analytics.Ranges{Earlier: w.Within(before).Nights, Later: w.Within(this).Nights}
	}
	courses, changes := analytics.Courses(w.Nights, analytics.CourseMetrics(), ranges, comparableMonth)
	for i, c := range changes {
		if c.Difference != nil {
			out.Months[i].VsPrevious = &monthChange{
				tool.Rounded(*c.Difference, 1), tool.Rounded(*c.Low, 1), tool.Rounded(*c.High, 1), string(c.Verdict),
			}
		}
	}
	out.Trends = q.trends(w, courses)
}

func (out *monthlyTrendsOut) warnMonths() {
	var few []string
	for _, m := range out.Months {
		if m.Nights > 0 && m.Nights < comparableMonth { // one without nights says so itself
			few = append(few, m.Month)
		}
		if m.Partial {
			out.Warn("partial_month", "%s is counted up to %s and compared with the same days of the month before.", m.Month, out.Period.To)
		}
	}
	if len(few) > 0 {
		out.Warn("few_nights", "Fewer than %d nights, so not comparable with other months: %s.", comparableMonth, strings.Join(few, ", "))
	}
}

// summary says how sleep changes: time asleep, the metric that was asked about, and what moves.
func (out *monthlyTrendsOut) summary(w *nights.Window, asked string) string {
	parts := []string{fmt.Sprintf("%s from %s to %s.", tool.Count(len(out.Months), "month"), out.Period.From, out.Period.To)}
	if !w.Sparse {
		parts = append(parts, out.Trends[0].words())
		for _, t := range out.Trends[1:] {
			if t.told() || t.Metric == asked {
				parts = append(parts, t.words())
			}
		}
	}
	var months []string
	for _, m := range out.Months {
		if text := m.describe(); text != "" && len(months) < monthsDescribed {
			months = append(months, text)
		}
	}
	slices.Reverse(months)
	return tool.Sentences(append(parts, months...)...)
}

// monthsDescribed is how many of the months that differ from the one before, the newest ones, a
// summary mentions.
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
