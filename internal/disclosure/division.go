package disclosure

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// division is wanted people, cell by cell.
type division struct {
	cells           []directory.Cell
	sets            int                      // that were released
	inside, outside [][]directory.PersonHash // of each cell: wanted, and not
	newcomers       []directory.PersonHash   // wanted, and in no cell
	wanted          map[directory.PersonHash]bool
}

func divide(cells []directory.Cell, wanted []directory.PersonHash) *division {
	d := &division{
		cells: cells, inside: make([][]directory.PersonHash, len(cells)), outside: make([][]directory.PersonHash, len(cells)),
		wanted: make(map[directory.PersonHash]bool, len(wanted)),
	}
	for _, who := range wanted {
		d.wanted[who] = true
	}
	known := make(map[directory.PersonHash]bool)
	for i, cell := range cells {
		for _, set := range cell.Sets {
			d.sets = max(d.sets, set+1)
		}
		for _, who := range cell.People {
			known[who] = true
			if d.wanted[who] {
				d.inside[i] = append(d.inside[i], who)
			} else {
				d.outside[i] = append(d.outside[i], who)
			}
		}
	}
	for _, who := range wanted {
		if !known[who] {
			d.newcomers = append(d.newcomers, who)
		}
	}
	slices.SortFunc(d.newcomers, directory.PersonHash.Compare) // in an order that tells nothing: the last of a cell are left out first
	return d
}

// has reports whether all of people are wanted.
func (d *division) has(people []directory.PersonHash) bool {
	return !slices.ContainsFunc(people, func(who directory.PersonHash) bool { return !d.wanted[who] })
}

// apart returns how many people at least stand behind whatever the release adds.
func (d *division) apart() int {
	n := len(d.newcomers)
	for i := range d.inside {
		n += min(len(d.inside[i]), len(d.outside[i]))
	}
	return n
}

// leaveOut leaves out one of the cell that has the most people inside above those outside, and
// reports whether there is one where that helps.
func (d *division) leaveOut() bool {
	found, most := -1, 1
	for i := range d.inside {
		if more := len(d.inside[i]) - len(d.outside[i]); more > most {
			found, most = i, more
		}
	}
	if found < 0 {
		return false
	}
	in := d.inside[found]
	d.inside[found], d.outside[found] = in[:len(in)-1], append(d.outside[found], in[len(in)-1])
	return true
}
