package analytics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func estimate(v float64) analytics.Estimate { return analytics.Estimate{Value: &v, N: 1} }

// somebody returns a person with seven nights and the given means.
func somebody(score, asleep float64) analytics.Person {
	return analytics.Person{
		Nights: 7, Score: estimate(score), Efficiency: estimate(0.9), Asleep: estimate(asleep), Asleep24: estimate(asleep),
	}
}

// Values of R's quantile(x, c(.25, .5, .75)), whose default is type 7, worked out
// by hand.
func TestQuartilesAreOfTypeSeven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values            []float64
		lower, mid, upper float64
	}{
		{[]float64{5}, 5, 5, 5},
		{[]float64{2, 1}, 1.25, 1.5, 1.75},
		{[]float64{1, 2, 3, 4}, 1.75, 2.5, 3.25},
		{[]float64{9, 1, 3, 7, 5}, 3, 5, 7},
		{[]float64{10, 20, 30, 40, 50, 60}, 22.5, 35, 47.5},
		{[]float64{3, 3, 3}, 3, 3, 3},
	} {
		given := slices.Clone(c.values)
		d := analytics.DistributionOf(c.values)
		wantValue(t, c.lower, d.LowerQuartile, 1e-12)
		wantValue(t, c.mid, d.Median, 1e-12)
		wantValue(t, c.upper, d.UpperQuartile, 1e-12)
		assert.Equal(t, given, c.values, "not changed")
	}
	d := analytics.DistributionOf(nil)
	for _, e := range []analytics.Estimate{d.Mean, d.SD, d.LowerQuartile, d.Median, d.UpperQuartile} {
		wantMissing(t, analytics.NoData, e)
	}
	wantMissing(t, analytics.FewNights, analytics.DistributionOf([]float64{1}).SD)
}

// A distribution is compared with gonum, and quantiles with their definition: as many
// values lie below and at them as should.
func TestDistributionProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e4, 1e4), 2, 60).Draw(t, "values")
		d := analytics.DistributionOf(values)
		mean, sd := stat.MeanStdDev(values, nil)
		assert.InDelta(t, mean, *d.Mean.Value, 1e-8)
		assert.InDelta(t, sd, *d.SD.Value, 1e-8)
		for p, got := range map[float64]analytics.Estimate{0.25: d.LowerQuartile, 0.5: d.Median, 0.75: d.UpperQuartile} {
			assert.InDelta(t, quantileOf(values, p), *got.Value, 1e-9)
			assert.Equal(t, len(values), got.N)
		}
		// gonum's interpolation has another rule for the position: the two agree within
		// the neighbouring values.
		sorted := slices.Sorted(slices.Values(values))
		at := int(0.5 * float64(len(values)-1))
		other := stat.Quantile(0.5, stat.LinInterp, sorted, nil)
		assert.LessOrEqual(t, math.Abs(other-*d.Median.Value), sorted[min(at+1, len(sorted)-1)]-sorted[max(at-1, 0)]+1e-9)
	})
}

// quantileOf walks through the steps between neighbours, each 1/(n-1) of the way.
func quantileOf(values []float64, p float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	step := 1 / float64(len(sorted)-1)
	for i := range len(sorted) - 1 {
		if from := float64(i) * step; p <= from+step {
			return sorted[i] + (p-from)/step*(sorted[i+1]-sorted[i])
		}
	}
	return sorted[len(sorted)-1]
}

// A person with 200 nights counts as much as one with seven.
func TestThePersonIsTheUnit(t *testing.T) {
	t.Parallel()
	busy := analytics.PersonOf(nightly(200, always(-1, 9)), analytics.AdultRecommendation())
	calm := analytics.PersonOf(nightly(7, always(-1, 5)), analytics.AdultRecommendation())
	c := analytics.CohortOf([]analytics.Person{busy, calm}, analytics.AdultRecommendation())
	assert.Equal(t, 2, c.People)
	wantValue(t, 8*3600, c.Asleep.Mean, 1e-6)
	assert.Equal(t, 1, c.ShortOfSleep, "six hours are short of seven")
}

func TestWhoIsEligible(t *testing.T) {
	t.Parallel()
	adult := analytics.AdultRecommendation()
	assert.False(t, analytics.PersonOf(nil, adult).Eligible())
	assert.False(t, analytics.PersonOf(nightly(6, always(-1, 7)), adult).Eligible())
	assert.True(t, analytics.PersonOf(nightly(7, always(-1, 7)), adult).Eligible())
	awake := analytics.Assemble([]analytics.Session{awakeAll(t, "a", time.UTC, "2026-03-01T23:00", "2026-03-02T07:00")}).Nights
	assert.False(t, analytics.PersonOf(slices.Repeat(awake, 9), adult).Eligible(), "nights without sleep are no nights to average")

	c := analytics.CohortOf([]analytics.Person{{}, somebody(80, 7*3600), {Nights: 6}}, adult)
	assert.Equal(t, 1, c.People)
	wantValue(t, 80, c.Score.Mean, 0)
	assert.Zero(t, c.ShortOfSleep, "seven hours are not short")
	assert.Zero(t, analytics.CohortOf(nil, adult).People)
}

// Naps count when deciding who is short of sleep, and not in the main sleep.
func TestNapsOfACohort(t *testing.T) {
	t.Parallel()
	var sessions []analytics.Session
	for day := range 7 {
		date := time.Date(2026, 3, 2+day, 0, 0, 0, 0, time.UTC)
		sessions = append(sessions,
			sleeping(fmt.Sprintf("night%d", day), time.UTC, date, date.Add(hours(6))),
			sleeping(fmt.Sprintf("nap%d", day), time.UTC, date.Add(hours(13)), date.Add(hours(14.5))))
	}
	p := analytics.PersonOf(analytics.Assemble(sessions).Nights, analytics.AdultRecommendation())
	wantValue(t, 6*3600, p.Asleep, 1e-6)
	wantValue(t, 7.5*3600, p.Asleep24, 1e-6)
	assert.Zero(t, analytics.CohortOf([]analytics.Person{p}, analytics.AdultRecommendation()).ShortOfSleep)
}

// A cohort does not depend on the order of its people, and equals sums written out here.
func TestCohortProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "people")
		people, eligible, score, short := make([]analytics.Person, n), 0, 0.0, 0
		for i := range people {
			people[i] = somebody(rapid.Float64Range(0, 100).Draw(t, "score"), rapid.Float64Range(3, 11).Draw(t, "hours")*3600)
			people[i].Nights = rapid.IntRange(0, 30).Draw(t, "nights")
			if people[i].Nights >= 7 {
				eligible++
				score += *people[i].Score.Value
				if *people[i].Asleep24.Value < 7*3600 {
					short++
				}
			}
		}
		c := analytics.CohortOf(people, analytics.AdultRecommendation())
		assert.Equal(t, eligible, c.People)
		assert.Equal(t, short, c.ShortOfSleep)
		if eligible > 0 {
			assert.InDelta(t, score/float64(eligible), *c.Score.Mean.Value, 1e-9)
		}
		assert.Equal(t, c, analytics.CohortOf(rapid.Permutation(people).Draw(t, "order"), analytics.AdultRecommendation()))
	})
}

func TestCohortChange(t *testing.T) {
	t.Parallel()
	var first, second []analytics.Person
	for i := range 20 {
		hours := 6.5 + 0.1*float64(i)
		first = append(first, somebody(80, hours*3600))
		second = append(second, somebody(80+float64(i%2), (hours+0.5)*3600+float64(i%3)*60))
	}
	c := analytics.CohortChangeOf(first, second)
	assert.Equal(t, 20, c.People)
	wantValue(t, 1857, c.Asleep.Difference, 1e-6) // 30 min and 0, 1 or 2 more, 7, 7 and 6 times
	assert.Equal(t, analytics.Higher, c.Asleep.Verdict)
	wantValue(t, 0.5, c.Score.Difference, 1e-9)
	assert.Equal(t, analytics.NoClearDifference, c.Score.Verdict, "too little to matter")
	assert.Equal(t, analytics.Lower, analytics.CohortChangeOf(second, first).Asleep.Verdict)

	first[0].Nights, second[1].Nights = 3, 3
	assert.Equal(t, 18, analytics.CohortChangeOf(first, second).People, "who is not in both is in neither")
	two := analytics.CohortChangeOf(first[2:4], second[2:4])
	assert.Equal(t, analytics.Higher, two.Asleep.Verdict)
	wantValue(t, 1860, two.Asleep.Difference, 1e-6)
	wantValue(t, 60, two.Asleep.SE, 1e-6)
	alone := analytics.CohortChangeOf(first[2:3], second[2:3])
	assert.Equal(t, analytics.TooFewPeople, alone.Asleep.Verdict)
	wantMissing(t, analytics.FewNights, alone.Asleep.SE)
	wantMissing(t, analytics.NoData, analytics.CohortChangeOf(nil, nil).Asleep.Difference)
}

// The error is that of paired differences: a change that is the same in everybody is
// certain, however different the people are.
func TestCohortChangeIsPaired(t *testing.T) {
	t.Parallel()
	var first, second []analytics.Person
	scattered := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		hours := 5 + 4*scattered.Float64()
		first, second = append(first, somebody(80, hours*3600)), append(second, somebody(80, hours*3600+900))
	}
	c := analytics.CohortChangeOf(first, second)
	assert.Equal(t, analytics.Higher, c.Asleep.Verdict)
	wantValue(t, 0, c.Asleep.SE, 1e-6)

	differences := make([]float64, len(first))
	for i := range second {
		second[i] = somebody(80, *first[i].Asleep.Value+1800*(scattered.Float64()-0.5))
		differences[i] = *second[i].Asleep.Value - *first[i].Asleep.Value
	}
	c = analytics.CohortChangeOf(first, second)
	assert.Equal(t, analytics.NoClearDifference, c.Asleep.Verdict)
	wantValue(t, stat.StdErr(stat.StdDev(differences, nil), float64(len(differences))), c.Asleep.SE, 1e-9)
}
