package analytics

import (
	"cmp"
	"math"
	"slices"

	"cloud.google.com/go/civil"
)

// A pool is the nights of two sides in order of time.
type pool struct {
	sides  [2][]Night
	nights []pooled
	source string    // of the stages that are compared
	side   []float64 // values of one side, while they are described
}

type pooled struct {
	*Night
	side int
	day  int // the date as a number
}

var dayZero = civil.Date{Year: 1970, Month: 1, Day: 1}

func poolOf(first, second []Night) pool {
	p := pool{sides: [2][]Night{first, second}, nights: make([]pooled, 0, len(first)+len(second))}
	for side, nights := range p.sides {
		for i := range nights {
			p.nights = append(p.nights, pooled{&nights[i], side, nights[i].Date.DaysSince(dayZero)})
		}
	}
	slices.SortStableFunc(p.nights, func(a, b pooled) int {
		return cmp.Or(cmp.Compare(a.day, b.day), a.Onset().Compare(b.Onset()))
	})
	p.source, p.side = StageSource(second), make([]float64, 0, max(len(first), len(second)))
	return p
}

// A column is a metric's value of each night of a pool, NaN where it was not measured.
type column struct {
	*pool
	metric Metric
	values []float64
}

// column writes a column into values, one for each night.
func (p *pool) column(m Metric, values []float64) column {
	c := column{p, m, values}
	if m.Name == MetricRegularity {
		c.regularity()
		return c
	}
	for i, n := range p.nights {
		v, ok := m.of(n.Night)
		if !ok || m.Stage && n.Source() != p.source {
			v = math.NaN()
		}
		c.values[i] = v
	}
	return c
}

// regularity gives each date's value to its first night on that side.
func (c *column) regularity() {
	for i := range c.values {
		c.values[i] = math.NaN()
	}
	for side, nights := range c.sides {
		days := wholeDays(nights)
		for i, n := range c.nights {
			if n.side != side {
				continue
			}
			for len(days) > 0 && !n.Date.Before(days[0].Date) { // of two values of a date the second
				if days[0].Date == n.Date {
					c.values[i] = days[0].Index
				}
				days = days[1:]
			}
		}
	}
}

// sample describes the values of one side.
func (c *column) sample(side int) Sample {
	c.side = c.side[:0]
	for i, v := range c.values {
		if c.nights[i].side == side && !math.IsNaN(v) {
			c.side = append(c.side, v)
		}
	}
	return c.metric.sample(c.side)
}

// change is the difference between the sides, not yet judged.
func (c *column) change(least1, least2 int) Change {
	m, least := c.metric, 2
	if m.Stage {
		least = leastStage
	}
	change := Change{Metric: m, First: c.sample(0), Second: c.sample(1), Verdict: TooFewNights}
	switch {
	case change.First.N < max(least, least1), change.Second.N < max(least, least2):
		change.Missing = tooFew(min(change.First.N, change.Second.N)).Missing
	case change.First.Mean == nil, change.Second.Mean == nil:
		change.Missing = Scattered
	default:
		change.Difference = new(m.difference(*change.Second.Mean, *change.First.Mean))
	}
	return change
}

// deviations turns the column into its deviations from a center.
func (c *column) deviations(center float64) []float64 {
	for i, v := range c.values {
		if !math.IsNaN(v) { // on a circle, NaN would be midnight
			c.values[i] = c.metric.difference(v, center)
		}
	}
	return c.values
}

// standardError is that of the difference of two means, of samples with a common variance.
func (c *column) standardError(first, second Sample) float64 {
	n1, n2 := float64(first.N), float64(second.N)
	variance := ((n1-1)**first.SD**first.SD + (n2-1)**second.SD**second.SD) / (n1 + n2 - 2)
	lag := c.correlation([2]float64{*first.Mean, *second.Mean})
	inflation := variances(lag, min(first.N, second.N))
	if c.metric.Name == MetricRegularity {
		inflation = max(inflation, neighbours*neighbours)
	}
	return math.Sqrt(variance * (1/n1 + 1/n2) * inflation)
}

// correlation is that of nights with those of the date before, on the same side, raised so
// that it is seldom too small.
func (c *column) correlation(means [2]float64) float64 {
	products, squares, pairs, n := 0.0, 0.0, 0, 0
	before, last := 0.0, pooled{side: -1}
	for i, v := range c.values {
		if math.IsNaN(v) {
			continue
		}
		night := c.nights[i]
		d := c.metric.difference(v, means[night.side])
		squares, n = squares+d*d, n+1
		if last.side == night.side && night.day == last.day+1 {
			products, pairs = products+before*d, pairs+1
		}
		before, last = d, night
	}
	if pairs < leastPairs || squares == 0 {
		return 0
	}
	lag := products / float64(pairs) / (squares / float64(n))
	return lag + (lostBySides+lostByAlike*max(0, lag))/float64(n)
}

const (
	leastPairs      = 7
	mostCorrelation = 0.9

	// By how much a correlation r of n values is raised: (lostBySides + lostByAlike r) / n. The
	// means of the sides take away about (2 + 6 r) / n; the rest makes up for the error of the
	// estimate. Set by TestFalseAlarms, whose people are alike by 0.05 to 0.8.
	lostBySides = 3
	lostByAlike = 14
)

// variances is by how much the variance of a mean of n values in a row exceeds that of as
// many independent ones, where each correlates with the one before.
//
// Source: the variance of a mean of an autoregressive process of order one; Wilks,
// Statistical Methods in the Atmospheric Sciences (2011), 5.2.4.
func variances(correlation float64, n int) float64 {
	correlation = min(max(correlation, 0), mostCorrelation)
	sum, power := 1.0, 1.0
	for lag := 1; lag < n; lag++ {
		power *= correlation
		sum += 2 * (1 - float64(lag)/float64(n)) * power
	}
	return sum
}

// standardError is that of the mean.
func (s Sample) standardError() float64 { return *s.SD / math.Sqrt(float64(s.N)) }
