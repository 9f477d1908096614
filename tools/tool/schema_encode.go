package tool

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

// encodeSchema writes what json.Marshal does, which would call itself for every schema in a
// schema and read what comes back again at each level: that was two thirds of what
// declaring a tool costs, at every start.
func encodeSchema(s *jsonschema.Schema) json.RawMessage { return appendSchema(nil, s) }

// keyword is a field of [jsonschema.Schema].
type keyword struct {
	name  string
	field int
}

var keywords = func() (all []keyword) {
	t := reflect.TypeFor[jsonschema.Schema]()
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			all = append(all, keyword{name, i})
		}
	}
	return all
}()

func appendSchema(b []byte, s *jsonschema.Schema) []byte {
	start, fields := len(b), reflect.ValueOf(s).Elem()
	for _, k := range keywords {
		value := fields.Field(k.field)
		if value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0 {
			continue
		}
		b = append(append(append(b, `,"`...), k.name...), `":`...)
		inner, nested := reflect.TypeAssert[*jsonschema.Schema](value)
		switch {
		case nested:
			b = appendSchema(b, inner)
		case k.name == "properties":
			b = appendProperties(b, s)
		default:
			b = append(b, encoded(value.Interface())...)
		}
	}
	if len(b) == start || s.Extras != nil { // true or false, or keywords that are no fields
		return append(b[:start], encoded(s)...)
	}
	b[start] = '{'
	return append(b, '}')
}

func appendProperties(b []byte, s *jsonschema.Schema) []byte {
	b = append(b, '{')
	for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(append(b, encoded(pair.Key)...), ':')
		b = appendSchema(b, pair.Value)
	}
	return append(b, '}')
}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("tools: encode schema: %v", err))
	}
	return b
}
