package analytics

import "slices"

// StageSource returns the source whose stages describe a set of nights: the one that
// measured stages on the most nights, or of several such sources the one of the latest
// night. Devices distinguish stages so differently that a mean over two of them would
// describe neither. The result is "" without nights.
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
