package tool

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/invopop/jsonschema"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// reader reads the value of one argument.
type reader struct {
	name     string
	property *jsonschema.Schema
	now      func() time.Time
	besides  func() []string // see besides; nil: nothing is needed
}

var errDoesNotFit = errors.New("the value does not fit")

// read returns the value as Go decodes it, or a [*Failure].
func (r reader) read(value json.RawMessage) (any, error) {
	if r.property.Type == "array" {
		return r.readList(value)
	}
	read, err := readOne(r.property, value)
	if errors.Is(err, errDoesNotFit) {
		return nil, r.mistake(value)
	}
	return read, err
}

// readOne reads what is no list. A whole number may be written 7.0 or 1e1, which
// encoding/json would refuse for an int.
func readOne(property *jsonschema.Schema, value json.RawMessage) (any, error) {
	text, isText := textOf(value)
	switch property.Type {
	case "string":
		if property.Format == "date" {
			text = strings.TrimSpace(text)
		}
		if isText && stringFits(property, text) {
			return text, nil
		}
	case "integer", "number":
		n, ok := numberOf(unquoted(value))
		switch {
		case !ok || !numberFits(property, n):
		case property.Type == "number":
			return n, nil
		case n == math.Trunc(n):
			return int64(n), nil
		}
	case "boolean":
		if b, ok := BoolIn(text); ok {
			return b, nil
		}
		if s := string(value); s == "true" || s == "false" {
			return value, nil
		}
	default:
		return nil, fmt.Errorf("no rule for type %q", property.Type)
	}
	return nil, errDoesNotFit
}

// readList returns the checked values of a list. If several do not fit, the first is
// named.
func (r reader) readList(value json.RawMessage) (any, error) {
	values, ok := listOf(value)
	if !ok {
		return nil, r.mistake(value)
	}
	p, n := r.property, uint64(len(values))
	if p.MinItems != nil && n < *p.MinItems || p.MaxItems != nil && n > *p.MaxItems {
		f := Mistake("%s must be %s, received %s.", Argument(r.name), form(p), Received(fmt.Sprintf("a list of %d", n)))
		if p.Description != "" { // it says what to do with more
			f.add(" %s", p.Description)
		}
		f.add(" For example %s.", r.example(value))
		return nil, f
	}
	checked := make([]any, n)
	for i, v := range values {
		one, err := readOne(p.Items, v)
		if errors.Is(err, errDoesNotFit) {
			return nil, Mistake("%s must be %s, each of them %s, received %s in place %d. For example %s.",
				Argument(r.name), form(p), form(p.Items), received(v), i+1, r.example(value))
		}
		if err != nil {
			return nil, err
		}
		checked[i] = one
	}
	return checked, nil
}

// mistake says what would fit instead of value.
func (r reader) mistake(value json.RawMessage) *Failure {
	f := Mistake("%s must be %s, received %s.", Argument(r.name), form(r.property), received(value))
	if source, ok := sources[r.name]; ok {
		f.add(" %s", source)
		return f
	}
	f.add(" For example %s.", r.example(value))
	if r.property.Format == "date" {
		now := r.now()
		f.add(" Today is %s in %s.", civil.DateOf(now), now.Location())
	}
	return f
}

// example is the day that was meant, where that can be told, or else any value that fits, with
// what else is required.
func (r reader) example(value json.RawMessage) Example {
	var members []string
	if r.besides != nil {
		members = r.besides()
	}
	own := strconv.Quote(r.name) + ":"
	if slices.ContainsFunc(members, func(m string) bool { return strings.HasPrefix(m, own) }) {
		return object(members) // values that fit together
	}
	if text, ok := textOf(value); ok && r.property.Format == "date" {
		if day, ok := errtext.DayMeant(text, civil.DateOf(r.now())); ok {
			return object(append(members, member(r.name, day)))
		}
	}
	return object(append(members, member(r.name, acceptable(r.name, r.property, r.now))))
}

// textOf returns the text that a JSON value is.
func textOf(value json.RawMessage) (string, bool) {
	var s string
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &s) != nil {
		return "", false
	}
	return s, true
}

// NumberIn returns the number that is written in a text.
func NumberIn(text string) (n float64, ok bool) {
	return numberOf(json.RawMessage(strings.TrimSpace(text)))
}

// BoolIn returns the true or false that is written in a text.
func BoolIn(text string) (b, ok bool) {
	b, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(text)))
	return b, err == nil
}

// unquoted returns what stands in a text, or the value itself.
func unquoted(value json.RawMessage) json.RawMessage {
	if text, ok := textOf(value); ok {
		return json.RawMessage(strings.TrimSpace(text))
	}
	return value
}

func numberOf(value json.RawMessage) (float64, bool) {
	if !jsontext.Value(value).IsValid() || jsontext.Value(value).Kind() != '0' {
		return 0, false
	}
	n, err := strconv.ParseFloat(string(value), 64)
	return n, err == nil
}

// listOf returns the members of a list, which may be written in a text: as JSON or, for
// texts without commas in them, separated by commas.
func listOf(value json.RawMessage) ([]json.RawMessage, bool) {
	text, isText := textOf(value)
	if isText && !strings.HasPrefix(strings.TrimSpace(text), "[") {
		var values []json.RawMessage
		for one := range strings.SplitSeq(text, ",") {
			quoted, err := json.Marshal(strings.TrimSpace(one))
			if err != nil {
				return nil, false
			}
			values = append(values, quoted)
		}
		return values, true
	}
	var values []json.RawMessage
	list := unquoted(value)
	return values, len(list) > 0 && list[0] == '[' && json.Unmarshal(list, &values) == nil
}

func stringFits(property *jsonschema.Schema, s string) bool {
	length := uint64(utf8.RuneCountInString(s))
	most := uint64(maxStringLength)
	if property.MaxLength != nil {
		most = *property.MaxLength
	}
	if length > most || property.MinLength != nil && length < *property.MinLength {
		return false
	}
	if property.Format == "date" {
		if _, err := civil.ParseDate(s); err != nil {
			return false
		}
	}
	return len(property.Enum) == 0 || slices.Contains(property.Enum, any(s))
}

func numberFits(property *jsonschema.Schema, n float64) bool {
	if least, err := property.Minimum.Float64(); err == nil && n < least {
		return false
	}
	most, err := property.Maximum.Float64()
	return err != nil || n <= most
}
