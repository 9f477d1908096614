package analytics_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// coursesOf follows nights as an answer about months of thirty days does.
func coursesOf(nights []analytics.Night) ([]analytics.Course, []analytics.RangeChange) {
	var months [][]analytics.Night
	for _, n := range nights {
		for month := n.Date.DaysSince(firstDate) / 30; len(months) <= month; {
			months = append(months, nil)
		}
		months[len(months)-1] = append(months[len(months)-1], n)
	}
	ranges := make([]analytics.Ranges, len(months)-1)
	for i := range ranges {
		ranges[i] = analytics.Ranges{Earlier: months[i], Later: months[i+1]}
	}
	return analytics.Courses(nights, analytics.CourseMetrics(), ranges, 10)
}

// tellsAChange reports whether an answer about months says that anything changed.
func tellsAChange(nights []analytics.Night) bool {
	courses, changes := coursesOf(nights)
	return slices.ContainsFunc(courses, func(c analytics.Course) bool {
		return c.Shape != "" || c.Why == analytics.NotLasting
	}) || slices.ContainsFunc(changes, func(c analytics.RangeChange) bool { return c.Verdict.Differs() })
}

// alike draws a person whose nights are in everything like the one before, but for noise.
func alike(r *rand.Rand, spread, correlation, noise float64) person {
	p := anybody(r, spread)
	p.alike, p.periodAlike, p.unevenAlike, p.noise = correlation, correlation, correlation, noise
	return p
}

// A likeness is the correlation of neighbouring nights but for noise, and the share of that in
// the variance.
type likeness struct{ correlation, noise float64 }

// wandering are those that noise hides from who compares neighbouring nights.
var wandering = []likeness{{0.7, 0.5}, {0.9, 0.3}, {0.9, 0.5}, {0.9, 0.7}}

// monthsOf returns the recorded nights of so many times thirty days.
func (p person) monthsOf(r *rand.Rand, months int, change func(i int, d *draw)) []analytics.Night {
	draws := p.draws(r, 30*months)
	for i := range draws {
		change(i, &draws[i])
	}
	return slices.DeleteFunc(made(draws), func(analytics.Night) bool { return r.Float64() > p.recorded })
}

// monthAlarms is how often something is said of months in which nothing changed.
func monthAlarms(people, months int, spread, correlation, noise float64) (said rate) {
	r := seeded(41)
	for range people {
		p := alike(r, spread, correlation, noise)
		said.count(tellsAChange(p.monthsOf(r, months, func(int, *draw) {})))
	}
	return said
}

// monthPower is how often it is told that people sleep less, when they do.
func monthPower(people, months int, spread float64, nights likeness, change func(i int, d *draw), told func(nights []analytics.Night) bool) (found rate) {
	r := seeded(43)
	for range people {
		p := alike(r, spread, nights.correlation, nights.noise)
		found.count(told(p.monthsOf(r, months, change)))
	}
	return found
}

// falls reports whether time asleep is said to fall, little by little or in a step.
func falls(nights []analytics.Night) bool {
	courses, _ := coursesOf(nights)
	return courses[0].Direction == analytics.Falling
}

// lessForAWhile reports whether time asleep is said to have changed and changed back, or to be
// less in any month than in the one before.
func lessForAWhile(nights []analytics.Night) bool {
	courses, changes := coursesOf(nights)
	return courses[0].Why == analytics.NotLasting ||
		slices.ContainsFunc(changes, func(c analytics.RangeChange) bool { return c.Verdict == analytics.Lower })
}

func drift(aMonth float64) func(i int, d *draw) {
	return func(i int, d *draw) { d.period -= aMonth * float64(i) / 30 }
}

func step(by float64, at int) func(i int, d *draw) {
	return func(i int, d *draw) { d.period -= by * float64(min(i/at, 1)) }
}

// forAWhile is a step in the third of six months that ends with the fourth.
func forAWhile(by float64) func(i int, d *draw) {
	return func(i int, d *draw) { d.period -= by * float64(i/60%2) }
}

// A short version of BenchmarkMonthAlarms, of the people who are hardest but one: of those who
// wander at 0.9 under 30 % noise a few more are told of a change.
func TestMonthAlarms(t *testing.T) {
	t.Parallel()
	for _, nights := range []likeness{{0.7, 0}, {0.9, 0.5}} {
		said := monthAlarms(200, 3, 70, nights.correlation, nights.noise)
		t.Logf("%v: %.1f %%", nights, said.percent())
		said.oneInTwenty(t)
	}
	half := monthPower(60, 6, 50, likeness{0.3, 0}, step(60, 90), falls)
	assert.Greater(t, half.percent(), 40.0)
}

// The share of made-up people without a change of whom an answer about months says that
// anything changed: a trend, a step, or another month. By the correlation of neighbouring
// nights and the share of noise, and for 2, 3 and 6 months by the spread of time asleep.
func BenchmarkMonthAlarms(b *testing.B) {
	for b.Loop() {
		for _, nights := range append([]likeness{{0, 0}, {0.3, 0}, {0.5, 0}, {0.7, 0}, {0.8, 0}, {0.9, 0}}, wandering...) {
			row := fmt.Sprintf("| %.2g | %.0f %% |", nights.correlation, 100*nights.noise)
			for _, months := range []int{2, 3, 6} {
				for _, spread := range []float64{35, 70, 95} {
					said := monthAlarms(*people, months, spread, nights.correlation, nights.noise)
					row += fmt.Sprintf(" %.1f |", said.percent())
				}
			}
			b.Log(row)
		}
	}
}

// How often a change of time asleep is found, in 3 and in 6 months: of 10, 20 and 30 minutes
// more each month, and of 30, 60 and 90 minutes in the middle.
func BenchmarkMonthPower(b *testing.B) {
	for b.Loop() {
		for _, spread := range []float64{35, 70} {
			for _, correlation := range []float64{0, 0.3, 0.6} {
				row := fmt.Sprintf("| %.0f min | %.1f |", spread, correlation)
				for _, months := range []int{3, 6} {
					half := 15 * months
					for _, change := range []func(int, *draw){drift(10), drift(20), drift(30), step(30, half), step(60, half), step(90, half)} {
						found := monthPower(*people, months, spread, likeness{correlation, 0}, change, falls)
						row += fmt.Sprintf(" %.0f |", found.percent())
					}
				}
				b.Log(row)
			}
		}
	}
}

// The same of nights that were recorded, in random order, and in the order they came, from
// any of them on.
func TestMonthAlarmsOnRecordedNights(t *testing.T) {
	t.Parallel()
	recordings := recordedNights(t)
	r := seeded(42)
	var mixed, own rate
	nightsOf := func(order func(i int) int) (nights []analytics.Night) {
		for i := range recordings {
			if r.Float64() < 0.9 {
				nights = append(nights, recordings[order(i)].night(firstMonday.AddDate(0, 0, i)))
			}
		}
		return nights
	}
	for range *people {
		order := r.Perm(len(recordings))
		mixed.count(tellsAChange(nightsOf(func(i int) int { return order[i] })))
	}
	for from := range recordings {
		own.count(tellsAChange(nightsOf(func(i int) int { return (from + i) % len(recordings) })))
	}
	t.Logf("in random order %.1f %%, in their own %.1f %%", mixed.percent(), own.percent())
	mixed.oneInTwenty(t)
}
