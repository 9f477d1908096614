package charts

import (
	"math"
	"sort"
	"strings"
	"unicode"

	draw "github.com/go-analyze/charts"
)

// Pictures are laid out on a page of this width and drawn at twice the size, so that they
// are sharp on dense screens and on paper.
const (
	pageWidth = 720
	scale     = 2
	margin    = 16
)

// Sizes of text.
const (
	titleSize = 17
	textSize  = 12
	smallSize = 10.5
)

// canvas draws on a page whose height is known beforehand.
type canvas struct {
	p      *draw.Painter
	widths *[]int // of the texts, in the order in which they were written
}

// align says which point of a text is given.
type align int

const (
	left align = iota
	centre
	right
)

func px(x float64) int { return int(math.Round(x * scale)) }

func newCanvas(format Format, height float64) canvas {
	c := canvas{draw.NewPainter(draw.PainterOptions{
		OutputFormat: string(format), Width: px(pageWidth), Height: px(height), Font: draw.GetFont(draw.FontFamilyRoboto),
	}), new([]int)}
	c.rect(0, 0, pageWidth, height, white)
	return c
}

func (c canvas) rect(x0, y0, x1, y1 float64, fill draw.Color) {
	c.p.FilledRect(px(x0), px(y0), px(x1), px(y1), fill, draw.ColorTransparent, 0)
}

// bar is a rectangle that is never too thin to be seen.
func (c canvas) bar(x0, y0, x1, y1 float64, fill draw.Color) {
	c.rect(x0, y0, max(x1, x0+1), y1, fill)
}

func (c canvas) line(x0, y0, x1, y1, width float64, colour draw.Color) {
	c.p.LineStroke([]draw.Point{{X: px(x0), Y: px(y0)}, {X: px(x1), Y: px(y1)}}, colour, width*scale)
}

func (c canvas) dashed(x0, y0, x1, y1, width float64, colour draw.Color) {
	c.p.DashedLineStroke([]draw.Point{{X: px(x0), Y: px(y0)}, {X: px(x1), Y: px(y1)}}, colour, width*scale, []float64{4 * scale, 3 * scale})
}

// dot is filled, or a ring with the page showing through.
func (c canvas) dot(x, y, radius float64, colour draw.Color, hollow bool) {
	fill := colour
	if hollow {
		fill = white
	}
	c.p.Circle(radius*scale, px(x), px(y), fill, colour, 1.5*scale)
}

// style returns a font of a size in pixels; the library counts in points.
func (c canvas) style(size float64, colour draw.Color) draw.FontStyle {
	const dpi, pointsPerInch = 92, 72
	return draw.FontStyle{FontSize: size * scale * pointsPerInch / dpi, FontColor: colour}
}

// text writes one line, with its baseline at y.
func (c canvas) text(x, y float64, at align, size float64, colour draw.Color, s string) {
	if s = printable(s); s == "" {
		return
	}
	width := c.width(s, size)
	*c.widths = append(*c.widths, px(width))
	switch at {
	case centre:
		x -= width / 2
	case right:
		x -= width
	case left:
	}
	c.p.Text(s, px(x), px(y), 0, c.style(size, colour))
}

func (c canvas) width(s string, size float64) float64 {
	return float64(c.p.MeasureText(printable(s), 0, c.style(size, ink)).Width()) / scale
}

// printable leaves out what no font draws, such as line breaks and controls.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
}

// wrap breaks a text between words into lines that fit; a word that is too long by itself
// is cut.
func (c canvas) wrap(s string, size, width float64) []string {
	var lines []string
	line := ""
	flush := func() {
		if line != "" {
			lines, line = append(lines, line), ""
		}
	}
	for word := range strings.FieldsSeq(printable(s)) {
		for c.width(word, size) > width {
			flush()
			start := c.cut(word, size, width)
			lines, word = append(lines, start), word[len(start):]
		}
		if longer := strings.TrimSpace(line + " " + word); c.width(longer, size) <= width {
			line = longer
		} else {
			flush()
			line = word
		}
	}
	flush()
	return lines
}

// cut returns as much of the beginning of a text as fits, at least one letter.
func (c canvas) cut(s string, size, width float64) string {
	letters := []rune(s)
	n := sort.Search(len(letters), func(n int) bool { return c.width(string(letters[:n+1]), size) > width })
	return string(letters[:max(1, n)])
}
