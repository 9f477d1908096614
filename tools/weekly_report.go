package tools

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

type weeklyReportIn struct {
	About
	WeekEnding string `json:"week_ending,omitempty" jsonschema:"format=date" jsonschema_description:"Last of the seven nights, YYYY-MM-DD; default today."`
}

type weeklyReportOut struct {
	Head
	SessionCount int         `json:"session_count"`
	Overall      *float64    `json:"overall_score,omitempty"`
	Averages     Averages    `json:"averages"`
	SleepStages  SleepStages `json:"sleep_stages"`
	Days         []dayRow    `json:"days"`
	Changes      []change    `json:"changes"`
	Insights     []insight   `json:"insights"`
}

type dayRow struct {
	Night      string   `json:"night"`
	Bedtime    string   `json:"bedtime,omitempty"`
	WakeTime   string   `json:"wake_time,omitempty"`
	Asleep     *float64 `json:"asleep_minutes,omitempty"`
	Nap        *float64 `json:"nap_minutes,omitempty"`
	Efficiency *float64 `json:"efficiency_percent,omitempty"`
	Missing    string   `json:"missing,omitempty" jsonschema_description:"Why there are no numbers, or short."`
}

type change struct {
	Metric         string  `json:"metric"`
	ThisWeek       float64 `json:"this_week"`
	Usual          float64 `json:"usual"`
	Difference     float64 `json:"difference"`
	Verdict        string  `json:"verdict"`
	Nights         int     `json:"nights"`
	BaselineNights int     `json:"baseline_nights"`
}

type insight struct {
	Code   string  `json:"code"`
	Text   string  `json:"text"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Nights int     `json:"nights"`
	Source string  `json:"source"`
}

const daysInWeek = 7

var weeklyReport = define(Spec{
	Name:  "weekly_report",
	Title: "Weekly sleep report",
	Description: "Seven nights in one answer: averages, stages, score and each night. " +
		"Use get_session for a single night, average_stats for other periods, monthly_trends for longer changes.",
	Toolset: ToolsetSleep,
	Access:  Reads,
}, func(ctx context.Context, d *Deps, in weeklyReportIn) (out weeklyReportOut, err error) {
	q, err := ask(ctx, d, in.About)
	if err != nil {
		return out, err
	}
	asked, err := endingAt(in.WeekEnding, "week_ending", daysInWeek, q.today)
	if err != nil {
		return out, err
	}
	p := asked.upTo(q.today)
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
	out.score(q, r)
	out.Days, out.Changes, out.Insights = r.days(), []change{}, []insight{}
	out.Summary = averagesSummary(&out.Head, means, r)
	return out, nil
})

func (out *weeklyReportOut) score(q *question, r *record) {
	if r.sparse {
		out.lacks(noNightlyNumbers, "overall_score", "days")
		return
	}
	recommendation, _ := q.recommended(nil)
	out.setScaled(&out.Overall, "overall_score", analytics.ScoreOf(r.nights, recommendation).Overall, 1, 1)
}

// days are the dates of the period, newest first; one without a recording says so.
func (r *record) days() []dayRow {
	rows := []dayRow{}
	if r.sparse {
		return rows
	}
	byDate := make(map[string]analytics.Night, len(r.nights))
	for _, n := range r.nights {
		byDate[n.Date.String()] = n
	}
	for date := r.to; !date.Before(r.from); date = date.AddDays(-1) {
		n, tracked := byDate[date.String()]
		switch {
		case tracked:
			rows = append(rows, dayOf(n))
		case r.open != nil && r.open.date == date:
			rows = append(rows, dayRow{Night: date.String(), Missing: r.open.code})
		default:
			rows = append(rows, dayRow{Night: date.String(), Missing: "not_tracked"})
		}
	}
	return rows
}

func dayOf(n analytics.Night) dayRow {
	row := dayRow{Night: n.Date.String(), Missing: string(n.Excluded)}
	if len(n.Main) > 0 {
		row.Bedtime, row.WakeTime = clockOf(n.Bedtime(), n.Zone()), clockOf(n.Wake(), n.Zone())
		row.Asleep = wholeMinutes(n.Asleep())
	}
	if share, ok := n.Efficiency(); ok {
		e := rounded(share/percent, 1)
		row.Efficiency = &e
	}
	if naps := n.Asleep24() - n.Asleep(); naps > 0 {
		row.Nap = wholeMinutes(naps)
	}
	return row
}
