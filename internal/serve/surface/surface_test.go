package surface_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// Hosts cut instructions that are longer.
func TestInstructionsAreShort(t *testing.T) {
	t.Parallel()
	assert.LessOrEqual(t, utf8.RuneCountInString(surface.Instructions), 2000)
	assert.Contains(t, surface.Instructions, "local date of the final awakening of the main sleep")
	for _, tool := range tools.Of(tools.DefaultToolsets, access.Operator("")) {
		assert.Contains(t, surface.Instructions, tool.Name, "when is it the right one?")
	}
}
