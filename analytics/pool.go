package analytics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// A pool is the nights of two sides in order of time. The zero value has none; it can be used again.
type pool struct {
	sides  [2][]Night
	nights []pooled
	source string    // of the stages that are compared
	side   []float64 // values of one side, while they are described

	// The values there are, their sides and days, while they are compared.
	known, with []float64
	days        []int
}

type pooled struct {
	*Night
	side int
	day  int // [dayNumber]
}

// dayNumber counts days: those of two dates differ by the days between them.
func dayNumber(d civil.Date) int { return int(d.In(time.UTC).Unix() / (24 * 3600)) }

// of takes the nights of two sides.
func (p *pool) of(first, second []Night) {
	p.sides, p.source = [2][]Night{first, second}, StageSource(second)
	p.nights = slices.Grow(p.nights[:0], len(first)+len(second))
	for side, nights := range p.sides {
		for i := range nights {
			p.nights = append(p.nights, pooled{&nights[i], side, dayNumber(nights[i].Date)})
		}
	}
	slices.SortStableFunc(p.nights, func(a, b pooled) int {
		return cmp.Or(cmp.Compare(a.day, b.day), a.Onset().Compare(b.Onset()))
	})
	p.side = slices.Grow(p.side[:0], max(len(first), len(second)))
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

// alongside is by how much a column of deviations is higher on the second side.
func (c *column) alongside(l *likeness, x *regressor) alongside {
	n := len(c.values)
	values, with, days := slices.Grow(c.known[:0], n), slices.Grow(c.with[:0], n), slices.Grow(c.days[:0], n)
	for i, v := range c.values {
		if night := c.nights[i]; !math.IsNaN(v) {
			values, with, days = append(values, v), append(with, float64(night.side)), append(days, night.day)
		}
	}
	part := mean(with)
	for i := range with {
		with[i] -= part
	}
	a := l.alongside(values, x.of(l, with, days))
	c.known, c.with, c.days = values, with, days
	if c.metric.Name == MetricRegularity {
		for k, variance := range a.variances {
			a.variances[k] = max(variance, neighbours*neighbours)
		}
	}
	return a
}

// standardError is that of the mean.
func (s Sample) standardError() float64 { return *s.SD / math.Sqrt(float64(s.N)) }
