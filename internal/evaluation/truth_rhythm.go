package main

import (
	"time"

	"cloud.google.com/go/civil"
)

// addRhythm adds when the sleeper should go to bed for 7.5 hours, and the chronotype, of the last
// 30 days.
func (t truth) addRhythm(nights []night, today civil.Date) {
	const wanted = 7.5 * 60
	var before []float64
	var middles, lengths [2][]float64 // on Saturday and Sunday, on other days
	for _, n := range nights {
		if n.date.Before(today.AddDays(-29)) || n.asleep < shortest {
			continue
		}
		period := n.wake.Sub(n.onset)
		before = append(before, n.latency+wanted*(period.Minutes()-n.between)/n.asleep+n.between)
		on := 1
		if day := n.date.Weekday(); day == time.Saturday || day == time.Sunday {
			on = 0
		}
		middles[on] = append(middles[on], minutesOf(n.onset.Add(period/2)))
		lengths[on] = append(lengths[on], period.Minutes())
	}
	free, work := meanClock(middles[0]), meanClock(middles[1])
	t["rhythm.before"] = value{kind: duration, number: mean(before)}
	t["rhythm.bedtime"] = value{kind: clock, number: t["last30.wake"].number - mean(before) + 24*60}
	t["rhythm.jetlag"] = value{kind: duration, number: free - work}
	t["rhythm.chronotype"] = value{kind: clock, number: free - max(0, mean(lengths[0])-mean(lengths[1]))*5/7/2}
}
