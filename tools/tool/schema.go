package tool

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/invopop/jsonschema"
)

// maxStringLength applies to every string argument whose schema has no lower limit.
const maxStringLength = 200

// inputSchema returns the schema that arguments are held against: an object that is fully
// inlined and closed to unknown members.
func inputSchema[T any]() *jsonschema.Schema { return reflectSchema[T](false) }

// portable returns the schema of arguments as clients are shown it, in the keywords that
// strict OpenAI, strict Anthropic and Gemini functions all take: type, description, enum,
// properties, required, items and additionalProperties. One keyword more, and a service
// refuses the whole list of tools: OpenAI defaults and lengths, Anthropic limits of any
// kind, Gemini formats and examples. So limits, formats and defaults are told in words.
//
// additionalProperties is not in Gemini's dialect. It stays because strict functions must
// have it; whoever translates for Gemini drops it, as every other server sends it too.
func portable(s *jsonschema.Schema) *jsonschema.Schema {
	shown := &jsonschema.Schema{Type: s.Type, Description: s.Description, Enum: s.Enum, Required: s.Required, AdditionalProperties: s.AdditionalProperties}
	if told := limits(s); told != "" {
		shown.Description = strings.TrimSpace(shown.Description + " " + told)
	}
	if s.Items != nil {
		shown.Items = portable(s.Items)
	}
	if s.Properties != nil {
		shown.Properties = jsonschema.NewProperties()
		for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
			shown.Properties.Set(pair.Key, portable(pair.Value))
		}
	}
	return shown
}

// limits says in a short sentence what a property takes, where its type and its
// description do not.
func limits(s *jsonschema.Schema) string {
	var parts []string
	switch {
	case s.Minimum != "" && s.Maximum != "":
		parts = append(parts, fmt.Sprintf("%s to %s", s.Minimum, s.Maximum))
	case s.MaxItems != nil:
		parts = append(parts, fmt.Sprintf("At most %d", *s.MaxItems))
	case s.Format == "date" && !strings.Contains(s.Description, dateForm):
		parts = append(parts, dateForm)
	}
	if s.Default != nil {
		parts = append(parts, fmt.Sprintf("default %v", s.Default))
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, "; ") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

const dateForm = "YYYY-MM-DD"

// outputSchema returns the schema of an answer. It is open, so that a field added later
// does not break a client that checks answers; that also makes it shorter.
func outputSchema[T any]() *jsonschema.Schema { return reflectSchema[T](true) }

// reflectSchema leaves out the $schema line, which costs tokens and which the
// oldest clients trip over.
func reflectSchema[T any](open bool) *jsonschema.Schema {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true, ExpandedStruct: true, AllowAdditionalProperties: open}
	s := r.Reflect(new(T))
	s.Version = ""
	if s.Type != "object" {
		panic(fmt.Sprintf("tools: the schema of %T is no object", *new(T)))
	}
	return s
}

func encoded(s *jsonschema.Schema) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("tools: encode schema: %v", err))
	}
	return b
}
