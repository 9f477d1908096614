package importers

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
)

// A table is a file of rows under a heading.
type table struct {
	file    file
	stream  *stream
	rows    *csv.Reader
	heading []string // as columnName writes them
	columns map[string]int
	before  int // lines before the heading
}

// errHeading is the error of a file that is not what its heading or name made of it.
var errHeading = errors.New("its first line has no known column names; export it again, and do not save it in a spreadsheet program")

// layout is how the rows of a table are written.
type layout struct {
	comma rune // 0: what the heading has most of
	skip  int  // lines before the heading
	loose bool // quotes may stand anywhere
}

// openTable reads the heading of a table.
func (s *sink) openTable(ctx context.Context, f file, l layout) (*table, error) {
	text, err := f.text(ctx, true, s.progress)
	if err != nil {
		return nil, err
	}
	for range l.skip {
		if _, err := text.ReadString('\n'); err != nil {
			text.Close()
			return nil, &fault{file: f.name, err: errHeading}
		}
	}
	if l.comma == 0 {
		head, _ := text.Peek(headBytes)
		l.comma = commaOf(head)
	}
	t := &table{file: f, stream: text, rows: csv.NewReader(text), columns: map[string]int{}, before: l.skip}
	t.rows.Comma, t.rows.FieldsPerRecord, t.rows.LazyQuotes, t.rows.ReuseRecord = l.comma, -1, l.loose, true
	cells, err := t.rows.Read()
	if err != nil {
		text.Close()
		return nil, &fault{file: f.name, err: errHeading}
	}
	t.setHeading(cells)
	return t, nil
}

// setHeading names the columns. Of columns with one name the first has it.
func (t *table) setHeading(cells []string) {
	t.heading = t.heading[:0]
	clear(t.columns)
	for i, cell := range cells {
		name := columnName(cell)
		t.heading = append(t.heading, name)
		if _, twice := t.columns[name]; !twice {
			t.columns[name] = i
		}
	}
}

func (t *table) Close() { t.stream.Close() }

// columnName writes the name of a column in lower case with single spaces, one of them before a bracket.
func columnName(cell string) string {
	spaced := strings.ReplaceAll(strings.TrimPrefix(cell, "\ufeff"), "(", " (")
	return strings.ToLower(strings.Join(strings.Fields(spaced), " "))
}

// commaOf returns what separates the cells of a heading.
func commaOf(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	counts := map[rune]int{}
	quoted := false
	for _, r := range string(line) {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range []rune{';', '\t'} {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// has reports whether the table has all of these columns.
func (t *table) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := t.columns[name]; return !ok })
}

// all yields the rows that are not empty. A row is only good until the next one. An error
// ends it.
func (t *table) all() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for {
			r, err := t.next()
			if errors.Is(err, io.EOF) || !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// whole yields the rows of a table like [table.all], and refuses those that were cut.
func (s *sink) whole(t *table) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for r, err := range t.all() {
			if err == nil && r.cut() {
				s.refuse(t.file, r.where(), cutRow, "")
			} else if !yield(r, err) {
				return
			}
		}
	}
}

// localTable adds the rows of a table whose times are those of a clock, without a zone.
func (s *sink) localTable(ctx context.Context, f file, l layout, add func(file, row)) error {
	if s.zone == nil {
		return &ZoneError{File: f.name}
	}
	t, err := s.openTable(ctx, f, l)
	if err != nil {
		return err
	}
	defer t.Close()
	for r, err := range s.whole(t) {
		if err != nil {
			return err
		}
		add(f, r)
	}
	return nil
}

// next returns the next row that is not empty, io.EOF after the last.
func (t *table) next() (row, error) {
	for {
		t.stream.next()
		cells, err := t.rows.Read()
		if errors.Is(err, io.EOF) {
			return row{}, io.EOF
		}
		if err != nil {
			line := 0
			if bad, ok := errors.AsType[*csv.ParseError](err); ok {
				line = bad.StartLine
			}
			return row{}, &fault{file: t.file.name, where: fmt.Sprintf("line %d", line), err: fmt.Errorf("the row cannot be read (%w), so the file is cut off or was changed: export it again", err)}
		}
		if slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			line, _ := t.rows.FieldPos(0)
			return row{t, cells, t.before + line}, nil
		}
	}
}

// A row is one of a table.
type row struct {
	table *table
	cells []string
	line  int
}

func (r row) where() string { return fmt.Sprintf("line %d", r.line) }

// text returns a cell by the names its column may have; "" where there is none. "null" is
// what some programs write for nothing.
func (r row) text(names ...string) string {
	for _, name := range names {
		if i, ok := r.table.columns[name]; ok && i < len(r.cells) {
			if cell := strings.TrimSpace(r.cells[i]); cell != "" && cell != "null" {
				return cell
			}
		}
	}
	return ""
}

// cut reports whether the row has fewer cells than the heading has names, but for an empty
// last name.
func (r row) cut() bool {
	names := len(r.table.heading)
	for names > 0 && r.table.heading[names-1] == "" {
		names--
	}
	return len(r.cells) < names
}

// number returns a cell as a number; nil where there is none, bad where it is none.
func (r row) number(names ...string) (x *float64, bad bool) {
	cell := r.text(names...)
	if cell == "" || strings.EqualFold(cell, "n/a") || strings.EqualFold(cell, "nan") {
		return nil, false
	}
	if n, ok := numberOf(cell); ok {
		return &n, false
	}
	return nil, true
}

// numbers reads cells into numbers, by the names of their columns. If one is none, the row is refused.
func (s *sink) numbers(r row, into map[string]**float64) bool {
	for _, name := range slices.Sorted(maps.Keys(into)) {
		x, bad := r.number(name)
		if bad {
			s.refuse(r.table.file, r.where(), unreadable, name)
			return false
		}
		if x != nil {
			*into[name] = x
		}
	}
	return true
}
