package readable

import (
	"slices"
	"strings"
)

// widest is how wide a cell of a table may be; if one is wider, each row becomes a block.
const widest = 44

// clockSuffix ends the name of a value that is a clock time in some rows; it has no column of its
// own beside that of the others.
const clockSuffix = "_clock"

// column is a column of a table: its name, a word a line, and a cell for each row.
type column struct {
	head    []string
	cells   []string
	width   int
	numbers bool // aligned to the right
}

// tableOf returns the columns of a list of objects; false if it is none, or has a cell that is
// too wide.
func tableOf(l list) (columns []column, ok bool) {
	var names []string
	for _, item := range l {
		o, isObject := item.(object)
		if !isObject {
			return nil, false
		}
		for _, m := range o {
			if width(inline(m.value)) > widest {
				return nil, false
			}
			if !slices.Contains(names, m.name) {
				names = append(names, m.name)
			}
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		plain, clock := strings.CutSuffix(name, clockSuffix)
		return clock && slices.Contains(names, plain) && !slices.ContainsFunc(l, func(row any) bool {
			return row.(object).has(plain) && row.(object).has(name)
		})
	})
	for _, name := range names {
		c := column{head: strings.Split(name, "_"), numbers: true}
		for _, item := range l {
			cell := ""
			for _, m := range item.(object) {
				switch s, _ := m.value.(scalar); m.name {
				case name:
					cell, c.numbers = inline(m.value), c.numbers && s.number
				case name + clockSuffix:
					if !slices.Contains(names, m.name) {
						cell = s.text
					}
				}
			}
			c.cells = append(c.cells, cell)
		}
		for _, s := range slices.Concat(c.head, c.cells) {
			c.width = max(c.width, width(s))
		}
		columns = append(columns, c)
	}
	return columns, true
}

const between = 2 // blanks

// table writes columns under their names. Those that do not fit are left out or, if all are
// wanted, follow in a table of their own, with the first column again.
func (t *text) table(columns []column, indent string) {
	room := t.Columns - width(indent)
	for len(columns) > 0 {
		fit, used := 0, 0
		for fit < len(columns) && (fit == 0 || used+columns[fit].width <= room) {
			used += columns[fit].width + between
			fit++
		}
		t.columns(columns[:fit], indent)
		rest := columns[fit:]
		if len(rest) > 0 && !t.All {
			t.less = true
			return
		}
		if len(rest) == 0 || fit < 2 && fit < len(columns) {
			columns = rest
			continue
		}
		t.line("")
		columns = slices.Concat(columns[:1], rest)
	}
}

func (t *text) columns(columns []column, indent string) {
	heads := 0
	for _, c := range columns {
		heads = max(heads, len(c.head))
	}
	line := func(cell func(c column) string) {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = pad(cell(c), c.width, c.numbers)
		}
		t.line(indent + strings.Join(cells, strings.Repeat(" ", between)))
	}
	for i := range heads {
		line(func(c column) string {
			if at := i - (heads - len(c.head)); at >= 0 { // the last words stand on the rows
				return c.head[at]
			}
			return ""
		})
	}
	for i := range columns[0].cells {
		line(func(c column) string { return c.cells[i] })
	}
}
