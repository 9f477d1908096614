package charts

import (
	"fmt"
	"slices"
	"strings"
)

// A Group shows figures of a group of people, and only those that its answer holds.
type Group struct {
	Frame
	Figures []Figure `json:"figures"`
}

// A Figure is one thing that was measured in a group.
type Figure struct {
	Name   string   `json:"name"` // as the answer has it
	Label  string   `json:"label"`
	Unit   Unit     `json:"unit"`
	Middle *float64 `json:"middle,omitempty"` // mean or median of the people
	Low    *float64 `json:"low,omitempty"`    // quartiles of the people; nil: not told
	High   *float64 `json:"high,omitempty"`
	Hidden string   `json:"hidden,omitempty"` // why it is not told
}

// Kind implements [Picture].
func (Group) Kind() string { return KindGroup }

// Describe implements [Picture].
func (g Group) Describe() string {
	parts := []string{g.Subtitle}
	for _, f := range g.Figures {
		parts = append(parts, f.Label+": "+f.text()+".")
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func (f Figure) text() string {
	if f.Middle == nil {
		if f.Hidden != "" {
			return f.Hidden
		}
		return "not told"
	}
	text := f.Unit.text(*f.Middle)
	if f.Low != nil && f.High != nil {
		text += fmt.Sprintf(" (middle half %s to %s)", f.Unit.text(*f.Low), f.Unit.text(*f.High))
	}
	return text
}

const figureHeight = 44.0

func (g Group) body() (float64, func(canvas, float64)) {
	if len(g.Figures) == 0 {
		return emptyHeight, func(c canvas, y float64) { nothing(c, y, "No figures to draw.") }
	}
	return figureHeight * float64(len(g.Figures)), func(c canvas, y float64) {
		for i, f := range g.Figures {
			f.draw(c, y+figureHeight*float64(i))
		}
	}
}

// draw shows the figure on an axis of its own, since units differ.
func (f Figure) draw(c canvas, y float64) {
	const from, to = 210.0, pageWidth - margin - 20
	c.text(margin, y+18, left, textSize, ink, f.Label)
	c.text(margin, y+33, left, smallSize, quiet, f.text())
	if f.Middle == nil {
		return
	}
	values := []float64{*f.Middle}
	for _, v := range []*float64{f.Low, f.High} {
		if v != nil {
			values = append(values, *v)
		}
	}
	a := newAxis(slices.Clone(values), f.Unit, from, to)
	c.line(from, y+24, to, y+24, 1, grid)
	for _, v := range a.ticks(5) {
		c.line(a.at(v), y+21, a.at(v), y+27, 1, hole)
		c.text(a.at(v), y+39, centre, smallSize, quiet, f.Unit.tick(v))
	}
	if f.Low != nil && f.High != nil {
		c.rect(a.at(*f.Low), y+12, a.at(*f.High), y+26, inBedColour)
	}
	c.line(a.at(*f.Middle), y+8, a.at(*f.Middle), y+28, 3, sleepColour)
}
