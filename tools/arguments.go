package tools

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cloud.google.com/go/civil"
	"github.com/agnivade/levenshtein"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/invopop/jsonschema"

	"github.com/asleep-mcp/asleep-mcp/quote"
)

// maxStringLength holds for every string argument whose schema says no less.
const maxStringLength = 200

// argument is one member of what a caller sent.
type argument struct {
	name  string
	value json.RawMessage
}

// decodeArguments checks raw against the schema and stores it in into, with the
// schema's defaults for what was not sent. Everything it refuses is a [*Failure]
// that names the argument, what was received and what would be right; of a date also
// what day it is, for who sends "yesterday".
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
				failure.Text += fmt.Sprintf(" Today is %s in %s.", civil.DateOf(now), now.Location())
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

// checkRequired names everything that must be given and was not, with all of it in
// one example.
func checkRequired(schema *jsonschema.Schema, checked map[string]any) error {
	var missing, members []string
	for _, name := range schema.Required {
		if _, ok := checked[name]; !ok {
			property, _ := schema.Properties.Get(name)
			missing = append(missing, strconv.Quote(name))
			members = append(members, strings.Trim(example(name, property), "{}"))
		}
	}
	whole := "{" + strings.Join(members, ",") + "}"
	switch len(missing) {
	case 0:
		return nil
	case 1:
		return mistake("%s is missing. Give it, for example %s.", missing[0], whole)
	}
	return mistake("%s are missing. Give them, for example %s.", inWords(missing), whole)
}

// splitArguments reads the members of the object in their order and refuses what
// is no object and what is said twice: readers differ in which one they take.
func splitArguments(raw json.RawMessage) ([]argument, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if !json.Valid(raw) {
		return nil, notJSON(nil)
	}
	if raw[0] != '{' {
		return nil, mistake(`The arguments must be one JSON object such as {"days":7}, received %s.`, kindOf(raw))
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
		return nil, mistake(`The arguments must be one JSON object such as {"days":7}; something follows it.`)
	}
	return sent, nil
}

func notJSON(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName) {
		return mistake("%s is given twice. Give each argument once.", shown(syntax.JSONPointer.LastToken()))
	}
	return mistake(`The arguments are not valid JSON. Send one JSON object such as {"days":7}.`)
}

func unknownArgument(schema *jsonschema.Schema, name string) error {
	var known []string
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		known = append(known, pair.Key)
	}
	hint := ""
	if best := Closest(name, known); best != "" {
		hint = fmt.Sprintf(" Did you mean %q?", best)
	}
	return mistake("There is no argument %s here.%s Known: %s.", shown(name), hint, strings.Join(known, ", "))
}

// Closest is the known name most like name, or "" when none is alike.
func Closest(name string, known []string) string {
	if len(name) > maxStringLength || len(known) == 0 {
		return ""
	}
	distance := func(k string) int { return levenshtein.ComputeDistance(strings.ToLower(name), k) }
	best := slices.MinFunc(known, func(a, b string) int { return distance(a) - distance(b) })
	if d := distance(best); d > max(2, len(best)/2) || d == len(best) {
		return ""
	}
	return best
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
	return nil, mistake("%q must be %s, received %s. For example %s.", name, form(property), received(value), example(name, property))
}

// checkList returns the checked values of a list. Of several that do not fit the
// first is named.
func checkList(name string, property *jsonschema.Schema, value json.RawMessage) (any, error) {
	var values []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &values) != nil {
		return nil, mistake("%q must be %s, received %s. For example %s.", name, form(property), received(value), example(name, property))
	}
	n := uint64(len(values))
	if property.MinItems != nil && n < *property.MinItems || property.MaxItems != nil && n > *property.MaxItems {
		return nil, mistake("%q must be %s, received a list of %d. %s For example %s.",
			name, form(property), n, property.Description, example(name, property))
	}
	checked := make([]any, n)
	for i, v := range values {
		one, err := checkValue(name, property.Items, v)
		if err != nil {
			return nil, mistake("%q must be %s, each of them %s, received %s in place %d. For example %s.",
				name, form(property), form(property.Items), received(v), i+1, example(name, property))
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

// form says in words what a property takes.
func form(property *jsonschema.Schema) string {
	switch {
	case len(property.Enum) > 0:
		words := make([]string, len(property.Enum))
		for i, e := range property.Enum {
			words[i] = fmt.Sprintf("%q", e)
		}
		return "one of " + strings.Join(words, ", ")
	case property.Format == "date":
		return "a date that exists, written YYYY-MM-DD"
	case property.Type == "string" && property.MaxLength != nil:
		return fmt.Sprintf("a text of 1 to %d characters", *property.MaxLength)
	case property.Type == "string":
		return fmt.Sprintf("a text of at most %d characters", maxStringLength)
	case property.Type == "integer" && property.Maximum != "":
		return fmt.Sprintf("a whole number from %s to %s", property.Minimum, property.Maximum)
	case property.Type == "number":
		return fmt.Sprintf("a number from %s to %s", property.Minimum, property.Maximum)
	case property.Type == "boolean":
		return "true or false"
	case property.Type == "array" && property.MaxItems != nil:
		return fmt.Sprintf("a list of 1 to %d texts", *property.MaxItems)
	}
	return "a " + property.Type
}

const exampleUser = "G-20250318162239-yAge"

// examples are values of arguments of which the schema gives none; of all others
// an Asleep user's id is one.
var examples = map[string]any{
	"session_id":   "20261121221501_ab12c",
	"timezone":     "Europe/Paris",
	"organization": "acme",
	"name":         "Acme Inc.",
	"email":        "anna@example.org",
	"role":         "user",
	"gender":       "female",
	"birth_year":   1985,
	"first_from":   "2026-10-01",
	"first_to":     "2026-10-31",
	"second_from":  "2026-11-01",
}

// example is an object with a value that would be accepted.
func example(name string, property *jsonschema.Schema) string {
	var value any
	switch {
	case property.Default != nil:
		value = property.Default
	case len(property.Examples) > 0:
		value = property.Examples[0]
	case len(property.Enum) > 0:
		value = property.Enum[0]
	case property.Format == "date":
		value = cmp.Or(examples[name], "2026-11-22")
	case property.Type == "integer", property.Type == "number":
		value = property.Minimum
	case property.Type == "array":
		value = []string{exampleUser}
	case property.Type == "boolean":
		value = true
	default:
		return exampleOf(name)
	}
	return member(name, value)
}

// exampleOf is an object with a value that an argument of this name takes.
func exampleOf(name string) string { return member(name, cmp.Or[any](examples[name], exampleUser)) }

func member(name string, value any) string {
	b, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return name
	}
	return string(b)
}

// received shows a JSON value in an error: a string by its text, a number as it
// was written, anything larger by its kind.
func received(value json.RawMessage) string {
	switch value[0] {
	case '"':
		var s string
		if json.Unmarshal(value, &s) == nil {
			return shown(s)
		}
	case '{', '[', 'n', 't', 'f':
		return kindOf(value)
	}
	return quote.Bare(string(value))
}

func kindOf(value json.RawMessage) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 'n', 't', 'f':
		return string(value)
	}
	return "a number"
}
