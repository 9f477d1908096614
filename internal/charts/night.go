package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	draw "github.com/go-analyze/charts"
)

// EpochSeconds is the time that one character of a night's stages stands for.
const EpochSeconds = 30

// A Night is one recorded night as a hypnogram.
type Night struct {
	Frame

	// Start and End of the recording; zero: there is none.
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
	// FellAsleep and WokeUp are the first sleep and the final awakening; zero: unknown.
	FellAsleep time.Time `json:"fell_asleep,omitzero"`
	WokeUp     time.Time `json:"woke_up,omitzero"`

	// Stages has one character for each 30 s from Start on: 0 wake, 1 light, 2 deep, 3 REM,
	// anything else not scored; "": stages were not recorded.
	Stages string `json:"stages,omitempty"`
	// TwoStages reports that only sleep (1) and wake are told apart.
	TwoStages bool `json:"two_stages,omitempty"`
	// Snoring has 1 where there was snoring, 0 where not, likewise; "": not recorded.
	Snoring string `json:"snoring,omitempty"`
	// Parts are the recordings of a split night; nil: there is one.
	Parts []Part `json:"parts,omitempty"`
}

// A Part is one recording of a night, with its first sleep and final awakening; zero: unknown.
type Part struct {
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	FellAsleep time.Time `json:"fell_asleep,omitzero"`
	WokeUp     time.Time `json:"woke_up,omitzero"`
}

// parts returns the recordings, of which there is at least one.
func (n Night) parts() []Part {
	if len(n.Parts) > 0 {
		return n.Parts
	}
	from, to := n.span()
	return []Part{{from, to, n.FellAsleep, n.WokeUp}}
}

// Kind implements [Picture].
func (Night) Kind() string { return KindNight }

// A Run is a part of a night in one stage.
type Run struct {
	Stage      byte // as in Stages; '.' is not scored
	From, Till int  // epochs
}

// Minutes returns how long it is.
func (r Run) Minutes() float64 { return float64(r.Till-r.From) * EpochSeconds / 60 }

// Runs joins epochs of one stage.
func (n Night) Runs() []Run { return runsOf(n.Stages) }

func runsOf(codes string) []Run {
	var runs []Run
	for i := range len(codes) {
		stage := codes[i]
		if stage < '0' || stage > '3' {
			stage = '.'
		}
		if last := len(runs) - 1; last >= 0 && runs[last].Stage == stage {
			runs[last].Till++
			continue
		}
		runs = append(runs, Run{stage, i, i + 1})
	}
	return runs
}

// longWake is what an awakening is marked from, in minutes.
const longWake = 5

// Awakenings returns the wakes longer than five minutes with sleep before and after in the
// same recording.
func (n Night) Awakenings() []Run {
	var all []Run
	for _, p := range n.parts() {
		from, till := n.epoch(p.Start), n.epoch(p.End)
		stages := n.Stages[from:max(from, till)]
		first, last := strings.IndexAny(stages, "123"), strings.LastIndexAny(stages, "123")
		for _, r := range runsOf(stages) {
			if r.Stage == '0' && r.Minutes() > longWake && r.From > first && r.Till <= last && first >= 0 {
				all = append(all, Run{r.Stage, r.From + from, r.Till + from})
			}
		}
	}
	return all
}

// epoch returns the one that begins nearest to a moment.
func (n Night) epoch(moment time.Time) int {
	nearest := math.Round(moment.Sub(n.Start).Seconds() / EpochSeconds)
	return int(min(float64(len(n.Stages)), max(0, nearest)))
}

// between reports whether a run lies between two recordings, and not in one.
func (n Night) between(r Run) bool {
	middle := n.At((r.From + r.Till) / 2)
	return !slices.ContainsFunc(n.parts(), func(p Part) bool { return !middle.Before(p.Start) && !middle.After(p.End) })
}

// At returns when an epoch begins.
func (n Night) At(epoch int) time.Time {
	return n.Start.Add(time.Duration(epoch) * EpochSeconds * time.Second)
}

// span returns what is drawn: the recording, and its stages if they go on after it.
func (n Night) span() (from, to time.Time) {
	from, to = n.Start, n.End
	if end := n.At(len(n.Stages)); end.After(to) {
		to = end
	}
	return from, to
}

// empty reports that there is nothing to draw.
func (n Night) empty() bool {
	from, to := n.span()
	return n.Start.IsZero() || !to.After(from)
}

// clockAt is what a clock in the zone shows, to the nearest minute, as answers have it.
func clockAt(t time.Time, zone *time.Location) string {
	return t.Add(time.Minute / 2).In(zone).Format("15:04")
}

// betweenParts stands for time between recordings where stages are added up.
const betweenParts = '|'

// Describe implements [Picture].
func (n Night) Describe() string {
	parts := []string{n.Subtitle}
	if n.empty() {
		return strings.TrimSpace(strings.Join(append(parts, "Nothing was recorded."), " "))
	}
	from, to := n.span()
	zone := place(n.Zone, n.Start)
	parts = append(parts, fmt.Sprintf("Recorded from %s to %s.", clockAt(from, zone), clockAt(to, zone)))
	if n.Stages == "" {
		parts = append(parts, "The stages of this night were not recorded.")
	} else {
		minutes := map[byte]float64{}
		for _, r := range n.Runs() {
			if r.Stage == '.' && n.between(r) {
				r.Stage = betweenParts
			}
			minutes[r.Stage] += r.Minutes()
		}
		for _, l := range n.levels() {
			if m := minutes[l.stage]; m > 0 {
				parts = append(parts, fmt.Sprintf("%s: %s.", l.name, hoursText(m)))
			}
		}
		if m := minutes['.']; m > 0 {
			parts = append(parts, fmt.Sprintf("Not scored: %s.", hoursText(m)))
		}
		if m := minutes[betweenParts]; m > 0 {
			parts = append(parts, fmt.Sprintf("Between recordings: %s.", hoursText(m)))
		}
		for _, r := range n.Awakenings() {
			parts = append(parts, fmt.Sprintf("Awake for %.0f min at %s.", r.Minutes(), clockAt(n.At(r.From), zone)))
		}
	}
	if n.Snoring != "" {
		parts = append(parts, fmt.Sprintf("Snoring: %s.", hoursText(float64(strings.Count(n.Snoring, "1"))*EpochSeconds/60)))
	}
	return strings.Join(parts, " ")
}

// level is a row of the hypnogram.
type level struct {
	stage  byte
	name   string
	colour draw.Color
}

func (n Night) levels() []level {
	switch {
	case n.Stages == "":
		return []level{{0, "In bed", inBedColour}, {0, "Asleep", sleepColour}}
	case n.TwoStages:
		return []level{{'0', "Awake", awakeColour}, {'1', "Asleep", sleepColour}}
	}
	return []level{{'0', "Awake", awakeColour}, {'3', "REM", remColour}, {'1', "Light", lightColour}, {'2', "Deep", deepColour}}
}

// Layout of a night.
const (
	nightLeft   = 76.0
	nightRight  = pageWidth - margin
	levelHeight = 36.0
	markHeight  = 34.0 // above the rows: onset, awakening, long wakes
	snoreHeight = 30.0
	axisHeight  = 30.0
	emptyHeight = 90.0
)

func (n Night) body() (float64, func(canvas, float64)) {
	if n.empty() {
		return emptyHeight, func(c canvas, y float64) { nothing(c, y, "No recording to draw.") }
	}
	rows := len(n.levels())
	height := markHeight + float64(rows)*levelHeight + snoreHeight + axisHeight
	return height, n.draw
}

// nothing draws a page without a picture.
func nothing(c canvas, y float64, why string) {
	c.rect(margin, y, pageWidth-margin, y+emptyHeight-20, shade)
	c.text(pageWidth/2, y+emptyHeight/2-5, centre, textSize, quiet, why)
}

func (n Night) draw(c canvas, y float64) {
	from, to := n.span()
	at := func(t time.Time) float64 {
		return nightLeft + (nightRight-nightLeft)*min(1, max(0, t.Sub(from).Seconds()/to.Sub(from).Seconds()))
	}
	top := y + markHeight
	bottom := top + float64(len(n.levels()))*levelHeight
	n.drawAxis(c, at, top, bottom+snoreHeight)
	n.drawRows(c, top)
	n.drawUnscored(c, at, top, bottom)
	if n.Stages == "" {
		n.drawWithoutStages(c, at, top)
	} else {
		n.drawStages(c, at, top)
	}
	n.drawMoments(c, at, y, bottom)
	n.drawSnoring(c, at, bottom)
}

func (n Night) drawAxis(c canvas, at func(time.Time) float64, top, bottom float64) {
	from, to := n.span()
	zone := place(n.Zone, n.Start)
	step := stepOf(to.Sub(from).Hours(), 11)
	lastLabel, freeDate := -1e9, nightLeft
	for _, t := range ticks(from, to, zone, step) {
		x := at(t.at)
		if t.after != "" {
			c.dashed(x, top-6, x, bottom+18, 1, otherColour)
			c.text(max(freeDate, min(x, nightRight-60)), bottom+27, left, smallSize, otherColour, "clock "+t.after)
			continue
		}
		c.line(x, top, x, bottom, 1, grid)
		if x-lastLabel < 34 {
			continue
		}
		lastLabel = x
		c.text(x, bottom+14, centre, smallSize, quiet, t.at.Format("15:04"))
		if t.at.Hour() == 0 {
			c.text(x, bottom+27, centre, smallSize, quiet, t.at.Format("2 Jan"))
			freeDate = x + 22
		}
	}
	c.line(nightLeft, bottom, nightRight, bottom, 1, quiet)
}

func (n Night) drawRows(c canvas, top float64) {
	for i, l := range n.levels() {
		y := top + float64(i)*levelHeight
		c.line(nightLeft, y+levelHeight, nightRight, y+levelHeight, 1, grid)
		c.rect(margin, y+levelHeight/2-5, margin+10, y+levelHeight/2+5, l.colour)
		c.text(margin+16, y+levelHeight/2+4, left, textSize, ink, l.name)
	}
}

// columns returns the stages that are drawn: as they are, or, where there are more than
// can be seen, the most frequent one of each column.
func (n Night) columns() (stages string, perColumn float64) {
	const most = int(nightRight-nightLeft) * scale
	if len(n.Stages) <= most {
		return n.Stages, 1
	}
	perColumn = float64(len(n.Stages)) / float64(most)
	var b strings.Builder
	for i := range most {
		counts := map[byte]int{}
		best := byte('.')
		for _, s := range []byte(n.Stages[int(float64(i)*perColumn):min(len(n.Stages), int(math.Ceil(float64(i+1)*perColumn)))]) {
			if s < '0' || s > '3' {
				s = '.'
			}
			if counts[s]++; counts[s] > counts[best] || best == '.' {
				best = s
			}
		}
		b.WriteByte(best)
	}
	return b.String(), perColumn
}

func (n Night) drawStages(c canvas, at func(time.Time) float64, top float64) {
	row := map[byte]int{}
	levels := n.levels()
	for i, l := range levels {
		row[l.stage] = i
	}
	if n.TwoStages {
		row['2'], row['3'] = 1, 1
	}
	columns, per := n.columns()
	x := func(column int) float64 {
		return at(n.Start.Add(time.Duration(float64(column) * per * EpochSeconds * float64(time.Second))))
	}
	middle := func(stage byte) float64 { return top + (float64(row[stage])+0.5)*levelHeight }
	runs := runsOf(columns)
	for i, r := range runs {
		if i > 0 && r.Stage != '.' && runs[i-1].Stage != '.' {
			c.line(x(r.From), middle(runs[i-1].Stage), x(r.From), middle(r.Stage), 0.75, hole)
		}
	}
	for _, r := range runs {
		if r.Stage != '.' {
			y := middle(r.Stage)
			c.bar(x(r.From), y-levelHeight*0.3, x(r.Till), y+levelHeight*0.3, levels[row[r.Stage]].colour)
		}
	}
}

// drawUnscored marks what was not scored, over all rows.
func (n Night) drawUnscored(c canvas, at func(time.Time) float64, top, bottom float64) {
	for _, r := range n.Runs() {
		if r.Stage != '.' {
			continue
		}
		x0, x1 := at(n.At(r.From)), at(n.At(r.Till))
		c.bar(x0, top, x1, bottom, hole)
		label := "not scored"
		if n.between(r) {
			label = "between recordings"
		}
		if c.width(label, smallSize)+6 < x1-x0 {
			c.text((x0+x1)/2, top+levelHeight/2+4, centre, smallSize, ink, label)
		}
	}
}

// drawWithoutStages shows when there was sleep, if that is known.
func (n Night) drawWithoutStages(c canvas, at func(time.Time) float64, top float64) {
	bar := func(row int, from, till time.Time) {
		y := top + levelHeight*(float64(row)+0.5)
		c.rect(at(from), y-levelHeight*0.3, at(till), y+levelHeight*0.3, n.levels()[row].colour)
	}
	for _, p := range n.parts() {
		bar(0, p.Start, p.End)
		if !p.FellAsleep.IsZero() && !p.WokeUp.IsZero() {
			bar(1, p.FellAsleep, p.WokeUp)
		}
	}
	c.text(nightRight, top+2*levelHeight+20, right, smallSize, quiet, "stages were not recorded")
}

// drawMoments marks first sleep, final awakening and the long wakes.
func (n Night) drawMoments(c canvas, at func(time.Time) float64, y, bottom float64) {
	zone := place(n.Zone, n.Start)
	labelled := -1e9
	mark := func(t time.Time, what string, side align) {
		if t.IsZero() {
			return
		}
		x := at(t)
		c.dashed(x, y+16, x, bottom, 1.2, ink)
		label := what + " " + clockAt(t, zone)
		width := c.width(label, smallSize)
		if side == left {
			x = min(x, nightRight-width)
		} else {
			x = max(x-width, nightLeft)
		}
		if x < labelled+8 {
			return
		}
		c.text(x, y+11, left, smallSize, ink, label)
		labelled = x + width
	}
	mark(n.FellAsleep, "asleep", left)
	mark(n.WokeUp, "awake", right)
	free := -1e9
	for _, r := range n.Awakenings() {
		x := (at(n.At(r.From)) + at(n.At(r.Till))) / 2
		label := fmt.Sprintf("%.0f min", r.Minutes())
		if half := c.width(label, smallSize) / 2; x-half > free {
			c.text(x, y+markHeight-7, centre, smallSize, ink, label)
			free = x + half + 4
		}
		c.line(at(n.At(r.From)), y+markHeight-3, at(n.At(r.Till)), y+markHeight-3, 2, otherColour)
	}
}

func (n Night) drawSnoring(c canvas, at func(time.Time) float64, top float64) {
	c.text(margin, top+20, left, textSize, ink, "Snoring")
	if n.Snoring == "" {
		c.rect(nightLeft+2, top+8, nightLeft+74, top+24, white)
		c.text(nightLeft+4, top+20, left, smallSize, quiet, "not recorded")
		return
	}
	for _, r := range runsOf(n.Snoring) {
		switch r.Stage {
		case '1':
			c.bar(at(n.At(r.From)), top+8, at(n.At(r.Till)), top+22, ink)
		case '.':
			c.bar(at(n.At(r.From)), top+8, at(n.At(r.Till)), top+22, hole)
		}
	}
}
