package analytics

// Method names the way from sessions to [ScoreOf]; it changes when a score can,
// with the formula or with what a night is.
const Method = "asleep-mcp/2"

const (
	efficiencyWeight  = 0.4
	consistencyWeight = 0.3
	durationWeight    = 0.3
	leastOverall      = 5 // nights
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
// add to 1. A minor is not scored. The weights are a convention and the whole
// is no medical figure.
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
	score.Overall = known(weights.Efficiency**score.Efficiency.Value+
		weights.Consistency*consistency+weights.Duration**score.Duration.Value, n)
	return score
}
