package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Terminal says what a terminal can show.
type Terminal struct {
	Columns int  // its width; a picture takes at most 80
	Colour  bool // it understands the colours of 256-colour terminals
}

// mostColumns is how wide a picture in text gets.
const mostColumns = 80

// Blocks draws a picture in block characters, one string a line without its end. What
// stands where says the same without colours. nil: there is nothing to draw, or no room.
func Blocks(p Picture, t Terminal) []string {
	t.Columns = min(t.Columns, mostColumns)
	const least = 40
	if t.Columns < least {
		return nil
	}
	switch p := p.(type) {
	case Night:
		return p.blocks(t)
	case Nights:
		return p.blocks(t)
	case Months:
		return p.blocks(t)
	case Contrast:
		return p.blocks(t)
	}
	return nil
}

// Colours of 256-colour terminals that are readable on light and dark ones.
const (
	amberText  = 214
	violetText = 169
	blueText   = 74
	deepText   = 26
	paleText   = 110
	orangeText = 166
)

// cell is one character with its colour; 0: the terminal's own.
type cell struct {
	r      rune
	colour int
}

// strip is one line of cells.
type strip []cell

func newStrip(width int) strip {
	s := make(strip, width)
	for i := range s {
		s[i].r = ' '
	}
	return s
}

// write puts a text from a column on, as far as there is room.
func (s strip) write(column int, text string) {
	for _, r := range printable(text) {
		if column >= 0 && column < len(s) {
			s[column] = cell{r, 0}
		}
		column++
	}
}

// fill puts one character from a column up to another, at least once.
func (s strip) fill(from, till int, r rune, colour int) {
	for i := max(0, from); i < min(len(s), max(till, from+1)); i++ {
		s[i] = cell{r, colour}
	}
}

func (s strip) text(colours bool) string {
	var b strings.Builder
	now := 0
	for _, c := range s {
		if colours && c.colour != now {
			if now = c.colour; now == 0 {
				b.WriteString("\x1b[0m")
			} else {
				fmt.Fprintf(&b, "\x1b[38;5;%dm", now)
			}
		}
		b.WriteRune(c.r)
	}
	if now != 0 {
		b.WriteString("\x1b[0m")
	}
	return strings.TrimRight(b.String(), " ")
}

// lines writes strips with a label before each.
func lines(labels []string, strips []strip, t Terminal) []string {
	width := 0
	for _, l := range labels {
		width = max(width, utf8.RuneCountInString(l))
	}
	all := make([]string, len(strips))
	for i, s := range strips {
		all[i] = strings.TrimRight(fmt.Sprintf("%-*s %s", width, labels[i], s.text(t.Colour)), " ")
	}
	return all
}

func (n Night) blocks(t Terminal) []string {
	if n.empty() || n.Stages == "" {
		return nil
	}
	levels := n.levels()
	const label = 8 // "Snoring" and a blank
	width := t.Columns - label
	from, to := n.span()
	column := func(moment time.Time) int {
		return int(float64(width) * moment.Sub(from).Seconds() / to.Sub(from).Seconds())
	}
	colours := map[byte]int{'0': amberText, '1': blueText, '2': deepText, '3': violetText}
	labels := make([]string, 0, len(levels)+2)
	strips := make([]strip, 0, len(levels)+2)
	for _, l := range levels {
		labels, strips = append(labels, l.name), append(strips, newStrip(width))
	}
	snoring := newStrip(width)
	for i := range width {
		first := int(float64(i) * to.Sub(from).Seconds() / float64(width) / EpochSeconds)
		last := int(float64(i+1) * to.Sub(from).Seconds() / float64(width) / EpochSeconds)
		stage := mostFrequent(part(n.Stages, first, last))
		row := slices.IndexFunc(levels, func(l level) bool { return l.stage == stage })
		if n.TwoStages && (stage == '2' || stage == '3') {
			row = 1
		}
		if row >= 0 {
			strips[row].fill(i, i, '█', colours[levels[row].stage])
		}
		if strings.Contains(part(n.Snoring, first, last), "1") {
			snoring.fill(i, i, '▂', 0)
		}
	}
	if strings.Contains(n.Snoring, "1") {
		labels, strips = append(labels, "Snoring"), append(strips, snoring)
	}
	hours := newStrip(width)
	free := 0
	for _, tick := range ticks(from, to, place(n.Zone, n.Start), stepOf(to.Sub(from).Hours(), float64(width)/7)) {
		if at := column(tick.at); tick.after == "" && at >= free && at+5 <= width {
			hours.write(at, tick.at.Format("15:04"))
			free = at + 6
		}
	}
	return lines(append(labels, ""), append(strips, hours), t)
}

func part(codes string, first, last int) string {
	return codes[min(first, len(codes)):min(max(last, first+1), len(codes))]
}

// mostFrequent returns the stage that most of some epochs have; the first such one.
func mostFrequent(codes string) byte {
	counts := map[byte]int{}
	best := byte('.')
	for i := range len(codes) {
		c := codes[i]
		if counts[c]++; counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

func (n Nights) blocks(t Terminal) []string {
	low, high, some := n.window()
	if !some {
		return nil
	}
	const label, value = 11, 8 // "Mon 23 Nov", " 7 h 05"
	width := t.Columns - label - value
	column := func(minutes float64) int {
		return int(math.Round(float64(width) * (minutes - low) / (high - low)))
	}
	labels, strips := []string{""}, []strip{newStrip(width + value)}
	step := float64(stepOf((high-low)/minutesPerHour, float64(width)/7)) * minutesPerHour
	for m := step * math.Ceil(low/step); m <= high; m += step {
		if at := column(m); at+5 <= width {
			strips[0].write(at, clockText(m))
		}
	}
	rows, earlier := n.newestSought()
	if earlier > 0 {
		labels, strips = append(labels, fmt.Sprintf("%d earlier", earlier)), append(strips, newStrip(0))
	}
	for _, r := range rows {
		s := newStrip(width + value)
		for _, one := range r.Sleeps {
			if one.Nap {
				s.fill(column(one.From), column(one.To), '▒', paleText)
				continue
			}
			s.fill(column(one.From), column(one.To), '░', paleText)
			if one.Onset != nil && one.Wake != nil {
				s.fill(column(*one.Onset), column(*one.Wake), '█', blueText)
			}
		}
		if len(r.Sleeps) == 0 {
			s.write(0, r.Missing)
		}
		if r.Asleep != nil {
			text := hoursText(*r.Asleep)
			s.write(width+value-len(text), text)
		}
		labels, strips = append(labels, dateLabel(r.Date)), append(strips, s)
	}
	for _, m := range n.Means {
		s := newStrip(width + value)
		colour, name := 0, "mean"
		if m.Other {
			colour, name = orangeText, "before"
		}
		s.fill(column(m.Onset), column(m.Wake), '─', colour)
		s.fill(column(m.Onset), 0, '├', colour)
		s.fill(column(m.Wake), 0, '┤', colour)
		labels, strips = append(labels, name), append(strips, s)
	}
	return lines(labels, strips, t)
}

// newestSought returns the rows that a terminal shows, and how many are before them.
func (n Nights) newestSought() (rows []Row, earlier int) {
	const most = 31
	rows = slices.DeleteFunc(slices.Clone(n.Rows), n.pale)
	earlier = max(0, len(rows)-most)
	return rows[earlier:], earlier
}

// scaleOf is an axis over the columns of a line, with its ticks written above.
func scaleOf(values []float64, unit Unit, width int) (axis, strip) {
	a := newAxis(values, unit, 0, float64(width-1))
	above := newStrip(width)
	for _, v := range a.ticks(max(2, width/14)) {
		at, label := int(math.Round(a.at(v))), unit.tick(v)
		if at+utf8.RuneCountInString(label) <= width { // "7 h 30" would be cut to another value
			above.write(at, label)
		}
	}
	return a, above
}

func (m Months) blocks(t Terminal) []string {
	if m.empty() {
		return nil
	}
	one := m.Measures[0]
	label, value := 9, 9
	for _, p := range one.Months {
		label = max(label, utf8.RuneCountInString(monthLabel(p.Month, true))+1)
	}
	width := t.Columns - label - value
	a, above := scaleOf(one.values(), one.Unit, width)
	labels, strips := []string{""}, []strip{above}
	for _, p := range one.Months {
		s := newStrip(width + value)
		if p.Mean == nil {
			s.write(0, p.lacks())
		} else {
			if p.Low != nil && p.High != nil {
				s.fill(int(a.at(*p.Low)), int(math.Round(a.at(*p.High)))+1, '─', paleText)
			}
			s.fill(int(math.Round(a.at(*p.Mean))), 0, map[bool]rune{false: '●', true: '○'}[p.Partial], blueText)
			text := one.Unit.text(*p.Mean)
			s.write(width+value-utf8.RuneCountInString(text), text)
		}
		labels, strips = append(labels, monthLabel(p.Month, true)), append(strips, s)
	}
	found := cmp.Or(one.Trend, "mean of each "+cmp.Or(m.Each, "month")+" and the middle half of its nights")
	return append(headed(one.Label, found, t.Columns), lines(labels, strips, t)...)
}

// headed returns what stands above a measure: its name and what was found, on one line
// where they fit.
func headed(label, found string, columns int) []string {
	switch one := label + ": " + found; {
	case found == "":
		return []string{label}
	case utf8.RuneCountInString(one) <= columns:
		return []string{one}
	}
	return []string{label, string([]rune(found)[:min(columns, utf8.RuneCountInString(found))])}
}

func (c Contrast) blocks(t Terminal) []string {
	var all []string
	const label, value = 7, 9
	width := t.Columns - label - value
	for _, m := range c.Measures {
		values := slices.Concat(m.First, m.Second)
		if len(values) == 0 {
			continue
		}
		a, above := scaleOf(values, m.Unit, width)
		strips := []strip{above}
		for _, side := range []struct {
			values []float64
			mean   *float64
		}{{m.First, m.FirstMean}, {m.Second, m.SecondMean}} {
			s := newStrip(width + value)
			if low, high, ok := MiddleHalf(side.values); ok {
				s.fill(int(a.at(low)), int(math.Round(a.at(high)))+1, '─', paleText)
			}
			for _, v := range side.values {
				s.fill(int(math.Round(a.at(v))), 0, '·', 0)
			}
			if side.mean != nil {
				s.fill(int(math.Round(a.at(*side.mean))), 0, '●', blueText)
				text := m.Unit.text(*side.mean)
				s.write(width+value-utf8.RuneCountInString(text), text)
			}
			strips = append(strips, s)
		}
		all = append(all, headed(m.Label, m.found(), t.Columns)...)
		all = append(all, lines([]string{"", "first", "second"}, strips, t)...)
	}
	return all
}
