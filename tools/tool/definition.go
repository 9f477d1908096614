package tool

import (
	"embed"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// definition is what clients are shown of a tool's arguments and answers.
type definition struct {
	InputSchema  jsontext.Value `json:"inputSchema"`
	OutputSchema jsontext.Value `json:"outputSchema"`
}

// readDefinition panics on a file that no test wrote.
func readDefinition(files embed.FS, file string) (d definition, found bool) {
	content, err := files.ReadFile(file)
	if err != nil {
		return definition{}, false
	}
	if err := json.Unmarshal(content, &d); err != nil {
		panic(fmt.Sprintf("tools: %s: %v", file, err))
	}
	for _, schema := range []*jsontext.Value{&d.InputSchema, &d.OutputSchema} {
		if err := schema.Compact(); err != nil {
			panic(fmt.Sprintf("tools: %s: %v", file, err))
		}
	}
	return d, true
}
