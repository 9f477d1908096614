package disclosure

import (
	"context"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// mostSmallCells bounds the work of [exposes]; sets that overlap in more small cells
// count as exposing.
const mostSmallCells = 8

// exposes reports whether differencing of sums over these sets can leave a sum over at
// least one and fewer than apart people, or, for sets that are parts of others, over
// nobody when the same sums over those others leave somebody. Sets that are not linked
// to the last one are ignored.
//
// A cell is the people who are in exactly the same sets, so that a combination of
// the sets' sums gives everybody in a cell the same weight. It tells about few
// people when the cells whose weight is not 0 have fewer than apart people
// together. For a given choice of cells there is such a combination exactly when the
// rows of the other cells (see [cell.row]) have a lower rank than the rows of all
// cells. A cell of apart people or more is never in the choice: its row is eliminated
// from the others once, and then only choices of small cells are tried.
//
// If sets are parts, their wholes are split into cells likewise. There is a combination
// of sums that is zero over the parts and not over the wholes when some cell of the
// wholes is independent of all cells of the parts.
func exposes(ctx context.Context, sets []directory.PeopleSet, apart int) (bool, error) {
	large := echelon{}
	var small, wholes []cell
	for _, c := range linked(cellsOf(sets), len(sets)-1) {
		switch {
		case c.ofWholes:
			wholes = append(wholes, c)
			continue
		case c.size < apart:
			small = append(small, c)
			continue
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		large.add(c.row(len(sets)))
	}
	if len(small) > mostSmallCells {
		return true, nil
	}
	rows := make([][]uint64, len(small))
	for i, c := range small {
		rows[i] = large.reduced(c.row(len(sets)))
	}
	whole := rank(rows)
	for choice := range 1 << len(small) {
		size, outside := 0, [][]uint64(nil)
		for i, c := range small {
			if choice&(1<<i) != 0 {
				size += c.size
			} else {
				outside = append(outside, rows[i])
			}
		}
		if size < apart && rank(outside) < whole {
			return true, nil
		}
	}
	parts := large
	for _, row := range rows {
		parts.add(row)
	}
	return slices.ContainsFunc(wholes, func(c cell) bool { return !parts.spans(c.row(len(sets))) }), nil
}

// linked returns the cells of the sets that share people with one set, or with a set
// that does, and so on: sums over other sets cannot cancel any part of it.
func linked(cells []cell, with int) []cell {
	reached := map[int]bool{with: true}
	var found []cell
	for {
		rest := cells[:0:0]
		for _, c := range cells {
			if !slices.ContainsFunc(c.in, func(set int) bool { return reached[set] }) {
				rest = append(rest, c)
				continue
			}
			found = append(found, c)
			for _, set := range c.in {
				reached[set] = true
			}
		}
		if len(rest) == len(cells) {
			return found
		}
		cells = rest
	}
}

// cell is the people who are in exactly these sets, or in their wholes.
type cell struct {
	in       []int // sets, ascending
	size     int
	ofWholes bool
}

// row marks the sets that the cell is in.
func (c cell) row(sets int) []uint64 {
	row := make([]uint64, sets)
	for _, set := range c.in {
		row[set] = 1
	}
	return row
}

// cellsOf splits everybody in sets, and everybody in their wholes.
func cellsOf(sets []directory.PeopleSet) []cell {
	people, wholes := make([][]directory.PersonHash, len(sets)), make([][]directory.PersonHash, len(sets))
	for i, s := range sets {
		people[i], wholes[i] = s.People, s.Whole
	}
	return append(split(people, false), split(wholes, true)...)
}

// split makes cells of sets of people, one set after the other.
func split(sets [][]directory.PersonHash, ofWholes bool) []cell {
	cells := []cell{{}} // the first has everybody else
	of := map[directory.PersonHash]int{}
	for i, set := range sets {
		parts := map[int]int{} // for each cell, the part that is in this set too
		for _, who := range set {
			part, known := parts[of[who]]
			if !known {
				part = len(cells)
				parts[of[who]] = part
				cells = append(cells, cell{in: append(slices.Clip(cells[of[who]].in), i), ofWholes: ofWholes})
			}
			cells[of[who]].size--
			cells[part].size++
			of[who] = part
		}
	}
	return slices.DeleteFunc(cells, func(c cell) bool { return c.size <= 0 })
}

// modulus is the prime modulo which ranks are computed, instead of with fractions. A rank
// comes out too low only when a nonzero determinant is a multiple of it. Those of up to
// 22 sets are smaller (Hadamard's bound); with more it would take an accident.
const modulus = 1<<31 - 1

// echelon holds independent rows by the first column in which each is not zero.
type echelon map[int][]uint64

// add takes in the part of row that is independent of the others.
func (e echelon) add(row []uint64) {
	row = e.reduced(row)
	first := slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
	if first < 0 {
		return
	}
	e[first] = row
}

// reduced returns row minus the part that follows from the others.
func (e echelon) reduced(row []uint64) []uint64 {
	row = slices.Clone(row)
	for column := range row {
		if pivot := e[column]; pivot != nil {
			eliminate(row, pivot, column)
		}
	}
	return row
}

// spans reports whether row follows from the others.
func (e echelon) spans(row []uint64) bool {
	return !slices.ContainsFunc(e.reduced(row), func(v uint64) bool { return v != 0 })
}

// rank returns the number of independent rows.
func rank(rows [][]uint64) int {
	e := echelon{}
	for _, row := range rows {
		e.add(row)
	}
	return len(e)
}

// eliminate makes row zero in column, by combining multiples of pivot and row.
func eliminate(row, pivot []uint64, column int) {
	mine, its := row[column], pivot[column]
	if mine == 0 {
		return
	}
	for i := range row {
		row[i] = (row[i]*its + (modulus-mine)*pivot[i]) % modulus
	}
}
