package sandbox

import (
	"fmt"
	"time"
)

// DemoTeamSize is the number of people in [DemoTeam], two of whom have too few nights
// for statistics.
const DemoTeamSize = 24

const demoTeamNights = 70

// DemoTeamMember returns the id of member i of [DemoTeam], counted from 0.
func DemoTeamMember(i int) string { return fmt.Sprintf("G-20250318162239-AsleepDemoTeam%06d", i) }

// DemoTeam returns people who live in Europe/Paris, with ordinary nights. The last but
// one started recording a few days ago; the last one never did.
func DemoTeam(now time.Time, seed uint64) []Person {
	people := make([]Person, DemoTeamSize)
	for i := range people {
		nights := demoTeamNights
		switch i {
		case DemoTeamSize - 2:
			nights = 4
		case DemoTeamSize - 1:
			nights = 0
		}
		people[i] = Generate(DemoTeamMember(i), mustZone("Europe/Paris"), now.AddDate(0, 0, -nights), now, seed)
	}
	return people
}
