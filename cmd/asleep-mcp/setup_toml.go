package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// tomlStatement is a line of TOML, or several where a value goes on: a table's
// header, or a key with its value.
type tomlStatement struct {
	start, end int // end is behind the line's end
	header     bool
	array      bool     // [[…]]
	key        []string // of the table, or of the pair within its table
	table      []string // the one a pair stands in
}

// path is the whole name.
func (s tomlStatement) path() []string {
	if s.header {
		return s.key
	}
	return slices.Concat(s.table, s.key) // of a pair
}

// readTOML finds the statements of a file. It reads as much of TOML as it takes
// to tell where each begins and ends, whatever its value is.
func readTOML(text []byte) ([]tomlStatement, error) {
	var (
		all   []tomlStatement
		table []string
	)
	l := tomlLexer{text: text}
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		l.at = 3
	}
	for l.nextStatement() {
		s, ok := l.statement()
		if !ok {
			return nil, fmt.Errorf("it is not TOML: see line %d", 1+bytes.Count(text[:s.start], []byte("\n")))
		}
		if s.header {
			table = s.key
		}
		s.table = table
		all = append(all, s)
	}
	return all, nil
}

type tomlLexer struct {
	text []byte
	at   int
}

func (l *tomlLexer) peek() byte {
	if l.at < len(l.text) {
		return l.text[l.at]
	}
	return '\n' // the end of the text ends a line
}

func (l *tomlLexer) skip(blanks string) {
	for l.at < len(l.text) && strings.IndexByte(blanks, l.text[l.at]) >= 0 {
		l.at++
	}
}

func (l *tomlLexer) skipComment() {
	if l.peek() == '#' {
		l.at += lengthTo(l.text[l.at:], "\n", 0)
	}
}

// nextStatement goes on to where one begins, if there is another.
func (l *tomlLexer) nextStatement() bool {
	for {
		l.skip(" \t\r\n")
		if l.peek() != '#' {
			return l.at < len(l.text)
		}
		l.skipComment()
	}
}

func (l *tomlLexer) statement() (s tomlStatement, ok bool) {
	s.start = l.at
	if l.peek() == '[' {
		s.header = true
		l.at++
		if s.array = l.peek() == '['; s.array {
			l.at++
		}
	}
	if s.key, ok = l.key(); !ok {
		return s, false
	}
	switch {
	case s.array:
		ok = l.take("]]")
	case s.header:
		ok = l.take("]")
	default:
		ok = l.take("=") && l.value()
	}
	l.skip(" \t\r")
	l.skipComment()
	ok = ok && l.peek() == '\n'
	if l.at < len(l.text) {
		l.at++
	}
	s.end = l.at
	return s, ok
}

func (l *tomlLexer) take(mark string) bool {
	if !bytes.HasPrefix(l.text[l.at:], []byte(mark)) {
		return false
	}
	l.at += len(mark)
	return true
}

// key reads names with dots between them.
func (l *tomlLexer) key() (names []string, ok bool) {
	for {
		l.skip(" \t")
		name, ok := l.name()
		if !ok {
			return nil, false
		}
		names = append(names, name)
		l.skip(" \t")
		if l.peek() != '.' {
			return names, true
		}
		l.at++
	}
}

func (l *tomlLexer) name() (name string, ok bool) {
	from := l.at
	switch l.peek() {
	case '"':
		if !l.line('"', true) {
			return "", false
		}
		name, err := strconv.Unquote(string(l.text[from:l.at]))
		return name, err == nil
	case '\'':
		ok = l.line('\'', false)
		return strings.Trim(string(l.text[from:l.at]), "'"), ok
	}
	for l.at < len(l.text) && bare(l.text[l.at]) {
		l.at++
	}
	return string(l.text[from:l.at]), l.at > from
}

func bare(c byte) bool {
	return c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// line reads a string that ends on its line.
func (l *tomlLexer) line(quote byte, escapes bool) bool {
	for l.at++; l.at < len(l.text); l.at++ {
		switch c := l.text[l.at]; {
		case c == quote:
			l.at++
			return true
		case c == '\n':
			return false
		case c == '\\' && escapes:
			l.at++
		}
	}
	return false
}

// value goes past a value: a string, something in brackets, or a word.
func (l *tomlLexer) value() bool {
	l.skip(" \t")
	from := l.at
	switch c := l.peek(); c {
	case '"', '\'':
		if mark := strings.Repeat(string(c), 3); l.take(mark) {
			return l.past(mark, c == '"')
		}
		return l.line(c, c == '"')
	case '[', '{':
		return l.brackets()
	}
	for l.at < len(l.text) && strings.IndexByte(" \t\r\n#,]}\"'=[{", l.text[l.at]) < 0 {
		l.at++
	}
	if l.at-from == len("2026-11-23") && l.peek() == ' ' && bytes.ContainsAny(l.text[from:l.at], "-") {
		l.at++ // a time may stand behind the date
		l.skip("0123456789:.+-Zz")
	}
	return l.at > from
}

// past goes behind the mark that ends a text of several lines. Up to two more of
// its quotes may belong to the text.
func (l *tomlLexer) past(mark string, escapes bool) bool {
	for ; l.at < len(l.text); l.at++ {
		if escapes && l.text[l.at] == '\\' {
			l.at++
		} else if l.take(mark) {
			l.skip(mark[:1])
			return true
		}
	}
	return false
}

// brackets goes past a list or an inline table.
func (l *tomlLexer) brackets() bool {
	closing := byte(']')
	if l.text[l.at] == '{' {
		closing = '}'
	}
	for l.at++; l.at < len(l.text); {
		l.skip(" \t\r\n,")
		switch c := l.peek(); {
		case l.at == len(l.text):
			return false
		case c == closing:
			l.at++
			return true
		case c == '#':
			l.skipComment()
			continue
		case closing == '}':
			if _, ok := l.key(); !ok || !l.take("=") {
				return false
			}
		}
		if !l.value() {
			return false
		}
	}
	return false
}

// pair is a key of a table, with its value as TOML writes it.
type pair struct{ key, value string }

// setTOML gives a table the pairs, and leaves everything else of the text as it
// is. What the table had under these keys, also as tables below it, gives way.
func setTOML(text []byte, table []string, pairs []pair) ([]byte, error) {
	statements, err := readTOML(text)
	if err != nil {
		return nil, err
	}
	eol := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		eol = "\r\n"
	}
	var block strings.Builder
	for _, p := range pairs {
		block.WriteString(p.key + " = " + p.value + eol)
	}
	header := slices.IndexFunc(statements, func(s tomlStatement) bool { return s.header && slices.Equal(s.key, table) })
	if err := changeable(statements, table, header); err != nil {
		return nil, err
	}
	var edited bytes.Buffer
	from := 0
	for i, s := range statements {
		path := s.path()
		under := len(path) > len(table) && slices.Equal(path[:len(table)], table)
		if under && slices.ContainsFunc(pairs, func(p pair) bool { return p.key == path[len(table)] }) {
			edited.Write(text[from:s.start])
			from = s.end
		}
		if i == header {
			edited.Write(text[from:s.end])
			from = s.end
			endLine(&edited, eol)
			edited.WriteString(block.String())
		}
	}
	edited.Write(text[from:])
	if header < 0 {
		endLine(&edited, eol)
		if edited.Len() > 0 {
			edited.WriteString(eol)
		}
		edited.WriteString("[" + strings.Join(table, ".") + "]" + eol + block.String())
	}
	return edited.Bytes(), nil
}

func endLine(b *bytes.Buffer, eol string) {
	if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteString(eol)
	}
}

// changeable says no where the table, or one above it, is written as a list, as
// a value, with dots, or twice.
func changeable(statements []tomlStatement, table []string, header int) error {
	for i, s := range statements {
		path := s.path()
		shared := min(len(path), len(table))
		if !slices.Equal(path[:shared], table[:shared]) {
			continue
		}
		again := s.header && len(path) == len(table) && i != header
		elsewhere := !s.header && len(s.table) < len(table) // a value, or names with dots
		if s.array || again || elsewhere {
			return fmt.Errorf("%s is written there in a way that this program does not change", strings.Join(table, "."))
		}
	}
	return nil
}
