package analytics

import (
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// A Column is one measurement of the nights that [CompareGroups] and [Trial.Effects]
// compare.
type Column struct {
	Name   string
	Clock  bool      // values are minutes after midnight: differences go the shorter way round
	Stage  bool      // values are shares of a stage: 14 nights are needed on both sides
	Values []float64 // one per night; NaN: not measured
}

// A Contrast is the difference between the nights of a group and the others in one
// column.
type Contrast struct {
	Name          string
	Group, Others Sample // as measured

	// Difference is the group minus the others, adjusted for the day of the week and for
	// slow drift, so it need not equal the difference between the means. Low and High are
	// its 95 % interval, simultaneous for all columns. Detectable is the smallest
	// difference that would be found with a power of 80 %. All are in the unit of the
	// column, and nil where the verdict is [TooFewNights].
	Difference, Low, High, Detectable *float64

	Verdict Verdict
	Missing Reason // why Difference is nil; "" if it is not
}

// A Comparison is the result of [CompareGroups].
type Comparison struct {
	Contrasts []Contrast // one per column, in their order

	// Stretches reports that each group is one stretch of dates. A difference between
	// them cannot be told from a slow drift.
	Stretches bool

	// Weekdays reports that the day of the week was adjusted for. That is not possible
	// if it decides, or almost decides, which group a night belongs to.
	Weekdays bool
}

const (
	leastGroup   = 5    // nights on each side
	driftDays    = 21   // of a half wave of the slow drift that is taken into account
	nightsOfTerm = 8    // nights that each wave of it needs
	blockNights  = 7    // that stay together where the groups are stretches
	strongest    = 0.95 // correlation of neighbouring nights that is reckoned with
	leastLeft    = 0.15 // part of the group's variance that the day of the week must leave
)

// CompareGroups compares the nights of a group with the other nights in each column.
// dates are those of the nights, ascending; group says of each of them whether it is in
// the group.
//
// To each column it fits, by least squares,
//
//	value = level + difference × group + day of the week + slow drift + noise
//
// where the drift is a sum of half waves of 21 days or more. Neighbouring nights are
// alike: the noise is AR(1), also across gaps, with a correlation estimated from the
// residuals. Once the day of the week, the drift and the influence of the night before
// have been removed, nothing but chance should show which nights are in the group. So
// the residuals are permuted many times, in all columns together, and a difference
// counts if its t exceeds the largest t of any column in 95 % of the permutations. For
// people in whom the groups make no difference, the probability of any verdict is at
// most 5 %.
//
// If each group is one stretch of dates, a drift cannot be told from a difference, and
// none is removed. Whole weeks of nights are then permuted, which preserves the
// likeness of neighbours.
//
// Sources: D. Freedman and D. Lane, Journal of Business & Economic Statistics 1 (1983),
// for permuted residuals; P. H. Westfall and S. S. Young, Resampling-Based Multiple
// Testing (1993), for several columns.
func CompareGroups(dates []civil.Date, group []bool, columns []Column) Comparison {
	c := Comparison{Contrasts: make([]Contrast, len(columns)), Stretches: stretches(group)}
	d := &dealing{nights: len(dates), block: 1}
	if c.Stretches {
		d.block = min(blockNights, max(1, len(dates)/(2*blockNights)))
	}
	for i, column := range columns {
		o, ok := c.Contrasts[i].observe(column, dates, group)
		if !ok {
			continue
		}
		m, used := o.model(c.Stretches)
		c.Weekdays = c.Weekdays || used
		d.add(m, &c.Contrasts[i])
	}
	d.judge()
	return c
}

// A WeekdayContrast is the difference between the nights of one day of the week and
// those of the other six in one column. Day is that of the night date.
type WeekdayContrast struct {
	Day time.Weekday
	Contrast
}

// CompareWeekdays compares the nights of each day of the week with those of the other
// six, in each column, as [CompareGroups] does with scattered nights. All seven days
// form one family, so that for people who sleep alike on all days the probability that
// any day gets a verdict is at most 5 %. dates are ascending. The contrasts of a column
// are adjacent, Sunday first.
func CompareWeekdays(dates []civil.Date, columns []Column) []WeekdayContrast {
	all := make([]WeekdayContrast, len(columns)*daysOfWeek)
	d := &dealing{nights: len(dates), block: 1}
	for i := range all {
		r := &all[i]
		r.Day = time.Weekday(i % daysOfWeek)
		group := make([]bool, len(dates))
		for j, date := range dates {
			group[j] = date.Weekday() == r.Day
		}
		if o, ok := r.observe(columns[i/daysOfWeek], dates, group); ok {
			d.add(o.fit(o.drift()), &r.Contrast)
		}
	}
	d.judge()
	return all
}

// FalseAlarmsOfGroups is the share of people in whom the groups make no difference of whom
// [CompareGroups] may say that any column differs.
const FalseAlarmsOfGroups = 0.05

// dealtRisk is the part of the false alarms that is aimed at: residuals that are dealt find some
// more than noise itself would.
const dealtRisk = 0.8

// foundInFive is how many standard errors beyond the critical one a difference is found four
// times in five.
const foundInFive = 0.84

func (r *Contrast) judge(m *model, critical float64) {
	reach := critical * m.se
	r.Difference, r.Low, r.High = new(m.difference), new(m.difference-reach), new(m.difference+reach)
	r.Detectable = new(reach + foundInFive*m.se)
	switch {
	case math.Abs(m.difference) <= reach || m.se == 0 && math.Abs(m.difference) < roundingError:
		r.Verdict = NoClearDifference
	case m.difference > 0:
		r.Verdict = Higher
	default:
		r.Verdict = Lower
	}
}

// stretches reports whether each of two groups is one stretch.
func stretches(group []bool) bool {
	changes := 0
	for i := 1; i < len(group); i++ {
		if group[i] != group[i-1] {
			changes++
		}
	}
	return changes <= 1
}

// observe returns the nights with a value in a column; ok is false where they cannot be compared, and
// the contrast says why.
func (r *Contrast) observe(column Column, dates []civil.Date, group []bool) (o observed, ok bool) {
	o, few := column.observed(dates, group)
	r.Name, r.Others, r.Group, r.Verdict, r.Missing = column.Name, o.sides[0], o.sides[1], TooFewNights, few
	return o, few == ""
}

// model prepares a comparison of the two sides.
func (o *observed) model(stretch bool) (m *model, weekdays bool) {
	var drift [][]float64
	if !stretch {
		drift = o.drift()
	}
	week := o.weekdays()
	if o.left(week) < leastLeft {
		week = nil
	}
	if stretch {
		return o.fitStretches(week), week != nil
	}
	return o.fit(append(drift, week...)), week != nil
}

// observed are the nights with a value in one column; clock times are deviations from a mean.
type observed struct {
	night         []int // index among all nights
	values, group []float64
	dates         []civil.Date
	days          []int     // from the first of all nights to each date
	sides         [2]Sample // others and group, as they were measured
}

// observed returns the nights with a value, and why they cannot be compared, if so.
func (column Column) observed(dates []civil.Date, group []bool) (o observed, missing Reason) {
	var sides [2][]float64
	o.night = make([]int, 0, len(dates))
	for i, v := range column.Values {
		if finite(v) {
			sides[oneIf(group[i])] = append(sides[oneIf(group[i])], v)
			o.night = append(o.night, i)
			o.values = append(o.values, v)
			o.group = append(o.group, float64(oneIf(group[i])))
			o.dates, o.days = append(o.dates, dates[i]), append(o.days, dates[i].DaysSince(dates[0]))
		}
	}
	metric := Metric{Name: column.Name, Clock: column.Clock}
	o.sides = [2]Sample{metric.sample(sides[0]), metric.sample(sides[1])}
	least := leastGroup
	if column.Stage {
		least = leastStage
	}
	if few := min(len(sides[0]), len(sides[1])); few < least {
		return o, tooFew(few).Missing
	}
	if column.Clock {
		center := metric.mean(o.values)
		if center == nil || o.sides[0].Mean == nil || o.sides[1].Mean == nil {
			return o, Scattered
		}
		for i, v := range o.values {
			o.values[i] = metric.difference(v, *center)
		}
	}
	return o, ""
}

// drift returns half waves over the dates, so many that the shortest takes 21 days and that each
// has eight nights.
func (o *observed) drift() [][]float64 {
	n := len(o.days)
	span := o.days[n-1] - o.days[0] + 1
	waves := make([][]float64, min(span/driftDays, n/nightsOfTerm))
	for k := range waves {
		waves[k] = make([]float64, n)
		for i, day := range o.days {
			waves[k][i] = math.Cos(math.Pi * float64(k+1) * (float64(day-o.days[0]) + 0.5) / float64(span))
		}
	}
	return waves
}

// weekdays returns an indicator of six days of the week, with few nights only one of the weekend.
func (o *observed) weekdays() [][]float64 {
	first := 1 // Monday to Saturday
	if len(o.dates) < 6*nightsOfTerm {
		first = 6
	}
	var list [][]float64
	for day := first; day <= 6; day++ {
		is := make([]float64, len(o.dates))
		for i, d := range o.dates {
			weekday := int(d.Weekday())
			is[i] = float64(oneIf(weekday == day || first == 6 && weekday == 0))
		}
		list = append(list, is)
	}
	return list
}

// left returns the part of the variance of the group that columns leave.
func (o *observed) left(columns [][]float64) float64 {
	whole, rest := slices.Clone(o.group), slices.Clone(o.group)
	basis := orthonormal([][]float64{ones(len(whole))})
	remove(whole, basis)
	remove(rest, orthonormal(append([][]float64{ones(len(rest))}, columns...)))
	return dot(rest, rest) / dot(whole, whole)
}

// fit estimates the difference with columns beside it, in which neighbouring nights are alike.
func (o *observed) fit(columns [][]float64) *model {
	beside := append([][]float64{ones(len(o.values))}, columns...)
	shared := o.shared(o.correlation(beside))
	m := &model{night: o.night, y: whitened(o.values, shared), l: whitened(o.group, shared)}
	for i := range beside {
		beside[i] = whitened(beside[i], shared)
	}
	basis := orthonormal(beside)
	remove(m.y, basis)
	remove(m.l, basis)
	m.finish(len(basis))
	return m
}

// fitStretches estimates the difference of two stretches of dates.
func (o *observed) fitStretches(week [][]float64) *model {
	m := &model{night: o.night, y: slices.Clone(o.values), sides: sidesOf(o.group)}
	// The day of the week is taken away as it is within the stretches.
	within := orthonormal([][]float64{ones(len(m.y)), o.group})
	for i := range week {
		remove(week[i], within)
	}
	remove(m.y, orthonormal(week))
	m.difference, m.se = m.sides.difference(m.y)
	// Dealt are the nights as they would be without a difference.
	remove(m.y, within)
	return m
}

// correlation returns that of the noise of neighbouring dates: of the residuals, which every
// term of the model makes seem less alike.
func (o *observed) correlation(beside [][]float64) float64 {
	residuals := slices.Clone(o.values)
	basis := orthonormal(append(slices.Clone(beside), o.group))
	remove(residuals, basis)
	pairs, product := 0, 0.0
	for i := 1; i < len(residuals); i++ {
		if o.days[i] == o.days[i-1]+1 {
			pairs++
			product += residuals[i] * residuals[i-1]
		}
	}
	variance := dot(residuals, residuals) / float64(len(residuals))
	if pairs < 2*nightsOfTerm || variance == 0 {
		return 0
	}
	lag := product / float64(pairs) / variance
	return min(max(lag+float64(len(basis))/float64(len(residuals)), 0), strongest)
}

// shared returns the correlation of each value with the one before it.
func (o *observed) shared(rho float64) []float64 {
	list := make([]float64, len(o.days))
	for i := 1; i < len(list); i++ {
		list[i] = math.Pow(rho, float64(max(1, o.days[i]-o.days[i-1])))
	}
	return list
}

// whitened takes away from each value what it shares with the one before it.
func whitened(values, shared []float64) []float64 {
	list := slices.Clone(values)
	for i, part := range shared {
		if part > 0 {
			list[i] = (values[i] - part*values[i-1]) / math.Sqrt(1-part*part)
		}
	}
	return list
}
