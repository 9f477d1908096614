package directory

import (
	"context"
	"slices"
)

// mostSmallCells bounds the work of [isolates]; groups that overlap in more small
// cells are taken for isolating.
const mostSmallCells = 8

// isolates says whether sums over these groups, added and subtracted, can leave a
// sum over at least one and fewer than apart people, or, of groups that are parts of
// others, over nobody where the same sums over those others leave somebody. What has
// nothing to do with the last of them is not looked at.
//
// A cell is the people who stand in exactly the same groups, so that a combination of
// the groups' sums gives everybody in a cell the same weight. It tells about few
// people when the cells of which the weight is not 0 have fewer than apart people
// together. For a given choice of cells there is such a combination exactly when the
// rows of the other cells (see [cell.row]) have a lower rank than the rows of all
// cells. A cell of apart people or more is never in the choice: its row is eliminated
// from the others once, and then only choices of small cells are tried.
//
// Where groups are parts, their wholes are split into cells likewise. A combination of
// sums that is nothing over the parts and something over the wholes is one in which
// some cell of the wholes is independent of all cells of the parts.
func isolates(ctx context.Context, groups []group, apart int) (bool, error) {
	large := echelon{}
	var small, wholes []cell
	for _, c := range linked(cellsOf(groups), len(groups)-1) {
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
		large.add(c.row(len(groups)))
	}
	if len(small) > mostSmallCells {
		return true, nil
	}
	rows := make([][]uint64, len(small))
	for i, c := range small {
		rows[i] = large.reduced(c.row(len(groups)))
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
	return slices.ContainsFunc(wholes, func(c cell) bool { return !parts.spans(c.row(len(groups))) }), nil
}

// linked are the cells of the groups that share people with one group, or with a
// group that does, and so on: sums over others can take no part in what is left of it.
func linked(cells []cell, with int) []cell {
	reached := map[int]bool{with: true}
	var found []cell
	for {
		rest := cells[:0:0]
		for _, c := range cells {
			if !slices.ContainsFunc(c.in, func(g int) bool { return reached[g] }) {
				rest = append(rest, c)
				continue
			}
			found = append(found, c)
			for _, g := range c.in {
				reached[g] = true
			}
		}
		if len(rest) == len(cells) {
			return found
		}
		cells = rest
	}
}

// cell is the people who stand in exactly these groups, or in their wholes.
type cell struct {
	in       []int // groups, ascending
	size     int
	ofWholes bool
}

// row says which of so many groups the cell stands in.
func (c cell) row(groups int) []uint64 {
	row := make([]uint64, groups)
	for _, g := range c.in {
		row[g] = 1
	}
	return row
}

// cellsOf splits everybody in groups, and everybody in their wholes.
func cellsOf(groups []group) []cell {
	people, wholes := make([][]byte, len(groups)), make([][]byte, len(groups))
	for i, g := range groups {
		people[i], wholes[i] = g.people, g.among
	}
	return append(split(people, false), split(wholes, true)...)
}

// split makes cells of sets of people, one set after the other.
func split(sets [][]byte, ofWholes bool) []cell {
	cells := []cell{{}} // the first is everybody else
	of := map[[hashSize]byte]int{}
	for i, set := range sets {
		parts := map[int]int{} // of each cell, the part that stands in this set too
		for person := range slices.Chunk(set, hashSize) {
			who := [hashSize]byte(person)
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

// modulus is the prime by which ranks are computed, in place of fractions. A rank comes
// out too low only when a determinant other than 0 is a multiple of it. Those of up to
// 22 groups are smaller than it (Hadamard's bound); with more it would be an accident.
const modulus = 1<<31 - 1

// echelon is rows independent of each other, by the first column in which each is
// something.
type echelon map[int][]uint64

// add takes in what row has that the others have not.
func (e echelon) add(row []uint64) {
	row = e.reduced(row)
	first := slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
	if first < 0 {
		return
	}
	e[first] = row
}

// reduced is row, less what of it follows from the others.
func (e echelon) reduced(row []uint64) []uint64 {
	row = slices.Clone(row)
	for column := range row {
		if pivot := e[column]; pivot != nil {
			eliminate(row, pivot, column)
		}
	}
	return row
}

// spans says whether row has nothing that the others have not.
func (e echelon) spans(row []uint64) bool {
	return !slices.ContainsFunc(e.reduced(row), func(v uint64) bool { return v != 0 })
}

// rank is how many of the rows are independent of each other.
func rank(rows [][]uint64) int {
	e := echelon{}
	for _, row := range rows {
		e.add(row)
	}
	return len(e)
}

// eliminate makes row nothing in column, by a multiple of pivot and of itself.
func eliminate(row, pivot []uint64, column int) {
	mine, its := row[column], pivot[column]
	if mine == 0 {
		return
	}
	for i := range row {
		row[i] = (row[i]*its + (modulus-mine)*pivot[i]) % modulus
	}
}
