package readable

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// An answer is read into an object, a list or a scalar.
type (
	object []member // in the order of the JSON
	member struct {
		name  string
		value any
	}
	list   []any
	scalar struct {
		text   string
		number bool
	}
)

// readAnswer decodes an answer without losing the order of its fields.
func readAnswer(answer json.RawMessage) (object, error) {
	value, err := readValue(jsontext.NewDecoder(bytes.NewReader(answer)))
	if err != nil {
		return nil, err
	}
	o, ok := value.(object)
	if !ok {
		return nil, errors.New("it is no object")
	}
	return o, nil
}

func readValue(d *jsontext.Decoder) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		return readObject(d)
	case '[':
		return readList(d)
	case 't':
		return scalar{text: "yes"}, nil
	case 'f':
		return scalar{text: "no"}, nil
	case 'n':
		return scalar{text: "-"}, nil
	case '0':
		return scalar{token.String(), true}, nil
	default:
		return scalar{text: printable(token.String())}, nil
	}
}

func readObject(d *jsontext.Decoder) (object, error) {
	o := object{}
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := printable(token.String())
		value, err := readValue(d)
		if err != nil {
			return nil, err
		}
		if s, ok := value.(scalar); ok && !strings.HasSuffix(name, "id") {
			value = scalar{spoken(s.text), s.number}
		}
		o = append(o, member{name, value})
	}
	_, err := d.ReadToken()
	return o, err
}

func readList(d *jsontext.Decoder) (list, error) {
	l := list{}
	for d.PeekKind() != ']' {
		value, err := readValue(d)
		if err != nil {
			return nil, err
		}
		l = append(l, value)
	}
	_, err := d.ReadToken()
	return l, err
}

// printable keeps text from elsewhere from controlling a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}

func (o object) has(name string) bool {
	return slices.ContainsFunc(o, func(m member) bool { return m.name == name })
}

// find returns the text of a scalar member, "" when there is none.
func (o object) find(name string) string {
	for _, m := range o {
		if s, ok := m.value.(scalar); ok && m.name == name {
			return s.text
		}
	}
	return ""
}

// codeWord is one of an answer's own words, such as no_clear_difference.
var codeWord = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)+$`)

// spoken writes a code word the way people would.
func spoken(text string) string {
	if codeWord.MatchString(text) {
		return strings.ReplaceAll(text, "_", " ")
	}
	return text
}
