package disclosure

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

type person = directory.PersonHash

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
// New people enter together when they are at least [LeastPeople]; until then they wait. Who
// leaves takes others of the same cell along, so that together they are as many.
func Choose(told directory.Told, wanted []person) (people []person, cells [][]person) {
	p := divide(told.Cells, wanted)
	for _, earlier := range told.Series {
		if p.has(earlier) && len(earlier) > len(people) {
			people = earlier
		}
	}
	if chosen := p.chosen(); len(chosen) > len(people) {
		people, cells = chosen, p.cells()
	}
	return people, cells
}

// division is wanted people, cell by cell.
type division struct {
	inside, outside [][]person // of each cell: wanted, and not
	newcomers       []person   // wanted, and in no cell
	wanted          map[person]bool
}

func divide(cells [][]person, wanted []person) *division {
	d := &division{inside: make([][]person, len(cells)), outside: make([][]person, len(cells)), wanted: make(map[person]bool, len(wanted))}
	for _, who := range wanted {
		d.wanted[who] = true
	}
	known := make(map[person]bool)
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
	slices.SortFunc(d.newcomers, person.Compare) // in an order that tells nothing: the last of a cell are left out first
	return d
}

// has reports whether all of people are wanted.
func (d *division) has(people []person) bool {
	return !slices.ContainsFunc(people, func(who person) bool { return !d.wanted[who] })
}

// chosen leaves out of the wanted as few as it takes, and returns the others; nil if it
// takes too many.
func (d *division) chosen() []person {
	if len(d.newcomers) < LeastPeople {
		d.newcomers = nil
	}
	apart := len(d.newcomers)
	for i := range d.inside {
		apart += min(len(d.inside[i]), len(d.outside[i]))
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
	slices.SortFunc(all, person.Compare)
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
func (d *division) cells() (cells [][]person) {
	for _, cell := range slices.Concat(d.inside, d.outside, [][]person{d.newcomers}) {
		if len(cell) > 0 {
			cells = append(cells, cell)
		}
	}
	return cells
}
