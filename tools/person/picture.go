package person

import (
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// frameOf says around a picture what its answer says: the same facts in the same words.
func frameOf(title string, s tool.Subject, c tool.Coverage) charts.Frame {
	f := charts.Frame{Title: title, Subtitle: s.Summary, Zone: s.Timezone, Demo: c.DataSource == "demo"}
	for _, w := range c.Warnings {
		f.Notes = append(f.Notes, w.Text)
	}
	return f
}

// notRecorded is written where a date has nothing.
const notRecorded = "not recorded"

// rowsOf returns a row for each date, for which there may be no night.
func (q *query) rowsOf(w *nights.Window, dates nights.Days) []charts.Row {
	rows := make([]charts.Row, 0, dates.Len())
	index := map[string]int{}
	for date := dates.From; !date.After(dates.To); date = date.AddDays(1) {
		row := charts.Row{Date: date.String(), Missing: notRecorded}
		if w.GoesOn(date) {
			row.Missing = unfinishedWords[w.Unfinished.State]
		}
		index[row.Date] = len(rows)
		rows = append(rows, row)
	}
	for i := range w.Nights {
		if at, ok := index[w.Nights[i].Date.String()]; ok {
			q.fill(&rows[at], &w.Nights[i])
		}
	}
	if w.Sparse {
		for _, r := range w.Recordings() {
			if at, ok := index[r.Date.String()]; ok && !r.End.IsZero() {
				row, zone := &rows[at], q.place(r.Zone)
				row.Missing = ""
				row.Sleeps = append(row.Sleeps, charts.Sleep{From: charts.Minutes(r.Start, zone, row.Date), To: charts.Minutes(r.End, zone, row.Date)})
			}
		}
	}
	return rows
}

var unfinishedWords = map[nights.State]string{
	nights.InProgress: "still being recorded",
	nights.Analysing:  "still being analysed",
	nights.Complete:   "without numbers",
}

// fill adds a night to the row of its date.
func (q *query) fill(row *charts.Row, n *analytics.Night) {
	row.Missing = ""
	if n.Excluded != "" && n.Excluded != analytics.Short && n.Excluded != analytics.NapOnly {
		row.Missing = "left out: " + reasonWords(n.Excluded)
	}
	for _, s := range n.Main {
		row.Sleeps = append(row.Sleeps, q.sleepOf(s, row.Date, false))
	}
	for _, s := range n.Naps {
		row.Sleeps = append(row.Sleeps, q.sleepOf(s, row.Date, true))
	}
	if len(n.Main) > 0 {
		asleep := n.Asleep().Minutes()
		if row.Asleep != nil { // two nights end on one date
			asleep += *row.Asleep
		}
		row.Asleep = &asleep
	}
}

// reasonWords are the words for why a night does not count.
func reasonWords(r analytics.Reason) string {
	if text, ok := reasonTexts[r]; ok {
		return text
	}
	return tool.Spaced(string(r))
}

func (q *query) sleepOf(s analytics.Session, date string, nap bool) charts.Sleep {
	zone := q.place(s.Zone)
	at := func(t time.Time) *float64 {
		if t.IsZero() {
			return nil
		}
		return new(charts.Minutes(t, zone, date))
	}
	one := charts.Sleep{From: charts.Minutes(s.Start, zone, date), Nap: nap, Onset: at(s.Onset), Wake: at(s.Wake)}
	one.To = charts.Minutes(endOf(s), zone, date)
	return one
}

// endOf returns when a recording ends, by its length where the source does not say.
func endOf(s analytics.Session) time.Time {
	if s.End.IsZero() {
		return s.Start.Add(s.InBed)
	}
	return s.End
}

// meanOf says when nights begin and end on the average, near the hours of the rows; false
// without clock times.
func meanOf(label string, of []analytics.Night, rows []charts.Row, other bool) (charts.Mean, bool) {
	a := analytics.Average(of)
	reference, ok := charts.MiddleOnset(rows)
	if a.Onset.Value == nil || a.Wake.Value == nil || !ok {
		return charts.Mean{}, false
	}
	onset := charts.Near(*a.Onset.Value/tool.SecondsPerMinute, reference)
	wake := *a.Wake.Value / tool.SecondsPerMinute
	for wake < onset {
		wake += 24 * 60
	}
	return charts.Mean{Label: label, Onset: onset, Wake: wake, Other: other}, true
}

// metricLabels name the metrics on an axis.
var metricLabels = map[string]struct {
	label string
	unit  charts.Unit
}{
	analytics.MetricAsleep:     {"Time asleep", charts.UnitMinutes},
	analytics.MetricEfficiency: {"Sleep efficiency", charts.UnitPercent},
	analytics.MetricAwake:      {"Awake in the night", charts.UnitMinutes},
	analytics.MetricLatency:    {"Time to fall asleep", charts.UnitMinutes},
	analytics.MetricOnset:      {"Sleep onset", charts.UnitClock},
	analytics.MetricWake:       {"Final awakening", charts.UnitClock},
	analytics.MetricDeep:       {"Deep sleep (estimate)", charts.UnitPercent},
	analytics.MetricREM:        {"REM sleep (estimate)", charts.UnitPercent},
	analytics.MetricRegularity: {"Regularity", charts.UnitPoints},
}

// aligned moves clock times, in minutes, to the day in which they lie together around the
// given one; other values stay.
func aligned(values []float64, unit charts.Unit, around float64) []float64 {
	if unit != charts.UnitClock {
		return values
	}
	moved := make([]float64, len(values))
	for i, v := range values {
		moved[i] = charts.Near(v, around)
	}
	return moved
}

func alignedMean(mean *float64, unit charts.Unit, around float64) *float64 {
	if mean == nil {
		return nil
	}
	return &aligned([]float64{*mean}, unit, around)[0]
}

// nightly returns a clock time as one of the night: evenings are before midnight.
func nightly(minutes float64) float64 { return charts.Near(minutes, 0) }

// weekDrawing is what a picture of nights needs beside its answer.
type weekDrawing struct {
	q *query
	w *nights.Window
}

// monthsDrawing is what a picture of months needs beside its answer.
type monthsDrawing struct {
	w      *nights.Window
	months []nights.Days // newest first
}

// contrastDrawing is what a picture of two periods needs beside its answer.
type contrastDrawing struct {
	first, second *nights.Window
	changes       []analytics.Change
}

// foundDrawing is what a picture of nights that were looked for needs beside its answer.
type foundDrawing struct {
	q         *query
	w         *nights.Window // nil: nothing could be looked for
	where, by string
	fields    []*nightField
	all       []*oneNight
	truth     []condition.Truth
	groups    []nightGroup // all of them
}

// sidesDrawing is what a picture of two sets of nights needs beside its answer.
type sidesDrawing struct {
	where, against string
	group          []bool // of each night
	columns        []analytics.Column
	fields         []*nightField
	contrasts      []analytics.Contrast
}

// mostRows is how many dates a picture shows at most.
const mostRows = 366

// newest returns the last dates of a range that a picture has room for, and notes when those
// are not all.
func newest(days nights.Days, f *charts.Frame) nights.Days {
	if n := days.Len(); n > mostRows {
		f.Notes = append(f.Notes, fmt.Sprintf("The picture has the last %d of %d dates.", mostRows, n))
		return nights.Days{From: days.To.AddDays(1 - mostRows), To: days.To}
	}
	return days
}
