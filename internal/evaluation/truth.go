package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

// truth is every value by its name, such as "newest.asleep" or "last30.nights".
type truth map[string]value

// night is what was recorded under one date, without naps. Numbers are minutes.
type night struct {
	date                                   civil.Date
	inBed, asleep, awake, light, deep, rem float64
	latency, snoring, longestAwake         float64
	longAwakenings                         float64   // over five minutes
	between                                float64   // its recordings
	bed, onset, wake, end                  time.Time // local; the recording is from bed to end
}

// shortest is the sleep, in minutes, that a night needs for its clock times to
// count.
const shortest = 3 * 60

// truthOf computes the values for the sleeper of the demo. Some questions are about a night
// that is still being analysed, so it must be morning for them.
func truthOf(now time.Time) (truth, error) {
	person := sandbox.Demo(now, sandbox.DemoSeed)[0]
	facts := map[string]sandbox.Fact{}
	for _, f := range sandbox.DemoFacts(now, sandbox.DemoSeed) {
		facts[f.Name] = f
	}
	if _, pending := facts["analysing"]; !pending {
		return nil, errors.New("at this time the demo's last night is finished; take one in the hour after it ended, such as 09:00 in Paris")
	}
	byID := map[string]sandbox.Recording{}
	var nights []night
	for _, r := range person.Recordings {
		byID[r.ID] = r
		if r.State == sandbox.Closed || r.ID == facts["nap"].SessionIDs[0] {
			continue
		}
		if one, slept := nightOf(r); slept {
			if last := len(nights) - 1; last >= 0 && nights[last].date == one.date {
				nights[last] = nights[last].and(one)
			} else {
				nights = append(nights, one)
			}
		}
	}
	t := truth{}
	today := civil.DateOf(now.In(zoneOf(person.Recordings[len(person.Recordings)-1])))
	t.addNights(nights, facts)
	t.addPeriods(nights, facts, today)
	t.addPlanted(facts, byID)
	t.addSearches(nights, today)
	t.addRhythm(nights, today)
	t.addTeam(now)
	return t, nil
}

func zoneOf(r sandbox.Recording) *time.Location {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		panic(err) // the sandbox's own
	}
	return zone
}

// nightOf counts the epochs of a recording, of half a minute each.
func nightOf(r sandbox.Recording) (n night, slept bool) {
	const epoch = 30 * time.Second
	first, last := -1, -1
	for i, stage := range r.Stages {
		if stage > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return n, false
	}
	zone := zoneOf(r)
	n = night{
		inBed: r.End.Sub(r.Start).Minutes(), latency: float64(first) / 2, bed: r.Start.In(zone), end: r.End.In(zone),
		onset: r.Start.Add(time.Duration(first) * epoch).In(zone), wake: r.Start.Add(time.Duration(last+1) * epoch).In(zone),
	}
	awake := 0.0
	for _, stage := range r.Stages[first : last+1] {
		if awake += 0.5; stage != 0 {
			awake = 0
		}
		if awake == 5.5 {
			n.longAwakenings++
		}
		n.longestAwake = max(n.longestAwake, awake)
		switch stage {
		case 0:
			n.awake += 0.5
		case 1:
			n.light += 0.5
		case 2:
			n.deep += 0.5
		case 3:
			n.rem += 0.5
		}
	}
	for _, snoring := range r.Snoring {
		n.snoring += float64(snoring) / 2
	}
	n.asleep, n.date = n.light+n.deep+n.rem, civil.DateOf(n.wake)
	return n, true
}

// and joins two parts of a night. The time between them counts in neither.
func (n night) and(later night) night {
	n.inBed, n.asleep, n.awake = n.inBed+later.inBed, n.asleep+later.asleep, n.awake+later.awake
	n.light, n.deep, n.rem = n.light+later.light, n.deep+later.deep, n.rem+later.rem
	n.snoring += later.snoring
	n.longestAwake = max(n.longestAwake, later.longestAwake)
	n.longAwakenings += later.longAwakenings
	n.between += later.bed.Sub(n.end).Minutes()
	n.wake, n.end = later.wake, later.end
	return n
}

func (n night) efficiency() float64 { return 100 * n.asleep / n.inBed }

// minutesOf returns a clock time in minutes after midnight.
func minutesOf(t time.Time) float64 {
	return float64(60*t.Hour()+t.Minute()) + float64(t.Second())/60
}

func (t truth) addNight(name string, n night) {
	t[name+".night"] = value{kind: date, text: n.date.String()}
	t[name+".asleep"] = value{kind: duration, number: n.asleep}
	t[name+".in_bed"] = value{kind: duration, number: n.inBed}
	t[name+".awake"] = value{kind: duration, number: n.awake}
	t[name+".latency"] = value{kind: duration, number: n.latency}
	t[name+".light"] = value{kind: duration, number: n.light}
	t[name+".deep"] = value{kind: duration, number: n.deep}
	t[name+".rem"] = value{kind: duration, number: n.rem}
	t[name+".efficiency"] = value{kind: percent, number: n.efficiency()}
	t[name+".bedtime"] = value{kind: clock, number: minutesOf(n.bed)}
	t[name+".onset"] = value{kind: clock, number: minutesOf(n.onset)}
	t[name+".wake"] = value{kind: clock, number: minutesOf(n.wake)}
}

// addNights adds nights under a name: newest is the last finished one, longest and
// shortest are from the last three weeks, least from the last seven days.
func (t truth) addNights(nights []night, facts map[string]sandbox.Fact) {
	newest := nights[len(nights)-1]
	last := facts["analysing"].Date
	at := func(d civil.Date) night {
		return nights[slices.IndexFunc(nights, func(n night) bool { return n.date == d })]
	}
	within := func(days int) []night {
		return slices.DeleteFunc(slices.Clone(nights), func(n night) bool { return n.date.Before(last.AddDays(1 - days)) })
	}
	bySleep := func(a, b night) int { return int(2 * (a.asleep - b.asleep)) }
	t.addNight("newest", newest)
	t.addNight("before", at(newest.date.AddDays(-1)))
	t.addNight("nap_night", at(facts["nap"].Date))
	t.addNight("split", at(facts["split_night"].Date))
	t.addNight("short", at(facts["short_night"].Date))
	t.addNight("clock_change", at(facts["clock_change"].Date))
	t.addNight("trip_first", at(facts["trip"].Date))
	t.addNight("after_gap", at(facts["untracked"].Last.AddDays(1)))
	t.addNight("longest", slices.MaxFunc(within(21), bySleep))
	t.addNight("least", slices.MinFunc(within(7), bySleep))
}

// addPeriods adds ranges of nights. month0 is the current month.
func (t truth) addPeriods(nights []night, facts map[string]sandbox.Fact, today civil.Date) {
	add := func(name string, from, to civil.Date) { t.addPeriod(name, nights, from, to) }
	add("last7", today.AddDays(-6), today)
	add("last14", today.AddDays(-13), today)
	add("before7", today.AddDays(-13), today.AddDays(-7))
	add("last30", today.AddDays(-29), today)
	add("last90", today.AddDays(-89), today)
	first := civil.Date{Year: today.Year, Month: today.Month, Day: 1}
	for i := range 6 {
		from := first.AddMonths(-i)
		to := from.AddMonths(1).AddDays(-1)
		if i == 0 {
			to = today
		}
		name := fmt.Sprintf("month%d", i)
		add(name, from, to)
		t[name+".month"] = value{kind: month, text: from.String()[:len("2006-01")]}
	}
	trip, gap := facts["trip"], facts["untracked"]
	add("trip", trip.Date, trip.Last)
	add("before_trip", trip.Date.AddDays(-7), trip.Date.AddDays(-1))
	add("untracked", gap.Date, gap.Last)
	add("around_gap", gap.Date.AddDays(-7), gap.Last.AddDays(7))
	for _, pair := range [][2]string{{"month1", "month2"}, {"month0", "month1"}} {
		name := pair[0] + "_against_" + pair[1]
		t[name+".asleep"] = value{kind: duration, number: math.Abs(t[pair[0]+".asleep"].number - t[pair[1]+".asleep"].number)}
		t[name+".efficiency"] = value{kind: percent, number: math.Abs(t[pair[0]+".efficiency"].number - t[pair[1]+".efficiency"].number)}
	}
}

// addPeriod adds the means of the nights from one date to another. A night with
// too little sleep counts in durations, not in clock times.
func (t truth) addPeriod(name string, nights []night, from, to civil.Date) {
	var n, asleep, efficiency, snoring float64
	var beds, onsets, wakes []float64
	var weekend, others []float64 // asleep, where clock times count
	for _, one := range nights {
		if one.date.Before(from) || one.date.After(to) {
			continue
		}
		n++
		asleep, efficiency, snoring = asleep+one.asleep, efficiency+one.efficiency(), snoring+one.snoring
		if one.asleep >= shortest {
			beds, onsets, wakes = append(beds, minutesOf(one.bed)), append(onsets, minutesOf(one.onset)), append(wakes, minutesOf(one.wake))
			if day := one.wake.Weekday(); day == time.Saturday || day == time.Sunday {
				weekend = append(weekend, one.asleep)
			} else {
				others = append(others, one.asleep)
			}
		}
	}
	t[name+".from"] = value{kind: date, text: from.String()}
	t[name+".to"] = value{kind: date, text: to.String()}
	t[name+".nights"] = value{kind: count, number: n}
	t[name+".used"] = value{kind: count, number: float64(len(beds))}
	if n == 0 {
		return
	}
	t[name+".asleep"] = value{kind: duration, number: asleep / n}
	t[name+".weekend"] = value{kind: duration, number: mean(weekend)}
	t[name+".others"] = value{kind: duration, number: mean(others)}
	t[name+".efficiency"] = value{kind: percent, number: efficiency / n}
	t[name+".snoring"] = value{kind: duration, number: snoring / n}
	t[name+".bedtime"] = value{kind: clock, number: meanClock(beds)}
	t[name+".onset"] = value{kind: clock, number: meanClock(onsets)}
	t[name+".wake"] = value{kind: clock, number: meanClock(wakes)}
}

// mean returns 0 for no values.
func mean(all []float64) (m float64) {
	for _, one := range all {
		m += one / float64(len(all))
	}
	return m
}

// meanClock returns the mean direction on a 24-hour dial.
func meanClock(minutes []float64) float64 {
	var x, y float64
	for _, m := range minutes {
		angle := m / (24 * 60) * 2 * math.Pi
		x, y = x+math.Cos(angle), y+math.Sin(angle)
	}
	mean := math.Atan2(y, x) / (2 * math.Pi) * 24 * 60
	return math.Mod(mean+24*60, 24*60)
}

// addPlanted adds the planted facts that are not nights.
func (t truth) addPlanted(facts map[string]sandbox.Fact, byID map[string]sandbox.Recording) {
	for name, f := range facts {
		if len(f.SessionIDs) == 0 {
			continue
		}
		t[name+".session"] = value{kind: word, text: f.SessionIDs[0]}
		if f.Date == f.Last {
			t[name+".night"] = value{kind: date, text: f.Date.String()}
		}
	}
	analysing := byID[facts["analysing"].SessionIDs[0]]
	t["analysing.bedtime"] = value{kind: clock, number: minutesOf(analysing.Start.In(zoneOf(analysing)))}
	empty := byID[facts["never_slept"].SessionIDs[0]]
	t["never_slept.in_bed"] = value{kind: duration, number: empty.End.Sub(empty.Start).Minutes()}
	t["split_night.second"] = value{kind: word, text: facts["split_night"].SessionIDs[1]}
	nap := byID[facts["nap"].SessionIDs[0]]
	n, _ := nightOf(nap) // there is sleep in it
	t["nap.asleep"] = value{kind: duration, number: n.asleep}
	tiny := byID[facts["too_short"].SessionIDs[0]]
	t["too_short.in_bed"] = value{kind: duration, number: tiny.End.Sub(tiny.Start).Minutes()}
	t["trip.zone"] = value{kind: zone, text: byID[facts["trip"].SessionIDs[0]].Zone}
	t["one"] = value{kind: count, number: 1}
}
