package main

import (
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

var (
	syncKills   = flag.Int("sync-kills", 15, "how often TestKilledWhileSyncing kills")
	importKills = flag.Int("import-kills", 8, "how often TestKilledWhileImporting kills")
)

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

// TestKilledWhileImporting kills imports of two trackers at any moment: what they had is kept
// of both or of neither, and the next one completes it. -import-kills is how often.
func TestKilledWhileImporting(t *testing.T) {
	t.Parallel()
	binary := buildBinary(t)
	const nights = 500
	var ring, table strings.Builder
	ring.WriteString("id;day;type;bedtime_start;bedtime_end;total_sleep_duration;sleep_phase_30_sec\n")
	table.WriteString("bed_start,bed_end,asleep_minutes,zone\n")
	for i := range nights {
		bed := time.Date(2022, 1, 1+i, 22, 0, 0, 0, time.UTC)
		up := bed.Add(8 * time.Hour)
		fmt.Fprintf(&ring, "n%d;%s;long_sleep;%s;%s;25200;%s\n", i, up.Format(time.DateOnly), bed.Format(time.RFC3339), up.Format(time.RFC3339), strings.Repeat("4212312232", 96))
		fmt.Fprintf(&table, "%s,%s,420,Europe/Paris\n", bed.Format(time.RFC3339), up.Format(time.RFC3339))
	}
	export := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(export, "sleepmodel.csv"), []byte(ring.String()), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(export, "diary.csv"), []byte(table.String()), 0o600))
	importInto := func(folder string) *exec.Cmd {
		c := exec.CommandContext(t.Context(), binary, "import", export)
		c.Env = []string{"ASLEEP_MCP_NOW=" + keptNow, "ASLEEP_MCP_DATABASE_URL=" + filepath.Join(folder, "directory.db")}
		return c
	}
	keptIn := func(folder string) (kept []int) {
		s := archive.Lazy(filepath.Join(folder, nightsFile), time.Now)
		defer func() { assert.NoError(t, s.Close()) }()
		all, err := s.Everybody(t.Context())
		require.NoError(t, err)
		for _, one := range all {
			kept = append(kept, one.Nights)
		}
		return kept
	}
	both := []int{nights, nights}
	began := time.Now()
	said, err := importInto(t.TempDir()).CombinedOutput()
	require.NoError(t, err, string(said))
	takes := time.Since(began)
	last := ""
	for range *importKills {
		last = t.TempDir()
		c := importInto(last)
		require.NoError(t, c.Start())
		time.Sleep(time.Duration(mathrand.Float64() * float64(takes)))
		killNow(t, c)
		if kept := keptIn(last); len(kept) > 0 {
			require.Equal(t, both, kept, "of both or of neither")
		}
	}
	said, err = importInto(last).CombinedOutput()
	require.NoError(t, err, string(said))
	assert.Equal(t, both, keptIn(last))
}
