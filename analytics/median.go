package analytics

import "slices"

// median reorders values, of which there is at least one.
func median(values []float64) float64 {
	middle := len(values) / 2
	upper, below := selected(values, middle)
	if len(values)%2 == 1 {
		return upper
	}
	return below + (upper-below)/2
}

const (
	manyValues = 4096 // from which on it is worth to look first where the middle lies
	sampled    = 1024
	around     = 64 // of the sample on both sides: four standard errors of its median
)

// selected is the value that would stand at index n if values were sorted, and the one
// that would stand before it, itself where n is 0. The slopes of half a year of nights
// are many: a sample says between which values to look.
func selected(values []float64, n int) (at, before float64) {
	if len(values) >= manyValues {
		low, high := bounds(values, n)
		// In number; the latter are moved to the front. What is random is counted and not
		// branched on.
		below, between := 0, 0
		for i, v := range values {
			values[i], values[between] = values[between], v
			below += oneIf(v < low)
			between += oneIf(v >= low) & oneIf(v <= high)
		}
		if below < n && n < below+between {
			values, n = values[:between], n-below
		}
	}
	at = nth(values, n)
	if n == 0 {
		return at, at
	}
	return at, slices.Max(values[:n])
}

func oneIf(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

// bounds are two values between which, but for bad luck, the one at index n lies.
func bounds(values []float64, n int) (low, high float64) {
	sample := make([]float64, 0, sampled)
	for i := range sampled {
		sample = append(sample, values[i*(len(values)-1)/(sampled-1)])
	}
	place := n * sampled / len(values)
	high = nth(sample, min(place+around, sampled-1))
	return nth(sample, max(place-around, 0)), high
}

// nth is the value that would stand at index n if values were sorted, by Hoare's
// selection. Afterwards nothing before the index is greater.
func nth(values []float64, n int) float64 {
	for low, high := 0, len(values)-1; low < high; {
		pivot := values[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			high = j
		case n >= i:
			low = i
		default:
			return values[n]
		}
	}
	return values[n]
}
