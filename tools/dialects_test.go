package tools

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// dialect is what a service takes of JSON Schema in the declaration of a function. One
// property that breaks a rule makes it refuse the request, with every tool of every server
// in it.
type dialect struct {
	name     string
	names    *regexp.Regexp // of properties
	dropped  []string       // what every translator drops
	keywords []string       // besides those, all that is taken
	formats  []string       // of texts
	closed   bool           // objects must say that they take nothing else
}

// What is here was found in the services' documents and in reports of requests that they
// refused.
var dialects = []dialect{
	{
		name: "OpenAI strict", names: regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`), closed: true,
		keywords: []string{
			"type", "description", "enum", "properties", "required", "items", "additionalProperties", "anyOf", "const", "pattern", "format",
			"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems",
		},
		formats: []string{"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"},
	},
	{
		name: "Gemini", names: regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`),
		dropped: []string{"additionalProperties"},
		keywords: []string{
			"type", "description", "enum", "properties", "required", "items", "anyOf", "nullable", "title", "default", "format", "pattern",
			"minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "example", "propertyOrdering",
		},
		formats: []string{"enum", "date-time"},
	},
	{
		name: "Anthropic strict", names: regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,64}$`), closed: true,
		keywords: []string{
			"type", "description", "enum", "properties", "required", "items", "additionalProperties", "anyOf", "const", "default", "pattern", "format", "title",
		},
		formats: []string{"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"},
	},
}

// refuses returns the rules that a schema breaks, each with the place.
func (d dialect) refuses(place string, node map[string]any) (broken []string) {
	wrong := func(format string, args ...any) {
		broken = append(broken, fmt.Sprintf("%s: %s: %s", d.name, place, fmt.Sprintf(format, args...)))
	}
	for _, keyword := range slices.Sorted(maps.Keys(node)) {
		if !slices.Contains(d.keywords, keyword) && !slices.Contains(d.dropped, keyword) {
			wrong("%s is not taken", keyword)
		}
	}
	kind, single := node["type"].(string)
	if !single {
		wrong("type must be one word")
	}
	if format, ok := node["format"].(string); ok && kind == "string" && !slices.Contains(d.formats, format) {
		wrong("format %s is not taken", format)
	}
	if values, ok := node["enum"].([]any); ok {
		for _, v := range values {
			if text, is := v.(string); !is || text == "" || kind != "string" {
				wrong("enum is for texts")
			}
		}
	}
	switch kind {
	case "object":
		if d.closed && node["additionalProperties"] != false {
			wrong("additionalProperties must be false")
		}
		properties, _ := node["properties"].(map[string]any)
		required, _ := node["required"].([]any)
		for _, name := range required {
			if _, ok := properties[fmt.Sprint(name)]; !ok {
				wrong("required names %v, which is no property", name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			child, is := properties[name].(map[string]any)
			if !is || !d.names.MatchString(name) {
				wrong("a property %q cannot be", name)
			}
			broken = append(broken, d.refuses(place+"."+name, child)...)
		}
	case "array":
		items, is := node["items"].(map[string]any)
		if !is {
			wrong("items are missing")
		}
		broken = append(broken, d.refuses(place+"[]", items)...)
	}
	return broken
}

func TestEveryModelTakesTheSchemas(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		for _, one := range All() {
			schema, ok := tooltest.Decoded(t, one.Input()).(map[string]any)
			require.True(t, ok)
			assert.Empty(t, d.refuses(one.Name, schema))
		}
	}
}

// The dialects know what they refuse: the schemas with all rules in them are written in
// none of them.
func TestNoModelTakesTheRules(t *testing.T) {
	t.Parallel()
	var broken []string
	for _, d := range dialects {
		for _, one := range All() {
			schema, ok := tooltest.Decoded(t, one.Rules()).(map[string]any)
			require.True(t, ok)
			broken = append(broken, d.refuses(one.Name, schema)...)
		}
	}
	for _, rule := range []string{
		"OpenAI strict: get_session.detail: default is not taken", "OpenAI strict: get_session.timezone: maxLength is not taken",
		"Gemini: get_session.night: format date is not taken", "Gemini: delete_session.confirm: examples is not taken",
		"Anthropic strict: average_stats.days: minimum is not taken", "Anthropic strict: cohort_analysis.user_ids: maxItems is not taken",
	} {
		assert.Contains(t, broken, rule)
	}
}
