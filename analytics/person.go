package analytics

// LeastPersonNights is how many used nights in a period a person needs to count in a
// [Cohort].
const LeastPersonNights = 7

// A Person is the means of one person's nights in a period. The unit of a cohort is the
// person: if the nights of several people were averaged, those who record most would
// outweigh the others.
type Person struct {
	Nights     int      // with a main sleep, short ones included
	Score      Estimate // the overall score of [ScoreOf], 0 to 100
	Efficiency Estimate // mean of the nights' efficiencies, 0 to 1
	Asleep     Estimate // mean of the main sleeps, seconds
	Asleep24   Estimate // mean sleep of 24 hours, naps included, seconds
}

// PersonOf reduces nights to their means, even if they are fewer than
// [LeastPersonNights]; see [Person.Eligible].
func PersonOf(nights []Night, r Recommendation) Person {
	means := Average(nights)
	return Person{
		Nights:     means.Nights,
		Score:      ScoreOf(nights, r).Overall,
		Efficiency: means.Efficiency,
		Asleep:     means.Asleep,
		Asleep24:   meanOf(secondsOf(counted(nights), Night.Asleep24), 1),
	}
}

// Eligible reports whether p has every mean and enough nights to count in a cohort.
func (p Person) Eligible() bool { return p.EligibleFrom(LeastPersonNights) }

// EligibleFrom is [Person.Eligible] with another number of nights in place of
// [LeastPersonNights].
func (p Person) EligibleFrom(nights int) bool {
	return p.Nights >= nights && p.Score.Value != nil && p.Efficiency.Value != nil &&
		p.Asleep.Value != nil && p.Asleep24.Value != nil
}

// ShortOfSleep reports whether the mean sleep in 24 hours, naps included, is less than
// the recommended minimum. It panics if p has no such mean; see [Person.Eligible].
func (p Person) ShortOfSleep(r Recommendation) bool { return *p.Asleep24.Value < r.Low*3600 }
