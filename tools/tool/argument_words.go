package tool

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/agnivade/levenshtein"
	"github.com/invopop/jsonschema"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

func names(schema *jsonschema.Schema) []string {
	var known []string
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		known = append(known, pair.Key)
	}
	return known
}

func unknownArgument(schema *jsonschema.Schema, name string) error {
	known := names(schema)
	hint := ""
	if best := Closest(name, known); best != "" {
		hint = fmt.Sprintf(" Did you mean %q?", best)
	}
	return Mistake("There is no argument %s here.%s Known: %s.", Argument(name), hint, strings.Join(known, ", "))
}

// Closest returns the known name most like name, or "" when none is similar.
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

// form says in words which values a property takes.
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
	case property.Type == "array" && property.MaxItems != nil && property.MinItems == nil:
		return fmt.Sprintf("a list of at most %d texts", *property.MaxItems)
	case property.Type == "array" && property.MaxItems != nil:
		return fmt.Sprintf("a list of 1 to %d texts", *property.MaxItems)
	}
	return "a " + property.Type
}

const exampleUser = "G-20250318162239-yAge"

// examples are values of arguments for which the schema has none; for all others an
// Asleep user's id serves as one.
var examples = map[string]any{
	"user_ids":     []string{exampleUser},
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
	"period":       "2026-10",
	"cadence":      "weeks",
	"fields":       []string{"night", "asleep_minutes"},
	"order":        "-asleep_minutes",
	"where":        "asleep_minutes < 360",
	"against":      "asleep_minutes > 420",
	"tags":         []string{"alcohol"},
	"nights":       []string{"2026-11-22"},
	"note":         "two beers",
}

// exampleDays are how many days before today the dates lie that serve as examples of
// several dates together; of one alone it is yesterday, which is past in every zone.
var exampleDays = map[string]int{"first_from": 60, "first_to": 31, "second_from": 30}

// sources say of arguments that nobody can make up where their values come from.
var sources = map[string]string{
	"cursor": "Send the next_cursor of the previous answer unchanged, or leave it out to start again.",
	"after":  "Send the next_after of the previous answer, or leave it out to start again.",
}

// acceptable returns a value that a property takes.
func acceptable(name string, property *jsonschema.Schema, now func() time.Time) any {
	switch {
	case property.Default != nil:
		return property.Default
	case len(property.Examples) > 0:
		return property.Examples[0]
	case len(property.Enum) > 0:
		return property.Enum[0]
	case property.Format == "date":
		return civil.DateOf(now()).AddDays(-cmp.Or(exampleDays[name], 1))
	case property.Type == "integer", property.Type == "number":
		return cmp.Or[any](examples[name], property.Minimum)
	case property.Type == "array":
		if list, ok := examples[name]; ok {
			return list
		}
		return []string{exampleUser}
	case property.Type == "boolean":
		return true
	}
	return cmp.Or[any](examples[name], exampleUser)
}

// ExampleOf returns an example with a value that an argument of this name takes.
func ExampleOf(name string) Example {
	return ExampleWith(name, cmp.Or[any](examples[name], exampleUser))
}

// ExampleWith returns an example of one argument.
func ExampleWith(name string, value any) Example { return object([]string{member(name, value)}) }

// ExampleOfTwo is an example of two arguments.
func ExampleOfTwo(name string, value any, other string, otherValue any) Example {
	return object([]string{member(name, value), member(other, otherValue)})
}

func object(members []string) Example { return Example("{" + strings.Join(members, ",") + "}") }

func member(name string, value any) string {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // a condition such as asleep_minutes < 360 stays readable
	if err := e.Encode(value); err != nil {
		panic(fmt.Sprintf("tools: encode example: %v", err)) // texts, numbers and lists of them
	}
	return strconv.Quote(name) + ":" + strings.TrimSpace(text.String())
}

// received shows a JSON value in an error: a string by its text, a number as it
// was written, anything larger by its kind.
func received(value json.RawMessage) Received {
	switch value[0] {
	case '"':
		var s string
		if json.Unmarshal(value, &s) == nil {
			return ReceivedText(s)
		}
	case '{', '[', 'n', 't', 'f':
		return Received(kindOf(value))
	}
	return Received(errtext.Bare(string(value)))
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
