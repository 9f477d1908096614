package analytics

// A Cohort describes a group of people by the means of each.
type Cohort struct {
	People int // the eligible ones; nobody else counts here

	Score      Distribution // 0 to 100
	Efficiency Distribution // 0 to 1
	Asleep     Distribution // main sleep a night, seconds

	// ShortOfSleep is how many sleep less than the recommended minimum, on average and
	// including naps.
	ShortOfSleep int
}

// CohortOf describes the eligible among people. r is what their sleep is compared with,
// whatever their age.
func CohortOf(people []Person, r Recommendation) Cohort { return CohortOfAll(eligible(people), r) }

// CohortOfAll describes all of people, each of whom must have every mean, as
// [Person.EligibleFrom] tells.
func CohortOfAll(people []Person, r Recommendation) Cohort {
	var m PeopleMeans
	short := 0
	for _, p := range people {
		m.add(p)
		if p.ShortOfSleep(r) {
			short++
		}
	}
	return m.Cohort(short)
}

// PeopleMeans are the means of people, for who has them without their nights: lists of
// equal length, in one order.
type PeopleMeans struct {
	Score, Efficiency, Asleep []float64 // in the units of [Cohort]
}

// add needs a person who has every mean.
func (m *PeopleMeans) add(p Person) {
	m.Score, m.Efficiency, m.Asleep = append(m.Score, *p.Score.Value), append(m.Efficiency, *p.Efficiency.Value), append(m.Asleep, *p.Asleep.Value)
}

// Cohort describes the people, of whom so many are short of sleep.
func (m PeopleMeans) Cohort(short int) Cohort {
	return Cohort{
		People:     len(m.Score),
		Score:      DistributionOf(m.Score),
		Efficiency: DistributionOf(m.Efficiency),
		Asleep:     DistributionOf(m.Asleep),

		ShortOfSleep: short,
	}
}

func eligible(people []Person) []Person {
	list := make([]Person, 0, len(people))
	for _, p := range people {
		if p.Eligible() {
			list = append(list, p)
		}
	}
	return list
}
