package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonText is JSON with the comments and trailing commas that editors allow. It
// is changed by insertions and replacements in the text, so that whatever else
// stands in it stays, down to the last blank.
type jsonText struct {
	text     []byte
	plain    []byte // the text with blanks for all that JSON does not have
	trailing []int  // where commas were, so that no second one is put there
	inner    string // one step of indentation
}

// span is where a value stands, from its first byte to behind its last.
type span struct{ start, end int }

type jsonMember struct {
	name  string
	value span
}

// byteOrderMark is what some editors of Windows begin a file with.
var byteOrderMark = []byte("\xef\xbb\xbf")

var errNoObject = errors.New("it does not hold an object in braces")

// readJSON reads a file's text; an empty one counts as an empty object.
func readJSON(text []byte) (*jsonText, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}\n")
	}
	j := &jsonText{text: text, inner: "  "}
	if first := regexp.MustCompile(`\n([ \t]+)\S`).FindSubmatch(text); first != nil {
		j.inner = string(first[1])
	}
	j.reread()
	root := j.root()
	if err := checkJSON(j.plain); err != nil {
		return nil, err
	}
	if j.plain[root.start] != '{' {
		return nil, errNoObject
	}
	return j, nil
}

// checkJSON tells in which line a mistake is, such as a name twice in one object,
// and nothing of what stands there, which may be a secret.
func checkJSON(plain []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(plain))
	err := d.SkipValue()
	if err == nil {
		if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		}
	}
	at := d.InputOffset()
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at = syntax.ByteOffset
	}
	return fmt.Errorf("it is not JSON: see line %d", 1+bytes.Count(plain[:min(int(at), len(plain))], []byte("\n")))
}

func (j *jsonText) reread() { j.plain, j.trailing = plainJSON(j.text) }

func (j *jsonText) root() span {
	start := len(j.plain) - len(bytes.TrimLeft(j.plain, " \t\r\n"))
	return span{start, max(start+1, len(bytes.TrimRight(j.plain, " \t\r\n")))}
}

// plainJSON puts blanks in place of comments, of commas before a closing bracket
// and of a byte order mark. The length stays.
func plainJSON(text []byte) (plain []byte, trailing []int) {
	plain = bytes.Clone(text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			if plain[i] != '\n' {
				plain[i] = ' '
			}
		}
	}
	comma := -1 // the last one with nothing but blanks behind it
	if bytes.HasPrefix(text, byteOrderMark) {
		blank(0, 3)
	}
	for i := 0; i < len(plain); {
		end := i + 1
		switch rest := plain[i:]; {
		case rest[0] == '"':
			end = i + stringLength(rest)
			comma = -1
		case bytes.HasPrefix(rest, []byte("//")):
			end = i + lengthTo(rest, "\n", 0)
			blank(i, end)
		case bytes.HasPrefix(rest, []byte("/*")):
			end = i + lengthTo(rest[2:], "*/", 2) + 2
			blank(i, end)
		case rest[0] == ',':
			comma = i
		case rest[0] == '}' || rest[0] == ']':
			if comma >= 0 {
				trailing = append(trailing, comma)
				plain[comma] = ' '
			}
			comma = -1
		case !strings.ContainsRune(" \t\r\n", rune(rest[0])):
			comma = -1
		}
		i = end
	}
	return plain, trailing
}

// stringLength is the length of the string that text begins with.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"', '\n':
			return i + 1
		}
	}
	return len(text)
}

// lengthTo is how far it is to the mark, or to the end, with more for the mark.
func lengthTo(text []byte, mark string, more int) int {
	if i := bytes.Index(text, []byte(mark)); i >= 0 {
		return i + more
	}
	return len(text)
}

// members are those of the object at a place, in order.
func (j *jsonText) members(object span) (all []jsonMember) {
	j.walk(object, func(d *jsontext.Decoder) error {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		m := jsonMember{name: name.String()}
		m.value, err = valueSpan(d, object)
		all = append(all, m)
		return err
	})
	return all
}

// elements are the values in the array at a place.
func (j *jsonText) elements(array span) (all []span) {
	j.walk(array, func(d *jsontext.Decoder) error {
		s, err := valueSpan(d, array)
		all = append(all, s)
		return err
	})
	return all
}

// walk calls back for each child of an object or array that was read before.
func (j *jsonText) walk(container span, each func(*jsontext.Decoder) error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(j.plain[container.start:container.end]))
	_, err := d.ReadToken()
	for err == nil && d.PeekKind() != '}' && d.PeekKind() != ']' {
		err = each(d)
	}
}

func valueSpan(d *jsontext.Decoder, within span) (span, error) {
	value, err := d.ReadValue()
	end := within.start + int(d.InputOffset())
	return span{end - len(value), end}, err
}

// set gives the value at a path of names, and makes the objects on the way.
// Where the value is there already, nothing changes.
func (j *jsonText) set(value any, path ...string) error {
	at := j.root()
	for i, name := range path {
		if j.plain[at.start] != '{' {
			return fmt.Errorf("%s is not an object", strings.Join(path[:i], "."))
		}
		members := j.members(at)
		k := slices.IndexFunc(members, func(m jsonMember) bool { return m.name == name })
		if k < 0 {
			for _, missing := range slices.Backward(path[i+1:]) {
				value = map[string]any{missing: value}
			}
			spans := make([]span, len(members))
			for n, m := range members {
				spans[n] = m.value
			}
			j.insert(at, spans, quoted(name)+": ", value)
			return nil
		}
		at = members[k].value
	}
	if !sameJSON(j.plain[at.start:at.end], value) {
		j.splice(at, j.written(value, j.indentation(at.start)))
	}
	return nil
}

// find returns the value at a path of names.
func (j *jsonText) find(path ...string) (value span, found bool) {
	value = j.root()
	for _, name := range path {
		if j.plain[value.start] != '{' {
			return value, false
		}
		members := j.members(value)
		k := slices.IndexFunc(members, func(m jsonMember) bool { return m.name == name })
		if k < 0 {
			return value, false
		}
		value = members[k].value
	}
	return value, true
}

// add puts an object at the end of the array of that name, unless one with the
// same id is there.
func (j *jsonText) add(name, id string, value any) error {
	at, found := j.find(name)
	if !found {
		return j.set([]any{value}, name)
	}
	if j.plain[at.start] != '[' {
		return fmt.Errorf("%s is not a list", name)
	}
	elements := j.elements(at)
	for _, e := range elements {
		var known struct {
			ID any `json:"id"`
		}
		if json.Unmarshal(j.plain[e.start:e.end], &known) == nil && known.ID == id {
			return nil
		}
	}
	j.insert(at, elements, "", value)
	return nil
}

// insert writes a child behind the others of an object or array.
func (j *jsonText) insert(into span, children []span, label string, value any) {
	outer := j.indentation(into.start)
	closing := into.end - 1
	before := len(bytes.TrimRight(j.text[:closing], " \t\r\n")) // comments included
	child := "\n" + outer + j.inner + label + j.written(value, outer+j.inner)
	if !bytes.Contains(j.text[before:closing], []byte("\n")) {
		child += "\n" + outer
	}
	comma := ""
	last := before
	if n := len(children); n > 0 {
		last = children[n-1].end
		if !slices.ContainsFunc(j.trailing, func(at int) bool { return last <= at && at < closing }) {
			comma = ","
		}
	}
	j.splice(span{before, before}, child)
	j.splice(span{last, last}, comma)
}

func (j *jsonText) splice(at span, text string) {
	if bytes.Contains(j.text, []byte("\r\n")) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	j.text = slices.Concat(j.text[:at.start], []byte(text), j.text[at.end:])
	j.reread()
}

// indentation is the white space that the line of a place begins with.
func (j *jsonText) indentation(at int) string {
	line := j.text[bytes.LastIndexByte(j.text[:at], '\n')+1 : at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

func (j *jsonText) written(value any, indent string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(indent, j.inner)
	if err := e.Encode(value); err != nil {
		panic(err) // texts, lists and maps of them can be written
	}
	return strings.TrimSpace(b.String())
}

func quoted(name string) string {
	b, _ := json.Marshal(name) // a text can be written
	return string(b)
}

// sameJSON says whether a text of JSON means the value.
func sameJSON(text []byte, value any) bool {
	written, err := json.Marshal(value)
	var a, b any
	return err == nil && json.Unmarshal(text, &a) == nil && json.Unmarshal(written, &b) == nil && reflect.DeepEqual(a, b)
}
