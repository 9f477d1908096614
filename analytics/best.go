package analytics

import (
	"cmp"
	"slices"
	"time"
)

// alike is the difference in points up to which two nights count as equally good.
const alike = 1.0

// NightScore rates a single night from 0 to 100, with the parts of [ScoreOf] that a
// single night has and their weights scaled to add up to 1:
//
//	(0.4 * 100 * efficiency + 0.3 * duration score of 24-hour sleep) / 0.7
//
// ok is false for a night that is left out and for a minor's recommendation.
func NightScore(n Night, r Recommendation) (score float64, ok bool) {
	share, ok := n.Efficiency()
	if !ok || !n.counted() || r.Minor {
		return 0, false
	}
	duration := DurationScore(n.Asleep24().Hours(), r)
	return (efficiencyWeight*100*share + durationWeight*duration) / (efficiencyWeight + durationWeight), true
}

// BestAndHardest returns the nights with the highest and the lowest [NightScore], the
// first of equal ones. The hardest is never the night with the most sleep in 24 hours,
// nor one with more sleep than recommended: sleeping long is not hard, whatever the
// score. Nor is it one with more than five unrecorded minutes in it, which may have been
// slept through. Both are nil for fewer than three nights, and if their scores are less than a
// point apart. They are copies.
func BestAndHardest(nights []Night, r Recommendation) (best, hardest *Night) {
	sorted := slices.Clone(nights)
	slices.SortStableFunc(sorted, func(a, b Night) int {
		return cmp.Or(a.Date.Compare(b.Date), a.Onset().Compare(b.Onset()))
	})
	high, low, n, second := 0.0, 0.0, 0, secondLongest(nights)
	for i := range sorted {
		score, ok := NightScore(sorted[i], r)
		if !ok {
			continue
		}
		if n == 0 || score > high {
			best, high = &sorted[i], score
		}
		if long := sorted[i].Asleep24(); long <= second && long.Hours() <= r.High && sorted[i].Unrecorded() <= longAwakening && (hardest == nil || score < low) {
			hardest, low = &sorted[i], score
		}
		n++
	}
	if n < leastScored || hardest == nil || high-low < alike {
		return nil, nil
	}
	return best, hardest
}

// secondLongest is the sleep of 24 hours that all but one of the nights whose durations
// count do not exceed.
func secondLongest(nights []Night) time.Duration {
	var longest, second time.Duration
	for i := range nights {
		if n := &nights[i]; n.counted() {
			long := n.Asleep24()
			second = max(second, min(longest, long))
			longest = max(longest, long)
		}
	}
	return second
}
