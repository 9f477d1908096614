package main

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"
)

// addSearches adds what is found by looking through all nights, one after another. A date
// without a recording ends a run.
func (t truth) addSearches(nights []night, today civil.Date) {
	month := civil.Date{Year: today.Year, Month: today.Month, Day: 1}
	summer := func(n night) bool { return n.date.Month == time.June || n.date.Month == time.July }
	t.countNights("found.short_this_month", nights, func(n night) bool { return !n.date.Before(month) && n.asleep < 360 })
	t.countNights("found.awake_in_summer", nights, func(n night) bool { return summer(n) && n.longestAwake > 5 })
	t.countNights("found.in_summer", nights, summer)
	awakenings := 0.0
	for _, n := range nights {
		if !n.date.Before(month.AddMonths(-1)) && n.date.Before(month) {
			awakenings += n.longAwakenings
		}
	}
	t["found.awakenings"] = value{kind: count, number: awakenings}
	t.countNights("found.snored", nights, func(n night) bool { return !n.date.Before(month.AddMonths(-1)) && n.snoring > 20 })
	weekend := func(n night) bool { return n.date.Weekday() == time.Saturday || n.date.Weekday() == time.Sunday }
	t.countNights("found.weekend", nights, weekend)
	sum := 0.0
	for _, n := range nights {
		if weekend(n) {
			sum += n.asleep
		}
	}
	t.countNights("found.before_eleven", nights, func(n night) bool { return minutesOf(n.bed) >= 12*60 && minutesOf(n.bed) < 23*60 })
	napped := civil.DateOf(t["nap.night"].day())
	t.countNights("found.after_nap", nights, func(n night) bool { return n.date == napped.AddDays(1) })
	strips := month.AddMonths(-2).AddDays(6)
	t.addRange("found.strips", nights, strips, strips.AddDays(13), `night >= "%s" and night <= "%s"`)
	t.addRange("found.drinks", nights, month.AddMonths(-1), month.AddMonths(-1).AddDays(6), "%s/%s")
	t["found.weekend.asleep"] = value{kind: duration, number: sum / t["found.weekend"].number}
	t.countNights("found.by_night", nights, func(night) bool { return true })
	var longest, run []night
	for _, n := range nights {
		if n.asleep >= 480 {
			t.addNight("found.long", n)
		}
		if len(run) > 0 && run[len(run)-1].date.AddDays(1) != n.date {
			run = nil
		}
		if minutesOf(n.bed) < 12*60 { // after midnight
			run = nil
			continue
		}
		if run = append(run, n); len(run) > len(longest) {
			longest = run
		}
	}
	t["found.run"] = value{kind: count, number: float64(len(longest))}
	t["found.run.from"] = value{kind: date, text: longest[0].date.String()}
	t["found.present_run"] = value{kind: count, number: float64(len(run))}
	t.addWeekdays(nights)
}

// addRange adds two dates, written by a format, and the nights between them.
func (t truth) addRange(name string, nights []night, from, to civil.Date, format string) {
	t[name] = value{kind: word, text: fmt.Sprintf(format, from, to)}
	t.countNights(name+".nights", nights, func(n night) bool { return !n.date.Before(from) && !n.date.After(to) })
}

func (t truth) countNights(name string, nights []night, is func(night) bool) {
	n := 0
	for _, one := range nights {
		if is(one) {
			n++
		}
	}
	t[name] = value{kind: count, number: float64(n)}
}

// addWeekdays adds the day of the week, of the date, with the shortest and the longest nights.
func (t truth) addWeekdays(nights []night) {
	var sums, counts [7]float64
	for _, n := range nights {
		day := n.date.Weekday()
		sums[day] += n.asleep
		counts[day]++
	}
	shortest, longest := time.Sunday, time.Sunday
	for day := range time.Saturday + 1 {
		mean := sums[day] / counts[day]
		if mean < sums[shortest]/counts[shortest] {
			shortest = day
		}
		if mean > sums[longest]/counts[longest] {
			longest = day
		}
	}
	for name, day := range map[string]time.Weekday{"found.shortest_day": shortest, "found.longest_day": longest} {
		t[name] = value{kind: word, text: day.String()[:3]}
		t[name+".asleep"] = value{kind: duration, number: sums[day] / counts[day]}
	}
}
