package sandbox

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"cloud.google.com/go/civil"
)

// sleeper is a person's habits, in minutes unless stated otherwise.
type sleeper struct {
	id          string
	seed        uint64
	zone        *time.Location
	bed         float64 // usual bedtime, counted from the midnight before the wake date's morning; negative is evening
	bedSpread   float64
	weekend     float64 // later on Saturday and Sunday mornings, and half as much longer
	asleep      float64 // time asleep
	asleepSD    float64
	latency     float64 // median
	awakenings  float64 // brief ones, mean
	longestWake float64 // median
	snoring     float64 // median
}

// Generate returns a person who sleeps at home every night, with all recordings between
// from and to. The same arguments give the same person; a night depends on its date,
// not on the range. Most nights have an efficiency of about 0.9, 10 to 22 % deep sleep
// and 18 to 25 % REM sleep as shares of the time asleep, and 10 to 30 awakenings,
// nearly all of them brief.
func Generate(id string, zone *time.Location, from, to time.Time, seed uint64) Person {
	s := newSleeper(id, zone, seed)
	p := Person{ID: id}
	last := civil.DateOf(to.In(zone)).AddDays(1)
	for date := civil.DateOf(from.In(zone)); !date.After(last); date = date.AddDays(1) {
		night := s.night(date, ordinary)
		if !night.Start.Before(from) && !night.End.After(to) {
			p.Recordings = append(p.Recordings, night)
		}
	}
	return p
}

func newSleeper(id string, zone *time.Location, seed uint64) sleeper {
	rng := source(seed, id, "habits")
	return sleeper{
		id: id, seed: seed, zone: zone,
		bed:         -45 + 30*rng.NormFloat64(),
		bedSpread:   20 + 25*rng.Float64(),
		weekend:     60 * rng.Float64(),
		asleep:      425 + 25*rng.NormFloat64(),
		asleepSD:    25 + 15*rng.Float64(),
		latency:     10 + 8*rng.Float64(),
		awakenings:  14 + 7*rng.Float64(),
		longestWake: 4 + 5*rng.Float64(),
		snoring:     4 + 20*rng.Float64(),
	}
}

// source returns a random generator for one purpose, so that a night does not depend on
// which others are drawn.
func source(seed uint64, id, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(id + " " + purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// strain is how a night differs from the sleeper's habits.
type strain struct {
	asleep      float64 // minutes more; negative: less
	latency     float64 // factor
	longestWake float64 // factor
	later       float64 // minutes later to bed
}

var ordinary = strain{latency: 1, longestWake: 1}

// night draws the night that ends on the date.
func (s sleeper) night(date civil.Date, as strain) Recording {
	rng := source(s.seed, s.id, date.String())
	weekend := 0.0
	if day := date.Weekday(); day == time.Saturday || day == time.Sunday {
		weekend = s.weekend
	}
	bed := s.bed + within(rng.NormFloat64(), 2.5)*s.bedSpread + weekend + as.later
	asleep := s.asleep + within(rng.NormFloat64(), 2.2)*s.asleepSD + weekend/2 + as.asleep
	return s.record(rng, s.clock(date, bed), outline{
		latency:     epochs(spread(rng, s.latency*as.latency, 0.5), 4, 100),
		asleep:      epochs(asleep, 120, 1400),
		terminal:    epochs(spread(rng, 6, 0.6), 1, 50),
		awakenings:  int(within(math.Round(s.awakenings+4*rng.NormFloat64()-17), 8)) + 17,
		longestWake: epochs(spread(rng, s.longestWake*as.longestWake, 0.6), 2, 120),
		deepShare:   0.16 + 0.022*within(rng.NormFloat64(), 2.4),
		remShare:    0.22 + 0.012*within(rng.NormFloat64(), 2.4),
	})
}

// record makes a recording of an outline. It ends somewhere in its last chunk.
func (s sleeper) record(rng *rand.Rand, start time.Time, o outline) Recording {
	stages := o.draw(rng)
	snoring := drawSnoring(rng, stages, int(2*spread(rng, s.snoring, 0.6)*float64(o.asleep)/(2*s.asleep)))
	end := start.Add(time.Duration(len(stages))*epoch + time.Duration(rng.IntN(30))*time.Second)
	return Recording{
		ID: sessionID(s.id, start), Start: start, End: end,
		Zone: s.zone.String(), Stages: stages, Snoring: snoring,
	}
}

// clock returns the instant that is the given minutes of wall clock after the date's
// midnight.
func (s sleeper) clock(date civil.Date, minutes float64) time.Time {
	return time.Date(date.Year, date.Month, date.Day, 0, 0, int(minutes*60), 0, s.zone)
}

// spread draws from a lognormal distribution around the median.
func spread(rng *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*within(rng.NormFloat64(), 2.5))
}

func within(x, limit float64) float64 { return min(max(x, -limit), limit) }

func epochs(minutes float64, lowest, highest int) int {
	return min(max(int(math.Round(2*minutes)), lowest), highest)
}
