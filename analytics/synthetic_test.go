package analytics_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// draw is one made-up night, in minutes; onset counts from midnight of the night date.
type draw struct {
	onset, period, latency, awake float64
	deep, rem                     float64 // shares
	snoring                       float64 // a twentieth of the period where 0
}

// sleeper makes nights with known parameters.
type sleeper struct {
	onset, onsetSD, period, periodSD float64
	latency, awake                   float64 // medians of a skewed distribution
	weekend                          float64 // later on Saturday and Sunday
}

// ordinary is a healthy person according to wearables: the median of their users.
var ordinary = sleeper{onset: -40, onsetSD: 40, period: 465, periodSD: 50, latency: 12, awake: 24}

// someone draws a healthy person from a population.
func someone(r *rand.Rand) sleeper {
	return sleeper{
		onset: -40 + 45*r.NormFloat64(), onsetSD: 25 + 30*r.Float64(),
		period: 475 + 15*r.NormFloat64(), periodSD: 30 + 35*r.Float64(),
		latency: 7 + 10*r.Float64(), awake: 15 + 15*r.Float64(), weekend: 75 * r.Float64(),
	}
}

func (s sleeper) draw(r *rand.Rand, free bool) draw {
	d := draw{
		onset:   s.onset + s.onsetSD*r.NormFloat64(),
		period:  max(200, s.period+s.periodSD*r.NormFloat64()),
		latency: s.latency * math.Exp(0.6*r.NormFloat64()),
		awake:   min(150, s.awake*math.Exp(0.5*r.NormFloat64())),
		deep:    min(0.35, max(0.02, 0.17+0.05*r.NormFloat64())),
		rem:     min(0.40, max(0.05, 0.21+0.05*r.NormFloat64())),
	}
	if free {
		d.onset += s.weekend
	}
	return d
}

var firstMonday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

var firstDate = civil.DateOf(firstMonday)

// draws returns one draw per date from a Monday on.
func (s sleeper) draws(r *rand.Rand, n int) []draw {
	list := make([]draw, n)
	for i := range list {
		list[i] = s.draw(r, i%7 >= 5)
	}
	return list
}

func (s sleeper) nights(r *rand.Rand, n int) []analytics.Night { return made(s.draws(r, n)) }

// made returns one night per draw, the first dated 2 March 2026, a Monday.
func made(draws []draw) []analytics.Night {
	nights := make([]analytics.Night, len(draws))
	for i, d := range draws {
		nights[i] = d.night(firstMonday.AddDate(0, 0, i))
	}
	return nights
}

func (d draw) night(midnight time.Time) analytics.Night {
	minutes := func(m float64) time.Duration { return time.Duration(m * float64(time.Minute)).Round(time.Second) }
	onset := midnight.Add(minutes(d.onset))
	s := analytics.Session{
		ID: strconv.FormatInt(midnight.Unix(), 10), Zone: midnight.Location(),
		Start: onset.Add(-minutes(d.latency)), Onset: onset, Wake: onset.Add(minutes(d.period)),
		Awake: minutes(d.awake), Latency: new(minutes(d.latency)),
		LongestWake: new(minutes(d.awake) / 3), Snoring: new(minutes(cmp.Or(d.snoring, d.period/20))),
	}
	s.Asleep = s.Wake.Sub(s.Onset) - s.Awake
	s.End = s.Wake.Add(8 * time.Minute)
	s.InBed = s.End.Sub(s.Start)
	s.Deep, s.REM = new(minutes(s.Asleep.Minutes()*d.deep)), new(minutes(s.Asleep.Minutes()*d.rem))
	s.Light = new(s.Asleep - *s.Deep - *s.REM)
	return analytics.Assemble([]analytics.Session{s}).Nights[0]
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2026)) }

// shuffled returns the same nights on other dates, so that no change is left.
func shuffled(r *rand.Rand, draws []draw) []draw {
	list := make([]draw, len(draws))
	for i, j := range r.Perm(len(draws)) {
		list[i] = draws[j]
	}
	return list
}

// plain is a night from 23:30 to 07:30 with 460 minutes asleep.
var plain = draw{onset: -30, period: 480, latency: 10, awake: 20, deep: 0.2, rem: 0.2}

// each returns n nights; of changes the plain night by its number.
func each(n int, of func(i int, d *draw)) []analytics.Night {
	draws := make([]draw, n)
	for i := range draws {
		draws[i] = plain
		of(i, &draws[i])
	}
	return made(draws)
}

func same(n int, d draw) []analytics.Night {
	return each(n, func(_ int, into *draw) { *into = d })
}

// asleepFor returns a night for each number of minutes asleep.
func asleepFor(minutes ...float64) []analytics.Night {
	return each(len(minutes), func(i int, d *draw) { d.period, d.awake = minutes[i], 0 })
}

func metricNamed(name string) analytics.Metric {
	for _, m := range analytics.Metrics() {
		if m.Name == name {
			return m
		}
	}
	return analytics.Metric{}
}
