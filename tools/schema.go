package tools

import (
	"encoding/json"
	"fmt"

	"github.com/invopop/jsonschema"
)

// reflectSchema is the schema of T: an object that is inlined whole, closed to
// unknown members and free of the $schema line, which costs tokens and which
// the oldest clients trip over.
func reflectSchema[T any]() *jsonschema.Schema {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true, ExpandedStruct: true}
	s := r.Reflect(new(T))
	s.Version = ""
	if s.Type != "object" {
		panic(fmt.Sprintf("tools: the schema of %T is no object", *new(T)))
	}
	return s
}

func encodeSchema(s *jsonschema.Schema) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("tools: encode schema: %v", err))
	}
	return b
}
