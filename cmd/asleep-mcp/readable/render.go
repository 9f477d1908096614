package readable

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Options say how an answer is shown.
type Options struct {
	Columns int  // width of the terminal
	All     bool // every field, row and column of the answer
}

// leastColumns is how narrow a text gets, whatever the terminal.
const leastColumns = 40

// mostRows is how many rows of a table are shown unless all are wanted.
const mostRows = 10

// beside are fields that are about the answer itself: who, when, from what.
var beside = []string{"user_id", "timezone", "as_of", "period", "nights", "data_source", "sources", "fewer_nights", "next_cursor"}

// Answer returns the text of an answer: that it is made up, if it is, then its summary, then
// its fields in the answer's own order, then its warnings.
func Answer(answer json.RawMessage, options Options) (string, error) {
	o, err := readAnswer(answer)
	if err != nil {
		return "", err
	}
	options.Columns = max(options.Columns, leastColumns)
	t := &text{Options: options}
	if o.find("data_source") == "demo" {
		t.line("DEMO DATA: made-up nights, not a person's.\n")
	}
	if summary := o.find("summary"); summary != "" {
		t.paragraph("", "", summary)
		t.line("")
	}
	var rest object
	var warnings list
	for _, m := range o {
		_, listed := m.value.(list)
		switch {
		case m.name == "summary":
		case !t.All && m.name == "warnings" && listed:
			warnings = m.value.(list)
		case !t.All && !listed && slices.Contains(beside, m.name):
			t.less = true
		default:
			rest = append(rest, m)
		}
	}
	t.object(rest, "")
	t.warnings(warnings)
	if t.less {
		t.line("\nMore with --all.")
	}
	return t.b.String(), nil
}

// text is what is written.
type text struct {
	Options
	b    strings.Builder
	less bool // something was left out
}

func (t *text) line(s string) { t.b.WriteString(strings.TrimRight(s, " ") + "\n") }

// paragraph writes a text that begins after first and goes on after hanging.
func (t *text) paragraph(first, hanging, s string) {
	for i, part := range wrapped(s, t.Columns-max(width(first), width(hanging))) {
		if i == 0 {
			t.line(first + part)
		} else {
			t.line(hanging + part)
		}
	}
}

// Paragraph returns a text that begins after first, with its further lines under its
// beginning. Paths and addresses stay whole, so that they can be copied. It is one line where
// the columns are 0.
func Paragraph(first, s string, columns int) string {
	if columns == 0 {
		return first + s + "\n"
	}
	lines := broken(s, max(columns, leastColumns)-width(first), false)
	return first + strings.Join(lines, "\n"+strings.Repeat(" ", width(first))) + "\n"
}

// warnings writes what a reader must know, without its codes.
func (t *text) warnings(all list) {
	for i, one := range all {
		if i == 0 {
			t.line("")
		}
		if o, ok := one.(object); ok && o.find("text") != "" {
			t.paragraph("Note: ", "", o.find("text"))
		}
	}
}

// object writes a line for each field, with the values of plain ones aligned.
func (t *text) object(o object, indent string) {
	labels := 0
	for _, m := range o {
		if plain(m.value) {
			labels = max(labels, width(m.name))
		}
	}
	labels = min(labels, t.Columns/2)
	for _, m := range o {
		label := strings.ReplaceAll(m.name, "_", " ")
		if plain(m.value) {
			t.field(indent+pad(label, labels, false)+"  ", indent+strings.Repeat(" ", labels+2), inline(m.value))
			continue
		}
		switch v := m.value.(type) {
		case object:
			if !t.All && flat(v) {
				t.paragraph(indent+label+"  ", indent+"  ", inline(v))
				continue
			}
			t.line(indent + label)
			t.object(v, indent+"  ")
		case list:
			t.line(indent + label)
			t.list(v, indent+"  ")
		}
	}
}

// field writes one value; one without words, such as the stages of a night, only if all is
// wanted.
func (t *text) field(first, hanging, value string) {
	if !t.All && width(value) > t.Columns && !strings.Contains(value, " ") {
		t.less = true
		value = fmt.Sprintf("%d characters", width(value))
	}
	t.paragraph(first, hanging, value)
}

// list writes a list of objects as a table, or as blocks if a cell would be too wide.
func (t *text) list(l list, indent string) {
	shown := l
	if !t.All && len(l) > mostRows {
		shown, t.less = l[:mostRows], true
	}
	if rows, ok := tableOf(shown); ok {
		t.table(rows, indent)
	} else {
		t.blocks(shown, indent)
	}
	if more := len(l) - len(shown); more > 0 {
		t.line(fmt.Sprintf("%s… %d more", indent, more))
	}
}

// blocks writes each item as a block, marked with a dash.
func (t *text) blocks(l list, indent string) {
	for _, item := range l {
		o, ok := item.(object)
		if !ok {
			t.field(indent+"- ", indent+"  ", inline(item))
			continue
		}
		if !t.All && flat(o) {
			t.paragraph(indent+"- ", indent+"  ", inline(o))
			continue
		}
		block := &text{Options: t.Options}
		block.object(o, indent+"  ")
		t.less = t.less || block.less
		t.b.WriteString(indent + "- " + strings.TrimPrefix(block.b.String(), indent+"  "))
	}
}
