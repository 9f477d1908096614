package analytics

import "math"

// Method identifies the computation that leads from sessions to [ScoreOf]. It changes
// whenever a score can change, whether because of the formula or because of what makes
// a night.
const Method = "asleep-mcp/3"

const (
	efficiencyWeight  = 0.4
	consistencyWeight = 0.3
	durationWeight    = 0.3
	leastOverall      = 5 // nights

	// No score is above ceiling where a part is at its bound; see [ScoreOf].
	ceiling        = 70.0
	lowConsistency = 50.0
)

// Weights are the weights of the parts in an overall score. They add up to 1; a missing
// part has 0, and without an overall score all of them are 0.
type Weights struct {
	Efficiency, Consistency, Duration float64
}

// A Score rates a set of nights from 0 to 100, with the parts that it is made of.
type Score struct {
	Overall        Estimate
	Efficiency     Estimate
	Duration       Estimate
	Consistency    Consistency
	Weights        Weights
	Recommendation Recommendation // which the duration was compared with

	// Lowest is the part with the lowest score, and LimitedBy the part that keeps Overall
	// below the weighted mean: [PartEfficiency], [PartConsistency] or [PartDuration].
	// Both are "" without a score, and LimitedBy also if no part does.
	Lowest, LimitedBy string
}

// EfficiencyScore returns the mean over nights of 100 times the time asleep divided by
// the time in bed, 0 to 100. It needs three nights.
func EfficiencyScore(nights []Night) Estimate {
	var scores sum
	for i := range nights {
		if n := &nights[i]; n.counted() {
			if ratio, ok := n.Efficiency(); ok {
				scores.add(100 * ratio)
			}
		}
	}
	return scores.meanOf(leastScored)
}

// ScoreOf returns the score of a set of nights:
//
//	0.4 * efficiency score + 0.3 * consistency + 0.3 * duration score
//
// Overall needs efficiency, duration and five nights. Without consistency, the other
// two weights are scaled to add up to 1. Minors get no score.
//
// A part far outside its range is not hidden by the others. The score is at most 70 if
// efficiency is 75, the duration score 60 or consistency 50; the limit is one point
// lower for each point below that, and rises linearly to 100 at 85, 100 and 71.6.
//
// The weights and these limits are a convention; the score is not a medical measure.
func ScoreOf(nights []Night, r Recommendation) Score {
	score := Score{
		Efficiency:     EfficiencyScore(nights),
		Duration:       DurationOf(nights, r),
		Consistency:    ConsistencyOf(nights),
		Recommendation: r,
	}
	n := score.Efficiency.N
	switch {
	case r.Minor:
		none := missing(Minor, n)
		score.Overall, score.Efficiency, score.Duration = none, none, none
		score.Consistency = Consistency{Score: none, ComparableDays: score.Consistency.ComparableDays}
		return score
	case score.Efficiency.Value == nil, score.Duration.Value == nil, n < leastOverall:
		score.Overall = tooFew(n)
		return score
	}
	weights := Weights{Efficiency: efficiencyWeight, Consistency: consistencyWeight, Duration: durationWeight}
	consistency := 0.0
	if value := score.Consistency.Score.Value; value != nil {
		consistency = *value
	} else {
		weights = Weights{
			Efficiency: efficiencyWeight / (efficiencyWeight + durationWeight),
			Duration:   durationWeight / (efficiencyWeight + durationWeight),
		}
	}
	score.Weights = weights
	score.limit(weights.Efficiency**score.Efficiency.Value+
		weights.Consistency*consistency+weights.Duration**score.Duration.Value, n)
	return score
}

// The parts of a score.
const (
	PartEfficiency  = "efficiency"
	PartConsistency = "consistency"
	PartDuration    = "duration"
)

// limit sets the overall score of n nights to a weighted mean, or to what the parts allow.
func (s *Score) limit(mean float64, n int) {
	lowest := math.Inf(1)
	for _, part := range []struct {
		name        string
		score       Estimate
		bound, fine float64
	}{
		{PartEfficiency, s.Efficiency, lowPercent, goodPercent},
		{PartConsistency, s.Consistency.Score, lowConsistency, irregularIndex},
		{PartDuration, s.Duration, appropriate, 100},
	} {
		if part.score.Value == nil {
			continue
		}
		value := *part.score.Value
		if value < lowest {
			s.Lowest, lowest = part.name, value
		}
		if most := allowed(value, part.bound, part.fine); most < mean {
			s.LimitedBy, mean = part.name, most
		}
	}
	s.Overall = known(mean, n)
}

// allowed is the highest score there can be with a part that is at its bound with
// ceiling, and in its range from fine on.
func allowed(part, bound, fine float64) float64 {
	if part < bound {
		return max(0, ceiling-(bound-part))
	}
	return ceiling + (100-ceiling)*min(1, (part-bound)/(fine-bound))
}
