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
// Nor may it tell too much about anybody: who would stand out is left out, and who stands out
// by being absent has others left out with them.
//
// New people wait until at least [LeastPeople] enter together, with those who come back. Who
// leaves takes others of the same cell along, so that together they are as many.
func Choose(told directory.Told, wanted []directory.PersonHash) (people []directory.PersonHash, cells []directory.Cell) {
	d := divide(told.Cells, wanted)
	for _, earlier := range told.Series {
		if d.has(earlier) && len(earlier) > len(people) {
			people = earlier
		}
	}
	if chosen := d.chosen(told.Own); len(chosen) > len(people) {
		people, cells = chosen, d.after()
	}
	return people, cells
}

// chosen leaves out of the wanted as few as it takes, and returns the others; nil if it
// takes too many. own are those whom the newest figures are about.
func (d *division) chosen(own []directory.PersonHash) []directory.PersonHash {
	stay := 0
	for _, who := range own {
		if d.wanted[who] {
			stay++
		}
	}
	if d.apart() < LeastPeople || len(d.wanted)-stay < LeastPeople {
		d.newcomers = nil
	}
	for d.apart() < LeastPeople || d.standsOut() {
		if !d.leaveOut() {
			return nil
		}
	}
	all := slices.Concat(append(d.inside, d.newcomers)...)
	slices.SortFunc(all, directory.PersonHash.Compare)
	return all
}

// after returns the cells once the chosen have been told about.
func (d *division) after() (cells []directory.Cell) {
	l := d.leverages()
	for i, c := range d.cells {
		if in := d.inside[i]; len(in) > 0 {
			cells = append(cells, directory.Cell{People: in, Sets: append(slices.Clip(c.Sets), d.sets), Leverage: l.inside[i]})
		}
		if out := d.outside[i]; len(out) > 0 {
			cells = append(cells, directory.Cell{People: out, Sets: c.Sets, Leverage: l.outside[i]})
		}
	}
	if len(d.newcomers) > 0 {
		cells = append(cells, directory.Cell{People: d.newcomers, Sets: []int{d.sets}, Leverage: l.newcomers})
	}
	return cells
}
