package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/importers"
)

//go:embed page.html
var source string

var page = template.Must(template.New("page").Parse(source))

// Report is a page about a range of nights.
type Report struct {
	Name     string // of the sleeper; "": a line to write it on
	UserID   string
	Period   string // in words
	Coverage string // how many nights there are, in a sentence
	Demo     bool   // made-up nights
	Groups   []Group
	Weekend  string // "": not known
	Nights   template.HTML
	Months   template.HTML
	Notes    []string
	Source   string // where the nights come from, in a sentence; "": there are none
	AsOf     string // the day of the answers, as a date
	Paper    string // A4 or letter; "": what the printer has
}

// New makes a report of what the tools answered. The name may be "".
func New(name string, from Answers) (*Report, error) {
	a, err := read(from.Averages)
	if err != nil {
		return nil, err
	}
	months, err := read(from.Trends)
	if err != nil {
		return nil, err
	}
	r := &Report{
		Name: name, UserID: a.UserID, Period: a.period(), Coverage: a.coverage(), Demo: a.DataSource == "demo",
		Groups: a.groups(), Weekend: a.weekend(), Notes: notesOf(a, months), Source: a.source(), AsOf: strings.SplitN(a.AsOf, "T", 2)[0],
	}
	if r.Nights, err = inline(from.Nights); err != nil {
		return nil, err
	}
	if months, ok := from.Months.(charts.Months); ok {
		months.Measures = months.Measures[:min(len(months.Measures), mostPanels)]
		from.Months = months
	}
	r.Months, err = inline(from.Months)
	return r, err
}

// mostPanels is how many measures of the months fit the sheet.
const mostPanels = 2

// inline draws a picture for the page, which has the words around it.
func inline(p charts.Picture) (template.HTML, error) {
	svg, err := charts.DrawBare(p)
	return template.HTML(svg), err //nolint:gosec // charts writes every text as text
}

// Write writes the page.
func (r *Report) Write(w io.Writer) error { return page.Execute(w, r) }

// period writes the range: a month by its name.
func (a answer) period() string {
	from, err1 := time.Parse(time.DateOnly, a.Period.From)
	to, err2 := time.Parse(time.DateOnly, a.Period.To)
	switch {
	case err1 != nil || err2 != nil:
		return a.Period.From + " to " + a.Period.To
	case from.Day() == 1 && to.Equal(from.AddDate(0, 1, -1)):
		return from.Format("January 2006")
	}
	layout := "2 January"
	if from.Year() != to.Year() {
		layout = "2 January 2006"
	}
	return from.Format(layout) + " to " + to.Format("2 January 2006")
}

func (a answer) coverage() string {
	if a.Nights.Tracked == 0 {
		return fmt.Sprintf("None of the %s was recorded.", nightsText(a.Period.Days))
	}
	text := fmt.Sprintf("%d of %s recorded, averages over %d", a.Nights.Tracked, nightsText(a.Period.Days), a.Nights.Used)
	var left []string
	for _, e := range a.Nights.Excluded {
		left = append(left, fmt.Sprintf("%s %d", reasonText(e.Reason), e.Count))
	}
	if len(left) > 0 {
		text += "; left out: " + strings.Join(left, ", ")
	}
	return text + "."
}

func (a answer) weekend() string {
	w := a.Weekend
	if w == nil {
		return ""
	}
	direction := "later"
	if w.Minutes < 0 {
		direction = "earlier"
	}
	return fmt.Sprintf("On %s before a Saturday or Sunday, mid-sleep was %s %s than on the others; time asleep was %s, on the others %s.",
		nightsText(w.FreeNights), minutes(max(w.Minutes, -w.Minutes)), direction, hours(w.FreeHours), hours(w.WeekdayHours))
}

// source says where the nights come from and what that means for the numbers.
func (a answer) source() string {
	var trackers []string
	for _, name := range slices.Sorted(maps.Keys(a.Sources)) {
		trackers = append(trackers, fmt.Sprintf("%s (%s)", trackerText(name), nightsText(a.Sources[name])))
	}
	switch {
	case a.Nights.Tracked == 0:
		return ""
	case a.DataSource == "demo":
		return "Made-up nights of a demonstration."
	case len(trackers) > 0:
		return "Recorded with " + strings.Join(trackers, ", ") + "; consumer devices estimate sleep, each in its own way."
	}
	return "Recorded with Asleep, which estimates sleep from sound beside the bed."
}

// trackerText names a source of nights.
func trackerText(name string) string {
	switch name {
	case "asleep":
		return "Asleep"
	case "csv":
		return "a tracker that is not named"
	}
	return importers.TitleOf(name)
}

// notesOf returns what the answers warn of, each once.
func notesOf(all ...answer) []string {
	var notes []string
	for _, a := range all {
		for _, w := range a.Warnings {
			if !slices.Contains(notes, w.Text) {
				notes = append(notes, w.Text)
			}
		}
	}
	return notes
}
