package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Nights are several nights below each other on one clock: the bars of a week, or the
// actogram of months.
type Nights struct {
	Frame
	Rows  []Row  `json:"rows"`            // in the order of the dates, one each
	Means []Mean `json:"means,omitempty"` // at most two: of these nights, and of others
	// Sought says which nights are looked for among these: a condition. "": all of them.
	Sought string `json:"sought,omitempty"`
}

// A Row is one date.
type Row struct {
	Date   string   `json:"date"`
	Sleeps []Sleep  `json:"sleeps,omitempty"`
	Asleep *float64 `json:"asleep_minutes,omitempty"` // in the main sleep
	// Missing says why there is nothing, or why a night does not count: "not recorded".
	Missing string `json:"missing,omitempty"`
	Found   bool   `json:"found,omitempty"` // it is one of the nights that are sought
}

// pale reports whether a row is there only to be told apart from those that are sought.
func (n Nights) pale(r Row) bool { return n.Sought != "" && !r.Found }

// A Sleep is one recording. Its times are what a clock on the wall showed, in minutes from
// the midnight with which the row's date begins; before it they are negative.
type Sleep struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	// Onset and Wake are first sleep and final awakening; nil: unknown.
	Onset *float64 `json:"onset,omitempty"`
	Wake  *float64 `json:"wake,omitempty"`
	Nap   bool     `json:"nap,omitempty"`
}

// A Mean says when some nights begin and end on the average, in the minutes of [Sleep].
type Mean struct {
	Label string  `json:"label"`
	Onset float64 `json:"onset"`
	Wake  float64 `json:"wake"`
	Other bool    `json:"other,omitempty"` // of other nights than the rows
}

// Kind implements [Picture].
func (Nights) Kind() string { return KindNights }

// Minutes returns a moment in the minutes of [Sleep], for the row of a date.
func Minutes(moment time.Time, zone *time.Location, date string) float64 {
	local := moment.In(zone)
	midnight, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return float64(local.Hour()*minutesPerHour + local.Minute())
	}
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	return math.Round(wall.Sub(midnight).Minutes())
}

// Near returns the minutes of a clock time that are nearest to those of a sleep: 23:00 is
// an hour before midnight for nights, and 1,380 for those who go to bed by day.
func Near(clock, sleep float64) float64 {
	return clock + minutesPerDay*math.Round((sleep-clock)/minutesPerDay)
}

// MiddleOnset returns the median of when main sleep begins; false where there is none.
func MiddleOnset(rows []Row) (minutes float64, ok bool) {
	var all []float64
	for _, r := range rows {
		if i := slices.IndexFunc(r.Sleeps, func(s Sleep) bool { return !s.Nap }); i >= 0 {
			all = append(all, r.Sleeps[i].From)
		}
	}
	slices.Sort(all)
	if len(all) == 0 {
		return 0, false
	}
	return all[len(all)/2], true
}

// Describe implements [Picture].
func (n Nights) Describe() string {
	parts := []string{n.Subtitle}
	for _, m := range n.Means {
		parts = append(parts, fmt.Sprintf("%s: asleep from %s to %s.", m.Label, clockText(m.Onset), clockText(m.Wake)))
	}
	rows := slices.DeleteFunc(slices.Clone(n.Rows), n.pale)
	const most = 31
	for i, r := range rows {
		if i == most {
			parts = append(parts, fmt.Sprintf("And %d more nights.", len(rows)-most))
			break
		}
		parts = append(parts, r.describe())
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func (r Row) describe() string {
	var told []string
	for _, s := range r.Sleeps {
		what := "in bed"
		if s.Nap {
			what = "nap"
		}
		told = append(told, fmt.Sprintf("%s %s to %s", what, clockText(s.From), clockText(s.To)))
	}
	if r.Asleep != nil {
		told = append(told, hoursText(*r.Asleep)+" asleep")
	}
	if r.Missing != "" {
		told = append(told, r.Missing)
	}
	return dateLabel(r.Date) + ": " + strings.Join(told, ", ") + "."
}

func dateLabel(date string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return d.Format("Mon 2 Jan")
}

func weekend(date string) bool {
	d, err := time.Parse(time.DateOnly, date)
	return err == nil && (d.Weekday() == time.Saturday || d.Weekday() == time.Sunday)
}

// window returns the part of the clock that holds everything, in full hours.
func (n Nights) window() (low, high float64, some bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, r := range n.Rows {
		for _, s := range r.Sleeps {
			low, high = min(low, s.From), max(high, s.To)
		}
	}
	if high <= low {
		return -2 * minutesPerHour, 8 * minutesPerHour, false
	}
	for _, m := range n.Means {
		low, high = min(low, m.Onset), max(high, m.Wake)
	}
	low, high = minutesPerHour*math.Floor(low/minutesPerHour), minutesPerHour*math.Ceil(high/minutesPerHour)
	low, high = max(low, -minutesPerDay), min(high, 2*minutesPerDay)
	return low, max(high, low+6*minutesPerHour), true
}

// Layout of nights.
const (
	nightsLeft  = 92.0
	nightsRight = pageWidth - margin - 62
	clockHeight = 22.0
	legendRow   = 18.0
)

// rowHeight returns how high a row is, and whether each one is labelled.
func (n Nights) rowHeight() (height float64, labels bool) {
	const mostHigh = 560.0
	switch {
	case len(n.Rows) <= 10:
		return 28, true
	case len(n.Rows) <= 36:
		return 15, true
	}
	return max(3, math.Floor(mostHigh/float64(len(n.Rows)))), false
}

func (n Nights) body() (float64, func(canvas, float64)) {
	if len(n.Rows) == 0 {
		return emptyHeight, func(c canvas, y float64) { nothing(c, y, "No nights to draw.") }
	}
	height, _ := n.rowHeight()
	legend := 1 + len(n.Means)
	if n.Sought != "" {
		legend++
	}
	return clockHeight + height*float64(len(n.Rows)) + legendRow*float64(legend) + 6, n.draw
}

func (n Nights) draw(c canvas, y float64) {
	low, high, _ := n.window()
	at := func(minutes float64) float64 {
		return nightsLeft + (nightsRight-nightsLeft)*min(1, max(0, (minutes-low)/(high-low)))
	}
	height, labels := n.rowHeight()
	top := y + clockHeight
	bottom := top + height*float64(len(n.Rows))
	for i, r := range n.Rows {
		if weekend(r.Date) {
			c.rect(margin, top+height*float64(i), pageWidth-margin, top+height*float64(i+1), shade)
		}
	}
	step := float64(stepOf((high-low)/minutesPerHour, 12)) * minutesPerHour
	for m := step * math.Ceil(low/step); m <= high; m += step {
		c.line(at(m), top, at(m), bottom, 1, grid)
		c.text(at(m), top-7, centre, smallSize, quiet, clockText(m))
	}
	if labels {
		c.text(pageWidth-margin, top-7, right, smallSize, quiet, "asleep")
	}
	for i, r := range n.Rows {
		r.draw(c, at, top+height*float64(i), height, n.pale(r))
	}
	for _, m := range n.Means {
		m.draw(c, at, top, bottom)
	}
	if labels {
		for i, r := range n.Rows {
			r.label(c, top+height*float64(i), height)
		}
	} else {
		n.drawDates(c, top, height)
	}
	c.line(nightsLeft, bottom, nightsRight, bottom, 1, quiet)
	n.drawLegend(c, bottom+legendRow)
}

// drawDates names the first row and the first one of each month.
func (n Nights) drawDates(c canvas, top, height float64) {
	free := -1e9
	for i, r := range n.Rows {
		y := top + height*float64(i)
		if first := strings.HasSuffix(r.Date, "-01"); (i == 0 || first) && y > free {
			c.text(margin, y+9, left, smallSize, ink, dateLabel(r.Date))
			c.line(margin, y, nightsRight, y, 0.75, hole)
			free = y + 14
		}
	}
}

func (r Row) draw(c canvas, at func(float64) float64, y, height float64, pale bool) {
	inset := max(0.5, height*0.16)
	inBed, sleep, nap := inBedColour, sleepColour, napColour
	if pale {
		inBed, sleep, nap = grid, hole, hole
	}
	for _, s := range r.Sleeps {
		if s.Nap {
			c.bar(at(s.From), y+inset+height*0.1, at(s.To), y+height-inset-height*0.1, nap)
			continue
		}
		c.bar(at(s.From), y+inset, at(s.To), y+height-inset, inBed)
		if s.Onset != nil && s.Wake != nil {
			c.bar(at(*s.Onset), y+inset, at(*s.Wake), y+height-inset, sleep)
		}
	}
}

// label writes the date, the time asleep, and why there is nothing.
func (r Row) label(c canvas, y, height float64) {
	size := smallSize
	if height > 20 {
		size = textSize
	}
	base := y + height/2 + size/3
	c.text(margin, base, left, size, ink, dateLabel(r.Date))
	if r.Asleep != nil {
		c.text(pageWidth-margin, base, right, size, ink, hoursText(*r.Asleep))
	}
	if r.Missing != "" && len(r.Sleeps) == 0 {
		behind := white
		if weekend(r.Date) {
			behind = shade
		}
		c.rect(nightsLeft+2, base-size, nightsLeft+10+c.width(r.Missing, smallSize), base+size/3, behind)
		c.text(nightsLeft+6, base, left, smallSize, quiet, r.Missing)
	}
}

// naps reports whether there are any.
func (n Nights) naps() bool {
	return slices.ContainsFunc(n.Rows, func(r Row) bool {
		return slices.ContainsFunc(r.Sleeps, func(s Sleep) bool { return s.Nap })
	})
}

func (m Mean) draw(c canvas, at func(float64) float64, top, bottom float64) {
	for _, minutes := range []float64{m.Onset, m.Wake} {
		if m.Other {
			c.dashed(at(minutes), top-3, at(minutes), bottom+4, 1.5, otherColour)
		} else {
			c.line(at(minutes), top-3, at(minutes), bottom+4, 1.5, ink)
		}
	}
}

func (n Nights) drawLegend(c canvas, y float64) {
	x := nightsLeft
	entry := func(key func(), width float64, text string) {
		key()
		c.text(x+width+5, y, left, smallSize, ink, text)
		x += width + 5 + c.width(text, smallSize) + 16
	}
	entry(func() { c.rect(x, y-9, x+14, y, sleepColour) }, 14, "first sleep to final awakening")
	entry(func() { c.rect(x, y-9, x+14, y, inBedColour) }, 14, "in bed")
	if n.naps() {
		entry(func() { c.rect(x, y-8, x+14, y-1, napColour) }, 14, "nap")
	}
	if n.Sought != "" {
		x, y = nightsLeft, y+legendRow
		entry(func() { c.rect(x, y-9, x+14, y, hole) }, 14, "other nights than "+c.cut(n.Sought, smallSize, pageWidth-margin-nightsLeft-120))
	}
	for _, m := range n.Means {
		x, y = nightsLeft, y+legendRow
		text := fmt.Sprintf("%s: asleep at %s, awake at %s", m.Label, clockText(m.Onset), clockText(m.Wake))
		entry(func() {
			if m.Other {
				c.dashed(x, y-4, x+18, y-4, 1.5, otherColour)
			} else {
				c.line(x, y-4, x+18, y-4, 1.5, ink)
			}
		}, 18, text)
	}
}
