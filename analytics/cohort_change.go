package analytics

import "math"

// A CohortChange compares two periods of the same people. People who are eligible in
// only one of them are left out of both; otherwise a change in who belongs to the group
// could be mistaken for a change in its sleep.
type CohortChange struct {
	People                    int // eligible in both periods
	Score, Efficiency, Asleep Shift
}

// A Shift is the mean change within people, second minus first, with its standard
// error. All values are in the unit of the metric in [Cohort].
type Shift struct {
	First, Second  Estimate // means over the people who are eligible in both periods
	Difference, SE Estimate
	Verdict        Verdict // [TooFewPeople] for fewer than two people
}

// TooFewPeople is the verdict on a group in which fewer than two people can be
// compared.
const TooFewPeople Verdict = "not_enough_people"

// The smallest differences of a group's mean that are worth mentioning; for sleep and
// efficiency a third of what matters to one person. A choice of this package, not a
// finding.
const (
	relevantGroupScore      = 2
	relevantGroupEfficiency = 0.01
	relevantGroupAsleep     = 600 // seconds
)

// CohortChangeOf compares people, who must be the same and in the same order in both
// lists. A shift is higher or lower if it is at least as large as the smallest
// difference that matters and as twice its standard error, which is that of the mean of
// paired differences.
func CohortChangeOf(first, second []Person) CohortChange {
	var before, after PeopleMeans
	for i := range min(len(first), len(second)) {
		if first[i].Eligible() && second[i].Eligible() {
			before.add(first[i])
			after.add(second[i])
		}
	}
	return after.ChangeFrom(before)
}

// ChangeFrom is [CohortChangeOf] for means of people who are all eligible in both
// periods: before and m must list the same people in the same order.
func (m PeopleMeans) ChangeFrom(before PeopleMeans) CohortChange {
	return CohortChange{
		People:     len(m.Score),
		Score:      shiftOf(before.Score, m.Score, relevantGroupScore),
		Efficiency: shiftOf(before.Efficiency, m.Efficiency, relevantGroupEfficiency),
		Asleep:     shiftOf(before.Asleep, m.Asleep, relevantGroupAsleep),
	}
}

// certain is from how many standard errors on a difference counts.
const certain = 2.0

func shiftOf(first, second []float64, relevant float64) Shift {
	differences := make([]float64, len(first))
	for i := range first {
		differences[i] = second[i] - first[i]
	}
	s := Shift{
		First: meanOf(first, 1), Second: meanOf(second, 1), Difference: meanOf(differences, 1),
		SE: deviationOf(differences, 2), Verdict: TooFewPeople,
	}
	if s.SE.Value == nil {
		return s
	}
	*s.SE.Value /= math.Sqrt(float64(len(differences)))
	s.Verdict = verdictOn(*s.Difference.Value, max(relevant, certain**s.SE.Value))
	return s
}

// CohortsCompared compares what is known about two groups without knowing who belongs
// to both. Each must have means, and standard deviations if it has at least two people.
// The standard error is that of the difference of two independent means. If most people
// belong to both groups, it is too large, and a change must be larger to be noticed
// than in [CohortChangeOf].
func CohortsCompared(first, second Cohort) CohortChange {
	return CohortChange{
		People:     min(first.People, second.People),
		Score:      shiftBetween(first.Score, second.Score, relevantGroupScore),
		Efficiency: shiftBetween(first.Efficiency, second.Efficiency, relevantGroupEfficiency),
		Asleep:     shiftBetween(first.Asleep, second.Asleep, relevantGroupAsleep),
	}
}

func shiftBetween(first, second Distribution, relevant float64) Shift {
	n := min(first.Mean.N, second.Mean.N)
	s := Shift{
		First: first.Mean, Second: second.Mean, Difference: known(*second.Mean.Value-*first.Mean.Value, n),
		SE: tooFew(n), Verdict: TooFewPeople,
	}
	if first.SD.Value == nil || second.SD.Value == nil {
		return s
	}
	variance := func(d Distribution) float64 { return *d.SD.Value * *d.SD.Value / float64(d.Mean.N) }
	s.SE = known(math.Sqrt(variance(first)+variance(second)), n)
	s.Verdict = verdictOn(*s.Difference.Value, max(relevant, certain**s.SE.Value))
	return s
}
