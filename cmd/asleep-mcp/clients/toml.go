package clients

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// tomlStatement is a line of TOML, or several if a value continues: a table's header, or a
// key with its value.
type tomlStatement struct {
	start, end int // end is after the line's end
	header     bool
	array      bool     // [[…]]
	key        []string // of the table, or of the pair within its table
	table      []string // the one a pair is in
}

// path returns the full name.
func (s tomlStatement) path() []string {
	if s.header {
		return s.key
	}
	return slices.Concat(s.table, s.key) // of a pair
}

// readTOML finds the statements of a file.
func readTOML(text []byte) (all []tomlStatement, err error) {
	if err := toml.Unmarshal(text, new(map[string]any)); err != nil {
		return nil, notTOML(err)
	}
	var table []string
	p := unstable.Parser{}
	p.Reset(text)
	for p.NextExpression() {
		s := statementOf(p.Expression(), text)
		if s.header {
			table = s.key
		}
		s.table = table
		all = append(all, s)
	}
	return all, p.Error()
}

func statementOf(e *unstable.Node, text []byte) tomlStatement {
	s := tomlStatement{header: e.Kind != unstable.KeyValue, array: e.Kind == unstable.ArrayTable}
	at := e.Raw // of a pair; a header has none
	for keys := e.Key(); keys.Next(); {
		key := keys.Node()
		s.key = append(s.key, string(key.Data))
		if s.header {
			at = key.Raw
		}
	}
	s.start = 1 + bytes.LastIndexByte(text[:at.Offset], '\n')
	s.end = len(text)
	last := int(at.Offset + at.Length)
	if rest := bytes.IndexByte(text[last:], '\n'); rest >= 0 {
		s.end = last + rest + 1
	}
	return s
}

// notTOML names the line of the mistake, but not what is there.
func notTOML(err error) error {
	if mistake, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := mistake.Position()
		return notTOMLIn.err(fmt.Sprintf("line %d", row))
	}
	return notTOMLAtAll.err()
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// tomlValue writes a value on one line.
func tomlValue(value any) string {
	var parts []string
	switch v := value.(type) {
	case string:
		return quoted(v)
	case []any:
		for _, item := range v {
			parts = append(parts, tomlValue(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			name := key
			if !bareKey.MatchString(key) {
				name = quoted(key)
			}
			parts = append(parts, name+" = "+tomlValue(v[key]))
		}
		if parts == nil {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	}
	return fmt.Sprint(value) // a number, a date, true or false
}

// pair is a key of a table, with its value as TOML writes it.
type pair struct{ key, value string }

// setTOML gives a table the pairs, and leaves everything else in the text as it is. What the
// table had under these keys, also as tables below it, is replaced.
func setTOML(text []byte, table []string, pairs []pair) ([]byte, error) {
	statements, err := readTOML(text)
	if err != nil {
		return nil, err
	}
	header := slices.IndexFunc(statements, func(s tomlStatement) bool { return s.header && slices.Equal(s.key, table) })
	if err := changeable(text, statements, table, header); err != nil {
		return nil, err
	}
	eol := lineEnd(text)
	var edited bytes.Buffer
	from := 0
	for i, s := range statements {
		if s.givesWay(table, pairs) {
			edited.Write(text[from:s.start])
			from = s.end
		}
		if i == header {
			edited.Write(text[from:s.end])
			from = s.end
			endLine(&edited, eol)
			writePairs(&edited, pairs, eol)
		}
	}
	edited.Write(text[from:])
	if header < 0 {
		endLine(&edited, eol)
		if edited.Len() > 0 {
			edited.WriteString(eol)
		}
		edited.WriteString("[" + strings.Join(table, ".") + "]" + eol)
		writePairs(&edited, pairs, eol)
	}
	return edited.Bytes(), nil
}

// givesWay reports whether a statement is about one of the table's pairs.
func (s tomlStatement) givesWay(table []string, pairs []pair) bool {
	path := s.path()
	under := len(path) > len(table) && slices.Equal(path[:len(table)], table)
	return under && slices.ContainsFunc(pairs, func(p pair) bool { return p.key == path[len(table)] })
}

func writePairs(b *bytes.Buffer, pairs []pair, eol string) {
	for _, p := range pairs {
		b.WriteString(p.key + " = " + p.value + eol)
	}
}

func endLine(b *bytes.Buffer, eol string) {
	if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteString(eol)
	}
}

// changeable returns an error if the table, or one above it, is written as a list, as a
// value, with dots, or twice: what is added would then be there a second time.
func changeable(text []byte, statements []tomlStatement, table []string, header int) error {
	var lines []string
	first := "remove what begins in line"
	for i, s := range statements {
		path := s.path()
		shared := min(len(path), len(table))
		if !slices.Equal(path[:shared], table[:shared]) {
			continue
		}
		again := s.header && len(path) == len(table) && i != header
		elsewhere := !s.header && len(s.table) < len(table) // a value, or names with dots
		if !s.array && !again && !elsewhere {
			continue
		}
		lines = append(lines, strconv.Itoa(1+bytes.Count(text[:s.start], []byte("\n"))))
		if len(path) < len(table) { // it may hold other servers too
			first = "make tables of what begins in line"
		}
	}
	if lines == nil {
		return nil
	}
	return unchangeable.err(strings.Join(table, "."), first, strings.Join(lines, ", "))
}
