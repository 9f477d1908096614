package serve

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// checkSchema fails unless raw is a JSON schema that compiles and describes an
// object: clients of the legacy protocol refuse a whole list of tools for any
// other root.
func checkSchema(raw json.RawMessage) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if root, ok := document.(map[string]any); !ok || root["type"] != "object" {
		return errors.New(`the root is not of type "object"`)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		return err
	}
	_, err = compiler.Compile("schema.json")
	return err
}
