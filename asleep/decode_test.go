package asleep

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/testdata"
)

// A body that ends early, wherever that is, is requested again and not reported as bad.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	whole := bytes.TrimSpace(recorded(t, "average_stats.json"))
	_, err := decode[wireAverageStats](averageStats, 200, whole)
	require.NoError(t, err)
	for i := range whole {
		_, err := decode[wireAverageStats](averageStats, 200, whole[:i])
		require.ErrorIs(t, err, errCut, "after %d bytes", i)
		require.True(t, retryable(err))
	}
}

// What encoding/json accepts is accepted.
func TestLenientAnswers(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a member twice": `{"result":{"slept_sessions":[{"id":"20260101000000_a","id":"20260101000000_b","start_time":"2026-01-01T00:00:00Z"}]}}`,
		"no character":   "{\"result\":{\"slept_sessions\":[{\"id\":\"20260101000000_b\",\"start_time\":\"2026-01-01T00:00:00Z\",\"note\":\"\xff\"}]}}",
		"a null list":    `{"result":{"slept_sessions":[{"id":"20260101000000_b","start_time":"2026-01-01T00:00:00Z","sleep_cycle_time":null}]}}`,
	} {
		got, err := decode[wireNights](averageStats, 200, []byte(body))
		require.NoError(t, err, name)
		require.Len(t, got.Slept, 1, name)
		assert.Equal(t, "20260101000000_b", got.Slept[0].id(), name)
	}
}

func BenchmarkDecode(b *testing.B) {
	body, err := testdata.Files.ReadFile("average_stats.json")
	require.NoError(b, err)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode[wireNights](averageStats, 200, body); err != nil {
			b.Fatal(err)
		}
	}
}
