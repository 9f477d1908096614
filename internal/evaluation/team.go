package main

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

const (
	teamDays = 30
	// leastNights is the number of nights a person needs to count in a group.
	leastNights = 7
	// shortOfSleep is the mean sleep, in minutes, under which a person is short of it.
	shortOfSleep = 7 * 60
	// analysed is how long after its end a recording gets its numbers.
	analysed = 20 * time.Minute
)

// addTeam adds the values of the demo's organization over thirty days, with the person
// as the unit, and those of each member.
func (t truth) addTeam(now time.Time) {
	var eligible, asleep, efficiency, short, pairs, before float64
	for i, person := range sandbox.DemoTeam(now, sandbox.DemoSeed) {
		lately, earlier := truth{}, truth{}
		nights := nightsOf(person, now)
		if len(nights) > 0 {
			today := civil.DateOf(now.In(nights[0].bed.Location()))
			lately.addPeriod("", nights, today.AddDays(1-teamDays), today)
			earlier.addPeriod("", nights, today.AddDays(1-2*teamDays), today.AddDays(-teamDays))
		}
		t[fmt.Sprintf("member%02d.asleep", i+1)] = lately[".asleep"]
		if lately[".nights"].number < leastNights {
			continue
		}
		eligible++
		asleep += lately[".asleep"].number
		efficiency += lately[".efficiency"].number
		if lately[".asleep"].number < shortOfSleep {
			short++
		}
		if earlier[".nights"].number >= leastNights {
			pairs++
			before += earlier[".asleep"].number
		}
	}
	t["team.people"] = value{kind: count, number: sandbox.DemoTeamSize}
	t["team.eligible"] = value{kind: count, number: eligible}
	t["team.asleep"] = value{kind: duration, number: asleep / eligible}
	t["team.before"] = value{kind: duration, number: before / pairs}
	t["team.efficiency"] = value{kind: percent, number: efficiency / eligible}
	t["team.short"] = value{kind: percent, number: 100 * short / eligible}
}

// nightsOf returns a person's nights that have numbers.
func nightsOf(person sandbox.Person, now time.Time) (nights []night) {
	for _, r := range person.Recordings {
		if n, slept := nightOf(r); slept && !now.Before(r.End.Add(analysed)) {
			nights = append(nights, n)
		}
	}
	return nights
}
