package sandbox

import (
	"fmt"
	"time"
)

// DemoTeamSize is how many people [DemoTeam] has, two of whom are of no use to
// statistics.
const DemoTeamSize = 24

const demoTeamNights = 70

// DemoTeamMember returns the id of a member of [DemoTeam], from 0.
func DemoTeamMember(i int) string { return fmt.Sprintf("G-20250318162239-AsleepDemoTeam%06d", i) }

// DemoTeam returns people at home in Europe/Paris with plain nights. The last but one
// began to record a few days ago, the last one never did.
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
