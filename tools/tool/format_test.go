package tool_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestCellsAreNoFormulas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "-2": "'-2", "+3": "'+3", "plain": "plain", "'quoted": "'quoted", "": ""} {
		assert.Equal(t, want, tool.PlainCell(text))
		assert.Equal(t, text, tool.BareCell(want))
	}
}
