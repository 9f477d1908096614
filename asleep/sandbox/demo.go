package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// DemoUser is the id of the person that [Demo] returns.
const DemoUser = "G-20250318162239-AsleepDemoSleeper000"

// DemoSeed gives the nights that everybody who tries the demo sees; any other seed
// gives different ones.
const DemoSeed = 1

// demoNights is how many night dates Demo goes back. Two clock changes of Europe/Paris
// are at most 217 days apart, so there is always one among them.
const demoNights = 220

// demoAnalysis is how long after its end the last recording of Demo gets its numbers: long
// enough to be met by whoever looks in the morning, and over for the rest of the day.
const demoAnalysis = 90 * time.Minute

// Fact is something planted in [Demo]. Dates are night dates: the local date on which
// the recording ended; that of too_short is the date of the night that follows it.
type Fact struct {
	Name       string     // see [DemoFacts]
	Date       civil.Date // the night, or the first of several
	Last       civil.Date // the last night; equal to Date for a single one
	SessionIDs []string   // the recordings it consists of, by start; empty for nights not tracked
	Text       string     // one sentence
}

// Demo returns one person who lives in Europe/Paris, with about 220 nights, the last of
// which ended at or before now. The same arguments give the same nights. [DemoFacts]
// lists what is special about them.
func Demo(now time.Time, seed uint64) []Person {
	return []Person{newDemo(now, seed).person()}
}

// DemoFacts returns what [Demo] plants for the same arguments:
//
//	analysing     last night, until 90 minutes after its end: recorded but not analysed yet
//	too_short     a recording of three minutes in the evening before last night
//	nap           an afternoon nap on the date of a whole night
//	split_night   two recordings 25 minutes apart
//	short_night   a main sleep of about two and a half hours
//	never_slept   a recording without sleep
//	worse_month   the calendar month before the current one: less sleep, lower efficiency
//	trip          seven nights in Asia/Seoul
//	untracked     seven nights without a recording
//	clock_change  the newest finished night with a clock change in Europe/Paris
//
// Only analysing and too_short are in the last two days. nap, split_night, short_night
// and never_slept are in the last fortnight and may fall into worse_month; trip and
// untracked are before it.
func DemoFacts(now time.Time, seed uint64) []Fact {
	return newDemo(now, seed).facts()
}

// demo is the plan of what is planted on which night date.
type demo struct {
	sleeper
	last       civil.Date // last night
	pending    bool       // whether it is still being analysed
	month      civil.Date // first day of the current month
	changes    []civil.Date
	nap        civil.Date
	split      civil.Date
	short      civil.Date
	neverSlept civil.Date
	trip       civil.Date // first of seven
	untracked  civil.Date // first of seven
}

func newDemo(now time.Time, seed uint64) demo {
	d := demo{sleeper: sleeper{
		id: DemoUser, seed: seed, zone: mustZone("Europe/Paris"),
		bed: -40, bedSpread: 24, weekend: 40, asleep: 425, asleepSD: 28,
		latency: 13, awakenings: 16, longestWake: 5, snoring: 12,
	}}
	today := civil.DateOf(now.In(d.zone))
	d.month = civil.Date{Year: today.Year, Month: today.Month, Day: 1}
	d.last = today
	if d.night(today, d.strain(today)).End.After(now) {
		d.last = today.AddDays(-1)
	}
	d.pending = now.Before(d.night(d.last, d.strain(d.last)).End.Add(demoAnalysis))
	for back := 1; back < demoNights; back++ {
		if date := d.last.AddDays(-back); d.hasChange(date) {
			d.changes = append(d.changes, date)
		}
	}
	d.nap, d.split, d.short, d.neverSlept = d.free(4, 1), d.free(6, 1), d.free(9, 1), d.free(12, 1)
	d.trip, d.untracked = d.free(108, 7), d.free(150, 7)
	return d
}

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zones are embedded
	}
	return zone
}

// hasChange reports whether the clocks change in the night that ends on date.
func (d demo) hasChange(date civil.Date) bool {
	_, evening := d.clock(date, -4*60).Zone()
	_, morning := d.clock(date, 8*60).Zone()
	return evening != morning
}

// free returns the first of the given number of nights, back days before last night, or
// earlier if a clock change is in the way.
func (d demo) free(back, nights int) civil.Date {
	first := d.last.AddDays(-back)
	for slices.ContainsFunc(d.changes, func(change civil.Date) bool {
		return !change.Before(first) && change.Before(first.AddDays(nights))
	}) {
		first = first.AddDays(-1)
	}
	return first
}

// during reports whether date is one of the nights from first on.
func during(date, first civil.Date, nights int) bool {
	return !date.Before(first) && date.Before(first.AddDays(nights))
}

func (d demo) worse(date civil.Date) bool {
	before := d.month.AddMonths(-1)
	return date.Year == before.Year && date.Month == before.Month
}

func (d demo) person() Person {
	p := Person{ID: DemoUser, Metadata: Metadata{
		BirthYear: new(1988), BirthMonth: new(5), BirthDay: new(14),
		Gender: new("female"), Height: new(168.0), Weight: new(63.5),
	}}
	for back := demoNights - 1; back >= 0; back-- {
		p.Recordings = append(p.Recordings, d.recordings(d.last.AddDays(-back))...)
	}
	return p
}

// recordings returns those whose night date is the date, in order; the false start before
// last night is among that night's.
func (d demo) recordings(date civil.Date) []Recording {
	rng := source(d.seed, d.id, "plan "+date.String())
	switch {
	case during(date, d.untracked, 7):
		return nil
	case during(date, d.trip, 7):
		abroad := d.sleeper
		abroad.zone = mustZone("Asia/Seoul")
		return []Recording{abroad.night(date, strain{latency: 1.5, longestWake: 1.5})}
	case date == d.nap:
		nap := outline{latency: 14, asleep: 72, terminal: 4, deepShare: 0.1}
		return []Recording{d.night(date, ordinary), d.record(rng, d.clock(date, 14*60+5), nap)}
	case date == d.split:
		return d.splitNight(rng, date)
	case date == d.short:
		short := outline{latency: 16, asleep: 300, terminal: 8, awakenings: 6, deepShare: 0.2, remShare: 0.18}
		return []Recording{d.record(rng, d.clock(date, 3*60+20), short)}
	case date == d.neverSlept:
		return []Recording{d.record(rng, d.clock(date, -25), outline{latency: 640})}
	case date == d.last:
		night := d.night(date, d.strain(date))
		if d.pending {
			night.State = Closed
		}
		return []Recording{d.record(rng, night.Start.Add(-25*time.Minute), outline{latency: 6}), night}
	}
	return []Recording{d.night(date, d.strain(date))}
}

func (d demo) strain(date civil.Date) strain {
	if d.worse(date) {
		return strain{asleep: -55, latency: 1.8, longestWake: 3.5, later: 25}
	}
	return ordinary
}

func (d demo) splitNight(rng *rand.Rand, date civil.Date) []Recording {
	first := d.record(rng, d.clock(date, -35), outline{
		latency: 24, asleep: 380, terminal: 6, awakenings: 8, longestWake: 5, deepShare: 0.2, remShare: 0.18,
	})
	second := d.record(rng, first.End.Add(25*time.Minute), outline{
		latency: 20, asleep: 400, terminal: 10, awakenings: 9, longestWake: 4, deepShare: 0.1, remShare: 0.26,
	})
	return []Recording{first, second}
}

func (d demo) facts() []Fact {
	last, month := d.recordings(d.last), d.month.AddMonths(-1)
	facts := []Fact{
		d.fact("too_short", d.last, 1,
			"A recording of three minutes in the evening before last night is too short for analysis."),
		d.fact("nap", d.nap, 1,
			"A nap of about 36 minutes in the afternoon of %s, beside a whole night.", d.nap),
		d.fact("split_night", d.split, 1,
			"The night of %s was recorded in two parts with 25 minutes between them.", d.split),
		d.fact("short_night", d.short, 1,
			"The main sleep of %s was only about two and a half hours long.", d.short),
		d.fact("never_slept", d.neverSlept, 1,
			"The recording that ended on %s holds no sleep.", d.neverSlept),
		d.fact("worse_month", month, d.month.DaysSince(month),
			"In %s %d sleep was about 55 minutes shorter than in the other months, and efficiency lower.", month.Month, month.Year),
		d.fact("trip", d.trip, 7,
			"From %s to %s the nights were slept in Asia/Seoul.", d.trip, d.trip.AddDays(6)),
		d.fact("untracked", d.untracked, 7,
			"From %s to %s nothing was recorded.", d.untracked, d.untracked.AddDays(6)),
		d.fact("clock_change", d.changes[0], 1,
			"In the night of %s the clocks of Europe/Paris changed.", d.changes[0]),
	}
	facts[0].SessionIDs = []string{last[0].ID}
	nap := facts[1].SessionIDs
	facts[1].SessionIDs = nap[1:]
	if d.pending {
		analysing := d.fact("analysing", d.last, 1,
			"Last night was recorded and is still being analysed; the newest finished night is %s.", d.last.AddDays(-1))
		analysing.SessionIDs = []string{last[1].ID}
		facts = append(facts, analysing)
	}
	return facts
}

// fact collects the recordings of the given number of nights.
func (d demo) fact(name string, first civil.Date, nights int, text string, args ...any) Fact {
	f := Fact{Name: name, Date: first, Last: first.AddDays(nights - 1), Text: fmt.Sprintf(text, args...)}
	for i := range nights {
		for _, r := range d.recordings(first.AddDays(i)) {
			f.SessionIDs = append(f.SessionIDs, r.ID)
		}
	}
	return f
}
