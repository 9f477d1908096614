package importers

import (
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// wall is a time as a clock on a wall shows it, kept as if it were UTC.
type wall time.Time

// wallOf reads what a clock showed in one of the given layouts.
func wallOf(text string, layouts ...string) (wall, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil && plausible(t) {
			return wall(t), true
		}
	}
	return wall{}, false
}

// plausible keeps years out in which no tracker was worn and with which later computing
// could overflow.
func plausible(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 2200 }

// in returns the instants at which a clock in a zone showed a time: as a rule one, in the
// hour that the clock shows twice two, the earlier first. In the hour that it skips it is
// the instant that the clock would have shown had it not been changed, and skipped is true.
func (w wall) in(zone *time.Location) (at []time.Time, skipped bool) {
	const day = 24 * time.Hour
	naive := time.Time(w)
	_, before := naive.Add(-day).In(zone).Zone()
	_, after := naive.Add(day).In(zone).Zone()
	for _, offset := range []int{max(before, after), min(before, after)} {
		t := naive.Add(-time.Duration(offset) * time.Second)
		if _, is := t.In(zone).Zone(); is == offset && (len(at) == 0 || !at[0].Equal(t)) {
			at = append(at, t)
		}
	}
	if len(at) == 0 {
		return []time.Time{naive.Add(-time.Duration(before) * time.Second)}, true
	}
	return at, false
}

// startIn returns the instant at which a sleep began that a clock in a zone showed, and
// which ended after a known time at another: that decides in the hour that the clock shows twice.
func (w wall) startIn(zone *time.Location, elapsed time.Duration, end wall) (start time.Time, skipped bool) {
	at, skipped := w.in(zone)
	for _, t := range at {
		if shown := t.Add(elapsed).In(zone); shown.Format(time.DateTime) == time.Time(end).Format(time.DateTime) {
			return t, skipped
		}
	}
	return at[0], skipped
}

// interval returns the instants between two times of a clock in a zone: of an hour that
// the clock shows twice the first, unless the sleep would then end before it begins.
func interval(from, to wall, zone *time.Location) (start, end time.Time, skipped bool) {
	starts, early := from.in(zone)
	ends, late := to.in(zone)
	start, end = starts[0], ends[0]
	if !end.After(start) {
		end = ends[len(ends)-1]
	}
	return start, end, early || late
}

// offsetOf reads "+02:00", "-0700", "UTC+0900", "UTCZ" and "Z" as seconds east of UTC.
func offsetOf(text string) (seconds int, ok bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "UTC")
	if text == "Z" || text == "" {
		return 0, text == "Z"
	}
	for _, layout := range []string{"-07:00", "-0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			_, seconds = t.Zone()
			return seconds, asleep.Fixed(seconds) != "" // no clock is further away
		}
	}
	return 0, false
}

// stampOf reads an instant with its own offset.
func stampOf(text string) (at time.Time, offset int, ok bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05-0700", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05.999-0700"} {
		if t, err := time.Parse(layout, text); err == nil && plausible(t) {
			_, offset = t.Zone()
			return t.UTC(), offset, asleep.Fixed(offset) != ""
		}
	}
	return at, 0, false
}

// numberOf reads a number with a decimal point or comma. Empty and "null" are no number.
func numberOf(text string) (x float64, ok bool) {
	text = strings.TrimSpace(text)
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && x == x && x < 1e15 && x > -1e15 && !strings.ContainsAny(text, "xXpP_")
}

// hoursOf reads H:MM and H:MM:SS.
func hoursOf(text string) (d time.Duration, ok bool) {
	parts := strings.Split(strings.TrimSpace(text), ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	unit := time.Hour
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil || i > 0 && (n > 59 || len(part) != 2) {
			return 0, false
		}
		d += time.Duration(n) * unit
		unit /= 60
	}
	return d, true
}
