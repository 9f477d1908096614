package analytics

import "slices"

// StageSource returns the source whose stages are told of a set of nights: the one that
// told stages of most of them, of several the one of the later night. Devices tell stages
// apart so differently that a mean over two would be of neither.
func StageSource(nights []Night) string {
	if len(nights) == 0 || !slices.ContainsFunc(nights, func(n Night) bool { return n.Source() != nights[0].Source() }) {
		return firstSource(nights)
	}
	counts := map[string]int{}
	best := ""
	for i := range nights {
		n := &nights[i]
		if !n.counted() || n.Light() == nil && n.Deep() == nil && n.REM() == nil {
			continue
		}
		source := n.Source()
		if counts[source]++; counts[source] >= counts[best] {
			best = source
		}
	}
	return best
}

func firstSource(nights []Night) string {
	if len(nights) == 0 {
		return ""
	}
	return nights[0].Source()
}
