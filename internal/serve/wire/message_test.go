package wire

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInspectReadsToTheEnd(t *testing.T) {
	t.Parallel()
	_, why := inspect([]byte(`{"jsonrpc":"2.0","method":"ping"} {}`))
	assert.Equal(t, notJSON, why)
}
