package analytics

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A model is a column and its group, with what belongs to anything else taken away.
type model struct {
	night          []int // of each value, among all nights
	y, l           []float64
	squares, whole float64 // of l and of y
	free           float64 // degrees of freedom of the residuals
	scale          float64 // see finish
	difference, se float64
	sides          *sides // not nil: each group is one stretch
}

// sides are two stretches, the first of n values, with what is needed to see how they drift.
type sides struct {
	n     int
	later float64        // +1 where the second stretch is the group, else -1
	waves [2][][]float64 // half waves over each
}

const (
	sideWaves = 2 // half waves over a stretch that show how it drifts: each is one degree of freedom

	// slower is by how much the variance is raised for drifts that are slower than a stretch,
	// of which it shows only a part.
	slower = 2
)

func sidesOf(group []float64) *sides {
	n := slices.IndexFunc(group, func(g float64) bool { return g != group[0] })
	s := &sides{n: n, later: 1 - 2*group[0]}
	for i, length := range []int{n, len(group) - n} {
		for j := range sideWaves {
			wave := make([]float64, length)
			for at := range wave {
				wave[at] = math.Sqrt(2/float64(length)) * math.Cos(math.Pi*float64(j+1)*(float64(at)+0.5)/float64(length))
			}
			s.waves[i] = append(s.waves[i], wave)
		}
	}
	return s
}

// difference returns that of the means of two stretches, and its standard error from how far
// each drifts within itself: the long-run variance.
//
// Source: E. Lazarus et al., HAR inference, Journal of Business & Economic Statistics 36 (2018),
// the equal-weighted cosine estimator.
func (s *sides) difference(values []float64) (difference, se float64) {
	variance := 0.0
	var means [2]float64
	for i, side := range [][]float64{values[:s.n], values[s.n:]} {
		means[i] = mean(side)
		long := 0.0
		for _, wave := range s.waves[i] {
			along := dot(wave, side)
			long += along * along / sideWaves
		}
		variance += long / float64(len(side))
	}
	return s.later * (means[1] - means[0]), math.Sqrt(slower * variance)
}

// finish estimates the difference. Residuals are a little less spread than the noise they stand
// for, by the number of terms that were taken away; dealt, they are drawn out by as much.
func (m *model) finish(terms int) {
	n := float64(len(m.y))
	m.squares, m.whole, m.free, m.scale = dot(m.l, m.l), dot(m.y, m.y), n-float64(terms)-1, n/max(1, n-float64(terms))
	if m.squares < roundingError || m.free < 1 {
		m.se = math.Inf(1)
		return
	}
	product := dot(m.l, m.y)
	m.difference = product / m.squares
	m.se = math.Sqrt(max(0, m.whole-product*product/m.squares) / m.free / m.squares)
}

// t returns the absolute t of the nights in another order, for a model of some of them: place
// is where each is among its values, -1 where it has none.
func (m *model) t(order, place []int) float64 {
	if m.sides != nil {
		dealt := make([]float64, 0, len(m.y))
		for _, night := range order {
			if i := place[night]; i >= 0 {
				dealt = append(dealt, m.y[i])
			}
		}
		difference, se := m.sides.difference(dealt)
		if se == 0 {
			return 0
		}
		return math.Sqrt(slower) * math.Abs(difference) / se // chance deals know no drift
	}
	product, at := 0.0, 0
	for _, night := range order {
		if i := place[night]; i >= 0 {
			product += m.l[at] * m.y[i]
			at++
		}
	}
	return m.absoluteT(product)
}

// absoluteT is that of the product of l and the values in another order.
func (m *model) absoluteT(product float64) float64 {
	between := m.scale * product * product / m.squares
	if between >= m.whole || m.whole == 0 || m.squares < roundingError {
		return 0
	}
	return math.Sqrt(m.free * between / (m.whole - between))
}

// abreast are models of every night whose products are added up at once, [atOnce] at most:
// what takes time is to look for the nights of an order.
type abreast struct {
	models []*model
	l, y   [][atOnce]float64 // of each night, by model
}

func newAbreast(models []*model) abreast {
	a := abreast{models, make([][atOnce]float64, len(models[0].y)), make([][atOnce]float64, len(models[0].y))}
	for i, m := range models {
		for night := range a.y {
			a.l[night][i], a.y[night][i] = m.l[night], m.y[night]
		}
	}
	return a
}

// t returns the largest absolute t of the nights in another order.
func (a *abreast) t(order []int) (largest float64) {
	var products [atOnce]float64
	for i, night := range order {
		l, y := &a.l[i], &a.y[night]
		products[0] += l[0] * y[0]
		products[1] += l[1] * y[1]
		products[2] += l[2] * y[2]
		products[3] += l[3] * y[3]
	}
	for i, m := range a.models {
		largest = max(largest, m.absoluteT(products[i]))
	}
	return largest
}

// dealing is all columns of one comparison, whose nights are dealt together.
type dealing struct {
	models []*model
	judged []*Contrast // of each model
	nights int
	block  int // nights that stay together
}

func (d *dealing) add(m *model, r *Contrast) {
	d.models, d.judged = append(d.models, m), append(d.judged, r)
}

// judge gives every contrast its verdict.
func (d *dealing) judge() {
	if len(d.models) == 0 {
		return
	}
	critical := d.critical(dealtRisk * FalseAlarmsOfGroups)
	for i, r := range d.judged {
		r.judge(d.models[i], critical)
	}
}

const (
	groupDeals = 999 // beside the one that happened

	// No answer is random: the same nights are always dealt in the same way.
	groupSeed1, groupSeed2 = 0x6E69676874730001, 0x9E3779B97F4A7C15
)

// critical returns the t that the largest of all columns exceeds in a share risk of the deals.
func (d *dealing) critical(risk float64) float64 {
	r := rand.New(rand.NewPCG(groupSeed1, groupSeed2)) //nolint:gosec // nothing secret
	var whole, others []*model
	for _, m := range d.models {
		if m.sides == nil && len(m.y) == d.nights {
			whole = append(whole, m)
		} else {
			others = append(others, m)
		}
	}
	var together []abreast
	for models := range slices.Chunk(whole, atOnce) {
		together = append(together, newAbreast(models))
	}
	places := make([][]int, len(others))
	for i, m := range others {
		places[i] = slices.Repeat([]int{-1}, d.nights)
		for at, night := range m.night {
			places[i][night] = at
		}
	}
	largest := make([]float64, groupDeals)
	blocks, order := make([]int, (d.nights+d.block-1)/d.block), make([]int, 0, d.nights)
	for deal := range largest {
		order = d.order(order[:0], blocks, r)
		for i := range together {
			largest[deal] = max(largest[deal], together[i].t(order))
		}
		for i, m := range others {
			largest[deal] = max(largest[deal], m.t(order, places[i]))
		}
	}
	slices.Sort(largest)
	return largest[groupDeals-int(risk*(groupDeals+1))]
}

// order shuffles the nights, or blocks of them that begin anywhere on the circle of all.
func (d *dealing) order(order, blocks []int, r *rand.Rand) []int {
	begin := 0
	if d.block > 1 {
		begin = r.IntN(d.nights)
	}
	for i := range blocks {
		blocks[i] = i
	}
	r.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	if d.block == 1 {
		return append(order, blocks...)
	}
	for _, b := range blocks {
		for i := b * d.block; i < min((b+1)*d.block, d.nights); i++ {
			order = append(order, (begin+i)%d.nights)
		}
	}
	return order
}

// orthonormal returns an orthonormal basis of what columns span.
//
// Source: modified Gram-Schmidt, and again where cancellation has cost digits; J. W. Daniel,
// W. B. Gragg, L. Kaufman and G. W. Stewart, Mathematics of Computation 30 (1976).
func orthonormal(columns [][]float64) [][]float64 {
	basis := make([][]float64, 0, len(columns))
	for _, column := range columns {
		v := slices.Clone(column)
		before := dot(v, v)
		remove(v, basis)
		after := dot(v, v)
		if 2*after < before {
			remove(v, basis)
			after = dot(v, v)
		}
		if after <= 1e-9*before || after == 0 {
			continue // the others span it already
		}
		for i := range v {
			v[i] /= math.Sqrt(after)
		}
		basis = append(basis, v)
	}
	return basis
}

// remove takes away from v its part in the span of an orthonormal basis.
func remove(v []float64, basis [][]float64) {
	for _, b := range basis {
		part := dot(v, b)
		b = b[:len(v)]
		for i := range v {
			v[i] -= part * b[i]
		}
	}
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var sums [4]float64 // that need not wait for each other
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		sums[0] += a[0] * b[0]
		sums[1] += a[1] * b[1]
		sums[2] += a[2] * b[2]
		sums[3] += a[3] * b[3]
	}
	for i := range a {
		sums[0] += a[i] * b[i]
	}
	return sums[0] + sums[1] + sums[2] + sums[3]
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }
