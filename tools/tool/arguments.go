package tool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/invopop/jsonschema"
)

// argument is one member of the object that a caller sent.
type argument struct {
	name  string
	value json.RawMessage
}

// decodeArguments checks raw against the schema and stores it in into, with the
// schema's defaults for what was not sent. Everything it refuses is a [*Failure] that
// names the argument, what was received and what would be right; for a date also which
// day it is, for callers who send "yesterday".
func decodeArguments(schema *jsonschema.Schema, raw json.RawMessage, into any, now time.Time) error {
	sent, err := splitArguments(raw)
	if err != nil {
		return err
	}
	checked := make(map[string]any, len(sent))
	for _, a := range sent {
		property, known := schema.Properties.Get(a.name)
		if !known {
			return unknownArgument(schema, a.name)
		}
		if checked[a.name], err = checkValue(a.name, property, a.value); err != nil {
			if failure, ok := errors.AsType[*Failure](err); ok && property.Format == "date" {
				failure.add(" Today is %s in %s.", civil.DateOf(now), now.Location())
			}
			return err
		}
	}
	if err := checkRequired(schema, checked); err != nil {
		return err
	}
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		if _, ok := checked[pair.Key]; !ok && pair.Value.Default != nil {
			checked[pair.Key] = pair.Value.Default
		}
	}
	whole, err := json.Marshal(checked)
	if err != nil {
		return fmt.Errorf("encode checked arguments: %w", err)
	}
	if err := json.Unmarshal(whole, into); err != nil {
		return fmt.Errorf("decode checked arguments: %w", err)
	}
	return nil
}

// checkRequired names all required arguments that are missing, with all of them in one
// example.
func checkRequired(schema *jsonschema.Schema, checked map[string]any) error {
	var (
		missing        []any
		verbs, members []string
	)
	for _, name := range schema.Required {
		if _, ok := checked[name]; !ok {
			property, _ := schema.Properties.Get(name)
			missing, verbs = append(missing, Argument(name)), append(verbs, "%s")
			members = append(members, member(name, acceptable(name, property)))
		}
	}
	say := " are missing. Give them, for example %s."
	switch len(missing) {
	case 0:
		return nil
	case 1:
		say = " is missing. Give it, for example %s."
	}
	return Mistake(InWords(verbs)+say, append(missing, object(members))...)
}

// splitArguments reads the members of the object in order. It refuses anything that is
// not an object, and members given twice: parsers differ in which one they take.
func splitArguments(raw json.RawMessage) ([]argument, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if !json.Valid(raw) {
		return nil, notJSON(nil)
	}
	if raw[0] != '{' {
		return nil, Mistake(`The arguments must be one JSON object such as %s, received %s.`, anArgument, Received(kindOf(raw)))
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	var sent []argument
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, notJSON(err)
		}
		text := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, notJSON(err)
		}
		sent = append(sent, argument{text, json.RawMessage(bytes.Clone(value))})
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, Mistake(`The arguments must be one JSON object such as %s; something follows it.`, anArgument)
	}
	return sent, nil
}

// anArgument shows what arguments look like, when none could be read.
var anArgument = ExampleWith("days", 7)

func notJSON(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName) {
		return Mistake("%s is given twice. Give each argument once.", Argument(syntax.JSONPointer.LastToken()))
	}
	return Mistake(`The arguments are not valid JSON. Send one JSON object such as %s.`, anArgument)
}

// checkValue returns the value as Go decodes it. A whole number may be written
// 7.0 or 1e1, which encoding/json would refuse for an int.
func checkValue(name string, property *jsonschema.Schema, value json.RawMessage) (any, error) {
	switch property.Type {
	case "string":
		var s string
		if value[0] == '"' && json.Unmarshal(value, &s) == nil && stringFits(property, s) {
			return s, nil
		}
	case "integer":
		var n float64
		if value[0] != 'n' && json.Unmarshal(value, &n) == nil && n == math.Trunc(n) && numberFits(property, n) {
			return int64(n), nil
		}
	case "number":
		var n float64
		if value[0] != 'n' && json.Unmarshal(value, &n) == nil && numberFits(property, n) {
			return n, nil
		}
	case "boolean":
		if s := string(value); s == "true" || s == "false" {
			return value, nil
		}
	case "array":
		return checkList(name, property, value)
	default:
		return nil, fmt.Errorf("argument %q: no rule for type %q", name, property.Type)
	}
	return nil, Mistake("%s must be %s, received %s. For example %s.", Argument(name), form(property), received(value), example(name, property))
}

// checkList returns the checked values of a list. If several do not fit, the first is
// named.
func checkList(name string, property *jsonschema.Schema, value json.RawMessage) (any, error) {
	var values []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &values) != nil {
		return nil, Mistake("%s must be %s, received %s. For example %s.", Argument(name), form(property), received(value), example(name, property))
	}
	n := uint64(len(values))
	if property.MinItems != nil && n < *property.MinItems || property.MaxItems != nil && n > *property.MaxItems {
		return nil, Mistake("%s must be %s, received %s. %s For example %s.",
			Argument(name), form(property), Received(fmt.Sprintf("a list of %d", n)), property.Description, example(name, property))
	}
	checked := make([]any, n)
	for i, v := range values {
		one, err := checkValue(name, property.Items, v)
		if err != nil {
			return nil, Mistake("%s must be %s, each of them %s, received %s in place %d. For example %s.",
				Argument(name), form(property), form(property.Items), received(v), i+1, example(name, property))
		}
		checked[i] = one
	}
	return checked, nil
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
