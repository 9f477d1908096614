package analytics

import "math"

// Method names the way from sessions to [ScoreOf]; it changes when a score can,
// with the formula or with what a night is.
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

// Weights are the shares of the parts in an overall score. They add to 1; a
// missing part has 0, and so has every part where there is no overall score.
type Weights struct {
	Efficiency, Consistency, Duration float64
}

// A Score rates a set of nights, 0 to 100, with the parts it is made of.
type Score struct {
	Overall        Estimate
	Efficiency     Estimate
	Duration       Estimate
	Consistency    Consistency
	Weights        Weights
	Recommendation Recommendation // the one the duration was compared with

	// The names of the part with the lowest score and of that which keeps Overall below
	// the weighted mean: [PartEfficiency], [PartConsistency] or [PartDuration]; empty
	// without a score, or where nothing does.
	Lowest, LimitedBy string
}

// EfficiencyScore returns the mean over nights of 100 times time asleep over
// time in bed, 0 to 100. It needs three nights.
func EfficiencyScore(nights []Night) Estimate {
	scores := efficiencies(nights)
	for i := range scores {
		scores[i] *= 100
	}
	return meanOf(scores, leastScored)
}

// ScoreOf returns 0.4 times the efficiency score plus 0.3 times consistency
// plus 0.3 times the duration score. Overall needs efficiency, duration and
// five nights; without consistency the weights of the other two are scaled to
// add to 1. A minor is not scored.
//
// No part far outside its range hides behind the others: the score is at most 70 where
// efficiency is 75, the duration score 60 or consistency 50, a point less for each
// point below that, and rising evenly to 100 at 85, 100 and 71.6.
//
// The weights and these bounds are a convention, and the whole is no medical figure.
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
