package analytics

import (
	"math"
	"math/bits"
	"slices"
)

// A family is the metrics that one answer compares. Nothing but chance differs between
// two sides when the nights could as well have been dealt to them in any other way: so
// they are dealt again many times, and a difference counts when its t is larger than that
// of nearly all other deals, each represented by the largest t of any metric.
//
// [dealing] deals the residuals of a model instead. Without terms its model would be this one,
// but a group from which weekdays and drift are taken away is a number for each night and no
// longer a bit, so that each deal is a shuffle and a product for each night. The sets of bits
// here, added up four nights at a time, are what lets every report have verdicts.
//
// Source: P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993), the
// single-step maxT procedure.
type family struct {
	metrics []member
	nights  int
	part    int // of them, those on the smaller side
}

// A member is a metric's values of all nights as deviations from their mean, in units in
// which their squares add up to 1; 0 where it was not measured.
type member struct {
	group   int // 0 for a primary metric, 1 for another
	values  []float64
	n       int      // of them, those that were measured
	missing []uint64 // bits of the nights that have none; nil: every night has one
}

// primaryPart is the part of the false alarms that the primary metrics may cause.
const primaryPart = 0.75

func newFamily(first, second int) *family {
	return &family{nights: first + second, part: min(first, second)}
}

// add takes a metric's deviations from any center, NaN where it was not measured.
func (f *family) add(primary bool, deviations []float64) {
	m := member{group: oneIf(!primary), values: deviations}
	sum, squares := 0.0, 0.0
	for _, d := range deviations {
		if !math.IsNaN(d) {
			sum, m.n = sum+d, m.n+1
		}
	}
	for i, d := range deviations {
		if deviations[i] = d - sum/float64(m.n); math.IsNaN(d) {
			deviations[i] = 0
			if m.missing == nil {
				m.missing = make([]uint64, wordsOf(f.nights))
			}
			m.missing[i/wordNights] |= 1 << (i % wordNights)
		}
		squares += deviations[i] * deviations[i]
	}
	length := math.Sqrt(squares)
	if length <= roundingError { // a constant never differs, whatever arithmetic made of it
		length = math.Inf(1)
	}
	for i := range deviations {
		deviations[i] /= length
	}
	f.metrics = append(f.metrics, m)
}

// critical returns the t that the primary metrics and the others must exceed, so that any
// of them does by chance in no more than a share risk of all deals.
func (f *family) critical(risk float64) (primary, other float64) {
	both := [2]float64{}
	for _, m := range f.metrics {
		both[m.group] = 1
	}
	if both[0]+both[1] == 2 {
		both = [2]float64{primaryPart, 1 - primaryPart}
	}
	var largest [2][deals]float64
	f.deal(&largest)
	for i, part := range both {
		above := int(risk*part*(deals+1) + roundingError)
		both[i] = math.Inf(1)
		if above > 0 {
			both[i] = math.Sqrt(nth(largest[i][:], deals-above))
		}
	}
	return both[0], both[1]
}

// deal finds the largest squared t of the primary metrics and of the others for each deal.
func (f *family) deal(largest *[2][deals]float64) {
	d := dealOf(f.nights, f.part)
	var sums sideSums
	for metrics := range slices.Chunk(f.metrics, atOnce) {
		var lists [atOnce][]float64
		for i := range metrics {
			lists[i] = metrics[i].values
		}
		sums.add(lists[:], d)
		for i := range metrics {
			metrics[i].raise(largest[metrics[i].group][:], sums.of[i][:], d)
		}
	}
}

// raise raises the largest squared t of each deal to that of the metric, whose values on one
// side add up to sums: t is Student's, of two samples with a common variance.
func (m *member) raise(largest, sums []float64, d dealt) {
	units, free := m.units(d.part), float64(m.n-2)
	unit := units[0]
	for deal, sum := range sums {
		if m.missing != nil {
			unit = units[inBoth(m.missing, d.side(deal))]
		}
		between := sum * sum * unit // the share of the variance
		if within := 1 - between; free*between > largest[deal]*within {
			if largest[deal] = math.Inf(1); within > roundingError {
				largest[deal] = free * between / within
			}
		}
	}
}

// units are what a squared sum of one side is multiplied by to become its share of the variance,
// by how many nights of the side have no value: the values add up to 0 and their squares to 1.
func (m *member) units(part int) []float64 {
	units := make([]float64, min(len(m.values)-m.n, part)+1)
	for missing := range units {
		if one := part - missing; one > 0 && one < m.n {
			units[missing] = float64(m.n) / float64(one*(m.n-one))
		}
	}
	return units
}

// inBoth counts the nights in both of two sets.
func inBoth(a, b []uint64) (n int) {
	for word, nights := range a {
		n += bits.OnesCount64(nights & b[word])
	}
	return n
}
