package sandbox

import (
	"math"
	"math/rand/v2"
	"slices"
)

// outline is what a hypnogram is drawn from. Lengths are epochs.
type outline struct {
	latency, asleep, terminal int
	awakenings                int     // brief ones
	longestWake               int     // one more awakening of this length; 0: none
	deepShare, remShare       float64 // of the time asleep
}

// How deep and REM sleep are spread over the cycles of a night: deep sleep
// comes early, REM grows towards the morning.
var (
	deepWeights = []float64{45, 31, 15, 7, 2, 0, 0, 0}
	remWeights  = []float64{9, 18, 23, 26, 28, 30, 30, 30}
)

// draw makes a hypnogram of the outline.
func (o outline) draw(rng *rand.Rand) []int8 {
	asleep := o.cycles(rng)
	return slices.Concat(make([]int8, o.latency), o.interrupt(rng, asleep), make([]int8, o.terminal))
}

// cycles draws the sleep without awakenings: cycles of about 90 minutes, each
// light, deep, light, REM.
func (o outline) cycles(rng *rand.Rand) []int8 {
	n := min(max(1, int(math.Round(float64(o.asleep)/182))), len(deepWeights))
	ends := make([]int, n)
	for i := range ends {
		ends[i] = o.asleep*(i+1)/n + rng.IntN(17) - 8
	}
	ends[n-1] = o.asleep
	stages := make([]int8, 0, o.asleep)
	for i, end := range ends {
		length := end - len(stages)
		deepPart := portion(o.deepShare*float64(o.asleep), deepWeights[:n], i)
		remPart := portion(o.remShare*float64(o.asleep), remWeights[:n], i)
		lightPart := max(2, length-deepPart-remPart)
		before := 1 + lightPart/4
		stages = appendRun(stages, light, before)
		stages = appendRun(stages, deep, deepPart)
		stages = appendRun(stages, light, lightPart-before)
		stages = appendRun(stages, rem, remPart)
	}
	stages = stages[:min(len(stages), o.asleep)]
	fray(rng, stages)
	return stages
}

func portion(total float64, weights []float64, i int) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	return int(math.Round(total * weights[i] / sum))
}

func appendRun(stages []int8, stage int8, n int) []int8 {
	for range n {
		stages = append(stages, stage)
	}
	return stages
}

// fray lets single epochs of light sleep into deep and REM sleep.
func fray(rng *rand.Rand, stages []int8) {
	for i := 1; i < len(stages); i++ {
		if stages[i] != light && stages[i-1] != light && rng.Float64() < 0.02 {
			stages[i] = light
		}
	}
}

// interrupt puts awakenings between epochs of sleep, seldom into deep sleep.
func (o outline) interrupt(rng *rand.Rand, asleep []int8) []int8 {
	wanted := o.awakenings
	if o.longestWake > 0 {
		wanted++
	}
	lengths := map[int]int{}
	for tries := 0; len(lengths) < wanted && tries < 50*wanted; tries++ {
		i := 1 + rng.IntN(len(asleep)-1)
		if lengths[i] > 0 || asleep[i] == deep && rng.Float64() < 0.8 {
			continue
		}
		lengths[i] = 1 + int(1.5*rng.ExpFloat64())
		if len(lengths) == 1 && o.longestWake > 0 {
			lengths[i] = o.longestWake
		}
	}
	stages := make([]int8, 0, len(asleep)+4*wanted)
	for i, stage := range asleep {
		stages = appendRun(stages, wake, lengths[i])
		stages = append(stages, stage)
	}
	return stages
}

// drawSnoring makes episodes of one to six minutes until about the wanted
// number of epochs asleep are filled.
func drawSnoring(rng *rand.Rand, stages []int8, wanted int) []int8 {
	snoring := make([]int8, len(stages))
	for filled := 0; filled < wanted; {
		start, length := rng.IntN(len(stages)), 2+rng.IntN(11)
		filled += length
		for i := start; i < min(start+length, len(stages)); i++ {
			if stages[i] > wake {
				snoring[i] = 1
			}
		}
	}
	return snoring
}
