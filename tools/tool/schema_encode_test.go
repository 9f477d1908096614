package tool_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/invopop/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Schemas are written as encoding/json writes them: with every keyword that there is, and
// nested as tools nest them.
func TestSchemasAreEncodedAsUsual(t *testing.T) {
	t.Parallel()
	inner := &jsonschema.Schema{Type: "string", Description: "<a> & \"b\"", Enum: []any{"x", 1, true}, Default: false}
	cases := map[string]*jsonschema.Schema{
		"empty": {}, "true": jsonschema.TrueSchema, "false": jsonschema.FalseSchema,
		"empty list": {Type: "array", Enum: []any{}, Required: []string{}},
		"extras":     {Type: "string", Extras: map[string]any{"x-own": 1}},
	}
	fields := reflect.TypeFor[jsonschema.Schema]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		s := &jsonschema.Schema{}
		into := reflect.ValueOf(s).Elem().Field(i)
		if !into.CanSet() || name == "Extras" {
			continue
		}
		switch into.Interface().(type) {
		case *jsonschema.Schema:
			into.Set(reflect.ValueOf(inner))
		case []*jsonschema.Schema:
			into.Set(reflect.ValueOf([]*jsonschema.Schema{inner, jsonschema.FalseSchema}))
		case json.Number:
			into.SetString("1.5")
		case string, jsonschema.ID:
			into.SetString("text")
		case bool:
			into.SetBool(true)
		case *uint64:
			into.Set(reflect.ValueOf(new(uint64(0))))
		case []string:
			into.Set(reflect.ValueOf([]string{"a", "b"}))
		case []any:
			into.Set(reflect.ValueOf([]any{"a", 2}))
		case map[string][]string:
			into.Set(reflect.ValueOf(map[string][]string{"a": {"b"}}))
		case map[string]*jsonschema.Schema, jsonschema.Definitions:
			into.Set(reflect.ValueOf(map[string]*jsonschema.Schema{"a": inner}).Convert(into.Type()))
		case nil:
			into.Set(reflect.ValueOf(0))
		default:
			s.Properties = jsonschema.NewProperties()
			s.Properties.Set("one", inner)
			s.Properties.Set("two<", &jsonschema.Schema{Items: &jsonschema.Schema{Properties: jsonschema.NewProperties()}})
		}
		cases[name] = s
	}
	for name, s := range cases {
		want, err := json.Marshal(s)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(tool.EncodeSchema(s)), name)
	}
}
