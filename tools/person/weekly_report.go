package person

import (
	"cmp"
	"context"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type weeklyReportIn struct {
	About
	WeekEnding string `json:"week_ending,omitempty" jsonschema:"format=date" jsonschema_description:"Last of the seven nights, YYYY-MM-DD; default today."`
	tool.Charted
}

type weeklyReportOut struct {
	tool.Head
	SessionCount int           `json:"session_count"`
	Coverage     float64       `json:"coverage_percent"`
	Overall      *float64      `json:"overall_score,omitempty"`
	Averages     Averages      `json:"averages"`
	SleepStages  SleepStages   `json:"sleep_stages"`
	Days         []dayRow      `json:"days"`
	BestNight    string        `json:"best_night,omitempty"`
	HardestNight string        `json:"hardest_night,omitempty"`
	Shortfall    *shortfall    `json:"shortfall,omitempty" jsonschema_description:"Sleep below target, over 14 days."`
	Changes      []usualChange `json:"changes"`
	Unusual      []unusualDay  `json:"unusual_nights,omitempty"`
	Insights     []insight     `json:"insights"`

	drawn weekDrawing
}

type dayRow struct {
	Night      string   `json:"night"`
	Weekday    string   `json:"weekday" jsonschema_description:"Of that date."`
	Bedtime    string   `json:"bedtime,omitempty"`
	WakeTime   string   `json:"wake_time,omitempty"`
	Asleep     *float64 `json:"asleep_minutes,omitempty"`
	Nap        *float64 `json:"nap_minutes,omitempty"`
	Efficiency *float64 `json:"efficiency_percent,omitempty"`
	Latency    *float64 `json:"latency_minutes,omitempty"`
	Awakenings *int     `json:"awakenings_30s,omitempty"`
	Snoring    *float64 `json:"snoring_minutes,omitempty"`
	Missing    string   `json:"missing,omitempty"`
}

// usualChange is how a week differs from the 28 days before it.
type usualChange struct {
	Metric         string    `json:"metric"`
	ThisWeek       *float64  `json:"this_week,omitempty"`
	Usual          *float64  `json:"usual,omitempty"`
	ThisWeekClock  string    `json:"this_week_clock,omitempty"`
	UsualClock     string    `json:"usual_clock,omitempty"`
	Difference     *float64  `json:"difference,omitempty" jsonschema_description:"Minutes later for clock times."`
	Interval       []float64 `json:"interval,omitempty"`
	Detectable     *float64  `json:"detectable,omitempty"`
	Verdict        string    `json:"verdict" jsonschema:"enum=higher,enum=lower,enum=no_clear_difference,enum=not_enough_nights"`
	Nights         int       `json:"nights"`
	BaselineNights int       `json:"baseline_nights"`
}

type shortfall struct {
	Hours  float64 `json:"hours"`
	Nights int     `json:"nights"`
	Target float64 `json:"target_hours"`
}

// WeeklyReport is the tool weekly_report.
var WeeklyReport = tool.Define(tool.Spec{
	Name:  "weekly_report",
	Title: "Weekly sleep report",
	Description: "Seven nights in one answer: averages, score, each night, what differs from the four weeks before, sleep shortfall over two weeks. " +
		"Use get_session for a single night, compare_periods for other comparisons, monthly_trends for longer changes.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, weeklyReport)

func weeklyReport(ctx context.Context, d *tool.Deps, in weeklyReportIn) (out weeklyReportOut, err error) {
	q, err := ask(ctx, d, in.About, in.WeekEnding)
	if err != nil {
		return out, err
	}
	asked, err := endingAt(in.WeekEnding, "week_ending", daysInWeek, q.Today)
	if err != nil {
		return out, err
	}
	w, err := q.Window(ctx, asked, analytics.BaselineDays)
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
	out.Days, out.Changes, out.Insights = q.daysOf(w), []usualChange{}, []insight{}
	out.Coverage = tool.Rounded(100*float64(out.Nights.Tracked)/float64(w.Len()), 0)
	out.Summary = q.averagesSummary(&out.Head, means, w, q.sleepTimes(w))
	out.drawn = weekDrawing{q, w}
	if w.Sparse {
		tool.Lacks(&out.Caveats, noNightlyNumbers, "overall_score", "days", "changes", "shortfall")
		return out, nil
	}
	if out.Nights.Tracked == 0 && w.Unfinished == nil {
		out.Days = []dayRow{} // the one reason is enough
		tool.Lacks(&out.Caveats, "not_tracked", "days")
		return out, nil
	}
	out.judge(ctx, q, w)
	return out, nil
}

// judge writes the conclusions from the nights: score, best and hardest, shortfall, and
// how the week differs from the four weeks before it.
func (out *weeklyReportOut) judge(ctx context.Context, q *query, w *nights.Window) {
	age, baseline := q.age(ctx, nil), w.Baseline()
	r, _ := recommended(age)
	setScaled(&out.Caveats, &out.Overall, "overall_score", analytics.ScoreOf(w.Nights, r).Overall, 1, 1)
	odd := q.oddNights(ctx, w, baseline)
	out.Unusual = odd.rows
	for _, date := range odd.lossy {
		out.Warn("missing_data", "A part of the night of %s was lost: it counts with what was recorded, and is not judged by itself.", date)
	}
	rated := slices.DeleteFunc(odd.whole(w.Nights), func(n analytics.Night) bool { return w.GoesOn(n.Date) })
	if best, hardest := analytics.BestAndHardest(rated, r); best != nil {
		out.BestNight, out.HardestNight = best.Date.String(), hardest.Date.String()
	}
	out.shortOfSleep(analytics.ShortfallOf(slices.Concat(baseline, w.Nights), w.To, r.Low), r)
	changes := q.changes(baseline, w.Nights, analytics.LeastBaseline, analytics.LeastWeek)
	for _, c := range changes {
		if c.Verdict.Differs() || alwaysShown[c.Metric.Name] && c.Verdict != analytics.TooFewNights {
			out.Changes = append(out.Changes, usualChangeOf(c))
		}
	}
	if len(out.Changes) == 0 {
		tool.Lacks(&out.Caveats, "not_enough_nights", "changes")
	}
	out.Insights = insightsOf(analytics.InsightsOf(w.Nights, baseline, age), q.clockShift(w.Newest()))
	out.Summary = tool.Sentences(out.Summary, cmp.Or(changesText(changes, "in "+fourWeeks), nothingDiffers(changes, fourWeeks)), odd.words(changes))
}

const fourWeeks = "the four weeks before"

// alwaysShown are the metrics that are listed even without a clear difference.
var alwaysShown = map[string]bool{
	analytics.MetricAsleep: true, analytics.MetricEfficiency: true, analytics.MetricOnset: true, analytics.MetricRegularity: true,
}

func usualChangeOf(c analytics.Change) usualChange {
	out := usualChange{
		Metric: c.Metric.Name, Verdict: string(c.Verdict), Nights: c.Second.N, BaselineNights: c.First.N,
		Difference: oneDecimal(c.Difference), Interval: intervalOf(c), Detectable: oneDecimal(c.Detectable),
	}
	out.ThisWeek, out.ThisWeekClock = sampleValue(c.Metric, c.Second.Mean)
	out.Usual, out.UsualClock = sampleValue(c.Metric, c.First.Mean)
	return out
}

// shortOfSleep writes the shortfall of the two weeks up to the last night.
func (out *weeklyReportOut) shortOfSleep(e analytics.Estimate, r analytics.Recommendation) {
	switch {
	case r.Minor:
		tool.Lacks(&out.Caveats, analytics.Minor, "shortfall")
	case e.Value == nil:
		tool.Lacks(&out.Caveats, e.Missing, "shortfall")
	default:
		out.Shortfall = &shortfall{tool.Rounded(*e.Value/tool.SecondsPerHour, 1), e.N, r.Low}
	}
}

// daysOf returns the dates of a window, newest first; one without a recording says so.
func (q *query) daysOf(w *nights.Window) []dayRow {
	rows := []dayRow{}
	if w.Sparse {
		return rows
	}
	last := len(w.Nights) - 1
	for date := w.To; !date.Before(w.From); date = date.AddDays(-1) {
		if last < 0 || w.Nights[last].Date != date {
			rows = append(rows, missingDay(w, date))
			continue
		}
		for ; last >= 0 && w.Nights[last].Date == date; last-- {
			rows = append(rows, q.dayOf(&w.Nights[last]))
		}
	}
	return rows
}

func missingDay(w *nights.Window, date civil.Date) dayRow {
	row := dayRow{Night: date.String(), Weekday: weekdayOf(date), Missing: "not_tracked"}
	if w.GoesOn(date) {
		row.Missing = string(w.Unfinished.State)
	}
	return row
}

func (q *query) dayOf(n *analytics.Night) dayRow {
	row := dayRow{Night: n.Date.String(), Weekday: weekdayOf(n.Date), Missing: string(n.Excluded), Efficiency: efficiencyOf(*n)}
	if len(n.Main) > 0 {
		zone := q.place(n.Zone())
		row.Bedtime, row.WakeTime = tool.ClockOf(n.Bedtime(), zone), tool.ClockOf(n.Wake(), zone)
		row.Asleep = tool.WholeMinutes(n.Asleep())
		row.Latency, row.Snoring, row.Awakenings = optionalWhole(n.Latency()), optionalWhole(n.Snoring()), n.Awakenings()
	}
	row.Nap = napMinutes(n)
	return row
}
