package main

import (
	"flag"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

var syncKills = flag.Int("sync-kills", 15, "how often TestKilledWhileSyncing kills")

// TestKilledWhileSyncing kills syncs at any moment: nothing is kept twice, and the next one
// goes on. -sync-kills is how often.
func TestKilledWhileSyncing(t *testing.T) {
	t.Parallel()
	binary := buildBinary(t)
	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	people := sandbox.Demo(now, 1)
	box := sandbox.New(sandbox.Options{Now: func() time.Time { return now }, People: people})
	t.Cleanup(box.Close)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(5 * time.Millisecond) // a service is never at once
		box.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	folder := t.TempDir()
	sync := func() *exec.Cmd {
		c := exec.CommandContext(t.Context(), binary, "sync")
		c.Env = []string{
			"ASLEEP_API_KEY=key", "ASLEEP_BASE_URL=" + web.URL, "ASLEEP_USER_ID=" + people[0].ID, "ASLEEP_MCP_NOW=" + keptNow,
			"ASLEEP_MCP_DATABASE_URL=" + filepath.Join(folder, "directory.db"),
		}
		return c
	}
	state := func() archive.Kept {
		s := archive.Lazy(filepath.Join(folder, nightsFile), func() time.Time { return now })
		defer func() { assert.NoError(t, s.Close()) }()
		all, err := s.Everybody(t.Context())
		require.NoError(t, err)
		require.LessOrEqual(t, len(all), 1)
		if len(all) == 0 {
			return archive.Kept{}
		}
		return all[0]
	}
	before := state()
	for range *syncKills {
		c := sync()
		require.NoError(t, c.Start())
		time.Sleep(time.Duration(5+mathrand.IntN(150)) * time.Millisecond)
		killNow(t, c)
		after := state()
		require.GreaterOrEqual(t, after.Nights, before.Nights, "what was kept stays")
		require.GreaterOrEqual(t, after.Stages, before.Stages)
		require.LessOrEqual(t, after.Nights, len(people[0].Recordings), "nothing twice")
		before = after
	}
	said, err := sync().CombinedOutput()
	require.NoError(t, err, string(said))
	after := state()
	assert.True(t, after.Complete)

	folder = t.TempDir() // once more, without anybody who disturbs
	said, err = sync().CombinedOutput()
	require.NoError(t, err, string(said))
	want := state()
	assert.Equal(t, want.Nights, after.Nights)
	assert.Equal(t, want.Stages, after.Stages)
	assert.Equal(t, want.First, after.First)
	assert.Equal(t, want.Last, after.Last)
}
