package charts

import (
	"fmt"
	"math"
	"time"
)

const (
	minutesPerHour = 60
	minutesPerDay  = 24 * minutesPerHour
)

// clockText writes minutes after midnight as 23:10.
func clockText(minutes float64) string {
	m := int(math.Round(minutes))
	m = (m%minutesPerDay + minutesPerDay) % minutesPerDay
	return fmt.Sprintf("%02d:%02d", m/minutesPerHour, m%minutesPerHour)
}

// hoursText writes minutes as "7 h 05", "36 min".
func hoursText(minutes float64) string {
	m := int(math.Round(minutes))
	if m < minutesPerHour {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d", m/minutesPerHour, m%minutesPerHour)
}

// place returns the zone of a name; one that is unknown is read as the offset of a moment.
func place(name string, moment time.Time) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return moment.Location()
}

// tick is a full hour of the wall clock.
type tick struct {
	at    time.Time // in its zone
	after string    // how far the clock was set there: "+1 h"; "": it was not
}

// ticks returns the full hours from one moment to another that a clock in that zone shows,
// every step hours. Where the clock was set they are as far apart as they were.
func ticks(from, to time.Time, zone *time.Location, step int) []tick {
	const quarter = 15 * time.Minute // the finest offset of any zone
	var all []tick
	_, before := from.In(zone).Zone()
	for t := from.Truncate(quarter); !t.After(to); t = t.Add(quarter) {
		local := t.In(zone)
		_, offset := local.Zone()
		set := offset - before
		before = offset
		if t.Before(from) {
			continue
		}
		switch {
		case set != 0:
			all = append(all, tick{local, fmt.Sprintf("%+g h", time.Duration(set*int(time.Second)).Hours())})
		case local.Minute() == 0 && local.Hour()%step == 0:
			all = append(all, tick{at: local})
		}
	}
	return all
}

// stepOf returns every how many hours to write a time, so that they do not crowd.
func stepOf(hours, most float64) int {
	for _, step := range []int{1, 2, 3, 4, 6} {
		if hours/float64(step) <= most {
			return step
		}
	}
	return 12
}

// niceTicks returns round numbers from low to high, about as many as asked for. They are
// multiples of 1, 2, 2.5 or 5 times a power of ten, or of an hour for minutes.
func niceTicks(low, high float64, count int, minutes bool) []float64 {
	if high <= low {
		high = low + 1
	}
	step := (high - low) / float64(count)
	if minutes {
		step = niceMinutes(step)
	} else {
		unit := math.Pow(10, math.Floor(math.Log10(step)))
		for _, times := range []float64{1, 2, 2.5, 5, 10} {
			if times*unit >= step {
				step = times * unit
				break
			}
		}
	}
	var all []float64
	for v := math.Ceil(low/step) * step; v <= high+step/1e6; v += step {
		all = append(all, v)
	}
	return all
}

func niceMinutes(step float64) float64 {
	for _, nice := range []float64{5, 10, 15, 30, 60, 120, 180, 240, 360} {
		if nice >= step {
			return nice
		}
	}
	return minutesPerDay / 2
}
