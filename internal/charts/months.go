package charts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Months are calendar months beside each other, one panel a measure; or other groups of
// nights.
type Months struct {
	Frame
	Each     string           `json:"each,omitempty"` // what a column is, such as weekday; "": a month
	Measures []MonthlyMeasure `json:"measures"`
}

// A MonthlyMeasure is one thing that was measured over months.
type MonthlyMeasure struct {
	Name   string       `json:"name"` // as the answer has it
	Label  string       `json:"label"`
	Unit   Unit         `json:"unit"`
	Months []MonthPoint `json:"months"`          // in the order of time, every month
	Trend  string       `json:"trend,omitempty"` // what was found, in words; "": nothing was
	// Line is what was found as a line over the months: a drift has two points, a step four.
	Line []LinePoint `json:"line,omitempty"`
}

// A MonthPoint is one month. Mean is nil without nights, and without one usual time;
// Low and High are the quartiles of its nights, nil where there are too few.
type MonthPoint struct {
	Month   string   `json:"month"` // YYYY-MM, or the name of another group
	Nights  int      `json:"nights"`
	Partial bool     `json:"partial,omitempty"` // it is not over, or has few nights
	Mean    *float64 `json:"mean,omitempty"`
	Low     *float64 `json:"low,omitempty"`
	High    *float64 `json:"high,omitempty"`
}

// A LinePoint is a point in time, in months from the beginning of the first one.
type LinePoint struct {
	At    float64 `json:"at"`
	Value float64 `json:"value"`
}

// Kind implements [Picture].
func (Months) Kind() string { return KindMonths }

// Describe implements [Picture].
func (m Months) Describe() string {
	parts := []string{m.Subtitle}
	for _, one := range m.Measures {
		var told []string
		for _, p := range one.Months {
			if p.Mean == nil {
				told = append(told, monthLabel(p.Month, true)+" "+p.lacks())
				continue
			}
			told = append(told, fmt.Sprintf("%s %s", monthLabel(p.Month, true), one.Unit.text(*p.Mean)))
		}
		parts = append(parts, one.Label+": "+strings.Join(told, ", ")+".")
		if one.Trend != "" {
			parts = append(parts, one.Trend+".")
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// lacks says why there is no mean.
func (p MonthPoint) lacks() string {
	if p.Nights > 0 {
		return "no usual time"
	}
	return "no nights"
}

func monthLabel(month string, year bool) string {
	m, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	if year {
		return m.Format("Jan 2006")
	}
	return m.Format("Jan")
}

// Layout of months.
const (
	monthsLeft  = 76.0
	panelHeight = 128.0
	panelTitle  = 24.0
	monthsAxis  = 34.0
)

func (m Months) empty() bool { return !m.some(func(p MonthPoint) bool { return p.Mean != nil }) }

func (m Months) body() (float64, func(canvas, float64)) {
	if m.empty() {
		return emptyHeight, func(c canvas, y float64) { nothing(c, y, "No nights in these "+cmp.Or(m.Each, "month")+"s.") }
	}
	return panelHeight*float64(len(m.Measures)) + monthsAxis + legendRow, m.draw
}

func (m Months) draw(c canvas, y float64) {
	for _, one := range m.Measures {
		one.draw(c, y)
		y += panelHeight
	}
	m.Measures[0].drawMonths(c, y)
	y += monthsAxis + legendRow - 5
	x := monthsLeft
	entry := func(key func(), text string) {
		key()
		c.text(x+14, y, left, smallSize, ink, text)
		x += 14 + c.width(text, smallSize) + 18
	}
	entry(func() { c.dot(x+5, y-4, 3.5, sleepColour, false) }, "mean of a "+cmp.Or(m.Each, "month"))
	if m.some(func(p MonthPoint) bool { return p.Mean != nil && p.Partial }) {
		few := "of a part, or of few nights"
		if m.Each != "" {
			few = "of few nights"
		}
		entry(func() { c.dot(x+5, y-4, 3.5, sleepColour, true) }, few)
	}
	if m.some(func(p MonthPoint) bool { return p.Low != nil }) {
		entry(func() { c.rect(x+1, y-9, x+9, y, inBedColour) }, "middle half of the nights")
	}
	if lacking := m.lacking(); lacking != "" {
		entry(func() { c.text(x+5, y, centre, smallSize, quiet, noMean) }, lacking)
	}
}

// noMean stands where a mean would be.
const noMean = "×"

// lacking says why there is no mean of some months; "": all have one.
func (m Months) lacking() string {
	var all []string
	for _, o := range m.Measures {
		for _, p := range o.Months {
			if p.Mean == nil && !slices.Contains(all, p.lacks()) {
				all = append(all, p.lacks())
			}
		}
	}
	return strings.Join(all, ", or ")
}

// some reports whether there is such a month.
func (m Months) some(such func(MonthPoint) bool) bool {
	return slices.ContainsFunc(m.Measures, func(o MonthlyMeasure) bool { return slices.ContainsFunc(o.Months, such) })
}

func (o MonthlyMeasure) values() []float64 {
	var all []float64
	for _, p := range o.Months {
		for _, v := range []*float64{p.Mean, p.Low, p.High} {
			if v != nil {
				all = append(all, *v)
			}
		}
	}
	for _, p := range o.Line {
		all = append(all, p.Value)
	}
	return all
}

// column returns the middle of a month and half of the width of its bar.
func (o MonthlyMeasure) column(i int) (x, half float64) {
	width := (pageWidth - margin - monthsLeft) / float64(len(o.Months))
	return monthsLeft + width*(float64(i)+0.5), min(10, width*0.32)
}

func (o MonthlyMeasure) draw(c canvas, y float64) {
	c.text(margin, y+14, left, textSize, ink, o.Label)
	if o.Trend != "" {
		c.text(pageWidth-margin, y+14, right, textSize, otherColour, o.Trend)
	}
	bottom := y + panelHeight - 8
	a := newAxis(o.values(), o.Unit, bottom, y+panelTitle)
	for _, v := range a.ticks(4) {
		c.line(monthsLeft, a.at(v), pageWidth-margin, a.at(v), 1, grid)
		c.text(monthsLeft-6, a.at(v)+4, right, smallSize, quiet, o.Unit.tick(v))
	}
	for i, p := range o.Months {
		x, half := o.column(i)
		if p.Mean == nil {
			c.text(x, bottom-2, centre, smallSize, quiet, noMean)
			continue
		}
		if p.Low != nil && p.High != nil {
			c.rect(x-half, a.at(*p.High), x+half, a.at(*p.Low), inBedColour)
		}
	}
	width := (pageWidth - margin - monthsLeft) / float64(len(o.Months))
	for i := 1; i < len(o.Line); i++ {
		p, q := o.Line[i-1], o.Line[i]
		c.line(monthsLeft+p.At*width, a.at(p.Value), monthsLeft+q.At*width, a.at(q.Value), 2, otherColour)
	}
	for i, p := range o.Months {
		if p.Mean != nil {
			x, half := o.column(i)
			c.dot(x, a.at(*p.Mean), min(3.5, half), sleepColour, p.Partial)
		}
	}
}

func (o MonthlyMeasure) drawMonths(c canvas, y float64) {
	c.line(monthsLeft, y-4, pageWidth-margin, y-4, 1, quiet)
	named, room := o.named(c)
	for nth, i := range named {
		x, _ := o.column(i)
		month := o.Months[i].Month
		c.text(x, y+10, centre, smallSize, ink, c.cut(monthLabel(month, false)+" ", smallSize, room))
		year, number, dated := strings.Cut(month, "-")
		// A January that comes next has its own year, and there may be no room for two.
		crowded := nth+1 < len(named) && strings.HasSuffix(o.Months[named[nth+1]].Month, "-01") && room < c.width(year, smallSize)+5
		if dated && (number == "01" || nth == 0 && !crowded) {
			c.text(x, y+24, centre, smallSize, quiet, year)
		}
	}
}

// named returns the columns whose names there is room for, and how much room each has: all,
// or the months that begin quarters, halves or years.
func (o MonthlyMeasure) named(c canvas) (columns []int, room float64) {
	widest := 0.0
	for _, p := range o.Months {
		widest = max(widest, c.width(monthLabel(p.Month, false), smallSize))
	}
	column := (pageWidth - margin - monthsLeft) / float64(len(o.Months))
	step := 1
	for _, next := range []int{2, 3, 6, 12} {
		if float64(step)*column < widest+5 {
			step = next
		}
	}
	for i, p := range o.Months {
		month, err := time.Parse("2006-01", p.Month)
		if err != nil { // another group than a month: there are few, and all have names
			step = 1
		}
		if step == 1 || (int(month.Month())-1)%step == 0 {
			columns = append(columns, i)
		}
	}
	return columns, float64(step) * column
}
