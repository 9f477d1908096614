package wire

import (
	"encoding/json"
	"errors"
)

// checkSchema fails unless raw is a JSON schema of an object: clients of the
// legacy protocol refuse a whole list of tools for any other root. That every
// schema compiles is a test's business; at each start it would cost more than
// all else.
func checkSchema(raw json.RawMessage) error {
	var schema struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		return err
	}
	if schema.Type != "object" {
		return errors.New(`the root is not of type "object"`)
	}
	return nil
}
