package analytics_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func date(t testing.TB, text string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(text)
	require.NoError(t, err)
	return d
}

// at reads a local wall clock time such as 2026-03-01T23:10.
func at(t testing.TB, z *time.Location, clock string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02T15:04", clock, z)
	require.NoError(t, err)
	return instant
}

// slept returns a session with unbroken sleep between two local clock times, which begins
// ten minutes before and ends five minutes after it.
func slept(t testing.TB, id string, z *time.Location, onset, wake string) analytics.Session {
	t.Helper()
	return sleeping(id, z, at(t, z, onset), at(t, z, wake))
}

func sleeping(id string, z *time.Location, onset, wake time.Time) analytics.Session {
	asleep := wake.Sub(onset)
	return analytics.Session{
		ID: id, Zone: z,
		Start: onset.Add(-10 * time.Minute), End: wake.Add(5 * time.Minute), Onset: onset, Wake: wake,
		InBed: asleep + 15*time.Minute, Asleep: asleep,
		Light: new(asleep / 2), Deep: new(asleep / 4), REM: new(asleep - asleep/2 - asleep/4),
		Latency: new(10 * time.Minute),
	}
}

// awakeAll returns a recording without sleep.
func awakeAll(t testing.TB, id string, z *time.Location, start, end string) analytics.Session {
	t.Helper()
	from, to := at(t, z, start), at(t, z, end)
	return analytics.Session{ID: id, Zone: z, Start: from, End: to, InBed: to.Sub(from)}
}

// nightly returns n nights in a row, the first dated 2 March 2026, in UTC.
func nightly(n int, of func(i int) (onset, wake time.Duration)) []analytics.Night {
	sessions := make([]analytics.Session, n)
	for i := range sessions {
		midnight := time.Date(2026, 3, 2+i, 0, 0, 0, 0, time.UTC)
		onset, wake := of(i)
		sessions[i] = sleeping(string(rune('A'+i)), time.UTC, midnight.Add(onset), midnight.Add(wake))
	}
	return analytics.Assemble(sessions).Nights
}

// always returns a schedule that never changes, in hours from midnight.
func always(onset, wake float64) func(int) (time.Duration, time.Duration) {
	return func(int) (time.Duration, time.Duration) { return hours(onset), hours(wake) }
}

func hours(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

func wantValue(t testing.TB, want float64, got analytics.Estimate, delta float64) {
	t.Helper()
	require.NotNil(t, got.Value, "missing: %s", got.Missing)
	assert.Empty(t, got.Missing)
	assert.InDelta(t, want, *got.Value, delta)
}

func wantMissing(t testing.TB, why analytics.Reason, got analytics.Estimate) {
	t.Helper()
	assert.Nil(t, got.Value)
	assert.Equal(t, why, got.Missing)
	assert.Contains(t, analytics.Reasons(), why)
}

// golden reads a file of the data folder, if there is one.
func golden(t *testing.T, name string, into any) {
	t.Helper()
	folder := os.Getenv("ASLEEP_MCP_TESTDATA")
	if folder == "" {
		t.Skipf("%s: set ASLEEP_MCP_TESTDATA to the data folder to run this", name)
	}
	body, err := os.ReadFile(filepath.Join(folder, "golden", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(body, into))
}

// goldenSnake is golden for Go fields named like snake_case members.
func goldenSnake(t *testing.T, name string, into any) {
	t.Helper()
	var raw any
	golden(t, name, &raw)
	body, err := json.Marshal(camel(raw))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(body, into))
}

func camel(v any) any {
	switch v := v.(type) {
	case map[string]any:
		renamed := map[string]any{}
		for key, member := range v {
			renamed[strings.ReplaceAll(key, "_", "")] = camel(member)
		}
		return renamed
	case []any:
		for i := range v {
			v[i] = camel(v[i])
		}
	}
	return v
}
