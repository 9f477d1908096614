package analytics

import (
	"math"
	"slices"
)

const exactUpTo = 10 // values: the exact distribution is used

// MannKendall tests values in order of time for a trend. s is the number of rising
// pairs minus the number of falling ones; variance is its variance, corrected for ties;
// z is s, moved by 1 towards 0, divided by the square root of the variance; p is
// two-sided, exact for up to ten values without ties and otherwise from the normal
// distribution. A constant series has z = 0 and p = 1. Values that are not finite are
// ignored.
//
// Source: M. G. Kendall, Rank Correlation Methods (1975).
func MannKendall(values []float64) (s int, variance, z, p float64) {
	finites := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !finite(v) })
	k := kendallOf(finites, new(ordering))
	return k.s, k.variance, k.z, k.p
}

type kendall struct {
	s              int
	variance, z, p float64
}

// kendallOf leaves the values in order behind.
func kendallOf(values []float64, in *ordering) (k kendall) {
	inversions := in.sort(values)
	n, ties := len(values), 0
	k.variance = kendallTerm(n)
	for t := range in.ties() {
		ties += t * (t - 1) / 2
		k.variance -= kendallTerm(t)
	}
	k.s = n*(n-1)/2 - ties - 2*inversions
	k.variance /= 18
	if k.s == 0 || k.variance <= 0 {
		return kendall{s: k.s, variance: max(0, k.variance), p: 1}
	}
	k.z = (float64(k.s) - math.Copysign(1, float64(k.s))) / math.Sqrt(k.variance)
	k.p = normalP(k.z)
	if n <= exactUpTo && ties == 0 {
		k.p = exactKendall(n, k.s)
	}
	return k
}

func kendallTerm(n int) float64 {
	return float64(n) * float64(n-1) * float64(2*n+5)
}

// exactKendall is the share of the permutations of n values whose S is at least
// as far from 0. S is n(n-1)/2 less twice the inversions, and the permutations
// by number of inversions follow from those of one value fewer: the new value
// can stand in n places and makes 0 to n-1 inversions.
func exactKendall(n, s int) float64 {
	counts := []int{1}
	for size := 2; size <= n; size++ {
		next := make([]int, len(counts)+size-1)
		for inversions, count := range counts {
			for more := range size {
				next[inversions+more] += count
			}
		}
		counts = next
	}
	far, all := 0, 0
	for inversions, count := range counts {
		all += count
		if d := len(counts) - 1 - 2*inversions; max(d, -d) >= max(s, -s) {
			far += count
		}
	}
	return float64(far) / float64(all)
}
