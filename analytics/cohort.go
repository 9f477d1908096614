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
	c := Cohort{
		People:     len(people),
		Score:      DistributionOf(valuesOf(people, scoreOf)),
		Efficiency: DistributionOf(valuesOf(people, efficiencyOf)),
		Asleep:     DistributionOf(valuesOf(people, asleepOf)),
	}
	for _, p := range people {
		if p.ShortOfSleep(r) {
			c.ShortOfSleep++
		}
	}
	return c
}

func scoreOf(p Person) float64      { return *p.Score.Value }
func efficiencyOf(p Person) float64 { return *p.Efficiency.Value }
func asleepOf(p Person) float64     { return *p.Asleep.Value }

func eligible(people []Person) []Person {
	list := make([]Person, 0, len(people))
	for _, p := range people {
		if p.Eligible() {
			list = append(list, p)
		}
	}
	return list
}

func valuesOf(people []Person, of func(Person) float64) []float64 {
	values := make([]float64, len(people))
	for i, p := range people {
		values[i] = of(p)
	}
	return values
}
