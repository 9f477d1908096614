package charts

import (
	"fmt"
	"math"
	"strconv"
)

// Unit is what the values of a measure are in.
type Unit string

// The units.
const (
	UnitMinutes Unit = "minutes" // a duration
	UnitClock   Unit = "clock"   // minutes after a midnight; negative before it
	UnitPercent Unit = "percent"
	UnitPoints  Unit = "points"
)

// text writes a value with its unit.
func (u Unit) text(v float64) string {
	switch u {
	case UnitMinutes:
		return hoursText(v)
	case UnitClock:
		return clockText(v)
	case UnitPercent:
		return fmt.Sprintf("%.0f %%", v)
	case UnitPoints:
	}
	return fmt.Sprintf("%.0f", v)
}

// tick writes a value of an axis.
func (u Unit) tick(v float64) string {
	switch u {
	case UnitMinutes:
		switch {
		case v < 2*minutesPerHour:
			return fmt.Sprintf("%.0f min", v)
		case math.Mod(v, minutesPerHour) != 0:
			return hoursText(v)
		}
		return strconv.FormatFloat(v/minutesPerHour, 'f', -1, 64) + " h"
	case UnitClock:
		return clockText(v)
	case UnitPercent:
		return strconv.FormatFloat(v, 'f', -1, 64) + " %"
	case UnitPoints:
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// difference writes a difference with its sign and unit.
func (u Unit) difference(v float64) string {
	if u == UnitPoints {
		return u.signed(v)
	}
	return u.signed(v) + " " + u.differs()
}

// signed writes a difference with its sign: a small one in tenths, so that it is not told as 0.
func (u Unit) signed(v float64) string {
	if u.timed() && math.Abs(v) >= 0.5 {
		return fmt.Sprintf("%+.0f", math.Round(v))
	}
	if math.Abs(v) < 0.05 {
		return "0"
	}
	return fmt.Sprintf("%+.1f", v)
}

// differs is the unit of differences.
func (u Unit) differs() string {
	if u.timed() {
		return "min"
	}
	return "points"
}

// timed reports whether an axis counts in hours.
func (u Unit) timed() bool { return u == UnitMinutes || u == UnitClock }
