package analytics

import (
	"math"
	"slices"
)

// Values may be like those before them because habits wander: a share of their variance, the
// signal, is AR(1), values d apart correlating by signal * correlation to the power of d, and the
// rest is noise that no other value knows of. Nights are few and neither number is known, so each
// of these pairs is weighed by how likely it makes the values. The first one is no wander.
var (
	correlations = [...]float64{0.3, 0.6, 0.8, 0.9, 0.95}
	signals      = [...]float64{1, 0.7, 0.4, 0.2}
)

const (
	wanders = 1 + len(correlations)*len(signals)
	paces   = 1 + len(correlations) // none, or that of each correlation
)

// expected is the probability of each pace before anything is known of a person. Of eight people
// with years of nights, seven wander, at 0.86 to 0.99 a night: so slow ones count for more, and
// half is left to none, that a change of a person who does not wander is found.
var expected = [paces]float64{1.0 / 2, 1.0 / 18, 1.0 / 18, 1.0 / 18, 1.0 / 6, 1.0 / 6}

const (
	ownPace = 0.1 // of metrics have a pace that is not that of the person's others
	witness = 0.7 // how much a metric says of the others: some go together
)

// silent are the likelihoods of values that say nothing.
var silent = [paces]float64{1, 1, 1, 1, 1, 1}

// A sleeper is what all metrics of an answer say of the pace of one person's habits: the logarithm
// of the likelihood of each. The zero value is somebody of whom nothing is known.
type sleeper [paces]float64

// heard adds what one metric says, the likelihoods of its values by pace.
func (s *sleeper) heard(likely [paces]float64) { s.add(likely, witness) }

// without is what the other metrics say.
func (s sleeper) without(likely [paces]float64) sleeper {
	s.add(likely, -witness)
	return s
}

func (s *sleeper) add(likely [paces]float64, times float64) {
	own := dot(likely[:], expected[:])
	for pace := range s {
		s[pace] += times * math.Log((1-ownPace)*likely[pace]+ownPace*own)
	}
}

// prior is the probability of each pace of one more metric.
func (s sleeper) prior() (prior [paces]float64) {
	most, sum := slices.Max(s[:]), 0.0
	for pace, log := range s {
		prior[pace] = expected[pace] * math.Exp(log-most)
		sum += prior[pace]
	}
	for pace := range prior {
		prior[pace] = (1-ownPace)*prior[pace]/sum + ownPace*expected[pace]
	}
	return prior
}
