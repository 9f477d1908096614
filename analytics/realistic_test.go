package analytics_test

import (
	"math"
	"math/rand/v2"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// person is somebody whose nights spread like those of real people: with heavy tails,
// weekends, nights that are like the one before, and dates without a recording. Standard
// deviations and means are in minutes.
type person struct {
	onset, onsetSD, period, periodSD float64
	alike, periodAlike, unevenAlike  float64 // correlation of neighbouring nights, but for noise
	noise                            float64 // share of the variance that no other night knows of
	weekend, longer                  float64 // on Saturday and Sunday
	latency, awake, snoring          float64 // medians
	uneven                           float64 // log standard deviation of those
	recorded                         float64 // share of the dates
}

func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// anybody draws a person whose time asleep has a standard deviation of about spread.
func anybody(r *rand.Rand, spread float64) person {
	return person{
		onset: between(r, -60, 120), onsetSD: math.Exp(between(r, math.Log(40), math.Log(120))),
		period: between(r, 400, 500), periodSD: spread,
		alike: between(r, 0.05, 0.8), periodAlike: between(r, 0, 0.5),
		weekend: between(r, 0, 110), longer: between(r, 0, 35),
		latency: between(r, 6, 20), awake: between(r, 15, 45), snoring: between(r, 3, 60),
		uneven: between(r, 0.4, 0.9), recorded: between(r, 0.6, 0.95),
	}
}

// heavy draws from Student's t with five degrees of freedom, with variance 1.
func heavy(r *rand.Rand) float64 {
	squares := 0.0
	for range 5 {
		z := r.NormFloat64()
		squares += z * z
	}
	return r.NormFloat64() / math.Sqrt(squares/5) * math.Sqrt(3.0/5)
}

// autocorrelated draws n values of variance 1 of which neighbours correlate by rho, with the
// innovations of a distribution of variance 1.
func autocorrelated(r *rand.Rand, n int, rho float64, innovation func(*rand.Rand) float64) []float64 {
	list := make([]float64, n)
	last := r.NormFloat64()
	for i := range list {
		last = rho*last + math.Sqrt(1-rho*rho)*innovation(r)
		list[i] = last
	}
	return list
}

// noisy draws values like autocorrelated, part of whose variance is noise.
func (p person) noisy(r *rand.Rand, n int, rho float64, innovation func(*rand.Rand) float64) []float64 {
	list := autocorrelated(r, n, rho, innovation)
	if p.noise > 0 {
		for i := range list {
			list[i] = math.Sqrt(1-p.noise)*list[i] + math.Sqrt(p.noise)*innovation(r)
		}
	}
	return list
}

func (p person) draws(r *rand.Rand, n int) []draw {
	late, long := p.noisy(r, n, p.alike, heavy), p.noisy(r, n, p.periodAlike, heavy)
	var uneven [3][]float64
	for i := range uneven {
		uneven[i] = p.noisy(r, n, p.unevenAlike, (*rand.Rand).NormFloat64)
	}
	list := make([]draw, n)
	for i := range list {
		d := &list[i]
		d.onset = p.onset + p.onsetSD*late[i]
		// Who falls asleep late sleeps less, though not by as much.
		d.period = p.period + p.periodSD*(0.87*long[i]-0.5*late[i])
		if i%7 >= 5 {
			d.onset += p.weekend
			d.period += p.longer
		}
		d.period = min(max(200, d.period), 840)
		skewed := func(of int, median float64) float64 { return median * math.Exp(p.uneven*uneven[of][i]) }
		d.latency, d.awake = min(120, skewed(0, p.latency)), min(d.period/3, skewed(1, p.awake))
		d.snoring = min(d.period/2, skewed(2, p.snoring))
		d.deep, d.rem = min(0.35, max(0.02, 0.17+0.05*heavy(r))), min(0.40, max(0.05, 0.21+0.05*heavy(r)))
	}
	return list
}

// weeks returns the nights of the draws but for dates without a recording, those of the
// first 28 dates apart from the others; enough of both to be compared.
func (p person) weeks(r *rand.Rand, draws []draw) (before, week []analytics.Night) {
	all := made(draws)
	for len(before) < analytics.LeastBaseline || len(week) < analytics.LeastWeek {
		before, week = nil, nil
		for i, n := range all {
			switch {
			case r.Float64() > p.recorded:
			case i < analytics.BaselineDays:
				before = append(before, n)
			default:
				week = append(week, n)
			}
		}
	}
	return before, week
}
