package disclosure

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Choose returns the most people among wanted that a release may be about in view of what
// was told before, and the cells after it, which are nil if nothing changes. Both are
// nil if it may be about nobody.
//
// A release may be about the people of an earlier one; or else about people who differ
// from all that can be derived from earlier ones by [LeastPeople]. For each cell, the
// people of it who are in the release and those who are not weigh the same in every sum of
// earlier figures, and differently once a multiple of the new ones is added; so the fewer
// of the two, at least, are left with a weight. All who were never behind a figure are left
// too. So the sum of these numbers over the cells, and of the new people, is how many
// people at least stand behind whatever the release adds. As that holds for the newest
// release in any sum, it holds for every sum of any releases.
//
// New people wait until at least [LeastPeople] enter together, with those who come back. Who
// leaves takes others of the same cell along, so that together they are as many.
func Choose(told directory.Told, wanted []directory.PersonHash) (people []directory.PersonHash, cells [][]directory.PersonHash) {
	p := divide(told.Cells, wanted)
	for _, earlier := range told.Series {
		if p.has(earlier) && len(earlier) > len(people) {
			people = earlier
		}
	}
	if chosen := p.chosen(told.Own); len(chosen) > len(people) {
		people, cells = chosen, p.cells()
	}
	return people, cells
}

// division is wanted people, cell by cell.
type division struct {
	inside, outside [][]directory.PersonHash // of each cell: wanted, and not
	newcomers       []directory.PersonHash   // wanted, and in no cell
	wanted          map[directory.PersonHash]bool
}

func divide(cells [][]directory.PersonHash, wanted []directory.PersonHash) *division {
	d := &division{inside: make([][]directory.PersonHash, len(cells)), outside: make([][]directory.PersonHash, len(cells)), wanted: make(map[directory.PersonHash]bool, len(wanted))}
	for _, who := range wanted {
		d.wanted[who] = true
	}
	known := make(map[directory.PersonHash]bool)
	for i, cell := range cells {
		for _, who := range cell {
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

// chosen leaves out of the wanted as few as it takes, and returns the others; nil if it
// takes too many. own are those whom the newest figures are about.
func (d *division) chosen(own []directory.PersonHash) []directory.PersonHash {
	apart, stay := len(d.newcomers), 0
	for i := range d.inside {
		apart += min(len(d.inside[i]), len(d.outside[i]))
	}
	for _, who := range own {
		if d.wanted[who] {
			stay++
		}
	}
	if apart < LeastPeople || len(d.wanted)-stay < LeastPeople {
		apart -= len(d.newcomers)
		d.newcomers = nil
	}
	for apart < LeastPeople {
		i := d.widest()
		if i < 0 {
			return nil
		}
		in := d.inside[i]
		d.inside[i], d.outside[i] = in[:len(in)-1], append(d.outside[i], in[len(in)-1])
		apart++
	}
	all := slices.Concat(append(d.inside, d.newcomers)...)
	slices.SortFunc(all, directory.PersonHash.Compare)
	return all
}

// widest returns the cell with the most wanted above the others, of whom one can be left
// out to some purpose; -1: there is none.
func (d *division) widest() int {
	found, most := -1, 1
	for i := range d.inside {
		if apart := len(d.inside[i]) - len(d.outside[i]); apart > most {
			found, most = i, apart
		}
	}
	return found
}

// cells returns the cells once the chosen have been told about.
func (d *division) cells() (cells [][]directory.PersonHash) {
	for _, cell := range slices.Concat(d.inside, d.outside, [][]directory.PersonHash{d.newcomers}) {
		if len(cell) > 0 {
			cells = append(cells, cell)
		}
	}
	return cells
}
