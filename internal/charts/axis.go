package charts

import "math"

// axis maps values to a line of the page.
type axis struct {
	low, high float64 // values
	from, to  float64 // of the page
	unit      Unit
}

// newAxis spans the values with some room, and at least a range that is worth looking at.
func newAxis(values []float64, unit Unit, from, to float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if high < low {
		low, high = 0, 1
	}
	least := 10.0
	if unit.timed() {
		least = minutesPerHour
	}
	if short := least - (high - low); short > 0 {
		low, high = low-short/2, high+short/2
	}
	room := (high - low) * 0.06
	a := axis{low - room, high + room, from, to, unit}
	if unit == UnitPercent {
		a.high = min(a.high, 100)
	}
	if unit != UnitClock {
		a.low = max(a.low, 0)
	}
	return a
}

func (a axis) at(v float64) float64 {
	share := (v - a.low) / (a.high - a.low)
	return a.from + (a.to-a.from)*min(1, max(0, share))
}

func (a axis) ticks(count int) []float64 {
	return niceTicks(a.low, a.high, count, a.unit.timed())
}
