package analytics

import (
	"math"
	"math/rand/v2"
	"slices"

	"cloud.google.com/go/civil"
)

// A Trial is a plan of nights, in pairs of weeks, that says on which nights to make a
// change. Each day of the week has the change in one week of a pair and not in the
// other, and each week has it on three or four nights. The 70 ways to do so are equally
// likely, and pairs of weeks are drawn independently. Days of the week are therefore
// balanced exactly, and slow drifts nearly.
type Trial struct {
	First  civil.Date // night date of the first night
	Change []bool     // for each night from First on, whether to make the change
}

const (
	daysOfPair  = 14
	trialDraws  = 1999 // plans that are drawn again, beside the one that happened
	trialRisk   = 0.05
	widestTrial = 60.0 // standard errors from the estimate at which the search for a bound ends
)

// PlanTrial draws a plan of the given number of pairs of weeks. The same seed gives the
// same plan.
func PlanTrial(first civil.Date, pairs int, seed uint64) Trial {
	return Trial{first, drawPlan(make([]bool, pairs*daysOfPair), rand.New(rand.NewPCG(seed, groupSeed2)))} //nolint:gosec // nothing secret
}

// drawPlan draws a plan into plan.
func drawPlan(plan []bool, r *rand.Rand) []bool {
	for pair := 0; pair < len(plan); pair += daysOfPair {
		inFirst := 3 + r.IntN(2)
		for i, day := range r.Perm(daysOfWeek) {
			plan[pair+day], plan[pair+daysOfWeek+day] = i < inFirst, i >= inFirst
		}
	}
	return plan
}

// A TrialEffect is what a change did to one measurement. Effects and means are in the
// unit of its [Column].
type TrialEffect struct {
	Name           string
	Changed, Usual Sample   // nights with and without the change, as planned
	Verdict        Verdict  // with [TooFewNights], nothing below but Missing is set
	Missing        Reason   // why there is no estimate; "" if there is one
	PValue         float64  // two-sided, 0 to 1
	ByPlan         Interval // effect of having the change in the plan
	ByDoing        Interval // effect of making the change
	Detectable     *float64 // smallest effect that would be found with a power of 80 %
}

// An Interval is an estimate with its 95 % interval. A bound is nil if there is none,
// because the plan had almost no influence on what was done.
type Interval struct{ Estimate, Low, High *float64 }

// Effects analyses a trial by a randomization test, which draws plans again from the
// design of [PlanTrial]. The values of columns are those of the nights of the plan.
// done says for each night whether the change was made, planned or not; nil means that
// nobody knows. The first column is the primary measurement, tested at 5 %. The others
// are a family of their own: if the change has no effect, the probability that any of
// them shows one is at most 5 %.
//
// The statistic is the least-squares coefficient of the plan in
//
//	value = day of the week + level + linear drift + effect × plan
//
// over the nights with a value. The p-value is the share of plans, including the real
// one, whose coefficient is as far from 0. It is exact if the change does nothing,
// however the nights depend on each other. The bounds of ByPlan are the constant
// effects that the test does not reject. ByDoing uses the plan as an instrument: its
// bounds are the effects of making the change that are not rejected, so it does not
// matter how else the nights on which people keep to a plan differ from other nights.
// This assumes that the plan acts only through the change.
//
// Sources: R. A. Fisher, The Design of Experiments (1935); G. W. Imbens and P. R.
// Rosenbaum, Journal of the Royal Statistical Society A 168 (2005), for the instrument;
// P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993), for the
// family.
func (t Trial) Effects(columns []Column, done []bool, seed uint64) []TrialEffect {
	effects, tests := make([]TrialEffect, len(columns)), make([]*trialTest, len(columns))
	for i, c := range columns {
		tests[i] = t.test(&effects[i], c, done)
	}
	r := rand.New(rand.NewPCG(seed, groupSeed1)) //nolint:gosec // nothing secret
	plan := make([]bool, len(t.Change))
	for range trialDraws {
		drawPlan(plan, r)
		for _, test := range tests {
			if test != nil {
				test.draw(plan)
			}
		}
	}
	family := slices.Repeat([]float64{0}, trialDraws)
	for i, test := range tests {
		if test == nil {
			continue
		}
		test.scale()
		if i == 0 {
			continue
		}
		for j := range family {
			family[j] = max(family[j], math.Abs(test.drawn[j].y)/test.se)
		}
	}
	for i, test := range tests {
		if test != nil {
			effects[i].judge(test, family, i == 0)
		}
	}
	return effects
}

// trialTest is one column.
type trialTest struct {
	nights  []int // of the plan, with a value
	beside  [][]float64
	y       []float64 // without what belongs to the columns beside the plan, as the next two
	done    []float64
	planned []float64
	real    coefficients
	drawn   []coefficients
	se      float64 // spread of drawn
}

// coefficients are those of a plan in the values, in what was done and in the real plan.
type coefficients struct{ y, done, plan float64 }

func (t Trial) test(e *TrialEffect, c Column, done []bool) *trialTest {
	dates := make([]civil.Date, len(t.Change))
	for i := range dates {
		dates[i] = t.First.AddDays(i)
	}
	o, few := c.observed(dates, t.Change)
	e.Name, e.Usual, e.Changed, e.Verdict, e.Missing = c.Name, o.sides[0], o.sides[1], TooFewNights, few
	if few != "" {
		return nil
	}
	test := &trialTest{nights: o.night, y: o.values, planned: o.group, done: make([]float64, len(o.night))}
	for i, night := range o.night {
		if done != nil {
			test.done[i] = float64(oneIf(done[night]))
		}
	}
	columns := [][]float64{ones(len(test.y)), make([]float64, len(test.y))}
	for i, night := range test.nights {
		columns[1][i] = float64(night)
	}
	for day := 1; day < daysOfWeek; day++ {
		is := make([]float64, len(test.y))
		for i, night := range test.nights {
			is[i] = float64(oneIf(night%daysOfWeek == day))
		}
		columns = append(columns, is)
	}
	test.beside = orthonormal(columns)
	remove(test.y, test.beside)
	remove(test.done, test.beside)
	remove(test.planned, test.beside)
	test.real = test.of(t.Change)
	if test.real.plan == 0 {
		e.Missing = FewNights
		return nil // the days of the week that are left say which nights had the change
	}
	return test
}

// of returns the coefficients of a plan, 0 where they are not determined. The values are without
// what belongs to the columns beside the plan, so only its square has to be freed of that.
func (t *trialTest) of(plan []bool) (c coefficients) {
	square := 0.0
	for i, night := range t.nights {
		if plan[night] {
			c.y, c.done, c.plan, square = c.y+t.y[i], c.done+t.done[i], c.plan+t.planned[i], square+1
		}
	}
	for _, column := range t.beside {
		shared := 0.0
		for i, night := range t.nights {
			if plan[night] {
				shared += column[i]
			}
		}
		square -= shared * shared
	}
	if square < roundingError {
		return coefficients{}
	}
	return coefficients{c.y / square, c.done / square, c.plan / square}
}

func (t *trialTest) draw(plan []bool) { t.drawn = append(t.drawn, t.of(plan)) }

func (t *trialTest) scale() {
	sum := 0.0
	for _, c := range t.drawn {
		sum += c.y * c.y
	}
	t.se = max(math.Sqrt(sum/float64(len(t.drawn))), roundingError)
}

// p is the share of plans that are as far from 0 as the real one, if acting has so large an effect.
func (t *trialTest) p(effect float64, acting func(coefficients) float64) float64 {
	far := math.Abs(t.real.y - effect*acting(t.real))
	n := 1
	for _, c := range t.drawn {
		if math.Abs(c.y-effect*acting(c)) >= far-roundingError {
			n++
		}
	}
	return float64(n) / float64(len(t.drawn)+1)
}

// interval returns the effects that are not rejected.
func (t *trialTest) interval(acting func(coefficients) float64) (i Interval) {
	by := acting(t.real)
	if math.Abs(by) < roundingError {
		return i
	}
	estimate := t.real.y / by
	bound := func(side float64) *float64 {
		in, out := estimate, estimate+side*widestTrial*t.se/math.Abs(by)
		if t.p(out, acting) > trialRisk {
			return nil
		}
		for range 40 {
			if middle := (in + out) / 2; t.p(middle, acting) > trialRisk {
				in = middle
			} else {
				out = middle
			}
		}
		return new((in + out) / 2)
	}
	return Interval{&estimate, bound(-1), bound(1)}
}

func (e *TrialEffect) judge(t *trialTest, family []float64, primary bool) {
	e.ByPlan.Estimate = new(t.real.y)
	if primary {
		e.ByPlan = t.interval(func(c coefficients) float64 { return c.plan })
		e.ByDoing = t.interval(func(c coefficients) float64 { return c.done })
		e.PValue = t.p(0, func(c coefficients) float64 { return c.plan })
		sizes := make([]float64, len(t.drawn))
		for i, c := range t.drawn {
			sizes[i] = math.Abs(c.y)
		}
		slices.Sort(sizes)
		e.Detectable = new(sizes[int((1-trialRisk)*float64(len(sizes)))] + foundInFive*t.se)
	} else {
		n := 1
		for _, largest := range family {
			if largest >= math.Abs(t.real.y)/t.se-roundingError {
				n++
			}
		}
		e.PValue = float64(n) / float64(len(family)+1)
	}
	switch {
	case e.PValue > trialRisk:
		e.Verdict = NoClearDifference
	case t.real.y > 0:
		e.Verdict = Higher
	default:
		e.Verdict = Lower
	}
}
