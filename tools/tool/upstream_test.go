package tool_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestWaitsInWords(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "Try again in 90 seconds.", tool.WaitText(90*time.Second))
	assert.Equal(t, "Try again in 2 seconds.", tool.WaitText(1600*time.Millisecond))
	assert.Equal(t, "Try again in 1 second.", tool.WaitText(time.Second))
	assert.Equal(t, "Try again in 1 second.", tool.WaitText(time.Millisecond))
	assert.Equal(t, "Try again in a minute.", tool.WaitText(0), "the service did not say")
}
