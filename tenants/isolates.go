package tenants

import "slices"

// mostSmallCells bounds the work of [isolates]; groups that overlap in more small
// cells are taken for isolating.
const mostSmallCells = 12

// isolates says whether sums over these groups, added and subtracted, can leave a
// sum over at least one and fewer than apart people.
//
// A cell is the people who stand in exactly the same groups. A combination of sums
// weighs everybody in a cell alike, so it leaves whole cells, and where all are
// large nothing is left of few. Otherwise few are left when a combination is nothing
// outside some small cells and something inside: when the groups, without these
// cells, are less independent than with them.
func isolates(groups []group, apart int) bool {
	cells := cellsOf(groups)
	var small []cell
	for _, c := range cells {
		if c.size < apart {
			small = append(small, c)
		}
	}
	if len(small) > mostSmallCells {
		return true
	}
	whole := rank(cells, len(groups))
	var fewLeft func(left, small []cell, room int) bool
	fewLeft = func(left, small []cell, room int) bool {
		for i, c := range small {
			if c.size >= room {
				continue
			}
			outside := without(left, c)
			if rank(outside, len(groups)) < whole || fewLeft(outside, small[i+1:], room-c.size) {
				return true
			}
		}
		return false
	}
	return fewLeft(cells, small, apart)
}

// cell is the people who stand in exactly these groups.
type cell struct {
	in   []int // groups, ascending
	size int
}

func without(cells []cell, one cell) []cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c cell) bool { return slices.Equal(c.in, one.in) })
}

// cellsOf splits everybody in groups, one group after the other.
func cellsOf(groups []group) []cell {
	cells := []cell{{}} // the first is everybody else
	of := map[[hashSize]byte]int{}
	for i, g := range groups {
		parts := map[int]int{} // of each cell, the part that stands in this group too
		for person := range slices.Chunk(g.people, hashSize) {
			who := [hashSize]byte(person)
			part, known := parts[of[who]]
			if !known {
				part = len(cells)
				parts[of[who]] = part
				cells = append(cells, cell{in: append(slices.Clip(cells[of[who]].in), i)})
			}
			cells[of[who]].size--
			cells[part].size++
			of[who] = part
		}
	}
	return slices.DeleteFunc(cells, func(c cell) bool { return c.size <= 0 })
}

// modulus is a prime. By Hadamard's bound no determinant of up to 22 groups reaches
// it; that of more would have to be one of its multiples by chance.
const modulus = 1<<31 - 1

// rank is how many of the groups are independent of each other, as far as cells tell
// them apart.
func rank(cells []cell, groups int) int {
	rows := make([][]uint64, len(cells))
	for i, c := range cells {
		rows[i] = make([]uint64, groups)
		for _, g := range c.in {
			rows[i][g] = 1
		}
	}
	found := 0
	for column := range groups {
		pivot := slices.IndexFunc(rows[found:], func(row []uint64) bool { return row[column] != 0 })
		if pivot < 0 {
			continue
		}
		rows[found], rows[found+pivot] = rows[found+pivot], rows[found]
		for _, row := range rows[found+1:] {
			eliminate(row, rows[found], column)
		}
		found++
	}
	return found
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
