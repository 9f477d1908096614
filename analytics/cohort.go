package analytics

// A Cohort describes a group of people by the means of each of them.
type Cohort struct {
	People int // who are eligible; nobody else is counted in any field

	Score      Distribution // 0 to 100
	Efficiency Distribution // 0 to 1
	Asleep     Distribution // main sleep a night, seconds

	// ShortOfSleep is the number of people whose mean sleep, naps included, is less than
	// the recommended minimum.
	ShortOfSleep int
}

// CohortOf describes those of people who are eligible; see [Person.Eligible].
// Everybody's sleep is compared with r, whatever their age.
func CohortOf(people []Person, r Recommendation) Cohort { return CohortOfAll(eligible(people), r) }

// CohortOfAll is [CohortOf] for people who are all known to be eligible, perhaps by
// another number of nights. It panics if [Person.EligibleFrom](0) does not hold for all
// of them.
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

// PeopleMeans holds the means of people whose nights are not at hand: lists of equal
// length, in the same order of people.
type PeopleMeans struct {
	Score, Efficiency, Asleep []float64 // in the units of [Cohort]
}

// add needs a person who has every mean.
func (m *PeopleMeans) add(p Person) {
	m.Score, m.Efficiency, m.Asleep = append(m.Score, *p.Score.Value), append(m.Efficiency, *p.Efficiency.Value), append(m.Asleep, *p.Asleep.Value)
}

// Cohort describes the people; short is how many of them sleep less than recommended,
// see [Cohort].
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
