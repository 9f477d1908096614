package importers

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

var testNow = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// folder is an input of files with these texts.
func folder(t testing.TB, files map[string]string) *Input {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o600}
	}
	in, err := OpenFS(fsys)
	require.NoError(t, err)
	t.Cleanup(func() { _ = in.Close() })
	return in
}

// readOne reads an input that holds one export.
func readOne(t testing.TB, in *Input, tracker string, o Options) *Result {
	t.Helper()
	exports, err := in.Detect(t.Context())
	require.NoError(t, err)
	require.Len(t, exports, 1)
	require.Equal(t, tracker, exports[0].Tracker)
	if o.Now.IsZero() {
		o.Now = testNow
	}
	r, err := exports[0].Nights(t.Context(), o)
	require.NoError(t, err)
	return r
}

// failsToRead returns why an input cannot be read.
func failsToRead(t testing.TB, in *Input, o Options) error {
	t.Helper()
	exports, err := in.Detect(t.Context())
	if err != nil {
		return err
	}
	o.Now = testNow
	for _, e := range exports {
		r, err := e.Nights(t.Context(), o)
		if err != nil {
			require.Nil(t, r, "nothing is imported in part")
			return err
		}
	}
	require.Fail(t, "it was read")
	return nil
}

// codesOf returns the findings by their codes.
func codesOf(r *Result) map[string]int {
	counts := map[string]int{}
	for _, f := range r.Findings {
		counts[f.Code] += f.Count
	}
	return counts
}

// local returns what the clock of a session showed.
func local(s *asleep.Session, at time.Time) string {
	return at.In(zoneOf(s.CreatedTimezone)).Format("2006-01-02 15:04")
}
