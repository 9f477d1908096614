package analytics

import (
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// A Column is one measure of the nights that [CompareGroups] and [Trial.Effects] compare.
type Column struct {
	Name   string
	Clock  bool      // minutes after midnight: differences go the shorter way
	Stage  bool      // a stage share, which needs 14 nights on both sides
	Values []float64 // of every night; NaN: not measured
}

// A Contrast is by how much the nights of one group differ from the others in one column.
type Contrast struct {
	Name          string
	Group, Others Sample // as they were measured

	// Difference is the group less the others with what belongs to the day of the week, and
	// to slow drift, taken away, so that it need not be the difference of the means. Low and
	// High bound it: with 95 % confidence they do so in all columns of an answer at once.
	// Detectable is the smallest difference that would be found four times in five. All are
	// nil where the verdict is [TooFewNights].
	Difference, Low, High, Detectable *float64

	Verdict Verdict
	Missing Reason // why there is no difference
}

// A Comparison is what [CompareGroups] found, and what stood in its way.
type Comparison struct {
	Contrasts []Contrast

	// Stretches reports that each group is one stretch of dates: whatever changed between
	// them cannot be told from a drift.
	Stretches bool

	// Weekdays reports that the day of the week was taken into account. It cannot be where
	// it decides, or nearly, which group a night belongs to.
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

// CompareGroups compares the nights of a group with the others, in each column. Dates are those
// of the nights, ascending, and so are group and the values.
//
// In each column it fits, by least squares,
//
//	value = level + difference × group + day of the week + slow drift + noise
//
// where the drift is a sum of half waves of 21 days or more, and neighbouring nights are alike: the
// noise is AR(1) across gaps, and its correlation is estimated from the residuals. With what
// belongs to the day of the week, to the drift and to the night before taken away, nothing but
// chance should tell which night is in the group: so the nights are dealt again many times, all
// columns together, and a difference counts when its t exceeds that of 95 % of all deals, each
// represented by the largest t of any column. Of people in whom the groups make no
// difference, at most one in twenty gets any verdict.
//
// Where each group is one stretch of dates, a drift cannot be told from a difference, so none
// is taken away; a week of nights stays together in every deal, which keeps what neighbours
// share.
//
// Sources: D. Freedman and D. Lane, Journal of Business & Economic Statistics 1 (1983), for permuted
// residuals; P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993), for many
// columns.
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

// A WeekdayContrast is by how much the nights to one day of the week differ from those to the other
// six in one column.
type WeekdayContrast struct {
	Day time.Weekday
	Contrast
}

// CompareWeekdays compares the nights to each day of the week with those to the other six, in each
// column: as [CompareGroups] does with scattered nights, but in one family of seven times as many
// contrasts, so that "which day is the worst" gets no verdict in 19 of 20 people to whom all days
// are alike. Dates are ascending. The contrasts of a column stand together, Sunday first.
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
		if center == nil {
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
