package analytics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// Student's own example, W. S. Gosset, Biometrika 6 (1908): additional hours of sleep of ten
// patients under two drugs. The difference is 1.58 h; with a common variance t = -1.8608 on 18
// degrees of freedom and the 95 % interval of Student's t is -0.2039 to 3.3639 h.
func TestStudentsSleep(t *testing.T) {
	t.Parallel()
	one := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	other := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	var dates []civil.Date
	var group []bool
	var values []float64
	for i := range one {
		// Sundays, far apart, so that neither neighbours nor weekdays play a part; the two are
		// scattered, but so few nights have no drift to speak of.
		for j, v := range []float64{one[i], other[i]} {
			dates = append(dates, civil.Date{Year: 2026, Month: 1, Day: 4}.AddDays(7*(2*i+j)))
			group, values = append(group, j == 1), append(values, v)
		}
	}
	c := analytics.CompareGroups(dates, group, []analytics.Column{{Name: "hours", Values: values}})
	got := c.Contrasts[0]
	assert.InDelta(t, 0.75, *got.Others.Mean, 1e-9)
	assert.InDelta(t, 2.33, *got.Group.Mean, 1e-9)
	require.NotNil(t, got.Difference)
	assert.InDelta(t, 1.58, *got.Difference, 0.25)
}

// madePerson makes nights like those of real madePeople: neighbours are alike (lag), they drift (SD of
// four-week means), weekends differ and tails are heavy. The figures are our own summary of eight
// long public exports.
type madePerson struct{ sd, lag, drift, weekend float64 }

var madePeople = []madePerson{{46, 0.05, 10, 21}, {34, 0.33, 17, 15}, {95, 0.3, 46, 39}, {94, 0.24, 37, 32}, {72, 0.25, 25, 20}, {53, 0.3, 12, 91}, {59, 0.5, 30, 53}}

func (p madePerson) nights(r *rand.Rand, dates []civil.Date) []float64 {
	values := make([]float64, len(dates))
	ar, slow := r.NormFloat64(), r.NormFloat64()
	for i, d := range dates {
		gap := 1
		if i > 0 {
			gap = d.DaysSince(dates[i-1])
		}
		for range gap {
			ar = p.lag*ar + math.Sqrt(1-p.lag*p.lag)*r.NormFloat64()
			slow = 0.975*slow + math.Sqrt(1-0.975*0.975)*r.NormFloat64()
		}
		noise := ar
		if r.IntN(20) == 0 {
			noise *= 2.5 // heavy tails
		}
		values[i] = 420 + p.sd*noise + p.drift*slow
		if day := d.Weekday(); day == 0 || day == 6 {
			values[i] += p.weekend
		}
	}
	return values
}

// how nights get into the group.
var waysToGroup = map[string]func(r *rand.Rand, dates []civil.Date) []bool{
	"scattered": func(r *rand.Rand, dates []civil.Date) []bool {
		group := make([]bool, len(dates))
		for i, at := range r.Perm(len(dates)) {
			group[at] = i < len(dates)/2
		}
		return group
	},
	"alike": func(r *rand.Rand, dates []civil.Date) []bool { // as a habit comes and goes, more at weekends
		group, x := make([]bool, len(dates)), r.NormFloat64()
		for i, d := range dates {
			x = 0.6*x + 0.8*r.NormFloat64()
			group[i] = x > 0.2 || d.Weekday() == 6
		}
		return group
	},
	"stretches": func(_ *rand.Rand, dates []civil.Date) []bool {
		group := make([]bool, len(dates))
		for i := range dates {
			group[i] = i >= len(dates)/2
		}
		return group
	},
}

func recordedDates(r *rand.Rand, days int, recorded float64) []civil.Date {
	var dates []civil.Date
	for i := range days {
		if r.Float64() < recorded {
			dates = append(dates, civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(i))
		}
	}
	return dates
}

// alarms returns the share of madePeople without an effect who get any verdict on five columns.
func groupAlarms(assign string, runs, days int) float64 {
	r := rand.New(rand.NewPCG(7, uint64(days)))
	alarms := 0
	for run := range runs {
		dates := recordedDates(r, days, []float64{0.9, 0.75, 0.5}[run%3])
		group := waysToGroup[assign](r, dates)
		var columns []analytics.Column
		for range 5 {
			columns = append(columns, analytics.Column{Name: "x", Values: madePeople[r.IntN(len(madePeople))].nights(r, dates)})
		}
		for _, c := range analytics.CompareGroups(dates, group, columns).Contrasts {
			if c.Verdict.Differs() {
				alarms++
				break
			}
		}
	}
	return float64(alarms) / float64(runs)
}

// power returns how often 0.75 SD on 30 and 30 scattered nights is found, in one column.
func groupPower(runs int) (found, byT float64) {
	r := rand.New(rand.NewPCG(11, 13))
	for range runs {
		dates := recordedDates(r, 60, 1)
		group := waysToGroup["scattered"](r, dates)
		values := make([]float64, len(dates))
		for i := range values {
			values[i] = 420 + 60*r.NormFloat64()
			if group[i] {
				values[i] += 45
			}
		}
		if analytics.CompareGroups(dates, group, []analytics.Column{{Name: "x", Values: values}}).Contrasts[0].Verdict == analytics.Higher {
			found++
		}
		if difference, se := leastSquares(values, beside(dates, group, 2)); difference/se > 2.01 { // 50 degrees of freedom
			byT++
		}
	}
	return found / float64(runs), byT / float64(runs)
}

// leastSquares solves the normal equations by elimination: another way to the same estimate. The
// first column's coefficient and its standard error are returned.
func leastSquares(values []float64, columns [][]float64) (coefficient, se float64) {
	k := len(columns)
	a := make([][]float64, k) // X'X, then the identity beside it
	right := make([]float64, k)
	for i := range a {
		a[i] = make([]float64, 2*k)
		for j := range columns {
			for at := range values {
				a[i][j] += columns[i][at] * columns[j][at]
			}
		}
		a[i][k+i] = 1
		for at, v := range values {
			right[i] += columns[i][at] * v
		}
	}
	for i := range a {
		pivot := a[i][i]
		for j := range a[i] {
			a[i][j] /= pivot
		}
		for row := range a {
			if factor := a[row][i]; row != i {
				for j := range a[row] {
					a[row][j] -= factor * a[i][j]
				}
			}
		}
	}
	solution := make([]float64, k)
	for i := range solution {
		for j := range right {
			solution[i] += a[i][k+j] * right[j]
		}
	}
	squares := 0.0
	for at, v := range values {
		for i := range columns {
			v -= solution[i] * columns[i][at]
		}
		squares += v * v
	}
	return solution[0], math.Sqrt(squares / float64(len(values)-k) * a[0][k])
}

// beside are the columns that the documentation names: the group, the level, six days of the week
// and half waves.
func beside(dates []civil.Date, group []bool, waves int) [][]float64 {
	columns := make([][]float64, 8+waves)
	for i := range columns {
		columns[i] = make([]float64, len(dates))
	}
	span := float64(dates[len(dates)-1].DaysSince(dates[0]) + 1)
	for at, d := range dates {
		if group[at] {
			columns[0][at] = 1
		}
		columns[1][at] = 1
		if day := int(d.Weekday()); day > 0 {
			columns[1+day][at] = 1
		}
		for k := range waves {
			columns[8+k][at] = math.Cos(math.Pi * float64(k+1) * (float64(d.DaysSince(dates[0])) + 0.5) / span)
		}
	}
	return columns
}

// Dates that are two days apart have no neighbours: the estimate is that of least squares.
func TestDifferenceIsThatOfLeastSquares(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 5))
	var dates []civil.Date
	for i := range 90 {
		dates = append(dates, civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(2*i))
	}
	group, values := waysToGroup["scattered"](r, dates), madePeople[1].nights(r, dates)
	want, _ := leastSquares(values, beside(dates, group, 8))
	got := analytics.CompareGroups(dates, group, []analytics.Column{{Name: "x", Values: values}})
	assert.InDelta(t, want, *got.Contrasts[0].Difference, 1e-9)
	assert.True(t, got.Weekdays)
	assert.False(t, got.Stretches)
	assert.InDelta(t, want, (*got.Contrasts[0].Low+*got.Contrasts[0].High)/2, 1e-9)
	again := analytics.CompareGroups(dates, group, []analytics.Column{{Name: "x", Values: values}})
	assert.Equal(t, got, again, "the same nights, the same answer")
}

// The interval of one column is that of Student's t, to the accuracy of the deals and of the
// share of false alarms that is aimed at.
func TestIntervalIsStudents(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(17, 5))
	var dates []civil.Date
	for i := range 90 {
		dates = append(dates, civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(2*i))
	}
	group, values := waysToGroup["scattered"](r, dates), make([]float64, len(dates))
	for i := range values {
		values[i] = r.NormFloat64()
	}
	_, se := leastSquares(values, beside(dates, group, 8))
	c := analytics.CompareGroups(dates, group, []analytics.Column{{Name: "x", Values: values}}).Contrasts[0]
	assert.InDelta(t, 2.09, (*c.High-*c.Low)/2/se, 0.2, "t of 74 degrees of freedom that 4 % exceed")
}

func TestGroupsThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	dates := recordedDates(r, 40, 1)
	group, values, scattered := make([]bool, 40), make([]float64, 40), make([]float64, 40)
	for i := range group {
		group[i], values[i], scattered[i] = i%10 == 0, math.NaN(), float64(i*36)
	}
	c := analytics.CompareGroups(dates, group, []analytics.Column{{Name: "none", Values: values}, {Name: "few", Values: scattered}})
	assert.Equal(t, analytics.NoData, c.Contrasts[0].Missing)
	assert.Equal(t, analytics.FewNights, c.Contrasts[1].Missing, "four nights")
	group[5] = true
	c = analytics.CompareGroups(dates, group, []analytics.Column{{Name: "clock", Clock: true, Values: scattered}, {Name: "stage", Stage: true, Values: scattered}})
	assert.Equal(t, analytics.Scattered, c.Contrasts[0].Missing)
	assert.Equal(t, analytics.FewNights, c.Contrasts[1].Missing, "of stages, 14 are needed")
	oneSide := make([]float64, 40) // five nights around the clock, the others begin at midnight
	for at, i := range []int{0, 5, 10, 20, 30} {
		oneSide[i] = float64(at) * 288
	}
	c = analytics.CompareGroups(dates, group, []analytics.Column{{Name: "clock", Clock: true, Values: oneSide}})
	assert.Nil(t, c.Contrasts[0].Group.Mean)
	assert.NotNil(t, c.Contrasts[0].Others.Mean)
	assert.Equal(t, analytics.Scattered, c.Contrasts[0].Missing)
	assert.Nil(t, c.Contrasts[0].Difference)
	constant := make([]float64, 40)
	c = analytics.CompareGroups(dates, group, []analytics.Column{{Name: "constant", Values: constant}})
	assert.Equal(t, analytics.NoClearDifference, c.Contrasts[0].Verdict)
	assert.Zero(t, *c.Contrasts[0].Difference)
	empty := analytics.CompareGroups(nil, nil, []analytics.Column{{Name: "x"}})
	assert.Equal(t, analytics.NoData, empty.Contrasts[0].Missing)
}

// The weekend decides who is in the group: what belongs to it cannot be taken away.
func TestGroupsOfWeekdays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	dates := recordedDates(r, 120, 1)
	group, values := make([]bool, len(dates)), make([]float64, len(dates))
	for i, d := range dates {
		group[i] = d.Weekday() == 0 || d.Weekday() == 6
		if values[i] = 20 * r.NormFloat64(); group[i] {
			values[i] += 60
		}
	}
	c := analytics.CompareGroups(dates, group, []analytics.Column{{Name: "x", Values: values}})
	assert.False(t, c.Weekdays)
	assert.Equal(t, analytics.Higher, c.Contrasts[0].Verdict)
	assert.InDelta(t, 60, *c.Contrasts[0].Difference, 15)
}

// weekdayAlarms returns the share of people to whom all days are alike who get a verdict on any of
// them in any of two columns.
func weekdayAlarms(runs, days int) float64 {
	r := rand.New(rand.NewPCG(19, uint64(days)))
	alarms := 0
	for run := range runs {
		dates := recordedDates(r, days, []float64{0.9, 0.75, 0.5}[run%3])
		columns := make([]analytics.Column, 2)
		for i := range columns {
			p := madePeople[r.IntN(len(madePeople))]
			p.weekend = 0
			columns[i] = analytics.Column{Name: "x", Values: p.nights(r, dates)}
		}
		if slices.ContainsFunc(analytics.CompareWeekdays(dates, columns), func(c analytics.WeekdayContrast) bool { return c.Verdict.Differs() }) {
			alarms++
		}
	}
	return float64(alarms) / float64(runs)
}

func TestCompareWeekdays(t *testing.T) {
	t.Parallel()
	assert.LessOrEqual(t, weekdayAlarms(120, 90), 0.10)
	r := rand.New(rand.NewPCG(5, 8))
	dates := recordedDates(r, 180, 0.9)
	values, none := make([]float64, len(dates)), make([]float64, len(dates))
	for i, d := range dates {
		none[i] = math.NaN()
		if values[i] = 420 + 40*r.NormFloat64(); d.Weekday() == time.Thursday {
			values[i] -= 70
		}
	}
	all := analytics.CompareWeekdays(dates, []analytics.Column{{Name: "x", Values: values}, {Name: "none", Values: none}})
	require.Len(t, all, 14)
	for i, c := range all {
		assert.Equal(t, time.Weekday(i%7), c.Day)
		switch {
		case i >= 7:
			assert.Equal(t, analytics.NoData, c.Missing)
		case c.Day == time.Thursday:
			assert.Equal(t, analytics.Lower, c.Verdict)
			assert.InDelta(t, -70, *c.Difference, 25)
		default:
			assert.Equal(t, analytics.NoClearDifference, c.Verdict, c.Day)
		}
	}
	assert.Empty(t, analytics.CompareWeekdays(dates, nil))
}

// The share of 1,000 people to whom all days of the week are alike of whom something is said.
func BenchmarkWeekdayAlarms(b *testing.B) {
	for b.Loop() {
		for _, days := range []int{60, 180, 365} {
			b.ReportMetric(100*weekdayAlarms(1000, days), fmt.Sprintf("%%-of-%d", days))
		}
	}
}

// A short version of BenchmarkGroupAlarms; 120 people leave an error of two points.
func TestGroupAlarms(t *testing.T) {
	t.Parallel()
	for way := range waysToGroup {
		assert.LessOrEqual(t, groupAlarms(way, 120, 90), 0.10, way)
	}
	found, byT := groupPower(120)
	assert.InDelta(t, byT, found, 0.08)
	assert.Greater(t, found, 0.6)
}

// The share of 1,000 people without an effect who get any verdict on five columns, for each way
// in which nights get into the group; and how often a difference of 0.75 SD on 30 and 30
// scattered nights is found in one column, beside a t-test on the same model.
func BenchmarkGroupAlarms(b *testing.B) {
	for b.Loop() {
		for way := range waysToGroup {
			for _, days := range []int{60, 180} {
				b.ReportMetric(100*groupAlarms(way, 1000, days), fmt.Sprintf("%%-of-%s-%d", way, days))
			}
		}
		found, byT := groupPower(1000)
		b.ReportMetric(100*found, "%-found")
		b.ReportMetric(100*byT, "%-found-by-t")
	}
}

// A year of nights by eleven columns.
func BenchmarkCompareGroups(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	dates := recordedDates(r, 365, 0.9)
	group := waysToGroup["scattered"](r, dates)
	var columns []analytics.Column
	for range 11 {
		columns = append(columns, analytics.Column{Name: "x", Values: madePeople[0].nights(r, dates)})
	}
	for b.Loop() {
		analytics.CompareGroups(dates, group, columns)
	}
}
