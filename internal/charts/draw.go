package charts

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

const (
	lineHeight = 16.0
	demoText   = "DEMO DATA: made-up nights, not a person's."
)

// Draw writes a picture in a format.
func Draw(p Picture, format Format) ([]byte, error) { return drawn(p, p.frame(), format) }

// DrawBare writes a picture as SVG for a page that has the words around it: without title,
// subtitle and notes.
func DrawBare(p Picture) ([]byte, error) { return drawn(p, Frame{}, SVG) }

func drawn(p Picture, f Frame, format Format) ([]byte, error) {
	measure := newCanvas(SVG, 1)
	subtitle := measure.wrap(f.Subtitle, textSize, pageWidth-2*margin)
	notes := f.notes(measure)
	bodyHeight, body := p.body()
	top, bottom := 0.0, 0.0
	if f.Title != "" {
		bottom = margin
		top = margin + titleSize + 6 + lineHeight*float64(len(subtitle)) + 6
	}
	height := top + bodyHeight + lineHeight*float64(len(notes)) + bottom

	c := newCanvas(format, height)
	c.text(margin, margin+titleSize-3, left, titleSize, ink, c.cut(printable(f.Title)+" ", titleSize, pageWidth-2*margin))
	for i, line := range subtitle {
		c.text(margin, margin+titleSize+6+lineHeight*(float64(i)+0.7), left, textSize, quiet, line)
	}
	body(c, top)
	for i, line := range notes {
		c.text(margin, top+bodyHeight+lineHeight*(float64(i)+0.9), left, smallSize, quiet, line)
	}
	page, err := c.p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("charts: draw %s: %w", p.Kind(), err)
	}
	if format == SVG {
		return fitted(named(page, p, height), *c.widths), nil
	}
	return reduced(page)
}

// mostNotes keeps the notes from being longer than the picture is high.
const mostNotes = 4

// notes returns the lines below the drawing.
func (f Frame) notes(c canvas) []string {
	var lines []string
	if f.Demo {
		lines = append(lines, demoText)
	}
	for i, note := range f.Notes {
		if i == mostNotes {
			lines = append(lines, fmt.Sprintf("and %d more; the text of the answer has them", len(f.Notes)-i))
			break
		}
		lines = append(lines, shortened(c.wrap(note, smallSize, pageWidth-2*margin))...)
	}
	if f.Zone != "" {
		lines = append(lines, "Clock times in "+f.Zone+".")
	}
	return lines
}

// shortened returns the first lines of a note.
func shortened(note []string) []string {
	const most = 2
	if len(note) > most {
		note = append(note[:most-1:most-1], strings.TrimRight(note[most-1], " ,.;")+" …")
	}
	return note
}

// named gives an SVG its size, and its title and description to those who read it aloud.
func named(svg []byte, p Picture, height float64) []byte {
	const opening = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `
	rest, known := bytes.CutPrefix(svg, []byte(opening))
	box, drawing, closed := bytes.Cut(rest, []byte(">"))
	if !known || !closed {
		return svg
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%d" height="%d" %s>`, px(pageWidth)/scale, px(height)/scale, box)
	b.WriteString("<title>" + escaped(p.frame().Title) + "</title><desc>" + escaped(p.Describe()) + "</desc>")
	b.Write(drawing)
	return b.Bytes()
}

// fitted gives each text of an SVG the width that it was laid out with: whoever looks at it
// may not have the font, and texts in a wider one would run into each other.
func fitted(svg []byte, widths []int) []byte {
	parts := bytes.Split(bytes.ReplaceAll(svg, []byte("'Roboto Medium',sans-serif"), []byte("Roboto,Arial,sans-serif")), []byte("<text "))
	if len(parts) != len(widths)+1 {
		return svg
	}
	var b bytes.Buffer
	for i, part := range parts {
		if i > 0 {
			fmt.Fprintf(&b, `<text textLength="%d" lengthAdjust="spacingAndGlyphs" `, widths[i-1])
		}
		b.Write(part)
	}
	return b.Bytes()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(printable(s))) // a builder takes everything
	return b.String()
}
