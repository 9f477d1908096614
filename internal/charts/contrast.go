package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Contrast holds two sets of nights against each other, one panel a measure.
type Contrast struct {
	Frame
	First    string            `json:"first"` // what the sets are called
	Second   string            `json:"second"`
	Measures []ContrastMeasure `json:"measures"`
}

// A ContrastMeasure has one value of every night of the two sets that has one.
type ContrastMeasure struct {
	Name       string    `json:"name"` // as the answer has it
	Label      string    `json:"label"`
	Unit       Unit      `json:"unit"`
	First      []float64 `json:"first"`
	Second     []float64 `json:"second"`
	FirstMean  *float64  `json:"first_mean,omitempty"`
	SecondMean *float64  `json:"second_mean,omitempty"`
	// Difference is the second less the first; Low and High bound it. nil: not
	// known.
	Difference *float64 `json:"difference,omitempty"`
	Low        *float64 `json:"low,omitempty"`
	High       *float64 `json:"high,omitempty"`
	Verdict    string   `json:"verdict,omitempty"` // in words
}

// Kind implements [Picture].
func (Contrast) Kind() string { return KindContrast }

// Describe implements [Picture].
func (c Contrast) Describe() string {
	parts := []string{c.Subtitle}
	for _, m := range c.Measures {
		text := fmt.Sprintf("%s: %s in %s (%s), %s in %s (%s).", m.Label, m.mean(m.FirstMean), c.First, nightsText(m.First), m.mean(m.SecondMean), c.Second, nightsText(m.Second))
		if said := m.found(); said != "" {
			text += " " + said + "."
		}
		parts = append(parts, text)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func nightsText(values []float64) string {
	if len(values) == 1 {
		return "1 night"
	}
	return fmt.Sprintf("%d nights", len(values))
}

func (m ContrastMeasure) mean(v *float64) string {
	if v == nil {
		return "no mean"
	}
	return m.Unit.text(*v)
}

// found tells the difference in words.
func (m ContrastMeasure) found() string {
	if m.Difference == nil {
		return m.Verdict
	}
	text := "Difference " + m.Unit.difference(*m.Difference)
	if m.Low != nil && m.High != nil {
		text += fmt.Sprintf(" (interval %s to %s)", m.Unit.signed(*m.Low), m.Unit.signed(*m.High))
	}
	if m.Verdict != "" {
		text += ": " + m.Verdict
	}
	return text
}

// Layout of a contrast.
const (
	contrastLeft  = 150.0
	contrastRight = pageWidth - margin - 64
	stripHeight   = 40.0
	intervalStrip = 52.0
	contrastPanel = 24 + 2*stripHeight + 24
)

// height is that of a measure's panel.
func (m ContrastMeasure) height() float64 {
	if m.bounded() {
		return contrastPanel + intervalStrip
	}
	return contrastPanel
}

// bounded reports whether the difference has an interval.
func (m ContrastMeasure) bounded() bool { return m.Difference != nil && m.Low != nil && m.High != nil }

func (c Contrast) body() (float64, func(canvas, float64)) {
	if len(c.Measures) == 0 {
		return emptyHeight, func(page canvas, y float64) { nothing(page, y, "No nights to compare.") }
	}
	height := legendRow
	for _, m := range c.Measures[:min(mostDrawn, len(c.Measures))] {
		height += m.height()
	}
	return height, c.draw
}

// mostDrawn keeps a picture from being longer than what is looked at; the answer has all.
const mostDrawn = 3

func (c Contrast) draw(page canvas, y float64) {
	for _, m := range c.Measures[:min(mostDrawn, len(c.Measures))] {
		m.draw(page, y, c.First, c.Second)
		y += m.height()
	}
	y += legendRow - 6
	page.dot(contrastLeft+4, y-4, 2.5, sleepColour, false)
	page.text(contrastLeft+12, y, left, smallSize, ink, "a night")
	page.line(contrastLeft+72, y-10, contrastLeft+72, y+1, 2.5, ink)
	page.text(contrastLeft+80, y, left, smallSize, ink, "mean")
	page.rect(contrastLeft+128, y-9, contrastLeft+148, y, hole)
	page.text(contrastLeft+154, y, left, smallSize, ink, "middle half of the nights")
	if more := len(c.Measures) - mostDrawn; more > 0 {
		page.text(pageWidth-margin, y, right, smallSize, quiet, fmt.Sprintf("%d more in the answer", more))
	}
}

func (m ContrastMeasure) draw(c canvas, y float64, first, second string) {
	c.text(margin, y+14, left, textSize, ink, m.Label)
	c.text(pageWidth-margin, y+14, right, textSize, otherColour, m.found())
	top := y + 24
	bottom := top + 2*stripHeight
	a := newAxis(slices.Concat(m.First, m.Second), m.Unit, contrastLeft, contrastRight)
	for _, v := range a.ticks(6) {
		c.line(a.at(v), top, a.at(v), bottom, 1, grid)
		c.text(a.at(v), bottom+13, centre, smallSize, quiet, m.Unit.tick(v))
	}
	m.strip(c, a, top, first, m.First, m.FirstMean)
	c.line(contrastLeft, top+stripHeight, contrastRight, top+stripHeight, 1, grid)
	m.strip(c, a, top+stripHeight, second, m.Second, m.SecondMean)
	c.line(contrastLeft, bottom, contrastRight, bottom, 1, quiet)
	if m.bounded() {
		m.drawInterval(c, bottom+20)
	}
}

// drawInterval draws the difference with its interval, on an axis of its own that has 0.
func (m ContrastMeasure) drawInterval(c canvas, y float64) {
	low, high := min(0, *m.Low), max(0, *m.High)
	room := 0.06 * (high - low)
	a := axis{low - room, high + room, contrastLeft, contrastRight, UnitPoints}
	c.text(margin, y+16, left, smallSize, ink, "difference, "+m.Unit.differs())
	for _, v := range a.ticks(6) {
		label := fmt.Sprintf("%+g", v)
		if v == 0 {
			label = "none"
		}
		c.line(a.at(v), y+2, a.at(v), y+24, 1, grid)
		c.text(a.at(v), y+36, centre, smallSize, quiet, label)
	}
	c.line(contrastLeft, y+24, contrastRight, y+24, 1, quiet)
	c.line(a.at(0), y, a.at(0), y+26, 1.5, ink)
	c.line(a.at(*m.Low), y+12, a.at(*m.High), y+12, 2, otherColour)
	for _, end := range []float64{*m.Low, *m.High} {
		c.line(a.at(end), y+7, a.at(end), y+17, 2, otherColour)
	}
	c.dot(a.at(*m.Difference), y+12, 4, otherColour, false)
}

// strip draws one set: its middle half, every night, its mean.
func (m ContrastMeasure) strip(c canvas, a axis, y float64, label string, values []float64, mean *float64) {
	lines := c.wrap(label, smallSize, contrastLeft-margin-8)
	for i, line := range lines[:min(2, len(lines))] {
		c.text(margin, y+stripHeight/2+4+12*(float64(i)-float64(min(2, len(lines))-1)/2), left, smallSize, ink, line)
	}
	if len(values) == 0 {
		c.text(contrastLeft+6, y+stripHeight/2+4, left, smallSize, quiet, "no nights")
		return
	}
	if low, high, ok := MiddleHalf(values); ok {
		c.rect(a.at(low), y+6, a.at(high), y+stripHeight-6, hole)
	}
	for _, p := range swarm(values, a) {
		c.dot(p.x, y+stripHeight/2+p.rise, 2.2, sleepColour, false)
	}
	if mean != nil {
		c.line(a.at(*mean), y+4, a.at(*mean), y+stripHeight-4, 2.5, ink)
		c.text(pageWidth-margin, y+stripHeight/2+4, right, textSize, ink, m.Unit.text(*mean))
	}
}

// MiddleHalf returns the quartiles of enough values, by linear interpolation.
func MiddleHalf(values []float64) (low, high float64, ok bool) {
	const least = 4
	if len(values) < least {
		return 0, 0, false
	}
	sorted := slices.Sorted(slices.Values(values))
	at := func(share float64) float64 {
		place := share * float64(len(sorted)-1)
		below := int(place)
		above := min(below+1, len(sorted)-1)
		return sorted[below] + (sorted[above]-sorted[below])*(place-float64(below))
	}
	return at(0.25), at(0.75), true
}

// spot is a dot of a swarm.
type spot struct{ x, rise float64 }

// swarm puts dots that would lie on each other beside each other, around the middle.
func swarm(values []float64, a axis) []spot {
	const pitch = 5.0
	beside := map[int]int{}
	var spots []spot
	for _, v := range slices.Sorted(slices.Values(values)) {
		column := int(math.Round(a.at(v) / pitch))
		n := beside[column]
		beside[column]++
		rise := pitch * float64((n+1)/2)
		if n%2 == 1 {
			rise = -rise
		}
		spots = append(spots, spot{float64(column) * pitch, min(stripHeight/2-4, max(4-stripHeight/2, rise))})
	}
	return spots
}
