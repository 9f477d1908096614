package tool

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Units of time, in seconds and minutes.
const (
	SecondsPerMinute = 60.0
	SecondsPerHour   = 3600.0
	minutesPerDay    = 24 * 60
)

// Rounded rounds to the given number of decimals.
func Rounded(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	r := math.Round(x*scale) / scale
	if r == 0 {
		return 0 // never -0
	}
	return r
}

// ClockText writes seconds after midnight as "23:10", to the nearest minute; seconds
// outside the day wrap around.
func ClockText(seconds float64) string {
	m := (int(math.Round(seconds/SecondsPerMinute))%minutesPerDay + minutesPerDay) % minutesPerDay
	return clockText(m/60, m%60)
}

func clockText(hour, minute int) string {
	digit := func(n int) byte { return byte('0' + n) }
	return string([]byte{digit(hour / 10), digit(hour % 10), ':', digit(minute / 10), digit(minute % 10)})
}

// ClockOf writes the local time of t as "23:10", rounded as [ClockText] rounds.
func ClockOf(t time.Time, zone *time.Location) string {
	hour, minute, _ := t.Add(time.Minute / 2).In(zone).Clock()
	return clockText(hour, minute)
}

// WholeMinutes rounds a duration for a row of a list.
func WholeMinutes(d time.Duration) *float64 { return new(math.Round(d.Minutes())) }

// MinutesOf rounds a duration to a tenth of a minute.
func MinutesOf(d time.Duration) *float64 { return new(Rounded(d.Minutes(), 1)) }

// OptionalMinutes is [MinutesOf], or nil.
func OptionalMinutes(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	return MinutesOf(*d)
}

// HoursText writes a number of hours for people: "6 h 55 min", "36 min".
func HoursText(hours float64) string {
	m := int(math.Round(hours * 60))
	if m < 60 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d min", m/60, m%60)
}

// Spoken returns the size of a difference for a sentence, a whole number that agrees with
// the tenths in the field beside it.
func Spoken(difference float64) float64 { return math.Round(math.Abs(Rounded(difference, 1))) }

// PlainCell keeps a spreadsheet from reading a text as a formula.
func PlainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// BareCell takes back what [PlainCell] did.
func BareCell(cell string) string {
	if text, ok := strings.CutPrefix(cell, "'"); ok && PlainCell(text) == cell {
		return text
	}
	return cell
}

// Count writes a number with its noun, singular or plural.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Spaced writes a code word as people would.
func Spaced(code string) string { return strings.ReplaceAll(code, "_", " ") }

// InWords lists things as a sentence does: a, b and c.
func InWords(things []string) string {
	if last := len(things) - 1; last > 0 {
		return strings.Join(things[:last], ", ") + " and " + things[last]
	}
	return strings.Join(things, "")
}

// Sentences joins the parts that are not empty.
func Sentences(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}

// Percent is the unit that a share is divided by to give a percentage.
const Percent = 0.01
