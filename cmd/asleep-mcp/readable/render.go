package readable

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// widest is how wide a cell of a table may be; if one is wider, each row becomes a block.
const widest = 44

// lineWidth is how wide the summary's lines are.
const lineWidth = 100

// Answer returns the text of an answer: that it is made up, if it is, then its summary, then
// every other field in the answer's own order.
func Answer(answer json.RawMessage) (string, error) {
	o, err := readAnswer(answer)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if o.find("data_source") == "demo" {
		b.WriteString("DEMO DATA: made-up nights, not a person's.\n\n")
	}
	if summary := o.find("summary"); summary != "" {
		b.WriteString(wrapped(summary) + "\n\n")
	}
	var rest object
	for _, m := range o {
		if m.name != "summary" {
			rest = append(rest, m)
		}
	}
	writeObject(&b, rest, "")
	return b.String(), nil
}

// wrapped breaks a text between words.
func wrapped(text string) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case width == 0:
		case width+1+n > lineWidth:
			b.WriteString("\n")
			width = 0
		default:
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}

// writeObject writes one line per field, with the values of plain ones aligned.
func writeObject(b *strings.Builder, o object, indent string) {
	width := 0
	for _, m := range o {
		if plain(m.value) {
			width = max(width, utf8.RuneCountInString(m.name))
		}
	}
	for _, m := range o {
		label := strings.ReplaceAll(m.name, "_", " ")
		if plain(m.value) {
			b.WriteString(indent + pad(label, width, false) + "  " + inline(m.value) + "\n")
			continue
		}
		b.WriteString(indent + label + "\n")
		switch v := m.value.(type) {
		case object:
			writeObject(b, v, indent+"  ")
		case list:
			writeList(b, v, indent+"  ")
		}
	}
}

// plain reports whether a value fits after its label: a scalar, or a list of scalars, or
// nothing.
func plain(value any) bool {
	switch v := value.(type) {
	case object:
		return len(v) == 0
	case list:
		for _, item := range v {
			if _, ok := item.(scalar); !ok {
				return false
			}
		}
	}
	return true
}

// inline returns a value on one line.
func inline(value any) string {
	var parts []string
	switch v := value.(type) {
	case scalar:
		return v.text
	case list:
		for _, item := range v {
			parts = append(parts, inline(item))
		}
	case object:
		for _, m := range v {
			parts = append(parts, strings.ReplaceAll(m.name, "_", " ")+" "+inline(m.value))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// writeList writes a list of objects as a table, or as blocks if a table would be too wide.
func writeList(b *strings.Builder, l list, indent string) {
	for _, item := range l {
		o, ok := item.(object)
		if !ok || tooWide(o) {
			writeBlocks(b, l, indent)
			return
		}
	}
	var names []string
	cells := []map[string]scalar{}
	for _, item := range l {
		row := map[string]scalar{}
		for _, m := range item.(object) {
			if !slices.Contains(names, m.name) {
				names = append(names, m.name)
			}
			s, _ := m.value.(scalar)
			row[m.name] = scalar{inline(m.value), s.number}
		}
		cells = append(cells, row)
	}
	writeTable(b, names, cells, indent)
}

func tooWide(o object) bool {
	for _, m := range o {
		if utf8.RuneCountInString(inline(m.value)) > widest {
			return true
		}
	}
	return false
}

// writeTable writes columns under their names, with numbers aligned to the right.
func writeTable(b *strings.Builder, names []string, rows []map[string]scalar, indent string) {
	lines := make([]string, len(rows)+1)
	for _, name := range names {
		label := strings.ReplaceAll(name, "_", " ")
		width, numbers := utf8.RuneCountInString(label), true
		for _, row := range rows {
			cell, ok := row[name]
			width = max(width, utf8.RuneCountInString(cell.text))
			numbers = numbers && (cell.number || !ok)
		}
		lines[0] += pad(label, width, numbers) + "  "
		for i, row := range rows {
			lines[i+1] += pad(row[name].text, width, numbers) + "  "
		}
	}
	for _, line := range lines {
		b.WriteString(indent + strings.TrimRight(line, " ") + "\n")
	}
}

// writeBlocks writes each item as a block, marked with a dash.
func writeBlocks(b *strings.Builder, l list, indent string) {
	for _, item := range l {
		o, ok := item.(object)
		if !ok {
			b.WriteString(indent + "- " + inline(item) + "\n")
			continue
		}
		var block strings.Builder
		writeObject(&block, o, indent+"  ")
		b.WriteString(indent + "- " + strings.TrimPrefix(block.String(), indent+"  "))
	}
}

// pad fills s with blanks up to the width, before or after it.
func pad(s string, width int, right bool) string {
	blanks := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
	if right {
		return blanks + s
	}
	return s + blanks
}
