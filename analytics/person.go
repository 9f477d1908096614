package analytics

// LeastPersonNights is how many used nights of a period a person needs for their
// means to stand in a [Cohort].
const LeastPersonNights = 7

// A Person is what the nights of one person in a period come down to. The unit of
// a cohort is the person: averaging nights of several people would let whoever
// records most speak for the others.
type Person struct {
	Nights     int      // with a main sleep, short ones included
	Score      Estimate // [ScoreOf] overall, 0 to 100
	Efficiency Estimate // mean of the nights' efficiencies, 0 to 1
	Asleep     Estimate // mean of the main sleeps, seconds
	Asleep24   Estimate // mean sleep of 24 hours, naps included, seconds
}

// PersonOf reduces nights to their means. Below [LeastPersonNights] they are there
// all the same: see [Person.Eligible].
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

// Eligible says whether p has enough nights to stand in a cohort, with every mean.
func (p Person) Eligible() bool {
	return p.Nights >= LeastPersonNights && p.Score.Value != nil && p.Efficiency.Value != nil &&
		p.Asleep.Value != nil && p.Asleep24.Value != nil
}

// ShortOfSleep says whether they sleep, naps included, less than is recommended at
// least. It is said of who is [Person.Eligible].
func (p Person) ShortOfSleep(r Recommendation) bool { return *p.Asleep24.Value < r.Low*3600 }
