package tool

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/invopop/jsonschema"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

func unknownArgument(schema *jsonschema.Schema, name string) error {
	var known []string
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		known = append(known, pair.Key)
	}
	hint := ""
	if best := Closest(name, known); best != "" {
		hint = fmt.Sprintf(" Did you mean %q?", best)
	}
	return Mistake("There is no argument %s here.%s Known: %s.", Shown(name), hint, strings.Join(known, ", "))
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

const ExampleUser = "G-20250318162239-yAge"

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
	"height":       170,
	"weight":       65,
	"days":         30,
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
		value = cmp.Or[any](examples[name], property.Minimum)
	case property.Type == "array":
		value = []string{ExampleUser}
	case property.Type == "boolean":
		value = true
	default:
		return ExampleOf(name)
	}
	return member(name, value)
}

// exampleOf is an object with a value that an argument of this name takes.
func ExampleOf(name string) string { return member(name, cmp.Or[any](examples[name], ExampleUser)) }

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
			return Shown(s)
		}
	case '{', '[', 'n', 't', 'f':
		return kindOf(value)
	}
	return errtext.Bare(string(value))
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
