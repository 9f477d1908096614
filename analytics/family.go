package analytics

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// A family is the metrics that one answer compares. Nothing but chance differs between
// two sides when the nights could as well have been dealt to them in any other way: so
// they are dealt again many times, and a difference counts when its t is larger than that
// of nearly all other deals, each represented by the largest t of any metric.
//
// Source: P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993), the
// single-step maxT procedure.
type family struct {
	metrics []member
	part    int      // nights on the smaller side
	missing []uint64 // of each night: bits of the metrics that were not measured
}

// A member is a metric's values of all nights as deviations from their mean, in units in
// which their squares add up to 1; 0 where it was not measured.
type member struct {
	primary bool
	values  []float64
	n       float64 // values that were measured
}

const (
	deals = 399 // beside the one that happened: the parts of FalseAlarms are whole numbers of them

	// No answer is random: the same nights are always dealt in the same way.
	dealSeed1, dealSeed2 = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03

	// primaryPart is the part of the false alarms that the primary metrics may cause.
	primaryPart = 0.75
)

func newFamily(first, second int) *family {
	return &family{part: min(first, second), missing: make([]uint64, first+second)}
}

// add takes a metric's deviations from any center, NaN where it was not measured.
func (f *family) add(primary bool, deviations []float64) {
	m := member{primary: primary, values: deviations}
	sum, squares := 0.0, 0.0
	for _, d := range deviations {
		if !math.IsNaN(d) {
			sum, m.n = sum+d, m.n+1
		}
	}
	for i, d := range deviations {
		if deviations[i] = d - sum/m.n; math.IsNaN(d) {
			deviations[i] = 0
			f.missing[i] |= 1 << len(f.metrics)
		}
		squares += deviations[i] * deviations[i]
	}
	if squares > 0 { // a constant never differs
		for i := range deviations {
			deviations[i] /= math.Sqrt(squares)
		}
	}
	f.metrics = append(f.metrics, m)
}

// critical returns the t that the primary metrics and the others must exceed, so that any
// of them does by chance in no more than a share risk of all deals.
func (f *family) critical(risk float64) (primary, other float64) {
	both := [2]float64{}
	for _, m := range f.metrics {
		both[oneIf(!m.primary)] = 1
	}
	if both[0]+both[1] == 2 {
		both = [2]float64{primaryPart, 1 - primaryPart}
	}
	largest := f.deal()
	for i, part := range both {
		above := int(risk*part*(deals+1) + roundingError)
		both[i] = math.Inf(1)
		if above > 0 {
			both[i] = math.Sqrt(nth(largest[i], deals-above))
		}
	}
	return both[0], both[1]
}

// deal returns the largest squared t of the primary metrics and of the others for each deal.
func (f *family) deal() (largest [2][]float64) {
	largest = [2][]float64{make([]float64, deals), make([]float64, deals)}
	r := rand.New(rand.NewPCG(dealSeed1, dealSeed2)) //nolint:gosec // nothing secret
	nights, width := len(f.missing), len(f.metrics)
	order, rows := make([]int, nights), make([]float64, nights*width)
	for i := range order {
		order[i] = i
		for at, m := range f.metrics {
			rows[i*width+at] = m.values[i]
		}
	}
	sums, lacking := make([]float64, width), make([]float64, width)
	for deal := range deals {
		clear(sums)
		clear(lacking)
		for i := range f.part {
			j := i + r.IntN(nights-i)
			order[i], order[j] = order[j], order[i]
			night := order[i]
			for m, v := range rows[night*width : (night+1)*width] {
				sums[m] += v
			}
			for missing := f.missing[night]; missing != 0; missing &= missing - 1 {
				lacking[bits.TrailingZeros64(missing)]++
			}
		}
		for i, m := range f.metrics {
			group := largest[oneIf(!m.primary)]
			group[deal] = max(group[deal], tSquared(sums[i], float64(f.part)-lacking[i], m.n))
		}
	}
	return largest
}

// tSquared is the square of Student's t of two samples with a common variance: of a part of
// n values with a sum, and of the others. All of them add up to 0 and their squares to 1.
func tSquared(sum, part, n float64) float64 {
	rest := n - part
	if part < 1 || rest < 1 || n < 3 {
		return 0
	}
	between := sum * sum * n / (part * rest)
	if between > 1-roundingError {
		return math.Inf(1)
	}
	return (n - 2) * between / (1 - between)
}
