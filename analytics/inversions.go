package analytics

import (
	"iter"
	"slices"
)

// A ranked is a value to sort by and where it came from.
type ranked struct {
	value float64
	at    int
}

// sortCounting sorts a list by value, equal values staying in order, and returns how many
// pairs were in the wrong order. spare is as long as the list and is overwritten. The cost
// is n log n.
func sortCounting(list, spare []ranked) (inversions int) {
	const run = 8 // sorted by insertion first
	for from := 0; from < len(list); from += run {
		inversions += insertCounting(list[from:min(from+run, len(list))])
	}
	from, to := list, spare
	for width := run; width < len(list); width *= 2 {
		for low := 0; low < len(list); low += 2 * width {
			middle, high := min(low+width, len(list)), min(low+2*width, len(list))
			inversions += mergeCounting(to[low:high], from[low:middle], from[middle:high])
		}
		from, to = to, from
	}
	copy(list, from)
	return inversions
}

func insertCounting(list []ranked) (inversions int) {
	for i := 1; i < len(list); i++ {
		one, j := list[i], i
		for ; j > 0 && list[j-1].value > one.value; j-- {
			list[j] = list[j-1]
		}
		list[j], inversions = one, inversions+i-j
	}
	return inversions
}

func mergeCounting(into, left, right []ranked) (inversions int) {
	i, j, k := 0, 0, 0
	for i < len(left) && j < len(right) {
		if left[i].value <= right[j].value {
			into[k], i, k = left[i], i+1, k+1
			continue
		}
		into[k], j, k, inversions = right[j], j+1, k+1, inversions+len(left)-i
	}
	copy(into[k:], left[i:])
	copy(into[k:], right[j:])
	return inversions
}

// An ordering holds values in order, from where each came. It can be used again.
type ordering struct{ list, spare []ranked }

// sort orders values and returns how many pairs were in the wrong order.
func (o *ordering) sort(values []float64) (inversions int) {
	list := o.room(len(values))
	for i, v := range values {
		list[i] = ranked{v, i}
	}
	return o.count()
}

// room returns the list for n values, which count orders.
func (o *ordering) room(n int) []ranked {
	o.list, o.spare = slices.Grow(o.list[:0], n)[:n], slices.Grow(o.spare[:0], n)[:n]
	return o.list
}

func (o *ordering) count() (inversions int) { return sortCounting(o.list, o.spare) }

// ties yields how many values of each size there are.
func (o *ordering) ties() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < len(o.list); {
			t := 1
			for i+t < len(o.list) && o.list[i+t].value == o.list[i].value {
				t++
			}
			if !yield(t) {
				return
			}
			i += t
		}
	}
}

// ranks writes the rank of each value less the mean rank, equal values sharing theirs, and
// returns the sum of the squares.
func (o *ordering) ranks(into []float64) (squares float64) {
	i, middle := 0, float64(len(o.list)-1)/2
	for t := range o.ties() {
		rank := float64(i) + float64(t-1)/2 - middle
		for _, one := range o.list[i : i+t] {
			into[one.at] = rank
		}
		i, squares = i+t, squares+float64(t)*rank*rank
	}
	return squares
}
