package tools

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

const (
	secondsPerMinute = 60.0
	secondsPerHour   = 3600.0
	minutesPerDay    = 24 * 60
)

func rounded(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	r := math.Round(x*scale) / scale
	if r == 0 {
		return 0 // never -0
	}
	return r
}

// clockText writes seconds after midnight as "23:10", to the nearest minute.
func clockText(seconds float64) string {
	m := int(math.Round(seconds/secondsPerMinute)) % minutesPerDay
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

// clockOf writes the local time of t as "23:10", with its seconds cut, as a clock
// on the wall would show it.
func clockOf(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("15:04")
}

// wholeMinutes rounds a duration for a row of a list.
func wholeMinutes(d time.Duration) *float64 { return new(math.Round(d.Minutes())) }

// minutesOf rounds a duration to a tenth of a minute.
func minutesOf(d time.Duration) *float64 { return new(rounded(d.Minutes(), 1)) }

func optionalMinutes(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	return minutesOf(*d)
}

// efficiencyOf is the share of the main sleep's time in bed that was slept, in percent;
// nil without time in bed.
func efficiencyOf(n analytics.Night) *float64 {
	share, ok := n.Efficiency()
	if !ok {
		return nil
	}
	return new(rounded(share/percent, 1))
}

// recordingEfficiency is that of one recording.
func recordingEfficiency(s analytics.Session) *float64 {
	return efficiencyOf(analytics.Night{Main: []analytics.Session{s}})
}

// setScaled stores an estimate divided by unit and rounded, or notes why field
// has no value.
func (h *Basis) setScaled(into **float64, field string, e analytics.Estimate, unit float64, decimals int) {
	if e.Value == nil {
		h.lacks(e.Missing, field)
		return
	}
	*into = new(rounded(*e.Value/unit, decimals))
}

// setClock stores an estimate of a clock time, or notes why field has no value.
func (h *Basis) setClock(into *string, field string, e analytics.Estimate) {
	if e.Value == nil {
		h.lacks(e.Missing, field)
		return
	}
	*into = clockText(*e.Value)
}

// hoursText writes a number of hours for people: "6 h 55 min", "36 min".
func hoursText(hours float64) string {
	m := int(math.Round(hours * 60))
	if m < 60 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d min", m/60, m%60)
}

// spoken is the size of a difference in a sentence, a whole number that agrees with
// the tenths in the field beside it.
func spoken(difference float64) float64 { return math.Round(math.Abs(rounded(difference, 1))) }

// count writes a number with its noun in the right number.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// inWords lists things as a sentence does: a, b and c.
func inWords(things []string) string {
	if last := len(things) - 1; last > 0 {
		return strings.Join(things[:last], ", ") + " and " + things[last]
	}
	return strings.Join(things, "")
}

// sentences joins what is not empty.
func sentences(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
