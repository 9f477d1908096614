package wire

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Should mcp-go write results in another form one day, nobody takes the mark for
// an answer.
func TestMarkNeverLeaves(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	s := &resultWriter{ResponseWriter: w, answer: json.RawMessage(`{}`)}
	_, err := s.Write([]byte(`{"result":{"content":[{"text":"` + mark + `","type":"text"}]}}`))
	require.Error(t, err)
	assert.Empty(t, w.Body.String())
	_, err = s.Write([]byte(`{"method":"notifications/progress"}`))
	require.NoError(t, err)
	assert.NotEmpty(t, w.Body.String())
}
