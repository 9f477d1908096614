package tool

import (
	"encoding/json"
	"fmt"

	"github.com/invopop/jsonschema"
)

// maxStringLength applies to every string argument whose schema has no lower limit.
const maxStringLength = 200

// inputSchema returns the schema of arguments: an object that is fully inlined and
// closed to unknown members.
func inputSchema[T any]() *jsonschema.Schema { return reflectSchema[T](false) }

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

func encodeSchema(s *jsonschema.Schema) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("tools: encode schema: %v", err))
	}
	return b
}
